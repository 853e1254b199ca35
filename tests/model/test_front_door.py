"""Scripted worlds: screening, deciding and the order in which a manager takes work."""

import pytest

from sim.events import Need, Outcome
from sim.world import Contact
from tests.worlds import (
    A_ROUND,
    DAYS,
    EVERYBODY,
    IMMEDIATE_RISK,
    NO_ACTION,
    REFERRAL,
    SECTION_47,
    a_contact,
    at,
    staff,
    steps,
    story,
    told,
    when,
    work,
)

ONE_MANAGER = staff("manager")
READING: dict[str, object] = {"front_door.history_minutes": 30}


def test_the_second_contact_waits_for_the_only_manager() -> None:
    log = told([a_contact(1, at(0, "09:00"), NO_ACTION), a_contact(2, at(0, "09:05"), NO_ACTION)], ONE_MANAGER)

    # What has just come is screened before anything is decided: its screening was due on receipt.
    assert story(log, 1) == [
        ("0 09:00", "received", ""),
        ("0 09:00", "screening waits", ""),
        ("0 09:00", "screening begins", "manager 0"),
        ("0 09:10", "screening ends", "manager 0"),
        ("0 09:10", "screened green", ""),
        ("0 09:10", "deciding waits", ""),
        ("0 09:20", "deciding begins", "manager 0"),
        ("0 09:40", "deciding ends", "manager 0"),
        ("0 09:40", "decided no further action", ""),
        ("0 09:40", "closed at contact", ""),
    ]
    assert story(log, 2) == [
        ("0 09:05", "received", ""),
        ("0 09:05", "screening waits", ""),
        ("0 09:10", "screening begins", "manager 0"),
        ("0 09:20", "screening ends", "manager 0"),
        ("0 09:20", "screened green", ""),
        ("0 09:20", "deciding waits", ""),
        ("0 09:40", "deciding begins", "manager 0"),
        ("0 10:00", "deciding ends", "manager 0"),
        ("0 10:00", "decided no further action", ""),
        ("0 10:00", "closed at contact", ""),
    ]


def test_two_managers_leave_nobody_waiting() -> None:
    log = told(
        [a_contact(1, at(0, "09:00"), NO_ACTION), a_contact(2, at(0, "09:05"), NO_ACTION)], staff("manager", "manager")
    )

    assert work(log, 1) == [
        ("0 09:00 - 0 09:10", "screening", "manager 0"),
        ("0 09:10 - 0 09:30", "deciding", "manager 0"),
    ]
    assert work(log, 2) == [
        ("0 09:05 - 0 09:15", "screening", "manager 1"),
        ("0 09:15 - 0 09:35", "deciding", "manager 1"),
    ]


def test_a_red_contact_is_decided_before_a_green_one_that_came_earlier() -> None:
    log = told([a_contact(1, at(0, "09:00"), NO_ACTION), a_contact(2, at(0, "09:05"), SECTION_47)], ONE_MANAGER)

    assert steps(log, 1) == [
        ("0 09:00", "received"),
        ("0 09:10", "screened green"),
        ("0 10:00", "decided no further action"),
        ("0 10:00", "closed at contact"),
    ]
    assert steps(log, 2)[:3] == [
        ("0 09:05", "received"),
        ("0 09:20", "screened red"),
        ("0 09:40", "decided strategy discussion"),
    ]


def decided_by_one_back_from_days_away(old: Contact, new: Contact, order: str) -> list[list[tuple[str, str]]]:
    """What a manager does on day 3 for a contact screened on day 0 and one received that morning."""
    (manager,) = staff("manager")
    away = manager._replace(calendar=manager.calendar.without([(at(0, "09:10"), at(3, "09:30"))]))
    contacts = [a_contact(1, at(0, "09:00"), old), a_contact(2, at(3, "09:00"), new)]
    log = told(contacts, [away], {"front_door.order": order})
    return [[(span, activity) for span, activity, _ in work(log, number)] for number in (1, 2)]


@pytest.mark.parametrize(
    ("order", "green", "amber"),
    [
        # Green was due at the end of day 3, amber at the end of day 4; under strict priority amber comes first.
        ("earliest_due_first", "3 09:40 - 3 10:00", "3 10:00 - 3 10:20"),
        ("strict_priority", "3 10:00 - 3 10:20", "3 09:40 - 3 10:00"),
    ],
)
def test_the_order_decides_between_an_earlier_green_and_a_new_amber(order: str, green: str, amber: str) -> None:
    assert decided_by_one_back_from_days_away(NO_ACTION, REFERRAL._replace(open_case=1), order) == [
        [("0 09:00 - 0 09:10", "screening"), (green, "deciding")],
        [("3 09:30 - 3 09:40", "screening"), (amber, "deciding")],
    ]


@pytest.mark.parametrize("order", ["earliest_due_first", "strict_priority"])
def test_a_new_red_comes_before_an_overdue_amber_in_either_order(order: str) -> None:
    amber, red = REFERRAL._replace(open_case=1), IMMEDIATE_RISK._replace(open_case=1)

    assert decided_by_one_back_from_days_away(amber, red, order) == [
        [("0 09:00 - 0 09:10", "screening"), ("3 10:00 - 3 10:20", "deciding")],
        [("3 09:30 - 3 09:40", "screening"), ("3 09:40 - 3 10:00", "deciding")],
    ]


def test_a_senior_practitioner_takes_green_contacts_only_where_delegated() -> None:
    contacts = [a_contact(1, at(0, "09:00"), NO_ACTION), a_contact(2, at(0, "09:00"), REFERRAL)]
    people = staff("manager", "senior")

    kept = told(contacts, people)
    delegated = told(contacts, people, {"front_door.delegate_green": True})

    assert {who for number in (1, 2) for _, _, who in work(kept, number)} == {"manager 0"}
    assert work(delegated, 1) == [
        ("0 09:00 - 0 09:10", "screening", "manager 0"),
        ("0 09:10 - 0 09:30", "deciding", "senior 0"),
    ]
    assert work(delegated, 2) == [
        ("0 09:10 - 0 09:20", "screening", "manager 0"),
        ("0 09:20 - 0 09:40", "deciding", "manager 0"),
    ]


def test_work_that_does_not_end_by_closing_time_goes_on_the_next_morning() -> None:
    log = told([a_contact(1, at(4, "16:45"), NO_ACTION)], ONE_MANAGER)

    # Friday: screened until 16:55, then five minutes of the decision; the other fifteen on Monday.
    assert work(log, 1) == [
        ("4 16:45 - 4 16:55", "screening", "manager 0"),
        ("4 16:55 - 7 09:15", "deciding", "manager 0"),
    ]


def test_work_that_fits_exactly_ends_at_closing_time() -> None:
    log = told([a_contact(1, at(4, "16:30"), NO_ACTION)], ONE_MANAGER)

    assert work(log, 1)[-1] == ("4 16:40 - 4 17:00", "deciding", "manager 0")


@pytest.mark.parametrize(
    ("like", "outcome"),
    [
        (NO_ACTION, Outcome.NO_FURTHER_ACTION),
        (NO_ACTION._replace(advice=1), Outcome.ADVICE),
        (NO_ACTION._replace(need=Need.EARLY_HELP), Outcome.EARLY_HELP),
        (REFERRAL._replace(open_case=1), Outcome.OPEN_CASE),
        (REFERRAL._replace(other_team=1), Outcome.OTHER_TEAM),
        (REFERRAL._replace(other_authority=1), Outcome.OTHER_AUTHORITY),
        (REFERRAL._replace(no_action_after_referral=1), Outcome.REFERRAL_NO_ACTION),
    ],
)
def test_a_contact_not_for_assessment_closes_when_decided(like: Contact, outcome: Outcome) -> None:
    log = told([a_contact(1, at(0, "09:00"), like)], ONE_MANAGER)

    name = outcome.name.lower().replace("_", " ")
    told_so = [step for step in steps(log, 1) if step[1] != "help started"]
    assert told_so[-2:] == [("0 09:30", f"decided {name}"), ("0 09:30", "closed at contact")]


def test_early_help_starts_after_its_wait_though_the_contact_has_closed() -> None:
    log = told([a_contact(1, at(0, "09:00"), NO_ACTION._replace(need=Need.EARLY_HELP))], ONE_MANAGER)

    assert steps(log, 1)[-2:] == [("0 09:30", "closed at contact"), ("5 09:30", "help started")]


def test_no_manager_means_nothing_is_decided() -> None:
    log = told([a_contact(1, at(0, "09:00"))], staff("worker", "team_manager", "responder"))

    mornings = [f"{day} 09:05" for day in range(DAYS) if day % 7 in range(5)]
    assert steps(log, 1) == [("0 09:00", "received"), *((morning, "handed over") for morning in mornings[1:])]


def test_what_has_come_is_screened_in_the_order_of_receipt_among_what_is_red() -> None:
    # At 09:20 the manager has a red contact of 09:00 to decide, due at 13:00, and one of 09:10 to screen, due at 13:10.
    contacts = [
        a_contact(1, at(0, "09:00"), SECTION_47._replace(open_case=1, screening_minutes=20)),
        a_contact(2, at(0, "09:10"), NO_ACTION),
    ]
    log = told(contacts, ONE_MANAGER)

    assert work(log, 1)[1] == ("0 09:20 - 0 09:40", "deciding", "manager 0")
    assert work(log, 2)[0] == ("0 09:40 - 0 09:50", "screening", "manager 0")


def test_a_contact_on_an_open_case_that_may_be_section_47_is_discussed_before_it_closes() -> None:
    log = told([a_contact(1, at(0, "09:00"), SECTION_47._replace(open_case=1))], EVERYBODY)

    assert steps(log, 1)[2:] == [
        ("0 09:30", "decided open case"),
        ("0 09:30", "strategy asked"),
        ("0 11:10", "strategy held"),
        ("0 11:10", "action set"),
        ("0 11:10", "closed at contact"),
        ("7 11:10", "action done"),
    ]
    # An assessment team's manager, no visit and no enquiry of ours: the team that holds the case has both.
    assert work(log, 1)[2:] == [("0 10:30 - 0 11:10", "strategy discussion", "team_manager 0")]


@pytest.mark.parametrize("like", [REFERRAL, NO_ACTION], ids=["in need", "below threshold"])
def test_other_contacts_on_open_cases_are_passed_on_at_once(like: Contact) -> None:
    log = told([a_contact(1, at(0, "09:00"), like._replace(open_case=1))], EVERYBODY)

    assert steps(log, 1)[-1] == ("0 09:30", "closed at contact")


@pytest.mark.parametrize(
    ("like", "decided"),
    [
        (NO_ACTION, "0 09:30"),
        (NO_ACTION._replace(return_number=1), "0 10:00"),
        (NO_ACTION._replace(seeded_return=1), "0 10:00"),
    ],
)
def test_the_familys_history_is_read_where_there_is_one(like: Contact, decided: str) -> None:
    log = told([a_contact(1, at(0, "09:00"), like)], ONE_MANAGER, READING)

    assert when(log, 1, "decided no further action") == [decided]


def test_the_familys_history_is_read_once() -> None:
    known = REFERRAL._replace(return_number=1, other_authority=1, rounds=(A_ROUND, A_ROUND))
    log = told([a_contact(1, at(0, "09:00"), known)], EVERYBODY, READING)

    assert [span for span, activity, _ in work(log, 1) if activity == "deciding"] == [
        "3 09:40 - 3 10:30",
        # Asked again until 11:00; answered after the weekend, and decided in the usual twenty minutes.
        "7 09:00 - 7 09:20",
    ]
