# SPDX-License-Identifier: Apache-2.0
"""Metrics by key and by local time: one state a cell, so that totals are added up and never averaged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from cxmetrics import _core
from cxmetrics._definitions import Definition
from cxmetrics._summary import Bucketing, Summary

if TYPE_CHECKING:
    from cxmetrics._tables import Answers, Contacts

_MISSING = np.iinfo(np.int64).min


@dataclass(frozen=True)
class _Key:
    """One column of keys: a code a row, and what each code is called; the null key is None."""

    name: str
    codes: np.ndarray[Any, Any]
    labels: list[Any]

    def label(self, code: int) -> Any:
        return self.labels[code] if code >= 0 else None


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
    **door: Any,
) -> Summary:
    """Compute metrics by keys and by buckets of local time.

    Parameters
    ----------
    table : Answers, Contacts or raw table
        All metrics read the same one.
    metrics : definition, list, or dict of name to definition
        Default names are canonical: ``service_level_20s``. Two of one name are an error.
    by : str or list of str, optional
        Key columns. A null key is its own row.
    every : str, optional
        Buckets of local time: ``"30min"``, ``"1h"``, ``"d"``, ``"w"``, ``"mo"``, ``"q"``, ``"y"``. Seconds, minutes and
        hours are elapsed from local midnight, the others follow the local calendar.
    time : str, optional
        The column of instants, for raw tables of answers.
    tz : str, optional
        Where buckets are cut, and how naive times are read.
    fold : {"1d", "1w"}, optional
        Fold the buckets into a profile of the day or week, by adding their states.
    week_start : str
        First day of a week.
    fill : bool
        Add the empty cells between the first bucket and the last.
    level : float
        Confidence level of the intervals.
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
    if fold is not None and every is None:
        raise _core.Error('fold= folds buckets: give every= too, like every="30min"')
    wanted = [("tz", tz), ("time", time)]
    typed = _typed(table, list(named.values()), {name: x for name, x in wanted if x is not None} | door)
    zone = tz or typed.tz
    bucketing = None
    if every is not None:
        if zone is None:
            raise _core.UnitError(
                'buckets are cut at local time: say where with tz=, like tz="Europe/Amsterdam", or tz="UTC"'
            )
        bucketing = Bucketing(_core.parse_every(every), _core.check_zone(zone), week_start, fold)
    names = [by] if isinstance(by, str) else list(by or ())
    keys = [_Key(name, *typed.key(name)) for name in names]

    rows: dict[tuple[int, ...], int] = {}
    placed: list[tuple[np.ndarray[Any, Any], np.ndarray[Any, Any] | None]] = []
    by_clock: dict[int, tuple[np.ndarray[Any, Any], np.ndarray[Any, Any] | None]] = {}
    for definition in named.values():
        clock = definition.instants(typed) if bucketing else None
        if id(clock) not in by_clock:
            by_clock[id(clock)] = _place(keys, clock, bucketing, typed.rows, rows)
        placed.append(by_clock[id(clock)])

    order = sorted(rows, key=lambda cell: _sort_key(cell, keys))
    rank = np.empty(len(rows), dtype=np.uint32)
    rank[[rows[cell] for cell in order]] = np.arange(len(rows), dtype=np.uint32)
    grids, without_time = [], {}
    for (name, definition), (groups, kept) in zip(named.items(), placed, strict=True):
        columns = definition.columns(typed)
        if kept is not None:
            without_time[name] = int(typed.rows - np.count_nonzero(kept))
            columns = [column[kept] for column in columns]
        grid = definition.state().core.grid(len(rows))
        grid.update(rank[groups] if len(rows) else groups, columns)
        grids.append(grid)
    summary = Summary(
        definitions=named,
        keys={key.name: [key.label(cell[i]) for cell in order] for i, key in enumerate(keys)},
        starts=np.array([cell[-1] for cell in order], dtype=np.int64) if bucketing else None,
        bucketing=bucketing,
        grids=dict(zip(named, grids, strict=True)),
        level=level,
        known={name: definition.as_of(typed) for name, definition in named.items()},
        notes=[*typed.notes, *_time_notes(without_time)],
    )
    return summary.filled() if fill else summary


def _named(metrics: Definition | Sequence[Definition] | Mapping[str, Definition]) -> dict[str, Definition]:
    if isinstance(metrics, Definition):
        metrics = [metrics]
    if isinstance(metrics, Mapping):
        pairs = list(metrics.items())
    else:
        pairs = [(definition.name(), definition) for definition in metrics]
    out: dict[str, Definition] = {}
    for name, definition in pairs:
        if not isinstance(definition, Definition):
            raise _core.Error(f"{definition!r} is no definition: use one such as cx.NPS() or cx.ServiceLevel('20s')")
        if name in out:
            raise _core.Error(f'two metrics are called "{name}": name them, {{"a": ..., "b": ...}}')
        out[name] = definition
    if not out:
        raise _core.Error("no metric was given: use one such as cx.NPS()")
    return out


def _typed(table: Any, definitions: list[Definition], door: dict[str, Any]) -> Answers | Contacts:
    typed = definitions[0].table(table, door)
    for definition in definitions[1:]:
        if type(definition.table(typed, {})) is not type(typed):
            raise _core.Error("these metrics read different tables: summarize each table on its own")
    return typed


def _place(
    keys: list[_Key],
    clock: np.ndarray[Any, Any] | None,
    bucketing: Bucketing | None,
    size: int,
    rows: dict[tuple[int, ...], int],
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any] | None]:
    """Give every row its cell's number, adding new cells to `rows`; also say which rows have a time."""
    columns = [key.codes.astype(np.int64) for key in keys]
    kept = None
    if bucketing is not None and clock is not None:
        buckets = bucketing.place(clock)
        present = buckets != _MISSING
        if not present.all():
            kept = present
            columns = [column[kept] for column in columns]
            buckets = buckets[kept]
        columns.append(buckets)
    if not columns:
        rows.setdefault((), 0)
        return np.zeros(size, dtype=np.uint32), None
    groups, first = _core.group_rows(columns)
    numbers = np.array(
        [rows.setdefault(tuple(int(column[row]) for column in columns), len(rows)) for row in first],
        dtype=np.uint32,
    )
    return (numbers[groups] if len(first) else groups), kept


def _sort_key(cell: tuple[int, ...], keys: list[_Key]) -> tuple[Any, ...]:
    """Order cells by label, the null key last, then by time."""
    labels = [key.label(code) for key, code in zip(keys, cell, strict=False)]
    return (*((label is None, str(type(label)), label) for label in labels), *cell[len(keys) :])


def _time_notes(without_time: Mapping[str, int]) -> list[str]:
    return [
        f"{name}: {count:,} rows have no time and stand in no bucket" for name, count in without_time.items() if count
    ]
