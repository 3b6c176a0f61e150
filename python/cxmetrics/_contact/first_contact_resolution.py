# SPDX-License-Identifier: Apache-2.0
"""First-contact resolution."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from cxmetrics import _core
from cxmetrics._contact.definition import WholeContactDefinition
from cxmetrics._definition import Definition, compute, row_of
from cxmetrics._durations import duration_text, instant_of, microseconds
from cxmetrics._known import Known, Shard
from cxmetrics._outcomes import ATTENDED, BLIND, OUTCOMES
from cxmetrics._states import State
from cxmetrics._tables import ABSENT, HIGHEST_ABSENT, moment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cxmetrics._contact.legs import WholeContacts
    from cxmetrics._definition import Columns
    from cxmetrics._durations import Duration
    from cxmetrics._results import Result
    from cxmetrics._tables import Table

    Rows = Table | WholeContacts

_NOTHING = np.uint8(255)
_REPEAT, _TRANSFERRED, _UNRESOLVABLE, _PENDING = 1, 4, 8, 16  # of followups: marks, and the first that is not matured


@dataclass(frozen=True, kw_only=True)
class FirstContactResolution(WholeContactDefinition):
    """The share of contacts after which the customer did not come back within a window, in per cent.

    A contact that goes through several queues is one: it enters with its first leg and ends with its last.

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
        A column that says yes where an agent passed the contact on. Default: where the column ``transfers`` counts
        one, or the outcome is ``transferred_blind`` or ``transferred_attended``.
    resolvable : str, optional
        A column that says no where a contact cannot be resolved at the first desk: such contacts are left out, and the
        figure is net. Where it says nothing, a contact can be.
    interval : {"wilson", "clopper_pearson", "jeffreys", "clustered"}
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
        if self.since is not None and self.until is not None and int(self.since) > int(self.until):
            since, until = (moment(int(each)).isoformat() for each in (self.since, self.until))
            raise _core.Error(f"since={since} lies behind until={until}: data do not end before they begin")
        if self.groups is not None:
            if self.reason is None:
                raise _core.Error('groups= puts reasons together: say where they stand, reason="..."')
            object.__setattr__(self, "groups", tuple(sorted(dict(self.groups).items(), key=repr)))
        for name in ("reason", "transferred", "resolvable"):
            if not isinstance(said := getattr(self, name), str | None):
                raise _core.ColumnError(f'{name}={said!r} names no column: give the name of one, {name}="..."')
        if self.shard is not None and not (
            isinstance(self.shard, tuple) and len(self.shard) == 2 and all(isinstance(n, int) for n in self.shard)
        ):
            raise _core.Error(f"shard={self.shard!r} is not two whole numbers: give (parts, part)")
        for name in ("first", "repeats"):
            if (said := getattr(self, name)) is not None:
                if not isinstance(said, Iterable):
                    raise _core.Error(f"{name}={said!r} names no outcomes: give one, or a set of them")
                named = {said} if isinstance(said, str) else set(said)
                if unknown := sorted(named.difference(OUTCOMES), key=repr):
                    raise _core.Error(f"{name}= names {unknown[0]!r}, which is no outcome: use {', '.join(OUTCOMES)}")
                object.__setattr__(self, name, tuple(o for o in OUTCOMES if o in named))
        super().__post_init__()

    @classmethod
    def of_state(cls, name: str, parameters: Mapping[str, Any]) -> Definition:
        match = parameters["reason"]
        return cls(
            window=duration_text(parameters["window"]),
            clock=parameters["clock"],
            rule=parameters["rule"],
            reason=None if match == "none" else "reason",
            groups={} if match == "group" else None,
            first=parameters["first"],
            repeats=parameters["repeats"],
        )

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

    def columns(self, table: Table) -> Columns:
        if self.interval == "clustered":
            raise _core.Error(
                'interval="clustered" is of one figure: a customer may stand in several groups, and what is known of '
                'customers does not add up; use interval="wilson" here, or first_contact_resolution of each group'
            )
        until = None if self.until is None else int(self.until)
        return [_core.repeat_classes(self.read_columns(table), self.collect_parameters(), until_us=until)]

    def read_columns(self, table: Table) -> dict[str, np.ndarray[Any, Any] | None]:
        """Return the columns of a table that the rule reads."""
        if self.clock == "ended" and "ended" not in table.names:
            raise table.absent("ended", ', or count from when they entered, clock="entered"')
        seen = self.rows(table)
        names = ["customer", "entered", *(["ended"] if self.clock == "ended" else [])]
        columns: dict[str, np.ndarray[Any, Any] | None] = {name: seen.array(name) for name in names}
        if self.reason is not None:
            columns["customer"] = _numbered(seen.array("customer"))
            columns["reason"] = self._reasons(seen)
        if self.first is not None or self.repeats is not None or seen.leaves_out:
            columns["outcome"] = seen.array("outcome")
        if self.transfer == "fails":
            columns["transferred"] = self._transferred(seen)
        if self.resolvable is not None:
            columns["unresolvable"] = np.asarray(seen.truths(self.resolvable) == 0, dtype=np.uint8)
        return columns

    def _reasons(self, table: Rows) -> np.ndarray[Any, Any]:
        assert self.reason is not None
        codes, labels = table.key(self.reason, "reason")
        group_of = dict(self.groups or ())
        groups: dict[Any, int] = {}
        place = [groups.setdefault(group_of.get(label, label), len(groups)) for label in labels]
        values: np.ndarray[Any, Any] = np.array([*place, ABSENT], dtype=np.int64)
        return np.asarray(values[codes])  # a row without a reason has the code -1

    def _transferred(self, table: Rows) -> np.ndarray[Any, Any]:
        if self.transferred is not None:
            return np.asarray(table.truths(self.transferred) == 1, dtype=np.uint8)
        if not {"transfers", "outcome"} & set(table.names):
            raise _core.ColumnError(
                'transfer="fails" needs to know which contacts an agent passed on: name a column of yes and no, '
                'transferred="...", one that counts, transfers="...", or outcomes with transferred_blind and '
                "transferred_attended"
            )
        passed: np.ndarray[Any, Any] = np.zeros(table.rows, dtype=bool)
        if "transfers" in table.names:
            passed |= table.array("transfers") > 0
        if "outcome" in table.names:
            passed |= np.isin(table.array("outcome"), (BLIND, ATTENDED))
        return passed.astype(np.uint8)

    def early(self, table: Table, columns: Sequence[Any]) -> Columns:
        entered, since = self.rows(table).array("entered"), self.as_of(table).since
        end = ABSENT if since is None else since + microseconds(self.window, "window")
        (labels,) = columns
        return [np.where((entered < end) & (labels < _PENDING), labels, _NOTHING)]

    def as_of(self, table: Table) -> Known:
        entered = self.rows(table).array("entered")
        seen = entered[entered > HIGHEST_ABSENT]
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

    def instants(self, table: Table) -> np.ndarray[Any, Any]:
        return self.rows(table).array(self.clock)

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

    def count(self, table: Table, windows: list[int], threads: int) -> list[tuple[_core.State, Known]]:
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

    def _check_share(self, table: Table) -> None:
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
        (followup,) = row_of(("followup",), values, named)
        if followup not in _core.FOLLOWUPS:
            raise _core.Error(f"followup={followup!r} does not exist: use one of {', '.join(_core.FOLLOWUPS)}")
        column = np.array([_core.FOLLOWUPS.index(followup)], dtype=np.uint8)
        state.core.update([column], count_invalid=False, threads=1)
        state.known = Known(shard=self._share() if state.known is None else state.known.shard)


def _numbered(ids: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return ids as numbers from 0, small enough for a reason beside them; what is no id stays."""
    out, known = ids.copy(), ids > HIGHEST_ABSENT
    out[known] = np.unique(ids[known], return_inverse=True)[1]
    return out


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
    so counting them would bias the figure. A call that goes through several queues is one contact, from its first
    entry to the end of its last leg, and never a repeat of itself. Every rule stands in ``r.parameters``, and what it
    leaves out in ``r.counts``.

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
        A column that says yes where it was passed on; default by the column ``transfers`` and the outcome.
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

    Notes
    -----
    Also called: first call resolution, no-repeat rate. Not to be confused with: the share that an agent or a survey
    calls resolved; the share of customers. Rows without a value are left out and counted in ``r.missing``. States
    of customers that differ merge exactly. One pass over the rows. Source and formula: ``r.explain()``.

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
    return compute(definition, c, level, threads, door)
