"""An observed record as text for a terminal or a file: plain characters, no colour codes."""

import textwrap
from collections.abc import Iterator
from dataclasses import replace

from rich.console import RenderableType
from rich.text import Text

from sim.report.observed.account import (
    Account,
    computed,
    found,
    lack_in_words,
    lacks,
    lead,
    levels,
    others,
    said,
    says_seen,
    signs,
)
from sim.report.observed.against import NAME as AGAINST
from sim.report.observed.tables import OBSERVED, known_columns
from sim.report.tables import Table
from sim.report.terminal import Line, grids, printed, terminal_width, titled
from sim.report.views import Heading

LOCAL = (
    "events.parquet, contacts.parquet and the quality files hold single children's dates: keep them as you keep the "
    "extract. What can be passed on is named in README.txt."
)
_HEADING_CHARACTERS = 9
_NAME_CHARACTERS = 12


def text(told: Account, width: int | None = None) -> str:
    """What was found, who is waiting, the days to seen and the measures; `width` in characters."""
    width = terminal_width() if width is None else width
    return printed(_blocks(told, width), width)


def _blocks(told: Account, width: int) -> Iterator[RenderableType]:
    yield titled(f"What {told.reading.name} holds", "", _pairs(told))
    yield titled("What can be computed from it", "", *_lines(computed(told), width))
    missed = [lack_in_words(lack) for lack in lacks(told)]
    if missed:
        yield titled("What it does not say", "", *_lines(missed, width))
    yield titled("Who is waiting", "", Text(lead(told)))
    shown = ("waiting", "teams", "months") if told.reading.waiting.known else ("months",)
    for name in shown:
        if name in told.tables:
            yield _block(known_columns(told.tables[name]), width)
    if "staff" in told.tables:
        yield _block(known_columns(_named_by_both(told.tables["staff"])), width)
    if AGAINST in told.tables:
        yield _block(told.tables[AGAINST], width)
    if says_seen(told):
        yield _levels(told, width)
    yield _others(told, width)
    yield Text(signs(told))


def _pairs(told: Account) -> Text:
    pairs = list(found(told, exact=True))
    indent = max(_NAME_CHARACTERS, *(len(name) for name, _ in pairs)) + 2
    return Text("\n".join(f"{name:<{indent}}{value}" for name, value in pairs))


def _lines(words: list[str], width: int) -> Iterator[Text]:
    for line in words:
        yield Text(textwrap.fill(f"- {line}", width, subsequent_indent="  "))


def _block(table: Table, width: int) -> RenderableType:
    """A table without its last column, which says that it is observed: the title does."""
    headings = [Heading(name, textwrap.fill(name, _HEADING_CHARACTERS)) for name in table.headings[1:-1]]
    lines = [Line(str(row[0]), tuple(said(cell) for cell in row[1:-1])) for row in table.rows]
    title = f"{table.title} ({table.rows[0][-1] if table.rows else OBSERVED})"
    return titled(title, table.meaning, *grids(headings, lines, width, table.headings[0].capitalize()))


def _named_by_both(table: Table) -> Table:
    """A table whose rows are named by their first two columns together."""
    rows = tuple((f"{said(row[0])}: {said(row[1])}", *row[2:]) for row in table.rows)
    return replace(table, headings=(" and ".join(table.headings[:2]), *table.headings[2:]), rows=rows)


def _levels(told: Account, width: int) -> RenderableType:
    headings, rows = levels(told)
    lines = [Line(label, cells) for label, cells in rows]
    note = "The same measures, of the same kind, as a comparison shows; those of other groups are in measures.csv."
    return titled(
        "Days from contact to child seen, whole window (observed)", note, *grids(headings, lines, width, "Children")
    )


def _others(told: Account, width: int) -> RenderableType:
    headings = [Heading("value", "value"), Heading("unit", "unit")]
    lines = [Line(label, cells) for label, cells in others(told)]
    note = "Of all children, over the window, as in measures.csv; a comparison measures the same."
    return titled("What else this record tells (observed)", note, *grids(headings, lines, width, "Measure"))
