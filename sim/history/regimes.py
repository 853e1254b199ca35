"""A change in what counts as a referral: a step in a monthly share that chance does not explain.

A threshold moved, or the way it is recorded, makes the months before it those of another service: a model fitted across
the change is fitted to neither.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import xlogy
from scipy.stats import f as f_distribution

from sim.events import Outcome
from sim.facts import Fact
from sim.history.history import Finding, History, finding
from sim.history.stretch import begins
from sim.scenario import Source

FALSE_ALARMS = 0.01
"""At most this share of extracts in which nothing changed has a finding, over all series and all months together."""

LEAST_CHANGE = 0.25
"""A smaller change, as a share of what was before, is said by no finding: every service drifts."""

FEWEST_MONTHS_A_SIDE = 3
FEWEST_MONTHS = 8
FEWEST_CONTACTS_A_SIDE = 100

UNDECIDED_DAYS = 31
"""Contacts of the last month are left out: those decided quickly are not like those that are not yet decided."""

_REFERRED = (Outcome.REFERRAL, Outcome.STRATEGY_DISCUSSION, Outcome.OTHER_TEAM, Outcome.REFERRAL_NO_ACTION)

Counts = NDArray[np.int64]


class Change(NamedTuple):
    """Where a share changed: the place of the first month after it, and the shares before and from then on."""

    month: int
    before: float
    after: float


class _Series(NamedTuple):
    """Of the contacts that are `among` some, the share that are `part`, and how that is said."""

    id: str
    what: str
    among: pl.Expr
    part: pl.Expr


def regimes(history: History, used: pl.DataFrame, as_at: date) -> Iterator[Finding]:
    """Changes in the share of contacts that become referrals, of all and of each source, and of referrals not taken."""
    if Fact.REFERRAL not in history.facts:
        return
    contacts = _whole_months(used, history.since or begins(used["received"]), as_at)
    every = _series(history)
    for series in every:
        months = _monthly(contacts, series)
        part, among = months["part"].to_numpy(), months["among"].to_numpy()
        change = changed(part, among, FALSE_ALARMS / len(every))
        if change:
            since = months["month"][change.month]
            said = (
                series.id,
                f"{series.what} went from {change.before:.0%} to {change.after:.0%} about {since:%B %Y}",
                "whatever spans the change: what is counted has probably changed",
                "used as it stands",
            )
            yield from finding(history, contacts.filter(series.among & (pl.col("month") >= since)), said)


def changed(part: Counts, among: Counts, false_alarms: float) -> Change | None:
    """The likeliest step in a monthly share, where it is large enough and chance does not explain it.

    `part` of `among` in each month. Each possible step is tried by its likelihood ratio, over how much more than
    binomially the months vary about their two levels, against F with 1 and months - 2 degrees of freedom; the chance
    of the best is multiplied by the number tried (Bonferroni) and must be below `false_alarms`.
    """
    months = len(among)
    steps = range(FEWEST_MONTHS_A_SIDE, months - FEWEST_MONTHS_A_SIDE + 1)
    if months < FEWEST_MONTHS:
        return None
    month = max(steps, key=lambda step: _ratio(part, among, step))
    sides = [(part[side].sum(), among[side].sum()) for side in (slice(month), slice(month, None))]
    if min(whole for _, whole in sides) < FEWEST_CONTACTS_A_SIDE:
        return None
    before, after = (float(some / whole) for some, whole in sides)
    chance = len(steps) * f_distribution.sf(_ratio(part, among, month), 1, months - 2)
    large = abs(after - before) >= LEAST_CHANGE * before
    return Change(month, before, after) if large and chance < false_alarms else None


def _ratio(part: Counts, among: Counts, step: int) -> float:
    """The likelihood ratio of a step against none, in units of how the months vary about the two levels."""
    sides = (slice(step), slice(step, None))
    gain = sum(_likelihood(part[side], among[side]) for side in sides) - _likelihood(part, among)
    scatter = sum(_scatter(part[side], among[side]) for side in sides)
    return 2 * gain / max(scatter / (len(among) - 2), 1.0)


def _likelihood(part: Counts, among: Counts) -> float:
    some, whole = float(part.sum()), float(among.sum())
    share = some / whole if whole else 0.0
    return float(xlogy(some, share) + xlogy(whole - some, 1 - share))


def _scatter(part: Counts, among: Counts) -> float:
    """Pearson's chi-squared of the months of one level."""
    share = part.sum() / max(among.sum(), 1)
    variance = among * share * (1 - share)
    apart = (part - among * share) ** 2
    return float(np.divide(apart, variance, out=np.zeros_like(variance), where=variance > 0).sum())


def _whole_months(used: pl.DataFrame, first: date, as_at: date) -> pl.DataFrame:
    """The decided contacts of whole calendar months from the first day on that are long enough ago."""
    last = as_at - timedelta(days=UNDECIDED_DAYS)
    day = pl.col("received").dt.date()
    begun = pl.date(first.year, first.month, 1)
    whole = (day >= (begun if first.day == 1 else begun.dt.offset_by("1mo"))) & (
        day < pl.date(last.year, last.month, 1)
    )
    decided = used.filter(pl.col("decided").is_not_null() & whole)
    return decided.select("row", "source", "outcome", month=day.dt.truncate("1mo"))


def _monthly(contacts: pl.DataFrame, series: _Series) -> pl.DataFrame:
    counted = contacts.filter(series.among).group_by("month")
    return counted.agg(pl.len().cast(pl.Int64).alias("among"), series.part.sum().cast(pl.Int64).alias("part")).sort(
        "month"
    )


def _series(history: History) -> tuple[_Series, ...]:
    referred = pl.col("outcome").is_in([outcome.value for outcome in _REFERRED])
    share = "the share of contacts that become referrals"
    every = [_Series("regime_of_referrals", share, pl.lit(value=True), referred)]
    if Fact.SOURCE in history.facts:
        every += [
            _Series(f"regime_of_referrals_{source}", f"{share}, from {source}", pl.col("source") == place, referred)
            for place, source in enumerate(Source)
        ]
    if Fact.NO_ACTION in history.facts:
        what = "the share of referrals with no further action"
        part = pl.col("outcome") == Outcome.REFERRAL_NO_ACTION.value
        every.append(_Series("regime_of_no_action", what, referred, part))
    return tuple(every)
