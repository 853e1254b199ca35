"""How large a service must be: the chance that each amount meets a standard."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, PercentFormatter

from sim.experiment.sizing import Sizing, Standard
from sim.report.analyses.labels import label_of, measured
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
from sim.report.wording import SHARE, Number, shown, with_unit

NAME = "enough"
_HEIGHT, _BOTTOM, _PANEL_HEIGHT, _LEFT = 6.0, 1.25, 3.4, 0.95


def enough_picture(found: Sizing, chance: float) -> Picture:
    """The chance of meeting the standard over the amounts, with its band and the chance that is asked for."""
    enough = found.enough(chance)
    title = _title(found, enough, shown(Number(chance, SHARE)))
    with drawing(NAME):
        figure = canvas(
            _HEIGHT,
            title,
            subtitle(
                in_words(found.standard),
                "Band: 95% interval of the chance, from a finite number of worlds and sets of numbers",
            ),
            foot(f"{len(found.least)} worlds, {found.runs} simulated years", {}),
        )
        axes = place(figure, _LEFT, _BOTTOM, WIDTH - _LEFT - EDGE - 0.2, _PANEL_HEIGHT)
        _draw(axes, found, chance, enough)
        axes.set_xlabel(f"{label_of(found.path)}, as if it had always been so")
        axes.set_ylabel("chance of meeting the standard")
    return Picture(NAME, title, _alt(found, title), figure)


def _title(found: Sizing, enough: int | None, asked: str) -> str:
    if enough is None:
        return f"None of the numbers tried is enough with a chance of {asked}"
    least = ", the least tried," if enough == found.amounts[0] else ""
    return f"{enough}{least} are enough with a chance of {asked} or more"


def in_words(standard: Standard) -> str:
    """The standard: what is measured and its bound."""
    unit = MEASURE[standard.measure].unit
    bound = with_unit(Number(standard.bound, unit))
    most = "at least" if MEASURE[standard.measure].better == "higher" else "at most"
    return f"{measured((standard.measure, standard.group))}: {most} {bound} over a year"


def _draw(axes: Axes, found: Sizing, chance: float, enough: int | None) -> None:
    chances = [found.chance(amount) for amount in found.amounts]
    x = np.array(found.amounts)
    axes.fill_between(
        x,
        np.array([each.error.low for each in chances]),
        np.array([each.error.high for each in chances]),
        color=PALE_BLUE,
        alpha=0.7,
        linewidth=0,
    )
    axes.plot(x, [each.share for each in chances], color=DARK_BLUE, linewidth=2.2, marker="o", markersize=5)
    axes.axhline(chance, color=INK, linewidth=1.2, linestyle=(0, (6, 2)))
    axes.annotate(
        "chance asked for",
        (0, chance),
        (3, 3),
        ("axes fraction", "data"),
        "offset points",
        color=QUIET,
        size=SMALL_SIZE,
    )
    if enough is not None:
        axes.plot(enough, found.chance(enough).share, "D", color=ORANGE, markeredgecolor=INK, markersize=9, zorder=5)
    axes.set_ylim(0, 1.03)
    axes.yaxis.set_major_formatter(PercentFormatter(1.0))
    axes.xaxis.set_major_locator(MaxNLocator(10, integer=True))
    axes.grid(visible=True, axis="y")


def _alt(found: Sizing, title: str) -> str:
    parts = [f"{title}, simulated. {in_words(found.standard)}."]
    parts += [f"{amount}: {shown(Number(found.chance(amount).share, SHARE))}." for amount in found.amounts]
    return " ".join(parts)
