"""Sets of plausible numbers: a search for values of what no statistic gives that let the baseline meet its targets.

Numbers of evidence grade B, C and D have a plausible range. The search walks at random among sets that meet every
target: from one that does, some numbers are drawn anew from their whole ranges; a first year with the same luck as the
baseline's screens the new set, and it is kept where the average over several years meets every target. So each set is a
few such steps from the baseline, and what the sets leave apart is what the targets cannot tell.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

from sim.experiment import Plan, run_plan
from sim.experiment.plan import OF
from sim.experiment.targets import Target, targets_of
from sim.scenario import Effect, Evidence, Grade, Scenario, ScenarioError, evidence

Points = NDArray[np.float64]

REDRAWN_SHARE = 0.05
BATCH = 6
MOST_BATCHES = 400
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
_MAIN_NUMBERS = ("mean", "median", "rest.mean", "rest.median")


class Knob(NamedTuple):
    """A number that may vary from `low` to `high`; `scaled` are the paths that keep their ratio to it."""

    path: str
    low: float
    high: float
    at: float
    is_whole: bool
    scaled: tuple[tuple[str, float], ...]

    def setting(self, position: float) -> dict[str, object]:
        """The fields set by a position from 0 (low) to 1 (high)."""
        value = self.low + position * (self.high - self.low)
        if self.is_whole:
            return {self.path: round(value)}
        return {path: round(value * ratio, DECIMALS) for path, ratio in ((self.path, 1.0), *self.scaled)}

    @property
    def position(self) -> float:
        """Where the baseline stands, from 0 to 1."""
        return (self.at - self.low) / (self.high - self.low)


@dataclass(frozen=True, slots=True)
class Found:
    """A set of numbers that was run, and the worst of its targets in half-widths: at most 1 where all are met."""

    setting: Mapping[str, object]
    worst: float


def knobs(baseline: Scenario, sources: Sequence[Evidence]) -> tuple[Knob, ...]:
    """What may vary: every number, or main number of a law, with a plausible range and no official source."""
    found = (_knob(baseline, entry) for entry in sources if entry.grade is not Grade.OFFICIAL)
    return tuple(knob for knob in found if knob is not None)


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
    for main in _MAIN_NUMBERS:
        path = f"{entry.path}.{main}"
        number = _inside(baseline, path)
        if number is not None:
            tail = path.removesuffix("median") + "p95"
            p95 = _inside(baseline, tail) if path.endswith("median") else None
            scaled = () if p95 is None else ((tail, p95 / number),)
            return Knob(path, entry.low, entry.high, number, is_whole=False, scaled=scaled)
    return None


def _inside(baseline: Scenario, path: str) -> float | None:
    """A number inside a law, or None where the law has none of that name."""
    try:
        value = baseline.value(path)
    except ScenarioError:
        return None
    return float(value) if isinstance(value, int | float) else None


class Search:
    """A search for plausible sets about one baseline."""

    def __init__(self, baseline_file: Path, baseline: Scenario, *, seed: int, processes: int) -> None:
        self._baseline = baseline
        self._targets: tuple[Target, ...] = targets_of(baseline_file)
        self._knobs = knobs(baseline, evidence(baseline_file))
        self._seed = seed
        self._processes = processes
        self._random = np.random.default_rng(seed)

    def run(self, *, wanted: int, replications: int) -> Iterator[Found]:
        """Yield each set tried for so many years, until `wanted` of them meet every target or the batches run out."""
        centre = np.clip([knob.position for knob in self._knobs], 0.0, 1.0)
        met: list[Points] = [centre]
        years = self._read([{}], replications)[0]
        for _ in range(MOST_BATCHES):
            steps = [self._step(met[self._random.integers(len(met))]) for _ in range(BATCH)]
            first = self._read([self._setting(step) for step in steps], 1)[:, 0]
            # What the first year of the baseline was above its average, that of another set is likely to be too.
            likely = [
                s for s, f in zip(steps, first, strict=True) if self._worst(f - years[0] + years.mean(axis=0)) <= 1
            ]
            if not likely:
                continue
            figures = self._read([self._setting(step) for step in likely], replications).mean(axis=1)
            for step, figure in zip(likely, figures, strict=True):
                found = Found(self._setting(step), self._worst(figure))
                met += [step] * (found.worst <= 1)
                yield found
                if len(met) > wanted:
                    return

    def _step(self, start: Points) -> Points:
        """Another set: some of the numbers of one drawn anew from their whole ranges, where the scenario allows it."""
        while True:
            redrawn = self._random.random(len(start)) < REDRAWN_SHARE
            step: Points = np.where(redrawn, self._random.random(len(start)), start)
            try:
                self._baseline.changed(self._setting(step))
            except ScenarioError:
                continue
            return step

    def _setting(self, position: Points) -> dict[str, object]:
        fields: dict[str, object] = {}
        for knob, at in zip(self._knobs, position.tolist(), strict=True):
            fields.update(knob.setting(at))
        return fields

    def _worst(self, figures: Points) -> float:
        return max(target.misfit(float(f)) for target, f in zip(self._targets, figures, strict=True))

    def _read(self, settings: Sequence[Mapping[str, object]], replications: int) -> Points:
        """Every target's figure, shape (settings, replications, targets); all settings meet the same luck."""
        plan = Plan(self._baseline, (), tuple(settings), replications, self._seed, is_crossed=True)
        figures = np.empty((len(settings), replications, len(self._targets)))
        for result in run_plan(plan, processes=self._processes):
            readings = result.readings[0].readings
            figures[result.cell.draw, result.cell.replication] = [readings[target.key] for target in self._targets]
        return figures


def with_effects(
    settings: Sequence[Mapping[str, object]], effects: Sequence[Effect], baseline: Scenario, *, seed: int
) -> list[dict[str, object]]:
    """The sets, each with a value for every effect that scenarios assume, spread evenly over its range.

    Scenarios that share an effect share its value: the same set of unknowns holds for all of them.
    """
    if not effects:
        return [dict(setting) for setting in settings]
    cube = qmc.LatinHypercube(len(effects), rng=np.random.default_rng(seed)).random(len(settings))
    return [
        {**setting, **_effect_fields(effects, row.tolist(), baseline)}
        for setting, row in zip(settings, cube, strict=True)
    ]


def _effect_fields(effects: Sequence[Effect], row: Sequence[float], baseline: Scenario) -> dict[str, object]:
    fields: dict[str, object] = {}
    for effect, position in zip(effects, row, strict=True):
        value: float = round(effect.low + position * (effect.high - effect.low), DECIMALS)
        path = effect.path
        if _inside(baseline, path) is None:
            path += ".mean"
        elif isinstance(baseline.value(path), int):
            value = round(value)
        fields.update({f"{name}{OF}{path}": value for name in effect.scenarios})
    return fields


def write_draws(path: Path, settings: Sequence[Mapping[str, object]]) -> None:
    """Write sets of numbers as the `.draws.csv` of a baseline: a header of dotted paths, a row a set."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(settings[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(settings)
