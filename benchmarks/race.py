"""Engines side by side on the reference workload "tandem front door", once they are known to give the same answer.

    python -m benchmarks.race [--rounds N] [--only-check]

Those that take drawn variates must give one log, line for line, in a quiet year, in overload and on a half-hour grid.
Those that draw for themselves must agree with them in eight figures of the year, within `MOST_ERRORS` standard errors.
Every engine runs a year in turn, so many rounds, each on a seed; medians and ratios in pairs, in processor seconds.
"""

import argparse
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from shutil import which
from typing import Any, Final, NamedTuple

import numpy as np

from benchmarks.measuring import LEAST_PAIRS, ratio, state_of_machine, timed
from benchmarks.peers import desks, in_c, in_ciw, in_salabim, tandem, textbook
from benchmarks.peers.tandem import Drawn, Figures, Setting, Whole
from benchmarks.peers.twin import Twin, world_of

OURS, DRAWN_TOO, TEXTBOOK, DESKS = (
    "the twin's kernel",
    "the twin's kernel, drawn too",
    "SimPy, textbook",
    "SimPy, own desk",
)
C_HEAP, C_LISTS, CIW, SALABIM = "C -O3, binary heap", "C -O3, lists a minute", "Ciw", "salabim"
SETTINGS: Final = (
    Setting(),
    Setting(grid_minutes=30),
    Setting(managers=1, places=500),
    Setting(contacts=60_000, managers=1),
    Setting(contacts=60_000, places=300, grid_minutes=30),
    Setting(contacts=0),
)
SEEDS: Final = 3
YEARS_OF_OURS: Final = 200
MOST_ERRORS: Final = 4.0
TIMES: Final = 10
"""The quick engines run a year so often in a row, of which the mean is taken: one is less than the clock's noise."""

Run = Callable[[], Whole]
Exact = Callable[[Drawn, Setting], Run]
"""What an engine that takes drawn variates makes of them is not timed: they lie as it wants them. What it runs is."""


class OwnChance(NamedTuple):
    """An engine that draws for itself: a year, and its log in an array with times in hours."""

    run: Callable[[int], Any]
    log: Callable[[Any], Any]


def exact_engines(folder: Path) -> Iterator[tuple[str, Exact]]:
    """The engines that take drawn variates; ours first."""
    twin = Twin()

    def ours(drawn: Drawn, setting: Setting) -> Run:
        world, contacts, lines = world_of(drawn), len(drawn.arrival), drawn.most_lines
        return lambda: twin.run(world, contacts, lines, setting)

    yield OURS, ours
    yield DESKS, lambda drawn, setting: lambda: desks.run(drawn, setting)
    if in_c.compiler() is None:
        _say("C: skipped, for there is no compiler of C here")
        return
    for name, is_heap in ((C_HEAP, True), (C_LISTS, False)):
        run = in_c.built(folder, heap=is_heap)
        yield name, lambda drawn, setting, run=run: lambda: run(drawn, setting)  # type: ignore[misc]


def engines_with_own_chance() -> Iterator[tuple[str, OwnChance]]:
    """The engines that draw for themselves, so far as they are installed."""
    yield TEXTBOOK, OwnChance(textbook.run, textbook.log)
    for name, package, engine in (
        (CIW, "ciw", OwnChance(in_ciw.run, in_ciw.log)),
        (SALABIM, "salabim", OwnChance(in_salabim.run, textbook.log)),
    ):
        try:
            yield f"{name} {version(package)}", engine
        except PackageNotFoundError:
            _say(f'{name}: skipped, for it is not installed: pip install -e ".[peers]"')
    if which("Rscript") is None:
        _say("simmer: skipped, for R is not here")
    else:
        _say("simmer: skipped, for nobody has written the workload in it yet")


def check_logs(engines: Mapping[str, Exact]) -> None:
    """Every engine's log is ours to the last line, or this ends."""
    lines = 0
    for setting in SETTINGS:
        for seed in range(SEEDS):
            drawn = tandem.draw(seed, setting)
            ours, *others = (ready(drawn, setting)().reshape(-1, 3) for ready in engines.values())
            for name, log in zip(list(engines)[1:], others, strict=True):
                if not np.array_equal(ours, log):
                    sys.exit(f"{name}: another log than ours, {setting}, seed {seed}")
            lines += len(ours)
    _say(f"the same log line for line: {', '.join(engines)}; {len(SETTINGS) * SEEDS} runs, {lines:,} lines")


def check_figures(ours: Sequence[Figures], name: str, found: Sequence[Figures]) -> None:
    """An engine's mean figures are ours within so many standard errors of their difference, or this ends."""
    worst = 0.0
    for figure in ours[0]:
        all_ours = [year[figure] for year in ours]
        difference = statistics.fmean(year[figure] for year in found) - statistics.fmean(all_ours)
        error = statistics.stdev(all_ours) * (1 / len(found) + 1 / len(ours)) ** 0.5
        worst = max(worst, abs(difference) / error)
        if abs(difference) > MOST_ERRORS * error:
            sys.exit(f"{name}: {figure} differs from ours by {difference:.4g}, {abs(difference) / error:.1f} errors")
    _say(f"{name}: {len(ours[0])} figures of {len(found)} years within {worst:.1f} standard errors of ours")


def race(exact: Mapping[str, Exact], others: Mapping[str, OwnChance], rounds: int) -> dict[str, list[float]]:
    """Processor seconds a year, every engine in turn on each seed; what draws for itself is checked by what it ran."""
    taken: dict[str, list[float]] = {}
    figures: dict[str, list[Figures]] = {name: [] for name in others}
    for seed in range(rounds):
        for name, (seconds, log) in _round(exact, others, seed):
            taken.setdefault(name, []).append(seconds)
            if name in others:
                figures[name].append(tandem.figures(others[name].log(log), tandem.HOURS))
    setting = Setting()
    logs = (exact[OURS](tandem.draw(rounds + seed, setting), setting)() for seed in range(YEARS_OF_OURS))
    ours = [tandem.figures(log, tandem.MINUTES) for log in logs]
    for name, found in figures.items():
        check_figures(ours, name, found)
    return taken


def _round(
    exact: Mapping[str, Exact], others: Mapping[str, OwnChance], seed: int
) -> Iterator[tuple[str, tuple[float, Any]]]:
    setting = Setting()
    drawn = tandem.draw(seed, setting)
    for name, ready in exact.items():
        yield name, timed(ready(drawn, setting), 1 if name == DESKS else TIMES)

    def from_the_draw() -> Whole:
        run = exact[OURS](tandem.draw(seed, setting), setting)
        return run()

    yield DRAWN_TOO, timed(from_the_draw, TIMES)
    for name, engine in others.items():
        yield name, timed(lambda run=engine.run: run(seed))  # type: ignore[misc]


def table(taken: Mapping[str, Sequence[float]], events: int) -> Iterator[str]:
    """A line an engine, the slowest first."""
    yield "| engine | ms a year | ns an event | times as fast as textbook SimPy | times as long as ours |"
    yield "|---|---|---|---|---|"
    for name, seconds in sorted(taken.items(), key=lambda found: -statistics.median(found[1])):
        median = statistics.median(seconds)
        against = f"{ratio(taken[TEXTBOOK], seconds)} | {ratio(seconds, taken[OURS])}"
        yield f"| {name} | {1000 * median:,.1f} | {1e9 * median / events:,.0f} | {against} |"


def _say(sentence: str) -> None:
    sys.stdout.write(sentence + "\n")
    sys.stdout.flush()


def main() -> None:
    """Check, race, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=LEAST_PAIRS, metavar="N", help="default: %(default)s")
    parser.add_argument("--only-check", action="store_true", help="compare the logs, and time nothing")
    options = parser.parse_args()
    _say(state_of_machine())
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:  # Windows keeps what is loaded
        exact = dict(exact_engines(Path(folder)))
        check_logs(exact)
        if options.only_check:
            return
        taken = race(exact, dict(engines_with_own_chance()), options.rounds)
        events = _events(exact[OURS])
    _say("\n".join(("", *table(taken, events), "", f"{options.rounds} rounds; {state_of_machine()}")))


def _events(ours: Exact) -> int:
    """What happens in a year, on average: a start of work or a place taken is no event of its own."""
    logs = [ours(tandem.draw(seed, Setting()), Setting())() for seed in range(LEAST_PAIRS)]
    beside = [tandem.Kind.STARTED, tandem.Kind.PLACED]
    return round(statistics.fmean(np.count_nonzero(~np.isin(log[:, 1], beside)) for log in logs))


if __name__ == "__main__":
    main()
