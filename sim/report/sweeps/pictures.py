"""One measure over a sweep's levers: a curve with its band over one, contours with the target's line over two."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from matplotlib.tri import Triangulation
from numpy.typing import NDArray

from sim.report.figures.style import (
    DARK_BLUE,
    EDGE,
    INK,
    PALE_BLUE,
    QUIET,
    SMALL_SIZE,
    WIDTH,
    Picture,
    canvas,
    drawing,
    foot,
    message,
    place,
    subtitle,
)
from sim.report.sweeps.shown import Shown
from sim.report.wording import SHARE, Number, with_unit

NAME = "sweep"
_HEIGHT, _BOTTOM, _PANEL_HEIGHT, _LEFT = 6.2, 1.25, 3.7, 0.85
MOST_LEVERS = 2
"""More have a picture of panels."""
_FEWEST_FOR_CONTOURS = 4
_LEVELS = 8
_Floats = NDArray[np.float64]


class _Found(NamedTuple):
    """The points of one measure: where each lies, its level and that level's range; the baseline's first."""

    places: _Floats
    level: _Floats
    low: _Floats
    high: _Floats


def picture(
    found: pl.DataFrame, levers: list[str], labels: Mapping[str, str], shown: Shown, record_summary: Mapping[str, str]
) -> Picture | None:
    """The picture; None where more than two levers vary, two on one line, one holds words, or nothing is known.

    `labels` say what each lever is and its unit.
    """
    rows = found.filter((pl.col("measure") == shown.measure) & (pl.col("group") == shown.group)).sort("point")
    numbers = [rows[lever].dtype.is_numeric() for lever in levers]
    if len(levers) > MOST_LEVERS or not all(numbers) or rows["level"].slice(1).null_count() == len(rows) - 1:
        return None
    over = [lever for lever in levers if rows[lever].slice(1).n_unique() > 1] or levers[:1]
    per = 100.0 if shown.unit == SHARE else 1.0
    columns = [rows[name].cast(pl.Float64).to_numpy() * per for name in ("level", "level_low", "level_high")]
    points = _Found(rows.select(over).cast(pl.Float64).to_numpy(), *columns)
    if len(over) > 1 and not _spans_a_plane(points):
        return None
    title = message("", title_of(rows, shown))
    with drawing(NAME):
        figure = _drawn(points, [labels[lever] for lever in over], shown, title, foot(_years(rows), record_summary))
    return Picture(NAME, title, _alt(rows, levers, shown), figure)


def _years(rows: pl.DataFrame) -> str:
    return f"{rows['years'][0]} simulated years of each point"


def _drawn(points: _Found, labels: list[str], shown: Shown, title: str, source: str) -> Figure:
    is_flat, per = len(labels) > 1, 100.0 if shown.unit == SHARE else 1.0
    below = (_DOTS, _error(points, shown, per)) if is_flat else (_BAND,)
    figure = canvas(_HEIGHT, title, subtitle(shown.label, *below), source)
    axes = place(figure, _LEFT, _BOTTOM, WIDTH - _LEFT - EDGE - (0.9 if is_flat else 0.2), _PANEL_HEIGHT)
    if is_flat:
        _contours(axes, points, shown, per)
        axes.set_ylabel(labels[1])
        axes.yaxis.set_major_locator(MaxNLocator(6, integer=_is_whole(points.places[:, 1])))
    else:
        _curve(axes, points, shown, per)
    axes.set_xlabel(labels[0])
    axes.xaxis.set_major_locator(MaxNLocator(8, integer=_is_whole(points.places[:, 0])))
    return figure


_DOTS = "Dots: the points tried; between them the colours are drawn from dot to dot. Diamond: the baseline"
_BAND = "Line: the average over all simulated years. Band: its simulation error (95%), point by point"


def title_of(rows: pl.DataFrame, shown: Shown) -> str:
    """What is to be seen: how far the points' levels are apart."""
    levels = rows.slice(1).drop_nulls("level")
    low, high = levels["level"].min(), levels["level"].max()
    unit = shown.unit
    return f"From {with_unit(Number(float(low), unit))} to {with_unit(Number(float(high), unit))} over the points tried"  # type: ignore[arg-type]


def _spans_a_plane(points: _Found) -> bool:
    """Whether the points lie on no line, so that contours can be drawn between them."""
    known = points.places[1:][~np.isnan(points.level[1:])]
    return len(known) >= _FEWEST_FOR_CONTOURS and np.linalg.matrix_rank(known - known[0]) > 1


def _curve(axes: Axes, points: _Found, shown: Shown, per: float) -> None:
    order = 1 + np.argsort(points.places[1:, 0])
    x, before = points.places[order, 0], points.places[0, 0]
    axes.fill_between(x, points.low[order], points.high[order], color=PALE_BLUE, alpha=0.7, linewidth=0)
    axes.plot(x, points.level[order], color=DARK_BLUE, linewidth=2.2, marker="o", markersize=4)
    if x[0] <= before <= x[-1]:
        axes.axvline(before, color=QUIET, linewidth=0.8, linestyle=(0, (2, 2)))
        _named(axes, "baseline", (before, 1), (3, -10), ("data", "axes fraction"))
    if shown.target is not None:
        axes.axhline(shown.target * per, color=INK, linewidth=1.2, linestyle=(0, (6, 2)))
        _named(axes, "target", (0, shown.target * per), (3, 3), ("axes fraction", "data"))
    axes.set_ylim(bottom=0)
    axes.set_ylabel("per cent" if shown.unit == SHARE else shown.unit)
    axes.grid(visible=True, axis="y")
    axes.yaxis.set_major_locator(MaxNLocator(6))


def _named(axes: Axes, words: str, at: tuple[float, float], offset: tuple[float, float], of: tuple[str, str]) -> None:
    """Small words beside a line, so many points right of and above a place."""
    axes.annotate(words, at, offset, of, "offset points", color=QUIET, size=SMALL_SIZE)


def _contours(axes: Axes, points: _Found, shown: Shown, per: float) -> None:
    known = ~np.isnan(points.level)
    known[0] = False
    x, y, level = points.places[known, 0], points.places[known, 1], points.level[known]
    # Triangles in units of the ranges: in the levers' own a lever in hundreds would flatten the other.
    triangles = Triangulation(_unit(x), _unit(y)).triangles
    mesh = Triangulation(x, y, triangles)
    filled = axes.tricontourf(mesh, level, levels=_LEVELS, cmap="cividis")
    lines = axes.tricontour(mesh, level, levels=np.asarray(filled.levels), colors="white", linewidths=0.6)
    axes.clabel(lines, fontsize=SMALL_SIZE, fmt="%g", colors="white")
    axes.figure.colorbar(filled, ax=axes, label="per cent" if shown.unit == SHARE else shown.unit)
    axes.plot(x, y, "o", markersize=4, color=INK, markeredgecolor="white", markeredgewidth=0.6, clip_on=False, zorder=5)
    (across, up), inside = points.places[0], (x.min(), x.max(), y.min(), y.max())
    if inside[0] <= across <= inside[1] and inside[2] <= up <= inside[3]:
        axes.plot(across, up, "D", markersize=8, color="white", markeredgecolor=INK, clip_on=False, zorder=6)
    if shown.target is not None and level.min() <= shown.target * per <= level.max():
        line = axes.tricontour(mesh, level, levels=np.array([shown.target * per]), colors=INK, linewidths=2.4)
        axes.clabel(line, fontsize=SMALL_SIZE, fmt="target", colors=INK)


def _is_whole(values: _Floats) -> bool:
    return bool(np.all(values == np.round(values)))


def _error(points: _Found, shown: Shown, per: float) -> str:
    """How sure a point is, so that nobody reads hills into chance."""
    halves = (points.high - points.low)[1:] / 2
    if np.isnan(halves).all():
        return "Too few simulated years to tell the simulation error of a point: a difference may be chance"
    half = with_unit(Number(float(np.nanmax(halves)) / per, shown.unit))
    return f"Simulation error of a point (95%): up to {half} either way; a smaller difference may be chance"


def _unit(values: _Floats) -> _Floats:
    found: _Floats = (values - values.min()) / np.ptp(values)
    return found


def _alt(rows: pl.DataFrame, levers: list[str], shown: Shown) -> str:
    parts = [f"{shown.label}, simulated."]
    for row in rows.iter_rows(named=True):
        where = ", ".join(f"{lever} {row[lever]}" for lever in levers)
        level = float("nan") if row["level"] is None else row["level"]
        parts.append(f"{'Baseline' if not row['point'] else 'Point'} {where}: {with_unit(Number(level, shown.unit))}.")
    return " ".join(parts)
