"""Answers to "how many would it take?": one after the other in the background, on the processes the page has warm."""

import json
import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Final, TypeVar

from sim.experiment.sizing import Chance, Sizing, Standard, meeting, sizing
from sim.model import Engine
from sim.provenance import FolderError, write_whole
from sim.scenario import ScenarioError, ScenarioFile
from sim.web.how_many import HowMany, amounts, id_of, plan_of
from sim.web.runs import State
from sim.web.workers import BrokenProcessPool, Workers

MOST_WAITING: Final = 5
MOST_IN_MEMORY: Final = 20
"""Questions that are not being answered; the disk has the answers of all."""
_FOLDER: Final = "how-many"
_LOOKS_EVERY_SECONDS: Final = 0.2
"""Whether somebody has stopped it."""

_TOLD_FROM: Final = 5
"""Worlds that are looked at before the time left is told."""
_YEARS_A_WORLD: Final = 12
"""Simulated years that the least number in a world takes, about; a fresh world takes one."""

Job = TypeVar("Job")
Found = TypeVar("Found")


class _StoppedError(Exception):
    """Nobody wants the answer any more."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The least number in every world, and how it and the next below it did in fresh ones."""

    found: Sizing
    fresh: dict[int, Chance]


@dataclass(eq=False)
class Search:
    """A question that is being answered, or was: how many worlds of how many are run, and the answer, if any yet."""

    id: str
    asked: HowMany
    base: ScenarioFile
    worlds: int
    state: State = State.RUNNING
    failure: str = ""
    done: int = 0
    of: int = 0
    answer: Answer | None = None
    futures: list[Future[Any]] = field(default_factory=list)
    begun: float | None = None

    @property
    def seconds_left(self) -> float | None:
        """Until it is answered, at the pace so far; None where that is not to be told yet."""
        found = min(self.done, self.worlds)
        if self.begun is None or found < _TOLD_FROM:
            return None
        done = found * _YEARS_A_WORLD + self.done - found
        of = self.worlds * _YEARS_A_WORLD + self.of - self.worlds
        return (time.monotonic() - self.begun) / done * (of - done)


class Sizings:
    """Every such question of one server; what was answered is found again on disk."""

    def __init__(self, folder: Path, workers: Workers, engine: Engine, worlds: int) -> None:
        self._folder, self._workers, self._engine, self._worlds = folder / _FOLDER, workers, engine, worlds
        self._searches: dict[str, Search] = {}
        self._waiting: queue.SimpleQueue[Search | None] = queue.SimpleQueue()
        self._lock = threading.RLock()
        self._thread = threading.Thread(target=self._serve, name="sizings", daemon=True)

    def begin(self) -> None:
        """Start to work."""
        self._thread.start()

    def close(self) -> None:
        """Stop; a question that is not answered by now is asked anew."""
        with self._lock:
            for search in self._searches.values():
                self.stop(search)
        self._waiting.put(None)
        if self._thread.is_alive():
            self._thread.join()

    def start(self, asked: HowMany, base: ScenarioFile) -> Search:
        """The search for an answer, begun where there is none yet. Raises `ScenarioError`."""
        search = self.get(asked, base)
        with self._lock:
            if search.state in {State.RUNNING, State.DONE} and search.id in self._searches:
                return search
            if sum(each.state is State.RUNNING for each in self._searches.values()) >= MOST_WAITING:
                raise ScenarioError(f"{MOST_WAITING} such questions are being answered: stop one, or wait until one is")
            # Another one, since what was stopped may still be on its way out.
            begun = Search(search.id, asked, base, self._worlds)
            self._searches[search.id] = begun
            self._forget_the_oldest()
            self._waiting.put(begun)
        return begun

    def get(self, asked: HowMany, base: ScenarioFile) -> Search:
        """The search as it stands: stopped where it was never begun, or not here."""
        id_ = id_of(asked, plan_of(base, self._worlds))
        with self._lock:
            known = self._searches.get(id_)
            if known is None:
                answer = self._kept(id_)
                known = Search(id_, asked, base, self._worlds, State.DONE if answer else State.STOPPED, answer=answer)
                if answer:
                    self._searches[id_] = known
                    self._forget_the_oldest()
            return known

    def _forget_the_oldest(self) -> None:
        still = [id_ for id_, search in self._searches.items() if search.state is not State.RUNNING]
        for id_ in still[:-MOST_IN_MEMORY]:
            del self._searches[id_]

    def stop(self, search: Search) -> None:
        """Look no further."""
        with self._lock:
            if search.state is State.RUNNING:
                search.state = State.STOPPED
            for future in search.futures:
                future.cancel()

    def _serve(self) -> None:
        while (search := self._waiting.get()) is not None:
            if search.state is not State.RUNNING:
                continue
            pool = self._workers.pools
            try:
                search.answer = self._answered(search)
                self._keep(search)
                search.state = State.DONE
            except _StoppedError:
                search.state = State.STOPPED
            except BrokenProcessPool:
                self._workers.mend(pool)
                self._failed(search, "the processes that run years were ended from outside; is there memory enough?")
            except (ScenarioError, FolderError) as mistake:
                self._failed(search, str(mistake))
            except Exception as error:  # noqa: BLE001  (whatever it is, nobody may wait for it for ever)
                self._failed(search, f"the model stopped with {type(error).__name__}")

    def _failed(self, search: Search, said: str) -> None:
        search.state, search.failure = State.FAILED, said

    def _answered(self, search: Search) -> Answer:
        asked, base = search.asked, search.base
        each, path, standard = self._each(search), asked.path, asked.standard
        tried = amounts(base.scenario, path)
        plan = plan_of(base, search.worlds)
        search.of, search.begun = 3 * search.worlds, time.monotonic()
        found = sizing(plan, path, tried, standard, engine=self._engine, each=each)
        chosen = found.enough(asked.chance / 100)
        place = tried.index(chosen) if chosen is not None else len(tried) - 1
        fresh: dict[int, Chance] = {}
        for number, amount in enumerate(tried[max(place - 1, 0) : place + 1][::-1], start=1):
            others = plan_of(base, search.worlds, fresh=number)
            fresh[amount] = meeting(others, path, amount, standard, engine=self._engine, each=each)
        return Answer(found, fresh)

    def _each(self, search: Search) -> Callable[[Callable[[Job], Found], Iterable[Job]], Iterator[Found]]:
        """What runs worlds: on the page's own processes, counting them, until somebody stops it."""

        def run(work: Callable[[Job], Found], jobs: Iterable[Job]) -> Iterator[Found]:
            waiting, flying = iter(jobs), set[Future[Found]]()
            while True:
                # Few at a time: a world takes seconds, and who moves a lever meanwhile waits behind what is submitted.
                most = 1 if self._workers.is_reading else self._workers.processes
                flying |= {self._workers.call(work, job) for job in islice(waiting, max(most - len(flying), 0))}
                search.futures = list(flying)
                if not flying:
                    return
                done, flying = wait(flying, _LOOKS_EVERY_SECONDS, FIRST_COMPLETED)
                if search.state is not State.RUNNING:
                    for future in flying:
                        future.cancel()
                    raise _StoppedError
                for future in done:
                    found = future.result()
                    search.done += 1
                    search.of = max(search.of, search.done)
                    yield found

        return run

    def _path(self, id_: str) -> Path:
        return self._folder / f"{id_}.json"

    def _keep(self, search: Search) -> None:
        """Keep an answer, whole or not at all."""
        assert search.answer is not None  # noqa: S101  (it was found just now)
        path = self._path(search.id)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, json.dumps(asdict(search.answer)).encode())
        except OSError as error:
            raise FolderError(f"{path}: cannot be written ({error.strerror})") from None

    def _kept(self, id_: str) -> Answer | None:
        """An answer on disk; None of one that is not there, or damaged."""
        try:
            told = json.loads(self._path(id_).read_text(encoding="utf-8"))
            found = told["found"]
            found |= {"standard": Standard(**found["standard"])}
            found |= {name: tuple(found[name]) for name in ("amounts", "least", "sets")}
            if not found["amounts"]:
                return None
            return Answer(Sizing(**found), {int(amount): _chance(met) for amount, met in told["fresh"].items()})
        except (OSError, ValueError, TypeError, KeyError, AttributeError, ScenarioError):
            return None


def _chance(kept: Mapping[str, Any]) -> Chance:
    return Chance(kept["met"], kept["worlds"], tuple((met, of) for met, of in kept["by_set"]))
