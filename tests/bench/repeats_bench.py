# SPDX-License-Identifier: Apache-2.0
"""First-contact resolution of 20 million contacts, 4 million customers: ours against what a user would pick instead.

Run: python tests/bench/repeats_bench.py [millions [integers | texts | memory]]

Same data, same run, two threads. All but two contenders start from the same frame of polars; of these two, ours starts
from a table that has been through the door, and DuckDB from a table of its own with whole numbers. Contenders answer
with the number of contacts that have a repeat within seven days of their entry and whose window is over; ours also
counts what is pending, unknown and open, and checks ids. Beside each are two ratios, by the clock and by processor
time: the second says more where other work is done meanwhile.
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


def best(contenders: dict[str, tuple[Callable[[], int], int]]) -> dict[str, tuple[int, float, float]]:
    """Return of each the answer, and the least seconds and processor seconds of its runs, which take turns."""
    found: dict[str, tuple[int, float, float]] = {}
    for turn in range(max(times for _, times in contenders.values())):
        for name, (run, times) in contenders.items():
            if turn >= times:
                continue
            start, used = time.perf_counter(), time.process_time()
            answer = run()
            seconds, used = time.perf_counter() - start, time.process_time() - used
            _, fastest, least = found.get(name, (answer, seconds, used))
            found[name] = answer, min(fastest, seconds), min(least, used)
    return found


def compare(rows: int, *, texts: bool) -> None:
    """Print one row a contender."""
    customer, entered = world(rows)
    frame = frame_of(customer, entered, texts=texts)
    until = int(entered.max())
    connection = duckdb.connect()
    connection.execute(f"set threads={THREADS}; set TimeZone='UTC'")
    arrow = frame.to_arrow()
    connection.register("v", arrow)
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

    def duckdb_lead(table: str = "t") -> int:
        query = f"""select count(*) from (
            select entered, lead(entered) over (partition by customer order by entered) as next from {table})
            where next > entered and next <= entered + {WINDOW} and entered + {WINDOW} <= {until}"""
        (answer,) = connection.sql(query).fetchall()[0]
        return int(answer)

    def duckdb_frame() -> int:
        return duckdb_lead("(select customer, epoch_us(entered) as entered from v)")

    contenders: dict[str, tuple[Callable[[], int], int]] = {
        "cxmetrics, typed table": (ours, 5),
        "cxmetrics, four windows": (four, 5),
        "cxmetrics, frame": (ours_raw, 5),
        "polars, sort and shift": (polars_sort, 3),
        "polars, over": (polars_over, 1),
        "duckdb, lead, own table": (duckdb_lead, 2),
        "duckdb, lead, frame": (duckdb_frame, 2),
    }
    print(f"{rows:,} contacts of {rows // 5:,} customers, {'text' if texts else 'integer'} ids, {THREADS} threads")
    print(f"{'':24}  M contacts/s  ns cpu  typed is faster by  (cpu)  from a frame by  (cpu)")
    found = best(contenders)
    typed_answer, *typed_seconds = found["cxmetrics, typed table"]
    raw_seconds = found["cxmetrics, frame"][1:]
    for name, (answer, *seconds) in found.items():
        if answer != typed_answer:
            raise SystemExit(f"{name} answers {answer}, ours is {typed_answer}")
        ratios = [
            each / base for base_of in (typed_seconds, raw_seconds) for each, base in zip(seconds, base_of, strict=True)
        ]
        print(
            f"{name:24}  {rows / seconds[0] / 1e6:12.1f}  {seconds[1] / rows * 1e9:6.1f}"
            f"  {ratios[0]:18.2f}  {ratios[1]:5.1f}  {ratios[2]:15.2f}  {ratios[3]:5.1f}",
            flush=True,
        )


def memory(rows: int) -> None:
    """Print by how much the peak of a process rises above the frame that holds the two columns, over their size."""
    customer, entered = world(rows)
    for texts in (False, True):
        frame = frame_of(customer, entered, texts=texts)
        columns = frame.estimated_size()
        before = _status("VmRSS")
        Path("/proc/self/clear_refs").write_text("5")  # the peak is set back to what is held now
        cx.first_contact_resolution(frame, clock="entered", threads=THREADS)
        peak = _status("VmHWM") - before + columns
        ids = "text" if texts else "integer"
        print(f"{ids} ids: {peak:,} bytes at the peak, {peak / columns:.2f} x the id and time columns", flush=True)


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
