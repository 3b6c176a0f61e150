# SPDX-License-Identifier: Apache-2.0
"""First-contact resolution: every rule against the definition applied to every pair of contacts."""

from __future__ import annotations

import itertools
import pickle
import random
from dataclasses import dataclass, replace
from typing import Any

import cxmetrics as cx
import numpy as np
import pytest

pytestmark = pytest.mark.filterwarnings("ignore::cxmetrics.DataWarning")  # worlds end in the middle of a day

MINUTE = 60_000_000
START = 1_772_406_000_000_000  # 2026-03-01 23:00 UTC
PARTS = 16
OUTCOMES = ("answered", "abandoned", "transferred_blind")
GROUPS = {"invoice": "money", "refund": "money"}


@dataclass(frozen=True)
class Call:
    """One contact of a world; times in microseconds."""

    customer: str | None
    entered: int
    ended: int
    outcome: str
    reason: str | None
    resolvable: bool
    position: int


def a_world(rng: random.Random) -> list[Call]:
    """Few customers in little time: contacts overlap, and touch the edges of windows."""
    span, customers = rng.choice([40, 200, 1000]), rng.randint(1, 12)
    calls = []
    for position in range(rng.randrange(60)):
        entered = START + rng.randrange(span) * MINUTE
        calls.append(
            Call(
                customer=f"c{rng.randrange(customers)}" if rng.random() > 0.1 else None,
                entered=entered,
                ended=entered + rng.randrange(20) * MINUTE,
                outcome=rng.choice(OUTCOMES),
                reason=rng.choice(["invoice", "refund", "delivery", None]),
                resolvable=rng.random() > 0.2,
                position=position,
            )
        )
    calls.sort(key=lambda c: (c.entered, c.position))
    return [replace(c, position=place) for place, c in enumerate(calls)]


def a_rule(rng: random.Random) -> dict[str, Any]:
    """A random choice of every rule there is."""
    reason = rng.choice([None, "topic"])
    return {
        "window": f"{rng.choice([0, 5, 30, 100])}min",
        "clock": rng.choice(["ended", "entered"]),
        "rule": rng.choice(["rolling", "chain"]),
        "reason": reason,
        "groups": rng.choice([None, GROUPS]) if reason else None,
        "first": rng.choice([None, ["answered"], ["answered", "transferred_blind"]]),
        "repeats": rng.choice([None, ["answered", "transferred_blind"]]),
        "transfer": rng.choice(["ignored", "fails"]),
        "resolvable": rng.choice([None, "resolvable"]),
    }


def table_of(calls: list[Call]) -> dict[str, Any]:
    """The world as a table."""
    return {
        "customer": [c.customer for c in calls],
        "entered": np.array([c.entered for c in calls], dtype="datetime64[us]"),
        "ended": np.array([c.ended for c in calls], dtype="datetime64[us]"),
        "outcome": [c.outcome for c in calls],
        "topic": [c.reason for c in calls],
        "resolvable": [c.resolvable for c in calls],
    }


def pairs(calls: list[Call], rule: dict[str, Any], until: int) -> dict[str, int]:
    """The definition, word for word: every pair of contacts is looked at."""
    window = int(rule["window"].removesuffix("min")) * MINUTE
    names = ("resolved", "repeat", "pending", "overlapping", "unknown", "chained", "ineligible", "without_reason")
    found = dict.fromkeys((*names, "transferred", "unresolvable", "left_unknown"), 0)
    since = min(c.entered for c in calls)

    def clock(c: Call) -> int:
        return c.ended if rule["clock"] == "ended" else c.entered

    def reason(c: Call) -> str | None:
        return (rule["groups"] or {}).get(c.reason, c.reason)

    def followed(c: Call) -> bool:
        return c.customer is not None and (rule["reason"] is None or c.reason is not None)

    def related(a: Call, b: Call) -> bool:
        same = a is not b and followed(a) and followed(b) and a.customer == b.customer
        return same and (rule["reason"] is None or reason(a) == reason(b))

    def may(c: Call, role: str) -> bool:
        return rule[role] is None or c.outcome in rule[role]

    def repeats(first: Call, later: Call) -> bool:
        in_time = clock(first) < later.entered <= clock(first) + window
        return related(first, later) and may(first, "first") and may(later, "repeats") and in_time

    for call in calls:
        came_back = any(repeats(call, other) for other in calls)
        if call.customer is None:
            found["unknown"] += 1
        elif rule["reason"] and call.reason is None:
            found["without_reason"] += 1
        elif not may(call, "first"):
            found["ineligible"] += 1
        elif rule["rule"] == "chain" and any(repeats(other, call) for other in calls):
            found["chained"] += 1
        elif clock(call) + window > until:
            found["pending"] += 1
        else:
            found["left_unknown"] += call.entered < since + window
            if rule["resolvable"] and not call.resolvable:
                found["unresolvable"] += 1
                continue
            found["overlapping"] += any(
                related(call, o) and may(o, "repeats") and o.position > call.position and o.entered <= clock(call)
                for o in calls
            )
            if came_back:
                found["repeat"] += 1
            elif rule["transfer"] == "fails" and call.outcome == "transferred_blind":
                found["transferred"] += 1
            else:
                found["resolved"] += 1
    return found


def tell(tracker: cx.RepeatTracker, call: Call, definition: cx.FirstContactResolution) -> None:
    """Tell a tracker of a contact that is over."""
    groups = dict(definition.groups or ())
    tracker.update(
        [str(call.customer)],
        position=[call.position],
        entered=[call.entered],
        ended=[call.ended],
        reason=[groups.get(call.reason, call.reason)],
        outcome=[call.outcome],
        transferred=[definition.transfer == "fails" and call.outcome == "transferred_blind"],
        resolvable=[definition.resolvable is None or call.resolvable],
    )


def test_batch_stream_and_sixteen_shards_are_the_pairs_under_every_rule() -> None:
    rng = random.Random(20261124)
    for world in range(250):
        calls = a_world(rng)
        if not calls:
            continue
        rule = a_rule(rng)
        last = max(c.entered for c in calls)
        until = rng.choice([last, last + 50 * MINUTE])
        instants = {"until": np.datetime64(until, "us").item(), "since": np.datetime64(calls[0].entered, "us").item()}
        instants = {name: f"{instant.isoformat()}Z" for name, instant in instants.items()}
        definition = cx.FirstContactResolution(**rule, **instants)
        door = {"tz": "UTC", "allow_dominant": True}
        batch = definition.state()
        batch.update(table_of(calls), **door)
        r = batch.result()
        expected = pairs(calls, rule, until)
        seen = {name: r.counts.get(name, 0) for name in expected}
        assert seen == expected, (world, rule)
        assert r.rows == len(calls) == r.n + r.excluded + r.invalid + r.missing + r.pending

        # one contact after another, in the order of entries, advanced now and then
        whole = cx.RepeatTracker.of(definition)
        streamed = definition.state()
        for call in calls:
            if rng.random() < 0.3:
                whole.advance(streamed, watermark=call.entered)
            if call.customer is not None:
                tell(whole, call, definition)
        whole.open(streamed, now=until)
        unknown = [c for c in calls if c.customer is None]
        streamed.core.update([np.full(len(unknown), 255, np.uint8)], count_invalid=True, threads=1)
        assert bytes(streamed) == bytes(batch)
        assert {"left_unknown": 0} | streamed.result().counts == r.counts

        # sixteen shards, by tables and by trackers, merged in a random order, through bytes and through pickle
        shards = []
        for part in range(PARTS):
            share = replace(definition, shard=(PARTS, part))
            mine = [
                c
                for c in calls
                if (
                    cx.RepeatTracker.part_of(c.customer, PARTS) == part
                    if c.customer is not None
                    else c.position % PARTS == part
                )
            ]
            state = share.state()
            if rng.random() < 0.5:
                state.update(table_of(mine), **door)
            else:
                tracker = cx.RepeatTracker.of(share)
                for call in mine:
                    if call.customer is not None:
                        tell(tracker, call, definition)
                tracker.open(state, now=until)
                strangers = sum(c.customer is None for c in mine)
                state.core.update([np.full(strangers, 255, np.uint8)], count_invalid=True, threads=1)
            shards.append(pickle.loads(pickle.dumps(state)))
        rng.shuffle(shards)
        merged = sum(shards[1:], shards[0])
        assert bytes(merged) == bytes(batch), (world, rule)


def test_two_states_that_may_hold_the_same_customer_do_not_merge() -> None:
    table = {"customer": ["ann", "bob"], "entered": ["2026-03-02T09:00Z", "2026-03-03T09:00Z"]}
    definition = cx.FirstContactResolution(clock="entered", until="2026-04-01T00:00Z", since="2026-03-01T00:00Z")
    a, b = definition.state(), definition.state()
    a.update(table)
    b.update(table)
    before = bytes(a)
    with pytest.raises(cx.StateError, match=r"split contacts by customer and say so.*shard="):
        a.merge(b)
    assert bytes(a) == before
    assert (a + definition.state()).result().n == 2  # an empty state holds nobody


def test_a_shard_refuses_strangers_and_other_splits_and_itself() -> None:
    customers = [f"c{i}" for i in range(40)]
    split: dict[int, list[str]] = {0: [], 1: [], 2: []}
    for customer in customers:
        split[cx.RepeatTracker.part_of(customer, 3)].append(customer)

    def filled(part: int, parts: int, names: list[str]) -> cx.State:
        definition = cx.FirstContactResolution(
            clock="entered", until="2026-04-01T00:00Z", since="2026-03-01T00:00Z", shard=(parts, part)
        )
        state = definition.state()
        state.update({"customer": names, "entered": ["2026-03-02T09:00Z"] * len(names)})
        return state

    with pytest.raises(cx.StateError, match="row 0 is of a customer of another shard than 1 of 3"):
        filled(1, 3, split[0])
    with pytest.raises(cx.StateError, match="there is no such part"):
        filled(3, 3, split[0])
    first, second, third = (filled(part, 3, split[part]) for part in range(3))
    with pytest.raises(cx.StateError, match="both shards hold part 0 of 3"):
        first + filled(0, 3, split[0])
    even = [c for c in customers if cx.RepeatTracker.part_of(c, 2) == 1]
    with pytest.raises(cx.StateError, match="shards of 3 and of 2 parts"):
        first + filled(1, 2, even)
    both = cx.State.from_bytes(bytes(first)) + cx.State.from_bytes(bytes(second))
    with pytest.raises(cx.StateError, match="part 1 of 3"):
        both + second
    whole = both + third
    assert whole.result().n == 40
    with pytest.raises(cx.StateError, match="may be the same"):  # everybody is in it
        whole + first


def test_damaged_certificates_are_refused() -> None:
    definition = cx.FirstContactResolution(clock="entered", shard=(3, 1))
    state = definition.state()
    name = next(f"c{i}" for i in range(99) if cx.RepeatTracker.part_of(f"c{i}", 3) == 1)
    state.update({"customer": [name], "entered": ["2026-03-02T09:00Z"]})
    data = bytes(state)
    assert bytes(cx.State.from_bytes(data)) == data
    for size in range(len(data)):
        with pytest.raises(cx.StateError):
            cx.State.from_bytes(data[:size])
    for place, byte in ((8, 1), (8, 0), (16, 0), (16, 9), (24, 3), (14, 1)):
        with pytest.raises(cx.StateError):
            cx.State.from_bytes(data[:place] + bytes([byte]) + data[place + 1 :])


def test_states_of_different_instants_do_not_merge() -> None:
    names = [next(f"c{i}" for i in range(99) if cx.RepeatTracker.part_of(f"c{i}", 2) == part) for part in (0, 1)]

    def filled(part: int, **instants: str) -> cx.State:
        state = cx.FirstContactResolution(clock="entered", shard=(2, part), **instants).state()
        state.update({"customer": [names[part]], "entered": [f"2026-03-0{part + 2}T09:00Z"]})
        return state

    with pytest.raises(cx.StateError, match="give both the same until="):
        filled(0) + filled(1)
    with pytest.raises(cx.StateError, match="give both the same since="):
        filled(0, until="2026-04-01T00:00Z") + filled(1, until="2026-04-01T00:00Z")


def test_a_stream_remembers_the_customers_active_in_the_window_and_no_others() -> None:
    tracker = cx.RepeatTracker(window="1h", clock="entered")
    state = cx.FirstContactResolution(window="1h", clock="entered").state()
    most = 0
    for minute in range(5_000):  # a new customer every minute: those of an hour are remembered
        now = START + minute * MINUTE
        tracker.advance(state, watermark=now)
        tracker.update(np.array([minute + 1]), position=[minute], entered=[now])
        most = max(most, tracker.remembered)
    assert most == 61  # one a minute of the window, both its edges
    assert state.result().n + tracker.remembered == 5_000


WIDE_IDS = [2**63, 2**64 - 1, -(2**70), 10**37, np.uint64(2**64 - 1)]


@pytest.mark.parametrize("customer", WIDE_IDS, ids=repr)
def test_a_tracker_follows_the_subjects_of_columns_whatever_the_width_of_their_numbers(customer: Any) -> None:
    parts = 65_536
    calls = {"customer": [int(customer)], "entered": ["2026-03-02T09:00Z"]}
    [subject] = cx.contacts(calls, entered="entered").subjects("customer").tolist()
    assert cx.RepeatTracker.part_of(customer, parts) == subject[1] % parts
    tracker = cx.RepeatTracker(window="7d", clock="entered", reason="exact")
    state = cx.FirstContactResolution(window="7d", clock="entered", reason="exact").state()
    tracker.add(customer, position=1, entered="2026-03-02T09:00Z", reason=customer)
    tracker.add(str(customer), position=2, entered="2026-03-03T09:00Z", reason=customer)  # a text is another
    tracker.update([customer, 5], position=[3, 4], entered=[START, START + MINUTE], reason=[customer, 5])
    tracker.update(np.array([customer, 7], dtype=object), position=[5, 6], entered=[START + MINUTE] * 2, reason=[5, 7])
    tracker.advance(state, watermark=None)
    assert state.result().n == 6
    assert state.result().counts["repeat"] == 1  # the first, three


def test_a_tracker_is_told_all_contacts_or_none_where_an_id_is_none() -> None:
    tracker = cx.RepeatTracker(window="7d", clock="entered")
    for wrong, why in ((4.5, "row 1: customer=4.5 is neither a whole number nor a text"), (2**300, "of 301 bits")):
        with pytest.raises(cx.ColumnError, match=why):
            tracker.update([5, wrong], position=[1, 2], entered=[START, START])  # type: ignore[list-item]
    with pytest.raises(cx.ColumnError, match=r"^customer=None is neither a whole number nor a text"):
        cx.RepeatTracker.part_of(None, 3)  # type: ignore[arg-type]
    assert tracker.remembered == 0


def test_a_tracker_of_another_rule_fills_no_state() -> None:
    state = cx.FirstContactResolution(window="7d", rule="chain").state()
    with pytest.raises(cx.StateError, match=r"RepeatTracker\.of"):
        cx.RepeatTracker(window="7d").advance(state, watermark=None)
    assert cx.RepeatTracker.of(state.definition).advance(state, watermark=None) == 0  # type: ignore[arg-type]


def test_a_curve_is_each_window_on_its_own() -> None:
    rng = random.Random(3)
    for _ in range(30):
        calls = a_world(rng)
        rule = a_rule(rng)
        if len(calls) < 2:
            continue
        table = cx.contacts(table_of(calls), tz="UTC", allow_dominant=True)
        curve = cx.repeat_curve(table, **rule | {"windows": ("0min", "7min", "30min", "100min")} | {"window": None})
        for r, window in zip(curve, ("0min", "7min", "30min", "100min"), strict=True):
            alone = cx.first_contact_resolution(table, **rule | {"window": window})
            assert r.to_dict() == alone.to_dict()


def test_a_curve_is_shown_and_drawn() -> None:
    calls = {
        "customer": ["ann", "ann", "bob"],
        "entered": ["2026-03-02T09:00Z", "2026-03-05T09:00Z", "2026-03-20T09:00Z"],
    }
    curve = cx.repeat_curve(calls, windows=("1d", "7d", "30d"), clock="entered")
    assert len(curve) == 3
    assert [r.parameters["window"] for r in curve[:2]] == ["1d", "7d"]
    assert "no answer" in str(curve).splitlines()[3]
    assert curve.to_dict()["7d"]["counts"]["repeat"] == 1
    axes = curve.plot()
    assert axes.get_xticks().tolist() == [1, 7]
    with pytest.raises(cx.Error, match="windows= is empty"):
        cx.repeat_curve(calls, windows=())


def test_the_clustered_interval_is_the_variance_between_customers() -> None:
    rng = np.random.default_rng(4)
    weight = rng.geometric(0.2, 300)
    rows = np.repeat(np.arange(300), weight)
    entered = START + np.cumsum(rng.integers(1, 3 * 24 * 60, len(rows))) * MINUTE // 40
    rng.shuffle(rows)
    table = {"customer": [f"c{i}" for i in rows], "entered": entered.astype("datetime64[us]")}
    r = cx.first_contact_resolution(table, window="1d", clock="entered", tz="UTC", interval="clustered")
    labels = [
        next((t - a for b, t in zip(rows[i + 1 :], entered[i + 1 :], strict=True) if b == rows[i] and t > a), None)
        for i, a in enumerate(entered)
    ]
    day = 24 * 60 * MINUTE
    counted = [i for i, a in enumerate(entered) if a + day <= entered[-1]]
    good, every = np.zeros(300), np.zeros(300)
    for i in counted:
        gap = labels[i]
        every[rows[i]] += 1
        good[rows[i]] += gap is None or gap > day
    m, n, p = np.count_nonzero(every), every.sum(), good.sum() / every.sum()
    variance = m / (m - 1) * np.sum((good - p * every) ** 2) / n**2
    effective, z = min(n, p * (1 - p) / variance), 1.959963984540054
    centre = (p + z**2 / (2 * effective)) / (1 + z**2 / effective)
    half = z * np.sqrt(p * (1 - p) / effective + z**2 / (4 * effective**2)) / (1 + z**2 / effective)
    assert r.value == pytest.approx(100 * p)
    assert r.interval is not None
    assert (r.interval.low, r.interval.high) == pytest.approx((100 * (centre - half), 100 * (centre + half)))
    assert r.interval.method == "clustered"
    state = cx.State.from_bytes(bytes(r.state()))
    assert state.result().interval is not None  # the bytes hold no customers: read as Wilson's
    tracked = cx.FirstContactResolution(window="1d", clock="entered", interval="clustered").state()
    tracked.add("resolved")
    with pytest.raises(cx.StateError, match="needs all contacts of a customer at once"):
        tracked.result()


@pytest.mark.parametrize(
    ("keywords", "message"),
    [
        ({"rule": "anchored"}, 'rule="anchored" is unknown: use one of "rolling", "chain"'),
        ({"first": ["handled"]}, "first= names 'handled', which is no outcome"),
        ({"repeats": ["lost"]}, "repeats= names 'lost', which is no outcome"),
        ({"transfer": "counts"}, 'transfer="counts" is unknown: use one of "ignored", "fails"'),
        ({"transfer": "fails"}, 'transfer="fails" needs to know which contacts an agent passed on'),
        ({"reason": "topic"}, 'no column "topic"'),
        ({"resolvable": "level_one"}, 'no column "level_one"'),
        ({"groups": {"a": "b"}}, "groups= puts reasons together"),
        ({"interval": "exact"}, 'interval="exact" is unknown'),
        ({"first": ["answered"]}, 'no column "outcome"'),
    ],
)
def test_what_cannot_be_is_an_error_that_says_what_to_do(keywords: dict[str, Any], message: str) -> None:
    table = {"customer": ["ann"], "entered": ["2026-03-02T09:00Z"]}
    with pytest.raises(cx.Error) as raised:
        cx.first_contact_resolution(table, clock="entered", **keywords)
    assert message in str(raised.value)


def test_equal_rules_are_equal_definitions() -> None:
    a = cx.FirstContactResolution(first=["abandoned", "answered"], reason="topic", groups={"x": 1, "y": 2})
    b = cx.FirstContactResolution(
        first=("answered", "abandoned"), reason="topic", groups={"y": 2, "x": 1}, window="168h"
    )
    assert a == b
    assert hash(a) == hash(b)
    assert cx.State.from_bytes(bytes(a.state())).definition.collect_parameters() == a.collect_parameters()


def test_every_order_of_rows_gives_the_same_bytes() -> None:
    calls = [
        {"customer": "ann", "entered": f"2026-03-0{day}T09:00Z", "outcome": how}
        for day, how in zip((1, 3, 6), ("answered", "abandoned", "answered"), strict=True)
    ]
    states = set()
    for order in itertools.permutations(calls):
        state = cx.FirstContactResolution(clock="entered", window="4d", first=["answered"], rule="chain").state()
        state.update(list(order))
        states.add(bytes(state))
    assert len(states) == 1


def test_contacts_that_are_left_out_are_excluded_and_nobodys_repeat() -> None:
    calls = cx.contacts(
        {
            "customer": ["a", "a", "b", "b", None, None],
            "entered": ["2026-03-01T09:00Z", "2026-03-02T09:00Z", "2026-03-01T10:00Z", *["2026-03-20T09:00Z"] * 3],
            "outcome": ["A", "P", "A", "P", "P", "A"],
        },
        outcomes={"A": "answered", "P": None},
    )
    r = cx.first_contact_resolution(calls, window="7d", clock="entered", until="2026-03-20T09:00Z")
    assert (r.n, r.excluded, r.counts["repeat"], r.counts["unknown"]) == (2, 3, 0, 1)


def test_what_since_until_and_reason_are_told_wrongly_they_say_by_their_names() -> None:
    calls = {"customer": ["a", "b"], "entered": ["2026-03-02T09:00:00Z", "2026-03-03T09:00:00Z"]}
    with pytest.raises(cx.ColumnError, match=r'no column "nope" for reason='):
        cx.first_contact_resolution(calls, clock="entered", reason="nope")
    early, late = "2026-03-02T00:00:00Z", "2026-03-04T00:00:00Z"
    with pytest.raises(cx.Error, match=r"since=2026-03-04T00:00:00.* lies behind until=2026-03-02T00:00:00"):
        cx.first_contact_resolution(calls, clock="entered", since=late, until=early)
    assert cx.first_contact_resolution(calls, clock="entered", since=early, until=early).n == 0


def test_without_a_column_of_ends_the_error_says_which_clock_needs_none() -> None:
    calls = cx.contacts({"customer": ["ann"], "entered": ["2026-03-02T09:00Z"]}, entered="entered")
    with pytest.raises(cx.ColumnError, match=r'no column "ended": .*, or count from .* clock="entered"; the'):
        cx.first_contact_resolution(calls)
    assert cx.first_contact_resolution(calls, clock="entered").rows == 1
