# SPDX-License-Identifier: Apache-2.0
"""First-contact resolution within several windows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from cxmetrics import _core
from cxmetrics._contact.first_contact_resolution import FirstContactResolution
from cxmetrics._durations import microseconds
from cxmetrics._repeats import RepeatCurve
from cxmetrics._states import State, using_threads

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cxmetrics._durations import Duration


def repeat_curve(
    c: Any,
    *,
    windows: Sequence[Duration] = ("1d", "7d", "14d", "30d"),
    level: float = 0.95,
    threads: int | None = None,
    **keywords: Any,
) -> RepeatCurve:
    """First-contact resolution within several windows, from one pass: how many come back, and how soon.

    Parameters
    ----------
    c : Contacts or table
        As in `first_contact_resolution`.
    windows : sequence of durations
        How long to look ahead.
    level : float
        Confidence level of the intervals.
    threads : int, optional
        Default: the machine's cores, at most 8.
    **keywords
        The other keywords of `first_contact_resolution`, and those of `contacts`.

    Returns
    -------
    RepeatCurve
        One result a window, in order. Each has its own matured contacts: a longer window is over for fewer.

    Raises
    ------
    ColumnError
        A column that is not there or cannot be read: with column, row, value and what to do.
    UnitError
        Times in numbers without a unit, or without a zone.
    Error
        A keyword that cannot be meant, like ``level=0.05``.

    Examples
    --------
    >>> import cxmetrics as cx
    >>> calls = {
    ...     "customer": ["ann", "bob", "ann", "eve"],
    ...     "entered": ["2026-03-02T09:00Z", "2026-03-02T10:00Z", "2026-03-04T09:00Z", "2026-03-20T09:00Z"],
    ... }
    >>> curve = cx.repeat_curve(calls, windows=("1d", "7d"), clock="entered")
    >>> [(r.parameters["window"], r.counts["repeat"], r.n) for r in curve]
    [('1d', 0, 3), ('7d', 1, 3)]
    """
    rules = {name: value for name, value in keywords.items() if name in FirstContactResolution.__dataclass_fields__}
    door = {name: value for name, value in keywords.items() if name not in rules}
    if isinstance(windows, str) or not isinstance(windows, Iterable):
        raise _core.Error(f'windows={windows!r} is no list of windows: give one, windows=("1d", "7d")')
    definitions = [FirstContactResolution(**rules | {"window": window}) for window in windows]
    if not definitions:
        raise _core.Error('windows= is empty: give at least one, like windows=("7d",)')
    for definition in definitions:
        definition.state().result(level=level)  # what is wrong is refused before the rows are read
    lengths = [microseconds(definition.window, "windows") for definition in definitions]
    with using_threads(threads) as many:
        table = definitions[0].table(c, door)
        found = definitions[0].count(table, lengths, many)
    return RepeatCurve(
        [
            State(definition, core, known).result(level=level, notes=tuple(table.notes))
            for definition, (core, known) in zip(definitions, found, strict=True)
        ]
    )
