"""The PDF is tagged, in British English, and says what its pictures show."""

import re
import zlib
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from sim.report.document.blocks import Document, Drawing, Grid, Heading, Items, Paragraph
from sim.report.document.portable import portable
from sim.report.figures import days_to_seen
from tests.report.comparisons import MORE_WORKERS, a_comparison

MARKUP = 'A "quoted" \\ #panic("no") *word*, $x$ <label> @name [x] // and = `code` - 5 \\'


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
        ),
    )


@pytest.fixture(scope="module")
def made(document: Document) -> bytes:
    return portable(document)


def everything(pdf: bytes) -> bytes:
    """The file with what is compressed in it beside it."""
    streams = re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL)
    found = [pdf]
    for stream in streams:
        try:
            found.append(zlib.decompressobj().decompress(stream))
        except zlib.error:
            continue
    return b"\n".join(found)


def test_it_says_that_it_is_pdf_ua_1_tagged_and_in_british_english(made: bytes) -> None:
    said = everything(made)

    assert b"pdfuaid:part>1<" in said
    assert b"/Marked true" in said
    assert re.search(rb"/Lang ?\(en-GB\)", said)


def test_headings_header_cells_captions_and_pictures_are_tagged_as_such(made: bytes) -> None:
    said = everything(made)

    for tag in (b"/H1", b"/H2", b"/TH", b"/Caption", b"/Figure", b"/L"):
        assert re.search(rb"/S ?" + tag + rb"\b", said), tag
    assert b"/Alt" in said


def test_words_that_look_like_markup_are_words(document: Document) -> None:
    # Were they not, it would not be made at all: they ask it to stop.
    assert portable(replace(document, blocks=(Heading("One"), Paragraph(MARKUP)))).startswith(b"%PDF-")


def test_the_same_report_is_the_same_bytes(document: Document, made: bytes) -> None:
    assert portable(document) == made
