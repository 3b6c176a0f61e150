# SPDX-License-Identifier: Apache-2.0
"""Whole contacts: the legs of a call that goes from queue to queue as one row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from cxmetrics._outcomes import ANSWERED
from cxmetrics._tables import ABSENT, HIGHEST_ABSENT, Contacts

if TYPE_CHECKING:
    from cxmetrics._tables import Table

    Array = np.ndarray[Any, Any]

LONGEST = 1 << 46  # of durations, in microseconds


def whole(table: Table) -> Table | WholeContacts:
    """Return a table of one row a contact: the table itself where no contact has a second leg."""
    if not isinstance(table, Contacts) or not _has_legs(table):
        return table
    if table.whole is None:
        table.whole = WholeContacts(table)
    return table.whole


def _has_legs(table: Contacts) -> bool:
    if table.several is None:
        table.several = "leg" in table.names and bool((table.array("leg") > 1).any())
    return table.several


def rows_of(table: Table) -> Array | None:
    """Return the row of each contact's first leg; None where every row is a contact."""
    seen = whole(table)
    return seen.first if isinstance(seen, WholeContacts) else None


class WholeContacts:
    """One row for each contact of a table of legs, in the order of its first leg: what metrics of contacts read.

    Entry, queue and every other key are those of the first leg, the customer that of the first leg that knows one;
    the outcome is that of the first answer, or else of the last leg, and the wait runs from the first entry up to
    it; the end is that of the last leg. Talk and transfers are added up, and `legs` says how many there are. It is
    what ``whole_contact`` makes of legs in C++.
    """

    def __init__(self, table: Contacts) -> None:
        codes = table.key("contact")[0].astype(np.int64)
        unknown = codes < 0
        codes[unknown] = len(codes) + np.flatnonzero(unknown)  # each is a contact of its own
        order = np.lexsort((table.array("leg"), table.clock(), codes))
        starts = np.flatnonzero(np.diff(codes[order], prepend=-1))
        by_row = np.argsort(order[starts])
        ends = np.append(starts[1:], len(order))[: len(starts)]
        answers = np.append(np.flatnonzero(table.array("outcome")[order] == ANSWERED), len(order))
        answer = answers[np.searchsorted(answers, starts)]
        self._table, self._order, self._starts, self._by_row = table, order, starts, by_row
        self.rows = len(starts)
        self.legs: Array = np.diff(np.append(starts, len(order)))[by_row]
        self.first: Array = order[starts][by_row]
        self.last: Array = order[ends - 1][by_row]
        self.decisive: Array = order[np.where(answer < ends, answer, ends - 1)][by_row]

    @property
    def names(self) -> list[str]:
        """The meanings that the table can answer for."""
        return self._table.names

    @property
    def leaves_out(self) -> bool:
        """Whether outcomes leave rows out."""
        return self._table.leaves_out

    def clock(self) -> Array:
        """Return the instants to which contacts belong: of their first entries."""
        return self.array("entered")

    def array(self, name: str) -> Array:
        """Return a canonical column by its meaning."""
        column = self._table.array(name)
        if name == "wait":
            return self._waits(column)
        if name == "talk":
            return self._talks(column)
        if name == "transfers":
            return self._sum(column)
        rows = {"outcome": self.decisive, "ended": self.last}.get(name, self.first)
        if name == "customer":
            rows = self._first_where(column > HIGHEST_ABSENT)
        return np.asarray(column[rows])

    def key(self, name: str, keyword: str = "by") -> tuple[Array, list[Any]]:
        """Return a column as keys: that of the first leg."""
        codes, labels = self._table.key(name, keyword)
        return codes[self.first], labels

    def truths(self, name: str) -> Array:
        """Return a column of yes and no: yes if any leg says so, else no if any does."""
        said = self._table.truths(name)
        yes, no = (self._reduced(np.maximum, (said == answer).astype(np.int64)) > 0 for answer in (1, 0))
        return np.select([yes, no], [1, 0], default=255).astype(np.uint8)

    def _waits(self, wait: Array) -> Array:
        entered = self._table.clock()
        first, decisive = self.first, self.decisive
        known = np.minimum.reduce([wait[decisive], entered[decisive], entered[first]]) > HIGHEST_ABSENT
        ahead = np.where(known, entered[decisive] - entered[first], 0)
        return np.where(known, np.minimum(wait[decisive] + ahead, LONGEST), wait[decisive])

    def _talks(self, talk: Array) -> Array:
        answered = self._table.array("outcome") == ANSWERED
        unknown = answered & (talk <= HIGHEST_ABSENT)
        total = self._sum(np.where(answered & ~unknown, talk, 0))
        nothing = (self._reduced(np.maximum, unknown.astype(np.int64)) > 0) | (
            self._reduced(np.maximum, answered.astype(np.int64)) == 0
        )
        return np.where(nothing, ABSENT, np.minimum(total, LONGEST))

    def _sum(self, column: Array) -> Array:
        return self._reduced(np.add, column)

    def _reduced(self, how: np.ufunc, column: Array) -> Array:
        return np.asarray(how.reduceat(column[self._order], self._starts)[self._by_row])

    def _first_where(self, known: Array) -> Array:
        """Return of each contact the first row of which something is known, else its first row."""
        places = np.where(known[self._order], np.arange(len(self._order)), len(self._order))
        first = np.minimum.reduceat(places, self._starts)
        rows = self._order[np.where(first < len(self._order), first, self._starts)]
        return np.asarray(rows[self._by_row])
