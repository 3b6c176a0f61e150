# SPDX-License-Identifier: Apache-2.0
"""What each section of the page shows, read from the document and from nothing else.

A section is a function that returns the values its template needs, or None where the data are not there: such a
section is left out, not drawn empty. Function, file and template have one name.
"""

from __future__ import annotations

from collections.abc import Callable

from cxmetrics.page.view import Page, Section

from .back import back
from .formulas import formulas
from .groups import groups
from .head import head
from .hurts import hurts
from .made import made
from .short import short
from .tiles import tiles
from .voice import voice
from .waiting import waiting

__all__ = ["SECTIONS", "groups", "head", "short", "tiles", "voice"]

SECTIONS: tuple[Callable[[Page], Section | None], ...] = (
    short, tiles, hurts, waiting, formulas, groups, voice, back, made,
)  # fmt: skip
