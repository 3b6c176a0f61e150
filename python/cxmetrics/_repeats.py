# SPDX-License-Identifier: Apache-2.0
"""Who came back: as it happens, and how soon."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, overload

import numpy as np

from cxmetrics import _core
from cxmetrics._durations import Duration, instant_of, microseconds
from cxmetrics._known import Known

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from matplotlib.axes import Axes

    from cxmetrics._contact.first_contact_resolution import FirstContactResolution
    from cxmetrics._results import Result
    from cxmetrics._states import State

_MATURED = 16  # the followups below are of matured contacts


class RepeatTracker:
    """Follows customers through a stream of contacts, and forgets what is decided.

    Parameters
    ----------
    window : duration
        How long to look ahead.
    clock : {"ended", "entered"}
        From when.
    rule, first, repeats
        As in `first_contact_resolution`. Where outcomes are named, tell a contact when it is over.
    reason : {"none", "exact", "group"}
        Whether contacts are told with a reason, or with the group of one, and only those of the same are repeats.
    shard : tuple of int, optional
        (parts, part): this tracker is given only the customers of one part, ``part_of(customer, parts) == part``.
        Only trackers of different parts merge, and only states that different parts have filled.

    Examples
    --------
    >>> import cxmetrics as cx
    >>> tracker = cx.RepeatTracker(window="7d", clock="entered")
    >>> state = cx.FirstContactResolution(window="7d", clock="entered").state()
    >>> tracker.add("ann", position=1, entered="2026-03-02T09:00Z")
    >>> tracker.add("ann", position=2, entered="2026-03-04T09:00Z")
    >>> tracker.advance(state, watermark="2026-03-20T00:00Z")
    2
    >>> state.result().value
    50.0
    """

    __slots__ = ("core",)
    __hash__ = None  # type: ignore[assignment]

    def __init__(
        self,
        *,
        window: Duration = "7d",
        clock: str = "ended",
        rule: str = "rolling",
        reason: str = "none",
        first: Sequence[str] | None = None,
        repeats: Sequence[str] | None = None,
        shard: tuple[int, int] | None = None,
    ) -> None:
        parts, residues = (1, None) if shard is None else (shard[0], [shard[1]])
        said = {
            "window": microseconds(window, "window"),
            "clock": clock,
            "rule": rule,
            "reason": reason,
            "first": first,
            "repeats": repeats,
        }
        self.core = _core.RepeatTracker(said, modulus=parts, residues=residues)

    @staticmethod
    def of(definition: FirstContactResolution) -> RepeatTracker:
        """Return the tracker that fills the states of a definition."""
        rule = definition.collect_parameters()
        return RepeatTracker(**rule | {"window": definition.window}, shard=definition.shard)

    def add(
        self,
        customer: int | str,
        *,
        position: int,
        entered: str | datetime,
        ended: str | datetime | None = None,
        reason: int | str | None = None,
        outcome: str | None = None,
        transferred: bool = False,
        resolvable: bool = True,
    ) -> None:
        """Tell a contact: when it enters, and again, with the same position, when it has ended."""
        self.update(
            [customer],
            position=[position],
            entered=[instant_of(entered, "entered")],
            ended=None if ended is None else [instant_of(ended, "ended")],
            reason=[reason],
            outcome=None if outcome is None else [outcome],
            transferred=[transferred],
            resolvable=[resolvable],
        )

    def update(
        self,
        customer: Sequence[int | str] | np.ndarray[Any, Any],
        *,
        position: Sequence[int] | np.ndarray[Any, Any],
        entered: Sequence[int] | np.ndarray[Any, Any],
        ended: Sequence[int] | np.ndarray[Any, Any] | None = None,
        reason: Sequence[int | str | None] | None = None,
        outcome: Sequence[str] | None = None,
        transferred: Sequence[bool] | None = None,
        resolvable: Sequence[bool] | None = None,
    ) -> int:
        """Tell many contacts, instants in microseconds UTC; returns how many have no known customer.

        Customers and reasons are the subjects of a column: whole numbers of any width up to 256 bits, or texts.

        Raises
        ------
        ColumnError
            An id is neither; then no contact has been told.
        """
        ends = None if ended is None else np.asarray(ended, dtype=np.int64)
        return self.core.add(
            customer,
            position=np.asarray(position, dtype=np.int64),
            entered=np.asarray(entered, dtype=np.int64),
            ended=ends,
            reason=reason,
            outcome=outcome,
            transferred=transferred,
            resolvable=resolvable,
        )

    def advance(self, state: State, *, watermark: str | datetime | int | None) -> int:
        """Add to a state what is decided when nothing older than the watermark will come; returns how many.

        None is the end of time: everything is decided.

        Raises
        ------
        StateError
            The state is of another rule.
        """
        self._check(state)
        return self._collect(
            state, self.core.advance(None if watermark is None else instant_of(watermark, "watermark"))
        )

    def open(self, state: State, *, now: str | datetime | int) -> int:
        """Add to a state (a copy, for a live figure) what is not decided yet, as of now; returns how many."""
        self._check(state)
        return self._collect(state, self.core.open(instant_of(now, "now")))

    def merge(self, other: RepeatTracker) -> None:
        """Take over the customers of another part."""
        self.core.merge(other.core)

    @staticmethod
    def part_of(customer: int | str, parts: int) -> int:
        """Return the part that a customer belongs to, of so many."""
        return _core.customer_part(customer, parts)

    @property
    def late(self) -> int:
        """How often something was told too late to be used."""
        return self.core.late

    @property
    def remembered(self) -> int:
        """Contacts that are undecided."""
        return self.core.remembered

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RepeatTracker) and self.core == other.core

    def __bytes__(self) -> bytes:
        return bytes(self.core)

    @staticmethod
    def from_bytes(data: bytes) -> RepeatTracker:
        """Return the tracker that ``bytes(tracker)`` wrote; StateError for damaged bytes."""
        tracker = RepeatTracker()
        tracker.core = _core.RepeatTracker.from_bytes(data)
        return tracker

    def __reduce__(self) -> tuple[Any, ...]:
        return RepeatTracker.from_bytes, (bytes(self),)

    def _check(self, state: State) -> None:
        theirs = state.definition.collect_parameters()
        if state.definition.metric != "first_contact_resolution" or _listed(theirs) != _listed(self.core.rule):
            raise _core.StateError(
                "the state is of another definition than the tracker's rule: make the tracker with "
                "cx.RepeatTracker.of(definition)"
            )

    def _collect(self, state: State, records: dict[str, np.ndarray[Any, Any]]) -> int:
        followups = records["followup"]
        if not len(followups):
            return 0
        state.core.update([followups], count_invalid=False, threads=1)
        parts, residues = self.core.shard
        shard = None if len(residues) == parts else (parts, frozenset(residues))
        since = getattr(state.definition, "since", None)
        known = Known(left_unknown=0, shard=shard) if state.known is None else state.known.fed_by(shard)
        left_unknown = None
        if since is not None and known.left_unknown is not None:
            early = (followups < _MATURED) & (records["entered"] < since + self.core.rule["window"])
            left_unknown = known.left_unknown + int(np.count_nonzero(early))
        state.known = replace(known, since=since, left_unknown=left_unknown, spread=None)
        return len(followups)


def _listed(rule: dict[str, Any]) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in rule.items()}


class RepeatCurve:
    """First-contact resolution within several windows. Made by `repeat_curve`.

    A sequence of results, one a window, in the order in which they were asked for.

    Examples
    --------
    >>> import cxmetrics as cx
    >>> calls = {
    ...     "customer": ["ann", "ann", "bob"],
    ...     "entered": ["2026-03-02T09:00Z", "2026-03-05T09:00Z", "2026-03-20T09:00Z"],
    ... }
    >>> print(cx.repeat_curve(calls, windows=("1d", "7d"), clock="entered"))
    came back within   share           95 %  n  repeat  pending
    1d                 0.0 %  0.0 to 65.8 %  2       0        1
    7d                50.0 %  9.5 to 90.5 %  2       1        1
      note: the interval takes contacts of one customer as independent: it is too narrow where few customers come often
    """

    __slots__ = ("results",)

    def __init__(self, results: Sequence[Result]) -> None:
        self.results = list(results)

    def __len__(self) -> int:
        return len(self.results)

    def __iter__(self) -> Iterator[Result]:
        return iter(self.results)

    @overload
    def __getitem__(self, place: int) -> Result: ...
    @overload
    def __getitem__(self, place: slice) -> list[Result]: ...
    def __getitem__(self, place: int | slice) -> Result | list[Result]:
        return self.results[place]

    def to_dict(self) -> dict[str, Any]:
        """Return the results as plain values, by window."""
        return {r.parameters["window"]: r.to_dict() for r in self}

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the share that came back within each window, with its interval; returns the matplotlib axes."""
        from cxmetrics._plots import plot_repeats

        return plot_repeats(self.results, ax)

    def __str__(self) -> str:
        level = next((f"{100 * r.interval.level:g} %" for r in self if r.interval), "")
        lines: list[tuple[str, ...]] = [("came back within", "share", level, "n", "repeat", "pending")]
        for r in self:
            share = "no answer" if r.value is None else f"{100 - r.value:.1f} %"
            bounds = f"{100 - r.interval.high:.1f} to {100 - r.interval.low:.1f} %" if r.interval else ""
            counts = (f"{count:,}" for count in (r.n, r.n - r.counts["resolved"], r.pending))
            lines.append((r.parameters["window"], share, bounds, *counts))
        widths = [max(len(line[i]) for line in lines) for i in range(6)]
        texts = [
            "  ".join(
                cell.ljust(w) if i == 0 else cell.rjust(w) for i, (cell, w) in enumerate(zip(line, widths, strict=True))
            )
            for line in lines
        ]
        notes = dict.fromkeys(note for r in self for note in r.notes)
        return "\n".join([*texts, *(f"  note: {note}" for note in notes)])

    __repr__ = __str__
