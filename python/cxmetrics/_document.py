# SPDX-License-Identifier: Apache-2.0
"""The document of the scorecard: every figure and every table that the page, the JSON and the terminal show."""

from __future__ import annotations

import shlex
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast
from zoneinfo import ZoneInfo

import numpy as np

from cxmetrics import _core
from cxmetrics._calendar import Stretch, is_complete, last_two, local_time, nothing_goes_on
from cxmetrics._contact.abandonment import Abandonment
from cxmetrics._contact.first_contact_resolution import FirstContactResolution
from cxmetrics._contact.legs import WholeContacts, rows_of, whole
from cxmetrics._contact.repeat_curve import repeat_curve
from cxmetrics._contact.service_level import ServiceLevel
from cxmetrics._contact.transfer_rate import TransferRate
from cxmetrics._contact.transfers_per_contact import TransfersPerContact
from cxmetrics._contact.wait_time import WaitTime
from cxmetrics._definition import Definition
from cxmetrics._durations import microseconds
from cxmetrics._options import Refusal, UsageError
from cxmetrics._outcomes import OUTCOMES
from cxmetrics._recognition.period import time_of
from cxmetrics._recognition.persons import PERSONS, names_a_person, without_persons
from cxmetrics._recognition.rows import listed
from cxmetrics._recognition.spoilt import ENOUGH, SPOILT_MANY
from cxmetrics._reconcile import BASE, LAWS, above_of, read_by, reconcile
from cxmetrics._results import Distribution, Result
from cxmetrics._summarize import summarize
from cxmetrics._summary import Summary
from cxmetrics._survey.nps import NPS
from cxmetrics._survey.response_rate import response_rate
from cxmetrics._tables import HIGHEST_ABSENT, Answers, Contacts, DataWarning

if TYPE_CHECKING:
    from cxmetrics._changes import Changes, Split
    from cxmetrics._compare import Comparison
    from cxmetrics._options import Options
    from cxmetrics._recognition.inputs import Input

__all__ = ["SCHEMA", "document_of"]

SCHEMA = "cxmetrics.scorecard/1"
LEVEL = 0.95
WINDOW_DAYS = 7
WINDOWS = (1, 7, 14, 30)
SMALL = 30  # a group of fewer is not called clearly worse
GROUPS = ("queue", "stage", "reason")  # that are compared without being asked for
FEW = 10  # of fewer nothing is compared
HALF_HOUR = 1800
Table = dict[str, Any]
_CURVES = ("answered", "abandoned")  # whose waits are drawn


def document_of(
    inputs: Sequence[Input], said: Options, organisation: str | None, targets: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Return the document of some inputs: plain values, None for no answer, RFC 3339 times.

    `targets` are the options that write files, with the files: they stand in the command.
    """
    contacts, answers = _one(inputs, Contacts, said), _one(inputs, Answers, said)
    tables = [table for table in (contacts, answers) if table is not None]
    tz = said.tz or next((table.tz for table in tables if table.tz), None) or "UTC"
    every = _core.parse_every(said.every or "w")
    if every.endswith(("s", "min", "h")):
        raise UsageError(f"every {said.every}: periods are compared by day or longer, like w or mo")
    _check_groups(said.by, inputs, tables)
    make = _Maker(tz, every, said)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataWarning)  # what is odd stands in the document
        if contacts is not None:
            make.contacts(
                cast("Contacts", contacts), finished=nothing_goes_on(inputs, cast("Contacts", contacts), make.zone)
            )
        if answers is not None:
            make.answers(cast("Answers", answers), finished=is_complete(inputs, Answers))
    left_out = [(label, count) for each in inputs for label, count in each.left_out.items()]
    if left_out:
        make.tables["left_out"] = _rows("label contacts", left_out)
    notes = dict.fromkeys(note for each in (*(each.notes for each in inputs), make.notes) for note in each)
    return {
        "schema": SCHEMA,
        "version": _core.__version__,
        "language": said.lang,
        "organisation": organisation,
        "command": _command(inputs, said, {"--organisation": organisation, **(targets or {})}),
        "inputs": [_shown(each) for each in inputs],
        "period": make.period(),
        "settings": {
            "within": ServiceLevel(said.within).within,
            "within_seconds": microseconds(said.within, "within") / 1e6,
            "formula": said.formula,
            "by": make.by,
            "every": every,
            "window_days": WINDOW_DAYS,
            "level": LEVEL,
            "spoilt_share": SPOILT_MANY,
            "spoilt_rows": ENOUGH,
        },
        "results": [{"name": name, **r.to_dict()} for name, r in make.results.items()],
        "tables": make.tables,
        "notes": list(notes),
    }


def _one(inputs: Sequence[Input], kind: type, said: Options) -> Any:
    found = [each for each in inputs if isinstance(each.table, kind)]
    if len(found) > 1:
        names = "; ".join(each.path or "a table" for each in found)
        what = "contacts" if kind is Contacts else "answers"
        others = [each for each in inputs if not isinstance(each.table, kind)]
        run = ""
        if all(each.path is not None for each in inputs):
            left = said.without([file for each in found[1:] for file in str(each.path).split(", ")])
            run = f"; run: {_command([found[0], *others], left, {})}"
        raise _core.Error(
            f"{len(found)} inputs hold {what} ({names}) that are not read in the same way, and the same rows may stand "
            f"in more than one: give one of them{run}"
        )
    return found[0].table if found else None


def _check_groups(by: Sequence[str], inputs: Sequence[Input], tables: Sequence[Any]) -> None:
    """Refuse a column that nobody has, and a ranking of persons, whatever their column is called or read as."""
    columns = [column for each in inputs for column in each.columns]
    for name in by or GROUPS:
        behind = {name, *(column.name for column in columns if column.meaning == name)}
        read = {column.meaning for column in columns if name in {column.name, *column.name.split(" + ")}}
        if read & set(PERSONS) or any(map(names_a_person, behind)):
            raise UsageError(f"by {name}: the scorecard ranks no persons; compare by queue, channel or team")
    for name in by:
        if not any(_has(table, name) for table in tables):
            there = dict.fromkeys(column for table in tables for column in table.source.names)
            raise Refusal(f"by {name}: no such column; there are {listed(list(there)) or 'none'}")


def _shown(each: Input) -> dict[str, Any]:
    """Return what the document says of an input: nothing by which a person is known."""
    rows = each.invalid_rows if each.kind == "queue_log" else without_persons(each.invalid_rows, each.columns)
    return replace(each, invalid_rows=rows).to_dict()


def _command(inputs: Sequence[Input], said: Options, more: Mapping[str, str | None]) -> str:
    """Return the command that makes the page again."""
    words = ["cxmetrics", "scorecard", *(each.path or "TABLE" for each in inputs)]
    words = [part for word in words for part in word.split(", ")]  # several queue logs are one input
    for option in ("map", "label", "missing", "kind", "by"):
        for value in getattr(said, option):
            words += [f"--{option}", str(value)]
    plain = (
        ("tz", None), ("time_format", None), ("config", None), ("every", None), ("within", "20s"),
        ("formula", "offered"), ("from_", None), ("to", None), ("lang", "en"),
    )  # fmt: skip
    for option, default in plain:
        if (value := getattr(said, option)) != default:
            words += [f"--{option.rstrip('_').replace('_', '-')}", str(value)]
    words += [
        f"--{name.replace('_', '-')}" for name in ("hash_customers", "allow_dominant", "strict") if getattr(said, name)
    ]
    words += [word for option, value in more.items() if value is not None for word in (option, value)]
    return " ".join(map(shlex.quote, words))


def _rows(columns: str, rows: Iterable[Sequence[Any]]) -> Table:
    return {"columns": columns.split(), "rows": [list(row) for row in rows]}


class _Maker:
    """Makes results and tables from typed tables, in one zone."""

    def __init__(self, tz: str, every: str, said: Options) -> None:
        self.tz, self.zone, self.every, self.said = tz, ZoneInfo(tz), every, said
        self.by: list[str] = list(said.by)
        self.results: dict[str, Result] = {}
        self.tables: dict[str, Table] = {}
        self.notes: list[str] = []
        self._clocks: list[tuple[int, int]] = []
        self._compared: dict[str, tuple[datetime, datetime]] = {}  # where the two periods of a change begin
        self._wholes: list[bool | None] = []  # whether the first and the last day are, by contacts and by answers

    # contacts

    def contacts(self, table: Contacts, *, finished: bool) -> None:
        """Make everything that contacts can answer with the columns they have."""
        names, said = table.names, self.said
        stretch = None
        if "entered" in names and self._seen(table.array("entered")):
            stretch = self._limited(Stretch.of_half_hours(self._starts_of_half_hours(table), finished=finished))
        clock = "ended" if "ended" in names else "entered"
        back = FirstContactResolution(window=f"{WINDOW_DAYS}d", clock=clock)
        changing: list[tuple[str, Definition]] = []
        if "outcome" in names:
            outcomes = table.array("outcome")
            self._outcomes(outcomes)
            if "wait" in names:
                # A law follows the customer through all queues; other formulas are of the stays in a queue.
                whose = "contact" if said.formula in LAWS and rows_of(table) is not None else "leg"
                level = ServiceLevel(said.within, formula=said.formula, clock=whose)
                self._levels(table, level, stretch)
                self._waits(table)
                if "leg" in names:
                    self._legs(table)
                changing += [("service_level", level), ("wait_time", WaitTime())]
            if table.tells_who_left:
                self._result("abandonment", Abandonment(), table)
                changing.append(("abandonment", Abandonment()))
        if stretch is not None and "customer" in names:
            self._repeats(table, clock)
            changing.append(("first_contact_resolution", back))
        if stretch is not None:
            self._changes(table, changing, stretch)

    def _result(self, name: str, definition: Definition, table: Any) -> Result:
        state = definition.state()
        self.notes += definition.fill(state, table, 1, {})
        self.results[name] = state.result(level=LEVEL)
        return self.results[name]

    def _limited(self, stretch: Stretch) -> Stretch:
        """Take off the days that --from and --to cut into, and keep whether the first and the last day are whole."""
        begin, end = (
            None if text is None else time_of(text, self.tz).astimezone(self.zone)
            for text in (self.said.from_, self.said.to)
        )
        stretch = stretch.limited(begin, end)
        self._wholes.append(stretch.whole)
        return stretch

    def _starts_of_half_hours(self, table: Contacts) -> list[datetime]:
        """Return the local beginnings of all half hours in which a contact entered."""
        clock = table.array("entered")
        starts = np.unique(_core.bucket_starts(clock[clock > HIGHEST_ABSENT], "30min", self.tz, "mon"))
        return [local_time(int(start), self.zone) for start in starts]

    def _outcomes(self, outcomes: Any) -> None:
        names = [*OUTCOMES, "unanswered"]
        counted = np.bincount(outcomes, minlength=256)
        rows = [(name, int(counted[code])) for code, name in enumerate(names) if counted[code]]
        self.tables["outcomes"] = _rows("outcome contacts", sorted(rows, key=lambda row: -row[1]))

    def _levels(self, table: Contacts, level: ServiceLevel, stretch: Stretch | None) -> None:
        """Make the service level: in total, by every formula, by half hour, by group."""
        total = self._result("service_level", level, table)
        self._formulas(level, table)
        if stretch is not None:
            self._half_hours(table, level, total)
        if not self.by and "queue" in table.names:
            self.by = ["queue"]
        rows: list[tuple[Any, ...]] = []
        for by in self.by:
            if _has(table, by):
                t = summarize(table, {"level": level}, by=by, level=LEVEL)
                rows += [
                    (by, _label(group), *_level(r), self._clear(t, row, len(t), total))
                    for row, (group, r) in enumerate(zip(t.keys[by], t["level"], strict=True))
                    if _level(r)[0]
                ]
        self.tables["groups"] = _rows(f"by group {_LEVEL} clear", rows)

    def _formulas(self, level: ServiceLevel, table: Contacts) -> None:
        """Make the service level by every formula that the outcomes can answer, and what makes the difference."""
        found = reconcile(table, within=level.within, clock=level.clock, level=LEVEL, threads=1)
        self.results |= {f"service_level_{row.formula}": row.result for row in found if row.formula != level.formula}
        self.tables["formulas"] = _rows(
            "formula within_seconds above n value low high",
            (
                (row.formula, microseconds(row.within, "within") / 1e6, row.above, row.below, row.result.value,
                 *_bounds(row.result))
                for row in found
            ),
        )  # fmt: skip
        self.tables["formula_differences"] = _rows(
            "formula what contacts above below", ((row.formula, *each) for row in found for each in row.differences)
        )

    def _half_hours(self, table: Contacts, level: ServiceLevel, total: Result) -> None:
        """Make the half hours of the day and of the week, by adding states; the day has no gaps."""
        day, week = (
            summarize(table, {"level": level}, every="30min", fold=fold, tz=self.tz, level=LEVEL)
            for fold in ("1d", "1w")
        )
        places = {int(place) // 1_000_000: row for row, place in enumerate(_starts(day))}
        line = range(min(places), max(places) + 1, HALF_HOUR)
        results, empty = day["level"], level.state().result(level=LEVEL)
        self.tables["half_hours"] = _rows(
            f"start {_LEVEL} clear",
            (
                (_clock(second), *_level(results[places[second]]), self._clear(day, places[second], len(line), total))
                if second in places
                else (_clock(second), *_level(empty), False)
                for second in line
            ),
        )
        dates: dict[tuple[int, str], set[date]] = {}
        for start in self._starts_of_half_hours(table):
            dates.setdefault((start.weekday(), f"{start:%H:%M}"), set()).add(start.date())
        cells: list[tuple[Any, ...]] = []
        for place, r in zip(_starts(week), week["level"], strict=True):
            weekday, second = divmod(int(place) // 1_000_000, 86400)
            cells.append((weekday + 1, _clock(second), *_level(r), len(dates[weekday, _clock(second)])))
        self.tables["week_half_hours"] = _rows(
            f"weekday start {_LEVEL} dates",
            sorted(cells, key=lambda row: (row[0], row[1])),
        )

    def _clear(self, t: Summary, row: int, looks: int, total: Result) -> bool:
        """Tell whether clearly fewer were answered in time than of all, beyond the noise of so many looks (Bonferroni).

        Of those offered, as the sentences say it, whatever the formula of the figures.
        """
        r = read_by(t.state("level", row), BASE, 1 - (1 - LEVEL) / looks)
        _, offered, within, *_ = _level(total)
        return bool(r.n >= SMALL and r.interval and r.interval.high < 100 * within / offered)

    def _waits(self, table: Contacts) -> None:
        found: dict[str, Distribution] = {}
        rows = []
        for of in ("answered", *(("abandoned",) if table.tells_who_left else ()), "all"):
            r = found[of] = cast("Distribution", self._result(f"wait_time_{of}", WaitTime(of=of), table))
            p50, p90 = (r.quantile_interval(q, level=LEVEL) or (None, None) for q in (0.5, 0.9))
            rows.append((of, r.n, r.value, p50[0], p50[1], r.quantile(0.9), p90[0], p90[1], r.mean, r.max))
        self.tables["waits"] = _rows("of n p50 p50_low p50_high p90 p90_low p90_high mean max", rows)
        longest = max(found[of].max or 0.0 for of in _CURVES if of in found)
        curve = [*(s for s in _curve_seconds(self.said.within) if s < longest), longest] if longest else []
        self.tables["wait_curve"] = _rows(
            "seconds answered abandoned",
            (
                (s, *(found[of].share_within(timedelta(seconds=s)) if of in found else None for of in _CURVES))
                for s in curve
            ),
        )

    def _legs(self, table: Contacts) -> None:
        """Make what calls that go from queue to queue show: how many legs, the contact's own wait, transfers."""
        contacts = whole(table)
        through = np.bincount(contacts.legs if isinstance(contacts, WholeContacts) else np.ones(table.rows, np.int64))
        self.tables["legs"] = _rows("legs contacts", ((n, int(count)) for n, count in enumerate(through) if count))
        if len(through) > 2:
            self._result("wait_time_contact", WaitTime(clock="contact"), table)
        self._result("transfer_rate", TransferRate(), table)
        self._result("transfers_per_contact", TransfersPerContact(), table)

    def _repeats(self, table: Contacts, clock: str) -> None:
        """Make who came back: within several windows from one pass, and after which reason."""
        rows = []
        curve = repeat_curve(table, windows=[f"{days}d" for days in WINDOWS], clock=clock, level=LEVEL, threads=1)
        for days, r in zip(WINDOWS, curve, strict=True):
            self.results[f"first_contact_resolution_{days}d"] = r
            rows.append((days, r.n, r.counts["repeat"], *_came_back(r), r.pending, r.counts["unknown"]))
        self.tables["repeats"] = _rows("days n repeat value low high pending unknown", rows)
        by = "reason"
        if _has(table, by):
            back = FirstContactResolution(window=f"{WINDOW_DAYS}d", clock=clock)
            t = summarize(table, {"back": back}, by=by, level=LEVEL)
            found = [
                (_label(reason), r.n, r.counts["repeat"], *_came_back(r))
                for reason, r in zip(t.keys[by], t["back"], strict=True)
                if r.n
            ]
            self.tables["repeat_reasons"] = _rows(
                "reason n repeat value low high", sorted(found, key=lambda row: (-row[2], row[0] is None, row[0] or ""))
            )

    # answers

    def answers(self, table: Answers, *, finished: bool) -> None:
        """Make everything that survey answers can answer with the columns they have."""
        self._result("nps", NPS(), table)
        self._responses(table)
        scores = np.bincount(table.array("score").view(np.uint8), minlength=256)
        self.tables["scores"] = _rows("score answers", ((score, int(scores[score])) for score in range(11)))
        if "time" in table.names and self._seen(table.array("time")):
            first, last = (local_time(us, self.zone) for us in self._clocks[-1])
            stretch = self._limited(Stretch.of_days(first, last, finished=finished))
            t = summarize(table, {"nps": NPS()}, every=self.every, tz=self.tz, fill=True, level=LEVEL)
            self.tables["nps_periods"] = _rows(
                "start whole n promoters detractors value low high",
                (
                    (start.isoformat(), stretch.holds(start, end), *_votes(r))
                    for (start, end), r in zip(self._spans(t), t["nps"], strict=True)
                ),
            )
            self._changes(table, [("nps", NPS())], stretch)
        rows: list[tuple[Any, ...]] = []
        keys = [by for by in self.said.by or ("queue", "stage") if _has(table, by)]
        for by in keys:
            t = summarize(table, {"nps": NPS()}, by=by, level=LEVEL)
            rows += [(by, _label(group), *_votes(r)) for group, r in zip(t.keys[by], t["nps"], strict=True)]
        self.tables["nps_groups"] = _rows("by group n promoters detractors value low high", rows)
        self._splits(table, keys)

    def _responses(self, table: Answers) -> None:
        """Make the share of surveys that were answered, where the rows say which were sent.

        What is not answered has no time, so of a period it is not known.
        """
        if not _has(table, "sent"):
            return
        if self.said.from_ is not None or self.said.to is not None:
            self.notes.append(
                "no response rate: --from and --to go by when an answer came, and what has none is left out"
            )
            return
        sent, scores = table.key("sent")[0] >= 0, table.array("score")
        answered = int((sent & (scores >= 0)).sum())
        self.results["response_rate"] = response_rate(answered, sent=int(sent.sum()), level=LEVEL, threads=1)

    def _splits(self, table: Answers, keys: Sequence[str]) -> None:
        """Split the change of the NPS by each key: what changed by the mix of groups, and what within them."""
        splits: list[tuple[Any, ...]] = []
        strata: list[tuple[Any, ...]] = []
        for by in keys if "nps" in self._compared else ():
            now, before = self._compared["nps"]
            t = summarize(table, {"nps": NPS()}, by=by, every=self.every, tz=self.tz, level=LEVEL)
            cells = [(start, group) for (start, _), group in zip(self._spans(t), t.keys[by], strict=True)]
            votes = {cell: _votes(r)[:4] for cell, r in zip(cells, t["nps"], strict=True)}
            groups = dict.fromkeys(group for start, group in cells if start in (now, before))
            if len(groups) < 2:
                continue
            c = t.compare(baseline=before.isoformat(), within=by)
            split = c.splits["nps"][[start for start, _ in self._spans(c)].index(now)]
            splits.append((by, split.mix, split.within, *_bounds(split)))
            nobody = _votes(NPS().state().result())[:4]
            strata += [
                (by, _label(group), *votes.get((now, group), nobody), *votes.get((before, group), nobody))
                for group in groups
            ]
        self.tables["nps_splits"] = _rows("by mix within low high", splits)
        self.tables["nps_strata"] = _rows(
            "by group n promoters detractors value baseline_n baseline_promoters baseline_detractors baseline_value",
            strata,
        )

    # time

    def _seen(self, clock: Any) -> bool:
        """Keep from when to when a clock runs; tell whether it shows any time at all."""
        known = clock[clock > HIGHEST_ABSENT]
        if len(known):
            self._clocks.append((int(known.min()), int(known.max())))
        return bool(len(known))

    def _spans(self, t: Summary | Changes) -> list[tuple[datetime, datetime]]:
        """Return the local beginning and end of every bucket."""
        assert t.bucketing is not None
        starts = _starts(t)
        return [
            (local_time(int(start), self.zone), local_time(int(end), self.zone))
            for start, end in zip(starts, t.bucketing.ends(starts), strict=True)
        ]

    def _changes(self, table: Any, metrics: Sequence[tuple[str, Definition]], stretch: Stretch) -> None:
        """Compare the last whole period with the one before, where the data hold both and ten rows in each."""
        made = self.tables.setdefault(
            "changes", _rows("metric unit value low high n baseline_n start end baseline_start baseline_end", ())
        )
        for name, definition in metrics:
            t = summarize(table, {name: definition}, every=self.every, tz=self.tz, level=LEVEL)
            spans, results = self._spans(t), t[name]
            whole = [
                stretch.holds(*span) and (name != "first_contact_resolution" or r.pending == 0)
                for span, r in zip(spans, results, strict=True)
            ]
            touching = [n > 0 and spans[n - 1][1] == span[0] for n, span in enumerate(spans)]
            pair = last_two(whole, touching)
            if pair is None:
                continue
            now, before = (results[n] for n in pair)
            change = now.compare(before, level=LEVEL)
            if change.interval is not None and min(now.n, before.n) >= FEW:
                self._compared[name] = (spans[pair[0]][0], spans[pair[1]][0])
                ends = [moment.isoformat() for n in pair for moment in spans[n]]
                made["rows"].append([name, now.unit, change.value, *_bounds(change), now.n, before.n, *ends])

    def period(self) -> dict[str, Any]:
        """Return from when to when the data reach: the end is the first whole second after the last instant."""
        if not self._clocks:
            return {"from": None, "to": None, "tz": None, "whole": None}
        first, last = min(low for low, _ in self._clocks), max(high for _, high in self._clocks)
        begin = local_time(first, self.zone).replace(microsecond=0)
        end = local_time(last + 1_000_000, self.zone).replace(microsecond=0)
        whole = next((verdict for verdict in (False, True) if verdict in self._wholes), None)
        return {"from": begin.isoformat(), "to": end.isoformat(), "tz": self.tz, "whole": whole}


_LEVEL = "contacts offered within beyond above n value low high"  # what ``_level`` returns


def _starts(t: Summary | Changes) -> Any:
    return np.array([], dtype=np.int64) if t.starts is None else t.starts


def _bounds(r: Result | Comparison | Split) -> tuple[float | None, float | None]:
    return (r.interval.low, r.interval.high) if r.interval else (None, None)


def _level(r: Result) -> tuple[Any, ...]:
    """Return people and figure of a service level: of people all that were offered, whatever the formula counts."""
    within = r.counts["answered_within"]
    offered = sum(r.counts[name] for name in ("answered", "abandoned", "other_exits", "waiting_beyond"))
    return (offered + r.pending, offered, within, offered - within, above_of(r), r.n, r.value, *_bounds(r))


def _came_back(r: Result) -> list[float | None]:
    """Return the share that came back with its bounds: what is left of first-contact resolution."""
    return [None if x is None else 100 - x for x in (r.value, *reversed(_bounds(r)))]


def _votes(r: Result) -> tuple[Any, ...]:
    return (r.n, r.counts["promoters"], r.counts["detractors"], r.value, *_bounds(r))


def _curve_seconds(within: Any) -> Iterator[float]:
    """Yield where the wait curve is read: every second of the first minute, then every 3 %, and the threshold."""
    steps = {float(second) for second in range(1, 61)} | {float(round(60 * 1.03**n)) for n in range(1, 250)}
    steps |= {float(second) for second in (120, 300, 600, 1200, 1800, 3600, 7200)}
    yield from sorted(steps | {microseconds(within, "within") / 1e6})


def _clock(second: int) -> str:
    return f"{second // 3600:02d}:{second % 3600 // 60:02d}"


def _label(group: Any) -> str | None:
    return None if group is None else str(group)


def _has(table: Any, name: str) -> bool:
    try:
        table.key(name)
    except _core.Error:
        return False
    return True
