"""Contacts recorded more than once, each kept once: the row that tells most, the first of those that tell as much."""

from collections.abc import Mapping

import polars as pl

from sim.history.history import STEPS

_A_DATE = pl.col("received").dt.truncate("1d")


def duplicates(journeys: pl.DataFrame) -> Mapping[str, tuple[str, pl.Series]]:
    """For each kind of duplicate, by its id, what it is, and which journeys are not kept; a journey is of one kind.

    The same child, date and source is one contact, as in the national returns; where both rows have a time of day and
    the times differ they are two. Where the source is not known, only rows alike in every step are taken for one.
    """
    journeys = journeys.with_row_index("place")
    timed = pl.when((pl.col("received") == _A_DATE).any().over("child", _A_DATE, "source")).then(_A_DATE)
    source_known = pl.col("source").fill_null(-1) >= 0
    course = pl.struct("child", "source", "outcome", *(step.column for step in STEPS)).hash()
    seen = journeys.select(
        repeated_rows=_not_kept("contact", "child"),
        exact_duplicates=_not_kept(course),
        duplicates=_not_kept("child", timed.otherwise("received"), "source") & source_known,
    )
    whats = (
        "the same child in the same contact as another row",
        "another row's child, source and steps under another contact's id",
        "the same child, date and source as another row",
    )
    found, before = {}, pl.repeat(value=False, n=len(journeys), eager=True)
    for what, which in zip(whats, seen, strict=True):
        found[which.name] = (what, which & ~before)
        before |= which
    return found


def _not_kept(*same: str | pl.Expr) -> pl.Expr:
    """All but one of the rows that are the same in these respects: not that of most steps, nor the first of those."""
    told = pl.sum_horizontal(pl.col(step.column).is_not_null() for step in STEPS).cast(pl.Int64)
    order = pl.col("place").cast(pl.Int64) - told * (1 << 32)
    alone = pl.len().over(*same) == 1
    return ~alone & (order != order.min().over(*same))
