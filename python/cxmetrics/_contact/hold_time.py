# SPDX-License-Identifier: Apache-2.0
"""Hold time, over held contacts or over all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, cast

from cxmetrics import _core
from cxmetrics._contact.definition import AnsweredTime
from cxmetrics._definition import Definition, compute
from cxmetrics._tables import shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cxmetrics._results import Distribution


@dataclass(frozen=True, kw_only=True)
class HoldTime(AnsweredTime):
    """How long answered contacts were on hold.

    Parameters
    ----------
    of : {"held", "answered"}
        Of those that were held at all, or of all that were answered.

    Examples
    --------
    >>> import cxmetrics as cx
    >>> calls = {"hold": [0, 30, 90], "outcome": ["answered"] * 3}
    >>> cx.hold_time(calls, unit="s").mean, cx.hold_time(calls, of="answered", unit="s").mean
    (60.0, 40.0)
    """

    column: ClassVar[str] = "hold"
    of: str = "held"

    def __post_init__(self) -> None:
        if not isinstance(self.of, str) or self.of not in ("held", "answered"):
            raise _core.Error(f'of={shown(self.of)} is unknown: use one of "held", "answered"')
        super().__post_init__()

    @classmethod
    def state_names(cls) -> tuple[str, ...]:
        return "hold_time", "hold_time_of_answered"

    @classmethod
    def of_state(cls, name: str, parameters: Mapping[str, Any]) -> Definition:
        return cls(of="held" if name == "hold_time" else "answered")

    @property
    def metric(self) -> str:  # type: ignore[override]
        return "hold_time" if self.of == "held" else "hold_time_of_answered"


def hold_time(
    c: Any, *, of: str = "held", level: float = 0.95, threads: int | None = None, **door: Any
) -> Distribution:
    """How long answered contacts were on hold.

    Parameters
    ----------
    c : Contacts or table
        With hold and outcome.
    of : {"held", "answered"}
        Of those that were held at all, or of all that were answered.
    level : float
        Confidence level of the median's interval.
    threads : int, optional
        Default: the machine's cores, at most 8.
    **door
        The keywords of `contacts`.

    Returns
    -------
    Distribution
        In seconds; the value is the median.

    Raises
    ------
    ColumnError
        A column that is not there or cannot be read: with column, row, value and what to do.
    UnitError
        Durations in numbers without a unit.
    Error
        A keyword that cannot be meant, like ``level=0.05``.

    Notes
    -----
    Also called: average customer hold time (Amazon Connect). Not to be confused with: hold time over all answered
    contacts, whose mean is shorter. Rows without a value are left out and counted in ``r.missing``. States merge
    exactly, in any order. One pass over the rows. Source and formula: ``r.explain()``.

    Examples
    --------
    >>> import cxmetrics as cx
    >>> cx.hold_time({"hold": [0, 30, 90], "outcome": ["answered"] * 3}, unit="s").mean
    60.0
    """
    return cast("Distribution", compute(HoldTime(of=of), c, level, threads, door))
