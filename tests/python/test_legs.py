# SPDX-License-Identifier: Apache-2.0
"""A call that goes from queue to queue is one contact: to who comes back, to a law, and to the page."""

from __future__ import annotations

import io
import random
from pathlib import Path
from typing import Any

import cxmetrics as cx
import numpy as np
import pytest

pytestmark = pytest.mark.filterwarnings("ignore::cxmetrics.DataWarning")  # logs of a few lines end in mid-day

START = 1_600_000_000
DAY = 86_400
LATER = [  # somebody else, when every window is over
    (30 * DAY, "z|q|NONE|ENTERQUEUE||5559|1"),
    (30 * DAY + 5, "z|q|NONE|ABANDON|1|1|5"),
]
TIMED_OUT = [
    (0, "a|q|NONE|ENTERQUEUE||5551|1"),
    (20, "a|q|NONE|EXITWITHTIMEOUT|1|1|20"),
    (21, "a|r|NONE|ENTERQUEUE||5551|1"),
    (30, "a|r|m|CONNECT|9|x|1"),
    (40, "a|r|m|COMPLETEAGENT|9|10|1"),
]
PUT_THROUGH = [
    (0, "a|q|NONE|ENTERQUEUE||5551|1"),
    (20, "a|q|m|CONNECT|20|x|1"),
    (30, "a|q|m|BLINDTRANSFER|1|c|20|10|1"),
    (31, "a|r|NONE|ENTERQUEUE||5551|1"),
    (40, "a|r|n|CONNECT|9|x|1"),
    (50, "a|r|n|COMPLETEAGENT|9|10|1"),
]
# Source: asterisk/asterisk #759, an attended transfer that swaps two ids.
SWAPPED = [
    (259, "A|1501|NONE|ENTERQUEUE||5551234|1"),
    (271, "A|1501|7009|CONNECT|12|x|11"),
    (390, "B|1509|NONE|ENTERQUEUE||7009|1"),
    (391, "B|1501|7009|ATTENDEDTRANSFER|APP|Queue|12|120|1"),
    (397, "A|1509|7051|CONNECT|7|y|5"),
    (570, "A|1509|7051|COMPLETEAGENT|7|173|1"),
]


def read(*lines: tuple[int, str], **how: Any) -> cx.Contacts:
    text = "".join(f"{START + at}|{rest}\n" for at, rest in lines)
    return cx.read_queue_log(io.BytesIO(text.encode()), tz="UTC", **how)


@pytest.mark.parametrize("lines", [TIMED_OUT, PUT_THROUGH, SWAPPED], ids=["timed out", "blind", "attended"])
@pytest.mark.parametrize("clock", ["ended", "entered"])
def test_one_call_through_two_queues_is_not_its_own_repeat(lines: list[tuple[int, str]], clock: str) -> None:
    calls = read(*lines, *LATER)
    r = cx.first_contact_resolution(calls, window="7d", clock=clock)
    assert (r.value, r.n, r.counts["repeat"], r.pending, r.rows) == (100.0, 1, 0, 1, 2)
    assert [(each.n, each.counts["repeat"]) for each in cx.repeat_curve(calls, windows=("1d", "7d"), clock=clock)] == [
        (1, 0),
        (1, 0),
    ]


def test_a_contact_comes_back_from_the_end_of_its_last_leg() -> None:
    again = [(7 * DAY + 35, "b|q|NONE|ENTERQUEUE||5551|1"), (7 * DAY + 40, "b|q|NONE|ABANDON|1|1|5")]
    calls = read(*TIMED_OUT, *again, *LATER)
    assert cx.first_contact_resolution(calls, window="7d").counts["repeat"] == 1  # 40 s + 7 days are not over
    assert cx.first_contact_resolution(calls, window="7d", clock="entered").counts["repeat"] == 0


def test_a_contact_whose_last_leg_is_open_has_no_end() -> None:
    r = cx.first_contact_resolution(read(*TIMED_OUT[:-1]), window="7d")
    assert (r.counts["open"], r.pending, r.rows) == (1, 1, 1)


def test_a_contact_is_answered_if_any_leg_was() -> None:
    calls = read(*TIMED_OUT, *LATER)
    assert cx.first_contact_resolution(calls, window="7d", first=["answered"]).n == 1
    assert cx.first_contact_resolution(calls, window="7d", first=["timeout"]).n == 0


@pytest.mark.parametrize("column", [None, "transfers", "transfer"])
@pytest.mark.parametrize("lines", [PUT_THROUGH, SWAPPED], ids=["blind", "attended"])
def test_a_transfer_in_a_log_fails_the_first_contact(lines: list[tuple[int, str]], column: str | None) -> None:
    calls = read(*lines, *LATER)
    r = cx.first_contact_resolution(calls, window="7d", transfer="fails", transferred=column)
    assert (r.value, r.counts["transferred"]) == (0.0, 1)
    assert cx.first_contact_resolution(calls, window="7d").value == 100.0


def test_groups_and_buckets_of_who_comes_back_are_those_of_the_first_leg() -> None:
    t = cx.summarize(read(*TIMED_OUT, *LATER), cx.FirstContactResolution(), by="queue", every="1d")
    rows = [(row["queue"], row["first_contact_resolution"], row["first_contact_resolution_n"]) for row in t.to_dicts()]
    assert rows == [("q", 100.0, 1), ("q", None, 0)]
    assert t.total["first_contact_resolution"].rows == 2


def test_a_table_of_who_comes_back_counts_what_may_be_a_repeat_from_before() -> None:
    calls = {
        "customer": [f"c{i % 7}" for i in range(200)],
        "entered": (np.datetime64("2026-03-01T00:00", "s") + np.arange(200) * np.timedelta64(9000, "s")),
        "queue": ["q" if i % 3 else "r" for i in range(200)],
    }
    definition = cx.FirstContactResolution(window="2d", clock="entered")
    one = cx.first_contact_resolution(calls, window="2d", clock="entered", tz="UTC")
    t = cx.summarize(calls, {"back": definition}, by="queue", every="1d", tz="UTC", fill=True)
    assert one.counts["left_unknown"] > 0
    assert t.total["back"].counts == one.counts
    assert sum(r.counts["left_unknown"] for r in t["back"]) == one.counts["left_unknown"]
    assert [r.counts for r in t.rollup().total.values()] == [one.counts]
    assert sum(r.counts["left_unknown"] for r in t.rollup(by="queue")["back"]) == one.counts["left_unknown"]


def test_a_clustered_interval_is_refused_in_groups_by_its_name() -> None:
    with pytest.raises(cx.Error, match='interval="clustered" is of one figure'):
        cx.summarize(read(*TIMED_OUT, *LATER), cx.FirstContactResolution(interval="clustered"), by="queue")


def test_a_law_follows_the_contact_through_its_queues() -> None:
    # 120 s in one queue and 100 s in the next: an answer after 221 s.
    calls = read(
        (0, "a|q|NONE|ENTERQUEUE||5551|1"),
        (120, "a|q|NONE|EXITWITHTIMEOUT|1|1|120"),
        (121, "a|r|NONE|ENTERQUEUE||5551|1"),
        (221, "a|r|m|CONNECT|100|x|1"),
        (240, "a|r|m|COMPLETEAGENT|100|19|1"),
    )
    law = {"within": "180s", "formula": "es_law_10_2025"}
    leg, contact = cx.service_level(calls, **law), cx.service_level(calls, **law, clock="contact")
    assert (leg.value, leg.n, contact.value, contact.n) == (50.0, 2, 0.0, 1)
    assert contact.parameters["clock"] == "contact"
    assert any('clock="contact"' in note for note in leg.notes)
    assert not any('clock="contact"' in note for note in contact.notes)
    assert cx.service_level(calls, within="221s", clock="contact").value == 100.0
    short = cx.service_level(calls, within="221s", short_answer="19s", clock="contact")
    assert (short.n, short.counts["short_answers"]) == (0, 1)


def test_every_exit_but_the_last_is_no_abandon_of_a_contact() -> None:
    calls = read(*TIMED_OUT)
    for formula in ("zendesk", "freeswitch"):
        assert cx.abandonment(calls, formula=formula).value == 50.0
        assert cx.abandonment(calls, formula=formula, clock="contact").value == 0.0
    lost = read(*TIMED_OUT[:3], (26, "a|r|NONE|ABANDON|1|1|5"))
    r = cx.abandonment(lost, short_abandon="25s", clock="contact")
    assert (r.value, r.n, r.counts["short_abandons"]) == (100.0, 1, 0)  # it waited 26 s through both


def test_reconcile_says_whose_figures_they_are() -> None:
    calls = read(*TIMED_OUT)
    legs, contacts = cx.reconcile(calls, within="20s"), cx.reconcile(calls, within="20s", clock="contact")
    assert (legs["offered"].n, contacts["offered"].n) == (2, 1)
    assert "of contacts" in str(contacts)
    assert any('clock="contact"' in note for note in legs.notes)
    assert not any('clock="contact"' in note for note in contacts.notes)


def test_two_clocks_do_not_merge_and_stand_in_the_bytes() -> None:
    for definition in (cx.ServiceLevel("20s", clock="contact"), cx.Abandonment(clock="contact")):
        assert cx.State.from_bytes(bytes(definition.state())).definition == definition
    with pytest.raises(cx.StateError):
        cx.Abandonment().state().merge(cx.Abandonment(clock="contact").state())
    with pytest.raises(cx.StateError):
        cx.ServiceLevel("20s").state().merge(cx.ServiceLevel("20s", clock="contact").state())
    state = cx.ServiceLevel("20s", clock="contact").state()
    state.add(wait="5s", outcome="answered")  # one row is one contact
    assert state.result().value == 100.0
    with pytest.raises(cx.Error, match='clock="queue"'):
        cx.service_level({"wait": [1], "outcome": ["answered"]}, within="20s", clock="queue", unit="s")


def test_rows_without_ids_are_not_taken_for_contacts() -> None:
    table = {"wait": [1, 2], "outcome": ["answered", "abandoned"]}
    with pytest.raises(cx.ColumnError, match='no column "contact"'):
        cx.service_level(table, within="20s", clock="contact", unit="s")
    ids = table | {"contact": ["a", "b"]}
    assert cx.service_level(ids, within="20s", clock="contact", unit="s").n == 2


@pytest.mark.parametrize("attribution", ["arrival", "event", "service_level_event"])
def test_contacts_stand_in_the_bucket_and_the_queue_of_their_first_leg(attribution: str) -> None:
    calls = read(*TIMED_OUT)
    level = cx.ServiceLevel("60s", clock="contact", attribution=attribution)
    t = cx.summarize(calls, {"level": level}, by="queue", every="1d")
    assert [(row["queue"], row["level"], row["level_n"]) for row in t.to_dicts()] == [("q", 100.0, 1)]


def test_an_invalid_wait_is_one_invalid_row_where_arrival_and_outcome_are_two() -> None:
    table = {"wait": [-1, 2], "outcome": ["answered", "answered"], "entered": ["2026-03-02T09:00Z"] * 2}
    r = cx.service_level(table, within="20s", attribution="event", unit="s", invalid="count")
    assert (r.n, r.invalid, r.rows) == (1, 1, 3)
    t = cx.summarize(
        table, {"s": cx.ServiceLevel("20s", attribution="event")}, every="1h", tz="UTC", unit="s", invalid="count"
    )
    assert t.total["s"].rows == 3


def test_transfers_are_counted_of_contacts_beside_the_rate_of_answers() -> None:
    calls = read(*SWAPPED)
    assert (cx.transfer_rate(calls).value, cx.transfer_rate(calls).n) == (50.0, 2)
    r = cx.transfers_per_contact(calls)
    assert (r.value, r.n, r.counts["transfers"], r.counts["passed_on"]) == (1.0, 1, 1, 1)
    assert str(r).startswith("Transfers 1.00 per contact")


def test_a_transfer_rate_has_the_intervals_of_shares() -> None:
    table = {"transfers": [1, 0, 0, 0, 0], "outcome": ["answered"] * 5}
    methods = ("wilson", "clopper_pearson", "jeffreys")
    found = {method: cx.transfer_rate(table, interval=method).interval for method in methods}
    assert all(interval is not None and interval.method == method for method, interval in found.items())
    # Source: Clopper and Pearson for 1 of 5, any table of binomial limits.
    assert (round(found["clopper_pearson"].low, 2), round(found["clopper_pearson"].high, 2)) == (0.51, 71.64)
    with pytest.raises(cx.Error, match='interval="wald"'):
        cx.transfer_rate(table, interval="wald")


def test_the_longest_wait_of_all_is_also_that_of_who_still_waits() -> None:
    # Source: Amazon Connect, maximum queued time: over all contacts put in queue.
    calls = read(
        (0, "a|q|NONE|ENTERQUEUE||1|1"),
        (1, "b|q|NONE|ENTERQUEUE||2|1"),
        (5, "b|q|m|CONNECT|4|x|1"),
        (4000, "c|q|NONE|ENTERQUEUE||3|1"),
    )
    everybody = cx.wait_time(calls, of="all")
    assert (everybody.max, everybody.n, everybody.pending) == (4000.0, 1, 2)
    assert cx.wait_time(calls).max == 4.0
    both = sum([everybody.state(), cx.wait_time({"wait": [1], "outcome": ["answered"]}, of="all", unit="s").state()])
    assert cx.State.from_bytes(bytes(both)).result().max == 4000.0


def test_a_part_of_the_handle_time_that_is_invalid_makes_the_row_invalid() -> None:
    table = {"talk": [60, 60, None], "hold": [-5, 5, 5], "outcome": ["answered"] * 3}
    r = cx.handle_time(table, invalid="count", unit="s")
    assert (r.n, r.mean, r.invalid, r.missing) == (1, 65.0, 1, 1)


def test_whole_contacts_agree_with_legs_put_together_one_by_one() -> None:
    rng = random.Random(5)
    for _ in range(20):
        lines: list[tuple[int, str]] = []
        for call in range(rng.randrange(1, 25)):
            at = rng.randrange(3000)
            for _ in range(rng.randrange(1, 4)):
                queue, wait, talk = rng.choice("qr"), rng.randrange(1, 60), rng.randrange(1, 90)
                lines.append((at, f"c{call}|{queue}|NONE|ENTERQUEUE||555{call % 6}|1"))
                how = rng.choice(["ABANDON", "EXITWITHTIMEOUT", "answer", "transfer", "open"])
                if how == "open":
                    break
                at += wait
                if how in ("answer", "transfer"):
                    lines.append((at, f"c{call}|{queue}|m|CONNECT|{wait}|x|1"))
                    at += talk
                    end = "COMPLETEAGENT|" if how == "answer" else "BLINDTRANSFER|1|c|"
                    lines.append((at, f"c{call}|{queue}|m|{end}{wait}|{talk}|1"))
                else:
                    lines.append((at, f"c{call}|{queue}|NONE|{how}|1|1|{wait}"))
                at += rng.randrange(1, 50)
        calls = read(*sorted(lines, key=lambda line: line[0]))
        names = ("entered", "wait", "ended", "transfers", "talk", "outcome", "leg")
        columns = {name: calls.array(name) for name in names}
        keys, _ = calls.key("contact")
        legs: dict[int, list[dict[str, int]]] = {}
        for row in np.lexsort((columns["leg"], columns["entered"])):
            legs.setdefault(int(keys[row]), []).append({name: int(columns[name][row]) for name in names})
        whole = [(some, next((leg for leg in some if leg["outcome"] == 0), some[-1])) for some in legs.values()]
        waits = [leg["entered"] + leg["wait"] - some[0]["entered"] for some, leg in whole]
        in_time = [leg["outcome"] == 0 and wait <= 30_000_000 for (_, leg), wait in zip(whole, waits, strict=True)]
        r = cx.service_level(calls, within="30s", clock="contact", formula="answered_only")
        assert (r.rows, r.counts["answered_within"]) == (len(whole), sum(in_time))
        assert r.n == sum(leg["outcome"] == 0 for _, leg in whole)
        t = cx.transfers_per_contact(calls)
        assert t.counts["transfers"] == sum(
            leg["transfers"] for some, decisive in whole if decisive["outcome"] == 0 for leg in some
        )
        back = cx.first_contact_resolution(calls, window="1h", until="2030-01-01T00:00Z")
        assert back.counts["open"] == sum(some[-1]["ended"] < 0 for some, _ in whole)
        assert back.rows == len(whole)


def test_a_call_belongs_to_the_hour_in_which_it_entered() -> None:
    # Source: xivo-dao: enter 10:57:11.559080, connect 10:57:19.461280 (8, 4), complete 11:06:10.374302 (8, 531). There
    # the call counts when it is over: not in a window up to 10:59:59.999999, and once from 11:00 to 11:59. Here it
    # belongs to its arrival, once as well; by event its answer does too, for it came before eleven.
    ten = 1_344_002_400 - START  # 2012-08-03 14:00 UTC: ten in Montreal
    enter, connect, complete = (ten + 3431.55908, ten + 3439.46128, ten + 3970.374302)
    text = (
        f"{START + enter:.6f}|1.1|IT|NONE|ENTERQUEUE||5|1\n{START + connect:.6f}|1.1|IT|Agent/1|CONNECT|8|x|4\n"
        f"{START + complete:.6f}|1.1|IT|Agent/1|COMPLETEAGENT|8|531|1\n"
    )
    calls = cx.read_queue_log(io.BytesIO(text.encode()), tz="America/Montreal")
    for metric, rows in (
        (cx.ServiceLevel("20s"), 1),
        (cx.TalkTime(), 1),
        (cx.ServiceLevel("20s", attribution="event"), 2),
    ):
        t = cx.summarize(calls, {"m": metric}, every="1h")
        assert [(row["start"].hour, r.rows) for row, r in zip(t.to_dicts(), t["m"], strict=True)] == [(10, rows)]
    # What was known at the end of that window: it had been answered, and was not over.
    then = cx.read_queue_log(io.BytesIO(text.encode()), as_of="2012-08-03T10:59:59.999999-04:00")
    assert (cx.service_level(then, within="20s").value, cx.talk_time(then).missing) == (100.0, 1)


def test_an_hour_that_comes_twice_is_two() -> None:
    # Source: Wazo: America/Montreal, 2020-11-01 00:00-04:00 to 03:00-05:00 by hour: 00-04, 01-04, 01-05, 02-05.
    calls = {
        "entered": [f"2020-11-01T{hour:02}:30Z" for hour in range(4, 8)],
        "wait": [5] * 4,
        "outcome": ["answered"] * 4,
    }
    level = cx.ServiceLevel("20s")
    t = cx.summarize(calls, {"m": level}, every="1h", tz="America/Montreal", unit="s", fill=True)
    assert [row["start"].isoformat() for row in t.to_dicts()] == [
        "2020-11-01T00:00:00-04:00",
        "2020-11-01T01:00:00-04:00",
        "2020-11-01T01:00:00-05:00",
        "2020-11-01T02:00:00-05:00",
    ]
    assert t.total["m"].n == 4


def test_the_page_says_that_nobody_came_back(tmp_path: Path) -> None:
    log = tmp_path / "queue_log"
    with log.open("w") as file:
        for i in range(400):
            at = START + i * 3600
            file.write(f"{at}|a{i}|q|NONE|ENTERQUEUE||5551{i:03}|1\n{at + 20}|a{i}|q|NONE|EXITWITHTIMEOUT|1|1|20\n")
            file.write(f"{at + 21}|a{i}|r|NONE|ENTERQUEUE||5551{i:03}|1\n{at + 30}|a{i}|r|m|CONNECT|9|x|1\n")
            file.write(f"{at + 40}|a{i}|r|m|COMPLETEAGENT|9|10|1\n")
    document = cx.scorecard(str(log), html=tmp_path / "page.html").to_dict()
    found = {r["name"]: r for r in document["results"]}
    back = found["first_contact_resolution_7d"]
    assert (back["value"], back["counts"]["repeat"], back["n"] + back["pending"]) == (100.0, 0, 400)
    page = (tmp_path / "page.html").read_text()
    assert "followed by another" not in page.split("<main")[0]
    assert "800 stays in a queue of 400 contacts" in page
