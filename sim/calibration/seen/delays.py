"""Delays that wait for nobody of ours: places, support, answers and actions of others.

Waits for our own people are what a model is asked for, and never fitted here. What happens between one step and
the next is fitted only where nothing but the delay lies between them.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.calibration.seen.fitted import AGAIN, LEAST_ENDED, Delayed, Fitted, doubt, fitted
from sim.calibration.seen.learned import Learned, NotLearned, Result, keyed
from sim.calibration.seen.likelihood import FitError, Spells
from sim.calibration.seen.spells import Made, spells_between
from sim.events import Ending, EventKind, Outcome
from sim.facts import FACTS, Fact
from sim.measures.index import NEVER, LogIndex
from sim.scenario import Scenario

Column = NDArray[np.int64]
Between = tuple[Column, Column]

E = EventKind

MOST_BACKWARDS = 0.05
"""Where more of the spells end before they begin, the two stamps are not what they are taken for."""

DOUBTFUL = 0.05
_CHANCE = 20_180_401


class Delay(NamedTuple):
    """A delay: its field, what a record must know of it, the steps it must hold, and when each began and ended.

    `in_the_way` says of a base scenario what keeps the stamps from being the delay alone, or nothing.
    """

    what: str
    path: str
    facts: frozenset[Fact]
    kinds: tuple[EventKind, ...]
    between: Callable[[LogIndex], Between]
    rests_on: str
    in_the_way: Callable[[Scenario], str] = lambda _: ""


def _early_help(index: LogIndex) -> Between:
    helped = index.outcome == Outcome.EARLY_HELP
    return np.where(helped, index.decided, NEVER), index.first(E.HELP_STARTED)


def _support(index: LogIndex) -> Between:
    ending = index.first_detail(E.ASSESSMENT_AUTHORISED)
    wanted = np.isin(ending, (Ending.STEP_DOWN, Ending.TRANSFER))
    return np.where(wanted, index.first(E.ASSESSMENT_AUTHORISED), NEVER), index.first(E.HELP_STARTED)


def _place(*endings: Ending) -> Callable[[LogIndex], Between]:
    def between(index: LogIndex) -> Between:
        asked = np.isin(index.first_detail(E.PLACE_ASKED), endings)
        return np.where(asked, index.first(E.PLACE_ASKED), NEVER), index.first(E.TRANSFERRED)

    return between


def _action(index: LogIndex) -> Between:
    timed = index.first_detail(E.ACTION_SET) == 1
    return np.where(timed, index.first(E.ACTION_SET), NEVER), index.first(E.ACTION_DONE)


def _second_look(index: LogIndex) -> Between:
    """What was asked for a second look is the last that came in."""
    asked, ready = index.first(E.SECOND_LOOK_ASKED), np.full(len(index.received), NEVER, dtype=np.int64)
    events = index.events(E.INFORMATION_READY)
    events = events[index.row[events] >= 0]
    ready[index.row[events]] = index.time[events]
    return asked, np.where(ready >= asked, ready, NEVER)


def _is_cut(base: Scenario) -> str:
    return "a rule cuts it short (second_look.decide_within_hours)" if base.second_look.decide_within_hours > 0 else ""


def _is_early(base: Scenario) -> str:
    return "support starts while assessments go on" if base.assessment.support_from_allocation else ""


DELAYS: tuple[Delay, ...] = (
    Delay(
        "wait for early help",
        "front_door.early_help_wait_days",
        frozenset({Fact.DECISION, Fact.HELP}),
        (E.DECIDED, E.HELP_STARTED),
        _early_help,
        "contacts decided as early help, from decision to help",
    ),
    Delay(
        "wait for support",
        "assessment.support_start_days",
        # Without every decision help is linked to what came before it by date, and only who got it is known.
        frozenset({Fact.DECISION, Fact.AUTHORISATION, Fact.ENDING, Fact.HELP}),
        (E.ASSESSMENT_AUTHORISED, E.HELP_STARTED),
        _support,
        "assessments that ended in a step down or a transfer, from authorisation to support",
        _is_early,
    ),
    Delay(
        "wait to step down",
        "ending.step_down_days",
        frozenset({Fact.ENDING, Fact.CLOSURE}),
        (E.PLACE_ASKED, E.TRANSFERRED),
        _place(Ending.STEP_DOWN),
        "cases that step down, from asking for a place to having it",
    ),
    Delay(
        "wait for a transfer",
        "ending.transfer_days",
        frozenset({Fact.ENDING, Fact.CLOSURE}),
        (E.PLACE_ASKED, E.TRANSFERRED),
        _place(Ending.TRANSFER, Ending.TRANSFER_AFTER_CONFERENCE),
        "cases that are transferred, from asking for it to its being accepted",
    ),
    Delay(
        "time for a strategy action that has a date",
        "strategy.action_days",
        frozenset({Fact.ACTIONS}),
        (E.ACTION_SET, E.ACTION_DONE),
        _action,
        "strategy actions with an owner and a date, from discussion to done",
    ),
    Delay(
        "wait for what a second look needs",
        "second_look.information_days",
        frozenset({Fact.SECOND_LOOK}),
        (E.SECOND_LOOK_ASKED, E.INFORMATION_READY),
        _second_look,
        "second looks, from asking to the last information",
        _is_cut,
    ),
)

MIXED: tuple[NotLearned, ...] = (
    NotLearned(
        "partners' replies and consent",
        tuple(f"further_work.{name}_days" for name in ("police_reply", "health_reply", "education_reply", "consent")),
        "a record tells when information was asked for and when all was in, not who was asked; chases by our own "
        "staff lie between",
    ),
    NotLearned(
        "waits within the service",
        ("strategy.slot_hours", "assessment.appointment_days", "assessment.retry_days", "assessment.outside_days"),
        "our own people's time lies between the two steps, and how long that takes is the model's to say",
    ),
)
"""What no two steps of a log have between them alone."""


def delays(index: LogIndex, base: Scenario, again: int = AGAIN) -> Iterator[Result]:
    """Every delay, learned or not."""
    for delay in DELAYS:
        why = missing(index, delay.facts, delay.kinds) or delay.in_the_way(base)
        yield NotLearned(delay.what, (delay.path,), why) if why else _learned(delay, index, again)
    yield from MIXED


def missing(index: LogIndex, facts: frozenset[Fact], kinds: tuple[EventKind, ...] = ()) -> str:
    """What a record lacks, in words; nothing where it lacks nothing."""
    if unknown := sorted(facts - index.log.facts):
        return "the record does not say " + ", nor ".join(FACTS[fact] for fact in unknown)
    if absent := [kind.name.lower().replace("_", " ") for kind in kinds if not index.records(kind)]:
        return f"the record holds no step of this kind: {', '.join(absent)}"
    return ""


def _learned(delay: Delay, index: LogIndex, again: int) -> Result:
    made = spells_between(index.log, *delay.between(index))
    if why := _too_little(made):
        return NotLearned(delay.what, (delay.path,), why)
    try:
        found = fitted(made.spells, partial(Delayed, delay.path))
    except FitError as error:
        return NotLearned(delay.what, (delay.path,), str(error))
    return _told(delay, made, found, again)


def _too_little(made: Made) -> str:
    ended = int((~made.spells.is_open).sum())
    if ended < LEAST_ENDED:
        return f"fewer than {LEAST_ENDED} of these spells ended in the record"
    if made.backwards > MOST_BACKWARDS * (made.backwards + len(made.spells)):
        return f"more than {MOST_BACKWARDS:.0%} of these spells end before they begin"
    return ""


def _told(delay: Delay, made: Made, found: Fitted, again: int) -> Learned:
    chance = doubt(found.best, made.spells, keyed(_CHANCE, delay.path), again)
    seen = {
        "open share": float(made.spells.is_open.mean()),
        "share known to the day": float(made.spells.to_the_day.mean()),
        "end before they begin": float(made.backwards),
        "as far from its own law": chance,
        **found.weights,
    }
    return Learned(
        delay.what,
        len(made.spells),
        delay.rests_on,
        found.setting,
        found.errors,
        found,
        seen,
        tuple(warnings(made.spells, chance)),
    )


def warnings(spells: Spells, chance: float) -> Iterator[str]:
    """What should be looked at before a fitted law is used."""
    if chance <= DOUBTFUL:
        yield f"no family fits well: {chance:.3f} of samples of the best lie as far from it"
    waited = np.where(spells.is_open, spells.low, 0.0)
    longest = float(spells.low[~spells.is_open].max())
    if (never := float((waited > longest).mean())) > MOST_BACKWARDS:
        yield f"{never:.0%} are open for longer than any that ended took: some may never end, or their end is not noted"
