"""Comparisons and sweeps as a notebook has them."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim import notebooks
from sim.experiment import compare, run_plan
from sim.experiment.planning import plan_of_files
from sim.measures import MEASURES
from sim.scenario import ScenarioError, load, read, shipped
from tests.sweep.counties import MANAGERS, SMALL

BASE = shipped("leicestershire-2018-19.toml")
SCENARIO = shipped("one-more-team-manager.toml")
MANY: dict[str, Any] = {"replications": 2, "settings": SMALL, "processes": 1, "seed": 1}


def test_a_comparison_is_a_tidy_table_with_the_numbers_of_the_command() -> None:
    found = notebooks.compare(BASE, [SCENARIO], **MANY)
    plan = plan_of_files(read(BASE), [read(SCENARIO)], SMALL, replications=2, seed=1)
    told = compare(plan, list(run_plan(plan, processes=1)))

    assert len(found) == 2 * sum(len(measure.groups) for measure in MEASURES)
    assert found.query("scenario != 'one-more-team-manager'")["change"].isna().all()
    for name, rows in found.groupby("scenario"):
        (scenario,) = (each for each in told.scenarios if each.name == name)
        keys = list(zip(rows["measure"], rows["group"], strict=True))
        np.testing.assert_array_equal(rows["level"], [scenario.levels[key].mean for key in keys])
        if scenario.changes:
            np.testing.assert_array_equal(rows["change"], [scenario.changes[key].mean for key in keys])


def test_units_and_what_was_run_stand_beside_the_numbers() -> None:
    found = notebooks.compare(BASE, **MANY)

    assert found.attrs["units"]["days_to_seen_q90"] == "days"
    assert (found["unit"] == found["measure"].map(found.attrs["units"])).all()
    assert found.attrs["meanings"].keys() == found.attrs["units"].keys()
    assert (found.attrs["seed"], found.attrs["replications"], found.attrs["basis"]) == (1, 2, "simulated")


def test_a_sweep_is_a_tidy_table_and_runs_nothing_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    once = notebooks.sweep({MANAGERS: [3, 9]}, BASE, store=tmp_path, **MANY)
    monkeypatch.setattr("sim.sweep.running.simulate", lambda *_, **__: pytest.fail("was run again"))
    twice = notebooks.sweep({MANAGERS: "3:9:6"}, BASE, store=tmp_path, **MANY)

    assert once.equals(twice)
    rows = once.query("measure == 'days_to_seen_q90' and group == 'all'")
    assert rows[MANAGERS].tolist() == [load(BASE).front_door.managers, 3, 9]
    assert np.isfinite(rows["level"]).all()


def test_a_comparison_is_kept_where_it_is_asked_to_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    once = notebooks.compare(BASE, [SCENARIO], store=tmp_path, **MANY)
    monkeypatch.setattr("sim.experiment.runs.run_once", lambda *_, **__: pytest.fail("was run again"))

    assert notebooks.compare(BASE, [SCENARIO], store=tmp_path, **MANY).equals(once)


def test_a_sweep_of_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="name at least one lever"):
        notebooks.sweep({}, BASE, store=tmp_path, **MANY)
