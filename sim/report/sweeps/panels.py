"""One measure over three levers or more: a panel a lever, the one that moves it most first."""

import textwrap
from collections.abc import Mapping, Sequence
from typing import Final

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sim.report.figures.style import (
    DARK_BLUE,
    EDGE,
    GREY,
    INK,
    QUIET,
    SMALL_SIZE,
    TEXT_SIZE,
    WIDTH,
    Picture,
    canvas,
    drawing,
    foot,
    place,
    subtitle,
)
from sim.report.sweeps.effects import Effect, at, in_words, share_in_words, together
from sim.report.sweeps.shown import Shown
from sim.report.wording import SHARE, Number, with_unit
from sim.sweep.effects import Share

NAME: Final = "sweep"
MOST_PANELS: Final = 6
_ACROSS: Final = 3
_LEFT, _BOTTOM, _TOP, _BETWEEN = 0.75, 1.0, 1.3, 0.3
_HIGH, _WORDS, _BELOW = 1.9, 0.85, 0.4
_LABEL: Final = 34
_MOST_TICKS: Final = 6


def panels(
    rows: pl.DataFrame,
    each: Sequence[Effect],
    shares: Sequence[Share],
    labels: Mapping[str, str],
    shown: Shown,
    record_summary: Mapping[str, str],
    title: str,
) -> Picture:
    """The picture of levers' effects, `rows` being the measure's at the baseline and every point."""
    drawn = each[:MOST_PANELS]
    with drawing(NAME):
        figure = _drawn(rows, drawn, shares, labels, shown, record_summary, title)
    left_out = f" The {len(drawn)} of {len(each)} levers that move it most." if len(drawn) < len(each) else ""
    by_all = f" Levers together: {together(shares)}." if together(shares) else ""
    base = with_unit(Number(_known(rows["level"][0]), shown.unit))
    alt = f"{shown.label}, simulated. Baseline: {base}. {in_words(drawn, labels, shown)}{by_all}{left_out}"
    return Picture(NAME, title, alt, figure)


def _known(value: float | None) -> float:
    return float("nan") if value is None else value


def _drawn(
    rows: pl.DataFrame,
    each: Sequence[Effect],
    shares: Sequence[Share],
    labels: Mapping[str, str],
    shown: Shown,
    record_summary: Mapping[str, str],
    title: str,
) -> Figure:
    deep = -(-len(each) // _ACROSS)
    row_height = _HIGH + _WORDS + _BELOW
    height = _TOP + deep * row_height + _BOTTOM - _BELOW
    told = f"Share: of what varies, by the lever itself (its 95% simulation error). Levers together: {together(shares)}"
    dots = _DOTS if shown.target is None else f"{_DOTS}{_DASHED}"
    below = (shown.label, dots, told if together(shares) else _NOT_TOLD)
    years = f"{rows['years'][0]} simulated years of each point"
    figure = canvas(height, title, subtitle(*below), foot(years, record_summary))
    width = (WIDTH - _LEFT - EDGE - (_ACROSS - 1) * _BETWEEN) / _ACROSS
    for number, effect in enumerate(each):
        down, across = divmod(number, _ACROSS)
        bottom = height - _TOP - down * row_height - _WORDS - _HIGH
        axes = place(figure, _LEFT + across * (width + _BETWEEN), bottom, width, _HIGH)
        _panel(axes, rows, effect, shown)
        _name(axes, labels[effect.path], effect)
        if across:
            axes.tick_params(labelleft=False)
        else:
            axes.set_ylabel("per cent" if shown.unit == SHARE else shown.unit)
    return figure


_DOTS = "Dots: the points tried. Line: their average, whatever the other levers are. Dotted: the baseline"
_DASHED = ". Dashed: the target"
_NOT_TOLD = "In the order of how far the averages are apart; between them may lie chance"


def _panel(axes: Axes, rows: pl.DataFrame, effect: Effect, shown: Shown) -> None:
    per, path = (100.0 if shown.unit == SHARE else 1.0), effect.path
    points, before = rows.filter(pl.col("point") > 0).drop_nulls("level"), rows[path][0]
    is_number = rows[path].dtype.is_numeric()
    where = {value: float(n) for n, value in enumerate(dict.fromkeys([v for v, _ in effect.averages]))}
    x = [float(v) if is_number else where[v] for v in points[path]]
    axes.plot(x, points["level"] * per, "o", color=GREY, markersize=3.5, markeredgewidth=0)
    line = [float(v) if is_number else where[v] for v, _ in effect.averages]  # type: ignore[arg-type]
    axes.plot(line, [y * per for _, y in effect.averages], color=DARK_BLUE, linewidth=2.2, marker="o", markersize=5)
    base = float(before) if is_number else where.get(before)
    if base is not None and min(x) <= base <= max(x):
        axes.axvline(base, color=QUIET, linewidth=0.9, linestyle=(0, (2, 2)))
    if shown.target is not None:
        axes.axhline(shown.target * per, color=INK, linewidth=1.2, linestyle=(0, (6, 2)))
    highest = max(float(points["level"].max()), shown.target or 0.0) * per  # type: ignore[arg-type]
    axes.set_ylim(0, highest * 1.08 or 1.0)
    axes.grid(visible=True, axis="y")
    axes.yaxis.set_major_locator(MaxNLocator(5))
    if is_number and len(line) <= _MOST_TICKS:
        axes.set_xticks(line, [at(value) for value, _ in effect.averages])
    elif is_number:
        axes.xaxis.set_major_locator(MaxNLocator(5, integer=rows[path].dtype.is_integer()))
    else:
        axes.set_xticks(list(where.values()), [textwrap.shorten(str(v), 14, placeholder="...") for v in where])


def _name(axes: Axes, label: str, effect: Effect) -> None:
    """A panel's lever above it, cut to two lines, and its share below that."""
    lines = textwrap.wrap(label, _LABEL, max_lines=2, placeholder=" ...")
    share = f"share {share_in_words(effect.share)}" if effect.share else ""
    axes.annotate(
        "\n".join(lines),
        (0, 1),
        (-2, 20),
        "axes fraction",
        "offset points",
        size=TEXT_SIZE - 0.5,
        weight="bold",
        va="bottom",
    )
    axes.annotate(share, (0, 1), (-2, 6), "axes fraction", "offset points", size=SMALL_SIZE, color=QUIET, va="bottom")
