# SPDX-License-Identifier: Apache-2.0
"""First-contact resolution of 20 million contacts, 4 million customers: ours against what a user would pick instead.

Run: python tests/bench/repeats_bench.py [millions [integers | texts | memory]]

Same data, same run, two threads. Every contender starts from a typed table: ours from one that has been through the
door, the others from a frame of typed columns. Contenders answer with the number of contacts that have a repeat within
seven days of their entry and whose window is over; ours also counts what is pending, unknown and open, and checks ids.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

THREADS = min(2, os.cpu_count() or 1)
os.environ["POLARS_MAX_THREADS"] = str(THREADS)

import cxmetrics as cx  # noqa: E402
import duckdb  # noqa: E402
import numpy as np  # noqa: E402
import polars as pl  # noqa: E402

WINDOW = 7 * 86_400_000_000
WINDOWS = ("1d", "7d", "14d", "30d")


def world(rows: int) -> tuple[np.ndarray, np.ndarray]:
    """Customers and entries of a quarter, in the order of entries."""
    rng = np.random.default_rng(1)
    entered = np.sort(rng.integers(0, 90 * 86_400_000_000, rows)) + 1_772_000_000_000_000
    return rng.integers(1, rows // 5 + 1, rows), entered


def frame_of(customer: np.ndarray, entered: np.ndarray, *, texts: bool) -> pl.DataFrame:
    """The same as a frame."""
    ids = pl.Series("customer", customer)
    if texts:
        ids = "customer-" + ids.cast(pl.String)
    return pl.DataFrame({"customer": ids, "entered": pl.Series(entered).cast(pl.Datetime("us", "UTC"))})


def best(run: Callable[[], int], repeats: int) -> tuple[int, float]:
    """Return the answer and the seconds of the fastest run."""
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        answer = run()
        seconds.append(time.perf_counter() - start)
    return answer, min(seconds)


def compare(rows: int, *, texts: bool) -> None:
    """Print one row a contender."""
    customer, entered = world(rows)
    frame = frame_of(customer, entered, texts=texts)
    until = int(entered.max())
    connection = duckdb.connect()
    connection.execute(f"set threads={THREADS}; set TimeZone='UTC'")
    connection.register("v", frame.to_arrow())
    connection.execute("create table t as select customer, epoch_us(entered) as entered from v")
    typed = cx.contacts(frame)
    typed.array("customer")
    typed.array("entered")

    def ours() -> int:
        return cx.first_contact_resolution(typed, clock="entered", threads=THREADS).counts["repeat"]

    def ours_raw() -> int:
        return cx.first_contact_resolution(frame, clock="entered", threads=THREADS).counts["repeat"]

    def four() -> int:
        return cx.repeat_curve(typed, windows=WINDOWS, clock="entered", threads=THREADS)[1].counts["repeat"]

    def repeats(gap: pl.Expr, same: pl.Expr) -> pl.Expr:
        at = pl.col("entered").dt.epoch("us")
        return (same & (gap > 0) & (gap <= WINDOW) & (at + WINDOW <= until)).sum()

    us = pl.col("entered").dt.epoch("us")

    def polars_sort() -> int:
        ordered = frame.sort("customer", maintain_order=True)
        same = pl.col("customer").shift(-1) == pl.col("customer")
        return int(ordered.select(repeats(us.shift(-1) - us, same)).item())

    def polars_over() -> int:
        gap = (us.shift(-1) - us).over("customer")
        return int(frame.lazy().select(repeats(gap, pl.lit(True))).collect().item())

    def duckdb_lead() -> int:
        query = f"""select count(*) from (
            select entered, lead(entered) over (partition by customer order by entered) as next from t)
            where next > entered and next <= entered + {WINDOW} and entered + {WINDOW} <= {until}"""
        (answer,) = connection.sql(query).fetchall()[0]
        return int(answer)

    contenders: dict[str, tuple[Callable[[], int], int]] = {
        "cxmetrics, typed table": (ours, 5),
        "cxmetrics, four windows": (four, 5),
        "cxmetrics, raw frame": (ours_raw, 2),
        "polars, sort and shift": (polars_sort, 3),
        "polars, over": (polars_over, 1),
        "duckdb, lead": (duckdb_lead, 2),
    }
    print(f"{rows:,} contacts of {rows // 5:,} customers, {'text' if texts else 'integer'} ids, {THREADS} threads")
    base = None
    for name, (run, times) in contenders.items():
        answer, seconds = best(run, times)
        base = base or (answer, seconds)
        if answer != base[0]:
            raise SystemExit(f"{name} answers {answer}, ours is {base[0]}")
        print(
            f"{name:26} {rows / seconds / 1e6:7.1f} M contacts/s   ours is {seconds / base[1]:6.2f} x as fast",
            flush=True,
        )


def memory(rows: int) -> None:
    """Print by how much the peak of a process rises above what holds the two columns, over their size."""
    customer, entered = world(rows)
    typed = cx.contacts({"customer": customer, "entered": entered.astype("datetime64[us]")}, tz="UTC")
    typed.array("customer")
    typed.array("entered")
    columns = customer.nbytes + entered.nbytes
    before = _status("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")  # the peak is set back to what is held now
    cx.first_contact_resolution(typed, clock="entered", threads=THREADS)
    peak = _status("VmHWM") - before + columns
    print(f"{peak:,} bytes at the peak, {peak / columns:.2f} x the id and time columns")


def _status(name: str) -> int:
    """What the kernel says of this process, in bytes."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(name))


def main() -> None:
    """Print the ratios, then the memory of a process of its own."""
    warnings.simplefilter("ignore", cx.DataWarning)
    rows = int(float(sys.argv[1]) * 1e6) if len(sys.argv) > 1 else 20_000_000
    parts = {"integers": lambda: compare(rows, texts=False), "texts": lambda: compare(rows, texts=True)}
    parts["memory"] = lambda: memory(rows)
    if len(sys.argv) > 2:
        parts[sys.argv[2]]()
        return
    for part in parts:
        subprocess.run([sys.executable, __file__, str(rows / 1e6), part], check=True)


if __name__ == "__main__":
    main()
