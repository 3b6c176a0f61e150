# SPDX-License-Identifier: Apache-2.0
"""A number in the making: filled, merged, kept as bytes, and read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from cxmetrics import _core
from cxmetrics._known import Known, framed, unframed
from cxmetrics._results import Distribution, Result

if TYPE_CHECKING:
    from cxmetrics._definition import Definition


@contextmanager
def using_threads(threads: int | None) -> Iterator[int]:
    """Give how many threads were asked for, None being the default, and let columns be read by no more."""
    many = _core.default_threads() if threads is None else threads
    if isinstance(many, bool) or not isinstance(many, int) or many < 1:
        raise _core.Error(f"threads={threads!r} is no whole number of 1 or more: give one, or leave it out")
    before = _core.set_reading_threads(many)
    try:
        yield many
    finally:
        _core.set_reading_threads(before)


class State:
    """A definition and what it has seen. The same rows give the same bytes, however they come.

    Made by a definition: ``cx.NPS().state()``. `merge` and ``+=`` change in place; ``+`` and ``sum(states)`` make a
    new one. Only states of one definition merge; anything else is a StateError and changes nothing.

    Examples
    --------
    >>> import cxmetrics as cx
    >>> monday, tuesday = cx.NPS().state(), cx.NPS().state()
    >>> monday.add(10)
    >>> tuesday.update([9, 7, 3])
    >>> week = sum([monday, tuesday])
    >>> week.result().value
    25.0
    >>> cx.State.from_bytes(bytes(week)) == week
    True
    """

    __slots__ = ("core", "definition", "known")
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, definition: Definition, core: _core.State, known: Known | None = None) -> None:
        self.definition = definition
        self.core = core
        self.known = known  # where history decides: of when and of whom; of it only the share of customers is kept

    def add(self, *values: Any, **named: Any) -> None:
        """Add one row: ``add(9)`` for a score, ``add(wait="12s", outcome="answered")`` for a contact.

        Raises
        ------
        Error
            The value is not one of its kind; the state is unchanged.
        """
        self.definition.add_row(self, values, named)

    def update(self, data: Any, *, threads: int | None = None, **door: Any) -> None:
        """Add all rows of a column or table, or none of them.

        Parameters
        ----------
        data : column or table
            What the metric's function takes.
        threads : int, optional
            Default: the machine's cores, at most 8. The bytes do not depend on it.
        **door
            The keywords of `answers` or `contacts`, for raw tables.

        Raises
        ------
        Error
            A value is not one of its kind; the state is unchanged.
        """
        with using_threads(threads) as many:
            self.definition.fill(self, data, many, door)

    def merge(self, other: State) -> None:
        """Add what another state of the same definition has seen."""
        if not isinstance(other, State):
            raise _core.StateError(f"a state merges with a state, not with {type(other).__name__}")
        known = other.known if self.known is None else self.known
        if self.known is not None and other.known is not None:
            known = self.known.merged(other.known)
        self.core.merge(other.core)
        self.known = known

    def __iadd__(self, other: State) -> State:
        self.merge(other)
        return self

    def __add__(self, other: State) -> State:
        if not isinstance(other, State):
            return NotImplemented
        both = self.copy()
        both.merge(other)
        return both

    def __radd__(self, other: object) -> State:  # sum() starts from 0
        return self.copy() if isinstance(other, int) and other == 0 else NotImplemented

    def copy(self) -> State:
        """Return an independent state with the same content."""
        return State(self.definition, self.core.clone(), self.known)

    __copy__ = copy

    def __deepcopy__(self, memo: dict[int, Any]) -> State:
        return self.copy()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, State) and bytes(self) == bytes(other)

    def __bytes__(self) -> bytes:
        return framed(None if self.known is None else self.known.shard, self.core.encode())

    @staticmethod
    def from_bytes(data: bytes) -> State:
        """Return the state that ``bytes(state)`` wrote.

        Raises
        ------
        StateError
            The bytes are damaged, truncated, or of another version.
        """
        from cxmetrics._definition import definition_of

        if not isinstance(data, bytes | bytearray | memoryview):
            raise _core.StateError(f"{type(data).__name__} is no state: give the bytes that bytes(state) wrote")
        shard, content = unframed(bytes(data))
        core = _core.State.decode(content)
        definition = definition_of(core)
        return State(definition, core, definition.known(core, shard))

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (self.definition, self.core.encode(), self.known)

    def read_parameters(self) -> dict[str, Any]:
        """Return what the figure is read with: the definition's words, and what is known beside the counts."""
        how = self.definition.read_parameters()
        return how if self.known is None else how | self.known.read_parameters()

    def result(self, *, level: float = 0.95, notes: tuple[str, ...] = ()) -> Result:
        """Read the figure.

        Parameters
        ----------
        level : float
            Confidence level of the interval, 0.5 up to, but not including, 1.
        """
        parts = self.core.read(self.read_parameters() | {"level": level})
        kind = Distribution if self.core.has_distribution() else Result
        return kind(parts, self.copy(), notes)

    def __repr__(self) -> str:
        return f"<state of {self.definition!r}: {self.result().text}>"


def _restore(definition: Definition, data: bytes, known: Known | None) -> State:
    return State(definition, _core.State.decode(data), known)


def direct_column(data: Any, kind: type[np.generic]) -> np.ndarray[Any, Any] | None:
    """Return a plain array of a type to be read where it lies, or None."""
    return data if isinstance(data, np.ndarray) and data.dtype == kind and data.ndim == 1 else None
