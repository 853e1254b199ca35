"""Sets of plausible numbers: a search for values of what no statistic gives that let the baseline meet its targets.

Numbers of evidence grade B, C and D have a plausible range. Points spread about the baseline show how each target moves
with each number (a ridge regression on runs with the same luck); many sets drawn from the ranges are screened by that,
and those that pass are run. A set is kept only where the runs themselves meet every target. What the sets leave apart
is what the targets cannot tell.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

from sim.experiment import CellResult, Plan, run_plan
from sim.experiment.plan import OF
from sim.experiment.targets import Target, targets_of
from sim.scenario import Effect, Evidence, Grade, Scenario, ScenarioError, evidence

Points = NDArray[np.float64]

NEARBY = 0.25
WIDER = 0.45
SCREENED = 40_000
RIDGE = 1.0
HEADROOM = 0.75
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
        self._centre = np.clip([knob.position for knob in self._knobs], 0.0, 1.0)
        self._seed = seed
        self._processes = processes
        self._random = np.random.default_rng(seed)

    def run(self, *, wanted: int, points: int, replications: int) -> Iterator[Found]:
        """Yield each set tried, kept or not, until `wanted` sets meet every target or the screened ones run out."""
        positions = self._spread(points, NEARBY)
        slopes = self._slopes(positions, self._read([self._setting(p) for p in positions], 1)[:, 0])
        base = self._read([{}], replications).mean(axis=1)[0]
        kept = 0
        for position in self._screened(slopes, base):
            setting = self._setting(position)
            try:
                figures = self._read([setting], replications).mean(axis=1)[0]
            except ScenarioError:
                continue
            worst = max(target.misfit(float(figure)) for target, figure in zip(self._targets, figures, strict=True))
            kept += worst <= 1
            yield Found(setting, worst)
            if kept == wanted:
                return

    def _setting(self, position: Points) -> dict[str, object]:
        fields: dict[str, object] = {}
        for knob, at in zip(self._knobs, position.tolist(), strict=True):
            fields.update(knob.setting(at))
        return fields

    def _spread(self, count: int, width: float) -> Points:
        cube = qmc.LatinHypercube(len(self._knobs), rng=self._random).random(count)
        positions: Points = np.clip(self._centre + (2 * cube - 1) * width, 0.0, 1.0)
        return positions

    def _slopes(self, positions: Points, figures: Points) -> Points:
        """How each target moves with each number, shape (knobs, targets): ridge regression about the mean."""
        x = positions - positions.mean(axis=0)
        y = figures - figures.mean(axis=0)
        gram = x.T @ x + RIDGE * np.diag(x.var(axis=0).mean() * np.ones(x.shape[1]))
        slopes: Points = np.linalg.solve(gram, x.T @ y)
        return slopes

    def _screened(self, slopes: Points, base: Points) -> Iterator[Points]:
        """Sets that should meet every target by the slopes, the widest apart from the baseline first."""
        positions = self._spread(SCREENED, WIDER)
        expected = base + (positions - self._centre) @ slopes
        middle = np.array([(target.low + target.high) / 2 for target in self._targets])
        half = np.array([(target.high - target.low) / 2 for target in self._targets])
        worst = (np.abs(expected - middle) / half).max(axis=1)
        likely = np.flatnonzero(worst <= HEADROOM)
        if not len(likely):
            likely = np.argsort(worst)[:200]
        apart = np.linalg.norm(positions[likely] - self._centre, axis=1)
        yield from positions[likely[np.argsort(-apart)]]

    def _read(self, settings: Sequence[Mapping[str, object]], replications: int) -> Points:
        """Every target's figure, shape (settings, replications, targets); all settings meet the same luck."""
        for setting in settings:
            self._baseline.changed(setting)
        figures = np.empty((len(settings), replications, len(self._targets)))
        for result in self._results(settings, replications):
            readings = result.readings[0].readings
            figures[result.cell.draw, result.cell.replication] = [readings[target.key] for target in self._targets]
        return figures

    def _results(self, settings: Sequence[Mapping[str, object]], replications: int) -> Iterator[CellResult]:
        plan = Plan(self._baseline, (), tuple(settings), replications, self._seed, is_crossed=True)
        return run_plan(plan, processes=self._processes)


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
