"""Counts by chance, however their probabilities are worked out. What they are is tested with the other laws."""

import numpy as np
import pytest

from sim import counts


@pytest.mark.parametrize("spread", [0.0, 1e-8, 0.05, 3.0])
def test_sums_of_probabilities_tell_most_counts_and_none_otherwise_than_the_special_functions(spread: float) -> None:
    chance = np.random.default_rng(1)
    u = np.concatenate([chance.random(4000), chance.random(200) * 1e-8, 1 - chance.random(200) * 1e-8 - 1e-12])
    means = np.exp(chance.uniform(-7, 4.6, len(u)))
    added = counts._added_up(u, means, spread)
    least = counts._least_counts(u, np.zeros(len(u)), counts._cdf(means, spread))

    assert (added == least)[added >= 0].all()
    assert (added >= 0).mean() > 0.9
