# SPDX-License-Identifier: Apache-2.0
"""Every formula of a service level: against a recount by hand, attributed to time, and side by side."""

from __future__ import annotations

import copy
import json
import pickle
import re
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import cxmetrics as cx
import numpy as np
import pytest
from cxmetrics import _core
from hypothesis import given
from hypothesis import strategies as st

ROOT = Path(__file__).resolve().parents[2]
FORMULAS = [name for name in _core.SERVICE_LEVEL_FORMULAS if name not in _core.SERVICE_LEVEL_LAWS]
FLOW_OUTS = {
    "timeout", "left_empty", "exit_key", "callback_requested", "transferred_blind", "transferred_attended"
}  # fmt: skip
REFUSED = {"refused_full", "refused_closed"}
LOST = {"abandoned", "timeout", "left_empty", "withdrawn", "system_failure"}
START = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)

calls = st.lists(st.tuples(st.integers(0, 60), st.sampled_from(_core.OUTCOMES)), max_size=40)


def recount(formula: str, rows: list[tuple[int, str]], within: int) -> tuple[int, int]:
    """Count what stands above and below the line, contact by contact, as docs/metrics/service_level.md says."""
    answered = [wait for wait, how in rows if how == "answered"]
    hits = sum(wait <= within for wait in answered)
    late = {how: sum(wait > within and of == how for wait, of in rows) for how in _core.OUTCOMES}
    soon = {how: sum(wait <= within and of == how for wait, of in rows) for how in _core.OUTCOMES}
    every = {how: late[how] + soon[how] for how in _core.OUTCOMES}
    total = sum(every.values()) - soon["unfinished"]
    events = every["answered"] + every["abandoned"]
    events += sum(late[how] for how in (*FLOW_OUTS, *REFUSED, "withdrawn", "unfinished"))
    left = every["answered"] + every["abandoned"] + sum(every[how] for how in FLOW_OUTS)
    lost = sum(every[how] for how in LOST)
    return {
        "offered": (hits, total),
        "answered_only": (hits, len(answered)),
        "abandons_ignored": (hits, events - soon["abandoned"]),
        "abandons_negative": (hits, events),
        "abandons_positive": (hits + soon["abandoned"], events),
        "genesys": (hits, every["answered"] + every["abandoned"] + every["system_failure"]),
        "amazon": (hits + soon["abandoned"] + soon["callback_requested"], total - sum(every[h] for h in REFUSED)),
        "avaya_split": (hits, left + every["withdrawn"]),
        "avaya_vdn": (hits, left + sum(every[how] for how in REFUSED) + every["system_failure"]),
        "asterisk_sl1": (hits, len(answered)),
        "asterisk_sl2": (hits + sum(soon[how] for how in LOST), len(answered) + lost),
        "wazo_qos": (hits, len(answered)),
    }[formula]


def table_of(rows: list[tuple[int, str]]) -> dict[str, Any]:
    return {
        "wait": np.array([wait for wait, _ in rows], "timedelta64[s]"),
        "outcome": np.array([how for _, how in rows], dtype=object),
    }


@pytest.mark.filterwarnings("ignore::cxmetrics.DataWarning")
@given(calls, st.sampled_from([1, 20, 45]))
def test_every_formula_is_the_recount(rows: list[tuple[int, str]], within: int) -> None:
    table = cx.contacts(table_of(rows))
    reconciled = cx.reconcile(table, within=f"{within}s")
    for formula in FORMULAS:
        r = cx.service_level(table, within=f"{within}s", formula=formula)
        above, below = recount(formula, rows, within)
        assert (r.counts.get("above", r.counts["answered_within"]), r.n) == (above, below), formula
        assert r.value == (100 * above / below if below else None)
        assert r.rows == len(rows)
        assert reconciled[formula].to_dict() == r.to_dict()


@pytest.mark.filterwarnings("ignore::cxmetrics.DataWarning")
@given(calls)
def test_with_resolved_contacts_no_formula_falls_when_the_threshold_rises(rows: list[tuple[int, str]]) -> None:
    table = cx.contacts(table_of([(wait, how) for wait, how in rows if how != "unfinished"]))
    for formula in FORMULAS:
        figures = [cx.service_level(table, within=f"{t}s", formula=formula).value for t in (1, 10, 20, 40, 60)]
        known = [x for x in figures if x is not None]
        assert known == sorted(known), formula


@pytest.mark.filterwarnings("ignore::cxmetrics.DataWarning")
@given(calls)
def test_the_differences_add_up_to_every_formula(rows: list[tuple[int, str]]) -> None:
    t = cx.reconcile(cx.contacts(table_of(rows)), within="20s")
    offered = t["offered"]
    for row in t:
        above = offered.counts["answered_within"] + sum(d.above * d.contacts for d in row.differences)
        below = offered.n + sum(d.below * d.contacts for d in row.differences)
        assert (row.above, row.below) == (above, below), row.formula


TEN = [(10, "answered")] * 6 + [(30, "answered"), (10, "abandoned"), (40, "timeout"), (90, "unfinished")]


def test_a_formula_stands_everywhere_where_formulas_are_listed() -> None:
    # service_level_formula.hpp holds them; these are the other lists. The page needs no words of its own for one.
    names = list(_core.SERVICE_LEVEL_FORMULAS)
    schema = json.loads(files("cxmetrics").joinpath("scorecard.schema.json").read_text("utf-8"))
    told = (cx.ServiceLevel.__doc__ or "").partition("formula : str")[2].partition(". All are read")[0]
    page = (ROOT / "docs/metrics/service_level.md").read_text("utf-8").partition("| formula |")[2].partition("\n\n")[0]
    for where, listed in {
        "the enum of settings.formula in python/cxmetrics/scorecard.schema.json": (
            schema["$defs"]["settings"]["properties"]["formula"]["enum"]
        ),
        "the docstring of ServiceLevel in python/cxmetrics/_contact/service_level.py": re.findall(r'"(\w+)"', told),
        "the first table of docs/metrics/service_level.md": re.findall(r"^\| `(\w+)`", page, re.MULTILINE),
    }.items():
        assert listed == names, f"{where} lists other formulas than service_level_formula.hpp: make them the same"


def test_reconcile_is_one_table() -> None:
    t = cx.reconcile(cx.contacts(table_of(TEN)), within="20s")
    assert [row.formula for row in t] == list(_core.SERVICE_LEVEL_FORMULAS)
    assert t.lowest is not None
    assert t.highest is not None
    assert (t.lowest.formula, t.highest.formula) == ("offered", "answered_only")
    assert t.spread == pytest.approx(600 / 7 - 60)
    assert t["amazon"].counts["above"] == 7
    lines = str(t).splitlines()
    assert lines[0] == (
        "Service level 20s by 13 formulas, 25.7 points apart: 60.0 % (offered) to 85.7 % (answered_only)"
    )
    only = next(line for line in lines if line.startswith("answered_only"))
    assert only.endswith("-1 below (abandoned); -1 below (timeout); -1 below (waiting beyond)")
    law = next(line for line in lines if line.startswith("es_law"))
    assert law.endswith("within 3min; +1 above (answered within); -1 below (waiting beyond)")
    with pytest.raises(cx.Error, match='no formula "mine" here: there are offered'):
        t["mine"]


def test_reconcile_becomes_any_table() -> None:
    t = cx.reconcile(cx.contacts(table_of(TEN)), within="20s")
    frame = t.to_pandas()
    assert list(frame["formula"]) == [row.formula for row in t]
    assert list(frame.columns) == [
        "formula", "within", "value", "low", "high", "above", "below", "pending", "differs"
    ]  # fmt: skip
    assert t.to_polars().equals(t.to_polars().clone())
    assert t.to_polars()["above"].to_list() == [row.above for row in t]
    assert t.to_dicts()[0]["value"] == 60.0
    markup = t._repr_html_()
    assert markup.count("<tr>") == 14
    assert "25.7 points apart" in markup


def test_reconcile_of_nothing_has_no_figures() -> None:
    t = cx.reconcile(cx.contacts(table_of([])), within="20s")
    assert t.spread is None
    assert t.lowest is None
    assert str(t).startswith("Service level 20s: no contacts that any formula divides by")
    assert t.to_arrow().num_rows == 13


def test_a_yes_or_no_serves_only_where_nobody_asks_how_the_others_left() -> None:
    table = {"wait": np.array([5, 9], "timedelta64[s]"), "answered": [True, False]}
    assert cx.service_level(table, within="20s").value == 50.0
    with pytest.raises(cx.ColumnError, match='formula="amazon" tells abandoned contacts from others'):
        cx.service_level(table, within="20s", formula="amazon")
    with pytest.raises(cx.ColumnError, match="who was answered and not who left, which service_level counts"):
        cx.service_level(table, within="20s", short_abandon="5s")
    with pytest.raises(cx.ColumnError, match="who was answered and not who left, which abandonment counts"):
        cx.abandonment(table)
    t = cx.reconcile(table, within="20s")
    assert [row.formula for row in t] == [
        "offered", "answered_only", "asterisk_sl1", "wazo_qos", "es_law_10_2025"
    ]  # fmt: skip
    assert "does not say who left" in t.notes[-1]


def test_a_law_has_its_own_threshold() -> None:
    table = cx.contacts(table_of(TEN))
    with pytest.raises(cx.UnitError, match='is about 3min, not 20s: use within="3min"'):
        cx.service_level(table, within="20s", formula="es_law_10_2025")
    law = cx.service_level(table, within="180s", formula="es_law_10_2025")
    assert law.value == pytest.approx(700 / 9)
    assert "request for a person" in law.notes[0]


def test_switches_belong_to_genesys() -> None:
    table = cx.contacts(table_of([(10, "answered"), (3, "abandoned"), (30, "abandoned"), (40, "timeout")]))

    def n(**switches: bool) -> int:
        return cx.service_level(table, within="20s", formula="genesys", short_abandon="5s", **switches).n

    assert n() == 2
    assert n(include_short_abandons=True) == 3
    assert n(include_flow_outs=True) == 3
    assert n(include_abandons=False) == 1
    assert n(include_abandons=False, include_short_abandons=True, include_flow_outs=True) == 2
    with pytest.raises(cx.Error, match='switches of formula="genesys": "amazon" has none'):
        cx.service_level(table, within="20s", formula="amazon", include_flow_outs=True)


def test_an_unknown_formula_or_rule_is_an_error_that_lists_them() -> None:
    table = cx.contacts(table_of(TEN))
    with pytest.raises(cx.Error, match='formula="mine" is unknown: use one of "offered", "answered_only"'):
        cx.service_level(table, within="20s", formula="mine")
    with pytest.raises(cx.Error, match='comparison="=<" is unknown: use one of "<=", "<"'):
        cx.service_level(table, within="20s", comparison="=<")
    with pytest.raises(cx.Error, match='attribution="end" is unknown'):
        cx.service_level(table, within="20s", attribution="end")


def test_the_threshold_itself_is_within_or_not() -> None:
    table = cx.contacts(table_of([(20, "answered"), (19, "answered")]))
    assert cx.service_level(table, within="20s").value == 100.0
    r = cx.service_level(table, within="20s", comparison="<")
    assert (r.value, r.formula) == (50.0, "answered in less than 20s / offered")


def test_contacts_over_at_once_are_left_out_and_need_talk() -> None:
    table = {
        "wait": np.array([5, 5, 5, 5], "timedelta64[s]"),
        "talk": np.array([2, 60, "NaT", "NaT"], "timedelta64[s]"),
        "outcome": ["answered", "answered", "answered", "abandoned"],
    }
    r = cx.service_level(table, within="20s", short_answer="5s")
    assert (r.n, r.excluded, r.counts["short_answers"]) == (3, 1, 1)
    with pytest.raises(cx.ColumnError, match='no column "talk"'):
        cx.service_level(table_of(TEN), within="20s", short_answer="5s")
    state = cx.ServiceLevel("20s", short_answer="5s").state()
    state.add(wait="5s", outcome="answered", talk="2s")
    state.add(wait="5s", outcome="answered", talk="1min")
    assert (state.result().n, state.result().excluded) == (1, 1)


DEFINITIONS = [
    cx.ServiceLevel("20s"),
    cx.ServiceLevel("20s", comparison="<"),
    cx.ServiceLevel("20s", short_abandon="5s"),
    cx.ServiceLevel("20s", short_answer="5s"),
    cx.ServiceLevel("20s", attribution="event"),
    cx.ServiceLevel("20s", attribution="service_level_event"),
]


@pytest.mark.parametrize("definition", DEFINITIONS)
def test_what_shapes_the_state_stands_in_its_bytes(definition: cx.ServiceLevel) -> None:
    state = definition.state()
    again = cx.State.from_bytes(bytes(state))
    assert again.definition == definition
    assert pickle.loads(pickle.dumps(state)) == state == copy.copy(state)
    for other in DEFINITIONS:
        if other != definition:
            with pytest.raises(cx.StateError):
                state.merge(other.state())
    amazon = cx.ServiceLevel("20s", formula="amazon").state()
    if definition == cx.ServiceLevel("20s"):
        state.merge(amazon)  # how a figure is read does not shape the state
        assert cx.ServiceLevel("20s").state() == amazon


def two_half_hours(*, attribution: str, formula: str = "offered") -> list[tuple[float | None, int]]:
    """Return the half hours from 7:00 of four contacts around 7:30."""
    table = cx.contacts(
        {
            "entered": [START + timedelta(minutes=m) for m in (28, 29, 29, 35)],
            "wait": np.array([240, 10, 600, 5], "timedelta64[s]"),  # 7:32 answered: the documented example
            "outcome": ["answered", "answered", "abandoned", "answered"],
            "queue": ["a", "a", "a", "b"],
        },
        tz="UTC",
    )
    t = cx.summarize(table, cx.ServiceLevel("300s", attribution=attribution, formula=formula), every="30min")
    by_queue = cx.summarize(
        table, cx.ServiceLevel("300s", attribution=attribution, formula=formula), every="30min", by="queue"
    )
    assert by_queue.total["service_level_5min"].counts == t.total["service_level_5min"].counts
    return [(r.value, r.n) for r in t["service_level_5min"]]


def test_by_arrival_everything_counts_where_a_contact_entered() -> None:
    assert two_half_hours(attribution="arrival") == [(pytest.approx(200 / 3), 3), (100.0, 1)]


def test_by_event_offered_counts_at_the_entry_and_the_outcome_when_it_happens() -> None:
    # Source: Genesys Cloud: in at 7:28, answered at 7:32: offered in 7:00 to 7:30 and answered in 7:30 to 8:00.
    assert two_half_hours(attribution="event") == [(pytest.approx(100 / 3), 3), (200.0, 1)]
    assert two_half_hours(attribution="event", formula="genesys") == [(100.0, 1), (pytest.approx(200 / 3), 3)]


def test_by_service_level_event_a_contact_counts_at_the_first_of_its_end_and_the_threshold() -> None:
    # 7:28 + 240 s = 7:32; 7:29:10; 7:29 + 300 s = 7:34, a failure before it ends at 7:39; 7:35:05.
    assert two_half_hours(attribution="service_level_event") == [(100.0, 1), (pytest.approx(200 / 3), 3)]


def test_by_event_a_contact_is_two_rows_and_says_so() -> None:
    table = cx.contacts(
        {
            "wait": np.array([10, 30, 90], "timedelta64[s]"),
            "outcome": ["answered", "abandoned", "unfinished"],
        }
    )
    r = cx.service_level(table, within="20s", attribution="event")
    assert (r.n, r.rows, r.counts["arrived"]) == (3, 6, 3)  # three arrivals, two outcomes, and one that waits too long
    assert r.value == pytest.approx(100 / 3)
    assert "do not add up" in r.notes[0]


def level_by(attribution: str, rows: list[tuple[int, str]], **how: Any) -> cx.Result:
    waits, outcomes = zip(*rows, strict=True)
    table = cx.contacts({"wait": np.array(waits, "timedelta64[s]"), "outcome": list(outcomes)})
    return cx.service_level(table, within="20s", attribution=attribution, **how)


WAITED = [
    *((5, "answered"), (30, "answered"), (3, "abandoned"), (25, "abandoned"), (5, "unfinished"), (100, "unfinished")),
    *((0, "refused_full"), (0, "refused_closed"), (3, "callback_requested"), (60, "timeout"), (1, "system_failure")),
]


@pytest.mark.parametrize("short_abandon", [None, "5s"])
@pytest.mark.parametrize("formula", [name for name in cx._core.SERVICE_LEVEL_FORMULAS if name != "es_law_10_2025"])
def test_over_all_time_a_level_is_the_same_whenever_a_contact_counts(formula: str, short_abandon: str | None) -> None:
    how = {"formula": formula, "short_abandon": short_abandon}
    expected, *others = (level_by(name, WAITED, **how) for name in ("arrival", "event", "service_level_event"))
    for r in others:
        assert (r.value, r.n) == (expected.value, expected.n)
        assert r.counts["waiting_beyond"] == expected.counts["waiting_beyond"]
        assert (r.pending, r.counts.get("arrived", 11)) == (1, 11)


def test_by_event_whom_the_limits_leave_out_is_not_offered() -> None:
    r = level_by("event", [(5, "answered"), (30, "answered"), (3, "abandoned"), (3, "abandoned")], short_abandon="5s")
    assert (r.value, r.n, r.counts["short_abandons"], r.excluded) == (50.0, 2, 2, 6)  # two rows each, and two answers
    definition = cx.ServiceLevel("20s", attribution="event", short_answer="10s")
    state = definition.state()
    state.add(wait="5s", outcome="answered", talk="3min")
    state.add(wait="5s", outcome="answered", talk="4s")
    state.add(wait="30s", outcome="abandoned", talk=None)
    r = state.result()
    assert (r.value, r.n, r.counts["short_answers"], r.counts["arrived"]) == (50.0, 2, 1, 3)


def test_no_bucket_is_read_from_memory_that_was_given_back() -> None:
    # Instants that a definition makes live only as long as they are needed: each definition must get its own.
    n = 5_000
    random = np.random.default_rng(1)
    table = cx.contacts(
        {
            "entered": np.datetime64("2026-03-02T07:00:00") + random.integers(0, 36_000, n).astype("timedelta64[s]"),
            "wait": random.integers(0, 4_000, n).astype("timedelta64[s]"),
            "outcome": random.choice(["answered", "abandoned"], n),
        },
        tz="UTC",
    )
    together = {
        f"{attribution}_{within}": cx.ServiceLevel(within, attribution=attribution)
        for attribution in ("event", "service_level_event", "arrival")
        for within in ("20s", "30min")
    }
    both = cx.summarize(table, together, every="30min")
    for name, definition in together.items():
        alone = cx.summarize(table, {name: definition}, every="30min", fill=True)
        found = {row["start"]: row[f"{name}_n"] for row in both.to_dicts() if row[f"{name}_n"]}
        assert found == {row["start"]: row[f"{name}_n"] for row in alone.to_dicts() if row[f"{name}_n"]}, name


def test_abandonment_has_the_denominators_of_the_systems() -> None:
    rows = [(10, "answered")] * 4 + [(3, "abandoned"), (30, "abandoned"), (40, "timeout"), (1, "refused_full")]
    table = cx.contacts(table_of(rows))

    def figure(formula: str, **limit: Any) -> tuple[float | None, int]:
        r = cx.abandonment(table, formula=formula, **limit)
        assert r.rows == 8
        return r.value, r.n

    assert figure("offered") == (25.0, 8)
    assert figure("answered_and_abandoned") == (pytest.approx(200 / 6), 6)
    assert figure("amazon") == (pytest.approx(200 / 7), 7)
    assert figure("genesys") == (25.0, 8)
    assert figure("asterisk") == (pytest.approx(300 / 7), 7)
    assert figure("freeswitch") == (pytest.approx(300 / 7), 7)
    assert figure("zendesk") == (50.0, 8)
    assert figure("offered", short_abandon="5s") == (pytest.approx(100 / 7), 7)
    assert figure("genesys", short_abandon="5s") == (25.0, 8)
    state = cx.Abandonment(short_abandon="5s").state()
    state.add(wait="3s", outcome="abandoned")
    state.add(wait="30s", outcome="abandoned")
    assert (state.result().n, state.result().excluded) == (1, 1)
    assert cx.State.from_bytes(bytes(state)).definition == cx.Abandonment(short_abandon="5s")


def test_two_clocks_of_a_wait() -> None:
    # Source: Asterisk's attended transfer between two queues, worked: legs of 12 and 7 s, entered 131 s apart.
    log = [
        b"1700000259|a|1501|NONE|ENTERQUEUE||5551|1",
        b"1700000271|a|1501|7009|CONNECT|12|x|11",
        b"1700000390|a|1501|7009|COMPLETEAGENT|12|119|1",
        b"1700000390|a|1509|NONE|ENTERQUEUE||5551|1",
        b"1700000395|a|1509|NONE|ABANDON|1|1|5",
        b"1700000400|b|1501|NONE|ENTERQUEUE||5552|1",
        b"1700000410|b|1501|NONE|EXITWITHTIMEOUT|1|1|10",
        b"1700000410|b|1509|NONE|ENTERQUEUE||5552|1",
        b"1700000417|b|1509|7010|CONNECT|7|y|3",
        b"1700000500|b|1509|7010|COMPLETECALLER|7|83|1",
    ]
    import io

    table = cx.read_queue_log(io.BytesIO(b"\n".join(log) + b"\n"), tz="UTC")
    leg, contact = cx.wait_time(table), cx.wait_time(table, clock="contact")
    assert (leg.n, leg.mean) == (2, 9.5)  # 12 and 7 s
    assert (contact.n, contact.mean) == (2, 14.5)  # 12, and 10 + 7 s through two queues
    assert contact.rows == 2
    assert cx.wait_time(table, of="all").max == 12.0
    assert cx.wait_time(table, of="all", clock="contact").max == 17.0
    t = cx.summarize(table, cx.WaitTime(clock="contact"), by="queue", every="1h")
    assert [(row["queue"], row["wait_time_n"]) for row in t.to_dicts()] == [("1501", 2)]  # where each began
    with pytest.raises(cx.StateError):
        cx.WaitTime().state().merge(cx.WaitTime(clock="contact").state())


def test_times_of_agents() -> None:
    table = {
        "talk": np.array([60, 180, "NaT", "NaT"], "timedelta64[s]"),
        "hold": np.array([0, 30, "NaT", "NaT"], "timedelta64[s]"),
        "wrap_up": np.array([20, 10, "NaT", "NaT"], "timedelta64[s]"),
        "outcome": ["answered", "answered", "abandoned", "answered"],
    }
    talk = cx.talk_time(table)
    assert (talk.mean, talk.n, talk.excluded, talk.missing) == (120.0, 2, 1, 1)
    assert cx.handle_time(table).mean == 150.0
    assert cx.hold_time(table).mean == 30.0
    assert (cx.hold_time(table).n, cx.hold_time(table).excluded) == (1, 2)
    assert cx.hold_time(table, of="answered").mean == 15.0
    for definition in (cx.TalkTime(), cx.HandleTime(), cx.HoldTime(), cx.HoldTime(of="answered")):
        assert cx.State.from_bytes(bytes(definition.state())).definition == definition
    with pytest.raises(cx.Error, match='of="all" is unknown'):
        cx.hold_time(table, of="all")
    with pytest.raises(cx.ColumnError, match='no column "hold"'):
        cx.hold_time({"talk": [1], "outcome": ["answered"]}, unit="s")


def test_the_largest_queue_leaves_out_what_is_no_contact() -> None:
    table = {
        "entered": [START, START + timedelta(seconds=5), START + timedelta(seconds=6)],
        "wait": np.array([10, 10, 10], "timedelta64[s]"),
        "outcome": ["answered", "abandoned", "PHANTOM"],
    }
    outcomes = {"answered": "answered", "abandoned": "abandoned", "PHANTOM": None}
    peak = cx.largest_queue(table, outcomes=outcomes, tz="Europe/Amsterdam")
    assert peak is not None
    assert (peak.contacts, peak.since.isoformat()) == (2, "2026-03-02T08:00:05+01:00")
    assert cx.largest_queue({"entered": [START], "wait": np.array([0], "timedelta64[s]")}) is None


def test_transfers_are_counted_of_what_was_answered() -> None:
    table = {
        "passed_on": ["0", "2", "1", "", "0"],
        "outcome": ["answered", "answered", "abandoned", "answered", "unfinished"],
    }
    r = cx.transfer_rate(table, transfers="passed_on")
    assert (r.value, r.n, r.excluded, r.missing, r.pending) == (50.0, 2, 1, 1, 1)
    assert cx.contacts(table, transfers="passed_on").readings["transfers"].maximum == 2
    with pytest.raises(cx.ColumnError, match='column "passed_on" counts how often: -1 is no whole number from 0'):
        cx.transfer_rate({"passed_on": [0, -1], "outcome": ["answered"] * 2}, transfers="passed_on")
    odd = {"passed_on": ["0", "often"], "outcome": ["answered"] * 2}
    assert cx.transfer_rate(odd, transfers="passed_on", invalid="count").invalid == 1
    state = cx.TransferRate().state()
    state.add(transfers=1, outcome="answered")
    assert state.result().value == 100.0
    with pytest.raises(cx.Error, match="outcome='lost' does not exist"):
        state.add(transfers=1, outcome="lost")


def test_the_two_clocks_of_a_log_are_its_columns() -> None:
    # The reader of the log keeps the contact's clock too: what is read from legs must agree with it.
    import io

    log = [
        b"1700000400|b|1501|NONE|ENTERQUEUE||5552|1",
        b"1700000410|b|1501|NONE|EXITWITHTIMEOUT|1|1|10",
        b"1700000410|b|1509|NONE|ENTERQUEUE||5552|1",
        b"1700000417|b|1509|7010|CONNECT|7|y|3",
        b"1700000500|b|1509|7010|COMPLETECALLER|7|83|1",
    ]
    table = cx.read_queue_log(io.BytesIO(b"\n".join(log) + b"\n"))
    assert cx.wait_time(table, clock="contact").mean == table.array("wait_contact")[-1] / 1e6 == 17.0
