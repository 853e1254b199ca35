"""What a year costs as contacts grow, with staff alike so that everybody is as busy, and what more years cost.

    python -m benchmarks.growth [--times N] [--longest SECONDS] [--most-gigabytes GB]

Every size runs in a process of its own, which draws its world, runs it and reads it, and says processor seconds and the
peak of its memory. A size that takes longer or more memory than allowed is said not to have been done. Sizes beyond a
scenario's own bounds are put into it unchecked.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from pydantic import BaseModel

from benchmarks.measuring import LEAST_PAIRS, state_of_machine, timed
from benchmarks.national import FAMILIES, POSTS
from benchmarks.years_of_tree import ask_for_families
from sim.experiment.runs import run_once
from sim.measures import LogIndex, cohort, measure, open_work
from sim.model import run
from sim.scenario import Scenario, load, shipped_comparison
from sim.world import draw

SEED: Final = 1
FACTORS: Final = (1, 10, 100)
YEARS: Final = (1, 2, 5, 10, 20)
GROWING: Final = (FAMILIES, *POSTS)
"""Not the teams: each is on duty for a week of all that comes, and were they more they would be no larger for it."""
DAYS: Final = "calendar.horizon_days"
STEPS: Final = ("draw", "run", "read")
NOT_DONE: Final = "not done"
TOO_LARGE: Final = 3


class Size(NamedTuple):
    """So many times the county's contacts, over so many years."""

    factor: float = 1
    years: int = 1


def grown(scenario: Scenario, size: Size) -> Scenario:
    """A scenario with so many times its contacts and its staff, over so many years, unchecked."""
    changes = {path: round(_number(scenario, path) * size.factor) for path in GROWING}
    changes[DAYS] = round(_number(scenario, DAYS) * size.years)
    found: BaseModel = scenario
    for path, value in changes.items():
        found = _with(found, path.split("."), value)
    assert isinstance(found, Scenario)  # noqa: S101  (a copy is of its own kind)
    return found


def _number(scenario: Scenario, path: str) -> float:
    found = scenario.value(path)
    assert isinstance(found, int | float)  # noqa: S101  (every one of these is a number)
    return found


def _with(part: BaseModel, steps: Sequence[str], value: int) -> BaseModel:
    first, *further = steps
    return part.model_copy(update={first: _with(getattr(part, first), further, value) if further else value})


def one(size: Size) -> dict[str, float]:
    """Processor seconds of each step of one size, the contacts in it, and the peak of memory in gigabytes."""
    county = load(shipped_comparison(every=False)[0])
    run_once(county, county, SEED, 1)  # another world, so that no size pays for what is loaded once
    scenario = grown(county, size)
    drawing, world = timed(lambda: draw(scenario, seed=SEED, replication=0))
    drawing += timed(lambda: ask_for_families(world))[0]
    running, log = timed(lambda: run(scenario, world))
    reading, _ = timed(lambda: [read(LogIndex(log)) for read in (measure, cohort, open_work)])
    return {
        **dict(zip(STEPS, (drawing, running, reading), strict=True)),
        "contacts": len(log.contacts),
        "gigabytes": peak_gigabytes(),
    }


def peak_gigabytes() -> float:
    """The most memory that this process has had; unknown on Windows."""
    if sys.platform == "win32":
        return float("nan")
    import resource  # noqa: PLC0415  (not on Windows)

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e9 if sys.platform == "darwin" else 1e6)


def end_beyond(gigabytes: float) -> None:
    """End this process once it has had more memory than this; what is only set aside and never touched is none."""

    def watch() -> None:
        while not peak_gigabytes() > gigabytes:
            time.sleep(0.2)
        os._exit(TOO_LARGE)

    threading.Thread(target=watch, daemon=True).start()


def elsewhere(size: Size, longest: float, gigabytes: float) -> dict[str, float] | str:
    """The same in a process of its own, or why it was not done."""
    command = [sys.executable, "-m", "benchmarks.growth", "--one", f"{size.factor:g}", str(size.years)]
    command += ["--most-gigabytes", str(gigabytes)]
    try:
        child = subprocess.run(command, capture_output=True, check=False, timeout=longest)  # noqa: S603  (our own)
    except subprocess.TimeoutExpired:
        return f"{NOT_DONE} in {longest:.0f} s"
    if child.returncode == TOO_LARGE:
        return f"{NOT_DONE}: more than {gigabytes:g} GB"
    if child.returncode:
        return f"{NOT_DONE}: {child.stderr.decode(errors='replace').strip().rpartition(chr(10))[2]}"
    found: dict[str, float] = json.loads(child.stdout)
    return found


def line(size: Size, found: Sequence[Mapping[str, float] | str], first: float) -> str:
    """A size as a line of the table; `first` is what a contact costs in the first."""
    head = f"| {size.factor:g} | {size.years} |"
    done = [one for one in found if not isinstance(one, str)]
    if len(done) < len(found):
        return f"{head} {next(one for one in found if isinstance(one, str))} | | | | | | |"
    median = {name: statistics.median(one[name] for one in done) for name in done[0]}
    each = [1e6 * median[step] / median["contacts"] for step in STEPS]
    against = f"{sum(each) / first:.2f}" if first else "1"
    parts = " | ".join(f"{step:.1f}" for step in each)
    return f"{head} {median['contacts']:,.0f} | {parts} | {sum(each):.1f} | {against} | {median['gigabytes']:.2f} |"


def table(sizes: Sequence[Size], times: int, longest: float, gigabytes: float) -> Iterator[str]:
    """A line a size: microseconds of processor a contact, and memory."""
    yield "| contacts | years | contacts run | draw, µs a contact | run | read | all | times the first | GB at most |"
    yield "|---|---|---|---|---|---|---|---|---|"
    first = 0.0
    for size in sizes:
        found: list[dict[str, float] | str] = []
        while len(found) < times and not (found and isinstance(found[-1], str)):
            found.append(elsewhere(size, longest, gigabytes))
        yield line(size, found, first)
        if not first:
            costs = [sum(one[step] for step in STEPS) / one["contacts"] for one in found if not isinstance(one, str)]
            first = 1e6 * statistics.median(costs)


def main() -> None:
    """Run every size and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=LEAST_PAIRS, metavar="N", help="each size; default: %(default)s")
    parser.add_argument("--longest", type=float, default=900, metavar="SECONDS", help="default: %(default)s")
    parser.add_argument("--most-gigabytes", type=float, default=12, metavar="GB", help="default: %(default)s")
    parser.add_argument("--one", nargs=2, metavar=("FACTOR", "YEARS"), help="one size, in this process; as JSON")
    options = parser.parse_args()
    if options.one:
        end_beyond(options.most_gigabytes)
        sys.stdout.write(json.dumps(one(Size(float(options.one[0]), int(options.one[1])))))
        return
    sizes = [*(Size(factor=factor) for factor in FACTORS), *(Size(years=years) for years in YEARS[1:])]
    for text in table(sizes, options.times, options.longest, options.most_gigabytes):
        sys.stdout.write(text + "\n")
        sys.stdout.flush()
    sys.stdout.write(f"\n{options.times} times each; {state_of_machine()}\n")


if __name__ == "__main__":
    main()
