"""What a comparison's numbers stand on: the source of each, and the published figures that the baseline is held to."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sim.experiment.targets import Target, targets_of
from sim.scenario import Evidence, ScenarioFile, change_evidence, evidence


@dataclass(frozen=True, slots=True)
class Grounds:
    """What the files beside a baseline and its scenarios say of the numbers in them.

    `sources` are those of the baseline's numbers; `changes`, by scenario, those of what it changes. `targets` are empty
    where there are none, or where the baseline was changed for the run, so that they are no longer its own.
    """

    sources: tuple[Evidence, ...] = ()
    changes: Mapping[str, tuple[Evidence, ...]] = field(default_factory=dict)
    targets: tuple[Target, ...] = ()


def grounds_of(base: ScenarioFile, others: Sequence[ScenarioFile], *, is_as_filed: bool) -> Grounds:
    """The grounds of a baseline, run as its file states it or not, and of its scenarios. Raises `ScenarioError`."""
    has_sources = base.baseline.with_suffix(".sources.toml").exists()
    has_targets = is_as_filed and not base.differences and base.baseline.with_suffix(".targets.toml").exists()
    return Grounds(
        sources=evidence(base.baseline) if has_sources else (),
        changes={each.scenario.name: _of_changes(each, base.differences) for each in others},
        targets=targets_of(base.baseline) if has_targets else (),
    )


def _of_changes(file: ScenarioFile, below: Collection[str]) -> tuple[Evidence, ...]:
    changed = set(file.differences) - set(below)
    return tuple(each for each in change_evidence(file.path, file.scenario.name) if each.path in changed)
