# SPDX-License-Identifier: Apache-2.0
"""Compare the offsets of cxmetrics with Python's zoneinfo: 30 zones, 1970 to 2100, fat and slim zone files.

For each zone: around every change of the offset (found by scanning zoneinfo day by day and bisecting) and on
a coarse grid, both ways: the offset of an instant, and the instant of a local time with its kind (unique,
ambiguous, nonexistent). Then the offsets of zone files whose rule we write ourselves, in forms that few zones
use today. These are compared with the C library, for zoneinfo (CPython 3.11) reads dates of the form n a day
early, and J59 in leap years a day late.

    python zones_vs_zoneinfo.py --tool build/tests/cxmetrics_zone_offsets

Ends with "N passed, N failed" and exits with 1 when something failed. Without zic, or without the source of
the zone database, it says so and exits with 77 (skipped).
"""

from __future__ import annotations

import argparse
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import zoneinfo
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

ZONES = (
    "Europe/Amsterdam", "Europe/London", "Europe/Dublin", "Europe/Lisbon", "Europe/Moscow", "Europe/Istanbul",
    "Africa/Casablanca", "Africa/El_Aaiun", "Africa/Cairo", "Africa/Johannesburg", "America/New_York",
    "America/Los_Angeles", "America/St_Johns", "America/Sao_Paulo", "America/Santiago", "America/Asuncion",
    "America/Nuuk", "America/Havana", "America/Mexico_City", "Asia/Kolkata", "Asia/Kathmandu", "Asia/Tehran",
    "Asia/Jerusalem", "Asia/Gaza", "Asia/Beirut", "Asia/Almaty", "Australia/Lord_Howe", "Australia/Sydney",
    "Pacific/Apia", "Pacific/Chatham",
)  # fmt: skip

# Footers of our own, with their offset in January: Jn and n dates, negative times and times above 24 hours,
# negative and half-hour summer time, both hemispheres, no summer time.
RULES = {
    "Rule/EuropeanUnion": ("CET-1CEST,M3.5.0,M10.5.0/3", 3600),
    "Rule/NegativeSummer": ("IST-1GMT0,M10.5.0,M3.5.0/1", 0),
    "Rule/NegativeTime": ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", -7200),
    "Rule/LateTime": ("EET-2EEST,M3.4.4/50,M10.4.4/50", 7200),
    "Rule/EarliestTime": ("AAA3BBB,M3.2.0/-167,M11.1.0/-100:30:15", -10_800),
    "Rule/LatestTime": ("AAA-9:30BBB-10,M2.4.6/167,M9.1.3/100", 34_200),
    "Rule/South": ("AEST-10AEDT,M10.1.0,M4.1.0/3", 39_600),
    "Rule/HalfHour": ("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", 39_600),
    "Rule/DayWithoutLeap": ("AAA5BBB,J59/1,J60/3", -18_000),
    "Rule/DayWithoutLeapSouth": ("AAA-5BBB,J300,J60", 21_600),
    "Rule/DayOfYear": ("AAA5BBB,58,59/23", -18_000),
    "Rule/DayOfYearSouth": ("AAA-5BBB,300,31", 21_600),
    "Rule/Fixed": ("<+0545>-5:45", 20_700),
    "Rule/FixedWest": ("XYZ12", -43_200),
}

FIRST = int(datetime(1970, 1, 1, tzinfo=UTC).timestamp())
LAST = int(datetime(2101, 1, 1, tzinfo=UTC).timestamp()) - 1
DAY = 86_400
GRID = 300_007  # seconds, prime, some days: every hour of the day and every season come up
EPOCH = datetime(1970, 1, 1)
SHOWN = 5


class ZoneInfoClock:
    """The offsets of a zone as zoneinfo has them."""

    def __init__(self, name: str) -> None:
        self.zone = zoneinfo.ZoneInfo.no_cache(name)

    def offset(self, instant: int) -> int:
        return seconds_of(datetime.fromtimestamp(instant, self.zone).utcoffset())

    def local(self, seconds: int) -> str:
        clock = (EPOCH + timedelta(seconds=seconds)).replace(tzinfo=self.zone)
        earlier, later = (seconds_of(clock.replace(fold=fold).utcoffset()) for fold in (0, 1))
        kind = "unique" if earlier == later else "ambiguous" if earlier > later else "nonexistent"
        return f"{kind} {seconds - earlier}"


class CLibraryClock:
    """The offsets of a POSIX rule as the C library has them; it says nothing about local times."""

    local = None

    def __init__(self, name: str) -> None:
        os.environ["TZ"] = RULES[name][0]
        time.tzset()

    def offset(self, instant: int) -> int:
        return time.localtime(instant).tm_gmtoff


Clock = ZoneInfoClock | CLibraryClock


def seconds_of(offset: timedelta | None) -> int:
    assert offset is not None
    return int(offset.total_seconds())


def changes(clock: Clock) -> Iterator[tuple[int, int, int]]:
    """Yield (instant, offset before, offset after) of every change between FIRST and LAST."""
    before = clock.offset(FIRST)
    for day in range(FIRST, LAST, DAY):
        low, high = day, min(day + DAY, LAST)
        after = clock.offset(high)
        if after == before:
            continue
        while high - low > 1:
            middle = (low + high) // 2
            if clock.offset(middle) == before:
                low = middle
            else:
                high = middle
        yield high, before, after
        before = after


def questions(clock: Clock) -> tuple[list[tuple[str, int]], int]:
    """Return what to ask about a zone, and how many changes it has."""
    asked: dict[tuple[str, int], None] = {}
    count = 0
    for at, before, after in changes(clock):
        count += 1
        for near in (-3600, -1, 0, 1, 3600):
            asked["u", at + near] = None
            for offset in (before, after):
                asked["l", at + near + offset] = None
        asked["l", at + (before + after) // 2] = None
    for instant in range(FIRST, LAST, GRID):
        asked["u", instant] = None
        asked["l", instant] = None
    return [(kind, seconds) for kind, seconds in asked if kind == "u" or clock.local], count


def compare(
    tool: Path, folder: Path, label: str, names: Iterable[str], clock_of: Callable[[str], Clock]
) -> tuple[int, int]:
    """Ask the clocks and the tool, which reads the zone files of a folder; return the counts of answers."""
    zoneinfo.reset_tzpath([folder])
    lines: list[str] = []
    answers: list[str] = []
    places: list[str] = []
    change_count = zone_count = 0
    for name in names:
        clock = clock_of(name)
        asked, count = questions(clock)
        change_count += count
        zone_count += 1
        lines.append(f"zone {name}")
        answers.append(name)
        places.append(name)
        for kind, seconds in asked:
            lines.append(f"{kind} {seconds}")
            answers.append(str(clock.offset(seconds)) if kind == "u" or not clock.local else clock.local(seconds))
            places.append(f"{name} {'instant' if kind == 'u' else 'local'} {EPOCH + timedelta(seconds=seconds)}")
    done = subprocess.run([tool, folder], input="\n".join(lines), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        print(f"{label}: the tool failed: {done.stderr.strip()}")
        return 0, len(lines)
    got = done.stdout.splitlines()
    wrong = [f"  {p}: expected {a}, ours {g}" for p, a, g in zip(places, answers, got, strict=False) if a != g]
    failed = len(wrong) + abs(len(answers) - len(got))
    print(f"{label}: {zone_count} zones, {change_count} changes, {len(answers)} answers, {failed} differ")
    for line in wrong[:SHOWN]:
        print(line)
    return len(answers) - failed, failed


def compile_zones(zic: str, form: str, source: Path, folder: Path) -> None:
    subprocess.run([zic, "-b", form, "-d", folder, source], check=True)


def write_rule(path: Path, rule: str, offset: int) -> None:
    """Write a zone file (RFC 8536, version 3) that changes once, in January 1960, and then follows a rule."""

    def block(times: bytes, kinds: bytes) -> bytes:
        counts = struct.pack(">6l", 0, 0, 0, len(kinds), 1, 4)
        return b"TZif3" + bytes(15) + counts + times + kinds + struct.pack(">lBB", offset, 0, 0) + b"LMT\0"

    path.parent.mkdir(parents=True, exist_ok=True)
    long_ago = int(datetime(1960, 1, 15, tzinfo=UTC).timestamp())
    path.write_bytes(block(b"", b"") + block(struct.pack(">q", long_ago), b"\0") + f"\n{rule}\n".encode())


def main() -> int:
    parser = argparse.ArgumentParser(description="Compare the offsets of cxmetrics with Python's zoneinfo.")
    parser.add_argument("--tool", type=Path, required=True, help="the program cxmetrics_zone_offsets")
    parser.add_argument("--source", type=Path, default=Path("/usr/share/zoneinfo/tzdata.zi"),
                        help="the source of the zone database, for zic")  # fmt: skip
    options = parser.parse_args()
    zic = shutil.which("zic") or shutil.which("zic", path="/usr/sbin:/sbin")
    if zic is None or not options.source.is_file():
        missing = "zic is not installed" if zic is None else f"{options.source} is not there"
        print(f"SKIPPED: {missing}, so that zone files cannot be compiled fat and slim")
        print("On Debian: apt-get install tzdata libc-bin")
        print("0 passed, 0 failed")
        return 77
    tool = options.tool.resolve()
    with tempfile.TemporaryDirectory() as scratch, ProcessPoolExecutor() as pool:
        runs = []
        for form in ("fat", "slim"):
            folder = Path(scratch, form)
            compile_zones(zic, form, options.source, folder)
            runs.append(pool.submit(compare, tool, folder, f"{form} zone files", ZONES, ZoneInfoClock))
        folder = Path(scratch, "rules")
        for name, (rule, offset) in RULES.items():
            write_rule(folder / name, rule, offset)
        runs.append(pool.submit(compare, tool, folder, "rules of our own", RULES, CLibraryClock))
        results = [run.result() for run in runs]
        sizes = {form: Path(scratch, form, ZONES[0]).stat().st_size for form in ("fat", "slim")}
        print(f"{ZONES[0]}: {sizes['fat']} bytes fat, {sizes['slim']} bytes slim")
    passed, failed = (sum(counts) for counts in zip(*results, strict=True))
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
