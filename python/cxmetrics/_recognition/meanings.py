# SPDX-License-Identifier: Apache-2.0
"""The decision table: which column means what, by its name and by its values.

``docs/reference/recognition.md`` shows the same table to people; a test compares the two. A name alone never
decides: the values must agree. Names are compared in one form (``normal_name``): lower case, words joined by
``_``, the unit taken off the end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

AGREE = 0.95  # share of the values that are not missing which a check must accept
LABELS = 60  # a column of labels has at most so many different ones


@dataclass(frozen=True)
class Meaning:
    """One row of the table: a standard name, the names it goes by (best first), what its values must be."""

    kind: str  # answers or contacts
    name: str
    values: str  # a key of CHECKS
    names: tuple[tuple[str, ...], ...]  # tiers: the names of one tier are equal
    needed: bool = False  # a table without it is not of this kind, unless another needed one is there


def _names(*tiers: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(tier.split()) for tier in tiers)


_QUEUE = _names(
    "queue",
    "queue_name queuename skill skill_name skill_group split split_skill acd_group hunt_group wachtrij",
    "group assignment_group team department afdeling",
)
_CUSTOMER = _names(
    "customer",
    "customer_id customer_number customer_no client_id client account_id account klant klantnummer klant_id",
    "caller caller_id caller_number callerid",
    "phone phone_number telephone ani cli from_number telefoonnummer",
)

MEANINGS: tuple[Meaning, ...] = (
    Meaning(
        "answers",
        "score",
        "score",
        _names(
            "score",
            "nps nps_score nps_rating nps_answer survey_score likelihood_to_recommend likely_to_recommend "
            "recommend recommendation would_recommend ltr aanbeveling",
            "rating answer response grade mark cijfer antwoord",
        ),
        needed=True,
    ),
    Meaning(
        "answers",
        "time",
        "instant",
        _names(
            "time",
            "answered_at answer_date answer_time responded_at response_date response_time response_at "
            "customer_response_date survey_date survey_time submitted_at submitted submission_date "
            "completed_at",
            "datetime date_time timestamp date created_at created datum tijdstip",
        ),
    ),
    Meaning(
        "answers",
        "sent",
        "instant",
        _names(
            "sent",
            "sent_at sent_on sent_date date_sent send_date invited invited_at invitation_date invitation_sent "
            "uitgestuurd verstuurd verzonden",
        ),
    ),
    Meaning("answers", "respondent", "id", _names("respondent", "respondent_id", *map(" ".join, _CUSTOMER))),
    Meaning(
        "answers",
        "stage",
        "group",
        _names("stage", "journey_stage touchpoint survey_sub_type survey_type journey fase"),
    ),
    Meaning("answers", "queue", "group", _QUEUE),
    Meaning(
        "contacts",
        "contact",
        "id",
        _names(
            "contact",
            "contact_id call_id callid unique_id uniqueid interaction_id conversation_id ticket_id case_id "
            "incident_id contactnummer",
            "ticket incident number call",
        ),
    ),
    Meaning("contacts", "queue", "group", _QUEUE),
    Meaning("contacts", "channel", "group", _names("channel", "channel_type contact_type media_type media kanaal")),
    Meaning(
        "contacts",
        "reason",
        "group",
        _names("reason", "contact_reason call_reason reason_for_contact topic reden contactreden onderwerp"),
    ),
    Meaning("contacts", "customer", "id", _CUSTOMER),
    Meaning(
        "contacts",
        "entered",
        "instant",
        _names(
            "entered",
            "entered_at queued_at enqueued enqueued_at enqueue_time queue_entry queue_start q_start "
            "offered_at offered arrival arrival_time arrived_at arrived binnenkomst",
            "start start_time started_at call_start call_start_time opened_at created_at created begin",
            "time datetime date_time timestamp date tijdstip datum",
        ),
    ),
    Meaning(
        "contacts",
        "wait",
        "duration",
        _names(
            "wait",
            "wait_time waiting_time waiting queue_time time_in_queue q_time queue_wait queue_duration "
            "wait_duration speed_of_answer wachttijd",
        ),
        needed=True,
    ),
    Meaning(
        "contacts",
        "outcome",
        "label",
        _names(
            "outcome",
            "disposition call_outcome call_disposition contact_outcome uitkomst",
            "result resultaat",
        ),
        needed=True,
    ),
    Meaning(
        "contacts",
        "answered",
        "bool",
        _names("answered", "is_answered was_answered handled beantwoord"),
        needed=True,
    ),
    Meaning(
        "contacts",
        "talk",
        "duration",
        _names(
            "talk",
            "talk_time talktime ser_time service_time handle handle_time conversation_time gesprekstijd",
        ),
    ),
    Meaning(
        "contacts",
        "ended",
        "instant",
        _names(
            "ended",
            "ended_at end_time finished_at disconnected_at disconnect_time hangup_at ser_exit resolved_at einde",
            "end closed_at closed",
        ),
    ),
)

# The outcomes of contacts, and what phone systems call them: proposed in an error's command, never assumed.
OUTCOMES: Mapping[str, tuple[str, ...]] = {
    "answered": ("agent", "handled", "connected", "completed", "complete", "served", "yes", "beantwoord"),
    "abandoned": ("hang", "abandon", "hangup", "hung_up", "abandoned_in_queue", "lost", "no", "opgehangen"),
    "timeout": ("timed_out", "time_out", "exitwithtimeout", "overflow"),
    "left_empty": ("exitempty", "leave_empty", "no_agents"),
    "exit_key": ("exitwithkey", "key"),
    "withdrawn": ("withdraw",),
    "refused_full": ("full", "queue_full", "busy"),
    "refused_closed": ("closed", "out_of_hours", "gesloten"),
    "callback_requested": ("callback",),
    "transferred_blind": ("transfer", "transferred", "blindtransfer"),
    "transferred_attended": ("attendedtransfer",),
    "system_failure": ("failed", "failure", "error", "syscompat"),
    "unfinished": ("open", "waiting", "in_queue"),
}

UNITS: Mapping[str, str] = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds", "seconden"), "s"),
    **dict.fromkeys(("ms", "msec", "millis", "milliseconds"), "ms"),
    **dict.fromkeys(("us", "usec", "micros", "microseconds"), "us"),
}

_INSTANT = re.compile(
    r"(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](\d{4}|\d{2}))"
    r"([T ]+\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?( ?[AaPp][Mm])?)?( ?(Z|[+-]\d{2}:?\d{2}))?"
)
_AWARE = re.compile(r".*\d ?(Z|[+-]\d{2}:?\d{2})")
_CLOCK = re.compile(r"-?\d+:\d{2}(:\d{2}([.,]\d+)?)?")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")
_WHOLE = re.compile(r"([+-]?\d+)([.,]0+)?")
_PERIOD = re.compile(r"P(\d+W)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+([.,]\d+)?S)?)?")
_SPELT = re.compile(r"(\d+(\.\d+)? *(w|d|h|min|s|ms|us) *)+")  # 1h 30min, as people write it
_DAYS = re.compile(r"\d+ days?,? \d+:\d{2}:\d{2}([.,]\d+)?")  # 0 days 00:01:30, as pandas writes it
_BOOL = frozenset(("true", "false", "t", "f", "yes", "no", "y", "n", "ja", "nee", "1", "0"))


def _is_score(text: str) -> bool:
    match = _WHOLE.fullmatch(text)
    return match is not None and 0 <= int(match[1]) <= 10


def _is_instant(text: str) -> bool:
    return _INSTANT.fullmatch(text) is not None


def _is_duration(text: str) -> bool:
    return any(form.fullmatch(text) for form in (_NUMBER, _CLOCK, _PERIOD, _SPELT, _DAYS)) and text != "P"


def _is_number(text: str) -> bool:
    return _NUMBER.fullmatch(text) is not None


def _is_label(text: str) -> bool:
    return not _is_number(text) and not _is_instant(text) and not _CLOCK.fullmatch(text)


def _is_bool(text: str) -> bool:
    return text.lower() in _BOOL


def _is_id(text: str) -> bool:
    return not _is_instant(text) and not _CLOCK.fullmatch(text)


_LENGTHS = ("duration", "time32", "time64", "month")
_NESTED = ("struct", "list", "large_list", "map", "union", "binary")

# What values may be: the words for people, the test of one text, and the Arrow types that need no test.
CHECKS: Mapping[str, tuple[str, Any, tuple[str, ...]]] = {
    "score": ("whole numbers 0 to 10", _is_score, ()),
    "instant": ("dates or dates with a time", _is_instant, ("timestamp", "date")),
    "duration": ("numbers, h:mm:ss or durations", _is_duration, _LENGTHS),
    "label": (f"texts, at most {LABELS} different", _is_label, ()),
    "bool": ("true or false, yes or no, 1 or 0", _is_bool, ("bool",)),
    "id": ("texts or whole numbers, no dates or times of day", _is_id, ()),
    "group": ("texts or whole numbers, no dates or times of day", _is_id, ()),
}


@dataclass(frozen=True)
class Profile:
    """What is known of one source column before it is read: its type and its different values, counted."""

    name: str
    type: str  # the Arrow type without its parameters: string, int64, double, timestamp, ...
    values: Mapping[str, int]  # as text, the missing ones left out; empty for types that need no look
    filled: int  # rows that hold a value
    aware: bool = False  # a timestamp type that carries its zone

    def agrees(self, check: str) -> bool:
        """Return whether the values are what the meaning needs; a column without any contradicts nothing."""
        _, test, types = CHECKS[check]
        if any(self.type.startswith(kind) for kind in types):
            return True
        if self.type.startswith((*_NESTED, "timestamp", "date", *_LENGTHS)):
            return False
        if check == "label" and len(self.values) > LABELS:
            return False
        good = sum(count for value, count in self.values.items() if test(value))
        return good >= AGREE * self.filled

    @property
    def naive(self) -> bool:
        """True for a column of instants of which a tenth or more say nothing of a zone."""
        if self.type.startswith(("timestamp", "date")):
            return not self.aware
        bare = sum(count for value, count in self.values.items() if not _AWARE.fullmatch(value))
        return bare > 0.1 * self.filled

    @property
    def numeric(self) -> bool:
        """True for a column of bare numbers, which a duration needs a unit for."""
        bare = sum(count for value, count in self.values.items() if _is_number(value))
        return not self.type.startswith(_LENGTHS) and bare > 0.05 * self.filled


def split_name(name: str) -> tuple[str, str | None]:
    """Return the name in its one form and the unit that stood at its end.

    Examples
    --------
    >>> split_name("QueueTime (ms)"), split_name("NPS_SCORE"), split_name("wait_sec")
    (('queue_time', 'ms'), ('nps_score', None), ('wait', 's'))
    """
    text = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name.strip())
    text = re.sub(r"[^0-9a-z]+", "_", text.lower()).strip("_")
    base, _, last = text.rpartition("_")
    return (base, UNITS[last]) if base and last in UNITS else (text, None)


def candidates(meaning: Meaning, names: Iterable[str], look: Callable[[str], Profile]) -> list[Profile]:
    """Return the columns of the best tier that agree by name and values: one decides, two are equal."""
    best: tuple[bool, int] | None = None
    found: list[Profile] = []
    for name in names:
        base = split_name(name)[0]
        tier = next((i for i, tier in enumerate(meaning.names) if base in tier), None)
        if tier is None or not (profile := look(name)).agrees(meaning.values):
            continue
        rank = (profile.filled == 0, tier)  # a column without any value stands behind all others
        if best is None or rank < best:
            best, found = rank, []
        if rank == best:
            found.append(profile)
    return found


def meanings(kind: str) -> list[Meaning]:
    """Return the rows of the table for one kind."""
    return [meaning for meaning in MEANINGS if meaning.kind == kind]


def called(name: str) -> list[Meaning]:
    """Return what a column of this name is called like."""
    base = split_name(name)[0]
    return [meaning for meaning in MEANINGS if any(base in tier for tier in meaning.names)]


def by_values(check: str, profiles: Iterable[Profile]) -> list[str]:
    """Return the columns whose values alone would do: what an error proposes."""
    return [profile.name for profile in profiles if profile.filled and profile.agrees(check)]


def propose_outcome(label: str) -> str | None:
    """Return the outcome that a phone system's label probably means, or None."""
    base = split_name(label)[0]
    return next((name for name, others in OUTCOMES.items() if base == name or base in others), None)


def table_rows() -> Sequence[tuple[str, str, str, str]]:
    """Return the table as the document prints it: kind, meaning, values, names by tier."""
    return [
        (row.kind, row.name, CHECKS[row.values][0], " / ".join(", ".join(tier) for tier in row.names))
        for row in MEANINGS
    ]
