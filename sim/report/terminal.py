"""A comparison as text for a terminal or a file: plain characters, no colour codes."""

import io
import shutil
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from rich.box import Box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from sim.experiment import Comparison
from sim.report import views
from sim.report.assumptions import NOTE, assumptions
from sim.report.assumptions import TITLE as ASSUMED
from sim.report.notices import TITLE, notices
from sim.report.sentences import range_notes, run_details, sentences
from sim.report.starting import inherited_view
from sim.report.wording import SIMULATION_ERROR, UNKNOWNS

WIDTH = 110
"""Where no terminal says how wide it is."""
WIDEST = 130

_LABEL_WIDTH = len(UNKNOWNS) + 2
_CELL_WIDTH = 12
_GAP = 2
# Only characters that every code page has: a table sent to a file on Windows must not fail.
RULES = Box("    \n    \n -- \n    \n    \n    \n    \n    \n", ascii=True)


class Line(NamedTuple):
    """One line of a table: its label and cells, and whether a blank line follows."""

    label: str
    cells: tuple[str, ...]
    is_last: bool = False


def text(comparison: Comparison, width: int | None = None) -> str:
    """The tables, what they say in plain English, and the run details; `width` in characters."""
    width = terminal_width() if width is None else width
    return printed(_blocks(comparison, width), width)


def terminal_width() -> int:
    """How wide the terminal is, as far as tables go."""
    return min(shutil.get_terminal_size((WIDTH, 24)).columns, WIDEST)


def printed(blocks: Iterable[RenderableType], width: int) -> str:
    """Blocks below one another as plain text, a blank line between them."""
    console = Console(file=io.StringIO(), width=width, color_system=None, legacy_windows=False, emoji=False)
    with console.capture() as captured:
        for block in blocks:
            console.print(block, highlight=False, markup=False)
            console.print()
    lines = (line.rstrip() for line in captured.get().splitlines())
    return "\n".join(lines).strip() + "\n"


def _blocks(comparison: Comparison, width: int) -> Iterator[RenderableType]:
    for place, levels in enumerate(views.levels(comparison)):
        yield titled(levels.title, "" if place else levels.note, *grids(levels.headings, _level_lines(levels), width))
    for place, changes in enumerate(views.changes(comparison)):
        yield titled(
            changes.title, "" if place else changes.note, *grids(changes.headings, _change_lines(changes), width)
        )
    for later in views.later(comparison):
        yield titled(later.title, later.note, *grids(later.headings, _change_lines(later), width))
    inherited = inherited_view(comparison)
    if inherited is not None:
        yield titled(inherited.title, inherited.note, *grids(inherited.headings, _level_lines(inherited), width))
    same = views.same_children(comparison)
    if same is not None:
        yield Text("\n".join(range_notes(comparison)))
        counts = same.headings[-len(same.rows[0][1][0].counts) :]
        yield titled(same.counts_title, same.note, *grids(counts, _same_lines(same), width))
        yield titled("Safety checks", "", *_safety(comparison))
    if assumptions(comparison):
        yield titled(ASSUMED, NOTE, *_assumed(comparison))
    yield titled("In plain English", "", Text("\n\n".join(sentences(comparison))))
    if notices(comparison):
        yield titled(TITLE, "", Text("\n\n".join(notices(comparison))))
    yield titled("Run details", "", Text(run_details(comparison)))


def titled(title: str, note: str, *parts: RenderableType) -> Group:
    """A block under its title, with a note where there is one."""
    heading: list[RenderableType] = [Text(title), Text("=" * len(title)), *([Text(note)] if note else [])]
    return Group(*heading, *parts)


def _level_lines(view: views.LevelsView) -> list[Line]:
    return [Line(title, cells) for title, cells in view.rows]


def _change_lines(view: views.ChangesView) -> list[Line]:
    lines = []
    for title, cells in view.rows:
        lines.append(Line(title, tuple(cell.mean for cell in cells)))
        lines.append(Line(f"  {SIMULATION_ERROR}", tuple(cell.simulation_error for cell in cells)))
        lines.append(Line(f"  {UNKNOWNS}", tuple(cell.unknowns for cell in cells), is_last=True))
    return lines


def _same_lines(view: views.SameView) -> list[Line]:
    """How many of all children were seen sooner and later; their mean change stands in the tables above."""
    return [Line(title, groups[0].counts) for title, groups in view.rows]


def _safety(comparison: Comparison) -> Iterator[RenderableType]:
    for title, words in views.safety(comparison):
        yield Text(title)
        yield Padding(Text(words), (0, 0, 0, 2))


def _assumed(comparison: Comparison) -> Iterator[RenderableType]:
    for title, lines in assumptions(comparison):
        yield Text(title)
        for words in lines:
            yield Padding(Text(f"{words}."), (0, 0, 0, 2))


def grids(
    headings: Sequence[views.Heading], lines: Sequence[Line], width: int, of: str = "Scenario"
) -> Iterator[RenderableType]:
    """The lines as one table, or as several below one another where the columns do not fit side by side."""
    lines = [line._replace(cells=tuple(_narrowed(cell) for cell in line.cells)) for line in lines]
    for first, last in _fitting(headings, lines, width - _LABEL_WIDTH):
        table = Table(box=RULES, show_edge=False, padding=(0, 1, 0, 0))
        table.add_column(of, vertical="bottom", overflow="fold")
        for heading in headings[first:last]:
            table.add_column(heading.short, justify="right", vertical="bottom", no_wrap=True)
        for line in lines:
            table.add_row(line.label, *line.cells[first:last], end_section=line.is_last)
        yield table
        if last < len(headings):
            yield Text("")


def _fitting(headings: Sequence[views.Heading], lines: Sequence[Line], room: int) -> Iterator[tuple[int, int]]:
    """Slices of the columns that fit side by side, each at least one column."""
    columns = zip(*(line.cells for line in lines), strict=True)
    widths = [_width((heading.short, *cells)) + _GAP for heading, cells in zip(headings, columns, strict=True)]
    first = 0
    for place in range(len(widths)):
        if sum(widths[first : place + 1]) > room and place > first:
            yield first, place
            first = place
    yield first, len(widths)


def _width(cells: Sequence[str]) -> int:
    return max(len(line) for cell in cells for line in (cell.splitlines() or [""]))


def _narrowed(cell: str) -> str:
    """Words broken over lines; numbers and ranges left whole."""
    return cell if cell[-1:].isdigit() or cell.endswith("%") else textwrap.fill(cell, _CELL_WIDTH)
