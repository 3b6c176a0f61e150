# SPDX-License-Identifier: Apache-2.0
"""Who answered: the same people on both sides of a comparison are not independent, and a note must say so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from cxmetrics._tables import Answers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cxmetrics._summary import Bucketing

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Respondents:
    """The people of a table of answers, by reference: nothing is copied, or read before it is asked for.

    Parameters
    ----------
    table : Answers
        With a column `respondent`.
    labels : dict, optional
        Of one cell: the label of each key.
    bucketing, start : optional
        Of one cell: how time is cut, and where its bucket begins.
    """

    table: Answers
    labels: Mapping[str, Any] = field(default_factory=dict)
    bucketing: Bucketing | None = None
    start: int | None = None

    @staticmethod
    def of(table: object) -> Respondents | None:
        """Return who answered; None where the table does not know."""
        return Respondents(table) if isinstance(table, Answers) and "respondent" in table.names else None

    def __reduce__(self) -> tuple[Any, ...]:
        return _unknown, ()  # a result that travels leaves its table behind

    def in_cell(self, labels: Mapping[str, Any], bucketing: Bucketing | None, start: int | None) -> Respondents:
        """Return the people of one cell."""
        return Respondents(self.table, labels, bucketing, start)

    def known(self) -> Array:
        """Return which rows hold an answer of a known respondent, in this cell."""
        known: Array = (self.table.array("score") >= 0) & (self._codes() >= 0)
        for name, label in self.labels.items():
            codes, labels = self.table.key(name)
            known &= codes < 0 if label is None else codes == labels.index(label)
        if self.bucketing is not None:
            known &= self.bucketing.place(self.table.clock()) == self.start
        return known

    def subjects(self) -> Array:
        """Return everybody who answered once, by the 128 bits that are the same in every table."""
        found = np.ascontiguousarray(self.table.subjects("respondent")[self.known()])
        return np.unique(found.view([("low", np.uint64), ("high", np.uint64)]).ravel())

    def by_cell(self, cells: Mapping[Any, int], keys: Sequence[str], starts: Array | None) -> tuple[Array, Array]:
        """Return cell and respondent of every answer, each pair once, in the order of cells.

        Parameters
        ----------
        cells : dict
            The number of a cell by its labels and start.
        keys : list of str
            The columns of the labels.
        starts : numpy.ndarray, optional
            The start of each row's bucket.
        """
        known = self.known()
        columns = [self.table.key(name) for name in keys]
        parts = [codes.astype(np.int64) for codes, _ in columns] + ([] if starts is None else [starts])
        place = np.zeros(len(known), dtype=np.int64)
        for part in parts:
            numbers = np.unique(part, return_inverse=True)[1]
            place = place * (int(numbers.max(initial=0)) + 1) + numbers
            place = np.unique(place, return_inverse=True)[1]
        number = np.full(int(place.max(initial=-1)) + 1, -1, dtype=np.int64)
        for row in np.unique(place, return_index=True)[1]:
            labels = [each[codes[row]] if codes[row] >= 0 else None for codes, each in columns]
            cell = (*labels, *([] if starts is None else [int(starts[row])]))
            number[place[row]] = cells.get(cell, -1)
        here = known & (number[place] >= 0)
        pairs = np.unique(np.stack([number[place][here], self._codes()[here]]), axis=1)
        return pairs[0], pairs[1]

    def _codes(self) -> Array:
        return self.table.key("respondent")[0]


def _unknown() -> None:
    return None


def in_both(now: Respondents | None, baseline: Respondents | None) -> int:
    """Return how many people answered on both sides; 0 where it is not known."""
    if now is None or baseline is None:
        return 0
    return len(np.intersect1d(now.subjects(), baseline.subjects(), assume_unique=True))


def overlap_notes(people: int) -> list[str]:
    """Return the note that some answered on both sides; none where nobody did."""
    if people == 0:
        return []
    who = "1 respondent" if people == 1 else f"{people:,} respondents"
    return [f"{who} answered on both sides: interval and test take all answers as independent"]
