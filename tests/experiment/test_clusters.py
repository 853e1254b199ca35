"""What a cluster must be before it runs anything, and what is said where it is not."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from sim.experiment import Plan, Variant, clusters, run_plan
from sim.experiment.cluster_workers import ClusterError, Made, made_here, packed, refuse_unlike
from sim.experiment.clusters import each_done_on
from tests.clusters import LOOPBACK, ROOT, Cluster, a_cluster, needs_dask
from tests.report.test_starting import some_work
from tests.sweep.counties import MANAGERS, a_plan


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with a_cluster(tmp_path_factory.mktemp("cluster"), workers=1) as found:
        yield found


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with a_cluster(tmp_path_factory.mktemp("alone"), workers=0) as found:
        yield found


@pytest.fixture
def alone(scheduler: Cluster, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    """A scheduler that nobody works for yet; workers are waited for as long as a busy machine may take."""
    monkeypatch.setattr(clusters, "CONNECT_SECONDS", 60)
    yield scheduler
    scheduler.lose_workers()


def refused(scheduler: str) -> str:
    with pytest.raises(ClusterError) as told:
        list(each_done_on(scheduler, abs, [1]))
    assert "\n" not in str(told.value)
    return str(told.value)


@needs_dask
def test_a_comparison_is_the_same_on_a_cluster(cluster: Cluster) -> None:
    small = a_plan(replications=3)
    plan = Plan(small.baseline, (Variant("more", "More", {MANAGERS: 9}),), small.draws, 3, small.seed)
    here, there = (
        {
            result.cell: [reading.log_hash for reading in result.readings]
            for result in run_plan(plan, processes=1, scheduler=scheduler)
        }
        for scheduler in (None, cluster.address)
    )

    assert here == there
    assert len(here) == 3


@needs_dask
def test_every_job_is_done_once_however_many_there_are(cluster: Cluster) -> None:
    assert sorted(each_done_on(cluster.address, abs, range(50))) == list(range(50))


@needs_dask
def test_what_a_job_raises_is_raised_here(cluster: Cluster) -> None:
    with pytest.raises(ZeroDivisionError):
        list(each_done_on(cluster.address, (1).__truediv__, [1, 0]))


@needs_dask
@pytest.mark.parametrize("address", [f"tcp://{LOOPBACK}:9", "nonsense", "ftp://a:1", ""])
def test_a_scheduler_that_does_not_answer_is_named(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clusters, "CONNECT_SECONDS", 1)

    assert refused(address).startswith(f"--scheduler {address}: no Dask scheduler answers (")


@needs_dask
def test_a_scheduler_without_workers_is_told_how_to_get_some(alone: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clusters, "CONNECT_SECONDS", 1)
    said = refused(alone.address)

    assert said == (
        f"--scheduler {alone.address}: has no workers; start some with: dask worker {alone.address} --nthreads 1"
    )


@needs_dask
def test_a_worker_with_threads_is_refused(alone: Cluster) -> None:
    alone.add_worker("--nthreads=2")

    assert "has 2 threads, but a year is run alone in its process; start it with --nthreads 1" in refused(alone.address)


@needs_dask
def test_a_worker_without_front_door_is_refused(alone: Cluster, tmp_path: Path) -> None:
    (tmp_path / "other" / "sim").mkdir(parents=True)
    (tmp_path / "other" / "sim" / "__init__.py").touch()
    alone.add_worker(sources=tmp_path / "other")
    said = refused(alone.address)

    assert "cannot run Front Door (" in said
    assert said.endswith("; install the same version there as here")


@needs_dask
@pytest.mark.parametrize("changed", ["policies.py", pytest.param("sweep/running.py", marks=pytest.mark.slow)])
def test_a_worker_with_another_model_is_refused(alone: Cluster, tmp_path: Path, changed: str) -> None:
    shutil.copytree(ROOT / "sim", tmp_path / "other" / "sim", ignore=shutil.ignore_patterns("__pycache__"))
    with (tmp_path / "other" / "sim" / changed).open("a", encoding="utf-8") as source:
        source.write("# another rule\n")
    alone.add_worker(sources=tmp_path / "other")

    assert "has another model than this machine: results could differ" in refused(alone.address)


@needs_dask
def test_a_worker_that_joins_later_is_held_to_the_same(cluster: Cluster) -> None:
    here = made_here()
    before = Made(here.sources, {**here.versions, "numpy": "1.0"})
    with clusters._quiet(), clusters._connected(cluster.address) as client:
        given = clusters._Given(cluster.address, client, packed(abs, before))
        with pytest.raises(ClusterError, match=r"^worker tcp://.* has numpy .* and this machine 1\.0: results could"):
            list(given.each_done([1]))


@pytest.mark.parametrize("name", ["Python", "numpy", "scipy", "simpy", "holidays", "pydantic"])
def test_another_version_of_what_reckons_is_refused_by_its_name(name: str) -> None:
    here = made_here()
    there = Made(here.sources, {**here.versions, name: "0.1"})

    with pytest.raises(ClusterError, match=rf"^worker w has {name} 0\.1 and this machine {here.versions[name]}: "):
        refuse_unlike("worker w", there, here)
    refuse_unlike("worker w", here, here)


def test_without_dask_it_is_said_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clusters, "find_spec", lambda _: None)

    assert refused(f"tcp://{LOOPBACK}:8786") == (
        '--scheduler: Dask is not installed; python -m pip install -e ".[cluster]" installs it'
    )


def test_the_open_work_of_real_children_never_leaves_this_machine() -> None:
    plan = replace(a_plan(), opening=some_work())

    with pytest.raises(ClusterError, match="the open work of real children stays on this machine"):
        list(run_plan(plan, processes=1, scheduler=f"tcp://{LOOPBACK}:9"))
