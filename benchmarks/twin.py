"""How much faster the compiled twin runs the shipped county's year than the model of record, in pairs."""

import argparse
import gc
import os
import statistics
import sys
import time

from sim.model import run
from sim.model.run import Engine
from sim.scenario import Scenario, load, shipped_comparison
from sim.world import World, draw

SEED = 1


def seconds(scenario: Scenario, world: World, engine: Engine) -> float:
    """The processor seconds of one year in an engine: from a drawn world to its log."""
    gc.collect()
    gc.disable()
    started = time.process_time()
    run(scenario, world, engine=engine)
    took = time.process_time() - started
    gc.enable()
    return took


def state_of_machine() -> str:
    """How busy the machine is, where it says so."""
    load_average = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"Python {sys.version.split()[0]}, {os.cpu_count()} processors{load_average}"


def main() -> None:
    """Run both engines in turn on the same worlds and print the median of each and of their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=7, metavar="N", help="default: %(default)s")
    options = parser.parse_args()
    scenario = load(shipped_comparison(every=False)[0])
    run(scenario, draw(scenario, seed=SEED, replication=0), engine="compiled")  # compiled, or taken from the disk
    pairs = []
    for replication in range(options.pairs):
        world = draw(scenario, seed=SEED, replication=replication)
        pairs.append((seconds(scenario, world, "simpy"), seconds(scenario, world, "compiled")))
    for name, found in zip(("simpy", "compiled"), zip(*pairs, strict=True), strict=True):
        sys.stdout.write(f"{name:9} {statistics.median(found):7.3f} s\n")
    ratios = sorted(slow / fast for slow, fast in pairs)
    sys.stdout.write(f"ratio     {statistics.median(ratios):7.1f} (from {ratios[0]:.1f} to {ratios[-1]:.1f})\n")
    sys.stdout.write(f"{state_of_machine()}\n")


if __name__ == "__main__":
    main()
