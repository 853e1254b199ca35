"""Scripted worlds: clarifying a contact, and consent."""

import pytest

from sim.events import Need, Rating
from sim.world import Contact, Round
from tests.worlds import (
    A_ROUND,
    DAY,
    HOUR,
    IMMEDIATE_RISK,
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

PEOPLE = staff("manager", "responder")
UNCLEAR = REFERRAL._replace(information_unclear=1, open_case=0, other_authority=1, rounds=(A_ROUND,))
"""Unclear, and another authority's in the end: its story ends when it is decided."""

UNCONSENTED = REFERRAL._replace(consent_missing=1)


def test_a_manager_waits_for_the_slowest_reply() -> None:
    log = told([a_contact(1, at(0, "09:00"), UNCLEAR)], PEOPLE)

    # Police answer after one day, health after three; schools were not asked.
    assert story(log, 1) == [
        ("0 09:00", "received", ""),
        ("0 09:00", "screening waits", ""),
        ("0 09:00", "screening begins", "manager 0"),
        ("0 09:10", "screening ends", "manager 0"),
        ("0 09:10", "screened amber", ""),
        ("0 09:10", "asking waits", ""),
        ("0 09:10", "asking begins", "responder 0"),
        ("0 09:40", "asking ends", "responder 0"),
        ("0 09:40", "information asked", ""),
        ("3 09:40", "information ready", ""),
        ("3 09:40", "deciding waits", ""),
        ("3 09:40", "deciding begins", "manager 0"),
        ("3 10:00", "deciding ends", "manager 0"),
        ("3 10:00", "decided other authority", ""),
        ("3 10:00", "closed at contact", ""),
    ]


def test_a_manager_may_decide_when_all_but_the_slowest_have_replied() -> None:
    log = told([a_contact(1, at(0, "09:00"), UNCLEAR)], PEOPLE, {"further_work.all_replies_needed": False})

    assert when(log, 1, "information ready") == ["1 09:40"]


def test_each_further_round_is_decided_and_asked_again() -> None:
    second = Round(ask_minutes=15, police_reply=-1, health_reply=-1, education_reply=5 * HOUR, chased_reply=HOUR)
    log = told([a_contact(1, at(0, "09:00"), UNCLEAR._replace(rounds=(A_ROUND, second)))], PEOPLE)

    assert steps(log, 1) == [
        ("0 09:00", "received"),
        ("0 09:10", "screened amber"),
        ("0 09:40", "information asked"),
        ("3 09:40", "information ready"),
        ("3 10:15", "information asked"),
        ("3 15:15", "information ready"),
        ("3 15:35", "decided other authority"),
        ("3 15:35", "closed at contact"),
    ]
    assert [line[1] for line in work(log, 1)] == ["screening", "asking", "deciding", "asking", "deciding"]


def test_a_late_reply_is_chased_and_comes_sooner() -> None:
    log = told([a_contact(1, at(0, "09:00"), UNCLEAR)], PEOPLE, {"further_work.chase_after_days": 1.0})

    # Chased after a day, for ten minutes; answered a day later instead of on day 3.
    assert work(log, 1)[2] == ("1 09:40 - 1 09:50", "chasing", "responder 0")
    assert when(log, 1, "information ready") == ["2 09:50"]


def test_a_chase_never_delays_a_reply() -> None:
    slow_when_chased = UNCLEAR._replace(rounds=(A_ROUND._replace(chased_reply=9 * DAY),))
    log = told([a_contact(1, at(0, "09:00"), slow_when_chased)], PEOPLE, {"further_work.chase_after_days": 1.0})

    assert when(log, 1, "information ready") == ["3 09:40"]


def test_a_reply_in_time_is_not_chased() -> None:
    log = told([a_contact(1, at(0, "09:00"), UNCLEAR)], PEOPLE, {"further_work.chase_after_days": 4.0})

    assert "chasing" not in {line[1] for line in work(log, 1)}


def test_after_the_limit_the_manager_must_decide() -> None:
    log = told([a_contact(1, at(0, "09:00"), UNCLEAR)], PEOPLE, {"further_work.limit_working_days": 1})

    # One working day after receipt ends at midnight on day 1; the manager decides when the office opens.
    assert steps(log, 1)[2:5] == [
        ("0 09:40", "information asked"),
        ("2 00:00", "information ready"),
        ("2 09:20", "decided other authority"),
    ]


LIMIT: dict[str, object] = {"further_work.limit_working_days": 1}


def test_no_further_round_is_asked_once_the_limit_has_passed() -> None:
    two = UNCLEAR._replace(rounds=(A_ROUND, A_ROUND))
    log = told([a_contact(1, at(0, "09:00"), two)], PEOPLE, LIMIT)

    assert when(log, 1, "information asked") == ["0 09:40"]
    assert when(log, 1, "information ready") == ["2 00:00"]
    assert when(log, 1, "decided other authority") == ["2 09:20"]


def test_questions_nobody_has_begun_to_put_are_withdrawn_at_the_limit() -> None:
    manager, responder = PEOPLE
    away = responder._replace(calendar=responder.calendar.without([(0, at(9))]))
    log = told([a_contact(1, at(0, "09:00"), UNCLEAR)], [manager, away], LIMIT)

    assert when(log, 1, "information asked") == []
    assert work(log, 1)[1:] == [("2 09:00 - 2 09:20", "deciding", "manager 0")]


def test_a_question_under_way_at_the_limit_is_the_last() -> None:
    manager, responder = PEOPLE
    away = [(at(0, "09:20"), at(1, "16:55")), (at(2), at(2, "09:30"))]
    people = [manager, responder._replace(calendar=responder.calendar.without(away))]
    like = UNCONSENTED._replace(rounds=(A_ROUND,), no_action_after_referral=1)
    log = told([a_contact(1, at(0, "09:00"), like)], people, LIMIT)
    # Its thirty minutes are worked on three days, the last fifteen after the limit; the family is not asked then.
    assert work(log, 1)[1:] == [
        ("0 09:10 - 2 09:45", "asking", "responder 0"),
        ("2 09:45 - 2 10:05", "deciding", "manager 0"),
    ]
    assert "seeking consent waits" not in {step for _, step, _ in story(log, 1)}


def test_the_limit_runs_from_receipt() -> None:
    # Screened only on Wednesday, when the one day after Monday's receipt is over. At night nobody is there to look.
    (manager, responder) = PEOPLE
    away = manager._replace(calendar=manager.calendar.without([(0, at(2))]))
    log = told([a_contact(1, at(0, "09:00"), UNCLEAR)], [away, responder], LIMIT)

    assert [line[:2] for line in work(log, 1)] == [
        ("1 09:00 - 1 09:05", "morning handover"),
        ("2 09:00 - 2 09:05", "morning handover"),
        ("2 09:05 - 2 09:15", "screening"),
        ("2 09:15 - 2 09:35", "deciding"),
    ]


def test_what_the_limit_forces_is_decided_before_all_that_can_wait() -> None:
    # An older green contact has been ready since day 0; what is escalated on day 2 goes first.
    (manager, responder) = PEOPLE
    away = manager._replace(calendar=manager.calendar.without([(at(0, "09:20"), at(2))]))
    green = REFERRAL._replace(rating=Rating.GREEN, open_case=1)
    contacts = [a_contact(1, at(0, "09:00"), UNCLEAR), a_contact(2, at(0, "09:05"), green)]
    strict: dict[str, object] = {"front_door.amber_working_days": 9, "front_door.green_working_days": 0}
    free = told(contacts, [away, responder], strict)
    limited = told(contacts, [away, responder], {**strict, **LIMIT})

    assert when(free, 2, "decided open case") == ["2 09:20"]
    assert when(limited, 1, "decided other authority") == ["2 09:20"]
    assert when(limited, 2, "decided open case") == ["2 09:40"]


def test_health_and_education_answer_only_while_the_office_is_open_and_police_at_any_hour() -> None:
    # Asked at 09:40 on Monday; an answer that is ready at 23:40 comes when the office opens, but for the police.
    by_night = A_ROUND._replace(police_reply=-1, health_reply=-1, education_reply=-1)
    for partner, ready in (("health", "1 09:00"), ("education", "1 09:00"), ("police", "0 23:40")):
        like = UNCLEAR._replace(rounds=(by_night._replace(**{f"{partner}_reply": 14 * HOUR}),))
        log = told([a_contact(1, at(0, "09:00"), like)], PEOPLE)

        assert when(log, 1, "information ready") == [ready]


def test_partners_and_family_are_waited_for_separately() -> None:
    # Asked until 09:40, consent sought until 10:10: whichever answers last is waited for, each from its own question.
    like = UNCONSENTED._replace(rounds=(A_ROUND,), no_action_after_referral=1)
    for delay, ready in ((DAY, "3 10:10"), (4 * DAY, "4 10:10")):
        log = told([a_contact(1, at(0, "09:00"), like._replace(consent_delay=delay))], PEOPLE)

        assert when(log, 1, "information ready") == [ready]


def test_a_family_is_not_chased_for_its_consent() -> None:
    like = UNCONSENTED._replace(consent_delay=9 * DAY, no_action_after_referral=1)
    log = told([a_contact(1, at(0, "09:00"), like)], PEOPLE, {"further_work.chase_after_days": 1.0})

    assert "chasing" not in {line[1] for line in work(log, 1)}


def test_consent_is_sought_only_where_early_help_or_section_17_is_in_view() -> None:
    below = UNCONSENTED._replace(need=Need.BELOW_THRESHOLD)
    asked = [
        when(told([a_contact(1, at(0, "09:00"), like)], PEOPLE), 1, "information asked")
        for like in (below, below._replace(misdirected=1), below._replace(need=Need.EARLY_HELP))
    ]

    assert asked == [[], ["0 09:40"], ["0 09:40"]]


def test_police_domestic_abuse_information_comes_in_batches() -> None:
    both = (UNCLEAR._replace(domestic_abuse=1), UNCLEAR)
    for like, ready in zip(both, ("7 09:00", "3 09:40"), strict=True):
        log = told([a_contact(1, at(0, "09:00"), like)], PEOPLE, {"further_work.police_batch_days": 7})

        # Released each seventh day as the office opens, counted from day 0.
        assert when(log, 1, "information ready") == [ready]


def test_consent_is_sought_once_and_waited_for() -> None:
    log = told([a_contact(1, at(0, "09:00"), UNCONSENTED._replace(no_action_after_referral=1))], PEOPLE)

    assert steps(log, 1) == [
        ("0 09:00", "received"),
        ("0 09:10", "screened amber"),
        ("0 09:40", "information asked"),
        ("2 09:40", "information ready"),
        ("2 10:00", "decided referral no action"),
        ("2 10:00", "closed at contact"),
    ]
    assert work(log, 1)[1] == ("0 09:10 - 0 09:40", "seeking consent", "responder 0")


def test_consent_is_sought_with_the_first_round_only() -> None:
    like = UNCONSENTED._replace(rounds=(A_ROUND, A_ROUND), no_action_after_referral=1)
    log = told([a_contact(1, at(0, "09:00"), like)], PEOPLE)

    assert [line[1] for line in work(log, 1)] == [
        "screening", "asking", "seeking consent", "deciding", "asking", "deciding",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("refused", "dispensed", "outcome", "decided"),
    [
        (0, 0, "referral", "2 10:00"),
        (1, 0, "consent refused", "2 10:00"),
        # Not sought at all.
        (1, 1, "referral", "0 09:30"),
        (0, 1, "referral", "0 09:30"),
    ],
    ids=["given", "refused", "dispensed with", "dispensed with though it would be given"],
)
def test_refused_consent_ends_a_contact_unless_a_manager_dispenses_with_it(
    refused: int, dispensed: int, outcome: str, decided: str
) -> None:
    like = UNCONSENTED._replace(consent_refused=refused, consent_dispensed=dispensed)
    log = told([a_contact(1, at(0, "09:00"), like)], PEOPLE)

    assert when(log, 1, f"decided {outcome}") == [decided]


@pytest.mark.parametrize(("limit", "outcome"), [(1, "referral"), (3, "consent refused")])
def test_a_family_that_has_not_answered_by_the_limit_has_not_refused(limit: int, outcome: str) -> None:
    like = UNCONSENTED._replace(consent_refused=1, consent_delay=at(2), no_action_after_referral=0)
    log = told([a_contact(1, at(0, "09:00"), like)], PEOPLE, {"further_work.limit_working_days": limit})

    assert len(when(log, 1, f"decided {outcome}")) == 1


@pytest.mark.parametrize(
    "like",
    [
        IMMEDIATE_RISK,
        SECTION_47,
        SECTION_47._replace(rating=Rating.AMBER),
        REFERRAL._replace(rating=Rating.RED),
        REFERRAL._replace(open_case=1),
        REFERRAL._replace(other_authority=1),
    ],
    ids=["immediate risk", "section 47", "section 47 rated amber", "rated red", "open case", "other authority"],
)
def test_consent_never_delays_what_does_not_need_it(like: Contact) -> None:
    log = told([a_contact(1, at(0, "09:00"), like._replace(consent_missing=1, consent_refused=1))], PEOPLE)

    assert work(log, 1)[1] == ("0 09:10 - 0 09:30", "deciding", "manager 0")


@pytest.mark.parametrize(
    "like",
    [
        IMMEDIATE_RISK,
        SECTION_47._replace(rating=Rating.AMBER),
        REFERRAL._replace(rating=Rating.RED),
        REFERRAL._replace(open_case=1),
    ],
)
def test_immediate_risk_section_47_and_open_cases_are_not_sent_for_further_work(like: Contact) -> None:
    log = told([a_contact(1, at(0, "09:00"), like._replace(rounds=(A_ROUND,)))], PEOPLE)

    assert work(log, 1)[1] == ("0 09:10 - 0 09:30", "deciding", "manager 0")


def test_a_chased_partner_does_not_answer_for_the_family() -> None:
    like = UNCONSENTED._replace(rounds=(A_ROUND,), consent_delay=9 * DAY, no_action_after_referral=1)
    log = told([a_contact(1, at(0, "09:00"), like)], PEOPLE, {"further_work.chase_after_days": 1.0})

    # Asked at 09:40, consent sought until 10:10 and answered nine days later.
    assert when(log, 1, "information ready") == ["9 10:10"]


def test_a_reply_that_has_come_is_not_chased_any_more() -> None:
    answered = REFERRAL._replace(rounds=(A_ROUND._replace(health_reply=-1, police_reply=DAY + 10),))
    busy = UNCLEAR._replace(rounds=(A_ROUND._replace(ask_minutes=400),))
    log = told(
        [a_contact(1, at(0, "09:00"), answered), a_contact(2, at(1, "09:20"), busy)],
        PEOPLE,
        {"further_work.chase_after_days": 1.0},
    )

    assert when(log, 1, "information ready") == ["1 09:50"]
    assert "chasing" not in {line[1] for line in work(log, 1)}
