"""What a record can say of capacity only from one side is said before anybody uses it."""

import math

import numpy as np

from sim.calibration.mechanics import FIGURES
from sim.report.calibration import load_warnings


def warned(**figures: float) -> list[str]:
    """The warnings of a record of which these figures are known and no others."""
    return list(load_warnings(np.array([figures.get(name, math.nan) for _, name in FIGURES])))


def test_staff_who_are_hardly_waited_for_have_a_capacity_that_is_a_lower_bound() -> None:
    (said,) = warned(allocation_within_0=0.94)

    assert said.startswith("94% of referred families had a worker on the day of the decision")
    assert "a lower bound" in said
    assert not warned(allocation_within_0=0.5, decision_within_0=0.89)


def test_a_service_that_does_not_keep_up_is_told_so() -> None:
    (said,) = warned(unseen_open_mean=math.log1p(20), unseen_open_last=math.log1p(50))

    assert said.startswith("there were 2.5 times as many referred families not yet seen at the end")
    assert not warned(unseen_open_mean=math.log1p(20), unseen_open_last=math.log1p(38))
    assert not warned(undecided_open_mean=math.log1p(20), undecided_open_last=math.log1p(38))
    assert warned(in_assessment_open_mean=math.log1p(20), in_assessment_open_last=math.log1p(38))


def test_nothing_is_warned_of_what_a_record_does_not_tell() -> None:
    assert warned() == []
