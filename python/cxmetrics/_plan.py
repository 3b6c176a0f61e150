# SPDX-License-Identifier: Apache-2.0
"""How one raw table will be read: its kind, what each meaning is read from, and every open question."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cxmetrics import _core
from cxmetrics._meanings import (
    CHECKS,
    OUTCOMES,
    UNITS,
    Meaning,
    Profile,
    by_values,
    called,
    candidates,
    meanings,
    propose_outcome,
    split_name,
)
from cxmetrics._options import NONE, Refusal

SAMPLE = 20_000  # rows that are looked at to recognise a column; the doors read them all
SHOWN = 12  # names in one message
_KIND_WORDS = {"answers": "survey answers", "contacts": "contacts"}


@dataclass(frozen=True)
class Target:
    """What one meaning is read from: no column, one, or several that belong together; and the unit said."""

    columns: tuple[str, ...]
    unit: str | None = None

    @property
    def name(self) -> str:
        """The columns as people see them."""
        return " + ".join(self.columns)


class Rows:
    """A raw Arrow table, with what its columns look like."""

    def __init__(self, table: Any, missing: frozenset[str]) -> None:
        self.table = table
        self.missing = missing
        self.names: list[str] = list(table.column_names)
        self._profiles: dict[str, Profile] = {}

    def profile(self, name: str) -> Profile:
        """Look at a column; of a long one, at every k-th row."""
        if name not in self._profiles:
            column = self.table.column(name)
            if len(column) > SAMPLE:
                import numpy as np

                column = column.take(np.arange(0, len(column), -(-len(column) // SAMPLE)))
            kind = str(column.type)
            untested = kind.startswith(("timestamp", "date", "time", "duration", "struct", "list", "map"))
            values = {} if untested else self.counts(column)
            self._profiles[name] = Profile(
                name,
                "string" if "string" in kind else kind.partition("[")[0],
                values,
                len(column) - column.null_count if untested else sum(values.values()),
                "tz=" in kind,
            )
        return self._profiles[name]

    def counts(self, column: Any) -> dict[str, int]:
        """Count the different values of a column as texts, the missing ones left out."""
        counted: dict[str, int] = {}
        for entry in column.value_counts().to_pylist():
            value = entry["values"]
            text = "" if value is None else str(value).strip()
            if text and text not in self.missing:
                counted[text] = counted.get(text, 0) + entry["counts"]
        return counted

    def set_apart(self, name: str, labels: Iterable[str]) -> None:
        """Give rows a label of their own where one says so: ``HANG&q_start=0:00:00``."""
        import pyarrow.compute as pc

        for label in labels:
            first, _, condition = label.partition("&")
            where, sign, value = condition.partition("=")
            if not sign or where not in self.names:
                continue
            column = self.table.column(name).cast("string")
            apart = pc.and_(pc.equal(column, first), pc.equal(self.table.column(where).cast("string"), value))
            column = pc.if_else(pc.fill_null(apart, False), label, column)
            self.table = self.table.set_column(self.names.index(name), name, column)

    def resolve(self, text: str, where: str) -> Target:
        """Find the columns that a mapping names: ``q_time``, ``q_time:s``, ``date,start``, ``none``."""
        if text in self.names:
            return Target((text,))
        base, _, last = text.rpartition(":")
        name, unit = (base, UNITS[last]) if base and last in UNITS else (text, None)
        if name in self.names:
            return Target((name,), unit)
        if text == NONE:
            return Target(())
        parts = tuple(part.strip() for part in name.split(","))
        for part in parts:
            if part not in self.names:
                raise Refusal(f"{where}: no column {part}: there are {', '.join(self.names)}")
        return Target(parts, unit)


@dataclass
class Plan:
    """The decision about one table, with all that the user still has to say."""

    kind: str
    targets: dict[str, Target] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    remedies: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)  # columns that have a name, but not its values
    orders: set[str] = field(default_factory=set)  # of day and month, that columns have proven

    def ask(self, problem: str, *remedies: tuple[str, str]) -> None:
        """Keep an open question with the options that would answer it."""
        self.problems.append(problem)
        self.remedies.extend(remedies)


def make_plan(
    rows: Rows,
    *,
    name: str,
    prefix: str,
    maps: Mapping[str, str],
    kind: str | None,
    labels: Mapping[str, str],
    tz: str | None,
    time_format: str | None = None,
) -> Plan:
    """Decide how a table is read; what is open is in ``problems`` and ``remedies`` of the plan.

    Parameters
    ----------
    rows : Rows
        The raw table.
    name, prefix : str
        The file as people know it; what stands before a meaning in a proposed ``--map``.
    maps, kind, labels, tz, time_format
        What the user has said.
    """
    said = {meaning: rows.resolve(text, name) for meaning, text in maps.items()}
    plan = _decide_kind(rows, name, prefix, said, kind)
    if plan.problems:
        return plan
    for meaning in meanings(plan.kind):
        if meaning.name in said:
            target: Target | None = said[meaning.name]
        else:
            target = _find(plan, meaning, rows, prefix)
        if target is not None and target.columns:
            plan.targets[meaning.name] = target
        elif meaning.name not in said and not any(meaning.name in problem for problem in plan.problems):
            plan.notes += _misnamed(meaning, rows)
    if "outcome" in plan.targets and "answered" not in maps:
        plan.targets.pop("answered", None)  # the outcome says more
    for meaning in meanings(plan.kind):
        if meaning.name in plan.targets:
            _check(plan, meaning, rows, prefix, labels, tz, time_format)
    return plan


def _decide_kind(rows: Rows, name: str, prefix: str, said: Mapping[str, Target], kind: str | None) -> Plan:
    found = {each: _needed(each, rows, said) for each in ("answers", "contacts")}
    if kind is not None:
        return Plan(kind)
    kinds = [each for each, evidence in found.items() if evidence]
    if len(kinds) == 1:
        return Plan(kinds[0])
    plan = Plan("contacts")
    if kinds:
        both = " and ".join(f"{_KIND_WORDS[each]} ({found[each]})" for each in kinds)
        plan.ask(f"{name} could be {both}", ("--kind", f"{name}=contacts"))
        return plan
    scores = by_values("score", map(rows.profile, rows.names))
    where = listed(rows.names)
    problem = f"{name}: neither survey answers nor contacts are recognised in its columns {where}"
    named = [(column, meaning) for column in rows.names for meaning in called(column) if meaning.needed]
    if scores:
        problem = f"{problem}; whole numbers 0 to 10 are in {listed(scores)}"
        if len(scores) == 1:
            plan.ask(problem, ("--map", f"{prefix}score={scores[0]}"))
        else:
            plan.ask(f"{problem}; say which, like --map {prefix}score={scores[0]}")
    elif named:
        column, meaning = named[0]
        problem = f"{problem}; {column} has the name, but its values are not {CHECKS[meaning.values][0]}"
        plan.ask(problem, ("--map", f"{prefix}{meaning.name}={column}"))
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


def _find(plan: Plan, meaning: Meaning, rows: Rows, prefix: str) -> Target | None:
    found = candidates(meaning, rows.names, rows.profile)
    if len(found) > 1:
        names = " and ".join(profile.name for profile in found)
        plan.ask(
            f"{names} could {'both' if len(found) == 2 else 'all'} be the {meaning.name}",
            ("--map", f"{prefix}{meaning.name}={_with_unit(meaning, found[0])}"),
        )
        return None
    return Target((found[0].name,), split_name(found[0].name)[1]) if found else None


def _misnamed(meaning: Meaning, rows: Rows) -> list[str]:
    """Say so where a column has the name of a meaning but other values: it was passed over."""
    return [
        f"{column} has the name of {meaning.name}, but its values are not {CHECKS[meaning.values][0]}: it is not read"
        for column in rows.names
        if meaning in called(column)
    ][:1]


def _with_unit(meaning: Meaning, profile: Profile) -> str:
    bare = meaning.values == "duration" and profile.numeric and split_name(profile.name)[1] is None
    return f"{profile.name}:s" if bare else profile.name


def _check(
    plan: Plan,
    meaning: Meaning,
    rows: Rows,
    prefix: str,
    labels: Mapping[str, str],
    tz: str | None,
    time_format: str | None,
) -> None:
    """Ask for what the door would need: the unit of numbers, the zone of naive times, the sense of labels."""
    target = plan.targets[meaning.name]
    profile = rows.profile(target.columns[-1])
    if meaning.values == "duration" and target.unit is None:
        unit = split_name(target.columns[0])[1]
        if unit is not None:
            plan.targets[meaning.name] = Target(target.columns, unit)
        elif profile.numeric:
            plan.ask(
                f"{meaning.name} ({target.name}) holds bare numbers, seconds (s) or milliseconds (ms)",
                ("--map", f"{prefix}{meaning.name}={target.name}:s"),
            )
    elif meaning.values == "instant":
        if tz is None and profile.naive and not any(option == "--tz" for option, _ in plan.remedies):
            zone = likely_zone()
            plan.ask(f"{meaning.name} ({target.name}) does not say in which time zone it is", ("--tz", zone))
        if time_format is None and len(target.columns) == 1:
            _check_order(plan, meaning, target, rows)
    elif meaning.name == "outcome":
        rows.set_apart(target.columns[0], labels)
        counted = rows.counts(rows.table.column(target.columns[0]))
        unknown = {text: n for text, n in counted.items() if text not in OUTCOMES and text not in labels}
        first = sorted(unknown, key=lambda text: (-unknown[text], text))[:SHOWN]
        if unknown:
            counts = ", ".join(f"{text} ({unknown[text]:,})" for text in first)
            plan.ask(
                f"outcome ({target.name}) has labels that are not known: {counts}",
                *(("--label", f"{text}={propose_outcome(text) or NONE}") for text in first),
            )


def _check_order(plan: Plan, meaning: Meaning, target: Target, rows: Rows) -> None:
    """Ask for the order of day and month where the whole column does not prove it."""
    column = _core.Column(rows.table.column(target.name), target.name)
    try:
        found = _core.read_instants(column, sorted(rows.missing), "UTC", "", "").found(True)
        plan.orders |= {found["order"]} - {""}
    except _core.Error as error:  # whatever else is wrong, the door will say
        text, remedy, _ = str(error).partition(": say which")
        if remedy:
            plan.ask(f"{meaning.name}: {text}", ("--time-format", "dmy"))


def listed(names: Sequence[str]) -> str:
    """Write names for a message; of many, the first ones."""
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more


def likely_zone() -> str:
    """Return the zone of this machine if it has a place in it, else an example: what a command proposes."""
    here = os.environ.get("TZ", "").lstrip(":")
    if not here:
        link = Path("/etc/localtime").resolve().as_posix()
        here = link.partition("/zoneinfo/")[2]
    area, slash, _ = here.partition("/")
    return here if slash and area not in ("Etc", "posix", "right", "") else "Europe/Amsterdam"


def question(plans: Sequence[Plan]) -> Refusal | None:
    """Return one refusal for the open questions of all tables, with one set of options that answers them."""
    problems = [problem for plan in plans for problem in plan.problems]
    remedies = dict.fromkeys(remedy for plan in plans for remedy in plan.remedies)
    return Refusal("; ".join(problems), list(remedies)) if problems else None
