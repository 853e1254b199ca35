"""The families of a world: the contacts that will come, and the returns that may, drawn when somebody asks for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from sim.randomness import Luck, contact_ids
from sim.scenario import Scenario
from sim.working_time import MINUTES_PER_DAY
from sim.world.arrivals import Arrivals, arrivals
from sim.world.columns import Columns, contacts_of
from sim.world.contact import MOST_RETURNS, Contact
from sim.world.fates import Fates
from sim.world.span import span

Ids = NDArray[np.int64]

_PARTS = (17, 5, 13, 4)


class Families(Protocol):
    """The contacts that will come by themselves, and by the parent's id the return that may follow a contact.

    `before` holds returns with their fate under the baseline, `after` under the scenario: which applies depends on
    whether a return lands before the levers start. They are the very same where the two are.
    """

    @property
    def contacts(self) -> tuple[Contact, ...]:
        """Those that come by themselves."""

    @property
    def before(self) -> dict[int, Contact]:
        """Returns under the baseline."""

    @property
    def after(self) -> dict[int, Contact]:
        """Returns under the scenario."""


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """Families as they are written down."""

    contacts: tuple[Contact, ...]
    before: dict[int, Contact]
    after: dict[int, Contact]


class Batches(NamedTuple):
    """Families as columns: batches of contacts that come by themselves, in their order, and of returns.

    `after` is the very same list as `before` where scenario and baseline are.
    """

    fresh: list[Columns]
    before: list[Columns]
    after: list[Columns]


class DrawnFamilies:
    """Families as luck has them under a scenario: drawn as columns or one by one, whichever is asked for.

    Nobody makes contact before `begins_day`.
    """

    def __init__(self, scenario: Scenario, baseline: Scenario, luck: Luck, begins_day: int) -> None:
        self._scenario, self._baseline, self._luck, self._begins_day = scenario, baseline, luck, begins_day

    @cached_property
    def columns(self) -> Batches:
        """All of them, and of each what it can come to: the rest is `NOT_DRAWN`."""
        return self._drawn(sparing=True)

    @cached_property
    def contacts(self) -> tuple[Contact, ...]:
        """Those that come by themselves."""
        return tuple(contact for batch in self._whole.fresh for contact in contacts_of(batch))

    @cached_property
    def before(self) -> dict[int, Contact]:
        """Returns under the baseline."""
        return {contact.parent: contact for batch in self._whole.before for contact in contacts_of(batch)}

    @cached_property
    def after(self) -> dict[int, Contact]:
        """Returns under the scenario."""
        if self._whole.after is self._whole.before:
            return self.before
        return {contact.parent: contact for batch in self._whole.after for contact in contacts_of(batch)}

    @cached_property
    def _whole(self) -> Batches:
        return self._drawn(sparing=False)

    def _drawn(self, *, sparing: bool) -> Batches:
        scenario, baseline, luck, begins_day = self._scenario, self._baseline, self._luck, self._begins_day
        when = span(scenario)
        start = min(max(when.levers_start // MINUTES_PER_DAY, begins_day), when.days)
        early = arrivals(baseline, baseline, luck, when.first_day, range(begins_day, start), begins_day)
        late = arrivals(scenario, baseline, luck, when.first_day, range(start, when.days), begins_day)
        theirs, ours = (_Drawing(of, baseline, luck, sparing=sparing) for of in (baseline, scenario))
        fresh = [theirs.fresh(early), ours.fresh(late)]
        parents = _Parents.of(fresh)
        if baseline == scenario:
            returns = ours.returns(parents)
            return Batches(fresh, returns, returns)
        is_early = np.concatenate([batch["received"] for batch in fresh]) < when.levers_start
        before = theirs.returns(parents.those(is_early))
        return Batches(fresh, before, ours.returns(parents, [_Parents.of([batch]) for batch in before]))


class _Parents(NamedTuple):
    """Contacts whose families may come back: ids, sources and needs, of equal length."""

    id: Ids
    source: Ids
    need: Ids
    may_return: NDArray[np.bool_]

    @classmethod
    def of(cls, contacts: Sequence[Columns]) -> "_Parents":
        """The families of these contacts."""
        id_, source, need, back = (
            np.concatenate([batch[name] for batch in contacts]) for name in ("id", "source", "need", "would_return")
        )
        return cls(id_, source, need, back.sum(axis=1) > 0)

    def those(self, wanted: NDArray[np.bool_]) -> "_Parents":
        """Some of them."""
        return _Parents(self.id[wanted], self.source[wanted], self.need[wanted], self.may_return[wanted])

    def and_others(self, others: "_Parents") -> "_Parents":
        """These, and of the others whoever is not among them."""
        more = others.those(~np.isin(others.id, self.id))
        return _Parents(
            np.concatenate([self.id, more.id]),
            np.concatenate([self.source, more.source]),
            np.concatenate([self.need, more.need]),
            np.concatenate([self.may_return, more.may_return]),
        )


class _Drawing:
    """Draws contacts under a scenario."""

    def __init__(self, scenario: Scenario, baseline: Scenario, luck: Luck, *, sparing: bool) -> None:
        self._scenario, self._baseline, self._luck, self._sparing = scenario, baseline, luck, sparing

    def fresh(self, came: Arrivals) -> Columns:
        """Contacts that come by themselves, in their order."""
        nothing = np.zeros(len(came.id), dtype=np.int64)
        born = {
            "id": came.id,
            "received": came.received,
            "source": came.source,
            "parent": nothing - 1,
            "return_number": nothing,
            "seeded_return": came.seeded_return,
        }
        return self._fates(came.id, came.id).columns(born, came.need_before)

    def returns(self, parents: _Parents, came_back: Sequence[_Parents] = ()) -> list[Columns]:
        """Every return that may be made of these parents, and of those returns in turn: first ones, second ones...

        `came_back` are returns, the first ones, the second ones, that may have been made under other laws, whose
        families may come back under these. Where a return may be made under either, its need as found under these is
        what its own return may keep.
        """
        found: list[Columns] = []
        parents = parents.those(parents.may_return)
        for number in range(1, MOST_RETURNS + 1):
            if 1 < number <= len(came_back) + 1:
                others = came_back[number - 2]
                parents = parents.and_others(others.those(others.may_return))
            children = self._returns_of(parents, number)
            found.append(children)
            parents = _Parents.of([children])
            parents = parents.those(parents.may_return)
        return found

    def _returns_of(self, parents: _Parents, number: int) -> Columns:
        """The `number`-th returns of these contacts' families."""
        unknown = np.full(len(parents.id), -1, dtype=np.int64)
        born = {
            "id": _ids(parents.id, number),
            "received": unknown,
            "source": parents.source,
            "parent": parents.id,
            "return_number": unknown * 0 + number,
            "seeded_return": unknown * 0,
        }
        return self._fates(born["id"], _ids(parents.id, 0)).columns(born, parents.need)

    def _fates(self, ids: Ids, families: Ids) -> Fates:
        return Fates(self._scenario, self._luck, ids, families, self._baseline, sparing=self._sparing)


def _ids(parents: Ids, number: int) -> Ids:
    """The ids of the `number`-th returns of these families, or of their first contacts for 0."""
    fresh = contact_ids(0, 0, 0, 0)
    packed = parents - fresh
    found: Ids = fresh + (packed >> _PARTS[3] << _PARTS[3]) + number
    return found
