# SPDX-License-Identifier: Apache-2.0
"""One number from one table: each function is its definition, filled and read."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import numpy as np

from cxmetrics import _core
from cxmetrics._definitions import (
    CES,
    CSAT,
    NO_OUTCOME,
    NPS,
    Abandonment,
    Definition,
    FirstContactResolution,
    HandleTime,
    HoldTime,
    ResponseRate,
    ServiceLevel,
    SurveyDefinition,
    TalkTime,
    TransferRate,
    WaitTime,
)
from cxmetrics._doors import contacts
from cxmetrics._durations import microseconds
from cxmetrics._repeats import RepeatCurve
from cxmetrics._respondents import Respondents
from cxmetrics._states import State, workers
from cxmetrics._tables import Contacts, moment, tell

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from cxmetrics._durations import Duration
    from cxmetrics._results import Distribution, Result


def _compute(definition: Definition, data: Any, level: float, threads: int | None, door: dict[str, Any]) -> Result:
    state = definition.state()
    state.result(level=level)  # a wrong level is refused before the rows are read
    plain = not door and definition.plain_columns(data) is not None
    table = data if plain else definition.table(data, door)
    notes = definition.fill(state, table, workers(threads), door if table is data else {})
    result = state.result(level=level, notes=tuple(notes))
    result.respondents = Respondents.of(table)
    if definition.notes_the_data:  # the door has told its own
        tell(result.notes[: len(result.notes) - len(notes)])
    return result


def _compute_survey(
    kind: Callable[..., SurveyDefinition],
    a: Any,
    weights: Any,
    level: float,
    threads: int | None,
    door: dict[str, Any],
    **parameters: Any,
) -> Result:
    """Compute the figure of answers, plain or weighted, whatever the weights came as."""
    from cxmetrics._tables import Answers

    if weights is None:
        weights = door.pop("weight", None)
    if weights is None:
        weight = "weight" if isinstance(a, Answers) and a.weighted else None
        return _compute(kind(weight=weight, **parameters), a, level, threads, door)
    if isinstance(weights, str) and not isinstance(a, Answers):
        return _compute(kind(weight=weights, **parameters), a, level, threads, door)
    if not door and isinstance(a, np.ndarray) and not a.dtype.names and isinstance(weights, np.ndarray):
        return _compute(kind(weight="weight", **parameters), {"score": a, "weight": weights}, level, threads, {})
    plain = a if isinstance(a, Answers) else kind(**parameters).table(a, door)
    return _compute(kind(weight="weight", **parameters), plain.weighted_by(weights), level, threads, {})


def nps(
    a: Any,
    *,
    weights: Any = None,
    interval: str = "adjusted_wald",
    level: float = 0.95,
    threads: int | None = None,
    **door: Any,
) -> Result:
    """Net Promoter Score: the share of promoters (9, 10) minus the share of detractors (0 to 6).

    Parameters
    ----------
    a : Answers, table, or column of scores
        Whole scores 0 to 10; others are errors unless ``invalid="count"``.
    weights : str or column, optional
        What each answer counts for: the name of a column, or one number a row. Answers that carry weights need none.
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
    return _compute_survey(NPS, a, weights, level, threads, door, interval=interval)


def csat(
    a: Any,
    *,
    weights: Any = None,
    scale: str = "1-5",
    figure: str | None = None,
    satisfied_from: int | None = None,
    interval: str | None = None,
    level: float = 0.95,
    threads: int | None = None,
    **door: Any,
) -> Result:
    """Share of satisfied answers, or their mean score: customer satisfaction.

    Parameters
    ----------
    a : Answers, table, or column of scores
        Whole scores of the scale; others are errors unless ``invalid="count"``.
    weights : str or column, optional
        What each answer counts for: the name of a column, or one number a row. Answers that carry weights need none.
    scale : {"1-5", "1-10", "1-3"}
        Five points, the Dutch report mark, or three smileys.
    figure : {"satisfied", "mean"}, optional
        Default: the mean of report marks, the share of satisfied answers on the other scales.
    satisfied_from : int, optional
        The lowest satisfied score. Default: 4 of 1-5, 8 of 1-10, 3 of 1-3.
    interval : {"wilson", "clopper_pearson", "jeffreys", "t"}, optional
        How the confidence interval is computed. Default: "wilson" for the share; the mean has "t" only.
    level : float
        Its level, 0.5 up to, but not including, 1.
    threads : int, optional
        Default: the machine's cores, at most 8.
    **door
        The keywords of `answers`.

    Returns
    -------
    Result
        In per cent; a mean in the scale's own unit, "of 10".

    Examples
    --------
    >>> import cxmetrics as cx
    >>> print(cx.csat([5] * 35 + [4] * 25 + [3] * 20 + [2] * 20))
    CSAT 60.0 %  95 % [50.2, 69.1]  n = 100: 60 satisfied, 40 not_satisfied
    >>> print(cx.csat([8, 7, 6, 9, 8], scale="1-10"))
    CSAT mean 7.6 of 10  95 % [6.2, 9.0]  n = 5: 3 satisfied, 2 not_satisfied
    """
    how = {"scale": scale, "figure": figure, "satisfied_from": satisfied_from, "interval": interval}
    return _compute_survey(CSAT, a, weights, level, threads, door, **how)


def ces(
    a: Any,
    *,
    weights: Any = None,
    scale: str = "1-7",
    figure: str = "mean",
    interval: str | None = None,
    level: float = 0.95,
    threads: int | None = None,
    **door: Any,
) -> Result:
    """Mean or share of how easy it was to get something done: the customer effort score.

    Parameters
    ----------
    a : Answers, table, or column of scores
        Whole scores of the scale; others are errors unless ``invalid="count"``.
    weights : str or column, optional
        What each answer counts for: the name of a column, or one number a row. Answers that carry weights need none.
    scale : {"1-7", "1-5"}
        CES 2.0, agreement from 1 to 7 where high is good; or CES 1.0, effort from 1 to 5 where low is good.
    figure : {"mean", "agree_share", "top2", "net"}
        The mean; of CES 2.0 also the share of 5 to 7, that of 6 and 7, or that less the share of 1 to 3.
    interval : str, optional
        How the confidence interval is computed. Default: "t" for the mean, "wilson" for shares (or
        "clopper_pearson", "jeffreys"), "adjusted_wald" for net (or "score", "wald").
    level : float
        Its level, 0.5 up to, but not including, 1.
    threads : int, optional
        Default: the machine's cores, at most 8.
    **door
        The keywords of `answers`.

    Returns
    -------
    Result
        A mean "of 7" or "of 5"; shares in per cent; net in points.

    Examples
    --------
    >>> import cxmetrics as cx
    >>> print(cx.ces([7, 6, 5, 4, 2]))
    CES 2.0 mean 4.8 of 7  95 % [2.4, 7.0]  n = 5: 3 agree, 1 neutral, 1 disagree
    >>> cx.ces([7, 6, 5, 4, 2], figure="net").value
    20.0
    """
    return _compute_survey(CES, a, weights, level, threads, door, scale=scale, figure=figure, interval=interval)


def response_rate(
    a: Any, *, sent: int, interval: str = "wilson", level: float = 0.95, threads: int | None = None, **door: Any
) -> Result:
    """Share of what was sent that was answered.

    Answers left out by choice (dismissed, not applicable) and missing ones are no answers.

    Parameters
    ----------
    a : Answers, table, column of scores, or int
        The answers, or how many there are.
    sent : int
        How many invitations they belong to. An answer may come after the window in which its invitation was sent:
        take both of the same people.
    interval : {"wilson", "clopper_pearson", "jeffreys"}
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
        In per cent of `sent`.

    Raises
    ------
    Error
        There are more answers than invitations.

    Examples
    --------
    >>> import cxmetrics as cx
    >>> print(cx.response_rate([9, 10, "dismissed", 4], sent=10, excluded={"dismissed"}))
    Response rate 30.0 %  95 % [10.8, 60.3]  n = 10: 3 answered, 7 not_answered
    """
    from cxmetrics._doors import answers
    from cxmetrics._tables import Answers

    if isinstance(sent, bool) or not isinstance(sent, int | np.integer) or sent < 0:
        raise _core.Error(f"sent={sent!r} is no number of invitations: give a whole number of 0 or more")
    notes: list[str] = []
    if isinstance(a, int | np.integer) and not isinstance(a, bool):
        answered = int(a)
    else:
        table = a if isinstance(a, Answers) else answers(a, **door)
        reading, notes = table.read("score").reading, table.notes
        answered = reading.rows - reading.missing - reading.invalid - reading.excluded
    if not 0 <= answered <= sent:
        raise _core.Error(
            f"{answered:,} answers to {sent:,} invitations: some belong to an earlier send; count the invitations of "
            "the same people"
        )
    state = ResponseRate(interval=interval).state()
    state.result(level=level)
    rows = np.zeros(int(sent), dtype=np.uint8)
    rows[:answered] = 1
    state.core.update([rows], count_invalid=False, threads=workers(threads))
    return state.result(level=level, notes=tuple(notes))


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
    )
    return _compute(definition, c, level, threads, door)


def abandonment(
    c: Any,
    *,
    formula: str = "offered",
    short_abandon: Duration | None = None,
    interval: str = "wilson",
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
    definition = Abandonment(formula=formula, short_abandon=short_abandon, interval=interval)
    return _compute(definition, c, level, threads, door)


def wait_time(
    c: Any, *, of: str = "answered", clock: str = "leg", level: float = 0.95, threads: int | None = None, **door: Any
) -> Distribution:
    """How long customers waited in the queue.

    Parameters
    ----------
    c : Contacts or table
        With wait and outcome, or wait and answered.
    of : {"answered", "abandoned", "all"}
        Whose waits.
    clock : {"leg", "contact"}
        From entering the queue that was left, or from the contact's first entry, through all its queues.
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
    return cast("Distribution", _compute(WaitTime(of=of, clock=clock), c, level, threads, door))


def talk_time(c: Any, *, level: float = 0.95, threads: int | None = None, **door: Any) -> Distribution:
    """How long answered contacts talked.

    Parameters
    ----------
    c : Contacts or table
        With talk and outcome.
    level : float
        Confidence level of the median's interval.
    threads : int, optional
        Default: the machine's cores, at most 8.
    **door
        The keywords of `contacts`.

    Returns
    -------
    Distribution
        In seconds; the value is the median, the mean is the average talk time.

    Examples
    --------
    >>> import cxmetrics as cx
    >>> cx.talk_time({"talk": [60, 180], "outcome": ["answered"] * 2}, unit="s").mean
    120.0
    """
    return cast("Distribution", _compute(TalkTime(), c, level, threads, door))


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

    Examples
    --------
    >>> import cxmetrics as cx
    >>> calls = {"talk": [60, 180], "hold": [0, 20], "wrap_up": [30, 10], "outcome": ["answered"] * 2}
    >>> cx.handle_time(calls, unit="s").mean
    150.0
    """
    return cast("Distribution", _compute(HandleTime(), c, level, threads, door))


def hold_time(
    c: Any, *, of: str = "held", level: float = 0.95, threads: int | None = None, **door: Any
) -> Distribution:
    """How long answered contacts were on hold.

    Parameters
    ----------
    c : Contacts or table
        With hold and outcome.
    of : {"held", "answered"}
        Of those that were held at all, or of all that were answered.
    level : float
        Confidence level of the median's interval.
    threads : int, optional
        Default: the machine's cores, at most 8.
    **door
        The keywords of `contacts`.

    Returns
    -------
    Distribution
        In seconds; the value is the median.

    Examples
    --------
    >>> import cxmetrics as cx
    >>> cx.hold_time({"hold": [0, 30, 90], "outcome": ["answered"] * 3}, unit="s").mean
    60.0
    """
    return cast("Distribution", _compute(HoldTime(of=of), c, level, threads, door))


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
    return _compute(TransferRate(), c, level, threads, door)


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

    Examples
    --------
    >>> import cxmetrics as cx
    >>> calls = {"entered": ["2026-03-02T09:00:00Z", "2026-03-02T09:00:05Z"], "wait": [10, 10]}
    >>> cx.largest_queue(calls, unit="s").contacts
    2
    """
    table = c if isinstance(c, Contacts) else contacts(c, **door)
    entered, wait = table.array("entered"), table.array("wait")
    if "outcome" in table.names:
        kept = table.array("outcome") < NO_OUTCOME
        entered, wait = entered[kept], wait[kept]
    peak = _core.largest_queue(entered, wait)
    return None if peak is None else LargestQueue(peak[0], moment(peak[1], tz=table.tz))


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
    interval : {"wilson", "clopper_pearson", "jeffreys", "clustered"}
        Of independent contacts (the first three), or with the variance between customers.
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
    found = definitions[0].count(table, lengths, workers(threads))
    return RepeatCurve(
        [
            State(definition, core, known).result(level=level, notes=tuple(table.notes))
            for definition, (core, known) in zip(definitions, found, strict=True)
        ]
    )
