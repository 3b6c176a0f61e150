# SPDX-License-Identifier: Apache-2.0
"""The grouped table: cells counted by hand over random tables, and what keys, buckets and names may be."""

from __future__ import annotations

import os
import pickle
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, tzinfo
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import cxmetrics as cx
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from cxmetrics import _core
from hypothesis import given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.filterwarnings("ignore::cxmetrics.DataWarning")

DATA = Path(os.environ.get("CXMETRICS_DATA", Path(__file__).parents[3] / "shared" / "data"))
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
METRICS = {"nps": cx.NPS(), "sl": cx.ServiceLevel("20s"), "wait": cx.WaitTime()}


def nps(scores: list[int | None]) -> float | None:
    given = [score for score in scores if score is not None]
    if not given:
        return None
    return 100 * (sum(score >= 9 for score in given) - sum(score <= 6 for score in given)) / len(given)


def floor(at: datetime, every: str, week_start: int = 0) -> datetime:
    """The start of a bucket as the calendar on the wall says it."""
    local = at.astimezone(AMSTERDAM)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    if every == "d":
        return midnight
    if every == "w":
        back = (midnight.weekday() - week_start) % 7
        return datetime.combine(midnight.date() - timedelta(days=back), midnight.time(), AMSTERDAM)
    if every == "q":
        return midnight.replace(month=local.month - (local.month - 1) % 3, day=1)
    if every in ("mo", "y"):
        return midnight.replace(day=1, month=local.month if every == "mo" else 1)
    step = timedelta(minutes={"30min": 30, "6h": 360}[every])
    elapsed = at.astimezone(UTC) - midnight.astimezone(UTC)  # elapsed, so that a clock change makes no bucket longer
    return (midnight.astimezone(UTC) + elapsed // step * step).astimezone(AMSTERDAM)


INSTANTS = st.integers(0, 500 * 86_400).map(lambda s: datetime(2025, 3, 1, tzinfo=UTC) + timedelta(seconds=s))
KEYS: dict[str, st.SearchStrategy[Any]] = {
    "text": st.sampled_from(["it", "hr", "sales", "H\u00e9", None]),
    "integer": st.sampled_from([3, -1, 2**40, None]),
    "truth": st.sampled_from([True, False, None]),
    "date": st.sampled_from([date(2026, 3, 1), date(1969, 12, 31), None]),
}


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(
        st.tuples(
            INSTANTS,
            st.one_of(st.none(), st.integers(0, 10)),
            KEYS["text"],
            KEYS["integer"],
            KEYS["truth"],
            KEYS["date"],
        ),
        max_size=60,
    ),
    by=st.lists(st.sampled_from(list(KEYS)), unique=True, max_size=4),
    every=st.sampled_from([None, "30min", "6h", "d", "w", "mo", "q", "y"]),
    sunday=st.booleans(),
)
def test_every_cell_is_the_recount_of_its_rows(
    rows: list[tuple[Any, ...]], by: list[str], every: str | None, sunday: bool
) -> None:
    names = ["time", "score", *KEYS]
    columns = {name: [row[i] for row in rows] for i, name in enumerate(names)}
    said: dict[str, Any] = {} if every is None else {"every": every, "week_start": "sun" if sunday else "mon"}
    t = cx.summarize(columns, {"x": cx.NPS()}, by=by, tz="Europe/Amsterdam", **said)

    cells: dict[tuple[Any, ...], list[int | None]] = defaultdict(list)
    for row in rows:
        cell = [row[names.index(name)] for name in by]
        if every is not None:
            cell.append(floor(row[0], every, 6 if sunday else 0))
        cells[tuple(cell)].append(row[1])
    if not by and every is None:
        cells.setdefault((), [])  # one cell, even of no rows
    found = {
        tuple(row[name] for name in [*by, *(["start"] if every else [])]): (row["x"], row["x_n"])
        for row in t.to_dicts()
    }
    assert len(found) == len(t)
    expected = {cell: (nps(scores), sum(score is not None for score in scores)) for cell, scores in cells.items()}
    assert {cell: n for cell, (_, n) in found.items()} == {cell: n for cell, (_, n) in expected.items()}
    for cell, (value, _) in expected.items():
        assert found[cell][0] == (None if value is None else pytest.approx(value, abs=1e-12))
    whole = cx.nps(columns["score"])
    assert (t.total["x"].value, t.total["x"].n, t.total["x"].missing) == (whole.value, whole.n, whole.missing)


@settings(max_examples=40, deadline=None)
@given(
    rows=st.lists(st.tuples(INSTANTS, st.integers(0, 10), KEYS["text"], KEYS["integer"]), min_size=1, max_size=60),
    fine=st.sampled_from(["30min", "6h", "d"]),
    coarse=st.sampled_from([None, "d", "w", "mo", "q", "y"]),
    by=st.sampled_from([(), ("text",), ("integer",), ("integer", "text")]),
)
def test_a_rollup_is_the_coarser_table(
    rows: list[tuple[Any, ...]], fine: str, coarse: str | None, by: tuple[str, ...]
) -> None:
    columns = {name: [row[i] for row in rows] for i, name in enumerate(["time", "score", "text", "integer"])}
    table = cx.answers(columns, tz="Europe/Amsterdam")
    rolled = cx.summarize(table, cx.NPS(), by=["text", "integer"], every=fine).rollup(by=by, every=coarse)
    direct = cx.summarize(table, cx.NPS(), by=by, every=coarse)
    key = [*by, *(["start"] if coarse else [])]

    def cells(t: cx.Summary) -> dict[tuple[Any, ...], bytes]:
        return {tuple(row[name] for name in key): bytes(t.state("nps", i)) for i, row in enumerate(t.to_dicts())}

    assert cells(rolled) == cells(direct)


# ---- keys

SCORES = [10, 9, 3, 8, 7, 0]


@pytest.mark.parametrize(
    ("values", "labels"),
    [
        ([3, 1, 3, None, 1, 2], [1, 2, 3, None]),
        (np.array([3, 1, 3, 9, 1, 2], "i1"), [1, 2, 3, 9]),
        (np.array([3.0, 1.0, 3.0, np.nan, 1.0, 2.0]), [1, 2, 3, None]),
        ([True, False, True, None, True, False], [False, True, None]),
        (["b", "a", None, "b", "", "NA"], ["a", "b", None]),
        ([1, "a", 1, "a", 2, 2], ["1", "2", "a"]),
        (pd.Series(["b", "a", None, "b", "a", "c"], dtype="category"), ["a", "b", "c", None]),
        (pl.Series(["b", "a", None, "b", "a", "c"], dtype=pl.Categorical), ["a", "b", "c", None]),
        (pa.array(["b", "a", None, "b", "a", "c"]).dictionary_encode(), ["a", "b", "c", None]),
        ([date(2026, 3, 2), date(2026, 3, 1), None] * 2, [date(2026, 3, 1), date(2026, 3, 2), None]),
        (pa.array([date(2026, 3, 2), None] * 3), [date(2026, 3, 2), None]),
        (pd.Series([date(2026, 3, 2), date(2026, 3, 1)] * 3), [date(2026, 3, 1), date(2026, 3, 2)]),
        (pl.Series([date(2026, 3, 2), None] * 3), [date(2026, 3, 2), None]),
        (np.array(["2026-03-02", "2026-03-01"] * 3, "M8[D]"), [date(2026, 3, 1), date(2026, 3, 2)]),
        (pd.Series(pd.to_datetime(["2026-03-02", "2026-03-01"] * 3)), [datetime(2026, 3, 1), datetime(2026, 3, 2)]),
        ([datetime(2026, 3, 2), datetime(2026, 3, 1)] * 3, [datetime(2026, 3, 1), datetime(2026, 3, 2)]),
        ([datetime(2026, 3, 2), date(2026, 3, 1)] * 3, [datetime(2026, 3, 1), datetime(2026, 3, 2)]),
        ([datetime(2026, 3, 2, 9), datetime(2026, 3, 1)] * 3, [datetime(2026, 3, 1), datetime(2026, 3, 2, 9)]),
        ([datetime(2026, 3, 2, tzinfo=UTC)] * 5 + [None], [datetime(2026, 3, 2, tzinfo=UTC), None]),
        (pa.nulls(6), [None]),
    ],
    ids=str,
)
def test_a_key_may_be_of_any_type_and_the_null_key_is_a_row_of_its_own(values: Any, labels: list[Any]) -> None:
    t = cx.summarize({"score": SCORES, "key": values}, cx.NPS(), by="key")
    assert t.keys["key"] == labels
    assert [type(label) for label in t.keys["key"]] == [type(label) for label in labels]
    assert sum(r.n for r in t["nps"]) == len(SCORES)
    assert t.to_arrow().column("key").to_pylist() == labels


def test_what_makes_no_key_is_refused() -> None:
    def by(values: Any) -> Callable[[], Any]:
        return lambda: cx.summarize({"score": SCORES, "key": values}, cx.NPS(), by="key")

    with pytest.raises(
        cx.ColumnError, match=r'^column "key" \(list of float\), row 0: 1.5 is no key: group by texts, whole'
    ):
        by([1.5, 2.0, 1.0, 1.0, 2.0, 2.0])()
    with pytest.raises(cx.ColumnError, match=r'^column "key" \(numpy timedelta64\[s\]\) makes no keys: give a column'):
        by(np.array([1] * 6, "m8[s]"))()
    unknown = r'^the table has no column "kez" for by=: name one of its columns, by="key"; they are score, key$'
    with pytest.raises(cx.ColumnError, match=unknown):
        cx.summarize({"score": SCORES, "key": SCORES}, cx.NPS(), by="kez")


def test_keys_of_periods_and_intervals_are_their_texts_in_their_order() -> None:
    months = pd.Series(pd.PeriodIndex(["2026-02", "2026-01", "2026-02", None, "2026-01", "2025-12"], freq="M"))
    ages = pd.Series([12, 5, 60, None, 5, 12])
    cut = pd.cut(ages, [0, 10, 50, 100])
    for values, labels in (
        (months, ["2025-12", "2026-01", "2026-02", None]),
        (pd.PeriodIndex(months), ["2025-12", "2026-01", "2026-02", None]),
        (cut, ["(0, 10]", "(10, 50]", "(50, 100]", None]),
        (pd.Series(pd.arrays.IntervalArray(cut)), ["(0.0, 10.0]", "(10.0, 50.0]", "(50.0, 100.0]", None]),
    ):
        for table in ({"score": SCORES, "key": values}, pd.DataFrame({"score": SCORES, "key": values})):
            assert cx.summarize(table, cx.NPS(), by="key").keys["key"] == labels


INDEX_TYPES = [pa.int8(), pa.uint8(), pa.int16(), pa.uint16(), pa.int32(), pa.uint32(), pa.int64(), pa.uint64()]


@pytest.mark.parametrize("index", INDEX_TYPES, ids=str)
def test_keys_of_a_dictionary_are_those_of_its_texts(index: pa.DataType) -> None:
    """Indices of up to 32 bits are codes where they lie."""
    names = [f"queue {i}" for i in range(100)]
    places = [*range(100), 99, 7, 7, 0]
    scores = [i % 11 for i in range(len(places))]
    keyed = {"score": scores, "queue": pa.DictionaryArray.from_arrays(pa.array(places, index), pa.array(names))}
    spelt = {"score": scores, "queue": [names[i] for i in places]}
    by_dictionary, by_text = (cx.summarize(table, cx.NPS(), by="queue") for table in (keyed, spelt))
    assert by_dictionary.to_dicts() == by_text.to_dicts()
    assert [bytes(by_dictionary.state("nps", row)) for row in range(100)] == [
        bytes(by_text.state("nps", row)) for row in range(100)
    ]


@pytest.mark.parametrize(
    ("index", "wrong"),
    [(each, 3) for each in INDEX_TYPES] + [(each, -1) for each in INDEX_TYPES if pa.types.is_signed_integer(each)],
    ids=str,
)
def test_a_damaged_index_is_refused(index: pa.DataType, wrong: int) -> None:
    raw = pa.array([0, 1, 2, 0, wrong], index)
    queue = pa.DictionaryArray.from_arrays(raw, pa.array(["a", "b", "c"]), safe=False)
    with pytest.raises(cx.ColumnError, match="queue"):
        cx.summarize({"score": [9, 9, 9, 9, 9], "queue": queue}, cx.NPS(), by="queue")


@pytest.mark.parametrize(
    "values",
    [
        pd.Series(pd.Categorical(["high", "low", "mid", None, "low", "mid"], ["low", "mid", "high"], ordered=True)),
        pl.Series(["high", "low", "mid", None, "low", "mid"], dtype=pl.Enum(["low", "mid", "high"])),
    ],
    ids=["pandas", "polars"],
)
def test_ordered_categories_keep_their_order(values: Any) -> None:
    frame = type(values.to_frame())({"score": SCORES, "key": values})
    for table in ({"score": SCORES, "key": values}, frame):
        t = cx.summarize(table, {"n": cx.NPS()}, by="key")
        assert t.keys["key"] == ["low", "mid", "high", None]
        assert [r.n for r in t["n"]] == [2, 2, 1, 1]


# ---- keywords


CONTACTS = {
    "score": [0, 0, 9, 10, "x"],
    "wait": [timedelta(seconds=5)] * 5,
    "outcome": ["answered"] * 5,
    "entered": ["2026-03-02T09:00Z"] * 5,
}


@pytest.mark.parametrize("with_contacts", [False, True])
@pytest.mark.parametrize("typed", [False, True])
def test_each_door_takes_its_keywords_and_none_is_lost(with_contacts: bool, typed: bool) -> None:
    metrics = [cx.NPS(), *([cx.ServiceLevel("20s")] if with_contacts else [])]
    table = cx.contacts(CONTACTS) if typed else CONTACTS
    alone = cx.nps(CONTACTS, excluded={0}, missing=["x"])
    assert (alone.value, alone.n, alone.excluded, alone.missing) == (100.0, 2, 2, 1)
    for missing in (["x"], {"score": ["x"]}):
        t = cx.summarize(table, metrics, excluded={0}, missing=missing)
        assert t.state("nps", 0) == alone.state()
    known = r"^there is no keyword foo=: cx.summarize knows by, every, .*cx.answers knows score, scale, weight"
    with pytest.raises(TypeError, match=known):
        cx.summarize(table, metrics, foo=1)
    with pytest.raises(TypeError, match=r"^there is no keyword evry=: did you mean every=\? "):
        cx.summarize(table, metrics, evry="d")


def test_what_a_typed_table_was_read_with_is_not_said_again() -> None:
    c = cx.contacts(CONTACTS)
    for said, name in (({"unit": "s"}, "unit"), ({"time": "entered"}, "entered")):
        remedy = rf"have been read: give it to cx\.contacts\(table, {name}=\.\.\.\)$"
        with pytest.raises(cx.ColumnError, match=f"^{name}= says how a raw table is read, and these contacts {remedy}"):
            cx.summarize(c, [cx.NPS(), cx.ServiceLevel("20s")], missing=["x"], **said)
    with pytest.raises(cx.ColumnError, match="says how a raw table is read, and these answers have been read"):
        cx.summarize(cx.answers([9]), cx.NPS(), excluded={0})


def test_an_unknown_keyword_is_named_with_the_one_that_was_meant() -> None:
    for call, message in (
        (lambda: cx.nps({"mark": [9]}, scores="mark"), "there is no keyword scores=: did you mean score=? cx.answers"),
        (lambda: cx.nps([9], intervl="wald"), "there is no keyword intervl=: did you mean interval=? cx.answers"),
        (lambda: cx.wait_time(CONTACTS, units="s"), "there is no keyword units=: did you mean unit=? cx.contacts"),
        (lambda: cx.NPS().state().update([9], scor="x"), "there is no keyword scor=: did you mean score=? cx.answers"),
        (lambda: cx.response_rate([9], sent=1, exclude={1}), "there is no keyword exclude=: did you mean excluded=?"),
        (
            lambda: cx.first_contact_resolution(CONTACTS, shard=(2, 0)),
            "there is no keyword shard=: it is of a definition, whose state is kept; cx.contacts",
        ),
    ):
        with pytest.raises(TypeError) as caught:
            call()
        assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: cx.nps([9], level="0.95"), "level='0.95' is not a number such as 0.95"),
        (lambda: cx.csat([1], scale=5), 'scale=5 is unknown: use one of "1-5", "1-10", "1-3"'),
        (lambda: cx.csat([1], satisfied_from="4"), "satisfied_from='4' is not a whole number"),
        (lambda: cx.nps([9], interval=3), 'interval=3 is unknown: use one of "adjusted_wald"'),
        (lambda: cx.nps([9], missing=99), "missing=99 is no list: give one, missing=[99]"),
        (lambda: cx.nps([9], excluded=99), "excluded=99 is no set: give one, excluded={99}"),
        (lambda: cx.nps([9], time_format=5), "time_format=5 is no text"),
        (lambda: cx.nps({"score": [9]}, score=5), "score=5 names no column: give the name of one"),
        (lambda: cx.nps({"score": [9]}, time=5), "time=5 names no column: give the name of one"),
        (lambda: cx.NPS(score=5), "score=5 names no column: give the name of one"),
        (lambda: cx.summarize(SCORES, cx.NPS(), by=5), "by=5 names no columns: give a name"),
        (lambda: timed(["2026-03-02"], every=timedelta(days=1)), "every=datetime.timedelta(days=1) is no text: a day"),
        (lambda: timed(["2026-03-02"], every=np.timedelta64(1, "D")), "every=np.timedelta64(1,'D') is no text"),
        (lambda: timed(["2026-03-02"], every="d", week_start=1), "week_start=1 is no day: use"),
        (lambda: timed(["2026-03-02"], every="1h", fold=1), "fold=1 is no text"),
        (lambda: cx.wait_time(CONTACTS).quantile("p90"), "q='p90' is not a number such as 0.9"),
        (lambda: cx.wait_time(CONTACTS).quantile_interval(0.9, level="x"), "level='x' is not a number such as 0.95"),
        (lambda: cx.wait_time(CONTACTS, unit=5), 'unit 5 is unknown: write "s", "ms" or "us"'),
        (lambda: cx.wait_time(CONTACTS, answered=5), "answered=5 names no column"),
        (lambda: cx.wait_time(CONTACTS, outcomes=["x"]), "outcomes=['x'] says nothing of labels: give a dict"),
        (lambda: cx.reconcile(CONTACTS, within="20s", threads=1.5), "threads=1.5 is no whole number of 1 or more"),
        (lambda: cx.first_contact_resolution(CONTACTS, until=1.5), "until=1.5 is no time: write it like"),
        (lambda: cx.first_contact_resolution(CONTACTS, first=5), "first=5 names no outcomes"),
        (lambda: cx.FirstContactResolution(shard="x"), "shard='x' is not two whole numbers"),
        (lambda: cx.repeat_curve(CONTACTS, windows=5), "windows=5 is no list of windows"),
        (
            lambda: cx.summarize(SCORES, cx.NPS()).compare(baseline=["x"]),
            "baseline=['x'] is neither a period nor a key",
        ),
        (lambda: cx.State.from_bytes("xx"), "str is no state: give the bytes that bytes(state) wrote"),
        (lambda: cx.nps([9]).compare(cx.nps([8]), level="x"), "level='x' is not a number such as 0.95"),
        (lambda: cx.nps([9]).compare(cx.nps([8]), method=3), "method=3 is no text: name one such as"),
        (lambda: format(cx.csat([4], figure="mean"), ".1%"), 'a figure with the unit "of 5" is no share: use'),
    ],
)
def test_a_wrong_type_is_said_in_our_words(call: Callable[[], Any], message: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011  every error of ours is one
        call()
    assert str(caught.value).startswith(message)


def test_a_zone_of_python_is_a_zone() -> None:
    zone = ZoneInfo("Europe/Amsterdam")
    by_name, by_zone = timed(["2026-03-02 09:00"], every="d"), timed(["2026-03-02 09:00"], every="d", tz=zone)
    assert by_zone.to_dicts() == by_name.to_dicts()
    a = cx.answers({"score": [9], "time": ["2026-03-02 09:00"]}, time="time", tz=zone)
    assert cx.summarize(a, cx.NPS(), every="d")["nps"][0].n == 1


# ---- notes


def test_notes_of_the_figures_travel_and_are_told_once() -> None:
    short = {"score": [1, 2, 3, 4, 5] * 8, "time": ["2026-03-02"] * 40, "k": ["a", "b"] * 20}
    note = "no answer of 40 is above 5: is this a 1-5 scale?"
    with pytest.warns(cx.DataWarning) as told:
        r = cx.nps(short, time="time", tz="UTC")
    assert len(told) == 1
    assert note in str(told[0].message)
    assert "00:00:00" in str(told[0].message)
    assert told[0].filename == __file__
    assert note in r.notes
    with pytest.warns(cx.DataWarning) as told:
        t = cx.summarize(short, [cx.NPS(), cx.CSAT(scale="1-10")], time="time", by="k", every="d", tz="UTC")
    assert len(told) == 1
    assert told[0].filename == __file__
    for name in ("nps", "csat"):
        assert f"{name}: {note}" in t.notes
        assert f"{name}: {note}" in str(told[0].message)
    for shown in (repr(t), t._repr_html_(), repr(t.rollup(by="k")), t.compare(baseline="rest")._repr_html_()):
        assert note in shown
    for call in (lambda: cx.csat([1, 2, 3, 4, 5] * 8, scale="1-10"), lambda: cx.ces([1, 2, 3, 4, 5] * 8)):
        with pytest.warns(cx.DataWarning, match="is this a 1-5 scale"):
            assert note in call().notes


def test_what_a_comparison_cannot_say_is_a_note_of_the_table() -> None:
    t = cx.summarize({"score": [10] * 6 + [0] * 4, "k": ["a"] * 6 + ["b"] * 4}, cx.NPS(), by="k")
    c = t.compare(baseline="a", method="wald")
    assert any(note.startswith("nps, 1 of 1 rows: all rows are alike: wald sees no variance") for note in c.notes)


# ---- how a table looks


def test_a_text_table_says_units_formulas_and_what_its_columns_are() -> None:
    table = {"score": [10, 9] * 40 + [0] * 40, "k": ["a"] * 80 + ["b"] * 39 + [None], "time": ["2026-03-02"] * 120}
    with pytest.warns(cx.DataWarning):
        t = cx.summarize(table, cx.NPS(), by="k", every="d", tz="UTC", level=0.9)
    lines = repr(t).splitlines()
    assert "  nps (points): share of promoters (9, 10) minus share of detractors (0 to 6)" in lines
    assert "  _low, _high: 90 % interval" in lines
    assert "  time: 1d in UTC" in lines
    assert any(line.lstrip().startswith("(none)") for line in lines)
    assert "<td>(none)</td>" in t._repr_html_()
    c = t.compare(baseline="a")
    assert "  baseline: a" in repr(c).splitlines()
    assert "  p_adjusted: Holm, of all rows of a metric together" in repr(c).splitlines()
    assert "< 0.001" in repr(c)
    assert "&lt; 0.001" in c._repr_html_()
    assert "90 %" in cx.nps([9, 3], level=0.9)._repr_html_()


def test_a_table_travels() -> None:
    table = {"score": SCORES, "k": ["a", "a", "b", None, "b", "b"], "time": ["2026-03-02T09:00Z"] * 6}
    t = cx.summarize(table, {"n": cx.NPS(), "c": cx.CES(scale="1-5")}, by="k", every="d", tz="UTC", invalid="count")
    other = pickle.loads(pickle.dumps(t))
    assert other.to_dicts() == t.to_dicts()
    assert repr(other) == repr(t)
    assert other.rollup(by="k").to_dicts() == t.rollup(by="k").to_dicts()
    assert [other.state("n", i) for i in range(len(t))] == [t.state("n", i) for i in range(len(t))]
    assert other.compare(baseline="rest").to_dicts() == t.compare(baseline="rest").to_dicts()
    assert pickle.loads(pickle.dumps(other)).to_dicts() == t.to_dicts()


class _Offset(tzinfo):
    """A zone at one of its offsets: pytz has an object for each."""

    zone = "Europe/Amsterdam"

    def __init__(self, offset: timedelta | None) -> None:
        self.offset = offset

    def utcoffset(self, at: datetime | None) -> timedelta | None:
        return self.offset

    def dst(self, at: datetime | None) -> timedelta | None:
        return None

    def tzname(self, at: datetime | None) -> str:
        return self.zone


def test_a_time_as_a_key_keeps_its_zone_and_its_clock() -> None:
    clock_change = [datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)]  # 2:30, twice
    winter = datetime(2026, 1, 1, 9, 0, 7, tzinfo=UTC)
    times = [at.astimezone(AMSTERDAM) for at in [*clock_change, winter] * 2]
    texts = ["2026-01-01 10:00:07+01:00", "2026-10-25 02:30+02:00", "2026-10-25 02:30+01:00"]
    for column in (times, pd.Series(times), pl.Series(times), pa.array(times, pa.timestamp("us", "Europe/Amsterdam"))):
        t = cx.summarize({"score": SCORES, "at": column}, cx.NPS(), by="at")
        assert [line.strip().split("  ")[0] for line in repr(t).splitlines()[1:4]] == texts
        assert t.to_arrow().schema.field("at").type == pa.timestamp("us", "Europe/Amsterdam")
        assert [at.timestamp() for at in t.to_arrow()["at"].to_pylist()] == sorted({at.timestamp() for at in times})
        assert len(t.rollup(by="at")) == 3  # the hour that comes twice stays two
        assert all(f"<td>{text}</td>" in t._repr_html_() for text in texts)
        assert t.compare(baseline="rest").labels() == texts
    an_object_an_offset = [at.replace(tzinfo=_Offset(at.utcoffset())) for at in times]
    t = cx.summarize({"score": SCORES, "at": an_object_an_offset}, cx.NPS(), by="at")
    assert t.to_arrow().schema.field("at").type == pa.timestamp("us", "Europe/Amsterdam")
    naive = cx.summarize({"score": SCORES, "at": [datetime(2026, 3, 1), datetime(2026, 3, 2)] * 3}, cx.NPS(), by="at")
    assert [line.strip().split("  ")[0] for line in repr(naive).splitlines()[1:3]] == [
        "2026-03-01 00:00",
        "2026-03-02 00:00",
    ]
    offset = pa.array([winter, None] * 3, pa.timestamp("us", "+02:00"))
    t = cx.summarize({"score": SCORES, "at": offset}, cx.NPS(), by="at")
    assert [line.strip().split("  ")[0] for line in repr(t).splitlines()[1:3]] == [
        "2026-01-01 11:00:07+02:00", "(none)",
    ]  # fmt: skip
    assert t.to_polars()["at"].to_list() == [winter, None]


@pytest.mark.parametrize(
    "kind",
    [pa.string(), pa.int64(), pa.bool_(), pa.date32(), pa.timestamp("us"), pa.timestamp("us", "Asia/Tokyo")],
    ids=str,
)
def test_a_key_without_labels_keeps_its_type(kind: pa.DataType) -> None:
    def table(rows: int) -> pa.Table:
        return pa.table({"score": pa.array([9] * rows, pa.int8()), "k": pa.nulls(rows, kind)})

    for rows in (0, 3):
        t = cx.summarize(table(rows), cx.NPS(), by="k")
        assert t.keys["k"] == [None][:rows]
        assert t.to_arrow().schema.field("k").type == kind
        assert t.compare(baseline="rest").to_arrow().schema.field("k").type == kind
    for rows in (0, 3):  # through a door that calls it otherwise
        columns = {"wait": ["5s"] * rows, "outcome": ["answered"] * rows, "skill": pa.nulls(rows, pa.string())}
        t = cx.summarize(cx.contacts(columns, queue="skill"), cx.ServiceLevel("20s"), by="queue")
        assert t.to_arrow().schema.field("queue").type == pa.string()
    unknown = cx.summarize({"score": [], "k": []}, cx.NPS(), by="k")
    assert unknown.to_arrow().schema.field("k").type == pa.null()  # of an empty list nothing is known


def test_every_printout_has_its_notes() -> None:
    scores = [1, 2, 3, 4, 5] * 10
    r = cx.nps(scores)
    (note,) = r.notes
    c = r.compare(cx.nps([9] * 30 + [3] * 30))
    t = cx.summarize({"score": scores, "k": ["a", "b"] * 25}, cx.NPS(), by="k")
    for each in (r, c, t, t.compare(baseline="rest")):
        for text in (str(each), repr(each), f"{each}"):
            assert f"note: {note}" in text or f"note: nps: {note}" in text
        assert note in each._repr_html_()
    assert note not in r.text


# ---- names


def test_two_columns_of_one_name_are_refused() -> None:
    table = {"score": SCORES, "nps": SCORES, "start": SCORES, "time": ["2026-03-02T09:00Z"] * 6}
    with pytest.raises(cx.Error, match=r'^two metrics are called "nps": name them, \{"a": ..., "b": ...\}$'):
        cx.summarize(table, [cx.NPS(), cx.NPS(interval="wald")])
    named = cx.summarize(table, {"a": cx.NPS(), "b": cx.NPS(interval="wald")})
    assert named["a"][0].value == named["b"][0].value
    why = r'^two columns of the table would be called "{}": name the metrics, \{{"a": ..., "b": ...\}}, or rename the'
    for call, name in (
        (lambda: cx.summarize(table, cx.NPS(), by="nps"), "nps"),
        (lambda: cx.summarize(table, {"a": cx.NPS(), "a_n": cx.NPS()}), "a_n"),
        (lambda: cx.summarize(table, cx.NPS(), by="start", every="d", tz="UTC"), "start"),
        (lambda: cx.summarize(table, cx.NPS(), by=["score", "score"]), "score"),
    ):
        with pytest.raises(cx.Error, match=why.format(name)):
            call()
    assert len(cx.summarize(table, cx.NPS(), by="start")) == 6  # without buckets it is a name like any other


def test_metrics_are_definitions() -> None:
    with pytest.raises(
        cx.Error, match=r"^5 is no definition: write one such as cx.NPS\(\) or cx.ServiceLevel\('20s'\)$"
    ):
        cx.summarize(SCORES, {"a": 5})  # type: ignore[dict-item]
    with pytest.raises(cx.Error, match=r"^no metric was given: use one such as cx.NPS\(\)$"):
        cx.summarize(SCORES, [])
    with pytest.raises(cx.Error, match=r"^level=0.05 looks like alpha: use level=0.95$"):
        cx.summarize(SCORES, cx.NPS(), level=0.05)
    with pytest.raises(KeyError, match='no metric "fcr" here: there are nps'):
        cx.summarize(SCORES, cx.NPS())["fcr"]


# ---- buckets


def timed(times: list[str], **said: Any) -> cx.Summary:
    table = {"score": ([10, 9, 3, 8, 7, 0] * len(times))[: len(times)], "time": times}
    return cx.summarize(table, cx.NPS(), **{"tz": "Europe/Amsterdam", **said})


@pytest.mark.parametrize(
    ("every", "message"),
    [
        ("m", 'bucket length "m" is ambiguous: write "min" for minutes or "mo" for months'),
        ("M", 'bucket length "M" is ambiguous: write "min" for minutes or "mo" for months'),
        ("5m", 'bucket length "5m" is ambiguous: write "5min" for minutes or "5mo" for months'),
        ("30", 'bucket length "30" has no unit: write "30min" for minutes, or another unit of s, h, d, w, mo, q, y'),
        ("1.5h", 'bucket length "1.5h" is none: write one such as "30min", "1h", "d", "w", "mo", "q", "y"'),
        ("", 'bucket length "" is none: write one such as "30min", "1h", "d", "w", "mo", "q", "y"'),
    ],
)
def test_a_bucket_that_may_mean_two_things_is_refused_with_the_remedy(every: str, message: str) -> None:
    with pytest.raises(cx.UnitError) as caught:
        timed(["2026-03-02 09:00"], every=every)
    assert str(caught.value) == message


def test_a_day_of_the_clock_change_has_23_or_25_hours() -> None:
    hours = [f"2026-{at}:30Z" for at in ("03-28T23", "10-24T22", "10-24T23")]
    hours += [f"2026-{day}T{hour:02}:30Z" for day in ("03-29", "10-25") for hour in range(24)]
    t = timed(hours, every="1h").rollup(every="d")
    counted = {f"{row['start']:%m-%d}": (row["nps_n"], row["end"] - row["start"]) for row in t.to_dicts()}
    assert counted["03-29"][0] == 23
    assert counted["10-25"][0] == 25
    utc = {f"{row['start']:%m-%d}": (row["end"].astimezone(UTC) - row["start"].astimezone(UTC)) for row in t.to_dicts()}
    assert (utc["03-29"], utc["10-25"]) == (timedelta(hours=23), timedelta(hours=25))


def test_only_observed_cells_appear_and_fill_adds_the_empty_ones() -> None:
    times = ["2026-03-27 09:00", "2026-03-31 09:00"]
    assert len(timed(times, every="d")) == 2
    t = timed(times, every="d", fill=True)
    assert [f"{row['start']:%m-%d %H:%M}" for row in t.to_dicts()] == [f"03-{day} 00:00" for day in range(27, 32)]
    assert [(r.value, r.n) for r in t["nps"]] == [(100, 1), (None, 0), (None, 0), (None, 0), (100, 1)]
    assert t.total["nps"].n == 2
    table = {"score": [9, 3, 9], "time": ["2026-03-27", "2026-03-28", "2026-03-29"], "k": ["a", None, "a"]}
    keyed = cx.summarize(table, cx.NPS(), by="k", every="d", tz="UTC", fill=True)
    assert [(row["k"], row["nps_n"]) for row in keyed.to_dicts()] == [
        *[("a", 1), ("a", 0), ("a", 1)], *[(None, 0), (None, 1), (None, 0)],
    ]  # fmt: skip
    assert len(cx.summarize(table, cx.NPS(), by="k", fill=True)) == 2  # without buckets nothing is between them


@pytest.mark.parametrize(
    ("every", "fold", "week_start", "places"),
    [
        ("6h", "1d", "mon", [0, 6, 12, 18]),
        ("7h", "1d", "mon", [0, 7, 14, 21]),  # buckets of the clock begin anew at midnight
        ("d", "1w", "mon", [0, 24, 48, 72, 96, 120, 144]),
        ("12h", "1w", "sun", [0, 12, 24, 36, 48, 60, 72, 84, 96, 108, 120, 132, 144, 156]),
    ],
)
def test_a_profile_is_filled_between_its_first_and_its_last_place(
    every: str, fold: str, week_start: str, places: list[int]
) -> None:
    first = "2026-03-02 00:30" if week_start == "mon" else "2026-03-01 00:30"
    last = "2026-03-08 23:30" if week_start == "mon" else "2026-03-07 23:30"
    t = timed([first, last], every=every, fold=fold, week_start=week_start, fill=True)
    assert [row["place"] / timedelta(hours=1) for row in t.to_dicts()] == places
    assert [row["nps_n"] for row in t.to_dicts()] == [1, *[0] * (len(places) - 2), 1]


def test_a_fold_is_of_a_day_or_a_week_and_needs_buckets() -> None:
    with pytest.raises(cx.Error, match=r'^fold= folds buckets: give every= too, like every="30min"$'):
        timed(["2026-03-02"], fold="1d")
    with pytest.raises(cx.UnitError, match=r'^buckets cannot be folded into "1mo": write "1d" or "1w"$'):
        timed(["2026-03-02"], every="d", fold="1mo")
    with pytest.raises(cx.Error, match=r'^week_start="sunday" is no day: use "mon", "tue", "wed", "thu", "fri", "sat"'):
        timed(["2026-03-02"], every="w", week_start="sunday")
    with pytest.raises(
        cx.Error,
        match=r'^this table is folded into 1d and has no longer buckets: summarize with every="6h", fold="1d", or '
        r"leave out fold= and roll up then$",
    ):
        timed(["2026-03-02"], every="1h", fold="1d").rollup(every="6h")
    assert len(timed(["2026-03-02", "2026-03-03 12:00"], every="1h", fold="1d").rollup()) == 1
    with pytest.raises(cx.Error, match=r"^only a table with buckets of time has longer ones: summarize with every="):
        cx.summarize({"score": [9]}, cx.NPS()).rollup(every="d")
    with pytest.raises(cx.Error, match=r'^a bucket of 1w does not fit into one of every="mo"$'):
        timed(["2026-03-31", "2026-04-08"], every="w").rollup(every="mo")
    with pytest.raises(cx.Error, match=r'^"stage" is no key of this table: there are none$'):
        timed(["2026-03-02"], every="d").rollup(by="stage")


def test_rows_without_a_time_stand_in_no_bucket_and_are_noted() -> None:
    t = cx.summarize({"score": [9, 8], "time": ["2026-03-01", None]}, cx.NPS(), every="d", tz="UTC")
    assert t.notes == ["nps: 1 row has no time and stands in no bucket"]
    assert t.total["nps"].n == 1
    assert repr(cx.answers({"score": [9]})).startswith("Answers of 1 row\n")


# ---- what comes out


class _Cells(HTMLParser):
    """The texts of a table by tag, and every tag there is."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.texts: dict[str, list[str]] = defaultdict(list)
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.texts[self.tags[-1]].append(data)


def test_the_html_is_escaped_and_captioned() -> None:
    evil = "<script>alert(1)</script>"
    t = cx.summarize({"score": SCORES, evil: [evil, "a & b"] * 3}, {"<i>x</i>": cx.NPS()}, by=evil)
    cells = _Cells(t._repr_html_())
    assert set(cells.tags) == {"table", "caption", "thead", "tbody", "tr", "th", "td"}  # and no script
    assert cells.texts["th"][:2] == [evil, "<i>x</i>"]
    assert cells.texts["td"][0] == evil
    assert cells.texts["caption"] == [
        "<i>x</i> (points): share of promoters (9, 10) minus share of detractors (0 to 6); _low, _high: 95 % interval"
    ]
    many = cx.summarize({"score": SCORES * 20, "k": list(range(120))}, cx.NPS(), by="k")
    assert _Cells(many._repr_html_()).texts["caption"][0].endswith("; the first 60 of 120 rows")
    assert "... the first 20 of 120 rows" in repr(many).splitlines()


def test_the_columns_are_the_same_for_no_rows() -> None:
    calls = {"score": [9], "wait": ["5s"], "outcome": ["answered"], "k": ["a"]}
    one = cx.summarize(calls, METRICS, by="k")
    none = cx.summarize({name: [] for name in calls}, METRICS, by="k")
    assert one.to_arrow().column_names == [
        "k", "nps", "nps_low", "nps_high", "nps_n", "sl", "sl_low", "sl_high", "sl_n",
        "wait_p50", "wait_p90", "wait_mean", "wait_n",
    ]  # fmt: skip
    assert none.to_arrow().column_names == one.to_arrow().column_names
    assert (len(none), none.total["nps"].value) == (0, None)


def test_a_table_leaves_as_arrow_pandas_and_polars() -> None:
    t = timed(["2026-03-02 09:00", "2026-03-03 09:00"], every="d")
    assert pa.table(t).equals(t.to_arrow())
    assert str(t.to_pandas()["start"].dtype) == "datetime64[us, Europe/Amsterdam]"
    assert t.to_polars()["nps"].to_list() == [r.value for r in t["nps"]]
    assert pl.DataFrame(t).shape == (2, 6)


def test_a_plot_has_a_panel_a_metric_and_over_time_a_group() -> None:
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    calls = {
        "score": [9, 3] * 20, "wait": [f"{i}s" for i in range(40)], "outcome": ["answered"] * 40,
        "entered": [f"2026-03-{2 + i // 10:02}T{8 + i % 10:02}:00Z" for i in range(40)], "queue": ["it", None] * 20,
    }  # fmt: skip
    panels = cx.summarize(calls, METRICS, every="d", tz="UTC").plot()
    assert [ax.get_title(loc="left") for ax in panels] == [
        "nps (points) with 95 % interval", "sl (%) with 95 % interval", "wait (s): median, up to p90",
    ]  # fmt: skip
    panels = cx.summarize(calls, METRICS, by="queue", every="d", tz="UTC").plot()
    assert [ax.get_title(loc="left") for ax in panels] == ["it (n = 20)"] * 3 + ["(none) (n = 20)"] * 3
    ax = plt.subplots()[1]
    assert cx.summarize(calls, cx.ServiceLevel("20s"), by="queue").plot(ax) is ax
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["(none) (n = 20)", "it (n = 20)"]
    with pytest.raises(TypeError, match=r"^ax='nps' is no axes of matplotlib: give one, or call plot\(\) without ax=$"):
        cx.summarize(calls, METRICS, by="queue").plot("nps")
    with pytest.raises(cx.Error, match=r"^several metrics need several panels: call plot\(\) without ax=$"):
        cx.summarize(calls, METRICS, by="queue").plot(ax)
    plt.close("all")


def test_a_plot_writes_keys_as_they_stand_and_each_metric_in_its_own_unit() -> None:
    pytest.importorskip("matplotlib").use("Agg")
    table = {
        "score": [9, 3, 7, 10] * 5,
        "wait": [5, 30, 40, 10] * 5,
        "outcome": ["answered", "abandoned"] * 10,
        "price": ["EUR $5_$10", "b"] * 10,
    }
    scores, waits = cx.summarize(table, [cx.NPS(), cx.WaitTime()], by="price", unit="s").plot()
    scores.figure.canvas.draw()  # a pair of dollars would be mathematics, and here wrong
    assert [text.get_text() for text in scores.get_yticklabels()] == ["b (n = 10)", r"EUR \$5_\$10 (n = 10)"]
    assert waits.get_yticklabels()[0].get_text() == "b (n = 0)"  # all its contacts were abandoned
    assert scores.get_xlim() != waits.get_xlim()


def test_a_plot_breaks_its_line_where_nothing_is_and_says_which_groups_it_shows() -> None:
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    days = {"score": [9, 3, 9, 3], "time": [f"2026-03-{day:02}T08:00Z" for day in (2, 3, 5, 5)]}
    (line,) = cx.summarize(days, cx.NPS(), every="d", tz="UTC").plot().get_lines()
    assert [None if y != y else y for y in line.get_ydata()] == [100.0, -100.0, None, 0.0]
    teams = {"score": [9] * 100 + [3] * 10, "team": [f"team {i % 50:02}" for i in range(110)]}
    ax = cx.summarize(teams, cx.NPS(), by="team").plot()
    assert ax.get_title(loc="left") == "nps (points) with 95 % interval; the 40 largest of 50 groups"
    assert len(ax.get_yticks()) == 40
    plt.close("all")


def test_a_plot_keeps_keys_apart_that_read_alike() -> None:
    pytest.importorskip("matplotlib").use("Agg")
    import matplotlib.pyplot as plt

    none = {"score": [9, 3, 9, 9], "k": ["(none)", None, "(none)", "x"]}
    ax = cx.summarize(none, cx.NPS(), by="k", missing=[]).plot()
    assert [text.get_text() for text in ax.get_yticklabels()] == ["(none) (n = 1)", "x (n = 1)", "(none) (n = 2)"]
    pairs = {"score": [9, 3, 9], "a": ["a, b", "a", "a"], "b": ["c", "b, c", "b, c"], "time": ["2026-03-02T08:00Z"] * 3}
    ax = cx.summarize(pairs, cx.NPS(), by=["a", "b"]).plot()
    assert [text.get_text() for text in ax.get_yticklabels()] == ["a, b, c (n = 1)", "a, b, c (n = 2)"]
    panels = cx.summarize(pairs, cx.NPS(), by=["a", "b"], every="d", tz="UTC").plot()
    assert [ax.get_title(loc="left") for ax in panels] == ["a, b, c (n = 2)", "a, b, c (n = 1)"]
    ax = plt.subplots()[1]
    cx.summarize(pairs, cx.NPS(), by=["a", "b"], every="d", tz="UTC").plot(ax)
    assert [len(line.get_ydata()) for line in ax.get_lines()] == [1, 1]
    plt.close("all")


def test_a_plot_over_an_outlier_builds_no_buckets_between(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("matplotlib").use("Agg")
    import matplotlib.pyplot as plt

    monkeypatch.setattr(cx.Summary, "filled", None)  # all minutes of a hundred years
    days = {
        "score": [9, 3, 9, 3],
        "time": [f"{day}T08:00Z" for day in ("1926-03-02", "2026-03-02", "2026-03-02", "2026-03-03")],
    }
    ax = cx.summarize(days, cx.NPS(), every="1min", tz="UTC").plot()
    (line,) = ax.get_lines()
    assert [None if y != y else y for y in line.get_ydata()] == [100.0, None, 0.0, None, -100.0]
    ax.figure.canvas.draw()
    profile = {"score": [9, 3, 9], "time": ["2026-03-02T08:00Z", "2026-03-04T09:00Z", "2026-03-04T21:00Z"]}
    for every, expected in {"1h": [100, -100, None, 100], "12h": [0, 100], "7h": [0, None, 100]}.items():
        (line,) = cx.summarize(profile, cx.NPS(), every=every, fold="1d", tz="UTC").plot().get_lines()
        assert [None if y != y else y for y in line.get_ydata()] == expected, every
    plt.close("all")


@pytest.mark.parametrize(
    "how", [{"by": "k"}, {"every": "d", "tz": "UTC"}, {"by": "k", "every": "1h", "fold": "1d", "tz": "UTC"}]
)
def test_a_plot_of_no_rows_says_so(how: dict[str, Any]) -> None:
    pytest.importorskip("matplotlib").use("Agg")
    import matplotlib.pyplot as plt

    none = {"score": [], "wait": [], "outcome": [], "k": [], "entered": []}
    t = cx.summarize(none, METRICS, **how)
    assert [ax.get_title(loc="left") for ax in t.plot()] == [
        "nps (points); no rows", "sl (%); no rows", "wait (s): median, up to p90; no rows",
    ]  # fmt: skip
    ax = plt.subplots()[1]
    clock = {"time": "entered"} if "every" in how else {}
    assert cx.summarize(none, cx.NPS(), **how, **clock).plot(ax) is ax
    ax.figure.canvas.draw()
    assert cx.summarize(none, cx.NPS(), by="k").compare(baseline="rest").plot() is not None
    plt.close("all")


# ---- the bank's day


@pytest.mark.skipif(not DATA.is_dir(), reason=f"no reference data at {DATA}: set CXMETRICS_DATA")
def test_half_hours_are_added_up_and_never_averaged() -> None:
    # Source: the bank's file and its README, service level 20 s of offered: 54.4 % is the truth, the mean of the half
    # hours of the day says 57.3, that of all half hours 62.5.
    bank = pd.read_csv(DATA / "bank_january_1999.tsv.gz", sep="\t", dtype=str)
    in_queue = (bank["outcome"] == "AGENT") | ((bank["outcome"] == "HANG") & (bank["q_start"] != "0:00:00"))
    calls = {
        "entered": "19" + bank["date"] + " " + bank["vru_entry"],
        "wait": bank["q_time"].astype(int),
        "outcome": bank["outcome"].where(in_queue, "ELSE"),
    }
    c = cx.contacts(
        calls, unit="s", tz="Asia/Jerusalem", time_format="%Y%m%d %H:%M:%S",
        outcomes={"AGENT": "answered", "HANG": "abandoned", "PHANTOM": None, "ELSE": None},
    )  # fmt: skip
    rows, folded = (cx.summarize(c, {"sl": cx.ServiceLevel("20s")}, every="30min", fold=fold) for fold in (None, "1d"))

    def mean(t: cx.Summary) -> float:
        return float(np.mean([r.value for r in t["sl"] if r.value is not None]))

    assert round(mean(rows), 1) == 62.5
    assert round(mean(folded), 1) == 57.3
    for t in (rows, folded, rows.rollup(every="d"), rows.rollup()):
        assert round(float(t.total["sl"]), 1) == 54.4
        assert bytes(t.total["sl"].state()) == bytes(cx.service_level(c, within="20s").state())


def raw(rows: int, seed: int) -> dict[str, Any]:
    """Rows as a telephone system's data arrive, with some of what goes wrong in them."""
    random = np.random.default_rng(seed)
    start = 1_767_225_600_000_000
    entered = start + random.integers(0, 3 * 86_400_000_000 // 10_000_000, rows) * 10_000_000
    wait = random.integers(0, 60, rows) * 1_000_000
    return {
        "queue": pa.array(np.array(["it", "hr", "NA"])[random.integers(0, 3, rows)]).dictionary_encode(),
        "entered": pa.array(entered, pa.timestamp("us", tz="Europe/Amsterdam")),
        "wait": pa.array(wait, pa.duration("us")),
        "outcome": pa.array(np.array(["answered", "abandoned", "?"])[random.integers(0, 3, rows)]).dictionary_encode(),
        "score": pa.array(random.integers(0, 11, rows), pa.int8()),
    }


ARRIVALS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "one chunk": pa.table,
    "chunks": lambda t: pa.concat_tables([pa.table(t).slice(0, 5000), pa.table(t).slice(5000)]),
    "polars": lambda t: pl.from_arrow(pa.table(t)),
    "pandas": lambda t: pa.table(t).to_pandas(),
    "texts": lambda t: {**t, "queue": t["queue"].to_pylist(), "outcome": t["outcome"].to_pylist()},
    "nulls": lambda t: {
        name: pa.array([None if row % 7 == i else x for row, x in enumerate(column.to_pylist())], column.type)
        for i, (name, column) in enumerate(t.items())
    },
}


@pytest.mark.parametrize("arrival", ARRIVALS.values(), ids=ARRIVALS)
@pytest.mark.parametrize("threads", [1, 3])
def test_the_pass_over_a_raw_table_finds_what_its_doors_find(arrival: Any, threads: int) -> None:
    table = arrival(raw(600_000 if arrival is pa.table else 20_000, 1))
    metrics = {"nps": cx.NPS(), "sl": cx.ServiceLevel("20s")}
    how: dict[str, Any] = {"by": "queue", "every": "30min"}
    in_pass = cx.summarize(table, metrics, tz="Europe/Amsterdam", threads=threads, **how)
    through_door = cx.summarize(cx.contacts(table, tz="Europe/Amsterdam"), metrics, threads=1, **how)
    assert in_pass.notes == through_door.notes
    assert in_pass.keys == through_door.keys
    assert in_pass.starts.tolist() == through_door.starts.tolist()
    for name in metrics:
        for row in range(0, len(in_pass), 17):
            assert bytes(in_pass.state(name, row)) == bytes(through_door.state(name, row))
        assert in_pass.total[name].to_dict() == through_door.total[name].to_dict()


WRONG: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "score": lambda t: {**t, "score": pa.array([*t["score"].to_pylist()[:-1], 12], pa.int8())},
    "wait": lambda t: {**t, "wait": pa.array([*t["wait"].cast(pa.int64()).to_pylist()[:-1], -5], pa.duration("us"))},
    "outcome": lambda t: {**t, "outcome": pa.array([*t["outcome"].to_pylist()[:-1], "HANG"]).dictionary_encode()},
    "entered": lambda t: {**t, "entered": pa.array([10**9] * 1000, pa.timestamp("us", tz="UTC"))},
    "no unit": lambda t: {**t, "wait": t["wait"].cast(pa.int64())},
}


@pytest.mark.parametrize("spoil", WRONG.values(), ids=WRONG)
@pytest.mark.parametrize("named", [True, False])
def test_the_pass_over_a_raw_table_refuses_what_its_doors_refuse(spoil: Any, named: bool) -> None:
    table = spoil(raw(1000, 2))
    metrics = {"nps": cx.NPS(), "sl": cx.ServiceLevel("20s")}
    names = {name: name for name in ("entered", "wait", "outcome")} if named else {}
    with pytest.raises(cx.Error) as through_door:
        cx.summarize(cx.contacts(table, tz="UTC", **names), metrics, by="queue", every="30min")
    with pytest.raises(cx.Error) as in_pass:
        cx.summarize(table, metrics, by="queue", every="30min", tz="UTC", **names)
    assert (type(in_pass.value), str(in_pass.value)) == (type(through_door.value), str(through_door.value))


def test_columns_that_are_named_but_not_needed_are_read_too() -> None:
    table = {**raw(1000, 3), "talk": pa.array([-1] * 1000, pa.duration("us"))}
    with pytest.raises(cx.ColumnError, match=r'column "talk".*row 0: -1e-06 s is no duration'):
        cx.summarize(table, cx.ServiceLevel("20s"), by="queue", talk="talk")


@pytest.mark.parametrize("tz", ["UTC", "Europe/Amsterdam", "Asia/Kathmandu", "Australia/Lord_Howe"])
def test_midnights_are_counted_as_the_zone_has_them(tz: str) -> None:
    hours = np.arange("1960-01-01", "1962-01-01", 15, dtype="datetime64[m]").astype("datetime64[us]")
    recent = np.arange("2026-03-01", "2026-11-01", 15, dtype="datetime64[m]").astype("datetime64[us]")
    times = np.concatenate([hours, recent, recent + np.timedelta64(1, "us")])
    column = _core.Column(pa.array(times, pa.timestamp("us", tz="UTC")), "at")
    found = _core.read_instants(column, [], tz, "", "").found(False)
    local = [at.replace(tzinfo=UTC).astimezone(ZoneInfo(tz)) for at in times.tolist()]
    assert found["midnights"] == sum(at.hour == at.minute == at.second == at.microsecond == 0 for at in local)


def test_a_figure_whose_name_ends_like_that_of_a_probability_is_written_as_a_figure() -> None:
    t = cx.summarize({"score": [9, 3, 3]}, {"group_p": cx.NPS()})
    assert "-33.3" in repr(t)
    assert "< 0.001" not in repr(t)


def test_a_day_is_a_baseline_as_plots_write_it() -> None:
    answers = {"score": [9, 3], "time": ["2026-03-02T10:00Z", "2026-03-03T10:00Z"]}
    t = cx.summarize(answers, cx.NPS(), every="d", fold="1w", tz="UTC")
    assert t.compare(baseline="Mon").labels() == t.compare(baseline="mon").labels()
