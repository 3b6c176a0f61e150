# SPDX-License-Identifier: Apache-2.0
"""Columns of which more is invalid than chance spoils."""

from __future__ import annotations

from typing import Any

from cxmetrics._options import Refusal
from cxmetrics._recognition.cut import absent, shown
from cxmetrics._recognition.meanings import CHECKS, MEANINGS, by_values
from cxmetrics._recognition.persons import is_hidden
from cxmetrics._recognition.rows import Rows, listed

DECIDING = ("score", "outcome", "answered")  # whose missing values are the missing rows of a table
ENOUGH = 20  # values below which a share of invalid ones says nothing
SPOILT_MANY, SPOILT_MOST = 0.05, 0.5  # shares of a column that are noted, and that are refused


def spoilt(table: Any, name: str, rows: Rows | None, *, hashed: bool) -> list[str]:
    """Say so where more values of a column are invalid than chance spoils; refuse it where most are."""
    notes = []
    for reading in table.readings.values():
        present = reading.rows - reading.missing
        if not reading.invalid or (reading.invalid < present < ENOUGH):
            continue
        share = reading.invalid / present
        what = (
            f"{reading.invalid:,} of {present:,} values of {reading.name} ({reading.source}) are invalid ({share:.0%})"
        )
        if share > SPOILT_MOST:
            first = "" if is_hidden(reading.name, hashed=hashed) else _first_invalid(table, reading)
            raise Refusal(f"{name}: {what}{first}; {_what_to_try(reading, rows)}")
        if share > SPOILT_MANY:
            notes.append(f"{what}: what needs them leaves such rows out")
    return notes


def _first_invalid(table: Any, reading: Any) -> str:
    """Write where the first invalid value stands, and the value."""
    row = int(absent(table.read(reading.name).values)[1].argmax())
    return f", the first in row {row + 1}: {shown(table, reading.source.split(' + '), row)}"


def _what_to_try(reading: Any, rows: Rows | None) -> str:
    """Say what may be meant where most values of a column are invalid."""
    check = next((each.values for each in MEANINGS if each.name == reading.name), "id")
    others = [] if rows is None else by_values(check, (rows.profile(each) for each in rows.names))
    said: str = {
        "instant": "say how they are written, like --time-format dmy, mdy, ymd or '%y%m%d %H:%M:%S'",
        "duration": "say their unit, like --map wait=COLUMN:s",
    }.get(check, "")
    if check in ("score", "instant", "duration") and (fit := [each for each in others if each != reading.source]):
        said += f"{', or' if said else 'say'} which column it is; {CHECKS[check][0]} are in {listed(fit)}"
    leave = "" if reading.name in DECIDING else f"; to leave it unread: --map {reading.name}=none"
    return f"{said or f'it should hold {CHECKS[check][0]}'}{leave}"
