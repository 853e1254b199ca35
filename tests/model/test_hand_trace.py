"""A dozen children, two managers and two social workers, traced by hand: every line of the log."""

from pathlib import Path

from sim.events import Ending, Need
from sim.world import Person
from tests.worlds import (
    DAY,
    NO_ACTION,
    REFERRAL,
    SECTION_47,
    a_contact,
    at,
    clock,
    contact_number,
    name_of,
    staff,
    told,
    what,
)

TRACE = Path(__file__).with_name("hand_trace.txt")

FAMILIES = [
    a_contact(1, at(0, "09:00"), NO_ACTION),
    a_contact(2, at(0, "09:00"), REFERRAL._replace(children=2)),
    a_contact(3, at(0, "09:05"), SECTION_47),
    a_contact(4, at(0, "09:30"), REFERRAL._replace(children=3, retry_delays=(DAY, DAY))),
    a_contact(5, at(0, "10:00"), NO_ACTION._replace(need=Need.EARLY_HELP)),
    a_contact(6, at(0, "13:00"), REFERRAL._replace(children=3, missed_children=(2,), ending=Ending.TRANSFER)),
    a_contact(7, at(1, "09:00"), REFERRAL._replace(open_case=1)),
]


def trace() -> list[str]:
    """The lines of the hand trace, its arithmetic left out."""
    lines = TRACE.read_text(encoding="utf-8").splitlines()
    return [" ".join(line.split()) for line in lines if line and not line.startswith("#")]


def with_guide(person: Person) -> Person:
    """A guide of six for whoever holds cases."""
    guide = min(person.guide, 6)
    return person._replace(guide=guide, guide_after=guide)


def test_the_log_of_a_dozen_children_is_the_one_traced_by_hand() -> None:
    people = staff("manager", "team_manager", "worker", "worker")
    log = told(FAMILIES, [with_guide(person) for person in people])

    numbers = {contact_number(n): n for n in range(1, 8)}
    told_so = [
        f"{clock(row[0])} {numbers[row[2]]} {what(row)} {name_of(row[4])}".strip() for row in log.events.tolist()
    ]
    assert told_so == trace()


def test_the_trace_has_twelve_children() -> None:
    assert sum(family.children for family in FAMILIES) == 12
