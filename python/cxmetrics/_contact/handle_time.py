# SPDX-License-Identifier: Apache-2.0
"""Handle time: talk, hold and wrap-up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, cast

import numpy as np

from cxmetrics._contact.definition import AnsweredTime
from cxmetrics._definition import compute
from cxmetrics._outcomes import ANSWERED
from cxmetrics._tables import HIGHEST_ABSENT, INVALID

if TYPE_CHECKING:
    from cxmetrics._definition import Columns
    from cxmetrics._results import Distribution
    from cxmetrics._tables import Table


@dataclass(frozen=True, kw_only=True)
class HandleTime(AnsweredTime):
    """Talk, hold and wrap-up together, as far as the table has them; the mean is the average handle time (AHT).

    Examples
    --------
    >>> import cxmetrics as cx
    >>> calls = {"talk": [60, 180], "wrap_up": [30, 10], "outcome": ["answered", "answered"]}
    >>> cx.handle_time(calls, unit="s").mean
    140.0
    """

    metric: ClassVar[str] = "handle_time"
    column: ClassVar[str] = "talk"

    def columns(self, table: Table) -> Columns:
        talk, outcome = super().columns(table)
        for name in ("hold", "wrap_up"):
            if name in table.names:
                part = table.array(name)
                known = np.minimum(talk, part) > HIGHEST_ABSENT
                talk = np.where(known, talk + np.where(known, part, 0), talk)
                talk = np.where((part == INVALID) & (outcome == ANSWERED), part, talk)
        return [talk, outcome]


def handle_time(c: Any, *, level: float = 0.95, threads: int | None = None, **door: Any) -> Distribution:
    """How long an agent was busy with an answered contact: talk, hold and wrap-up, as far as the table has them.

    Parameters
    ----------
    c : Contacts or table
        With talk and outcome, and where they are measured hold and wrap_up.
    level : float
        Confidence level of the median's interval.
    threads : int, optional
        Default: the machine's cores, at most 8.
    **door
        The keywords of `contacts`.

    Returns
    -------
    Distribution
        In seconds; the value is the median, the mean is the average handle time (AHT).

    Raises
    ------
    ColumnError
        A column that is not there or cannot be read: with column, row, value and what to do.
    UnitError
        Durations in numbers without a unit.
    Error
        A keyword that cannot be meant, like ``level=0.05``.

    Notes
    -----
    Also called: its mean is the average handle time (AHT). Not to be confused with: talk time, which leaves out
    hold and after-contact work. Rows without a value are left out and counted in ``r.missing``. States merge
    exactly, in any order. One pass over the rows. Source and formula: ``r.explain()``.

    Examples
    --------
    >>> import cxmetrics as cx
    >>> calls = {"talk": [60, 180], "hold": [0, 20], "wrap_up": [30, 10], "outcome": ["answered"] * 2}
    >>> cx.handle_time(calls, unit="s").mean
    150.0
    """
    return cast("Distribution", compute(HandleTime(), c, level, threads, door))
