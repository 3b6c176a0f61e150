# SPDX-License-Identifier: Apache-2.0
"""A seeded contact centre, so that the examples need nobody else's data.

A discrete event simulation of three queues writes a true Asterisk ``queue_log``, the same contacts as a
table, and the survey answers that follow them. The clock is in whole seconds; the only source of
randomness is ``random.Random(seed).random``, so one seed gives the same bytes on every machine.
"""

from __future__ import annotations

import csv
import io
import math
import os
import random
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from heapq import heappop, heappush
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

__all__ = ["simulate"]

FILES = ("queue_log", "answers.csv", "contacts.csv")
START = date(2026, 3, 16)  # a Monday; past the 12th, so that one day proves day/month; a month crosses 29 March
ZONE = "Europe/Amsterdam"
WARM_UP = timedelta(days=7)  # simulated, not written: so that callers come back from the first day on
CUT = time(19, 55)  # the log is copied on the last day, just before closing: some calls are still open

MINUTE, HOUR, DAY = 60, 3600, 86400
WEEKDAY_HOURS, SATURDAY_HOURS = (8 * 60, 20 * 60), (9 * 60, 17 * 60)  # minutes after midnight
WEEKDAY_LOAD = (1.22, 1.06, 1.00, 0.98, 0.94, 0.42)  # Monday to Saturday, of a queue's `calls`
PROFILE = (  # relative arrival rate by minute of the local day: two humps, the higher one at 10:30
    *((480, 0.55), (540, 1.05), (630, 1.50), (750, 0.90)),
    *((840, 1.20), (960, 0.95), (1080, 0.55), (1200, 0.30)),
)
PEAK = max(rate for _, rate in PROFILE)
AREA = sum((after - before) * MINUTE * (low + high) / 2 for (before, low), (after, high) in pairwise(PROFILE))

POPULATION = 90_000
WITHHELD = 0.04  # share of customers who never show their number
QUEUE_TIMEOUT = 420
RING_TIMEOUT = 15
RING_MISSED = 0.03  # share of rings that nobody picks up
GIVES_UP = 0.25  # share of unsolved questions that never come back
PUT_THROUGH = 0.03  # share of talks that an agent puts through into another queue
TO_A_QUEUE = 0.4  # share of blind transfers that go into another queue rather than to the back office
GOES_ON = 0.6  # share of time-outs behind which another queue is tried
MOST_LEGS = 3  # of a call
EMPTY_FOR = 5  # seconds after which a caller is sent away from a queue without a member who is not on a break
EXITS = {
    **{"abandoned": "ABANDON", "timeout": "EXITWITHTIMEOUT", "exit_key": "EXITWITHKEY"},
    **{"left_empty": "EXITEMPTY", "withdrawn": "WITHDRAW"},
}


@dataclass(frozen=True)
class _Queue:
    """What is peculiar to one queue: volume, talk, outcome of the talk, and how it is liked."""

    name: str
    calls: float  # new questions on an average weekday
    talk: float  # median, s
    spread: float  # sigma of the log-normal talk time
    resolved: float  # chance that an untroubled talk solves the question
    transferred: float  # chance of a blind transfer
    extension: str  # where a blind transfer goes
    onward: int  # the queue in which its calls go on
    liked: float  # mean score of a solved question without waiting
    stages: tuple[str, str]


@dataclass(frozen=True)
class _Shift:
    """Hours of work and breaks, in minutes after local midnight; colleagues go in three waves."""

    begins: int
    ends: int
    breaks: tuple[tuple[str, int, int], ...]  # reason, begins, lasts


QUEUES = (
    _Queue("billing", 330, 230, 0.65, 0.86, 0.05, "7100", 1, 9.2, ("First bill", "Payment")),
    _Queue("support", 300, 300, 0.75, 0.78, 0.07, "7200", 0, 8.8, ("Delivery", "In use")),
    _Queue("sales", 220, 200, 0.60, 0.92, 0.03, "7300", 0, 9.4, ("Orientation", "Order")),
)
EARLY = _Shift(472, 975, (("Break", 600, 20), ("Lunch", 720, 30), ("Break", 885, 15)))
MIDDAY = _Shift(660, 1140, (("Lunch", 795, 30), ("Break", 970, 15)))
LATE = _Shift(705, 1205, (("Break", 840, 15), ("Dinner", 1020, 30)))
SATURDAY = _Shift(533, 1025, (("Break", 650, 15), ("Lunch", 750, 30)))
# Who may answer what, and when: the early shift carries the morning alone until 11:00 and takes its coffee
# from 10:00, which is what the page has to find.
TEAM: tuple[tuple[_Shift, tuple[int, ...], int], ...] = (
    (EARLY, (0,), 5), (EARLY, (1,), 7), (EARLY, (2,), 4), (EARLY, (0, 2), 3), (EARLY, (1, 0), 2),
    (MIDDAY, (0,), 1), (MIDDAY, (1,), 2), (MIDDAY, (0, 2), 2), (MIDDAY, (1, 2), 1),
    (LATE, (0,), 2), (LATE, (1,), 3), (LATE, (2,), 1), (LATE, (0, 2), 1), (LATE, (1, 0), 2),
)  # fmt: skip
REMARKS = {
    True: ("Quick and friendly", "Solved at once, thanks", 'The word was "done", and it was'),
    False: ("Waited too long, again", 'I was told "we call back", nobody did', "Third call, same question"),
}


@dataclass(slots=True)
class _Agent:
    name: str
    skills: tuple[int, ...]
    shift: _Shift
    number: int
    state: str = "away"  # away, free, busy (ringing, talking, wrapping up), paused
    free_since: int = 0
    leaving: bool = False
    due: tuple[str, int] | None = None  # a break that waits for the end of the call


@dataclass(slots=True)
class _Call:
    contact: str
    queue: int
    customer: int
    entered: int = 0
    position: int = 0
    agent: _Agent | None = None
    rung: int = 0  # when the present ring began
    rings: int = 0  # tells the present ring from an earlier one
    connected: int | None = None
    passed: str = ""  # how the agent means to pass the caller on: blind, attended
    outcome: str = ""
    ended: int | None = None
    leg: int = 1  # stays in queues of one call
    asked_by: str = ""  # the agent on whose own call this stay begins
    onward: _Call | None = None  # the stay that such an agent has begun for his caller


@dataclass(slots=True)
class _Answer:
    answered_at: int
    score: int | None
    call: _Call
    stage: str
    remark: str


class _Dice:
    """Distributions made from uniform numbers alone, so that they do not change with a Python release."""

    def __init__(self, seed: int) -> None:
        self.uniform = random.Random(seed).random

    def chance(self, probability: float) -> bool:
        return self.uniform() < probability

    def whole(self, low: int, high: int) -> int:
        """Return a whole number from low to high, both included."""
        return low + int(self.uniform() * (high - low + 1))

    def exponential(self, mean: float) -> float:
        return -mean * math.log(1.0 - self.uniform())

    def normal(self) -> float:
        """Return a standard normal number (Marsaglia's polar method, 1964)."""
        while True:
            x, y = 2.0 * self.uniform() - 1.0, 2.0 * self.uniform() - 1.0
            radius = x * x + y * y
            if 0.0 < radius < 1.0:
                return x * math.sqrt(-2.0 * math.log(radius) / radius)

    def lognormal(self, median: float, sigma: float) -> float:
        return median * math.exp(sigma * self.normal())


def _profile(minute: float) -> float:
    """Interpolate the arrival rate between the points of PROFILE."""
    for (before, low), (after, high) in pairwise(PROFILE):
        if before <= minute <= after:
            return low + (high - low) * (minute - before) / (after - before)
    return 0.0


class _Centre:
    """The contact centre: one heap of (time, sequence, action), worked off in that order."""

    def __init__(self, seed: int, days: int) -> None:
        self.dice = _Dice(seed)
        self.zone = ZoneInfo(ZONE)
        self.now = self.sequence = self.serial = 0
        self.begin = self.instant(START, 0)
        self.end = self.instant(START + timedelta(days=days - 1), CUT.hour * 60 + CUT.minute)
        self.heap: list[tuple[int, int, Callable[..., None], tuple[Any, ...]]] = []
        self.log: list[str] = []
        self.calls: list[_Call] = []
        self.answers: list[_Answer] = []
        self.waiting: tuple[list[_Call], ...] = tuple([] for _ in QUEUES)
        self.in_call: set[int] = set()
        weights = [round(1000 * self.dice.lognormal(1.0, 0.8)) for _ in range(POPULATION)]
        self.weights = list(accumulate(weights))
        self.withheld = [self.dice.chance(WITHHELD) for _ in range(POPULATION)]
        members = [(shift, skills) for shift, skills, count in TEAM for _ in range(count)]
        self.agents = [
            _Agent(f"PJSIP/{2001 + number}", skills, shift, number) for number, (shift, skills) in enumerate(members)
        ]

    # Clock and calendar

    def instant(self, day: date, minute: int) -> int:
        """Return the epoch seconds of a minute of the local wall clock."""
        return int(datetime.combine(day, time(minute // 60, minute % 60), self.zone).timestamp())

    def local(self, instant: int) -> datetime:
        return datetime.fromtimestamp(instant, self.zone)

    def hours(self, day: date) -> tuple[int, int] | None:
        """Return the opening hours in minutes after midnight; None on Sunday."""
        return (*(WEEKDAY_HOURS,) * 5, SATURDAY_HOURS, None)[day.weekday()]

    def open(self, instant: int) -> bool:
        local = self.local(instant)
        hours = self.hours(local.date())
        return hours is not None and hours[0] <= local.hour * 60 + local.minute < hours[1]

    def at(self, instant: int, action: Callable[..., None], *arguments: Any) -> None:
        self.sequence += 1
        heappush(self.heap, (instant, self.sequence, action, arguments))

    def run(self) -> None:
        first = START - WARM_UP
        self.at(self.instant(first, 0), self.start_day, first)
        while self.heap and self.heap[0][0] < self.end:
            self.now, _, action, arguments = heappop(self.heap)
            action(*arguments)

    def write(self, contact: str, queue: str, member: str, event: str, *parameters: object) -> None:
        """Log a line; an event without parameters ends in a pipe, as Asterisk writes it."""
        if self.now >= self.begin:
            fields = (self.now, contact, queue, member, event, *(parameters or ("",)))
            self.log.append("|".join(str(value) for value in fields))

    def new_channel(self, made: int) -> str:
        self.serial += 1
        return f"{made}.{self.serial}"

    # The day

    def start_day(self, day: date) -> None:
        following = day + timedelta(days=1)
        self.at(self.instant(following, 0), self.start_day, following)
        if day.weekday() == 0:  # the telephone system restarts in the night to Monday
            self.serial = 0
            self.write("NONE", "NONE", "NONE", "QUEUESTART")
        opening_hours = self.hours(day)
        if opening_hours is None:
            return
        load = WEEKDAY_LOAD[day.weekday()] * self.dice.lognormal(1.0, 0.06)
        for number, queue in enumerate(QUEUES):
            for arrival in self.arrivals(day, opening_hours, queue.calls * load):
                self.at(arrival, self.arrive, number, None)
        for agent in self.agents:
            if self.works(agent, day) and not self.dice.chance(0.04):  # the rest are ill today
                self.roster(agent, day)

    def works(self, agent: _Agent, day: date) -> bool:
        """Plan everybody on Monday, four in five on the other weekdays, a third on Saturday."""
        if day.weekday() == 5:
            return (agent.number + day.toordinal() // 7) % 3 == 0
        return day.weekday() == 0 or agent.number % 5 + 1 != day.weekday()

    def roster(self, agent: _Agent, day: date) -> None:
        shift = SATURDAY if day.weekday() == 5 else agent.shift
        self.at(self.instant(day, shift.begins) + self.dice.whole(0, 5 * MINUTE), self.log_in, agent)
        for reason, begins, lasts in shift.breaks:
            begin = self.instant(day, begins + agent.number % 3 * lasts) + self.dice.whole(0, 59)
            self.at(begin, self.take_break, agent, reason, lasts * MINUTE + self.dice.whole(-60, 90))
        self.at(self.instant(day, shift.ends) + self.dice.whole(0, 59), self.end_shift, agent)

    def arrivals(self, day: date, hours: tuple[int, int], calls: float) -> Iterator[int]:
        """Draw a non-homogeneous Poisson process by thinning (Lewis and Shedler, 1979)."""
        gap = AREA / (calls * PEAK)
        opens = self.instant(day, hours[0])
        after = self.dice.exponential(gap)
        while after < (hours[1] - hours[0]) * MINUTE:
            if self.dice.uniform() * PEAK < _profile(hours[0] + after / MINUTE):
                yield opens + int(after)
            after += self.dice.exponential(gap)

    # Agents

    def on_all_queues(self, agent: _Agent, contact: str, event: str, parameter: str = "") -> None:
        for number in agent.skills:
            self.write(contact, QUEUES[number].name, agent.name, event, parameter)

    def log_in(self, agent: _Agent) -> None:
        self.on_all_queues(agent, "MANAGER", "ADDMEMBER")
        self.release(agent)

    def take_break(self, agent: _Agent, reason: str, length: int) -> None:
        if agent.state in ("free", "busy"):
            agent.due = (reason, length)
        if agent.state == "free":
            self.release(agent)

    def end_break(self, agent: _Agent) -> None:
        self.on_all_queues(agent, "NONE", "UNPAUSE")
        self.release(agent)

    def end_shift(self, agent: _Agent) -> None:
        agent.leaving = True
        if agent.state == "free":
            self.release(agent)

    def release(self, agent: _Agent) -> None:
        """Send an agent whose hands are free home, into the break that is due, or to the next caller."""
        agent.state, agent.free_since = "free", self.now
        caller = self.longest_waiting(agent.skills)
        if agent.leaving and (caller is None or self.open(self.now)):  # at closing time the queue is emptied
            self.on_all_queues(agent, "MANAGER", "REMOVEMEMBER")
            agent.state, agent.leaving, agent.due = "away", False, None
            self.send_away(agent.skills)
        elif agent.due is not None:
            reason, length = agent.due
            agent.state, agent.due = "paused", None
            self.on_all_queues(agent, "NONE", "PAUSE", reason)
            self.at(self.now + length, self.end_break, agent)
            self.send_away(agent.skills)
        elif caller is not None:
            self.ring(caller, agent)

    def send_away(self, queues: Iterable[int]) -> None:
        """Send away, in a moment, who waits in a queue where nobody is left."""
        for call in (call for number in queues if not self.is_manned(number) for call in self.waiting[number]):
            self.at(self.now + EMPTY_FOR, self.leave, call, "left_empty")

    def longest_waiting(self, queues: Iterable[int]) -> _Call | None:
        silent = (call for number in queues for call in self.waiting[number] if call.agent is None)
        return min(silent, key=lambda call: call.entered, default=None)

    # Calls

    def arrive(self, queue: int, customer: int | None) -> None:
        """Let a call reach the menu: of the customer who returns, else of anybody with a new question."""
        if customer is None:
            customer = bisect_right(self.weights, self.dice.uniform() * self.weights[-1])
        if customer in self.in_call:
            return
        self.in_call.add(customer)
        call = _Call(self.new_channel(self.now), queue, customer)
        self.at(self.now + 4 + int(self.dice.exponential(9.0)), self.enter, call)

    def enter(self, call: _Call) -> None:
        queue, line = QUEUES[call.queue], self.waiting[call.queue]
        line.append(call)
        call.entered, call.position = self.now, len(line)
        if self.now >= self.begin:
            self.calls.append(call)
        caller = call.asked_by.removeprefix("PJSIP/") or self.number(call.customer)
        self.write(call.contact, queue.name, "NONE", "ENTERQUEUE", "", caller, call.position)
        mean = 5.0 if self.dice.chance(0.03) else 180.0 if self.dice.chance(0.3) else 720.0
        least = 10 if call.asked_by else 1  # no agent hangs up before he has put his caller through
        leaves = [(least + int(self.dice.exponential(mean)), "abandoned"), (QUEUE_TIMEOUT, "timeout")]
        if self.dice.chance(0.02):
            leaves.append((30 + int(self.dice.exponential(60.0)), "exit_key"))
        elif self.dice.chance(0.02):  # a supervisor takes out who waits long, and has him called back
            leaves.append((120 + int(self.dice.exponential(60.0)), "withdrawn"))
        if not self.is_manned(call.queue):
            leaves.append((EMPTY_FOR, "left_empty"))
        patience, outcome = min(leaves)
        self.at(self.now + patience, self.leave, call, outcome)
        self.offer(call.queue)

    def is_manned(self, queue: int) -> bool:
        return any(queue in agent.skills and agent.state in ("free", "busy") for agent in self.agents)

    def offer(self, queue: int) -> None:
        """Ring the longest free agent, specialists first, for the caller who waited longest."""
        free = [agent for agent in self.agents if agent.state == "free" and queue in agent.skills]
        caller = self.longest_waiting((queue,))
        if free and caller is not None:
            agent = min(free, key=lambda agent: (len(agent.skills), agent.free_since, agent.number))
            self.ring(caller, agent)

    def ring(self, call: _Call, agent: _Agent) -> None:
        agent.state = "busy"
        call.agent, call.rung, call.rings = agent, self.now, call.rings + 1
        channel = self.new_channel(self.now)
        if self.dice.chance(RING_MISSED):
            self.at(self.now + RING_TIMEOUT, self.miss, call, agent, call.rings)
        else:
            answers = 2 + min(int(self.dice.exponential(2.5)), RING_TIMEOUT - 4)
            self.at(self.now + answers, self.connect, call, agent, call.rings, channel)

    def miss(self, call: _Call, agent: _Agent, ring: int) -> None:
        if call.agent is agent and call.rings == ring:
            self.stop_ringing(call, agent, "RINGNOANSWER")
            self.at(self.now + self.dice.whole(15, 75), self.release, agent)
            self.offer(call.queue)

    def stop_ringing(self, call: _Call, agent: _Agent, event: str) -> None:
        call.agent = None
        self.write(call.contact, QUEUES[call.queue].name, agent.name, event, (self.now - call.rung) * 1000)

    def connect(self, call: _Call, agent: _Agent, ring: int, channel: str) -> None:
        if call.agent is not agent or call.rings != ring:
            return
        queue = QUEUES[call.queue]
        self.waiting[call.queue].remove(call)
        call.connected, call.outcome = self.now, "answered"
        fate = self.dice.uniform()
        call.passed = "blind" if fate < queue.transferred else "attended" if fate > 1.0 - PUT_THROUGH else ""
        hold, rang = self.now - call.entered, self.now - call.rung
        self.write(call.contact, queue.name, agent.name, "CONNECT", hold, channel, rang)
        talk = 5 + int(self.dice.lognormal(queue.talk, queue.spread) * (0.5 if call.passed else 1.0))
        if call.passed == "attended":
            self.at(self.now + talk - self.dice.whole(0, 4), self.consult, call, agent)
        self.at(self.now + talk, self.hang_up, call, agent)

    def goes_on(self, call: _Call) -> bool:
        return call.leg < MOST_LEGS and self.open(self.now) and self.is_manned(QUEUES[call.queue].onward)

    def next_leg(self, call: _Call, contact: str, asked_by: str = "") -> _Call:
        return _Call(contact, QUEUES[call.queue].onward, call.customer, leg=call.leg + 1, asked_by=asked_by)

    def consult(self, call: _Call, agent: _Agent) -> None:
        """Let the agent enter the next queue on a call of his own, to put the caller through."""
        if self.goes_on(call):
            call.onward = self.next_leg(call, self.new_channel(self.now), agent.name)
            self.enter(call.onward)

    def hang_up(self, call: _Call, agent: _Agent) -> None:
        assert call.connected is not None
        queue = QUEUES[call.queue]
        event: tuple[str, ...] = ("COMPLETECALLER" if self.dice.chance(0.56) else "COMPLETEAGENT",)
        following, logged = call.onward, call.contact
        if following is not None:  # Asterisk logs it under the id of the agent's call, and from then on swaps the two
            what = ("APP", "Queue") if following.connected is None else ("BRIDGE", f"bridge-{following.contact}")
            event, logged = ("ATTENDEDTRANSFER", *what), following.contact
            following.contact = call.contact
        elif call.passed == "blind" and self.goes_on(call) and self.dice.chance(TO_A_QUEUE):
            following = self.next_leg(call, call.contact)
            event = ("BLINDTRANSFER", QUEUES[following.queue].name, "queues")
            self.at(self.now + self.dice.whole(0, 2), self.enter, following)
        elif call.passed == "blind":
            event = ("BLINDTRANSFER", queue.extension, "backoffice")
        hold, talk = call.connected - call.entered, self.now - call.connected
        self.write(logged, queue.name, agent.name, *event, hold, talk, call.position)
        self.at(self.now + 5 + int(self.dice.exponential(25.0)), self.release, agent)
        self.finish(call, last=following is None)

    def leave(self, call: _Call, outcome: str) -> None:
        if call.outcome:
            return
        queue, line, agent = QUEUES[call.queue], self.waiting[call.queue], call.agent
        if agent is not None:
            self.stop_ringing(call, agent, "RINGNOANSWER" if outcome == "timeout" else "RINGCANCELED")
        figures = (line.index(call) + 1, call.position, self.now - call.entered)
        line.remove(call)
        call.outcome = outcome
        key, why = (1,) if outcome == "exit_key" else (), ("callback",) if outcome == "withdrawn" else ()
        self.write(call.contact, queue.name, "NONE", EXITS[outcome], *key, *figures, *why)
        goes_on = outcome == "timeout" and self.goes_on(call) and self.dice.chance(GOES_ON)
        if goes_on:
            self.at(self.now + self.dice.whole(0, 2), self.enter, self.next_leg(call, call.contact))
        self.finish(call, last=not goes_on)
        if agent is not None:
            self.release(agent)

    # Afterwards

    def finish(self, call: _Call, *, last: bool) -> None:
        call.ended = self.now
        if not last:
            return
        self.in_call.discard(call.customer)
        queue, resolved = QUEUES[call.queue], False
        if call.connected is not None:
            wait = call.connected - call.entered
            trouble = 0.12 * min(wait, 300) / 300 + (0.25 if call.passed else 0.0)
            resolved = self.dice.chance(queue.resolved - trouble)
            if self.now >= self.begin and not self.withheld[call.customer]:
                self.ask(call, wait, resolved)
        if not resolved and not self.dice.chance(GIVES_UP):
            self.at(self.next_try(call), self.arrive, call.queue, call.customer)

    def next_try(self, call: _Call) -> int:
        """Who got no answer tries again soon, who got no solution calls again within days."""
        answered = call.connected is not None
        if self.dice.chance(0.15 if answered else 0.55):
            soon = self.now + 90 + int(self.dice.exponential(2 * HOUR if answered else 25 * MINUTE))
            if self.open(soon):
                return soon
        days = 1
        while days < 14 and self.dice.chance(0.55):
            days += 1
        day = self.local(self.now).date() + timedelta(days=days)
        while (hours := self.hours(day)) is None:
            day += timedelta(days=1)
        while True:
            after = int(self.dice.uniform() * (hours[1] - hours[0]) * MINUTE)
            if self.dice.uniform() * PEAK < _profile(hours[0] + after / MINUTE):
                return self.instant(day, hours[0]) + after

    def ask(self, call: _Call, wait: int, resolved: bool) -> None:
        """Send the survey: the unhappy answer more often, and a few leave the score empty."""
        queue, trouble = QUEUES[call.queue], 0.0 if resolved else 1.0
        if not self.dice.chance(0.22 + 0.08 * trouble - 0.03 * call.queue + 0.05 * min(wait, 300) / 300):
            return
        later = self.dice.chance(0.35)
        delay = min(int(self.dice.exponential(9 * HOUR if later else 12 * MINUTE)), 36 * HOUR)
        answered_at = self.now + 40 + delay
        local = self.local(answered_at)
        if local.hour < 7:  # nobody answers a survey at night
            answered_at = self.instant(local.date(), 7 * 60) + self.dice.whole(0, 2 * HOUR)
        stage = self.dice.whole(0, 1)
        liked = queue.liked - 3.6 * trouble - 2.2 * min(wait, 600) / 300 - 0.5 * stage
        score = max(0, min(10, math.floor(liked + 1.5 * self.dice.normal() + 0.5)))
        score = 0 if score == 1 else score  # who is that angry gives nothing
        remark = REMARKS[score > 6][self.dice.whole(0, 2)] if self.dice.chance(0.15) else ""
        empty = self.dice.chance(0.03)
        self.answers.append(_Answer(answered_at, None if empty else score, call, queue.stages[stage], remark))

    # What is written

    def number(self, customer: int) -> str:
        """Return a telephone number that cannot exist: none has a 0 after the country code 31."""
        return "" if self.withheld[customer] else f"+31000{(customer * 7919 + 104_729) % 1_000_000:06d}"

    def queue_log(self) -> str:
        return "".join(f"{line}\n" for line in self.log)

    def contacts(self) -> str:
        last = int(self.log[-1].partition("|")[0])  # the log's own end: what was waited until then is known
        header = ("contact", "queue", "customer", "entered", "wait_s", "outcome", "talk_s", "ended")
        return _csv(header, (self.contact(call, last) for call in self.calls))

    def contact(self, call: _Call, last: int) -> tuple[object, ...]:
        ended, left = call.ended, call.connected or call.ended or last
        return (
            call.contact if call.leg == 1 else f"{call.contact}/{call.leg}",
            QUEUES[call.queue].name,
            self.number(call.customer),
            self.local(call.entered).isoformat(),
            left - call.entered,
            call.outcome or "unfinished",
            ended - left if call.connected and ended else "",
            self.local(ended).isoformat() if ended else "",
        )

    def survey(self) -> str:
        header = ("score", "answered_at", "queue", "customer", "stage", "remark")
        given = sorted(self.answers, key=lambda answer: answer.answered_at)
        return _csv(header, (self.answer(answer) for answer in given if answer.answered_at < self.end))

    def answer(self, answer: _Answer) -> tuple[object, ...]:
        return (
            "" if answer.score is None else answer.score,
            self.local(answer.answered_at).strftime("%d/%m/%Y %H:%M"),
            QUEUES[answer.call.queue].name,
            self.number(answer.call.customer),
            answer.stage,
            answer.remark,
        )


def _csv(header: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(header)
    table.writerows(rows)
    return text.getvalue()


def _days(period: str) -> int:
    match = re.fullmatch(r"([1-9][0-9]{0,2})d", str(period))
    if match is None:
        raise ValueError(f"period={period!r} is not a number of days from 1d to 999d: write period='30d'")
    return int(match[1])


def _replace(files: dict[Path, str]) -> None:
    """Write every file beside its place first, then move all into place: no reader sees half a file."""
    parts = {path: path.with_name(f".{path.name}.{os.getpid()}.part") for path in files}
    try:
        for path, part in parts.items():
            part.unlink(missing_ok=True)
            with part.open("x", encoding="utf-8", newline="") as stream:
                stream.write(files[path])
        for path, part in parts.items():
            part.replace(path)
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)


def simulate(directory: str | os.PathLike[str], *, period: str = "1d", seed: int = 1) -> list[Path]:
    """Write a believable day or month of a contact centre into a directory.

    Three queues (billing, support, sales) from Monday 16 March 2026, local time of Amsterdam: some 1,100
    calls a weekday, agents with shifts and breaks, impatience, time-outs, blind and attended transfers, calls
    that go on in a second queue, customers who come back within days, and a survey that about one in five
    answers. The log is a copy made at 19:55 on the last day, so some calls are still open. A shorter period is
    the beginning of a longer one.

    Parameters
    ----------
    directory : path
        Made when it is not there. Only the three files below are replaced in it, each as a whole.
    period : str
        A whole number of days, "1d" to "999d".
    seed : int
        0 or more; the same seed and period give the same bytes on every machine.

    Returns
    -------
    list of Path
        ``queue_log`` (Asterisk), ``answers.csv`` (score, answered_at as dd/mm/yyyy hh:mm local time,
        queue, customer, stage, remark) and ``contacts.csv`` (the log as a table, a row for each stay in a queue:
        contact, with /2 behind it in a second queue; queue, customer, entered, wait_s in seconds, outcome,
        talk_s in seconds, ended).

    Raises
    ------
    ValueError
        A period or a seed outside its range.
    OSError
        The directory cannot be made or written; files that were there stay as they were.

    Examples
    --------
    >>> import tempfile
    >>> from cxmetrics.simulate import simulate
    >>> with tempfile.TemporaryDirectory() as directory:
    ...     [path.name for path in simulate(directory, period="1d", seed=1)]
    ['queue_log', 'answers.csv', 'contacts.csv']
    """
    days = _days(period)
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise ValueError(f"seed={seed!r} is not a whole number of 0 or more: write seed=1")
    target = Path(directory)
    target.mkdir(parents=True, exist_ok=True)
    paths = [target / name for name in FILES]
    for path in paths:
        if path.is_dir():
            raise IsADirectoryError(f"{path} is a directory and would have to be a file: move it away")
    centre = _Centre(seed, days)
    centre.run()
    _replace(dict(zip(paths, (centre.queue_log(), centre.survey(), centre.contacts()), strict=True)))
    return paths
