# SPDX-License-Identifier: Apache-2.0
"""The three sentences at the head of the page: made from the figures, worst first.

Worst is what hurt most people, counted in people: of those offered, whatever formula the figures have. A sentence is
made only where the data can carry it: never from fewer than ten people, a difference only where its interval excludes
0, a bad half hour or group only where its interval, corrected for the number of looks, lies below all of them and its
share five points. Otherwise the page says "No clear change".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from .words import FEW, Words

__all__ = ["Facts", "sentences"]

Row = Mapping[str, Any]

_PARTS = ((2, 3), (3, 4), (2, 5), (3, 5), (4, 5), (3, 10), (7, 10), (9, 10))
_FEWER = (
    (25, "fewer_quarter"), (100 / 3, "fewer_third"), (50, "fewer_half"),
    (200 / 3, "fewer_two_thirds"), (75, "fewer_three_quarters"),
)  # fmt: skip
_NEAR = 0.03  # how far a share may be from the words that say it
_GAP = 5.0  # points by which a half hour or a group is worse than all, below which it is no news
_GOOD_WHEN_HIGH = {"service_level": True, "wait_time": False, "abandonment": False, "first_contact_resolution": True,
                   "nps": True}  # fmt: skip


class Facts:
    """Reads a document: results by name, tables as rows."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        self._results = {result["name"]: result for result in document["results"]}

    def result(self, name: str) -> Row | None:
        """Return a figure, or None where the data have none of that name."""
        return self._results.get(name)

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Return a table as rows by column name; empty where there is no such table."""
        found = self.document["tables"].get(table)
        return [dict(zip(found["columns"], row, strict=True)) for row in found["rows"]] if found else []


def callers(count: int, n: int, words: Words, what: str = "callers") -> str:
    """Write a share as people say it: "One caller in ten", and in per cent where no such words are near."""
    share = count / n
    near = [
        (abs(1 / k - share) / share, words(f"{what}_one_in", k=words.ordinary(k))) for k in range(2, 21)
    ] + [
        (abs(a / b - share) / share, words(f"{what}_share", a=words.ordinary(a).capitalize(), b=words.ordinary(b)))
        for a, b in _PARTS
    ]  # fmt: skip
    distance, text = min(near)
    return text if distance < _NEAR else words(f"{what}_percent", percent=words.percent(100 * share))


def fewer(count: int, n: int, words: Words) -> str:
    """Write how few: "fewer than half"."""
    share = 100 * count / n
    for limit, key in _FEWER:
        if share < limit:
            return words(key)
    return words("only_percent", percent=words.percent(share))


def bad_runs(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Yield stretches of half hours that are clearly below the total, one after another without a gap."""
    run: list[Row] = []
    for row in rows:
        if row["clear"] and (not run or row["start"] == half_hour_after(run[-1]["start"])):
            run.append(row)
            continue
        if run:
            yield run
        run = [row] if row["clear"] else []
    if run:
        yield run


def half_hour_after(start: str) -> str:
    """Return the end of a half hour of the day: "09:30" gives "10:00", "23:30" gives "24:00"."""
    minutes = int(start[:2]) * 60 + int(start[3:]) + 30
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _hours(facts: Facts, words: Words, within: str) -> Iterator[tuple[float, str]]:
    bad = []
    for run in bad_runs(facts.rows("half_hours")):
        hits, n = sum(row["within"] for row in run), sum(row["offered"] for row in run)
        bad.append((n - hits, hits, n, run[0]["start"], half_hour_after(run[-1]["start"])))
    yield from _worse(facts, words, within, bad, lambda start, end: words("in_hours", start=start, end=end))


def _abandoned(facts: Facts, words: Words) -> Iterator[tuple[float, str]]:
    """Say how many left, where no waits say who was late: otherwise that sentence says it."""
    result = facts.result("abandonment")
    if result is None or facts.result("service_level") is not None or result["counts"]["abandoned"] < FEW:
        return
    count, n = result["counts"]["abandoned"], result["n"]
    share = callers(count, n, words)
    yield count, words("say_abandoned", share=share, count=words.integer(count), n=words.integer(n))


def _came_back(facts: Facts, words: Words) -> Iterator[tuple[float, str]]:
    for row in facts.rows("repeats"):
        if row["days"] == facts.document["settings"]["window_days"] and row["repeat"] >= FEW:
            share = callers(row["repeat"], row["n"], words, "contacts")
            yield row["repeat"], words(
                "say_repeat", share=share, days=row["days"], count=words.integer(row["repeat"]),
                n=words.integer(row["n"]),
            )  # fmt: skip


def _group(facts: Facts, words: Words, within: str) -> Iterator[tuple[float, str]]:
    bad = [
        (row["beyond"], row["within"], row["offered"], row["group"])
        for row in facts.rows("groups")
        if row["clear"] and row["group"] is not None
    ]
    yield from _worse(facts, words, within, bad, lambda group: words("in_group", group=group))


def _worse(
    facts: Facts, words: Words, within: str, bad: Sequence[tuple[Any, ...]], where: Callable[..., str]
) -> Iterator[tuple[float, str]]:
    """Say where clearly fewer were answered in time than of all: of such places the one with most people hurt."""
    hits, offered = _people(facts)
    worse = [each for each in bad if 100 * (hits / offered - each[1] / each[2]) >= _GAP]
    if worse:
        hurt, count, n, *place = max(worse)
        yield hurt, words(
            "say_worse", where=where(*place), share=fewer(count, n, words), within=within, count=words.integer(count),
            n=words.integer(n), all=words.percent(100 * hits / offered),
        )  # fmt: skip


def _people(facts: Facts) -> tuple[int, int]:
    """Return how many were answered in time, and how many were offered."""
    result = facts.result("service_level")
    if result is None:
        return 0, 0
    return result["counts"]["answered_within"], sum(
        result["counts"][name] for name in ("answered", "abandoned", "other_exits", "waiting_beyond")
    )


def _late(facts: Facts, words: Words, within: str) -> Iterator[tuple[float, str]]:
    """Say how many were not answered in time, and how many of these left."""
    hits, offered = _people(facts)
    if offered - hits < FEW:
        return
    result = facts.result("service_level")
    left = result["counts"]["abandoned"] if result is not None else 0
    yield offered - hits, words(
        "say_late_left" if left else "say_late", share=callers(offered - hits, offered, words, "late"), within=within,
        count=words.integer(offered - hits), n=words.integer(offered), left=words.integer(left),
    )  # fmt: skip


def _liked(facts: Facts, words: Words) -> Iterator[tuple[float, str]]:
    result = facts.result("nps")
    if result is None or result["n"] < FEW or result["interval"] is None or result["interval"]["high"] >= 0:
        return
    counts = result["counts"]
    yield counts["detractors"], words(
        "say_nps_negative", detractors=words.integer(counts["detractors"]),
        promoters=words.integer(counts["promoters"]), value=words.value(result["value"], "points"),
        n=words.integer(result["n"]),
    )  # fmt: skip


def is_clear(row: Row) -> bool:
    """Tell whether a change is outside the noise: its interval excludes 0."""
    return row["low"] is not None and (row["low"] > 0 or row["high"] < 0)


def change_size(row: Row, words: Words) -> str:
    """Write how large a change is, without its direction."""
    if row["unit"] == "s":
        return words.duration(abs(row["value"]))
    return f"{words.decimal(abs(row['value']))} {words('points')}"


def _changed(facts: Facts, words: Words, within: str) -> Iterator[tuple[float, str]]:
    days = facts.document["settings"]["window_days"]
    for row in facts.rows("changes"):
        if not is_clear(row):
            continue
        up, metric = row["value"] > 0, row["metric"]
        lost = up != _GOOD_WHEN_HIGH[metric]
        people = abs(row["value"]) / 100 * row["n"] if row["unit"] != "s" else 0.0  # a median counts no people
        figure = words(f"metric_{metric}", days=days)
        if metric == "service_level":
            formula = facts.document["settings"]["formula"]
            figure += f" ({words.known(f'formula_service_level_{formula}', formula, within=within)})"
        low, high = words.limits(row["low"], row["high"], "s" if row["unit"] == "s" else "points")
        yield (people if lost else 0.0), words(
            "say_change_up" if up else "say_change_down", figure=figure, value=change_size(row, words),
            period=row_span(row, "", words), baseline=row_span(row, "baseline_", words), low=low, high=high,
        )  # fmt: skip


def row_span(row: Row, prefix: str, words: Words, *, short: bool = False) -> str:
    """Write the days of one side of a comparison."""
    start, end = words.instant(row[f"{prefix}start"]), words.instant(row[f"{prefix}end"])
    return words.span(start.date(), words.last_day(end), year=False, short=short)


def sentences(document: Mapping[str, Any], words: Words) -> list[str]:
    """Return at most three sentences, what hurt most people first."""
    facts = Facts(document)
    within = words.duration(document["settings"]["within_seconds"])
    changed = list(_changed(facts, words, within))
    found = [
        *_late(facts, words, within), *_hours(facts, words, within), *_group(facts, words, within),
        *_abandoned(facts, words), *_came_back(facts, words), *_liked(facts, words), *changed,
    ]  # fmt: skip
    said = [text for _, text in sorted(found, key=lambda each: -each[0])][:3]
    compared = [row["n"] for row in facts.rows("changes")]
    if not said or (len(said) < 3 and compared and not changed):
        n = max(compared or [result["n"] for result in document["results"]], default=0)
        key = "no_clear_change" if compared else "too_few" if n < FEW else "nothing_stands_out"
        said.append(words(key, n=words.integer(n)))
    return said
