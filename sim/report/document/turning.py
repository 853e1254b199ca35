"""Where a scenario breaks even: a sentence for each that it is held against, a figure, and its numbers in a table."""

import math
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from sim.experiment.break_even import BreakEven
from sim.experiment.one_by_one import OneByOne
from sim.report.analyses import break_even_picture, label_of
from sim.report.analyses.labels import plain
from sim.report.document.about import About
from sim.report.document.blocks import Block, Drawing, Grid, Paragraph
from sim.report.headline import DAYS
from sim.report.wording import Number, changed_nothing, is_told, listed, quoted, shown, simulation_error

_MOST_COLUMNS: Final = 3
_MULTIPLIER: Final = "_multiplier"
_NONE: Final = (
    "The scenario assumes no effect that the plausible sets vary, and no number moved one at a time is told to turn "
    "the change from one sign to the other: no break-even was looked for. That is no proof that there is none, for "
    "numbers may turn it together, or beyond their ranges."
)


def break_evens(about: About, found: OneByOne) -> Iterator[Block]:
    """Every number over which one was looked for."""
    if not found.break_evens and not found.left_out:
        yield Paragraph(_NONE)
    for _, some in groupby(found.break_evens, key=lambda each: each.path):
        yield from _over(about, list(some))
    if found.left_out:
        named = listed([label_of(path) for path in found.left_out])
        yield Paragraph(f"Not tried, because some value of it cannot be had under every plausible set: {named}.")


def _over(about: About, found: Sequence[BreakEven]) -> Iterator[Block]:
    """One number: a sentence for each that the scenario is held against, a figure of the first that turns, a table."""
    for each in found:
        yield Paragraph(in_words(each))
    drawn = next((each for each in found if _is_at(each)), None)
    if drawn is not None:
        yield Drawing(
            f"{quoted(drawn.title)} less {quoted(drawn.against)} for 9 in 10, over what is assumed (simulated)",
            break_even_picture(drawn, about.details),
        )
    # The one that is drawn stands in the table whatever else does.
    columns = sorted(found, key=lambda each: each is not drawn)[:_MOST_COLUMNS]
    yield Grid(
        caption=f"Days for 9 in 10 under {quoted(found[0].title)}, less those of others (simulated)",
        headings=(label_of(found[0].path), *(f"Less {quoted(each.against)}" for each in columns)),
        rows=tuple(
            (plain(value), *(_cell(each, place) for each in columns)) for place, value in enumerate(found[0].values)
        ),
        widths=(2.4, *(2.4 for _ in columns)),
        note=f"Path: {found[0].path}. In brackets the simulation error (95%), point by point.",
    )


def _cell(found: BreakEven, place: int) -> str:
    each = found.differences[place]
    return f"{shown(Number(each.mean, DAYS, signed=True))} ({simulation_error(each, DAYS, signed=True)})"


def in_words(found: BreakEven) -> str:
    """What is told of a break-even, in a sentence or two."""
    both = f"{quoted(found.title)} and {quoted(found.against)}"
    number = f"{label_of(found.path)} ({found.path})"
    over = f"from {plain(found.values[0])} to {plain(found.values[-1])}"
    if all(changed_nothing(each) for each in found.differences):
        return f"{both} give the same in every run, over {number} {over}."
    if not any(is_told(each) for each in found.differences):
        return (
            f"{both}, over {number} {over}: {found.years} simulated years do not tell the two apart for 9 in 10 at any "
            "value tried, so no break-even can be given."
        )
    if _is_at(found):
        return _at_in_words(found, number)
    if found.crossings:
        return f"{both}, over {number} {over}: better and worse by turns, so no one break-even can be given."
    mean = [each.mean for each in found.differences]
    which = "fewer" if max(mean) < 0 else "more"
    untold = [plain(v) for v, each in zip(found.values, found.differences, strict=True) if not is_told(each)]
    doubt = f" At {listed(untold)} that is not told from chance." if untold else ""
    return (
        f"{both}, over {number}: at every value tried, {over}, 9 in 10 are seen within {which} days under the "
        f"first, so the break-even, if there is one, lies beyond.{doubt}"
    )


def _is_at(found: BreakEven) -> bool:
    """Whether one break-even can be given: they cross nought once, and its error has an end among the values."""
    error = found.error
    if found.at is None or error is None or not any(is_told(each) for each in found.differences):
        return False
    return math.isfinite(error.low) or math.isfinite(error.high)


def _at_in_words(found: BreakEven, number: str) -> str:
    at = found.at if found.at is not None else math.nan
    side = "below" if found.differences[-1].mean > 0 else "above"
    return (
        f"In the model {quoted(found.title)} beats {quoted(found.against)}, by the days within which 9 in 10 are seen, "
        f"only if this is {side} {plain(at)}{_as_a_fall(found, at, side)}: {number}. Simulation error of that "
        f"value (95%): {_error(found)}. It is read between the values tried, all else as in the plausible sets."
    )


def _as_a_fall(found: BreakEven, at: float, side: str) -> str:
    """Of what multiplies something: by how much that falls or rises."""
    if not found.path.endswith(_MULTIPLIER) or at == 1:
        return ""
    by = f"{abs(1 - at):.0%}"
    if side == "below":
        return f", a fall of more than {by}" if at < 1 else f", a rise of less than {by}"
    return f", a rise of more than {by}" if at > 1 else f", a fall of less than {by}"


def _error(found: BreakEven) -> str:
    error = found.error
    if error is None:
        return "not told"
    low = plain(error.low) if math.isfinite(error.low) else f"below {plain(found.values[0])}"
    high = plain(error.high) if math.isfinite(error.high) else f"above {plain(found.values[-1])}"
    return f"{low} to {high}"
