"""A world: everything chance decides about one replication, before anything moves."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from sim.randomness import Luck, contact_ids
from sim.scenario import Scenario
from sim.working_time import MINUTES_PER_DAY
from sim.world.arrivals import Arrivals, arrivals
from sim.world.contact import MOST_RETURNS, Contact
from sim.world.fates import Fates
from sim.world.inherited import Inherited
from sim.world.people import Person, Span, people, span
from sim.world.sharing import about_families

_PARTS = (17, 5, 13, 4)


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """The contacts that will come, the returns that may, and the people who work.

    `returns_before` and `returns_after` hold a contact's possible return by the parent's id, with its fate under the
    baseline and under the scenario: which applies depends on whether it lands before the levers start. A world that
    starts from open work `begins` at a minute of its own, with what it has `inherited`; nobody else came before.
    """

    span: Span
    contacts: tuple[Contact, ...]
    returns_before: dict[int, Contact]
    returns_after: dict[int, Contact]
    people: tuple[Person, ...]
    begins: int = 0
    inherited: tuple[Inherited, ...] = ()

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
    return World(span(scenario), *families, people(scenario, baseline, luck), begins_day * MINUTES_PER_DAY)


@lru_cache(maxsize=4)
def _families(
    scenario: Scenario, baseline: Scenario, luck: Luck, begins_day: int = 0
) -> tuple[tuple[Contact, ...], dict[int, Contact], dict[int, Contact]]:
    """Contacts, and returns before and after the levers start; kept, since most scenarios of a cell have the same."""
    when = span(scenario)
    start = min(max(when.levers_start // MINUTES_PER_DAY, begins_day), when.days)
    early = arrivals(baseline, baseline, luck, when.first_day, range(begins_day, start), begins_day)
    late = arrivals(scenario, baseline, luck, when.first_day, range(start, when.days), begins_day)
    contacts = _fresh(baseline, baseline, luck, early) + _fresh(scenario, baseline, luck, late)
    if baseline == scenario:
        returns = _returns(scenario, baseline, luck, contacts)
        return tuple(contacts), returns, returns
    before = _returns(baseline, baseline, luck, [c for c in contacts if c.received < when.levers_start])
    after = _returns(scenario, baseline, luck, contacts, before.values())
    return tuple(contacts), before, after


def _fresh(scenario: Scenario, baseline: Scenario, luck: Luck, came: Arrivals) -> list[Contact]:
    if not len(came.id):
        return []
    nothing = np.zeros(len(came.id), dtype=np.int64)
    born = {
        "id": came.id,
        "received": came.received,
        "source": came.source,
        "parent": nothing - 1,
        "return_number": nothing,
        "seeded_return": came.seeded_return,
    }
    return Fates(scenario, luck, came.id, came.id, baseline).contacts(born, came.need_before)


def _returns(
    scenario: Scenario, baseline: Scenario, luck: Luck, contacts: Iterable[Contact], came_back: Iterable[Contact] = ()
) -> dict[int, Contact]:
    """Every return that may be made of these contacts, and of those returns in turn, by its parent's id.

    `came_back` are returns that may have been made under other laws, whose families may come back under these. Where
    a return may be made under either, its need as found under these is what its own return may keep.
    """
    found: dict[int, Contact] = {}
    parents = {contact.id: contact for contact in contacts if any(contact.would_return)}
    others = [contact for contact in came_back if any(contact.would_return)]
    for number in range(1, MOST_RETURNS + 1):
        parents = {other.id: other for other in others if other.return_number == number - 1} | parents
        if not parents:
            continue
        children = _returns_of(list(parents.values()), number, scenario, baseline, luck)
        found.update((child.parent, child) for child in children)
        parents = {child.id: child for child in children if any(child.would_return)}
    return found


def _returns_of(
    parents: Sequence[Contact], number: int, scenario: Scenario, baseline: Scenario, luck: Luck
) -> list[Contact]:
    """The `number`-th returns of these contacts' families."""
    parents_ids = np.array([p.id for p in parents], dtype=np.int64)
    families = np.array(_ids(parents_ids, 0), dtype=np.int64)
    ids = np.array(_ids(parents_ids, number), dtype=np.int64)
    unknown = np.full(len(ids), -1, dtype=np.int64)
    born = {
        "id": ids,
        "received": unknown,
        "source": np.array([p.source for p in parents], dtype=np.int64),
        "parent": parents_ids,
        "return_number": unknown * 0 + number,
        "seeded_return": unknown * 0,
    }
    needs = np.array([p.need for p in parents], dtype=np.int64)
    return Fates(scenario, luck, ids, families, baseline).contacts(born, needs)


def _ids(
    parents: np.ndarray[tuple[int], np.dtype[np.int64]], number: int
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The ids of the `number`-th returns of these families, or of their first contacts for 0."""
    fresh = contact_ids(0, 0, 0, 0)
    packed = parents - fresh
    return fresh + (packed >> _PARTS[3] << _PARTS[3]) + number
