# SPDX-License-Identifier: Apache-2.0
"""The grouped table: cells of states, with what people do with it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from cxmetrics import _core
from cxmetrics._changes import Changes, compare_cells
from cxmetrics._states import State
from cxmetrics._tabular import Tabular, key_columns, numbered, rows_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa
    from matplotlib.axes import Axes

    from cxmetrics._definition import Definition
    from cxmetrics._known import Known
    from cxmetrics._respondents import Respondents, Travelled
    from cxmetrics._results import Result
    from cxmetrics._tables import KeyType


_DAY = 86_400_000_000


@dataclass(frozen=True)
class Bucketing:
    """How time is cut: the length of a bucket, the zone, and whether buckets are folded into a profile."""

    every: str
    tz: str
    week_start: str = "mon"
    fold: str | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.week_start, str):
            raise _core.Error(f'week_start={self.week_start!r} is no day: use one such as "mon"')
        if self.fold is not None and not isinstance(self.fold, str):
            raise _core.Error(f'fold={self.fold!r} is no text: use "1d" or "1w"')

    def place(self, times: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """Return the start of each instant's bucket, or its place in the profile, in microseconds."""
        if self.fold is not None:
            return _core.fold_positions(times, self.every, self.fold, self.tz, self.week_start)
        return _core.bucket_starts(times, self.every, self.tz, self.week_start)

    def ends(self, starts: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """Return where buckets end."""
        return _core.bucket_ends(starts, self.every, self.tz, self.week_start)

    def columns(self, starts: np.ndarray[Any, Any]) -> dict[str, Any]:
        """Return starts and ends as Arrow columns; of a profile the places in it."""
        import pyarrow as pa

        if self.fold is not None:
            return {"place": pa.array(starts, type=pa.duration("us"))}
        instants = pa.timestamp("us", tz=self.tz)
        return {"start": pa.array(starts, type=instants), "end": pa.array(self.ends(starts), type=instants)}

    def line(self, first: int, last: int) -> list[int]:
        """Return the starts of all buckets from one to another; of a profile all places between two."""
        if self.fold is not None:
            return [place for place in self._places() if first <= place <= last]
        starts = [first]
        while starts[-1] < last:
            starts.append(int(self.ends(np.array(starts[-1:], dtype=np.int64))[0]))
        return starts

    def gaps(self, starts: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """Return after which of some buckets, or places of a profile, which are in order, others are missing."""
        if self.fold is None:
            return np.flatnonzero(self.ends(starts[:-1]) < starts[1:])
        wide = Bucketing(self.every, "UTC", self.week_start)
        first = wide.place(np.zeros(1, dtype=np.int64))
        return np.flatnonzero(np.diff(starts) > wide.ends(first) - first)

    def _places(self) -> list[int]:
        """Return the places of a profile, as two whole cycles of a zone without clock changes show them."""
        wide = Bucketing(self.every, "UTC", self.week_start)
        starts = np.array(wide.line(0, 14 * _DAY), dtype=np.int64)
        places = _core.fold_positions(starts, self.every, str(self.fold), "UTC", self.week_start)
        return [int(place) for place in np.unique(places)]


def bucket_length(every: Any) -> str:
    """Return the length of a bucket in its one form."""
    if not isinstance(every, str):
        raise _core.UnitError(
            f'every={every!r} is no text: a day of the calendar is "d", 24 hours are "24h"; write one such as "30min", '
            '"1h", "d", "w", "mo", "q", "y"'
        )
    return _core.parse_every(every)


def column_list(names: Any, argument: str) -> list[str]:
    """Return the names of columns, given as one or as several."""
    several = [names] if isinstance(names, str) else list(names) if isinstance(names, list | tuple) else []
    if (names is not None and not isinstance(names, str | list | tuple)) or not all(
        isinstance(x, str) for x in several
    ):
        raise _core.Error(f'{argument}={names!r} names no columns: give a name, {argument}="team", or a list of names')
    return several


def column_names(keys: Sequence[str], bucketing: Bucketing | None, definitions: Mapping[str, Definition]) -> list[str]:
    """Return the columns of a table in their order; two of one name are an error."""
    times = () if bucketing is None else ("place",) if bucketing.fold is not None else ("start", "end")
    names = [*keys, *times, *(f"{name}{end}" for name, each in definitions.items() for end in endings(each))]
    for name in names:
        if names.count(name) > 1:
            raise _core.Error(
                f'two columns of the table would be called "{name}": name the metrics, {{"a": ..., "b": ...}}, '
                "or rename the key"
            )
    return names


def endings(definition: Definition) -> tuple[str, ...]:
    """Return how the columns of a metric end."""
    return (
        ("_p50", "_p90", "_mean", "_n") if definition.state().core.has_distribution() else ("", "_low", "_high", "_n")
    )


@dataclass(frozen=True, repr=False)
class Summary(Tabular):
    """One row a cell, one state a cell and metric.

    ``t["nps"]`` are the results of one metric in row order; ``t.total["nps"]`` is the result over all cells, read from
    their states added up. Iterating gives the names of the metrics.
    """

    definitions: Mapping[str, Definition]
    keys: Mapping[str, Sequence[Any]]
    key_types: Mapping[str, KeyType]
    starts: np.ndarray[Any, Any] | None
    bucketing: Bucketing | None
    grids: Mapping[str, _core.Grid]
    early: Mapping[str, _core.Grid]  # of metrics of the future: the same, of the first window of the data
    level: float
    known: Mapping[str, Known | None]
    table_notes: list[str] = field(default_factory=list)
    respondents: Mapping[str, Respondents | Travelled | None] = field(default_factory=dict)
    threads: int | None = None  # that read the figures; None: the default
    sums: Mapping[str, State] = field(init=False)  # of all cells
    notes: list[str] = field(init=False)  # of the table, and of each figure over all cells

    def __post_init__(self) -> None:
        zeros = np.zeros(len(self), dtype=np.uint32)
        grids, early = _regrouped(self.grids, zeros, 1), _regrouped(self.early, zeros, 1)
        sums = {
            name: self.state_of(name, grids[name].at(0), early[name].at(0) if name in early else None)
            for name in self.definitions
        }
        object.__setattr__(self, "sums", sums)
        own = [f"{name}: {note}" for name, r in self._totals().items() for note in r.notes]
        object.__setattr__(self, "notes", [*self.table_notes, *own])

    def __len__(self) -> int:
        return len(next(iter(self.grids.values())))

    def __iter__(self) -> Any:
        return iter(self.definitions)

    def state(self, name: str, row: int) -> State:
        """Return the state of one cell."""
        return self.state_of(name, self.grids[name].at(row), self.early[name].at(row) if name in self.early else None)

    def state_of(self, name: str, core: _core.State, early: _core.State | None = None) -> State:
        """Return a compiled state as one of a metric of this table, with that of the first window of the data."""
        known = self.known[name]
        if known is not None and early is not None:
            known = replace(known, left_unknown=State(type(self.definitions[name])(), early).result().n)
        return State(self.definitions[name], core, known)

    def empty(self, name: str) -> State:
        """Return the state of a cell without rows."""
        return self.state_of(name, self.definitions[name].state().core)

    def __getitem__(self, name: str) -> list[Result]:
        if name not in self.definitions:
            raise KeyError(f'no metric "{name}" here: there are {", ".join(self.definitions)}')
        results = [self.state(name, row).result(level=self.level) for row in range(len(self))]
        if (respondents := self.respondents.get(name)) is not None:
            for row, r in enumerate(results):
                labels = {key: column[row] for key, column in self.keys.items()}
                start = None if self.starts is None else int(self.starts[row])
                r.respondents = respondents.in_cell(labels, self.bucketing, start)
        return results

    @property
    def total(self) -> dict[str, Result]:
        """The figures over all cells."""
        results = self._totals()
        for name, r in results.items():
            r.notes += self.table_notes
            r.respondents = self.respondents.get(name)
        return results

    def _totals(self) -> dict[str, Result]:
        return {name: state.result(level=self.level) for name, state in self.sums.items()}

    def reading(self, name: str) -> dict[str, Any]:
        """Return what the figures of a metric are read with."""
        return self.empty(name).read_parameters() | {"level": self.level}

    @property
    def many_threads(self) -> int:
        """How many threads read the figures."""
        return _core.default_threads() if self.threads is None else self.threads

    def figures(self, name: str, rows: int | None = None) -> dict[str, np.ndarray[Any, Any]]:
        """Return the figures of the first rows, or of all, as columns by their endings; NaN for no answer."""
        groups = len(self) if rows is None else rows
        columns = self.grids[name].read(self.reading(name), groups=groups, threads=self.many_threads)
        return dict(zip(endings(self.definitions[name]), columns, strict=True))

    def rollup(self, *, by: str | Sequence[str] | None = None, every: str | None = None) -> Summary:
        """Return a coarser table, by adding states: fewer keys, longer buckets.

        Parameters
        ----------
        by : str or list of str, optional
            The keys that stay; default none.
        every : str, optional
            The longer bucket; default none, and time is summed away.
        """
        names = column_list(by, "by")
        for name in names:
            if name not in self.keys:
                raise _core.Error(f'"{name}" is no key of this table: there are {", ".join(self.keys) or "none"}')
        bucketing, starts = None, None
        if every is not None:
            if self.bucketing is None or self.starts is None:
                raise _core.Error("only a table with buckets of time has longer ones: summarize with every= first")
            if self.bucketing.fold is not None:
                raise _core.Error(
                    f"this table is folded into {self.bucketing.fold} and has no longer buckets: summarize with "
                    f'every="{every}", fold="{self.bucketing.fold}", or leave out fold= and roll up then'
                )
            bucketing = Bucketing(bucket_length(every), self.bucketing.tz, self.bucketing.week_start)
            starts = bucketing.place(self.starts)
            if (bucketing.ends(starts) < self.bucketing.ends(self.starts)).any():
                raise _core.Error(f'a bucket of {self.bucketing.every} does not fit into one of every="{every}"')
        columns = [*(self.keys[name] for name in names), *([] if starts is None else [starts.tolist()])]
        to, cells = numbered(rows_of(columns, len(self)))
        return self._with(
            {name: [cell[i] for cell in cells] for i, name in enumerate(names)},
            None if starts is None else np.array([cell[-1] for cell in cells], dtype=np.int64),
            to,
            len(cells),
            bucketing,
        )

    def filled(self) -> Summary:
        """Return the table with the empty cells between the first bucket and the last, for every key."""
        if self.bucketing is None or self.starts is None or not len(self):
            return self
        line = np.array(self.bucketing.line(int(self.starts.min()), int(self.starts.max())), dtype=np.int64)
        numbers, cells = numbered(rows_of(self.keys.values(), len(self)))
        to = numbers * np.uint32(len(line)) + np.searchsorted(line, self.starts).astype(np.uint32)
        return self._with(
            {name: [cell[i] for cell in cells for _ in line] for i, name in enumerate(self.keys)},
            np.tile(line, len(cells)),
            to,
            len(cells) * len(line),
            self.bucketing,
        )

    def _with(
        self,
        keys: Mapping[str, Sequence[Any]],
        starts: np.ndarray[Any, Any] | None,
        to: np.ndarray[Any, Any],
        size: int,
        bucketing: Bucketing | None,
    ) -> Summary:
        """Return a table of other cells: each cell of this one is added to one of them."""
        return replace(
            self,
            keys=keys,
            starts=starts,
            bucketing=bucketing,
            grids=_regrouped(self.grids, to, size),
            early=_regrouped(self.early, to, size),
        )

    def to_arrow(self) -> pa.Table:
        """Return a pyarrow table: keys, start, end, then ``<name>``, ``_low``, ``_high``, ``_n`` for each metric.

        Distributions give ``_p50 _p90 _mean _n``. A profile has ``place``, the wall-clock time since the start of the
        day or week.
        """
        return self._first(len(self))

    def _first(self, rows: int) -> pa.Table:
        import pyarrow as pa

        columns = key_columns(self.keys, self.key_types, rows)
        if self.bucketing is not None and self.starts is not None:
            columns |= self.bucketing.columns(self.starts[:rows])
        for name in self.definitions:
            figures = self.figures(name, rows)
            columns |= {f"{name}{end}": pa.array(column, from_pandas=True) for end, column in figures.items()}
        return pa.table(columns)

    def legend(self) -> list[str]:
        """Return unit and formula of each metric, the level of the intervals, and how time was cut."""
        said = [f"{name}{f' ({r.unit})' if r.unit else ''}: {r.formula}" for name, r in self._totals().items()]
        if any(not self.empty(name).core.has_distribution() for name in self.definitions):
            said.append(f"_low, _high: {100 * self.level:.6g} % interval")
        if self.bucketing is not None:
            folded = f", folded into {self.bucketing.fold}" if self.bucketing.fold else ""
            said.append(f"time: {self.bucketing.every} in {self.bucketing.tz}{folded}")
        return said

    def compare(
        self,
        *,
        baseline: Any,
        correction: str | None = "holm",
        within: str | None = None,
        method: str | Mapping[str, str | None] | None = None,
        level: float | None = None,
    ) -> Changes:
        """Compare every cell with a baseline, corrected for the number of looks.

        Parameters
        ----------
        baseline : str, label of a key, date, datetime, timedelta, tuple or dict
            A period by its start, as a date, a datetime, or text: ``"2018"``, ``"2018Q1"``, ``"2018-04"``,
            ``"2018-W14"``, ``"2018-04-01"``, ``"2018-04-01 09:00"``; a place in a profile, as a timedelta, ``"09:00"``,
            ``"mon"`` or ``"mon 09:00"``; each cell is compared with that of the same keys there. Or the label of a
            single key, of any type: each cell is compared with that of the same period there. Of several keys a dict of
            some or all, ``{"team": "a", "channel": "mail"}``, also with ``"start"`` or ``"place"``, or a tuple of all.
            Or ``"rest"``: each cell is compared with all others, their states added up.
        correction : {"holm", None}
            Of p, for all cells of one metric together; intervals are those of each cell alone.
        within : str, optional
            A key of the table. Its strata are added up, and each change is split into what changed because the strata
            have other shares of the rows (mix) and what changed within them.
        method : str, or dict of metric to str, optional
            The two-sample method, as in `compare`; of metrics that have none in common one each.
        level : float, optional
            Confidence level of the intervals. Default: that of the table.

        Returns
        -------
        Changes
            One row a cell; the cells of the baseline itself are no rows.

        Raises
        ------
        Error
            No period or key is called so, or a period and a key, or a key is called ``"rest"``; ``within=`` is no key,
            or a metric is a median, which does not split.

        Examples
        --------
        >>> import cxmetrics as cx
        >>> answers = {"score": [10, 9, 3, 8, 10, 2], "stage": ["order", "order", "use", "use", "use", "pay"]}
        >>> t = cx.summarize(answers, cx.NPS(), by="stage")
        >>> [(row["stage"], round(row["nps_difference"])) for row in t.compare(baseline="rest").to_dicts()]
        [('order', 125), ('pay', -140), ('use', -33)]
        """
        return compare_cells(self, baseline, correction, within, method, self.level if level is None else level)

    def plot(self, ax: Axes | None = None) -> Any:
        """Draw each metric with its intervals: over time where there are buckets, else by key.

        Several metrics, and over time several groups, make small multiples, of which those of one metric have one
        scale; one metric draws into `ax` when it is given. Of very many groups the largest are drawn, and the caption
        says so. Returns the axes, a list of them in reading order; never shows them.
        """
        from cxmetrics._plot_summary import plot_summary

        return plot_summary(self, ax)


def _regrouped(grids: Mapping[str, _core.Grid], to: np.ndarray[Any, Any], size: int) -> dict[str, _core.Grid]:
    """Return grids with other cells: each cell added to one of theirs."""
    return {name: grid.regroup(to, size) for name, grid in grids.items()}
