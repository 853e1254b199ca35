"""Simulated years in processes of their own, which are spawned once and kept warm."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from multiprocessing import active_children, get_context
from typing import TypeVar

from sim.experiment import Cell, Plan, Reading
from sim.experiment.inheriting import inherit
from sim.experiment.interrupts import leave_interrupts
from sim.experiment.runs import run_once
from sim.model import Engine, make_ready

__all__ = ["BrokenProcessPool", "Workers", "read_year"]

Job = TypeVar("Job")
Result = TypeVar("Result")


def read_year(plan: Plan, cell: Cell, number: int, days: Sequence[int], engine: Engine) -> Reading:
    """What one scenario of a plan, the baseline's number being nought, gave in one world.

    Also for the contacts from each of some days of the year on.
    """
    scenarios, start = plan.scenarios(cell.draw), None
    if plan.opening is not None:
        # By each process for itself: what it rests on is the same baseline's half year, and drawn the same.
        start = inherit(plan.opening, scenarios[0], plan.seed, cell.replication, engine)
    return run_once(scenarios[number], scenarios[0], plan.seed, cell.replication, start, later=days, engine=engine)


class Workers:
    """A pool of processes; one that broke is made anew."""

    def __init__(self, processes: int, engine: Engine) -> None:
        self.processes, self._engine = processes, engine
        self._before = set(active_children())
        self._lock = threading.RLock()
        # Another: what is done is counted by the pool's own thread, for which `mend` waits.
        self._counting = threading.Lock()
        self._reading = 0
        self.pools = 1
        self._pool = self._made()

    @property
    def is_reading(self) -> bool:
        """Whether years of comparisons are under way: other work then leaves them all processes but one."""
        return self._reading > 0

    def submit(self, plan: Plan, cell: Cell, number: int, days: Sequence[int]) -> Future[Reading]:
        """Have a year read; raises `BrokenProcessPool` where a process has ended that should not have."""
        with self._lock:
            future = self._pool.submit(read_year, plan, cell, number, days, self._engine)
        with self._counting:
            self._reading += 1
        future.add_done_callback(self._read)
        return future

    def _read(self, _: Future[Reading]) -> None:
        with self._counting:
            self._reading -= 1

    def call(self, work: Callable[[Job], Result], job: Job) -> Future[Result]:
        """Have some other work done; raises `BrokenProcessPool`."""
        with self._lock:
            return self._pool.submit(work, job)

    def mend(self, pool: int | None = None) -> None:
        """Give up a broken pool and make another; where the broken one's number is given, only while it is the last."""
        with self._lock:
            if pool is None or pool == self.pools:
                self.close()
                self._pool, self.pools = self._made(), self.pools + 1

    def close(self) -> None:
        """End every process now: nobody waits for the years they are at."""
        for worker in set(active_children()) - self._before:
            worker.terminate()
        with suppress(BrokenProcessPool):
            self._pool.shutdown(wait=True, cancel_futures=True)

    def _made(self) -> ProcessPoolExecutor:
        # Spawned on every system, as Windows must: the same code then runs everywhere.
        return ProcessPoolExecutor(
            self.processes, mp_context=get_context("spawn"), initializer=_begin, initargs=(self._engine,)
        )


def _begin(engine: Engine) -> None:
    leave_interrupts()
    if engine != "simpy":
        make_ready()
