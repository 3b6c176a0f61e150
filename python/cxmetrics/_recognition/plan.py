# SPDX-License-Identifier: Apache-2.0
"""How one raw table will be read: its kind, what each meaning is read from, and every open question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cxmetrics import _core
from cxmetrics._options import NONE, Refusal
from cxmetrics._queue_log_table import columns_of
from cxmetrics._recognition.meanings import (
    CHECKS,
    OUTCOMES,
    Meaning,
    Profile,
    called,
    candidates,
    meanings,
    propose_outcome,
    split_name,
)
from cxmetrics._recognition.questions import CLOCKS, ask_for_clock, decide_kind, holds_log
from cxmetrics._recognition.rows import SHOWN, Plan, Rows, Target, likely_zone


def make_plan(
    rows: Rows,
    *,
    name: str,
    files: Sequence[str],
    many: bool,
    maps: Mapping[str, str],
    kind: str | None,
    labels: Mapping[str, str],
    tz: str | None,
    time_format: str | None = None,
    needs_clock: bool = True,
) -> Plan:
    """Decide how a table is read; what is open is in ``problems`` and ``remedies`` of the plan.

    Parameters
    ----------
    rows : Rows
        The raw table.
    name, files, many
        The table as people know it, the files that it is of, and whether there are other tables: then a proposed
        ``--map`` says of which file.
    maps, kind, labels, tz, time_format
        What the user has said.
    needs_clock
        Whether a table in which nothing looks like a time has to be said to be without one.
    """
    about_it = bool(maps) or (bool(labels) and not many)  # labels may be those of another table
    if kind == "queue_log" and about_it:
        words = " and ".join(word for word, said in (("map", maps), ("label", labels)) if said)
        raise Refusal(f"{name} is read as a queue_log, whose columns and events are known: leave out kind, or {words}")
    if kind == "queue_log" or (kind is None and not about_it and holds_log(rows)):
        return _plan_of_log(rows, Plan("queue_log", files, many), tz)
    said = {meaning: rows.resolve(text, name) for meaning, text in maps.items()}
    plan = decide_kind(rows, Plan(kind or "", files, many), said)
    if plan.problems:
        return plan
    for meaning in meanings(plan.kind):
        if meaning.name in said:
            target: Target | None = said[meaning.name]
        else:
            target = _find(plan, meaning, rows)
        if target is not None and target.columns:
            plan.targets[meaning.name] = target
        elif meaning.name not in said and not any(meaning.name in problem for problem in plan.problems):
            plan.notes += _misnamed(meaning, rows)
    if "outcome" in plan.targets and "answered" not in maps:
        plan.targets.pop("answered", None)  # the outcome says more
    for meaning in meanings(plan.kind):
        if meaning.name in plan.targets:
            _check(plan, meaning, rows, labels, tz, time_format)
    clock = CLOCKS[plan.kind]
    if clock not in {*plan.targets, *said} and not any(f"{clock}=" in value for _, value in plan.remedies):
        ask_for_clock(plan, rows, tz, needed=needs_clock)
    return plan


def _plan_of_log(rows: Rows, plan: Plan, tz: str | None) -> Plan:
    """Ask of the table of a queue_log where its clock stands; its columns are known."""
    time = columns_of(rows.names).get("time")
    if time is not None and tz is None and rows.profile(time).naive:
        plan.ask(
            f"{time} is what the clock of the phone system showed, and does not say in which time zone, "
            f"like {rows.example(time)}",
            ("--tz", likely_zone()),
        )
    return plan


def _find(plan: Plan, meaning: Meaning, rows: Rows) -> Target | None:
    found = candidates(meaning, rows.names, rows.profile)
    same = [name for name, first in rows.repeated.items() if found and first == found[0].name]
    found += [each for each in map(rows.profile, same) if each.filled and each.agrees(meaning.values)]
    if len(found) > 1:
        names = " and ".join(profile.name for profile in found)
        plan.ask(
            f"{names} could {'both' if len(found) == 2 else 'all'} be the {meaning.name}",
            *plan.map(meaning.name, _with_unit(meaning, found[0])),
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
                f"{meaning.name} ({target.name}) holds bare numbers like {rows.example(target.columns[-1])}, "
                "seconds (s) or milliseconds (ms)",
                *plan.map(meaning.name, f"{target.name}:s"),
            )
    elif meaning.values == "instant":
        if tz is None and profile.naive and not any(option == "--tz" for option, _ in plan.remedies):
            plan.ask(
                f"{meaning.name} ({target.name}) does not say in which time zone it is, "
                f"like {rows.example(target.columns[-1])}",
                ("--tz", likely_zone()),
            )
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


def question(plans: Sequence[Plan]) -> Refusal | None:
    """Return one refusal for the open questions of all tables, with one set of options that answers them."""
    problems = [f"{plan.name}: {'; '.join(plan.problems)}" for plan in plans if plan.problems]
    remedies = dict.fromkeys(remedy for plan in plans for remedy in plan.remedies)
    return Refusal("; ".join(problems), list(remedies)) if problems else None
