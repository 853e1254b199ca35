"""Open work over the year: four counts, a line a scenario."""

import math
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from sim.experiment import Comparison, ScenarioResult
from sim.report.figures.style import (
    DARK_BLUE,
    DARK_PINK,
    EDGE,
    GREY,
    ORANGE,
    TEXT_SIZE,
    TURQUOISE,
    WIDTH,
    Picture,
    canvas,
    drawing,
    foot,
    place,
    subtitle,
)
from sim.report.headline import variants
from sim.report.sentences import simulated_years
from sim.report.tables import OPEN_WORK_LABEL, mean_open_work
from sim.report.wording import Number, sentence, shown

NAME = "open_work"
TITLE = "Open work over the year"
SMOOTHED_OVER_DAYS = 7
_SUBTITLE = "Open work at midnight, each point the average of a week and of all simulated years"
_PANEL_TITLES = {
    "open_contacts": "Open contacts (families)",
    "open_assessments": "Open assessments (children)",
    "unseen_children": "Referred children not yet seen",
}
_MOST_MONTHS = 7  # named along an axis
_KEY_CHARACTERS = 54  # up to which two keys fit side by side
_PANEL_HEIGHT, _PANEL_GAP, _TOP, _KEY_ROW, _FOOT = 2.05, 0.95, 1.12, 0.27, 1.12
_COLUMNS = (0.72, 5.55)
_PANEL_WIDTH = 4.15


class _Line(NamedTuple):
    """How a scenario's line looks; `key` is None where a line above it speaks for it."""

    scenario: ScenarioResult
    key: str | None
    colour: str
    dashes: str | tuple[float, tuple[float, ...]]
    width: float


_STYLES: tuple[tuple[str, str | tuple[float, tuple[float, ...]]], ...] = (
    (ORANGE, "-"),
    (TURQUOISE, (0, (5, 1.5))),
    (DARK_PINK, (0, (1.5, 1.2))),
)


def open_work(comparison: Comparison, record_summary: Mapping[str, str]) -> Picture:
    """The baseline and the scenarios that differ most from it in colour, the others in grey."""
    lines = _lines(comparison)
    keys = [line for line in lines if line.key is not None]
    across = 2 if max(len(str(line.key)) for line in keys) <= _KEY_CHARACTERS else 1
    top = _TOP + _KEY_ROW * math.ceil(len(keys) / across) + 0.45
    height = top + 2 * _PANEL_HEIGHT + _PANEL_GAP + _FOOT
    with drawing(NAME):
        source = foot(simulated_years(comparison), record_summary)
        figure = canvas(height, _title(comparison), subtitle(_SUBTITLE), source)
        _key(figure, keys, across)
        for number, name in enumerate(OPEN_WORK_LABEL):
            bottom = _FOOT + (1 - number // 2) * (_PANEL_HEIGHT + _PANEL_GAP)
            axes = place(figure, _COLUMNS[number % 2], bottom, _PANEL_WIDTH, _PANEL_HEIGHT)
            _panel(axes, name, lines)
            axes.set_xticks(*months(comparison.first_day, len(comparison.baseline.open_work[name])))
    return Picture(NAME, _title(comparison), _alt(comparison), figure)


def _title(comparison: Comparison) -> str:
    unseen = shown(Number(mean_open_work(comparison.baseline)["unseen_children"], "children"))
    where = " in the baseline" if variants(comparison) else ""
    return f"On an average night {unseen} referred children are waiting to be seen{where}"


def _lines(comparison: Comparison) -> list[_Line]:
    """In the order they are drawn: the grey ones below, the coloured ones over the baseline's wider line."""
    first, others = comparison.baseline, variants(comparison)
    ranked = {scenario.name for scenario in sorted(others, key=lambda s: -_distance(s, first))[: len(_STYLES)]}
    coloured = [
        _Line(scenario, scenario.title, colour, dashes, 1.7)
        for scenario, (colour, dashes) in zip([s for s in others if s.name in ranked], _STYLES, strict=False)
    ]
    grey = [_Line(scenario, None, GREY, "-", 1.2) for scenario in others if scenario.name not in ranked]
    if grey:
        words = "the other scenarios" if len(grey) > 1 else grey[0].scenario.title
        grey[-1] = grey[-1]._replace(key=words)
    name = f"{first.title} (baseline)" if others else first.title
    return [*grey, _Line(first, name, DARK_BLUE, "-", 2.6), *coloured]


def _distance(scenario: ScenarioResult, baseline: ScenarioResult) -> float:
    """How far a scenario's open work lies from the baseline's, each count relative to its own size."""
    ours, theirs = mean_open_work(scenario), mean_open_work(baseline)
    return sum(abs(ours[name] - theirs[name]) / max(theirs[name], 1.0) for name in OPEN_WORK_LABEL)


def _key(figure: Figure, keys: Sequence[_Line], across: int) -> None:
    height, width = figure.get_figheight(), (WIDTH - 2 * EDGE) / across
    in_order = sorted(keys, key=lambda line: line.colour == GREY)
    for number, line in enumerate(in_order):
        row, column = divmod(number, across)
        axes = place(figure, EDGE + column * width, height - _TOP - _KEY_ROW * (row + 0.5), width, _KEY_ROW)
        axes.set_axis_off()
        axes.set_xlim(0, width)
        axes.set_ylim(-1, 1)
        axes.plot([0, 0.5], [0, 0], color=line.colour, linestyle=line.dashes, linewidth=line.width)
        axes.text(0.62, 0, str(line.key), va="center_baseline")


def _panel(axes: Axes, name: str, lines: Sequence[_Line]) -> None:
    for line in lines:
        smooth = smoothed(line.scenario.open_work[name])
        since = np.arange(len(smooth)) + (len(line.scenario.open_work[name]) - len(smooth)) / 2
        axes.plot(since, smooth, color=line.colour, linestyle=line.dashes, linewidth=line.width)
    axes.set_ylim(bottom=0)
    axes.set_xlim(0, len(lines[0].scenario.open_work[name]))
    axes.grid(visible=True, axis="y")
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0)
    title = _PANEL_TITLES.get(name, sentence(OPEN_WORK_LABEL[name]))
    axes.set_title(title, loc="left", size=TEXT_SIZE, weight="bold", pad=8)


def months(first_day: date, days: int) -> tuple[list[int], list[str]]:
    """The first day of each month, of every second where they are many, as days from the start; and their names."""
    dates = (first_day + timedelta(days=day) for day in range(days))
    firsts = [(day, when) for day, when in enumerate(dates) if when.day == 1]
    firsts = firsts[:: math.ceil(len(firsts) / _MOST_MONTHS) or 1]
    names = [f"{when:%b}" for _, when in firsts]
    for number, (_, when) in enumerate(firsts):
        if number == 0 or when.year != firsts[number - 1][1].year:
            names[number] += f"\n{when.year}"
    return [day for day, _ in firsts], names


def smoothed(days: NDArray[np.float64]) -> NDArray[np.float64]:
    """The mean of each week of days; of all where there are fewer."""
    span = min(SMOOTHED_OVER_DAYS, len(days))
    return np.convolve(days, np.full(span, 1.0 / span), mode="valid")


def _alt(comparison: Comparison) -> str:
    parts = [f"{TITLE}, simulated. Mean over the year:"]
    for scenario in comparison.scenarios:
        means = mean_open_work(scenario)
        counts = [f"{shown(Number(means[name], 'children'))} {label}" for name, label in OPEN_WORK_LABEL.items()]
        parts.append(f"{scenario.title}: {', '.join(counts)}.")
    return " ".join(parts)
