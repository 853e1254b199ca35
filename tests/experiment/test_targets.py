"""Targets: how close is close enough, and what a bad file is told."""

from pathlib import Path

import pytest

from sim.experiment.targets import Kind, TargetRole, targets_of
from sim.scenario import ScenarioError, shipped

ENTRY = """
[[target]]
measure = "{measure}"
label = "Label"
published = 1000
unit = "children"
kind = "{kind}"
tolerance = 0.05
role = "fitted"
front_door_share = 0.8
source = "S"
grade = "A"
"""


def written(folder: Path, *, measure: str = "referrals_count", kind: str = "count") -> Path:
    path = folder / "base.targets.toml"
    path.write_text(ENTRY.format(measure=measure, kind=kind), encoding="utf-8")
    return folder / "base.toml"


def test_a_count_is_held_to_a_share_of_what_is_the_front_doors(tmp_path: Path) -> None:
    (target,) = targets_of(written(tmp_path))

    assert (target.expected, target.low, target.high) == (800.0, 760.0, 840.0)
    assert (target.is_met_by(760.0), target.is_met_by(759.9), target.is_met_by(float("nan"))) == (True, False, False)


def test_misfit_is_one_at_the_edge_of_what_is_accepted(tmp_path: Path) -> None:
    (target,) = targets_of(written(tmp_path))

    assert (target.misfit(800.0), target.misfit(840.0)) == (0.0, 1.0)


@pytest.mark.parametrize(
    ("measure", "kind", "said"),
    [("no_such", "count", "is not a measure"), ("referrals_count", "guess", "'guess' is not a valid Kind")],
)
def test_a_bad_target_is_named(tmp_path: Path, measure: str, kind: str, said: str) -> None:
    with pytest.raises(ScenarioError, match=said):
        targets_of(written(tmp_path, measure=measure, kind=kind))


def test_the_shipped_targets_hold_out_at_least_three_published_figures() -> None:
    shipped_targets = targets_of(shipped("leicestershire-2018-19.toml"))
    held_out = [t for t in shipped_targets if t.role is TargetRole.HELD_OUT and t.kind is not Kind.PATTERN]

    assert len(held_out) >= 3
