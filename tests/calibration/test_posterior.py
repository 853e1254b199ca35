"""What a table of runs says of parameters: on laws whose answer is known."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import truncnorm

from sim.calibration.foretold import foretell
from sim.calibration.posterior import (
    Box,
    HeldOut,
    Label,
    Posterior,
    adjusted,
    cut_edges,
    held_out,
    honesty,
    label_of,
    narrowed,
    posterior,
    weighted_quantiles,
    without_cuts,
)

Values = NDArray[np.float64]
PRIOR = Box(np.array([0.0, 10.0]), np.array([1.0, 30.0]))
SAID = 0.08, 1.5
"""Standard errors of the two figures below, each of one parameter."""


def _figures(parameters: Values, seed: int = 0) -> Values:
    """The first parameter by a figure, the second by the sum of two, and one figure of nothing."""
    noise = np.random.default_rng(seed).normal(size=(len(parameters), 4))
    first = parameters[:, 0] + SAID[0] * noise[:, 0]
    second = parameters[:, 1] + SAID[1] * noise[:, 1]
    return np.column_stack([first, second + noise[:, 2], noise[:, 2], noise[:, 3]])


@pytest.fixture(scope="module")
def table() -> tuple[Values, Values]:
    parameters = PRIOR.points(1500, seed=3)
    return parameters, _figures(parameters)


def test_draws_follow_the_posterior_that_is_known_in_closed_form(table: tuple[Values, Values]) -> None:
    observed = np.array([0.4, 21.0, 0.5, 0.0])
    found = posterior(PRIOR, *table, observed)
    for place, (middle, error) in enumerate(((0.4, SAID[0]), (20.5, SAID[1]))):
        low, high = (PRIOR.low[place] - middle) / error, (PRIOR.high[place] - middle) / error
        exact = truncnorm(low, high, middle, error)
        assert found.means[place] == pytest.approx(exact.mean(), abs=0.25 * error)
        assert found.deviations[place] == pytest.approx(exact.std(), rel=0.25)
    assert abs(found.correlations[0, 1]) < 0.25
    assert np.allclose(np.diag(found.correlations), 1)
    assert found.weights.sum() == pytest.approx(1)
    assert PRIOR.holds(found.draws).all()


def test_what_no_figure_tells_keeps_its_prior_and_is_called_not_learned(table: tuple[Values, Values]) -> None:
    parameters, figures = table
    for told, untold in ((0, 1), (1, 0)):
        observed = np.array([0.4, 21.0, 0.5, 0.0])
        observed[untold] = np.nan
        found = posterior(PRIOR, parameters, figures, observed)
        assert found.labels[told] is Label.PINNED_DOWN
        assert found.labels[untold] is Label.NOT_LEARNED
        places = (found.quantiles((0.05, 0.95))[:, untold] - PRIOR.low[untold]) / (PRIOR.high - PRIOR.low)[untold]
        assert places == pytest.approx([0.05, 0.95], abs=0.1)


@pytest.mark.slow
def test_nine_intervals_in_ten_hold_the_truth_they_were_asked_for(table: tuple[Values, Values]) -> None:
    truths = PRIOR.points(64, seed=8)
    inside = np.zeros(2)
    for truth, observed in zip(truths, _figures(truths, seed=8), strict=True):
        low, high = posterior(PRIOR, *table, observed).quantiles((0.05, 0.95))
        inside += (low <= truth) & (truth <= high)
    # Binomial, 64 at 0.9: less than 50 or all 64 would come once in some thousand.
    assert ((inside >= 50) & (inside <= 63)).all()


def test_a_run_is_no_evidence_of_itself() -> None:
    """Figures of nothing: guesses that had seen their own runs would go with the truth."""
    random = np.random.default_rng(5)
    parameters, figures = random.normal(size=(300, 1)), random.normal(size=(300, 40))
    assert foretell(parameters, figures, np.zeros(40)).runs.shape == (300, 0)
    # One figure tells a little: that much and no more is to be seen in the guesses, in either direction.
    figures[:, 0] += 0.5 * parameters[:, 0]
    told = foretell(parameters, figures, np.zeros(40))
    assert 0.2 < np.corrcoef(told.runs[:, 0], parameters[:, 0])[0, 1] < 0.5


def test_runs_held_out_near_the_record_are_covered_as_often_as_promised(table: tuple[Values, Values]) -> None:
    lines = PRIOR.to_line(table[0])
    found = held_out(lines, foretell(lines, table[1], np.array([0.4, 21.0, 0.5, 0.0])))
    assert found.ranks.shape == (200, 2)
    # Binomial, 200 at 0.9: four standard errors.
    assert np.abs(found.coverage - 0.9).max() < 0.085
    assert np.abs(found.ranks.mean(axis=0) - 0.5).max() < 0.1
    assert ((found.reach <= 1) == (np.abs(found.ranks - 0.5) <= 0.45)).mean() > 0.95


def test_a_bent_figure_tells_as_well_as_a_straight_one(table: tuple[Values, Values]) -> None:
    parameters, figures = table
    straight = foretell(parameters, figures[:, :2], np.array([0.4, 21.0]))
    bent = foretell(parameters, np.column_stack([figures[:, 0], np.exp(figures[:, 1] / 5)]), np.array([0.4, 60.0]))
    wrong = [float(np.mean((told.runs[:, 1] - parameters[:, 1]) ** 2)) for told in (bent, straight)]
    assert wrong[0] == pytest.approx(wrong[1], rel=0.1)


def test_a_figure_that_some_runs_lack_is_used_and_one_that_the_record_lacks_is_not(
    table: tuple[Values, Values],
) -> None:
    parameters, figures = table
    holed = figures.copy()
    holed[::7, 0] = np.nan
    observed = np.array([0.4, 21.0, 0.5, 0.0])
    assert posterior(PRIOR, parameters, holed, observed).labels[0] is Label.PINNED_DOWN
    observed[0] = np.nan
    assert posterior(PRIOR, parameters, figures, observed).labels[0] is Label.NOT_LEARNED


def test_a_record_beyond_all_runs_is_noticed(table: tuple[Values, Values]) -> None:
    assert posterior(PRIOR, *table, np.array([0.4, 21.0, 0.5, 9.0])).outside == (3,)
    assert posterior(PRIOR, *table, np.array([0.4, 21.0, 0.5, 0.0])).outside == ()


def test_the_adjustment_takes_away_a_straight_slope_whole() -> None:
    told = np.random.default_rng(2).uniform(-1, 1, size=(400, 1))
    lines = 3 * told + 1
    draws, weights = adjusted(lines, told, np.array([0.25]))
    assert np.allclose(draws, 1.75)
    assert weights.sum() == pytest.approx(1)


def test_intervals_that_hold_too_few_truths_are_widened_until_nine_in_ten_are_held() -> None:
    reach = np.column_stack([np.linspace(0, 2, 100), np.linspace(0, 1.1, 100)])
    ranks = np.where(reach > 1, 1.0, 0.5)
    coverage, widened = honesty(HeldOut(ranks, reach))
    assert coverage.tolist() == [0.5, 0.91]
    assert widened == pytest.approx([1.8, 1.0], abs=0.01)


def _spread(low: float, high: float) -> Posterior:
    draws = np.column_stack([np.linspace(low, high, 101), np.linspace(15, 16, 101)])
    return Posterior(PRIOR, draws, np.full(101, 1 / 101), np.ones(2), np.ones(2))


def test_the_next_look_is_at_a_part_a_little_wider_than_all_draws() -> None:
    part = narrowed(_spread(0.4, 0.6))
    assert part.low[0] == pytest.approx(0.38, abs=0.005)
    assert part.high[0] == pytest.approx(0.62, abs=0.005)
    assert (part.low > PRIOR.low).all()
    assert (part.high < PRIOR.high).all()


def test_nothing_is_cut_off_that_would_be_next_to_nothing() -> None:
    part = narrowed(_spread(0.005, 0.6))
    assert part.low[0] == PRIOR.low[0]
    assert part.high[0] < 0.9
    assert narrowed(_spread(0.3, 0.995)).high[0] == PRIOR.high[0]


def test_an_edge_is_cut_where_draws_pile_up_at_it_and_not_where_the_prior_itself_ends() -> None:
    part = Box(np.array([0.4, 10.0]), np.array([0.8, 20.0]))
    assert cut_edges(_spread(0.3, 0.6), part) == ((0, False),)
    assert cut_edges(_spread(0.5, 0.9), part) == ((0, True),)
    assert cut_edges(_spread(0.45, 0.75), part) == ()
    assert cut_edges(_spread(0.0, 0.5), Box(PRIOR.low, np.array([0.8, 30.0]))) == ()
    mended = without_cuts(part, PRIOR, ((0, False), (1, True)))
    assert mended.low.tolist() == [0.2, 10.0]
    assert mended.high.tolist() == [0.8, 25.0]


def test_draws_of_equal_weight_stand_for_the_weighted_ones(table: tuple[Values, Values]) -> None:
    found = posterior(PRIOR, *table, np.array([0.4, 21.0, 0.5, 0.0]))
    alike = found.alike(200)
    assert alike.mean(axis=0) == pytest.approx(found.means, rel=0.02)
    assert alike.std(axis=0) == pytest.approx(found.deviations, rel=0.15)


def test_a_weighted_quantile_counts_each_value_by_its_weight() -> None:
    values, weights = np.array([3.0, 1.0, 2.0]), np.array([1.0, 1.0, 8.0])
    assert weighted_quantiles(values, weights, (0.5,)).tolist() == [2.0]
    assert weighted_quantiles(values, weights, (0.0, 1.0)).tolist() == [1.0, 3.0]


@pytest.mark.parametrize(
    ("contraction", "label"),
    [(0.81, Label.PINNED_DOWN), (0.8, Label.INFORMED), (0.5, Label.INFORMED), (0.49, Label.NOT_LEARNED)],
)
def test_contraction_has_a_plain_name(contraction: float, label: Label) -> None:
    assert label_of(contraction) is label


def test_fewer_points_of_a_box_are_the_first_of_more() -> None:
    assert np.array_equal(PRIOR.points(70, seed=1), PRIOR.points(128, seed=1)[:70])
    assert PRIOR.holds(PRIOR.points(70, seed=1)).all()


def test_too_few_runs_and_no_figure_are_refused(table: tuple[Values, Values]) -> None:
    parameters, figures = table
    with pytest.raises(ValueError, match="20 usable runs are too few for 2 parameters"):
        posterior(PRIOR, parameters[:20], figures[:20], np.zeros(4))
    with pytest.raises(ValueError, match="no figure was observed"):
        posterior(PRIOR, parameters, figures, np.full(4, np.nan))
    with pytest.raises(ValueError, match="least value below its greatest"):
        Box(np.ones(2), np.ones(2))
