"""The first page: the question, the answer, what it rests on, who waits longer, and what is not modelled."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from sim.experiment import ScenarioResult
from sim.experiment.steady import Drift
from sim.report.assumptions import in_words
from sim.report.document.about import About
from sim.report.document.blocks import Block, Drawing, Grid, Heading, Paragraph
from sim.report.document.limits import NOT_MODELLED
from sim.report.document.numbers import without_source
from sim.report.document.sensitivity import named, that_matter
from sim.report.figures import days_to_seen
from sim.report.headline import (
    ALL,
    BEYOND_10,
    DAYS,
    GROUP_LABEL,
    MEASURE,
    MEDIAN,
    NINE_IN_TEN,
    SEEN_WITHIN,
    WORKING_NINE_IN_TEN,
    Told,
    safety_in_words,
    simulated_span,
    told,
    variants,
)
from sim.report.now import heading
from sim.report.sentences import COHORT, NOBODY_SEEN, NOT_BORNE_OUT, beyond_in_words, change_in_words, seen_within
from sim.report.starting import as_kept
from sim.report.starts import day_in_words, not_there_yet
from sim.report.starts import in_words as date_in_words
from sim.report.views import LEVEL_HEADINGS
from sim.report.wording import (
    NOT_KNOWN,
    SHARE,
    SIMULATION_ERROR,
    UNKNOWNS,
    Number,
    listed,
    quoted,
    sentence,
    shown,
    simulation_error,
    unknowns,
    with_unit,
)
from sim.scenario import Grade

SHOWN: Final = (MEDIAN, NINE_IN_TEN, WORKING_NINE_IN_TEN, SEEN_WITHIN[10], BEYOND_10)
MOST_ASSUMPTIONS: Final = 3
_MOST_GROUPS: Final = 4
_WORSE: Final = Told.WORSE
_FIGURE_SHARE: Final = 0.8
"""So that all of it stays on one page."""
_AVERAGES: Final = (
    "Averages over simulated years. Simulation error: what more runs would narrow. What we do not know: the middle 80% "
    "over plausible sets of numbers."
)
_NOT_TOLD: Final = "not told"
_WIDTHS: Final = (4.1, 1.3, 1.3, 1.35, 1.95, 2.0)


def summary(about: About) -> Iterator[Block]:
    """The blocks of the first page."""
    yield Paragraph(_status(about), "Modelled, not observed.")
    yield Heading("Summary")
    yield Paragraph(about.question, "Question.")
    yield Paragraph(" ".join(answer(about)).strip(), is_lead=True)
    yield from _keeping_up(about.scenario)
    yield Drawing(
        f"Days from contact to child seen, baseline and {quoted(about.scenario.title)} (simulated)",
        days_to_seen(about.pair, about.details),
        _FIGURE_SHARE,
    )
    yield _table(about)
    yield Paragraph(" ".join(assumptions_that_matter(about)), "What matters most.")
    yield Paragraph(" ".join(who_waits_longer(about)), "Who waits longer.")
    yield Paragraph(" ".join(NOT_MODELLED[:3]), "What is not modelled.")


def _status(about: About) -> str:
    """What it rests on and who answers for it, before any figure."""
    grades = Counter(each.grade for each in about.result.grounds.sources)
    known, assumed = grades[Grade.OFFICIAL] + grades[Grade.OWN_RECORD], grades[Grade.ASSUMPTION]
    untold = len(without_source(about))
    more = f", and {untold} {'has' if untold == 1 else 'have'} no stated source" if untold else ""
    rests = (
        f"Of the baseline's {sum(grades.values()) + untold} numbers {known} are official statistics or the authority's "
        f"own record and {assumed} are assumptions{more}. "
        if grades
        else "No file says where the baseline's numbers come from. "
    )
    bare = "" if about.comparison.is_calibrated else f"{sentence(NOT_BORNE_OUT)}. "
    return f"{heading(about.comparison)} {bare}{_start(about)}{rests}Quality assurance: {about.assurance.told}"


def _start(about: About) -> str:
    """That every scenario starts from real open work, and from which day's."""
    started = about.comparison.started
    return "" if started is None else f"It starts from the real open work of {date_in_words(as_kept(started).as_at)}. "


def answer(about: About) -> tuple[str, str]:
    """The answer in two sentences: what was modelled, never what will be."""
    scenario, comparison = about.scenario, about.comparison
    if scenario.is_unchanged:
        same = f"In the model {quoted(scenario.title)} changes nothing: every event is the baseline's."
        return (not_there_yet(scenario) or same, "")
    if not scenario.levels[NINE_IN_TEN, ALL].runs or not comparison.baseline.levels[NINE_IN_TEN, ALL].runs:
        return (NOBODY_SEEN, beyond_in_words(scenario))
    change = scenario.changes[NINE_IN_TEN, ALL]
    before = shown(Number(comparison.baseline.levels[NINE_IN_TEN, ALL].mean, DAYS))
    words = change_in_words(change, comparison.draws)
    opening = f"In the model, under {quoted(scenario.title)},"
    match told(NINE_IN_TEN, change):
        case Told.TOO_FEW_RUNS:
            first = (
                f"{opening} too few runs tell whether 9 in 10 {COHORT} are seen sooner or later than within {before} "
                f"calendar days of contact: {words}."
            )
        case Told.NONE:
            first = (
                f"{opening} 9 in 10 {COHORT} are seen as soon as in the baseline, in {before} calendar days: {words}."
            )
        case _:
            first = f"{opening} {seen_within(scenario, NINE_IN_TEN)}, not {before}: {words}."
    return first, beyond_in_words(scenario)


def _keeping_up(scenario: ScenarioResult) -> Iterator[Block]:
    found: Drift | None = scenario.drift
    if found is not None and not found.keeps_up:
        yield Paragraph(
            "Under it the service does not keep up with its work: its figures depend on the day the run stops, and a "
            "longer run would show longer waits.",
            "Before you use this.",
        )


def _table(about: About) -> Grid:
    rows = [_row(about, measure) for measure in SHOWN]
    return Grid(
        caption=f"{sentence(COHORT)}: baseline, scenario and change (simulated)",
        headings=("Measure", "Baseline", "Scenario", "Change", sentence(SIMULATION_ERROR), sentence(UNKNOWNS)),
        rows=tuple(tuple(_in_short(cell) for cell in row) for row in rows),
        widths=_WIDTHS,
        note=" ".join((_AVERAGES, *_why_not_told(rows), *_one_of(about), *_later(about))),
    )


def _in_short(cell: str) -> str:
    """A range that is not told, on one line: why stands in the note, and the page has room for no more."""
    return _NOT_TOLD if cell.startswith(f"{_NOT_TOLD}:") else cell


def _why_not_told(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    why = {cell.partition(": ")[2] for row in rows for cell in row if cell.startswith(f"{_NOT_TOLD}:")}
    if why:
        yield f"Not told: {', or '.join(sorted(why))}."


def _one_of(about: About) -> Iterator[str]:
    """That others were compared too."""
    many = len(others(about)) + 1
    if many > 1:
        yield f"One of {many} scenarios that were run together, for which the ranges allow."


def _later(about: About) -> Iterator[str]:
    """What the change is once all is there: a year's is smaller for every week that a post is still to be filled."""
    start = about.scenario.start
    for later in (each for each in about.scenario.later if start is not None and each.day == start.later):
        change, when = later.changes[NINE_IN_TEN, ALL], day_in_words(about.comparison, later.day)
        mean, error = shown(Number(change.mean, DAYS, signed=True)), simulation_error(change, DAYS, signed=True)
        yield (
            f"All that is added is there from {when}: of contacts from then on the change for 9 in 10 is {mean} days "
            f"({SIMULATION_ERROR}: {error})."
        )


def _row(about: About, measure: str) -> tuple[str, ...]:
    unit = MEASURE[measure].unit
    level = LEVEL_HEADINGS[measure].full
    before, after = (shown(Number(s.levels[measure, ALL].mean, unit)) for s in about.pair.scenarios)
    return (level, before, after, *change_cells(about, about.scenario, measure, ALL))


def change_cells(about: About, scenario: ScenarioResult, measure: str, group: str) -> tuple[str, str, str]:
    """A change and its two ranges."""
    unit, change = MEASURE[measure].unit, scenario.changes[measure, group]
    if not change.runs:
        return (NOT_KNOWN, "", "")
    mean = Number(change.mean, unit, signed=True)
    return (
        with_unit(mean) if unit == SHARE else shown(mean),
        simulation_error(change, unit, signed=True),
        unknowns(change, unit, signed=True, draws=about.comparison.draws),
    )


def assumptions_that_matter(about: About) -> Iterator[str]:
    """The numbers that move the change most, as far as that can be told, and what the scenario assumes."""
    yield from that_matter(about)
    fixed = len(about.comparison.unvaried)
    if fixed:
        yield f"{fixed} more that no figure gives are the same in every set, and in no range."
    said = named(about)
    effects = [in_words(each) for each in about.scenario.assumed[:MOST_ASSUMPTIONS] if each.path not in said]
    if effects:
        yield f"The scenario assumes what nobody has measured: {'; '.join(effects)}."


def who_waits_longer(about: About) -> Iterator[str]:
    """The groups whose waits lengthen, the children who wait longer, and the safety checks."""
    scenario, (noun, length) = about.scenario, simulated_span(about.comparison)
    yield _groups_later(scenario)
    same = scenario.same_children[ALL]
    sooner, longer, both = (shown(Number(count, "children")) for count in (same.sooner, same.longer, same.same))
    yield (
        f"Of about {both} children a simulated {noun}{length} seen both ways, about {longer} wait longer and {sooner} "
        "less, by half a day or more."
    )
    yield sentence(f"{_checks(scenario)}.")


def _groups_later(scenario: ScenarioResult) -> str:
    """The groups whose 9 in 10 are told to be seen later; by their number where they are many."""
    read = {group: change for (measure, group), change in scenario.changes.items() if measure == NINE_IN_TEN}
    later = [
        GROUP_LABEL[group] for group, change in read.items() if group != ALL and told(NINE_IN_TEN, change) is _WORSE
    ]
    if not later:
        return "No group of children is told to wait longer, by the days within which 9 in 10 are seen."
    if len(later) > _MOST_GROUPS:
        return (
            f"Nine in ten are told to be seen later in {len(later)} of {len(read) - 1} groups of children, which the "
            "results by group name."
        )
    return f"Nine in ten are told to be seen later of: {listed(later)}."


def _checks(scenario: ScenarioResult) -> str:
    words = safety_in_words(scenario)
    return words if words.startswith(("safety check", "nothing")) else f"safety checks: {words}"


def others(about: About) -> tuple[ScenarioResult, ...]:
    """The scenarios that were compared beside the one asked about."""
    return tuple(s for s in variants(about.comparison) if s is not about.scenario)
