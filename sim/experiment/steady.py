"""Whether the baseline is a service in balance: one that cannot keep up has no steady state to compare from."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.experiment.runs import CellResult
from sim.scenario import ScenarioError

PART = 6
"""The first and the last sixth of the year are compared: two months each."""

GROWTH = 2.0
"""Seasons move open work by less than a half; a service out of balance doubles it and goes on."""

FEWEST_CHILDREN = 20
LEFT_OVER_SHARE = 0.02
"""Of a window's contacts: a service that adds more than this to what waits is out of balance, however much waits."""

FEWEST_DAYS = 90
"""In a shorter window a weekend or Easter decides; nothing is said about it."""


@dataclass(frozen=True, slots=True)
class Drift:
    """Contacts undecided and children unseen, on an average day of the year's first two months and of its last two.

    `contacts` are those received in all, and `days` the length of the window.
    """

    first: float
    last: float
    contacts: float
    days: int

    @property
    def is_steady(self) -> bool:
        """Whether what waits has not more than doubled, nor grown by a good part of what came."""
        if self.days < FEWEST_DAYS or self.last <= FEWEST_CHILDREN:
            return True
        left_over = self.last - self.first
        return self.last <= GROWTH * self.first and left_over <= max(LEFT_OVER_SHARE * self.contacts, FEWEST_CHILDREN)


def drift(results: Sequence[CellResult]) -> Drift:
    """The baseline's drift over the year, averaged over runs."""
    days = np.mean([_waiting(result) for result in results], axis=0)
    part = max(len(days) // PART, 1)
    contacts = np.mean([result.readings[0].readings["contacts_count", "all"] for result in results])
    return Drift(float(days[:part].mean()), float(days[-part:].mean()), float(contacts), len(days))


def _waiting(result: CellResult) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    work = result.readings[0].open_work
    return np.asarray(work.open_contacts + work.unseen_children, dtype=np.float64)


def refuse_drift(name: str, results: Sequence[CellResult]) -> None:
    """Raise `ScenarioError` where the baseline is not in balance, with how far it drifts."""
    found = drift(results)
    if not found.is_steady:
        raise ScenarioError(
            f"{name}: this service cannot keep up, so there is no steady state to compare with: contacts undecided and "
            f"children unseen grow from {found.first:.0f} on an average day of the first two months to "
            f"{found.last:.0f} of the last two. Give it more staff or less work"
        )
