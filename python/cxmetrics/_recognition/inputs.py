# SPDX-License-Identifier: Apache-2.0
"""What was read of a file or table, column by column: what is printed first, and stands on the page and in the JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from cxmetrics._recognition.mapping import Mapped, to_toml

Kind = Literal["answers", "contacts", "queue_log"]


@dataclass(frozen=True)
class Column:
    """How one column was read: source name, meaning, unit, zone, and what was found in it."""

    name: str
    meaning: str
    unit: str | None = None
    zone: str | None = None
    missing: int = 0
    invalid: int = 0
    minimum: Any = None
    maximum: Any = None


@dataclass(frozen=True)
class InvalidRow:
    """One row that could not be read: its number (from 1, the header not counted), column and value.

    Of a queue log it is a line with its number, and what is wrong with it. Of several files that are read as
    one, its file.
    """

    row: int
    column: str
    value: str
    file: str = ""

    @property
    def place(self) -> str:
        """File and column, as people see them."""
        return ", ".join(text for text in (self.file, self.column) if text)


@dataclass(frozen=True)
class Input:
    """One file or table, recognised and read: ``table`` is the typed table that the metrics take.

    Several queue logs are one input, read in the order of their times, because calls run over from one into
    the next; so are tables with the same columns. ``path`` names them all, and ``sha256`` is that of their plain
    bytes one after another.
    """

    path: str | None  # as it was given; None for a table in memory
    sha256: str | None  # of the bytes as they stand in the file; None for a table in memory
    kind: Kind
    table: Any
    rows: int
    missing: int = 0
    invalid: int = 0
    invalid_rows: Sequence[InvalidRow] = ()  # the first five
    columns: Sequence[Column] = ()
    notes: Sequence[str] = ()
    unread: int = 0  # of the invalid rows those that count nowhere: score or outcome, or the whole line
    outside: int = 0  # rows, of a queue log contacts, that --from and --to left out, those without a time too
    complete: bool = True  # False: the file was cut off
    left_out: Mapping[str, int] = field(default_factory=dict)  # rows by the label that leaves them out
    mapped: Mapped | None = None  # what the mapping file says of such tables

    def to_dict(self) -> dict[str, Any]:
        """Return what the JSON says of an input: plain values, times in RFC 3339."""
        return {
            "path": self.path,
            "sha256": self.sha256,
            "kind": self.kind,
            "rows": self.rows,
            "invalid": self.invalid,
            "missing": self.missing,
            "unread": self.unread,
            "outside": self.outside,
            "columns": [asdict(column) for column in self.columns],
            "invalid_rows": [{"row": row.row, "column": row.place, "value": row.value} for row in self.invalid_rows],
            "complete": self.complete,
            "notes": list(self.notes),
        }


def column_of(reading: Any) -> Column:
    """Say how a column was read: lengths in seconds, times in RFC 3339, and of ids no value at all."""
    length = isinstance(reading.minimum, timedelta)
    return Column(
        name=reading.source,
        meaning=reading.name,
        unit=reading.unit or ("s" if length else None),
        zone=reading.zone,
        missing=reading.missing,
        invalid=reading.invalid,
        minimum=_plain(reading.minimum),
        maximum=_plain(reading.maximum),
    )


def _plain(value: Any) -> Any:
    if isinstance(value, timedelta):
        return value.total_seconds()
    return value.isoformat() if isinstance(value, datetime) else value


def mapping_text(inputs: Sequence[Input]) -> str:
    """Return the mapping file of inputs that are tables."""
    return to_toml([each.mapped for each in inputs if each.mapped is not None])
