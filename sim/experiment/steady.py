"""Whether a service keeps up with its work: where it does not, its figures depend on the day the run stops.

A baseline that does not is refused, for there is no steady state to compare from; of a scenario it is said.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.experiment.runs import CellResult
from sim.scenario import ScenarioError

Days = NDArray[np.float64]

PART = 6
"""The first and the last sixth of the year are compared: two months each."""

GROWTH = 2.0
"""Seasons move open work by less than a half; a service out of balance doubles it and goes on."""

FEWEST_CHILDREN = 20
LEFT_OVER_SHARE = 0.02
"""Of a window's contacts: a service that adds more than this to what waits is out of balance, however much waits."""

GAINED_SHARE = 1 / 3
"""Of the baseline's open work: a scenario that gains more than this on it of late does not keep up."""

FEWEST_DAYS = 90
"""In a shorter window a weekend or Easter decides; nothing is said about it."""


@dataclass(frozen=True, slots=True)
class Drift:
    """Contacts undecided and children unseen, on an average day of the year's first two months and of its last two.

    `contacts` are those received in all, and `days` the length of the window. Of a scenario, `gained` is how much its
    open work grew beyond the baseline's from the middle third to the last sixth of the days on which all it changes was
    in place; seasons, which both have, are not in it. `base` is the baseline's open work on an average day of the last
    two months.
    """

    first: float
    last: float
    contacts: float
    days: int
    gained: float = 0.0
    base: float = 0.0

    @property
    def keeps_up(self) -> bool:
        """Whether the service is steady and, beside the baseline, has stopped gaining open work."""
        return self.is_steady and self.gained <= max(GAINED_SHARE * self.base, FEWEST_CHILDREN)

    @property
    def is_steady(self) -> bool:
        """Whether what waits has not more than doubled, nor grown by a good part of what came."""
        if self.days < FEWEST_DAYS or self.last <= FEWEST_CHILDREN:
            return True
        left_over = self.last - self.first
        return self.last <= GROWTH * self.first and left_over <= max(LEFT_OVER_SHARE * self.contacts, FEWEST_CHILDREN)


def drift(results: Sequence[CellResult], number: int = 0, *, since: int = 0) -> Drift:
    """The drift of a scenario over the year, averaged over runs; all it changes is in place `since` that day."""
    days = _waiting(results, number)
    part = max(len(days) // PART, 1)
    contacts = np.mean([result.readings[number].readings["contacts_count", "all"] for result in results])
    base = _waiting(results, 0)
    return Drift(
        first=float(days[:part].mean()),
        last=float(days[-part:].mean()),
        contacts=float(contacts),
        days=len(days),
        gained=_gained((days - base)[since:]),
        base=float(base[-part:].mean()),
    )


def _gained(extra: Days) -> float:
    """How much more than the baseline's the open work has grown of late."""
    part = len(extra) // PART
    return float(extra[-part:].mean() - extra[2 * part : 4 * part].mean()) if len(extra) >= FEWEST_DAYS else 0.0


def _waiting(results: Sequence[CellResult], number: int) -> Days:
    """Contacts undecided and children unseen at each midnight of the year, mean over runs."""
    work = [result.readings[number].open_work for result in results]
    days: Days = np.mean([each.open_contacts + each.unseen_children for each in work], axis=0, dtype=np.float64)
    return days


def refuse_drift(name: str, results: Sequence[CellResult]) -> None:
    """Raise `ScenarioError` where the baseline is not in balance, with how far it drifts."""
    found = drift(results)
    if not found.is_steady:
        raise ScenarioError(
            f"{name}: this service cannot keep up, so there is no steady state to compare with: contacts undecided and "
            f"children unseen grow from {found.first:.0f} on an average day of the first two months to "
            f"{found.last:.0f} of the last two. Give it more staff or less work"
        )
