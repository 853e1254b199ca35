"""Much work on every core, in processes that are spawned on every system alike and end when the command is stopped."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import active_children, get_context
from typing import Any, TypeVar

from sim.experiment.interrupts import leave_interrupts

Job = TypeVar("Job")
Result = TypeVar("Result")


def each_done(work: Callable[[Job], Result], jobs: Iterable[Job], *, processes: int) -> Iterator[Result]:
    """What `work` makes of each job, as each is done; `work` is sent to every process once."""
    if processes <= 1:
        yield from map(work, jobs)
        return
    # Spawned on every system, as Windows must: the same code then runs everywhere.
    before, spawn = set(active_children()), get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=spawn, initializer=_keep, initargs=(work,)) as pool:
        try:
            for future in as_completed([pool.submit(_do, job) for job in jobs]):
                result: Result = future.result()
                yield result
        except BaseException:
            # Stopped, or a job failed: nobody waits for what the others are at, which may take a minute to end.
            for worker in set(active_children()) - before:
                worker.terminate()
            pool.shutdown(wait=True, cancel_futures=True)
            raise


# Any: what each pool is given to do, and that is one thing a process.
_kept: list[Callable[[Any], Any]] = []


def _keep(work: Callable[[Any], Any]) -> None:
    leave_interrupts()
    _kept[:] = [work]


def _do(job: object) -> Any:  # noqa: ANN401  (whatever the work makes)
    return _kept[0](job)
