"""Scripted worlds: strategy discussion, enquiry, conference and transfer."""

import pytest

from sim.events import Need, Rating
from tests.worlds import (
    DAY,
    EVERYBODY,
    HOUR,
    REFERRAL,
    SECTION_47,
    a_contact,
    a_person,
    at,
    staff,
    steps,
    story,
    told,
    when,
    work,
)

HARMED = SECTION_47._replace(rating=Rating.AMBER)
"""Significant harm that screening did not take for immediate risk."""

TO_CONFERENCE = SECTION_47._replace(to_conference=1, conference_working_days=10)


def test_a_child_at_risk_goes_from_strategy_discussion_to_conference_and_transfer() -> None:
    log = told([a_contact(1, at(0, "09:00"), TO_CONFERENCE)])

    assert story(log, 1) == [
        ("0 09:00", "received", ""),
        ("0 09:00", "screening waits", ""),
        ("0 09:00", "screening begins", "manager 0"),
        ("0 09:10", "screening ends", "manager 0"),
        ("0 09:10", "screened red", ""),
        ("0 09:10", "deciding waits", ""),
        ("0 09:10", "deciding begins", "manager 0"),
        ("0 09:30", "deciding ends", "manager 0"),
        ("0 09:30", "decided strategy discussion", ""),
        # Police, health and social care are free together after an hour; then 40 minutes of the manager's.
        ("0 09:30", "strategy asked", ""),
        # Rated red: duty goes out at once, while police and health are brought together.
        ("0 09:30", "visiting waits", ""),
        ("0 09:30", "visiting begins", "worker 0"),
        ("0 10:30", "strategy discussion waits", ""),
        ("0 10:30", "strategy discussion begins", "manager 0"),
        ("0 11:00", "visiting ends", "worker 0"),
        ("0 11:00", "seen child 0 duty", "worker 0"),
        ("0 11:10", "strategy discussion ends", "manager 0"),
        ("0 11:10", "strategy held", ""),
        ("0 11:10", "action set", ""),
        ("0 11:10", "section 47 started", ""),
        ("0 11:10", "allocating waits", ""),
        ("0 11:10", "allocating begins", "team_manager 0"),
        ("0 11:25", "allocating ends", "team_manager 0"),
        ("0 11:25", "allocated within", "worker 0"),
        ("0 11:25", "assessment started", "worker 0"),
        ("0 11:25", "enquiring waits", ""),
        ("0 11:25", "enquiring begins", "worker 0"),
        ("0 12:25", "enquiring ends", "worker 0"),
        ("0 12:25", "section 47 ended", "worker 0"),
        ("0 12:25", "assessing waits", ""),
        ("0 12:25", "conference waits", ""),
        # The report is due on the day of the conference, ten working days on, before the assessment's 45th.
        ("0 12:25", "conference begins", "worker 0"),
        ("0 13:25", "conference ends", "worker 0"),
        ("0 13:25", "assessing begins", "worker 0"),
        ("0 15:05", "assessing ends", "worker 0"),
        ("0 15:05", "signing off waits", ""),
        ("0 15:05", "signing off begins", "team_manager 0"),
        ("0 15:25", "signing off ends", "team_manager 0"),
        ("0 15:25", "assessment authorised transfer after conference", "worker 0"),
        ("7 11:10", "action done", "worker 0"),
        # Day 14 is the tenth working day; conferences are an hour and a half after the office opens.
        ("14 10:30", "conference held", "worker 0"),
        ("14 10:30", "handing over waits", ""),
        ("14 10:30", "handing over begins", "worker 0"),
        ("14 11:00", "handing over ends", "worker 0"),
        ("14 11:00", "place asked", "worker 0"),
        # Asked for before the handover began.
        ("17 10:30", "help started", "worker 0"),
        ("18 11:00", "transferred", "worker 0"),
        ("18 11:00", "closed transfer after conference", "worker 0"),
    ]


def test_a_discussion_that_starts_no_enquiry_goes_on_as_a_child_in_need() -> None:
    log = told([a_contact(1, at(0, "09:00"), HARMED._replace(to_section_47=0))])

    assert steps(log, 1)[3:9] == [
        ("0 09:30", "strategy asked"),
        ("0 11:10", "strategy held"),
        ("0 11:10", "action set"),
        ("0 11:25", "allocated within"),
        ("0 11:25", "assessment started"),
        ("0 11:35", "visit arranged"),
    ]
    assert when(log, 1, "section 47 started") == []
    assert when(log, 1, "seen child 0 holder") == ["1 13:05"]


@pytest.mark.parametrize(
    ("rating", "held", "chair"),
    [
        # Decided at 16:00 on Friday; one hour of the three is left that day, two are Monday's.
        (Rating.AMBER, ("7 11:00 - 7 11:40", "7 11:40"), "manager 0"),
        # What cannot wait finds its partners at 19:00, and the one person at work as she comes back from the family.
        (Rating.RED, ("4 19:00 - 4 19:40", "4 19:40"), "night 0"),
    ],
)
def test_partners_meet_only_while_the_office_is_open_but_at_any_hour_where_it_cannot_wait(
    rating: Rating, held: tuple[str, str], chair: str
) -> None:
    log = told([a_contact(1, at(4, "15:30"), SECTION_47._replace(strategy_delay=3 * HOUR, rating=rating))])

    assert (held[0], "strategy discussion", chair) in work(log, 1)
    assert when(log, 1, "strategy held") == [held[1]]


def test_a_discussion_at_once_waits_for_nobody() -> None:
    log = told([a_contact(1, at(0, "09:00"), SECTION_47._replace(strategy_delay=0))])

    assert when(log, 1, "strategy held") == ["0 10:10"]


@pytest.mark.parametrize(("closes", "ending"), [(1, "no further action"), (0, "transfer")])
def test_an_enquiry_without_conference_closes_or_transfers(closes: int, ending: str) -> None:
    log = told([a_contact(1, at(0, "09:00"), SECTION_47._replace(close_after_section_47=closes))])

    # One hour of the enquiry, and the 100 minutes of the assessment, after the allocation at 11:25.
    assert when(log, 1, f"assessment authorised {ending}") == ["0 14:25"]


def test_the_conference_waits_for_its_report() -> None:
    like = TO_CONFERENCE._replace(conference_working_days=0)
    log = told([a_contact(1, at(0, "09:00"), like)])

    # Booked for 10:30 that day, before the discussion was over; the report is ready at 13:25.
    assert when(log, 1, "conference held") == ["0 13:25"]


def test_an_action_without_owner_and_date_drifts() -> None:
    log = told([a_contact(1, at(0, "09:00"), SECTION_47._replace(action_timed=0))])

    assert when(log, 1, "action done") == ["12 11:10"]


def test_an_action_goes_on_after_the_case_has_closed() -> None:
    log = told([a_contact(1, at(0, "09:00"), SECTION_47)])

    assert steps(log, 1)[-2:] == [("0 14:25", "closed no further action"), ("7 11:10", "action done")]


def test_a_visit_may_find_that_section_47_is_called_for() -> None:
    like = REFERRAL._replace(section_47_at_visit=1)
    log = told([a_contact(1, at(0, "09:00"), like)])

    # Seen at 11:25 on day 1: decided 09:30, allocated 09:45, arranged 09:55, visited a day later for 90 minutes.
    assert steps(log, 1)[5:12] == [
        ("0 09:55", "visit arranged"),
        ("1 11:25", "seen child 0 holder"),
        ("1 11:25", "strategy asked"),
        ("1 13:05", "strategy held"),
        ("1 13:05", "action set"),
        ("1 13:05", "section 47 started"),
        ("1 14:05", "section 47 ended"),
    ]


def test_an_assessment_may_find_that_section_47_is_called_for() -> None:
    like = REFERRAL._replace(section_47_in_assessment=1, work_minutes=240)
    log = told([a_contact(1, at(0, "09:00"), like)])

    # Two pieces of two hours; the discussion, a manager of the assessment teams', follows the second, half-way
    # being counted from the first.
    assert work(log, 1)[5:9] == [
        ("1 11:25 - 1 13:25", "assessing", "worker 0"),
        ("1 13:25 - 1 15:25", "assessing", "worker 0"),
        ("2 09:00 - 2 09:40", "strategy discussion", "team_manager 0"),
        ("2 09:40 - 2 10:40", "enquiring", "worker 0"),
    ]


def test_what_began_as_section_47_is_not_discussed_again() -> None:
    like = SECTION_47._replace(section_47_at_visit=1, section_47_in_assessment=1)
    log = told([a_contact(1, at(0, "09:00"), like)])

    assert len(when(log, 1, "strategy held")) == 1


def test_a_discussion_that_led_to_nothing_is_not_held_twice() -> None:
    like = REFERRAL._replace(section_47_at_visit=1, section_47_in_assessment=1, to_section_47=0)
    log = told([a_contact(1, at(0, "09:00"), like)])

    assert len(when(log, 1, "strategy held")) == 1


def test_a_long_enquiry_is_worked_in_even_pieces_of_at_most_two_hours() -> None:
    log = told([a_contact(1, at(0, "09:00"), SECTION_47._replace(enquiry_minutes=250))])

    # 250 minutes from 11:25: 84, 83 and 83.
    assert [line for line in work(log, 1) if line[1] == "enquiring"] == [
        ("0 11:25 - 0 12:49", "enquiring", "worker 0"),
        ("0 12:49 - 0 14:12", "enquiring", "worker 0"),
        ("0 14:12 - 0 15:35", "enquiring", "worker 0"),
    ]


def test_the_duty_worker_visits_and_another_holds_the_case() -> None:
    # On day 0 it is the turn of the first of two; the other has fewer cases for the guide, being equal the lowest id.
    people = [
        *staff("manager", "team_manager"),
        a_person(EVERYBODY[4].role, 0, guide=1),
        a_person(EVERYBODY[4].role, 1),
    ]
    log = told([a_contact(1, at(0, "09:00"), SECTION_47._replace(children=2, missed_children=()))], people)

    assert [line for line in story(log, 1) if line[1].startswith(("allocated", "seen"))] == [
        ("0 11:00", "seen child 0 duty", "worker 0"),
        ("0 11:00", "seen child 1 duty", "worker 0"),
        ("0 11:25", "allocated within", "worker 1"),
    ]


def test_a_visit_that_is_section_47s_does_not_wait_for_tomorrow_because_it_would_not_fit() -> None:
    log = told([a_contact(1, at(0, "13:50"), HARMED)])

    # Decided at 14:20, discussed 15:20-16:00: the visit begins at once and its last 30 minutes are the next morning's.
    assert ("0 16:00 - 1 09:30", "visiting", "worker 0") in work(log, 1)


@pytest.mark.parametrize(
    ("clock", "visit"),
    [
        ("15:00", ("0 15:30 - 0 17:00", "visiting", "worker 0")),
        ("15:01", ("0 17:00 - 0 19:00", "out of hours visit", "night 0")),
    ],
)
def test_a_red_visit_is_dutys_if_it_ends_by_closing_and_else_the_nights(
    clock: str, visit: tuple[str, str, str]
) -> None:
    log = told([a_contact(1, at(0, clock), SECTION_47._replace(strategy_delay=5 * HOUR))])

    assert [line for line in work(log, 1) if line[1].endswith(("visiting", "visit"))] == [visit]


def test_immediate_risk_found_late_at_the_discussion_is_visited_by_the_night() -> None:
    # Not rated red: discussed 15:20-16:00 like any other, and then there is no time for duty's ninety minutes.
    missed = HARMED._replace(need=Need.IMMEDIATE_RISK)
    log = told([a_contact(1, at(0, "13:50"), missed)])

    assert ("0 17:00 - 0 19:00", "out of hours visit", "night 0") in work(log, 1)
    assert when(log, 1, "seen child 0 out of hours") == ["0 19:00"]


def test_without_duty_workers_a_section_47_child_is_seen_by_the_holder() -> None:
    log = told([a_contact(1, at(0, "09:00"), SECTION_47)], EVERYBODY, {"assessment.duty_workers": 0})

    # Allocated at 11:25, with nothing to arrange: the visit is the first of the holder's work.
    assert when(log, 1, "seen child 0 holder") == ["0 12:55"]
    assert when(log, 1, "visit arranged") == []


def test_newly_qualified_workers_do_not_keep_a_case_that_becomes_section_47() -> None:
    people = staff("manager", "team_manager", "newly_qualified")
    log = told([a_contact(1, at(0, "09:00"), REFERRAL._replace(section_47_at_visit=1))], people)

    assert ("enquiring", "newly_qualified 0") not in {line[1:] for line in work(log, 1)}
    assert when(log, 1, "holder left") == when(log, 1, "section 47 started") == ["1 13:05"]


def test_a_case_that_becomes_section_47_is_taken_over_from_the_newly_qualified() -> None:
    (manager, team_manager, new) = staff("manager", "team_manager", "newly_qualified")
    other = a_person(EVERYBODY[4].role, starts=at(1))
    log = told(
        [a_contact(1, at(0, "09:00"), REFERRAL._replace(section_47_at_visit=1))], [manager, team_manager, new, other]
    )

    # The only one there on day 0 holds it until the discussion; reading it takes the next 25 minutes.
    assert [line for line in story(log, 1) if line[1].startswith(("allocated", "holder", "taking", "enquiring"))] == [
        ("0 09:45", "allocated within", "newly_qualified 0"),
        ("1 13:05", "holder left", "newly_qualified 0"),
        ("1 13:05", "enquiring waits", ""),
        ("1 13:20", "allocated within", "worker 0"),
        ("1 13:20", "taking over waits", ""),
        ("1 13:20", "taking over begins", "worker 0"),
        ("1 13:45", "taking over ends", "worker 0"),
        ("1 13:45", "enquiring begins", "worker 0"),
        ("1 14:45", "enquiring ends", "worker 0"),
    ]


def test_a_case_promised_to_the_newly_qualified_that_becomes_section_47_goes_to_another() -> None:
    # Its holder leaves at 12:30 on day 1, after the visit and before the discussion, which one manager chairs until
    # 13:05. Another is at work from 13:00 on giving the case to the only worker there; that promise is not kept.
    manager, new = staff("manager", "newly_qualified")
    chair, allocator = staff("team_manager", "team_manager")
    people = [
        manager,
        chair._replace(calendar=chair.calendar.between(at(1, "12:25"), at(1, "13:05"))),
        allocator._replace(calendar=allocator.calendar.without([(at(1, "12:20"), at(1, "13:00"))])),
        new._replace(starts=at(1, "12:00")),
        a_person(EVERYBODY[4].role, 0, leaves=at(1, "12:30")),
        a_person(EVERYBODY[4].role, 1, starts=at(1, "14:00")),
    ]
    log = told([a_contact(1, at(0, "09:00"), REFERRAL._replace(section_47_at_visit=1))], people)

    assert when(log, 1, "section 47 started") == ["1 13:05"]
    assert [line for line in story(log, 1) if line[1].startswith("allocated")] == [
        ("0 09:45", "allocated within", "worker 0"),
        ("1 14:15", "allocated within", "worker 1"),
    ]


def test_a_child_of_significant_harm_rated_green_is_still_discussed() -> None:
    log = told([a_contact(1, at(0, "09:00"), SECTION_47._replace(rating=Rating.GREEN, need=Need.SIGNIFICANT_HARM))])

    assert when(log, 1, "decided strategy discussion") == ["0 09:30"]


def test_the_action_is_done_even_where_the_run_is_long_past_the_case() -> None:
    log = told([a_contact(1, at(0, "09:00"), SECTION_47._replace(action_delay=60 * DAY))])

    assert when(log, 1, "action done") == ["60 11:10"]
