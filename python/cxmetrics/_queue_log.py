# SPDX-License-Identifier: Apache-2.0
"""Asterisk queue logs as contacts."""

from __future__ import annotations

import os
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from cxmetrics import _core, _notes
from cxmetrics._half_line import without_half_line
from cxmetrics._outcomes import ATTENDED, BLIND
from cxmetrics._queue_log_table import lines_of
from cxmetrics._readers import refuse_dominant
from cxmetrics._reading import Read, Reading
from cxmetrics._recognition.sniff import expand, heads_log_table, log_starts
from cxmetrics._source import Source, always, open_table
from cxmetrics._tables import ABSENT, HIGHEST_ABSENT, Contacts, moment, tell, zone_name

_BLOCK = 1 << 20
_HEAD = 1 << 16  # bytes in which a log shows when it begins


@dataclass(frozen=True)
class _Callers:
    """Which of the callers are customers."""

    nobody: frozenset[str]
    allow_dominant: bool

    def read(self, codes: np.ndarray[Any, Any], labels: list[str]) -> Read:
        """Read the customers, of whom one on far more rows than any other is probably none."""
        known = [label for label in labels if label not in self.nobody]
        places = {label: place for place, label in enumerate(known)}
        to = np.array([*(places.get(label, -1) for label in labels), -1], dtype=np.int32)  # the last one is nobody's
        read = _keys("customer", to[codes], known)
        if not self.allow_dominant:
            counts = np.bincount(to[codes] + 1, minlength=len(known) + 1)[1:]
            refuse_dominant(read, known, counts, lambda label: f"missing=[{label}]")
        return read


def read_queue_log(
    paths: Any,
    *,
    customer_key: str | None = None,
    tz: str | None = None,
    time_format: str | None = None,
    as_of: str | datetime | None = None,
    missing: Sequence[str] = (),
    allow_dominant: bool = False,
) -> Contacts:
    r"""Read Asterisk queue logs.

    Parameters
    ----------
    paths : path, glob, open file, list of them, or table
        Also .gz. Several are read as one, the oldest first: calls run over from one into the next. A table, or
        the path of one (CSV, Parquet, JSON lines), has the columns of Asterisk's database: time, callid,
        queuename, agent, event and data1 to data5, or one column data; by its column id, where it has one,
        rows of one instant are in order.
    customer_key : str, optional
        A secret text: customers are then hashes with it, and no number of a caller is kept.
    tz : str, optional
        Where buckets are cut; the times of a queue_log are instants. Those of a table are what the clock of
        the phone system showed, and must say so; of an hour that came twice the later is taken behind a row
        that shows that the clock had gone back.
    time_format : str, optional
        Of the times in a table, as in `contacts`.
    as_of : str or datetime, optional
        The present: later lines are not used, and what is open is as it is then. A live service level counts
        who has waited beyond the threshold by now as a failure, and says how many are pending.
    missing : sequence of str
        Numbers (or hashes) of callers that stand for nobody, beside `PLACEHOLDERS`: that of a gateway.
    allow_dominant : bool
        Whether one caller may have more than 5 % of the contacts and ten times those of the next.

    Returns
    -------
    Contacts
        One row for each stay in a queue; ``report`` says what became of every line. What is open at the end
        of the data is there as it stood then: unfinished with the wait so far, or answered without end.
        A call that goes through several queues has several rows, the legs of one ``contact``: ``leg`` counts
        them from 1, ``wait`` is that of the leg and ``wait_contact`` runs from the entry of the first one,
        ``transfers`` is 1 where an agent passed the caller on, and ``transfer`` says how, blind or attended.

    Raises
    ------
    ColumnError
        A file without a single line of a queue_log; a table without one of the columns. A caller who has far
        more contacts than any other, as soon as callers are asked for.
    UnitError
        A table of times without a zone, and no `tz`.

    Warns
    -----
    DataWarning
        Lines that are none; what is odd but legal.

    Examples
    --------
    >>> import io
    >>> import cxmetrics as cx
    >>> log = io.BytesIO(b"1543600000|c1|it|NONE|ENTERQUEUE||5551|1\n"
    ...                  b"1543600012|c1|it|ann|CONNECT|12|x|3\n"
    ...                  b"1543600090|c1|it|ann|COMPLETECALLER|12|78|1\n")
    >>> calls = cx.read_queue_log(log)
    >>> cx.service_level(calls, within="20s").value
    100.0
    """
    notes: list[str] = []
    now = None if as_of is None else _moment(as_of, tz)
    if isinstance(missing, str):
        raise _core.Error(f'missing="{missing}" is one text: give a list, missing=["{missing}"]')
    callers = _Callers(frozenset(missing), allow_dominant)
    if _is_table(paths):
        return _of_table(open_table(paths), customer_key, tz, time_format, now, callers)
    logs = _in_order(paths)
    cut: list[str] = []  # the files that end in the middle of a line
    reader = None
    for name, chunks in logs:
        if reader is None:
            reader = _core.QueueLogReader(name, customer_key=customer_key, as_of=now)
        else:
            reader.next_file(name)
        for chunk in _whole_lines(name, chunks, notes, cut):
            reader.feed(chunk)
    if reader is None:
        raise _core.ColumnError("no queue_log was given")
    found = reader.finish()
    found["report"]["cut"] = cut
    return _contacts(found, notes, None if tz is None else zone_name(tz), callers)


def _is_table(given: Any) -> bool:
    """Say whether it is a table, or the path of one: its first line names the columns."""
    paths = list(given) if isinstance(given, list | tuple) else [given]
    if any(hasattr(path, "read") for path in paths):
        return False
    if not all(isinstance(path, str | os.PathLike) for path in paths):
        return True
    first = next((Path(path) for path in expand(paths)), None)
    if first is None or not first.is_file():
        return False
    return heads_log_table(next(_plain(os.fspath(first), _of_path(first), []), b""))


def _moment(as_of: str | datetime, tz: str | None) -> int:
    """Return an instant in microseconds."""
    when = as_of
    if isinstance(when, str):
        try:
            when = datetime.fromisoformat(when)
        except ValueError:
            raise _core.ColumnError(f'as_of="{as_of}" is no time: write it like "2026-03-02T10:30:00+01:00"') from None
    if when.tzinfo is None:
        if tz is None:
            raise _core.UnitError(f'as_of={as_of} has no zone: give tz="Europe/Amsterdam", or an offset')
        when = when.replace(tzinfo=ZoneInfo(zone_name(tz)))
    return (when - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def _of_table(
    source: Source,
    customer_key: str | None,
    tz: str | None,
    time_format: str | None,
    now: int | None,
    callers: _Callers,
) -> Contacts:
    lines, rows, notes = lines_of(source, tz, time_format, hashed=customer_key is not None)
    reader = _core.QueueLogReader(source.label, customer_key=customer_key, as_of=now)
    reader.feed(lines)
    found = reader.finish()
    for line in found["report"]["first_invalid"]:
        line["line"] = int(rows[line["line"] - 1]) + 1
    return _contacts(found, [*source.notes, *notes], None if tz is None else zone_name(tz), callers)


def _in_order(paths: Any) -> list[tuple[str, Iterator[bytes]]]:
    """Return the name and the bytes of every log, by the time of their first lines."""
    given = expand(list(paths) if isinstance(paths, list | tuple) else [paths])
    logs = [_open_file(each) if hasattr(each, "read") else _closed_file(each, peek=len(given) > 1) for each in given]
    plain = [next(_plain(name, iter((head,)), []), b"") for name, head, _ in logs]
    starts = [log_starts(head.splitlines()) for head in plain]
    return [logs[i][::2] for i in sorted(range(len(logs)), key=starts.__getitem__)]


def _open_file(stream: Any) -> tuple[str, bytes, Iterator[bytes]]:
    """Return its name, its first bytes and all of them."""
    chunks = _of_file(stream)
    head = next(chunks, b"")
    return str(getattr(stream, "name", "queue_log")), head, chain((head,), chunks)


def _closed_file(path: Any, *, peek: bool) -> tuple[str, bytes, Iterator[bytes]]:
    """Return its name, where asked its first bytes, and all of them; a pipe can be read only once."""
    if not isinstance(path, str | os.PathLike):
        raise _core.ColumnError(f"{type(path).__name__} among open files is no log: give paths and open files only")
    file = Path(path)
    if not file.exists():
        raise _core.ColumnError(f"{file}: no such file")
    if file.is_dir():
        raise _core.ColumnError(f"{file} is a directory: give its files, like {os.fspath(file)}/queue_log*")
    return os.fspath(file), next(_of_path(file), b"")[:_HEAD] if peek else b"", _of_path(file)


def _of_path(file: Path) -> Iterator[bytes]:
    with file.open("rb") as stream:
        yield from iter(lambda: stream.read(_BLOCK), b"")


def _of_file(stream: Any) -> Iterator[bytes]:
    while chunk := stream.read(_BLOCK):
        yield chunk.encode() if isinstance(chunk, str) else chunk


def _whole_lines(name: str, chunks: Iterator[bytes], notes: list[str], cut: list[str]) -> Iterator[bytes]:
    """Unpack a file, and tell of a last line that was cut off."""
    packed: list[str] = []

    def tell_cut() -> None:
        cut.append(name)
        if not packed:
            notes.append(f"{name} was cut off in its last line, which is not used")

    yield from without_half_line(_plain(name, chunks, packed), tell_cut, lambda: bool(packed))
    notes.extend(packed)


def _plain(name: str, chunks: Iterator[bytes], notes: list[str]) -> Iterator[bytes]:
    """Unpack what is gzip by its first bytes; of a file that was cut, what came before the cut."""
    first = next(chunks, b"")

    def whole() -> Iterator[bytes]:
        yield first
        yield from chunks

    if first[:2] != b"\x1f\x8b":
        yield from whole()
        return
    unpacker = zlib.decompressobj(wbits=31)
    try:
        for chunk in whole():
            rest = chunk
            while rest:
                if unpacker.eof:
                    if not rest.strip(b"\0"):
                        break  # padding
                    unpacker = zlib.decompressobj(wbits=31)  # the next member
                yield unpacker.decompress(rest, _BLOCK)
                rest = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
        yield unpacker.flush()
        if not unpacker.eof:
            notes.append(f"{name} was cut off: what came before the cut is read")
    except zlib.error as error:
        notes.append(f"{name} is damaged ({error}): what came before is read")


def _contacts(found: dict[str, Any], notes: list[str], tz: str | None, callers: _Callers) -> Contacts:
    report = {"cut": [], **found["report"]}
    rows = len(found["entered"])
    reads = {
        "entered": _noted(_times("entered", found["entered"]), _of_entries(found["entered"], tz)),
        "wait": _noted(
            _lengths("wait", found["wait"]), _notes.of_waits("wait", _notes.found_in(found["wait"]), found["wait"])
        ),
        "wait_contact": _lengths("wait_contact", found["wait_contact"]),
        "outcome": Read(found["outcome"], Reading("outcome", "EVENT", "queue_log", rows=rows), []),
        "talk": _lengths("talk", found["talk"]),
        "ended": _times("ended", found["ended"]),
        "leg": _numbers("leg", found["leg"]),
        "transfers": _numbers("transfers", found["transfers"]),
        "transfer": _transfers(found["transfer"]),
        "queue": _keys("queue", found["queue"], found["queues"]),
    }
    readers = {name: always(read) for name, read in reads.items()}
    readers["customer"] = lambda: callers.read(found["customer"], found["customers"])
    readers["contact"] = lambda: _ids(found["contact_text"], found["contact_offsets"], found["first_row"])
    contacts = Contacts(Source({}, rows, "queue_log", [*report["notes"], *notes]), readers, tz=tz)
    contacts.report = report
    for name in reads:
        contacts.read(name, warn=False)
    tell(contacts.notes)
    return contacts


def _noted(read: Read, notes: list[str]) -> Read:
    return replace(read, notes=notes)


def _of_entries(values: np.ndarray[Any, Any], tz: str | None) -> list[str]:
    return _notes.of_instants("entered", _notes.found_in(values, tz or "UTC"), values, tz or "UTC")


def _span(values: np.ndarray[Any, Any]) -> tuple[int, int] | None:
    present = values[values > HIGHEST_ABSENT]
    return (int(present.min()), int(present.max())) if len(present) else None


def _times(name: str, values: np.ndarray[Any, Any]) -> Read:
    span = _span(values)
    low, high = (moment(each) for each in span) if span else (None, None)
    return Read(values, _reading(name, values, low, high, "UTC"), [])


def _lengths(name: str, values: np.ndarray[Any, Any]) -> Read:
    span = _span(values)
    low, high = (timedelta(microseconds=each) for each in span) if span else (None, None)
    return Read(values, _reading(name, values, low, high, None), [])


def _reading(name: str, values: np.ndarray[Any, Any], low: Any, high: Any, zone: str | None) -> Reading:
    missing = int(np.count_nonzero(values == ABSENT))
    return Reading(name, name, "queue_log", zone=zone, rows=len(values), missing=missing, minimum=low, maximum=high)


def _keys(name: str, codes: np.ndarray[Any, Any], labels: list[Any]) -> Read:
    values = codes.astype(np.int64)
    values[codes < 0] = ABSENT
    missing = int(np.count_nonzero(codes < 0))
    reading = Reading(name, name, "queue_log", rows=len(codes), missing=missing, distinct=len(labels))
    subjects = _core.encode_keys([_core.Column(labels, name)], []).subjects() if labels else np.zeros((0, 2), np.uint64)
    return Read(values, reading, [], (codes, labels), subjects, key_meaning="text")


def _numbers(name: str, counts: np.ndarray[Any, Any]) -> Read:
    values = counts.astype(np.int64)
    labels, codes = np.unique(values, return_inverse=True)
    reading = Reading(
        name,
        name,
        "queue_log",
        rows=len(values),
        minimum=int(labels[0]) if len(labels) else None,
        maximum=int(labels[-1]) if len(labels) else None,
    )
    return Read(values, reading, [], (codes.astype(np.int32), labels.tolist()), key_meaning="integer")


def _transfers(codes: np.ndarray[Any, Any]) -> Read:
    places = np.select([codes == BLIND, codes == ATTENDED], [0, 1], default=-1)
    return _keys("transfer", places.astype(np.int32), ["blind", "attended"])


def _ids(text: bytes, offsets: np.ndarray[Any, Any], first_row: np.ndarray[Any, Any]) -> Read:
    """Return one key for all legs of a contact: the id of its first call, numbered where that is used again."""
    rows, codes = np.unique(first_row, return_inverse=True)
    seen: Counter[str] = Counter()
    labels = []
    for row in rows:
        label = text[offsets[row] : offsets[row + 1]].decode("utf-8", "replace")
        seen[label] += 1
        labels.append(label if seen[label] == 1 else f"{label} ({seen[label]})")
    return _keys("contact", codes.astype(np.int32), labels)
