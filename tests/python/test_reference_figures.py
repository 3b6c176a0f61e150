# SPDX-License-Identifier: Apache-2.0
"""The figures of the shared reference data, each from its README; skipped where the data are absent."""

from __future__ import annotations

import os
from pathlib import Path

import cxmetrics as cx
import numpy as np
import pytest

DATA = Path(os.environ.get("CXMETRICS_DATA", Path(__file__).parents[3] / "shared" / "data"))
pytestmark = [
    pytest.mark.skipif(not DATA.is_dir(), reason=f"no reference data at {DATA}: set CXMETRICS_DATA"),
    pytest.mark.filterwarnings("ignore::cxmetrics.DataWarning"),
]


def test_telecom_nps_of_all_stages() -> None:
    answers = cx.answers(
        DATA / "telecom_nps_2018.csv",
        score="NPS_SCORE",
        time="CUSTOMER_RESPONSE_DATE",
        time_format="dmy",
        tz="Europe/Amsterdam",
    )
    nps = cx.nps(answers)
    assert (nps.n, nps.missing) == (2353, 32)
    assert nps.counts == {"promoters": 690, "passives": 392, "detractors": 1271}
    assert nps.value == pytest.approx(-24.691883, abs=1e-6)
    wald = cx.nps(answers, interval="wald").interval
    assert wald is not None
    assert (wald.high - wald.low) / 2 / 1.959963984540054 == pytest.approx(1.811841, abs=1e-6)
    by_stage = {row["SURVEY_SUB_TYPE"]: row for row in cx.summarize(answers, cx.NPS(), by="SURVEY_SUB_TYPE").to_dicts()}
    for stage, value, n in (
        ("Order", -9.979210, 962),
        ("First Payment", -29.292035, 1130),
        ("Equipment Received", -56.709957, 231),
        ("Service in Use", -76.666667, 30),
    ):
        assert by_stage[stage]["nps"] == pytest.approx(value, abs=1e-6)
        assert by_stage[stage]["nps_n"] == n


def test_queue_log_entered_answered_abandoned_and_service_levels() -> None:
    calls = cx.read_queue_log(DATA / "asterisk_queue_log.txt")
    assert len(calls) == 108
    offered = cx.service_level(calls, within="20s", formula="offered")
    assert (offered.counts["answered_within"], offered.n, offered.pending) == (39, 107, 1)
    for threshold, within in (("20s", 39), ("30s", 64), ("60s", 73)):
        answered = cx.service_level(calls, within=threshold, formula="answered_only")
        assert (answered.counts["answered_within"], answered.n) == (within, 93)
    abandonment = cx.abandonment(calls)
    assert (abandonment.counts["abandoned"], abandonment.counts["other_exits"], abandonment.pending) == (
        12,
        1,
        2,
    )
    assert cx.wait_time(calls).mean == pytest.approx(38.69892, abs=5e-6)
    assert cx.wait_time(calls, of="abandoned").mean == pytest.approx(95.0833, abs=5e-5)
    talk = cx.talk_time(calls)
    assert (talk.n, talk.missing, talk.pending) == (91, 2, 2)  # two still talk, two still wait
    assert talk.mean == pytest.approx(262.78022, abs=5e-6)
    assert calls.readings["customer"].distinct == 63


def test_queue_log_service_level_by_every_formula() -> None:
    calls = cx.read_queue_log(DATA / "asterisk_queue_log.txt")
    # Asterisk's own two levels: app_queue.c divides by the completed, and counts a time-out as abandoned; it was at
    # 300 s. Without it the second is the README's 78/105.
    first, second = (cx.service_level(calls, within="60s", formula=f"asterisk_sl{n}") for n in (1, 2))
    assert (first.counts["answered_within"], first.n) == (73, 93)
    assert (second.counts["above"], second.n) == (78, 106)
    assert second.counts["abandoned_within"] == 5
    assert first.counts["answered"] + first.counts["abandoned"] == 105
    # 45 points: 20 s of offered against 120 s of offered, a default of Lifesize and one of Mitel. Formulas alone, at
    # one threshold, make 5 of them.
    at_20s = cx.reconcile(calls, within="20s")
    at_2min = cx.service_level(calls, within="2min")
    assert (at_2min.counts["answered_within"], at_2min.n) == (86, 106)
    assert (at_2min.value or 0) - (at_20s["offered"].value or 0) == pytest.approx(44.7, abs=0.05)
    by_formula = [row.result.value for row in at_20s if row.within == "20s"]
    assert max(by_formula) - min(by_formula) == pytest.approx(5.5, abs=0.05)


def test_queue_log_who_came_back_after_an_abandon() -> None:
    log = DATA / "asterisk_queue_log.txt"
    calls = cx.read_queue_log(log)
    # README: 4 of 12 abandoners re-entered within the hour. All hours are over by the year's end.
    r = cx.first_contact_resolution(calls, window="1h", first=["abandoned"], until="2019-01-01T00:00Z")
    assert (r.counts["repeat"], r.n) == (4, 12)
    # README: 6 agents. No figure reads agents; that the log is the one described is seen in its lines.
    lines = [line.split("|") for line in log.read_text(encoding="utf-8", errors="replace").splitlines()]
    assert len({line[3] for line in lines if len(line) > 4 and line[4] == "CONNECT"}) == 6


def test_bank_service_levels_abandonment_and_speed_of_answer() -> None:
    import pandas as pd

    bank = pd.read_csv(DATA / "bank_january_1999.tsv.gz", sep="\t", dtype=str)
    waited, outcome = bank["q_time"].astype(int), bank["outcome"]
    # The README's counts: offered are the answered and those that hung up in the queue; a hang-up without a queue
    # start left in the menu, and PHANTOM is no call.
    in_queue = (outcome == "AGENT") | ((outcome == "HANG") & (bank["q_start"] != "0:00:00"))
    # Who spoke with nobody (NO_SERVER, or 0 seconds, which mean "none") has no talk time.
    talked = (bank["server"] != "NO_SERVER") & (bank["ser_time"] != "0")
    table = {
        "entered": pd.to_datetime(bank["date"], format="%y%m%d") + pd.to_timedelta(bank["q_start"]),
        "wait": waited.to_numpy(),
        "talk": np.where(talked, bank["ser_time"].astype(float), np.nan),
        "outcome": np.where(in_queue | (outcome == "PHANTOM"), outcome, "MENU"),
    }
    calls = cx.contacts(
        table,
        unit="s",
        tz="UTC",
        outcomes={"AGENT": "answered", "HANG": "abandoned", "PHANTOM": None, "MENU": None},
    )
    offered = cx.service_level(calls, within="20s")
    assert (offered.counts["answered"], offered.counts["abandoned"]) == (27060, 3101)
    assert offered.n == 30161
    assert round(offered.fraction or 0, 4) == 0.5438
    assert round(cx.service_level(calls, within="20s", formula="answered_only").fraction or 0, 4) == 0.6061
    assert round(cx.service_level(calls, within="60s", formula="answered_only").fraction or 0, 4) == 0.7924
    assert round(cx.service_level(calls, within="20s", short_abandon="5s").fraction or 0, 4) == 0.5474
    assert round(cx.abandonment(calls).fraction or 0, 6) == 0.102815
    assert cx.wait_time(calls).mean == pytest.approx(35.0280, abs=5e-5)
    assert cx.wait_time(calls, of="abandoned").mean == pytest.approx(60.7240, abs=5e-5)
    positive = cx.service_level(calls, within="20s", formula="abandons_positive")
    assert round(positive.fraction or 0, 4) == 0.5772
    assert cx.handle_time(calls).mean == pytest.approx(187.9918, abs=5e-5)
    peak = cx.largest_queue(calls)
    assert peak is not None
    assert (peak.contacts, f"{peak.since:%m-%d %H:%M:%S}") == (18, "01-03 16:35:58")


def test_servicenow_repeat_within_seven_days() -> None:
    incidents = cx.latest(DATA / "servicenow_incidents.csv.gz", id="number", order="sys_mod_count")
    contacts = cx.contacts(
        incidents, contact="number", customer="caller_id", entered="opened_at", time_format="dmy", tz="UTC"
    )
    repeat = cx.first_contact_resolution(contacts, window="7d", clock="entered")
    assert len(contacts) == 24918
    assert repeat.n == 24889
    assert round(repeat.counts["repeat"] / repeat.n, 6) == 0.488690
