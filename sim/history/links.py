"""Links between tables that the record does not hold: the same child, and dates that fit."""

import polars as pl


def latest_before(
    events: pl.DataFrame, at: str, journeys: pl.DataFrame, within_days: int | None = None, *, same_day: bool = True
) -> pl.DataFrame:
    """Each event with the latest journey of its child received on or before its date; events without one are left out.

    `events` has `child` and the stamp `at`; `journeys` has `child`, `received` and whatever is to be added to the
    event, among it `journey`. Where a child has several journeys of one date the first of them is taken. `same_day`
    says whether a journey received on the event's own date counts.
    """
    starts = journeys.filter(pl.col("received").is_not_null()).with_columns(_day=pl.col("received").dt.date())
    starts = starts.sort("_day", maintain_order=True).unique(["child", "_day"], keep="first", maintain_order=True)
    dated = events.filter(pl.col(at).is_not_null()).with_columns(_day=pl.col(at).dt.date())
    linked = dated.sort("_day", maintain_order=True).join_asof(
        starts,
        on="_day",
        by="child",
        strategy="backward",
        tolerance=None if within_days is None else f"{within_days}d",
        allow_exact_matches=same_day,
        check_sortedness=False,
    )
    return linked.filter(pl.col("journey").is_not_null()).drop("_day")


def first_of(rows: pl.DataFrame, keys: str | list[str], at: str) -> pl.DataFrame:
    """The earliest row of each key by the stamp `at`, of those that have all of these; equal ones as they came."""
    names = [keys] if isinstance(keys, str) else keys
    held = rows.drop_nulls([*names, at])
    return held.sort(at, "row").unique(names, keep="first", maintain_order=True)


def latest_open(events: pl.DataFrame, at: str, journeys: pl.DataFrame) -> pl.DataFrame:
    """As `latest_before`, for journeys that have a stamp `closed`: only events by the date on which they closed."""
    linked = latest_before(events, at, journeys.select("child", "received", "closed", "journey"))
    return linked.filter(pl.col("closed").is_null() | (pl.col(at).dt.date() <= pl.col("closed").dt.date()))
