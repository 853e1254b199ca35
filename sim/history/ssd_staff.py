"""Who was in post, as the Standard Safeguarding Dataset shows it: nothing dates a post, so involvements stand for it.

In post are those to whom a referral of the record was allocated, from their first involvement of any kind to the end of
their last, for the time that the table of professionals gives. Who holds no case is in none of it.
"""

import polars as pl

from sim.events import Role
from sim.facts import Fact
from sim.history.notes import Notes
from sim.history.ssd_cells import NO_TIME
from sim.history.ssd_tables import Extract
from sim.history.teams import OTHER_TEAMS

_TABLE = "professionals"

POSTS_RULE = (
    "from a worker's first involvement to the end of the last, still there with one that has not ended, for the time "
    "that professionals gives; of those to whom a referral of the record was allocated, so of no team manager"
)
_KIND_RULE = (
    "the words of the job title; who holds cases under a title that is not known is an experienced social worker"
)


def posts(frame: pl.DataFrame, more: pl.DataFrame, extract: Extract, notes: Notes) -> pl.DataFrame:
    """The posts, with the columns of `Staff.posts`, of everybody who ever held a case of these journeys."""
    holders = pl.concat([frame["worker"], more["worker"]]).drop_nulls().unique()
    told = _told(extract, holders, notes)
    there = _there(extract).join(told, on="person", how="semi")
    made = told.join(there, on="person").sort("row")
    if not extract.lacks(_TABLE, "fte"):
        notes.links("who was in post", POSTS_RULE, len(made), len(holders) - len(made))
    titled = made.filter(pl.col("title") >= 0)
    notes.links("what kind of worker is in a post", _KIND_RULE, len(titled), len(made) - len(titled))
    role = pl.when(pl.col("title") >= 0).then("title").otherwise(pl.lit(Role.EXPERIENCED_SOCIAL_WORKER.value))
    nobody_knows = pl.lit(None, pl.Int64).alias("guide")
    return made.select("row", "person", "team", role.cast(pl.Int8).alias("role"), "fte", "start", "end", nobody_knows)


def _told(extract: Extract, holders: pl.Series, notes: Notes) -> pl.DataFrame:
    """Professionals who hold cases, with their time; without those whose rows differ or give none that can be."""
    every = extract.frame(_TABLE)
    theirs = every.filter(pl.col("worker").is_in(holders.implode()))
    different = theirs.filter(pl.col("fte").n_unique().over("worker") > 1)
    said, about = ("who was in post", "no post is made of it"), (_TABLE, len(every))
    notes.found("fte_differs", "rows of one professional that give different times", different, about, said)
    none = theirs.filter(pl.col("fte") == NO_TIME)
    what = "a full-time equivalency that is not above 0 and at most 1"
    notes.found("fte_not_a_share", what, none, about, said)
    sure = theirs.join(different, on="row", how="anti").filter(pl.col("fte") > 0)
    one = sure.unique("worker", keep="first", maintain_order=True)
    return one.select("row", "title", "fte", person="worker")


def _there(extract: Extract) -> pl.DataFrame:
    """From when to when each worker had involvements, null where one has not ended, and the team of the last begun."""
    every = extract.frame("involvements").drop_nulls(["worker", "started"]).sort("started", "row")
    names = extract.frame("department").unique("team", keep="first", maintain_order=True).select("team", "name")
    every = every.join(names, on="team", how="left", maintain_order="left")
    last = pl.when(pl.col("ended").is_null().any()).then(None).otherwise(pl.col("ended").max()).dt.date()
    return every.group_by("worker", maintain_order=True).agg(
        pl.col("started").min().dt.date().alias("start"),
        last.alias("end"),
        pl.col("name").drop_nulls().last().fill_null(OTHER_TEAMS).alias("team"),
    ).rename({"worker": "person"})  # fmt: skip


def why_no_staff(extract: Extract, unknown: dict[Fact, str]) -> str:
    """Why nobody's post can be made out, as a clause."""
    lacks = extract.lacks(_TABLE, "fte") or extract.lacks("involvements", "worker") or unknown.get(Fact.ALLOCATION, "")
    return lacks or "no worker who holds a case has a time in professionals"
