"""What lists 2, 6 and 7 of Annex A add to journeys: early help, cases of children in need, child protection plans."""

import polars as pl

from sim.events import Ending
from sim.history.annex_lists import CLOSED
from sim.history.fields import STAMP
from sim.history.following import attach
from sim.history.links import latest_before

PLAN_DAYS = 60
"""Within this time of its section 47 enquiry a child protection plan came of it, as in the regions' reports."""

FOR_EARLY_HELP = 9
AFTER_ASSESSMENT = {8: Ending.NO_FURTHER_ACTION, FOR_EARLY_HELP: Ending.STEP_DOWN}
"""How a case ended by the number of its reason for closure, of those that say so."""

Followed = tuple[pl.DataFrame, pl.DataFrame]
"""Rows with what followed them, and of that what followed nothing."""


def with_plans(enquiries: pl.DataFrame, plans: pl.DataFrame) -> Followed:
    """The enquiries with the child protection plan that came of each.

    A plan begins on the day of the conference that made it: `by_plan` says where the conference is dated so, for the
    list of enquiries has no date.
    """
    followed, alone = attach(enquiries, plans.select("row", "child", "on", "plan_began"), within_days=PLAN_DAYS)
    by_plan = pl.col("conference_held").is_null() & pl.col("plan_began").is_not_null()
    return followed.with_columns(by_plan.alias("by_plan"), pl.coalesce("conference_held", "plan_began")), alone


def with_cases(referrals: pl.DataFrame, cases: pl.DataFrame) -> Followed:
    """The referrals with the case of a child in need that each began: when it closed, why, and what it has come to.

    A closing date before the case began is not used.
    """
    told = cases.select("row", "child", "on", "case_began", "reason", "status", closed=closed_on())
    return attach(referrals, told)


def closed_on() -> pl.Expr:
    """When a case closed, where that can be."""
    return pl.when(pl.col("case_closed").dt.date() >= pl.col("on")).then("case_closed")


def on_open_cases(contacts: pl.DataFrame, cases: pl.DataFrame) -> pl.Series:
    """The rows of the contacts without a referral that came while a case of the child was open, begun on a day before.

    Of a case that is said to have closed, and not when, nobody knows whether it was open.
    """
    undated = (pl.col("status") == CLOSED).fill_null(value=False) & pl.col("case_closed").is_null()
    begun = cases.filter(~undated).select(
        "child", closed=closed_on(), received=pl.col("on").cast(STAMP), journey=pl.col("row")
    )
    latest = begun.sort("closed", descending=True, nulls_last=False)
    unreferred = contacts.filter(pl.col("referral_date").is_null()).select("row", "child", came="contact_date")
    before = latest_before(unreferred, "came", latest, same_day=False)
    return before.filter(pl.col("closed").is_null() | (pl.col("closed").dt.date() >= pl.col("came").dt.date()))["row"]


def with_help(built: pl.DataFrame, helped: pl.DataFrame) -> Followed:
    """Journeys with the early help that followed: a contact without a referral, or an assessment that ended so.

    Help may follow an assessment that found no support needed, or whose case closed for early help. `built` has
    `open_case`, 1 for a contact about an open case: help follows none of those.
    """
    unreferred = (
        pl.col("contact_date").is_not_null()
        & pl.col("referral_date").is_null()
        & (pl.col("open_case").fill_null(0) != 1)
    )
    stepped_down = (pl.col("support") == 0) | (pl.col("reason") == FOR_EARLY_HELP)
    since = pl.when(unreferred).then("contact_date").when(stepped_down).then("authorised")
    placed = built.with_row_index("place").with_columns(since.cast(pl.Date).alias("since"))
    began = placed.filter(pl.col("since").is_not_null()).select(pl.col("place").alias("row"), "child", on="since")
    followed, alone = attach(began, helped.select("row", "child", "on", "help_began"))
    first = followed.select(pl.col("row").alias("place"), "help_began")
    return placed.join(first, on="place", how="left", maintain_order="left").drop("place", "since"), alone


def ending() -> pl.Expr:
    """How an assessment ended: whether support was needed, or else as its case closed or goes on.

    `support`, `reason`, `status`, `closed`, `plan_began` and `help_began` tell it.
    """
    goes_on = pl.when(pl.col("plan_began").is_not_null()).then(Ending.TRANSFER_AFTER_CONFERENCE)
    needless = pl.when((pl.col("reason") == FOR_EARLY_HELP) | pl.col("help_began").is_not_null()).then(Ending.STEP_DOWN)
    is_open = pl.col("closed").is_null() & (pl.col("status") >= 0) & (pl.col("status") < CLOSED)
    other = pl.col("closed").is_not_null() & (pl.col("reason") > 0)
    return (
        pl.when(pl.col("support") == 1)
        .then(goes_on.otherwise(Ending.TRANSFER))
        .when(pl.col("support") == 0)
        .then(needless.otherwise(Ending.NO_FURTHER_ACTION))
        .when(pl.col("reason").is_in(list(AFTER_ASSESSMENT)))
        .then(_as_closed())
        .when(is_open | other)
        .then(goes_on.otherwise(Ending.TRANSFER))
    )


def closed_as() -> pl.Expr:
    """How a case closed."""
    return pl.when(pl.col("closed").is_not_null()).then(_as_closed()).cast(pl.Int8)


def _as_closed() -> pl.Expr:
    return pl.col("reason").replace_strict(AFTER_ASSESSMENT, default=Ending.TRANSFER, return_dtype=pl.Int8)
