# SPDX-License-Identifier: Apache-2.0
"""Service level, by every formula."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from cxmetrics import _core
from cxmetrics._contact.definition import ClockedDefinition, limit_of, one_duration, one_form, text_of
from cxmetrics._contact.legs import rows_of
from cxmetrics._definition import Definition, compute, row_of
from cxmetrics._durations import duration_text, microseconds
from cxmetrics._outcomes import ANSWERED
from cxmetrics._states import State
from cxmetrics._tables import HIGHEST_ABSENT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cxmetrics._definition import Columns
    from cxmetrics._durations import Duration
    from cxmetrics._results import Result
    from cxmetrics._tables import Table


@dataclass(frozen=True)
class ServiceLevel(ClockedDefinition):
    """The share of contacts answered within a threshold, in per cent.

    Parameters
    ----------
    within : str, timedelta or numpy.timedelta64
        The threshold.
    formula : str
        What stands above and below the line: "offered", "answered_only", "abandons_ignored", "abandons_negative",
        "abandons_positive", "genesys", "amazon", "avaya_split", "avaya_vdn", "asterisk_sl1", "asterisk_sl2",
        "wazo_qos", "es_law_10_2025". All are read from one state.
    short_abandon : duration, optional
        Abandons after at most this wait are left out.
    comparison : {"<=", "<"}
        Whether a wait equal to the threshold is within.
    short_answer : duration, optional
        Answered contacts over after at most this talk are left out; needs talk.
    attribution : {"arrival", "event", "service_level_event"}
        To which bucket of time a contact belongs: that of its arrival; offered to its arrival and answered or
        abandoned to when that happens, so that it is two rows (Genesys); the first of its end and the threshold
        (Cisco).
    include_flow_outs, include_short_abandons, include_abandons : bool, optional
        The switches of "genesys"; by default off, off and on.
    interval : {"wilson", "clopper_pearson", "jeffreys"}
        How the confidence interval is computed.
    clock : {"leg", "contact"}
        Of each stay in a queue, or of contacts from their first entry through all the queues they passed: as in
        `WaitTime`.

    Examples
    --------
    >>> import cxmetrics as cx
    >>> calls = {"wait": [5, 20, 21, 3], "outcome": ["answered", "answered", "answered", "abandoned"]}
    >>> cx.service_level(calls, within="20s", unit="s").value
    50.0
    """

    metric: ClassVar[str] = "service_level"
    within: Duration
    formula: str = field(default="offered", kw_only=True)
    short_abandon: Duration | None = field(default=None, kw_only=True)
    comparison: str = field(default="<=", kw_only=True)
    short_answer: Duration | None = field(default=None, kw_only=True)
    attribution: str = field(default="arrival", kw_only=True)
    include_flow_outs: bool | None = field(default=None, kw_only=True)
    include_short_abandons: bool | None = field(default=None, kw_only=True)
    include_abandons: bool | None = field(default=None, kw_only=True)
    interval: str = field(default="wilson", kw_only=True)

    def __post_init__(self) -> None:
        # One definition has one form: "20s", timedelta(seconds=20) and "PT20S" are equal and hash alike.
        object.__setattr__(self, "within", duration_text(microseconds(self.within, "within")))
        one_form(self, "short_abandon", "short_answer")
        super().__post_init__()

    def name(self) -> str:
        return f"service_level_{self.within}"

    def asks_who_left(self) -> bool:
        return self.short_abandon is not None

    @classmethod
    def of_state(cls, name: str, parameters: Mapping[str, Any]) -> Definition:
        durations = {each: text_of(parameters[each]) for each in ("within", "short_abandon", "short_answer")}
        return cls(**{**parameters, **durations})

    def collect_parameters(self) -> dict[str, Any]:
        return {
            "within": microseconds(self.within, "within"),
            "short_abandon": limit_of(self.short_abandon),
            "comparison": self.comparison,
            "short_answer": limit_of(self.short_answer),
            "attribution": self.attribution,
            "clock": self.clock,
        }

    def read_parameters(self) -> dict[str, Any]:
        switches = ("include_flow_outs", "include_short_abandons", "include_abandons")
        return {"formula": self.formula, "interval": self.interval} | {name: getattr(self, name) for name in switches}

    def plain(self) -> Sequence[str] | None:
        made = (
            self.asks_who_left()
            or self.short_answer is not None
            or self.attribution != "arrival"
            or self.clock != "leg"
        )
        return None if made else ("wait", "outcome")

    def columns(self, table: Table) -> Columns:
        wait, outcome = super().columns(table)
        short = limit_of(self.short_answer)
        if short is not None:
            talk = self.rows(table).array("talk")
            over = (outcome == ANSWERED) & (talk > HIGHEST_ABSENT) & (talk <= short)
            outcome = np.where(over, np.uint8(_core.SHORT_ANSWERED), outcome)
        if self.attribution != "event":
            return [wait, outcome]
        return list(_core.level_rows(self.collect_parameters(), wait, outcome)[:2])

    def instants(self, table: Table) -> np.ndarray[Any, Any]:
        seen = self.rows(table)
        entered = seen.clock()
        if self.attribution == "arrival":
            return entered
        rule = self.collect_parameters()
        return _core.level_rows(rule, seen.array("wait"), seen.array("outcome"), entered)[2]

    def sources(self, table: Table) -> np.ndarray[Any, Any] | None:
        rows = super().sources(table)
        if self.attribution != "event":
            return rows
        seen = self.rows(table)
        whose = _core.level_rows(self.collect_parameters(), seen.array("wait"), seen.array("outcome"))[3]
        return whose if rows is None else rows[whose]

    def fill(self, state: State, data: Any, threads: int, door: Mapping[str, Any]) -> list[str]:
        table = self.table(data, door)
        law = self.formula in _core.SERVICE_LEVEL_LAWS
        return super().fill(state, table, threads, {}) + (self.clock_notes(table) if law else [])

    def clock_notes(self, table: Table) -> list[str]:
        """Return what a law's figure of legs is told: a law follows the customer through all queues."""
        if self.clock == "contact" or rows_of(table) is None:
            return []
        return [
            "a law's clock runs from the customer's first second, through all queues: these are stays in a queue, and "
            'a call through several is several; read contacts with clock="contact"'
        ]

    def add_row(self, state: State, values: tuple[Any, ...], named: Mapping[str, Any]) -> None:
        if self.short_answer is None and self.attribution != "event":
            super().add_row(state, values, named)
            return
        names = ("wait", "outcome") if self.short_answer is None else ("wait", "outcome", "talk")
        wait, outcome, *talk = row_of(names, values, named)
        row: dict[str, Any] = {"wait": one_duration("wait", wait), "outcome": [outcome]}
        if talk:
            row["talk"] = one_duration("talk", talk[0])
        self.fill(state, row, 1, {})


def service_level(
    c: Any,
    *,
    within: Duration,
    formula: str = "offered",
    short_abandon: Duration | None = None,
    comparison: str = "<=",
    short_answer: Duration | None = None,
    attribution: str = "arrival",
    include_flow_outs: bool | None = None,
    include_short_abandons: bool | None = None,
    include_abandons: bool | None = None,
    interval: str = "wilson",
    clock: str = "leg",
    level: float = 0.95,
    threads: int | None = None,
    **door: Any,
) -> Result:
    """Share of contacts answered within a threshold.

    A contact still waiting beyond the threshold is a failure already; one within it is pending.

    Parameters
    ----------
    c : Contacts or table
        With wait and outcome, or wait and answered.
    within : duration
        The threshold, like ``"20s"``.
    formula : str
        What stands above and below the line; `ServiceLevel` lists them, and `reconcile` shows all of them.
    short_abandon : duration, optional
        Abandons after at most this wait are left out.
    comparison : {"<=", "<"}
        Whether a wait equal to the threshold is within.
    short_answer : duration, optional
        Answered contacts over after at most this talk are left out; needs talk.
    attribution : {"arrival", "event", "service_level_event"}
        To which bucket of time a contact belongs, in `summarize`.
    include_flow_outs, include_short_abandons, include_abandons : bool, optional
        The switches of ``formula="genesys"``; by default off, off and on.
    interval : {"wilson", "clopper_pearson", "jeffreys"}
        How the confidence interval is computed.
    clock : {"leg", "contact"}
        Of each stay in a queue; or of contacts, from the first entry through all the queues they passed, as a law
        means.
    level : float
        Its level.
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
        The formula tells ways of leaving apart, and the table has only a yes or no of answers.
    UnitError
        A law's formula with another threshold than the law's.

    Notes
    -----
    Also called: telephone service factor (TSF). Not to be confused with: a promise kept to the customer; a service
    level by another formula, which on the same calls differs by tens of points. Rows without a value are left out
    and counted in ``r.missing``. States merge exactly, in any order. One pass over the rows. Source and formula:
    ``r.explain()``.

    Examples
    --------
    >>> import cxmetrics as cx
    >>> calls = {"wait": [5, 20, 21, 3], "outcome": ["answered", "answered", "answered", "abandoned"]}
    >>> cx.service_level(calls, within="20s", formula="answered_only", unit="s").n
    3
    """
    definition = ServiceLevel(
        within,
        formula=formula,
        short_abandon=short_abandon,
        comparison=comparison,
        short_answer=short_answer,
        attribution=attribution,
        include_flow_outs=include_flow_outs,
        include_short_abandons=include_short_abandons,
        include_abandons=include_abandons,
        interval=interval,
        clock=clock,
    )
    return compute(definition, c, level, threads, door)
