"""Scripted worlds: who goes out to a family that cannot wait long, by day, by night and before an absence."""

from sim.events import Rating, Role
from sim.world import Person
from tests.worlds import (
    EVERYBODY,
    IMMEDIATE_RISK,
    REFERRAL,
    SECTION_47,
    Line,
    a_contact,
    a_person,
    at,
    staff,
    told,
    when,
    work,
)

MANAGERS = staff("manager", "team_manager")
WORKER = Role.EXPERIENCED_SOCIAL_WORKER
HARMED = SECTION_47._replace(rating=Rating.AMBER)


def visits(lines: list[Line]) -> list[Line]:
    """The visits among pieces of work."""
    return [line for line in lines if line[1] == "visiting"]


def test_an_urgent_visit_is_not_begun_by_who_would_be_away_before_it_is_done() -> None:
    # Ready for duty at 16:00 with an hour left for a visit of ninety minutes. Worker 0 would be away for the week.
    like = HARMED._replace(strategy_minutes=330)
    leaver, stayer = a_person(WORKER, 0), a_person(WORKER, 1, guide=1)
    gone = leaver._replace(calendar=leaver.calendar.without([(at(1), at(8))]))
    both, alone = ([*MANAGERS, gone, *others] for others in ([stayer], []))

    def made(people: list[Person]) -> list[Line]:
        return visits(work(told([a_contact(1, at(0, "09:00"), like)], people, {"assessment.duty_workers": 2}), 1))

    assert made(both) == [("0 16:00 - 1 09:30", "visiting", "worker 1")]
    assert made(alone) == [("8 09:00 - 8 10:30", "visiting", "worker 0")]


def test_a_section_47_enquiry_of_friday_evening_waits_for_monday_unless_the_out_of_hours_team_goes_too() -> None:
    # Discussed from 16:00 to 16:40: no visit of ninety minutes fits before closing.
    like = HARMED._replace(strategy_delay=390)
    friday = a_contact(1, at(4, "09:00"), like)
    goes = {"out_of_hours.visits_section_47": True}

    assert when(told([friday]), 1, "seen child 0 duty") == ["7 10:10"]
    log = told([friday], changes=goes)
    assert when(log, 1, "seen child 0 out of hours") == ["4 19:00"]
    assert visits(work(log, 1)) == []


def test_immediate_risk_goes_before_an_enquiry_that_was_there_first() -> None:
    like = HARMED._replace(strategy_delay=390, strategy_minutes=20)
    contacts = [a_contact(1, at(4, "09:00"), like), a_contact(2, at(4, "09:00"), like)]
    contacts.append(a_contact(3, at(4, "17:30"), IMMEDIATE_RISK))
    log = told(contacts, EVERYBODY, {"out_of_hours.visits_section_47": True})

    # One person, with the first family until 19:00: the third is screened, decided, visited and discussed before the
    # second, which has waited since 17:00, is visited.
    assert [when(log, n, "seen child 0 out of hours") for n in (1, 3, 2)] == [["4 19:00"], ["4 21:35"], ["5 00:15"]]


def test_what_only_the_holder_can_do_is_begun_whatever_day_it_ends() -> None:
    (worker,) = staff("worker")
    gone = worker._replace(calendar=worker.calendar.without([(at(2), at(9))]))
    log = told([a_contact(1, at(0, "09:00"), REFERRAL._replace(work_minutes=480))], [*MANAGERS, gone])

    assert ("1 15:25 - 9 09:25", "assessing", "worker 0") in work(log, 1)
