"""`frontdoor plausible`: a search for sets of plausible numbers, or for a new centre."""

import argparse
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np

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
from sim.cli.arguments import DEFAULT_RESULTS, NOT_MET
from sim.cli.progress import counted
from sim.cli.stopping import exit_code
from sim.experiment.engines import prepared
from sim.model import asked_for
from sim.scenario import ScenarioError, assumed_effects, read, staffing_gaps

MOST_SEED = 2**63 - 1


def plausible(options: argparse.Namespace) -> int:
    """Search for sets or, to tune, for a new centre. Every year run is kept: the same command goes on after a stop."""
    baseline = read(options.base).scenario
    for gap in staffing_gaps(baseline):
        raise ScenarioError(f"{options.base}: {gap}")
    if not 0 <= options.seed < MOST_SEED:
        raise ScenarioError(f"--seed {options.seed}: must be from 0 to {MOST_SEED - 1}")
    seeds = (options.seed, options.seed + 1) if options.tune else (options.seed,)
    lucks = [(seed, replication) for seed in seeds for replication in range(options.replications)]
    problem = problem_of(options.base, baseline, lucks)
    folder = options.out or DEFAULT_RESULTS / f"plausible-{baseline.name}"
    engine = asked_for(options.engine)
    model = FrontDoor(baseline, tuple(target.key for target in problem.targets), engine)
    search = _tuned if options.tune else _searched
    try:
        with (
            counted("simulated years", options.years) as (advance, tell),
            kept_years(model, folder, processes=options.processes, told=partial(advance, 1)) as years,
        ):
            prepared(engine, told=tell)
            found = search(options, problem, years, tell)
    except KeyboardInterrupt as interrupt:
        sys.stderr.write(f"frontdoor: stopped; the years run are in {folder}: the same command goes on from them\n")
        return exit_code(interrupt)
    return (_write_centre if options.tune else _write_sets)(options, problem, found, folder)


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
