"""The tables a head of service reads, as words in cells: the terminal and the page show the same ones."""

from dataclasses import dataclass
from typing import NamedTuple

from sim.experiment import Comparison, Estimate, Later, ScenarioResult
from sim.report.headline import (
    ALL,
    BEYOND_10,
    BEYOND_20,
    BY_ABUSE,
    CHANGES,
    DAYS,
    GROUP_LABEL,
    LEVELS,
    MEASURE,
    MEDIAN,
    NINE_IN_TEN,
    SEEN_WITHIN,
    SHOWN_GROUPS,
    WORKING_MEDIAN,
    WORKING_NINE_IN_TEN,
    safety_in_words,
    variants,
)
from sim.report.starts import later_groups
from sim.report.wording import NOT_KNOWN, Number, sentence, shown, simulation_error, unknowns


class Heading(NamedTuple):
    """A column's heading: in full, and in two short lines for a terminal."""

    full: str
    short: str


LEVEL_HEADINGS = {
    MEDIAN: Heading("Half seen within (calendar days)", "half,\ncalendar\ndays"),
    NINE_IN_TEN: Heading("9 in 10 seen within (calendar days)", "9 in 10,\ncalendar\ndays"),
    WORKING_MEDIAN: Heading("Half seen within (working days)", "half,\nworking\ndays"),
    WORKING_NINE_IN_TEN: Heading("9 in 10 seen within (working days)", "9 in 10,\nworking\ndays"),
    **{
        name: Heading(f"Seen within {days} day{'' if days == 1 else 's'}", f"seen\nin\n{days} d")
        for days, name in SEEN_WITHIN.items()
    },
    BEYOND_10: Heading("Children a month over 10 days", "children\na month\nover 10 d"),
    BEYOND_20: Heading("Children a month over 20 days", "children\na month\nover 20 d"),
}
_CHANGE_HEADINGS = {
    MEDIAN: Heading("Half seen within (calendar days)", "half,\ncalendar\ndays"),
    NINE_IN_TEN: Heading("9 in 10 seen within (calendar days)", "9 in 10,\ncalendar\ndays"),
    SEEN_WITHIN[10]: Heading("Seen within 10 days (percentage points)", "seen within\n10 days,\npoints"),
    BEYOND_10: Heading("Children a month over 10 days", "children\na month over\n10 days"),
    BEYOND_20: Heading("Children a month over 20 days", "children\na month over\n20 days"),
}
_SAME_CHANGE = Heading("The same children, on average (calendar days)", "the same\nchildren,\nmean days")
_SAME_HEADINGS = (
    Heading("Mean change (calendar days)", "mean\ndays"),
    Heading("Simulation error", "simulation\nerror"),
    Heading("What we do not know", "what we do\nnot know"),
    Heading("Seen sooner", "seen\nsooner"),
    Heading("Seen later", "seen\nlater"),
    Heading("Referred in the baseline alone", "baseline\nalone"),
    Heading("Referred here alone", "here\nalone"),
)


LATER_NOTE = (
    "The same measures for the children whose contact came when all that these scenarios add or change was there, "
    "whichever set of numbers holds; those that are there from the first day stand beside the others, on the same "
    "contacts. Part of a year has seasons of its own; the baseline is read for the same contacts."
)


@dataclass(frozen=True, slots=True)
class LevelsView:
    """One row a scenario: its title, then its cells."""

    title: str
    group: str
    note: str
    headings: tuple[Heading, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A change, with its two ranges in words."""

    mean: str
    simulation_error: str
    unknowns: str


@dataclass(frozen=True, slots=True)
class ChangesView:
    """One row a scenario: its title, then its changes."""

    title: str
    group: str
    note: str
    headings: tuple[Heading, ...]
    rows: tuple[tuple[str, tuple[Change, ...]], ...]


class SameRow(NamedTuple):
    """One group of children: its label, the change, then the counts."""

    group: str
    change: Change
    counts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SameView:
    """The groups of each scenario, under its title, all children first; `counts_title` heads their counts alone."""

    title: str
    counts_title: str
    note: str
    headings: tuple[Heading, ...]
    rows: tuple[tuple[str, tuple[SameRow, ...]], ...]


def _shown(comparison: Comparison, group: str) -> tuple[ScenarioResult, ...]:
    """The scenarios shown for a group: by domestic abuse, those with a team for it beside the baseline; or none."""
    if group in SHOWN_GROUPS:
        return comparison.scenarios
    with_team = tuple(s for s in comparison.scenarios if s.has_domestic_abuse_team)
    return () if not with_team else tuple(s for s in comparison.scenarios if s in (comparison.baseline, *with_team))


def _groups(scenario: ScenarioResult) -> tuple[str, ...]:
    return (*SHOWN_GROUPS, *BY_ABUSE) if scenario.has_domestic_abuse_team else SHOWN_GROUPS


def levels(comparison: Comparison) -> tuple[LevelsView, ...]:
    """Days to seen under every scenario, a table for each group shown; by domestic abuse where a team moves it."""
    return tuple(
        LevelsView(
            title=f"Days from contact to child seen: {GROUP_LABEL[group]} (simulated)",
            group=GROUP_LABEL[group],
            note=(
                "Children who went on to be assessed: days within which half and 9 in 10 of them were seen, shares "
                "seen within 1, 5, 10 and 20 days (d) of contact, and children a month who waited over 10 and 20 days. "
                "Calendar days unless working days are named."
            ),
            headings=tuple(LEVEL_HEADINGS[measure] for measure in _measured(comparison, group)),
            rows=tuple(
                (marked(comparison, s), tuple(_level(s, m, group) for m in _measured(comparison, group)))
                for s in _shown(comparison, group)
            ),
        )
        for group in (*SHOWN_GROUPS, *BY_ABUSE)
        if _shown(comparison, group)
    )


def _measured(comparison: Comparison, group: str) -> tuple[str, ...]:
    """The measures that lead, so far as they are read for a group."""
    return tuple(measure for measure in LEVELS if (measure, group) in comparison.baseline.levels)


def changes(comparison: Comparison) -> tuple[ChangesView, ...]:
    """The changes against the baseline, a table for each group shown; none where nothing is compared."""
    if not variants(comparison):
        return ()
    return tuple(
        ChangesView(
            title=f"Change against the baseline: {GROUP_LABEL[group]} (simulated)",
            group=GROUP_LABEL[group],
            note=(
                "The scenario less the baseline, before rounding: below nought is sooner, or fewer. Beside it the same "
                "children: those referred and seen under both, each compared with itself."
            ),
            headings=(*(_CHANGE_HEADINGS[measure] for measure in CHANGES), _SAME_CHANGE),
            rows=tuple((s.title, _changes(s, group, comparison.draws)) for s in _shown(comparison, group) if s.changes),
        )
        for group in (*SHOWN_GROUPS, *BY_ABUSE)
        if _shown(comparison, group)
    )


def later(comparison: Comparison) -> tuple[ChangesView, ...]:
    """The changes for contacts received once all is there that scenarios change, a table for each such day."""
    return tuple(
        ChangesView(
            title=f"Change for contacts received from {date} on: {GROUP_LABEL[ALL]} (simulated)",
            group=f"{GROUP_LABEL[ALL]}, contacts received from {date} on",
            note=LATER_NOTE,
            headings=tuple(_CHANGE_HEADINGS[measure] for measure in CHANGES),
            rows=tuple((s.title, _later_changes(found, comparison.draws)) for s, found in scenarios),
        )
        for date, scenarios in later_groups(comparison).items()
    )


def _later_changes(found: Later, draws: int) -> tuple[Change, ...]:
    return tuple(_change(found.changes[m, ALL], MEASURE[m].unit, draws) for m in CHANGES)


def marked(comparison: Comparison, scenario: ScenarioResult) -> str:
    """A scenario's title, and that it is the baseline where others are compared with it."""
    is_baseline = variants(comparison) and scenario is comparison.baseline
    return f"{scenario.title} (baseline)" if is_baseline else scenario.title


def _changes(scenario: ScenarioResult, group: str, draws: int) -> tuple[Change, ...]:
    measured = (_change(scenario.changes[m, group], MEASURE[m].unit, draws) for m in CHANGES)
    return (*measured, _change(scenario.same_children[group].mean_change_days, DAYS, draws))


def same_children(comparison: Comparison) -> SameView | None:
    """The change for the same children; None where nothing is compared."""
    if not variants(comparison):
        return None
    return SameView(
        title="Change for the same children (simulated)",
        counts_title=f"The same children, counted: {GROUP_LABEL[ALL]} (simulated)",
        note=(
            "Children referred and seen both in the baseline and under the scenario, each compared with itself; "
            "counts a simulated year. Sooner and later mean by half a day or more."
        ),
        headings=_SAME_HEADINGS,
        rows=tuple(
            (s.title, tuple(_same_row(s, group, comparison.draws) for group in _groups(s)))
            for s in variants(comparison)
        ),
    )


def _same_row(scenario: ScenarioResult, group: str, draws: int) -> SameRow:
    same = scenario.same_children[group]
    counts = (same.sooner, same.longer, same.diverted, same.newly_referred)
    cells = tuple(shown(Number(count, "children")) for count in counts)
    return SameRow(GROUP_LABEL[group], _change(same.mean_change_days, DAYS, draws), cells)


def safety(comparison: Comparison) -> tuple[tuple[str, str], ...]:
    """Each scenario's title and its safety checks in words."""
    return tuple((s.title, sentence(f"{safety_in_words(s)}.")) for s in variants(comparison))


def _level(scenario: ScenarioResult, measure: str, group: str) -> str:
    return shown(Number(scenario.levels[measure, group].mean, MEASURE[measure].unit))


def _change(change: Estimate, unit: str, draws: int) -> Change:
    if change.runs == 0:
        return Change(NOT_KNOWN, "", "")
    return Change(
        shown(Number(change.mean, unit, signed=True)),
        simulation_error(change, unit, signed=True),
        unknowns(change, unit, signed=True, draws=draws),
    )
