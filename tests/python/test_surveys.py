# SPDX-License-Identifier: Apache-2.0
"""Survey metrics: scales, figures, weights, what is left out, and response rates."""

from __future__ import annotations

import pickle
import re
from typing import Any

import cxmetrics as cx
import numpy as np
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
