# SPDX-License-Identifier: Apache-2.0
"""Plots of grouped tables with matplotlib, which is imported only here and only when asked for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import matplotlib.pyplot as plt

from cxmetrics import _core
from cxmetrics._durations import microseconds
from cxmetrics._results import Distribution, Interval, Result

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from cxmetrics._changes import Changes
    from cxmetrics._summary import Summary

_COLOURS = (
    "#1f4e79",
    "#c55a11",
    "#548235",
    "#7f6000",
    "#7030a0",
    "#595959",
)  # told apart by the colour-blind too


def plot_value(value: float | None, interval: Interval | None, ax: Axes | None) -> Axes:
    """Draw one value with its interval on a line of its own."""
    if ax is None:
        ax = plt.subplots(figsize=(6, 1.4), layout="constrained")[1]
    if value is None:
        ax.text(0.5, 0.5, "no answer", ha="center", va="center", transform=ax.transAxes)
    elif interval is None:
        ax.plot([value], [0], "o", color=_COLOURS[0])
    else:
        reach = [[value - interval.low], [interval.high - value]]
        ax.errorbar([value], [0], xerr=reach, fmt="o", color=_COLOURS[0], capsize=4)
    ax.set_yticks([])
    for side in ("left", "right", "top"):
        ax.spines[side].set_visible(False)
    return ax


def plot_changes(changes: Changes, ax: Axes | None) -> Any:
    """Draw one panel a metric: each row's difference with its interval, and the line of no difference."""
    names = list(changes)
    if ax is not None and len(names) > 1:
        raise _core.Error("several metrics need several panels: call plot() without ax=")
    if ax is not None:
        panels = [ax]
    else:
        height = 0.8 + 0.3 * len(changes)
        _, grid = plt.subplots(len(names), 1, figsize=(8, height * len(names)), layout="constrained", squeeze=False)
        panels = list(grid[:, 0])
    labels = changes.labels()
    for panel, name in zip(panels, names, strict=True):
        for y, c in enumerate(reversed(changes[name])):
            if c.value is None:
                continue
            low, high = (c.interval.low, c.interval.high) if c.interval else (c.value, c.value)
            panel.plot([low, high], [y, y], color=_COLOURS[0], linewidth=1.5)
            panel.plot([c.value], [y], "o", color=_COLOURS[0])
        panel.axvline(0, color=_COLOURS[5], linewidth=0.8)
        panel.set_yticks(
            range(len(labels)),
            [f"{label} (n = {c.n:,})" for label, c in zip(labels, changes[name], strict=True)][::-1],
        )
        unit = next((c.unit for c in changes[name]), "")
        panel.set_title(f"{name}, less {changes.baseline} ({unit})", loc="left", fontsize="medium")
        for side in ("right", "top"):
            panel.spines[side].set_visible(False)
    return panels[0] if len(panels) == 1 else panels


def plot_summary(summary: Summary, ax: Axes | None) -> Any:
    """Draw one panel a metric."""
    names = list(summary.definitions)
    if ax is not None and len(names) > 1:
        raise _core.Error("several metrics need several panels: call plot() without ax=")
    panels: Sequence[Axes]
    if ax is not None:
        panels = [ax]
    else:
        _, grid = plt.subplots(len(names), 1, figsize=(9, 2.6 * len(names)), layout="constrained", squeeze=False)
        panels = list(grid[:, 0])
    for panel, name in zip(panels, names, strict=True):
        if summary.starts is None:
            _by_key(panel, summary, summary[name])
        else:
            _over_time(panel, summary, summary[name])
        unit = summary.total[name].unit
        panel.set_title(f"{name} ({unit})", loc="left", fontsize="medium")
        for side in ("right", "top"):
            panel.spines[side].set_visible(False)
    return panels[0] if len(panels) == 1 else list(panels)


def _labels(summary: Summary) -> list[str]:
    rows = zip(*summary.keys.values(), strict=True) if summary.keys else [()] * len(summary)
    return [", ".join("(none)" if label is None else str(label) for label in row) or "all" for row in rows]


def _bounds(r: Result) -> tuple[float, float] | None:
    if isinstance(r, Distribution):
        p90 = r.quantile(0.9)
        return None if r.value is None or p90 is None else (r.value, p90)  # the band from the median to p90
    return (r.interval.low, r.interval.high) if r.interval else None


def _by_key(ax: Axes, summary: Summary, results: list[Result]) -> None:
    labels = _labels(summary)
    for y, r in enumerate(reversed(results)):
        if r.value is None:
            continue
        low, high = _bounds(r) or (r.value, r.value)
        ax.plot([low, high], [y, y], color=_COLOURS[0], linewidth=1.5)
        ax.plot([r.value], [y], "o", color=_COLOURS[0])
    ax.set_yticks(
        range(len(labels)), [f"{label} (n = {r.n:,})" for label, r in zip(labels, results, strict=True)][::-1]
    )


def _over_time(ax: Axes, summary: Summary, results: list[Result]) -> None:
    assert summary.starts is not None
    assert summary.bucketing is not None
    labels = _labels(summary)
    if summary.bucketing.fold is not None:
        ax.set_xlabel(f"hours since the start of the {'day' if summary.bucketing.fold == '1d' else 'week'}")
        times: list[Any] = [start / 3.6e9 for start in summary.starts.tolist()]
    else:
        zone = ZoneInfo(summary.bucketing.tz)
        epoch = datetime(1970, 1, 1, tzinfo=UTC)
        times = [
            (epoch + timedelta(microseconds=start)).astimezone(zone).replace(tzinfo=None)
            for start in summary.starts.tolist()
        ]
    for i, label in enumerate(dict.fromkeys(labels)):
        rows = [row for row, here in enumerate(labels) if here == label and results[row].value is not None]
        colour = _COLOURS[i % len(_COLOURS)]
        style = "-" if i < len(_COLOURS) else "--"
        ax.plot(
            [times[row] for row in rows],
            [float(results[row]) for row in rows],
            style,
            color=colour,
            label=label,
        )
        banded = [(times[row], bounds) for row in rows if (bounds := _bounds(results[row]))]
        ax.fill_between(
            [time for time, _ in banded],
            [low for _, (low, _) in banded],
            [high for _, (_, high) in banded],
            color=colour,
            alpha=0.15,
            linewidth=0,
        )
    if summary.keys:
        ax.legend(frameon=False, fontsize="small")


def plot_repeats(results: Sequence[Result], ax: Axes | None) -> Axes:
    """Draw the share that came back within each window, in days, with its interval."""
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
            color=_COLOURS[0],
            capsize=3,
        )
        ax.set_xticks(days)
        ax.set_xlim(left=0)
        ax.set_ylim(bottom=0)
    else:
        ax.text(0.5, 0.5, "no answer", ha="center", va="center", transform=ax.transAxes)
    ax.set_xlabel("days")
    ax.set_ylabel("came back (%)")
    for side in ("right", "top"):
        ax.spines[side].set_visible(False)
    return ax
