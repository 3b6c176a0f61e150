# SPDX-License-Identifier: Apache-2.0
"""Grouped summaries: every cell is the state of its rows alone, however many keys, buckets and threads there are."""

from __future__ import annotations

import pickle
import resource
import warnings
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import cxmetrics as cx
import every_metric
import numpy as np
import pyarrow as pa
import pytest

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
START = datetime(2026, 3, 27, tzinfo=UTC)  # the clock goes forward on the 29th


@pytest.fixture(autouse=True)
def quiet() -> Any:
    """Random times look cut off; that is not the matter here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", cx.DataWarning)
        yield


def calls(count: int, seed: int = 1) -> pa.Table:
    """Return random contacts that carry scores; a tenth of the queues and of the times is missing."""
    rng = np.random.default_rng(seed)

    def some(values: list[Any]) -> list[Any]:
        return [None if missing else value for value, missing in zip(values, rng.random(count) < 0.1, strict=True)]

    entered = [START + timedelta(microseconds=int(us)) for us in rng.integers(0, 5 * 86_400_000_000, count)]
    outcomes = np.array(["answered", "abandoned", "timeout", "unfinished"])
    return pa.table(
        {
            "queue": pa.array(some([f"queue {i}" for i in rng.integers(0, 7, count)])).dictionary_encode(),
            "team": some([int(i) for i in rng.integers(0, 3, count)]),
            "entered": pa.array(some(entered), pa.timestamp("us", tz="UTC")),
            "wait": pa.array(rng.integers(0, 60_000_000, count), pa.duration("us")),
            "outcome": outcomes[rng.integers(0, 4, count)],
            "score": some([int(i) for i in rng.integers(0, 11, count)]),
        }
    )


METRICS = {
    "nps": cx.NPS(),
    "sl20": cx.ServiceLevel("20s"),
    "wait": cx.WaitTime(of="all"),
    "lost": cx.Abandonment(),
}


def half_hour(at: datetime) -> datetime:
    """Return the start of the local half hour; the offsets of Amsterdam are whole hours."""
    local = at.astimezone(AMSTERDAM)
    return local.replace(minute=local.minute // 30 * 30, second=0, microsecond=0).astimezone(UTC)


def by_hand(table: pa.Table, name: str) -> dict[tuple[Any, Any, datetime], cx.State]:
    """Return a state for each queue, team and half hour, filled one cell at a time."""
    definition, cells = METRICS[name], defaultdict(list)
    for row in table.to_pylist():
        if row["entered"] is not None:
            cells[row["queue"], row["team"], half_hour(row["entered"])].append(row)
    states = {}
    for key, rows in cells.items():
        states[key] = definition.state()
        columns = {each: [row[each] for row in rows] for each in ("wait", "outcome", "score")}
        columns["wait"] = np.array(columns["wait"], "timedelta64[us]")
        states[key].update(columns)
    return states


def test_a_cell_is_the_state_of_its_rows() -> None:
    table = calls(500)
    t = cx.summarize(table, METRICS, by=["queue", "team"], every="30min", tz="Europe/Amsterdam")
    assert t.starts is not None
    starts = [datetime.fromtimestamp(int(us) / 1e6, UTC) for us in t.starts]
    keys = list(zip(t.keys["queue"], t.keys["team"], starts, strict=True))
    for name in METRICS:
        expected = by_hand(table, name)
        assert set(keys) == set(expected)
        assert all(t.state(name, row) == expected[key] for row, key in enumerate(keys))
    in_order = [(q is None, str(q), k is None, str(k), start) for q, k, start in keys]
    assert in_order == sorted(in_order)
    missing = sum(at is None for at in table["entered"].to_pylist())
    assert f"nps: {missing:,} rows have no time and stand in no bucket" in t.notes


@pytest.fixture(scope="module")
def enough_to_be_cut() -> pa.Table:
    """Return rows for two threads: each takes 2^18 or more. Their parts have not the same cells."""
    return pa.concat_tables([calls(2_000, seed) for seed in range(2) for _ in range(132)])


@pytest.mark.parametrize(
    ("by", "every"), [(None, None), ("queue", None), (None, "1d"), (["queue", "team"], "30min")], ids=str
)
def test_threads_change_nothing(by: Any, every: str | None, enough_to_be_cut: pa.Table) -> None:
    table = enough_to_be_cut
    one, four = (
        cx.summarize(table, METRICS, by=by, every=every, tz="Europe/Amsterdam", threads=threads) for threads in (1, 4)
    )
    assert len(one) == len(four) > 0
    assert dict(one.keys) == dict(four.keys)
    if every is not None:
        assert one.starts is not None
        assert four.starts is not None
        assert one.starts.tolist() == four.starts.tolist()
    for name in METRICS:
        assert all(one.state(name, row) == four.state(name, row) for row in range(0, len(one), 37))
        assert bytes(one.total[name].state()) == bytes(four.total[name].state())


def test_contacts_that_carry_scores_give_both_figures() -> None:
    table = calls(2_000)
    raw = cx.summarize(table, METRICS, by="queue", every="1d", time="entered", tz="Europe/Amsterdam")
    typed = cx.summarize(cx.contacts(table, tz="Europe/Amsterdam"), METRICS, by="queue", every="1d")
    alone = cx.summarize(table, cx.NPS(), by="queue", every="1d", time="entered", tz="Europe/Amsterdam")
    assert raw.to_dicts() == typed.to_dicts()
    assert [r.to_dict() for r in raw["nps"]] == [r.to_dict() for r in alone["nps"]]


def test_two_scores_of_one_table_stay_apart() -> None:
    table = {"before": [9, 9, 1], "after": [1, 2, 10], "team": ["a", "a", "b"]}
    t = cx.summarize(table, {"b": cx.NPS(score="before"), "a": cx.NPS(score="after")}, by="team")
    assert [r.value for r in t["b"]] == [100.0, -100.0]
    assert [r.value for r in t["a"]] == [-100.0, 100.0]


def test_answers_know_nothing_of_contacts() -> None:
    answers = cx.answers({"score": [1, 2]})
    with pytest.raises(cx.Error, match="these are answers, where contacts are read"):
        cx.summarize(answers, METRICS)


def test_no_rows_are_one_row_without_keys_and_none_with() -> None:
    empty = calls(0)
    assert len(cx.summarize(empty, METRICS)) == 1
    assert cx.summarize(empty, METRICS).total["nps"].value is None
    assert len(cx.summarize(empty, METRICS, by="queue", every="1d", tz="UTC")) == 0


def test_many_keys_stay_small() -> None:
    # 100,000 half hours x 100,000 customers are 10^10 cells; 100,000 are there.
    rows = 100_000
    rng = np.random.default_rng(2)
    table = {
        "customer": rng.permutation(rows),
        "time": np.datetime64("2020-01-01", "us") + rng.integers(0, 100_000, rows) * np.timedelta64(30, "m"),
        "score": rng.integers(0, 11, rows).astype(np.int8),
    }
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    t = cx.summarize(table, cx.NPS(), by="customer", every="30min", tz="UTC")
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert len(t) == rows
    assert t.total["nps"].rows == rows
    assert grown < 500_000  # kB: 64 bytes for each of 10^10 cells are a thousand times more


@pytest.mark.parametrize("wrong", [cx.nps, cx.NPS, "nps", ["nps"]])
def test_what_is_no_definition_is_refused_with_the_one_that_is_meant(wrong: Any) -> None:
    with pytest.raises(cx.Error, match=r"is no definition: write cx\.NPS\(\)$"):
        cx.summarize({"score": [9]}, wrong)


def shown(r: cx.Result) -> tuple[Any, ...]:
    """Return what a table shows of a result."""
    if isinstance(r, cx.Distribution):
        return r.value, r.quantile(0.9), r.mean, r.n
    return r.value, *((r.interval.low, r.interval.high) if r.interval else (None, None)), r.n


@pytest.mark.parametrize("level", [0.95, 0.8])
@pytest.mark.parametrize("definition", every_metric.EXAMPLES, ids=every_metric.IDS)
def test_the_columns_of_a_table_are_its_results_bit_by_bit(definition: cx.Definition, level: float) -> None:
    table = every_metric.rows(150, seed=7)
    t = cx.summarize(
        table, {"m": definition}, by="queue", every="6h", tz="UTC", fill=True, invalid="count", level=level
    )
    expected = [shown(r) for r in t["m"]]
    assert None in t.keys["queue"]
    assert any(row[-1] == 0 for row in expected)  # cells without rows
    assert any(row[-1] > 1 for row in expected)
    for each in (t, pickle.loads(pickle.dumps(t)), pickle.loads(pickle.dumps(pickle.loads(pickle.dumps(t))))):
        columns = each.to_arrow().columns[3:]
        assert list(zip(*(column.to_pylist() for column in columns), strict=True)) == expected


@pytest.mark.parametrize("definition", every_metric.EXAMPLES, ids=every_metric.IDS)
def test_the_columns_of_a_comparison_are_its_comparisons_bit_by_bit(definition: cx.Definition) -> None:
    table = every_metric.rows(150, seed=7)
    t = cx.summarize(table, {"m": definition}, by="queue", every="6h", tz="UTC", invalid="count")
    for baseline in ("rest", "it", "2026-03-17"):
        c = t.compare(baseline=baseline)
        expected = [
            (x.result.value, x.baseline.value, x.value, *(x.interval[:2] if x.interval else (None, None)), x.z, x.p)
            for x in c["m"]
        ]
        table_of = c.to_arrow()
        endings = ("", "_baseline", "_difference", "_low", "_high", "_z", "_p")
        assert list(zip(*(table_of[f"m{end}"].to_pylist() for end in endings), strict=True)) == expected
        assert table_of["m_n"].to_pylist() == [x.n for x in c["m"]]
        assert table_of["m_baseline_n"].to_pylist() == [x.baseline_n for x in c["m"]]
        own = [set(x.notes) - {*x.result.notes, *x.baseline.notes} for x in c["m"]]
        for note in {note for each in own for note in each if "answered on both sides" not in note}:
            assert f"m, {sum(note in each for each in own):,} of {len(c):,} rows: {note}" in c.notes
        assert pickle.loads(pickle.dumps(c)).to_dicts() == c.to_dicts()


def test_many_cells_are_read_by_several_threads_as_by_one() -> None:
    t = cx.summarize(calls(8_000), METRICS, by=["queue", "team"], every="30min", tz="Europe/Amsterdam")
    assert len(t) > 4096  # of which a thread takes 1,024 or more
    for name, grid in t.grids.items():
        one, four = (grid.read(t.reading(name), groups=len(t), threads=threads) for threads in (1, 4))
        assert all(np.array_equal(a, b, equal_nan=True) for a, b in zip(one, four, strict=True))
        rows = range(0, len(t), 97)
        assert [one[3][row] for row in rows] == [t.state(name, row).result().n for row in rows]


def test_figures_are_read_by_as_many_threads_as_the_table_was_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cx._core, "default_threads", lambda: 7)
    for given, many in ((None, 7), (3, 3)):
        t = cx.summarize(calls(100), METRICS, by="queue", threads=given)
        assert t.many_threads == pickle.loads(pickle.dumps(t.rollup(by="queue"))).many_threads == many


def test_a_print_reads_the_rows_that_it_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    t = cx.summarize(calls(500), METRICS, by=["queue", "team"], every="30min", tz="Europe/Amsterdam")
    asked = []
    figures = cx.Summary.figures
    monkeypatch.setattr(
        cx.Summary, "figures", lambda self, name, rows=None: asked.append(rows) or figures(self, name, rows)
    )
    assert repr(t).splitlines()[21] == f"... the first 20 of {len(t):,} rows"
    assert set(asked) == {20}
    t._repr_html_()
    assert set(asked) == {20, 60}
