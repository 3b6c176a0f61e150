# SPDX-License-Identifier: Apache-2.0
"""Transfers per contact."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from cxmetrics._contact.definition import CountedTransfers, WholeContactDefinition
from cxmetrics._definition import compute

if TYPE_CHECKING:
    from cxmetrics._results import Result


@dataclass(frozen=True, kw_only=True)
class TransfersPerContact(CountedTransfers, WholeContactDefinition):
    """How many times an answered contact was passed on by an agent, on average; all its legs together.

    Examples
    --------
    >>> import cxmetrics as cx
    >>> s = cx.TransfersPerContact().state()
    >>> for transfers in (0, 2, 1):
    ...     s.add(transfers=transfers, outcome="answered")
    >>> s.result().value
    1.0
    """

    metric: ClassVar[str] = "transfers_per_contact"


def transfers_per_contact(c: Any, *, level: float = 0.95, threads: int | None = None, **door: Any) -> Result:
    """How many times an answered contact was passed on by an agent, on average.

    `transfer_rate` is the share of answers that were passed on, and counts a contact once for each answer.

    Parameters
    ----------
    c : Contacts or table
        With transfers and outcome. Of a queue_log the legs of a contact count as one.
    level : float
        Confidence level of the interval.
    threads : int, optional
        Default: the machine's cores, at most 8.
    **door
        The keywords of `contacts`.

    Returns
    -------
    Result
        Transfers per contact; ``counts["passed_on"]`` contacts had one or more.

    Raises
    ------
    ColumnError
        A column that is not there or cannot be read: with column, row, value and what to do.
    Error
        A keyword that cannot be meant, like ``level=0.05``.

    Notes
    -----
    Also called: average transfers. Not to be confused with: the transfer rate, the share of answers that were
    passed on: a contact with three answers and two transfers is three there, and one here. Rows without a value are
    left out and counted in ``r.missing``. States merge exactly, in any order. One pass over the rows. Source and
    formula: ``r.explain()``.

    Examples
    --------
    >>> import cxmetrics as cx
    >>> calls = {"transfers": [0, 2, 0, 1], "outcome": ["answered"] * 4}
    >>> cx.transfers_per_contact(calls).value
    0.75
    """
    return compute(TransfersPerContact(), c, level, threads, door)
