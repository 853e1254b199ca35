"""Delays known to the date: the law comes back, and what ignores the dates does not bring it."""

from functools import partial

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import ndtri

from sim.calibration.seen.fitted import Delayed, Fitted, doubt, fit_to, fitted
from sim.calibration.seen.laws import FAMILIES
from sim.calibration.seen.likelihood import FitError, Spells, log_likelihood, maximised
from sim.distributions import Discrete, Distribution, Exponential, Gamma, Lognormal, Weibull
from tests.calibration.seen.samples import dated

Values = NDArray[np.float64]

PATH = "strategy.action_days"

LAWS: dict[str, Distribution] = {
    "lognormal": Lognormal(median=2.0, p95=9.0),
    "gamma": Gamma(mean=3.0, cv=0.8),
    "weibull": Weibull(median=2.0, p95=9.0),
    "exponential": Exponential(mean=2.0),
}


def fit(spells: Spells) -> Fitted:
    return fitted(spells, partial(Delayed, PATH))


def of_family(spells: Spells, name: str) -> tuple[Values, Values]:
    """The numbers of one family's fit, and their errors."""
    model = Delayed(PATH, FAMILIES[name])
    found = fit_to(model, *spells.told_apart())
    return model.family.numbers(found.at), np.array(model.errors(found)[PATH])


@pytest.mark.parametrize("name", LAWS)
def test_each_family_finds_its_own_numbers_within_their_errors(name: str) -> None:
    law = LAWS[name]
    truth = np.array([getattr(law, number) for number in FAMILIES[name].names])
    far = []
    for seed in range(10):
        numbers, errors = of_family(dated(law, 300, 40, np.random.default_rng([seed, 5])), name)
        far.append((numbers - truth) / errors)

    assert np.abs(np.mean(far, axis=0)).max() < 3 / np.sqrt(10)
    assert 0.45 < np.std(far, axis=0).min() <= np.std(far, axis=0).max() < 1.6


def test_dates_taken_for_times_would_overstate_a_short_delay_by_more_than_its_error() -> None:
    spells = dated(LAWS["exponential"], 2000, 40, np.random.default_rng(1))
    zero = np.zeros(len(spells))
    naive = Spells(zero, zero, spells.low, spells.high, spells.until, spells.to_the_day, spells.kind)

    (right,), (error,) = of_family(spells, "exponential")
    wrong = fit(naive).best

    assert abs(right - 2.0) < 3 * error
    assert float(np.asarray(wrong.model.family.made(wrong.fit.at).mean)) > 2.0 + 3 * error


def test_open_spells_count_for_their_waiting() -> None:
    spells = dated(LAWS["lognormal"], 3000, 8, np.random.default_rng(2))
    numbers, errors = of_family(spells, "lognormal")
    ended = fit(spells.where(~spells.is_open)).best

    assert spells.is_open.mean() > 0.2
    assert abs(numbers[0] - 2.0) < 3 * errors[0]
    assert float(ended.model.family.below(np.array([2.0]), ended.fit.at)[0]) > 0.55


def test_the_weights_of_the_families_sum_to_one_and_the_true_one_has_the_most() -> None:
    found = fit(dated(LAWS["lognormal"], 3000, 40, np.random.default_rng(3)))

    assert found.best.model.family.name == "lognormal"
    assert sum(found.weights.values()) == pytest.approx(1)


def test_a_law_in_doubt_is_one_that_no_family_has() -> None:
    two_sorts = Discrete(values=(0.3, 20.0), shares=(0.5, 0.5))
    chance = np.random.default_rng(4)
    wrong, right = dated(two_sorts, 400, 60, chance), dated(LAWS["gamma"], 400, 60, chance)

    assert doubt(fit(wrong).best, wrong, np.random.default_rng(5)) == 0.025
    assert doubt(fit(right).best, right, np.random.default_rng(5)) > 0.05


def test_spells_that_are_all_alike_have_no_best_law() -> None:
    alike = dated(Discrete(values=(0.0,), shares=(1.0,)), 50, 30, np.random.default_rng(6))

    with pytest.raises(FitError):
        fit(alike)


def test_stamps_to_the_minute_give_the_law_as_closely_as_exact_times() -> None:
    chance = np.random.default_rng(7)
    law, zero = LAWS["exponential"], np.zeros(1000)
    blank = Spells(zero, zero, zero, zero, zero + 365, zero > 0, np.zeros(1000, dtype=np.int64))
    delays = np.asarray(law.quantile(chance.uniform(1e-9, 1, 1000)))

    (mean,), (error,) = of_family(blank.again(delays, chance), "exponential")

    assert mean == pytest.approx(delays.mean(), rel=1e-3)
    assert error == pytest.approx(delays.mean() / np.sqrt(1000), rel=1e-2)


# What lifelines 0.30.3 gives by `fit_interval_censoring` of the spells below: it asks for pandas 2, and we for
# pandas 3. The first number is our first, the error that of lifelines's own parameter, whose log may be ours.
LIFELINES = {
    "weibull": (4.4160558, 0.0788871 / 1.2549450, 967.8901590),
    "lognormal": (4.0004231, 0.0646197, 955.9029510),
    "exponential": (5.6932354, 0.4272748 / 5.6932354, 977.6405024),
}


@pytest.mark.parametrize("name", LIFELINES)
def test_of_whole_days_from_a_known_start_lifelines_says_the_same(name: str) -> None:
    days = 4 * np.exp(0.9 * ndtri((np.arange(200) + 0.5) / 200))
    low, zero, is_open = np.minimum(np.floor(days), 12.0), np.zeros(200), days >= 12
    spells = Spells(zero, zero, low, np.where(is_open, np.inf, low + 1), zero + 12, zero == 0, zero.astype(np.int64))
    model = Delayed(PATH, FAMILIES[name])
    found = maximised(
        lambda at: log_likelihood(model.chances(spells, at), np.ones(200)), np.zeros(len(model.bounds)), model.bounds
    )
    number, error, aic = LIFELINES[name]

    assert model.family.numbers(found.at)[0] == pytest.approx(number, rel=1e-4)
    assert found.covariance[-1 if name == "weibull" else 0, -1 if name == "weibull" else 0] ** 0.5 == pytest.approx(
        error, rel=1e-3
    )
    assert found.aic == pytest.approx(aic, abs=1e-3)
