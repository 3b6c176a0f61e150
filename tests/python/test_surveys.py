# SPDX-License-Identifier: Apache-2.0
"""Survey metrics: scales, figures, weights, what is left out, and response rates."""

from __future__ import annotations

import functools
import pickle
import re
from typing import Any

import cxmetrics as cx
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

CYS = np.repeat(np.arange(1, 8), [80, 210, 140, 110, 160, 180, 120]).astype(np.int8)


def test_published_figures_come_out() -> None:
    """Formbricks, tests of the survey summary; YourOpinion; CYS Group, support articles 3000095529, 3000095531."""
    assert cx.nps([10, 7, 3, 9]).value == 25.0
    assert cx.csat([5, 4, 2, 1]).value == 50.0
    assert cx.csat([5, 4, 2, 1], figure="mean").value == 3.0
    assert cx.csat([4] * 25 + [5] * 35 + [3] * 20 + [2] * 20).value == 60.0
    assert cx.ces(CYS).value == pytest.approx(4.08, abs=1e-12)
    assert cx.ces(CYS, figure="top2").value == 30.0
    assert cx.ces(CYS, figure="agree_share").value == 46.0
    assert cx.ces(CYS, figure="net").value == -13.0
    assert cx.nps(list(range(1, 11))).value == -40.0  # rbouch85/DS_Adventures


def test_each_scale_has_its_own_figure_and_unit() -> None:
    """Five points, report marks, smileys; effort points down."""
    assert (cx.csat([5, 3]).value, cx.csat([5, 3]).unit) == (50.0, "%")
    assert (cx.csat([9, 6], scale="1-10").value, cx.csat([9, 6], scale="1-10").unit) == (7.5, "of 10")
    assert cx.csat([9, 6], scale="1-10", figure="satisfied").value == 50.0
    assert cx.csat([9, 6], scale="1-10", figure="satisfied", satisfied_from=6).value == 100.0
    assert cx.csat([3, 2, 1, 1], scale="1-3").value == 25.0
    assert (cx.ces([2, 1], scale="1-5").value, cx.ces([2, 1], scale="1-5").unit) == (1.5, "of 5")
    assert cx.csat([9, 6], scale="1-10").fraction is None
    assert cx.csat([5, 3]).fraction == 0.5


@pytest.mark.parametrize("values", [[5, 4, 6], np.array([5, 4, 6], dtype=np.int8), {"score": ["5", "4", "6"]}])
def test_a_score_outside_the_scale_is_named_with_its_row(values: Any) -> None:
    """Whatever the column is."""
    with pytest.raises(cx.ScaleError, match=r"row 2: score 6 is outside the scale 1 to 5: correct it"):
        cx.csat(values)
    counted = cx.csat(values, invalid="count")
    assert (counted.value, counted.n, counted.invalid) == (100.0, 2, 1)


def test_answers_of_a_wider_scale_are_refused_or_counted_as_the_door_says() -> None:
    """The door knows 0 to 10; the metric's scale is narrower."""
    table = {"mark": [5, 4, None, 7]}
    message = 'column "mark" (list of int), row 3: score 7 is outside the scale 1 to 5'
    with pytest.raises(cx.ScaleError, match=re.escape(message)):
        cx.csat(cx.answers(table, score="mark"))
    with pytest.raises(cx.ScaleError, match=re.escape(message)):
        cx.summarize(cx.answers(table, score="mark"), cx.CSAT())
    with pytest.raises(cx.ScaleError, match="row 3: score 7 is outside the scale 1 to 5"):
        cx.answers(table, score="mark", scale="1-5")
    r = cx.csat(cx.answers(table, score="mark", invalid="count"))
    assert (r.value, r.n, r.invalid, r.missing, r.rows) == (100.0, 2, 1, 1, 4)


def test_unlike_scales_do_not_merge_and_the_message_names_both() -> None:
    """1-5 with 1-10, effort with agreement."""
    five, ten = cx.CSAT().state(), cx.CSAT(scale="1-10").state()
    five.add(4)
    with pytest.raises(cx.StateError, match=re.escape("(scale 1-5, high is good; scale 1-10, high is good)")):
        five.merge(ten)
    with pytest.raises(cx.StateError, match=re.escape("(scale 1-7, high is good; scale 1-5, low is good)")):
        cx.CES().state().merge(cx.CES(scale="1-5").state())
    with pytest.raises(cx.StateError, match="a state of csat and one of ces cannot be merged"):
        five.merge(cx.CES(scale="1-5").state())


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: cx.csat([1], scale="1-7"), 'scale="1-7" is unknown: use one of "1-5", "1-10", "1-3"'),
        (lambda: cx.csat([1], scale="0-4"), 'scale="0-4" is unknown: use one of "1-5", "1-10", "1-3"'),
        (lambda: cx.ces([1], scale="1-10"), 'scale="1-10" is unknown: use one of "1-7", "1-5"'),
        (lambda: cx.answers([1], scale="1-4"), 'scale="1-4" is unknown: use one of 0-10, 1-5, 1-10, 1-3, 1-7'),
        (lambda: cx.csat([1], satisfied_from=6), "satisfied_from=6 divides nothing on the scale 1-5: use 2 to 5"),
        (lambda: cx.csat([1], figure="top2"), 'figure="top2" is unknown: use one of "satisfied", "mean"'),
        (lambda: cx.csat([1], figure="mean", interval="wilson"), 'interval="wilson" is unknown: use "t"'),
        (lambda: cx.ces([1], interval="wald"), 'interval="wald" is unknown: use "t"'),
        (lambda: cx.ces([1], figure="net", interval="wilson"), 'interval="wilson" is unknown: use one of "adjusted_wa'),
        (lambda: cx.ces([1], scale="1-5", figure="net"), 'figure="net" is read from agreement on the scale 1-7'),
        (lambda: cx.service_level([], within="20s", interval="wald"), 'interval="wald" is unknown: use one of'),
    ],
)
def test_what_a_figure_does_not_have_is_refused(call: Any, message: str) -> None:
    """Before the rows are read."""
    with pytest.raises(cx.Error, match=re.escape(message)):
        call()


@pytest.mark.parametrize("method", ["wilson", "clopper_pearson", "jeffreys"])
def test_every_share_takes_every_interval(method: str) -> None:
    """One of 29: Newcombe 1998, table I, for the first two; the third by numerical integration."""
    expected = {"wilson": (0.61, 17.18), "clopper_pearson": (0.09, 17.76), "jeffreys": (0.37, 15.01)}[method]
    calls = {"wait": [5] + [60] * 28, "outcome": ["answered"] * 29}
    left = {"outcome": ["abandoned"] + ["answered"] * 28}
    for r in (
        cx.csat([5] + [1] * 28, interval=method),
        cx.ces([6] + [1] * 28, figure="top2", interval=method),
        cx.service_level(calls, within="20s", unit="s", interval=method),
        cx.abandonment(left, interval=method),
    ):
        assert r.interval is not None
        assert (round(r.interval.low, 2), round(r.interval.high, 2), r.interval.method) == (*expected, method)
    came_back = {"customer": [*range(28), 28], "entered": [f"2026-03-{1 + i:02}T09:00Z" for i in range(29)]}
    fcr = cx.first_contact_resolution(came_back, window="1d", clock="entered", interval=method)
    assert fcr.interval is not None
    assert fcr.interval.method == method


def test_definitions_states_and_tables_know_the_scale() -> None:
    """From bytes, by pickle, in summarize."""
    for definition, scores in ((cx.CSAT(scale="1-10"), [8, 7, 6]), (cx.CES(scale="1-5"), [1, 2, 5])):
        state = definition.state()
        state.update(scores)
        again = cx.State.from_bytes(bytes(state))
        assert again == state
        assert again.definition == definition
        assert pickle.loads(pickle.dumps(state)) == state
    table = {"score": [5, 4, 1, 2], "team": ["a", "a", "b", "b"]}
    t = cx.summarize(table, [cx.CSAT(), cx.CES(scale="1-5")], by="team")
    assert [r.value for r in t["csat"]] == [100.0, 0.0]
    assert [r.value for r in t["ces"]] == [4.5, 1.5]
    assert t.total["csat"].value == 50.0


def test_a_plain_column_with_words_about_missing_goes_through_the_door() -> None:
    """Counting bytes where they lie knows no missing=."""
    column = np.array([10, 9, 0, 0], dtype=np.int8)
    assert cx.nps(column).value == 0.0
    r = cx.nps(column, missing=["0"])
    assert (r.value, r.missing) == (100.0, 2)


WEIGHED = {"score": [10, 9, 8, 3, 0], "w": [2.0, 0.5, 1.0, 1.25, 0.25]}


def test_weighted_figures_say_rows_and_effective_size() -> None:
    """By hand: 100 (2.5 - 1.5) / 5; effective size 25 / 6.875."""
    r = cx.nps(WEIGHED, weights="w")
    assert r.value == 20.0
    assert r.effective_n == pytest.approx(25 / 6.875, rel=1e-12)
    # 4 (0.8)^2 + 0.25 (0.8)^2 + 1 (0.2)^2 + (1.5625 + 0.0625) (1.2)^2, over 25
    assert r.standard_error == pytest.approx(100 * np.sqrt(5.1 / 25), rel=1e-12)
    assert (r.metric, r.n, r.counts["promoters"]) == ("weighted_nps", 5, 2)
    assert "n = 5 (effective 3.6)" in str(r)
    assert r.to_dict()["effective_n"] == r.effective_n
    assert "effective_n" not in cx.nps([9]).to_dict()
    assert cx.nps([9]).effective_n is None


def test_weights_by_name_by_column_and_at_the_door_are_one_state() -> None:
    """Names, arrays that are read where they lie, lists, and answers that carry them."""
    scores, weights = np.array(WEIGHED["score"], dtype=np.int8), np.array(WEIGHED["w"])
    expected = bytes(cx.nps(WEIGHED, weights="w").state())
    carried = cx.answers(WEIGHED, weight="w")
    for r in (
        cx.nps(scores, weights=weights),
        cx.nps(WEIGHED["score"], weights=WEIGHED["w"]),
        cx.nps(WEIGHED["score"], weights=weights.astype(object)),
        cx.nps(WEIGHED, weights=weights),
        cx.nps(WEIGHED, weight="w"),
        cx.nps(carried),
        cx.nps(cx.answers(WEIGHED), weights="w"),
        cx.nps(cx.answers(WEIGHED), weights=weights),
    ):
        assert bytes(r.state()) == expected
    state = cx.NPS(weight="w").state()
    state.update(WEIGHED)
    assert bytes(state) == expected
    one_by_one = cx.NPS(weight="w").state()
    for score, weight in zip(WEIGHED["score"], WEIGHED["w"], strict=True):
        one_by_one.add(score, weight=weight)
    assert bytes(one_by_one) == expected
    t = cx.summarize(WEIGHED, [cx.NPS(weight="w")])
    assert bytes(t.state("weighted_nps", 0)) == expected


def test_weights_make_up_for_who_answered_in_every_survey_metric() -> None:
    """Shares and means."""
    table = {"score": [5, 4, 2, 1], "w": [1, 1, 4, 2]}
    assert cx.csat(table, weights="w").value == 25.0
    assert cx.csat(table, weights="w", figure="mean").value == 19 / 8
    assert cx.ces({"score": [7, 1], "w": [3, 1]}, weights="w").value == 5.5
    assert cx.ces({"score": [7, 1], "w": [3, 1]}, weights="w", figure="net").value == 50.0


@pytest.mark.parametrize("as_column", [np.array, list, tuple])
@pytest.mark.parametrize(("weight", "shown"), [(-0.5, "-0.5"), (float("inf"), "infinity"), (2e6, "2e+06")])
def test_what_is_no_weight_is_named_with_its_row(as_column: Any, weight: float, shown: str) -> None:
    scores, weights = np.array([9, 8, 7], dtype=np.int8), as_column([1.0, weight, 1.0])
    message = (
        rf'column "weights?" .*, row 1: {re.escape(shown)} is no weight of 0 to 1,048,576: correct it, divide all '
        "weights by one number where they are too large, which changes no figure, or count"
    )
    with pytest.raises(cx.ColumnError, match=message):
        cx.nps(scores, weights=weights)
    r = cx.nps(cx.answers({"score": scores, "w": weights}, weight="w", invalid="count"))
    assert (r.n, r.invalid) == (2, 1)


@pytest.mark.parametrize(
    "weights",
    [
        [1.0, None, 2.0],
        [1.0, float("nan"), 2.0],
        np.array([1.0, np.nan, 2.0]),
        np.array([1.0, np.nan, 2.0], dtype=np.float32),
        pd.Series([1.0, None, 2.0]),
        pd.Series([1.0, None, 2.0], dtype="Float64"),
        pl.Series([1.0, None, 2.0]),
        pa.array([1.0, None, 2.0]),
        ["1", "NA", "2"],
    ],
    ids=lambda column: type(column).__module__,
)
def test_a_missing_weight_is_missing_however_it_comes(weights: Any) -> None:
    """Null, and NaN of numpy and pandas, as with scores; a NaN that is no null in Arrow is invalid."""
    scores = np.array([9, 8, 0], dtype=np.int8)
    for r in (cx.nps(scores, weights=weights), cx.nps({"score": scores, "w": weights}, weights="w")):
        assert (r.value, r.n, r.missing) == (pytest.approx(100 * (1 - 2) / 3), 2, 1)
    with pytest.raises(cx.ColumnError, match="row 1: NaN is no value: where it means none"):
        cx.nps(scores, weights=pa.array([1.0, float("nan"), 2.0]))


def test_what_means_no_weight_is_said_of_the_weight() -> None:
    table = {"score": [9, 0, 9], "w": [1, 99, 1]}
    r = cx.nps(table, weights="w", missing={"weight": [99]})
    assert (r.value, r.n, r.missing) == (100.0, 2, 1)


def test_weights_of_nothing_are_excluded_and_absent_ones_missing() -> None:
    """Every row is somewhere."""
    r = cx.nps({"score": [9, 9, 3, None], "w": [1.0, 0.0, None, 1.0]}, weights="w")
    assert (r.value, r.n, r.excluded, r.missing, r.rows) == (100.0, 1, 1, 2, 4)


def test_a_rounding_that_matters_is_a_note() -> None:
    """Weights far below a step: 1e-7 is a tenth of 2^-20."""
    with pytest.warns(cx.DataWarning, match="1 weights of"):
        r = cx.nps({"score": [9, 3], "w": [1.0, 1e-7]}, weights="w")
    assert any("multiply all weights by one number" in note for note in r.notes)
    assert not cx.nps({"score": [9, 3], "w": [0.1, 1 / 3]}, weights="w").notes


def test_weighted_and_plain_do_not_mix() -> None:
    """Neither states nor tables."""
    plain, weighted = cx.NPS().state(), cx.NPS(weight="w").state()
    with pytest.raises(cx.StateError, match="a state of nps and one of weighted_nps cannot be merged"):
        plain.merge(weighted)
    with pytest.raises(cx.ColumnError, match=re.escape('these answers carry weights: use cx.NPS(weight="w")')):
        plain.update(cx.answers(WEIGHED, weight="w"))
    with pytest.raises(cx.ColumnError, match="these answers carry no weights"):
        weighted.update(cx.answers(WEIGHED))
    with pytest.raises(cx.ColumnError, match=re.escape('these answers carry the weights of "w", not of "v"')):
        cx.NPS(weight="v").state().update(cx.answers(WEIGHED, weight="w"))
    with pytest.raises(cx.ColumnError, match="there are 2 weights for 5 answers: give one a row"):
        cx.nps(cx.answers(WEIGHED), weights=[1.0, 2.0])
    assert cx.State.from_bytes(bytes(weighted)) == weighted


QUESTIONS: dict[str, cx.Definition] = {
    "plain": cx.NPS(),
    "by w": cx.NPS(weight="w"),
    "by v": cx.NPS(weight="v"),
    "five": cx.CSAT(),
    "ten": cx.CSAT(scale="1-10"),
    "effort": cx.CES(),
    "low effort": cx.CES(scale="1-5", weight="v"),
}


@pytest.mark.parametrize("turn", range(len(QUESTIONS)))
def test_metrics_of_unlike_scales_and_weights_in_one_table_are_those_of_each_alone(turn: int) -> None:
    """Whichever comes first."""
    names = [*QUESTIONS][turn:] + [*QUESTIONS][:turn]
    table = {"score": [1, 5, 3, 7, 10, 0, None], "w": [3, 3, 1, 1, 2, 0, 1], "v": [1, 1, 3, None, 3, 2, 1]}
    t = cx.summarize(table, {name: QUESTIONS[name] for name in names}, invalid="count")
    for name in names:
        alone = QUESTIONS[name].state()
        alone.update(table, invalid="count")
        assert t.state(name, 0) == alone, name
    with pytest.raises(cx.ScaleError, match="is outside the scale 1 to 5"):
        cx.summarize(table, {"nps": cx.NPS(), "five": cx.CSAT()})


def test_a_stream_serves_all_metrics_of_one_table() -> None:
    """It is read once, though each metric reads it in its own way."""
    table = pa.table({"score": [10, 10, 0, 0], "w": [3.0, 3.0, 1.0, 1.0]})
    t = cx.summarize(table.to_reader(), {"plain": cx.NPS(), "weighted": cx.NPS(weight="w")})
    assert (t["plain"][0].value, t["weighted"][0].value) == (0.0, 50.0)


@pytest.mark.parametrize(
    "metric",
    [cx.nps, cx.ces, functools.partial(cx.csat, scale="1-10"), cx.CES(scale="1-7").state().update],
)
def test_answers_to_another_scale_are_refused_with_both_names(metric: Any) -> None:
    """Formbricks pools 1-5 and 1-7; a five of ten is no five of five."""
    with pytest.raises(cx.ScaleError, match=r"^these answers are on the scale 1-5, and \w+ reads \d+-\d+: read them"):
        metric(cx.answers({"score": [1, 2, 5]}, scale="1-5"))
    with pytest.raises(cx.ScaleError, match="on the scale 1-10, and csat reads 1-5"):
        cx.csat(cx.answers({"score": [9, 8]}, scale="1-10", invalid="count"))
    with pytest.raises(cx.ScaleError, match="on the scale 1-5, and nps reads 0-10"):
        cx.nps({"score": [3, 2, 1]}, scale="1-5")
    assert cx.nps({"score": [9]}, scale="0-10").value == 100
    assert cx.csat(cx.answers({"score": [5, 1]}, scale="1-5")).value == 50
    assert cx.csat(cx.answers({"score": [5, 1]})).value == 50  # nobody said of which scale: it is checked by value
    assert cx.answers({"score": [5], "w": [1]}, scale="1-5").weighted_by("w").scale == "1-5"


def test_two_questions_of_one_table_are_read_from_a_column_each() -> None:
    """A typed table of answers is one question, and is refused for another."""
    table = {"nps": [10, 9], "csat": [1, 4]}
    t = cx.summarize(table, [cx.NPS(score="nps"), cx.CSAT(score="csat")])
    assert (t["nps"][0].value, t["csat"][0].value) == (100.0, 50.0)
    with pytest.raises(cx.ColumnError, match=re.escape('these answers hold the scores of "nps", not of "csat"')):
        cx.summarize(cx.answers(table, score="nps"), cx.CSAT(score="csat"))


def test_answers_left_out_by_choice_are_excluded_and_never_missing() -> None:
    """Formbricks: one 10 and two dismissed are 33.33 on one screen and 100 in its cube; here by choice, and counted."""
    a = cx.answers({"score": [10, "dismissed", "dismissed", None]}, excluded={"dismissed", "not applicable"})
    r = cx.nps(a)
    assert (r.value, r.n, r.excluded, r.missing, r.rows) == (100.0, 1, 2, 1, 4)
    assert "2 excluded" in str(r)
    numbers = cx.csat([5, 1, 99, 99, 98], excluded={99}, missing=["98"])
    assert (numbers.value, numbers.excluded, numbers.missing) == (50.0, 2, 1)
    with pytest.raises(cx.ColumnError, match=r'"dismissed" is not a whole number: .* excluded= where it is left out'):
        cx.nps(["10", "dismissed"])
    with pytest.raises(cx.Error, match='excluded="dismissed" is one text'):
        cx.answers([1], excluded="dismissed")


def test_a_response_rate_by_group_of_invitations_or_of_their_numbers() -> None:
    """A row an invitation, or a row a number of them: the same states; what is not known is missing."""
    numbers = {"team": ["a", "a", "b", None], "sent": [3, 2, 4, None], "answered": [2, 0, 1, 5]}
    single = {
        "team": ["a"] * 5 + ["b"] * 4 + [None],
        "answered": [True, True, False, False, False, True, False, False, False, None],
    }
    by_number = cx.summarize(numbers, cx.ResponseRate(sent="sent"), by="team")
    by_row = cx.summarize(single, {"response_rate": cx.ResponseRate()}, by="team")
    assert by_number.keys["team"] == by_row.keys["team"] == ["a", "b", None]
    assert [r.value for r in by_number["response_rate"]] == [40.0, 25.0, None]
    assert [by_number.state("response_rate", i) for i in range(3)] == [
        by_row.state("response_rate", i) for i in range(3)
    ]
    one = cx.response_rate(numbers, sent="sent")
    assert (one.value, one.n, one.missing) == (pytest.approx(100 / 3), 9, 1)
    assert one.state() == cx.response_rate(single).state() == by_number.total["response_rate"].state()
    assert cx.response_rate(cx.invitations(single, answered="answered")).state() == one.state()
    both = cx.summarize({**single, "score": [9] * 10}, [cx.NPS(), cx.ResponseRate()], by="team")
    assert (both["nps"][0].n, both["response_rate"][0].value) == (5, 40.0)
    with pytest.raises(cx.ColumnError, match=r'column "answered", row 1: 3 answers to 2 invitations'):
        cx.response_rate({"sent": [2, 2], "answered": [1, 3]}, sent="sent")


def test_a_response_rate_of_very_many_invitations_costs_nothing() -> None:
    """Counts are added, not rows."""
    r = cx.response_rate(1, sent=10**12)
    assert (r.n, r.counts["answered"]) == (10**12, 1)
    assert cx.response_rate({"sent": [10**12], "answered": [1]}, sent="sent").state() == r.state()


def test_response_rate_is_answers_over_what_was_sent() -> None:
    """Missing and dismissed ones are no answers."""
    r = cx.response_rate([9, 10, None, "dismissed", 4], sent=10, excluded={"dismissed"})
    assert (r.value, r.n, r.counts) == (30.0, 10, {"answered": 3, "not_answered": 7})
    assert r.interval is not None
    assert round(r.interval.low, 1) == 10.8
    assert any("an answer may belong to an earlier send" in note for note in r.notes)
    assert cx.response_rate(300, sent=1200).value == 25.0
    assert cx.response_rate([], sent=0).value is None
    week = cx.response_rate(3, sent=10).state() + cx.response_rate(1, sent=30).state()
    assert (week.result().value, cx.State.from_bytes(bytes(week)).result().n) == (10.0, 40)
    with pytest.raises(cx.Error, match="5 answers to 4 invitations: some belong to an earlier send"):
        cx.response_rate([1, 2, 3, 4, 5], sent=4)
    with pytest.raises(cx.Error, match="sent=-1 is no number of invitations"):
        cx.response_rate([1], sent=-1)
