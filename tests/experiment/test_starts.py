"""When what a scenario changes is there, and the contacts that came after: read by the measures of the whole year."""

from dataclasses import replace
from datetime import date

import pytest

from sim.events import Role
from sim.experiment import Plan, Variant, compare, run_cell, simulate
from sim.experiment.runs import received_from
from sim.experiment.starts import Filled
from sim.measures import MEASURES, LogIndex, measure
from sim.scenario import load, shipped
from sim.working_time import MINUTES_PER_DAY
from tests.strategies import SMALL_BASE

BASE = load(shipped("leicestershire-2018-19.toml"))
LAG = "workforce.recruitment_days_experienced"
YEAR = SMALL_BASE.changed({"calendar.horizon_days": 150, LAG: 40})
MORE = Variant("more", "More", {"assessment.social_workers.experienced": "+1"})


def test_posts_start_between_the_days_of_the_sets_of_numbers_that_are_met() -> None:
    sets = ({LAG: 60}, {LAG: 100}, {LAG: 300})
    (start,) = Plan(BASE, (MORE,), sets, 2, 1).starts

    assert start.posts == (Filled(Role.EXPERIENCED_SOCIAL_WORKER, 1, 60, 100),)
    assert (start.in_place, start.on(start.in_place)) == (100, date(2018, 7, 10))


@pytest.mark.parametrize(
    ("differences", "later"),
    [
        ({"front_door.history_minutes": 10}, None),
        ({"front_door.history_minutes": 10, "levers_start_day": 30}, 30),
        ({"front_door.managers": "+1", "levers_start_day": 30, LAG: 50}, 80),
        ({"front_door.managers": "+1", LAG: 275}, 275),
        ({"front_door.managers": "+1", LAG: 276}, None),
        ({"front_door.managers": "+1", LAG: 400}, None),
    ],
)
def test_later_contacts_are_read_where_a_quarter_of_the_year_is_left_for_them(
    differences: dict[str, object], later: int | None
) -> None:
    (start,) = Plan(BASE, (Variant("x", "X", differences),), ({},), 1, 1).starts

    assert start.later == later


def test_later_contacts_are_read_as_a_window_that_begins_with_them() -> None:
    log = simulate(YEAR, seed=1, replication=0)
    moved = measure(LogIndex(replace(log, window_start=log.window_start + 60 * MINUTES_PER_DAY)))
    found = received_from(LogIndex(log), 60)

    assert found
    for key, value in found.items():
        assert value == pytest.approx(moved[key], nan_ok=True)
    assert 0 < found["referred_children_count", "all"] < measure(log)["referred_children_count", "all"]
    assert {name for name, _ in found} < {m.id for m in MEASURES}


def test_a_scenario_is_compared_with_the_baseline_on_the_same_later_contacts() -> None:
    plan = Plan(YEAR, (MORE, Variant("none", "None", {})), ({},), 2, 1)
    results = [run_cell(plan, cell) for cell in plan.cells()]
    base, more, none = compare(plan, results).scenarios

    assert base.later == ()
    assert [[later.day for later in found] for found in (more.later, none.later)] == [[40], [40]]
    key = ("days_to_seen_q50", "all")
    runs = [[reading.later[40][key] for reading in result.readings[:2]] for result in results]
    assert more.later[0].base[key].mean == pytest.approx(sum(run[0] for run in runs) / 2)
    assert more.later[0].changes[key].mean == pytest.approx(sum(run[1] - run[0] for run in runs) / 2)


def test_scenarios_that_start_at_different_times_are_read_for_the_same_contacts_once_both_are_there() -> None:
    later = Variant("later", "Later", {"front_door.history_minutes": 10, "levers_start_day": 55})
    plan = Plan(YEAR, (MORE, later), ({},), 2, 1)
    _, more, other = compare(plan, [run_cell(plan, cell) for cell in plan.cells()]).scenarios

    assert [[found.day for found in scenario.later] for scenario in (more, other)] == [[40, 55], [55]]


def test_every_scenario_is_set_against_every_other_in_the_same_worlds() -> None:
    plan = Plan(YEAR, (MORE, Variant("none", "None", {})), ({},), 2, 1)
    results = [run_cell(plan, cell) for cell in plan.cells()]

    found = compare(plan, results).between["days_to_seen_q90", "more", "none"]

    key = ("days_to_seen_q90", "all")
    gaps = [result.readings[1].readings[key] - result.readings[2].readings[key] for result in results]
    assert found.mean == pytest.approx(sum(gaps) / 2)
    assert compare(plan, results).between["days_to_seen_q90", "none", "more"].mean == pytest.approx(-found.mean)
