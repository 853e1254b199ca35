"""Names of teams: the only words of an extract that are kept, and only where enough children or posts hold them."""

from collections.abc import Collection
from dataclasses import replace

import polars as pl

from sim.history.history import Finding, History, finding
from sim.history.staff import Staff

SMALLEST_TEAM = 10
"""A name on the journeys of fewer children is not kept: it may be a person's, and few may be one family."""

OTHER_TEAMS = "other teams"
"""What teams of few are called together."""


def without_small_teams(history: History, smallest: int = SMALLEST_TEAM) -> tuple[History, tuple[Finding, ...]]:
    """A history in which every named team has at least so many children, and a finding about those that have not."""
    journeys = history.journeys
    # Of children and not of rows: one family recorded ten times is one family.
    sizes = journeys.drop_nulls("team").group_by("team").agg(pl.col("child").n_unique())
    kept = sizes.filter(pl.col("child") >= smallest)["team"]
    named = pl.when(pl.col("team").is_in(kept.implode())).then("team").alias("team")
    small = journeys.select("row", "team").filter(pl.col("team").is_not_null() & ~pl.col("team").is_in(kept.implode()))
    said = (
        "small_teams",
        f"a team on the journeys of fewer than {smallest} children",
        "everything by team",
        "read as no team: so rare a name may be a person's",
    )
    told = replace(history, journeys=journeys.with_columns(named), more=history.more.with_columns(named))
    return told, tuple(finding(history, small, said))


def without_small_teams_of_posts(staff: Staff, known: Collection[str], smallest: int = SMALLEST_TEAM) -> Staff:
    """Staff in which teams that are not `known` from the journeys and have fewer posts than that stand together."""
    sizes = staff.posts.group_by("team").len().filter(pl.col("len") >= smallest)["team"]
    is_kept = pl.col("team").is_in(sizes.implode()) | pl.col("team").is_in(sorted(known))
    named = pl.when(is_kept).then("team").otherwise(pl.lit(OTHER_TEAMS)).alias("team")
    return replace(staff, posts=staff.posts.with_columns(named))
