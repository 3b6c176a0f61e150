# SPDX-License-Identifier: Apache-2.0
"""NPS and service level by queue and half hour: ours against what a user would pick instead, same data, same run.

Run: python tests/bench/summarize_bench.py [millions]
"""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Callable
from typing import Any

THREADS = min(2, os.cpu_count() or 1)
os.environ["POLARS_MAX_THREADS"] = str(THREADS)

import cxmetrics as cx  # noqa: E402
import duckdb  # noqa: E402
import numpy as np  # noqa: E402
import polars as pl  # noqa: E402
import pyarrow as pa  # noqa: E402

READ = ("queue", "entered", "wait", "outcome")  # named, so that the door reads them at once
HALF_HOUR, LIMIT = 1_800_000_000, 20_000_000
QUEUES, DAYS = 20, 90
TZ = "Europe/Amsterdam"
Cells = dict[tuple[int, int], tuple[int, int, int, int]]  # promoters, detractors, answered within the limit, rows


def made(rows: int, *, in_order: bool) -> pa.Table:
    """Return a table as a telephone system's data arrive: a dictionary of queues, instants, waits, outcomes, scores."""
    random = np.random.default_rng(1)
    start = 1_767_225_600_000_000  # 2026-01-01 UTC
    entered = start + random.integers(0, DAYS * 48 * HALF_HOUR, rows)
    if in_order:
        entered.sort()
    queues = pa.array([f"queue {i:02}" for i in range(QUEUES)])
    outcomes = pa.array(["answered", "abandoned", "timeout"])
    wait = (random.standard_exponential(rows, dtype=np.float32) * 25e6).astype(np.int64)
    return pa.table(
        {
            "queue": pa.DictionaryArray.from_arrays(random.integers(0, QUEUES, rows, dtype=np.int32), queues),
            "entered": pa.array(entered).cast(pa.timestamp("us", tz=TZ)),
            "wait": pa.array(wait).cast(pa.duration("us")),
            "outcome": pa.DictionaryArray.from_arrays(
                (random.random(rows, dtype=np.float32) ** 4 * 3).astype(np.int8), outcomes
            ),
            "score": random.integers(0, 11, rows, dtype=np.int8),
        }
    )


def ours(table: Any, **how: Any) -> Callable[[], cx.Summary]:
    """Return the computation as a user writes it."""
    metrics = {"nps": cx.NPS(), "sl20": cx.ServiceLevel("20s")}
    return lambda: cx.summarize(table, metrics, by="queue", every="30min", tz=TZ, threads=THREADS, **how)


def cells_of(t: Any) -> Cells:
    """Return the counts behind the figures of one engine."""
    if isinstance(t, pa.Table):
        t = pl.from_arrow(t)
    if isinstance(t, pl.DataFrame):
        return {(int(q), int(b)): (int(p), int(d), int(w), int(n)) for q, b, p, d, w, n in t.rows()}
    out = {}
    for queue, start, nps, level in zip(t.keys["queue"], t.starts, t["nps"], t["sl20"], strict=True):
        within = round(level.value * level.n / 100)
        key = int(queue[-2:]), int(start) // HALF_HOUR
        out[key] = nps.counts["promoters"], nps.counts["detractors"], within, nps.n
    return out


def polars_forms(frame: pl.DataFrame) -> dict[str, Callable[[], pl.DataFrame]]:
    """Return what a polars user would write, from the tersest to the fastest known."""
    answered_in_time = (pl.col("outcome").to_physical() == 0) & (pl.col("wait") <= pl.duration(seconds=20))
    plain = frame.with_columns(
        queue=pl.col("queue").to_physical(),
        entered=pl.col("entered").to_physical(),
        wait=pl.col("wait").to_physical(),
        outcome=pl.col("outcome").to_physical(),
    )
    in_time = (pl.col("outcome") == 0) & (pl.col("wait") <= LIMIT)
    sums = [(pl.col("score") >= 9).sum().alias("p"), (pl.col("score") <= 6).sum().alias("d")]

    def truncated() -> pl.DataFrame:
        by = [pl.col("queue").to_physical(), pl.col("entered").dt.truncate("30m").to_physical() // HALF_HOUR]
        return frame.group_by(by).agg(*sums, answered_in_time.sum().alias("w"), pl.len().alias("n"))

    def physical() -> pl.DataFrame:
        by = [pl.col("queue"), pl.col("entered") // HALF_HOUR]
        return plain.group_by(by).agg(*sums, in_time.sum().alias("w"), pl.len().alias("n"))

    def columns_first() -> pl.DataFrame:
        lazy = plain.lazy().select(
            "queue",
            pl.col("entered") // HALF_HOUR,
            (pl.col("score") >= 9).alias("p"),
            (pl.col("score") <= 6).alias("d"),
            in_time.alias("w"),
        )
        return lazy.group_by("queue", "entered").agg(pl.col("p", "d", "w").sum(), pl.len().alias("n")).collect()

    def streamed() -> pl.DataFrame:
        by = [pl.col("queue"), pl.col("entered") // HALF_HOUR]
        lazy = plain.lazy().group_by(by).agg(*sums, in_time.sum().alias("w"), pl.len().alias("n"))
        return lazy.collect(engine="streaming")

    def one_key() -> pl.DataFrame:
        by = (pl.col("entered") // HALF_HOUR * QUEUES + pl.col("queue")).alias("key")
        lazy = plain.lazy().group_by(by).agg(*sums, in_time.sum().alias("w"), pl.len().alias("n"))
        found = lazy.collect(engine="streaming")
        return found.select(pl.col("key") % QUEUES, (pl.col("key") // QUEUES).alias("b"), "p", "d", "w", "n")

    return {
        "polars, truncate": truncated,
        "polars, physical": physical,
        "polars, physical, columns first": columns_first,
        "polars, physical, streaming": streamed,
        "polars, one key, streaming": one_key,
    }


def duckdb_forms(table: pa.Table) -> dict[str, Callable[[], pa.Table]]:
    """Return what a DuckDB user would write, over a table of its own."""
    connection = duckdb.connect()
    connection.execute(f"set threads={THREADS}")
    connection.execute("set timezone='UTC'")
    plain = table.set_column(2, "wait", table["wait"].cast(pa.int64()))
    connection.register("v", plain)
    names = ", ".join(f"'queue {i:02}'" for i in range(QUEUES))
    connection.execute(f"create type queue as enum ({names})")
    connection.execute("create type outcome as enum ('answered', 'abandoned', 'timeout')")
    connection.execute(
        "create table t as select queue::queue as queue, epoch_us(entered) as entered, wait, "
        "outcome::outcome as outcome, score from v"
    )
    connection.unregister("v")

    def run(sums: str) -> Callable[[], pa.Table]:
        text = f"select enum_code(queue) as q, entered // {HALF_HOUR} as b, {sums}, count(*) as n from t group by q, b"
        return lambda: connection.sql(text).to_arrow_table()

    return {
        "duckdb, filtered counts": run(
            "count(*) filter (score >= 9) as p, count(*) filter (score <= 6) as d, "
            f"count(*) filter (outcome = 'answered' and wait <= {LIMIT}) as w"
        ),
        "duckdb, sums": run(
            "sum((score >= 9)::int) as p, sum((score <= 6)::int) as d, "
            f"sum((outcome = 'answered' and wait <= {LIMIT})::int) as w"
        ),
    }


def points(run: Callable[[], pl.DataFrame]) -> Callable[[], pl.DataFrame]:
    """Return the computation with the point values that a finished table shows, without their intervals."""
    n = pl.col("n")
    nps, level = 100 * (pl.col("p").cast(pl.Int64) - pl.col("d")) / n, 100 * pl.col("w") / n
    return lambda: run().select(pl.nth(0, 1), nps=nps, sl20=level, n=n)


def finish(mine: dict[str, Callable[[], cx.Summary]], others: dict[str, Callable[[], pl.DataFrame]]) -> None:
    """Print how long the finished table takes: ours with intervals, those of others without."""
    print("the finished table: ours with figures, intervals and labels, polars with the point values")
    spent: dict[str, float] = {}
    expected: dict[tuple[int, int], tuple[float, float]] = {}
    for name, run in [*((name, to_arrow(run)) for name, run in mine.items()), *others.items()]:
        table, _, spent[name] = best(run)
        frame = pl.from_arrow(table) if isinstance(table, pa.Table) else table
        if isinstance(table, pa.Table):
            queue = pl.col("queue").str.tail(2).cast(pl.Int64)
            frame = frame.select(queue, pl.col("start").to_physical() // HALF_HOUR, "nps", "sl20")
        found = {(int(q), int(b)): (nps, level) for q, b, nps, level, *_ in frame.rows()}
        expected = expected or found
        if found.keys() != expected.keys() or not all(np.allclose(found[cell], expected[cell]) for cell in expected):
            raise SystemExit(f"{name} shows otherwise")
        print(f"{name:34} {spent[name]:7.3f} s for {len(found):,} cells", flush=True)
    fastest = min(spent[name] for name in others)
    for name in mine:
        print(f"{name} to the table takes {spent[name] / fastest:5.2f} x the wall time of the fastest form of polars")


def to_arrow(run: Callable[[], cx.Summary]) -> Callable[[], pa.Table]:
    """Return the computation up to the finished table."""
    return lambda: run().to_arrow()


def best(run: Callable[[], Any], repeats: int = 4) -> tuple[Any, float, float]:
    """Return the answer, and the least processor time and wall time of some runs after one that is not counted."""
    answer = run()
    processor, wall = [], []
    for _ in range(repeats):
        gc.collect()
        at, spent = time.perf_counter(), time.process_time()
        run()
        processor.append(time.process_time() - spent)
        wall.append(time.perf_counter() - at)
    return answer, min(processor), min(wall)


def compare(rows: int, *, in_order: bool) -> None:
    """Print one row a contender."""
    table = made(rows, in_order=in_order)
    frame = pl.from_arrow(table)
    assert isinstance(frame, pl.DataFrame)
    labels = {name: pl.Enum(table[name].chunk(0).dictionary.to_pylist()) for name in ("queue", "outcome")}
    frame = frame.cast(labels)
    print(f"\n{rows:,} rows {'in order of time' if in_order else 'in random order'}, {THREADS} threads")
    mine = {
        "cxmetrics, pyarrow table": ours(table),
        "cxmetrics, polars frame": ours(frame),
        "cxmetrics, typed table": ours(cx.contacts(table, tz=TZ, **{name: name for name in READ})),
    }
    expected: Cells = {}
    spent: dict[str, list[float]] = {}
    for name, run in [*mine.items(), *polars_forms(frame).items(), *duckdb_forms(table).items()]:
        answer, *spent[name] = best(run)
        cells = cells_of(answer)
        expected = expected or cells
        if cells != expected:
            raise SystemExit(f"{name} counts otherwise")
        processor, wall = spent[name]
        print(f"{name:34} {wall:7.3f} s, {processor / rows * 1e9:6.2f} ns of processor time a row", flush=True)
    for name in mine:
        for engine in ("polars", "duckdb"):
            ratios = [
                min(times[i] for other, times in spent.items() if other.startswith(engine)) / spent[name][i]
                for i in range(2)
            ]
            print(f"{name} is {ratios[0]:5.2f} x the fastest form of {engine} (wall time {ratios[1]:.2f} x)")
    finish(mine, {name: points(run) for name, run in polars_forms(frame).items()})


if __name__ == "__main__":
    count = int(float(sys.argv[1]) * 1e6) if len(sys.argv) > 1 else 50_000_000
    compare(count, in_order=True)
    compare(count, in_order=False)
