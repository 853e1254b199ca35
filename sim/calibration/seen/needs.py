"""How contacts are decided, by source and domestic abuse, and the needs under which a scenario decides as many so.

A scenario has no shares of outcomes: it has needs, and what is decided of each. So what a record shows of outcomes is
counted cell by cell, cells with few contacts leaning on their source, and turned into the needs that give them, with
what the base scenario says of consent, of needless referrals and of other teams.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.calibration.seen.delays import missing
from sim.calibration.seen.learned import Learned, NotLearned, Result, Setting, keyed
from sim.calibration.seen.returns import families
from sim.calibration.seen.routing import LEAST_COUNTED, SMALL, settled
from sim.calibration.seen.shares import JEFFREYS, Shrunk, shrunk
from sim.events import Outcome
from sim.facts import Fact
from sim.measures.index import LogIndex
from sim.scenario import Scenario, Source

Values = NDArray[np.float64]

_WHAT: Final = "outcomes of contacts by source and domestic abuse"
PATHS: Final = (
    *(f"demand.{source.value}.below_threshold_share" for source in Source),
    "need.early_help_share",
    "need.section_47_share",
)
OUTCOMES: Final = (
    ("neither help nor referral", (Outcome.NO_FURTHER_ACTION, Outcome.ADVICE, Outcome.CONSENT_REFUSED)),
    ("early help", (Outcome.EARLY_HELP,)),
    ("referral", (Outcome.REFERRAL, Outcome.REFERRAL_NO_ACTION, Outcome.OTHER_TEAM)),
    ("strategy discussion", (Outcome.STRATEGY_DISCUSSION,)),
)
_FACTS: Final = frozenset(
    {Fact.RECEIPT, Fact.SOURCE, Fact.OPEN_CASE, Fact.DECISION, Fact.REFERRAL, Fact.HELP, Fact.STRATEGY_ASKED}
)
_SETTLED_DAYS: Final = 30
_ROUNDS: Final = 500
_CLOSE: Final = 1e-10
_FOR_ERRORS: Final = 400
_SEED: Final = 20_180_403
_ABUSE: Final = ("no domestic abuse", "domestic abuse")


def needs(index: LogIndex, base: Scenario) -> Iterator[Result]:
    """The needs behind what was decided, learned or not."""
    why = missing(index, _FACTS) or _in_the_way(base)
    counts = outcomes(index)
    if not why and counts.sum(axis=(1, 2)).min() < LEAST_COUNTED:
        why = f"of some source fewer than {LEAST_COUNTED} contacts were decided here"
    if not why and not counts.sum(axis=(0, 1)).all():
        why = "one of the outcomes is nowhere in the record: none happened, or it has no place there"
    yield NotLearned(_WHAT, PATHS, why) if why else _learned(counts, alike(index), base)


def _in_the_way(base: Scenario) -> str:
    if base.domestic_abuse_team.on:
        return "a domestic abuse team decides otherwise than the rest"
    if base.further_work.limit_working_days > 0:
        return "some are decided on less than was asked for (further_work.limit_working_days)"
    return ""


def outcomes(index: LogIndex) -> Values:
    """Decided contacts that were this service's, (sources, domestic abuse, outcomes); what is not noted as is not."""
    of = settled(index, _SETTLED_DAYS) & ~index.open_case
    source, abuse = index.log.contact_column("source"), index.log.contact_column("domestic_abuse") == 1
    counts = np.zeros((len(Source), len(_ABUSE), len(OUTCOMES)))
    for place, (_, members) in enumerate(OUTCOMES):
        rows = of & np.isin(index.outcome, members) & (source >= 0) & (source < len(Source))
        np.add.at(counts, (source[rows], abuse[rows].astype(np.int64), place), 1.0)
    return counts


def alike(index: LogIndex) -> float:
    """How many contacts are worth one: those of a family that comes back are decided much alike.

    The variance of what is decided, family by family, over that of contacts that had nothing to do with each other.
    """
    of, found = settled(index, _SETTLED_DAYS) & ~index.open_case, families(index)
    kinds = np.stack([np.isin(index.outcome, members) & of for _, members in OUTCOMES], axis=1)
    rows = kinds.any(axis=1)
    residuals = kinds[rows] - kinds[rows].mean(axis=0)
    totals = np.zeros((len(of), len(OUTCOMES)))
    np.add.at(totals, found[rows], residuals)
    return max(float((totals**2).sum() / (residuals**2).sum()), 1.0)


def _learned(told: Values, alike: float, base: Scenario) -> Result:
    counts = told / alike
    cells, source = counts.reshape(-1, len(OUTCOMES)), np.repeat(np.arange(len(Source)), len(_ABUSE))
    posterior = Needs(shrunk(cells, source), counts.sum(axis=2) + JEFFREYS, counts.sum(axis=(1, 2)), base)
    try:
        values = posterior.mean
    except NeedError as error:
        return NotLearned(_WHAT, PATHS, str(error))
    drawn = posterior.draws(keyed(_SEED, _WHAT), _FOR_ERRORS)
    errors = {path: (float(np.std([float(str(one[path])) for one in drawn])),) for path in PATHS}
    return Learned(
        _WHAT,
        int(told.sum()),
        "contacts decided here; consent, needless referrals and other teams are the base scenario's",
        values,
        errors,
        posterior,
        {"contacts worth one": alike, **dict(_told(told, posterior.cells.means))},
    )


def _told(counts: Values, means: Values) -> Iterator[tuple[str, float]]:
    """The shares of each cell that has enough contacts to be told by itself."""
    shares = means.reshape(counts.shape)
    for row, source in enumerate(Source):
        for column, abuse in enumerate(_ABUSE):
            if counts[row, column].sum() >= SMALL:
                for place, (name, _) in enumerate(OUTCOMES):
                    yield f"{source.value}, {abuse}: {name}", float(shares[row, column, place])


class NeedError(ValueError):
    """Outcomes that no needs give."""


@dataclass(frozen=True, slots=True, eq=False)
class Needs:
    """The posterior of the needs: cells' outcomes, how the sources' contacts fall into cells, contacts by source."""

    cells: Shrunk
    abuse: Values
    contacts: Values
    base: Scenario

    @property
    def mean(self) -> Setting:
        """At the means. Raise `NeedError` where no needs give these outcomes."""
        return self._needs(self.cells.means, self.abuse / self.abuse.sum(axis=1, keepdims=True), is_strict=True)

    def draws(self, chance: np.random.Generator, count: int) -> Sequence[Setting]:
        """Every cell drawn, then the needs that give it; a share beyond what can be is the nearest that can."""
        cells = self.cells.drawn(chance, count)
        abuse = np.stack([chance.dirichlet(row, size=count) for row in self.abuse], axis=1)
        return [self._needs(*one, is_strict=False) for one in zip(cells, abuse, strict=True)]

    def _needs(self, shares: Values, abuse: Values, *, is_strict: bool) -> Setting:
        by_cell = shares.reshape(len(Source), len(_ABUSE), len(OUTCOMES))
        of_source = (by_cell * abuse[:, :, None]).sum(axis=1)
        below, early, harm = implied_needs(of_source, self.contacts / self.contacts.sum(), self.base)
        if is_strict and not ((below >= 0).all() and (below <= 1).all() and 0 <= early <= 1 and 0 <= harm <= 1):
            raise NeedError("no needs give these outcomes with what the base scenario says of consent and referral")
        every = np.clip([*below.tolist(), early, harm], 0.0, 1.0).tolist()
        return dict(zip(PATHS, every, strict=True))


def implied_needs(shares: Values, weights: Values, base: Scenario) -> tuple[Values, float, float]:
    """Shares below the threshold by source, of early help above it, and at significant harm of the rest.

    `shares` are outcomes by source, `weights` the sources' shares of contacts. What is referred of a source tells how
    many are above the threshold; the help and the discussions of all tell the two others. Each is found from the
    others, round by round.
    """
    need, demand, further = base.need, base.demand, base.further_work
    missing_consent = np.array([demand.profile(source).consent_missing_share for source in Source])
    refused = missing_consent * demand.consent_missing_multiplier * further.consent_refused_share
    agreed = 1 - refused * (1 - further.consent_dispensed_share)
    needless, of_helped = need.referred_below_threshold_share, need.early_help_referred_share
    helped, discussed, referred = weights @ shares[:, 1], weights @ shares[:, 3], shares[:, 2] + shares[:, 3]
    early, harm = need.early_help_share, need.section_47_share
    for _ in range(_ROUNDS):
        of_above = agreed * (early * of_helped + (1 - early) * (1 - harm)) + (1 - early) * harm
        above = (referred - agreed * needless) / (of_above - agreed * needless)
        found = (
            float(helped / (weights @ (agreed * above) * (1 - of_helped))),
            float(discussed / (weights @ above * (1 - early) * (1 - demand.other_team_share))),
        )
        is_close = max(abs(found[0] - early), abs(found[1] - harm)) < _CLOSE
        early, harm = (early + found[0]) / 2, (harm + found[1]) / 2
        if is_close:
            break
    return 1 - above, early, harm
