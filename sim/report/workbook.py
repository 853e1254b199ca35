"""The tables as one workbook: a sheet each, and a first sheet that says what they are."""

import io
import math
from collections.abc import Mapping

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from sim.experiment import Comparison
from sim.measures import MEASURES
from sim.report.archives import NO_MOMENT, timeless
from sim.report.assumptions import unvaried_lines
from sim.report.notices import TITLE, notices
from sim.report.sentences import range_notes, run_details, sentences
from sim.report.tables import Cell, Table, tables
from sim.report.wording import RATIO, SHARE, Number

_INK, _PAPER, _BAND = "FFFFFF", "12436D", "E7ECF1"
_HEADER_FILL = PatternFill("solid", start_color=_PAPER, end_color=_PAPER)
_BAND_FILL = PatternFill("solid", start_color=_BAND, end_color=_BAND)
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_LEAST_WIDTH, _MOST_WIDTH, _READ_ME_WIDTH = 10, 48, 110
_HEADING_LINES_HEIGHT = 62
_LINE_HEIGHT, _LINE_GAP = 15, 4


def workbook(comparison: Comparison, record_summary: Mapping[str, str]) -> bytes:
    """The workbook's bytes: a `Read me` sheet and one for each of `tables`."""
    book = Workbook()
    book.properties.creator = "Front Door"
    book.properties.title = "Front Door: scenarios compared (simulated)"
    book.properties.created = NO_MOMENT
    first = book.worksheets[0]
    first.title = "Read me"
    _read_me(first, comparison, record_summary)
    for table in tables(comparison):
        _fill(book.create_sheet(table.title), table)
    file = io.BytesIO()
    book.save(file)
    return timeless(file.getvalue())


def _read_me(sheet: Worksheet, comparison: Comparison, record_summary: Mapping[str, str]) -> None:
    lines: list[tuple[str, str]] = [("Front Door: scenarios compared on days from contact to child seen", "")]
    lines += [("Basis", "Every figure in this workbook is simulated. None describes a real child, family or worker.")]
    lines += [("In plain English", paragraph) for paragraph in sentences(comparison)]
    lines += [(TITLE, notice) for notice in notices(comparison)]
    lines += [("Ranges", note) for note in range_notes(comparison)]
    lines += [("Not varied", words) for words in unvaried_lines(comparison)]
    lines += [(f"Sheet: {table.title}", table.meaning) for table in tables(comparison)]
    lines += [("Run details", run_details(comparison))]
    lines += [(f"Run details: {name}", value) for name, value in record_summary.items()]
    lines += [(scenario.title, scenario.summary) for scenario in comparison.scenarios if scenario.summary]
    lines += [(f"Measure: {measure.label}", measure.meaning) for measure in MEASURES]
    for row, (name, words) in enumerate(lines, start=1):
        # Not every program fits the height of a row to its words when it opens the file.
        most = max(math.ceil(len(name) / _MOST_WIDTH), math.ceil(len(words) / _READ_ME_WIDTH))
        sheet.row_dimensions[row].height = _LINE_HEIGHT * most + _LINE_GAP
        _write(sheet, row, 1, name)
        _write(sheet, row, 2, words)
        sheet.cell(row, 1).font = Font(bold=True, size=14 if row == 1 else 11)
        for column in (1, 2):
            sheet.cell(row, column).alignment = Alignment(wrap_text=row > 1, vertical="top")
    sheet.column_dimensions["A"].width = _MOST_WIDTH
    sheet.column_dimensions["B"].width = _READ_ME_WIDTH
    _printable(sheet)


def _fill(sheet: Worksheet, table: Table) -> None:
    for column, heading in enumerate(table.headings, start=1):
        _write(sheet, 1, column, heading)
        cell = sheet.cell(1, column)
        cell.font, cell.fill = Font(bold=True, color=_INK), _HEADER_FILL
        cell.alignment = Alignment(wrap_text=True, vertical="bottom")
    for row, contents in enumerate(table.rows, start=2):
        for column, content in enumerate(contents, start=1):
            _write(sheet, row, column, content)
    sheet.row_dimensions[1].height = _HEADING_LINES_HEIGHT
    sheet.freeze_panes = "C2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(table.headings))}{len(table.rows) + 1}"
    for column, width in enumerate(_widths(table), start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    _band(sheet, table)
    _printable(sheet)


def _write(sheet: Worksheet, row: int, column: int, content: Cell) -> None:
    if isinstance(content, Number):
        if not math.isnan(content.value):
            cell = sheet.cell(row, column, content.scaled)
            cell.number_format = excel_format(content)
        return
    cell = sheet.cell(row, column, content)
    if isinstance(content, str) and cell.data_type == "f":
        # A title that begins with "=" is a title.
        cell.data_type = "s"


def excel_format(number: Number) -> str:
    """The number format: one decimal for days and per cent, counts whole from ten, changes signed."""
    if number.unit == RATIO:
        return "0.00"
    decimals = "0.0" if number.unit in {"days", "working days", "hours", SHARE} or abs(number.value) < 10 else "#,##0"  # noqa: PLR2004
    if not number.signed:
        return decimals
    # By size and not by sign, and nought as words: a change too small to show would else stand as -0.0.
    least = 0.5 if decimals == "#,##0" else 0.05
    return f'[>={least}]+{decimals};[<=-{least}]-{decimals};"{"0" if least > 0.1 else "0.0"}"'  # noqa: PLR2004


def _widths(table: Table) -> list[int]:
    widths = []
    for place, heading in enumerate(table.headings):
        words = [str(row[place]) for row in table.rows if isinstance(row[place], str)]
        longest = max((len(word) for word in words), default=0)
        part = max(len(word) for word in heading.split())
        widths.append(min(max(_LEAST_WIDTH, longest + 2, part + 2, len(heading) // 4), _MOST_WIDTH))
    return widths


def _band(sheet: Worksheet, table: Table) -> None:
    """Shade every other scenario, so that the eye keeps to its rows."""
    names = list(dict.fromkeys(str(row[0]) for row in table.rows))
    for row, cells in enumerate(table.rows, start=2):
        if names.index(str(cells[0])) % 2:
            for column in range(1, len(cells) + 1):
                sheet.cell(row, column).fill = _BAND_FILL


def _printable(sheet: Worksheet) -> None:
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "1:1"
    sheet.HeaderFooter.oddFooter = HeaderFooterItem(
        left=_HeaderFooterPart("Simulated figures"), right=_HeaderFooterPart("&A, page &P of &N")
    )
