# SPDX-License-Identifier: Apache-2.0
"""The page in three sentences."""

from __future__ import annotations

from cxmetrics.page.sentences import sentences
from cxmetrics.page.view import Page, Section


def short(page: Page) -> Section:
    """Return the three sentences."""
    return {"title": page.words("in_short"), "sentences": sentences(page.document, page.words)}
