# SPDX-License-Identifier: Apache-2.0
"""Metrics by key and by local time: one state a cell, so that totals are added up and never averaged."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cxmetrics import _core
from cxmetrics._definition import Definition, definitions
from cxmetrics._doors import DOORS, check_keywords, keywords_of
from cxmetrics._respondents import Respondents
from cxmetrics._source import open_table
from cxmetrics._states import using_threads
from cxmetrics._summary import Bucketing, Summary, bucket_length, column_list, column_names
from cxmetrics._tables import Table, passed, rows_text, tell, told_once, zone_name

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]
    _Values = Array | _core.Unread
    _Placement = tuple[_Values | None, Array | None, list[Array]]  # instants, rows behind them, codes of each key


@told_once()
def summarize(
    table: Any,
    metrics: Definition | Sequence[Definition] | Mapping[str, Definition],
    *,
    by: str | Sequence[str] | None = None,
    every: str | None = None,
    time: str | None = None,
    tz: str | None = None,
    fold: str | None = None,
    week_start: str = "mon",
    fill: bool = False,
    level: float = 0.95,
    threads: int | None = None,
    **door: Any,
) -> Summary:
    """Compute metrics by keys and by buckets of local time.

    Parameters
    ----------
    table : Answers, Contacts or raw table
        All metrics read the same one. Contacts that carry a score can be asked for both: the answer then belongs to
        the instant at which the contact entered.
    metrics : definition, list, or dict of name to definition
        Default names are canonical: ``service_level_20s``. Two of one name are an error.
    by : str or list of str, optional
        Key columns. A null key is its own row.
    every : str, optional
        Buckets of local time: ``"30min"``, ``"1h"``, ``"d"``, ``"w"``, ``"mo"``, ``"q"``, ``"y"``. Seconds, minutes and
        hours are elapsed from local midnight, the others follow the local calendar.
    time : str, optional
        The column of instants, for raw tables: when the answer was given, or the contact entered.
    tz : str, optional
        Where buckets are cut, and how naive times are read.
    fold : {"1d", "1w"}, optional
        Fold the buckets into a profile of the day or week, by adding their states.
    week_start : str
        First day of a week.
    fill : bool
        Add the empty cells between the first bucket and the last, for every combination of keys that there is.
    level : float
        Confidence level of the intervals.
    threads : int, optional
        That count, and read the figures of the table. Default: the machine's cores, at most 8. Neither the bytes of the
        states nor the figures depend on it.
    **door
        The keywords of `answers` or `contacts`, for raw tables.

    Returns
    -------
    Summary
        One row a cell. ``t["nps"]`` are its results, ``t.total["nps"]`` the result over all rows in cells.

    Raises
    ------
    ColumnError, ScaleError, UnitError
        What a door refuses: with column, row, value and what to do; and buckets without a zone.
    Error
        A keyword that cannot be meant, or two metrics or columns of one name.
    TypeError
        A keyword that neither this function nor the doors of its metrics know, with the one that was meant.

    Examples
    --------
    >>> import cxmetrics as cx
    >>> t = cx.summarize({"score": [10, 9, 3, 8], "stage": ["order", "order", "use", "use"]}, cx.NPS(), by="stage")
    >>> [(row["stage"], row["nps"]) for row in t.to_dicts()]
    [('order', 100.0), ('use', -50.0)]
    """
    named = _named(metrics)
    for definition in named.values():
        definition.state().result(level=level)  # a wrong level is refused before the rows are read
    if fold is not None and every is None:
        raise _core.Error('fold= folds buckets: give every= too, like every="30min"')
    if tz is not None and not isinstance(table, Table):  # of a typed table it says only where buckets are cut
        door = {"tz": tz, **door}
    with using_threads(threads) as many:
        tables = _Tables(table, list(named.values()), time, door)
        zone = tz or tables.main.tz
        bucketing = None
        if every is not None:
            if zone is None:
                raise _core.UnitError(
                    'buckets are cut at local time: say where with tz=, like tz="Europe/Amsterdam", or tz="UTC"'
                )
            bucketing = Bucketing(bucket_length(every), zone_name(zone), week_start, fold)
        names = column_list(by, "by")
        column_names(names, bucketing, named)
        keys = [tables.main.key(name) for name in names]
        orders = [_order(labels, tables.main.order(name)) for name, (_, labels) in zip(names, keys, strict=True)]

        placements: list[_Placement] = []
        wanted, early = [], []
        for name, definition in named.items():
            clock, sources = tables.clock(definition) if bucketing else None, tables.sources(definition)
            same = (i for i, (at, of, _) in enumerate(placements) if at is clock and of is None and sources is None)
            place = next(same, len(placements))
            if place == len(placements):
                rows = [key_codes if sources is None else key_codes[sources] for key_codes, _ in keys]
                placements.append((clock, sources, rows))
            opened = tables.of(definition)
            columns = tables.columns(definition)
            wanted.append((definition.state().core, columns, place))
            if (first := definition.early(opened, columns)) is not None:
                early.append((name, (definition.state().core, first, place)))
        codes, starts, grids, without_time = _core.summarize(
            orders,
            [
                (tables.main.rows if sources is None else len(sources), key_codes, clock)
                for clock, sources, key_codes in placements
            ],
            [*wanted, *(each for _, each in early)],
            None if bucketing is None else (bucketing.every, bucketing.fold, bucketing.tz, bucketing.week_start),
            many,
        )
        tables.settle()
    missed = dict(zip(named, without_time, strict=False))
    summary = Summary(
        definitions=named,
        keys={
            name: list(map([*labels, None].__getitem__, column.tolist()))  # code -1 is no key, and the last place
            for name, (_, labels), column in zip(names, keys, codes, strict=True)
        },
        key_types={name: tables.main.key_type(name) for name in names},
        starts=starts if bucketing else None,
        bucketing=bucketing,
        grids=dict(zip(named, grids[: len(named)], strict=True)),
        early=dict(zip((name for name, _ in early), grids[len(named) :], strict=True)),
        level=level,
        known={name: definition.as_of(tables.of(definition)) for name, definition in named.items()},
        table_notes=[*tables.notes, *_time_notes(missed)],
        respondents={name: Respondents.of(tables.of(each), tables.main) for name, each in named.items()},
        threads=threads,
    )
    told = tuple(f"{name}: " for name, definition in named.items() if definition.notes_the_data)
    tell([note for note in summary.notes if note.startswith(told) and note not in summary.table_notes])
    return summary.filled() if fill else summary


def _order(labels: Sequence[Any], known: Sequence[Any] | None) -> list[int]:
    """Return the places of labels in the order of their rows: that of their type, else sorted."""
    if known is not None:
        place = {label: i for i, label in enumerate(known)}
        return sorted(range(len(labels)), key=lambda i: place.get(labels[i], len(place)))
    return sorted(range(len(labels)), key=lambda i: (str(type(labels[i])), labels[i]))


def _named(metrics: Definition | Sequence[Definition] | Mapping[str, Definition]) -> dict[str, Definition]:
    if not isinstance(metrics, list | tuple | Mapping):
        metrics = [metrics]  # type: ignore[list-item]  # the names below refuse what is no definition
    if isinstance(metrics, Mapping):
        pairs = list(metrics.items())
    else:
        pairs = [(each.name() if isinstance(each, Definition) else "", each) for each in metrics]
    out: dict[str, Definition] = {}
    for name, definition in pairs:
        if not isinstance(definition, Definition):
            raise _core.Error(f"{_said(definition)} is no definition: write {_meant(definition)}")
        if name in out:
            raise _core.Error(f'two metrics are called "{name}": name them, {{"a": ..., "b": ...}}')
        out[name] = definition
    if not out:
        raise _core.Error("no metric was given: use one such as cx.NPS()")
    return out


def _said(wrong: Any) -> str:
    name = getattr(wrong, "__name__", None)
    return f"cx.{name}" if name else repr(wrong)


def _meant(wrong: Any) -> str:
    """Return the definition that somebody means by a function, a class or a name."""
    name = str(getattr(wrong, "__name__", wrong)).replace("_", "").lower()
    known = {kind.__name__.lower(): kind.__name__ for kind in definitions()}
    if name in known:
        return f"cx.{known[name]}" + ("('20s')" if name == "servicelevel" else "()")
    return "one such as cx.NPS() or cx.ServiceLevel('20s')"


_OF_TIME = ("time", "time_format", "unit")


class _Tables:
    """One table through the doors of all metrics: a typed table for each way of reading it.

    When and of whom a row is, one of them says for all: that of contacts before that of answers, and that before the
    one of invitations. So an answer on the row of a contact belongs to the instant at which the contact entered.

    Where all metrics read plain columns of the same rows, the pass reads those of a raw table itself, and `settle`
    hears what it found.
    """

    def __init__(self, table: Any, definitions: Sequence[Definition], time: str | None, said: dict[str, Any]) -> None:
        kinds = [kind for kind in DOORS if any(definition.reads == kind for definition in definitions)]
        self._definitions = definitions
        self._typed = table.kind if isinstance(table, Table) else None
        if isinstance(table, Table):
            # It has been read: what is said now is said of what else stands on its rows.
            said = said if time is None else {table.clock_name: time, **said}
            others = [DOORS[kind] for kind in kinds if kind != table.kind]
            check_keywords(said, [summarize, DOORS[table.kind], *others])
            known = {name for door in others for name in keywords_of(door)}.difference(_OF_TIME)
            passed(table, type(table), {name: said[name] for name in said if name not in known})
            self.main: Any = table
            self._opened: dict[tuple[Any, ...], Any] = {}
        else:
            check_keywords(said, [summarize, *(DOORS[kind] for kind in kinds)])
            first = next(definition for definition in definitions if definition.reads == kinds[0])
            if all(definition.plain() for definition in definitions):
                table = _put_off(table)
            clock = "entered" if kinds[0] == "contacts" else "time"
            self.main = first.table(table, _said_to(kinds, kinds[0], said if time is None else {clock: time, **said}))
            self._opened = {self._place(first): self.main}
        for definition in definitions:
            place = self._place(definition)
            if place not in self._opened:
                self._opened[place] = self._open(definition, _said_to(kinds, definition.reads, said))

    def _open(self, definition: Definition, said: dict[str, Any]) -> Any:
        if definition.reads in (self._typed, "contacts"):
            return definition.table(self.main, {})
        # Other values on rows that are there: when and from whom they are, the first table says.
        known = {*_OF_TIME, *(["respondent"] if "respondent" in self.main.names else [])}
        more = {name: value for name, value in said.items() if name not in known}
        return definition.table(self.main.source, {"tz": self.main.tz, **more})

    @staticmethod
    def _place(definition: Definition) -> tuple[Any, ...]:
        """Return what tells one way of reading from another."""
        return definition.reads, *definition.reading()

    def of(self, definition: Definition) -> Any:
        """Return the typed table that a metric reads."""
        return self._opened[self._place(definition)]

    def columns(self, definition: Definition) -> Sequence[_Values]:
        """Return the columns that a state reads."""
        table, names = self.of(definition), definition.plain()
        if names is None or not table.source.puts_off:
            return definition.columns(table)
        return [table.later(name) for name in names]

    def settle(self) -> None:
        """Say what the pass has found in the columns that it has read."""
        if self.main.source.puts_off:
            for table in dict.fromkeys([self.main, *self._opened.values()]):
                table.settle()
            for definition in self._definitions:
                definition.expect(self.of(definition))

    def clock(self, definition: Definition) -> _Values:
        """Return the instants to which rows belong, in microseconds."""
        if self.main.source.puts_off:
            clock: _Values = self.main.later(self.main.clock_name)
            return clock
        if definition.reads == "contacts":
            return definition.instants(self.of(definition))
        entered: Array = self.main.clock()
        sources = self.sources(definition)
        return entered if sources is None else entered[sources]

    def sources(self, definition: Definition) -> Array | None:
        """Return which row of the table stands behind each one that a metric reads; None: they are the same."""
        return definition.sources(self.of(definition))

    @property
    def notes(self) -> list[str]:
        """What is odd about the columns read so far."""
        return list(dict.fromkeys(note for each in [self.main, *self._opened.values()] for note in each.notes))


def _put_off(table: Any) -> Any:
    """Return a raw table as a source whose columns are read in the pass; one column alone as it is."""
    try:
        source = copy.copy(open_table(table))
    except _core.ColumnError:  # the door says what is wrong
        return table
    source.puts_off = True
    return source


def _said_to(kinds: Sequence[str], kind: str, said: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keywords of the door of one kind of several; what means "missing" is said by column."""
    names = keywords_of(DOORS[kind])
    found = {name: value for name, value in said.items() if name in names}
    if isinstance(found.get("missing"), Mapping):
        others = {name for each in kinds for name in keywords_of(DOORS[each])} - set(names)
        found["missing"] = {name: texts for name, texts in found["missing"].items() if name not in others}
    return found


def _time_notes(without_time: Mapping[str, int]) -> list[str]:
    return [
        f"{name}: {rows_text(count)} {'has' if count == 1 else 'have'} no time and "
        f"{'stands' if count == 1 else 'stand'} in no bucket"
        for name, count in without_time.items()
        if count
    ]
