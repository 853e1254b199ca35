"""A report as a Word file: real headings and captions, header rows, words for every picture, and British English."""

import io
from collections.abc import Mapping
from functools import singledispatch
from typing import Any, Final

import docx
from docx.document import Document as File
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph as Written
from docx.text.run import Run

from sim.report.archives import timeless
from sim.report.document.blocks import Block, Document, Drawing, Grid, Heading, Items, Paragraph
from sim.report.figures.style import png
from sim.report.wording import typographic

LANGUAGE: Final = "en-GB"
FONT: Final = "Arial"
_WIDTH_CM, _PICTURE_CM, _MARGIN_CM = 17.0, 16.8, 2.0
_INK, _BLUE, _QUIET = RGBColor(0x0B, 0x0C, 0x0C), RGBColor(0x12, 0x43, 0x6D), RGBColor(0x50, 0x5A, 0x5F)
_HEADER_SHADE, _RULE = "E7ECF1", "B1B4B6"
_TEXT, _SMALL = Pt(10.5), Pt(9)
_HEADINGS: Final = {1: (Pt(16), 14, 5), 2: (Pt(13), 12, 4), 3: (Pt(11.5), 8, 3)}
_THEMES = ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme")


def word(document: Document) -> bytes:
    """The bytes of the Word file; the same each time for the same report."""
    file = docx.Document()
    _page(file)
    _styles(file)
    _properties(file, document)
    _foot(file, document.foot)
    file.add_paragraph(document.title, style="Title")
    for block in document.blocks:
        _write(block, file)
    content = io.BytesIO()
    file.save(content)
    return timeless(content.getvalue(), document.made)


@singledispatch
def _write(block: Block, _: File) -> None:
    raise TypeError(f"{block!r} is no part of a report")


@_write.register
def _(block: Heading, file: File) -> None:
    written = file.add_heading(typographic(block.text), block.level)
    written.paragraph_format.page_break_before = block.on_new_page


@_write.register
def _(block: Paragraph, file: File) -> None:
    written = file.add_paragraph(style="Lead" if block.is_lead else None)
    if block.opening:
        written.add_run(f"{typographic(block.opening)} ").bold = True
    written.add_run(typographic(block.text))


@_write.register
def _(block: Items, file: File) -> None:
    for line in block.lines:
        file.add_paragraph(typographic(line), style="List Bullet")


@_write.register
def _(block: Drawing, file: File) -> None:
    _caption(file, "Figure", block.caption)
    written = file.add_paragraph()
    written.paragraph_format.space_after = Pt(8)
    shape = written.add_run().add_picture(io.BytesIO(png(block.picture)), width=Cm(_PICTURE_CM * block.share))
    place = shape._inline  # noqa: SLF001  (python-docx has no way to say what a picture shows)
    for side in ("distT", "distB", "distL", "distR"):
        place.set(side, "0")
    about = place.docPr
    about.set("descr", typographic(block.picture.alt))
    about.set("title", typographic(block.picture.title))


@_write.register
def _(block: Grid, file: File) -> None:
    _caption(file, "Table", block.caption)
    table = file.add_table(rows=1, cols=len(block.headings))
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.LEFT, False
    _about(table, block)
    _borders(table)
    style = "Small table text" if block.is_small else "Table text"
    _fill(table.rows[0], block.headings, style, is_header=True)
    for row in block.rows:
        _fill(table.add_row(), row, style, is_header=False)
    total = sum(block.widths)
    for column, share in enumerate(block.widths):
        width = Cm(_WIDTH_CM * share / total)
        table.columns[column].width = width
        for cell in table.columns[column].cells:
            cell.width = width
    note = file.add_paragraph(typographic(block.note), style="Note")
    note.paragraph_format.space_after = Pt(10 if block.note else 2)


def _fill(row: _Row, texts: tuple[str, ...], style: str, *, is_header: bool) -> None:
    settings = row._tr.get_or_add_trPr()  # noqa: SLF001  (python-docx has no way to repeat a header, or keep a row whole)
    settings.append(_element("w:cantSplit"))
    if is_header:
        settings.append(_element("w:tblHeader"))
    for cell, text in zip(row.cells, texts, strict=True):
        written = cell.paragraphs[0]
        written.style = style
        run = written.add_run(typographic(text))
        run.bold = is_header
        written.paragraph_format.keep_with_next = is_header
        if is_header:
            _shade(cell)


def _about(table: Table, block: Grid) -> None:
    """What a table holds, for who cannot see it, and that its first row is its header."""
    settings = table._tbl.tblPr  # noqa: SLF001  (likewise)
    for name, words in (("w:tblCaption", block.caption), ("w:tblDescription", block.alt or block.caption)):
        settings.append(_element(name, {"val": typographic(words)}))


def _borders(table: Table) -> None:
    borders = _element("w:tblBorders")
    for side in ("top", "bottom", "insideH"):
        borders.append(_element(f"w:{side}", {"val": "single", "sz": "4", "space": "0", "color": _RULE}))
    # The order of what stands in a table's properties is fixed: borders come before its layout and its words.
    settings = table._tbl.tblPr  # noqa: SLF001  (likewise)
    after = next(each for each in settings if each.tag in {qn("w:tblLayout"), qn("w:tblLook"), qn("w:tblCaption")})
    after.addprevious(borders)


def _shade(cell: _Cell) -> None:
    shade = _element("w:shd", {"val": "clear", "color": "auto", "fill": _HEADER_SHADE})
    cell._tc.get_or_add_tcPr().append(shade)  # noqa: SLF001  (likewise)


def _caption(file: File, kind: str, words: str) -> None:
    """A caption that Word counts and can list: `Table 3: ...`, above what it is of."""
    written = file.add_paragraph(style="Caption")
    written.paragraph_format.keep_with_next = True
    written.add_run(f"{kind} ")
    number = sum(
        1 for each in file.element.body.iter(qn("w:fldSimple")) if f"SEQ {kind}" in each.get(qn("w:instr"), "")
    )
    _field(written, f"SEQ {kind} \\* ARABIC", str(number + 1))
    written.add_run(f": {typographic(words)}")


def _field(written: Written, instruction: str, shown: str) -> None:
    """A field that Word can reckon anew, with what it shows until then."""
    field = _element("w:fldSimple", {"instr": instruction})
    run = Run(OxmlElement("w:r"), written)
    run.text = shown
    field.append(run._r)  # noqa: SLF001  (python-docx has no fields)
    written._p.append(field)  # noqa: SLF001  (likewise)


def _element(name: str, attributes: Mapping[str, str] | None = None) -> Any:  # noqa: ANN401  (lxml's, which has no types)
    made = OxmlElement(name)
    for attribute, value in (attributes or {}).items():
        made.set(qn(f"w:{attribute}"), value)
    return made


def _page(file: File) -> None:
    section = file.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = Cm(_MARGIN_CM)
    section.top_margin, section.bottom_margin = Cm(1.6), Cm(1.6)
    section.header_distance = section.footer_distance = Cm(0.9)


def _foot(file: File, words: str) -> None:
    written = file.sections[0].footer.paragraphs[0]
    written.style = "Note"
    written.add_run(f"{typographic(words)} Page ")
    _field(written, "PAGE", "1")
    written.add_run(" of ")
    _field(written, "NUMPAGES", "1")


def _styles(file: File) -> None:
    _language(file)
    styles = file.styles
    for name in ("Normal", "Title", "Heading 1", "Heading 2", "Heading 3", "Caption", "List Bullet"):
        _font(styles[name], _TEXT)
    normal = styles["Normal"].paragraph_format
    normal.space_after, normal.line_spacing = Pt(6), 1.1
    for level, (size, before, after) in _HEADINGS.items():
        style = styles[f"Heading {level}"]
        _font(style, size, _BLUE, bold=True)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
        style.paragraph_format.keep_with_next = True
    _font(styles["Title"], Pt(18), _BLUE, bold=True)
    _no_rule(styles["Title"])
    styles["Title"].paragraph_format.space_after = Pt(4)
    _font(styles["Caption"], _SMALL, _INK, bold=True)
    styles["Caption"].paragraph_format.space_before, styles["Caption"].paragraph_format.space_after = Pt(8), Pt(3)
    styles["List Bullet"].paragraph_format.space_after = Pt(3)
    for name, size, ink in (("Lead", Pt(11.5), _INK), ("Note", _SMALL, _QUIET)):
        style = styles.add_style(name, 1)
        style.base_style = styles["Normal"]
        _font(style, size, ink)
    for name, size in (("Table text", Pt(9.5)), ("Small table text", Pt(8))):
        style = styles.add_style(name, 1)
        style.base_style = styles["Normal"]
        _font(style, size)
        form = style.paragraph_format
        form.space_after, form.line_spacing, form.alignment = Pt(1), 1.0, WD_ALIGN_PARAGRAPH.LEFT


def _font(style: Any, size: Pt, ink: RGBColor = _INK, *, bold: bool = False) -> None:  # noqa: ANN401  (of several kinds)
    """A font that is this one: the template's own are its theme's, which wins over any name."""
    style.font.name, style.font.size, style.font.bold, style.font.italic = FONT, size, bold, False
    style.font.color.rgb = ink
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in _THEMES:
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), FONT)


def _no_rule(style: Any) -> None:  # noqa: ANN401  (likewise)
    for rule in style.element.findall(f".//{qn('w:pBdr')}"):
        rule.getparent().remove(rule)


def _language(file: File) -> None:
    """British English in the defaults, from which every style has it; the template says American."""
    for each in file.styles.element.iter(qn("w:lang")):
        each.set(qn("w:val"), LANGUAGE)


def _properties(file: File, document: Document) -> None:
    about = file.core_properties
    about.title, about.subject, about.language = document.title, document.subject, LANGUAGE
    about.author = about.last_modified_by = "Front Door"
    about.keywords, about.comments, about.category = document.keywords, document.foot, "Report"
    about.created = about.modified = document.made.replace(tzinfo=None)
    about.revision = 1
