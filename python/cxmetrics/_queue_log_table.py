# SPDX-License-Identifier: Apache-2.0
"""The table of a queue_log in a database, as the lines that Asterisk would have written to a file."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from cxmetrics import _core
from cxmetrics._readers import Rules
from cxmetrics._recognition.persons import is_hidden
from cxmetrics._source import Source
from cxmetrics._tables import ABSENT, HIGHEST_ABSENT

FIELDS = ("callid", "queuename", "agent", "event")
DATA = ("data1", "data2", "data3", "data4", "data5")
_IDS = {
    "callid": "contact",
    "data2": "customer",  # of ENTERQUEUE; other events have no value there that reads as a spoilt number
}
_SECOND = 1_000_000
_QUARTER = 900 * _SECOND  # every zone changes its clock at a quarter of an hour of UTC
_STEP_BACK = 300 * _SECOND  # more than lines are ever out of order, less than a clock is put back

Array = np.ndarray[Any, Any]


def lines_of(
    source: Source, tz: str | None, time_format: str | None, *, hashed: bool
) -> tuple[bytes, Array, list[str]]:
    """Return the rows as lines in the order of time, the row of each line, and what is odd about the times.

    Raises
    ------
    ColumnError
        A column is not there; an id that a float or a spreadsheet has spoilt.
    UnitError
        The times have no zone, and none is given.
    """
    names = columns_of(source.names)
    if missing := absent_columns(source.names):
        raise _core.ColumnError(
            f"the {source.label} is no queue_log: it has no column {', '.join(missing)}; Asterisk's table has "
            f"time, {', '.join(FIELDS)} and data1 to data5, or one column data"
        )
    rules = Rules(source, tz, time_format, (), "count", {"time": "s"}, ("time",))
    times = rules.instants("time", [names["time"]]).read()
    if times.reading.naive:
        raise _core.UnitError(
            f'column "{names["time"]}" holds times without a zone, which Asterisk writes as its own clock shows '
            'them: say where it stands, tz="Europe/Amsterdam" (tz="UTC" with queue_log_realtime_use_gmt)'
        )
    notes = list(times.notes)
    order = _by_id(source, names)
    at = times.values[order]
    at, second_ones = _in_their_order(at, rules.tz)
    if second_ones:
        notes.append(f"{second_ones:,} of them come after the clock had gone back, by their order: the later was taken")
    in_time = np.argsort(np.where(at > HIGHEST_ABSENT, at, np.iinfo(np.int64).max), kind="stable")
    columns = [_texts(source, names[name], meaning=_IDS.get(name), hashed=hashed) for name in FIELDS]
    last = ("data",) if "data" in names else tuple(name for name in DATA if name in names)
    columns += [
        _texts(source, names[name], pipes=name in ("data", "data5"), meaning=_IDS.get(name), hashed=hashed)
        for name in last
    ]
    rows = order[in_time]
    stamps = [
        f"{us // _SECOND}.{us % _SECOND:06d}" if us > HIGHEST_ABSENT else "no time" for us in at[in_time].tolist()
    ]
    fields = [[texts[row] for row in rows.tolist()] for texts in columns]
    text = "\n".join("|".join(line) for line in zip(stamps, *fields, strict=True))
    return text.encode("utf-8", "replace"), rows, notes


def columns_of(names: Iterable[str]) -> dict[str, str]:
    """Return the columns of a table by what Asterisk calls them, in whatever letters they are written."""
    return {name.strip().lower(): name for name in names}


def absent_columns(names: Iterable[str]) -> list[str]:
    """Return the columns of a queue_log that a table does not have."""
    there = columns_of(names)
    missing = [name for name in ("time", *FIELDS) if name not in there]
    return missing if {"data", "data1"} & set(there) else [*missing, "data1 to data5, or data"]


def _by_id(source: Source, names: dict[str, str]) -> Array:
    """Return the rows as they were written: by the number that the database gave them, else as they stand."""
    if "id" in names:
        keys = _core.encode_keys([source.column(names["id"])], [])
        if len(keys.labels) == source.rows and all(str(label).isdecimal() for label in keys.labels):
            return np.argsort(np.array([int(label) for label in keys.labels])[keys.codes], kind="stable")
    return np.arange(source.rows)


def _in_their_order(at: Array, tz: str | None) -> tuple[Array, int]:
    """Put the second of two ambiguous hours an hour later: where the rows show that the clock went back.

    The door takes the earlier of two instants; within such an hour the times then step back once, when the
    clock did. Without a row on either side of the step nothing shows it, and the earlier one stands.
    """
    if tz is None or not len(at):
        return at, 0
    zone, at, moved = ZoneInfo(tz), at.copy(), 0
    quarters = np.where(at > HIGHEST_ABSENT, at - at % _QUARTER, ABSENT)
    shifts = {int(each): _shift(int(each), zone) for each in np.unique(quarters) if each != ABSENT}
    ambiguous = np.array([shifts.get(int(each), 0) for each in quarters], dtype=np.int64)
    places = np.flatnonzero(ambiguous)
    for run in np.split(places, np.flatnonzero(np.diff(places) > 1) + 1):
        steps = np.flatnonzero(np.diff(at[run]) < -_STEP_BACK)
        if len(steps):
            later = run[steps[0] + 1 :]
            at[later] += ambiguous[later]
            moved += len(later)
    return at, moved


def _shift(us: int, zone: ZoneInfo) -> int:
    """Return how much later the same local time comes again, 0 where it does not."""
    local = datetime.fromtimestamp(us // _SECOND, zone)
    first, second = (local.replace(fold=fold).utcoffset() or timedelta(0) for fold in (0, 1))
    return int((first - second).total_seconds()) * _SECOND if local.fold == 0 and first > second else 0


def _texts(source: Source, name: str, *, pipes: bool = False, meaning: str | None, hashed: bool) -> list[str]:
    """Return a column as fields of a line: what would end a field or a line is replaced, as Asterisk does."""
    keys = _core.encode_keys([source.column(name)], [], meaning is not None, False)
    if meaning is not None and keys.first_invalid is not None:
        hidden = is_hidden(meaning, hashed=hashed)
        value = "a value" if hidden else source.column(name).show(keys.first_invalid)
        raise _core.ColumnError(
            f'column "{name}", row {keys.first_invalid}: {value} was spoilt by a float or a spreadsheet: read the '
            "table again with all columns but the time as text"
        )
    table = str.maketrans({"\n": " ", "\r": " ", "\0": " "} | ({} if pipes else {"|": "_"}))
    labels = [str(label).translate(table) for label in keys.labels] + [""]  # the last one is that of no value
    return [labels[code] for code in keys.codes.tolist()]
