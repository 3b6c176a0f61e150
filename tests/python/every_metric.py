# SPDX-License-Identifier: Apache-2.0
"""An example of every metric there is, and a table that all of them can be read from.

The tests that hold for every metric walk this list; `test_every_metric.py` compares it with the compiled registry, so
that a metric without an example fails there.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import cxmetrics as cx

EXAMPLES: list[cx.Definition] = [
    cx.NPS(),
    cx.NPS(interval="score"),
    cx.NPS(weight="weight"),
    cx.CSAT(),
    cx.CSAT(satisfied_from=5, interval="jeffreys"),
    cx.CSAT(scale="1-10"),
    cx.CSAT(scale="1-3"),
    cx.CSAT(weight="weight"),
    cx.CSAT(scale="1-10", weight="weight"),
    cx.CES(),
    cx.CES(scale="1-5"),
    cx.CES(figure="agree_share"),
    cx.CES(figure="net"),
    cx.CES(weight="weight"),
    cx.CES(weight="weight", figure="top2"),
    cx.ResponseRate(),
    cx.ResponseRate(sent="sent", answered="answers", interval="clopper_pearson"),
    cx.ServiceLevel("20s"),
    cx.ServiceLevel("1min", formula="answered_only", short_abandon="5s"),
    cx.ServiceLevel("20s", comparison="<", short_answer="30s"),
    cx.ServiceLevel("20s", attribution="event"),
    cx.ServiceLevel("20s", attribution="service_level_event"),
    cx.ServiceLevel("20s", clock="contact"),
    cx.Abandonment(),
    cx.Abandonment(clock="contact"),
    cx.Abandonment(short_abandon="5s"),
    cx.WaitTime(),
    cx.WaitTime(of="all"),
    cx.WaitTime(of="abandoned"),
    cx.WaitTime(clock="contact"),
    cx.TalkTime(),
    cx.HandleTime(),
    cx.HoldTime(),
    cx.HoldTime(of="answered"),
    cx.TransferRate(),
    cx.TransfersPerContact(),
    cx.FirstContactResolution(),
    cx.FirstContactResolution(window="2d"),
    cx.FirstContactResolution(window="2d", clock="entered", rule="chain", reason="queue"),
]
IDS = [repr(definition) for definition in EXAMPLES]

START = datetime(2026, 3, 16, 8, tzinfo=UTC)


def first_of_each() -> list[cx.Definition]:
    """Return one example of every class of definitions."""
    return list({type(each): each for each in reversed(EXAMPLES)}.values())[::-1]


def rows(count: int, seed: int, days: int = 9) -> dict[str, list[Any]]:
    """Return a random table with absent values, and scores that are on no scale."""
    rng = random.Random(seed)

    def some(values: list[Any], absent: float = 0.1) -> list[Any]:
        return [None if rng.random() < absent else value for value in values]

    entered = sorted(START + timedelta(seconds=rng.randrange(days * 86_400)) for _ in range(count))
    sent = [rng.randrange(9) for _ in range(count)]
    return {
        "score": some([rng.randint(0, 12) for _ in range(count)]),
        "weight": some([rng.choice([0.0, 0.5, 1.0, 2.25]) for _ in range(count)]),
        "time": entered,
        "respondent": some([f"r{rng.randrange(300)}" for _ in range(count)]),
        "contact": list(range(count)),
        "case": [i % 40 for i in range(count)],
        "customer": some([f"c{rng.randrange(120)}" for _ in range(count)]),
        "queue": some([rng.choice(["it", "hr", "sales"]) for _ in range(count)]),
        "entered": entered,
        "wait": some([timedelta(seconds=rng.randrange(90)) for _ in range(count)], 0.05),
        "outcome": some([rng.choice(["answered", "answered", "abandoned", "timeout"]) for _ in range(count)], 0.02),
        "ended": [at + timedelta(minutes=5) for at in entered],
        "talk": some([timedelta(seconds=rng.randrange(600)) for _ in range(count)]),
        "hold": some([timedelta(seconds=rng.randrange(60)) for _ in range(count)]),
        "wrap_up": some([timedelta(seconds=rng.randrange(30)) for _ in range(count)]),
        "transfers": [rng.choice([0, 0, 1, 2]) for _ in range(count)],
        "answered": some([rng.random() < 0.3 for _ in range(count)], 0.05),
        "sent": sent,
        "answers": [rng.randint(0, most) for most in sent],
    }
