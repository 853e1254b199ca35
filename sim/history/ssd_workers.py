"""Who held a referral in the Standard Safeguarding Dataset, from one involvement to the next.

Some systems name the referral of an involvement; for the others it is the child's latest before it, until it closes.
"""

from datetime import datetime

import polars as pl

from sim.events import EventKind
from sim.history.fields import STAMP
from sim.history.history import MORE
from sim.history.links import first_of, latest_open
from sim.history.notes import Notes
from sim.history.ssd_tables import Extract

ALLOCATED_ROLES = ("ALLOCATED CASE WORKER", "ALLWKR")
"""The role of the worker who holds a case, as the dataset's own caseload query has it, and as Mosaic does."""

_TABLE = "involvements"


def with_workers(frame: pl.DataFrame, extract: Extract, notes: Notes) -> tuple[pl.DataFrame, pl.DataFrame]:
    """When each referral was first allocated and to whom, and every change after that as `MORE` has it."""
    every = extract.frame(_TABLE)
    held = every.filter(pl.col("role").str.to_uppercase().is_in(ALLOCATED_ROLES)).drop_nulls("started")
    referred = frame.filter(pl.col("referral").is_not_null())
    by_number = _by_number(held, referred, len(every), notes)
    by_dates = latest_open(held, "started", referred).join(by_number, on="journey", how="anti")
    columns = ["row", "journey", "closed", "started", "ended", "worker"]
    both = pl.concat([part.select(columns) for part in (by_number, by_dates)]).sort("journey", "started", "row")
    first = first_of(both, "journey", "started")
    if len(held):
        rule = "the allocated worker of the child after the contact and before the case closed"
        notes.links("allocation to referral by dates", rule, by_dates["journey"].n_unique(), len(referred) - len(first))
    found = frame.join(
        first.select("journey", "worker", allocated="started"), on="journey", how="left", maintain_order="left"
    )
    changes = pl.concat([_taken_over(both, first), _left(both)]).sort("journey", "at", "row")
    return _by_contact(found, changes)


def _by_number(held: pl.DataFrame, referred: pl.DataFrame, rows: int, notes: Notes) -> pl.DataFrame:
    """The involvements that name a referral which has a contact."""
    keys = ["referral", "child"]
    named = held.join(referred.select(*keys, "journey", "received", "closed"), on=keys, maintain_order="left")
    is_early = pl.col("started").dt.date() < pl.col("received").dt.date()
    said_so = ("allocation", "not used: the child had this worker before")
    what = "an allocation before the contact of the referral that it names"
    notes.found("allocated_before_contact", what, named.filter(is_early), (_TABLE, rows), said_so)
    return named.filter(~is_early)


def _taken_over(both: pl.DataFrame, first: pl.DataFrame) -> pl.DataFrame:
    """The allocations after the first, until the case closed."""
    later = both.join(first, on=["journey", "row"], how="anti")
    while_open = pl.col("closed").is_null() | (pl.col("started").dt.date() <= pl.col("closed").dt.date())
    return later.filter(while_open).select(
        "journey", "row", at="started", worker="worker", kind=EventKind.ALLOCATED.value
    )


def _left(both: pl.DataFrame) -> pl.DataFrame:
    """When the last of those who held a case had left and nobody had taken over by that date, while it was open."""
    for_ever = pl.lit(datetime(9999, 12, 31), STAMP)  # noqa: DTZ001  (civil time)
    until = pl.col("ended").fill_null(for_ever).cum_max().over("journey")
    then = pl.col("started").shift(-1).over("journey")
    alone = then.is_null() | (until.dt.date() < then.dt.date())
    while_open = pl.col("closed").is_null() | (pl.col("at").dt.date() < pl.col("closed").dt.date())
    gone = both.with_columns(at=until).filter(alone, pl.col("at") < for_ever, pl.col("at") >= pl.col("started"))
    nobody = pl.lit(None, pl.Int64)
    return gone.filter(while_open).select("journey", "row", "at", worker=nobody, kind=EventKind.HOLDER_LEFT.value)


def _by_contact(found: pl.DataFrame, changes: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The journeys and their changes; children of one contact whose workers changed otherwise get one of their own."""
    course = changes.group_by("journey", maintain_order=True).agg(
        pl.struct("at", "kind", "worker").hash().alias("course")
    )
    found = found.join(course, on="journey", how="left", maintain_order="left")
    others = pl.col("course").ne_missing(pl.col("course").first().over("contact"))
    own = pl.when(others).then(pl.col("contact") ^ pl.col("child")).otherwise("contact")
    found = found.with_columns(own.alias("contact")).drop("course")
    events = changes.join(found.select("journey", "contact", "team"), on="journey", maintain_order="left")
    once = events.unique(["contact", "at", "kind", "worker"], keep="first", maintain_order=True)
    nothing = {name: pl.lit(0) for name in ("detail", "waiting_on", "minutes")}
    return found, once.with_columns(**nothing).select(pl.col(name).cast(dtype) for name, dtype in MORE.items())
