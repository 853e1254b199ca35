"""Open work week by week beside the baseline's, in per cent: how a scenario moves it, without counting children."""

import math
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from sim.experiment import Comparison, ScenarioResult
from sim.report.figures.open_work import SMOOTHED_OVER_DAYS, months, smoothed
from sim.report.figures.style import (
    DARK_BLUE,
    DARK_PINK,
    INK,
    ORANGE,
    TEXT_SIZE,
    TURQUOISE,
    Picture,
    canvas,
    colour_key,
    drawing,
    foot,
    place,
    subtitle,
)
from sim.report.headline import variants
from sim.report.sentences import simulated_years
from sim.report.tables import OPEN_WORK_LABEL, mean_open_work
from sim.report.wording import sentence, typographic

NAME: Final = "open_work_change"
MOST_LINES: Final = 4
_BELOW: Final = "Open work at midnight beside the baseline's in the same week, mean over simulated years; 0 is as now"
_TITLE: Final = "Open work week by week, beside now"
_TOP, _PANEL, _GAP, _FOOT = 1.75, 1.75, 0.85, 1.1
_COLUMNS, _WIDTH = (0.85, 5.65), 4.05
_LEAST_REACH: Final = 5.0
_UNSEEN: Final = "unseen_children"
_LEAST_WORK: Final = 0.5
"""Of a count smaller than this a week's change in per cent would say nothing."""
_STYLES: Final = ((ORANGE, "-"), (DARK_BLUE, "--"), (TURQUOISE, "-."), (DARK_PINK, ":"))


def open_work_change(comparison: Comparison, record_summary: Mapping[str, str]) -> Picture | None:
    """A panel for each kind of open work, a line a scenario, four at most; None where nothing is compared."""
    drawn = variants(comparison)[:MOST_LINES]
    if not drawn:
        return None
    panels = {name: [change(comparison, scenario, name) for scenario in drawn] for name in OPEN_WORK_LABEL}
    with drawing(NAME):
        words = foot(simulated_years(comparison), record_summary)
        figure = canvas(_TOP + 2 * _PANEL + _GAP + _FOOT, _title(comparison, drawn), subtitle(_BELOW), words)
        names = [f"{s.title[: _characters(drawn)]} ({_dash(n)})" for n, s in enumerate(drawn)]
        colour_key(figure, 1.05, {name: colour for name, (colour, _) in zip(names, _STYLES, strict=False)})
        _draw(figure, comparison, panels)
    return Picture(NAME, _title(comparison, drawn), _alt(comparison, drawn), figure)


def change(comparison: Comparison, scenario: ScenarioResult, name: str) -> NDArray[np.float64]:
    """A count's change in per cent of the baseline's, means of a week each; nan where there is next to none."""
    base, here = smoothed(comparison.baseline.open_work[name]), smoothed(scenario.open_work[name])
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(base >= _LEAST_WORK, 100 * (here / base - 1), np.nan)


def _title(comparison: Comparison, drawn: Sequence[ScenarioResult]) -> str:
    """What becomes of the children not yet seen, where it is one scenario that is asked about."""
    if len(drawn) > 1:
        return _TITLE
    found = _per_cent(mean_open_work(drawn[0])[_UNSEEN], mean_open_work(comparison.baseline)[_UNSEEN])
    if not found.endswith("%"):
        return _TITLE
    number, way = found.strip("+-"), "fewer" if found.startswith("-") else "more"
    many = f"{number} {way}" if number != "0%" else "as many"
    return f"Over the year {many} referred children not yet seen on an average night"


def _characters(drawn: Sequence[ScenarioResult]) -> int:
    return 110 // len(drawn) - 12


def _dash(number: int) -> str:
    return ("line", "dashes", "dashes and dots", "dots")[number]


def _draw(figure: Figure, comparison: Comparison, panels: Mapping[str, Sequence[NDArray[np.float64]]]) -> None:
    every = np.concatenate([line for lines in panels.values() for line in lines])
    reach = max(_LEAST_REACH, float(np.nanmax(np.abs(every))) if not np.isnan(every).all() else 0.0) * 1.1
    for number, (name, lines) in enumerate(panels.items()):
        bottom = _FOOT + (1 - number // 2) * (_PANEL + _GAP)
        axes = place(figure, _COLUMNS[number % 2], bottom, _WIDTH, _PANEL)
        _panel(axes, sentence(OPEN_WORK_LABEL[name]), lines, reach)
        axes.set_xticks(*months(comparison.first_day, len(comparison.baseline.open_work[name])))


def _panel(axes: Axes, title: str, lines: Sequence[NDArray[np.float64]], reach: float) -> None:
    axes.axhline(0, color=INK, linewidth=1)
    for line, (colour, dashes) in zip(lines, _STYLES, strict=False):
        since = np.arange(len(line)) + (SMOOTHED_OVER_DAYS - 1) / 2
        axes.plot(since, line, color=colour, linestyle=dashes, linewidth=1.8)
    axes.set_ylim(-reach, reach)
    axes.set_xlim(0, len(lines[0]) + SMOOTHED_OVER_DAYS - 1)
    axes.grid(visible=True, axis="y")
    axes.yaxis.set_major_formatter(lambda value, _: typographic(f"{value:+.0f}%" if value else "0"))
    axes.set_title(title, loc="left", size=TEXT_SIZE, weight="bold", pad=8)


def _alt(comparison: Comparison, drawn: Sequence[ScenarioResult]) -> str:
    said = [f"{_TITLE}, simulated. Mean over the year, against the baseline:"]
    base = mean_open_work(comparison.baseline)
    for scenario in drawn:
        here = mean_open_work(scenario)
        parts = [f"{label} {_per_cent(here[name], base[name])}" for name, label in OPEN_WORK_LABEL.items()]
        said.append(f"{scenario.title}: {', '.join(parts)}.")
    return typographic(" ".join(said))


def _per_cent(here: float, base: float) -> str:
    if math.isnan(here + base) or base < _LEAST_WORK:
        return "not known"
    return f"{100 * (here / base - 1):+.0f}%"
