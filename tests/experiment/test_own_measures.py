"""Measures of one's own over a plan."""

import pytest

from sim.experiment import run_plan
from sim.experiment.own_measures import measured, measures_of
from sim.scenario import ScenarioError
from tests.sweep.counties import a_plan

KEY = ("days_to_seen_q90", "section_17")


def test_a_measure_of_the_list_is_what_a_comparison_reads() -> None:
    plan = a_plan()
    found = measured(plan, measures_of([KEY]))
    read = sorted(run_plan(plan, processes=1), key=lambda result: result.cell.replication)

    assert [each.cell for each in found] == [result.cell for result in read]
    assert [each.readings[0][KEY] for each in found] == [result.readings[0].readings[KEY] for result in read]


@pytest.mark.parametrize("key", [("no_such", "all"), ("days_to_seen_max", "martians")])
def test_what_is_not_measured_is_refused(key: tuple[str, str]) -> None:
    with pytest.raises(ScenarioError, match=f"{key[0]}: is not a measure, or not measured for {key[1]}"):
        measures_of([KEY, key])
