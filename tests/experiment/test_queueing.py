"""The queues of the pathway hold every day of a wait once, and their changes are paired in every world."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from sim.experiment.queueing import CELLS, WORK, QueueName, queue_estimates
from sim.measures import Stage, WaitFor

DRAWS = np.array([0, 1], dtype=np.int64)
DAYS = np.arange(12.0).reshape(4, 3)


def a_reading(times: int) -> Any:  # noqa: ANN401  (as much of a reading as is read)
    return SimpleNamespace(
        stages={"all": SimpleNamespace(mean_days=times * DAYS)},
        open_work=SimpleNamespace(**dict.fromkeys(WORK, times * np.arange(30))),
    )


def results() -> list[Any]:
    """Two worlds in which the scenario has once as much more than the baseline, and twice as much."""
    return [SimpleNamespace(readings=(a_reading(1), a_reading(1 + world))) for world in (1, 2)]


def test_every_day_of_a_wait_is_in_one_queue_and_no_other() -> None:
    cells = [(stage, wait) for stage, waits in CELLS.values() for wait in waits]

    assert sorted(cells) == [(stage, wait) for stage in Stage for wait in WaitFor]
    assert set(CELLS) == set(QueueName)


def test_a_change_is_within_its_world_and_the_baseline_has_none() -> None:
    levels, changes = queue_estimates(results(), 1, DRAWS, (0.95, 0.99))

    assert levels["allocation"].mean == pytest.approx(2.5 * DAYS[Stage.DECISION_TO_ALLOCATION].sum())
    assert changes["allocation"].mean == pytest.approx(1.5 * DAYS[Stage.DECISION_TO_ALLOCATION].sum())
    assert changes["unseen_children"].mean == pytest.approx(1.5 * np.arange(30).mean())
    assert queue_estimates(results(), 0, DRAWS, (0.95, 0.99))[1] == {}


def test_nights_that_are_hidden_count_nowhere() -> None:
    levels, _ = queue_estimates(results(), 0, DRAWS, (0.95, 0.99), hidden=7)

    assert levels["open_contacts"].mean == pytest.approx(np.arange(7, 30).mean())
