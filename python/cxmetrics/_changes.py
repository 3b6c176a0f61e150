# SPDX-License-Identifier: Apache-2.0
"""A grouped table against a baseline: one comparison a cell, corrected for the number of looks."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from math import isnan
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from cxmetrics import _core
from cxmetrics._compare import Comparison, method_name
from cxmetrics._respondents import Respondents, overlap_notes, travelled
from cxmetrics._results import Interval, number
from cxmetrics._tabular import DAYS, Tabular, key_columns, label_text, labelled, numbered, rows_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyarrow as pa
    from matplotlib.axes import Axes

    from cxmetrics._summary import Bucketing, Summary

Array = np.ndarray[Any, Any]
Cell = tuple[Any, ...]  # its labels, and its start where there are buckets
REST = "rest"
_ENDINGS = ("", "_baseline", "_difference", "_low", "_high", "_z", "_p", "_n", "_baseline_n")
_NOWHERE = np.iinfo(np.uint32).max  # stands for a group without rows
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

    table: Summary  # the cells that are compared
    others: Mapping[str, _core.Grid]  # and with what each is
    figures: Mapping[str, Mapping[str, Array]]  # the columns of each metric by their endings, NaN for no answer
    corrected: Mapping[str, Sequence[float | None]]
    splits: Mapping[str, Sequence[Split]]
    shared: Mapping[str, Sequence[int]]  # respondents of each row who answered on both sides
    keys: Mapping[str, Sequence[Any]]
    starts: Array | None
    bucketing: Bucketing | None
    baseline: str
    correction: str | None
    within: str | None
    methods: Mapping[str, str]
    level: float
    notes: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.table)

    def __iter__(self) -> Iterator[str]:
        return iter(self.figures)

    @property
    def probabilities(self) -> set[str]:  # type: ignore[override]
        """The columns that are a p."""
        return {f"{name}{end}" for name in self.figures for end in ("_p", "_p_adjusted")}

    def __getitem__(self, name: str) -> list[Comparison]:
        if name not in self.figures:
            raise KeyError(f'no metric "{name}" here: there are {", ".join(self.figures)}')
        return [self.comparison(name, row) for row in range(len(self))]

    def comparison(self, name: str, row: int) -> Comparison:
        """Return the comparison of one row."""
        r = self.table.state(name, row).result(level=self.level)
        baseline = self.table.state_of(name, self.others[name].at(row)).result(level=self.level)
        parts = _core.compare(r.reading(), baseline.reading(), method=self.methods[name], level=self.level)
        return Comparison(parts, r, baseline, overlap_notes(self.shared[name][row]))

    def labels(self) -> list[str]:
        """Return what each row is called: its keys and its period."""
        columns = [list(labels) for labels in self.keys.values()]
        if self.starts is not None and self.bucketing is not None:
            columns.append([period_names(start, self.bucketing)[0] for start in self.starts.tolist()])
        return [labelled(row) for row in rows_of(columns, len(self))]

    def legend(self) -> list[str]:
        """Return unit, formula and method of each metric, what is compared with what, and how p was corrected."""
        first = {name: self.comparison(name, 0) for name in self.figures if len(self)}
        said = [f"{name}{f' ({c.unit})' if c.unit else ''}: {c.formula}" for name, c in first.items()]
        holm = "p_adjusted: Holm, of all rows of a metric together"
        looks = "p of each row alone" if self.correction is None else holm
        return [*said, f"baseline: {self.baseline}", f"_low, _high: {100 * self.level:.6g} % interval", looks]

    def to_arrow(self) -> pa.Table:
        """Return a pyarrow table: keys, start, end, then for each metric the columns below.

        ``<name>``, ``_baseline``, ``_difference`` with ``_low`` and ``_high``, ``_z``, ``_p``, ``_p_adjusted``,
        ``_n``, ``_baseline_n``; of a change that was split also ``_mix`` and ``_within`` with ``_within_low`` and
        ``_within_high``.
        """
        return self._first(len(self))

    def _first(self, rows: int) -> pa.Table:
        import pyarrow as pa

        columns = key_columns(self.keys, self.table.key_types, rows)
        if self.bucketing is not None and self.starts is not None:
            columns |= self.bucketing.columns(self.starts[:rows])
        for name, figures in self.figures.items():
            shown = {end: pa.array(column[:rows], from_pandas=True) for end, column in figures.items()}
            n = {end: shown.pop(end) for end in ("_n", "_baseline_n")}
            more: dict[str, list[float | None]] = {}
            if self.correction is not None:
                more["_p_adjusted"] = list(self.corrected[name][:rows])
            if self.within is not None:
                splits = self.splits[name][:rows]
                more["_mix"] = [s.mix for s in splits]
                more["_within"] = [s.within for s in splits]
                more["_within_low"] = [s.interval.low if s.interval else None for s in splits]
                more["_within_high"] = [s.interval.high if s.interval else None for s in splits]
            shown |= {end: pa.array(values, type=pa.float64()) for end, values in more.items()}
            columns |= {f"{name}{end}": column for end, column in (shown | n).items()}
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
    day = DAYS[(DAYS.index(bucketing.week_start) + days) % 7]
    return [day, f"{day} {text}"] if clock == timedelta() else [f"{day} {text}"]


def _is_start(said: Any, start: int, bucketing: Bucketing) -> bool:
    """Say whether a text, a date, a time or a duration means the start of a bucket, or a place in a profile."""
    if isinstance(said, str):
        names = period_names(start, bucketing)
        return said in names or (bucketing.fold is not None and said.lower() in names)  # "Mon", as plots write it
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
    shared = {name: plan.people_in_both(name) for name in t.definitions}
    kept = [plan.cells[i] for i in plan.compared]
    sides = {name: plan.sides(t.grids[name].regroup(plan.to, len(plan.cells))) for name in t.definitions}
    table = replace(
        t,
        keys={name: [cell[i] for cell in kept] for i, name in enumerate(plan.keys)},
        starts=None if t.starts is None else np.array([cell[-1] for cell in kept], dtype=np.int64),
        grids={name: now for name, (now, _) in sides.items()},
        early={},
        respondents={},
    )
    figures: dict[str, dict[str, Array]] = {}
    corrected: dict[str, list[float | None]] = {}
    notes = list(t.notes)
    for name, (now, before) in sides.items():
        how = t.reading(name) | {"level": level}
        columns, own = now.compare(before, how, method=methods[name], threads=t.many_threads)
        figures[name] = dict(zip(_ENDINGS, columns, strict=True))
        corrected[name] = _core.holm([None if isnan(p) else p for p in figures[name]["_p"].tolist()])
        notes += [f"{name}, {count:,} of {len(kept):,} rows: {note}" for note, count in own]
    splits: dict[str, list[Split]] = {}
    if within is not None:
        for name in t.definitions:
            how = t.reading(name) | {"level": level}
            parts = _core.split_changes(plan.strata(name, within), how, method=methods[name], threads=t.many_threads)
            splits[name] = [_split(each) for each in parts]
    return Changes(
        table=table,
        others={name: before for name, (_, before) in sides.items()},
        figures=figures,
        corrected=corrected,
        splits=splits,
        shared=shared,
        keys=table.keys,
        starts=table.starts,
        bucketing=t.bucketing,
        baseline=plan.baseline,
        correction=correction,
        within=within,
        methods=methods,
        level=level,
        notes=[*notes, *travelled(*t.respondents.values()), *_notes(shared, splits)],
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
        columns = [*(t.keys[name] for name in self.keys), *([] if t.starts is None else [t.starts.tolist()])]
        self.to, self.cells = numbered(rows_of(columns, len(t)))
        place = {cell: i for i, cell in enumerate(self.cells)}
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
        if isinstance(said, date) and not isinstance(said, datetime):  # of a key that is a time: midnight in its zone
            midnight = datetime.combine(said, time())
            return [each for each in labels if isinstance(each, datetime) and each.replace(tzinfo=None) == midnight]
        return [each for each in labels if isinstance(said, str) and said in (label_text(each), str(each))]

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
                shown.append(f"{self.keys[place]} {label_text(part)}")
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
        labels = {name: _listed(sorted(label_text(each) for each in set(self.t.keys[name]))) for name in self.keys}
        if not self.cells:
            known.append("the table has no rows")
        elif len(labels) == 1:
            known.append(f"the keys are {labels[self.keys[0]]}")
        elif labels:
            listed = "; ".join(f"{name}: {texts}" for name, texts in labels.items())
            known.append(f'name keys in a dict, {{"{self.keys[0]}": ...}}, of these: {listed}')
        return ": " + "; ".join([*known, f'or compare with "{REST}"'])

    def sides(self, cells: _core.Grid) -> tuple[_core.Grid, _core.Grid]:
        """Return of the cells those that are compared, and row by row with what."""
        if self.base is None:
            return cells, cells.others()
        before = np.array([_NOWHERE if b is None else b for b in self.base.values()], dtype=np.uint32)
        return cells.pick(np.array(self.compared, dtype=np.uint32)), cells.pick(before)

    def strata(self, name: str, within: str) -> list[tuple[_core.Grid, _core.Grid]]:
        """Return of each stratum the cells that are compared, and row by row with what."""
        numbers, labels = numbered((label,) for label in self.t.keys[within])
        sides = []
        for stratum in range(len(labels)):
            rows = np.flatnonzero(numbers == stratum)
            place = np.full(len(self.cells), _NOWHERE, dtype=np.uint32)
            place[self.to[rows]] = rows
            sides.append(self.sides(self.t.grids[name].pick(place)))
        return sides

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


def _split(parts: Mapping[str, Any]) -> Split:
    interval = Interval(*parts["interval"]) if parts["interval"] else None
    return Split(parts["mix"], parts["within"], interval, parts["z"], parts["p"], parts["notes"])


def _notes(shared: Mapping[str, Sequence[int]], splits: Mapping[str, Sequence[Split]]) -> list[str]:
    """Return what must be said of the table as a whole."""
    people = {
        name: f"in {sum(map(bool, each)):,} of {len(each):,} rows some respondents answered on both sides, up to "
        f"{max(each):,}: interval and test take all answers as independent"
        for name, each in shared.items()
        if any(each)
    }
    said_of_all = len(people) == len(shared) and len(set(people.values())) == 1
    notes = [*set(people.values())] if said_of_all else [f"{name}: {note}" for name, note in people.items()]
    notes += dict.fromkeys(f"{name}: {note}" for name, each in splits.items() for s in each for note in s.notes)
    return notes


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names) if len(names) <= 8 else f"{', '.join(names[:3])} .. {names[-1]}"
