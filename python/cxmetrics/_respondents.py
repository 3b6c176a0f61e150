# SPDX-License-Identifier: Apache-2.0
"""Who answered: the same people on both sides of a comparison are not independent, and a note must say so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from cxmetrics._tables import Answers, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cxmetrics._summary import Bucketing

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Respondents:
    """The people of a table of answers, by reference: nothing is copied, or read before it is asked for.

    Parameters
    ----------
    answers : Answers
        Whose scores say who answered.
    people : Answers
        With a column `respondent`, of the same rows.
    rows : Table
        Of the same rows: it knows the keys and when they were.
    labels : dict, optional
        Of one cell: the label of each key.
    bucketing, start : optional
        Of one cell: how time is cut, and where its bucket begins.
    """

    answers: Answers
    people: Answers
    rows: Table
    labels: Mapping[str, Any] = field(default_factory=dict)
    bucketing: Bucketing | None = None
    start: int | None = None

    @staticmethod
    def of(table: object, rows: Table | None = None) -> Respondents | None:
        """Return who answered; None where neither the table nor the one whose rows these are knows."""
        if not isinstance(table, Answers):
            return None
        known = [each for each in (rows, table) if isinstance(each, Answers) and "respondent" in each.names]
        return Respondents(table, known[0], table if rows is None else rows) if known else None

    def __reduce__(self) -> tuple[Any, ...]:
        return Travelled, ()  # a result that travels leaves its table behind

    def __deepcopy__(self, memo: dict[int, Any]) -> Respondents:
        return self

    def __hash__(self) -> int:
        return hash((id(self.answers), id(self.people), id(self.rows), self.start))

    def in_cell(self, labels: Mapping[str, Any], bucketing: Bucketing | None, start: int | None) -> Respondents:
        """Return the people of one cell."""
        return Respondents(self.answers, self.people, self.rows, labels, bucketing, start)

    def known(self) -> Array:
        """Return which rows hold an answer of a known respondent, in this cell."""
        known: Array = (self.answers.array("score") >= 0) & (self._codes() >= 0)
        for name, label in self.labels.items():
            codes, labels = self.rows.key(name)
            known &= codes < 0 if label is None else codes == labels.index(label)
        if self.bucketing is not None:
            known &= self.bucketing.place(self.rows.clock()) == self.start
        return known

    def subjects(self) -> Array:
        """Return everybody who answered once, by the 128 bits that are the same in every table."""
        found = np.ascontiguousarray(self.people.subjects("respondent")[self.known()])
        return _once(_sorted(found.view([("low", np.uint64), ("high", np.uint64)]).ravel()))

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
        columns = [self.rows.key(name) for name in keys]
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
        people = self._codes()[here]
        width = int(people.max(initial=0)) + 1
        return np.divmod(_once(np.sort(number[place][here] * width + people)), width)

    def _codes(self) -> Array:
        keys = self.people.keyed("respondent").keys  # of the column with this meaning, whatever another is called
        assert keys is not None
        return keys[0]


@dataclass(frozen=True)
class Travelled:
    """What is left of `Respondents` where a result or a table has been pickled: that they were known."""

    def in_cell(self, labels: Mapping[str, Any], bucketing: Bucketing | None, start: int | None) -> Travelled:
        """Return the same of one cell."""
        return self


def travelled(*sides: Respondents | Travelled | None) -> list[str]:
    """Return the note that nobody knows any more who answered; none where somebody does, or nobody ever did."""
    if not any(isinstance(side, Travelled) for side in sides):
        return []
    return [
        "who answered did not travel with what was pickled: whether the same respondents stand on both sides is not "
        "known, and interval and test take all answers as independent"
    ]


def in_both(now: Respondents | Travelled | None, baseline: Respondents | Travelled | None) -> int:
    """Return how many people answered on both sides; 0 where it is not known."""
    if not isinstance(now, Respondents) or not isinstance(baseline, Respondents):
        return 0
    people = _sorted(np.concatenate([now.subjects(), baseline.subjects()]))
    return int(np.count_nonzero(people[1:] == people[:-1]))


def _sorted(people: Array) -> Array:
    """Return people in an order. Sorting by one number and then the other is many times faster than by both at once."""
    order: Array = np.lexsort((people["low"], people["high"]))
    return people[order]


def _once(ordered: Array) -> Array:
    """Return each of what stands in order once."""
    first: Array = np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)]
    return ordered[first]


def overlap_notes(people: int) -> list[str]:
    """Return the note that some answered on both sides; none where nobody did."""
    if people == 0:
        return []
    who = "1 respondent" if people == 1 else f"{people:,} respondents"
    return [f"{who} answered on both sides: interval and test take all answers as independent"]
