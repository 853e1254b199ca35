"""How much of what the model makes of new demand and staffing is borne out by what was published the year after.

    python -m benchmarks.borne_out DIR --pairs 2018 2019 [--keep FOLDER]

Each pair of years is named by its first. Of every figure of the next-year test the published change is set against the
model's move: 1 bears the move out, 0 says that the figure did not follow it at all, and less that it went the other
way. Then each pair is foretold anew with its moves cut to what the other pairs bore out, by kind of figure, and scored
against last year's figure: is a cut move better than none? Years that `benchmarks.next_year` kept are not run again.
"""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from benchmarks.next_year import SEED, Outcome, of_years, say, score
from sim.experiment.targets import Kind
from sim.published import Budget, read_releases, shipped_prior
from sim.published.next_year import clustered_error, predicted

ALL: Final = "all of them"
LEAST_MOVE: Final = 1e-9


class Slope(NamedTuple):
    """The published change for one unit of the model's move, and its standard error by authority."""

    value: float
    error: float
    many: int


def slope(found: Sequence[Outcome]) -> Slope:
    """By least squares through the origin, in drifts, so that figures of all units count alike."""
    moves, changes = (np.array([getattr(one, name) for one in found]) for name in ("move", "change"))
    size = max(float((moves**2).mean()), LEAST_MOVE)
    value = float((moves * changes).mean()) / size
    error = clustered_error(moves * (changes - value * moves), [one.authority for one in found]) / size
    return Slope(value, error, len(found))


def kind_of(one: Outcome) -> Kind:
    """Counts follow demand; shares and days follow how fast people work."""
    return one.target.kind


def table(found: Sequence[Outcome]) -> str:
    """A row a figure, then by kind, then of all."""
    lines = ["| figure | told | borne out | standard error |", "|---|---|---|---|"]
    groups = {one.label: [o for o in found if o.label == one.label] for one in found}
    groups |= {f"all of kind {kind.value}": [o for o in found if kind_of(o) is kind] for kind in Kind}
    groups[ALL] = list(found)
    for label, those in groups.items():
        if those:
            one = slope(those)
            lines.append(f"| {label} | {one.many} | {one.value:.2f} | {one.error:.2f} |")
    return "\n".join(lines)


def cut(found: Sequence[Outcome], shares: Mapping[Kind, float]) -> tuple[float, float]:
    """The score gained on last year's with moves cut to these shares, in widths of its 80% range, and its error."""
    random = np.random.default_rng(SEED)
    gains = []
    for one in found:
        said = predicted(one.target, one.before, one.moves * shares[kind_of(one)], one.drift, random)
        width = max(one.last.high_80 - one.last.low_80, LEAST_MOVE)
        gains.append((score(one, one.last) - score(one, said)) / width)
    return float(np.mean(gains)), clustered_error(np.array(gains), [one.authority for one in found])


def main() -> None:
    """Print all of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("published", type=Path, nargs="+")
    parser.add_argument("--pairs", type=int, nargs="+", required=True)
    parser.add_argument("--authorities", type=int, default=30)
    parser.add_argument("--years", type=int, default=Budget().years)
    parser.add_argument("--keep", type=Path, default=Path("results/next-year"))
    parser.add_argument("--processes", type=int, default=2)
    parser.set_defaults(apart=None)
    options = parser.parse_args()
    releases, prior = read_releases(options.published), shipped_prior()
    told = {
        year: [one for each in of_years(year, releases, prior, options) for one in each.outcomes]
        for year in options.pairs
    }
    for year, outcomes in told.items():
        say(f"\n{year} to {year + 1}\n\n{table(outcomes)}")
        others = [one for other, those in told.items() if other != year for one in those]
        if others:
            shares = {kind: _share([one for one in others if kind_of(one) is kind]) for kind in Kind}
            gain, error = cut(outcomes, shares)
            words = ", ".join(f"{kind.value} {share:.2f}" for kind, share in shares.items())
            say(f"\nWith moves cut to what other pairs bore out ({words}): {gain:+.4f} (standard error {error:.4f}).")
    say(f"\nAll pairs\n\n{table([one for those in told.values() for one in those])}")


def _share(found: Sequence[Outcome]) -> float:
    """What was borne out, no less than nothing and no more than all."""
    return min(max(slope(found).value, 0.0), 1.0) if found else 1.0


if __name__ == "__main__":
    main()
