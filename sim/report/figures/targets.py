"""Published against modelled, target by target: what is accepted, what is published, and what the model gives."""

import math
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from sim.experiment import Estimate, Range
from sim.experiment.later import Key
from sim.experiment.targets import Target
from sim.report.figures.style import (
    DARK_BLUE,
    INK,
    ORANGE,
    PALE_BLUE,
    QUIET,
    SMALL_SIZE,
    Picture,
    bare,
    canvas,
    colour_key,
    drawing,
    foot_lines,
    message,
    place,
    subtitle,
)

NAME: Final = "published_against_modelled"
Modelled = Mapping[Key, Estimate]

_BELOW: Final = "Each figure, with what is accepted of a model of it: fixed before any model was fitted"
_SHARES, _COUNTS, _DAYS = "Shares", "Children, as a share of what is expected", "Days and hours"
_ROW, _TOP, _HEAD, _FOOT, _LEFT, _RIGHT = 0.29, 1.0, 0.62, 0.85, 3.95, 1.55
_AXIS: Final = 0.28
_BAND, _DOT, _CROSS = 0.62, 6.0, 7.0
_ROOM: Final = 0.06


class _Line(NamedTuple):
    """A target as drawn, on its panel's scale, and its figures in words."""

    target: Target
    low: float
    high: float
    published: float | None
    modelled: float | None
    error: tuple[float, float] | None
    words: str


def published_against_modelled(
    whose: str,
    targets: Sequence[Target],
    modelled: Modelled | None = None,
    *,
    run: str = "",
    ranges: Mapping[Key, Range] | None = None,
) -> Picture:
    """A row a target in panels of shares, counts and days; `modelled` may be None: then the published side alone.

    A target that is met lies inside its band. `whose` names the authority and year; `run` what was simulated. A line is
    the simulation error of what is modelled, or else its 95% range, which `ranges` gives.
    """
    panels = {title: _lines(targets, modelled, title, ranges) for title in (_SHARES, _COUNTS, _DAYS)}
    drawn = {title: lines for title, lines in panels.items() if lines}
    rows = sum(len(lines) for lines in drawn.values())
    height = _TOP + _FOOT + _ROW * rows + (_HEAD + _AXIS) * len(drawn)
    title = _title(whose, targets, modelled)
    with drawing(NAME):
        figure = canvas(height, title, subtitle(_BELOW), _source(modelled, run))
        colour_key(figure, 1.0, _key(modelled, ranges))
        _panels(figure, drawn)
    return Picture(NAME, title, _alt(title, drawn), figure)


def _key(modelled: Modelled | None, ranges: Mapping[Key, Range] | None) -> dict[str, str]:
    key = {"accepted": PALE_BLUE, "published, of the front door's share (dot)": DARK_BLUE}
    line = "its simulation error" if ranges is None else "its 95% range"
    return key if modelled is None else {**key, f"modelled, with {line} (cross and line)": ORANGE}


def _title(whose: str, targets: Sequence[Target], modelled: Modelled | None) -> str:
    if modelled is None:
        return message(whose, f": {len(targets)} figures to hold a model against")
    met = sum(target.is_met_by(modelled[target.key].mean) for target in targets if target.key in modelled)
    return message(whose, f": {met} of {len(targets)} figures met in the model")


def _source(modelled: Modelled | None, run: str) -> str:
    first = "Published: Department for Education, children in need. Counts: the front door's assumed share of them."
    if modelled is None:
        return f"{first}\nNothing is modelled here. Days from contact to seen are in no statistic."
    second = f"Modelled: simulated by Front Door{f', {run}' if run else ''}. Days to seen are in no statistic."
    return f"{first}\n{foot_lines(second)}"


def _lines(
    targets: Sequence[Target], modelled: Modelled | None, panel: str, ranges: Mapping[Key, Range] | None
) -> list[_Line]:
    found = modelled or {}
    return [
        _line(target, found.get(target.key), None if ranges is None else ranges[target.key])
        for target in targets
        if _panel_of(target) == panel
    ]


def _panel_of(target: Target) -> str:
    return _SHARES if target.unit == "share" else _COUNTS if target.unit == "children" else _DAYS


def _line(target: Target, found: Estimate | None, spread: Range | None) -> _Line:
    by = _scale(target)
    least, most = (0.0, 1.0) if target.unit == "share" else (0.0, math.inf)
    spread = found.simulation if spread is None and found is not None else spread
    error = None if spread is None else (spread.low / by, spread.high / by)
    return _Line(
        target,
        max(target.low / by, least),
        min(target.high / by, most),
        None if target.expected is None else target.expected / by,
        None if found is None else found.mean / by,
        error,
        _words(target, found),
    )


def _scale(target: Target) -> float:
    """By what a target is divided to be drawn: counts are of very different sizes."""
    return target.expected if target.unit == "children" and target.expected else 1.0


def _words(target: Target, found: Estimate | None) -> str:
    said = "a range" if target.expected is None else _figure(target, target.expected)
    return said if found is None else f"{said} | {_figure(target, found.mean)}"


def _figure(target: Target, value: float) -> str:
    if target.unit == "share":
        return f"{value:.1%}"
    return f"{value:,.0f}" if target.unit == "children" else f"{value:.1f}"


def _panels(figure: Figure, panels: Mapping[str, Sequence[_Line]]) -> None:
    width, height = figure.get_size_inches()
    top = height - _TOP
    for title, lines in panels.items():
        top -= _HEAD
        tall = _ROW * len(lines)
        axes = place(figure, _LEFT, top - tall, width - _LEFT - _RIGHT, tall)
        axes.set_title(title, loc="left", weight="bold", size=SMALL_SIZE + 1, color=INK, pad=6)
        heading = "published" if lines[0].modelled is None else "published | modelled"
        axes.annotate(heading, (1.01, 1.0), (0, 6), "axes fraction", "offset points", size=SMALL_SIZE, color=QUIET)
        _panel(axes, title, lines)
        top -= tall + _AXIS


def _panel(axes: Axes, title: str, lines: Sequence[_Line]) -> None:
    for row, line in enumerate(lines):
        axes.barh(row, line.high - line.low, left=line.low, height=_BAND, color=PALE_BLUE)
        if line.published is not None:
            axes.plot(line.published, row, "o", color=DARK_BLUE, markersize=_DOT, clip_on=False)
        if line.modelled is not None:
            if line.error is not None:
                axes.plot(line.error, [row, row], "-", color=INK, linewidth=1.2)
            axes.plot(
                line.modelled, row, "X", color=ORANGE, markersize=_CROSS, markeredgecolor=INK, markeredgewidth=0.7
            )
        axes.annotate(
            line.words, (1.01, row), xycoords=("axes fraction", "data"), va="center", size=SMALL_SIZE, color=QUIET
        )
    low, high = _ends(lines)
    axes.set_xlim(low, high)
    axes.set_ylim(len(lines) - 0.5, -0.5)
    axes.set_yticks(range(len(lines)), [_label(line.target) for line in lines], color=INK)
    bare(axes)
    if title != _DAYS:
        axes.xaxis.set_major_formatter(PercentFormatter(1.0))


def _ends(lines: Sequence[_Line]) -> tuple[float, float]:
    """The panel's scale: wide enough for everything drawn, from nought for shares and days."""
    ends = [
        end for line in lines for end in (line.low, line.high, line.modelled, *(line.error or ())) if end is not None
    ]
    low, high = min(ends), max(ends)
    room = (high - low) * _ROOM
    match lines[0].target.unit:
        case "share":
            return 0.0, min(1.0, high + room)
        case "children":
            return low - room, high + room
        case _:
            return 0.0, high + room


def _label(target: Target) -> str:
    return target.label.replace("Assessments completed in ", "Assessed in ").replace(" of the children", "")


def _alt(title: str, panels: Mapping[str, Sequence[_Line]]) -> str:
    said = [f"{title}."]
    for lines in panels.values():
        for line in lines:
            target = line.target
            figures = f"accepted {_figure(target, line.low * _scale(target))} to "
            figures += _figure(target, line.high * _scale(target))
            if target.expected is not None:
                figures = f"published {_figure(target, target.expected)}, {figures}"
            if line.modelled is not None:
                modelled = line.modelled * _scale(target)
                inside = "inside" if target.is_met_by(modelled) else "outside"
                figures += f", modelled {_figure(target, modelled)}, {inside}"
            said.append(f"{target.label}: {figures}.")
    return " ".join(said)
