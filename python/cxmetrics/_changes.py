# SPDX-License-Identifier: Apache-2.0
"""A grouped table against a baseline: one comparison a cell, corrected for the number of looks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from cxmetrics import _core
from cxmetrics._compare import Comparison, method_name
from cxmetrics._respondents import overlap_notes
from cxmetrics._results import Interval, number
from cxmetrics._states import State
from cxmetrics._tabular import Tabular, key_texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyarrow as pa
    from matplotlib.axes import Axes

    from cxmetrics._summary import Bucketing, Summary

Cell = tuple[Any, ...]  # its labels, and its start where there are buckets
REST = "rest"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Split(NamedTuple):
    """A change in two parts that sum to it: of the mix of strata, and within them.

    The interval, z and p are those of the part within, the shares of the strata taken as they are.
    """

    mix: float | None
    within: float | None
    interval: Interval | None
    z: float | None
    p: float | None
    notes: list[str]


@dataclass(frozen=True, repr=False)
class Changes(Tabular):
    """One row a cell that is compared, one comparison a cell and metric.

    ``c["nps"]`` are the comparisons of one metric in row order, ``c.corrected["nps"]`` their p corrected for all of
    them, ``c.splits["nps"]`` the changes split into mix and within. Iterating gives the names of the metrics.
    """

    comparisons: Mapping[str, Sequence[Comparison]]
    corrected: Mapping[str, Sequence[float | None]]
    splits: Mapping[str, Sequence[Split]]
    keys: Mapping[str, Sequence[Any]]
    starts: np.ndarray[Any, Any] | None
    bucketing: Bucketing | None
    baseline: str
    correction: str | None
    within: str | None
    level: float
    notes: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(next(iter(self.comparisons.values())))

    def __iter__(self) -> Iterator[str]:
        return iter(self.comparisons)

    def __getitem__(self, name: str) -> list[Comparison]:
        if name not in self.comparisons:
            raise KeyError(f'no metric "{name}" here: there are {", ".join(self.comparisons)}')
        return list(self.comparisons[name])

    def labels(self) -> list[str]:
        """Return what each row is called: its keys and its period."""
        names = key_texts(self.keys, len(self))
        if self.starts is not None and self.bucketing is not None:
            for row, start in zip(names, self.starts, strict=True):
                row.append(period_names(int(start), self.bucketing)[0])
        return [", ".join(row) or "all" for row in names]

    def legend(self) -> list[str]:
        """Return unit, formula and method of each metric, what is compared with what, and how p was corrected."""
        said = [
            f"{name}{f' ({each[0].unit})' if each[0].unit else ''}: {each[0].formula}"
            for name, each in self.comparisons.items()
            if each
        ]
        looks = {None: "p of each row alone", "holm": "p_adjusted: Holm, of all rows together"}[self.correction]
        return [*said, f"baseline: {self.baseline}", f"_low, _high: {100 * self.level:.6g} % interval", looks]

    def to_arrow(self) -> pa.Table:
        """Return a pyarrow table: keys, start, end, then for each metric the columns below.

        ``<name>``, ``_baseline``, ``_difference`` with ``_low`` and ``_high``, ``_z``, ``_p``, ``_p_adjusted``,
        ``_n``, ``_baseline_n``; of a change that was split also ``_mix`` and ``_within`` with ``_within_low`` and
        ``_within_high``.
        """
        import pyarrow as pa

        columns: dict[str, Any] = {name: pa.array(list(labels)) for name, labels in self.keys.items()}
        if self.bucketing is not None and self.starts is not None:
            columns |= self.bucketing.columns(self.starts)
        for name, comparisons in self.comparisons.items():
            real: dict[str, list[float | None]] = {
                "": [c.result.value for c in comparisons],
                "_baseline": [c.baseline.value for c in comparisons],
                "_difference": [c.value for c in comparisons],
                "_low": [c.interval.low if c.interval else None for c in comparisons],
                "_high": [c.interval.high if c.interval else None for c in comparisons],
                "_z": [c.z for c in comparisons],
                "_p": [c.p for c in comparisons],
            }
            if self.correction is not None:
                real["_p_adjusted"] = list(self.corrected[name])
            if self.within is not None:
                splits = self.splits[name]
                real["_mix"] = [s.mix for s in splits]
                real["_within"] = [s.within for s in splits]
                real["_within_low"] = [s.interval.low if s.interval else None for s in splits]
                real["_within_high"] = [s.interval.high if s.interval else None for s in splits]
            columns |= {f"{name}{end}": pa.array(values, type=pa.float64()) for end, values in real.items()}
            columns[f"{name}_n"] = pa.array([c.n for c in comparisons], type=pa.int64())
            columns[f"{name}_baseline_n"] = pa.array([c.baseline_n for c in comparisons], type=pa.int64())
        return pa.table(columns)

    def plot(self, ax: Axes | None = None) -> Any:
        """Draw each difference with its interval and the line of no difference, one panel a metric."""
        from cxmetrics._plots import plot_changes

        return plot_changes(self, ax)


def period_names(start: int, bucketing: Bucketing) -> list[str]:
    """Return what a bucket is called by its start, the shortest first.

    Examples
    --------
    >>> from cxmetrics._summary import Bucketing
    >>> period_names(1_522_533_600_000_000, Bucketing("1q", "Europe/Amsterdam"))
    ['2018Q2', '2018-Q2', '2018-04-01', '2018-04-01 00:00', '2018-04-01T00:00', '2018-04-01T00:00:00+02:00']
    """
    at = (_EPOCH + timedelta(microseconds=start)).astimezone(ZoneInfo(bucketing.tz))
    unit = bucketing.every.lstrip("0123456789")
    quarter = (at.month + 2) // 3
    own = {
        "y": [f"{at:%Y}"],
        "q": [f"{at:%Y}Q{quarter}", f"{at:%Y}-Q{quarter}"],
        "mo": [f"{at:%Y-%m}"],
        "w": [f"{at:%G-W%V}"] if at.isoweekday() == 1 else [],
    }.get(unit, [])
    day = [f"{at:%Y-%m-%d}"] if (at.hour, at.minute, at.second) == (0, 0, 0) else []
    return [*own, *day, f"{at:%Y-%m-%d %H:%M}", f"{at:%Y-%m-%dT%H:%M}", at.isoformat()]


def compare_cells(
    t: Summary,
    baseline: Any,
    correction: str | None,
    within: str | None,
    method: str | Mapping[str, str | None] | None,
    level: float,
) -> Changes:
    """Compare the cells of a table: `Summary.compare`."""
    level = number(level, "level", 0.95)
    methods = _methods(t, method)
    if correction not in ("holm", None):
        raise _core.Error(f'correction="{correction}" is unknown: use "holm", or None')
    if within is not None and (not isinstance(within, str) or within not in t.keys):
        raise _core.Error(
            f'within="{within}" is no key of this table: there are {", ".join(t.keys) or "none"}; summarize with '
            f'by="{within}" first'
        )
    plan = _Plan(t, baseline, within)
    comparisons: dict[str, list[Comparison]] = {}
    splits: dict[str, list[Split]] = {}
    shared = plan.people_in_both()
    for name in t.definitions:
        pairs = plan.pairs(name)
        comparisons[name] = [
            _compared(now, before, methods[name], level, overlap_notes(people))
            for (now, before), people in zip(pairs, shared, strict=True)
        ]
        if within is not None:
            splits[name] = [_split(strata, methods[name], level) for strata in plan.strata(name)]
    corrected = {name: _core.holm([c.p for c in each]) for name, each in comparisons.items()}
    kept = [plan.cells[i] for i in plan.compared]
    return Changes(
        comparisons=comparisons,
        corrected=corrected,
        splits=splits,
        keys={name: [cell[i] for cell in kept] for i, name in enumerate(plan.keys)},
        starts=None if t.starts is None else np.array([cell[-1] for cell in kept], dtype=np.int64),
        bucketing=t.bucketing,
        baseline=str(baseline),
        correction=correction,
        within=within,
        level=level,
        notes=[*t.notes, *_notes(shared, comparisons, splits)],
    )


def _methods(t: Summary, method: str | Mapping[str, str | None] | None) -> dict[str, str]:
    """Return the two-sample method of each metric."""
    if not isinstance(method, Mapping):
        return dict.fromkeys(t.definitions, method_name(method))
    for name in method:
        if name not in t.definitions:
            raise _core.Error(f"method= names {name!r}, and the metrics of this table are {', '.join(t.definitions)}")
    return {name: method_name(method.get(name)) for name in t.definitions}


class _Plan:
    """Which cells are compared with which: the cells of the table, its strata added up."""

    def __init__(self, t: Summary, baseline: Any, within: str | None) -> None:
        self.t = t
        self.within = within
        self.keys = [name for name in t.keys if name != within]
        rows: list[Cell] = [
            (*(t.keys[name][row] for name in self.keys), *([] if t.starts is None else [int(t.starts[row])]))
            for row in range(len(t))
        ]
        place: dict[Cell, int] = {}
        self.to = np.array([place.setdefault(cell, len(place)) for cell in rows], dtype=np.uint32)
        self.cells = list(place)
        self.base: dict[int, int | None] | None = None  # None: the rest
        if not (isinstance(baseline, str) and baseline == REST):
            self.base = self._bases(baseline, place)
        self.compared = list(range(len(self.cells))) if self.base is None else list(self.base)

    def _bases(self, baseline: Any, place: Mapping[Cell, int]) -> dict[int, int | None]:
        """Return the cell of the baseline for every cell that is not one of its own."""
        t = self.t
        starts = self._starts_called(baseline)
        labels = set(t.keys[self.keys[0]]) if len(self.keys) == 1 else set()
        if not isinstance(baseline, Hashable):
            raise _core.Error(self._unknown(baseline, labels))
        if starts and baseline in labels:
            raise _core.Error(f"baseline={baseline!r} is a period and a key: rename the key, or compare with the rest")
        if starts:
            return {i: place.get((*cell[:-1], starts[0])) for i, cell in enumerate(self.cells) if cell[-1] != starts[0]}
        if baseline in labels:
            return {i: place.get((baseline, *cell[1:])) for i, cell in enumerate(self.cells) if cell[0] != baseline}
        raise _core.Error(self._unknown(baseline, labels))

    def _starts_called(self, baseline: Any) -> list[int]:
        bucketing, starts = self.t.bucketing, self.t.starts
        if bucketing is None or starts is None or bucketing.fold is not None or not isinstance(baseline, str):
            return []
        found = [start for start in np.unique(starts).tolist() if baseline in period_names(start, bucketing)]
        if len(found) > 1:
            names = ", ".join(period_names(start, bucketing)[-1] for start in found)
            raise _core.Error(f'baseline="{baseline}" is the start of several buckets: say which of {names}')
        return found

    def _unknown(self, baseline: Any, labels: set[Any]) -> str:
        bucketing, starts = self.t.bucketing, self.t.starts
        known = []
        if bucketing is not None and starts is not None and bucketing.fold is None and len(starts):
            names = [period_names(start, bucketing)[0] for start in np.unique(starts).tolist()]
            known.append(f"the periods are {_listed(names)}")
        if labels:
            known.append(f"the keys are {_listed(sorted(map(str, labels)))}")
        said = "; ".join([*known, 'or compare with "rest"'])
        return f"baseline={baseline!r} is neither a period nor a key of this table: {said}"

    def pairs(self, name: str) -> list[tuple[State, State]]:
        """Return the state of each compared cell and that of its baseline."""
        grid = self.t.grids[name].regroup(self.to, len(self.cells))
        states = [self.t.state_of(name, grid.at(i)) for i in range(len(self.cells))]
        empty = self.t.empty(name)
        if self.base is None:
            return list(zip(states, _others(states, empty), strict=True))
        return [(states[i], empty if b is None else states[b]) for i, b in self.base.items()]

    def strata(self, name: str) -> list[list[tuple[State, State]]]:
        """Return the same by stratum."""
        assert self.within is not None
        labels = self.t.keys[self.within]
        by_cell: list[dict[Any, State]] = [{} for _ in self.cells]
        for row, label in enumerate(labels):
            by_cell[self.to[row]][label] = self.t.state(name, row)
        empty = self.t.empty(name)
        names = list(dict.fromkeys(labels))
        if self.base is None:
            columns = {label: [cell.get(label, empty) for cell in by_cell] for label in names}
            others = {label: _others(column, empty) for label, column in columns.items()}
            return [[(columns[label][i], others[label][i]) for label in names] for i in self.compared]
        return [
            [(by_cell[i].get(label, empty), empty if b is None else by_cell[b].get(label, empty)) for label in names]
            for i, b in self.base.items()
        ]

    def people_in_both(self) -> list[int]:
        """Return for each compared cell how many of its respondents stand in its baseline too."""
        t = self.t
        if t.respondents is None or (t.bucketing is not None and t.bucketing.fold is not None):
            return [0] * len(self.compared)
        starts = None if t.bucketing is None else t.bucketing.place(t.respondents.table.clock())
        numbers = {cell: i for i, cell in enumerate(self.cells)}
        cells, people = t.respondents.by_cell(numbers, self.keys, starts)
        ends = np.searchsorted(cells, np.arange(len(self.cells) + 1))
        of = [people[ends[i] : ends[i + 1]] for i in range(len(self.cells))]
        if self.base is None:
            often = np.bincount(people, minlength=1) > 1
            return [int(often[each].sum()) for each in of]
        return [0 if b is None else len(np.intersect1d(of[i], of[b], assume_unique=True)) for i, b in self.base.items()]


def _others(states: Sequence[State], empty: State) -> list[State]:
    """Return for each state the sum of all others: what comes before it, and what comes after."""
    before, after = [empty], [empty]
    for state in states[:-1]:
        before.append(_added(before[-1], state))
    for state in list(states[1:])[::-1]:
        after.append(_added(after[-1], state))
    return [_added(a, b) for a, b in zip(before, after[::-1], strict=True)] if states else []


def _added(a: State, b: State) -> State:
    """Return the sum of two cells of a table: one pass has seen all its rows, so nothing has to be agreed upon."""
    core = a.core.clone()
    core.merge(b.core)
    return State(a.definition, core, a.known)


def _compared(now: State, before: State, method: str, level: float, notes: Sequence[str]) -> Comparison:
    r, baseline = now.result(level=level), before.result(level=level)
    parts = _core.compare(r.reading(), baseline.reading(), method=method, level=level)
    return Comparison(parts, r, baseline, notes)


def _split(strata: Sequence[tuple[State, State]], method: str, level: float) -> Split:
    readings = [(now.result().reading(), before.result().reading()) for now, before in strata]
    parts = _core.split_change(readings, method=method, level=level)
    interval = Interval(*parts["interval"]) if parts["interval"] else None
    return Split(parts["mix"], parts["within"], interval, parts["z"], parts["p"], parts["notes"])


def _notes(
    shared: Sequence[int], comparisons: Mapping[str, Sequence[Comparison]], splits: Mapping[str, Sequence[Split]]
) -> list[str]:
    """Return what must be said of the table as a whole."""
    notes = [
        f"{name}, {count:,} of {len(each):,} rows: {note}"
        for name, each in comparisons.items()
        for note, count in Counter(note for c in each for note in c.own_notes).items()
    ]
    if any(shared):
        rows = sum(map(bool, shared))
        notes.append(
            f"in {rows:,} of {len(shared):,} rows some respondents answered on both sides, up to {max(shared):,}: "
            "interval and test take all answers as independent"
        )
    notes += dict.fromkeys(f"{name}: {note}" for name, each in splits.items() for s in each for note in s.notes)
    return notes


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names) if len(names) <= 8 else f"{', '.join(names[:3])} .. {names[-1]}"
