# SPDX-License-Identifier: Apache-2.0
"""The definitions: regular values that say what is read, which rows count, and how the figure is read."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from cxmetrics import _core
from cxmetrics._durations import Duration, duration_text, instant_of, microseconds
from cxmetrics._known import Known, Shard
from cxmetrics._states import State, direct_column

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cxmetrics._tables import Answers, Contacts

Columns = list[np.ndarray[Any, Any]]

_MISSING = np.iinfo(np.int64).min
_ABSENT = _MISSING + 2  # the highest of the values that stand for no value
_REPEAT, _TRANSFERRED, _UNRESOLVABLE, _PENDING = 1, 4, 8, 16  # of followups: marks, and the first that is not matured


@dataclass(frozen=True, kw_only=True)
class Definition:
    """What all definitions share. Two of the same parameters are equal and hash alike."""

    metric: ClassVar[str]

    def name(self) -> str:
        """Return the canonical name, as in the columns of a grouped table."""
        return self.metric

    def collect_parameters(self) -> dict[str, Any]:
        """Return what shapes the state; it stands in its bytes."""
        return {}

    def read_parameters(self) -> dict[str, Any]:
        """Return what the figure is read with; it does not touch the state."""
        return {}

    def state(self) -> State:
        """Return an empty state."""
        return State(self, _core.State.make(self.metric, self.collect_parameters()), self.nothing())

    def nothing(self) -> Known | None:
        """Return what is known of a state that nothing has been added to, where that is anything."""
        return None

    def table(self, data: Any, door: Mapping[str, Any]) -> Answers | Contacts:
        """Pass raw data through the door of its kind."""
        raise NotImplementedError

    def columns(self, table: Answers | Contacts) -> Columns:
        """Return the canonical columns that the state reads, in its order."""
        raise NotImplementedError

    def instants(self, table: Answers | Contacts) -> np.ndarray[Any, Any]:
        """Return the instant to which each row belongs, in microseconds UTC."""
        return table.clock()

    def as_of(self, table: Answers | Contacts) -> Known | None:
        """Return between which instants contacts are known, where history decides; None elsewhere."""
        return None

    def known(self, core: _core.State, shard: Shard | None) -> Known | None:
        """Return what is known of a state that was read from bytes, where history decides; None elsewhere."""
        return None

    def fill(self, state: State, data: Any, threads: int, door: Mapping[str, Any]) -> list[str]:
        """Add a table to a state and return the table's notes."""
        table = self.table(data, door)
        state.core.update(self.columns(table), count_invalid=True, threads=threads)
        return list(table.notes)

    def add_row(self, state: State, values: tuple[Any, ...], named: Mapping[str, Any]) -> None:
        """Add one row to a state."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class NPS(Definition):
    """Net Promoter Score: the share of promoters (9, 10) minus the share of detractors (0 to 6), in points.

    Parameters
    ----------
    score : str
        The column of scores in raw tables.
    interval : {"adjusted_wald", "score", "wald"}
        How the confidence interval is computed.

    Examples
    --------
    >>> import cxmetrics as cx
    >>> s = cx.NPS().state()
    >>> s.update([10, 9, 7, 3])
    >>> s.result().value
    25.0
    """

    metric: ClassVar[str] = "nps"
    score: str = "score"
    interval: str = "adjusted_wald"

    def read_parameters(self) -> dict[str, Any]:
        return {"interval": self.interval}

    def table(self, data: Any, door: Mapping[str, Any]) -> Answers:
        from cxmetrics._doors import answers
        from cxmetrics._tables import Answers

        if isinstance(data, Answers):
            return data
        return answers(data, **{"score": self.score, **door})

    def columns(self, table: Answers | Contacts) -> Columns:
        return [table.array("score")]

    def fill(self, state: State, data: Any, threads: int, door: Mapping[str, Any]) -> list[str]:
        # A plain column of small integers is counted where it lies; what is no score goes through the door, which
        # says where it stands.
        column = direct_column(data)
        if column is not None and state.core.update_direct(column, threads=threads):
            return []
        return super().fill(state, data, threads, door)

    def add_row(self, state: State, values: tuple[Any, ...], named: Mapping[str, Any]) -> None:
        (score,) = _row(("score",), values, named)
        self.fill(state, [score], 1, {})


@dataclass(frozen=True, kw_only=True)
class _ContactDefinition(Definition):
    def table(self, data: Any, door: Mapping[str, Any]) -> Contacts:
        from cxmetrics._doors import contacts
        from cxmetrics._tables import Contacts

        return data if isinstance(data, Contacts) else contacts(data, **door)

    def columns(self, table: Answers | Contacts) -> Columns:
        return [table.array(name) for name in ("wait", "outcome")]

    def add_row(self, state: State, values: tuple[Any, ...], named: Mapping[str, Any]) -> None:
        wait, outcome = _row(("wait", "outcome"), values, named)
        us = None if wait is None else np.timedelta64(microseconds(wait, "wait"), "us")
        self.fill(state, {"wait": np.array([us], "timedelta64[us]"), "outcome": [outcome]}, 1, {})


@dataclass(frozen=True)
class ServiceLevel(_ContactDefinition):
    """The share of contacts answered within a threshold, in per cent.

    Parameters
    ----------
    within : str, timedelta or numpy.timedelta64
        The threshold; a wait equal to it is within.
    formula : {"offered", "answered_only"}
        What stands below the line.
    short_abandon : duration, optional
        Abandons after at most this wait are left out.
    interval : {"wilson"}
        How the confidence interval is computed.

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
    interval: str = field(default="wilson", kw_only=True)

    def __post_init__(self) -> None:
        # One definition has one form: "20s", timedelta(seconds=20) and "PT20S" are equal and hash alike.
        object.__setattr__(self, "within", duration_text(microseconds(self.within, "within")))
        if self.short_abandon is not None:
            text = duration_text(microseconds(self.short_abandon, "short_abandon"))
            object.__setattr__(self, "short_abandon", text)

    def name(self) -> str:
        return f"service_level_{self.within}"

    def collect_parameters(self) -> dict[str, Any]:
        brief = self.short_abandon
        return {
            "within": microseconds(self.within, "within"),
            "short_abandon": None if brief is None else microseconds(brief, "short_abandon"),
        }

    def read_parameters(self) -> dict[str, Any]:
        return {"formula": self.formula, "interval": self.interval}


@dataclass(frozen=True, kw_only=True)
class Abandonment(_ContactDefinition):
    """The share of offered contacts whose customer left before an answer, in per cent.

    Parameters
    ----------
    formula : {"offered"}
        What stands below the line.

    Examples
    --------
    >>> import cxmetrics as cx
    >>> cx.abandonment({"outcome": ["answered", "abandoned", "timeout", "answered"]}).value
    25.0
    """

    metric: ClassVar[str] = "abandonment"
    formula: str = "offered"

    def read_parameters(self) -> dict[str, Any]:
        return {"formula": self.formula}

    def columns(self, table: Answers | Contacts) -> Columns:
        return [table.array("outcome")]

    def add_row(self, state: State, values: tuple[Any, ...], named: Mapping[str, Any]) -> None:
        (outcome,) = _row(("outcome",), values, named)
        self.fill(state, {"outcome": [outcome]}, 1, {})


@dataclass(frozen=True, kw_only=True)
class WaitTime(_ContactDefinition):
    """How long customers waited in the queue: the whole distribution; the figure is the median, in seconds.

    Parameters
    ----------
    of : {"answered", "abandoned", "all"}
        Whose waits.

    Examples
    --------
    >>> import cxmetrics as cx
    >>> r = cx.wait_time({"wait": [5, 10, 200], "outcome": ["answered"] * 3}, unit="s")
    >>> round(r.value), r.max
    (10, 200.0)
    """

    metric: ClassVar[str] = "wait_time"
    of: str = "answered"

    def collect_parameters(self) -> dict[str, Any]:
        return {"of": self.of}


@dataclass(frozen=True, kw_only=True)
class FirstContactResolution(_ContactDefinition):
    """The share of contacts after which the customer did not come back within a window, in per cent.

    Parameters
    ----------
    window : duration
        How long to look ahead; elapsed time.
    clock : {"ended", "entered"}
        From when to look ahead.
    until, since : optional
        Up to and from when the data are complete: an ISO text with offset or an aware datetime. Default: the last
        and the first entry.
    rule : {"rolling", "chain"}
        Whether every contact may be a first, or none that is itself a repeat.
    reason : str, optional
        A column: only a contact with the same reason is a repeat.
    groups : dict, optional
        The group of each reason; then a repeat is one of the same group. A reason without one is its own.
    first, repeats : sequence of str, optional
        The outcomes of contacts that may be a first, and of those that may be a repeat. Default: all.
    transfer : {"ignored", "fails"}
        Whether a contact that an agent passed on is resolved at first contact.
    transferred : str, optional
        A column that says yes where an agent passed the contact on. Default: the outcomes ``transferred_blind`` and
        ``transferred_attended``.
    resolvable : str, optional
        A column that says no where a contact cannot be resolved at the first desk: such contacts are left out, and the
        figure is net. Where it says nothing, a contact can be.
    interval : {"wilson", "clustered"}
        Whether the contacts of one customer are taken as independent.
    shard : tuple of int, optional
        (parts, part): the data hold only customers with ``RepeatTracker.part_of(customer, parts) == part``. Only states
        of different parts merge.

    Examples
    --------
    >>> import cxmetrics as cx
    >>> calls = {
    ...     "customer": ["ann", "bob", "ann", "eve"],
    ...     "entered": ["2026-03-02T09:00Z", "2026-03-02T10:00Z", "2026-03-04T09:00Z", "2026-03-20T09:00Z"],
    ... }
    >>> r = cx.first_contact_resolution(calls, window="7d", clock="entered")
    >>> r.n, r.counts["repeat"], r.counts["pending"]
    (3, 1, 1)
    """

    metric: ClassVar[str] = "first_contact_resolution"
    window: Duration = "7d"
    clock: str = "ended"
    until: Any = None
    since: Any = None
    rule: str = "rolling"
    reason: str | None = None
    groups: Any = None
    first: Any = None
    repeats: Any = None
    transfer: str = "ignored"
    transferred: str | None = None
    resolvable: str | None = None
    interval: str = "wilson"
    shard: tuple[int, int] | None = None

    def __post_init__(self) -> None:
        # One definition has one form, and can be hashed.
        object.__setattr__(self, "window", duration_text(microseconds(self.window, "window")))
        for name in ("until", "since"):
            if (said := getattr(self, name)) is not None:
                object.__setattr__(self, name, instant_of(said, name))
        if self.groups is not None:
            if self.reason is None:
                raise _core.Error('groups= puts reasons together: say where they stand, reason="..."')
            object.__setattr__(self, "groups", tuple(sorted(dict(self.groups).items(), key=repr)))
        for name in ("first", "repeats"):
            if (said := getattr(self, name)) is not None:
                named = {said} if isinstance(said, str) else set(said)
                if unknown := sorted(named.difference(_core.OUTCOMES), key=repr):
                    raise _core.Error(
                        f"{name}= names {unknown[0]!r}, which is no outcome: use {', '.join(_core.OUTCOMES)}"
                    )
                object.__setattr__(self, name, tuple(o for o in _core.OUTCOMES if o in named))

    def collect_parameters(self) -> dict[str, Any]:
        return {
            "window": microseconds(self.window, "window"),
            "clock": self.clock,
            "rule": self.rule,
            "reason": "none" if self.reason is None else "exact" if self.groups is None else "group",
            "first": self.first,
            "repeats": self.repeats,
        }

    def read_parameters(self) -> dict[str, Any]:
        basis = "gross" if self.resolvable is None else "net"
        return {"transfer": self.transfer, "basis": basis, "interval": self.interval}

    def columns(self, table: Answers | Contacts) -> Columns:
        until = None if self.until is None else int(self.until)
        return [_core.repeat_classes(self.read_columns(table), self.collect_parameters(), until_us=until)]

    def read_columns(self, table: Answers | Contacts) -> dict[str, np.ndarray[Any, Any] | None]:
        """Return the columns of a table that the rule reads."""
        names = ["customer", "entered", *(["ended"] if self.clock == "ended" else [])]
        columns: dict[str, np.ndarray[Any, Any] | None] = {name: table.array(name) for name in names}
        if self.reason is not None:
            columns["reason"] = self._reasons(table)
        if self.first is not None or self.repeats is not None:
            columns["outcome"] = table.array("outcome")
        if self.transfer == "fails":
            columns["transferred"] = self._transferred(table)
        if self.resolvable is not None:
            columns["unresolvable"] = np.asarray(table.truths(self.resolvable) == 0, dtype=np.uint8)
        return columns

    def _reasons(self, table: Answers | Contacts) -> np.ndarray[Any, Any]:
        assert self.reason is not None
        codes, labels = table.key(self.reason)
        group_of = dict(self.groups or ())
        groups: dict[Any, int] = {}
        place = [groups.setdefault(group_of.get(label, label), len(groups)) for label in labels]
        values: np.ndarray[Any, Any] = np.array([*place, _MISSING], dtype=np.int64)
        return np.asarray(values[codes])  # a row without a reason has the code -1

    def _transferred(self, table: Answers | Contacts) -> np.ndarray[Any, Any]:
        if self.transferred is not None:
            return np.asarray(table.truths(self.transferred) == 1, dtype=np.uint8)
        if "outcome" not in table.names:
            raise _core.ColumnError(
                'transfer="fails" needs to know which contacts an agent passed on: name a column of yes and no, '
                'transferred="...", or outcomes with transferred_blind and transferred_attended'
            )
        codes = [_core.OUTCOMES.index(name) for name in ("transferred_blind", "transferred_attended")]
        return np.asarray(np.isin(table.array("outcome"), codes), dtype=np.uint8)

    def as_of(self, table: Answers | Contacts) -> Known:
        entered = table.array("entered")
        seen = entered[entered > _ABSENT]
        first, last = (int(seen.min()), int(seen.max())) if len(seen) else (None, None)
        return Known(
            since=first if self.since is None else int(self.since),
            until=last if self.until is None else int(self.until),
            shard=self._share(),
        )

    def nothing(self) -> Known | None:
        share = self._share()
        return None if share is None else Known(left_unknown=0, spread=(0, 0, 0, 0), shard=share)

    def known(self, core: _core.State, shard: Shard | None) -> Known | None:
        return Known(shard=shard)

    def instants(self, table: Answers | Contacts) -> np.ndarray[Any, Any]:
        return table.array(self.clock)

    def fill(self, state: State, data: Any, threads: int, door: Mapping[str, Any]) -> list[str]:
        # What comes after a contact may stand in any other row: rows that are added later could change what was said.
        if state.result().rows:
            raise _core.StateError(
                "first-contact resolution looks over all contacts of a customer at once: give all rows in one update, "
                "merge states of customers that differ, or stream with cx.RepeatTracker"
            )
        table = self.table(data, door)
        ((core, known),) = self.count(table, [microseconds(self.window, "window")], threads)
        state.core.merge(core)
        state.known = known
        return list(table.notes)

    def count(self, table: Answers | Contacts, windows: list[int], threads: int) -> list[tuple[_core.State, Known]]:
        """Return what a state holds and knows of a table, for several windows from one pass."""
        self._check_share(table)
        columns = self.read_columns(table)
        states, since, until = _core.repeat_states(
            columns,
            self.collect_parameters(),
            windows_us=windows,
            since_us=None if self.since is None else int(self.since),
            until_us=None if self.until is None else int(self.until),
            threads=threads,
        )
        known = Known(since=since, until=until, shard=self._share())
        spreads = [self._spread(columns, window, until) if self.interval == "clustered" else None for window in windows]
        return [
            (core, replace(known, left_unknown=left_unknown, spread=spread))
            for (core, left_unknown), spread in zip(states, spreads, strict=True)
        ]

    def _spread(
        self, columns: dict[str, np.ndarray[Any, Any] | None], window: int, until: int | None
    ) -> tuple[int, int, int, int]:
        """Return the number of customers, and the sums over them of good^2, good * all and all^2."""
        labels = _core.repeat_classes(columns, self.collect_parameters() | {"window": window}, until_us=until)
        counted = labels < _PENDING
        if self.resolvable is not None:
            counted &= (labels & _UNRESOLVABLE) == 0
        good = (labels & (_REPEAT | (_TRANSFERRED if self.transfer == "fails" else 0))) == 0
        customer = columns["customer"]
        assert customer is not None
        numbers = np.unique(customer[counted], return_inverse=True)[1]
        everything = np.bincount(numbers)
        resolved = np.bincount(numbers[good[counted]], minlength=len(everything))
        return (
            len(everything),
            int(resolved @ resolved),
            int(resolved @ everything),
            int(everything @ everything),
        )

    def _share(self) -> Shard | None:
        if self.shard is None or self.shard[0] == 1:
            return None
        return self.shard[0], frozenset([self.shard[1]])

    def _check_share(self, table: Answers | Contacts) -> None:
        """Refuse customers of another shard."""
        if self.shard is None:
            return
        parts, part = self.shard
        if not 1 <= parts <= 65_536 or not 0 <= part < parts:
            raise _core.StateError(f"shard={self.shard}: there is no such part: parts are 0 to {parts - 1}")
        subjects = table.subjects("customer")
        strangers = np.flatnonzero((subjects[:, 1] % np.uint64(parts) != part) & subjects.any(axis=1))
        if len(strangers):
            raise _core.StateError(
                f"row {strangers[0]} is of a customer of another shard than {part} of {parts}: split contacts by "
                "cx.RepeatTracker.part_of(customer, parts)"
            )

    def add_row(self, state: State, values: tuple[Any, ...], named: Mapping[str, Any]) -> None:
        """Add one decided contact: what came after it, as `RepeatTracker` emits it."""
        (followup,) = _row(("followup",), values, named)
        if followup not in _core.FOLLOWUPS:
            raise _core.Error(f"followup={followup!r} does not exist: use one of {', '.join(_core.FOLLOWUPS)}")
        column = np.array([_core.FOLLOWUPS.index(followup)], dtype=np.uint8)
        state.core.update([column], count_invalid=False, threads=1)
        state.known = Known(shard=self._share() if state.known is None else state.known.shard)


def _row(names: tuple[str, ...], values: tuple[Any, ...], named: Mapping[str, Any]) -> list[Any]:
    """Return one row's values by name; errors name what is missing or too many."""
    row = dict(zip(names, values, strict=False))
    unknown = [name for name in named if name not in names or name in row]
    if unknown or len(values) > len(names) or len(row) + len(named) < len(names):
        raise _core.Error(f"one row has {' and '.join(names)}: add({', '.join(f'{name}=...' for name in names)})")
    return [{**row, **named}[name] for name in names]


_OF_METRIC: dict[str, Callable[[Mapping[str, Any]], Definition]] = {
    "nps": lambda _: NPS(),
    "service_level": lambda p: ServiceLevel(
        duration_text(p["within"]),
        short_abandon=None if p["short_abandon"] is None else duration_text(p["short_abandon"]),
    ),
    "abandonment": lambda _: Abandonment(),
    "wait_time": lambda p: WaitTime(of=p["of"]),
    "first_contact_resolution": lambda p: FirstContactResolution(
        window=duration_text(p["window"]),
        clock=p["clock"],
        rule=p["rule"],
        reason=None if p["reason"] == "none" else "reason",
        groups={} if p["reason"] == "group" else None,
        first=p["first"],
        repeats=p["repeats"],
    ),
}


def definition_of(core: _core.State) -> Definition:
    """Return the definition that stands in a state's bytes."""
    return _OF_METRIC[core.name](core.parameters())
