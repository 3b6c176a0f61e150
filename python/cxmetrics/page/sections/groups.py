# SPDX-License-Identifier: Apache-2.0
"""The service level of each group."""

from __future__ import annotations

from typing import Any

from cxmetrics.page import figures
from cxmetrics.page.sentences import Row
from cxmetrics.page.view import GROUPS, Page, Section, dot, more_groups
from cxmetrics.page.words import FEW, SMALL


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
        "note": more_groups(page, rows),
        "caption": words(
            "groups_caption", formula=page.formula[0].upper() + page.formula[1:], level=page.level, within=page.within
        ),
        "head": words.known(f"by_{by}", by),
        "scale": [words.decimal(end, 0) for end in scale],
        "columns": [words("col_value"), words("col_contacts"), words("col_late")],
        "rows": [
            {
                "name": words("unknown_group") if row["group"] is None else row["group"],
                "picture": dot(page, row, scale, all_of_them, "%"),
                "value": page.level_of(row),
                "interval": page.limits_of(row, "%"),
                "n": words.integer(row["contacts"]),
                "people": words.integer(row["beyond"]),
                "grey": row["n"] < SMALL,
            }
            for row in rows[:GROUPS]
        ],
    }
