# SPDX-License-Identifier: Apache-2.0
"""One figure less another: the difference, how sure it is, and what it rests on."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from cxmetrics import _core
from cxmetrics._explain import Explanation, table_of
from cxmetrics._respondents import in_both, overlap_notes, travelled
from cxmetrics._results import Interval, Result, decimals_of, number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes


def p_text(p: float) -> str:
    """Return a p as people write it after its letter: "= 0.170" or "< 0.001"."""
    return "< 0.001" if p < 0.001 else f"= {p:.3f}"


class Comparison:
    """A figure less a baseline of the same definition and of other rows.

    Attributes
    ----------
    value : float or None
        ``r.value - baseline.value``; None unless both have an answer. ``float(c)`` is NaN then.
    unit : str
        "points" for figures in points and in per cent, else the unit of the figures.
    interval : Interval or None
        Of the difference, about `centre`; None where the method has no variance.
    centre : float or None
        The difference as the method estimates it; ``"adjusted_wald"`` adds a few rows to both samples first.
    z : float or None
        `centre` in standard errors.
    p : float or None
        How often chance alone would bring a `z` as large, in either direction; 0 to 1.
    method : str
        The two-sample method.
    n, baseline_n : int
        The rows in either denominator.
    result, baseline : Result
        The two figures.
    formula, source : str
        In words, and where the method comes from.
    notes : list of str
        Of both figures, why there is no interval, and whether the same people stand on both sides.

    Examples
    --------
    >>> import cxmetrics as cx
    >>> now, before = cx.nps([10] * 50 + [8] * 30 + [2] * 20), cx.nps([10] * 60 + [8] * 25 + [2] * 15)
    >>> print(cx.compare(now, baseline=before))
    NPS -15.0 points  95 % [-35.4, +6.2]  z = -1.37, p = 0.170  n = 100 against 100
    """

    __slots__ = (
        "baseline",
        "baseline_n",
        "centre",
        "formula",
        "interval",
        "method",
        "metric",
        "n",
        "notes",
        "p",
        "result",
        "source",
        "text",
        "title",
        "unit",
        "value",
        "z",
    )

    def __init__(self, parts: Mapping[str, Any], result: Result, baseline: Result, notes: Sequence[str] = ()) -> None:
        self.result = result
        self.baseline = baseline
        self.metric: str = parts["metric"]
        self.title: str = parts["title"]
        self.unit: str = parts["unit"]
        self.value: float | None = parts["value"]
        self.centre: float | None = parts["centre"]
        self.interval: Interval | None = Interval(*parts["interval"]) if parts["interval"] else None
        self.z: float | None = parts["z"]
        self.p: float | None = parts["p"]
        self.method: str = parts["method"]
        self.n: int = parts["n"]
        self.baseline_n: int = parts["baseline_n"]
        self.formula: str = parts["formula"]
        self.source: str = parts["source"]
        self.text: str = parts["text"]
        self.notes: list[str] = list(dict.fromkeys([*parts["notes"], *result.notes, *baseline.notes, *notes]))

    def __float__(self) -> float:
        return math.nan if self.value is None else self.value

    def __format__(self, spec: str) -> str:
        if not spec:
            return str(self)
        return "no answer" if self.value is None else format(self.value, spec)

    def __bool__(self) -> bool:
        raise TypeError("a comparison is neither true nor false: look at c.interval, or compare c.p with a level")

    def __repr__(self) -> str:
        return "\n".join([self.text, *(f"  note: {note}" for note in self.notes)])

    def _repr_html_(self) -> str:
        i, d = self.interval, decimals_of(self.unit)
        bounds = f"{i.low:+.{d}f} to {i.high:+.{d}f} {self.unit}" if i else ""
        rows = [
            ("figure", self.result.text),
            ("baseline", self.baseline.text),
            ("interval", f"{bounds} ({100 * i.level:.6g} %, {i.method})" if i else ""),
            ("z", "" if self.z is None else f"{self.z:.2f}"),
            ("p", "" if self.p is None else p_text(self.p).removeprefix("= ")),
            *(("note", note) for note in self.notes),
            ("source", self.source),
        ]
        value = "no answer" if self.value is None else f"{self.value:+.{d}f} {self.unit}".rstrip()
        return table_of(f"{self.title}: {value}", rows)

    def explain(self) -> Explanation:
        """Return what defends the difference: both figures, the formula with its numbers, interval, test and notes.

        Examples
        --------
        >>> import cxmetrics as cx
        >>> now, before = cx.nps([10] * 50 + [8] * 30 + [2] * 20), cx.nps([10] * 60 + [8] * 25 + [2] * 15)
        >>> print(cx.compare(now, baseline=before).explain()["with the numbers"])
        +30.0 - +45.0 = -15.0 points
        """
        i, d = self.interval, decimals_of(self.unit)
        sign = "+" if self.unit == "points" and self.result.unit == "points" else ""
        lines = [
            ("what it is", f"{self.title}: a figure less a baseline of the same definition and of other rows."),
            ("figure", self.result.text),
            ("baseline", self.baseline.text),
            ("formula", self.formula),
        ]
        if self.value is not None:
            one, other = f"{self.result:{sign}.{d}f}", f"{self.baseline:{sign}.{d}f}"
            lines.append(("with the numbers", f"{one} - {other} = {self.value:+.{d}f} {self.unit}".rstrip()))
        if i is not None:
            shown = f"{100 * i.level:.6g} %: {i.low:+.{d}f} to {i.high:+.{d}f} {self.unit}".rstrip()
            lines.append(("interval", f"{shown}, {i.method}, about {self.centre:+.{d}f}"))
        if self.z is not None and self.p is not None and self.centre is not None:
            error = f" = {self.centre:+.3f} / {self.centre / self.z:.3f}, its standard error" if self.z else ""
            lines.append(("test", f"z = {self.z:.2f}{error}; p {p_text(self.p)}, two-sided"))
        return Explanation(self.text, [*lines, *(("note", note) for note in self.notes), ("source", self.source)])

    def to_dict(self) -> dict[str, Any]:
        """Return all of it as plain values, ready for JSON: None for no answer, no NaN."""
        return {
            "metric": self.metric,
            "title": self.title,
            "value": self.value,
            "unit": self.unit,
            "centre": self.centre,
            "interval": self.interval._asdict() if self.interval else None,
            "z": self.z,
            "p": self.p,
            "method": self.method,
            "n": self.n,
            "baseline_n": self.baseline_n,
            "result": self.result.to_dict(),
            "baseline": self.baseline.to_dict(),
            "formula": self.formula,
            "notes": list(self.notes),
            "source": self.source,
        }

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the difference with its interval and the line of no difference; returns the axes, never shows them."""
        from cxmetrics._plots import plot_value

        ax = plot_value(self.value, self.interval, ax)
        ax.axvline(0, color="#595959", linewidth=0.8)
        ax.set_xlabel(f"{self.title}, difference ({self.unit}), n = {self.n:,} against {self.baseline_n:,}")
        return ax


def method_name(method: Any) -> str:
    """Return the name of a two-sample method; empty for the metric's first."""
    if method is not None and not isinstance(method, str):
        raise _core.Error(f'method={method!r} is no text: name one such as "wald", or leave it out')
    return method or ""


def compare(r: Result, *, baseline: Result, method: str | None = None, level: float = 0.95) -> Comparison:
    """Compare a figure with a baseline of the same definition and of other rows.

    Parameters
    ----------
    r, baseline : Result
        Of one definition: metric, unit, formula and parameters are the same.
    method : str, optional
        The two-sample method; default the metric's first. NPS and shares: ``"adjusted_wald"``, ``"wald"``; medians:
        ``"order_statistics"``; means: ``"welch"``.
    level : float
        Confidence level of the interval, 0.5 up to, but not including, 1.

    Returns
    -------
    Comparison
        ``value`` is ``r.value - baseline.value``.

    Raises
    ------
    Error
        The definitions differ, and how; or the method is not one of the metric's.

    Examples
    --------
    >>> import cxmetrics as cx
    >>> now, before = cx.nps([10] * 50 + [8] * 30 + [2] * 20), cx.nps([10] * 60 + [8] * 25 + [2] * 15)
    >>> c = cx.compare(now, baseline=before, method="wald")
    >>> round(c.z, 6), round(c.p, 6)
    (-1.394218, 0.163252)
    """
    for side in (r, baseline):
        if not isinstance(side, Result):
            raise _core.Error(f"two results are compared, not {type(side).__name__}: give what cx.nps() returns")
    parts = _core.compare(
        r.reading(), baseline.reading(), method=method_name(method), level=number(level, "level", 0.95)
    )
    sides = r.respondents, baseline.respondents
    notes = travelled(*sides) if None not in sides else []
    return Comparison(parts, r, baseline, [*overlap_notes(in_both(*sides)), *notes])
