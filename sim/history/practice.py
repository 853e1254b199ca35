"""What returns are checked for against statutory practice, with the numbers of the census's validation rules."""

from collections.abc import Iterator, Mapping
from datetime import date

import polars as pl

from sim.events import Outcome
from sim.history.following import working_days
from sim.history.history import Inference

ASSESSMENT_WORKING_DAYS = 45
"""From start to authorised: Working Together to Safeguard Children."""

CONFERENCE_WORKING_DAYS = 15
"""From the strategy discussion to the conference: the same."""

STRATEGY_WORKING_DAYS = 1
"""A strategy discussion so soon after the referral is what the referral was decided to need."""

_SATURDAY = 6

ONE_DATE: Mapping[str, str] = {
    f"section_47_started_{kind}": f"strategy_held_{kind}"
    for kind in ("after_extract", "bulk", "month_end", "first_of_january", "fewer_of_late")
}
"""A return has one date for the discussion and the enquiry: what is odd in it is said once, as `History.said_as`."""

Odd = tuple[str, str, pl.DataFrame, str, str]
"""The id of a finding, what it is, the rows it concerns, what it touches, and what was done."""


def assessments_odd(assessments: pl.DataFrame, known_to: date) -> Iterator[Odd]:
    """What is odd in assessments, by `child`, `assessment_started` and `authorised`, as known at the end of a day."""
    to_now = working_days(assessments["assessment_started"], _each(known_to, assessments))
    late = assessments.filter(pl.col("authorised").is_null() & (to_now > ASSESSMENT_WORKING_DAYS))
    what = f"an assessment open for more than {ASSESSMENT_WORKING_DAYS} working days (census rule 8670Q)"
    yield "assessment_open_long", what, late, "open assessments", "used: it may be open, or its end not recorded"
    yield (
        "assessments_overlap",
        "an assessment begun before the child's last one ended (rules 8863Q, 8896)",
        _overlapping(assessments),
        "counts and durations of assessments",
        "both used",
    )


def _each(day: date, rows: pl.DataFrame) -> pl.Series:
    return pl.repeat(day, len(rows), dtype=pl.Date, eager=True)


def _overlapping(assessments: pl.DataFrame) -> pl.DataFrame:
    end = pl.col("authorised").fill_null(pl.lit(date.max).cast(pl.Datetime("ms")))
    ended = end.cum_max().shift(1).over("child", order_by=["assessment_started", "row"])
    return assessments.filter((pl.col("assessment_started") < ended).fill_null(value=False))


def enquiries_odd(enquiries: pl.DataFrame, known_to: date) -> Iterator[Odd]:
    """What is odd in section 47 enquiries, by `strategy_held`, `conference_held` and `not_needed`, 1 if so."""
    held, needless = pl.col("conference_held"), pl.col("not_needed").fill_null(0) == 1
    at_weekend = enquiries.filter(held.dt.weekday() >= _SATURDAY)
    yield "conference_at_weekend", "a conference dated on a weekend (rule 8875)", at_weekend, "conferences", "used"
    both = enquiries.filter(held.is_not_null() & needless)
    yield "conference_not_needed", "a conference held that was not needed", both, "conferences", "counted as held"
    to_now = working_days(enquiries["strategy_held"], _each(known_to, enquiries))
    late = enquiries.filter(held.is_null() & ~needless & (to_now > CONFERENCE_WORKING_DAYS))
    what = (
        f"no conference {CONFERENCE_WORKING_DAYS} working days after the enquiry began, nor said to be unneeded (8675Q)"
    )
    yield "conference_overdue", what, late, "conferences", "read as not yet held"


def no_action_odd(referrals: pl.DataFrame) -> Iterator[Odd]:
    """Referrals said to need no further action, `no_action` 1, that an assessment or enquiry followed."""
    active = pl.col("assessment_started").is_not_null() | pl.col("strategy_held").is_not_null()
    what = "a referral without further action that an assessment or enquiry followed (rule 8831)"
    rows = referrals.filter(active & (pl.col("no_action") == 1))
    yield "no_action_with_activity", what, rows, "referrals that ended without assessment", "both used as recorded"


def decided_as(referrals: pl.DataFrame, referred_on: str) -> pl.Series:
    """The `Outcome` of rows with a referral, by `no_action` and how soon `strategy_held` came; null for the others."""
    soon = working_days(referrals[referred_on], referrals["strategy_held"]) <= STRATEGY_WORKING_DAYS
    outcome = (
        pl.when(pl.col(referred_on).is_null())
        .then(None)
        .when(pl.col("no_action") == 1)
        .then(Outcome.REFERRAL_NO_ACTION)
        .when(soon.fill_null(value=False))
        .then(Outcome.STRATEGY_DISCUSSION)
        .otherwise(Outcome.REFERRAL)
    )
    return referrals.select(outcome.cast(pl.Int8).alias("outcome")).to_series()


def strategy_inference(outcomes: pl.DataFrame) -> Inference:
    """How often `decided_as` took a referral for one that needed a strategy discussion."""
    held, outcome = pl.col("strategy_held").is_not_null(), pl.col("outcome")
    for_it = outcomes.filter(outcome == Outcome.STRATEGY_DISCUSSION)
    later = outcomes.filter((outcome == Outcome.REFERRAL) & held)
    rule = (
        "a strategy discussion was held by the first working day after the referral; "
        "one that led to no enquiry is not in the record"
    )
    return Inference("which referrals were for a strategy discussion", rule, len(for_it), len(later))
