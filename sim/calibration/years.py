"""Simulated years: run once, on every core, kept in a file, so that a search that was stopped goes on where it was."""

import csv
import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple, Protocol, TypeVar

import numpy as np

from sim.calibration.knobs import Points
from sim.experiment.interrupts import leave_interrupts
from sim.experiment.later import Key
from sim.experiment.runs import simulate
from sim.measures import MEASURES, LogIndex, Measure, measure
from sim.model import Engine
from sim.provenance.model import model_hash
from sim.scenario import Scenario, ScenarioError

Figures = tuple[float, ...]

_KEY_LENGTH = 20
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


class Year(NamedTuple):
    """What is to be simulated: a set of numbers, and the luck it meets."""

    setting: Mapping[str, object]
    seed: int
    replication: int


Work = TypeVar("Work")
Result = TypeVar("Result")


class Model(Protocol):
    """What a search runs: a year in, its figures out. It is sent to other processes."""

    def __call__(self, year: Year, /) -> Figures:
        """The figures of one simulated year."""
        ...

    @property
    def names(self) -> tuple[str, ...]:
        """A name a figure."""
        ...

    @property
    def fingerprint(self) -> str:
        """Another whenever a year might give other figures."""
        ...


@dataclass(frozen=True)
class FrontDoor:
    """The model as a search sees it: a year in, the figures of the targets out."""

    baseline: Scenario
    targets: tuple[Key, ...]
    engine: Engine | None = None

    def __call__(self, year: Year) -> Figures:
        """The figures of one simulated year."""
        scenario = self.baseline.changed(year.setting)
        log = simulate(scenario, seed=year.seed, replication=year.replication, engine=self.engine)
        readings = measure(LogIndex(log), self._read)
        return tuple(float(readings[target]) for target in self.targets)

    @cached_property
    def _read(self) -> tuple[Measure, ...]:
        """The measures of the targets, for their groups alone: to read them all would be a quarter of a year's time."""
        wanted = ((m, tuple(group for group in m.groups if (m.id, group.id) in self.targets)) for m in MEASURES)
        return tuple(replace(measure_, groups=groups) for measure_, groups in wanted if groups)

    @property
    def names(self) -> tuple[str, ...]:
        """A name a figure."""
        return tuple(":".join(target) for target in self.targets)

    @property
    def fingerprint(self) -> str:
        """Another whenever a year might give other figures: for another baseline, other targets or another model."""
        digest = hashlib.sha256(f"{model_hash()} {self.baseline.content_hash} {self.targets}".encode())
        return digest.hexdigest()[:_KEY_LENGTH]


def _nothing() -> None:
    """Nobody is told."""


class Years:
    """Figures of simulated years, each simulated once and appended to a file as it is done.

    `file` is None where nothing is to be kept. `told` is called for each year, whether run or known from the file.
    """

    def __init__(
        self, model: Model, file: Path | None = None, pool: Executor | None = None, told: Callable[[], None] = _nothing
    ) -> None:
        self._model = model
        self._names = list(model.names)
        self._file = file
        self._pool = pool
        self._told = told
        self._known = {} if file is None else _read(file, self._names)

    def figures(self, years: Sequence[Year]) -> Points:
        """The figures of each year, shape (years, targets), in the order asked for."""
        keys = [_key(year) for year in years]
        wanted = {key: year for key, year in zip(keys, years, strict=True) if key not in self._known}
        for _ in range(len(keys) - len(wanted)):
            self._told()
        for key, figures in self._run(wanted):
            self._known[key] = figures
            self._append(key, figures)
            self._told()
        return np.array([self._known[key] for key in keys]).reshape(len(years), len(self._names))

    def each(self, function: Callable[[Work], Result], work: Iterable[Work]) -> Iterator[Result]:
        """As `map`, in the processes that also run the years."""
        return map(function, work) if self._pool is None else self._pool.map(function, work)

    def _run(self, wanted: Mapping[str, Year]) -> Iterator[tuple[str, Figures]]:
        if self._pool is None:
            yield from ((key, self._model(year)) for key, year in wanted.items())
            return
        waiting: dict[Future[Figures], str] = {self._pool.submit(_run_kept, year): key for key, year in wanted.items()}
        for future in as_completed(waiting):
            yield waiting[future], future.result()

    def _append(self, key: str, figures: Figures) -> None:
        if self._file is not None:
            with self._file.open("a", encoding="utf-8", newline="") as file:
                csv.writer(file, lineterminator="\n").writerow([key, *map(repr, figures)])


@contextmanager
def kept_years(model: Model, folder: Path, *, processes: int, told: Callable[[], None] = _nothing) -> Iterator[Years]:
    """Years of a model kept in a folder, and the processes that run them; raises `ScenarioError`."""
    file = folder / f"years-{model.fingerprint}.csv"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not file.exists():
            file.write_text(",".join(("key", *model.names)) + "\n", encoding="utf-8")
    except OSError as error:
        raise ScenarioError(f"{folder}: cannot be written ({error.strerror})") from None
    if processes <= 1:
        yield Years(model, file, None, told)
        return
    # Spawned on every system, as Windows must: the same code then runs everywhere.
    pool = ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=_keep, initargs=(model,))
    try:
        with _one_thread_each():
            yield Years(model, file, pool, told)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Processes started meanwhile do their algebra in one thread: more would stand in one another's way."""
    before = {name: os.environ.get(name) for name in _THREADS}
    os.environ.update(dict.fromkeys(_THREADS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _key(year: Year) -> str:
    text = f"{sorted(year.setting.items())} {year.seed} {year.replication}"
    return hashlib.sha256(text.encode()).hexdigest()[:_KEY_LENGTH]


def _read(file: Path, names: Sequence[str]) -> dict[str, Figures]:
    """What a file holds; a line cut short by the end of the process that wrote it is cut off."""
    content = file.read_bytes()
    whole = content[: content.rfind(b"\n") + 1]
    if whole != content:
        file.write_bytes(whole)
    _, *rows = csv.reader(whole.decode("utf-8").splitlines())
    if any(len(row) != len(names) + 1 for row in rows):
        raise ScenarioError(f"{file}: a row has not {len(names) + 1} fields; remove the file to start anew")
    return {key: tuple(map(float, figures)) for key, *figures in rows}


_kept: list[Model] = []


def _keep(model: Model) -> None:
    leave_interrupts()
    _kept[:] = [model]


def _run_kept(year: Year) -> Figures:
    return _kept[0](year)
