"""The share of children seen by the end of days 1, 5, 10 and 20, of a baseline and one scenario."""

from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from sim.experiment import Comparison, ScenarioResult
from sim.report.figures.style import (
    DARK_BLUE,
    ORANGE,
    SMALL_SIZE,
    TEXT_SIZE,
    Picture,
    canvas,
    colour_key,
    drawing,
    foot,
    place,
    subtitle,
)
from sim.report.headline import ALL, SEEN_WITHIN
from sim.report.sentences import simulated_years
from sim.report.starts import year_note
from sim.report.wording import SHARE, Number, is_chance_alone, shown

NAME: Final = "seen_by_day"
_BELOW: Final = "Of the children who went on to be assessed, the share seen by the end of the day after contact"
_RANGES: Final = "Upright lines: what we do not know about each share. Between the points the lines only join them"
_TOP, _FOOT, _HEIGHT, _LEFT, _RIGHT = 1.5, 1.15, 2.9, 0.75, 0.6
_NAME_CHARACTERS: Final = 50


class _Style(NamedTuple):
    """How a scenario is drawn, and where its numbers stand: colour, dashes, marker, days aside, points up, side."""

    colour: str
    dashes: str
    marker: str
    aside: float
    up: int
    side: str


_STYLES: Final = (
    _Style(DARK_BLUE, "-", "o", -0.12, -15, "left"),
    _Style(ORANGE, "--", "s", 0.12, 8, "right"),
)


def seen_by_day(comparison: Comparison, record_summary: Mapping[str, str]) -> Picture | None:
    """A line for the baseline and one for the first scenario: of more, none can be told apart. None of nobody seen."""
    drawn = comparison.scenarios[:2]
    if any(np.isnan(_share(scenario, measure)) for scenario in drawn for measure in SEEN_WITHIN.values()):
        return None
    title = _title(drawn)
    with drawing(NAME):
        words = foot(simulated_years(comparison), record_summary, year_note(comparison))
        figure = canvas(_TOP + _HEIGHT + _FOOT, title, subtitle(_BELOW, _RANGES), words)
        now = " (now, circles)" if len(drawn) > 1 else ""
        names = [f"{drawn[0].title}{now}", *(f"{s.title[:_NAME_CHARACTERS]} (squares, dashed)" for s in drawn[1:])]
        colour_key(figure, 1.15, {name: style.colour for name, style in zip(names, _STYLES, strict=False)})
        axes = place(figure, _LEFT, _FOOT, figure.get_figwidth() - _LEFT - _RIGHT, _HEIGHT)
        for scenario, style in zip(drawn, _STYLES, strict=False):
            _draw(axes, scenario, style)
        _frame(axes)
    return Picture(NAME, title, _alt(title, drawn), figure)


def _share(scenario: ScenarioResult, measure: str) -> float:
    return scenario.levels[measure, ALL].mean


def _draw(axes: Axes, scenario: ScenarioResult, style: _Style) -> None:
    days = [day + style.aside for day in SEEN_WITHIN]
    shares = [_share(scenario, measure) for measure in SEEN_WITHIN.values()]
    axes.plot(days, shares, style.marker, linestyle=style.dashes, color=style.colour, linewidth=1.8, markersize=6)
    for day, share, measure in zip(days, shares, SEEN_WITHIN.values(), strict=True):
        level = scenario.levels[measure, ALL]
        if level.unknown is not None and not is_chance_alone(level):
            axes.plot([day, day], [level.unknown.low, level.unknown.high], color=style.colour, linewidth=1.6)
        axes.annotate(
            shown(Number(share, SHARE)),
            (day, share),
            (6 if style.side == "left" else -6, style.up),
            textcoords="offset points",
            ha=style.side,
            va="center",
            color=style.colour if style.colour == DARK_BLUE else "black",
            size=TEXT_SIZE,
            annotation_clip=False,
        )


def _frame(axes: Axes) -> None:
    axes.set_xlim(0, 21)
    axes.set_ylim(0, 1.05)
    axes.set_xticks(list(SEEN_WITHIN), [f"day {day}" for day in SEEN_WITHIN])
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1.0])
    axes.yaxis.set_major_formatter(PercentFormatter(1.0))
    axes.grid(visible=True)
    axes.set_xlabel("calendar days after contact", size=SMALL_SIZE)


def _title(drawn: tuple[ScenarioResult, ...]) -> str:
    now, *other = (shown(Number(_share(scenario, SEEN_WITHIN[10]), SHARE)) for scenario in drawn)
    return f"Seen within 10 days: {now} now, {other[0]} with this" if other else f"{now} are seen within 10 days"


def _alt(title: str, drawn: tuple[ScenarioResult, ...]) -> str:
    said = [f"{title}, simulated. {_BELOW}."]
    for scenario in drawn:
        parts = [f"{shown(Number(_share(scenario, m), SHARE))} by day {day}" for day, m in SEEN_WITHIN.items()]
        said.append(f"{scenario.title}: {', '.join(parts)}.")
    return " ".join(said)
