# SPDX-License-Identifier: Apache-2.0
"""What format a file has, by its content and never by its name; and its rows as an Arrow table of texts."""

from __future__ import annotations

import codecs
import csv
import glob
import hashlib
import json
import os
import re
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from math import inf
from pathlib import Path
from typing import Any, BinaryIO

from cxmetrics._core import ColumnError

HEAD = 1 << 16  # bytes that decide the format of a table, and that are looked at of one line
LINES = 500  # lines that decide whether it is a queue_log
BLOCK = 1 << 20
DELIMITERS = (",", ";", "\t", "|")
QUEUE_LOG_LINE = re.compile(rb"(\d{8,11}|\d{13})(\.\d+)?\|[^|]*\|[^|]*\|[^|]*\|[A-Za-z_]+\s*(\||$)")


@dataclass(frozen=True)
class BadLine:
    """One line that has no place in its table: its number in the file (the header is 1), why, its text."""

    line: int
    problem: str
    text: str


@dataclass
class Source:
    """One thing to read: a file as it was named, where its plain bytes are, and what they look like."""

    name: str
    format: str  # queue_log, csv, json, parquet, table, typed
    path: Path | None = None
    data: Any = None  # the table in memory
    sha256: str | None = None
    delimiter: str = ","
    complete: bool = True
    starts: float = 0.0  # the first instant of a queue_log, by which several are put in order
    bad_lines: list[BadLine] = field(default_factory=list)
    repeated: dict[str, str] = field(default_factory=dict)  # columns by the name that the header gives them again
    parts: list[Source] = field(default_factory=list)  # the tables that it was put together of


class Unreadable(ColumnError):
    """A file that cannot be read as anything; the message is for the user."""


def expand(paths: Sequence[Any]) -> list[Any]:
    """Replace globs by the files they name, sorted; everything else stays as it is."""
    found: list[Any] = []
    for path in paths:
        if not isinstance(path, str | os.PathLike):
            found.append(path)
            continue
        text = os.fspath(path)
        if text == "-" or Path(text).exists() or not glob.has_magic(text):
            found.append(text)
            continue
        names = sorted(name for name in glob.glob(text, recursive=True) if not Path(name).is_dir())  # noqa: PTH207
        if not names:
            raise Unreadable(f"{text}: no file matches")
        found.extend(names)
    unique: list[Any] = []
    for path in found:
        if not (isinstance(path, str) and path in unique):
            unique.append(path)
    return unique


def open_source(name: str, scratch: Path, kind: str | None = None) -> Source:
    """Look into a file (or standard input for ``-``) and return what it is.

    What the user says of its kind goes before what it looks like: a log is one, whatever stands between its lines.

    Raises
    ------
    Unreadable
        It is not there, is empty, is no text, or is of no format known here.
    """
    label = "standard input" if name == "-" else name
    if name == "-":
        plain = _spool(sys.stdin.buffer, scratch)
    else:
        plain = Path(name)
        if plain.is_dir():
            raise Unreadable(f"{name} is a directory: give its files, like {name.rstrip('/')}/*")
    source = Source(name, "")
    try:
        with plain.open("rb") as stream:
            magic = stream.read(4)
            if plain.is_fifo():
                plain = _spool(stream, scratch, magic)
    except FileNotFoundError:
        raise Unreadable(f"{name}: no such file") from None
    except OSError as error:
        raise Unreadable(f"{label}: {error.strerror or error}") from None
    with plain.open("rb") as stream:
        digest, magic = hashlib.sha256(), stream.read(4)
        stream.seek(0)
        if magic[:2] == b"\x1f\x8b":
            plain = _unpack(stream, digest, source, scratch)
        else:
            for block in iter(lambda: stream.read(BLOCK), b""):
                digest.update(block)
    source.path, source.sha256 = plain, digest.hexdigest()
    _sniff(source, label, kind)
    return source


def _spool(stream: BinaryIO, scratch: Path, before: bytes = b"") -> Path:
    """Copy a stream to a file, because it has to be read twice."""
    path = scratch / f"stream-{len(list(scratch.iterdir()))}"
    with path.open("wb") as copy:
        copy.write(before)
        for block in iter(lambda: stream.read(BLOCK), b""):
            copy.write(block)
    return path


def _unpack(stream: BinaryIO, digest: Any, source: Source, scratch: Path) -> Path:
    """Unpack gzip, of any number of members; of a cut file, the lines that came whole before the cut."""
    path = scratch / f"unpacked-{len(list(scratch.iterdir()))}"
    unpacker = zlib.decompressobj(wbits=31)
    with path.open("wb") as plain:
        for block in iter(lambda: stream.read(BLOCK), b""):
            digest.update(block)
            rest = block
            while rest:
                if unpacker.eof:
                    if not rest.strip(b"\0"):
                        break  # padding of tapes and block devices
                    unpacker = zlib.decompressobj(wbits=31)
                try:
                    plain.write(unpacker.decompress(rest))
                except zlib.error as error:
                    what = "standard input" if source.name == "-" else source.name
                    raise Unreadable(f"{what}: damaged gzip data ({error}): fetch the file again") from None
                rest = unpacker.unused_data
        if not unpacker.eof:
            source.complete = False
            plain.write(unpacker.flush())
    if not source.complete:
        _drop_half_line(path, source)
    return path


def _drop_half_line(path: Path, source: Source) -> None:
    """Take the line in which packed data were cut off a copy of ours: half a line is no row."""
    with path.open("r+b") as copy:
        number, start = 1, 0
        for line in copy:
            if not line.endswith(b"\n"):
                text = line[:200].decode("utf-8", "replace")
                source.bad_lines.append(BadLine(number, "the file was cut off in it", text))
                copy.truncate(start)
                break
            number, start = number + 1, start + len(line)


def _sniff(source: Source, label: str, kind: str | None) -> None:
    assert source.path is not None
    with source.path.open("rb") as stream:
        head = stream.read(HEAD)
        if not head.strip():
            cut = "was cut off in its first line: fetch the file again"
            raise Unreadable(f"{label} {'is empty' if source.complete else cut}")
        if head[:4] == b"PAR1":
            source.format = "parquet"
            return
        stream.seek(0)
        lines = [line for line in islice(_lines(stream), LINES) if line.strip()]
    logged = [line for line in lines if QUEUE_LOG_LINE.match(line)]
    most = len(logged) * 2 > len(lines) - 1  # the first may have been cut by a rotation
    if (kind == "queue_log" or (logged and most)) and not heads_log_table(head):
        source.format, source.starts = "queue_log", _starts_in(source.path)
        return
    try:
        _require_text(source.path, label)
    except Unreadable:  # no table can be read of it, but a log has its good lines behind spoilt ones
        starts = _starts_in(source.path) if kind is None else inf
        if starts == inf:
            raise
        source.format, source.starts = "queue_log", starts
        return
    text = head.decode("utf-8", errors="ignore").lstrip("\ufeff \t\r\n")
    source.format = "json" if _is_json(text) else "csv"
    if source.format == "csv":
        source.delimiter = _delimiter(text)


def heads_log_table(head: bytes) -> bool:
    """Say whether a file begins like the table of a queue_log, or is Parquet, which does not show it."""
    first = head.lstrip().partition(b"\n")[0].lower()
    return head[:4] == b"PAR1" or (b"callid" in first and not QUEUE_LOG_LINE.match(first))


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the lines of a file; of a long one, its beginning."""
    begins = True
    while piece := stream.readline(HEAD):
        if begins:
            yield from piece.splitlines()
        begins = piece.endswith(b"\n")


def _starts_in(path: Path) -> float:
    with path.open("rb") as stream:
        return log_starts(_lines(stream))


def log_starts(lines: Iterable[bytes]) -> float:
    """Return the time of the first lines of a queue_log, in seconds; of a file without one, the end of time.

    A file that was rotated in the middle of a line, or holds NUL bytes or a spoilt digit, has no time in its
    first line, or a wrong one: the one in the middle of five is right.
    """
    logged = (QUEUE_LOG_LINE.match(line.lstrip(b"\xef\xbb\xbf\0")) for line in lines)
    times = sorted(float(found[0].partition(b"|")[0]) for found in islice(filter(None, logged), 5))
    if not times:
        return inf
    middle = times[len(times) // 2]
    return middle / 1000 if middle >= 1e12 else middle  # of 13 digits are milliseconds


def _require_text(path: Path, label: str) -> None:
    """Refuse what is not UTF-8, saying where and what to do."""
    decoder, before = codecs.getincrementaldecoder("utf-8")(), 0
    remedy = f"iconv -f {{}} -t UTF-8 {label} > utf8.csv"
    with path.open("rb") as stream:
        for block in iter(lambda: stream.read(BLOCK), b""):
            if before == 0 and block[:2] in (b"\xff\xfe", b"\xfe\xff"):
                raise Unreadable(f"{label} is UTF-16, not UTF-8; convert it: {remedy.format('UTF-16')}")
            if b"\0" in block:
                line = before + block[: block.index(b"\0")].count(b"\n") + 1
                raise Unreadable(f"{label}, line {line}: a zero byte: this is no queue_log, CSV, JSON or Parquet")
            try:
                decoder.decode(block)
            except UnicodeDecodeError as error:
                line = before + error.object[: error.start].count(b"\n") + 1
                byte = error.object[error.start]
                raise Unreadable(
                    f"{label}, line {line}: byte 0x{byte:02X} is not UTF-8; convert it: {remedy.format('WINDOWS-1252')}"
                ) from None
            before += block.count(b"\n")


def _is_json(text: str) -> bool:
    if text.startswith("["):
        return bool(re.match(r"\[\s*(\{\s*(\"|\})|\])", text))
    if not text.startswith("{"):
        return False
    first = text.splitlines()[0]
    try:
        return isinstance(json.loads(first), dict)
    except ValueError:
        return bool(re.match(r"\{\s*\"", text))


def _delimiter(text: str) -> str:
    """Return the delimiter that cuts the most lines into as many fields as the header."""
    lines = text.splitlines()[:200]
    best = (0, ",")
    for delimiter in DELIMITERS:
        rows = [row for row in csv.reader(lines, delimiter=delimiter) if row]
        width = len(rows[0])
        agreeing = sum(len(row) == width for row in rows)
        score = agreeing * (width - 1)
        if width > 1 and agreeing * 2 > len(rows) and score > best[0]:
            best = (score, delimiter)
    return best[1]


def read_table(source: Source) -> Any:
    """Return the rows as an Arrow table: texts from CSV and JSON, types as they are from Parquet.

    Lines that do not have the header's fields are left out and stand in ``source.bad_lines``.

    Raises
    ------
    Unreadable
        The file is damaged as a whole: what DuckDB says, in one line, with the file's name.
    """
    import duckdb

    con = duckdb.connect()
    read = {"parquet": _read_parquet, "json": _read_json}.get(source.format, _read_csv)
    try:
        return _interruptible(con, read, source)
    except duckdb.Error as error:
        text = str(error).splitlines()[0].replace(str(source.path), source.name)
        if source.format == "json":
            text = f"it begins like JSON and is damaged: one object a line, or one array of objects, is read ({text})"
        raise Unreadable(f"{source.name}: {text}") from None
    finally:
        con.close()


def _interruptible(con: Any, read: Callable[[Any, Source], Any], source: Source) -> Any:
    """Read in another thread and wait for it: DuckDB itself answers Ctrl-C late, and with an error of its own."""
    from concurrent.futures import ThreadPoolExecutor, wait

    with ThreadPoolExecutor(1) as worker:
        table = worker.submit(read, con, source)
        try:
            return table.result()
        finally:
            while not table.done():  # it may stand between two questions, and then does not hear
                con.interrupt()
                wait([table], 0.05)


def _read_parquet(con: Any, source: Source) -> Any:
    return con.sql("SELECT * FROM read_parquet($1)", params=[str(source.path)]).to_arrow_table()


def _read_csv(con: Any, source: Source) -> Any:
    names = _header(source)
    columns = ", ".join(f"{_quoted(name)}: 'VARCHAR'" for name in names)
    assert source.path is not None
    table = con.sql(
        f"SELECT * FROM read_csv({_quoted(str(source.path))}, columns = {{{columns}}}, auto_detect = false, "
        f"header = true, delim = {_quoted(source.delimiter)}, quote = '\"', escape = '\"', "
        f"max_line_size = {64 * BLOCK}, store_rejects = true)"
    ).to_arrow_table()
    rejected = con.sql("SELECT DISTINCT ON (line) line, error_message, csv_line FROM reject_errors ORDER BY line")
    for line, problem, text in rejected.fetchall():
        source.bad_lines.append(BadLine(int(line), _plain(problem), (text or "")[:200]))
    if source.bad_lines and source.bad_lines[-1].line > table.num_rows + len(source.bad_lines):
        with source.path.open("rb") as stream:
            stream.seek(-1, os.SEEK_END)
            source.complete = source.complete and stream.read(1) == b"\n"
    return table


def _header(source: Source) -> list[str]:
    """Return the names of the columns; empty and repeated ones get a number."""
    assert source.path is not None
    with source.path.open(encoding="utf-8-sig", newline="") as stream:
        try:
            fields = next((row for row in csv.reader(stream, delimiter=source.delimiter) if row), [])
        except csv.Error:  # a field of 131,072 signs
            raise Unreadable(
                f"{source.name}: its first line is no header: it has a name of more than 100,000 signs; "
                "the first line has to hold the names of the columns"
            ) from None
    names: list[str] = []
    for number, text in enumerate(fields, 1):
        name = text.strip() or f"column{number}"
        if name in names:
            source.repeated[f"{name}_{number}"] = name
            name = f"{name}_{number}"
        names.append(name)
    return names


def _read_json(con: Any, source: Source) -> Any:
    path = _quoted(str(source.path))
    objects = f"read_json_objects({path}, maximum_object_size = {64 * BLOCK})"
    keys = con.sql(f"SELECT DISTINCT unnest(json_keys(json)) AS key FROM {objects}").fetchall()
    if not keys:
        raise Unreadable(f"{source.name} holds no JSON objects with fields")
    order = {key: place for place, key in enumerate(_first_keys(con, objects))}
    names = sorted((key for (key,) in keys), key=lambda key: (order.get(key, len(order)), key))
    columns = ", ".join(f"{_quoted(name)}: 'VARCHAR'" for name in names)
    return con.sql(
        f"SELECT * FROM read_json({path}, columns = {{{columns}}}, maximum_object_size = {64 * BLOCK})"
    ).to_arrow_table()


def _first_keys(con: Any, objects: str) -> Iterator[str]:
    rows = con.sql(f"SELECT json_keys(json) FROM {objects} LIMIT 1").fetchall()
    yield from rows[0][0] if rows else ()


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _plain(problem: str) -> str:
    """Return what DuckDB says of a line in words for people."""
    match = re.match(r"Expected Number of Columns: (\d+) Found: (\d+)", problem)
    if match:
        return f"{match[2]} fields where the header has {match[1]}"
    return "a quote that is not closed" if "unterminated quote" in problem else problem.splitlines()[0]
