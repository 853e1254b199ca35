import io
import zipfile

import pytest
from openpyxl import Workbook, load_workbook

from sim.report.tables import tables
from sim.report.wording import Number
from sim.report.workbook import excel_format, workbook
from tests.report.comparisons import SHOCK, a_comparison, a_scenario, three_scenarios

RECORD = {"run": "3f9a12bc77"}


@pytest.fixture(scope="module")
def book() -> Workbook:
    return load_workbook(io.BytesIO(workbook(three_scenarios(), RECORD)))


def test_each_table_is_a_sheet_with_its_numbers_unrounded(book: Workbook) -> None:
    assert book.sheetnames == [
        "Read me",
        "Summary",
        "Every measure",
        "Safety checks",
        "Same children",
        "Open work",
        "Where the days go",
    ]
    for table in tables(three_scenarios()):
        rows = list(book[table.title].iter_rows(values_only=True))
        assert rows[0] == table.headings
        assert len(rows) == len(table.rows) + 1
        for written, meant in zip(rows[1:], table.rows, strict=True):
            for cell, wanted in zip(written, meant, strict=True):
                assert cell == (pytest.approx(wanted.scaled) if isinstance(wanted, Number) else _in_a_cell(wanted))


def _in_a_cell(content: str | int | None) -> str | int | None:
    return None if content == "" else content


def test_sheets_are_made_to_be_read(book: Workbook) -> None:
    for sheet in book.worksheets[1:]:
        assert sheet.freeze_panes == "C2"
        assert sheet["A1"].font.bold
        assert sheet.auto_filter.ref
        assert all(sheet.column_dimensions[letter].width >= 10 for letter in "ABC")
        assert sheet.HeaderFooter.oddFooter is not None
        assert sheet.HeaderFooter.oddFooter.left.text == "Simulated figures"


def test_the_first_sheet_says_what_the_others_hold_and_which_run_made_them(book: Workbook) -> None:
    words = {str(name): str(said) for name, said in book["Read me"].iter_rows(values_only=True)}

    assert "simulated" in words["Basis"]
    first = book["Read me"]
    assert first.row_dimensions[3].height >= 15 * len(str(first["B3"].value)) / 110
    assert words["Run details: run"] == "3f9a12bc77"
    assert words["Sheet: Same children"].startswith("Children referred and seen under both")
    assert words["Measure: Children seen within 10 days"].startswith("Seen by the end of calendar day 10")


def test_a_title_that_looks_like_a_formula_stays_a_title() -> None:
    sly = a_scenario("sly", "=1+1", {})
    book = load_workbook(io.BytesIO(workbook(a_comparison(sly), RECORD)))

    cell = book["Summary"]["B4"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


@pytest.mark.parametrize(
    ("number", "form"),
    [
        (Number(12.3, "days"), "0.0"),
        (Number(0.5, "share"), "0.0"),
        (Number(45.0, "children"), "#,##0"),
        (Number(4.5, "children"), "0.0"),
        (Number(-1.8, "days", signed=True), '[>=0.05]+0.0;[<=-0.05]-0.0;"0.0"'),
    ],
)
def test_numbers_are_formatted_by_unit_and_size(number: Number, form: str) -> None:
    assert excel_format(number) == form


def test_the_same_comparison_gives_the_same_bytes_and_no_time_of_making() -> None:
    first, second = (workbook(a_comparison(SHOCK), RECORD) for _ in range(2))

    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b">2000-01-01T00:00:00Z</dcterms:modified>" in archive.read("docProps/core.xml")
