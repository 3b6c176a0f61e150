# SPDX-License-Identifier: Apache-2.0
"""Customer-experience metrics from event streams: one number for one definition, however the data come.

>>> import cxmetrics as cx
>>> print(cx.nps([10] * 50 + [8] * 30 + [2] * 20))
NPS +30.0  95 % [+14.1, +44.2]  n = 100: 50 promoters, 30 passives, 20 detractors
"""

from __future__ import annotations

from cxmetrics import _zones  # noqa: F401  tells the core where zone files are
from cxmetrics._core import ColumnError, Error, ScaleError, StateError, UnitError, __version__
from cxmetrics._definitions import (
    NPS,
    Abandonment,
    Definition,
    FirstContactResolution,
    ServiceLevel,
    WaitTime,
)
from cxmetrics._doors import answers, contacts
from cxmetrics._files import latest, read_queue_log
from cxmetrics._functions import abandonment, first_contact_resolution, nps, repeat_curve, service_level, wait_time
from cxmetrics._recognise import inspect
from cxmetrics._repeats import RepeatCurve, RepeatTracker
from cxmetrics._results import Distribution, Interval, Result
from cxmetrics._scorecard import scorecard
from cxmetrics._states import State
from cxmetrics._summarize import summarize
from cxmetrics._summary import Summary
from cxmetrics._tables import MISSING, Answers, Contacts, DataWarning

__all__ = [
    "MISSING",
    "NPS",
    "Abandonment",
    "Answers",
    "ColumnError",
    "Contacts",
    "DataWarning",
    "Definition",
    "Distribution",
    "Error",
    "FirstContactResolution",
    "Interval",
    "RepeatCurve",
    "RepeatTracker",
    "Result",
    "ScaleError",
    "ServiceLevel",
    "State",
    "StateError",
    "Summary",
    "UnitError",
    "WaitTime",
    "__version__",
    "abandonment",
    "answers",
    "contacts",
    "first_contact_resolution",
    "inspect",
    "latest",
    "nps",
    "read_queue_log",
    "repeat_curve",
    "scorecard",
    "service_level",
    "summarize",
    "wait_time",
]
