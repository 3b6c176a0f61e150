# SPDX-License-Identifier: Apache-2.0
"""What a table is, and when its rows happened: decided, or asked with the options that would answer it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from cxmetrics._options import NONE
from cxmetrics._queue_log_table import absent_columns, columns_of
from cxmetrics._recognition.meanings import (
    CHECKS,
    Meaning,
    Profile,
    by_values,
    called,
    candidates,
    meanings,
    split_name,
)
from cxmetrics._recognition.rows import Plan, Rows, Target, likely_zone, listed
from cxmetrics._recognition.sniff import LINES

CLOCKS = {"answers": "time", "contacts": "entered"}
_WORDS = {"answers": "survey answers", "contacts": "contacts"}
_WITHOUT = {
    "answers": "there is no NPS by week and no change",
    "contacts": "there are no half hours, no change and nobody who came back",
}
_EVENT = re.compile(r"[A-Za-z_]+")
_TIME_OF_DAY = re.compile(r"\d{1,2}:\d{2}(:\d{2})?")
_MONTH_DAY = r"(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])"
# Times that are written as one number: the unit since 1970, or the format of a date.
_UNITS = {r"[1-3]\d{9}": "s", r"[1-3]\d{12}": "ms", r"[1-3]\d{15}": "us"}
_FORMATS = {
    rf"\d\d{_MONTH_DAY}": "%y%m%d",
    rf"(19|20)\d\d{_MONTH_DAY}": "%Y%m%d",
    rf"(19|20)\d\d{_MONTH_DAY}\d{{6}}": "%Y%m%d%H%M%S",
}


def holds_log(rows: Rows) -> bool:
    """Say whether a table is a queue_log of a database: by its columns, and by the events in it."""
    if absent_columns(rows.names):
        return False
    column = rows.table.column(columns_of(rows.names)["event"])
    events = [str(each or "").strip() for each in column.slice(0, LINES).to_pylist()]
    return sum(bool(_EVENT.fullmatch(each)) for each in events) * 2 > len(events)


def decide_kind(rows: Rows, plan: Plan, said: Mapping[str, Target]) -> Plan:
    """Decide whether a table holds answers or contacts, or ask; a kind that is said still needs what it counts."""
    found = {each: _needed(each, rows, said) for each in _WORDS if plan.kind in ("", each)}
    kinds = [each for each, evidence in found.items() if evidence]
    if len(kinds) == 1:
        plan.kind = kinds[0]
        return plan
    if kinds:
        both = " and ".join(f"{_WORDS[each]} ({found[each]})" for each in kinds)
        plan.ask(f"it could be {both}", *(("--kind", f"{file}=contacts") for file in plan.files))
        return plan
    neither = f"no {_WORDS[plan.kind]} are" if plan.kind else "neither survey answers nor contacts are"
    problem = f"{neither} recognised in its columns {listed(rows.names)}"
    named = [
        (_fit(rows.profile(column), meaning), column, meaning)
        for column in rows.names
        for meaning in called(column)
        if meaning.needed and plan.kind in ("", meaning.kind)
    ]
    fit, column, meaning = max(named, key=lambda each: each[0], default=(0.0, "", None))
    scores = by_values("score", map(rows.profile, rows.names)) if plan.kind in ("", "answers") else []
    if meaning is not None and (fit > 0.5 or not scores):
        problem = f"{problem}; {_unfit(rows, column, meaning)}"
        if fit > 0.5:
            plan.ask(f"{problem}; such rows can be counted as invalid", *plan.map(meaning.name, column))
        else:
            plan.ask(f"{problem}; say which column it is, like --map {meaning.name}=COLUMN")
    elif scores:
        problem = f"{problem}; whole numbers 0 to 10 are in {listed(scores)}"
        if len(scores) == 1:
            plan.ask(problem, *plan.map("score", scores[0]))
        else:
            plan.ask(f"{problem}; say which, like {' '.join(plan.map('score', scores[0])[0])}")
    else:
        plan.ask(f"{problem}; say what they mean, like --map score=COLUMN or --map wait=COLUMN:s")
    return plan


def _needed(kind: str, rows: Rows, said: Mapping[str, Target]) -> str:
    """Return the evidence that a table is of a kind, as ``score = NPS_SCORE``, or nothing."""
    found: dict[str, str] = {}
    for meaning in meanings(kind):
        if meaning.name in said:
            if said[meaning.name].columns:
                found[meaning.name] = said[meaning.name].name
        elif each := candidates(meaning, rows.names, rows.profile):
            found[meaning.name] = each[0].name
    needed = [meaning.name for meaning in meanings(kind) if meaning.needed and meaning.name in found]
    if not needed and kind == "contacts" and {"customer", "entered"} <= set(found):
        needed = ["customer", "entered"]  # enough to see who came back
    return ", ".join(f"{meaning} = {found[meaning]}" for meaning in needed)


def _fit(profile: Profile, meaning: Meaning) -> float:
    """Return the share of values that are what a meaning needs."""
    test = CHECKS[meaning.values][1]
    return sum(count for value, count in profile.values.items() if test(value)) / max(profile.filled, 1)


def _unfit(rows: Rows, column: str, meaning: Meaning) -> str:
    """Say which values of a column are not what its name promises, and where the first one stands."""
    words, test, _ = CHECKS[meaning.values]
    counted = rows.counts(rows.table.column(column))
    bad, whole = sum(n for text, n in counted.items() if not test(text)), sum(counted.values())
    first = rows.first(column, lambda text: not test(text))
    where = f", the first in row {first[0]}: {first[1][:40]}" if first else ""
    return f"{column} has the name of {meaning.name}, but {bad:,} of {whole:,} values are not {words}{where}"


def ask_for_clock(plan: Plan, rows: Rows, tz: str | None, *, needed: bool) -> None:
    """Ask when the rows happened where nothing is read as that; propose the column that may say it."""
    name = CLOCKS[plan.kind]
    meaning = next(each for each in meanings(plan.kind) if each.name == name)
    without = f"without it {_WITHOUT[plan.kind]}: {' '.join(' '.join(each) for each in plan.map(name, NONE))}"
    named = [column for tier in meaning.names for column in rows.names if split_name(column)[0] in tier]
    taken = {column for target in plan.targets.values() for column in target.columns}
    for column in named:
        profile = rows.profile(column)
        unit, form = (_written(profile, forms) for forms in (_UNITS, _FORMATS))
        if unit is not None:
            plan.ask(
                f"no clock is read: {column} has the name of {name} and holds bare numbers like "
                f"{rows.example(column)}, which may be times since 1970 ({without})",
                *plan.map(name, f"{column}:{unit}"),
            )
            return
        if form is not None and profile.type == "string":
            day = form.endswith("d")
            others = [*named, *(each for each in rows.names if each not in taken)]
            hour = next((each for each in others if day and _is_time_of_day(rows.profile(each))), None)
            plan.ask(
                f"no clock is read: {column} has the name of {name} and may hold dates like {rows.example(column)} "
                f"({without})",
                *plan.map(name, column if hour is None else f"{column},{hour}"),
                ("--time-format", form if hour is None else f"{form} %H:%M:%S"),
                *(() if tz else (("--tz", likely_zone()),)),
            )
            return
    others = [each for each in by_values("instant", map(rows.profile, rows.names)) if each not in taken]
    if others:
        plan.ask(
            f"no clock is read: no column has a name of {name}; dates or times are in {listed(others)} ({without})",
            *plan.map(name, others[0]),
            *(() if tz or not rows.profile(others[0]).naive else (("--tz", likely_zone()),)),
        )
    elif needed:
        plan.ask(f"no clock is read: no column holds dates or times; {without}", *plan.map(name, NONE))


def _written(profile: Profile, forms: Mapping[str, str]) -> str | None:
    """Return how nine in ten values of a column are written, None where they are not."""
    for pattern, form in forms.items():
        if sum(n for text, n in profile.values.items() if re.fullmatch(pattern, text)) > 0.9 * max(profile.filled, 1):
            return form
    return None


def _is_time_of_day(profile: Profile) -> bool:
    """Tell whether a column holds times of day, and not 0:00:00 for what never was."""
    fit = sum(n for text, n in profile.values.items() if _TIME_OF_DAY.fullmatch(text) and text.strip("0:"))
    return profile.filled > 0 and fit > 0.9 * profile.filled
