"""Daily counts whose rates and variances are known come back within their errors."""

import numpy as np

from sim.calibration.seen.daily import Rates, rates
from sim.calibration.seen.learned import keyed

SOURCES, WEEKS = 3, 52
LEVELS = np.log([9.0, 3.0, 1.5])
MONTHS = np.linspace(-0.3, 0.3, 12)
FACTOR, DAY = 0.02, 0.05


def counted(seed: int) -> Rates:
    """A year of three sources, whose weekly factor and daily dispersion are known."""
    chance = keyed(seed, "counts")
    day = np.repeat(np.arange(7 * WEEKS), SOURCES)
    month = np.minimum(day // 31, 11)
    design = np.concatenate(
        [np.tile(np.eye(SOURCES), (7 * WEEKS, 1)), (month[:, None] == np.arange(1, 12)).astype(np.float64)], axis=1
    )
    means = np.exp(np.tile(LEVELS, 7 * WEEKS) + MONTHS[month] - MONTHS[0])
    means = means * chance.gamma(1 / FACTOR, FACTOR, WEEKS)[day // 7] * chance.gamma(1 / DAY, DAY, len(day))
    return rates(chance.poisson(means).astype(np.float64), design, day // 7, np.zeros(len(day)))


def test_levels_and_both_variances_come_back_within_their_errors() -> None:
    truth = np.concatenate([LEVELS, MONTHS[1:] - MONTHS[0]])
    found = [counted(seed) for seed in range(40)]
    far = np.array([(one.at - truth) / np.sqrt(np.diag(one.covariance)) for one in found])

    assert np.abs(far.mean(axis=0)).max() < 3.5 / np.sqrt(40)
    assert 0.8 < np.std(far) < 1.2


def test_the_months_take_nothing_out_of_the_weekly_variance() -> None:
    found = [counted(seed) for seed in range(40)]
    week, day = np.array([one.week for one in found]), np.array([one.day for one in found])

    # Without what is put back, the twelve months would hide a fifth of it.
    assert abs(week.mean() - FACTOR) < 3 * week.std() / np.sqrt(40)
    assert week.std() / np.sqrt(40) < 0.05 * FACTOR * 2
    assert abs(day.mean() - DAY) < 3 * day.std() / np.sqrt(40)


def test_the_errors_of_the_variances_are_those_seen_from_year_to_year() -> None:
    found = [counted(seed) for seed in range(40)]
    said = np.mean([one.dispersion_errors for one in found], axis=0)
    seen = np.std([(one.week, one.day) for one in found], axis=0)

    assert np.all(said > 0.7 * seen)
    assert np.all(said < 1.4 * seen)
