"""What the page keeps on disk: every reading of every scenario, and what was asked for."""

import hashlib
import json
import os
import re
import shutil
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from sim.experiment import Plan, Reading
from sim.provenance import FolderError, write_whole
from sim.sweep import KeptReading, ReadingStore, run_ids
from sim.world.opening_file import content_hash

MOST_KEPT_BYTES: Final = 4_000_000_000
"""Of readings on the disk: those of some hundred scenarios of a county. What is removed can be run again."""
LATELY_SECONDS: Final = 24 * 3600.0
"""What was asked for since is not removed: another page, served from the same folder, may be showing it."""
OPEN_WORK: Final = "open-work-of-children"
"""Where what was kept of extracts lies, and with each what was run from it: one folder an extract, removed whole."""
OPEN_WORK_FILE: Final = "open-work.json"
START_LENGTH: Final = 16
_RUNS: Final = "runs"
_READINGS: Final = "readings"
_ID: Final = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Side:
    """One scenario of a plan: the ids of its readings, world by world, and the store they are kept in.

    `start` is the id of the open work that it starts from, if from any.
    """

    ids: tuple[str, ...]
    store: ReadingStore
    start: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """A question that was asked: its query string, and what became of it."""

    query: str
    is_done: bool = False
    is_stopped: bool = False
    failure: str = ""


class Shelf:
    """A folder of requests and readings. Raises `FolderError` where it cannot be written."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        try:
            (folder / _RUNS).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise FolderError(f"{folder}: cannot be written ({error.strerror}); choose another folder") from None

    def sides(self, plan: Plan) -> tuple[Side, ...]:
        """Each scenario of a plan, the baseline first: one in two plans is the same side."""
        by_cell = run_ids(plan)
        several = zip(*(by_cell[cell] for cell in plan.cells()), strict=True)
        start = "" if plan.opening is None else content_hash(plan.opening)[:START_LENGTH]
        return tuple(self._side(ids, len(plan.draws), start) for ids in several)

    def still_holds(self, side: Side) -> bool:
        """Whether what a side rests on is still there: an extract's open work may have been removed."""
        return not side.start or (self._folder / OPEN_WORK / side.start / OPEN_WORK_FILE).exists()

    def _side(self, ids: tuple[str, ...], draws: int, start: str) -> Side:
        # The first meeting with every set of numbers tells the scenario: more replications are the same side.
        told = hashlib.sha256("".join(ids[:draws]).encode()).hexdigest()[:16]
        home = self._folder / OPEN_WORK / start if start else self._folder
        store = ReadingStore(home / _READINGS / told)
        with suppress(OSError):
            os.utime(store.folder)
        return Side(ids, store, start)

    def forget(self, in_use: Iterable[Side]) -> None:
        """Remove readings, those asked for least lately first, until the rest take no more than `MOST_KEPT_BYTES`.

        Those in use, and those asked for lately, stay whatever they take.
        """
        kept = {side.store.folder for side in in_use}
        every = [self._folder / _READINGS, *(self._folder / OPEN_WORK).glob(f"*/{_READINGS}")]
        found = [path for folder in every for path in folder.glob("*") if _ID.fullmatch(path.name)]
        ages = sorted((path.stat().st_mtime, path) for path in found)
        sizes = {path: sum(each.stat().st_size for each in path.rglob("*.parquet")) for path in found}
        for used, path in ages:
            if sum(sizes.values()) <= MOST_KEPT_BYTES:
                return
            if path not in kept and time.time() - used > LATELY_SECONDS:
                shutil.rmtree(path, ignore_errors=True)
                del sizes[path]

    def keep(self, run: str, request: Request) -> None:
        """Keep a request under its run's id, whole or not at all."""
        path = self._path(run)
        try:
            write_whole(path, json.dumps(asdict(request)).encode())
        except OSError as error:
            raise FolderError(f"{path}: cannot be written ({error.strerror})") from None

    def request(self, run: str) -> Request | None:
        """The request of a run; None of one that was never asked for here, or whose file is damaged."""
        if not _ID.fullmatch(run):
            return None
        try:
            return Request(**json.loads(self._path(run).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def latest(self, most: int) -> dict[str, Request]:
        """The last so many requests by their runs' ids, the latest first."""
        paths = sorted((self._folder / _RUNS).glob("*.json"), key=lambda path: -path.stat().st_mtime)[:most]
        found = {path.stem: self.request(path.stem) for path in paths}
        return {run: request for run, request in found.items() if request is not None}

    def unfinished(self) -> dict[str, Request]:
        """What was asked for and neither done, nor stopped, nor failed, by its run's id."""
        found = {path.stem: self.request(path.stem) for path in sorted((self._folder / _RUNS).glob("*.json"))}
        open_ones = {run: request for run, request in found.items() if request is not None}
        return {run: r for run, r in open_ones.items() if not (r.is_done or r.is_stopped or r.failure)}

    def _path(self, run: str) -> Path:
        return self._folder / _RUNS / f"{run}.json"


def run_id(plan: Plan, sides: Sequence[Side]) -> str:
    """The content hash of a plan: what is run, by what model, and under which names it is shown."""
    names = [(plan.baseline.title, plan.baseline.summary)]
    names += [(variant.title, str(variant.differences.get("summary", ""))) for variant in plan.variants]
    told = json.dumps([names, [side.ids[: len(plan.draws)] for side in sides], plan.replications])
    return hashlib.sha256(told.encode()).hexdigest()[:16]


class Unstored:
    """Readings on their way to the disk, which go there together."""

    def __init__(self) -> None:
        self._waiting: dict[tuple[Path, tuple[int, ...]], tuple[str, ReadingStore, list[KeptReading]]] = {}

    def take(self, side: Side, id_: str, reading: Reading) -> None:
        """Take what has just been read."""
        place = side.store.folder, tuple(sorted(reading.later))
        self._waiting.setdefault(place, (side.start, side.store, []))[2].append(KeptReading(id_, reading))

    def drop(self, start: str) -> None:
        """Let go of what was run from the open work of an extract."""
        self._waiting = {place: kept for place, kept in self._waiting.items() if kept[0] != start}

    def flush(self) -> None:
        """Write everything. Raises `StoreError`; what is not written then is still there."""
        for place, (_, store, readings) in list(self._waiting.items()):
            store.add(readings)
            del self._waiting[place]
