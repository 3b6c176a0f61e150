# SPDX-License-Identifier: Apache-2.0
"""Weighted NPS, CSAT and CES over 100 million answers: ours against the best polars form, same data, same run, two
threads.

Run: python tests/bench/surveys_bench.py [millions]
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable

THREADS = min(2, os.cpu_count() or 1)
os.environ["POLARS_MAX_THREADS"] = str(THREADS)

import cxmetrics as cx  # noqa: E402
import numpy as np  # noqa: E402
import polars as pl  # noqa: E402

Run = Callable[[], float]


def measure(runs: dict[str, Run], repeats: int = 5) -> dict[str, tuple[float, float]]:
    """Return each answer and its fastest time; all take turns, so that what else runs hits all of them."""
    answers = {name: run() for name, run in runs.items()}
    seconds = dict.fromkeys(runs, float("inf"))
    for _ in range(repeats):
        for name, run in runs.items():
            start = time.perf_counter()
            run()
            seconds[name] = min(seconds[name], time.perf_counter() - start)
    return {name: (answers[name], seconds[name]) for name in runs}


def show(title: str, rows: int, runs: dict[str, Run]) -> None:
    """Print one row a contender, ours first, and the ratio to the best of the others."""
    measured = measure(runs)
    (_, (answer, ours)), *others = measured.items()
    print(title)
    for name, (other, seconds) in measured.items():
        if abs(other - answer) > 1e-4:  # weights are rounded to steps of 2^-20
            raise SystemExit(f"{name} answers {other}, ours is {answer}")
        print(f"  {name:30} {rows / seconds / 1e9:7.2f} G answers/s   ours is {seconds / ours:5.1f} x as fast")
    best = min(seconds for _, (_, seconds) in others)
    print(f"  against the best polars form: {best / ours:.1f} x")


def main() -> None:
    """Print all comparisons."""
    rows = int(float(sys.argv[1]) * 1e6) if len(sys.argv) > 1 else 100_000_000
    random = np.random.default_rng(1)
    weights = random.gamma(4, 0.25, rows).clip(0.01, 20)
    w = pl.col("w")

    def weighted(scores: np.ndarray, metric: Callable[..., cx.Result], up: int, down: int) -> dict[str, Run]:
        frame = pl.DataFrame({"s": scores, "w": weights})
        s = pl.col("s")
        ups, downs, total = (
            w.filter(s >= up).sum().alias("u"),
            w.filter(s <= down).sum().alias("d"),
            w.sum().alias("t"),
        )

        def figure(row: tuple[float, float, float]) -> float:
            return 100 * (row[0] - row[1]) / row[2]

        def grouped() -> float:
            sums = dict(frame.group_by("s").agg(w.sum()).iter_rows())
            high = sum(x for score, x in sums.items() if score >= up)
            return figure((high, sum(x for score, x in sums.items() if score <= down), sum(sums.values())))

        return {
            "cxmetrics": lambda: float(metric(scores, weights=weights, threads=THREADS)),
            "polars, filtered sums": lambda: figure(frame.select(ups, downs, total).row(0)),
            "polars, streaming": lambda: figure(
                frame.lazy().select(ups, downs, total).collect(engine="streaming").row(0)
            ),
            "polars, when and then": lambda: figure(
                frame.select(
                    pl.when(s >= up).then(w).otherwise(0.0).sum().alias("u"),
                    pl.when(s <= down).then(w).otherwise(0.0).sum().alias("d"),
                    total,
                ).row(0)
            ),
            "polars, grouped by score": grouped,
        }

    def weighted_mean(scores: np.ndarray, metric: Callable[..., cx.Result]) -> dict[str, Run]:
        frame = pl.DataFrame({"s": scores, "w": weights})
        products, total = (pl.col("s") * w).sum().alias("p"), w.sum().alias("t")

        def figure(row: tuple[float, float]) -> float:
            return row[0] / row[1]

        return {
            "cxmetrics": lambda: float(metric(scores, weights=weights, threads=THREADS)),
            "polars, sum of products": lambda: figure(frame.select(products, total).row(0)),
            "polars, dot": lambda: figure(frame.select(pl.col("s").cast(pl.Float64).dot(w).alias("p"), total).row(0)),
            "polars, streaming": lambda: figure(
                frame.lazy().select(products, total).collect(engine="streaming").row(0)
            ),
        }

    print(f"{rows:,} answers, {THREADS} threads; ours validates every answer, and has the interval too")
    nps = random.integers(0, 11, rows, dtype=np.int8)
    show("weighted NPS", rows, weighted(nps, cx.nps, 9, 6))
    five = random.integers(1, 6, rows, dtype=np.int8)
    show("weighted CSAT, share of 4 and 5", rows, weighted(five, cx.csat, 4, 0))
    frame = pl.DataFrame({"s": five})
    series = frame["s"]
    show(
        "CSAT without weights, share of 4 and 5",
        rows,
        {
            "cxmetrics": lambda: float(cx.csat(five, threads=THREADS)),
            "polars, mean of a comparison": lambda: float(100 * frame.select((pl.col("s") >= 4).mean()).item()),
            "polars, series": lambda: 100 * int((series >= 4).sum()) / rows,
        },
    )
    seven = random.integers(1, 8, rows, dtype=np.int8)
    show("weighted CES, mean", rows, weighted_mean(seven, cx.ces))
    frame = pl.DataFrame({"s": seven})
    show(
        "CES without weights, mean",
        rows,
        {
            "cxmetrics": lambda: float(cx.ces(seven, threads=THREADS)),
            "polars, mean": lambda: float(frame.select(pl.col("s").mean()).item()),
        },
    )


if __name__ == "__main__":
    main()
