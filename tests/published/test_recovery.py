"""Whether what a fit says of its unknowns is true: simulated years of known unknowns stand in for the published."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import binom

from sim.calibration.years import FrontDoor, kept_years
from sim.experiment.targets import Target
from sim.published.fitting import CAUTION, Tried, _Runner, evenly, said, targets_fitted
from sim.published.unknowns import UNKNOWNS
from tests.published.fitting import drawing

YEARS, TRUTHS, PARTICLES = 224, 80, 600
LEVEL = 0.9
SURE = 1e-4
"""How seldom a test of a method that is right may fail, over all unknowns together."""


def without(tried: Tried, place: int) -> Tried:
    return tried.of(np.flatnonzero(np.arange(len(tried.luck)) != place))


@pytest.mark.slow
def test_nine_in_ten_ranges_hold_nine_in_ten_truths_and_what_is_learned_is_near_the_truth(tmp_path: Path) -> None:
    found = drawing(tmp_path)
    targets = found.base.held_against
    model = FrontDoor(found.base.scenario.changed({"calendar.follow_up_days": 0}), tuple(t.key for t in targets))
    with kept_years(model, tmp_path / "years", processes=2) as years:
        random = np.random.default_rng(8)
        tried = _Runner(found, years, 3, random).run(evenly(YEARS, random))
    places = targets_fitted(targets)
    # A service that cannot keep up is nobody's published year.
    kept_up = np.flatnonzero(tried.figures[:, _place(targets, "assessments_count")] > 0.95 * _expected(targets))
    truths = kept_up[:: max(len(kept_up) // TRUTHS, 1)][:TRUTHS]
    inside = np.zeros((len(truths), len(UNKNOWNS)), dtype=bool)
    wrong, before = np.zeros_like(inside, dtype=float), np.zeros_like(inside, dtype=float)
    for row, truth in enumerate(truths.tolist()):
        told = said(without(tried, truth), targets, tried.figures[truth, places])
        draws = told.sample(PARTICLES, np.random.default_rng(truth), wider=CAUTION)
        low, high = np.quantile(draws, [0.05, 0.95], axis=0)
        inside[row] = (low <= tried.unknowns[truth]) & (tried.unknowns[truth] <= high)
        wrong[row] = (draws.mean(axis=0) - tried.unknowns[truth]) ** 2
        before[row] = (0.5 - tried.unknowns[truth]) ** 2

    held = inside.sum(axis=0)
    fewest = binom.ppf(SURE / len(UNKNOWNS), len(truths), LEVEL)
    assert (held >= fewest).all(), dict(zip([unknown.name for unknown in UNKNOWNS], held.tolist(), strict=True))
    names = [unknown.name for unknown in UNKNOWNS]
    for name in ("outside", "returns_assessed"):
        gained = before[:, names.index(name)] - wrong[:, names.index(name)]
        assert gained.mean() > 2 * gained.std(ddof=1) / np.sqrt(len(gained)), name


def _place(targets: Sequence[Target], measure: str) -> int:
    return [target.key[0] for target in targets].index(measure)


def _expected(targets: Sequence[Target]) -> float:
    return float(targets[_place(targets, "assessments_count")].expected or np.nan)
