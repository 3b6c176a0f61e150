# SPDX-License-Identifier: Apache-2.0
"""Wait time, by two clocks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, cast

import numpy as np

from cxmetrics._contact.definition import ANSWERED, ContactDefinition
from cxmetrics._definition import Definition, compute
from cxmetrics._tables import HIGHEST_ABSENT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cxmetrics._definition import Columns
    from cxmetrics._results import Distribution
    from cxmetrics._tables import Table


@dataclass(frozen=True, kw_only=True)
class WaitTime(ContactDefinition):
    """How long customers waited in the queue: the whole distribution; the figure is the median, in seconds.

    Parameters
    ----------
    of : {"answered", "abandoned", "all"}
        Whose waits.
    clock : {"leg", "contact"}
        From entering the queue that was left; or from the contact's first entry, through all the queues it passed, up
        to its first answer, or else to the last time it left: one row a contact. Needs contact and entered.

    Examples
    --------
    >>> import cxmetrics as cx
    >>> r = cx.wait_time({"wait": [5, 10, 200], "outcome": ["answered"] * 3}, unit="s")
    >>> round(r.value), r.max
    (10, 200.0)
    """

    metric: ClassVar[str] = "wait_time"
    of: str = "answered"
    clock: str = "leg"

    def asks_who_left(self) -> bool:
        return self.of == "abandoned"

    @classmethod
    def of_state(cls, name: str, parameters: Mapping[str, Any]) -> Definition:
        return cls(**parameters)

    def collect_parameters(self) -> dict[str, Any]:
        return {"of": self.of, "clock": self.clock}

    def columns(self, table: Table) -> Columns:
        wait, outcome = super().columns(table)
        if self.clock != "contact":
            return [wait, outcome]
        first, decisive = _legs(table, outcome)
        entered = table.clock()
        known = np.minimum.reduce([wait[decisive], entered[decisive], entered[first]]) > HIGHEST_ABSENT
        whole = np.where(known, wait[decisive] + np.where(known, entered[decisive] - entered[first], 0), wait[decisive])
        return [whole, outcome[decisive]]

    def instants(self, table: Table) -> np.ndarray[Any, Any]:
        sources = self.sources(table)
        return table.clock() if sources is None else table.clock()[sources]

    def sources(self, table: Table) -> np.ndarray[Any, Any] | None:
        return _legs(table, table.array("outcome"))[0] if self.clock == "contact" else None


def _legs(table: Table, outcome: np.ndarray[Any, Any]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return of each contact its first row, and the row that says what came of it: its first answer, else its last."""
    codes = table.key("contact")[0].astype(np.int64)
    unknown = codes < 0
    codes[unknown] = len(codes) + np.flatnonzero(unknown)  # each is a contact of its own
    order = np.lexsort((table.clock(), codes))
    starts = np.flatnonzero(np.diff(codes[order], prepend=-1))
    ends = np.append(starts[1:], len(order))[: len(starts)]
    answers = np.append(np.flatnonzero(outcome[order] == ANSWERED), len(order))
    answer = answers[np.searchsorted(answers, starts)]
    return order[starts], order[np.where(answer < ends, answer, ends - 1)]


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
        In seconds; the value is the median, the mean over answered contacts is the average speed of answer.

    Examples
    --------
    >>> import cxmetrics as cx
    >>> cx.wait_time({"wait": [5, 10, 30], "outcome": ["answered"] * 3}, unit="s").mean
    15.0
    """
    return cast("Distribution", compute(WaitTime(of=of, clock=clock), c, level, threads, door))
