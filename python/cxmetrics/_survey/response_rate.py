# SPDX-License-Identifier: Apache-2.0
"""Response rate: how many of what was sent came back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from cxmetrics import _core
from cxmetrics._definition import Definition, row_of
from cxmetrics._states import State, workers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cxmetrics._results import Result
    from cxmetrics._tables import Answers


@dataclass(frozen=True, kw_only=True)
class ResponseRate(Definition):
    """The share of invitations that were answered, in per cent; its rows are invitations, answered or not.

    Parameters
    ----------
    interval : {"wilson", "clopper_pearson", "jeffreys"}
        How the confidence interval is computed.
    """

    metric: ClassVar[str] = "response_rate"
    interval: str = "wilson"

    def read_parameters(self) -> dict[str, Any]:
        return {"interval": self.interval}

    def table(self, data: Any, door: Mapping[str, Any]) -> Answers:
        raise _core.Error("answers do not say what was sent: cx.response_rate(answers, sent=...)")

    def fill(self, state: State, data: Any, threads: int, door: Mapping[str, Any]) -> list[str]:
        truths = _core.read_truths(_core.Column(data, "answered"), 1, 0, _core.default_missing())
        truths.found(False)
        state.core.update([truths.values()], count_invalid=True, threads=threads)
        return []

    def add_row(self, state: State, values: tuple[Any, ...], named: Mapping[str, Any]) -> None:
        (answered,) = row_of(("answered",), values, named)
        self.fill(state, [answered], 1, {})


def response_rate(
    a: Any, *, sent: int, interval: str = "wilson", level: float = 0.95, threads: int | None = None, **door: Any
) -> Result:
    """Share of what was sent that was answered.

    Answers left out by choice (dismissed, not applicable) and missing ones are no answers.

    Parameters
    ----------
    a : Answers, table, column of scores, or int
        The answers, or how many there are.
    sent : int
        How many invitations they belong to. An answer may come after the window in which its invitation was sent:
        take both of the same people.
    interval : {"wilson", "clopper_pearson", "jeffreys"}
        How the confidence interval is computed.
    level : float
        Its level, 0.5 up to, but not including, 1.
    threads : int, optional
        Default: the machine's cores, at most 8.
    **door
        The keywords of `answers`.

    Returns
    -------
    Result
        In per cent of `sent`.

    Raises
    ------
    Error
        There are more answers than invitations.

    Examples
    --------
    >>> import cxmetrics as cx
    >>> print(cx.response_rate([9, 10, "dismissed", 4], sent=10, excluded={"dismissed"}))
    Response rate 30.0 %  95 % [10.8, 60.3]  n = 10: 3 answered, 7 not_answered
    """
    from cxmetrics._doors import answers
    from cxmetrics._tables import Answers

    if isinstance(sent, bool) or not isinstance(sent, int | np.integer) or sent < 0:
        raise _core.Error(f"sent={sent!r} is no number of invitations: give a whole number of 0 or more")
    notes: list[str] = []
    if isinstance(a, int | np.integer) and not isinstance(a, bool):
        answered = int(a)
    else:
        table = a if isinstance(a, Answers) else answers(a, **door)
        reading, notes = table.read("score").reading, table.notes
        answered = reading.rows - reading.missing - reading.invalid - reading.excluded
    if not 0 <= answered <= sent:
        raise _core.Error(
            f"{answered:,} answers to {sent:,} invitations: some belong to an earlier send; count the invitations of "
            "the same people"
        )
    state = ResponseRate(interval=interval).state()
    state.result(level=level)
    rows = np.zeros(int(sent), dtype=np.uint8)
    rows[:answered] = 1
    state.core.update([rows], count_invalid=False, threads=workers(threads))
    return state.result(level=level, notes=tuple(notes))
