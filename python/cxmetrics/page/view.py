# SPDX-License-Identifier: Apache-2.0
"""What the sections of the page share: the document in its words, and how figures, tables and groups are written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from . import figures
from .sentences import Facts, Row, change_size, is_clear, row_span
from .words import FEW, Words, text_of

__all__ = ["GROUPS", "HITS", "Page", "Section", "behind", "dot", "more_groups", "table"]

HITS: dict[str, Callable[[Row], int]] = {
    "service_level": lambda r: r["counts"].get("above", r["counts"]["answered_within"]),
    "abandonment": lambda r: r["counts"]["abandoned"],
    "first_contact_resolution": lambda r: r["n"] - r["counts"]["repeat"],
    "response_rate": lambda r: r["counts"]["answered"],
    "transfer_rate": lambda r: r["counts"]["transferred"],
}
GROUPS = 40  # the page shows no more of one key; the JSON has all
Section = dict[str, Any]


def kinds_of(facts: Facts) -> list[str]:
    """Return what the numbers count where calls went through several queues: a call that did is several stays.

    A law follows the customer through all queues, so that the figures of its service level count contacts.
    """
    if not any(row["legs"] > 1 for row in facts.rows("legs")):
        return []
    level = facts.result("service_level")
    law = level is not None and level["parameters"].get("clock") == "contact"
    return ["stays"] if law else ["stays", "level_stays"]


class Page:
    """One document with the words it is written in: what every section starts from."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        self.facts = Facts(document)
        self.settings = document["settings"]
        self.words = Words(document["language"], kinds_of(self.facts))
        self.within = self.words.duration(self.settings["within_seconds"])
        self.level = self.words.level(self.settings["level"])
        self.formula = self.formula_of("service_level", self.settings["formula"], fallback=self.settings["formula"])

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
        if result["metric"] in HITS:
            return words.share(HITS[result["metric"]](result), result["n"])
        return words.value(result["value"], result["unit"])

    def few_answers(self, counts: Row, n: int) -> str:
        """Write an NPS of fewer than ten answers as what it is made of."""
        words = self.words
        return words(
            "counts_nps", promoters=words.integer(counts["promoters"]), detractors=words.integer(counts["detractors"]),
            n=words.integer(n),
        )  # fmt: skip

    def level_of(self, row: Row) -> str:
        """Write the service level of a row of a table, by the formula of the page."""
        return self.words.share(row["above"], row["n"], empty="none_counted" if row["contacts"] else "no_contacts")

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
        now, before = (row_span(row, side, words, short=True) for side in ("", "baseline_"))
        against = words("change_against", period=now, baseline=before)
        kind = "s" if row["unit"] == "s" else "points"
        low, high = words.limits(row["low"], row["high"], kind)
        interval = words("interval", level=self.level, low=low, high=high)
        if not is_clear(row):
            return {"sure": False, "text": f"{words('change_unclear')}: {interval}", "against": against}
        arrow = "\u2191" if row["value"] > 0 else "\u2193"
        size = change_size(row, words) + (f" ({words('change_of_p50')})" if row["unit"] == "s" else "")
        return {"sure": True, "arrow": arrow, "size": size, "text": interval, "against": against}


def table(caption: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Section:
    """Return a table as its template needs it."""
    return {
        "caption": caption,
        "columns": list(columns),
        "rows": [[text_of(cell) for cell in row] for row in rows],
    }


def behind(page: Page, caption: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Section:
    """Return the table behind a picture; a column is named by its place in the catalogue."""
    names = [page.words(f"col_{column}", within=page.within, level=page.level) for column in columns]
    return table(caption, names, rows)


def more_groups(page: Page, rows: Sequence[Row]) -> str:
    """Say how many groups are not shown."""
    return page.words.counted("groups_more", len(rows) - GROUPS) if len(rows) > GROUPS else ""


def dot(page: Page, row: Row, scale: tuple[float, float], total: float | None, unit: str) -> str:
    """Draw a group's figure with its interval; of fewer than ten there is no picture."""
    if row["n"] < FEW:
        return ""
    label = f"{page.words.value(row['value'], unit)}, {page.limits_of(row, unit)}"
    return Markup(figures.dot(row, scale, total, label))
