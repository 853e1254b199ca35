"""The annexes: what is assumed and on what grounds, the letter's findings, and who vouches for what."""

from collections.abc import Iterator, Mapping
from typing import Final

from sim.report.document.about import About
from sim.report.document.aqua import CHECKLIST
from sim.report.document.blocks import Block, Grid, Heading, Items, Paragraph
from sim.report.document.body import GRADES
from sim.report.document.letter import CONCERNS, LETTER, Concern, touched
from sim.report.document.numbers import differences, in_words, logged, stated, without_source
from sim.report.document.sensitivity import effects, why_not_told
from sim.report.document.stress import stress
from sim.report.document.summary import change_cells
from sim.report.headline import ALL, GROUP_LABEL, MEASURE
from sim.report.wording import (
    NOT_KNOWN,
    SIMULATION_ERROR,
    Number,
    with_unit,
)
from sim.scenario import Evidence

_MOST_LISTED: Final = 30
_WHOLE_FROM: Final = 1000


def annexes(about: About) -> Iterator[Block]:
    """All of them, each on a page of its own."""
    yield Heading("Annex A: reporting checklist (STRESS-DES)", on_new_page=True)
    yield from stress(about)
    yield Heading("Annex B: assumptions log", on_new_page=True)
    yield from assumptions_log(about)
    yield Heading("Annex C: quality assurance checklist (the Aqua Book)", on_new_page=True)
    yield from _checklist()
    yield Heading("Annex D: the inspection letter's findings", on_new_page=True)
    yield from _letter(about)


def assumptions_log(about: About) -> Iterator[Block]:
    """What the scenario changes, then every number of the baseline, each with its source, grade and effect."""
    yield Heading("What the scenario changes", 2)
    yield _changes(about)
    yield Heading("The baseline's numbers", 2)
    untold = without_source(about)
    if untold:
        named = tuple(f"{each.meaning} ({each.path})" for each in untold[:_MOST_LISTED])
        yield Paragraph(f"This log is incomplete: {len(untold)} of the baseline's numbers have no stated source.")
        more = len(untold) - len(named)
        yield Items((*named, f"and {more} more") if more else named)
    if about.result.grounds.sources:
        yield _sources(about)
    unvaried = about.comparison.unvaried
    if unvaried:
        yield Heading("Not varied", 2)
        yield Paragraph(
            "These have a plausible range and were the same in every set: no range of this report holds them."
        )
        yield Items(tuple(f"{each.meaning} ({each.path}): {each.low:g} to {each.high:g}" for each in unvaried))


def _changes(about: About) -> Grid:
    meanings = {each.path: each for each in stated(about)}
    found = about.result.grounds.changes.get(about.scenario.name, ())
    evidence = {each.path: each for each in found}
    rows = []
    for path, value in differences(about).items():
        known = meanings.get(path)
        before = "not stated" if known is None else known.value
        name = path if known is None else f"{known.meaning} ({path})"
        rows.append((name, before, in_words(value), _grounds(evidence.get(path))))
    return Grid(
        caption=f'What "{about.scenario.title}" changes in the baseline',
        headings=("Number", "Baseline", "Scenario", "Grade and source"),
        rows=tuple(rows),
        widths=(3.2, 1.6, 1.6, 3.4),
        note="A number with a sign is added to the baseline's. What is assumed and not measured varies between sets.",
    )


def _grounds(evidence: Evidence | None) -> str:
    return "No source is stated." if evidence is None else f"{GRADES[evidence.grade]}. {evidence.source}"


def _sources(about: About) -> Grid:
    values = {each.path: each for each in stated(about)}
    told, why_not = effects(about), why_not_told(about)
    varied = {each.path for each in about.comparison.varied}
    rows = tuple(
        (
            "\n".join(_number(path, values[path].value if path in values else "") for path in entry.paths),
            entry.evidence.grade.value,
            entry.evidence.source,
            _range(about, entry.paths),
            _effect(entry.paths, told, varied, why_not),
        )
        for entry in logged(about.result.grounds.sources)
    )
    return Grid(
        caption="Assumptions log: every number of the baseline, on what it rests and what it does to the change",
        headings=("Number and value", "Grade", "Source", "Range", "Effect on the change"),
        rows=rows,
        widths=(3.2, 0.7, 3.2, 1.2, 1.5),
        is_small=True,
        note=(
            f"Grades: {'; '.join(GRADES.values())}. The effect is on the days within which 9 in 10 are seen. Who made "
            "each assumption, when, and who signed it off is not in the files that were read: that is for the "
            "authority's log."
        ),
    )


def _number(path: str, value: str) -> str:
    return f"{path} = {value}" if value else path


def _range(about: About, paths: tuple[str, ...]) -> str:
    """One range where all are alike, else a line each in the order of the numbers."""
    entries = {each.path: each for each in about.result.grounds.sources}
    ranges = [_ends(entries[path].low, entries[path].high) for path in paths]
    return ranges[0] if len(set(ranges)) == 1 else "\n".join(ranges)


def _ends(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return "none given"
    return " to ".join(f"{end:.0f}" if abs(end) >= _WHOLE_FROM else f"{end:.4g}" for end in (low, high))


def _effect(paths: tuple[str, ...], effects: Mapping[str, str], varied: set[str], not_told: str) -> str:
    told = [words for path, words in effects.items() if _of(path, paths)]
    if told:
        return ", ".join(told)
    return f"varied; {not_told}" if any(_of(path, paths) for path in varied) else "not varied"


def _of(path: str, paths: tuple[str, ...]) -> bool:
    return any(path == each or path.startswith(f"{each}.") for each in paths)


def _checklist() -> Iterator[Block]:
    yield Paragraph(
        "The Aqua Book asks who answers for what. The software can show that something was done to it; it cannot say "
        "that a person looked. What is left to people is blank until they fill it in."
    )
    yield Grid(
        caption="Aqua Book checklist: what the software can and cannot vouch for",
        headings=("Item", "What the software can show", "For people to fill in"),
        rows=CHECKLIST,
        widths=(2.6, 4, 3),
    )


def _letter(about: About) -> Iterator[Block]:
    yield Paragraph(
        f"The model was made after {LETTER}. Below are its findings, strengths marked as such, on which this "
        "scenario's levers act, in the letter's words, with what the model makes of them. A lever that acts on a "
        "concern does not by itself meet it."
    )
    found = list(touched(differences(about)))
    if not found:
        yield Paragraph("None of the letter's findings is acted on by what this scenario changes.")
        return
    yield Grid(
        caption="The letter's findings that this scenario touches (simulated)",
        headings=("The letter", "Levers changed", "What the model makes of it"),
        rows=tuple((_said(concern), "\n".join(paths), _measured(about, concern)) for concern, paths in found),
        widths=(3, 2.8, 3.6),
        is_small=True,
    )
    yield Paragraph(f"On {len(CONCERNS) - len(found)} other findings of the letter no lever of this scenario acts.")


def _said(concern: Concern) -> str:
    return f"A strength: {concern.words}" if concern.is_strength else concern.words


def _measured(about: About, concern: Concern) -> str:
    """Its measures, a line each: the baseline's level, the scenario's, and the change."""
    lines = []
    for measure in concern.measures:
        group = concern.group if (measure, concern.group) in about.scenario.levels else ALL
        unit = MEASURE[measure].unit
        before, after = (with_unit(Number(s.levels[measure, group].mean, unit)) for s in about.pair.scenarios)
        change, error, _ = change_cells(about, about.scenario, measure, group)
        whose = "" if group == ALL else f", {GROUP_LABEL[group]}"
        lines.append(
            f"{MEASURE[measure].label}{whose}: {before} in the baseline, {after} here; change {change} "
            f"({SIMULATION_ERROR}: {error or NOT_KNOWN})"
        )
    return "\n".join(lines)
