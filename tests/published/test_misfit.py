"""How far figures lie from fits that did not use them: learned, and what ranges make of it."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.experiment.estimates import Range
from sim.experiment.targets import Kind, Target, TargetRole
from sim.published.misfit import MISFIT, misfit_of, range_of, widened_range
from sim.published.next_year import FREEDOM
from sim.scenario import Grade
from tests.published.fitting import drawing

TRUE = 0.3
FITS = 400
ERROR = 1 / math.sqrt(FITS)
"""Of the logarithm of the scale: one figure's information on it is 2 * 3 / (3 + 3) for three degrees of freedom."""
DRAWS: NDArray[np.float64] = np.random.default_rng(1).normal(-1.5, 0.1, 30)


def a_share(expected: float) -> Target:
    return Target(
        ("assessment_band_51_60_share", "all"), "Assessments completed in 51 to 60 working days", Kind.SHARE,
        TargetRole.HELD_OUT, "share", expected, 1.0, expected, 0.0, 1.0, Grade.OFFICIAL, "S",
    )  # fmt: skip


def shares(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1 / (1 + np.exp(-logits)))


@pytest.fixture(scope="module")
def off() -> list[tuple[Target, NDArray[np.float64]]]:
    """Fits whose published share lies off one of the draws by Student's law on logits."""
    random = np.random.default_rng(7)
    published = shares(random.choice(DRAWS, FITS) + TRUE * random.standard_t(FREEDOM, FITS))
    return [(a_share(float(one)), shares(DRAWS)) for one in published]


def test_how_far_figures_lie_off_is_found_again(off: list[tuple[Target, NDArray[np.float64]]]) -> None:
    # The draws' own spread blurs it: it is a ninth of the variance, and three standard errors allow for it.
    assert math.log(misfit_of(off)) == pytest.approx(math.log(TRUE), abs=3 * ERROR)


def test_95_in_100_such_figures_lie_inside_the_range_that_allows_for_it(
    off: list[tuple[Target, NDArray[np.float64]]],
) -> None:
    def inside(misfit: float) -> float:
        said = widened_range(off[0][0], shares(DRAWS), misfit)
        return float(np.mean([said.low <= (target.expected or 0.0) <= said.high for target, _ in off]))

    assert inside(TRUE) == pytest.approx(0.95, abs=3 * math.sqrt(0.95 * 0.05 / FITS))
    assert inside(0.0) < 0.6


def test_figures_that_hardly_lie_off_are_not_widened() -> None:
    near = [(a_share(float(shares(DRAWS)[place])), shares(DRAWS)) for place in range(len(DRAWS))]

    assert misfit_of(near) < 0.1


def test_only_a_figure_that_the_fit_did_not_use_is_said_with_its_misfit() -> None:
    held_out, figures = a_share(0.2), shares(DRAWS)
    used = replace(held_out, role=TargetRole.FITTED)

    assert range_of(used, figures) == Range(*np.quantile(figures, [0.025, 0.975]))
    assert range_of(held_out, figures).low < range_of(used, figures).low
    assert range_of(held_out, figures).high > range_of(used, figures).high


def test_the_misfit_of_every_figure_held_out_is_known(tmp_path: Path) -> None:
    held = {t.key[0] for t in drawing(tmp_path).base.held_against if t.role is TargetRole.HELD_OUT}

    assert held == set(MISFIT)
