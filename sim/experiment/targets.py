"""Targets: what is published, or said in the letter, against what the baseline gives."""

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from sim.experiment.comparison import KEYS, Comparison
from sim.experiment.estimates import Estimate
from sim.experiment.later import Key
from sim.scenario import Grade, ScenarioError


class Kind(StrEnum):
    """How closeness to a target is judged."""

    SHARE = "share"
    QUARTILE = "quartile"
    COUNT = "count"
    OPEN_WORK = "open_work"
    PATTERN = "pattern"


class TargetRole(StrEnum):
    """Whether a target was used to set the baseline's numbers."""

    FITTED = "fitted"
    HELD_OUT = "held_out"


class Verdict(StrEnum):
    """What the runs tell of a target."""

    MET = "met"
    NOT_MET = "not met"
    TOO_FEW_RUNS = "too few runs to tell"


FEWEST_RUNS = 4
"""Of fewer a simulation error is so wide that it says nothing."""


@dataclass(frozen=True, slots=True)
class Target:
    """A figure the baseline is held against, and how close it must come.

    The modelled figure must lie in [`low`, `high`]; `expected` is what it is held against, a published count times the
    share of the authority's work that is the front door's, or None for a pattern, which is a range from the start.
    """

    key: Key
    label: str
    kind: Kind
    role: TargetRole
    unit: str
    published: float | None
    front_door_share: float
    expected: float | None
    low: float
    high: float
    grade: Grade
    source: str

    def is_met_by(self, value: float) -> bool:
        """Whether a modelled figure is close enough; nan is not."""
        return self.low <= value <= self.high

    def misfit(self, value: float) -> float:
        """How far a figure is from the middle of what is accepted, in half-widths: at most 1 where it is met."""
        return abs(value - (self.low + self.high) / 2) / ((self.high - self.low) / 2)


@dataclass(frozen=True, slots=True)
class TargetResult:
    """A target, and the baseline's figure for it over all runs."""

    target: Target
    modelled: Estimate

    @property
    def verdict(self) -> Verdict:
        """Whether the runs tell that the average is close enough, or that it is not.

        The average is that over the sets that were run, wherever in its simulation error it lies.
        """
        error = self.modelled.simulation
        if self.modelled.runs == 0:
            return Verdict.NOT_MET
        if error is None or self.modelled.runs < FEWEST_RUNS:
            return Verdict.TOO_FEW_RUNS
        if error.high < self.target.low or error.low > self.target.high:
            return Verdict.NOT_MET
        is_inside = self.target.is_met_by(error.low) and self.target.is_met_by(error.high)
        return Verdict.MET if is_inside else Verdict.TOO_FEW_RUNS


def targets_of(baseline: str | Path) -> tuple[Target, ...]:
    """The targets of a baseline, from the `.targets.toml` beside it; raises `ScenarioError`."""
    path = Path(baseline).with_suffix(".targets.toml")
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8"))["target"]
    except (OSError, KeyError, tomllib.TOMLDecodeError) as error:
        raise ScenarioError(f"{path}: no targets can be read from it ({error})") from None
    return tuple(target_of(path, number, entry) for number, entry in enumerate(entries, start=1))


def check_targets(baseline: str | Path, comparison: Comparison) -> list[TargetResult]:
    """Each target of a baseline against what its runs gave."""
    levels: Mapping[Key, Estimate] = comparison.baseline.levels
    return [TargetResult(target, levels[target.key]) for target in targets_of(baseline)]


def all_met(targets: Sequence[Target], values: Mapping[Key, float]) -> bool:
    """Whether every target is met by these figures."""
    return all(target.is_met_by(values[target.key]) for target in targets)


def target_of(path: Path, number: int, entry: Mapping[str, Any]) -> Target:
    """A target from an entry of its file, the `number`th. Raise `ScenarioError` naming file, entry and rule."""
    try:
        kind, share = Kind(entry["kind"]), float(entry.get("front_door_share", 1.0))
        published = None if kind is Kind.PATTERN else float(entry["published"])
        expected = None if published is None else published * share
        low, high = _accepted(kind, expected, entry)
        key = (entry["measure"], entry.get("group", "all"))
        target = Target(
            key, entry["label"], kind, TargetRole(entry["role"]), entry["unit"], published, share, expected, low, high,
            Grade(entry["grade"]), entry["source"],
        )  # fmt: skip
    except KeyError as error:
        raise ScenarioError(
            f"{path}, target {number} ({entry.get('measure', 'no measure')}): {error.args[0]} is missing"
        ) from None
    except (TypeError, ValueError) as error:
        raise ScenarioError(f"{path}, target {number} ({entry.get('measure', 'no measure')}): {error}") from None
    if target.key not in KEYS:
        raise ScenarioError(f"{path}, target {number}: {key[0]} for {key[1]} is not a measure")
    if not (math.isfinite(target.low) and math.isfinite(target.high)):
        raise ScenarioError(f"{path}, target {number} ({key[0]}): its numbers must be finite")
    if not target.low < target.high:
        raise ScenarioError(f"{path}, target {number} ({key[0]}): low must be below high")
    return target


def _accepted(kind: Kind, expected: float | None, entry: Mapping[str, Any]) -> tuple[float, float]:
    if expected is None:
        return float(entry["low"]), float(entry["high"])
    tolerance = float(entry["tolerance"])
    if kind in (Kind.COUNT, Kind.OPEN_WORK):
        tolerance *= expected
    return expected - tolerance, expected + tolerance
