"""What is to be run: scenarios, sets of plausible numbers, replications and a seed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from sim.experiment.starts import Start, start_of
from sim.scenario import Basis, Scenario, ScenarioError, staffing_gaps, wide_spans
from sim.world.opening import OpenWork

MOST_REPLICATIONS = 100_000
OF = ":"
LEAST_WARM_UP_DAYS = 182
"""Twice as long changes open assessments and the wait of nine in ten by less than 5% (DESIGN.md, 2026-11-24)."""


class Cell(NamedTuple):
    """One world: a set of plausible numbers (a draw) met by a replication's luck. Every scenario runs in it."""

    draw: int
    replication: int


@dataclass(frozen=True, slots=True)
class Variant:
    """A scenario of a comparison, as what it changes in the baseline."""

    name: str
    title: str
    differences: Mapping[str, object]


class Unvaried(NamedTuple):
    """A number with a plausible range that no set of numbers varies: its path, its meaning, and the range."""

    path: str
    meaning: str
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Plan:
    """A comparison: a baseline, what each scenario changes in it, the draws all of them share, and how often to run.

    Replication r meets draw r modulo the number of draws, so that every replication has luck of its own and the draws
    are used evenly; where the plan `is_crossed` every replication meets every draw. `draws` holds at least one set,
    which may be empty: the baseline as it stands. `notes` are sentences to warn of beside the plan's own,
    `unvaried` the numbers whose range no draw explores, and `basis` says what a fitted baseline rests on. With an
    `opening` every scenario begins with that open work, and the baseline's calendar is that of `start_calendar`.
    `is_calibrated` where numbers of the baseline are set from an authority's own record; `past_months` are the verdicts
    of a test of it against past months, if it was tested.
    `starts` says of each variant when what it changes is there, over the draws that are met.
    """

    baseline: Scenario
    variants: tuple[Variant, ...]
    draws: tuple[Mapping[str, object], ...]
    replications: int
    seed: int
    is_crossed: bool = False
    notes: tuple[str, ...] = ()
    opening: OpenWork | None = None
    unvaried: tuple[Unvaried, ...] = ()
    is_calibrated: bool = False
    basis: Basis | None = None
    past_months: tuple[str, ...] = ()
    starts: tuple[Start, ...] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        if not 1 <= self.replications <= MOST_REPLICATIONS:
            raise ScenarioError(f"--replications {self.replications}: must be from 1 to {MOST_REPLICATIONS}")
        if not 0 <= self.seed < 2**63:
            raise ScenarioError(f"--seed {self.seed}: must be from 0 to {2**63 - 1}")
        names = self._names
        for name in names:
            if names.count(name) > 1:
                raise ScenarioError(f"two scenarios are both named {name}: give each its own name")
        for name, scenario in zip(names, self.scenarios(0), strict=True):
            for rule in (*staffing_gaps(scenario), *_too_late(scenario)):
                raise ScenarioError(f"{name}, {rule}")
            if scenario.calendar != self.baseline.calendar:
                raise ScenarioError(
                    f"{name}, calendar: all scenarios of a comparison have one calendar; change the baseline's, or set "
                    "it for all with --set"
                )
        object.__setattr__(self, "starts", tuple(self._starts()))

    def _starts(self) -> Iterator[Start]:
        met = [self.scenarios(draw) for draw in range(min(len(self.draws), self.replications))]
        for number in range(1, len(self.variants) + 1):
            yield start_of([(scenarios[number], scenarios[0]) for scenarios in met])

    @property
    def _names(self) -> list[str]:
        return [self.baseline.name, *(variant.name for variant in self.variants)]

    def warnings(self) -> Iterator[str]:
        """What could be run but hardly managed, by scenario; what the baseline has already is said of it alone.

        A comparison that starts from open work needs no warm-up.
        """
        if self.opening is None:
            yield from (f"{self.baseline.name}, {short}" for short in _short_warm_up(self.baseline))
        said: set[str] = set()
        for name, scenario in zip(self._names, self.scenarios(0), strict=True):
            wide = [span for span in wide_spans(scenario) if span not in said]
            yield from (f"{name}, {span}" for span in wide)
            if scenario.name == self.baseline.name:
                said.update(wide)
        yield from self.notes

    def cells(self) -> Iterator[Cell]:
        """The worlds to run, in order; more replications only add to the end."""
        if self.is_crossed:
            return (Cell(draw, r) for r in range(self.replications) for draw in range(len(self.draws)))
        return (Cell(r % len(self.draws), r) for r in range(self.replications))

    def scenarios(self, draw: int) -> tuple[Scenario, ...]:
        """The baseline and every scenario under one draw, validated.

        A scenario's own numbers win over the draw's, unless the draw speaks of that scenario: `name:path`.
        """
        fields = self.draws[draw]
        baseline = self.baseline.changed({path: value for path, value in fields.items() if OF not in path})
        changed = (
            baseline.changed({**v.differences, **_effects(fields, v.name), "name": v.name, "title": v.title})
            for v in self.variants
        )
        return (baseline, *changed)


def _too_late(scenario: Scenario) -> Iterator[str]:
    """That what a scenario changes would start after the year in which it is measured."""
    horizon = scenario.calendar.horizon_days
    if scenario.levers_start_day >= horizon:
        yield (
            f"levers_start_day: day {scenario.levers_start_day} is not in the year that is measured, which has "
            f"{horizon} days from day 0 (calendar.horizon_days): nothing would be changed in it"
        )


def _short_warm_up(scenario: Scenario) -> Iterator[str]:
    """That the run begins too near its empty start, from which it takes long to fill."""
    days = scenario.calendar.warm_up_days
    if days < LEAST_WARM_UP_DAYS:
        yield (
            f"calendar.warm_up_days: {days} days are fewer than the {LEAST_WARM_UP_DAYS} after which open work no "
            "longer depends on the empty service that a run begins with: waits and open work are shown too low"
        )


def _effects(fields: Mapping[str, object], name: str) -> dict[str, object]:
    """What a draw says of one scenario's assumed effects, under keys such as `name:further_work.reply_multiplier`."""
    return {path.partition(OF)[2]: value for path, value in fields.items() if path.startswith(name + OF)}
