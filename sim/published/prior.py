"""What is taken for granted where nothing is published, and the figures it was set by."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.scenario import Evidence, Scenario, evidence, load

_FILE = Path(__file__).with_name("prior.toml")


@dataclass(frozen=True, slots=True)
class Prior:
    """A baseline with its sources, and the targets it was set by: what another authority's is made from.

    `conversion` multiplies the referrals assumed of a contact of every source. `published` gives the prior's own
    published figure by measure, so that numbers set to meet it can be moved with it.
    """

    name: str
    scenario: Scenario
    evidence: Mapping[str, Evidence]
    targets: tuple[Mapping[str, Any], ...]
    conversion: float = 1.0

    @property
    def published(self) -> Mapping[str, float]:
        """The figures its targets hold, by measure."""
        return {entry["measure"]: float(entry["published"]) for entry in self.targets if "published" in entry}

    def number(self, path: str) -> float:
        """A number of its scenario."""
        return float(str(self.scenario.value(path)))


def prior_of(baseline: Path) -> Prior:
    """A baseline as a prior; raises `ScenarioError` where it, its sources or its targets cannot be read."""
    entries = tomllib.loads(baseline.with_suffix(".targets.toml").read_text(encoding="utf-8"))["target"]
    known = {entry.path: entry for entry in evidence(baseline)}
    return Prior(baseline.name, load(baseline), known, tuple(entries))


def shipped_prior() -> Prior:
    """That which every baseline from published figures starts from."""
    return prior_of(_FILE)
