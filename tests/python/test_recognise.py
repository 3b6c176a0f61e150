# SPDX-License-Identifier: Apache-2.0
"""What a file is, decided by its content; and what is asked where the content does not say."""

from __future__ import annotations

import gzip
import os
import re
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from cxmetrics import Error
from cxmetrics._mapping import Mapped, from_toml, to_toml
from cxmetrics._meanings import CHECKS, MEANINGS, OUTCOMES, propose_outcome, split_name, table_rows
from cxmetrics._options import Options, Refusal, UsageError
from cxmetrics._plan import Plan, Rows, make_plan
from cxmetrics._sniff import Source, Unreadable, expand, open_source, read_table
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
    known: dict[str, Any] = {"maps": {}, "kind": None, "labels": {}, "tz": "UTC"} | said
    return make_plan(Rows(pa.table(table), frozenset(MISSING)), name="calls.csv", prefix="", **known)


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
        "calls.csv could be survey answers (score = score) and contacts (wait = wait_s, outcome = outcome)"
    ]
    assert plan.remedies == [("--kind", "calls.csv=contacts")]
    assert planned(table, kind="answers").kind == "answers"


def test_a_table_of_neither_kind_is_a_question_with_candidates() -> None:
    plan = planned({"q7": ["9", "10"], "remark": ["fine", ""]})
    assert plan.problems == [
        "calls.csv: neither survey answers nor contacts are recognised in its columns q7, remark; "
        "whole numbers 0 to 10 are in q7"
    ]
    assert plan.remedies == [("--map", "score=q7")]


def test_a_name_with_other_values_is_a_question_that_says_so() -> None:
    plan = planned({"score": ["95", "80"], "remark": ["fine", ""]})
    assert plan.problems == [
        "calls.csv: neither survey answers nor contacts are recognised in its columns score, remark; "
        "score has the name, but its values are not whole numbers 0 to 10"
    ]
    assert plan.remedies == [("--map", "score=score")]


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
