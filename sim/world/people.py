"""Who works when: posts and their holders, each with a calendar of the minutes they can work.

A post's holder stays for a keyed while; a left post is empty for a time and then has another holder. Absence, leave
and booked time are keyed to the person and the day or week, so one more worker changes nobody else's year.
"""

from collections import Counter
from collections.abc import Container, Iterator, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import NamedTuple

import numpy as np

from sim.events import Role
from sim.randomness import Luck, Purpose, person_id
from sim.scenario import Posts, Scenario
from sim.scenario.parts import Workforce
from sim.working_time import MINUTES_PER_DAY, Calendar, OpeningHours
from sim.world.arrivals import DAYS_PER_YEAR
from sim.world.presence import Holder, calendars, half_time, is_part_time, office_of
from sim.world.span import Span, span

DOMESTIC_ABUSE_TEAM = 0
FIRST_ASSESSMENT_TEAM = 1
NO_TEAM = -1
STAYS = -1

QUALIFIED = (Role.EXPERIENCED_SOCIAL_WORKER, Role.NEWLY_QUALIFIED_SOCIAL_WORKER, Role.AGENCY_SOCIAL_WORKER)
_MOST_HOLDERS = 64
PART_TIME_SHARE = 0.6


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


class Post(NamedTuple):
    """A post: its role, its number within the role, when it exists and where it works."""

    role: Role
    number: int
    team: int
    team_after: int
    starts: int
    ends: int


def people(scenario: Scenario, baseline: Scenario, luck: Luck, without: Container[Role] = ()) -> tuple[Person, ...]:
    """Everybody who works during the run, by id, `without` those of some roles. First the baseline's staffing holds."""
    when = span(scenario)
    posts = [post for post in all_posts(scenario, baseline, when) if post.role not in without]
    found = [*_held(posts, scenario, baseline, luck, when), *_out_of_hours(scenario, baseline, when)]
    return tuple(sorted(found, key=attrgetter("id")))


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


def posts_by_role(scenario: Scenario) -> Counter[Role]:
    """How many posts a service has of each role: a domestic abuse team's among them where they are new ones."""
    found = Counter({**_counts(scenario), Role.OUT_OF_HOURS_WORKER: scenario.out_of_hours.staff})
    found.update(_new_domestic_abuse_posts(scenario))
    return found


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
    if is_part_time(role, scenario.workforce, _uniform(luck, identity, Purpose.PART_TIME)):
        guide = max(1, int(guide * PART_TIME_SHARE + 0.5))
    if role is Role.NEWLY_QUALIFIED_SOCIAL_WORKER:
        return max(1, int(guide * scenario.assessment.newly_qualified_load + 0.5))
    return guide if role in QUALIFIED else 0


def _held(posts: Sequence[Post], scenario: Scenario, baseline: Scenario, luck: Luck, when: Span) -> list[Person]:
    """Whoever holds one of these posts."""
    holders = [
        (post, Holder(person_id(post.role, 0, post.number, place), post.role, starts, leaves))
        for post in posts
        for place, (starts, leaves) in enumerate(_stays(post, scenario, baseline, luck, when))
    ]
    workforces, everybody = (baseline.workforce, scenario.workforce), [one for _, one in holders]
    found = calendars(everybody, *workforces, _hours(scenario), luck, when)
    return [_person(post, one, scenario, baseline, found[one.id], luck, when) for post, one in holders]


def _person(
    post: Post, holder: Holder, scenario: Scenario, baseline: Scenario, year: Calendar, luck: Luck, when: Span
) -> Person:
    identity, role, starts, leaves = holder
    calendar = year.between(starts, when.end if leaves == STAYS else leaves)
    if starts > 0:
        in_force = baseline if starts < when.levers_start else scenario
        calendar = half_time(calendar, starts, in_force.workforce.ramp_up_days)
    guide, guide_after = (_guide(identity, role, of, luck) for of in (baseline, scenario))
    return Person(identity, role, post.team, post.team_after, starts, leaves, guide, guide_after, calendar)


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
            u = _uniform(luck, person_id(post.role, 0, post.number, holder), Purpose.STAY)
            leaves = start + _stay(u, start, baseline.workforce, scenario.workforce, when.levers_start)
        if shocked and start < when.levers_start < leaves:
            leaves = when.levers_start
        yield start, (STAYS if min(leaves, end) >= when.end else min(leaves, end))
        vacancy = (scenario if leaves >= when.levers_start else baseline).workforce.vacancy_days
        start = leaves + max(1, int(vacancy * MINUTES_PER_DAY + 0.5))


@lru_cache(maxsize=2048)
def _uniform(luck: Luck, identity: int, purpose: Purpose) -> float:
    """What chance has for a person, the same in every scenario of a cell."""
    return luck.uniform(identity, purpose)


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


def _out_of_hours(scenario: Scenario, baseline: Scenario, when: Span) -> Iterator[Person]:
    night = office_of(when.first_day, when.days, _hours(scenario)).complement(when.end)
    before, after = baseline.out_of_hours.staff, scenario.out_of_hours.staff
    for number in range(max(before, after)):
        starts = 0 if number < before else when.levers_start
        leaves = STAYS if number < after else when.levers_start
        if starts < when.end:
            calendar = night.between(starts, when.end if leaves == STAYS else leaves)
            identity = person_id(Role.OUT_OF_HOURS_WORKER, 0, number, 0)
            yield Person(identity, Role.OUT_OF_HOURS_WORKER, NO_TEAM, NO_TEAM, starts, leaves, 0, 0, calendar)
