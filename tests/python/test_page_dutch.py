# SPDX-License-Identifier: Apache-2.0
"""The page in Dutch: titles, figures, how each was made, notes."""

from __future__ import annotations

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
        "formule beantwoord binnen 20 s \u00f7 alle aangeboden contacten",
        'parameters within="20s", comparison="<="',  # as they are given: identifiers are not translated
        f"{NL.integer(level['answered_within'])} binnen 20 s beantwoord, {NL.integer(level['answered'])} beantwoord",
        "Dezelfde contacten volgens 12 andere formules",
        "Wachttijd van de beantwoorde, mediaan",
        "rangordestatistieken",
        "contacten zonder volgend contact van dezelfde klant binnen 1 dag",
        "Opmerkingen het interval neemt contacten van een klant als onafhankelijk",
        "het venster van 30d is voor geen van",
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


def test_short_months_are_those_people_write() -> None:
    spring = [NL.date(date(2026, month, 1), year=False, short=True) for month in (2, 3, 5, 10)]
    assert spring == ["1\u00a0feb", "1\u00a0mrt", "1\u00a0mei", "1\u00a0okt"]
