"""What followed a contact in the Standard Safeguarding Dataset: assessment, section 47, visits, early help.

Assessments, enquiries and conferences carry the number of their referral. Visits do not: they are taken for the child's
latest referral before them, until it closes.
"""

import polars as pl

from sim.events import Ending
from sim.history.fields import STAMP
from sim.history.links import first_of, latest_before, latest_open
from sim.history.notes import Notes
from sim.history.ssd_outcomes import Says, said
from sim.history.ssd_tables import Extract

HELP_DAYS = 30
"""How long after a contact early help may start and be its own; ours, as for referrals."""

RECENT_DAYS, OPEN_SHARE = 30, 0.5
"""Of assessments begun in the last 30 days at least half should be open: 30% end within 20 working days (DfE, 2024)."""

_FEWEST_TO_JUDGE = 20
_OF_REFERRAL = ["referral", "child"]


def with_assessments(frame: pl.DataFrame, extract: Extract, notes: Notes) -> pl.DataFrame:
    """The first assessment of each referral: start, authorised, how it ended, and whether it found domestic abuse."""
    every = extract.frame("cin_assessments")
    about = ("cin_assessments", len(every))
    loose = every.join(extract.frame("cin_episodes"), on=_OF_REFERRAL, how="anti")
    said_so = ("assessments", "not used")
    notes.found(
        "assessment_without_referral", "an assessment whose referral is not in the extract", loose, about, said_so
    )
    _say_open_ones(every, notes)
    factors = extract.frame("assessment_factors").group_by("assessment").agg(pl.max("abuse").alias("domestic_abuse"))
    first = first_of(every.join(factors, on="assessment", how="left"), _OF_REFERRAL, "started")
    told = ((pl.col("no_action") >= 0) | (pl.col("outcome").fill_null(0) != 0)).fill_null(value=False)
    wanted = first.select(
        *_OF_REFERRAL,
        "authorised",
        "child_seen",
        "domestic_abuse",
        assessment_row="row",
        assessment_started="started",
        ending=pl.when(told, pl.col("authorised").is_not_null()).then(_ending()).cast(pl.Int8),
    )
    return frame.join(wanted, on=_OF_REFERRAL, how="left", maintain_order="left")


def _ending() -> pl.Expr:
    return (
        pl.when((pl.col("no_action") == 1) | said("outcome", Says.NO_ACTION))
        .then(Ending.NO_FURTHER_ACTION.value)
        .when(said("outcome", Says.OTHER_AGENCY, Says.EARLY_HELP) & ~said("outcome", Says.SERVICES, Says.STRATEGY))
        .then(Ending.STEP_DOWN.value)
        .otherwise(Ending.TRANSFER.value)
    )


def _say_open_ones(every: pl.DataFrame, notes: Notes) -> None:
    """Some systems write an assessment to the dataset only once it has ended."""
    last = every["started"].max()
    recent = every.filter((pl.lit(last, STAMP) - pl.col("started")).dt.total_days() < RECENT_DAYS)
    ended = recent.filter(pl.col("authorised").is_not_null())
    if len(recent) >= _FEWEST_TO_JUDGE and len(ended) > (1 - OPEN_SHARE) * len(recent):
        what = f"assessments of the last {RECENT_DAYS} days nearly all ended: open ones seem to be left out"
        said_so = ("open assessments, days to seen of the last weeks", "used as they are")
        notes.found("open_assessments_missing", what, ended, ("cin_assessments", len(every)), said_so)


def with_enquiries(frame: pl.DataFrame, extract: Extract, notes: Notes) -> pl.DataFrame:
    """The first section 47 enquiry of each referral, begun at its strategy discussion, and the first conference."""
    every = extract.frame("s47_enquiry")
    about = ("s47_enquiry", len(every))
    shared = every.filter(pl.col("enquiry").is_not_null() & (pl.len().over("enquiry") > 1))
    said_so = ("section 47", "told apart by the child")
    notes.found("enquiry_id_shared", "an enquiry whose number other rows have too", shared, about, said_so)
    loose = every.join(extract.frame("cin_episodes"), on=_OF_REFERRAL, how="anti")
    said_so = ("section 47", "not used")
    notes.found("enquiry_without_referral", "an enquiry whose referral is not in the extract", loose, about, said_so)
    first = first_of(every, _OF_REFERRAL, "started").select(
        *_OF_REFERRAL, section_47_started="started", strategy_held="started", section_47_ended="ended"
    )
    found = frame.join(first, on=_OF_REFERRAL, how="left", maintain_order="left")
    found = found.join(_conferences(extract, every, notes), on=_OF_REFERRAL, how="left", maintain_order="left")
    at_once = (pl.col("strategy_held").dt.date() - pl.col("referred").dt.date()).dt.total_days() <= 1
    silent = ~said("referral_says", Says.STRATEGY, Says.ASSESSMENT, Says.NO_ACTION)
    found = found.with_columns((at_once & silent).fill_null(value=False).alias("discussed_at_once"))
    guessed = int(found["discussed_at_once"].sum())
    rule = "the referral's outcome does not say, and an enquiry began by the day after it"
    notes.links("referrals decided as strategy discussions", rule, guessed, 0)
    is_child_protection = pl.col("conference_held").is_not_null() & (pl.col("ending") == Ending.TRANSFER.value)
    ending = pl.when(is_child_protection).then(pl.lit(Ending.TRANSFER_AFTER_CONFERENCE.value, pl.Int8))
    return found.with_columns(ending.otherwise("ending").alias("ending"))


def _conferences(extract: Extract, enquiries: pl.DataFrame, notes: Notes) -> pl.DataFrame:
    """The first conference of each referral: by its enquiry, or else by the referral it names."""
    every = extract.frame("initial_cp_conference")
    moved = every.filter(pl.col("transfer_in") == 1)
    said_so = ("conferences", "not used")
    what = "a conference for a child who moved in from another authority"
    notes.found("conference_transfer_in", what, moved, ("initial_cp_conference", len(every)), said_so)
    own = every.filter(pl.col("transfer_in").fill_null(0) != 1)
    keys = ["enquiry", "child"]
    numbers = enquiries.drop_nulls([*keys, "referral"]).unique(keys, keep="first", maintain_order=True)
    named = own.join(numbers.select(*keys, by_enquiry="referral"), on=keys, how="left", maintain_order="left")
    named = named.with_columns(pl.coalesce("by_enquiry", "referral").alias("referral"))
    return first_of(named, _OF_REFERRAL, "held").select(*_OF_REFERRAL, conference_held="held")


def with_visits(frame: pl.DataFrame, extract: Extract, notes: Notes) -> pl.DataFrame:
    """When each referred child was first seen at a visit of any kind."""
    every = extract.frame("cin_visits")
    plans = extract.frame("cin_plans").unique("plan", keep="first", maintain_order=True)
    whose = every.join(plans.select("plan", of_plan="child"), on="plan", how="left", maintain_order="left")
    whose = whose.with_columns(pl.coalesce("child", "of_plan").alias("child"))
    about = ("cin_visits", len(every))
    nobodys = whose.filter(pl.col("child").is_null())
    said_so = ("days to seen", "not used")
    notes.found(
        "visit_without_child", "a visit that names no child, and no plan that is known", nobodys, about, said_so
    )
    _say_early_visits(whose, frame, extract, notes)
    referred = frame.filter(pl.col("referral").is_not_null())
    seen = latest_open(whose.filter(pl.col("child").is_not_null(), pl.col("seen") == 1), "visited", referred)
    first = first_of(seen, "journey", "visited").select("journey", seen="visited")
    if len(every):
        rule = "the child's first visit of any kind with the child seen, after the contact and before the case closed"
        notes.links("visit to referral", rule, len(first), len(referred) - len(first))
    found = frame.join(first, on="journey", how="left", maintain_order="left")
    found = found.with_columns(pl.when(_seen_in_assessment_only()).then(pl.lit(1, pl.Int8)).alias("seen_undated"))
    unseen = found.filter(_seen_in_assessment_only()).select(row="assessment_row")
    what = "the child was seen in the assessment, and no visit says when"
    said_so = ("days to seen", "the child counts as seen on an unknown day")
    notes.found("seen_without_visit", what, unseen, ("cin_assessments", len(extract.frame("cin_assessments"))), said_so)
    return found


def _say_early_visits(whose: pl.DataFrame, frame: pl.DataFrame, extract: Extract, notes: Notes) -> None:
    """Visits that nothing in the extract can have led to: of a case begun before it, or of a slip in a date."""
    referrals = extract.frame("cin_episodes").select("child", at="referred")
    begun = pl.concat([frame.select("child", at="received"), referrals])
    first = begun.group_by("child").agg(pl.col("at").min().dt.date().alias("first"))
    early = whose.join(first, on="child").filter(pl.col("visited").dt.date() < pl.col("first"))
    what = "a visit to a child before the first contact or referral about it in the extract"
    notes.found("visit_before_contact", what, early, ("cin_visits", len(whose)), ("days to seen", "not used"))


def _seen_in_assessment_only() -> pl.Expr:
    return (pl.col("child_seen") == 1) & pl.col("seen").is_null()


def share_seen_without_visit(frame: pl.DataFrame) -> float:
    """Of children whose assessment says that they were seen, the share without a visit that says when."""
    seen = frame.filter(pl.col("child_seen") == 1)
    return float(seen["seen"].null_count()) / len(seen) if len(seen) else 0.0


def with_help(frame: pl.DataFrame, extract: Extract, notes: Notes) -> pl.DataFrame:
    """When early help began for contacts that became no referral, and after assessments that were stepped down."""
    every = extract.frame("early_help_episodes")
    frame = frame.with_columns(_with_step_downs().alias("ending"))
    unreferred = pl.col("referral").is_null() & (pl.col("open_case") != 1)
    stepped_down = pl.when(pl.col("ending") == Ending.STEP_DOWN).then("authorised")
    since = frame.select(
        "child", pl.when(unreferred).then("received").otherwise(stepped_down).alias("received"), "journey"
    )
    linked = latest_before(every, "started", since, HELP_DAYS)
    first = first_of(linked, "journey", "started").select("journey", help_started="started")
    rule = f"the child's latest contact without a referral, or step-down, at most {HELP_DAYS} days before"
    notes.links("early help to contact", rule, len(first), len(every) - len(first))
    return frame.join(first, on="journey", how="left", maintain_order="left")


def _with_step_downs() -> pl.Expr:
    """How each assessment ended: needing nothing, and closed for early help, it was stepped down."""
    for_help = pl.col("close_reason").str.to_uppercase().str.starts_with("RC9")
    needless = pl.col("ending") == Ending.NO_FURTHER_ACTION
    return pl.when(needless & for_help).then(pl.lit(Ending.STEP_DOWN.value, pl.Int8)).otherwise("ending")
