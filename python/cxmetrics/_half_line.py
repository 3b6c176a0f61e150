# SPDX-License-Identifier: Apache-2.0
"""The last line of a log: half of one is no event."""

from __future__ import annotations

from collections.abc import Callable, Iterator

_MEMORY = 1 << 18  # bytes before the last line, whose lines say what is usual


def without_half_line(chunks: Iterator[bytes], cut: Callable[[], None], was_cut: Callable[[], bool]) -> Iterator[bytes]:
    """Yield the bytes of a log, so that a last line that was cut off cannot be taken for a whole one.

    Every line of a log ends with a newline. A last one without it was cut if the data are known to be (`was_cut`),
    or if it has fewer fields than other lines of its event: it goes on as a line that is none, to be counted and
    shown by its number, and `cut` is told. A last newline that is only missing is no matter.
    """
    memory = held = b""
    for chunk in chunks:
        end = chunk.rfind(b"\n") + 1
        if not end:
            held += chunk
            continue
        whole = held + chunk[:end]
        yield whole
        memory, held = (memory + whole)[-_MEMORY:], chunk[end:]
    if not held.strip(b"\0 \t\r"):
        return
    if was_cut() or _is_half(held, memory):
        cut()
        held = _as_none(held)
    yield held


def _is_half(line: bytes, before: bytes) -> bool:
    fields = line.split(b"|")
    if len(fields) < 5:
        return True
    usual: dict[bytes, int] = {}
    for each in before.split(b"\n")[1:]:
        other = each.split(b"|")
        if len(other) >= 5:
            usual[other[4]] = min(len(other), usual.get(other[4], len(other)))
    event = fields[4]
    if event in usual:
        return len(fields) < usual[event]
    return len(fields) == 5 and any(name.startswith(event) for name in usual)


def _as_none(line: bytes) -> bytes:
    """Return the line so far that the reader calls it what it is, one that ends in the middle of its event."""
    fields = line.split(b"|")
    return line if len(fields) < 5 else b"|".join([*fields[:4], fields[4][:-1]])
