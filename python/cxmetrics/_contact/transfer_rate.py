# SPDX-License-Identifier: Apache-2.0
"""Transfer rate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from cxmetrics import _core
from cxmetrics._contact.definition import ContactDefinition
from cxmetrics._definition import compute, row_of
from cxmetrics._states import State

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cxmetrics._definition import Columns
    from cxmetrics._results import Result
    from cxmetrics._tables import Table


@dataclass(frozen=True, kw_only=True)
class TransferRate(ContactDefinition):
    """The share of answered contacts that an agent passed on, in per cent; of a queue log.

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

    def columns(self, table: Table) -> Columns:
        return [table.array("transfers"), self.outcomes(table)]

    def add_row(self, state: State, values: tuple[Any, ...], named: Mapping[str, Any]) -> None:
        transfers, outcome = row_of(("transfers", "outcome"), values, named)
        if outcome not in _core.OUTCOMES:
            raise _core.Error(f"outcome={outcome!r} does not exist: use one of {', '.join(_core.OUTCOMES)}")
        columns: Columns = [np.array([transfers], np.int64), np.array([_core.OUTCOMES.index(outcome)], np.uint8)]
        state.core.update(columns, count_invalid=False, threads=1)


def transfer_rate(c: Any, *, level: float = 0.95, threads: int | None = None, **door: Any) -> Result:
    r"""Share of answered contacts that an agent passed on.

    Parameters
    ----------
    c : Contacts
        With transfers and outcome: what `read_queue_log` returns.
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
    return compute(TransferRate(), c, level, threads, door)
