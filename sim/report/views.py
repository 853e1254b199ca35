"""The tables a head of service reads, as words in cells: the terminal and the page show the same ones."""

from dataclasses import dataclass
from typing import NamedTuple

from sim.experiment import Comparison, Estimate, ScenarioResult
from sim.report.headline import (
    BEYOND_10,
    BEYOND_20,
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
from sim.report.wording import NOT_KNOWN, Number, sentence, shown, simulation_error, unknowns


class Heading(NamedTuple):
    """A column's heading: in full, and in two short lines for a terminal."""

    full: str
    short: str


_LEVEL_HEADINGS = {
    MEDIAN: Heading("Half seen within (days)", "half in\ndays"),
    NINE_IN_TEN: Heading("9 in 10 seen within (days)", "9 in 10\nin days"),
    WORKING_MEDIAN: Heading("Half seen within (working days)", "working\ndays"),
    WORKING_NINE_IN_TEN: Heading("9 in 10 seen within (working days)", "working\ndays"),
    **{
        name: Heading(f"Seen within {days} day{'' if days == 1 else 's'}", f"in\n{days} d")
        for days, name in SEEN_WITHIN.items()
    },
    BEYOND_10: Heading("Children a month over 10 days", "a month\nover 10"),
    BEYOND_20: Heading("Children a month over 20 days", "a month\nover 20"),
}
_CHANGE_HEADINGS = {
    MEDIAN: Heading("Half seen within (days)", "half in\ndays"),
    NINE_IN_TEN: Heading("9 in 10 seen within (days)", "9 in 10 in\ndays"),
    SEEN_WITHIN[10]: Heading("Seen within 10 days (percentage points)", "within 10 d,\npoints"),
    BEYOND_10: Heading("Children a month over 10 days", "a month over\n10 days"),
    BEYOND_20: Heading("Children a month over 20 days", "a month over\n20 days"),
}
_SAME_HEADINGS = (
    Heading("Mean change (days)", "mean\ndays"),
    Heading("Simulation error", "simulation\nerror"),
    Heading("What we do not know", "what we do\nnot know"),
    Heading("Seen sooner", "seen\nsooner"),
    Heading("Seen later", "seen\nlater"),
    Heading("Referred in the baseline alone", "baseline\nalone"),
    Heading("Referred here alone", "here\nalone"),
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
    headings: tuple[Heading, ...]
    rows: tuple[tuple[str, tuple[Change, ...]], ...]


class SameRow(NamedTuple):
    """One group of children: its label, the change, then the counts."""

    group: str
    change: Change
    counts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SameView:
    """The groups of each scenario, under its title."""

    title: str
    note: str
    headings: tuple[Heading, ...]
    rows: tuple[tuple[str, tuple[SameRow, ...]], ...]


def levels(comparison: Comparison) -> tuple[LevelsView, ...]:
    """Days to seen under every scenario, a table for each group shown."""
    return tuple(
        LevelsView(
            title=f"Days from contact to child seen: {GROUP_LABEL[group]} (simulated)",
            group=GROUP_LABEL[group],
            note=(
                "Children who went on to be assessed. Calendar days unless working days are named; shares of children "
                "seen in 1, 5, 10 and 20 days of contact; children a month who waited over 10 and over 20 days."
            ),
            headings=tuple(_LEVEL_HEADINGS[measure] for measure in LEVELS),
            rows=tuple((s.title, tuple(_level(s, m, group) for m in LEVELS)) for s in comparison.scenarios),
        )
        for group in SHOWN_GROUPS
    )


def changes(comparison: Comparison) -> tuple[ChangesView, ...]:
    """The changes against the baseline, a table for each group shown; none where nothing is compared."""
    if not variants(comparison):
        return ()
    return tuple(
        ChangesView(
            title=f"Change against the baseline: {GROUP_LABEL[group]} (simulated)",
            group=GROUP_LABEL[group],
            headings=tuple(_CHANGE_HEADINGS[measure] for measure in CHANGES),
            rows=tuple(
                (
                    s.title,
                    tuple(_change(s.changes[m, group], MEASURE[m].unit, comparison.draws) for m in CHANGES),
                )
                for s in variants(comparison)
            ),
        )
        for group in SHOWN_GROUPS
    )


def same_children(comparison: Comparison) -> SameView | None:
    """The change for the same children; None where nothing is compared."""
    if not variants(comparison):
        return None
    return SameView(
        title="Change for the same children (simulated)",
        note=(
            "Children referred and seen both in the baseline and under the scenario, each compared with itself; "
            "counts a simulated year. Sooner and later mean by half a day or more."
        ),
        headings=_SAME_HEADINGS,
        rows=tuple(
            (s.title, tuple(_same_row(s, group, comparison.draws) for group in SHOWN_GROUPS))
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
