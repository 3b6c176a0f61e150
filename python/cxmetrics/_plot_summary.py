# SPDX-License-Identifier: Apache-2.0
"""Plots of grouped tables: small multiples, a panel a metric, and over time a panel a metric and group."""

from __future__ import annotations

from math import nan
from typing import TYPE_CHECKING, Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

from cxmetrics import _core
from cxmetrics._plots import COLOURS, check_axes, dots, draw_dots, label_rows, plain, unframe
from cxmetrics._results import Distribution, Result
from cxmetrics._tabular import DAYS, labelled, numbered, rows_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from cxmetrics._summary import Bucketing, Summary

    Array = np.ndarray[Any, Any]

_MOST_DOTS, _MOST_PANELS = 40, 12  # groups that one picture shows
_MARKED = 60  # buckets up to which each has a mark of its own
_HOUR = 3_600_000_000


def plot_summary(summary: Summary, ax: Axes | None) -> Any:
    """Draw each metric with its bounds: over time where there are buckets, else by key."""
    names = list(summary.definitions)
    check_axes(ax, len(names))
    draw = _nothing if not len(summary) else _by_key if summary.bucketing is None else _over_time
    panels = draw(summary, names, ax)
    for panel in panels:
        unframe(panel)
    return panels[0] if len(panels) == 1 else panels


def _nothing(summary: Summary, names: list[str], ax: Axes | None) -> list[Axes]:
    panels = [ax] if ax is not None else _panels(len(names), 1, 9, 1.4)
    for panel, name in zip(panels, names, strict=True):
        panel.set_title(_caption(name, summary.total[name]) + "; no rows", loc="left", fontsize="medium")
        panel.set_xticks([])
        panel.set_yticks([])
    return panels


def _by_key(summary: Summary, names: list[str], ax: Axes | None) -> list[Axes]:
    figures = {name: _figures(summary, name) for name in names}
    drawn, left = _largest(figures[names[0]][1], _MOST_DOTS)
    labels = [labelled(row) for row in rows_of(summary.keys.values(), len(summary))]
    panels = [ax] if ax is not None else _panels(len(names), 1, 9, 0.9 + 0.28 * len(drawn))
    for panel, name in zip(panels, names, strict=True):
        values, n = figures[name]
        draw_dots(panel, dots(*values[:, drawn]))
        label_rows(panel, [labels[row] for row in drawn], n[drawn].tolist())
        panel.set_title(_caption(name, summary.total[name]) + left, loc="left", fontsize="medium")
    return panels


def _over_time(summary: Summary, names: list[str], ax: Axes | None) -> list[Axes]:
    assert summary.starts is not None
    assert summary.bucketing is not None
    figures = {name: _figures(summary, name) for name in names}
    numbers, cells = numbered(rows_of(summary.keys.values(), len(summary)))
    drawn, left = _largest(np.bincount(numbers, figures[names[0]][1]), _MOST_PANELS)
    groups = []
    for group in drawn:
        rows = np.flatnonzero(numbers == group)
        groups.append((labelled(cells[group]), rows[np.argsort(summary.starts[rows])]))
    whole = {name: _caption(name, r) + left for name, r in summary.total.items()}
    if ax is not None or not summary.keys:
        panels = [ax] if ax is not None else _panels(len(names), 1, 9, 2.6)
        for panel, name in zip(panels, names, strict=True):
            for i, (label, rows) in enumerate(groups):
                _line(panel, summary.bucketing, summary.starts[rows], figures[name][0][:, rows], i, label)
            panel.set_title(whole[name], loc="left", fontsize="medium")
        if summary.keys:
            panels[0].legend(frameon=False, fontsize="small", loc="upper left", bbox_to_anchor=(1, 1))
    else:
        panels = _panels(len(groups), len(names), max(9.0, 4.5 * len(names)), 1.7, alike=True)
        places = iter(panels)
        for row, (label, rows) in enumerate(groups):
            for name in names:
                panel = next(places)
                _line(panel, summary.bucketing, summary.starts[rows], figures[name][0][:, rows], 0, label)
                n = int(figures[name][1][rows].sum())
                panel.set_title(plain(f"{label} (n = {n:,})"), loc="left", fontsize="medium")
                if row == 0:
                    panel.annotate(
                        whole[name], (0, 1), (0, 22), "axes fraction", "offset points", fontsize="medium", weight="bold"
                    )
    for panel in panels:
        _scale(panel, summary.bucketing)
    return panels


def _figures(summary: Summary, name: str) -> tuple[Array, Array]:
    """Return the value with its bounds in each cell, NaN for no answer, and n; a median's bounds are it and p90."""
    first, second, third, n = summary.figures(name).values()
    spread = summary.empty(name).core.has_distribution()
    return np.stack([first, first, second] if spread else [first, second, third]), n


def _panels(rows: int, columns: int, width: float, height: float, *, alike: bool = False) -> list[Axes]:
    """Return panels in reading order; those above each other have one scale where they show alike figures."""
    _, grid = plt.subplots(
        rows, columns, figsize=(width, height * rows + 0.4), layout="constrained", squeeze=False,
        sharex=alike, sharey="col" if alike else False,
    )  # fmt: skip
    return list(grid.flat)


def _largest(n: Array, most: int) -> tuple[list[int], str]:
    """Return the groups that are drawn, in the order of the table, and what the caption says of the others."""
    if len(n) <= most:
        return list(range(len(n))), ""
    drawn = np.sort(np.argsort(-n, kind="stable")[:most])
    return drawn.tolist(), f"; the {most} largest of {len(n):,} groups"


def _caption(name: str, total: Result) -> str:
    """Say what line and band are."""
    if isinstance(total, Distribution):
        return plain(f"{name} ({total.unit}): median, up to p90")
    return plain(f"{name} ({total.unit})") + (
        f" with {100 * total.interval.level:g} % interval" if total.interval else ""
    )


def _line(ax: Axes, bucketing: Bucketing, starts: Array, figures: Array, colour: int, label: str) -> None:
    gaps = bucketing.gaps(starts)  # a bucket without rows is one in the line
    x = np.insert(_times(bucketing, starts), gaps + 1, _times(bucketing, starts[gaps]))
    value, low, high = np.insert(figures, gaps + 1, nan, axis=1)
    hue = COLOURS[colour % len(COLOURS)]
    style = "-" if colour < len(COLOURS) else "--"
    marker = "." if len(x) <= _MARKED else ""
    ax.plot(x, value, style, marker=marker, color=hue, label=plain(label))
    ax.fill_between(x, low, high, color=hue, alpha=0.15, linewidth=0)
    there = np.concatenate([[False], ~np.isnan(value), [False]])
    alone = there[1:-1] & ~there[:-2] & ~there[2:]
    if alone.any():
        ax.vlines(x[alone], low[alone], high[alone], color=hue, alpha=0.3)


def _times(bucketing: Bucketing, starts: Array) -> Array:
    """Return where buckets lie on the axis: by the clock of their zone, or in hours of a profile."""
    if bucketing.fold is not None:
        return np.asarray(starts / _HOUR)
    return _core.local_times(starts, bucketing.tz).view("datetime64[us]")


def _scale(ax: Axes, bucketing: Bucketing) -> None:
    if bucketing.fold == "1d":
        ax.set_xticks(range(0, 25, 3), [f"{hour:02}:00" for hour in range(0, 25, 3)])
        ax.set_xlim(0, 24)
    elif bucketing.fold is not None:
        first = DAYS.index(bucketing.week_start)
        ax.set_xticks(range(0, 168, 24), [DAYS[(first + i) % 7].capitalize() for i in range(7)])
        ax.set_xlim(0, 168)
    else:
        locator = AutoDateLocator()  # type: ignore[no-untyped-call]
        ax.xaxis.set_major_locator(locator)
        ax.xaxis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]
