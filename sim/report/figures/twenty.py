"""Of every twenty children who go on to be assessed, how many are seen in which days: dots for each scenario."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.experiment import Comparison, ScenarioResult
from sim.report.figures.style import (
    DARK_BLUE,
    QUIET,
    RULE,
    SMALL_SIZE,
    TEXT_SIZE,
    Picture,
    canvas,
    drawing,
    foot,
    name_row,
    place,
    subtitle,
    wrapped,
)
from sim.report.headline import ALL, SEEN_WITHIN, variants
from sim.report.sentences import simulated_years
from sim.report.starts import year_note
from sim.report.wording import listed

NAME: Final = "twenty_children"
CHILDREN: Final = 20
LIMIT_DAYS: Final = 10
BANDS: Final = ("within 1 day", "2 to 5 days", "6 to 10 days", "11 to 20 days", "over 20 days")
_SHORT: Final = 3
_BELOW: Final = "Each dot is one child in twenty who went on to be assessed, by the days from contact to seen"
_MARKS: Final = "Hollow: within 10 days. Filled: over 10 days, those still waiting among them"
_TOP, _FOOT, _LEFT, _RIGHT, _ROW, _ACROSS = 1.45, 0.8, 2.85, 0.3, 0.95, 5


def twenty_children(comparison: Comparison, record_summary: Mapping[str, str]) -> Picture | None:
    """Twenty dots for each scenario, in five bands of days; None where nobody is referred."""
    rows = [(scenario, counts(scenario)) for scenario in comparison.scenarios]
    if not all(sum(found) for _, found in rows):
        return None
    title = _title([beyond(found) for _, found in rows])
    with drawing(NAME):
        words = foot(simulated_years(comparison), record_summary, year_note(comparison))
        figure = canvas(_TOP + _FOOT + _ROW * len(rows), title, subtitle(_BELOW, _MARKS), words)
        _draw(figure, comparison, [found for _, found in rows])
    return Picture(NAME, title, _alt(title, rows), figure)


def counts(scenario: ScenarioResult) -> tuple[int, ...]:
    """Of twenty children how many are seen in each band, the last those seen later or still waiting.

    What is rounded are the shares seen by the end of each band, so that those over the limit are as measured. Nought in
    every band where the shares are not known.
    """
    within = np.array([scenario.levels[measure, ALL].mean for measure in SEEN_WITHIN.values()])
    if np.isnan(within).any():
        return (0,) * len(BANDS)
    by = np.round(within * CHILDREN).astype(int)
    return tuple(np.diff(by, prepend=0, append=CHILDREN).tolist())


def beyond(found: Sequence[int]) -> int:
    """How many of the twenty wait over the limit."""
    return sum(found[_SHORT:])


def _title(waiting: Sequence[int]) -> str:
    first, *others = waiting
    now = " now" if others else ""
    ended = f", {others[0]} in {CHILDREN} with this" if len(others) == 1 else ""
    return f"About {first} in {CHILDREN} children wait over {LIMIT_DAYS} days{now}{ended}"


def _draw(figure: Figure, comparison: Comparison, rows: Sequence[Sequence[int]]) -> None:
    wide, high = figure.get_size_inches()
    axes = place(figure, _LEFT, _FOOT, wide - _LEFT - _RIGHT, high - _TOP - _FOOT)
    axes.set_axis_off()
    axes.set_xlim(0, len(BANDS))
    axes.set_ylim(len(rows), 0)
    for column, words in enumerate(BANDS):
        axes.text(column + 0.08, -0.08, words, size=SMALL_SIZE, color=QUIET, va="bottom")
    for number, (scenario, found) in enumerate(zip(comparison.scenarios, rows, strict=True)):
        axes.axhline(number, color=RULE, linewidth=0.8)
        is_baseline = bool(variants(comparison)) and not number
        name_row(axes, number + 0.5, wrapped(scenario.title), is_baseline=is_baseline)
        for column, many in enumerate(found):
            _dots(axes, column, number, many)


def _dots(axes: Axes, column: int, row: int, many: int) -> None:
    axes.text(column + 0.08, row + 0.5, _number(many), size=TEXT_SIZE, weight="bold", va="center")
    lines = -(-many // _ACROSS)
    for dot in range(many):
        line, across = divmod(dot, _ACROSS)
        axes.plot(
            column + 0.28 + across * 0.125,
            row + 0.5 + (line - (lines - 1) / 2) * 0.22,
            "o",
            color="white" if column < _SHORT else DARK_BLUE,
            markeredgecolor=DARK_BLUE,
            markeredgewidth=1.4,
            markersize=8.0,
        )


def _number(many: int) -> str:
    """A number of the twenty; none of them is not nobody."""
    return str(many) if many else "<1"


def _alt(title: str, rows: Sequence[tuple[ScenarioResult, Sequence[int]]]) -> str:
    said = [f"{title}, simulated. {_BELOW}."]
    for scenario, found in rows:
        parts = [f"{_number(many)} {words}" for many, words in zip(found, BANDS, strict=True)]
        said.append(f"{scenario.title}: {listed(parts)}.")
    return " ".join(said)
