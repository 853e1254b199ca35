"""What a notebook asks for, and the settings of the environment that change it."""

from pathlib import Path

import pytest

from sim import notebooks
from sim.experiment.planning import REPLICATIONS_SETTING
from sim.notebooks.asked import cores, scenario_of
from sim.scenario import ScenarioError, read, shipped
from tests.notebooks.counties import short_county

COUNTY = shipped("leicestershire-2018-19.toml")


def test_the_baseline_is_the_shipped_county_unless_a_setting_says_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(notebooks.BASE_SETTING, raising=False)
    assert notebooks.baseline() == COUNTY
    monkeypatch.setenv(notebooks.BASE_SETTING, "ours.toml")
    assert notebooks.baseline() == Path("ours.toml")
    assert notebooks.baseline("given.toml") == Path("given.toml")


def test_a_notebook_runs_as_many_years_as_it_says_unless_a_setting_says_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv(REPLICATIONS_SETTING, raising=False)
    assert notebooks.years(60) == 60
    monkeypatch.setenv(REPLICATIONS_SETTING, "2")
    assert notebooks.years(60) == 2
    monkeypatch.setenv(REPLICATIONS_SETTING, "none")
    with pytest.raises(ScenarioError, match="FRONTDOOR_REPLICATIONS=none: must be a whole number"):
        notebooks.years(60)


def test_cores_are_all_unless_a_setting_says_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(notebooks.PROCESSES_SETTING, "3")
    assert cores() == 3
    assert cores(1) == 1
    monkeypatch.setenv(notebooks.PROCESSES_SETTING, "0")
    with pytest.raises(ScenarioError, match="FRONTDOOR_PROCESSES=0: must be a whole number"):
        cores()
    monkeypatch.delenv(notebooks.PROCESSES_SETTING)
    assert cores() >= 1


def test_a_shipped_scenario_is_a_change_to_whatever_baseline(tmp_path: Path) -> None:
    short = read(short_county(tmp_path))
    there, elsewhere = (scenario_of("one-more-team-manager", base) for base in (read(COUNTY), short))

    assert there.scenario.front_door.managers == elsewhere.scenario.front_door.managers == 7
    assert elsewhere.scenario.calendar == short.scenario.calendar
    assert elsewhere.beyond(short.path) == {"front_door.managers": "+1"}


def test_a_file_is_read_as_it_is() -> None:
    path = shipped("one-more-team-manager.toml")

    assert scenario_of(path, read(COUNTY)).path == path


def test_a_name_that_does_not_ship_is_refused() -> None:
    with pytest.raises(ScenarioError, match="does not ship"):
        scenario_of("no-such", read(COUNTY))
