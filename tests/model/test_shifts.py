"""Scripted worlds: what cannot wait, and is not done when those at work hand over to the others."""

import numpy as np
import pytest

from sim.events import COLUMNS, EventKind, Rating, WaitingOn
from tests.worlds import (
    DAY,
    EVERYBODY,
    HOUR,
    IMMEDIATE_RISK,
    NO_ACTION,
    REFERRAL,
    a_contact,
    at,
    clock,
    contact_number,
    staff,
    steps,
    story,
    told,
    when,
    work,
)

RED = REFERRAL._replace(rating=Rating.RED)
ELSEWHERE = RED._replace(other_authority=1)
NO_NIGHT = tuple(person for person in EVERYBODY if person not in staff("night"))


def test_what_is_red_late_on_friday_is_decided_and_visited_that_evening() -> None:
    log = told([a_contact(1, at(4, "16:45"), IMMEDIATE_RISK)])

    # Screened by 16:55, when twenty minutes are too long for the manager: all else of that day is the night's.
    assert story(log, 1)[:24] == [
        ("4 16:45", "received", ""),
        ("4 16:45", "screening waits", ""),
        ("4 16:45", "screening begins", "manager 0"),
        ("4 16:55", "screening ends", "manager 0"),
        ("4 16:55", "screened red", ""),
        ("4 16:55", "deciding waits", ""),
        ("4 17:00", "deciding waits", ""),
        ("4 17:00", "deciding begins", "night 0"),
        ("4 17:20", "deciding ends", "night 0"),
        ("4 17:20", "decided strategy discussion", ""),
        ("4 17:20", "strategy asked", ""),
        ("4 17:20", "out of hours visit waits", ""),
        ("4 17:20", "out of hours visit begins", "night 0"),
        # Partners are there at 18:20, but the one person at work is still with the family.
        ("4 18:20", "strategy discussion waits", ""),
        ("4 19:20", "out of hours visit ends", "night 0"),
        ("4 19:20", "seen child 0 out of hours", "night 0"),
        ("4 19:20", "strategy discussion begins", "night 0"),
        ("4 20:00", "strategy discussion ends", "night 0"),
        ("4 20:00", "strategy held", ""),
        ("4 20:00", "action set", ""),
        ("4 20:00", "section 47 started", ""),
        # It came by day: there is nothing to hand over, and it is allocated on Monday.
        ("4 20:00", "allocating waits", ""),
        ("7 09:00", "allocating begins", "team_manager 0"),
        ("7 09:15", "allocating ends", "team_manager 0"),
    ]


def test_what_the_manager_decides_by_the_last_minute_is_visited_by_the_night() -> None:
    log = told([a_contact(1, at(4, "16:30"), RED)])

    assert work(log, 1)[1:3] == [
        ("4 16:40 - 4 17:00", "deciding", "manager 0"),
        ("4 17:00 - 4 19:00", "out of hours visit", "night 0"),
    ]


def test_a_red_contact_nobody_could_decide_by_day_passes_to_the_night() -> None:
    # The only manager goes home after the screening: it waits for the others until five, and then for the night.
    manager, *others = EVERYBODY
    gone = manager._replace(calendar=manager.calendar.without([(at(0, "15:10"), at(1))]))
    log = told([a_contact(1, at(0, "15:00"), RED)], [gone, *others])

    assert story(log, 1)[4:10] == [
        ("0 15:10", "screened red", ""),
        ("0 15:10", "deciding waits", ""),
        ("0 17:00", "deciding waits", ""),
        ("0 17:00", "deciding begins", "night 0"),
        ("0 17:20", "deciding ends", "night 0"),
        ("0 17:20", "decided referral", ""),
    ]
    assert when(log, 1, "seen child 0 out of hours") == ["0 19:20"]


def test_what_a_day_is_too_short_for_is_done_by_the_night() -> None:
    # The day has eight hours, the night sixteen.
    log = told([a_contact(1, at(0, "09:00"), RED._replace(decision_minutes=481))])

    assert ("0 17:00 - 1 01:01", "deciding", "night 0") in work(log, 1)


def test_a_visit_left_by_duty_at_closing_is_the_first_of_the_night() -> None:
    # Three red families and one on duty: the third visit would end at 17:10.
    contacts = [a_contact(n, at(0, "12:00"), RED) for n in (1, 2, 3)]
    log = told(contacts, [*staff("manager", "manager", "manager", "night", "team_manager"), EVERYBODY[4]])

    assert [when(log, n, "seen child 0 duty") for n in (1, 2, 3)] == [["0 14:00"], ["0 15:30"], ["0 17:00"]]
    later = [a_contact(n, at(0, "12:01"), RED) for n in (1, 2, 3)]
    log = told(later, [*staff("manager", "manager", "manager", "night", "team_manager"), EVERYBODY[4]])

    assert when(log, 3, "seen child 0 duty") == []
    assert [line for line in story(log, 3) if "visit" in line[1]] == [
        ("0 12:31", "visiting waits", ""),
        ("0 17:00", "out of hours visit waits", ""),
        ("0 17:00", "out of hours visit begins", "night 0"),
        ("0 19:00", "out of hours visit ends", "night 0"),
    ]


@pytest.mark.parametrize(("hour", "held"), [(3, "0 13:10"), (12, "0 22:10"), (20, "1 06:10"), (24, "1 10:10")])
def test_a_discussion_that_cannot_wait_is_held_at_any_hour(hour: int, held: str) -> None:
    log = told([a_contact(1, at(0, "09:00"), IMMEDIATE_RISK._replace(strategy_delay=hour * HOUR))])

    # Decided at 09:30: held forty minutes after partners are there.
    assert when(log, 1, "strategy held") == [held]


def test_a_failed_visit_by_duty_is_tried_again_by_the_night() -> None:
    log = told([a_contact(1, at(0, "12:00"), RED._replace(retry_delays=(2 * DAY, DAY)))])

    # Until 14:00; four hours later the office is closed.
    assert when(log, 1, "visit failed") == ["0 14:00"]
    assert when(log, 1, "seen child 0 out of hours") == ["0 20:00"]


def test_without_out_of_hours_staff_everything_waits_for_monday() -> None:
    contacts = [
        a_contact(1, at(4, "16:45"), IMMEDIATE_RISK),
        a_contact(2, at(4, "16:15"), IMMEDIATE_RISK),
        a_contact(3, at(5, "12:00"), IMMEDIATE_RISK),
    ]
    log = told(contacts, NO_NIGHT)

    # 2 is decided by 16:45 and not visited, and its partners are there at 17:45 on Friday. 1 is screened by 16:55.
    # On Monday both wait from nine with what they were due: the manager decides 1, chairs 2's, and then screens 3, due
    # since Saturday at four.
    assert ("7 09:00 - 7 10:30", "visiting", "worker 0") in work(log, 2)
    assert ("7 09:20 - 7 10:00", "strategy discussion", "manager 0") in work(log, 2)
    assert work(log, 1)[1] == ("7 09:00 - 7 09:20", "deciding", "manager 0")
    assert work(log, 3)[:2] == [
        ("7 09:00 - 7 09:05", "morning handover", "responder 0"),
        ("7 10:00 - 7 10:10", "screening", "manager 0"),
    ]
    weekend = range(at(4, "17:00"), at(7))
    done = log.events[~np.isin(log.column("kind"), (EventKind.WORK_QUEUED, EventKind.RECEIVED))]
    assert not np.isin(done[:, COLUMNS.index("time")], weekend).any()


def test_a_red_contact_for_another_authority_closes_after_the_nights_visit() -> None:
    log = told([a_contact(1, at(0, "22:00"), ELSEWHERE), a_contact(2, at(1, "16:45"), ELSEWHERE)])

    # It came by night: visited, and closed when it is handed over.
    assert steps(log, 1)[2:] == [
        ("0 22:35", "decided other authority"),
        ("1 00:35", "seen child 0 out of hours"),
        ("1 09:05", "handed over"),
        ("1 09:05", "closed at contact"),
    ]
    # It came by day and was decided by night: there is nothing to hand over.
    assert steps(log, 2)[2:] == [
        ("1 17:20", "decided other authority"),
        ("1 19:20", "seen child 0 out of hours"),
        ("1 19:20", "closed at contact"),
    ]


def test_a_red_contact_for_another_authority_closes_in_the_morning_if_the_night_could_not_visit() -> None:
    # Decided at 07:35, too late for two hours; or tried in vain until 08:35, and by day nobody goes again.
    late, failed = at(1, "07:00"), at(1, "06:00")
    log = told([a_contact(1, late, ELSEWHERE)])
    assert steps(log, 1)[2:] == [
        ("1 07:35", "decided other authority"),
        ("1 09:05", "handed over"),
        ("1 09:05", "closed at contact"),
    ]

    log = told([a_contact(1, failed, ELSEWHERE._replace(retry_delays=(DAY, DAY)))])
    assert steps(log, 1)[3:] == [
        ("1 08:35", "visit failed"),
        ("1 09:05", "handed over"),
        ("1 09:05", "closed at contact"),
    ]


def test_by_day_a_red_contact_for_another_authority_closes_at_once() -> None:
    log = told([a_contact(1, at(0, "09:00"), ELSEWHERE)])

    assert steps(log, 1)[2:] == [("0 09:30", "decided other authority"), ("0 09:30", "closed at contact")]


BUSY = NO_ACTION._replace(screening_minutes=60)


def test_what_the_managers_were_too_busy_to_screen_is_screened_by_the_night() -> None:
    log = told([a_contact(1, at(0, "16:00"), BUSY), a_contact(2, at(0, "16:50"), NO_ACTION)])

    assert story(log, 2) == [
        ("0 16:50", "received", ""),
        ("0 16:50", "screening waits", ""),
        ("0 17:00", "out of hours screening waits", ""),
        ("0 17:00", "out of hours screening begins", "night 0"),
        ("0 17:15", "out of hours screening ends", "night 0"),
        ("0 17:15", "screened green", ""),
        ("1 09:00", "morning handover waits", ""),
        ("1 09:00", "morning handover begins", "responder 0"),
        ("1 09:05", "morning handover ends", "responder 0"),
        ("1 09:05", "handed over", ""),
        # What waits since yesterday goes first: 1 was screened by 17:00.
        ("1 09:05", "deciding waits", ""),
        ("1 09:20", "deciding begins", "manager 0"),
        ("1 09:40", "deciding ends", "manager 0"),
        ("1 09:40", "decided no further action", ""),
        ("1 09:40", "closed at contact", ""),
    ]


def test_it_waits_for_the_offices_staff_until_closing_and_then_for_the_nights() -> None:
    log = told([a_contact(1, at(0, "16:00"), BUSY), a_contact(2, at(0, "16:50"), NO_ACTION)])
    waits = [
        (clock(row[0]), WaitingOn(row[7]).name)
        for row in log.events[log.column("contact") == contact_number(2)].tolist()
        if row[7] != WaitingOn.UNCHANGED
    ]

    assert waits[:5] == [
        ("0 16:50", "OUR_STAFF"),
        ("0 16:50", "OUR_STAFF"),
        ("0 17:00", "OUT_OF_HOURS_STAFF"),
        ("0 17:15", "OUR_STAFF"),
        ("1 09:00", "OUR_STAFF"),
    ]


def test_a_red_contact_found_by_the_night_among_what_was_left_is_acted_on_that_evening() -> None:
    log = told([a_contact(1, at(4, "16:00"), BUSY), a_contact(2, at(4, "16:50"), RED)])

    assert steps(log, 2)[:6] == [
        ("4 16:50", "received"),
        ("4 17:15", "screened red"),
        ("4 17:35", "decided referral"),
        ("4 19:35", "seen child 0 out of hours"),
        ("7 09:05", "handed over"),
        ("7 09:20", "allocated within"),
    ]


def test_a_screening_too_long_for_what_is_left_of_the_day_is_the_nights() -> None:
    contacts = [a_contact(1, at(0, "16:50"), NO_ACTION), a_contact(2, at(1, "16:51"), NO_ACTION)]
    log = told(contacts)

    assert [work(log, number)[0] for number in (1, 2)] == [
        ("0 16:50 - 0 17:00", "screening", "manager 0"),
        ("1 17:00 - 1 17:15", "out of hours screening", "night 0"),
    ]


def test_what_neither_night_nor_day_could_screen_is_the_next_nights_and_is_handed_over_again() -> None:
    # Fifteen minutes are too long for the night at 08:50, and the only manager is away that day.
    manager, *others = EVERYBODY
    away = manager._replace(calendar=manager.calendar.without([(at(1), at(2))]))
    log = told([a_contact(1, at(1, "08:50"), NO_ACTION)], [away, *others])

    assert story(log, 1)[:12] == [
        ("1 08:50", "received", ""),
        ("1 08:50", "out of hours screening waits", ""),
        ("1 09:00", "morning handover waits", ""),
        ("1 09:00", "morning handover begins", "responder 0"),
        ("1 09:05", "morning handover ends", "responder 0"),
        ("1 09:05", "handed over", ""),
        ("1 09:05", "screening waits", ""),
        ("1 17:00", "out of hours screening waits", ""),
        ("1 17:00", "out of hours screening begins", "night 0"),
        ("1 17:15", "out of hours screening ends", "night 0"),
        ("1 17:15", "screened green", ""),
        ("2 09:00", "morning handover waits", ""),
    ]
    assert when(log, 1, "handed over") == ["1 09:05", "2 09:05"]
