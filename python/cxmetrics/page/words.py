# SPDX-License-Identifier: Apache-2.0
"""What one language says, and how it writes numbers, durations and dates.

Numbers are written without the process's locale, so that the same document gives the same bytes everywhere.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from .catalogue import CATALOGUE, MONTHS, NUMBERS, WEEKDAYS

__all__ = ["FEW", "LANGUAGES", "SMALL", "Words"]

LANGUAGES = ("en", "nl")
FEW = 10  # below this, only counts: "3 of 4"
SMALL = 30  # below this, grey

_MINUS = "\u2212"
_SPACE = "\u00a0"


class Words:
    """What one language says, and how it writes numbers, durations and dates.

    Parameters
    ----------
    language : str
        "en" or "nl".
    kinds : sequence of str
        What the numbers count, where it is not what the texts say by themselves: a text of which the catalogue has one
        for such a kind ("worst_stays") is that one.
    """

    def __init__(self, language: str = "en", kinds: Sequence[str] = ()) -> None:
        if language not in LANGUAGES:
            raise ValueError(f"language {language!r} is not one of {', '.join(LANGUAGES)}")
        self.language, self._kinds = language, tuple(kinds)
        self._index = LANGUAGES.index(language)
        self._thousands, self._decimal = (",", ".") if language == "en" else (".", ",")

    def __call__(self, key: str, /, **values: object) -> str:
        """Return a text of the catalogue with its places filled."""
        key = next((each for kind in self._kinds if (each := f"{key}_{kind}") in CATALOGUE), key)
        return CATALOGUE[key][self._index].format(**values)

    def known(self, key: str, fallback: str, /, **values: object) -> str:
        """Return a text of the catalogue, or the fallback when the catalogue has none of that name."""
        return self(key, **values) if key in CATALOGUE else fallback

    def counted(self, key: str, n: int, /, **values: object) -> str:
        """Return a text about so many, in the singular about one."""
        one = f"{key}_one"
        return self(one if n == 1 and one in CATALOGUE else key, n=self.integer(n), **values)

    # numbers

    def integer(self, value: int) -> str:
        """Write a count with its thousands apart."""
        return f"{value:,}".replace(",", self._thousands).replace("-", _MINUS)

    def decimal(self, value: float, digits: int = 1, *, sign: bool = False) -> str:
        """Write a number with a fixed count of decimals; a rounded zero has no sign."""
        text = f"{abs(value):,.{digits}f}"
        zero = not any(c in "123456789" for c in text)
        lead = "" if zero else _MINUS if value < 0 else "+" if sign else ""
        return lead + text.translate({ord(","): self._thousands, ord("."): self._decimal})

    def percent(self, value: float, digits: int = 1) -> str:
        """Write a share of 0 to 100."""
        return f"{self.decimal(value, digits)}{_SPACE}%"

    def ordinary(self, number: int) -> str:
        """Write a small number as a word, a larger one in figures."""
        words = NUMBERS[self.language]
        return words[number] if number < len(words) else self.integer(number)

    def duration(self, seconds: float) -> str:
        """Write a time that people waited: "7.5 s", "38 s", "2 min 33 s", "1 h 05 min"."""
        if seconds < 0:
            return f"{_MINUS}{self.duration(-seconds)}"
        if seconds < 10:
            text = self.decimal(seconds, 1)
            return f"{text.removesuffix(self._decimal + '0')}{_SPACE}s"
        whole = round(seconds)
        if whole < 60:
            return f"{whole}{_SPACE}s"
        hour = "h" if self.language == "en" else "u"
        if whole < 3600:
            minutes, rest = divmod(whole, 60)
            return f"{minutes}{_SPACE}min" + (f" {rest}{_SPACE}s" if rest else "")
        hours, rest = divmod(round(seconds / 60), 60)
        return f"{self.integer(hours)}{_SPACE}{hour}" + (f" {rest:02d}{_SPACE}min" if rest else "")

    # places in time

    def weekday(self, number: int, *, short: bool = False) -> str:
        """Name a day of the week; Monday is 1."""
        name = WEEKDAYS[self.language][number - 1]
        return name[: 3 if self.language == "en" else 2] if short else name

    def date(self, day: dt.date, *, year: bool = True, short: bool = False) -> str:
        """Write a date: "4 January 1999", "4 Jan"."""
        month = MONTHS[self.language][day.month - 1]
        space = " "
        if short:  # where room is scarce it is not broken either
            month, space = "mrt" if month == "maart" else month[:3], _SPACE
        return f"{day.day}{space}{month}" + (f" {day.year}" if year else "")

    def span(self, first: dt.date, last: dt.date, *, year: bool = True, short: bool = False) -> str:
        """Write the days from the first to the last, both counted."""
        if first == last:
            return self.date(first, year=year, short=short)
        if (first.year, first.month) == (last.year, last.month):
            return f"{first.day}\u2013{self.date(last, year=year, short=short)}"
        start = self.date(first, year=year and first.year != last.year, short=short)
        return f"{start} \u2013 {self.date(last, year=year, short=short)}"

    # figures

    def share(self, count: int, n: int, *, empty: str = "no_contacts") -> str:
        """Write a share of n: a percentage, counts below ten, words where there is nothing."""
        if n == 0:
            return self(empty)
        if n < FEW:
            return self("of_count", count=self.integer(count), n=self.integer(n))
        return self.percent(100 * count / n)

    def value(self, value: float | None, unit: str) -> str:
        """Write a value in its unit."""
        if value is None:
            return self("no_contacts")
        if unit == "%":
            return self.percent(value)
        if unit == "s":
            return self.duration(value)
        return self.decimal(value, 1, sign=True) if unit == "points" else self.decimal(value, 2)

    def limits(self, low: float, high: float, unit: str) -> tuple[str, str]:
        """Write the two limits of an interval in the unit of its value."""
        if unit == "s":
            return self.duration(low), self.duration(high)
        digits, sign = (2, False) if unit == "per contact" else (1, unit != "%")
        return self.decimal(low, digits, sign=sign), self.decimal(high, digits, sign=sign)

    def interval(self, low: float | None, high: float | None, unit: str, level: float | None = None) -> str:
        """Write an interval, with its level where one is given; nothing where there is none."""
        if low is None or high is None:
            return ""
        lower, upper = self.limits(low, high, unit)
        if level is None:
            return self("interval_short", low=lower, high=upper)
        return self("interval", level=self.level(level), low=lower, high=upper)

    def level(self, level: float) -> str:
        """Write a confidence level in per cent without needless decimals."""
        return self.decimal(100 * level, 1).removesuffix(self._decimal + "0")

    def instant(self, text: str) -> datetime:
        """Read an RFC 3339 instant of the document."""
        return datetime.fromisoformat(text)

    def last_day(self, end: datetime) -> dt.date:
        """Name the last day before an exclusive end."""
        return (end - timedelta(microseconds=1)).date()

    def joined(self, items: list[str]) -> str:
        """Join texts as a sentence does."""
        if len(items) < 2:
            return "".join(items)
        return f"{', '.join(items[:-1])} {self('and')} {items[-1]}"


def text_of(value: Any) -> str:
    """Write a value of a parameter or a count as it stands in the document."""
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {text_of(item)}" for key, item in value.items())
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
