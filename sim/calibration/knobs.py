"""Knobs: the numbers of a baseline that may vary, and the ranges in which they are plausible."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.scenario import Evidence, Grade, Scenario, ScenarioError

Points = NDArray[np.float64]
Setting = dict[str, object]

DECIMALS = 4
_KEPT_AS_THEY_ARE = (
    "calendar.",
    "levers_start_day",
    "domestic_abuse_team.",
    "demand.surge.",
    # Scenarios state these as numbers of posts, so a set that moved them would change what a scenario adds. The efforts
    # they are to meet vary instead: only the ratio of the two shows in any figure.
    "front_door.managers",
    "front_door.workers",
    "assessment.managers",
    "assessment.social_workers.",
    "assessment.teams",
    "workforce.vacancy_days",
)
MAIN_NUMBERS = ("mean", "median", "rest.mean", "rest.median")


class Knob(NamedTuple):
    """A number that may vary from `low` to `high`; `scaled` are the paths that keep their ratio to it."""

    path: str
    low: float
    high: float
    at: float
    is_whole: bool
    scaled: tuple[tuple[str, float], ...]

    def setting(self, position: float) -> Setting:
        """The fields set by a position from 0 (low) to 1 (high)."""
        value = self.low + position * (self.high - self.low)
        if self.is_whole:
            return {self.path: round(value)}
        return {path: round(value * ratio, DECIMALS) for path, ratio in ((self.path, 1.0), *self.scaled)}

    @property
    def position(self) -> float:
        """Where the baseline stands, from 0 to 1."""
        return (self.at - self.low) / (self.high - self.low)

    def rounded(self, position: float) -> float:
        """The position of the value that a position sets: whole numbers have few."""
        value = float(str(self.setting(position)[self.path]))
        return (value - self.low) / (self.high - self.low)


def knobs(baseline: Scenario, sources: Sequence[Evidence]) -> tuple[Knob, ...]:
    """What may vary: every number, or main number of a law, with a plausible range and no official source."""
    found = (_knob(baseline, entry) for entry in sources if entry.grade is not Grade.OFFICIAL)
    return tuple(knob for knob in found if knob is not None)


def setting_at(around: Sequence[Knob], position: Points) -> Setting:
    """The fields set by one position a knob."""
    fields: Setting = {}
    for knob, at in zip(around, position.tolist(), strict=True):
        fields.update(knob.setting(at))
    return fields


def _knob(baseline: Scenario, entry: Evidence) -> Knob | None:
    if entry.low is None or entry.high is None or not entry.low < entry.high:
        return None
    if entry.path.startswith(_KEPT_AS_THEY_ARE) or entry.path.endswith("contact_share"):
        return None
    value = baseline.value(entry.path)
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return Knob(entry.path, entry.low, entry.high, float(value), isinstance(value, int), ())
    for main in MAIN_NUMBERS:
        path = f"{entry.path}.{main}"
        number = number_inside(baseline, path)
        if number is not None:
            tail = path.removesuffix("median") + "p95"
            p95 = number_inside(baseline, tail) if path.endswith("median") else None
            scaled = () if p95 is None else ((tail, p95 / number),)
            return Knob(path, entry.low, entry.high, number, is_whole=False, scaled=scaled)
    return None


def number_inside(baseline: Scenario, path: str) -> float | None:
    """A number inside a law, or None where the law has none of that name."""
    try:
        value = baseline.value(path)
    except ScenarioError:
        return None
    return float(value) if isinstance(value, int | float) else None
