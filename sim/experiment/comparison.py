"""Scenarios compared: paired by draw and replication, and child by child."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.experiment.assumptions import Assumed, assumed
from sim.experiment.estimates import Estimate, estimate
from sim.experiment.later import CONFIDENCE, Between, Key, Later, between, laters
from sim.experiment.months import MonthOfWork, months_of_work
from sim.experiment.plan import Plan, Unvaried
from sim.experiment.queueing import queue_estimates
from sim.experiment.runs import CellResult
from sim.experiment.starts import Start
from sim.experiment.steady import Drift, drift
from sim.experiment.varied import Varied, by_draw, varied
from sim.measures import MEASURES, SAFETY, Better, Cohort, SafetyCheck
from sim.measures.measure import GROUPS
from sim.scenario import Basis
from sim.working_time import MINUTES_PER_DAY
from sim.world.opening import OpenWork


@dataclass(frozen=True, slots=True)
class SameChildren:
    """Children referred under both scenarios and seen in both: how their days to seen changed.

    `mean_change_days` averages over these children; `longer` and `sooner` count those whose wait changed by half a day
    or more. `diverted` children are referred in the baseline only, `newly_referred` in the scenario only. Counts are
    averages a run.
    """

    mean_change_days: Estimate
    same: float
    longer: float
    sooner: float
    diverted: float
    newly_referred: float


@dataclass(frozen=True, slots=True)
class SafetyResult:
    """One safety check of one scenario against the baseline.

    `is_worse` where the change is for the worse by more than the margin, or by less but told from nothing.
    """

    check: SafetyCheck
    change: Estimate
    is_worse: bool


@dataclass(frozen=True, slots=True)
class ScenarioResult:
    """One scenario: its levels, and against the baseline its changes (empty for the baseline itself).

    Keys are (measure id, group id). Changes are scenario less baseline in the measure's units. `is_unchanged` where
    every run is the baseline's, event for event. The baseline has no `start`; `later` holds what is read from each day
    on which some scenario of the comparison is all there, if this one is by then. `inherited` are the levels of what
    became of the open work that the comparison started from, by measure id, and `inherited_changes` their changes;
    both are empty where it started from none. `assumed` are the effects that it assumes and nobody has measured;
    `has_domestic_abuse_team`, whether it moves work about domestic abuse to a team of its own, so that other children
    are to be shown beside those. `by_draw` maps each measure that leads, of all children, to its mean under each set of
    numbers that was met; `months` is its open work month by month. `queue_levels` and `queue_changes` tell how long
    children stand in each queue and how many, by the names of `queueing`.
    """

    name: str
    title: str
    summary: str
    levels: Mapping[Key, Estimate]
    changes: Mapping[Key, Estimate]
    same_children: Mapping[str, SameChildren]
    safety: tuple[SafetyResult, ...]
    open_work: Mapping[str, NDArray[np.float64]]
    stage_days: Mapping[str, NDArray[np.float64]]
    is_unchanged: bool = False
    drift: Drift | None = None
    start: Start | None = None
    later: tuple[Later, ...] = ()
    inherited: Mapping[str, Estimate] = field(default_factory=dict)
    inherited_changes: Mapping[str, Estimate] = field(default_factory=dict)
    assumed: tuple[Assumed, ...] = ()
    has_domestic_abuse_team: bool = False
    by_draw: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)
    months: tuple[MonthOfWork, ...] = ()
    queue_levels: Mapping[str, Estimate] = field(default_factory=dict)
    queue_changes: Mapping[str, Estimate] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Started:
    """The open work that every scenario started from.

    `unlike` says whether there was a recorded family that no simulated one was quite like; `borrowed` is how many
    simulated families stood for those at steps the record does not tell, on average over runs.
    """

    work: OpenWork
    unlike: bool
    borrowed: float


@dataclass(frozen=True, slots=True)
class StartedBefore:
    """What a comparison that was read again still tells of the open work it started from: no child of it, only words.

    `children` counts those of each stage in words, small counts hidden; `sentences` are what was said of the start.
    """

    as_at: date
    format: str
    fingerprint: str
    children: Mapping[str, str]
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A comparison: every scenario, the baseline first, with what was run.

    In each scenario `open_work` maps an `OpenWork` count to its mean over runs for each day of the year, shape
    (days,); `stage_days` maps a group to mean days, shape (4, 3) as `Stage` by `WaitFor`. `first_day` is that of
    the year. `warnings` are the plan's. `started` says from what open work it started, if from any. `between` sets
    each scenario against each other one; `unvaried` are the numbers that no set of plausible numbers varies,
    `basis` what a fitted baseline rests on. `is_calibrated` and `past_months` are the plan's. `varied` are the
    numbers that differ between the sets that were met, in the order of their numbers, which each scenario's
    `by_draw` keeps too.
    """

    scenarios: tuple[ScenarioResult, ...]
    replications: int
    draws: int
    seed: int
    confidence: float
    first_day: date
    warnings: tuple[str, ...] = ()
    started: Started | StartedBefore | None = None
    between: Between = field(default_factory=dict)
    unvaried: tuple[Unvaried, ...] = ()
    is_calibrated: bool = False
    past_months: tuple[str, ...] = ()
    basis: Basis | None = None
    varied: tuple[Varied, ...] = ()

    @property
    def baseline(self) -> ScenarioResult:
        """The scenario the others are compared with."""
        return self.scenarios[0]


def compare(plan: Plan, results: Sequence[CellResult]) -> Comparison:
    """The comparison that the results of a plan's cells amount to, whatever order they came in."""
    results = sorted(results, key=lambda result: result.cell.replication)
    draws = np.array([result.cell.draw for result in results], dtype=np.int64)
    # One statement about all scenarios at once: Bonferroni over the comparisons with the baseline.
    confidence = 1 - (1 - CONFIDENCE) / max(len(plan.variants), 1)
    titles = [(plan.baseline.name, plan.baseline.title), *((v.name, v.title) for v in plan.variants)]
    summaries = [plan.baseline.summary, *(str(v.differences.get("summary", "")) for v in plan.variants)]
    starts = (None, *plan.starts)
    scenarios = tuple(
        _scenario(number, title, summaries[number], results, draws, confidence, starts[number])
        for number, title in enumerate(titles)
    )
    scenarios = _with_what_they_are(plan, scenarios, draws)
    scenarios = _with_months(plan, scenarios, results, draws, confidence)
    if plan.opening is not None:
        scenarios = tuple(
            _with_what_became(scenario, number, plan.opening, results, draws, confidence)
            for number, scenario in enumerate(scenarios)
        )
    return Comparison(
        scenarios,
        len(results),
        len(set(draws.tolist())),
        plan.seed,
        confidence,
        plan.baseline.calendar.first_day,
        warnings=tuple(plan.warnings()),
        started=None if plan.opening is None else _started(plan.opening, results),
        between=between(results, [name for name, _ in titles], draws),
        unvaried=plan.unvaried,
        is_calibrated=plan.is_calibrated,
        past_months=plan.past_months,
        basis=plan.basis,
        varied=varied(plan, draws),
    )


def _with_what_they_are(
    plan: Plan, scenarios: tuple[ScenarioResult, ...], draws: NDArray[np.int64]
) -> tuple[ScenarioResult, ...]:
    """The scenarios with what each assumes and whether it has a team for domestic abuse."""
    effects = assumed(plan, draws.tolist())
    return tuple(
        replace(result, assumed=effects.get(result.name, ()), has_domestic_abuse_team=scenario.domestic_abuse_team.on)
        for result, scenario in zip(scenarios, plan.scenarios(0), strict=True)
    )


def _with_months(
    plan: Plan,
    scenarios: tuple[ScenarioResult, ...],
    results: Sequence[CellResult],
    draws: NDArray[np.int64],
    confidence: float,
) -> tuple[ScenarioResult, ...]:
    """The scenarios with their open work month by month, and with their queues."""
    hidden = 0 if plan.opening is None else _hidden_days(plan.opening)
    first_day, sure = plan.baseline.calendar.first_day, (CONFIDENCE, confidence)
    found = []
    for number, scenario in enumerate(scenarios):
        months = months_of_work(results, number, draws, sure, first_day, hidden)
        levels, changes = queue_estimates(results, number, draws, sure, hidden)
        found.append(replace(scenario, months=months, queue_levels=levels, queue_changes=changes))
    return tuple(found)


def _hidden_days(work: OpenWork) -> int:
    """The first days on which open work would give away a small count of real children."""
    is_small = any(1 <= count <= SMALL_COUNT for count in work.children_by_stage().values())
    return DAYS_LIKE_THE_START if is_small else 0


def _started(work: OpenWork, results: Sequence[CellResult]) -> Started:
    borrowed = float(np.mean([result.borrowed for result in results]))
    return Started(work, any(result.unlike for result in results), borrowed)


def _scenario(
    number: int,
    title: tuple[str, str],
    summary: str,
    results: Sequence[CellResult],
    draws: NDArray[np.int64],
    confidence: float,
    start: Start | None,
) -> ScenarioResult:
    levels = {key: _values(results, number, key) for key in KEYS}
    changes = {key: values - _values(results, 0, key) for key, values in levels.items()} if number else {}
    changed = {key: estimate(values, draws, confidence=confidence) for key, values in changes.items()}
    runs = [result.readings[number] for result in results]
    pairings = [_pairing(result.readings[0].cohort, run.cohort) for result, run in zip(results, runs, strict=True)]
    same = {g: _same_children(pairings, g, draws, confidence) for g in PAIRED_GROUPS} if number else {}
    return ScenarioResult(
        name=title[0],
        title=title[1],
        summary=summary,
        levels={key: estimate(values, draws, confidence=CONFIDENCE) for key, values in levels.items()},
        changes=changed,
        same_children=same,
        safety=tuple(_safety(check, changed, same) for check in SAFETY) if number else (),
        open_work={name: np.mean([getattr(run.open_work, name) for run in runs], axis=0) for name in OPEN_WORK_COUNTS},
        stage_days={g: np.mean([run.stages[g].mean_days for run in runs], axis=0) for g in runs[0].stages},
        drift=drift(results, number, since=max(start.in_place, 0) if start else 0),
        start=start,
        later=() if start is None else laters(results, number, draws, confidence, start),
        by_draw={name: by_draw(levels[name, "all"], draws) for name in LEADING},
        is_unchanged=bool(number) and all(r.readings[number].log_hash == r.readings[0].log_hash for r in results),
    )


LEADING = ("days_to_seen_q50", "days_to_seen_q90", "seen_within_10_days_share", "beyond_10_days_per_month_count")
"""The measures whose means under each set of numbers are kept."""
KEYS: tuple[Key, ...] = tuple((m.id, group.id) for m in MEASURES for group in m.groups)
OPEN_WORK_COUNTS = ("open_contacts", "unallocated_children", "open_assessments", "unseen_children")
PAIRED_GROUPS = ("all", "not_immediate", "domestic_abuse", "not_domestic_abuse")
SHOWN_SHARE = 0.2
"""Of a safety check's margin: a worsening of less would not show in the figures as they are printed."""
SMALL_COUNT = 5
"""A count of real children from 1 to this is not to be worked out from anything shown."""
DAYS_LIKE_THE_START = 7
"""Open work of so many days may be just what it was at the start: over a long weekend nobody allocates."""
NOTICEABLE_MINUTES = MINUTES_PER_DAY // 2


def _values(results: Sequence[CellResult], number: int, key: Key) -> NDArray[np.float64]:
    return np.array([result.readings[number].readings[key] for result in results], dtype=np.float64)


def _with_what_became(
    scenario: ScenarioResult,
    number: int,
    work: OpenWork,
    results: Sequence[CellResult],
    draws: NDArray[np.int64],
    confidence: float,
) -> ScenarioResult:
    """A scenario with what became of the open work it started from.

    Open work day by day is nan in the first days where it would give away a small count.
    """
    levels = {name: _inherited(results, number, name) for name in results[0].readings[0].inherited}
    changes = {name: values - _inherited(results, 0, name) for name, values in levels.items() if number}
    hidden = _hidden_days(work)
    return replace(
        scenario,
        open_work={
            name: np.where(np.arange(len(days)) < hidden, np.nan, days) for name, days in scenario.open_work.items()
        },
        inherited={name: estimate(values, draws, confidence=CONFIDENCE) for name, values in levels.items()},
        inherited_changes={name: estimate(values, draws, confidence=confidence) for name, values in changes.items()},
    )


def _inherited(results: Sequence[CellResult], number: int, name: str) -> NDArray[np.float64]:
    return np.array([result.readings[number].inherited[name] for result in results], dtype=np.float64)


def _safety(check: SafetyCheck, changes: Mapping[Key, Estimate], same: Mapping[str, SameChildren]) -> SafetyResult:
    change = same[check.group.id].mean_change_days if check.is_paired else changes[check.measure, check.group.id]
    sign = 1.0 if check.better is Better.LOWER else -1.0
    worse = sign * change.mean
    is_told = change.is_told_from_zero and worse > check.margin * SHOWN_SHARE
    return SafetyResult(check, change, is_worse=worse > check.margin or is_told)


def _in_group(cohort: Cohort, group: str) -> NDArray[np.bool_]:
    place = [g.id for g in GROUPS].index(group)
    members: NDArray[np.bool_] = (cohort.groups >> place) & 1 == 1
    return members


class _Pairing(NamedTuple):
    """Two cohorts, and the places in each of the children that are in both."""

    base: Cohort
    other: Cohort
    of_base: NDArray[np.int64]
    of_other: NDArray[np.int64]


def _pairing(base: Cohort, other: Cohort) -> _Pairing:
    of_base, of_other = _identities(base, other)
    both = np.intersect1d(of_base, of_other, assume_unique=True, return_indices=True)
    return _Pairing(base, other, *both[1:])


def _identities(*cohorts: Cohort) -> list[NDArray[np.int64]]:
    """A whole number for every child, the same in each cohort it is in: numbers are matched far sooner than pairs."""
    _, place = np.unique(np.concatenate([cohort.contact for cohort in cohorts]), return_inverse=True)
    children = np.concatenate([cohort.child for cohort in cohorts]).astype(np.int64)
    numbers = place * (int(children.max(initial=0)) + 1) + children
    return np.split(numbers, np.cumsum([len(cohort.contact) for cohort in cohorts])[:-1])


def _same_children(
    pairings: Sequence[_Pairing], group: str, draws: NDArray[np.int64], confidence: float
) -> SameChildren:
    pairs = [_changes(pairing, group) for pairing in pairings]
    changes = [pair[0] for pair in pairs]
    means = np.array([change.mean() / MINUTES_PER_DAY if len(change) else np.nan for change in changes])
    return SameChildren(
        mean_change_days=estimate(means, draws, confidence=confidence),
        same=float(np.mean([len(change) for change in changes])),
        longer=float(np.mean([np.sum(change >= NOTICEABLE_MINUTES) for change in changes])),
        sooner=float(np.mean([np.sum(change <= -NOTICEABLE_MINUTES) for change in changes])),
        diverted=float(np.mean([pair[1] for pair in pairs])),
        newly_referred=float(np.mean([pair[2] for pair in pairs])),
    )


def _changes(pairing: _Pairing, group: str) -> tuple[NDArray[np.int64], int, int]:
    """The changes in minutes for a group's children seen in both, and how many are referred in one alone."""
    left, right = _in_group(pairing.base, group), _in_group(pairing.other, group)
    in_both = left[pairing.of_base] & right[pairing.of_other]
    before = pairing.base.seen_minutes[pairing.of_base[in_both]].astype(np.int64)
    after = pairing.other.seen_minutes[pairing.of_other[in_both]].astype(np.int64)
    seen = (before >= 0) & (after >= 0)
    matched = int(in_both.sum())
    return (after - before)[seen], int(left.sum()) - matched, int(right.sum()) - matched
