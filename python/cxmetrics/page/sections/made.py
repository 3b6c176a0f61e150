# SPDX-License-Identifier: Apache-2.0
"""How each figure was made."""

from __future__ import annotations

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
        "figures": [_figure(page, result) for result in document["results"]],
        "tables": [table for table in (files, columns) if table["rows"]],
        "invalid": [_invalid_rows(page, each) for each in inputs if each["invalid_rows"]],
        "notes_title": words("made_notes"),
        "notes": document["notes"] or [words("made_no_notes")],
        "command_title": words("made_command"),
        "command": document["command"],
        "version": words("made_version", version=document["version"], schema=document["schema"]),
    }


def _figure(page: Page, result: Row) -> Section:
    """Return one figure with its title, value and the lines that defend it."""
    words = page.words
    left = [
        words(f"left_{key}", n=words.integer(result[key]))
        for key in ("excluded", "invalid", "missing", "pending")
        if result[key]
    ]
    interval = page.interval_of(result)
    lines = [
        ("made_interval", f"{interval}, {result['interval']['method']}" if interval else ""),
        ("col_formula", result["formula"]),
        (
            "col_parameters",
            ", ".join(f"{name} {text_of(value)}" for name, value in result["parameters"].items()),
        ),
        (
            "col_counts",
            ", ".join(f"{name} {words.integer(count)}" for name, count in result["counts"].items()),
        ),
        ("col_left_out", ", ".join(left) or words("made_nothing")),
        ("made_notes", "; ".join(result["notes"])),
        ("col_source", result["source"]),
    ]
    return {
        "title": result["title"],
        "name": result["name"],
        "value": f"{page.share_of(result)}, {words('n', n=words.integer(result['n']))}",
        "lines": [(words(key), text) for key, text in lines if text],
    }


def _invalid_rows(page: Page, each: Row) -> Section:
    words, rows = page.words, each["invalid_rows"]
    caption = words("made_invalid", count=words.integer(len(rows)), n=words.integer(each["invalid"]))
    names = [words("col_row"), words("col_column"), words("col_value")]
    return table(f"{each['path'] or words('in_memory')}: {caption}", names,
                  ((row["row"], row["column"], row["value"]) for row in rows))  # fmt: skip
