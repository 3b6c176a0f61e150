# SPDX-License-Identifier: Apache-2.0
"""A queue_log to finished contacts: ours against what a user would pick instead, same data and run, one core.

Run: python tests/bench/queue_log_bench.py [thousands of calls]
"""

from __future__ import annotations

import io
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable

os.environ["POLARS_MAX_THREADS"] = "1"

import duckdb
import numpy as np
import pandas as pd
import polars as pl
from cxmetrics import _core

FIELDS = ["time", "call", "queue", "agent", "event", "d1", "d2", "d3"]
Answer = tuple[int, int, int]  # contacts, answered, seconds that the answered waited


def make_log(calls: int) -> bytes:
    """Write a log with missed rings, abandons and overlapping calls; always the same."""
    chance = random.Random(1)
    lines: list[tuple[int, str]] = []
    now = 1_700_000_000
    for i in range(calls):
        now += chance.randrange(4)
        head = f"{now}.{i}|{chance.choice(('billing', 'support', 'sales'))}|"
        lines.append((now, f"{head}NONE|ENTERQUEUE||0031{600_000_000 + 997 * chance.randrange(60_000)}|1"))
        at = now
        for _ in range(chance.randrange(5)):
            at += chance.randrange(5, 15)
            lines.append((at, f"{head}SIP/{chance.randrange(80)}|RINGNOANSWER|{chance.randrange(9999)}"))
        at += chance.randrange(1, 13)
        if chance.random() < 0.1:
            lines.append((at, f"{head}NONE|ABANDON|1|2|{at - now}"))
            continue
        talk = chance.randrange(20, 620)
        lines.append((at, f"{head}SIP/7|CONNECT|{at - now}|{at}.77|4"))
        lines.append((at + talk, f"{head}SIP/7|COMPLETECALLER|{at - now}|{talk}|1"))
    lines.sort(key=lambda line: line[0])
    return "".join(f"{at}|{rest}\n" for at, rest in lines).encode()


def best(run: Callable[[], Answer], repeats: int = 3) -> tuple[Answer, float]:
    """Return the answer and the seconds of the fastest run."""
    seconds = []
    for _ in range(repeats):
        start = time.process_time()
        answer = run()
        seconds.append(time.process_time() - start)
    return answer, min(seconds)


def main() -> None:
    """Print one row a contender."""
    log = make_log(int(float(sys.argv[1]) * 1000) if len(sys.argv) > 1 else 200_000)
    lines = log.count(b"\n")

    def ours() -> Answer:
        read = _core.read_queue_log([log])
        answered = read["outcome"] == _core.OUTCOMES.index("answered")
        return len(answered), int(np.count_nonzero(answered)), int(read["wait"][answered].sum()) // 1_000_000

    def pandas_groupby() -> Answer:
        texts = {"call": str, "d1": str}
        frame = pd.read_csv(io.BytesIO(log), sep="|", names=FIELDS, header=None, dtype=texts)
        kinds = {"ENTERQUEUE": "entered", "CONNECT": "answered", "ABANDON": "left", "COMPLETECALLER": "ended"}
        frame["kind"] = frame["event"].map(kinds)
        frame = frame.dropna(subset=["kind"])
        contacts = frame.pivot_table(index=["call", "queue"], columns="kind", values="time", aggfunc="first")
        answered = contacts["answered"].notna()
        waits = (contacts["answered"] - contacts["entered"])[answered]
        return len(contacts), int(answered.sum()), int(waits.sum())

    def polars_group_by() -> Answer:
        frame = pl.read_csv(
            log,
            separator="|",
            has_header=False,
            new_columns=FIELDS,
            infer_schema_length=0,
            truncate_ragged_lines=True,
        )
        at = pl.col("time").cast(pl.Int64)
        contacts = frame.group_by("call", "queue").agg(
            at.filter(pl.col("event") == "ENTERQUEUE").first().alias("entered"),
            at.filter(pl.col("event") == "CONNECT").first().alias("answered"),
            at.filter(pl.col("event").is_in(["ABANDON", "COMPLETECALLER"])).last().alias("ended"),
        )
        waits = contacts.select((pl.col("answered") - pl.col("entered")).sum()).item()
        return len(contacts), int(contacts["answered"].count()), int(waits)

    def duckdb_group_by(path: str) -> Answer:
        connection = duckdb.connect()
        connection.execute("set threads=1")
        columns = ", ".join(f"'{name}': 'VARCHAR'" for name in FIELDS)
        row = connection.sql(
            f"""select count(*), count(answered), sum(answered - entered) from (
                  select min(time::bigint) filter (event = 'ENTERQUEUE') as entered,
                         min(time::bigint) filter (event = 'CONNECT') as answered,
                         max(time::bigint) filter (event in ('ABANDON', 'COMPLETECALLER')) as ended
                  from read_csv('{path}', delim='|', header=false, columns={{{columns}}},
                                null_padding=true, auto_detect=false)
                  group by call, queue)"""
        ).fetchall()[0]
        return int(row[0]), int(row[1]), int(row[2])

    with tempfile.NamedTemporaryFile(suffix=".csv") as file:
        file.write(log)
        file.flush()
        contenders: dict[str, Callable[[], Answer]] = {
            "cxmetrics": ours,
            "polars, group_by": polars_group_by,
            "duckdb, group by": lambda: duckdb_group_by(file.name),
            "pandas, pivot_table": pandas_groupby,
        }
        print(f"queue_log of {lines:,} lines to contacts, time of the processor; ours also checks every line")
        expected = None
        for name, run in contenders.items():
            answer, seconds = best(run)
            expected = expected or (answer, seconds)
            if answer != expected[0]:
                raise SystemExit(f"{name} answers {answer}, ours is {expected[0]}")
            speed, ratio = lines / seconds / 1e6, seconds / expected[1]
            print(f"{name:22} {speed:6.2f} M lines/s   ours is {ratio:6.1f} x as fast")


if __name__ == "__main__":
    main()
