"""Small comparisons made by hand: every number is known because it was written down, nothing is simulated."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import numpy as np

from sim.experiment import Comparison, Estimate, Range, SafetyResult, SameChildren, ScenarioResult
from sim.experiment.comparison import KEYS, OPEN_WORK_COUNTS, PAIRED_GROUPS
from sim.experiment.later import Key
from sim.experiment.queueing import WORK, QueueName
from sim.measures import MEASURES, SAFETY, Better

DAYS_IN_YEAR = 365
REPLICATIONS, DRAWS, SEED = 24, 20, 7

Q50, Q90 = ("days_to_seen_q50", "all"), ("days_to_seen_q90", "all")
Q90_WORKING = ("working_days_to_seen_q90", "all")
Q90_NOT_IMMEDIATE = ("days_to_seen_q90", "not_immediate")
Q90_IMMEDIATE = ("days_to_seen_q90", "immediate")
WITHIN_10 = ("seen_within_10_days_share", "all")
BEYOND_10 = ("beyond_10_days_per_month_count", "all")
BEYOND_20 = ("beyond_20_days_per_month_count", "all")
REFERRED = ("referred_children_count", "all")
SECTION_47 = ("section_47_seen_within_1_working_day_share", "all")

HEADLINE_LEVELS: Mapping[Key, float] = {
    Q50: 6.4,
    Q90: 13.8,
    Q90_WORKING: 9.4,
    Q90_NOT_IMMEDIATE: 14.2,
    WITHIN_10: 0.783,
    BEYOND_10: 62.9,
    BEYOND_20: 6.3,
    REFERRED: 4321.0,
}

_ORDINARY = {"share": 0.37, "days": 4.4, "working days": 3.3, "hours": 5.5}


def an_estimate(
    mean: float,
    *,
    error: float | None = 0.1,
    unknown: tuple[float, float] | None = None,
    runs: int = REPLICATIONS,
) -> Estimate:
    """A mean, the half-width of its simulation error, and the ends of what we do not know."""
    return Estimate(
        mean=mean,
        simulation=None if error is None else Range(mean - error, mean + error),
        unknown=None if unknown is None else Range(*unknown),
        year=Range(mean - 1, mean + 1),
        below_zero=0.75 if mean < 0 else 0.25,
        above_zero=0.25 if mean < 0 else 0.75,
        runs=runs,
    )


def nothing_known() -> Estimate:
    """What comes of no observation at all."""
    return Estimate(float("nan"), None, None, None, float("nan"), float("nan"), 0)


def no_change() -> Estimate:
    """Exactly nothing, in every run."""
    nothing = Range(0.0, 0.0)
    return Estimate(0.0, nothing, nothing, nothing, 0.0, 0.0, REPLICATIONS)


def levels(changes: Mapping[Key, Estimate]) -> dict[Key, Estimate]:
    """The baseline's levels, moved by the changes."""
    found = {}
    for measure in MEASURES:
        for group in measure.groups:
            key = (measure.id, group.id)
            level = HEADLINE_LEVELS.get(key, _ORDINARY.get(measure.unit, 41.0))
            moved = changes[key].mean if key in changes else 0.0
            found[key] = an_estimate(level + moved, unknown=(level + moved - 0.3, level + moved + 0.4))
    return found


def a_scenario(
    name: str,
    title: str,
    changes: Mapping[Key, Estimate] | None = None,
    *,
    same: float = -0.3,
    summary: str = "",
    queues: Mapping[str, Estimate] | None = None,
) -> ScenarioResult:
    """A scenario that changes what is given and nothing else; the baseline where `changes` is None."""
    in_queues = dict.fromkeys((*QueueName, *WORK), no_change()) | {**(queues or {})}
    every = None if changes is None else {key: changes.get(key, no_change()) for key in KEYS}
    return ScenarioResult(
        name=name,
        title=title,
        summary=summary,
        levels=levels(changes or {}),
        changes=every or {},
        same_children={} if every is None else {group: same_children(same) for group in PAIRED_GROUPS},
        safety=() if every is None else safety(every, same),
        open_work={
            name: np.linspace(place * 10 + 5.0, place * 10 + 15.0, DAYS_IN_YEAR)
            for place, name in enumerate(OPEN_WORK_COUNTS)
        },
        stage_days={group: np.arange(12.0).reshape(4, 3) / 10 + 0.01 for group in ("all", "not_immediate")},
        queue_levels=dict.fromkeys((*QueueName, *WORK), an_estimate(40.0, unknown=(35.0, 44.0))),
        queue_changes={} if changes is None else in_queues,
    )


def same_children(change: float) -> SameChildren:
    """Children in both, whose days changed by this much on average."""
    return SameChildren(an_estimate(change, unknown=(change - 0.2, change + 0.2)), 3471.2, 512.8, 642.4, 5.1, 7.9)


def safety(changes: Mapping[Key, Estimate], same: float) -> tuple[SafetyResult, ...]:
    """The safety checks as the changes leave them; children outside domestic abuse as the same children do."""
    results = []
    for check in SAFETY:
        change = same_children(same).mean_change_days if check.is_paired else changes[check.measure, check.group.id]
        wrong_way = change.mean if check.better is Better.LOWER else -change.mean
        results.append(SafetyResult(check, change, is_worse=wrong_way > check.margin))
    return tuple(results)


def a_comparison(*variants: ScenarioResult, draws: int = DRAWS, replications: int = REPLICATIONS) -> Comparison:
    """The baseline and these scenarios."""
    baseline = a_scenario("county", "The county as it is", summary="As published.")
    return Comparison((baseline, *variants), replications, draws, SEED, 0.95, date(2018, 4, 1))


MORE_WORKERS = a_scenario(
    "more-workers",
    "More social workers",
    {
        Q50: an_estimate(-0.6, unknown=(-0.9, -0.2)),
        Q90: an_estimate(-1.8, error=0.4, unknown=(-2.6, -0.7)),
        Q90_WORKING: an_estimate(-1.2),
        Q90_NOT_IMMEDIATE: an_estimate(-1.9, error=0.4, unknown=(-2.7, -0.8)),
        WITHIN_10: an_estimate(0.052, error=0.013, unknown=(0.021, 0.083)),
        BEYOND_10: an_estimate(-17.6, error=3.2, unknown=(-26.0, -7.7)),
    },
    same=-0.9,
    summary="Six more from the same date.",
)
QUICKER = a_scenario(
    "quicker",
    "Quicker replies & checks",
    {Q90: an_estimate(-0.2, error=0.5, unknown=(-0.2, -0.2))},
    same=0.4,
)
SHOCK = a_scenario(
    "shock",
    "A vacancy shock",
    {
        Q90: an_estimate(1.1, error=0.3, unknown=(0.4, 2.0)),
        Q90_IMMEDIATE: an_estimate(0.4, error=0.1, unknown=(0.1, 0.8)),
        SECTION_47: an_estimate(-0.021, error=0.03, unknown=(-0.05, 0.01)),
    },
    same=0.7,
)


def three_scenarios() -> Comparison:
    """The baseline with one that helps, one not told, and one that harms."""
    return a_comparison(MORE_WORKERS, QUICKER, SHOCK)


def with_one_draw(scenario: ScenarioResult) -> ScenarioResult:
    """The same scenario as if what we do not know had not been explored."""
    changes = {key: replace(change, unknown=None) for key, change in scenario.changes.items()}
    same = {
        group: replace(found, mean_change_days=replace(found.mean_change_days, unknown=None))
        for group, found in scenario.same_children.items()
    }
    checks = safety(changes, same["not_domestic_abuse"].mean_change_days.mean)
    return replace(
        scenario,
        changes=changes,
        same_children=same,
        safety=checks,
    )
