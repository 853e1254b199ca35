"""A cheap model with a known region: what the search is to find can be told without it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from sim.calibration import Knob, Problem, Year, Years
from sim.calibration.knobs import Points
from sim.experiment.targets import Kind, Target, TargetRole
from sim.scenario import Grade

KNOBS = 24
WITHOUT_EFFECT = slice(16, KNOBS)
TARGETS = 5
MIDDLE = 100.0


@dataclass(frozen=True)
class Fake:
    """Each figure is the exponential of a bent sum of a few knobs, with luck that all sets share and some of its own.

    The first ten knobs are strong, the next six weak, the last eight without effect.
    """

    ran: list[Year] = field(default_factory=list)
    shift: float = 0.0
    fingerprint: str = "fake"

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(f"figure_{number}" for number in range(TARGETS))

    def __call__(self, year: Year, /) -> tuple[float, ...]:
        self.ran.append(year)
        at = np.array([float(str(year.setting[knob.path])) for knob in knobs()])
        own = np.random.default_rng([year.seed, year.replication, round(at.sum() * 1e6)])
        luck = 0.02 * np.sin(np.arange(TARGETS) + year.replication + year.seed) + own.normal(0, 0.01, TARGETS)
        return tuple((self.expected(at[None])[0] * np.exp(luck)).tolist())

    def expected(self, positions: Points) -> Points:
        """Figures without luck, a row a position."""
        sums = (positions - 0.3) @ _weights().T
        return np.asarray(MIDDLE * np.exp(self.shift + sums + 0.5 * sums**2))


def _weights() -> Points:
    weights = np.zeros((TARGETS, KNOBS))
    chance = np.random.default_rng(3)
    for row in weights:
        row[chance.choice(10, 4, replace=False)] = chance.choice([-1.0, 1.0], 4) * chance.uniform(0.2, 0.5, 4)
        row[10:16] = chance.uniform(-0.05, 0.05, 6)
    return weights


def knobs() -> list[Knob]:
    return [Knob(f"knob_{number:02}", 0.0, 1.0, 0.3, is_whole=False, scaled=()) for number in range(KNOBS)]


def targets() -> list[Target]:
    return [
        Target((f"figure_{number}", "all"), f"Figure {number}", Kind.COUNT, TargetRole.FITTED, "children", MIDDLE, 1.0,
               MIDDLE, MIDDLE * 0.93, MIDDLE * 1.07, Grade.OFFICIAL, "invented")
        for number in range(TARGETS)
    ]  # fmt: skip


def problem(lucks: Sequence[tuple[int, int]] = ((1, 0), (1, 1), (1, 2))) -> Problem:
    return Problem(knobs(), targets(), lambda _: True, lucks)


def years(model: Fake | None = None) -> Years:
    return Years(model or Fake())
