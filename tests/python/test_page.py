# SPDX-License-Identifier: Apache-2.0
"""The page: what it says, what it never does, and how a browser shows and prints it."""

from __future__ import annotations

import copy
import re
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from string import Formatter
from typing import Any

import cxmetrics as cx
import pytest
from cxmetrics import _core
from cxmetrics.page import render, sections
from cxmetrics.page.catalogue import CATALOGUE
from cxmetrics.page.figures import heat, heat_level, periods, repeats
from cxmetrics.page.sentences import callers, fewer, sentences
from cxmetrics.page.view import Page
from cxmetrics.page.words import Words

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SAID: dict[str, Any] = {"tz": "Europe/Amsterdam"}
EN = Words("en")


class Tree(HTMLParser):
    """The page as a list of elements: tag, attributes, the tags around it, and all text inside."""

    VOID = frozenset(("meta", "br", "link", "img", "input", "hr"))

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[dict[str, Any]] = []
        self.all: list[dict[str, Any]] = []
        self.feed(text)
        assert not self.open, f"not closed: {[each['tag'] for each in self.open]}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = {"tag": tag, "text": "", "around": list(self.open), **{k: v or "" for k, v in attrs}}
        self.all.append(element)
        if tag not in self.VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.all.append({"tag": tag, "text": "", "around": list(self.open), **{k: v or "" for k, v in attrs}})

    def handle_endtag(self, tag: str) -> None:
        assert self.open
        assert self.open[-1]["tag"] == tag
        self.open.pop()
        self.handle_data(" ")

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element["text"] += data

    def find(self, tag: str, css: str = "", inside: dict[str, Any] | None = None) -> list[dict[str, Any]]:
        """Return the elements of a tag with all of some classes, in the page or inside one element."""
        return [
            each
            for each in self.all
            if each["tag"] == tag
            and set(css.split()) <= set(each.get("class", "").split())
            and (inside is None or any(around is inside for around in each["around"]))
        ]

    def section(self, name: str) -> dict[str, Any] | None:
        return next((each for each in self.all if each["tag"] == "section" and each["id"] == name), None)


@pytest.fixture(scope="module")
def document(simulated_month: Path) -> dict[str, Any]:
    files = (simulated_month / name for name in ("queue_log", "answers.csv"))
    return cx.scorecard(*files, organisation="Example & Co", **SAID).to_dict()


@pytest.fixture(scope="module")
def page(document: dict[str, Any]) -> str:
    return render(document)


@pytest.fixture(scope="module")
def tree(page: str) -> Tree:
    return Tree(page)


def of(**columns: Any) -> dict[str, Any]:
    return cx.scorecard(columns, tz="UTC", map=["wait=wait:s"] if "wait" in columns else []).to_dict()


def tiny(**more: Any) -> dict[str, Any]:
    """Four calls: three answered, two of them within 20 s."""
    return of(
        entered=["2026-03-02T08:00Z", "2026-03-02T08:10Z", "2026-03-02T08:20Z", "2026-03-02T09:40Z"],
        wait=[5, 10, 30, 60],
        outcome=["answered", "answered", "answered", "abandoned"],
        customer=["1", "2", "3", None],
        **more,
    )


def rows(document: dict[str, Any], table: str) -> list[dict[str, Any]]:
    found = document["tables"][table]
    return [dict(zip(found["columns"], row, strict=True)) for row in found["rows"]]


def changed(document: dict[str, Any], value: float, low: float, high: float) -> dict[str, Any]:
    """Return the document with another change of its service level, and no other change."""
    other = copy.deepcopy(document)
    table = other["tables"]["changes"]
    table["rows"] = [row for row in table["rows"] if row[0] == "service_level"]
    for name, number in (("value", value), ("low", low), ("high", high)):
        table["rows"][0][table["columns"].index(name)] = number
    return other


def test_the_change_of_the_nps_is_split_by_queue_and_by_stage(document: dict[str, Any], tree: Tree) -> None:
    voice = tree.section("voice")
    captions = [text_of(each) for each in tree.find("caption", inside=voice)]
    for by in ("queue", "stage"):
        assert (
            f"What the change of the NPS is made of, 6\u201312 April against 30 March \u2013 5 April, by {by}"
            in captions
        )
        assert f"The figures behind it, by {by}" in captions
    (change,) = [row for row in rows(document, "changes") if row["metric"] == "nps"]
    said = text_of(voice)
    for row in rows(document, "nps_splits"):
        for number in (row["mix"], row["within"], change["value"]):
            assert f"{number:+.1f}".replace("-", "\u2212") in said
    assert all(text_of(each) for each in tree.find("th", inside=voice))


def test_without_two_whole_weeks_no_change_is_split() -> None:
    voice = text_of(Tree(render(of(score=[9, 3, 8] * 8, stage=["order", "use", "order"] * 8))).section("voice"))
    assert "made of" not in voice


def test_a_group_of_few_answers_is_counts_in_the_split_too() -> None:
    days = [f"2026-03-{day:02d}T10:00Z" for day in (2, 4, 8, 9, 11, 15, 16) for _ in range(5)]
    stages = ["use" if i % 5 == 0 else "order" for i in range(len(days))]
    document = of(score=[9, 3, 8, 10, 2] * 7, time=days, stage=stages)
    voice = text_of(Tree(render(document)).section("voice"))
    assert [row["by"] for row in rows(document, "nps_splits")] == ["stage"]
    assert "promoters 3, detractors 0, of 3" in voice


def text_of(element: dict[str, Any] | None) -> str:
    assert element is not None
    return " ".join(element["text"].split())


# What it is made of


def test_the_page_needs_nothing_from_outside(page: str, tree: Tree) -> None:
    assert len(page.encode()) < 500_000
    assert not re.search(r"(?i)<script|<link|<img|<iframe|@import|url\(|https?:|javascript:|\son\w+=", page)
    assert not [each for each in tree.all if "src" in each or ("href" in each and not each["href"].startswith("#"))]
    (policy,) = [each["content"] for each in tree.find("meta") if "http-equiv" in each]
    assert policy == "default-src 'none'; style-src 'unsafe-inline'"


def test_every_section_is_there_in_its_order(tree: Tree) -> None:
    assert [each["id"] for each in tree.all if each["tag"] == "section"] == [
        *("short", "tiles", "hurts", "waiting", "formulas", "groups", "voice", "back", "made")
    ]
    assert text_of(tree.find("h1")[0]) == "Scorecard of Example & Co"
    assert "16 March \u2013 14 April 2026" in text_of(tree.find("header")[0])


def test_sections_without_data_are_left_out() -> None:
    answers = Tree(render(of(score=[9] * 20 + [3] * 20)))
    assert [each["id"] for each in answers.all if each["tag"] == "section"] == ["short", "voice", "made"]
    calls = Tree(render(of(wait=[5] * 40, outcome=["answered"] * 40)))
    assert [each["id"] for each in calls.all if each["tag"] == "section"] == [
        *("short", "tiles", "waiting", "formulas", "made")
    ]


def test_the_same_document_gives_the_same_bytes(document: dict[str, Any], page: str) -> None:
    assert render(copy.deepcopy(document)) == page


def test_labels_are_escaped() -> None:
    evil = "<script>alert('x')</script>\"&amp;"
    columns = tiny(queue=[evil, "b", "b", "b"])
    columns["organisation"] = evil
    text = render(columns)
    assert "<script" not in text
    assert "&lt;script&gt;alert(" in text
    tree = Tree(text)
    assert any(each["text"] == evil for each in tree.find("th"))
    assert text_of(tree.find("h1")[0]) == f"Scorecard of {evil}"


def test_labels_in_pictures_are_escaped() -> None:
    scores = of(score=[9] * 40 + [3] * 40, queue=["<b>&\"'"] * 40 + ["x"] * 40)
    scores["language"] = "en"
    for picture in Tree(render(scores)).find("svg"):
        assert "<b>" not in picture["aria-label"] or picture["aria-label"].count("<") == 1


# Text alternatives and tables


def test_every_picture_has_a_text_alternative(tree: Tree) -> None:
    pictures = tree.find("svg")
    assert len(pictures) > 15
    for each in pictures:
        assert each["role"] == "img"
        assert len(each["aria-label"]) > 8


def test_a_table_stands_behind_every_picture(tree: Tree) -> None:
    figures = tree.find("figure")
    assert len(figures) == 6
    titles = tree.find("summary")
    behind = [each["around"][-1] for each in titles if text_of(each) == "The table behind this picture"]
    for figure, details in zip(figures, behind, strict=True):
        assert tree.all.index(details) > tree.all.index(figure)
        assert len(tree.find("tr", inside=details)) > 3
        (caption,) = tree.find("caption", inside=details)
        assert caption["text"] == tree.find("figcaption", inside=figure)[0]["text"]


def test_every_table_has_heads_with_a_scope(tree: Tree) -> None:
    assert all(each.get("scope") in ("col", "row") for each in tree.find("th"))
    assert all(tree.find("caption", inside=each) for each in tree.find("table"))


# What it never does


def test_no_percentage_of_fewer_than_ten() -> None:
    tree = Tree(render(tiny(queue=["a", "b", "b", "b"])))
    visible = " ".join(
        text_of(tree.section(name)) for name in ("short", "tiles", "hurts", "formulas", "groups", "made")
    )
    assert not re.search(r"\d\s?%(?! interval)", visible)
    assert "2 of 4" in visible
    assert "1 of 3" in visible
    few = Tree(render(of(score=[10, 9, 8, 3], stage=["a", "a", "b", "b"])))
    assert "promoters 2, detractors 1, of 4" in text_of(few.section("voice"))
    assert not re.search(r"\d\s?%(?! interval)", text_of(few.section("voice")))


def test_groups_below_thirty_are_grey_with_their_interval() -> None:
    queues = ["large"] * 60 + ["small"] * 20 + ["few"] * 4
    tree = Tree(render(of(wait=[5, 60] * 42, outcome=["answered"] * 84, queue=queues)))
    found = {text_of(tree.find("th", inside=row)[0]): row for row in tree.find("tr", inside=tree.section("groups"))}
    assert "class" not in found["large"]
    assert found["small"]["class"] == "grey"
    assert "50.0\u00a0%" in found["small"]["text"]
    assert tree.find("svg", inside=found["small"])
    assert "2 of 4" in found["few"]["text"]
    assert not tree.find("svg", inside=found["few"])


def test_groups_are_sorted_by_callers_hurt(tree: Tree) -> None:
    section = tree.section("groups")
    people = [
        int(each["text"].replace(",", ""))
        for each in tree.find("td", inside=section)
        if each.get("data-label") == "late or gone"
    ]
    assert len(people) == 3
    assert people == sorted(people, reverse=True)


def test_the_five_worst_half_hours_are_counted_in_people(document: dict[str, Any], tree: Tree) -> None:
    (table,) = tree.find("table", "worst")
    shown = [int(each["text"].replace(",", "")) for each in tree.find("b", inside=table)]
    assert shown == sorted((row["beyond"] for row in rows(document, "week_half_hours")), reverse=True)[:5]


def test_an_arrow_only_outside_the_noise(document: dict[str, Any]) -> None:
    noise = render(changed(document, -1.0, -2.5, 0.5))
    assert not re.search("[\u2190-\u21ff\u25b2-\u25bd]", noise)
    assert "no clear change: 95 % interval \u22122.5 to +0.5" in " ".join(Tree(noise).find("main")[0]["text"].split())
    down, up = (Tree(render(changed(document, *x))) for x in ((-4.2, -6.1, -2.3), (4.2, 2.3, 6.1)))
    for tree, arrow, limits in ((down, "\u2193", "\u22126.1 to \u22122.3"), (up, "\u2191", "+2.3 to +6.1")):
        assert [text_of(each) for each in tree.find("p", "change clear")] == [
            f"{arrow} 4.2 points 95 % interval {limits}6\u201312 Apr against 30 Mar \u2013 5 Apr"
        ]


def test_a_change_within_the_noise_is_no_sentence(document: dict[str, Any]) -> None:
    assert not any("fell" in each or "rose" in each for each in sentences(changed(document, -1.0, -2.5, 0.5), EN))
    worse = changed(document, -40.0, -46.0, -35.0)
    worse["tables"]["half_hours"]["rows"] = []
    worse["tables"]["groups"]["rows"] = []
    said = [each for each in sentences(worse, EN) if "fell" in each]
    assert said == [
        "Service level (answered within 20\u00a0s \u00f7 all offered contacts) fell by 40.0 points in "
        "6\u201312 April against 30 March \u2013 5 April (95\u00a0% interval \u221246.0 to \u221235.0)."
    ]


def test_no_data_is_neither_0_nor_100() -> None:
    tree = Tree(render(tiny()))
    gap = [text_of(each) for each in tree.find("tr", inside=tree.section("tiles")) if "08:30" in each["text"]]
    assert gap == []
    document = of(
        entered=[f"2026-03-02T{hour:02d}:0{i % 10}Z" for hour in (8, 12) for i in range(20)],
        wait=[5] * 40,
        outcome=["answered"] * 40,
    )
    tree = Tree(render(document))
    empty = [row for row in tree.find("tr", inside=tree.section("hurts")) if row["text"].startswith("10:00")]
    assert [tree.find("td", inside=row)[3]["text"] for row in empty] == ["no contacts"]
    waiting = Tree(render(of(wait=[3, 4], outcome=["unfinished"] * 2)))
    assert "not known yet" in text_of(waiting.section("tiles"))
    assert not re.search(r"\b(0|100)(\.0)?\s?%", text_of(waiting.section("tiles")))


def test_the_unfinished_last_period_is_drawn_differently(document: dict[str, Any], tree: Tree) -> None:
    whole = [row["whole"] for row in rows(document, "nps_periods")]
    assert whole == [True, True, True, True, False]
    wide = next(each for each in tree.find("svg", "wide") if each["aria-label"].startswith("NPS by week"))
    dots = [each["class"] for each in tree.find("circle", inside=wide)]
    assert [("unfinished" in css.split()) for css in dots] == [not each for each in whole]
    assert text_of(tree.section("voice")).count("(not whole)") == 1


def test_a_mean_stands_only_beside_its_distribution(document: dict[str, Any], tree: Tree) -> None:
    for name in ("short", "tiles", "hurts", "formulas", "groups", "voice", "back"):
        assert not re.search("mean|average", text_of(tree.section(name)))
    (mean,) = (row["mean"] for row in rows(document, "waits") if row["of"] == "answered")
    shown = text_of(tree.section("waiting"))
    assert shown.count(f"mean {mean:.0f} s") == shown.count("mean") == 2  # once in each size of the picture


def test_no_picture_has_two_axes_at_its_side(tree: Tree) -> None:
    for picture in tree.find("svg"):
        places = {each["x"] for each in tree.find("text", "tick end", inside=picture)}
        assert len(places) <= 1, picture["aria-label"]


def test_the_first_figure_of_a_metric_is_open_and_the_others_are_closed(tree: Tree) -> None:
    made = tree.section("made")
    closed = {text_of(tree.find("summary", inside=each)[0]): each for each in tree.find("details", "others", made)}
    counts = {summary: len(tree.find("article", inside=each)) for summary, each in closed.items()}
    assert counts == {
        "The same stays in a queue by 12 other formulas": 12,
        "The waits of others": 3,
        "The same within other numbers of days": 3,
    }
    assert not any("open" in each for each in closed.values())
    shown = [
        each
        for each in tree.find("article", inside=made)
        if not any("others" in a.get("class", "") for a in each["around"])
    ]
    assert [text_of(tree.find("code", inside=each)[0]) for each in shown] == [
        *(
            "service_level",
            "wait_time_answered",
            "transfer_rate",
            "transfers_per_contact",
            "abandonment",
            "first_contact_resolution_7d",
            "nps",
        )
    ]


def weeks(count: int) -> list[dict[str, Any]]:
    return [
        {"n": 9 + 7 * n % 1200, "value": 10.0, "low": -5.0, "high": 20.0, "whole": n < count - 1, "label": f"{n} Jan"}
        for n in range(count)
    ]


@pytest.mark.parametrize("count", [2, 5, 28, 60])
def test_n_stands_beside_every_period_however_many(count: int) -> None:
    tree = Tree(periods(weeks(count), EN, "NPS"))
    for picture in tree.find("svg"):  # one for a desk and one for a phone
        assert [each["text"] for each in tree.find("text", "n", picture)] == [
            EN.integer(row["n"]) for row in weeks(count)
        ]


def test_of_more_periods_than_a_picture_holds_the_last_are_drawn() -> None:
    days = [
        (datetime(2026, 1, 1, 10, tzinfo=UTC) + timedelta(days=n)).isoformat() for n in range(100) for _ in range(12)
    ]
    card = cx.scorecard({"score": [9, 3] * 600, "time": days}, tz="UTC", every="d")
    tree = Tree(card.to_html())
    caption = next(each["text"] for each in tree.find("figcaption") if "by day" in each["text"])
    assert "the last 60 of 100;" in caption
    assert (
        len(tree.find("text", "n", inside=next(svg for svg in tree.find("svg") if svg["aria-label"] == caption))) == 60
    )


def test_counts_of_neighbours_do_not_touch_in_a_narrow_heat_map() -> None:
    def cells(halves: int) -> list[dict[str, Any]]:
        return [
            {"weekday": 1, "start": f"{n // 2:02d}:{30 * (n % 2):02d}", "n": 9, "above": 8, "value": 88.9}
            for n in range(halves)
        ]

    tight = Tree(heat(cells(48), EN, "heat"))
    wide, narrow = tight.find("svg")
    assert [each["text"] for each in tight.find("text", "cell-few", wide)] == ["8", "9"] * 48
    assert len(tight.find("line", "fraction", wide)) == 48
    assert [each["text"] for each in tight.find("text", "cell-few", narrow)] == ["8/9"] * 48
    roomy = Tree(heat(cells(20), EN, "heat"))
    assert [each["text"] for each in roomy.find("text", "cell-few", roomy.find("svg")[0])] == ["8/9"] * 20


def test_who_came_back_is_drawn_from_what_was_measured_with_ticks_to_read_it_by() -> None:
    rows = [
        {"days": days, "n": 1000, "value": value, "low": value - 6, "high": value + 6}
        for days, value in ((1, 42.8), (7, 63.5), (14, 72.4), (30, 76.1))
    ]
    tree = Tree(repeats(rows, EN, "back"))
    for picture in tree.find("svg"):
        assert [each["text"] for each in tree.find("text", "tick end", picture)] == ["0", "25", "50", "75", "100"]
        (curve,) = tree.find("polyline", "curve", picture)
        points = curve["points"].split(" ")
        marks = [f"{each['cx']},{each['cy']}" for each in tree.find("circle", inside=picture)]
        assert points == marks


def test_colour_is_never_the_only_sign(tree: Tree) -> None:
    wide, narrow = (each for each in tree.find("svg") if each["aria-label"].startswith("Service level in per cent"))
    for picture in (wide, narrow):
        for shade in range(6):
            cells = tree.find("rect", f"h{shade}", inside=picture)
            numbers = [int(each["text"]) for each in tree.find("text", f"cell-h{shade}", inside=picture)]
            assert len(cells) == len(numbers)
            assert all(abs(heat_level(number) - shade) <= 1 for number in numbers)
    assert len(tree.find("rect", "cell", inside=wide)) > 100


def test_a_service_level_stands_with_its_formula_and_threshold(tree: Tree) -> None:
    formula = "answered within 20\u00a0s \u00f7 all offered stays in a queue"
    tile = tree.find("article", "tile")[0]
    assert formula in text_of(tile).replace("20 s", "20\u00a0s")
    captions = [each["text"] for tag in ("figcaption", "caption") for each in tree.find(tag)]
    shown = ("service level", "interval as a band", "a dot is")
    about = [text for text in captions if any(each in text.lower() for each in shown)]
    assert len(about) == 5  # two pictures, the two tables behind them, and the groups
    assert all(formula in text.replace("Answered", "answered") for text in about)


def test_invalid_is_not_0_when_the_file_was_cut(document: dict[str, Any]) -> None:
    cut = copy.deepcopy(document)
    cut["inputs"][0]["complete"] = False
    tree = Tree(render(cut))
    light = [text_of(each) for each in tree.find("p", "light")]
    assert light[0].endswith("the file was cut off, so what is invalid is not known")
    assert light[1].endswith("0 invalid")
    assert "not known: file cut" in text_of(tree.section("made"))


def test_invalid_rows_are_shown_with_row_and_value() -> None:
    tree = Tree(render(of(score=["9"] * 40 + ["11", "six"])))
    assert 'the first 2 of 2 row column value 41 score "11" 42 score "six"' in text_of(tree.section("made"))
    assert "40 survey answers, 0 without a score, 2 invalid" in text_of(tree.find("header")[0])


# Sentences


@pytest.mark.parametrize(
    ("count", "n", "text"),
    [
        (3101, 30161, "One caller in ten"),  # the bank's log
        (1, 3, "One caller in three"),
        (668, 1000, "Two callers in three"),
        (745, 1000, "Three callers in four"),
        (1, 500, "0.2\u00a0% of the callers"),
        (97, 100, "97.0\u00a0% of the callers"),
    ],
)
def test_shares_are_said_as_people_say_them(count: int, n: int, text: str) -> None:
    assert callers(count, n, EN) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [(24, "fewer than a quarter"), (49, "fewer than half"), (50, "fewer than two thirds"), (75, "75.0\u00a0%")],
)
def test_few_is_said_with_the_next_limit(count: int, text: str) -> None:
    assert fewer(count, 100, EN) == text


def test_the_worst_sentence_comes_first_in_people(document: dict[str, Any]) -> None:
    said = sentences(document, EN)
    assert said == [
        "19.2\u00a0% of the callers were not answered within 20\u00a0s: 5,217 of 27,192, of whom 1,910 left without "
        "an answer.",
        "26.0\u00a0% of the contacts were followed by another of the same customer within 7 days: 5,012 of 19,304 "
        "whose 7 days are over.",
        "In the half hours from 09:30 to 11:30 fewer than two thirds were answered within 20\u00a0s: 3,699 of 6,895, "
        "against 80.8\u00a0% of all.",
    ]
    assert 4486 > 3934 > 3283 - 1323


@pytest.mark.parametrize(
    ("in_time", "n", "said"),
    [
        (21, 200, "Nine callers in ten were not answered within 20\u00a0s: 179 of 200."),
        (7, 134, "94.8\u00a0% of the callers were not answered within 20\u00a0s: 127 of 134."),
    ],
)
def test_what_hurts_all_day_is_said_too(in_time: int, n: int, said: str) -> None:
    entered = [f"2026-03-02T08:{i % 60:02d}:00Z" for i in range(n)]
    waits = [5] * in_time + [60] * (n - in_time)
    assert sentences(of(entered=entered, wait=waits, outcome=["answered"] * n), EN)[0] == said


def test_a_group_hardly_worse_than_all_is_no_sentence() -> None:
    def said(late: int) -> list[str]:
        waits = [60] * late + [5] * (3000 - late) + [5] * 7000
        queues = ["support"] * 3000 + ["sales"] * 7000
        return sentences(of(wait=waits, outcome=["answered"] * 10000, queue=queues), EN)

    assert said(150) == [
        "1.5\u00a0% of the callers were not answered within 20\u00a0s: 150 of 10,000."
    ]  # 95.0 of 98.5 %
    assert said(1500)[1] == (
        "In support, fewer than two thirds were answered within 20\u00a0s: 1,500 of 3,000, against 85.0\u00a0% of all."
    )


# Every formula


def busy(**more: Any) -> dict[str, Any]:
    """300 contacts in a quiet half hour, 200 in a bad one: 60 in time, 80 late, 50 left, 10 asked to be called back."""
    quiet, bad = ["2026-03-02T08:00Z"] * 300, ["2026-03-02T10:00Z"] * 200
    columns = {
        "entered": quiet + bad,
        "wait": [5] * 300 + [5] * 60 + [90] * 80 + [8] * 50 + [8] * 10,
        "outcome": ["answered"] * 440 + ["abandoned"] * 50 + ["callback_requested"] * 10,
        "queue": ["a"] * 300 + ["b"] * 200,
    }
    return cx.scorecard(columns, tz="UTC", map=["wait=wait:s"], **more).to_dict()


@pytest.mark.parametrize("formula", [name for name in _core.SERVICE_LEVEL_FORMULAS if name != "es_law_10_2025"])
def test_people_are_counted_from_the_offered_by_every_formula(formula: str) -> None:
    document = busy(formula=formula)
    assert sentences(document, EN)[:2] == [
        "28.0\u00a0% of the callers were not answered within 20\u00a0s: 140 of 500, of whom 50 left without an answer.",
        "In the half hours from 10:00 to 10:30 fewer than a third were answered within 20\u00a0s: 60 of 200, against "
        "72.0\u00a0% of all.",
    ]
    tree = Tree(render(document))
    (worst,) = tree.find("table", "worst")
    assert [text_of(each) for each in tree.find("td", inside=worst)] == ["140", "200", "1"]
    people = [each["text"] for each in tree.find("td", inside=tree.section("groups")) if "data-label" in each]
    assert people == ["200", "140", "300", "0"]
    (total,) = [each for each in document["results"] if each["name"] == "service_level"]
    for name in ("half_hours", "week_half_hours", "groups"):
        for side, whole in (("above", total["counts"].get("above", 360)), ("n", total["n"])):
            assert sum(row[side] for row in rows(document, name)) == whole
    title = text_of(tree.find("h3", inside=tree.find("article", "tile")[0])[0])
    answered_only = total["counts"].get("above", 360) == 360
    assert title == f"{'Answered' if answered_only else 'In time'} within 20 s"


def test_a_formula_without_words_of_its_own_stands_by_its_name(
    document: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for key in [key for key in CATALOGUE if key.startswith("formula_service_level_offered")]:
        monkeypatch.delitem(CATALOGUE, key)
    worse = changed(document, -40.0, -46.0, -35.0)
    for language in ("en", "nl"):
        assert "formula_service_level" not in render(worse | {"language": language})
    worse["tables"]["half_hours"]["rows"] = worse["tables"]["groups"]["rows"] = []
    assert [each for each in sentences(worse, EN) if each.startswith("Service level (offered) fell by 40.0 points")]


def test_the_table_behind_shows_what_another_formula_counts() -> None:
    heads = {
        formula: [each["text"] for each in Tree(render(busy(formula=formula))).find("th") if each["scope"] == "col"]
        for formula in ("offered", "amazon")
    }
    assert heads["offered"][:6] == [
        *("day", "half hour", "contacts", "answered within 20\u00a0s", "not answered within 20\u00a0s", "value")
    ]
    assert heads["amazon"][5:8] == ["in time", "divided by", "value"]


def test_where_a_formula_counts_nobody_there_are_contacts_nevertheless() -> None:
    columns = {"wait": [5] * 40 + [30] * 12, "outcome": ["answered"] * 40 + ["abandoned"] * 12}
    columns["queue"] = ["a"] * 40 + ["b"] * 12
    card = cx.scorecard(columns, tz="UTC", map=["wait=wait:s"], formula="answered_only")
    row = next(row for row in Tree(card.to_html()).find("tr") if row["text"].startswith("b"))
    assert "none counted" in row["text"]


def test_where_nothing_was_compared_no_change_is_spoken_of() -> None:
    assert sentences(tiny(), EN) == ["Too few to say anything (n = 4)."]
    nothing = "Nothing stands out, and there are no two whole periods to compare (n = {})."
    assert sentences(of(score=[9] * 50 + [3] * 39), EN) == [nothing.format(89)]


def test_the_parts_of_the_light_add_up_to_the_rows() -> None:
    calls = {
        "entered": [f"2026-03-02T08:{minute:02}Z" for minute in range(30)],
        "wait": ["x"] * 3 + ["5"] * 27,
        "outcome": ["answered"] * 20 + [""] * 2 + ["abandoned"] * 8,
        "customer": ["3.1E+11"] * 1 + [str(n) for n in range(1, 30)],
    }
    light = sections.head(Page(of(**calls)))["light"]
    assert light == [
        "30 rows: 28 offered (20 answered, 8 left without an answer), 2 without a needed value, 0 invalid; of these "
        "rows, 3 with an invalid value in another column",
        "Beware: 3 of 30 values of wait are invalid; the figures that need them leave such rows out.",
    ]
    scores = sections.head(Page(of(score=["9"] * 40 + ["11", "NA"], time=["2026-03-02T08:00Z"] * 41 + ["x"])))
    assert scores["light"] == [
        "42 rows: 40 survey answers, 1 without a score, 1 invalid; of these rows, 1 with an invalid value in "
        "another column"
    ]


def test_an_nps_below_0_is_said_only_outside_the_noise() -> None:
    bad = sentences(of(score=[3] * 80 + [9] * 20), EN)
    assert bad == [
        "More customers advise against us than for us: 80 detractors, 20 promoters, NPS \u221260.0 (n = 100)."
    ]
    assert sentences(of(score=[3] * 11 + [9] * 10), EN) == [
        "Nothing stands out, and there are no two whole periods to compare (n = 21)."
    ]


# Language and numbers


def test_one_is_not_many() -> None:
    one = of(
        entered=["2026-03-02T08:00Z"], wait=[5], outcome=["answered"], customer=["1"], queue=["a"],
    )  # fmt: skip
    assert sections.head(Page(one))["light"] == ["1 row: 1 offered (1 answered), 0 invalid"]
    assert sections.head(Page(one))["files"][0]["line"] == "1 row as contacts"
    assert EN.counted("back_no_window", 1) == "within 1 day: no contact is that old yet"
    answers = Tree(render(of(score=["9", "x", "NA"] + ["8"] * 20)))
    assert "1 of 23 survey rows without a score;" in text_of(answers.section("voice"))
    assert "Not a whole number from 0 to 10, and not counted: 1." in text_of(answers.section("voice"))
    complete = text_of(Tree(render(of(score=[9, 3]))).section("voice"))
    assert "No survey row without a score (of 2);" in complete
    assert EN.counted("groups_more", 1) == "Not shown: 1 more group; the JSON has them all."
    for key, texts in CATALOGUE.items():
        assert not any(re.search(r"\{n\} (of these )?\w+ (have|are|hebben|zijn)\b", text) for text in texts), key


def through_queues(tmp_path: Path, **said: Any) -> dict[str, Any]:
    """Return the document of a log in which half of the calls go through two queues, and are answered in both."""
    lines = []
    for call in range(40):
        at = 1_772_438_400 + 600 * call
        for queue, late in (("first", 0), ("second", 100))[: 1 + call % 2]:
            lines += [
                f"{at + late}|c{call}|{queue}|NONE|ENTERQUEUE||{5550 + call}|1",
                f"{at + late + 30}|c{call}|{queue}|ann|CONNECT|30|x|3",
                f"{at + late + 60}|c{call}|{queue}|ann|BLINDTRANSFER|600|internal|30|30|1"
                if not late and call % 2
                else f"{at + late + 60}|c{call}|{queue}|ann|COMPLETEAGENT|30|30|1",
            ]
    log = tmp_path / "queue_log"
    log.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return cx.scorecard(log, tz="UTC", **said).to_dict()


def test_stays_in_a_queue_are_not_called_callers(tmp_path: Path) -> None:
    document = through_queues(tmp_path)
    page = Page(document)
    assert sections.head(page)["light"][0].startswith("60 stays in a queue of 40 contacts: 60 offered")
    first = sentences(document, page.words)[0]
    assert first == "100.0\u00a0% of the stays in a queue were not answered within 20\u00a0s: 60 of 60."
    shown = text_of(Tree(render(document)).all[0])
    assert "stays in a queue not answered within 20 s" in shown
    assert "After 33.3 % (20 of 60) of the answered stays in a queue an agent passed the call on." in shown
    assert "callers" not in shown
    dutch = text_of(Tree(render({**document, "language": "nl"})).all[0])
    assert "100,0 % van de keren in een wachtrij werd er niet binnen 20 s beantwoord: 60 van 60." in dutch
    assert "beller" not in dutch


def test_a_law_follows_the_caller_through_all_queues(tmp_path: Path) -> None:
    page = Page(through_queues(tmp_path, formula="es_law_10_2025", within="3min"))
    assert "\u00f7 all offered contacts (Spain" in page.formula
    assert page.words("worst_people", within="3 min") == "callers not answered within 3 min"
    assert "stays in a queue" in page.formula_of("abandonment", "offered")


def test_a_text_of_stays_stands_beside_the_one_that_it_replaces() -> None:
    for key in CATALOGUE:
        if key.endswith("_stays"):
            plain = key.removesuffix("_stays").removesuffix("_level")
            now, before = ({name for _, name, _, _ in Formatter().parse(CATALOGUE[each][0])} for each in (key, plain))
            assert now - {None} == before - {None}, key


def test_both_languages_have_the_same_places() -> None:
    for key, texts in CATALOGUE.items():
        places = [{name for _, name, _, _ in Formatter().parse(text) if name} for text in texts]
        assert places[0] == places[1], key
        assert all(texts), key


@pytest.mark.parametrize(
    ("seconds", "english", "dutch"),
    [
        (0, "0 s", "0 s"),
        (7.5, "7.5 s", "7,5 s"),
        (59.4, "59 s", "59 s"),
        (153, "2 min 33 s", "2 min 33 s"),
        (3600, "1 h", "1 u"),
        (3900, "1 h 05 min", "1 u 05 min"),
        (-75, "\u22121 min 15 s", "\u22121 min 15 s"),
    ],
)
def test_durations_are_written_for_people(seconds: float, english: str, dutch: str) -> None:
    assert Words("en").duration(seconds).replace("\u00a0", " ") == english
    assert Words("nl").duration(seconds).replace("\u00a0", " ") == dutch


def test_numbers_are_written_without_the_locale() -> None:
    assert Words("en").integer(1234567) == "1,234,567"
    assert Words("nl").integer(1234567) == "1.234.567"
    assert Words("nl").decimal(-1234.56, 1, sign=True) == "\u22121.234,6"
    assert Words("en").decimal(-0.04, 1, sign=True) == "0.0"


# In a browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is not installed")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, page: str) -> Path:
    place = tmp_path_factory.mktemp("page")
    (place / "month.html").write_text(page, encoding="utf-8")
    (place / "tiny.html").write_text(render(tiny(queue=["a" * 80, "b", "b", "b"])), encoding="utf-8")
    return place


def opened(browser: Any, file: Path, width: int, **options: Any) -> Any:
    view = browser.new_context(viewport={"width": width, "height": 844}, **options).new_page()
    view.goto(file.as_uri())
    return view


@pytest.mark.parametrize("name", ["month", "tiny"])
@pytest.mark.parametrize("width", [1280, 768, 390])
def test_nothing_scrolls_sideways(browser: Any, place: Path, name: str, width: int) -> None:
    view = opened(browser, place / f"{name}.html", width)
    view.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert view.evaluate("document.documentElement.scrollWidth") <= width
    outside = view.evaluate(
        "[...document.querySelectorAll('h1, h2, h3, p, td, th, svg text, dd')].filter(each => {"
        "  const box = each.getBoundingClientRect();"
        "  return box.width > 1 && (box.right > innerWidth + 0.5 || box.left < -0.5); }).map(each => each.textContent)"
    )
    assert outside == []
    view.context.close()


@pytest.mark.parametrize(("width", "media"), [(1280, "screen"), (390, "screen"), (700, "print")])
def test_no_figure_is_broken_over_two_lines(browser: Any, place: Path, width: int, media: str) -> None:
    view = opened(browser, place / "month.html", width)
    view.emulate_media(media=media)
    view.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    lines_of_figures = view.evaluate(
        "[...document.querySelectorAll('td, td b, tbody th')].filter(cell =>"
        "  /^[-+\u2212\u2013\\d.,:%\\s]*\\d[-+\u2212\u2013\\d.,:%\\s]*$/.test(cell.textContent)"
        "  && !cell.children.length && cell.checkVisibility()).map(cell => {"
        "  const all = document.createRange(); all.selectNodeContents(cell);"
        "  return [cell.textContent, new Set([...all.getClientRects()].map(box => Math.round(box.y))).size]; })"
    )
    assert len(lines_of_figures) > 100
    assert [text for text, lines in lines_of_figures if lines > 1] == []
    view.context.close()


def test_a_phone_has_one_column_and_pictures_of_its_own(browser: Any, place: Path) -> None:
    wide, phone = (opened(browser, place / "month.html", width) for width in (1280, 390))
    lefts = "[...new Set([...document.querySelectorAll('.tile h3')].map(e => Math.round(e.getBoundingClientRect().x)))]"
    assert len(wide.evaluate(lefts)) == 4
    assert len(phone.evaluate(lefts)) == 1
    shown = "[...document.querySelectorAll('svg.{}')].filter(each => each.getBoundingClientRect().width > 0).length"
    assert wide.evaluate(shown.format("wide")) == phone.evaluate(shown.format("narrow")) == 6
    assert wide.evaluate(shown.format("narrow")) == phone.evaluate(shown.format("wide")) == 0
    smallest = phone.evaluate(
        "Math.min(...[...document.querySelectorAll('svg.narrow text')].map(e => e.getBoundingClientRect().height))"
    )
    assert smallest > 9
    for shown in (wide, phone):
        shown.context.close()


def test_nothing_is_asked_of_anybody(browser: Any, place: Path) -> None:
    view = browser.new_context(java_script_enabled=False).new_page()
    asked: list[str] = []
    view.on("request", lambda request: asked.append(request.url))
    view.goto((place / "month.html").as_uri())
    assert asked == [(place / "month.html").as_uri()]
    view.context.close()


@pytest.mark.parametrize("name", ["month", "tiny"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing(browser: Any, place: Path, name: str, width: int) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed").Axe()
    view = opened(browser, place / f"{name}.html", width, bypass_csp=True)
    view.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    found = axe.run(view, options={"resultTypes": ["violations"]}).response  # of what passes, one element
    assert [(each["id"], each["nodes"][0]["html"]) for each in found["violations"]] == []
    assert len(found["passes"]) > 10
    view.context.close()


@pytest.fixture(scope="module")
def long() -> dict[str, Any]:
    """Return a document whose sections 1-4 are long: all weekdays and half hours, all changes, long lines."""
    columns: dict[str, list[Any]] = {name: [] for name in ("entered", "wait", "outcome", "customer", "queue")}
    for day in range(35):
        before = day < 28
        for half in range(48):
            for nth in range(7 if half > 12 else day % 7 == half % 7):
                row = len(columns["wait"])
                bad = half in range(28, 36) or (before and nth in (3, 4))
                wait = 75 + row % 50 if bad else 1500 if nth == 6 else 3 + row % 13 + 12 * before
                columns["entered"].append(f"{datetime(2026, 3, 2) + timedelta(days=day, minutes=30 * half + nth)}")
                columns["wait"].append("x" if row % 900 == 7 else str(wait))
                columns["outcome"].append("abandoned" if (nth + half) % (9 if before else 30) == 0 else "answered")
                columns["customer"].append(str(row % (300 if day < 21 else 3000)) if nth % 2 else None)
                columns["queue"].append(f"a queue with a name {nth % 3}")
    said = {"tz": "Asia/Jerusalem", "map": ["wait=wait:s"], "organisation": "A Bank with a Long Name"}
    return cx.scorecard(columns, **said).to_dict()


@pytest.mark.parametrize(("name", "lang"), [("month", "en"), ("long", "en"), ("long", "nl")])
def test_sections_1_to_4_are_printed_on_one_a4(
    browser: Any, document: dict[str, Any], long: dict[str, Any], tmp_path: Path, name: str, lang: str
) -> None:
    file = tmp_path / "page.html"
    file.write_text(render({"month": document, "long": long}[name] | {"language": lang}), encoding="utf-8")
    view = opened(browser, file, 1280)
    view.pdf(path=str(tmp_path / "page.pdf"), prefer_css_page_size=True)
    view.context.close()
    size = subprocess.run(["pdfinfo", "page.pdf"], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert "(A4)" in size
    text = subprocess.run(
        ["pdftotext", "-layout", "page.pdf", "-"], cwd=tmp_path, capture_output=True, text=True, check=True
    ).stdout
    first, second = text.split("\f")[:2]
    words, tree = Words(lang, ["level_stays"] if name == "month" else []), Tree(file.read_text("utf-8"))
    parts = [text_of(tree.find("h1")[0]), words("hurts"), words("worst", within="20 s")]
    parts += [text_of(each) for each in tree.find("h3", inside=tree.section("tiles"))]
    printed = " ".join(first.split())
    for part in parts[:3]:
        assert part in printed
    assert len(tree.find("article", "tile")) == 4
    if name == "long":
        assert len(tree.find("p", "change clear", tree.section("tiles"))) == 4
    assert len(re.findall(r"d\w+ \d\d:\d\d\u2013\d\d:\d\d +\d", first)) == 5
    assert second.lstrip().startswith(words("waiting"))


@pytest.mark.parametrize("count", [5, 28, 60])
@pytest.mark.parametrize("width", [1280, 390])
def test_no_n_lies_on_another(browser: Any, tmp_path: Path, count: int, width: int) -> None:
    style = (Path(cx.page.__file__).parent / "style.css").read_text("utf-8")
    page = f"<!doctype html><style>{style}</style><main>{periods(weeks(count), EN, 'NPS')}</main>"
    (tmp_path / "weeks.html").write_text(page, encoding="utf-8")
    view = opened(browser, tmp_path / "weeks.html", width)
    boxes = view.evaluate(
        "[...document.querySelectorAll('svg text')].map(each => each.getBoundingClientRect())"
        ".filter(box => box.width > 0).map(box => [box.left, box.top, box.right, box.bottom])"
    )
    view.context.close()
    assert len(boxes) > count
    touching = [
        (one, other)
        for n, one in enumerate(boxes)
        for other in boxes[:n]
        if min(one[2], other[2]) - max(one[0], other[0]) > 1 and min(one[3], other[3]) - max(one[1], other[1]) > 3
    ]
    assert touching == []
