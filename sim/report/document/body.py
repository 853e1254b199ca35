"""The parts after the first page: definitions, results by group, safety, sensitivity, fit, data and method."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from sim.experiment import ScenarioResult
from sim.experiment.targets import TargetResult, Verdict
from sim.measures import MEASURES
from sim.report import basis, targets
from sim.report.citing import clock, window
from sim.report.document.about import About
from sim.report.document.blocks import Block, Drawing, Grid, Heading, Items, Paragraph
from sim.report.document.limits import NOT_MODELLED
from sim.report.document.sensitivity import sensitivity
from sim.report.document.summary import SHOWN, change_cells, others
from sim.report.document.trajectory import trajectory
from sim.report.figures import where_the_days_go
from sim.report.headline import ALL, DAYS, GROUP_LABEL, MEASURE, MEDIAN, NINE_IN_TEN
from sim.report.leaders import safety_rows, who_waits
from sim.report.notices import TITLE, notices
from sim.report.now import trust
from sim.report.sentences import CAVEATS, differing, range_notes, rests_on, run_details
from sim.report.starting import inherited_view, starting_sentences
from sim.report.views import later
from sim.report.wording import SIMULATION_ERROR, UNKNOWNS, Number, quoted, sentence, shown
from sim.scenario import Grade

GRADES: Final = {
    Grade.OFFICIAL: "A, official statistic",
    Grade.STUDY: "B, published study",
    Grade.OTHER_AUTHORITY: "C, another authority's practice",
    Grade.ASSUMPTION: "D, assumption",
    Grade.OWN_RECORD: "R, the authority's own record",
}
_RANGES: Final = (sentence(SIMULATION_ERROR), sentence(UNKNOWNS))


def body(about: About) -> Iterator[Block]:
    """Every part in its order."""
    yield from _before_use(about)
    yield from _definitions(about)
    yield from _results(about)
    yield from _safety(about)
    yield from trajectory(about)
    yield from sensitivity(about)
    yield from _fit(about)
    yield from _data(about)
    yield from _method(about)


def _before_use(about: About) -> Iterator[Block]:
    yield Heading(TITLE, on_new_page=True)
    yield Items((*notices(about.comparison), *CAVEATS))
    yield Paragraph("The model also leaves out:")
    yield Items(NOT_MODELLED)


def _definitions(about: About) -> Iterator[Block]:
    yield Heading("Definitions and clocks")
    yield Paragraph(
        "Seen means the first face-to-face visit after the contact by a qualified social worker, duty and out of hours "
        "included, each child for itself. The clock of days to seen starts when the contact is received."
    )
    yield Grid(
        caption="What the measures on the first page count",
        headings=("Measure", "What is counted", "Clock"),
        rows=tuple(_meanings()),
        widths=(2.2, 5.0, 2.0),
    )
    yield Paragraph(f"The figures are averages over simulated years. {window(about.comparison)}")


def _meanings() -> Iterator[tuple[str, ...]]:
    """The measures that count alike together."""
    alike: dict[str, list[str]] = {}
    for measure in SHOWN:
        alike.setdefault(MEASURE[measure].meaning, []).append(measure)
    for meaning, found in alike.items():
        yield ("; ".join(MEASURE[measure].label for measure in found), meaning, sentence(clock(found[0])))


def _results(about: About) -> Iterator[Block]:
    yield Heading("Results by group of children")
    for measure in (NINE_IN_TEN, MEDIAN):
        yield _by_group(about, measure)
    yield Heading("The same children, each compared with itself", 2)
    yield Items(who_waits(about.scenario))
    yield from (Paragraph(words) for words in differing(about.pair))
    yield Drawing(
        f"Where the days go, baseline and {quoted(about.scenario.title)} (simulated)",
        where_the_days_go(about.pair, about.details),
    )
    yield from _later(about)
    yield from _inherited(about)
    if others(about):
        yield Heading("The other scenarios compared", 2)
        yield Paragraph(
            f"The scenario of this report is one of {len(others(about)) + 1} that were run together; the ranges of "
            "changes allow for all of them at once. Where it was chosen for its size, its single figure is more often "
            "too large than too small."
        )
        yield _others(about)


def _by_group(about: About, measure: str) -> Grid:
    groups = [group.id for group in MEASURE[measure].groups]
    return Grid(
        caption=f"{MEASURE[measure].label}, in calendar days, by group (simulated)",
        headings=("Children", "Baseline", "Scenario", "Change", *_RANGES),
        rows=tuple(_group_row(about, measure, group) for group in groups),
        widths=(3.6, 1.2, 1.2, 1.2, 2.0, 2.0),
        note="Of the children who went on to be assessed. Of small groups read the ranges before the change.",
    )


def _group_row(about: About, measure: str, group: str) -> tuple[str, ...]:
    before, after = (shown(Number(s.levels[measure, group].mean, DAYS)) for s in about.pair.scenarios)
    return (sentence(GROUP_LABEL[group]), before, after, *change_cells(about, about.scenario, measure, group))


def _later(about: About) -> Iterator[Block]:
    for view in later(about.comparison):
        mine = [cells for title, cells in view.rows if title == about.scenario.title]
        for cells in mine:
            yield Grid(
                caption=f"{view.title}: {quoted(about.scenario.title)}",
                headings=("Measure", "Change", *_RANGES),
                rows=tuple(
                    (heading.full, cell.mean, cell.simulation_error, cell.unknowns)
                    for heading, cell in zip(view.headings, cells, strict=True)
                ),
                widths=(4, 1.5, 2.2, 2.2),
                note=view.note,
            )


def _inherited(about: About) -> Iterator[Block]:
    view = inherited_view(about.pair)
    if view is not None:
        baseline, here = (cells for _, cells in view.rows)
        yield Grid(
            caption=view.title,
            headings=("Measure", "Baseline", "Scenario"),
            rows=tuple((h.full, b, s) for h, b, s in zip(view.headings, baseline, here, strict=True)),
            widths=(5, 1.5, 1.5),
            note=view.note,
        )


def _others(about: About) -> Grid:
    return Grid(
        caption=f"{MEASURE[NINE_IN_TEN].label}, in calendar days: every scenario (simulated)",
        headings=("Scenario", "Level", "Change", *_RANGES),
        rows=tuple(_scenario_row(about, s) for s in about.comparison.scenarios),
        widths=(3.6, 1.2, 1.2, 2.0, 2.0),
    )


def _scenario_row(about: About, scenario: ScenarioResult) -> tuple[str, ...]:
    level = shown(Number(scenario.levels[NINE_IN_TEN, ALL].mean, DAYS))
    if not scenario.changes:
        return (f"{scenario.title} (baseline)", level, "", "", "")
    return (scenario.title, level, *change_cells(about, scenario, NINE_IN_TEN, ALL))


def _safety(about: About) -> Iterator[Block]:
    yield Heading("Safety checks")
    yield Paragraph(
        "What no scenario may make worse unsaid. A check is worse when the change goes the wrong way by more than its "
        "margin, or by less but told from none."
    )
    yield Grid(
        caption=f"Safety checks under {quoted(about.scenario.title)} (simulated)",
        headings=("Check", "Children", "Finding", "Change"),
        rows=safety_rows(about.scenario),
        widths=(3, 2.4, 1.8, 3),
    )


def _fit(about: About) -> Iterator[Block]:
    yield Heading("How the baseline was fitted, and how it fits")
    yield Items(trust(about.comparison))
    found = about.comparison.basis
    if found is not None:
        yield Grid(
            caption=basis.TITLE,
            headings=("Number", "Unit", "Least before", "Most before", "Least after", "Middle", "Most after", "Told"),
            rows=tuple((*row[:7], row[8]) for row in basis.rows(found)),
            widths=(3, 1.2, 1, 1, 1, 1, 1, 1.3),
            note=basis.MEANING,
        )
    yield from _targets(about)


def _targets(about: About) -> Iterator[Block]:
    if not about.result.grounds.targets:
        yield Paragraph(
            "The baseline as it was run is held against no published figure: none lies beside it, or it was changed "
            "for this run or starts from open work."
        )
        return
    results = [TargetResult(t, about.comparison.baseline.levels[t.key]) for t in about.result.grounds.targets]
    met = Counter(result.verdict for result in results)
    yield Paragraph(
        f"{met[Verdict.MET]} of {len(results)} published figures, and patterns that inspectors described, are met; "
        f"{met[Verdict.NOT_MET]} are not, and of {met[Verdict.TOO_FEW_RUNS]} too few runs tell. No published figure is "
        "of days to seen; what an inspection letter says of them is a range that was read from its words."
    )
    yield Grid(
        caption="What the baseline is held against",
        headings=("Figure", "Published", "Accepted", "Modelled", "Simulation error", "Use", "Verdict"),
        rows=tuple(_target_row(result) for result in results),
        widths=(2.8, 1.3, 1.8, 1.25, 1.8, 1, 1.05),
        note="Fitted: used to set the baseline's numbers. Held out: not used, a test of them.",
    )


def _target_row(result: TargetResult) -> tuple[str, ...]:
    cells = targets.row(result)
    return (targets.label(result.target), *cells[:4], *cells[5:])


def _data(about: About) -> Iterator[Block]:
    comparison = about.comparison
    yield Heading("Data: window and quality")
    yield Paragraph(rests_on(comparison))
    if comparison.started is not None:
        yield from (Paragraph(words) for words in starting_sentences(comparison.started))
    yield Paragraph(comparison.baseline.summary or "The baseline's file says nothing of what it describes.")
    counts = Counter(each.grade for each in about.result.grounds.sources)
    if counts:
        yield Grid(
            caption="Grade of evidence of the baseline's numbers",
            headings=("Grade", "Numbers"),
            rows=tuple((GRADES[grade], str(counts[grade])) for grade in Grade if counts[grade]),
            widths=(5, 2),
            note="The assumptions log at the end gives each number's source.",
        )
    else:
        yield Paragraph("No file says where the baseline's numbers come from, so none of them has a grade of evidence.")


def _method(about: About) -> Iterator[Block]:
    yield Heading("Method")
    yield Paragraph(
        "A discrete-event simulation of the front door. Every scenario runs in the same simulated worlds as the "
        "baseline: the same contacts and the same luck, so that what differs is what the scenario changes. Each world "
        "has one plausible set of the numbers that are not known. Changes are averaged over worlds."
    )
    yield Items(range_notes(about.comparison))
    yield Paragraph(f"Run details: {run_details(about.comparison)}")
    yield Paragraph(
        f"{len(MEASURES)} measures were read from every simulated year; measures.csv of the results has all."
    )
