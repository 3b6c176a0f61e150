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

    Examples
    --------
    >>> import cxmetrics as cx
    >>> cx.talk_time({"talk": [60, 180], "outcome": ["answered"] * 2}, unit="s").mean
    120.0
    """
    return cast("Distribution", compute(TalkTime(), c, level, threads, door))
