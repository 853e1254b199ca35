"""How many would be enough, in sentences: the least number, what it rests on, and whether fresh years bear it out."""

from collections.abc import Iterator
from dataclasses import dataclass

from sim.experiment.sizing import Chance, Sizing
from sim.report.wording import SHARE, Number, shown

LEVELS = (
    "This is a level against a fixed standard, and not a difference: it leans on everything in the model at once. It "
    "is as if these posts had always been there; recruitment, and what the model leaves out, come on top."
)
FEWER = (
    "That is fewer than there are now, for this standard alone: what else they do for children, and how sure the "
    "model's levels are, is not in it. It is no reason to have fewer."
)


@dataclass(frozen=True, slots=True)
class Enough:
    """What is said of one such question: what is counted, the standard in words, how many there are now."""

    noun: str
    standard: str
    now: int


def enough_sentences(asked: Enough, found: Sizing, chance: float, fresh: dict[int, Chance]) -> tuple[str, ...]:
    """The answer first. `fresh` are tests of the number found, and of the next below it, in worlds of their own."""
    enough = found.enough(chance)
    fewer = (FEWER,) if enough is not None and enough < asked.now else ()
    return (
        f"{_answer(asked, found, chance)}{_could_be(found, chance)}{_borne_out(enough, fresh, chance)}",
        *fewer,
        *_fresh(asked, fresh, chance),
        _how(found),
        LEVELS,
    )


def _answer(asked: Enough, found: Sizing, chance: float) -> str:
    enough, wanted = found.enough(chance), _per_cent(chance)
    if enough is None:
        most = found.amounts[-1]
        best = _per_cent(found.chance(most).share)
        return (
            f"In the model no number of {asked.noun} up to {most} meets the standard with a chance of {wanted}: with "
            f"{most} it is met in {best} of simulated years. It would take still more of them, or something else."
        )
    many = f"{enough} {asked.noun} ({_against(enough - asked.now)})"
    met = f"with a chance of {_per_cent(found.chance(enough).share)} ({wanted} was asked for)"
    if enough == found.amounts[0]:
        return f"In the model {many}, the fewest that were tried, are enough: {asked.standard}, {met}."
    return f"In the model {many} are the least with whom {asked.standard}, {met}."


def _could_be(found: Sizing, chance: float) -> str:
    """How far the number itself is known, which is less well than its chance looks."""
    enough, (low, high) = found.enough(chance), found.could_be(chance)
    if enough is None or low == enough == high:
        return ""
    most = f"more than {found.amounts[-1]}" if high is None else str(high)
    return f" Luck and how few sets of numbers there are leave that number between {low} and {most} (95% interval)."


def _borne_out(enough: int | None, fresh: dict[int, Chance], chance: float) -> str:
    """What fresh years gave, beside the answer: the chance by which a number was chosen was helped by luck."""
    if enough is None or enough not in fresh:
        return ""
    met = fresh[enough]
    doubt = ", less than was asked for" if met.share < chance else ""
    return f" In fresh simulated years they met it in {_per_cent(met.share)}{doubt}."


def _against(more: int) -> str:
    if not more:
        return "as many as now"
    return f"{abs(more)} {'more' if more > 0 else 'fewer'} than now"


def _fresh(asked: Enough, fresh: dict[int, Chance], chance: float) -> Iterator[str]:
    """What years gave that had no part in finding the number."""
    for amount, met in fresh.items():
        ends = f"{_per_cent(met.error.low)} to {_per_cent(met.error.high)}"
        yield (
            f"In {met.worlds} fresh simulated years {amount} {asked.noun} met it in {met.met}, {_per_cent(met.share)} "
            f"(95% interval {ends}){_verdict(met, chance)}."
        )


def _verdict(met: Chance, chance: float) -> str:
    if met.error.high < chance:
        return ": not enough"
    if met.error.low >= chance:
        return ": enough"
    return ": too few years, or sets of numbers, to tell whether that is enough"


def _how(found: Sizing) -> str:
    worlds = len(found.least)
    said = f"From {found.runs} simulated years in {worlds} worlds: {_sets(len(set(found.sets)) or worlds)}"
    if not found.uneven:
        return said
    return f"{said} In {found.uneven} of {found.checked} worlds looked at in full more made it worse somewhere."


def _sets(many: int) -> str:
    """Of what the chance is: a few sets of numbers stand for all that is not known."""
    if many == 1:
        return "one set of numbers and its luck, so that what is not known is not in the chance."
    return (
        f"{many} plausible sets of numbers, each with its luck. Fresh years are of the same sets with other luck; the "
        "interval allows for how few sets there are."
    )


def _per_cent(share: float) -> str:
    return shown(Number(share, SHARE))
