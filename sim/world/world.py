"""A world: everything chance decides about one replication, before anything moves."""

from dataclasses import dataclass
from functools import lru_cache

from sim.randomness import Luck
from sim.scenario import Scenario
from sim.working_time import MINUTES_PER_DAY
from sim.world.contact import Contact
from sim.world.families import DrawnFamilies, Families
from sim.world.inherited import Inherited
from sim.world.people import Person, people
from sim.world.sharing import about_families
from sim.world.span import Span, span


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """The contacts that will come, the returns that may, and the people who work.

    A world that starts from open work `begins` at a minute of its own, with what it has `inherited`; nobody else came
    before.
    """

    span: Span
    families: Families
    people: tuple[Person, ...]
    begins: int = 0
    inherited: tuple[Inherited, ...] = ()

    @property
    def contacts(self) -> tuple[Contact, ...]:
        """The contacts that come by themselves."""
        return self.families.contacts

    @property
    def returns_before(self) -> dict[int, Contact]:
        """By the parent's id, the contact with which a family may come back before the levers start."""
        return self.families.before

    @property
    def returns_after(self) -> dict[int, Contact]:
        """By the parent's id, the contact with which a family may come back from then on."""
        return self.families.after

    def return_of(self, parent: int, now: int) -> Contact | None:
        """The contact with which a family comes back, if it may; its `received` is not known until it does."""
        returns = self.returns_before if now < self.span.levers_start else self.returns_after
        return returns.get(parent)


def draw(
    scenario: Scenario, *, seed: int, replication: int, baseline: Scenario | None = None, begins_day: int = 0
) -> World:
    """All the chance of one replication of a scenario.

    Before the levers start everything is the baseline's, which is the scenario itself unless given. The uniforms
    depend on seed and replication alone; their values are quantiles under the scenario. Nobody makes contact before
    `begins_day`; who would then have come back later does, among the returns due from before.
    """
    baseline, luck = baseline or scenario, Luck(seed, replication)
    families = _families(about_families(scenario), about_families(baseline), luck, begins_day)
    return World(span(scenario), families, people(scenario, baseline, luck), begins_day * MINUTES_PER_DAY)


@lru_cache(maxsize=4)
def _families(scenario: Scenario, baseline: Scenario, luck: Luck, begins_day: int = 0) -> DrawnFamilies:
    """Kept, since most scenarios of a cell have the same."""
    return DrawnFamilies(scenario, baseline, luck, begins_day)
