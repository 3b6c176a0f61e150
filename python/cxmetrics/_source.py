# SPDX-License-Identifier: Apache-2.0
"""Any table as named columns: what the doors look things up in."""

from __future__ import annotations

import difflib
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar
from weakref import WeakSet

import numpy as np

from cxmetrics import _core

T = TypeVar("T")
_READ: WeakSet[Any] = WeakSet()  # readers of pyarrow, which give no rows where they are read again
Make = Callable[[], Any]
_PATH = re.compile(r"\*|\.[A-Za-z][A-Za-z0-9]*$|^\.{0,2}/")


class Source:
    """A table of whatever kind: its column names, and each column on demand.

    Parameters
    ----------
    columns : mapping of str to callable
        What returns the values of a column.
    rows : int
        How many rows there are; None to count those of the columns, which must agree.
    label : str
        How errors call the table.
    notes : list of str
        What was odd about reading it.
    faults : list of str
        What could not be read of it: errors of the doors, unless they count what is invalid.
    """

    def __init__(
        self,
        columns: Mapping[str, Make],
        rows: int | None = None,
        label: str = "table",
        notes: Sequence[str] = (),
        faults: Sequence[str] = (),
    ) -> None:
        self._make = dict(columns)
        self._columns: dict[str, _core.Column] = {}
        self.label = label
        self.notes = list(notes)
        self.faults = list(faults)
        self.puts_off = False  # columns are read when their table is settled, not when they are named
        self.rows = self._count() if rows is None else rows

    @property
    def names(self) -> list[str]:
        """The names of the columns, in their order."""
        return list(self._make)

    def column(self, name: str, argument: str | None = None) -> _core.Column:
        """Return a column; an unknown name is an error that lists the columns and close matches."""
        if name not in self._make:
            raise _core.ColumnError(self._unknown(name, argument))
        if name not in self._columns:
            self._columns[name] = _core.Column(_plain(self._make[name]()), name)
        column = self._columns[name]
        if len(column) != self.rows:
            raise _core.ColumnError(f'column "{name}" has {len(column)} rows where its table has {self.rows}')
        return column

    def order(self, name: str) -> list[Any] | None:
        """Return the values of an ordered category, or of an Enum of polars, in their order; None of other columns."""
        values = _plain(self._make[name]()) if name in self._make else None
        dtype = getattr(values, "dtype", None)
        ordered = getattr(dtype, "ordered", False) or type(dtype).__name__ == "Enum"
        known = ordered and package_of(values) in ("pandas", "polars")
        return list(getattr(dtype, "categories", ())) if known else None

    def _unknown(self, name: str, argument: str | None) -> str:
        close = difflib.get_close_matches(name.lower(), [each.lower() for each in self.names], n=3)
        meant = [each for each in self.names if each.lower() in close]
        shown = ", ".join(self.names[:30]) + (", ..." if len(self.names) > 30 else "")
        how = f'{argument or name}="{meant[0] if meant else "..."}"'
        asked = "" if argument is None or argument == name else f" for {argument}="
        return (
            f'the {self.label} has no column "{name}"{asked}: name one of its columns, {how}; '
            f"they are {shown or 'none'}"
        )

    def _count(self) -> int:
        sizes = {name: len(self._raw(name)) for name in self._make}
        if len(set(sizes.values())) > 1:
            (first, size), *others = sizes.items()
            other = next(name for name, rows in others if rows != size)
            raise _core.ColumnError(
                f'column "{first}" has {size} rows and column "{other}" has {sizes[other]}: give one value '
                "a row in each"
            )
        return next(iter(sizes.values()), 0)

    def _raw(self, name: str) -> _core.Column:
        if name not in self._columns:
            self._columns[name] = _core.Column(_plain(self._make[name]()), name)
        return self._columns[name]


def always(value: T) -> Callable[[], T]:
    """Return a function that returns a value."""
    return lambda: value


def of_columns(columns: Sequence[_core.Column], rows: int, **more: Any) -> Source:
    """Return Arrow's columns as a `Source`; of several with one name none can be asked for."""
    count = Counter(column.name for column in columns)
    makers: dict[str, Make] = {}
    for column in columns:
        makers[column.name] = always(column) if count[column.name] == 1 else _ambiguous(column.name)
    return Source(makers, rows, **more)


def _ambiguous(name: str) -> Make:
    def refuse() -> Any:
        raise _core.ColumnError(f'the table has several columns "{name}": rename all but one')

    return refuse


def _plain(values: Any) -> Any:
    """Return the periods and intervals of pandas as ordered categories of their texts; any other column as it is."""
    if package_of(values) != "pandas" or not hasattr(values, "dtype"):
        return values
    dtype = values.dtype
    kind = str(getattr(getattr(dtype, "categories", None), "dtype", dtype))
    if not kind.startswith(("period", "interval")):
        return values
    import pandas as pd

    column = pd.Series(values).astype("category").cat
    return (column if str(dtype) == "category" else column.as_ordered().cat).rename_categories(str)


def package_of(value: Any) -> str:
    """Return the package that made an object, without importing it."""
    return type(value).__module__.partition(".")[0]


def fetched(table: Any) -> Any:
    """Return what is asked for only now, as a table that is there: lazy polars frames, relations, Ibis expressions."""
    package = package_of(table)
    if package in ("duckdb", "_duckdb") and hasattr(table, "to_arrow_table"):
        return table.to_arrow_table()
    if package == "polars" and hasattr(table, "collect"):
        return table.collect()
    if package == "ibis" and hasattr(table, "to_pyarrow"):
        return table.to_pyarrow()
    return _all_batches(table) if package == "pyarrow" and hasattr(table, "read_all") else table


def _all_batches(reader: Any) -> Any:
    """Return the rows of a stream of pyarrow, which does not compare its batches with its schema by itself."""
    import pyarrow as pa

    if reader in _READ:
        raise _core.ColumnError(
            "the Arrow stream was already read or released: a stream is good for one use, take a new one, or keep "
            "reader.read_all() and give that"
        )
    _READ.add(reader)
    try:
        return reader.read_all()
    except (pa.ArrowException, OSError) as error:
        raise _core.ColumnError(f"the Arrow stream failed: {error}") from error


def open_table(table: Any, single: str | None = None) -> Source:
    """Return any table as a `Source`.

    Parameters
    ----------
    table : DataFrame, LazyFrame, Arrow table, relation, dict of columns, list of dicts, structured array or
    path
        The table.
    single : str, optional
        The name of the column, where one column alone may stand for a table.
    """
    if isinstance(table, Source):
        return table
    if hasattr(table, "readings"):  # a typed table; its module is built on this one
        raise _core.ColumnError(f"these {table.kind} have been read: give them to a metric, or a door the raw table")
    if isinstance(table, str | os.PathLike) or _is_paths(table):
        from cxmetrics._files import read_paths

        return read_paths(table)
    table = fetched(table)
    package = package_of(table)
    if package == "pandas" and hasattr(table, "columns"):
        return _from_pandas(table)
    if package == "polars" and hasattr(table, "get_column"):
        return _of(table.columns, lambda name: table.get_column(name), table.height)
    if isinstance(table, Mapping):
        return _of([str(name) for name in table], {str(name): values for name, values in table.items()}.__getitem__)
    if isinstance(table, np.ndarray) and table.dtype.names:
        return _of(table.dtype.names, lambda name: table[name], len(table))
    if isinstance(table, list) and table and all(isinstance(row, Mapping) for row in table):
        names = list(dict.fromkeys(str(name) for row in table for name in row))
        return _of(names, lambda name: [row.get(name) for row in table], len(table))
    return _from_arrow(table, single)


def _of(names: Iterable[str], values: Callable[[str], Any], rows: int | None = None) -> Source:
    def maker(name: str) -> Make:
        return lambda: values(name)

    return Source({name: maker(name) for name in names}, rows)


def _is_paths(table: Any) -> bool:
    """Say whether a list is one of paths, and not a column of texts."""
    if not isinstance(table, list | tuple) or not table:
        return False
    if isinstance(table[0], str) and not _PATH.search(table[0]):
        return False
    return all(isinstance(path, str | os.PathLike) for path in table)


def _from_pandas(table: Any) -> Source:
    count = Counter(str(name) for name in table.columns)

    def one(place: int) -> Make:
        return lambda: table.iloc[:, place]

    makers: dict[str, Make] = {}
    for place, name in enumerate(table.columns):
        makers[str(name)] = one(place) if count[str(name)] == 1 else _ambiguous(str(name))
    return Source(makers, len(table))


def _from_arrow(table: Any, single: str | None) -> Source:
    exports = hasattr(table, "__arrow_c_stream__") or hasattr(table, "__arrow_c_array__")
    if exports and package_of(table) != "pandas":
        is_table, columns = _core.columns(table)
        if is_table:
            return of_columns(columns, len(columns[0]) if columns else 0)
        if single is not None:
            return Source({single: lambda: columns[0]})
    if single is None:
        raise _core.ColumnError(
            f"a {type(table).__name__} is no table that can be read: give a DataFrame, an Arrow table, "
            "a relation, a dict of columns, or a path"
        )
    return Source({single: lambda: table})
