"""How much faster the compiled twin runs the shipped county's year than the model of record, in pairs."""

import argparse
import gc
import os
import statistics
import sys
import time
from collections.abc import Callable

from sim.model import run
from sim.model.compiled.engine import run_all
from sim.model.compiled.pack import room_for_world, state_of
from sim.scenario import Scenario, load, shipped_comparison
from sim.working_time import MINUTES_PER_DAY
from sim.world import World, draw

SEED = 1
STEPS = ("simpy", "compiled", "of which the run alone")


def seconds(step: Callable[[], object]) -> float:
    """The processor seconds that something takes."""
    gc.collect()
    gc.disable()
    started = time.process_time()
    step()
    took = time.process_time() - started
    gc.enable()
    return took


def year(scenario: Scenario, world: World) -> tuple[float, float, float]:
    """One year in each engine, from the drawn world to its log, and in the twin once the world is in its memory."""
    slow = seconds(lambda: run(scenario, world, engine="simpy"))
    fast = seconds(lambda: run(scenario, world, engine="compiled"))
    packed = state_of(scenario, scenario, world, room_for_world(world))
    start = scenario.calendar.warm_up_days * MINUTES_PER_DAY
    end = start + scenario.calendar.horizon_days * MINUTES_PER_DAY
    return slow, fast, seconds(lambda: run_all(packed.m, packed.w, start, end))


def ratio(name: str, pairs: list[tuple[float, float]]) -> str:
    """The median of the ratios, and their range."""
    found = sorted(slow / fast for slow, fast in pairs)
    return f"{name:24} {statistics.median(found):7.1f} (from {found[0]:.1f} to {found[-1]:.1f})\n"


def state_of_machine() -> str:
    """How busy the machine is, where it says so."""
    load_average = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"Python {sys.version.split()[0]}, {os.cpu_count()} processors{load_average}"


def main() -> None:
    """Run both engines in turn on the same worlds and print the median of each and of their ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=7, metavar="N", help="default: %(default)s")
    options = parser.parse_args()
    scenario = load(shipped_comparison(every=False)[0])
    run(scenario, draw(scenario, seed=SEED, replication=0), engine="compiled")  # compiled, or taken from the disk
    years = [year(scenario, draw(scenario, seed=SEED, replication=number)) for number in range(options.pairs)]
    for name, found in zip(STEPS, zip(*years, strict=True), strict=True):
        sys.stdout.write(f"{name:24} {statistics.median(found):7.3f} s\n")
    sys.stdout.write(ratio("ratio", [(slow, fast) for slow, fast, _ in years]))
    sys.stdout.write(ratio("ratio of the run alone", [(slow, alone) for slow, _, alone in years]))
    sys.stdout.write(f"{state_of_machine()}\n")


if __name__ == "__main__":
    main()
