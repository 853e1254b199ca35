"""Scripted worlds: the assessment, its reviews and sign-off, and what follows it."""

import pytest

from sim.events import CONTACT_COLUMNS, Ending
from sim.world import Contact
from tests.worlds import (
    DAY,
    EVERYBODY,
    HOUR,
    REFERRAL,
    SECTION_47,
    Line,
    a_contact,
    at,
    contact_number,
    staff,
    steps,
    story,
    told,
    when,
    work,
)

FOUR_PIECES = REFERRAL._replace(work_minutes=400, outside_delay=8 * DAY)
"""Four pieces of 100 minutes, and two days of others' time after each."""


def assessing(lines: list[Line]) -> list[str]:
    """When the pieces of an assessment were worked."""
    return [span for span, activity, _ in lines if activity == "assessing"]


def one(like: Contact, changes: dict[str, object] | None = None, extra: tuple[str, ...] = ()) -> list[Line]:
    """The pieces of work for one contact of Monday morning, seen by 11:25 on Tuesday."""
    return work(told([a_contact(1, at(0, "09:00"), like)], [*EVERYBODY, *staff(*extra)], changes), 1)


def test_an_assessment_is_worked_in_pieces_with_others_time_between() -> None:
    assert assessing(one(FOUR_PIECES)) == [
        "1 11:25 - 1 13:05",
        "3 13:05 - 3 14:45",
        # Ready on Saturday.
        "7 09:00 - 7 10:40",
        "9 10:40 - 9 12:20",
    ]


def test_no_outside_wait_is_recorded_where_there_is_none() -> None:
    log = told([a_contact(1, at(0, "09:00"), FOUR_PIECES._replace(outside_delay=0))])

    assert when(log, 1, "outside wait") == []
    assert assessing(work(log, 1)) == [
        "1 11:25 - 1 13:05", "1 13:05 - 1 14:45", "1 14:45 - 1 16:25", "1 16:25 - 2 10:05",
    ]  # fmt: skip


def test_reviews_remove_the_drift_that_is_left() -> None:
    changes = {"assessment.review_days": (2,), "assessment.drift_share": 0.5}
    log = told([a_contact(1, at(0, "09:00"), FOUR_PIECES._replace(reviews_done=(1,)))], EVERYBODY, changes)

    # Reviewed on day 2, the second working day after the allocation; the wait then running is not cut short.
    assert [step for step in steps(log, 1) if step[1].startswith("review")] == [
        ("2 09:00", "review due"),
        ("2 09:30", "reviewed"),
    ]
    assert assessing(work(log, 1)) == [
        "1 11:25 - 1 13:05",
        "3 13:05 - 3 14:45",
        "4 14:45 - 4 16:25",
        # Saturday again.
        "7 09:00 - 7 10:40",
    ]


def test_a_review_that_is_not_done_removes_nothing() -> None:
    changes = {"assessment.review_days": (2,), "assessment.drift_share": 0.5}
    log = told([a_contact(1, at(0, "09:00"), FOUR_PIECES._replace(reviews_done=(0,)))], EVERYBODY, changes)

    assert when(log, 1, "review due") == ["2 09:00"]
    assert when(log, 1, "reviewed") == []
    assert assessing(work(log, 1))[-1] == "9 10:40 - 9 12:20"


def test_no_review_is_due_once_the_assessment_is_authorised() -> None:
    log = told(
        [a_contact(1, at(0, "09:00"), REFERRAL._replace(reviews_done=(1,)))],
        EVERYBODY,
        {"assessment.review_days": (5,)},
    )

    assert when(log, 1, "review due") == []


def test_supervision_of_long_assessments_removes_drift_where_it_unsticks() -> None:
    long = FOUR_PIECES._replace(outside_delay=160 * DAY)
    changes = {"assessment.long_supervision_days": 10, "assessment.drift_share": 0.5}
    stuck = told([a_contact(1, at(0, "09:00"), long._replace(unstuck=(0, 0, 0)))], EVERYBODY, changes)
    unstuck = told([a_contact(1, at(0, "09:00"), long._replace(unstuck=(0, 1, 0)))], EVERYBODY, changes)

    # Supervised on working days 20, 30 and 40 after the allocation on day 0.
    supervised = ["28 09:00 - 28 09:15", "42 09:00 - 42 09:15", "56 09:00 - 56 09:15"]
    assert [span for span, activity, _ in work(stuck, 1) if activity == "supervising"] == supervised
    assert [span for span, activity, _ in work(unstuck, 1) if activity == "supervising"] == supervised
    # Each wait is forty days, the first to Sunday day 41. The next is halved by the supervision of day 42, to day 62.
    assert assessing(work(stuck, 1)) == ["1 11:25 - 1 13:05", "42 09:00 - 42 10:40"]
    assert assessing(work(unstuck, 1)) == ["1 11:25 - 1 13:05", "42 09:00 - 42 10:40", "63 09:00 - 63 10:40"]


@pytest.mark.parametrize(("strength", "second"), [(0.0, "31 13:05 - 31 14:45"), (1.0, "17 09:00 - 17 10:40")])
def test_a_wait_is_cut_short_as_the_45th_working_day_nears(strength: float, second: str) -> None:
    # Allocated on day 0 and so due at the end of day 63, minute 92,160. Four waits of thirty days from 13:05 on day 1,
    # minute 2,225, would end at minute 175,025: 82,865 of 172,800 too late. At full strength the wait is
    # 43,200 x (1 - 82,865 / 172,800) = 22,483 minutes and ends at 03:48 on day 17.
    late = FOUR_PIECES._replace(outside_delay=120 * DAY)

    assert assessing(one(late, {"assessment.deadline_strength": strength}))[:2] == ["1 11:25 - 1 13:05", second]


def test_waits_are_over_some_days_before_the_45th_for_what_is_then_left_to_do() -> None:
    # As above, but for the end of day 35, the 25th working day, minute 51,840: 123,185 of 172,800 too late. The wait is
    # 43,200 x (1 - 123,185 / 172,800) = 12,403 minutes and ends at 03:48 on day 10.
    late = FOUR_PIECES._replace(outside_delay=120 * DAY)
    hurry: dict[str, object] = {"assessment.deadline_strength": 1.0, "assessment.deadline_margin_working_days": 20}

    assert assessing(one(late, hurry))[:2] == ["1 11:25 - 1 13:05", "10 09:00 - 10 10:40"]


def test_the_waits_of_an_assessment_that_is_exempt_are_as_long_as_without_a_deadline() -> None:
    exempt = FOUR_PIECES._replace(outside_delay=120 * DAY, unhurried=1)

    assert one(exempt, {"assessment.deadline_strength": 1.0}) == one(exempt)


def test_a_brief_assessment_is_begun_and_written_up_after_the_visit() -> None:
    log = told([a_contact(1, at(0, "09:00"), REFERRAL._replace(brief=1))])

    assert steps(log, 1)[3:] == [
        ("0 09:45", "allocated within"),
        ("0 09:55", "visit arranged"),
        ("1 11:25", "seen child 0 holder"),
        ("1 11:25", "assessment started"),
        ("1 12:15", "assessment authorised no further action"),
        ("1 12:15", "closed no further action"),
    ]


def test_what_becomes_section_47_is_not_assessed_briefly() -> None:
    log = told([a_contact(1, at(0, "09:00"), REFERRAL._replace(brief=1, section_47_at_visit=1))])

    assert when(log, 1, "assessment started") == ["1 13:05"]
    assert assessing(work(log, 1)) == ["1 14:05 - 1 15:45"]


def test_an_assessment_in_time_is_not_hurried() -> None:
    assert one(FOUR_PIECES, {"assessment.deadline_strength": 1.0}) == one(FOUR_PIECES)


def test_family_support_is_half_way_and_by_family_support_workers() -> None:
    lines = one(FOUR_PIECES, {"assessment.family_support_minutes": 60}, ("supporter",))

    # After the third of four pieces and the wait that follows it.
    assert [line for line in lines if line[1] in {"assessing", "family support"}][3:] == [
        ("9 10:40 - 9 11:40", "family support", "supporter 0"),
        ("9 11:40 - 9 13:20", "assessing", "worker 0"),
    ]


@pytest.mark.parametrize(("from_allocation", "started"), [("true", "3 09:45"), ("false", "14 12:40")])
def test_support_may_start_from_allocation(from_allocation: str, started: str) -> None:
    like = FOUR_PIECES._replace(ending=Ending.TRANSFER)
    changes = {"assessment.support_from_allocation": from_allocation == "true"}
    log = told([a_contact(1, at(0, "09:00"), like)], EVERYBODY, changes)

    # Three days after the allocation at 09:45; or after the sign-off at 12:40 on day 11.
    assert when(log, 1, "help started") == [started]


def test_no_support_follows_an_assessment_that_closes() -> None:
    log = told([a_contact(1, at(0, "09:00"))])

    assert when(log, 1, "help started") == []


def test_an_assessment_may_be_returned_once_before_it_is_authorised() -> None:
    assert one(REFERRAL._replace(sign_off_returned=1))[-3:] == [
        ("1 13:05 - 1 13:25", "signing off", "team_manager 0"),
        ("1 13:25 - 1 14:25", "reworking", "worker 0"),
        ("1 14:25 - 1 14:45", "signing off", "team_manager 0"),
    ]


def test_a_step_down_waits_for_an_early_help_place() -> None:
    log = told([a_contact(1, at(0, "09:00"), REFERRAL._replace(ending=Ending.STEP_DOWN))])

    # Half an hour to hand over, then two days.
    assert steps(log, 1)[-5:] == [
        ("1 13:25", "assessment authorised step down"),
        ("1 13:55", "place asked"),
        ("3 13:55", "transferred"),
        ("3 13:55", "closed step down"),
        ("4 13:25", "help started"),
    ]


def test_a_transfer_waits_for_the_receiving_team() -> None:
    log = told([a_contact(1, at(0, "09:00"), REFERRAL._replace(ending=Ending.TRANSFER))])

    assert steps(log, 1)[-5:] == [
        ("1 13:25", "assessment authorised transfer"),
        ("1 13:55", "place asked"),
        ("4 13:25", "help started"),
        ("5 13:55", "transferred"),
        ("5 13:55", "closed transfer"),
    ]


def test_a_family_waiting_for_a_place_stays_on_the_caseload() -> None:
    contacts = [a_contact(1, at(0, "09:00"), REFERRAL._replace(ending=Ending.STEP_DOWN)), a_contact(2, at(1, "09:00"))]
    full = [person._replace(guide=min(person.guide, 1), guide_after=min(person.guide, 1)) for person in EVERYBODY]
    log = told(contacts, full, {"assessment.over_guide_after_days": 90})

    # Authorised on day 1, closed at 13:55 on day 3.
    assert when(log, 2, "allocated within") == ["3 14:10"]


def test_families_waiting_for_a_place_are_visited() -> None:
    like = REFERRAL._replace(ending=Ending.TRANSFER, transfer_delay=5 * DAY)
    lines = one(like, {"ending.waiting_visit_days": 2})

    # Asked at 13:55 on day 1: visited after two days and after four; the second falls on Saturday and is not needed
    # any more when the family is accepted on day 6.
    assert [line for line in lines if line[1] == "waiting visit"] == [
        ("3 13:55 - 3 15:25", "waiting visit", "worker 0"),
    ]


@pytest.mark.parametrize(
    ("delay_days", "closed_days", "received"),
    [
        # Closed at 13:25 on day 1; families come back at 11:00, after their delay is over.
        (12, 1, "14 11:00"),
        (11, 1, "13 11:00"),
        (11, 0, "14 11:00"),
        (4, 0, "7 11:00"),
    ],
    ids=["next day's hour", "on a Sunday", "not on a Sunday", "not at a weekend"],
)
def test_a_family_comes_back_after_its_delay(delay_days: int, closed_days: int, received: str) -> None:
    back = REFERRAL._replace(return_number=1, open_case=1, minute_of_day=11 * HOUR, comes_on_closed_days=closed_days)
    first = REFERRAL._replace(would_return=(0, 0, 1, 0), return_delay=delay_days * DAY)
    log = told([a_contact(1, at(0, "09:00"), first)], EVERYBODY, returns=[(1, a_contact(9, -1, back))])

    assert when(log, 9, "received") == [received]


def test_a_return_long_after_the_run_is_no_part_of_it() -> None:
    first = REFERRAL._replace(would_return=(0, 0, 1, 0), return_delay=3000 * DAY)
    log = told([a_contact(1, at(0, "09:00"), first)], EVERYBODY, returns=[(1, a_contact(9, -1, REFERRAL))])

    assert story(log, 9) == []


@pytest.mark.parametrize(("before", "is_return"), [(REFERRAL, 1), (REFERRAL._replace(open_case=1), 0)])
def test_a_return_counts_as_one_when_the_family_was_referred_before(before: Contact, is_return: int) -> None:
    first = a_contact(1, at(0, "09:00"), before._replace(would_return=(1, 1, 1, 1), return_delay=DAY))
    log = told([first], EVERYBODY, returns=[(1, a_contact(9, -1, REFERRAL))])

    came = log.contacts[log.contact_column("contact") == contact_number(9)]
    assert came[:, CONTACT_COLUMNS.index("is_return")].tolist() == [is_return] * len(came)


@pytest.mark.parametrize("chance", [(1, 1, 0, 1), (0, 0, 0, 0)])
def test_a_family_comes_back_only_after_the_ending_it_had(chance: tuple[int, int, int, int]) -> None:
    back = a_contact(9, -1, REFERRAL)
    log = told([a_contact(1, at(0, "09:00"), REFERRAL._replace(would_return=chance))], EVERYBODY, returns=[(1, back)])

    assert story(log, 9) == []


@pytest.mark.parametrize(
    ("like", "place"),
    [
        (REFERRAL._replace(ending=Ending.NO_FURTHER_ACTION), 2),
        (REFERRAL._replace(ending=Ending.STEP_DOWN), 2),
        (REFERRAL._replace(ending=Ending.TRANSFER), 3),
        (SECTION_47._replace(close_after_section_47=1), 2),
        (SECTION_47._replace(close_after_section_47=0), 3),
        (SECTION_47._replace(to_conference=1), 3),
        (REFERRAL._replace(no_action_after_referral=1), 0),
        (REFERRAL._replace(other_authority=1), None),
        (REFERRAL._replace(open_case=1), None),
        (REFERRAL._replace(other_team=1), None),
    ],
)
def test_the_way_of_ending_decides_which_chance_of_return_applies(like: Contact, place: int | None) -> None:
    came = []
    for chance in range(4):
        would = tuple(int(k == chance) for k in range(4))
        first = like._replace(would_return=(would[0], would[1], would[2], would[3]))
        log = told([a_contact(1, at(0, "09:00"), first)], EVERYBODY, returns=[(1, a_contact(9, -1, REFERRAL))])
        came += [chance] if story(log, 9) else []

    assert came == ([] if place is None else [place])
