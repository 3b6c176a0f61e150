# SPDX-License-Identifier: Apache-2.0
"""The main job: from typed tables to one document of figures, which the page, the JSON and the terminal are made of."""

from __future__ import annotations

import html as _html
import json as _json
import os
import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

import numpy as np

from cxmetrics import _core
from cxmetrics._definitions import (
    NPS,
    Abandonment,
    Definition,
    FirstContactResolution,
    ServiceLevel,
    WaitTime,
)
from cxmetrics._durations import microseconds
from cxmetrics._results import Distribution, Result
from cxmetrics._summarize import summarize
from cxmetrics._summary import Summary
from cxmetrics._tables import Answers, Contacts

WINDOW_DAYS = 7
_WINDOWS = (1, 7, 14, 30)
_SMALL = 30  # a group of fewer is not called clearly worse
_HALF_HOUR = 1800
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Table = dict[str, Any]


@dataclass(frozen=True)
class Scorecard:
    """The figures of some tables, ready to be shown: as a page, as JSON, on the terminal.

    Attributes
    ----------
    document : dict
        What ``scorecard.schema.json`` describes: plain values, None for no answer, RFC 3339 times.
    """

    document: dict[str, Any]

    def to_dict(self) -> dict[str, Any]:
        """Return the document."""
        return self.document

    def to_json(self) -> str:
        """Return the document as JSON; the same input gives the same text."""
        return _json.dumps(self.document, ensure_ascii=False, indent=1, allow_nan=False) + "\n"

    def to_html(self) -> str:
        """Return the page: self-contained, without script or request; the same input gives the same text."""
        from cxmetrics.page import render

        return render(self.document)

    def _repr_html_(self) -> str:
        source = _html.escape(self.to_html(), quote=True)
        return f'<iframe title="scorecard" srcdoc="{source}" style="width:100%;height:60rem;border:0"></iframe>'

    def __repr__(self) -> str:
        lines = []
        for r in self.document["results"]:
            value = "no answer" if r["value"] is None else f"{r['value']:.1f} {r['unit']}"
            lines.append(f"{r['name']}: {value}  n = {r['n']:,}")
        return "\n".join(lines) or "a scorecard of nothing"


def scorecard(*tables_or_paths: Any, html: Any = None, json: Any = None, **options: Any) -> Scorecard:
    """Make the scorecard of files or tables.

    Parameters
    ----------
    *tables_or_paths : path, table, Answers or Contacts
        Files are recognised by their content. One set of contacts and one of answers at most.
    html, json : path, optional
        Where the page and its figures are written: both, or on an error none, and never a part over an old file.
    **options
        The options of the command line, with underscores: ``tz``, ``within``, ``formula``, ``by``, ``map``, ...

    Returns
    -------
    Scorecard
        With ``to_html()``, ``to_json()`` and ``to_dict()``.

    Raises
    ------
    Error
        A file was not recognised or could not be read; nothing is written.
    """
    from cxmetrics._recognise import Input, Options, read_inputs

    said = Options.of(**options)
    ready = bool(tables_or_paths) and all(isinstance(each, Input) for each in tables_or_paths)
    inputs = list(tables_or_paths) if ready else read_inputs(tables_or_paths, said)
    card = Scorecard(_document(inputs, said))
    targets = [(target, made) for target, made in ((html, card.to_html), (json, card.to_json)) if target is not None]
    _write([(Path(os.path.realpath(target)), made()) for target, made in targets])
    return card


def _write(texts: Iterable[tuple[Path, str]]) -> None:
    """Write all files beside their places first, then move them into place."""
    parts = []
    try:
        for place, text in texts:
            part = place.with_name(f".{place.name}.{os.getpid()}.part")
            parts.append((part, place))
            part.write_text(text, encoding="utf-8", newline="")
        for part, place in parts:
            part.replace(place)
    finally:
        for part, _ in parts:
            part.unlink(missing_ok=True)


def _document(inputs: Sequence[Any], said: Any) -> dict[str, Any]:
    contacts = cast("Contacts | None", _one(inputs, Contacts))
    answers = cast("Answers | None", _one(inputs, Answers))
    tz = said.tz or next((each.tz for each in (contacts, answers) if each is not None and each.tz), None) or "UTC"
    make = _Maker(tz, said)
    if contacts is not None:
        make.contacts(contacts)
    if answers is not None:
        make.answers(answers)
    notes = dict.fromkeys(note for each in (*(each.notes for each in inputs), make.table_notes) for note in each)
    return {
        "schema": "cxmetrics.scorecard/1",
        "version": _core.__version__,
        "language": said.lang,
        "organisation": None,
        "command": _command(inputs, said),
        "inputs": [each.to_dict() for each in inputs],
        "period": make.period(),
        "settings": {
            "within": said.within,
            "within_seconds": microseconds(said.within, "within") / 1e6,
            "formula": said.formula,
            "by": make.by,
            "window_days": WINDOW_DAYS,
            "level": 0.95,
        },
        "results": [{"name": name, **r.to_dict()} for name, r in make.results.items()],
        "tables": make.tables,
        "notes": list(notes),
    }


def _one(inputs: Sequence[Any], kind: type) -> Any:
    found = [each for each in inputs if isinstance(each.table, kind)]
    if len(found) > 1:
        names = ", ".join(str(each.path) for each in found)
        raise _core.Error(f"{len(found)} inputs hold {found[0].kind} ({names}): give one, or put them together first")
    return found[0].table if found else None


def _command(inputs: Sequence[Any], said: Any) -> str:
    """Return the command that makes the page again."""
    words = ["cxmetrics", "scorecard", *(str(each.path or "TABLE") for each in inputs)]
    for option in ("map", "label", "missing", "kind", "by"):
        for value in getattr(said, option) or ():
            words += [f"--{option}", str(value)]
    for option, default in (
        ("tz", None), ("time_format", None), ("within", "20s"), ("formula", "offered"), ("from_", None), ("to", None),
        ("lang", "en"),
    ):  # fmt: skip
        if (value := getattr(said, option)) != default:
            words += [f"--{option.rstrip('_').replace('_', '-')}", str(value)]
    return " ".join(map(shlex.quote, words))


def _rows(columns: str, rows: Iterable[Sequence[Any]]) -> Table:
    return {"columns": columns.split(), "rows": [list(row) for row in rows]}


class _Maker:
    """Makes results and tables from typed tables, in one zone."""

    def __init__(self, tz: str, said: Any) -> None:
        self.tz, self.zone, self.said = tz, ZoneInfo(tz), said
        self.by: str | None = None
        self.results: dict[str, Result] = {}
        self.tables: dict[str, Table] = {}
        self.table_notes: list[str] = []
        self._clocks: list[Any] = []
        self._whole = True

    # contacts

    def contacts(self, table: Contacts) -> None:
        said, names = self.said, table.names
        timed = "entered" in names
        if timed:
            self._seen(table.array("entered"))
        if "outcome" not in names:
            if timed and "customer" in names:
                self._repeats(table)
            return
        outcomes = table.array("outcome")
        if "wait" in names:
            level = ServiceLevel(said.within, formula=said.formula)
            total = self._result("service_level", level, table)
            other = "answered_only" if said.formula == "offered" else "offered"
            self._result(f"service_level_{other}", ServiceLevel(said.within, formula=other), table)
            self.tables["formulas"] = _rows(
                "formula within n value low high",
                (
                    (r.parameters["formula"], r.counts["answered_within"], r.n, r.value, *_bounds(r))
                    for name, r in self.results.items()
                    if name.startswith("service_level")
                ),
            )
            self._waits(table)
            if timed:
                self._when(table, level, total)
            self._groups(table, level, total)
        self._outcomes(outcomes)
        self._whole = self._whole and not (outcomes == _outcome("unfinished")).any()
        if not (outcomes == len(_core.OUTCOMES)).any():  # a bare yes or no does not say who left
            self._result("abandonment", Abandonment(), table)
        if timed and "customer" in names:
            self._repeats(table)
        if timed and "wait" in names:
            self._changes(table, [("service_level", level)])
        if timed and "abandonment" in self.results:
            self._changes(table, [("abandonment", Abandonment())])

    def _result(self, name: str, definition: Definition, table: Any) -> Result:
        state = definition.state()
        notes = definition.fill(state, table, 1, {})
        self.table_notes += notes
        self.results[name] = state.result()
        return self.results[name]

    def _outcomes(self, outcomes: Any) -> None:
        names = [*_core.OUTCOMES, "unanswered"]
        counted = np.bincount(outcomes, minlength=256)
        rows = [(name, int(counted[code])) for code, name in enumerate(names) if counted[code]]
        self.tables["outcomes"] = _rows("outcome contacts", sorted(rows, key=lambda row: -row[1]))
        if counted[253]:
            self.tables["left_out"] = _rows("label contacts", [("left out", int(counted[253]))])

    def _waits(self, table: Contacts) -> None:
        rows = []
        for of in ("answered", "abandoned", "all"):
            r = cast("Distribution", self._result(f"wait_time_{of}", WaitTime(of=of), table))
            p50, p90 = (r.quantile_interval(q) or (None, None) for q in (0.5, 0.9))
            rows.append((of, r.n, r.value, p50[0], p50[1], r.quantile(0.9), p90[0], p90[1], r.mean, r.max))
        self.tables["waits"] = _rows("of n p50 p50_low p50_high p90 p90_low p90_high mean max", rows)
        answered, abandoned = (
            cast("Distribution", self.results[f"wait_time_{of}"]) for of in ("answered", "abandoned")
        )
        longest = max(answered.max or 0, abandoned.max or 0)
        within = microseconds(self.said.within, "within") / 1e6
        steps = {*range(64), *(round(2 ** (k / 4), 3) for k in range(24, 80)), within}
        steps |= {120, 300, 600, 1200, 1800, 3600, 7200}
        curve = [*sorted(s for s in steps if s < longest), longest]
        self.tables["wait_curve"] = _rows(
            "seconds answered abandoned",
            ((s, _within(answered, s), _within(abandoned, s)) for s in curve if answered.n),
        )

    def _when(self, table: Contacts, level: ServiceLevel, total: Result) -> None:
        day = summarize(table, {"level": level}, every="30min", fold="1d", tz=self.tz)
        if not len(day) or day.starts is None:
            return
        places = {int(place) // 1_000_000: row for row, place in enumerate(day.starts)}
        line = range(min(places), max(places) + 1, _HALF_HOUR)
        empty = level.state().result()
        rows = []
        for second in line:
            r = day.state("level", places[second]).result() if second in places else empty
            clear = second in places and self._clear(day, places[second], len(line), total)
            rows.append((_clock(second), *_level(r), clear))
        self.tables["half_hours"] = _rows("start contacts n within beyond value low high clear", rows)

        week = summarize(table, {"level": level}, every="30min", fold="1w", tz=self.tz)
        dates = self._dates(summarize(table, {"level": level}, every="30min", tz=self.tz))
        cells: list[tuple[Any, ...]] = []
        for row, place in enumerate(week.starts if week.starts is not None else ()):
            weekday, second = divmod(int(place) // 1_000_000, 86400)
            r = week.state("level", row).result()
            cells.append((weekday + 1, _clock(second), *_level(r), len(dates.get((weekday, _clock(second)), ()))))
        self.tables["week_half_hours"] = _rows(
            "weekday start contacts n within beyond value low high dates",
            sorted(cells, key=lambda row: (row[0], row[1])),
        )

    def _dates(self, halves: Summary) -> dict[tuple[int, str], set[Any]]:
        """Return on which dates each half hour of the week had contacts."""
        out: dict[tuple[int, str], set[Any]] = {}
        for start in halves.starts if halves.starts is not None else ():
            local = self._local(int(start))
            out.setdefault((local.weekday(), f"{local:%H:%M}"), set()).add(local.date())
        return out

    def _clear(self, t: Summary, row: int, looks: int, total: Result) -> bool:
        """Tell whether a cell is worse than the total beyond the noise of so many looks (Bonferroni)."""
        r = t.state("level", row).result(level=1 - 0.05 / max(looks, 1))
        return bool(r.n >= _SMALL and r.interval and total.value is not None and r.interval.high < total.value)

    def _groups(self, table: Contacts, level: ServiceLevel, total: Result) -> None:
        by = self.said.by[0] if self.said.by else "queue" if "queue" in table.names else None
        if by is None:
            return
        self.by = by
        t = summarize(table, {"level": level}, by=by)
        rows = [
            (_label(group), *_level(t.state("level", row).result()), self._clear(t, row, len(t), total))
            for row, group in enumerate(t.keys[by])
        ]
        self.tables["groups"] = _rows("group contacts n within beyond value low high clear", rows)

    def _repeats(self, table: Contacts) -> None:
        clock = "ended" if "ended" in table.names else "entered"
        rows = []
        for days in _WINDOWS:
            definition = FirstContactResolution(window=f"{days}d", clock=clock)
            r = self._result(f"first_contact_resolution_{days}d", definition, table)
            low, high = _bounds(r)
            share = None if r.value is None else 100 - r.value
            back = (None, None) if low is None or high is None else (100 - high, 100 - low)
            rows.append((days, r.n, r.counts["repeat"], share, *back, r.pending, r.counts["unknown"]))
        self.tables["repeats"] = _rows("days n repeat value low high pending unknown", rows)

    def _changes(self, table: Any, metrics: list[tuple[str, Definition]]) -> None:
        """Compare the last whole week with the one before, where the data hold both."""
        made = self.tables.setdefault(
            "changes",
            _rows("metric unit value low high n baseline_n start end baseline_start baseline_end", ()),
        )
        for name, definition in metrics:
            t = summarize(table, {name: definition}, every="w", tz=self.tz)
            if t.starts is None or t.bucketing is None:
                continue
            ends = t.bucketing.ends(t.starts)
            whole = [row for row in range(len(t)) if self._is_whole(int(t.starts[row]), int(ends[row]))]
            if len(whole) < 2 or whole[-1] != whole[-2] + 1 or ends[whole[-2]] != t.starts[whole[-1]]:
                continue
            now, before = (t.state(name, row).result() for row in (whole[-1], whole[-2]))
            change = _difference(now, before)
            if change is not None:
                spans = [self._time(int(x[row])) for row in (whole[-1], whole[-2]) for x in (t.starts, ends)]
                made["rows"].append([name, now.unit, *change, now.n, before.n, *spans])

    # answers

    def answers(self, table: Answers) -> None:
        total = self._result("nps", NPS(), table)
        scores = table.array("score")
        self.tables["scores"] = _rows(
            "score answers", ((score, int(np.count_nonzero(scores == score))) for score in range(11))
        )
        if "time" in table.names:
            times = table.array("time")
            self._seen(times)
            weeks = summarize(table, {"nps": NPS()}, every="w", tz=self.tz, fill=True)
            assert weeks.bucketing is not None
            assert weeks.starts is not None
            ends = weeks.bucketing.ends(weeks.starts)
            first, last = int(times[times > _ABSENT].min()), int(times.max())
            self.tables["nps_weeks"] = _rows(
                "start whole n promoters detractors value low high",
                (
                    (self._time(int(start)), self._spans(int(start), int(end), first, last), *_votes(r))
                    for start, end, r in zip(weeks.starts, ends, weeks["nps"], strict=True)
                ),
            )
            self._changes(table, [("nps", NPS())])
        rows = []
        for by in self._strata(table, total):
            t = summarize(table, {"nps": NPS()}, by=by)
            rows += [(by, _label(group), *_votes(r)) for group, r in zip(t.keys[by], t["nps"], strict=True)]
        self.tables["nps_groups"] = _rows("by group n promoters detractors value low high", rows)

    def _strata(self, table: Answers, total: Result) -> list[str]:
        """Return the columns to group answers by: those asked for, else queue and stage where they are."""
        asked = [by for by in self.said.by if _has(table, by)]
        return asked or [by for by in ("queue", "stage") if total.n and _has(table, by)]

    # time

    def _seen(self, clock: Any) -> None:
        known = clock[clock > _ABSENT]
        if len(known):
            self._clocks.append((int(known.min()), int(known.max())))

    def _is_whole(self, start: int, end: int) -> bool:
        return bool(self._clocks) and self._spans(start, end, self._clocks[-1][0], self._clocks[-1][1])

    def _spans(self, start: int, end: int, first: int, last: int) -> bool:
        """Tell whether data from first to last hold every day of a stretch; Sundays may be silent."""
        last_day = self._local(end - 1).date()
        return self._local(first).date() <= self._local(start).date() and (self._local(last).date() >= last_day)

    def _local(self, us: int) -> datetime:
        return (_EPOCH + timedelta(microseconds=us)).astimezone(self.zone)

    def _time(self, us: int) -> str:
        return self._local(us).isoformat()

    def period(self) -> dict[str, Any]:
        """Return from when to when the data reach."""
        if not self._clocks:
            return {"from": None, "to": None, "tz": self.tz, "whole": False}
        first, last = min(low for low, _ in self._clocks), max(high for _, high in self._clocks)
        return {"from": self._time(first), "to": self._time(last), "tz": self.tz, "whole": self._whole}


_ABSENT = np.iinfo(np.int64).min + 2


def _outcome(name: str) -> int:
    return _core.OUTCOMES.index(name)


def _bounds(r: Result) -> tuple[float | None, float | None]:
    return (r.interval.low, r.interval.high) if r.interval else (None, None)


def _level(r: Result) -> tuple[Any, ...]:
    """Return contacts, n, within, beyond, value and bounds of a service level."""
    within = r.counts["answered_within"]
    return (r.n + r.pending, r.n, within, r.n - within, r.value, *_bounds(r))


def _votes(r: Result) -> tuple[Any, ...]:
    return (r.n, r.counts["promoters"], r.counts["detractors"], r.value, *_bounds(r))


def _within(r: Distribution, seconds: float) -> float | None:
    return r.share_within(timedelta(seconds=seconds))


def _clock(second: int) -> str:
    return f"{second // 3600:02d}:{second % 3600 // 60:02d}"


def _label(group: Any) -> str | None:
    return None if group is None else str(group)


def _has(table: Answers, name: str) -> bool:
    try:
        table.key(name)
    except _core.Error:
        return False
    return True


def _difference(now: Result, before: Result) -> tuple[float, float, float] | None:
    """Return a change and its bounds, of two independent figures.

    Each bound squares and adds the distances of the figures from their own bounds. Source: Newcombe, Statistics in
    Medicine 17 (1998) 873, method 10; for an NPS the same with its adjusted Wald intervals.
    """
    if now.value is None or before.value is None or now.interval is None or before.interval is None:
        return None
    change = now.value - before.value
    low = np.hypot(now.value - now.interval.low, before.interval.high - before.value)
    high = np.hypot(now.interval.high - now.value, before.value - before.interval.low)
    return change, change - float(low), change + float(high)
