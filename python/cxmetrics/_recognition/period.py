# SPDX-License-Identifier: Apache-2.0
"""What ``--from`` and ``--to`` mean, as instants."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cxmetrics._options import Options, UsageError


def period_of(options: Options, tz: str | None) -> tuple[int, int] | None:
    """Return the instants of ``--from`` and ``--to`` in microseconds, the second one excluded.

    `tz` is the zone of a time that says none: that of the page, else UTC.
    """
    if options.from_ is None and options.to is None:
        return None
    low = _instant("from", options.from_, tz) if options.from_ is not None else -(2**63) + 1
    high = _instant("to", options.to, tz) if options.to is not None else 2**63 - 1
    if low >= high:
        raise UsageError(f"from {options.from_} is not before to {options.to}")
    return low, high


def time_of(text: str, tz: str | None) -> datetime:
    """Read a local date or time, or one with its offset."""
    when = datetime.fromisoformat(text)
    return when if when.tzinfo is not None else when.replace(tzinfo=ZoneInfo(tz or "UTC"))


def _instant(name: str, text: str, tz: str | None) -> int:
    try:
        when = time_of(text, tz)
    except (ZoneInfoNotFoundError, OSError):
        raise UsageError(f"tz {tz}: there is no such zone; write it like Europe/Amsterdam") from None
    except ValueError:
        raise UsageError(f"{name} {text}: write it like 2026-03-01 or 2026-03-01T08:00") from None
    return (when - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def nothing_between(said: Options, table: Any) -> str:
    """Say that no row lies between --from and --to, and where all of them lie."""
    reading = table.readings[table.clock_name]
    asked = " ".join(f"{word} {text}" for word, text in (("from", said.from_), ("to", said.to)) if text is not None)
    return f"no row lies {asked}: its times run from {reading.minimum} to {reading.maximum}"
