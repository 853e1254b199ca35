"""What differs between sets of numbers is told of those that were met, with what a measure came to under each."""

from dataclasses import replace

import numpy as np
import pytest

from sim.experiment import Variant
from sim.experiment.varied import by_draw, varied
from tests.sweep.counties import MANAGERS, a_plan

IMMEDIATE, REPLY = "need.immediate_share", "further_work.reply_multiplier"
SETS = (
    {IMMEDIATE: 0.02, MANAGERS: 6, f"quick:{REPLY}": 0.5},
    {IMMEDIATE: 0.03, MANAGERS: 6, f"quick:{REPLY}": 0.6},
    {IMMEDIATE: 0.04, MANAGERS: 7, f"quick:{REPLY}": 0.7},
)
PLAN = replace(a_plan(), variants=(Variant("quick", "Quick", {REPLY: 0.6}),), draws=SETS)


def test_each_number_that_differs_is_there_with_its_values_and_whose_it_is() -> None:
    found = varied(PLAN, np.array([1, 0, 1]))

    assert [(each.path, each.scenario, each.values.tolist()) for each in found] == [
        (IMMEDIATE, "", [0.02, 0.03]),
        (REPLY, "quick", [0.5, 0.6]),
    ]
    assert found[0].unit == "share"


def test_a_number_that_differs_only_in_a_set_that_was_not_met_is_not_there() -> None:
    assert MANAGERS not in {each.path for each in varied(PLAN, np.array([0, 1]))}
    assert MANAGERS in {each.path for each in varied(PLAN, np.array([0, 1, 2]))}


def test_replications_of_one_set_are_averaged() -> None:
    assert by_draw(np.array([1.0, 5.0, 3.0]), np.array([4, 2, 4])).tolist() == pytest.approx([5.0, 2.0])
