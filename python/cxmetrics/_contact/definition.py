# SPDX-License-Identifier: Apache-2.0
"""What the metrics of contacts share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, cast

import numpy as np

from cxmetrics import _core
from cxmetrics._contact.legs import WholeContacts, rows_of, whole
from cxmetrics._definition import Definition, row_of
from cxmetrics._doors import check_keywords, contacts
from cxmetrics._durations import duration_text, microseconds
from cxmetrics._outcomes import ANSWERED, NO_OUTCOME, OUTCOMES
from cxmetrics._states import State
from cxmetrics._tables import Contacts, passed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cxmetrics._definition import Columns
    from cxmetrics._durations import Duration
    from cxmetrics._tables import Table


@dataclass(frozen=True, kw_only=True)
class ContactDefinition(Definition):
    """What definitions of contacts share: their table, and how a contact left the queue."""

    reads: ClassVar[str] = "contacts"

    def table(self, data: Any, door: Mapping[str, Any]) -> Contacts:
        check_keywords(door, [contacts])
        read = passed(data, Contacts, door)
        return contacts(data, **door) if read is None else read

    def asks_who_left(self) -> bool:
        """Whether the figure needs to know who left before an answer, and not only who got one."""
        return False

    def rows(self, table: Table) -> Table | WholeContacts:
        """Return the table with a row for each thing that is counted."""
        return table

    def columns(self, table: Table) -> Columns:
        return [self.rows(table).array("wait"), self.outcomes(table)]

    def outcomes(self, table: Table) -> np.ndarray[Any, Any]:
        """Return how contacts left the queue; where only a yes or no says so, for figures that need no more."""
        outcomes = self.rows(table).array("outcome")
        if self.asks_who_left() and not cast("Contacts", table).tells_who_left:
            source = table.read("outcome").reading.source
            raise _core.ColumnError(
                f'column "{source}" says who was answered and not who left, which {self.metric} counts: not answered '
                'is not abandoned; name the column of outcomes, outcome="..."'
            )
        return outcomes

    def add_row(self, state: State, values: tuple[Any, ...], named: Mapping[str, Any]) -> None:
        wait, outcome = row_of(("wait", "outcome"), values, named)
        self.fill(state, {"wait": one_duration("wait", wait), "outcome": [outcome]}, 1, {})


class WholeContactDefinition(ContactDefinition):
    """What definitions of contacts share that go through several queues and count once."""

    def rows(self, table: Table) -> Table | WholeContacts:
        return whole(table)

    def instants(self, table: Table) -> np.ndarray[Any, Any]:
        return self.rows(table).clock()

    def sources(self, table: Table) -> np.ndarray[Any, Any] | None:
        return rows_of(table)


@dataclass(frozen=True, kw_only=True)
class ClockedDefinition(WholeContactDefinition):
    """What definitions share that count legs or whole contacts, as their clock says."""

    clock: str = "leg"

    def rows(self, table: Table) -> Table | WholeContacts:
        if self.clock != "contact":
            return table
        if table.rows > 1:
            table.read("contact")  # without ids nobody knows which rows are one contact
        return whole(table)

    def sources(self, table: Table) -> np.ndarray[Any, Any] | None:
        return rows_of(table) if self.clock == "contact" else None


@dataclass(frozen=True, kw_only=True)
class AnsweredTime(ContactDefinition):
    """What the times of answered contacts share."""

    column: ClassVar[str]

    def columns(self, table: Table) -> Columns:
        # What was not answered has no such time, and needs none: only of answered contacts it is missing.
        time, outcome = table.array(self.column), self.outcomes(table)
        return [np.where((outcome < NO_OUTCOME) & (outcome != ANSWERED), np.int64(0), time), outcome]

    def add_row(self, state: State, values: tuple[Any, ...], named: Mapping[str, Any]) -> None:
        time, outcome = row_of((self.column, "outcome"), values, named)
        self.fill(state, {self.column: one_duration(self.column, time), "outcome": [outcome]}, 1, {})


@dataclass(frozen=True, kw_only=True)
class CountedTransfers(ContactDefinition):
    """What the figures of transfers share."""

    def columns(self, table: Table) -> Columns:
        return [self.rows(table).array("transfers"), self.outcomes(table)]

    def add_row(self, state: State, values: tuple[Any, ...], named: Mapping[str, Any]) -> None:
        transfers, outcome = row_of(("transfers", "outcome"), values, named)
        if outcome not in OUTCOMES:
            raise _core.Error(f"outcome={outcome!r} does not exist: use one of {', '.join(OUTCOMES)}")
        columns: Columns = [np.array([transfers], np.int64), np.array([OUTCOMES.index(outcome)], np.uint8)]
        state.core.update(columns, count_invalid=False, threads=1)


def one_duration(name: str, value: Any) -> np.ndarray[Any, Any]:
    """Return one duration as a column."""
    us = None if value is None else np.timedelta64(microseconds(value, name), "us")
    return np.array([us], "timedelta64[us]")


def limit_of(value: Duration | None) -> int | None:
    """Return an optional duration in microseconds."""
    return None if value is None else microseconds(value, "limit")


def one_form(definition: Definition, *names: str) -> None:
    """Keep optional durations as texts: equal ones are equal and hash alike."""
    for name in names:
        value = getattr(definition, name)
        if value is not None:
            object.__setattr__(definition, name, duration_text(microseconds(value, name)))


def text_of(us: int | None) -> str | None:
    """Return optional microseconds as the text of a duration."""
    return None if us is None else duration_text(us)
