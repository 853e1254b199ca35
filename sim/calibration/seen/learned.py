"""What a record tells of a scenario's numbers: each with its error, what it rests on and where it goes, or why not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol
from zlib import crc32

import numpy as np

from sim.distributions import Discrete, Exponential, Gamma, Lognormal, Weibull

Law = Lognormal | Weibull | Gamma | Exponential | Discrete
Value = float | tuple[float, ...] | Law
Setting = Mapping[str, Value]
"""Values by dotted path of a scenario."""


class Posterior(Protocol):
    """What is not known of a number, as draws of it."""

    def draws(self, chance: np.random.Generator, count: int) -> Sequence[Setting]:
        """So many equally likely settings; all paths of one are drawn together."""
        ...  # pragma: no cover


@dataclass(frozen=True, slots=True)
class Learned:
    """Numbers of a scenario that a record tells.

    `values` are by scenario path, each in the unit of its field; `errors` are their standard errors, of a law in the
    order of its numbers, of a tuple in its order. `seen` is what was counted and sets nothing. `n` counts what
    it rests on, spells or contacts, never a child by name. `warnings` say what should be looked at before it is used.
    """

    what: str
    n: int
    rests_on: str
    values: Setting
    errors: Mapping[str, tuple[float, ...]]
    posterior: Posterior = field(repr=False)
    seen: Mapping[str, float] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    def draws(self, seed: int, count: int) -> Sequence[Setting]:
        """So many posterior draws. Their chance is keyed to the seed and to what is drawn: no other fit changes it."""
        return self.posterior.draws(keyed(seed, self.what), count)


@dataclass(frozen=True, slots=True)
class NotLearned:
    """Numbers of a scenario that a record cannot tell, and why, in words that complete "not learned: ..."."""

    what: str
    paths: tuple[str, ...]
    why: str


Result = Learned | NotLearned


def keyed(seed: int, name: str) -> np.random.Generator:
    """Chance of one name alone."""
    return np.random.default_rng([seed, crc32(name.encode("utf-8"))])
