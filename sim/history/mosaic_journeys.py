"""From the steps that came of each contact to the columns of a journey, and the events beyond them."""

from collections.abc import Mapping
from typing import NamedTuple

import polars as pl

from sim.events import Activity, EventKind, Outcome, WaitingOn
from sim.history.history import MORE
from sim.history.mosaic_paths import DECIDES, Followed, Part
from sim.history.mosaic_steps import Steps
from sim.history.mosaic_tables import Meaning

_OUTCOMES: Mapping[Meaning, Outcome] = {
    Meaning.STRATEGY_DISCUSSION: Outcome.STRATEGY_DISCUSSION,
    Meaning.SECTION_47: Outcome.STRATEGY_DISCUSSION,
    Meaning.CONFERENCE: Outcome.STRATEGY_DISCUSSION,
    Meaning.ASSESSMENT: Outcome.REFERRAL,
    Meaning.OTHER_TEAM: Outcome.OTHER_TEAM,
    Meaning.EARLY_HELP: Outcome.EARLY_HELP,
    Meaning.NO_ACTION: Outcome.NO_FURTHER_ACTION,
    Meaning.CLOSURE: Outcome.NO_FURTHER_ACTION,
}
_GRAVEST_FIRST = (
    Outcome.STRATEGY_DISCUSSION,
    Outcome.REFERRAL,
    Outcome.OTHER_TEAM,
    Outcome.EARLY_HELP,
    Outcome.NO_FURTHER_ACTION,
)
_WEIGHT = {outcome: weight for weight, outcome in enumerate(_GRAVEST_FIRST)}
"""A contact with several next steps is decided as the gravest of them.

But one that another team has and the front door does not assess is that team's, discussed first or not.
"""

ACTIVITIES: Mapping[Meaning, Activity] = {
    Meaning.CONTACT: Activity.DECIDING,
    Meaning.OUT_OF_HOURS_CONTACT: Activity.OUT_OF_HOURS_SCREENING,
    Meaning.FURTHER_ENQUIRIES: Activity.ASKING,
    Meaning.STRATEGY_DISCUSSION: Activity.STRATEGY_DISCUSSION,
    Meaning.SECTION_47: Activity.ENQUIRING,
    Meaning.CONFERENCE: Activity.CONFERENCE,
    Meaning.ASSESSMENT: Activity.ASSESSING,
    Meaning.VISIT: Activity.VISITING,
    Meaning.ALLOCATION: Activity.ALLOCATING,
}
"""What is worked at in a step, of those that a case does not close before: early help goes on without it."""


class Fronts(NamedTuple):
    """What happened to contacts up to their decision.

    `contacts`: one row each, `contact`, `received`, `decided`, `handed_over`, `information_asked`,
    `information_received`, `is_by_next` (decided when the next step came in, no completion being told). `rounds` are
    those of the steps before decision, with `contact` and `meaning`; `late` those begun after the family moved on.
    """

    contacts: pl.DataFrame
    rounds: pl.DataFrame
    late: pl.DataFrame


def fronts(steps: Steps, followed: Followed) -> Fronts:
    """The decision of every contact: the last completion before what was decided came about."""
    owned = followed.steps.join(steps.steps, on="step")
    next_ones = owned.filter(pl.col("part") == Part.NEXT, pl.col("meaning").is_in([m.value for m in DECIDES]))
    moved_on = next_ones.group_by("contact").agg(pl.col("came").min().alias("moved_on"))
    before = owned.filter(pl.col("part") == Part.BEFORE)
    rounds = (
        before.select("contact", "step", "meaning")
        .join(steps.rounds, on="step")
        .join(moved_on, on="contact", how="left")
    )
    is_late = (pl.col("moved_on").dt.date() < pl.col("opened").dt.date()).fill_null(value=False)
    kept = rounds.filter(~is_late)
    first = before.filter(pl.col("contact") == pl.col("step")).select("contact", "row", "received", "is_as_started")
    contacts = first
    for more in (_decided(kept), _handed_over(before), _first_enquiry(kept), moved_on):
        contacts = contacts.join(more, on="contact", how="left")
    is_by_next = pl.col("decided").is_null() & pl.col("moved_on").is_not_null()
    contacts = contacts.with_columns(
        pl.coalesce("decided", "moved_on").alias("decided"), is_by_next.alias("is_by_next")
    )
    return Fronts(contacts, kept, rounds.filter(is_late))


def _is_day() -> pl.Expr:
    """Whether a day contact is among the steps of a contact."""
    return (pl.col("meaning") == Meaning.CONTACT).any().over("contact")


def _decided(rounds: pl.DataFrame) -> pl.DataFrame:
    """The last completion, of contacts without an open round; where the day took over, the night's steps are apart."""
    deciding = rounds.filter((pl.col("meaning") != Meaning.OUT_OF_HOURS_CONTACT) | ~_is_day())
    is_open = pl.col("completed").is_null().any()
    return deciding.group_by("contact").agg(pl.when(~is_open).then(pl.col("completed").max()).alias("decided"))


def _handed_over(before: pl.DataFrame) -> pl.DataFrame:
    """Contacts that began out of hours and went on by day: when the out of hours step was completed."""
    night = pl.col("meaning") == Meaning.OUT_OF_HOURS_CONTACT
    began = (night & (pl.col("contact") == pl.col("step"))).any().over("contact")
    return (
        before.filter(_is_day() & began)
        .group_by("contact")
        .agg(pl.col("completed").filter(night).max().alias("handed_over"))
    )


def _first_enquiry(rounds: pl.DataFrame) -> pl.DataFrame:
    enquiries = rounds.filter(pl.col("meaning") == Meaning.FURTHER_ENQUIRIES).sort("opened", "step")
    return enquiries.group_by("contact", maintain_order=True).agg(
        pl.col("opened").first().alias("information_asked"), pl.col("completed").first().alias("information_received")
    )


def children_of(steps: Steps, followed: Followed, subjects: pl.DataFrame) -> pl.DataFrame:
    """`contact` and `child`: everybody whom the steps before decision are about."""
    before = followed.steps.filter(pl.col("part") == Part.BEFORE).join(steps.steps, on="step")
    return before.join(subjects, on="subgroup").select("contact", "child").unique().sort("contact", "child")


def courses(steps: Steps, followed: Followed, children: pl.DataFrame, subjects: pl.DataFrame) -> pl.DataFrame:
    """What came of every contact for each of its children, one row each with columns of `JOURNEY`.

    A step is those children's whom it is about; one about none of them is everyone's.
    """
    owned = followed.steps.join(steps.steps, on="step").join(children, on="contact")
    about = subjects.with_columns(pl.lit(value=True).alias("is_about"))
    told = owned.join(about, on=["subgroup", "child"], how="left").with_columns(
        pl.col("is_about").fill_null(value=False)
    )
    none = ~pl.col("is_about").any().over("contact", "step")
    mine = told.filter(pl.col("is_about") | none | (pl.col("part") == Part.BEFORE))
    ordered = mine.sort("contact", "child", "started", "came", "step", nulls_last=True)
    decides = (pl.col("part") == Part.NEXT) & pl.col("meaning").is_in([meaning.value for meaning in DECIDES])
    weight = pl.col("meaning").replace_strict(
        {meaning.value: _WEIGHT[outcome] for meaning, outcome in _OUTCOMES.items()}, default=None, return_dtype=pl.Int8
    )
    found = ordered.group_by("contact", "child", maintain_order=True).agg(
        *_dates(),
        weight.filter(decides).min().alias("weight"),
        ((pl.col("part") == Part.NEXT) & pl.col("meaning").is_null()).any().alias("has_unmapped"),
        *(
            (decides & (pl.col("meaning") == meaning)).any().alias(name)
            for name, meaning in (("has_assessment", Meaning.ASSESSMENT), ("has_other_team", Meaning.OTHER_TEAM))
        ),
        _of(Meaning.OTHER_TEAM, "team").alias("their_team"),
        pl.coalesce(pl.col("team").filter(decides).first(), _of(Meaning.CONTACT, "team"), pl.col("team").first()),
        pl.col("source").filter(pl.col("part") == Part.BEFORE).drop_nulls().first(),
        pl.col("is_undated").filter(~pl.col("meaning").is_in([Meaning.OTHER.value, Meaning.OTHER_TEAM.value])).any(),
    )
    gravest = pl.col("weight").replace_strict(
        {weight: outcome.value for outcome, weight in _WEIGHT.items()}, default=None, return_dtype=pl.Int8
    )
    is_theirs = pl.col("has_other_team") & ~pl.col("has_assessment")
    outcome = pl.when(is_theirs).then(pl.lit(Outcome.OTHER_TEAM.value, pl.Int8)).otherwise(gravest)
    # The discussion before another team has a contact is the front door's, and the contact theirs.
    team = pl.when(is_theirs).then(pl.coalesce("their_team", "team")).otherwise("team")
    return found.with_columns(outcome.alias("next_outcome"), team.alias("team")).drop("their_team")


def _of(meaning: Meaning, column: str) -> pl.Expr:
    """A column of the first step of a meaning to have been started."""
    return pl.col(column).filter(pl.col("meaning") == meaning).first()


def _dates() -> tuple[pl.Expr, ...]:
    return (
        _of(Meaning.EARLY_HELP, "started").alias("help_started"),
        _of(Meaning.STRATEGY_DISCUSSION, "received").alias("strategy_asked"),
        _of(Meaning.STRATEGY_DISCUSSION, "completed").alias("strategy_held"),
        _of(Meaning.SECTION_47, "started").alias("section_47_started"),
        _of(Meaning.SECTION_47, "completed").alias("section_47_ended"),
        _of(Meaning.CONFERENCE, "completed").alias("conference_held"),
        _of(Meaning.ASSESSMENT, "started").alias("assessment_started"),
        _of(Meaning.ASSESSMENT, "completed").alias("authorised"),
        pl.col("completed").filter(pl.col("meaning") == Meaning.ALLOCATION).min().alias("allocated"),
        pl.col("completed").filter(pl.col("meaning") == Meaning.VISIT).min().alias("seen_in_step"),
        pl.col("completed").filter(pl.col("meaning") == Meaning.CLOSURE).max().alias("closed"),
    )


def outcome(joined: frozenset[int]) -> pl.Expr:
    """How a contact was decided, from `decided`, `next_outcome` and whether it joined work that was under way.

    A strategy discussion beside an assessment that was under way is about an open case.
    """
    has_joined = pl.col("contact").is_in(joined)
    is_beside = has_joined & ~pl.col("has_assessment") & (pl.col("next_outcome") == Outcome.STRATEGY_DISCUSSION)
    done = pl.when(has_joined).then(Outcome.OPEN_CASE.value).otherwise(Outcome.NO_FURTHER_ACTION.value)
    own = pl.when(~is_beside.fill_null(value=False)).then("next_outcome")
    return pl.when(pl.col("decided").is_not_null()).then(pl.coalesce(own, done)).cast(pl.Int8)


def further_work(front: Fronts) -> pl.DataFrame:
    """Rounds of further work beyond the first enquiry, as rows of `MORE`: later enquiries, and contacts reopened."""
    enquiry = pl.col("meaning") == Meaning.FURTHER_ENQUIRIES
    place = pl.int_range(pl.len()).over("contact", "meaning", order_by=["opened", "step"])
    rounds = front.rounds.filter(pl.when(enquiry).then(place > 0).otherwise("again"))
    # A contact reopened lies with us again; whom an enquiry step waits for is others.
    waits = pl.when(enquiry).then(WaitingOn.OTHERS.value).otherwise(WaitingOn.OUR_STAFF.value)
    asked = _more(rounds, "opened", EventKind.INFORMATION_ASKED, waits)
    return pl.concat(
        [asked, _more(rounds, "completed", EventKind.INFORMATION_READY, pl.lit(WaitingOn.OUR_STAFF.value))]
    )


def handled(steps: Steps, followed: Followed, received: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rounds of every contact's steps that are somebody's activity, and those of them dated before the contact.

    `received` has `contact`, `received` and `row`.
    """
    owned = followed.steps.join(steps.steps.select("step", "meaning", "is_as_started"), on="step")
    active = owned.filter(pl.col("meaning").is_in([meaning.value for meaning in ACTIVITIES]))
    rounds = active.join(steps.rounds.drop("row"), on="step").join(received, on="contact")
    came = pl.col("received").dt.date()
    is_early = ((pl.col("opened").dt.date() < came) | (pl.col("started").dt.date() < came)).fill_null(value=False)
    return rounds.filter(~is_early), rounds.filter(is_early)


def work(rounds: pl.DataFrame) -> pl.DataFrame:
    """Each of these rounds as work queued, begun and ended, as rows of `MORE`.

    From start to completion time passes; how much of it anybody worked is not told, so `minutes` is 0.
    """
    begun = rounds.filter(pl.col("started").is_not_null())
    ended = begun.filter(pl.col("completed").dt.date() >= pl.col("started").dt.date())
    activity = pl.col("meaning").replace_strict(
        {meaning.value: activity.value for meaning, activity in ACTIVITIES.items()}, return_dtype=pl.Int8
    )
    queued = rounds.filter(pl.col("again") | ~pl.col("is_as_started"))
    parts = ((queued, "opened", EventKind.WORK_QUEUED), (begun, "started", EventKind.WORK_STARTED),
             (ended, "completed", EventKind.WORK_ENDED))  # fmt: skip
    nobody = pl.lit(WaitingOn.UNCHANGED.value)
    return pl.concat([_more(part, column, kind, nobody, activity) for part, column, kind in parts])


def _more(
    rows: pl.DataFrame, at: str, kind: EventKind, waiting_on: pl.Expr, detail: pl.Expr | None = None
) -> pl.DataFrame:
    told = rows.filter(pl.col(at).is_not_null()).select(
        "contact",
        pl.col(at).alias("at"),
        pl.lit(kind.value).alias("kind"),
        (pl.lit(0) if detail is None else detail).alias("detail"),
        waiting_on.alias("waiting_on"),
        pl.lit(0).alias("minutes"),
        "worker",
        "team",
    )
    return told.select(pl.col(name).cast(dtype) for name, dtype in MORE.items())
