"""Fits of delays beside those of lifelines 0.30.3, as `python -m benchmarks.against_lifelines` printed them."""

import pytest

from benchmarks.against_lifelines import MANY, sample
from tests.calibration.seen.test_likelihood import of_family

THEIRS = {
    "lognormal": ((3.0094501432851852, 14.940321743983157), 0.12265679819512804),
    "weibull": ((3.3560709967971687, 12.3446540485914), None),
    "exponential": ((4.51875014397572,), 0.19341849085460475),
}
"""The numbers of each family, and the standard error of the first where lifelines tells it."""


@pytest.mark.parametrize("family", THEIRS)
def test_delays_known_to_the_day_or_still_open_are_fitted_as_lifelines_fits_them(family: str) -> None:
    spells = sample()
    numbers, errors = of_family(spells, family)
    theirs, error = THEIRS[family]

    # Both stop a search where it gains less than they care for: far less than a standard error, which is a part in 25.
    assert numbers.tolist() == pytest.approx(theirs, rel=2e-4)
    assert error is None or float(errors[0]) == pytest.approx(error, rel=1e-3)
    assert 0.05 * MANY < spells.is_open.sum() < 0.2 * MANY
