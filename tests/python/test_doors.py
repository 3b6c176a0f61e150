# SPDX-License-Identifier: Apache-2.0
"""The doors: what a messy table is read as, and the exact words with which it is refused or noted."""

from __future__ import annotations

import datetime as dt
import decimal
import inspect
import pickle
import re
import time
import uuid
import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import cxmetrics as cx
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from cxmetrics._readers import Dominant

AMSTERDAM = "Europe/Amsterdam"
MISSING, INVALID = -128, -127  # of scores
COUNT = 'or count such rows with invalid="count"'
CHOICE = f"no answer or in excluded= where it is left out by choice, {COUNT}"
OUTCOMES = (
    "answered, abandoned, timeout, left_empty, exit_key, withdrawn, refused_full, refused_closed, callback_requested, "
    "transferred_blind, transferred_attended, system_failure, unfinished"
)


def refusal(call: Callable[[], Any], kind: type[cx.Error] = cx.ColumnError) -> str:
    """Return the words of an error, which must be of a kind and of no other."""
    with pytest.raises(cx.Error) as caught:
        call()
    assert type(caught.value) is kind
    return str(caught.value)


def notes(call: Callable[[], Any]) -> list[str]:
    """Return what a table or a result notes, which must be on its printout and in one warning too."""
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        found = call()
    assert [str(each.message) for each in told] == (["; ".join(found.notes)] if found.notes else [])
    assert all(each.category is cx.DataWarning and each.filename == __file__ for each in told)
    for note in found.notes:
        assert f"  note: {note}" in repr(found).splitlines()
    return list(found.notes)


def scores(values: Any, **said: Any) -> list[int]:
    return list(cx.answers({"score": values}, **said).array("score").tolist())


# ---- what is missing


def test_the_texts_that_mean_no_answer() -> None:
    assert cx.MISSING == ("", "NA", "N/A", "n/a", "NULL", "null", "None", "nan", "?", "-")
    texts = [*cx.MISSING, "7"]
    assert scores(texts) == [MISSING] * len(cx.MISSING) + [7]
    assert scores([" NA ", "7"]) == [MISSING, 7]
    assert refusal(lambda: scores(["7", "na"])) == (
        'column "score" (list of text), row 1: "na" is not a whole number: correct it, name it in missing= where it '
        f"means {CHOICE}"
    )


def test_a_list_of_missing_texts_stands_in_the_place_of_the_default() -> None:
    assert scores(["niet", "7"], missing=["niet"]) == [MISSING, 7]
    assert '"NA" is not a whole number' in refusal(lambda: scores(["NA", "7"], missing=["niet"]))
    assert scores(["NA", "niet", "7"], missing=[*cx.MISSING, "niet"]) == [MISSING, MISSING, 7]
    assert scores([99, 7], missing=[99]) == [MISSING, 7]


def test_what_is_missing_may_be_said_of_one_column() -> None:
    table = {"score": [99, 7], "stage": ["order", "none"]}
    a = cx.answers(table, missing={"score": [99], "stage": ["none"]})
    assert a.array("score").tolist() == [MISSING, 7]
    assert a.key("stage")[0].tolist() == [0, -1]
    assert refusal(lambda: cx.answers(table, missing={"scor": [99]})) == (
        'missing={"scor": ...}: no such column; name one of score, weight, time, respondent, or a key column'
    )
    assert refusal(lambda: cx.answers(table, missing="99"), cx.Error) == (
        'missing="99" is one text: give a list, missing=["99"]'
    )
    assert refusal(lambda: cx.answers(table, missing={"score": "99"}), cx.Error) == (
        'missing={"score": "99"} is one text: give a list, ["99"]'
    )


def test_what_is_missing_may_be_said_of_every_column_that_a_door_names() -> None:
    columns = list(inspect.signature(cx.contacts).parameters)
    for name in columns[1 : columns.index("outcomes")]:
        assert cx.contacts({"wait": ["5s"]}, missing={name: ["x"]}).rows == 1
    columns = list(inspect.signature(cx.answers).parameters)
    for name in ("score", "time", "respondent"):
        assert name in columns
        assert cx.answers([9], missing={name: ["x"]}).rows == 1


def test_nan_is_missing_in_numpy_and_pandas_and_invalid_in_arrow_and_polars() -> None:
    values = [7.0, float("nan")]
    for column in (np.array(values), pd.Series(values), values):
        assert scores(column) == [7, MISSING]
    for column, name in ((pa.array(values), "double"), (pl.Series(values), "double")):
        assert refusal(lambda column=column: scores(column)) == (  # type: ignore[misc]
            f'column "score" (Arrow type {name}), row 1: NaN is no value: where it means none, name it, '
            f'missing=[*cx.MISSING, float("nan")], or make it null; {COUNT}'
        )
        assert scores(column, invalid="count") == [7, INVALID]
        assert scores(column, missing=[float("nan")]) == [7, MISSING]
        assert scores(column, missing=[*cx.MISSING, np.float32("nan")]) == [7, MISSING]
        assert scores(column, missing=["NaN"]) == [7, MISSING]
        assert cx.nps(column, excluded={float("nan")}).excluded == 1


def test_nan_can_be_named_in_every_column() -> None:
    nan, named = float("nan"), {"missing": [float("nan")]}
    waits = pl.DataFrame({"wait": [5.0, nan], "outcome": ["answered"] * 2, "customer": [7.0, nan]})
    c = cx.contacts(waits, wait="wait", unit="s", **named)
    assert cx.wait_time(c).missing == 1
    assert c.key("customer")[0].tolist() == [0, -1]
    assert c.read("customer").reading.missing == 1
    assert 'NaN is no id: where it means nobody, name it, missing=[*cx.MISSING, float("nan")]' in refusal(
        lambda: cx.contacts(waits, customer="customer")
    )
    a = cx.answers(pl.DataFrame({"score": [9, 8], "w": [1.0, nan], "time": [1e9, nan]}), weight="w", unit="s", **named)
    assert (a.readings["weight"].missing, a.readings["time"].missing) == (1, 1)
    yes = pl.DataFrame({"answered": [1.0, nan]})
    assert cx.response_rate(yes, **named).missing == 1


def test_what_is_missing_may_come_one_by_one_and_a_decimal_that_is_none_is_nan() -> None:
    values = {"score": pa.array([7.0, float("nan")]), "w": pa.array([1.0, float("nan")])}
    for named in (
        (each for each in [float("nan")]),
        {"score": iter([float("nan")]), "weight": iter([decimal.Decimal("NaN")])},
    ):
        a = cx.answers(values, weight="w", missing=named)
        assert (a.readings["score"].missing, a.readings["weight"].missing) == (1, 1)
    assert scores(values["score"], missing=[decimal.Decimal("sNaN")]) == [7, MISSING]


def test_numbers_with_a_fraction_can_be_missing_and_excluded() -> None:
    values = [6.5, 9.0, None]
    for column in (
        values,
        pl.Series(values),
        pa.array(values).cast(pa.decimal128(9, 2)),
        ["6.5", "9", ""],
        ["6,5", "9", ""],
    ):
        assert scores(column, missing=[*cx.MISSING, 6.5]) == [MISSING, 9, MISSING]
        r = cx.nps(column, excluded={6.5})
        assert (r.n, r.excluded, r.missing) == (1, 1, 1)
    waits = pl.DataFrame({"wait": [-1.5, 5.0, 99.0], "outcome": ["answered"] * 3})
    assert cx.wait_time(waits, unit="s", missing=[-1.5, 99]).missing == 2
    assert cx.nps({"score": [9, 8], "w": [0.25, 0.5]}, weights="w", missing={"weight": [0.25]}).missing == 1


@pytest.mark.parametrize("marks", [[8, 7.5], np.array([8, 7.5]), ["8", "7.5"], ["8", "7,5"]], ids=repr)
def test_a_half_mark_is_refused_with_what_to_do(marks: Any) -> None:
    message = refusal(lambda: cx.csat(marks, scale="1-10"))
    assert re.fullmatch(
        r'column "score" \(.*\), row 1: "?7[.,]5"? is not a whole number: round such marks first, as your survey '
        r"says \(a 7\.5 to 8, or to 7\), name them in missing= where they mean no answer or in excluded= where they "
        r'are left out by choice, or count such rows with invalid="count"',
        message,
    )
    assert "12.5 is not a whole number" in refusal(lambda: cx.csat([12.5], scale="1-10"))


def test_a_number_that_no_scale_holds_can_be_named() -> None:
    for value in (2.0**60, 1e300, -1e300, float("inf")):
        column = np.array([9.0, value])
        assert scores(column, invalid="count") == [9, INVALID]
        assert scores(column, missing=[1e200], invalid="count") == [9, INVALID]
        if value != float("inf"):
            assert scores(column, missing=[value]) == [9, MISSING]
            assert cx.nps(column, excluded={value}).excluded == 1
    assert scores(np.array([9.0, 2.0**60]), missing=[2**60]) == [9, MISSING]
    assert scores(np.array([9, 2**64 - 1], np.uint64), missing=[2**64 - 1]) == [9, MISSING]


# ---- what is invalid


@pytest.mark.parametrize("text", ["2018-01-05", "-", "--7", "", "5-"])
def test_a_text_that_is_no_number_is_not_said_to_be_outside_the_scale(text: str) -> None:
    assert f'row 1: "{text}" is not a whole number: correct it' in refusal(lambda: scores(["7", text], missing=["x"]))


def test_a_whole_number_in_another_writing_is_no_half_mark() -> None:
    said = refusal(lambda: scores(["7", "5e0"]))
    assert '"5e0" is not a whole number: correct it' in said
    assert "round such marks" not in said


@pytest.mark.parametrize(
    ("values", "what"),
    [
        ([9, 10**5000], "a whole number of 16610 bits does not fit 256 bits: give such numbers as texts"),
        ([9.5, 10**5000], "a whole number of 16610 bits is more than a float holds"),
        (["9", 10**5000], "a whole number of 16610 bits is more than Python writes as text"),
        ([decimal.Decimal(9), decimal.Decimal("1E+300000")], "Decimal('1E+300000') is more than a float holds"),
    ],
)
def test_a_number_of_thousands_of_digits_is_refused_by_its_size(values: list[Any], what: str) -> None:
    start = time.perf_counter()
    assert f'column "score", row 1: {what}' in refusal(lambda: cx.nps(values))
    assert time.perf_counter() - start < 1


def test_a_great_decimal_is_a_number() -> None:
    great = [decimal.Decimal(9), decimal.Decimal("1E+80")]
    assert scores(great, missing=[1e80]) == [9, MISSING]
    assert scores([decimal.Decimal(9), decimal.Decimal("Infinity")], invalid="count") == [9, INVALID]


def test_an_invalid_value_raises_or_is_counted() -> None:
    assert refusal(lambda: scores([7, 11]), cx.ScaleError) == (
        'column "score" (list of int), row 1: score 11 is outside the scale 0 to 10: correct it, name it in missing= '
        f"where it means no answer, {COUNT}"
    )
    assert scores([7, 11], invalid="count") == [7, INVALID]
    r = cx.nps([7, 11, None], invalid="count")
    assert (r.rows, r.n, r.invalid, r.missing) == (3, 1, 1, 1)
    assert refusal(lambda: cx.answers([9], invalid="ignore"), cx.Error) == (
        'invalid="ignore" is unknown: use "raise" or "count"'
    )


def test_a_column_that_is_not_there_is_refused_with_the_others() -> None:
    assert refusal(lambda: cx.answers({"mark": [9], "stage": ["x"]}, score="marks")) == (
        'the table has no column "marks" for score=: name one of its columns, score="mark"; they are mark, stage'
    )
    assert refusal(lambda: cx.answers({"mark": [9]})) == (
        'the table has no column "score": name one of its columns, score="..."; they are mark'
    )
    assert refusal(lambda: cx.answers({"score": [9, 8], "time": ["2026-03-01"]})) == (
        'column "score" has 2 rows and column "time" has 1: give one value a row in each'
    )
    twice = pa.table([[9], [8]], names=["score", "score"])
    assert refusal(lambda: cx.answers(twice)) == ('columns 1 and 2 of the table are called "score": rename all but one')


def test_everything_after_the_table_is_said_by_name() -> None:
    for door in (cx.answers, cx.contacts, cx.read_queue_log, cx.latest):
        first, *others = inspect.signature(door).parameters.values()
        assert first.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD
        assert {each.kind for each in others} == {inspect.Parameter.KEYWORD_ONLY}


# ---- times


def times(values: Any, **said: Any) -> Any:
    return cx.answers({"score": [9] * len(values), "at": values}, time="at", **{"tz": "UTC", **said}).readings["time"]


def test_the_order_of_day_and_month_is_proven_by_the_column_or_said() -> None:
    read = times(["01/02/2026 10:00", "13/02/2026 11:30"])
    assert (read.minimum, read.type) == (datetime(2026, 2, 1, 10, tzinfo=UTC), "list of text, dmy")
    assert times(["01/02/2026", "02/13/2026"]).minimum == datetime(2026, 1, 2, tzinfo=UTC)
    assert times(["01/02/2026"], time_format="mdy").minimum == datetime(2026, 1, 2, tzinfo=UTC)
    assert refusal(lambda: times(["01/02/2026", "02/03/2026"])) == (
        'column "at" (list of text): no date proves the order of day and month, "01/02/2026" is 1 February 2026 or '
        '2 January 2026: say which, time_format="dmy" or time_format="mdy"'
    )
    assert refusal(lambda: times(["13/02/2026", "02/13/2026"])) == (
        'column "at" (list of text) holds dates of both orders, "13/02/2026" (day first) and "02/13/2026" (month '
        'first): clean it, or give time_format= and invalid="count"'
    )
    assert refusal(lambda: times(["01/02/2026", "02/13/2026"], time_format="dmy")) == (
        'column "at" (list of text), row 1: "02/13/2026" is no time as time_format="dmy" says: correct one of them, '
        f"{COUNT}"
    )


def test_a_time_format_may_be_a_pattern() -> None:
    assert times(["20260201 10h05"], time_format="%Y%m%d %Hh%M").minimum == datetime(2026, 2, 1, 10, 5, tzinfo=UTC)
    assert refusal(lambda: times(["20260201"], time_format="%Y%Q")) == (
        'time_format "%Y%Q" is not understood: write "dmy", "mdy", "ymd" or a pattern such as "%d/%m/%Y %H:%M"'
    )
    assert refusal(lambda: times(["20260201"], time_format="dym")) == (
        'time_format "dym" names no whole date: write "dmy", "mdy", "ymd" or a pattern such as "%d/%m/%Y %H:%M"'
    )


def test_a_zone_is_needed_only_where_the_clock_is_read() -> None:
    calls = {"wait": [5], "outcome": ["answered"], "entered": ["2026-03-01 10:00"], "customer": ["ann"]}
    assert cx.service_level(calls, within="20s", unit="s").value == 100
    assert refusal(lambda: cx.first_contact_resolution(calls, clock="entered"), cx.UnitError) == (
        'column "entered" (list of text) holds times without a zone: say where they were written down where the table '
        'is read, cx.contacts(..., tz="Europe/Amsterdam")'
    )
    assert refusal(lambda: cx.summarize(calls, cx.ServiceLevel("20s"), every="d", unit="s"), cx.UnitError) == (
        'buckets are cut at local time: say where with tz=, like tz="Europe/Amsterdam", or tz="UTC"'
    )
    assert refusal(lambda: times(["2026-03-01T10:00Z", "2026-03-01 11:00"], tz=None), cx.UnitError) == (
        'column "at" (list of text) mixes times with and without an offset from UTC: say where the others were written '
        'down, tz="Europe/Amsterdam"'
    )
    assert refusal(lambda: cx.answers([9], tz="CET "), cx.UnitError) == (
        'zone "CET " is no zone name: write one such as "Europe/Amsterdam", "UTC" or "+02:00"'
    )


def test_aware_times_keep_their_instant() -> None:
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    for values in (
        ["2026-03-01T13:00+01:00"],
        [noon],
        pd.Series([noon]).dt.tz_convert("Asia/Tokyo"),
        pl.Series([noon]).dt.convert_time_zone("Asia/Tokyo"),
    ):
        assert times(values, tz="America/New_York").minimum == noon
    assert times(["2026-03-01 07:00"], tz="America/New_York").minimum == noon


def test_numbers_are_times_only_where_their_unit_is_said() -> None:
    calls = {"entered": [1_543_600_000]}
    assert refusal(lambda: cx.contacts(calls, entered="entered"), cx.UnitError).startswith(
        'column "entered" (list of int) holds numbers where times should be (1543600000): convert them to dates and '
        'times, or say what they count since 1970, unit={"entered": "s"}'
    )
    assert refusal(lambda: cx.contacts(calls, entered="entered", time_format="%y%m%d"), cx.UnitError).endswith(
        'or say what they count since 1970, unit={"entered": "s"}; time_format= is of texts'
    )
    answers = {"score": [9], "time": [1_543_600_000]}
    assert refusal(lambda: cx.answers(answers, time="time", tz="UTC"), cx.UnitError).endswith(
        'or say what they count since 1970, unit="s", "ms" or "us"'
    )
    assert cx.answers(answers, time="time", unit="s").readings["time"].minimum == datetime(
        2018, 11, 30, 17, 46, 40, tzinfo=UTC
    )
    assert refusal(lambda: cx.answers({"score": [9], "time": ["990101"]}, time="time", tz="UTC"), cx.UnitError) == (
        'column "time" (list of text) holds digits where times should be ("990101"): say how they are written, '
        'time_format="%y%m%d" or another strptime pattern, or in which unit they count since 1970, unit='
    )
    read = cx.answers({"score": [9], "time": ["990101"]}, time="time", tz="UTC", time_format="%y%m%d")
    assert read.readings["time"].minimum == datetime(1999, 1, 1, tzinfo=UTC)
    c = cx.contacts(calls, entered="entered", unit={"entered": "s"})
    assert c.readings["entered"].minimum == datetime(2018, 11, 30, 17, 46, 40, tzinfo=UTC)
    assert refusal(lambda: times(np.array([1_543_600_000], "M8[us]")), cx.UnitError) == (
        'column "at" (numpy datetime64[us]) lies in the year 1970 altogether: numbers were probably read in the wrong '
        "unit; give dates and times, or convert the numbers with their real unit"
    )


# ---- durations


def waits(values: Any, **said: Any) -> list[float]:
    c = cx.contacts({"wait": values}, wait="wait", **said)
    return [us / 1e6 for us in c.array("wait").tolist()]


def test_a_number_is_a_duration_only_with_its_unit() -> None:
    assert refusal(lambda: waits([5, 20]), cx.UnitError) == (
        'column "wait" (list of int) holds numbers without a unit (5): say what they count, unit="s", "ms" or "us"'
    )
    assert waits([5000], unit="ms") == waits([5], unit={"wait": "s"}) == waits([5_000_000], unit="us") == [5]
    assert refusal(lambda: waits([5], unit="sec"), cx.UnitError) == 'unit "sec" is unknown: write "s", "ms" or "us"'
    assert refusal(lambda: waits([5], unit={"weit": "s"}), cx.UnitError) == (
        'unit={"weit": ...}: no such column; units belong to entered, wait, talk, hold, wrap_up, ended'
    )


def test_what_is_a_duration_already_needs_no_unit() -> None:
    assert waits(["0:03:09", "90s", "PT20S", "NA"], invalid="count")[:3] == [189, 90, 20]
    assert waits(np.array([189], "m8[s]")) == waits(pa.array([189], pa.duration("s"))) == [189]
    assert waits(pa.array([189], pa.time32("s"))) == waits(pd.to_timedelta(pd.Series(["0:03:09"]))) == [189]
    assert refusal(lambda: waits(["3:09"])) == (
        'column "wait" (list of text), row 0: "3:09" is no duration of 0 to 2.2 years: write "0:03:09" or "90s", '
        f"{COUNT}"
    )
    assert refusal(lambda: waits([5, -1], unit="s")) == (
        f'column "wait" (list of int), row 1: -1 is no duration of 0 to 2.2 years: correct it, name it in missing= '
        f"where it means none, {COUNT}"
    )
    assert refusal(lambda: cx.contacts({"a": [1], "b": [2]}, wait=["a", "b"], unit="s")) == (  # type: ignore[arg-type]
        "wait= is one column, not 2: only ids may be several"
    )


# ---- outcomes


def test_labels_say_what_they_mean() -> None:
    calls = {"wait": [5, 60, 7, 9], "end": ["AGENT", "HANG", "PHANTOM", None]}
    meant = {"AGENT": "answered", "HANG": "abandoned", "PHANTOM": None}
    c = cx.contacts(calls, wait="wait", unit="s", outcome="end", outcomes=meant)
    r = cx.service_level(c, within="20s")
    assert (r.value, r.n, r.excluded, r.missing) == (50, 2, 1, 1)


def test_an_unknown_label_is_refused_with_all_of_them_and_the_remedy() -> None:
    calls = {"wait": [5, 6, 7, 8], "end": ["AGENT", "AGENT", "PHANTOM", "HANG"]}
    assert refusal(lambda: cx.contacts(calls, outcome="end")) == (
        'column "end" (list of text): 4 rows have labels that are no outcome, the first in row 0: "AGENT" (2), '
        '"HANG" (1), "PHANTOM" (1); say what they mean, outcomes={"AGENT": "...", "HANG": "...", "PHANTOM": "..."}, '
        f"with one of {OUTCOMES}, or None to leave such rows out"
    )
    assert refusal(lambda: cx.contacts(calls, outcome="end", outcomes={"AGENT": "answerd"})) == (
        "outcomes={'AGENT': 'answerd'}: there is no such outcome (did you mean \"answered\"?); use one of "
        f"{OUTCOMES}, or None to leave such rows out"
    )
    assert refusal(lambda: cx.contacts({"wait": [5]}, outcomes={"AGENT": "answered"})) == (
        'outcomes= names labels, but no column has them: name it, outcome="..."'
    )
    counted = cx.contacts(calls, outcome="end", outcomes={"AGENT": "answered"}, invalid="count")
    assert counted.readings["outcome"].invalid == 2


def test_a_yes_or_no_serves_service_level_and_wait_but_not_who_left() -> None:
    calls = {"answered": [True, False, True], "wait": [5, 6, 70]}
    assert cx.service_level(calls, within="20s", unit="s").counts["answered_within"] == 1
    assert cx.wait_time(calls, unit="s").n == 2
    assert cx.wait_time(calls, of="all", unit="s").n == 3
    why = (
        'column "answered" says who was answered and not who left, which {} counts: not answered is not abandoned; '
        'name the column of outcomes, outcome="..."'
    )
    assert refusal(lambda: cx.abandonment(calls)) == why.format("abandonment")
    assert refusal(lambda: cx.wait_time(calls, of="abandoned", unit="s")) == why.format("wait_time")
    short = refusal(lambda: cx.service_level(calls, within="20s", short_abandon="5s", unit="s"))
    assert short == why.format("service_level")
    assert refusal(lambda: cx.summarize(calls, cx.Abandonment(), by="answered")) == why.format("abandonment")


def test_outcome_and_answered_are_one_thing_said_twice() -> None:
    calls = {"o": ["answered"], "b": [True], "outcome": [True]}
    assert refusal(lambda: cx.contacts(calls, outcome="o", answered="b")) == (
        "outcome= and answered= say the same thing twice: give outcome=, which says more"
    )
    assert refusal(lambda: cx.contacts(calls, outcome="outcome")) == (
        'column "outcome" holds true and false, not outcomes: give answered="outcome"'
    )
    assert refusal(lambda: cx.contacts({"answered": ["yes", "maybe"]}, answered="answered")) == (
        'column "answered" (list of text), row 1: "maybe" is neither true nor false: give a column of true and false, '
        f"1 and 0 or yes and no, {COUNT}"
    )


# ---- ids


@pytest.mark.parametrize(
    ("ids", "known"),
    [
        ([0, -1, 7, 8, None], 2),
        ([0.0, -1.0, 7.0, float("nan")], 1),
        (["0", "-1", "?", "", "unknown", "Anonymous", "UNKNOWN", "ann", None], 1),
    ],
)
def test_a_placeholder_is_nobody(ids: list[Any], known: int) -> None:
    read = cx.contacts({"customer": ids}, customer="customer").readings["customer"]
    assert (read.distinct, read.missing) == (known, len(ids) - known)
    own = cx.contacts({"customer": ids}, customer="customer", missing={"customer": cx.PLACEHOLDERS})
    assert own.readings["customer"].missing == read.missing


def test_the_placeholders_may_be_said() -> None:
    c = cx.contacts({"customer": ["0", "web", ""]}, customer="customer", missing={"customer": ["", "web"]})
    assert c.key("customer") == (pytest.approx(np.array([0, -1, -1])), ["0"])
    calls = cx.contacts({"contact": [0, 1]})  # calls may be numbered from 0
    assert calls.readings["contact"].distinct == 2


def test_a_customer_on_far_more_rows_than_any_other_is_refused() -> None:
    for nobody, shown in ((5, "5"), ("web", '"web"')):
        ids = [nobody] * 60 + [f"c{i}" if isinstance(nobody, str) else i for i in range(10, 150)]
        calls = {"customer": ids}
        assert refusal(lambda calls=calls: cx.contacts(calls, customer="customer"), Dominant) == (  # type: ignore[misc]
            f'column "customer": {shown} has 60 of 200 contacts (30.0%), the next customer 1: if it stands for nobody, '
            f'name it, missing={{"customer": [*cx.PLACEHOLDERS, {shown}]}}; if it is one customer, allow_dominant=True'
        )
        left_out = cx.contacts(calls, customer="customer", missing={"customer": [*cx.PLACEHOLDERS, nobody]})
        assert left_out.readings["customer"].missing == 60
        assert cx.contacts(calls, customer="customer", allow_dominant=True).readings["customer"].missing == 0


def test_the_refusal_of_a_customer_passes_between_processes() -> None:
    with pytest.raises(cx.ColumnError) as caught:
        cx.contacts({"customer": ["web"] * 60 + [f"c{i}" for i in range(140)]}, customer="customer")
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


@pytest.mark.parametrize(("first", "next_one"), [(10, 1), (30, 4)])
def test_a_customer_below_either_limit_is_one(first: int, next_one: int) -> None:
    # 5 % of 200 contacts are 10, and 30 are less than ten times 4
    ids = ["a"] * first + ["b"] * next_one + [f"c{i}" for i in range(200 - first - next_one)]
    assert cx.contacts({"customer": ids}, customer="customer").readings["customer"].missing == 0


@pytest.mark.parametrize(
    ("ids", "shown"),
    [
        (["12", "3.27E+11"], '"3.27E+11"'),
        (["12", "6,02e+11"], '"6,02e+11"'),
        ([7.0, 12.5], "12.5"),
        ([7.0, 2.0**53 + 2], "9007199254740994"),
    ],
)
def test_an_id_that_a_spreadsheet_spoilt_is_refused(ids: list[Any], shown: str) -> None:
    kind = "text" if isinstance(ids[0], str) else "float"
    assert refusal(lambda: cx.contacts({"customer": ids}, customer="customer")) == (
        f'column "customer" (list of {kind}), row 1: {shown} is no id: a spreadsheet or a float has spoilt it '
        f"(3.27E+11, 12.5); read the file again with ids as text, {COUNT}"
    )
    counted = cx.contacts({"customer": ids}, customer="customer", invalid="count").readings["customer"]
    assert (counted.distinct, counted.invalid, counted.first_invalid) == (1, 1, 1)


def test_one_number_is_one_subject_in_every_type_and_a_text_is_another() -> None:
    def subject(ids: Any) -> list[int]:
        c = cx.contacts({"customer": ids}, customer="customer")
        return list(c.subjects("customer")[0].tolist())

    five = subject(np.array([5], np.int32))
    assert five == subject([5]) == subject(np.array([5.0])) == subject(pa.array([5]).dictionary_encode())
    assert five != subject(["5"])


@pytest.mark.parametrize("texts", [False, True])
def test_ids_that_are_read_without_a_dictionary_have_one_when_it_is_asked_for(texts: bool) -> None:
    numbers = [int(i) for i in np.random.default_rng(3).integers(0, 500, 3_000)]  # 0 is nobody
    ids: list[Any] = [f"c{i}" if i else "unknown" for i in numbers] if texts else numbers
    c = cx.contacts({"who": ids}, customer="who")
    values = c.array("customer")
    codes, labels = c.key("customer")
    assert [labels[code] if code >= 0 else None for code in codes] == [
        i if i not in (0, "unknown") else None for i in ids
    ]
    assert len(np.unique(values[codes >= 0])) == len(labels) == c.readings["customer"].distinct
    assert len(set(zip(values.tolist(), codes.tolist(), strict=True))) == len(labels) + (0 in numbers)
    assert c.array("customer") is values
    assert len(np.unique(c.subjects("customer"), axis=0)) == len(labels) + (0 in numbers)


def test_an_id_with_one_row_in_twenty_is_found_among_many() -> None:
    ids = np.arange(1_000_000, 1_040_000)
    ids[::19] = 5
    assert "5 has 2,106 of 40,000 contacts (5.3%), the next customer 1" in refusal(
        lambda: cx.contacts({"customer": ids}, customer="customer"), Dominant
    )
    ids[::19] = np.arange(len(ids[::19])) % 2  # 0 is nobody, and 1 has one row in forty
    assert cx.contacts({"customer": ids}, customer="customer").readings["customer"].missing == 1_053


def test_a_contact_on_several_rows_is_an_event_log() -> None:
    log = {"number": ["a", "b", "a"], "line": [1, 1, 1], "sys_mod_count": [1, 2, 3]}
    assert refusal(lambda: cx.contacts(log, contact="number")) == (
        'column "number": 2 ids in 3 rows, the first repeated one in row 2: an event log? keep one row each: '
        'cx.latest(table, id="number", order="sys_mod_count")'
    )
    assert refusal(lambda: cx.contacts(log, contact=["number", "line"])).endswith(
        'cx.latest(table, id=["number", "line"], order="sys_mod_count")'
    )
    kept = cx.contacts(cx.latest(log, id="number", order="sys_mod_count"), contact="number")
    assert (kept.rows, kept.readings["contact"].distinct) == (2, 2)


# ---- notes: odd, but legal


def at(hours: list[str], **more: Any) -> dict[str, Any]:
    return {"score": [0, 9] * (len(hours) // 2) + [5] * (len(hours) % 2), "time": hours, **more}


def test_times_at_midnight_are_noted() -> None:
    some = [f"2026-03-{1 + i % 28:02} {'00:00:00' if i % 10 == 0 else '10:15:00'}" for i in range(40)]
    assert notes(lambda: cx.answers(at(some), time="time", tz=AMSTERDAM)) == [
        '4 of 40 times of "time" are at exactly 00:00:00: are these dates without a time, or a way of writing none?'
    ]
    dates = [f"2026-03-{1 + i % 28:02}" for i in range(40)]
    assert notes(lambda: cx.nps(at(dates), time="time", tz=AMSTERDAM)) == [
        'all times of "time" are at 00:00:00: they are dates, and say nothing of the time of day'
    ]
    few = [each.replace("00:00:00", "10:15:00") for each in some[2:]] + some[:2]  # 1 of 40 is no more than 5 %
    assert notes(lambda: cx.answers(at(few), time="time", tz=AMSTERDAM)) == []


def test_answers_of_another_scale_are_noted() -> None:
    assert notes(lambda: cx.nps([1, 2, 3, 4, 5] * 6)) == ["no answer of 30 is above 5: is this a 1-5 scale?"]
    assert notes(lambda: cx.nps([1, 2, 3, 10, 5] * 6)) == [
        "no answer of 30 is 0, though there are 1 and 10: is this a 1-10 scale?"
    ]
    assert notes(lambda: cx.nps([1, 2, 3, 4, 5] * 5)) == []  # 25 answers say little
    assert notes(lambda: cx.nps([0, 2, 3, 10, 5] * 6)) == []


def test_waits_of_0_and_of_hours_are_noted() -> None:
    def calls(values: list[int]) -> cx.Contacts:
        return cx.contacts({"wait": values, "outcome": ["answered"] * len(values)}, wait="wait", unit="s")

    assert notes(lambda: calls([0] * 14 + [5] * 26)) == [
        '14 of 40 waits in "wait" are 0: does 0 mean that nobody waited?'
    ]
    assert notes(lambda: calls([0] * 13 + [5] * 27)) == []
    assert notes(lambda: calls([5000] * 40)) == ['the median of "wait" is 1.4 h: is the unit right?']
    assert notes(lambda: calls([3600] * 40)) == []


def test_a_last_day_that_is_cut_off_is_noted() -> None:
    week = [f"2026-03-{day:02} {hour:02}:30" for day in range(2, 7) for hour in range(8, 20)]
    cut = {"entered": [*week, "2026-03-07 08:30", "2026-03-07 09:30"]}
    assert notes(lambda: cx.contacts(cut, entered="entered", tz=AMSTERDAM)) == [
        'the last day of "entered" ends at 09:30 and looks cut off'
    ]
    assert notes(lambda: cx.contacts({"entered": week}, entered="entered", tz=AMSTERDAM)) == []


def test_local_times_that_came_twice_or_never_are_noted() -> None:
    a = {"score": [9, 8, 7], "time": ["2026-03-29 02:30", "2026-10-25 02:30", "2026-10-26 02:30"]}
    assert notes(lambda: cx.answers(a, time="time", tz=AMSTERDAM)) == [
        'local times of "time" that came twice when the clock went back: 1; the earlier was taken',
        'local times of "time" that were jumped over when the clock went forward: 1; they were shifted forward',
    ]
    with pytest.warns(cx.DataWarning):
        read = cx.answers(a, time="time", tz=AMSTERDAM).readings["time"]
    assert read.minimum.isoformat() == "2026-03-29T03:30:00+02:00"  # RFC 5545, 3.3.5: by the offset before the gap


def test_a_period_that_contradicts_the_times_is_noted() -> None:
    table = {"score": [9, 8, 7], "time": ["2018-03-02 10:00", "2018-04-03 10:00", "2018-05-04 10:00"]}
    for name, periods, note in (
        ("Qtr", ["Q1", "Q1", "Q2"], '"Qtr" = Q1 contradicts "time": 1 of its rows lie in 2018-04'),
        (
            "month",
            ["2018-03", "2018-03", "2018-05"],
            '"month" = 2018-03 contradicts "time": 1 of its rows lie in 2018-04',
        ),
        ("Maand", ["mar", "apr", "jun"], '"Maand" = jun contradicts "time": 1 of its rows lie in 2018-05'),
    ):
        found = notes(lambda periods=periods, name=name: cx.answers({**table, name: periods}, time="time", tz="UTC"))  # type: ignore[misc]
        assert found == [f'{note}; group by "time" instead']
    assert notes(lambda: cx.answers({**table, "Qtr": ["Q1", "Q2", "Q2"]}, time="time", tz="UTC")) == []


def test_a_note_travels_with_every_result_made_from_the_table() -> None:
    with pytest.warns(cx.DataWarning) as told:
        c = cx.contacts({"wait": [0] * 40, "outcome": ["answered"] * 40}, wait="wait", unit="s")
    assert len(told) == 1
    (note,) = c.notes
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # it was told at the door
        assert note in cx.service_level(c, within="20s").notes
        assert note in cx.wait_time(c).notes
        t = cx.summarize(c, cx.ServiceLevel("20s"))
    assert note in t.notes
    assert note in t.total["service_level_20s"].notes


# ---- the printout


def test_a_typed_table_says_how_each_column_was_read() -> None:
    calls = {
        "call": ["a", "b", "c"],
        "q_time": [5, 60, -1],
        "q_start": ["01/02/2026 10:00", "13/02/2026 11:30", "NA"],
        "end": ["AGENT", "HANG", "TEST"],
        "queue": ["it", "it", None],
        "customer": ["ann", "unknown", "bob"],
    }
    c = cx.contacts(
        calls, contact="call", wait="q_time", unit="s", entered="q_start", tz=AMSTERDAM, outcome="end",
        outcomes={"AGENT": "answered", "HANG": "abandoned", "TEST": None}, invalid="count",
    )  # fmt: skip
    assert repr(c) == "\n".join(
        [
            "Contacts of 3 rows, Europe/Amsterdam",
            '  entered   "q_start"   list of text, dmy, Europe/Amsterdam  '
            "2026-02-01 10:00:00+01:00 .. 2026-02-13 11:30:00+01:00  1 missing",
            '  wait      "q_time"    list of int, in s                    '
            "0:00:05 .. 0:01:00                                      1 invalid",
            '  outcome   "end"       list of text                         '
            "                                                        1 excluded",
            '  queue     "queue"     list of text                         '
            "1 different                                             1 missing",
            '  customer  "customer"  list of text                         '
            "2 different                                             1 missing",
            '  contact   "call"      list of text                         3 different',
        ]
    )


# ---- files


def test_separators_and_decimal_commas_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("score;time;remark\n9;13/02/2026 10:00;a\n7,0;14/02/2026 11:00;b\n;;c\n")
    a = cx.answers(tmp_path / "a.csv", time="time", tz="UTC")
    assert a.array("score").tolist() == [9, 7, MISSING]
    (tmp_path / "b.tsv").write_text("score\ttime\n9\t13/02/2026 10:00\n")
    assert cx.answers(str(tmp_path / "b.tsv"), time="time", tz="UTC").readings["time"].maximum.day == 13
    (tmp_path / "c.csv").write_text("wait;outcome\n0,5;answered\n12,25;abandoned\n")
    assert cx.contacts(tmp_path / "c.csv", wait="wait", unit="s").array("wait").tolist() == [500_000, 12_250_000]


def test_lines_that_cannot_be_read_are_refused_or_noted(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("score,stage\n9,order\n8,order,2,3\n7,use\n")
    fault = f"{path}: 1 lines could not be read, the first is line 3 (3 fields where the header has 2)"
    assert refusal(lambda: cx.answers(path)) == (
        f'{fault}: repair the file, or leave such lines out with invalid="count"'
    )
    assert notes(lambda: cx.answers(path, invalid="count")) == [fault]


def test_a_queue_log_is_read_with_its_report(tmp_path: Path) -> None:
    path = tmp_path / "queue_log"
    path.write_text(
        "1543600000|c1|it|NONE|ENTERQUEUE||5551|1\n"
        "1543600012|c1|it|ann|CONNECT|12|x|3\n"
        "no line of a log\n"
        "1543600090|c1|it|ann|COMPLETECALLER|12|78|1\n"
    )
    assert notes(lambda: cx.read_queue_log(path)) == [
        f"lines that are not of a queue_log, left out: 1 of 4; the first is {path} line 3: it does not begin with a "
        "time in seconds and a pipe"
    ]
    assert refusal(lambda: cx.contacts(path)) == f"{path} is a queue_log: read it with cx.read_queue_log"
    path.write_text("hello\nworld\n")
    assert refusal(lambda: cx.read_queue_log(path)) == (
        f"{path} is no queue_log: none of its first 2 lines reads epoch|call|queue|agent|EVENT; line 1 is 'hello'. "
        "Give the file that Asterisk writes, usually /var/log/asterisk/queue_log"
    )
    assert refusal(lambda: cx.read_queue_log(tmp_path)) == (
        f"{tmp_path} is a directory: give its files, like {tmp_path}/queue_log*"
    )
    assert refusal(lambda: cx.read_queue_log(tmp_path / "none")) == f"{tmp_path}/none: no such file"


# ---- what is no table, or has been read


def test_a_table_passes_one_door_once() -> None:
    answers, contacts = cx.answers([9, 3]), cx.contacts({"wait": ["5s"], "outcome": ["answered"]})
    assert (
        refusal(lambda: cx.nps(contacts)) == "these are contacts, where answers are read: give what cx.answers returns"
    )
    assert refusal(lambda: cx.service_level(answers, within="20s")) == (
        "these are answers, where contacts are read: give what cx.contacts returns"
    )
    assert refusal(lambda: cx.contacts(contacts)) == (
        "these contacts have been read: give them to a metric, or a door the raw table"
    )
    assert refusal(lambda: cx.nps(answers, score="mark")) == (
        "score= says how a raw table is read, and these answers have been read: give it to cx.answers(table, score=...)"
    )
    assert refusal(lambda: cx.summarize(answers, [cx.NPS(), cx.Abandonment()])) == (
        "these are answers, where contacts are read: give what cx.contacts returns"
    )


@pytest.mark.parametrize("made", [cx.nps([9]), cx.NPS(), cx.NPS().state(), cx.summarize([9], cx.NPS())], ids=repr)
def test_a_scorecard_of_what_was_computed_is_refused(made: Any) -> None:
    with pytest.raises(ValueError, match=r"^table 1 is a") as caught:
        cx.scorecard(made)
    kind = type(made).__name__
    assert str(caught.value) == f"table 1 is a {kind}: give the path or the table that it was made from"


def test_a_scorecard_of_no_table_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^table 1 is a int: give a path or a table of columns$"):
        cx.scorecard(5)
    with pytest.raises(ValueError, match=r"^table 1 is a list: give each path or table as an argument of its own$"):
        cx.scorecard([cx.answers([9])])
    with pytest.raises(cx.ColumnError, match="neither survey answers nor contacts are recognised in its columns id, v"):
        cx.scorecard(cx.latest({"id": ["a", "a"], "v": [1, 12]}, id="id", order="v"))


@pytest.mark.parametrize("threads", [0, -1, 1.5, True])
def test_a_number_of_threads_is_1_or_more(threads: Any) -> None:
    assert refusal(lambda: cx.nps([9], threads=threads), cx.Error) == (
        f"threads={threads!r} is no whole number of 1 or more: give one, or leave it out"
    )


def test_an_end_before_its_entry_is_refused_where_what_is_invalid_is() -> None:
    table = {
        "customer": ["ann", "bob"],
        "entered": ["2026-03-02T09:00:00Z", "2026-03-02T10:00:00Z"],
        "ended": ["2026-03-02T09:05:00Z", "2026-03-02T09:59:00Z"],
    }
    with pytest.raises(cx.ColumnError, match='"ended", row 1: it ends at 2026-03-02T09:59:00Z, before it enters at'):
        cx.first_contact_resolution(table)
    assert cx.first_contact_resolution(table, invalid="count").invalid == 1
    # A door that is told one of the two looks at both, whatever is asked of its table later.
    for said in ({"entered": "entered"}, {"ended": "ended"}, {"entered": "entered", "ended": "ended"}):
        with pytest.raises(cx.ColumnError, match='"ended", row 1: it ends at'):
            cx.contacts(table, **said)
        reading = cx.contacts(table, invalid="count", **said).readings["ended"]
        assert (reading.invalid, reading.first_invalid) == (1, 1)
        assert reading.minimum == reading.maximum == datetime(2026, 3, 2, 9, 5, tzinfo=UTC)
    lazy = cx.contacts(table)
    for _ in range(2):
        with pytest.raises(cx.ColumnError, match='"ended", row 1: it ends at'):
            lazy.array("ended")
    assert cx.contacts(table, invalid="count").array("ended").tolist()[1] == np.iinfo(np.int64).min + 1


def test_the_other_time_that_cannot_be_read_is_an_error_where_it_is_asked_for() -> None:
    table = {"entered": ["2026-03-02T09:00:00Z"], "ended": ["2026-03-02T09:05:00Z"]}
    for name, other in (("entered", "ended"), ("ended", "entered")):
        spoilt = {**table, other: ["x"]}
        c = cx.contacts(spoilt, **{name: name})
        assert list(c.readings) == [name]
        assert f'{other}  not read: column "{other}" (list of text), row 0: "x" is no time' in repr(c)
        with pytest.raises(cx.ColumnError, match=f'column "{other}" .* row 0: "x" is no time'):
            c.array(other)
        for said in ({other: other}, {name: name, other: other}):
            with pytest.raises(cx.ColumnError, match=f'column "{other}" .* row 0: "x" is no time'):
                cx.contacts(spoilt, **said)


def test_an_end_before_its_entry_is_seen_in_a_pass_over_the_rows() -> None:
    hour = np.timedelta64(1, "h")
    entered = np.datetime64("2026-03-02T09:00:00", "us") + np.arange(3) * hour
    table = {"customer": [1, 2, 3], "entered": entered, "ended": entered - np.array([0, 0, 1]) * hour}
    repeats = cx.FirstContactResolution()
    with pytest.raises(cx.ColumnError, match='"ended", row 2: it ends at'):
        cx.summarize(table, repeats, tz="UTC")
    assert cx.summarize(table, repeats, tz="UTC", invalid="count").total["first_contact_resolution"].invalid == 1


# ---- names twice, periods, the latest row


def test_a_name_that_a_file_has_twice_is_refused_where_it_is_asked_for(tmp_path: Path) -> None:
    twice = tmp_path / "twice.csv"
    twice.write_text("score,stage,score,stage\n9,a,1,b\n")
    assert refusal(lambda: cx.nps(str(twice))) == (
        f'columns 1 and 3 of the file {twice} are called "score": rename all but one'
    )
    assert refusal(lambda: cx.summarize(str(twice), cx.NPS(score="score_3"), by="stage")) == (
        f'columns 2 and 4 of the file {twice} are called "stage": rename all but one'
    )
    assert cx.nps(str(twice), score="score_3").value == -100.0
    once = tmp_path / "once.csv"
    once.write_text("score,stage,x,x\n9,a,1,b\n")
    assert cx.nps(str(once)).value == 100.0
    frame = pd.DataFrame([[9, 1, 8]], columns=["score", "k", "score"])
    assert refusal(lambda: cx.nps(frame)) == 'columns 1 and 3 of the table are called "score": rename all but one'


def test_periods_of_pandas_are_no_times_and_the_error_says_what_to_do() -> None:
    frame = pd.DataFrame({"score": [9, 8], "time": pd.period_range("2026-01", periods=2, freq="M")})
    assert refusal(lambda: cx.answers(frame, time="time")) == (
        'column "time" holds periods, which have no instant: say which one is meant, their start is '
        'df["time"].dt.to_timestamp(); to group by them, by="time" takes them as they are'
    )
    assert [row["time"] for row in cx.summarize(frame, cx.NPS(), by="time").to_dicts()] == ["2026-01", "2026-02"]
    frame["time"] = frame["time"].dt.to_timestamp()
    assert cx.answers(frame, time="time", tz="UTC").rows == 2


def test_the_latest_row_by_several_columns() -> None:
    log = {"id": [1, 1, 1, 2], "day": [2, 2, 1, 1], "turn": ["9", "10", "11", "1"], "is": ["a", "b", "c", "d"]}
    assert cx.latest(log, id="id", order=["day", "turn"])["is"] == ["b", "d"]
    assert cx.latest(log, id="id", order=["turn", "day"])["is"] == ["c", "d"]
    assert cx.latest(log, id=["id", "day"], order=("turn",))["is"] == ["b", "c", "d"]
    wide = {"id": [1, 1, 1], "order": [2**63, 10**30, 5], "is": ["a", "b", "c"]}
    assert cx.latest(wide, id="id", order="order")["is"] == ["b"]
    for wrong in (5, [], ["day", 5], None):
        assert refusal(lambda wrong=wrong: cx.latest(log, id="id", order=wrong)) == (  # type: ignore[misc]
            f'order={wrong!r} names no column: give the name of one, order="..."'
        )
    assert refusal(lambda: cx.latest(log, id=5, order="day")) == (  # type: ignore[arg-type]
        'id=5 names no column: give the name of one, id="..."'
    )


@pytest.mark.parametrize("make", [dict, pd.DataFrame, pl.DataFrame, lambda t: pa.table(pl.DataFrame(t))])
def test_a_duration_below_zero_is_shown_in_seconds(make: Any) -> None:
    table = make({"wait": [dt.timedelta(seconds=9), dt.timedelta(seconds=-5.25)], "outcome": ["answered"] * 2})
    assert ", row 1: -5.25 s is no duration of 0 to 2.2 years: correct it, or count such" in refusal(
        lambda: cx.wait_time(table)
    )


def test_whole_numbers_of_more_than_64_bits_are_keys_of_tables() -> None:
    for labels, kind in (
        ([2**63, 5], pa.uint64()), ([2**64 - 1, 2**63], pa.uint64()),
        ([10**30, -5], pa.decimal128(38, 0)), ([10**50, 5], pa.string()),
    ):  # fmt: skip
        t = cx.summarize({"score": [9, 3], "k": labels}, cx.NPS(), by="k")
        assert t.keys["k"] == sorted(labels)
        assert t.to_arrow()["k"].type == kind
        assert t.compare(baseline=labels[0]).to_arrow()["k"].type in (kind, pa.int64())
    hashed = pl.DataFrame({"score": [9, 3, 8, 1], "who": ["a", "b", "c", "a"]}).with_columns(pl.col("who").hash())
    assert max(hashed["who"]) >= 2**63
    a = cx.answers(hashed, respondent="who")
    assert a.readings["respondent"].distinct == 3
    counts = {str(row["who"]): row["nps_n"] for row in cx.summarize(hashed, cx.NPS(), by="who").to_dicts()}
    assert counts == {str(who): n for who, n in hashed.group_by("who").len().iter_rows()}


def test_customers_of_any_wide_type_come_back_as_customers_do() -> None:
    ids = [2**63 + 9, 7, 2**63 + 9, 2**64 - 1, 7, 2**63]
    table = {"entered": [f"2026-03-0{day}T10:00Z" for day in range(1, 7)], "outcome": ["answered"] * 6}
    narrow = [1, 2, 1, 3, 2, 4]

    def figure(customer: Any) -> dict[str, Any]:
        r = cx.first_contact_resolution({**table, "ended": table["entered"], "customer": customer}, window="4d")
        return dict(r.counts)

    shapes = [np.array(ids, np.uint64), ids, pl.Series(ids, dtype=pl.UInt64), pl.Series(ids, dtype=pl.Int128)]
    shapes += [pa.array([decimal.Decimal(each) for each in ids], pa.decimal128(38, 0)), [uuid.UUID(int=x) for x in ids]]
    shapes += [pa.array([uuid.UUID(int=each).bytes for each in ids], pa.binary(16))]
    for shape in shapes:
        assert figure(shape) == figure(narrow)
    assert figure(narrow)["repeat"] > 0


def test_a_file_that_is_not_there_says_what_a_text_is() -> None:
    with pytest.raises(cx.Error) as refused:
        cx.nps("NPS_SCORE")
    assert refused.type is cx.ColumnError
    assert str(refused.value) == (
        "NPS_SCORE: no such file: a text is the path of one; give a path that is there, or the table itself"
    )


def test_a_file_that_cannot_be_read_is_an_error_of_ours(tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_bytes(b"")
    with pytest.raises(cx.Error, match="is empty") as refused:
        cx.nps(tmp_path / "empty.csv")
    assert refused.type is cx.ColumnError
