"""Gamma quantiles from a table: as near as they say, and whole minutes the very same as from exact ones."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import special

from sim.distributions import Distribution, Fixed, Gamma, Lognormal, ZeroInflated, minutes_at, whole_minutes
from sim.gammas import NEAR, standard_gamma

CVS = (0.05, 0.2, 0.3, 0.5, 0.6, 0.8, 1.0, 1.5, 2.0)
UNIFORMS = np.asarray((np.random.default_rng(7).integers(2**52, size=100_000) + 0.5) * 2.0**-52, dtype=np.float64)
EXTREMES: NDArray[np.float64] = np.array([*(2.0**-n for n in range(1, 54)), *(1 - 2.0**-n for n in range(1, 54))])


@pytest.mark.parametrize("cv", CVS)
def test_quantiles_are_as_near_as_they_say_and_have_a_table(cv: float) -> None:
    u = np.concatenate([UNIFORMS, EXTREMES])
    found, apart = standard_gamma(cv**-2, u)

    assert apart == NEAR
    assert (np.abs(found / special.gammaincinv(cv**-2, u) - 1) <= NEAR).all()


def test_a_shape_that_no_table_is_near_is_worked_out_exactly() -> None:
    found, apart = standard_gamma(0.01, UNIFORMS[:100])

    assert apart == 0
    assert (found == special.gammaincinv(0.01, UNIFORMS[:100])).all()


LAWS: tuple[Distribution, ...] = (
    *(Gamma(mean=mean, cv=cv) for cv in CVS for mean in (0.3, 12.0, 400.0)),
    Gamma(mean=40.0, cv=0.6, maximum=60.0),
    ZeroInflated(zero_share=0.4, rest=Gamma(mean=3.0, cv=0.7)),
    ZeroInflated(zero_share=0.4, rest=Lognormal(median=3.0, p95=9.0)),
    Lognormal(median=30.0, p95=90.0),
    Fixed(value=7.5),
)


@pytest.mark.parametrize("law", LAWS, ids=str)
@pytest.mark.parametrize(("unit", "minimum"), [(1, 1), (60, 0), (1440, 0)])
def test_whole_minutes_are_those_of_exact_quantiles(law: Distribution, unit: int, minimum: int) -> None:
    u = np.concatenate([UNIFORMS, EXTREMES])

    expected = whole_minutes(law.quantile(u) * unit, minimum)
    assert np.array_equal(minutes_at(law, u, unit_minutes=unit, minimum=minimum), expected)


@given(st.sampled_from(CVS), st.floats(1.0, 500.0), st.integers(0, 2000), st.integers(-40, 40))
def test_so_they_are_at_the_very_edge_of_a_minute(cv: float, mean: float, minute: int, steps: int) -> None:
    law = Gamma(mean=mean, cv=cv)
    edge = float(special.gammainc(cv**-2, (minute + 0.5) * cv**-2 / mean))
    u = np.clip(np.array([edge + steps * np.spacing(edge)]), 2.0**-53, 1 - 2.0**-53)

    assert minutes_at(law, u) == whole_minutes(law.quantile(u))
