"""A tornado: a bar a number, from the answer at its low end to the answer at its high end."""

import textwrap
from collections.abc import Mapping
from types import MappingProxyType

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from sim.experiment.one_at_a_time import Swing, Tornado
from sim.report.analyses.labels import label_of, measured, plain, unit_of
from sim.report.figures.style import (
    DARK_BLUE,
    INK,
    ORANGE,
    QUIET,
    SMALL_SIZE,
    Picture,
    bare,
    canvas,
    colour_key,
    drawing,
    foot,
    message,
    place,
    subtitle,
)
from sim.report.headline import MEASURE
from sim.report.wording import SHARE, Number, is_moved, simulation_error, typographic, with_unit

_NONE: Mapping[str, str] = MappingProxyType({})
NAME = "tornado"
_TOP, _FOOT, _ROW, _LEFT, _RIGHT = 1.75, 1.2, 0.5, 4.3, 0.9
_LABEL_CHARACTERS, _LABEL_LINES = 52, 2
_ONE = "One number at a time, between the ends of what plausible sets hold. Pale: not told from no effect"
_PALE = 0.35


def tornado_picture(found: Tornado, most: int = 10, record_summary: Mapping[str, str] = _NONE) -> Picture:
    """The numbers that move an answer most, at most so many; `record_summary` as of other figures."""
    swings, unit = found.swings[:most], MEASURE[found.key[0]].unit
    whose = "baseline" if found.scenario is None else f"change under {found.title}"
    title = _title(swings, unit)
    with drawing(NAME):
        figure = canvas(
            _TOP + _FOOT + _ROW * len(swings),
            title,
            subtitle(f"{measured(found.key)} ({whose})", _ONE),
            foot(f"{found.years} simulated years at each end", record_summary, _note(found)),
        )
        colour_key(figure, 1.2, {"at its low end": DARK_BLUE, "at its high end (hatched)": ORANGE})
        axes = place(figure, _LEFT, _FOOT, figure.get_figwidth() - _LEFT - _RIGHT, _ROW * len(swings))
        _bars(axes, found, swings, 100.0 if unit == SHARE else 1.0)
        axes.set_xlabel("per cent" if unit == SHARE else unit)
    return Picture(NAME, title, _alt(found, swings, unit, whose), figure)


def _title(swings: tuple[Swing, ...], unit: str) -> str:
    """The widest that is told from nothing, or that none is."""
    told = [swing for swing in swings if is_moved(swing.apart)]
    if not told:
        return "Too few years to tell of any number that it moves the answer"
    apart = with_unit(Number(told[0].reach, unit))
    return message(label_of(told[0].path), f" moves the answer by {apart}")


def _note(found: Tornado) -> str:
    left = f" {len(found.left_out)} numbers cannot move alone and are not among them." if found.left_out else ""
    return f"Of {found.tried} numbers tried, those that move the answer most.{left}"


def _bars(axes: Axes, found: Tornado, swings: tuple[Swing, ...], per: float) -> None:
    answer = found.answer.mean * per
    for row, swing in enumerate(swings):
        low, high = swing.at_low.mean * per, swing.at_high.mean * per
        # The longer first, so that both can be seen where they lie on one side.
        bars = sorted(
            ((low, swing.low, DARK_BLUE, ""), (high, swing.high, ORANGE, "///")), key=lambda bar: -abs(bar[0])
        )
        alpha = 1.0 if is_moved(swing.apart) else _PALE
        for moved, _, colour, hatch in bars:
            axes.barh(row, moved, 0.62, left=answer, color=colour, hatch=hatch, edgecolor="white", alpha=alpha)
        _ends(axes, row, answer, ((low, swing.low), (high, swing.high)))
    axes.axvline(answer, color=INK, linewidth=1)
    axes.set_ylim(len(swings) - 0.5, -0.5)
    axes.set_yticks(range(len(swings)), [_label(swing) for swing in swings], color=INK)
    bare(axes)
    axes.margins(x=0.22)
    axes.xaxis.set_major_locator(MaxNLocator(6))
    axes.xaxis.set_major_formatter(lambda value, _: typographic(f"{value:g}"))


def _ends(axes: Axes, row: int, answer: float, ends: tuple[tuple[float, float], tuple[float, float]]) -> None:
    """The number's two ends beside the bars, left and right as the bars lie."""
    left, right = sorted(ends)
    for (moved, value), side, away in ((left, "right", -4), (right, "left", 4)):
        at = min(answer + moved, answer) if side == "right" else max(answer + moved, answer)
        axes.annotate(
            plain(value),
            (at, row),
            (away, 0),
            textcoords="offset points",
            ha=side,
            va="center_baseline",
            size=SMALL_SIZE,
            color=QUIET,
        )


def _label(swing: Swing) -> str:
    words = f"{label_of(swing.path)}, {unit_of(swing.path)}".rstrip(", ")
    return "\n".join(textwrap.wrap(words, _LABEL_CHARACTERS, max_lines=_LABEL_LINES, placeholder=" ..."))


def _alt(found: Tornado, swings: tuple[Swing, ...], unit: str, whose: str) -> str:
    parts = [f"{measured(found.key)}, {whose}, simulated: {with_unit(Number(found.answer.mean, unit))}."]
    for swing in swings:
        moves = " and ".join(
            f"by {with_unit(Number(moved.mean, unit, signed=True))} at {plain(value)}"
            for moved, value in ((swing.at_low, swing.low), (swing.at_high, swing.high))
        )
        error = simulation_error(swing.apart, unit, signed=True)
        doubt = "" if is_moved(swing.apart) else ", too few years to tell it from none"
        parts.append(f"{label_of(swing.path)} moves it {moves}; simulation error of the difference {error}{doubt}.")
    return typographic(" ".join(parts))
