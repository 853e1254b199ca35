"""Where one scenario is as good as another."""

import math
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from sim.experiment import Plan
from sim.experiment import break_even as module
from sim.experiment.break_even import BreakEven, break_even, crossings
from sim.experiment.own_measures import MeasuredCell
from sim.experiment.planning import plan_of_files
from sim.scenario import ScenarioError, read, shipped

KEY = ("days_to_seen_q90", "all")
PATH = "domestic_abuse_team.information_wait_multiplier"
BASE, TEAM, ALONE = (
    read(shipped(name))
    for name in ("leicestershire-2018-19.toml", "da-team-new-posts.toml", "social-workers-alone.toml")
)


def curve(difference: Callable[[float], float], plans: list[Plan]) -> Callable[..., Iterator[MeasuredCell]]:
    """In place of runs: the team less the other is a known function of the number, with luck around it."""

    def run(plan: Plan, *_: object, **__: object) -> Iterator[MeasuredCell]:
        plans.append(plan)
        for cell in plan.cells():
            luck = float(np.random.default_rng(cell.replication).normal(0, 0.05))
            at = [float(str(variant.differences[PATH])) for variant in plan.variants[1:]]
            levels = [9.0, 5.0, *(5.0 + difference(value) + luck for value in at)]
            yield MeasuredCell(cell, tuple({KEY: level} for level in levels))

    return run


def found_of(
    monkeypatch: pytest.MonkeyPatch, difference: Callable[[float], float], plans: list[Plan] | None = None
) -> BreakEven:
    monkeypatch.setattr(module, "measured", curve(difference, [] if plans is None else plans))
    (found,) = break_even(BASE, TEAM, ALONE, PATH, [0.4, 0.7, 1.0], [KEY], settings={}, replications=20, seed=1)
    return found


def test_it_lies_where_the_difference_crosses_nought(monkeypatch: pytest.MonkeyPatch) -> None:
    found = found_of(monkeypatch, lambda value: value - 0.6)

    assert found.at == pytest.approx(0.6, abs=0.05)
    assert found.error is not None
    assert found.error.low < 0.6 < found.error.high
    assert 0.02 < found.error.high - found.error.low < 0.2


def test_a_scenario_that_is_better_throughout_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    found = found_of(monkeypatch, lambda value: value - 3)

    assert found.at is None
    assert found.error is not None
    assert found.error.low == math.inf


def test_one_that_is_worse_throughout_has_none_either(monkeypatch: pytest.MonkeyPatch) -> None:
    found = found_of(monkeypatch, lambda value: value + 3)

    assert found.error is not None
    assert found.error.high == -math.inf


def test_one_that_crosses_twice_has_no_single_break_even(monkeypatch: pytest.MonkeyPatch) -> None:
    found = found_of(monkeypatch, lambda value: 1 - 40 * (value - 0.7) ** 2)

    assert len(found.crossings) == 2
    assert found.at is None


def test_the_number_stands_where_it_is_put_whatever_the_sets_say(monkeypatch: pytest.MonkeyPatch) -> None:
    plans: list[Plan] = []
    found_of(monkeypatch, lambda value: value - 0.6, plans)
    (plan,) = plans
    drawn = plan_of_files(BASE, [TEAM], {}, replications=20, seed=1)

    assert len({drawn.scenarios(draw)[1].value(PATH) for draw in range(20)}) == 20
    for draw in range(20):
        assert [scenario.value(PATH) for scenario in plan.scenarios(draw)[2:]] == [0.4, 0.7, 1.0]
        # All else is that of the scenario, and in each the same.
        assert {scenario.value("domestic_abuse_team.social_workers") for scenario in plan.scenarios(draw)[2:]} == {6}


def test_crossings_are_where_straight_joins_meet_nought() -> None:
    assert crossings([0, 1, 2], np.array([-1.0, 1.0, 3.0])) == (0.5,)
    assert crossings([0, 1, 2], np.array([0.0, 1.0, 3.0])) == (0.0,)
    assert crossings([0, 1], np.array([2.0, 0.0])) == (1.0,)
    assert crossings([0, 1], np.array([2.0, 1.0])) == ()


def test_a_single_value_is_refused() -> None:
    with pytest.raises(ScenarioError, match="at least two values"):
        break_even(BASE, TEAM, ALONE, PATH, [0.4], [KEY], settings={}, replications=1, seed=1)


def test_the_scenarios_are_those_of_files() -> None:
    assert Path(TEAM.path).name == "da-team-new-posts.toml"
