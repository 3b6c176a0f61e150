# SPDX-License-Identifier: Apache-2.0
"""Files as tables, and the latest row of each id."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from cxmetrics import _core
from cxmetrics._queue_log import read_queue_log
from cxmetrics._recognition.sniff import Unreadable, expand, open_source, read_table
from cxmetrics._source import Source, fetched, of_columns, open_table, package_of

__all__ = ["latest", "read_paths", "read_queue_log"]


def read_paths(paths: Any) -> Source:
    """Read one file, several, or those that a pattern names, as one table: CSV, Parquet, JSON lines; also .gz.

    Values of CSV and JSON stay texts: what they mean, the doors decide.
    """
    table, again, faults, label = _arrow_of(paths)
    _, columns = _core.columns(table)
    return of_columns(columns, table.num_rows, again=again, label=label, faults=faults)


def _arrow_of(paths: Any) -> tuple[Any, dict[str, str], list[str], str]:
    """Return the rows of files as an Arrow table, which columns have a name again, what is wrong, what to call it."""
    try:
        return _rows_of(paths)
    except Unreadable as error:
        raise _core.ColumnError(str(error)) from None


def _rows_of(paths: Any) -> tuple[Any, dict[str, str], list[str], str]:
    import pyarrow as pa

    tables: list[Any] = []
    faults: list[str] = []
    names: list[str] = []
    again: dict[str, str] = {}
    with tempfile.TemporaryDirectory(prefix="cxmetrics-") as scratch:
        for path in expand(list(paths) if isinstance(paths, list | tuple) else [paths]):
            if path != "-" and not Path(path).exists():
                raise _core.ColumnError(
                    f"{path}: no such file: a text is the path of one; give a path that is there, or the table itself"
                )
            source = open_source(path, Path(scratch))
            if source.format == "queue_log":
                raise _core.ColumnError(f"{path} is a queue_log: read it with cx.read_queue_log")
            table = read_table(source)
            if tables and table.column_names != tables[0].column_names:
                raise _core.ColumnError(f"{path} has other columns than {names[0]}: read them on their own")
            for one, other in zip(tables[0].schema, table.schema, strict=True) if tables else ():
                if pa.types.is_string(one.type) != pa.types.is_string(other.type):
                    raise _core.ColumnError(
                        f'column "{one.name}" is {other.type} in {path} and {one.type} in {names[0]}: '
                        "make them of one type"
                    )
            tables.append(table)
            names.append(path)
            again |= source.repeated
            if source.bad_lines:
                first = source.bad_lines[0]
                faults.append(
                    f"{path}: {len(source.bad_lines):,} lines could not be read, the first is line "
                    f"{first.line} "
                    f"({first.problem})"
                )
            if not source.complete:
                faults.append(f"{path} was cut off in the middle of a line")
    if not tables:
        raise _core.ColumnError("no file was given")
    if len(tables) == 1:
        return tables[0], again, faults, f"file {names[0]}"
    return pa.concat_tables(tables, promote_options="permissive"), again, faults, "table of files"


def latest(t: Any, *, id: str | Sequence[str], order: str | Sequence[str]) -> Any:
    """Keep one row of each id: the one that comes last in an order.

    Parameters
    ----------
    t : table or path
        An event log, several rows for each id.
    id : str or list of str
        Whose rows they are.
    order : str or list of str
        A column of numbers or times, or of texts of either; of several the first decides, and where it is equal the
        next. Of rows that are equal in all of them the last one is kept.

    Returns
    -------
    table
        Of the kind that was given, the rows in their order; of paths, relations and others an Arrow table.

    Raises
    ------
    ColumnError
        An id or an order that is not there, or is missing in a row.

    Examples
    --------
    >>> import cxmetrics as cx
    >>> log = {"number": ["A", "A", "B"], "version": [1, 2, 1], "caller": ["ann", "eve", "bob"]}
    >>> cx.latest(log, id="number", order="version")["caller"]
    ['eve', 'bob']
    """
    if isinstance(t, str | os.PathLike) or (isinstance(t, list) and t and isinstance(t[0], str | os.PathLike)):
        t = _arrow_of(t)[0]
    t = fetched(t)
    if not (package_of(t) in ("pandas", "polars") or isinstance(t, np.ndarray | Mapping | list)):
        import pyarrow as pa

        t = pa.table(t)  # a stream is good for one use
    source = open_table(t)
    ids, orders = _names("id", id), _names("order", order)
    keys = _core.encode_keys([source.column(name, "id") for name in ids], [""], True, False)
    if keys.missing or keys.invalid:
        row = int(np.argmax(keys.codes < 0))
        raise _core.ColumnError(f'column "{" + ".join(ids)}", row {row} has no id: leave such rows out first')
    ranks = [_ranks(source.column(name, "order")) for name in reversed(orders)]
    rows = np.lexsort((*ranks, keys.codes))  # stable: of equal rows the last stays last
    ordered = keys.codes[rows]
    is_last = np.append(ordered[1:] != ordered[:-1], True)[: source.rows]
    return _taken(t, np.sort(rows[is_last]))


def _names(argument: str, names: Any) -> list[str]:
    """Return the columns that an argument names."""
    several = [names] if isinstance(names, str) else list(names) if isinstance(names, list | tuple) else []
    if not several or not all(isinstance(name, str) for name in several):
        raise _core.ColumnError(f'{argument}={names!r} names no column: give the name of one, {argument}="..."')
    return several


def _ranks(column: _core.Column) -> np.ndarray[Any, Any]:
    """Return numbers that rise as the values of a column do."""
    keys = _core.encode_keys([column], [""])
    if keys.missing or keys.invalid:
        row = int(np.argmax(keys.codes < 0))
        raise _core.ColumnError(
            f'column "{column.name}", row {row}: {column.show(row)} has no place in an order: give a column '
            "of whole "
            "numbers or of times"
        )
    labels = keys.labels
    if keys.meaning == "text":
        try:
            labels = [float(label.replace(",", ".")) for label in labels]
        except ValueError:
            unread = _core.read_instants(column, [""], None, "", "")
            unread.found(False)
            times: np.ndarray[Any, Any] = unread.values()
            return times
    ordered = sorted(set(labels), key=lambda label: (label != label, label))  # numbers may have more than 64 bits
    rank = {label: place for place, label in enumerate(ordered)}
    return np.array([rank[label] for label in labels], dtype=np.int64)[keys.codes]


def _taken(t: Any, rows: np.ndarray[Any, Any]) -> Any:
    package = package_of(t)
    if package == "pandas":
        return t.iloc[rows]
    if package == "polars" or isinstance(t, np.ndarray):
        return t[rows]
    if isinstance(t, Mapping):
        return {name: _taken_values(values, rows) for name, values in t.items()}
    if isinstance(t, list):
        return [t[row] for row in rows]
    return t.take(rows)


def _taken_values(values: Any, rows: np.ndarray[Any, Any]) -> Any:
    if isinstance(values, list | tuple | range):
        return [values[row] for row in rows]
    if package_of(values) == "pandas":
        return values.iloc[rows] if hasattr(values, "iloc") else values[rows]
    if package_of(values) == "pyarrow":
        return values.take(rows)
    return values[rows]
