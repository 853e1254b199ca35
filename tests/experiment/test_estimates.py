"""Averages, and whether their ranges hold what they claim to."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from sim.experiment import Range, estimate

REPEATS = 1000
THREE_ERRORS = 3 * math.sqrt(0.95 * 0.05 / REPEATS)


def go_round(replications: int, draws: int) -> NDArray[np.int64]:
    return np.arange(replications, dtype=np.int64) % draws


def test_the_average_is_that_of_the_draws_and_its_error_that_within_them() -> None:
    values = np.repeat([1.0, 2.0, 3.0], 8) + np.tile([-1.0, 1.0], 12)
    found = estimate(values, np.repeat([0, 1, 2], 8), confidence=0.95)
    # Within each draw the variance is 8/7, so the error is sqrt(8/7 x 3/8) / 3 = 0.21822; t(0.975, 21) is 2.07961.
    assert found.mean == pytest.approx(2.0)
    assert found.simulation is not None
    assert found.simulation.high - found.mean == pytest.approx(2.07961 * 0.21822, rel=1e-4)


def test_draws_count_alike_however_often_each_was_met() -> None:
    values = np.array([0.0, 2.0, 4.0, 6.0])
    found = estimate(values, np.array([0, 0, 0, 1]), confidence=0.95)
    # The draws' means are 2 and 6. All four values have variance 20/3; t(0.975, 3) is 3.18245.
    assert found.mean == 4.0
    assert found.simulation is not None
    assert found.simulation.high - found.mean == pytest.approx(3.18245 * math.sqrt(20 / 3 * (1 / 3 + 1)) / 2, rel=1e-4)


def test_what_is_not_known_is_the_spread_of_draws_less_what_chance_explains() -> None:
    values = np.repeat(np.arange(-1.0, 10.0), 2) + np.tile([-2.0, 2.0], 11)
    found = estimate(values, np.repeat(np.arange(11), 2), confidence=0.95)
    # The draws' means -1 to 9 have variance 11, of which chance explains 8/2 = 4: each is shrunk by sqrt(7/11) to 4.
    shrunk = math.sqrt(7 / 11)
    assert found.unknown is not None
    assert found.unknown.low == pytest.approx(4 - 4 * shrunk)
    assert found.unknown.high == pytest.approx(4 + 4 * shrunk)
    # The lowest mean, -1, becomes 4 - 5 x 0.798 = 0.01: no draw is below nought but by luck.
    assert (found.below_zero, found.above_zero) == (0.0, 1.0)


def test_draws_that_differ_no_more_than_chance_leave_nothing_unknown() -> None:
    found = estimate(np.repeat([-1.0, 1.5], 10), go_round(20, 10), confidence=0.95)

    assert found.unknown == Range(found.mean, found.mean)
    assert math.isnan(found.below_zero)
    assert math.isnan(found.above_zero)


def test_one_value_has_no_range() -> None:
    found = estimate(np.array([2.0]), go_round(1, 1), confidence=0.95)

    assert (found.mean, found.simulation, found.unknown, found.year, found.runs) == (2.0, None, None, None, 1)


@pytest.mark.parametrize("draws", [2, 9])
def test_of_fewer_than_ten_draws_neither_a_range_nor_a_share_is_told(draws: int) -> None:
    few, ten = (
        estimate(go_round(40, many) - np.float64(4.5), go_round(40, many), confidence=0.95) for many in (draws, 10)
    )

    assert few.unknown is None
    assert math.isnan(few.below_zero)
    assert math.isnan(few.above_zero)
    assert ten.unknown is not None
    assert (ten.below_zero, ten.above_zero) == (0.5, 0.5)


def test_fewer_than_ten_years_do_not_tell_what_one_may_bring() -> None:
    nine, ten = (estimate(np.arange(float(n)), go_round(n, 1), confidence=0.95) for n in (9, 10))

    assert nine.year is None
    assert ten.year is not None
    assert (ten.year.low, ten.year.high) == pytest.approx((0.9, 8.1))


def test_where_no_draw_is_met_twice_chance_is_left_in_what_is_not_known() -> None:
    values = np.arange(20.0)
    found = estimate(values, go_round(20, 20), confidence=0.95)

    assert found.unknown is not None
    assert [found.unknown.low, found.unknown.high] == pytest.approx(np.quantile(values, [0.1, 0.9]).tolist())
    assert found.simulation is not None


def test_what_cannot_be_measured_in_a_run_is_left_out() -> None:
    assert estimate(np.array([np.nan, 3.0]), go_round(2, 1), confidence=0.95).mean == 3.0
    assert math.isnan(estimate(np.array([np.nan]), go_round(1, 1), confidence=0.95).mean)


def test_no_change_in_any_run_is_told_for_what_it_is() -> None:
    found = estimate(np.zeros(24), go_round(24, 20), confidence=0.95)

    assert found.simulation == Range(0.0, 0.0)
    assert found.is_told_from_zero


@given(hnp.arrays(np.float64, st.integers(4, 60), elements=st.floats(-1e6, 1e6)), st.integers(1, 20))
def test_order_does_not_matter(values: NDArray[np.float64], draws: int) -> None:
    of = go_round(len(values), draws)
    there = estimate(values, of, confidence=0.95)
    back = estimate(values[::-1], of[::-1], confidence=0.95)

    assert there.mean == pytest.approx(back.mean, rel=1e-9, abs=1e-6)


def coverage(replications: int, draws: int, between: float) -> float:
    """How often the simulation error holds the average over the draws run, in comparisons with a known effect.

    Each comparison has draws of its own, whose effects differ by `between`, met by luck of standard deviation 2.
    """
    random = np.random.default_rng(20181102)
    of = go_round(replications, draws)
    held = 0
    for _ in range(REPEATS):
        effects = random.normal(-1.0, between, draws)
        found = estimate(effects[of] + random.normal(0.0, 2.0, replications), of, confidence=0.95).simulation
        held += found is not None and found.low <= effects.mean() <= found.high
    return held / REPEATS


@pytest.mark.parametrize(
    ("replications", "draws", "between"),
    [(8, 1, 0.0), (40, 20, 1.0), (50, 20, 1.0), (60, 20, 3.0), (20, 20, 0.0), (24, 20, 0.0)],
    ids=["one draw", "all met twice", "some met thrice", "draws far apart", "draws alike", "alike, few met twice"],
)
def test_the_simulation_error_holds_the_average_over_the_draws_as_often_as_it_says(
    replications: int, draws: int, between: float
) -> None:
    assert abs(coverage(replications, draws, between) - 0.95) <= THREE_ERRORS


@pytest.mark.parametrize(
    ("replications", "draws", "between"),
    [(20, 20, 0.5), (20, 20, 3.0), (24, 20, 1.0), (31, 20, 3.0), (5, 2, 2.0)],
    ids=["met once", "met once, far apart", "few met twice", "half met twice, far apart", "two draws"],
)
def test_where_few_draws_are_met_twice_it_holds_their_average_at_least_as_often(
    replications: int, draws: int, between: float
) -> None:
    assert coverage(replications, draws, between) >= 0.95 - THREE_ERRORS


def test_the_largest_of_six_changes_is_held_by_an_interval_that_holds_for_all_six_at_once() -> None:
    """Six scenarios that change nothing: the one that looks best is told from nothing in 5% of comparisons at most."""
    random = np.random.default_rng(6)
    told = 0
    for _ in range(REPEATS):
        changes = random.normal(0.0, 1.0, (6, 20))
        best = estimate(min(changes, key=np.mean), go_round(20, 1), confidence=1 - 0.05 / 6)
        told += best.is_told_from_zero
    assert told / REPEATS <= 0.05 + THREE_ERRORS


def test_the_range_of_what_is_not_known_is_about_as_wide_as_the_draws_are_apart() -> None:
    """Over many comparisons its mean width is that of the middle 80% of 20 normal draws, within 10% of it."""
    random = np.random.default_rng(7)
    widths = []
    for _ in range(300):
        values = random.normal(0, 1.0, 20)[go_round(80, 20)] + random.normal(0, 1.0, 80)
        found = estimate(values, go_round(80, 20), confidence=0.95).unknown
        assert found is not None
        widths.append(found.high - found.low)
    ideal = np.mean([np.diff(np.quantile(random.normal(0, 1, 20), [0.1, 0.9]))[0] for _ in range(3000)])

    assert np.mean(widths) == pytest.approx(ideal, rel=0.1)
