"""The compiled twin: event for event the log of the model of record, whatever the scenario."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from importlib import import_module, util
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from sim.model import ENGINE_SETTING, EngineError, asked_for, engine_of, run
from sim.scenario import load, shipped_comparison
from sim.world import Known, World, draw
from tests.model.twins import Trial, differences, tied_trial, trial
from tests.strategies import SMALL_BASE, Case, cases

SHIPPED = shipped_comparison(every=True)

needs_numba = pytest.mark.skipif(util.find_spec("numba") is None, reason="the compiled engine needs Numba")


def interpreted() -> Mapping[str, Sequence[str]]:
    """What `tests.model.interpreted` finds, where Numba compiles nothing: that would take a while."""
    root = Path(__file__).parents[2]
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(root)}
    command = [sys.executable, "-m", "tests.model.interpreted"]
    child = subprocess.run(command, env=environment, cwd=root, stdout=subprocess.PIPE, check=True)  # noqa: S603
    found: Mapping[str, Sequence[str]] = json.loads(child.stdout)
    return found


@needs_numba
def test_the_twin_writes_the_log_of_record_comes_to_all_its_parts_and_a_rule_changed_in_it_alone_is_seen() -> None:
    assert interpreted() == {"differ": [], "not reached": [], "not seen": []}


def test_all_of_a_world_is_known_to_the_twin() -> None:
    # What is new here is nothing to the twin until it is packed into its memory, or refused.
    drawn = ["span", "families", "people"]
    assert [field.name for field in fields(World)] == [*drawn, "begins", "inherited"]


def without_numba(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.model.engines.find_spec", lambda _: None)


def test_without_numba_the_compiled_engine_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    without_numba(monkeypatch)

    with pytest.raises(EngineError, match='engine "compiled" cannot run this: Numba is not installed; "auto" runs it'):
        run(SMALL_BASE, draw(SMALL_BASE, seed=1, replication=0), engine="compiled")


def test_without_numba_auto_is_the_model_of_record(monkeypatch: pytest.MonkeyPatch) -> None:
    without_numba(monkeypatch)
    world = draw(SMALL_BASE, seed=1, replication=0)

    assert engine_of(world, "auto") == "simpy"
    assert differences(run(SMALL_BASE, world, engine="auto"), run(SMALL_BASE, world, engine="simpy")) == []


def test_numba_that_does_not_start_is_as_if_it_were_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    # As where the NumPy installed is newer than it knows.
    monkeypatch.setattr("sim.model.engines.find_spec", lambda _: "there")
    monkeypatch.setitem(sys.modules, "numba", None)
    world = draw(SMALL_BASE, seed=1, replication=0)

    assert engine_of(world, "auto") == "simpy"
    with pytest.raises(EngineError, match="Numba is installed and does not start: "):
        engine_of(world, "compiled")


@needs_numba
def test_where_nothing_can_be_kept_auto_does_not_compile_in_every_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.model.engines.can_be_kept", lambda: False)
    world = draw(SMALL_BASE, seed=1, replication=0)

    assert (engine_of(world, "auto"), engine_of(world, "compiled")) == ("simpy", "compiled")


@needs_numba
def test_auto_is_the_twin_and_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    world = draw(SMALL_BASE, seed=1, replication=0)
    monkeypatch.delenv(ENGINE_SETTING)

    assert engine_of(world) == engine_of(world, "auto") == "compiled"


def test_the_environment_setting_is_what_runs_unless_an_engine_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ENGINE_SETTING, "simpy")
    assert (asked_for(None), asked_for("compiled")) == ("simpy", "compiled")

    monkeypatch.setenv(ENGINE_SETTING, "steam")
    with pytest.raises(EngineError, match="setting FRONTDOOR_ENGINE=steam: must be one of simpy, compiled, auto"):
        asked_for(None)


@needs_numba
def test_a_run_that_will_compile_says_so(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(import_module("sim.model.run"), "is_ready", lambda: False)
    monkeypatch.setattr("sim.model.compiled.run_compiled", lambda *_, **__: None)
    run(SMALL_BASE, draw(SMALL_BASE, seed=1, replication=0), engine="compiled")

    assert caplog.messages == ["the compiled engine is made ready, once for this installation: some fifteen seconds"]


@needs_numba
def test_a_family_too_large_for_the_twin_is_refused_and_auto_runs_it_in_simpy() -> None:
    world = draw(SMALL_BASE, seed=1, replication=0)
    large = replace(world, families=Known((world.contacts[0]._replace(children=63),), {}, {}))

    with pytest.raises(EngineError, match="a family of 63 children is drawn, and it knows at most 62"):
        run(SMALL_BASE, large, engine="compiled")
    assert engine_of(large, "auto") == "simpy"


def test_an_engine_that_is_none_is_refused() -> None:
    unknown: Any = "steam"
    with pytest.raises(EngineError, match="engine 'steam': must be one of simpy, compiled, auto"):
        run(SMALL_BASE, draw(SMALL_BASE, seed=1, replication=0), engine=unknown)


def test_numba_is_not_imported_unless_asked_for() -> None:
    look = "import sys, sim; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", look], cwd=Path(__file__).parents[2], check=False).returncode == 0  # noqa: S603


@needs_numba
def test_somebody_who_never_works_does_not_upset_the_calendar_that_lies_next_to_theirs() -> None:
    # Found by the slow test below: with so many leavers some leave before they have worked a day.
    leavers: dict[str, object] = {"workforce.turnover_per_year": 3.0, "assessment.arrangement": "pooled"}

    assert trial(Case(before={}, after=leavers, seed=15352)).differ() == []


@needs_numba
@pytest.mark.slow
@settings(max_examples=700)
@given(cases(at_most=30))
def test_compiled_the_twin_writes_the_log_of_record(case: Case) -> None:
    assert trial(case).differ() == []


@needs_numba
@pytest.mark.slow
@settings(max_examples=200)
@given(cases(at_most=20, long=True))
def test_compiled_the_twin_writes_the_log_of_months_with_many_leavers(case: Case) -> None:
    assert trial(case).differ() == []


@needs_numba
@pytest.mark.slow
@settings(max_examples=300)
@given(cases(at_most=20))
def test_compiled_the_twin_breaks_ties_as_the_model_of_record_does(case: Case) -> None:
    assert tied_trial(case).differ() == []


@needs_numba
@pytest.mark.slow
@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_compiled_the_twin_writes_the_year_of_every_shipped_scenario(path: Path) -> None:
    baseline, scenario = load(SHIPPED[0]), load(path)

    assert Trial(scenario, baseline, draw(scenario, seed=1, replication=0, baseline=baseline)).differ() == []
