"""The spread of single years, split into what is chance and what we do not know."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from sim.experiment.variance import VarianceSplit
from sim.report.figures.style import (
    DARK_BLUE,
    INK,
    PALE_BLUE,
    TEXT_SIZE,
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
from sim.report.wording import SHARE, TOO_FEW_RUNS, Number, between, shown

NAME = "spread"
_TOP, _FOOT, _ROW, _LEFT, _RIGHT = 1.6, 1.15, 0.75, 2.9, 0.5
_BELOW = "Of what single simulated years differ by, the part that comes from not knowing the service's numbers"


class Row(NamedTuple):
    """What was measured, in words, and how its spread splits."""

    words: str
    split: VarianceSplit


def spread_picture(rows: Sequence[Row]) -> Picture:
    """A bar for each measure or change."""
    title = "How much is what we do not know, how much is chance"
    with drawing(NAME):
        figure = canvas(
            _TOP + _FOOT + _ROW * len(rows),
            title,
            subtitle(_BELOW, "Line: simulation error (95%) of that part"),
            foot(f"{rows[0].split.years} simulated years over {rows[0].split.sets} sets of plausible numbers", {}),
        )
        colour_key(figure, 1.2, {"what we do not know": DARK_BLUE, "chance": PALE_BLUE})
        axes = place(figure, _LEFT, _FOOT, figure.get_figwidth() - _LEFT - _RIGHT, _ROW * len(rows))
        for number, row in enumerate(rows):
            _draw(axes, number, row)
        axes.set_ylim(len(rows) - 0.5, -0.5)
        axes.set_xlim(0, 1)
        axes.set_yticks([])
        bare(axes)
        axes.xaxis.set_major_formatter(PercentFormatter(1.0))
    return Picture(NAME, title, _alt(title, rows), figure)


def _draw(axes: Axes, number: int, row: Row) -> None:
    name_row(axes, number, wrapped(row.words))
    share = row.split.unknown_share
    if math.isnan(share):
        axes.text(0.01, number, TOO_FEW_RUNS, size=TEXT_SIZE, va="center")
        return
    axes.barh(number, share, 0.5, color=DARK_BLUE)
    axes.barh(number, 1 - share, 0.5, left=share, color=PALE_BLUE)
    if row.split.error is not None:
        axes.plot([row.split.error.low, row.split.error.high], [number + 0.36] * 2, color=INK, linewidth=1.6)


def _alt(title: str, rows: Sequence[Row]) -> str:
    parts = [f"{title}, simulated. {_BELOW}."]
    for row in rows:
        error = between(row.split.error, SHARE, signed=False)
        parts.append(f"{row.words}: {shown(Number(row.split.unknown_share, SHARE))}, simulation error {error}.")
    return " ".join(parts)
