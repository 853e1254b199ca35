"""The engine of many years: made ready once, before there are processes, and never needed for a result."""

from collections.abc import Callable
from importlib.util import find_spec

import pytest

from sim.experiment import Plan, engines, run_plan
from sim.experiment.engines import COMPILING, prepared
from sim.model import ENGINE_SETTING, EngineError
from tests.strategies import SMALL_BASE

needs_numba = pytest.mark.skipif(find_spec("numba") is None, reason="the compiled engine needs Numba")
NOT_KEPT = "the compiled engine cannot be made ready and kept here, so SimPy runs the years, which takes longer"

State = Callable[..., list[str]]


@pytest.fixture
def state(monkeypatch: pytest.MonkeyPatch) -> State:
    """Say how things stand with the twin; gives what then happens to it, as it happens."""

    def stands(*, lacking: str = "", ready: bool = False, keepable: bool = True, compiles: bool = True) -> list[str]:
        done: list[str] = []
        monkeypatch.setattr(engines, "lacking", lambda: lacking)
        monkeypatch.setattr(engines, "is_ready", lambda: ready or (compiles and "compiled" in done))
        monkeypatch.setattr(engines, "can_be_kept", lambda: keepable)
        monkeypatch.setattr(engines, "_compile_in_a_process", lambda: done.append("compiled"))
        return done

    return stands


def test_what_is_not_compiled_yet_is_compiled_once_and_said(state: State) -> None:
    done = state()

    assert prepared("auto", told=done.append) == "auto"
    assert prepared("auto", told=done.append) == "auto"
    assert done == [COMPILING, "compiled"]


def test_what_was_compiled_before_is_not_spoken_of(state: State) -> None:
    done = state(ready=True)

    assert (prepared("compiled", told=done.append), done) == ("compiled", [])


def test_without_numba_auto_is_simpy_and_compiled_is_refused(state: State) -> None:
    done = state(lacking="Numba is not installed")

    assert (prepared("auto", told=done.append), done) == ("simpy", [])
    with pytest.raises(EngineError, match='engine "compiled" cannot run this: Numba is not installed'):
        prepared("compiled")


def test_numba_that_does_not_start_is_said_so_that_somebody_mends_it(state: State) -> None:
    done = state(lacking="Numba is installed and does not start: NumPy is too new")

    assert prepared("auto", told=done.append) == "simpy"
    assert done == ["Numba is installed and does not start: NumPy is too new; SimPy runs the years, which takes longer"]


def test_where_nothing_can_be_kept_auto_is_simpy_and_says_why(state: State) -> None:
    done = state(keepable=False)

    assert (prepared("auto", told=done.append), done) == ("simpy", [NOT_KEPT])


def test_where_compiling_fails_auto_is_simpy_and_says_so(state: State) -> None:
    done = state(compiles=False)

    assert (prepared("auto", told=done.append), done) == ("simpy", [COMPILING, "compiled", NOT_KEPT])


def test_the_environment_setting_chooses_where_nothing_else_does(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    state()
    monkeypatch.setenv(ENGINE_SETTING, "simpy")

    assert prepared(None) == "simpy"


@needs_numba
def test_either_engine_gives_a_plan_the_same_result_and_is_named_in_it() -> None:
    plan = Plan(SMALL_BASE, (), ({},), 2, 1)
    one, other = (list(run_plan(plan, processes=1, engine=engine)) for engine in ("simpy", "compiled"))

    assert [reading.log_hash for cell in one for reading in cell.readings] == [
        reading.log_hash for cell in other for reading in cell.readings
    ]
    assert {reading.engine for cell in one for reading in cell.readings} == {"simpy"}
    assert {reading.engine for cell in other for reading in cell.readings} == {"compiled"}
