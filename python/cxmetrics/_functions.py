# SPDX-License-Identifier: Apache-2.0
"""One number from one table: each function is its definition, filled and read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from cxmetrics import _core
from cxmetrics._definitions import (
    NPS,
    Abandonment,
    Definition,
    FirstContactResolution,
    ServiceLevel,
    WaitTime,
)
from cxmetrics._durations import microseconds
from cxmetrics._repeats import RepeatCurve
from cxmetrics._states import State, default_threads

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cxmetrics._durations import Duration
    from cxmetrics._results import Distribution, Result


def _compute(definition: Definition, data: Any, level: float, threads: int | None, door: dict[str, Any]) -> Result:
    state = definition.state()
    state.result(level=level)  # a wrong level is refused before the rows are read
    notes = definition.fill(state, data, threads or default_threads(), door)
    return state.result(level=level, notes=tuple(notes))


def nps(
    a: Any, *, interval: str = "adjusted_wald", level: float = 0.95, threads: int | None = None, **door: Any
) -> Result:
    """Net Promoter Score: the share of promoters (9, 10) minus the share of detractors (0 to 6).

    Parameters
    ----------
    a : Answers, table, or column of scores
        Whole scores 0 to 10; others are errors unless ``invalid="count"``.
    interval : {"adjusted_wald", "score", "wald"}
        How the confidence interval is computed.
    level : float
        Its level, 0.5 up to, but not including, 1.
    threads : int, optional
        Default: the machine's cores, at most 8.
    **door
        The keywords of `answers`.

    Returns
    -------
    Result
        In points, -100 to 100.

    Examples
    --------
    >>> import cxmetrics as cx
    >>> print(cx.nps([10] * 50 + [8] * 30 + [2] * 20))
    NPS +30.0  95 % [+14.1, +44.2]  n = 100: 50 promoters, 30 passives, 20 detractors
    """
    return _compute(NPS(interval=interval), a, level, threads, door)


def service_level(
    c: Any,
    *,
    within: Duration,
    formula: str = "offered",
    short_abandon: Duration | None = None,
    interval: str = "wilson",
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
        The threshold, like ``"20s"``; a wait equal to it is within.
    formula : {"offered", "answered_only"}
        What stands below the line: all that left the queue, or the answered ones.
    short_abandon : duration, optional
        Abandons after at most this wait are left out.
    interval : {"wilson"}
        How the confidence interval is computed.
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

    Examples
    --------
    >>> import cxmetrics as cx
    >>> calls = {"wait": [5, 20, 21, 3], "outcome": ["answered", "answered", "answered", "abandoned"]}
    >>> cx.service_level(calls, within="20s", formula="answered_only", unit="s").n
    3
    """
    definition = ServiceLevel(within, formula=formula, short_abandon=short_abandon, interval=interval)
    return _compute(definition, c, level, threads, door)


def abandonment(
    c: Any, *, formula: str = "offered", level: float = 0.95, threads: int | None = None, **door: Any
) -> Result:
    """Share of offered contacts whose customer left before an answer.

    Parameters
    ----------
    c : Contacts or table
        With outcome; a yes or no of answers is not enough, for not answered is not abandoned.
    formula : {"offered"}
        What stands below the line.
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
    >>> import cxmetrics as cx
    >>> cx.abandonment({"outcome": ["answered", "abandoned", "timeout", "answered"]}).value
    25.0
    """
    return _compute(Abandonment(formula=formula), c, level, threads, door)


def wait_time(
    c: Any, *, of: str = "answered", level: float = 0.95, threads: int | None = None, **door: Any
) -> Distribution:
    """How long customers waited in the queue.

    Parameters
    ----------
    c : Contacts or table
        With wait and outcome, or wait and answered.
    of : {"answered", "abandoned", "all"}
        Whose waits.
    level : float
        Confidence level of the median's interval.
    threads : int, optional
        Default: the machine's cores, at most 8.
    **door
        The keywords of `contacts`.

    Returns
    -------
    Distribution
        In seconds; the value is the median, the mean over answered contacts is the average speed of answer.

    Examples
    --------
    >>> import cxmetrics as cx
    >>> cx.wait_time({"wait": [5, 10, 30], "outcome": ["answered"] * 3}, unit="s").mean
    15.0
    """
    return cast("Distribution", _compute(WaitTime(of=of), c, level, threads, door))


def first_contact_resolution(
    c: Any,
    *,
    window: Duration = "7d",
    clock: str = "ended",
    until: Any = None,
    since: Any = None,
    rule: str = "rolling",
    reason: str | None = None,
    groups: Mapping[Any, Any] | None = None,
    first: Sequence[str] | None = None,
    repeats: Sequence[str] | None = None,
    transfer: str = "ignored",
    transferred: str | None = None,
    resolvable: str | None = None,
    interval: str = "wilson",
    level: float = 0.95,
    threads: int | None = None,
    **door: Any,
) -> Result:
    """Share of contacts after which the customer did not come back within a window.

    Contacts whose window is not over are pending, whether or not a repeat has come: early on only failures are known,
    so counting them would bias the figure. Every rule stands in ``r.parameters``, and what it leaves out in
    ``r.counts``.

    Parameters
    ----------
    c : Contacts or table
        With customer, entered, and for ``clock="ended"`` ended.
    window : duration
        How long to look ahead, elapsed.
    clock : {"ended", "entered"}
        From when to look ahead.
    until, since : optional
        Up to and from when the data are complete; default the last and the first entry. ``counts["left_unknown"]`` are
        the matured contacts of the first window: each may itself be a repeat of one from before the data.
    rule : {"rolling", "chain"}
        Every contact may be a first; or a repeat is not itself a first, and is left out as ``counts["chained"]``.
    reason : str, optional
        A column: only a contact with the same reason is a repeat. Contacts without one are
        ``counts["without_reason"]``.
    groups : dict, optional
        The group of each reason: then a repeat is one of the same group.
    first : sequence of str, optional
        Outcomes of contacts that may be a first, like ``["answered"]``; default all. Others are
        ``counts["ineligible"]``.
    repeats : sequence of str, optional
        Outcomes of contacts that may be a repeat; default all, abandoned attempts too.
    transfer : {"ignored", "fails"}
        Whether a contact that an agent passed on counts as not resolved: ``counts["transferred"]``.
    transferred : str, optional
        A column that says yes where it was passed on; default by the outcome.
    resolvable : str, optional
        A column that says no where a contact cannot be resolved at the first desk: the figure is then net, and such
        contacts are ``counts["unresolvable"]``. The gross figure is a note.
    interval : {"wilson", "clustered"}
        Of independent contacts, or with the variance between customers.
    level : float
        Confidence level of the interval.
    threads : int, optional
        Default: the machine's cores, at most 8.
    **door
        The keywords of `contacts`.

    Returns
    -------
    Result
        In per cent of matured contacts; ``parameters["matured_to"]`` is up to when contacts had to end.

    Raises
    ------
    ColumnError
        A column that a rule reads is not there.

    Examples
    --------
    >>> import cxmetrics as cx
    >>> calls = {
    ...     "customer": ["ann", "bob", "ann", "eve"],
    ...     "entered": ["2026-03-02T09:00Z", "2026-03-02T10:00Z", "2026-03-04T09:00Z", "2026-03-20T09:00Z"],
    ...     "topic": ["invoice", "invoice", "delivery", "delivery"],
    ... }
    >>> round(cx.first_contact_resolution(calls, window="7d", clock="entered").value, 1)
    66.7
    >>> cx.first_contact_resolution(calls, window="7d", clock="entered", reason="topic").value
    100.0
    """
    definition = FirstContactResolution(
        window=window,
        clock=clock,
        until=until,
        since=since,
        rule=rule,
        reason=reason,
        groups=groups,
        first=first,
        repeats=repeats,
        transfer=transfer,
        transferred=transferred,
        resolvable=resolvable,
        interval=interval,
    )
    return _compute(definition, c, level, threads, door)


def repeat_curve(
    c: Any,
    *,
    windows: Sequence[Duration] = ("1d", "7d", "14d", "30d"),
    level: float = 0.95,
    threads: int | None = None,
    **keywords: Any,
) -> RepeatCurve:
    """First-contact resolution within several windows, from one pass: how many come back, and how soon.

    Parameters
    ----------
    c : Contacts or table
        As in `first_contact_resolution`.
    windows : sequence of durations
        How long to look ahead.
    level : float
        Confidence level of the intervals.
    threads : int, optional
        Default: the machine's cores, at most 8.
    **keywords
        The other keywords of `first_contact_resolution`, and those of `contacts`.

    Returns
    -------
    RepeatCurve
        One result a window, in order. Each has its own matured contacts: a longer window is over for fewer.

    Examples
    --------
    >>> import cxmetrics as cx
    >>> calls = {
    ...     "customer": ["ann", "bob", "ann", "eve"],
    ...     "entered": ["2026-03-02T09:00Z", "2026-03-02T10:00Z", "2026-03-04T09:00Z", "2026-03-20T09:00Z"],
    ... }
    >>> curve = cx.repeat_curve(calls, windows=("1d", "7d"), clock="entered")
    >>> [(r.parameters["window"], r.counts["repeat"], r.n) for r in curve]
    [('1d', 0, 3), ('7d', 1, 3)]
    """
    rules = {name: value for name, value in keywords.items() if name in FirstContactResolution.__dataclass_fields__}
    door = {name: value for name, value in keywords.items() if name not in rules}
    definitions = [FirstContactResolution(**rules | {"window": window}) for window in windows]
    if not definitions:
        raise _core.Error('windows= is empty: give at least one, like windows=("7d",)')
    for definition in definitions:
        definition.state().result(level=level)  # what is wrong is refused before the rows are read
    table = definitions[0].table(c, door)
    lengths = [microseconds(definition.window, "windows") for definition in definitions]
    found = definitions[0].count(table, lengths, threads or default_threads())
    return RepeatCurve(
        [
            State(definition, core, known).result(level=level, notes=tuple(table.notes))
            for definition, (core, known) in zip(definitions, found, strict=True)
        ]
    )
