"""`frontdoor run`: one simulated year, and everything that happened in it, for other tools."""

import argparse
import sys

from sim import __version__, provenance
from sim.cli.arguments import DEFAULT_RESULTS
from sim.cli.progress import made_ready, steps
from sim.experiment import log_hash, simulate
from sim.experiment.plan import MOST_REPLICATIONS
from sim.experiment.planning import plan_of_files
from sim.report.logs.files import ABOUT, write_log
from sim.scenario import ScenarioError, read


def run_year(options: argparse.Namespace) -> int:
    """Simulate, write, and say where."""
    number = options.replication
    if not 0 <= number < MOST_REPLICATIONS:
        raise ScenarioError(f"--replication {number}: must be from 0 to {MOST_REPLICATIONS - 1}")
    file = read(options.scenario)
    base = read(file.baseline)
    others = [] if file.below is None else [file]
    plan = plan_of_files(base, others, {}, replications=number + 1, seed=options.seed)
    draw = number % len(plan.draws)
    baseline, *variants = plan.scenarios(draw)
    folder = options.out or DEFAULT_RESULTS / f"log-{file.scenario.name}-{number}"
    provenance.refuse_other_folder(folder, ABOUT)
    engine = made_ready(options.engine)
    with steps() as doing:
        doing("simulating")
        scenario = variants[0] if variants else baseline
        log = simulate(scenario, seed=options.seed, replication=number, baseline=baseline, engine=engine)
        doing("writing")
        about = {
            "scenario": file.scenario.name,
            "title": file.scenario.title,
            "seed": str(options.seed),
            "replication": str(number),
            "set of plausible numbers": str(draw),
            "log hash": log_hash(log),
            "frontdoor": __version__,
        }
        with provenance.whole_folder(folder, ABOUT) as partial:
            write_log(log, partial, about=about)
    sys.stdout.write(f"{len(log.events)} events of {len(log.contacts)} simulated contacts: nobody in them exists\n")
    sys.stderr.write(f"\nEvent log: {folder}\n")
    return 0
