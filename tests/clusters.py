"""A Dask cluster on this machine alone: a scheduler and its workers, each a process of its own that can be killed."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest

from sim.experiment import clusters

ROOT = Path(__file__).parents[1]
LOOPBACK = "127.0.0.1"
needs_dask = pytest.mark.skipif(find_spec("distributed") is None, reason="needs Dask, the extra named cluster")


class Cluster:
    """A scheduler, and the workers that are started for it; what they print goes to files in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.workers: list[subprocess.Popen[bytes]] = []
        self._file = folder / "scheduler.json"
        self.scheduler = self._started("scheduler", ROOT, "--port=0", f"--scheduler-file={self._file}")
        self.address = str(_content(self._file)["address"])

    def add_worker(self, *arguments: str, sources: Path = ROOT) -> "subprocess.Popen[bytes]":
        """Start a worker whose `sim` lies in a folder; it joins in a second or two."""
        here = f"--local-directory={self.folder}"
        worker = self._started("worker", sources, self.address, "--no-nanny", here, *(arguments or ("--nthreads=1",)))
        self.workers.append(worker)
        return worker

    def lose_workers(self) -> None:
        """End every worker, and wait until the scheduler knows."""
        for worker in self.workers:
            worker.kill()
            worker.wait()
        self.workers.clear()
        with clusters._quiet(), clusters._connected(self.address) as client:
            while client.scheduler_info()["workers"]:
                time.sleep(0.05)

    def wait_for(self, count: int) -> None:
        """Until so many workers have joined."""
        with clusters._quiet(), clusters._connected(self.address) as client:
            client.wait_for_workers(count, timeout=60)

    def _started(self, command: str, sources: Path, *arguments: str) -> "subprocess.Popen[bytes]":
        python = [sys.executable, "-m", "dask", command, f"--host={LOOPBACK}", "--no-dashboard"]
        said = (self.folder / f"{command}-{len(self.workers)}.txt").open("wb")
        with said:
            return subprocess.Popen(  # noqa: S603  (our own command)
                [*python, *arguments],
                cwd=self.folder,
                env={**os.environ, "PYTHONPATH": str(sources)},
                stdout=said,
                stderr=said,
            )


def _content(path: Path) -> dict[str, object]:
    for _ in range(600):
        if path.exists() and (text := path.read_text(encoding="utf-8")):
            found: dict[str, object] = json.loads(text)
            return found
        time.sleep(0.1)
    raise TimeoutError(path)


@contextmanager
def a_cluster(folder: Path, workers: int) -> Iterator[Cluster]:
    """A cluster that ends with its test."""
    cluster = Cluster(folder)
    try:
        for _ in range(workers):
            cluster.add_worker()
        if workers:
            cluster.wait_for(workers)
        yield cluster
    finally:
        for process in (*cluster.workers, cluster.scheduler):
            process.kill()
            process.wait()
