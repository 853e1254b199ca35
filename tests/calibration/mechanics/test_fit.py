"""The fit in two waves, of a model that is known, without running anything."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pytest

from sim.calibration.mechanics import LATENTS, Calibrated, Effort, calibrated
from sim.calibration.mechanics.fit import SETS, strongest
from sim.calibration.posterior import Label
from sim.calibration.years import Figures, Year, Years

EFFORT = Effort(450, 450, 20)
TRUE = {latent.id: latent.value(0.6 * latent.bounds[0] + 0.4 * latent.bounds[1]) for latent in LATENTS}
NOISE = 0.05


@dataclass(frozen=True)
class Known:
    """A figure for each latent number but the last two, on the scale on which it is fitted, and chance."""

    names: tuple[str, ...] = tuple(latent.id for latent in LATENTS[:-2])
    fingerprint: str = "known"

    def __call__(self, year: Year) -> Figures:
        chance = np.random.default_rng([year.seed, year.replication]).normal(size=len(self.names))
        at = [np.log(float(str(year.setting[name]))) for name in self.names]
        return tuple((np.array(at) + NOISE * chance).tolist())


@lru_cache
def _found() -> Calibrated:
    return calibrated(Years(Known()), Known()(Year(TRUE, 77, 0)), EFFORT, seed=5)


def test_what_figures_tell_is_found_and_what_they_do_not_keeps_its_prior() -> None:
    found = _found()
    low, high = found.found.quantiles((0.05, 0.95))
    for place, latent in enumerate(LATENTS[:-2]):
        assert found.found.labels[place] is Label.PINNED_DOWN, latent.id
        # No narrower than the noise leaves it, and with so few runs up to twice as wide.
        assert 0.8 < (high[place] - low[place]) / (2 * 1.645 * NOISE) < 2.2, latent.id
    assert found.found.labels[-2:] == (Label.NOT_LEARNED, Label.NOT_LEARNED)
    assert found.runs == 920
    assert found.predicted.shape == (20, 6)
    assert len(found.sets) == SETS
    assert {name for one in found.sets for name in one} == set(TRUE)


@pytest.mark.slow
def test_the_second_wave_looks_only_where_the_first_left_something() -> None:
    found = _found()
    widths = (found.part.high - found.part.low) / (found.found.prior.high - found.found.prior.low)
    assert widths[:-2].mean() < 0.8
    assert (widths[-2:] == 1).all()
    # Twice as many runs near the record: the ranges are no wider than those of one wave.
    assert (found.found.deviations[:-2] < 1.3 * found.before.deviations[:-2]).all()
    assert found.cut == ()


@pytest.mark.slow
def test_the_same_seed_fits_the_same() -> None:
    again = calibrated(Years(Known()), Known()(Year(TRUE, 77, 0)), EFFORT, seed=5)
    assert again.sets == _found().sets


def test_the_number_that_goes_with_another_most_closely_is_named() -> None:
    found = _found().found
    other, correlation = strongest(found)[0]
    assert other != 0
    assert correlation == pytest.approx(found.correlations[0, other])
    assert abs(correlation) == pytest.approx(np.abs(found.correlations[0, 1:]).max())
