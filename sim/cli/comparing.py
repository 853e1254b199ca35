"""`frontdoor compare` and `frontdoor replay`: scenarios run in the same worlds, and a recorded run once more."""

import argparse
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

from sim import __version__, provenance, report
from sim.cli.arguments import DEFAULT_RESULTS, NOT_MET
from sim.cli.progress import counted, kept_in, made_ready
from sim.cli.starting import read_start, start_again
from sim.experiment import CellResult, Comparison, Plan, compare, run_plan
from sim.experiment.grounds import grounds_of
from sim.experiment.inheriting import start_calendar
from sim.experiment.planning import as_set, plan_of_files, replications_asked
from sim.experiment.replay import engines_of, plan_of, recorded_cells, recorded_plan, replay
from sim.experiment.steady import refuse_drift
from sim.experiment.targets import TargetResult, Verdict, check_targets, targets_of
from sim.report import result_file
from sim.report.checking import unlike
from sim.report.starting import recorded_start, start_in_words
from sim.scenario import (
    ScenarioError,
    ScenarioFile,
    applied,
    read,
    setting,
    shipped_comparison,
    staffing_gaps,
)

_MOST_NAMED = 10


def compare_scenarios(options: argparse.Namespace) -> int:
    """Run a baseline and its scenarios, write the results and show them."""
    if options.targets:
        return _targets(options)
    base, others = _files(options)
    plan = plan_for(base, others, options)
    grounds = grounds_of(base, others, _changed(options, plan))
    recorded = _recorded(plan)
    run_id = provenance.run_id(recorded)
    folder = options.out or DEFAULT_RESULTS / f"{plan.baseline.name}-{run_id}"
    warnings = tuple(plan.warnings())
    sys.stderr.writelines(f"warning: {warning}\n" for warning in warnings)
    _refuse_own_source(folder, options.start)
    with provenance.whole_folder(folder) as partial:
        started = time.monotonic()
        results = _results(plan, options)
        if plan.opening is None:
            refuse_drift(plan.baseline.name, results)
        comparison = compare(plan, results)
        seconds = time.monotonic() - started
        record = provenance.record(
            recorded, recorded_cells(results), seconds=seconds, warnings=warnings, engine=engines_of(results)
        )
        provenance.save(record, partial)
        details = {"run": run_id, "frontdoor": __version__, "made": record.made_at}
        if plan.opening is not None:
            details["start"] = start_in_words(plan.opening)
        report.write(comparison, partial, details, grounds)
    _show(comparison, options.format)
    sys.stderr.write(f"\nResults: {folder}\n")
    return 0


def _changed(options: argparse.Namespace, plan: Plan) -> tuple[str, ...]:
    """What the run changes in the baseline's file, by its paths."""
    dates = () if plan.opening is None else tuple(start_calendar(plan.opening))
    return (*_settings(options.settings), *dates)


def _recorded(plan: Plan) -> provenance.RecordedPlan:
    recorded = recorded_plan(plan)
    return recorded if plan.opening is None else recorded.model_copy(update={"start": recorded_start(plan.opening)})


def _refuse_own_source(folder: Path, extract: Sequence[Path]) -> None:
    """A results folder is replaced whole: the extract must not lie in it."""
    for path in extract:
        if path.resolve().is_relative_to(folder.resolve()):
            raise ScenarioError(
                f"--start {path}: lies in the results folder {folder}, which is replaced; keep it elsewhere"
            )


def planned(options: argparse.Namespace) -> Plan:
    """What is to be run: the baseline as --set changes it, the scenarios that extend it, in how many worlds."""
    return plan_for(*_files(options), options)


def plan_for(base: ScenarioFile, others: Sequence[ScenarioFile], options: argparse.Namespace) -> Plan:
    """A plan of these files, with what the options say of the baseline and of how much is run."""
    settings = _settings(options.settings)
    if options.as_at is not None and not options.start:
        raise ScenarioError("--as-at is the date of the extract of --start: give both")
    start = read_start(options.start, options.as_at, as_set(base.scenario, settings)) if options.start else None
    replications = replications_asked(options.replications)
    return plan_of_files(base, others, settings, replications=replications, seed=options.seed, opening=start)


def _settings(texts: Sequence[str]) -> dict[str, object]:
    """What --set asks for, each lever once."""
    found: dict[str, object] = {}
    for path, value in map(setting, texts):
        if path in found:
            raise ScenarioError(f"--set {path}: is given twice; give it once")
        found[path] = value
    return found


def _files(options: argparse.Namespace) -> tuple[ScenarioFile, list[ScenarioFile]]:
    if options.base is None:
        base, *others = shipped_comparison(every=options.all)
        return read(base), [] if options.targets else [read(path) for path in others]
    given = read(options.base)
    return given, [read(path) for path in options.scenario] + (_shipped_on(given) if options.all else [])


def _shipped_on(base: ScenarioFile) -> list[ScenarioFile]:
    """The shipped scenarios as changes to another baseline; those that cannot be had there are named."""
    found: list[ScenarioFile] = []
    for path in shipped_comparison(every=True)[1:]:
        try:
            one = applied(read(path), base)
        except ScenarioError as error:
            sys.stderr.write(f"left out: {error}\n")
            continue
        if gap := next(staffing_gaps(one.scenario), None):
            sys.stderr.write(f"left out: {one.scenario.name} cannot be had in {base.path}: {gap}\n")
        else:
            found.append(one)
    return found


def _results(plan: Plan, options: argparse.Namespace) -> list[CellResult]:
    """Every world's result; with --store those that are there are not run again."""
    engine = made_ready(options.engine, scheduler=options.scheduler)
    if options.store is None:
        results = run_plan(plan, processes=options.processes, engine=engine, scheduler=options.scheduler)
        return list(_with_progress(results, plan))
    # Here and not above: polars, and scipy's designs.
    from sim.sweep import ReadingStore, run_kept  # noqa: PLC0415

    with kept_in(options.store), _bar(plan) as (advance, _):
        return run_kept(
            plan,
            ReadingStore(options.store),
            processes=options.processes,
            engine=engine,
            scheduler=options.scheduler,
            told=advance,
        )


def _with_progress(results: Iterable[CellResult], plan: Plan) -> Iterator[CellResult]:
    """The results as they come, with a bar on the error stream."""
    with _bar(plan) as (advance, _):
        for result in results:
            advance(1)
            yield result


def _bar(plan: Plan) -> AbstractContextManager[tuple[Callable[[int], None], Callable[[str], None]]]:
    return counted(f"simulated years of {len(plan.variants) + 1} scenarios", plan.replications)


def _show(comparison: Comparison, form: str) -> None:
    shown = {"table": report.text, "json": report.as_json, "csv": report.as_csv}[form](comparison)
    sys.stdout.write(shown)


def _targets(options: argparse.Namespace) -> int:
    if options.start:
        raise ScenarioError("--targets checks a baseline in its steady state: give no --start with it")
    if options.scenario or options.all:
        raise ScenarioError("--targets checks a baseline alone: give no scenarios with it")
    if options.out is not None or options.format != "table":
        raise ScenarioError("--targets prints one table and writes no files: give no --out or --format with it")
    base, _ = _files(options)
    targets_of(base.baseline)  # a mistake in them is told before anything is run
    plan = planned(options)
    results = _results(plan, options)
    refuse_drift(plan.baseline.name, results)
    checked: list[TargetResult] = check_targets(base.baseline, compare(plan, results))
    sys.stdout.write(report.targets_text(checked))
    return NOT_MET if any(result.verdict is Verdict.NOT_MET for result in checked) else 0


def replay_record(options: argparse.Namespace) -> int:
    """Run a record again and say whether anything differs."""
    record = provenance.read(options.record)
    for name, (then, now) in provenance.made_by(record).items():
        sys.stderr.write(f"note: made with {name} {then}, replayed with {now}\n")
    plan = plan_of(record)
    plan = replace(plan, opening=start_again(record, options.start, plan.baseline))
    different, results = 0, list[CellResult]()
    engine = made_ready(options.engine)
    for cell in replay(record, plan, processes=options.processes, engine=engine):
        different += bool(cell.different)
        results.append(cell.result)
        for name in cell.different:
            sys.stdout.write(f"different: {name}, draw {cell.cell.draw}, replication {cell.cell.replication}\n")
    runs = plan.replications * (len(plan.variants) + 1)
    if different:
        sys.stdout.write(f"run {record.run_id}: {different} of {plan.replications} replications differ\n")
        return NOT_MET
    sys.stdout.write(f"run {record.run_id}: identical, all {runs} simulated years event for event\n")
    return _figures_again(Path(options.record), compare(plan, results))


def _figures_again(path: Path, again: Comparison) -> int:
    """Say whether the figures kept beside a record are those that its events give; nothing where none are kept."""
    folder = path if path.is_dir() else path.parent
    if not (folder / result_file.NAME).exists():
        return 0
    found = unlike(result_file.read(path).comparison, again)
    if not found:
        sys.stdout.write("figures: those kept beside the record are what these events give\n")
        return 0
    sys.stdout.writelines(f"different figure: {words}\n" for words in found[:_MOST_NAMED])
    sys.stdout.write(
        f"figures: {len(found)} kept beside the record are NOT what these events give; cite none of them\n"
    )
    return NOT_MET
