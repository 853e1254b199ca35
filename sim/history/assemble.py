"""From journeys to an event log: the same schema as a simulation's."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sim.events import COLUMNS, EVERY_CHILD, NOBODY, Column, EventKind, EventLog, Need, Outcome
from sim.history.history import STEPS, History, Step, happened, seen_undated
from sim.history.stretch import begins
from sim.working_time import MINUTES_PER_DAY, OpeningHours

LOOK_BACK_DAYS = 365
"""A referral within this time of the family's last is a re-referral (12 months, as published)."""

_PART: pl.Schema = pl.Schema(
    {
        "time": pl.Int32,
        "kind": pl.Int8,
        "contact": pl.Int32,
        "child": pl.Int32,
        "person": pl.Int64,
        "team": pl.Int16,
        "detail": pl.Int8,
        "waiting_on": pl.Int8,
        "minutes": pl.Int32,
        "order": pl.Int8,
    }
)
"""Events while they are put in order: as narrow as they can be, the contact by its rank among the ids."""

_WITHIN_BITS = 33
_CONTACT_BITS = 30
"""Room in one number of 63 bits: for a thousand million contacts, and for the steps of a hundred years within each."""

NOT_RATED = -1
"""The detail of a screening whose rating nobody noted: no `Rating`."""

_REFERRED = (Outcome.REFERRAL, Outcome.STRATEGY_DISCUSSION, Outcome.OTHER_TEAM, Outcome.REFERRAL_NO_ACTION)
_BESIDE = len(STEPS)
_ORDER = {step.kind: place for place, step in enumerate(STEPS)} | {
    EventKind.WORK_STARTED: _BESIDE + 1,
    EventKind.WORK_ENDED: _BESIDE + 2,
    EventKind.CLOSED: _BESIDE + 3,
}
"""What happens on one date: the steps in their order, then all that is beside them, and closing last."""


def event_log(history: History, journeys: pl.DataFrame, as_at: date, hours: OpeningHours) -> EventLog:
    """The log of those journeys of a history that are to be used, as known at the end of `as_at`.

    Children of one contact are one contact where all its steps agree; those that differ stand as contacts of their own.
    The window begins where contacts begin to come regularly: a few far older ones are in the log, and before the
    window.
    """
    first_day = journeys["received"].min()
    first = first_day.date() if isinstance(first_day, datetime) else as_at
    start = min(first, history.since or first)
    numbered = _contacts(journeys)
    window_end = ((as_at - start).days + 1) * MINUTES_PER_DAY
    return EventLog(
        events=_events(history, journeys, numbered, start, as_at),
        contacts=_contact_rows(journeys, numbered, start),
        people=np.empty((0, 7), dtype=np.int64),
        first_day=start,
        office_opens_minute=hours.opens_minute,
        office_closes_minute=hours.closes_minute,
        window_start=((history.since or begins(journeys["received"])) - start).days * MINUTES_PER_DAY,
        window_end=window_end,
        watched_until=window_end - 1,
        facts=history.facts,
        dates_at_midnight=True,
        teams=tuple(_teams(history)),
        seen_undated=_seen_undated(journeys, numbered),
    )


def _seen_undated(journeys: pl.DataFrame, numbered: pl.DataFrame) -> Column:
    """Contact and number of every child of which the record says that it was seen, and not when."""
    which = journeys.select(seen_undated()).to_series()
    found = numbered.filter(which[numbered["place"]]).select("id", "number")
    return np.ascontiguousarray(found.cast(pl.Int64).to_numpy()).reshape(-1, 2)


def _teams(history: History) -> list[str]:
    named = pl.concat([history.journeys["team"], history.more["team"]])
    return named.drop_nulls().unique().sort().to_list()


def _contacts(journeys: pl.DataFrame) -> pl.DataFrame:
    """The journeys in order of their contacts: `place` among the journeys, and of the log's contacts `id` and `rank`.

    `number` is that of the child in the contact, `children` how many it has. Only these columns, for there may be
    millions of rows.
    """
    steps = [step.column for step in STEPS if not step.of_child]
    details = [step.detail for step in STEPS if step.detail and not step.of_child]
    course = pl.struct(*steps, *details, "source", "open_case", "worker").hash().alias("course")
    ordered = journeys.select("contact", "row", "child", course).with_row_index("place")
    ordered = ordered.sort("contact", "row", "child")
    as_first = pl.col("course") == pl.col("course").first().over("contact")
    # Children who go another way than the contact's first need a number of their own.
    own = pl.col("contact") ^ pl.col("child").first().over("contact", "course")
    found = ordered.select("place", "contact", pl.when(as_first).then(pl.col("contact")).otherwise(own).alias("id"))
    return found.with_columns(
        pl.int_range(pl.len(), dtype=pl.Int32).over("id").alias("number"),
        pl.len().over("id").alias("children"),
        (pl.col("id").rank("dense").cast(pl.Int32) - 1).alias("rank"),
    )


def _contact_rows(journeys: pl.DataFrame, numbered: pl.DataFrame, start: date) -> Column:
    told = journeys.select("child", "received", "source", "domestic_abuse", "open_case", "outcome")
    every = numbered.hstack(told[numbered["place"]])
    came = every.filter(pl.col("number") == 0).join(_returns(every), on="id", how="left", maintain_order="left")
    columns = came.sort("received", "id").select(
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


def _returns(every: pl.DataFrame) -> pl.DataFrame:
    """By `id`, the latest contact before of any of its children, `parent`, and whether one was referred in the year.

    `every` has a row for each child of each contact. Of two contacts at one time the upper row is the earlier.
    """
    referred = pl.when(pl.col("outcome").is_in([outcome.value for outcome in _REFERRED])).then("received")
    ordered = every.select("id", "child", "received", "place", referred=referred).sort("received", "place")
    before = ordered.select(
        "id",
        pl.col("id", "received").shift(1).over("child").name.prefix("before_"),
        near=pl.col("received").dt.date() - pl.col("referred").shift(1).forward_fill().over("child").dt.date(),
    )
    return before.group_by("id").agg(
        pl.col("before_id").sort_by("before_received", descending=True, nulls_last=True).first().alias("parent"),
        (pl.col("near").dt.total_days() <= LOOK_BACK_DAYS).any().alias("is_return"),
    )


def _minute(column: str, start: date) -> pl.Expr:
    origin = datetime.combine(start, time())
    return ((pl.col(column) - origin).dt.total_minutes()).cast(pl.Int32).alias(column)


def _events(history: History, journeys: pl.DataFrame, numbered: pl.DataFrame, start: date, as_at: date) -> Column:
    """Every step of every contact, in order of date, then lawful order within a contact."""
    teams = _teams(history)
    told = journeys.select(
        pl.col("team").replace_strict(teams, list(range(len(teams))), default=-1, return_dtype=pl.Int16), "worker"
    )
    parts = [_of_step(journeys, told, numbered, step, start) for step in happened(journeys)]
    parts.append(_more(history.more.filter(pl.col("at").dt.date() <= as_at), numbered, start, teams))
    every = {name: np.concatenate([part[name].to_numpy() for part in parts]) for name in _PART}
    del parts, told
    order = _order(every)
    ids = numbered.filter(pl.col("number") == 0).sort("rank")["id"].to_numpy()
    # Column by column, as measures read it: of a million contacts no column is copied again.
    events = np.empty((len(order), len(COLUMNS)), dtype=np.int64, order="F")
    for place, name in enumerate(COLUMNS):
        events[:, place] = ids[every["contact"][order]] if name == "contact" else every[name][order]
        del every[name]
    return events


def _order(every: Mapping[str, NDArray[Any]]) -> NDArray[np.intp]:
    """The order of events: a contact's by date and, on one date, as steps follow one another; all by time.

    A date alone stands no earlier than the step before it on that date, whose minute may be known.
    """
    contact, minute = every["contact"].astype(np.int64), every["time"].astype(np.int64)
    day, of_day = np.divmod(minute - minute.min() // MINUTES_PER_DAY * MINUTES_PER_DAY, MINUTES_PER_DAY)
    # One number for all that orders them sorts several times faster than the parts one after another.
    within = (day * len(EventKind) + every["order"]) * MINUTES_PER_DAY + of_day
    steps = np.argsort(contact << _WITHIN_BITS | within, kind="stable")
    contact, minute = contact[steps], minute[steps]
    # The latest time so far of each contact: a running maximum that each next contact starts above.
    above = contact << _WITHIN_BITS
    by = np.maximum.accumulate(above + minute - minute.min()) - above
    # Stable: within a minute the steps of a contact stay as they are.
    return steps[np.argsort(by << _CONTACT_BITS | contact, kind="stable")]


def _of_step(
    journeys: pl.DataFrame, told: pl.DataFrame, numbered: pl.DataFrame, step: Step, start: date
) -> pl.DataFrame:
    """One step as events: the contact's, or each child's own."""
    whose = numbered if step.of_child else numbered.filter(pl.col("number") == 0)
    when = pl.col(step.column)
    detail = [pl.col(step.detail)] if step.detail else []
    happened = whose.hstack(journeys.select(when, *detail)[whose["place"]]).filter(when.is_not_null())
    happened = happened.hstack(told[happened["place"]])
    is_allocation = step.kind is EventKind.ALLOCATED
    # Screened, and no rating noted, is not screened as green.
    unsaid = NOT_RATED if step.kind is EventKind.SCREENED else 0
    return happened.select(
        _minute(step.column, start).alias("time"),
        pl.lit(step.kind.value).alias("kind"),
        pl.col("rank").alias("contact"),
        (pl.col("number") if step.of_child else pl.lit(EVERY_CHILD)).alias("child"),
        (pl.col("worker").fill_null(NOBODY) if is_allocation else pl.lit(NOBODY)).alias("person"),
        pl.col("team"),
        (pl.col(step.detail).fill_null(unsaid) if step.detail else pl.lit(0)).alias("detail"),
        pl.lit(step.waiting_on.value).alias("waiting_on"),
        pl.lit(0).alias("minutes"),
        pl.lit(_ORDER[step.kind]).alias("order"),
    ).cast(_PART)


def _more(more: pl.DataFrame, numbered: pl.DataFrame, start: date, teams: list[str]) -> pl.DataFrame:
    """The events beyond the steps, of the contacts that are used."""
    order = pl.col("kind").replace_strict(_ORDER, default=_BESIDE, return_dtype=pl.Int8)
    firsts = numbered.filter(pl.col("number") == 0).select("contact", "rank")
    return (
        more.join(firsts, on="contact")
        .select(
            _minute("at", start).alias("time"),
            "kind",
            pl.col("rank").alias("contact"),
            pl.lit(EVERY_CHILD).alias("child"),
            pl.col("worker").fill_null(NOBODY).alias("person"),
            pl.col("team").replace_strict(teams, list(range(len(teams))), default=-1, return_dtype=pl.Int16),
            *(pl.col(name).fill_null(0) for name in ("detail", "waiting_on", "minutes")),
            order.alias("order"),
        )
        .cast(_PART)
    )
