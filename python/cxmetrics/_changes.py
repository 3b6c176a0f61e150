# SPDX-License-Identifier: Apache-2.0
"""A grouped table against a baseline: one comparison a cell, corrected for the number of looks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from cxmetrics import _core
from cxmetrics._compare import Comparison, method_name
from cxmetrics._respondents import Respondents, overlap_notes, travelled
from cxmetrics._results import Interval, number
from cxmetrics._states import State
from cxmetrics._tabular import NO_KEY, Tabular, key_array, key_texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyarrow as pa
    from matplotlib.axes import Axes

    from cxmetrics._summary import Bucketing, Summary

Cell = tuple[Any, ...]  # its labels, and its start where there are buckets
REST = "rest"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


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
        holm = "p_adjusted: Holm, of all rows of a metric together"
        looks = "p of each row alone" if self.correction is None else holm
        return [*said, f"baseline: {self.baseline}", f"_low, _high: {100 * self.level:.6g} % interval", looks]

    def to_arrow(self) -> pa.Table:
        """Return a pyarrow table: keys, start, end, then for each metric the columns below.

        ``<name>``, ``_baseline``, ``_difference`` with ``_low`` and ``_high``, ``_z``, ``_p``, ``_p_adjusted``,
        ``_n``, ``_baseline_n``; of a change that was split also ``_mix`` and ``_within`` with ``_within_low`` and
        ``_within_high``.
        """
        import pyarrow as pa

        columns: dict[str, Any] = {name: key_array(labels) for name, labels in self.keys.items()}
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
    if bucketing.fold is not None:
        return _place_names(start, bucketing)
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


def _place_names(place: int, bucketing: Bucketing) -> list[str]:
    """Return what a place in a profile is called: "09:00" of a day, "mon 09:00" of a week, "mon" where a day begins."""
    days, clock = divmod(timedelta(microseconds=place), timedelta(days=1))
    at = (_EPOCH + clock).time()
    text = at.isoformat("minutes" if at.second == at.microsecond == 0 else "auto")
    if bucketing.fold == "1d":
        return [text]
    day = _DAYS[(_DAYS.index(bucketing.week_start) + days) % 7]
    return [day, f"{day} {text}"] if clock == timedelta() else [f"{day} {text}"]


def _is_start(said: Any, start: int, bucketing: Bucketing) -> bool:
    """Say whether a text, a date, a time or a duration means the start of a bucket, or a place in a profile."""
    if isinstance(said, str):
        return said in period_names(start, bucketing)
    if isinstance(said, np.datetime64 | np.timedelta64):
        said = said.astype("datetime64[us]" if isinstance(said, np.datetime64) else "timedelta64[us]").item()
    if bucketing.fold is not None:
        if isinstance(said, time):
            return bucketing.fold == "1d" and said == (_EPOCH + timedelta(microseconds=start)).time()
        return isinstance(said, timedelta) and said == timedelta(microseconds=start)
    at = (_EPOCH + timedelta(microseconds=start)).astimezone(ZoneInfo(bucketing.tz))
    if isinstance(said, datetime):
        return bool(said == (at if said.tzinfo is not None else at.replace(tzinfo=None)))
    return isinstance(said, date) and datetime.combine(said, time()) == at.replace(tzinfo=None)


def _said(value: Any) -> str:
    return f'"{value}"' if isinstance(value, str) else repr(value)


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
    shared = {name: plan.people_in_both(name) for name in t.definitions}
    for name in t.definitions:
        pairs = plan.pairs(name)
        comparisons[name] = [
            _compared(now, before, methods[name], level, overlap_notes(people))
            for (now, before), people in zip(pairs, shared[name], strict=True)
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
        baseline=plan.baseline,
        correction=correction,
        within=within,
        level=level,
        notes=[*t.notes, *travelled(*t.respondents.values()), *_notes(shared, comparisons, splits)],
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
        self._people: dict[Respondents, list[int]] = {}
        self.keys = [name for name in t.keys if name != within]
        rows: list[Cell] = [
            (*(t.keys[name][row] for name in self.keys), *([] if t.starts is None else [int(t.starts[row])]))
            for row in range(len(t))
        ]
        place: dict[Cell, int] = {}
        self.to = np.array([place.setdefault(cell, len(place)) for cell in rows], dtype=np.uint32)
        self.cells = list(place)
        self.base: dict[int, int | None] | None = None  # None: the rest
        self.baseline = REST
        if not (isinstance(baseline, str) and baseline == REST):
            parts = self._parts(baseline)
            self.base = {
                i: place.get(tuple(parts.get(at, part) for at, part in enumerate(cell)))
                for i, cell in enumerate(self.cells)
                if any(cell[at] != part for at, part in parts.items())
            }
            self.baseline = baseline if isinstance(baseline, str) else self._shown(parts)
        elif len(self.keys) == 1 and REST in t.keys[self.keys[0]]:
            raise _core.Error(
                f'baseline="{REST}" means all other cells, and is a label of {self.keys[0]} too: say '
                f'baseline={{"{self.keys[0]}": "{REST}"}} for that one, or rename it to compare with all others'
            )
        self.compared = list(range(len(self.cells))) if self.base is None else list(self.base)

    def _parts(self, baseline: Any) -> dict[int, Any]:
        """Return by its place in a cell what the cells of the baseline have in common: labels, and a start."""
        if isinstance(baseline, tuple) and len(baseline) == len(self.keys):
            baseline = dict(zip(self.keys, baseline, strict=True))
        if isinstance(baseline, Mapping):
            if not baseline:
                raise _core.Error(f"baseline={baseline!r} names nothing{self._known()}")
            return dict(self._part(name, said) for name, said in baseline.items())
        starts = self._starts_called(baseline)
        labels = self._labels_called(self.keys[0], baseline) if len(self.keys) == 1 else []
        if starts and labels:
            raise _core.Error(
                f"baseline={baseline!r} is a period and a key: say which, baseline={{{self._time!r}: {baseline!r}}} or "
                f"{{{self.keys[0]!r}: {baseline!r}}}, or compare with the rest"
            )
        if not starts and not labels:
            raise _core.Error(f"baseline={baseline!r} is neither a period nor a key of this table{self._known()}")
        return {len(self.keys): starts[0]} if starts else {0: labels[0]}

    def _part(self, name: Any, said: Any) -> tuple[int, Any]:
        """Return the place in a cell, and what stands there, of one part of a baseline that names its parts."""
        if name in self.keys:
            place, found = self.keys.index(name), self._labels_called(name, said)
        elif name == self._time and self.t.starts is not None:
            place, found = len(self.keys), self._starts_called(said)
        else:
            why = "is added up by within=" if name == self.within else "is no key of this table"
            raise _core.Error(f"baseline={{{name!r}: ...}}: {name!r} {why}{self._known()}")
        if not found:
            raise _core.Error(f"baseline={{{name!r}: {said!r}}} is not in this table{self._known()}")
        return place, found[0]

    @property
    def _time(self) -> str:
        """The column of time, by its name."""
        return "place" if self.t.bucketing is not None and self.t.bucketing.fold is not None else "start"

    def _labels_called(self, name: str, said: Any) -> list[Any]:
        """Return the labels of a key that are meant: one, itself or by its text, or none."""
        labels = list(dict.fromkeys(self.t.keys[name]))
        if not isinstance(said, Hashable):
            return []
        if same := [each for each in labels if each == said and isinstance(each, bool) == isinstance(said, bool)]:
            return same
        return [each for each in labels if isinstance(said, str) and said == (NO_KEY if each is None else str(each))]

    def _starts_called(self, said: Any) -> list[int]:
        """Return the start of the bucket that is meant, or the place in the profile; of several an error."""
        bucketing, starts = self.t.bucketing, self.t.starts
        if bucketing is None or starts is None:
            return []
        found = [start for start in np.unique(starts).tolist() if _is_start(said, start, bucketing)]
        if len(found) > 1:
            names = ", ".join(period_names(start, bucketing)[-1] for start in found)
            raise _core.Error(f"baseline={_said(said)} is the start of several buckets: say which of {names}")
        return found

    def _shown(self, parts: Mapping[int, Any]) -> str:
        """Return the parts of a baseline as people read them."""
        shown = []
        for place, part in sorted(parts.items()):
            if place < len(self.keys):
                shown.append(f"{self.keys[place]} {NO_KEY if part is None else part}")
            elif self.t.bucketing is not None:
                shown.append(period_names(part, self.t.bucketing)[0])
        return ", ".join(shown)

    def _known(self) -> str:
        """Return the end of a message about a baseline that is not there: what can be one."""
        bucketing, starts = self.t.bucketing, self.t.starts
        known = []
        if bucketing is not None and starts is not None and len(starts):
            names = [period_names(start, bucketing)[0] for start in np.unique(starts).tolist()]
            known.append(f"the {'periods' if bucketing.fold is None else 'places'} are {_listed(names)}")
        labels = {
            name: _listed(sorted(NO_KEY if each is None else str(each) for each in set(self.t.keys[name])))
            for name in self.keys
        }
        if len(labels) == 1:
            known.append(f"the keys are {labels[self.keys[0]]}")
        elif labels:
            listed = "; ".join(f"{name}: {texts}" for name, texts in labels.items())
            known.append(f'name keys in a dict, {{"{self.keys[0]}": ...}}, of these: {listed}')
        return ": " + "; ".join([*known, f'or compare with "{REST}"'])

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

    def people_in_both(self, name: str) -> list[int]:
        """Return for each compared cell how many respondents of a metric stand in its baseline too."""
        respondents = self.t.respondents.get(name)
        if not isinstance(respondents, Respondents):
            return [0] * len(self.compared)
        if respondents not in self._people:
            self._people[respondents] = self._count_people(respondents)
        return self._people[respondents]

    def _count_people(self, respondents: Respondents) -> list[int]:
        t = self.t
        starts = None if t.bucketing is None else t.bucketing.place(respondents.rows.clock())
        numbers = {cell: i for i, cell in enumerate(self.cells)}
        cells, people = respondents.by_cell(numbers, self.keys, starts)
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
    shared: Mapping[str, Sequence[int]],
    comparisons: Mapping[str, Sequence[Comparison]],
    splits: Mapping[str, Sequence[Split]],
) -> list[str]:
    """Return what must be said of the table as a whole."""
    notes = [
        f"{name}, {count:,} of {len(each):,} rows: {note}"
        for name, each in comparisons.items()
        for note, count in Counter(note for c in each for note in c.own_notes).items()
    ]
    people = {
        name: f"in {sum(map(bool, each)):,} of {len(each):,} rows some respondents answered on both sides, up to "
        f"{max(each):,}: interval and test take all answers as independent"
        for name, each in shared.items()
        if any(each)
    }
    said_of_all = len(people) == len(shared) and len(set(people.values())) == 1
    notes += set(people.values()) if said_of_all else [f"{name}: {note}" for name, note in people.items()]
    notes += dict.fromkeys(f"{name}: {note}" for name, each in splits.items() for s in each for note in s.notes)
    return notes


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names) if len(names) <= 8 else f"{', '.join(names[:3])} .. {names[-1]}"
