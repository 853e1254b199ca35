"""What unknowns do to a change: a bar for each that is told from chance, the widest first."""

from collections.abc import Mapping, Sequence
from typing import Final

from matplotlib.axes import Axes

from sim.experiment import Comparison, ScenarioResult
from sim.experiment.swings import Swing
from sim.report.figures.style import (
    DARK_BLUE,
    INK,
    ORANGE,
    SMALL_SIZE,
    Picture,
    bare,
    canvas,
    colour_key,
    drawing,
    foot,
    name_row,
    place,
    subtitle,
    wrapped,
)
from sim.report.headline import ALL, DAYS, NINE_IN_TEN
from sim.report.sentences import simulated_years
from sim.report.wording import Number, shown, typographic

NAME: Final = "swings"
MOST: Final = 8
TITLE: Final = "What moves the change most, of what is told from chance"
_BELOW: Final = "Fitted change in the days within which 9 in 10 are seen, at a low and at a high value of each number"
_LOW, _HIGH = "at its low value", "at its high value"
_ROW, _TOP, _FOOT, _LEFT, _RIGHT = 0.62, 1.5, 0.98, 3.3, 0.9


def swings_figure(
    comparison: Comparison, scenario: ScenarioResult, swings: Sequence[Swing], record_summary: Mapping[str, str]
) -> Picture:
    """The bars about the average change, a row a number."""
    drawn = swings[:MOST]
    with drawing(NAME):
        words = foot(simulated_years(comparison), record_summary)
        figure = canvas(_TOP + _FOOT + _ROW * len(drawn), TITLE, subtitle(_BELOW, scenario.title), words)
        colour_key(figure, 1.2, {_LOW: DARK_BLUE, _HIGH: ORANGE})
        axes = place(figure, _LEFT, _FOOT, 10 - _LEFT - _RIGHT, _ROW * len(drawn))
        _draw(axes, scenario.changes[NINE_IN_TEN, ALL].mean, drawn)
    return Picture(NAME, TITLE, _alt(drawn), figure)


def _draw(axes: Axes, mean: float, drawn: Sequence[Swing]) -> None:
    axes.set_ylim(len(drawn) - 0.5, -0.5)
    axes.set_yticks([])
    bare(axes)
    axes.axvline(mean, color=INK, linewidth=1)
    for row, swing in enumerate(drawn):
        name_row(axes, row, wrapped(swing.of.meaning))
        for end, (change, value, colour) in enumerate(
            zip(swing.changes, swing.values, (DARK_BLUE, ORANGE), strict=True)
        ):
            axes.barh(
                row, change - mean, left=mean, height=0.5, color=colour, hatch="//" if end else "", edgecolor="white"
            )
            side = "left" if change > mean else "right"
            words = shown(Number(value, swing.of.unit))
            away = (4 if side == "left" else -4, 0)
            axes.annotate(words, (change, row), away, textcoords="offset points", ha=side, va="center", size=SMALL_SIZE)
    axes.margins(x=0.15)
    axes.xaxis.set_major_formatter(lambda value, _: typographic(shown(Number(value, DAYS, signed=True))))
    axes.set_xlabel("change in calendar days; the line is the average")


def _alt(drawn: Sequence[Swing]) -> str:
    rows = (
        f"{swing.of.meaning}: {shown(Number(swing.changes[0], DAYS, signed=True))} days at "
        f"{shown(Number(swing.values[0], swing.of.unit))}, {shown(Number(swing.changes[1], DAYS, signed=True))} at "
        f"{shown(Number(swing.values[1], swing.of.unit))}."
        for swing in drawn
    )
    return typographic(f"{TITLE}, simulated. {_BELOW}. {' '.join(rows)}")
