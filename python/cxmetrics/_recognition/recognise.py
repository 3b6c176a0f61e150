# SPDX-License-Identifier: Apache-2.0
"""Which file is what: recognition by content, and the typed table it becomes.

``read_inputs`` is the one door of the command line and of ``cx.scorecard``. What it decides by is the table
in ``docs/reference/recognition.md``; ``meanings`` holds the same table, and a test compares them.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cxmetrics._doors import DOORS, keywords_of
from cxmetrics._options import NONE, Options, Refusal, UsageError, outcome_of, same_file
from cxmetrics._queue_log import read_queue_log
from cxmetrics._readers import Dominant
from cxmetrics._recognition.cut import invalid_rows, kept
from cxmetrics._recognition.inputs import Column, Input, InvalidRow, column_of
from cxmetrics._recognition.mapping import Mapped, from_toml
from cxmetrics._recognition.meanings import meanings
from cxmetrics._recognition.period import nothing_between, period_of
from cxmetrics._recognition.persons import customer_key, hashed, without_persons
from cxmetrics._recognition.plan import make_plan, question
from cxmetrics._recognition.refused import named, said_so
from cxmetrics._recognition.rows import Plan, Rows, Target, likely_zone, listed
from cxmetrics._recognition.sniff import Source, Unreadable, expand, open_source, read_table
from cxmetrics._recognition.spoilt import DECIDING, spoilt
from cxmetrics._recognition.together import digest, place_of, put_together, said_twice
from cxmetrics._source import arrow_table, package_of
from cxmetrics._tables import MISSING, Answers, Contacts

__all__ = ["read_inputs"]


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
        self.zone = options.tz  # of the page, where what is read says it
        period_of(options, options.tz)  # refuses what is no period before anything is read
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
        alone = [self._table(each) for each in sources if each.format not in ("queue_log", "typed")]
        self._refuse_idle_mapping([source for source, _ in alone])
        self._refuse_idle_words([each for each in sources if each.format == "queue_log"], tables=bool(alone))
        tables = put_together(alone)
        raws = {_first(source): self._recognise(source, said, len(tables) > 1) for source, said in tables}
        refusal = question([raw.plan for raw in raws.values()])
        if refusal is not None:
            raise refusal
        self.zone = self._zone(sources, raws.values())
        logs = sorted((each for each in sources if each.format == "queue_log"), key=lambda each: each.starts)
        inputs: list[Input] = []
        for source in sources:
            if source.format == "typed":
                inputs.append(source.data if isinstance(source.data, Input) else self._input(source.data, source))
            elif source.name in raws:
                raw = raws[source.name]
                self.progress(raw.source.name)
                inputs.append(self._read_log_table(raw) if raw.plan.kind == "queue_log" else self._read_table(raw))
            elif logs and source is logs[0]:
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
        if isinstance(path, Answers | Contacts):
            return Source(name, "typed", data=path)
        import pyarrow as pa

        kind = type(path).__name__
        if package_of(path) == "cxmetrics":
            raise UsageError(f"{name} is a {kind}: give the path or the table that it was made from")
        if isinstance(path, list | tuple):
            raise UsageError(f"{name} is a {kind}: give each path or table as an argument of its own")
        try:
            table = arrow_table(path)
        except (TypeError, ValueError) as error:
            why = f" that Arrow does not take ({error})" if isinstance(error, pa.ArrowInvalid) else ""
            raise UsageError(f"{name} is a {kind}{why}: give a path or a table of columns") from None
        return Source(name, "table", data=table)

    def _kind(self, name: str) -> str | None:
        return next((kind for file, kind in self.kinds.items() if same_file(file, name)), None)

    def _table(self, source: Source) -> tuple[Source, _Said]:
        if source.format != "table":
            source.data = read_table(source)
            if not source.data.num_rows and not source.bad_lines:
                raise Unreadable(f"{source.name} has a header and no row: give a file with rows")
        return source, self._said(source.name, source.data.column_names)

    def _refuse_idle_mapping(self, tables: Sequence[Source]) -> None:
        """Refuse a mapping file that fits no table: nothing of what it says would be heard."""
        headers = [sorted(table.data.column_names) for table in tables]
        if not self.mappings or any(sorted(each.columns) in headers for each in self.mappings):
            return
        problem = f"config {os.fspath(self.options.config or '')}: it is of tables with other columns"
        if not tables:
            raise UsageError(f"{problem}; there is no table among the files")
        asked, there = set(self.mappings[0].columns), headers[0]
        more, less = [each for each in there if each not in asked], sorted(asked - set(there))
        names = (("has also", more), ("has no", less))
        differs = " and ".join(f"{word} {listed(each)}" for word, each in names if each)
        raise UsageError(f"{problem}: {tables[0].name} {differs}; write a new one with inspect --save")

    def _refuse_idle_words(self, logs: Sequence[Source], *, tables: bool) -> None:
        """Refuse what is said of columns and labels where only a log could hear it, whose own are known."""
        said = self.options
        for log in logs:
            said.maps(log.name, self.names)  # refuses what is of none of the files
            maps = set(said.without([log.name]).map) if tables else ()
            idle = [("map", each) for each in said.map if each not in maps]
            idle += [] if tables else [("label", each) for each in said.label]
            for word, text in idle[:1]:
                raise UsageError(
                    f"{word} {text}: {log.name} is a queue_log, whose columns and events are known: leave out {word}"
                )

    def _zone(self, sources: Sequence[Source], raws: Iterable[_Raw]) -> str | None:
        """Return the zone of the page: what is said, else that of the contacts, else that of the answers."""
        typed = [getattr(each.data, "table", each.data) for each in sources if each.format == "typed"]
        known = [(raw.plan.kind, raw.said.tz) for raw in raws] + [(each.kind, each.tz) for each in typed]
        known.sort(key=lambda each: each[0] == "answers")
        return self.options.tz or next((tz for _, tz in known if tz), None)

    def _recognise(self, source: Source, said: _Said, many: bool) -> _Raw:
        rows = Rows(source.data, said.missing, source.repeated)
        plan = make_plan(
            rows,
            name=source.name,
            files=[part.name for part in source.parts or [source]],
            many=many,
            maps=said.maps,
            kind=said.kind,
            labels=said.labels,
            tz=said.tz,
            time_format=said.time_format,
            needs_clock=source.format != "table",
        )
        return _Raw(source, rows, said, plan)

    def _said(self, name: str, header: Sequence[str]) -> _Said:
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
        rows, said, plan = raw.rows, raw.said, raw.plan
        read = {name for target in plan.targets.values() for name in target.columns}
        unread = [m.name for m in meanings(plan.kind) if m.name in rows.names and m.name not in read]
        table = rows.table.drop_columns(unread)  # a door would read them by their names
        door = DOORS[plan.kind]
        known = keywords_of(door)  # the other meanings are groups, found by their name
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
            if meaning.name not in known and meaning.name not in table.column_names:
                table = table.append_column(meaning.name, table.column(target.name))
            if meaning.name in known:
                several = meaning.values == "id" and len(target.columns) > 1
                keywords[meaning.name] = list(target.columns) if several else target.name
            else:
                groups[meaning.name] = target.name
            if target.unit is not None:
                units[meaning.name] = target.unit
        if units:
            keywords["unit"] = units
        if plan.kind == "contacts":
            keywords["allow_dominant"] = self.options.allow_dominant
        if "outcome" in plan.targets:
            found = rows.counts(table.column(plan.targets["outcome"].name))
            keywords["outcomes"] = {text: outcome_of(said.labels.get(text, text)) for text in found}
        order = plan.orders.pop() if len(plan.orders) == 1 else None
        time_format = said.time_format or order
        with named(raw.source.name, hashed=self.key is not None):
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
                map={
                    **{meaning: _right_side(target) for meaning, target in plan.targets.items()},
                    **{each.name: NONE for each in meanings(plan.kind) if said.maps.get(each.name) == NONE},
                },
                labels=said.labels if "outcome" in plan.targets else {},
                missing=tuple(self.options.missing),
                tz=said.tz,
                time_format=time_format,
                seen_in=raw.source.name,
            )
            return self._input(typed, raw.source, mapped, groups, plan.notes, rows)

    def _read_logs(self, logs: Sequence[Source]) -> Input:
        """Read queue logs as one: a call may run over from one into the next."""
        whole = Source(
            ", ".join(log.name for log in logs),
            "queue_log",
            sha256=logs[0].sha256 if len(logs) == 1 else digest(logs),
            complete=all(log.complete for log in logs),
        )
        paths = {str(log.path): log.name for log in logs}
        said = self.options
        with named(whole.name, paths):
            typed = read_queue_log(
                [log.path for log in logs],
                customer_key=self.key, tz=said.tz, missing=said.missing, allow_dominant=said.allow_dominant,
            )  # fmt: skip
        report = typed.report or {}
        typed.notes = [said_so(note, paths) for note in typed.notes]
        whole.complete = whole.complete and not report["cut"]
        halves = [(log.name, line) for log in logs for line in log.bad_lines]  # of packed data that were cut off
        bad = [
            *((line["line"], paths[line["file"]], line["reason"]) for line in report["first_invalid"]),
            *((line.line, name, line.problem) for name, line in halves),
        ]
        rows = [InvalidRow(line, "", why, name if len(logs) > 1 else "") for line, name, why in bad[:5]]
        return self._log_input(typed, whole, rows, len(halves))

    def _read_log_table(self, raw: _Raw) -> Input:
        """Read the table of a queue_log; a row of the table is a line of the log."""
        source, said = raw.source, raw.said
        with named(source.name, hashed=self.key is not None):
            typed = read_queue_log(
                raw.rows.table,
                customer_key=self.key, tz=said.tz, time_format=said.time_format,
                missing=sorted(said.missing), allow_dominant=self.options.allow_dominant,
            )  # fmt: skip
        report = typed.report or {}
        places = [(place_of(source, line["line"]), line["reason"]) for line in report["first_invalid"]]
        bad = [InvalidRow(row, "", why, file) for (row, file), why in places]
        parts = source.parts or [source]
        bad += [
            InvalidRow(line.line - 1, "", line.problem, part.name if source.parts else "")
            for part in parts
            for line in part.bad_lines
        ]
        return self._log_input(typed, source, bad[:5], sum(len(part.bad_lines) for part in parts))

    def _log_input(self, typed: Contacts, source: Source, bad: Sequence[InvalidRow], unread: int) -> Input:
        """Say what a log holds, whose rows are lines; `unread` more are no line at all."""
        try:
            typed.read("customer", warn=False)
        except Dominant as error:  # all else on the page is as it is
            typed.leave_out("customer")
            typed.notes.append(
                f"{error.problem('one caller')}: who came back is left out; name it by --missing if it stands for "
                "nobody, or say --allow-dominant if it is one customer"
            )
        report = typed.report or {}
        invalid = report["invalid"] + unread
        return replace(
            self._input(typed, source),
            kind="queue_log",
            rows=report["lines"] + unread,
            invalid=invalid,
            unread=invalid,
            invalid_rows=bad,
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
        most = spoilt(table, source.name, rows, hashed=self.key is not None)
        notes = list(dict.fromkeys([*more_notes, *table.notes, *most, *said_twice(source)]))
        zone = self.zone or table.tz
        period = period_of(self.options, zone)
        if table.clock_name in table.readings:
            if period is not None:
                table, numbers, without = kept(whole, period)
                if not table.rows and without < whole.rows:
                    raise Refusal(f"{source.name}: {nothing_between(self.options, whole)}")
                if without:
                    notes.append(f"{without:,} rows have no time and were left out by --from or --to")
            if zone is None:
                notes.append(f"days and hours are those of UTC: --tz {likely_zone()} makes them local")
        elif period is not None:
            raise UsageError(f"{source.name} has no time by which --from and --to could keep its rows")
        if not source.complete:
            notes.append("the file was cut off: what follows is not known")
        columns = [column_of(reading) for reading in table.readings.values()]
        for meaning, name in (groups or {}).items():
            columns.append(Column(name, meaning, missing=int((table.key(meaning)[0] < 0).sum())))
        bad = []
        for number, column, value in invalid_rows(table, whole, numbers):
            row, file = place_of(source, number)
            bad.append(InvalidRow(row, column, value, file))
        lines = [
            InvalidRow(line.line - 1, "", f"{line.problem}: {line.text}", part.name if source.parts else "")
            for part in source.parts or [source]
            for line in part.bad_lines
        ]
        if self.key is not None:
            bad, lines = without_persons(bad, columns), without_persons(lines, columns)
        order = ["", *(part.name for part in source.parts)]
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
            invalid_rows=sorted([*bad[:5], *lines[:5]], key=lambda row: (order.index(row.file), row.row))[:5],
            columns=columns,
            notes=notes,
            complete=source.complete,
            left_out=_left_out(table, mapped),
            mapped=mapped,
        )


def _first(source: Source) -> str:
    """Return the name of the first file of a table, by which it is found."""
    return source.parts[0].name if source.parts else source.name


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


def _right_side(target: Target) -> str:
    """Write what a meaning is read from as the right side of ``--map``."""
    return ",".join(target.columns) + (f":{target.unit}" if target.unit else "")


def _left_out(table: Any, mapped: Mapped | None) -> dict[str, int]:
    """Count the rows that labels leave out, under the names that were said for them."""
    if mapped is None or mapped.map.get("outcome", NONE) == NONE:
        return {}
    codes, labels = table.key(mapped.map["outcome"])
    counted: dict[str, int] = {}
    for code, label in enumerate(labels):
        said = mapped.labels.get(str(label).strip(), "")
        if said and outcome_of(said) is None:
            name = said.partition(":")[2] or str(label)
            counted[name] = counted.get(name, 0) + int((codes == code).sum())
    return counted
