"""`frontdoor run`: one simulated year for other tools."""

import csv
from pathlib import Path

import pytest

from sim.experiment import run_plan
from sim.experiment.planning import plan_of_files
from sim.scenario import ScenarioFile, read
from tests.commands import Command
from tests.notebooks.counties import short_county


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    """A scenario of a short county, whose sets of numbers differ."""
    short_county(tmp_path, **{"demand.family_contacts_per_year": 300.0})
    path = tmp_path / "more.toml"
    text = 'extends = "short.toml"\nname = "more"\ntitle = "More"\nfront_door.managers = "+3"\n'
    path.write_text(text, encoding="utf-8")
    return path


def about(folder: Path) -> dict[str, str]:
    with (folder / "about.csv").open(encoding="utf-8", newline="") as lines:
        return {row["what"]: row["value"] for row in csv.DictReader(lines)}


def test_it_is_the_year_of_the_same_number_of_a_comparison(scenario: Path, tmp_path: Path, frontdoor: Command) -> None:
    code, said, _ = frontdoor("run", scenario, "--replication", 2, "--out", tmp_path / "log", "--seed", 5)
    told = about(tmp_path / "log")
    file: ScenarioFile = read(scenario)
    plan = plan_of_files(read(file.baseline), [file], {}, replications=3, seed=5)
    results = {result.cell.replication: result for result in run_plan(plan, processes=1)}

    assert code == 0
    assert "nobody in them exists" in said
    assert told["log hash"] == results[2].readings[1].log_hash
    assert (told["scenario"], told["set of plausible numbers"], told["replication"]) == ("more", "2", "2")


def test_a_baseline_is_run_as_itself(scenario: Path, tmp_path: Path, frontdoor: Command) -> None:
    code, *_ = frontdoor("run", scenario.with_name("short.toml"), "--out", tmp_path / "log")

    assert code == 0
    assert about(tmp_path / "log")["scenario"] == "short"


def test_an_earlier_log_is_replaced_and_nothing_else(scenario: Path, tmp_path: Path, frontdoor: Command) -> None:
    folder = tmp_path / "log"
    first, *_ = frontdoor("run", scenario, "--out", folder)
    second, *_ = frontdoor("run", scenario, "--out", folder)
    other, _, said = frontdoor("run", scenario, "--out", tmp_path)

    assert (first, second, other) == (0, 0, 2)
    assert "is not empty and holds no earlier run" in said


def test_a_year_that_cannot_be_is_refused(scenario: Path, tmp_path: Path, frontdoor: Command) -> None:
    code, _, said = frontdoor("run", scenario, "--replication", -1, "--out", tmp_path / "log")

    assert code == 2
    assert said == "frontdoor: --replication -1: must be from 0 to 99999\n"
    assert not (tmp_path / "log").exists()
