"""What the front doors of all English authorities take: 153 of them and three million contacts in a simulated year.

The shipped county is made as large or small as each authority, its posts with it. A part of them is run, evenly over
their sizes, and the processor seconds of all are told with how sure that is. Start it from the root of the project, as
`python -m benchmarks.national`; on a cluster (`--scheduler`) start the workers there too.
"""

import argparse
import os
import sys
import time
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy import stats

from sim.experiment.pools import each_done, engine_for
from sim.experiment.runs import simulate
from sim.measures import measure
from sim.model import Engine
from sim.scenario import Scenario, load, shipped

AUTHORITIES, CONTACTS = 153, 3_000_000
SPREAD = 0.45
"""Sizes are taken to be log-normal with this standard deviation of their logarithm: the largest five in a hundred then
have some four times the contacts of the smallest five. Seconds grow with contacts, so it hardly matters."""
POSTS = (
    "front_door.managers",
    "front_door.senior_practitioners",
    "front_door.workers",
    "out_of_hours.staff",
    "assessment.managers",
    "assessment.social_workers.experienced",
    "assessment.social_workers.newly_qualified",
    "assessment.social_workers.agency",
    "assessment.family_support_workers",
    "assessment.duty_workers",
    "strategy.slots_per_day",
)
FAMILIES = "demand.family_contacts_per_year"


class Job(NamedTuple):
    """A year of one authority, in an engine."""

    scenario: Scenario
    number: int
    engine: Engine | None


class Year(NamedTuple):
    """What one authority's year took: contacts received in the year, and processor seconds."""

    contacts: float
    seconds: float


def sizes() -> list[float]:
    """Families' contacts a year of every authority, the smallest first."""
    normal = stats.norm.ppf((np.arange(AUTHORITIES) + 0.5) / AUTHORITIES)
    relative = np.exp(SPREAD * normal)
    found: list[float] = (relative * CONTACTS / relative.sum()).tolist()
    return found


def authority(county: Scenario, contacts: float) -> Scenario:
    """The county with so many contacts a year, and posts in proportion."""
    ratio = contacts / county.demand.family_contacts_per_year
    posts = {path: max(1, round(ratio * _now(county, path))) for path in POSTS}
    return county.changed({FAMILIES: contacts, **posts})


def _now(scenario: Scenario, path: str) -> int:
    found: object = scenario
    for name in path.split("."):
        found = getattr(found, name)
    if not isinstance(found, int):
        raise TypeError(path)
    return found


def year(job: Job) -> Year:
    """Draw, run and read a year."""
    started = time.process_time()
    log = simulate(job.scenario, seed=1, replication=job.number, engine=job.engine)
    readings = measure(log)
    return Year(readings["contacts_count", "all"], time.process_time() - started)


def per_contact(years: Sequence[Year]) -> tuple[float, float]:
    """Processor seconds a contact, and how far that may be off (95%, a jackknife over the authorities run)."""
    contacts, seconds = (np.array(column) for column in zip(*years, strict=True))
    without = (seconds.sum() - seconds) / (contacts.sum() - contacts)
    count = len(years)
    error = np.sqrt((count - 1) / count * np.sum((without - without.mean()) ** 2))
    return float(seconds.sum() / contacts.sum()), float(stats.t.ppf(0.975, count - 1) * error)


def main() -> None:
    """Run a part of the authorities and say what all of them take."""
    options = _options()
    county = load(shipped("leicestershire-2018-19.toml"))
    chosen = list(enumerate(sizes()))[options.every // 2 :: options.every]
    engine = engine_for(None, processes=2, scheduler=options.scheduler)
    # By its name as a module: a worker elsewhere knows no main module of ours.
    from benchmarks.national import Job, year  # noqa: PLC0415

    ahead = Job(authority(county, sizes()[0]), AUTHORITIES, engine)
    list(each_done(year, [ahead] * options.processes, processes=options.processes, scheduler=options.scheduler))
    started = time.monotonic()
    jobs = [Job(authority(county, size), number, engine) for number, size in reversed(chosen)]
    years = list(each_done(year, jobs, processes=options.processes, scheduler=options.scheduler))
    _say(years, time.monotonic() - started)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=5, metavar="K", help="run every Kth (default: %(default)s)")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, metavar="P")
    parser.add_argument("--scheduler", metavar="ADDRESS")
    return parser.parse_args()


def _say(years: Sequence[Year], waited: float) -> None:
    contacts, seconds = sum(each.contacts for each in years), sum(each.seconds for each in years)
    sys.stdout.write(
        f"{len(years)} of {AUTHORITIES} authorities, {contacts:,.0f} contacts: {seconds:.0f} processor seconds, "
        f"{waited:.0f} on the clock\n"
    )
    each, error = per_contact(years)
    sys.stdout.write(f"a thousand contacts: {1000 * each:.3f} processor seconds (± {1000 * error:.3f})\n")
    for words, many in (("one year", 1), ("20 years of a baseline and 6 scenarios", 140)):
        low, middle, high = (many * CONTACTS * value / 3600 for value in (each - error, each, each + error))
        sys.stdout.write(f"all of them, {words}: {middle:.2f} hours of one core ({low:.2f} to {high:.2f})\n")


if __name__ == "__main__":
    main()
