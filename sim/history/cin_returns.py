"""The returns of the CIN census taken together: what is in several of them is taken once."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

import polars as pl

from sim.history.history import Finding, Inference, Tally
from sim.history.ids import strangers
from sim.history.tables import ExtractError, Refusal

_LONGEST_YEAR_DAYS = 366

_LATEST = ("source", "no_action", "closed", "reason", "conference_held")
"""What a later return may tell otherwise of the same referral."""


class Census(NamedTuple):
    """One return, typed. Its rows name their CINdetails by `details`; `row` is the number of the Child in the file."""

    details: pl.DataFrame
    assessments: pl.DataFrame
    enquiries: pl.DataFrame
    tally: Tally
    refused: tuple[Refusal, ...]
    year_ends: date
    without_details: tuple[int, ...]
    placeholders: tuple[Finding, ...]
    inferred: tuple[Inference, ...]


class Courses(NamedTuple):
    """The returns taken together: each referral, assessment and enquiry once, as the last return has it.

    `referral` numbers the referrals in all three. A conference is that of an enquiry where there is one that it may
    follow, and else of the referral. `merged` are the rows of returns that say the same as a later row.
    """

    referrals: pl.DataFrame
    assessments: pl.DataFrame
    enquiries: pl.DataFrame
    merged: pl.DataFrame


def refuse_other_ids(returns: Sequence[Census]) -> None:
    """Raise `ExtractError` where most of the children open at the end of one year are not in the next one's return.

    Every one of them should be, closed there or open still. Where they are not, each case would stay open for ever and
    each re-referral be a first one.
    """
    for before, after in pairwise(returns):
        if not 0 < (after.year_ends - before.year_ends).days <= _LONGEST_YEAR_DAYS:
            continue
        still = before.details.filter(pl.col("closed").is_null(), pl.col("no_action").fill_null(0) != 1)
        children = still["child"].n_unique()
        gone = strangers(still, after.details["child"])["child"].n_unique()
        if gone:
            raise ExtractError(
                f"{after.tally.name}: {gone} of the {children} children whose case was open at the end of "
                f"{before.tally.name} are not in it, as every one should be: the ids of these years do not match; "
                "give each return by itself"
            )


def stacked(returns: Sequence[Census]) -> Courses:
    """All the returns, what is in several of them taken once: later returns tell more, and a blank tells nothing."""
    details, assessments, enquiries = (
        pl.concat(frame.with_columns(pl.lit(number).alias("return")) for number, frame in enumerate(frames))
        for frames in zip(*((found.details, found.assessments, found.enquiries) for found in returns), strict=True)
    )
    same = ("child", "received")
    every = details.with_columns(pl.struct(*same).rank("dense").cast(pl.Int64).alias("referral"))
    last = every.group_by("referral", *same, maintain_order=True).agg(
        *(pl.col(name).drop_nulls().last() for name in _LATEST), pl.col("row", "table").last()
    )
    merged = every.filter(pl.int_range(pl.len()).over("referral") < pl.len().over("referral") - 1)
    number = every.select("return", "details", "referral")
    assessed, enquired = (rows.join(number, on=["return", "details"]) for rows in (assessments, enquiries))
    return _with_conferences(
        Courses(last, _once(assessed, "assessment_started"), _once(enquired, "strategy_held"), merged)
    )


def _with_conferences(courses: Courses) -> Courses:
    """A conference that the CINdetails states is that of the last enquiry on or before it, if none has one."""
    stated = courses.referrals.select("referral", pl.col("conference_held").alias("stated"))
    every = courses.enquiries.join(stated, on="referral", how="left", maintain_order="left")
    before = pl.when(pl.col("strategy_held") <= pl.col("stated")).then("strategy_held")
    none_held = pl.col("conference_held").is_null().all().over("referral")
    its = none_held & (pl.col("strategy_held") == before.max().over("referral"))
    held = pl.coalesce("conference_held", pl.when(its).then("stated"))
    enquiries = every.with_columns(held.alias("conference_held")).drop("stated")
    met = enquiries.drop_nulls("conference_held")["referral"].unique().implode()
    its_own = pl.when(~pl.col("referral").is_in(met)).then("conference_held")
    return courses._replace(
        referrals=courses.referrals.with_columns(its_own.alias("conference_held")), enquiries=enquiries
    )


def _once(rows: pl.DataFrame, date_of: str) -> pl.DataFrame:
    """Each of the rows of one date of a referral once, a later return telling more."""
    others = [name for name in rows.columns if name not in ("return", "details", "referral", date_of)]
    one = rows.group_by("referral", date_of, maintain_order=True).agg(
        pl.col(name).drop_nulls().last() for name in others
    )
    return one.sort("referral", date_of)
