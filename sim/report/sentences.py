"""What a comparison says in plain English: modelled, never promised, and never one number alone."""

from collections.abc import Iterator

from sim.experiment import Comparison, Estimate, ScenarioResult
from sim.experiment.estimates import FEWEST_DRAWS, FEWEST_REPEATS, LEAST_DEGREES
from sim.experiment.later import CONFIDENCE
from sim.measures import SAFETY
from sim.report.assumptions import in_words, unvaried_note
from sim.report.headline import (
    ALL,
    BEYOND_10,
    DAYS,
    GROUP_LABEL,
    IMMEDIATE_SEEN,
    MEDIAN,
    NINE_IN_TEN,
    REFERRED,
    SEEN_WITHIN,
    WORKING_MEDIAN,
    WORKING_NINE_IN_TEN,
    Disagreement,
    Standing,
    Told,
    disagreements,
    safety_in_words,
    simulated_span,
    standing,
    told,
    variants,
)
from sim.report.starting import starting_sentences
from sim.report.starts import day_in_words
from sim.report.wording import (
    NOT_EXPLORED,
    NOT_FROM_CHANCE,
    SIMULATION_ERROR,
    UNKNOWNS,
    Number,
    is_told,
    listed,
    quoted,
    sentence,
    shown,
    simulation_error,
    unknowns,
)

COHORT = "children who went on to be assessed"
NOT_BORNE_OUT = "nothing published bears out what staff do to waits"
PUBLISHED_ONLY = f"Published figures, not your records: no national return holds days to seen, and {NOT_BORNE_OUT}."
"""What every number of the shipped baseline rests on."""

_OWN_RECORD = "Numbers of the baseline are set from your own record"
CALIBRATED = f"{_OWN_RECORD}; they have not been tested against past months."
"""What the numbers of a calibrated baseline rest on that nobody has tested."""

STARTED_FROM_RECORDS = "Only the open work at the start is from your records; how the service works is the baseline's."
"""What the numbers of a comparison that starts from real open work rest on."""

NOBODY_SEEN = "In the model too few children of the baseline were seen to give the days within which 9 in 10 were."

CAVEATS = (
    "The figures come from a model. Use the changes between scenarios, not the levels, and give the ranges with them.",
    (
        "What no statistic gives, such as how long a piece of work takes, is set within a plausible range; what that "
        f"leaves open is shown as {UNKNOWNS}. What the model leaves out altogether is in no range."
    ),
    "They say nothing about the quality of the work, and nothing about any one child.",
)
"""What stands before the figures wherever they are read at leisure."""

MOST_NAMED = 6
FEW_CHILDREN = 100
"""Referred children a run: of fewer, rare runs decide averages (tests/experiment/test_coverage.py tries about 20)."""
_HOW_MANY = {MEDIAN: "half of the", NINE_IN_TEN: "9 in 10"}
_MANY = {MEDIAN: "half", NINE_IN_TEN: "9 in 10"}
_WORKING = {MEDIAN: WORKING_MEDIAN, NINE_IN_TEN: WORKING_NINE_IN_TEN}


def sentences(comparison: Comparison) -> tuple[str, ...]:
    """The paragraphs below the tables: what leads and what that is worth, the others, doubts, what it all rests on."""
    started = () if comparison.started is None else starting_sentences(comparison.started)
    if not variants(comparison):
        return (_alone(comparison.baseline), *started, rests_on(comparison))
    found = leading(comparison)
    lead = _nothing_told(comparison) if found is None else _lead(comparison, *found)
    others = [s for s in variants(comparison) if found is None or s is not found[0]]
    worth = () if found is None else _worth(comparison, *found)
    return (lead, *worth, *_grouped(others), *differing(comparison), *started, rests_on(comparison))


def leading(comparison: Comparison) -> tuple[ScenarioResult, str] | None:
    """The scenario with the largest shortening that is told from nothing, for 9 in 10 or else for half; or None."""
    for measure in (NINE_IN_TEN, MEDIAN):
        shorter = [s for s in variants(comparison) if told(measure, s.changes[measure, ALL]) is Told.BETTER]
        if shorter:
            return min(shorter, key=lambda s: s.changes[measure, ALL].mean), measure
    return None


def calibrated(past_months: tuple[str, ...]) -> str:
    """What the numbers of a calibrated baseline rest on, and what its test against past months came to, if any."""
    passed, failed = (sum(f": {mark}." in verdict for verdict in past_months) for mark in ("PASSED", "NOT PASSED"))
    if not past_months:
        return CALIBRATED
    if failed:
        which = "some of their tests" if passed else "their test"
        return f"{_OWN_RECORD}; they did NOT pass {which} against past months. Use differences, not levels."
    if not passed:
        return f"{_OWN_RECORD}, which tells too little to test them against past months."
    return f"{_OWN_RECORD}; they passed their test against past months."


def rests_on(comparison: Comparison) -> str:
    """What the numbers rest on, and that so few children as there may be carry no error that can be relied on."""
    children = comparison.baseline.levels[REFERRED, ALL].mean
    doubt = f" {_of_few(comparison, children)}" if children < FEW_CHILDREN else ""
    source = PUBLISHED_ONLY if comparison.started is None else STARTED_FROM_RECORDS
    source = calibrated(comparison.past_months) if comparison.is_calibrated else source
    return f"These figures rest on {simulated_years(comparison)}. {source}{doubt}"


def _of_few(comparison: Comparison, children: float) -> str:
    (noun, length), many = simulated_span(comparison), shown(Number(children, "children"))
    return (
        f"There are only about {many} such children in a simulated {noun}{length}: of so few, the {SIMULATION_ERROR} "
        "of twenty runs holds the truth in about eight comparisons of ten, not in 95 of 100."
    )


def simulated_years(comparison: Comparison) -> str:
    """How much was simulated: `24 simulated years of each scenario and 20 plausible sets of numbers`."""
    number, (noun, length) = comparison.replications, simulated_span(comparison)
    span = f"{number} simulated {noun}{'' if number == 1 else 's'}{length}"
    sets = f"{comparison.draws} plausible sets of numbers" if comparison.draws > 1 else "one set of numbers"
    return f"{span} of each scenario and {sets}" if variants(comparison) else f"{span} and {sets}"


def run_details(comparison: Comparison) -> str:
    """How much was run, in the modeller's words."""
    scenarios = f"{len(comparison.scenarios)} scenarios" if variants(comparison) else "1 scenario"
    draws = "1 draw" if comparison.draws == 1 else f"{comparison.draws} draws"
    many = f"{comparison.replications} replication{'' if comparison.replications == 1 else 's'}"
    return f"{scenarios}, {many} of each over {draws} of plausible numbers, seed {comparison.seed}."


def range_notes(comparison: Comparison) -> tuple[str, ...]:
    """What the two ranges mean, and what neither holds, for under a table."""
    unvaried = unvaried_note(comparison)
    return (*_of_the_ranges(comparison), *((unvaried,) if unvaried else ()))


def _of_the_ranges(comparison: Comparison) -> tuple[str, ...]:
    number = len(variants(comparison))
    together = f", for each figure holding for all {number} scenarios at once" if number > 1 else ""
    repeats = comparison.replications - comparison.draws
    mixed = "" if comparison.draws == 1 or repeats >= LEAST_DEGREES else "; what sets differ by is in it too"
    checks = f" {_of_many_checks()}" if number else ""
    error = f"{sentence(SIMULATION_ERROR)}: what more runs would narrow; 95% confidence{together}{mixed}.{checks}"
    if comparison.draws == 1:
        return (error, f"{sentence(UNKNOWNS)}: {NOT_EXPLORED}; only one set of numbers was run.")
    if comparison.draws < FEWEST_DRAWS:
        few = f"{comparison.draws} sets of numbers were run, and it takes {FEWEST_DRAWS} to tell a range"
        return (error, f"{sentence(UNKNOWNS)} is not told: {few}.")
    allowed_by = "your record allows" if comparison.is_calibrated else "the published figures allow"
    tried = f"the middle 80% over {comparison.draws} sets of numbers that {allowed_by}"
    if repeats < FEWEST_REPEATS:
        left = "chance is in it too, which three simulated years of each set would take out"
        return (error, f"{sentence(UNKNOWNS)}: {tried}; {left}.")
    return (
        error,
        f"{sentence(UNKNOWNS)}: {tried}; more runs would not narrow it.",
        f"{sentence(NOT_FROM_CHANCE)}: those sets differ by no more than luck would make them.",
    )


def _of_many_checks() -> str:
    """How often a safety check is named by chance: each is told by itself, for all scenarios at once."""
    most = round(len(SAFETY) * (1 - CONFIDENCE) / 2 * 100)
    return (
        f"Each of the {len(SAFETY)} safety checks is told by itself: where nothing gets worse, chance names one in at "
        f"most {most} comparisons of 100."
    )


def _alone(only: ScenarioResult) -> str:
    if not only.levels[NINE_IN_TEN, ALL].runs:
        return NOBODY_SEEN
    first = seen_within(only, NINE_IN_TEN)
    middle = shown(Number(only.levels[MEDIAN, ALL].mean, DAYS))
    beyond = _children(only.levels[BEYOND_10, ALL].mean)
    share = only.levels[SEEN_WITHIN[10], ALL].mean
    return (
        f"In the model, under {quoted(only.title)}, {first}, and half of them within {middle}. "
        f"{shown(Number(share, 'share'))} were seen within 10 days; about {beyond} children a month waited longer. "
        "No other scenario was run, so nothing is compared."
    )


def _lead(comparison: Comparison, scenario: ScenarioResult, measure: str) -> str:
    before = shown(Number(comparison.baseline.levels[measure, ALL].mean, DAYS))
    change = change_in_words(scenario.changes[measure, ALL], comparison.draws)
    return " ".join(
        [
            f"In the model, under {quoted(scenario.title)}, {seen_within(scenario, measure)}, not {before}: {change}.",
            beyond_in_words(scenario),
            *_safety(scenario),
        ]
    )


def _worth(comparison: Comparison, scenario: ScenarioResult, measure: str) -> tuple[str, ...]:
    """What the lead is worth, in one paragraph where there is anything to say of it."""
    said = [
        *_picked(comparison, scenario, measure),
        *_later(comparison, scenario, measure),
        *_rests(scenario),
    ]
    return (" ".join(said),) if said else ()


def _picked(comparison: Comparison, scenario: ScenarioResult, measure: str) -> Iterator[str]:
    """That the lead was chosen for its size, which is more often too large than too small, and what it leads by."""
    number = len(variants(comparison))
    if number > 1:
        yield (
            f"The lead is the largest shortening told for {_MANY[measure]}, over the year, of the {number} scenarios "
            f"compared: the {SIMULATION_ERROR} allows for that choice, the single figure does not."
        )
    pairs = [(s, comparison.between.get((measure, scenario.name, s.name))) for s in variants(comparison)]
    alike = [quoted(s.title) for s, found in pairs if found is not None and not is_told(found)]
    if alike:
        yield f"Too few runs to tell whether it shortens more than {_some(alike)}."


def _later(comparison: Comparison, scenario: ScenarioResult, measure: str) -> Iterator[str]:
    """The changes once all is there: the year's are smaller for every week that a post is still to be filled."""
    if not scenario.later:
        return
    day, here = scenario.later[-1].day, scenario.later[-1].changes[measure, ALL]
    yield (
        f"For contacts received from {day_in_words(comparison, day)} on, when what these scenarios add is "
        f"there, its change for {_MANY[measure]} is {_with_error(here)}."
    )
    others = [(s, later.changes[measure, ALL]) for s in variants(comparison) for later in s.later if later.day == day]
    larger = [(s, change) for s, change in others if change.mean < here.mean and told(measure, change) is Told.BETTER]
    if larger:
        larger.sort(key=lambda pair: pair[1].mean)
        named = _some([f"{quoted(s.title)} ({_with_error(change)})" for s, change in larger])
        yield f"For those contacts it is larger under {named}."


def _with_error(change: Estimate) -> str:
    mean, error = shown(Number(change.mean, DAYS, signed=True)), simulation_error(change, DAYS, signed=True)
    return f"{mean} days, {SIMULATION_ERROR} {error}"


def _rests(scenario: ScenarioResult) -> Iterator[str]:
    """What the change rests on that nobody has measured."""
    if scenario.assumed:
        yield f"The lead rests on what nobody has measured. {'. '.join(map(in_words, scenario.assumed))}."


def seen_within(scenario: ScenarioResult, measure: str) -> str:
    """Within how many days half, or 9 in 10, of the children were seen."""
    days = shown(Number(scenario.levels[measure, ALL].mean, DAYS))
    working = shown(Number(scenario.levels[_WORKING[measure], ALL].mean, DAYS))
    return f"{_HOW_MANY[measure]} {COHORT} were seen within {days} calendar days of contact ({working} working)"


def change_in_words(change: Estimate, draws: int) -> str:
    """A change of days with both its ranges."""
    mean = shown(Number(change.mean, DAYS, signed=True))
    error = simulation_error(change, DAYS, signed=True)
    words = unknowns(change, DAYS, signed=True, draws=draws)
    return f"a change of {mean} days ({SIMULATION_ERROR}: {error}; {UNKNOWNS}: {words})"


def beyond_in_words(scenario: ScenarioResult) -> str:
    """How many more or fewer children a month wait over 10 days."""
    change = scenario.changes[BEYOND_10, ALL]
    match told(BEYOND_10, change):
        case Told.BETTER:
            return _about(change, -1, "fewer")
        case Told.WORSE:
            return _about(change, 1, "more")
        case Told.NONE:
            return "As many children a month waited over 10 days."
        case Told.TOO_FEW_RUNS:
            return "Too few runs to tell how many more or fewer children a month waited over 10 days."


def _about(change: Estimate, sign: int, way: str) -> str:
    ends = () if change.simulation is None else sorted((sign * change.simulation.low, sign * change.simulation.high))
    error = " to ".join(_children(end) for end in ends)
    count = _children(sign * change.mean)
    return f"About {count} {way} children a month waited over 10 days ({SIMULATION_ERROR}: {error} {way})."


def _children(count: float) -> str:
    return shown(Number(count, "children a month"))


def _safety(scenario: ScenarioResult) -> Iterator[str]:
    yield sentence(f"{_checks(scenario)}.")
    for result in scenario.safety:
        if (result.check.measure, result.check.group.id) == IMMEDIATE_SEEN and not result.is_worse:
            yield f"Children at immediate risk: {_immediate(standing(result))}."


def _checks(scenario: ScenarioResult) -> str:
    words = safety_in_words(scenario)
    return words if words.startswith("safety check") else f"safety checks: {words}"


def _immediate(found: Standing) -> str:
    return "9 in 10 seen at most an hour later" if found is Standing.NO_WORSE else str(found)


def _nothing_told(comparison: Comparison) -> str:
    level = comparison.baseline
    opening = "Too few runs to tell any scenario's days to seen as shorter than the baseline's."
    if not level.levels[NINE_IN_TEN, ALL].runs:
        return f"{opening} {NOBODY_SEEN}"
    return f"{opening} In the model, under {quoted(level.title)}, {seen_within(level, NINE_IN_TEN)}."


def _grouped(scenarios: list[ScenarioResult]) -> Iterator[str]:
    """One sentence a way the other scenarios can stand, by the days within which 9 in 10 are seen."""
    openings = {
        Told.BETTER: "Also shorter for 9 in 10",
        Told.WORSE: "Longer waits for 9 in 10",
        Told.NONE: "No change for 9 in 10",
        Told.TOO_FEW_RUNS: "For 9 in 10, too few runs to tell from the baseline",
    }
    parts = []
    unchanged = [quoted(s.title) for s in scenarios if s.is_unchanged]
    scenarios = [s for s in scenarios if not s.is_unchanged]
    for outcome, opening in openings.items():
        named = [s for s in scenarios if told(NINE_IN_TEN, s.changes[NINE_IN_TEN, ALL]) is outcome]
        named.sort(key=lambda s: -abs(s.changes[NINE_IN_TEN, ALL].mean))
        if named:
            parts.append(f"{opening}: {_some([_with_change(s) for s in named])}.")
    if unchanged:
        parts.append(f"Changed nothing in any run, where every event is the baseline's: {_some(unchanged)}.")
    if parts:
        yield " ".join(parts)


def _some(items: list[str]) -> str:
    """Items as in a sentence, the first few where they are many."""
    more = len(items) - MOST_NAMED
    return listed([*items[:MOST_NAMED], f"{more} more in the table"] if more > 1 else items)


def _with_change(scenario: ScenarioResult) -> str:
    change = scenario.changes[NINE_IN_TEN, ALL]
    if told(NINE_IN_TEN, change) in {Told.TOO_FEW_RUNS, Told.NONE}:
        return quoted(scenario.title)
    return f"{quoted(scenario.title)} ({_with_error(change)})"


def differing(comparison: Comparison) -> Iterator[str]:
    """Where the headline and the same children disagree in sign: each that is told, and the others together."""
    untold = []
    for scenario in variants(comparison):
        found = list(disagreements(scenario))
        if any(is_told(estimate) for f in found for estimate in (f.change, f.same.mean_change_days)):
            yield _disagree(scenario)
        elif found:
            untold.append(quoted(scenario.title))
    if untold:
        yield (
            f"Under {_some(untold)} the change for all children and the change for the same children have opposite "
            "signs, but there are too few runs to tell either from none."
        )


def _disagree(scenario: ScenarioResult) -> str:
    parts = "; ".join(_one_disagreement(found) for found in disagreements(scenario))
    same = scenario.same_children[ALL]
    gone, new = _children(same.diverted), _children(same.newly_referred)
    return (
        f"Under {quoted(scenario.title)} two readings disagree in sign: {parts}. The children measured are not all the "
        f"same: {gone} are referred in the baseline alone and {new} here alone."
    )


def _one_disagreement(found: Disagreement) -> str:
    many = "half" if found.measure == MEDIAN else "9 in 10"
    change, same = _days_or_doubt(found.change), _days_or_doubt(found.same.mean_change_days)
    return f"{many} of {GROUP_LABEL[found.group]} {change}, the same children on average {same}"


def _days_or_doubt(change: Estimate) -> str:
    doubt = "" if is_told(change) else f" ({Told.TOO_FEW_RUNS})"
    return f"{shown(Number(change.mean, DAYS, signed=True))} days{doubt}"
