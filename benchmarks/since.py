"""A year as it is now against a year in SimPy as it was when the twin was asked for, in pairs.

    python -m benchmarks.since [--pairs N] [--commit COMMIT]

The sources of that commit are put into a temporary folder (git worktree) and run in a process of their own, with
their own drawing of worlds. Both trees run the shipped county and the county with twice the contacts and posts, in the
same replications by turns, today's also in SimPy; ratios of processor seconds, pair by pair, of the run alone and of
drawing, run and reading.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Final

from benchmarks.measuring import LEAST_PAIRS, ratio, state_of_machine
from benchmarks.national import FAMILIES, POSTS
from sim.model.engines import ENGINE_SETTING
from sim.scenario import load, shipped_comparison

BEFORE: Final = "4a0df61"
"""The last commit before the first of the twin."""
ROOT: Final = Path(__file__).parents[1]
TELLER: Final = Path(__file__).with_name("years_of_tree.py")
FACTORS: Final = (1, 2)
STEPS: Final = ("draw", "run", "read")

Year = Mapping[str, float]


class Teller:
    """A process that tells years of a tree of sources."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._in, self._out = _known(process.stdin), _known(process.stdout)

    def year(self, replication: int, levers: Mapping[str, object]) -> Year:
        """One year."""
        self._in.write(json.dumps([replication, levers]) + "\n")
        self._in.flush()
        found: Year = json.loads(self._out.readline())
        return found


def _known(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None  # noqa: S101  (it was asked for)
    return pipe


@contextmanager
def tree_of(commit: str) -> Iterator[Path]:
    """The sources of a commit in a temporary folder."""
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "tree"
        _git("worktree", "add", "--detach", str(tree), commit)
        try:
            yield tree
        finally:
            _git("worktree", "remove", "--force", str(tree))


def _git(*words: str) -> None:
    subprocess.run(["git", "-C", str(ROOT), *words], check=True, capture_output=True)  # noqa: S603, S607  (our own)


@contextmanager
def telling(tree: Path, engine: str = "auto") -> Iterator[Teller]:
    """A teller of a tree's years, in an engine where the tree has several."""
    surroundings = {**os.environ, "PYTHONPATH": str(tree), ENGINE_SETTING: engine}
    command = [sys.executable, str(TELLER)]
    with subprocess.Popen(  # noqa: S603  (our own)
        command, cwd=tree, env=surroundings, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        yield Teller(process)  # leaving closes what it reads, and so ends it


def levers_for(factor: int) -> dict[str, object]:
    """The county with so many times its contacts and posts."""
    county = load(shipped_comparison(every=False)[0])
    return {} if factor == 1 else {path: factor * _number(county.value(path)) for path in (FAMILIES, *POSTS)}


def _number(value: object) -> float:
    assert isinstance(value, int | float)  # noqa: S101  (each of these is)
    return value


def lines(factor: int, before: Sequence[Year], now: Sequence[Year], in_simpy: Sequence[Year]) -> Iterator[str]:
    """A line for the run alone, one for the whole, and one for SimPy as it is now."""
    contacts = statistics.median(year["contacts"] for year in now)
    for name, steps, years in (
        ("run alone", ("run",), now),
        ("drawn, run and read", STEPS, now),
        ("run alone, SimPy still", ("run",), in_simpy),
    ):
        slow, fast = ([sum(year[step] for step in steps) for year in told] for told in (before, years))
        seconds = f"{statistics.median(slow):.2f} | {statistics.median(fast):.3f}"
        yield f"| {factor} | {contacts:,.0f} | {name} | {seconds} | {ratio(slow, fast)} |"
    parts = ", ".join(f"{step} {statistics.median(year[step] for year in now):.3f} s" for step in STEPS)
    yield f"| {factor} | {contacts:,.0f} | now, part by part | | {parts} | |"


def main() -> None:
    """Run both trees in turn and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=LEAST_PAIRS, metavar="N", help="default: %(default)s")
    parser.add_argument("--commit", default=BEFORE, help="default: %(default)s")
    options = parser.parse_args()
    sys.stdout.write(
        "| times the county | contacts run | what | then, s | now, s | ratio |\n|---|---|---|---|---|---|\n"
    )
    with ExitStack() as stack:
        then = stack.enter_context(telling(stack.enter_context(tree_of(options.commit))))
        tellers = (then, *(stack.enter_context(telling(ROOT, engine)) for engine in ("auto", "simpy")))
        for factor in FACTORS:
            levers = levers_for(factor)
            # The first of each is for whatever is loaded or compiled once.
            turns = [[one.year(number, levers) for one in tellers] for number in range(options.pairs + 1)][1:]
            sys.stdout.write("\n".join(lines(factor, *zip(*turns, strict=True))) + "\n")
            sys.stdout.flush()
    sys.stdout.write(f"\n{options.commit}, {options.pairs} pairs; {state_of_machine()}\n")


if __name__ == "__main__":
    main()
