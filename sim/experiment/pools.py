"""Much work on every core, in processes that are spawned on every system alike and end when the command is stopped.

Or, where there is a scheduler's address, on its cluster.
"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import active_children, get_context
from typing import Any, TypeVar

from sim.experiment.clusters import each_done_on
from sim.experiment.engines import prepared
from sim.experiment.interrupts import leave_interrupts
from sim.model import Engine, asked_for

Job = TypeVar("Job")
Result = TypeVar("Result")


def each_done(
    work: Callable[[Job], Result], jobs: Iterable[Job], *, processes: int, scheduler: str | None = None
) -> Iterator[Result]:
    """What `work` makes of each job, as each is done; `work` is sent to every process once.

    With a `scheduler`, on the workers of its cluster instead; raises `ClusterError`.
    """
    if scheduler is not None:
        yield from each_done_on(scheduler, work, jobs)
        return
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


def engine_for(engine: Engine | None, *, processes: int, scheduler: str | None = None) -> Engine | None:
    """The engine to give to `each_done`'s work: made ready here first where several processes of this machine share it.

    On a cluster every worker makes its own ready when it first needs it.
    """
    if scheduler is not None:
        return asked_for(engine)
    return prepared(engine) if processes > 1 else engine


# Any: what each pool is given to do, and that is one thing a process.
_kept: list[Callable[[Any], Any]] = []


def _keep(work: Callable[[Any], Any]) -> None:
    leave_interrupts()
    _kept[:] = [work]


def _do(job: object) -> Any:  # noqa: ANN401  (whatever the work makes)
    return _kept[0](job)
