"""A store of runs: a folder to which finished runs are added and from which nothing is ever taken away.

A run is known by a hash over all that decides it: the model, the scenario and its baseline, the seed and the
replication. Runs come in parts, Parquet files that are written under another name, flushed to the disk and then named
whole: whatever stops a process leaves every part whole or absent. Two processes write parts of their own; a run that
both made is the same run, and is read once.
"""

import errno
import hashlib
import io
import os
import time
import uuid
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from sim.measures import Readings
from sim.provenance import FolderError

PARTS: Final = "runs"
_BETWEEN: Final = "|"
_KEY_LENGTH: Final = 32
_LEFT_BEHIND_SECONDS: Final = 24 * 3600.0
"""After so long a file that never was moved in belongs to no process that still writes it."""


class StoreError(FolderError):
    """A store that cannot be written or read."""


@dataclass(frozen=True, slots=True)
class RunKey:
    """What decides a run: hashes of the model, of the baseline and of the scenario, and the luck."""

    model: str
    baseline: str
    scenario: str
    seed: int
    replication: int

    @property
    def id(self) -> str:
        """One hash over all of it, 32 hexadecimal digits."""
        text = f"{self.model} {self.baseline} {self.scenario} {self.seed} {self.replication}"
        return hashlib.sha256(text.encode()).hexdigest()[:_KEY_LENGTH]


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """A finished run: which draw it met, the hash of its log, and what was measured."""

    key: RunKey
    draw: int
    log_hash: str
    readings: Readings


class Store:
    """The runs in a folder, which is made where there is none. Raises `StoreError`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._parts = folder / PARTS
        try:
            self._parts.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"{folder}: cannot be written ({error.strerror}); choose another folder") from None
        self._sweep_away_what_was_left()

    def add(self, runs: Sequence[Run]) -> None:
        """Add finished runs, all of them or none. Raises `StoreError` where the disk is full or cannot be written."""
        if not runs:
            return
        name = uuid.uuid4().hex
        partial = self._parts / f".{name}.partial"
        try:
            with partial.open("wb") as file:
                file.write(_written(runs))
                file.flush()
                os.fsync(file.fileno())
            partial.replace(self._parts / f"{name}.parquet")
        except OSError as error:
            with suppress(OSError):
                partial.unlink(missing_ok=True)
            said = "the disk is full" if error.errno == errno.ENOSPC else f"cannot be written ({error.strerror})"
            raise StoreError(
                f"{self.folder}: {said}; the runs stored before are whole, and are not run again"
            ) from None

    def ids(self) -> frozenset[str]:
        """The ids of all runs."""
        return frozenset(id_ for part in self._read(["id"]) for id_ in part["id"])

    def runs(self, ids: Sequence[str]) -> pl.DataFrame:
        """The runs with these ids, a row each in this order: `id`, `draw`, `log_hash` and a column a reading.

        Raises `StoreError` where one is missing, or where a run is there twice and not the same.
        """
        wanted = pl.DataFrame({"id": list(ids)}, schema={"id": pl.String})
        parts = [part.join(wanted, on="id", how="semi") for part in self._read(None)]
        found = pl.concat(parts, how="diagonal_relaxed") if parts else wanted.clear()
        if missing := len(set(ids) - set(found["id"])):
            raise StoreError(f"{self.folder}: {missing} runs are not there")
        twice = found.group_by("id").agg(pl.col("log_hash").n_unique().alias("logs")).filter(pl.col("logs") > 1)
        if len(twice):
            raise StoreError(f"{self.folder}: run {twice['id'][0]} is there twice and not the same; use another folder")
        return wanted.join(found.unique("id", keep="any"), on="id", how="left", maintain_order="left")

    def _read(self, columns: list[str] | None) -> list[pl.DataFrame]:
        found = []
        for path in sorted(self._parts.glob("*.parquet")):
            try:
                found.append(pl.read_parquet(path, columns=columns))
            except (OSError, pl.exceptions.PolarsError):
                raise StoreError(f"{path}: is damaged; remove it, and its runs are run again") from None
        return found

    def _sweep_away_what_was_left(self) -> None:
        for path in self._parts.glob(".*.partial"):
            with suppress(OSError):
                if time.time() - path.stat().st_mtime > _LEFT_BEHIND_SECONDS:
                    path.unlink()


def column(key: tuple[str, str]) -> str:
    """The name of a reading's column: its measure and its group."""
    return _BETWEEN.join(key)


def _written(runs: Sequence[Run]) -> bytes:
    content = io.BytesIO()
    _table(runs).write_parquet(content)
    return content.getvalue()


def _table(runs: Sequence[Run]) -> pl.DataFrame:
    fixed: Mapping[str, Sequence[object]] = {
        "id": [run.key.id for run in runs],
        "model": [run.key.model for run in runs],
        "baseline": [run.key.baseline for run in runs],
        "scenario": [run.key.scenario for run in runs],
        "seed": [run.key.seed for run in runs],
        "draw": [run.draw for run in runs],
        "replication": [run.key.replication for run in runs],
        "log_hash": [run.log_hash for run in runs],
    }
    names = dict.fromkeys(key for run in runs for key in run.readings)
    readings = {column(key): [run.readings.get(key, float("nan")) for run in runs] for key in names}
    return pl.DataFrame({**fixed, **readings}, schema_overrides=dict.fromkeys(readings, pl.Float64))
