"""The pathway of a contact, drawn from the lawful order of events that every log is checked against."""

import io
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch, Polygon

from sim.events import LIFECYCLE
from sim.events import EventKind as E
from sim.report.figures.style import DARK_BLUE, DOTS_PER_INCH, INK, QUIET, SMALL_SIZE, TITLE_SIZE, Picture, drawing

TITLE = "The pathway of a contact"
_NOTE = (
    "An arrow leads from what must have come before; where several meet, any one of them is enough. "
    "A box with a second edge may happen more than once."
)

Point = tuple[float, float]


class Place(NamedTuple):
    """Where an event stands on the grid of the drawing."""

    column: float
    row: float


class Lane(NamedTuple):
    """A shaded part of the drawing: its name, first and last column, first and last row."""

    name: str
    columns: tuple[float, float]
    rows: tuple[float, float]


LANES = (
    Lane("Contact and decision", (0, 6), (0, 2)),
    Lane("Seeing the child", (0, 0), (3, 7)),
    Lane("Section 47", (1, 2), (3, 7)),
    Lane("Allocation and assessment", (3, 4), (3, 7)),
    Lane("Ending", (5, 6), (3, 7)),
)

PLACES: Mapping[E, Place] = {
    E.RECEIVED: Place(0, 2),
    E.HANDED_OVER: Place(0, 1),
    E.SCREENED: Place(1, 2),
    E.SECOND_LOOK_ASKED: Place(2, 0),
    E.INFORMATION_ASKED: Place(2, 1),
    E.INFORMATION_READY: Place(3, 1),
    E.DECIDED: Place(4, 2),
    E.HELP_STARTED: Place(5, 2),
    E.VISIT_ARRANGED: Place(0, 5),
    E.VISIT_FAILED: Place(0, 6),
    E.SEEN: Place(0, 7),
    E.STRATEGY_ASKED: Place(1, 3),
    E.STRATEGY_HELD: Place(1, 4),
    E.SECTION_47_STARTED: Place(1, 5),
    E.SECTION_47_ENDED: Place(1, 6),
    E.CONFERENCE_HELD: Place(1, 7),
    E.ACTION_SET: Place(2, 4),
    E.ACTION_DONE: Place(2, 5),
    E.ALLOCATED: Place(3, 3),
    E.HOLDER_LEFT: Place(4, 3),
    E.ASSESSMENT_STARTED: Place(3, 4),
    E.REVIEW_DUE: Place(4, 4),
    E.REVIEWED: Place(4, 5),
    E.OUTSIDE_WAIT: Place(4, 6),
    E.ASSESSMENT_AUTHORISED: Place(3, 7),
    E.PLACE_ASKED: Place(5, 7),
    E.TRANSFERRED: Place(6, 7),
    E.CLOSED: Place(6, 3),
}
"""Where each event is drawn; a new one needs its place here, and a test says so."""

_ENDS_OF_THE_STORY = frozenset({E.RECEIVED, E.SEEN})
_WIDE, _HIGH = 1.42, 0.78
_BOX_WIDE, _BOX_HIGH = 1.18, 0.46
_LEFT, _TOP, _BOTTOM, _LANE_GAP, _LANE_LABEL = 0.9, 0.72, 0.5, 0.3, 0.26
_COLUMNS, _ROWS = 7, 8
_WIDTH = _LEFT + _COLUMNS * _WIDE - 0.5
_HEIGHT = _TOP + _ROWS * _HIGH + _LANE_GAP + 2 * _LANE_LABEL + _BOTTOM
_LETTERS = 13
_BUS_ROW = 2
_SHADE, _ARROW, _REPEAT = "#F0F2F5", "#505A5F", 0.05


def milestones() -> tuple[E, ...]:
    """The events of the pathway, work on them left out."""
    return tuple(kind for kind in LIFECYCLE if not kind.name.startswith("WORK_"))


def steps() -> Iterator[tuple[E, E]]:
    """Every pair of events of which the first may come before the second, in a fixed order."""
    for kind in milestones():
        for before in sorted(LIFECYCLE[kind].after):
            yield before, kind


def pathway_diagram() -> str:
    """The pathway in Mermaid's language for flow charts."""
    lines = ["flowchart TD"]
    lines += [f'    {kind.name}["{label(kind)}"]' for kind in milestones()]
    lines += [f"    {before.name} --> {kind.name}" for before, kind in steps()]
    return "\n".join(lines) + "\n"


def write_pathway(path: Path) -> None:
    """Draw the pathway into a file, SVG or PNG by its suffix."""
    form = path.suffix.removeprefix(".")
    metadata = {"Date": None, "Creator": None} if form == "svg" else {"Software": None}
    file = io.BytesIO()
    with drawing("pathway", svg_fonts="path"):
        _draw().savefig(file, format=form, dpi=DOTS_PER_INCH, metadata=metadata)
    path.write_bytes(file.getvalue())


def pathway_picture() -> Picture:
    """The pathway as a figure of a report."""
    with drawing("pathway", svg_fonts="path"):
        steps_said = "; ".join(f"{label(before)} leads to {label(kind).lower()}" for before, kind in steps())
        return Picture("pathway", TITLE, f"{TITLE}. {steps_said}.", _draw())


def label(kind: E) -> str:
    """An event's name in words."""
    return kind.name.replace("_", " ").capitalize()


def _draw() -> Figure:
    figure = Figure(figsize=(_WIDTH, _HEIGHT), facecolor="white")
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(0, _WIDTH)
    axes.set_ylim(_HEIGHT, 0)
    axes.text(0.25, 0.3, TITLE, size=TITLE_SIZE, weight="bold", va="center")
    axes.text(0.25, _HEIGHT - 0.28, _NOTE, size=SMALL_SIZE, color=QUIET, va="center")
    for lane in LANES:
        _lane(axes, lane)
    for before, kind in steps():
        _arrow(axes, _route(before, kind))
    for kind in milestones():
        _box(axes, kind)
    return figure


def _x(column: float) -> float:
    return _LEFT + column * _WIDE


def _y(row: float) -> float:
    below = _LANE_GAP if row > _BUS_ROW + 0.5 else 0.0
    return _TOP + _LANE_LABEL + (row + 0.35) * _HIGH + below


def _lane(axes: Axes, lane: Lane) -> None:
    margin = (_WIDE - 0.12) / 2
    left, right = _x(lane.columns[0]) - margin, _x(lane.columns[1]) + margin
    is_first = lane.rows[0] == 0
    top = _y(lane.rows[0]) - 0.36 - (_LANE_LABEL if is_first else 0.0)
    bottom = _y(lane.rows[1]) + 0.36 + (0.0 if is_first else _LANE_LABEL)
    style = "round,pad=0,rounding_size=0.08"
    axes.add_patch(
        FancyBboxPatch((left, top), right - left, bottom - top, boxstyle=style, facecolor=_SHADE, linewidth=0)
    )
    # Below in the lower lanes, whose tops the arrows from the decision cross.
    y = top + 0.18 if is_first else bottom - 0.17
    axes.text(left + 0.08, y, lane.name, size=SMALL_SIZE + 0.5, weight="bold", color=DARK_BLUE, va="center")


def _box(axes: Axes, kind: E) -> None:
    x, y = _x(PLACES[kind].column), _y(PLACES[kind].row)
    filled = kind in _ENDS_OF_THE_STORY
    if not LIFECYCLE[kind].once:
        _outline(axes, x + _REPEAT, y + _REPEAT, "white")
    _outline(axes, x, y, DARK_BLUE if filled else "white")
    axes.text(
        x,
        y,
        textwrap.fill(label(kind), _LETTERS),
        size=SMALL_SIZE,
        weight="bold" if filled else "normal",
        color="white" if filled else INK,
        ha="center",
        va="center",
        linespacing=1.1,
    )


def _outline(axes: Axes, x: float, y: float, fill: str) -> None:
    corner = (x - _BOX_WIDE / 2, y - _BOX_HIGH / 2)
    style = "round,pad=0,rounding_size=0.06"
    box = FancyBboxPatch(corner, _BOX_WIDE, _BOX_HIGH, boxstyle=style, facecolor=fill, edgecolor=DARK_BLUE, zorder=3)
    box.set_linewidth(1.2)
    axes.add_patch(box)


def _route(before: E, kind: E) -> list[Point]:
    """The corners of an arrow between two boxes: straight where they share a row or column, else by a free way."""
    start, end = PLACES[before], PLACES[kind]
    if before is E.RECEIVED and end.row > _BUS_ROW:
        return _by_margin(start, end)
    if before is E.ALLOCATED and end.column < start.column:
        return _above_the_rows(start, end)
    if before is E.DECIDED and end.row > start.row:
        return _by_bus(start, end)
    if start.column == end.column:
        way = 1 if end.row > start.row else -1
        return [(_x(start.column), _y(start.row) + way * _BOX_HIGH / 2), _edge_above(end, way)]
    way = 1 if end.column > start.column else -1
    second_edge = _REPEAT if way < 0 and not LIFECYCLE[kind].once else 0.0
    out = (_x(start.column) + way * _BOX_WIDE / 2, _y(start.row))
    into = (_x(end.column) - way * (_BOX_WIDE / 2 + second_edge), _y(end.row))
    turn = into[0] - way * (_WIDE - _BOX_WIDE) / 2
    return [out, into] if start.row == end.row else [out, (turn, out[1]), (turn, into[1]), into]


def _edge_above(end: Place, way: int = 1) -> Point:
    return _x(end.column), _y(end.row) - way * _BOX_HIGH / 2


def _by_bus(start: Place, end: Place) -> list[Point]:
    """Down to the way between the decision and the lanes, along it, and down."""
    bus = _y(_BUS_ROW) + _BOX_HIGH / 2 + 0.24
    x = _x(start.column)
    return [(x, _y(start.row) + _BOX_HIGH / 2), (x, bus), (_x(end.column), bus), _edge_above(end)]


def _by_margin(start: Place, end: Place) -> list[Point]:
    """Down the left margin: what may happen at any time once a contact is received."""
    margin, left = _x(0) - _WIDE / 2 - 0.02, _x(0) - _BOX_WIDE / 2
    return [(left, _y(start.row)), (margin, _y(start.row)), (margin, _y(end.row)), (left, _y(end.row))]


def _above_the_rows(start: Place, end: Place) -> list[Point]:
    """Out of the bottom, along the way above the next row, and down."""
    x, way = _x(start.column) - _BOX_WIDE / 4, _y(start.row + 0.5)
    return [(x, _y(start.row) + _BOX_HIGH / 2), (x, way), (_x(end.column), way), _edge_above(end)]


def _arrow(axes: Axes, corners: list[Point]) -> None:
    axes.plot(*zip(*corners, strict=True), color=_ARROW, linewidth=1.1, solid_joinstyle="round", zorder=2)
    (before_x, before_y), (x, y) = corners[-2:]
    along = (_sign(x - before_x), _sign(y - before_y))
    back_x, back_y = x - 0.09 * along[0], y - 0.09 * along[1]
    side_x, side_y = 0.045 * along[1], 0.045 * along[0]
    tip = [(x, y), (back_x + side_x, back_y + side_y), (back_x - side_x, back_y - side_y)]
    axes.add_patch(Polygon(tip, closed=True, facecolor=_ARROW, linewidth=0, zorder=2.5))


def _sign(value: float) -> int:
    return (value > 1e-9) - (value < -1e-9)  # noqa: PLR2004  (nought, but for rounding)
