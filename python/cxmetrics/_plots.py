# SPDX-License-Identifier: Apache-2.0
"""Plots with matplotlib, which is imported only here and in `_plot_summary`, and only when asked for."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Any

import matplotlib.axes
import matplotlib.pyplot as plt
import numpy as np

from cxmetrics import _core
from cxmetrics._durations import microseconds
from cxmetrics._results import Interval, Result

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from cxmetrics._changes import Changes

Dot = tuple[float | None, tuple[float, float] | None]
COLOURS = (
    "#1f4e79",
    "#c55a11",
    "#548235",
    "#7f6000",
    "#7030a0",
    "#595959",
)  # told apart by the colour-blind too


def unframe(ax: Axes, *sides: str) -> None:
    """Take away the lines that carry no scale."""
    for side in sides or ("right", "top"):
        ax.spines[side].set_visible(False)


def dots(*columns: np.ndarray[Any, Any]) -> list[Dot]:
    """Return values with their bounds from columns of values, lows and highs, in which NaN is no answer."""
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return [(None if isnan(value) else value, None if isnan(low) else (low, high)) for value, low, high in rows]


def draw_dots(ax: Axes, rows: Sequence[Dot]) -> None:
    """Draw values with their bounds, one below the other; what has no answer leaves its line empty."""
    for y, (value, bounds) in enumerate(reversed(rows)):
        if value is not None:
            ax.plot(bounds or (value, value), [y, y], color=COLOURS[0], linewidth=1.5)
            ax.plot([value], [y], "o", color=COLOURS[0])


def plain(text: str) -> str:
    """Return a text that matplotlib writes as it stands: a pair of dollars would be set as mathematics."""
    return text.replace("$", r"\$")


def label_rows(ax: Axes, labels: Sequence[str], counts: Sequence[int]) -> None:
    """Write beside each line whose it is, and on how many rows it stands."""
    texts = [plain(f"{label} (n = {n:,})") for label, n in zip(labels, counts, strict=True)]
    ax.set_yticks(range(len(texts)), texts[::-1])
    ax.set_ylim(-0.6, len(texts) - 0.4)


def check_axes(ax: Any, metrics: int = 1) -> None:
    """Refuse what is no axes of matplotlib, and one for several metrics."""
    if ax is None:
        return
    if not isinstance(ax, matplotlib.axes.Axes):
        raise TypeError(f"ax={ax!r} is no axes of matplotlib: give one, or call plot() without ax=")
    if metrics > 1:
        raise _core.Error("several metrics need several panels: call plot() without ax=")


def plot_value(value: float | None, interval: Interval | None, ax: Axes | None) -> Axes:
    """Draw one value with its interval on a line of its own."""
    check_axes(ax)
    if ax is None:
        ax = plt.subplots(figsize=(6, 1.4), layout="constrained")[1]
    if value is None:
        ax.text(0.5, 0.5, "no answer", ha="center", va="center", transform=ax.transAxes)
    else:  # a line and a dot: an adjusted interval of one answer does not hold its value
        draw_dots(ax, [(value, (interval.low, interval.high) if interval else None)])
    ax.set_yticks([])
    unframe(ax, "left", "right", "top")
    return ax


def plot_changes(changes: Changes, ax: Axes | None) -> Any:
    """Draw one panel a metric: each row's difference with its interval, and the line of no difference."""
    names = list(changes)
    check_axes(ax, len(names))
    if ax is not None:
        panels = [ax]
    else:
        height = 0.8 + 0.3 * len(changes)
        _, grid = plt.subplots(len(names), 1, figsize=(8, height * len(names)), layout="constrained", squeeze=False)
        panels = list(grid[:, 0])
    labels = changes.labels()
    for panel, name in zip(panels, names, strict=True):
        figures = changes.figures[name]
        draw_dots(panel, dots(figures["_difference"], figures["_low"], figures["_high"]))
        label_rows(panel, labels, figures["_n"].tolist())
        panel.axvline(0, color=COLOURS[5], linewidth=0.8)
        unit = changes.comparison(name, 0).unit if len(changes) else ""
        panel.set_title(plain(f"{name}, less {changes.baseline} ({unit})"), loc="left", fontsize="medium")
        unframe(panel)
    return panels[0] if len(panels) == 1 else panels


def plot_repeats(results: Sequence[Result], ax: Axes | None) -> Axes:
    """Draw the share that came back within each window, in days, with its interval."""
    check_axes(ax)
    if ax is None:
        ax = plt.subplots(figsize=(6, 3), layout="constrained")[1]
    shown = sorted(
        (
            microseconds(r.parameters["window"], "window") / 86_400e6,
            100 - r.value,
            100 - r.interval.low,
            100 - r.interval.high,
        )
        for r in results
        if r.value is not None and r.interval is not None
    )
    if shown:
        days, share, high, low = map(list, zip(*shown, strict=True))
        ax.errorbar(
            days,
            share,
            yerr=[[s - b for s, b in zip(share, low, strict=True)], [t - s for s, t in zip(share, high, strict=True)]],
            fmt="o-",
            color=COLOURS[0],
            capsize=3,
        )
        ax.set_xticks(days)
        ax.set_xlim(left=0)
        ax.set_ylim(bottom=0)
    else:
        ax.text(0.5, 0.5, "no answer", ha="center", va="center", transform=ax.transAxes)
    ax.set_xlabel("days")
    ax.set_ylabel("came back (%)")
    unframe(ax)
    return ax
