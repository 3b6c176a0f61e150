# SPDX-License-Identifier: Apache-2.0
"""Any table as named columns: what the doors look things up in."""

from __future__ import annotations

import difflib
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar
from uuid import UUID
from weakref import WeakSet

import numpy as np

from cxmetrics import _core

T = TypeVar("T")
_READ: WeakSet[Any] = WeakSet()  # readers of pyarrow, which give no rows where they are read again
Make = Callable[[], Any]
_NO_BATCH = "the Arrow stream held no batch: it is empty, or somebody has read it before; a stream is good for one use"
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

    def holds_periods(self, name: str) -> bool:
        """Say whether a column is one of pandas' periods, which are no instants."""
        return str(getattr(self._make[name](), "dtype", "")).startswith("period[")

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


def of_columns(
    columns: Sequence[_core.Column], rows: int, *, again: Mapping[str, str] | None = None, **more: Any
) -> Source:
    """Return Arrow's columns as a `Source`; of several with one name none can be asked for.

    `again` is what columns are called in their file that have got another name because theirs was taken.
    """
    names = [(again or {}).get(column.name, column.name) for column in columns]
    makers: dict[str, Make] = {column.name: always(column) for column in columns}
    return Source(makers | _ambiguous(names, more.get("label", "table")), rows, **more)


def _ambiguous(names: Sequence[str], label: str = "table") -> dict[str, Make]:
    """Return what refuses each name that several columns have, and says which."""

    def refuse(name: str) -> Any:
        places = [str(place) for place, each in enumerate(names, 1) if each == name]
        raise _core.ColumnError(
            f'columns {", ".join(places[:-1])} and {places[-1]} of the {label} are called "{name}": rename all but one'
        )

    return {name: partial(refuse, name) for name, count in Counter(names).items() if count > 1}


def _plain(values: Any) -> Any:
    """Return a column as one that can be read where it lies.

    Periods and intervals of pandas become ordered categories of their texts, and what Arrow holds in runs is
    decoded; any other column stays as it is.
    """
    if package_of(values) == "pyarrow" and hasattr(values, "type"):
        return _without_runs(values)
    if package_of(values) != "pandas" or not hasattr(values, "dtype"):
        return values
    dtype = values.dtype
    kind = str(getattr(getattr(dtype, "categories", None), "dtype", dtype))
    if kind.startswith("run_end_encoded"):
        import pyarrow as pa

        return _without_runs(pa.array(values))
    if not kind.startswith(("period", "interval")):
        return values
    import pandas as pd

    column = pd.Series(values).astype("category").cat
    return (column if str(dtype) == "category" else column.as_ordered().cat).rename_categories(str)


def package_of(value: Any) -> str:
    """Return the package that made an object, without importing it."""
    return type(value).__module__.partition(".")[0]


def fetched(table: Any) -> Any:
    """Return what is asked for only now, as a table that is there.

    Lazy polars frames, relations, Ibis expressions; of pyarrow streams, data sets and scanners of them, Parquet
    files, and lists of batches.
    """
    package = package_of(table)
    if package in ("duckdb", "_duckdb") and hasattr(table, "to_arrow_table"):
        return table.to_arrow_table()
    if package == "polars" and hasattr(table, "collect"):
        return table.collect()
    if package == "ibis" and hasattr(table, "to_pyarrow"):
        return _of_ibis(table)
    if isinstance(table, list | tuple) and table and all(_is_batch(each) for each in table):
        return _of_batches(table)
    if package != "pyarrow":
        return table
    if hasattr(table, "read_all"):
        table = _all_batches(table)
    elif hasattr(table, "to_table"):
        table = table.to_table()
    elif hasattr(table, "read_row_group"):
        table = table.read()
    return _without_runs(table)


def arrow_table(table: Any) -> Any:
    """Return any table of columns as one of pyarrow, in types that its functions know: UUIDs as their texts."""
    import pyarrow as pa

    found = pa.table(fetched(table))
    for place, field in enumerate(found.schema):
        column = found.column(place)
        if isinstance(field.type, pa.BaseExtensionType):
            column = column.cast(field.type.storage_type)
        if column.type == pa.binary(16):
            column = pa.array(
                [None if each is None else str(UUID(bytes=each)) for each in column.to_pylist()], "string"
            )
        if column.type != field.type:
            found = found.set_column(place, field.name, column)
    return found


def _of_ibis(expression: Any) -> Any:
    """Return the rows of an expression of Ibis, which cannot hand out every type of its databases."""
    import pyarrow as pa

    try:
        return expression.to_pyarrow()
    except pa.ArrowException as error:
        raise _core.ColumnError(
            f"the Ibis expression gave no rows: {error}: cast that column, or leave it out with select()"
        ) from error


def _is_batch(value: Any) -> bool:
    return package_of(value) == "pyarrow" and hasattr(value, "schema") and hasattr(value, "num_rows")


def _of_batches(batches: Sequence[Any]) -> Any:
    """Return batches of pyarrow, or tables, as one table."""
    import pyarrow as pa

    first = batches[0].schema
    for place, batch in enumerate(batches):
        if not batch.schema.equals(first):
            raise _core.ColumnError(
                f"batch {place} of the list has other columns than the first, {_shown(batch.schema)} instead of "
                f"{_shown(first)}: read them on their own"
            )
    return pa.concat_tables([pa.table(batch) for batch in batches])


def _shown(schema: Any) -> str:
    return ", ".join(f"{field.name} ({field.type})" for field in schema)


def _without_runs(data: Any) -> Any:
    """Return a table or a column of pyarrow with its run-end-encoded columns decoded."""
    if not hasattr(data, "schema"):
        return _decoded(data) if _is_in_runs(data) else data
    for place, field in enumerate(data.schema):
        if _is_in_runs(field):
            data = data.set_column(place, field.name, _decoded(data.column(place)))
    return data


def _is_in_runs(data: Any) -> bool:
    return str(getattr(data, "type", "")).startswith("run_end_encoded")


def _decoded(column: Any) -> Any:
    import pyarrow.compute as pc

    return pc.run_end_decode(column)


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
    package = package_of(table)
    is_stream = hasattr(table, "__arrow_c_stream__") and not hasattr(table, "__len__") and package != "ibis"
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
    return _from_arrow(table, single, is_stream)


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
    names = [str(name) for name in table.columns]

    def one(place: int) -> Make:
        return lambda: table.iloc[:, place]

    makers = {name: one(place) for place, name in enumerate(names)}
    return Source(makers | _ambiguous(names), len(table))


def _from_arrow(table: Any, single: str | None, is_stream: bool) -> Source:
    exports = hasattr(table, "__arrow_c_stream__") or hasattr(table, "__arrow_c_array__")
    if exports and package_of(table) != "pandas":
        is_table, columns = _core.columns(table)
        is_empty = is_stream and not any(column.chunks for column in columns)
        notes = [_NO_BATCH] if is_empty else []
        if is_table:
            return of_columns(columns, len(columns[0]) if columns else 0, notes=notes)
        if single is not None:
            return Source({single: lambda: columns[0]}, notes=notes)
    if single is None:
        raise _core.ColumnError(
            f"a {type(table).__name__} is no table that can be read: give a DataFrame, an Arrow table, "
            "a relation, a dict of columns, or a path"
        )
    return Source({single: lambda: table})
