import math
import tomllib

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from scipy import special, stats

from sim.counts import negative_binomial_quantile, poisson_quantile
from sim.distributions import (
    Discrete,
    Distribution,
    DistributionError,
    Exponential,
    Fixed,
    Gamma,
    Lognormal,
    Uniform,
    Weibull,
    ZeroInflated,
    whole_minutes,
)

ADAPTER: TypeAdapter[Distribution] = TypeAdapter(Distribution)

CELLS = 20_000
GRID = (np.arange(CELLS) + 0.5) / CELLS

# The special functions are right to some ten units in the last place, so two equal values may come out in either order.
ROUNDING = 1e-12

AMOUNTS = st.floats(0.01, 1000)
RATIOS = st.floats(1.01, 100)
SHARES = st.floats(0, 0.99)
UNIFORMS = st.floats(0, 1, exclude_min=True, exclude_max=True)


@st.composite
def discrete_laws(draw: st.DrawFn) -> Discrete:
    values = draw(st.lists(st.floats(0, 1000), min_size=1, max_size=6, unique=True))
    weights = draw(st.lists(st.integers(0, 20), min_size=len(values), max_size=len(values)).filter(any))
    return Discrete(values=tuple(sorted(values)), shares=tuple(weight / sum(weights) for weight in weights))


def long_tailed_laws(maxima: st.SearchStrategy[float | None]) -> st.SearchStrategy[Distribution]:
    """Draw laws that may have a maximum."""
    return st.one_of(
        st.builds(Exponential, mean=AMOUNTS, maximum=maxima),
        st.builds(Gamma, mean=AMOUNTS, cv=st.floats(0.05, 3), maximum=maxima),
        st.builds(lambda m, r, c: Lognormal(median=m, p95=m * r, maximum=c), AMOUNTS, RATIOS, maxima),
        st.builds(lambda m, r, c: Weibull(median=m, p95=m * r, maximum=c), AMOUNTS, RATIOS, maxima),
    )


BOUNDED_LAWS = st.one_of(
    st.builds(Fixed, value=st.floats(0, 1000)),
    st.builds(lambda low, width: Uniform(low=low, high=low + width), st.floats(0, 100), AMOUNTS),
    discrete_laws(),
)


def zero_inflated(rests: st.SearchStrategy[Distribution]) -> st.SearchStrategy[Distribution]:
    return st.builds(ZeroInflated, zero_share=SHARES, rest=rests)


CAPPED_LAWS = st.one_of(BOUNDED_LAWS, long_tailed_laws(AMOUNTS))
CAPPED = st.one_of(CAPPED_LAWS, zero_inflated(CAPPED_LAWS))
SIMPLE_LAWS = st.one_of(BOUNDED_LAWS, long_tailed_laws(st.one_of(st.none(), AMOUNTS)))
LAWS = st.one_of(SIMPLE_LAWS, zero_inflated(SIMPLE_LAWS))


class TestEveryLaw:
    @given(LAWS, st.lists(UNIFORMS, min_size=2, max_size=30))
    def test_a_greater_uniform_never_has_a_smaller_value(self, law: Distribution, uniforms: list[float]) -> None:
        values = law.quantile(np.sort(uniforms))

        assert (np.diff(values) >= -ROUNDING * values[1:]).all()

    @given(LAWS, st.lists(UNIFORMS, min_size=1, max_size=30))
    def test_values_are_finite_and_lie_in_its_support(self, law: Distribution, uniforms: list[float]) -> None:
        values = law.quantile(np.array(uniforms))

        assert np.isfinite(values).all()
        assert all(in_support(law, value) for value in values.tolist())

    @given(CAPPED)
    def test_capped_mean_is_the_mean_of_the_values_given(self, law: Distribution) -> None:
        values = law.quantile(GRID)
        # Within each cell of the grid a rising function differs from its middle by at most its rise over the cell.
        greatest_rise = float(law.quantile(np.array([1 - 2.0**-53]))[0] - law.quantile(np.array([2.0**-53]))[0])

        assert math.isclose(
            float(values.mean()), law.capped_mean, rel_tol=1e-9, abs_tol=greatest_rise / CELLS + ROUNDING
        )

    @given(LAWS)
    def test_mean_is_that_of_a_maximum_beyond_reach(self, law: Distribution) -> None:
        unreached = 1e12 * max(law.mean, float(law.quantile(np.array([0.95]))[0]), 1)
        rest = law.rest if isinstance(law, ZeroInflated) else law
        assume("maximum" in type(rest).model_fields)

        written = law.model_dump()
        (written["rest"] if isinstance(law, ZeroInflated) else written)["maximum"] = unreached

        assert ADAPTER.validate_python(written).capped_mean == pytest.approx(law.mean, rel=1e-9)

    @given(LAWS)
    def test_a_maximum_never_raises_the_mean(self, law: Distribution) -> None:
        assert 0 <= law.capped_mean <= law.mean * (1 + ROUNDING)

    @given(LAWS)
    def test_comes_back_from_its_dump_equal(self, law: Distribution) -> None:
        assert ADAPTER.validate_python(law.model_dump()) == law
        assert ADAPTER.validate_json(law.model_dump_json()) == law
        assert hash(ADAPTER.validate_python(law.model_dump())) == hash(law)

    @given(LAWS)
    def test_values_keep_the_shape_of_the_uniforms(self, law: Distribution) -> None:
        uniforms = GRID[::5000].reshape(2, 2)

        values = law.quantile(uniforms)

        assert values.shape == (2, 2)
        assert values.dtype == np.float64
        assert values.ravel().tolist() == law.quantile(uniforms.ravel()).tolist()

    @given(LAWS)
    def test_leaves_the_uniforms_as_they_were(self, law: Distribution) -> None:
        uniforms = GRID[::500].copy()

        law.quantile(uniforms)

        assert np.array_equal(uniforms, GRID[::500])

    def test_cannot_be_changed(self) -> None:
        law = Fixed(value=1.0)

        with pytest.raises(ValidationError, match="frozen"):
            law.value = 2.0  # type: ignore[misc]


def in_support(law: Distribution, value: float) -> bool:
    """Whether the law can give this value."""
    match law:
        case Fixed():
            return value == law.value
        case Uniform():
            return law.low <= value <= law.high
        case Discrete():
            return law.shares[law.values.index(value)] > 0
        case ZeroInflated():
            return value == 0 or in_support(law.rest, value)
        case _:
            return 0 <= value <= (law.maximum or math.inf)


class TestEachLaw:
    """Against scipy's own laws, which share nothing with ours but the special functions."""

    def test_exponential(self) -> None:
        law = Exponential(mean=3.0)

        assert law.quantile(GRID) == pytest.approx(stats.expon(scale=3.0).ppf(GRID), rel=1e-12)
        assert law.mean == 3.0

    def test_lognormal_has_the_median_the_p95_and_the_mean_it_says(self) -> None:
        law = Lognormal(median=2.0, p95=9.0)
        sigma = math.log(4.5) / stats.norm.ppf(0.95)

        assert law.quantile(np.array([0.5, 0.95])) == pytest.approx([2.0, 9.0], rel=1e-12)
        assert law.quantile(GRID) == pytest.approx(stats.lognorm(sigma, scale=2.0).ppf(GRID), rel=1e-12)
        assert law.mean == pytest.approx(stats.lognorm(sigma, scale=2.0).mean(), rel=1e-12)

    def test_weibull_has_the_median_the_p95_and_the_mean_it_says(self) -> None:
        law = Weibull(median=2.0, p95=9.0)
        shape = math.log(math.log(20) / math.log(2)) / math.log(4.5)
        same = stats.weibull_min(shape, scale=2.0 / math.log(2) ** (1 / shape))

        assert law.quantile(np.array([0.5, 0.95])) == pytest.approx([2.0, 9.0], rel=1e-12)
        assert law.quantile(GRID) == pytest.approx(same.ppf(GRID), rel=1e-12)
        assert law.mean == pytest.approx(same.mean(), rel=1e-12)

    def test_gamma_has_the_mean_and_the_spread_it_says(self) -> None:
        law = Gamma(mean=3.0, cv=0.5)
        same = stats.gamma(4.0, scale=0.75)

        assert same.std() / same.mean() == 0.5
        assert law.quantile(GRID) == pytest.approx(same.ppf(GRID), rel=1e-9)

    def test_uniform(self) -> None:
        law = Uniform(low=2.0, high=5.0)

        assert law.quantile(np.array([0.25, 0.5])).tolist() == [2.75, 3.5]
        assert law.mean == 3.5

    def test_discrete_steps_up_just_above_each_share(self) -> None:
        law = Discrete(values=(1.0, 2.0, 5.0), shares=(0.5, 0.25, 0.25))

        uniforms = np.array([1e-300, 0.5, np.nextafter(0.5, 1), 0.75, np.nextafter(0.75, 1), 1 - 2.0**-53])

        assert law.quantile(uniforms).tolist() == [1, 1, 2, 2, 5, 5]
        assert law.mean == 2.25

    def test_discrete_never_gives_a_value_without_a_share(self) -> None:
        # These tenths sum to less than 1 by a rounding, so the largest uniforms lie beyond the last sum.
        law = Discrete(values=tuple(float(i) for i in range(12)), shares=(0.0, *[0.1] * 10, 0.0))

        assert law.quantile(np.array([1e-300, 1 - 2.0**-53])).tolist() == [1.0, 10.0]

    def test_zero_inflated_is_zero_up_to_its_share_and_the_rest_above(self) -> None:
        law = ZeroInflated(zero_share=0.25, rest=Uniform(low=4.0, high=8.0))

        assert law.quantile(np.array([0.1, 0.25, 0.625, 1 - 2.0**-53])).tolist() == [0, 0, 6, 8]
        assert law.mean == 4.5

    @pytest.mark.parametrize("zero_share", [0.1, 0.3, 1 / 3, 0.9, 0.99])
    def test_the_rest_of_a_zero_inflated_law_never_reaches_infinity(self, zero_share: float) -> None:
        law = ZeroInflated(zero_share=zero_share, rest=Exponential(mean=1.0))

        assert np.isfinite(law.quantile(np.array([1 - 2.0**-53]))).all()

    def test_values_beyond_the_maximum_become_it_and_the_others_stay(self) -> None:
        free, capped = Exponential(mean=3.0), Exponential(mean=3.0, maximum=4.0)

        assert capped.quantile(GRID).tolist() == np.minimum(free.quantile(GRID), 4.0).tolist()
        assert capped.mean == free.mean

    def test_a_weibull_of_almost_no_spread_takes_a_far_maximum(self) -> None:
        law = Weibull(median=1.0, p95=1.0001, maximum=50.0)

        assert law.capped_mean == pytest.approx(law.mean, rel=1e-12)


class TestAsText:
    @pytest.mark.parametrize(
        ("text", "law"),
        [
            ('{ kind = "fixed", value = 3 }', Fixed(value=3.0)),
            ('{ kind = "lognormal", median = 1.0, p95 = 8.0 }', Lognormal(median=1.0, p95=8.0)),
            ('{ kind = "gamma", mean = 2, cv = 0.5, maximum = 9 }', Gamma(mean=2.0, cv=0.5, maximum=9.0)),
            (
                '{ kind = "discrete", values = [1, 2], shares = [0.75, 0.25] }',
                Discrete(values=(1.0, 2.0), shares=(0.75, 0.25)),
            ),
            (
                '{ kind = "zero_inflated", zero_share = 0.5, rest = { kind = "exponential", mean = 1.5 } }',
                ZeroInflated(zero_share=0.5, rest=Exponential(mean=1.5)),
            ),
        ],
    )
    def test_is_read_from_a_table_by_its_kind(self, text: str, law: Distribution) -> None:
        assert ADAPTER.validate_python(tomllib.loads(f"effort = {text}")["effort"]) == law

    @pytest.mark.parametrize(
        ("written", "rule"),
        [
            ({"value": 3.0}, "discriminator 'kind'"),
            ({"kind": "normal", "mean": 3.0}, "does not match any of the expected tags"),
            ({"kind": "fixed"}, "Field required"),
            ({"kind": "fixed", "value": 3.0, "unit": "days"}, "Extra inputs are not permitted"),
            ({"kind": "fixed", "value": "3"}, "should be a valid number"),
            ({"kind": "fixed", "value": True}, "should be a valid number"),
            ({"kind": "fixed", "value": -1.0}, "greater than or equal to 0"),
            ({"kind": "fixed", "value": math.nan}, "should be a finite number|greater than or equal to 0"),
            ({"kind": "exponential", "mean": 0.0}, "greater than 0"),
            ({"kind": "exponential", "mean": math.inf}, "should be a finite number"),
            ({"kind": "exponential", "mean": 1.0, "maximum": 0.0}, "greater than 0"),
            ({"kind": "gamma", "mean": 1.0, "cv": 0.0}, "greater than or equal to 0.001"),
            ({"kind": "gamma", "mean": 1.0, "cv": 11.0}, "less than or equal to 10"),
            ({"kind": "lognormal", "median": 2.0, "p95": 2.0}, "p95 2 with median 2: must be greater than the median"),
            ({"kind": "lognormal", "median": 2.0, "p95": 1.0}, "p95 1 with median 2: must be greater than the median"),
            ({"kind": "weibull", "median": 1.0, "p95": 10_001.0}, "at most 10,000 times it"),
            ({"kind": "uniform", "low": 2.0, "high": 2.0}, "uniform from 2 to 2: low must be less than high"),
            ({"kind": "discrete", "values": [], "shares": []}, "at least 1 item"),
            ({"kind": "discrete", "values": [1.0, 2.0], "shares": [1.0]}, "2 values with 1 shares: must be as many"),
            ({"kind": "discrete", "values": [2.0, 1.0], "shares": [0.5, 0.5]}, "must increase"),
            ({"kind": "discrete", "values": [1.0, 1.0], "shares": [0.5, 0.5]}, "must increase"),
            ({"kind": "discrete", "values": [1.0, 2.0], "shares": [0.5, 0.4]}, "sum to 0.9: must sum to 1"),
            ({"kind": "discrete", "values": [1.0, 2.0], "shares": [1.5, -0.5]}, "less than or equal to 1"),
            ({"kind": "discrete", "values": ["1"], "shares": [1.0]}, "should be a valid number"),
            ({"kind": "zero_inflated", "zero_share": 1.0, "rest": {"kind": "fixed", "value": 1.0}}, "less than 1"),
            (
                {"kind": "zero_inflated", "zero_share": 0.5, "rest": {"kind": "zero_inflated", "zero_share": 0.5}},
                "does not match any of the expected tags",
            ),
        ],
    )
    def test_refuses_what_is_no_law(self, written: dict[str, object], rule: str) -> None:
        with pytest.raises(ValidationError, match=rule):
            ADAPTER.validate_python(written)


class TestCounts:
    @given(UNIFORMS, st.floats(0, 300), st.one_of(st.just(0.0), st.floats(1e-4, 3)))
    def test_are_the_least_whose_probability_reaches_the_uniform(self, u: float, mean: float, spread: float) -> None:
        # Near 1 a probability comes in steps of 2**-53, so the law is tested as far as it can be told.
        assume(u < 1 - 1e-9)
        count = int(negative_binomial_quantile(u, mean, spread))
        law = stats.nbinom(1 / spread, 1 / (1 + spread * mean)) if spread else stats.poisson(mean)

        assert law.cdf(count) >= u * (1 - 1e-9)
        assert count == 0 or law.cdf(count - 1) < u * (1 + 1e-9)

    @given(st.lists(UNIFORMS, min_size=2, max_size=20), st.floats(0, 1e5), st.floats(0, 3))
    def test_rise_with_the_uniform(self, uniforms: list[float], mean: float, spread: float) -> None:
        assert (np.diff(negative_binomial_quantile(np.sort(uniforms), mean, spread)) >= 0).all()

    @given(UNIFORMS, st.floats(0, 1e9), st.floats(0, 1000))
    def test_are_found_for_every_law_allowed(self, u: float, mean: float, spread: float) -> None:
        assert 0 <= int(negative_binomial_quantile(u, mean, spread)) < 2**53

    def test_a_vanishing_dispersion_meets_the_poisson_law(self) -> None:
        for spread in (5e-324, 9.9e-10, 1.1e-9):
            assert negative_binomial_quantile(GRID, 20.0, spread).tolist() == poisson_quantile(GRID, 20.0).tolist()

    @given(UNIFORMS, st.lists(st.floats(0, 1e4), min_size=2, max_size=20), st.one_of(st.just(0.0), st.floats(1e-4, 3)))
    def test_rise_with_the_mean(self, u: float, means: list[float], spread: float) -> None:
        assert (np.diff(negative_binomial_quantile(u, np.sort(means), spread)) >= 0).all()

    @pytest.mark.parametrize("mean", [0.05, 1.0, 7.5, 60.0])
    @pytest.mark.parametrize("spread", [0.0, 0.1, 1.0])
    def test_have_the_mean_and_the_variance_they_say(self, mean: float, spread: float) -> None:
        counts = negative_binomial_quantile(GRID, mean, spread)
        # A rising function differs from its middle by its rise over a cell at most; twice, for the tail past the grid.
        greatest = 2 * float(counts.max()) / CELLS

        assert abs(counts.mean() - mean) <= greatest
        second_moment = mean + (1 + spread) * mean**2
        assert abs((counts.astype(float) ** 2).mean() - second_moment) <= greatest * float(counts.max())

    @pytest.mark.parametrize("mean", [0.3, 4.0, 250.0])
    def test_agree_with_scipy(self, mean: float) -> None:
        assert poisson_quantile(GRID, mean).tolist() == stats.poisson(mean).ppf(GRID).tolist()
        law = stats.nbinom(1 / 0.2, 1 / (1 + 0.2 * mean))
        assert negative_binomial_quantile(GRID, mean, 0.2).tolist() == law.ppf(GRID).tolist()

    def test_a_mean_of_zero_gives_zero(self) -> None:
        assert negative_binomial_quantile(GRID[::1000], 0.0, 0.5).tolist() == [0] * 20
        assert poisson_quantile(GRID[::1000], 0.0).tolist() == [0] * 20

    def test_broadcast_uniforms_against_means_in_whole_numbers(self) -> None:
        u, means = np.array([[0.1], [0.9]]), np.array([0.0, 5.0, 50.0])

        counts = negative_binomial_quantile(u, means, 0.1)

        assert counts.shape == (2, 3)
        assert counts.dtype == np.int64
        assert counts[1, 2] == negative_binomial_quantile(0.9, 50.0, 0.1)
        assert poisson_quantile(np.empty(0), 3.0).shape == (0,)

    @pytest.mark.parametrize("guess", [0.0, 7.0, 100_000.0])
    def test_a_uniform_that_is_a_probability_has_its_count_wherever_the_search_begins(
        self, monkeypatch: pytest.MonkeyPatch, guess: float
    ) -> None:
        counts = np.arange(40)
        monkeypatch.setattr("sim.counts._guessed", lambda u, *_: np.full(len(u), guess))

        assert poisson_quantile(special.gammaincc(counts + 1, 12.0), 12.0).tolist() == counts.tolist()

    @pytest.mark.parametrize("u", [0.0, 1.0, -0.1, math.nan])
    def test_refuse_uniforms_outside_the_open_interval(self, u: float) -> None:
        with pytest.raises(DistributionError, match="must lie strictly between 0 and 1"):
            poisson_quantile(np.array([0.5, u]), 1.0)

    @pytest.mark.parametrize(
        ("mean", "dispersion"),
        [(-1.0, 0.0), (math.nan, 0.0), (1.1e9, 0.0), (1.0, -0.1), (1.0, 1001.0), (1.0, math.nan)],
    )
    def test_refuse_means_and_dispersions_that_are_none(self, mean: float, dispersion: float) -> None:
        with pytest.raises(DistributionError, match="must be from 0 to 1e9, and from 0 to 1000"):
            negative_binomial_quantile(0.5, mean, dispersion)


class TestWholeMinutes:
    @pytest.mark.parametrize(
        ("value", "whole"),
        [(0.0, 0), (0.49, 0), (0.5, 1), (1.5, 2), (2.5, 3), (np.nextafter(0.5, 0), 0), (2.0**52 + 1, 2**52 + 1)],
    )
    def test_halves_are_rounded_up(self, value: float, whole: int) -> None:
        assert whole_minutes(np.array([value])).tolist() == [whole]

    def test_nothing_lies_below_the_minimum(self) -> None:
        values = np.array([[-3.0, 0.2], [1.2, 7.0]])

        assert whole_minutes(values).tolist() == [[0, 0], [1, 7]]
        assert whole_minutes(values, minimum=1).tolist() == [[1, 1], [1, 7]]
        assert whole_minutes(values).dtype == np.int64

    @pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan, 2.0**53])
    def test_what_is_no_number_of_minutes_is_refused(self, value: float) -> None:
        with pytest.raises(DistributionError, match="must be finite and less than"):
            whole_minutes(np.array([1.0, value]))
