"""Processor seconds of a simulated year: drawing its world, running it, reading it."""

import argparse
import gc
import statistics
import sys
import time
from collections.abc import Iterator

from sim.experiment.engines import prepared
from sim.measures import LogIndex, cohort, measure, open_work
from sim.model import ENGINES, Engine, make_ready, run
from sim.scenario import Scenario, read, shipped_comparison
from sim.world import DrawnFamilies, draw

STEPS = ("draw", "run", "read")
SEED = 1


def seconds(scenario: Scenario, baseline: Scenario, replication: int, engine: Engine) -> Iterator[float]:
    """The processor seconds of each step of one year."""
    gc.disable()  # as the experiments do while a year is drawn and run
    started = time.process_time()
    world = draw(scenario, seed=SEED, replication=replication, baseline=baseline)
    # Families are drawn where they are first asked for, which is no part of the run.
    if engine == "simpy":
        _ = world.contacts, world.returns_before, world.returns_after
    elif isinstance(world.families, DrawnFamilies):
        _ = world.families.columns
    drawn = time.process_time()
    log = run(scenario, world, baseline=baseline, engine=engine)
    ran = time.process_time()
    gc.enable()
    index = LogIndex(log)
    for reading in (measure, cohort, open_work):
        reading(index)
    yield from (drawn - started, ran - drawn, time.process_time() - ran)


def main() -> None:
    """Time the years of a few replications and print the mean of each step."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replications", type=int, default=2, metavar="N", help="default: %(default)s")
    parser.add_argument("--engine", choices=ENGINES, default="auto", help="default: %(default)s")
    options = parser.parse_args()
    engine = prepared(options.engine)
    if engine != "simpy":
        make_ready()
    baseline, *others = (read(path).scenario for path in shipped_comparison(every=False))
    years = [
        tuple(seconds(scenario, baseline, replication, engine))
        for replication in range(options.replications)
        for scenario in (baseline, *others)
    ]
    for step, found in zip((*STEPS, "all"), (*zip(*years, strict=True), [sum(year) for year in years]), strict=True):
        sys.stdout.write(f"{step:5} {statistics.fmean(found):.3f} s\n")


if __name__ == "__main__":
    main()
