"""A table of staff as posts that a record is run again with, and what it says of a scenario's staffing."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.events import Role
from sim.history import Staff
from sim.world import PostHeld
from sim.world.in_post import FOREVER, teams_of
from sim.world.people import QUALIFIED

_WEEK: Final = 7
_PART_TIME: Final = 0.8
_LONG_BEFORE: Final = -1
_MANAGERS: Final = (Role.FRONT_DOOR_MANAGER, Role.TEAM_MANAGER, Role.SENIOR_PRACTITIONER)
_COUNTED: Final[Mapping[Role, str]] = MappingProxyType(
    {
        Role.FRONT_DOOR_MANAGER: "front_door.managers",
        Role.SENIOR_PRACTITIONER: "front_door.senior_practitioners",
        Role.FIRST_RESPONSE_WORKER: "front_door.workers",
        Role.TEAM_MANAGER: "assessment.managers",
        Role.EXPERIENCED_SOCIAL_WORKER: "assessment.social_workers.experienced",
        Role.NEWLY_QUALIFIED_SOCIAL_WORKER: "assessment.social_workers.newly_qualified",
        Role.AGENCY_SOCIAL_WORKER: "assessment.social_workers.agency",
        Role.FAMILY_SUPPORT_WORKER: "assessment.family_support_workers",
    }
)


def posts_of(staff: Staff, first_day: date) -> tuple[PostHeld, ...]:
    """The posts of a table, in days from a record's first. Those of out of hours workers stay the scenario's."""
    rows = staff.posts.to_dicts()
    qualified = sorted({str(row["team"]) for row in rows if row["role"] in QUALIFIED})
    teams = {name: place for place, name in enumerate(qualified)}
    away = _away(staff, first_day)
    return tuple(
        PostHeld(
            role=Role(row["role"]),
            team=teams.get(str(row["team"]), -1),
            fte=float(row["fte"]),
            starts=_LONG_BEFORE if row["start"] is None else (row["start"] - first_day).days,
            ends=FOREVER if row["end"] is None else max((row["end"] - first_day).days + 1, 0),
            guide=int(row["guide"] or 0),
            away=None if away is None else frozenset(away.get(row["person"], ())),
        )
        for row in rows
        if row["role"] != Role.OUT_OF_HOURS_WORKER
    )


def _away(staff: Staff, first_day: date) -> dict[int, set[int]] | None:
    """By person, the days absent; None where nobody noted any."""
    found: dict[int, set[int]] = {}
    for row in staff.absence.to_dicts():
        last = row["last"] if row["last"] is not None else row["first"] + timedelta(days=365)
        days = range((row["first"] - first_day).days, (last - first_day).days + 1)
        found.setdefault(row["person"], set()).update(days)
    return found or None


def staffing(posts: Sequence[PostHeld], day: int) -> dict[str, object]:
    """The fields of a scenario that posts held on a day of the record tell."""
    there = [post for post in posts if post.starts <= day and (post.ends == FOREVER or post.ends > day)]
    counts = Counter(post.role for post in there)
    told = {post.role for post in posts}
    found: dict[str, object] = {path: counts[role] for role, path in _COUNTED.items() if role in told}
    others = [post for post in there if post.role not in _MANAGERS]
    if others:
        share = sum(post.fte <= _PART_TIME for post in others) / len(others)
        found["workforce.part_time_share"] = round(share, 3)
    return found | ({"assessment.teams": teams_of(there)} if counts.keys() & set(QUALIFIED) else {})


def weekly_fte(posts: Sequence[PostHeld], days: int) -> NDArray[np.float64]:
    """Full-time equivalents of qualified social workers in post, by whole week of a record."""
    return np.array(list(_weekly(posts, days)), dtype=np.float64)


def _weekly(posts: Sequence[PostHeld], days: int) -> Iterator[float]:
    for week in range(days // _WEEK):
        day = week * _WEEK
        there = (p for p in posts if p.starts <= day and (p.ends == FOREVER or p.ends > day))
        yield sum(post.fte for post in there if post.role in QUALIFIED)
