# SPDX-License-Identifier: Apache-2.0
"""The typed tables: canonical columns for the engine, and how each of them was read."""

from __future__ import annotations

import copy
import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar, cast

import numpy as np

from cxmetrics import _core
from cxmetrics._reading import Array, Read, Reading, Unread
from cxmetrics._source import Source

if TYPE_CHECKING:
    from cxmetrics._contact.legs import WholeContacts

MISSING: tuple[str, ...] = tuple(_core.default_missing())
"""The texts that mean "no answer" unless ``missing=`` says otherwise."""

PLACEHOLDERS: tuple[str, ...] = (
    *(*MISSING, "0", "-1"),
    *("unknown", "Unknown", "UNKNOWN", "anonymous", "Anonymous", "ANONYMOUS"),
)
"""The ids of customers that stand for nobody unless ``missing={"customer": [...]}`` says otherwise."""

ABSENT = np.iinfo(np.int64).min  # of instants, durations and keys: missing; invalid and excluded are the next two
INVALID, HIGHEST_ABSENT = ABSENT + 1, ABSENT + 2
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

KeyType = tuple[str, str]
"""What keys are (text, integer, truth, dates, local, zoned; "" where that is not known), and the zone of times."""

SCALES = ("0-10", "1-5", "1-10", "1-3", "1-7")


def shown(value: Any) -> str:
    """Return a value as messages show it: texts in double quotes."""
    return f'"{value}"' if isinstance(value, str) else repr(value)


def rows_text(count: int) -> str:
    """Return so many rows as messages say them: "1 row", "2,000 rows"."""
    return f"{count:,} {'row' if count == 1 else 'rows'}"


def limits_of(scale: str) -> tuple[int, int]:
    """Return the least and the greatest score of a scale by its name."""
    if not isinstance(scale, str) or scale not in SCALES:
        raise _core.ScaleError(f"scale={shown(scale)} is unknown: use one of {', '.join(SCALES)}")
    least, greatest = scale.split("-")
    return int(least), int(greatest)


class DataWarning(UserWarning):
    """What is odd about the data, but legal."""


class Table:
    """What `Answers` and `Contacts` share. Made by a door.

    Columns that nobody named are read when they are first asked for.

    Attributes
    ----------
    rows : int
        How many rows the table has; missing and invalid ones too.
    tz : str or None
        Where naive times were read and buckets are cut.
    notes : list of str
        What is odd but legal in the columns read so far.
    """

    kind: ClassVar[str] = "table"
    clock_name: ClassVar[str] = "time"
    key_names: ClassVar[tuple[str, ...]] = ()

    def __init__(
        self,
        source: Source,
        readers: Mapping[str, Callable[[], Read | Unread]],
        *,
        tz: str | None = None,
        missing: Callable[[str], list[str]] = lambda _: list(MISSING),
        called: Mapping[str, str] | None = None,
    ) -> None:
        self.rows = source.rows
        self.tz = tz
        self.notes: list[str] = list(source.notes)
        self._source = source
        self._readers = dict(readers)
        self._read: dict[str, Read] = {}
        self._keys: dict[str, tuple[Array, list[Any], KeyType]] = {}
        self._missing = missing
        self._called = dict(called or {})
        self._named: list[str] = []
        self._unread: dict[str, Unread] = {}

    def __len__(self) -> int:
        return self.rows

    @property
    def columns(self) -> dict[str, Array]:
        """The canonical columns read so far: scores int8, outcomes uint8, times int64 microseconds."""
        return {name: read.values for name, read in self._read.items()}

    @property
    def source(self) -> Source:
        """The columns as they came, for another door."""
        return self._source

    def like(self, source: Source, readers: Mapping[str, Callable[[], Read | Unread]]) -> Self:
        """Return a table of other rows: its zone, its texts for no value and its notes are those of this one."""
        other = type(self)(source, readers, tz=self.tz, missing=self._missing)
        other.notes = list(self.notes)
        return other

    @property
    def names(self) -> list[str]:
        """The meanings that this table can answer for, read or not."""
        return list(self._readers)

    @property
    def readings(self) -> dict[str, Reading]:
        """How each column was read; the others are read now, and those that cannot be are left out."""
        return {name: read.reading for name, read in self._all().items() if isinstance(read, Read)}

    def array(self, name: str) -> Array:
        """Return a canonical column by its meaning.

        Raises
        ------
        ColumnError
            The table has no such column.
        UnitError
            The column holds times without a zone: which instants they are, ``tz=`` must say.
        """
        read = self.read(name)
        _expect_zone(read.reading, self.kind)
        return read.values

    def later(self, name: str) -> Array | _core.Unread:
        """Return a column as `array` does or, where a pass over the rows can read it, unread: `settle` it then."""
        if name not in self._read and name not in self._unread and name in self._readers:
            found = self._readers[name]()
            if isinstance(found, Unread) and found.values.by_blocks:
                self._unread[name] = found
            else:
                self._keep(name, found, warn=True)
        return self._unread[name].values if name in self._unread else self.array(name)

    def open(self, names: Sequence[str]) -> None:
        """Read what was named, and warn once about all of it; from a source that puts off, when it is settled."""
        if self._source.puts_off:
            self._named = list(names)
            tell(self.notes)
            return
        for name in names:
            self.read(name, warn=False)
        tell(self.notes)

    def settle(self) -> None:
        """Say what a pass over the rows has found in the columns that it has read, and read what else was named."""
        told = len(self.notes)
        for name in dict.fromkeys([*self._named, *self._unread]):
            if name in self._unread:
                self._keep(name, self._unread.pop(name), warn=False)
                _expect_zone(self._read[name].reading, self.kind)
            elif name not in self._keys:
                self.read(name, warn=False)
        tell(self.notes[told:])

    @property
    def leaves_out(self) -> bool:
        """Whether outcomes that were read leave rows out: such contacts count in no metric."""
        return "outcome" in self.names and self.read("outcome").reading.excluded > 0

    def clock(self) -> Array:
        """Return the instants to which rows belong, in microseconds UTC."""
        return self.array(self.clock_name)

    def read(self, name: str, *, warn: bool = True) -> Read:
        """Return a column with its reading; times without a zone too."""
        if name not in self._read:
            if name not in self._readers:
                raise self.absent(name)
            self._keep(name, self._readers[name](), warn)
        return self._read[name]

    def absent(self, name: str, instead: str = "") -> _core.ColumnError:
        """Return the error that there is no such column, with what to do."""
        return _core.ColumnError(
            f'these {self.kind} have no column "{name}": name it, cx.{self.kind}(..., {name}="..."){instead}; '
            f"the columns are {', '.join(self._source.names) or 'none'}"
        )

    def _keep(self, name: str, found: Read | Unread, warn: bool) -> None:
        read = found.read() if isinstance(found, Unread) else found
        self._read[name] = read
        self.notes += [note for note in read.notes if note not in self.notes]
        if warn:
            tell(read.notes)

    def called(self, name: str) -> str:
        """Return what a column is called in the source."""
        return self._called.get(name) or self.read(name).reading.source

    def keyed(self, name: str) -> Read:
        """Return a column with its keys, if it has any; its values stay the same."""
        read = self.read(name, warn=False)
        if read.keyed is not None:
            read = self._read[name] = replace(read.keyed(), held=read.held)
        return read

    def leave_out(self, name: str) -> None:
        """Be a table that has no such column."""
        del self._readers[name]

    def key(self, name: str, keyword: str = "by") -> tuple[Array, list[Any]]:
        """Return a column as keys, by its meaning or by its name in the source.

        Parameters
        ----------
        name : str
            The column.
        keyword : str
            The argument that names it, for errors.

        Returns
        -------
        codes : numpy.ndarray of int32
            A place in `labels` for each row, -1 for a row without key. Of 8 or 16 bits where they lie so.
        labels : list
            The different keys: in the order of their first appearance or, where the source holds them in a
            dictionary whose places serve as codes, in its order.
        """
        codes, labels, _ = self._found_keys(name, keyword)
        return codes, labels

    def key_type(self, name: str) -> KeyType:
        """Return what the keys of a column are, however many there are."""
        return self._found_keys(name)[2]

    def order(self, name: str) -> list[Any] | None:
        """Return the keys of a column in the order that its type gives them; None where it gives none."""
        own = name in self._source.names or name not in self._readers
        return self._source.order(name if own else self.read(name).reading.source)

    def truths(self, name: str) -> Array:
        """Return a column as 1 for yes, 0 for no, and 255 where nothing is said; a count above 0 is a yes."""
        if name in self._readers and name not in self._source.names:
            counted = self.array(name)
            if self.read(name).reading.distinct is not None:
                return (counted > HIGHEST_ABSENT).astype(np.uint8)
            return np.where(counted > HIGHEST_ABSENT, counted > 0, 255).astype(np.uint8)
        truths = _core.read_truths(self._source.column(name, name), 1, 0, self._missing(name))
        truths.found(False)
        return truths.values()

    def subjects(self, name: str) -> Array:
        """Return the 128-bit subject of each row of an id column as two uint64; of an unknown one zeros."""
        read = self.keyed(name)
        if read.subjects is None or read.keys is None:
            raise _core.ColumnError(f'column "{read.reading.source}" holds no ids')
        codes = read.keys[0]
        out = np.zeros((len(codes), 2), dtype=np.uint64)
        out[codes >= 0] = read.subjects[codes[codes >= 0]]
        return out

    def _found_keys(self, name: str, keyword: str = "by") -> tuple[Array, list[Any], KeyType]:
        if name not in self._keys:
            self._keys[name] = self._find_keys(name, keyword)
        return self._keys[name]

    def _find_keys(self, name: str, keyword: str) -> tuple[Array, list[Any], KeyType]:
        source = name if name in self._source.names else self._called.get(name) if name in self.key_names else None
        if source is not None:
            column = self._source.column(source, keyword if source == name else name)
            found = _core.codes_as_they_lie(column, self._missing(name))
            if found is not None:
                codes, keys = found
                return codes, *_labels(keys)
        if name in self._readers and name not in self._source.names:
            read = self.keyed(name)
            if read.keys is not None:
                return *read.keys, (read.key_meaning, "")
            return self._source_keys(read.reading.source, name, name)
        return self._source_keys(name, name, keyword)

    def _source_keys(self, name: str, meaning: str, keyword: str) -> tuple[Array, list[Any], KeyType]:
        column = self._source.column(name, keyword)
        keys = _core.encode_keys([column], self._missing(meaning))
        if keys.first_invalid is not None:
            value = column.show(keys.first_invalid)
            raise _core.ColumnError(
                f'column "{name}" ({column.type}), row {keys.first_invalid}: {value} is no key: group by texts, whole '
                "numbers or times, or cast the column to text"
            )
        return keys.codes, *_labels(keys)

    def _all(self) -> dict[str, Read | _core.Error]:
        found: dict[str, Read | _core.Error] = {}
        for name in self._readers:
            try:
                found[name] = self.keyed(name)
            except _core.Error as error:
                found[name] = error
        return found

    def __repr__(self) -> str:
        found = self._all()
        cells = [read.reading.line() for read in found.values() if isinstance(read, Read)]
        widths = [max((len(line[i]) for line in cells), default=0) for i in range(5)]
        lines = [f"{type(self).__name__} of {rows_text(self.rows)}" + (f", {self.tz}" if self.tz else "")]
        lines += [
            "  " + "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
            for line in cells
        ]
        lines += [f"  {name}  not read: {error}" for name, error in found.items() if not isinstance(error, Read)]
        lines += [f"  note: {note}" for note in self.notes]
        return "\n".join(lines)


class Answers(Table):
    """Survey answers that have passed the door `answers`: score, and where named weight, time and respondent.

    Where their scale is known, ``scale`` says it, and no metric of another one reads them.
    """

    kind = "answers"
    clock_name = "time"
    scale: str | None = None  # None: nobody has said it
    counts_invalid = False
    read_weights: Callable[[_core.Column], Read]

    @property
    def weighted(self) -> bool:
        """Whether each answer has a weight."""
        return "weight" in self._readers

    def weighted_by(self, weights: Any) -> Answers:
        """Return these answers with weights: a column of their table by its name, or a column of one number a row."""
        if isinstance(weights, str):
            column = self._source.column(weights, "weight")
        else:
            column = _core.Column(weights, "weights")
            if len(column) != self.rows:
                raise _core.ColumnError(f"there are {len(column):,} weights for {self.rows:,} answers: give one a row")
        other = copy.copy(self)
        other.notes, other._read = list(self.notes), {name: x for name, x in self._read.items() if name != "weight"}
        other._unread = {}
        other._readers = {**self._readers, "weight": lambda: self.read_weights(column)}
        other.read("weight")
        return other

    def scores(self, least: int, greatest: int) -> Array:
        """Return the scores for a metric of a scale; ScaleError as `expect_scale`."""
        self.expect_scale(least, greatest)
        return self.read("score").values

    def expect_scale(self, least: int, greatest: int) -> None:
        """Look whether the scores are those of a metric.

        Raises
        ------
        ScaleError
            An answer is outside the scale, unless the door counts what is invalid: the metric does then.
        """
        read = self.read("score")
        low, high = read.reading.minimum, read.reading.maximum
        if low is None or self.counts_invalid or (low >= least and high <= greatest):
            return
        absent = np.iinfo(np.int8).min + 2  # the highest of the values that stand for no value
        outside = (read.values > absent) & ((read.values < least) | (read.values > greatest))
        row = int(np.argmax(outside))
        raise _core.ScaleError(
            f'column "{read.reading.source}" ({read.reading.type}), row {row}: score {int(read.values[row])} is '
            f"outside the scale {least} to {greatest}: correct it, name it in missing= where it means no answer, or "
            'count such rows with invalid="count"'
        )


class Invitations(Table):
    """Invitations to a survey that have passed the door `invitations`.

    Either a row is one invitation, and ``answered`` says whether it was answered; or a row is a number of them,
    ``sent``, and ``answered`` how many of these were.
    """

    kind = "invitations"
    clock_name = "time"


class Contacts(Table):
    """Contacts that have passed the door `contacts` or `read_queue_log`.

    Instants ``entered`` and ``ended``, durations ``wait`` and ``talk``, ``outcome``, and the keys
    ``contact``, ``queue``, ``channel`` and ``customer``. Of a queue_log, ``report`` says what became of its
    lines, and ``leg``, ``wait_contact`` and ``transfers`` how calls went from queue to queue.
    """

    kind = "contacts"
    clock_name = "entered"
    key_names = ("queue", "channel")
    report: Mapping[str, Any] | None = None
    refuses_invalid = False  # a door raises, unless it was told to count
    looks_at_ends = False  # whether a read entry is held against its end, though nobody asks for the end
    several: bool | None = None  # whether a contact has several rows, once somebody has asked
    whole: WholeContacts | None = None  # the same contacts with one row each, once somebody has asked for them

    def read(self, name: str, *, warn: bool = True) -> Read:
        """Return a column with its reading; an end before its entry is refused, or counted, as what is invalid is."""
        if name == "ended" and name not in self._read:
            self._read_beside("entered", warn)
        return super().read(name, warn=warn)

    def absent(self, name: str, instead: str = "") -> _core.ColumnError:
        """Return the error that there is no such column; whoever has a log cannot name one."""
        if self.report is None:
            return super().absent(name, instead)
        return _core.ColumnError(
            f'a queue_log does not tell "{name}": there are {", ".join(self.names)}; another table may have it'
        )

    def _keep(self, name: str, found: Read | Unread, warn: bool) -> None:
        super()._keep(name, found, warn)
        if name == "entered" and self.looks_at_ends:
            self._read_beside("ended", warn)
        if name in ("entered", "ended") and {"entered", "ended"} <= set(self._read):
            self._check_ends(self._read["entered"], self._read["ended"])

    def _read_beside(self, name: str, warn: bool) -> None:
        """Read the other one of two times; where it cannot be read, whoever asks for it hears why."""
        if name in self._read or name in self._unread or name not in self.names:
            return
        try:
            found = self._readers[name]()
            read = found.read() if isinstance(found, Unread) else found
        except _core.Error:
            return
        self._keep(name, read, warn)

    def _check_ends(self, entered: Read, ended: Read) -> None:
        if entered.reading.naive or ended.reading.naive:  # of two local times the order is not known
            return
        first, last = entered.values, ended.values
        early = (last < first) & (last > HIGHEST_ABSENT)
        if not early.any():
            return
        row = int(np.argmax(early))
        if self.refuses_invalid:
            del self._read["ended"]
            raise _core.ColumnError(
                f'column "{ended.reading.source}", row {row}: it ends at {moment(int(last[row])):%Y-%m-%dT%H:%M:%SZ}, '
                f"before it enters at {moment(int(first[row])):%Y-%m-%dT%H:%M:%SZ}: correct it, or count such rows "
                'with invalid="count"'
            )
        before, left = ended.reading, last[(last > HIGHEST_ABSENT) & ~early]
        low, high = (moment(int(left.min())), moment(int(left.max()))) if len(left) else (None, None)
        reading = replace(
            before,
            invalid=before.invalid + int(early.sum()),
            first_invalid=row if before.first_invalid is None else min(row, before.first_invalid),
            minimum=low,
            maximum=high,
        )
        self._read["ended"] = replace(ended, held=np.where(early, INVALID, last), reading=reading)

    @property
    def tells_who_left(self) -> bool:
        """Whether outcomes are known, and not only who was answered."""
        return self.read("outcome").reading.name != "answered"


TypedTable = TypeVar("TypedTable", bound=Table)


def _expect_zone(reading: Reading, kind: str) -> None:
    if reading.naive:
        raise _core.UnitError(
            f'column "{reading.source}" ({reading.type}) holds times without a zone: say where they were '
            f'written down where the table is read, cx.{kind}(..., tz="Europe/Amsterdam")'
        )


def _labels(keys: _core.Keys) -> tuple[list[Any], KeyType]:
    """Return the labels of keys, those of times as times of their zone or as dates, and what they are."""
    labels: list[Any] = keys.labels
    if keys.meaning == "zoned":
        zone = keys.zone or "UTC"
        try:
            texts = _core.format_instants(np.array(labels, dtype=np.int64), zone)
        except _core.UnitError:  # a zone that only its source knows
            zone = "UTC"
            texts = _core.format_instants(np.array(labels, dtype=np.int64), zone)
        return [datetime.fromisoformat(str(text)) for text in texts], (keys.meaning, zone)
    if keys.meaning != "local":
        return labels, (keys.meaning, "")
    labels = [moment(label, naive=True) for label in labels]
    return ([label.date() for label in labels], ("dates", "")) if keys.dates else (labels, ("local", ""))


def passed(data: Any, kind: type[TypedTable], door: Mapping[str, Any]) -> TypedTable | None:
    """Return a table that has passed the door of its kind; None for raw data, which has yet to.

    Raises
    ------
    ColumnError
        The table is of another kind, or is told again how to be read.
    """
    if not isinstance(data, Table):
        return None
    if not isinstance(data, kind):
        raise _core.ColumnError(f"these are {data.kind}, where {kind.kind} are read: give what cx.{kind.kind} returns")
    if door:
        name = next(iter(door))
        raise _core.ColumnError(
            f"{name}= says how a raw table is read, and these {kind.kind} have been read: "
            f"give it to cx.{kind.kind}(table, {name}=...)"
        )
    return data


def zone_name(tz: Any) -> str:
    """Return the name of a zone that is there, given as text or as a zone of Python's."""
    return _core.check_zone(str(tz))


def moment(us: int, *, naive: bool = False, tz: str | None = None) -> datetime:
    """Return an instant in microseconds as a datetime: aware, in UTC unless `tz` says otherwise, or naive."""
    if naive:
        return (_EPOCH + timedelta(microseconds=us)).replace(tzinfo=None)
    at = _EPOCH + timedelta(microseconds=us)
    if tz is None:
        return at
    (text,) = _core.format_instants(np.array([us]), tz)
    return datetime.fromisoformat(str(text))


_WAITING: ContextVar[list[str] | None] = ContextVar("notes that wait for the end of a call", default=None)


F = TypeVar("F", bound=Callable[..., Any])


class told_once:
    """Keep what is told within a call for one warning at its end; a call within a call leaves it to the outer one."""

    def __call__(self, call: F) -> F:
        @wraps(call)
        def within(*args: Any, **named: Any) -> Any:
            with told_once():
                return call(*args, **named)

        return cast("F", within)

    def __enter__(self) -> None:
        self._token = _WAITING.set([]) if _WAITING.get() is None else None

    def __exit__(self, *error: object) -> None:
        if self._token is not None:
            notes = list(dict.fromkeys(_WAITING.get() or ()))
            _WAITING.reset(self._token)
            tell(notes)


def tell(notes: Sequence[str]) -> None:
    """Warn once about everything that is odd, at the line of the caller outside of this package."""
    waiting = _WAITING.get()
    if waiting is not None:
        waiting += notes
        return
    if not notes:
        return
    here = str(Path(__file__).parent)
    frame, level = sys._getframe(), 1
    while frame.f_back is not None and frame.f_code.co_filename.startswith(here):
        frame, level = frame.f_back, level + 1
    warnings.warn("; ".join(notes), DataWarning, stacklevel=level)
