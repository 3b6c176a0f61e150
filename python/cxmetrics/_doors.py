# SPDX-License-Identifier: Apache-2.0
"""The doors: a messy table in, a checked one out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from inspect import signature
from typing import Any

from cxmetrics import _core
from cxmetrics._readers import Rules
from cxmetrics._reading import Read, Unread
from cxmetrics._source import Source, open_table
from cxmetrics._tables import MISSING, Answers, Contacts, Invitations, TypedTable, limits_of

Names = str | Sequence[str] | None
_CONTACTS = (
    *("contact", "queue", "channel", "customer", "entered", "wait", "outcome", "answered"),
    *("talk", "hold", "wrap_up", "transfers", "ended"),
)
Missing = Sequence[Any] | Mapping[str, Sequence[Any]]
Reader = Callable[[str, list[str]], Read | Unread]


def answers(
    t: Any,
    *,
    score: str = "score",
    scale: str | None = None,
    weight: str | None = None,
    time: str | None = None,
    respondent: Names = None,
    unit: str | None = None,
    tz: str | None = None,
    time_format: str | None = None,
    missing: Missing = MISSING,
    excluded: Collection[Any] = (),
    invalid: str = "raise",
) -> Answers:
    """Read a table of survey answers.

    Parameters
    ----------
    t : table, path or column
        A pandas or polars DataFrame (lazy ones are collected), an Arrow table, a DuckDB relation, a dict of
        columns, a list of dicts, a structured array, paths of CSV, Parquet or JSON lines files; or one
        column of scores.
    score : str
        The column of scores: whole numbers of the scale, whatever their type; texts of them too.
    scale : {"0-10", "1-5", "1-10", "1-3", "1-7"}, optional
        The scale of the question: a score outside of it is an error, and so is a metric of another scale. Where
        nobody says it, scores are 0 to 10 and the metric's own scale decides.
    weight : str, optional
        What each answer counts for: numbers from 0 to 1,048,576. Only a named column is one.
    time : str, optional
        When the answer was given. A column called "time" needs no naming, nor does one called "respondent".
    respondent : str or list of str, optional
        Who answered; an id may be several columns.
    unit : {"s", "ms", "us"}, optional
        What times in numbers count since 1970.
    tz : str, optional
        Where naive times were written down, and where buckets are cut: "Europe/Amsterdam".
    time_format : {"dmy", "mdy", "ymd"} or strptime pattern, optional
        How times are written. Without it the order of day and month is taken only if the whole column proves
        it.
    missing : sequence, or dict of name to sequence
        What means "no answer", in all columns or for each of ours.
    excluded : set of texts or numbers, optional
        What stands in the column of scores for answers that are left out by choice, like ``{"dismissed", "not
        applicable"}``: they are counted as excluded, never as missing.
    invalid : {"raise", "count"}
        Whether an invalid value is an error, or a row that is counted and left out.

    Returns
    -------
    Answers
        The typed table; printed, it says how each column was read.

    Raises
    ------
    ColumnError
        A column that is not there or cannot be read: with column, row, value and what to do.
    ScaleError
        A score outside the scale.
    UnitError
        Numbers where times should be, or a column of times that lies in 1970.

    Warns
    -----
    DataWarning
        What is odd but legal; it stands in ``notes`` and in every result too.

    Examples
    --------
    >>> import cxmetrics as cx
    >>> a = cx.answers({"mark": ["9", "NA", "7"], "day": ["31/1/2026", "1/2/2026", "2/2/2026"]},
    ...                score="mark", time="day", tz="Europe/Amsterdam", missing=["NA"])
    >>> a.array("score").tolist()
    [9, -128, 7]
    >>> cx.nps(a).value
    50.0
    """
    source = open_table(t, single=score)
    units = {} if unit is None else {"time": unit}
    meanings = ("score", "weight", "time", "respondent")
    rules = Rules(source, tz, time_format, missing, invalid, units, meanings, excluded)
    plan = _Plan(source)
    limits = limits_of("0-10" if scale is None else scale)
    plan.named("score", score, lambda name, columns: rules.scores(name, columns, limits))
    plan.maybe("time", time, rules.instants)
    plan.maybe("respondent", respondent, rules.ids)
    table = Answers(source, plan.readers, tz=rules.tz, missing=rules.missing, called=plan.called)
    table.scale, table.counts_invalid, table.read_weights = scale, rules.count, rules.weights
    if weight is not None:
        table = table.weighted_by(weight)
    return plan.open(table, always=("score",))


def invitations(
    t: Any,
    *,
    answered: str = "answered",
    sent: str | None = None,
    time: str | None = None,
    unit: str | None = None,
    tz: str | None = None,
    time_format: str | None = None,
    missing: Missing = MISSING,
    invalid: str = "raise",
) -> Invitations:
    """Read a table of invitations to a survey: a row each, or a row a number of them.

    Parameters
    ----------
    t : table, path or column
        As in `answers`; or one column of yes and no.
    answered : str
        The column that says whether the invitation was answered, yes or no; beside `sent` the column of how many were.
    sent : str, optional
        The column of how many invitations a row stands for: whole numbers.
    time : str, optional
        When they were sent. A column called "time" needs no naming.
    unit, tz, time_format, missing, invalid
        As in `answers`.

    Returns
    -------
    Invitations
        The typed table; printed, it says how each column was read.

    Raises
    ------
    ColumnError
        A column that is not there or cannot be read, or more answers than invitations in a row.

    Examples
    --------
    >>> import cxmetrics as cx
    >>> k = cx.invitations({"week": [10, 11], "sent": [200, 100], "answered": [50, 40]}, sent="sent")
    >>> cx.response_rate(k).value
    30.0
    """
    source = open_table(t, single=answered)
    units = {} if unit is None else {"time": unit}
    rules = Rules(source, tz, time_format, missing, invalid, units, ("answered", "sent", "time"))
    plan = _Plan(source)
    if sent is None:
        plan.named("answered", answered, lambda name, columns: rules.answered(name, columns, 1, 0))
    else:
        plan.named("answered", answered, rules.counts)
        plan.named("sent", sent, rules.counts)
    plan.maybe("time", time, rules.instants)
    return plan.open(Invitations(source, plan.readers, tz=rules.tz, missing=rules.missing), always=("answered",))


def contacts(
    t: Any,
    *,
    contact: Names = None,
    queue: str | None = None,
    channel: str | None = None,
    customer: Names = None,
    entered: str | None = None,
    wait: str | None = None,
    outcome: str | None = None,
    answered: str | None = None,
    talk: str | None = None,
    hold: str | None = None,
    wrap_up: str | None = None,
    transfers: str | None = None,
    ended: str | None = None,
    outcomes: Mapping[Any, str | None] | None = None,
    unit: str | Mapping[str, str] | None = None,
    tz: str | None = None,
    time_format: str | None = None,
    missing: Missing = MISSING,
    invalid: str = "raise",
    allow_dominant: bool = False,
) -> Contacts:
    """Read a table of contacts, one row each.

    Columns that have our names need no naming; they are read when they are first asked for.

    Parameters
    ----------
    t : table or path
        As in `answers`.
    contact, customer : str or list of str, optional
        Ids; one may be several columns. Placeholders (0, -1, ?, empty, unknown, anonymous) of customers are
        unknown; ``missing={"customer": [*cx.PLACEHOLDERS, "web"]}`` says otherwise.
    queue, channel : str, optional
        Keys to group by.
    entered, ended : str, optional
        Times. Where a zone is known, an end before its entry is an error, or invalid and counted, as soon as both are
        read: at once where one of them is named and the other is there and can be read.
    wait, talk, hold, wrap_up : str, optional
        Durations: duration columns, texts like "0:03:09", or numbers with ``unit=``.
    transfers : str, optional
        How often an agent passed the contact on.
    outcome : str, optional
        How the contact left the queue.
    answered : str, optional
        True or false, where there is no outcome: enough for service level and wait, not for abandonment.
    outcomes : dict, optional
        What the labels of `outcome` mean: ``{"AGENT": "answered", "HANG": "abandoned", "PHANTOM": None}``;
        None leaves rows out, counted.
    unit : {"s", "ms", "us"} or dict of name to unit, optional
        What numbers count in durations; times in numbers need ``{"entered": "s"}``.
    tz, time_format, missing, invalid
        As in `answers`.
    allow_dominant : bool
        Let one customer have more than 5 % of the contacts and ten times the next.

    Returns
    -------
    Contacts
        The typed table; printed, it says how each column was read.

    Raises
    ------
    ColumnError
        A column that is not there or cannot be read, an unknown outcome, a contact id on several rows, a
        customer who is none: with column, row, value and what to do.
    UnitError
        Numbers without a unit, or a column of times that lies in 1970.

    Warns
    -----
    DataWarning
        What is odd but legal; it stands in ``notes`` and in every result too.

    Examples
    --------
    >>> import cxmetrics as cx
    >>> calls = {"q_time": [5, 60, 0], "end": ["AGENT", "HANG", "TEST"]}
    >>> c = cx.contacts(calls, wait="q_time", unit="s", outcome="end",
    ...                 outcomes={"AGENT": "answered", "HANG": "abandoned", "TEST": None})
    >>> r = cx.service_level(c, within="20s")
    >>> r.value, r.n, r.excluded
    (50.0, 2, 1)
    """
    source = open_table(t)
    rules = Rules(source, tz, time_format, missing, invalid, _units(unit), _CONTACTS)
    plan = _Plan(source)
    plan.maybe("entered", entered, rules.instants)
    plan.maybe("wait", wait, rules.durations)
    if outcome is not None and answered is not None:
        raise _core.ColumnError("outcome= and answered= say the same thing twice: give outcome=, which says more")
    if answered is None:
        plan.maybe("outcome", outcome, lambda name, column: rules.outcomes(name, column, outcomes))
    if "outcome" not in plan.readers:
        if outcomes is not None:
            raise _core.ColumnError('outcomes= names labels, but no column has them: name it, outcome="..."')
        plan.answered(answered, rules.answered)
    plan.maybe("talk", talk, rules.durations)
    plan.maybe("hold", hold, rules.durations)
    plan.maybe("wrap_up", wrap_up, rules.durations)
    plan.maybe("transfers", transfers, rules.counts)
    plan.maybe("ended", ended, rules.instants)
    plan.maybe("queue", queue, rules.keys)
    plan.maybe("channel", channel, rules.keys)
    plan.maybe("customer", customer, lambda name, column: rules.customers(name, column, allow_dominant))
    plan.maybe("contact", contact, rules.contacts)
    table = Contacts(source, plan.readers, tz=rules.tz, missing=rules.missing, called=plan.called)
    table.refuses_invalid = not rules.count
    table.looks_at_ends = entered is not None or ended is not None
    return plan.open(table, always=("contact",))


DOORS: dict[str, Callable[..., Any]] = {"contacts": contacts, "answers": answers, "invitations": invitations}
"""The door of each kind of table."""


@cache
def keywords_of(door: Callable[..., Any]) -> tuple[str, ...]:
    """Return the keywords of a door, or of what hands others on to doors."""
    return tuple(name for name, each in signature(door).parameters.items() if each.kind is each.KEYWORD_ONLY)


def check_keywords(said: Iterable[str], doors: Sequence[Callable[..., Any]], own: Collection[str] = ()) -> None:
    """Refuse a keyword that neither the doors know nor whoever hands it on, which has its own."""
    known = [name for door in doors for name in keywords_of(door)]
    for name in said:
        if name not in known:
            close = get_close_matches(name, [*own, *known], n=1)
            meant = f"did you mean {close[0]}=? " if close else ""
            meant = "it is of a definition, whose state is kept; " if name in own else meant
            listed = "; ".join(f"cx.{door.__name__} knows {', '.join(keywords_of(door))}" for door in doors)
            raise TypeError(f"there is no keyword {name}=: {meant}{listed}")


def _units(unit: str | Mapping[str, str] | None) -> Mapping[str, str]:
    if unit is None:
        return {}
    if not isinstance(unit, Mapping):
        return dict.fromkeys(("wait", "talk", "hold", "wrap_up"), unit)
    known = ("entered", "wait", "talk", "hold", "wrap_up", "ended")
    for name in unit:
        if name not in known:
            raise _core.UnitError(f'unit={{"{name}": ...}}: no such column; units belong to {", ".join(known)}')
    return unit


class _Plan:
    """Which column of the source is read as what, and which of them now."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.readers: dict[str, Callable[[], Read | Unread]] = {}
        self.called: dict[str, str] = {}
        self.eager: list[str] = []

    def named(self, name: str, column: Names, read: Reader) -> None:
        """Read a column that the user has named."""
        columns = self._named(name, column)
        self.readers[name] = lambda: read(name, columns)
        self.called[name] = " + ".join(columns)
        self.eager.append(name)

    def _named(self, name: str, column: Any) -> list[str]:
        """Return the columns that a keyword names; all of them are there."""
        columns = [column] if isinstance(column, str) else list(column) if isinstance(column, list | tuple) else []
        if not columns or not all(isinstance(each, str) for each in columns):
            raise _core.ColumnError(f'{name}={column!r} names no column: give the name of one, {name}="..."')
        for each in columns:
            self.source.column(each, name)
        return columns

    def maybe(self, name: str, column: Names, read: Reader) -> None:
        """Read a column where it is named, or when it is asked for where it has our name."""
        if column is not None:
            self.named(name, column, read)
        elif name in self.source.names:
            self.readers[name] = lambda: read(name, [name])

    def answered(self, column: str | None, read: Reader) -> None:
        """Let a yes or no stand for the outcome."""
        if column is not None:
            self._named("answered", column)
            self.eager.append("outcome")
        elif "answered" not in self.source.names:
            return
        self.readers["outcome"] = lambda: read("outcome", [column or "answered"])

    def open(self, table: TypedTable, always: Sequence[str]) -> TypedTable:
        """Let a table read what was named, and what is always read where it is there."""
        table.open([*self.eager, *(each for each in always if each in self.readers and each not in self.eager)])
        return table
