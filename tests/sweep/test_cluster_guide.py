"""docs/cluster.md and the national benchmark: what they tell people to type, at a reduced size."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from benchmarks.national import AUTHORITIES, CONTACTS, POSTS, Year, authority, per_contact, sizes
from sim import cli
from sim.scenario import load, shipped, staffing_gaps, wide_spans
from tests.clusters import LOOPBACK, ROOT, needs_dask
from tests.sweep.counties import SMALL

GUIDE = (ROOT / "docs" / "cluster.md").read_text(encoding="utf-8")
COMMANDS = [line for block in re.findall(r"```\n(.*?)```", GUIDE, re.DOTALL) for line in block.splitlines()]
NAMED = "10.0.0.1:8786"
ONE_MACHINE, THERE = (line for line in COMMANDS if line.startswith("frontdoor"))


def reduced(command: str, address: str, folder: Path) -> list[str]:
    """A command of the guide with the county, the points and the years made few."""
    few = command.replace("5:9:1", "5:9:4").replace("20:40:4", "20:40:20").replace("40 --sch", "2 --sch")
    words = re.sub(r"--replications 40$", "--replications 2", few).replace(NAMED, address).split()[1:]
    settings = [f"--set={path}={value}" for path, value in SMALL.items()]
    processes = [] if "--scheduler" in words else ["--processes=1"]
    return [*words, *settings, *processes, f"--store={folder / 'store'}", f"--out={folder / 'out'}"]


@contextmanager
def started(command: str, address: str, folder: Path) -> Iterator[None]:
    """A command of the guide as a process; its workers end with it."""
    host, _, port = address.rpartition(":")
    words = command.replace(NAMED, address).replace("10.0.0.1", host).replace("8786", port)
    arguments = words.replace("--nworkers 8", "--nworkers 2").split()[1:]
    with (folder / f"{arguments[0]}.txt").open("wb") as said:
        process = subprocess.Popen(  # noqa: S603  (our own command)
            [sys.executable, "-m", "dask", *arguments],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=said,
            stderr=said,
        )
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port() -> int:
    with socket.socket() as found:
        found.bind((LOOPBACK, 0))
        port: int = found.getsockname()[1]
        return port


def answers(port: int) -> bool:
    with socket.socket() as asked:
        return asked.connect_ex((LOOPBACK, port)) == 0


@pytest.mark.slow
@needs_dask
def test_what_the_guide_says_to_type_gives_the_same_on_one_machine_and_on_several(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.experiment.clusters.CONNECT_SECONDS", 60)
    port = free_port()
    address = f"{LOOPBACK}:{port}"
    (scheduler,) = (line for line in COMMANDS if line.startswith("dask scheduler"))
    (worker,) = (line for line in COMMANDS if line.startswith("dask worker"))
    with started(scheduler, address, tmp_path):
        while not answers(port):
            time.sleep(0.1)
        with started(worker, address, tmp_path):
            assert cli.main(reduced(THERE, address, tmp_path / "there")) == 0
    assert cli.main(reduced(ONE_MACHINE, address, tmp_path / "here")) == 0

    assert_frame_equal(*(pl.read_parquet(tmp_path / name / "out" / "sweep.parquet") for name in ("here", "there")))


def test_the_guide_installs_the_extra_there_is() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")

    assert 'python -m pip install -e ".[cluster]"' in COMMANDS
    assert re.search(r"^cluster = \[", project, re.MULTILINE)


def test_the_authorities_of_the_benchmark_have_the_nations_contacts_and_can_run() -> None:
    county, all_sizes = load(shipped("leicestershire-2018-19.toml")), sizes()

    assert len(all_sizes) == AUTHORITIES
    assert sum(all_sizes) == pytest.approx(CONTACTS)
    for size in (all_sizes[0], all_sizes[-1]):
        scenario = authority(county, size)
        assert not list(staffing_gaps(scenario))
        assert not list(wide_spans(scenario))
        ratio = scenario.demand.family_contacts_per_year / county.demand.family_contacts_per_year
        assert scenario.assessment.social_workers.experienced == pytest.approx(
            ratio * county.assessment.social_workers.experienced, abs=0.5
        )
    assert len(set(POSTS)) == len(POSTS)


def test_seconds_a_contact_are_told_with_an_error_that_holds_them() -> None:
    rng, held = np.random.default_rng(1), []
    for _ in range(300):
        contacts = rng.lognormal(9, 0.6, 30)
        each, error = per_contact([Year(c, 0.0002 * c * rng.lognormal(-0.02, 0.2)) for c in contacts])
        held.append(abs(each - 0.0002) <= error)

    assert np.mean(held) > 0.95 - 3 * (0.95 * 0.05 / 300) ** 0.5
