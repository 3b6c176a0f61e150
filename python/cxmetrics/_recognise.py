# SPDX-License-Identifier: Apache-2.0
"""Which file is what: recognition by content, and the typed table it becomes.

``read_inputs`` is the one door of the command line and of ``cx.scorecard``. What it decides by is the table
in ``docs/reference/recognition.md``; ``_meanings`` holds the same table, and a test compares them.
"""

from __future__ import annotations

import hashlib
import tempfile
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cxmetrics import _core
from cxmetrics._cut import absent, invalid_rows, kept, shown
from cxmetrics._inputs import Column, Input, InvalidRow, column_of
from cxmetrics._mapping import Mapped, from_toml
from cxmetrics._meanings import CHECKS, MEANINGS, by_values, meanings
from cxmetrics._options import Options, Refusal, UsageError, outcome_of, same_file
from cxmetrics._persons import PERSONS, customer_key, hashed, without_persons
from cxmetrics._plan import Plan, Rows, Target, likely_zone, listed, make_plan, question
from cxmetrics._sniff import Source, Unreadable, expand, open_source, read_table

__all__ = ["read_inputs"]

DOORS = {  # the meanings that are arguments of a door; the others are groups, found by their name
    "answers": ("score", "time", "respondent"),
    "contacts": (
        "contact", "queue", "channel", "customer", "entered", "wait", "outcome", "answered", "talk", "ended",
    ),
}  # fmt: skip
DECIDING = ("score", "outcome", "answered")  # whose missing values are the missing rows of a table
ENOUGH = 20  # values below which a share of invalid ones says nothing
SPOILT_MANY, SPOILT_MOST = 0.05, 0.5  # shares of a column that are noted, and that are refused


def read_inputs(
    paths: Sequence[Any], options: Options, *, progress: Callable[[str], None] | None = None
) -> list[Input]:
    """Recognise and read every path, glob, ``-``, table or typed table; an ``Input`` passes unchanged.

    Parameters
    ----------
    paths : sequence
        Files as text or path, ``-`` for standard input, tables with ``__arrow_c_stream__``, dicts of
        columns, `Answers` and `Contacts`.
    options : Options
        What the user says about them.
    progress : callable, optional
        Told what is being read.

    Returns
    -------
    list of Input
        One for each file or table, queue logs together as one.

    Raises
    ------
    Error
        A file that cannot be read, or a table that needs a word of the user; nothing is read then.
    UsageError
        An option that cannot be meant.
    """
    if paths and all(isinstance(path, Input) for path in paths):
        return list(paths)
    with tempfile.TemporaryDirectory(prefix="cxmetrics-") as scratch:
        return _Reading(options, Path(scratch), progress or _silent).run(expand(paths))


def _silent(text: str) -> None:
    """Tell nobody."""


@dataclass
class _Said:
    """What the user says of one table: on the command line, or else in the mapping file."""

    maps: dict[str, str]
    kind: str | None
    labels: dict[str, str]
    missing: frozenset[str]
    tz: str | None
    time_format: str | None


@dataclass
class _Raw:
    """One table that is recognised and not yet read."""

    source: Source
    rows: Rows
    said: _Said
    plan: Plan


class _Reading:
    """One call of ``read_inputs``: all files are recognised before the first one is read."""

    def __init__(self, options: Options, scratch: Path, progress: Callable[[str], None]) -> None:
        self.options = options
        self.kinds = options.kinds()
        self.scratch = scratch
        self.progress = progress
        self.mappings = from_toml(options.config) if options.config is not None else []
        self.key = customer_key() if options.hash_customers else None
        self.period = _period(options)
        self.names: list[str] = []

    def run(self, paths: Sequence[Any]) -> list[Input]:
        if not paths:
            raise UsageError("no file was given")
        self.names = [path if isinstance(path, str) else f"table {n}" for n, path in enumerate(paths, 1)]
        for file in self.kinds:
            if not any(same_file(file, name) for name in self.names):
                raise UsageError(f"kind {file}: it is none of the files {', '.join(self.names)}")
        sources = [self._open(path, name) for path, name in zip(paths, self.names, strict=True)]
        _refuse_twins(sources)
        tables = [source for source in sources if source.format not in ("queue_log", "typed")]
        raws = {source.name: self._recognise(source, len(tables) > 1) for source in tables}
        refusal = question([raw.plan for raw in raws.values()])
        if refusal is not None:
            raise refusal
        logs = sorted((each for each in sources if each.format == "queue_log"), key=lambda each: each.starts)
        inputs: list[Input] = []
        for source in sources:
            if source.format == "typed":
                inputs.append(source.data)
            elif source.format != "queue_log":
                self.progress(source.name)
                inputs.append(self._read_table(raws[source.name]))
            elif source is logs[0]:
                self.progress(", ".join(log.name for log in logs))
                inputs.append(self._read_logs(logs))
        return inputs

    def _open(self, path: Any, name: str) -> Source:
        if isinstance(path, Input):
            return Source(name, "typed", data=path)
        if isinstance(path, str):
            self.progress(name)
            kind = self._kind(name)
            source = open_source(path, self.scratch, kind)
            if kind not in (None, "queue_log") and source.format == "queue_log":
                raise UsageError(f"kind {name}={kind}: by its lines it is a queue_log")
            return source
        from cxmetrics._tables import Answers, Contacts

        if isinstance(path, Answers | Contacts):
            return Source(name, "typed", data=self._input(path, Source(name, "typed")))
        import pyarrow as pa

        from cxmetrics._source import fetched, package_of

        kind = type(path).__name__
        if package_of(path) == "cxmetrics":
            raise UsageError(f"{name} is a {kind}: give the path or the table that it was made from")
        if isinstance(path, list | tuple):
            raise UsageError(f"{name} is a {kind}: give each path or table as an argument of its own")
        try:
            table = pa.table(fetched(path))
        except (TypeError, ValueError, pa.ArrowInvalid):
            raise UsageError(f"{name} is a {kind}: give a path or a table of columns") from None
        return Source(name, "table", data=table)

    def _kind(self, name: str) -> str | None:
        return next((kind for file, kind in self.kinds.items() if same_file(file, name)), None)

    def _recognise(self, source: Source, many: bool) -> _Raw:
        table = source.data if source.format == "table" else read_table(source)
        said = self._said(source.name, table.column_names)
        rows = Rows(table, said.missing)
        plan = make_plan(
            rows,
            name=source.name,
            prefix=f"{source.name}:" if many else "",
            maps=said.maps,
            kind=said.kind,
            labels=said.labels,
            tz=said.tz,
            time_format=said.time_format,
        )
        return _Raw(source, rows, said, plan)

    def _said(self, name: str, header: Sequence[str]) -> _Said:
        from cxmetrics._tables import MISSING

        found = next((each for each in self.mappings if sorted(each.columns) == sorted(header)), None)
        options = self.options
        return _Said(
            maps=(dict(found.map) if found else {}) | options.maps(name, self.names),
            kind=self._kind(name) or (found.kind if found else None),
            labels=(dict(found.labels) if found else {}) | options.labels(),
            missing=frozenset(MISSING) | {*options.missing, *(found.missing if found else ())},
            tz=options.tz or (found.tz if found else None),
            time_format=options.time_format or (found.time_format if found else None),
        )

    def _read_table(self, raw: _Raw) -> Input:
        """Pass a recognised table through its door; rows that are not what they should be are counted."""
        from cxmetrics._doors import answers, contacts

        rows, said, plan = raw.rows, raw.said, raw.plan
        read = {name for target in plan.targets.values() for name in target.columns}
        unread = [m.name for m in meanings(plan.kind) if m.name in rows.names and m.name not in read]
        table = rows.table.drop_columns(unread)  # a door would read them by their names
        keywords: dict[str, Any] = {}
        units: dict[str, str] = {}
        groups: dict[str, str] = {}
        for meaning in meanings(plan.kind):
            target = plan.targets.get(meaning.name)
            if target is None:
                continue
            if meaning.values == "instant" and len(target.columns) > 1:
                table = _joined(table, target)
            if meaning.name in ("customer", "respondent") and self.key is not None:
                table = hashed(table, target, said.missing, self.key)
            if meaning.values == "group" and meaning.name not in table.column_names:
                table = table.append_column(meaning.name, table.column(target.name))
            if meaning.name in DOORS[plan.kind]:
                several = meaning.values == "id" and len(target.columns) > 1
                keywords[meaning.name] = list(target.columns) if several else target.name
            else:
                groups[meaning.name] = target.name
            if target.unit is not None:
                units[meaning.name] = target.unit
        if units:
            keywords["unit"] = units
        if "outcome" in plan.targets:
            found = rows.counts(table.column(plan.targets["outcome"].name))
            keywords["outcomes"] = {text: outcome_of(said.labels.get(text, text)) for text in found}
        order = plan.orders.pop() if len(plan.orders) == 1 else None
        time_format = said.time_format or order
        door = answers if plan.kind == "answers" else contacts
        with _named(raw.source.name):
            typed = door(
                table,
                **keywords,
                tz=said.tz,
                time_format=time_format,
                missing=sorted(said.missing),
                invalid="count",
            )
            mapped = Mapped(
                columns=tuple(rows.names if raw.source.format != "table" else table.column_names),
                kind=plan.kind,
                map={meaning: _right_side(target) for meaning, target in plan.targets.items()},
                labels=said.labels if "outcome" in plan.targets else {},
                missing=tuple(self.options.missing),
                tz=said.tz,
                time_format=time_format,
                seen_in=raw.source.name,
            )
            return self._input(typed, raw.source, mapped, groups, plan.notes, rows)

    def _read_logs(self, logs: Sequence[Source]) -> Input:
        """Read queue logs as one: a call may run over from one into the next."""
        from cxmetrics._queue_log import read_queue_log as read

        whole = Source(
            ", ".join(log.name for log in logs),
            "queue_log",
            sha256=logs[0].sha256 if len(logs) == 1 else _digest(logs),
            complete=all(log.complete for log in logs),
        )
        paths = {str(log.path): log.name for log in logs}
        with _named(whole.name, paths):
            typed = read([log.path for log in logs], customer_key=self.key, tz=self.options.tz)
        report = typed.report or {}
        typed.notes = [_said_so(note, paths) for note in typed.notes]
        whole.complete = whole.complete and not report["cut"]
        halves = [(log.name, line) for log in logs for line in log.bad_lines]  # of packed data that were cut off
        bad = [
            *((line["line"], paths[line["file"]], line["reason"]) for line in report["first_invalid"]),
            *((line.line, name, line.problem) for name, line in halves),
        ]
        invalid = report["invalid"] + len(halves)
        return replace(
            self._input(typed, whole),
            rows=report["lines"] + len(halves),
            invalid=invalid,
            unread=invalid,
            invalid_rows=[InvalidRow(line, name if len(logs) > 1 else "", why) for line, name, why in bad[:5]],
        )

    def _input(
        self,
        table: Any,
        source: Source,
        mapped: Mapped | None = None,
        groups: Mapping[str, str] | None = None,
        more_notes: Sequence[str] = (),
        rows: Rows | None = None,
    ) -> Input:
        """Say what a typed table holds, cut to the period that was asked for."""
        whole, numbers = table, None
        table.readings  # noqa: B018  reads every column, and finds the notes
        notes = list(dict.fromkeys([*more_notes, *table.notes, *self._spoilt(table, source.name, rows)]))
        zone = self.options.tz or table.tz
        if table.clock_name in table.readings:
            if self.period is not None:
                table, numbers, without = kept(whole, self.period)
                if not table.rows and without < whole.rows:
                    raise Refusal(f"{source.name}: {_nothing_between(self.options, whole)}")
                if without:
                    notes.append(f"{without:,} rows have no time and were left out by --from or --to")
            if zone is None:
                notes.append(f"days and hours are those of UTC: --tz {likely_zone()} makes them local")
        elif self.period is not None:
            raise UsageError(f"{source.name} has no time by which --from and --to could keep its rows")
        if not source.complete:
            notes.append("the file was cut off: what follows is not known")
        columns = [column_of(reading) for reading in table.readings.values()]
        for meaning, name in (groups or {}).items():
            columns.append(Column(name, meaning, missing=int((table.key(meaning)[0] < 0).sum())))
        bad = [InvalidRow(*row) for row in invalid_rows(table, whole, numbers)]
        lines = [InvalidRow(line.line - 1, "", f"{line.problem}: {line.text}") for line in source.bad_lines]
        if self.key is not None:
            bad, lines = without_persons(bad, columns), without_persons(lines, columns)
        return Input(
            path=None if source.format in ("table", "typed") else source.name,
            sha256=source.sha256,
            kind="queue_log" if source.format == "queue_log" else table.kind,
            table=table,
            rows=whole.rows + len(lines),
            missing=next((column.missing for column in columns if column.meaning in DECIDING), 0),
            invalid=len(bad) + len(lines),
            unread=next((column.invalid for column in columns if column.meaning in DECIDING), 0) + len(lines),
            outside=whole.rows - table.rows,
            invalid_rows=sorted([*bad[:5], *lines[:5]], key=lambda row: row.row)[:5],
            columns=columns,
            notes=notes,
            complete=source.complete,
            left_out=_left_out(table, mapped),
            mapped=mapped,
        )

    def _spoilt(self, table: Any, name: str, rows: Rows | None) -> list[str]:
        """Say so where more values of a column are invalid than chance spoils; refuse it where most are."""
        notes = []
        for reading in table.readings.values():
            present = reading.rows - reading.missing
            if not reading.invalid or (reading.invalid < present < ENOUGH):
                continue
            share = reading.invalid / present
            what = (
                f"{reading.invalid:,} of {present:,} values of {reading.name} ({reading.source}) "
                f"are invalid ({share:.0%})"
            )
            if share > SPOILT_MOST:
                first = "" if self.key is not None and reading.name in PERSONS else _first_invalid(table, reading)
                raise _core.ColumnError(f"{name}: {what}{first}; {_what_to_try(reading, rows)}")
            if share > SPOILT_MANY:
                notes.append(f"{what}: what needs them leaves such rows out")
        return notes


def _first_invalid(table: Any, reading: Any) -> str:
    """Write where the first invalid value stands, and the value."""
    row = int(absent(table.read(reading.name).values)[1].argmax())
    return f", the first in row {row + 1}: {shown(table, reading.source.split(' + '), row)}"


def _what_to_try(reading: Any, rows: Rows | None) -> str:
    """Say what may be meant where most values of a column are invalid."""
    check = next((each.values for each in MEANINGS if each.name == reading.name), "id")
    others = [] if rows is None else by_values(check, (rows.profile(each) for each in rows.names))
    said: str = {
        "instant": "say how they are written, like --time-format dmy, mdy, ymd or '%y%m%d %H:%M:%S'",
        "duration": "say their unit, like --map wait=COLUMN:s",
    }.get(check, "")
    if check in ("score", "instant", "duration") and (fit := [each for each in others if each != reading.source]):
        said += f"{', or' if said else 'say'} which column it is; {CHECKS[check][0]} are in {listed(fit)}"
    leave = "" if reading.name in DECIDING else f"; to leave it unread: --map {reading.name}=none"
    return f"{said or f'it should hold {CHECKS[check][0]}'}{leave}"


def _nothing_between(said: Options, table: Any) -> str:
    """Say that no row lies between --from and --to, and where all of them lie."""
    reading = table.readings[table.clock_name]
    asked = " ".join(f"{word} {text}" for word, text in (("from", said.from_), ("to", said.to)) if text is not None)
    return f"no row lies {asked}: its times run from {reading.minimum} to {reading.maximum}"


def _refuse_twins(sources: Sequence[Source]) -> None:
    """Refuse a file that is there twice: its rows would count twice."""
    seen: dict[str, str] = {}
    for source in sources:
        if source.sha256 is None:
            continue
        if source.sha256 in seen:
            raise Unreadable(f"{source.name} has the same content as {seen[source.sha256]}: give it once")
        seen[source.sha256] = source.name


def _joined(table: Any, target: Target) -> Any:
    """Add the column of a date and a time of day that stand in columns of their own."""
    import pyarrow.compute as pc

    texts = [pc.cast(table.column(name), "string") for name in target.columns]
    return table.append_column(target.name, pc.binary_join_element_wise(*texts, " "))


def _period(options: Options) -> tuple[int, int] | None:
    """Return the instants of ``--from`` and ``--to`` in microseconds, the second one excluded."""
    if options.from_ is None and options.to is None:
        return None
    low = _instant("from", options.from_, options.tz) if options.from_ is not None else -(2**63) + 1
    high = _instant("to", options.to, options.tz) if options.to is not None else 2**63 - 1
    if low >= high:
        raise UsageError(f"from {options.from_} is not before to {options.to}")
    return low, high


def _instant(name: str, text: str, tz: str | None) -> int:
    """Read a local date or time, or one with its offset."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        when = datetime.fromisoformat(text)
        if when.tzinfo is None:
            when = when.replace(tzinfo=ZoneInfo(tz or "UTC"))
    except (ZoneInfoNotFoundError, OSError):
        raise UsageError(f"tz {tz}: there is no such zone; write it like Europe/Amsterdam") from None
    except ValueError:
        raise UsageError(f"{name} {text}: write it like 2026-03-01 or 2026-03-01T08:00") from None
    return (when - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


@contextmanager
def _named(name: str, paths: Mapping[str, str] | None = None) -> Iterator[None]:
    """Let errors begin with the file they are about, as the user calls it; notes travel with the table."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except _core.Error as error:
        text = _said_so(str(error), paths or {})
        problem, dominant, _ = text.partition(": if it stands for nobody")
        if dominant:
            raise Refusal(f"{name}: {problem}", [("--map", "customer=none")]) from None
        if "an event log?" in text:
            text += "; or, where every row is a contact of its own, do not read its id: --map contact=none"
        raise type(error)(text if text.startswith(name) else f"{name}: {text}") from None


def _said_so(text: str, paths: Mapping[str, str]) -> str:
    """Replace the places where files were unpacked by their names as the user said them."""
    for path, said in paths.items():
        text = text.replace(path, said)
    return text


def _digest(logs: Sequence[Source]) -> str:
    """Return the SHA-256 of the plain bytes of several files, one after another."""
    digest = hashlib.sha256()
    for log in logs:
        assert log.path is not None
        with log.path.open("rb") as stream:
            for block in iter(lambda: stream.read(1 << 20), b""):
                digest.update(block)
    return digest.hexdigest()


def _right_side(target: Target) -> str:
    """Write what a meaning is read from as the right side of ``--map``."""
    return ",".join(target.columns) + (f":{target.unit}" if target.unit else "")


def _left_out(table: Any, mapped: Mapped | None) -> dict[str, int]:
    """Count the rows that labels leave out, under the names that were said for them."""
    if mapped is None or "outcome" not in mapped.map:
        return {}
    codes, labels = table.key(mapped.map["outcome"])
    counted: dict[str, int] = {}
    for code, label in enumerate(labels):
        said = mapped.labels.get(str(label).strip(), "")
        if said and outcome_of(said) is None:
            name = said.partition(":")[2] or str(label)
            counted[name] = counted.get(name, 0) + int((codes == code).sum())
    return counted
