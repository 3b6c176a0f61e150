# SPDX-License-Identifier: Apache-2.0
"""The grouped table: cells of states, with what people do with it."""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from cxmetrics import _core
from cxmetrics._results import Distribution, Result
from cxmetrics._states import State

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    import polars as pl
    import pyarrow as pa
    from matplotlib.axes import Axes

    from cxmetrics._definitions import Definition
    from cxmetrics._known import Known


@dataclass(frozen=True)
class Bucketing:
    """How time is cut: the length of a bucket, the zone, and whether buckets are folded into a profile."""

    every: str
    tz: str
    week_start: str = "mon"
    fold: str | None = None

    def place(self, times: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """Return the start of each instant's bucket, or its place in the profile, in microseconds."""
        if self.fold is not None:
            return _core.fold_positions(times, self.every, self.fold, self.tz, self.week_start)
        return _core.bucket_starts(times, self.every, self.tz, self.week_start)

    def ends(self, starts: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """Return where buckets end."""
        return _core.bucket_ends(starts, self.every, self.tz, self.week_start)


@dataclass(frozen=True, repr=False)
class Summary:
    """One row a cell, one state a cell and metric.

    ``t["nps"]`` are the results of one metric in row order; ``t.total["nps"]`` is the result over all cells, read from
    their states added up. Iterating gives the names of the metrics.
    """

    definitions: Mapping[str, Definition]
    keys: Mapping[str, Sequence[Any]]
    starts: np.ndarray[Any, Any] | None
    bucketing: Bucketing | None
    grids: Mapping[str, _core.Grid]
    level: float
    known: Mapping[str, Known | None]
    notes: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(next(iter(self.grids.values())))

    def __iter__(self) -> Any:
        return iter(self.definitions)

    def state(self, name: str, row: int) -> State:
        """Return the state of one cell."""
        return State(self.definitions[name], self.grids[name].at(row), self.known[name])

    def __getitem__(self, name: str) -> list[Result]:
        if name not in self.definitions:
            raise KeyError(f'no metric "{name}" here: there are {", ".join(self.definitions)}')
        return [self.state(name, row).result(level=self.level) for row in range(len(self))]

    @property
    def total(self) -> dict[str, Result]:
        """The figures over all cells."""
        zeros = np.zeros(len(self), dtype=np.uint32)
        return {
            name: State(definition, self.grids[name].regroup(zeros, 1).at(0), self.known[name]).result(
                level=self.level, notes=tuple(self.notes)
            )
            for name, definition in self.definitions.items()
        }

    def rollup(self, *, by: str | Sequence[str] | None = None, every: str | None = None) -> Summary:
        """Return a coarser table, by adding states: fewer keys, longer buckets.

        Parameters
        ----------
        by : str or list of str, optional
            The keys that stay; default none.
        every : str, optional
            The longer bucket; default none, and time is summed away.
        """
        names = [by] if isinstance(by, str) else list(by or ())
        for name in names:
            if name not in self.keys:
                raise _core.Error(f'"{name}" is no key of this table: there are {", ".join(self.keys) or "none"}')
        bucketing, starts = None, None
        if every is not None:
            if self.bucketing is None or self.starts is None or self.bucketing.fold is not None:
                raise _core.Error("only a table with buckets of time has longer ones: summarize with every= first")
            bucketing = Bucketing(_core.parse_every(every), self.bucketing.tz, self.bucketing.week_start)
            starts = bucketing.place(self.starts)
            if (bucketing.ends(starts) < self.bucketing.ends(self.starts)).any():
                raise _core.Error(f'a bucket of {self.bucketing.every} does not fit into one of every="{every}"')
        cells: dict[tuple[Any, ...], int] = {}
        to = np.array(
            [
                cells.setdefault(
                    (
                        *(self.keys[name][row] for name in names),
                        *([] if starts is None else [int(starts[row])]),
                    ),
                    len(cells),
                )
                for row in range(len(self))
            ],
            dtype=np.uint32,
        )
        return Summary(
            definitions=self.definitions,
            keys={name: [cell[i] for cell in cells] for i, name in enumerate(names)},
            starts=None if starts is None else np.array([cell[-1] for cell in cells], dtype=np.int64),
            bucketing=bucketing,
            grids={name: grid.regroup(to, len(cells)) for name, grid in self.grids.items()},
            level=self.level,
            known=self.known,
            notes=self.notes,
        )

    def filled(self) -> Summary:
        """Return the table with the empty cells between the first bucket and the last, for every key."""
        if self.bucketing is None or self.starts is None or self.bucketing.fold is not None or not len(self):
            return self
        line = [int(self.starts.min())]
        last = int(self.starts.max())
        while line[-1] < last:
            line.append(int(self.bucketing.ends(np.array(line[-1:], dtype=np.int64))[0]))
        keys = list(dict.fromkeys(zip(*self.keys.values(), strict=True))) if self.keys else [()]
        place = {cell: i for i, cell in enumerate((key, start) for key in keys for start in line)}
        here = list(zip(*self.keys.values(), strict=True)) if self.keys else [()] * len(self)
        to = np.array([place[key, int(start)] for key, start in zip(here, self.starts, strict=True)], dtype=np.uint32)
        return Summary(
            definitions=self.definitions,
            keys={name: [key[i] for key, _ in place] for i, name in enumerate(self.keys)},
            starts=np.array([start for _, start in place], dtype=np.int64),
            bucketing=self.bucketing,
            grids={name: grid.regroup(to, len(place)) for name, grid in self.grids.items()},
            level=self.level,
            known=self.known,
            notes=self.notes,
        )

    def to_arrow(self) -> pa.Table:
        """Return a pyarrow table: keys, start, end, then ``<name>``, ``_low``, ``_high``, ``_n`` for each metric.

        Distributions give ``_p50 _p90 _mean _n``. A profile has ``place``, the wall-clock time since the start of the
        day or week.
        """
        import pyarrow as pa

        columns: dict[str, Any] = {name: pa.array(list(labels)) for name, labels in self.keys.items()}
        if self.bucketing is not None and self.starts is not None:
            if self.bucketing.fold is not None:
                columns["place"] = pa.array(self.starts, type=pa.duration("us"))
            else:
                instants = pa.timestamp("us", tz=self.bucketing.tz)
                columns["start"] = pa.array(self.starts, type=instants)
                columns["end"] = pa.array(self.bucketing.ends(self.starts), type=instants)
        for name in self.definitions:
            results = self[name]
            if self.grids[name].at(0).has_distribution() if len(self) else False:
                spread = [r for r in results if isinstance(r, Distribution)]
                columns[f"{name}_p50"] = pa.array([r.value for r in spread], type=pa.float64())
                columns[f"{name}_p90"] = pa.array([r.quantile(0.9) for r in spread], type=pa.float64())
                columns[f"{name}_mean"] = pa.array([r.mean for r in spread], type=pa.float64())
            else:
                columns[name] = pa.array([r.value for r in results], type=pa.float64())
                bounds = [(r.interval.low, r.interval.high) if r.interval else (None, None) for r in results]
                columns[f"{name}_low"] = pa.array([low for low, _ in bounds], type=pa.float64())
                columns[f"{name}_high"] = pa.array([high for _, high in bounds], type=pa.float64())
            columns[f"{name}_n"] = pa.array([r.n for r in results], type=pa.int64())
        return pa.table(columns)

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
        shown = [[_text(cell) for cell in row.values()] for row in table.slice(0, 20).to_pylist()]
        widths = [max(map(len, column)) for column in zip(table.column_names, *shown, strict=True)]
        lines = [
            "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True))
            for row in [table.column_names, *shown]
        ]
        if len(self) > 20:
            lines.append(f"... {len(self):,} rows")
        return "\n".join([*lines, *(f"  note: {note}" for note in self.notes)])

    def _repr_html_(self) -> str:
        table = self.to_arrow()
        head = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in table.column_names)
        body = "".join(
            "<tr>" + "".join(f"<td>{html.escape(_text(cell))}</td>" for cell in row.values()) + "</tr>"
            for row in table.slice(0, 60).to_pylist()
        )
        caption = "; ".join(f"{name}: {r.formula}" for name, r in self.total.items())
        more = f"; the first 60 of {len(self):,} rows" if len(self) > 60 else ""
        return (
            f"<table><caption>{html.escape(caption + more)}</caption>"
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        )

    def plot(self, ax: Axes | None = None) -> Any:
        """Draw each metric with its intervals: over time where there are buckets, else by key.

        One metric draws into `ax` when it is given; several make small multiples. Returns the axes; never shows them.
        """
        from cxmetrics._plots import plot_summary

        return plot_summary(self, ax)


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:.1f}"
    return f"{cell:%Y-%m-%d %H:%M}" if hasattr(cell, "strftime") else str(cell)
