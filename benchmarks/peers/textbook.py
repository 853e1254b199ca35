"""As a textbook of SimPy has it: a process a contact, resources of the library, a variate drawn where it is used."""

from collections.abc import Generator
from typing import Any

import numpy as np
import simpy
from numpy.typing import NDArray

from benchmarks.peers import tandem
from benchmarks.peers.tandem import Kind, Lognormal

Lines = list[tuple[float, int, int]]


class FrontDoor:
    """The service, and what has happened at it: times in hours."""

    def __init__(self, seed: int) -> None:
        self.env = simpy.Environment()
        self.rng = np.random.default_rng(seed)
        self.managers = simpy.PriorityResource(self.env, tandem.MANAGERS)
        self.places = simpy.Resource(self.env, tandem.PLACES)
        self.lines: Lines = []

    def note(self, kind: Kind, contact: int) -> None:
        """Something has happened."""
        self.lines.append((self.env.now, kind, contact))

    def lasting(self, law: Lognormal) -> simpy.Timeout:
        """A time drawn now."""
        return self.env.timeout(self.rng.lognormal(law.mu, law.sigma))

    def open(self) -> Generator[simpy.Event, Any, None]:
        """Contacts come."""
        contact, mean_gap = 0, tandem.HOURS / tandem.CONTACTS
        while True:
            yield self.env.timeout(self.rng.exponential(mean_gap))
            self.env.process(self.contact(contact))
            contact += 1

    def contact(self, contact: int) -> Generator[simpy.Event, Any, None]:
        """What becomes of a contact."""
        env, rng = self.env, self.rng
        urgency = int(rng.integers(tandem.PRIORITIES))
        self.note(Kind.ARRIVED, contact)
        while True:
            with self.managers.request(priority=urgency) as manager:
                yield manager
                self.note(Kind.STARTED, contact)
                yield env.timeout(rng.exponential(tandem.DECISION_HOURS))
            self.note(Kind.DECIDED, contact)
            fate = rng.random()
            if fate >= tandem.FURTHER_WORK_SHARE:
                break
            yield self.lasting(tandem.FURTHER_WORK)
            self.note(Kind.RETURNED, contact)
        if fate < tandem.FURTHER_WORK_SHARE + tandem.REFERRAL_SHARE:
            with self.places.request() as place:
                yield place
                self.note(Kind.PLACED, contact)
                yield self.lasting(tandem.VISIT)
                self.note(Kind.SEEN, contact)
                yield self.lasting(tandem.ASSESSMENT)
                self.note(Kind.ASSESSED, contact)


def run(seed: int) -> Lines:
    """A year."""
    door = FrontDoor(seed)
    door.env.process(door.open())
    door.env.run(until=tandem.HOURS)
    return door.lines


def log(lines: Lines) -> NDArray[np.float64]:
    """What happened, as an array."""
    return np.array(lines, dtype=np.float64)
