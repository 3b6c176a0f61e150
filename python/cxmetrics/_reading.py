# SPDX-License-Identifier: Apache-2.0
"""One column that a door reads: its canonical values, and what is said of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from cxmetrics import _core

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Reading:
    """How one column was read.

    Parameters
    ----------
    name : str
        What the column means here.
    source : str
        What it is called in the table; several names are joined by " + ".
    type : str
        What it was there.
    unit : str, optional
        Of numbers that are durations or times.
    zone : str, optional
        Of instants; None with ``naive`` is "no zone is known".
    naive : bool
        Whether times stayed what the clock showed, because no zone was given.
    rows, missing, invalid, excluded : int
        Of ``rows`` rows these are no value.
    minimum, maximum : optional
        Of the values: int, timedelta, or datetime; of labels and ids None.
    distinct : int, optional
        Of ids: how many there are.
    first_invalid : int, optional
        The first invalid row, counted from 0.
    """

    name: str
    source: str
    type: str
    unit: str | None = None
    zone: str | None = None
    naive: bool = False
    rows: int = 0
    missing: int = 0
    invalid: int = 0
    excluded: int = 0
    minimum: Any = None
    maximum: Any = None
    distinct: int | None = None
    first_invalid: int | None = None

    def line(self) -> list[str]:
        """Return the cells of the typed table's repr."""
        how = ", ".join(filter(None, [self.type, self.unit and f"in {self.unit}", self._clock()]))
        counts = [f"{count:,} {word}" for word in ("missing", "invalid", "excluded") if (count := getattr(self, word))]
        span = f"{self.minimum} .. {self.maximum}" if self.minimum is not None else ""
        ids = f"{self.distinct:,} different" if self.distinct is not None else ""
        return [self.name, f'"{self.source}"', how, span or ids, ", ".join(counts)]

    def _clock(self) -> str:
        return "no zone" if self.naive else self.zone or ""


@dataclass
class Read:
    """One column that a door has read: values for the engine, and what is said of them.

    Values that a pass over the rows has read, block by block, are put together where somebody asks for them. Ids may
    have been read without a dictionary; `keyed` reads them again with one, for keys, subjects, and how many differ.
    """

    held: Array | _core.Unread
    reading: Reading
    notes: list[str]
    keys: tuple[Array, list[Any]] | None = None
    subjects: Array | None = None
    keyed: Callable[[], Read] | None = None
    key_meaning: str = ""  # as in KeyType

    @property
    def values(self) -> Array:
        """The canonical values."""
        if isinstance(self.held, _core.Unread):
            self.held = self.held.values()
        return self.held


@dataclass(frozen=True)
class Unread:
    """One column that a door is to read: its values, and what can be said of them once they have been seen."""

    values: _core.Unread
    say: Callable[[], tuple[Reading, list[str]]]

    def read(self) -> Read:
        """Return the column with its reading; its values are looked at now, unless a pass has seen them."""
        return Read(self.values, *self.say())
