# SPDX-License-Identifier: Apache-2.0
"""Wait time, by two clocks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, cast

from cxmetrics._contact.definition import ClockedDefinition
from cxmetrics._definition import Definition, compute

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cxmetrics._results import Distribution


@dataclass(frozen=True, kw_only=True)
class WaitTime(ClockedDefinition):
    """How long customers waited in the queue: the whole distribution; the figure is the median, in seconds.

    Parameters
    ----------
    of : {"answered", "abandoned", "all"}
        Whose waits.
    clock : {"leg", "contact"}
        From entering the queue that was left; or from the contact's first entry, through all the queues it passed, up
        to its first answer, or else to the last time it left: one row a contact. Needs contact, and of legs entered.

    Examples
    --------
    >>> import cxmetrics as cx
    >>> r = cx.wait_time({"wait": [5, 10, 200], "outcome": ["answered"] * 3}, unit="s")
    >>> round(r.value), r.max
    (10, 200.0)
    """

    metric: ClassVar[str] = "wait_time"
    of: str = "answered"

    def asks_who_left(self) -> bool:
        return self.of == "abandoned"

    @classmethod
    def of_state(cls, name: str, parameters: Mapping[str, Any]) -> Definition:
        return cls(**parameters)

    def collect_parameters(self) -> dict[str, Any]:
        return {"of": self.of, "clock": self.clock}


def wait_time(
    c: Any, *, of: str = "answered", clock: str = "leg", level: float = 0.95, threads: int | None = None, **door: Any
) -> Distribution:
    """How long customers waited in the queue.

    Parameters
    ----------
    c : Contacts or table
        With wait and outcome, or wait and answered.
    of : {"answered", "abandoned", "all"}
        Whose waits.
    clock : {"leg", "contact"}
        From entering the queue that was left, or from the contact's first entry, through all its queues.
    level : float
        Confidence level of the median's interval.
    threads : int, optional
        Default: the machine's cores, at most 8.
    **door
        The keywords of `contacts`.

    Returns
    -------
    Distribution
        In seconds; the value is the median, the mean over answered contacts is the average speed of answer. The
        longest of all is also that of who still waits.

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
    Also called: queue time; the mean over answered contacts is the average speed of answer (ASA). Not to be
    confused with: a service level; Asterisk's holdtime, a running average in which the last call weighs a quarter.
    Rows without a value are left out and counted in ``r.missing``. States merge exactly, in any order. One pass
    over the rows. Source and formula: ``r.explain()``.

    Examples
    --------
    >>> import cxmetrics as cx
    >>> cx.wait_time({"wait": [5, 10, 30], "outcome": ["answered"] * 3}, unit="s").mean
    15.0
    """
    return cast("Distribution", compute(WaitTime(of=of, clock=clock), c, level, threads, door))
