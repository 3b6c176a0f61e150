# SPDX-License-Identifier: Apache-2.0
"""The defensible number: what every metric answers with."""

from __future__ import annotations

import math
from numbers import Real
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from cxmetrics._core import Error
from cxmetrics._durations import Duration, microseconds
from cxmetrics._explain import Explanation, table_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes

    from cxmetrics._compare import Comparison
    from cxmetrics._respondents import Respondents, Travelled
    from cxmetrics._states import State


def decimals_of(unit: str) -> int:
    """Return how many decimals a figure is written with: what lies about 1 needs more than a share."""
    return 2 if unit == "per contact" else 1


def number(value: Any, name: str, such_as: float) -> float:
    """Return a real number that a function was given; anything else is an error that names it."""
    if isinstance(value, bool | np.timedelta64) or not isinstance(value, Real):
        raise Error(f"{name}={value!r} is not a number such as {such_as}")
    return float(value)


class Interval(NamedTuple):
    """A confidence interval, in the unit of its value."""

    low: float
    high: float
    level: float
    method: str


class Result:
    """A figure with its unit, interval, counts, formula, and where every row went.

    ``rows == n + excluded + invalid + missing + pending``, always. What has no answer is None, never 0 or 100.

    Attributes
    ----------
    value : float or None
        In `unit`; None where there is no answer. ``float(r)`` is NaN then.
    interval : Interval or None
        Confidence interval with its level and method.
    n : int
        Rows in the figure's denominator.
    excluded, invalid, missing, pending : int
        The other rows, by why they are not in it.
    counts : dict of str to int
        The counts behind the figure.
    effective_n, standard_error : float or None
        Of weighted rows: the size of an unweighted sample of the same precision, and the linearised standard error
        of the value in its unit.
    formula : str
        In words.
    parameters : dict of str to str
        What the formula was read with.
    notes : list of str
        What is odd but legal.

    Examples
    --------
    >>> import cxmetrics as cx
    >>> r = cx.nps([10, 9, 7, 3])
    >>> r.value, r.n, r.counts["promoters"]
    (25.0, 4, 2)
    >>> format(r, "+.1f")
    '+25.0'
    """

    __slots__ = (
        "_state",
        "counts",
        "effective_n",
        "excluded",
        "formula",
        "interval",
        "invalid",
        "metric",
        "missing",
        "n",
        "notes",
        "parameters",
        "pending",
        "respondents",
        "source",
        "standard_error",
        "text",
        "title",
        "unit",
        "value",
    )

    def __init__(self, parts: Mapping[str, Any], state: State, notes: Sequence[str] = ()) -> None:
        self._state = state
        self.respondents: Respondents | Travelled | None = None  # who answered, where a table knows it: for comparisons
        self.metric: str = parts["metric"]
        self.title: str = parts["title"]
        self.unit: str = parts["unit"]
        self.value: float | None = parts["value"]
        self.interval: Interval | None = Interval(*parts["interval"]) if parts["interval"] else None
        self.counts: dict[str, int] = dict(parts["counts"])
        self.effective_n: float | None = parts["effective_n"]
        self.standard_error: float | None = parts["standard_error"]
        self.formula: str = parts["formula"]
        self.parameters: dict[str, str] = dict(parts["parameters"])
        self.notes: list[str] = [*parts["notes"], *notes]
        self.source: str = parts["source"]
        self.text: str = parts["text"]
        rows = parts["rows"]
        self.n: int = rows["n"]
        self.excluded: int = rows["excluded"]
        self.invalid: int = rows["invalid"]
        self.missing: int = rows["missing"]
        self.pending: int = rows["pending"]

    @property
    def rows(self) -> int:
        """All rows fed."""
        return self.n + self.excluded + self.invalid + self.missing + self.pending

    @property
    def fraction(self) -> float | None:
        """A share as 0..1 and an NPS as -1..1; None where there is no answer or the unit is no share."""
        if self.value is None or self.unit not in ("%", "points"):
            return None
        return self.value / 100

    def __float__(self) -> float:
        return math.nan if self.value is None else self.value

    def __format__(self, spec: str) -> str:
        """Format the value, ``format(r, ".1%")`` the share as ``54.4%``; without a format it is ``str(r)``."""
        if not spec:
            return str(self)
        if self.value is None:
            return "no answer"
        if spec.endswith("%"):
            if self.fraction is None:
                raise ValueError(f'a figure with the unit "{self.unit}" is no share: use a format such as ".1f"')
            return format(self.fraction, spec)
        return format(self.value, spec)

    def __bool__(self) -> bool:
        raise TypeError("a result is neither true nor false: compare r.value, or look whether it is None")

    def __repr__(self) -> str:
        return "\n".join([self.text, *(f"  note: {note}" for note in self.notes)])

    def _repr_html_(self) -> str:
        rows = [
            ("formula", self.formula),
            ("interval", self._interval_text()),
            ("n", f"{self.n:,} of {self.rows:,} rows"),
            ("effective n", "" if self.effective_n is None else f"{self.effective_n:,.1f}"),
            *((name.replace("_", " "), f"{count:,}") for name, count in self.counts.items()),
            *(
                (name, f"{count:,}")
                for name in ("excluded", "invalid", "missing", "pending")
                if (count := getattr(self, name))
            ),
            *(("note", note) for note in self.notes),
        ]
        return table_of(self._headline(), rows)

    def _headline(self) -> str:
        return f"{self.title}: {self._number(self.value)}"

    def _number(self, x: float | None) -> str:
        if x is None:
            return "no answer"
        return f"{x:+.1f} points" if self.unit == "points" else f"{x:.{decimals_of(self.unit)}f} {self.unit}"

    def _interval_text(self) -> str:
        i = self.interval
        if i is None:
            return ""
        return f"{self._number(i.low)} to {self._number(i.high)} ({100 * i.level:.6g} %, {i.method})"

    def to_dict(self) -> dict[str, Any]:
        """Return all of it as plain values, ready for JSON: None for no answer, no NaN."""
        return {
            "metric": self.metric,
            "title": self.title,
            "value": self.value,
            "unit": self.unit,
            "interval": self.interval._asdict() if self.interval else None,
            "n": self.n,
            "rows": self.rows,
            "excluded": self.excluded,
            "invalid": self.invalid,
            "missing": self.missing,
            "pending": self.pending,
            "counts": dict(self.counts),
            **({} if self.effective_n is None else self._weighting()),
            "formula": self.formula,
            "parameters": dict(self.parameters),
            "notes": list(self.notes),
            "source": self.source,
        }

    def _weighting(self) -> dict[str, float | None]:
        return {"effective_n": self.effective_n, "standard_error": self.standard_error}

    def state(self) -> State:
        """Return a copy of the state the figure was read from: it can be merged, kept and read again."""
        return self._state.copy()

    def reading(self) -> tuple[Any, dict[str, Any]]:
        """Return the compiled state and what the figure is read from it with."""
        state = self._state
        return state.core, state.read_parameters()

    def compare(self, baseline: Result, *, method: str | None = None, level: float = 0.95) -> Comparison:
        """Return this figure less a baseline: `cxmetrics.compare`."""
        from cxmetrics._compare import compare

        return compare(self, baseline=baseline, method=method, level=level)

    def explain(self) -> Explanation:
        """Return what defends the figure: what it is and is not, the formula with its numbers, what was left out.

        Examples
        --------
        >>> import cxmetrics as cx
        >>> print(cx.nps([10, 9, 7, 3]).explain()["not to be confused with"])
        a mean score; an NPS computed from a 1-5, 1-7 or 1-10 scale
        """
        core, how = self.reading()
        if self.interval is not None:
            how["level"] = self.interval.level
        lines = [line for line in core.explain(how) if line[0] != "note"]
        source = lines.pop() if lines and lines[-1][0] == "source" else None
        lines += [("note", note) for note in self.notes]
        return Explanation(self.text, [*lines, *([] if source is None else [source])])

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the value with its interval; returns the matplotlib axes and never shows them."""
        from cxmetrics._plots import plot_value

        ax = plot_value(self.value, self.interval, ax)
        ax.set_xlabel(f"{self.title} ({self.unit}), n = {self.n:,}")
        return ax


class Distribution(Result):
    """A figure of durations: its value is the median, and the whole distribution is behind it. All in seconds.

    Examples
    --------
    >>> import cxmetrics as cx
    >>> r = cx.wait_time({"wait": [5, 10, 200], "outcome": ["answered"] * 3}, unit="s")
    >>> round(r.mean, 1), r.max
    (71.7, 200.0)
    """

    __slots__ = ()

    @property
    def mean(self) -> float | None:
        """The mean, exact; for answered waits the average speed of answer."""
        mean: float | None = self._state.core.mean()
        return mean

    @property
    def max(self) -> float | None:
        """The longest, exact."""
        longest: float | None = self._state.core.longest()
        return longest

    def quantile(self, q: float) -> float | None:
        """Return the value that the share q of the rows did not exceed, within 1/128; 0 <= q <= 1."""
        value: float | None = self._state.core.quantile(number(q, "q", 0.9))
        return value

    def quantile_interval(self, q: float, *, level: float = 0.95) -> Interval | None:
        """Return the confidence interval of a quantile; None where n is too small to bound it on both sides."""
        parts = self._state.core.quantile_interval(number(q, "q", 0.9), number(level, "level", 0.95))
        return Interval(*parts) if parts else None

    def share_within(self, threshold: Duration) -> float | None:
        """Return the per cent of rows up to a threshold: exact for whole seconds up to a minute, else within 1/64."""
        share: float | None = self._state.core.share_within(microseconds(threshold, "threshold"))
        return share

    def to_dict(self) -> dict[str, Any]:
        """Return all of it as plain values, with mean, longest and some quantiles."""
        return super().to_dict() | {
            "mean": self.mean,
            "max": self.max,
            "quantiles": {str(q): self.quantile(q) for q in (0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99)},
        }
