# SPDX-License-Identifier: Apache-2.0
"""One column each: from whatever it holds to canonical values, with what is said of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from difflib import get_close_matches
from numbers import Real
from typing import Any

import numpy as np

from cxmetrics import _core, _notes
from cxmetrics._outcomes import ANSWERED, EXCLUDED, OUTCOMES, UNANSWERED
from cxmetrics._reading import Read, Reading, Unread
from cxmetrics._source import Source
from cxmetrics._tables import ABSENT, MISSING, moment, rows_text, shown, zone_name

WEIGHT_ONE = 1 << 20
DOMINANT_SHARE, DOMINANT_LEAD, DOMINANT_ROWS = 0.05, 10, 100


class Dominant(_core.ColumnError):
    """One customer who is on far more rows than any other: a placeholder that nobody has named."""

    def __init__(self, column: str, value: Any, excess: str, remedy: str) -> None:
        self.column, self.value, self.excess, self.remedy = column, value, excess, remedy
        super().__init__(f"{self.problem(shown(value))}: {remedy}")

    def __reduce__(self) -> tuple[Any, ...]:  # of itself an exception is pickled as its text
        return type(self), (self.column, self.value, self.excess, self.remedy)

    def problem(self, whom: str) -> str:
        """Return what is wrong, without what to do, of a customer as the reader may see it."""
        return f'column "{self.column}": {whom} has {self.excess}'


class Rules:
    """What one call of a door says about reading, applied to one column after another."""

    def __init__(
        self,
        source: Source,
        tz: str | None,
        time_format: str | None,
        missing: Sequence[Any] | Mapping[str, Sequence[Any]],
        invalid: str,
        units: Mapping[str, str],
        meanings: Sequence[str] = (),
        excluded: Collection[Any] = (),
    ) -> None:
        if not isinstance(invalid, str) or invalid not in ("raise", "count"):
            raise _core.Error(f'invalid={shown(invalid)} is unknown: use "raise" or "count"')
        if time_format is not None and not isinstance(time_format, str):
            raise _core.Error(f'time_format={time_format!r} is no text: use "dmy", "mdy", "ymd" or a strptime pattern')
        for unit in units.values():
            if not isinstance(unit, str) or unit not in ("s", "ms", "us"):
                raise _core.UnitError(f'unit {shown(unit)} is unknown: write "s", "ms" or "us"')
        if isinstance(missing, str):
            raise _core.Error(f'missing="{missing}" is one text: give a list, missing=["{missing}"]')
        if not isinstance(missing, Iterable):
            raise _core.Error(f"missing={missing!r} is no list: give one, missing=[{missing!r}]")
        if not isinstance(excluded, Iterable):
            raise _core.Error(f"excluded={excluded!r} is no set: give one, excluded={{{excluded!r}}}")
        for name, texts in missing.items() if isinstance(missing, Mapping) else ():
            if name not in (*meanings, *source.names):
                raise _core.ColumnError(
                    f'missing={{"{name}": ...}}: no such column; name one of {", ".join(meanings)}, or a key column'
                )
            if isinstance(texts, str) or not isinstance(texts, Iterable):
                what = "text" if isinstance(texts, str) else "value"
                raise _core.Error(f'missing={{"{name}": {shown(texts)}}} is one {what}: give a list, [{shown(texts)}]')
        if isinstance(excluded, str):
            raise _core.Error(f'excluded="{excluded}" is one text: give a set, excluded={{"{excluded}"}}')
        self.source = source
        self.excluded = sorted(_texts(excluded))
        self.tz = None if tz is None else zone_name(tz)
        self.time_format = time_format or ""
        self.count = invalid == "count"
        if source.faults and not self.count:
            raise _core.ColumnError(
                f'{source.faults[0]}: repair the file, or leave such lines out with invalid="count"'
            )
        source.notes += [fault for fault in source.faults if fault not in source.notes]
        self.units = units
        self._missing = (
            {name: _texts(texts) for name, texts in missing.items()}
            if isinstance(missing, Mapping)
            else _texts(missing)
        )

    def missing(self, name: str) -> list[str]:
        """Return the texts that mean "no value" in one of our columns."""
        return self._missing.get(name, list(MISSING)) if isinstance(self._missing, Mapping) else self._missing

    def scores(self, name: str, names: list[str], limits: tuple[int, int] = (0, 10)) -> Unread:
        """Read survey scores of a scale as int8."""
        column = self._one(name, names)
        values = _core.read_scores(column, self.missing(name), *limits, self.excluded)

        def say() -> tuple[Reading, list[str]]:
            found = values.found(self.count)
            return self._reading(name, column, found, minimum=found["least"], maximum=found["greatest"]), []

        return Unread(values, say)

    def weights(self, column: _core.Column) -> Read:
        """Read weights as int64 steps of 2^-20."""
        values = _core.read_weights(column, self.missing("weight"))
        found = values.found(self.count)
        low, high = (None if found[end] is None else found[end] / WEIGHT_ONE for end in ("least", "greatest"))
        notes = []
        if found["coarse"]:
            notes.append(
                f'{found["coarse"]:,} weights of "{column.name}" are so small that rounding them to steps of 2^-20 '
                "changes them by more than a thousandth: multiply all weights by one number, which changes no figure"
            )
        return Read(values, self._reading("weight", column, found, minimum=low, maximum=high), notes)

    def instants(self, name: str, names: list[str]) -> Unread:
        """Read times as int64 microseconds: UTC, or what the clock showed where no zone is known."""
        column = self._one(name, names)
        unit = self.units.get(name, "")
        if column.meaning == "text" and column.type.startswith("pandas") and self.source.holds_periods(column.name):
            raise _core.ColumnError(
                f'column "{column.name}" holds periods, which have no instant: say which one is meant, their start is '
                f'df["{column.name}"].dt.to_timestamp(); to group by them, by="{column.name}" takes them as they are'
            )
        if column.meaning in ("integer", "real") and not unit:
            first = column.show(0) if len(column) else "none yet"
            raise _core.UnitError(
                f'column "{column.name}" ({column.type}) holds numbers where times should be ({first}): convert them '
                f"to dates and times, or say what they count since 1970, unit={self._unit_said(name)}"
                f"{'; time_format= is of texts' if self.time_format else ''}"
            )
        values = _core.read_instants(column, self.missing(name), self.tz, self.time_format, unit)

        def say() -> tuple[Reading, list[str]]:
            found = values.found(self.count)
            naive = found["naive"]
            zone = None if naive else self.tz if column.meaning == "local" else column.zone or self.tz or "UTC"
            low, high = (
                None if found[end] is None else moment(found[end], naive=naive, tz=self.tz)
                for end in ("least", "greatest")
            )
            kind = column.type + (
                f", {self.time_format or found['order']}" if column.meaning == "text" and found["order"] else ""
            )
            reading = self._reading(
                name,
                column,
                found,
                type=kind,
                unit=unit or None,
                zone=zone,
                naive=naive,
                minimum=low,
                maximum=high,
            )
            notes = _notes.of_instants(column.name, found, values, self.tz)
            if name in ("time", "entered"):
                notes += _notes.of_periods(self.source, column.name, values, None if naive else self.tz)
            return reading, notes

        return Unread(values, say)

    def _unit_said(self, name: str) -> str:
        """Return how the door is told the unit of a column of times."""
        return '"s", "ms" or "us"' if name == "time" else f'{{"{name}": "s"}}'

    def durations(self, name: str, names: list[str]) -> Unread:
        """Read durations as int64 microseconds."""
        column = self._one(name, names)
        unit = self.units.get(name, "")
        values = _core.read_durations(column, self.missing(name), unit, _notes.HOUR)

        def say() -> tuple[Reading, list[str]]:
            found = values.found(self.count)
            low, high = (
                None if found[end] is None else timedelta(microseconds=found[end]) for end in ("least", "greatest")
            )
            used = unit if column.meaning in ("integer", "real", "text") else ""
            reading = self._reading(name, column, found, unit=used or None, minimum=low, maximum=high)
            return reading, _notes.of_waits(column.name, found, values) if name == "wait" else []

        return Unread(values, say)

    def outcomes(self, name: str, names: list[str], outcomes: Mapping[Any, str | None] | None) -> Unread:
        """Read labels as the codes of outcomes; an unknown label is an error that lists them all."""
        column = self._one(name, names)
        if column.meaning == "truth":
            raise _core.ColumnError(
                f'column "{column.name}" holds true and false, not outcomes: give answered="{column.name}"'
            )
        values = _core.read_labels(column, _codes(outcomes), self.missing(name))

        def say() -> tuple[Reading, list[str]]:
            found = values.found(True)
            if found["unknown"] and not self.count:
                raise _core.ColumnError(_unknown_labels(column, found))
            return self._reading(name, column, found), []

        return Unread(values, say)

    def answered(self, name: str, names: list[str], yes: int = ANSWERED, no: int = UNANSWERED) -> Unread:
        """Read a yes or no as two codes."""
        column = self._one("answered", names)
        values = _core.read_truths(column, yes, no, self.missing("answered"))
        return Unread(values, lambda: (self._reading("answered", column, values.found(self.count)), []))

    def keys(self, name: str, names: list[str]) -> Read:
        """Read a column to group by."""
        return self._encoded(name, names, identify=False)[0]

    def counts(self, name: str, names: list[str]) -> Read:
        """Read whole numbers from 0: how often something happened."""
        column = self._one(name, names)
        read, keys = self._encoded(name, names, identify=False)
        numbers = [_whole(label) for label in keys.labels]
        wrong = [label for label, number in zip(keys.labels, numbers, strict=True) if number is None]
        if wrong and not self.count:
            raise _core.ColumnError(
                f'column "{column.name}" counts how often: {shown(wrong[0])} is no whole number from 0'
            )
        by_code = np.array([ABSENT + 1 if number is None else number for number in numbers], dtype=np.int64)
        values, there = read.values, keys.codes >= 0
        values[there] = by_code[keys.codes[there]]
        invalid = read.reading.invalid + sum(int(n) for n, x in zip(keys.counts, numbers, strict=True) if x is None)
        known = [number for number in numbers if number is not None]
        reading = replace(
            read.reading,
            invalid=invalid,
            distinct=None,
            minimum=min(known, default=None),
            maximum=max(known, default=None),
        )
        return replace(read, held=values, reading=reading)

    def ids(self, name: str, names: list[str]) -> Read:
        """Read ids of people."""
        return self._encoded(name, names, identify=True)[0]

    def customers(self, name: str, names: list[str], allow_dominant: bool) -> Read:
        """Read ids of customers; one that is on far more rows than any other is probably none."""
        if (numbered := self._numbered(name, names, allow_dominant)) is not None:
            return numbered
        read, keys = self._encoded(name, names, identify=True)
        if not allow_dominant:
            refuse_dominant(
                read, keys.labels, keys.counts, lambda label: f'missing={{"customer": [*cx.PLACEHOLDERS, {label}]}}'
            )
        return read

    def _numbered(self, name: str, names: list[str], allow_dominant: bool) -> Read | None:
        """Read ids as numbers, without a dictionary of them; None where one is needed to judge them."""
        if len(names) != 1:
            return None
        column = self.source.column(names[0], name)
        numbered = _core.read_ids(column, self.missing(name), self._has_placeholders(name))
        if numbered is None:
            return None
        values, found = numbered
        may_dominate = not allow_dominant and found["most_rows"] > DOMINANT_SHARE * len(values)
        if may_dominate or (found["invalid"] and not self.count):
            return None
        absent = {each: found[each] for each in ("missing", "invalid", "first_invalid")}
        reading = Reading(name, column.name, column.type, rows=len(values), **absent)
        return Read(values, reading, [], keyed=lambda: self._encoded(name, names, identify=True)[0])

    def contacts(self, name: str, names: list[str]) -> Read:
        """Read ids of contacts; one on several rows is an error."""
        read, keys = self._encoded(name, names, identify=True)
        if keys.first_repeated is not None:
            ids, rows = len(keys), self.source.rows
            quoted = ", ".join(f'"{each}"' for each in names)
            id_text = quoted if len(names) == 1 else f"[{quoted}]"
            raise _core.ColumnError(
                f'column "{read.reading.source}": {ids:,} ids in {rows:,} rows, the first repeated one in '
                "row "
                f"{keys.first_repeated}: an event log? keep one row each: "
                f'cx.latest(table, id={id_text}, order="{_order_column(self.source, names)}")'
            )
        return read

    def _encoded(self, name: str, names: list[str], *, identify: bool) -> tuple[Read, Any]:
        columns = [self.source.column(each, name) for each in names]
        placeholders = identify and self._has_placeholders(name)
        keys = _core.encode_keys(columns, self.missing(name), identify, placeholders)
        if keys.first_invalid is not None and not self.count:
            row = keys.first_invalid
            value = ", ".join(column.show(row) for column in columns)
            types = " + ".join(column.type for column in columns)
            why = (
                'where it means nobody, name it, missing=[*cx.MISSING, float("nan")], or make it null'
                if value == "NaN"
                else "a spreadsheet or a float has spoilt it (3.27E+11, 12.5); read the file again with ids as text"
            )
            raise _core.ColumnError(
                f'column "{" + ".join(names)}" ({types}), row {row}: {value} is no id: {why}, or count such rows with '
                'invalid="count"'
            )
        values = keys.codes.astype(np.int64)
        values[keys.codes == -1] = ABSENT
        values[keys.codes == -2] = ABSENT + 1
        reading = Reading(
            name,
            " + ".join(names),
            " + ".join(column.type for column in columns),
            rows=len(values),
            missing=keys.missing,
            invalid=keys.invalid,
            distinct=len(keys),
            first_invalid=keys.first_invalid,
        )
        codes = np.maximum(keys.codes, -1)
        meaning = "integer" if keys.meaning in ("zoned", "local") else keys.meaning  # ids of times are their numbers
        subjects = keys.subjects() if identify else None
        return Read(values, reading, [], (codes, keys.labels), subjects, key_meaning=meaning), keys

    def _has_placeholders(self, name: str) -> bool:
        """Say whether 0, -1 and the like stand for nobody; calls may be numbered from 0."""
        return name != "contact" and not (isinstance(self._missing, Mapping) and name in self._missing)

    def _one(self, name: str, names: list[str]) -> _core.Column:
        if len(names) != 1:
            raise _core.ColumnError(f"{name}= is one column, not {len(names)}: only ids may be several")
        return self.source.column(names[0], name)

    def _reading(self, name: str, column: _core.Column, found: Mapping[str, Any], **more: Any) -> Reading:
        said: dict[str, Any] = {"type": column.type, **more}
        for each in ("rows", "missing", "invalid", "excluded", "first_invalid"):
            said[each] = found[each]
        return Reading(name, column.name, **said)


def refuse_dominant(read: Read, labels: Sequence[Any], counts: Any, remedy: Callable[[str], str]) -> None:
    """Refuse customers of whom one is on far more rows than any other: a placeholder that nobody has named."""
    rows = len(read.values)
    if counts.sum() < DOMINANT_ROWS or len(counts) < 2:
        return
    second, first = np.partition(counts, len(counts) - 2)[-2:]
    if first <= DOMINANT_SHARE * rows or first < DOMINANT_LEAD * second:
        return
    value = labels[int(np.argmax(counts))]
    raise Dominant(
        read.reading.source,
        value,
        f"{int(first):,} of {rows:,} contacts ({first / rows:.1%}), the next customer {int(second):,}",
        f"if it stands for nobody, name it, {remedy(shown(value))}; if it is one customer, allow_dominant=True",
    )


def _texts(values: Iterable[Any]) -> list[str]:
    """Return what stands for no value as texts; "NaN" means a NaN in columns of numbers."""
    given = list(values)
    texts = ["" if value is None else str(value) for value in given]
    return [*texts, *(["NaN"] if any(map(_is_nan, given)) else [])]


def _is_nan(value: Any) -> bool:
    return value.is_nan() if isinstance(value, Decimal) else isinstance(value, Real) and value != value


def _codes(outcomes: Mapping[Any, str | None] | None) -> dict[str, int]:
    if not isinstance(outcomes, Mapping | None):
        raise _core.ColumnError(f'outcomes={outcomes!r} says nothing of labels: give a dict, {{"HANG": "abandoned"}}')
    codes = {outcome: code for code, outcome in enumerate(OUTCOMES)}
    for label, outcome in (outcomes or {}).items():
        if outcome is not None and outcome not in OUTCOMES:
            close = get_close_matches(str(outcome), OUTCOMES, n=1)
            hint = f' (did you mean "{close[0]}"?)' if close else ""
            raise _core.ColumnError(
                f"outcomes={{{label!r}: {outcome!r}}}: there is no such outcome{hint}; use one of "
                f"{', '.join(OUTCOMES)}, or None to leave such rows out"
            )
        text = str(label).lower() if isinstance(label, bool) else str(label).strip()
        codes[text] = EXCLUDED if outcome is None else OUTCOMES.index(outcome)
    return codes


def _unknown_labels(column: _core.Column, found: Mapping[str, Any]) -> str:
    by_count = sorted(found["unknown"].items(), key=lambda item: (-item[1], item[0]))
    listed = ", ".join(f"{label} ({count:,})" for label, count in by_count[:20]) + (
        ", ..." if len(by_count) > 20 else ""
    )
    have = "has" if found["invalid"] == 1 else "have"
    remedy = ", ".join(f'{label}: "..."' for label, _ in by_count[:3]) + (", ..." if len(by_count) > 3 else "")
    return (
        f'column "{column.name}" ({column.type}): {rows_text(found["invalid"])} {have} labels that are no outcome, '
        f"the first in row {found['first_invalid']}: {listed}; say what they mean, "
        f"outcomes={{{remedy}}}, with one of {', '.join(OUTCOMES)}, or None to leave such rows out"
    )


def _order_column(source: Source, ids: list[str]) -> str:
    """Return the column that most probably counts or dates the versions of a row."""
    words = ("mod_count", "version", "updated", "modified", "sequence", "timestamp", "time", "date")
    others = [name for name in source.names if name not in ids]
    return next((name for word in words for name in others if word in name.lower()), "...")


def _whole(label: Any) -> int | None:
    """Return a whole number from 0, also where it is written as text; None of anything else."""
    if isinstance(label, str):
        label = int(label) if label.isascii() and label.isdigit() and len(label) < 19 else None
    return label if isinstance(label, int) and not isinstance(label, bool) and 0 <= label < 2**62 else None
