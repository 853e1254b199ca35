"""What the numbers that nobody knows do to the change: moved one at a time, or else read from the sets."""

from collections.abc import Iterator, Mapping
from typing import Final

from sim.experiment.estimates import FEWEST_DRAWS
from sim.experiment.one_at_a_time import Swing, Tornado
from sim.experiment.plan import OF
from sim.experiment.swings import Swing as OverSets
from sim.report.analyses import label_of, tornado_picture
from sim.report.analyses.labels import plain, unit_of
from sim.report.document.about import About
from sim.report.document.blocks import Block, Drawing, Grid, Heading, Paragraph
from sim.report.document.turning import break_evens
from sim.report.figures.swings import swings_figure
from sim.report.headline import DAYS
from sim.report.moved import Moved
from sim.report.wording import (
    NOT_FROM_CHANCE,
    RATIO,
    TOO_FEW_SETS,
    Number,
    is_moved,
    quoted,
    shown,
    simulation_error,
)

MOST: Final = 3
_MOST_SWINGS: Final = 5
_COMMAND: Final = "frontdoor sensitivity"
_MORE: Final = (
    "Numbers moved one at a time, each with simulated years of its own, tell more than these runs can: "
    f"{_COMMAND} does that for a results folder, and a report made after it shows them here."
)


def sensitivity(about: About) -> Iterator[Block]:
    """The part of the report, with its break-evens."""
    yield Heading("Sensitivity to what is not known")
    if about.moved is None:
        yield from _over_sets(about)
        return
    yield from _one_at_a_time(about, about.moved)
    yield Heading("Break-even", 2)
    yield from break_evens(about, about.moved.found)


def _one_at_a_time(about: About, moved: Moved) -> Iterator[Block]:
    found = moved.found.tornado
    yield Paragraph(_what_was_done(found))
    if not any(is_moved(swing.apart) for swing in found.swings):
        yield Paragraph(f"None of them is told to move the change in {_years(found.years)}: more years may tell.")
    yield Drawing(
        f"The change for 9 in 10 under {quoted(about.scenario.title)}, each number moved by itself (simulated)",
        tornado_picture(found, record_summary=about.details),
    )
    yield Grid(
        caption="What each number does to the change for 9 in 10, moved by itself (simulated)",
        headings=("Number", "Low", "High", "Change at low", "Change at high", "Between the two", "Simulation error"),
        rows=tuple(_row(found, swing) for swing in found.swings),
        widths=(3.9, 1.05, 1.05, 1.2, 1.2, 1.2, 1.9),
        note=(
            "Low and high are the tenth and the ninetieth percentile over the plausible sets. The simulation error is "
            f"of what lies between the two, for all {len(found.swings)} numbers at once; where it holds 0 the number "
            f"is not told to move the change. Made by: {moved.command} (Front Door {moved.frontdoor}, seed "
            f"{moved.found.seed})."
        ),
    )


def _years(count: int) -> str:
    return "1 simulated year" if count == 1 else f"{count} simulated years"


def _what_was_done(found: Tornado) -> str:
    chosen = len(found.swings)
    which = (
        f"All {found.tried} were tried so in {_years(found.screened)} first; what the scenario assumes, and those that "
        f"moved the change most there, {chosen} in all, were then run in {_years(found.years)} each. Chance may have "
        "kept another out"
        if found.screened
        else f"Each of {chosen} numbers was run so in {_years(found.years)}"
    )
    left = len(found.left_out)
    alone = f" {left} more cannot be moved by themselves under every set, and were left out." if left else ""
    answer = shown(Number(found.answer.mean, DAYS, signed=True))
    error = simulation_error(found.answer, DAYS, signed=True)
    return (
        "Each number that is not known was moved by itself between a low and a high value, with all others as in each "
        f"of {found.sets} plausible sets in turn, in the comparison's simulated worlds run anew. {which}. With none "
        f"moved the change in the days within which 9 in 10 are seen is {answer} in these years (simulation error: "
        f"{error}). What numbers do together is not here; the range of what we do not know holds it.{alone}"
    )


def _row(found: Tornado, swing: Swing) -> tuple[str, ...]:
    apart = shown(Number(swing.apart.mean, DAYS, signed=True))
    error = simulation_error(swing.apart, DAYS, signed=True)
    return (_named(swing.path), plain(swing.low), plain(swing.high), *_changes(found, swing), apart, error)


def _named(path: str) -> str:
    """A number in words, its unit and its path."""
    unit = unit_of(path)
    words = label_of(path) if unit in {"", RATIO} else f"{label_of(path)}, {unit}"
    return f"{words} ({path.rpartition(OF)[2]})"


def _changes(found: Tornado, swing: Swing) -> tuple[str, str]:
    """The change with a number at its low and at its high end."""
    low, high = (found.answer.mean + end.mean for end in (swing.at_low, swing.at_high))
    return shown(Number(low, DAYS, signed=True)), shown(Number(high, DAYS, signed=True))


def swings_in_words(found: Tornado) -> Iterator[str]:
    """Every number that was moved, a line each, and whether it is told to move the change."""
    answer = shown(Number(found.answer.mean, DAYS, signed=True))
    yield f"{quoted(found.title)}: the change in the days within which 9 in 10 are seen is {answer} with none moved."
    for swing in found.swings:
        error = simulation_error(swing.apart, DAYS, signed=True)
        doubt = "" if is_moved(swing.apart) else f"; {NOT_FROM_CHANCE}"
        yield f"{_in_words(found, swing)} (simulation error of the difference: {error}{doubt})"


def that_matter(about: About) -> Iterator[str]:
    """For the first page: the three numbers that move the change most, as far as they are told."""
    if about.moved is None:
        yield from _that_matter_over_sets(about)
        return
    found, told = about.moved.found.tornado, _leading(about.moved)
    if told:
        swings = "; ".join(_in_words(found, swing) for swing in told)
        yield f"Moved one at a time, these numbers move the change in days for 9 in 10 most: {swings}."
    if len(told) < min(MOST, len(found.swings)):
        first = f", chosen of {found.tried} by {_years(found.screened)}," if found.screened else ""
        count = len(found.swings)
        whose = f"No other of {count} numbers" if told else f"None of {count} numbers moved one at a time"
        what = "it" if told else "the change in days for 9 in 10"
        yield f"{whose}{first} is told from chance to move {what} in {_years(found.years)}."


def named(about: About) -> frozenset[str]:
    """The paths of the numbers that `that_matter` names of those moved one at a time."""
    told = () if about.moved is None else _leading(about.moved)
    return frozenset(swing.path.rpartition(OF)[2] for swing in told)


def _leading(moved: Moved) -> list[Swing]:
    """The first numbers of those that are told to move the change."""
    return [swing for swing in moved.found.tornado.swings if is_moved(swing.apart)][:MOST]


def _in_words(found: Tornado, swing: Swing) -> str:
    unit = unit_of(swing.path)
    words = plain(swing.high) if unit in {"", RATIO} else f"{plain(swing.high)} ({unit})"
    low, high = _changes(found, swing)
    return f"{label_of(swing.path)}, from {plain(swing.low)} to {words}: {low} to {high} days"


def effects(about: About) -> Mapping[str, str]:
    """What is told of each number that moves the change, by its path."""
    if about.moved is not None:
        found = about.moved.found.tornado
        told = [swing for swing in found.swings if is_moved(swing.apart)]
        return {swing.path: f"{'; '.join(_changes(found, swing))} days" for swing in told}
    return {
        swing.of.path: f"{'; '.join(shown(Number(change, DAYS, signed=True)) for change in swing.changes)} days"
        for swing in about.sensitivity.told
    }


def why_not_told(about: About) -> str:
    """Why a number that varies between the sets has no effect beside it."""
    if about.moved is not None:
        return f"{NOT_FROM_CHANCE}, or not among the {len(about.moved.found.tornado.swings)} that move it most"
    found = about.sensitivity
    if found.swings:
        return NOT_FROM_CHANCE
    return TOO_FEW_SETS if found.sets < FEWEST_DRAWS else "the change is the same in every set"


def _over_sets(about: About) -> Iterator[Block]:
    found = about.sensitivity
    if not found.swings:
        yield Paragraph(
            "What each unknown does to the change cannot be told from these runs: too few plausible sets of numbers "
            f"were run, or the change is the same in all of them. {_MORE}"
        )
        return
    yield Paragraph(
        f"All {len(found.swings)} numbers that are not known differ at once between the {found.sets} plausible sets. "
        "The change in the days within which 9 in 10 are seen is set against each number alone, and told only where so "
        f"close a fit would come by chance in fewer than one such report in 20 (a "
        f"correlation of {found.least_correlation:.2f} or more). What is told of few sets is more often larger than it "
        "is than smaller."
    )
    if found.told:
        yield Drawing(
            "What moves the change most (simulated)",
            swings_figure(about.comparison, about.scenario, found.told, about.details),
        )
    else:
        yield Paragraph("No number is told so. Those that fit closest in these runs may do so by chance:")
    yield Grid(
        caption="Numbers that go most closely with the change for 9 in 10 (simulated)",
        headings=("Number", "Low", "High", "Change at low", "Change at high", "Told from chance"),
        rows=tuple(_swing_row(about, place) for place in range(min(_MOST_SWINGS, len(found.swings)))),
        widths=(4.4, 1, 1, 1.3, 1.3, 1.3),
        note=f"Low and high are the tenth and the ninetieth percentile over the sets that were run. {_MORE}",
    )
    yield Heading("Break-even", 2)
    yield Paragraph(_break_even(about))


def _swing_row(about: About, place: int) -> tuple[str, ...]:
    swing = about.sensitivity.swings[place]
    low, high = (shown(Number(value, swing.of.unit)) for value in swing.values)
    at_low, at_high = (shown(Number(change, DAYS, signed=True)) for change in swing.changes)
    said = "yes" if swing.is_told else "no"
    return (f"{swing.of.meaning} ({swing.of.path})", low, high, at_low, at_high, said)


def _break_even(about: About) -> str:
    """Whether some number, told to move the change, would turn it: by interpolation within what was run."""
    turned = [(swing.of, swing.turns_at) for swing in about.sensitivity.told if swing.turns_at is not None]
    if not turned:
        return (
            "No number is both told to move the change and seen to turn it within the range that was run, so no value "
            "can be given beyond which the change would be of the other sign. That is no proof that there is none: "
            "numbers may turn it together, or beyond their ranges."
        )
    said = [f"{of.meaning} ({of.path}): about {shown(Number(at, of.unit))}" for of, at in turned]
    return (
        "The fitted change turns from one sign to the other, all else as in the plausible sets on average, at these "
        f"values, by interpolation over the sets that were run: {'; '.join(said)}."
    )


def _that_matter_over_sets(about: About) -> Iterator[str]:
    found = about.sensitivity
    told = found.told[:MOST]
    if told:
        swings = "; ".join(_swing_in_words(swing) for swing in told)
        yield f"Of what is not known, these numbers are told to move the change in days for 9 in 10: {swings}."
    if len(told) < MOST:
        yield _not_told(about, bool(told))


def _swing_in_words(swing: OverSets) -> str:
    """A swing in one phrase: the number from one value to another, and the change at either."""
    ends = [shown(Number(value, swing.of.unit)) for value in swing.values]
    changes = [shown(Number(change, DAYS, signed=True)) for change in swing.changes]
    return f"{swing.of.meaning} ({swing.of.path}), from {ends[0]} to {ends[1]}: {changes[0]} to {changes[1]} days"


def _not_told(about: About, some: bool) -> str:  # noqa: FBT001  (whether some were told)
    found = about.sensitivity
    if not found.swings:
        sets = "one plausible set" if found.sets == 1 else f"{found.sets} plausible sets"
        return f"Which unknowns move the change most cannot be told from the {sets} of numbers run."
    which = "No other" if some else "No single one"
    return (
        f"{which} of the {len(found.swings)} numbers that differ between the {found.sets} plausible sets is told from "
        "chance to move it; all together are in the range of what we do not know."
    )
