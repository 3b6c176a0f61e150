# SPDX-License-Identifier: Apache-2.0
"""What all definitions share: regular values that say what is read, which rows count, and how the figure is read."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from cxmetrics import _core
from cxmetrics._doors import DOORS, check_keywords
from cxmetrics._known import Known, Shard
from cxmetrics._respondents import Respondents
from cxmetrics._states import State, using_threads
from cxmetrics._tables import tell, told_once

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cxmetrics._results import Result
    from cxmetrics._tables import Table

Columns = list[np.ndarray[Any, Any]]
_OF_STATE: dict[str, type[Definition]] = {}  # every metric is here as soon as its file is imported


@dataclass(frozen=True, kw_only=True)
class Definition:
    """What all definitions share. Two of the same parameters are equal and hash alike."""

    metric: ClassVar[str]
    reads: ClassVar[str] = "answers"  # or contacts, or invitations: the kind of its table
    notes_the_data: ClassVar[bool] = False  # its own notes say what is odd about the rows, and are warnings too

    def __post_init__(self) -> None:
        self.state().result()  # parameters that make no sense are refused now, and not when rows are there

    def name(self) -> str:
        """Return the canonical name, as in the columns of a grouped table."""
        return self.metric

    def collect_parameters(self) -> dict[str, Any]:
        """Return what shapes the state; it stands in its bytes."""
        return {}

    def read_parameters(self) -> dict[str, Any]:
        """Return what the figure is read with; it does not touch the state."""
        return {}

    def state_name(self) -> str:
        """Return the name that stands in the bytes of its states."""
        return self.metric

    @classmethod
    def state_names(cls) -> tuple[str, ...]:
        """Return the names that may stand in the bytes of its states; none of what only shares code."""
        return (cls.metric,) if "metric" in vars(cls) else ()

    @classmethod
    def of_state(cls, name: str, parameters: Mapping[str, Any]) -> Definition:
        """Return the definition of a state, from its name and its collect parameters."""
        return cls()

    def __init_subclass__(cls) -> None:
        _OF_STATE.update(dict.fromkeys(cls.state_names(), cls))

    def state(self) -> State:
        """Return an empty state."""
        return State(self, _core.State.make(self.state_name(), self.collect_parameters()), self.nothing())

    def nothing(self) -> Known | None:
        """Return what is known of a state that nothing has been added to, where that is anything."""
        return None

    def reading(self) -> tuple[Any, ...]:
        """Return what tells the table it reads from others of one kind, where there are several."""
        return ()

    def table(self, data: Any, door: Mapping[str, Any]) -> Table:
        """Pass raw data through the door of its kind."""
        raise NotImplementedError

    def columns(self, table: Table) -> Columns:
        """Return the canonical columns that the state reads, in its order."""
        raise NotImplementedError

    def plain(self) -> Sequence[str] | None:
        """Return the columns of a table that the state reads as they are, at the table's own clock; None: others."""
        return None

    def expect(self, table: Table) -> None:
        """Refuse a table whose plain columns, once they have been read, turn out to be those of another question."""

    def instants(self, table: Table) -> np.ndarray[Any, Any]:
        """Return the instant to which each row belongs, in microseconds UTC."""
        return table.clock()

    def sources(self, table: Table) -> np.ndarray[Any, Any] | None:
        """Return which row of the table stands behind each one that is read; None: they are the same."""
        return None

    def as_of(self, table: Table) -> Known | None:
        """Return between which instants contacts are known, where history decides; None elsewhere."""
        return None

    def early(self, table: Table, columns: Sequence[Any]) -> Columns | None:
        """Return of the columns what stands in the first window of the data, where history decides; None elsewhere."""
        return None

    def known(self, core: _core.State, shard: Shard | None) -> Known | None:
        """Return what is known of a state that was read from bytes, where history decides; None elsewhere."""
        return None

    def plain_columns(self, data: Any) -> Columns | None:
        """Return the columns that the state can count where they lie, unread by any door; None elsewhere."""
        return None

    def fill(self, state: State, data: Any, threads: int, door: Mapping[str, Any]) -> list[str]:
        """Add a table to a state and return the table's notes."""
        table = self.table(data, door)
        state.core.update(self.columns(table), count_invalid=True, threads=threads)
        return list(table.notes)

    def add_row(self, state: State, values: tuple[Any, ...], named: Mapping[str, Any]) -> None:
        """Add one row to a state."""
        raise NotImplementedError


def compute(definition: Definition, data: Any, level: float, threads: int | None, door: dict[str, Any]) -> Result:
    """Compute one figure of a table, and warn once of what is odd about its rows."""
    check_keywords(door, [DOORS[definition.reads]], [each.name for each in fields(definition)])
    state = definition.state()
    state.result(level=level)  # a wrong level is refused before the rows are read
    with told_once(), using_threads(threads) as many:
        plain = not door and definition.plain_columns(data) is not None
        table = data if plain else definition.table(data, door)
        notes = definition.fill(state, table, many, door if table is data else {})
        result = state.result(level=level, notes=tuple(notes))
        result.respondents = Respondents.of(table)
        if definition.notes_the_data:
            tell(result.notes[: len(result.notes) - len(notes)])  # the door has told its own
    return result


def row_of(names: tuple[str, ...], values: tuple[Any, ...], named: Mapping[str, Any]) -> list[Any]:
    """Return one row's values by name; errors name what is missing or too many."""
    row = dict(zip(names, values, strict=False))
    unknown = [name for name in named if name not in names or name in row]
    if unknown or len(values) > len(names) or len(row) + len(named) < len(names):
        raise _core.Error(f"one row has {' and '.join(names)}: add({', '.join(f'{name}=...' for name in names)})")
    return [{**row, **named}[name] for name in names]


def definition_of(core: _core.State) -> Definition:
    """Return the definition that stands in a state's bytes."""
    return _OF_STATE[core.name].of_state(core.name, core.parameters())


def definitions() -> set[type[Definition]]:
    """Return the class of every metric."""
    return set(_OF_STATE.values())
