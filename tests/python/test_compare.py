# SPDX-License-Identifier: Apache-2.0
"""Figures against figures, tables against a baseline, results that explain themselves: for every metric there is."""

from __future__ import annotations

import copy
import json
import os
import pickle
import random
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from pathlib import Path
from time import process_time
from typing import Any
from zoneinfo import ZoneInfo

import cxmetrics as cx
import every_metric
import numpy as np
import pandas as pd
import pytest

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("CXMETRICS_DATA", ROOT.parent / "shared" / "data"))
pytestmark = pytest.mark.filterwarnings("ignore::cxmetrics.DataWarning")

EVERY = pytest.mark.parametrize("definition", every_metric.EXAMPLES, ids=every_metric.IDS)


def rows(count: int = 600, seed: int = 1) -> dict[str, list[Any]]:
    """Return a table that every door takes: contacts with an answer, over sixty days from 1 January 2026."""
    rng = random.Random(seed)
    start = datetime(2026, 1, 1, tzinfo=UTC)
    entered = sorted(start + timedelta(seconds=rng.randrange(60 * 86400)) for _ in range(count))
    wait = [timedelta(seconds=rng.randrange(90)) for _ in range(count)]
    return {
        "score": [rng.choice([1, 2, 3, 4, 5, None]) for _ in range(count)],
        "time": [moment.isoformat() for moment in entered],
        "weight": [rng.choice([0.5, 1.0, 2.0]) for _ in range(count)],
        "entered": [moment.isoformat() for moment in entered],
        "ended": [(moment + timedelta(minutes=9)).isoformat() for moment in entered],
        "wait": wait,
        "talk": wait,
        "hold": wait,
        "transfers": [rng.choice([0, 0, 1]) for _ in range(count)],
        "outcome": [rng.choice(["answered", "answered", "abandoned", "timeout"]) for _ in range(count)],
        "contact": [f"k{i}" for i in range(count)],
        "customer": [f"c{rng.randrange(120)}" for _ in range(count)],
        "queue": [rng.choice(["it", "hr"]) for _ in range(count)],
        "answered": [rng.random() < 0.3 for _ in range(count)],
        "sent": [rng.randint(5, 9) for _ in range(count)],
        "answers": [rng.randint(1, 4) for _ in range(count)],
        "stage": [rng.choice(["order", "order", "use"]) for _ in range(count)],
    }


def half(table: dict[str, list[Any]], part: int) -> dict[str, list[Any]]:
    """Return the earlier or the later half of a table."""
    middle = len(table["score"]) // 2
    return {name: column[middle:] if part else column[:middle] for name, column in table.items()}


def result_of(definition: cx.Definition, table: dict[str, list[Any]]) -> cx.Result:
    """Return one metric of a table."""
    state = definition.state()
    state.update(table, invalid="count")
    return state.result()


def nps(promoters: int, passives: int, detractors: int) -> cx.Result:
    """Return the NPS of so many 10s, 8s and 2s."""
    return cx.nps([10] * promoters + [8] * passives + [2] * detractors)


# one figure against another


def test_both_tests_of_two_nps_samples() -> None:
    # Source: exact computation; 50, 30, 20 against 60, 25, 15 promoters, passives, detractors; Wald as CRAN NPS, the
    # adjusted one as MeasuringU.
    now, before = nps(50, 30, 20), nps(60, 25, 15)
    wald = cx.compare(now, baseline=before, method="wald")
    assert (wald.value, wald.method) == (pytest.approx(-15), "wald")
    assert (round(wald.z or 0, 6), round(wald.p or 0, 6)) == (-1.394218, 0.163252)
    adjusted = now.compare(before)
    assert (adjusted.value, round(adjusted.centre or 0, 4)) == (pytest.approx(-15), -14.5631)
    assert (round(adjusted.z or 0, 6), round(adjusted.p or 0, 6)) == (-1.371583, 0.170193)
    assert (adjusted.n, adjusted.baseline_n, adjusted.unit) == (100, 100, "points")


@EVERY
def test_every_metric_compares_and_turns_round(definition: cx.Definition) -> None:
    now, before = (result_of(definition, half(rows(), part)) for part in (1, 0))
    there, back, same = now.compare(before), before.compare(now), now.compare(now)
    assert now.value is not None
    assert before.value is not None
    assert there.value == now.value - before.value
    assert there.interval is not None
    assert back.interval is not None
    assert there.interval.low == pytest.approx(-back.interval.high, abs=1e-9)
    assert there.interval.low <= there.value <= there.interval.high
    assert there.z == pytest.approx(-(back.z or 0))
    assert there.p == pytest.approx(back.p)
    assert (same.value, same.p) == (0.0, 1.0)
    narrow = now.compare(before, level=0.8)
    assert narrow.interval is not None
    assert narrow.interval.high - narrow.interval.low < there.interval.high - there.interval.low
    assert there.source
    assert there.formula.startswith(now.formula)
    assert json.loads(json.dumps(there.to_dict()))["value"] == there.value
    assert str(there) in repr(there)
    assert "<caption>" in there._repr_html_()
    assert float(there) == there.value
    assert format(there, "+.2f") == f"{there.value:+.2f}"


@EVERY
def test_nothing_compares_with_nothing(definition: cx.Definition) -> None:
    empty, full = definition.state().result(), result_of(definition, rows())
    for pair, note in (
        ((empty, full), "the figure has no answer"),
        ((full, empty), "the baseline has no answer"),
        ((empty, empty), "neither figure has an answer"),
    ):
        c = pair[0].compare(pair[1])
        assert (c.value, c.interval, c.z, c.p) == (None, None, None, None)
        assert note in c.notes
        assert np.isnan(float(c))
        assert json.loads(json.dumps(c.to_dict()))["value"] is None
        assert "no answer" in str(c)


@EVERY
def test_an_unknown_method_is_refused(definition: cx.Definition) -> None:
    r = result_of(definition, rows())
    with pytest.raises(cx.Error, match=rf'^method="magic" is unknown for {definition.state_name()}: use "'):
        r.compare(r, method="magic")


@EVERY
def test_a_level_that_looks_like_alpha_is_refused(definition: cx.Definition) -> None:
    r = result_of(definition, rows())
    with pytest.raises(cx.Error, match=r"^level=0.05 looks like alpha: use level=0.95$"):
        r.compare(r, level=0.05)


def test_unlike_definitions_are_named() -> None:
    calls = {"wait": [timedelta(seconds=5)] * 3, "outcome": ["answered"] * 3}
    twenty, thirty = (cx.service_level(calls, within=within) for within in ("20s", "30s"))
    with pytest.raises(cx.Error) as caught:
        twenty.compare(thirty)
    assert str(caught.value) == (
        'these figures are of unlike definitions (within "20s" and "30s"): compare figures made alike'
    )
    with pytest.raises(cx.Error, match=r'\(metric "nps" and "service_level"\)'):
        nps(1, 1, 1).compare(twenty)
    with pytest.raises(cx.Error, match=r"^two results are compared, not float: give what cx.nps\(\) returns$"):
        cx.compare(twenty, baseline=50.0)  # type: ignore[arg-type]


def test_resolution_of_two_months_compares_though_they_end_apart() -> None:
    definition = cx.FirstContactResolution()
    now, before = (result_of(definition, half(rows(), part)) for part in (1, 0))
    assert now.parameters["until"] != before.parameters["until"]
    assert now.compare(before).value is not None


def test_a_comparison_is_neither_true_nor_false() -> None:
    with pytest.raises(TypeError, match="neither true nor false"):
        bool(nps(1, 1, 1).compare(nps(1, 1, 1)))


def test_where_all_answers_are_alike_wald_has_no_test() -> None:
    c = nps(5, 0, 0).compare(nps(0, 7, 0), method="wald")
    assert (c.value, c.interval, c.z, c.p) == (100.0, None, None, None)
    assert any(note.startswith("all rows are alike") for note in c.notes)
    assert nps(5, 0, 0).compare(nps(0, 7, 0)).p is not None


def test_the_same_people_on_both_sides_are_noted() -> None:
    table = {"score": [9, 3, 8, 10, 2], "respondent": ["ann", "bob", "cee", "dan", None]}
    other = {"score": [9, 9, None, 1], "respondent": ["bob", "ann", "dan", None]}
    now, before = cx.nps(table), cx.nps(other)
    note = "2 respondents answered on both sides: interval and test take all answers as independent"
    assert now.compare(before).notes == [note]  # dan gave no answer there; who is not known is nobody
    assert nps(1, 2, 3).compare(now).notes == []
    one = cx.nps({"score": [9, 8], "respondent": ["ann", "eve"]})
    assert now.compare(one).notes[0].startswith("1 respondent answered")
    assert cx.nps([9]).respondents is None
    assert copy.deepcopy(now).compare(before).notes == [note]
    (travelled,) = pickle.loads(pickle.dumps(now)).compare(before).notes  # a table does not travel with its result
    assert travelled.startswith("who answered did not travel with what was pickled: whether the same respondents")
    assert pickle.loads(pickle.dumps(now)).compare(nps(1, 2, 3)).notes == []
    assert pickle.loads(pickle.dumps(nps(1, 2, 3))).compare(now).notes == []


# a table against a baseline


@EVERY
def test_every_metric_of_a_table_compares_with_a_period(definition: cx.Definition) -> None:
    t = cx.summarize(rows(), {"m": definition}, by="stage", every="mo", tz="UTC", invalid="count")
    c = t.compare(baseline="2026-01")
    assert [(row["stage"], row["start"].month) for row in c.to_dicts()] == [
        (stage, month) for stage in ("order", "use") for month in (2, 3) if (stage, month) in cells_of(t)
    ]
    january = {t.keys["stage"][row]: t["m"][row] for row in range(len(t)) if t.to_dicts()[row]["start"].month == 1}
    for row, comparison in zip(c.to_dicts(), c["m"], strict=True):
        baseline = january[row["stage"]]
        assert row["m_baseline"] == baseline.value
        assert row["m_baseline_n"] == baseline.n
        assert row["m_difference"] == (
            None if row["m"] is None or baseline.value is None else row["m"] - baseline.value
        )
        assert (row["m_z"], row["m_p"]) == (comparison.z, comparison.p)


def cells_of(t: cx.Summary) -> set[tuple[str, int]]:
    """Return stage and month of each cell."""
    return {(row["stage"], row["start"].month) for row in t.to_dicts()}


@EVERY
def test_every_metric_of_a_table_compares_with_the_rest(definition: cx.Definition) -> None:
    t = cx.summarize(rows(), {"m": definition}, by=["stage", "customer"], invalid="count")
    c = t.compare(baseline="rest")
    assert len(c) == len(t)
    compared = c["m"]
    for i in (0, len(t) // 2, len(t) - 1):
        two = np.array([row == i for row in range(len(t))], dtype=np.uint32)
        others = t.state_of("m", t.grids["m"].regroup(two, 2).at(0))
        assert compared[i].baseline.to_dict() == others.result().to_dict()
        assert compared[i].baseline.state() == others
    assert c.corrected["m"] == pytest.approx(holm([each.p for each in compared]), nan_ok=True)


def holm(p: list[float | None]) -> list[float | None]:
    """Return Holm's correction, by its definition."""
    known = sorted(x for x in p if x is not None)
    stepped = [min(1.0, (len(known) - rank) * x) for rank, x in enumerate(known)]
    largest = {x: max(stepped[: known.index(x) + known.count(x)]) for x in known}
    return [None if x is None else largest[x] for x in p]


@EVERY
def test_every_metric_splits_or_says_why_not(definition: cx.Definition) -> None:
    t = cx.summarize(rows(), {"m": definition}, by="stage", every="mo", tz="UTC", invalid="count")
    if definition.state().core.has_distribution():
        with pytest.raises(cx.Error, match="is no mean of its parts"):
            t.compare(baseline="2026-01", within="stage")
        return
    for baseline in ("2026-01", "rest"):
        c = t.compare(baseline=baseline, within="stage")
        assert "stage" not in c.keys
        for row in c.to_dicts():
            if row["m_difference"] is not None:
                assert row["m_mix"] + row["m_within"] == pytest.approx(row["m_difference"], abs=1e-9)
                if row["m_within_low"] is None:  # the mean of one row has no variance
                    assert any(cell["m_n"] == 1 for cell in t.to_dicts())
                else:
                    assert row["m_within_low"] <= row["m_within"] <= row["m_within_high"]


def test_a_single_key_is_a_baseline() -> None:
    t = cx.summarize({"score": [10, 9, 3, 8, 2], "stage": ["a", "a", "b", "b", None]}, cx.NPS(), by="stage")
    c = t.compare(baseline="a")
    assert [(row["stage"], row["nps_difference"]) for row in c.to_dicts()] == [("b", -150.0), (None, -200.0)]
    assert c.labels() == ["b", "(none)"]
    with pytest.raises(cx.Error) as caught:
        t.compare(baseline="z")
    assert str(caught.value) == (
        "baseline='z' is neither a period nor a key of this table: the keys are (none), a, b; or compare with \"rest\""
    )


@pytest.mark.parametrize(
    ("every", "names"),
    [
        ("y", ["2018", "2018-01-01"]),
        ("q", ["2018Q1", "2018-Q1", "2018-01-01"]),
        ("mo", ["2018-03", "2018-03-01"]),
        ("w", ["2018-W13", "2018-03-26"]),
        ("d", ["2018-03-31", "2018-03-31 00:00"]),
        ("1h", ["2018-03-31 09:00", "2018-03-31T09:00", "2018-03-31T09:00:00+02:00"]),
    ],
)
def test_a_period_is_called_by_its_start(every: str, names: list[str]) -> None:
    answers = {"score": [10, 3, 9], "time": ["2018-03-31T07:30Z", "2018-03-31T07:40Z", "2019-04-02T10:00Z"]}
    t = cx.summarize(answers, cx.NPS(), every=every, tz="Europe/Amsterdam")
    for name in names:
        (row,) = t.compare(baseline=name).to_dicts()
        assert (row["nps"], row["nps_baseline"], row["nps_difference"]) == (100.0, 0.0, 100.0)
    with pytest.raises(cx.Error, match=r"is neither a period nor a key of this table: the periods are 20"):
        t.compare(baseline="2017")


def test_the_hour_that_comes_twice_is_asked_for() -> None:
    hours = ["2018-10-28T00:30Z", "2018-10-28T01:30Z", "2018-10-28T09:30Z"]
    t = cx.summarize({"score": [10, 3, 9], "time": hours}, cx.NPS(), every="1h", tz="Europe/Amsterdam")
    with pytest.raises(cx.Error) as caught:
        t.compare(baseline="2018-10-28 02:00")
    assert str(caught.value) == (
        'baseline="2018-10-28 02:00" is the start of several buckets: say which of 2018-10-28T02:00:00+02:00, '
        "2018-10-28T02:00:00+01:00"
    )
    assert len(t.compare(baseline="2018-10-28T02:00:00+01:00")) == 2


def test_a_name_that_is_a_period_and_a_key_is_refused() -> None:
    answers = {"score": [10, 3], "stage": ["2018", "x"], "time": ["2018-01-01T10:00Z", "2019-01-01T10:00Z"]}
    t = cx.summarize(answers, cx.NPS(), by="stage", every="y", tz="UTC")
    with pytest.raises(cx.Error, match=r"^baseline='2018' is a period and a key"):
        t.compare(baseline="2018")


def test_a_cell_without_a_baseline_has_no_answer() -> None:
    answers = {"score": [10, 3], "stage": ["a", "b"], "time": ["2018-01-01T10:00Z", "2019-01-01T10:00Z"]}
    (row,) = cx.summarize(answers, cx.NPS(), by="stage", every="y", tz="UTC").compare(baseline="2018").to_dicts()
    assert (row["stage"], row["nps"], row["nps_baseline"], row["nps_difference"]) == ("b", -100.0, None, None)
    assert row["nps_baseline_n"] == 0
    assert row["nps_p_adjusted"] is None


def test_what_is_not_there_is_refused() -> None:
    t = cx.summarize({"score": [10, 3], "stage": ["a", "b"]}, cx.NPS(), by="stage")
    with pytest.raises(cx.Error, match=r'^within="pay" is no key of this table: there are stage; summarize with by='):
        t.compare(baseline="rest", within="pay")
    with pytest.raises(cx.Error, match=r'^correction="none" is unknown: use "holm", or None$'):
        t.compare(baseline="rest", correction="none")
    with pytest.raises(KeyError, match='no metric "csat" here: there are nps'):
        t.compare(baseline="rest")["csat"]


def test_one_cell_has_no_rest() -> None:
    (row,) = cx.summarize({"score": [10, 3]}, cx.NPS()).compare(baseline="rest").to_dicts()
    assert (row["nps"], row["nps_difference"], row["nps_baseline_n"]) == (0.0, None, 0)


def test_without_correction_there_is_no_corrected_p() -> None:
    t = cx.summarize(rows(), cx.NPS(), by="stage")
    assert "nps_p_adjusted" in t.compare(baseline="rest").to_arrow().column_names
    assert "nps_p_adjusted" not in t.compare(baseline="rest", correction=None).to_arrow().column_names


def test_a_profile_compares_with_the_rest() -> None:
    t = cx.summarize(rows(), cx.NPS(), every="6h", fold="1d", tz="UTC")
    c = t.compare(baseline="rest")
    assert len(c) == len(t) == 4
    assert c.to_arrow().column_names[0] == "place"
    with pytest.raises(cx.Error, match=r"of this table: the places are 00:00, 06:00, 12:00, 18:00; or compare with"):
        t.compare(baseline="2026-01-01")


@pytest.mark.parametrize("baseline", ["06:00", time(6), timedelta(hours=6), np.timedelta64(6, "h"), {"place": "06:00"}])
def test_a_place_of_a_profile_is_a_baseline(baseline: Any) -> None:
    c = cx.summarize(rows(), cx.NPS(), every="6h", fold="1d", tz="UTC").compare(baseline=baseline)
    assert c.labels() == ["00:00", "12:00", "18:00"]
    assert [row["place"] for row in c.to_dicts()] == [timedelta(hours=hours) for hours in (0, 12, 18)]
    assert {each.baseline_n for each in c["nps"]} == {
        each["nps_n"]
        for each in cx.summarize(rows(), cx.NPS(), every="6h", fold="1d", tz="UTC").to_dicts()
        if each["place"] == timedelta(hours=6)
    }
    assert "baseline: 06:00" in c.legend()


@pytest.mark.parametrize(("first", "days"), [("mon", ["tue", "wed"]), ("sat", ["wed", "tue"])])
def test_the_places_of_a_week_are_called_by_their_day(first: str, days: list[str]) -> None:
    answers = {"score": [9, 3, 8], "time": [f"2026-03-0{day}T10:00Z" for day in (2, 3, 4)]}
    t = cx.summarize(answers, cx.NPS(), every="d", fold="1w", tz="UTC", week_start=first)
    assert sorted(t.compare(baseline="mon").labels()) == sorted(days)
    halves = cx.summarize(answers, cx.NPS(), every="12h", fold="1w", tz="UTC", week_start=first)
    assert sorted(halves.compare(baseline="mon 00:00").labels()) == sorted(days)
    assert halves.compare(baseline="wed").legend()[1] == "baseline: wed"


LABELS: list[Any] = [
    *(3, -(2**40), 2**63, True, date(2026, 3, 1), datetime(2026, 3, 1, 9), datetime(2026, 3, 1, tzinfo=UTC)),
    *("rest of the world", "a, b", None),
]


@pytest.mark.parametrize("label", LABELS, ids=str)
def test_the_label_of_a_key_of_any_type_is_a_baseline(label: Any) -> None:
    others = {bool: False, int: 7, str: "x", date: date(2026, 3, 2), type(None): "x"}
    other = others.get(type(label)) or (label + timedelta(days=1) if isinstance(label, datetime) else False)
    t = cx.summarize({"score": [10, 3, 9], "k": [label, other, other]}, cx.NPS(), by="k")
    texts = [str(label)] if label is not None else ["(none)"]
    texts += [label.isoformat(" ", "minutes")] if isinstance(label, datetime) else []  # as tables print it
    dates = [label.date()] if isinstance(label, datetime) and label.time() == time() else []
    for said in (label, {"k": label}, (label,), *texts, *({"k": text} for text in texts), *dates):
        (row,) = t.compare(baseline=said).to_dicts()
        assert (row["k"], row["nps_baseline"], row["nps_baseline_n"]) == (other, 100.0, 1)


def test_a_label_goes_before_the_text_of_another_and_what_is_none_is_refused() -> None:
    answers = {"score": [10, 3], "k": [1, 2], "l": ["(none)", None]}
    t = cx.summarize(answers, cx.NPS(), by="l")
    assert t.compare(baseline=None)["nps"][0].baseline.value == -100.0
    assert t.compare(baseline="(none)")["nps"][0].baseline.value == 100.0
    with pytest.raises(
        cx.Error, match=r"^baseline=5 is neither a period nor a key of this table: the keys are 1, 2; or"
    ):
        cx.summarize(answers, cx.NPS(), by="k").compare(baseline=5)
    with pytest.raises(
        cx.Error, match=r"^baseline=\[1\] is neither a period nor a key of this table: the keys are 1, 2; or"
    ):
        cx.summarize(answers, cx.NPS(), by="k").compare(baseline=[1])


def test_a_key_that_is_called_rest_is_named_with_its_column() -> None:
    t = cx.summarize({"score": [10, 3, 9], "team": ["rest", "a", "b"]}, cx.NPS(), by="team")
    with pytest.raises(cx.Error) as caught:
        t.compare(baseline="rest")
    assert str(caught.value) == (
        'baseline="rest" means all other cells, and is a label of team too: say baseline={"team": "rest"} for that '
        "one, or rename it to compare with all others"
    )
    assert t.compare(baseline={"team": "rest"}).labels() == ["a", "b"]


def test_several_keys_are_a_dict_or_a_tuple() -> None:
    answers = {
        "score": [10, 9, 3, 8, 7],
        "team": ["a", "a", "b", "b", "a"],
        "channel": ["mail", "chat", "mail", "chat", "mail"],
        "time": [f"{year}-05-01T10:00Z" for year in (2018, 2018, 2018, 2018, 2019)],
    }
    t = cx.summarize(answers, cx.NPS(), by=["team", "channel"])
    for said in ({"team": "a", "channel": "mail"}, ("a", "mail")):
        c = t.compare(baseline=said)
        assert c.labels() == ["a, chat", "b, chat", "b, mail"]
        assert [each.baseline.n for each in c["nps"]] == [2, 2, 2]
        assert "baseline: team a, channel mail" in c.legend()
    c = t.compare(baseline={"team": "a"})  # each with the same channel of team a
    assert [(*row.values(),)[:2] for row in c.to_dicts()] == [("b", "chat"), ("b", "mail")]
    assert [each.baseline.n for each in c["nps"]] == [1, 2]
    by_year = cx.summarize(answers, cx.NPS(), by=["team", "channel"], every="y", tz="UTC")
    (row,) = by_year.compare(baseline={"team": "a", "channel": "mail", "start": "2018"}).to_dicts()[-1:]
    assert (row["team"], row["nps_baseline_n"]) == ("b", 1)
    assert t.compare(baseline={"team": "a"}, within="channel").labels() == ["b"]
    for said, message in {
        "a": 'name keys in a dict, {"team": ...}, of these: team: a, b; channel: chat, mail; or compare with "rest"',
        ("a", "mail", "x"): "baseline=('a', 'mail', 'x') is neither a period nor a key of this table: name keys in",
    }.items():
        with pytest.raises(cx.Error, match=re.escape(message)):
            t.compare(baseline=said)
    for part, message in (
        ({"stage": "a"}, "baseline={'stage': ...}: 'stage' is no key of this table: name keys in a dict"),
        ({"team": "c"}, "baseline={'team': 'c'} is not in this table: name keys in a dict"),
        ({"start": "2018"}, "baseline={'start': ...}: 'start' is no key of this table"),
        ({}, "baseline={} names nothing: name keys in a dict"),
    ):
        with pytest.raises(cx.Error, match=re.escape(message)):
            t.compare(baseline=part)
    with pytest.raises(
        cx.Error, match=r"^baseline=\{'channel': ...\}: 'channel' is added up by within=: the keys are a, b"
    ):
        t.compare(baseline={"channel": "mail"}, within="channel")


@pytest.mark.parametrize(
    "baseline",
    [
        *(date(2018, 1, 1), datetime(2018, 1, 1), datetime(2018, 1, 1, tzinfo=ZoneInfo("Europe/Amsterdam"))),
        *(datetime(2017, 12, 31, 23, tzinfo=UTC), np.datetime64("2018-01-01"), pd.Timestamp("2018-01-01")),
        *("2018", {"start": "2018"}, {"start": date(2018, 1, 1)}),
    ],
)
def test_a_period_is_a_baseline_by_its_date_too(baseline: Any) -> None:
    answers = {"score": [10, 3], "time": ["2018-01-01T10:00Z", "2019-01-01T10:00Z"]}
    c = cx.summarize(answers, cx.NPS(), every="y", tz="Europe/Amsterdam").compare(baseline=baseline)
    assert [each.value for each in c["nps"]] == [-200.0]
    assert c.baseline == "2018"
    with pytest.raises(cx.Error, match="is neither a period nor a key of this table: the periods are 2018, 2019; or"):
        cx.summarize(answers, cx.NPS(), every="y", tz="Europe/Amsterdam").compare(baseline=date(2018, 2, 1))


def test_people_are_noted_in_profiles_beside_contacts_and_of_several_scores() -> None:
    answers = {
        "score": [10, 3, 9, 8, None, 2],
        "csat": [None, 3, None, 4, 5, 2],
        "who": ["ann", "bob", "ann", "eve", "bob", "bob"],
        "stage": ["a", "a", "b", "b", "b", "b"],
        "entered": [
            f"2026-03-0{day}T{hour}:00Z" for day, hour in ((1, 10), (1, 10), (2, 16), (2, 16), (2, 16), (3, 16))
        ],
        "wait": ["5s"] * 6,
        "outcome": ["answered"] * 6,
    }
    both = "in 1 of 1 rows some respondents answered on both sides, up to {}: interval and test take all answers as "
    metrics: dict[str, cx.Definition] = {"nps": cx.NPS(), "csat": cx.CSAT(score="csat")}

    def notes(t: cx.Summary, baseline: Any) -> list[str]:
        return [note for note in t.compare(baseline=baseline).notes if "both sides" in note]

    survey = cx.summarize(answers, metrics, by="stage", respondent="who", time="entered")
    assert notes(survey, "a") == [f"{name}: {both.format(n)}independent" for name, n in (("nps", 2), ("csat", 1))]
    profile = cx.summarize(answers, cx.NPS(), every="6h", fold="1d", tz="UTC", respondent="who", time="entered")
    assert notes(profile, "06:00") == [f"{both.format(2)}independent"]
    beside = {**metrics, "sl": cx.ServiceLevel("20s")}
    mixed = cx.summarize(answers, beside, by="stage", every="mo", tz="UTC", respondent="who")
    assert notes(mixed, "a") == notes(survey, "a")
    assert mixed["nps"][0].compare(mixed["nps"][1]).notes[0].startswith("2 respondents answered on both sides")
    assert mixed.total["csat"].compare(mixed["csat"][0]).notes[0].startswith("1 respondent")
    assert mixed["sl"][0].respondents is None
    ((only,), of_figure) = (notes(pickle.loads(pickle.dumps(t)), "a") for t in (survey, mixed.rollup(by="stage")))
    assert only == of_figure[0]
    assert only.startswith("who answered did not travel with what was pickled: whether the same respondents stand on")


def test_many_looks_are_corrected_for_each_metric_by_itself() -> None:
    t = cx.summarize(rows(), {"a": cx.NPS(), "b": cx.CSAT()}, by="stage")
    one = cx.summarize(rows(), {"a": cx.NPS()}, by="stage")
    c = t.compare(baseline="rest")
    assert c.corrected["a"] == one.compare(baseline="rest").corrected["a"]
    assert "p_adjusted: Holm, of all rows of a metric together" in c.legend()


def test_people_are_sought_in_a_few_sorts() -> None:
    """Of 300,000 rows: numpy sorts pairs and structures many times slower than numbers."""
    rng, count = np.random.default_rng(1), 300_000
    halves, people = rng.integers(0, 2**60, (2, count)), rng.integers(1, count // 3, (2, count))
    now, before = ({"score": halves[0] % 11, "stage": halves[0] % 50, "respondent": each} for each in people)
    table, sides = cx.summarize(now, cx.NPS(), by="stage"), [cx.nps(now), cx.nps(before)]

    def least(work: Callable[[], object]) -> float:
        def seconds() -> float:
            began = process_time()
            work()
            return process_time() - began

        return min(seconds() for _ in range(3))

    sort = least(lambda: np.lexsort(halves))
    assert least(lambda: table.compare(baseline="rest")) < 2 * sort
    assert least(lambda: sides[0].compare(sides[1])) < 6 * sort
    shared = len(np.intersect1d(*people))
    assert sides[0].compare(sides[1]).notes[0].startswith(f"{shared:,} respondents answered on both sides")


def test_people_of_a_table_are_noted_cell_by_cell() -> None:
    answers = {
        "score": [10, 3, 9, 8, None],
        "respondent": ["ann", "bob", "ann", "eve", "bob"],
        "time": [f"{year}-05-01T10:00Z" for year in (2018, 2018, 2019, 2020, 2020)],
    }
    t = cx.summarize(answers, cx.NPS(), every="y", tz="UTC")
    c = t.compare(baseline="2018")
    shared = [[note for note in each.notes if "both sides" in note] for each in c["nps"]]
    assert [len(notes) for notes in shared] == [1, 0]
    assert shared[0][0].startswith("1 respondent answered on both sides")
    assert c.notes == [
        "in 1 of 2 rows some respondents answered on both sides, up to 1: interval and test take all answers as "
        "independent"
    ]
    rest = t.compare(baseline="rest")
    assert [bool([n for n in each.notes if "both" in n]) for each in rest["nps"]] == [True, True, False]
    assert t.rollup().compare(baseline="rest").notes == ["nps, 1 of 1 rows: the baseline has no answer"]
    by_hand = t["nps"]
    assert [len(r.compare(by_hand[0]).notes) for r in by_hand[1:]] == [1, 0]
    assert t.total["nps"].compare(by_hand[0]).notes[0].startswith("2 respondents")
    keyed = cx.summarize({**answers, "stage": ["a", "a", None, "a", None]}, cx.NPS(), by="stage")["nps"]
    assert keyed[0].compare(keyed[1]).notes[0].startswith("1 respondent answered")  # ann; bob's second gave no score


def test_the_table_goes_where_tables_go() -> None:
    t = cx.summarize(rows(), {"sl": cx.ServiceLevel("20s"), "<b>": cx.Abandonment()}, by="stage", every="mo", tz="UTC")
    c = t.compare(baseline="2026-01")
    assert list(c) == ["sl", "<b>"]
    assert c.to_pandas().shape == (len(c), c.to_arrow().num_columns)
    assert c.to_polars().height == len(c)
    assert len(repr(c).splitlines()) == 1 + len(c) + len(c.legend()) + len(c.notes)
    assert "&lt;b&gt;" in c._repr_html_()
    assert "<b>" not in c._repr_html_()
    assert c.labels()[0] == "order, 2026-02"


def test_a_value_outside_of_its_own_interval_is_drawn() -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    for r in (cx.nps([9]), cx.ces([7], figure="net"), cx.nps({"score": [9, 3], "w": [9, 0.01]}, weights="w")):
        assert r.interval is not None
        ax = r.plot()
        line, dot = ax.lines
        assert list(line.get_xdata()) == [r.interval.low, r.interval.high]
        assert list(dot.get_xdata()) == [r.value]
        plt.close(ax.figure)


def test_plots_show_the_line_of_no_difference() -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    ax = nps(50, 30, 20).compare(nps(60, 25, 15)).plot()
    assert "100 against 100" in ax.get_xlabel()
    t = cx.summarize(rows(), [cx.WaitTime(), cx.Abandonment()], by="stage")
    panels = t.compare(baseline="rest").plot()
    assert [len(panel.get_yticks()) for panel in panels] == [2, 2]
    with pytest.raises(ValueError, match="several panels"):
        t.compare(baseline="rest").plot(ax=ax)
    plt.close("all")


# Simpson's trap


def test_every_stage_rises_and_the_whole_falls() -> None:
    scores = {"before": {"order": [10] * 72 + [8] * 8 + [2] * 10, "use": [10] * 2 + [8] * 3 + [2] * 5}}
    scores["now"] = {"order": [10] * 9 + [8], "use": [10] * 30 + [8] * 20 + [2] * 50}
    flat = [(when, stage, s) for when, each in scores.items() for stage, xs in each.items() for s in xs]
    table = {name: [row[i] for row in flat] for i, name in enumerate(("when", "stage", "score"))}
    t = cx.summarize(table, cx.NPS(), by=["when", "stage"])
    figures = {(row["when"], row["stage"]): row["nps"] for row in t.to_dicts()}
    assert all(figures["now", stage] > figures["before", stage] for stage in ("order", "use"))
    (row,) = t.compare(baseline="before", within="stage").to_dicts()
    assert row["nps_difference"] < 0 < row["nps_within"]
    # By hand, in fractions: shares 1/11 and 10/11 now, 9/10 and 1/10 before.
    w, w0 = (Fraction(1, 11), Fraction(10, 11)), (Fraction(9, 10), Fraction(1, 10))
    r, r0 = (Fraction(90), Fraction(-20)), (Fraction(6200, 90), Fraction(-30))
    within = sum((a + b) / 2 * (x - y) for a, b, x, y in zip(w, w0, r, r0, strict=True))
    mix = sum((a - b) * (x + y) / 2 for a, b, x, y in zip(w, w0, r, r0, strict=True))
    assert row["nps_within"] == pytest.approx(float(within), rel=1e-12)
    assert row["nps_mix"] == pytest.approx(float(mix), rel=1e-12)
    assert row["nps_difference"] == pytest.approx(float(mix + within), rel=1e-12)


@pytest.mark.skipif(not DATA.is_dir(), reason=f"no reference data at {DATA}: set CXMETRICS_DATA")
def test_the_weeks_of_the_telecom_file_in_which_only_the_mix_rose() -> None:
    # docs/how-to/compare-periods.md shows these figures.
    answers = cx.answers(
        DATA / "telecom_nps_2018.csv",
        score="NPS_SCORE",
        time="CUSTOMER_RESPONSE_DATE",
        time_format="dmy",
        tz="Europe/Amsterdam",
    )
    t = cx.summarize(answers, cx.NPS(), by="SURVEY_SUB_TYPE", every="w")
    c = t.compare(baseline="2018-W10", within="SURVEY_SUB_TYPE")
    row = c.to_dicts()[c.labels().index("2018-W20")]
    shown = {name: round(row[f"nps{name}"], 1) for name in ("", "_baseline", "_difference", "_mix", "_within")}
    assert shown == {"": -11.7, "_baseline": -21.3, "_difference": 9.6, "_mix": 10.6, "_within": -1.1}
    bounds = [round(row[f"nps{name}"], 1) for name in ("_low", "_high", "_within_low", "_within_high")]
    assert bounds == [-15.5, 34.5, -24.6, 22.5]
    arrived = {(each["SURVEY_SUB_TYPE"], f"{each['start']:%G-W%V}"): each["nps_n"] for each in t.to_dicts()}
    assert (arrived["Equipment Received", "2018-W10"], row["nps_baseline_n"]) == (25, 127)
    assert (arrived["Equipment Received", "2018-W20"], row["nps_n"]) == (4, 77)
    stages = cx.summarize(answers, cx.NPS(), by="SURVEY_SUB_TYPE")["nps"]
    values = sorted(r.value for r in stages if r.value is not None)
    assert values[-1] - values[0] == pytest.approx(66.687456, abs=1e-6)


def test_metrics_without_a_method_in_common_have_one_each() -> None:
    table = {"score": [9, 4, 1, 2, 10, 5], "stage": ["a", "a", "b", "b", "b", "a"]}
    t = cx.summarize(table, {"n": cx.NPS(), "c": cx.CSAT(scale="1-10")}, by="stage")
    with pytest.raises(cx.Error, match='method="wald" is unknown for csat: use "welch"'):
        t.compare(baseline="a", method="wald")
    c = t.compare(baseline="a", method={"n": "wald"}, level=0.8)
    assert [(c[name][0].method, c[name][0].interval.level) for name in "nc"] == [("wald", 0.8), ("welch", 0.8)]  # type: ignore[union-attr]
    assert "  _low, _high: 80 % interval" in repr(c)
    with pytest.raises(cx.Error, match=r"^method= names 'x', and the metrics of this table are n, c$"):
        t.compare(baseline="a", method={"x": "wald"})
    with pytest.raises(cx.Error, match=r"^level=0.05 looks like alpha"):
        t.compare(baseline="a", level=0.05)


# results that explain themselves


@pytest.mark.parametrize(
    ("r", "numbers"),
    [
        (lambda: cx.csat([8, 9, 4], scale="1-10"), "sum of the scores, 21 / 3 answers = 7.0 of 10"),
        (
            lambda: cx.nps({"score": [10, 10, 0, 0], "w": [3, 3, 1, 1]}, weights="w"),
            "100 x (weight 6 of 2 promoters - weight 2 of 2 detractors) / weight 8 of 4 answers = +50.0",
        ),
        (
            lambda: cx.ces({"score": [7, 1], "w": [0.5, 1.25]}, weights="w"),
            "sum of weight x score, 4.750 / weight 1.750 of 2 answers = 2.7 of 7",
        ),
        (
            lambda: cx.ces({"score": [7, 1], "w": [0.5, 1.25]}, weights="w", figure="net"),
            "100 x (weight 0.500 of 1 easy - weight 1.250 of 1 difficult) / weight 1.750 of 2 answers = -42.9",
        ),
        (
            lambda: cx.csat({"score": [5, 1], "w": [1, 3]}, weights="w"),
            "100 x weight 1 of 1 satisfied / weight 4 of 2 answers = 25.0 %",
        ),
    ],
)
def test_the_formula_has_the_numbers_that_make_the_figure(r: Callable[[], cx.Result], numbers: str) -> None:
    assert r().explain()["with the numbers"] == numbers


def test_weights_explain_effective_size_and_standard_error() -> None:
    e = cx.nps({"score": [10, 10, 0, 0], "w": [3, 3, 1, 1]}, weights="w").explain()
    assert e["effective n"] == "3.2 = (sum of weights, 8)^2 / sum of their squares, 20"
    assert e["standard error"].startswith("37.500 points, linearised")
    assert e["interval"].endswith("; n is the effective n")
    assert cx.nps([9, "x"], excluded={"x"}).explain()["excluded"] == (
        "1 row: of weight 0, or left out by choice when it was read"
    )
    assert "Student's t" in cx.csat([8, 9, 4], scale="1-10").explain()["interval"]


def test_a_comparison_explains_itself() -> None:
    e = nps(50, 30, 20).compare(nps(60, 25, 15)).explain()
    assert e["with the numbers"] == "+30.0 - +45.0 = -15.0 points"
    assert e["baseline"].startswith("NPS +45.0")
    assert e["test"] == "z = -1.37 = -14.563 / 10.618, its standard error; p = 0.170, two-sided"
    assert e["interval"].startswith("95 %: -35.4 to +6.2 points, adjusted_wald, about -14.6")
    empty = cx.nps([]).compare(nps(1, 1, 1)).explain()
    assert "with the numbers" not in dict(empty)
    assert "no answer" in str(empty)


@EVERY
def test_every_metric_explains_itself(definition: cx.Definition) -> None:
    r = result_of(definition, rows())
    e = r.explain()
    for about in (
        "what it is",
        "not to be confused with",
        "formula",
        "with the numbers",
        "counted",
        "interval",
        "source",
    ):
        assert e[about].strip(), about
    assert "{" not in e["with the numbers"]
    assert f"{r.n:,}" in e["with the numbers"] + e["counted"]
    assert e["formula"] == r.formula
    assert e["source"] == r.source
    for name in ("excluded", "invalid", "missing", "pending"):
        count = getattr(r, name)
        assert any(about == name for about, _ in e) == (count > 0)
    assert str(e).startswith(r.text)
    assert repr(e) == str(e)
    assert max(map(len, str(e).splitlines()[1:])) <= 100
    assert "<caption>" in e._repr_html_()
    with pytest.raises(KeyError, match='nothing is said about "weather"'):
        e["weather"]


@EVERY
def test_nothing_is_explained_without_numbers(definition: cx.Definition) -> None:
    e = definition.state().result().explain()
    assert "with the numbers" not in dict(e)
    assert e["counted"] == "0 of 0 rows"
    assert "no answer" in str(e)


@pytest.mark.parametrize("definition", every_metric.first_of_each(), ids=lambda definition: definition.metric)
def test_the_page_of_every_metric_has_the_same_words(definition: cx.Definition) -> None:
    page = ROOT / "docs" / "metrics" / f"{definition.metric}.md"
    said = " ".join(page.read_text(encoding="utf-8").split())
    e = definition.state().result().explain()
    for about in ("what it is", "also called", "not to be confused with", "formula", "source"):
        if about in dict(e):
            assert e[about] in said, f"{page.name} does not say under {about}: {e[about]}"


def test_an_explanation_says_what_was_left_out_and_why() -> None:
    calls = {
        "wait": [timedelta(seconds=s) for s in (5, 30, 2, 10)] + [None],
        "outcome": ["answered", "answered", "abandoned", "unfinished", "answered"],
    }
    r = cx.service_level(calls, within="20s", short_abandon="5s")
    e = r.explain()
    assert e["with the numbers"] == "100 x 1 answered within 20s / 2 offered = 50.0 %"
    assert e["excluded"] == (
        "1 row: a short abandon, or decided but not below the formula's line, or left out by choice when it was read"
    )
    assert e["pending"] == "1 row: still waiting within the threshold"
    assert e["missing"] == "1 row: no wait or no outcome"
    assert e["counted"] == "2 of 5 rows"


def test_an_explanation_has_the_notes_of_the_table_too() -> None:
    with pytest.warns(cx.DataWarning):
        r = cx.wait_time({"wait": [timedelta(0)] * 40 + [timedelta(seconds=9)] * 20, "outcome": ["answered"] * 60})
    assert r.notes
    assert e_notes(r) == r.notes
    assert list(dict(r.explain()))[-1] == "source"


def e_notes(r: cx.Result) -> list[str]:
    """Return the notes of an explanation."""
    return [text for about, text in r.explain() if about == "note"]


def test_levels_are_kept_in_the_explanation() -> None:
    assert cx.nps([9] * 9 + [1], level=0.9).explain()["interval"].startswith("90 %: ")


def test_a_level_of_which_more_were_answered_than_arrived_has_a_difference_and_no_test() -> None:
    # Cut at ten: three that came before are answered after it, and one comes.
    calls = {
        "entered": [f"2026-03-02T09:{minute}Z" for minute in (10, 59, 59, 59)] + ["2026-03-02T10:30Z"],
        "wait": [timedelta(seconds=15)] + [timedelta(seconds=90)] * 3 + [timedelta(seconds=5)],
        "outcome": ["answered"] * 5,
    }
    level = cx.ServiceLevel("2min", formula="offered", attribution="event")
    t = cx.summarize(calls, {"level": level}, every="1h", tz="UTC")
    assert [r.value for r in t["level"]] == [25.0, 400.0]
    (c,) = t.compare(baseline="2026-03-02 09:00")["level"]
    assert (c.value, c.interval, c.p) == (375.0, None, None)
    assert "nothing is known of the variance of the figure: there is no interval and no test" in c.notes


def test_who_answered_is_the_column_of_that_meaning_whatever_another_is_called() -> None:
    answers = {"score": [9, 3, 8, 2], "person": [1, 2, 3, 4], "respondent": [7, 8, 7, 8], "m": ["a", "a", "b", "b"]}
    t = cx.summarize(answers, cx.NPS(), by="m", respondent="person")
    assert not [note for note in t.compare(baseline="a").notes if "both sides" in note]
    unknown = {**answers, "person": ["unknown", "ann", "unknown", "bob"]}
    t = cx.summarize(unknown, cx.NPS(), by="m", respondent="person")
    assert not [note for note in t.compare(baseline="a").notes if "both sides" in note]
    same = cx.summarize({**answers, "person": [1, 2, 1, 4]}, cx.NPS(), by="m", respondent="person")
    assert [note for note in same.compare(baseline="a").notes if "both sides, up to 1" in note]
