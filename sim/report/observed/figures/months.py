"""Days to seen month by month: how long half and nine in ten waited, and the shares seen in time."""

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from sim.report.figures.style import (
    DARK_BLUE,
    DARK_PINK,
    INK,
    ORANGE,
    RULE,
    SMALL_SIZE,
    TEXT_SIZE,
    TURQUOISE,
    WIDTH,
    Picture,
    canvas,
    drawing,
    place,
    subtitle,
)
from sim.report.observed.account import Account, basis, said
from sim.report.observed.figures.bars import name_months
from sim.report.observed.tables import FIRST_DAYS, UNCERTAIN, WHOLE_WINDOW, WITHIN
from sim.report.tables import Cell, Row
from sim.report.wording import Number, sentence

TITLE = "Days from contact to child seen, month by month"
_DAYS = (("half seen", DARK_BLUE, "o"), ("9 in 10 seen", DARK_PINK, "s"))
_SHARES = tuple(zip(WITHIN, (DARK_BLUE, TURQUOISE, ORANGE, DARK_PINK), ("o", "^", "D", "s"), strict=True))
_FIRST_DAYS, _FIRST_SHARE = FIRST_DAYS, FIRST_DAYS + 2
_LEFT, _RIGHT, _TOP, _FOOT, _PANEL, _GAP = 0.6, 1.95, 1.5, 1.25, 2.0, 0.75


def days_by_month(told: Account) -> Picture:
    """Two panels above one another; months that may still move are shaded and their markers hollow."""
    rows = [row for row in told.tables["months"].rows if row[0] != WHOLE_WINDOW]
    open_months = [place for place, row in enumerate(rows) if UNCERTAIN in str(row[-2])]
    title = _title(told)
    with drawing("days_by_month"):
        words = subtitle("Children by the month their contact was received; calendar days", _shading(open_months))
        figure = canvas(_TOP + 2 * _PANEL + _GAP + _FOOT, title, words, f"{_note(rows)}\n{basis(told)}")
        width = WIDTH - _LEFT - _RIGHT
        upper = place(figure, _LEFT, _FOOT + _PANEL + _GAP, width, _PANEL)
        lower = place(figure, _LEFT, _FOOT, width, _PANEL)
        _panel(upper, rows, [(*line, _FIRST_DAYS + n) for n, line in enumerate(_DAYS)], open_months)
        _panel(lower, rows, [(*line, _FIRST_SHARE + n) for n, line in enumerate(_SHARES)], open_months)
        upper.set_title("Days within which half, and 9 in 10, were seen", loc="left", size=TEXT_SIZE, weight="bold")
        lower.set_title("Share seen in time, per cent", loc="left", size=TEXT_SIZE, weight="bold")
        lower.set_ylim(0, 106)
        lower.set_yticks(range(0, 101, 20))
        for axes in (upper, lower):
            name_months(axes, [str(row[0]) for row in rows], shown=12)
    return Picture("days_by_month", title, _alt(told), figure)


def _title(told: Account) -> str:
    whole = told.tables["months"].rows[-1]
    half, nine = whole[_FIRST_DAYS], whole[_FIRST_DAYS + 1]
    if isinstance(half, Number) and isinstance(nine, Number) and not math.isnan(half.value + nine.value):
        return f"Half of the children were seen within {said(half)} days, 9 in 10 within {said(nine)}"
    return TITLE


def _shading(open_months: Sequence[int]) -> str:
    return "Shaded, with hollow marks: more than one child in 20 still waits, so these may move" if open_months else ""


def _note(rows: Sequence[Row]) -> str:
    """What a month without a mark is: the sign for hidden stands in no figure of days."""
    gaps = any(not isinstance(cell, Number) for row in rows for cell in row[_FIRST_DAYS:-2])
    return "A month without a mark rests on few children, and is hidden, or is not reached." if gaps else ""


def _panel(
    axes: Axes, rows: Sequence[Row], lines: Sequence[tuple[str, str, str, int]], open_months: Sequence[int]
) -> None:
    for month in open_months:
        axes.axvspan(month - 0.5, month + 0.5, color=RULE, alpha=0.6, linewidth=0)
    ends = []
    for name, colour, marker, column in lines:
        values = np.array([_value(row[column]) for row in rows])
        axes.plot(values, color=colour, linewidth=1.8)
        for month, value in enumerate(values.tolist()):
            fill = "white" if month in open_months else colour
            axes.plot(month, value, marker, color=colour, markerfacecolor=fill, markersize=6.5)
        if np.any(~np.isnan(values)):
            ends.append((float(values[~np.isnan(values)][-1]), name, colour, marker))
    axes.set_xlim(-0.5, len(rows) - 0.5)
    top = max((_value(row[column]) for row in rows for *_, column in lines if _is_drawn(row[column])), default=1.0)
    axes.set_ylim(0, top * 1.12 or 1.0)
    axes.grid(visible=True, axis="y")
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0)
    _key(axes, ends)


def _key(axes: Axes, ends: Sequence[tuple[float, str, str, str]]) -> None:
    """The name of each line to the right of the panel, in the order in which they end."""
    for place_, (_, name, colour, marker) in enumerate(sorted(ends, reverse=True)):
        y = 0.92 - 0.17 * place_
        axes.plot([1.035], [y], marker, color=colour, markersize=7, transform=axes.transAxes, clip_on=False)
        axes.text(1.065, y, name, transform=axes.transAxes, va="center", size=SMALL_SIZE + 0.5, color=INK)


def _is_drawn(cell: Cell) -> bool:
    return isinstance(cell, Number) and not math.isnan(cell.value)


def _value(cell: Cell) -> float:
    return cell.scaled if isinstance(cell, Number) else float("nan")


def _alt(told: Account) -> str:
    table = told.tables["months"]
    parts = [f"{TITLE}, observed."]
    for row in table.rows:
        names = (*(name for name, *_ in _DAYS), *(name for name, *_ in _SHARES))
        cells = [f"{name} {said(cell)}" for name, cell in zip(names, row[_FIRST_DAYS:-2], strict=True)]
        note = f" ({row[-2]})" if row[-2] else ""
        parts.append(f"{sentence(str(row[0]))}{note}: {', '.join(cells)}.")
    return " ".join(parts)
