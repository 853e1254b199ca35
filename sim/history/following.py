"""Links between tables that name only a child and a date: the nearest event before is taken as the cause."""

import polars as pl

from sim.history.fields import STAMP
from sim.working_time import MINUTES_PER_DAY, WorkingDays

LINK_DAYS = 30
"""Within this time an event is taken to follow from another, as in the regions' reports on these returns."""


def attach(
    first: pl.DataFrame,
    then: pl.DataFrame,
    alike: tuple[str, str] | None = None,
    within_days: int = LINK_DAYS,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The first events with the columns of what followed them, and those of the then that followed nothing.

    Both have `row`, `child` and the date `on`. An event follows the nearest first event of the child on or before its
    date, at most `within_days`; where several follow one, the nearest has it. Of several first events of one day it is
    the one in which the first column of `alike` is what the second is in what followed, or else the uppermost. A column
    of both tables takes its value from what followed, where that has one.
    """
    pairs = _nearest(first, then, within_days)
    if alike:
        pairs = _alike(pairs, first, then, alike)
    columns = then.drop("child", "on").rename({"row": "then_row"})
    followed = first.join(pairs, on="row", how="left", maintain_order="left").join(
        columns, on="then_row", how="left", maintain_order="left", suffix="_then"
    )
    both = [name for name in columns.columns if f"{name}_then" in followed.columns]
    one = followed.with_columns(pl.coalesce(f"{name}_then", name).alias(name) for name in both)
    alone = then.join(pairs, left_on="row", right_on="then_row", how="anti", maintain_order="left")
    return one.drop("then_row", *(f"{name}_then" for name in both)), alone


def _nearest(first: pl.DataFrame, then: pl.DataFrame, within_days: int) -> pl.DataFrame:
    """The pairs of `row` and `then_row` that belong together."""
    days = first.sort("on", "row").unique(["child", "on"], keep="first", maintain_order=True)
    earlier = days.select("child", "on", "row")
    later = then.sort("on", "row").select("child", "on", pl.col("row").alias("then_row"))
    found = later.join_asof(
        earlier, on="on", by="child", strategy="backward", tolerance=f"{within_days}d", check_sortedness=False
    ).drop_nulls("row")
    # Sorted by date: of those that follow one event, the first is the nearest.
    return found.unique("row", keep="first", maintain_order=True).select("row", "then_row")


def _alike(pairs: pl.DataFrame, first: pl.DataFrame, then: pl.DataFrame, alike: tuple[str, str]) -> pl.DataFrame:
    """The pairs, each with the first event of its day that is like what followed."""
    same, what = alike
    days = first.select("row", "child", "on")
    likes = first.sort("row").unique(["child", "on", same], keep="first", maintain_order=True)
    told = then.select(pl.col("row").alias("then_row"), pl.col(what).alias(same))
    wanted = pairs.join(days, on="row").join(told, on="then_row")
    found = wanted.join(
        likes.select("child", "on", same, pl.col("row").alias("like")), on=["child", "on", same], how="left"
    )
    return found.select(pl.coalesce("like", "row").alias("row"), "then_row")


def days_of_their_own(on: pl.Expr) -> pl.Expr:
    """For each row a date on or before `on`, in the same order and different from the child's others."""
    day, place = on.dt.epoch("d"), pl.int_range(pl.len())
    own = (day - place).reverse().cum_min().reverse() + place
    return own.over("child", order_by=on).cast(pl.Int32).cast(pl.Date).cast(STAMP)


def working_days(start: pl.Series, stop: pl.Series) -> pl.Series:
    """Working days from start to stop, the day of the start being day 0; null where either is missing."""
    days = pl.DataFrame({"start": start.cast(pl.Date), "stop": stop.cast(pl.Date)})
    known = days.drop_nulls()
    if not len(known):
        return pl.Series([None] * len(days), dtype=pl.Int64)
    first, last = min(known.min().row(0)), max(known.max().row(0))
    # Where one of the two is missing the other may be years from all that are known.
    unknown = days["start"].is_null() | days["stop"].is_null()
    begun, ended = ((column.set(unknown, first) - first).dt.total_days().to_numpy() for column in days)
    calendar = WorkingDays(first, (last - first).days + 1)
    between = calendar.between(begun * MINUTES_PER_DAY, ended * MINUTES_PER_DAY)
    return pl.Series(between).set(unknown, None)
