"""What a scenario adds to the staff, and from which day it is there."""

from collections import Counter
from typing import NamedTuple

from sim.events import Role
from sim.scenario import Scenario
from sim.working_time import MINUTES_PER_DAY
from sim.world.people import all_posts
from sim.world.span import span


class AddedPosts(NamedTuple):
    """Posts of one role beside the baseline's, from a day of the reporting year on, whose first day is 0."""

    role: Role
    number: int
    from_day: int


def added_posts(scenario: Scenario, baseline: Scenario) -> tuple[AddedPosts, ...]:
    """The posts that a scenario adds, by role and the day on which they are first filled."""
    when, first = span(scenario), scenario.calendar.warm_up_days
    filled = Counter(
        (post.role, post.starts // MINUTES_PER_DAY - first)
        for post in all_posts(scenario, baseline, when)
        if post.starts > 0
    )
    more = scenario.out_of_hours.staff - baseline.out_of_hours.staff
    if more > 0:
        filled[Role.OUT_OF_HOURS_WORKER, scenario.levers_start_day] = more
    return tuple(AddedPosts(role, number, day) for (role, day), number in sorted(filled.items()))
