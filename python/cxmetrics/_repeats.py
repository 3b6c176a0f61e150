# SPDX-License-Identifier: Apache-2.0
"""Who came back, as it happens: the history behind first-contact resolution."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from cxmetrics import _core
from cxmetrics._durations import Duration, instant_of, microseconds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cxmetrics._states import State


class RepeatTracker:
    """Follows customers through a stream of contacts, and forgets what is decided.

    Parameters
    ----------
    window : duration
        How long to look ahead.
    clock : {"ended", "entered"}
        From when.
    shard : tuple of int, optional
        (parts, part): this tracker is given only the customers of one part, ``part_of(customer, parts) == part``.
        Only trackers of different parts merge.

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

    def __init__(self, *, window: Duration = "7d", clock: str = "ended", shard: tuple[int, int] | None = None) -> None:
        parts, residues = (1, None) if shard is None else (shard[0], [shard[1]])
        us = microseconds(window, "window")
        self.core = _core.RepeatTracker(window_us=us, clock=clock, modulus=parts, residues=residues)

    def add(
        self,
        customer: int | str,
        *,
        position: int,
        entered: str | datetime,
        ended: str | datetime | None = None,
    ) -> None:
        """Tell a contact: when it enters, and again, with the same position, when it has ended."""
        self.update(
            [customer] if isinstance(customer, str) else np.array([customer], dtype=np.int64),
            position=[position],
            entered=[instant_of(entered, "entered")],
            ended=None if ended is None else [instant_of(ended, "ended")],
        )

    def update(
        self,
        customer: Sequence[str] | np.ndarray[Any, Any],
        *,
        position: Sequence[int] | np.ndarray[Any, Any],
        entered: Sequence[int] | np.ndarray[Any, Any],
        ended: Sequence[int] | np.ndarray[Any, Any] | None = None,
    ) -> int:
        """Tell many contacts, instants in microseconds UTC; returns how many have no known customer."""
        ends = None if ended is None else np.asarray(ended, dtype=np.int64)
        return self.core.add(
            customer,
            position=np.asarray(position, dtype=np.int64),
            entered=np.asarray(entered, dtype=np.int64),
            ended=ends,
        )

    def advance(self, state: State, *, watermark: str | datetime | int | None) -> int:
        """Add to a state what is decided when nothing older than the watermark will come; returns how many.

        None is the end of time: everything is decided.
        """
        records = self.core.advance(None if watermark is None else instant_of(watermark, "watermark"))
        return _collect(state, records)

    def open(self, state: State, *, now: str | datetime | int) -> int:
        """Add to a state (a copy, for a live figure) what is not decided yet, as of now; returns how many."""
        return _collect(state, self.core.open(instant_of(now, "now")))

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


def _collect(state: State, records: dict[str, np.ndarray[Any, Any]]) -> int:
    followups = records["followup"]
    state.core.update([followups], count_invalid=False, threads=1)
    return len(followups)
