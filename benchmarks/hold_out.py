"""Hold-out: made-up records fitted to nine months, and what is said of the three after; also where the truth is wrong.

    python -m benchmarks.hold_out                               # 10 truths of 1 history, each as the model has it
    python -m benchmarks.hold_out --histories 2 --truths 40
    python -m benchmarks.hold_out --wrong swings mixture leavers mistyped

A history is a small authority's year. Its truths are drawn from the prior; the record of each has dates only, a fifth
of its allocations undated, and what was open at the end of December open. All truths of a history share one table of
runs, of which each has the figures of nine months to be fitted by. The sets that a record leaves open are run on
through the three months after, with their real contacts and posts. Beside them: the true numbers run the same way, and
the mean of the three months before, as uncertain as it was in the months that were known. With `--wrong` the truth is
one that the fitted model cannot be: swings beyond what it allows for, two kinds of families behind one law of
appointments, leavers that nobody recorded, a tenth of the dates mistyped. What is read off the record directly is taken
as known.
"""

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from scipy.stats import norm

from benchmarks.recovery import SMALL, TRUTHS_FROM, Values, as_recorded, dated
from sim.calibration import kept_years
from sim.calibration.mechanics import Replays, figures_of, prior, replays_of
from sim.calibration.mechanics.latent import CAPACITY, settings, values
from sim.calibration.mechanics.replays import years_at
from sim.calibration.past_months import (
    BEFORE_MONTHS,
    MONTHLY,
    HeldAgainst,
    Month,
    MonthlyReplays,
    held_against,
    known_at,
    monthly,
    months_of,
)
from sim.calibration.posterior import posterior
from sim.calibration.years import Figures, Year
from sim.distributions import Discrete
from sim.events import EventKind, EventLog
from sim.experiment.engines import prepared
from sim.model import run
from sim.published import shipped_prior
from sim.published.next_year import clustered_error, winkler
from sim.working_time import MINUTES_PER_DAY
from sim.world import PostHeld, draw, posts_held, record_of, replayed
from sim.world.people import QUALIFIED

YEAR: Final = SMALL | {"calendar.horizon_days": 365}
KNOWN_MONTHS: Final = 9
IDEAL_FROM, SETS_FROM = 2_000_000, 3_000_000
SWINGS: Final = 0.4
LEAVERS_SHARE: Final = 0.15
MISTYPED_SHARE: Final = 0.1
SEEN_DAYS: Final = "seen_days"
_NARROW: Final = 0.8


@dataclass(frozen=True, slots=True)
class FirstMonths:
    """As `Replays`, with the figures of what was known at the end of a day."""

    replays: Replays
    day: int

    def __call__(self, year: Year) -> Figures:
        """The figures of one run."""
        return figures_of(known_at(self.replays.log(year), self.day))

    @property
    def names(self) -> tuple[str, ...]:
        """A name a figure."""
        return self.replays.names

    @property
    def fingerprint(self) -> str:
        """Another for other runs or another day."""
        return f"{self.replays.fingerprint}{self.day:x}"


@dataclass(frozen=True, slots=True)
class History:
    """A small authority's year, how it is run again, and its months: those known and those after."""

    replays: Replays = field(repr=False)
    known: tuple[Month, ...]
    after: tuple[Month, ...]

    @property
    def day(self) -> int:
        """The first that is not known."""
        return self.after[0].first


class Said(NamedTuple):
    """What came of one truth: by its own fit, by its true numbers, and the naive ranges of each point."""

    who: str
    fitted: HeldAgainst
    ideal: HeldAgainst
    naive: tuple[tuple[float, float], ...]


def history(number: int) -> History:
    """A made-up authority's record of a year."""
    scenario = shipped_prior().scenario.changed(YEAR)
    world = draw(scenario, seed=1000 + number, replication=0)
    log = dated(run(scenario, world))
    posts = tuple(posts_held(world.people, world.span, day_0=scenario.calendar.warm_up_days))
    replays = replays_of(scenario, record_of(log), posts)
    months = months_of(replays.record.first_day, replays.record.days)
    return History(replays, tuple(months[:KNOWN_MONTHS]), tuple(months[KNOWN_MONTHS:]))


Truth = Callable[[History, Values, int, np.random.Generator], EventLog]


def as_it_is(told: History, truth: Values, luck: int, _: np.random.Generator) -> EventLog:
    """The model itself."""
    return told.replays.log(Year(values(truth), told.day, luck))


def swings(told: History, truth: Values, luck: int, _: np.random.Generator) -> EventLog:
    """Everybody's time swings from four weeks to the next by more than the fit allows for."""
    return told.replays.log(Year(values(truth) | {CAPACITY: SWINGS}, told.day, luck))


def mixture(told: History, truth: Values, luck: int, _: np.random.Generator) -> EventLog:
    """A quarter of the families are hard to find, for eight times as long as the others."""
    usual = values(truth)["appointment_days"]
    law = Discrete(values=(round(usual / 2, 3), round(usual * 4, 3)), shares=(0.75, 0.25))
    return _run(told, truth, luck, told.replays.posts, {"assessment.appointment_days": law})


def leavers(told: History, truth: Values, luck: int, chance: np.random.Generator) -> EventLog:
    """Some of the posts were left at some time, and nobody recorded it."""
    posts = [
        post._replace(ends=int(chance.integers(30, told.day)))
        if post.role in QUALIFIED and post.starts <= 0 and chance.random() < LEAVERS_SHARE
        else post
        for post in told.replays.posts
    ]
    return _run(told, truth, luck, posts, {})


def mistyped(told: History, truth: Values, luck: int, chance: np.random.Generator) -> EventLog:
    """A tenth of the days on which children were seen are a week or so off, not before the decision."""
    log = as_it_is(told, truth, luck, chance)
    events = log.events.copy()
    seen = np.flatnonzero((events[:, 1] == EventKind.SEEN) & (chance.random(len(events)) < MISTYPED_SHARE))
    decided = {int(row[2]): int(row[0]) for row in events[events[:, 1] == EventKind.DECIDED]}
    for place in seen.tolist():
        first = decided.get(int(events[place, 2]), int(events[place, 0]))
        moved = int(events[place, 0]) + int(chance.integers(-10, 11)) * MINUTES_PER_DAY
        events[place, 0] = min(max(moved, first), log.window_end - 1)
    return replace(log, events=events[np.argsort(events[:, 0], kind="stable")])


TRUTHS: Final[dict[str, Truth]] = {
    "none": as_it_is, "swings": swings, "mixture": mixture, "leavers": leavers, "mistyped": mistyped,
}  # fmt: skip


def _run(
    told: History, truth: Values, luck: int, posts: Sequence[PostHeld], changes: dict[str, object]
) -> EventLog:  # fmt: skip
    replays, named = told.replays, values(truth)
    scenario = replays.base.changed({**settings(replays.base, named), **changes})
    world = replayed(scenario, replays.record, posts, seed=told.day, replication=luck, capacity_sd=named[CAPACITY])
    return run(scenario, world, engine=replays.engine)


def held_out(number: int, wrong: str, options: argparse.Namespace) -> Iterator[Said]:
    """What is said of each truth of a history."""
    told, box = history(number), prior()
    points = box.points(options.runs, seed=number)
    first = FirstMonths(told.replays, told.day)
    with kept_years(first, options.keep, processes=options.processes) as years:
        table = years.figures(years_at([values(row) for row in points], seed=number))
    chance = np.random.default_rng([number, options.truths, *wrong.encode()])
    for place in range(options.truths):
        truth = box.low + chance.random(len(box)) * (box.high - box.low)
        log = TRUTHS[wrong](told, truth, TRUTHS_FROM + place, chance)
        observed = np.array(figures_of(known_at(as_recorded(log, chance), told.day)))
        sets = posterior(box, points, table, observed).alike(options.predicted)
        fitted, ideal = (
            _foretold(told, rows, luck + place * options.predicted, options)
            for rows, luck in ((sets, SETS_FROM), (np.tile(truth, (options.predicted, 1)), IDEAL_FROM))
        )
        actual = monthly(dated(log), told.after)
        before = np.array(monthly(dated(log), told.known)).reshape(len(told.known), len(MONTHLY))
        quarter = tuple(before[-BEFORE_MONTHS:].ravel().tolist())
        by_fit = held_against(actual, fitted, quarter, told.after, with_real=True)
        by_truth = held_against(actual, ideal, quarter, told.after, with_real=True)
        yield Said(f"{number}.{place}", by_fit, by_truth, tuple(_naive(by_fit, before)))
        sys.stderr.write(f"\rhistory {number}, {wrong}: truth {place + 1} of {options.truths}   ")


def _foretold(told: History, rows: Values, luck: int, options: argparse.Namespace) -> Values:
    model = MonthlyReplays(told.replays, told.after)
    with kept_years(model, options.keep, processes=options.processes) as years:
        return years.figures(years_at([values(row) for row in rows], told.day, first=luck))


def _naive(found: HeldAgainst, before: Values) -> Iterator[tuple[float, float]]:
    """80% of the mean of three months, by how far that lay off in the months known: three before and the one after."""
    off = [before[at] - before[at - BEFORE_MONTHS : at].mean(axis=0) for at in range(BEFORE_MONTHS, len(before))]
    spread = np.nanstd(np.array(off), axis=0) * norm.ppf((1 + _NARROW) / 2)
    names = [measure.id for measure in MONTHLY]
    for point in found.points:
        width = float(spread[names.index(point.measure.id)])
        yield point.mean_of_3 - width, point.mean_of_3 + width


def table_of(found: Sequence[Said]) -> str:
    """Coverage by measure and of all, and how wrong the middles are beside those of the true numbers."""
    lines = [
        "| measure | months | in 80% | in 95% | true numbers' in 95% | error over theirs |",
        "|---|---|---|---|---|---|",
    ]
    for measure in MONTHLY:
        fitted, ideal = (
            [p for one in found for p in getattr(one, of).points if p.measure is measure] for of in ("fitted", "ideal")
        )
        if fitted and ideal:
            inside = [np.mean([p.inside_80 for p in fitted]), np.mean([p.inside_95 for p in fitted])]
            errors = [np.mean([abs(p.median - p.actual) for p in those]) for those in (fitted, ideal)]
            cells = f"{inside[0]:.0%} | {inside[1]:.0%} | {np.mean([p.inside_95 for p in ideal]):.0%}"
            lines.append(f"| {measure.label} | {len(fitted)} | {cells} | {errors[0] / max(errors[1], 1e-9):.2f} |")
    return "\n".join([*lines, "", *_summary(found)])


def _summary(found: Sequence[Said]) -> Iterator[str]:
    points = [(one.who, p, naive) for one in found for p, naive in zip(one.fitted.points, one.naive, strict=True)]
    who = [name for name, _, _ in points]
    for words, inside in (("80%", [p.inside_80 for _, p, _ in points]), ("95%", [p.inside_95 for _, p, _ in points])):
        shares = np.array(inside, dtype=np.float64)
        error = clustered_error(shares, who)
        yield f"- {words} ranges held {shares.mean():.1%} of {len(points)} (standard error {error:.1%})."
    gains = []
    for _, p, (low, high) in points:
        ours, theirs = (winkler(*ends, p.actual, _NARROW) for ends in ((p.low80, p.high80), (low, high)))
        gains.append((theirs - ours) / max(high - low, 1e-9))
    mean, error = float(np.mean(gains)), clustered_error(np.array(gains), who)
    yield f"- Score gained on a mean of three months, in widths of its 80%: {mean:+.2f} (standard error {error:.2f})."


def _said(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")


def main() -> None:
    """Run it and print a table of each kind of truth."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--histories", type=int, default=1)
    parser.add_argument("--truths", type=int, default=10, help="of each history")
    parser.add_argument("--runs", type=int, default=2000, help="of each history's table")
    parser.add_argument("--predicted", type=int, default=100, help="runs of the months after, of each truth")
    parser.add_argument("--wrong", nargs="+", choices=TRUTHS, default=["none"])
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--keep", type=Path, default=Path("results/hold-out"))
    options = parser.parse_args()
    prepared(None, told=_said)
    for wrong in options.wrong:
        found = [one for number in range(options.histories) for one in held_out(number, wrong, options)]
        sys.stdout.write(f"\nWrong: {wrong}. {len(found)} truths.\n\n{table_of(found)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
