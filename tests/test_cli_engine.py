"""`--engine`: a comparison is the same whatever ran it, and can be stopped while the twin is compiled."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import pytest

from sim import cli
from sim.model import ENGINE_SETTING, Engine
from tests.test_cli import BASE, SMALL
from tests.test_stopping import INTERRUPTIBLE

ROOT = Path(__file__).parents[1]
needs_numba = pytest.mark.skipif(find_spec("numba") is None, reason="the compiled engine needs Numba")


def compared(folder: Path, *arguments: str) -> Path:
    """The record of a small comparison."""
    assert cli.main(["compare", BASE, *SMALL, *arguments, "--out", str(folder)]) == 0
    return folder / "run.json"


@pytest.fixture(scope="module")
def in_simpy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return compared(tmp_path_factory.mktemp("results") / "run", "--engine=simpy")


@needs_numba
@pytest.mark.slow
def test_each_engine_replays_the_record_of_the_other(
    in_simpy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    in_twin = compared(tmp_path / "run", "--engine=compiled")
    other: dict[Engine, Path] = {"simpy": in_twin, "compiled": in_simpy}
    codes = [cli.main(["replay", str(record), f"--engine={engine}"]) for engine, record in other.items()]

    assert codes == [0, 0]
    assert capsys.readouterr().out.count("identical, all 2 simulated years event for event") == 2
    told = [json.loads(record.read_text(encoding="utf-8")) for record in (in_simpy, in_twin)]
    assert [record["engine"] for record in told] == ["simpy", "compiled"]
    assert told[0]["run_id"] == told[1]["run_id"]


def test_the_record_of_an_earlier_version_names_no_engine_and_is_read(in_simpy: Path, tmp_path: Path) -> None:
    record = json.loads(in_simpy.read_text(encoding="utf-8"))
    del record["engine"]
    (tmp_path / "run.json").write_text(json.dumps(record), encoding="utf-8")

    assert cli.main(["replay", str(tmp_path), "--engine=simpy"]) == 0


def test_the_environment_setting_chooses_the_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ENGINE_SETTING, "simpy")

    assert json.loads(compared(tmp_path / "run").read_text(encoding="utf-8"))["engine"] == "simpy"


@pytest.mark.parametrize("command", [["compare", BASE], ["plausible", BASE]], ids=["compare", "plausible"])
def test_a_bad_environment_setting_is_one_sentence_and_nothing_is_written(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(ENGINE_SETTING, "steam")
    code = cli.main([*command, "--out", str(tmp_path / "run")])

    said = "frontdoor: environment setting FRONTDOOR_ENGINE=steam: must be one of simpy, compiled, auto\n"
    assert (code, capsys.readouterr().err.endswith(said), list(tmp_path.iterdir())) == (2, True, [])


def test_without_numba_a_comparison_is_run_in_simpy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.model.engines.find_spec", lambda _: None)

    assert json.loads(compared(tmp_path / "run").read_text(encoding="utf-8"))["engine"] == "simpy"


def test_the_twin_asked_for_by_name_where_it_cannot_be_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sim.model.engines.find_spec", lambda _: None)
    code = cli.main(["compare", BASE, *SMALL, "--engine=compiled", "--out", str(tmp_path / "run")])

    assert (code, list(tmp_path.iterdir())) == (2, [])
    assert capsys.readouterr().err.endswith(
        'frontdoor: engine "compiled" cannot run this: Numba is not installed; "auto" runs it in SimPy\n'
    )


@needs_numba
@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is not sent to one process on Windows")
@pytest.mark.slow
def test_stopped_while_compiling_nothing_is_left_behind(tmp_path: Path) -> None:
    # An installation of its own, in which nothing has been compiled yet.
    shutil.copytree(ROOT / "sim", tmp_path / "sim", ignore=shutil.ignore_patterns("__pycache__"))
    arguments = ["compare", BASE, *SMALL, "--engine=compiled", "--out", str(tmp_path / "results" / "run")]
    running = subprocess.Popen(  # noqa: S603  (our own command)
        [sys.executable, "-c", INTERRUPTIBLE, *arguments],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert running.stderr
    lines = iter(running.stderr.readline, "")
    said = next(line for line in lines if "warning" not in line)
    time.sleep(2.5)  # the process that compiles has begun
    began = time.monotonic()
    running.send_signal(signal.SIGINT)
    # That process holds the error stream open too: it ends only when both have.
    _, error = running.communicate(timeout=60)

    assert said == "frontdoor: compiling the simulation engine, once for this installation: some fifteen seconds\n"
    assert (running.returncode, error) == (130, "frontdoor: stopped; nothing is left half-written\n")
    assert time.monotonic() - began < 8
    assert list((tmp_path / "results").iterdir()) == []
