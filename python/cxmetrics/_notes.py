# SPDX-License-Identifier: Apache-2.0
"""What is odd but legal in a column: sentences that travel with every result made from it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from cxmetrics import _core
from cxmetrics._tables import HIGHEST_ABSENT

if TYPE_CHECKING:
    from cxmetrics._source import Source

DAY = 86_400_000_000
HOUR = 3_600_000_000
ENOUGH = 20  # rows below which a share says nothing
_SAMPLE = 100_000
_PERIOD_NAME = re.compile(r"qtr|quarter|kwart|month|maand|period", re.IGNORECASE)
_QUARTER = re.compile(r"(?:(\d{4})\W*)?[QK]([1-4])(?:\W*(\d{4}))?", re.IGNORECASE)
_YEAR_MONTH = re.compile(r"(\d{4})-(\d{2})")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_NAME = re.compile(r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*", re.IGNORECASE)

Array = np.ndarray[Any, Any]


def of_instants(name: str, found: Mapping[str, Any], times: _core.Unread | Array, tz: str | None) -> list[str]:
    """Say what is odd about the times of a column, from what a look at all of them has found."""
    notes = []
    if found["ambiguous"]:
        notes.append(
            f'local times of "{name}" that came twice when the clock went back: {found["ambiguous"]:,}; '
            "the earlier was taken"
        )
    if found["nonexistent"]:
        notes.append(
            f'local times of "{name}" that were jumped over when the clock went forward: {found["nonexistent"]:,}; '
            "they were shifted forward"
        )
    zone = None if found["naive"] else tz
    present, at_midnight = _present(found), found["midnights"]
    if present < ENOUGH:
        return notes
    if at_midnight == present:
        notes.append(f'all times of "{name}" are at 00:00:00: they are dates, and say nothing of the time of day')
    elif at_midnight * 20 > present:
        notes.append(
            f'{at_midnight:,} of {present:,} times of "{name}" are at exactly 00:00:00: '
            "are these dates without a time, or a way of writing none?"
        )
    else:
        notes += _last_day(name, times, int(found["greatest"]), zone)
    return notes


def found_in(values: Array, zone: str | None = None) -> dict[str, Any]:
    """Return what a look at a column finds, of instants or durations that no door has read."""
    present = values[values > HIGHEST_ABSENT]
    return {
        "rows": len(present), "missing": 0, "invalid": 0, "excluded": 0,
        "ambiguous": 0, "nonexistent": 0, "naive": False, "greatest": int(present.max(initial=0)),
        "midnights": 0 if zone is None else int((_day_starts(present, zone) == present).sum()),
        "zeros": int((present == 0).sum()), "longer": int((present > HOUR).sum()),
    }  # fmt: skip


def _day_starts(times: Array, zone: str | None) -> Array:
    if zone is None:
        midnights: Array = times - times % DAY
        return midnights
    starts: Array = _core.bucket_starts(np.ascontiguousarray(times), "1d", zone, "mon")
    return starts


def _present(found: Mapping[str, Any]) -> int:
    return int(found["rows"] - found["missing"] - found["invalid"] - found["excluded"])


def _last_day(name: str, times: _core.Unread | Array, last: int, zone: str | None) -> list[str]:
    """Say so where the last day ends earlier than any other and has fewer rows than most."""
    step = max(1, len(times) // _SAMPLE)
    sample = times[::step] if isinstance(times, np.ndarray) else times.sample(step)
    sample = sample[sample > HIGHEST_ABSENT]
    starts = _day_starts(np.append(sample, last), zone)
    days = (starts - starts.min() + DAY // 2) // DAY
    count = int(days.max()) + 1
    if count > 100_000:
        return []
    rows = np.bincount(days, minlength=count)
    ends = np.zeros(count, dtype=np.int64)
    np.maximum.at(ends, days, np.append(sample, last) - starts)
    others = (rows > 0) & (np.arange(count) < count - 1)
    alike = others & (np.arange(count) % 7 == (count - 1) % 7)  # the same weekday, where there are enough of them
    compared = alike if np.count_nonzero(alike) >= 3 else others
    if np.count_nonzero(compared) < 3 or rows[-1] * 2 >= np.median(rows[compared]):
        return []
    if ends[-1] + HOUR >= ends[compared].min():
        return []
    clock = int(ends[-1]) // 60_000_000
    return [f'the last day of "{name}" ends at {clock // 60:02}:{clock % 60:02} and looks cut off']


def of_waits(name: str, found: Mapping[str, Any], waits: _core.Unread | Array) -> list[str]:
    """Say what is odd about the waits of a column, from what a look at all of them has found."""
    present, zeros, longer = _present(found), found["zeros"], found["longer"]
    if present < ENOUGH:
        return []
    notes = []
    if zeros * 3 > present:
        notes.append(f'{zeros:,} of {present:,} waits in "{name}" are 0: does 0 mean that nobody waited?')
    if longer >= present - present // 2:  # the value in the middle is one of them
        values = waits if isinstance(waits, np.ndarray) else waits.values()
        middle = int(np.partition(values[values > HIGHEST_ABSENT], present // 2)[present // 2])
        notes.append(f'the median of "{name}" is {middle / HOUR:,.1f} h: is the unit right?')
    return notes


def of_periods(source: Source, name: str, times: _core.Unread, tz: str | None) -> list[str]:
    """Say so where a column of periods (Qtr = Q1) names other months than the times do."""
    notes = []
    for other in source.names:
        if other != name and _PERIOD_NAME.search(other):
            notes += _contradictions(source.column(other), name, times, tz)
    return notes


def _contradictions(column: _core.Column, name: str, unread: _core.Unread, tz: str | None) -> list[str]:
    if column.meaning != "text":
        return []
    keys = _core.encode_keys([column], [""])
    if len(keys) > 200:
        return []
    months = [_months_of(label) for label in keys.labels]
    if not any(months):
        return []
    times = unread.values()
    usable = (times > HIGHEST_ABSENT) & (keys.codes >= 0)
    local = times[usable] if tz is None else _core.local_times(times[usable], tz)
    month = local.astype("datetime64[us]").astype("datetime64[M]").astype(np.int64)
    codes = keys.codes[usable]
    for code, allowed in enumerate(months):
        if allowed is None:
            continue
        found = sorted({int(each) for each in np.unique(month[codes == code])})
        wrong = [each for each in found if not allowed(each)]
        if wrong:
            rows = int(np.count_nonzero(np.isin(month[codes == code], wrong)))
            shown = ", ".join(str(np.datetime64(each, "M")) for each in wrong[:3]) + (", ..." if len(wrong) > 3 else "")
            return [
                f'"{column.name}" = {keys.labels[code]} contradicts "{name}": {rows:,} of its rows lie in '
                f"{shown}; "
                f'group by "{name}" instead'
            ]
    return []


def _months_of(label: str) -> Any:
    """Return what says whether a month, counted from 1970-01, is in a period; None for no period."""
    if match := _QUARTER.fullmatch(label.strip()):
        year, quarter = match[1] or match[3], int(match[2]) - 1
        return lambda month: month % 12 // 3 == quarter and (year is None or 1970 + month // 12 == int(year))
    if match := _YEAR_MONTH.fullmatch(label.strip()):
        return lambda month: month == (int(match[1]) - 1970) * 12 + int(match[2]) - 1
    if match := _MONTH_NAME.fullmatch(label.strip()):
        return lambda month: month % 12 == _MONTHS.index(match[1].lower())
    return None
