# SPDX-License-Identifier: Apache-2.0
"""Which days and periods the data hold as a whole: what is cut off is not compared and not drawn like the others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_HALF_HOUR = timedelta(minutes=30)


def local_time(us: int, zone: ZoneInfo) -> datetime:
    """Return an instant in microseconds UTC as the time that a clock there showed."""
    return (_EPOCH + timedelta(microseconds=us)).astimezone(zone)


@dataclass(frozen=True)
class Stretch:
    """The local days from the first to the last whole one, and the days of the week on which anything happens.

    ``first`` is after ``last`` where no day is whole.
    """

    first: date
    last: date
    weekdays: frozenset[int]

    @classmethod
    def of_days(cls, first: datetime, last: datetime) -> Stretch:
        """Take every day as whole: of answers, which come in when people please."""
        return cls(first.date(), last.date(), frozenset(range(7)))

    @classmethod
    def of_half_hours(cls, starts: Iterable[datetime], *, finished: bool) -> Stretch:
        """Judge the first and the last day by when the half hours with contacts begin and end on others.

        A day begins whole if its first half hour is not more than one later than the latest first of the other
        same weekdays, and ends whole if its last is not more than one earlier than the earliest last of them. With
        no other such day it is taken as whole. A last day with unfinished contacts is not.
        """
        days: dict[date, list[datetime]] = {}
        for start in sorted(starts):
            days.setdefault(start.date(), []).append(start)
        if not days:
            return cls(date.max, date.min, frozenset())
        dates = list(days)
        first, last = dates[0], dates[-1]
        alike = [days[day] for day in dates[1:] if day.weekday() == first.weekday()]
        if alike and _since_midnight(days[first][0]) > max(_since_midnight(each[0]) for each in alike) + _HALF_HOUR:
            first += timedelta(days=1)
        alike = [days[day] for day in dates[:-1] if day.weekday() == last.weekday()]
        early = alike and (
            _since_midnight(days[dates[-1]][-1]) < min(_since_midnight(each[-1]) for each in alike) - _HALF_HOUR
        )
        if early or not finished:
            last -= timedelta(days=1)
        return cls(first, last, frozenset(day.weekday() for day in dates))

    def holds(self, start: datetime, end: datetime) -> bool:
        """Tell whether every day of [start, end) on which anything happens is whole; a closed Sunday is no gap."""
        days = [start.date() + timedelta(days=n) for n in range((end.date() - start.date()).days)]
        open_days = [day for day in days if day.weekday() in self.weekdays]
        return bool(open_days) and self.first <= open_days[0] and open_days[-1] <= self.last


def last_two(whole: Sequence[bool], touching: Sequence[bool]) -> tuple[int, int] | None:
    """Return the last whole period and the one before, if that is whole too and nothing lies between.

    `touching` says of each period whether it begins where the one before ends.
    """
    found = [n for n, each in enumerate(whole) if each]
    if not found or found[-1] == 0 or not touching[found[-1]] or not whole[found[-1] - 1]:
        return None
    return found[-1], found[-1] - 1


def _since_midnight(when: datetime) -> timedelta:
    return timedelta(hours=when.hour, minutes=when.minute)
