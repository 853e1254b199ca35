"""A simulated year as an authority would have recorded it: what each format's writer starts from.

Ids are unmistakably invented: every one begins with SYNTHETIC.
"""

from datetime import datetime, time

import numpy as np
import polars as pl

from sim.events import COLUMNS, CONTACT_COLUMNS, EVERY_CHILD, NOBODY, PEOPLE_COLUMNS, EventKind, EventLog
from sim.history.history import STEPS, Step

MARK = "SYNTHETIC"

_LAST_COUNTS = frozenset({EventKind.INFORMATION_READY})
"""Of these steps the last is noted, of all others the first."""


def journeys_told(log: EventLog) -> pl.DataFrame:
    """One row for each child of each contact received in the window, as known at its end.

    The columns are those of `JOURNEY`, but `contact`, `child` and `worker` are invented ids as text, and there is no
    `row`. A child keeps its id when the family comes back. `holders` lists all who held the case, the first being
    `worker`: `holder`, `from`, `until`, which is null while they hold it, and their `team`, `role` and `fte`.
    """
    known_to = min(log.window_end, log.watched_until + 1)
    contacts = pl.DataFrame(log.contacts, schema=dict.fromkeys(CONTACT_COLUMNS, pl.Int64), orient="row")
    contacts = contacts.with_columns(_roots(log).alias("family")).filter(
        pl.col("received").is_between(log.window_start, known_to, closed="left")
    )
    told = contacts.with_columns(pl.int_ranges(pl.col("children")).alias("number")).explode("number")
    for step in STEPS[1:]:
        told = told.join(_dated(log, step, known_to), on=["contact", "number"], how="left", maintain_order="left")
    told = told.join(_holders(log, known_to), on="contact", how="left", maintain_order="left")
    return _named(log, told)


def _roots(log: EventLog) -> pl.Series:
    """The first contact of each contact's family: what tells its children."""
    contact, parent = log.contact_column("contact"), log.contact_column("parent")
    place = {identity: row for row, identity in enumerate(contact.tolist())}
    root = np.array([place.get(identity, row) for row, identity in enumerate(parent.tolist())], dtype=np.int64)
    while not np.array_equal(root[root], root):
        root = root[root]
    return pl.Series("family", contact[root] if len(contact) else contact)


def _dated(log: EventLog, step: Step, known_to: int) -> pl.DataFrame:
    """When a step happened, and its detail, by contact and number of the child."""
    events = log.of_kind(step.kind)
    events = events[events[:, 0] < known_to]
    if step.kind in _LAST_COUNTS:
        events = events[::-1]
    names = ["at" if name == "time" else "number" if name == "child" else name for name in COLUMNS]
    frame = pl.DataFrame(events, schema=dict.fromkeys(names, pl.Int64), orient="row")
    children = pl.DataFrame(
        {"contact": log.contact_column("contact"), "children": log.contact_column("children")}
    ).select("contact", pl.int_ranges("children").alias("each"))
    together = frame.filter(pl.col("number") == EVERY_CHILD).join(children, on="contact").explode("each")
    apart = frame.filter(pl.col("number") != EVERY_CHILD).with_columns(pl.col("number").alias("each"))
    every = pl.concat([together.select(*names, "each"), apart.select(*names, "each")])
    kept = every.sort("at", descending=step.kind in _LAST_COUNTS, maintain_order=True)
    kept = kept.unique(["contact", "each"], keep="first", maintain_order=True)
    columns = [pl.col("contact"), pl.col("each").alias("number"), pl.col("at").alias(step.column)]
    columns += [pl.col("detail").alias(step.detail)] if step.detail else []
    columns += [pl.col("person"), pl.col("team")] if step.kind is EventKind.ALLOCATED else []
    return kept.select(columns)


def _holders(log: EventLog, known_to: int) -> pl.DataFrame:
    """By contact, who held it from one change to the next, in order."""
    events = log.of_kind(EventKind.ALLOCATED, EventKind.HOLDER_LEFT, EventKind.CLOSED)
    frame = pl.DataFrame(events[events[:, 0] < known_to], schema=dict.fromkeys(COLUMNS, pl.Int64), orient="row")
    until = pl.col("time").shift(-1).over("contact")
    held = frame.with_columns(until.alias("until")).filter(pl.col("kind") == EventKind.ALLOCATED)
    held = held.join(_posts(log), on="person", how="left", maintain_order="left")
    each = pl.struct(
        _worker(pl.col("person")).alias("holder"),
        _stamp(log, "time").alias("from"),
        _stamp(log, "until"),
        _team().alias("team"),
        "role",
        "fte",
    )
    return held.group_by("contact", maintain_order=True).agg(each.alias("holders"))


def _posts(log: EventLog) -> pl.DataFrame:
    """Each person's role and FTE: what the caseload guide is of the largest in that role, to the nearest tenth."""
    everybody = pl.DataFrame(log.people, schema=dict.fromkeys(PEOPLE_COLUMNS, pl.Int64), orient="row")
    most = pl.col("guide").max().over("role")
    share = pl.when(most > 0).then(pl.col("guide") / most).otherwise(1.0)
    return everybody.select("person", "role", share.clip(0.1, 1.0).round(1).alias("fte"))


def _worker(person: pl.Expr) -> pl.Expr:
    return pl.when(person != NOBODY).then(pl.format("{}-W{}", pl.lit(MARK), person))


def _team() -> pl.Expr:
    return pl.when(pl.col("team") >= 0).then(pl.format("{} team {}", pl.lit(MARK.title()), pl.col("team")))


def _stamp(log: EventLog, minutes: str) -> pl.Expr:
    start = datetime.combine(log.first_day, time())
    return (pl.lit(start) + pl.duration(minutes=pl.col(minutes))).dt.cast_time_unit("ms").alias(minutes)


def _named(log: EventLog, told: pl.DataFrame) -> pl.DataFrame:
    return told.sort("received", "contact", "number").with_columns(
        pl.format("{}-C{}", pl.lit(MARK), pl.col("contact")).alias("contact"),
        pl.format("{}-P{}-{}", pl.lit(MARK), pl.col("family"), pl.col("number")).alias("child"),
        _worker(pl.col("person")).alias("worker"),
        _team().alias("team"),
        *(_stamp(log, step.column) for step in STEPS),
    )
