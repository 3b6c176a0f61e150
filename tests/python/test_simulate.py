# SPDX-License-Identifier: Apache-2.0
"""The simulated contact centre: its log is replayed here by an independent, strict reader."""

from __future__ import annotations

import csv
import hashlib
import os
import subprocess
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import cxmetrics as cx
import pytest
from cxmetrics.simulate import simulate

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
FILES = ["queue_log", "answers.csv", "contacts.csv"]
QUEUES = {"billing", "support", "sales"}
COMPLETIONS = {"COMPLETEAGENT", "COMPLETECALLER", "BLINDTRANSFER", "ATTENDEDTRANSFER"}
EXITS = {
    **{"ABANDON": "abandoned", "EXITWITHTIMEOUT": "timeout", "EXITWITHKEY": "exit_key"},
    **{"EXITEMPTY": "left_empty", "WITHDRAW": "withdrawn"},
}
# How many parameters each event has: docs.asterisk.org/Operation/Logging/Queue-Logs, app_queue.c f0c1c1a.
# An event without any is written with an empty one.
PARAMETERS = {
    **{"QUEUESTART": 1, "ADDMEMBER": 1, "REMOVEMEMBER": 1, "PAUSE": 1, "UNPAUSE": 1},
    **{"ENTERQUEUE": 3, "RINGNOANSWER": 1, "RINGCANCELED": 1, "CONNECT": 3},
    **{"COMPLETEAGENT": 3, "COMPLETECALLER": 3, "BLINDTRANSFER": 5, "ATTENDEDTRANSFER": 5},
    **{"ABANDON": 3, "EXITWITHTIMEOUT": 3, "EXITWITHKEY": 4, "EXITEMPTY": 3, "WITHDRAW": 4},
}


@dataclass
class Line:
    at: int
    contact: str
    queue: str
    member: str
    event: str
    parameters: list[str]


@dataclass(eq=False)
class Call:
    """A stay in a queue; `contact` as the table has it, with the number of the leg from the second on."""

    contact: str
    queue: str
    customer: str
    entered: int
    position: int
    rings: list[tuple[int, int, str]] = field(default_factory=list)  # from, to, member
    connected: int | None = None
    member: str = ""
    outcome: str = "unfinished"
    ended: int | None = None
    passed_to: str = ""
    leg: int = 1


def read_log(path: Path) -> list[Line]:
    lines = []
    for text in path.read_text(encoding="ascii").splitlines():
        at, contact, queue, member, event, *parameters = text.split("|")
        lines.append(Line(int(at), contact, queue, member, event, parameters))
    return lines


def read_table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def replay(lines: list[Line]) -> list[Call]:
    """Follow every call and every member through the log; any inconsistency fails."""
    stays: list[Call] = []
    calls: dict[str, Call] = {}  # the last stay of each call
    waiting: dict[str, list[Call]] = defaultdict(list)
    paused: dict[tuple[str, str], bool] = {}  # the members logged in, by queue
    for line in lines:
        key = (line.queue, line.member)
        numbers = [int(value) for value in line.parameters if value.isdigit()]
        if line.event == "QUEUESTART":
            assert not paused, line
            assert not any(waiting.values()), line
        elif line.event == "ADDMEMBER":
            assert key not in paused, line
            paused[key] = False
        elif line.event == "REMOVEMEMBER":
            assert paused.pop(key) is False, line
        elif line.event in ("PAUSE", "UNPAUSE"):
            assert paused[key] is (line.event == "UNPAUSE"), line
            paused[key] = line.event == "PAUSE"
        elif line.event == "ENTERQUEUE":
            before = calls.get(line.contact)
            url, customer, position = line.parameters
            assert url == "", line
            call = Call(line.contact, line.queue, customer, line.at, int(position))
            if before is not None:
                assert before.outcome == "timeout" or before.passed_to == line.queue, line
                assert before.ended is not None, line
                assert 0 <= line.at - before.ended <= 2, line
                assert customer == before.customer, line
                call.leg = before.leg + 1
                call.contact = f"{line.contact}/{call.leg}"
            waiting[line.queue].append(call)
            assert int(position) == len(waiting[line.queue]), line
            calls[line.contact] = call
            stays.append(call)
        else:
            if line.event == "ATTENDEDTRANSFER":  # under the id of the agent's call, which the customer's takes over
                own = calls.pop(line.contact)
                (name, talk) = next(
                    (name, call)
                    for name, call in reversed(calls.items())  # a talk of now is among the last
                    if (call.member, call.queue, call.ended) == (line.member, line.queue, None)
                )
                assert line.parameters[0] == ("APP" if own.connected is None else "BRIDGE"), line
                assert f"PJSIP/{own.customer}" == line.member, line
                assert 0 <= line.at - own.entered <= 4, line
                own.customer, own.leg, own.contact = talk.customer, talk.leg + 1, f"{name}/{talk.leg + 1}"
                calls[name], call = own, talk
            else:
                call = calls[line.contact]
            assert call.queue == line.queue, line
            assert call.ended is None, line
            if line.event in COMPLETIONS:
                assert call.connected is not None, line
                assert call.member == line.member, line
                hold, talk, position = numbers[-3:]
                assert hold == call.connected - call.entered, line
                assert talk == line.at - call.connected > 0, line
                assert position == call.position, line
                call.ended = line.at
                call.passed_to = line.parameters[0] if line.event == "BLINDTRANSFER" else ""
                continue
            assert call.connected is None, line
            if line.event in ("RINGNOANSWER", "RINGCANCELED", "CONNECT"):
                assert paused[key] is False, line
                rang = numbers[-1] if line.event == "CONNECT" else numbers[0] // 1000
                call.rings.append((line.at - rang, line.at, line.member))
                assert line.at - rang >= call.entered, line
            if line.event == "CONNECT":
                assert numbers[0] == line.at - call.entered, line
                call.connected, call.member, call.outcome = line.at, line.member, "answered"
                waiting[line.queue].remove(call)
            elif line.event in EXITS:
                position, original, waited = numbers[-3:]
                assert position == waiting[line.queue].index(call) + 1, line
                assert original == call.position >= position, line
                assert waited == line.at - call.entered > 0, line
                waiting[line.queue].remove(call)
                call.outcome, call.ended = EXITS[line.event], line.at
    return stays


@dataclass
class World:
    lines: list[Line]
    calls: list[Call]
    contacts: list[dict[str, str]]
    answers: list[dict[str, str]]


@pytest.fixture(scope="module")
def month(simulated_month: Path) -> World:
    log, answers, contacts = (simulated_month / name for name in FILES)
    lines = read_log(log)
    return World(lines, replay(lines), read_table(contacts), read_table(answers))


def local(instant: int) -> datetime:
    return datetime.fromtimestamp(instant, AMSTERDAM)


def test_the_same_seed_gives_the_same_bytes_whatever_the_hash_seed_the_zone_and_the_locale(
    tmp_path: Path,
) -> None:
    script = "import sys; from cxmetrics.simulate import simulate; simulate(sys.argv[1], seed=7)"
    worlds = {
        "one": {"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo", "LC_ALL": "C"},
        "two": {"PYTHONHASHSEED": "2", "TZ": "America/New_York", "LC_ALL": "C.UTF-8"},
    }
    for name, changed in worlds.items():
        command = [sys.executable, "-c", script, str(tmp_path / name)]
        subprocess.run(command, env=os.environ | changed, check=True)
    for name in FILES:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_the_bytes_of_the_first_day_are_those_that_were_kept(tmp_path: Path) -> None:
    # Source: this simulator, CPython 3.11, x86-64, glibc 2.36. They change only with the simulated world.
    kept = {
        "queue_log": "415ee2ba5ca86bb27962c9252a47e6ee86de95880fcba2b42964265627c356ba",
        "answers.csv": "c2793ecc5e14d66729af03885d5b479fcef047be4a1859e0eaa63cba3a7c0ec1",
        "contacts.csv": "f41283f9b0ee699ea2df9ca2a33c0c45465be0d571126ea7ca698948c28c90e8",
    }
    paths = simulate(tmp_path, period="1d", seed=1)
    assert {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths} == kept


def test_another_seed_gives_other_bytes_in_every_file(tmp_path: Path) -> None:
    for one, two in zip(simulate(tmp_path / "1", seed=1), simulate(tmp_path / "2", seed=2), strict=True):
        assert one.read_bytes() != two.read_bytes()


def test_a_shorter_period_is_the_beginning_of_a_longer_one(tmp_path: Path) -> None:
    day, days = (simulate(tmp_path / period, period=period)[0].read_bytes() for period in ("1d", "3d"))
    assert days.startswith(day)
    assert len(days) > 2 * len(day)


def test_every_line_is_of_the_form_that_asterisk_writes(month: World) -> None:
    assert {line.event for line in month.lines} == set(PARAMETERS)
    for line in month.lines:
        assert len(line.parameters) == PARAMETERS[line.event], line
        if line.contact not in ("NONE", "MANAGER"):
            epoch, serial = line.contact.split(".")
            assert int(epoch) <= line.at, line
            assert int(serial) > 0, line
        assert (line.queue in QUEUES) != (line.event == "QUEUESTART"), line


def test_the_lines_are_in_the_order_of_time_within_the_period(month: World) -> None:
    times = [line.at for line in month.lines]
    assert times == sorted(times)
    assert month.lines[0].event == "QUEUESTART"
    assert local(times[0]).isoformat() == "2026-03-16T00:00:00+01:00"
    assert times[-1] < datetime(2026, 4, 14, 19, 55, tzinfo=AMSTERDAM).timestamp()
    assert times[-1] > datetime(2026, 4, 14, 19, 50, tzinfo=AMSTERDAM).timestamp()


def test_a_log_that_was_cut_leaves_its_last_calls_open(month: World) -> None:
    still_open = [call for call in month.calls if call.ended is None]
    assert 0 < len(still_open) < 30
    assert all(call.entered > month.lines[-1].at - 7200 for call in still_open)


def test_no_member_rings_or_talks_twice_at_once(month: World) -> None:
    busy: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for call in month.calls:
        for begin, end, member in call.rings:
            talks = member == call.member and end == call.connected
            busy[member].append((begin, call.ended or month.lines[-1].at if talks else end))
    assert len(busy) > 20
    for member, spells in busy.items():
        spells.sort()
        for (_, end), (begin, _) in pairwise(spells):
            assert begin >= end, member


def test_whoever_waits_longest_in_a_queue_rings_first(month: World) -> None:
    by_queue: dict[str, list[Call]] = defaultdict(list)
    for call in month.calls:
        by_queue[call.queue].append(call)
    overtaken = 0
    for calls in by_queue.values():
        for index, call in enumerate(calls):
            for begin, _, _ in call.rings:
                for earlier in calls[max(0, index - 80) : index]:
                    left = earlier.connected or earlier.ended
                    if left is None or left <= begin or earlier.entered == begin:
                        continue
                    overtaken += 1
                    assert any(start <= begin <= end for start, end, _ in earlier.rings), (earlier, call)
    assert overtaken > 100


def test_the_table_of_contacts_is_the_log_stay_by_stay(month: World) -> None:
    last = month.lines[-1].at
    expected = []
    for call in month.calls:
        left = call.connected or call.ended or last
        talk = str(call.ended - left) if call.connected and call.ended else ""
        expected.append(
            {
                "contact": call.contact,
                "queue": call.queue,
                "customer": call.customer,
                "entered": local(call.entered).isoformat(),
                "wait_s": str(left - call.entered),
                "outcome": call.outcome,
                "talk_s": talk,
                "ended": local(call.ended).isoformat() if call.ended else "",
            }
        )
    assert month.contacts == expected


def test_the_volume_and_the_abandonment_are_believable(month: World) -> None:
    by_day = Counter(local(call.entered).date() for call in month.calls)
    weekdays = {day: calls for day, calls in by_day.items() if day.weekday() < 5}
    assert all(800 <= calls <= 1600 for calls in weekdays.values())
    assert 900 <= sum(weekdays.values()) / len(weekdays) <= 1400
    outcomes = Counter(call.outcome for call in month.calls)
    assert 0.02 <= outcomes["abandoned"] / len(month.calls) <= 0.20
    assert outcomes["timeout"] > 0
    assert outcomes["exit_key"] > 0
    assert outcomes["withdrawn"] > 0
    assert 0 < outcomes["left_empty"] / len(month.calls) < 0.02
    later = Counter(call.leg for call in month.calls)
    assert set(later) == {1, 2, 3}
    assert 0.01 < later[2] / later[1] < 0.10


def test_what_the_log_tells_is_read_without_a_finding(tmp_path: Path) -> None:
    log, _, table = simulate(tmp_path, period="5d")
    calls, rows = cx.read_queue_log(log), read_table(table)
    assert calls.notes == []
    assert calls.report is not None
    assert calls.report["put_right"] == calls.report["events"]["ATTENDEDTRANSFER"] > 50
    legs = Counter(int(row["contact"].partition("/")[2] or 1) for row in rows)
    assert Counter(calls.array("leg").tolist()) == legs
    codes, numbers = calls.key("customer")
    assert Counter(numbers[code] if code >= 0 else "" for code in codes) == Counter(row["customer"] for row in rows)


def test_the_load_peaks_at_mid_morning_and_that_hour_is_the_worst(month: World) -> None:
    entered, in_time = Counter[int](), Counter[int]()
    for call in month.calls:
        hour = local(call.entered).hour
        entered[hour] += 1
        in_time[hour] += call.connected is not None and call.connected - call.entered <= 20
    assert entered.most_common(1)[0][0] == 10
    assert entered[14] > entered[12], "a second hump in the afternoon"
    full = {hour: in_time[hour] / calls for hour, calls in entered.items() if calls > 300}
    assert min(full, key=lambda hour: full[hour]) == 10
    assert full[10] < 0.5 < min(share for hour, share in full.items() if hour != 10)


def test_opening_hours_hold_on_the_local_clock_on_both_sides_of_the_clock_change(month: World) -> None:
    first: dict[date, datetime] = {}
    for call in month.calls:
        moment = local(call.entered)
        first.setdefault(moment.date(), moment)
        opens, closes = (9, 17) if moment.weekday() == 5 else (8, 20)
        assert moment.weekday() != 6, moment
        last_second = moment.replace(hour=closes, minute=2, second=0)  # the menu takes a moment
        assert moment.replace(hour=opens, minute=0, second=0) <= moment < last_second
    before, after = first[date(2026, 3, 27)], first[date(2026, 3, 30)]
    assert (before.utcoffset(), after.utcoffset()) == (timedelta(hours=1), timedelta(hours=2))
    assert before.hour == after.hour == 8
    assert {row["entered"][-6:] for row in month.contacts} == {"+01:00", "+02:00"}


def test_customers_come_back_unequally_and_some_withhold_their_number(month: World) -> None:
    contacts = Counter(call.customer for call in month.calls)
    withheld = contacts.pop("")
    assert 0.01 < withheld / len(month.calls) < 0.10
    assert all(number.startswith("+31000") and len(number) == 12 for number in contacts)
    assert max(contacts.values()) >= 5
    assert sum(count > 1 for count in contacts.values()) / len(contacts) > 0.1


def test_no_customer_is_in_two_calls_at_once(month: World) -> None:
    free_at: dict[str, int] = defaultdict(int)
    for call in month.calls:
        if call.customer and call.leg == 1:
            assert call.entered >= free_at[call.customer], call
        if call.customer:
            free_at[call.customer] = call.ended or month.lines[-1].at


def test_answers_follow_answered_contacts_within_two_days(month: World) -> None:
    ends: dict[tuple[str, str], list[datetime]] = defaultdict(list)
    for call in month.calls:
        if call.connected is not None and call.ended is not None:
            ends[call.customer, call.queue].append(local(call.ended).replace(second=0, tzinfo=None))
    for row in month.answers:
        moment = datetime.strptime(row["answered_at"], "%d/%m/%Y %H:%M")
        delays = [moment - end for end in ends[row["customer"], row["queue"]]]
        assert any(timedelta(0) <= delay <= timedelta(days=2) for delay in delays), row
        assert moment.hour >= 7, row
        assert moment < datetime(2026, 4, 14, 19, 55), row
    answered = sum(len(moments) for moments in ends.values())
    assert 0.15 < len(month.answers) / answered < 0.25


def test_scores_are_nought_to_ten_and_a_few_are_empty(month: World) -> None:
    scores = Counter(row["score"] for row in month.answers)
    assert set(scores) == {str(score) for score in range(11) if score != 1} | {""}  # who is that angry gives 0
    assert 0 < scores[""] / len(month.answers) < 0.06
    assert {row["stage"] for row in month.answers} > {"Order", "Payment", "In use"}
    remarks = {row["remark"] for row in month.answers}
    assert any("," in remark for remark in remarks)
    assert any('"' in remark for remark in remarks)


def test_who_waited_long_is_less_content(month: World) -> None:
    calls = Counter((row["customer"], row["queue"]) for row in month.contacts)
    waits = {key: int(row["wait_s"]) for row in month.contacts if calls[key := (row["customer"], row["queue"])] == 1}
    scores: dict[bool, list[int]] = {True: [], False: []}
    for row in month.answers:
        wait = waits.get((row["customer"], row["queue"]))
        if row["score"] and wait is not None:
            scores[wait > 120].append(int(row["score"]))
    assert min(map(len, scores.values())) > 50
    content, waited = (sum(scores[long]) / len(scores[long]) for long in (False, True))
    assert content > waited + 0.3


def test_the_tables_of_one_day_say_how_they_are_read(tmp_path: Path) -> None:
    _, answers, contacts = simulate(tmp_path, period="1d")
    (read,) = cx.inspect(answers, tz="Europe/Amsterdam").inputs
    assert {column.meaning: column.name for column in read.columns}["time"] == "answered_at"
    (read,) = cx.inspect(contacts).inputs
    assert {column.name: column.unit for column in read.columns if column.unit} == {"wait_s": "s", "talk_s": "s"}


def test_only_its_own_three_files_are_written_and_replaced(tmp_path: Path) -> None:
    target = tmp_path / "made" / "here"
    assert simulate(target) == [target / name for name in FILES]
    (target / "kept.txt").write_text("mine")
    (target / "queue_log").write_text("old")
    first = (target / "contacts.csv").read_bytes()
    simulate(str(target), seed=2)
    assert sorted(path.name for path in target.iterdir()) == sorted([*FILES, "kept.txt"])
    assert (target / "kept.txt").read_text() == "mine"
    assert (target / "queue_log").read_text().startswith("1773615600|NONE|NONE|NONE|QUEUESTART|\n")
    assert (target / "contacts.csv").read_bytes() != first
    assert [path.name for path in tmp_path.iterdir()] == ["made"]


def test_a_link_of_that_name_is_replaced_and_not_followed(tmp_path: Path) -> None:
    outside, target = tmp_path / "outside", tmp_path / "inside"
    outside.write_text("mine")
    target.mkdir()
    (target / "queue_log").symlink_to(outside)
    simulate(target)
    assert outside.read_text() == "mine"
    assert not (target / "queue_log").is_symlink()


def test_a_place_that_cannot_be_written_leaves_everything_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "contacts.csv").mkdir()
    (tmp_path / "queue_log").write_text("old")
    with pytest.raises(IsADirectoryError, match=r"contacts\.csv is a directory"):
        simulate(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["contacts.csv", "queue_log"]
    assert (tmp_path / "queue_log").read_text() == "old"
    with pytest.raises(FileExistsError):
        simulate(tmp_path / "queue_log")


@pytest.mark.parametrize("period", ["", "0d", "-1d", "1.5d", "30", "1w", "1000d", "1d\n", "\u0663d"])
def test_a_period_that_is_not_whole_days_is_refused_with_the_remedy(tmp_path: Path, period: str) -> None:
    with pytest.raises(ValueError, match=r"period=.* is not a number of days .*: write period='30d'"):
        simulate(tmp_path / "none", period=period)
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("seed", [-1, True, 1.0, "1"])
def test_a_seed_that_is_not_a_whole_number_is_refused_with_the_remedy(tmp_path: Path, seed: object) -> None:
    with pytest.raises(ValueError, match=r"seed=.* is not a whole number of 0 or more: write seed=1"):
        simulate(tmp_path / "none", seed=seed)  # type: ignore[arg-type]
    assert not (tmp_path / "none").exists()
