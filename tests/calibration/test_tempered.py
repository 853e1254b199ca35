from collections.abc import Callable

import numpy as np
import pytest

from sim.calibration.knobs import Points
from sim.calibration.tempered import tempered

MANY = 4000
# Particles are copies of one another that have moved, so they are worth fewer than they are: taken as a quarter.
WORTH = MANY / 4


def hill(middle: Points, width: Points) -> Callable[[Points], Points]:
    return lambda at: np.asarray(-0.5 * (((at - middle) / width) ** 2).sum(axis=1))


@pytest.mark.parametrize("width", [0.02, 0.1])
def test_a_narrow_hill_in_many_dimensions_is_found_with_its_middle_and_width(width: float) -> None:
    middle, widths = np.linspace(0.4, 0.6, 12), np.full(12, width)

    at = tempered(hill(middle, widths), 12, MANY, np.random.default_rng(3))

    assert np.abs((at.mean(axis=0) - middle) / (width / np.sqrt(WORTH))).max() < 4
    assert np.abs(at.std(axis=0) / width - 1).max() < 4 / np.sqrt(2 * WORTH)


def test_what_nothing_tells_stays_anywhere_in_its_range() -> None:
    at = tempered(lambda at: hill(np.array([0.3]), np.array([0.05]))(at[:, :1]), 4, MANY, np.random.default_rng(3))

    assert ((at >= 0) & (at <= 1)).all()
    assert np.abs(at[:, 1:].var(axis=0) * 12 - 1).max() < 0.15


def test_both_of_two_hills_are_found_in_proportion() -> None:
    one, other = (hill(np.full(3, place), np.full(3, 0.05)) for place in (0.25, 0.75))

    at = tempered(lambda at: np.logaddexp(one(at), np.log(3.0) + other(at)), 3, MANY, np.random.default_rng(5))

    error = np.sqrt(0.25 * 0.75 / WORTH)
    assert abs(float((at[:, 0] > 0.5).mean()) - 0.75) < 4 * error


def test_a_flat_density_needs_no_step_to_be_let_in() -> None:
    asked: list[int] = []

    def flat(at: Points) -> Points:
        asked.append(len(at))
        return np.zeros(len(at))

    at = tempered(flat, 2, 100, np.random.default_rng(1))

    assert len(at) == 100
    assert len(asked) == 9  # once at the start, and the eight moves after the only step
