"""A store of runs: a folder to which finished runs are added and from which nothing is ever taken away.

A run is known by a hash over all that decides it: the model, the scenario and its baseline, the seed and the
replication. A run that two processes both made is the same run, and is read once.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from sim.measures import Readings
from sim.sweep.parts import Parts, StoreError

PARTS: Final = "runs"
_BETWEEN: Final = "|"
_KEY_LENGTH: Final = 32


@dataclass(frozen=True, slots=True)
class RunKey:
    """What decides a run: hashes of the model, of the baseline and of the scenario, and the luck.

    And of the open work that it starts from, if from any.
    """

    model: str
    baseline: str
    scenario: str
    seed: int
    replication: int
    start: str = ""

    @property
    def id(self) -> str:
        """One hash over all of it, 32 hexadecimal digits."""
        text = f"{self.model} {self.baseline} {self.scenario} {self.seed} {self.replication} {self.start}".rstrip()
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
        self._parts = Parts(folder, PARTS)

    def refuse_unwritable(self) -> None:
        """Raise `StoreError` where nothing could be added."""
        self._parts.refuse_unwritable()

    def add(self, runs: Sequence[Run]) -> None:
        """Add finished runs, all of them or none. Raises `StoreError` where the disk is full or cannot be written."""
        if runs:
            self._parts.add(_table(runs))

    def ids(self) -> frozenset[str]:
        """The ids of all runs."""
        return frozenset(id_ for part in self._parts.tables(["id"]) for id_ in part["id"])

    def runs(self, ids: Sequence[str]) -> pl.DataFrame:
        """The runs with these ids, a row each in this order: `id`, `draw`, `log_hash` and a column a reading.

        Raises `StoreError` where one is missing, or where a run is there twice and not the same.
        """
        wanted = pl.DataFrame({"id": list(ids)}, schema={"id": pl.String})
        parts = [part.join(wanted, on="id", how="semi") for part in self._parts.tables()]
        found = pl.concat(parts, how="diagonal_relaxed") if parts else wanted.clear()
        if missing := len(set(ids) - set(found["id"])):
            raise StoreError(f"{self.folder}: {missing} runs are not there")
        twice = found.group_by("id").agg(pl.col("log_hash").n_unique().alias("logs")).filter(pl.col("logs") > 1)
        if len(twice):
            raise StoreError(f"{self.folder}: run {twice['id'][0]} is there twice and not the same; use another folder")
        return wanted.join(found.unique("id", keep="any"), on="id", how="left", maintain_order="left")


def column(key: tuple[str, str]) -> str:
    """The name of a reading's column: its measure and its group."""
    return _BETWEEN.join(key)


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
