"""Whether the figures kept of a run are those that its events give."""

import math
from collections.abc import Iterator, Mapping
from typing import Final, TypeVar

from sim.experiment import Comparison, Estimate, Range, ScenarioResult

Name = TypeVar("Name")
_RELATIVE: Final = 1e-9
"""Two machines may add up in another order; nothing that is shown moves by it."""


def unlike(kept: Comparison, again: Comparison) -> tuple[str, ...]:
    """The figures that are not the same, each named by its scenario, measure and group."""
    names = [scenario.name for scenario in again.scenarios]
    if [scenario.name for scenario in kept.scenarios] != names:
        return (f"scenarios: {', '.join(scenario.name for scenario in kept.scenarios)}, not {', '.join(names)}",)
    pairs = zip(kept.scenarios, again.scenarios, strict=True)
    return tuple(f"{now.name}, {what}" for before, now in pairs for what in _unlike(before, now))


def _unlike(before: ScenarioResult, now: ScenarioResult) -> Iterator[str]:
    for what, one, other in (("", before.levels, now.levels), ("change of ", before.changes, now.changes)):
        yield from (f"{what}{measure} ({group})" for measure, group in _different(one, other))
    yield from (f"{name} of the open work" for name in _different(before.inherited, now.inherited))
    same = ({group: s.mean_change_days for group, s in each.same_children.items()} for each in (before, now))
    yield from (f"same children ({group})" for group in _different(*same))
    for check, again in zip(before.safety, now.safety, strict=False):
        if check.is_worse != again.is_worse or not _alike(check.change, again.change):
            yield f"safety check {again.check.label}"
    if len(before.safety) != len(now.safety):
        yield "safety checks"


def _different(one: Mapping[Name, Estimate], other: Mapping[Name, Estimate]) -> Iterator[Name]:
    for name in dict.fromkeys([*one, *other]):
        if name not in one or name not in other or not _alike(one[name], other[name]):
            yield name


def _alike(one: Estimate, other: Estimate) -> bool:
    numbers = zip(_numbers(one), _numbers(other), strict=True)
    return one.runs == other.runs and all(_close(first, second) for first, second in numbers)


def _numbers(estimate: Estimate) -> tuple[float, ...]:
    ranges = (estimate.simulation, estimate.unknown, estimate.year)
    return (estimate.mean, estimate.below_zero, estimate.above_zero, *(end for each in ranges for end in _ends(each)))


def _ends(found: Range | None) -> tuple[float, float]:
    return (math.nan, math.nan) if found is None else (found.low, found.high)


def _close(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=_RELATIVE, abs_tol=_RELATIVE) or (math.isnan(one) and math.isnan(other))
