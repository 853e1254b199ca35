"""In salabim, with generators and without its monitors: they would make it slower."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import numpy as np

from benchmarks.peers import tandem
from benchmarks.peers.tandem import Kind, Lognormal
from benchmarks.peers.textbook import Lines


def run(seed: int) -> Lines:
    """A year: times in hours, kinds and contacts."""
    salabim = import_module("salabim")
    salabim.yieldless(False)  # noqa: FBT003  (its own)
    env = salabim.Environment(trace=False, random_seed=seed)
    rng, lines = np.random.default_rng(seed), Lines()
    managers = salabim.Resource("managers", tandem.MANAGERS, monitor=False)
    places = salabim.Resource("places", tandem.PLACES, monitor=False)

    def lasting(law: Lognormal) -> float:
        return float(rng.lognormal(law.mu, law.sigma))

    class Contact(salabim.Component):  # type: ignore[misc,name-defined]
        def setup(self, contact: int) -> None:
            self.contact = contact

        def note(self, kind: Kind) -> None:
            lines.append((env.now(), kind, self.contact))

        def process(self) -> Iterator[Any]:
            urgency = int(rng.integers(tandem.PRIORITIES))
            self.note(Kind.ARRIVED)
            while True:
                yield self.request((managers, 1, urgency))
                self.note(Kind.STARTED)
                yield self.hold(float(rng.exponential(tandem.DECISION_HOURS)))
                self.release(managers)
                self.note(Kind.DECIDED)
                fate = rng.random()
                if fate >= tandem.FURTHER_WORK_SHARE:
                    break
                yield self.hold(lasting(tandem.FURTHER_WORK))
                self.note(Kind.RETURNED)
            if fate < tandem.FURTHER_WORK_SHARE + tandem.REFERRAL_SHARE:
                yield self.request(places)
                self.note(Kind.PLACED)
                yield self.hold(lasting(tandem.VISIT))
                self.note(Kind.SEEN)
                yield self.hold(lasting(tandem.ASSESSMENT))
                self.note(Kind.ASSESSED)
                self.release(places)

    class FrontDoor(salabim.Component):  # type: ignore[misc,name-defined]
        def process(self) -> Iterator[Any]:
            contact = 0
            while True:
                yield self.hold(float(rng.exponential(tandem.HOURS / tandem.CONTACTS)))
                Contact(contact=contact, mode=None)
                contact += 1

    FrontDoor()
    env.run(till=tandem.HOURS)
    return lines
