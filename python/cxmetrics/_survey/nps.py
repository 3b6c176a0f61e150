# SPDX-License-Identifier: Apache-2.0
"""Net Promoter Score."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from cxmetrics._survey.definition import SurveyDefinition, compute_survey

if TYPE_CHECKING:
    from cxmetrics._results import Result


@dataclass(frozen=True, kw_only=True)
class NPS(SurveyDefinition):
    """Net Promoter Score: the share of promoters (9, 10) minus the share of detractors (0 to 6), in points.

    Parameters
    ----------
    score : str
        The column of scores in raw tables.
    weight : str, optional
        The column of weights. Weighted states and plain ones do not merge.
    interval : {"adjusted_wald", "score", "wald"}
        How the confidence interval is computed.

    Examples
    --------
    >>> import cxmetrics as cx
    >>> s = cx.NPS().state()
    >>> s.update([10, 9, 7, 3])
    >>> s.result().value
    25.0
    """

    metric: ClassVar[str] = "nps"
    notes_the_data: ClassVar[bool] = True
    interval: str = "adjusted_wald"

    def limits(self) -> tuple[int, int]:
        return 0, 10

    def read_parameters(self) -> dict[str, Any]:
        return {"interval": self.interval}


def nps(
    a: Any,
    *,
    weights: Any = None,
    interval: str = "adjusted_wald",
    level: float = 0.95,
    threads: int | None = None,
    **door: Any,
) -> Result:
    """Net Promoter Score: the share of promoters (9, 10) minus the share of detractors (0 to 6).

    Parameters
    ----------
    a : Answers, table, or column of scores
        Whole scores 0 to 10; others are errors unless ``invalid="count"``.
    weights : str or column, optional
        What each answer counts for: the name of a column, or one number a row. Answers that carry weights need none;
        others that are given take their place.
    interval : {"adjusted_wald", "score", "wald"}
        How the confidence interval is computed.
    level : float
        Its level, 0.5 up to, but not including, 1.
    threads : int, optional
        Default: the machine's cores, at most 8.
    **door
        The keywords of `answers`.

    Returns
    -------
    Result
        In points, -100 to 100.

    Raises
    ------
    ScaleError
        A score that is none of the scale, or answers on another scale.
    ColumnError
        A column that is not there or cannot be read: with column, row, value and what to do.
    Error
        A keyword that cannot be meant, like ``level=0.05``.

    Notes
    -----
    Also called: recommendation score. Not to be confused with: a mean score; an NPS computed from a 1-5, 1-7 or
    1-10 scale. Rows without a value are left out and counted in ``r.missing``. States merge exactly, in any order.
    One pass over the rows. Source and formula: ``r.explain()``.

    Examples
    --------
    >>> import cxmetrics as cx
    >>> print(cx.nps([10] * 50 + [8] * 30 + [2] * 20))
    NPS +30.0  95 % [+14.1, +44.2]  n = 100: 50 promoters, 30 passives, 20 detractors
    """
    return compute_survey(NPS, a, weights, level, threads, door, interval=interval)
