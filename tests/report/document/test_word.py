"""The Word file as programs that read it aloud, and Word itself, find it."""

import io
import re
import zipfile
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import docx
import pytest

from sim.report import result_file
from sim.report.assurance import Assurance
from sim.report.document.about import about
from sim.report.document.assembling import report
from sim.report.document.blocks import Document
from sim.report.document.word import LANGUAGE, word
from tests.report.results import a_result

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Document, bytes]:
    folder = a_result(tmp_path_factory.mktemp("result"))
    found = report(about(result_file.read(folder), "more-workers", None, Assurance()))
    return found, word(found)


@pytest.fixture(scope="module")
def body(made: tuple[Document, bytes]) -> ET.Element:
    with zipfile.ZipFile(io.BytesIO(made[1])) as archive:
        return ET.fromstring(archive.read("word/document.xml"))  # noqa: S314  (made here)


def test_it_opens_and_its_headings_are_those_of_the_report_in_order_and_without_gaps(
    made: tuple[Document, bytes],
) -> None:
    opened = docx.Document(io.BytesIO(made[1]))
    found = [
        (int(p.style.name[-1]), p.text) for p in opened.paragraphs if p.style and p.style.name.startswith("Heading")
    ]

    assert found == list(made[0].headings())
    levels = [level for level, _ in found]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert [text for level, text in found if level == 1][:3] == [
        "Summary", "Before you use these figures", "Definitions and clocks"
    ]  # fmt: skip


def test_every_table_has_a_header_row_that_repeats_and_rows_that_stay_whole(body: ET.Element) -> None:
    tables = body.findall(f".//{W}tbl")

    assert len(tables) >= 10
    for table in tables:
        first, *others = table.findall(f"{W}tr")
        assert first.find(f"{W}trPr/{W}tblHeader") is not None
        assert others
        assert all(row.find(f"{W}trPr/{W}tblHeader") is None for row in others)
        assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in (first, *others))
        assert table.find(f"{W}tblPr/{W}tblDescription") is not None


def test_the_properties_of_a_table_stand_in_the_order_word_asks_for(body: ET.Element) -> None:
    order = ["tblStyle", "tblW", "jc", "tblBorders", "tblLayout", "tblLook", "tblCaption", "tblDescription"]
    for properties in body.iterfind(f".//{W}tblPr"):
        places = [order.index(each.tag.removeprefix(W)) for each in properties]
        assert places == sorted(places)


def test_every_picture_says_what_it_shows(body: ET.Element) -> None:
    about_them = body.findall(f".//{DRAWING}inline/{DRAWING}docPr")

    assert len(about_them) >= 3
    assert all(len(each.get("descr", "")) > 80 for each in about_them)


def test_captions_are_counted_by_fields_in_their_order(body: ET.Element) -> None:
    for kind in ("Figure", "Table"):
        fields = [f for f in body.iter(f"{W}fldSimple") if f.get(f"{W}instr") == f"SEQ {kind} \\* ARABIC"]
        shown = ["".join(text.text or "" for text in field.iter(f"{W}t")) for field in fields]
        assert shown == [str(number) for number in range(1, len(fields) + 1)]
    pictures, tables = len(body.findall(f".//{DRAWING}inline")), len(body.findall(f".//{W}tbl"))
    assert sum(1 for f in body.iter(f"{W}fldSimple")) == pictures + tables


def test_its_language_is_british_everywhere_and_its_fonts_are_no_themes(made: tuple[Document, bytes]) -> None:
    with zipfile.ZipFile(io.BytesIO(made[1])) as archive:
        styles = archive.read("word/styles.xml").decode()
        core = archive.read("docProps/core.xml").decode()

    assert set(re.findall(r'<w:lang [^>]*w:val="([^"]+)"', styles)) == {LANGUAGE}
    assert f"<dc:language>{LANGUAGE}</dc:language>" in core
    normal = re.search(r'<w:style [^>]*w:styleId="Normal".*?</w:style>', styles, re.DOTALL)
    assert normal is not None
    assert "Theme" not in normal[0]


def test_the_same_report_is_the_same_bytes(made: tuple[Document, bytes]) -> None:
    assert word(made[0]) == made[1]


def test_each_page_says_that_it_is_simulated_by_which_run_and_who_answers_for_it(made: tuple[Document, bytes]) -> None:
    foot = docx.Document(io.BytesIO(made[1])).sections[0].footer.paragraphs[0].text

    assert foot.startswith("Simulated figures: planning evidence. Front Door 0.1.0, run ")
    assert "Quality assurance: not assured." in foot


def test_no_name_of_this_machine_or_user_is_in_it(made: tuple[Document, bytes]) -> None:
    with zipfile.ZipFile(io.BytesIO(made[1])) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())

    assert str(Path.home()).encode() not in everything
    assert b"generated by python-docx" not in everything
