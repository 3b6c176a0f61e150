# SPDX-License-Identifier: Apache-2.0
"""What is printed to a terminal: what was read as what, and the scorecard as text, in 80 columns."""

from __future__ import annotations

import os
import re
import textwrap
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import TYPE_CHECKING, Any, TextIO
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from rich.status import Status

    from cxmetrics._recognition.inputs import Column, Input

WIDTH = 80
_KINDS = {"answers": "survey answers", "contacts": "contacts", "queue_log": "queue log"}
_ASCII = str.maketrans(
    {
        "\u2013": "-", "\u2014": "-", "\u2212": "-", "\u00f7": "/", "\u2191": "up", "\u2193": "down",
        "\u2026": "...", "\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u20ac": "EUR",
        "\u2264": "<=", "\u2265": ">=", "\u00d7": "x",
        "\u00b1": "+-", "\u00b7": "-",
    }
)  # fmt: skip

_SPACES = dict.fromkeys((0xA0, 0x202F, 0x2009), " ")  # they hold a number to its unit where lines are cut


def to_ascii(text: str) -> str:
    """Write a text in ASCII: signs by their nearest, letters without their accents, the rest as ``?``."""
    plain = unicodedata.normalize("NFKD", text.translate(_ASCII))
    bare = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return bare.encode("ascii", errors="replace").decode("ascii")


class Printer:
    """One stream, with or without colour, in ASCII where the terminal knows nothing else."""

    def __init__(self, stream: TextIO, color: str = "auto") -> None:
        self.stream = stream
        dumb = os.environ.get("TERM") == "dumb"
        self.terminal = stream.isatty()
        self.colored = color == "always" or (
            color == "auto" and self.terminal and not dumb and not os.environ.get("NO_COLOR")
        )
        self.ascii = dumb or "utf" not in (stream.encoding or "").lower()
        self.lively = self.terminal and not dumb

    def line(self, text: str = "", style: str = "") -> None:
        """Print one line; control characters in it are shown, not sent."""
        text = text.translate(_SPACES)
        text = re.sub(r"[\x00-\x1f\x7f-\x9f]", lambda sign: repr(sign[0])[1:-1], text)
        text = to_ascii(text) if self.ascii else text
        if self.colored and style and text:
            from rich.style import Style

            text = Style.parse(style).render(text)
        print(text, file=self.stream)

    def lines(self, lines: Iterable[tuple[str, str]]) -> None:
        """Print lines with their styles."""
        for text, style in lines:
            self.line(text, style)

    def working(self, text: str) -> AbstractContextManager[Status | None]:
        """Show that work is done, on a terminal that can take it back."""
        if not self.lively:
            return nullcontext()
        from rich.console import Console

        return Console(file=self.stream, no_color=not self.colored).status(text)


def wrapped(text: str, indent: int = 0, hanging: int = 0) -> list[str]:
    """Cut a text into lines of 80 columns."""
    first, next_ = " " * indent, " " * (indent + hanging)
    lines = textwrap.wrap(text, WIDTH, initial_indent=first, subsequent_indent=next_, break_on_hyphens=False)
    return lines or [""]


def what_was_read(inputs: Sequence[Input]) -> list[tuple[str, str]]:
    """Say of each file what it was read as: kind, rows, and each column with its meaning and range."""
    lines: list[tuple[str, str]] = []
    for each in inputs:
        name = "standard input" if each.path == "-" else each.path or "table"
        log = each.kind == "queue_log"
        parts = [_KINDS[each.kind], f"{each.rows:,} {'lines' if log else 'rows'}"]
        if log:
            parts.append(f"{each.table.rows:,} contacts")
        if each.missing:
            parts.append(f"{each.missing:,} missing")
        if each.invalid or each.complete:
            parts.append(f"{each.invalid:,} invalid")
        if not each.complete:
            parts.append("cut off")
        lines += [(line, "bold") for line in wrapped(f"{name}: {', '.join(parts)}", hanging=2)]
        width = max((len(column.meaning) for column in each.columns), default=0)
        for column in each.columns:
            said = [column.name, column.unit, column.zone, _range(column)]
            said.append(f"{column.missing:,} missing" if column.missing else "")
            said.append(f"{column.invalid:,} invalid" if column.invalid else "")
            text = f"{column.meaning.ljust(width)} = {', '.join(part for part in said if part)}"
            lines += [(line, "") for line in wrapped(text, 2, width + 3)]
        for row in each.invalid_rows:
            where = f"{'line' if log else 'row'} {row.row}" + (f", {row.place}" if row.place else "")
            lines += [(line, "red") for line in wrapped(f"invalid: {where}: {row.value}", 2, 2)]
        if each.left_out:
            counts = ", ".join(f"{name} ({count:,})" for name, count in each.left_out.items())
            lines += [(line, "") for line in wrapped(f"left out: {counts}", 2, 2)]
        lines += [(line, "yellow") for note in each.notes for line in wrapped(f"note: {note}", 2, 2)]
    return lines


def _range(column: Column) -> str:
    if column.minimum is None or column.maximum is None:
        return ""
    return f"{_value(column.minimum, column.zone)} to {_value(column.maximum, column.zone)}"


def _value(value: Any, zone: str | None) -> str:
    """Write a number, or an instant by the clock of its zone."""
    if not isinstance(value, str):
        return f"{value:,.6g}" if isinstance(value, float) else f"{value}"
    instant = datetime.fromisoformat(value)
    local = instant.astimezone(ZoneInfo(zone)) if zone and instant.tzinfo else instant
    return f"{local:%Y-%m-%d %H:%M}"


def scorecard_text(document: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Write the scorecard as text: head, sentences, tiles, groups, voice; what is not there is left out."""
    from cxmetrics.page import sections, view

    page = view.Page(document)
    top = sections.head(page)
    lines = [(top["title"], "bold")]
    lines += [(line, "") for line in wrapped(", ".join(text for text in (top["period"], top["zone"]) if text))]
    for text in top["light"]:
        lines += [(line, "") for line in wrapped(text, 0, 2)]
    lines += [("", ""), (sections.short(page)["title"], "bold")]
    for sentence in sections.short(page)["sentences"]:
        lines += [(line, "") for line in wrapped(sentence, 2)]
    for tile in (sections.tiles(page) or {"tiles": []})["tiles"]:
        lines += [("", ""), *_tile(tile)]
    voice = sections.voice(page)
    if voice is not None:
        lines += [("", ""), *_voice(voice)]
    groups = sections.groups(page)
    for each in [groups, *groups["also"]] if groups is not None else []:
        lines += [("", ""), *_groups(each)]
    return lines


def _tile(tile: Mapping[str, Any]) -> list[tuple[str, str]]:
    lines: list[tuple[str, str]] = []
    if tile["trio"]:
        lines.append((tile["title"], "bold"))
        width = max(len(name) for name, _, _ in tile["trio"])
        for name, value, interval in tile["trio"]:
            lines.append((f"  {name.ljust(width)}  {value:>9}  {interval}".rstrip(), ""))
    else:
        lines.append((f"{tile['title']}: {tile['value']}", "bold"))
    said = [tile.get("interval", ""), tile["n"], *tile.get("also", ())]
    lines += [(line, "") for line in wrapped(", ".join(text for text in said if text), 2)]
    lines += [(line, "dim") for line in wrapped(tile["formula"], 2)]
    lines += [(line, "") for line in wrapped(_change(tile["change"]), 2)]
    return lines


def _change(change: Mapping[str, Any]) -> str:
    if change["sure"]:
        return f"{change['arrow']} {change['size']}: {change['text']}; {change['against']}"
    return "; ".join(text for text in (change["text"], change.get("against", "")) if text)


def _voice(voice: Mapping[str, Any]) -> list[tuple[str, str]]:
    lines = [(f"NPS: {voice['value']}", "bold")]
    said = [", ".join(text for text in (voice["interval"], voice["n"]) if text), voice["missing"], voice["invalid"]]
    lines += [(line, "") for line in wrapped(". ".join(text.rstrip(".") for text in said if text), 2)]
    kinds = [f"{count} {word}{f' ({share})' if share else ''}" for _, word, count, share in voice["groups"]]
    lines += [(line, "") for line in wrapped(", ".join(kinds), 2)]
    lines += [(line, "dim") for line in wrapped(voice["formula"], 2)]
    lines += [(line, "") for line in wrapped(_change(voice["change"]), 2)]
    for each in voice["splits"]:
        rows = [
            f"{name} {points}{f' ({interval})' if interval else ''}" for name, points, interval in each["parts"]["rows"]
        ]
        lines += [(line, "") for line in wrapped(f"{each['parts']['caption']}: {'; '.join(rows)}", 2)]
    return lines


def _groups(groups: Mapping[str, Any]) -> list[tuple[str, str]]:
    value, contacts, people = groups["columns"]
    table = [[groups["head"], value, "", contacts, people]]
    table += [[row["name"], row["value"], row["interval"], row["n"], row["people"]] for row in groups["rows"]]
    name = min(max(len(row[0]) for row in table), 24)
    widths = [name, *(max(len(row[i]) for row in table) for i in range(1, 5))]
    lines = [(line, "bold") for line in wrapped(groups["title"])]
    lines += [(line, "dim") for line in wrapped(groups["caption"].partition(". ")[0], 2)]
    for row in table:
        label = row[0] if len(row[0]) <= name else row[0][: name - 3] + "..."
        cells = [
            label.ljust(name),
            *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)),
        ]
        lines.append(("  " + "  ".join(cells).rstrip(), ""))
    lines += [(line, "dim") for line in wrapped(groups["note"], 2) if line]
    return lines
