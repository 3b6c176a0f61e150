# SPDX-License-Identifier: Apache-2.0
"""Abandonment, by every denominator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from cxmetrics import _core
from cxmetrics._contact.definition import ClockedDefinition, limit_of, one_form, text_of
from cxmetrics._definition import Definition, compute, row_of
from cxmetrics._outcomes import ABANDONED
from cxmetrics._states import State
from cxmetrics._tables import HIGHEST_ABSENT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cxmetrics._definition import Columns
    from cxmetrics._durations import Duration
    from cxmetrics._results import Result
    from cxmetrics._tables import Table


@dataclass(frozen=True, kw_only=True)
class Abandonment(ClockedDefinition):
    """The share of offered contacts whose customer left before an answer, in per cent.

    Parameters
    ----------
    formula : str
        Who left, and of how many: "offered", "answered_and_abandoned", "amazon", "genesys", "asterisk", "freeswitch",
        "zendesk". All are read from one state.
    short_abandon : duration, optional
        Abandons after at most this wait are left out of both sides ("genesys" counts them); needs wait.
    interval : {"wilson", "clopper_pearson", "jeffreys"}
        How the confidence interval is computed.
    clock : {"leg", "contact"}
        Of each stay in a queue, or of contacts with all the queues they passed: as in `WaitTime`.

    Examples
    --------
    >>> import cxmetrics as cx
    >>> cx.abandonment({"outcome": ["answered", "abandoned", "timeout", "answered"]}).value
    25.0
    """

    metric: ClassVar[str] = "abandonment"
    formula: str = "offered"
    short_abandon: Duration | None = None
    interval: str = "wilson"

    def __post_init__(self) -> None:
        one_form(self, "short_abandon")
        super().__post_init__()

    @classmethod
    def of_state(cls, name: str, parameters: Mapping[str, Any]) -> Definition:
        return cls(short_abandon=text_of(parameters["short_abandon"]), clock=parameters["clock"])

    def collect_parameters(self) -> dict[str, Any]:
        return {"short_abandon": limit_of(self.short_abandon), "clock": self.clock}

    def read_parameters(self) -> dict[str, Any]:
        return {"formula": self.formula, "interval": self.interval}

    def asks_who_left(self) -> bool:
        return True

    def columns(self, table: Table) -> Columns:
        outcome = self.outcomes(table)
        short = limit_of(self.short_abandon)
        if short is not None:
            wait = self.rows(table).array("wait")
            at_once = (outcome == ABANDONED) & (wait > HIGHEST_ABSENT) & (wait <= short)
            outcome = np.where(at_once, np.uint8(_core.SHORT_ABANDONED), outcome)
        return [outcome]

    def add_row(self, state: State, values: tuple[Any, ...], named: Mapping[str, Any]) -> None:
        if self.short_abandon is not None:
            super().add_row(state, values, named)
            return
        (outcome,) = row_of(("outcome",), values, named)
        self.fill(state, {"outcome": [outcome]}, 1, {})


def abandonment(
    c: Any,
    *,
    formula: str = "offered",
    short_abandon: Duration | None = None,
    interval: str = "wilson",
    clock: str = "leg",
    level: float = 0.95,
    threads: int | None = None,
    **door: Any,
) -> Result:
    """Share of offered contacts whose customer left before an answer.

    Parameters
    ----------
    c : Contacts or table
        With outcome; a yes or no of answers is not enough, for not answered is not abandoned.
    formula : {"offered", "answered_and_abandoned", "amazon", "genesys", "asterisk", "freeswitch", "zendesk"}
        Who left, and of how many.
    short_abandon : duration, optional
        Abandons after at most this wait are left out of both sides; needs wait.
    interval : {"wilson", "clopper_pearson", "jeffreys"}
        How the confidence interval is computed.
    clock : {"leg", "contact"}
        Of each stay in a queue; or of contacts: one that times out in a queue and is answered in the next is answered.
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
    UnitError
        Durations in numbers without a unit.
    Error
        A keyword that cannot be meant, like ``level=0.05``.

    Notes
    -----
    Also called: abandonment rate, lost calls. Not to be confused with: the share not answered, which also holds
    time-outs, exits by key and callbacks; Asterisk's own counter, which adds time-outs, empty queues, withdrawals
    and failures. Rows without a value are left out and counted in ``r.missing``. States merge exactly, in any
    order. One pass over the rows. Source and formula: ``r.explain()``.

    Examples
    --------
    >>> import cxmetrics as cx
    >>> cx.abandonment({"outcome": ["answered", "abandoned", "timeout", "answered"]}).value
    25.0
    """
    definition = Abandonment(formula=formula, short_abandon=short_abandon, interval=interval, clock=clock)
    return compute(definition, c, level, threads, door)
