# SPDX-License-Identifier: Apache-2.0
"""Who answered, and in which cell: the same people on both sides of a comparison are not independent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from cxmetrics import _core
from cxmetrics._tables import Answers

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cxmetrics._tables import Contacts

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Respondents:
    """A reference to a table of answers and the cell of each of its rows; nothing is read before it is asked for.

    Parameters
    ----------
    table : Answers
        With a column `respondent`.
    cells : numpy.ndarray, optional
        The cell of each kept row; None: all rows are one cell.
    kept : numpy.ndarray of bool, optional
        The rows that stand in cells; None: all.
    """

    table: Answers
    cells: Array | None = None
    kept: Array | None = None

    @staticmethod
    def of(table: Answers | Contacts, cells: Array | None = None, kept: Array | None = None) -> Respondents | None:
        """Return the respondents of a table; None where they are not known."""
        if isinstance(table, Answers) and "respondent" in table.names:
            return Respondents(table, cells, kept)
        return None

    def regrouped(self, to: Array) -> Respondents:
        """Return the same people in coarser cells."""
        return Respondents(self.table, None if self.cells is None else to[self.cells], self.kept)

    def by_cell(self) -> tuple[Array, Array]:
        """Return cell and number of every respondent who gave an answer there, each pair once."""
        codes = self.table.read("respondent").keys
        if codes is None:
            raise _core.ColumnError("these respondents have no ids")
        answered = self.table.array("score") >= 0
        people, here = codes[0].astype(np.int64), answered & (codes[0] >= 0)
        if self.kept is not None:
            people, here = people[self.kept], here[self.kept]
        cells = np.zeros(len(people), dtype=np.int64) if self.cells is None else self.cells.astype(np.int64)
        pairs = np.unique(np.stack([cells[here], people[here]]), axis=1)
        return pairs[0], pairs[1]

    def subjects(self) -> Array:
        """Return the different subjects with an answer, comparable between tables, as 16-byte values."""
        known = (self.table.array("score") >= 0) & (self.table.read("respondent").keys or [np.empty(0)])[0].__ge__(0)
        subjects = np.ascontiguousarray(self.table.subjects("respondent")[known])
        return np.unique(subjects.view("V16").ravel())


def in_both(now: Respondents | None, baseline: Respondents | None) -> int:
    """Return how many people answered on both sides; 0 where it is not known."""
    if now is None or baseline is None:
        return 0
    return len(np.intersect1d(now.subjects(), baseline.subjects(), assume_unique=True))


def note_of(people: int) -> Iterable[str]:
    """Say that answers of the same people are not independent."""
    if people:
        who = "1 respondent stands" if people == 1 else f"{people:,} respondents stand"
        yield f"{who} on both sides: interval and test take the answers as independent, which theirs are not"
