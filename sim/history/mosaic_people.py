"""What a Mosaic export knows of persons and not of workflows: visits, workers and referrals, by person and date.

No record says which contact they belong to. Each is taken to be of the closest contact before it, as other tools do,
and how often that was and was not possible is counted.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple

import polars as pl

from sim.events import EventKind, Outcome, WaitingOn
from sim.history.fields import STAMP
from sim.history.history import MORE, Inference
from sim.history.ids import strangers

LONGEST_TO_REFERRAL_DAYS = 30
"""A referral later than this after a contact is not of that contact; as in the regional returns tool of LIIA."""

_TAKEN_ON = (Outcome.REFERRAL.value, Outcome.STRATEGY_DISCUSSION.value)


class Linked(NamedTuple):
    """Journeys with the columns that were found for them, how, and events beyond the steps of a journey."""

    journeys: pl.DataFrame
    inferred: tuple[Inference, ...] = ()
    more: pl.DataFrame = pl.DataFrame(schema=MORE)


def _closest(journeys: pl.DataFrame, rows: pl.DataFrame, date: str, within: str | None = None) -> pl.DataFrame:
    """The rows of persons, with `contact` and `closed` of the child's closest journey up to the day of `date`."""
    starts = journeys.select("child", "contact", "closed", pl.col("received").dt.date().alias("day")).drop_nulls("day")
    dated = rows.filter(pl.col(date).is_not_null()).rename({"person_id": "child"})
    dated = dated.with_columns(pl.col(date).dt.date().alias("day"))
    return dated.sort("day", date).join_asof(
        starts.sort("day"), on="day", by="child", strategy="backward", tolerance=within, check_sortedness=False
    )


def _of_case(journeys: pl.DataFrame, rows: pl.DataFrame, date: str) -> pl.DataFrame:
    """The same, of journeys that were taken on, up to their closing; null where there is none."""
    found = _closest(journeys.filter(pl.col("outcome").is_in(_TAKEN_ON)), rows, date)
    is_after = (pl.col("day") > pl.col("closed").dt.date()).fill_null(value=False)
    return found.with_columns(pl.when(~is_after).then("contact").alias("contact"))


def _counted(found: pl.DataFrame, what: str, rule: str) -> Inference:
    missing = found["contact"].null_count()
    return Inference(what, rule, len(found) - missing, missing)


def with_referrals(journeys: pl.DataFrame, referrals: pl.DataFrame) -> Linked:
    """Which contacts without next steps were referrals, when cases closed, and sources.

    One that ended without action has a date for it; what came of any other no step tells, so it was another team's.
    """
    found = _closest(journeys, referrals, "referral_date", f"{LONGEST_TO_REFERRAL_DAYS}d")
    rule = f"the child's closest contact before the date of the referral, at most {LONGEST_TO_REFERRAL_DAYS} days"
    first = (
        found.drop_nulls("contact")
        .group_by("contact", "child", maintain_order=True)
        .agg(
            pl.lit(value=True).alias("is_referred"),
            pl.col("nfa_date").drop_nulls().first(),
            pl.col("closure_date").drop_nulls().first(),
            pl.col("source_of_referral").drop_nulls().first(),
        )
    )
    joined = journeys.join(first, on=["contact", "child"], how="left", maintain_order="left")
    ended_there = (pl.col("outcome") == Outcome.NO_FURTHER_ACTION) & pl.col("is_referred")
    no_action = pl.when(pl.col("nfa_date").is_not_null()).then(Outcome.REFERRAL_NO_ACTION).otherwise(Outcome.OTHER_TEAM)
    ended = pl.when(ended_there).then(no_action).otherwise("outcome").cast(pl.Int8)
    # Contacts that came to nothing never were cases that close.
    is_case = pl.col("outcome").is_in(_TAKEN_ON)
    told = joined.with_columns(
        ended.alias("outcome"),
        pl.coalesce("closed", pl.when(is_case).then("closure_date")).alias("closed"),
        pl.coalesce("source", "source_of_referral").alias("source"),
    ).drop(first.columns[2:])
    elsewhere = told.filter((pl.col("outcome") == Outcome.OTHER_TEAM) & ~pl.col("has_other_team"))
    rule_of_others = "a referral that did not end without action and that no step of a known type follows"
    others = (Inference("referrals to other teams", rule_of_others, len(elsewhere), 0),) if len(elsewhere) else ()
    return Linked(told, (_counted(found, "referrals to contacts", rule), *others))


def with_visits(journeys: pl.DataFrame, visits: pl.DataFrame, *, says_seen: bool) -> Linked:
    """When each child was first seen: the first visit of a referred contact's child, of any type."""
    seen = visits.filter(pl.col("seen") == 1) if says_seen else visits
    found = _of_case(journeys, seen, "actual_date")
    rule = "the child's closest contact before the visit that was taken on, until it closed; visits of any type"
    first = found.drop_nulls("contact").group_by("contact", "child").agg(pl.col("actual_date").min())
    joined = journeys.join(first, on=["contact", "child"], how="left", maintain_order="left")
    told = joined.with_columns(pl.min_horizontal("seen", "actual_date").alias("seen")).drop("actual_date")
    inferred = [_counted(found, "visits to contacts", rule)]
    if not says_seen:
        inferred.append(Inference("visits at which the child was seen", "every visit made", len(seen), 0))
    return Linked(told, tuple(inferred))


def visits_before_contact(journeys: pl.DataFrame, visits: pl.DataFrame) -> pl.DataFrame:
    """The visits to a child before the first contact about it in the export."""
    first = journeys.group_by("child").agg(pl.col("received").min().dt.date().alias("first"))
    whose = visits.join(first, left_on="person_id", right_on="child")
    return whose.filter(pl.col("actual_date").dt.date() < pl.col("first"))


def without_rows(journeys: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """The journeys of children taken on who are nowhere in a table of persons, if they are most of these children.

    Those of the last month are not looked at: nobody need have come yet.
    """
    taken_on = journeys.filter(pl.col("outcome").is_in(_TAKEN_ON))
    last = pl.lit(journeys["received"].max(), STAMP)
    due = taken_on.filter(pl.col("received") < last - timedelta(days=LONGEST_TO_REFERRAL_DAYS))
    return strangers(due, rows["person_id"])


def with_workers(journeys: pl.DataFrame, workers: pl.DataFrame, *, knows_closing: bool) -> Linked:
    """When a worker was allocated and who, and changes of worker after that."""
    found = _of_case(journeys, workers, "start_date")
    rule = "the child's closest contact before the worker's first day that was taken on, until it closed"
    ordered = found.drop_nulls("contact").sort("contact", "child", "start_date", "worker_id")
    first = ordered.group_by("contact", "child", maintain_order=True).agg(
        pl.col("start_date").first(), pl.col("worker_id").first()
    )
    joined = journeys.join(first, on=["contact", "child"], how="left", maintain_order="left")
    told = joined.with_columns(
        pl.coalesce("start_date", "allocated").alias("allocated"), pl.col("worker_id").alias("worker")
    ).drop("start_date", "worker_id")
    more, shared = _changes(ordered, told, knows_closing=knows_closing)
    return Linked(told, (_counted(found, "workers to contacts", rule), shared), more)


def _changes(workers: pl.DataFrame, journeys: pl.DataFrame, *, knows_closing: bool) -> tuple[pl.DataFrame, Inference]:
    """Workers after the first, and workers who left: events of a whole contact, where its children have the same."""
    next_start = pl.col("start_date").shift(-1).over("contact", "child")
    end = pl.col("end_date").dt.date()
    # The last worker's leaving is told from the end of the case only where the export says when cases end.
    last = (
        pl.lit(knows_closing) & next_start.is_null() & (pl.col("closed").is_null() | (end < pl.col("closed").dt.date()))
    )
    left = workers.filter(last | (end < next_start.dt.date()).fill_null(value=False))
    later = workers.filter(pl.int_range(pl.len()).over("contact", "child") > 0)
    events = (
        pl.concat(
            [
                later.select(
                    "contact",
                    "child",
                    "worker_id",
                    pl.col("start_date").alias("at"),
                    kind=pl.lit(EventKind.ALLOCATED.value),
                ),
                left.select(
                    "contact",
                    "child",
                    "worker_id",
                    pl.col("end_date").alias("at"),
                    kind=pl.lit(EventKind.HOLDER_LEFT.value),
                ),
            ]
        )
        .drop_nulls("at")
        .unique()
    )
    children = journeys.group_by("contact").agg(pl.col("child").n_unique().alias("children"))
    by_contact = events.group_by("contact", "at", "kind", "worker_id").len().join(children, on="contact")
    same = by_contact.filter(pl.col("len") == pl.col("children"))
    return _as_more(same), Inference(
        "changes of worker", "those that all children of a contact share", len(same), len(by_contact) - len(same)
    )


def _as_more(events: pl.DataFrame) -> pl.DataFrame:
    waiting: Mapping[str, pl.Expr] = {
        "detail": pl.lit(0),
        "waiting_on": pl.lit(WaitingOn.OUR_STAFF.value),
        "minutes": pl.lit(0),
        "worker": pl.col("worker_id"),
        "team": pl.lit(None, pl.String),
    }
    named = events.sort("contact", "at", "kind").with_columns(value.alias(name) for name, value in waiting.items())
    return named.select(pl.col(name).cast(dtype) for name, dtype in MORE.items())
