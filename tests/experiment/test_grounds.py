"""What a comparison stands on is read from the files beside the baseline and its scenarios."""

from pathlib import Path

import pytest

from sim.experiment.grounds import grounds_of
from sim.scenario import Grade, ScenarioError, change_evidence, read, shipped

BASE, MANAGER = read(shipped("leicestershire-2018-19.toml")), read(shipped("one-more-team-manager.toml"))


def test_the_shipped_county_has_sources_and_targets_and_its_scenarios_the_source_of_each_change() -> None:
    found = grounds_of(BASE, [MANAGER], is_as_filed=True)

    assert {"front_door.managers", "demand.family_contacts_per_year"} <= {each.path for each in found.sources}
    assert len(found.targets) > 10
    ((change,),) = found.changes.values()
    assert (change.path, change.grade, change.source) == (
        "front_door.managers",
        Grade.ASSUMPTION,
        "The change being tested: one more.",
    )


def test_a_baseline_changed_for_the_run_is_held_to_no_target() -> None:
    assert grounds_of(BASE, [], is_as_filed=False).targets == ()
    assert grounds_of(MANAGER, [], is_as_filed=True).targets == ()


def test_an_entry_without_its_grade_is_refused(tmp_path: Path) -> None:
    (tmp_path / "scenarios.sources.toml").write_text(
        '[[source]]\nscenarios = ["a"]\npaths = ["x.y"]\nfrom = "Ours."\n', encoding="utf-8"
    )

    with pytest.raises(ScenarioError, match=r"scenarios.sources.toml: the entry for \['x.y'\] lacks or misstates"):
        change_evidence(tmp_path / "a.toml", "a")
    assert change_evidence(tmp_path / "b.toml", "b") == ()


def test_a_folder_without_sources_has_none(tmp_path: Path) -> None:
    assert change_evidence(tmp_path / "a.toml", "a") == ()
