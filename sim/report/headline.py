"""What a comparison comes to: the measures that lead, how each scenario stands, and how its safety checks do."""

import math
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from sim.experiment import Comparison, Estimate, SafetyResult, SameChildren, ScenarioResult
from sim.measures import GROUPS, MEASURES, Better, Measure, WaitFor
from sim.report.wording import Number, error_of, is_nothing, is_told, sentence, with_unit

MEASURE = {measure.id: measure for measure in MEASURES}
GROUP_LABEL = {group.id: group.label for group in GROUPS}

ALL, NOT_IMMEDIATE = "all", "not_immediate"
SHOWN_GROUPS = (ALL, NOT_IMMEDIATE)
BY_ABUSE = ("domestic_abuse", "not_domestic_abuse")
"""Shown beside them where a scenario has a team for domestic abuse: the other children wait for whom it leaves."""
SHOWN_WAITS = (WaitFor.OUR_STAFF, WaitFor.CLOSED_HOURS, WaitFor.OTHERS)
"""What waits for our staff, whose nights and weekends are part of it, then what does not."""
DAYS = "days"
HOURS_PER_DAY = 24

MEDIAN = "days_to_seen_q50"
NINE_IN_TEN = "days_to_seen_q90"
WORKING_MEDIAN = "working_days_to_seen_q50"
WORKING_NINE_IN_TEN = "working_days_to_seen_q90"
BEYOND_10 = "beyond_10_days_per_month_count"
BEYOND_20 = "beyond_20_days_per_month_count"
SEEN_WITHIN = {days: f"seen_within_{days}_day{'' if days == 1 else 's'}_share" for days in (1, 5, 10, 20)}
REFERRED = "referred_children_count"
IMMEDIATE_SEEN = ("days_to_seen_q90", "immediate")

LEVELS = (
    MEDIAN,
    NINE_IN_TEN,
    WORKING_MEDIAN,
    WORKING_NINE_IN_TEN,
    *SEEN_WITHIN.values(),
    BEYOND_10,
    BEYOND_20,
)
CHANGES = (MEDIAN, NINE_IN_TEN, SEEN_WITHIN[10], BEYOND_10, BEYOND_20)


class Told(StrEnum):
    """How a change for the better or the worse can be told from nothing."""

    BETTER = "better"
    WORSE = "worse"
    NONE = "no change"
    TOO_FEW_RUNS = "too few runs to tell"


class Standing(StrEnum):
    """How a safety check stands under a scenario."""

    WORSE = "worse"
    WORSE_NOT_TOLD = "worse in these runs, too few to tell"
    NOT_RULED_OUT = "too few runs to rule out worse"
    NO_WORSE = "no worse"
    NOT_MEASURED = "not measured"


class Disagreement(NamedTuple):
    """A change for all children of a group and one for the same children, shown with opposite signs."""

    group: str
    measure: str
    change: Estimate
    same: SameChildren


def variants(comparison: Comparison) -> tuple[ScenarioResult, ...]:
    """The scenarios other than the baseline."""
    return comparison.scenarios[1:]


def told(measure: str, change: Estimate) -> Told:
    """Whether a change of a measure is told from nothing, and which way; too small to show counts as nothing."""
    found = MEASURE[measure]
    if not is_told(change):
        return Told.TOO_FEW_RUNS
    if is_nothing(Number(change.mean, found.unit, signed=True)):
        return Told.NONE
    return Told.BETTER if improves(found, change.mean) else Told.WORSE


def improves(measure: Measure, change: float) -> bool:
    """Whether a change of this sign is the better way."""
    return change > 0 if measure.better is Better.HIGHER else change < 0


def share_improving(measure: Measure, change: Estimate) -> float | None:
    """The share of plausible sets of numbers under which a change is for the better; None where that is not told."""
    share = change.below_zero if measure.better is Better.LOWER else change.above_zero
    return None if measure.better is Better.NEITHER or math.isnan(share) else share


def standing(result: SafetyResult) -> Standing:
    """How a safety check stands, its margin and the simulation error both considered."""
    change, check = result.change, result.check
    if change.runs == 0:
        return Standing.NOT_MEASURED
    if result.is_worse:
        return Standing.WORSE if is_told(change) else Standing.WORSE_NOT_TOLD
    error = error_of(change)
    if error is None:
        return Standing.NOT_RULED_OUT
    higher = check.better is Better.HIGHER
    at_worst = -error.low if higher else error.high
    return Standing.NOT_RULED_OUT if at_worst > check.margin else Standing.NO_WORSE


def safety_change(result: SafetyResult) -> str:
    """A safety check's label and change: `Section 47 seen within one working day (-2 points)`.

    A change of days that would show as nought is told in hours.
    """
    change = Number(result.change.mean, result.check.unit, signed=True)
    if result.check.unit == DAYS and is_nothing(change):
        change = Number(result.change.mean * HOURS_PER_DAY, "hours", signed=True)
    return f"{result.check.label} ({with_unit(change)})"


def safety_in_words(scenario: ScenarioResult) -> str:
    """A scenario's safety checks in one phrase, each worse one named."""
    if scenario.is_unchanged:
        return "nothing changed in any run"
    openings = {
        Standing.WORSE: "safety check worse: ",
        Standing.WORSE_NOT_TOLD: "worse in these runs, too few to tell: ",
    }
    worse = {how: [safety_change(r) for r in scenario.safety if standing(r) is how] for how in openings}
    parts = [opening + "; ".join(worse[how]) for how, opening in openings.items() if worse[how]]
    if parts:
        return ". ".join([parts[0], *map(sentence, parts[1:])])
    found = [standing(result) for result in scenario.safety]
    doubts = ((Standing.NOT_RULED_OUT, "too few runs to rule out worse for"), (Standing.NOT_MEASURED, "not measured:"))
    unsure = [f"{words} {found.count(doubt)} of {len(found)}" for doubt, words in doubts if doubt in found]
    return "; ".join(["none found worse", *unsure]) if unsure else "none worse"


def disagreements(scenario: ScenarioResult) -> Iterator[Disagreement]:
    """Where the change for all children and the change for the same children are shown with opposite signs."""
    for group in SHOWN_GROUPS:
        same = scenario.same_children[group]
        for measure in (MEDIAN, NINE_IN_TEN):
            change = scenario.changes[measure, group]
            shown = not any(is_nothing(Number(e.mean, DAYS)) for e in (change, same.mean_change_days))
            if shown and change.mean * same.mean_change_days.mean < 0:
                yield Disagreement(group, measure, change, same)


def simulated_span(comparison: Comparison) -> tuple[str, str]:
    """What one run covers, as a noun and what follows it: a year, or a period of so many days."""
    return span_of(comparison.baseline)


def span_of(scenario: ScenarioResult) -> tuple[str, str]:
    """The same of one scenario."""
    days = len(scenario.open_work["open_contacts"])
    return ("year", "") if days in {365, 366} else ("period", f" of {days} days")
