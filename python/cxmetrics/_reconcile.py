# SPDX-License-Identifier: Apache-2.0
"""The same calls under every formula of a service level, with the counts that make the difference."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from cxmetrics import _core
from cxmetrics._contact.service_level import ServiceLevel
from cxmetrics._durations import Duration, duration_text
from cxmetrics._states import State, using_threads

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

    from cxmetrics._results import Result

BASE = "offered"
LAWS = {name: duration_text(us) for name, us in _core.SERVICE_LEVEL_LAWS.items()}  # read at the law's threshold


class Difference(NamedTuple):
    """By how many contacts of one kind a formula differs from "offered", above the line, below it, or both."""

    what: str
    contacts: int
    above: int
    below: int

    def __str__(self) -> str:
        sides = [(self.above, "above"), (self.below, "below")]
        where = " and ".join(f"{'+' if sign > 0 else '-'}{self.contacts:,} {side}" for sign, side in sides if sign)
        return f"{where} ({self.what.replace('_', ' ')})"


@dataclass(frozen=True)
class Row:
    """One formula: its figure, what stands above and below its line, and how that differs from "offered"."""

    formula: str
    within: str
    result: Result
    differences: tuple[Difference, ...]

    @property
    def above(self) -> int:
        """Contacts that count as in time."""
        return above_of(self.result)

    @property
    def below(self) -> int:
        """Contacts that it divides by."""
        return self.result.n

    @property
    def differs(self) -> str:
        """What makes the difference to "offered", in counts."""
        return "; ".join(map(str, self.differences))


def above_of(result: Result) -> int:
    """Return what stands above the line of a service level."""
    return result.counts.get("above", result.counts["answered_within"])


def rows_of(state: State, levels: Sequence[State], level: float = 0.95, of_laws: Sequence[str] = ()) -> list[Row]:
    """Return every formula that a state and the states at the laws' thresholds can answer.

    A formula that tells ways of leaving apart is left out where only a yes or no of answers is known. The notes
    `of_laws` are told of the figures that a law defines.
    """
    at = {each.definition: each for each in (state, *levels)}
    base, rows = read_by(state, BASE, level), []
    for formula in _core.SERVICE_LEVEL_FORMULAS:
        own = replace(_level(state), within=LAWS.get(formula, _level(state).within))
        if own not in at:
            continue
        try:
            result = read_by(at[own], formula, level, of_laws if formula in _core.SERVICE_LEVEL_LAWS else ())
        except _core.ColumnError:
            continue
        if own == state.definition:
            parts = state.core.level_differences({"formula": formula}, {"formula": BASE})
        else:
            parts = list(_changes(result, base))
        rows.append(Row(formula, str(own.within), result, tuple(Difference(*part) for part in parts)))
    return rows


def _level(state: State) -> ServiceLevel:
    assert isinstance(state.definition, ServiceLevel)
    return state.definition


def read_by(state: State, formula: str, level: float, notes: Sequence[str] = ()) -> Result:
    """Read a service level by another formula, from the same counts."""
    return State(replace(_level(state), formula=formula), state.core.clone()).result(level=level, notes=tuple(notes))


def _changes(result: Result, base: Result) -> Iterator[tuple[str, int, int, int]]:
    """Yield what another threshold changes, where the classes themselves are others."""
    above, below = above_of(result) - above_of(base), result.n - base.n
    if above:
        yield "answered_within", abs(above), 1 if above > 0 else -1, 0
    if below:
        yield "waiting_beyond", abs(below), 0, 1 if below > 0 else -1


class Reconciliation:
    """Every formula of a service level side by side, over the same contacts.

    Iterating gives its rows; ``t["amazon"]`` is the result of one formula.

    Attributes
    ----------
    rows : list of Row
        In the order of the documentation; formulas that the data cannot answer are left out and stand in `notes`.
    clock : str
        Whether the rows of all figures are stays in a queue, "leg", or whole contacts, "contact".
    notes : list of str
        What is odd but legal.

    Examples
    --------
    >>> import cxmetrics as cx
    >>> calls = {"wait": [5, 30, 9, 40], "outcome": ["answered", "answered", "abandoned", "timeout"]}
    >>> t = cx.reconcile(calls, within="20s", unit="s")
    >>> t["answered_only"].value, t.lowest.formula, t.spread
    (50.0, 'offered', 25.0)
    """

    def __init__(self, within: str, rows: Sequence[Row], notes: Sequence[str], clock: str = "leg") -> None:
        self.within, self.rows, self.notes, self.clock = within, list(rows), list(notes), clock

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __getitem__(self, formula: str) -> Result:
        for row in self.rows:
            if row.formula == formula:
                return row.result
        raise _core.Error(f'no formula "{formula}" here: there are {", ".join(row.formula for row in self.rows)}')

    @property
    def lowest(self) -> Row | None:
        """The formula with the lowest figure; None where no formula has one."""
        return min(self._answered(), key=_value, default=None)

    @property
    def highest(self) -> Row | None:
        """The formula with the highest figure; None where no formula has one."""
        return max(self._answered(), key=_value, default=None)

    @property
    def spread(self) -> float | None:
        """By how many points the formulas differ on these contacts; None where no formula has a figure."""
        low, high = self.lowest, self.highest
        return None if low is None or high is None else _value(high) - _value(low)

    def _answered(self) -> list[Row]:
        return [row for row in self.rows if row.result.value is not None]

    def to_dicts(self) -> list[dict[str, Any]]:
        """Return one dict a formula; None for no answer."""
        return [
            {
                "formula": row.formula,
                "within": row.within,
                "value": row.result.value,
                "low": row.result.interval.low if row.result.interval else None,
                "high": row.result.interval.high if row.result.interval else None,
                "above": row.above,
                "below": row.below,
                "pending": row.result.pending,
                "differs": row.differs,
            }
            for row in self.rows
        ]

    def to_arrow(self) -> pa.Table:
        """Return a pyarrow table: formula, within, value, low, high, above, below, pending, differs."""
        import pyarrow as pa

        names = ("formula", "within", "value", "low", "high", "above", "below", "pending", "differs")
        kinds = dict.fromkeys(("value", "low", "high"), pa.float64())
        kinds |= dict.fromkeys(("above", "below", "pending"), pa.uint64())
        schema = pa.schema([(name, kinds.get(name, pa.string())) for name in names])
        return pa.Table.from_pylist(self.to_dicts(), schema=schema)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.to_arrow().__arrow_c_stream__(requested_schema)

    def to_pandas(self) -> pd.DataFrame:
        """Return a pandas data frame."""
        return self.to_arrow().to_pandas()

    def to_polars(self) -> pl.DataFrame:
        """Return a polars data frame."""
        import polars as pl

        frame = pl.from_arrow(self.to_arrow())
        assert isinstance(frame, pl.DataFrame)
        return frame

    def _headline(self) -> str:
        low, high = self.lowest, self.highest
        if low is None or high is None:
            return f"Service level {self.within}: no contacts that any formula divides by"
        ends = " to ".join(f"{_value(row):.1f} % ({row.formula})" for row in (low, high))
        apart = f"{_value(high) - _value(low):.1f} points apart"
        of = " of contacts" if self.clock == "contact" else ""
        return f"Service level {self.within}{of} by {len(self.rows)} formulas, {apart}: {ends}"

    def _cells(self) -> list[list[str]]:
        head = ["formula", "value", "interval", "above", "below", 'differs from "offered" by']
        return [
            head,
            *([row.formula, *_figure(row), f"{row.above:,}", f"{row.below:,}", _why(row)] for row in self.rows),
        ]

    def __str__(self) -> str:
        cells = self._cells()
        widths = [max(len(line[i]) for line in cells) for i in range(len(cells[0]) - 1)]
        right = (1, 3, 4)
        lines = [
            "  ".join(
                cell.rjust(width) if i in right else cell.ljust(width)
                for i, (cell, width) in enumerate(zip(line, [*widths, 0], strict=True))
            ).rstrip()
            for line in cells
        ]
        return "\n".join([self._headline(), *lines, *(f"  note: {note}" for note in self.notes)])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        head, *rows = self._cells()
        left = ' style="text-align:left"'
        columns = "".join(f'<th scope="col"{left}>{html.escape(name)}</th>' for name in head)
        body = "".join(
            f'<tr><th scope="row"{left}>{html.escape(row[0])}</th>'
            + "".join(f"<td{left}>{html.escape(cell)}</td>" for cell in row[1:])
            + "</tr>"
            for row in rows
        )
        notes = "".join(f"<p>note: {html.escape(note)}</p>" for note in self.notes)
        caption = f"<caption>{html.escape(self._headline())}</caption>"
        return f"<table>{caption}<thead><tr>{columns}</tr></thead><tbody>{body}</tbody></table>{notes}"


def _value(row: Row) -> float:
    assert row.result.value is not None
    return row.result.value


def _figure(row: Row) -> tuple[str, str]:
    r = row.result
    value = "no answer" if r.value is None else f"{r.value:.1f} %"
    return value, f"[{r.interval.low:.1f}, {r.interval.high:.1f}]" if r.interval else ""


def _why(row: Row) -> str:
    at = [f"within {row.within}"] if row.formula in LAWS else []
    return "; ".join([*at, *([row.differs] if row.differs else [])])


def reconcile(
    c: Any,
    *,
    within: Duration,
    short_abandon: Duration | None = None,
    comparison: str = "<=",
    short_answer: Duration | None = None,
    clock: str = "leg",
    level: float = 0.95,
    threads: int | None = None,
    **door: Any,
) -> Reconciliation:
    """Read the service level by every formula, and say which contacts make the difference.

    "Our figure differs from the supplier's" ends in this table: find the supplier's formula, and read what it counts
    otherwise.

    Parameters
    ----------
    c : Contacts or table
        With wait and outcome; of a yes or no of answers only some formulas can be read.
    within : duration
        The threshold, like ``"20s"``. A law's formula is read at the law's.
    short_abandon, comparison, short_answer
        As in `service_level`; the same for all formulas.
    clock : {"leg", "contact"}
        Of each stay in a queue, or of contacts through all their queues; the same for all formulas.
    level : float
        Confidence level of the intervals.
    threads : int, optional
        Default: the machine's cores, at most 8.
    **door
        The keywords of `contacts`.

    Returns
    -------
    Reconciliation
        One row a formula.

    Raises
    ------
    ColumnError
        A column that is not there or cannot be read: with column, row, value and what to do.
    UnitError
        Durations in numbers without a unit.
    Error
        A keyword that cannot be meant, like ``level=0.05``.

    Examples
    --------
    >>> import cxmetrics as cx
    >>> calls = {"wait": [5, 30, 9, 40], "outcome": ["answered", "answered", "abandoned", "timeout"]}
    >>> for row in cx.reconcile(calls, within="20s", unit="s"):
    ...     if row.formula in ("answered_only", "amazon"):
    ...         print(row.formula, row.result.value, row.differs)
    answered_only 50.0 -1 below (abandoned); -1 below (timeout)
    amazon 50.0 +1 above (abandoned within)
    """
    rules: dict[str, Any] = {
        "short_abandon": short_abandon,
        "comparison": comparison,
        "short_answer": short_answer,
        "clock": clock,
    }
    definition = ServiceLevel(within, **rules)
    definitions = dict.fromkeys([definition, *(ServiceLevel(own, **rules) for own in LAWS.values())])
    states = [each.state() for each in definitions]
    states[0].result(level=level)  # a wrong level is refused before the rows are read
    notes: list[str] = []
    with using_threads(threads) as many:
        table = definition.table(c, door)
        for state in states:
            notes = state.definition.fill(state, table, many, {})
    of_laws = definition.clock_notes(table)
    rows = rows_of(states[0], states[1:], level, of_laws)
    absent = [name for name in _core.SERVICE_LEVEL_FORMULAS if name not in {row.formula for row in rows}]
    if absent:
        notes.append(f"a yes or no of answers does not say who left: no {', '.join(absent)}")
    notes += of_laws
    return Reconciliation(str(definition.within), rows, notes, clock)
