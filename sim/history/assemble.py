"""From journeys to an event log: the same schema as a simulation's."""

from datetime import date, datetime, time

import numpy as np
import polars as pl

from sim.events import COLUMNS, EVERY_CHILD, NOBODY, Column, EventKind, EventLog, Need, Outcome
from sim.history.history import STEPS, History, Step
from sim.working_time import MINUTES_PER_DAY, OpeningHours

LOOK_BACK_DAYS = 365
"""A referral within this time of the family's last is a re-referral (12 months, as published)."""

_REFERRED = (Outcome.REFERRAL, Outcome.STRATEGY_DISCUSSION, Outcome.OTHER_TEAM, Outcome.REFERRAL_NO_ACTION)
_ORDER = {step.kind: place for place, step in enumerate(STEPS)}


def event_log(history: History, journeys: pl.DataFrame, as_at: date, hours: OpeningHours) -> EventLog:
    """The log of those journeys of a history that are to be used, as known at the end of `as_at`.

    Children of one contact are one contact where all its steps agree; those that differ stand as contacts of their own.
    """
    first_day = journeys["received"].min()
    first = first_day.date() if isinstance(first_day, datetime) else as_at
    start = min(first, history.since or first)
    numbered = _contacts(journeys)
    teams = sorted(set(history.journeys["team"].drop_nulls()) | set(history.more["team"].drop_nulls()))
    window_end = ((as_at - start).days + 1) * MINUTES_PER_DAY
    return EventLog(
        events=_events(history, numbered, start, teams),
        contacts=_contact_rows(numbered, start),
        people=np.empty((0, 7), dtype=np.int64),
        first_day=start,
        office_opens_minute=hours.opens_minute,
        office_closes_minute=hours.closes_minute,
        window_start=((history.since or start) - start).days * MINUTES_PER_DAY,
        window_end=window_end,
        watched_until=window_end - 1,
        facts=history.facts,
        dates_at_midnight=True,
        teams=tuple(teams),
    )


def _contacts(journeys: pl.DataFrame) -> pl.DataFrame:
    """The journeys with `id`, the number of their contact in the log, `number` of the child in it, and `children`."""
    steps = [step.column for step in STEPS if not step.of_child]
    details = [step.detail for step in STEPS if step.detail and not step.of_child]
    course = pl.struct(*steps, *details, "source", "open_case", "worker").hash().alias("course")
    ordered = journeys.sort("contact", "row", "child").with_columns(course)
    as_first = pl.col("course") == pl.col("course").first().over("contact")
    # Children who go another way than the contact's first need a number of their own.
    own = pl.col("contact") ^ pl.col("child").first().over("contact", "course")
    found = ordered.with_columns(pl.when(as_first).then(pl.col("contact")).otherwise(own).alias("id"))
    return found.with_columns(
        pl.int_range(pl.len()).over("id").cast(pl.Int64).alias("number"), pl.len().over("id").alias("children")
    )


def _contact_rows(numbered: pl.DataFrame, start: date) -> Column:
    first = numbered.filter(pl.col("number") == 0).sort("received", "id")
    came = _returns(first)
    columns = came.select(
        pl.col("id"),
        _minute("received", start),
        pl.col("source").fill_null(-1),
        pl.col("domestic_abuse").fill_null(-1),
        pl.col("children"),
        pl.lit(Need.UNKNOWN.value).alias("need"),
        pl.col("parent").fill_null(-1),
        pl.col("is_return"),
        (pl.col("open_case").fill_null(0) == 1).alias("open_case"),
    )
    return np.ascontiguousarray(columns.cast(pl.Int64).to_numpy())


def _returns(contacts: pl.DataFrame) -> pl.DataFrame:
    """With the contact before of the same child, `parent`, and whether a referral came within a year before."""
    before = pl.col("received").shift(1).over("child", order_by=["received", "id"])
    referred = pl.when(pl.col("outcome").is_in([outcome.value for outcome in _REFERRED])).then(pl.col("received"))
    last_referred = referred.shift(1).forward_fill().over("child", order_by=["received", "id"])
    is_near = (pl.col("received").dt.date() - last_referred.dt.date()).dt.total_days() <= LOOK_BACK_DAYS
    return contacts.with_columns(
        pl.when(before.is_not_null())
        .then(pl.col("id").shift(1).over("child", order_by=["received", "id"]))
        .alias("parent"),
        is_near.fill_null(value=False).alias("is_return"),
    ).sort("received", "id")


def _minute(column: str, start: date) -> pl.Expr:
    origin = datetime.combine(start, time())
    return ((pl.col(column) - origin).dt.total_minutes()).cast(pl.Int64).alias(column)


def _events(history: History, numbered: pl.DataFrame, start: date, teams: list[str]) -> Column:
    """Every step of every contact, in order of date, then lawful order within a contact."""
    parts = [_of_step(numbered, step) for step in STEPS]
    ids = numbered.select("contact", "id", "number").filter(pl.col("number") == 0)
    parts.append(_more(history, ids))
    every = pl.concat(parts).with_columns(_minute("time", start))
    day = pl.col("time") // MINUTES_PER_DAY
    ordered = every.sort("contact", day, "order", "time", maintain_order=True)
    told = pl.col("team").replace_strict(
        dict(zip(teams, range(len(teams)), strict=True)), default=-1, return_dtype=pl.Int64
    )
    known = ordered.with_columns(pl.col("time").cum_max().over("contact").alias("by"), told)
    # A stable sort: within a minute the steps of a contact stay as they are.
    return np.ascontiguousarray(
        known.sort("by", "contact", maintain_order=True).select(COLUMNS).cast(pl.Int64).to_numpy()
    )


def _of_step(numbered: pl.DataFrame, step: Step) -> pl.DataFrame:
    """One step as events: the contact's, or each child's own."""
    happened = numbered.filter(pl.col(step.column).is_not_null())
    if not step.of_child:
        happened = happened.filter(pl.col("number") == 0)
    is_allocation = step.kind is EventKind.ALLOCATED
    return happened.select(
        pl.col(step.column).alias("time"),
        pl.lit(step.kind.value, pl.Int64).alias("kind"),
        pl.col("id").alias("contact"),
        (pl.col("number") if step.of_child else pl.lit(EVERY_CHILD, pl.Int64)).alias("child"),
        (pl.col("worker").fill_null(NOBODY) if is_allocation else pl.lit(NOBODY, pl.Int64)).alias("person"),
        pl.col("team"),
        (pl.col(step.detail).fill_null(0).cast(pl.Int64) if step.detail else pl.lit(0, pl.Int64)).alias("detail"),
        pl.lit(step.waiting_on.value, pl.Int64).alias("waiting_on"),
        pl.lit(0, pl.Int64).alias("minutes"),
        pl.lit(_ORDER[step.kind], pl.Int64).alias("order"),
    )


def _more(history: History, ids: pl.DataFrame) -> pl.DataFrame:
    """The events beyond the steps, of the contacts that are used."""
    order = pl.col("kind").replace_strict(_ORDER, default=len(STEPS), return_dtype=pl.Int64)
    return history.more.join(ids, on="contact").select(
        pl.col("at").alias("time"),
        pl.col("kind").cast(pl.Int64),
        pl.col("id").alias("contact"),
        pl.lit(EVERY_CHILD, pl.Int64).alias("child"),
        pl.col("worker").fill_null(NOBODY).alias("person"),
        pl.col("team"),
        *(pl.col(name).fill_null(0).cast(pl.Int64) for name in ("detail", "waiting_on", "minutes")),
        order.alias("order"),
    )
