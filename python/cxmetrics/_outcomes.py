# SPDX-License-Identifier: Apache-2.0
"""The codes of outcomes that are told apart; the order of `OUTCOMES` is theirs."""

from __future__ import annotations

from cxmetrics import _core

OUTCOMES: tuple[str, ...] = tuple(_core.OUTCOMES)
ANSWERED, ABANDONED, UNFINISHED, BLIND, ATTENDED = map(
    OUTCOMES.index, ("answered", "abandoned", "unfinished", "transferred_blind", "transferred_attended")
)
UNANSWERED = len(OUTCOMES)  # where a yes or no of answers is all that is known
EXCLUDED = 253  # left out by choice
NO_OUTCOME = EXCLUDED  # and above: no value
