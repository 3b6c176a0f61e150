# SPDX-License-Identifier: Apache-2.0
"""The same calls under every formula of a service level."""

from __future__ import annotations

from cxmetrics.page.view import Page, Section


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
