"""Names of teams: the only words of an extract that are kept, and only where enough journeys hold them."""

from dataclasses import replace

import polars as pl

from sim.history.history import Finding, History, finding

SMALLEST_TEAM = 10
"""A name on fewer journeys is not kept: it may be a person's, and few journeys may be one family's."""


def without_small_teams(history: History, smallest: int = SMALLEST_TEAM) -> tuple[History, tuple[Finding, ...]]:
    """A history in which every named team has at least so many journeys, and a finding about those that have not."""
    journeys = history.journeys
    sizes = journeys["team"].drop_nulls().value_counts()
    kept = sizes.filter(pl.col("count") >= smallest)["team"]
    named = pl.when(pl.col("team").is_in(kept.implode())).then("team").alias("team")
    small = journeys.select("row", "team").filter(pl.col("team").is_not_null() & ~pl.col("team").is_in(kept.implode()))
    said = (
        "small_teams",
        f"a team on fewer than {smallest} journeys",
        "everything by team",
        "read as no team: so rare a name may be a person's",
    )
    told = replace(history, journeys=journeys.with_columns(named), more=history.more.with_columns(named))
    return told, tuple(finding(history, small, said))
