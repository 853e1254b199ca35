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
        ("0 10:30", "strategy discussion waits", ""),
        ("0 10:30", "strategy discussion begins", "manager 0"),
        ("0 11:10", "strategy discussion ends", "manager 0"),
        ("0 11:10", "strategy held", ""),
        ("0 11:10", "action set", ""),
        ("0 11:10", "section 47 started", ""),
        # The visit is duty's at once; the allocation goes on beside it, to the same and only worker.
        ("0 11:10", "visiting waits", ""),
        ("0 11:10", "visiting begins", "worker 0"),
        ("0 11:10", "allocating waits", ""),
        ("0 11:10", "allocating begins", "team_manager 0"),
        ("0 11:25", "allocating ends", "team_manager 0"),
        ("0 11:25", "allocated within", "worker 0"),
        ("0 11:25", "assessment started", "worker 0"),
        ("0 12:40", "visiting ends", "worker 0"),
        ("0 12:40", "seen child 0 duty", "worker 0"),
        ("0 12:40", "enquiring waits", ""),
        ("0 12:40", "enquiring begins", "worker 0"),
        ("0 13:40", "enquiring ends", "worker 0"),
        ("0 13:40", "section 47 ended", "worker 0"),
        ("0 13:40", "assessing waits", ""),
        ("0 13:40", "conference waits", ""),
        # The report is due on the day of the conference, ten working days on, before the assessment's 45th.
        ("0 13:40", "conference begins", "worker 0"),
        ("0 14:40", "conference ends", "worker 0"),
        ("0 14:40", "assessing begins", "worker 0"),
        ("0 16:20", "assessing ends", "worker 0"),
        ("0 16:20", "signing off waits", ""),
        ("0 16:20", "signing off begins", "team_manager 0"),
        ("0 16:40", "signing off ends", "team_manager 0"),
        ("0 16:40", "assessment authorised transfer after conference", "worker 0"),
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
    log = told([a_contact(1, at(0, "09:00"), SECTION_47._replace(to_section_47=0))])

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


def test_partners_meet_only_while_the_office_is_open() -> None:
    log = told([a_contact(1, at(4, "15:30"), SECTION_47._replace(strategy_delay=3 * HOUR))])

    # Decided at 16:00 on Friday; one hour of the three is left that day, two are Monday's.
    assert when(log, 1, "strategy held") == ["7 11:40"]


def test_a_discussion_at_once_waits_for_nobody() -> None:
    log = told([a_contact(1, at(0, "09:00"), SECTION_47._replace(strategy_delay=0))])

    assert when(log, 1, "strategy held") == ["0 10:10"]


@pytest.mark.parametrize(("closes", "ending"), [(1, "no further action"), (0, "transfer")])
def test_an_enquiry_without_conference_closes_or_transfers(closes: int, ending: str) -> None:
    log = told([a_contact(1, at(0, "09:00"), SECTION_47._replace(close_after_section_47=closes))])

    # One hour of the enquiry, and the 100 minutes of the assessment, after the visit ends at 12:40.
    assert when(log, 1, f"assessment authorised {ending}") == ["0 15:40"]


def test_the_conference_waits_for_its_report() -> None:
    like = TO_CONFERENCE._replace(conference_working_days=0)
    log = told([a_contact(1, at(0, "09:00"), like)])

    # Booked for 10:30 that day, before the discussion was over; the report is ready at 14:40.
    assert when(log, 1, "conference held") == ["0 14:40"]


def test_an_action_without_owner_and_date_drifts() -> None:
    log = told([a_contact(1, at(0, "09:00"), SECTION_47._replace(action_timed=0))])

    assert when(log, 1, "action done") == ["12 11:10"]


def test_an_action_goes_on_after_the_case_has_closed() -> None:
    log = told([a_contact(1, at(0, "09:00"), SECTION_47)])

    assert steps(log, 1)[-2:] == [("0 15:40", "closed no further action"), ("7 11:10", "action done")]


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

    # Two pieces of two hours; the discussion follows the second, half-way being counted from the first.
    assert work(log, 1)[5:9] == [
        ("1 11:25 - 1 13:25", "assessing", "worker 0"),
        ("1 13:25 - 1 15:25", "assessing", "worker 0"),
        ("1 16:25 - 2 09:05", "strategy discussion", "manager 0"),
        ("2 09:05 - 2 10:05", "enquiring", "worker 0"),
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

    # 250 minutes from 12:40: 84, 83 and 83.
    assert [line for line in work(log, 1) if line[1] == "enquiring"] == [
        ("0 12:40 - 0 14:04", "enquiring", "worker 0"),
        ("0 14:04 - 0 15:27", "enquiring", "worker 0"),
        ("0 15:27 - 0 16:50", "enquiring", "worker 0"),
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
        ("0 11:25", "allocated within", "worker 1"),
        ("0 12:40", "seen child 0 duty", "worker 0"),
        ("0 12:40", "seen child 1 duty", "worker 0"),
    ]


def test_a_visit_that_is_section_47s_does_not_wait_for_tomorrow_because_it_would_not_fit() -> None:
    log = told([a_contact(1, at(0, "14:00"), SECTION_47)])

    # Held at 16:10: the visit begins at once and its last 40 minutes are the next morning's.
    assert work(log, 1)[4] == ("0 16:10 - 1 09:40", "visiting", "worker 0")


def test_without_duty_workers_a_section_47_child_is_seen_by_the_holder() -> None:
    log = told([a_contact(1, at(0, "09:00"), SECTION_47)], EVERYBODY, {"assessment.duty_workers": 0})

    assert when(log, 1, "seen child 0 holder") != []


def test_newly_qualified_workers_do_not_keep_a_case_that_becomes_section_47() -> None:
    people = staff("manager", "team_manager", "newly_qualified")
    log = told([a_contact(1, at(0, "09:00"), REFERRAL._replace(section_47_at_visit=1))], people)

    assert ("enquiring", "newly_qualified 0") not in {line[1:] for line in work(log, 1)}


def test_a_child_of_significant_harm_rated_green_is_still_discussed() -> None:
    log = told([a_contact(1, at(0, "09:00"), SECTION_47._replace(rating=Rating.GREEN, need=Need.SIGNIFICANT_HARM))])

    assert when(log, 1, "decided strategy discussion") == ["0 09:30"]


def test_the_action_is_done_even_where_the_run_is_long_past_the_case() -> None:
    log = told([a_contact(1, at(0, "09:00"), SECTION_47._replace(action_delay=60 * DAY))])

    assert when(log, 1, "action done") == ["60 11:10"]
