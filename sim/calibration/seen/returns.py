"""Families that come back: by how the contact before ended, who does and how long after.

A cure model: of each way of ending a share comes back, all by one law of delay; the others never do. Every ending in
the window is followed to the family's next contact or to the end of watching, so that an early return has no
advantage. A record knows no deaths, moves away or eighteenth birthdays: those who left so are among those who never
come back, as they are in the model.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from sim.calibration.seen.delays import DOUBTFUL, missing
from sim.calibration.seen.fitted import AGAIN, LEAST_ENDED, Fitted, doubt, fitted
from sim.calibration.seen.laws import Family
from sim.calibration.seen.learned import Learned, NotLearned, Result, Setting, Value, keyed
from sim.calibration.seen.likelihood import Bounds, Fit, FitError, Spells
from sim.calibration.seen.spells import Made, spells_between
from sim.events import Ending, EventKind, Outcome
from sim.facts import Fact
from sim.measures.index import NEVER, LogIndex
from sim.policies import ReturnClass, return_class
from sim.scenario import Scenario

Values = NDArray[np.float64]
Column = NDArray[np.int64]

DELAY: Final = "returns.delay_days"
SHARES: Final = (
    "returns.after_no_action_share",
    "returns.after_early_help_share",
    "returns.after_assessment_share",
    "returns.after_transfer_share",
)
_WHAT: Final = "families that come back"
_NO_CLASS: Final = -1
_CHANCE: Final = 20_180_402
_LOGIT: Final = (-9.0, 9.0)
_FOLLOWED: Final = 0.8
_SPLIT: Final = 1e-12


@dataclass(frozen=True, slots=True)
class Returning:
    """A share of each of `classes` comes back by one law; `multiplier` is the base scenario's on all the shares."""

    classes: tuple[int, ...]
    multiplier: float
    family: Family

    @property
    def bounds(self) -> Bounds:
        """Logits of the shares, then the family's."""
        return (*(_LOGIT for _ in self.classes), *self.family.bounds)

    def guess(self, spells: Spells, counts: Values) -> Values:
        """Rather more than have come back come back, after about as long."""
        ended = ~spells.is_open
        middles = (spells.low + spells.high - spells.begins - spells.begun)[ended] / 2
        size = np.log(max(float(np.average(middles, weights=counts[ended])), 1.0))
        of = [spells.kind == one for one in self.classes]
        back = [float(np.average(ended[rows], weights=counts[rows])) for rows in of]
        shares = logit(np.clip(np.array(back) * 1.1, 0.01, 0.9))
        return np.concatenate([shares, [size], np.zeros(len(self.family.bounds) - 1)])

    def _shares(self, spells: Spells, at: Values) -> Values:
        """Of each spell, how likely its family is to come back at all."""
        place = np.searchsorted(self.classes, spells.kind)
        return np.asarray(expit(at[: len(self.classes)]))[place]

    def _law(self, at: Values) -> Values:
        return at[len(self.classes) :]

    def chances(self, spells: Spells, at: Values) -> Values:
        """That a family came back when it did, or has not yet."""
        share, of_delay = self._shares(spells, at), _of_delay(spells, self.family, tuple(self._law(at).tolist()))
        return share * of_delay + np.where(spells.is_open, 1 - share, 0.0)

    def places(self, spells: Spells, at: Values) -> tuple[Values, Values]:
        """Those who never come back are beyond all who do."""
        share = self._shares(spells, at)
        low, high = spells.places(self.family, self._law(at))
        return share * low, np.where(spells.is_open, 1.0, share * high)

    def delays(self, spells: Spells, at: Values, chance: np.random.Generator) -> Values:
        """Infinite for those who never come back."""
        comes = chance.random(len(spells)) < self._shares(spells, at)
        u = chance.uniform(_SPLIT, 1 - _SPLIT, len(spells))
        return np.where(comes, self.family.made(self._law(at)).quantile(u), np.inf)

    def setting(self, at: Values) -> Setting:
        """The shares and the law at their paths."""
        shares = np.minimum(expit(at[: len(self.classes)]) / self.multiplier, 1.0).tolist()
        found: dict[str, Value] = {SHARES[one]: share for one, share in zip(self.classes, shares, strict=True)}
        return found | {DELAY: self.family.made(self._law(at))}

    def errors(self, fit: Fit) -> Mapping[str, tuple[float, ...]]:
        """Of the same."""
        shares = fit.error_of(lambda at: np.asarray(expit(at[: len(self.classes)])) / self.multiplier)
        found = {SHARES[one]: (error,) for one, error in zip(self.classes, shares, strict=True)}
        return found | {DELAY: fit.error_of(lambda at: self.family.numbers(self._law(at)))}


@lru_cache(maxsize=4)
def _of_delay(spells: Spells, family: Family, law: tuple[float, ...]) -> Values:
    """The chances of the delays alone: a search that moves only the shares asks for the same ones again and again."""
    return spells.chances(family, np.array(law))


def returns(index: LogIndex, base: Scenario, again: int = AGAIN) -> Iterator[Result]:
    """The shares that come back and when, with each way of ending that the record does not tell."""
    if why := missing(index, frozenset({Fact.RECEIPT}), (EventKind.DECIDED,)):
        yield NotLearned(_WHAT, (*SHARES, DELAY), why)
        return
    ended, kind = endings(index)
    made = spells_between(index.log, ended, next_contact(index, ended), kind)
    enough = tuple(one.value for one in ReturnClass if _came_back(made, one) >= LEAST_ENDED)
    for one in ReturnClass:
        if one.value not in enough:
            yield NotLearned(f"{_WHAT} {_AFTER[one]}", (SHARES[one],), _why_not(index, one))
    if enough:
        yield _told(made, enough, base, again)
    else:
        yield NotLearned(_WHAT, (DELAY,), f"of no way of ending did {LEAST_ENDED} families come back in the record")


_AFTER: Final = {
    ReturnClass.NO_ACTION: "after no further action",
    ReturnClass.EARLY_HELP: "after early help",
    ReturnClass.ASSESSED: "after an assessment",
    ReturnClass.TRANSFERRED: "after a transfer",
}


def _came_back(made: Made, one: ReturnClass) -> int:
    return int(((made.spells.kind == one) & ~made.spells.is_open).sum())


def _why_not(index: LogIndex, one: ReturnClass) -> str:
    lacks = missing(index, _NEEDED[one])
    return lacks or f"fewer than {LEAST_ENDED} families came back so in the record"


_OF_CASES: Final = frozenset({Fact.AUTHORISATION, Fact.ENDING, Fact.CLOSURE})
_NEEDED: Final = {
    # Contacts about open cases would otherwise stand among those with no action, and they begin no return.
    ReturnClass.NO_ACTION: frozenset({Fact.DECISION, Fact.OPEN_CASE}),
    ReturnClass.EARLY_HELP: frozenset({Fact.DECISION, Fact.HELP}),
    ReturnClass.ASSESSED: _OF_CASES,
    ReturnClass.TRANSFERRED: _OF_CASES,
}


def endings(index: LogIndex) -> tuple[Column, Column]:
    """When each contact ended, `NEVER` where it has not, and its class of return, -1 where it has none.

    What was not assessed ended with its decision.
    """
    authorised = index.first(EventKind.ASSESSMENT_AUTHORISED) != NEVER
    closed, moved = index.first(EventKind.CLOSED), index.first(EventKind.TRANSFERRED)
    after = np.where(closed != NEVER, closed, moved)
    kind = np.full(len(index.received), _NO_CLASS, dtype=np.int64)
    detail = index.first_detail(EventKind.ASSESSMENT_AUTHORISED)
    for ending in Ending:
        if (one := return_class(Outcome.REFERRAL, ending)) is not None and ending is not Ending.AT_CONTACT:
            kind[authorised & (detail == ending)] = one
    for outcome in Outcome:
        if (one := return_class(outcome, Ending.AT_CONTACT)) is not None:
            kind[~authorised & (index.outcome == outcome)] = one
    told = [one.value for one, facts in _NEEDED.items() if index.knows(facts)]
    kind = np.where(np.isin(kind, told), kind, _NO_CLASS)
    return np.where(kind == _NO_CLASS, NEVER, np.where(authorised, after, index.decided)), kind


def next_contact(index: LogIndex, ended: Column) -> Column:
    """When each contact's family next made contact after it ended; `NEVER` where it has not."""
    family = families(index)
    order = np.lexsort((np.arange(len(family)), index.received, family))
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    span = int(max(index.received.max(initial=0), ended.max(initial=0))) + 2
    keys = family[order] * span + index.received[order]
    found = np.maximum(np.searchsorted(keys, family * span + ended, side="left"), place + 1)
    inside = np.minimum(found, len(order) - 1)
    has_next = (found < len(order)) & (family[order][inside] == family)
    return np.where(has_next & (ended != NEVER), index.received[order][inside], NEVER)


def families(index: LogIndex) -> Column:
    """The place of the first contact of each contact's family."""
    contact, parent = index.log.contact_column("contact"), index.log.contact_column("parent")
    order = np.argsort(contact)
    found = np.minimum(np.searchsorted(contact[order], parent), max(len(contact) - 1, 0))
    root = np.where(contact[order][found] == parent, order[found], np.arange(len(contact)))
    while not np.array_equal(root[root], root):
        root = root[root]
    return root.astype(np.int64)


def _told(made: Made, classes: tuple[int, ...], base: Scenario, again: int) -> Result:
    spells = made.spells.where(np.isin(made.spells.kind, classes))
    paths = (*(SHARES[one] for one in classes), DELAY)
    if base.returns.multiplier == 0:
        return NotLearned(_WHAT, paths, "the base scenario's multiplier of returns is 0")
    try:
        found = fitted(spells, partial(Returning, classes, base.returns.multiplier))
    except FitError as error:
        return NotLearned(_WHAT, paths, str(error))
    if not _is_followed(found, spells):
        why = "endings were not watched for long enough to tell who never comes back from who has not yet"
        return NotLearned(_WHAT, paths, why)
    return _learned(found, spells, again)


def _is_followed(found: Fitted, spells: Spells) -> bool:
    """Whether a tenth of the endings were watched past four in five of the returns."""
    law = found.setting[DELAY]
    quantile = getattr(law, "quantile")(np.array([_FOLLOWED]))[0]  # noqa: B009  (a law, of the many kinds of value)
    return bool(np.quantile(spells.until - spells.begun, 0.9) >= quantile)


def _learned(found: Fitted, spells: Spells, again: int) -> Learned:
    chance = doubt(found.best, spells, keyed(_CHANCE, DELAY), again)
    warnings = () if chance > DOUBTFUL else (f"no family fits well: {chance:.3f} of samples lie as far from it",)
    return Learned(
        _WHAT,
        len(spells),
        "endings in the window, each followed to the family's next contact or the end of the record; one law for all",
        found.setting,
        found.errors,
        found,
        {"open share": float(spells.is_open.mean()), "as far from its own law": chance, **found.weights},
        warnings,
    )
