# SPDX-License-Identifier: Apache-2.0
"""Four figures, each with its interval, its counts and its change."""

from __future__ import annotations

from collections.abc import Sequence

from cxmetrics.page.sentences import Row
from cxmetrics.page.view import HITS, Page, Section
from cxmetrics.page.words import FEW, SMALL


def tiles(page: Page) -> Section | None:
    """Return the tiles whose figures are there."""
    made = [tile for tile in (_level_tile(page), _wait_tile(page), _abandonment_tile(page), _fcr_tile(page)) if tile]
    return {"title": page.words("key_figures"), "tiles": made} if made else None


def _tile(page: Page, result: Row, title: str, formula: str, n: str, also: Sequence[str] = ()) -> Section:
    words, value = page.words, page.share_of(result)
    hits = HITS[result["metric"]](result)
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
    more = "above" in result["counts"]  # the formula also counts others than the answered as in time
    title = words("tile_service_level_above" if more else "tile_service_level", within=page.within)
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
    if longest["max"] is not None:
        trio.append((words("longest"), words.duration(longest["max"]), ""))
    return {
        "title": words("tile_wait"),
        "trio": trio,
        "value": words("no_contacts"),
        "few": True,
        "interval": "",
        "n": words("n_wait" if trio[1:] else "n", n=words.integer(row["n"]), level=page.level),
        "formula": page.formula_of("wait_time"),
        "also": (),
        "change": page.change("wait_time"),
        "grey": row["n"] < SMALL,
    }


def _quantile_interval(page: Page, row: Row, key: str) -> str:
    return page.words.interval(row[f"{key}_low"], row[f"{key}_high"], "s")
