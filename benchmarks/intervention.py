"""Intervention: made-up authorities calibrated on their own records, then a change that none of them ever saw.

    python -m benchmarks.intervention                             # 40 truths over 2 small histories
    python -m benchmarks.intervention --truths 10 --true-years 60

A history, its truths and their records are those of `benchmarks.recovery`: a small authority's eight months, dates
only, a fifth of the allocations undated. After them something is changed: more or fewer social workers, a manager more,
a co-located domestic abuse team, in turn. What the sets that a record leaves open make of it, in the year that a
comparison simulates, with the same keys with the change and without, is held against what the true numbers make of it.
What a team does to partners' answers nobody has measured: the truth draws it from the range that is assumed, and so
does every set. What is read off the record directly is taken as known.
"""

import argparse
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from benchmarks.recovery import TRUTHS_FROM, Values, as_recorded, history, table_of_runs
from sim.calibration import FrontDoor, kept_years
from sim.calibration.mechanics import figures_of
from sim.calibration.mechanics.latent import settings, values
from sim.calibration.posterior import posterior
from sim.calibration.years import Year
from sim.experiment.engines import prepared
from sim.scenario import Scenario

YEAR: Final = {"calendar.horizon_days": 365, "calendar.follow_up_days": 120}
MEASURES: Final = {"days_to_seen_q50": "half seen within", "days_to_seen_q90": "9 in 10 seen within"}
_TEAM: Final = "domestic_abuse_team"
_ANSWERS: Final = f"{_TEAM}.information_wait_multiplier"
_ANSWERS_RANGE: Final = (0.4, 1.0)
ACTIONS: Final[Mapping[str, Mapping[str, object]]] = {
    "three more social workers": {"assessment.social_workers.experienced": "+3"},
    "three fewer social workers": {"assessment.social_workers.experienced": "-3"},
    "one more front door manager": {"front_door.managers": "+1"},
    "a domestic abuse team from new posts": {
        f"{_TEAM}.on": True, f"{_TEAM}.posts": "new", f"{_TEAM}.managers": 1, f"{_TEAM}.social_workers": 3,
    },
}  # fmt: skip
BEYOND_DAYS: Final = 1.0
TRUE_LUCK, SETS_LUCK = 1_000, 5_000
LEAST_COVERED, LEAST_RIGHT = 34 / 40, 0.95
ENDS: Final = (0.025, 0.975)


class Told(NamedTuple):
    """A change in days of one measure: the truth with its standard error, and the 95% range over the sets."""

    action: str
    measure: str
    truth: float
    error: float
    low: float
    middle: float
    high: float

    @property
    def covered(self) -> bool:
        """Whether the range holds the true change."""
        return self.low <= self.truth <= self.high

    @property
    def matters(self) -> bool:
        """Whether the true change is beyond a day."""
        return abs(self.truth) > BEYOND_DAYS

    @property
    def right(self) -> bool:
        """Whether the middle has the sign of the truth."""
        return self.middle * self.truth > 0

    @property
    def surely_wrong(self) -> bool:
        """Whether the range excludes nought on the wrong side."""
        return (self.low > 0 > self.truth) or (self.high < 0 < self.truth)


@dataclass(frozen=True, slots=True)
class Both:
    """The same years with a change and without it."""

    base: Scenario
    action: Mapping[str, object]
    keep: Path
    processes: int

    def changes(self, rows: Values, answers: Values, seed: int, luck: int) -> Values:
        """The change of each measure in a year of each row of numbers, each with luck of its own; (rows, measures)."""
        asked = [
            Year({**settings(self.base, values(row)), **self._effect(wait)}, seed, luck + place)
            for place, (row, wait) in enumerate(zip(rows, answers.tolist(), strict=True))
        ]
        plain, changed = (self._figures(scenario, asked) for scenario in (self.base, self.base.changed(self.action)))
        return changed - plain

    def _effect(self, wait: float) -> Mapping[str, object]:
        return {_ANSWERS: wait} if f"{_TEAM}.on" in self.action else {}

    def _figures(self, scenario: Scenario, asked: Sequence[Year]) -> Values:
        model = FrontDoor(scenario, tuple((measure, "all") for measure in MEASURES))
        with kept_years(model, self.keep, processes=self.processes) as years:
            return years.figures(asked)


def intervened(number: int, options: argparse.Namespace) -> Iterator[Told]:
    """What is told of each truth of a history, and what is so."""
    scenario, _, replays = history(number, "small")
    box, points, table = table_of_runs(replays, number, options.runs, options.processes, options.table)
    chance = np.random.default_rng([number, options.truths, len(ACTIONS)])
    for place in range(options.truths):
        truth = box.low + chance.random(len(box)) * (box.high - box.low)
        log = replays.log(Year(values(truth), number, TRUTHS_FROM + place))
        said = posterior(box, points, table, np.array(figures_of(as_recorded(log, chance))))
        name = list(ACTIONS)[place % len(ACTIONS)]
        both = Both(scenario.changed(YEAR), ACTIONS[name], options.keep, options.processes)
        yield from _told(name, both, truth, said.alike(options.sets), 100 * number + place, options)
        sys.stderr.write(f"\rhistory {number}: truth {place + 1} of {options.truths}   ")


def _told(
    name: str, both: Both, truth: Values, sets: Values, seed: int, options: argparse.Namespace
) -> Iterator[Told]:  # fmt: skip
    chance = np.random.default_rng([seed, 1])
    so = np.full(options.true_years, chance.uniform(*_ANSWERS_RANGE))
    true = both.changes(np.tile(truth, (options.true_years, 1)), so, seed, TRUE_LUCK)
    assumed = np.repeat(chance.uniform(*_ANSWERS_RANGE, len(sets)), options.years)
    drawn = both.changes(np.repeat(sets, options.years, axis=0), assumed, seed, SETS_LUCK)
    of_sets = drawn.reshape(len(sets), options.years, -1).mean(axis=1)
    for place, measure in enumerate(MEASURES):
        low, middle, high = np.quantile(of_sets[:, place], (ENDS[0], 0.5, ENDS[1])).tolist()
        error = float(true[:, place].std(ddof=1) / np.sqrt(len(true)))
        yield Told(name, measure, float(true[:, place].mean()), error, low, middle, high)


def table_of(found: Sequence[Told]) -> str:
    """What came of it by change and measure, and each bar that is missed."""
    heads = (
        "| change | measure | truths | true change, days | ranges with it | beyond a day | sign right | surely wrong |"
    )
    lines = [heads, "|---|---|---|---|---|---|---|---|"]
    missed: list[str] = []
    for measure, label in MEASURES.items():
        for action in (*ACTIONS, ""):
            those = [one for one in found if one.measure == measure and action in ("", one.action)]
            if those:
                lines.append(_line(action or "**all**", label, those))
        missed += _missed(label, [one for one in found if one.measure == measure])
    return "\n".join([*lines, "", *(f"- Missed: {bar}" for bar in missed or ("none",))]) + "\n"


def _line(action: str, label: str, those: Sequence[Told]) -> str:
    true = [one.truth for one in those]
    beyond = [one for one in those if one.matters]
    covered, right, wrong = (sum(each) for each in (
        (one.covered for one in those), (one.right for one in beyond), (one.surely_wrong for one in those),
    ))  # fmt: skip
    return (
        f"| {action} | {label} | {len(those)} | {min(true):+.1f} to {max(true):+.1f} | {covered} | {len(beyond)} | "
        f"{right} | {wrong} |"
    )


def _missed(label: str, those: Sequence[Told]) -> Iterator[str]:
    beyond = [one for one in those if one.matters]
    covered, right = sum(one.covered for one in those), sum(one.right for one in beyond)
    if covered < LEAST_COVERED * len(those):
        yield f"{label}: {covered} of {len(those)} ranges hold the true change"
    if beyond and right < LEAST_RIGHT * len(beyond):
        yield f"{label}: the sign is right in {right} of {len(beyond)} beyond a day"
    if wrong := sum(one.surely_wrong for one in beyond):
        yield f"{label}: {wrong} of {len(beyond)} beyond a day are wrong with a range that excludes nought"


def _said(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")


def main() -> None:
    """Run it and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--histories", type=int, default=2)
    parser.add_argument("--truths", type=int, default=20, help="of each history")
    parser.add_argument("--runs", type=int, default=2000, help="of each history's table")
    parser.add_argument("--sets", type=int, default=40, help="sets of numbers that a record leaves open")
    parser.add_argument("--years", type=int, default=2, help="simulated with each set, with the change and without")
    parser.add_argument("--true-years", type=int, default=80, help="simulated with the true numbers, likewise")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--table", type=Path, default=Path("results/recovery"), help="where runs of the table are kept")
    parser.add_argument("--keep", type=Path, default=Path("results/intervention"))
    options = parser.parse_args()
    prepared(None, told=_said)
    found = [one for number in range(options.histories) for one in intervened(number, options)]
    sys.stdout.write(f"\n{table_of(found)}")


if __name__ == "__main__":
    main()
