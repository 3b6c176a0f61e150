# SPDX-License-Identifier: Apache-2.0
"""The codes of outcomes that definitions tell apart."""

from __future__ import annotations

from cxmetrics import _core

NO_OUTCOME = 253  # and above: no value
ANSWERED, ABANDONED, UNFINISHED = (_core.OUTCOMES.index(name) for name in ("answered", "abandoned", "unfinished"))
