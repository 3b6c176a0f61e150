# SPDX-License-Identifier: Apache-2.0
"""The notes of a document in the language of the page.

A note is made in English where something odd is found, with its figures in it. Here it is known by its words and said
again in Dutch; one that is not known stands as it is.
"""

from __future__ import annotations

import re

from .catalogue_notes import NOTES
from .words import Words

__all__ = ["note_of"]


def _pattern(text: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", text)
    return re.compile("".join(f"(?P<{part}>.+?)" if n % 2 else re.escape(part) for n, part in enumerate(parts)))


_KNOWN = [(_pattern(english), dutch) for english, dutch in NOTES]
_COUNTS = ("n", "of", "line", "next")  # places of counts; other numbers may be names of columns and files
_PARTS = ("reason", "what")  # places of texts that the catalogue knows too


def note_of(text: str, words: Words) -> str:
    """Write a note in the language of the page; its numbers are written as there."""
    if words.language == "en":
        return text
    for pattern, dutch in _KNOWN:
        if found := pattern.fullmatch(text):
            return dutch.format(**{name: _said(name, value, words) for name, value in found.groupdict().items()})
    return text


def _said(name: str, text: str, words: Words) -> str:
    """Write what stands in a place of a note."""
    if name in _PARTS:
        return note_of(text, words)
    number = text.removesuffix("%").replace(",", "")
    if name in _COUNTS and number.isdecimal():
        return words.integer(int(number))
    if name in ("hours", "share") and re.fullmatch(r"\d+(\.\d+)?", number):
        digits = len(number.partition(".")[2])
        return words.percent(float(number), digits) if name == "share" else words.decimal(float(number), digits)
    return text
