# SPDX-License-Identifier: Apache-2.0
"""A raw table and what is decided about it so far."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from cxmetrics._options import NONE, Refusal
from cxmetrics._recognition.meanings import UNITS, Profile

SAMPLE = 20_000  # rows that are looked at to recognise a column; the doors read them all
FEW = 10_000  # so many values are counted here sooner than pyarrow.compute is imported
SHOWN = 12  # names in one message
NAME = 60  # signs of one name in it


@dataclass(frozen=True)
class Target:
    """What one meaning is read from: no column, one, or several that belong together; and the unit said."""

    columns: tuple[str, ...]
    unit: str | None = None

    @property
    def name(self) -> str:
        """The columns as people see them."""
        return " + ".join(self.columns)


class Rows:
    """A raw Arrow table, with what its columns look like."""

    def __init__(self, table: Any, missing: frozenset[str], repeated: Mapping[str, str] | None = None) -> None:
        self.table = table
        self.missing = missing
        self.repeated = repeated or {}  # columns whose name stands in the header before them
        self.names: list[str] = list(table.column_names)
        self._profiles: dict[str, Profile] = {}

    def profile(self, name: str) -> Profile:
        """Look at a column; of a long one, at every k-th row."""
        if name not in self._profiles:
            column = self.table.column(name)
            if len(column) > SAMPLE:
                column = column.take(np.arange(0, len(column), -(-len(column) // SAMPLE)))
            kind = str(column.type)
            untested = kind.startswith(("timestamp", "date", "time", "duration", "struct", "list", "map"))
            values = {} if untested else self.counts(column)
            self._profiles[name] = Profile(
                name,
                "string" if "string" in kind else kind.partition("[")[0],
                values,
                len(column) - column.null_count if untested else sum(values.values()),
                "tz=" in kind,
            )
        return self._profiles[name]

    def counts(self, column: Any) -> dict[str, int]:
        """Count the different values of a column as texts, the missing ones left out."""
        counted: dict[str, int] = {}
        if len(column) <= FEW:
            found = [(value, 1) for value in column.to_pylist()]
        else:
            found = [(entry["values"], entry["counts"]) for entry in column.value_counts().to_pylist()]
        for value, count in found:
            text = "" if value is None else str(value).strip()
            if text and text not in self.missing:
                counted[text] = counted.get(text, 0) + count
        return counted

    def first(self, name: str, test: Callable[[str], bool]) -> tuple[int, str] | None:
        """Return the number, from 1, and the value of the first row that is not missing and passes a test."""
        for row, value in enumerate(self.table.column(name).to_pylist(), 1):
            text = "" if value is None else str(value).strip()
            if text and text not in self.missing and test(text):
                return row, text
        return None

    def example(self, name: str) -> str:
        """Return the first value of a column that is not missing."""
        found = self.first(name, lambda text: True)
        return found[1] if found else "none"

    def set_apart(self, name: str, labels: Iterable[str]) -> None:
        """Give rows a label of their own where one says so: ``HANG&q_start=0:00:00``."""
        for label in labels:
            first, _, condition = label.partition("&")
            where, sign, value = condition.partition("=")
            if not sign or where not in self.names:
                continue
            import pyarrow.compute as pc

            column = self.table.column(name).cast("string")
            apart = pc.and_(pc.equal(column, first), pc.equal(self.table.column(where).cast("string"), value))
            column = pc.if_else(pc.fill_null(apart, False), label, column)
            self.table = self.table.set_column(self.names.index(name), name, column)

    def resolve(self, text: str, where: str) -> Target:
        """Find the columns that a mapping names: ``q_time``, ``q_time:s``, ``date,start``, ``none``."""
        if text in self.names:
            return Target((text,))
        base, _, last = text.rpartition(":")
        name, unit = (base, UNITS[last]) if base and last in UNITS else (text, None)
        if name in self.names:
            return Target((name,), unit)
        if text == NONE:
            return Target(())
        parts = tuple(part.strip() for part in name.split(","))
        for part in parts:
            if part not in self.names:
                raise Refusal(f"{where}: no column {part}: there are {listed(self.names)}")
        return Target(parts, unit)


@dataclass
class Plan:
    """The decision about one table, with all that the user still has to say."""

    kind: str
    files: Sequence[str]  # of which the table is
    many: bool  # there are other tables
    targets: dict[str, Target] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    remedies: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)  # columns that have a name, but not its values
    orders: set[str] = field(default_factory=set)  # of day and month, that columns have proven

    @property
    def name(self) -> str:
        """The table as people know it."""
        return ", ".join(self.files)

    def map(self, meaning: str, right: str) -> list[tuple[str, str]]:
        """Return the options that say what a meaning is read from: where there are other tables, in which file."""
        places = [f"{file}:" for file in self.files] if self.many else [""]
        return [("--map", f"{place}{meaning}={right}") for place in places]

    def ask(self, problem: str, *remedies: tuple[str, str]) -> None:
        """Keep an open question with the options that would answer it."""
        self.problems.append(problem)
        self.remedies.extend(remedies)


def listed(names: Sequence[str]) -> str:
    """Write names for a message; of many, the first ones, and of a long one its beginning."""
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(name if len(name) <= NAME else f"{name[:NAME]}..." for name in names[:SHOWN]) + more


def likely_zone() -> str:
    """Return the zone of this machine if it has a place in it, else an example: what a command proposes."""
    here = os.environ.get("TZ", "").lstrip(":")
    if not here:
        link = Path("/etc/localtime").resolve().as_posix()
        here = link.partition("/zoneinfo/")[2]
    area, slash, _ = here.partition("/")
    return here if slash and area not in ("Etc", "posix", "right", "") else "Europe/Amsterdam"
