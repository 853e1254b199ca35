"""Worlds small enough to trace by hand, and the story a log tells of one contact.

Nothing here is drawn: contacts, people and their hours are written down, efforts are round numbers, and the office is
open from 09:00 to 17:00 from Monday to Friday. Day 0 is a Monday with no bank holiday for twelve weeks.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path

from sim.events import (
    Activity,
    Ending,
    EventKind,
    EventLog,
    Guide,
    Need,
    Outcome,
    Rating,
    Role,
    SeenBy,
    check_lifecycle,
)
from sim.model import run
from sim.randomness import contact_ids, person_id
from sim.scenario import Scenario, load
from sim.working_time import MINUTES_PER_DAY, Calendar, OpeningHours, opening_calendar
from sim.world import FIRST_ASSESSMENT_TEAM, NO_TEAM, QUALIFIED, STAYS, Contact, Known, Person, Round, Span, World

BASELINE = Path(__file__).parents[1] / "scenarios" / "leicestershire-2018-19.toml"
PRIOR = Path(__file__).parents[1] / "sim" / "published" / "prior.toml"
"""Set by hand and not made again when a fit is: for tests that need a county whose numbers stay."""

FIRST_DAY = date(2018, 6, 4)
OPENS, CLOSES = 540, 1020
HOUR = 60
DAY = MINUTES_PER_DAY
DAYS = 80

PLAIN: Mapping[str, object] = {
    "levers_start_day": 0,
    "calendar.first_day": FIRST_DAY,
    "calendar.warm_up_days": 0,
    "calendar.follow_up_days": 0,
    "calendar.office_opens_minute": OPENS,
    "calendar.office_closes_minute": CLOSES,
    "front_door.delegate_green": False,
    "front_door.order": "earliest_due_first",
    "front_door.red_hours": 4.0,
    "front_door.amber_working_days": 1,
    "front_door.green_working_days": 3,
    "further_work.chase_minutes": 10,
    "further_work.chase_after_days": 0.0,
    "further_work.all_replies_needed": True,
    "further_work.police_batch_days": 0,
    "further_work.limit_working_days": 0,
    "further_work.consent_minutes": 30,
    "second_look.due_working_days": 2,
    "second_look.second_manager_on_call": False,
    "second_look.decide_within_hours": 0.0,
    "strategy.slots_per_day": 96,
    "strategy.conference_minutes": 60,
    "out_of_hours.handover_minutes": 5,
    "domestic_abuse_team.on": False,
    "assessment.teams": 1,
    "assessment.arrangement": "pooled",
    "assessment.over_guide_after_days": 3,
    "assessment.duty_workers": 1,
    "assessment.duty_visit_after_days": 10,
    "assessment.duty_reserved": False,
    "assessment.arrange_minutes": 10,
    "assessment.visit_due_working_days": 5,
    "assessment.urgent_retry_hours": 4.0,
    "assessment.brief_minutes": 30,
    "assessment.family_support_minutes": 0,
    "assessment.drift_share": 0.0,
    "assessment.deadline_strength": 0.0,
    "assessment.deadline_exempt_share": 0.0,
    "assessment.deadline_margin_working_days": 0,
    "assessment.review_days": (),
    "assessment.long_supervision_days": 0,
    "assessment.long_supervision_minutes": 15,
    "assessment.rework_minutes": 60,
    "assessment.support_from_allocation": False,
    "ending.handover_minutes": 30,
    "ending.waiting_visit_days": 0,
    "workforce.handover_minutes": 25,
    "workforce.recruitment_days_experienced": 0,
}
"""All that the mechanics read of a scenario, set so that nothing happens unless a test asks for it."""

REFERRAL = Contact(
    id=0,
    received=0,
    source=0,
    domestic_abuse=0,
    children=1,
    need=Need.IN_NEED,
    rating=Rating.AMBER,
    parent=-1,
    return_number=0,
    seeded_return=0,
    previously_referred=0,
    open_case=0,
    other_team=0,
    other_authority=0,
    information_unclear=0,
    consent_missing=0,
    consent_refused=0,
    consent_dispensed=0,
    wrong_if_cut=0,
    threshold_unclear=0,
    misdirected=0,
    misdirected_by_team=0,
    no_action_after_referral=0,
    advice=0,
    screening_minutes=10,
    decision_minutes=20,
    rounds=(),
    consent_delay=2 * DAY,
    second_look_delay=DAY,
    second_look_minutes=30,
    early_help_delay=5 * DAY,
    out_of_hours_screening_minutes=15,
    out_of_hours_visit_minutes=120,
    strategy_delay=60,
    strategy_minutes=40,
    to_section_47=1,
    action_timed=1,
    action_delay=7 * DAY,
    drift_delay=5 * DAY,
    enquiry_minutes=60,
    to_conference=0,
    conference_working_days=10,
    allocation_minutes=15,
    appointment_delay=DAY,
    visit_minutes=90,
    retry_delays=(DAY,),
    missed_children=(),
    section_47_at_visit=0,
    section_47_in_assessment=0,
    brief=0,
    work_minutes=100,
    outside_delay=0,
    review_minutes=30,
    reviews_done=(),
    unstuck=(),
    sign_off_minutes=20,
    sign_off_returned=0,
    unhurried=0,
    support_delay=3 * DAY,
    ending=Ending.NO_FURTHER_ACTION,
    close_after_section_47=1,
    step_down_delay=2 * DAY,
    transfer_delay=4 * DAY,
    would_return=(0, 0, 0, 0),
    return_delay=30 * DAY,
    minute_of_day=10 * HOUR,
    comes_on_closed_days=0,
    not_made=0,
)
"""One child in need, rated amber, clear from the start: assessed and closed."""

NO_ACTION = REFERRAL._replace(need=Need.BELOW_THRESHOLD, rating=Rating.GREEN)
SECTION_47 = REFERRAL._replace(need=Need.SIGNIFICANT_HARM, rating=Rating.RED)
IMMEDIATE_RISK = REFERRAL._replace(need=Need.IMMEDIATE_RISK, rating=Rating.RED)

A_ROUND = Round(ask_minutes=30, police_reply=DAY, health_reply=3 * DAY, education_reply=-1, chased_reply=DAY)


def at(day: int, clock: str = "00:00") -> int:
    """A time of the clock on a day; day 0 is a Monday."""
    hours, minutes = clock.split(":")
    return day * DAY + int(hours) * HOUR + int(minutes)


def contact_number(number: int) -> int:
    """The id of the contacts called 1, 2, 3..., in that order."""
    return int(contact_ids(0, 0, number))


def a_contact(number: int, received: int, like: Contact = REFERRAL) -> Contact:
    """A contact like another, with its own number and minute of receipt."""
    return like._replace(id=contact_number(number), received=received)


def office(days: int = DAYS) -> Calendar:
    """The hours of the office, and of everybody who works in it."""
    return opening_calendar(FIRST_DAY, days, OpeningHours(OPENS, CLOSES))


def a_person(  # noqa: PLR0913  (what a post is)
    role: Role,
    number: int = 0,
    *,
    calendar: Calendar | None = None,
    team: int | None = None,
    team_after: int | None = None,
    starts: int = 0,
    leaves: int = STAYS,
    guide: int | None = None,
) -> Person:
    """Somebody who works office hours (out of hours staff the rest), with a guide of ten where they hold cases."""
    usual = office().complement(DAYS * DAY) if role is Role.OUT_OF_HOURS_WORKER else office()
    hours = (calendar or usual).between(starts, DAYS * DAY if leaves == STAYS else leaves)
    holds = role in QUALIFIED
    own_team = team if team is not None else FIRST_ASSESSMENT_TEAM if holds else NO_TEAM
    return Person(
        id=person_id(role, 0, number, 0),
        role=role,
        team=own_team,
        team_after=own_team if team_after is None else team_after,
        starts=starts,
        leaves=leaves,
        guide=(10 if holds else 0) if guide is None else guide,
        guide_after=(10 if holds else 0) if guide is None else guide,
        calendar=hours,
    )


def staff(*names: str) -> tuple[Person, ...]:
    """People by the names of their roles in stories, numbered from 0 within each: `staff("manager", "worker")`."""
    roles = {name: role for role, name in ROLE_NAMES.items()}
    return tuple(a_person(roles[name], names[:place].count(name)) for place, name in enumerate(names))


ROLE_NAMES: Mapping[Role, str] = {
    Role.FRONT_DOOR_MANAGER: "manager",
    Role.SENIOR_PRACTITIONER: "senior",
    Role.FIRST_RESPONSE_WORKER: "responder",
    Role.OUT_OF_HOURS_WORKER: "night",
    Role.TEAM_MANAGER: "team_manager",
    Role.EXPERIENCED_SOCIAL_WORKER: "worker",
    Role.NEWLY_QUALIFIED_SOCIAL_WORKER: "newly_qualified",
    Role.AGENCY_SOCIAL_WORKER: "agency",
    Role.FAMILY_SUPPORT_WORKER: "supporter",
}

EVERYBODY = staff("manager", "responder", "night", "team_manager", "worker")


def name_of(person: int) -> str:
    """What a person is called in a story: their role and number."""
    if person < 0:
        return ""
    return f"{ROLE_NAMES[Role(person >> 32 & 0xFF)]} {person >> 12 & 0xFFFF}"


@cache
def _plain() -> Scenario:
    return load(BASELINE).changed(PLAIN)


def plain(changes: Mapping[str, object] | None = None, *, days: int = DAYS) -> Scenario:
    """The scenario of hand-made worlds, with changes."""
    return _plain().changed({"calendar.horizon_days": days, **(changes or {})})


def a_world(
    contacts: Iterable[Contact],
    people: Iterable[Person] = EVERYBODY,
    *,
    days: int = DAYS,
    levers_start: int = 0,
    returns: Iterable[tuple[int, Contact]] = (),
) -> World:
    """These contacts and people; `returns` pairs a parent's number with the contact that may come back."""
    back = {contact_number(parent): contact for parent, contact in returns}
    span = Span(FIRST_DAY, days, levers_start)
    return World(span, Known(tuple(contacts), back, back), tuple(people))


def told(
    contacts: Iterable[Contact],
    people: Iterable[Person] = EVERYBODY,
    changes: Mapping[str, object] | None = None,
    returns: Iterable[tuple[int, Contact]] = (),
) -> EventLog:
    """The log of a small world under the plain scenario with changes; it is always checked for lawful order."""
    log = run(plain(changes), a_world(contacts, people, returns=returns))
    check_lifecycle(log)
    return log


WORK = {EventKind.WORK_QUEUED: "waits", EventKind.WORK_STARTED: "begins", EventKind.WORK_ENDED: "ends"}
_DETAILS: Mapping[EventKind, type[Rating | Outcome | Ending | Guide | SeenBy]] = {
    EventKind.SCREENED: Rating,
    EventKind.DECIDED: Outcome,
    EventKind.ALLOCATED: Guide,
    EventKind.SEEN: SeenBy,
    EventKind.ASSESSMENT_AUTHORISED: Ending,
    EventKind.CLOSED: Ending,
}
Line = tuple[str, str, str]


def clock(time: int) -> str:
    """A minute as day and time of day."""
    return f"{time // DAY} {time % DAY // HOUR:02}:{time % HOUR:02}"


def what(row: list[int]) -> str:
    """An event in words: a piece of work by its name, a step with the detail that names it."""
    kind, child, detail = EventKind(row[1]), row[3], row[6]
    if kind in WORK:
        return f"{_words(Activity(detail).name)} {WORK[kind]}"
    of = f" {_words(_DETAILS[kind](detail).name)}" if kind in _DETAILS else ""
    return _words(kind.name) + (f" child {child}" if child >= 0 else "") + of


def _words(name: str) -> str:
    return name.lower().replace("_", " ")


def story(log: EventLog, number: int) -> list[Line]:
    """All that happened to the contact of this number: when, what, and who did it or holds it."""
    rows = log.events[log.column("contact") == contact_number(number)].tolist()
    return [(clock(row[0]), what(row), name_of(row[4])) for row in rows]


def steps(log: EventLog, number: int) -> list[tuple[str, str]]:
    """The story without the pieces of work and without who: when and what."""
    work = tuple(WORK.values())
    return [(when, step) for when, step, _ in story(log, number) if not step.endswith(work)]


def work(log: EventLog, number: int) -> list[Line]:
    """The pieces of work done for a contact: from when to when, what, and who."""
    begun: dict[tuple[str, str], str] = {}
    done: list[Line] = []
    for when, step, who in story(log, number):
        activity, _, phase = step.rpartition(" ")
        if phase == "begins":
            begun[activity, who] = when
        elif phase == "ends":
            done.append((f"{begun.pop((activity, who))} - {when}", activity, who))
    return done


def when(log: EventLog, number: int, step: str) -> list[str]:
    """When a step was taken for a contact, each time."""
    return [moment for moment, name in steps(log, number) if name == step]
