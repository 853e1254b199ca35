"""What a comparison's numbers stand on: the source of each, and the published figures that the baseline is held to."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sim.experiment.targets import Target, targets_of
from sim.scenario import Evidence, ScenarioFile, change_evidence, evidence


@dataclass(frozen=True, slots=True)
class Grounds:
    """What the files beside a baseline and its scenarios say of the numbers in them.

    `sources` are those of the baseline's numbers, without those of numbers that a file or a setting changed since: what
    stands in their place has no source. `changes`, by scenario, are those of what it changes. `targets` are empty where
    there are none, or where the baseline was changed, so that they are no longer its own.
    """

    sources: tuple[Evidence, ...] = ()
    changes: Mapping[str, tuple[Evidence, ...]] = field(default_factory=dict)
    targets: tuple[Target, ...] = ()


def grounds_of(base: ScenarioFile, others: Sequence[ScenarioFile], changed: Collection[str]) -> Grounds:
    """The grounds of a baseline, in which the run `changed` paths, and of its scenarios. Raises `ScenarioError`."""
    since = {*base.differences, *changed}
    has_sources = base.baseline.with_suffix(".sources.toml").exists()
    has_targets = not since and base.baseline.with_suffix(".targets.toml").exists()
    filed = evidence(base.baseline) if has_sources else ()
    own = (each for each in _of_changes(base, ()) if not _is_among(each.path, changed))
    return Grounds(
        sources=(*(each for each in filed if not _is_among(each.path, since)), *own),
        changes={each.scenario.name: _of_changes(each, base.differences) for each in others},
        targets=targets_of(base.baseline) if has_targets else (),
    )


def _is_among(path: str, changed: Collection[str]) -> bool:
    """Whether a number is one of these, or in one of them, or holds one."""
    return any(f"{path}.".startswith(f"{each}.") or f"{each}.".startswith(f"{path}.") for each in changed)


def _of_changes(file: ScenarioFile, below: Collection[str]) -> tuple[Evidence, ...]:
    changed = set(file.differences) - set(below)
    return tuple(each for each in change_evidence(file.path, file.scenario.name) if each.path in changed)
