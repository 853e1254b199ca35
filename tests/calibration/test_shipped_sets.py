"""The sets of plausible numbers that ship: each by itself meets every target, not only all together."""

from pathlib import Path

import numpy as np
import pytest

from sim.calibration.knobs import knobs
from sim.calibration.trials import problem_of
from sim.calibration.years import FrontDoor, Year, kept_years
from sim.scenario import evidence, plausible_draws, read, shipped

pytestmark = pytest.mark.slow

YEARS, SEED = 4, 11
"""A set is judged on the average over these years of luck, as the search that found it judged it."""


def test_every_shipped_set_meets_every_target_on_average(tmp_path: Path) -> None:
    file = shipped("leicestershire-2018-19.toml")
    baseline = read(file).scenario
    lucks = [(SEED, replication) for replication in range(YEARS)]
    problem = problem_of(file, baseline, lucks)
    varied = {path for knob in knobs(baseline, evidence(file)) for path in knob.setting(knob.position)}
    settings = [{path: value for path, value in draw.items() if path in varied} for draw in plausible_draws(file)]

    with kept_years(FrontDoor(baseline, tuple(t.key for t in problem.targets)), tmp_path, processes=2) as years:
        figures = years.figures([Year(setting, *luck) for setting in settings for luck in lucks])
    average = figures.reshape(len(settings), YEARS, -1).mean(axis=1)

    worst = np.array([problem.worst(row) for row in average])
    assert np.flatnonzero(worst > 1).tolist() == [], worst.round(3).tolist()
