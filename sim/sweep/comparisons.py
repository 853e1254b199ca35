"""Comparisons on a store: what a scenario's run in a world gave is kept, and the same model never runs it again."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import fields
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

import polars as pl

from sim.experiment.comparison import KEYS
from sim.experiment.later import LATER_KEYS
from sim.experiment.plan import Cell, Plan
from sim.experiment.pools import each_done, engine_for
from sim.experiment.runs import STAGE_GROUPS, CellResult, Reading, run_readings
from sim.measures import Cohort, OpenWork, Stage, StageTable, WaitFor
from sim.model import Engine
from sim.provenance.model import model_hash
from sim.sweep.parts import Kept, Parts, StoreError
from sim.sweep.store import RunKey, column
from sim.world.opening_file import content_hash

PARTS: Final = "readings"
_COHORT: Final = {
    "contact": pl.Int64,
    "child": pl.Int8,
    "first_contact": pl.Int64,
    "earlier_minutes": pl.Int32,
    "seen_minutes": pl.Int32,
    "end": pl.Int8,
    "groups": pl.UInt32,
}
_OPEN_WORK: Final = tuple(field.name for field in fields(OpenWork))
_STAGES_BY_WAITS: Final = (len(Stage), len(WaitFor))
_COUNTS: Final = ("children", "seen_before_allocation", "still_waiting")
_OF_START: Final = ("unlike", "borrowed")
_INHERITED: Final = "inherited "


class KeptReading(NamedTuple):
    """A scenario's reading in a world, and the id of its run."""

    id: str
    reading: Reading


class ReadingStore:
    """The readings of comparisons in a store's folder. Raises `StoreError`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._parts = Parts(folder, PARTS)

    def refuse_unwritable(self) -> None:
        """Raise `StoreError` where nothing could be added."""
        self._parts.refuse_unwritable()

    def add(self, kept: Sequence[KeptReading]) -> None:
        """Add readings, all of them or none. Raises `StoreError`."""
        self._parts.add(_table(kept))

    def known(self, days: Collection[int]) -> frozenset[str]:
        """The ids of the readings that are there, if read for contacts from each of these days of the year on too."""
        wanted = set(days)
        return frozenset(
            id_
            for part in self._parts.tables(["id", "later_days"])
            for id_, read in part.iter_rows()
            if wanted <= set(read)
        )

    def readings(self, ids: Collection[str], days: Collection[int]) -> dict[str, Reading]:
        """The readings of these runs that are there, if read for contacts from each of these days of the year on too.

        Raises `StoreError` where a run is there twice and not the same.
        """
        wanted, logs, found = pl.DataFrame({"id": list(ids)}, {"id": pl.String}), dict[str, str](), {}
        for part in self._parts.tables():
            rows = part.join(wanted, on="id", how="semi")
            # Row by row at once: hundreds of cells a reading, each looked up by itself, take far longer.
            cells = rows.select(pl.exclude(pl.List)).to_dicts()
            for number, (run, log_hash) in enumerate(rows.select("id", "log_hash").iter_rows()):
                if logs.setdefault(run, log_hash) != log_hash:
                    raise StoreError(f"{self.folder}: run {run} is there twice and not the same; use another folder")
                if run not in found and set(days) <= set(rows["later_days"][number]):
                    found[run] = _reading(rows[number], cells[number], days)
        return found


def run_kept(
    plan: Plan,
    store: ReadingStore,
    *,
    processes: int,
    engine: Engine | None = None,
    scheduler: str | None = None,
    told: Callable[[int], None] = lambda _: None,
) -> list[CellResult]:
    """What `run_plan` gives, running only what is not in a store, and storing it.

    Stopped, or failing, it stores what has been done first. `told` gets how many worlds have just been done. A run is
    done again where another set of scenarios asks for contacts from a day on for which it was not read. Raises
    `StoreError`.
    """
    if plan.opening is not None:
        raise StoreError("--store: what starts from the open work of real children is not kept; leave it out")
    ids = run_ids(plan)
    days = {start.later for start in plan.starts if start.later is not None}
    there = store.readings({run for runs in ids.values() for run in runs}, days)
    missing = [(cell, tuple(n for n, run in enumerate(runs) if run not in there)) for cell, runs in ids.items()]
    missing = [job for job in missing if job[1]]
    told(len(ids) - len(missing))
    if missing:
        store.refuse_unwritable()
        work = partial(_run, plan, engine=engine_for(engine, processes=processes, scheduler=scheduler))
        with Kept(store.add) as kept:
            for cell, readings in each_done(work, missing, processes=processes, scheduler=scheduler):
                new = {ids[cell][number]: reading for number, reading in readings.items()}
                there |= new
                kept.take([KeptReading(*each) for each in new.items()])
                told(1)
    return [CellResult(cell, tuple(there[run] for run in runs)) for cell, runs in ids.items()]


def _run(plan: Plan, job: tuple[Cell, Sequence[int]], engine: Engine | None) -> tuple[Cell, dict[int, Reading]]:
    cell, numbers = job
    return cell, dict(zip(numbers, run_readings(plan, cell, numbers, engine), strict=True))


def run_ids(plan: Plan) -> dict[Cell, tuple[str, ...]]:
    """The ids of every scenario's run in every world."""
    model, hashes = model_hash(), dict[int, list[str]]()
    start = "" if plan.opening is None else content_hash(plan.opening)
    found = {}
    for cell in plan.cells():
        if cell.draw not in hashes:
            hashes[cell.draw] = [scenario.content_hash for scenario in plan.scenarios(cell.draw)]
        base = hashes[cell.draw][0]
        keys = (RunKey(model, base, each, plan.seed, cell.replication, start) for each in hashes[cell.draw])
        found[cell] = tuple(key.id for key in keys)
    return found


def _table(kept: Sequence[KeptReading]) -> pl.DataFrame:
    """A row a reading; those of one part were read for the same days, and all or none started from open work."""
    found = [each.reading for each in kept]
    days = sorted(found[0].later)
    started: dict[str, list[Any]] = {
        f"{_INHERITED}{name}": [each.inherited[name] for each in found] for name in found[0].inherited
    }
    if started:
        started |= {name: [getattr(each, name) for each in found] for name in _OF_START}
    values: dict[str, list[Any]] = {
        "id": [each.id for each in kept],
        "log_hash": [each.log_hash for each in found],
        "engine": [each.engine for each in found],
        **{column(key): [each.readings[key] for each in found] for key in KEYS},
        **{_later(day, key): [each.later[day][key] for each in found] for day in days for key in LATER_KEYS},
        **started,
    }
    lists: dict[str, tuple[list[Any], type[pl.DataType]]] = {
        "later_days": ([sorted(each.later) for each in found], pl.Int64),
        **{f"cohort {name}": ([getattr(each.cohort, name) for each in found], kind) for name, kind in _COHORT.items()},
        **{f"open {name}": ([getattr(each.open_work, name) for each in found], pl.Int64) for name in _OPEN_WORK},
        **{f"stage days {g}": ([each.stages[g].mean_days.ravel() for each in found], pl.Float64) for g in STAGE_GROUPS},
        **{f"stage children {g}": ([_counts(each.stages[g]) for each in found], pl.Int64) for g in STAGE_GROUPS},
    }
    return pl.DataFrame(values).with_columns(
        pl.Series(name, content, dtype=pl.List(kind)) for name, (content, kind) in lists.items()
    )


def _counts(table: StageTable) -> list[int]:
    return [int(getattr(table, name)) for name in _COUNTS]


def _later(day: int, key: tuple[str, str]) -> str:
    return f"later {day}|{column(key)}"


def _reading(row: pl.DataFrame, cells: Mapping[str, Any], days: Collection[int]) -> Reading:
    """A reading from its row, of which `cells` are those that hold one value."""

    def many(name: str) -> Any:  # noqa: ANN401  (a cell of a table)
        return row[name][0].to_numpy().copy()

    return Reading(
        readings={key: cells[column(key)] for key in KEYS},
        cohort=Cohort(**{name: many(f"cohort {name}") for name in _COHORT}),
        open_work=OpenWork(**{name: many(f"open {name}") for name in _OPEN_WORK}),
        stages={
            g: StageTable(many(f"stage days {g}").reshape(_STAGES_BY_WAITS), *row[f"stage children {g}"][0])
            for g in STAGE_GROUPS
        },
        log_hash=cells["log_hash"],
        later={day: {key: cells[_later(day, key)] for key in LATER_KEYS} for day in days},
        inherited={n.removeprefix(_INHERITED): told for n, told in cells.items() if n.startswith(_INHERITED)},
        **{name: cells[name] for name in _OF_START if name in cells},
        engine=cells["engine"],
    )
