"""The next-year test: fitted to one published year, told blind what the next one publishes, beside "last year".

    python -m benchmarks.next_year DIR --from 2018 --to 2019 [--authorities 30] [--apart NAME] [--keep FOLDER]

Thirty authorities, as many of each region and each third of size as may be, drawn by a seed that stands here. Each is
fitted to its own figures of one year; the demand and the staffing of the next are taken as known, and every published
figure of that year is predicted from its own of the year before. Beside that, each fit is held against the figures of
its own year that it did not use. Years that were run are kept and not run again, so the test goes on where it was
stopped, and several pairs of years that were run apart are told together. What it prints are the tables of
docs/backcast.md.
"""

import argparse
import statistics
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from sim.calibration import FrontDoor, kept_years
from sim.calibration.knobs import Points
from sim.calibration.years import Year
from sim.experiment.targets import Target
from sim.published import (
    Authority,
    Budget,
    Drawing,
    Fit,
    Prior,
    PublishedError,
    Releases,
    Statement,
    Verdict,
    authorities,
    before_fitting,
    fit,
    read_releases,
    shipped_prior,
    statement_of,
)
from sim.published.baseline import settled
from sim.published.draft import Draft
from sim.published.drawing import numbers
from sim.published.fitting import targets_fitted
from sim.published.next_year import (
    Interval,
    clustered_error,
    drift_of,
    of_next_year,
    on_scale,
    predicted,
    widened,
    winkler,
)
from sim.published.targets import told_name
from sim.scenario import ScenarioError, Source

SEED: Final = 2018
FITTED_BY: Final = 20181010
THIRDS: Final = 3
_NARROW, _WIDE = 80, 95
_ENDS: Final = (0.025, 0.975)
_KNOWN: Final = frozenset({"referrals", *(f"from_{source.value}_share" for source in Source)})
"""Demand is taken as known, so it is not foretold."""
ALL_OF_THEM: Final = "all of them"
_MOST_NAMED: Final = 10
NO_FOLLOW_UP: Final = {"calendar.follow_up_days": 0}


class Outcome(NamedTuple):
    """A figure of one authority and year: what was published, and what the model and last year foretold.

    `before` is last year's figure; `model_error` and `last_error` how far from what was published the middle of either
    lay, in the figure's drifts. `moves` are what each draw made of the new demand and staffing, on the target's scale.
    """

    authority: str
    year: int
    label: str
    before: float
    published: float
    model: Interval
    last: Interval
    model_error: float
    last_error: float
    target: Target
    moves: Points
    drift: float

    @property
    def move(self) -> float:
        """The model's, in drifts, over its draws."""
        return float(self.moves.mean()) / self.drift

    @property
    def change(self) -> float:
        """What was published of it, in drifts."""
        return (on_scale(self.target, self.published) - on_scale(self.target, self.before)) / self.drift


class HeldOut(NamedTuple):
    """A figure that a fit did not use: its label, and whether what was published lay in 95% of what was modelled."""

    authority: str
    year: int
    label: str
    inside: bool


class Told(NamedTuple):
    """All that is told of one authority and pair of years."""

    outcomes: tuple[Outcome, ...]
    held_out: tuple[HeldOut, ...]


@dataclass(frozen=True, slots=True)
class History:
    """What is published of every authority before a year: changes of each figure on its own scale, by authority."""

    changes: Mapping[str, Mapping[str, Sequence[float]]]

    def drift(self, name: str, code: str) -> float:
        """The standard deviation of a figure's change in a year."""
        every = self.changes.get(name, {})
        return drift_of(every.get(code, ()), [change for own in every.values() for change in own])


def chosen(found: Sequence[tuple[Authority, float]], many: int) -> list[Authority]:
    """So many authorities, in turn from each region and third of size; `found` has the referrals of each."""
    random = np.random.default_rng(SEED)
    order = sorted(found, key=lambda pair: pair[1])
    strata: dict[tuple[str, int], list[Authority]] = defaultdict(list)
    for place, (authority, _) in enumerate(order):
        strata[authority.region, place * THIRDS // len(order)].append(authority)
    piles = [[pile[at] for at in random.permutation(len(pile))] for _, pile in sorted(strata.items())]
    turns = [pile[turn] for turn in range(max(map(len, piles))) for pile in piles if turn < len(pile)]
    return sorted(turns[:many], key=lambda authority: authority.name)


def usable_pairs(year: int, releases: Releases) -> dict[str, tuple[Statement, Statement]]:
    """What is published of a year and the next, by code, of the authorities that have enough of both."""
    pairs = ((c, [statement_of(releases, a, y) for y in (year, year + 1)]) for c, a in authorities(releases).items())
    return {code: (before, after) for code, (before, after) in pairs if not before.reasons and not after.reasons}


def sample(
    year: int, releases: Releases, usable: Mapping[str, tuple[Statement, Statement]], many: int
) -> list[Authority]:
    """The authorities of the test, of those whose referrals are counted alike in both years."""
    every = authorities(releases)
    kept = {c: pair for c, pair in usable.items() if pair[1].change.verdict is not Verdict.DECLINE}
    say(f"{year} to {year + 1}: {len(kept)} of {len(every)} usable, {len(usable) - len(kept)} more declined")
    return chosen([(every[code], pair[0].told["referrals"].value) for code, pair in kept.items()], many)


def history_before(releases: Releases, measures: Mapping[str, bool], year: int) -> History:
    """Changes of each figure up to a year; `measures` are figures by name, and whether each is a share."""
    changes: dict[str, dict[str, list[float]]] = {name: defaultdict(list) for name in measures}
    for authority in authorities(releases).values():
        told = {y: statement_of(releases, authority, y).told for y in authority.years if y <= year}
        for one in sorted(told):
            for name, is_share in measures.items():
                before, after = (told[y].get(name) if y in told else None for y in (one - 1, one))
                if before is not None and after is not None and not before.borrowed and not after.borrowed:
                    change = _plain(after.value, is_share=is_share) - _plain(before.value, is_share=is_share)
                    changes[name][authority.code].append(change)
    return History(changes)


def _plain(value: float, *, is_share: bool) -> float:
    if is_share:
        kept = min(max(value, 1e-3), 1 - 1e-3)
        return float(np.log(kept / (1 - kept)))
    return float(np.log(max(value, 1e-3)))


def told_of(
    authority: Authority, statements: tuple[Statement, Statement], prior: Prior, options: argparse.Namespace,
    history: History,
) -> Told:  # fmt: skip
    """What was foretold of one authority, figure by figure, and what its fit made of the figures held out."""
    before, after = statements
    drawing = Drawing(before_fitting(before, prior), prior)
    found, moved = _moves(drawing, settled(before, prior), settled(after, prior), options)
    random = np.random.default_rng([SEED, before.year, int(authority.code)])
    targets = drawing.base.held_against
    outcomes = (
        _outcome(authority, statements, target, (found.figures[:, place], moved[:, place]), history, random)
        for place, target in enumerate(targets)
    )
    return Told(
        tuple(one for one in outcomes if one is not None), tuple(_held_out(authority, before.year, found, targets))
    )


def _outcome(
    authority: Authority, statements: tuple[Statement, Statement], target: Target, figures: tuple[Points, Points],
    history: History, random: np.random.Generator,
) -> Outcome | None:  # fmt: skip
    """What was foretold of one figure; None of demand, of what is borrowed or was never published twice before."""
    name = told_name(target.key[0])
    pair = [one.told.get(name) for one in statements]
    if not name or name in _KNOWN or any(one is None or one.borrowed for one in pair):
        return None
    last, now = (one.value for one in pair if one is not None)
    drift = history.drift(name, authority.code) * widened(name, statements[1].change.verdict)
    if not drift:  # the first years of a figure have no past to tell how far it drifts
        return None
    moves = np.array([on_scale(target, float(m)) - on_scale(target, float(f)) for f, m in zip(*figures, strict=True)])
    model = predicted(target, last, moves, drift, random)
    naive = predicted(target, last, np.zeros(1), drift, random)
    model_error, last_error = (
        abs(on_scale(target, one.middle) - on_scale(target, now)) / drift for one in (model, naive)
    )
    who, errors = (authority.name, statements[1].year), (model_error, last_error)
    return Outcome(*who, target.label, last, now, model, naive, *errors, target=target, moves=moves, drift=drift)


def _held_out(authority: Authority, year: int, found: Fit, targets: Sequence[Target]) -> Iterator[HeldOut]:
    fitted_places = set(targets_fitted(targets))
    for place, target in enumerate(targets):
        if place not in fitted_places:
            low, high = np.quantile(found.figures[:, place], _ENDS)
            yield HeldOut(authority.name, year, target.label, bool(low <= target.expected <= high))


def _moves(drawing: Drawing, before: Draft, after: Draft, options: argparse.Namespace) -> tuple[Fit, Points]:
    """The fit, and each draw's figures of the next year, met by the same luck."""
    base = drawing.base
    keys = tuple(target.key for target in base.held_against)
    folder = options.keep / base.scenario.name
    with kept_years(FrontDoor(base.scenario.changed(NO_FOLLOW_UP), keys), folder, processes=options.processes) as years:
        found = fit(drawing, years, seed=FITTED_BY, budget=Budget.of(options.years))
    there = of_next_year(base.scenario, before, after).changed(NO_FOLLOW_UP)
    at_rest = numbers(there)
    asked = []
    for draw, luck in zip(found.draws, found.luck.tolist(), strict=True):
        told = numbers(of_next_year(base.scenario.changed(draw), before, after).changed(NO_FOLLOW_UP))
        asked.append(Year({p: v for p, v in told.items() if v != at_rest[p]}, FITTED_BY, luck))
    with kept_years(FrontDoor(there, keys), folder, processes=options.processes) as years:
        return found, years.figures(asked)


def table(found: Sequence[Outcome]) -> str:
    """The table, a row a figure, and what follows from all of it."""
    lines = [
        "| figure | told | in 80% | in 95% | last year in 80% | in 95% | score, model over last | error, likewise |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for label in dict.fromkeys(one.label for one in found):
        these = [one for one in found if one.label == label]
        ratio = statistics.mean(score(o, o.model) for o in these) / statistics.mean(score(o, o.last) for o in these)
        error = statistics.mean(o.model_error for o in these) / statistics.mean(o.last_error for o in these)
        cells = [f"{_inside(these, which, level):.0%}" for which in ("model", "last") for level in (_NARROW, _WIDE)]
        lines.append(f"| {label} | {len(these)} | {' | '.join(cells)} | {ratio:.2f} | {error:.2f} |")
    return "\n".join([*lines, "", *_summary(found)])


def held_out_table(found: Sequence[HeldOut]) -> str:
    """Of the figures that no fit used, how many lay in 95% of what was modelled: a row a figure, and of all."""
    lines = ["| figure held out | fits | in 95% |", "|---|---|---|"]
    for label in (*dict.fromkeys(one.label for one in found), ALL_OF_THEM):
        these = [one for one in found if label in {one.label, ALL_OF_THEM}]
        lines.append(f"| {label} | {len(these)} | {statistics.mean(one.inside for one in these):.0%} |")
    by_authority: dict[tuple[str, int], list[HeldOut]] = defaultdict(list)
    for one in found:
        by_authority[one.authority, one.year].append(one)
    worst = sorted(by_authority, key=lambda who: statistics.mean(one.inside for one in by_authority[who]))[:_MOST_NAMED]
    lines += ["", "| where least lie inside | inside | those outside |", "|---|---|---|"]
    for who in worst:
        outside = [one.label for one in by_authority[who] if not one.inside]
        inside = len(by_authority[who]) - len(outside)
        lines.append(f"| {who[0]}, {who[1]} | {inside} of {len(by_authority[who])} | {'; '.join(outside)} |")
    return "\n".join(lines)


def misses(found: Sequence[Outcome]) -> str:
    """The figures furthest from what was foretold, in their drifts."""
    lines = [
        "| authority | year | figure | year before | published | foretold, 95% | error, drifts | last year's |",
        "|---|---|---|---|---|---|---|---|",
    ]
    furthest = sorted(found, key=lambda one: -one.model_error)[:_MOST_NAMED]
    lines += [
        f"| {one.authority} | {one.year} | {_row(one)} | {one.model_error:.1f} | {one.last_error:.1f} |"
        for one in furthest
    ]
    return "\n".join(lines)


def apart(found: Sequence[Outcome]) -> str:
    """One authority's figures, each by itself."""
    lines = ["| figure | year before | published | foretold, 95% | inside |", "|---|---|---|---|---|"]
    for one in found:
        inside = one.model.low_95 <= one.published <= one.model.high_95
        lines.append(f"| {_row(one)} | {'yes' if inside else '**no**'} |")
    return "\n".join(lines)


def _row(one: Outcome) -> str:
    told = f"{one.model.middle:.3g} ({one.model.low_95:.3g} to {one.model.high_95:.3g})"
    return f"{one.label} | {one.before:.3g} | {one.published:.3g} | {told}"


def _inside(found: Sequence[Outcome], which: str, level: int) -> float:
    inside = 0
    for one in found:
        interval = one.model if which == "model" else one.last
        narrow, wide = (interval.low_80, interval.high_80), (interval.low_95, interval.high_95)
        low, high = narrow if level == _NARROW else wide
        inside += low <= one.published <= high
    return inside / len(found)


def score(outcome: Outcome, interval: Interval) -> float:
    """The interval score of an 80% range."""
    return winkler(interval.low_80, interval.high_80, outcome.published, 0.8)


def _summary(found: Sequence[Outcome]) -> Iterator[str]:
    """Over all figures, each score in widths of last year's own range, so that figures of all units count alike."""
    gains = np.array(
        [(score(o, o.last) - score(o, o.model)) / max(o.last.high_80 - o.last.low_80, 1e-9) for o in found]
    )
    error = clustered_error(gains, [one.authority for one in found])
    better = gains.mean() > 2 * error
    yield (
        f"{len(found)} figures of {len({one.authority for one in found})} authorities: the model's 80% ranges held "
        f"{_inside(found, 'model', _NARROW):.1%} and its 95% ranges {_inside(found, 'model', _WIDE):.1%}; last year's "
        f"{_inside(found, 'last', _NARROW):.1%} and {_inside(found, 'last', _WIDE):.1%}."
    )
    errors = [[getattr(one, which) for one in found] for which in ("model_error", "last_error")]
    model, last = map(statistics.mean, errors)
    yield f"Mean error of the middle, in drifts: {model:.3f}; last year's {last:.3f}."
    yield (
        f"Score gained on last year's, in widths of its 80% range: {gains.mean():+.4f} (standard error {error:.4f}, by "
        f"authority): {'better than last year' if better else 'no better than last year'}."
    )


def say(line: str) -> None:
    """A line at once, for whoever waits."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    """Run it for every pair of years asked for, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("published", type=Path, nargs="+")
    parser.add_argument("--from", dest="first", type=int, required=True)
    parser.add_argument("--to", dest="last", type=int, required=True)
    parser.add_argument("--authorities", type=int, default=30)
    parser.add_argument("--apart", metavar="NAME", help="an authority to be told by itself, also where it is declined")
    parser.add_argument("--years", type=int, default=Budget().years)
    parser.add_argument("--keep", type=Path, default=Path("results/next-year"))
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    releases, prior = read_releases(options.published), shipped_prior()
    found = [one for year in range(options.first, options.last) for one in of_years(year, releases, prior, options)]
    if not any(told.outcomes for told in found):
        sys.exit("No authority gives a year that can be told from the one before it.")
    alone = [one for told in found for one in told.outcomes if one.authority == options.apart]
    if alone:
        say(f"\n{options.apart}, told apart and not counted below:\n\n{apart(alone)}")
    outcomes = [one for told in found for one in told.outcomes if one.authority != options.apart]
    held_out = [one for told in found for one in told.held_out if one.authority != options.apart]
    say(f"\n{table(outcomes)}\n\n{held_out_table(held_out)}\n\n{misses(outcomes)}")


def of_years(year: int, releases: Releases, prior: Prior, options: argparse.Namespace) -> Iterator[Told]:
    """What is told of one pair of years, authority by authority."""
    every, usable = authorities(releases), usable_pairs(year, releases)
    sampled = sample(year, releases, usable, options.authorities)
    measures = {told_name(e["measure"]): e["kind"] == "share" for e in prior.targets if told_name(e["measure"])}
    history = history_before(releases, measures, year)
    besides = [one for code, one in every.items() if one.name == options.apart and code in usable]
    for authority in dict.fromkeys([*sampled, *besides]):
        try:
            yield told_of(authority, usable[authority.code], prior, options, history)
            say(f"  {authority.name}: fitted")
        except (PublishedError, ScenarioError) as error:
            say(f"  {authority.name}: declined, {error}")


if __name__ == "__main__":
    main()
