# SPDX-License-Identifier: Apache-2.0
"""The largest queue."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from cxmetrics import _core
from cxmetrics._doors import contacts
from cxmetrics._outcomes import NO_OUTCOME
from cxmetrics._tables import Contacts, moment, passed


class LargestQueue(NamedTuple):
    """How many contacts waited at once at most, and since when."""

    contacts: int
    since: datetime


def largest_queue(c: Any, **door: Any) -> LargestQueue | None:
    """Return the most contacts that waited at one instant, and when that was first so; None where nobody waited.

    A contact waits from its entry up to, and not including, the instant at which it leaves. Rows without an entry or a
    wait, and those that `outcomes` leaves out, are left out.

    Parameters
    ----------
    c : Contacts or table
        With entered and wait, and where there is one outcome.
    **door
        The keywords of `contacts`.

    Returns
    -------
    LargestQueue or None
        Its instant is in the zone of the table, or in UTC.

    Raises
    ------
    ColumnError
        A column that is not there or cannot be read: with column, row, value and what to do.
    UnitError
        Durations in numbers without a unit.
    Error
        A typed table that is told anew how to be read.

    Examples
    --------
    >>> import cxmetrics as cx
    >>> calls = {"entered": ["2026-03-02T09:00:00Z", "2026-03-02T09:00:05Z"], "wait": [10, 10]}
    >>> cx.largest_queue(calls, unit="s").contacts
    2
    """
    table = passed(c, Contacts, door)
    if table is None:
        table = contacts(c, **door)
    entered, wait = table.array("entered"), table.array("wait")
    if "outcome" in table.names:
        kept = table.array("outcome") < NO_OUTCOME
        entered, wait = entered[kept], wait[kept]
    peak = _core.largest_queue(entered, wait)
    return None if peak is None else LargestQueue(peak[0], moment(peak[1], tz=table.tz))
