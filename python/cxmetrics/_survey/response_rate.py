# SPDX-License-Identifier: Apache-2.0
"""Response rate: how many of what was sent came back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from cxmetrics import _core
from cxmetrics._definition import Definition, compute, row_of
from cxmetrics._doors import answers, check_keywords, invitations
from cxmetrics._tables import ABSENT, Answers, Invitations, passed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cxmetrics._definition import Columns
    from cxmetrics._results import Result
    from cxmetrics._states import State
    from cxmetrics._tables import Table

_MISSING, _INVALID = 255, 254
_MOST_ROWS = 1 << 26  # that a row a number of invitations is drawn out to


@dataclass(frozen=True, kw_only=True)
class ResponseRate(Definition):
    """The share of invitations that were answered, in per cent; its rows are invitations, answered or not.

    Parameters
    ----------
    answered : str
        In raw tables the column that says whether the invitation was answered, yes or no; beside `sent` the column of
        how many were.
    sent : str, optional
        The column of how many invitations a row stands for.
    interval : {"wilson", "clopper_pearson", "jeffreys"}
        How the confidence interval is computed.

    Examples
    --------
    >>> import cxmetrics as cx
    >>> weeks = {"week": [10, 11], "sent": [200, 100], "answered": [50, 40]}
    >>> t = cx.summarize(weeks, cx.ResponseRate(sent="sent"), by="week")
    >>> [(row["week"], row["response_rate"]) for row in t.to_dicts()]
    [(10, 25.0), (11, 40.0)]
    """

    metric: ClassVar[str] = "response_rate"
    reads: ClassVar[str] = "invitations"
    answered: str = "answered"
    sent: str | None = None
    interval: str = "wilson"

    def read_parameters(self) -> dict[str, Any]:
        return {"interval": self.interval}

    def reading(self) -> tuple[Any, ...]:
        return self.answered, self.sent

    def table(self, data: Any, door: Mapping[str, Any]) -> Invitations:
        check_keywords(door, [invitations])
        read = passed(data, Invitations, door)
        return invitations(data, **{"answered": self.answered, "sent": self.sent, **door}) if read is None else read

    def columns(self, table: Table) -> Columns:
        if "sent" not in table.names:
            return [table.array("answered")]
        sent, answered = _counts(table)
        total = int(sent[sent > 0].sum())
        if total > _MOST_ROWS:
            raise _core.ColumnError(
                f'column "{table.read("sent").reading.source}": {total:,} invitations are more than a table of groups '
                f"is drawn out to, {_MOST_ROWS:,}: count them with cx.response_rate, group by group"
            )
        known = sent >= 0
        values = np.stack([np.where(known, 1, _rejects(sent)), np.zeros(len(sent))], axis=1).astype(np.uint8)
        often = np.stack([np.where(known, answered, 1), np.where(known, sent - answered, 0)], axis=1)
        return [np.repeat(values.ravel(), often.ravel())]

    def sources(self, table: Table) -> np.ndarray[Any, Any] | None:
        if "sent" not in table.names:
            return None
        sent, _ = _counts(table)
        return np.repeat(np.arange(table.rows), np.where(sent < 0, 1, sent))

    def fill(self, state: State, data: Any, threads: int, door: Mapping[str, Any]) -> list[str]:
        table = self.table(data, door)
        if "sent" not in table.names:
            return super().fill(state, table, threads, {})
        sent, answered = _counts(table)  # counted without a row an invitation
        known = sent >= 0
        yes = int(answered[known].sum())
        fresh = self.state().core
        fresh.add_counts([int(sent[known].sum()) - yes, yes])
        fresh.update([_rejects(sent[~known])], count_invalid=True, threads=1)
        state.core.merge(fresh)
        return list(table.notes)

    def add_row(self, state: State, values: tuple[Any, ...], named: Mapping[str, Any]) -> None:
        (answered,) = row_of(("answered",), values, named)
        ResponseRate().fill(state, {"answered": [answered]}, 1, {})


def _rejects(sent: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return why rows whose numbers are not known are no invitation."""
    return np.where(sent == ABSENT, np.uint8(_MISSING), np.uint8(_INVALID))


def _counts(table: Table) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return how many were sent and answered, by row; where either is not known, both are."""
    sent, answered = table.array("sent"), table.array("answered")
    known = (sent >= 0) & (answered >= 0)
    over = known & (answered > sent)
    if over.any():
        row = int(np.argmax(over))
        raise _core.ColumnError(
            f'column "{table.read("answered").reading.source}", row {row}: {int(answered[row]):,} answers to '
            f"{int(sent[row]):,} invitations: some belong to an earlier send; count the invitations of the same people"
        )
    why = np.where((sent == ABSENT) | (answered == ABSENT), ABSENT, ABSENT + 1)
    return np.where(known, sent, why), np.where(known, answered, why)


def response_rate(
    a: Any,
    *,
    sent: int | str | None = None,
    interval: str = "wilson",
    level: float = 0.95,
    threads: int | None = None,
    **door: Any,
) -> Result:
    """Share of what was sent that was answered.

    Answers left out by choice (dismissed, not applicable) and missing ones are no answers.

    Parameters
    ----------
    a : Answers, Invitations, table, column, or int
        With a number `sent` the answers, or how many there are. Else the invitations: a table with a column
        ``answered``, or a column of yes and no.
    sent : int or str, optional
        How many invitations the answers belong to; or, of a table of invitations, the column that says how many a row
        stands for. An answer may come after the window in which its invitation was sent: take both of the same people.
    interval : {"wilson", "clopper_pearson", "jeffreys"}
        How the confidence interval is computed.
    level : float
        Its level, 0.5 up to, but not including, 1.
    threads : int, optional
        Default: the machine's cores, at most 8.
    **door
        The keywords of `answers` where `sent` is a number, else of `invitations`.

    Returns
    -------
    Result
        In per cent of what was sent.

    Raises
    ------
    Error
        There are more answers than invitations.

    Notes
    -----
    Also called: answer rate. Not to be confused with: a completion rate, which has the surveys begun below the
    line; answers of a window over sends of the same window, which belong to other people. Rows without a value are
    left out and counted in ``r.missing``. States merge exactly, in any order. One pass over the rows. Source and
    formula: ``r.explain()``.

    Examples
    --------
    >>> import cxmetrics as cx
    >>> cx.response_rate([9, 10, "dismissed", 4], sent=10, excluded={"dismissed"}).text
    'Response rate 30.0 %  95 % [10.8, 60.3]  n = 10: 3 answered, 7 not_answered'
    >>> cx.response_rate({"sent": [200, 100], "answered": [50, 40]}, sent="sent").value
    30.0
    """
    if sent is None or isinstance(sent, str):
        if isinstance(a, Answers | int | np.integer):
            raise _core.Error("answers do not say what was sent: cx.response_rate(answers, sent=...)")
        answered = door.pop("answered", "answered")
        return compute(ResponseRate(answered=answered, sent=sent, interval=interval), a, level, threads, door)
    if isinstance(sent, bool | np.timedelta64) or not isinstance(sent, int | np.integer) or not 0 <= sent < 1 << 63:
        raise _core.Error(f"sent={sent!r} is no number of invitations: give a whole number of 0 or more")
    count, notes = _answers_of(a, door)
    if not 0 <= count <= sent:
        raise _core.Error(
            f"{count:,} answers to {sent:,} invitations: some belong to an earlier send; count the invitations of "
            "the same people"
        )
    state = ResponseRate(interval=interval).state()
    state.result(level=level)
    state.core.add_counts([int(sent) - count, count])
    return state.result(level=level, notes=tuple(notes))


def _answers_of(a: Any, door: Mapping[str, Any]) -> tuple[int, list[str]]:
    """Return how many answers there are, and what is odd about them."""
    check_keywords(door, [answers], ("sent", "interval", "level", "threads"))
    if isinstance(a, int | np.integer) and not isinstance(a, bool):
        return int(a), []
    table = passed(a, Answers, door) or answers(a, **door)
    reading = table.read("score").reading
    return reading.rows - reading.missing - reading.invalid - reading.excluded, table.notes
