# SPDX-License-Identifier: Apache-2.0
"""One definition, one number: states filled in every way have the same bytes."""

from __future__ import annotations

import copy
import pickle
import random
from collections.abc import Callable
from typing import Any

import cxmetrics as cx
import every_metric
import numpy as np
import pytest

EVERY = pytest.mark.parametrize("definition", every_metric.EXAMPLES, ids=every_metric.IDS)
# Where history decides, shards are of customers: test_first_contact_resolution_streamed_and_in_parts.
OF_ROWS = [each for each in every_metric.EXAMPLES if not isinstance(each, cx.FirstContactResolution)]
DOOR = {"tz": "UTC", "invalid": "count"}


@pytest.mark.filterwarnings("ignore::cxmetrics.DataWarning")
@pytest.mark.parametrize("definition", OF_ROWS, ids=repr)
def test_any_shards_in_any_order_have_the_bytes_of_the_whole(definition: cx.Definition) -> None:
    table = every_metric.rows(800, 1)
    whole = definition.state()
    whole.update(table, **DOOR)
    rng = random.Random(2)
    owner = [rng.randrange(16) for _ in range(800)]
    shards = []
    for part in range(16):
        shard = definition.state()
        mine = {
            name: [x for x, who in zip(column, owner, strict=True) if who == part] for name, column in table.items()
        }
        shard.update(mine, **DOOR)
        shards.append(shard)
    for _ in range(50):
        rng.shuffle(shards)
        assert bytes(sum(shards)) == bytes(whole)
    one_by_one = definition.state()
    for i in range(200):
        one = {name: column[i : i + 1] for name, column in table.items()}
        one_by_one.update(one, **DOOR)
    batch = definition.state()
    batch.update({name: column[:200] for name, column in table.items()}, threads=2, **DOOR)
    assert one_by_one == batch


@pytest.mark.filterwarnings("ignore::cxmetrics.DataWarning")
@EVERY
def test_a_state_survives_bytes_pickle_and_copy(definition: cx.Definition) -> None:
    state = definition.state()
    state.update(every_metric.rows(100, 3), **DOOR)
    for other in (
        cx.State.from_bytes(bytes(state)),
        pickle.loads(pickle.dumps(state)),
        copy.copy(state),
        copy.deepcopy(state),
        state.result().state(),
    ):
        assert other == state
    assert pickle.loads(pickle.dumps(state)).result().to_dict() == state.result().to_dict()
    ledger = state.result()
    assert ledger.rows == ledger.n + ledger.excluded + ledger.invalid + ledger.missing + ledger.pending


@EVERY
def test_damaged_bytes_are_a_state_error_or_a_state(definition: cx.Definition) -> None:
    data = bytes(definition.state())
    for cut in range(len(data)):
        with pytest.raises(cx.StateError):
            cx.State.from_bytes(data[:cut])
    with pytest.raises(cx.StateError):
        cx.State.from_bytes(data + b"x")
    rng = random.Random(4)
    for _ in range(300):
        damaged = bytearray(data)
        damaged[rng.randrange(len(damaged))] ^= 1 << rng.randrange(8)
        try:
            assert bytes(cx.State.from_bytes(bytes(damaged))) == bytes(damaged)
        except cx.StateError:
            continue


@EVERY
def test_nothing_has_no_answer(definition: cx.Definition) -> None:
    result = definition.state().result()
    assert result.value is None
    assert result.interval is None
    assert np.isnan(float(result))
    assert result.rows == 0


def test_unlike_states_do_not_merge_and_stay_as_they_were() -> None:
    nps, level = cx.NPS().state(), cx.ServiceLevel("20s").state()
    nps.add(9)
    before = bytes(nps)
    with pytest.raises(cx.StateError, match="only states of one definition can"):
        nps.merge(level)
    with pytest.raises(cx.StateError, match="different parameters"):
        level.merge(cx.ServiceLevel("30s").state())
    assert bytes(nps) == before


def test_a_bad_row_changes_nothing_and_is_named() -> None:
    state = cx.NPS().state()
    state.update(np.array([9, 10], dtype=np.int8))
    before = bytes(state)
    for bad in ([9, 11], np.array([9, 11], dtype=np.int8), np.array([9, -1], dtype=np.int8)[::1]):
        with pytest.raises(cx.Error, match="row 1"):
            state.update(bad)
    with pytest.raises(cx.Error, match=r"6\.5"):
        state.add(6.5)
    assert bytes(state) == before


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: cx.NPS(interval="xx"), 'interval="xx" is unknown'),
        (lambda: cx.CSAT(scale="1-9"), 'scale="1-9" is unknown'),
        (lambda: cx.CSAT(satisfied_from=9), "satisfied_from=9 divides nothing on the scale 1-5"),
        (lambda: cx.CES(figure="xx"), 'figure="xx" is unknown'),
        (lambda: cx.CES(scale="1-5", figure="net"), "is read from agreement on the scale 1-7"),
        (lambda: cx.ResponseRate(interval="t"), 'interval="t" is unknown'),
        (lambda: cx.ServiceLevel("20s", formula="best"), 'formula="best" is unknown'),
        (lambda: cx.Abandonment(interval="xx"), 'interval="xx" is unknown'),
        (lambda: cx.WaitTime(of="nobody"), 'of="nobody" is unknown'),
        (lambda: cx.HoldTime(of=3), "of=3 is unknown"),
        (lambda: cx.FirstContactResolution(rule="xx"), 'rule="xx" is unknown'),
    ],
)
def test_a_definition_that_makes_no_sense_is_refused_when_it_is_made(make: Callable[[], Any], message: str) -> None:
    with pytest.raises(cx.Error, match=message):
        make()


def test_one_definition_has_one_form() -> None:
    assert cx.CSAT() == cx.CSAT(figure="satisfied", satisfied_from=4, interval="wilson")
    assert cx.CSAT(scale="1-10") == cx.CSAT(scale="1-10", figure="mean")
    assert cx.CES() == cx.CES(figure="mean", interval="t")
    assert hash(cx.CES(figure="net")) == hash(cx.CES(figure="net", interval="adjusted_wald"))


@pytest.mark.parametrize("level", [0.05, 0.3])
def test_a_level_that_looks_like_alpha_is_refused(level: float) -> None:
    with pytest.raises(cx.Error, match=r"looks like alpha: use level=0\.[79]"):
        cx.nps([9], level=level)


def test_a_bare_number_is_no_threshold() -> None:
    with pytest.raises(cx.UnitError, match='like within="20s"'):
        cx.ServiceLevel(20)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "column",
    [
        np.array([9, 0, 10, 7], dtype=np.int8)[::-1],
        np.array([[9, 0], [10, 7]], dtype=np.int64)[:, 0],
        np.asfortranarray(np.array([[9, 0], [10, 7]]))[0],
        np.array([9, 0, 10, 7], dtype=">i4"),
        np.array([9.0, np.nan, 10.0]),
        [9, None, "10"],
        (9, 0),
        np.array([], dtype=np.int8),
    ],
    ids=repr,
)
def test_arrays_of_every_kind_give_the_state_of_their_list(column: Any) -> None:
    values = [None if x is None or x != x else int(x) for x in column]
    plain, other = cx.NPS().state(), cx.NPS().state()
    plain.update(values)
    other.update(column)
    assert other == plain


def test_first_contact_resolution_streamed_and_in_parts_equals_the_batch() -> None:
    rng = random.Random(5)
    minute = 60_000_000
    start = 1_772_406_000_000_000  # 2026-03-02 00:00 in Amsterdam
    for world in range(20):
        contacts = []
        for position in range(120):
            entered = start + rng.randrange(20_000) * minute
            contacts.append((rng.randrange(15), entered, entered + rng.randrange(30) * minute, position))
        contacts.sort(key=lambda c: (c[1], c[3]))
        table = {
            "customer": [f"c{c[0]}" for c in contacts],
            "entered": np.array([c[1] for c in contacts], dtype="datetime64[us]"),
            "ended": np.array([c[2] for c in contacts], dtype="datetime64[us]"),
        }
        definition = cx.FirstContactResolution(window="2d", until="2027-01-01T00:00:00Z")
        batch = definition.state()
        batch.update(table, tz="UTC", entered="entered", ended="ended", customer="customer", allow_dominant=True)

        brute = sum(
            not any(
                other is not first and other[0] == first[0] and 0 < other[1] - first[2] <= 2 * 24 * 60 * minute
                for other in contacts
            )
            for first in contacts
        )
        assert batch.result().counts["resolved"] == brute, world

        parts = 3
        streamed = definition.state()
        for part in range(parts):
            tracker = cx.RepeatTracker(window="2d", shard=(parts, part))
            for who, entered, ended, position in contacts:
                if cx.RepeatTracker.part_of(f"c{who}", parts) != part:
                    continue
                tracker.update([f"c{who}"], position=[position], entered=[entered])
                tracker.update([f"c{who}"], position=[position], entered=[entered], ended=[ended])
                if rng.random() < 0.2:
                    tracker.advance(streamed, watermark=entered)
            tracker.advance(streamed, watermark=None)
            assert tracker.remembered == 0
        assert bytes(streamed) == bytes(batch)


def test_more_rows_for_first_contact_resolution_are_refused() -> None:
    state = cx.FirstContactResolution(clock="entered").state()
    table = {"customer": ["a", "b"], "entered": ["2026-03-02T09:00Z", "2026-03-03T09:00Z"]}
    state.update(table)
    with pytest.raises(cx.StateError, match="all rows in one update"):
        state.update(table)
