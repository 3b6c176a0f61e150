# SPDX-License-Identifier: Apache-2.0
"""Long computations: Ctrl-C ends them, and they use no more threads than they were given."""

import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import cxmetrics as cx
import numpy as np
import pyarrow as pa
import pytest

ROWS = 4_000_000

# Each runs for seconds where nothing stops it; of all of them the rows are so many that another thread works.
PREPARED = """
import sys
import cxmetrics as cx
import numpy as np
import pyarrow as pa
rows = 4_000_000
rng = np.random.default_rng(1)
scores = np.zeros(rows, dtype=np.int8)
times = rng.integers(0, 10**14, rows).astype("datetime64[us]")
ids = rng.integers(1, 10**6, rows)
texts = pa.array(ids).cast(pa.string())
print("ready", flush=True)
while True:
    """
LONG = {
    "summarize": 'cx.summarize(cx.answers({"score": scores, "time": times}, time="time", tz="UTC"), '
    '{str(i): cx.NPS() for i in range(40)}, every="1d", tz="UTC", threads=THREADS)',
    "groups": 'cx.summarize({"score": scores, "who": texts}, cx.NPS(), by="who", threads=THREADS)',
    "who came back": 'cx.first_contact_resolution({"customer": ids, "entered": times}, clock="entered", tz="UTC", '
    "allow_dominant=True, threads=THREADS)",
    "who came back, texts": 'cx.first_contact_resolution(pa.table({"customer": texts, "entered": times}), '
    'clock="entered", tz="UTC", threads=THREADS)',
    "a metric": "cx.nps(rng.integers(0, 11, 10 * rows), threads=THREADS)",
}


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("what", LONG)
def test_ctrl_c_stops_within_a_second(what: str, threads: int) -> None:
    program = PREPARED + LONG[what].replace("THREADS", str(threads))
    with subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        sent = time.monotonic()
        _, errors = process.communicate(timeout=60)
        assert "KeyboardInterrupt" in errors
        assert time.monotonic() - sent < 5  # a second on a machine that has nothing else to do


def most_threads(work: Any) -> int:
    """Return how many threads there were at most while something ran, besides those of before and our own."""
    tasks, seen, over = Path("/proc/self/task"), [0], threading.Event()

    def look() -> None:
        while not over.is_set():
            seen.append(len(list(tasks.iterdir())))

    before = len(list(tasks.iterdir()))
    watch = threading.Thread(target=look)
    watch.start()
    work()
    over.set()
    watch.join()
    return max(seen) - before - 1


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs Linux, which lists the threads of a process")
@pytest.mark.parametrize("what", ["scores", "ids", "texts"])
def test_a_table_is_read_by_no_more_threads_than_were_asked_for(what: str) -> None:
    ids = np.arange(ROWS) // 3
    entered = np.arange(ROWS).astype("datetime64[s]")
    customer = pa.array(ids).cast(pa.string()) if what == "texts" else ids

    def work(threads: int) -> None:
        if what == "scores":
            cx.nps({"score": ids % 11}, threads=threads)
        else:
            calls = pa.table({"customer": customer, "entered": entered})
            cx.first_contact_resolution(calls, clock="entered", tz="UTC", threads=threads)

    assert most_threads(lambda: work(1)) <= 1  # that which looks for Ctrl-C does not count
    assert most_threads(lambda: work(4)) == 4
