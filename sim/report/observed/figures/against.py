"""What happened on what a run said: a band for each scenario of it, and a mark for each month of the record."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from sim.report.figures.style import (
    DARK_BLUE,
    INK,
    ORANGE,
    PALE_BLUE,
    TEXT_SIZE,
    WIDTH,
    Picture,
    canvas,
    colour_key,
    drawing,
    place,
    subtitle,
)
from sim.report.observed.account import Account, basis, said
from sim.report.observed.against import HEADINGS, INSIDE, LABEL, NAME
from sim.report.observed.figures.bars import HIDDEN_NOTE, name_months
from sim.report.tables import Row
from sim.report.wording import Number

_LEFT, _RIGHT, _TOP, _FOOT, _PANEL, _GAP = 0.6, 0.3, 1.75, 0.55, 1.35, 0.75
_VERDICT = HEADINGS.index("verdict")
_ACTION = ORANGE


def against_run(told: Account) -> Picture:
    """A panel for each count: what 8 in 10 simulated years gave without and with the action, and what was open."""
    rows = told.tables[NAME].rows
    counts = list(dict.fromkeys(str(row[0]) for row in rows if any(isinstance(cell, Number) for cell in row[2:3])))
    every = list(dict.fromkeys(str(row[3]) for row in rows))
    scenarios, others = every[:2], len(every) - 2
    title = "What happened, against what the run said"
    with drawing("against_run"):
        words = subtitle("Open on an average night of each month; bands: 8 in 10 simulated years", LABEL)
        height = _TOP + max(len(counts), 1) * (_PANEL + _GAP) + _FOOT
        left_out = f" The other {others} of the run are in the table." if others > 0 else ""
        figure = canvas(height, title, words, f"{HIDDEN_NOTE}\n{basis(told)} Bands: simulated.{left_out}")
        colours = dict(zip(scenarios, (PALE_BLUE, _ACTION), strict=False))
        colour_key(figure, 1.2, {**colours, "observed (hollow where outside both)": INK})
        for number, count in enumerate(counts):
            bottom = height - _TOP - (number + 1) * (_PANEL + _GAP) + _GAP
            axes = place(figure, _LEFT, bottom, WIDTH - _LEFT - _RIGHT, _PANEL)
            _panel(axes, [row for row in rows if row[0] == count], scenarios)
            axes.set_title(count, loc="left", size=TEXT_SIZE, weight="bold")
    return Picture("against_run", title, _alt(rows), figure)


def _panel(axes: Axes, rows: Sequence[Row], scenarios: Sequence[str]) -> None:
    months = list(dict.fromkeys(str(row[1]) for row in rows))
    x = np.arange(len(months))
    for scenario, colour, width in zip(scenarios, (PALE_BLUE, _ACTION), (0.8, 0.4), strict=False):
        theirs = [row for row in rows if row[3] == scenario]
        low, high = (np.array([_value(row[place_]) for row in theirs]) for place_ in (4, 5))
        axes.bar(x, high - low, width, bottom=low, color=colour, alpha=0.75, linewidth=0)
    for month, name in enumerate(months):
        here = [row for row in rows if row[1] == name]
        is_inside = any(row[_VERDICT] == INSIDE for row in here if row[3] in scenarios)
        inside = INK if is_inside else "white"
        value = _value(here[0][2])
        axes.plot(month, value, "o", color=DARK_BLUE, markerfacecolor=inside, markersize=7, clip_on=False)
    axes.set_ylim(bottom=0)
    axes.grid(visible=True, axis="y")
    name_months(axes, months, shown=12)


def _value(cell: object) -> float:
    return cell.value if isinstance(cell, Number) else float("nan")


def _alt(rows: Sequence[Row]) -> str:
    parts = ["What happened against what a run said, observed and simulated."]
    parts += [
        f"{row[0]}, {row[1]}: observed {said(row[2])}, {row[3]} simulated {said(row[4])} to {said(row[5])}"
        f"{f', {row[_VERDICT]}' if row[_VERDICT] else ''}."
        for row in rows
    ]
    return " ".join(parts)
