"""Mosaic workflow export: steps and the links between them, the richest record of a front door.

A contact's course is followed along the links, so what came of it is told and not guessed. Steps tell how long work
waited (in to started) and how long it was in hand (started to completed); the latter is no effort, since a step is open
while partners are awaited and while its worker does other things. So who worked how long stays unknown.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import polars as pl

from sim.events import EventKind, Outcome
from sim.facts import Fact
from sim.history import mosaic_people
from sim.history.history import MORE, Finding, History, Inference, journeys
from sim.history.mosaic_journeys import Fronts, children_of, courses, fronts, further_work, handled, outcome, work
from sim.history.mosaic_paths import Followed, follow
from sim.history.mosaic_steps import Steps, steps_of
from sim.history.mosaic_tables import (
    FIELDS,
    LINKS,
    REFERRALS,
    SOURCES,
    STEPS,
    SUBJECTS,
    VISITS,
    WORKERS,
    Export,
    Meaning,
    files,
    load,
)
from sim.history.places import Place, Several
from sim.history.pseudonyms import Pseudonyms
from sim.history.tables import ExtractError

FORMAT = "Mosaic"

MOST_UNMAPPED_SHARE = 0.05
"""Where more of the decided contacts lead only to steps nobody told the meaning of, decisions are unknown."""

_EVERYTHING = "every measure"
_SET_ASIDE = "set aside: these contacts are in no measure"

_TELLS: Mapping[Fact, tuple[str, str]] = {
    Fact.SOURCE: ("source", "no column of steps, of dm_step_source_details or of dm_cin_referrals names it"),
    Fact.HANDOVER: ("handed_over", "no step that is followed by a contact is told to be an out_of_hours_contact"),
    Fact.HELP: ("help_started", "no step that contacts lead to is told to be early_help, or none has started"),
    Fact.STRATEGY_ASKED: ("strategy_asked", "no step that contacts lead to is told to be a strategy_discussion"),
    Fact.STRATEGY: (
        "strategy_held",
        "no step that contacts lead to is told to be a strategy_discussion, or none ended",
    ),
    Fact.SECTION_47: ("section_47_started", "no step that contacts lead to is told to be a section_47"),
    Fact.CONFERENCE: ("conference_held", "no step that contacts lead to is told to be a conference, or none has ended"),
    Fact.ALLOCATION: ("allocated", "there is no dm_allocated_workers, and no step is told to be an allocation"),
    Fact.SEEN: ("seen", "there is no dm_visits, and no step is told to be a visit"),
    Fact.ASSESSMENT_START: ("assessment_started", "no step that contacts lead to is told to be an assessment"),
    Fact.AUTHORISATION: ("authorised", "no step that contacts lead to is told to be an assessment, or none has ended"),
    Fact.CLOSURE: ("closed", "no step is told to be a closure, and no date in dm_cin_referrals"),
}
"""The column that each fact takes, and why it is not told where that is empty."""

_NEVER: Mapping[Fact, str] = {
    Fact.DOMESTIC_ABUSE: "it stands in forms, which are not part of the export",
    Fact.OPEN_CASE: "only contacts that lead to work under way are known to be, not those that lead to none",
    Fact.RATING: "it stands in forms, which are not part of the export",
    Fact.SECOND_LOOK: "a workflow has no step for it",
    Fact.ACTIONS: "they stand in forms, which are not part of the export",
    Fact.GUIDE: "a workflow does not hold the caseload guide",
    Fact.ENDING: "transfers are steps of each authority's own",
    Fact.REVIEWS: "a workflow does not hold when reviews are due",
    Fact.WORK: "from start to completion of a step time passes, of which only part is work",
    Fact.STAFF: "posts are not part of the export",
    Fact.HOURS: "contacts are dated, with no time of day",
}


_WHY_NOWHERE = "its ids do not match, or it is recorded elsewhere"


class _Read(NamedTuple):
    """What the reader has made so far."""

    export: Export
    steps: Steps
    followed: Followed
    front: Fronts


def recognises(folder: Place) -> bool:
    """Whether a path is a folder with a table of workflow steps."""
    return (isinstance(folder, Several) or folder.is_dir()) and STEPS in files(folder)


def holds(file: Path) -> bool:
    """Whether a file is named after a table of an export."""
    return bool(files(file).keys() & FIELDS.keys())


def read_mosaic(folder: Place, pseudonyms: Pseudonyms) -> History:
    """A Mosaic export. Raise `ExtractError` where it cannot be read at all; rows that cannot be are in `refused`."""
    export = load(folder, pseudonyms)
    export = export._replace(steps=_with_sources(export))
    steps = steps_of(export)
    links = export.tables[LINKS].select("source_step_id", "target_step_id")
    followed = follow(steps.steps, links, _subjects(export))
    read = _Read(export, steps, followed, fronts(steps, followed))
    children = children_of(steps, followed, _subjects(export))
    course, aside = _set_aside(read, _courses(read, children))
    if not len(course):
        raise ExtractError(f"{folder.name}: no step is a contact about a child; say which are in step_types.csv")
    linked, inferred, changes = _linked(export, course)
    more, early = _more(read, linked, changes)
    facts, why_not = _facts(read, linked, more)
    return History(
        format=FORMAT,
        journeys=journeys(linked),
        facts=facts,
        why_not=why_not,
        tallies=export.tallies,
        refused=export.refused,
        findings=(
            *export.findings,
            *steps.findings,
            *aside,
            *early,
            *_odd(read, course),
            *_early_visits(export, course),
            *_nowhere(read, linked),
        ),
        inferred=tuple(one for one in (*export.inferred, *inferred, *_as_if(read, linked)) if one.made or one.not_made),
        more=more,
    )


def _subjects(export: Export) -> pl.DataFrame:
    return export.tables[SUBJECTS].rename({"subgroup_id": "subgroup"})


def _with_sources(export: Export) -> pl.DataFrame:
    """The steps, with who made contact from the table of sources where the steps do not say."""
    if SOURCES not in export.tables:
        return export.steps
    told = export.tables[SOURCES].select("workflow_step_id", told="contact_source").drop_nulls()
    one = told.unique("workflow_step_id", keep="first", maintain_order=True)
    joined = export.steps.join(one, on="workflow_step_id", how="left", maintain_order="left")
    return joined.with_columns(pl.coalesce("contact_source", "told").alias("contact_source")).drop("told")


def _courses(read: _Read, children: pl.DataFrame) -> pl.DataFrame:
    """One row for each contact and child, with everything links tell."""
    came = courses(read.steps, read.followed, children, _subjects(read.export))
    every = children.join(read.front.contacts, on="contact").join(came, on=["contact", "child"])
    decided = every.with_columns(outcome(read.followed.joined).alias("outcome"))
    return (
        decided.rename({"seen_in_step": "seen"})
        .with_columns(pl.lit(None, pl.Int64).alias("worker"))
        .sort("row", "child")
    )


def _set_aside(read: _Read, every: pl.DataFrame) -> tuple[pl.DataFrame, list[Finding]]:
    """The rows that can be used; not contacts without a child or a date, or with a step that ended undated."""
    contacts, name = read.front.contacts, read.export.tallies[0].name
    without = contacts.join(every, on="contact", how="anti")
    undated = every.filter(pl.col("received").is_null())
    unended = every.filter(pl.col("is_undated"), pl.col("received").is_not_null())
    kept = every.filter(~pl.col("is_undated"), pl.col("received").is_not_null())
    said = (
        ("contact_without_child", "contacts about no person of dm_subgroup_subjects", without),
        ("undated_contact", "contacts without a date of coming in or start", undated),
        ("completed_without_date", "a step of the contact is completed and does not say when", unended),
    )
    return kept, [
        Finding(found, what, name, tuple(rows["row"].unique().sort()), len(contacts), _EVERYTHING, _SET_ASIDE)
        for found, what, rows in said
        if len(rows)
    ]


def _linked(export: Export, course: pl.DataFrame) -> tuple[pl.DataFrame, list[Inference], pl.DataFrame]:
    """The journeys with what persons' tables add, how it was inferred, and changes of worker."""
    inferred, changes = list[Inference](), pl.DataFrame(schema=MORE)
    if REFERRALS in export.tables:
        linked = mosaic_people.with_referrals(course, export.tables[REFERRALS])
        course, inferred = linked.journeys, [*inferred, *linked.inferred]
    if VISITS in export.tables:
        says_seen = "seen" in export.has[VISITS]
        linked = mosaic_people.with_visits(course, export.tables[VISITS], says_seen=says_seen)
        course, inferred = linked.journeys, [*inferred, *linked.inferred]
    if WORKERS in export.tables:
        knows_closing = course["closed"].null_count() < len(course)
        linked = mosaic_people.with_workers(course, export.tables[WORKERS], knows_closing=knows_closing)
        course, inferred, changes = linked.journeys, [*inferred, *linked.inferred], linked.more
    return course, inferred, changes


def _more(read: _Read, course: pl.DataFrame, changes: pl.DataFrame) -> tuple[pl.DataFrame, list[Finding]]:
    """Events beyond the steps of a journey, without those of steps dated before the contact."""
    received = course.select("contact", "received", "row").unique("contact")
    rounds, early = handled(read.steps, read.followed, received)
    events = pl.concat([further_work(read.front), work(rounds), changes]).join(received, on="contact")
    late_enough = events.filter(pl.col("at").dt.date() >= pl.col("received").dt.date())
    if not len(early):
        return late_enough.select(*MORE), []
    what, rows = "contacts that lead to a step begun before them", tuple(early["row"].unique().sort())
    name, touches = read.export.tallies[0].name, "queues and handling times"
    done = "the times of that step are not used"
    return late_enough.select(*MORE), [Finding("step_before_contact", what, name, rows, len(received), touches, done)]


def _odd(read: _Read, course: pl.DataFrame) -> Iterator[Finding]:
    """What is unlikely about contacts and the steps that came of them, and used."""
    contacts, steps = read.front.contacts, read.steps.steps
    reached = read.followed.steps["step"].unique()
    loose = steps.filter(pl.col("meaning") != Meaning.OTHER, ~pl.col("step").is_in(reached.implode()))
    joined = contacts.filter(pl.col("contact").is_in(read.followed.joined))
    said = (
        ("received_as_recorded", "contacts without a date of coming in", contacts.filter("is_as_started"),
         len(contacts), "waits from receipt", "received when they were started, which is when they were recorded"),
        ("steps_of_no_contact", "steps that no contact of the export leads to", loose, len(steps),
         "assessments, enquiries and visits of cases already open", "in no measure"),
        ("again_after_decision", "a contact worked on again after what was decided had come about", read.front.late,
         len(contacts), "waits for decisions", "the decision stands"),
        ("joined_work", "contacts that lead to work which an earlier contact about the same children brought",
         joined, len(contacts), "referrals", "decided as about a case already open"),
        ("unknown_outcome", "decided contacts that lead only to steps of types without a meaning",
         _unknown(read, course), len(contacts), "how contacts were decided",
         f"read as no further action, up to {MOST_UNMAPPED_SHARE:.0%} of contacts"),
    )  # fmt: skip
    for found, what, rows, of, touches, done in said:
        if len(rows):
            yield Finding(
                found, what, read.export.tallies[0].name, tuple(rows["row"].unique().sort()), of, touches, done
            )


def _early_visits(export: Export, course: pl.DataFrame) -> Iterator[Finding]:
    """Visits that no contact can have led to: of a case begun before the export, or of a slip in a date."""
    if VISITS in export.tables:
        visits = export.tables[VISITS]
        rows = mosaic_people.visits_before_contact(course, visits)["row"].unique().sort()
        what = "a visit to a child before the first contact about it in the export"
        if len(rows):
            yield Finding("visit_before_contact", what, export.names[VISITS], tuple(rows), len(visits), "days to seen",
                          "not used")  # fmt: skip


_OF_PERSONS = (
    (VISITS, Meaning.VISIT, Fact.SEEN, "days to seen, children not yet seen"),
    (WORKERS, Meaning.ALLOCATION, Fact.ALLOCATION, "children without a worker"),
)
"""Tables that go by person, each with the step, the fact and the measures that it tells of."""


def _untold(read: _Read, linked: pl.DataFrame) -> Iterator[tuple[str, Fact, str, pl.DataFrame]]:
    """The tables of persons in which most children taken on are nowhere, where no step tells what they would."""
    steps = read.steps.steps["meaning"]
    for table, meaning, fact, touches in _OF_PERSONS:
        if table in read.export.tables and meaning not in steps:
            rows = mosaic_people.without_rows(linked, read.export.tables[table])
            if len(rows):
                yield table, fact, touches, rows


def _nowhere(read: _Read, linked: pl.DataFrame) -> Iterator[Finding]:
    for table, _, touches, rows in _untold(read, linked):
        what = f"a contact taken on about a child who is nowhere in {table}, as most are: {_WHY_NOWHERE}"
        name, numbers = read.export.tallies[0].name, tuple(rows["row"].unique().sort())
        yield Finding("children_do_not_match", what, name, numbers, len(read.front.contacts), touches,
                      f"what takes {table} is not told")  # fmt: skip


def _unknown(read: _Read, course: pl.DataFrame) -> pl.DataFrame:
    """The decided contacts of which nobody can tell what was decided."""
    decided = course.filter(pl.col("decided").is_not_null(), ~pl.col("contact").is_in(read.followed.joined))
    return decided.filter(pl.col("next_outcome").is_null(), "has_unmapped").unique("contact")


def _as_if(read: _Read, linked: pl.DataFrame) -> Iterator[Inference]:
    """Dates that stand for others."""
    by_next = int(read.front.contacts["is_by_next"].sum())
    yield Inference("decisions of contacts still open", "when the step that follows came in", by_next, 0)
    for column in ("strategy_held", "conference_held", "authorised"):
        steps = linked.select(pl.col("contact").filter(pl.col(column).is_not_null()).n_unique()).item()
        if steps:
            yield Inference(column.replace("_", " "), "when its step was completed", steps, 0)


def _facts(read: _Read, linked: pl.DataFrame, more: pl.DataFrame) -> tuple[frozenset[Fact], dict[Fact, str]]:
    """What this export can tell, and why not the rest."""
    held = {name for name in linked.columns if linked[name].null_count() < len(linked)}
    no_decision = "no contact has a date of completion"
    enquiries = "no step on the way to a decision is told to be further_enquiries"
    asked = "information_asked" in held or EventKind.INFORMATION_ASKED in more["kind"]
    unknown = len(_unknown(read, linked)) > MOST_UNMAPPED_SHARE * read.front.contacts["decided"].count()
    unmapped = f"more than {MOST_UNMAPPED_SHARE:.0%} of decided contacts lead only to steps of types without a meaning"
    ends = Outcome.REFERRAL_NO_ACTION in linked["outcome"]
    because: dict[Fact, str | None] = {
        **_NEVER,
        **{fact: None if column in held else why for fact, (column, why) in _TELLS.items()},
        Fact.RECEIPT: None,
        Fact.FAMILY: None,
        Fact.DECISION: None if "decided" in held else no_decision,
        Fact.REFERRAL: no_decision if "decided" not in held else unmapped if unknown else None,
        Fact.NO_ACTION: unmapped if unknown else None if ends else "no NFA_DATE of dm_cin_referrals follows a contact",
        Fact.FURTHER_WORK: None if asked else f"{enquiries}, and none was reopened",
        Fact.WAITING: None if "information_asked" in held else f"{enquiries}, so waits for others are not told apart",
        **{fact: f"most children taken on are nowhere in {table}: {_WHY_NOWHERE}" for table, fact, *_ in
           _untold(read, linked)},
    }  # fmt: skip
    return frozenset(fact for fact in Fact if because[fact] is None), {f: why for f, why in because.items() if why}
