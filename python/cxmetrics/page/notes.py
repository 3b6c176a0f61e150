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


def note_of(text: str, words: Words) -> str:
    """Write a note in the language of the page; counts are written as there."""
    if words.language == "en":
        return text
    for pattern, dutch in _KNOWN:
        if found := pattern.fullmatch(text):
            return dutch.format(**{name: _count(value, words) for name, value in found.groupdict().items()})
    return text


def _count(text: str, words: Words) -> str:
    return words.integer(int(text.replace(",", ""))) if re.fullmatch(r"\d{1,3}(,\d{3})*", text) else text
