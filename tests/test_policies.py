from collections.abc import Iterable
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.events import Activity, Ending, Guide, Need, Outcome, Rating
from sim.policies import (
    LONGEST_PIECE_MINUTES,
    ReturnClass,
    Urgency,
    decision_due,
    drift_left,
    goes_to_domestic_abuse_team,
    hurried,
    is_assessed,
    is_beside_the_path,
    is_referred,
    job_rank,
    list_now,
    load,
    may_be_section_47,
    must_seek_consent,
    on_duty,
    outcome,
    pieces,
    return_class,
    return_lands,
    room_for,
    serves,
    team_for,
    urgency_of,
)
from sim.scenario import Arrangement, Order, Source
from sim.working_time import WorkingDays
from sim.world import DOMESTIC_ABUSE_TEAM, FIRST_ASSESSMENT_TEAM, Contact
from tests.strategies import CONTACTS, FLAGS
from tests.worlds import DAY, HOUR, NO_ACTION, REFERRAL, SECTION_47, at, contact_number, plain

YEAR = WorkingDays(date(2018, 6, 4), 365)
MINUTES = st.integers(0, 400_000)


class TestOrder:
    @given(st.sampled_from(Order), st.sampled_from(Urgency), MINUTES, MINUTES)
    def test_within_a_class_the_earlier_due_comes_first(
        self, order: Order, urgency: Urgency, one: int, other: int
    ) -> None:
        assert (job_rank(order, urgency, one) < job_rank(order, urgency, other)) == (one < other)

    @given(st.sampled_from(Order), MINUTES, MINUTES)
    def test_immediate_risk_comes_before_section_47_and_that_before_the_rest(
        self, order: Order, one: int, other: int
    ) -> None:
        for first, second in pairwise((Urgency.IMMEDIATE, Urgency.SECTION_47, Urgency.PROMPT)):
            assert job_rank(order, first, one) < job_rank(order, second, other)

    @given(MINUTES, MINUTES)
    def test_only_strict_priority_tells_prompt_from_usual(self, one: int, other: int) -> None:
        strict, due = Order.STRICT_PRIORITY, Order.EARLIEST_DUE_FIRST

        assert job_rank(strict, Urgency.PROMPT, one) < job_rank(strict, Urgency.USUAL, other)
        assert job_rank(due, Urgency.PROMPT, one) == job_rank(due, Urgency.USUAL, one)


class TestDecision:
    @pytest.mark.parametrize(
        ("rating", "due"),
        [
            (Rating.RED, at(4, "13:30")),
            # Received on Friday: the next working day is Monday, which ends at midnight.
            (Rating.AMBER, at(8)),
            (Rating.GREEN, at(10)),
        ],
    )
    def test_is_due_by_its_rating(self, rating: Rating, due: int) -> None:
        assert decision_due(plain(), rating, at(4, "09:30"), YEAR) == due

    def test_classes_of_urgency_follow_ratings(self) -> None:
        assert [urgency_of(rating) for rating in (Rating.RED, Rating.AMBER, Rating.GREEN)] == [
            Urgency.IMMEDIATE,
            Urgency.PROMPT,
            Urgency.USUAL,
        ]

    @given(CONTACTS)
    def test_consent_never_stands_in_the_way_of_a_possible_section_47(self, contact: Contact) -> None:
        if may_be_section_47(contact):
            assert not must_seek_consent(contact)
            assert outcome(contact) is not Outcome.CONSENT_REFUSED

    @given(CONTACTS)
    def test_an_open_case_is_only_passed_on(self, contact: Contact) -> None:
        assert (outcome(contact) is Outcome.OPEN_CASE) == bool(contact.open_case)

    @given(CONTACTS)
    def test_significant_harm_is_discussed_or_passed_to_the_team_that_will(self, contact: Contact) -> None:
        harmed = contact._replace(need=max(contact.need, Need.SIGNIFICANT_HARM), open_case=0, other_authority=0)

        assert outcome(harmed) in (Outcome.STRATEGY_DISCUSSION, Outcome.OTHER_TEAM)

    @given(CONTACTS)
    def test_what_is_assessed_was_referred(self, contact: Contact) -> None:
        assert is_referred(outcome(contact)) or not is_assessed(outcome(contact))

    def test_a_refusal_that_is_dispensed_with_decides_nothing(self) -> None:
        refused = REFERRAL._replace(consent_missing=1, consent_refused=1)

        assert outcome(refused) is Outcome.CONSENT_REFUSED
        assert outcome(refused._replace(consent_dispensed=1)) is Outcome.REFERRAL

    def test_a_misdirected_contact_is_referred_though_nobody_needs_it(self) -> None:
        assert outcome(NO_ACTION._replace(misdirected=1)) is Outcome.REFERRAL


class TestWork:
    @given(st.integers(1, 5000))
    def test_pieces_are_even_and_at_most_two_hours_and_sum_to_the_effort(self, effort: int) -> None:
        found = pieces(effort)

        assert sum(found) == effort
        assert max(found) <= LONGEST_PIECE_MINUTES
        assert max(found) - min(found) <= 1
        assert len(found) == -(-effort // LONGEST_PIECE_MINUTES)

    def test_no_effort_has_no_pieces(self) -> None:
        assert pieces(0) == []

    @given(MINUTES, st.floats(0, 1))
    def test_a_review_removes_the_drift_and_nothing_else_does(self, gap: int, share: float) -> None:
        assert drift_left(gap, share, reviewed=False) == gap
        assert 0 <= drift_left(gap, share, reviewed=True) <= gap
        assert abs(drift_left(gap, share, reviewed=True) - gap * (1 - share)) < 1

    @given(MINUTES, MINUTES, MINUTES, MINUTES, st.floats(0, 1), st.floats(0, 1))
    def test_hurrying_only_shortens_and_more_so_the_stronger_it_is(
        self, gap: int, now: int, ahead: int, deadline: int, one: float, other: float
    ) -> None:
        weak, strong = (hurried(gap, now, now + ahead, deadline, strength) for strength in sorted((one, other)))

        assert 0 <= strong <= weak <= gap

    @given(MINUTES, MINUTES, MINUTES)
    def test_nothing_in_time_is_hurried(self, gap: int, now: int, ahead: int) -> None:
        assert hurried(gap, now, now + ahead, now + ahead, 1.0) == gap

    @given(MINUTES, MINUTES, st.integers(1, 100_000))
    def test_past_the_deadline_full_strength_leaves_no_wait(self, gap: int, now: int, ahead: int) -> None:
        assert hurried(gap, now, now + ahead, now, 1.0) == 0

    def test_what_holds_a_contact_up_is_not_beside_its_path(self) -> None:
        beside = {activity for activity in Activity if is_beside_the_path(activity)}

        assert beside.isdisjoint({Activity.SCREENING, Activity.DECIDING, Activity.VISITING, Activity.ASSESSING})
        assert {Activity.CHASING, Activity.REVIEWING, Activity.SUPERVISING} <= beside


class TestAllocation:
    @given(st.integers(1, 8), st.integers(0, 30), st.integers(1, 30), FLAGS, FLAGS)
    def test_room_is_always_for_a_true_reason(
        self, children: int, held: int, guide: int, section_47: int, waited: int
    ) -> None:
        why = room_for(children, held, guide, section_47=bool(section_47), waited_long=bool(waited))

        assert (why is Guide.WITHIN) == (held + children <= guide)
        assert why is not Guide.OVER_FOR_SECTION_47 or section_47
        assert why is not Guide.OVER_AFTER_WAITING or waited
        assert why is not Guide.LARGE_FAMILY_ALONE or (held == 0 and children > guide)
        assert why is not None or not (section_47 or waited)

    @given(st.integers(0, 40), st.integers(0, 40), st.integers(1, 40))
    def test_load_rises_with_each_child(self, one: int, other: int, guide: int) -> None:
        assert (load(one, guide) < load(other, guide)) == (one < other)

    def test_load_is_relative_to_the_guide(self) -> None:
        assert load(4, 10) < load(3, 5)
        assert load(2, 4) < load(3, 6)

    def test_load_of_those_without_a_guide_counts_what_they_hold(self) -> None:
        assert load(0, 0) < load(1, 0)

    @given(st.sampled_from(Arrangement), st.integers(1, 12), st.integers(0, 60), FLAGS, st.integers(0, 99))
    def test_a_family_goes_to_a_team_that_there_is(
        self, arrangement: Arrangement, teams: int, week: int, section_47: int, number: int
    ) -> None:
        team = team_for(arrangement, teams, week, section_47=bool(section_47), contact_id=contact_number(number))

        assert FIRST_ASSESSMENT_TEAM <= team < FIRST_ASSESSMENT_TEAM + teams

    @given(st.integers(1, 12), st.integers(1, 12), FLAGS)
    def test_every_team_has_a_list_that_somebody_serves(self, team: int, teams: int, there: int) -> None:
        now = list_now(team, teams, has_domestic_abuse_team=bool(there))

        assert FIRST_ASSESSMENT_TEAM <= now < FIRST_ASSESSMENT_TEAM + teams
        assert now == team or team >= FIRST_ASSESSMENT_TEAM + teams

    def test_the_domestic_abuse_teams_list_is_its_own_while_there_is_one(self) -> None:
        there = [list_now(DOMESTIC_ABUSE_TEAM, 4, has_domestic_abuse_team=is_there) for is_there in (True, False)]

        assert there == [DOMESTIC_ABUSE_TEAM, FIRST_ASSESSMENT_TEAM]

    def test_duty_weeks_go_round(self) -> None:
        weeks = [team_for(Arrangement.DUTY_WEEK, 3, week, section_47=False, contact_id=1) for week in range(4)]

        assert weeks == [1, 2, 3, 1]

    @given(st.sampled_from(Arrangement), st.integers(0, 5), st.integers(0, 5))
    def test_the_domestic_abuse_team_keeps_to_itself(self, arrangement: Arrangement, lists: int, worker: int) -> None:
        if DOMESTIC_ABUSE_TEAM in (lists, worker):
            assert serves(arrangement, lists, worker) == (lists == worker)
        else:
            assert serves(arrangement, lists, worker) == (arrangement is Arrangement.POOLED or lists == worker)

    def test_the_domestic_abuse_team_takes_what_police_notify(self) -> None:
        police = list(Source).index(Source.POLICE)
        told = [
            goes_to_domestic_abuse_team(REFERRAL._replace(domestic_abuse=abuse, source=source))
            for abuse in (0, 1)
            for source in (police, police + 1)
        ]

        assert told == [False, False, True, False]


class TestDuty:
    ROTAS = st.lists(st.tuples(st.integers(1, 3), st.integers(1, 40)), unique_by=lambda pair: pair[1], max_size=12)

    @given(ROTAS, st.integers(1, 3), st.integers(0, 400), st.integers(0, 6))
    def test_the_rota_fills_its_places_once_each_and_the_weeks_team_first(
        self, rostered: list[tuple[int, int]], team: int, day: int, places: int
    ) -> None:
        found = on_duty(rostered, team, day, places)
        first = [person for of, person in rostered if of == team]

        assert len(found) == len(set(found)) == min(places, len(rostered))
        assert set(found[: len(first)]) <= set(first)
        assert on_duty(list(reversed(rostered)), team, day, places) == found

    def test_turns_go_round_day_by_day(self) -> None:
        rostered = [(1, person) for person in (11, 12, 13)]

        assert [on_duty(rostered, 1, day, 2) for day in range(3)] == [[11, 12], [13, 11], [12, 13]]


class TestReturns:
    @pytest.mark.parametrize(
        ("decided", "ending", "meets"),
        [
            (Outcome.NO_FURTHER_ACTION, Ending.AT_CONTACT, ReturnClass.NO_ACTION),
            (Outcome.ADVICE, Ending.AT_CONTACT, ReturnClass.NO_ACTION),
            (Outcome.CONSENT_REFUSED, Ending.AT_CONTACT, ReturnClass.NO_ACTION),
            (Outcome.REFERRAL_NO_ACTION, Ending.AT_CONTACT, ReturnClass.NO_ACTION),
            (Outcome.EARLY_HELP, Ending.AT_CONTACT, ReturnClass.EARLY_HELP),
            (Outcome.OPEN_CASE, Ending.AT_CONTACT, None),
            (Outcome.OTHER_TEAM, Ending.AT_CONTACT, None),
            (Outcome.OTHER_AUTHORITY, Ending.AT_CONTACT, None),
            # The numbers of endings are also those of outcomes: 1 is advice, 2 early help, 3 a referral.
            (Outcome.REFERRAL, Ending.NO_FURTHER_ACTION, ReturnClass.ASSESSED),
            (Outcome.REFERRAL, Ending.STEP_DOWN, ReturnClass.ASSESSED),
            (Outcome.STRATEGY_DISCUSSION, Ending.TRANSFER, ReturnClass.TRANSFERRED),
            (Outcome.STRATEGY_DISCUSSION, Ending.TRANSFER_AFTER_CONFERENCE, ReturnClass.TRANSFERRED),
        ],
    )
    def test_the_ending_decides_whose_chance_of_return_a_family_has(
        self, decided: Outcome, ending: Ending, meets: ReturnClass | None
    ) -> None:
        assert return_class(decided, ending) is meets

    @given(st.integers(0, 300 * DAY), st.integers(0, DAY - 1), FLAGS)
    def test_a_return_lands_at_its_hour_soon_after_its_delay(self, after: int, minute: int, closed_days: int) -> None:
        back = REFERRAL._replace(minute_of_day=minute, comes_on_closed_days=closed_days)
        lands = return_lands(after, back, YEAR)

        assert after <= lands
        assert lands % DAY == minute
        # At most the fifth working day after Easter, Friday to Monday closed, and the day it was too late for.
        assert lands - after <= (1 if closed_days else 12) * DAY
        assert closed_days or YEAR.is_working_day(lands // DAY)

    def test_a_return_on_a_working_day_keeps_it(self) -> None:
        back = REFERRAL._replace(minute_of_day=11 * HOUR, comes_on_closed_days=0)

        assert return_lands(at(2, "11:00"), back, YEAR) == at(2, "11:00")
        assert return_lands(at(2, "11:01"), back, YEAR) == at(3, "11:00")

    def test_returns_due_at_a_weekend_are_spread_over_the_week_after(self) -> None:
        back = REFERRAL._replace(minute_of_day=11 * HOUR, comes_on_closed_days=0)
        landed = {return_lands(at(5, "09:00"), back._replace(id=contact_number(n)), YEAR) // DAY for n in range(5)}

        assert landed == {7, 8, 9, 10, 11}


def test_every_urgency_is_told_apart_under_strict_priority() -> None:
    ranks: Iterable[tuple[int, int]] = [job_rank(Order.STRICT_PRIORITY, urgency, 0) for urgency in Urgency]

    assert len(set(ranks)) == len(Urgency)
    assert SECTION_47.need is Need.SIGNIFICANT_HARM
