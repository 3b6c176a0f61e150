# SPDX-License-Identifier: Apache-2.0
"""What a figure about the future of contacts needs to know beside its counts: of when, and of whom."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from cxmetrics import _core

Shard = tuple[int, frozenset[int]]
_MARK = b"cxshard\0"


@dataclass(frozen=True, kw_only=True)
class Known:
    """Between which instants the contacts of a state were known, whose they are, and what was counted beside them.

    Parameters
    ----------
    since, until : int, optional
        In microseconds UTC; shown, and equal in all states that merge.
    left_unknown : int, optional
        Matured contacts of the first window of the data; None where nobody counted them.
    spread : tuple of int, optional
        Customers, and the sums of squares behind a clustered interval.
    shard : tuple, optional
        (parts, residues): only customers of these parts are in the state. None is everybody.
    """

    since: int | None = None
    until: int | None = None
    left_unknown: int | None = None
    spread: tuple[int, int, int, int] | None = None
    shard: Shard | None = None

    def read_parameters(self) -> dict[str, Any]:
        """Return what a figure is read with."""
        return {name: getattr(self, name) for name in ("since", "until", "left_unknown", "spread")}

    def merged(self, other: Known) -> Known:
        """Return what is known of two states together; StateError where they may hold the same customers."""
        for name, words in (("until", "as of"), ("since", "from")):
            ours, theirs = getattr(self, name), getattr(other, name)
            if ours is not None and theirs is not None and ours != theirs:
                raise _core.StateError(
                    f"these states were decided {words} different instants: give both the same {name}= before they "
                    "are filled"
                )
        return Known(
            since=other.since if self.since is None else self.since,
            until=other.until if self.until is None else self.until,
            left_unknown=_sum(self.left_unknown, other.left_unknown),
            spread=None
            if self.spread is None or other.spread is None
            else _four(a + b for a, b in zip(self.spread, other.spread, strict=True)),
            shard=joined(self.shard, other.shard),
        )

    def fed_by(self, shard: Shard | None) -> Known:
        """Return this with the customers of a tracker that has told something."""
        if shard is None or self.shard is None or self.shard[0] != shard[0]:
            return replace(self, shard=None)
        return replace(self, shard=_whole((shard[0], self.shard[1] | shard[1])))


def joined(ours: Shard | None, theirs: Shard | None) -> Shard | None:
    """Return the customers of two states that hold different ones."""
    if ours is None or theirs is None:
        raise _core.StateError(
            "customers of both states may be the same, and their contacts would not be seen as repeats of each other: "
            "split contacts by customer and say so, cx.FirstContactResolution(shard=(parts, part)) with "
            "cx.RepeatTracker.part_of(customer, parts) == part"
        )
    if ours[0] != theirs[0]:
        raise _core.StateError(
            f"shards of {ours[0]} and of {theirs[0]} parts cannot be merged: split all of them in the same way"
        )
    if twice := ours[1] & theirs[1]:
        raise _core.StateError(
            f"both shards hold part {min(twice)} of {ours[0]}: the same customers would count twice; merge each part "
            "once"
        )
    return _whole((ours[0], ours[1] | theirs[1]))


def framed(shard: Shard | None, content: bytes) -> bytes:
    """Return a state's bytes with the certificate of its share in front; a state of everybody has none."""
    if shard is None:
        return content
    words = (shard[0], len(shard[1]), *sorted(shard[1]))
    return _MARK + b"".join(word.to_bytes(8, "little") for word in words) + content


def unframed(data: bytes) -> tuple[Shard | None, bytes]:
    """Return what `framed` was given; StateError for a damaged certificate."""
    if not data.startswith(_MARK):
        return None, data
    words = [int.from_bytes(data[at : at + 8], "little") for at in range(8, min(len(data), 24), 8)]
    parts, size = words if len(words) == 2 else (0, 0)
    residues = [int.from_bytes(data[at : at + 8], "little") for at in range(24, min(len(data), 24 + 8 * size), 8)]
    ascends = all(a < b for a, b in zip([-1, *residues], [*residues, parts], strict=True))
    if not 1 < parts <= 65_536 or not 0 < size < parts or len(residues) != size or not ascends:
        raise _core.StateError("state bytes hold an impossible shard: they are damaged")
    return (parts, frozenset(residues)), data[24 + 8 * size :]


def _whole(shard: Shard) -> Shard | None:
    return None if len(shard[1]) == shard[0] else shard


def _sum(a: int | None, b: int | None) -> int | None:
    return None if a is None or b is None else a + b


def _four(values: Any) -> tuple[int, int, int, int]:
    a, b, c, d = values
    return a, b, c, d
