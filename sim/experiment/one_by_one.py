"""What numbers do to a comparison's answer one at a time: its tornado and break-evens, in its own worlds and sets.

The comparison itself stays as it was: these are years of their own, of the plan in its record.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from sim.experiment.break_even import BreakEven, break_evens_over_sets
from sim.experiment.later import CONFIDENCE, Key
from sim.experiment.one_at_a_time import Runs, Swing, Tornado, is_possible, tornado
from sim.experiment.plan import OF, Plan
from sim.scenario import ScenarioError

MOST: Final = 8
SCREENED: Final = 2
POINTS: Final = 5
_MOST_TURNED: Final = 2


@dataclass(frozen=True, slots=True)
class OneByOne:
    """The tornado of a scenario's change, and where it breaks even.

    The simulation error of a swing is one for all of them at once (Bonferroni). `left_out` are the numbers over which
    no break-even could be looked for, because some value of theirs makes no scenario in every set.
    """

    scenario: str
    tornado: Tornado
    break_evens: tuple[BreakEven, ...]
    left_out: tuple[str, ...]
    seed: int


def one_by_one(
    plan: Plan,
    scenario: str,
    key: Key,
    *,
    most: int = MOST,
    screened: int = SCREENED,
    over: Mapping[str, Sequence[float]],
    runs: Runs,
) -> OneByOne:
    """Move the numbers of a plan one at a time under one of its scenarios; raises `ScenarioError`.

    Break-evens are looked for `over` the numbers given with their values; unless any is, over every effect that the
    scenario assumes, and over those numbers that are told to move the change from one sign to the other.
    """
    first = next(variant for variant in plan.variants if variant.name == scenario)
    alone = replace(plan, variants=(first,))
    at_once = 1 - (1 - CONFIDENCE) / most
    found = tornado(alone, key, most=most, screened=screened, is_over_sets=True, confidence=at_once, runs=runs)
    wanted = _asked(plan, scenario, over) if over else _usual(alone, found)
    met = plan.draws[: plan.replications]
    possible = {number: values for number, values in wanted.items() if is_possible(alone, number, values, met)}
    left_out = tuple(sorted(wanted.keys() - possible.keys()))
    if over and left_out:
        raise ScenarioError(f"{left_out[0]}: some value to be tried cannot be had under every set of plausible numbers")
    together = replace(plan, variants=(first, *(each for each in plan.variants if each is not first)))
    evens = [break_evens_over_sets(together, number, values, key, runs=runs) for number, values in possible.items()]
    return OneByOne(scenario, found, tuple(each for some in evens for each in some), left_out, plan.seed)


def years_at_most(plan: Plan, scenario: str, *, most: int, screened: int, over: Mapping[str, Sequence[float]]) -> int:
    """How many simulated years of a scenario it takes, at most."""
    sets, others = plan.draws[0], len(plan.variants) - 1
    tried = [path for path in sets if OF not in path or path.startswith(f"{scenario}{OF}")]
    screening = 2 * (1 + 2 * len(tried)) * screened if len(tried) > most else 0
    bars = 2 * (1 + 2 * min(most, len(tried))) * plan.replications
    effects = [len(values) for path, values in over.items() if OF in path] or [
        POINTS for path in tried if OF in path and not over
    ]
    points = sum(len(values) for values in over.values()) or sum(effects) + _MOST_TURNED * POINTS
    return screening + bars + (2 * points + len(effects) * (1 + others if others else 0)) * plan.replications


def _asked(plan: Plan, scenario: str, over: Mapping[str, Sequence[float]]) -> dict[str, Sequence[float]]:
    """The numbers asked for; one that the scenario itself states is the scenario's."""
    differences = next(variant.differences for variant in plan.variants if variant.name == scenario)
    found: dict[str, Sequence[float]] = {}
    for path, values in over.items():
        if len(set(values)) < 2:  # noqa: PLR2004  (ends)
            raise ScenarioError(f"{path}: give at least two values, between which a break-even may lie")
        found[f"{scenario}{OF}{path}" if path in differences else path] = sorted(set(values))
    return found


def _usual(plan: Plan, found: Tornado) -> dict[str, Sequence[float]]:
    """Effects that the scenario assumes, over all that the sets hold, then numbers that turn the change."""
    met = plan.draws[: plan.replications]
    effects = {path: [each[path] for each in met] for path in met[0] if path.startswith(f"{found.scenario}{OF}")}
    wanted = {path: between(values) for path, values in effects.items()}
    turned = [swing for swing in found.swings if swing.path not in wanted and _turns(found, swing)]
    wanted |= {swing.path: between([swing.low, swing.high]) for swing in turned[:_MOST_TURNED]}
    return {path: values for path, values in wanted.items() if len(values) > 1}


def _turns(found: Tornado, swing: Swing) -> bool:
    """Whether a number is told to move the change, and to another sign at one of its ends than at the other."""
    ends = [found.answer.mean + end.mean for end in (swing.at_low, swing.at_high)]
    return swing.apart.is_told_from_zero and ends[0] * ends[1] < 0


def between(values: Sequence[object]) -> list[float]:
    """Even steps from the least to the most, to three figures; whole where all are."""
    numbers = [value for value in values if isinstance(value, int | float) and not isinstance(value, bool)]
    if len(numbers) < len(values):
        return []
    steps = np.linspace(min(numbers), max(numbers), POINTS).tolist()
    is_whole = all(isinstance(value, int) for value in numbers)
    return sorted({round(step) if is_whole else float(f"{step:.3g}") for step in steps})
