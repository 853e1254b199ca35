"""Who was in post as a record has it: each post a person, there from its first day to its last."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from sim.events import Role
from sim.randomness import Luck, Purpose, day_ids, person_id
from sim.scenario import Scenario
from sim.working_time import MINUTES_PER_DAY, Calendar, OpeningHours
from sim.world.arrivals import EPOCH
from sim.world.people import (
    FIRST_ASSESSMENT_TEAM,
    NO_TEAM,
    QUALIFIED,
    STAYS,
    Person,
    people,
)
from sim.world.presence import Holder, away, booked, booked_minutes, office_of, present
from sim.world.span import Span

FOREVER: Final = -1
BLOCK_DAYS: Final = 28
_RECORDED: Final = 1
"""The kind in the ids of recorded people, so that no drawn one has the same."""

_CAPACITY: Final = 30
"""In place of a source in the ids of days: what is drawn of everybody's time in four weeks."""

_LEAST_SHARE, _MOST_SHARE = 0.3, 1.7
_LEAST_PRESENT: Final = 60
_WEEK: Final = 5
_WHOLE_WEEK: Final = 7
_TEAMED: Final = (*QUALIFIED, Role.FAMILY_SUPPORT_WORKER)


class PostHeld(NamedTuple):
    """A post that somebody held: `fte` above 0 to 1, from day `starts` of a record until before day `ends`.

    `ends` is `FOREVER` where it goes on. `team` numbers the assessment teams from 0, -1 for none. `guide` is the
    caseload guide in children, 0 where the record has none. `away` are the days on which they were absent, None where
    nobody noted absences.
    """

    role: Role
    team: int
    fte: float
    starts: int
    ends: int
    guide: int
    away: frozenset[int] | None = None


def people_in_post(
    posts: Sequence[PostHeld], scenario: Scenario, luck: Luck, when: Span, *, day_0: int, capacity_sd: float = 0.0
) -> tuple[Person, ...]:
    """Everybody of these posts, and of roles that no post has whoever the scenario has; by id.

    A record's day 0 is the run's `day_0`: who was there then was there before. Booked time swings from one four weeks
    to the next so that everybody's working time does by `capacity_sd` of itself, as an authority's may for reasons
    that nobody noted.
    """
    roles = frozenset(post.role for post in posts)
    others = [one for one in people(scenario, scenario, luck, without=roles) if one.role not in roles]
    shares = _shares_of_time(luck, when, capacity_sd)
    held = [
        _Held(person_id(post.role, _RECORDED, number, 0), post, *_when_in_post(post, when, day_0))
        for number, post in enumerate(posts)
        if post.ends == FOREVER or post.ends > 0
    ]
    held = [one for one in held if one.starts < when.end]
    years = _years(held, scenario, luck, when, day_0, shares) if held else ()
    return tuple(
        sorted([*others, *(_person(one, year, scenario, when) for one, year in zip(held, years, strict=True))])
    )


def teams_of(posts: Iterable[PostHeld]) -> int:
    """How many assessment teams the posts are of, at least one."""
    return max((post.team + 1 for post in posts if post.role in QUALIFIED), default=1) or 1


class _Held(NamedTuple):
    """A post with who held it: from which minute of the run, and until which, or `STAYS`."""

    id: int
    post: PostHeld
    starts: int
    leaves: int


def _when_in_post(post: PostHeld, when: Span, day_0: int) -> tuple[int, int]:
    starts = 0 if post.starts <= 0 else (day_0 + post.starts) * MINUTES_PER_DAY
    leaves = STAYS if post.ends == FOREVER else (day_0 + post.ends) * MINUTES_PER_DAY
    return starts, STAYS if leaves >= when.end else leaves


def _person(held: _Held, year: Calendar, scenario: Scenario, when: Span) -> Person:
    identity, post, starts, leaves = held
    calendar = year.between(starts, when.end if leaves == STAYS else leaves)
    team = FIRST_ASSESSMENT_TEAM + max(post.team, 0) if post.role in _TEAMED else NO_TEAM
    guide = _guide(post, scenario)
    return Person(identity, post.role, team, team, starts, leaves, guide, guide, calendar)


def _guide(post: PostHeld, scenario: Scenario) -> int:
    if post.role not in QUALIFIED:
        return 0
    load = scenario.assessment.newly_qualified_load if post.role is Role.NEWLY_QUALIFIED_SOCIAL_WORKER else 1.0
    return post.guide or max(1, int(scenario.assessment.caseload_guide * post.fte * load + 0.5))


def _years(
    held: Sequence[_Held], scenario: Scenario, luck: Luck, when: Span, day_0: int, shares: NDArray[np.float64]
) -> Iterator[Calendar]:
    """Opening hours without days away and booked time; of a part-timer only so many weekdays.

    Of all at once, which is sooner. Booked time is longer where everybody's time is shorter.
    """
    hours = OpeningHours(scenario.calendar.office_opens_minute, scenario.calendar.office_closes_minute)
    office = office_of(when.first_day, when.days, hours)
    days = office.starts_array // MINUTES_PER_DAY
    holders = [Holder(one.id, one.post.role, one.starts, one.leaves) for one in held]
    usual = np.array([[booked_minutes(one.post.role, scenario.workforce)] for one in held], dtype=np.int64)
    open_minutes = hours.closes_minute - hours.opens_minute
    taken = open_minutes - (open_minutes - usual) * shares[days // BLOCK_DAYS]
    length = np.clip(taken.astype(np.int64), 0, open_minutes - _LEAST_PRESENT)
    begins = booked(holders, length, hours, luck, days)
    return present(office, _is_away(held, holders, scenario, luck, when, day_0)[:, days], begins, begins + length)


def _is_away(
    held: Sequence[_Held], holders: Sequence[Holder], scenario: Scenario, luck: Luck, when: Span, day_0: int
) -> NDArray[np.bool_]:
    """Whether each is absent, as recorded where it is, or off as a part-timer: (holders, days)."""
    whole = scenario.workforce.model_copy(update={"part_time_share": 0.0})
    found = away(holders, whole, luck, when)
    for place, one in enumerate(held):
        if one.post.away is not None:
            found[place, day_0:] = np.isin(np.arange(when.days - day_0), sorted(one.post.away))
    u = luck.uniforms(np.array([one.id for one in held], dtype=np.int64), (Purpose.PART_TIME_DAYS,))[:, 0]
    off = np.zeros((len(held), _WHOLE_WEEK), dtype=bool)
    for place, (one, first) in enumerate(zip(held, (u * _WEEK).astype(np.int64).tolist(), strict=True)):
        off[place, (first + np.arange(round((1 - one.post.fte) * _WEEK))) % _WEEK] = True
    weekday = (np.arange(when.days) + when.first_day.weekday()) % _WHOLE_WEEK
    return np.asarray(found | off[:, weekday])


def _shares_of_time(luck: Luck, when: Span, capacity_sd: float) -> NDArray[np.float64]:
    """By four weeks, everybody's working time over the usual: normal about 1, cut far out."""
    first = (when.first_day - EPOCH).days
    blocks = np.arange(when.days // BLOCK_DAYS + 1)
    u = luck.uniforms(day_ids(first + blocks * BLOCK_DAYS, np.full(len(blocks), _CAPACITY)), (Purpose.CAPACITY,))[:, 0]
    return np.asarray(np.clip(1 + capacity_sd * ndtri(u), _LEAST_SHARE, _MOST_SHARE))


def posts_held(everybody: Iterable[Person], when: Span, *, day_0: int) -> Iterator[PostHeld]:
    """The posts that people hold, as a table of staff would tell them: the inverse of the above, but for absences."""
    for person in everybody:
        if person.role is Role.OUT_OF_HOURS_WORKER or (
            person.leaves != STAYS and person.leaves <= day_0 * MINUTES_PER_DAY
        ):
            continue
        weekdays = np.unique((person.calendar.starts_array // MINUTES_PER_DAY + when.first_day.weekday()) % 7)
        ends = FOREVER if person.leaves == STAYS else person.leaves // MINUTES_PER_DAY - day_0
        team = person.team - FIRST_ASSESSMENT_TEAM if person.role in _TEAMED else NO_TEAM
        starts = person.starts // MINUTES_PER_DAY - day_0
        fte = max(len(weekdays), 1) / _WEEK
        yield PostHeld(person.role, team, min(fte, 1.0), starts, ends, person.guide)
