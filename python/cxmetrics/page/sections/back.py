# SPDX-License-Identifier: Apache-2.0
"""Who came back, within how many days and after which reason."""

from __future__ import annotations

from markupsafe import Markup

from cxmetrics.page import figures
from cxmetrics.page.view import Page, Section, behind
from cxmetrics.page.words import FEW

REASONS = 10  # the page shows no more of them


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
    none = "; ".join(words.counted("back_no_window", row["days"]) for row in rows if not row["n"])
    return {
        "title": words("back"),
        "picture": Markup(figures.repeats(drawable, words, caption)) if drawable else "",
        "caption": caption,
        "none": none[:1].upper() + none[1:],
        "unknown": words("back_unknown", n=words.integer(unknown), contacts=words.integer(total)) if unknown else "",
        "dependent": words("back_dependent"),
        "table": behind(page, caption, ("window", "repeat", "share", "interval", "matured", "pending"), (
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
    return behind(page, caption, ("reason", "repeat", "share", "interval", "matured"), (
        (
            words("no_reason") if row["reason"] is None else row["reason"], words.integer(row["repeat"]),
            words.share(row["repeat"], row["n"]), page.limits_of(row, "%"),
            words.integer(row["n"]),
        )
        for row in shown
    ))  # fmt: skip
