"""What a comparison stands on is read from the files beside the baseline and its scenarios."""

from pathlib import Path

import pytest

from sim.experiment.grounds import grounds_of
from sim.scenario import Grade, ScenarioError, change_evidence, read, shipped

BASE, MANAGER = read(shipped("leicestershire-2018-19.toml")), read(shipped("one-more-team-manager.toml"))


def test_the_shipped_county_has_sources_and_targets_and_its_scenarios_the_source_of_each_change() -> None:
    found = grounds_of(BASE, [MANAGER], ())

    assert {"front_door.managers", "demand.family_contacts_per_year"} <= {each.path for each in found.sources}
    assert len(found.targets) > 10
    ((change,),) = found.changes.values()
    assert (change.path, change.grade, change.source) == (
        "front_door.managers",
        Grade.ASSUMPTION,
        "The change being tested: one more.",
    )


def test_a_baseline_changed_for_the_run_is_held_to_no_target() -> None:
    assert grounds_of(BASE, [], ["front_door.managers"]).targets == ()
    assert grounds_of(MANAGER, [], ()).targets == ()


def test_a_number_that_was_changed_since_has_not_the_source_of_what_stood_there() -> None:
    changed = ["front_door.managers", "assessment.outside_days.mean", "demand.police"]
    found = {each.path for each in grounds_of(BASE, [], changed).sources}
    filed = {each.path for each in grounds_of(BASE, [], ()).sources}

    assert "demand.police.contact_share" in filed
    assert filed - found == {
        path
        for path in filed
        if path in {"front_door.managers", "assessment.outside_days"} or path.startswith("demand.police.")
    }


def test_a_baseline_that_extends_another_has_the_sources_of_its_own_changes() -> None:
    (found,) = [each for each in grounds_of(MANAGER, [], ()).sources if each.path == "front_door.managers"]

    assert found.source == "The change being tested: one more."
    assert grounds_of(MANAGER, [], ["front_door.managers"]).sources == tuple(
        each for each in grounds_of(BASE, [], ()).sources if each.path != "front_door.managers"
    )


def test_an_entry_without_its_grade_is_refused(tmp_path: Path) -> None:
    (tmp_path / "scenarios.sources.toml").write_text(
        '[[source]]\nscenarios = ["a"]\npaths = ["x.y"]\nfrom = "Ours."\n', encoding="utf-8"
    )

    with pytest.raises(ScenarioError, match=r"scenarios.sources.toml: the entry for \['x.y'\] lacks or misstates"):
        change_evidence(tmp_path / "a.toml", "a")
    assert change_evidence(tmp_path / "b.toml", "b") == ()


def test_a_folder_without_sources_has_none(tmp_path: Path) -> None:
    assert change_evidence(tmp_path / "a.toml", "a") == ()
