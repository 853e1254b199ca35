"""Tuning: a baseline that misses its targets, and the nearest set that meets them with room to spare."""

import numpy as np

from sim.calibration import Tuning
from sim.calibration.tune import ROOM
from tests.calibration.fakes import WITHOUT_EFFECT, Fake, problem, years

TWO_SEEDS = [(seed, replication) for seed in (1, 2) for replication in (0, 1)]


def test_a_baseline_that_is_off_is_moved_by_a_few_numbers_until_it_has_room() -> None:
    tuning = Tuning(problem(TWO_SEEDS), years(Fake(shift=0.2)), seed=5)
    worst = tuning.best.worst
    for _ in tuning.run(budget=300):
        pass
    moves = np.abs(tuning.best.position - 0.3)

    assert worst > 2
    assert tuning.best.worst <= ROOM
    assert np.all(moves[WITHOUT_EFFECT] < 1e-9)
    assert tuning.moved(tuning.best) < 2.5
    assert tuning.trials.asked <= 300


def test_a_baseline_that_has_room_stays_and_costs_no_more_than_its_own_years() -> None:
    tuning = Tuning(problem(TWO_SEEDS), years(), seed=5)

    assert list(tuning.run(budget=120)) == []
    assert tuning.moved(tuning.best) < 1e-9
    assert tuning.trials.asked == len(TWO_SEEDS)


def test_a_set_is_judged_on_every_year_of_both_seeds() -> None:
    model = Fake()
    Tuning(problem(TWO_SEEDS), years(model), seed=5)

    assert [(year.seed, year.replication) for year in model.ran] == TWO_SEEDS
