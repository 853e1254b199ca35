"""A baseline that cannot keep up is refused, with how far it drifts."""

from dataclasses import replace

import numpy as np
import pytest

from sim.experiment import Cell, CellResult, Plan, run_cell
from sim.experiment.steady import drift, refuse_drift
from sim.scenario import ScenarioError
from tests.strategies import SMALL_BASE


def with_waiting(
    result: CellResult, first: float, last: float, days: int = 365, contacts: float = 10_000.0
) -> CellResult:
    """A result in which so many children were unseen, from the first day of the window to the last."""
    reading = result.readings[0]
    waiting = np.linspace(first, last, days).astype(np.int64)
    work = replace(reading.open_work, unseen_children=waiting, open_contacts=waiting * 0)
    readings = {**reading.readings, ("contacts_count", "all"): contacts}
    return replace(result, readings=(replace(reading, open_work=work, readings=readings),))


@pytest.fixture(scope="module")
def result() -> CellResult:
    return run_cell(Plan(SMALL_BASE, (), ({},), 1, 1), Cell(0, 0))


@pytest.mark.parametrize(("first", "last"), [(100.0, 100.0), (100.0, 180.0), (100.0, 20.0), (0.0, 15.0)])
def test_a_service_that_keeps_up_is_not_refused(result: CellResult, first: float, last: float) -> None:
    refuse_drift("small", [with_waiting(result, first, last)])


def test_a_service_that_does_not_is_refused_with_its_drift(result: CellResult) -> None:
    growing = with_waiting(result, 100.0, 700.0)

    assert drift([growing]).first < drift([growing]).last
    with pytest.raises(ScenarioError, match=r"small: .* grow from 1\d\d .* to 6\d\d"):
        refuse_drift("small", [growing])


def test_a_service_long_out_of_balance_is_refused_though_nothing_doubles(result: CellResult) -> None:
    with pytest.raises(ScenarioError, match="cannot keep up"):
        refuse_drift("small", [with_waiting(result, 2000.0, 3000.0)])


def test_a_window_too_short_to_say_is_not_refused(result: CellResult) -> None:
    refuse_drift("small", [with_waiting(result, 100.0, 700.0, days=89)])


def test_too_few_managers_for_the_contacts_are_refused() -> None:
    short = SMALL_BASE.changed(
        {
            "calendar.horizon_days": 120,
            "demand.family_contacts_per_year": 2500.0,
            "front_door.managers": 1,
            "front_door.decision_minutes": {"kind": "fixed", "value": 90.0},
        }
    )
    with pytest.raises(ScenarioError, match="cannot keep up"):
        refuse_drift("small", [run_cell(Plan(short, (), ({},), 1, 1), Cell(0, 0))])


def against(base: CellResult, *days: float) -> list[CellResult]:
    """A baseline with a hundred waiting each day, and a scenario with so many each month of twelve."""
    level = with_waiting(base, 100.0, 100.0, days=360)
    waiting = np.repeat(days, 30).astype(np.int64)
    reading = level.readings[0]
    other = replace(reading, open_work=replace(reading.open_work, unseen_children=waiting))
    return [replace(level, readings=(reading, other))]


@pytest.mark.parametrize(
    "months",
    [[100.0] * 12, [100, *[180.0] * 11], [*range(100, 160, 5)], [100.0, 180, *[140.0] * 10]],
    ids=["as the baseline", "a step that stays", "a little more each month", "a hump"],
)
def test_a_scenario_whose_open_work_settles_keeps_up(result: CellResult, months: list[float]) -> None:
    assert drift(against(result, *months), 1).keeps_up


def test_a_scenario_whose_open_work_keeps_growing_does_not_though_it_has_not_doubled(result: CellResult) -> None:
    growing = drift(against(result, *range(100, 220, 10)), 1)

    assert not growing.keeps_up
    assert growing.is_steady
    assert growing.gained == pytest.approx(50)


def test_only_the_days_on_which_all_is_in_place_tell_whether_a_scenario_keeps_up(result: CellResult) -> None:
    """What starts in month seven raises open work at once and for good: a step, and no growth after it."""
    step = against(result, *[100.0] * 6, *[190.0] * 6)

    assert drift(step, 1, since=180).keeps_up
    assert not drift(step, 1).keeps_up
