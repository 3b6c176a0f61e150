# SPDX-License-Identifier: Apache-2.0
"""`read_queue_log`: legs of one contact, copies, rotated files, keyed callers; the real log where it is at hand."""

from __future__ import annotations

import gzip
import io
import os
import random
import warnings
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import cxmetrics as cx
import numpy as np
import pytest

DATA = Path(os.environ.get("CXMETRICS_DATA", Path(__file__).parents[3] / "shared" / "data"))
REAL = DATA / "asterisk_queue_log.txt"
needs_real_log = pytest.mark.skipif(not REAL.is_file(), reason=f"no {REAL}: set CXMETRICS_DATA")

# Input: asterisk/asterisk issue 759, ids shortened: the agent asks in 1509 on a call of his own, B, and puts A through.
PUT_THROUGH = """\
1600000259|A|1501|NONE|ENTERQUEUE||5551234|1
1600000271|A|1501|7009|CONNECT|12|x|11
1600000390|B|1509|NONE|ENTERQUEUE||7009|1
1600000391|B|1501|7009|ATTENDEDTRANSFER|APP|Queue|12|120|1
1600000397|A|1509|7051|CONNECT|7|y|5
1600000570|A|1509|7051|COMPLETEAGENT|7|173|1
"""


def read(text: str, **options: Any) -> cx.Contacts:
    return cx.read_queue_log(io.BytesIO(text.encode()), **options)


def facts(calls: cx.Contacts) -> Counter[tuple[Any, ...]]:
    """Return every row with names in place of numbers, whatever the order."""
    texts = []
    for name in ("contact", "queue", "customer", "transfer"):
        codes, labels = calls.key(name)
        texts.append([labels[code] if code >= 0 else None for code in codes])
    numbers = [
        calls.array(name).tolist()
        for name in ("entered", "wait", "wait_contact", "outcome", "talk", "ended", "leg", "transfers")
    ]
    return Counter(zip(*texts, *numbers, strict=True))


def test_a_call_that_is_put_through_is_one_contact_of_two_legs() -> None:
    calls = read(PUT_THROUGH)
    assert calls.key("contact")[1] == ["A"]
    assert calls.array("leg").tolist() == [1, 2]
    assert calls.array("transfers").tolist() == [1, 0]
    codes, labels = calls.key("transfer")
    assert [labels[code] if code >= 0 else None for code in codes] == ["attended", None]
    seconds = {name: (calls.array(name) // 10**6).tolist() for name in ("wait", "wait_contact", "talk")}
    assert seconds == {"wait": [12, 7], "wait_contact": [12, 138], "talk": [120, 173]}
    assert calls.readings["wait_contact"].maximum == timedelta(seconds=138)
    assert calls.key("customer")[1] == ["5551234"]
    assert cx.abandonment(calls).counts["abandoned"] == 0
    assert calls.report is not None
    assert calls.report["put_right"] == 1


def test_the_report_says_how_far_the_last_line_is_from_the_others() -> None:
    report = read(PUT_THROUGH).report
    assert report is not None
    assert report["leap"] is None
    with pytest.warns(cx.DataWarning, match="the last line is 55 h later"):
        late = read(PUT_THROUGH + "1600200570|B|1501|NONE|ENTERQUEUE||5559999|1\n").report
    assert late is not None
    assert late["leap"] == 200_000 * 10**6


def test_rows_can_be_grouped_by_leg() -> None:
    table = cx.summarize(read(PUT_THROUGH), cx.ServiceLevel("10s"), by="leg")
    assert [(row["leg"], row["service_level_10s"]) for row in table.to_dicts()] == [(1, 0.0), (2, 100.0)]


def test_an_id_that_is_used_again_is_another_contact_with_a_number() -> None:
    again = PUT_THROUGH + "1600086659|A|1501|NONE|ENTERQUEUE||5559999|1\n"
    assert read(again).key("contact")[1] == ["A", "A (2)"]


def test_an_abandon_behind_a_syscompat_is_one_end() -> None:
    calls = read(
        "1600000000|A|it|NONE|ENTERQUEUE||5|1\n1600000009|A|it|ann|SYSCOMPAT|\n1600000009|A|it|NONE|ABANDON|1|1|9\n"
    )
    assert cx.abandonment(calls).counts == {"abandoned": 0, "answered": 0, "other_exits": 1}
    assert calls.report is not None
    assert calls.report["over"] == 1


def test_a_key_takes_every_number_out_and_changes_no_figure() -> None:
    plain, keyed = read(PUT_THROUGH), read(PUT_THROUGH, customer_key="secret")
    (shown,) = keyed.key("customer")[1]
    assert len(shown) == 32
    assert shown != read(PUT_THROUGH, customer_key="another").key("customer")[1][0]
    assert shown == read(PUT_THROUGH, customer_key="secret").key("customer")[1][0]
    assert "5551234" not in repr(keyed) + str(keyed.report)
    for name in ("customer", "leg", "wait", "outcome"):
        assert keyed.array(name).tolist() == plain.array(name).tolist()
    with pytest.raises(cx.Error, match="customer_key is empty"):
        read(PUT_THROUGH, customer_key="")


def test_rotated_files_in_any_order_packed_or_not_are_one_log(tmp_path: Path) -> None:
    lines = PUT_THROUGH.splitlines(keepends=True)
    expected = facts(read(PUT_THROUGH))
    for cut in range(1, len(lines)):
        (tmp_path / "queue_log").write_text("".join(lines[cut:]))
        with gzip.open(tmp_path / "queue_log.1.gz", "wt") as old:
            old.writelines(lines[:cut])
        assert facts(cx.read_queue_log(str(tmp_path / "queue_log*"))) == expected
        assert facts(cx.read_queue_log([tmp_path / "queue_log", tmp_path / "queue_log.1.gz"])) == expected


@pytest.mark.filterwarnings("ignore::cxmetrics.DataWarning")
@pytest.mark.parametrize(
    "head", [b"", b"\0\0\0\0", b"garbage\n", b"|q|NONE|ABANDON|1|1|7\n", b"600000050|c|q|NONE|ABANDON|1|1|7\n"]
)
def test_a_rotated_file_with_a_spoilt_head_is_still_in_its_place(tmp_path: Path, head: bytes) -> None:
    lines = [
        f"16{i:08}|c{i}|q|NONE|ENTERQUEUE||{i}|1\n16{i + 7:08}|c{i}|q|NONE|ABANDON|1|1|7\n" for i in range(0, 300, 10)
    ]
    (tmp_path / "queue_log").write_text("".join(lines[20:]))
    (tmp_path / "queue_log.1").write_bytes(head + "".join(lines[10:20]).encode())
    with gzip.open(tmp_path / "queue_log.2.gz", "wt") as oldest:
        oldest.writelines(lines[:10])
    calls = cx.read_queue_log(str(tmp_path / "queue_log*"))
    assert len(calls) == 30
    assert calls.report is not None
    assert calls.report["late"] == head.startswith(b"6")  # the spoilt line itself


def test_open_files_are_read_alone_or_as_a_list_with_others(tmp_path: Path) -> None:
    lines = PUT_THROUGH.splitlines(keepends=True)
    (tmp_path / "queue_log").write_text("".join(lines[3:]))
    with gzip.open(tmp_path / "queue_log.1.gz", "wt") as old:
        old.writelines(lines[:3])
    with (tmp_path / "queue_log").open() as new, (tmp_path / "queue_log.1.gz").open("rb") as packed:
        assert facts(cx.read_queue_log([new, packed])) == facts(read(PUT_THROUGH))
    with (tmp_path / "queue_log").open("rb") as new:
        assert facts(cx.read_queue_log([new, tmp_path / "queue_log.1.gz"])) == facts(read(PUT_THROUGH))
    with pytest.raises(cx.ColumnError, match="int among open files is no log: give paths and open files only"):
        cx.read_queue_log([io.BytesIO(PUT_THROUGH.encode()), 3])


def calls_of(numbers: list[str], wait: int = 5) -> str:
    """Return a log in which each number calls once, a minute after the one before."""
    return "".join(
        f"{1600000000 + 60 * i}|c{i}|q|NONE|ENTERQUEUE||{number}|1\n"
        f"{1600000000 + 60 * i + wait % 60}|c{i}|q|NONE|ABANDON|1|1|{wait}\n"
        for i, number in enumerate(numbers)
    )


def test_one_caller_with_far_more_contacts_than_any_other_is_refused_where_callers_count() -> None:
    log = calls_of(["0201234567"] * 90 + [str(1000 + i) for i in range(210)])
    calls = read(log)
    assert cx.abandonment(calls).counts["abandoned"] == 300  # who calls does not matter here
    said = (
        r'column "customer": "0201234567" has 90 of 300 contacts \(30.0%\), the next customer 1: if it stands for '
        r'nobody, name it, missing=\["0201234567"\]; if it is one customer, allow_dominant=True'
    )
    with pytest.raises(cx.ColumnError, match=said):
        cx.first_contact_resolution(calls, window="1h")
    with pytest.raises(cx.ColumnError, match=said):
        calls.key("customer")
    named = read(log, missing=["0201234567"])
    assert named.readings["customer"].missing == 90
    assert named.readings["customer"].distinct == len(named.key("customer")[1]) == 210
    assert cx.first_contact_resolution(named, window="1h").counts["unknown"] == 90
    allowed = read(log, allow_dominant=True)
    assert allowed.key("customer")[1][0] == "0201234567"
    keyed = read(log, customer_key="secret")
    with pytest.raises(cx.ColumnError, match="has 90 of 300 contacts") as refused:
        keyed.array("customer")
    assert "0201234567" not in str(refused.value)
    with pytest.raises(cx.Error, match='missing="0201234567" is one text: give a list'):
        read(log, missing="0201234567")


def test_odd_waits_and_a_last_day_that_is_cut_off_are_notes_as_of_any_table() -> None:
    people = [str(1000 + i) for i in range(100)]
    with pytest.warns(cx.DataWarning, match='100 of 100 waits in "wait" are 0: does 0 mean that nobody waited'):
        assert any("are 0" in note for note in cx.service_level(read(calls_of(people, 0)), within="20s").notes)
    with pytest.warns(cx.DataWarning, match='the median of "wait" is 2.0 h: is the unit right'):
        read(calls_of(people, 7300))
    start = int(datetime(2026, 3, 2, 8, tzinfo=UTC).timestamp())
    days = [(start + 86400 * day + 3600 * hour) for day in range(5) for hour in range(10 if day < 4 else 2)]
    log = "".join(f"{at}|{at}|q|NONE|ENTERQUEUE||{at}|1\n{at + 9}|{at}|q|NONE|ABANDON|1|1|9\n" for at in days)
    with pytest.warns(cx.DataWarning, match='the last day of "entered" ends at 10:00 and looks cut off'):
        read(log, tz="Europe/Amsterdam")


@pytest.mark.filterwarnings("ignore::cxmetrics.DataWarning")
def test_a_copy_behind_the_log_changes_nothing_and_is_counted() -> None:
    calls = read(PUT_THROUGH + PUT_THROUGH)
    assert facts(calls) == facts(read(PUT_THROUGH))
    assert calls.report is not None
    assert calls.report["repeated"] + calls.report["late"] == 6


def test_a_live_service_level_counts_who_waits_beyond_the_threshold_and_says_who_is_pending() -> None:
    log = (
        "1600000000|A|it|NONE|ENTERQUEUE||1|1\n1600000100|B|it|NONE|ENTERQUEUE||2|1\n1600000105|B|it|x|CONNECT|5|y|2\n"
    )
    early = cx.service_level(read(log, as_of="2020-09-13T14:26:50", tz="Europe/Amsterdam"), within="20s")
    assert (early.value, early.n, early.pending) == (None, 0, 1)
    later = cx.service_level(read(log, as_of="2020-09-13T12:27:01+00:00"), within="20s")
    assert (later.value, later.n, later.pending) == (0.0, 1, 0)
    now = cx.service_level(read(log, as_of=datetime(2020, 9, 13, 12, 30, tzinfo=UTC)), within="20s")
    assert (now.value, now.n, now.pending) == (50.0, 2, 0)
    with pytest.raises(cx.UnitError, match="as_of=2020-09-13 has no zone"):
        read(log, as_of="2020-09-13")
    with pytest.raises(cx.ColumnError, match='as_of="soon" is no time'):
        read(log, as_of="soon")


@needs_real_log
@pytest.mark.filterwarnings("ignore::cxmetrics.DataWarning")
def test_the_real_log_shuffled_copied_and_cut_tells_the_same_calls() -> None:
    lines = REAL.read_text().splitlines(keepends=True)
    whole = read("".join(lines))
    expected = facts(whole)
    assert facts(read("".join(lines * 2))) == expected

    # Lines of one second in another order, those of one call in theirs.
    chance = random.Random(1)
    shuffled = [(line.partition("|")[0], chance.random(), line) for line in lines]
    turns: dict[tuple[str, str], list[str]] = {}
    for line in lines:
        at, call, _ = line.split("|", 2)
        turns.setdefault((at, call), []).append(line)
    mixed = "".join(turns[at, line.split("|")[1]].pop(0) for at, _, line in sorted(shuffled))
    assert facts(read(mixed)) == expected

    abandoned = cx.abandonment(whole).counts["abandoned"]
    for cut in range(1, len(lines), 7):
        head = read("".join(lines[:cut]))
        told = sum("|ABANDON|" in line for line in lines[:cut])
        assert cx.abandonment(head).counts["abandoned"] == told <= abandoned
        assert len(head) == sum("|ENTERQUEUE|" in line for line in lines[:cut])
    assert np.bincount(whole.array("outcome")).sum() == 108


# The table of a database: contrib/ast-db-manage of Asterisk, version 4105ee839f58.
COLUMNS = ("time", "callid", "queuename", "agent", "event", "data1", "data2", "data3", "data4", "data5")


def as_table(text: str, zone: str | None = "Europe/Amsterdam", *, squeeze: bool = True) -> dict[str, list[Any]]:
    """Return a log as Asterisk writes it to a database: local times, the last two of six data in one."""
    table: dict[str, list[Any]] = {name: [] for name in COLUMNS}
    for line in text.splitlines():
        at, *fields = line.split("|", 9 if squeeze else -1)
        local = datetime.fromtimestamp(int(at), ZoneInfo(zone)) if zone else None
        stamp = f"{local:%Y-%m-%d %H:%M:%S}.000000" if local else int(at)
        for name, value in zip(COLUMNS, [stamp, *fields, *[""] * (9 - len(fields))], strict=True):
            table[name].append(value)
    return table


LINKED = (
    PUT_THROUGH
    + "1600000600|L|1501|NONE|ENTERQUEUE||5557777|1\n1600000610|L|1501|7009|CONNECT|10|x|3\n"
    + "1600000640|L|1501|7009|ATTENDEDTRANSFER|LINK|SIP/1|SIP/2|10|30|1\n"
    + "1600000700|K|1501|NONE|ENTERQUEUE||5558888|1\n1600000709|K|1501|NONE|EXITWITHKEY|5|1|1|9\n"
)


def test_the_table_of_a_database_gives_what_the_file_gives(tmp_path: Path) -> None:
    import pandas as pd
    import polars as pl

    expected = facts(read(LINKED))
    table = as_table(LINKED)
    tables: list[Any] = [table, pd.DataFrame(table), pl.DataFrame(table), pl.DataFrame(table).to_arrow()]
    pd.DataFrame(table).to_csv(tmp_path / "queue_log.csv", index=False)
    pl.DataFrame(table).write_parquet(tmp_path / "queue_log.parquet")
    backwards = {name: values[::-1] for name, values in table.items()}
    backwards["id"] = list(range(len(table["time"]), 0, -1))
    shouting = {name.upper(): values for name, values in table.items()}
    tables += [tmp_path / "queue_log.csv", str(tmp_path / "queue_log.parquet"), backwards, shouting]
    for each in tables:
        calls = cx.read_queue_log(each, tz="Europe/Amsterdam")
        assert facts(calls) == expected
        assert calls.report is not None
        assert calls.report["lines"] == len(LINKED.splitlines())


def test_one_column_of_data_and_times_that_count_seconds_are_read() -> None:
    table = as_table(LINKED, zone=None)
    parts = [table.pop(name) for name in COLUMNS[5:]]
    table["data"] = ["|".join(row).rstrip("|") for row in zip(*parts, strict=True)]
    assert facts(cx.read_queue_log(table)) == facts(read(LINKED))


def test_times_without_a_zone_and_tables_that_are_no_log_are_errors() -> None:
    with pytest.raises(cx.UnitError, match=r'times without a zone.*say where it stands, tz="Europe/Amsterdam"'):
        cx.read_queue_log(as_table(PUT_THROUGH))
    with pytest.raises(cx.ColumnError, match="has no column callid, agent, data1 to data5, or data"):
        cx.read_queue_log({"time": [], "queuename": [], "event": []}, tz="UTC")
    table = as_table(PUT_THROUGH) | {"callid": [1543598990.25] * 6}
    with pytest.raises(cx.ColumnError, match=r'column "callid", row 0: 1543598990\.25 was spoilt by a float'):
        cx.read_queue_log(table, tz="UTC")


@pytest.mark.parametrize(
    ("lines", "unlike"),
    [
        (["120|a|q|ann|CONNECT|120|x|1", "170|a|q|ann|COMPLETEAGENT|120|50|1"], 0),
        (["121|a|q|ann|CONNECT|120|x|1", "172|a|q|ann|COMPLETEAGENT|120|50|1"], 0),  # seconds are cut off
        (["120|a|q|ann|CONNECT|20|x|1", "170|a|q|ann|COMPLETEAGENT|20|50|1"], 1),
        (["120|a|q|ann|CONNECT|120|x|1", "170|a|q|ann|COMPLETEAGENT|120|5"], 1),  # the last number is cut
        (["120|a|q|NONE|ABANDON|1|1|120"], 0),
        (["120|a|q|NONE|ABANDON|1|1|12"], 1),
        (["120|a|q|NONE|ABANDON|1|1|"], 0),  # nothing is stated
        (["120|a|q|NONE|EXITWITHTIMEOUT|1|1|500"], 1),
    ],
)
def test_durations_that_are_not_those_of_the_lines_are_counted_and_noted(
    tmp_path: Path, lines: list[str], unlike: int
) -> None:
    path = tmp_path / "queue_log"
    said = [line.partition("|") for line in ("0|a|q|NONE|ENTERQUEUE||5550100|1", *lines)]
    path.write_text("\n".join(f"{1_543_600_000 + int(at)}|{rest}" for at, _, rest in said), encoding="utf-8")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        calls = cx.read_queue_log(path)
    assert calls.report is not None
    assert calls.report["unlike"] == unlike
    assert any("stated durations differ by more than 2 s" in str(w.message) for w in caught) == bool(unlike)


def test_a_law_by_stays_says_so_beside_its_figure_among_all_formulas() -> None:
    calls = read(PUT_THROUGH)
    noted = {
        clock: cx.reconcile(calls, within="3min", clock=clock)["es_law_10_2025"].notes for clock in ("leg", "contact")
    }
    assert any("a law's clock runs" in note for note in noted["leg"])
    assert not any("a law's clock runs" in note for note in noted["contact"])
    others = cx.reconcile(calls, within="3min")["offered"].notes
    assert not any("a law's clock runs" in note for note in others)


def test_ids_that_a_spreadsheet_has_spoilt_are_errors_and_hidden_where_callers_are() -> None:
    table = as_table(PUT_THROUGH)
    with pytest.raises(cx.ColumnError, match=r'column "callid", row 0: "1.54E\+09" was spoilt by .* a spreadsheet'):
        cx.read_queue_log(table | {"callid": ["1.54E+09"] * 6}, tz="UTC")
    spoilt = table | {"data2": ["3.16E+10", *table["data2"][1:]]}
    with pytest.raises(cx.ColumnError, match=r'column "data2", row 0: "3.16E\+10" was spoilt'):
        cx.read_queue_log(spoilt, tz="UTC")
    for name, value in (("callid", "1.54E+09"), ("data2", "3.16E+10")):  # a key hides calls and callers
        given = table | {name: [value, *table[name][1:]]}
        with pytest.raises(cx.ColumnError, match=f'column "{name}", row 0: a value was spoilt') as refused:
            cx.read_queue_log(given, tz="UTC", customer_key="secret")
        assert value not in str(refused.value)


def test_a_row_without_a_time_is_invalid_and_named() -> None:
    table = as_table(PUT_THROUGH)
    table["time"][2] = None
    with pytest.warns(cx.DataWarning, match="left out: 1 of 6"):
        calls = cx.read_queue_log(table, tz="Europe/Amsterdam")
    assert calls.report is not None
    assert [line["line"] for line in calls.report["first_invalid"]] == [3]


def test_rows_of_the_hour_that_comes_twice_stand_in_the_hour_that_their_order_shows() -> None:
    # 28 October 2018, 03:00 in Amsterdam became 02:00: a caller waits over the change, and one comes behind it.
    log = (
        "1540687140|A|it|NONE|ENTERQUEUE||1|1\n1540688430|B|it|NONE|ENTERQUEUE||2|1\n"
        "1540688440|A|it|ann|CONNECT|1300|x|3\n1540688490|B|it|NONE|ABANDON|1|1|\n"
        "1540692100|A|it|ann|COMPLETEAGENT|1300|3660|1\n"
    )
    with pytest.warns(cx.DataWarning, match="came twice .* the later was taken"):
        calls = cx.read_queue_log(as_table(log), tz="Europe/Amsterdam")
    assert facts(calls) == facts(read(log))
    with pytest.warns(cx.DataWarning, match="came twice .* the earlier was taken$"):
        alone = cx.read_queue_log(as_table(log.splitlines()[0]), tz="Europe/Amsterdam")
    assert alone.array("entered").tolist() == [1540687140 * 10**6]


def test_a_log_without_calls_has_keys_of_the_same_types() -> None:
    log = "1543600000|NONE|NONE|NONE|QUEUESTART|\n"
    with pytest.warns(cx.DataWarning, match="no contact entered a queue"):
        empty = read(log)
    types = {name: empty.key_type(name)[0] for name in ("queue", "transfer", "contact", "customer", "leg", "transfers")}
    assert types == {name: "integer" if name in ("leg", "transfers") else "text" for name in types}
    table = cx.summarize(empty, cx.WaitTime(), by="queue").to_arrow()
    assert str(table.schema.field("queue").type) in ("string", "large_string")


def test_what_a_log_does_not_tell_is_said_of_the_log() -> None:
    with pytest.raises(
        cx.ColumnError, match=r'^a queue_log does not tell "hold": there are entered, wait, .*contact; '
    ):
        cx.hold_time(read(PUT_THROUGH))
