"""A report as a PDF that programs can read aloud: tagged, to PDF/UA-1, which refuses a picture without words."""

import re
from collections.abc import Mapping
from functools import singledispatch
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import matplotlib as mpl

from sim.report.document.blocks import Block, Document, Drawing, Grid, Heading, Items, Paragraph
from sim.report.figures.style import png
from sim.report.wording import typographic

STANDARD: Final = "ua-1"
_MAIN: Final = "main.typ"
_FONT: Final = "DejaVu Sans"
_LONG: Final = re.compile(r"\S{18,}")
_BREAK: Final = "\N{ZERO WIDTH SPACE}"
_SETTINGS: Final = f"""
#set text(lang: "en", region: "GB", font: "{_FONT}", size: 9pt, fill: rgb("#0B0C0C"))
#set par(justify: false, leading: 0.62em, spacing: 1em)
#set list(indent: 0.4em, spacing: 0.6em)
#set table(stroke: (x: none, y: 0.5pt + rgb("#B1B4B6")), inset: (x: 4pt, y: 3pt), align: left,
  fill: (_, y) => if y == 0 {{ rgb("#E7ECF1") }})
#show table: set par(leading: 0.45em)
#show figure.where(kind: table): set block(breakable: true)
#set figure(gap: 0.5em)
#show figure: set block(above: 1.4em, below: 0.9em)
#show figure: set align(left)
#show figure.caption: set align(left)
#show figure.caption: set text(size: 8pt, weight: "bold")
#set figure.caption(position: top)
#show heading: set text(fill: rgb("#12436D"))
#show heading.where(level: 1): set text(size: 14pt)
#show heading.where(level: 2): set text(size: 11pt)
#show heading: set block(above: 1.3em, below: 0.7em, sticky: true)
#show title: set text(size: 16pt, fill: rgb("#12436D"))
#show title: set block(below: 0.9em)
"""


def is_there() -> bool:
    """Whether what writes PDFs is installed: it is large, and an extra."""
    return find_spec("typst") is not None


def portable(document: Document) -> bytes:
    """The bytes of the PDF; the same each time for the same report."""
    # Here and not above: it is an extra.
    import typst  # noqa: PLC0415

    files: dict[str, bytes] = {}
    lines = [_opening(document), *(_written(block, files) for block in document.blocks)]
    files[_MAIN] = "\n\n".join(lines).encode()
    with TemporaryDirectory() as folder:
        for name, content in files.items():
            (Path(folder) / name).write_bytes(content)
        return typst.compile(
            str(Path(folder) / _MAIN),
            font_paths=[str(Path(mpl.get_data_path()) / "fonts" / "ttf")],
            ignore_system_fonts=True,
            pdf_standards=STANDARD,
            timestamp=document.made,
        )


def _opening(document: Document) -> str:
    made = document.made
    foot = f"{_text(document.foot)} Page #context counter(page).display() of #context counter(page).final().first()"
    return (
        f'#set document(title: {_quoted(document.title)}, author: "Front Door", '
        f"description: {_quoted(document.subject)}, "
        f"date: datetime(year: {made.year}, month: {made.month}, day: {made.day}))\n"
        f'#set page(paper: "a4", margin: (x: 2cm, y: 1.8cm), footer: text(size: 7.5pt, fill: rgb("#505A5F"))[{foot}])'
        f"{_SETTINGS}#title()"
    )


@singledispatch
def _written(block: Block, _: dict[str, bytes]) -> str:
    raise TypeError(f"{block!r} is no part of a report")


@_written.register
def _(block: Heading, _: dict[str, bytes]) -> str:
    page = "#pagebreak(weak: true)\n" if block.on_new_page else ""
    return f"{page}#heading(level: {block.level})[{_text(block.text)}]"


@_written.register
def _(block: Paragraph, _: dict[str, bytes]) -> str:
    opening = f"#strong[{_text(block.opening)}] " if block.opening else ""
    words = f"{opening}{_text(block.text)}"
    return f"#text(size: 10pt)[{words}]" if block.is_lead else words


@_written.register
def _(block: Items, _: dict[str, bytes]) -> str:
    return f"#list({', '.join(f'[{_text(line)}]' for line in block.lines)})"


@_written.register
def _(block: Drawing, files: dict[str, bytes]) -> str:
    name = f"picture-{len(files) + 1}.png"
    files[name] = png(block.picture)
    picture = f'image("{name}", width: {block.share:.0%}, alt: {_quoted(block.picture.alt)})'
    return f"#figure({picture}, kind: image, caption: [{_text(block.caption)}])"


@_written.register
def _(block: Grid, _: dict[str, bytes]) -> str:
    widths = ", ".join(f"{width}fr" for width in block.widths)
    header = ", ".join(f"strong[{_text(words)}]" for words in block.headings)
    rows = "\n".join(f"  {_row(row)}," for row in block.rows)
    table = f"table(columns: ({widths}), table.header({header}),\n{rows}\n)"
    size = "7pt" if block.is_small else "8pt"
    note = f'\n#text(size: 7.5pt, fill: rgb("#505A5F"))[{_text(block.note)}]' if block.note else ""
    caption = f"caption: [{_text(block.caption)}]"
    return f"#[#set text(size: {size})\n#figure({table}, kind: table, {caption})]{note}"


def _row(row: tuple[str, ...]) -> str:
    return ", ".join(f"[{_text(_breakable(cell))}]" for cell in row)


def _breakable(words: str) -> str:
    """Words of which those too long for a column may be broken after a point or a stroke, as a lever's path is."""
    return _LONG.sub(lambda found: re.sub(r"([._])", f"\\1{_BREAK}", found[0]), words)


def _text(words: str) -> str:
    """Words in which nothing is markup."""
    return " #linebreak() ".join(f"#{_quoted(line)}" for line in words.split("\n"))


def _quoted(words: str) -> str:
    """A string of the language that typst reads."""
    inner = "".join(_ESCAPES.get(character, character) for character in typographic(words))
    return f'"{inner}"'


_ESCAPES: Final[Mapping[str, str]] = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}
