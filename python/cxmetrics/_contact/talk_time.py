# SPDX-License-Identifier: Apache-2.0
"""Talk time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, cast

from cxmetrics._contact.definition import AnsweredTime
from cxmetrics._definition import compute

if TYPE_CHECKING:
    from cxmetrics._results import Distribution


@dataclass(frozen=True, kw_only=True)
class TalkTime(AnsweredTime):
    """From the answer to the end of the conversation; the mean is the average talk time (ATT).

    Examples
    --------
    >>> import cxmetrics as cx
    >>> cx.talk_time({"talk": [60, 180, None], "outcome": ["answered", "answered", "abandoned"]}, unit="s").mean
    120.0
    """

    metric: ClassVar[str] = "talk_time"
    column: ClassVar[str] = "talk"


def talk_time(c: Any, *, level: float = 0.95, threads: int | None = None, **door: Any) -> Distribution:
    """How long answered contacts talked.

    Parameters
    ----------
    c : Contacts or table
        With talk and outcome.
    level : float
        Confidence level of the median's interval.
    threads : int, optional
        Default: the machine's cores, at most 8.
    **door
        The keywords of `contacts`.

    Returns
    -------
    Distribution
        In seconds; the value is the median, the mean is the average talk time.

    Raises
    ------
    ColumnError
        A column that is not there or cannot be read: with column, row, value and what to do.
    UnitError
        Durations in numbers without a unit.
    Error
        A keyword that cannot be meant, like ``level=0.05``.

    Notes
    -----
    Also called: its mean is the average talk time (ATT). Not to be confused with: handle time, which adds hold and
    wrap-up. Rows without a value are left out and counted in ``r.missing``. States merge exactly, in any order. One
    pass over the rows. Source and formula: ``r.explain()``.

    Examples
    --------
    >>> import cxmetrics as cx
    >>> cx.talk_time({"talk": [60, 180], "outcome": ["answered"] * 2}, unit="s").mean
    120.0
    """
    return cast("Distribution", compute(TalkTime(), c, level, threads, door))
