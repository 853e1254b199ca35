"""When what a scenario changes is there: often some way into the year that its figures are of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from sim.events import Role
from sim.scenario import Scenario
from sim.world import added_posts

FEWEST_LATER_DAYS = 90
"""Of a shorter rest of the year a season decides: no reading is made of it."""


class Filled(NamedTuple):
    """Posts of a role that a scenario adds: at most how many, and the days of the year on which they are first filled.

    The two days differ where plausible sets of numbers differ in how long it takes to recruit.
    """

    role: Role
    number: int
    earliest: int
    latest: int


@dataclass(frozen=True, slots=True)
class Start:
    """When what a scenario changes starts, in days of the reporting year, whose first day `year` is day 0."""

    year: date
    days: int
    levers: int
    posts: tuple[Filled, ...]

    @property
    def in_place(self) -> int:
        """The day from which all of it is there, whichever set of numbers holds."""
        return max([self.levers, *(posts.latest for posts in self.posts)])

    @property
    def is_from_the_first_day(self) -> bool:
        """Whether the year's figures are wholly of the service as changed."""
        return self.in_place <= 0

    @property
    def later(self) -> int | None:
        """The day from which contacts are read by themselves; None where all is there all year, or too short."""
        return self.in_place if 0 < self.in_place <= self.days - FEWEST_LATER_DAYS else None

    def on(self, day: int) -> date:
        """The date of a day of the year."""
        return self.year + timedelta(days=day)


def start_of(pairs: Sequence[tuple[Scenario, Scenario]]) -> Start:
    """The start of one scenario, given under every set of numbers with its baseline under the same."""
    calendar = pairs[0][0].calendar
    found: dict[Role, list[tuple[int, int]]] = {}
    for scenario, baseline in pairs:
        for role, number, day in added_posts(scenario, baseline):
            found.setdefault(role, []).append((number, day))
    return Start(
        year=calendar.first_day,
        days=calendar.horizon_days,
        levers=max(scenario.levers_start_day for scenario, _ in pairs),
        posts=tuple(_filled(role, each) for role, each in sorted(found.items())),
    )


def _filled(role: Role, each: Sequence[tuple[int, int]]) -> Filled:
    numbers, days = zip(*each, strict=True)
    return Filled(role, max(numbers), min(days), max(days))
