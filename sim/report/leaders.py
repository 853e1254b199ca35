"""What leads on the leaders' page: the difference first, in words, and what each range of it means."""

from collections.abc import Iterator
from typing import NamedTuple

from sim.experiment import Comparison, Estimate, Range, SafetyResult, ScenarioResult
from sim.report.headline import (
    ALL,
    BEYOND_10,
    DAYS,
    GROUP_LABEL,
    IMMEDIATE_SEEN,
    MEDIAN,
    NINE_IN_TEN,
    WORKING_NINE_IN_TEN,
    Standing,
    Told,
    safety_change,
    safety_in_words,
    span_of,
    standing,
    told,
    variants,
)
from sim.report.sentences import COHORT, NOBODY_SEEN
from sim.report.starts import day_in_words, not_there_yet
from sim.report.wording import (
    SIMULATION_ERROR,
    Number,
    changed_nothing,
    error_of,
    is_chance_alone,
    sentence,
    shown,
    simulation_error,
    with_unit,
)
from sim.scenario import Posts, Scenario


class Lead(NamedTuple):
    """What is said of one scenario: its title, the one sentence, what gets worse, and what all that is worth."""

    title: str
    first: str
    worse: str
    rest: tuple[str, ...]


def leads(comparison: Comparison) -> tuple[Lead, ...]:
    """What leads of each scenario, in the order in which they were asked for."""
    return tuple(_lead(comparison, scenario) for scenario in variants(comparison))


def _lead(comparison: Comparison, scenario: ScenarioResult) -> Lead:
    if scenario.is_unchanged:
        same = (
            not_there_yet(scenario) or "In the model this changes nothing: every event of every year is as it is now."
        )
        return Lead(scenario.title, same, "", ())
    if not scenario.levels[NINE_IN_TEN, ALL].runs or not comparison.baseline.levels[NINE_IN_TEN, ALL].runs:
        return Lead(scenario.title, NOBODY_SEEN, "", ())
    change, checks = scenario.changes[NINE_IN_TEN, ALL], _checks(scenario)
    is_worse = any(standing(result) in {Standing.WORSE, Standing.WORSE_NOT_TOLD} for result in scenario.safety)
    rest = (
        *(_so_far(change) if told(NINE_IN_TEN, change) is Told.TOO_FEW_RUNS else _ranges(change, comparison.draws)),
        *_half(scenario.changes[MEDIAN, ALL]),
        *_later(comparison, scenario),
        _beyond(scenario.changes[BEYOND_10, ALL]),
        *_immediate_risk(scenario),
        *(() if is_worse else (checks,)),
    )
    return Lead(scenario.title, _first(comparison, scenario), checks if is_worse else "", rest)


def _first(comparison: Comparison, scenario: ScenarioResult) -> str:
    change, many = scenario.changes[NINE_IN_TEN, ALL], f"9 in 10 {COHORT}"
    within, before = (
        shown(Number(each.levels[NINE_IN_TEN, ALL].mean, DAYS)) for each in (scenario, comparison.baseline)
    )
    working = shown(Number(scenario.levels[WORKING_NINE_IN_TEN, ALL].mean, DAYS))
    match told(NINE_IN_TEN, change):
        case Told.TOO_FEW_RUNS:
            return f"Too few years are run yet to tell whether {many} are seen sooner or later."
        case Told.NONE:
            return f"In the model {many} are seen as soon as now, within {before} calendar days of contact."
        case _:
            after = f"within {within} calendar days of contact ({working} working), not {before}"
            return f"In the model {many} are seen {_way(change.mean)}: {after}."


def _half(change: Estimate) -> Iterator[str]:
    if told(MEDIAN, change) in {Told.BETTER, Told.WORSE}:
        yield f"Half of them are seen {_way(change.mean)}."


def _so_far(change: Estimate) -> Iterator[str]:
    """What can be said of a change that is not told from none."""
    error = error_of(change)
    if error is not None:
        yield f"So far it could be {_ways(error)} ({SIMULATION_ERROR}); more years narrow that."


def _ranges(change: Estimate, draws: int) -> Iterator[str]:
    """What we do not know, what one year may bring, and what more runs would narrow: never one range unnamed."""
    if changed_nothing(change):
        return
    if change.unknown is not None and not is_chance_alone(change):
        yield f"From what we do not know, that could be {_ways(change.unknown)}."
    elif is_chance_alone(change):
        yield "What we do not know moves that by no more than luck does."
    else:
        yield f"How far what we do not know could move that is not told yet: {draws} sets of numbers were run."
    if change.year is not None:
        yield f"In a single year, luck included, it could be {_ways(change.year)}."
    error = error_of(change)
    if error is not None:
        yield f"Luck in the years run so far leaves it at {_ways(error)} ({SIMULATION_ERROR}); more years narrow that."


def _way(days: float) -> str:
    """A change as people say it: `0.4 days sooner`."""
    number = _days(days)
    if not float(number):
        return "no change"
    return f"{number} days {'sooner' if days < 0 else 'later'}"


def _days(days: float) -> str:
    return shown(Number(abs(days), DAYS))


def _ways(found: Range) -> str:
    """A range of changes: `0.1 to 1.0 days sooner`, `up to 0.6 days later`, or `0.2 days sooner to 0.1 days later`."""
    low, high = _way(found.low), _way(found.high)
    if low == high:
        return low
    if "no change" in {low, high}:
        return f"up to {low if high == 'no change' else high}"
    if found.low < 0 < found.high:
        return f"{low} to {high}"
    least, most = sorted((found.low, found.high), key=abs)
    return f"{_days(least)} to {_way(most)}"


def _later(comparison: Comparison, scenario: ScenarioResult) -> Iterator[str]:
    """Once all is there: a year's change is smaller for every week in which a post is still to be filled."""
    start = scenario.start
    for later in (each for each in scenario.later if start is not None and each.day == start.later):
        change, when = later.changes[NINE_IN_TEN, ALL], day_in_words(comparison, later.day)
        found = told(NINE_IN_TEN, change)
        way = "too few years are run to tell" if found is Told.TOO_FEW_RUNS else f"9 in 10 are seen {_way(change.mean)}"
        yield f"All that is added is there from {when}. Of contacts from then on {way}."


def _beyond(change: Estimate) -> str:
    number = shown(Number(abs(change.mean), "children a month"))
    match told(BEYOND_10, change):
        case Told.BETTER:
            return f"About {number} fewer children a month wait over 10 days."
        case Told.WORSE:
            return f"About {number} more children a month wait over 10 days."
        case Told.NONE:
            return "As many children a month wait over 10 days as now."
        case Told.TOO_FEW_RUNS:
            return "Too few years are run to tell whether more or fewer children wait over 10 days."


def _immediate_risk(scenario: ScenarioResult) -> Iterator[str]:
    for result in scenario.safety:
        if (result.check.measure, result.check.group.id) == IMMEDIATE_SEEN:
            yield f"Children at immediate risk: {_immediate(standing(result), safety_change(result))}."


def _immediate(found: Standing, change: str) -> str:
    match found:
        case Standing.NO_WORSE:
            return "no worse; 9 in 10 are seen at most an hour later"
        case Standing.WORSE:
            return f"worse. {change}"
        case _:
            return str(found)


def _checks(scenario: ScenarioResult) -> str:
    words = safety_in_words(scenario)
    return sentence(f"{words if words.startswith('safety check') else f'safety checks: {words}'}.")


def staff_from(scenario: Scenario) -> str:
    """Where the staff of a domestic abuse team come from; nothing where there is none."""
    team = scenario.domestic_abuse_team
    if not team.on:
        return ""
    managers = f"{team.managers} manager{'' if team.managers == 1 else 's'}"
    workers = f"{team.social_workers} social worker{'' if team.social_workers == 1 else 's'}"
    if team.posts is Posts.NEW:
        return f"The team's {managers} and {workers} are new posts, there once recruited."
    return (
        f"The team's {managers} and {workers} are taken from the front door and the assessment teams, where the other "
        "children have so many fewer."
    )


def safety_rows(scenario: ScenarioResult) -> tuple[tuple[str, str, str, str], ...]:
    """Every safety check: what is looked at, of which children, how it stands, and its change with its error."""
    return tuple(
        (
            result.check.label,
            sentence(GROUP_LABEL[result.check.group.id]),
            sentence(str(standing(result))),
            _change(result),
        )
        for result in scenario.safety
    )


def _change(result: SafetyResult) -> str:
    unit = result.check.unit
    words = with_unit(Number(result.change.mean, unit, signed=True))
    return f"{words} ({SIMULATION_ERROR}: {simulation_error(result.change, unit, signed=True)})"


def who_waits(scenario: ScenarioResult) -> tuple[str, ...]:
    """The children who wait longer and those who wait less, each group in a sentence."""
    span = f"a {''.join(span_of(scenario))}"
    return tuple(
        f"{sentence(GROUP_LABEL[group])}: about {_count(same.sooner)} {span} wait less and about {_count(same.longer)} "
        f"wait longer, by half a day or more, of {_count(same.same)} seen under both."
        for group, same in scenario.same_children.items()
    )


def _count(children: float) -> str:
    return shown(Number(children, "children"))
