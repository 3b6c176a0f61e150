# SPDX-License-Identifier: Apache-2.0
"""One table through every door that people have: the same bytes of state, for every metric there is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import cxmetrics as cx
import duckdb
import every_metric
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset
import pyarrow.parquet
import pytest

pytestmark = pytest.mark.filterwarnings("ignore::cxmetrics.DataWarning")

ROWS, CASES = 400, 40
COLUMNS = every_metric.rows(ROWS, 11)
SCHEMA = pa.schema(
    {
        "score": pa.int64(), "time": pa.timestamp("us", "UTC"), "respondent": pa.string(), "contact": pa.int64(),
        "case": pa.int64(), "customer": pa.string(), "queue": pa.string(), "entered": pa.timestamp("us", "UTC"),
        "wait": pa.duration("us"), "outcome": pa.string(), "ended": pa.timestamp("us", "UTC"),
        "talk": pa.duration("us"), "hold": pa.duration("us"), "wrap_up": pa.duration("us"),
        "transfers": pa.int64(), "weight": pa.float64(), "answered": pa.bool_(), "sent": pa.int64(),
        "answers": pa.int64(),
    }
)  # fmt: skip
SCHEMA = pa.schema([SCHEMA.field(name) for name in COLUMNS])
ARROW = pa.table(COLUMNS, schema=SCHEMA)


def _arrays() -> dict[str, Any]:
    """The columns as plain numpy arrays: what is absent is NaN or NaT, and texts are objects."""
    found: dict[str, Any] = {}
    for name, values in COLUMNS.items():
        if isinstance(values[0] or values[1], datetime):
            found[name] = np.array([at.replace(tzinfo=None) for at in values], "M8[us]")
        elif isinstance(values[0] or values[1], timedelta):
            found[name] = np.array(values, "m8[us]")
        elif name in ("score", "weight"):
            found[name] = np.array([np.nan if value is None else value for value in values])
        else:
            found[name] = np.array(values, dtype=object if any(isinstance(x, str | None) for x in values) else None)
    return found


def _structured() -> Any:
    arrays = _arrays()
    rows = np.empty(ROWS, dtype=[(name, array.dtype) for name, array in arrays.items()])
    for name, array in arrays.items():
        rows[name] = array
    return rows


class _Exporter:
    """Another's stream: the protocol and nothing else."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        return self._stream.__arrow_c_stream__()


class _StreamOnly:
    """What many libraries hand out: the protocol and nothing else, here as one column of structs."""

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        return pa.chunked_array(
            [batch.to_struct_array() for batch in ARROW.to_batches(max_chunksize=37)]
        ).__arrow_c_stream__()


def _dictionaries() -> pa.Table:
    """The texts as dictionaries that differ from batch to batch."""
    parts = []
    for batch in (ARROW.slice(0, 150), ARROW.slice(150)):
        texts = [i for i, field in enumerate(SCHEMA) if field.type == pa.string()]
        for i in texts:
            batch = batch.set_column(i, SCHEMA[i].name, batch.column(i).combine_chunks().dictionary_encode())
        parts.append(batch)
    return pa.concat_tables(parts)


DOORS: dict[str, Callable[[], Any]] = {
    "dict of lists": lambda: COLUMNS,
    "list of dicts": lambda: [dict(zip(COLUMNS, row, strict=True)) for row in zip(*COLUMNS.values(), strict=True)],
    "numpy": _arrays,
    "structured array": _structured,
    "pandas": lambda: pd.DataFrame(COLUMNS),
    "pandas of numpy": lambda: pd.DataFrame(_arrays()),
    "pandas of arrow": lambda: ARROW.to_pandas(types_mapper=pd.ArrowDtype),
    "pandas with an index": lambda: pd.DataFrame(COLUMNS, index=range(ROWS, 0, -1)),
    "polars": lambda: pl.DataFrame(ARROW),
    "polars, categories": lambda: pl.DataFrame(ARROW).with_columns(pl.col(pl.String).cast(pl.Categorical)),
    "lazy polars": lambda: pl.DataFrame(ARROW).lazy().filter(pl.col("contact") >= 0),
    "arrow table": lambda: ARROW,
    "arrow batches": lambda: pa.RecordBatchReader.from_batches(SCHEMA, ARROW.to_batches(max_chunksize=64)),
    "arrow slices": lambda: pa.concat_tables([ARROW.slice(0, 7), ARROW.slice(7, 200), ARROW.slice(207)]),
    "arrow dictionaries": _dictionaries,
    "arrow stream": _StreamOnly,
    "duckdb": lambda: duckdb.arrow(ARROW),
    "duckdb query": lambda: duckdb.connect().from_arrow(ARROW).filter("contact >= 0"),
    "dict of mixed columns": lambda: {
        name: (list, np.array, pd.Series, pl.Series)[i % 4](values)
        for i, (name, values) in enumerate(COLUMNS.items())
        if name != "respondent"
    },
}


@pytest.mark.parametrize("definition", every_metric.EXAMPLES, ids=every_metric.IDS)
def test_every_door_gives_the_same_bytes_of_state(definition: cx.Definition) -> None:
    expected = None
    for door, make in DOORS.items():
        state = definition.state()
        state.update(make(), tz="UTC", invalid="count")
        expected = expected or bytes(state)
        assert bytes(state) == expected, door
    assert expected != bytes(definition.state())


@pytest.mark.parametrize("door", DOORS)
def test_every_door_gives_the_same_groups(door: str) -> None:
    metrics = {"sl": cx.ServiceLevel("20s"), "fcr": cx.FirstContactResolution(window="2d")}
    expected = cx.summarize(COLUMNS, metrics, by="queue", every="d", tz="Europe/Amsterdam")
    found = cx.summarize(
        DOORS[door](), metrics, by="queue", every="d", tz="Europe/Amsterdam" if _aware(door) else "UTC"
    )
    if _aware(door):
        assert found.to_dicts() == expected.to_dicts()
    else:
        in_utc = cx.summarize(COLUMNS, metrics, by="queue", every="d", tz="UTC")
        assert found.to_dicts() == in_utc.to_dicts()


def _aware(door: str) -> bool:
    """Whether a door's times carry their zone; naive ones are read in UTC here."""
    return not any(word in door for word in ("numpy", "structured", "mixed"))


@pytest.mark.parametrize("door", DOORS)
def test_every_door_leads_to_the_latest_rows(door: str) -> None:
    kept = cx.latest(DOORS[door](), id="case", order="contact")
    c = cx.contacts(kept, contact="case", tz="UTC")
    assert c.rows == CASES
    assert c.key("contact")[1] == list(range(ROWS - CASES, ROWS))


@pytest.mark.parametrize(
    "door", [each for each in DOORS if not each.startswith(("list", "structured", "dict of mixed"))]
)
def test_every_table_of_columns_may_be_inspected_and_makes_a_scorecard(door: str) -> None:
    said = {"tz": "UTC", "kind": "table 1=contacts"}
    (read,) = cx.inspect(DOORS[door](), **said).inputs
    assert (read.kind, read.rows) == ("contacts", ROWS)
    found = {result["name"]: result["value"] for result in cx.scorecard(DOORS[door](), **said).to_dict()["results"]}
    assert found["service_level"] == cx.service_level(COLUMNS, within="20s").value


def test_expressions_of_ibis_are_read() -> None:
    ibis = pytest.importorskip("ibis")
    plain = ARROW.drop_columns([field.name for field in SCHEMA if pa.types.is_duration(field.type)])
    table = ibis.memtable(plain)
    for one in (table, table.filter(table.contact >= 0), table.mutate(more=table.score + 1)):
        assert cx.nps(one, invalid="count").to_dict() == cx.nps(plain, invalid="count").to_dict()
    assert cx.nps(table.score, invalid="count").n == cx.nps(plain["score"], invalid="count").n
    fcr, in_days = cx.FirstContactResolution(window="2d"), {"by": "queue", "every": "d", "tz": "UTC"}
    assert cx.summarize(table, fcr, **in_days).to_dicts() == cx.summarize(plain, fcr, **in_days).to_dicts()
    assert cx.latest(table, id="case", order="contact")["contact"].to_pylist() == list(range(ROWS - CASES, ROWS))
    with pytest.raises(
        cx.ColumnError, match=r"^the Ibis expression gave no rows: .*duration.*: cast that column, or leave"
    ):
        cx.nps(ibis.memtable(ARROW), invalid="count")  # Ibis itself has no durations of DuckDB
    assert cx.answers(table.filter(table.contact < 0)).notes == []  # empty, and no stream that somebody has read
    (read,) = cx.inspect(table, tz="UTC", kind="table 1=contacts").inputs
    assert (read.kind, read.rows) == ("contacts", ROWS)


# ---- streams and files that change on the way


@pytest.mark.parametrize(
    "stream",
    [lambda: duckdb.sql("select 9 as score").to_arrow_reader(), lambda: pa.table({"score": [9]}).to_reader()],
)
def test_a_stream_that_was_read_is_refused_and_is_no_empty_table(stream: Callable[[], Any]) -> None:
    reader = stream()
    assert cx.nps(reader).n == 1
    for again in (cx.nps, cx.answers, lambda table: cx.summarize(table, cx.NPS())):
        with pytest.raises(cx.ColumnError, match=r"^the Arrow stream was already read .* good for one use, take a new"):
            again(reader)
    assert cx.nps(stream()).n == 1


@pytest.mark.parametrize("wrap", [lambda reader: reader, _Exporter], ids=["pyarrow", "any"])
def test_a_stream_without_a_batch_is_noted(wrap: Callable[[Any], Any]) -> None:
    note = "the Arrow stream held no batch: it is empty, or somebody has read it before; a stream is good for one use"

    def spent() -> Any:
        reader = pa.table({"score": [9]}).to_reader()
        reader.read_all()
        return wrap(reader)

    for figure in (cx.nps, lambda table: cx.summarize(table, cx.NPS())):
        with pytest.warns(cx.DataWarning, match=f"^{note}$"):
            found = figure(spent())
        assert note in found.notes
    a = cx.answers(spent())
    assert (a.rows, a.notes) == (0, [note])
    assert f"note: {note}" in repr(a)
    empty = pa.table({"score": [9]}).slice(0, 0)
    for table in (empty, empty.to_batches(), duckdb.sql("select 9 as score where false"), pl.DataFrame({"score": []})):
        assert cx.answers(table).notes == []
    assert cx.answers(wrap(empty.to_reader())).rows == 0


def test_what_pyarrow_reads_later_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pyarrow.parquet.write_table(ARROW, path)
    data = pyarrow.dataset.dataset(path)
    batches = ARROW.to_batches(max_chunksize=64)
    expected = cx.nps(ARROW, invalid="count").to_dict()
    for table in (
        *(data, data.scanner(), data.scanner(filter=pyarrow.dataset.field("contact") >= 0)),
        *(
            pyarrow.parquet.ParquetFile(path),
            batches,
            tuple(batches),
            [ARROW],
            [*batches[:1], pa.Table.from_batches(batches[1:])],
        ),
    ):
        assert cx.nps(table, invalid="count").to_dict() == expected
    kept = cx.latest(batches, id="case", order="contact")
    assert kept.equals(cx.latest(ARROW, id="case", order="contact"))
    with pytest.raises(cx.ColumnError) as caught:
        cx.nps([pa.record_batch({"score": [9]}), pa.record_batch({"score": ["9"]})])
    assert str(caught.value) == (
        "batch 1 of the list has other columns than the first, score (string) instead of score (int64): read them on "
        "their own"
    )


def test_runs_are_decoded() -> None:
    score = pc.run_end_encode(pa.array([9, 9, 3]))
    expected = cx.nps([9, 9, 3]).to_dict()
    table = pa.table({"score": score, "stage": pc.run_end_encode(pa.array(["a", None, "a"]))})
    for one in (score, pa.chunked_array([score]), table, table.to_batches()[0], table.to_reader(), {"score": score}):
        assert cx.nps(one).to_dict() == expected
    frame = pd.DataFrame({"score": pd.Series([9, 9, 3], dtype=pd.ArrowDtype(score.type))})
    assert cx.nps(frame).to_dict() == expected
    assert [row["stage"] for row in cx.summarize(table, cx.NPS(), by="stage").to_dicts()] == ["a", None]


def test_a_column_that_changes_its_type_between_batches_is_refused() -> None:
    for one, other in (([1], ["a"]), ([1], [1.5]), (["a"], [1])):
        first = pa.record_batch({"score": one})
        reader = pa.RecordBatchReader.from_batches(
            first.schema, (batch for batch in (first, pa.record_batch({"score": other})))
        )
        with pytest.raises(cx.ColumnError, match=r"^the Arrow stream failed: Schema at index 1 was different"):
            cx.nps(reader)


def test_an_array_of_another_type_than_its_schema_is_refused_by_its_buffers() -> None:
    class Lie:
        def __arrow_c_array__(self, requested_schema: Any = None) -> Any:
            return pa.array([1]).__arrow_c_array__()[0], pa.array(["abc"]).__arrow_c_array__()[1]

    with pytest.raises(cx.ColumnError, match=r"the Arrow array has 3 buffers where its type has 2: the producer"):
        cx.nps(Lie())


def test_files_whose_column_is_of_another_type_are_refused(tmp_path: Path) -> None:
    for name, values in (("a", [9, 8]), ("b", ["7", "x"]), ("c", [7.0, 3.0])):
        duckdb.arrow(pa.table({"score": values})).write_parquet(str(tmp_path / f"{name}.parquet"))
    a, b, c = (tmp_path / f"{name}.parquet" for name in "abc")
    with pytest.raises(cx.ColumnError) as caught:
        cx.nps([a, b])
    assert str(caught.value) == f'column "score" is string in {b} and int64 in {a}: make them of one type'
    assert cx.nps([a, c]).n == 4
