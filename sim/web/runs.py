"""Runs in the background: several at once, the first answers first, stopped and gone on with at any moment.

Every reading goes to the disk under what decides it, so that nothing is run twice: not by two runs that share a
baseline, not after a restart, not when a page is opened again.
"""

import queue
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import partial
from typing import Final, NamedTuple

from sim.experiment import Cell, CellResult, Plan, Reading
from sim.provenance import FolderError
from sim.scenario import ScenarioError
from sim.web.kept import Request, Shelf, Side, Unstored, run_id
from sim.web.workers import BrokenProcessPool, Workers

MOST_AT_ONCE: Final = 20
"""Runs that are not yet done; more are refused until some are."""
_STORED_EVERY_SECONDS: Final = 5.0
_TIDIED_EVERY_SECONDS: Final = 3600.0
_AHEAD: Final = 2
_MOST_BREAKS: Final = 3
_PACE_OF: Final = 40


class State(StrEnum):
    """How a run stands."""

    RUNNING = "running"
    STOPPED = "stopped"
    FAILED = "failed"
    DONE = "done"


class Need(NamedTuple):
    """A reading that is asked for: the id of the run, and from which days on its contacts are read by themselves."""

    id: str
    days: tuple[int, ...]


class _Ended(NamedTuple):
    """A reading that has come, or an error in its place, and from the how-manieth pool."""

    need: Need
    side: Side
    future: Future[Reading]
    pool: int


@dataclass(eq=False)
class Run:
    """A run of a plan; what it still needs stands in the order in which it is run."""

    id: str
    query: str
    plan: Plan
    sides: tuple[Side, ...]
    days: tuple[tuple[int, ...], ...]
    milestones: tuple[int, ...]
    needs: dict[Need, tuple[Cell, int]]
    state: State = State.RUNNING
    failure: str = ""
    pace: deque[tuple[float, int]] = field(default_factory=lambda: deque(maxlen=_PACE_OF))

    @property
    def years(self) -> int:
        """Simulated years of each scenario that are there, without a gap from the first on."""
        first = next(iter(self.needs.values()), None)
        return self.plan.replications if first is None else first[0].replication

    @property
    def answered(self) -> int:
        """Of how many years the best answer is; 0 before the first."""
        return max((many for many in self.milestones if many <= self.years), default=0)

    @property
    def aim(self) -> int:
        """Of how many years the next answer will be."""
        return next((many for many in self.milestones if many > self.years), self.plan.replications)

    @property
    def seconds_left(self) -> float | None:
        """Until all is run, at the pace of late; None where that is not to be told yet."""
        if len(self.pace) < _PACE_OF // 4:
            return None
        (then, before), (now, after) = self.pace[0], self.pace[-1]
        return len(self.needs) * (now - then) / (before - after) if before > after else None


class Runs:
    """All runs of a page. `question` gives a query's plan, and the days from which a baseline is often read."""

    def __init__(
        self,
        shelf: Shelf,
        workers: Workers,
        milestones: tuple[int, ...],
        question: Callable[[str], tuple[Plan, Sequence[int]]],
    ) -> None:
        self._shelf, self._workers, self._milestones, self._question = shelf, workers, milestones, question
        self._runs: dict[str, Run] = {}
        self._flying: dict[Need, Side] = {}
        self._done: queue.SimpleQueue[_Ended | None] = queue.SimpleQueue()
        self._unstored, self._stored_at = Unstored(), time.monotonic()
        self._tidied_at = time.monotonic()
        self._pool, self._breaks = 0, 0
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._serve, name="runs", daemon=True)
        self._is_closing = False

    def begin(self) -> None:
        """Start to work, first on what an earlier server left unfinished."""
        for name, request in self._shelf.unfinished().items():
            try:
                run = self._opened(request.query)
            except (ScenarioError, FolderError) as mistake:
                self._shelf.keep(name, replace(request, failure=str(mistake)))
                continue
            # Under another version of the model the same question has another id: it is asked again, not gone on with.
            if run.id == name:
                self._runs[name] = run
        self._tidy()
        self._thread.start()

    def start(self, query: str) -> Run:
        """The run of a question, started or gone on with; raises `ScenarioError` and `FolderError`."""
        # All at once, so that no reading is on its way between what is looked for and who waits for it.
        with self._changed:
            self._store()
            if time.monotonic() - self._tidied_at > _TIDIED_EVERY_SECONDS:
                self._tidy()
            run = self._opened(query)
            run = self._runs.setdefault(run.id, run)
            active = sum(each.state is State.RUNNING for each in self._runs.values())
            if run.state is not State.DONE and active - (run.state is State.RUNNING) >= MOST_AT_ONCE:
                del self._runs[run.id]
                raise ScenarioError(f"{MOST_AT_ONCE} questions are being run: stop one, or wait until one is done")
            run.state, run.failure = (State.RUNNING if run.needs else State.DONE), ""
            self._shelf.keep(run.id, Request(query, is_done=not run.needs))
            self._forget_the_oldest()
        self._done.put(None)
        return run

    def get(self, name: str) -> Run | None:
        """A run by its id, as it stands; None of one that was never asked for here, or of another model."""
        with self._changed:
            if name in self._runs:
                return self._runs[name]
        request = self._shelf.request(name)
        if request is None:
            return None
        try:
            run = self._opened(request.query)
        except ScenarioError:
            return None
        if run.id != name:
            return None
        run.state = State.DONE if not run.needs else State.FAILED if request.failure else State.STOPPED
        run.failure = request.failure
        with self._changed:
            run = self._runs.setdefault(name, run)
            self._forget_the_oldest()
        return run

    def latest(self, most: int) -> dict[str, str]:
        """The queries of the last so many runs by id, the latest first, of whatever version."""
        return {name: request.query for name, request in self._shelf.latest(most).items()}

    def id_of(self, query: str) -> str:
        """The id that a question's run has; raises `ScenarioError`."""
        plan, _ = self._question(query)
        return run_id(plan, self._shelf.sides(plan))

    def stop(self, run: Run) -> None:
        """Run no more of it; what is there stays, and is gone on from."""
        with self._changed:
            if run.state is State.RUNNING:
                run.state = State.STOPPED
                self._shelf.keep(run.id, Request(run.query, is_stopped=True))
            self._changed.notify_all()

    def forget(self, start: str, remove: Callable[[], None]) -> None:
        """Let go of every run from the open work of an extract, and have it removed from the disk meanwhile."""
        with self._changed:
            for name, run in list(self._runs.items()):
                if run.sides[0].start == start:
                    run.state = State.STOPPED
                    del self._runs[name]
            self._unstored.drop(start)
            remove()
            self._changed.notify_all()

    def wait(self, run: Run, years: int, seconds: float) -> None:
        """Wait until an answer of more than so many years is there, or the run no longer runs, or the time is up."""
        with self._changed:
            self._changed.wait_for(lambda: run.answered > years or run.state is not State.RUNNING, seconds)

    def results(self, run: Run, years: int) -> list[CellResult]:
        """What the first so many worlds of a run gave."""
        cells = list(run.plan.cells())[:years]
        later = {start.later for start in run.plan.starts if start.later is not None}
        read = [side.store.readings(side.ids[:years], later) for side in run.sides]
        if any(id_ not in found for found, side in zip(read, run.sides, strict=True) for id_ in side.ids[:years]):
            raise ScenarioError("what was run for this has been removed meanwhile: ask for it again")
        columns = [[found[id_] for id_ in side.ids[:years]] for found, side in zip(read, run.sides, strict=True)]
        return [CellResult(cell, readings) for cell, readings in zip(cells, zip(*columns, strict=True), strict=True)]

    def close(self) -> None:
        """End every process; all that was read is on disk."""
        self._is_closing = True
        self._done.put(None)
        if self._thread.is_alive():
            self._thread.join()
        self._workers.close()

    def _opened(self, query: str) -> Run:
        """A question as a run, with what is not there yet."""
        plan, usual = self._question(query)
        sides = self._shelf.sides(plan)
        own = {start.later for start in plan.starts if start.later is not None}
        days = tuple(tuple(sorted(own if number else own | set(usual))) for number in range(len(sides)))
        there = [side.store.known(day) for side, day in zip(sides, days, strict=True)]
        needs = {
            Need(side.ids[place], days[number]): (cell, number)
            for place, cell in enumerate(plan.cells())
            for number, side in enumerate(sides)
            if side.ids[place] not in there[number]
        }
        milestones = tuple(many for many in self._milestones if many <= plan.replications)
        return Run(run_id(plan, sides), query, plan, sides, days, milestones, needs)

    def _forget_the_oldest(self) -> None:
        """Of what does not run only the latest stay in memory; the disk has them all."""
        still = [name for name, run in self._runs.items() if run.state is not State.RUNNING]
        for name in still[:-MOST_AT_ONCE]:
            del self._runs[name]

    def _tidy(self) -> None:
        """Keep the disk from filling with what nobody has asked for lately."""
        # Where another server tidies the same folder, what it has just removed is no mistake.
        with suppress(OSError):
            self._shelf.forget(side for run in self._runs.values() for side in run.sides)
        self._tidied_at = time.monotonic()

    def _serve(self) -> None:
        while not self._is_closing:
            try:
                self._deal()
                self._take()
            except BrokenProcessPool:
                self._mend()
            except FolderError as mistake:
                self._fail_all(str(mistake))
            except Exception as error:  # noqa: BLE001  (whatever it is, nobody may wait for it for ever)
                traceback.print_exception(error)
                self._fail_all(f"Front Door itself stopped with {type(error).__name__}")
        try:
            self._unstored.flush()
        except FolderError as mistake:
            sys.stderr.write(f"frontdoor: {mistake}\n")

    def _deal(self) -> None:
        """Keep every process at work: next comes what the run with the fewest years needs."""
        with self._changed:
            while len(self._flying) < _AHEAD * self._workers.processes and (found := self._next()):
                run, need = found
                cell, number = run.needs[need]
                future = self._workers.submit(run.plan, cell, number, need.days)
                side = self._flying[need] = run.sides[number]
                future.add_done_callback(partial(self._tell, need, side, self._pool))

    def _tell(self, need: Need, side: Side, pool: int, future: Future[Reading]) -> None:
        self._done.put(_Ended(need, side, future, pool))

    def _next(self) -> tuple[Run, Need] | None:
        running = sorted((r for r in self._runs.values() if r.state is State.RUNNING), key=lambda run: run.years)
        for run in running:
            for need in run.needs:
                if need not in self._flying:
                    return run, need
        return None

    def _take(self) -> None:
        """Wait for what is done next, and give it to every run that needs it."""
        try:
            ended = self._done.get(timeout=_STORED_EVERY_SECONDS)
        except queue.Empty:
            ended = None
        with self._changed:
            if ended is not None and ended.pool == self._pool:
                self._one(ended)
            if time.monotonic() - self._stored_at > _STORED_EVERY_SECONDS:
                self._store()

    def _one(self, ended: _Ended) -> None:
        need = ended.need
        self._flying.pop(need, None)
        error = None if ended.future.cancelled() else ended.future.exception()
        if isinstance(error, BrokenProcessPool):
            raise error
        if error is not None:
            self._fail(need, error)
        elif not ended.future.cancelled():
            if self._shelf.still_holds(ended.side):
                self._unstored.take(ended.side, need.id, ended.future.result())
            self._give(need)

    def _give(self, need: Need) -> None:
        """Strike a reading off what runs need; an answer is told only once what it rests on can be read."""
        wanting = [run for run in self._runs.values() if need in run.needs]
        if any(self._reaches(run, need) for run in wanting):
            self._store()
        for run in wanting:
            del run.needs[need]
            run.pace.append((time.monotonic(), len(run.needs)))
            if not run.needs:
                run.state = State.DONE
                self._shelf.keep(run.id, Request(run.query, is_done=True))
        self._changed.notify_all()

    def _reaches(self, run: Run, need: Need) -> bool:
        """Whether with this a run has all that its next answer, or the last, rests on."""
        left = [cell.replication for other, (cell, _) in run.needs.items() if other != need]
        return run.aim <= min(left, default=run.plan.replications)

    def _store(self) -> None:
        self._unstored.flush()
        self._stored_at = time.monotonic()

    def _fail(self, need: Need, error: BaseException) -> None:
        if not isinstance(error, ScenarioError):
            traceback.print_exception(error)
        said = str(error) if isinstance(error, ScenarioError) else f"the model stopped with {type(error).__name__}"
        self._fail_those([run for run in self._runs.values() if need in run.needs], said)

    def _fail_all(self, said: str) -> None:
        self._fail_those([run for run in self._runs.values() if run.state is State.RUNNING], said)

    def _fail_those(self, runs: Sequence[Run], said: str) -> None:
        with self._changed:
            for run in runs:
                run.state, run.failure = State.FAILED, said
                with suppress(FolderError):
                    self._shelf.keep(run.id, Request(run.query, failure=said))
            self._changed.notify_all()

    def _mend(self) -> None:
        """A process ended that should not have: what was in the air is dealt again, a few times."""
        with self._changed:
            self._breaks, self._pool = self._breaks + 1, self._pool + 1
            self._flying.clear()
            self._workers.mend()
        if self._breaks > _MOST_BREAKS:
            self._breaks = 0
            self._fail_all("the processes that run years were ended from outside; is there memory enough?")
