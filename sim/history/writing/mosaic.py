"""Journeys as a Mosaic workflow export would have them: steps with times, links between them, and persons' tables.

A step is named for its contact. Its brothers and sisters are the subjects of one subgroup. What Mosaic has no step for
is not told: ratings, second looks, decisions other than by what follows, and what other teams did.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import polars as pl

from sim.events import Outcome
from sim.history.mosaic_paths import BEFORE_DECISION
from sim.history.mosaic_tables import (
    LINKS,
    REFERRALS,
    STEPS,
    SUBJECTS,
    TYPES,
    VISITS,
    WORKERS,
    Meaning,
    Status,
)
from sim.history.synthesis import MARK
from sim.history.writing.invented import GOES_ON, REFERRED, source_code

Journey = Mapping[str, object]

STEP_TYPES: Mapping[Meaning, int] = {
    Meaning.CONTACT: 335,
    Meaning.OUT_OF_HOURS_CONTACT: 344,
    Meaning.FURTHER_ENQUIRIES: 350,
    Meaning.STRATEGY_DISCUSSION: 360,
    Meaning.SECTION_47: 361,
    Meaning.CONFERENCE: 362,
    Meaning.ASSESSMENT: 370,
    Meaning.EARLY_HELP: 380,
    Meaning.OTHER_TEAM: 385,
}
"""The numbers of an authority that is nowhere."""

_SAID = MARK.title()
FRONT_DOOR, OUT_OF_HOURS, EARLY_HELP, OTHER_TEAM = (
    f"{_SAID} {team}" for team in ("front door", "out of hours", "early help", "other team")
)
_TAKEN_ON = (Outcome.REFERRAL, Outcome.STRATEGY_DISCUSSION)

_HEADINGS: Mapping[str, tuple[str, ...]] = {
    STEPS: (
        "WORKFLOW_STEP_ID",
        "WORKFLOW_STEP_TYPE_ID",
        "SUBGROUP_ID",
        "INCOMING_ON",
        "STARTED_ON",
        "COMPLETED_ON",
        "STEP_STATUS",
        "ASSIGNEE_ID",
        "RESPONSIBLE_TEAM_ID",
        "cmbMCON_ContactSource",
    ),
    LINKS: ("SOURCE_STEP_ID", "TARGET_STEP_ID"),
    SUBJECTS: ("SUBGROUP_ID", "SUBJECT_COMPOUND_ID", "SUBJECT_TYPE_CODE", "FULL_NAME"),
    VISITS: ("VISIT_ID", "PERSON_ID", "VISIT_TYPE", "ACTUAL_DATE", "SEEN_FLAG"),
    WORKERS: ("WORKER_ID", "PERSON_ID", "START_DATE", "END_DATE", "WORKER_NAME"),
    REFERRALS: ("REFERRAL_ID", "PERSON_ID", "REFERRAL_DATE", "NFA_DATE", "CLOSURE_DATE", "SOURCE_OF_REFERRAL"),
    TYPES: ("WORKFLOW_STEP_TYPE_ID", "MEANING"),
}


class _Step(NamedTuple):
    """A step of a contact, by what it is: when it came in, was started and completed, and whose it was."""

    meaning: Meaning
    incoming: object
    started: object
    completed: object
    team: object
    worker: object = None


def write(told: pl.DataFrame, folder: Path) -> None:
    """Write journeys, with the columns of `synthesis.journeys_told`, as CSV files in a folder that exists."""
    contacts = told.group_by("contact", maintain_order=True).agg(
        pl.exclude("contact", "child").drop_nulls().first(), "child"
    )
    cases = _Cases()
    steps, links = list[Sequence[object]](), list[tuple[str, str]]()
    for row in contacts.iter_rows(named=True):
        taken = _steps(row)
        steps += (_step_row(row, step) for step in taken)
        joined = list(cases.joined(row))
        # What a case that the export does not hold came to follows no contact of it.
        is_elsewhere = row["outcome"] == Outcome.OPEN_CASE and not joined
        led_to = [step.meaning for step in taken if step.meaning in BEFORE_DECISION or not is_elsewhere]
        links += [*_links(row, led_to), *joined]
        cases.note(row)
    rows: Mapping[str, Iterable[Sequence[object]]] = {
        STEPS: steps,
        LINKS: links,
        SUBJECTS: ((_subgroup(row), row["child"], "PER", _SAID) for row in told.iter_rows(named=True)),
        VISITS: _visits(told),
        WORKERS: _workers(told),
        REFERRALS: _referrals(told),
        TYPES: ((number, meaning.name.lower()) for meaning, number in STEP_TYPES.items()),
    }
    for name, headings in _HEADINGS.items():
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([headings, *(map(_as_written, row) for row in rows[name])])


def step_id(contact: object, meaning: Meaning) -> str:
    """The id of a contact's step; a contact has one of a kind."""
    return f"{contact}-{STEP_TYPES[meaning]}"


def first_step(row: Journey) -> Meaning:
    """The kind of a contact's first step: one that was handed over began out of hours."""
    return Meaning.CONTACT if row["handed_over"] is None else Meaning.OUT_OF_HOURS_CONTACT


def is_by_night(row: Journey) -> bool:
    """Whether a contact was decided before the day took it over, so that the day had no contact to decide."""
    handed, decided = row["handed_over"], row["decided"]
    return isinstance(handed, datetime) and isinstance(decided, datetime) and decided < handed


def _subgroup(row: Journey) -> str:
    return f"{row['contact']}-subgroup"


def _steps(row: Journey) -> list[_Step]:
    """The steps of a contact, in the order in which they follow one another."""
    return [*_front(row), *_decided(row)]


def _front(row: Journey) -> Iterator[_Step]:
    """The steps in which a contact is decided."""
    began, handed, decided, screened = (row[name] for name in ("received", "handed_over", "decided", "screened"))
    if first_step(row) is Meaning.OUT_OF_HOURS_CONTACT:
        ended = decided if is_by_night(row) else handed
        started = _earlier(screened, ended)
        yield _Step(Meaning.OUT_OF_HOURS_CONTACT, began, started, ended, OUT_OF_HOURS)
        began, screened = handed, _later(screened, handed)
    if not is_by_night(row):
        yield _Step(Meaning.CONTACT, began, screened, decided, FRONT_DOOR)
    asked = row["information_asked"]
    if asked is not None:
        # Nobody waits for information any more once the contact is decided.
        yield _Step(Meaning.FURTHER_ENQUIRIES, asked, asked, row["information_received"] or decided, FRONT_DOOR)


def _earlier(one: object, other: object) -> object:
    return min(one, other) if isinstance(one, datetime) and isinstance(other, datetime) else one or other


def _later(one: object, other: object) -> object:
    return max(one, other) if isinstance(one, datetime) and isinstance(other, datetime) else one


def _decided(row: Journey) -> Iterator[_Step]:
    """The steps that a decided contact led to."""
    decided, outcome, team, worker = (row[name] for name in ("decided", "outcome", "team", "worker"))
    if decided is None:
        return
    if row["strategy_asked"] is not None:
        held = row["strategy_held"]
        yield _Step(Meaning.STRATEGY_DISCUSSION, row["strategy_asked"], held, held, team)
    if row["section_47_started"] is not None:
        started = row["section_47_started"]
        yield _Step(Meaning.SECTION_47, started, started, row["section_47_ended"], team, worker)
    if row["conference_held"] is not None:
        yield _Step(Meaning.CONFERENCE, row["section_47_ended"], row["conference_held"], row["conference_held"], team)
    if outcome in _TAKEN_ON:
        yield _Step(Meaning.ASSESSMENT, decided, row["assessment_started"], row["authorised"], team, worker)
    if outcome == Outcome.EARLY_HELP or row["help_started"] is not None:
        asked = decided if outcome == Outcome.EARLY_HELP else row["authorised"]
        yield _Step(Meaning.EARLY_HELP, asked, row["help_started"], None, EARLY_HELP)
    if outcome == Outcome.OTHER_TEAM:
        yield _Step(Meaning.OTHER_TEAM, decided, None, None, OTHER_TEAM)


def _links(row: Journey, meanings: Sequence[Meaning]) -> Iterator[tuple[str, str]]:
    """What led to what within a contact."""
    deciding = Meaning.OUT_OF_HOURS_CONTACT if is_by_night(row) else Meaning.CONTACT
    # A strategy discussion that a referral turned out to need later came of its assessment, as help afterwards did.
    grave = Meaning.ASSESSMENT if row["outcome"] == Outcome.REFERRAL else deciding
    helped = Meaning.ASSESSMENT if row["outcome"] in _TAKEN_ON else deciding
    before = {
        Meaning.CONTACT: Meaning.OUT_OF_HOURS_CONTACT,
        Meaning.STRATEGY_DISCUSSION: grave,
        Meaning.SECTION_47: Meaning.STRATEGY_DISCUSSION,
        Meaning.CONFERENCE: Meaning.SECTION_47,
        Meaning.EARLY_HELP: helped,
    }
    for meaning in meanings:
        source = before.get(meaning, deciding)
        if source in meanings and meaning not in (source, first_step(row)):
            yield step_id(row["contact"], source), step_id(row["contact"], meaning)


class _Cases:
    """The last case of each child so far: what a contact about an open case joins."""

    def __init__(self) -> None:
        self._cases: dict[str, str] = {}

    def note(self, row: Journey) -> None:
        """Take in a contact, in order of receipt."""
        if row["outcome"] in _TAKEN_ON:
            step = step_id(row["contact"], Meaning.ASSESSMENT)
            self._cases |= dict.fromkeys(_children(row), step)

    def joined(self, row: Journey) -> Iterator[tuple[str, str]]:
        """The link from a contact about an open case to that case, where the export holds it."""
        if row["outcome"] == Outcome.OPEN_CASE:
            deciding = Meaning.OUT_OF_HOURS_CONTACT if is_by_night(row) else Meaning.CONTACT
            known = [self._cases[child] for child in _children(row) if child in self._cases]
            yield from ((step_id(row["contact"], deciding), step) for step in known[:1])


def _children(row: Journey) -> list[str]:
    children = row["child"]
    return children if isinstance(children, list) else []


def _step_row(row: Journey, step: _Step) -> Sequence[object]:
    said = Status.COMPLETED if step.completed else Status.STARTED if step.started else Status.INCOMING
    source = row["source"]
    is_first = step.meaning is first_step(row)
    return (
        step_id(row["contact"], step.meaning),
        STEP_TYPES[step.meaning],
        _subgroup(row),
        step.incoming,
        step.started,
        step.completed,
        said.name,
        step.worker,
        step.team,
        source_code(source if isinstance(source, int) else None) if is_first else None,
    )


def _visits(told: pl.DataFrame) -> Iterator[Sequence[object]]:
    seen = told.drop_nulls("seen")
    for number, row in enumerate(seen.iter_rows(named=True)):
        yield f"{MARK}-V{number}", row["child"], "Statutory visit", row["seen"], "Y"


def _workers(told: pl.DataFrame) -> Iterator[Sequence[object]]:
    for row in told.drop_nulls(["worker", "allocated"]).iter_rows(named=True):
        yield row["worker"], row["child"], row["allocated"], _ended(row), _SAID


def _ended(row: Journey) -> object:
    """When a case ended; one that went on to another team has not, as far as the export goes."""
    return None if row["closed_as"] in GOES_ON else row["closed"]


def _referrals(told: pl.DataFrame) -> Iterator[Sequence[object]]:
    referred = told.filter(pl.col("decided").is_not_null() & pl.col("outcome").is_in([o.value for o in REFERRED]))
    for number, row in enumerate(referred.iter_rows(named=True)):
        source = row["source"]
        yield (
            f"{MARK}-R{number}",
            row["child"],
            row["decided"],
            row["decided"] if row["outcome"] == Outcome.REFERRAL_NO_ACTION else None,
            _ended(row),
            source_code(source if isinstance(source, int) else None),
        )


def _as_written(cell: object) -> object:
    return f"{cell:%Y-%m-%d %H:%M}" if isinstance(cell, datetime) else cell
