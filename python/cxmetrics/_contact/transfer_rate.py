# SPDX-License-Identifier: Apache-2.0
"""Transfer rate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from cxmetrics._contact.definition import CountedTransfers
from cxmetrics._definition import compute

if TYPE_CHECKING:
    from cxmetrics._results import Result


@dataclass(frozen=True, kw_only=True)
class TransferRate(CountedTransfers):
    """The share of answered contacts that an agent passed on, in per cent; of a queue log the share of answers.

    Parameters
    ----------
    interval : {"wilson", "clopper_pearson", "jeffreys"}
        How the confidence interval is computed.

    Examples
    --------
    >>> import cxmetrics as cx
    >>> s = cx.TransferRate().state()
    >>> s.add(transfers=1, outcome="answered")
    >>> s.add(transfers=0, outcome="answered")
    >>> s.result().value
    50.0
    """

    metric: ClassVar[str] = "transfer_rate"
    interval: str = "wilson"

    def read_parameters(self) -> dict[str, Any]:
        return {"interval": self.interval}


def transfer_rate(
    c: Any, *, interval: str = "wilson", level: float = 0.95, threads: int | None = None, **door: Any
) -> Result:
    r"""Share of answered contacts that an agent passed on.

    `transfers_per_contact` is how often that happened to a contact, all its legs together.

    Parameters
    ----------
    c : Contacts or table
        With transfers and outcome. Of a queue_log every answer counts, in each queue that a contact passed.
    interval : {"wilson", "clopper_pearson", "jeffreys"}
        How the confidence interval is computed.
    level : float
        Confidence level of the interval.
    threads : int, optional
        Default: the machine's cores, at most 8.
    **door
        The keywords of `contacts`.

    Returns
    -------
    Result
        In per cent.

    Raises
    ------
    ColumnError
        A column that is not there or cannot be read: with column, row, value and what to do.
    Error
        A keyword that cannot be meant, like ``level=0.05``.

    Notes
    -----
    Also called: transferred out. Not to be confused with: the share that was not solved at the first contact; a way
    of leaving the queue before an answer. Rows without a value are left out and counted in ``r.missing``. States
    merge exactly, in any order. One pass over the rows. Source and formula: ``r.explain()``.

    Examples
    --------
    >>> import io
    >>> import cxmetrics as cx
    >>> log = io.BytesIO(b"1543600000|c1|it|NONE|ENTERQUEUE||5551|1\n"
    ...                  b"1543600012|c1|it|ann|CONNECT|12|x|3\n"
    ...                  b"1543600090|c1|it|ann|BLINDTRANSFER|600|internal|12|78|1\n")
    >>> cx.transfer_rate(cx.read_queue_log(log)).value
    100.0
    """
    return compute(TransferRate(interval=interval), c, level, threads, door)
