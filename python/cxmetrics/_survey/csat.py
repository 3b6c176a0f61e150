# SPDX-License-Identifier: Apache-2.0
"""Customer satisfaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from cxmetrics._survey.definition import SurveyDefinition, compute_survey
from cxmetrics._tables import limits_of

if TYPE_CHECKING:
    from cxmetrics._results import Result


@dataclass(frozen=True, kw_only=True)
class CSAT(SurveyDefinition):
    """Customer satisfaction: the share of satisfied answers in per cent, or the mean score.

    Parameters
    ----------
    score : str
        The column of scores in raw tables.
    weight : str, optional
        The column of weights. Weighted states and plain ones do not merge.
    scale : {"1-5", "1-10", "1-3"}
        The scale of the question: five points, the Dutch report mark, or three smileys. States of unlike scales do
        not merge.
    figure : {"satisfied", "mean"}, optional
        Default: the mean of report marks, the share of satisfied answers on the other scales.
    satisfied_from : int, optional
        The lowest satisfied score. Default: 4 of 1-5, 8 of 1-10, 3 of 1-3.
    interval : {"wilson", "clopper_pearson", "jeffreys", "t"}, optional
        How the confidence interval is computed. Default: "wilson" for the share; the mean has "t" only.

    Examples
    --------
    >>> import cxmetrics as cx
    >>> s = cx.CSAT(scale="1-10").state()
    >>> s.update([8, 7, 6, 9])
    >>> s.result().value
    7.5
    """

    metric: ClassVar[str] = "csat"
    notes_the_data: ClassVar[bool] = True
    scale: str = "1-5"
    figure: str | None = None
    satisfied_from: int | None = None
    interval: str | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        # One definition has one form: what is left out is what the figure is read with.
        read = self.state().result().parameters
        object.__setattr__(self, "figure", read["figure"])
        object.__setattr__(self, "satisfied_from", int(read["satisfied_from"]))
        object.__setattr__(self, "interval", self.interval or ("t" if self.figure == "mean" else "wilson"))

    def limits(self) -> tuple[int, int]:
        return limits_of(self.scale)

    def collect_parameters(self) -> dict[str, Any]:
        return {"scale": self.scale}

    def read_parameters(self) -> dict[str, Any]:
        return {"figure": self.figure, "satisfied_from": self.satisfied_from, "interval": self.interval}


def csat(
    a: Any,
    *,
    weights: Any = None,
    scale: str = "1-5",
    figure: str | None = None,
    satisfied_from: int | None = None,
    interval: str | None = None,
    level: float = 0.95,
    threads: int | None = None,
    **door: Any,
) -> Result:
    """Share of satisfied answers, or their mean score: customer satisfaction.

    Parameters
    ----------
    a : Answers, table, or column of scores
        Whole scores of the scale; others are errors unless ``invalid="count"``.
    weights : str or column, optional
        What each answer counts for: the name of a column, or one number a row. Answers that carry weights need none;
        others that are given take their place.
    scale : {"1-5", "1-10", "1-3"}
        Five points, the Dutch report mark, or three smileys.
    figure : {"satisfied", "mean"}, optional
        Default: the mean of report marks, the share of satisfied answers on the other scales.
    satisfied_from : int, optional
        The lowest satisfied score. Default: 4 of 1-5, 8 of 1-10, 3 of 1-3.
    interval : {"wilson", "clopper_pearson", "jeffreys", "t"}, optional
        How the confidence interval is computed. Default: "wilson" for the share; the mean has "t" only.
    level : float
        Its level, 0.5 up to, but not including, 1.
    threads : int, optional
        Default: the machine's cores, at most 8.
    **door
        The keywords of `answers`.

    Returns
    -------
    Result
        In per cent; a mean in the scale's own unit, "of 10".

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
    Also called: top-two-box score; on 1-10 report mark, in Dutch rapportcijfer. Not to be confused with: an NPS; a
    figure from another scale, question or country (the ten-point school scale is culturally Dutch). Rows without a
    value are left out and counted in ``r.missing``. States merge exactly, in any order. One pass over the rows.
    Source and formula: ``r.explain()``.

    Examples
    --------
    >>> import cxmetrics as cx
    >>> print(cx.csat([5] * 35 + [4] * 25 + [3] * 20 + [2] * 20))
    CSAT 60.0 %  95 % [50.2, 69.1]  n = 100: 60 satisfied, 40 not_satisfied
    >>> print(cx.csat([8, 7, 6, 9, 8], scale="1-10"))
    CSAT mean 7.6 of 10  95 % [6.2, 9.0]  n = 5: 3 satisfied, 2 not_satisfied
    """
    how = {"scale": scale, "figure": figure, "satisfied_from": satisfied_from, "interval": interval}
    return compute_survey(CSAT, a, weights, level, threads, door, **how)
