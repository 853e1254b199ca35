"""Days to seen, a row a scenario: where each stands, and how it differs from the baseline."""

import math
import textwrap
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sim.experiment import Comparison, Estimate, ScenarioResult
from sim.report.figures.style import (
    DARK_BLUE,
    GREY,
    INK,
    QUIET,
    SMALL_SIZE,
    TEXT_SIZE,
    TURQUOISE,
    Picture,
    bare,
    canvas,
    drawing,
    foot,
    message,
    name_row,
    place,
    subtitle,
    wrapped,
)
from sim.report.headline import ALL, DAYS, GROUP_LABEL, MEDIAN, NINE_IN_TEN, SEEN_WITHIN, SHOWN_GROUPS, variants
from sim.report.sentences import leading, simulated_years
from sim.report.starts import year_note
from sim.report.wording import (
    NOT_KNOWN,
    SHARE,
    SIMULATION_ERROR,
    UNKNOWNS,
    Number,
    error_of,
    is_chance_alone,
    is_told,
    shown,
    simulation_error,
    typographic,
    unknowns,
)

NAME = "days_to_seen"
TITLE = "Days from contact to child seen"
_SUBTITLE = "Calendar days within which half, and 9 in 10, of the children who went on to be assessed were seen"
_HOLLOW = "A hollow dot in the change: too few runs to tell it from none"
_ROW, _ALONE_ROW, _TOP, _FOOT = 0.6, 0.52, 1.7, 0.98
_LEVELS_LEFT, _LEVELS_WIDTH, _CHANGES_LEFT, _CHANGES_WIDTH = 2.85, 2.3, 5.55, 1.7
_COLUMNS = (7.85, 8.85, 9.78)
_SHARES_LEFT, _SHARES_WIDTH = 6.6, 2.9


class _Row(NamedTuple):
    """A row of the panel of levels."""

    name: str
    half: float
    most: float
    is_baseline: bool = False


def days_to_seen(comparison: Comparison, record_summary: Mapping[str, str]) -> Picture:
    """Half and 9 in 10 for each scenario; beside them the change with both ranges, or shares for one scenario alone."""
    draw = _compared if variants(comparison) else _alone
    with drawing(NAME):
        figure = draw(comparison, foot(simulated_years(comparison), record_summary, year_note(comparison)))
    return Picture(NAME, _title(comparison), _alt(comparison), figure)


def _title(comparison: Comparison) -> str:
    """What is to be seen: the scenario that leads the sentences, or that none can be told to."""
    if not variants(comparison):
        most = comparison.baseline.levels[NINE_IN_TEN, ALL].mean
        return (
            TITLE if math.isnan(most) else f"9 in 10 children seen within {shown(Number(most, DAYS))} days of contact"
        )
    found = leading(comparison)
    if found is None:
        return "Too few runs to tell any scenario's days to seen as shorter"
    scenario, measure = found
    many = "half" if measure == MEDIAN else "9 in 10"
    sooner = shown(Number(-scenario.changes[measure, ALL].mean, DAYS))
    return message(scenario.title, f": {many} seen {sooner} days sooner in the model")


def _compared(comparison: Comparison, words: str) -> Figure:
    number = len(comparison.scenarios)
    figure = canvas(_TOP + _FOOT + _ROW * number, _title(comparison), subtitle(_SUBTITLE, _HOLLOW), words)
    rows = [_Row(wrapped(s.title), *_half_and_most(s, ALL), not place) for place, s in enumerate(comparison.scenarios)]
    _levels(_panel(figure, _LEVELS_LEFT, _LEVELS_WIDTH, number), rows)
    _changes(_panel(figure, _CHANGES_LEFT, _CHANGES_WIDTH, number), comparison)
    return figure


def _alone(comparison: Comparison, words: str) -> Figure:
    only = comparison.baseline
    figure = canvas(_TOP + _FOOT + 4 * _ALONE_ROW, _title(comparison), subtitle(_SUBTITLE, only.title), words)
    rows = [_Row(wrapped(GROUP_LABEL[group]), *_half_and_most(only, group)) for group in SHOWN_GROUPS]
    _levels(_panel(figure, _LEVELS_LEFT, _LEVELS_WIDTH, len(rows)), rows)
    _shares(_panel(figure, _SHARES_LEFT, _SHARES_WIDTH, len(SEEN_WITHIN)), only)
    return figure


def _half_and_most(scenario: ScenarioResult, group: str) -> tuple[float, float]:
    return scenario.levels[MEDIAN, group].mean, scenario.levels[NINE_IN_TEN, group].mean


def _panel(figure: Figure, left: float, width: float, rows: int) -> Axes:
    """Axes with a row for each scenario, the first at the top."""
    axes = place(figure, left, _FOOT, width, figure.get_figheight() - _TOP - _FOOT)
    axes.set_ylim(rows - 0.5, -0.5)
    axes.set_yticks([])
    bare(axes)
    return axes


def _above(axes: Axes, x: float, words: str, *, side: str, up: float = 5, right: float = 0) -> None:
    """Small words above the panel, at x in its own units, moved right and up by points."""
    axes.annotate(
        words,
        (x, 1),
        (right, up),
        ("data", "axes fraction"),
        "offset points",
        ha=side,
        va="bottom",
        color=QUIET,
        size=SMALL_SIZE,
        annotation_clip=False,
    )


def _levels(axes: Axes, rows: Sequence[_Row]) -> None:
    for number, row in enumerate(rows):
        name_row(axes, number, row.name, is_baseline=row.is_baseline)
        if math.isnan(row.half + row.most):
            axes.annotate(NOT_KNOWN, (0, number), (9, 0), textcoords="offset points", va="center")
            continue
        axes.plot([row.half, row.most], [number, number], color=GREY, linewidth=3.5, zorder=1)
        axes.plot(row.half, number, "o", color="white", markeredgecolor=DARK_BLUE, markeredgewidth=2, markersize=8.5)
        axes.plot(row.most, number, "o", color=DARK_BLUE, markersize=10)
        _beside(axes, row.half, number, -9)
        _beside(axes, row.most, number, 9)
    known = [row for row in rows if not math.isnan(row.half + row.most)]
    axes.set_xlim(0, 1.25 * max((row.most for row in known), default=1.0) or 1.0)
    axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    axes.set_xlabel("calendar days")
    for first in known[:1]:
        _above(axes, first.half, "half", side="right", right=12)
        _above(axes, first.most, "9 in 10", side="left", right=-12)


def _beside(axes: Axes, value: float, row: float, away: float) -> None:
    side = "right" if away < 0 else "left"
    words = shown(Number(value, DAYS))
    axes.annotate(words, (value, row), (away, 0), textcoords="offset points", ha=side, va="center_baseline")


def _changes(axes: Axes, comparison: Comparison) -> None:
    axes.axvline(0, color=INK, linewidth=1)
    changes = [scenario.changes[NINE_IN_TEN, ALL] for scenario in variants(comparison)]
    reach = 1.12 * max([0.05, *(abs(end) for change in changes for end in _ends(change))])
    axes.set_xlim(-reach, reach)
    axes.xaxis.set_major_locator(MaxNLocator(4, symmetric=True))
    axes.xaxis.set_major_formatter(lambda value, _: typographic(f"{value:+g}" if value else "0"))
    axes.set_xlabel("change for 9 in 10, calendar days")
    _above(axes, -reach, "sooner", side="left")
    _above(axes, reach, "later", side="right")
    for row, change in enumerate(changes, start=1):
        _ranges(axes, row, change)
        _numbers(axes, row, change, comparison.draws)
    _key(axes, reach)


def _ranges(axes: Axes, row: float, change: Estimate) -> None:
    if change.unknown is not None and not is_chance_alone(change):
        _band(axes, (change.unknown.low, change.unknown.high), row)
    error = error_of(change)
    if error is not None:
        _line(axes, (error.low, error.high), row)
    inside = DARK_BLUE if is_told(change) else "white"
    axes.plot(change.mean, row, "o", color=inside, markeredgecolor=DARK_BLUE, markeredgewidth=1.8, markersize=7.5)


def _band(axes: Axes, ends: tuple[float, float], row: float) -> None:
    axes.plot(ends, (row, row), color=TURQUOISE, linewidth=8, solid_capstyle="butt", zorder=1.5, clip_on=False)


def _line(axes: Axes, ends: tuple[float, float], row: float) -> None:
    axes.plot(ends, (row, row), color=DARK_BLUE, linewidth=1.8, solid_capstyle="butt", clip_on=False)


def _ends(change: Estimate) -> list[float]:
    ranges = [values for values in (error_of(change), change.unknown) if values is not None]
    ends = [change.mean, *(end for values in ranges for end in (values.low, values.high))]
    return [end for end in ends if not math.isnan(end)]


def _numbers(axes: Axes, row: int, change: Estimate, draws: int) -> None:
    words = (
        shown(Number(change.mean, DAYS, signed=True)),
        simulation_error(change, DAYS, signed=True),
        unknowns(change, DAYS, signed=True, draws=draws),
    )
    words = words if change.runs else (words[0], "", "")
    for inches, text, weight in zip(_COLUMNS, words, ("bold", "normal", "normal"), strict=True):
        axes.annotate(
            typographic(textwrap.fill(text, 14)),
            (_fraction(inches), row),
            xycoords=("axes fraction", "data"),
            ha="right",
            va="center",
            weight=weight,
            size=TEXT_SIZE if weight == "bold" else SMALL_SIZE,
            annotation_clip=False,
        )


def _fraction(inches: float) -> float:
    """A place on the figure, from its left, as a fraction of the panel of changes."""
    return (inches - _CHANGES_LEFT) / _CHANGES_WIDTH


def _key(axes: Axes, reach: float) -> None:
    """The columns' headings, each above the mark it stands for."""
    y = axes.get_ylim()[1] - 0.1
    dot, error, unknown = (reach * (2 * _fraction(inches) - 1) for inches in _COLUMNS)
    for x, words in ((dot, "change,\ndays"), (error, "simulation\nerror"), (unknown, "what we do\nnot know")):
        _above(axes, x, words, side="right", up=17)
    length = 0.32 * reach
    axes.plot(dot - length / 4, y, "o", color=DARK_BLUE, markersize=6.5, clip_on=False)
    _line(axes, (error - length, error), y)
    _band(axes, (unknown - length, unknown), y)


def _shares(axes: Axes, scenario: ScenarioResult) -> None:
    for row, (days, measure) in enumerate(SEEN_WITHIN.items()):
        for offset, group, colour in zip((-0.19, 0.19), SHOWN_GROUPS, (DARK_BLUE, TURQUOISE), strict=True):
            share = scenario.levels[measure, group].mean
            if math.isnan(share):
                continue
            axes.barh(row + offset, share, height=0.34, color=colour)
            axes.annotate(
                shown(Number(share, SHARE)),
                (share, row + offset),
                (4, 0),
                textcoords="offset points",
                va="center",
                size=SMALL_SIZE,
                annotation_clip=False,
            )
        axes.annotate(
            f"within {days} day{'' if days == 1 else 's'}",
            (0, row),
            (-8, 0),
            textcoords="offset points",
            ha="right",
            va="center",
        )
    axes.set_xlim(0, 1)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    axes.set_xlabel("share of children seen")
    for up, group, colour in zip((19, 5), SHOWN_GROUPS, (DARK_BLUE, TURQUOISE), strict=True):
        for right, words, ink in ((0, "\N{BLACK SQUARE}", colour), (11, GROUP_LABEL[group], INK)):
            axes.annotate(words, (0, 1), (right, up), "axes fraction", "offset points", color=ink, size=SMALL_SIZE)


def _alt(comparison: Comparison) -> str:
    parts = [f"{TITLE}, simulated. {_SUBTITLE}."]
    for scenario in comparison.scenarios:
        half, most = (shown(Number(scenario.levels[m, ALL].mean, DAYS)) for m in (MEDIAN, NINE_IN_TEN))
        words = f"{scenario.title}: half within {half}, 9 in 10 within {most} days"
        if scenario.changes:
            change = scenario.changes[NINE_IN_TEN, ALL]
            error = simulation_error(change, DAYS, signed=True)
            other = unknowns(change, DAYS, signed=True, draws=comparison.draws)
            mean = shown(Number(change.mean, DAYS, signed=True))
            words += f"; change for 9 in 10 {mean} days, {SIMULATION_ERROR} {error}, {UNKNOWNS} {other}"
        parts.append(f"{words}.")
    return typographic(" ".join(parts))
