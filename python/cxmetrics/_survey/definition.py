# SPDX-License-Identifier: Apache-2.0
"""What the metrics of survey answers share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from cxmetrics import _core
from cxmetrics._definition import Definition, compute, row_of
from cxmetrics._doors import answers, check_keywords
from cxmetrics._states import State, direct_column
from cxmetrics._tables import Answers, passed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from cxmetrics._definition import Columns
    from cxmetrics._results import Result
    from cxmetrics._tables import Table


@dataclass(frozen=True, kw_only=True)
class SurveyDefinition(Definition):
    """What definitions of survey answers share: a column of scores, and maybe one of weights."""

    score: str = "score"
    weight: str | None = None

    def __post_init__(self) -> None:
        for name, column in (("score", self.score), ("weight", self.weight)):
            if not isinstance(column, str) and (name == "score" or column is not None):
                raise _core.ColumnError(f'{name}={column!r} names no column: give the name of one, {name}="..."')
        super().__post_init__()

    def state_name(self) -> str:
        return self.metric if self.weight is None else f"weighted_{self.metric}"

    def name(self) -> str:
        return self.state_name()

    @classmethod
    def state_names(cls) -> tuple[str, ...]:
        return tuple(each for name in super().state_names() for each in (name, f"weighted_{name}"))

    @classmethod
    def of_state(cls, name: str, parameters: Mapping[str, Any]) -> Definition:
        return cls(weight="weight" if name.startswith("weighted_") else None, **parameters)

    def limits(self) -> tuple[int, int]:
        """Return the least and the greatest score of the scale."""
        raise NotImplementedError

    def table(self, data: Any, door: Mapping[str, Any]) -> Answers:
        check_keywords(door, [answers])
        read = passed(data, Answers, door)
        if read is None:
            read = answers(data, **{"score": self.score, "scale": self.question(), "weight": self.weight, **door})
        return self._checked(read)

    def reading(self) -> tuple[Any, ...]:
        return self.score, self.weight, self.question()

    def question(self) -> str:
        """Return the scale of the question by its name."""
        return "{}-{}".format(*self.limits())

    def _checked(self, table: Answers) -> Answers:
        """Refuse answers to another question: a figure of them would be one of something else."""
        if table.scale not in (None, self.question()):
            raise _core.ScaleError(
                f"these answers are on the scale {table.scale}, and {self.metric} reads {self.question()}: read them "
                f'with scale="{self.question()}" if that was the question, or ask for a metric of {table.scale}'
            )
        source = table.called("score")
        if self.score not in ("score", source):
            raise _core.ColumnError(
                f'these answers hold the scores of "{source}", not of "{self.score}": read each column on its own'
            )
        kind = type(self).__name__
        if self.weight is None:
            if table.weighted:
                column = table.read("weight").reading.source
                raise _core.ColumnError(
                    f'these answers carry weights: use cx.{kind}(weight="{column}"), or answers without weight='
                )
            return table
        if not table.weighted:
            raise _core.ColumnError(f'these answers carry no weights: cx.answers(..., weight="{self.weight}")')
        column = table.read("weight").reading.source
        if self.weight not in ("weight", column):
            raise _core.ColumnError(
                f'these answers carry the weights of "{column}", not of "{self.weight}": read them again'
            )
        return table

    def plain(self) -> Sequence[str] | None:
        return ("score",) if self.weight is None else None

    def expect(self, table: Table) -> None:
        cast("Answers", table).expect_scale(*self.limits())

    def columns(self, table: Table) -> Columns:
        scores = cast("Answers", table).scores(*self.limits())
        return [scores] if self.weight is None else [scores, table.array("weight")]

    def fill(self, state: State, data: Any, threads: int, door: Mapping[str, Any]) -> list[str]:
        # Plain columns of small integers, and of real weights, are counted where they lie; what is not plain goes
        # through the door, which says what is wrong and where.
        plain = None if door else self.plain_columns(data)
        if plain is not None:
            update = state.core.update_direct if self.weight is None else state.core.update_plain
            if update(*plain, threads=threads):
                return []
        return super().fill(state, data, threads, door)

    def plain_columns(self, data: Any) -> Columns | None:
        if self.weight is None:
            column = direct_column(data, np.int8)
            return None if column is None else [column]
        if type(data) is not dict or self.score not in data or self.weight not in data:
            return None
        scores, weights = direct_column(data[self.score], np.int8), direct_column(data[self.weight], np.float64)
        if scores is None or weights is None or any(len(column) != len(scores) for column in data.values()):
            return None
        return [scores, weights]

    def add_row(self, state: State, values: tuple[Any, ...], named: Mapping[str, Any]) -> None:
        if self.weight is None:
            (score,) = row_of(("score",), values, named)
            self.fill(state, [score], 1, {})
        else:
            score, weight = row_of(("score", "weight"), values, named)
            self.fill(state, {self.score: [score], self.weight: [weight]}, 1, {})


def compute_survey(
    kind: Callable[..., SurveyDefinition],
    a: Any,
    weights: Any,
    level: float,
    threads: int | None,
    door: dict[str, Any],
    **parameters: Any,
) -> Result:
    """Compute the figure of answers, plain or weighted, whatever the weights came as."""
    if weights is None:
        weights = door.pop("weight", None)
    if weights is None:
        weight = "weight" if isinstance(a, Answers) and a.weighted else None
        return compute(kind(weight=weight, **parameters), a, level, threads, door)
    if isinstance(weights, str) and not isinstance(a, Answers):
        return compute(kind(weight=weights, **parameters), a, level, threads, door)
    if not door and isinstance(a, np.ndarray) and not a.dtype.names and isinstance(weights, np.ndarray):
        return compute(kind(weight="weight", **parameters), {"score": a, "weight": weights}, level, threads, {})
    plain = a if isinstance(a, Answers) else kind(**parameters).table(a, door)
    return compute(kind(weight="weight", **parameters), plain.weighted_by(weights), level, threads, {})
