"""The `frontdoor` command: parse, call, print. Bad input is one clear sentence and exit code 2."""

import argparse
import json
import os
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from sim import __version__, provenance, report
from sim.cli.arguments import (
    BAD_INPUT,
    DEFAULT_REPLICATIONS,
    DEFAULT_RESULTS,
    DEFAULT_SEED,
    DEFAULT_YEARS,
    INTERRUPTED,
    LONGEST_SUMMARY,
    LONGEST_TITLE,
    NOT_MET,
    REPLICATIONS_SETTING,
    Parser,
    from_one,
    whole,
)
from sim.cli.observe_arguments import add_observe
from sim.cli.synthesise_arguments import add_synthesise
from sim.experiment import CellResult, Comparison, Plan, Variant, compare, run_plan
from sim.experiment.replay import plan_of, recorded_cells, recorded_plan, replay
from sim.experiment.steady import refuse_drift
from sim.experiment.targets import TargetResult, check_targets, targets_of
from sim.scenario import (
    Scenario,
    ScenarioError,
    ScenarioFile,
    levers,
    plausible_draws,
    read,
    setting,
    shipped,
    shipped_comparison,
)

MISTAKES = (ScenarioError, provenance.RecordError, provenance.FolderError)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; gives the exit code."""
    options = _options(arguments)
    try:
        code: int = options.command(options)
        sys.stdout.flush()
    except MISTAKES as mistake:
        sys.stderr.write(f"frontdoor: {mistake}\n")
        return BAD_INPUT
    except KeyboardInterrupt:
        sys.stderr.write("frontdoor: stopped; nothing was written\n")
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read the output, such as `head`, has read enough; what is still to be flushed goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    """What was asked for; scenarios may stand before, between and after the options."""
    parser = _parser()
    options, left = parser.parse_known_args(arguments)
    if left and (options.command is not _compare or any(text.startswith("-") for text in left)):
        parser.error(f"unrecognized arguments: {' '.join(left)}")
    if left:
        options.scenario += left
    return options


def _parser() -> argparse.ArgumentParser:
    about = "Simulate a children's services front door and compare staffing scenarios."
    parser = Parser(prog="frontdoor", description=about)
    parser.add_argument("--version", action="version", version=f"frontdoor {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _add_compare(commands)
    _add_replay(commands)
    _add_levers(commands)
    _add_plausible(commands)
    add_observe(commands).set_defaults(command=_observe)
    add_synthesise(commands).set_defaults(command=_synthesise)
    return parser


def _add_compare(commands: "argparse._SubParsersAction[Parser]") -> None:
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
        help="change a lever of the baseline, and so of every scenario compared with it; may be repeated (frontdoor "
        "levers lists them)",
    )
    command.add_argument(
        "--targets",
        action="store_true",
        help="check the baseline alone against its published targets instead, and write no files; exit code 1 if any "
        "is not met",
    )
    _add_run_options(command)
    command.set_defaults(command=_compare)


def _add_run_options(command: Parser) -> None:
    """How much is run, and where it goes."""
    command.add_argument(
        "--replications",
        type=whole,
        metavar="N",
        help=f"simulated years of each scenario (default: the environment setting {REPLICATIONS_SETTING}, "
        f"or {DEFAULT_REPLICATIONS})",
    )
    command.add_argument(
        "--seed", type=whole, default=DEFAULT_SEED, metavar="S", help="root of all chance (default: %(default)s)"
    )
    command.add_argument("--out", type=Path, metavar="DIR", help="results folder (default: results/BASELINE-RUN)")
    command.add_argument(
        "--format", choices=("table", "json", "csv"), default="table", help="what is printed (default: table)"
    )
    command.add_argument(
        "--processes", type=from_one, default=os.cpu_count() or 1, metavar="P", help="cores to use (default: all)"
    )


def _add_replay(commands: "argparse._SubParsersAction[Parser]") -> None:
    command = commands.add_parser(
        "replay",
        help="run a recorded comparison again and say whether the result is identical",
        description="Run a recorded comparison again from its run.json alone. Exit code 1 if anything differs.",
    )
    command.add_argument("record", metavar="RESULTS", help="a results folder, or its run.json")
    command.add_argument(
        "--processes", type=from_one, default=os.cpu_count() or 1, metavar="P", help="cores to use (default: all)"
    )
    command.set_defaults(command=_replay)


def _add_levers(commands: "argparse._SubParsersAction[Parser]") -> None:
    command = commands.add_parser(
        "levers",
        help="list every lever with its value, unit and meaning",
        description="List every lever with its value, unit and meaning. Values are written as a scenario file and "
        "--set PATH=VALUE write them.",
    )
    command.add_argument(
        "scenario", nargs="?", metavar="FILE.toml", help="whose values to show; default: the shipped county"
    )
    command.set_defaults(command=_levers)


def _add_plausible(commands: "argparse._SubParsersAction[Parser]") -> None:
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
        "--seed", type=whole, default=DEFAULT_SEED, metavar="S", help="root of all chance (default: %(default)s)"
    )
    command.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        help="where years are kept and results written (default: results/plausible-<baseline>); "
        "a search that was stopped goes on from what is there",
    )
    command.add_argument(
        "--processes", type=from_one, default=os.cpu_count() or 1, metavar="P", help="cores to use (default: all)"
    )
    command.set_defaults(command=_plausible)


def _add_size(command: Parser) -> None:
    command.add_argument("--count", type=from_one, default=20, metavar="N", help="sets wanted (default: %(default)s)")
    command.add_argument(
        "--replications", type=from_one, default=4, metavar="N", help="simulated years a set (default: %(default)s)"
    )
    command.add_argument(
        "--years",
        type=from_one,
        default=DEFAULT_YEARS,
        metavar="N",
        help="simulated years in all, at most (default: %(default)s)",
    )


def _compare(options: argparse.Namespace) -> int:
    if options.targets:
        return _targets(options)
    plan = _plan(options)
    recorded = recorded_plan(plan)
    run_id = provenance.run_id(recorded)
    folder = options.out or DEFAULT_RESULTS / f"{plan.baseline.name}-{run_id}"
    warnings = tuple(plan.warnings())
    sys.stderr.writelines(f"warning: {warning}\n" for warning in warnings)
    started = time.monotonic()
    with provenance.whole_folder(folder) as partial:
        results = list(_with_progress(run_plan(plan, processes=options.processes), plan))
        refuse_drift(plan.baseline.name, results)
        comparison = compare(plan, results)
        seconds = time.monotonic() - started
        record = provenance.record(recorded, recorded_cells(results), seconds=seconds, warnings=warnings)
        provenance.save(record, partial)
        details = {"run": run_id, "frontdoor": __version__, "made": record.made_at}
        report.write(comparison, partial, details | ({"warning": "; ".join(warnings)} if warnings else {}))
    _show(comparison, options.format)
    sys.stderr.write(f"\nResults: {folder}\n")
    return 0


def _plan(options: argparse.Namespace) -> Plan:
    base, others = _files(options)
    settings = _settings(options.settings)
    baseline = _changed(base.scenario, settings)
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
    # What is set stands in every draw; a law that is set takes the draws' numbers inside it with it.
    kept = tuple(
        {path: value for path, value in draw.items() if not any(f"{path}.".startswith(f"{s}.") for s in settings)}
        for draw in draws
    )
    return Plan(baseline, variants, kept, _replications(options.replications), options.seed)


def _settings(texts: Sequence[str]) -> dict[str, object]:
    """What --set asks for, each lever once."""
    found: dict[str, object] = {}
    for path, value in map(setting, texts):
        if path in found:
            raise ScenarioError(f"--set {path}: is given twice; give it once")
        found[path] = value
    return found


def _changed(baseline: Scenario, settings: Mapping[str, object]) -> Scenario:
    """The baseline with what --set changes in it, and a title and summary that say so."""
    if not settings:
        return baseline
    words = [f"{path} = {value}" for path, value in settings.items()]
    title = f"{baseline.title}, with {' and '.join(words)}"
    if len(title) > LONGEST_TITLE:
        title = f"{baseline.title[:LONGEST_TITLE]}, with {len(words)} change{'' if len(words) == 1 else 's'}"
    said = {
        "title": title,
        "summary": f"{baseline.summary} Changed for this run: {'; '.join(words)}."[:LONGEST_SUMMARY],
    }
    try:
        return baseline.changed({**said, **settings})
    except ScenarioError as mistake:
        raise ScenarioError(f"--set {mistake}") from None


def _replications(given: int | None) -> int:
    """How many simulated years: as given, or else as the environment setting says, or else the default."""
    if given is not None:
        return given
    text = os.environ.get(REPLICATIONS_SETTING, str(DEFAULT_REPLICATIONS))
    if not text.strip().isdecimal() or not int(text):
        raise ScenarioError(f"environment setting {REPLICATIONS_SETTING}={text}: must be a whole number of 1 or more")
    return int(text)


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


def _targets(options: argparse.Namespace) -> int:
    if options.scenario or options.all:
        raise ScenarioError("--targets checks a baseline alone: give no scenarios with it")
    if options.out is not None or options.format != "table":
        raise ScenarioError("--targets prints one table and writes no files: give no --out or --format with it")
    base, _ = _files(options)
    targets_of(base.baseline)  # a mistake in them is told before anything is run
    plan = _plan(options)
    results = list(_with_progress(run_plan(plan, processes=options.processes), plan))
    refuse_drift(plan.baseline.name, results)
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
    values = scenario.model_dump(exclude_none=True)
    for path, field in levers():
        extra = field.json_schema_extra
        unit = extra.get("unit", "") if isinstance(extra, dict) else ""
        value = reduce(lambda part, name: part.get(name, {}), path.split("."), values)
        sys.stdout.write(f"{path} = {_toml(value)} ({unit})\n    {field.description}\n")
    return 0


def _toml(value: object) -> str:
    """A value as a scenario file and --set write it."""
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{name} = {_toml(part)}' for name, part in value.items())} }}"
    if isinstance(value, (tuple, list)):
        return f"[{', '.join(_toml(part) for part in value)}]"
    if isinstance(value, (str, bool)):
        return json.dumps(value)
    return str(value)


def _plausible(options: argparse.Namespace) -> int:
    # Here and not above: no other command needs it, and it takes a quarter of a second to import.
    from sim.cli.searching import plausible  # noqa: PLC0415

    return plausible(options)


def _observe(options: argparse.Namespace) -> int:
    # Likewise: polars and the readers of extracts.
    from sim.cli.observing import observe  # noqa: PLC0415

    return observe(options)


def _synthesise(options: argparse.Namespace) -> int:
    from sim.cli.synthesising import synthesise  # noqa: PLC0415

    return synthesise(options)
