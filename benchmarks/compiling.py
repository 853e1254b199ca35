"""What compiling the twin takes where it never was: in a copy of the package and a process of its own each time."""

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Final

from numba.core.event import install_recorder

import sim.model.compiled  # before anything is counted, since it imports Numba
from sim.model import run
from sim.scenario import load, shipped_comparison
from sim.world import draw

SEED: Final = 1
PACKAGE: Final = Path(sim.__file__).parent
Taken = dict[str, float]


def main() -> None:
    """Print what each time took, and the median of the seconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=3, metavar="N", help="default: %(default)s")
    parser.add_argument("--here", type=Path, metavar="SCENARIO", help="the package as it is, in this process; as JSON")
    options = parser.parse_args()
    if options.here:
        sys.stdout.write(json.dumps(here(options.here)))
        return
    taken = [elsewhere(shipped_comparison(every=False)[0]) for _ in range(options.times)]
    for one in taken:
        sys.stdout.write(", ".join(f"{name} {number:.1f}" for name, number in one.items()) + "\n")
    sys.stdout.write(f"median {statistics.median(one['seconds'] for one in taken):.1f} s\n")


def elsewhere(scenario: Path) -> Taken:
    """What compiling takes in a fresh copy of the package and a fresh process."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(PACKAGE, folder / "sim", ignore=shutil.ignore_patterns("__pycache__"))
        script = shutil.copy(__file__, folder)
        command = [sys.executable, script, "--here", str(scenario)]
        child = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, check=True)  # noqa: S603
        taken: Taken = json.loads(child.stdout)
        return taken


def here(path: Path) -> Taken:
    """By how many processor seconds a year takes longer that is compiled first, and what is: functions, versions."""
    scenario = load(path)
    world = draw(scenario, seed=SEED, replication=0)

    def seconds() -> float:
        started = time.process_time()
        run(scenario, world, engine="compiled")
        return time.process_time() - started

    with install_recorder("numba:compile") as recorder:
        first = seconds()
    functions = [event.data["dispatcher"].py_func.__code__ for _, event in recorder.buffer if event.is_start]
    compiled = Counter(functions)
    return {"seconds": first - seconds(), "functions": len(compiled), "versions of them": compiled.total()}


if __name__ == "__main__":
    main()
