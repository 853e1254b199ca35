"""The tables of a comparison as plain rows, for CSV files, the workbook and whoever else counts on them."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sim.experiment import Comparison, Estimate, Later, Range, ScenarioResult
from sim.experiment.estimates import FEWEST_DRAWS, FEWEST_REPEATS
from sim.measures import MEASURES, STAGE_LABELS, WAIT_LABELS, Stage
from sim.measures.inherited import INHERITED
from sim.report import assumptions, basis
from sim.report.headline import (
    BEYOND_10,
    DAYS,
    GROUP_LABEL,
    LEVELS,
    MEASURE,
    NINE_IN_TEN,
    SHOWN_GROUPS,
    SHOWN_WAITS,
    disagreements,
    safety_change,
    share_improving,
    standing,
    variants,
)
from sim.report.starts import later_groups
from sim.report.wording import SHARE, SIMULATED, Number, changed_nothing, error_of, not_told, not_told_of_change

Cell = Number | str | int | None
Row = tuple[Cell, ...]

LEVEL_RANGES = ("simulation error of the level", "what we do not know about the level", "the level in one year")
CHANGE_RANGES = ("simulation error of the change", "what we do not know about the change", "the change in one year")
OPEN_WORK_LABEL = {
    "open_contacts": "open contacts",
    "unallocated_children": "unallocated children",
    "unseen_children": "referred children unseen",
    "open_assessments": "open assessments",
}


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings that name their units; every row says that it is simulated. `meaning` explains it."""

    name: str
    title: str
    meaning: str
    headings: tuple[str, ...]
    rows: tuple[Row, ...]


def tables(comparison: Comparison) -> tuple[Table, ...]:
    """Every table, the headline first; later contacts, assumptions and what was learned only where there are any."""
    makers = [summary, measures, later, safety, assumed, learned, same_children, open_work, stages]
    makers += [inherited] if comparison.started is not None else []
    return tuple(table for make in makers if (table := make(comparison)).rows or make not in (later, assumed, learned))


def summary(comparison: Comparison) -> Table:
    """The headline: one row a scenario and group, levels, then the changes that lead with their two ranges."""
    leading = [
        (NINE_IN_TEN, "calendar days within which nine in ten are seen"),
        (BEYOND_10, "children a month beyond 10 days"),
    ]
    headings = [f"{MEASURE[m].label.replace('the children', 'them')}{_heading_unit(MEASURE[m].unit)}" for m in LEVELS]
    for _, label in leading:
        headings += [f"change: {label}", *_ends(f"{label}, simulation error"), *_ends(f"{label}, what we do not know")]
    same = "same children, mean change (calendar days)"
    headings += [same, *_ends("same children, simulation error"), *_ends("same children, what we do not know")]
    rows = (
        _summary_row(comparison, scenario, group, [m for m, _ in leading])
        for scenario in comparison.scenarios
        for group in SHOWN_GROUPS
    )
    return _table(
        "summary",
        "Summary",
        "One row a scenario and group of children. Changes are this scenario less the baseline, in the same units and "
        "before rounding; "
        "empty for the baseline.",
        ("scenario", "title", "children", *headings, "safety checks worse", "not told"),
        rows,
    )


def _summary_row(comparison: Comparison, scenario: ScenarioResult, group: str, leading: list[str]) -> Row:
    cells: list[Cell] = [Number(scenario.levels[m, group].mean, MEASURE[m].unit) for m in LEVELS]
    changes = [(scenario.changes[m, group], MEASURE[m].unit) for m in leading] if scenario.changes else []
    if scenario.same_children:
        changes.append((scenario.same_children[group].mean_change_days, DAYS))
    for change, unit in changes:
        cells += [
            Number(change.mean, unit, signed=True),
            *_of_change(change, unit),
        ]
    if not changes:
        cells += [None] * (3 * 5)
    worse = "; ".join(safety_change(result) for result in scenario.safety if result.is_worse)
    notes = dict.fromkeys(note for change, _ in changes for note in not_told_of_change(change, comparison.draws))
    return (scenario.name, scenario.title, GROUP_LABEL[group], *cells, worse, "; ".join(notes))


def measures(comparison: Comparison) -> Table:
    """Every measure of every group under every scenario: the level, the change, and the ranges of both."""
    rows = (
        _measure_row(comparison, scenario, measure.id, group.id)
        for scenario in comparison.scenarios
        for measure in MEASURES
        for group in measure.groups
    )
    headings = ("scenario", "title", "measure", "label", "group", "children", "unit", "better when")
    level = ("level", *(end for name in LEVEL_RANGES for end in _ends(name)))
    change = ("change", *(end for name in CHANGE_RANGES for end in _ends(name)))
    return _table(
        "measures",
        "Every measure",
        "One row a scenario, measure and group. Shares are per cent, their changes percentage points. "
        f"{improving_note(comparison)}",
        (*headings, *level, *change, "sets of numbers under which it improves (%)", "simulated years", "not told"),
        rows,
    )


def improving_note(comparison: Comparison) -> str:
    """What the share of sets under which a change is for the better can and cannot tell."""
    if comparison.draws < FEWEST_DRAWS:
        return f"Under how many sets of numbers a change improves is told of {FEWEST_DRAWS} sets or more."
    mixed = comparison.replications - comparison.draws < FEWEST_REPEATS
    left = " Luck is in that share too: where a change is not told from none it says little."
    return (
        "The share of sets under which a change improves is of the averages of "
        f"{comparison.draws} sets; it is empty where they differ by no more than luck.{left if mixed else ''}"
    )


def _measure_row(comparison: Comparison, scenario: ScenarioResult, name: str, group: str) -> Row:
    measure, level, change = MEASURE[name], scenario.levels[name, group], scenario.changes.get((name, group))
    improving = None if change is None else share_improving(measure, change)
    return (
        scenario.name,
        scenario.title,
        name,
        measure.label,
        group,
        GROUP_LABEL[group],
        "%" if measure.unit == SHARE else measure.unit,
        str(measure.better),
        *_estimate(level, measure.unit, signed=False),
        *(_change(change, measure.unit) if change else (None,) * 7),
        None if improving is None else Number(improving, SHARE),
        level.runs,
        "; ".join(not_told_of_change(change, comparison.draws) if change else not_told(level, comparison.draws)),
    )


def later(comparison: Comparison) -> Table:
    """Days to seen of the children whose contact came once all is there that a scenario changes."""
    rows = (
        _later_row(comparison, scenario, found, date, measure, group)
        for date, scenarios in later_groups(comparison).items()
        for scenario, found in scenarios
        for measure, group in found.changes
    )
    headings = ("scenario", "title", "contacts received from", "measure", "label", "group", "children", "unit")
    change = ("change", *(end for name in CHANGE_RANGES for end in _ends(name)))
    return _table(
        "later_contacts",
        "Later contacts",
        "Every measure of days to seen for the contacts received from the date on at which all is there that a "
        "scenario adds or changes, whichever set of numbers holds; every scenario that is there by then. Part of a "
        "year has seasons of its own: the baseline's level is of the same contacts.",
        (*headings, "level", "level in the baseline", *change, "not told"),
        rows,
    )


def _later_row(
    comparison: Comparison, scenario: ScenarioResult, found: Later, date: str, measure: str, group: str
) -> Row:
    unit, change = MEASURE[measure].unit, found.changes[measure, group]
    return (
        scenario.name,
        scenario.title,
        date,
        measure,
        MEASURE[measure].label,
        group,
        GROUP_LABEL[group],
        "%" if unit == SHARE else unit,
        Number(found.levels[measure, group].mean, unit),
        Number(found.base[measure, group].mean, unit),
        *_change(change, unit),
        "; ".join(not_told_of_change(change, comparison.draws)),
    )


def safety(comparison: Comparison) -> Table:
    """Every safety check of every scenario."""
    rows = (
        (
            scenario.name,
            scenario.title,
            result.check.label,
            str(standing(result)),
            GROUP_LABEL[result.check.group.id],
            result.check.counted,
            _change_unit(result.check.unit),
            Number(result.check.margin, result.check.unit),
            Number(result.change.mean, result.check.unit, signed=True),
            *_of_change(result.change, result.check.unit),
            "; ".join(not_told_of_change(result.change, comparison.draws)),
        )
        for scenario in variants(comparison)
        for result in scenario.safety
    )
    headings = ("scenario", "title", "safety check", "finding", "children", "measure", "unit", "margin", "change")
    ranges = (*_ends(CHANGE_RANGES[0]), *_ends(CHANGE_RANGES[1]))
    return _table(
        "safety",
        "Safety checks",
        "What no scenario may make worse unsaid. A check is worse when the change goes the wrong way by more than the "
        "margin, or by less but told from none.",
        (*headings, *ranges, "not told"),
        rows,
    )


def assumed(comparison: Comparison) -> Table:
    """What each scenario assumes and nobody has measured."""
    rows = (row for scenario in variants(comparison) for row in assumptions.rows(scenario))
    return _table("assumed", assumptions.TITLE, assumptions.NOTE, assumptions.HEADINGS, rows)


def learned(comparison: Comparison) -> Table:
    """The numbers of a fitted baseline, and what its data told of each."""
    rows = () if comparison.basis is None else basis.rows(comparison.basis)
    return _table("learned", basis.TITLE, basis.MEANING, basis.HEADINGS, iter(rows))


def same_children(comparison: Comparison) -> Table:
    """The children referred and seen under both a scenario and the baseline: how their days to seen changed."""
    rows = (
        (
            scenario.name,
            scenario.title,
            GROUP_LABEL[group],
            Number(same.mean_change_days.mean, DAYS, signed=True),
            *_of_change(same.mean_change_days, DAYS),
            *(
                Number(count, "children")
                for count in (same.same, same.sooner, same.longer, same.diverted, same.newly_referred)
            ),
            "yes" if any(found.group == group for found in disagreements(scenario)) else "no",
            "; ".join(not_told_of_change(same.mean_change_days, comparison.draws)),
        )
        for scenario in variants(comparison)
        for group, same in scenario.same_children.items()
    )
    headings = (
        "scenario",
        "title",
        "children",
        "mean change (calendar days)",
        *_ends(CHANGE_RANGES[0]),
        *_ends(CHANGE_RANGES[1]),
    )
    counts = ("children in both", "seen sooner", "seen later", "referred in the baseline alone", "referred here alone")
    return _table(
        "same_children",
        "Same children",
        "Children referred and seen under both, each compared with itself. Counts are averages a simulated year; "
        "sooner and later mean by half a day or more.",
        (*headings, *counts, "disagrees in sign with the change for all", "not told"),
        rows,
    )


def open_work(comparison: Comparison) -> Table:
    """Open work at each midnight, mean over simulated years."""
    return _table(
        "open_work",
        "Open work",
        "How much was open at midnight, mean over simulated years. Contacts are families; the rest are children. "
        "Children are unseen from the decision to refer them: those of contacts not yet decided are in open contacts.",
        ("scenario", "title", "days since the start", *OPEN_WORK_LABEL.values()),
        (row for scenario in comparison.scenarios for row in _open_days(scenario)),
    )


def _open_days(scenario: ScenarioResult) -> Iterator[Row]:
    columns = [scenario.open_work[name].tolist() for name in OPEN_WORK_LABEL]
    for day, counts in enumerate(zip(*columns, strict=True)):
        yield (scenario.name, scenario.title, day, *(Number(count, "children") for count in counts))


def stages(comparison: Comparison) -> Table:
    """Where the days go: mean days of each stage by whom they were spent waiting for."""
    rows = (
        (
            scenario.name,
            scenario.title,
            GROUP_LABEL[group],
            STAGE_LABELS[stage],
            WAIT_LABELS[wait],
            Number(float(days[stage, wait]), DAYS),
        )
        for scenario in comparison.scenarios
        for group, days in scenario.stage_days.items()
        for stage in Stage
        for wait in SHOWN_WAITS
    )
    return _table(
        "stages",
        "Where the days go",
        "Mean days over the children seen; within a group and scenario they add up to the mean days to seen of these "
        "children, which the children still waiting would raise. Nights and weekends count as waiting for our staff, "
        "office closed, while our staff are waited for, and as waiting for others while others are.",
        ("scenario", "title", "children", "stage", "waiting", "mean (calendar days)"),
        rows,
    )


def inherited(comparison: Comparison) -> Table:
    """What became of the open work that the comparison started from: one row a scenario and measure."""
    rows = (
        (
            scenario.name,
            scenario.title,
            measure.label,
            "%" if measure.unit == SHARE else measure.unit,
            str(measure.better),
            *_estimate(scenario.inherited[measure.id], measure.unit, signed=False),
            *_inherited_change(scenario, measure.id, measure.unit),
        )
        for scenario in comparison.scenarios
        for measure in INHERITED
    )
    level = ("level", *(end for name in LEVEL_RANGES for end in _ends(name)))
    change = ("change", *(end for name in CHANGE_RANGES for end in _ends(name)))
    return _table(
        "inherited",
        "Open work at the start",
        "What became of the children whose contact came before the start. Shares are per cent, their changes "
        "percentage points.",
        ("scenario", "title", "measure", "unit", "better when", *level, *change),
        rows,
    )


def _inherited_change(scenario: ScenarioResult, name: str, unit: str) -> Row:
    change = scenario.inherited_changes.get(name)
    return (None,) * 7 if change is None else _estimate(change, unit, signed=True)


def mean_open_work(scenario: ScenarioResult) -> dict[str, float]:
    """Each count of open work, mean over the run."""
    return {name: float(np.nanmean(scenario.open_work[name])) for name in OPEN_WORK_LABEL}


def _table(name: str, title: str, meaning: str, headings: tuple[str, ...], rows: Iterator[Row]) -> Table:
    return Table(name, title, meaning, (*headings, "basis"), tuple((*row, SIMULATED) for row in rows))


def _estimate(estimate: Estimate, unit: str, *, signed: bool) -> Row:
    ranges = (error_of(estimate), estimate.unknown, estimate.year)
    ends = (end for values in ranges for end in _range(values, unit, signed=signed))
    return (Number(estimate.mean, unit, signed), *ends)


def _change(change: Estimate, unit: str) -> Row:
    """A change and its three ranges, which a change of nothing in any run has not."""
    if changed_nothing(change):
        return (Number(change.mean, unit, signed=True), *(None,) * 6)
    return _estimate(change, unit, signed=True)


def _of_change(change: Estimate, unit: str) -> Row:
    """The two ranges of a change."""
    if changed_nothing(change):
        return (None,) * 4
    return (*_range(error_of(change), unit), *_range(change.unknown, unit))


def _range(values: Range | None, unit: str, *, signed: bool = True) -> Row:
    return (None, None) if values is None else (Number(values.low, unit, signed), Number(values.high, unit, signed))


def _ends(name: str) -> tuple[str, str]:
    return f"{name}: from", f"{name}: to"


def _heading_unit(unit: str) -> str:
    return {SHARE: " (%)", DAYS: " (calendar days)"}.get(unit, "")


def _change_unit(unit: str) -> str:
    return "percentage points" if unit == SHARE else unit
