# SPDX-License-Identifier: Apache-2.0
"""Long computations: signals are answered while they run, and they use no more threads than they were given."""

import itertools
import json
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import cxmetrics as cx
import duckdb
import numpy as np
import pyarrow as pa
import pytest

PREPARED = """
import json, signal, time
import cxmetrics as cx
import numpy as np
import pyarrow as pa
MANY = 1
def rows(n): return np.arange(n * MANY)
def spread(n, below): return rows(n) * 2_147_483_647 % (below * MANY)  # a prime: every number comes, far from the last
def scores(n): return np.zeros(n * MANY, dtype=np.int8)
def times(n): return np.datetime64("2026-01-01", "us") + spread(n, 10**14)
def waits(n): return spread(n, 10**9).astype("timedelta64[us]")
def answered(n): return np.ones(n * MANY, dtype=bool)
def texts(values): return pa.array(values).cast(pa.string())
"""
# What is given, and a call of C++ that takes a tenth to half a second of processor time where nothing stops it.
LONG = {
    "summarize": (
        'cx.answers({"score": scores(4_000_000), "time": times(4_000_000)}, time="time", tz="UTC")',
        'cx.summarize(given, {str(i): cx.NPS() for i in range(40)}, every="1d", tz="UTC", threads=THREADS)',
    ),
    "figures": (
        'cx.summarize({"score": scores(200_000), "k": rows(200_000)}, cx.NPS(), by="k", threads=THREADS)',
        "given.to_arrow()",
    ),
    "comparisons": (
        'cx.summarize({"score": scores(80_000), "k": rows(80_000)}, cx.NPS(), by="k", threads=THREADS)',
        'given.compare(baseline="rest")',
    ),
    "others": (
        'cx.summarize({"wait": waits(150_000), "answered": answered(150_000), "k": rows(150_000) // 5}, '
        '{"w": cx.WaitTime()}, by="k")',
        'given.grids["w"].others()',
    ),
    "groups": (
        'cx._core.Column(texts(spread(3_000_000, 750_000)), "queue")',
        "cx._core.encode_keys([given], [])",
    ),
    "ids": (
        'cx._core.Column(texts(spread(3_000_000, 750_000)), "customer")',
        "cx._core.read_ids(given, [])",
    ),
    "times": (
        'cx._core.Column(texts(times(4_000_000)), "time")',
        'cx._core.read_instants(given, [], "Europe/Amsterdam", "", "").values()',
    ),
    "repeats": (
        'cx.contacts({"customer": spread(8_000_000, 2_000_000), "entered": times(8_000_000)}, tz="UTC", '
        'entered="entered")',
        'cx.first_contact_resolution(given, clock="entered", threads=THREADS)',
    ),
    "durations": (
        'cx.contacts({"wait": waits(10_000_000), "answered": answered(10_000_000)})',
        "cx.wait_time(given, threads=THREADS)",
    ),
}


@pytest.mark.parametrize("what", LONG)
def test_signals_are_answered_while_rows_are_worked_on(what: str) -> None:
    """Measured in processor time: a pass that answers none makes a gap, and what else runs on the machine does not."""
    given, call = LONG[what]
    program = f"""{PREPARED}
for THREADS in {[1, 2] if "THREADS" in given + call else [1]}:
    for MANY in (1, 2, 4, 8):  # until it takes long enough here for some looks, each 50 ms of every thread
        given = None
        given = {given}
        answered_at = []
        signal.signal(signal.SIGALRM, lambda *_: answered_at.append(time.process_time()))
        signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)
        began = time.process_time()
        {call}
        ended = time.process_time()
        signal.setitimer(signal.ITIMER_REAL, 0)
        if ended - began > 0.4 * THREADS:
            break
    print(json.dumps([began, *(t for t in answered_at if t < ended), ended]))
"""
    shown = subprocess.check_output([sys.executable, "-W", "ignore", "-c", program], text=True)
    for moments in map(json.loads, shown.splitlines()):
        longest = max(later - earlier for earlier, later in itertools.pairwise(moments))
        assert longest < (moments[-1] - moments[0]) / 3, moments  # a pass that answers none takes all of the time


def errors_of_ctrl_c(program: str) -> str:
    """Return what a program that says when it is ready writes of its end by Ctrl-C, which must be soon."""
    with subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            time.sleep(0.2)
            process.send_signal(signal.SIGINT)
            sent = time.monotonic()
            _, errors = process.communicate(timeout=60)
            assert time.monotonic() - sent < 5  # a second on a machine that has nothing else to do
            return errors
        finally:
            process.kill()


@pytest.mark.parametrize("what", ["summarize", "figures", "comparisons"])
def test_ctrl_c_ends_it(what: str) -> None:
    given, call = LONG[what]
    program = f"""{PREPARED}
THREADS = 2
given = {given}
print("ready", flush=True)
while True:
    {call}
"""
    assert "KeyboardInterrupt" in errors_of_ctrl_c(program)


@pytest.mark.parametrize("ending", ["csv", "json", "parquet"])
def test_ctrl_c_ends_the_reading_of_a_file_as_it_ends_all_else(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"answers.{ending}"
    rows = "SELECT i % 11 AS score, i AS respondent, 'what they wrote' AS words FROM range(2000000) t(i)"
    duckdb.sql(f"COPY ({rows}) TO '{path}'")
    program = f"""
import cxmetrics._recognition.sniff as sniff
import pathlib
source = sniff.open_source({str(path)!r}, pathlib.Path({str(tmp_path)!r}))
print("ready", flush=True)
while True:
    sniff.read_table(source)
"""
    errors = errors_of_ctrl_c(program)
    assert errors.rstrip().endswith("KeyboardInterrupt"), errors


def most_threads(work: Any) -> int:
    """Return how many threads there were at most while something ran, besides those of before and our own."""
    tasks, seen, over = Path("/proc/self/task"), [0], threading.Event()

    def look() -> None:
        while not over.is_set():
            seen.append(len(list(tasks.iterdir())))

    before = len(list(tasks.iterdir()))
    watch = threading.Thread(target=look)
    watch.start()
    try:
        work()
    finally:
        over.set()
        watch.join()
    return max(seen) - before - 1


@pytest.mark.filterwarnings("ignore::cxmetrics.DataWarning")
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs Linux, which lists the threads of a process")
@pytest.mark.parametrize("what", ["scores", "ids", "texts"])
def test_a_table_is_read_by_no_more_threads_than_were_asked_for(what: str) -> None:
    rows = 4_000_000  # so many that the caller's thread only looks for signals: it does not count
    ids = np.arange(rows) // 3
    calls = pa.table(
        {
            "customer": pa.array(ids).cast(pa.string()) if what == "texts" else ids,
            "entered": np.datetime64("2026-01-01", "s") + np.arange(rows),
        }
    )

    def work(threads: int) -> None:
        if what == "scores":
            cx.nps({"score": ids % 11}, threads=threads)
        else:
            cx.first_contact_resolution(calls, clock="entered", tz="UTC", threads=threads)

    assert most_threads(lambda: work(1)) <= 1
    most = 0
    for _ in range(20):  # who counts them may look too late
        most = max(most, most_threads(lambda: work(4)))
        if most > 1:
            break
    assert 1 < most <= 4


# What works on a grid, of which no Python object is touched.
GRIDS = {
    "pick": lambda grid: grid.pick(np.arange(len(grid), dtype=np.uint32)),
    "regroup": lambda grid: grid.regroup(np.arange(len(grid), dtype=np.uint32), len(grid)),
    "others": lambda grid: grid.others(),
    "writing": lambda grid: grid.__getstate__(),
}


@pytest.mark.parametrize("what", GRIDS)
def test_other_threads_go_on_while_a_grid_is_worked_on(what: str) -> None:
    rows = 100_000
    waits = np.random.default_rng(1).integers(0, 10**9, rows).astype("timedelta64[us]")
    table = {"wait": waits, "answered": np.ones(rows, dtype=bool), "k": np.arange(rows) // 5}
    grid = cx.summarize(table, {"w": cx.WaitTime()}, by="k").grids["w"]
    ticks, over = [0], threading.Event()

    def tick() -> None:
        while not over.is_set():
            ticks[0] += 1
            time.sleep(0.0001)

    other = threading.Thread(target=tick)
    before = sys.getswitchinterval()
    sys.setswitchinterval(1000)  # nobody takes the lock: it is given
    try:
        other.start()
        seen = ticks[0]
        GRIDS[what](grid)
        assert ticks[0] > seen
    finally:
        over.set()
        sys.setswitchinterval(before)
        other.join()
