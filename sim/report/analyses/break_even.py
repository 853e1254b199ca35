"""A break-even: two scenarios' difference over a number that one of them assumes."""

import math
from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from sim.experiment import Range
from sim.experiment.break_even import BreakEven
from sim.report.analyses.labels import label_of, measured, plain
from sim.report.figures.style import (
    DARK_BLUE,
    EDGE,
    INK,
    ORANGE,
    PALE_BLUE,
    QUIET,
    SMALL_SIZE,
    WIDTH,
    Picture,
    canvas,
    drawing,
    foot,
    place,
    subtitle,
)
from sim.report.headline import MEASURE
from sim.report.wording import SHARE, Number, is_told, typographic, with_unit

_NONE: Mapping[str, str] = MappingProxyType({})
NAME = "break_even"
_BAND = "{} the line the first does better. Band: simulation error (95%), point by point"
_HEIGHT, _BOTTOM, _PANEL_HEIGHT, _LEFT = 6.0, 1.25, 3.4, 0.95


def break_even_picture(found: BreakEven, record_summary: Mapping[str, str] = _NONE) -> Picture:
    """The difference with its band, and where it crosses nought; `record_summary` as of other figures."""
    unit = MEASURE[found.key[0]].unit
    title = in_words(found)
    with drawing(NAME):
        figure = canvas(
            _HEIGHT,
            title,
            subtitle(measured(found.key), f"{found.title} less {found.against}", _BAND.format(_better(found))),
            foot(f"{found.years} simulated years of each", record_summary, _error_in_words(found)),
        )
        axes = place(figure, _LEFT, _BOTTOM, WIDTH - _LEFT - EDGE - 0.2, _PANEL_HEIGHT)
        _draw(axes, found, 100.0 if unit == SHARE else 1.0)
        axes.set_ylabel("points" if unit == SHARE else unit)
        axes.set_xlabel(label_of(found.path))
    return Picture(NAME, title, _alt(found, unit), figure)


def _better(found: BreakEven) -> str:
    return "Below" if MEASURE[found.key[0]].better == "lower" else "Above"


def in_words(found: BreakEven) -> str:
    """The break-even, in a few words."""
    if found.at is not None:
        return f"As good as each other at {plain(found.at)}"
    if found.crossings:
        return "Better and worse by turns: no one break-even"
    if not any(is_told(each) for each in found.differences):
        return "Too few years to tell the two apart at any value tried"
    return "No break-even among the values tried"


def _draw(axes: Axes, found: BreakEven, per: float) -> None:
    x = np.array(found.values)
    mean = np.array([each.mean for each in found.differences]) * per
    ends = [each.simulation or Range(math.nan, math.nan) for each in found.differences]
    axes.fill_between(
        x,
        np.array([each.low for each in ends]) * per,
        np.array([each.high for each in ends]) * per,
        color=PALE_BLUE,
        alpha=0.7,
        linewidth=0,
    )
    axes.plot(x, mean, color=DARK_BLUE, linewidth=2.2, marker="o", markersize=5)
    axes.axhline(0, color=INK, linewidth=1)
    if found.at is not None:
        axes.plot(found.at, 0, "D", color=ORANGE, markeredgecolor=INK, markersize=9, zorder=5)
        axes.annotate(
            f"break-even {plain(found.at)}",
            (found.at, 0),
            (10, -14),
            textcoords="offset points",
            size=SMALL_SIZE,
            color=QUIET,
        )
    axes.grid(visible=True, axis="y")
    axes.xaxis.set_major_locator(MaxNLocator(8))
    axes.yaxis.set_major_formatter(lambda value, _: typographic(f"{value:+g}" if value else "0"))


def _error_in_words(found: BreakEven) -> str:
    """The error of the break-even; an end may lie beyond the values."""
    if found.error is None:
        return "Too few simulated years to tell the simulation error of a break-even."
    low = plain(found.error.low) if math.isfinite(found.error.low) else f"below {plain(found.values[0])}"
    high = plain(found.error.high) if math.isfinite(found.error.high) else f"above {plain(found.values[-1])}"
    return f"Simulation error of the break-even (95%): {low} to {high}."


def _alt(found: BreakEven, unit: str) -> str:
    parts = [f"{in_words(found)}, simulated. {measured(found.key)}, {found.title} less {found.against}."]
    for value, each in zip(found.values, found.differences, strict=True):
        parts.append(f"At {plain(value)}: {with_unit(Number(each.mean, unit, signed=True))}.")
    return typographic(f"{' '.join(parts)} {_error_in_words(found)}")
