# SPDX-License-Identifier: Apache-2.0
"""The page in Dutch: titles, figures, how each was made, notes."""

from __future__ import annotations

import csv
import gzip
import html
import re
from datetime import date
from pathlib import Path
from typing import Any

import cxmetrics as cx
import pytest
from cxmetrics.page import render
from cxmetrics.page.catalogue import CATALOGUE
from cxmetrics.page.notes import note_of
from cxmetrics.page.words import Words
from cxmetrics.simulate import simulate

NL = Words("nl")


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    place = tmp_path_factory.mktemp("days")
    simulate(place, period="10d", seed=1)
    with (place / "answers.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row["sent"] = "16/03/2026 08:00"
    rows += [dict.fromkeys(rows[0], "") | {"sent": "16/03/2026 08:00"}] * 500  # surveys that nobody answered
    with (place / "answers.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    card = cx.scorecard(
        place / "queue_log", place / "answers.csv", organisation="Voorbeeld", tz="Europe/Amsterdam", lang="nl"
    )
    return card.to_dict()


@pytest.fixture(scope="module")
def page(document: dict[str, Any]) -> str:
    return render(document)


def said(page: str, *sections: str) -> str:
    """Return the text of some sections, without pictures."""
    found = [re.findall(rf'<section id="{name}">(.*?)</section>', page, re.DOTALL)[0] for name in sections]
    bare = re.sub(r"<svg.*?</svg>|<[^>]+>", " ", " ".join(found), flags=re.DOTALL)
    return " ".join(html.unescape(bare).split())


def test_the_page_is_dutch(document: dict[str, Any], page: str) -> None:
    assert '<html lang="nl">' in page
    assert "<h1>Scorekaart van Voorbeeld</h1>" in page
    shown = said(page, "short", "tiles", "hurts", "waiting", "formulas", "groups", "voice", "back")
    level = next(each for each in document["results"] if each["name"] == "service_level")
    assert NL.percent(level["value"]).replace("\u00a0", " ") in shown
    assert NL.integer(level["n"]) in shown
    english = ("the", "answered", "within", "contacts", "callers", "interval to", "answers", "half hour", "days")
    assert not [word for word in english if re.search(rf"\b{word}\b", shown)]


def test_how_each_figure_was_made_is_dutch_too(document: dict[str, Any], page: str) -> None:
    made = said(page, "made")
    found = {result["name"]: result for result in document["results"]}
    level, nps = found["service_level"]["counts"], found["nps"]["counts"]
    for text in (
        "Serviceniveau, 20 s service_level",
        "formule beantwoord binnen 20 s \u00f7 alle keren in een wachtrij",
        'parameters within="20s", comparison="<="',  # as they are given: identifiers are not translated
        f"{NL.integer(level['answered_within'])} binnen 20 s beantwoord, {NL.integer(level['answered'])} beantwoord",
        "Dezelfde keren in een wachtrij volgens 12 andere formules",
        "Wachttijd van de beantwoorde, mediaan",
        "rangordestatistieken",
        "contacten zonder volgend contact van dezelfde klant binnen 1 dag",
        "Opmerkingen het interval neemt contacten van een klant als onafhankelijk",
        "het venster van 30d is voor geen van",
        "Enquêtes beantwoord response_rate",
        "formule beantwoord \u00f7 verstuurd",
        "antwoorden en uitnodigingen moeten van dezelfde mensen zijn",
        f"{NL.integer(nps['promoters'])} promotors, {NL.integer(nps['passives'])} passief tevredenen",
    ):
        assert text in made, text
    for result in document["results"]:
        assert result["title"] not in made or result["title"] == "NPS"
        assert f"formule {result['formula']}" not in made
        assert not [note for note in result["notes"] if note in made]
        assert not [name for name in result["counts"] if f"count_{name}" not in CATALOGUE]


def test_notes_are_said_in_the_language_of_the_page() -> None:
    note = '14,694 of 31,599 waits in "q_time" are 0: does 0 mean that nobody waited?'
    assert note_of(note, Words("en")) == note
    assert note_of(note, NL) == '14.694 van 31.599 wachttijden in "q_time" zijn 0: betekent 0 dat niemand wachtte?'
    assert note_of(
        "during 12,345 of 20,000 contacts another of the same customer came in: if a row is an event of a contact and "
        "no contact of its own, keep one row each",
        NL,
    ) == (
        "tijdens 12.345 van 20.000 contacten kwam een ander van dezelfde klant binnen: als een rij een gebeurtenis van "
        "een contact is en geen eigen contact, houd dan van elk contact een rij over"
    )
    assert note_of("a note that nobody knows", NL) == "a note that nobody knows"
    calls = {"wait": [0] * 30, "outcome": ["answered"] * 30}
    (made,) = cx.scorecard(calls, tz="UTC", map=["wait=wait:s"]).to_dict()["notes"]
    assert note_of(made, NL).startswith("30 van 30 wachttijden")


def test_what_the_command_line_reports_of_real_files_is_known(tmp_path: Path) -> None:
    (tmp_path / "calls.csv").write_text(
        "entered,wait_s,outcome,ended\n" + "2026-03-02T08:00,5,answered,x1\n" * 40, encoding="utf-8"
    )
    card = cx.scorecard(tmp_path / "calls.csv", tz="UTC", lang="nl")
    assert card.to_dict()["notes"]
    for made in card.to_dict()["notes"]:
        assert note_of(made, NL) != made


def noted(**tables: Any) -> list[str]:
    """Return the notes of a scorecard: of its tables and of its figures."""
    said = {"tz": "UTC", "lang": "nl", **tables.pop("said", {})}
    document = cx.scorecard(*tables["files"], **said).to_dict()
    return [*document["notes"], *(note for result in document["results"] for note in result["notes"])]


def test_notes_of_a_queue_log_are_known(tmp_path: Path) -> None:
    at = 1_772_438_400
    lines = [
        f"{at}|a|first|NONE|ENTERQUEUE||555|1",
        f"{at + 1}|a|first|NONE|ENTERQUEUE||555|1",
        f"{at + 2}|a|second|NONE|ENTERQUEUE||555|1",  # without having left the first
        f"{at + 4}|a|second|ann|CONNECT|2|x|1",
        f"{at + 5}|a|second|NONE|ABANDON|1|1|3",  # contradicts the answer
        f"{at + 9}|a|second|ann|COMPLETEAGENT|x|5|1",  # no seconds
        f"{at + 10}|lost|first|ann|CONNECT|2|x|1",
        f"{at + 11}|b|first|NONE|ENTERQUEUE||556|1",
        f"{at + 11}|b|first|NONE|ENTERQUEUE||556|1",
        "no line of a log",
        f"{at + 12}|d|first|NONE|ENTERQUEUE||558|1",
        f"{at + 12}|d|first|NONE|EXITWITHTIMEOUT|1|1|0",
        f"{at + 12}|d|first|NONE|ENTERQUEUE||558|1",
        f"{at + 12}|d|first|NONE|EXITWITHTIMEOUT|1|1|0",  # a copy, or a second pass
        f"{at + 13}|d|first|ann|CONNECT|1|x|1",  # behind an end
        f"{at + 4 * 86400}|c|first|NONE|ENTERQUEUE||557|1",
        f"{at + 4 * 86400 + 9}|c|first|NONE|ABANDON|1|1|90",  # not what the clock says
        f"{at + 4 * 86400 + 20}|e|first|NONE|ENTERQ",
    ]
    log = tmp_path / "queue_log"
    log.write_text("\n".join(lines), encoding="utf-8")
    packed = tmp_path / "queue_log.1.gz"
    packed.write_bytes(gzip.compress("\n".join(lines[:-1]).encode())[:-9])
    empty = tmp_path / "no_entries"
    empty.write_text(f"{at}|NONE|NONE|ann|PAUSE|\n" * 3, encoding="utf-8")
    found = [*noted(files=[log]), *noted(files=[packed]), *noted(files=[empty])]
    for start in (
        "contacts that entered a queue without",
        "events that contradict",
        "stays whose stated durations differ",
        "durations that are no seconds",
        "events of calls whose entry",
        "lines that are not of a queue_log",
        "lines of contacts that stand in the log twice",
        "of them entries of calls that left and entered",
        "events behind the end of a stay",
        "contacts that left without an answer",
        "the longest wait is of a contact without an end",
        "contacts open for more than a day",
        "no contact entered",
        "the file was cut off",
        f"{log} was cut off in its last line",
    ):
        assert [note for note in found if note.startswith(start)], (start, found)
    assert not [note for note in found if note_of(note, NL) == note]
    assert not [note for note in found if "does not begin with" in note_of(note, NL)]
    for note, dutch in (
        ("the log is empty", "het logboek is leeg"),
        ("repeated entries, not used: 12345", "herhaalde binnenkomsten, niet gebruikt: 12.345"),
        (
            "the last line is 55 h later than those before it, and no line confirms it: what is open is as of then "
            "(as_of= sets another moment)",
            "de laatste regel is 55 u later dan die ervoor, en geen regel bevestigt dat: wat openstaat, is de stand "
            "van toen (as_of= kiest een ander moment)",
        ),
        (
            "lines more than 3600 s older than lines before them, not used (give rotated files oldest first, each "
            "once): 7",
            "regels meer dan 3600 s ouder dan regels ervoor, niet gebruikt (geef geroteerde bestanden van oud naar "
            "nieuw, elk een keer): 7",
        ),
        (
            "log.gz was cut off: what came before the cut is read",
            "log.gz is afgekapt: gelezen is wat voor het einde stond",
        ),
    ):
        assert note_of(note, NL) == dutch


def test_notes_of_one_caller_with_most_rows_are_known(tmp_path: Path) -> None:
    lines = []
    for call in range(400):
        at, caller = 1_772_438_400 + 60 * call, 555 if call % 3 else 1000 + call
        lines += [
            f"{at}|c{call}|first|NONE|ENTERQUEUE||{caller}|1",
            f"{at + 5}|c{call}|first|ann|CONNECT|5|x|3",
            f"{at + 15}|c{call}|first|ann|COMPLETEAGENT|5|10|1",
        ]
    log = tmp_path / "queue_log"
    log.write_text("\n".join(lines) + "\n", encoding="utf-8")
    (note,) = [note for note in noted(files=[log]) if "one caller has" in note]
    assert "een beller heeft 266 van 400 contacten (66,5\u00a0%), de volgende klant 1:" in note_of(note, NL)


def test_notes_of_tables_are_known(tmp_path: Path) -> None:
    head, row = "score,answered_at\n", "2026-03-{:02}T08:00Z\n"
    rows = "".join(f"{n % 5 + 1}," + row.format(n + 1) for n in range(30))
    (tmp_path / "january.csv").write_text(head + rows, "utf-8")
    (tmp_path / "february.csv").write_text(head + rows + "1,2026-03-31T08:00Z\n", "utf-8")
    twice = noted(files=[tmp_path / "january.csv", tmp_path / "february.csv"])
    ten = noted(files=[{"score": [*range(1, 11)] * 4}])
    sent = {"sent": ["2026-03-02T09:00Z"] * 4, "score": [9, None, None, None],
            "time": ["2026-03-03T09:00Z", None, None, None]}  # fmt: skip
    cut = noted(files=[sent], said={"from_": "2026-03-01"})
    for found, start in (
        (twice, "30 rijen staan in meer dan een van"),
        (twice, "geen van 61 antwoorden is hoger dan 5"),
        (ten, "geen van 40 antwoorden is 0"),
        (cut, "geen respons: --from en --to"),
    ):
        assert [note for note in found if note_of(note, NL).startswith(start)], (start, found)
        assert not [note for note in found if note_of(note, NL) == note]
    one = "1 row stands in more than one of a.csv, b.csv, and is counted in each"
    assert note_of(one, NL) == "1 rij staat in meer dan een van a.csv, b.csv, en telt in elk mee"
    damaged = "log.gz is damaged (Error -3 while decompressing data): what came before is read"
    assert note_of(damaged, NL).startswith("log.gz is beschadigd (Error -3")


def test_short_months_are_those_people_write() -> None:
    spring = [NL.date(date(2026, month, 1), year=False, short=True) for month in (2, 3, 5, 10)]
    assert spring == ["1\u00a0feb", "1\u00a0mrt", "1\u00a0mei", "1\u00a0okt"]
