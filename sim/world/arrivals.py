"""When families make contact: keyed counts by day and source, then a keyed minute of the day for each contact.

Published and recorded contacts already contain returns. Fresh arrivals are therefore the published rate less the
returns the model makes itself; those due from before the run, which it cannot make, are seeded in their place.
"""

from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.counts import negative_binomial_quantile
from sim.distributions import Gamma
from sim.randomness import Luck, Purpose, contact_ids, day_ids
from sim.scenario import Scenario, Source
from sim.scenario.demand import Demand
from sim.working_time import MINUTES_PER_DAY, england_bank_holidays
from sim.world.hours import minute_of_day
from sim.world.steady import implied_returns, returning_needs

EPOCH = date(1970, 1, 1)
DAYS_PER_YEAR = 365
SUNDAY = 6
NO_CONTACT_BEFORE = -1
_WEEK_SOURCE = 31
_GRID = 512
_LEAST_CV = 0.001  # the least of a gamma law


class Arrivals(NamedTuple):
    """Fresh and seeded contacts, as columns of equal length, in order of time and id.

    `need_before` is what was found at the contact before a seeded return, `NO_CONTACT_BEFORE` where there was none.
    """

    id: NDArray[np.int64]
    received: NDArray[np.int64]
    source: NDArray[np.int64]
    seeded_return: NDArray[np.int64]
    need_before: NDArray[np.int64]


def arrivals(
    scenario: Scenario, baseline: Scenario, luck: Luck, first_day: date, days: range, begins_day: int = 0
) -> Arrivals:
    """The contacts of `days` (counted from `first_day`, the run's first) under a scenario.

    The share of arrivals that returns will make up is the baseline's, so a scenario with fewer returns has fewer
    contacts rather than more fresh ones. Returns of contacts made before `begins_day` are seeded.
    """
    expected, seeded = _expected(scenario, baseline, luck, first_day, days, begins_day)
    day, source = np.meshgrid(_absolute(first_day, days), np.arange(len(Source)), indexing="ij")
    u = luck.uniforms(day_ids(day.ravel(), source.ravel()), (Purpose.ARRIVALS,))[:, 0].reshape(day.shape)
    counts = negative_binomial_quantile(u, expected, scenario.demand.daily_dispersion).astype(np.int64).ravel()
    owner = np.repeat(np.arange(counts.size), counts)
    index = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    ids = contact_ids(day.ravel()[owner], source.ravel()[owner], index)
    chance = luck.uniforms(ids, (Purpose.MINUTE_OF_DAY, Purpose.SEEDED_RETURN, Purpose.PREVIOUS_NEED))
    midnight = (day.ravel()[owner] - (first_day - EPOCH).days) * MINUTES_PER_DAY
    received = midnight + minute_of_day(chance[:, 0], scenario.demand.hour_index)
    is_seeded = (chance[:, 1] < seeded.ravel()[owner]).astype(np.int64)
    came_from = source.ravel()[owner].astype(np.int64)
    needs = np.cumsum(returning_needs(baseline), axis=1)[came_from, :-1]
    before = np.where(is_seeded == 1, (chance[:, 2:] >= needs).sum(axis=1), NO_CONTACT_BEFORE)
    order = np.lexsort((ids, received))
    return Arrivals(ids[order], received[order], came_from[order], is_seeded[order], before[order])


def expected_per_day(scenario: Scenario, first_day: date, days: range) -> NDArray[np.float64]:
    """Contacts asked for, returns included: shape (days, sources). The week factor has mean 1 and is left out.

    The reporting year of 365 days holds `family_contacts_per_year` of them whatever its bank holidays.
    """
    demand = scenario.demand
    shape = _shape(demand, tuple(first_day + timedelta(days=day) for day in days))
    year = _shape(demand, tuple(scenario.calendar.first_day + timedelta(days=day) for day in range(DAYS_PER_YEAR)))
    shares = np.array([demand.profile(source).contact_share for source in Source])
    in_year = demand.family_contacts_per_year * demand.multiplier
    rates: NDArray[np.float64] = in_year * shape[:, None] / year.sum() * shares * _surge(scenario, days)
    return rates


def _shape(demand: Demand, dates: tuple[date, ...]) -> NDArray[np.float64]:
    """Relative contacts by day: its month's index times its weekday's. A bank holiday brings what a Sunday brings."""
    holidays = england_bank_holidays(dates[0], dates[-1]) if dates else frozenset()
    weekday = [SUNDAY if day in holidays else day.weekday() for day in dates]
    relative = [
        demand.month_index[day.month - 1] * demand.weekday_index[w] for day, w in zip(dates, weekday, strict=True)
    ]
    return np.array(relative)


def _surge(scenario: Scenario, days: range) -> NDArray[np.float64]:
    surge = scenario.demand.surge
    first = scenario.calendar.warm_up_days + scenario.levers_start_day + surge.after_days
    factors = np.ones((len(days), len(Source)))
    during = (np.array(days) >= first) & (np.array(days) < first + surge.lasts_days)
    factors[during, list(Source).index(surge.source)] = surge.multiplier
    return factors


def _expected(
    scenario: Scenario, baseline: Scenario, luck: Luck, first_day: date, days: range, begins_day: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Fresh and seeded contacts expected, (days, sources), and the seeded share of them on each day."""
    made, due_from_before = _returns_expected(baseline, first_day, days, begins_day)
    rates = expected_per_day(scenario, first_day, days) * _week_factor(scenario, luck, first_day, days)[:, None]
    kept = np.maximum(1.0 - made, 0.0)
    # Where demand falls so fast that returns alone are more than is asked for, none are fresh.
    seeded = np.minimum(due_from_before, kept) / np.where(kept > 0, kept, 1.0)
    return rates * kept, seeded


def _returns_expected(
    baseline: Scenario, first_day: date, days: range, begins_day: int = 0
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Returns of contacts made since `begins_day`, and of those made before, as shares of a day's contacts of a source.

    Returns follow the demand of the months in which their families made contact before, not that of the day on which
    they come: in a busy month they are a smaller share. The weekday is left out, since returns keep to the week too.
    Both have the shape (days, sources).
    """
    by_lag = _returns_by_lag(baseline)
    before = len(by_lag)
    dates = [first_day + timedelta(days=day) for day in range(-before, days.stop)]
    demand = np.array([baseline.demand.month_index[day.month - 1] for day in dates])
    earlier = np.where(np.arange(len(demand)) < before + begins_day, demand, 0.0)
    of_the_day = np.where(demand > 0, demand, 1.0)[:, None]
    every, due = (
        np.stack([np.convolve(since, returns)[: len(dates)] for returns in by_lag.T], axis=1) / of_the_day
        for since in (demand, earlier)
    )
    asked = slice(before + days.start, None)
    return (every - due)[asked], due[asked]


def _returns_by_lag(baseline: Scenario) -> NDArray[np.float64]:
    """The returns expected of one contact of each source, by the days since it: shape (days, sources).

    In whole days, since a return waits for its hour.
    """
    delays = baseline.returns.delay_days.quantile((np.arange(_GRID) + 0.5) / _GRID)
    to_ending = np.array([0.0, 0.0, baseline.returns.case_days, baseline.returns.case_days])
    lags = np.ceil(delays + to_ending[:, None]).astype(np.int64)
    after = np.stack([np.bincount(lag, minlength=int(lags.max()) + 1) for lag in lags]) / _GRID
    by_lag: NDArray[np.float64] = after.T @ implied_returns(baseline).T
    return by_lag


def _week_factor(scenario: Scenario, luck: Luck, first_day: date, days: range) -> NDArray[np.float64]:
    if scenario.demand.weekly_cv == 0:
        return np.ones(len(days))
    absolute = _absolute(first_day, days)
    monday = absolute - (absolute + EPOCH.weekday()) % 7
    u = luck.uniforms(day_ids(monday, np.full(len(monday), _WEEK_SOURCE)), (Purpose.ARRIVALS,))[:, 0]
    return Gamma(kind="gamma", mean=1.0, cv=max(scenario.demand.weekly_cv, _LEAST_CV)).quantile(u)


def _absolute(first_day: date, days: range) -> NDArray[np.int64]:
    absolute: NDArray[np.int64] = np.array(days, dtype=np.int64) + (first_day - EPOCH).days
    return absolute
