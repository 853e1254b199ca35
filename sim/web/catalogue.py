"""The baselines that can be chosen, and the scenarios that come with each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from sim.experiment.planning import DEFAULT_SEED, plan_of_files
from sim.scenario import Evidence, Grade, ScenarioError, ScenarioFile, change_evidence, read, shipped_comparison
from sim.web.question import Asked, if_nothing_speeds_up, plan_for

WORDS: Final = ("name", "title", "summary")
"""What a scenario says of itself and does not change."""


@dataclass(frozen=True)
class Baseline:
    """A baseline with the scenarios that extend it and ship or were given with it, and the files these are from."""

    file: ScenarioFile
    scenarios: tuple[Asked, ...]
    files: tuple[ScenarioFile, ...] = ()

    @property
    def name(self) -> str:
        """What it is called in links."""
        return self.file.scenario.name

    @cached_property
    def days(self) -> tuple[int, ...]:
        """Days of the year from which scenarios are often read: when added posts of each kind are filled."""
        probes = ("front_door.managers", *(f"assessment.social_workers.{kind}" for kind in _KINDS))
        scenarios = [Asked(path, {path: "+1"}) for path in probes]
        starts = plan_for(self.file, scenarios, _SETS).starts
        return tuple(sorted({start.later for start in starts if start.later is not None}))

    def evidence(self, differences: Mapping[str, object]) -> tuple[Evidence, ...]:
        """On what a scenario's changes rest: what its file says if it came with the baseline; else nothing but a user.

        Raises `ScenarioError`.
        """
        for asked, file in zip(self.scenarios, self.files, strict=True):
            if any(each.differences == differences for each in (asked, *if_nothing_speeds_up(asked))):
                return change_evidence(file.path, file.scenario.name)
        return tuple(Evidence(path, Grade.ASSUMPTION, OF_THE_USER, None, None) for path in differences)


OF_THE_USER: Final = (
    "Entered on the page by its user, or opened there from a file of the user's own: an assumption, without a source."
)
_KINDS = ("experienced", "newly_qualified", "agency")
_SETS = 1000
"""Replications enough to meet every set of numbers; none of them is run."""


class Catalogue:
    """Baselines by name, those given first and then the shipped one.

    Raises `ScenarioError` for a file that cannot be used, before anything is served.
    """

    def __init__(self, paths: Sequence[Path] = ()) -> None:
        base, *others = shipped_comparison(every=True)
        found = [*map(_given, paths), _shipped(base, others)]
        self._baselines = {each.name: each for each in found}
        for each in found:
            if self._baselines[each.name] is not each:
                raise ScenarioError(f"{each.file.path}, name: two baselines are both named {each.name}")

    def __iter__(self) -> Iterator[Baseline]:
        return iter(tuple(self._baselines.values()))

    def add(self, path: Path) -> Baseline:
        """Add a baseline from a file; raises `ScenarioError`."""
        found = _given(path)
        if found.name in self._baselines:
            raise ScenarioError(f"{path}, name: two baselines are both named {found.name}")
        self._baselines[found.name] = found
        return found

    def baseline(self, name: str) -> Baseline:
        """A baseline by its name; raises `ScenarioError`."""
        if name not in self._baselines:
            raise ScenarioError(f"base, {name[:80]}: this page has no such baseline")
        return self._baselines[name]


def _shipped(base: Path, others: Sequence[Path]) -> Baseline:
    files = tuple(map(read, others))
    return Baseline(read(base), tuple(_asked(file, base) for file in files), files)


def _given(path: Path) -> Baseline:
    """A baseline from a file of the user's own, which the page could run."""
    file = read(path)
    plan_of_files(file, [], {}, replications=1, seed=DEFAULT_SEED)
    return Baseline(file, ())


def _asked(file: ScenarioFile, base: Path) -> Asked:
    differences = file.beyond(base)
    if differences is None:
        raise ScenarioError(f"{file.path}: does not extend {base}")
    kept = {path: value for path, value in differences.items() if path not in WORDS}
    return Asked(file.scenario.title, kept, file.scenario.summary)
