"""Posts, their holders, and the hours they work."""

from collections.abc import Iterable
from datetime import date
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from sim.events import Role
from sim.randomness import Luck
from sim.scenario import Scenario, load
from sim.working_time import MINUTES_PER_DAY, Calendar, OpeningHours, opening_calendar
from sim.world import DOMESTIC_ABUSE_TEAM, STAYS, Person, has_domestic_abuse_team, span
from sim.world.people import people
from sim.world.presence import _leave_rate
from tests.worlds import BASELINE

MANY = 250
WORKER = Role.EXPERIENCED_SOCIAL_WORKER
ALONE: dict[str, object] = {
    "calendar.warm_up_days": 0,
    "calendar.follow_up_days": 0,
    "calendar.horizon_days": 365,
    "front_door.managers": 0,
    "front_door.senior_practitioners": 0,
    "front_door.workers": 0,
    "out_of_hours.staff": 0,
    "assessment.managers": 0,
    "assessment.family_support_workers": 0,
    "assessment.duty_workers": 0,
    "assessment.social_workers.newly_qualified": 0,
    "assessment.social_workers.agency": 0,
    "assessment.social_workers.experienced": MANY,
    "workforce.absence_share": 0.0,
    "workforce.leave_days": 0.0,
    "workforce.part_time_share": 0.0,
    "workforce.turnover_per_year": 0.0,
    "workforce.booked_minutes_worker": 0,
}
"""Many social workers for a year, always there unless a test says otherwise."""

FEW: dict[str, object] = {"assessment.social_workers.experienced": 20}
ON: dict[str, object] = {
    "domestic_abuse_team.on": True,
    "domestic_abuse_team.managers": 1,
    "domestic_abuse_team.social_workers": 2,
}

BASE = load(BASELINE).changed(ALONE)
LUCK = Luck(5, 0)


def workers(scenario: Scenario, baseline: Scenario | None = None) -> tuple[Person, ...]:
    """Everybody of a scenario."""
    return people(scenario, baseline or scenario, LUCK)


def office(scenario: Scenario) -> Calendar:
    """The hours of the office."""
    hours = OpeningHours(scenario.calendar.office_opens_minute, scenario.calendar.office_closes_minute)
    return opening_calendar(span(scenario).first_day, span(scenario).days, hours)


def days_worked(person: Person) -> NDArray[np.int64]:
    """The days on which somebody works at all."""
    return np.unique(person.calendar.starts_array // MINUTES_PER_DAY)


def away_shares(changes: dict[str, object]) -> NDArray[np.float64]:
    """The share of the office's days on which each of many people is away."""
    scenario = BASE.changed(changes)
    days = len(office(scenario))
    return np.array([1 - len(days_worked(person)) / days for person in workers(scenario)])


def is_within_chance(values: Iterable[float], asked: float) -> bool:
    """Whether a mean is what is asked, but for chance once in a thousand."""
    found = np.array(list(values))
    return bool(abs(found.mean() - asked) < stats.t.isf(0.0005, len(found) - 1) * stats.sem(found))


class TestHours:
    def test_who_is_never_away_works_when_the_office_is_open(self) -> None:
        assert {person.calendar for person in workers(BASE)} == {office(BASE)}

    @pytest.mark.parametrize("share", [0.033, 0.1])
    def test_sickness_takes_the_share_asked_for(self, share: float) -> None:
        shares = away_shares({"workforce.absence_share": share, "assessment.social_workers.experienced": 1000})

        assert is_within_chance(shares, share)

    def test_sickness_is_single_days_and_whole_months(self) -> None:
        scenario = BASE.changed({"workforce.absence_share": 0.1})
        all_days = np.unique(office(scenario).starts_array // MINUTES_PER_DAY)
        runs = [run for person in workers(scenario) for run in _runs(np.setdiff1d(all_days, days_worked(person)))]

        assert min(runs) == 1
        assert max(runs) >= 28

    def test_leave_takes_the_days_its_rate_says(self) -> None:
        scenario = BASE.changed({"workforce.leave_days": 28.0, "assessment.social_workers.experienced": 1000})
        days = np.unique(office(scenario).starts_array // MINUTES_PER_DAY)
        expected = float(_leave_rate(scenario.workforce, span(scenario))[days].sum())

        assert is_within_chance([len(days) - len(days_worked(person)) for person in workers(scenario)], expected)

    def test_the_rate_of_leave_is_that_of_the_days_asked_for(self) -> None:
        scenario = BASE.changed({"workforce.leave_days": 28.0})
        days = np.unique(office(scenario).starts_array // MINUTES_PER_DAY)

        assert float(_leave_rate(scenario.workforce, span(scenario))[days].sum()) == pytest.approx(28.0, rel=0.005)

    def test_leave_is_taken_by_the_week_and_more_in_august_and_before_the_new_year(self) -> None:
        scenario = BASE.changed({"workforce.leave_days": 28.0})
        first = span(scenario).first_day.toordinal()
        days = np.unique(office(scenario).starts_array // MINUTES_PER_DAY)
        monday = days - (days + span(scenario).first_day.weekday()) % 7
        at_work = np.array([np.isin(days, days_worked(person)) for person in workers(scenario)])

        # Whole weeks: within a week of the office's days somebody is there on all or none.
        weeks = [at_work[:, monday == week] for week in np.unique(monday)]
        assert all(((week.all(axis=1)) | (~week.any(axis=1))).all() for week in weeks)
        starts = np.array([date.fromordinal(int(first + day)) for day in monday])
        august = np.array([start.month == 8 for start in starts])
        usual = np.array([start.month < 8 for start in starts])
        away = 1 - at_work
        # Twice the usual: each person's August less twice their spring averages nothing.
        excess = away[:, august].mean(axis=1) - scenario.workforce.august_leave_index * away[:, usual].mean(axis=1)
        assert is_within_chance(excess, 0.0)

    @pytest.mark.parametrize("share", [0.25, 1.0])
    def test_part_timers_work_three_days_in_five(self, share: float) -> None:
        scenario = BASE.changed({"workforce.part_time_share": share})
        found = [float(len(days_worked(person)) / len(office(scenario))) for person in workers(scenario)]
        part_time = [place for place in found if place < 1]

        assert abs(len(part_time) - share * MANY) <= stats.norm.isf(0.0005) * np.sqrt(MANY * share * (1 - share))
        weekday = (np.unique(office(scenario).starts_array // MINUTES_PER_DAY) + span(scenario).first_day.weekday()) % 7
        three_in_five = {float(np.mean(~np.isin(weekday, (off, (off + 1) % 5)))) for off in range(5)}
        assert set(part_time) <= three_in_five

    @pytest.mark.parametrize("minutes", [0, 75, 480])
    def test_booked_time_is_one_block_a_day_of_exactly_the_minutes_asked_for(self, minutes: int) -> None:
        scenario = BASE.changed(
            {"workforce.booked_minutes_worker": minutes, "assessment.social_workers.experienced": 20}
        )
        hours = scenario.calendar.office_closes_minute - scenario.calendar.office_opens_minute

        for person in workers(scenario):
            starts, ends = person.calendar.starts_array, person.calendar.ends_array
            worked = np.bincount(starts // MINUTES_PER_DAY, ends - starts)
            assert set(worked[worked > 0].tolist()) == {hours - minutes}
            assert np.bincount(starts // MINUTES_PER_DAY).max() <= 2

    def test_booked_time_is_at_any_time_of_the_day(self) -> None:
        scenario = BASE.changed({"workforce.booked_minutes_worker": 120, "assessment.social_workers.experienced": 20})
        gone = [
            hour for person in workers(scenario) for hour in (person.calendar.ends_array % MINUTES_PER_DAY).tolist()
        ]

        assert len(set(gone)) > 20

    def test_nights_are_the_complement_of_the_office(self) -> None:
        scenario = BASE.changed({"out_of_hours.staff": 2})
        nights = [person.calendar for person in workers(scenario) if person.role is Role.OUT_OF_HOURS_WORKER]

        assert nights == [office(scenario).complement(span(scenario).end)] * 2


def _runs(days: NDArray[np.int64]) -> list[int]:
    """The lengths in days of stretches away, weekends between two days away counted in."""
    breaks = np.flatnonzero(np.diff(days) > 4)
    stretches = np.split(days, breaks + 1)
    return [int(stretch[-1] - stretch[0] + 1) for stretch in stretches if stretch.size]


class TestComingAndGoing:
    def test_as_many_leave_in_a_year_as_asked(self) -> None:
        scenario = BASE.changed({"workforce.turnover_per_year": 0.5, "workforce.vacancy_days": 0.0})
        leavers = sum(person.leaves != STAYS for person in workers(scenario))

        # Posts filled at once are left at a constant rate: a Poisson count.
        assert abs(leavers - 0.5 * MANY) < stats.norm.isf(0.0005) * np.sqrt(0.5 * MANY)

    def test_a_left_post_is_empty_for_the_vacancy_and_then_filled(self) -> None:
        scenario = BASE.changed({"workforce.turnover_per_year": 1.0, "workforce.vacancy_days": 30.0})
        holders: dict[int, list[Person]] = {}
        for person in workers(scenario):
            holders.setdefault(person.id >> 12, []).append(person)
        gaps = {b.starts - a.leaves for post in holders.values() for a, b in pairwise(post)}

        assert gaps == {30 * MINUTES_PER_DAY}

    def test_nobody_works_before_starting_or_after_leaving(self) -> None:
        for person in workers(BASE.changed({"workforce.turnover_per_year": 3.0, "workforce.vacancy_days": 10.0})):
            until = span(BASE).end if person.leaves == STAYS else person.leaves
            assert person.calendar == person.calendar.between(person.starts, until)

    def test_managers_do_not_leave(self) -> None:
        scenario = BASE.changed({"workforce.turnover_per_year": 3.0, "assessment.managers": 50})

        assert {p.leaves for p in workers(scenario) if p.role is Role.TEAM_MANAGER} == {STAYS}

    def test_the_turnover_before_the_levers_start_is_the_baselines(self) -> None:
        later = BASE.changed({"levers_start_day": 180, "workforce.turnover_per_year": 3.0})
        leaves = [person.leaves for person in workers(later, BASE) if person.leaves != STAYS]

        assert min(leaves) >= 180 * MINUTES_PER_DAY
        assert workers(later.changed({"workforce.turnover_per_year": 0.0}), BASE) == workers(BASE)


class TestLevers:
    def test_one_more_worker_changes_nobody_elses_year(self) -> None:
        busy = BASE.changed(
            {
                "workforce.absence_share": 0.05,
                "workforce.leave_days": 28.0,
                "workforce.part_time_share": 0.3,
                "workforce.turnover_per_year": 0.5,
                "workforce.booked_minutes_worker": 90,
            }
        )
        more = busy.changed({"assessment.social_workers.experienced": MANY + 1})
        kept = {person.id: person for person in workers(more, busy)}

        assert [kept[person.id] for person in workers(busy)] == list(workers(busy))

    def test_an_added_post_starts_after_recruitment_and_settles_in_at_half_time(self) -> None:
        lag = {"workforce.recruitment_days_experienced": 50, "workforce.ramp_up_days": 28}
        more = BASE.changed({**lag, "levers_start_day": 10, "assessment.social_workers.experienced": MANY + 1})
        (added,) = set(workers(more, BASE)) - set(workers(BASE))
        days = days_worked(added)
        usual = np.unique(office(more).starts_array // MINUTES_PER_DAY)

        assert added.starts == 60 * MINUTES_PER_DAY
        settling, settled = (60, 88), (88, 365)
        first, rest = (
            (np.count_nonzero((days >= a) & (days < b)), np.count_nonzero((usual >= a) & (usual < b)))
            for a, b in (settling, settled)
        )
        assert first[0] == -(-first[1] // 2)
        assert rest[0] == rest[1]

    def test_a_removed_post_is_left_when_the_levers_start(self) -> None:
        fewer = BASE.changed({"levers_start_day": 30, "assessment.social_workers.experienced": MANY - 3})
        leaves = [person.leaves for person in workers(fewer, BASE)]

        assert sorted(leaves)[-3:] == [30 * MINUTES_PER_DAY] * 3
        assert leaves.count(STAYS) == MANY - 3

    def test_sudden_leavers_leave_when_the_levers_start_and_their_posts_are_filled_again(self) -> None:
        shock = BASE.changed({"levers_start_day": 30, "workforce.sudden_leavers": 4, "workforce.vacancy_days": 20.0})
        found = workers(shock, BASE)

        assert [p.leaves for p in found if p.leaves != STAYS] == [30 * MINUTES_PER_DAY] * 4
        assert [p.starts for p in found if p.starts] == [50 * MINUTES_PER_DAY] * 4

    def test_the_domestic_abuse_team_takes_the_last_of_existing_posts(self) -> None:
        before = BASE.changed({"front_door.managers": 3})
        scenario = before.changed({**ON, "domestic_abuse_team.posts": "existing"})
        moved = [p for p in workers(scenario, before) if p.team_after == DOMESTIC_ABUSE_TEAM]

        assert [(p.role, p.id >> 12 & 0xFFFF) for p in moved] == [
            (Role.FRONT_DOOR_MANAGER, 2),
            (WORKER, MANY - 2),
            (WORKER, MANY - 1),
        ]
        assert {p.team for p in moved}.isdisjoint({DOMESTIC_ABUSE_TEAM})
        assert has_domestic_abuse_team(scenario, BASE, span(scenario), 0)

    def test_new_posts_for_the_team_come_on_top_and_after_recruitment(self) -> None:
        scenario = BASE.changed(
            {**ON, "domestic_abuse_team.posts": "new", "workforce.recruitment_days_experienced": 40}
        )
        found = workers(scenario, BASE)
        added = [p for p in found if p.team == DOMESTIC_ABUSE_TEAM]

        assert [p.role for p in added] == [Role.FRONT_DOOR_MANAGER, WORKER, WORKER]
        assert {p.starts for p in added} == {40 * MINUTES_PER_DAY}
        days = [has_domestic_abuse_team(scenario, BASE, span(scenario), day * MINUTES_PER_DAY) for day in (39, 40)]
        assert days == [False, True]
        assert set(workers(BASE)) <= set(found)

    def test_newly_qualified_workers_have_a_smaller_guide(self) -> None:
        scenario = BASE.changed(
            {
                "assessment.social_workers.newly_qualified": 1,
                "assessment.caseload_guide": 18,
                "assessment.newly_qualified_load": 0.75,
                "assessment.managers": 1,
            }
        )
        guides = {p.role: p.guide for p in workers(scenario)}

        assert guides == {p.role: p.guide_after for p in workers(scenario)}
        assert guides == {Role.NEWLY_QUALIFIED_SOCIAL_WORKER: 14, WORKER: 18, Role.TEAM_MANAGER: 0}

    def test_nobody_at_all_is_possible(self) -> None:
        assert workers(BASE.changed({"assessment.social_workers.experienced": 0})) == ()

    def test_a_part_timer_has_three_fifths_of_the_guide(self) -> None:
        scenario = BASE.changed({"workforce.part_time_share": 0.5, "assessment.caseload_guide": 18, **FEW})
        full = {person.id for person in workers(scenario) if len(days_worked(person)) == len(office(scenario))}
        guides = {(person.id in full, person.guide) for person in workers(scenario)}

        assert guides == {(True, 18), (False, 11)}

    def test_a_newly_qualified_part_timer_has_a_share_of_that(self) -> None:
        scenario = BASE.changed(
            {
                "workforce.part_time_share": 1.0,
                "assessment.caseload_guide": 18,
                "assessment.newly_qualified_load": 0.75,
                "assessment.social_workers.newly_qualified": 1,
            }
        )
        guides = {p.role: p.guide for p in workers(scenario)}

        # Eleven, and three quarters of eleven.
        assert guides == {WORKER: 11, Role.NEWLY_QUALIFIED_SOCIAL_WORKER: 8}

    def test_the_guide_and_the_team_of_the_baseline_hold_until_the_levers_start(self) -> None:
        levers = {"levers_start_day": 9, "assessment.caseload_guide": 7, "assessment.teams": 2}
        before = BASE.changed({"assessment.teams": 3, "assessment.caseload_guide": 18, **FEW})
        found = workers(before.changed(levers), before)

        assert {(p.guide, p.guide_after) for p in found} == {(18, 7)}
        assert [(p.team, p.team_after) for p in found[:4]] == [(1, 1), (2, 2), (3, 1), (1, 2)]

    def test_a_baseline_that_has_the_domestic_abuse_team_has_it_all_along(self) -> None:
        has = BASE.changed({**ON, "front_door.managers": 2, "domestic_abuse_team.posts": "existing"})
        later = has.changed({"levers_start_day": 30})
        own = [p for p in workers(later, has) if p.team == DOMESTIC_ABUSE_TEAM]

        assert len(own) == 3
        assert {p.team_after for p in own} == {DOMESTIC_ABUSE_TEAM}
        assert workers(later, has) == workers(has)
        assert all(has_domestic_abuse_team(later, has, span(later), day * MINUTES_PER_DAY) for day in (0, 29, 30, 99))

    def test_a_baseline_with_new_posts_for_the_team_keeps_them_at_work(self) -> None:
        has = BASE.changed({**ON, "domestic_abuse_team.posts": "new", "workforce.recruitment_days_experienced": 40})
        later = has.changed({"levers_start_day": 30})
        own = [p for p in workers(later, has) if p.team == DOMESTIC_ABUSE_TEAM]

        assert [p.starts for p in own] == [0, 0, 0]
        assert all(has_domestic_abuse_team(later, has, span(later), day * MINUTES_PER_DAY) for day in (0, 30, 69))

    def test_the_team_is_no_more_when_the_scenario_is_without_it(self) -> None:
        has = BASE.changed({**ON, "front_door.managers": 2, "domestic_abuse_team.posts": "existing"})
        without = has.changed({"levers_start_day": 30, "domestic_abuse_team.on": False})

        assert DOMESTIC_ABUSE_TEAM not in {p.team_after for p in workers(without, has)}
        there = [has_domestic_abuse_team(without, has, span(without), day * MINUTES_PER_DAY) for day in (29, 30)]
        assert there == [True, False]

    def test_every_starter_begins_at_half_time(self) -> None:
        busy = {"workforce.turnover_per_year": 2.0, "workforce.vacancy_days": 10.0, "workforce.ramp_up_days": 28}
        scenario = BASE.changed({**busy, **FEW})
        usual = np.unique(office(scenario).starts_array // MINUTES_PER_DAY)
        starters = [p for p in workers(scenario) if p.starts > 0 and p.leaves == STAYS]

        assert starters
        for person in starters:
            first = person.starts // MINUTES_PER_DAY
            settling = usual[(usual > first) & (usual < first + 28)]
            worked = np.isin(settling, days_worked(person)).sum()
            assert abs(2 * worked - len(settling)) <= 2
            settled = usual[usual >= first + 28]
            assert np.isin(settled, days_worked(person)).all()
