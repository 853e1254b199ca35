"""How far figures lie from fits that did not use them: what other authorities showed of it widens what is said.

The draws of a fit differ by what the fitted figures leave open of the model's numbers. How the model itself is wrong,
most of all of how assessments end that are already late, no draw shows: it shows where figures are held out. Of each
such figure its size is learned from many authorities of one year and used for every other one. It follows Student's
law, as drift from year to year does: some authorities lie far off, most near.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.stats import t as student_t

from sim.calibration.emulator import scale_of
from sim.experiment.estimates import Range
from sim.experiment.targets import Target, TargetRole
from sim.published.next_year import FREEDOM

Values = NDArray[np.float64]

MISFIT: Final[Mapping[str, float]] = {
    "assessment_band_1_10_share": 0.223,
    "assessment_band_11_20_share": 0.124,
    "assessment_band_21_30_share": 0.125,
    "assessment_band_31_40_share": 0.085,
    "assessment_band_46_50_share": 0.333,
    "assessment_band_51_60_share": 0.307,
    "open_assessments_mean": 0.016,
}
"""The law's scale for each held-out measure, in logits (counts: logarithms), as `python -m benchmarks.held_out` learns
it from 30 authorities of the year to March 2018."""
_ENDS: Final = (0.025, 0.975)
_STEPS: Final = 400
_LEAST, _MOST = 1e-3, 5.0


def range_of(target: Target, figures: Values) -> Range:
    """95% of what is said of a target: of the draws' figures, shape (draws,), and of a held-out one with its misfit."""
    scale = MISFIT.get(target.key[0], 0.0) if target.role is TargetRole.HELD_OUT else 0.0
    return widened_range(target, figures, scale)


def widened_range(target: Target, figures: Values, misfit: float) -> Range:
    """95% of the draws' figures, shape (draws,), each lying off by Student's law of this scale."""
    if not misfit:
        low, high = np.quantile(figures, _ENDS).tolist()
        return Range(low, high)
    scale = scale_of(target)
    off = misfit * student_t.ppf((np.arange(_STEPS) + 0.5) / _STEPS, FREEDOM)
    low, high = np.quantile(np.add.outer(scale(figures), off), _ENDS)
    return Range(*((1 / (1 + np.exp(-end)) if scale.is_share else np.exp(end)).item() for end in (low, high)))


def misfit_of(fits: Sequence[tuple[Target, Values]]) -> float:
    """The likeliest scale of a figure's misfit: its target in each of many fits, and the draws' figures there."""
    off = [scale_of(target)(np.array([target.expected])) - scale_of(target)(figures) for target, figures in fits]

    def unlikely(log_scale: float) -> float:
        scale = np.exp(log_scale)
        return float(-sum(np.log(student_t.pdf(each / scale, FREEDOM).mean() / scale) for each in off))

    return float(np.exp(minimize_scalar(unlikely, bounds=(np.log(_LEAST), np.log(_MOST)), method="bounded").x))
