"""A number of a result with all that it may be quoted with: as sentences, and as a reference."""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from sim.experiment import Comparison, ScenarioResult
from sim.measures import SEEN_MEASURES
from sim.provenance import RecordError
from sim.report.assurance import Assurance
from sim.report.headline import ALL, DAYS, GROUP_LABEL, MEASURE, simulated_span, variants
from sim.report.notices import notices
from sim.report.result_file import Result
from sim.report.sentences import range_notes, rests_on, simulated_years
from sim.report.starts import in_words
from sim.report.wording import (
    NOT_KNOWN,
    SIMULATION_ERROR,
    UNKNOWNS,
    Number,
    changed_nothing,
    is_told,
    quoted,
    sentence,
    simulation_error,
    unknowns,
    with_unit,
)

_ELAPSED = "calendar time, nights and weekends with the rest."
_WORKING = "working days, Monday to Friday less England's bank holidays."
_OF_REFERRED = frozenset(measure.id for measure in SEEN_MEASURES)
_REFERRED_GROUPS = frozenset({"section_47", "section_17"})
_MOST_NEAR = 4


@dataclass(frozen=True, slots=True)
class Card:
    """What stands beside a number: its sentence, what it counts, what its ranges hold, and where it is from."""

    sentence: str
    counts: str
    clock: str
    ranges: tuple[str, ...]
    before_use: tuple[str, ...]
    rests_on: str
    assurance: str
    reference: str
    command: str

    def lines(self) -> Iterator[str]:
        """The card as paragraphs."""
        yield self.sentence
        yield f"What is counted: {self.counts} Clock: {self.clock}"
        yield from self.ranges
        yield from self.before_use
        yield self.rests_on
        yield f"Quality assurance: {self.assurance}"
        yield f"Reference: {self.reference}"
        yield f"To run it again and see that every event is the same: {self.command}"


def cards(result: Result, measure: str, group: str, scenario: str | None, assurance: Assurance) -> tuple[Card, ...]:
    """A card for a measure of a group, of one scenario or of each; raises `RecordError` naming what there is."""
    _refuse_unknown(result, measure, group)
    comparison = result.comparison
    chosen = [s for s in _compared(comparison) if scenario in {None, s.name}]
    if not chosen:
        names = ", ".join(s.name for s in _compared(comparison))
        raise RecordError(f"{result.folder}: holds no scenario {scenario} to cite; there is {names}")
    return tuple(_card(result, each, measure, group, assurance) for each in chosen)


def _compared(comparison: Comparison) -> tuple[ScenarioResult, ...]:
    return variants(comparison) or comparison.scenarios


def _refuse_unknown(result: Result, measure: str, group: str) -> None:
    if measure not in MEASURE:
        raise RecordError(f"{measure}: there is no such measure; {_near(measure)}")
    groups = [found for name, found in result.comparison.baseline.levels if name == measure]
    if group not in groups:
        raise RecordError(f"{measure}: is not told for {group}; it is for {', '.join(groups)}")


def _near(name: str) -> str:
    """The measures whose names, or words, are like this one."""
    wanted = name.lower().replace("-", "_").replace(" ", "_")
    near = difflib.get_close_matches(wanted, MEASURE, _MOST_NEAR, 0.5)
    words = [one for one in MEASURE if one not in near and all(word in one for word in wanted.split("_"))]
    found = [*near, *words][:_MOST_NEAR] or list(MEASURE)[:_MOST_NEAR]
    return f"near it are {', '.join(found)} (every name stands in measures.csv of the results)"


def _card(result: Result, scenario: ScenarioResult, measure: str, group: str, assurance: Assurance) -> Card:
    comparison, record = result.comparison, result.record
    alone = replace(comparison, scenarios=tuple({s.name: s for s in (comparison.baseline, scenario)}.values()))
    again = "" if record.plan.start is None else " --start EXTRACT"
    found = MEASURE[measure]
    return Card(
        sentence=number_in_words(comparison, scenario, measure, group),
        counts=found.meaning,
        clock=clock(measure),
        ranges=range_notes(comparison),
        before_use=notices(alone, beside_tables=False),
        rests_on=f"{rests_on(comparison)} {window(comparison)}",
        assurance=assurance.told,
        reference=reference(result, assurance),
        command=f"frontdoor replay {_as_argument(str(result.folder))}{again}",
    )


def number_in_words(comparison: Comparison, scenario: ScenarioResult, measure: str, group: str) -> str:
    """A level and its change in one sentence or two, each with both ranges."""
    found, level = MEASURE[measure], scenario.levels[measure, group]
    what = f"{found.label[:1].lower()}{found.label[1:]}{_whose(measure, group)}"
    if not level.runs:
        return f"In the model, under {quoted(scenario.title)}, {what}: {NOT_KNOWN}."
    here = _with_unit(Number(level.mean, found.unit))
    error = simulation_error(level, found.unit, signed=False)
    told = unknowns(level, found.unit, signed=False, draws=comparison.draws)
    opening = (
        f"In the model, under {quoted(scenario.title)}, {what}: {here} on average over {simulated_years(comparison)} "
        f"({SIMULATION_ERROR} of the level: {error}; {UNKNOWNS}: {told})."
    )
    return opening + "".join(f" {said}" for said in _change(comparison, scenario, measure, group))


def _change(comparison: Comparison, scenario: ScenarioResult, measure: str, group: str) -> Iterator[str]:
    if not scenario.changes:
        yield "Nothing is compared with it."
        return
    unit, change = MEASURE[measure].unit, scenario.changes[measure, group]
    base = comparison.baseline.levels[measure, group]
    before = f"the baseline, {quoted(comparison.baseline.title)}"
    if changed_nothing(change) or scenario.is_unchanged:
        yield f"In every run it is what it is in {before}."
        return
    if not change.runs:
        yield f"Its change against {before} is {NOT_KNOWN}."
        return
    error = simulation_error(change, unit, signed=True)
    told = unknowns(change, unit, signed=True, draws=comparison.draws)
    doubt = "" if is_told(change) else " Too few runs to tell this change from none."
    by = _with_unit(Number(change.mean, unit, signed=True))
    yield (
        f"Against {before} ({_with_unit(Number(base.mean, unit))}), in the same simulated worlds, it changes by "
        f"{by} ({SIMULATION_ERROR}: {error}; {UNKNOWNS}: {told}).{doubt}"
    )
    yield from _once_there(comparison, scenario, measure, group)


def _once_there(comparison: Comparison, scenario: ScenarioResult, measure: str, group: str) -> Iterator[str]:
    """The change of contacts received once all is there, where a year has a part without; a part's counts are none."""
    unit, start = MEASURE[measure].unit, scenario.start
    later = next((each for each in scenario.later if start is not None and each.day == start.later), None)
    if start is None or later is None or unit == "children" or (measure, group) not in later.changes:
        return
    change = later.changes[measure, group]
    if not change.runs:
        return
    error = simulation_error(change, unit, signed=True)
    told = unknowns(change, unit, signed=True, draws=comparison.draws)
    yield (
        f"Of contacts received from {in_words(start.on(later.day))} on, when all of it is there, it changes by "
        f"{_with_unit(Number(change.mean, unit, signed=True))} ({SIMULATION_ERROR}: {error}; {UNKNOWNS}: {told})."
        f"{'' if is_told(change) else ' Too few runs to tell this change from none.'}"
    )


def _whose(measure: str, group: str) -> str:
    """The children a measure is of: of days to seen those referred, as its meaning says at length."""
    words = GROUP_LABEL[group]
    if measure in _OF_REFERRED and group not in _REFERRED_GROUPS:
        return f" ({words} who went on to be assessed)"
    return "" if group == ALL else f" ({words})"


def _with_unit(number: Number) -> str:
    """A number with its unit, days by the calendar said to be so: a sentence is quoted without its card."""
    return re.sub(r" days$", " calendar days", with_unit(number)) if number.unit == DAYS else with_unit(number)


def clock(measure: str) -> str:
    """By what clock a measure goes; days are never left unlabelled."""
    found = MEASURE[measure]
    words = f"{found.label} {found.meaning}"
    if found.unit == "working days":
        return _WORKING
    if "Working time of" in words:
        return "working time of staff."
    if "Elapsed" in words or "calendar day" in words or found.unit in {"days", "hours"}:
        return _ELAPSED
    return _WORKING if "orking day" in words else "none: it is no length of time."


def window(comparison: Comparison) -> str:
    """What time the figures are of."""
    days = len(comparison.baseline.open_work["open_contacts"])
    noun, _ = simulated_span(comparison)
    started = "" if comparison.started is None else " from the open work of the day before"
    return (
        f"Simulated: the {noun} of {days} days from {in_words(comparison.first_day)}{started}, with children followed "
        "beyond its end."
    )


def reference(result: Result, assurance: Assurance) -> str:
    """A reference as a plan quotes it: model, version, run, what was compared, when, and its status."""
    comparison, record = result.comparison, result.record
    commit = "" if record.commit is None else f" (commit {_short(record.commit)})"
    titles = "; ".join(s.title for s in comparison.scenarios)
    much = sentence(simulated_years(comparison))
    return (
        f"Front Door {record.frontdoor}{commit}, run {record.run_id}, made on {record.made_at[:10]}. {titles}. "
        f"{much}, seed {comparison.seed}. Simulated; {assurance.in_words}."
    )


def _as_argument(path: str) -> str:
    return f'"{path}"' if " " in path else path


def _short(commit: str) -> str:
    """A commit in a few characters, and whether files had changed since it."""
    name, changed, _ = commit.partition("-dirty")
    return f"{name[:12]}, with files changed since" if changed else name[:12]
