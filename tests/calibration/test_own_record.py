"""The sets of numbers that an authority's own record leaves open."""

from collections.abc import Sequence

import numpy as np

import sim
from sim.calibration.own_record import own_record
from sim.calibration.seen import Learned
from sim.calibration.seen.learned import Setting
from sim.distributions import Lognormal
from sim.scenario import shipped

LONG = "returns.delay_days"


class OftenTooLong:
    """Draws of a law of which two in three are longer than a scenario holds."""

    def draws(self, chance: np.random.Generator, count: int) -> Sequence[Setting]:
        """As many as were asked for, by no chance."""
        assert chance is not None
        return [{LONG: Lognormal(median=90.0, p95=(250.0, 3000.0, 4000.0)[place % 3])} for place in range(count)]


def test_a_drawn_law_that_no_scenario_can_hold_is_drawn_anew() -> None:
    base = sim.load(shipped("leicestershire-2018-19.toml"))
    law = Lognormal(median=90.0, p95=250.0)
    found = Learned("families that come back", 900, "a record", {LONG: law}, {LONG: (3.0, 9.0)}, OftenTooLong())

    own = own_record(base, (), [found], None, staffing={}, extract="a record", words={}, seed=1)

    assert len(own.sets) == 100
    assert {drawn[f"{LONG}.p95"] for drawn in own.sets} == {250.0}
