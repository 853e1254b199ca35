"""How much of something a service needs so that a standard is met with a chosen chance.

In every world (a plausible set of numbers, and its luck) the least amount that meets the standard is found by halving:
some four runs in place of one for each amount. The chance that an amount is enough is the share of worlds whose least
is no more. Halving is right where more never makes it worse; in every fifth world all amounts are run to see, and if
one of those shows otherwise, all are run everywhere.

The amount is that of the baseline itself: as if it had always been so, no recruitment to be waited for.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from scipy import special

from sim.experiment.estimates import Range
from sim.experiment.later import CONFIDENCE
from sim.experiment.plan import Cell, Plan
from sim.experiment.pools import each_done, engine_for
from sim.experiment.runs import simulate
from sim.measures import MEASURES, Better, Measure, measure
from sim.model import Engine
from sim.scenario import Scenario, ScenarioError, staffing_gaps

_CHECKED_EVERY: Final = 5

Job = tuple[Cell, bool]
"""A world, and whether all amounts are run in it."""


@dataclass(frozen=True, slots=True)
class Standard:
    """A bound on a measure of a group: at least that where higher is better, at most that where lower is."""

    measure: str
    bound: float
    group: str = "all"

    def __post_init__(self) -> None:
        found = {each.id: each for each in MEASURES}.get(self.measure)
        if found is None or found.better is Better.NEITHER:
            raise ScenarioError(f"{self.measure}: is not a measure of which more or less is better")
        if self.group not in {group.id for group in found.groups}:
            raise ScenarioError(f"{self.measure}: is not measured for {self.group}")

    @property
    def of(self) -> Measure:
        """The measure."""
        return next(each for each in MEASURES if each.id == self.measure)

    def is_met_by(self, value: float) -> bool:
        """Whether a value meets it; nan does not."""
        return value >= self.bound if self.of.better is Better.HIGHER else value <= self.bound


@dataclass(frozen=True, slots=True)
class Chance:
    """How many of some worlds met a standard: `by_set` how many of how many under each set of numbers, if known."""

    met: int
    worlds: int
    by_set: tuple[tuple[int, int], ...] = ()

    @property
    def share(self) -> float:
        """The share of worlds that met it."""
        return self.met / self.worlds

    @property
    def error(self) -> Range:
        """The 95% interval of the chance: Clopper and Pearson's, of so many worlds as all are worth together.

        Worlds under one set of numbers are alike, so many of few sets tell less than as many of as many (Korn and
        Graubard's way).
        """
        worth, tail = self._worth, (1 - CONFIDENCE) / 2
        met, missed = self.share * worth, (1 - self.share) * worth
        low = float(special.betaincinv(met, missed + 1, tail)) if self.met else 0.0
        high = float(special.betaincinv(met + 1, missed, 1 - tail)) if self.met < self.worlds else 1.0
        return Range(low, high)

    @property
    def _worth(self) -> float:
        """To how many worlds, each of a set of its own, these come."""
        sets, share, worlds = len(self.by_set), self.share, self.worlds
        if sets < 2 or sets == worlds:  # noqa: PLR2004  (of a single set nothing is known between sets)
            return worlds
        if share in {0.0, 1.0}:
            return sets
        squares = sum((met - share * of) ** 2 for met, of in self.by_set)
        variance = sets / (sets - 1) * squares / worlds**2
        if not variance:
            return worlds
        few, many = (float(special.stdtrit(each - 1, (1 + CONFIDENCE) / 2)) for each in (sets, worlds))
        return min(share * (1 - share) / variance * (many / few) ** 2, worlds)


def chance_of(is_met: Sequence[bool], sets: Sequence[int]) -> Chance:
    """The chance from whether each world met a standard, and under which set of numbers it was."""
    worlds, met = Counter(sets), Counter(one for one, met in zip(sets, is_met, strict=True) if met)
    return Chance(sum(is_met), len(is_met), tuple((met[one], of) for one, of in sorted(worlds.items())))


@dataclass(frozen=True, slots=True)
class Sizing:
    """The least amount of a lever that meets a standard, world by world.

    `least` holds for each world the place of that amount in `amounts`, or their number where none was enough. `checked`
    worlds were run at every amount; in `uneven` of those more made it worse somewhere. `runs` is what that took.
    `sets` says under which set of numbers each world was: where none is given, each under one of its own.
    """

    path: str
    standard: Standard
    amounts: tuple[int, ...]
    least: tuple[int, ...]
    checked: int
    uneven: int
    runs: int
    sets: tuple[int, ...] = ()

    def chance(self, amount: int) -> Chance:
        """The chance that an amount is enough."""
        place = self.amounts.index(amount)
        return chance_of([least <= place for least in self.least], self.sets or range(len(self.least)))

    def enough(self, chance: float) -> int | None:
        """The least amount that is enough with at least this chance; None where none tried is."""
        return next((amount for amount in self.amounts if self.chance(amount).share >= chance), None)

    def could_be(self, chance: float) -> tuple[int | None, int | None]:
        """Between which amounts the least that is enough lies, as far as the intervals of the chances tell.

        Below the first no interval reaches the chance that is asked for; from the second on they lie above it. None
        where that is beyond what was tried.
        """
        errors = {amount: self.chance(amount).error for amount in self.amounts}
        low = next((amount for amount, error in errors.items() if error.high >= chance), None)
        return low, next((amount for amount, error in errors.items() if error.low >= chance), None)


@dataclass(frozen=True, slots=True)
class FoundInWorld:
    """What a world's runs gave: the place of the least amount that is enough."""

    cell: Cell
    least: int
    is_checked: bool
    is_uneven: bool
    runs: int


Each = Callable[[Callable[[Job], FoundInWorld], Iterable[Job]], Iterator[FoundInWorld]]
"""What runs worlds: gives what is found in each as it is done. The work can be sent to another process."""


def sizing(
    plan: Plan,
    path: str,
    amounts: Sequence[int],
    standard: Standard,
    *,
    processes: int = 1,
    engine: Engine | None = None,
    each: Each | None = None,
) -> Sizing:
    """The least of some whole amounts of a lever that meets a standard, in each world of a plan of a baseline alone.

    Run in so many processes of its own, or by `each`. Raise `ScenarioError` where an amount makes no scenario, or the
    plan has scenarios beside its baseline.
    """
    tried = _tried(plan, path, amounts)
    cells = list(plan.cells())
    each = each or _in_processes(processes)
    engine = engine_for(engine, processes=processes)
    work = partial(_least, plan, path, tried, standard, engine)
    found = sorted(each(work, _jobs(cells)), key=lambda one: one.cell.replication)
    runs = sum(one.runs for one in found)
    if any(one.is_uneven for one in found):
        more = list(each(work, [(one.cell, True) for one in found if not one.is_checked]))
        runs += sum(one.runs for one in more)
        found = sorted([*(one for one in found if one.is_checked), *more], key=lambda one: one.cell.replication)
    return Sizing(
        path,
        standard,
        tried,
        tuple(one.least for one in found),
        sum(one.is_checked for one in found),
        sum(one.is_uneven for one in found),
        runs,
        tuple(one.cell.draw for one in found),
    )


def meeting(
    plan: Plan,
    path: str,
    amount: int,
    standard: Standard,
    *,
    processes: int = 1,
    engine: Engine | None = None,
    each: Each | None = None,
) -> Chance:
    """In how many of a plan's worlds one amount meets a standard: with another seed, a test of what sizing found."""
    tried = _tried(plan, path, (amount,))
    each = each or _in_processes(processes)
    engine = engine_for(engine, processes=processes)
    work = partial(_least, plan, path, tried, standard, engine)
    found = list(each(work, [(cell, True) for cell in plan.cells()]))
    return chance_of([one.least == 0 for one in found], [one.cell.draw for one in found])


def _in_processes(processes: int) -> Each:
    return partial(each_done, processes=processes)


def _tried(plan: Plan, path: str, amounts: Sequence[int]) -> tuple[int, ...]:
    """The amounts in order, once each can be had."""
    if plan.variants:
        raise ScenarioError("sizing is of a baseline alone; give no scenarios with it")
    tried = tuple(sorted(set(amounts)))
    if not tried:
        raise ScenarioError(f"{path}: give at least one amount")
    for amount in tried:
        for gap in staffing_gaps(_scenario(plan, Cell(0, 0), path, amount)):
            raise ScenarioError(f"{path} = {amount}: {gap}")
    return tried


def _jobs(cells: Sequence[Cell]) -> Iterator[tuple[Cell, bool]]:
    """Every world, and whether all amounts are run in it."""
    return ((cell, place % _CHECKED_EVERY == 0) for place, cell in enumerate(cells))


def _scenario(plan: Plan, cell: Cell, path: str, amount: int) -> Scenario:
    return plan.scenarios(cell.draw)[0].changed({path: amount})


def _least(
    plan: Plan,
    path: str,
    amounts: tuple[int, ...],
    standard: Standard,
    engine: Engine | None,
    job: tuple[Cell, bool],
) -> FoundInWorld:
    """One world: by halving, or by all amounts."""
    cell, every = job
    known: dict[int, bool] = {}
    places = range(len(amounts)) if every else _halved(known, len(amounts))
    for place in places:
        scenario = _scenario(plan, cell, path, amounts[place])
        log = simulate(scenario, seed=plan.seed, replication=cell.replication, engine=engine)
        value = measure(log, (standard.of,))[standard.measure, standard.group]
        known[place] = standard.is_met_by(value)
    return FoundInWorld(cell, least_of(known, len(amounts)), every, every and is_uneven(known), len(known))


def _halved(known: Mapping[int, bool], count: int) -> Iterator[int]:
    """Which place to run next, by what is known after each."""
    low, high = -1, count
    while high - low > 1:
        middle = (low + high) // 2
        yield middle
        low, high = (low, middle) if known[middle] else (middle, high)


def least_of(known: Mapping[int, bool], count: int) -> int:
    """The least place from which every known one on meets the standard; `count` where none does."""
    missed = [place for place, met in known.items() if not met]
    met = [place for place, is_met in known.items() if is_met and place > max(missed, default=-1)]
    return min(met, default=count)


def is_uneven(known: Mapping[int, bool]) -> bool:
    """Whether some place that meets the standard has one above it that does not."""
    met = [place for place, is_met in known.items() if is_met]
    return any(not is_met and place > min(met, default=len(known)) for place, is_met in known.items())
