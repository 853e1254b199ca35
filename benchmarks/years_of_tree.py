"""The years of one tree of sources, a line in and a line out: it must run in trees long past, and knows little of them.

Started as a file, in the tree whose years it is to tell. In: a replication, and as JSON the levers to set. Out, as
JSON: processor seconds to draw its world, to run it and to read it, and how many contacts there were.
"""

import gc
import json
import os
import sys
import time
from collections.abc import Mapping

from sim.measures import LogIndex, cohort, measure, open_work
from sim.model import run
from sim.scenario import Scenario, load, shipped_comparison
from sim.world import World, draw

SEED = 1


def year(scenario: Scenario, replication: int) -> Mapping[str, float]:
    """One year."""
    gc.collect()
    gc.disable()  # as the experiments do while a year is drawn and run
    started = time.process_time()
    world = draw(scenario, seed=SEED, replication=replication)
    ask_for_families(world)
    drawn = time.process_time()
    log = run(scenario, world)
    ran = time.process_time()
    gc.enable()
    index = LogIndex(log)
    for reading in (measure, cohort, open_work):
        reading(index)
    read = time.process_time()
    return {"draw": drawn - started, "run": ran - drawn, "read": read - ran, "contacts": len(log.contacts)}


def ask_for_families(world: World) -> None:
    """Have the families drawn: later trees draw them where they are first asked for, and it is no part of the run."""
    are_columns = hasattr(getattr(world, "families", None), "columns")
    if are_columns and os.environ.get("FRONTDOOR_ENGINE") != "simpy":
        getattr(world.families, "columns")  # noqa: B009  (not in every tree, nor in every kind of families)
    else:
        _ = world.contacts, world.returns_before, world.returns_after


def main() -> None:
    """Tell years for as long as any are asked for."""
    county = load(shipped_comparison(every=False)[0])
    for asked in sys.stdin:
        replication, levers = json.loads(asked)
        sys.stdout.write(json.dumps(year(county.changed(levers), replication)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
