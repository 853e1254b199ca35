"""Figures that fits did not use: how far off they lie, learned from one year, and what comes of it in another.

    python -m benchmarks.held_out DIR --learn 2018 --check 2019 [--made FOLDER] [--keep FOLDER]

The thirty authorities of the next-year test are fitted to one year. What that says of each figure's misfit are the
numbers of sim/published/misfit.py. Then authorities are fitted to another year: those of its own next-year test, or
every one that `frontdoor init --all` made in a folder. Of both are told the figures that lay inside 95% of the sets
alone, and inside 95% with the misfit of the first. Years that were run are kept.
"""

import argparse
import csv
import statistics
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.next_year import FITTED_BY, NO_FOLLOW_UP, sample, say, usable_pairs
from sim.calibration import FrontDoor, kept_years
from sim.calibration.knobs import Points
from sim.experiment.targets import Target, TargetRole
from sim.published import (
    Authority,
    Budget,
    Drawing,
    Releases,
    authorities,
    before_fitting,
    fit,
    read_releases,
    shipped_prior,
    statement_of,
)
from sim.published.misfit import misfit_of, widened_range


class Held(NamedTuple):
    """A figure that a fit did not use, and what its draws make of it."""

    authority: str
    target: Target
    figures: Points

    def inside(self, misfit: float) -> bool:
        """Whether what is published lies in 95% of the draws, widened by a misfit."""
        said = widened_range(self.target, self.figures, misfit)
        return self.target.expected is not None and said.low <= self.target.expected <= said.high

    def width(self, misfit: float) -> float:
        """How wide that is."""
        said = widened_range(self.target, self.figures, misfit)
        return said.high - said.low


def main() -> None:
    """Learn, check, and print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("published", type=Path, nargs="+")
    parser.add_argument("--learn", type=int, required=True)
    parser.add_argument("--check", type=int, required=True)
    parser.add_argument("--made", type=Path, help="a folder of frontdoor init --all: check those it fitted")
    parser.add_argument("--authorities", type=int, default=30)
    parser.add_argument("--keep", type=Path, default=Path("results/next-year"))
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    releases = read_releases(options.published)
    learning = _sampled(options.learn, releases, options)
    learned = list(_held(learning, options.learn, releases, options))
    misfits = {name: misfit_of([(one.target, one.figures) for one in those]) for name, those in _by_name(learned)}
    checking = _made(options.made, releases) if options.made else _sampled(options.check, releases, options)
    checked = list(_held(checking, options.check, releases, options))
    others = {one.name for one in checking} - {one.name for one in learning}
    for words, those in (
        (f"Learned from, {options.learn}", learned),
        (f"Checked, {options.check}", checked),
        (f"Of those, authorities not learned from, {options.check}", [h for h in checked if h.authority in others]),
    ):
        say(f"\n{words}\n\n{table(those, misfits)}")


def table(found: Sequence[Held], misfits: Mapping[str, float]) -> str:
    """A row a figure and one of all: fits, its misfit, how many lay inside without and with it, and how much wider."""
    lines = [
        "| figure held out | fits | misfit | in 95% of the sets | in 95%, widened | times as wide |",
        "|---|---|---|---|---|---|",
    ]
    for name, those in _by_name(found):
        misfit = misfits.get(name, 0.0)
        wider = statistics.median(one.width(misfit) / max(one.width(0.0), 1e-9) for one in those)
        inside = " | ".join(f"{statistics.mean(one.inside(by) for one in those):.0%}" for by in (0.0, misfit))
        lines.append(f"| {those[0].target.label} | {len(those)} | {misfit:.3f} | {inside} | {wider:.1f} |")
    every = ([one.inside(misfits.get(one.target.key[0], 0.0) * by) for one in found] for by in (0, 1))
    lines.append(f"| all of them | {len(found)} | | {' | '.join(f'{statistics.mean(each):.1%}' for each in every)} | |")
    return "\n".join([*lines, "", f"{len({one.authority for one in found})} authorities; {_error(found, misfits)}"])


def _error(found: Sequence[Held], misfits: Mapping[str, float]) -> str:
    """The standard error of the widened share: figures of one authority hang together."""
    shares = defaultdict(list)
    for one in found:
        shares[one.authority].append(one.inside(misfits.get(one.target.key[0], 0.0)))
    means = np.array([statistics.mean(each) for each in shares.values()])
    return f"standard error of all of them, by authority, {means.std(ddof=1) / np.sqrt(len(means)):.1%}"


def _by_name(found: Sequence[Held]) -> list[tuple[str, list[Held]]]:
    names = dict.fromkeys(one.target.key[0] for one in found)
    return [(name, [one for one in found if one.target.key[0] == name]) for name in names]


def _sampled(year: int, releases: Releases, options: argparse.Namespace) -> list[Authority]:
    return sample(year, releases, usable_pairs(year, releases), options.authorities)


def _made(folder: Path, releases: Releases) -> list[Authority]:
    with (folder / "index.csv").open(encoding="utf-8", newline="") as lines:
        codes = {row["code"] for row in csv.DictReader(lines) if row["file"]}
    return [one for code, one in authorities(releases).items() if code in codes]


def _held(found: Sequence[Authority], year: int, releases: Releases, options: argparse.Namespace) -> Iterator[Held]:
    prior = shipped_prior()
    for authority in found:
        yield from _of_one(Drawing(before_fitting(statement_of(releases, authority, year), prior), prior), options)


def _of_one(drawing: Drawing, options: argparse.Namespace) -> Iterator[Held]:
    yield from held_out(drawing, figures_of(drawing, options.keep, options.processes))


def held_out(drawing: Drawing, figures: Points) -> Iterator[Held]:
    """An authority's figures that its fit did not use."""
    for place, target in enumerate(drawing.base.held_against):
        if target.role is TargetRole.HELD_OUT:
            yield Held(drawing.base.statement.authority.name, target, figures[:, place])


def figures_of(drawing: Drawing, keep: Path, processes: int) -> Points:
    """What each set of a fit makes of each figure, shape (sets, figures), from the years that were kept of it."""
    base = drawing.base
    model = FrontDoor(base.scenario.changed(NO_FOLLOW_UP), tuple(target.key for target in base.held_against))
    with kept_years(model, keep / base.scenario.name, processes=processes) as years:
        return fit(drawing, years, seed=FITTED_BY, budget=Budget()).figures


if __name__ == "__main__":
    main()
