"""How long one waits for a comparison: replications in pairs of the shipped baseline and one scenario, on every core.

    python -m benchmarks.pairs [--times N] [--processes P]

A comparison is made by `frontdoor compare`'s own means: processes started, worlds drawn, run and read, all compared.
What is compiled is compiled before. Told are the median seconds on the clock and of the processors, and for one process
against several the median of ratios on the clock, in turn. Where others use the machine the clock says little: then
the processor's seconds, shared among the processes, say what a free machine would need at least.
"""

import argparse
import os
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from benchmarks.measuring import LEAST_PAIRS, ratio, state_of_machine
from sim.experiment import Plan, compare, run_plan
from sim.experiment.planning import DEFAULT_SEED, plan_of_files
from sim.scenario import read, shipped_comparison

BARS: Final = {200: 8.0, 50: 1.5}
"""Seconds on the clock in which so many pairs are to be done, on two free cores."""
PAIRS_FOR_CORES: Final = 50


class Waited(NamedTuple):
    """Seconds on the clock, and of all processors together."""

    clock: float
    processors: float


def plan_of(pairs: int) -> Plan:
    """So many pairs of the shipped baseline and the first scenario that is compared with it."""
    baseline, other, *_ = map(read, shipped_comparison(every=False))
    return plan_of_files(baseline, [other], {}, replications=pairs, seed=DEFAULT_SEED)


def waited(pairs: int, processes: int) -> Waited:
    """What one comparison takes."""
    plan, before, started = plan_of(pairs), _processors(), time.perf_counter()
    compare(plan, list(run_plan(plan, processes=processes)))
    return Waited(time.perf_counter() - started, _processors() - before)


def _processors() -> float:
    """Processor seconds of this process and of those that it has started and seen end; of itself alone on Windows."""
    return sum(os.times()[:4])


def against_bar(pairs: int, bar: float, found: Sequence[Waited], processes: int) -> str:
    """A line: what so many pairs took, and the bar."""
    clock = statistics.median(one.clock for one in found)
    processors = statistics.median(one.processors for one in found)
    return f"| {pairs} pairs | {clock:.1f} s | {processors:.1f} s, {processors / processes:.1f} s each | {bar:g} s |"


def table(times: int, processes: int) -> Iterator[str]:
    """Each bar, and several processes against one."""
    yield f"| comparison, {processes} processes | clock | processors | bar |\n|---|---|---|---|"
    for pairs, bar in BARS.items():
        yield against_bar(pairs, bar, [waited(pairs, processes) for _ in range(times)], processes)
    turns = [(waited(PAIRS_FOR_CORES, 1).clock, waited(PAIRS_FOR_CORES, processes).clock) for _ in range(times)]
    ratios = ratio(*zip(*turns, strict=True))
    yield f"| {PAIRS_FOR_CORES} pairs, one process against {processes} | {ratios} times as fast | | 1.8 times |"


def main() -> None:
    """Compare so often and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=LEAST_PAIRS, metavar="N", help="default: %(default)s")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, metavar="P", help="default: all")
    options = parser.parse_args()
    waited(options.processes, options.processes)  # what is compiled once is not counted
    for text in table(options.times, options.processes):
        sys.stdout.write(text + "\n")
        sys.stdout.flush()
    sys.stdout.write(f"\n{options.times} times each; {state_of_machine()}\n")


if __name__ == "__main__":
    main()
