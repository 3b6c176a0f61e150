# SPDX-License-Identifier: Apache-2.0
"""The head: whose page, which period, which files, and where the rows went."""

from __future__ import annotations

from collections.abc import Sequence

from cxmetrics.page.sentences import Row
from cxmetrics.page.view import Page, Section


def head(page: Page) -> Section:
    """Return the head: whose page, which period, which files, and where the rows went."""
    words, document = page.words, page.document
    organisation = document["organisation"]
    title = words("page_of", organisation=organisation) if organisation else words("page")
    period, span, whole = document["period"], words("no_period"), ""
    if period["from"] is not None:
        first, end = words.instant(period["from"]), words.instant(period["to"])
        span = words.span(first.date(), words.last_day(end))
        whole = words({True: "whole_yes", False: "whole_no", None: "whole_unknown"}[period["whole"]])
    zone = words("zone", tz=period["tz"]) if period["tz"] else ""
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
    return {"name": name, "line": words.counted("file_line", each["rows"], kind=kind)}


def _invalid_text(page: Page, inputs: Sequence[Row], invalid: int, key: str = "light_invalid") -> str:
    """Write how many rows are invalid; of a file that was cut nobody knows."""
    known = all(each.get("complete", True) for each in inputs)
    if known or invalid:
        text = page.words.counted(key, invalid)
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
        parts = [words.counted("light_answers", nps["n"])]
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
        head = words.counted("light_contacts", outcomes + outside)
        if not outside and any(row["legs"] > 1 for row in page.facts.rows("legs")):
            contacts = sum(row["contacts"] for row in page.facts.rows("legs"))
            head = words("light_both", n=words.integer(outcomes + outside), contacts=words.integer(contacts))
    else:
        head = words.counted("light_rows", total)
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
        parts.append(words.counted("light_contacts", rest))
    return parts + ([words("light_missing_contacts", n=words.integer(missing))] if missing else [])


def _spoilt_lines(page: Page, each: Row) -> list[str]:
    """Say of which columns so much is invalid that their figures may mislead."""
    words, rows = page.words, each["rows"] - each["outside"]
    least, share = page.settings["spoilt_rows"], page.settings["spoilt_share"]
    present = [(column, rows - column["missing"]) for column in each["columns"]]
    return [
        words("light_spoilt", n=words.integer(column["invalid"]), rows=words.integer(n), column=column["name"])
        for column, n in present
        if n >= least and column["invalid"] > share * n
    ]
