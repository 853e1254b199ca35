"""What a worker of a cluster does: it says what it runs, refuses what it would not run alike, and does its jobs.

What it gets and gives is bytes, which nobody between the two machines reads.
"""

import pickle
import threading
from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from platform import python_version_tuple
from typing import Any, Final, NamedTuple

from sim.provenance.model import worker_hash

_THE_SAME: Final = ("numpy", "scipy", "simpy", "holidays", "pydantic")
_one_at_a_time: Final = threading.Lock()


class ClusterError(Exception):
    """A cluster that cannot be reached, is lost, or whose workers are not like this machine."""


class Made(NamedTuple):
    """What a machine runs: a hash of the sources that have a part in results, and versions of what they rest on."""

    sources: str
    versions: Mapping[str, str]


def made_here() -> Made:
    """What this process runs."""
    return Made(worker_hash(), {"Python": ".".join(python_version_tuple()[:2]), **dict(map(_version, _THE_SAME))})


def _version(name: str) -> tuple[str, str]:
    try:
        return name, version(name)
    except PackageNotFoundError:
        return name, "none"


def refuse_unlike(where: str, there: Made, here: Made) -> None:
    """Raise `ClusterError` where a worker's results could be others than this machine's."""
    for name, ours in here.versions.items():
        theirs = there.versions.get(name, "none")
        if theirs != ours:
            raise ClusterError(
                f"{where} has {name} {theirs} and this machine {ours}: results could differ; install the same there"
            )
    if there.sources != here.sources:
        raise ClusterError(
            f"{where} has another model than this machine: results could differ; install the same version of Front "
            "Door there"
        )


def packed(work: Callable[[Any], Any], made: Made) -> bytes:
    """Work to be done by workers that are made alike."""
    return pickle.dumps((tuple(made), pickle.dumps(work)))


def done(work: bytes, job: bytes) -> bytes:
    """What came of a job, pickled. Raises `ClusterError` where this worker is not like the machine that gave it."""
    # The model runs one year at a time in a process; a worker with threads for more was refused if it was there.
    with _one_at_a_time:
        return pickle.dumps(_unpacked(work)(pickle.loads(job)))  # noqa: S301  (from who may run anything here)


@lru_cache(maxsize=1)
def _unpacked(work: bytes) -> Callable[[Any], Any]:
    from distributed import get_worker  # noqa: PLC0415  (an extra)

    made, content = pickle.loads(work)  # noqa: S301  (likewise)
    refuse_unlike(f"worker {get_worker().address}", made_here(), Made(*made))
    found: Callable[[Any], Any] = pickle.loads(content)  # noqa: S301  (likewise)
    return found
