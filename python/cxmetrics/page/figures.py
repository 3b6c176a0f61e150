# SPDX-License-Identifier: Apache-2.0
"""The pictures of the page, as SVG made by hand.

Every picture is a function of a table of the document. It is drawn twice, wide and narrow, and the style sheet shows
one: a picture scaled down to a phone would have unreadable labels. Colours and type come from the style sheet; no
picture has two y-axes, and colour never stands alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .canvas import Canvas, Scale, every_nth, nice_step
from .words import FEW, SMALL, Words

__all__ = ["dot", "dot_scale", "heat", "heat_level", "periods", "profile", "repeats", "scores", "waits"]

Row = Mapping[str, Any]

WIDE, NARROW = 960, 340
HEAT_BREAKS = (90, 80, 65, 50, 35)  # service level in per cent at which a cell turns darker
WAIT_TICKS = (1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400, 43200, 86400)


def heat_level(value: float) -> int:
    """Return how dark a cell is, 0 to 5; darker is a lower service level."""
    return sum(value < limit for limit in HEAT_BREAKS)


def _cell(canvas: Canvas, row: Row, x: float, y: float, width: float, height: float, title: str | None) -> None:
    """Draw one half hour: a number on a shade; grey italics below thirty contacts, counts below ten."""
    n, middle, base = row["n"], x + width / 2, y + height / 2 + 4
    if n == 0:
        return
    tight = " tight" if width < 24 else ""
    if n < FEW:
        canvas.add("rect", "cell blank", title=title, x=x + 1, y=y + 1, width=width - 2, height=height - 2)
        if tight:  # side by side the counts of neighbours would touch: one above the other
            canvas.text("cell-few", middle, base - 6, str(row["above"]))
            canvas.line("fraction", middle - 4, base - 4, middle + 4, base - 4)
            canvas.text("cell-few", middle, base + 5, str(n))
        else:
            canvas.text("cell-few", middle, base, f"{row['above']}/{n}")
        return
    shade = "few" if n < SMALL else f"h{heat_level(row['value'])}"
    canvas.add("rect", f"cell {shade}", title=title, x=x + 1, y=y + 1, width=width - 2, height=height - 2, rx=2)
    canvas.text(f"cell-{'small' if n < SMALL else shade}{tight}", middle, base, f"{row['value']:.0f}")


def heat(rows: Sequence[Row], words: Words, label: str) -> str:
    """Draw half hour of day by weekday: across on a desk, down on a phone."""
    days = sorted({row["weekday"] for row in rows})
    minutes = [int(row["start"][:2]) * 60 + int(row["start"][3:]) for row in rows]
    starts = [f"{m // 60:02d}:{m % 60:02d}" for m in range(min(minutes), max(minutes) + 1, 30)]
    return _heat_across(rows, days, starts, words, label) + _heat_down(rows, days, starts, words, label)


def _heat_across(rows: Sequence[Row], days: Sequence[int], starts: Sequence[str], words: Words, label: str) -> str:
    left, height, top = 46.0, 24.0, 18.0
    width = min((WIDE - left) / len(starts), 80.0)
    canvas = Canvas(WIDE, top + height * len(days), label, "wide")
    for index, start in enumerate(starts):
        if start.endswith(":00") and (width >= 22 or int(start[:2]) % 2 == 0):
            canvas.text("tick", left + index * width + 2, 12, start, "start")
    for index, day in enumerate(days):
        canvas.text("tick", 0, top + (index + 0.5) * height + 4, words.weekday(day, short=True), "start")
    for row in rows:
        title = (
            f"{words.weekday(row['weekday'])} {row['start']}: {words.integer(row['above'])} / "
            f"{words.integer(row['n'])} {words('col_above')}"
        )
        x, y = left + starts.index(row["start"]) * width, top + days.index(row["weekday"]) * height
        _cell(canvas, row, x, y, width, height, title)
    return canvas.svg()


def _heat_down(rows: Sequence[Row], days: Sequence[int], starts: Sequence[str], words: Words, label: str) -> str:
    left, height, top = 44.0, 22.0, 20.0
    width = min(60.0, (NARROW - left) / len(days))
    canvas = Canvas(NARROW, top + height * len(starts), label, "narrow")
    for index, day in enumerate(days):
        canvas.text("tick", left + (index + 0.5) * width, 12, words.weekday(day, short=True))
    for index, start in enumerate(starts):
        canvas.text("tick", 0, top + (index + 0.5) * height + 4, start, "start")
    for row in rows:
        x, y = left + days.index(row["weekday"]) * width, top + starts.index(row["start"]) * height
        _cell(canvas, row, x, y, width, height, None)
    return canvas.svg()


def profile(rows: Sequence[Row], total: float, words: Words, label: str, within: str) -> str:
    """Draw the service level of each half hour of the day with its band, and the contacts beneath as bars."""
    return "".join(_profile(rows, total, words, label, within, narrow) for narrow in (False, True))


def _profile(rows: Sequence[Row], total: float, words: Words, label: str, within: str, narrow: bool) -> str:
    left, top, level, gap, bars = (34.0 if narrow else 46.0), 24.0, (140.0 if narrow else 124.0), 34.0, 52.0
    size = NARROW if narrow else WIDE
    canvas = Canvas(size, top + level + gap + bars + 22, label, "narrow" if narrow else "wide")
    width = (size - left) / len(rows)
    place = [left + (index + 0.5) * width for index in range(len(rows))]
    y = Scale(0, 100, top + level, top)
    canvas.text("axis", 0, 12, words("axis_service_level", within=within), "start")
    for tick in (0, 25, 50, 75, 100):
        canvas.line("grid", left, y(tick), size, y(tick))
        canvas.text("tick", left - 8, y(tick) + 4, str(tick), "end")
    known = [(x, row) for x, row in zip(place, rows, strict=True) if row["n"] >= FEW]
    for run in _runs(known, width):
        lows = [(x, y(row["low"])) for x, row in run]
        highs = [(x, y(row["high"])) for x, row in run]
        if len(run) > 1:
            canvas.path("band", [*highs, *reversed(lows)], close=True)
            canvas.path("curve", [(x, y(row["value"])) for x, row in run])
        else:
            canvas.line("whisker", lows[0][0], lows[0][1], highs[0][0], highs[0][1])
        for x, row in run:
            canvas.add("circle", "mark small-n" if row["n"] < SMALL else "mark", cx=x, cy=y(row["value"]), r=2.6)
    canvas.line("reference", left, y(total), size, y(total))
    written = words("all_days", value=words.percent(total))
    canvas.text("axis", size, 12, written, "end")
    canvas.line("reference", size - 7.5 * len(written) - 30, 8, size - 7.5 * len(written) - 4, 8)
    floor = top + level + gap + bars
    most = max(row["contacts"] for row in rows)
    step = nice_step(most, 2)
    count = Scale(0, max(most, step), floor, floor - bars)
    canvas.text("axis", 0, floor - bars - 14, words("axis_contacts"), "start")
    for tick in range(0, int(max(most, step)) + 1, max(1, int(step))):
        canvas.line("grid", left, count(tick), size, count(tick))
        canvas.text("tick", left - 8, count(tick) + 4, words.integer(tick), "end")
    for x, row in zip(place, rows, strict=True):
        canvas.add(
            "rect", "bar", x=x - width / 2 + 1, y=count(row["contacts"]), width=max(width - 2, 1),
            height=floor - count(row["contacts"]),
        )  # fmt: skip
    hours = [index for index, row in enumerate(rows) if row["start"].endswith(":00")]
    keep = every_nth(len(hours), 6 if narrow else 16)
    for index in (each for each in hours[::keep] if place[each] < size - 24):
        canvas.text("tick", place[index] - width / 2 + 2, floor + 16, rows[index]["start"], "start")
    return canvas.svg()


def _runs(points: Sequence[tuple[float, Row]], width: float) -> list[list[tuple[float, Row]]]:
    """Cut a curve where a half hour has too few contacts: a line is never drawn across a gap."""
    runs: list[list[tuple[float, Row]]] = []
    for x, row in points:
        if runs and x - runs[-1][-1][0] < 1.5 * width:
            runs[-1].append((x, row))
        else:
            runs.append([(x, row)])
    return runs


def waits(
    curve: Sequence[Row], marks: Row, threshold: float, words: Words, label: str, *, counts: tuple[int, int]
) -> str:
    """Draw how much of the waiting was over by when: answered, and left without an answer."""
    return "".join(_waits(curve, marks, threshold, words, label, counts, narrow) for narrow in (False, True))


def _waits(
    curve: Sequence[Row],
    marks: Row,
    threshold: float,
    words: Words,
    label: str,
    counts: tuple[int, int],
    narrow: bool,
) -> str:
    left, top, height = 34.0, (72.0 if narrow else 44.0), (220.0 if narrow else 270.0)
    size = NARROW if narrow else WIDE
    floor = top + height
    canvas = Canvas(size, floor + 48, label, "narrow" if narrow else "wide")
    x = Scale(1, max(2.0, curve[-1]["seconds"]), left, size - 14, log=True)
    y = Scale(0, 100, floor, top)
    canvas.text("axis", 0, 12, words("axis_over"), "start")
    keys = [("curve", "curve_answered", counts[0])] + [("curve other", "curve_abandoned", counts[1])] * (
        counts[1] >= FEW
    )
    for index, (css, key, n) in enumerate(keys):
        at = (left, 32.0 + 18 * index) if narrow else (size - 420 + 210.0 * index, 12.0)
        canvas.line(css, at[0], at[1] - 4, at[0] + 26, at[1] - 4)
        canvas.text("label", at[0] + 32, at[1], f"{words(key)}, {words('n', n=words.integer(n))}", "start")
    for tick in (0, 25, 50, 75, 100):
        canvas.line("grid", left, y(tick), size - 14, y(tick))
        canvas.text("tick", left - 8, y(tick) + 4, str(tick), "end")
    last = -1e9
    for tick in WAIT_TICKS:
        if tick <= x.high and x(tick) - last > (46 if narrow else 54):
            last = x(tick)
            canvas.line("grid", last, floor, last, floor + 4)
            canvas.text("tick", min(last, size - 22), floor + 18, words.duration(tick))
    canvas.text("axis", size - 14, floor + 42, words("axis_wait"), "end")
    line = x(threshold)
    canvas.line("threshold", line, top - 8, line, floor)
    canvas.text("threshold-text", line + 5, top - 1, words("threshold", within=words.duration(threshold)), "start")
    if counts[1] >= FEW:
        canvas.path("curve other", _steps((x(row["seconds"]), y(row["abandoned"])) for row in curve))
    canvas.path("curve", _steps((x(row["seconds"]), y(row["answered"])) for row in curve))
    for share, key in ((50, "p50"), (90, "p90")):
        place = x(marks[key])
        canvas.add("circle", "mark", cx=place, cy=y(share), r=4.5)
        near = place > size * 0.62
        canvas.text(
            "mark-text", place + (-9 if near else 9), y(share) + (-7 if near else 15),
            f"{words(key)} {words.duration(marks[key])}", "end" if near else "start",
        )  # fmt: skip
    place = x(marks["mean"])
    canvas.path("mean", [(place, floor - 1), (place - 4, floor - 8), (place + 4, floor - 8)], close=True)
    before = -4 < line - place < 96
    canvas.text(
        "mean-text", place + (-7 if before else 7), floor - 5, words("mean_mark", value=words.duration(marks["mean"])),
        "end" if before else "start",
    )  # fmt: skip
    return canvas.svg()


def _steps(points: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """Draw a cumulative count as what it is: level until the next value, then up."""
    made: list[tuple[float, float]] = []
    for x, y in points:
        if made and y != made[-1][1]:
            made.append((x, made[-1][1]))
        if not made or y != made[-1][1]:
            made.append((x, y))
    if made:
        made.append((x, y))
    return made


def scores(rows: Sequence[Row], words: Words, label: str) -> str:
    """Draw all answers as one bar, 0 at the left and 10 at the right."""
    return "".join(_scores(rows, words, label, narrow) for narrow in (False, True))


def _scores(rows: Sequence[Row], words: Words, label: str, narrow: bool) -> str:
    size, height = (NARROW if narrow else WIDE), 44.0
    canvas = Canvas(size, height + 18, label, "narrow" if narrow else "wide")
    total = sum(row["answers"] for row in rows)
    at = 0.0
    for row in rows:
        width = size * row["answers"] / total
        kind = "detractor" if row["score"] <= 6 else "passive" if row["score"] <= 8 else "promoter"
        title = f"{row['score']}: {words.integer(row['answers'])}"
        canvas.add("rect", kind, title=title, x=at, y=0, width=max(width - 1.5, 0.3), height=height)
        if width >= 15:
            canvas.text(f"{kind}-text", at + width / 2 - 0.75, height / 2 + 5, str(row["score"]))
        if width >= (30 if narrow else 36):
            canvas.text("tick", at + width / 2 - 0.75, height + 14, words.integer(row["answers"]))
        at += width
    return canvas.svg()


def periods(rows: Sequence[Row], words: Words, label: str) -> str:
    """Draw a figure in points by period, each with its interval and n: across on a desk, down on a phone.

    One that is not whole is hollow and dashed; of fewer than ten there is only n. Dates are left out before any n.
    """
    shown = [row for row in rows if row["n"] >= FEW]
    low = min([0.0, *(row["low"] for row in shown)])
    high = max([0.0, *(row["high"] for row in shown)])
    step = nice_step(max(high - low, 10.0), 5)
    low, high = math.floor(low / step) * step, max(math.ceil(high / step), math.floor(low / step) + 1) * step
    ticks = [low + index * step for index in range(round((high - low) / step) + 1)]
    return _periods_across(rows, ticks, words, label) + _periods_down(rows, ticks, words, label)


def _state(row: Row) -> str:
    return (" small-n" if row["n"] < SMALL else "") + ("" if row["whole"] else " unfinished")


def _periods_across(rows: Sequence[Row], ticks: Sequence[float], words: Words, label: str) -> str:
    left, top, height = 44.0, 14.0, 190.0
    floor = top + height
    canvas = Canvas(WIDE, floor + 46, label, "wide")
    y = Scale(ticks[0], ticks[-1], floor, top)
    for tick in ticks:
        canvas.line("zero" if tick == 0 else "grid", left, y(tick), WIDE, y(tick))
        canvas.text("tick", left - 8, y(tick) + 4, words.decimal(tick, 0, sign=True), "end")
    width = min((WIDE - left) / len(rows), 190.0)
    counts = [words.integer(row["n"]) for row in rows]
    upright = width > 7.5 * max(map(len, counts)) + 4
    keep = every_nth(len(rows), 16)
    for index, row in enumerate(rows):
        x = left + (index + 0.5) * width
        if index % keep == 0:
            canvas.text("tick", x, floor + 17, row["label"])
        if upright:
            canvas.text("tick n", x, floor + 33, counts[index])
        else:
            canvas.text("tick n", x + 4, floor + 24, counts[index], "end", turn=-90)
        if row["n"] >= FEW:
            canvas.line(f"whisker{_state(row)}", x, y(row["low"]), x, y(row["high"]))
            canvas.add("circle", f"mark{_state(row)}", cx=x, cy=y(row["value"]), r=5 if width > 24 else 3.5)
    return canvas.svg()


def _periods_down(rows: Sequence[Row], ticks: Sequence[float], words: Words, label: str) -> str:
    left, right, top, height = 56.0, NARROW - 44.0, 22.0, 19.0
    floor = top + height * len(rows)
    canvas = Canvas(NARROW, floor + 4, label, "narrow")
    x = Scale(ticks[0], ticks[-1], left + 8, right - 8)
    for tick in ticks:
        canvas.line("zero" if tick == 0 else "grid", x(tick), top - 4, x(tick), floor)
        canvas.text("tick", x(tick), 12, words.decimal(tick, 0, sign=True))
    canvas.text("tick", NARROW, 12, "n", "end")
    for index, row in enumerate(rows):
        y = top + (index + 0.5) * height
        canvas.text("tick", 0, y + 4, row["label"], "start")
        canvas.text("tick n", NARROW, y + 4, words.integer(row["n"]), "end")
        if row["n"] >= FEW:
            canvas.line(f"whisker{_state(row)}", x(row["low"]), y, x(row["high"]), y)
            canvas.add("circle", f"mark{_state(row)}", cx=x(row["value"]), cy=y, r=4)
    return canvas.svg()


def repeats(rows: Sequence[Row], words: Words, label: str) -> str:
    """Draw the share of contacts followed by another, by days, each with its interval; no row is below ten."""
    return "".join(_repeats(rows, words, label, narrow) for narrow in (False, True))


def _repeats(rows: Sequence[Row], words: Words, label: str, narrow: bool) -> str:
    size, left, top, height = (NARROW if narrow else WIDE), 34.0, 30.0, (180.0 if narrow else 200.0)
    floor = top + height
    canvas = Canvas(size, floor + 46, label, "narrow" if narrow else "wide")
    most = max(row["high"] for row in rows)
    step = nice_step(max(most, 5.0), 4)
    y = Scale(0, min(100.0, math.ceil(most / step) * step), floor, top)
    x = Scale(0, rows[-1]["days"], left, size - 56)
    canvas.text("axis", 0, 12, words("axis_back"), "start")
    for index in range(round(y.high / step) + 1):
        canvas.line("grid", left, y(index * step), size, y(index * step))
        canvas.text("tick", left - 8, y(index * step) + 4, words.decimal(index * step, 0), "end")
    canvas.path("curve", ((x(row["days"]), y(row["value"])) for row in rows))
    for row in rows:
        place, state = x(row["days"]), " small-n" if row["n"] < SMALL else ""
        canvas.line(f"whisker{state}", place, y(row["low"]), place, y(row["high"]))
        canvas.add("circle", f"mark{state}", cx=place, cy=y(row["value"]), r=4.5)
        canvas.text("mark-text", place + 9, y(row["value"]) + 16, words.percent(row["value"]), "start")
        canvas.text("tick", place, floor + 18, str(row["days"]))
    canvas.text("axis", x.end, floor + 40, words("axis_days"), "end")
    return canvas.svg()


def dot_scale(rows: Sequence[Row], total: float | None, low: float, high: float) -> tuple[float, float]:
    """Return the tens that hold every interval of the groups and the total, at least twenty apart."""
    known = [row for row in rows if row["n"] >= FEW]
    ends = [end for row in known for end in (row["low"], row["high"])] + ([] if total is None else [total])
    if not ends:
        return low, high
    first, last = math.floor(min(ends) / 10) * 10, math.ceil(max(ends) / 10) * 10
    if last - first < 20:
        first, last = first - 10, last + 10
    return max(low, first), min(high, last)


def dot(row: Row, scale: tuple[float, float], total: float | None, label: str) -> str:
    """Draw one group's value and interval on a scale that all rows share, with the total as a dotted line."""
    canvas = Canvas(400, 22, label, "dot")
    x = Scale(*scale, 6, 394)
    canvas.line("grid", 6, 11, 394, 11)
    if scale[0] < 0 < scale[1]:
        canvas.line("zero", x(0), 3, x(0), 19)
    if total is not None:
        canvas.line("reference", x(total), 0, x(total), 22)
    state = " small-n" if row["n"] < SMALL else ""
    for end in (row["low"], row["high"]):
        canvas.line(f"whisker{state}", x(end), 6, x(end), 16)
    canvas.line(f"whisker{state}", x(row["low"]), 11, x(row["high"]), 11)
    canvas.add("circle", f"mark{state}", cx=x(row["value"]), cy=11, r=4)
    return canvas.svg()
