"""The trajectory of a plan: open work month by month, doing nothing against the action, under the letter's points."""

from collections.abc import Iterator, Mapping
from typing import Final

from sim.experiment.estimates import Estimate
from sim.experiment.months import MonthOfWork
from sim.report.document.about import About
from sim.report.document.blocks import Block, Drawing, Grid, Heading, Paragraph
from sim.report.document.letter import LETTER, POINTS
from sim.report.document.summary import change_cells
from sim.report.figures import open_work
from sim.report.headline import ALL, MEASURE
from sim.report.sentences import calibrated
from sim.report.starting import as_kept
from sim.report.starts import in_words, month_in_words
from sim.report.wording import (
    SIMULATION_ERROR,
    Number,
    between,
    listed,
    quoted,
    sentence,
    shown,
    simulation_error,
    with_unit,
)

LABEL: Final = "Planning evidence, not evidence of impact."
NOT_TOLD: Final = "not told"
COUNTS: Final[Mapping[int, tuple[str, ...]]] = {
    1: ("open_contacts",),
    2: ("unseen_children", "unallocated_children"),
    5: ("open_assessments",),
}
"""What is open month by month under each improvement point of the letter that open work bears on."""
YEARLY: Final[Mapping[int, tuple[str, ...]]] = {
    3: ("unclear_to_section_47_decision_days_q90",),
    4: ("strategy_actions_overdue_share",),
}
"""What is read of the whole year alone, under the others."""
_NAMES: Final = {
    "open_contacts": "contacts open and undecided",
    "unseen_children": "children referred and not yet seen",
    "unallocated_children": "children referred and without a worker",
    "open_assessments": "children with an open assessment",
}
_RANGE: Final = "8 in 10 years"


def trajectory(about: About) -> Iterator[Block]:
    """The part of the report, or that this result holds no months."""
    yield Heading("Trajectory: month by month", on_new_page=True)
    if not about.scenario.months:
        yield Paragraph("Open work month by month is not in this result: its year is too short, or it was made before.")
        return
    yield Paragraph(f"{_starts_from(about)} {_what_it_is(about)}", LABEL)
    yield Drawing(
        f"Open work day by day, baseline and {quoted(about.scenario.title)} (simulated)",
        open_work(about.pair, about.details),
    )
    for number, words in enumerate(POINTS, start=1):
        yield Heading(f"Improvement point {number}", 2)
        yield Paragraph(words, "The letter:")
        yield from (_monthly(about, name) for name in COUNTS.get(number, ()))
        if number in YEARLY:
            yield Paragraph("No measure of the model tells this month by month; below stands the whole year.")
            yield _yearly(about, YEARLY[number])


def _starts_from(about: About) -> str:
    started = about.comparison.started
    if started is None:
        return (
            "It starts from the baseline's own simulated work and not from anybody's open work of today: its levels "
            "forecast no service. To start from real open work, run the comparison with --start EXTRACT."
        )
    rests = f" {calibrated(about.comparison.past_months)}" if about.comparison.is_calibrated else ""
    return f"It starts from the open work of the extract of {in_words(as_kept(started).as_at)}.{rests}"


def _what_it_is(about: About) -> str:
    return (
        f"Each figure is what is open on an average night of the month in the model. {_RANGE}: what 8 in 10 single "
        "simulated years gave, luck and what is not known together. A real month is to be set against it only where "
        "the baseline is calibrated on that service, and may still lie outside it more often: staff's working time "
        f"swings from month to month in ways no simulated year has. The points are those of {LETTER}. Owner and status "
        f"are for the plan.{_of_posts(about)}"
    )


def _of_posts(about: About) -> str:
    start = about.scenario.start
    late = start is not None and not start.is_from_the_first_day
    return " Months before all is there that the action adds show little of it." if late else ""


def _monthly(about: About, name: str) -> Grid:
    pairs = zip(about.comparison.baseline.months, about.scenario.months, strict=True)
    return Grid(
        caption=f"{sentence(_NAMES[name])}, by month (simulated)",
        headings=("Month", "Doing nothing", _RANGE, "With the action", _RANGE, f"Change ({SIMULATION_ERROR})", "Owner",
                  "Status"),
        rows=tuple(_month_row(before, after, name) for before, after in pairs),
        widths=(1.7, 1.1, 1.5, 1.1, 1.5, 2.3, 1.2, 1.2),
        note=LABEL,
        is_small=True,
    )  # fmt: skip


def _month_row(before: MonthOfWork, after: MonthOfWork, name: str) -> tuple[str, ...]:
    change = after.changes[name]
    error = simulation_error(change, "children", signed=True)
    said = f"{shown(Number(change.mean, 'children', signed=True))} ({error})"
    return (month_in_words(before), *_level(before.levels[name]), *_level(after.levels[name]), said, "", "")


def _level(level: Estimate) -> tuple[str, str]:
    return shown(Number(level.mean, "children")), between(level.year, "children", signed=False, absent=NOT_TOLD)


def _yearly(about: About, measures: tuple[str, ...]) -> Grid:
    rows = []
    for measure in measures:
        unit = MEASURE[measure].unit
        before, after = (with_unit(Number(s.levels[measure, ALL].mean, unit)) for s in about.pair.scenarios)
        change, error, _ = change_cells(about, about.scenario, measure, ALL)
        rows.append((MEASURE[measure].label, before, after, f"{change} ({error or NOT_TOLD})", "", ""))
    labels = listed([MEASURE[measure].label for measure in measures])
    return Grid(
        caption=f"{labels}, whole year (simulated)",
        headings=("Measure", "Doing nothing", "With the action", f"Change ({SIMULATION_ERROR})", "Owner", "Status"),
        rows=tuple(rows),
        widths=(3.2, 1.4, 1.4, 2.6, 1.4, 1.4),
        note=LABEL,
        is_small=True,
    )
