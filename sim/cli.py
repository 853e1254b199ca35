"""The `frontdoor` command: parse, call, print. Bad input is one clear sentence and exit code 2."""

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import numpy as np
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from sim import __version__, provenance, report
from sim.calibration import (
    Found,
    FrontDoor,
    Problem,
    Search,
    Tuning,
    Years,
    changes_text,
    kept_years,
    misfits_text,
    problem_of,
    setting_at,
    spans,
    spans_text,
    with_effects,
    write_draws,
    write_spans,
)
from sim.experiment import CellResult, Comparison, Plan, Variant, compare, run_plan
from sim.experiment.replay import plan_of, recorded_cells, recorded_plan, replay
from sim.experiment.targets import TargetResult, check_targets
from sim.scenario import (
    ScenarioError,
    ScenarioFile,
    assumed_effects,
    levers,
    plausible_draws,
    read,
    setting,
    shipped,
    shipped_comparison,
)

BAD_INPUT = 2
NOT_MET = 1
INTERRUPTED = 130
DEFAULT_SEED = 20181010
DEFAULT_REPLICATIONS = 20
REPLICATIONS_SETTING = "FRONTDOOR_REPLICATIONS"
DEFAULT_RESULTS = Path("results")
DEFAULT_YEARS = 2000
MOST_SEED = 2**63 - 1

MISTAKES = (ScenarioError, provenance.RecordError, provenance.FolderError)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; gives the exit code."""
    options = _parser().parse_args(arguments)
    try:
        code: int = options.command(options)
    except MISTAKES as mistake:
        sys.stderr.write(f"frontdoor: {mistake}\n")
        return BAD_INPUT
    except KeyboardInterrupt:
        sys.stderr.write("frontdoor: stopped; nothing was written\n")
        return INTERRUPTED
    return code


class _Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one sentence."""

    def error(self, message: str) -> NoReturn:
        """Stop with exit code 2."""
        self.exit(BAD_INPUT, f"{self.prog}: {message}. See {self.prog} --help\n")


def _parser() -> argparse.ArgumentParser:
    about = "Simulate a children's services front door and compare staffing scenarios."
    parser = _Parser(prog="frontdoor", description=about)
    parser.add_argument("--version", action="version", version=f"frontdoor {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _add_compare(commands)
    _add_replay(commands)
    _add_levers(commands)
    _add_plausible(commands)
    return parser


def _add_compare(commands: "argparse._SubParsersAction[_Parser]") -> None:
    command = commands.add_parser(
        "compare",
        help="compare scenarios on days from contact to child seen",
        description="Run a baseline and scenarios in the same simulated worlds, and show how days from contact to "
        "child seen would change. Without files: the shipped county against the shipped scenarios that matter most.",
    )
    command.add_argument("base", nargs="?", metavar="BASE.toml", help="the baseline; default: the shipped county")
    command.add_argument("scenario", nargs="*", metavar="SCENARIO.toml", help="scenarios that extend it")
    command.add_argument("--all", action="store_true", help="every shipped scenario")
    command.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="PATH=VALUE",
        dest="settings",
        help="change a lever of the baseline before comparing; may be repeated (see frontdoor levers)",
    )
    command.add_argument(
        "--replications",
        type=int,
        default=os.environ.get(REPLICATIONS_SETTING, DEFAULT_REPLICATIONS),
        metavar="N",
        help="simulated years of each scenario (default: %(default)s)",
    )
    command.add_argument(
        "--seed", type=int, default=DEFAULT_SEED, metavar="S", help="root of all chance (default: %(default)s)"
    )
    command.add_argument("--out", type=Path, metavar="DIR", help="results folder (default: results/<run id>)")
    command.add_argument(
        "--format", choices=("table", "json", "csv"), default="table", help="what is printed (default: table)"
    )
    command.add_argument(
        "--processes", type=int, default=os.cpu_count() or 1, metavar="P", help="cores to use (default: all)"
    )
    command.add_argument(
        "--targets",
        action="store_true",
        help="check the baseline against its published targets instead; exit code 1 if any is not met",
    )
    command.set_defaults(command=_compare)


def _add_replay(commands: "argparse._SubParsersAction[_Parser]") -> None:
    command = commands.add_parser(
        "replay",
        help="run a recorded comparison again and say whether the result is identical",
        description="Run a recorded comparison again from its run.json alone. Exit code 1 if anything differs.",
    )
    command.add_argument("record", metavar="RESULTS", help="a results folder, or its run.json")
    command.add_argument(
        "--processes", type=int, default=os.cpu_count() or 1, metavar="P", help="cores to use (default: all)"
    )
    command.set_defaults(command=_replay)


def _add_levers(commands: "argparse._SubParsersAction[_Parser]") -> None:
    command = commands.add_parser("levers", help="list every lever with its unit, value and meaning")
    command.add_argument(
        "scenario", nargs="?", metavar="FILE.toml", help="whose values to show; default: the shipped county"
    )
    command.set_defaults(command=_levers)


def _add_plausible(commands: "argparse._SubParsersAction[_Parser]") -> None:
    command = commands.add_parser(
        "plausible",
        help="search for sets of plausible numbers under which a baseline meets its targets",
        description="Search the plausible ranges of every number without an official source for sets under which the "
        "baseline meets all its targets, and write them as the .draws.csv that comparisons run across, with what part "
        "of each range they span.",
    )
    command.add_argument("base", metavar="BASE.toml", type=Path, help="a baseline with its sources and targets")
    command.add_argument(
        "--tune",
        action="store_true",
        help="find instead the set nearest to the baseline that meets every target with room to spare, on two seeds",
    )
    _add_size(command)
    command.add_argument(
        "--seed", type=int, default=DEFAULT_SEED, metavar="S", help="root of all chance (default: %(default)s)"
    )
    command.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        help="where years are kept and results written (default: results/plausible-<baseline>); "
        "a search that was stopped goes on from what is there",
    )
    command.add_argument(
        "--processes", type=int, default=os.cpu_count() or 1, metavar="P", help="cores to use (default: all)"
    )
    command.set_defaults(command=_plausible)


def _add_size(command: _Parser) -> None:
    command.add_argument("--count", type=_positive, default=20, metavar="N", help="sets wanted (default: %(default)s)")
    command.add_argument(
        "--replications", type=_positive, default=4, metavar="N", help="simulated years a set (default: %(default)s)"
    )
    command.add_argument(
        "--years",
        type=_positive,
        default=DEFAULT_YEARS,
        metavar="N",
        help="simulated years in all, at most (default: %(default)s)",
    )


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least 1")
    return int(text)


def _compare(options: argparse.Namespace) -> int:
    plan = _plan(options)
    if options.targets:
        return _targets(options, plan)
    recorded = recorded_plan(plan)
    run_id = provenance.run_id(recorded)
    folder = options.out or DEFAULT_RESULTS / f"{plan.baseline.name}-{run_id}"
    started = time.monotonic()
    with provenance.whole_folder(folder) as partial:
        results = list(_with_progress(run_plan(plan, processes=options.processes), plan))
        comparison = compare(plan, results)
        record = provenance.record(recorded, recorded_cells(results), seconds=time.monotonic() - started)
        provenance.save(record, partial)
        report.write(comparison, partial, {"run": run_id, "frontdoor": __version__, "made": record.made_at})
    _show(comparison, options.format)
    sys.stderr.write(f"\nResults: {folder}\n")
    return 0


def _plan(options: argparse.Namespace) -> Plan:
    base, others = _files(options)
    settings = dict(setting(text) for text in options.settings)
    baseline = base.scenario.changed(settings)
    for other in others:
        if other.baseline.resolve() != base.path.resolve():
            raise ScenarioError(
                f"{other.path}: extends {other.baseline}, not {base.path}; compare scenarios of one baseline"
            )
    variants = tuple(
        Variant(file.scenario.name, file.scenario.title, {"summary": file.scenario.summary, **file.differences})
        for file in others
    )
    draws = plausible_draws(base.baseline) or ({},)
    kept = tuple({path: value for path, value in draw.items() if path not in settings} for draw in draws)
    return Plan(baseline, variants, kept, options.replications, options.seed)


def _files(options: argparse.Namespace) -> tuple[ScenarioFile, list[ScenarioFile]]:
    if options.base is None:
        base, *others = shipped_comparison(every=options.all)
        return read(base), [] if options.targets else [read(path) for path in others]
    if options.all:
        raise ScenarioError("--all compares the shipped scenarios: give no files with it")
    return read(options.base), [read(path) for path in options.scenario]


def _with_progress(results: Iterable[CellResult], plan: Plan) -> Iterator[CellResult]:
    """The results as they come, with a bar on the error stream."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task(f"simulated years of {len(plan.variants) + 1} scenarios", total=plan.replications)
        for result in results:
            progress.advance(task)
            yield result


def _show(comparison: Comparison, form: str) -> None:
    shown = {"table": report.text, "json": report.as_json, "csv": report.as_csv}[form](comparison)
    sys.stdout.write(shown)


def _targets(options: argparse.Namespace, plan: Plan) -> int:
    base, _ = _files(options)
    results = list(_with_progress(run_plan(plan, processes=options.processes), plan))
    checked: list[TargetResult] = check_targets(base.baseline, compare(plan, results))
    sys.stdout.write(report.targets_text(checked))
    return 0 if all(result.is_met for result in checked) else NOT_MET


def _replay(options: argparse.Namespace) -> int:
    record = provenance.read(options.record)
    for name, (then, now) in provenance.made_by(record).items():
        sys.stderr.write(f"note: made with {name} {then}, replayed with {now}\n")
    plan = plan_of(record)
    different = 0
    for cell in replay(record, processes=options.processes):
        different += bool(cell.different)
        for name in cell.different:
            sys.stdout.write(f"different: {name}, draw {cell.cell.draw}, replication {cell.cell.replication}\n")
    runs = plan.replications * (len(plan.variants) + 1)
    if different:
        sys.stdout.write(f"run {record.run_id}: {different} of {plan.replications} replications differ\n")
        return NOT_MET
    sys.stdout.write(f"run {record.run_id}: identical, all {runs} simulated years event for event\n")
    return 0


def _levers(options: argparse.Namespace) -> int:
    scenario = read(options.scenario or shipped("leicestershire-2018-19.toml")).scenario
    for path, field in levers():
        extra = field.json_schema_extra
        unit = extra.get("unit", "") if isinstance(extra, dict) else ""
        sys.stdout.write(f"{path} = {scenario.value(path)} ({unit})\n    {field.description}\n")
    return 0


def _plausible(options: argparse.Namespace) -> int:
    """Search for sets or, to tune, for a new centre. Every year run is kept: the same command goes on after a stop."""
    baseline = read(options.base).scenario
    if not 0 <= options.seed < MOST_SEED:
        raise ScenarioError(f"--seed {options.seed}: must be from 0 to {MOST_SEED - 1}")
    seeds = (options.seed, options.seed + 1) if options.tune else (options.seed,)
    lucks = [(seed, replication) for seed in seeds for replication in range(options.replications)]
    problem = problem_of(options.base, baseline, lucks)
    folder = options.out or DEFAULT_RESULTS / f"plausible-{baseline.name}"
    model = FrontDoor(baseline, tuple(target.key for target in problem.targets))
    search = _tuned if options.tune else _searched
    try:
        with (
            _bar("simulated years", options.years) as (advance, tell),
            kept_years(model, folder, processes=options.processes, told=advance) as years,
        ):
            found = search(options, problem, years, tell)
    except KeyboardInterrupt:
        sys.stderr.write(f"frontdoor: stopped; the years run are in {folder}: the same command goes on from them\n")
        return INTERRUPTED
    return (_write_centre if options.tune else _write_sets)(options, problem, found, folder)


@contextmanager
def _bar(task: str, total: int) -> Iterator[tuple[Callable[[], None], Callable[[str], None]]]:
    """A bar on the error stream: what moves it on, and what writes a line above it."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        moved = progress.add_task(task, total=total)
        yield lambda: progress.advance(moved), console.print


def _searched(options: argparse.Namespace, problem: Problem, years: Years, tell: Callable[[str], None]) -> list[Found]:
    """Sets that meet every target, as far apart as may be."""
    search = Search(problem, years, seed=options.seed)
    for wave in search.run(wanted=options.count, budget=options.years):
        tell(
            f"{search.trials.asked} years: of {wave.tried} sets tried {wave.completed} ran in full and {wave.met} met "
            f"every target; {len(search.met)} found"
        )
    return search.chosen(options.count)


def _write_sets(options: argparse.Namespace, problem: Problem, found: Sequence[Found], folder: Path) -> int:
    if len(found) < options.count:
        sys.stderr.write(
            f"frontdoor: only {len(found)} sets meet every target: no sets were written. More --years go on from here\n"
        )
        return NOT_MET
    draws, table = (folder / options.base.with_suffix(ending).name for ending in (".draws.csv", ".spans.csv"))
    settings = [setting_at(problem.knobs, one.position) for one in found]
    baseline = read(options.base).scenario
    write_draws(draws, with_effects(settings, assumed_effects(options.base), baseline, seed=options.seed))
    spanned = spans(problem.knobs, np.array([one.position for one in found]))
    write_spans(table, spanned)
    sys.stdout.write(f"{draws}: {len(found)} sets\n{table}: what they span\n{spans_text(spanned)}")
    return 0


def _tuned(options: argparse.Namespace, problem: Problem, years: Years, tell: Callable[[str], None]) -> list[Found]:
    """The set to take for a new centre."""
    tuning = Tuning(problem, years, seed=options.seed)
    for best in tuning.run(budget=options.years):
        tell(
            f"{tuning.trials.asked} years: the best set moves {tuning.moved(best):.2f} ranges in all, its worst target "
            f"at {best.worst:.2f} of its tolerance"
        )
    return [tuning.best]


def _write_centre(options: argparse.Namespace, problem: Problem, found: Sequence[Found], folder: Path) -> int:
    (best,) = found
    file = folder / options.base.with_suffix(".tuned.toml").name
    lines = changes_text(problem.knobs, best.position)
    file.write_text(lines, encoding="utf-8")
    sys.stdout.write(f"{lines}{misfits_text(problem.targets, best.figures)}{file}: what to change in {options.base}\n")
    return 0 if best.worst <= 1 else NOT_MET
