"""Scripted worlds: police and health can join so many discussions a day, and who is ready first has the first."""

import pytest

from sim.events import Outcome, Rating, WaitingOn
from sim.measures import stage_minutes
from sim.model import run
from sim.world import Contact
from tests.worlds import (
    DAY,
    EVERYBODY,
    HOUR,
    IMMEDIATE_RISK,
    SECTION_47,
    a_contact,
    a_world,
    at,
    clock,
    contact_number,
    plain,
    staff,
    steps,
    story,
    told,
    when,
    work,
)

HARMED = SECTION_47._replace(rating=Rating.AMBER, to_section_47=0)
TWO_A_DAY: dict[str, object] = {"strategy.slots_per_day": 2}
"""At 09:00 and at 13:00."""


def discussions(contacts: list[Contact], changes: dict[str, object]) -> list[str]:
    """When each discussion was begun, in the order of the contacts' numbers."""
    log = told(contacts, changes=changes)
    return [
        next(span[:7].strip() for span, activity, _ in work(log, n) if activity == "strategy discussion")
        for n in range(1, len(contacts) + 1)
    ]


def test_three_discussions_ready_in_one_morning_share_the_days_two_slots_and_the_mornings_after() -> None:
    log = told([a_contact(n, at(0, "09:00"), HARMED) for n in (1, 2, 3)], staff("manager"), TWO_A_DAY)

    # Decided one after another: ready at 10:50, 11:10 and 11:30, when the slot of nine has passed.
    assert [story(log, n)[7:] for n in (1, 2, 3)] == [
        [
            (f"0 {decided}", "deciding ends", "manager 0"),
            (f"0 {decided}", "decided strategy discussion", ""),
            (f"0 {decided}", "strategy asked", ""),
            (slot, "strategy discussion waits", ""),
            (slot, "strategy discussion begins", "manager 0"),
            (held, "strategy discussion ends", "manager 0"),
            (held, "strategy held", ""),
            (held, "action set", ""),
            (f"{int(held[0]) + 7}{held[1:]}", "action done", ""),
            # Nobody is there to be given the family, and after ten days duty is to see it.
            (f"{int(held[0]) + 10}{held[1:]}", "visiting waits", ""),
        ]
        for decided, slot, held in (
            ("09:50", "0 13:00", "0 13:40"),
            ("10:10", "1 09:00", "1 09:40"),
            ("10:30", "1 13:00", "1 13:40"),
        )
    ]


@pytest.mark.parametrize(
    ("slots", "begun"),
    [(1, "1 09:00"), (2, "0 13:00"), (3, "0 11:40"), (4, "0 11:00"), (7, "0 11:17"), (16, "0 10:30")],
)
def test_slots_are_where_equal_parts_of_the_offices_hours_begin(slots: int, begun: str) -> None:
    # Ready at 10:30: 480 minutes in so many parts.
    assert discussions([a_contact(1, at(0, "09:00"), HARMED)], {"strategy.slots_per_day": slots}) == [begun]


def test_there_are_none_while_the_office_is_closed() -> None:
    # Ready at 14:30 on Friday.
    assert discussions([a_contact(1, at(4, "13:00"), HARMED)], TWO_A_DAY) == ["7 09:00"]


def test_who_is_ready_in_the_minute_of_a_slot_has_it() -> None:
    assert discussions([a_contact(1, at(0, "11:30"), HARMED)], TWO_A_DAY) == ["0 13:00"]


def test_of_those_ready_in_one_minute_the_lower_number_goes_first() -> None:
    # Decided at 10:00 and 09:40, and ready at 11:00 both.
    contacts = [a_contact(1, at(0, "09:01"), HARMED), a_contact(2, at(0, "09:00"), HARMED)]
    even = [contact._replace(strategy_delay=delay) for contact, delay in zip(contacts, (HOUR, 80), strict=True)]
    log = told(even, changes=TWO_A_DAY)
    asked = [when(log, n, "strategy asked") for n in (1, 2)]

    assert asked == [["0 10:00"], ["0 09:40"]]
    assert discussions(even, TWO_A_DAY) == ["0 13:00", "1 09:00"]


def test_it_goes_first_though_it_is_decided_only_in_that_minute() -> None:
    # 2 has been convened by 11:00, when 1 is decided and needs no time to convene.
    contacts = [
        a_contact(1, at(0, "10:30"), HARMED._replace(strategy_delay=0)),
        a_contact(2, at(0, "09:00"), HARMED._replace(strategy_delay=90)),
    ]

    assert discussions(contacts, TWO_A_DAY) == ["0 13:00", "1 09:00"]


def test_who_was_asked_for_first_and_is_ready_last_goes_last() -> None:
    contacts = [
        a_contact(1, at(0, "09:00"), HARMED._replace(strategy_delay=3 * HOUR)),
        a_contact(2, at(0, "09:00"), HARMED),
    ]

    assert discussions(contacts, TWO_A_DAY) == ["1 09:00", "0 13:00"]


def test_what_is_rated_red_neither_waits_for_a_slot_nor_takes_one() -> None:
    contacts = [a_contact(1, at(0, "09:00"), IMMEDIATE_RISK), a_contact(2, at(0, "09:00"), HARMED)]

    # By telephone at 10:30, an hour after the decision; the other has the slot of one o'clock.
    assert discussions(contacts, TWO_A_DAY) == ["0 10:30", "0 13:00"]


def test_a_discussion_too_long_to_end_that_day_leaves_a_late_slot_to_a_shorter_one() -> None:
    # The slot of one o'clock leaves four hours: the first, of five, has the next morning's.
    contacts = [a_contact(n, at(0, "09:00"), HARMED) for n in (1, 2)]
    long, short = contacts[0]._replace(strategy_minutes=5 * HOUR), contacts[1]._replace(strategy_minutes=4 * HOUR)

    assert discussions([long, short], TWO_A_DAY) == ["1 09:00", "0 13:00"]


def test_who_chairs_it_late_does_not_break_it_off_for_the_night() -> None:
    # The only manager is away from 12:30 to 16:30, which leaves half an hour for a discussion of forty minutes.
    (manager,) = staff("manager")
    away = manager._replace(calendar=manager.calendar.without([(at(0, "12:30"), at(0, "16:30"))]))
    log = told([a_contact(1, at(0, "09:00"), HARMED)], [away], TWO_A_DAY)

    assert work(log, 1)[2] == ("1 09:00 - 1 09:40", "strategy discussion", "manager 0")


def test_a_discussion_longer_than_any_of_the_managers_days_is_begun_all_the_same() -> None:
    (manager,) = staff("manager")
    mornings = manager._replace(calendar=manager.calendar.without([(at(d, "12:00"), at(d, "17:00")) for d in range(5)]))
    log = told([a_contact(1, at(0, "09:00"), HARMED._replace(strategy_minutes=200))], [mornings], TWO_A_DAY)

    assert work(log, 1)[2] == ("1 09:00 - 2 09:20", "strategy discussion", "manager 0")


def test_a_case_open_elsewhere_rated_red_is_discussed_at_once_by_its_teams_manager() -> None:
    like = IMMEDIATE_RISK._replace(open_case=1)
    log = told([a_contact(1, at(0, "09:00"), like)], changes=TWO_A_DAY)

    assert ("0 10:30 - 0 11:10", "strategy discussion", "team_manager 0") in work(log, 1)


def test_a_discussion_about_a_case_open_elsewhere_takes_a_slot() -> None:
    like = HARMED._replace(open_case=1)
    log = told([a_contact(1, at(0, "09:00"), like)], changes=TWO_A_DAY)

    assert when(log, 1, f"decided {Outcome.OPEN_CASE.name.lower().replace('_', ' ')}") == ["0 09:30"]
    assert ("0 13:00 - 0 13:40", "strategy discussion", "team_manager 0") in work(log, 1)


def test_significant_harm_is_discussed_at_the_front_door_before_another_team_has_the_case() -> None:
    harmed, red = HARMED._replace(other_team=1), IMMEDIATE_RISK._replace(other_team=1)
    log = told([a_contact(1, at(0, "09:00"), harmed), a_contact(2, at(0, "14:00"), red)], changes=TWO_A_DAY)

    assert ("0 13:00 - 0 13:40", "strategy discussion", "manager 0") in work(log, 1)
    assert steps(log, 1)[2:6] == [
        ("0 09:30", "decided other team"),
        ("0 09:30", "strategy asked"),
        ("0 13:40", "strategy held"),
        ("0 13:40", "action set"),
    ]
    # By telephone an hour after the decision, without a slot.
    assert ("0 15:30 - 0 16:10", "strategy discussion", "manager 0") in work(log, 2)
    assert [when(log, n, "closed at contact") for n in (1, 2)] == [["0 13:40"], ["0 16:10"]]


def test_the_wait_for_a_slot_is_a_wait_for_others() -> None:
    log = told([a_contact(1, at(0, "09:00"), HARMED)], changes=TWO_A_DAY)
    rows = log.events[log.column("contact") == contact_number(1)].tolist()
    waits = [(clock(row[0]), WaitingOn(row[7]).name) for row in rows if row[7] != WaitingOn.UNCHANGED]
    at_once = told([a_contact(1, at(0, "09:00"), HARMED)])

    place = waits.index(("0 09:30", "OTHERS"))
    assert waits[place + 1] == ("0 13:00", "OUR_STAFF")
    # From 10:30 to 13:00.
    more = stage_minutes(log).sum(axis=(0, 1)) - stage_minutes(at_once).sum(axis=(0, 1))
    assert more.tolist() == [0, 150, 0]


def test_the_scenarios_slots_are_those_from_the_minute_the_levers_start() -> None:
    # One slot a day, at nine: 1 would have Tuesday's and 2 Wednesday's. From Tuesday on there are two a day.
    baseline = plain({"strategy.slots_per_day": 1})
    scenario = baseline.changed({**TWO_A_DAY, "levers_start_day": 1})
    contacts = [a_contact(n, at(0, "09:00"), HARMED) for n in (1, 2)]
    log = run(scenario, a_world(contacts, EVERYBODY, levers_start=DAY), baseline=baseline)

    assert [when(log, n, "strategy held") for n in (1, 2)] == [["1 09:40"], ["1 13:40"]]
