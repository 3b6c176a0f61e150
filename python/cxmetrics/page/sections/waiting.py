# SPDX-License-Identifier: Apache-2.0
"""How long people waited: the distribution, never a mean alone."""

from __future__ import annotations

from markupsafe import Markup

from cxmetrics.page import figures
from cxmetrics.page.view import Page, Section, behind
from cxmetrics.page.words import FEW

_TABLE_WAITS = (1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200)


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
        "table": behind(page, caption, columns, (
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
