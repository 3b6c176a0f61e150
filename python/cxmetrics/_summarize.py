# SPDX-License-Identifier: Apache-2.0
"""Metrics by key and by local time: one state a cell, so that totals are added up and never averaged."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cxmetrics import _core
from cxmetrics._definitions import Definition
from cxmetrics._doors import contacts
from cxmetrics._respondents import Respondents
from cxmetrics._source import open_table
from cxmetrics._states import workers
from cxmetrics._summary import Bucketing, Summary, column_names
from cxmetrics._tables import Answers, Contacts, Table

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]
    _Values = Array | _core.Unread
    _Placement = tuple[_Values | None, Array | None, list[Array]]  # instants, rows behind them, codes of each key


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
        Default: the machine's cores, at most 8. The bytes of the states do not depend on it.
    **door
        The keywords of `answers` or `contacts`, for raw tables.

    Returns
    -------
    Summary
        One row a cell. ``t["nps"]`` are its results, ``t.total["nps"]`` the result over all rows in cells.

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
    tables = _Tables(table, list(named.values()), time, door)
    zone = tz or tables.main.tz
    bucketing = None
    if every is not None:
        if zone is None:
            raise _core.UnitError(
                'buckets are cut at local time: say where with tz=, like tz="Europe/Amsterdam", or tz="UTC"'
            )
        bucketing = Bucketing(_core.parse_every(every), _core.check_zone(zone), week_start, fold)
    names = [by] if isinstance(by, str) else list(by or ())
    column_names(names, bucketing, named)
    keys = [tables.main.key(name) for name in names]
    orders = [sorted(range(len(labels)), key=lambda i: (str(type(labels[i])), labels[i])) for _, labels in keys]

    placements: list[_Placement] = []
    wanted = []
    for definition in named.values():
        clock, sources = tables.clock(definition) if bucketing else None, tables.sources(definition)
        same = (i for i, (at, of, _) in enumerate(placements) if at is clock and of is None and sources is None)
        place = next(same, len(placements))
        if place == len(placements):
            rows = [key_codes if sources is None else key_codes[sources] for key_codes, _ in keys]
            placements.append((clock, sources, rows))
        wanted.append((definition.state().core, tables.columns(definition), place))
    codes, starts, grids, without_time = _core.summarize(
        orders,
        [
            (tables.main.rows if sources is None else len(sources), key_codes, clock)
            for clock, sources, key_codes in placements
        ],
        wanted,
        None if bucketing is None else (bucketing.every, bucketing.fold, bucketing.tz, bucketing.week_start),
        workers(threads),
    )
    tables.settle()
    summary = Summary(
        definitions=named,
        keys={
            name: list(map([*labels, None].__getitem__, column.tolist()))  # code -1 is no key, and the last place
            for name, (_, labels), column in zip(names, keys, codes, strict=True)
        },
        starts=starts if bucketing else None,
        bucketing=bucketing,
        grids=dict(zip(named, grids, strict=True)),
        level=level,
        known={name: definition.as_of(tables.of(definition)) for name, definition in named.items()},
        notes=[*tables.notes, *_time_notes(dict(zip(named, without_time, strict=True)))],
        respondents=Respondents.of(tables.main),
    )
    return summary.filled() if fill else summary


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
    from cxmetrics import _definitions

    name = str(getattr(wrong, "__name__", wrong)).replace("_", "").lower()
    known = {
        each.lower(): each
        for each, kind in vars(_definitions).items()
        if isinstance(kind, type) and issubclass(kind, Definition) and kind is not Definition
    }
    if name in known:
        return f"cx.{known[name]}({chr(39) + '20s' + chr(39) if name == 'servicelevel' else ''})"
    return "one such as cx.NPS() or cx.ServiceLevel('20s')"


_OF_ANSWERS = ("respondent", "tz", "time_format", "missing", "invalid")


class _Tables:
    """One table through the doors of all metrics: a typed table for each way of reading it.

    Answers that stand on the rows of contacts belong to the instant at which the contact entered. Where all metrics
    read plain columns of the same rows, the pass reads those of a raw table itself, and `settle` hears what it found.
    """

    def __init__(self, table: Any, definitions: Sequence[Definition], time: str | None, door: dict[str, Any]) -> None:
        kinds = {definition.reads for definition in definitions}
        if not isinstance(table, Table) and all(definition.plain() for definition in definitions):
            table = _put_off(table)
        self._definitions = definitions
        if time is not None:
            door = {("time" if kinds == {"answers"} else "entered"): time, **door}
        scores = {name: value for name, value in door.items() if name in _OF_ANSWERS}
        if len(kinds) > 1 and not isinstance(table, Table):
            table, door = contacts(table, **{name: value for name, value in door.items() if name != "respondent"}), {}
        self._contacts = table if isinstance(table, Contacts) else None
        self._opened: dict[tuple[str, str | None], Answers | Contacts] = {}
        for definition in definitions:
            place = self._place(definition)
            if place in self._opened:
                continue
            if self._contacts is not None and definition.reads == "answers":
                self._opened[place] = definition.table(self._contacts.source, {"tz": self._contacts.tz, **scores})
            else:
                self._opened[place] = definition.table(table, door)
        self.main = self._contacts or next(iter(self._opened.values()))

    @staticmethod
    def _place(definition: Definition) -> tuple[str, str | None]:
        return definition.reads, getattr(definition, "score", None)

    def of(self, definition: Definition) -> Answers | Contacts:
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
            return self.main.later(self.main.clock_name)
        if self._contacts is not None and definition.reads == "answers":
            return self._contacts.clock()
        return definition.instants(self.of(definition))

    def sources(self, definition: Definition) -> np.ndarray[Any, Any] | None:
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


def _time_notes(without_time: Mapping[str, int]) -> list[str]:
    return [
        f"{name}: {count:,} rows have no time and stand in no bucket" for name, count in without_time.items() if count
    ]
