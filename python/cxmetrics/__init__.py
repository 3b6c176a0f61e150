# SPDX-License-Identifier: Apache-2.0
"""Customer-experience metrics from event streams: one number for one definition, however the data come.

>>> import cxmetrics as cx
>>> print(cx.nps([10] * 50 + [8] * 30 + [2] * 20))
NPS +30.0  95 % [+14.1, +44.2]  n = 100: 50 promoters, 30 passives, 20 detractors
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from cxmetrics import _zones  # noqa: F401  tells the core where zone files are
from cxmetrics._changes import Changes, Split
from cxmetrics._compare import Comparison, compare
from cxmetrics._contact.abandonment import Abandonment, abandonment
from cxmetrics._contact.first_contact_resolution import FirstContactResolution, first_contact_resolution
from cxmetrics._contact.handle_time import HandleTime, handle_time
from cxmetrics._contact.hold_time import HoldTime, hold_time
from cxmetrics._contact.largest_queue import LargestQueue, largest_queue
from cxmetrics._contact.repeat_curve import repeat_curve
from cxmetrics._contact.service_level import ServiceLevel, service_level
from cxmetrics._contact.talk_time import TalkTime, talk_time
from cxmetrics._contact.transfer_rate import TransferRate, transfer_rate
from cxmetrics._contact.transfers_per_contact import TransfersPerContact, transfers_per_contact
from cxmetrics._contact.wait_time import WaitTime, wait_time
from cxmetrics._core import ColumnError, Error, ScaleError, StateError, UnitError, __version__
from cxmetrics._definition import Definition
from cxmetrics._doors import answers, contacts, invitations
from cxmetrics._explain import Explanation
from cxmetrics._reconcile import Reconciliation, reconcile
from cxmetrics._repeats import RepeatCurve, RepeatTracker
from cxmetrics._results import Distribution, Interval, Result
from cxmetrics._states import State
from cxmetrics._summarize import summarize
from cxmetrics._summary import Summary
from cxmetrics._survey.ces import CES, ces
from cxmetrics._survey.csat import CSAT, csat
from cxmetrics._survey.nps import NPS, nps
from cxmetrics._survey.response_rate import ResponseRate, response_rate
from cxmetrics._tables import MISSING, PLACEHOLDERS, Answers, Contacts, DataWarning, Invitations

if TYPE_CHECKING:
    from cxmetrics._files import latest, read_queue_log
    from cxmetrics._recognition.inspect import inspect
    from cxmetrics._scorecard import scorecard

__all__ = [
    "CES",
    "CSAT",
    "MISSING",
    "NPS",
    "PLACEHOLDERS",
    "Abandonment",
    "Answers",
    "Changes",
    "ColumnError",
    "Comparison",
    "Contacts",
    "DataWarning",
    "Definition",
    "Distribution",
    "Error",
    "Explanation",
    "FirstContactResolution",
    "HandleTime",
    "HoldTime",
    "Interval",
    "Invitations",
    "LargestQueue",
    "Reconciliation",
    "RepeatCurve",
    "RepeatTracker",
    "ResponseRate",
    "Result",
    "ScaleError",
    "ServiceLevel",
    "Split",
    "State",
    "StateError",
    "Summary",
    "TalkTime",
    "TransferRate",
    "TransfersPerContact",
    "UnitError",
    "WaitTime",
    "__version__",
    "abandonment",
    "answers",
    "ces",
    "compare",
    "contacts",
    "csat",
    "first_contact_resolution",
    "handle_time",
    "hold_time",
    "inspect",
    "invitations",
    "largest_queue",
    "latest",
    "nps",
    "read_queue_log",
    "reconcile",
    "repeat_curve",
    "response_rate",
    "scorecard",
    "service_level",
    "summarize",
    "talk_time",
    "transfer_rate",
    "transfers_per_contact",
    "wait_time",
]

_OF_FILES = {
    "inspect": "cxmetrics._recognition.inspect",
    "latest": "cxmetrics._files",
    "read_queue_log": "cxmetrics._files",
    "scorecard": "cxmetrics._scorecard",
}

if not TYPE_CHECKING:  # to a type checker every other name would be there too

    def __getattr__(name: str) -> object:
        """Import what reads files when it is first asked for: it takes as long as all the rest."""
        if name not in _OF_FILES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        globals()[name] = getattr(import_module(_OF_FILES[name]), name)
        return globals()[name]


def __dir__() -> list[str]:
    """Return the public names, also those that nobody has asked for yet."""
    return sorted(__all__)
