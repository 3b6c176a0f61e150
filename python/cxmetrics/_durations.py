# SPDX-License-Identifier: Apache-2.0
"""Durations and instants as people write them, as whole microseconds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TypeAlias

import numpy as np

from cxmetrics import _core

Duration: TypeAlias = "str | timedelta | np.timedelta64"
"""``"20s"``, ``"PT20S"``, a timedelta or a numpy.timedelta64; never a bare number."""


def microseconds(value: Duration, name: str) -> int:
    """Return a duration in microseconds; `name` is the argument that an error speaks of.

    Examples
    --------
    >>> microseconds("1h30min", "within")
    5400000000
    """
    if isinstance(value, str):
        return _core.parse_duration(value)
    if isinstance(value, timedelta):
        return value // timedelta(microseconds=1)
    if isinstance(value, np.timedelta64):
        if np.isnat(value) or np.datetime_data(value.dtype)[0] in ("generic", "Y", "M"):
            raise _core.UnitError(f'{name}={value!r} has no fixed length: write it with a unit, like "20s"')
        exact = value.astype("timedelta64[us]")
        if exact != value:
            raise _core.UnitError(f'{name}={value!r} is no whole number of microseconds: write it like "20s"')
        return int(exact.astype(np.int64))
    raise _core.UnitError(f'{name}={value!r} has no unit: write it with one, like {name}="20s"')


def instant_of(value: str | datetime | np.datetime64 | int, name: str) -> int:
    """Return an instant in microseconds since 1970 UTC; `name` is the argument that an error speaks of.

    Examples
    --------
    >>> instant_of("1970-01-01T01:00:01+01:00", "until")
    1000000
    """
    if isinstance(value, int):  # one of ours already
        return value
    if isinstance(value, np.datetime64):  # without a zone by nature: UTC
        return int(value.astype("datetime64[us]").astype(np.int64))
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        moment = None
    if not isinstance(moment, datetime):
        said = f'"{value}"' if isinstance(value, str) else repr(value)
        raise _core.UnitError(f'{name}={said} is no time: write it like "2026-03-02T09:00:00+01:00"')
    if moment.tzinfo is None:
        raise _core.UnitError(f'{name}={str(value)!r} has no zone: write it with an offset, like "...+01:00" or "...Z"')
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def duration_text(value: int) -> str:
    """Return the shortest text of a duration in microseconds.

    Examples
    --------
    >>> duration_text(20_000_000)
    '20s'
    """
    return _core.format_duration(value)
