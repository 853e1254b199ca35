"""Open work month by month is the mean of each month's nights, and its change is paired in every world."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from sim.experiment.months import months_of_work

COUNTS = ("open_contacts", "unallocated_children", "unseen_children", "open_assessments")
DRAWS = np.array([0, 1], dtype=np.int64)


def a_reading(days: int, times: int) -> Any:  # noqa: ANN401  (as much of a reading as is read)
    return SimpleNamespace(open_work=SimpleNamespace(**dict.fromkeys(COUNTS, times * np.arange(days))))


def results(days: int) -> list[Any]:
    """Two worlds in which the scenario has one more than the baseline, and two more."""
    return [SimpleNamespace(readings=(a_reading(days, 1), a_reading(days, 1 + world))) for world in (1, 2)]


def test_a_month_is_the_mean_of_its_nights_and_a_change_is_within_its_world() -> None:
    april, may = months_of_work(results(61), 1, DRAWS, (0.95, 0.99), date(2018, 4, 1))

    assert (april.first, april.days, may.first, may.days) == (date(2018, 4, 1), 30, date(2018, 5, 1), 31)
    assert april.changes["unseen_children"].mean == pytest.approx(np.mean([1, 2]) * np.arange(30).mean())
    assert may.levels["unseen_children"].mean == pytest.approx(np.mean([2, 3]) * np.arange(30, 61).mean())


def test_the_baseline_changes_nothing() -> None:
    assert [month.changes for month in months_of_work(results(61), 0, DRAWS, (0.95, 0.99), date(2018, 4, 1))] == [
        {},
        {},
    ]


def test_a_part_of_a_month_is_told_from_a_week_on() -> None:
    found = months_of_work(results(20), 1, DRAWS, (0.95, 0.99), date(2018, 4, 25))
    assert [(month.first, month.days) for month in found] == [(date(2018, 5, 1), 14)]


def test_days_that_are_hidden_are_in_no_month() -> None:
    (month,) = months_of_work(results(30), 0, DRAWS, (0.95, 0.99), date(2018, 4, 1), hidden=7)

    assert (month.first, month.days) == (date(2018, 4, 8), 23)
    assert month.levels["open_contacts"].mean == pytest.approx(np.arange(7, 30).mean())
