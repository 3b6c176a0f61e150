# SPDX-License-Identifier: Apache-2.0
"""Which days and periods the data hold as a whole: what is cut off is not compared and not drawn like the others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from cxmetrics._outcomes import ANSWERED, UNFINISHED
from cxmetrics._tables import HIGHEST_ABSENT

if TYPE_CHECKING:
    from cxmetrics._recognition.inputs import Input
    from cxmetrics._tables import Contacts

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_HALF_HOUR = timedelta(minutes=30)


def local_time(us: int, zone: ZoneInfo) -> datetime:
    """Return an instant in microseconds UTC as the time that a clock there showed."""
    return (_EPOCH + timedelta(microseconds=us)).astimezone(zone)


@dataclass(frozen=True)
class Stretch:
    """The local days from the first to the last whole one, and the days of the week on which anything happens.

    ``first`` is after ``last`` where no day is whole. ``whole`` says whether the first and the last day of the data
    are: None where nothing is there to judge by, and such a day is taken as whole.
    """

    first: date
    last: date
    weekdays: frozenset[int]
    whole: bool | None = None

    @classmethod
    def of_days(cls, first: datetime, last: datetime, *, finished: bool) -> Stretch:
        """Take every day as whole, of answers, which come in when people please; the last one not of a cut file."""
        whole = None if finished else False
        return cls(first.date(), last.date() - timedelta(days=not finished), frozenset(range(7)), whole)

    @classmethod
    def of_half_hours(cls, starts: Iterable[datetime], *, finished: bool) -> Stretch:
        """Judge the first and the last day by when the half hours with contacts begin and end on others.

        A day begins whole if its first half hour is not more than one later than the latest first of the other
        same weekdays, and ends whole if its last is not more than one earlier than the earliest last of them. With
        no other such day nobody knows. A last day on which something still goes on is not.
        """
        days: dict[date, list[datetime]] = {}
        for start in sorted(starts):
            days.setdefault(start.date(), []).append(start)
        if not days:
            return cls(date.max, date.min, frozenset(), None)
        dates = list(days)
        first, last = dates[0], dates[-1]
        alike = [days[day] for day in dates[1:] if day.weekday() == first.weekday()]
        before = [days[day] for day in dates[:-1] if day.weekday() == last.weekday()]
        late = alike and _since_midnight(days[first][0]) > max(_since_midnight(each[0]) for each in alike) + _HALF_HOUR
        early = before and (
            _since_midnight(days[last][-1]) < min(_since_midnight(each[-1]) for each in before) - _HALF_HOUR
        )
        cut = bool(late), bool(early or not finished)
        known = bool(alike and before)
        weekdays = frozenset(day.weekday() for day in dates)
        whole = False if any(cut) else True if known else None
        return cls(first + timedelta(days=cut[0]), last - timedelta(days=cut[1]), weekdays, whole)

    def limited(self, begin: datetime | None, end: datetime | None) -> Stretch:
        """Take off the day that a limit of the period cuts into; the end itself is no longer in it."""
        first, last = self.first, self.last
        if begin is not None:
            first = max(first, begin.date() + timedelta(days=bool(_since_midnight(begin))))
        if end is not None:
            last = min(last, end.date() - timedelta(days=1))
        cut = (first, last) != (self.first, self.last)
        return Stretch(first, last, self.weekdays, False if cut else self.whole)

    def holds(self, start: datetime, end: datetime) -> bool:
        """Tell whether every day of [start, end) on which anything happens is whole; a closed Sunday is no gap."""
        days = [start.date() + timedelta(days=n) for n in range((end.date() - start.date()).days)]
        open_days = [day for day in days if day.weekday() in self.weekdays]
        return bool(open_days) and self.first <= open_days[0] and open_days[-1] <= self.last


def is_complete(inputs: Sequence[Input], kind: type) -> bool:
    """Tell whether no file of a kind of table was cut off."""
    return all(each.complete for each in inputs if isinstance(each.table, kind))


def nothing_goes_on(inputs: Sequence[Input], table: Contacts, zone: ZoneInfo) -> bool:
    """Tell whether nothing goes on where the data end: no file cut, nobody waits, and in a log nobody talks."""
    if not is_complete(inputs, type(table)):
        return False
    if "outcome" not in table.names:
        return True
    outcomes = table.array("outcome")
    if (outcomes == UNFINISHED).any():
        return False
    if not any(each.kind == "queue_log" for each in inputs):
        return True  # a table may lack an end for other reasons
    entered = table.array("entered")
    talking = entered[(outcomes == ANSWERED) & (table.array("ended") <= HIGHEST_ABSENT) & (entered > HIGHEST_ABSENT)]
    days = {local_time(int(us), zone).date() for us in talking}
    return not days or local_time(int(entered.max()), zone).date() not in days


def last_two(whole: Sequence[bool], touching: Sequence[bool]) -> tuple[int, int] | None:
    """Return the last whole period and the one before, if that is whole too and nothing lies between.

    `touching` says of each period whether it begins where the one before ends.
    """
    found = [n for n, each in enumerate(whole) if each]
    if not found or found[-1] == 0 or not touching[found[-1]] or not whole[found[-1] - 1]:
        return None
    return found[-1], found[-1] - 1


def _since_midnight(when: datetime) -> timedelta:
    return timedelta(hours=when.hour, minutes=when.minute, seconds=when.second, microseconds=when.microsecond)
