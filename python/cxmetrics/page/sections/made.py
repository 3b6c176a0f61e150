# SPDX-License-Identifier: Apache-2.0
"""How each figure was made."""

from __future__ import annotations

from collections.abc import Sequence

from cxmetrics.page.notes import note_of
from cxmetrics.page.sentences import Row
from cxmetrics.page.view import Page, Section, table
from cxmetrics.page.words import text_of


def made(page: Page) -> Section:
    """Return what is needed to defend every figure, and to make the page again."""
    words, document = page.words, page.document
    inputs = document["inputs"]
    files = table(
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
    columns = table(
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
        "kinds": _kinds(page, document["results"]),
        "tables": [table for table in (files, columns) if table["rows"]],
        "invalid": [_invalid_rows(page, each) for each in inputs if each["invalid_rows"]],
        "notes_title": words("made_notes"),
        "notes": [note_of(note, words) for note in document["notes"]] or [words("made_no_notes")],
        "command_title": words("made_command"),
        "command": document["command"],
        "version": words("made_version", version=document["version"], schema=document["schema"]),
    }


def _kinds(page: Page, results: Sequence[Row]) -> list[Section]:
    """Return the figures by metric: the one that the page shows first, and the others of its kind to be opened."""
    mine: dict[str, list[Row]] = {}
    for result in results:
        mine.setdefault(result["metric"], []).append(result)
    week = f"first_contact_resolution_{page.settings['window_days']}d"
    kinds = []
    for metric, found in mine.items():
        first = next((each for each in found if each["name"] == week), found[0])
        others = [_figure(page, each) for each in found if each is not first]
        key = f"made_more_{metric}"
        more = page.words.known(key, page.words("made_more"), n=page.words.integer(len(others)))
        kinds.append({"first": _figure(page, first), "more": more, "others": others})
    return kinds


def _figure(page: Page, result: Row) -> Section:
    """Return one figure with its title, value and the lines that defend it."""
    words = page.words
    left = [
        words(f"left_{key}", n=words.integer(result[key]))
        for key in ("excluded", "invalid", "missing", "pending")
        if result[key]
    ]
    interval = page.interval_of(result)
    within, days = _within(page, result), _days(result)
    method = result["interval"]["method"] if interval else ""
    lines = [
        ("made_interval", f"{interval}, {words.known(f'method_{method}', method)}" if interval else ""),
        ("col_formula", _formula(page, result, within, days)),
        ("col_parameters", ", ".join(f'{name}="{text_of(value)}"' for name, value in result["parameters"].items())),
        (
            "col_counts",
            ", ".join(
                f"{words.integer(count)} {words.known(f'count_{name}', name, within=within)}"
                for name, count in result["counts"].items()
            ),
        ),
        ("col_left_out", ", ".join(left) or words("made_nothing")),
        ("made_notes", "; ".join(note_of(note, words) for note in result["notes"])),
        ("col_source", result["source"]),
    ]
    return {
        "title": _title(page, result, within, days),
        "name": result["name"],
        "value": f"{page.share_of(result)}, {words('n', n=words.integer(result['n']))}",
        "lines": [(words(key), text) for key, text in lines if text],
    }


def _title(page: Page, result: Row, within: str, days: int) -> str:
    """Name a figure: by its own name where there is such a title, otherwise by its metric."""
    metric, text = f"title_{result['metric']}", result["title"]
    for key in (metric, *([f"{metric}_one"] if days == 1 else ()), f"title_{result['name']}"):
        text = page.words.known(key, text, within=within, days=days)
    return str(text)


def _formula(page: Page, result: Row, within: str, days: int) -> str:
    """Write the formula of a figure in words; one that the catalogue does not have stands as the document has it."""
    told = result["parameters"]
    which = "contact" if told.get("clock") == "contact" else told.get("formula", told.get("of"))
    which = "one" if days == 1 else which
    key = f"formula_{result['metric']}" + (f"_{which}" if which else "")
    return page.words.known(key, result["formula"], within=within, days=days)


def _within(page: Page, result: Row) -> str:
    """Write the threshold of a figure: that of the page, or a law's own."""
    seconds = page.settings["within_seconds"]
    for row in page.facts.rows("formulas"):
        if row["formula"] == result["parameters"].get("formula"):
            seconds = row["within_seconds"]
    return page.words.duration(seconds)


def _days(result: Row) -> int:
    window = result["parameters"].get("window", "")
    return int(window.removesuffix("d")) if window.endswith("d") else 0


def _invalid_rows(page: Page, each: Row) -> Section:
    words, rows = page.words, each["invalid_rows"]
    caption = words("made_invalid", count=words.integer(len(rows)), n=words.integer(each["invalid"]))
    names = [words("col_row"), words("col_column"), words("col_value")]
    return table(f"{each['path'] or words('in_memory')}: {caption}", names,
                  ((row["row"], row["column"], row["value"]) for row in rows))  # fmt: skip
