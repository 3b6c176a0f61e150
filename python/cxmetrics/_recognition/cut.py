# SPDX-License-Identifier: Apache-2.0
"""What typed tables hold: rows cut to a period, and rows that could not be read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from cxmetrics._reading import Read
from cxmetrics._source import Source
from cxmetrics._tables import HIGHEST_ABSENT, moment

Array = np.ndarray[Any, Any]


def kept(table: Any, period: tuple[int, int]) -> tuple[Any, Array, int]:
    """Return the part of a typed table whose clock is in a period, its row numbers, and rows without time."""
    clock = table.clock()
    present = clock > HIGHEST_ABSENT
    keep = present & (clock >= period[0]) & (clock < period[1])
    rows = int(keep.sum())

    def column(name: str) -> Callable[[], Any]:
        def make() -> Any:
            codes, labels = table.key(name)
            return [labels[code] if code >= 0 else None for code in codes[keep]]

        return make

    def reader(name: str) -> Callable[[], Read]:
        def read() -> Read:
            whole = table.keyed(name)
            values = whole.values[keep]
            missing, invalid = absent(values)
            counts = {"missing": int(missing.sum()), "invalid": int(invalid.sum())}
            reading = replace(whole.reading, rows=rows, first_invalid=None, **counts, **_span(whole, values))
            keys = None if whole.keys is None else (whole.keys[0][keep], whole.keys[1])
            cut: Read = replace(whole, held=values, reading=reading, keys=keys)
            return cut

        return read

    names = [name for name in table.names if name in table.readings]
    source = Source({name: column(name) for name in table.source.names}, rows)
    cut = table.like(source, {name: reader(name) for name in names})
    return cut, keep.nonzero()[0], int((~present).sum())


def _span(whole: Any, values: Any) -> dict[str, Any]:
    """Return the least and the greatest value of a part of a column, in the terms of the whole one."""
    low = whole.reading.minimum
    present = values[values > HIGHEST_ABSENT] if values.dtype.itemsize == 8 else values[values >= 0]
    if low is None or not len(present):
        return {"minimum": None, "maximum": None}
    ends = (int(present.min()), int(present.max()))
    if isinstance(low, datetime):
        least, greatest = (moment(end, naive=whole.reading.naive) for end in ends)
        return {"minimum": least, "maximum": greatest}
    if isinstance(low, timedelta):
        return {"minimum": timedelta(microseconds=ends[0]), "maximum": timedelta(microseconds=ends[1])}
    return {"minimum": ends[0], "maximum": ends[1]}


def absent(values: Any) -> tuple[Any, Any]:
    """Return which values of a canonical column are missing and which are invalid."""
    if values.dtype == np.int32:  # codes of keys
        return values == -1, values == -2
    unsigned = values.dtype.kind == "u"
    first = np.iinfo(values.dtype).max if unsigned else np.iinfo(values.dtype).min
    return values == first, values == (first - 1 if unsigned else first + 1)


def invalid_rows(table: Any, whole: Any, numbers: Array | None = None) -> list[tuple[int, str, str]]:
    """Return every row with a value that could not be read: its number from 1, the column, and the value.

    Only the first five have their value. `whole` is the table that was cut, `numbers` the rows that it kept.
    """
    found: dict[int, list[str]] = {}
    for name, reading in table.readings.items():
        if reading.invalid:
            for row in absent(table.read(name).values)[1].nonzero()[0].tolist():
                found.setdefault(row if numbers is None else int(numbers[row]), reading.source.split(" + "))
    rows = sorted(found)
    return [(row + 1, " + ".join(found[row]), shown(whole, found[row], row) if row in rows[:5] else "") for row in rows]


def shown(table: Any, names: list[str], row: int) -> str:
    """Write what stands in some columns of a row, counted from 0."""
    return ", ".join(table.source.column(name).show(row) for name in names if name in table.source.names)
