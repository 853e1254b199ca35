"""Arrivals: what is observed against what is asked, cell by cell, with tolerances from the variance asked for."""

from datetime import date, timedelta
from typing import ClassVar

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from sim.randomness import Luck
from sim.scenario import Scenario, Source, load
from sim.working_time import MINUTES_PER_DAY, england_bank_holidays
from sim.world.arrivals import Arrivals, _returns_expected, arrivals, expected_per_day
from tests.worlds import BASELINE

FIRST_DAY, YEAR = date(2018, 4, 1), range(365)
REPLICATIONS = 60
TWICE_IN_MAY = (1.0, 1.0, 1.0, 1.0, 2.0, *(1.0,) * 7)
SUNDAY = 6

# No returns: every contact asked for is a fresh one.
BASE = load(BASELINE).changed(
    {
        "calendar.first_day": FIRST_DAY,
        "calendar.warm_up_days": 0,
        "demand.family_contacts_per_year": 7400.0,
        "demand.daily_dispersion": 0.3,
        "demand.weekly_cv": 0.1,
        "returns.multiplier": 0.0,
    }
)
DATES = [FIRST_DAY + timedelta(days=day) for day in YEAR]
HOLIDAYS = england_bank_holidays(DATES[0], DATES[-1])


def asked(scenario: Scenario) -> NDArray[np.float64]:
    """Contacts asked for on each day from each source, worked out by hand: (365, 6)."""
    demand = scenario.demand
    weight = np.array(
        [
            demand.month_index[day.month - 1] * demand.weekday_index[SUNDAY if day in HOLIDAYS else day.weekday()]
            for day in DATES
        ]
    )
    shares = np.array([demand.profile(source).contact_share for source in Source])
    return demand.family_contacts_per_year * np.outer(weight / weight.sum(), shares)


def drawn(scenario: Scenario, replication: int) -> Arrivals:
    """A year's arrivals."""
    return arrivals(scenario, scenario, Luck(11, replication), FIRST_DAY, YEAR)


def counts(scenario: Scenario, replications: int = REPLICATIONS) -> NDArray[np.int64]:
    """Contacts by replication, day and source."""
    found = np.zeros((replications, len(YEAR), len(Source)), dtype=np.int64)
    for replication in range(replications):
        came = drawn(scenario, replication)
        np.add.at(found[replication], (came.received // MINUTES_PER_DAY, came.source), 1)
    return found


COUNTS = counts(BASE)
ASKED = asked(BASE)
WEEK = np.array([(day - timedelta(days=day.weekday())).toordinal() for day in DATES])


def variance(cells: NDArray[np.bool_]) -> float:
    """The variance asked for of the contacts of some days and sources, (365, 6): counts' own, and the weeks' factor."""
    demand, means = BASE.demand, np.where(cells, ASKED, 0.0)
    factor = demand.weekly_cv**2
    own = means.sum() + demand.daily_dispersion * (1 + factor) * (means**2).sum()
    weekly = [means[week == WEEK].sum() for week in np.unique(WEEK)]
    return float(own + factor * np.square(weekly).sum())


def within_chance(scores: list[float]) -> bool:
    """Whether standard normal scores are all what chance allows, once in a thousand for all of them together."""
    most = float(stats.norm.isf(0.0005 / len(scores)))
    return max(abs(score) for score in scores) < most


def score(cells: NDArray[np.bool_]) -> float:
    """How many standard errors the contacts of some days and sources are from what is asked."""
    observed = float(COUNTS[:, cells].sum()) / REPLICATIONS
    return (observed - float(ASKED[cells].sum())) / float(np.sqrt(variance(cells) / REPLICATIONS))


def days(chosen: list[bool]) -> NDArray[np.bool_]:
    """The cells of some days, every source."""
    return np.repeat(np.array(chosen)[:, None], len(Source), axis=1)


class TestObservedAgainstAsked:
    def test_the_expectation_is_the_one_worked_out_by_hand(self) -> None:
        assert expected_per_day(BASE, FIRST_DAY, YEAR) == pytest.approx(ASKED)

    def test_in_the_year(self) -> None:
        assert within_chance([score(np.ones_like(ASKED, dtype=np.bool_))])

    def test_by_month(self) -> None:
        assert within_chance([score(days([day.month == month for day in DATES])) for month in range(1, 13)])

    def test_by_weekday(self) -> None:
        ordinary = [day not in HOLIDAYS for day in DATES]
        chosen = [
            days([usual and day.weekday() == weekday for day, usual in zip(DATES, ordinary, strict=True)])
            for weekday in range(7)
        ]

        assert within_chance([score(cells) for cells in chosen])

    def test_on_bank_holidays_as_on_sundays(self) -> None:
        assert within_chance([score(days([day in HOLIDAYS for day in DATES]))])

    def test_by_source(self) -> None:
        chosen = [np.arange(len(Source)) == place for place in range(len(Source))]

        assert within_chance([score(np.broadcast_to(cells, ASKED.shape)) for cells in chosen])

    def test_by_hour(self) -> None:
        came = np.concatenate([drawn(BASE, replication).received for replication in range(20)])
        observed = np.bincount(came % MINUTES_PER_DAY // 60, minlength=24)
        share = np.array(BASE.demand.hour_index) / np.sum(BASE.demand.hour_index)
        errors = np.sqrt(len(came) * share * (1 - share))

        assert within_chance(((observed - len(came) * share) / errors).tolist())

    def test_evenly_within_the_hour(self) -> None:
        came = np.concatenate([drawn(BASE, replication).received for replication in range(20)])
        observed = np.bincount(came % 60, minlength=60)
        expected = len(came) / 60

        assert within_chance(((observed - expected) / np.sqrt(expected * 59 / 60)).tolist())


class TestSpread:
    def test_days_are_as_over_dispersed_as_asked(self) -> None:
        steady = BASE.changed({"demand.weekly_cv": 0.0})
        found = counts(steady)
        # Each replication's estimate of the dispersion: excess of squared deviations over the means.
        excess = ((found - ASKED) ** 2 - ASKED).sum(axis=(1, 2)) / (ASKED**2).sum()
        error = excess.std(ddof=1) / np.sqrt(len(excess))

        assert within_chance([float((excess.mean() - 0.3) / error)])

    def test_weeks_are_as_unlike_as_asked(self) -> None:
        uneven = BASE.changed({"demand.daily_dispersion": 0.0, "demand.weekly_cv": 0.3})
        totals = counts(uneven).sum(axis=2)
        weeks = [week == WEEK for week in np.unique(WEEK)]
        means = np.array([ASKED[week].sum() for week in weeks])
        by_week = np.stack([totals[:, week].sum(axis=1) for week in weeks], axis=1)
        excess = ((by_week - means) ** 2 - means).sum(axis=1) / (means**2).sum()
        error = excess.std(ddof=1) / np.sqrt(len(excess))

        assert within_chance([float((excess.mean() - 0.09) / error)])

    def test_without_either_days_are_poisson(self) -> None:
        plain = BASE.changed({"demand.daily_dispersion": 0.0, "demand.weekly_cv": 0.0})
        found = counts(plain)
        excess = ((found - ASKED) ** 2 / ASKED).mean(axis=(1, 2))
        error = excess.std(ddof=1) / np.sqrt(len(excess))

        assert within_chance([float((excess.mean() - 1) / error)])

    def test_weeks_may_differ_by_next_to_nothing(self) -> None:
        next_to_none = [drawn(BASE.changed({"demand.weekly_cv": cv}), 0) for cv in (1e-12, 0.001)]

        assert next_to_none[0].received.tolist() == next_to_none[1].received.tolist()


class TestComparing:
    def test_more_demand_keeps_every_contact_there_was_in_its_minute(self) -> None:
        more = drawn(BASE.changed({"demand.multiplier": 1.1}), 0)
        came = dict(zip(more.id.tolist(), more.received.tolist(), strict=True))
        base = drawn(BASE, 0)

        assert len(more.id) > len(base.id)
        assert dict(zip(base.id.tolist(), base.received.tolist(), strict=True)).items() <= came.items()

    def test_a_surge_adds_to_its_source_in_its_days_and_nowhere_else(self) -> None:
        surge = {"demand.surge.source": "health", "demand.surge.multiplier": 2.0, "demand.surge.after_days": 30}
        more = counts(BASE.changed({**surge, "demand.surge.lasts_days": 20}), 5)
        added = more - COUNTS[:5]
        health = list(Source).index(Source.HEALTH)

        assert added[:, 30:50, health].sum() > 0
        added[:, 30:50, health] = 0
        assert (added == 0).all()

    def test_a_longer_warm_up_changes_no_contact_of_the_year(self) -> None:
        base = drawn(BASE, 0)
        early = arrivals(BASE, BASE, Luck(11, 0), FIRST_DAY - timedelta(days=100), range(100, 465))

        assert early.id.tolist() == base.id.tolist()
        assert (early.received - 100 * MINUTES_PER_DAY).tolist() == base.received.tolist()

    def test_replications_differ(self) -> None:
        assert drawn(BASE, 0).id.tolist() != drawn(BASE, 1).id.tolist()

    def test_contacts_come_in_order_of_time_and_id(self) -> None:
        came = drawn(BASE, 0)
        pairs = list(zip(came.received.tolist(), came.id.tolist(), strict=True))

        assert pairs == sorted(set(pairs))


class TestNothing:
    @pytest.mark.parametrize("nothing", [{"demand.family_contacts_per_year": 0.0}, {"demand.multiplier": 0.0}])
    def test_no_demand_is_no_contact(self, nothing: dict[str, object]) -> None:
        assert drawn(BASE.changed(nothing), 0).id.size == 0

    def test_no_days_are_no_contact(self) -> None:
        assert arrivals(BASE, BASE, Luck(1, 1), FIRST_DAY, range(0)).id.size == 0

    def test_an_hour_without_contacts_has_none(self) -> None:
        office = tuple(float(9 <= hour < 17) for hour in range(24))
        came = drawn(BASE.changed({"demand.hour_index": office}), 0)

        assert set((came.received % MINUTES_PER_DAY // 60).tolist()) == set(range(9, 17))


class TestReturns:
    """Half of all contacts come back a hundred days later, so that every other contact is a return."""

    LEVEL: ClassVar[dict[str, object]] = {
        **{f"returns.after_{kind}_share": 0.5 for kind in ("no_action", "early_help", "assessment", "transfer")},
        "demand.open_case_share": 0.0,
        "demand.other_authority_share": 0.0,
        "demand.other_team_share": 0.0,
        "returns.multiplier": 1.0,
        "returns.case_days": 0.0,
        "returns.delay_days": {"kind": "fixed", "value": 100.0},
        "demand.month_index": (1.0,) * 12,
    }

    def kept(self, scenario: Scenario, first: int, last: int) -> float:
        """How many standard errors the contacts of days [first, last) are from half of those asked for."""
        asked = expected_per_day(scenario, FIRST_DAY, YEAR).sum(axis=1)[first:last].sum()
        came = [drawn(scenario, r).received // MINUTES_PER_DAY for r in range(REPLICATIONS)]
        shares = np.array([np.count_nonzero((days >= first) & (days < last)) for days in came]) / asked
        return float((shares.mean() - 0.5) / stats.sem(shares))

    def test_fresh_and_seeded_contacts_are_what_returns_leave_room_for(self) -> None:
        level = BASE.changed(self.LEVEL)
        seeded = [drawn(level, r).seeded_return for r in range(5)]

        # Until day 100 the returns of earlier contacts are seeded; after it the model makes them.
        assert within_chance([self.kept(level, 100, 365)])
        assert within_chance([self.kept(level.changed({"demand.multiplier": 0.5}), 100, 365)])
        early = np.concatenate([flags[: len(flags) // 5] for flags in seeded])
        assert within_chance([float((early.mean() - 0.5) / (0.5 / np.sqrt(len(early))))])

    def test_returns_follow_the_demand_of_the_months_in_which_their_families_came_before(self) -> None:
        twice = BASE.changed({**self.LEVEL, "demand.month_index": TWICE_IN_MAY})
        made, due = (shares[:, 0] for shares in _returns_expected(twice, FIRST_DAY, YEAR))
        may, hundred_days_later = range(30, 61), range(130, 161)

        assert made[:100] == pytest.approx(0.0)
        assert made[hundred_days_later] == pytest.approx(1.0)
        assert np.delete(made, [*range(100), *hundred_days_later]) == pytest.approx(0.5)
        assert due[may] == pytest.approx(0.25)
        assert due[:30] == pytest.approx(0.5)
        assert due[100:] == pytest.approx(0.0)

    def test_where_returns_alone_are_more_than_is_asked_for_none_are_fresh(self) -> None:
        falling = BASE.changed({**self.LEVEL, "demand.month_index": (1.0, 1.0, 1.0, 5.0, 5.0, 5.0, *(1.0,) * 6)})
        days = drawn(falling, 0).received // MINUTES_PER_DAY

        assert not ((days >= 100) & (days < 191)).any()
        assert (days >= 191).any()

    def test_a_month_without_contacts_has_none(self) -> None:
        quiet = BASE.changed({**self.LEVEL, "demand.month_index": (*(1.0,) * 5, 0.0, *(1.0,) * 6)})
        days = drawn(quiet, 0).received // MINUTES_PER_DAY

        assert not ((days >= 61) & (days < 91)).any()
        assert (days >= 91).any()


def test_returns_of_contacts_before_a_later_beginning_are_all_seeded() -> None:
    begins = 100
    made, due = _returns_expected(BASE, FIRST_DAY, range(begins, 365))
    made_later, due_then = _returns_expected(BASE, FIRST_DAY, range(begins, 365), begins)

    assert np.allclose(made + due, made_later + due_then)
    assert made_later[0].max() == 0.0
    assert np.all(due_then >= due)
    assert np.all(np.diff(due_then.sum(axis=1))[200:] <= 0)
