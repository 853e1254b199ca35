"""The reference workload "tandem front door": its numbers, variates drawn beforehand, its log and what is read.

Contacts come at random through a year and wait for one of a few managers, in three priorities. A decision may ask for
further work, after which the contact comes back, or lead to a referral, which waits for a place on a caseload and holds
it until it is visited and assessed. Where two things happen in one minute SimPy's order holds, and free managers and
places are given out after all that ends in the minute: by priority, then time joined, then contact.
"""

from enum import IntEnum
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

MINUTES_PER_HOUR: Final = 60
HOURS: Final = 8760
MINUTES: Final = HOURS * MINUTES_PER_HOUR

CONTACTS: Final = 20_000
MANAGERS: Final = 3
PLACES: Final = 771
PRIORITIES: Final = 3

DECISION_HOURS: Final = 0.15
FURTHER_WORK_SHARE: Final = 0.25
REFERRAL_SHARE: Final = 0.30

Whole = NDArray[np.int64]


class Lognormal(NamedTuple):
    """A mean in hours, and the deviation of the logarithm."""

    mean: float
    sigma: float

    @property
    def mu(self) -> float:
        """The mean of the logarithm."""
        return float(np.log(self.mean) - self.sigma**2 / 2)


FURTHER_WORK: Final = Lognormal(48, 1.0)
VISIT: Final = Lognormal(60, 0.8)
ASSESSMENT: Final = Lognormal(700, 0.5)


class Kind(IntEnum):
    """What happened: a line of the log."""

    ARRIVED = 0
    STARTED = 1  # a manager takes the contact up
    DECIDED = 2
    RETURNED = 3  # from further work
    PLACED = 4
    SEEN = 5
    ASSESSED = 6


class Setting(NamedTuple):
    """How much comes, to how many, and on what grid times lie: the reference year unless said otherwise."""

    contacts: int = CONTACTS
    managers: int = MANAGERS
    places: int = PLACES
    grid_minutes: int = 1

    @property
    def minutes(self) -> int:
        """Until when it runs."""
        return MINUTES


class Drawn(NamedTuple):
    """Every variate of a run, in whole minutes; those of a contact's rounds lie one after the other from `first` on."""

    arrival: Whole
    urgency: Whole
    first: Whole
    rounds: Whole
    referred: Whole
    visit: Whole
    assessment: Whole
    decision: Whole
    further: Whole

    @property
    def most_lines(self) -> int:
        """More lines than these a log cannot have."""
        return 4 * len(self.arrival) + 3 * len(self.decision)


def draw(seed: int, setting: Setting | None = None) -> Drawn:
    """The variates of a run."""
    setting, rng = setting or Setting(), np.random.default_rng(seed)
    contacts = int(rng.poisson(setting.contacts))
    grid = setting.grid_minutes

    def minutes(hours: NDArray[np.float64]) -> Whole:
        return np.rint(hours * (MINUTES_PER_HOUR / grid)).astype(np.int64) * grid

    def lognormal(law: Lognormal, count: int) -> Whole:
        return minutes(rng.lognormal(law.mu, law.sigma, count))

    arrival = np.sort((rng.random(contacts) * (setting.minutes // grid)).astype(np.int64)) * grid
    rounds = rng.geometric(1 - FURTHER_WORK_SHARE, contacts)
    past, decisions = np.cumsum(rounds), int(rounds.sum())
    return Drawn(
        arrival,
        rng.integers(PRIORITIES, size=contacts),
        past - rounds,
        rounds,
        (rng.random(contacts) < REFERRAL_SHARE / (1 - FURTHER_WORK_SHARE)).astype(np.int64),
        lognormal(VISIT, contacts),
        lognormal(ASSESSMENT, contacts),
        minutes(rng.exponential(DECISION_HOURS, decisions)),
        lognormal(FURTHER_WORK, decisions),
    )


Figures = dict[str, float]


def figures(log: NDArray[np.float64] | Whole, minutes: float) -> Figures:
    """What is compared where engines draw their own variates, of a log of times, kinds and contacts.

    Counts, and mean numbers over the year: an integral over everybody's stay, so far as it lies in the year.
    """
    time, kind = log[:, 0], log[:, 1].astype(np.int64)
    count = np.bincount(kind, minlength=len(Kind))
    left = np.bincount(kind, weights=minutes - time, minlength=len(Kind))  # what a year has left after each

    def mean(entered: list[Kind], gone: list[Kind]) -> float:
        return float(left[entered].sum() - left[gone].sum()) / minutes

    return {
        "contacts": float(count[Kind.ARRIVED]),
        "decisions": float(count[Kind.DECIDED]),
        "returns": float(count[Kind.RETURNED]),
        "places taken": float(count[Kind.PLACED]),
        "assessments": float(count[Kind.ASSESSED]),
        "waiting for a manager": mean([Kind.ARRIVED, Kind.RETURNED], [Kind.STARTED]),
        "managers at work": mean([Kind.STARTED], [Kind.DECIDED]),
        "places in use": mean([Kind.PLACED], [Kind.ASSESSED]),
    }
