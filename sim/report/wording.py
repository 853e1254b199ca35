"""Numbers and ranges as people read them: one rule for each unit, and words where a range cannot be told."""

import math
from dataclasses import dataclass

from sim.experiment import Estimate, Range
from sim.experiment.estimates import FEWEST_DRAWS

SIMULATED = "simulated"
SIMULATION_ERROR = "simulation error"
UNKNOWNS = "what we do not know"
A_YEAR = "what one year may bring"
TOO_FEW_RUNS = "not told: too few runs"
TOO_FEW_SETS = "not told: too few sets"
NOT_EXPLORED = "not explored"
NONE_IN_ANY_RUN = "none in any run"
NOT_FROM_CHANCE = "not told from chance"
NOT_KNOWN = "not known"

SHARE = "share"
RATIO = "ratio"
FEWEST_RUNS = 4
"""Simulated years below which a simulation error is so wide, hundreds of days, that it would say nothing."""

_ONE_DECIMAL = frozenset({"days", "working days", "hours"})
_WHOLE_FROM = 10
_WHOLE_HOURS_FROM = 100
_PER_CENT = 100


@dataclass(frozen=True, slots=True)
class Number:
    """A number with its unit as in `Measure`; a change where `signed`. Shares are fractions of 1."""

    value: float
    unit: str
    signed: bool = False

    @property
    def scaled(self) -> float:
        """The value as written: shares in per cent, their changes in percentage points."""
        return self.value * _PER_CENT if self.unit == SHARE else self.value


def shown(number: Number) -> str:
    """The number without its unit: days to one decimal, shares in whole per cent, counts whole or to one decimal."""
    if math.isnan(number.value):
        return NOT_KNOWN
    if number.signed:
        return _signed(number.scaled, _decimals(number))
    if number.unit == SHARE:
        return _share(number.scaled)
    return _plain(number.scaled, _decimals(number))


def with_unit(number: Number) -> str:
    """The number and its unit: `+0.4 days`, `-2 points`, `78%`."""
    if math.isnan(number.value):
        return NOT_KNOWN
    if number.unit == SHARE:
        return f"{shown(number)} points" if number.signed else shown(number)
    return f"{shown(number)} {number.unit}"


def is_nothing(number: Number) -> bool:
    """Whether the number is shown as nought."""
    return not math.isnan(number.value) and not round(number.scaled, _decimals(number))


def between(values: Range | None, unit: str, *, signed: bool, absent: str = TOO_FEW_RUNS) -> str:
    """A range from its lower to its upper end, or `absent` where there is none."""
    if values is None:
        return absent
    return f"{shown(Number(values.low, unit, signed))} to {shown(Number(values.high, unit, signed))}"


def simulation_error(estimate: Estimate, unit: str, *, signed: bool) -> str:
    """The range that more runs would narrow."""
    if signed and changed_nothing(estimate):
        return NONE_IN_ANY_RUN
    return between(error_of(estimate), unit, signed=signed)


def error_of(estimate: Estimate) -> Range | None:
    """The simulation error where there are runs enough to show it, or where all of them agree."""
    found = estimate.simulation
    return found if found is None or found.low == found.high or estimate.runs >= FEWEST_RUNS else None


def is_told(estimate: Estimate) -> bool:
    """Whether the average is told from nothing by a simulation error that is shown."""
    return error_of(estimate) is not None and estimate.is_told_from_zero


def is_moved(estimate: Estimate) -> bool:
    """Whether the average is told from nothing: where every run gave nought, it is told to be nothing."""
    return is_told(estimate) and not changed_nothing(estimate)


def unknowns(estimate: Estimate, unit: str, *, signed: bool, draws: int) -> str:
    """The range over plausible sets of numbers, of which `draws` were tried."""
    if signed and changed_nothing(estimate):
        return NONE_IN_ANY_RUN
    if is_chance_alone(estimate):
        return NOT_FROM_CHANCE
    return between(estimate.unknown, unit, signed=signed, absent=no_unknowns(draws))


def changed_nothing(change: Estimate) -> bool:
    """Whether a change is nought in every run: there is no average to be unsure of."""
    return change.simulation is not None and change.simulation.low == change.simulation.high == 0.0


def no_unknowns(draws: int) -> str:
    """Why there is no range over plausible sets of numbers."""
    if draws == 1:
        return NOT_EXPLORED
    return TOO_FEW_SETS if draws < FEWEST_DRAWS else TOO_FEW_RUNS


def is_chance_alone(estimate: Estimate) -> bool:
    """Whether chance explains all that plausible sets of numbers differ by, so that their range shrank to a point."""
    point = estimate.unknown is not None and estimate.unknown.low == estimate.unknown.high
    exact = estimate.simulation is not None and estimate.simulation.low == estimate.simulation.high
    return point and not exact


def not_told_of_change(change: Estimate, draws: int) -> tuple[str, ...]:
    """What a row of plain numbers cannot say about a change's ranges, or that there is nothing to say."""
    return (NONE_IN_ANY_RUN,) if changed_nothing(change) else not_told(change, draws)


def not_told(estimate: Estimate, draws: int) -> tuple[str, ...]:
    """What a row of plain numbers cannot say about its ranges."""
    if estimate.runs == 0:
        return (NOT_KNOWN,)
    error = (f"{SIMULATION_ERROR}: {TOO_FEW_RUNS}",) if error_of(estimate) is None else ()
    if is_chance_alone(estimate):
        return (*error, f"{UNKNOWNS}: {NOT_FROM_CHANCE}")
    return (*error, f"{UNKNOWNS}: {no_unknowns(draws)}") if estimate.unknown is None else error


def listed(items: list[str]) -> str:
    """Items as in a sentence: `a, b and c`."""
    return " and ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)


def quoted(title: str) -> str:
    """A scenario's title inside a sentence."""
    return f'"{title}"'


def sentence(text: str) -> str:
    """Text with a capital letter at its start."""
    return text[:1].upper() + text[1:]


def typographic(text: str) -> str:
    """The same text with true minus signs, for pages and pictures."""
    characters = ["\N{MINUS SIGN}" if _is_minus(text, place) else character for place, character in enumerate(text)]
    return "".join(characters)


def _is_minus(text: str, place: int) -> bool:
    before, after = text[place - 1 : place] if place else " ", text[place + 1 : place + 2]
    return text[place] == "-" and after.isdigit() and not (before.isalnum() or before == "-")


def _decimals(number: Number) -> int:
    if number.unit == SHARE:
        return 0
    if number.unit == RATIO:
        return 2
    if number.unit == "hours":
        return int(abs(number.value) < _WHOLE_HOURS_FROM)
    return int(number.unit in _ONE_DECIMAL or round(abs(number.value), 1) < _WHOLE_FROM)


def _plain(value: float, decimals: int) -> str:
    # Adding nought turns a rounded -0.0 into 0.0.
    return f"{round(value, decimals) + 0.0:,.{decimals}f}"


def _signed(value: float, decimals: int) -> str:
    text = _plain(value, decimals)
    return f"+{text}" if round(value, decimals) > 0 else text


def _share(per_cent: float) -> str:
    if per_cent > 0 and round(per_cent) == 0:
        return "<1%"
    if per_cent < _PER_CENT and round(per_cent) == _PER_CENT:
        return ">99%"
    return f"{round(per_cent) + 0.0:.0f}%"
