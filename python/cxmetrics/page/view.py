# SPDX-License-Identifier: Apache-2.0
"""What each section of the page shows, read from the document and from nothing else.

A section is a function that returns the values its template needs, or None where the data are not there: such a
section is left out, not drawn empty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from . import figures
from .sentences import Facts, Row, change_size, half_hour_after, is_clear, row_span, sentences
from .words import FEW, SMALL, Words, text_of

__all__ = ["SECTIONS", "Page", "head"]

_TABLE_WAITS = (1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200)
_HITS: dict[str, Callable[[Row], int]] = {
    "service_level": lambda r: r["counts"].get("above", r["counts"]["answered_within"]),
    "abandonment": lambda r: r["counts"]["abandoned"],
    "first_contact_resolution": lambda r: r["n"] - r["counts"]["repeat"],
    "transfer_rate": lambda r: r["counts"]["transferred"],
}
REASONS = 10  # the page shows no more of them
SPOILT_MANY, SPOILT_FROM = 0.05, 20  # a larger share of a column that is invalid, in a table of so many rows, is said
GROUPS = 40  # the page shows no more of one key; the JSON has all
Section = dict[str, Any]


class Page:
    """One document with the words it is written in: what every section starts from."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        self.facts = Facts(document)
        self.settings = document["settings"]
        self.words = Words(document["language"])
        self.within = self.words.duration(self.settings["within_seconds"])
        self.level = self.words.level(self.settings["level"])
        self.formula = self.formula_of("service_level", self.settings["formula"])

    def formula_of(self, metric: str, name: str | None = None, days: int = 0, fallback: str = "") -> str:
        """Write a formula in words."""
        key = f"formula_{metric}" + (f"_{name}" if name else "")
        return self.words.known(key, fallback or key, within=self.within, days=days)

    def share_of(self, result: Row) -> str:
        """Write a figure: in its unit, or as counts where it stands on fewer than ten."""
        words = self.words
        if result["value"] is None and result["pending"]:
            return words("not_yet")
        if result["value"] is None:
            return words("no_answers" if result["metric"] == "nps" else "no_contacts")
        if result["n"] >= FEW:
            return words.value(result["value"], result["unit"])
        if result["metric"] == "nps":
            return self.few_answers(result["counts"], result["n"])
        if result["metric"] in _HITS:
            return words.share(_HITS[result["metric"]](result), result["n"])
        return words.value(result["value"], result["unit"])

    def few_answers(self, counts: Row, n: int) -> str:
        """Write an NPS of fewer than ten answers as what it is made of."""
        words = self.words
        return words(
            "counts_nps", promoters=words.integer(counts["promoters"]), detractors=words.integer(counts["detractors"]),
            n=words.integer(n),
        )  # fmt: skip

    def interval_of(self, result: Row) -> str:
        """Write the interval of a figure with its level; none below ten."""
        found = result["interval"]
        if result["n"] < FEW or found is None:
            return ""
        return self.words.interval(found["low"], found["high"], result["unit"], found["level"])

    def limits_of(self, row: Row, unit: str) -> str:
        """Write the interval of a table's row, whose head names the level; none below ten."""
        return "" if row["n"] < FEW else self.words.interval(row["low"], row["high"], unit)

    def change(self, metric: str) -> Section:
        """Return the change line of a tile; an arrow only where the interval excludes 0."""
        words = self.words
        row = next((each for each in self.facts.rows("changes") if each["metric"] == metric), None)
        if row is None:
            return {"sure": False, "text": words("change_none"), "against": ""}
        against = words("change_against", period=row_span(row, "", words), baseline=row_span(row, "baseline_", words))
        kind = "s" if row["unit"] == "s" else "points"
        low, high = words.limits(row["low"], row["high"], kind)
        interval = words("interval", level=self.level, low=low, high=high)
        if not is_clear(row):
            return {"sure": False, "text": f"{words('change_unclear')}: {interval}", "against": against}
        arrow = "\u2191" if row["value"] > 0 else "\u2193"
        size = change_size(row, words) + (f" ({words('change_of_p50')})" if row["unit"] == "s" else "")
        return {"sure": True, "arrow": arrow, "size": size, "text": interval, "against": against}


def _table(caption: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Section:
    return {
        "caption": caption,
        "columns": list(columns),
        "rows": [[text_of(cell) for cell in row] for row in rows],
    }


def _behind(page: Page, caption: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Section:
    """Return the table behind a picture; a column is named by its place in the catalogue."""
    names = [page.words(f"col_{column}", within=page.within, level=page.level) for column in columns]
    return _table(caption, names, rows)


# 1 head


def head(page: Page) -> Section:
    """Return the head: whose page, which period, which files, and where the rows went."""
    words, document = page.words, page.document
    organisation = document["organisation"]
    title = words("page_of", organisation=organisation) if organisation else words("page")
    period, span, whole = document["period"], words("no_period"), ""
    if period["from"] is not None:
        first, end = words.instant(period["from"]), words.instant(period["to"])
        span = words.span(first.date(), words.last_day(end))
        if period["whole"] is not None:
            whole = words("whole_yes" if period["whole"] else "whole_no")
    zone = words("zone", tz=period["tz"]) if period["tz"] else words("zone_unread")
    return {
        "title": title,
        "period": span,
        "zone": f"{zone}, {whole}" if whole else zone,
        "files": [_file_line(page, each) for each in document["inputs"]],
        "light": _light(page),
    }


def _file_line(page: Page, each: Row) -> Section:
    words = page.words
    name = (each["path"] or "").replace("\\", "/").rsplit("/", 1)[-1] or words("in_memory")
    kind = words.known(f"kind_{each['kind']}", each["kind"])
    return {"name": name, "line": words("file_line", rows=words.integer(each["rows"]), kind=kind)}


def _invalid_text(page: Page, inputs: Sequence[Row], invalid: int, key: str = "light_invalid") -> str:
    """Write how many rows are invalid; of a file that was cut nobody knows."""
    known = all(each.get("complete", True) for each in inputs)
    if known or invalid:
        text = page.words(key, n=page.words.integer(invalid))
        return text if known else f"{text}, {page.words('light_cut')}"
    return page.words("light_cut")


def _light(page: Page) -> list[str]:
    """Return the data light: what became of every row, contacts and answers apart; the parts add up to the rows."""
    nps, inputs = page.facts.result("nps"), page.document["inputs"]
    calls = [each for each in inputs if each["kind"] != "answers"]
    answers = [each for each in inputs if each["kind"] == "answers"]
    lines = [_light_line(page, calls, _contacts_parts(page, calls))] if calls else []
    if nps is not None:
        words = page.words
        parts = [words("light_answers", n=words.integer(nps["n"]))]
        lines.append(_light_line(page, answers, [*parts, words("light_missing", n=words.integer(nps["missing"]))]))
    return lines + [text for each in inputs for text in _spoilt_lines(page, each)]


def _light_line(page: Page, inputs: Sequence[Row], parts: list[str]) -> str:
    """Write one line of the light: so many rows, their parts, and what else is to be said of some of them."""
    words = page.words
    total, unread, outside = (sum(each[name] for each in inputs) for name in ("rows", "unread", "outside"))
    log = any(each["kind"] == "queue_log" for each in inputs)  # its rows are lines, of which several make a contact
    parts = list(parts)
    if outside:
        parts.append(words("light_outside", n=words.integer(outside)))
    if log:
        outcomes = sum(row["contacts"] for row in page.facts.rows("outcomes"))
        head = words("light_contacts", n=words.integer(outcomes + outside))
    else:
        head = words("light_rows", rows=words.integer(total))
        parts.append(_invalid_text(page, inputs, unread))
    line = f"{head}: {', '.join(parts)}"
    if log:
        line += f"; {_invalid_text(page, inputs, unread, 'light_invalid_lines')}"
    if some := sum(each["invalid"] for each in inputs) - unread:
        line += f"; {words('light_invalid_some', n=words.integer(some))}"
    return line


def _contacts_parts(page: Page, inputs: Sequence[Row]) -> list[str]:
    words, facts = page.words, page.facts
    outcomes = facts.rows("outcomes")
    missing = sum(each["missing"] for each in inputs)
    named = [
        f"{words.integer(row['contacts'])} {words.known('outcome_' + row['outcome'], row['outcome'])}"
        for row in sorted(outcomes, key=lambda row: row["outcome"] == "unfinished")
    ]
    offered = words.integer(sum(row["contacts"] for row in outcomes))
    parts = [f"{words('light_offered', n=offered)} ({', '.join(named)})"] if outcomes else []
    parts += [f"{words.integer(row['contacts'])} {row['label']}" for row in facts.rows("left_out")]
    if not outcomes:  # nothing says what became of them
        rest = sum(each["rows"] - each["unread"] - each["outside"] - each["missing"] for each in inputs)
        parts.append(words("light_contacts", n=words.integer(rest)))
    return parts + ([words("light_missing_contacts", n=words.integer(missing))] if missing else [])


def _spoilt_lines(page: Page, each: Row) -> list[str]:
    """Say of which columns so much is invalid that their figures may mislead."""
    words, rows = page.words, each["rows"] - each["outside"]
    return [
        words("light_spoilt", n=words.integer(column["invalid"]), rows=words.integer(rows - column["missing"]),
              column=column["name"])
        for column in each["columns"]
        if rows >= SPOILT_FROM and column["invalid"] > SPOILT_MANY * (rows - column["missing"])
    ]  # fmt: skip


# 2 sentences and 3 tiles


def short(page: Page) -> Section:
    """Return the three sentences."""
    return {"title": page.words("in_short"), "sentences": sentences(page.document, page.words)}


def tiles(page: Page) -> Section | None:
    """Return the tiles whose figures are there."""
    made = [tile for tile in (_level_tile(page), _wait_tile(page), _abandonment_tile(page), _fcr_tile(page)) if tile]
    return {"title": page.words("key_figures"), "tiles": made} if made else None


def _tile(page: Page, result: Row, title: str, formula: str, n: str, also: Sequence[str] = ()) -> Section:
    words, value = page.words, page.share_of(result)
    hits = _HITS[result["metric"]](result)
    if result["n"] >= FEW:
        formula += f": {words('of_count', count=words.integer(hits), n=words.integer(result['n']))}"
    return {
        "title": title,
        "trio": (),
        "value": value,
        "few": result["n"] < FEW,
        "interval": page.interval_of(result),
        "n": n,
        "formula": formula,
        "also": list(also),
        "change": page.change(result["metric"]),
        "grey": result["n"] < SMALL,
    }


def _level_tile(page: Page) -> Section | None:
    result, words = page.facts.result("service_level"), page.words
    if result is None:
        return None
    also = [words("n_pending", n=words.integer(result["pending"]))] if result["pending"] else []
    title = words("tile_service_level", within=page.within)
    return _tile(page, result, title, page.formula, words("n", n=words.integer(result["n"])), also)


def _abandonment_tile(page: Page) -> Section | None:
    result, words = page.facts.result("abandonment"), page.words
    if result is None:
        return None
    formula = page.formula_of("abandonment", "offered")
    return _tile(page, result, words("tile_abandonment"), formula, words("n", n=words.integer(result["n"])))


def _fcr_tile(page: Page) -> Section | None:
    words, days = page.words, page.settings["window_days"]
    result = page.facts.result(f"first_contact_resolution_{days}d")
    if result is None:
        return None
    unknown = result["counts"].get("unknown", 0)
    also = [words("n_unknown", n=words.integer(unknown))] if unknown else []
    n = words("n_matured", n=words.integer(result["n"]), days=days, pending=words.integer(result["pending"]))
    formula = page.formula_of("first_contact_resolution", days=days)
    return _tile(page, result, words("tile_fcr", days=days), formula, n, also)


def _wait_tile(page: Page) -> Section | None:
    words = page.words
    rows = {row["of"]: row for row in page.facts.rows("waits")}
    if "answered" not in rows:
        return None
    row, longest = rows["answered"], rows.get("all", rows["answered"])
    trio = []
    if row["n"] >= FEW:
        trio = [(words(key), words.duration(row[key]), _quantile_interval(page, row, key)) for key in ("p50", "p90")]
    if longest["n"]:
        trio.append((words("longest"), words.duration(longest["max"]), ""))
    return {
        "title": words("tile_wait"),
        "trio": trio,
        "value": words("no_contacts"),
        "few": True,
        "interval": "",
        "n": words("n", n=words.integer(row["n"])),
        "formula": page.formula_of("wait_time"),
        "also": (),
        "change": page.change("wait_time"),
        "grey": row["n"] < SMALL,
    }


def _quantile_interval(page: Page, row: Row, key: str) -> str:
    return page.words.interval(row[f"{key}_low"], row[f"{key}_high"], "s", page.settings["level"])


# 4 when it hurts


def hurts(page: Page) -> Section | None:
    """Return the half hours: of day and week, of day, and the five in which most callers were not answered."""
    words, facts = page.words, page.facts
    cells, half_hours, total = (
        facts.rows("week_half_hours"),
        facts.rows("half_hours"),
        facts.result("service_level"),
    )
    if not cells or total is None or total["value"] is None:
        return None
    caption = words("hurts_heat", within=page.within, formula=page.formula)
    worst = sorted(
        (row for row in cells if row["beyond"]),
        key=lambda row: (-row["beyond"], row["weekday"], row["start"]),
    )[:5]
    columns = ("weekday", "start", "contacts", "within", "n", "value", "people")
    section: Section = {
        "title": words("hurts"),
        "profile": None,
        "heat": {
            "picture": Markup(figures.heat(cells, words, caption, page.within)),
            "caption": caption,
            "scale": _heat_scale() if any(row["n"] >= SMALL for row in cells) else [],
            "table": _behind(page, caption, columns, (
                (words.weekday(row["weekday"]), row["start"], *_level_cells(page, row)) for row in cells
            )),
        },
        "worst_title": words("worst" if len(worst) == 5 else "worst_few", within=page.within),
        "worst_columns": [words("worst_people", within=page.within), words("worst_offered"), words("worst_dates")],
        "worst": [
            {
                "when": f"{words.weekday(row['weekday'])} {row['start']}\u2013{half_hour_after(row['start'])}",
                "people": words.integer(row["beyond"]),
                "n": words.integer(row["n"]),
                "dates": words.integer(row["dates"]),
                "part": round(row["beyond"] / worst[0]["beyond"], 3),
            }
            for row in worst
        ],
    }  # fmt: skip
    if any(row["n"] >= FEW for row in half_hours) and total["n"] >= FEW:
        caption = words("hurts_profile", formula=page.formula, level=page.level)
        section["profile"] = {
            "picture": Markup(figures.profile(half_hours, total["value"], words, caption, page.within)),
            "caption": caption,
            "table": _behind(page, caption, ("start", *columns[2:], "interval"), (
                (row["start"], *_level_cells(page, row), page.limits_of(row, "%")) for row in half_hours
            )),
        }  # fmt: skip
    return section


def _level_cells(page: Page, row: Row) -> tuple[str, ...]:
    words = page.words
    return (
        words.integer(row["contacts"]), words.integer(row["within"]), words.integer(row["n"]),
        words.share(row["within"], row["n"]), words.integer(row["beyond"]),
    )  # fmt: skip


def _heat_scale() -> list[tuple[str, str]]:
    breaks = [100, *figures.HEAT_BREAKS, 0]
    return [(f"h{index}", f"{breaks[index + 1]}\u2013{breaks[index]}") for index in range(len(breaks) - 1)]


# 5 waiting


def waiting(page: Page) -> Section | None:
    """Return the wait distribution of answered contacts and of those that left."""
    words, facts = page.words, page.facts
    curve = facts.rows("wait_curve")
    rows = {row["of"]: row for row in facts.rows("waits")}
    if not curve or "answered" not in rows or rows["answered"]["n"] < FEW:
        return None
    answered = rows["answered"]
    abandoned = rows["abandoned"]["n"] if "abandoned" in rows else 0
    both = abandoned >= FEW
    caption = words("waiting_caption" if both else "waiting_caption_one", answered=words.integer(answered["n"]),
                    abandoned=words.integer(abandoned))  # fmt: skip
    picture = figures.waits(
        curve, answered, page.settings["within_seconds"], words, caption, counts=(answered["n"], abandoned)
    )
    kept = [
        row for row in curve if row["seconds"] in (*_TABLE_WAITS, page.settings["within_seconds"], curve[-1]["seconds"])
    ]
    columns = ("wait", "answered", "abandoned") if both else ("wait", "answered")
    return {
        "title": words("waiting"),
        "picture": Markup(picture),
        "caption": caption,
        "table": _behind(page, caption, columns, (
            [words.duration(row["seconds"]), *(words.percent(row[column]) for column in columns[1:])] for row in kept
        )),
        "legs": _legs(page),
    }  # fmt: skip


def _legs(page: Page) -> list[str]:
    """Return the sentences on calls that go from queue to queue, and on those that an agent passed on."""
    words, facts, said = page.words, page.facts, []
    rows, whole, passed = facts.rows("legs"), facts.result("wait_time_contact"), facts.result("transfer_rate")
    more = sum(row["contacts"] for row in rows if row["legs"] > 1)
    if more and whole is not None and whole["n"] >= FEW:
        total = sum(row["contacts"] for row in rows)
        said.append(
            words(
                "waiting_legs", more=words.integer(more), contacts=words.integer(total),
                p50=words.duration(whole["value"]), longest=words.duration(whole["max"]),
            )
        )  # fmt: skip
    if passed is not None and passed["counts"]["transferred"]:
        count, n = passed["counts"]["transferred"], passed["n"]
        share = words.share(count, n) if n >= FEW else ""
        counts = words("of_count", count=words.integer(count), n=words.integer(n))
        said.append(words("waiting_transfers", counts=f"{share} ({counts})" if share else counts))
    return said


# 6 other formulas


def formulas(page: Page) -> Section | None:
    """Return the same calls under every formula, with the counts that make the difference."""
    words, facts = page.words, page.facts
    rows, total = facts.rows("formulas"), facts.result("service_level")
    if len(rows) < 2 or total is None or total["n"] == 0:
        return None
    counts = total["counts"]
    named = [
        (counts["answered"], counts["answered_within"], words("outcome_answered")),
        (counts["abandoned"], counts["abandoned_within"], words("outcome_abandoned")),
        *(
            (row["contacts"], 0, words.known("outcome_" + row["outcome"], row["outcome"]))
            for row in facts.rows("outcomes")
            if row["outcome"] not in ("answered", "abandoned", "unfinished")
        ),
        (counts["waiting_beyond"], 0, words("still_waiting", within=page.within)),
    ]
    parts = [
        f"{words.integer(count)} {name}"
        + (f" ({words('of_which_within', n=words.integer(within), within=page.within)})" if within else "")
        for count, within, name in named
        if count
    ]
    return {
        "title": words("formulas"),
        "caption": words("formulas_caption"),
        "columns": [
            words(f"col_{name}", level=page.level) for name in ("formula", "value", "interval", "above", "n", "differs")
        ],
        "rows": [
            {
                "formula": words.known(
                    f"formula_service_level_{row['formula']}", row["formula"],
                    within=words.duration(row["within_seconds"]),
                ),
                "value": words.share(row["above"], row["n"]),
                "interval": page.limits_of(row, "%"),
                "above": words.integer(row["above"]),
                "n": words.integer(row["n"]),
                "differs": _differs(page, row["formula"]),
                "chosen": row["formula"] == page.settings["formula"],
            }
            for row in rows
        ],
        "why": words("formulas_why", list=words.joined(parts)),
    }  # fmt: skip


def _differs(page: Page, formula: str) -> str:
    """Write which contacts a formula counts otherwise than "offered" does: in time, and in what it divides by."""
    words, said = page.words, []
    rows = [row for row in page.facts.rows("formula_differences") if row["formula"] == formula]
    sides = (("above", 1, "more_above"), ("above", -1, "less_above"), ("below", 1, "more_below"),
             ("below", -1, "less_below"))  # fmt: skip
    for side, sign, key in sides:
        parts = [f"{words.integer(row['contacts'])} {_kind(page, row['what'])}" for row in rows if row[side] == sign]
        if parts:
            said.append(words(key, list=words.joined(parts)))
    return "; ".join(said) or words("same_contacts")


def _kind(page: Page, what: str) -> str:
    """Name a kind of contacts: an outcome, or the part of it on one side of the threshold."""
    words = page.words
    if what == "answered_within":  # of a formula with a threshold of its own
        return words("answered_otherwise", within=page.within)
    if what == "waiting_beyond":
        return words("still_waiting", within=page.within)
    for side in ("within", "beyond"):
        outcome = what.removesuffix(f"_{side}")
        if outcome != what:
            return f"{words.known(f'outcome_{outcome}', outcome)} {words(f'part_{side}', within=page.within)}"
    return words.known(f"outcome_{what}", what)


# 7 groups


def groups(page: Page) -> Section | None:
    """Return the service level of each group, the one with most callers hurt first; of every further key in `also`."""
    facts = page.facts
    total = facts.result("service_level")
    if total is None or total["value"] is None:
        return None
    rows = facts.rows("groups")
    keys = dict.fromkeys(row["by"] for row in rows)
    made = [_groups(page, by, [row for row in rows if row["by"] == by], total) for by in keys]
    made = [each for each in made if len(each["rows"]) > 1]
    return {**made[0], "also": made[1:]} if made else None


def _groups(page: Page, by: str, rows: list[dict[str, Any]], total: Row) -> Section:
    words = page.words
    rows.sort(key=lambda row: (-row["beyond"], row["group"] is None, row["group"] or ""))
    all_of_them = total["value"] if total["n"] >= FEW else None
    scale = figures.dot_scale(rows, all_of_them, 0, 100)
    return {
        "title": words("groups", by=words.known(f"by_{by}", by)),
        "note": _more(page, rows),
        "caption": words("groups_caption", formula=page.formula[0].upper() + page.formula[1:], level=page.level),
        "head": words.known(f"by_{by}", by),
        "scale": [words.decimal(end, 0) for end in scale],
        "columns": [words("col_value"), words("col_contacts"), words("col_people")],
        "rows": [
            {
                "name": words("unknown_group") if row["group"] is None else row["group"],
                "picture": _dot(page, row, scale, all_of_them, "%"),
                "value": words.share(row["within"], row["n"]),
                "interval": page.limits_of(row, "%"),
                "n": words.integer(row["contacts"]),
                "people": words.integer(row["beyond"]),
                "grey": row["n"] < SMALL,
            }
            for row in rows[:GROUPS]
        ],
    }


def _more(page: Page, rows: Sequence[Row]) -> str:
    """Say how many groups are not shown."""
    return page.words("groups_more", n=page.words.integer(len(rows) - GROUPS)) if len(rows) > GROUPS else ""


def _dot(page: Page, row: Row, scale: tuple[float, float], total: float | None, unit: str) -> str:
    if row["n"] < FEW:
        return ""
    label = f"{page.words.value(row['value'], unit)}, {page.limits_of(row, unit)}"
    return Markup(figures.dot(row, scale, total, label))


# 8 voice of customers


def voice(page: Page) -> Section | None:
    """Return all scores, NPS by week and by group, and what is missing."""
    words, facts = page.words, page.facts
    result, answers = facts.result("nps"), facts.rows("scores")
    if result is None or not answers or result["n"] == 0:
        return None
    counts, n = result["counts"], result["n"]
    caption = words("voice_scores", n=words.integer(n))
    missing = words(
        "voice_missing" if result["missing"] else "voice_complete", n=words.integer(result["missing"]),
        rows=words.integer(result["rows"]),
    )  # fmt: skip
    section: Section = {
        "title": words("voice"),
        "value": page.share_of(result),
        "few": n < FEW,
        "interval": page.interval_of(result),
        "n": words("n", n=words.integer(n)),
        "formula": page.formula_of("nps"),
        "change": page.change("nps"),
        "picture": Markup(figures.scores(answers, words, caption)),
        "caption": caption,
        "groups": [
            (kind, words(kind), words.integer(counts[kind]), words.percent(100 * counts[kind] / n) if n >= FEW else "")
            for kind in ("detractors", "passives", "promoters")
        ],
        "table": _behind(page, caption, ("score", "answers"), (
            (row["score"], words.integer(row["answers"])) for row in answers
        )),
        "missing": missing,
        "invalid": words("voice_invalid", n=words.integer(result["invalid"])) if result["invalid"] else "",
    }  # fmt: skip
    section["periods"] = _nps_periods(page)
    section["by"] = _nps_groups(page, result)
    section["splits"] = _nps_splits(page)
    return section


def _nps_periods(page: Page) -> Section | None:
    words, rows = page.words, page.facts.rows("nps_periods")
    if len(rows) < 2 or not any(row["n"] >= FEW for row in rows):
        return None
    years = {words.instant(row["start"]).year for row in rows}
    for row in rows:
        day = words.instant(row["start"]).date()
        row["label"] = words.date(day, year=False, short=True)
        row["day"] = words.date(day, year=len(years) > 1, short=True)
    every = words.known(f"every_{page.settings['every']}", page.settings["every"])
    caption = words("voice_periods", every=every, level=page.level)
    return {
        "picture": Markup(figures.periods(rows, words, caption)),
        "caption": caption,
        "table": _behind(page, caption, ("period", "answers", "value", "interval"), (
            (
                row["day"] + ("" if row["whole"] else f" ({words('not_whole')})"), words.integer(row["n"]),
                _nps_value(page, row), page.limits_of(row, "points"),
            )
            for row in rows
        )),
    }  # fmt: skip


def _nps_value(page: Page, row: Row) -> str:
    if row["n"] == 0:
        return page.words("no_answers")
    return page.words.value(row["value"], "points") if row["n"] >= FEW else page.few_answers(row, row["n"])


def _nps_groups(page: Page, total: Row) -> list[Section]:
    words, made = page.words, []
    rows = page.facts.rows("nps_groups")
    for by in dict.fromkeys(row["by"] for row in rows):
        mine = [row for row in rows if row["by"] == by]
        if len(mine) < 2:
            continue
        name = words.known(f"by_{by}", by)
        all_of_them = total["value"] if total["n"] >= FEW else None
        scale = figures.dot_scale(mine, all_of_them, -100, 100)
        mine.sort(key=lambda row: (-row["detractors"], row["group"] is None, row["group"] or ""))
        made.append({
            "head": name,
            "caption": words("voice_groups", by=name, level=page.level),
            "note": " ".join(
                text
                for text in (words("voice_groups_note") if any(r["n"] < SMALL for r in mine) else "", _more(page, mine))
                if text
            ),
            "scale": [words.decimal(end, 0, sign=True) for end in scale],
            "columns": [words("nps"), words("col_answers")],
            "rows": [
                {
                    "name": words("unknown_group") if row["group"] is None else row["group"],
                    "picture": _dot(page, row, scale, all_of_them, "points"),
                    "value": _nps_value(page, row),
                    "interval": page.limits_of(row, "points"),
                    "n": words.integer(row["n"]),
                    "grey": row["n"] < SMALL,
                }
                for row in mine[:GROUPS]
            ],
        })  # fmt: skip
    return made


def _nps_splits(page: Page) -> list[Section]:
    """Return the change of the NPS in two parts, by each key, with the groups behind them."""
    words, facts, made = page.words, page.facts, []
    change = next((row for row in facts.rows("changes") if row["metric"] == "nps"), None)
    for row in facts.rows("nps_splits") if change is not None else ():
        assert change is not None
        by = words.known(f"by_{row['by']}", row["by"])
        now, before = row_span(change, "", words), row_span(change, "baseline_", words)
        caption = words("split_caption", by=by, period=now, baseline=before)
        parts = ((words("split_mix", by=by), row["mix"], ""),
                 (words("split_within", by=by), row["within"], words.interval(row["low"], row["high"], "points")),
                 (words("split_change"), change["value"], page.limits_of(change, "points")))  # fmt: skip
        groups = _table(words("split_groups", by=by), [by, before, words("col_answers"), now, words("col_answers")], (
            [
                words("unknown_group") if each["group"] is None else each["group"],
                *(text for side in ("baseline_", "") for text in _nps_side(page, each, side)),
            ]
            for each in facts.rows("nps_strata")
            if each["by"] == row["by"]
        ))  # fmt: skip
        made.append({
            "parts": _behind(page, caption, ("part", "points", "interval"), (
                (name, words.decimal(value, sign=True), interval) for name, value, interval in parts
            )),
            "groups": groups,
        })  # fmt: skip
    return made


def _nps_side(page: Page, row: Row, side: str) -> tuple[str, str]:
    """Return NPS and answers of a group on one side of a change."""
    counts = {name: row[f"{side}{name}"] for name in ("n", "promoters", "detractors", "value")}
    return _nps_value(page, counts), page.words.integer(counts["n"])


# 9 came back


def back(page: Page) -> Section | None:
    """Return how many contacts were followed by another, by days."""
    words, rows = page.words, page.facts.rows("repeats")
    shown = [row for row in rows if row["n"]]
    if not shown:
        return None
    caption = words("back_caption", level=page.level)
    drawable = [row for row in rows if row["n"] >= FEW]
    unknown = rows[0]["unknown"]
    total = unknown + rows[0]["n"] + rows[0]["pending"]
    return {
        "title": words("back"),
        "picture": Markup(figures.repeats(drawable, words, caption)) if drawable else "",
        "caption": caption,
        "none": [words("back_no_window", days=row["days"]) for row in rows if not row["n"]],
        "unknown": words("back_unknown", n=words.integer(unknown), contacts=words.integer(total)) if unknown else "",
        "dependent": words("back_dependent"),
        "table": _behind(page, caption, ("window", "repeat", "share", "interval", "matured", "pending"), (
            (
                words("within_day") if row["days"] == 1 else words("within_days", days=row["days"]),
                words.integer(row["repeat"]), words.share(row["repeat"], row["n"]), page.limits_of(row, "%"),
                words.integer(row["n"]), words.integer(row["pending"]),
            )
            for row in rows
        )),
        "reasons": _reasons(page),
    }  # fmt: skip


def _reasons(page: Page) -> Section | None:
    """Return after which reasons most contacts were followed by another."""
    words, rows = page.words, page.facts.rows("repeat_reasons")
    shown = [row for row in rows if row["repeat"]][:REASONS]
    if not shown:
        return None
    caption = words("back_reasons", days=page.settings["window_days"], level=page.level, shown=len(shown), of=len(rows))
    return _behind(page, caption, ("reason", "repeat", "share", "interval", "matured"), (
        (
            words("no_reason") if row["reason"] is None else row["reason"], words.integer(row["repeat"]),
            words.share(row["repeat"], row["n"]), page.limits_of(row, "%"),
            words.integer(row["n"]),
        )
        for row in shown
    ))  # fmt: skip


# 10 how each figure was made


def made(page: Page) -> Section:
    """Return what is needed to defend every figure, and to make the page again."""
    words, document = page.words, page.document
    inputs = document["inputs"]
    files = _table(
        words("made_inputs"),
        [words(f"col_{c}") for c in ("file", "kind", "rows", "invalid", "missing", "hash")],
        (
            (
                each["path"] or words("in_memory"), words.known(f"kind_{each['kind']}", each["kind"]),
                words.integer(each["rows"]),
                words("cut_unknown") if not each.get("complete", True) and not each["invalid"]
                else words.integer(each["invalid"]),
                words.integer(each["missing"]), each["sha256"],
            )
            for each in inputs
        ),
    )  # fmt: skip
    columns = _table(
        words("made_columns"),
        [words(f"col_{c}") for c in ("file", "column", "means", "unit", "zone", "missing", "invalid")],
        (
            (
                each["path"] or words("in_memory"), column["name"], column["meaning"], column.get("unit"),
                column.get("zone"), words.integer(column["missing"]), words.integer(column["invalid"]),
            )
            for each in inputs
            for column in each["columns"]
        ),
    )  # fmt: skip
    return {
        "title": words("made"),
        "figures": [_figure(page, result) for result in document["results"]],
        "tables": [table for table in (files, columns) if table["rows"]],
        "invalid": [_invalid_rows(page, each) for each in inputs if each["invalid_rows"]],
        "notes_title": words("made_notes"),
        "notes": document["notes"] or [words("made_no_notes")],
        "command_title": words("made_command"),
        "command": document["command"],
        "version": words("made_version", version=document["version"], schema=document["schema"]),
    }


def _figure(page: Page, result: Row) -> Section:
    """Return one figure with its title, value and the lines that defend it."""
    words = page.words
    left = [
        words(f"left_{key}", n=words.integer(result[key]))
        for key in ("excluded", "invalid", "missing", "pending")
        if result[key]
    ]
    interval = page.interval_of(result)
    lines = [
        ("made_interval", f"{interval}, {result['interval']['method']}" if interval else ""),
        ("col_formula", result["formula"]),
        (
            "col_parameters",
            ", ".join(f"{name} {text_of(value)}" for name, value in result["parameters"].items()),
        ),
        (
            "col_counts",
            ", ".join(f"{name} {words.integer(count)}" for name, count in result["counts"].items()),
        ),
        ("col_left_out", ", ".join(left) or words("made_nothing")),
        ("made_notes", "; ".join(result["notes"])),
        ("col_source", result["source"]),
    ]
    return {
        "title": result["title"],
        "name": result["name"],
        "value": f"{page.share_of(result)}, {words('n', n=words.integer(result['n']))}",
        "lines": [(words(key), text) for key, text in lines if text],
    }


def _invalid_rows(page: Page, each: Row) -> Section:
    words, rows = page.words, each["invalid_rows"]
    caption = words("made_invalid", count=words.integer(len(rows)), n=words.integer(each["invalid"]))
    names = [words("col_row"), words("col_column"), words("col_value")]
    return _table(f"{each['path'] or words('in_memory')}: {caption}", names,
                  ((row["row"], row["column"], row["value"]) for row in rows))  # fmt: skip


SECTIONS: tuple[Callable[[Page], Section | None], ...] = (
    short, tiles, hurts, waiting, formulas, groups, voice, back, made,
)  # fmt: skip
