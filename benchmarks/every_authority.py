"""What `frontdoor init --all` made of every authority of a year: docs/authorities.md.

    python -m benchmarks.every_authority DIR --year 2019 --made FOLDER [--keep FOLDER] > docs/authorities.md

Every authority in the folder's index is told: how many of its published figures its sets meet on average, of those it
was fitted to and of those held out, and which they miss; and how many held-out figures lie in their 95% ranges, also of
those authorities alone that the misfit was not learned from (`--learned`, a year of the next-year test). Fits are made
again from the years that were kept (`--work` of `frontdoor init --all`), and what was declined keeps its reason.
"""

import argparse
import csv
import statistics
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from benchmarks.held_out import Held, figures_of, held_out, table
from benchmarks.next_year import sample, say, usable_pairs
from sim.calibration.knobs import Points
from sim.experiment.targets import Target, TargetRole
from sim.published import Drawing, Releases, authorities, before_fitting, read_releases, shipped_prior, statement_of
from sim.published.misfit import MISFIT

ROLES: Final = (TargetRole.FITTED, TargetRole.HELD_OUT)
LEARNED_AUTHORITIES: Final = 30


class Row(NamedTuple):
    """An authority: its region, referrals in the year, and its figures with whether its sets meet each on average."""

    authority: str
    region: str
    referrals: float
    met: dict[Target, bool]

    def share(self, role: TargetRole) -> str:
        """How many figures of a role are met, of how many."""
        those = [met for target, met in self.met.items() if target.role is role]
        return f"{sum(those)} of {len(those)}"

    @property
    def missed(self) -> list[str]:
        """Labels of the figures that are not met."""
        return [target.label for target, met in self.met.items() if not met]


def row_of(drawing: Drawing, figures: Points) -> Row:
    """An authority's row, from what each of its sets makes of each figure."""
    base = drawing.base
    means = figures.mean(axis=0).tolist()
    met = {target: target.is_met_by(mean) for target, mean in zip(base.held_against, means, strict=True)}
    authority = base.statement.authority
    return Row(authority.name, authority.region, base.statement.told["referrals"].value, met)


def of_every_authority(rows: Sequence[Row]) -> str:
    """The long table, an authority a row."""
    lines = [
        "| authority | region | referrals | fitted figures met | held out, met | not met |",
        "|---|---|---|---|---|---|",
    ]
    for one in rows:
        shares = " | ".join(one.share(role) for role in ROLES)
        lines.append(
            f"| {one.authority} | {one.region} | {one.referrals:,.0f} | {shares} | {'; '.join(one.missed) or 'none'} |"
        )
    return "\n".join(lines)


def of_every_figure(rows: Sequence[Row]) -> str:
    """The short one, a figure a row: in what share of authorities it is met."""
    lines = ["| figure | fitted or held out | authorities | met |", "|---|---|---|---|"]
    found: dict[str, list[tuple[Target, bool]]] = {}
    for row in rows:
        for target, met in row.met.items():
            found.setdefault(target.label, []).append((target, met))
    for label, those in sorted(found.items(), key=lambda item: statistics.mean(met for _, met in item[1])):
        roles = "fitted" if those[0][0].role is TargetRole.FITTED else "held out"
        lines.append(f"| {label} | {roles} | {len(those)} | {statistics.mean(met for _, met in those):.0%} |")
    return "\n".join(lines)


def summary(rows: Sequence[Row], declined: Sequence[tuple[str, str]], year: int) -> str:
    """What all of it comes to, in words."""
    pooled = [(target.role, met) for row in rows for target, met in row.met.items()]
    words = [f"{len(rows) + len(declined)} authorities: {len(rows)} got a baseline, {len(declined)} were declined."]
    for role, name in zip(ROLES, ("fitted to", "held out"), strict=True):
        met = [each for which, each in pooled if which is role]
        words.append(f"Of {len(met):,} figures {name}, {statistics.mean(met):.1%} are met on average over its sets.")
    counts = Counter(len(row.missed) for row in rows)
    words.append(f"{counts[0]} authorities miss none; the most that any misses is {max(counts)}.")
    lines = [f"- {authority}: {why}" for authority, why in declined]
    return "\n".join([f"Year to March {year}. {' '.join(words)}", "", "Declined:", *lines])


def coverage(held: Sequence[Held], learned: set[str]) -> str:
    """How many held-out figures lie in 95% ranges, of all and of those that the misfit was not learned from."""
    apart = [one for one in held if one.authority not in learned]
    return f"{table(held, MISFIT)}\n\nOf those, authorities that nothing was learned from:\n\n{table(apart, MISFIT)}"


def modelled(
    releases: Releases, index: Mapping[str, Mapping[str, str]], options: argparse.Namespace
) -> Iterator[tuple[Drawing, Points]]:
    """Each authority that the index has a file of, and what its sets make of its figures."""
    prior = shipped_prior()
    for code, authority in authorities(releases).items():
        if code in index and index[code]["file"]:
            drawing = Drawing(before_fitting(statement_of(releases, authority, options.year), prior), prior)
            yield drawing, figures_of(drawing, options.keep, options.processes)
            sys.stderr.write(f"{authority.name}\n")


def main() -> None:
    """Print the page's tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("published", type=Path, nargs="+")
    parser.add_argument("--year", type=int, required=True)
    parser.add_argument("--made", type=Path, required=True, help="the folder of frontdoor init --all")
    parser.add_argument("--learned", type=int, default=2018, help="the year the misfit was learned from")
    parser.add_argument("--keep", type=Path, default=Path("results/next-year"))
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    releases = read_releases(options.published)
    with (options.made / "index.csv").open(encoding="utf-8", newline="") as lines:
        index = {row["code"]: row for row in csv.DictReader(lines)}
    found = sorted(modelled(releases, index, options), key=lambda pair: pair[0].base.statement.authority.name)
    rows = [row_of(*pair) for pair in found]
    declined = [(row["authority"], row["why"]) for row in index.values() if not row["file"]]
    held = [one for pair in found for one in held_out(*pair)]
    taught = sample(options.learned, releases, usable_pairs(options.learned, releases), LEARNED_AUTHORITIES)
    for part in (
        summary(rows, declined, options.year),
        coverage(held, {one.name for one in taught}),
        of_every_figure(rows),
        of_every_authority(rows),
    ):
        say(f"{part}\n")


if __name__ == "__main__":
    main()
