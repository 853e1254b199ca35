"""What is odd in the returns of the CIN census: its own validation rules, and what comes of stacking years."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import chain, pairwise

import polars as pl

from sim.history.cin_returns import Census, Courses
from sim.history.history import Finding
from sim.history.practice import ONE_DATE, Odd, assessments_odd, enquiries_odd, no_action_odd
from sim.history.quality import SET_ASIDE
from sim.history.sources import LOCAL

_YEAR = timedelta(days=366)

SAID_AS: Mapping[str, str] = {
    **ONE_DATE,
    **{f"decided_{kind}": f"received_{kind}" for kind in ("bulk", "month_end", "first_of_january", "fewer_of_late")},
    "assessment_started_before_contact": "assessment_before_referral",
    "strategy_held_before_contact": "enquiry_before_referral",
    "section_47_started_before_contact": "enquiry_before_referral",
    "conference_held_before_contact": "conference_before_referral",
    "authorised_before_start": "assessment_ends_before_start",
    "overlapping_assessments": "assessments_overlap",
    "conference_on_closed_day": "conference_at_weekend",
}
"""By the ids of findings in any journeys, those that say the same: of the census's own rules, or of the one date."""


def findings_of(returns: Sequence[Census], courses: Courses, built: pl.DataFrame, known_to: date) -> Iterator[Finding]:
    """What is odd; rows are numbers of Child elements in the file that a finding names."""
    whose = courses.referrals.select("referral", "child", "row", "table", "received")
    assessments = courses.assessments.join(whose, on="referral", maintain_order="left")
    enquiries = courses.enquiries.join(whose, on="referral", maintain_order="left")
    odd = chain(
        _odd_referrals(courses, built),
        _odd_order(courses.referrals, assessments, enquiries),
        assessments_odd(assessments, known_to),
        _without_factors(assessments),
        enquiries_odd(enquiries, known_to),
    )
    read = sum(found.tally.read for found in returns)
    for name, what, rows, touches, done in odd:
        for (table,), some in rows.group_by("table", maintain_order=True):
            yield Finding(name, what, str(table), tuple(some["row"].to_list()), read, touches, done)
    yield from _returns(returns)


def _odd_referrals(courses: Courses, built: pl.DataFrame) -> Iterator[Odd]:
    latest = courses.referrals.select("referral", pl.col("table").alias("kept"))
    merged = courses.merged.join(latest, on="referral", maintain_order="left")
    elsewhere, here = merged.filter(pl.col("table") != pl.col("kept")), merged.filter(pl.col("table") == pl.col("kept"))
    what = "a referral that a later return has too: the same child and date"
    yield (
        "referral_in_several_returns",
        what,
        elsewhere,
        "counts of referrals",
        "taken once, as the latest return has it",
    )
    what = "a referral that stands twice in one return: the same child and date"
    yield "referral_twice", what, here, "counts of referrals", "taken once"
    is_open = pl.col("closed").is_null() & (pl.col("no_action").fill_null(0) != 1)
    several = courses.referrals.filter(is_open & (is_open.sum().over("child") > 1))
    yield (
        "several_open_episodes",
        "a child with more than one open episode (rule 8815)",
        several,
        "open cases",
        "all used",
    )
    local = courses.referrals.filter(pl.col("reason") == LOCAL)
    yield (
        "local_reason",
        "a reason for closure that is not RC1 to RC9",
        local,
        "how assessments ended",
        "read as not known",
    )
    yield from no_action_odd(built.filter(pl.col("decided").is_not_null()))


def _odd_order(referrals: pl.DataFrame, assessments: pl.DataFrame, enquiries: pl.DataFrame) -> Iterator[Odd]:
    begun = pl.col("received")
    early = assessments.filter(pl.col("assessment_started") < begun)
    yield "assessment_before_referral", "an assessment begun before its referral (rule 1103)", early, "waits", SET_ASIDE
    early = enquiries.filter(pl.col("strategy_held") < begun)
    yield (
        "enquiry_before_referral",
        "a section 47 enquiry begun before its referral (rule 2889)",
        early,
        "waits",
        SET_ASIDE,
    )
    stated = referrals.filter(pl.col("conference_held") < begun)
    early = pl.concat([stated, enquiries.filter(pl.col("conference_held") < begun)], how="diagonal")
    what, done = "a conference before its referral (rule 1104)", "the date of the conference is not used"
    yield "conference_before_referral", what, early, "conferences", done
    ended = assessments.filter(pl.col("authorised") < pl.col("assessment_started"))
    what = "an assessment authorised before it began (rule 8608)"
    yield "assessment_ends_before_start", what, ended, "durations of assessments", SET_ASIDE


def _without_factors(assessments: pl.DataFrame) -> Iterator[Odd]:
    rows = assessments.filter(pl.col("authorised").is_not_null() & pl.col("factors").is_null())
    done = "counted among the assessments, not among those about it"
    yield "no_factors", "an authorised assessment without factors", rows, "assessments about domestic abuse", done


def _conference_twice(found: Census) -> Iterator[Finding]:
    met = found.enquiries.drop_nulls("conference_held")["details"].unique()
    both = found.details.filter(pl.col("conference_held").is_not_null(), pl.col("details").is_in(met.implode()))
    if len(both):
        what = "a conference both in the section 47 enquiry and in the CINdetails (rule 2884)"
        done = "the date of the enquiry is used"
        rows, name = tuple(both["row"].to_list()), "conference_in_both"
        yield Finding(name, what, found.tally.name, rows, found.tally.read, "conferences", done)


def _returns(returns: Sequence[Census]) -> Iterator[Finding]:
    for found in returns:
        yield from _conference_twice(found)
        if found.without_details:
            what, done = "a child without CINdetails", "not read: there is no referral"
            total = found.tally.in_file
            yield Finding(
                "child_without_details", what, found.tally.name, found.without_details, total, "nothing", done
            )
    for before, after in pairwise(returns):
        if after.year_ends - before.year_ends > _YEAR:
            what = f"no return between {before.tally.name} and this one: what ended between them is missing"
            yield Finding(
                "return_missing", what, after.tally.name, (), after.tally.read, "every count", "used as they are"
            )
    first = returns[0].tally
    what = (
        "a re-referral is one within 12 months of the last, and of the first year's that year's returns do not tell all"
    )
    yield Finding("short_look_back", what, first.name, (), first.read, "re-referrals of the first year", "too few")
