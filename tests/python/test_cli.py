# SPDX-License-Identifier: Apache-2.0
"""The command line: the installed console script as a user has it, and what its commands read, refuse and write.

A process takes a second, most of it for imports. So there are three ways to run a command:

- `script`: the console script, its streams are pipes. For what a process has of its own: streams, signals, exit codes,
  the seed of hashes. Every kind of ending is seen here at least once.
- `script_on_terminal`: the same on a terminal.
- `called`: what the console script calls, in the process of the tests. For all that is about words and figures.
"""

from __future__ import annotations

import contextlib
import errno
import gzip
import io
import json
import os
import pty
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from cxmetrics_command import main

COMMAND = Path(sys.executable).with_name("cxmetrics")
ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("CXMETRICS_DATA", ROOT.parent / "shared" / "data"))
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="the folder of real data is not there")

ANSWERS = "score,answered_at,stage\n" + "".join(
    f"{score},{day:02}/03/2026 10:00,{stage}\n"
    for day in range(1, 29)
    for score, stage in ((10, "order"), (7, "use"), (3, "use"))
)
CALLS = "call_id,q_time,outcome,team\n" + "".join(
    f"c{n},{n % 60},{'AGENT' if n % 5 else 'HANG'},a\n" for n in range(200)
)
SAID = ["--map", "wait=q_time:s", "--map", "entered=none", "--label", "AGENT=answered", "--label", "HANG=abandoned"]
PLAIN = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "CXMETRICS_KEY")}
PLAIN |= {"TERM": "xterm", "TZ": "Europe/Amsterdam"}


def script(*arguments: str, at: Path, given: bytes = b"", **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the console script in a directory; the streams are pipes."""
    done = subprocess.run(
        [COMMAND, *arguments],
        cwd=at,
        input=given,
        capture_output=True,
        check=False,
        env=PLAIN | {"PYTHONUTF8": "1"} | variables,
        timeout=120,
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def called(*arguments: str, at: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run in a directory, in this process, what the console script calls; the streams are kept in memory."""
    out, errors = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    on_ctrl_c = signal.getsignal(signal.SIGINT)
    try:
        with (
            contextlib.chdir(at),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(errors),
            mock.patch.dict(os.environ, PLAIN | variables, clear=True),
            mock.patch.object(sys, "argv", [str(COMMAND), *arguments]),
            pytest.raises(SystemExit) as left,
        ):
            main()
    finally:
        signal.signal(signal.SIGINT, on_ctrl_c)
    shown, said = (stream.buffer.getvalue().decode() for stream in (out, errors))
    return subprocess.CompletedProcess(arguments, left.value.code, shown, said)


def script_on_terminal(*arguments: str, at: Path, **variables: str) -> str:
    """Run the console script on a terminal of 80 columns and return what it shows."""
    here, there = pty.openpty()
    variables = PLAIN | {"COLUMNS": "80", "PYTHONUTF8": "1"} | variables
    with subprocess.Popen(
        [COMMAND, *arguments], cwd=at, stdin=there, stdout=there, stderr=there, env=variables, close_fds=True
    ) as process:
        os.close(there)
        shown = b""
        while True:
            try:
                block = os.read(here, 65536)
            except OSError:  # the other end is closed
                break
            if not block:
                break
            shown += block
        process.wait(timeout=120)
    os.close(here)
    return shown.decode()


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "answers.csv").write_text(ANSWERS)
    (tmp_path / "calls.csv").write_text(CALLS)
    return tmp_path


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("month")
    done = called("simulate", "--period", "14d", "-o", ".", at=directory)
    assert done.returncode == 0, done.stderr
    return directory


# Help and usage


def test_version_is_one_line_and_quick(tmp_path: Path) -> None:
    done = script("--version", at=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert re.fullmatch(r"cxmetrics \d+\.\d+\.\d+\n", done.stdout)


HEAVY = (
    *("duckdb", "pyarrow", "pandas", "polars", "matplotlib", "jinja2", "rich", "pydantic"),
    *("cxmetrics._recognition.recognise", "cxmetrics._document", "cxmetrics.page", "cxmetrics.simulate"),
)


@pytest.mark.parametrize(
    ("arguments", "needed"),
    [
        (["--help"], []),
        (["scorecard", "--help"], []),
        (["scorecard", "answers.csv", "--lang", "de"], []),
        (["simulate", "-q", "-o", "day"], ["cxmetrics.simulate"]),
        (["inspect", "log"], ["cxmetrics._recognition.recognise"]),
        (["inspect", "answers.csv", "--tz", "UTC"], ["cxmetrics._recognition.recognise", "duckdb", "pyarrow"]),
    ],
)
def test_nothing_heavy_is_imported_before_it_is_needed(place: Path, arguments: list[str], needed: list[str]) -> None:
    (place / "log").write_text("1543602660|1543602660.197|IT|NONE|ENTERQUEUE||15558727777|1\n")
    code = (
        f"import sys, cxmetrics.cli; cxmetrics.cli.run({arguments!r}); "
        f"print(sorted({{*{HEAVY!r}, 'pyarrow.compute'}} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=place, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == str(sorted(needed))


@pytest.mark.parametrize("command", [[], ["scorecard"], ["inspect"], ["simulate"]])
def test_help_ends_with_three_examples_in_80_columns(tmp_path: Path, command: list[str]) -> None:
    done = called(*command, "--help", at=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.rstrip().splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[-5].strip() == "Examples:"
    assert all("cxmetrics " in line for line in lines[-3:])


def test_the_examples_of_the_main_help_run(tmp_path: Path) -> None:
    lines = script("--help", at=tmp_path).stdout.rstrip().splitlines()[-3:]
    for line in lines:
        words = shlex.split(line.strip().replace("30d", "13d"))  # from 13 days on a date proves its order
        done = called(*words[1:], at=tmp_path)
        assert done.returncode == 0, (line, done.stderr)
    assert (tmp_path / "page.html").stat().st_size > 10_000
    assert (tmp_path / "cx.toml").exists()


def test_without_a_command_it_shows_help_and_exits_with_2(tmp_path: Path) -> None:
    done = script(at=tmp_path)
    assert (done.returncode, done.stderr) == (2, "")
    assert done.stdout.startswith("Usage: cxmetrics ")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["scorecard"], "Missing argument 'FILE...'; see cxmetrics scorecard --help"),
        (["scorecard", "answers.csv", "--wihtin", "20s"], "No such option '--wihtin'. Did you mean '--within'?"),
        (["scorecard", "answers.csv", "--to"], "Option '--to' requires an argument; see cxmetrics scorecard --help"),
        (["score"], "No such command 'score'"),
        (["simulate"], "Missing option '--output' / '-o'"),
        (["scorecard", "answers.csv", "-o", "-", "--json", "-"], "-o and --json cannot both go to -"),
        (["scorecard", "answers.csv", "-o", "x", "--json", "./x"], "-o and --json cannot both go to x"),
        (["scorecard", "answers.csv", "-o", "answers.csv"], "-o answers.csv: that is one of the files to read"),
        (["scorecard", "answers.csv", "-o", "."], "-o .: that is a directory, give a file in it"),
        (["inspect", "answers.csv", "--map", "scor=x"], "--map scor=x: no meaning scor: there are answered,"),
        (["inspect", "answers.csv", "--kind", "answers.csv=x"], "--kind answers.csv=x: a file is one of answers,"),
        (["inspect", "answers.csv", "--kind", "b.csv=answers"], "--kind b.csv: it is none of the files answers.csv"),
        (["inspect", "answers.csv", "--config", "cx.toml"], f"cx.toml: {os.strerror(errno.ENOENT)}"),
        (["inspect", "answers.csv", "--tz", "Europe/Amsterdm"], 'zone "Europe/Amsterdm" is not in the zone database'),
        (["scorecard", "answers.csv", "--within", "20"], 'duration "20" has no unit: write "20s" for seconds'),
        (["scorecard", "calls.csv", *SAID, "--formula", "mine"], "--formula mine: there are offered, answered_only"),
        (
            ["scorecard", "calls.csv", *SAID, "--formula", "es_law_10_2025"],
            "--formula es_law_10_2025: it is about 3min, not 20s: say --within 3min",
        ),
        (["scorecard", "answers.csv", "--every", "3m"], 'bucket length "3m" is ambiguous: write "3min"'),
        (["scorecard", "answers.csv", "--from", "soon"], "--from soon: write it like 2026-03-01 or 2026-03-01T08:00"),
        (
            ["scorecard", "answers.csv", "--from", "2026-03-02", "--to", "2026-03-01"],
            "--from 2026-03-02 is not before to 2026-03-01",
        ),
    ],
)
def test_a_command_that_cannot_be_meant_exits_with_2(place: Path, arguments: list[str], message: str) -> None:
    before = sorted(place.iterdir())
    done = called(*arguments, at=place)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"cxmetrics: {message}")
    assert done.stderr.count("\n") == 1
    assert sorted(place.iterdir()) == before


# What is refused, and what to run instead


def suggested(message: str) -> list[str]:
    return shlex.split(message.rpartition("run: cxmetrics ")[2])


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (
            "nps,nps_score,date\n9,8,2026-03-02T10:00Z\n",
            "t.csv: nps and nps_score could both be the score; run: cxmetrics inspect t.csv --map score=nps",
        ),
        (
            "score,score,date\n9,8,2026-03-02T10:00Z\n",
            "t.csv: score and score_2 could both be the score; run: cxmetrics inspect t.csv --map score=score",
        ),
        (
            "score,answered_at\n9,02/03/2026 10:00\n",
            "t.csv: time (answered_at) does not say in which time zone it is, like 02/03/2026 10:00; "
            'time: column "answered_at" (Arrow type utf8): no date proves the order of day and month, '
            '"02/03/2026 10:00" is 2 March 2026 or 3 February 2026; '
            "run: cxmetrics inspect t.csv --tz Europe/Amsterdam --time-format dmy",
        ),
        (
            "wait,outcome,entered\n12,answered,2026-03-02T10:00Z\n",
            "t.csv: wait (wait) holds bare numbers like 12, seconds (s) or milliseconds (ms); "
            "run: cxmetrics inspect t.csv --map wait=wait:s",
        ),
        (
            "wait_s,outcome,entered\n12,AGENT,2026-03-02T10:00Z\n1,PHANTOM,\n2,AGENT,\n",
            "t.csv: outcome (outcome) has labels that are not known: AGENT (2), PHANTOM (1); "
            "run: cxmetrics inspect t.csv --label AGENT=answered --label PHANTOM=none",
        ),
        (
            "score,wait_s,outcome,date\n9,12,answered,2026-03-02T10:00Z\n",
            "t.csv: it could be survey answers (score = score) and contacts (wait = wait_s, outcome = outcome); "
            "run: cxmetrics inspect t.csv --kind t.csv=contacts",
        ),
        (
            "mark of today,remark,date\n9,fine,2026-03-02T10:00Z\n",
            "t.csv: neither survey answers nor contacts are recognised in its columns mark of today, remark, date; "
            "whole numbers 0 to 10 are in mark of today; "
            "run: cxmetrics inspect t.csv --map 'score=mark of today'",
        ),
    ],
)
def test_an_open_question_is_one_line_with_the_command_that_answers_it(place: Path, table: str, message: str) -> None:
    (place / "t.csv").write_text(table)
    done = called("inspect", "t.csv", at=place)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", f"cxmetrics: {message}\n")
    again = called(*suggested(done.stderr), at=place)
    assert again.returncode == 0, again.stderr
    assert again.stdout.startswith("t.csv: ")


def test_questions_of_several_files_are_answered_by_one_command(place: Path) -> None:
    done = script("inspect", "calls.csv", "answers.csv", at=place)
    assert done.returncode == 1
    words = suggested(done.stderr)
    assert words[:3] == ["inspect", "calls.csv", "answers.csv"]
    assert words[3:] == [
        *("--map", "calls.csv:wait=q_time:s", "--label", "AGENT=answered", "--label", "HANG=abandoned"),
        *("--map", "calls.csv:entered=none", "--tz", "Europe/Amsterdam"),
    ]
    assert called(*words, at=place).returncode == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nothing.csv"], "nothing.csv: no such file"),
        (["*.nothing"], "*.nothing: no file matches"),
        (["."], ". is a directory: give its files, like ./*"),
        (["empty"], "empty is empty"),
        (["latin.csv"], "latin.csv, line 2: byte 0xE9 is not UTF-8; convert it: "
         "iconv -f WINDOWS-1252 -t UTF-8 latin.csv > utf8.csv"),
        (["binary"], "binary, line 1: a zero byte: this is no queue_log, CSV, JSON or Parquet"),
        (["answers.csv", "copy.csv"], "copy.csv has the same content as answers.csv: give it once"),
        (["answers.csv", "--map", "score=x"], "answers.csv: no column x: there are score, answered_at, stage"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_exits_with_1(place: Path, arguments: list[str], message: str) -> None:
    (place / "empty").touch()
    (place / "latin.csv").write_bytes("score,remark\n9,caf\u00e9\n".encode("cp1252"))
    (place / "binary").write_bytes(bytes(range(256)) * 40)
    (place / "copy.csv").write_text(ANSWERS)
    done = called("inspect", *arguments, at=place)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"cxmetrics: {message}")
    assert done.stderr.count("\n") == 1


def test_a_traceback_only_with_debug(place: Path) -> None:
    assert "Traceback" not in called("inspect", "nothing.csv", at=place).stderr
    done = script("inspect", "nothing.csv", "--debug", at=place)
    assert done.returncode == 1
    assert done.stderr.startswith("Traceback")
    assert done.stderr.endswith("cxmetrics: nothing.csv: no such file\n")


# Reading


def test_inspect_says_what_was_read_as_what(place: Path) -> None:
    done = called("inspect", "answers.csv", "--tz", "Europe/Amsterdam", at=place)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "answers.csv: survey answers, 84 rows, 0 invalid\n"
        "  score = score, 3 to 10\n"
        "  time  = answered_at, Europe/Amsterdam, 2026-03-01 10:00 to 2026-03-28 10:00\n"
        "  stage = stage\n"
    )


def test_a_saved_mapping_answers_the_same_questions_for_the_next_file(place: Path) -> None:
    saved = called("inspect", "calls.csv", *SAID, "--save", "cx.toml", at=place)
    assert saved.returncode == 0, saved.stderr
    (place / "april.csv").write_text(CALLS.replace("c1", "d1"))
    done = called("inspect", "april.csv", "--config", "cx.toml", at=place)
    assert done.returncode == 0, done.stderr
    assert done.stdout == saved.stdout.replace("calls.csv", "april.csv")
    other = called("inspect", "april.csv", "--config", "cx.toml", "--map", "queue=team", at=place)
    assert "  queue   = team" in other.stdout


def test_a_mapping_on_standard_output_stands_alone_there(place: Path) -> None:
    done = script("inspect", "calls.csv", *SAID, "--save", "-", at=place)
    assert done.returncode == 0
    assert done.stdout.startswith("# How cxmetrics reads tables with these columns.")
    assert "calls.csv: contacts, 200 rows" in done.stderr


@pytest.mark.parametrize("packed", [False, True])
def test_standard_input_is_a_file_like_any_other(place: Path, packed: bool) -> None:
    given = gzip.compress(ANSWERS.encode()) if packed else ANSWERS.encode()
    done = script("inspect", "-", "--tz", "UTC", at=place, given=given)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("standard input: survey answers, 84 rows, 0 invalid\n")


def test_packed_logs_behind_a_pattern_are_read_in_their_order(month: Path, tmp_path: Path) -> None:
    lines = (month / "queue_log").read_bytes().splitlines(keepends=True)
    half = len(lines) // 2
    (tmp_path / "log.a").write_bytes(gzip.compress(b"".join(lines[half:])))  # the later half comes first by name
    (tmp_path / "log.b").write_bytes(b"".join(lines[:half]))
    (tmp_path / "whole").write_bytes(b"".join(lines))
    parts = called("scorecard", "log.*", "--json", "-", "-q", at=tmp_path)
    whole = called("scorecard", "whole", "--json", "-", "-q", at=tmp_path)
    assert parts.returncode == 0, parts.stderr
    first, second = json.loads(parts.stdout), json.loads(whole.stdout)
    assert first["inputs"][0]["path"] == "log.b, log.a"
    assert first["inputs"][0]["rows"] == len(lines)
    assert first["inputs"][0]["sha256"] == second["inputs"][0]["sha256"]
    assert first["results"] == second["results"]


def test_a_cut_log_is_read_up_to_the_cut(month: Path, tmp_path: Path) -> None:
    packed = gzip.compress((month / "queue_log").read_bytes())
    (tmp_path / "log.gz").write_bytes(packed[: len(packed) // 2])
    done = called("inspect", "log.gz", "--tz", "UTC", at=tmp_path)
    assert done.returncode == 0, done.stderr
    heading = done.stdout[: done.stdout.index("entered")]
    assert "cut off" in heading
    assert "0 invalid" not in heading


def test_invalid_rows_are_counted_shown_and_strict(place: Path) -> None:
    table = "score,stage\n" + "9,a\n" * 60 + "11,a\n" + "8,a,b\n" + "x,a\n"
    (place / "t.csv").write_text(table)
    done = called("inspect", "t.csv", "--map", "time=none", at=place)
    assert done.returncode == 0
    assert done.stdout.startswith("t.csv: survey answers, 63 rows, 3 invalid\n")
    assert "invalid: row 61, score: " in done.stdout
    assert "invalid: row 62: 3 fields where the header has 2: 8,a,b" in done.stdout
    assert called("inspect", "t.csv", "--map", "time=none", "--strict", at=place).returncode == 3
    assert called("inspect", "calls.csv", *SAID, "--strict", at=place).returncode == 0


def test_from_and_to_keep_a_stretch_of_local_time(place: Path) -> None:
    said = ["--tz", "Europe/Amsterdam", "--json", "-", "-q"]
    done = called("scorecard", "answers.csv", "--from", "2026-03-02", "--to", "2026-03-04", *said, at=place)
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert (document["inputs"][0]["rows"], document["inputs"][0]["outside"]) == (84, 78)
    assert next(r for r in document["results"] if r["metric"] == "nps")["n"] == 6
    none = called("scorecard", "calls.csv", *SAID, "--from", "2026-03-02", at=place)
    assert none.returncode == 2
    assert none.stderr == "cxmetrics: calls.csv has no time by which --from and --to could keep its rows\n"


def test_customers_are_hashed_under_a_key(month: Path, tmp_path: Path) -> None:
    said = ["--tz", "Europe/Amsterdam", "--json", "-", "-q"]
    table = str(month / "contacts.csv")

    def figures(*more: str, **variables: str) -> list[Any]:
        done = called("scorecard", table, *said, *more, at=tmp_path, **variables)
        assert done.returncode == 0, done.stderr
        assert "+31000" not in done.stdout  # no number of the simulated customers is shown
        results: list[Any] = json.loads(done.stdout)["results"]
        return results

    assert figures() == figures("--hash-customers") == figures("--hash-customers", CXMETRICS_KEY="secret")


# Writing


def test_page_and_figures_are_written_and_said_on_standard_error(place: Path) -> None:
    done = script("scorecard", "calls.csv", *SAID, "-o", "page.html", "--json", "out.json", at=place)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.startswith("calls.csv: contacts, 200 rows, 0 invalid\n  wait    = q_time, s, 0 to 59\n")
    assert done.stderr.endswith("written: page.html\nwritten: out.json\n")
    assert (place / "page.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    document = json.loads((place / "out.json").read_text(encoding="utf-8"), parse_constant=pytest.fail)
    assert document["schema"] == "cxmetrics.scorecard/1"
    # 200 calls, every fifth hangs up, waits 0..59 in turn: answered within 20 s
    within = sum(n % 60 <= 20 and n % 5 != 0 for n in range(200))
    level = next(r for r in document["results"] if r["name"] == "service_level")
    assert (level["value"], level["n"]) == (100 * within / 200, 200)
    assert not list(place.glob(".*"))


def test_all_options_reach_the_scorecard(place: Path) -> None:
    done = called(
        *("scorecard", "calls.csv", *SAID, "--kind", "calls.csv=contacts", "--by", "team", "--within", "30s"),
        *("--formula", "answered_only", "--organisation", "ACME", "--lang", "nl", "--missing", "zz", "--json", "-"),
        at=place,
    )
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    level = next(r for r in document["results"] if r["name"] == "service_level")
    within = sum(n % 60 <= 30 and n % 5 != 0 for n in range(200))
    assert level["value"] == pytest.approx(100 * within / 160)
    assert (document["organisation"], document["language"], document["settings"]["by"]) == ("ACME", "nl", ["team"])
    assert shlex.split(document["command"])[:3] == ["cxmetrics", "scorecard", "calls.csv"]


@pytest.mark.parametrize(("option", "begin"), [("-o", "<!doctype html>"), ("--json", "{")])
def test_standard_output_holds_what_was_asked_for_and_nothing_else(place: Path, option: str, begin: str) -> None:
    done = script("scorecard", "calls.csv", *SAID, option, "-", at=place)
    assert done.returncode == 0
    assert done.stdout.startswith(begin)
    assert done.stdout.rstrip().endswith({"{": "}", "<!doctype html>": "</html>"}[begin])
    assert "calls.csv: contacts" in done.stderr
    quiet = called("scorecard", "calls.csv", *SAID, option, "-", "-q", at=place)
    assert (quiet.stdout, quiet.stderr) == (done.stdout, "")


def test_without_an_output_the_scorecard_is_a_text(month: Path) -> None:
    done = script("scorecard", "queue_log", "answers.csv", "--tz", "Europe/Amsterdam", at=month)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "Scorecard"
    assert max(map(len, lines)) <= 80
    assert max(map(len, done.stderr.splitlines())) <= 80
    for heading in (
        "Answered within 20 s: ",
        "Left without an answer: ",
        "Not back within 7 days: ",
        "NPS: ",
        "By queue",
    ):
        assert any(line.startswith(heading) for line in lines), heading
    assert not any("\x1b" in line for line in lines)
    assert (
        "Beantwoord binnen 20 s: "
        in called("scorecard", "queue_log", "--tz", "Europe/Amsterdam", "--lang", "nl", "-q", at=month).stdout
    )


def test_an_old_page_stays_when_anything_fails(place: Path) -> None:
    (place / "page.html").write_text("old page")
    (place / "out.json").write_text("old figures")
    said = ["scorecard", "calls.csv", "-o", "page.html", "--json", "out.json"]
    assert script(*said, at=place).returncode == 1  # labels and unit are not said
    away = ["scorecard", "calls.csv", *SAID, "-o", "page.html", "--json", "nowhere/out.json"]
    done = script(*away, at=place)
    assert done.returncode == 2
    assert done.stderr.endswith("--json nowhere/out.json: there is no directory nowhere; make it\n")
    assert (place / "page.html").read_text() == "old page"
    assert (place / "out.json").read_text() == "old figures"
    assert sorted(each.name for each in place.iterdir()) == ["answers.csv", "calls.csv", "out.json", "page.html"]


def test_a_new_page_has_the_rights_of_the_old_one_and_a_link_stays(place: Path) -> None:
    (place / "real.html").write_text("old page")
    (place / "real.html").chmod(0o640)
    (place / "page.html").symlink_to("real.html")
    assert called("scorecard", "calls.csv", *SAID, "-o", "page.html", "-q", at=place).returncode == 0
    assert (place / "page.html").is_symlink()
    assert (place / "real.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert (place / "real.html").stat().st_mode & 0o777 == 0o640


def test_a_page_may_go_to_a_device(place: Path) -> None:
    done = called("scorecard", "calls.csv", *SAID, "-o", "/dev/null", at=place)
    assert done.returncode == 0, done.stderr
    assert Path("/dev/null").is_char_device()


def test_the_same_input_gives_the_same_bytes(place: Path) -> None:
    made = []
    for run in (script, called):  # two processes, so another seed of hashes
        done = run("scorecard", "calls.csv", *SAID, "-o", "a.html", "--json", "a.json", "-q", at=place)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        made.append(((place / "a.html").read_bytes(), (place / "a.json").read_bytes()))
    assert made[0] == made[1]


def test_strict_writes_and_exits_with_3(place: Path) -> None:
    (place / "t.csv").write_text(ANSWERS + "11,28/03/2026 11:00,use\n")
    said = ["scorecard", "t.csv", "--tz", "Europe/Amsterdam", "-o", "page.html", "-q"]
    assert called(*said, at=place).returncode == 0
    (place / "page.html").unlink()
    assert script(*said, "--strict", at=place).returncode == 3
    assert (place / "page.html").exists()


def test_simulate_writes_the_same_bytes_for_the_same_seed(tmp_path: Path) -> None:
    for name, run in (("a", script), ("b", called)):  # two processes, so another seed of hashes
        done = run("simulate", "-o", name, at=tmp_path)
        assert (done.returncode, done.stdout) == (0, "")
        assert done.stderr == "".join(
            f"written: {name}/{file}\n" for file in ("queue_log", "answers.csv", "contacts.csv")
        )
    assert (tmp_path / "a/queue_log").read_bytes() == (tmp_path / "b/queue_log").read_bytes()
    refused = called("simulate", "--period", "1m", "-o", "c", at=tmp_path)
    assert refused.returncode == 2
    assert "--period 1m: write a number of days from 1d to 999d" in refused.stderr


# Streams and signals


def test_ctrl_c_exits_with_130_and_writes_nothing(place: Path) -> None:
    (place / "page.html").write_text("old page")
    os.mkfifo(place / "pipe")
    with subprocess.Popen(
        [COMMAND, "scorecard", "pipe", "-o", "page.html"], cwd=place, stderr=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        writer = os.open(place / "pipe", os.O_WRONLY)  # returns when the command reads
        os.write(writer, b"1543602660|a|b|NONE|ENTERQUEUE||1|1\n")
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        out, errors = process.communicate(timeout=60)
        os.close(writer)
    assert (process.returncode, out) == (130, b"")
    assert errors == b"cxmetrics: interrupted, nothing was written\n"
    assert (place / "page.html").read_text() == "old page"
    assert sorted(each.name for each in place.iterdir()) == ["answers.csv", "calls.csv", "page.html", "pipe"]


@pytest.mark.parametrize("module", ["numpy", "click", "cxmetrics._document"])
def test_ctrl_c_in_the_middle_of_an_import_exits_with_130(place: Path, module: str) -> None:
    code = f"""
import os, signal, sys
class Finder:
    def find_spec(self, name, *_):
        if name == {module!r}:
            try:
                os.kill(os.getpid(), signal.SIGINT)
                for _ in range(1000): pass
            except KeyboardInterrupt:
                raise ImportError("initialization failed")  # what extensions make of it
sys.meta_path.insert(0, Finder())
from cxmetrics_command import main
sys.argv = ["cxmetrics", "scorecard", "answers.csv", "--tz", "UTC", "--time-format", "dmy", "-q", "-o", "page.html"]
main()
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=place, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (130, "")
    assert done.stderr == "cxmetrics: interrupted, nothing was written\n"
    assert not (place / "page.html").exists()


def test_a_reader_who_has_enough_is_no_fault(place: Path) -> None:
    with subprocess.Popen(
        [COMMAND, "scorecard", "calls.csv", *SAID, "-o", "-", "-q"],
        cwd=place, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        errors = process.stderr.read()
        process.wait(timeout=60)
    assert errors == b""
    assert process.returncode == 1


@pytest.fixture(scope="module")
def on_terminal(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What a terminal shows where nothing is said of how."""
    directory = tmp_path_factory.mktemp("terminal")
    (directory / "calls.csv").write_text(CALLS)
    return script_on_terminal("inspect", "calls.csv", *SAID, at=directory)


def test_colour_is_for_terminals_unless_it_is_said(place: Path, on_terminal: str) -> None:
    said: Sequence[str] = ("inspect", "calls.csv", *SAID)
    assert "\x1b[1m" in on_terminal
    assert "\x1b[1m" not in script_on_terminal(*said, at=place, NO_COLOR="1")
    assert "\x1b[1m" not in script_on_terminal(*said, "--color", "never", at=place)
    assert "\x1b" not in script_on_terminal(*said, at=place, TERM="dumb")
    assert "\x1b[1m" in called(*said, "--color", "always", at=place).stdout
    assert "\x1b" not in script(*said, at=place).stdout


def test_progress_is_shown_on_a_terminal_only(place: Path, on_terminal: str) -> None:
    assert "reading" in on_terminal
    assert "reading" not in script_on_terminal("inspect", "calls.csv", *SAID, "-q", at=place)
    done = called("inspect", "calls.csv", *SAID, at=place)
    assert "reading" not in done.stdout + done.stderr


def test_a_dumb_terminal_gets_ascii(place: Path) -> None:
    (place / "t.csv").write_text(
        "wait_s,outcome,queue\n" + "5,answered,caf\u00e9 \u2013 \u6771\n9,abandoned,b\n" * 20, encoding="utf-8"
    )
    said = ["scorecard", "t.csv", "--map", "entered=none"]
    plain = called(*said, at=place, TERM="dumb")
    assert plain.returncode == 0, plain.stderr
    assert plain.stdout.isascii()
    assert "cafe - ?" in plain.stdout
    assert "caf\u00e9 \u2013 \u6771" in called(*said, at=place).stdout


def test_control_characters_of_a_file_do_not_reach_the_terminal(place: Path) -> None:
    (place / "\x1b[31mred.csv").write_text("score,sta\x07ge\n" + "9,a\n" * 40)
    done = called("inspect", "\x1b[31mred.csv", "--map", "stage=sta\x07ge", "--map", "time=none", at=place)
    assert done.stdout == (
        "\\x1b[31mred.csv: survey answers, 40 rows, 0 invalid\n  score = score, 9 to 9\n  stage = sta\\x07ge\n"
    )


# Real data


@needs_data
def test_the_bank_gives_its_reference_figures(tmp_path: Path) -> None:
    # Figures: the data's own README. 1,198 hung up in the menu: HANG without a start of the queue.
    table = str(DATA / "bank_january_1999.tsv.gz")
    done = called(
        *("scorecard", table, "--json", "-", "-q", "--tz", "Asia/Jerusalem"),
        *("--map", "wait=q_time:s", "--map", "talk=ser_time:s", "--map", "contact=vru+line,call_id"),
        *("--map", "entered=date,vru_entry", "--time-format", "%y%m%d %H:%M:%S"),
        *("--label", "AGENT=answered", "--label", "HANG=abandoned", "--label", "PHANTOM=none"),
        *("--label", "HANG&q_start=0:00:00=none:left in the menu"),
        at=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    results = {result["name"]: result for result in document["results"]}
    assert results["service_level"]["n"] == 30_161
    assert round(results["service_level"]["value"], 2) == 54.38
    assert round(results["service_level_answered_only"]["value"], 2) == 60.61
    assert round(results["abandonment"]["value"], 4) == 10.2815
    assert round(results["wait_time_answered"]["mean"], 4) == 35.0280
    assert document["inputs"][0]["rows"] == 31_599


@needs_data
def test_the_telecom_survey_gives_its_reference_figure(tmp_path: Path) -> None:
    done = called(
        "scorecard", str(DATA / "telecom_nps_2018.csv"), "--tz", "Europe/Amsterdam", "--json", "-", "-q", at=tmp_path
    )
    assert done.returncode == 0, done.stderr
    result = next(r for r in json.loads(done.stdout)["results"] if r["metric"] == "nps")
    assert (result["n"], result["missing"], round(result["value"], 6)) == (2353, 32, -24.691883)


def test_rows_count_from_1_and_a_repeated_id_is_a_question(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("call_id,wait_s,answered\nb,1,yes\na,2,yes\na,3,no\n")
    done = called("scorecard", "t.csv", "--map", "entered=none", at=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith(
        'cxmetrics: t.csv: column "call_id": 2 ids in 3 rows, the first repeated one in row 3:'
    )
    assert suggested(done.stderr)[-2:] == ["--map", "contact=none"]
    assert called(*suggested(done.stderr), at=tmp_path).returncode == 0


@needs_data
def test_an_event_log_is_refused_with_the_remedy(tmp_path: Path) -> None:
    done = called("scorecard", str(DATA / "servicenow_incidents.csv.gz"), "--tz", "UTC", at=tmp_path)
    assert done.returncode == 1
    assert 'column "number": 24,918 ids in 141,712 rows' in done.stderr
    assert 'cx.latest(table, id="number", order="sys_mod_count")' in done.stderr


@needs_data
def test_other_peoples_files_are_refused_and_not_guessed(tmp_path: Path) -> None:
    for name in ("helpdesk.csv.gz", "github_status_incidents.json.gz"):
        done = called("inspect", str(DATA / name), at=tmp_path)
        assert done.returncode == 1
        assert "neither survey answers nor contacts are recognised in its columns" in done.stderr


# Messages that fit the door they come from


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("simulate --seed -1 -o x", "Invalid value for '--seed': "),
        ("scorecard answers.csv --lang de", "Invalid value for '--lang': 'de' is not one of 'en', 'nl'"),
        ("simulate --period 30 -o x", "--period 30: write a number of days from 1d to 999d, like --period 30d"),
        ("simulate -o answers.csv", "-o answers.csv: that is a file, give a directory to write into"),
        ("scorecard answers.csv -o nodir/x.html", "-o nodir/x.html: there is no directory nodir; make it"),
        ("scorecard answers.csv --nope", "see cxmetrics scorecard --help"),
        ("inspect log --save x.toml", "--save: a queue log needs no mapping, and there is no table among the files"),
    ],
)
def test_what_cannot_be_meant_is_said_in_the_words_of_the_command(place: Path, arguments: str, message: str) -> None:
    (place / "log").write_text("1543602660|1543602660.197|IT|NONE|ENTERQUEUE||15558727777|1\n")
    done = called(*arguments.split(), at=place)
    assert done.returncode == 2
    assert message in done.stderr


def test_two_equal_candidates_are_not_chosen_between(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a,b\n1,2\n")
    done = called("scorecard", "t.csv", at=tmp_path)
    assert done.returncode == 1
    assert "whole numbers 0 to 10 are in a, b; say which" in done.stderr
    assert "run:" not in done.stderr


def test_the_command_on_the_page_is_whole(place: Path) -> None:
    said = ["scorecard", "answers.csv", "--tz", "UTC", "--organisation", "A & B", "-o", "p.html", "--json", "j.json"]
    assert called(*said, at=place).returncode == 0
    first = {name: (place / name).read_bytes() for name in ("p.html", "j.json")}
    command = json.loads(first["j.json"])["command"]
    assert called(*shlex.split(command)[1:], at=place).returncode == 0
    assert {name: (place / name).read_bytes() for name in first} == first
