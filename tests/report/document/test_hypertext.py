"""The report as a web page: its parts as what they are, nothing fetched, and words that are never markup."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from sim.report.document.blocks import Document, Drawing, Grid, Heading, Items, Paragraph
from sim.report.document.hypertext import hypertext
from sim.report.figures import days_to_seen
from tests.report.comparisons import MORE_WORKERS, a_comparison

MARKUP = '<b onclick="x">&amp; {{ 7 * 7 }} -5'
WRITTEN = "&lt;b onclick=&#34;x&#34;&gt;&amp;amp; {{ 7 * 7 }} \N{MINUS SIGN}5"


@pytest.fixture(scope="module")
def document() -> Document:
    picture = days_to_seen(a_comparison(MORE_WORKERS), {"run": "3f9a12bc77"})
    return Document(
        title="A report",
        subject=MARKUP,
        foot="Simulated figures.",
        made=datetime(2026, 11, 29, 12, 30, tzinfo=UTC),
        blocks=(
            Heading("Summary"),
            Paragraph(MARKUP, "Opening.", is_lead=True),
            Items((MARKUP, "another")),
            Grid("A caption", ("one", "two"), ((MARKUP, "a\nb"), ("", "-1.5")), (1, 2), note=MARKUP, is_small=True),
            Heading("Below", 2, on_new_page=True),
            Drawing("A figure", picture),
            Grid("Another", ("one",), (("x",),), (1,)),
            Heading("Last"),
        ),
    )


@pytest.fixture(scope="module")
def page(document: Document) -> str:
    return hypertext(document).decode()


def test_headings_stand_below_the_title_and_those_of_parts_in_the_contents(page: str) -> None:
    assert re.findall(r"<h(\d)[^>]*>([^<]*)<", page) == [
        ("1", "A report"),
        ("2", "Summary"),
        ("3", "Below"),
        ("2", "Last"),
    ]
    assert re.findall(r'<li><a href="#([\w-]+)">([^<]*)<', page) == [("heading-1", "Summary"), ("heading-3", "Last")]
    assert all(f'id="{name}"' in page for name in ("heading-1", "heading-3", "main"))
    assert len(re.findall(r'id="', page)) == len(set(re.findall(r'id="([^"]*)"', page)))


def test_tables_have_captions_with_numbers_and_header_cells_for_columns_and_rows(page: str) -> None:
    assert re.findall(r"<caption[^>]*>([^<]*)<", page) == ["Table 1: A caption", "Table 2: Another"]
    assert page.count('<th scope="col">') == 3
    assert page.count('<th scope="row">') == 3
    assert "<td>\N{MINUS SIGN}1.5</td>" in page


def test_a_picture_stands_under_its_caption_with_its_words(document: Document, page: str) -> None:
    picture = next(block.picture for block in document.blocks if isinstance(block, Drawing))

    assert "<figcaption>Figure 1: A figure</figcaption>" in page
    assert 'role="img" aria-label="Days from contact' in page
    assert picture.alt[-30:].replace("-", "\N{MINUS SIGN}") in page or picture.alt[-30:] in page
    assert '<svg aria-hidden="true"' in page


def test_words_are_never_markup(page: str) -> None:
    assert "<b onclick" not in page
    assert page.count(WRITTEN) == 5
    assert "49" not in page.partition("<svg")[0]


def test_it_fetches_nothing_and_runs_nothing(page: str) -> None:
    assert not re.search(r"(?:src|href)=\"(?!#)|url\((?!#)|@import|<script", page)


def test_the_same_report_is_the_same_bytes(document: Document) -> None:
    short = replace(document, blocks=document.blocks[:4])

    assert hypertext(short) == hypertext(short)
