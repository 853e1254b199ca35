"""Much work on a Dask cluster, which gives what the cores of one machine give; all it needs is a scheduler's address.

Every worker is asked first whether it has this model and these libraries. One that is lost costs what it was at, which
others run again; what nobody can run any more ends the work with one sentence.
"""

import logging
import pickle
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from itertools import islice
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Final, TypeVar

from sim.experiment.cluster_workers import ClusterError, Made, made_here, packed, refuse_unlike
from sim.experiment.interrupts import interrupts_heard

if TYPE_CHECKING:
    from distributed import Client, Future

Job = TypeVar("Job")
Result = TypeVar("Result")

CONNECT_SECONDS: Final = 10
WITHOUT_WORKERS_SECONDS: Final = 60
"""So long a cluster may be without workers, as while a machine starts again, before the work ends."""
_LOOK_SECONDS: Final = 1
_LEAVE_SECONDS: Final = 2
_TRIES: Final = 3
_JOBS_A_WORKER: Final = 3
"""Given out: the one it is at, and what it goes on with while that is fetched."""


def each_done_on(scheduler: str, work: Callable[[Job], Result], jobs: Iterable[Job]) -> Iterator[Result]:
    """What `work` makes of each job on the cluster of a scheduler, as each is done. Raises `ClusterError`."""
    if find_spec("distributed") is None:
        raise ClusterError('--scheduler: Dask is not installed; python -m pip install -e ".[cluster]" installs it')
    with _quiet(), _connected(scheduler) as client:
        here = made_here()
        _refuse_what_does_not_fit(scheduler, client, here)
        for content in _Given(scheduler, client, packed(work, here)).each_done(jobs):
            result: Result = pickle.loads(content)  # noqa: S301  (a worker's, who runs what we send)
            yield result


@contextmanager
def _quiet() -> Iterator[None]:
    """Meanwhile Dask says nothing of its own on the error stream: what matters is said once, here."""
    import distributed  # noqa: F401, PLC0415  (an extra, and it takes a second; it sets up its logs)

    loggers = [logging.getLogger(name) for name in logging.root.manager.loggerDict if name.startswith("distributed")]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)


@contextmanager
def _connected(scheduler: str) -> "Iterator[Client]":
    try:
        client = _client(scheduler)
    except (OSError, ValueError, TypeError, RuntimeError) as error:
        said = str(error).partition("\n")[0]
        raise ClusterError(
            f"--scheduler {scheduler}: no Dask scheduler answers ({said}); give the address that it prints when it is "
            "started, such as tcp://10.0.0.1:8786"
        ) from None
    try:
        yield client
    finally:
        # What is still to be run goes with it. Of a scheduler that is gone no leave can be taken.
        with suppress(Exception):
            client.close(timeout=_LEAVE_SECONDS)


def _client(scheduler: str) -> "Client":
    from distributed import Client  # noqa: PLC0415  (as above)

    for _ in range(_TRIES):
        # On a machine that is busy beyond measure the thread of Dask's own may not have started in its ten seconds.
        with suppress(AssertionError):
            return Client(scheduler, timeout=CONNECT_SECONDS, set_as_default=False, name="frontdoor")
    raise RuntimeError("Dask does not start on this machine, which may be too busy")


def _refuse_what_does_not_fit(scheduler: str, client: "Client", here: Made) -> None:
    """Refuse a cluster without workers, and any machine of it that could give other results than this one."""
    try:
        client.wait_for_workers(1, timeout=CONNECT_SECONDS)
    except TimeoutError:
        raise ClusterError(
            f"--scheduler {scheduler}: has no workers; start some with: dask worker {scheduler} --nthreads 1"
        ) from None
    told: dict[str, Any] = client.get_versions(check=False)  # type: ignore[assignment]  # as it is without asyncio
    for where, machine in (("the scheduler", told["scheduler"]), *told["workers"].items()):
        python = ".".join(str(machine["packages"]["python"]).split(".")[:2])
        who = where if where == "the scheduler" else f"worker {where}"
        refuse_unlike(who, Made(here.sources, {**here.versions, "Python": python}), here)
    for where, threads in client.nthreads().items():
        if threads != 1:
            raise ClusterError(
                f"worker {where} has {threads} threads, but a year is run alone in its process; start it with "
                "--nthreads 1, and --nworkers for as many as its machine has cores"
            )
    for where, answer in client.run(_asking(), on_error="return").items():
        if isinstance(answer, BaseException):
            raise _without(f"worker {where}", answer)
        refuse_unlike(f"worker {where}", Made(*answer), here)


def _without(who: str, error: BaseException) -> ClusterError:
    """That somebody has no Front Door, or only half of what it needs."""
    return ClusterError(f"{who} cannot run Front Door ({error}); install the same version there as here")


# Functions within functions, which Dask sends by their content: so a worker without Front Door can say so, and the
# scheduler, which only hands them on, needs none.
def _asking() -> Callable[[], tuple[str, Mapping[str, str]]]:
    """A function that a worker can be asked with what it runs."""

    def asked() -> tuple[str, Mapping[str, str]]:
        from sim.experiment.cluster_workers import made_here  # noqa: PLC0415  (where it runs)

        sources, versions = made_here()
        return sources, versions

    return asked


def _doing() -> Callable[[bytes, bytes], bytes]:
    """A function that does packed work for one job, pickled, and gives the pickled result."""

    def do(work: bytes, job: bytes) -> bytes:
        from sim.experiment.cluster_workers import done  # noqa: PLC0415  (where it runs)

        return done(work, job)

    return do


class _Given:
    """Jobs given out to a cluster, no more than its workers soon come to, and fetched as they are done."""

    def __init__(self, scheduler: str, client: "Client", work: bytes) -> None:
        self._scheduler, self._client, self._do = scheduler, client, _doing()
        # The work is what a task gives and no data laid down: whatever worker it lies with may be lost.
        self._work = client.submit(bytes, work, pure=False)
        self._finished: SimpleQueue[Future[bytes]] = SimpleQueue()
        self._out: set[Future[bytes]] = set()
        self._workers_seen = time.monotonic()

    def each_done(self, jobs: Iterable[object]) -> Iterator[bytes]:
        """What came of each job."""
        left = iter(jobs)
        try:
            with interrupts_heard() as ask:
                while True:
                    ahead = max(self._workers(), 1) * _JOBS_A_WORKER - len(self._out)
                    for job in islice(left, max(ahead, 0)):
                        self._give(job)
                    ask()
                    if not self._out:
                        return
                    yield from self._fetched()
        except (CancelledError, OSError) as error:
            raise ClusterError(f"--scheduler {self._scheduler}: does not answer any more; start it again") from error

    def _workers(self) -> int:
        """How many there are; raises `ClusterError` where there have been none for long."""
        found = len(self._client.nthreads())
        if found:
            self._workers_seen = time.monotonic()
        elif time.monotonic() - self._workers_seen > WITHOUT_WORKERS_SECONDS:
            raise ClusterError(f"--scheduler {self._scheduler}: all its workers are gone; start them again")
        return found

    def _give(self, job: object) -> None:
        future: Future[bytes] = self._client.submit(self._do, self._work, pickle.dumps(job), pure=False)
        self._out.add(future)
        future.add_done_callback(self._finished.put)

    def _fetched(self) -> Iterator[bytes]:
        """What a job gives that is done, or soon will be; nothing where none is."""
        try:
            future = self._finished.get(timeout=_LOOK_SECONDS)
        except Empty:
            return
        try:
            content = future.result(timeout=CONNECT_SECONDS)
        except TimeoutError:
            # Its worker was lost before it gave it away: others do it again.
            future.add_done_callback(self._finished.put)
            return
        self._out.discard(future)
        yield content
