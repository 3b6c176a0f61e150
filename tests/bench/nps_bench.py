# SPDX-License-Identifier: Apache-2.0
"""NPS over 100 million int8 answers: ours against what a user would pick instead, same data, same run, two threads.

Run: python tests/bench/nps_bench.py [millions]
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from statistics import median

THREADS = min(2, os.cpu_count() or 1)
os.environ["POLARS_MAX_THREADS"] = str(THREADS)

import cxmetrics as cx  # noqa: E402
import duckdb  # noqa: E402
import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
import polars as pl  # noqa: E402


def timed(run: Callable[[], float]) -> tuple[float, float, float]:
    """Return the answer, and the seconds of the fastest and of the median run within a second, of five at least."""
    answer = run()
    seconds: list[float] = []
    while len(seconds) < 5 or sum(seconds) < 1:
        start = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - start)
    return answer, min(seconds), median(seconds)


def main() -> None:
    """Print one row a contender."""
    rows = int(float(sys.argv[1]) * 1e6) if len(sys.argv) > 1 else 100_000_000
    scores = np.random.default_rng(1).integers(0, 11, rows, dtype=np.int8)
    series = pl.Series("s", scores)
    frame = pl.DataFrame({"s": series})
    column = pd.Series(scores)
    connection = duckdb.connect()
    connection.execute(f"set threads={THREADS}")
    connection.execute("create table t(s tinyint)")
    connection.register("v", frame.to_arrow())
    connection.execute("insert into t select s from v")

    def polars_sums() -> float:
        promoters, detractors = frame.select(
            (pl.col("s") >= 9).sum().alias("p"), (pl.col("s") <= 6).sum().alias("d")
        ).row(0)
        return 100 * (promoters - detractors) / rows

    def polars_series() -> float:
        return 100 * (int((series >= 9).sum()) - int((series <= 6).sum())) / rows

    def polars_means() -> float:
        promoters, detractors = frame.select(
            (pl.col("s") >= 9).mean().alias("p"), (pl.col("s") <= 6).mean().alias("d")
        ).row(0)
        return float(100 * (promoters - detractors))

    def duckdb_filter() -> float:
        (answer,) = connection.sql(
            "select 100.0 * (count(*) filter (s >= 9) - count(*) filter (s <= 6)) / count(*) from t"
        ).fetchall()[0]
        return float(answer)

    def numpy_counts() -> float:
        return 100 * (np.count_nonzero(scores >= 9) - np.count_nonzero(scores <= 6)) / rows

    def pandas_means() -> float:
        return float(100 * ((column >= 9).mean() - (column <= 6).mean()))

    contenders: dict[str, Callable[[], float]] = {
        "cxmetrics": lambda: float(cx.nps(scores, threads=THREADS)),
        "polars, frame, two sums": polars_sums,
        "polars, series, two sums": polars_series,
        "polars, two means": polars_means,
        "duckdb, filtered counts": duckdb_filter,
        "numpy, two counts": numpy_counts,
        "pandas, two means": pandas_means,
    }
    print(f"NPS of {rows:,} int8 answers, {THREADS} threads; ours validates every answer and keeps all eleven scores")
    ours = None
    for name, run in contenders.items():
        answer, fastest, usual = timed(run)
        ours = ours or (answer, fastest, usual)
        if abs(answer - ours[0]) > 1e-9:
            raise SystemExit(f"{name} answers {answer}, ours is {ours[0]}")
        print(
            f"{name:26} {rows / fastest / 1e9:7.2f} G answers/s   ours is {fastest / ours[1]:6.1f} x as fast, "
            f"{usual / ours[2]:6.1f} x in the median"
        )


if __name__ == "__main__":
    main()
