# SPDX-License-Identifier: Apache-2.0
"""The typed tables: canonical columns for the engine, and how each of them was read."""

from __future__ import annotations

import copy
import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import wraps
from pathlib import Path
from typing import Any, ClassVar, TypeVar, cast

import numpy as np

from cxmetrics import _core
from cxmetrics._source import Source

MISSING: tuple[str, ...] = tuple(_core.default_missing())
"""The texts that mean "no answer" unless ``missing=`` says otherwise."""

PLACEHOLDERS: tuple[str, ...] = (
    *(*MISSING, "0", "-1"),
    *("unknown", "Unknown", "UNKNOWN", "anonymous", "Anonymous", "ANONYMOUS"),
)
"""The ids of customers that stand for nobody unless ``missing={"customer": [...]}`` says otherwise."""

ABSENT = np.iinfo(np.int64).min  # of instants, durations and keys: missing; invalid and excluded are the next two
HIGHEST_ABSENT = ABSENT + 2
_DAY = 86_400_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Array = np.ndarray[Any, Any]


SCALES = ("0-10", "1-5", "1-10", "1-3", "1-7")


def shown(value: Any) -> str:
    """Return a value as messages show it: texts in double quotes."""
    return f'"{value}"' if isinstance(value, str) else repr(value)


def limits_of(scale: str) -> tuple[int, int]:
    """Return the least and the greatest score of a scale by its name."""
    if not isinstance(scale, str) or scale not in SCALES:
        raise _core.ScaleError(f"scale={shown(scale)} is unknown: use one of {', '.join(SCALES)}")
    least, greatest = scale.split("-")
    return int(least), int(greatest)


class DataWarning(UserWarning):
    """What is odd about the data, but legal."""


@dataclass(frozen=True)
class Reading:
    """How one column was read.

    Parameters
    ----------
    name : str
        What the column means here.
    source : str
        What it is called in the table; several names are joined by " + ".
    type : str
        What it was there.
    unit : str, optional
        Of numbers that are durations or times.
    zone : str, optional
        Of instants; None with ``naive`` is "no zone is known".
    naive : bool
        Whether times stayed what the clock showed, because no zone was given.
    rows, missing, invalid, excluded : int
        Of ``rows`` rows these are no value.
    minimum, maximum : optional
        Of the values: int, timedelta, or datetime; of labels and ids None.
    distinct : int, optional
        Of ids: how many there are.
    first_invalid : int, optional
        The first invalid row, counted from 0.
    """

    name: str
    source: str
    type: str
    unit: str | None = None
    zone: str | None = None
    naive: bool = False
    rows: int = 0
    missing: int = 0
    invalid: int = 0
    excluded: int = 0
    minimum: Any = None
    maximum: Any = None
    distinct: int | None = None
    first_invalid: int | None = None

    def line(self) -> list[str]:
        """Return the cells of the typed table's repr."""
        how = ", ".join(filter(None, [self.type, self.unit and f"in {self.unit}", self._clock()]))
        counts = [f"{count:,} {word}" for word in ("missing", "invalid", "excluded") if (count := getattr(self, word))]
        span = f"{self.minimum} .. {self.maximum}" if self.minimum is not None else ""
        ids = f"{self.distinct:,} different" if self.distinct is not None else ""
        return [self.name, f'"{self.source}"', how, span or ids, ", ".join(counts)]

    def _clock(self) -> str:
        return "no zone" if self.naive else self.zone or ""


@dataclass
class Read:
    """One column that a door has read: values for the engine, and what is said of them."""

    values: Array
    reading: Reading
    notes: list[str]
    keys: tuple[Array, list[Any]] | None = None
    subjects: Array | None = None


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

    def __init__(
        self,
        source: Source,
        readers: Mapping[str, Callable[[], Read]],
        *,
        tz: str | None = None,
        missing: Callable[[str], list[str]] = lambda _: list(MISSING),
    ) -> None:
        self.rows = source.rows
        self.tz = tz
        self.notes: list[str] = list(source.notes)
        self._source = source
        self._readers = dict(readers)
        self._read: dict[str, Read] = {}
        self._keys: dict[str, tuple[Array, list[Any]]] = {}
        self._missing = missing

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
        if read.reading.naive:
            raise _core.UnitError(
                f'column "{read.reading.source}" ({read.reading.type}) holds times without a zone: say where they were '
                f'written down where the table is read, cx.{self.kind}(..., tz="Europe/Amsterdam")'
            )
        return read.values

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
                raise _core.ColumnError(
                    f'these {self.kind} have no column "{name}": name it, cx.{self.kind}(..., {name}="..."); '
                    f"the columns are {', '.join(self._source.names) or 'none'}"
                )
            read = self._readers[name]()
            self._read[name] = read
            self.notes += [note for note in read.notes if note not in self.notes]
            if warn:
                tell(read.notes)
        return self._read[name]

    def key(self, name: str) -> tuple[Array, list[Any]]:
        """Return a column as keys, by its meaning or by its name in the source.

        Returns
        -------
        codes : numpy.ndarray of int32
            A place in `labels` for each row, -1 for a row without key.
        labels : list
            The different keys in the order of their first appearance.
        """
        if name not in self._keys:
            self._keys[name] = self._find_keys(name)
        return self._keys[name]

    def order(self, name: str) -> list[Any] | None:
        """Return the keys of a column in the order that its type gives them; None where it gives none."""
        own = name in self._source.names or name not in self._readers
        return self._source.order(name if own else self.read(name).reading.source)

    def truths(self, name: str) -> Array:
        """Return a column of the source as 1 for yes, 0 for no, and 255 where nothing is said."""
        values, _ = _core.read_truths(self._source.column(name, name), 1, 0, self._missing(name), False)
        return values

    def subjects(self, name: str) -> Array:
        """Return the 128-bit subject of each row of an id column as two uint64; of an unknown one zeros."""
        read = self.read(name)
        if read.subjects is None or read.keys is None:
            raise _core.ColumnError(f'column "{read.reading.source}" holds no ids')
        codes = read.keys[0]
        out = np.zeros((len(codes), 2), dtype=np.uint64)
        out[codes >= 0] = read.subjects[codes[codes >= 0]]
        return out

    def _find_keys(self, name: str) -> tuple[Array, list[Any]]:
        if name in self._readers and name not in self._source.names:
            read = self.read(name)
            if read.keys is not None:
                return read.keys
            return self._source_keys(read.reading.source, name)
        return self._source_keys(name, name)

    def _source_keys(self, name: str, argument: str) -> tuple[Array, list[Any]]:
        column = self._source.column(name, "by" if argument == name else argument)
        keys = _core.encode_keys([column], self._missing(argument))
        if keys.first_invalid is not None:
            value = column.show(keys.first_invalid)
            raise _core.ColumnError(
                f'column "{name}" ({column.type}), row {keys.first_invalid}: {value} is no key: group by texts, whole '
                "numbers or times"
            )
        labels: list[Any] = keys.labels
        if keys.meaning in ("zoned", "local"):
            naive = keys.meaning == "local"
            dates = naive and not any(label % _DAY for label in labels)
            labels = [moment(label, naive=naive) for label in labels]
            labels = [label.date() for label in labels] if dates else labels
        return keys.codes, labels

    def _all(self) -> dict[str, Read | _core.Error]:
        found: dict[str, Read | _core.Error] = {}
        for name in self._readers:
            try:
                found[name] = self.read(name, warn=False)
            except _core.Error as error:
                found[name] = error
        return found

    def __repr__(self) -> str:
        found = self._all()
        cells = [read.reading.line() for read in found.values() if isinstance(read, Read)]
        widths = [max((len(line[i]) for line in cells), default=0) for i in range(5)]
        lines = [f"{type(self).__name__} of {self.rows:,} rows" + (f", {self.tz}" if self.tz else "")]
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
        other._readers = {**self._readers, "weight": lambda: self.read_weights(column)}
        other.read("weight")
        return other

    def scores(self, least: int, greatest: int) -> Array:
        """Return the scores for a metric of a scale.

        Raises
        ------
        ScaleError
            An answer is outside the scale, unless the door counts what is invalid: the metric does then.
        """
        read = self.read("score")
        low, high = read.reading.minimum, read.reading.maximum
        if low is None or self.counts_invalid or (low >= least and high <= greatest):
            return read.values
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
    report: Mapping[str, Any] | None = None

    @property
    def tells_who_left(self) -> bool:
        """Whether outcomes are known, and not only who was answered."""
        return self.read("outcome").reading.name != "answered"


TypedTable = TypeVar("TypedTable", bound=Table)


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
