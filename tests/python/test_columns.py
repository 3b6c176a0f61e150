# SPDX-License-Identifier: Apache-2.0
"""Columns of every kind that Python has, into canonical values: arrays, Arrow, pandas, polars, sequences."""

from __future__ import annotations

import array
import datetime as dt
import decimal
import uuid
from collections.abc import Callable
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from cxmetrics import ColumnError, ScaleError, UnitError, _core
from hypothesis import given, settings
from hypothesis import strategies as st

MISSING = _core.default_missing()
NONE = -128
ABSENT = np.iinfo(np.int64).min
ANSWERS = [9, None, 0, 10, 7, None]
READ = [9, NONE, 0, 10, 7, NONE]


def read(column: _core.Unread, count: bool = False) -> np.ndarray[Any, Any]:
    column.found(count)
    return column.values()


def scores(values: Any, *, count: bool = False) -> list[int]:
    return read(_core.read_scores(_core.Column(values, "score"), MISSING), count).tolist()


def instants(values: Any, tz: str | None = None, time_format: str = "", unit: str = "") -> list[int]:
    return read(_core.read_instants(_core.Column(values, "at"), MISSING, tz, time_format, unit)).tolist()


def durations(values: Any, unit: str = "") -> list[int]:
    return read(_core.read_durations(_core.Column(values, "wait"), MISSING, unit)).tolist()


def keys(values: Any) -> tuple[list[int], list[Any]]:
    found = _core.encode_keys([_core.Column(values, "key")], MISSING)
    return found.codes.tolist(), found.labels


# ---- numpy


@pytest.mark.parametrize(
    "dtype", ["i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", ">i4", ">f8", ">u2"]
)
def test_every_number_type_and_byte_order_gives_the_same_scores(dtype: str) -> None:
    values = np.array([0, 10, 7, 3], dtype=dtype)
    assert scores(values) == [0, 10, 7, 3]
    assert scores(values[::-1]) == [3, 7, 10, 0]
    assert scores(values[::2]) == [0, 7]
    assert scores(np.array([values, values], order="F")[0]) == [0, 10, 7, 3]
    assert scores(np.broadcast_to(values[2:3], 3)) == [7, 7, 7]


def test_read_only_unaligned_and_empty_arrays_are_read() -> None:
    frozen = np.array([1, 2], dtype="i8")
    frozen.setflags(write=False)
    assert scores(frozen) == [1, 2]
    unaligned = np.frombuffer(b"\0" + np.array([5, 6], "i8").tobytes(), dtype="i8", offset=1)
    assert scores(unaligned) == [5, 6]
    assert scores(np.array([], dtype="f8")) == []
    assert scores([]) == []


@pytest.mark.parametrize(("shape", "shown"), [((), r"\(\)"), ((2, 3), r"\(2, 3\)"), ((0, 0), r"\(0, 0\)")])
def test_an_array_that_is_not_of_one_dimension_is_refused_with_its_shape(shape: tuple[int, ...], shown: str) -> None:
    with pytest.raises(ColumnError, match=f'column "score" is an array of shape {shown}: give one dimension'):
        scores(np.zeros(shape))


def test_plain_int8_is_not_copied_and_cannot_be_written_through() -> None:
    values = np.array([1, 9], dtype="i1")
    borrowed = read(_core.read_scores(_core.Column(values, "score"), MISSING))
    assert np.shares_memory(borrowed, values)
    with pytest.raises(ValueError, match="read-only"):
        borrowed[0] = 3
    nullable = np.array([1, -128], dtype="i1")  # -128 is no missing answer of ours, whoever wrote it
    counted = _core.read_scores(_core.Column(nullable, "score"), MISSING)
    assert (counted.values().tolist(), counted.found(True)["invalid"]) == ([1, -127], 1)


def test_a_borrowed_column_keeps_its_array_alive() -> None:
    borrowed = read(_core.read_scores(_core.Column(np.array([4, 5, 6], dtype="i1"), "score"), MISSING))
    np.zeros(1000)  # whatever would take the place of a freed array
    assert borrowed.tolist() == [4, 5, 6]


def test_masked_and_structured_arrays_are_read() -> None:
    assert scores(np.ma.array([1, 2, 3], mask=[0, 1, 0])) == [1, NONE, 3]
    rows = np.array([(1, 2.0), (9, 3.0)], dtype=[("score", "i1"), ("x", "f8")])
    assert scores(rows["score"]) == [1, 9]


def test_fixed_width_texts_and_bytes_are_read() -> None:
    assert scores(np.array(["7", "10", "NA"])) == [7, 10, NONE]
    assert scores(np.array(["7", "10"]).astype(">U2")) == [7, 10]
    assert scores(np.array([b"7", b"10"])) == [7, 10]
    assert keys(np.array(["\u00e9t\u00e9", "\U0001f600", "a"])) == ([0, 1, 2], ["\u00e9t\u00e9", "\U0001f600", "a"])


@pytest.mark.parametrize("unit", ["D", "h", "m", "s", "ms", "us", "ns"])
def test_datetime64_of_every_unit_is_a_local_time(unit: str) -> None:
    at = np.array(["2018-05-01", "NaT"], dtype=f"M8[{unit}]")
    assert instants(at, "UTC") == [1_525_132_800_000_000, ABSENT]
    assert instants(at, "Europe/Amsterdam")[0] == 1_525_125_600_000_000


def test_datetime64_of_months_multiples_and_other_byte_order_is_read() -> None:
    assert instants(np.array(["2018-05"], dtype="M8[M]"), "UTC") == [1_525_132_800_000_000]
    half_minutes = np.array([50_837_760], dtype="M8[30s]")
    assert instants(half_minutes, "UTC") == [1_525_132_800_000_000]
    assert instants(half_minutes.astype(">M8[30s]"), "UTC") == [1_525_132_800_000_000]


def test_instants_finer_than_a_microsecond_are_floored_and_durations_rounded_up() -> None:
    ns = np.array([-1, 1_500_000_000_000_000_001], dtype="M8[ns]")
    assert instants(ns, "UTC") == [-1, 1_500_000_000_000_000]
    assert durations(np.array([20_000_000_001, 20_000_000_000], dtype="m8[ns]")) == [20_000_001, 20_000_000]


# ---- sequences and objects


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([9, None, 3], [9, NONE, 3]),
        ((9, 3), [9, 3]),
        (range(3), [0, 1, 2]),
        ([9, 3.0, float("nan")], [9, 3, NONE]),
        (["9", "NA", "3,0", " 4 "], [9, NONE, 3, 4]),
        ([9, "NA", "3"], [9, NONE, 3]),
        ([decimal.Decimal("7"), 3], [7, 3]),
        ([np.int8(4), np.float32(2)], [4, 2]),
        ([pd.NA, pd.NaT, 1], [NONE, NONE, 1]),
        (np.array([9, None, "4"], dtype=object), [9, NONE, 4]),
        (array.array("b", [1, 2]), [1, 2]),
        (memoryview(b"\x01\x02"), [1, 2]),
    ],
)
def test_sequences_of_python_values_are_read(values: Any, expected: list[int]) -> None:
    assert scores(values) == expected


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([1, [2]], r'column "score", row 1: \[2\] is a list: give numbers'),
        ([1, object()], r'column "score", row 1: <object object .* is a object'),
        ([1, True], r"row 1: True is a bool among values that are int: give values of one kind"),
        (
            [1, dt.date(2020, 1, 1)],
            r"row 1: datetime.date\(2020, 1, 1\) is a time without zone among values that are int",
        ),
        ((i for i in (1, 2)), r'column "score" is a generator: give a list'),
        ({1, 2}, r'column "score" is a set: give a list'),
        ("abc", r'column "score" is a str: give a list'),
        (7, r'column "score" is a int: give a list'),
        (None, r'column "score" is a NoneType: give a list'),
    ],
)
def test_what_is_no_column_is_refused_by_name(values: Any, message: str) -> None:
    with pytest.raises(ColumnError, match=message):
        scores(values)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([6.5], r"row 0: 6.5 is not a whole number"),
        ([1.0, float("inf")], r"row 1: infinity is not a whole number"),
        (["7", "abc"], r'row 1: "abc" is not a whole number'),
        ([True], r"holds no scores"),
        (np.array([1], "m8[s]"), r"\(numpy timedelta64\[s\]\) holds no scores"),
        (pa.array([[1]]), r"\(Arrow type list\) holds no scores"),
        (pa.array([decimal.Decimal("6.50")]), r"\(Arrow type decimal128\(3, 2\)\), row 0: 6.50 is not a whole number"),
        (pa.array([b"7"]), r"\(Arrow type binary\) holds no scores"),
        (pa.array([1.0, float("nan")]), r"\(Arrow type double\), row 1: NaN is no value: where it means none"),
        (pl.Series([1.0, float("nan")]), r"row 1: NaN is no value: where it means none"),
    ],
)
def test_what_is_no_score_is_refused_with_row_value_and_type(values: Any, message: str) -> None:
    with pytest.raises(ColumnError, match=message):
        scores(values)


DECIMALS = [pa.decimal32(9, 2), pa.decimal64(18, 2), pa.decimal128(38, 2), pa.decimal256(76, 2)]


@pytest.mark.parametrize("kind", [*DECIMALS, pa.decimal128(4, 0), pa.decimal256(40, 0)], ids=str)
def test_decimals_are_read_as_the_numbers_that_they_are(kind: Any) -> None:
    whole = [decimal.Decimal(value) if value is not None else None for value in ANSWERS]
    assert scores(pa.array(whole, kind)) == READ
    assert scores(pa.array([decimal.Decimal(3), *whole], kind).slice(1)) == READ
    entries = pa.array([decimal.Decimal(value) for value in (9, 0, 10, 7)], kind)
    assert scores(pa.DictionaryArray.from_arrays(pa.array([0, None, 1, 2, 3, None], pa.int8()), entries)) == READ
    assert keys(pa.array([decimal.Decimal(-7), None, decimal.Decimal(5)], kind))[0] == [0, -1, 1]
    with pytest.raises(ScaleError, match=r"row 0: score -1(\.00)? is outside the scale"):
        scores(pa.array([decimal.Decimal(-1)], kind))


@pytest.mark.parametrize("kind", DECIMALS, ids=str)
def test_decimals_with_a_fraction_are_durations_and_no_scores(kind: Any) -> None:
    values = pa.array([decimal.Decimal("12.25"), None], kind)
    assert durations(values, "s") == [12_250_000, ABSENT]
    with pytest.raises(ColumnError, match=r"row 0: 12\.25 is not a whole number"):
        scores(values)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("7.00000000000000000000001", pa.decimal128(38, 30)),
        ("-0.0000000000000000000000000001", pa.decimal128(38, 28)),
        ("4503599627370497.5", pa.decimal128(38, 4)),
    ],
)
def test_a_decimal_with_a_fraction_is_no_id_however_small_it_is(value: str, kind: Any) -> None:
    column = pa.array([decimal.Decimal("9007199254740992") if "." not in value else decimal.Decimal(5)], kind)
    assert keys(column)[0] == [0]
    found = _core.encode_keys([_core.Column(pa.array([decimal.Decimal(value)], kind), "id")], MISSING, True)
    assert (found.codes.tolist(), found.first_invalid) == ([-2], 0)
    shown = _core.Column(pa.array([decimal.Decimal(value)], kind), "id").show(0)
    assert decimal.Decimal(shown) == decimal.Decimal(value)


@settings(max_examples=300, deadline=None)
@given(
    value=st.one_of(
        st.decimals(min_value=-(10**38), max_value=10**38, places=6),
        st.decimals(min_value=0, max_value=10**5, places=6),
    ),
    wide=st.booleans(),
)
def test_a_decimal_is_shown_with_all_its_digits_and_read_as_what_it_is(value: decimal.Decimal, wide: bool) -> None:
    kind = pa.decimal256(50, 6) if wide or abs(value) > 10**31 else pa.decimal128(38, 6)
    column = _core.Column(pa.array([value], kind), "wait")
    assert decimal.Decimal(column.show(0)) == value
    if 0 <= value < 10**5:  # seconds of which a double holds every nanosecond
        assert read(_core.read_durations(column, MISSING, "s")).tolist() == [int(value * 10**6)]


WIDE = [2**63, 2**64 - 1, -(2**63) - 1, 10**37, -(10**37), 2**53 + 1, 5]


def subject(values: Any) -> list[int]:
    found: list[int] = _core.encode_keys([_core.Column(values, "id")], MISSING).subjects()[0].tolist()
    return found


@pytest.mark.parametrize("value", WIDE)
def test_a_whole_number_is_one_id_whatever_holds_it(value: int) -> None:
    exact = decimal.Decimal(value)
    shapes = [
        *([value], [exact], np.array([value], object), pa.array([exact], pa.decimal128(38, 0))),
        *(pa.array([exact], pa.decimal256(60, 3)), pa.array([exact], pa.decimal256(60, 0)).dictionary_encode()),
        pl.Series([value], dtype=pl.Int128),
    ]
    if 0 <= value < 2**64:
        shapes += [np.array([value], np.uint64), pa.array([value], pa.uint64()), pl.Series([value], dtype=pl.UInt64)]
        shapes += [pd.Series([value], dtype="UInt64"), [np.uint64(value)]]
    for values in shapes:
        found = _core.encode_keys([_core.Column(values, "id")], MISSING, True)
        assert found.labels == [value]
        assert found.codes.tolist() == [0]
        assert subject(values) == subject([value])
    assert subject([value]) != subject([str(value)])
    assert subject([value]) != subject([value + 1])


def test_whole_numbers_of_128_bits_are_scores_too() -> None:
    assert scores(pl.Series(ANSWERS, dtype=pl.Int128)) == READ


def test_wide_whole_numbers_stand_beside_narrow_ones() -> None:
    values = [2**63, 5, None, 2**63, 2**64 - 1, 0, 5]
    for column in (pa.array(values, pa.uint64()), values, pd.Series(values, dtype="UInt64")):
        assert keys(column)[0] == [0, 1, -1, 0, 2, 3, 1]
        both = _core.encode_keys([_core.Column(column, "a"), _core.Column(column, "b")], MISSING)
        assert both.codes.tolist() == [0, 1, -1, 0, 2, 3, 1]
        assert len(set(both.labels)) == 4
        known = _core.encode_keys([_core.Column(column, "id")], [*MISSING, str(2**63)], True)
        assert known.codes.tolist() == [-1, 0, -1, -1, 1, -1, 0]
        assert known.counts.tolist() == [2, 1]


def test_ids_of_64_bits_without_a_sign_are_numbered_without_a_dictionary() -> None:
    top = 2**63
    for values in ([5, top + 9, 5, 2**64 - 1], [7, 8, 8, 7]):
        numbered = _core.read_ids(_core.Column(np.array(values, np.uint64), "id"), MISSING)
        assert numbered is not None
        assert numbered[0].view(np.uint64).tolist() == values
    assert _core.read_ids(_core.Column(np.array([top], np.uint64), "id"), MISSING) is None  # what means "absent"
    assert _core.read_ids(_core.Column(pa.array([decimal.Decimal(5)], pa.decimal128(38, 0)), "id"), MISSING) is None


def test_a_whole_number_of_more_than_256_bits_is_refused() -> None:
    with pytest.raises(ColumnError, match=r"row 1: 1000.* does not fit 256 bits: give such numbers as texts"):
        keys([1, 10**80])


UUIDS = [uuid.UUID(int=2**120 + 7), uuid.UUID("6f1c9d2e-8a53-4b0e-9f63-0d1e2f3a4b5c"), uuid.UUID(int=0)]


def test_a_uuid_is_the_id_that_its_text_is() -> None:
    texts = [*map(str, UUIDS), None, str(UUIDS[0])]
    raw = [*(each.bytes for each in UUIDS), None, UUIDS[0].bytes]
    shapes: list[Any] = [
        *([*UUIDS, None, UUIDS[0]], pd.Series([*UUIDS, None, UUIDS[0]]), pa.array(raw, pa.binary(16))),
        *(pa.array([b"x" * 16, *raw], pa.binary(16)).slice(1), pa.array(raw, pa.binary(16)).dictionary_encode()),
        *(pa.chunked_array([pa.array(raw[:1], pa.binary(16)), pa.array(raw[1:], pa.binary(16))]),),
        pa.ExtensionArray.from_storage(pa.uuid(), pa.array(raw, pa.binary(16))),
    ]
    for values in shapes:
        assert _core.encode_keys([_core.Column(values, "id")], MISSING, True).codes.tolist() == [0, 1, 2, -1, 0]
        assert _core.encode_keys([_core.Column(values, "id")], MISSING).labels == texts[:3]
        assert subject(values) == subject(texts)
    numbered = _core.read_ids(_core.Column(pa.array(raw, pa.binary(16)), "id"), MISSING)
    assert numbered is not None
    assert len(set(numbered[0].tolist())) == 4
    from_duckdb = duckdb.sql(f"select '{UUIDS[1]}'::uuid as id").to_arrow_table()["id"]
    assert subject(from_duckdb) == subject([str(UUIDS[1])])


def test_an_id_of_another_type_is_refused_with_its_remedy() -> None:
    with pytest.raises(ColumnError, match=r'^column "key" \(Arrow type binary\) makes no keys: .* cast it to text'):
        keys(pa.array([b"ab"]))
    with pytest.raises(ColumnError, match=r"row 0: b'ab' is a bytes: give numbers, .* or cast it to text$"):
        keys([b"ab"])
    with pytest.raises(ColumnError, match=r'\(Arrow type "_plu128"\) makes no keys: .* cast it to text'):
        keys(pl.Series([5], dtype=pl.UInt128))


def test_an_id_is_the_same_subject_as_a_decimal() -> None:
    for kind in (pa.decimal128(10, 0), pa.decimal128(38, 0), pa.decimal256(60, 3)):
        assert subject(pa.array([decimal.Decimal(5)], kind)) == subject([5])


def test_a_run_end_encoded_column_is_refused_by_name() -> None:
    import pyarrow.compute as pc

    with pytest.raises(ColumnError, match=r"\(Arrow type run-end encoded\) holds no scores"):
        scores(pc.run_end_encode(pa.array([1, 1, 2])))


@pytest.mark.parametrize("value", [11, -1, 200, 2**40, 2**70, -(2**70)])
def test_a_score_outside_the_scale_is_a_scale_error(value: int) -> None:
    with pytest.raises(ScaleError, match=rf"row 1: score {value} is outside the scale 0 to 10"):
        scores([5, value])
    assert scores([5, value], count=True) == [5, -127]


def test_times_of_python_are_read() -> None:
    amsterdam = dt.timezone(dt.timedelta(hours=2))
    assert instants([dt.datetime(2018, 5, 1, 2, tzinfo=amsterdam), None]) == [1_525_132_800_000_000, ABSENT]
    assert instants([dt.datetime(2018, 5, 1), dt.date(2018, 5, 2)], "UTC")[0] == 1_525_132_800_000_000
    assert instants([np.datetime64("2018-05-01"), np.datetime64("NaT")], "UTC") == [1_525_132_800_000_000, ABSENT]
    assert instants([pd.Timestamp("2018-05-01", tz="UTC")]) == [1_525_132_800_000_000]
    assert durations([dt.timedelta(seconds=1.5), dt.timedelta(0)]) == [1_500_000, 0]
    assert durations([dt.time(0, 3, 9)]) == [189_000_000]
    with pytest.raises(ColumnError, match=r"row 1: .* is a time without zone among values that are time with zone"):
        instants([dt.datetime(2018, 5, 1, tzinfo=dt.UTC), dt.datetime(2018, 5, 1)])


# ---- Arrow, pandas, polars


def _shapes() -> dict[str, Any]:
    texts = ["x" if value is None else str(value) for value in ANSWERS]
    whole = pa.array([3, *ANSWERS, 4], pa.int64())
    return {
        "int8": pa.array(ANSWERS, pa.int8()),
        "uint64": pa.array(ANSWERS, pa.uint64()),
        "float16": pa.array([None if v is None else np.float16(v) for v in ANSWERS], pa.float16()),
        "double": pa.array(ANSWERS, pa.float64()),
        "sliced": whole.slice(1, 6),
        "chunked": pa.chunked_array([whole.slice(1, 2), pa.array([], pa.int64()), whole.slice(3, 4)]),
        "utf8": pa.array([None if v is None else str(v) for v in ANSWERS], pa.string()),
        "large_utf8": pa.array([None if v is None else str(v) for v in ANSWERS], pa.large_string()).slice(0),
        "string_view": pa.array([None if v is None else str(v) for v in ANSWERS], pa.string_view()),
        "dictionary": pa.array(ANSWERS, pa.int32()).dictionary_encode(),
        "dictionary of texts": pa.array([None if v is None else str(v) for v in ANSWERS]).dictionary_encode(),
        "dictionary with null entry": pa.DictionaryArray.from_arrays(
            pa.array([0, 1, 2, 3, 4, 1], pa.int8()), pa.array([9, None, 0, 10, 7])
        ),
        "dictionaries that differ": pa.chunked_array(
            [pa.array(ANSWERS[:3]).dictionary_encode(), pa.array(ANSWERS[3:]).dictionary_encode()]
        ),
        "missing text": pa.array(["NA" if text == "x" else text for text in texts]),
        "pandas float": pd.Series(ANSWERS, dtype="float64"),
        "pandas Int64": pd.Series(ANSWERS, dtype="Int64"),
        "pandas object": pd.Series(ANSWERS, dtype=object),
        "pandas category": pd.Series(ANSWERS, dtype="Int64").astype("category"),
        "pandas text": pd.Series([None if v is None else str(v) for v in ANSWERS], dtype="str"),
        "pandas arrow": pd.Series(ANSWERS, dtype="int64[pyarrow]"),
        "pandas index": pd.Index(pd.Series(ANSWERS, dtype="float64")),
        "polars": pl.Series(ANSWERS),
        "polars int8": pl.Series(ANSWERS, dtype=pl.Int8),
        "polars text": pl.Series([None if v is None else str(v) for v in ANSWERS]),
        "polars categorical": pl.Series([None if v is None else str(v) for v in ANSWERS], dtype=pl.Categorical),
        "polars sliced": pl.Series([1, *ANSWERS, 2])[1:-1],
        "list": ANSWERS,
        "object": np.array(ANSWERS, dtype=object),
    }


@pytest.mark.parametrize("shape", list(_shapes()))
def test_the_same_answers_come_out_of_every_shape(shape: str) -> None:
    assert scores(_shapes()[shape]) == READ


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_arrow_timestamps_and_durations_of_every_unit_are_read(unit: str) -> None:
    at = [dt.datetime(2018, 5, 1, tzinfo=dt.UTC), None]
    assert instants(pa.array(at, pa.timestamp(unit, "Europe/Amsterdam"))) == [1_525_132_800_000_000, ABSENT]
    naive = [dt.datetime(2018, 5, 1), None]
    assert instants(pa.array(naive, pa.timestamp(unit)), "Europe/Amsterdam") == [1_525_125_600_000_000, ABSENT]
    assert durations(pa.array([dt.timedelta(seconds=20), None], pa.duration(unit))) == [20_000_000, ABSENT]
    assert instants(pl.Series(at, dtype=pl.Datetime("us", "UTC"))) == [1_525_132_800_000_000, ABSENT]


def test_arrow_dates_times_and_intervals_are_read() -> None:
    for kind in (pa.date32(), pa.date64()):
        assert instants(pa.array([dt.date(2018, 5, 1)], kind), "UTC") == [1_525_132_800_000_000]
    for kind in (pa.time32("s"), pa.time32("ms"), pa.time64("us"), pa.time64("ns")):
        assert durations(pa.array([dt.time(0, 3, 9)], kind)) == [189_000_000]
    assert durations(pa.array([pa.MonthDayNano([0, 1, 1000])])) == [86_400_000_001]
    assert durations(pa.array([pa.MonthDayNano([0, -1, 90_000 * 10**9])])) == [3_600_000_000]
    with pytest.raises(ColumnError, match=r"row 0: 0 months -2147483648 days 0 ns is no duration"):
        durations(pa.array([pa.MonthDayNano([0, -(2**31), 0])]))


def test_a_timestamp_that_a_microsecond_cannot_hold_is_invalid() -> None:
    with pytest.raises(ColumnError, match="row 0: 9223372036854775807 is no time"):
        instants(pa.array([2**63 - 1], pa.timestamp("s", "UTC")))


def test_truths_and_nulls_alone_are_read() -> None:
    values = read(_core.read_truths(_core.Column(pa.array([True, None, False])[0:], "answered"), 1, 0, MISSING))
    assert values.tolist() == [1, 255, 0]
    assert scores(pa.nulls(2)) == [NONE, NONE]
    assert scores(pd.Series([None, None], dtype=object)) == [NONE, NONE]


class _Export:
    """Gives out one capsule, however often it is asked."""

    def __init__(self, column: Any) -> None:
        self.capsule = column.__arrow_c_stream__()

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        return self.capsule


def test_a_stream_that_was_used_is_a_clean_error() -> None:
    once = _Export(pa.chunked_array([[1, 2]]))
    assert scores(once) == [1, 2]
    with pytest.raises(ColumnError, match="already read or released: a stream is good for one use"):
        scores(once)


class _Failing:
    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        def batches() -> Any:
            yield pa.record_batch({"a": [1]})
            raise OSError("the disk is full")

        reader = pa.RecordBatchReader.from_batches(pa.schema({"a": pa.int64()}), batches())
        return reader.__arrow_c_stream__()


def test_a_stream_that_fails_in_the_middle_says_why() -> None:
    with pytest.raises(ColumnError, match=r"the Arrow stream failed: .*the disk is full"):
        _core.columns(_Failing())


class _NoCapsule:
    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        return "no capsule"


def test_what_is_no_capsule_is_an_error() -> None:
    with pytest.raises(ColumnError, match='a str where a capsule named "arrow_array_stream" was expected'):
        scores(_NoCapsule())


def test_a_table_is_no_column() -> None:
    with pytest.raises(ColumnError, match='column "score" is a table of 2 columns: give one of them'):
        scores(pa.table({"a": [1], "b": [2]}))


def test_a_table_of_ten_thousand_columns_is_read() -> None:
    wide = pa.table({f"c{i}": [i % 11] for i in range(10_000)})
    is_table, columns = _core.columns(wide)
    assert is_table
    assert len(columns) == 10_000
    assert scores(columns[9_999]) == [9_999 % 11]


def test_a_generator_of_batches_may_need_the_interpreter() -> None:
    def batches() -> Any:
        for i in range(50):
            yield pa.record_batch({"score": [i % 11] * 10})

    reader = pa.RecordBatchReader.from_batches(pa.schema({"score": pa.int64()}), batches())
    _, (column,) = _core.columns(reader)
    assert (len(column), column.chunks) == (500, 50)


# ---- keys


def test_keys_follow_the_rows_not_the_dictionary() -> None:
    values = pa.DictionaryArray.from_arrays(pa.array([2, 0, 2, None], pa.int8()), pa.array(["it", "unused", "hr"]))
    assert keys(values) == ([0, 1, 0, -1], ["hr", "it"])
    assert keys(pl.Series(["hr", "it", "hr", None], dtype=pl.Categorical)) == ([0, 1, 0, -1], ["hr", "it"])
    assert keys([True, False, True]) == ([0, 1, 0], [True, False])
    assert keys(np.array([5, 3, 5], "i2")) == ([0, 1, 0], [5, 3])


def test_a_number_is_the_same_subject_in_every_width_and_a_text_is_another() -> None:
    def subject(values: Any) -> list[int]:
        return _core.encode_keys([_core.Column(values, "id")], MISSING).subjects()[0].tolist()

    five = subject(np.array([5], "i4"))
    assert five == subject([5]) == subject(np.array([5.0])) == subject(pa.array([5]).dictionary_encode())
    assert five != subject(["5"])


# ---- random arrays of every layout give what numpy gives


@settings(max_examples=100, deadline=None)
@given(
    values=st.lists(st.one_of(st.none(), st.integers(0, 10)), max_size=50),
    cut=st.integers(0, 50),
    wrap=st.sampled_from(["int8", "int64", "double", "string", "large_string", "string_view", "dictionary"]),
)
def test_random_slices_are_read_as_they_are(values: list[int | None], cut: int, wrap: str) -> None:
    make: dict[str, Callable[[list[int | None]], Any]] = {
        "dictionary": lambda v: pa.array(v, pa.int64()).dictionary_encode(),
        "string": lambda v: pa.array([None if x is None else str(x) for x in v], pa.string()),
        "large_string": lambda v: pa.array([None if x is None else str(x) for x in v], pa.large_string()),
        "string_view": lambda v: pa.array([None if x is None else str(x) for x in v], pa.string_view()),
    }
    whole = make.get(wrap, lambda v: pa.array(v, getattr(pa, {"double": "float64"}.get(wrap, wrap))()))(values)
    expected = [NONE if value is None else value for value in values]
    cut = min(cut, len(values))
    assert scores(whole.slice(cut)) == expected[cut:]
    assert scores(pa.chunked_array([whole.slice(0, cut), whole.slice(cut)])) == expected


# ---- times in texts


@pytest.mark.parametrize(
    ("texts", "time_format", "expected"),
    [
        (["2018-05-01 20:23"], "", 1_525_206_180),
        (["2018-05-01T20:23:00+02:00"], "", 1_525_198_980),
        (["01/05/2018 20:23", "13/05/2018 00:00"], "", 1_525_206_180),
        (["05/01/2018 20:23", "05/13/2018 00:00"], "", 1_525_206_180),
        (["01/05/2018 20:23"], "dmy", 1_525_206_180),
        (["01/05/2018 20:23"], "mdy", 1_515_183_780),
        (["1.5.2018 20:23"], "dmy", 1_525_206_180),
        (["2018/05/01 20:23"], "ymd", 1_525_206_180),
        (["01May2018 08:23 PM"], "%d%b%Y %I:%M %p", 1_525_206_180),
    ],
)
def test_times_in_texts_are_read_by_us(texts: list[str], time_format: str, expected: int) -> None:
    assert instants(texts, "UTC", time_format)[0] == expected * 1_000_000


def test_an_order_that_the_column_does_not_prove_is_an_error_with_both_readings() -> None:
    with pytest.raises(ColumnError, match='"01/05/2018" is 1 May 2018 or 5 January 2018: say which, time_format="dmy"'):
        instants(["01/05/2018", "02/05/2018"], "UTC")
    with pytest.raises(ColumnError, match=r'dates of both orders, "13/05/2018" .day first. and "05/13/2018"'):
        instants(["13/05/2018", "05/13/2018"], "UTC")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([1_543_527_289], r"holds numbers where times should be \(1543527289\): convert them"),
        (["1543527289"], r'holds digits where times should be \("1543527289"\): say how they are written'),
        (np.array([1.5e9]), r"holds numbers where times should be"),
        (np.array([1_543_527_289], "M8[us]"), r"lies in the year 1970 altogether"),
    ],
)
def test_numbers_are_no_times(values: Any, message: str) -> None:
    with pytest.raises(UnitError, match=message):
        instants(values, "UTC")


def test_a_zone_that_does_not_exist_is_a_unit_error() -> None:
    with pytest.raises(UnitError, match="Europe/Amsterdum"):
        instants(["2018-05-01"], "Europe/Amsterdum")
