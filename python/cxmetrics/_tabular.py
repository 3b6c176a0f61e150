# SPDX-License-Identifier: Apache-2.0
"""What every table that we return can do, whatever is in it."""

from __future__ import annotations

import html
from abc import ABC, abstractmethod
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    import polars as pl
    import pyarrow as pa


NO_KEY = "(none)"  # what people read where a row has no key


class Tabular(ABC):
    """A table of results: Arrow, pandas, polars and dicts out; text and HTML to look at."""

    keys: Mapping[str, Sequence[Any]]
    notes: list[str]

    @abstractmethod
    def __len__(self) -> int: ...

    @abstractmethod
    def to_arrow(self) -> pa.Table:
        """Return a pyarrow table."""

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
        table = self.to_arrow()
        shown = self._texts(table, 20)
        widths = [max(map(len, column)) for column in zip(table.column_names, *shown, strict=True)]
        lines = [
            "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True))
            for row in [table.column_names, *shown]
        ]
        if len(self) > len(shown):
            lines.append(f"... the first {len(shown)} of {len(self):,} rows")
        return "\n".join(
            [*lines, *(f"  {line}" for line in self.legend()), *(f"  note: {note}" for note in self.notes)]
        )

    def _repr_html_(self) -> str:
        table = self.to_arrow()
        head = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in table.column_names)
        shown = self._texts(table, 60)
        body = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in shown)
        more = f"; the first {len(shown)} of {len(self):,} rows" if len(self) > len(shown) else ""
        said = "".join(
            f'<tr><td colspan="{len(table.column_names)}">note: {html.escape(note)}</td></tr>' for note in self.notes
        )
        return (
            f"<table><caption>{html.escape(self.caption() + more)}</caption>"
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody>{f'<tfoot>{said}</tfoot>' if said else ''}</table>"
        )

    def _texts(self, table: pa.Table, rows: int) -> list[list[str]]:
        """Return the cells of the first rows as people read them."""
        return [
            [NO_KEY if cell is None and name in self.keys else text_of(name, cell) for name, cell in row.items()]
            for row in table.slice(0, rows).to_pylist()
        ]


def key_texts(keys: Mapping[str, Sequence[Any]], rows: int) -> list[list[str]]:
    """Write the keys of each row; without keys, nothing for each."""
    labels = zip(*keys.values(), strict=True) if keys else [()] * rows
    return [[NO_KEY if label is None else str(label) for label in row] for row in labels]


def key_array(labels: Sequence[Any]) -> pa.Array:
    """Return the labels of a key as an Arrow array: whole numbers of more than 64 bits as decimals, or as texts."""
    import pyarrow as pa

    numbers = [label for label in labels if isinstance(label, int)]
    least, most = min(numbers, default=0), max(numbers, default=0)
    if least >= -(2**63) and most < 2**63:
        return pa.array(list(labels))
    if least >= 0 and most < 2**64:
        return pa.array(list(labels), type=pa.uint64())
    if max(-least, most) < 10**38:
        return pa.array(list(labels), type=pa.decimal128(38, 0))
    return pa.array([None if label is None else str(label) for label in labels])


def text_of(name: str, cell: Any) -> str:
    """Write one cell: a figure with one decimal, a p with three, a time to the minute, no answer as nothing."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        if name.endswith(("_p", "_p_adjusted")):
            return "< 0.001" if cell < 0.001 else f"{cell:.3f}"
        return f"{cell:.1f}"
    return f"{cell:%Y-%m-%d %H:%M}" if isinstance(cell, datetime) else str(cell)
