import itertools
import re
from html.parser import HTMLParser
from typing import NamedTuple

import pytest

from sim.experiment import Comparison
from sim.report.figures import figures
from sim.report.page import page
from tests.report.comparisons import MORE_WORKERS, a_comparison, a_scenario, three_scenarios, with_one_draw

RECORD = {"run": "3f9a12bc77", "made": "23 November 2026"}
VOID = {"meta", "br", "img", "link"}


def made(comparison: Comparison) -> str:
    return page(comparison, figures(comparison, RECORD), RECORD)


class Element(NamedTuple):
    tag: str
    attributes: dict[str, str | None]
    inside: tuple[str, ...]


class Reader(HTMLParser):
    """A page as a browser reads it: its elements, its words outside drawings, its tables as rows of cells."""

    def __init__(self, written: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[Element] = []
        self.words = ""
        self.tables: dict[str, list[list[str]]] = {}
        self.feed(written)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.elements.append(Element(tag, attributes, tuple(self.open)))
        if tag == "table":
            self.rows = self.tables.setdefault(str(attributes["aria-labelledby"]), [])
        if tag == "tr":
            self.rows.append([])
        if tag in {"td", "th"}:
            self.rows[-1].append("")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, dict(attrs), tuple(self.open)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "svg" not in self.open and "style" not in self.open:
            self.words += data
        if {"td", "th"} & set(self.open):
            self.rows[-1][-1] += data.strip()


@pytest.fixture(scope="module")
def written() -> str:
    return made(three_scenarios())


@pytest.fixture(scope="module")
def read(written: str) -> Reader:
    return Reader(written)


def test_the_page_asks_nothing_of_any_machine(written: str, read: Reader) -> None:
    assert "http" not in written
    assert "//" not in re.sub(r"<!--.*?-->|/\*.*?\*/", "", written)
    assert not re.search(r"\bsrc\s*=|@import|url\((?!#)|<script|<link", written)
    assert all(str(e.attributes.get("href", "#")).startswith("#") for e in read.elements)


def test_every_element_is_closed_and_no_name_stands_twice(read: Reader) -> None:
    names = [e.attributes["id"] for e in read.elements if "id" in e.attributes]

    assert read.open == []
    assert sorted(set(map(str, names))) == sorted(map(str, names))


def test_every_reference_inside_the_page_has_its_end(written: str, read: Reader) -> None:
    names = {e.attributes["id"] for e in read.elements if "id" in e.attributes}
    wanted = set(re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)|aria-labelledby="([^"]+)"', written))

    assert {name for found in wanted for name in found if name} <= names


def test_the_page_is_in_british_english_and_fits_a_phone(written: str, read: Reader) -> None:
    assert read.elements[0].attributes["lang"] == "en-GB"
    assert '<meta name="viewport" content="width=device-width, initial-scale=1">' in written
    outside = [e for e in read.elements if e.tag == "table" and "div" not in e.inside]
    assert outside == []


def test_headings_step_down_one_at_a_time_from_a_single_first(read: Reader) -> None:
    levels = [int(e.tag[1]) for e in read.elements if re.fullmatch("h[1-6]", e.tag)]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_every_table_heading_says_what_it_heads(read: Reader) -> None:
    headings = [e for e in read.elements if e.tag == "th"]

    assert headings
    assert {e.attributes.get("scope") for e in headings} == {"col", "row", "rowgroup"}


def test_every_figure_is_told_in_words(read: Reader) -> None:
    drawings = [e for e in read.elements if e.attributes.get("role") == "img"]
    pictures = figures(three_scenarios(), RECORD)

    assert len(drawings) == len([e for e in read.elements if e.tag == "figure"]) == 3
    for drawing, picture in zip(drawings, pictures, strict=True):
        assert drawing.attributes["aria-label"] == picture.alt
        assert "simulated" in picture.alt
        assert "More social workers" in picture.alt


def test_the_levels_read_back_are_those_of_the_comparison(read: Reader) -> None:
    rows = {row[0]: row[1:] for row in read.tables["levels-1"]}

    assert rows["The county as it is (baseline)"] == [
        "6.4",
        "13.8",
        "3.3",
        "9.4",
        "37%",
        "37%",
        "78%",
        "37%",
        "63",
        "6.3",
    ]
    assert rows["More social workers"][:2] == ["5.8", "12.0"]
    assert {row[0]: row[1:] for row in read.tables["levels-2"]}["The county as it is (baseline)"][1] == "14.2"


def test_the_changes_read_back_with_both_ranges(read: Reader) -> None:
    rows = read.tables["changes-1"]
    start = next(place for place, row in enumerate(rows) if row[0] == "More social workers")
    block = [[cell.replace("\N{MINUS SIGN}", "-") for cell in row] for row in rows[start : start + 3]]

    assert block[0][:5] == ["More social workers", "-0.6", "-1.8", "+5", "-18"]
    assert block[1][:3] == ["Simulation error", "-0.7 to -0.5", "-2.2 to -1.4"]
    assert block[2][:3] == ["What we do not know", "-0.9 to -0.2", "-2.6 to -0.7"]


def test_the_same_children_and_the_safety_checks_read_back(read: Reader) -> None:
    same = next(row for row in read.tables["same-children"] if row[0] == "More social workers")
    safety = dict(row for row in read.tables["safety-checks"] if len(row) == 2)

    assert same[1:3] == ["all children", "\N{MINUS SIGN}0.9"]
    assert safety["More social workers"] == "None worse."
    assert safety["A vacancy shock"].startswith("Safety check worse: Longest waits of children at immediate risk")


def test_ranges_not_explored_are_worded() -> None:
    rows = Reader(made(a_comparison(with_one_draw(MORE_WORKERS), draws=1))).tables["changes-1"]

    assert rows[3] == ["What we do not know", *["not explored"] * 4, "none in any run", "not explored"]


def test_the_page_says_that_it_is_simulated_and_which_run_it_shows(read: Reader) -> None:
    said, details = read.words.split("Run details", maxsplit=1)

    assert "Simulated figures. No number on this page describes a real child" in said
    assert "3f9a12bc77" in details
    assert not re.search(r"\breplications?\b|\bdraws?\b|\bseed\b", said)
    assert not re.search(r"\bwill\b", read.words)


def test_one_scenario_alone_has_no_changes() -> None:
    read = Reader(made(a_comparison()))

    assert set(read.tables) == {"levels-1", "levels-2", "stage-days", "open-work"}
    assert "baseline" not in read.words.split("What is counted", maxsplit=1)[0].lower()


def test_words_from_a_scenario_file_cannot_become_markup() -> None:
    sly = a_scenario("sly", "<script>alert('x')</script>", {}, summary='<img src="x">')
    written = made(a_comparison(sly))

    assert "<script" not in written
    assert "<img" not in written
    assert "&lt;script&gt;" in written


def test_the_same_comparison_gives_the_same_page() -> None:
    assert made(a_comparison(MORE_WORKERS)) == made(a_comparison(MORE_WORKERS))
