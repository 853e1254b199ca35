"""Who works when: posts and their holders, each with a calendar of the minutes they can work.

A post's holder stays for a keyed while; a left post is empty for a time and then has another holder. Absence, leave
and booked time are keyed to the person and the day or week, so one more worker changes nobody else's year.
"""

from collections.abc import Container, Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.events import Role
from sim.randomness import Luck, Purpose, person_id
from sim.scenario import Posts, Scenario
from sim.scenario.parts import Workforce
from sim.working_time import MINUTES_PER_DAY, Calendar, OpeningHours, england_bank_holidays, opening_calendar
from sim.world.arrivals import DAYS_PER_YEAR

DOMESTIC_ABUSE_TEAM = 0
FIRST_ASSESSMENT_TEAM = 1
NO_TEAM = -1
STAYS = -1

QUALIFIED = (Role.EXPERIENCED_SOCIAL_WORKER, Role.NEWLY_QUALIFIED_SOCIAL_WORKER, Role.AGENCY_SOCIAL_WORKER)
_MANAGERS = (Role.FRONT_DOOR_MANAGER, Role.TEAM_MANAGER, Role.SENIOR_PRACTITIONER)
_MOST_HOLDERS = 64
_SHORT_SHARE = 0.4
PART_TIME_SHARE = 0.6
_LONG_BLOCK_DAYS = 28
_BOOKED_GRID_MINUTES = 15


class Person(NamedTuple):
    """Somebody in post from minute `starts` until `leaves` (`STAYS` for good), and when they can work.

    `team` is where they work before the levers start, `team_after` from then on; so with `guide` and `guide_after`, the
    caseload guide in children, 0 for who holds no cases.
    """

    id: int
    role: Role
    team: int
    team_after: int
    starts: int
    leaves: int
    guide: int
    guide_after: int
    calendar: Calendar


class Span(NamedTuple):
    """The run: its first day, its length, and the minute at which the levers start."""

    first_day: date
    days: int
    levers_start: int

    @property
    def end(self) -> int:
        """The minute after its last."""
        return self.days * MINUTES_PER_DAY


class Post(NamedTuple):
    """A post: its role, its number within the role, when it exists and where it works."""

    role: Role
    number: int
    team: int
    team_after: int
    starts: int
    ends: int


def span(scenario: Scenario) -> Span:
    """The run a scenario's calendar describes; day 0 of the run is the first day of the warm-up."""
    calendar = scenario.calendar
    days = calendar.warm_up_days + calendar.horizon_days + calendar.follow_up_days
    first = calendar.first_day - timedelta(days=calendar.warm_up_days)
    return Span(first, days, (calendar.warm_up_days + scenario.levers_start_day) * MINUTES_PER_DAY)


def people(scenario: Scenario, baseline: Scenario, luck: Luck, without: Container[Role] = ()) -> tuple[Person, ...]:
    """Everybody who works during the run, by id, `without` those of some roles. First the baseline's staffing holds."""
    when = span(scenario)
    found = [
        person
        for post in all_posts(scenario, baseline, when)
        if post.role not in without
        for person in _holders(post, scenario, baseline, luck, when)
    ]
    found += _out_of_hours(scenario, baseline, when)
    return tuple(sorted(found))


def has_domestic_abuse_team(scenario: Scenario, baseline: Scenario, when: Span, now: int) -> bool:
    """Whether the co-located team takes contacts at a minute: one of new posts begins when those are filled."""
    if now < when.levers_start:
        return baseline.domestic_abuse_team.on
    starts = domestic_abuse_team_starts(scenario, baseline, when)
    return starts is not None and now >= starts


def domestic_abuse_team_starts(scenario: Scenario, baseline: Scenario, when: Span) -> int | None:
    """From which minute a scenario has the co-located team; None where it has none."""
    team = scenario.domestic_abuse_team
    if not team.on:
        return None
    is_to_be_filled = team.posts is Posts.NEW and not baseline.domestic_abuse_team.on
    lag = scenario.workforce.recruitment_days_experienced if is_to_be_filled else 0
    return when.levers_start + lag * MINUTES_PER_DAY


def _counts(scenario: Scenario) -> dict[Role, int]:
    front, assessment = scenario.front_door, scenario.assessment
    workers = assessment.social_workers
    return {
        Role.FRONT_DOOR_MANAGER: front.managers,
        Role.SENIOR_PRACTITIONER: front.senior_practitioners,
        Role.FIRST_RESPONSE_WORKER: front.workers,
        Role.TEAM_MANAGER: assessment.managers,
        Role.EXPERIENCED_SOCIAL_WORKER: workers.experienced,
        Role.NEWLY_QUALIFIED_SOCIAL_WORKER: workers.newly_qualified,
        Role.AGENCY_SOCIAL_WORKER: workers.agency,
        Role.FAMILY_SUPPORT_WORKER: assessment.family_support_workers,
    }


def _lag_days(role: Role, workforce: Workforce) -> int:
    if role is Role.NEWLY_QUALIFIED_SOCIAL_WORKER:
        return workforce.recruitment_days_newly_qualified
    if role is Role.AGENCY_SOCIAL_WORKER:
        return workforce.recruitment_days_agency
    return workforce.recruitment_days_experienced


def all_posts(scenario: Scenario, baseline: Scenario, when: Span) -> Iterator[Post]:
    """Every post of the run. A number is a post's for good: those of the baseline come first, whatever is added."""
    before, after = _counts(baseline), _counts(scenario)
    were_new, new = _new_domestic_abuse_posts(baseline), _new_domestic_abuse_posts(scenario)
    for role in before:
        were, are = were_new.get(role, 0), new.get(role, 0)
        for place in range(max(before[role], after[role])):
            lasts = (place < before[role], place < after[role])
            dealt = _place_in_deal(role, place, before, after)
            teams = [
                _team(role, place, dealt, of, posts[role])
                for of, posts, there in ((baseline, before, lasts[0]), (scenario, after, lasts[1]))
                if there
            ]
            number = place if lasts[0] else place + were
            yield _post(role, number, (teams[0], teams[-1]), lasts, scenario, when)
        for place in range(max(were, are)):
            number = place + (before[role] if place < were else max(before[role], after[role]))
            lasts = (place < were, place < are)
            yield _post(role, number, (DOMESTIC_ABUSE_TEAM, DOMESTIC_ABUSE_TEAM), lasts, scenario, when)


def _post(
    role: Role, number: int, teams: tuple[int, int], lasts: tuple[bool, bool], scenario: Scenario, when: Span
) -> Post:
    """A post that exists before the levers start, after, or both; one that is added has first to be filled."""
    was_there, stays = lasts
    filled = when.levers_start + _lag_days(role, scenario.workforce) * MINUTES_PER_DAY
    return Post(role, number, *teams, 0 if was_there else filled, STAYS if stays else when.levers_start)


def _new_domestic_abuse_posts(scenario: Scenario) -> dict[Role, int]:
    team = scenario.domestic_abuse_team
    is_new = team.on and team.posts is Posts.NEW
    return {
        Role.FRONT_DOOR_MANAGER: team.managers * is_new,
        Role.EXPERIENCED_SOCIAL_WORKER: team.social_workers * is_new,
    }


def _place_in_deal(role: Role, number: int, before: dict[Role, int], after: dict[Role, int]) -> int:
    """The place of a post among those dealt to the assessment teams in turn: all qualified ones, or its own role's.

    Posts that a scenario adds come after all of the baseline's, so that adding one moves nobody already there.
    """
    together = QUALIFIED if role in QUALIFIED else (role,)
    earlier = together[: together.index(role)]
    if number < before[role]:
        return sum(before[other] for other in earlier) + number
    added = sum(max(after[other] - before[other], 0) for other in earlier)
    return sum(before[other] for other in together) + added + number - before[role]


def _team(role: Role, number: int, dealt: int, scenario: Scenario, posts: int) -> int:
    """Where a post works under a scenario: the last of each role are those moved to the domestic abuse team."""
    team = scenario.domestic_abuse_team
    moved = {Role.FRONT_DOOR_MANAGER: team.managers, Role.EXPERIENCED_SOCIAL_WORKER: team.social_workers}
    if team.on and team.posts is Posts.EXISTING and number >= posts - moved.get(role, 0):
        return DOMESTIC_ABUSE_TEAM
    if role in (*QUALIFIED, Role.FAMILY_SUPPORT_WORKER):
        return FIRST_ASSESSMENT_TEAM + dealt % scenario.assessment.teams
    return NO_TEAM


def _guide(identity: int, role: Role, scenario: Scenario, luck: Luck) -> int:
    """The caseload guide of one person, less in the measure of a part-timer's days."""
    guide = scenario.assessment.caseload_guide
    if _is_part_time(role, scenario.workforce, luck.uniform(identity, Purpose.PART_TIME)):
        guide = max(1, int(guide * PART_TIME_SHARE + 0.5))
    if role is Role.NEWLY_QUALIFIED_SOCIAL_WORKER:
        return max(1, int(guide * scenario.assessment.newly_qualified_load + 0.5))
    return guide if role in QUALIFIED else 0


def _holders(post: Post, scenario: Scenario, baseline: Scenario, luck: Luck, when: Span) -> Iterator[Person]:
    for holder, (starts, leaves) in enumerate(_stays(post, scenario, baseline, luck, when)):
        identity = person_id(post.role, 0, post.number, holder)
        calendar = _calendar(
            identity,
            post.role,
            baseline.workforce,
            scenario.workforce,
            _hours(scenario),
            luck,
            when,
        ).between(starts, when.end if leaves == STAYS else leaves)
        if starts > 0:
            in_force = baseline if starts < when.levers_start else scenario
            calendar = _half_time(calendar, starts, in_force.workforce.ramp_up_days)
        guide, guide_after = (_guide(identity, post.role, of, luck) for of in (baseline, scenario))
        yield Person(identity, post.role, post.team, post.team_after, starts, leaves, guide, guide_after, calendar)


def _stays(post: Post, scenario: Scenario, baseline: Scenario, luck: Luck, when: Span) -> Iterator[tuple[int, int]]:
    """Start and leaving minute of each holder of a post in turn."""
    end = when.end if post.ends == STAYS else post.ends
    shocked = _is_shocked(post, scenario)
    start = post.starts
    for holder in range(_MOST_HOLDERS):
        if start >= end:
            return
        leaves = end
        if post.role in QUALIFIED:
            u = luck.uniform(person_id(post.role, 0, post.number, holder), Purpose.STAY)
            leaves = start + _stay(u, start, baseline.workforce, scenario.workforce, when.levers_start)
        if shocked and start < when.levers_start < leaves:
            leaves = when.levers_start
        yield start, (STAYS if min(leaves, end) >= when.end else min(leaves, end))
        vacancy = (scenario if leaves >= when.levers_start else baseline).workforce.vacancy_days
        start = leaves + max(1, int(vacancy * MINUTES_PER_DAY + 0.5))


def _is_shocked(post: Post, scenario: Scenario) -> bool:
    posts = scenario.assessment.social_workers.experienced
    last = range(posts - scenario.workforce.sudden_leavers, posts)
    return post.role is Role.EXPERIENCED_SOCIAL_WORKER and post.number in last and post.ends == STAYS


def _stay(u: float, start: int, before: Workforce, after: Workforce, levers_start: int) -> int:
    """The minutes somebody stays whose hazard of leaving is the baseline's until the levers start."""
    to_spend = -float(np.log1p(-u)) * DAYS_PER_YEAR * MINUTES_PER_DAY
    spent_before = max(levers_start - start, 0) * before.turnover_per_year
    if to_spend <= spent_before:
        return int(to_spend / before.turnover_per_year) + 1
    rest = to_spend - spent_before
    forever = 100 * DAYS_PER_YEAR * MINUTES_PER_DAY
    return max(levers_start - start, 0) + (
        int(rest / after.turnover_per_year) + 1 if after.turnover_per_year > 0 else forever
    )


def _hours(scenario: Scenario) -> OpeningHours:
    return OpeningHours(scenario.calendar.office_opens_minute, scenario.calendar.office_closes_minute)


def _half_time(calendar: Calendar, starts: int, days: int) -> Calendar:
    """A starter's calendar: closed every other day of theirs until they have settled in."""
    opened = calendar.starts_array // MINUTES_PER_DAY
    until = starts // MINUTES_PER_DAY + days
    _, order = np.unique(opened, return_inverse=True)
    closed = np.unique(opened[(order % 2 == 1) & (opened < until)])
    return calendar.without(np.stack([closed, closed + 1], axis=1) * MINUTES_PER_DAY)


@lru_cache(maxsize=256)
def _calendar(
    identity: int, role: Role, before: Workforce, after: Workforce, hours: OpeningHours, luck: Luck, when: Span
) -> Calendar:
    """The minutes one person can work if in post throughout; the baseline's workforce holds until the levers start."""
    late = _year(identity, role, after, hours, luck, when)
    if before == after or when.levers_start == 0:
        return late
    early = _year(identity, role, before, hours, luck, when)
    return early.between(0, when.levers_start).union(late.between(when.levers_start, when.end))


@lru_cache(maxsize=256)
def _year(identity: int, role: Role, workforce: Workforce, hours: OpeningHours, luck: Luck, when: Span) -> Calendar:
    office = _office(when.first_day, when.days, hours)
    days = office.starts_array // MINUTES_PER_DAY
    is_away = days_away(identity, role, workforce, luck, when)[days]
    booked = _booked(identity, role, workforce, hours, luck, days[~is_away])
    return office.without(np.concatenate([_off(days[is_away]), booked]))


@lru_cache(maxsize=8)
def _office(first_day: date, days: int, hours: OpeningHours) -> Calendar:
    return opening_calendar(first_day, days, hours)


def _off(days: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.stack([days, days + 1], axis=1) * MINUTES_PER_DAY


def days_away(identity: int, role: Role, workforce: Workforce, luck: Luck, when: Span) -> NDArray[np.bool_]:
    """Whether this person is on leave, sick or on a part-timer's day off, for each day of the run."""
    days = np.arange(when.days)
    weekday = (days + when.first_day.weekday()) % 7
    week = (days + when.first_day.weekday()) // 7
    block = days // _LONG_BLOCK_DAYS
    who = np.full(int(max(week[-1], block[-1])) + 1, identity, dtype=np.int64)
    purposes = (Purpose.LEAVE, Purpose.SHORT_ABSENCE, Purpose.SHORT_ABSENCE_DAY, Purpose.LONG_ABSENCE)
    u = luck.uniforms(who, purposes, np.arange(len(who)))
    part = luck.uniforms(who[:1], (Purpose.PART_TIME, Purpose.PART_TIME_DAYS))[0]
    leave = u[week, 0] < _leave_rate(workforce, when)
    # Two kinds of sickness share the published rate: single days, and whole four-week blocks.
    short = (u[week, 1] < 5 * workforce.absence_share * _SHORT_SHARE) & ((u[week, 2] * 5).astype(np.int64) == weekday)
    long = u[block, 3] < workforce.absence_share * (1 - _SHORT_SHARE)
    first_off = int(part[1] * 5)
    off = _is_part_time(role, workforce, float(part[0])) & ((weekday == first_off) | (weekday == (first_off + 1) % 5))
    away: NDArray[np.bool_] = leave | short | long | off
    return away


def _is_part_time(role: Role, workforce: Workforce, u: float) -> bool:
    """Whether somebody works three days of the five; managers never do."""
    return role not in _MANAGERS and u < workforce.part_time_share


SATURDAY = 5
AUGUST, DECEMBER, FORTNIGHT_BEFORE_NEW_YEAR = 8, 12, 15


@lru_cache(maxsize=64)
def _leave_rate(workforce: Workforce, when: Span) -> NDArray[np.float64]:
    """The chance that a week is taken as leave, by day of the run: more in August and before the New Year.

    Leave is spent on working days only: those of the run's first year, weighted by season, hold a year's leave.
    """
    days = max(when.days, DAYS_PER_YEAR)
    dates = [when.first_day + timedelta(days=day) for day in range(days)]
    index = np.array([_leave_index(workforce, day - timedelta(days=day.weekday())) for day in dates])
    holidays = england_bank_holidays(dates[0], dates[-1])
    working = np.array([day.weekday() < SATURDAY and day not in holidays for day in dates])
    in_a_year = index[:DAYS_PER_YEAR][working[:DAYS_PER_YEAR]].sum()
    rate: NDArray[np.float64] = np.minimum(workforce.leave_days * index[: when.days] / in_a_year, 1.0)
    return rate


def _leave_index(workforce: Workforce, monday: date) -> float:
    if monday.month == AUGUST:
        return workforce.august_leave_index
    if monday.month == DECEMBER and monday.day >= FORTNIGHT_BEFORE_NEW_YEAR:
        return workforce.christmas_leave_index
    return 1.0


def _booked(
    identity: int, role: Role, workforce: Workforce, hours: OpeningHours, luck: Luck, days: NDArray[np.int64]
) -> NDArray[np.int64]:
    """One keyed block of booked time on each day present, on a quarter-hour grid."""
    minutes = booked_minutes(role, workforce)
    if minutes == 0 or not len(days):
        return np.empty((0, 2), dtype=np.int64)
    u = luck.uniforms(np.full(len(days), identity, dtype=np.int64), (Purpose.BOOKED_TIME,), days)[:, 0]
    room = (hours.closes_minute - hours.opens_minute - minutes) // _BOOKED_GRID_MINUTES + 1
    start = days * MINUTES_PER_DAY + hours.opens_minute + (u * room).astype(np.int64) * _BOOKED_GRID_MINUTES
    return np.stack([start, start + minutes], axis=1)


def booked_minutes(role: Role, workforce: Workforce) -> int:
    """Booked time of a day in a role."""
    if role in _MANAGERS:
        return workforce.booked_minutes_manager
    is_first = role is Role.FIRST_RESPONSE_WORKER
    return workforce.booked_minutes_first_response if is_first else workforce.booked_minutes_worker


def _out_of_hours(scenario: Scenario, baseline: Scenario, when: Span) -> Iterator[Person]:
    night = _office(when.first_day, when.days, _hours(scenario)).complement(when.end)
    before, after = baseline.out_of_hours.staff, scenario.out_of_hours.staff
    for number in range(max(before, after)):
        starts = 0 if number < before else when.levers_start
        leaves = STAYS if number < after else when.levers_start
        if starts < when.end:
            calendar = night.between(starts, when.end if leaves == STAYS else leaves)
            identity = person_id(Role.OUT_OF_HOURS_WORKER, 0, number, 0)
            yield Person(identity, Role.OUT_OF_HOURS_WORKER, NO_TEAM, NO_TEAM, starts, leaves, 0, 0, calendar)
