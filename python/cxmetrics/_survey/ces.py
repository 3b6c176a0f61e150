# SPDX-License-Identifier: Apache-2.0
"""Customer effort score."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from cxmetrics._survey.definition import SurveyDefinition, compute_survey
from cxmetrics._tables import limits_of

if TYPE_CHECKING:
    from cxmetrics._results import Result


@dataclass(frozen=True, kw_only=True)
class CES(SurveyDefinition):
    """Customer effort score: how easy it was to get something done.

    Parameters
    ----------
    score : str
        The column of scores in raw tables.
    weight : str, optional
        The column of weights. Weighted states and plain ones do not merge.
    scale : {"1-7", "1-5"}
        CES 2.0, agreement from 1 to 7 where high is good; or CES 1.0, effort from 1 to 5 where low is good. They do
        not merge.
    figure : {"mean", "agree_share", "top2", "net"}
        The mean; of CES 2.0 also the share of 5 to 7, that of 6 and 7, or that less the share of 1 to 3.
    interval : str, optional
        How the confidence interval is computed. Default: "t" for the mean, "wilson" for shares (or
        "clopper_pearson", "jeffreys"), "adjusted_wald" for net (or "score", "wald").

    Examples
    --------
    >>> import cxmetrics as cx
    >>> s = cx.CES(figure="net").state()
    >>> s.update([7, 6, 4, 2])
    >>> s.result().value
    25.0
    """

    metric: ClassVar[str] = "ces"
    notes_the_data: ClassVar[bool] = True
    scale: str = "1-7"
    figure: str = "mean"
    interval: str | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        # One definition has one form: what is left out is what the figure is read with.
        usual = {"mean": "t", "net": "adjusted_wald"}.get(self.figure, "wilson")
        object.__setattr__(self, "interval", self.interval or usual)

    def limits(self) -> tuple[int, int]:
        return limits_of(self.scale)

    def collect_parameters(self) -> dict[str, Any]:
        return {"scale": self.scale}

    def read_parameters(self) -> dict[str, Any]:
        return {"figure": self.figure, "interval": self.interval}


def ces(
    a: Any,
    *,
    weights: Any = None,
    scale: str = "1-7",
    figure: str = "mean",
    interval: str | None = None,
    level: float = 0.95,
    threads: int | None = None,
    **door: Any,
) -> Result:
    """Mean or share of how easy it was to get something done: the customer effort score.

    Parameters
    ----------
    a : Answers, table, or column of scores
        Whole scores of the scale; others are errors unless ``invalid="count"``.
    weights : str or column, optional
        What each answer counts for: the name of a column, or one number a row. Answers that carry weights need none;
        others that are given take their place.
    scale : {"1-7", "1-5"}
        CES 2.0, agreement from 1 to 7 where high is good; or CES 1.0, effort from 1 to 5 where low is good.
    figure : {"mean", "agree_share", "top2", "net"}
        The mean; of CES 2.0 also the share of 5 to 7, that of 6 and 7, or that less the share of 1 to 3.
    interval : str, optional
        How the confidence interval is computed. Default: "t" for the mean, "wilson" for shares (or
        "clopper_pearson", "jeffreys"), "adjusted_wald" for net (or "score", "wald").
    level : float
        Its level, 0.5 up to, but not including, 1.
    threads : int, optional
        Default: the machine's cores, at most 8.
    **door
        The keywords of `answers`.

    Returns
    -------
    Result
        A mean "of 7" or "of 5"; shares in per cent; net in points.

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
    Also called: effort score. Not to be confused with: a mean over both scales, whose directions are opposite;
    CSAT. Rows without a value are left out and counted in ``r.missing``. States merge exactly, in any order. One
    pass over the rows. Source and formula: ``r.explain()``.

    Examples
    --------
    >>> import cxmetrics as cx
    >>> print(cx.ces([7, 6, 5, 4, 2]))
    CES 2.0 mean 4.8 of 7  95 % [2.4, 7.0]  n = 5: 3 agree, 1 neutral, 1 disagree
    >>> cx.ces([7, 6, 5, 4, 2], figure="net").value
    20.0
    """
    return compute_survey(CES, a, weights, level, threads, door, scale=scale, figure=figure, interval=interval)
