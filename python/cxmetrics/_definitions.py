# SPDX-License-Identifier: Apache-2.0
"""The definitions: regular values that say what is read, which rows count, and how the figure is read."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar, cast

import numpy as np

from cxmetrics import _core
from cxmetrics._durations import Duration, duration_text, instant_of, microseconds
from cxmetrics._known import Known, Shard
from cxmetrics._states import State, direct_column
from cxmetrics._tables import limits_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cxmetrics._tables import Answers, Contacts

Columns = list[np.ndarray[Any, Any]]

_MISSING = np.iinfo(np.int64).min
_ABSENT = _MISSING + 2  # the highest of the values that stand for no value
_REPEAT, _TRANSFERRED, _UNRESOLVABLE, _PENDING = 1, 4, 8, 16  # of followups: marks, and the first that is not matured
NO_OUTCOME = 253  # and above: no value
_ANSWERED, _ABANDONED, _UNFINISHED = (_core.OUTCOMES.index(name) for name in ("answered", "abandoned", "unfinished"))


@dataclass(frozen=True, kw_only=True)
class Definition:
    """What all definitions share. Two of the same parameters are equal and hash alike."""

    metric: ClassVar[str]
    reads: ClassVar[str] = "answers"  # or contacts: the kind of its table
    notes_the_data: ClassVar[bool] = False  # its own notes say what is odd about the rows, and are warnings too

    def name(self) -> str:
        """Return the canonical name, as in the columns of a grouped table."""
        return self.metric

    def collect_parameters(self) -> dict[str, Any]:
        """Return what shapes the state; it stands in its bytes."""
        return {}

    def read_parameters(self) -> dict[str, Any]:
        """Return what the figure is read with; it does not touch the state."""
        return {}

    def state_name(self) -> str:
        """Return the name that stands in the bytes of its states."""
        return self.metric

    def state(self) -> State:
        """Return an empty state."""
        return State(self, _core.State.make(self.state_name(), self.collect_parameters()), self.nothing())

    def nothing(self) -> Known | None:
        """Return what is known of a state that nothing has been added to, where that is anything."""
        return None

    def table(self, data: Any, door: Mapping[str, Any]) -> Answers | Contacts:
        """Pass raw data through the door of its kind."""
        raise NotImplementedError

    def columns(self, table: Answers | Contacts) -> Columns:
        """Return the canonical columns that the state reads, in its order."""
        raise NotImplementedError

    def instants(self, table: Answers | Contacts) -> np.ndarray[Any, Any]:
        """Return the instant to which each row belongs, in microseconds UTC."""
        return table.clock()

    def sources(self, table: Answers | Contacts) -> np.ndarray[Any, Any] | None:
        """Return which row of the table stands behind each one that is read; None: they are the same."""
        return None

    def as_of(self, table: Answers | Contacts) -> Known | None:
        """Return between which instants contacts are known, where history decides; None elsewhere."""
        return None

    def known(self, core: _core.State, shard: Shard | None) -> Known | None:
        """Return what is known of a state that was read from bytes, where history decides; None elsewhere."""
        return None

    def plain_columns(self, data: Any) -> Columns | None:
        """Return the columns that the state can count where they lie, unread by any door; None elsewhere."""
        return None

    def fill(self, state: State, data: Any, threads: int, door: Mapping[str, Any]) -> list[str]:
        """Add a table to a state and return the table's notes."""
        table = self.table(data, door)
        state.core.update(self.columns(table), count_invalid=True, threads=threads)
        return list(table.notes)

    def add_row(self, state: State, values: tuple[Any, ...], named: Mapping[str, Any]) -> None:
        """Add one row to a state."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class SurveyDefinition(Definition):
    """What definitions of survey answers share: a column of scores, and maybe one of weights."""

    score: str = "score"
    weight: str | None = None

    def state_name(self) -> str:
        return self.metric if self.weight is None else f"weighted_{self.metric}"

    def name(self) -> str:
        return self.state_name()

    def limits(self) -> tuple[int, int]:
        """Return the least and the greatest score of the scale."""
        raise NotImplementedError

    def table(self, data: Any, door: Mapping[str, Any]) -> Answers:
        from cxmetrics._doors import answers
        from cxmetrics._tables import Answers, passed

        read = passed(data, Answers, door)
        if read is not None:
            return self._checked(read)
        least, greatest = self.limits()
        named = {"score": self.score, "scale": f"{least}-{greatest}", "weight": self.weight}
        return self._checked(answers(data, **{**named, **door}))

    def _checked(self, table: Answers) -> Answers:
        """Refuse answers to another question: a figure of them would be one of something else."""
        source = table.read("score").reading.source
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

    def columns(self, table: Answers | Contacts) -> Columns:
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
            (score,) = _row(("score",), values, named)
            self.fill(state, [score], 1, {})
        else:
            score, weight = _row(("score", "weight"), values, named)
            self.fill(state, {self.score: [score], self.weight: [weight]}, 1, {})


@dataclass(frozen=True, kw_only=True)
class NPS(SurveyDefinition):
    """Net Promoter Score: the share of promoters (9, 10) minus the share of detractors (0 to 6), in points.

    Parameters
    ----------
    score : str
        The column of scores in raw tables.
    weight : str, optional
        The column of weights. Weighted states and plain ones do not merge.
    interval : {"adjusted_wald", "score", "wald"}
        How the confidence interval is computed.

    Examples
    --------
    >>> import cxmetrics as cx
    >>> s = cx.NPS().state()
    >>> s.update([10, 9, 7, 3])
    >>> s.result().value
    25.0
    """

    metric: ClassVar[str] = "nps"
    notes_the_data: ClassVar[bool] = True
    interval: str = "adjusted_wald"

    def limits(self) -> tuple[int, int]:
        return 0, 10

    def read_parameters(self) -> dict[str, Any]:
        return {"interval": self.interval}


@dataclass(frozen=True, kw_only=True)
class CSAT(SurveyDefinition):
    """Customer satisfaction: the share of satisfied answers in per cent, or the mean score.

    Parameters
    ----------
    score : str
        The column of scores in raw tables.
    weight : str, optional
        The column of weights. Weighted states and plain ones do not merge.
    scale : {"1-5", "1-10", "1-3"}
        The scale of the question: five points, the Dutch report mark, or three smileys. States of unlike scales do
        not merge.
    figure : {"satisfied", "mean"}, optional
        Default: the mean of report marks, the share of satisfied answers on the other scales.
    satisfied_from : int, optional
        The lowest satisfied score. Default: 4 of 1-5, 8 of 1-10, 3 of 1-3.
    interval : {"wilson", "clopper_pearson", "jeffreys", "t"}, optional
        How the confidence interval is computed. Default: "wilson" for the share; the mean has "t" only.

    Examples
    --------
    >>> import cxmetrics as cx
    >>> s = cx.CSAT(scale="1-10").state()
    >>> s.update([8, 7, 6, 9])
    >>> s.result().value
    7.5
    """

    metric: ClassVar[str] = "csat"
    scale: str = "1-5"
    figure: str | None = None
    satisfied_from: int | None = None
    interval: str | None = None

    def limits(self) -> tuple[int, int]:
        return limits_of(self.scale)

    def collect_parameters(self) -> dict[str, Any]:
        return {"scale": self.scale}

    def read_parameters(self) -> dict[str, Any]:
        return {"figure": self.figure, "satisfied_from": self.satisfied_from, "interval": self.interval}


@dataclass(frozen=True, kw_only=True)
class CES(SurveyDefinition):
    """Customer effort score: how easy it was to get something done.

    Parameters
    ----------
    score : str
        The column of scores in raw tables.
    weight : str, optional
        The column of weights. Weighted states and plain ones do not merge.
    scale : {"1-7", "1-5"}
        CES 2.0, agreement from 1 to 7 where high is good; or CES 1.0, effort from 1 to 5 where low is good. They do
        not merge.
    figure : {"mean", "agree_share", "top2", "net"}
        The mean; of CES 2.0 also the share of 5 to 7, that of 6 and 7, or that less the share of 1 to 3.
    interval : str, optional
        How the confidence interval is computed. Default: "t" for the mean, "wilson" for shares (or
        "clopper_pearson", "jeffreys"), "adjusted_wald" for net (or "score", "wald").

    Examples
    --------
    >>> import cxmetrics as cx
    >>> s = cx.CES(figure="net").state()
    >>> s.update([7, 6, 4, 2])
    >>> s.result().value
    25.0
    """

    metric: ClassVar[str] = "ces"
    scale: str = "1-7"
    figure: str = "mean"
    interval: str | None = None

    def limits(self) -> tuple[int, int]:
        return limits_of(self.scale)

    def collect_parameters(self) -> dict[str, Any]:
        return {"scale": self.scale}

    def read_parameters(self) -> dict[str, Any]:
        return {"figure": self.figure, "interval": self.interval}


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
        truths, _ = _core.read_truths(_core.Column(data, "answered"), 1, 0, _core.default_missing(), False)
        state.core.update([truths], count_invalid=True, threads=threads)
        return []

    def add_row(self, state: State, values: tuple[Any, ...], named: Mapping[str, Any]) -> None:
        (answered,) = _row(("answered",), values, named)
        self.fill(state, [answered], 1, {})


@dataclass(frozen=True, kw_only=True)
class _ContactDefinition(Definition):
    reads: ClassVar[str] = "contacts"

    def table(self, data: Any, door: Mapping[str, Any]) -> Contacts:
        from cxmetrics._doors import contacts
        from cxmetrics._tables import Contacts, passed

        read = passed(data, Contacts, door)
        return contacts(data, **door) if read is None else read

    def asks_who_left(self) -> bool:
        """Whether the figure needs to know who left before an answer, and not only who got one."""
        return False

    def columns(self, table: Answers | Contacts) -> Columns:
        return [table.array("wait"), self.outcomes(table)]

    def outcomes(self, table: Answers | Contacts) -> np.ndarray[Any, Any]:
        """Return how contacts left the queue; where only a yes or no says so, for figures that need no more."""
        outcomes = table.array("outcome")
        if self.asks_who_left() and not cast("Contacts", table).tells_who_left:
            source = table.read("outcome").reading.source
            raise _core.ColumnError(
                f'column "{source}" says who was answered and not who left, which {self.metric} counts: not answered '
                'is not abandoned; name the column of outcomes, outcome="..."'
            )
        return outcomes

    def add_row(self, state: State, values: tuple[Any, ...], named: Mapping[str, Any]) -> None:
        wait, outcome = _row(("wait", "outcome"), values, named)
        self.fill(state, {"wait": _time("wait", wait), "outcome": [outcome]}, 1, {})


@dataclass(frozen=True)
class ServiceLevel(_ContactDefinition):
    """The share of contacts answered within a threshold, in per cent.

    Parameters
    ----------
    within : str, timedelta or numpy.timedelta64
        The threshold.
    formula : str
        What stands above and below the line: "offered", "answered_only", "abandons_ignored", "abandons_negative",
        "abandons_positive", "genesys", "amazon", "avaya_split", "avaya_vdn", "asterisk_sl1", "asterisk_sl2",
        "wazo_qos", "es_law_10_2025". All are read from one state.
    short_abandon : duration, optional
        Abandons after at most this wait are left out.
    comparison : {"<=", "<"}
        Whether a wait equal to the threshold is within.
    short_answer : duration, optional
        Answered contacts over after at most this talk are left out; needs talk.
    attribution : {"arrival", "event", "service_level_event"}
        To which bucket of time a contact belongs: that of its arrival; offered to its arrival and answered or
        abandoned to when that happens, so that it is two rows (Genesys); the first of its end and the threshold
        (Cisco).
    include_flow_outs, include_short_abandons, include_abandons : bool, optional
        The switches of "genesys"; by default off, off and on.
    interval : {"wilson", "clopper_pearson", "jeffreys"}
        How the confidence interval is computed.

    Examples
    --------
    >>> import cxmetrics as cx
    >>> calls = {"wait": [5, 20, 21, 3], "outcome": ["answered", "answered", "answered", "abandoned"]}
    >>> cx.service_level(calls, within="20s", unit="s").value
    50.0
    """

    metric: ClassVar[str] = "service_level"
    within: Duration
    formula: str = field(default="offered", kw_only=True)
    short_abandon: Duration | None = field(default=None, kw_only=True)
    comparison: str = field(default="<=", kw_only=True)
    short_answer: Duration | None = field(default=None, kw_only=True)
    attribution: str = field(default="arrival", kw_only=True)
    include_flow_outs: bool | None = field(default=None, kw_only=True)
    include_short_abandons: bool | None = field(default=None, kw_only=True)
    include_abandons: bool | None = field(default=None, kw_only=True)
    interval: str = field(default="wilson", kw_only=True)

    def __post_init__(self) -> None:
        # One definition has one form: "20s", timedelta(seconds=20) and "PT20S" are equal and hash alike.
        object.__setattr__(self, "within", duration_text(microseconds(self.within, "within")))
        _one_form(self, "short_abandon", "short_answer")

    def name(self) -> str:
        return f"service_level_{self.within}"

    def asks_who_left(self) -> bool:
        return self.short_abandon is not None

    def collect_parameters(self) -> dict[str, Any]:
        return {
            "within": microseconds(self.within, "within"),
            "short_abandon": _limit(self.short_abandon),
            "comparison": self.comparison,
            "short_answer": _limit(self.short_answer),
            "attribution": self.attribution,
        }

    def read_parameters(self) -> dict[str, Any]:
        switches = ("include_flow_outs", "include_short_abandons", "include_abandons")
        return {"formula": self.formula, "interval": self.interval} | {name: getattr(self, name) for name in switches}

    def columns(self, table: Answers | Contacts) -> Columns:
        wait, outcome = super().columns(table)
        short = _limit(self.short_answer)
        if short is not None:
            talk = table.array("talk")
            over = (outcome == _ANSWERED) & (talk > _ABSENT) & (talk <= short)
            outcome = np.where(over, np.uint8(_core.SHORT_ANSWERED), outcome)
        if self.attribution != "event":
            return [wait, outcome]
        # That a contact arrived, and what became of it, are two rows; excluded ones are one.
        there = (outcome < NO_OUTCOME) & (wait > _ABSENT)
        left = self._left(outcome)
        arrived = np.where(there, np.uint8(_core.ARRIVED), outcome)
        return [
            np.concatenate([np.where(there, np.int64(0), wait), wait[left]]),
            np.concatenate([arrived, outcome[left]]),
        ]

    @staticmethod
    def _left(outcome: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """Return which contacts have an outcome to speak of."""
        left: np.ndarray[Any, Any] = (outcome < NO_OUTCOME) & (outcome != _UNFINISHED)
        return left

    def instants(self, table: Answers | Contacts) -> np.ndarray[Any, Any]:
        entered = table.clock()
        if self.attribution == "arrival":
            return entered
        wait = table.array("wait")
        known = (entered > _ABSENT) & (wait > _ABSENT)
        if self.attribution == "event":
            left = self._left(table.array("outcome"))
            return np.concatenate([entered, np.where(known, entered + np.where(known, wait, 0), entered)[left]])
        until = np.minimum(np.where(known, wait, 0), microseconds(self.within, "within"))
        return np.where(known, entered + until, entered)

    def sources(self, table: Answers | Contacts) -> np.ndarray[Any, Any] | None:
        if self.attribution != "event":
            return None
        rows = np.arange(table.rows)
        return np.concatenate([rows, rows[self._left(table.array("outcome"))]])

    def add_row(self, state: State, values: tuple[Any, ...], named: Mapping[str, Any]) -> None:
        if self.short_answer is None:
            super().add_row(state, values, named)
            return
        wait, outcome, talk = _row(("wait", "outcome", "talk"), values, named)
        self.fill(state, {"wait": _time("wait", wait), "outcome": [outcome], "talk": _time("talk", talk)}, 1, {})


@dataclass(frozen=True, kw_only=True)
class Abandonment(_ContactDefinition):
    """The share of offered contacts whose customer left before an answer, in per cent.

    Parameters
    ----------
    formula : str
        Who left, and of how many: "offered", "answered_and_abandoned", "amazon", "genesys", "asterisk", "freeswitch",
        "zendesk". All are read from one state.
    short_abandon : duration, optional
        Abandons after at most this wait are left out of both sides ("genesys" counts them); needs wait.
    interval : {"wilson", "clopper_pearson", "jeffreys"}
        How the confidence interval is computed.

    Examples
    --------
    >>> import cxmetrics as cx
    >>> cx.abandonment({"outcome": ["answered", "abandoned", "timeout", "answered"]}).value
    25.0
    """

    metric: ClassVar[str] = "abandonment"
    formula: str = "offered"
    short_abandon: Duration | None = None
    interval: str = "wilson"

    def __post_init__(self) -> None:
        _one_form(self, "short_abandon")

    def collect_parameters(self) -> dict[str, Any]:
        return {"short_abandon": _limit(self.short_abandon)}

    def read_parameters(self) -> dict[str, Any]:
        return {"formula": self.formula, "interval": self.interval}

    def asks_who_left(self) -> bool:
        return True

    def columns(self, table: Answers | Contacts) -> Columns:
        outcome = self.outcomes(table)
        short = _limit(self.short_abandon)
        if short is not None:
            wait = table.array("wait")
            at_once = (outcome == _ABANDONED) & (wait > _ABSENT) & (wait <= short)
            outcome = np.where(at_once, np.uint8(_core.SHORT_ABANDONED), outcome)
        return [outcome]

    def add_row(self, state: State, values: tuple[Any, ...], named: Mapping[str, Any]) -> None:
        if self.short_abandon is not None:
            super().add_row(state, values, named)
            return
        (outcome,) = _row(("outcome",), values, named)
        self.fill(state, {"outcome": [outcome]}, 1, {})


@dataclass(frozen=True, kw_only=True)
class WaitTime(_ContactDefinition):
    """How long customers waited in the queue: the whole distribution; the figure is the median, in seconds.

    Parameters
    ----------
    of : {"answered", "abandoned", "all"}
        Whose waits.
    clock : {"leg", "contact"}
        From entering the queue that was left; or from the contact's first entry, through all the queues it passed, up
        to its first answer, or else to the last time it left: one row a contact. Needs contact and entered.

    Examples
    --------
    >>> import cxmetrics as cx
    >>> r = cx.wait_time({"wait": [5, 10, 200], "outcome": ["answered"] * 3}, unit="s")
    >>> round(r.value), r.max
    (10, 200.0)
    """

    metric: ClassVar[str] = "wait_time"
    of: str = "answered"
    clock: str = "leg"

    def asks_who_left(self) -> bool:
        return self.of == "abandoned"

    def collect_parameters(self) -> dict[str, Any]:
        return {"of": self.of, "clock": self.clock}

    def columns(self, table: Answers | Contacts) -> Columns:
        wait, outcome = super().columns(table)
        if self.clock != "contact":
            return [wait, outcome]
        first, decisive = _legs(table, outcome)
        entered = table.clock()
        known = (wait[decisive] > _ABSENT) & (entered[decisive] > _ABSENT) & (entered[first] > _ABSENT)
        whole = np.where(known, wait[decisive] + np.where(known, entered[decisive] - entered[first], 0), wait[decisive])
        return [whole, outcome[decisive]]

    def instants(self, table: Answers | Contacts) -> np.ndarray[Any, Any]:
        sources = self.sources(table)
        return table.clock() if sources is None else table.clock()[sources]

    def sources(self, table: Answers | Contacts) -> np.ndarray[Any, Any] | None:
        return _legs(table, table.array("outcome"))[0] if self.clock == "contact" else None


def _legs(
    table: Answers | Contacts, outcome: np.ndarray[Any, Any]
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return of each contact its first row, and the row that says what came of it: its first answer, else its last."""
    codes = table.key("contact")[0].astype(np.int64)
    unknown = codes < 0
    codes[unknown] = len(codes) + np.flatnonzero(unknown)  # each is a contact of its own
    order = np.lexsort((table.clock(), codes))
    starts = np.flatnonzero(np.diff(codes[order], prepend=-1))
    ends = np.append(starts[1:], len(order))[: len(starts)]
    answers = np.append(np.flatnonzero(outcome[order] == _ANSWERED), len(order))
    answer = answers[np.searchsorted(answers, starts)]
    return order[starts], order[np.where(answer < ends, answer, ends - 1)]


class _AnsweredTime(_ContactDefinition):
    """What the times of answered contacts share."""

    column: ClassVar[str]

    def columns(self, table: Answers | Contacts) -> Columns:
        # What was not answered has no such time, and needs none: only of answered contacts it is missing.
        time, outcome = table.array(self.column), self.outcomes(table)
        return [np.where((outcome < NO_OUTCOME) & (outcome != _ANSWERED), np.int64(0), time), outcome]

    def add_row(self, state: State, values: tuple[Any, ...], named: Mapping[str, Any]) -> None:
        time, outcome = _row((self.column, "outcome"), values, named)
        self.fill(state, {self.column: _time(self.column, time), "outcome": [outcome]}, 1, {})


@dataclass(frozen=True, kw_only=True)
class TalkTime(_AnsweredTime):
    """From the answer to the end of the conversation; the mean is the average talk time (ATT).

    Examples
    --------
    >>> import cxmetrics as cx
    >>> cx.talk_time({"talk": [60, 180, None], "outcome": ["answered", "answered", "abandoned"]}, unit="s").mean
    120.0
    """

    metric: ClassVar[str] = "talk_time"
    column: ClassVar[str] = "talk"


@dataclass(frozen=True, kw_only=True)
class HandleTime(_AnsweredTime):
    """Talk, hold and wrap-up together, as far as the table has them; the mean is the average handle time (AHT).

    Examples
    --------
    >>> import cxmetrics as cx
    >>> calls = {"talk": [60, 180], "wrap_up": [30, 10], "outcome": ["answered", "answered"]}
    >>> cx.handle_time(calls, unit="s").mean
    140.0
    """

    metric: ClassVar[str] = "handle_time"
    column: ClassVar[str] = "talk"

    def columns(self, table: Answers | Contacts) -> Columns:
        talk, outcome = super().columns(table)
        for name in ("hold", "wrap_up"):
            if name in table.names:
                part = table.array(name)
                talk = np.where(part > _ABSENT, talk + np.maximum(part, 0), talk)
        return [talk, outcome]


@dataclass(frozen=True, kw_only=True)
class HoldTime(_AnsweredTime):
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
        if self.of not in ("held", "answered"):
            raise _core.Error(f'of="{self.of}" is unknown: use one of "held", "answered"')

    @property
    def metric(self) -> str:  # type: ignore[override]
        return "hold_time" if self.of == "held" else "hold_time_of_answered"


@dataclass(frozen=True, kw_only=True)
class TransferRate(_ContactDefinition):
    """The share of answered contacts that an agent passed on, in per cent; of a queue log.

    Examples
    --------
    >>> import cxmetrics as cx
    >>> s = cx.TransferRate().state()
    >>> s.add(transfers=1, outcome="answered")
    >>> s.add(transfers=0, outcome="answered")
    >>> s.result().value
    50.0
    """

    metric: ClassVar[str] = "transfer_rate"

    def columns(self, table: Answers | Contacts) -> Columns:
        return [table.array("transfers"), self.outcomes(table)]

    def add_row(self, state: State, values: tuple[Any, ...], named: Mapping[str, Any]) -> None:
        transfers, outcome = _row(("transfers", "outcome"), values, named)
        if outcome not in _core.OUTCOMES:
            raise _core.Error(f"outcome={outcome!r} does not exist: use one of {', '.join(_core.OUTCOMES)}")
        columns: Columns = [np.array([transfers], np.int64), np.array([_core.OUTCOMES.index(outcome)], np.uint8)]
        state.core.update(columns, count_invalid=False, threads=1)


@dataclass(frozen=True, kw_only=True)
class FirstContactResolution(_ContactDefinition):
    """The share of contacts after which the customer did not come back within a window, in per cent.

    Parameters
    ----------
    window : duration
        How long to look ahead; elapsed time.
    clock : {"ended", "entered"}
        From when to look ahead.
    until, since : optional
        Up to and from when the data are complete: an ISO text with offset or an aware datetime. Default: the last
        and the first entry.
    rule : {"rolling", "chain"}
        Whether every contact may be a first, or none that is itself a repeat.
    reason : str, optional
        A column: only a contact with the same reason is a repeat.
    groups : dict, optional
        The group of each reason; then a repeat is one of the same group. A reason without one is its own.
    first, repeats : sequence of str, optional
        The outcomes of contacts that may be a first, and of those that may be a repeat. Default: all.
    transfer : {"ignored", "fails"}
        Whether a contact that an agent passed on is resolved at first contact.
    transferred : str, optional
        A column that says yes where an agent passed the contact on. Default: the outcomes ``transferred_blind`` and
        ``transferred_attended``.
    resolvable : str, optional
        A column that says no where a contact cannot be resolved at the first desk: such contacts are left out, and the
        figure is net. Where it says nothing, a contact can be.
    interval : {"wilson", "clopper_pearson", "jeffreys", "clustered"}
        Whether the contacts of one customer are taken as independent.
    shard : tuple of int, optional
        (parts, part): the data hold only customers with ``RepeatTracker.part_of(customer, parts) == part``. Only states
        of different parts merge.

    Examples
    --------
    >>> import cxmetrics as cx
    >>> calls = {
    ...     "customer": ["ann", "bob", "ann", "eve"],
    ...     "entered": ["2026-03-02T09:00Z", "2026-03-02T10:00Z", "2026-03-04T09:00Z", "2026-03-20T09:00Z"],
    ... }
    >>> r = cx.first_contact_resolution(calls, window="7d", clock="entered")
    >>> r.n, r.counts["repeat"], r.counts["pending"]
    (3, 1, 1)
    """

    metric: ClassVar[str] = "first_contact_resolution"
    window: Duration = "7d"
    clock: str = "ended"
    until: Any = None
    since: Any = None
    rule: str = "rolling"
    reason: str | None = None
    groups: Any = None
    first: Any = None
    repeats: Any = None
    transfer: str = "ignored"
    transferred: str | None = None
    resolvable: str | None = None
    interval: str = "wilson"
    shard: tuple[int, int] | None = None

    def __post_init__(self) -> None:
        # One definition has one form, and can be hashed.
        object.__setattr__(self, "window", duration_text(microseconds(self.window, "window")))
        for name in ("until", "since"):
            if (said := getattr(self, name)) is not None:
                object.__setattr__(self, name, instant_of(said, name))
        if self.groups is not None:
            if self.reason is None:
                raise _core.Error('groups= puts reasons together: say where they stand, reason="..."')
            object.__setattr__(self, "groups", tuple(sorted(dict(self.groups).items(), key=repr)))
        for name in ("first", "repeats"):
            if (said := getattr(self, name)) is not None:
                named = {said} if isinstance(said, str) else set(said)
                if unknown := sorted(named.difference(_core.OUTCOMES), key=repr):
                    raise _core.Error(
                        f"{name}= names {unknown[0]!r}, which is no outcome: use {', '.join(_core.OUTCOMES)}"
                    )
                object.__setattr__(self, name, tuple(o for o in _core.OUTCOMES if o in named))

    def collect_parameters(self) -> dict[str, Any]:
        return {
            "window": microseconds(self.window, "window"),
            "clock": self.clock,
            "rule": self.rule,
            "reason": "none" if self.reason is None else "exact" if self.groups is None else "group",
            "first": self.first,
            "repeats": self.repeats,
        }

    def read_parameters(self) -> dict[str, Any]:
        basis = "gross" if self.resolvable is None else "net"
        return {"transfer": self.transfer, "basis": basis, "interval": self.interval}

    def columns(self, table: Answers | Contacts) -> Columns:
        until = None if self.until is None else int(self.until)
        return [_core.repeat_classes(self.read_columns(table), self.collect_parameters(), until_us=until)]

    def read_columns(self, table: Answers | Contacts) -> dict[str, np.ndarray[Any, Any] | None]:
        """Return the columns of a table that the rule reads."""
        names = ["customer", "entered", *(["ended"] if self.clock == "ended" else [])]
        columns: dict[str, np.ndarray[Any, Any] | None] = {name: table.array(name) for name in names}
        if self.reason is not None:  # then a customer is a code too
            read = table.keyed("customer")
            assert read.keys is not None
            columns["customer"] = np.where(read.keys[0] < 0, read.values, read.keys[0])
            columns["reason"] = self._reasons(table)
        if self.first is not None or self.repeats is not None or table.leaves_out:
            columns["outcome"] = table.array("outcome")
        if self.transfer == "fails":
            columns["transferred"] = self._transferred(table)
        if self.resolvable is not None:
            columns["unresolvable"] = np.asarray(table.truths(self.resolvable) == 0, dtype=np.uint8)
        return columns

    def _reasons(self, table: Answers | Contacts) -> np.ndarray[Any, Any]:
        assert self.reason is not None
        codes, labels = table.key(self.reason)
        group_of = dict(self.groups or ())
        groups: dict[Any, int] = {}
        place = [groups.setdefault(group_of.get(label, label), len(groups)) for label in labels]
        values: np.ndarray[Any, Any] = np.array([*place, _MISSING], dtype=np.int64)
        return np.asarray(values[codes])  # a row without a reason has the code -1

    def _transferred(self, table: Answers | Contacts) -> np.ndarray[Any, Any]:
        if self.transferred is not None:
            return np.asarray(table.truths(self.transferred) == 1, dtype=np.uint8)
        if "outcome" not in table.names:
            raise _core.ColumnError(
                'transfer="fails" needs to know which contacts an agent passed on: name a column of yes and no, '
                'transferred="...", or outcomes with transferred_blind and transferred_attended'
            )
        codes = [_core.OUTCOMES.index(name) for name in ("transferred_blind", "transferred_attended")]
        return np.asarray(np.isin(table.array("outcome"), codes), dtype=np.uint8)

    def as_of(self, table: Answers | Contacts) -> Known:
        entered = table.array("entered")
        seen = entered[entered > _ABSENT]
        first, last = (int(seen.min()), int(seen.max())) if len(seen) else (None, None)
        return Known(
            since=first if self.since is None else int(self.since),
            until=last if self.until is None else int(self.until),
            shard=self._share(),
        )

    def nothing(self) -> Known | None:
        share = self._share()
        return None if share is None else Known(left_unknown=0, spread=(0, 0, 0, 0), shard=share)

    def known(self, core: _core.State, shard: Shard | None) -> Known | None:
        return Known(shard=shard)

    def instants(self, table: Answers | Contacts) -> np.ndarray[Any, Any]:
        return table.array(self.clock)

    def fill(self, state: State, data: Any, threads: int, door: Mapping[str, Any]) -> list[str]:
        # What comes after a contact may stand in any other row: rows that are added later could change what was said.
        if state.result().rows:
            raise _core.StateError(
                "first-contact resolution looks over all contacts of a customer at once: give all rows in one update, "
                "merge states of customers that differ, or stream with cx.RepeatTracker"
            )
        table = self.table(data, door)
        ((core, known),) = self.count(table, [microseconds(self.window, "window")], threads)
        state.core.merge(core)
        state.known = known
        return list(table.notes)

    def count(self, table: Answers | Contacts, windows: list[int], threads: int) -> list[tuple[_core.State, Known]]:
        """Return what a state holds and knows of a table, for several windows from one pass."""
        self._check_share(table)
        columns = self.read_columns(table)
        states, since, until = _core.repeat_states(
            columns,
            self.collect_parameters(),
            windows_us=windows,
            since_us=None if self.since is None else int(self.since),
            until_us=None if self.until is None else int(self.until),
            threads=threads,
        )
        known = Known(since=since, until=until, shard=self._share())
        spreads = [self._spread(columns, window, until) if self.interval == "clustered" else None for window in windows]
        return [
            (core, replace(known, left_unknown=left_unknown, spread=spread))
            for (core, left_unknown), spread in zip(states, spreads, strict=True)
        ]

    def _spread(
        self, columns: dict[str, np.ndarray[Any, Any] | None], window: int, until: int | None
    ) -> tuple[int, int, int, int]:
        """Return the number of customers, and the sums over them of good^2, good * all and all^2."""
        labels = _core.repeat_classes(columns, self.collect_parameters() | {"window": window}, until_us=until)
        counted = labels < _PENDING
        if self.resolvable is not None:
            counted &= (labels & _UNRESOLVABLE) == 0
        good = (labels & (_REPEAT | (_TRANSFERRED if self.transfer == "fails" else 0))) == 0
        customer = columns["customer"]
        assert customer is not None
        numbers = np.unique(customer[counted], return_inverse=True)[1]
        everything = np.bincount(numbers)
        resolved = np.bincount(numbers[good[counted]], minlength=len(everything))
        return (
            len(everything),
            int(resolved @ resolved),
            int(resolved @ everything),
            int(everything @ everything),
        )

    def _share(self) -> Shard | None:
        if self.shard is None or self.shard[0] == 1:
            return None
        return self.shard[0], frozenset([self.shard[1]])

    def _check_share(self, table: Answers | Contacts) -> None:
        """Refuse customers of another shard."""
        if self.shard is None:
            return
        parts, part = self.shard
        if not 1 <= parts <= 65_536 or not 0 <= part < parts:
            raise _core.StateError(f"shard={self.shard}: there is no such part: parts are 0 to {parts - 1}")
        subjects = table.subjects("customer")
        strangers = np.flatnonzero((subjects[:, 1] % np.uint64(parts) != part) & subjects.any(axis=1))
        if len(strangers):
            raise _core.StateError(
                f"row {strangers[0]} is of a customer of another shard than {part} of {parts}: split contacts by "
                "cx.RepeatTracker.part_of(customer, parts)"
            )

    def add_row(self, state: State, values: tuple[Any, ...], named: Mapping[str, Any]) -> None:
        """Add one decided contact: what came after it, as `RepeatTracker` emits it."""
        (followup,) = _row(("followup",), values, named)
        if followup not in _core.FOLLOWUPS:
            raise _core.Error(f"followup={followup!r} does not exist: use one of {', '.join(_core.FOLLOWUPS)}")
        column = np.array([_core.FOLLOWUPS.index(followup)], dtype=np.uint8)
        state.core.update([column], count_invalid=False, threads=1)
        state.known = Known(shard=self._share() if state.known is None else state.known.shard)


def _time(name: str, value: Any) -> np.ndarray[Any, Any]:
    """Return one duration as a column."""
    us = None if value is None else np.timedelta64(microseconds(value, name), "us")
    return np.array([us], "timedelta64[us]")


def _limit(value: Duration | None) -> int | None:
    return None if value is None else microseconds(value, "limit")


def _one_form(definition: Definition, *names: str) -> None:
    """Keep optional durations as texts: equal ones are equal and hash alike."""
    for name in names:
        value = getattr(definition, name)
        if value is not None:
            object.__setattr__(definition, name, duration_text(microseconds(value, name)))


def _text(us: int | None) -> str | None:
    return None if us is None else duration_text(us)


def _row(names: tuple[str, ...], values: tuple[Any, ...], named: Mapping[str, Any]) -> list[Any]:
    """Return one row's values by name; errors name what is missing or too many."""
    row = dict(zip(names, values, strict=False))
    unknown = [name for name in named if name not in names or name in row]
    if unknown or len(values) > len(names) or len(row) + len(named) < len(names):
        raise _core.Error(f"one row has {' and '.join(names)}: add({', '.join(f'{name}=...' for name in names)})")
    return [{**row, **named}[name] for name in names]


_OF_METRIC: dict[str, Callable[[Mapping[str, Any]], Definition]] = {
    "nps": lambda _: NPS(),
    "csat": lambda p: CSAT(scale=p["scale"]),
    "ces": lambda p: CES(scale=p["scale"]),
    "weighted_nps": lambda _: NPS(weight="weight"),
    "weighted_csat": lambda p: CSAT(weight="weight", scale=p["scale"]),
    "weighted_ces": lambda p: CES(weight="weight", scale=p["scale"]),
    "response_rate": lambda _: ResponseRate(),
    "service_level": lambda p: ServiceLevel(
        duration_text(p["within"]),
        short_abandon=_text(p["short_abandon"]),
        comparison=p["comparison"],
        short_answer=_text(p["short_answer"]),
        attribution=p["attribution"],
    ),
    "abandonment": lambda p: Abandonment(short_abandon=_text(p["short_abandon"])),
    "wait_time": lambda p: WaitTime(of=p["of"], clock=p["clock"]),
    "transfer_rate": lambda _: TransferRate(),
    "talk_time": lambda _: TalkTime(),
    "handle_time": lambda _: HandleTime(),
    "hold_time": lambda _: HoldTime(),
    "hold_time_of_answered": lambda _: HoldTime(of="answered"),
    "first_contact_resolution": lambda p: FirstContactResolution(
        window=duration_text(p["window"]),
        clock=p["clock"],
        rule=p["rule"],
        reason=None if p["reason"] == "none" else "reason",
        groups={} if p["reason"] == "group" else None,
        first=p["first"],
        repeats=p["repeats"],
    ),
}


def definition_of(core: _core.State) -> Definition:
    """Return the definition that stands in a state's bytes."""
    return _OF_METRIC[core.name](core.parameters())
