"""How much faster the compiled twin runs the shipped county's year than the model of record, in pairs."""

import argparse
import statistics
import sys

from benchmarks.measuring import LEAST_PAIRS, ratio, seconds, state_of_machine
from benchmarks.years_of_tree import ask_for_families
from sim.model import run
from sim.model.compiled.engine import run_all
from sim.model.compiled.pack import room_for_world, state_of
from sim.scenario import Scenario, load, shipped_comparison
from sim.working_time import MINUTES_PER_DAY
from sim.world import World, draw

SEED = 1
STEPS = ("simpy", "compiled", "of which the run alone")


def year(scenario: Scenario, world: World) -> tuple[float, float, float]:
    """One year in each engine, from the drawn world to its log, and in the twin once the world is in its memory."""
    ask_for_families(world)
    _ = world.contacts, world.returns_before, world.returns_after
    slow = seconds(lambda: run(scenario, world, engine="simpy"))
    fast = seconds(lambda: run(scenario, world, engine="compiled"))
    packed = state_of(scenario, scenario, world, room_for_world(world))
    start = scenario.calendar.warm_up_days * MINUTES_PER_DAY
    end = start + scenario.calendar.horizon_days * MINUTES_PER_DAY
    return slow, fast, seconds(lambda: run_all(packed.m, packed.w, start, end))


def main() -> None:
    """Run both engines in turn on the same worlds and print the median of each and of their ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=LEAST_PAIRS, metavar="N", help="default: %(default)s")
    options = parser.parse_args()
    scenario = load(shipped_comparison(every=False)[0])
    run(scenario, draw(scenario, seed=SEED, replication=0), engine="compiled")  # compiled, or taken from the disk
    years = [year(scenario, draw(scenario, seed=SEED, replication=number)) for number in range(options.pairs)]
    for name, found in zip(STEPS, zip(*years, strict=True), strict=True):
        sys.stdout.write(f"{name:24} {statistics.median(found):7.3f} s\n")
    slow, fast, alone = zip(*years, strict=True)
    sys.stdout.write(f"{'ratio':24} {ratio(slow, fast)}\n{'ratio of the run alone':24} {ratio(slow, alone)}\n")
    sys.stdout.write(f"{state_of_machine()}\n")


if __name__ == "__main__":
    main()
