"""The PDF is tagged, in British English, and says what its pictures show."""

import re
import zlib
from collections.abc import Mapping
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


def streams(pdf: bytes) -> list[bytes]:
    """What is compressed in the file."""
    found = []
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        try:
            found.append(zlib.decompressobj().decompress(stream))
        except zlib.error:
            continue
    return found


def everything(pdf: bytes) -> bytes:
    """The file with what is compressed in it beside it."""
    return b"\n".join([pdf, *streams(pdf)])


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


def test_its_title_stands_in_the_window_and_in_its_metadata(made: bytes) -> None:
    said = everything(made)

    assert b"/DisplayDocTitle true" in said
    assert b'<rdf:li xml:lang="en-GB">A report<' in said or re.search(rb"<dc:title>.*?>A report<", said, re.DOTALL)
    assert b"/Suspects true" not in said


def test_every_header_cell_says_that_it_is_of_its_column_and_every_picture_has_words_and_a_place(
    document: Document, made: bytes
) -> None:
    elements = structure(made)
    columns = sum(len(block.headings) for block in document.blocks if isinstance(block, Grid))

    assert [b"/Scope/Column" in each for each in elements["TH"]] == [True] * columns
    assert [b"/Alt" in each and b"/BBox" in each for each in elements["Figure"]] == [True]
    assert len(elements["TR"]) == 1 + 2
    assert len(elements["THead"]) == len(elements["Table"]) == 1


def test_the_headings_in_the_structure_are_those_of_the_report_and_no_level_is_left_out(
    document: Document, made: bytes
) -> None:
    elements = structure(made)
    levels = [level for level, _ in document.headings()]

    assert [len(elements[f"H{level}"]) for level in (1, 2)] == [levels.count(1), levels.count(2)]
    assert not {"H3", "H4"} & elements.keys()
    assert all(level <= before + 1 for before, level in zip([0, *levels], levels, strict=False))


def test_nothing_stands_on_a_page_that_is_neither_tagged_nor_marked_as_an_artifact(made: bytes) -> None:
    pages = [content for content in streams(made) if re.search(rb"\bT[jJ]\b", content)]

    assert len(pages) == 2
    for content in pages:
        depth = 0
        # Between brackets stands text, in which anything may be, and after a stroke a name; what is left are operators.
        bare = re.sub(rb"\((?:\\.|[^\\)])*\)|<[0-9A-Fa-f]*>|/[\w.+-]+", b" ", content, flags=re.DOTALL)
        for word in re.findall(rb"[A-Za-z*]+", bare):
            depth += word in {b"BDC", b"BMC"}
            depth -= word == b"EMC"
            assert depth or word not in {b"Tj", b"TJ", b"Do", b"f", b"S"}, word
        assert depth == 0


def structure(pdf: bytes) -> Mapping[str, list[bytes]]:
    """The elements of the structure tree by their kind, as they are written."""
    found: dict[str, list[bytes]] = {}
    for each in re.findall(rb"\d+ 0 obj\s*(<</Type/StructElem.*?)endobj", everything(pdf), re.DOTALL):
        kind = re.search(rb"/S/(\w+)", each)
        assert kind is not None
        found.setdefault(kind[1].decode(), []).append(each)
    return found


def test_words_that_look_like_markup_are_words(document: Document) -> None:
    # Were they not, it would not be made at all: they ask it to stop.
    assert portable(replace(document, blocks=(Heading("One"), Paragraph(MARKUP)))).startswith(b"%PDF-")


def test_the_same_report_is_the_same_bytes(document: Document, made: bytes) -> None:
    assert portable(document) == made
