"""Over many simulated records the errors that are said are those that are made."""

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.calibration.seen import Learned, learn
from sim.distributions import Weibull
from sim.experiment import simulate
from tests.calibration.seen.samples import county, to_dates
from tests.calibration.seen.test_learn import apart, at

RECORDS = 16
TRUTH = county(years=2, returns__delay_days=Weibull(median=70, p95=180))
NOT_ITS_OWN = ("demand.month_index", "demand.weekday_index", "strategy.conference_working_days", "second_look.")
"""Of another scale, of days that a late report moves, or of a law with a maximum."""


def compared(one: Learned) -> NDArray[np.float64]:
    """How many errors each number of a result is out, where the truth is of its family of laws."""
    truths = {path: at(TRUTH, path) for path in one.values if not path.startswith(NOT_ITS_OWN)}
    alike = {path: truth for path, truth in truths.items() if type(one.values[path]) is type(truth)}
    return np.concatenate([np.zeros(0), *(apart(one, path, truth) for path, truth in alike.items())])


@pytest.mark.slow
def test_nine_in_ten_numbers_lie_within_their_ninety_per_cent() -> None:
    inside, squares = list[bool](), list[float]()
    for seed in range(RECORDS):
        for one in learn(to_dates(simulate(TRUTH, seed=seed, replication=0)), TRUTH, again=0):
            if isinstance(one, Learned):
                far = compared(one)
                inside += (far < 1.645).tolist()
                squares += (far**2).tolist()

    assert len(inside) > 40 * RECORDS
    assert 0.86 < np.mean(inside) < 0.94
    assert 0.9 < np.sqrt(np.mean(squares)) < 1.2
