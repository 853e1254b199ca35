"""The process map: the steps a record holds, how many children reach each, and how long the ways between them take."""

import textwrap
from collections.abc import Iterator, Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch

from sim.events import EventKind
from sim.facts import Fact
from sim.report.figures.style import (
    DARK_BLUE,
    INK,
    QUIET,
    SMALL_SIZE,
    TEXT_SIZE,
    Picture,
    canvas,
    drawing,
    subtitle,
)
from sim.report.observed.account import Account, said
from sim.report.observed.figures.bars import source
from sim.report.observed.hiding import HIDDEN
from sim.report.observed.map import SPOTS, boxes
from sim.report.observed.tables import NOT_IN_RECORD, NOT_REACHED, step_label
from sim.report.tables import Cell, Row
from sim.report.wording import NOT_KNOWN

TITLE = "How children go from contact to seen, and how long each step takes"
TITLE_UNSEEN = "How children go from step to step, and how long each step takes"
_WIDE, _HIGH = 1.92, 1.28
_BOX_WIDE, _BOX_HIGH = 1.06, 0.62
_LEFT, _TOP, _FOOT = 0.85, 1.45, 1.1
_LETTERS = 13
_ENDS = frozenset({EventKind.RECEIVED, EventKind.SEEN})

Point = tuple[float, float]


def title(told: Account) -> str:
    """What the map shows: the way to being seen, where the record tells when children are."""
    return TITLE if told.reading.knows(Fact.RECEIPT, Fact.SEEN) else TITLE_UNSEEN


def process_map(told: Account) -> Picture:
    """Boxes for the steps that the record holds; on each arrow the days of half and of nine in ten."""
    table = told.tables["steps"]
    shown = boxes(told.reading.index)
    top = min(SPOTS[kind].row for kind in shown)
    rows = max(SPOTS[kind].row for kind in shown) - top
    height = _TOP + max(rows, 1) * _HIGH + _FOOT
    counts = {str(row[0]): said(row[2]) for row in table.rows if not row[1]}
    with drawing("process_map"):
        words = subtitle("Children of contacts received in the window. On the arrows: days for half / for 9 in 10")
        figure = canvas(height, title(told), words, source(told, _drawn(table.rows)))
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        axes.set_xlim(0, figure.get_figwidth())
        axes.set_ylim(height + top * _HIGH, top * _HIGH)
        for kind in shown:
            _box(axes, kind, counts[step_label(kind)])
        for row in table.rows:
            _way(axes, row)
        _otherwise(axes, table.rows)
    return Picture("process_map", title(told), _alt(told), figure)


def _drawn(rows: Sequence[Row]) -> Iterator[Cell]:
    """What the map shows of its table: counts of steps and of other decisions, and the days between steps.

    Days that are not in the record are said in words on their arrow, and need no sign.
    """
    named = {step_label(kind) for kind in SPOTS}
    for row in rows:
        yield from (cell for cell in (row[3:5] if row[1] in named else (row[2],)) if cell != NOT_IN_RECORD)


def _centre(kind: EventKind) -> Point:
    return _LEFT + SPOTS[kind].column * _WIDE, _TOP + SPOTS[kind].row * _HIGH


def _box(axes: Axes, kind: EventKind, count: str) -> None:
    x, y = _centre(kind)
    filled = kind in _ENDS
    corner = (x - _BOX_WIDE / 2, y - _BOX_HIGH / 2)
    style = "round,pad=0,rounding_size=0.06"
    box = FancyBboxPatch(corner, _BOX_WIDE, _BOX_HIGH, boxstyle=style, edgecolor=DARK_BLUE, linewidth=1.2, zorder=3)
    box.set_facecolor(DARK_BLUE if filled else "white")
    axes.add_patch(box)
    ink = "white" if filled else INK
    name = textwrap.fill(step_label(kind), _LETTERS)
    axes.text(x, y - 0.1, name, size=SMALL_SIZE - 0.5, color=ink, ha="center", va="center", linespacing=1.05, zorder=4)
    axes.text(x, y + 0.2, count, size=TEXT_SIZE, color=ink, weight="bold", ha="center", va="center", zorder=4)


def _way(axes: Axes, row: Row) -> None:
    """An arrow from step to step, straight or with one turn, and the days beside it."""
    named = {step_label(kind): kind for kind in SPOTS}
    before, after = named[str(row[0])], named.get(str(row[1]))
    if after is None:
        return
    corners, at, side = _route(_centre(before), _centre(after))
    axes.plot(*zip(*corners[:-1], strict=True), color=QUIET, linewidth=1.1, zorder=2)
    head = {"arrowstyle": "-|>", "color": QUIET, "linewidth": 1.1, "shrinkA": 0, "shrinkB": 0}
    axes.annotate("", corners[-1], corners[-2], arrowprops=head, zorder=2)
    axes.text(*at, _days(row), size=SMALL_SIZE - 0.5, ha=side, va="center", color=INK, linespacing=1.15, zorder=5)


def _days(row: Row) -> str:
    """`1.0 / 4.0 d`; words where there are no days."""
    half, nine = said(row[3]), said(row[4])
    if HIDDEN in (half, nine):
        return HIDDEN
    if NOT_IN_RECORD in (half, nine):
        return "days not\nrecorded"
    half, nine = ("\N{EN DASH}" if text in (NOT_KNOWN, NOT_REACHED) else text for text in (half, nine))
    return f"{half} /\n{nine} d"


def _route(start: Point, end: Point) -> tuple[Sequence[Point], Point, str]:
    """The corners of an arrow, where its words stand and on which side of that point they are."""
    (x0, y0), (x1, y1) = start, end
    half_wide, half_high = _BOX_WIDE / 2, _BOX_HIGH / 2
    if y0 == y1:
        out, into = (x0 + half_wide, y0), (x1 - half_wide, y1)
        return [out, into], ((out[0] + into[0]) / 2, y0 - 0.22), "center"
    way = 1 if y1 > y0 else -1
    if x0 == x1:
        out, into = (x0, y0 + way * half_high), (x1, y1 - way * half_high)
        return [out, into], (x0 + 0.07, (out[1] + into[1]) / 2), "left"
    turn = x0 + half_wide + (_WIDE - _BOX_WIDE) / 2
    corners = [(x0 + half_wide, y0), (turn, y0), (turn, y1), (x1 - half_wide, y1)]
    return corners, ((turn + x1 - half_wide) / 2, y1 - 0.22), "center"


def _otherwise(axes: Axes, rows: Sequence[Row]) -> None:
    """What the other decisions were, beside the map."""
    decided = step_label(EventKind.DECIDED)
    named = {step_label(kind) for kind in SPOTS}
    others = [(str(row[1]), said(row[2])) for row in rows if row[0] == decided and row[1] and row[1] not in named]
    if not others:
        return
    x, y = _LEFT - _BOX_WIDE / 2, _TOP + 2 * _HIGH - 0.45
    lines = [f"{count}  {name}" for name, count in others]
    axes.text(x, y, "Decided otherwise", size=SMALL_SIZE, weight="bold", color=DARK_BLUE, va="center")
    axes.text(x, y + 0.17, "\n".join(lines), size=SMALL_SIZE, color=INK, va="top", linespacing=1.35)


def _alt(told: Account) -> str:
    ways: list[str] = []
    counts: Mapping[str, str] = {str(row[0]): said(row[2]) for row in told.tables["steps"].rows if not row[1]}
    for row in told.tables["steps"].rows:
        if row[1] and row[3] is not None:
            ways.append(
                f"{row[0]} to {str(row[1]).lower()}: half within {said(row[3])} days, 9 in 10 within {said(row[4])}."
            )
        elif row[1]:
            ways.append(f"{row[0]} as {row[1]}: {said(row[2])}.")
    reached = ", ".join(f"{name.lower()} {count}" for name, count in counts.items())
    return f"{title(told)}, observed. Children at each step: {reached}. {' '.join(ways)}"
