"""A sweep as one page that needs nothing but itself, in the style of a comparison's."""

from collections.abc import Mapping, Sequence
from typing import Final

import polars as pl
from markupsafe import Markup

from sim.report.figures import Picture
from sim.report.headline import MEASURE
from sim.report.page import environment, inline
from sim.report.sentences import NOT_BORNE_OUT
from sim.report.sweeps.effects import HEADINGS, MEANING, NO_SHARES, Effect, cells, together
from sim.report.sweeps.shown import Shown
from sim.report.sweeps.table import named, points_table
from sim.report.wording import Number, with_unit
from sim.sweep.effects import Share

TEMPLATE: Final = "sweep.html.j2"
CAVEATS: Final = (
    "Each line's simulation error (95%) is about that line alone: of a hundred lines some five are outside theirs.",
    "The point that looks best of many was helped by chance: before anything rests on it, compare it with the baseline "  # noqa: ISC004
    "again, with another --seed and more --replications.",
    "What a lever would cost, and whether posts can be filled, the sweep does not know.",
    "Differences between points are firmer than levels: no national return holds days to seen.",
    f"Of a baseline from published figures, {NOT_BORNE_OUT}.",
)


def page(
    found: pl.DataFrame,
    picture: Picture | None,
    each: Sequence[Effect],
    shares: Sequence[Share],
    labels: Mapping[str, str],
    shown: Shown,
    record: Mapping[str, str],
) -> str:
    """The page as HTML."""
    headings, lines, note = points_table(found, list(labels), shown)
    return (
        environment()
        .get_template(TEMPLATE)
        .render(
            title=f"{found['point'].n_unique() - 1} points compared on days from contact to child seen",
            lead=lead(found, list(labels), shown),
            caveats=CAVEATS,
            picture=None if picture is None else (picture, Markup(inline(picture))),  # noqa: S704  (drawn here, escaped)
            effect_headings=HEADINGS,
            effects=[(labels[effect.path], cells(effect, shown.unit)) for effect in each],
            effects_note=MEANING if shares else NO_SHARES,
            together=together(shares),
            label=shown.label,
            headings=[heading.full for heading in headings],
            lines=lines,
            note=note,
            levers=labels,
            meaning=MEASURE[shown.measure].meaning,
            record=record,
        )
    )


def lead(found: pl.DataFrame, levers: Sequence[str], shown: Shown) -> str:
    """The measure at the baseline, and at the points where it is lowest and highest."""
    rows = found.filter((pl.col("measure") == shown.measure) & (pl.col("group") == shown.group)).sort("point")
    points = rows.filter(pl.col("point") > 0).drop_nulls("level").sort("level")
    base = rows["level"][0]
    before = f"{shown.label}: {with_unit(Number(float('nan') if base is None else base, shown.unit))} in the baseline. "
    if points.is_empty():
        return f"{before}No point has a level that the runs know."
    ends = [points.row(place, named=True) for place in (0, -1)]
    lowest, highest = (f"{with_unit(Number(row['level'], shown.unit))} ({_where(row, levers)})" for row in ends)
    return f"{before}Over the points tried it goes from {lowest} to {highest}."


def _where(row: Mapping[str, object], levers: Sequence[str]) -> str:
    return ", ".join(f"{name} {row[lever]}" for name, lever in zip(named(levers), levers, strict=True))
