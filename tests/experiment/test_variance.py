"""The spread of years, split into chance and what we do not know."""

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.experiment.variance import split_variance

SETS, EACH = 20, 3
DRAWS = np.repeat(np.arange(SETS), EACH)


def years(unknown: float, chance: float, seed: int) -> NDArray[np.float64]:
    luck = np.random.default_rng(seed)
    return np.repeat(luck.normal(0, unknown, SETS), EACH) + luck.normal(0, chance, SETS * EACH)


def test_mean_squares_are_those_worked_out_by_hand() -> None:
    values = np.array([0.0, 2.0] * 7 + [10.0, 12.0] * 7)
    found = split_variance(values, np.repeat(np.arange(14), 2))

    # Within: each pair has squares of 2 on one degree. Between: 14 means, half at 1 and half at 11.
    assert found.chance == pytest.approx(math.sqrt(2.0))
    assert found.unknown == pytest.approx(math.sqrt((2 * 14 * 25 / 13 - 2) / 2))
    assert (found.sets, found.years) == (14, 28)


def test_sets_that_are_alike_have_no_share() -> None:
    values = np.tile([1.0, 2.0, 3.0], SETS)
    found = split_variance(values, DRAWS)

    assert found.unknown_share == 0
    assert found.error is not None
    assert found.error.low == 0


def test_years_that_are_alike_leave_everything_to_the_sets() -> None:
    found = split_variance(np.repeat(np.arange(SETS, dtype=np.float64), EACH), DRAWS)

    assert (found.chance, found.unknown_share) == (0, 1)


def test_too_few_sets_or_years_are_not_told() -> None:
    few = split_variance(np.arange(20.0), np.arange(20))
    narrow = split_variance(np.arange(30.0), np.repeat([0, 1], 15))

    assert math.isnan(few.unknown_share)
    assert few.error is None
    assert math.isnan(narrow.chance)


def test_years_that_are_not_known_are_left_out() -> None:
    values = years(1, 1, 3)
    with_gaps = np.append(values, np.nan)

    assert split_variance(with_gaps, np.append(DRAWS, 5)) == split_variance(values, DRAWS)


def test_nineteen_in_twenty_intervals_hold_the_true_share() -> None:
    many = 400
    found = [split_variance(years(1.0, 1.5, seed), DRAWS).error for seed in range(many)]
    truth = 1.0 / (1.0 + 1.5**2)
    held = sum(error is not None and error.low <= truth <= error.high for error in found)

    # 95% of 400, three standard errors either way.
    assert abs(held / many - 0.95) < 3 * math.sqrt(0.95 * 0.05 / many)
