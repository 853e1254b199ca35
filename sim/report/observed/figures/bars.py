"""Bars side by side: children waiting by stage and age, and contacts a month by who made them."""

import math
import textwrap
from collections.abc import Iterable, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sim.report.figures.style import (
    DARK_BLUE,
    QUIET,
    SMALL_SIZE,
    TEXT_SIZE,
    WIDTH,
    Picture,
    canvas,
    drawing,
    place,
    subtitle,
)
from sim.report.observed.account import Account, basis, lead
from sim.report.observed.hiding import HIDDEN
from sim.report.observed.tables import NOT_IN_RECORD, WHOLE_WINDOW, each_contact, is_stage, tells_unseen
from sim.report.tables import Cell, Table
from sim.report.wording import sentence

HIDDEN_NOTE = f"{HIDDEN}: hidden, a small count or one that would give a small one away."
_LEFT, _GAP, _TOP, _FOOT = 0.55, 0.42, 1.35, 1.05
_WAITING_HEIGHT, _PANEL_HEIGHT, _PANEL_GAP = 2.1, 1.2, 0.95
_ACROSS = 4
_LABELLED_UP_TO = 6
_IN_THOUSANDS = 5_000
_HEADING_CHARACTERS = 22


def children_waiting(told: Account) -> Picture:
    """A panel for each stage on one scale, a bar for each band of age."""
    table = told.tables["waiting"]
    rows = [row for row in table.rows if is_stage(row)]
    bands = [
        heading.replace(" days", "").replace(" day", "").replace(" to ", "\N{EN DASH}")
        for heading in table.headings[1:-3]
    ]
    title = lead(told).partition(". ")[0].rstrip(".") if tells_unseen(told.reading) else table.title
    with drawing("children_waiting"):
        words = subtitle("Children by the stage their contact has come to, and by days since it was received")
        figure = canvas(
            _TOP + _WAITING_HEIGHT + _FOOT, title, words, source(told, (cell for row in table.rows for cell in row))
        )
        width = (WIDTH - _LEFT - _GAP * len(rows)) / len(rows)
        most = _most(cell for row in rows for cell in row[1:-3])
        for number, row in enumerate(rows):
            axes = place(figure, _LEFT + number * (width + _GAP), _FOOT, width, _WAITING_HEIGHT)
            _bars(axes, row[1:-3], most)
            axes.set_xticks(range(len(bands)), bands)
            _heading(axes, sentence(str(row[0])))
            axes.set_xlabel("days since receipt")
    return Picture("children_waiting", title, _alt(table, title), figure)


def contacts_a_month(told: Account) -> Picture:
    """A panel for all contacts and for each source, a bar a month, all sources on one scale."""
    table = told.tables["contacts_by_source"]
    months = [row for row in table.rows if row[0] != WHOLE_WINDOW]
    columns = {heading: [row[place + 1] for row in months] for place, heading in enumerate(table.headings[1:-1])}
    columns = {"all": columns.pop("all"), **columns}
    down = math.ceil(len(columns) / _ACROSS)
    height = _TOP + down * (_PANEL_HEIGHT + _PANEL_GAP) + _FOOT - _PANEL_GAP
    title = "Contacts received a month, by who made them"
    with drawing("contacts_a_month"):
        words = subtitle(
            f"Every contact, {each_contact(told.reading)}", "The sources share one scale, all contacts have their own"
        )
        figure = canvas(height, title, words, source(told, (cell for row in table.rows for cell in row)))
        most = _most(cell for name, cells in columns.items() if name != "all" for cell in cells)
        for number, (name, cells) in enumerate(columns.items()):
            axes = _panel(figure, number, height)
            _bars(axes, cells, _most(cells) if name == "all" else most)
            _heading(axes, sentence(name))
            name_months(axes, [str(row[0]) for row in months])
    return Picture("contacts_a_month", title, _alt(table, title), figure)


def source(told: Account, shown: Iterable[Cell]) -> str:
    """The foot of a figure that shows these cells: what the signs mean among them, and where it is from."""
    notes = {HIDDEN: HIDDEN_NOTE, NOT_IN_RECORD: f"?: {NOT_IN_RECORD}."}
    signs = {cell for cell in shown if isinstance(cell, str)}
    found = " ".join(note for sign, note in notes.items() if sign in signs)
    return "\n".join((found, basis(told))) if found else basis(told)


def _panel(figure: Figure, number: int, height: float) -> Axes:
    row, column = divmod(number, _ACROSS)
    width = (WIDTH - _LEFT - _GAP * _ACROSS) / _ACROSS
    bottom = height - _TOP - (row + 1) * _PANEL_HEIGHT - row * _PANEL_GAP
    return place(figure, _LEFT + column * (width + _GAP), bottom, width, _PANEL_HEIGHT)


def _most(cells: Iterable[Cell]) -> int:
    return max((cell for cell in cells if isinstance(cell, int)), default=0) or 1


def _bars(axes: Axes, cells: Sequence[Cell], most: int) -> None:
    """A bar for each count, with its number where there is room; the sign for hidden in its place."""
    counts = [cell if isinstance(cell, int) else 0 for cell in cells]
    axes.bar(range(len(counts)), counts, width=0.72, color=DARK_BLUE)
    axes.set_ylim(0, most * 1.18)
    axes.set_xlim(-0.6, len(counts) - 0.4)
    axes.grid(visible=True, axis="y")
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    axes.yaxis.set_major_formatter(lambda count, _: f"{count / 1000:g}k" if most >= _IN_THOUSANDS else f"{count:g}")
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0)
    for number, cell in enumerate(cells):
        words = str(cell) if isinstance(cell, int) else {HIDDEN: HIDDEN, NOT_IN_RECORD: "?"}.get(str(cell), "")
        if words and (len(cells) <= _LABELLED_UP_TO or words == HIDDEN):
            height = cell if isinstance(cell, int) else 0
            turned = 90 if len(cells) > _LABELLED_UP_TO else 0
            axes.annotate(
                words, (number, height), (0, 3), textcoords="offset points", ha="center", size=SMALL_SIZE,
                color=QUIET, rotation=turned, bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6},
            )  # fmt: skip


def _heading(axes: Axes, words: str) -> None:
    axes.set_title(
        textwrap.fill(words, _HEADING_CHARACTERS), loc="left", size=TEXT_SIZE, weight="bold", pad=6, linespacing=1.1
    )


def name_months(axes: Axes, names: Sequence[str], shown: int = 4) -> None:
    """Some months by their short names, with the year below the first of each year."""
    places = list(range(0, len(names), max(1, math.ceil(len(names) / shown))))
    years = [names[place].partition(",")[0][-4:] for place in places]
    is_new = [not n or years[n] != years[n - 1] for n in range(len(places))]
    short = [
        f"{names[place][:3]}\n{year}" if new else names[place][:3]
        for place, year, new in zip(places, years, is_new, strict=True)
    ]
    axes.set_xticks(places, short)


def _alt(table: Table, title: str) -> str:
    """The whole table as words."""
    parts = [f"{title}, observed."]
    for row in table.rows:
        cells = [f"{heading} {cell}" for heading, cell in zip(table.headings[1:-1], row[1:-1], strict=True)]
        parts.append(f"{sentence(str(row[0]))}: {', '.join(cells)}.")
    return " ".join(parts)
