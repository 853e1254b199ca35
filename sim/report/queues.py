"""Where work piles up: the queues of the pathway, how long children stand in each, and how many, as far as is known."""

import math
from collections.abc import Mapping
from typing import Final, NamedTuple

from sim.experiment import Comparison, Estimate, Range, ScenarioResult, StartedBefore
from sim.experiment.queueing import CELLS, QueueName
from sim.report.headline import ALL, DAYS, MEASURE, SHOWN_WAITS, Told, told, variants
from sim.report.queue_spots import BESIDE, MAIN, ON_THE_WAY, Spot
from sim.report.starting import NOT_IN_EXTRACT, STAGE_WORDS, as_kept
from sim.report.starts import in_words, year_note
from sim.report.views import marked
from sim.report.wording import (
    SHARE,
    SIMULATION_ERROR,
    UNKNOWNS,
    Number,
    between,
    is_chance_alone,
    is_nothing,
    is_told,
    sentence,
    shown,
    simulation_error,
    unknowns,
    with_unit,
)

NOT_BY_ITSELF: Final = "not measured by itself"
NOT_TOLD: Final = "no clear change from now"
_LESS: Final = "Less than 0.1 days on average"
_NOTHING: Final = "-"
_LEAST_WORK: Final = 0.5
"""Of a count smaller than this a change in per cent would say nothing."""
_HEADINGS: Final = (
    "Days, mean of children seen",
    "Of it for our staff at work",
    "Of it office closed",
    "Of it for others",
    "Share of the wait to be seen",
)
_LEVEL_HEADINGS: Final = (f"Mean days: {SIMULATION_ERROR}", f"Mean days: {UNKNOWNS}")
_CHANGE_HEADINGS: Final = (
    "Change of the mean from now (days)",
    f"Change: {SIMULATION_ERROR}",
    f"Change: {UNKNOWNS}",
)
_LAST_HEADINGS: Final = ("Longest typical wait", "How many wait")
_IN_BRACKETS: Final = f"In brackets: {UNKNOWNS}."
_IN_CHANGES: Final = (
    f"In brackets: {UNKNOWNS}, of the change. {sentence(NOT_TOLD)}: there is none, or too few years are run to tell it."
)
_NOTE: Final = (
    "Mean days are of the children who were seen, those whom a queue does not concern counting nothing: they add up to "
    "the mean days from contact to seen. The longest wait for a worker to be allocated is not measured by itself."
)
_ILLUSTRATION: Final = (
    "How many children wait is not shown: only an extract of your own, with its date, can tell it. So queues are shown "
    "by days, by shares of the wait, and by changes."
)
_MODELLED: Final = "How many wait is the model's average over the year, and not a count of your record."
_COUNTED: Final = "How many wait is counted in your extract at the end of {day}; days and shares are simulated."


class Part(NamedTuple):
    """Mean days of a wait by whom it is for, in the order of `SHOWN_WAITS`."""

    ours: float
    closed: float
    others: float

    @property
    def total(self) -> float:
        """All of it."""
        return sum(self)


class Queue(NamedTuple):
    """One queue under one scenario, in words. `days` is None beside the way of most children.

    `mean` says how many days a child that is seen stands in it on average, `beside` its range or how it was before,
    `longest` the longest typical wait, `many` how many wait: a number, a change against now, or nothing where neither
    can be told. `before` are the mean days now, of a change that is told. `ranges` stand in the table: of the mean in
    the baseline, the change and its own elsewhere.
    """

    name: str
    days: Part | None
    before: float | None
    mean: str
    beside: str
    share: str
    longest: str
    many: str
    ranges: tuple[str, ...]
    is_longest: bool


class Queues(NamedTuple):
    """All queues under one scenario: those on the way of most children, then those beside it, and what leads."""

    title: str
    first: str
    main: tuple[Queue, ...]
    beside: tuple[Queue, ...]
    key: str
    note: str
    headings: tuple[str, ...]

    @property
    def alt(self) -> str:
        """The picture in words."""
        parts = [f"The pathway with its queues, simulated. {self.title}. {self.first}"]
        for queue in (*self.main, *self.beside):
            told_of = [each for each in (f"{queue.mean} {queue.beside}".strip(), queue.longest, queue.many) if each]
            parts.append(f"{queue.name}: {'; '.join(told_of)}.")
        return " ".join((*parts, self.key))

    @property
    def rows(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The same as a table: each queue's name and its cells, under `headings`."""
        return tuple(
            (q.name, (*_cells(q), *q.ranges, q.longest or NOT_BY_ITSELF, q.many or _NOTHING))
            for q in (*self.main, *self.beside)
        )


def queues(comparison: Comparison) -> tuple[Queues, ...]:
    """The queues under every scenario, the baseline's first."""
    kept = None if comparison.started is None else as_kept(comparison.started)
    return tuple(_queues(comparison, scenario, kept) for scenario in comparison.scenarios)


def _queues(comparison: Comparison, scenario: ScenarioResult, kept: StartedBefore | None) -> Queues:
    parts = {name: _part(scenario, name) for name in ON_THE_WAY}
    main, beside = (tuple(_queue(comparison, scenario, spot, parts, kept) for spot in row) for row in (MAIN, BESIDE))
    is_base = scenario is comparison.baseline
    first = _where(parts) if is_base else _what_changes(scenario)
    ranges = _LEVEL_HEADINGS if is_base else _CHANGE_HEADINGS
    headings = (*_HEADINGS, *ranges, *_LAST_HEADINGS)
    key, note = _IN_BRACKETS if is_base else _IN_CHANGES, _note(comparison, kept)
    return Queues(marked(comparison, scenario), first, main, beside, key, note, headings)


def _part(scenario: ScenarioResult, name: QueueName) -> Part:
    stage, waits = CELLS[name]
    days = scenario.stage_days[ALL][stage]
    return Part(*(float(days[wait]) if wait in waits else 0.0 for wait in SHOWN_WAITS))


def _queue(
    comparison: Comparison,
    scenario: ScenarioResult,
    spot: Spot,
    parts: Mapping[QueueName, Part],
    kept: StartedBefore | None,
) -> Queue:
    total = _total(parts)
    return Queue(
        spot.name,
        *_stood(comparison, scenario, spot.queue, parts),
        _longest(comparison, scenario, spot),
        _many(comparison, scenario, spot, kept),
        _ranges(comparison, scenario, spot.queue),
        total > 0 and spot.queue is _longest_of(parts),
    )


def _stood(
    comparison: Comparison, scenario: ScenarioResult, name: QueueName | None, parts: Mapping[QueueName, Part]
) -> tuple[Part | None, float | None, str, str, str]:
    """The days of a queue, those of it now, and in words: the days, what stands beside them, their share of all."""
    total = _total(parts)
    if name is None or not total > 0:
        return None, None, "", "", ""
    part = parts[name]
    is_other = scenario is not comparison.baseline and _is_told_apart(scenario.queue_changes[name])
    before = _part(comparison.baseline, name).total if is_other else None
    said = _LESS if is_nothing(Number(part.total, DAYS)) else f"{shown(Number(part.total, DAYS))} days on average"
    share = f"{shown(Number(part.total / total, SHARE))} of the wait to be seen"
    return part, before, said, _beside(comparison, scenario, name), share


def _total(parts: Mapping[QueueName, Part]) -> float:
    return sum(part.total for part in parts.values())


def _longest_of(parts: Mapping[QueueName, Part]) -> QueueName:
    return max(parts, key=lambda name: parts[name].total)


def _is_told_apart(change: Estimate) -> bool:
    """Whether these years tell mean days from those of now, and the difference shows."""
    return is_told(change) and not is_nothing(Number(change.mean, DAYS))


def _beside(comparison: Comparison, scenario: ScenarioResult, name: QueueName) -> str:
    """What we do not know of mean days; of a scenario, how long they are now, where these years tell a change."""
    if scenario is comparison.baseline:
        return _in_brackets(scenario.queue_levels[name], DAYS)
    change = scenario.queue_changes[name]
    if not is_told(change):
        return NOT_TOLD
    if is_nothing(Number(change.mean, DAYS)):
        return "as now"
    before = shown(Number(_part(comparison.baseline, name).total, DAYS))
    is_known = change.unknown is not None and not is_chance_alone(change)
    return f"not {before} ({_ways(change.unknown)})" if is_known and change.unknown else f"not {before}"


def _in_brackets(level: Estimate, unit: str) -> str:
    """What we do not know of a level; nothing where it would show as one number."""
    if level.unknown is None or is_chance_alone(level):
        return ""
    ends = {shown(Number(end, unit)) for end in (level.unknown.low, level.unknown.high)}
    return f"({between(level.unknown, unit, signed=False)})" if len(ends) > 1 else ""


def _ways(found: Range) -> str:
    """A range of changes: `0.1 to 1.0 days shorter`, or `0.2 days shorter to 0.1 days longer`."""
    low, high = (shown(Number(abs(end), DAYS)) for end in (found.low, found.high))
    if found.low < 0 < found.high:
        return f"{low} days shorter to {high} days longer"
    least, most = sorted((low, high), key=float)
    return f"{least} to {most} days {'shorter' if found.low < 0 else 'longer'}"


def _ranges(comparison: Comparison, scenario: ScenarioResult, name: QueueName | None) -> tuple[str, ...]:
    """The cells of a queue's ranges; of the baseline those of its level."""
    is_base = scenario is comparison.baseline
    if name is None:
        return (_NOTHING,) * len(_LEVEL_HEADINGS if is_base else _CHANGE_HEADINGS)
    found = (scenario.queue_levels if is_base else scenario.queue_changes)[name]
    error = simulation_error(found, DAYS, signed=not is_base)
    unknown = unknowns(found, DAYS, signed=not is_base, draws=comparison.draws)
    return (error, unknown) if is_base else (shown(Number(found.mean, DAYS, signed=True)), error, unknown)


def _longest(comparison: Comparison, scenario: ScenarioResult, spot: Spot) -> str:
    """The longest typical wait, its range of what we do not know, and how it was before where the change is told."""
    if not spot.measure:
        return ""
    level, unit = scenario.levels[spot.measure, ALL], MEASURE[spot.measure].unit
    if math.isnan(level.mean):
        return "too few to tell the longest typical wait"
    said = spot.phrase.format(with_unit(Number(level.mean, unit)))
    if scenario is comparison.baseline:
        return f"{said} {_in_brackets(level, unit)}".strip()
    return f"{said}{_against_now(comparison, scenario, spot.measure)}"


def _against_now(comparison: Comparison, scenario: ScenarioResult, measure: str) -> str:
    before, unit = comparison.baseline.levels[measure, ALL].mean, MEASURE[measure].unit
    match told(measure, scenario.changes[measure, ALL]):
        case Told.TOO_FEW_RUNS:
            return f": {NOT_TOLD}"
        case Told.NONE:
            return ", as now"
        case _:
            return f", not {with_unit(Number(before, unit))}"


def _many(comparison: Comparison, scenario: ScenarioResult, spot: Spot, kept: StartedBefore | None) -> str:
    """How many wait: counted at the start, or modelled, in the baseline; the change in per cent elsewhere."""
    if scenario is not comparison.baseline:
        return _more_or_fewer(comparison, scenario, spot) if spot.work else ""
    if kept is not None:
        count = "" if spot.stage is None else kept.children.get(STAGE_WORDS[spot.stage], "")
        is_there = bool(count) and count != NOT_IN_EXTRACT
        return f"{count} children at the end of {in_words(kept.as_at)}, in your extract" if is_there else ""
    if not comparison.is_calibrated or not spot.work:
        return ""
    level = scenario.queue_levels[spot.work]
    many = f"{shown(Number(level.mean, 'children'))} {spot.unit} on an average night, in the model"
    return f"{many} {_in_brackets(level, 'children')}".strip()


def _more_or_fewer(comparison: Comparison, scenario: ScenarioResult, spot: Spot) -> str:
    change, now = scenario.queue_changes[spot.work], comparison.baseline.queue_levels[spot.work].mean
    if not now >= _LEAST_WORK or not change.runs:
        return ""
    if not is_told(change):
        return f"{spot.unit}: {NOT_TOLD}"
    per_cent = round(100 * change.mean / now)
    if not per_cent:
        return f"{spot.unit}: as many as now"
    return f"{abs(per_cent)}% {'fewer' if per_cent < 0 else 'more'} {spot.unit} than now"


def _where(parts: Mapping[QueueName, Part]) -> str:
    """Where most of the wait is."""
    total = _total(parts)
    if not total > 0:
        return "Too few children were seen to tell where they wait."
    name = _longest_of(parts)
    here, share = parts[name].total, shown(Number(parts[name].total / total, SHARE))
    days, all_days = (shown(Number(each, DAYS)) for each in (here, total))
    return (
        f"Of {all_days} days from contact to seen on average, {days} ({share}) are spent waiting "
        f"{ON_THE_WAY[name].wait}."
    )


def _what_changes(scenario: ScenarioResult) -> str:
    """Which queue changes most, of those whose change these years tell."""
    changes = {name: scenario.queue_changes[name] for name in ON_THE_WAY}
    if not any(change.runs for change in changes.values()):
        return "Too few children were seen to tell where they wait."
    known = {name: each.mean for name, each in changes.items() if _is_told_apart(each)}
    if not known:
        return "Of no queue can these years tell a change from now."
    name = max(known, key=lambda each: abs(known[each]))
    days, way = shown(Number(abs(known[name]), DAYS)), "shorter" if known[name] < 0 else "longer"
    return f"What changes most is the wait {ON_THE_WAY[name].wait}: {days} days {way} on average than now."


def _note(comparison: Comparison, kept: StartedBefore | None) -> str:
    if kept is not None:
        counted = _COUNTED.format(day=in_words(kept.as_at))
    else:
        counted = _MODELLED if comparison.is_calibrated else _ILLUSTRATION
    late = year_note(comparison) if variants(comparison) else ""
    return f"{counted} {_NOTE} {late}".strip()


def _cells(queue: Queue) -> tuple[str, ...]:
    if queue.days is None:
        return (_NOTHING,) * len(_HEADINGS)
    numbers = (queue.days.total, *queue.days)
    return (*(shown(Number(number, DAYS)) for number in numbers), queue.share.partition(" ")[0])
