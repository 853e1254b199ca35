"""Where the days go: each scenario's mean days by stage, split by whom they were spent waiting for."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from sim.experiment import Comparison
from sim.measures import STAGE_LABELS, WAIT_LABELS, Stage, WaitFor
from sim.report.figures.style import (
    DARK_BLUE,
    EDGE,
    INK,
    PALE_BLUE,
    SMALL_SIZE,
    TURQUOISE,
    WIDTH,
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
from sim.report.headline import ALL, DAYS, GROUP_LABEL, SHOWN_GROUPS, SHOWN_WAITS, variants
from sim.report.sentences import simulated_years
from sim.report.starts import year_note
from sim.report.wording import Number, sentence, shown

NAME = "where_the_days_go"
TITLE = "Where the days from contact to seen go"
SHOWN_FROM_DAYS = 0.05
"""A stage that takes less in every scenario is named in words, not drawn."""

COLOURS = {WaitFor.OUR_STAFF: DARK_BLUE, WaitFor.CLOSED_HOURS: PALE_BLUE, WaitFor.OTHERS: TURQUOISE}
_HATCHES = {WaitFor.CLOSED_HOURS: "///"}
_INK_ON = {WaitFor.OUR_STAFF: "white", WaitFor.OTHERS: INK, WaitFor.CLOSED_HOURS: INK}
_SUBTITLE = "Mean calendar days from contact to seen, of all children who went on to be assessed and were seen"
_CLOSED = "Others: partners, families. Office closed: nights and weekends while our staff are waited for"
_ROW, _TOP, _FOOT, _LEFT, _GAP, _TOTAL = 0.6, 1.95, 1.2, 2.85, 0.58, 0.6
_LEAST_PITCH, _ROOM_INCHES, _TRIES = 1.2, 0.26, 500
_BAR = 0.62


class _Row(NamedTuple):
    """A row of bars: mean days, (4, 3) as `Stage` by `WaitFor`."""

    name: str
    days: NDArray[np.float64]
    is_baseline: bool = False


def where_the_days_go(comparison: Comparison, record_summary: Mapping[str, str]) -> Picture:
    """A panel for each stage on one scale; a bar for each scenario, or for each group of one scenario alone."""
    rows = _rows(comparison)
    drawn = [stage for stage in Stage if _longest(rows, stage) >= SHOWN_FROM_DAYS]
    words = subtitle(_SUBTITLE, _CLOSED)
    whose = year_note(comparison) if variants(comparison) else f"{comparison.baseline.title}."
    note = f"{whose} {_left_out(drawn)}".strip()
    height, title = _TOP + _FOOT + _ROW * len(rows), _title(rows)
    with drawing(NAME):
        figure = canvas(height, title, words, foot(simulated_years(comparison), record_summary, note))
        colour_key(figure, 1.22, {WAIT_LABELS[wait]: COLOURS[wait] for wait in SHOWN_WAITS})
        _panels(figure, rows, drawn)
        _totals(figure, rows)
    return Picture(NAME, title, _alt(rows, drawn), figure)


def _title(rows: Sequence[_Row]) -> str:
    """What is to be seen: how much of the wait is for our own staff, which is what a staffing scenario can move.

    Nights and weekends on which our staff are waited for are part of it: without them it would look small. They are
    told too, for in them nobody could be seen sooner.
    """
    by_whom = rows[0].days.sum(axis=0)
    mean = by_whom[WaitFor.OUR_STAFF] + by_whom[WaitFor.CLOSED_HOURS]
    closed = by_whom[WaitFor.CLOSED_HOURS]
    total, ours, nights = (shown(Number(float(days), DAYS)) for days in (by_whom.sum(), mean, closed))
    if total == ours:
        return TITLE
    who = "Baseline: mean wait" if rows[0].is_baseline else "Mean wait"
    return f"{who} {total} days, {ours} for our staff ({nights} of it nights and weekends)"


def _rows(comparison: Comparison) -> list[_Row]:
    first = comparison.baseline
    if not variants(comparison):
        return [_Row(wrapped(GROUP_LABEL[group]), np.nan_to_num(first.stage_days[group])) for group in SHOWN_GROUPS]
    return [
        _Row(wrapped(scenario.title), np.nan_to_num(scenario.stage_days[ALL]), scenario is first)
        for scenario in comparison.scenarios
    ]


def _longest(rows: Sequence[_Row], stage: Stage) -> float:
    return max(float(row.days[stage].sum()) for row in rows)


def _left_out(drawn: Sequence[Stage]) -> str:
    names = [STAGE_LABELS[stage] for stage in Stage if stage not in drawn]
    return f"Not drawn, under {SHOWN_FROM_DAYS} days in every row: {'; '.join(names)}." if names else ""


def _panels(figure: Figure, rows: Sequence[_Row], drawn: Sequence[Stage]) -> None:
    """Panels as wide as their longest bars, so that an inch is as many days in each."""
    longest = [_longest(rows, stage) for stage in drawn]
    day_inches = _scale(longest)
    left = _LEFT
    for stage, days in zip(drawn, longest, strict=True):
        axes = _panel(figure, left, days * day_inches, len(rows))
        axes.set_xlim(0, days)
        axes.xaxis.set_ticks(np.arange(0, days, 1))
        bare(axes)
        _bars(axes, rows, stage, day_inches)
        if stage == drawn[0]:
            axes.set_xlabel("calendar days", loc="left")
            for number, row in enumerate(rows):
                name_row(axes, number, row.name, is_baseline=row.is_baseline)
        left += _pitch(days, day_inches)


def _scale(longest: Sequence[float]) -> float:
    """Inches a day, the most at which the panels fit side by side."""
    room = WIDTH - EDGE - _TOTAL - _LEFT
    tries = np.linspace(room / max(sum(longest), SHOWN_FROM_DAYS), 0.0, _TRIES, endpoint=False)
    return next(
        (inches for inches in tries.tolist() if sum(_pitch(days, inches) for days in longest) <= room), float(tries[-1])
    )


def _pitch(days: float, day_inches: float) -> float:
    """From one panel to the next: room for its bars and their total, and for its heading."""
    return max(days * day_inches + _GAP, _LEAST_PITCH)


def _panel(figure: Figure, left: float, width: float, rows: int) -> Axes:
    axes = place(figure, left, _FOOT, width, figure.get_figheight() - _TOP - _FOOT)
    axes.set_ylim(rows - 0.5, -0.5)
    axes.set_yticks([])
    return axes


def _bars(axes: Axes, rows: Sequence[_Row], stage: Stage, day_inches: float) -> None:
    _heading(axes, 0, _two_lines(sentence(STAGE_LABELS[stage])), "left")
    for row, (_, mean_days, _) in enumerate(rows):
        left = 0.0
        for wait in SHOWN_WAITS:
            days, hatch = float(mean_days[stage, wait]), _HATCHES.get(wait)
            axes.barh(row, days, _BAR, left=left, color=COLOURS[wait], edgecolor="white", linewidth=0.8, hatch=hatch)
            if days * day_inches >= _ROOM_INCHES:
                _number(axes, left + days / 2, row, days, _INK_ON[wait])
            left += days
        axes.annotate(
            shown(Number(left, DAYS)),
            (left, row),
            (4, 0),
            textcoords="offset points",
            va="center",
            weight="bold",
            size=SMALL_SIZE,
            annotation_clip=False,
        )


def _two_lines(words: str) -> str:
    return words.replace(", ", ",\n") if ", " in words else words.replace(" to ", "\nto ")


def _number(axes: Axes, x: float, row: int, days: float, ink: str) -> None:
    axes.text(x, row, shown(Number(days, DAYS)), ha="center", va="center", color=ink, size=SMALL_SIZE)


def _heading(axes: Axes, x: float, words: str, side: str) -> None:
    axes.annotate(
        words,
        (x, 1),
        (0, 7),
        "axes fraction",
        "offset points",
        ha=side,
        va="bottom",
        linespacing=1.15,
        annotation_clip=False,
    )


def _totals(figure: Figure, rows: Sequence[_Row]) -> None:
    axes = _panel(figure, WIDTH - EDGE - _TOTAL, _TOTAL, len(rows))
    axes.set_axis_off()
    axes.set_xlim(0, 1)
    _heading(axes, 1, "All\nstages", "right")
    for number, row in enumerate(rows):
        axes.text(1, number, shown(Number(float(row.days.sum()), DAYS)), ha="right", va="center", weight="bold")


def _alt(rows: Sequence[_Row], drawn: Sequence[Stage]) -> str:
    parts = [f"{TITLE}, simulated. {_SUBTITLE}. {_CLOSED}."]
    for row in rows:
        name = row.name.replace("\n", " ")
        parts.append(f"{name}: {'; '.join(_stage_in_words(stage, row.days[stage]) for stage in drawn)}.")
    return " ".join(parts)


def _stage_in_words(stage: Stage, days: NDArray[np.float64]) -> str:
    split = [f"{shown(Number(float(days[wait]), DAYS))} {WAIT_LABELS[wait]}" for wait in SHOWN_WAITS]
    return f"{STAGE_LABELS[stage]} {shown(Number(float(days.sum()), DAYS))} days ({', '.join(split)})"
