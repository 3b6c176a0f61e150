# SPDX-License-Identifier: Apache-2.0
"""What a file is, decided by its content; and what is asked where the content does not say."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import uuid
import zlib
from pathlib import Path
from typing import Any

import cxmetrics as cx
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from cxmetrics import Error
from cxmetrics._options import Options, Refusal, UsageError
from cxmetrics._recognition.inputs import Input, mapping_text
from cxmetrics._recognition.mapping import Mapped, from_toml, to_toml
from cxmetrics._recognition.meanings import CHECKS, MEANINGS, OUTCOMES, propose_outcome, split_name, table_rows
from cxmetrics._recognition.plan import make_plan
from cxmetrics._recognition.recognise import read_inputs
from cxmetrics._recognition.rows import FEW, Plan, Rows
from cxmetrics._recognition.sniff import Source, Unreadable, expand, open_source, read_table
from cxmetrics._tables import MISSING

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("CXMETRICS_DATA", ROOT.parent / "shared" / "data"))
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="the folder of real data is not there")

LOG = """\
1543602660|1543602660.197|IT|NONE|ENTERQUEUE||15558727777|1
1543602677|1543602660.197|IT|Agent/1127|CONNECT|17|1543602746.232|6
1543603600|1543602660.197|IT|Agent/1127|COMPLETECALLER|17|923|1
"""


def opened(directory: Path, content: str | bytes, name: str = "file") -> Source:
    path = directory / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    scratch = directory / "scratch"
    scratch.mkdir(exist_ok=True)
    return open_source(str(path), scratch)


def planned(table: Any, **said: Any) -> Plan:
    known: dict[str, Any] = {"maps": {}, "kind": None, "labels": {}, "tz": "UTC", "needs_clock": False} | said
    return make_plan(
        Rows(pa.table(table), frozenset(MISSING)),
        name="calls.csv",
        files=["calls.csv"],
        many=False,
        **known,
    )


def targets(plan: Plan) -> dict[str, str]:
    return {meaning: target.name for meaning, target in plan.targets.items()}


# the table


def test_the_documented_table_is_the_table_of_the_code() -> None:
    document = (ROOT / "docs/reference/recognition.md").read_text(encoding="utf-8")
    rows = [tuple(cell.strip() for cell in line.split("|")[1:-1]) for line in document.splitlines() if line[:1] == "|"]
    assert [row for row in rows if row[0] in ("answers", "contacts") and len(row) == 4] == table_rows()
    assert {row[0]: tuple(row[1].split(", ")) for row in rows if row[0] in OUTCOMES} == dict(OUTCOMES)


def test_no_name_stands_twice_for_one_meaning_and_all_are_in_their_one_form() -> None:
    for meaning in MEANINGS:
        names = [name for tier in meaning.names for name in tier]
        assert len(names) == len(set(names)), meaning.name
        assert [split_name(name) for name in names] == [(name, None) for name in names], meaning.name
        assert meaning.names[0] == (meaning.name,)
        assert meaning.values in CHECKS


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("NPS_SCORE", ("nps_score", None)),
        ("QueueTime (ms)", ("queue_time", "ms")),
        ("Wait [sec]", ("wait", "s")),
        (" Caller ID ", ("caller_id", None)),
        ("s", ("s", None)),
        ("vru+line", ("vru_line", None)),
    ],
)
def test_names_are_compared_in_one_form(name: str, form: tuple[str, str | None]) -> None:
    assert split_name(name) == form


@pytest.mark.parametrize(
    ("label", "outcome"),
    [("AGENT", "answered"), ("Hang", "abandoned"), ("answered", "answered"), ("PHANTOM", None)],
)
def test_an_outcome_is_proposed_for_labels_that_phone_systems_use(label: str, outcome: str | None) -> None:
    assert propose_outcome(label) == outcome


# format


@pytest.mark.parametrize(
    ("content", "form"),
    [
        (LOG, "queue_log"),
        ("garbage\n" + LOG, "queue_log"),
        ("score,time\n9,x\n", "csv"),
        ('{"score": 9}\n{"score": 3}\n', "json"),
        ('\n [ {"score": 9},\n {"score": 3} ]', "json"),
        ("{score},time\n9,x\n", "csv"),
    ],
)
def test_the_content_says_the_format_whatever_the_name(tmp_path: Path, content: str, form: str) -> None:
    assert opened(tmp_path, content, "a.xlsx").format == form
    packed = opened(tmp_path, gzip.compress(content.encode()), "b.txt")
    assert (packed.format, packed.complete) == (form, True)


def test_parquet_is_known_by_its_magic(tmp_path: Path) -> None:
    pq.write_table(pa.table({"score": [9, None]}), tmp_path / "x.csv")
    source = opened(tmp_path, (tmp_path / "x.csv").read_bytes())
    assert source.format == "parquet"
    assert read_table(source).to_pydict() == {"score": [9, None]}


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    rows = [["score", "remark"], ["9", '"a, b; c"'], ["3", '"say ""no"""'], ["", "caf\u00e9"]]
    source = opened(tmp_path, "".join(delimiter.join(row) + "\r\n" for row in rows))
    assert read_table(source).to_pydict() == {
        "score": ["9", "3", None],
        "remark": ["a, b; c", 'say "no"', "caf\u00e9"],
    }


def test_one_column_needs_no_delimiter(tmp_path: Path) -> None:
    assert read_table(opened(tmp_path, "\ufeffscore\n9\n10\n")).to_pydict() == {"score": ["9", "10"]}


def test_json_keeps_every_field_as_it_was_written(tmp_path: Path) -> None:
    source = opened(tmp_path, '{"score": 9, "t": "2026-03-02T08:00:00+01:00"}\n{"score": null, "ok": true}\n')
    assert read_table(source).to_pydict() == {
        "score": ["9", None],
        "t": ["2026-03-02T08:00:00+01:00", None],
        "ok": [None, "true"],
    }


def test_names_that_are_empty_or_repeated_get_a_number(tmp_path: Path) -> None:
    assert read_table(opened(tmp_path, "a,,a\n1,2,3\n")).column_names == ["a", "column2", "a_3"]


def test_lines_with_other_fields_are_counted_and_the_others_read(tmp_path: Path) -> None:
    source = opened(tmp_path, "score,stage\n9,order\n8\n7,use,more\n6,order\n")
    assert read_table(source).to_pydict() == {"score": ["9", "6"], "stage": ["order", "order"]}
    assert [(bad.line, bad.problem) for bad in source.bad_lines] == [
        (3, "1 fields where the header has 2"),
        (4, "3 fields where the header has 2"),
    ]
    assert source.complete


def test_a_file_that_stops_in_a_line_is_cut_off(tmp_path: Path) -> None:
    source = opened(tmp_path, "score,stage\n9,order\n8,use\n6")
    assert read_table(source).num_rows == 2
    assert not source.complete


@pytest.mark.parametrize("keep", [200, 30])
def test_packed_data_without_their_end_are_read_up_to_there(tmp_path: Path, keep: int) -> None:
    whole = gzip.compress(("score,stage\n" + "".join(f"{n % 11},s{n * 7919}\n" for n in range(2000))).encode())
    source = opened(tmp_path, whole[: len(whole) * keep // 256])
    assert not source.complete
    assert 0 < read_table(source).num_rows < 2000


def test_members_of_gzip_follow_each_other(tmp_path: Path) -> None:
    source = opened(tmp_path, gzip.compress(b"score\n9\n") + gzip.compress(b"8\n") + bytes(512))
    assert read_table(source).to_pydict() == {"score": ["9", "8"]}
    assert source.complete


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "file is empty"),
        (b" \n\n", "file is empty"),
        (b"score,remark\n9,caf\xe9\n", "file, line 2: byte 0xE9 is not UTF-8; convert it: "
         "iconv -f WINDOWS-1252 -t UTF-8 file > utf8.csv"),
        ("score\n9\n".encode("utf-16"), "file is UTF-16, not UTF-8; convert it: "
         "iconv -f UTF-16 -t UTF-8 file > utf8.csv"),
        (b"score\n9\n\x00\x01", "file, line 3: a zero byte: this is no queue_log, CSV, JSON or Parquet"),
        (b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff\xff\xff\xff", "file: damaged gzip data"),
    ],
)  # fmt: skip
def test_what_is_no_text_is_refused_with_the_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file").write_bytes(content)
    with pytest.raises(Unreadable, match="^" + re.escape(message)):
        open_source("file", tmp_path)


LONG_LOG = "".join(
    f"{int(line[:10]) + 1000 * n}|call{n}{line[25:]}" for n in range(20) for line in LOG.splitlines(keepends=True)
)


@pytest.mark.parametrize(
    "spoilt", [b"x" * 200_000 + b"\n", (b"\xa0" * 300 + b"\n") * 250, b"\0" * 40_000], ids=["long", "bytes", "zeros"]
)
@pytest.mark.parametrize("said", [{}, {"kind": "spoilt.log=queue_log"}])
def test_a_log_loses_no_good_line_behind_spoilt_ones(tmp_path: Path, spoilt: bytes, said: dict[str, str]) -> None:
    path = tmp_path / "spoilt.log"
    path.write_bytes(spoilt + LONG_LOG.encode())
    (found,) = read_inputs([str(path)], Options.of(tz="UTC", **said))
    assert (found.kind, found.table.rows) == ("queue_log", 20)


def test_a_name_of_a_hundred_thousand_signs_is_no_header(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="its first line is no header"):
        read_table(opened(tmp_path, f"score,{'x' * 200_000}\n9,y\n"))


@pytest.mark.parametrize("end", ["CONNECT|17|15436", "COMPLETECALLER|17|9", "COMPLETECAL", ""])
def test_half_a_line_at_the_end_of_a_log_is_invalid_and_not_used(tmp_path: Path, end: str) -> None:
    path = tmp_path / "queue_log"
    cut = f"1543623900|call19|IT|Agent/1127|{end}" if end else "1543623"
    path.write_text(LONG_LOG + cut)
    (found,) = read_inputs([str(path)], Options.of(tz="UTC"))
    assert (found.complete, found.invalid, found.invalid_rows[-1].row) == (False, 1, 61)
    assert f"{path} was cut off in its last line, which is not used" in found.notes
    path.write_text(LONG_LOG[:-1])
    (whole,) = read_inputs([str(path)], Options.of(tz="UTC"))
    assert (whole.complete, whole.invalid) == (True, 0)
    assert (found.table.array("talk") == whole.table.array("talk")).all()


def test_a_short_line_in_the_middle_of_a_log_does_not_cut_it_off(tmp_path: Path) -> None:
    path = tmp_path / "queue_log"
    path.write_text(LOG + "1543603900|call19|IT|Agent/1127|CONNE\n" + LONG_LOG)
    (found,) = read_inputs([str(path)], Options.of(tz="UTC"))
    assert (found.complete, found.invalid) == (True, 1)


@pytest.mark.parametrize(("content", "rows"), [(LONG_LOG, 60), ("score,time\n" + "10,2026-03-02\n" * 60, 60)])
def test_the_line_in_which_packed_data_stop_is_invalid(tmp_path: Path, content: str, rows: int) -> None:
    path = tmp_path / "cut.gz"
    stream = zlib.compressobj(wbits=31)
    path.write_bytes(stream.compress(content.encode() + content[-3:-1].encode()) + stream.flush(zlib.Z_SYNC_FLUSH))
    (found,) = read_inputs([str(path)], Options.of(tz="UTC"))
    assert (found.complete, found.rows, found.invalid) == (False, rows + 1, 1)


def test_a_pattern_is_replaced_by_the_files_it_matches(tmp_path: Path) -> None:
    for name in ("b", "a"):
        (tmp_path / f"{name}.log").touch()
    (tmp_path / "c.log").mkdir()
    assert expand([str(tmp_path / "*.log"), "-", str(tmp_path / "a.log")]) == [
        str(tmp_path / "a.log"),
        str(tmp_path / "b.log"),
        "-",
    ]
    with pytest.raises(Unreadable, match=r"nothing\*: no file matches"):
        expand([str(tmp_path / "nothing*")])


def test_a_file_with_signs_of_a_pattern_in_its_name_is_itself(tmp_path: Path) -> None:
    (tmp_path / "a[1].csv").touch()
    assert expand([tmp_path / "a[1].csv"]) == [str(tmp_path / "a[1].csv")]


# meaning


def test_standard_names_are_recognised() -> None:
    plan = planned({"wait_s": ["12"], "outcome": ["answered"], "queue": ["billing"], "customer": ["31"]})
    assert (plan.kind, plan.problems) == ("contacts", [])
    assert targets(plan) == {"wait": "wait_s", "outcome": "outcome", "queue": "queue", "customer": "customer"}
    assert plan.targets["wait"].unit == "s"


def test_values_decide_between_equal_names() -> None:
    # The columns of the telecom survey: NPS_RATING holds words, NPS_SCORE numbers.
    plan = planned({"NPS_RATING": ["Passive", "Promoter", "NA"], "NPS_SCORE": ["7", "10", "NA"]})
    assert (plan.kind, targets(plan)) == ("answers", {"score": "NPS_SCORE"})


def test_a_better_name_goes_before_another() -> None:
    assert targets(planned({"rating": ["1"], "score": ["2"]})) == {"score": "score"}


def test_a_column_without_values_stands_behind() -> None:
    assert targets(planned({"score": ["NA", None], "rating": ["1", "2"]})) == {"score": "rating"}


def test_two_equal_candidates_are_a_question() -> None:
    plan = planned({"nps": ["9"], "nps_score": ["8"]})
    assert plan.problems == ["nps and nps_score could both be the score"]
    assert plan.remedies == [("--map", "score=nps")]


def test_a_table_that_could_be_both_kinds_is_a_question() -> None:
    table = {"score": ["9"], "wait_s": ["12"], "outcome": ["answered"]}
    plan = planned(table)
    assert plan.problems == [
        "it could be survey answers (score = score) and contacts (wait = wait_s, outcome = outcome)"
    ]
    assert plan.remedies == [("--kind", "calls.csv=contacts")]
    assert planned(table, kind="answers").kind == "answers"


def test_a_table_of_neither_kind_is_a_question_with_candidates() -> None:
    plan = planned({"q7": ["9", "10"], "remark": ["fine", ""]})
    assert plan.problems == [
        "neither survey answers nor contacts are recognised in its columns q7, remark; whole numbers 0 to 10 are in q7"
    ]
    assert plan.remedies == [("--map", "score=q7")]


def test_a_name_with_other_values_is_a_question_that_says_so() -> None:
    plan = planned({"score": ["95", "80"], "remark": ["fine", ""]})
    assert plan.problems == [
        "neither survey answers nor contacts are recognised in its columns score, remark; score has the name of "
        "score, but 2 of 2 values are not whole numbers 0 to 10, the first in row 1: 95; say which column it is, "
        "like --map score=COLUMN"
    ]
    assert plan.remedies == []


@pytest.mark.parametrize(("bad", "shown"), [("11", "11"), ("6.5", "6.5"), ("inf", "inf"), ("foo", "foo")])
@pytest.mark.parametrize("kind", [None, "answers"])
def test_scores_that_are_none_are_named_by_row_and_value(bad: str, shown: str, kind: str | None) -> None:
    plan = planned({"score": ["9", bad, "8"]}, kind=kind)
    (problem,) = plan.problems
    assert (
        f"score has the name of score, but 1 of 3 values are not whole numbers 0 to 10, the first in row 2: {shown}"
        in problem
    )
    assert "such rows can be counted as invalid" in problem
    assert plan.remedies == [("--map", "score=score")]


@pytest.mark.parametrize(
    ("table", "right", "form"),
    [
        ({"date": ["990101", "990131"]}, "date", "%y%m%d"),
        ({"date": ["19990101", "19990131"], "q_start": ["6:55:22", "7:00:00"]}, "date,q_start", "%Y%m%d %H:%M:%S"),
        (
            {"date": ["990101", "990131"], "vru_entry": ["6:55:22", "7:00:00"], "q_start": ["6:55:22", "0:00:00"]},
            "date,vru_entry",
            "%y%m%d %H:%M:%S",
        ),
        ({"start": ["1773648000", "1773648001"]}, "start:s", None),
        ({"start": ["1773648000000", "1773648001000"]}, "start:ms", None),
        ({"when": ["2026-03-02T10:00Z", "2026-03-02T11:00Z"]}, "when", None),
        ({}, "none", None),
    ],
)
def test_a_clock_that_is_not_read_is_asked_for(table: dict[str, list[str]], right: str, form: str | None) -> None:
    plan = planned({"wait_s": ["5", "6"], "outcome": ["answered", "abandoned"], **table}, needs_clock=True)
    (problem,) = plan.problems
    assert problem.startswith("no clock is read")
    assert "--map entered=none" in problem
    assert plan.remedies == [("--map", f"entered={right}"), *([("--time-format", form)] if form else [])]
    said = planned(
        {"wait_s": ["5", "6"], "outcome": ["answered", "abandoned"], **table},
        needs_clock=True,
        maps={"entered": right},
        time_format=form,
    )
    assert said.problems == []


def test_a_table_in_memory_without_a_time_is_taken_as_it_is() -> None:
    assert planned({"score": [9, 8]}, needs_clock=False).problems == []


def test_a_file_with_a_header_and_no_row_is_refused(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("score,time\n")
    with pytest.raises(Unreadable, match="has a header and no row"):
        read_inputs([str(tmp_path / "t.csv")], Options.of(tz="UTC"))


@pytest.mark.parametrize(
    ("caller", "remedy"), [("+31612345678", ("--missing", "+31612345678")), ("77", ("--map", "customer=none"))]
)
def test_a_dominant_customer_is_named_or_allowed(caller: str, remedy: tuple[str, str]) -> None:
    table = {
        "customer": [caller] * 100 + [f"c{n}" for n in range(300)], "wait_s": ["5"] * 400, "answered": ["yes"] * 400,
    }  # fmt: skip
    with pytest.raises(Refusal, match=r"has 100 of 400 contacts .*: one customer \(--allow-dominant\)") as refusal:
        read_inputs([table], Options())
    assert refusal.value.remedies == [remedy]
    (found,) = read_inputs([table], Options(allow_dominant=True))
    assert found.table.rows == 400
    (found,) = read_inputs([table], Options.of(**{remedy[0].removeprefix("--"): [remedy[1]]}))
    assert found.table.rows == 400


def test_a_column_that_is_passed_over_for_its_values_is_a_note() -> None:
    plan = planned({"outcome": ["answered"], "wait_s": ["soon"], "q_start": ["0:00:36"]})
    assert targets(plan) == {"outcome": "outcome"}
    assert plan.notes == [
        "q_start has the name of entered, but its values are not dates or dates with a time: it is not read",
        "wait_s has the name of wait, but its values are not numbers, h:mm:ss or durations: it is not read",
    ]
    assert planned({"score": ["9"], "rating": ["x"], "date": ["2026-03-02"]}).notes == []


@pytest.mark.parametrize(
    "text",
    ["90s", "90 s", "1min 30s", "1.5min", "90000ms", "PT1M30S", "0:01:30", "0 days 00:01:30", "0 day, 0:01:30.0"],
)
def test_durations_are_recognised_as_doors_read_them(text: str) -> None:
    (found,) = read_inputs([{"wait": [text, text], "outcome": ["answered"] * 2}], Options())
    assert found.table.array("wait").tolist() == [90_000_000] * 2
    assert not any("it is not read" in note for note in found.notes)


def test_customers_and_their_times_are_contacts() -> None:
    plan = planned({"caller_id": ["Caller 7"], "opened_at": ["29/2/2016 01:16"]})
    assert (plan.kind, targets(plan)) == ("contacts", {"customer": "caller_id", "entered": "opened_at"})


def test_all_that_has_to_be_said_is_asked_at_once() -> None:
    # The columns and labels of the bank's log.
    plan = planned(
        {"q_time": ["153", "0"], "outcome": ["HANG", "AGENT"], "entered": ["1999-01-01 00:00:31"] * 2},
        tz=None,
    )
    assert [problem.split(" (")[0] for problem in plan.problems] == ["entered", "wait", "outcome"]
    assert plan.remedies[0][0] == "--tz"
    assert plan.remedies[1:] == [
        ("--map", "wait=q_time:s"),
        ("--label", "AGENT=answered"),
        ("--label", "HANG=abandoned"),
    ]


def test_a_label_without_a_proposal_is_left_out_in_the_command() -> None:
    plan = planned({"wait_s": ["1", "2", "3"], "outcome": ["PHANTOM", "AGENT", "AGENT"]})
    assert plan.problems == ["outcome (outcome) has labels that are not known: AGENT (2), PHANTOM (1)"]
    assert plan.remedies == [("--label", "AGENT=answered"), ("--label", "PHANTOM=none")]
    assert planned({"wait_s": ["1"], "outcome": ["X"]}, labels={"X": "none"}).problems == []


def test_a_label_may_be_cut_by_another_column() -> None:
    # Of the bank's HANG, those without a start of the queue hung up in the menu.
    table = {
        "wait_s": ["7", "0", "0", "3"],
        "outcome": ["HANG", "HANG", "AGENT", None],
        "q_start": ["8:01", "0:00"] * 2,
    }
    rows = Rows(pa.table(table), frozenset(MISSING))
    rows.set_apart("outcome", ["HANG&q_start=0:00", "HANG&nowhere=1", "AGENT"])
    assert rows.table.column("outcome").to_pylist() == ["HANG", "HANG&q_start=0:00", "AGENT", None]


def test_times_of_day_and_typed_lengths_need_no_unit() -> None:
    assert planned({"wait": ["0:03:09"], "outcome": ["answered"]}).problems == []
    assert planned({"wait": pa.array([5], pa.duration("s")), "outcome": ["answered"]}).problems == []


def test_times_with_an_offset_need_no_zone() -> None:
    table = {"customer": ["1"], "entered": ["2026-03-02T08:00:00+01:00"]}
    assert planned(table, tz=None).problems == []
    assert planned(table | {"entered": ["2026-03-02T08:00:00"]}, tz=None).remedies[0][0] == "--tz"
    stamps = pa.array([10**15], pa.timestamp("us", "UTC"))
    assert planned(table | {"entered": stamps}, tz=None).problems == []


def test_an_order_of_day_and_month_that_nothing_proves_is_a_question() -> None:
    plan = planned({"score": ["9", "8"], "answered_at": ["02/03/2026 10:00", "04/05/2026 11:00"]})
    assert "02/03/2026 10:00" in plan.problems[0]
    assert plan.remedies == [("--time-format", "dmy")]
    assert planned({"score": ["9"], "answered_at": ["02/03/2026"]}, time_format="mdy").problems == []
    assert planned({"score": ["9"], "answered_at": ["23/03/2026"]}).problems == []


@pytest.mark.parametrize(
    "values",
    [
        pa.array(["b", " b ", "a", None, "", "NA", "b"]),
        pa.array(["b", "a", None, "b"]).dictionary_encode(),
        pa.array([3, None, 1, 3]),
        pa.array([0.5, float("nan"), -0.0, 0.0, None, float("nan")]),
        pa.array([True, None, False, True]),
        pa.array([b"b", None, b"a"]),
    ],
    ids=lambda values: str(values.type),
)
def test_few_values_are_counted_as_many_are(values: pa.Array) -> None:
    times = FEW // len(values) + 1
    few, many = pa.chunked_array([values]), pa.chunked_array([values] * times)
    assert len(few) <= FEW < len(many)
    rows = Rows(pa.table({"column": few}), frozenset(MISSING))
    counted = rows.counts(many)
    assert [(text, count * times) for text, count in rows.counts(few).items()] == list(counted.items())
    assert counted


def test_what_the_user_says_goes_before_the_table() -> None:
    table = {"score": ["9"], "q7": ["3"], "customer": ["x"], "line": ["1"], "call,id": ["a"], "a:b": ["5"]}
    rows = Rows(pa.table(table), frozenset(MISSING))
    assert rows.resolve("a:b", "f").columns == ("a:b",)
    assert rows.resolve("call,id", "f").columns == ("call,id",)
    assert rows.resolve("line,q7", "f").columns == ("line", "q7")
    assert rows.resolve("q7:ms", "f").unit == "ms"
    assert rows.resolve("none", "f").columns == ()
    plan = planned(table, maps={"score": "q7", "respondent": "none"})
    assert targets(plan) == {"score": "q7"}


def test_a_column_that_is_not_there_is_refused() -> None:
    with pytest.raises(Refusal, match=r"^calls.csv: no column q_tme: there are wait_s, outcome$"):
        planned({"wait_s": ["1"], "outcome": ["answered"]}, maps={"wait": "q_tme:s"})


def test_long_columns_are_looked_at_all_over() -> None:
    late = ["1"] * 90_000 + ["x"] * 10_000
    assert targets(planned({"score": late, "rating": ["5"] * 100_000})) == {"score": "rating"}


# what a user may say


def test_a_mapping_of_one_file_goes_before_that_of_all() -> None:
    options = Options(map=["wait=a:s", "x/calls.csv:wait=b:s", "other.csv:queue=c"])
    assert options.maps("x/calls.csv", ["x/calls.csv", "other.csv"]) == {"wait": "b:s"}
    assert options.maps("other.csv", ["x/calls.csv", "other.csv"]) == {"wait": "a:s", "queue": "c"}


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"map": "wait"}, "map wait: write it like wait=q_time:s or calls.csv:wait=q_time:s"),
        ({"map": "wiat=a"}, "map wiat=a: no meaning wiat: there are answered, channel, contact,"),
        ({"map": "b.csv:wait=a"}, "map b.csv:wait=a: b.csv is none of the files a.csv"),
        ({"label": "AGENT"}, "label AGENT: write it like AGENT=answered"),
        ({"label": "AGENT=answerd"}, "label AGENT=answerd: there are answered, abandoned, timeout,"),
        ({"kind": "a.csv=tickets"}, "kind a.csv=tickets: a file is one of answers, contacts, queue_log"),
        ({"lang": "de"}, "lang de: there is en and nl"),
        ({"missing": 7}, "missing=7 is no list: write it like missing=['NA']"),
    ],
)
def test_an_option_that_cannot_be_meant_is_refused(said: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match="^" + re.escape(message)):
        Options.of(**said).maps("a.csv", ["a.csv"])


def test_python_may_say_it_with_dicts_and_single_texts() -> None:
    options = Options.of(map={"wait": "q:s"}, label={"AGENT": "answered", "PHANTOM": None}, by="queue", tz=None)
    assert options.maps("x", ["x"]) == {"wait": "q:s"}
    assert options.labels() == {"AGENT": "answered", "PHANTOM": "none"}
    assert options.by == ("queue",)
    with pytest.raises(TypeError, match="no option wihtin=: there are map, label"):
        Options.of(wihtin="20s")


def test_a_refusal_speaks_python_to_python() -> None:
    refusal = Refusal("wait (q) holds bare numbers", [("--map", "wait=q:s"), ("--tz", "UTC")])
    assert str(refusal) == "wait (q) holds bare numbers; add map=['wait=q:s'], tz='UTC'"
    assert isinstance(refusal, Error)


# the mapping file


def test_a_mapping_file_comes_back_as_it_was(tmp_path: Path) -> None:
    tables = [
        Mapped(
            ("call_id", 'odd "name"\\', "caf\u00e9\x7f\n", "q_time"),
            "contacts",
            {"wait": "q_time:s", "contact": "call_id"},
            {"AGENT": "answered", "PHANTOM": "none:ghosts"},
            ("99",),
            "Europe/Amsterdam",
            "dmy",
            "calls.csv",
        ),
        Mapped(("score",), "answers", {"score": "score"}),
    ]
    path = tmp_path / "cx.toml"
    path.write_text(to_toml(tables), encoding="utf-8")
    assert from_toml(path) == tables


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no mapping file: it has to begin with schema"),
        ("schema = 'cxmetrics.mapping/2'", "no mapping file: it has to begin with schema"),
        ("schema = 'cxmetrics.mapping/1'\ntz = 'UTC'", "unknown tz: there are only"),
        ("schema = ", "Invalid value"),
        ("schema = 'cxmetrics.mapping/1'\n[[tables]]\nkind = 'answers'", "table 1: columns is not there"),
        (
            "schema = 'cxmetrics.mapping/1'\n[[tables]]\nkind = 7",
            "table 1: kind has a value of the wrong type",
        ),
        (
            "schema = 'cxmetrics.mapping/1'\n[[tables]]\nkinds = 'x'",
            "table 1: unknown kinds: there are columns,",
        ),
        (
            "schema = 'cxmetrics.mapping/1'\n[[tables]]\nkind = 'answers'\ncolumns = ['a']\nmap = { sc = 'a' }",
            "table 1: no meaning sc: there are answered,",
        ),
    ],
)
def test_nothing_in_a_mapping_file_is_ignored(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "cx.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=re.escape(message)):
        from_toml(path)


# from Python


def test_inspect_says_of_a_table_in_memory_what_it_would_be_read_as() -> None:
    found = cx.inspect({"NPS_RATING": ["Promoter", "Passive"], "NPS_SCORE": [10, 8]})
    assert repr(found) == "table: survey answers, 2 rows, 0 invalid\n  score = NPS_SCORE, 8 to 10"
    assert isinstance(found.table, cx.Answers)
    assert cx.nps(found.table).value == 50.0


@pytest.mark.parametrize("library", ["pandas", "polars", "pyarrow"])
def test_any_table_is_recognised(library: str) -> None:
    columns = {"wait_s": [5, 60, 30], "outcome": ["answered", "abandoned", None], "queue": ["a", "b", "a"]}
    module = pytest.importorskip(library)
    table = module.table(columns) if library == "pyarrow" else module.DataFrame(columns)
    (found,) = read_inputs([table], Options())
    assert (found.path, found.sha256, found.kind, found.rows, found.missing, found.invalid) == (
        None, None, "contacts", 3, 1, 0,
    )  # fmt: skip
    assert [(c.name, c.meaning, c.unit, c.minimum, c.maximum) for c in found.columns] == [
        ("wait_s", "wait", "s", 5.0, 60.0),
        ("outcome", "outcome", None, None, None),
        ("queue", "queue", None, None, None),
    ]
    assert cx.service_level(found.table, within="20s").value == 50.0


@pytest.mark.parametrize("shape", ["objects", "extension", "bytes", "numbers"])
def test_ids_of_any_type_are_recognised(shape: str) -> None:
    ids = [uuid.UUID(int=2**127 + i % 7) for i in range(40)]
    raw = pa.array([each.bytes for each in ids], pa.binary(16))
    columns = {
        "objects": pd.Series(ids),
        "extension": pa.ExtensionArray.from_storage(pa.uuid(), raw),
        "bytes": raw,
        "numbers": pa.array([2**64 - 1 - i % 7 for i in range(40)], pa.uint64()),
    }
    rows = {"customer": columns[shape], "outcome": ["answered"] * 40, "call_id": range(40), "wait_s": [5] * 40}
    (found,) = read_inputs([pd.DataFrame(rows) if shape == "objects" else pa.table(rows)], Options(hash_customers=True))
    assert {column.name: column.meaning for column in found.columns} == {
        "customer": "customer", "outcome": "outcome", "call_id": "contact", "wait_s": "wait"
    }  # fmt: skip
    assert len(found.table.key("customer")[1]) == 7
    assert found.invalid == 0


def test_a_frame_that_arrow_does_not_take_is_refused_with_its_reason() -> None:
    pl = pytest.importorskip("polars")
    with pytest.raises(UsageError, match=r"is a DataFrame that Arrow does not take \(.*_pli128.*\): give a path or a"):
        read_inputs([pl.DataFrame({"customer": pl.Series([5], dtype=pl.Int128)})], Options())


def test_a_typed_table_and_an_input_pass_as_they_are() -> None:
    answers = cx.answers([10, 8])
    (found,) = read_inputs([answers], Options())
    assert found.table is answers
    assert read_inputs([found], Options()) == [found]


def test_what_is_no_table_is_refused() -> None:
    with pytest.raises(UsageError, match="table 1 is a int: give a path or a table of columns"):
        read_inputs([7], Options())
    with pytest.raises(UsageError, match="no file was given"):
        read_inputs([], Options())


def test_a_refusal_in_python_says_the_keyword() -> None:
    with pytest.raises(cx.ColumnError, match=r"; add map=\['wait=wait:s'\]$"):
        cx.inspect({"wait": [5], "outcome": ["answered"]})
    assert cx.inspect({"wait": [5], "outcome": ["answered"]}, map="wait=wait:s").inputs[0].columns[0].unit == "s"


def test_what_an_input_says_is_plain_and_has_no_customer_in_it(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    path.write_text(
        "customer,entered,wait_s,outcome\n"
        "+31612345678,2026-03-02T08:00:00+01:00,5,answered\n"
        "+31687654321,2026-03-02T09:00:00+01:00,x,abandoned\n"
    )
    (found,) = read_inputs([path], Options(tz="Europe/Amsterdam", map=["wait=wait_s"]))
    said = json.dumps(found.to_dict(), allow_nan=False)
    assert "+316" not in said
    assert found.to_dict()["columns"][0] == {
        "name": "entered", "meaning": "entered", "unit": None, "zone": "Europe/Amsterdam", "missing": 0, "invalid": 0,
        "minimum": "2026-03-02T08:00:00+01:00", "maximum": "2026-03-02T09:00:00+01:00",
    }  # fmt: skip
    assert found.to_dict()["invalid_rows"] == [{"row": 2, "column": "wait_s", "value": '"x"'}]
    assert found.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_several_columns_may_be_one_time_and_one_id() -> None:
    table = {
        "day": ["990101", "990101"], "start": ["0:00:31", "8:15:00"], "line": ["a", "b"], "call": ["1", "1"],
        "q_time": ["5", "6"], "outcome": ["answered", "answered"],
    }  # fmt: skip
    options = Options(
        map=["entered=day,start", "contact=line,call", "wait=q_time:s"],
        time_format="%y%m%d %H:%M:%S",
        tz="Asia/Jerusalem",
    )
    (found,) = read_inputs([table], options)
    named = {column.meaning: column for column in found.columns}
    assert (named["entered"].name, named["entered"].minimum) == ("day + start", "1999-01-01T00:00:31+02:00")
    assert named["contact"].name == "line + call"
    with pytest.raises(cx.ColumnError, match=r"an event log.*add map=\['contact=none'\]"):
        read_inputs([table], Options.of(**(vars(options) | {"map": ["contact=call", "wait=q_time:s"]})))


def test_a_meaning_that_is_said_to_be_nowhere_is_not_read() -> None:
    table = {"wait_s": [5], "outcome": ["answered"], "customer": ["x"]}
    (found,) = read_inputs([table], Options(map=["customer=none"]))
    assert "customer" not in found.table.names


def ids(found: Input) -> tuple[list[int], list[Any]]:
    codes, labels = found.table.read("customer").keys
    return codes.tolist(), labels


def test_hashed_customers_repeat_as_before_and_the_unknown_stay_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    table = {
        "customer": ["31612345678", "31612345678", "0", "", "3.27E+11", "31687654321"],
        "entered": [f"2026-03-0{day}T08:00:00Z" for day in range(1, 7)],
        "outcome": ["answered"] * 6,
    }
    plain, hashed = (read_inputs([table], Options(tz="UTC", hash_customers=each))[0] for each in (False, True))
    codes, labels = ids(hashed)
    assert [len(str(label)) for label in labels] == [32, 32]
    assert codes == ids(plain)[0] == [0, 0, -1, -1, -1, 1]
    assert [row.row for row in hashed.invalid_rows] == [row.row for row in plain.invalid_rows] == [5]
    assert [row.value for row in (*plain.invalid_rows, *hashed.invalid_rows)] == ['"3.27E+11"', "(not shown)"]
    again = read_inputs([table], Options(tz="UTC", hash_customers=True))[0]
    assert ids(again)[1] != labels
    monkeypatch.setenv("CXMETRICS_KEY", "secret")
    first, second = (read_inputs([table], Options(tz="UTC", hash_customers=True))[0] for _ in range(2))
    assert ids(first) == ids(second)


def test_rows_that_labels_leave_out_are_counted_by_name() -> None:
    table = {"wait_s": ["7", "0", "0"], "outcome": ["HANG", "HANG", "PHANTOM"], "q_start": ["8:01", "0:00", ""]}
    labels = ["HANG=abandoned", "HANG&q_start=0:00=none:left in the menu", "PHANTOM=none"]
    (found,) = read_inputs([table], Options(label=labels))
    assert found.left_out == {"left in the menu": 1, "PHANTOM": 1}
    assert cx.abandonment(found.table).n == 1


def test_a_period_cuts_rows_and_their_ranges() -> None:
    table = {
        "entered": [f"2026-03-{day:02}T08:00:00Z" for day in range(1, 31)],
        "wait_s": [*map(str, range(29)), "x"],
        "outcome": ["answered"] * 30,
        "queue": ["a", "b"] * 15,
    }
    (found,) = read_inputs([table], Options(tz="UTC", from_="2026-03-11", to="2026-03-21"))
    named = {column.meaning: column for column in found.columns}
    assert (found.rows, found.outside, found.table.rows, found.invalid) == (30, 20, 10, 0)
    assert (named["wait"].minimum, named["wait"].maximum) == (10.0, 19.0)
    assert cx.service_level(found.table, within="14s").value == 50.0
    assert [labels[code] for codes, labels in [found.table.key("queue")] for code in codes] == ["a", "b"] * 5
    (late,) = read_inputs([table], Options(tz="UTC", from_="2026-03-21"))
    assert (late.table.rows, late.invalid_rows[0].row, late.invalid_rows[0].value) == (10, 30, '"x"')
    by_offset = read_inputs([table], Options(from_="2026-03-11T09:00+01:00", tz="UTC"))[0]
    assert by_offset.table.rows == 20
    with pytest.raises(Error, match=r"no row lies from 2027-01-01: its times run from 2026-03-01 .* to 2026-03-30 "):
        read_inputs([table], Options(tz="UTC", from_="2027-01-01"))


def test_a_column_of_which_most_is_invalid_is_refused_with_what_to_try() -> None:
    survey = {"NPS_SCORE": list(range(10)) * 3, "NPS_RATING": ["Passive"] * 30, "time": ["25/12/2026 08:00"] * 30}
    with pytest.raises(
        Error,
        match=r"30 of 30 values of score \(NPS_RATING\) are invalid \(100%\), the first in row 1: "
        r'"Passive"; say which column it is; whole numbers 0 to 10 are in NPS_SCORE$',
    ):
        read_inputs([survey], Options(tz="UTC", map="score=NPS_RATING"))
    with pytest.raises(Error, match=r"values of time \(time\) are invalid .*, like --time-format dmy.*--map time=none"):
        read_inputs([survey], Options(tz="UTC", map="score=NPS_SCORE", time_format="mdy"))
    ids = {"score": [9] * 30, "customer": [*(f"{n}E+11" for n in range(10, 13)), *map(str, range(27))]}
    (noted,) = read_inputs([ids], Options(tz="UTC"))
    assert (
        "3 of 29 values of respondent (customer) are invalid (10%): what needs them leaves such rows out" in noted.notes
    )
    ids["customer"][1:4] = map(str, range(100, 103))
    assert read_inputs([ids], Options(tz="UTC"))[0].notes == []  # one of thirty is chance


def test_times_without_any_zone_said_are_cut_in_utc_with_a_note() -> None:
    table = {"entered": ["2026-03-02T08:00:00Z"], "customer": ["1"]}
    assert any(note.startswith("days and hours are those of UTC") for note in read_inputs([table], Options())[0].notes)
    assert read_inputs([table], Options(tz="UTC"))[0].notes == []


def test_a_mapping_file_that_fits_no_table_is_refused(tmp_path: Path) -> None:
    mapped = Mapped(("score", "time", "stage"), "answers", {"score": "score"})
    (tmp_path / "cx.toml").write_text(to_toml([mapped]))
    (tmp_path / "t.csv").write_text("score,time,remark\n9,2026-03-02T10:00Z,x\n")
    (tmp_path / "log").write_text(LOG)
    options = Options.of(config=tmp_path / "cx.toml", tz="UTC")
    with pytest.raises(
        UsageError, match=r"of tables with other columns: .*t.csv has also remark and has no stage; write"
    ):
        read_inputs([str(tmp_path / "t.csv")], options)
    with pytest.raises(UsageError, match="there is no table among the files"):
        read_inputs([str(tmp_path / "log")], options)


def test_damaged_json_is_refused_with_what_is_read(tmp_path: Path) -> None:
    source = opened(tmp_path, '{"score": 9}\n{"score": \n')
    with pytest.raises(Unreadable, match="begins like JSON and is damaged: one object a line"):
        read_table(source)


def test_a_mapping_file_belongs_to_tables_with_its_columns(tmp_path: Path) -> None:
    table = {"q7": ["9", "10"], "day": ["02/03/2026", "03/03/2026"]}
    said = Options(map=["score=q7", "time=day"], tz="Europe/Amsterdam", time_format="dmy", missing=["99"])
    config = tmp_path / "cx.toml"
    config.write_text(mapping_text(read_inputs([table], said)), encoding="utf-8")
    (found,) = read_inputs([{"day": ["13/03/2026"], "q7": ["99"]}], Options(config=config))
    assert (found.missing, found.invalid, found.columns[1].zone) == (1, 0, "Europe/Amsterdam")
    with pytest.raises(UsageError, match="table 1 has also more; write a new one"):
        read_inputs([{"day": ["13/03/2026"], "q7": ["99"], "more": ["x"]}], Options(config=config))


@needs_data
def test_the_survey_of_the_telecom_company_is_recognised() -> None:
    (found,) = read_inputs([DATA / "telecom_nps_2018.csv"], Options(tz="Europe/Amsterdam"))
    assert (found.kind, found.rows, found.missing, found.invalid) == ("answers", 2385, 32, 0)
    assert {column.meaning: column.name for column in found.columns} == {
        "score": "NPS_SCORE",
        "time": "CUSTOMER_RESPONSE_DATE",
        "stage": "SURVEY_SUB_TYPE",
    }


def test_a_log_with_a_caller_who_is_probably_nobody_is_read_without_callers(tmp_path: Path) -> None:
    log = "".join(f"{1600000000 + 60 * i}|c{i}|q|NONE|ENTERQUEUE||{max(89, i)}|1\n" for i in range(300))
    (tmp_path / "log").write_text(log)
    (found,) = read_inputs([str(tmp_path / "log")], Options(tz="UTC"))
    assert "customer" not in found.table.names
    assert (
        'column "customer": one caller has 90 of 300 contacts (30.0%), the next customer 1: who came back is left out; '
        "name it by --missing if it stands for nobody, or say --allow-dominant if it is one customer"
    ) in found.notes
    (named,) = read_inputs([str(tmp_path / "log")], Options(tz="UTC", missing=["89"]))
    assert named.table.readings["customer"].missing == 90


def test_a_log_in_milliseconds_is_one(tmp_path: Path) -> None:
    source = opened(tmp_path, re.sub(r"(?m)^(\d{10})\|", r"\g<1>000|", LOG))
    assert (source.format, source.starts) == ("queue_log", 1543602677.0)  # of its three lines the middle


@needs_data
def test_the_real_queue_log_is_recognised() -> None:
    (found,) = read_inputs([DATA / "asterisk_queue_log.txt"], Options(tz="UTC"))
    assert (found.kind, found.rows, found.table.rows, found.invalid) == ("queue_log", 1000, 108, 0)


LOG_TABLE = {
    "time": ["2018-11-30 19:31:00.000000", "2018-11-30 19:31:17.000000", "2018-11-30 19:46:40.000000"],
    "callid": ["1543602660.197"] * 3,
    "queuename": ["IT"] * 3,
    "agent": ["NONE", "Agent/1127", "Agent/1127"],
    "event": ["ENTERQUEUE", "CONNECT", "COMPLETECALLER"],
    "data1": ["", "17", "17"],
    "data2": ["15558727777", "1543602746.232", "923"],
    "data3": ["1", "6", "1"],
    "data4": ["", "", ""],
    "data5": ["", "", ""],
}


def log_table_as(directory: Path, form: str) -> Any:
    """Return the table of a queue_log as a file of some form, or in memory."""
    path = directory / "export"
    if form == "parquet":
        pq.write_table(pa.table(LOG_TABLE), path)
    elif form == "json":
        rows = [dict(zip(LOG_TABLE, row, strict=True)) for row in zip(*LOG_TABLE.values(), strict=True)]
        path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    elif form == "memory":
        return pa.table(LOG_TABLE)
    else:
        delimiter = "|" if form == "pipes" else ","
        lines = [list(LOG_TABLE), *zip(*LOG_TABLE.values(), strict=True)]
        text = "\n".join(delimiter.join(line) for line in lines) + "\n"
        path.write_bytes(gzip.compress(text.encode()) if form == "packed" else text.encode())
    return str(path)


@pytest.mark.parametrize("form", ["csv", "packed", "pipes", "parquet", "json", "memory"])
@pytest.mark.parametrize("says_kind", [False, True])
def test_the_table_of_a_queue_log_is_recognised_by_its_columns_and_events(
    tmp_path: Path, form: str, says_kind: bool
) -> None:
    given = log_table_as(tmp_path, form)
    kind = (f"{given}=queue_log",) if says_kind and form != "memory" else ()
    (found,) = read_inputs([given], Options(tz="Europe/Amsterdam", kind=kind))
    assert (found.kind, found.rows, found.invalid) == ("queue_log", 3, 0)
    assert found.path == (None if form == "memory" else given)
    assert found.table.array("talk").tolist() == [923_000_000]
    assert found.table.array("entered").tolist() == [1_543_602_660_000_000]
    assert found.table.key("customer")[1] == ["15558727777"]
    (hashed,) = read_inputs([given], Options(tz="Europe/Amsterdam", kind=kind, hash_customers=True))
    assert "15558727777" not in repr(hashed.table)
    assert len(hashed.table.key("customer")[1][0]) == 32


def test_what_is_said_of_the_columns_of_a_queue_log_is_heard_or_refused(tmp_path: Path) -> None:
    given = log_table_as(tmp_path, "csv")
    with pytest.raises(Refusal, match="export: no column nosuch: there are time, callid"):
        read_inputs([given], Options(tz="UTC", map=["score=nosuch"]))
    with pytest.raises(Refusal, match="neither survey answers nor contacts are recognised"):
        read_inputs([given], Options(tz="UTC", label=["HANG=abandoned"]))
    (answers,) = read_inputs([given], Options(tz="UTC", map=["score=data3", "time=time"]))
    assert (answers.kind, answers.table.array("score").tolist()) == ("answers", [1, 6, 1])
    said = {"map": ["score=data3"]}, {"label": ["HANG=abandoned"]}, {"map": ["score=data3"], "label": ["A=answered"]}
    for each, words in zip(said, ("map", "label", "map and label"), strict=True):
        with pytest.raises(Refusal, match=f"is read as a queue_log, whose .* known: leave out kind, or {words}$"):
            read_inputs([given], Options(tz="UTC", kind=[f"{given}=queue_log"], **each))
    calls = {"wait": ["5s", "9s"], "outcome": ["HANG", "AGENT"], "entered": ["2026-03-02 09:00"] * 2}
    labels = ["HANG=abandoned", "AGENT=answered"]  # of the calls: the log beside them stays one
    assert [each.kind for each in read_inputs([given, calls], Options(tz="UTC", label=labels))] == [
        "queue_log",
        "contacts",
    ]


@pytest.mark.parametrize(
    ("said", "others", "what"),
    [
        ({"map": ["customer=none"]}, False, "map customer=none"),
        ({"map": ["log:wait=x"]}, False, "map log:wait=x"),
        ({"map": ["log:customer=none", "score=score"]}, True, "map log:customer=none"),
        ({"label": ["ABANDON=timeout"]}, False, "label ABANDON=timeout"),
    ],
)
def test_what_is_said_of_the_lines_of_a_queue_log_is_refused(
    said: dict[str, list[str]], others: bool, what: str, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    log.write_text("1543602660|c1|it|NONE|ENTERQUEUE||5551|1\n1543602670|c1|it|ann|CONNECT|10|x|3\n", encoding="utf-8")
    answers = [{"score": [9, 3, 8]}] if others else []
    with pytest.raises(UsageError, match=f"^{what}: .*log is a queue_log, whose columns and events are known: leave "):
        read_inputs([str(log), *answers], Options(tz="UTC", **said))
    with pytest.raises(UsageError, match=r"map nosuch\.csv:wait=x: nosuch\.csv is none of the files"):
        read_inputs([str(log), *answers], Options(tz="UTC", map=["nosuch.csv:wait=x"]))
    # Of the table beside it all may be said, and of inputs that were read before nothing is left to hear.
    found = read_inputs([str(log), {"score": [9, 3, 8]}], Options(tz="UTC", map=["score=score"], label=["A=answered"]))
    assert [each.kind for each in found] == ["queue_log", "answers"]
    assert read_inputs(found[:1], Options(tz="UTC", map=["score=score"])) == found[:1]


def test_a_mapping_file_says_which_callers_of_a_table_of_a_queue_log_are_nobody(tmp_path: Path) -> None:
    given = log_table_as(tmp_path, "csv")
    config = tmp_path / "cx.toml"
    table = f'columns = {json.dumps(list(LOG_TABLE))}\nkind = "queue_log"\nmissing = ["15558727777"]\nmap = {{}}\n'
    config.write_text(f'schema = "cxmetrics.mapping/1"\n[[tables]]\n{table}')
    (found,) = read_inputs([given], Options(tz="UTC", config=config))
    assert found.table.readings["customer"].missing == 1


def test_the_table_of_a_queue_log_is_asked_where_its_clock_stands(tmp_path: Path) -> None:
    given = log_table_as(tmp_path, "csv")
    with pytest.raises(Refusal, match="time is what the clock of the phone system showed") as refused:
        read_inputs([given], Options())
    assert ("--tz" in str(refused.value)) or ("--tz" in repr(refused.value.remedies))


def test_columns_of_a_queue_log_with_other_values_are_none(tmp_path: Path) -> None:
    table = LOG_TABLE | {"event": ["3 calls", "9", "no word"]}
    path = tmp_path / "export"
    path.write_text("\n".join(",".join(line) for line in [list(table), *zip(*table.values(), strict=True)]))
    with pytest.raises(Refusal, match="neither survey answers nor contacts are recognised"):
        read_inputs([str(path)], Options(tz="UTC"))


def test_several_tables_of_a_queue_log_are_one_and_what_is_no_line_is_counted_with_its_place(tmp_path: Path) -> None:
    header, *lines = [list(LOG_TABLE), *zip(*LOG_TABLE.values(), strict=True)]
    spoilt = ["never", *lines[2][1:]]
    for name, some in (("one.csv", lines[:2]), ("two.csv", [spoilt, lines[2], ["x"]])):
        (tmp_path / name).write_text("\n".join(",".join(line) for line in [header, *some]) + "\n")
    paths = [str(tmp_path / name) for name in ("one.csv", "two.csv")]
    (found,) = read_inputs(paths, Options(tz="Europe/Amsterdam"))
    assert (found.rows, found.invalid, found.table.rows) == (5, 2, 1)
    assert [(row.file, row.row) for row in found.invalid_rows] == [(paths[1], 1), (paths[1], 3)]
    assert found.table.array("talk").tolist() == [923_000_000]


def test_a_fresh_log_that_begins_with_half_a_line_is_one(tmp_path: Path) -> None:
    head, *rest = LOG.splitlines(keepends=True)
    (tmp_path / "queue_log").write_text(head[20:] + rest[0])
    (found,) = read_inputs([str(tmp_path / "queue_log")], Options(tz="UTC"))
    assert (found.kind, found.rows, found.invalid) == ("queue_log", 2, 1)
