"""Figures of a calibration: what each number was thought to be and what the record says, and the record beside runs."""

import math
from collections.abc import Sequence
from typing import Final

from matplotlib.axes import Axes

from sim.report.analyses.labels import plain
from sim.report.calibration.compared import Compared
from sim.report.calibration.told import FittedRow
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
    name_row,
    place,
    subtitle,
    wrapped,
)
from sim.report.wording import sentence

FITTED: Final = "fitted_numbers"
BESIDE: Final = "record_beside_runs"
FITTED_TITLE: Final = "What was thought before, and what the record says"
BESIDE_TITLE: Final = "The record beside runs of the fitted model"
_ASSUMED, _SAID = "assumed before", "90 in 100 of what the record leaves open"
_ROW, _TOP, _FOOT, _LEFT, _RIGHT = 0.62, 1.5, 0.9, 3.2, 2.1
_FURTHEST: Final = 3.0
_STEP: Final = 0.13


def fitted_picture(rows: Sequence[FittedRow], source: str) -> Picture:
    """A row a number: its range before, and on it the range and middle that the record leaves."""
    with drawing(FITTED):
        below = subtitle(
            "From the least to the most that was assumed; the dot is the middle of what the record leaves open"
        )
        figure = canvas(_TOP + _FOOT + _ROW * len(rows), FITTED_TITLE, below, foot_lines(source))
        colour_key(figure, 1.2, {_ASSUMED: PALE_BLUE, _SAID: DARK_BLUE})
        axes = place(figure, _LEFT, _FOOT, 10 - _LEFT - _RIGHT, _ROW * len(rows))
        axes.set_ylim(len(rows) - 0.5, -0.5)
        axes.set_xlim(-0.03, 1.03)
        axes.set_yticks([])
        axes.set_xticks([])
        bare(axes)
        axes.spines["bottom"].set_visible(False)
        for row, each in enumerate(rows):
            _draw_row(axes, row, each)
    return Picture(FITTED, FITTED_TITLE, _fitted_alt(rows), figure)


def _draw_row(axes: Axes, row: int, each: FittedRow) -> None:
    name_row(axes, row, wrapped(sentence(each.label)))
    axes.barh(row, 1.0, height=0.42, color=PALE_BLUE)
    left, middle, right = (_along(each, value) for value in (each.q05, each.median, each.q95))
    axes.barh(row, right - left, left=left, height=0.18, color=DARK_BLUE)
    axes.plot(middle, row, "o", color="white", markeredgecolor=DARK_BLUE, markeredgewidth=2, markersize=8)
    for at, value, side in ((0.0, each.low, "left"), (1.0, each.high, "right")):
        axes.annotate(
            plain(value), (at, row + 0.36), ha=side, va="center", size=SMALL_SIZE, color=QUIET
        )  # fmt: skip
    words = f"{plain(each.median)} ({plain(each.q05)} to {plain(each.q95)})\n{each.unit}: {each.learned}"
    axes.annotate(words, (1.04, row), va="center", size=SMALL_SIZE, annotation_clip=False)


def _along(each: FittedRow, value: float) -> float:
    """Where a value lies between the least and the most assumed; by its logarithm where both are above nought."""
    if each.low > 0:
        return math.log(max(value, each.low) / each.low) / math.log(each.high / each.low)
    return (value - each.low) / (each.high - each.low)


def _fitted_alt(rows: Sequence[FittedRow]) -> str:
    said = (
        f"{row.label}: {plain(row.median)} {row.unit} ({plain(row.q05)} to {plain(row.q95)}), assumed {plain(row.low)} "
        f"to {plain(row.high)} before; {row.learned}."
        for row in rows
    )
    return f"{FITTED_TITLE}. {' '.join(said)}"


def beside_picture(rows: Sequence[Compared], source: str) -> Picture:
    """A row a stage: how far each figure of the record lies from the middle of the runs; the band holds 95 in 100."""
    stages = list(dict.fromkeys(row.stage for row in rows))
    with drawing(BESIDE):
        below = subtitle("Each dot is a figure of the record; the band is where 95 in 100 runs of the fitted model lie")
        figure = canvas(_TOP + _FOOT + 0.25 + _ROW * len(stages), BESIDE_TITLE, below, foot_lines(source))
        colour_key(figure, 1.2, {"95 in 100 runs": PALE_BLUE, "inside": DARK_BLUE, "beyond (square)": ORANGE})
        axes = place(figure, 2.2, _FOOT + 0.25, 10 - 2.2 - 0.5, _ROW * len(stages))
        axes.axvspan(-1, 1, color=PALE_BLUE)
        axes.axvline(0, color=INK, linewidth=1)
        axes.set_ylim(len(stages) - 0.5, -0.5)
        axes.set_xlim(-_FURTHEST - 0.2, _FURTHEST + 0.2)
        axes.set_yticks([])
        bare(axes)
        for place_, stage in enumerate(stages):
            name_row(axes, place_, stage.capitalize())
            _draw_stage(axes, place_, [row.apart for row in rows if row.stage == stage])
        axes.set_xticks([-3, -1, 0, 1, 3], ["3 or\nfurther below", "least", "middle", "most", "3 or\nfurther above"])
    return Picture(BESIDE, BESIDE_TITLE, _beside_alt(rows, stages), figure)


def _draw_stage(axes: Axes, row: int, apart: Sequence[float]) -> None:
    """The dots, those that would lie on one another one above the other."""
    stacked: dict[int, int] = {}
    for each in sorted(max(-_FURTHEST, min(_FURTHEST, one)) for one in apart):
        many = stacked.get(round(each / _STEP), 0)
        stacked[round(each / _STEP)] = many + 1
        up = 0.09 * ((many + 1) // 2) * (1 if many % 2 else -1)
        inside = abs(each) <= 1
        axes.plot(each, row + up, "o" if inside else "s", color=DARK_BLUE if inside else ORANGE, markersize=5)


def _beside_alt(rows: Sequence[Compared], stages: Sequence[str]) -> str:
    said = []
    for stage in stages:
        those = [row for row in rows if row.stage == stage]
        beyond = [row.words for row in those if abs(row.apart) > 1]
        many = f"{len(those)} figure{'' if len(those) == 1 else 's'}"
        said.append(f"{stage.capitalize()}: {many}, beyond: {', '.join(beyond) or 'none'}.")
    return f"{BESIDE_TITLE}. {' '.join(said)}"
