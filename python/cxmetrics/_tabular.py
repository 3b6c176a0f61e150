# SPDX-License-Identifier: Apache-2.0
"""What every table that we return can do, whatever is in it."""

from __future__ import annotations

import html
from abc import ABC, abstractmethod
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    import pandas as pd
    import polars as pl
    import pyarrow as pa

    from cxmetrics._tables import KeyType


DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NO_KEY = "(none)"  # what people read where a row has no key


class Tabular(ABC):
    """A table of results: Arrow, pandas, polars and dicts out; text and HTML to look at."""

    keys: Mapping[str, Sequence[Any]]
    notes: list[str]
    probabilities: Collection[str] = ()  # the columns that are a p

    @abstractmethod
    def __len__(self) -> int: ...

    @abstractmethod
    def to_arrow(self) -> pa.Table:
        """Return a pyarrow table."""

    @abstractmethod
    def _first(self, rows: int) -> pa.Table:
        """Return the first rows as a pyarrow table."""

    @abstractmethod
    def legend(self) -> list[str]:
        """Return what people must know of the columns: units, formulas, how they were computed."""

    def caption(self) -> str:
        """Return the legend as one text, for the head of the table."""
        return "; ".join(self.legend())

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.to_arrow().__arrow_c_stream__(requested_schema)

    def to_pandas(self) -> pd.DataFrame:
        """Return a pandas data frame."""
        return self.to_arrow().to_pandas()

    def to_polars(self) -> pl.DataFrame:
        """Return a polars data frame."""
        import polars as pl

        frame = pl.from_arrow(self.to_arrow())
        assert isinstance(frame, pl.DataFrame)
        return frame

    def to_dicts(self) -> list[dict[str, Any]]:
        """Return one dict a row; None for no answer."""
        rows: list[dict[str, Any]] = self.to_arrow().to_pylist()
        return rows

    def __repr__(self) -> str:
        names, shown = self._texts(20)
        widths = [max(map(len, column)) for column in zip(names, *shown, strict=True)]
        lines = [
            "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in [names, *shown]
        ]
        if len(self) > len(shown):
            lines.append(f"... the first {len(shown)} of {len(self):,} rows")
        return "\n".join(
            [*lines, *(f"  {line}" for line in self.legend()), *(f"  note: {note}" for note in self.notes)]
        )

    def _repr_html_(self) -> str:
        names, shown = self._texts(60)
        head = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in names)
        body = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in shown)
        more = f"; the first {len(shown)} of {len(self):,} rows" if len(self) > len(shown) else ""
        said = "".join(f'<tr><td colspan="{len(names)}">note: {html.escape(note)}</td></tr>' for note in self.notes)
        return (
            f"<table><caption>{html.escape(self.caption() + more)}</caption>"
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody>{f'<tfoot>{said}</tfoot>' if said else ''}</table>"
        )

    def _texts(self, rows: int) -> tuple[list[str], list[list[str]]]:
        """Return the names of the columns, and the cells of the first rows, as people read them."""
        rows = min(rows, len(self))
        table = self._first(rows)
        labels = rows_of([column[:rows] for column in self.keys.values()], rows)
        return table.column_names, [
            [
                *map(label_text, label),
                *(text_of(cell, p=name in self.probabilities) for name, cell in row.items() if name not in self.keys),
            ]
            for label, row in zip(labels, table.to_pylist(), strict=True)
        ]


def rows_of(columns: Iterable[Sequence[Any]], rows: int) -> list[tuple[Any, ...]]:
    """Return what stands in each row of some columns; of no columns nothing, in each."""
    several = list(columns)
    return list(zip(*several, strict=True)) if several else [()] * rows


def numbered(rows: Iterable[tuple[Any, ...]]) -> tuple[np.ndarray[Any, Any], list[tuple[Any, ...]]]:
    """Return the number of each row among those that differ, and these, in the order in which they first come."""
    place: dict[tuple[Any, ...], int] = {}
    numbers = [place.setdefault(row, len(place)) for row in rows]
    return np.array(numbers, dtype=np.uint32), list(place)


def key_columns(keys: Mapping[str, Sequence[Any]], types: Mapping[str, KeyType], rows: int) -> dict[str, Any]:
    """Return the first rows of the keys as Arrow columns."""
    import pyarrow as pa

    known = {"text": pa.string(), "truth": pa.bool_(), "dates": pa.date32(), "local": pa.timestamp("us")}
    columns: dict[str, Any] = {}
    for name, column in keys.items():
        labels = column[:rows]
        meaning, zone = types[name]
        if meaning in ("integer", "real"):
            columns[name] = whole_numbers(labels)
        else:
            columns[name] = pa.array(labels, type=pa.timestamp("us", tz=zone) if zone else known.get(meaning))
    return columns


def label_text(label: Any) -> str:
    """Write one key: a time with its offset, if it has one, and to the minute where that is all of it."""
    if label is None:
        return NO_KEY
    if isinstance(label, datetime):
        return label.isoformat(" ", "auto" if label.second or label.microsecond else "minutes")
    return str(label)


def labelled(labels: tuple[Any, ...]) -> str:
    """Write the keys of one cell; without keys it is that of all rows."""
    return ", ".join(map(label_text, labels)) or "all"


def whole_numbers(labels: Sequence[Any]) -> pa.Array:
    """Return whole numbers as an Arrow array: those of more than 64 bits as decimals, or as texts."""
    import pyarrow as pa

    numbers = [label for label in labels if label is not None]
    least, most = min(numbers, default=0), max(numbers, default=0)
    if least >= -(2**63) and most < 2**63:
        return pa.array(labels, type=pa.int64())
    if least >= 0 and most < 2**64:
        return pa.array(labels, type=pa.uint64())
    if max(-least, most) < 10**38:
        return pa.array(labels, type=pa.decimal128(38, 0))
    return pa.array([None if label is None else str(label) for label in labels])


def text_of(cell: Any, *, p: bool = False) -> str:
    """Write one cell: a figure with one decimal, a p with three, a time to the minute, no answer as nothing."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        if p:
            return "< 0.001" if cell < 0.001 else f"{cell:.3f}"
        return f"{cell:.1f}"
    return f"{cell:%Y-%m-%d %H:%M}" if isinstance(cell, datetime) else str(cell)
