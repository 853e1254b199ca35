"""Replaying a run record: the same plan run again, and whether every event log is the same."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sim.experiment.plan import Cell, Plan, Variant
from sim.experiment.runs import CellResult, run_plan
from sim.model import Engine
from sim.provenance import RecordedCell, RecordedPlan, RecordedVariant, RunRecord
from sim.scenario import parse


@dataclass(frozen=True, slots=True)
class ReplayedCell:
    """One cell run again: the names of the scenarios whose event log is no longer the same, and what they gave."""

    cell: Cell
    different: tuple[str, ...]
    result: CellResult


def recorded_plan(plan: Plan) -> RecordedPlan:
    """A plan as it stands in a record."""
    return RecordedPlan(
        baseline=plan.baseline.model_dump(mode="json"),
        variants=tuple(
            RecordedVariant(name=v.name, title=v.title, differences=dict(v.differences)) for v in plan.variants
        ),
        draws=tuple(dict(draw) for draw in plan.draws),
        replications=plan.replications,
        seed=plan.seed,
    )


def recorded_cells(results: Sequence[CellResult]) -> list[RecordedCell]:
    """The hashes of a run's event logs."""
    return [
        RecordedCell(
            draw=result.cell.draw,
            replication=result.cell.replication,
            log_hashes=tuple(reading.log_hash for reading in result.readings),
        )
        for result in results
    ]


def plan_of(run: RunRecord) -> Plan:
    """The plan a record describes; raises `ScenarioError` where this version would refuse it."""
    recorded = run.plan
    return Plan(
        baseline=parse(recorded.baseline),
        variants=tuple(Variant(v.name, v.title, v.differences) for v in recorded.variants),
        draws=recorded.draws,
        replications=recorded.replications,
        seed=recorded.seed,
    )


def engines_of(results: Sequence[CellResult]) -> str:
    """The engines that ran, as they stand in a record."""
    return " and ".join(sorted({reading.engine for result in results for reading in result.readings}))


def replay(run: RunRecord, plan: Plan, *, processes: int, engine: Engine | None = None) -> Iterator[ReplayedCell]:
    """Run a record's plan again, with the open work it started from if any, and say of each cell what is different.

    The engine need not be the one that the record was made in.
    """
    names = (plan.baseline.name, *(variant.name for variant in plan.variants))
    before = {(cell.draw, cell.replication): cell.log_hashes for cell in run.cells}
    for result in run_plan(plan, processes=processes, engine=engine):
        hashes = tuple(reading.log_hash for reading in result.readings)
        then = before.get((result.cell.draw, result.cell.replication), ("",) * len(names))
        different = tuple(name for name, old, new in zip(names, then, hashes, strict=True) if old != new)
        yield ReplayedCell(result.cell, different, result)
