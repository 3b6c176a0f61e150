# SPDX-License-Identifier: Apache-2.0
"""The voice of customers: all scores, then NPS by time and group."""

from __future__ import annotations

from markupsafe import Markup

from cxmetrics.page import figures
from cxmetrics.page.sentences import Row, row_span
from cxmetrics.page.view import GROUPS, Page, Section, behind, dot, more_groups, table
from cxmetrics.page.words import FEW, SMALL

PERIODS = 60  # the picture has room for the n of so many; the table behind it has all


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
        rows=words.integer(result["rows"]), sent=_sent(page),
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
        "table": behind(page, caption, ("score", "answers"), (
            (row["score"], words.integer(row["answers"])) for row in answers
        )),
        "missing": missing,
        "invalid": words("voice_invalid", n=words.integer(result["invalid"])) if result["invalid"] else "",
    }  # fmt: skip
    section["periods"] = _nps_periods(page)
    section["by"] = _nps_groups(page, result)
    section["splits"] = _nps_splits(page)
    return section


def _sent(page: Page) -> str:
    """Say how many of the surveys that were sent were answered, or that it is not known."""
    words, rate = page.words, page.facts.result("response_rate")
    if rate is None:
        return words("voice_not_sent")
    n, sent = words.integer(rate["counts"]["answered"]), words.integer(rate["n"])
    said = ", ".join(text for text in (page.share_of(rate), page.interval_of(rate)) if text)
    return words("voice_sent", n=n, sent=sent, rate=said)


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
    key = "voice_periods_last" if len(rows) > PERIODS else "voice_periods"
    caption = words(key, every=every, level=page.level, shown=words.integer(PERIODS), of=words.integer(len(rows)))
    return {
        "picture": Markup(figures.periods(rows[-PERIODS:], words, caption)),
        "caption": caption,
        "table": behind(page, caption, ("period", "answers", "value", "interval"), (
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
        small = words("voice_groups_note") if any(row["n"] < SMALL for row in mine) else ""
        made.append({
            "head": name,
            "caption": words("voice_groups", by=name, level=page.level),
            "note": " ".join(text for text in (small, more_groups(page, mine)) if text),
            "scale": [words.decimal(end, 0, sign=True) for end in scale],
            "columns": [words("nps"), words("col_answers")],
            "rows": [
                {
                    "name": words("unknown_group") if row["group"] is None else row["group"],
                    "picture": dot(page, row, scale, all_of_them, "points"),
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
        groups = table(words("split_groups", by=by), [by, before, words("col_answers"), now, words("col_answers")], (
            [
                words("unknown_group") if each["group"] is None else each["group"],
                *(text for side in ("baseline_", "") for text in _nps_side(page, each, side)),
            ]
            for each in facts.rows("nps_strata")
            if each["by"] == row["by"]
        ))  # fmt: skip
        made.append({
            "parts": behind(page, caption, ("part", "points", "interval"), (
                (name, words.decimal(value, sign=True), interval) for name, value, interval in parts
            )),
            "groups": groups,
        })  # fmt: skip
    return made


def _nps_side(page: Page, row: Row, side: str) -> tuple[str, str]:
    """Return NPS and answers of a group on one side of a change."""
    counts = {name: row[f"{side}{name}"] for name in ("n", "promoters", "detractors", "value")}
    return _nps_value(page, counts), page.words.integer(counts["n"])
