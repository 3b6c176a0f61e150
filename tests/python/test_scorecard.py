# SPDX-License-Identifier: Apache-2.0
"""The document of the scorecard: figures that a plain recount of the same files confirms."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import os
import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import cxmetrics as cx
import jsonschema
import pytest
from cxmetrics import _core
from cxmetrics._calendar import Stretch, last_two
from cxmetrics.simulate import simulate

DATA = Path(os.environ.get("CXMETRICS_DATA", Path(__file__).parents[2] / "../shared/data"))
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="the real data are not here; CXMETRICS_DATA says where")
ZONE = ZoneInfo("Europe/Amsterdam")
SAID: dict[str, Any] = {"tz": "Europe/Amsterdam"}
CALLS = {
    "entered": ["2026-03-02T08:00Z", "2026-03-02T08:10Z", "2026-03-02T08:20Z", "2026-03-02T09:40Z"],
    "wait": [5, 10, 30, 60],
    "outcome": ["answered", "answered", "answered", "abandoned"],
}


@pytest.fixture(scope="module")
def month(simulated_month: Path) -> Path:
    return simulated_month


@pytest.fixture(scope="module")
def document(month: Path) -> dict[str, Any]:
    return cx.scorecard(month / "queue_log", month / "answers.csv", **SAID).to_dict()


@pytest.fixture(scope="module")
def calls(month: Path) -> list[dict[str, Any]]:
    """The calls of the log as the simulator wrote them down: an independent account."""
    with (month / "contacts.csv").open(encoding="utf-8", newline="") as stream:
        rows: list[dict[str, Any]] = list(csv.DictReader(stream))
    for row in rows:
        row["entered"] = datetime.fromisoformat(row["entered"]).astimezone(ZONE)
        row["wait"] = int(row["wait_s"])
        row["in_time"] = row["outcome"] == "answered" and row["wait"] <= 20
        row["decided"] = row["outcome"] != "unfinished" or row["wait"] > 20
    return rows


def table(document: dict[str, Any], name: str) -> list[dict[str, Any]]:
    found = document["tables"][name]
    return [dict(zip(found["columns"], row, strict=True)) for row in found["rows"]]


def results(document: dict[str, Any]) -> dict[str, Any]:
    return {result["name"]: result for result in document["results"]}


def half_hour(when: datetime) -> str:
    return f"{when:%H}:{30 * (when.minute // 30):02d}"


def score_card(formula: str = "offered", **columns: Any) -> dict[str, Any]:
    waits = ["wait=wait:s"] if "wait" in columns else []
    return cx.scorecard(columns, tz="UTC", map=waits, formula=formula).to_dict()


# Figures


def test_every_formula_stands_in_the_document_with_what_makes_the_difference(document: dict[str, Any]) -> None:
    rows = {row["formula"]: row for row in table(document, "formulas")}
    assert list(rows) == list(_core.SERVICE_LEVEL_FORMULAS)
    offered, found = rows["offered"], results(document)
    assert (offered["above"], offered["n"]) == (
        found["service_level"]["counts"]["answered_within"],
        found["service_level"]["n"],
    )
    changes = table(document, "formula_differences")
    for formula, row in rows.items():
        if formula != "offered":
            assert found[f"service_level_{formula}"]["value"] == row["value"]
        mine = [each for each in changes if each["formula"] == formula]
        for side, name in (("above", "above"), ("below", "n")):
            assert row[name] == offered[name] + sum(each[side] * each["contacts"] for each in mine), formula
    assert rows["es_law_10_2025"]["within_seconds"] == 180.0


def test_calls_that_go_from_queue_to_queue_and_transfers_are_counted(tmp_path: Path) -> None:
    lines = []
    for call in range(12):
        at = 1_772_438_400 + 60 * call
        lines += [
            f"{at}|c{call}|first|NONE|ENTERQUEUE||555{call}|1",
            f"{at + 5}|c{call}|first|ann|CONNECT|5|x|3",
            f"{at + 15}|c{call}|first|ann|COMPLETEAGENT|5|10|1",
        ]
    at = 1_772_438_400 + 3600
    lines += [
        f"{at}|d|first|NONE|ENTERQUEUE||5599|1",
        f"{at + 9}|d|first|NONE|EXITWITHTIMEOUT|1|1|9",
        f"{at + 9}|d|second|NONE|ENTERQUEUE||5599|1",
        f"{at + 10}|d|second|bob|CONNECT|1|y|1",
        f"{at + 30}|d|second|bob|BLINDTRANSFER|600|internal|1|20|1",
    ]
    log = tmp_path / "queue_log"
    log.write_text("\n".join(lines) + "\n", encoding="utf-8")
    card = cx.scorecard(log, tz="UTC")
    document = card.to_dict()
    assert table(document, "legs") == [{"legs": 1, "contacts": 12}, {"legs": 2, "contacts": 1}]
    found = results(document)
    assert found["transfer_rate"]["counts"] == {"transferred": 1, "answered": 13}
    assert (found["wait_time_contact"]["n"], found["wait_time_contact"]["max"]) == (13, 10.0)
    page = " ".join(card.to_html().split())
    assert "1 of 13 contacts went through more than one queue." in page
    assert "After 7.7 % (1 of 13) of the answered stays in a queue an agent passed the call on." in page
    straight = [*lines[:35], lines[35].replace("COMPLETEAGENT|5", "BLINDTRANSFER|600|internal|5")]
    log.write_text("\n".join(straight) + "\n", encoding="utf-8")
    page = " ".join(cx.scorecard(log, tz="UTC").to_html().split())
    assert "Agents passed on 8.3 % (1 of 12) of the answered contacts." in page


def test_the_service_level_is_the_recount(document: dict[str, Any], calls: list[dict[str, Any]]) -> None:
    decided = [call for call in calls if call["decided"]]
    found = results(document)
    assert found["service_level"]["n"] == len(decided)
    assert found["service_level"]["counts"]["answered_within"] == sum(call["in_time"] for call in decided)
    assert found["service_level_answered_only"]["n"] == sum(call["outcome"] == "answered" for call in calls)
    assert {row["outcome"]: row["contacts"] for row in table(document, "outcomes")} == Counter(
        call["outcome"] for call in calls
    )


def test_half_hours_are_counts_added_up_and_never_averages(
    document: dict[str, Any], calls: list[dict[str, Any]]
) -> None:
    day = Counter(half_hour(call["entered"]) for call in calls)
    in_time = Counter(half_hour(call["entered"]) for call in calls if call["in_time"])
    for row in table(document, "half_hours"):
        assert (row["contacts"], row["within"]) == (day[row["start"]], in_time[row["start"]])
        if row["n"]:
            assert row["value"] == pytest.approx(100 * row["within"] / row["n"], abs=1e-9)
    total = results(document)["service_level"]
    for name in ("half_hours", "week_half_hours"):
        assert sum(row["n"] for row in table(document, name)) == total["n"]
        assert sum(row["within"] for row in table(document, name)) == total["counts"]["answered_within"]
    averaged = [row["value"] for row in table(document, "week_half_hours") if row["n"]]
    assert abs(sum(averaged) / len(averaged) - total["value"]) > 0.5  # what an average would have said


def test_half_hours_of_the_week_know_their_days(document: dict[str, Any], calls: list[dict[str, Any]]) -> None:
    dates: dict[tuple[int, str], set[Any]] = {}
    for call in calls:
        when = call["entered"]
        dates.setdefault((when.isoweekday(), half_hour(when)), set()).add(when.date())
    found = {(row["weekday"], row["start"]): row["dates"] for row in table(document, "week_half_hours")}
    assert found == {place: len(days) for place, days in dates.items()}


def test_half_hours_of_the_day_have_no_gap() -> None:
    document = score_card(**CALLS)
    assert [(row["start"], row["n"], row["value"]) for row in table(document, "half_hours")][1:3] == [
        ("08:30", 0, None),
        ("09:00", 0, None),
    ]


def test_groups_are_the_recount(document: dict[str, Any], calls: list[dict[str, Any]]) -> None:
    contacts = Counter(call["queue"] for call in calls)
    hurt = Counter(call["queue"] for call in calls if call["decided"] and not call["in_time"])
    assert {row["group"]: (row["contacts"], row["beyond"]) for row in table(document, "groups")} == {
        queue: (contacts[queue], hurt[queue]) for queue in contacts
    }
    assert document["settings"]["by"] == ["queue"]


def test_the_wait_curve_is_the_recount(document: dict[str, Any], calls: list[dict[str, Any]]) -> None:
    answered = [call["wait"] for call in calls if call["outcome"] == "answered"]
    rows = {row["seconds"]: row["answered"] for row in table(document, "wait_curve")}
    for second in (1, 5, 20, 60, 120, 300):
        # the threshold's own bucket counts as within, and a bucket is at most 1/64 of its values wide
        low, high = (
            100 * sum(wait <= second * (1 + more) for wait in answered) / len(answered) for more in (0, 1 / 64)
        )
        assert low - 1e-9 <= rows[second] <= high + 1e-9
    waits = {row["of"]: row for row in table(document, "waits")}
    assert waits["answered"]["mean"] == pytest.approx(sum(answered) / len(answered))
    assert waits["all"]["max"] == max(call["wait"] for call in calls)


def test_the_change_compares_the_last_two_whole_weeks(document: dict[str, Any], calls: list[dict[str, Any]]) -> None:
    row = next(row for row in table(document, "changes") if row["metric"] == "service_level")
    spans = [datetime.fromisoformat(row[name]) for name in ("baseline_start", "baseline_end", "start", "end")]
    assert [f"{moment:%m-%d %H:%M %z}" for moment in spans] == [
        "03-30 00:00 +0200",
        "04-06 00:00 +0200",
        "04-06 00:00 +0200",
        "04-13 00:00 +0200",
    ]
    levels = []
    for start, end in ((spans[2], spans[3]), (spans[0], spans[1])):
        week = [call for call in calls if start <= call["entered"] < end and call["decided"]]
        levels.append(100 * sum(call["in_time"] for call in week) / len(week))
    assert row["value"] == pytest.approx(levels[0] - levels[1])
    assert row["low"] < row["value"] < row["high"]


def test_the_change_of_repeats_waits_until_both_weeks_are_over(document: dict[str, Any]) -> None:
    row = next(row for row in table(document, "changes") if row["metric"] == "first_contact_resolution")
    assert (row["baseline_start"], row["baseline_end"], row["start"]) == (
        "2026-03-23T00:00:00+01:00",
        "2026-03-30T00:00:00+02:00",  # the clock changed on the last day of that week
        "2026-03-30T00:00:00+02:00",
    )
    end, last = datetime.fromisoformat(row["end"]), datetime.fromisoformat(document["period"]["to"])
    assert end + timedelta(days=7) <= last


def test_nothing_is_compared_with_a_week_that_is_cut_off(tmp_path: Path) -> None:
    simulate(tmp_path, period="10d", seed=1)  # Monday to the Wednesday of the next week
    document = cx.scorecard(tmp_path / "queue_log", tmp_path / "answers.csv", **SAID).to_dict()
    assert table(document, "changes") == []
    assert [row["whole"] for row in table(document, "nps_periods")] == [True, False]


def test_another_length_of_period_may_be_compared(month: Path) -> None:
    document = cx.scorecard(month / "queue_log", every="d", to="2026-04-11", **SAID).to_dict()
    row = next(row for row in table(document, "changes") if row["metric"] == "abandonment")
    assert (row["baseline_start"][:10], row["start"][:10]) == ("2026-04-09", "2026-04-10")


def test_a_change_is_what_compare_says(document: dict[str, Any], month: Path) -> None:
    (row,) = [row for row in table(document, "changes") if row["metric"] == "nps"]
    answers = cx.answers(month / "answers.csv", time="answered_at", time_format="dmy", tz="Europe/Amsterdam")
    c = cx.summarize(answers, cx.NPS(), every="w").compare(baseline=row["baseline_start"])
    compared = c["nps"][[line["start"].isoformat() for line in c.to_dicts()].index(row["start"])]
    assert compared.interval is not None
    assert (row["value"], row["low"], row["high"]) == (compared.value, compared.interval.low, compared.interval.high)
    assert (row["n"], row["baseline_n"]) == (compared.n, compared.baseline_n)


def test_the_change_of_the_nps_is_mix_and_within(document: dict[str, Any]) -> None:
    (change,) = [row for row in table(document, "changes") if row["metric"] == "nps"]
    splits, strata = table(document, "nps_splits"), table(document, "nps_strata")
    assert [row["by"] for row in splits] == ["queue", "stage"]
    for row in splits:
        assert row["mix"] + row["within"] == pytest.approx(change["value"], abs=1e-9)
        assert row["low"] < row["within"] < row["high"]
        mine = [each for each in strata if each["by"] == row["by"]]
        assert sum(each["n"] for each in mine) == change["n"]
        assert sum(each["baseline_n"] for each in mine) == change["baseline_n"]
        # Kitagawa by hand, from the counts of the strata
        within = sum(
            (each["n"] / change["n"] + each["baseline_n"] / change["baseline_n"]) / 2
            * (each["value"] - each["baseline_value"])
            for each in mine
        )  # fmt: skip
        assert row["within"] == pytest.approx(within, abs=1e-9)


def test_without_two_whole_periods_nothing_is_split() -> None:
    document = score_card(score=[9, 3, 8] * 8, stage=["order", "use", "order"] * 8)
    assert table(document, "nps_splits") == []
    assert table(document, "nps_strata") == []


def test_a_half_hour_is_clearly_worse_only_beyond_the_noise_of_all_looks(document: dict[str, Any]) -> None:
    total = results(document)["service_level"]["value"]
    rows = table(document, "half_hours")
    assert {row["start"] for row in rows if row["clear"]} >= {"10:00", "10:30"}
    assert all(row["n"] >= 30 and row["high"] < total for row in rows if row["clear"])
    few = score_card(
        entered=[f"2026-03-02T{8 + i % 2:02d}:00Z" for i in range(40)],
        wait=[5, 60] * 20,
        outcome=["answered"] * 40,
    )
    assert not any(row["clear"] for row in table(few, "half_hours"))  # 0 of 20, but fewer than thirty


# What is not there


def test_a_yes_or_no_does_not_say_who_left() -> None:
    document = score_card(wait=[5, 10, 30], answered=[True, True, False])
    assert "service_level" in results(document)
    assert "abandonment" not in results(document)
    assert document["period"] == {"from": None, "to": None, "tz": None, "whole": None}
    assert "half_hours" not in document["tables"]


def test_no_answer_is_null() -> None:
    document = score_card(score=["NA"] * 3, time=["2026-03-02T08:00Z", None, None])
    result = results(document)["nps"]
    assert (result["value"], result["interval"], result["n"], result["missing"]) == (None, None, 0, 3)
    assert cx.scorecard({"score": ["NA"]}).to_html()


def test_unfinished_contacts_cut_the_last_day() -> None:
    alone = score_card(**CALLS)
    cut = score_card(**{**CALLS, "outcome": ["answered", "answered", "answered", "unfinished"]})
    assert (alone["period"]["whole"], cut["period"]["whole"]) == (None, False)  # one day has no other to be judged by
    assert results(cut)["service_level"]["counts"]["waiting_beyond"] == 1  # a failure already


def days_of(hours: Sequence[tuple[str, int, int]]) -> dict[str, list[Any]]:
    """Return a contact at the beginning and one at the end of every day."""
    entered = [f"{day}T{hour:02d}:10Z" for day, first, last in hours for hour in (first, last)]
    return {"entered": entered, "wait": [5] * len(entered), "outcome": ["answered"] * len(entered)}


WEEKS = days_of([(f"2026-03-{day:02d}", 8, 19) for day in range(2, 23)])


def test_days_are_whole_where_the_other_days_of_their_name_say_so() -> None:
    assert score_card(**WEEKS)["period"]["whole"] is True
    early = days_of([*((f"2026-03-{day:02d}", 8, 19) for day in range(2, 22)), ("2026-03-22", 8, 14)])
    assert score_card(**early)["period"]["whole"] is False


@pytest.mark.parametrize(
    ("limits", "whole"),
    [
        ({"from_": "2026-03-03T07:00", "to": "2026-03-20T20:00"}, False),
        ({"from_": "2026-03-03T07:00"}, False),
        ({"to": "2026-03-20T19:30"}, False),
        ({"from_": "2026-03-03", "to": "2026-03-20"}, True),
        ({"from_": "2026-03-03T00:00+00:00", "to": "2026-03-20T00:00Z"}, True),
        ({"from_": "2026-02-01T12:00", "to": "2026-05-01T12:00"}, True),  # they cut into nothing
    ],
)
def test_a_day_that_the_limits_cut_into_is_not_whole(limits: dict[str, str], whole: bool) -> None:
    card = cx.scorecard(WEEKS, tz="UTC", map=["wait=wait:s"], **limits)
    assert card.to_dict()["period"]["whole"] is whole
    assert ("whole days" in card.to_html()) is whole
    scores = {"score": [9] * len(WEEKS["entered"]), "time": WEEKS["entered"]}
    answers = cx.scorecard(scores, tz="UTC", **limits).to_dict()["period"]["whole"]
    assert answers is (None if whole else False)


def test_of_answers_alone_nobody_knows_whether_the_days_are_whole() -> None:
    card = cx.scorecard({"score": [9] * len(WEEKS["entered"]), "time": WEEKS["entered"]}, tz="UTC")
    assert card.to_dict()["period"]["whole"] is None
    assert "not known whether whole days" in card.to_html()


def test_a_file_that_was_cut_has_no_whole_days(tmp_path: Path) -> None:
    lines = [",".join(WEEKS), *(",".join(map(str, row)) for row in zip(*WEEKS.values(), strict=True))]
    packed = gzip.compress("\n".join(lines).replace("wait", "wait_s").encode() + b"\n" * 2, mtime=0)
    for name, content, whole in (("whole.csv.gz", packed, True), ("cut.csv.gz", packed[:-6], False)):
        (tmp_path / name).write_bytes(content)
        card = cx.scorecard(tmp_path / name, tz="UTC")
        assert card.to_dict()["inputs"][0]["complete"] is whole
        assert card.to_dict()["period"]["whole"] is whole


def test_a_log_that_ends_while_somebody_talks_has_no_whole_last_day(document: dict[str, Any]) -> None:
    assert document["period"]["to"] < "2026-04-14T20:00"  # it was copied before closing time
    assert document["period"]["whole"] is False


def test_a_group_of_contacts_that_are_all_left_out_is_no_group() -> None:
    columns = {**CALLS, "queue": ["a", "a", "b", "c"], "outcome": ["answered", "answered", "answered", "PHANTOM"]}
    document = cx.scorecard(columns, tz="UTC", map=["wait=wait:s"], label=["PHANTOM=none:phantom"]).to_dict()
    assert [row["group"] for row in table(document, "groups")] == ["a", "b"]
    assert table(document, "left_out") == [{"label": "phantom", "contacts": 1}]


# Whole days and periods


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def halves(*days: tuple[str, int, int]) -> list[datetime]:
    return [at(f"{day}T{hour:02d}:00") for day, first, last in days for hour in range(first, last + 1)]


def test_a_day_is_whole_unless_others_of_its_name_began_earlier_or_ended_later() -> None:
    monday_cut = Stretch.of_half_hours(
        halves(("2026-03-02", 8, 19), ("2026-03-03", 8, 19), ("2026-03-09", 8, 14)), finished=True
    )
    assert (str(monday_cut.first), str(monday_cut.last)) == ("2026-03-02", "2026-03-08")
    short_saturday = Stretch.of_half_hours(halves(("2026-03-06", 8, 19), ("2026-03-07", 9, 16)), finished=True)
    assert str(short_saturday.last) == "2026-03-07"
    late_start = Stretch.of_half_hours(halves(("2026-03-02", 13, 19), ("2026-03-09", 8, 19)), finished=True)
    assert str(late_start.first) == "2026-03-03"
    still_open = Stretch.of_half_hours(halves(("2026-03-02", 8, 19)), finished=False)
    assert not still_open.holds(at("2026-03-02T00:00"), at("2026-03-03T00:00"))


def test_a_week_is_whole_though_sunday_is_closed() -> None:
    days = [(f"2026-03-{day:02d}", 8, 19) for day in (2, 3, 4, 5, 6, 7, 9, 10, 11)]
    stretch = Stretch.of_half_hours(halves(*days), finished=True)
    assert stretch.holds(at("2026-03-02T00:00"), at("2026-03-09T00:00"))
    assert not stretch.holds(at("2026-03-09T00:00"), at("2026-03-16T00:00"))
    empty = Stretch.of_half_hours([], finished=True)
    assert not empty.holds(at("2026-03-02T00:00"), at("2026-03-09T00:00"))


@pytest.mark.parametrize(
    ("whole", "touching", "expected"),
    [
        ([True, True, False], [False, True, True], (1, 0)),
        ([True, False, True], [False, True, True], None),
        ([True, True], [False, False], None),
        ([True], [False], None),
        ([], [], None),
    ],
)
def test_the_last_two_whole_periods_lie_side_by_side(
    whole: list[bool], touching: list[bool], expected: tuple[int, int] | None
) -> None:
    assert last_two(whole, touching) == expected


# The document as JSON


def test_the_document_is_what_its_schema_says(document: dict[str, Any], month: Path) -> None:
    schema = json.loads(files("cxmetrics").joinpath("scorecard.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    others = [
        score_card(**CALLS),
        score_card("amazon", **CALLS),
        score_card(score=[9, 8, None]),
        score_card(wait=[5, 10], answered=[True, False]),
        cx.scorecard(month / "answers.csv", **SAID).to_dict(),
    ]
    for each in (document, *others):
        assert [error.message for error in validator.iter_errors(each)] == []
        for name, found in each["tables"].items():
            assert {len(row) for row in found["rows"]} <= {len(found["columns"])}, name
    assert list(validator.iter_errors({**document, "extra": 1}))  # the schema does refuse something


def test_json_has_no_nan_and_reads_back(document: dict[str, Any], month: Path) -> None:
    text = cx.scorecard(month / "queue_log", month / "answers.csv", **SAID).to_json()
    assert json.loads(text, parse_constant=pytest.fail) == document


def test_the_same_input_gives_the_same_bytes(month: Path) -> None:
    first, second = (cx.scorecard(month / "queue_log", month / "answers.csv", **SAID) for _ in range(2))
    assert first.to_json() == second.to_json()
    assert first.to_html() == second.to_html()


def test_the_order_of_rows_does_not_change_a_figure(month: Path, tmp_path: Path) -> None:
    head, *rows = (month / "contacts.csv").read_text("utf-8").splitlines(keepends=True)
    (tmp_path / "contacts.csv").write_text(head + "".join(reversed(rows)), encoding="utf-8")
    one, other = (cx.scorecard(place / "contacts.csv", **SAID).to_dict() for place in (month, tmp_path))
    assert one["results"] == other["results"]
    for name in ("half_hours", "week_half_hours", "wait_curve", "repeats", "changes"):
        assert one["tables"][name] == other["tables"][name]


def test_the_command_makes_the_page_again(document: dict[str, Any], month: Path) -> None:
    assert document["command"] == (f"cxmetrics scorecard {month}/queue_log {month}/answers.csv --tz Europe/Amsterdam")
    said = cx.scorecard(month / "queue_log", tz="UTC", within="30s", by="queue", every="mo").to_dict()["command"]
    assert said.endswith("queue_log --by queue --tz UTC --every mo --within 30s")


def test_who_came_back_is_shown_by_the_reason_of_the_first_contact(
    document: dict[str, Any], month: Path, tmp_path: Path
) -> None:
    assert "repeat_reasons" not in document["tables"]  # the log knows no reasons
    reasons = ["invoice", "delivery", "delivery", ""]
    with (month / "contacts.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    with (tmp_path / "contacts.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, [*rows[0], "reason"])
        writer.writeheader()
        writer.writerows({**row, "reason": reasons[place % 4]} for place, row in enumerate(rows))
    card = cx.scorecard(tmp_path / "contacts.csv", **SAID)
    made = card.to_dict()
    by_reason = table(made, "repeat_reasons")
    total = next(row for row in table(made, "repeats") if row["days"] == 7)
    assert by_reason[0]["reason"] == "delivery"
    assert {row["reason"] for row in by_reason} == {"invoice", "delivery", None}
    for name in ("n", "repeat"):  # a repeat counts for the reason of the contact that it follows, whatever its own
        assert sum(row[name] for row in by_reason) == total[name]
    for row in by_reason:
        assert row["value"] == pytest.approx(100 * row["repeat"] / row["n"])
        assert row["low"] < row["value"] < row["high"]
    page = card.to_html()
    assert "After which reason most came back within 7 days" in page
    assert "no reason" in page


def test_a_window_of_the_curve_is_the_figure_alone(month: Path) -> None:
    contacts = cx.read_queue_log(month / "queue_log")
    found = results(cx.scorecard(month / "queue_log", **SAID).to_dict())
    for days in (1, 7, 14, 30):
        alone = cx.first_contact_resolution(contacts, window=f"{days}d").to_dict()
        made = found[f"first_contact_resolution_{days}d"]
        assert {name: made[name] for name in alone if name != "notes"} == {
            n: v for n, v in alone.items() if n != "notes"
        }


# What is written


def test_page_and_json_are_written_both_or_none(month: Path, tmp_path: Path) -> None:
    page, figures = tmp_path / "page.html", tmp_path / "figures.json"
    page.write_text("old page")
    with pytest.raises(cx.Error, match=r"there is no directory .*nowhere; make it"):
        cx.scorecard(month / "queue_log", html=page, json=tmp_path / "nowhere/figures.json", **SAID)
    with pytest.raises(cx.Error):
        cx.scorecard(month / "queue_log", html=page, within="0s", **SAID)
    with pytest.raises(cx.Error, match="html and json cannot both go to"):
        cx.scorecard(month / "queue_log", html=page, json=page, **SAID)
    assert page.read_text() == "old page"
    assert [each.name for each in tmp_path.iterdir()] == ["page.html"]
    card = cx.scorecard(month / "queue_log", html=page, json=str(figures), **SAID)
    assert page.read_text("utf-8") == card.to_html()
    assert figures.read_text("utf-8") == card.to_json()
    assert sorted(each.name for each in tmp_path.iterdir()) == ["figures.json", "page.html"]


def test_a_notebook_shows_the_page_in_a_frame_of_its_own(month: Path) -> None:
    card = cx.scorecard(month / "answers.csv", **SAID)
    shown = card._repr_html_()
    assert shown.startswith('<iframe title="scorecard" srcdoc="&lt;!doctype html&gt;')
    assert "<script" not in shown
    assert repr(card).startswith("Scorecard\n")


# What is refused


def test_two_sets_of_contacts_are_refused(month: Path) -> None:
    with pytest.raises(cx.Error, match=r"2 inputs hold contacts .*the same rows may stand in more than one"):
        cx.scorecard(month / "queue_log", month / "contacts.csv", **SAID)


PERSONS = [
    *("agent", "AGENTS", "agent_id", "Medewerker", "customer", "phone_number", "handled_by", "user", "advisor"),
    *("assigned_to", "opened_by", "ani", "klantnummer", "account_owner", "service_rep", "callerid"),
]


@pytest.mark.parametrize("by", [*PERSONS, "Agent Name", "employee name", "Assigned To"])
def test_no_person_is_ranked(by: str) -> None:
    with pytest.raises(cx.Error, match=f"by {by}: the scorecard ranks no persons"):
        cx.scorecard({**CALLS, by: ["a", "b", "c", "d"]}, tz="UTC", map=["wait=wait:s"], by=by)


def test_no_person_is_ranked_whatever_the_column_is_called() -> None:
    table = {**CALLS, "who": ["a", "b", "c", "d"], "handled_by": ["ann", "bob", "ann", "bob"]}
    with pytest.raises(cx.Error, match="by who: the scorecard ranks no persons"):
        cx.scorecard(table, tz="UTC", map=["wait=wait:s", "customer=who"], by="who")
    with pytest.raises(cx.Error, match="by queue: the scorecard ranks no persons"):
        cx.scorecard(table, tz="UTC", map=["wait=wait:s", "queue=handled_by"])


@pytest.mark.parametrize(
    "by", ["agent_group", "customer_segment", "user_type", "contact_reason", "team", "number_of_legs"]
)
def test_what_is_no_person_is_a_group(by: str) -> None:
    document = cx.scorecard({**CALLS, by: ["a", "b", "a", "b"]}, tz="UTC", map=["wait=wait:s"], by=by).to_dict()
    assert [row[:2] for row in document["tables"]["groups"]["rows"]] == [[by, "a"], [by, "b"]]


def test_a_group_that_nobody_has_is_refused_with_the_columns() -> None:
    with pytest.raises(cx.ColumnError, match=r"nowhere.*outcome"):
        cx.scorecard(CALLS, tz="UTC", map=["wait=wait:s"], by="nowhere")


def test_periods_shorter_than_a_day_are_not_compared() -> None:
    with pytest.raises(cx.Error, match="every 30min: periods are compared by day or longer"):
        cx.scorecard(CALLS, tz="UTC", map=["wait=wait:s"], every="30min")


def test_an_unknown_option_is_named() -> None:
    with pytest.raises(TypeError, match="no option wihtin="):
        cx.scorecard(CALLS, wihtin="20s")


# Persons


def test_no_agent_and_no_telephone_number_is_in_page_or_json(month: Path) -> None:
    log = (month / "queue_log").read_text("utf-8").splitlines()
    agents = {line.split("|")[3] for line in log} - {"NONE"}
    numbers = set(re.findall(r"\+31\d{9}", "\n".join(log)))
    assert len(agents) > 5
    assert len(numbers) > 1000
    card = cx.scorecard(month / "queue_log", month / "answers.csv", **SAID)
    for text in (card.to_json(), card.to_html()):
        assert not [agent for agent in agents if agent in text]
        assert not re.search(r"\+31\d", text)


def test_a_line_that_cannot_be_read_shows_no_telephone_number(month: Path, tmp_path: Path) -> None:
    log = (month / "queue_log").read_text("utf-8").splitlines(keepends=True)
    log.insert(3, "1772435223|+31000618564 hung up|billing\n")
    (tmp_path / "queue_log").write_text("".join(log), encoding="utf-8")
    card = cx.scorecard(tmp_path / "queue_log", **SAID)
    assert card.to_dict()["inputs"][0]["invalid"] == 1
    for text in (card.to_json(), card.to_html()):
        assert "+31000618564" not in text


def test_a_broken_row_of_a_table_shows_neither_number_nor_name(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("score,time\n9,2026-03-02\nAnn B,06 12 34 56 78,9,2026-03-02\n")
    card = cx.scorecard(tmp_path / "t.csv", tz="UTC")
    (row,) = card.to_dict()["inputs"][0]["invalid_rows"]
    assert (row["row"], row["column"]) == (2, "")
    assert row["value"].endswith(" fields where the header has 2: (not shown)")
    for text in (card.to_json(), card.to_html()):
        assert "34 56" not in text
        assert "Ann B" not in text


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"by": "agent"}, "by agent: the scorecard ranks no persons"),
        ({"html": "nowhere/x.html"}, "html nowhere/x.html: there is no directory nowhere; make it"),
        ({"json": "nowhere/x.json"}, "json nowhere/x.json: there is no directory nowhere; make it"),
    ],
)
def test_what_cannot_be_meant_is_an_error_of_the_family(said: dict[str, Any], message: str) -> None:
    with pytest.raises(cx.Error, match=message):
        cx.scorecard({**CALLS, "agent": ["a"] * 4}, tz="UTC", map=["wait=wait:s"], **said)


# Several tables


def test_tables_of_the_same_columns_are_one(tmp_path: Path) -> None:
    days = [f"{day},{9 if day % 2 else 'x'},2026-0{month}-{day:02}T10:00Z" for month in (1, 2) for day in range(1, 29)]
    names = [str(tmp_path / name) for name in ("jan.csv", "feb.csv", "both.csv")]
    for name, lines in zip(names, (days[:28], [*days[28:], "1,2,3,4"], days), strict=True):
        Path(name).write_text("respondent,score,time\n" + "\n".join(lines) + "\n")
    said = {"tz": "UTC", "map": ["score=score"]}
    parts, whole = (cx.scorecard(*each, **said).to_dict() for each in (names[:2], names[2:]))
    assert parts["results"] == whole["results"]
    (made,) = parts["inputs"]
    assert (made["path"], made["rows"], made["invalid"]) == (", ".join(names[:2]), 57, 29)
    assert made["sha256"] == hashlib.sha256(b"".join(Path(name).read_bytes() for name in names[:2])).hexdigest()
    assert made["invalid_rows"][0] == {"row": 2, "column": f"{names[0]}, score", "value": '"x"'}
    assert parts["command"].startswith(f"cxmetrics scorecard {names[0]} {names[1]} ")


def test_rows_that_stand_in_two_files_are_a_note(tmp_path: Path) -> None:
    names = [str(tmp_path / name) for name in ("a.csv", "b.csv")]
    for name, more in zip(names, "12", strict=True):
        Path(name).write_text(f"score,time\n9,2026-01-01T10:00Z\n{more},2026-01-01T11:00Z\n")
    document = cx.scorecard(*names, tz="UTC").to_dict()
    assert document["inputs"][0]["rows"] == 4
    assert f"1 row stands in more than one of {', '.join(names)}, and is counted in each" in document["notes"]


def test_what_is_said_of_one_file_keeps_it_apart(tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text(
            f"wait,entered,answered\n5,2026-01-01T10:00Z,yes\n{ord(name[0])},2026-01-01T11:00Z,no\n"
        )
    names = [str(tmp_path / name) for name in ("a.csv", "b.csv")]
    with pytest.raises(
        cx.Error, match=r"hold contacts .*; run: cxmetrics scorecard \S+a.csv --map a.csv:wait=wait:s --tz"
    ):
        cx.scorecard(*names, tz="UTC", map=["a.csv:wait=wait:s", "b.csv:wait=wait:ms"])
    with pytest.raises(cx.ColumnError, match="holds bare numbers like 5") as refusal:
        cx.scorecard(*names, {"score": [9]}, tz="UTC")
    assert str(refusal.value).endswith(f"; add map={[f'{name}:wait=wait:s' for name in names]}")


# Time


def test_from_and_to_are_in_the_zone_of_the_mapping(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(
        "score,time\n" + "".join(f"{hour % 10},2026-01-0{day} {hour:02}:30\n" for day in (1, 2) for hour in range(24))
    )
    (tmp_path / "cx.toml").write_text(
        'schema = "cxmetrics.mapping/1"\n[[tables]]\nkind = "answers"\ncolumns = ["score", "time"]\n'
        'tz = "Asia/Jerusalem"\n[tables.map]\nscore = "score"\ntime = "time"\n'
    )
    asked = {"from_": "2026-01-02", "to": "2026-01-03"}
    mapped = cx.scorecard(tmp_path / "t.csv", config=tmp_path / "cx.toml", **asked).to_dict()
    said = cx.scorecard(tmp_path / "t.csv", tz="Asia/Jerusalem", **asked).to_dict()
    assert mapped["period"]["from"] == said["period"]["from"] == "2026-01-02T00:30:00+02:00"
    assert mapped["results"] == said["results"]


# What was sent


def test_the_response_rate_is_of_what_was_sent() -> None:
    table = {
        "sent_at": [f"2026-03-{day:02}T09:00Z" for day in range(1, 21)] + [None],
        "score": [9, None, None, None] * 5 + [3],
        "time": ["2026-03-21T10:00Z", None, None, None] * 5 + ["2026-03-22T10:00Z"],
    }
    card = cx.scorecard(table)
    rate = next(r for r in card.to_dict()["results"] if r["name"] == "response_rate")
    assert (rate["value"], rate["n"], rate["counts"]["answered"]) == (25.0, 20, 5)  # who was not asked is not counted
    assert re.search(
        r"of 20 surveys that were sent, 5 were answered \(25.0\s%, 95\s% interval 11.2 to 46.9\)", card.to_html()
    )
    assert "is not in the data" not in card.to_html()
    cut = cx.scorecard(table, from_="2026-03-01").to_dict()
    assert "response_rate" not in {r["name"] for r in cut["results"]}
    assert any(note.startswith("no response rate: --from and --to") for note in cut["notes"])


def test_a_reason_may_be_said() -> None:
    table = {
        "customer": ["a", "a", "b", "c"] * 5, "entered": [f"2026-03-{day:02}T10:00Z" for day in range(1, 21)],
        "category": ["bill", "move", "bill", "bill"] * 5, "wait_s": ["1"] * 20, "answered": ["yes"] * 20,
    }  # fmt: skip
    document = cx.scorecard(table, tz="UTC", map="reason=category").to_dict()
    assert {row[0] for row in document["tables"]["repeat_reasons"]["rows"]} == {"bill", "move"}


# Real data


@needs_data
def test_the_real_log_gives_its_reference_figures() -> None:
    # Figures: the data's own README.
    document = cx.scorecard(DATA / "asterisk_queue_log.txt", tz="UTC").to_dict()
    found = results(document)
    level = found["service_level"]
    assert (level["counts"]["answered_within"], level["n"], level["pending"]) == (39, 107, 1)
    assert (found["service_level_answered_only"]["n"], found["wait_time_abandoned"]["n"]) == (93, 12)
    assert round(found["wait_time_answered"]["mean"], 5) == 38.69892
    assert document["period"]["whole"] is False


def test_what_is_odd_about_a_figure_stands_in_the_document_and_warns_nobody() -> None:
    days = [f"2026-03-{day:02}T09:00Z" for day in range(1, 31)]
    card = cx.scorecard({"NPS_SCORE": [1, 2, 3, 4, 5] * 6, "answered_at": days}, tz="UTC")
    (result,) = card.to_dict()["results"]
    assert result["notes"] == ["no answer of 30 is above 5: is this a 1-5 scale?"]


@pytest.mark.parametrize(
    ("given", "said", "public"),
    [
        ("nowhere.csv", {}, cx.ColumnError),
        ({"a": [1, 2]}, {}, cx.ColumnError),
        ({"score": [1, 2]}, {"tz": "Nowhere"}, cx.Error),
        ({"score": [1, 2]}, {"kind": "nothing"}, cx.Error),
    ],
)
@pytest.mark.parametrize("ask", [cx.scorecard, cx.inspect])
def test_what_is_raised_is_a_public_error_by_name_and_module(ask: Any, given: Any, said: Any, public: Any) -> None:
    with pytest.raises(cx.Error) as caught:
        ask(given, **said)
    assert type(caught.value) is public
    assert f"{public.__module__}.{public.__qualname__}" == f"cxmetrics.{public.__name__}"
