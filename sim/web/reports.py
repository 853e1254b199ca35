"""The Word report of an answer, and the record by which anybody can run it again."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from sim.experiment import CellResult, Comparison, Plan
from sim.experiment.grounds import grounds_of
from sim.experiment.inheriting import start_calendar
from sim.experiment.replay import engines_of, recorded_cells, recorded_plan
from sim.provenance import RECORD_NAME, RunRecord, record
from sim.report.assurance import Assurance
from sim.report.document.about import about
from sim.report.document.assembling import report
from sim.report.document.word import word
from sim.report.headline import variants
from sim.report.result_file import Result
from sim.report.starting import recorded_start
from sim.web.catalogue import WORDS, Baseline
from sim.web.names import number_of


def file(name: str, plan: Plan, comparison: Comparison, results: list[CellResult], base: Baseline) -> bytes | None:
    """A report as `report-1.docx`, by its scenario's number, or the record; None of a scenario that is not there."""
    found = _recorded(plan, results)
    if name == RECORD_NAME:
        return f"{found.model_dump_json(indent=1)}\n".encode()
    number, compared = number_of(name), variants(comparison)
    if number is None or number > len(compared):
        return None
    changes = {variant.name: base.evidence(_changed(variant.differences)) for variant in plan.variants}
    dates = () if plan.opening is None else tuple(start_calendar(plan.opening))
    grounds = replace(grounds_of(base.file, (), dates), changes=changes)
    result = Result(Path(), found, comparison, grounds)
    return word(report(about(result, compared[number - 1].name, None, Assurance())))


def _changed(differences: Mapping[str, object]) -> dict[str, object]:
    return {path: value for path, value in differences.items() if path not in WORDS}


def _recorded(plan: Plan, results: list[CellResult]) -> RunRecord:
    """The record of so much of a plan as these results are; how long they took is not known any more."""
    done = recorded_plan(replace(plan, replications=len(results)))
    if plan.opening is not None:
        done = done.model_copy(update={"start": recorded_start(plan.opening)})
    return record(
        done, recorded_cells(results), seconds=0.0, warnings=tuple(plan.warnings()), engine=engines_of(results)
    )
