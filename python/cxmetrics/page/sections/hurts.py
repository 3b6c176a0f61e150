# SPDX-License-Identifier: Apache-2.0
"""When it hurts: the half hours of day and week."""

from __future__ import annotations

from markupsafe import Markup

from cxmetrics.page import figures
from cxmetrics.page.sentences import Row, half_hour_after
from cxmetrics.page.view import Page, Section, behind
from cxmetrics.page.words import FEW, SMALL


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
    columns = ("weekday", "start", *_level_columns(page))
    section: Section = {
        "title": words("hurts"),
        "profile": None,
        "heat": {
            "picture": Markup(figures.heat(cells, words, caption)),
            "caption": caption,
            "scale": _heat_scale() if any(row["n"] >= SMALL for row in cells) else [],
            "table": behind(page, caption, columns, (
                (words.weekday(row["weekday"]), row["start"], *_level_cells(page, row)) for row in cells
            )),
        },
        "worst_title": words("worst" if len(worst) == 5 else "worst_few", within=page.within),
        "worst_columns": [words("worst_people", within=page.within), words("worst_offered"), words("worst_dates")],
        "worst": [
            {
                "when": f"{words.weekday(row['weekday'])} {row['start']}\u2013{half_hour_after(row['start'])}",
                "people": words.integer(row["beyond"]),
                "n": words.integer(row["offered"]),
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
            "table": behind(page, caption, ("start", *columns[2:], "interval"), (
                (row["start"], *_level_cells(page, row), page.limits_of(row, "%")) for row in half_hours
            )),
        }  # fmt: skip
    return section


def _level_columns(page: Page) -> tuple[str, ...]:
    """Name the columns of a half hour: the people, what another formula than of all offered counts, and the figure."""
    counted = () if page.settings["formula"] == "offered" else ("above", "n")
    return ("contacts", "within", "people", *counted, "value")


def _level_cells(page: Page, row: Row) -> tuple[str, ...]:
    known = {**row, "people": row["beyond"]}
    return (*(page.words.integer(known[column]) for column in _level_columns(page)[:-1]), page.level_of(row))


def _heat_scale() -> list[tuple[str, str]]:
    breaks = [100, *figures.HEAT_BREAKS, 0]
    return [(f"h{index}", f"{breaks[index + 1]}\u2013{breaks[index]}") for index in range(len(breaks) - 1)]
