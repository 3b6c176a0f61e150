# SPDX-License-Identifier: Apache-2.0
"""Plots of grouped tables: small multiples, a panel a metric, and over time a panel a metric and group."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import nan
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import matplotlib.pyplot as plt
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

from cxmetrics import _core
from cxmetrics._plots import COLOURS, draw_dots, label_rows, plain, unframe
from cxmetrics._results import Distribution, Result
from cxmetrics._tabular import key_texts

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from cxmetrics._summary import Bucketing, Summary

_MOST_DOTS, _MOST_PANELS = 40, 12  # groups that one picture shows
_MARKED = 60  # buckets up to which each has a mark of its own
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_HOUR = 3_600_000_000


def plot_summary(summary: Summary, ax: Axes | None) -> Any:
    """Draw each metric with its bounds: over time where there are buckets, else by key."""
    names = list(summary.definitions)
    if ax is not None and len(names) > 1:
        raise _core.Error("several metrics need several panels: call plot() without ax=")
    panels = _over_time(summary, names, ax) if summary.starts is not None else _by_key(summary, names, ax)
    for panel in panels:
        unframe(panel)
    return panels[0] if len(panels) == 1 else panels


def _by_key(summary: Summary, names: list[str], ax: Axes | None) -> list[Axes]:
    groups, left = _largest(_labels(summary), summary[names[0]], _MOST_DOTS)
    panels = [ax] if ax is not None else _panels(len(names), 1, 9, 0.9 + 0.28 * len(groups))
    labels = _labels(summary)
    for panel, name in zip(panels, names, strict=True):
        results = [r for label, r in zip(labels, summary[name], strict=True) if label in groups]
        draw_dots(panel, [(r.value, _bounds(r)) for r in results])
        label_rows(panel, groups, [r.n for r in results])
        panel.set_title(_caption(name, summary.total[name]) + left, loc="left", fontsize="medium")
    return panels


def _over_time(summary: Summary, names: list[str], ax: Axes | None) -> list[Axes]:
    filled = summary.filled()  # a bucket without rows is a gap in the line
    labels = _labels(filled)
    results = {name: filled[name] for name in names}
    groups, left = _largest(labels, results[names[0]], _MOST_PANELS)
    assert filled.starts is not None
    assert filled.bucketing is not None
    times = _times(filled.bucketing, filled.starts.tolist())
    whole = {name: _caption(name, r) + left for name, r in summary.total.items()}
    if ax is not None or not summary.keys:
        panels = [ax] if ax is not None else _panels(len(names), 1, 9, 2.6)
        for panel, name in zip(panels, names, strict=True):
            for i, group in enumerate(groups):
                _line(panel, times, results[name], [label == group for label in labels], i, group)
            panel.set_title(whole[name], loc="left", fontsize="medium")
        if summary.keys:
            panels[0].legend(frameon=False, fontsize="small", loc="upper left", bbox_to_anchor=(1, 1))
    else:
        panels = _panels(len(groups), len(names), max(9.0, 4.5 * len(names)), 1.7, alike=True)
        places = iter(panels)
        for row, group in enumerate(groups):
            mine = [label == group for label in labels]
            for name in names:
                panel = next(places)
                _line(panel, times, results[name], mine, 0, group)
                n = sum(r.n for r, here in zip(results[name], mine, strict=True) if here)
                panel.set_title(plain(f"{group} (n = {n:,})"), loc="left", fontsize="medium")
                if row == 0:
                    panel.annotate(
                        whole[name], (0, 1), (0, 22), "axes fraction", "offset points", fontsize="medium", weight="bold"
                    )
    for panel in panels:
        _scale(panel, filled.bucketing)
    return panels


def _panels(rows: int, columns: int, width: float, height: float, *, alike: bool = False) -> list[Axes]:
    """Return panels in reading order; those above each other have one scale where they show alike figures."""
    _, grid = plt.subplots(
        rows, columns, figsize=(width, height * rows + 0.4), layout="constrained", squeeze=False,
        sharex=alike, sharey="col" if alike else False,
    )  # fmt: skip
    return list(grid.flat)


def _largest(labels: list[str], results: list[Result], most: int) -> tuple[list[str], str]:
    """Return the groups that are drawn, in the order of the table, and what the caption says of the others."""
    rows: dict[str, int] = {}
    for label, r in zip(labels, results, strict=True):
        rows[label] = rows.get(label, 0) + r.n
    if len(rows) <= most:
        return list(rows), ""
    drawn = set(sorted(rows, key=lambda label: -rows[label])[:most])
    return [label for label in rows if label in drawn], f"; the {most} largest of {len(rows):,} groups"


def _labels(summary: Summary) -> list[str]:
    return [", ".join(row) or "all" for row in key_texts(summary.keys, len(summary))]


def _bounds(r: Result) -> tuple[float, float] | None:
    if isinstance(r, Distribution):
        p90 = r.quantile(0.9)
        return None if r.value is None or p90 is None else (r.value, p90)
    return (r.interval.low, r.interval.high) if r.interval else None


def _caption(name: str, total: Result) -> str:
    """Say what line and band are."""
    if isinstance(total, Distribution):
        return plain(f"{name} ({total.unit}): median, up to p90")
    return plain(f"{name} ({total.unit})") + (
        f" with {100 * total.interval.level:g} % interval" if total.interval else ""
    )


def _line(ax: Axes, times: list[Any], results: list[Result], mine: list[bool], colour: int, label: str) -> None:
    rows = [(time, r) for time, r, here in zip(times, results, mine, strict=True) if here]
    bounds = [_bounds(r) or (nan, nan) for _, r in rows]
    x = [time for time, _ in rows]
    hue = COLOURS[colour % len(COLOURS)]
    style = "-" if colour < len(COLOURS) else "--"
    marker = "." if len(rows) <= _MARKED else ""
    ax.plot(x, [float(r) for _, r in rows], style, marker=marker, color=hue, label=plain(label))
    alone = [i for i, (_, r) in enumerate(rows) if r.value is not None and not any(_answers(rows, i - 1, i + 1))]
    low, high = [each[0] for each in bounds], [each[1] for each in bounds]
    ax.fill_between(x, low, high, color=hue, alpha=0.15, linewidth=0)
    ax.vlines([x[i] for i in alone], [low[i] for i in alone], [high[i] for i in alone], color=hue, alpha=0.3)


def _answers(rows: list[tuple[Any, Result]], *places: int) -> list[bool]:
    return [0 <= place < len(rows) and rows[place][1].value is not None for place in places]


def _times(bucketing: Bucketing, starts: list[int]) -> list[Any]:
    """Return where buckets lie on the axis: by the clock of their zone, or in hours of a profile."""
    if bucketing.fold is not None:
        return [start / _HOUR for start in starts]
    zone, epoch = ZoneInfo(bucketing.tz), datetime(1970, 1, 1, tzinfo=UTC)
    return [(epoch + timedelta(microseconds=start)).astimezone(zone).replace(tzinfo=None) for start in starts]


def _scale(ax: Axes, bucketing: Bucketing) -> None:
    if bucketing.fold == "1d":
        ax.set_xticks(range(0, 25, 3), [f"{hour:02}:00" for hour in range(0, 25, 3)])
        ax.set_xlim(0, 24)
    elif bucketing.fold is not None:
        first = next(i for i, day in enumerate(_DAYS) if day.lower() == bucketing.week_start)
        ax.set_xticks(range(0, 168, 24), [_DAYS[(first + i) % 7] for i in range(7)])
        ax.set_xlim(0, 168)
    else:
        locator = AutoDateLocator()  # type: ignore[no-untyped-call]
        ax.xaxis.set_major_locator(locator)
        ax.xaxis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]
