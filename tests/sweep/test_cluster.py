"""Sweeps on a cluster: the same store as on one machine, whatever becomes of the cluster."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from sim import cli
from sim.experiment import clusters
from sim.experiment.cluster_workers import ClusterError
from sim.sweep import Store, Sweep, run_sweep, running
from tests.clusters import Cluster, a_cluster, needs_dask
from tests.sweep.counties import MANAGERS
from tests.sweep.test_command import COUNTY, STORING_AT_ONCE
from tests.sweep.test_running import a_sweep
from tests.test_stopping import INTERRUPTIBLE, IS_WINDOWS

pytestmark = needs_dask


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with a_cluster(tmp_path_factory.mktemp("cluster"), workers=2) as found:
        yield found


def stored(sweep: Sweep, folder: Path, scheduler: str | None, told: Callable[[int], None] = lambda _: None) -> Store:
    store = Store(folder)
    run_sweep(sweep, store, processes=1, scheduler=scheduler, told=told)
    return store


def content(sweep: Sweep, folder: Path) -> pl.DataFrame:
    return Store(folder).runs([key.id for key in sweep.keys().values()])


def same_as_here(sweep: Sweep, folder: Path, here: Path) -> bool:
    """Whether a store holds the keys, the logs' hashes and the readings that this machine alone would have stored."""
    stored(sweep, here, None)
    assert Store(folder).ids() == Store(here).ids()
    assert_frame_equal(content(sweep, folder), content(sweep, here))
    return True


def test_a_cluster_gives_the_store_that_one_machine_gives(cluster: Cluster, tmp_path: Path) -> None:
    sweep = a_sweep(replications=3)
    stored(sweep, tmp_path / "there", cluster.address)

    assert same_as_here(sweep, tmp_path / "there", tmp_path / "here")


def killing(process: "subprocess.Popen[bytes]", after: int, done: list[int]) -> Callable[[int], None]:
    """Kills a process once so many runs are done."""

    def told(count: int) -> None:
        done.append(count)
        if sum(done) >= after and process.poll() is None:
            process.kill()
            process.wait()

    return told


@pytest.mark.slow
def test_a_worker_killed_in_mid_sweep_leaves_the_identical_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "AT_ONCE", 1)
    sweep, done = a_sweep(replications=4), list[int]()
    (tmp_path / "cluster").mkdir()
    with a_cluster(tmp_path / "cluster", workers=2) as cluster:
        lost = cluster.workers[0]
        stored(sweep, tmp_path / "there", cluster.address, killing(lost, 3, done))
        still_there = cluster.workers[1].poll() is None

    assert (lost.poll() is not None, still_there) == (True, True)
    assert len(done) == 1 + 4 * 4
    assert same_as_here(sweep, tmp_path / "there", tmp_path / "here")


# Eighteen seconds of waiting for a scheduler that is gone are left to the slow tests.
@pytest.mark.parametrize(
    ("which", "sentence"),
    [
        ("workers", "all its workers are gone"),
        pytest.param("scheduler", "does not answer any more", marks=pytest.mark.slow),
    ],
)
@pytest.mark.slow
def test_a_cluster_that_is_lost_is_one_sentence_and_what_was_done_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, which: str, sentence: str
) -> None:
    monkeypatch.setattr(running, "AT_ONCE", 1)
    monkeypatch.setattr(clusters, "WITHOUT_WORKERS_SECONDS", 0.5)
    sweep, done = a_sweep(replications=6), list[int]()
    (tmp_path / "cluster").mkdir()
    with a_cluster(tmp_path / "cluster", workers=1) as cluster:
        lost = cluster.workers[0] if which == "workers" else cluster.scheduler
        with pytest.raises(ClusterError, match=sentence) as told:
            stored(sweep, tmp_path / "there", cluster.address, killing(lost, 3, done))

    assert "\n" not in str(told.value)
    assert len(Store(tmp_path / "there").ids()) == sum(done) >= 3
    stored(sweep, tmp_path / "there", None)
    assert same_as_here(sweep, tmp_path / "there", tmp_path / "here")


def command(folder: Path, *arguments: str) -> list[str]:
    places = [f"--out={folder / 'out'}", f"--store={folder / 'store'}"]
    return ["sweep", *COUNTY, f"--vary={MANAGERS}=3,5,7,9", "--replications=8", *places, *arguments]


def last_line(error: str) -> str:
    """What a command said after its warning that the small county has a short warm-up."""
    warning, *_, said = error.splitlines()
    assert warning.startswith("warning: ")
    return said


@pytest.mark.slow
@pytest.mark.skipif(IS_WINDOWS, reason="Windows sends no Ctrl-C to one process")
def test_ctrl_c_keeps_what_is_done_and_leaves_the_cluster_to_others(cluster: Cluster, tmp_path: Path) -> None:
    storing = STORING_AT_ONCE.removeprefix("import sys").partition("from sim.cli")[0]
    running_ = subprocess.Popen(  # noqa: S603  (our own command)
        [sys.executable, "-c", storing + INTERRUPTIBLE, *command(tmp_path, f"--scheduler={cluster.address}")],
        stderr=subprocess.PIPE,
        text=True,
    )
    while len(list((tmp_path / "store").rglob("*.parquet"))) < 2 and running_.poll() is None:
        time.sleep(0.01)
    running_.send_signal(signal.SIGINT)
    whole = running_.communicate(timeout=30)[1]
    error = last_line(whole)
    kept = len(Store(tmp_path / "store").ids())

    assert running_.returncode == 130, whole
    assert error.startswith(f"frontdoor: stopped; the runs done are in {tmp_path / 'store'}: the same command goes on")
    assert 2 <= kept < 5 * 8
    assert cli.main(command(tmp_path, f"--scheduler={cluster.address}")) == 0
    assert cli.main(command(tmp_path / "here")) == 0
    tables = [pl.read_parquet(folder / "out" / "sweep.parquet") for folder in (tmp_path, tmp_path / "here")]
    assert_frame_equal(*tables)


def test_the_command_says_that_what_was_done_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(command(tmp_path, "--scheduler=nowhere")) == 2
    error = last_line(capsys.readouterr().err)

    assert error.startswith("frontdoor: --scheduler nowhere: no Dask scheduler answers (")
    assert error.endswith(f"; the runs done are in {tmp_path / 'store'}: the same command goes on from them")
