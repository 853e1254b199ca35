"""What each lever of a sweep does on average over whatever the others are, the one that moves most first."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from sim.experiment.estimates import Range
from sim.report.sweeps.shown import Shown
from sim.report.wording import Number, between, shown, with_unit
from sim.sweep.effects import Share

BINS: Final = 8
"""A lever of more values than `MOST_VALUES` is averaged over so many parts of its range, of equally many points."""
MOST_VALUES: Final = 12
TOGETHER: Final = "levers together"
MEANING: Final = (
    "Averages over all points with that value, whatever the other levers are. The share is how much of what varies "
    "over the points a lever accounts for by itself (a variance-based first-order share), with its simulation error; "
    "what is left is what levers do together."
)
NO_SHARES: Final = (
    "Averages over all points with that value, or in that part of the range, whatever the other levers are. What share "
    "of all that varies each accounts for is told for a full grid of ten simulated years or more, where the runs tell "
    "its points apart."
)
HEADINGS: Final = ("lowest average", "at", "highest average", "at", "apart", "share", "simulation error")


@dataclass(frozen=True, slots=True)
class Effect:
    """A lever's averages of the measure shown at its values, in their order, and its share where there is one.

    Of parts of a range the value is the average one.
    """

    path: str
    averages: tuple[tuple[object, float], ...]
    share: Share | None = None

    @property
    def apart(self) -> float:
        """How far the highest average is from the lowest."""
        levels = [level for _, level in self.averages]
        return max(levels) - min(levels)


def effects(found: pl.DataFrame, levers: Sequence[str], of: Shown, shares: Sequence[Share]) -> list[Effect]:
    """The effect of every lever that varies; nothing where fewer than two do, or no level is known."""
    rows = found.filter(
        (pl.col("measure") == of.measure) & (pl.col("group") == of.group) & (pl.col("point") > 0)
    ).drop_nulls("level")
    varied = [lever for lever in levers if rows[lever].n_unique() > 1]
    if len(varied) < 2:  # noqa: PLR2004  (levers)
        return []
    by_path = {share.path: share for share in shares}
    each = [Effect(lever, _averages(rows, lever), by_path.get(lever)) for lever in varied]
    return sorted(each, key=lambda effect: -(effect.share.share if effect.share else effect.apart))


def _averages(rows: pl.DataFrame, lever: str) -> tuple[tuple[object, float], ...]:
    if rows[lever].n_unique() > MOST_VALUES and rows[lever].dtype.is_numeric():
        parts = rows.with_columns(part=(pl.col(lever).rank("ordinal") - 1) * BINS // len(rows))
        at = parts.group_by("part").agg(pl.col(lever).mean(), pl.col("level").mean()).sort("part")
    else:
        at = rows.group_by(lever, maintain_order=True).agg(pl.col("level").mean())
        at = at.sort(lever) if rows[lever].dtype.is_numeric() else at
    return tuple(at.select(lever, "level").iter_rows())


def cells(effect: Effect, unit: str) -> tuple[str, ...]:
    """A lever's row below `HEADINGS`."""
    low, high = (choose(effect.averages, key=lambda each: each[1]) for choose in (min, max))
    apart = shown(Number(effect.apart, unit))
    return (
        shown(Number(low[1], unit)),
        at(low[0]),
        shown(Number(high[1], unit)),
        at(high[0]),
        apart,
        *_told(effect.share),
    )


def at(value: object) -> str:
    """A lever's value, as it is written in a table."""
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def _told(share: Share | None) -> tuple[str, str]:
    if share is None:
        return "not told", "not told"
    return shown(Number(share.share, "share")), between(share.error, "share", signed=False)


def share_in_words(share: Share) -> str:
    """A share and its range: `62% (55% to 70%)`."""
    return f"{_told(share)[0]} ({_told(share)[1]})"


def together(shares: Sequence[Share]) -> str:
    """What levers do together, as a row or a line says it; nothing where it is not told."""
    return next((share_in_words(share) for share in shares if share.path is None), "")


def as_table(each: Sequence[Effect], unit: str) -> pl.DataFrame:
    """A row a lever and value, for machines."""
    nothing = Range(math.nan, math.nan)
    rows = [
        {
            "lever": effect.path,
            "value": str(value),
            "unit": unit,
            "average": level,
            "share": effect.share.share if effect.share else math.nan,
            "share_low": (effect.share.error if effect.share else nothing).low,
            "share_high": (effect.share.error if effect.share else nothing).high,
        }
        for effect in each
        for value, level in effect.averages
    ]
    return pl.DataFrame(rows).fill_nan(None)


def in_words(each: Sequence[Effect], labels: Mapping[str, str], of: Shown) -> str:
    """The levers' averages, in words."""
    parts = []
    for effect in each:
        told = ", ".join(f"{at(value)}: {with_unit(Number(level, of.unit))}" for value, level in effect.averages)
        share = f"; by itself {share_in_words(effect.share)} of what varies" if effect.share else ""
        parts.append(f"{labels[effect.path]}, on average at {told}{share}.")
    return " ".join(parts)
