"""Numbers moved one at a time in the worlds and sets of a comparison, and where a scenario breaks even there."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sim.experiment import Plan, Variant, break_even, compare, one_at_a_time, run_plan
from sim.experiment import one_by_one as module
from sim.experiment.break_even import break_evens_over_sets
from sim.experiment.one_at_a_time import Runs, Tornado, tornado
from sim.experiment.one_by_one import OneByOne, between, one_by_one, years_at_most
from sim.experiment.own_measures import MeasuredCell
from sim.experiment.plan import Cell
from sim.scenario import ScenarioError
from tests.sweep.counties import MANAGERS, a_county

KEY = ("days_to_seen_q90", "all")
RED, REPLY = "need.immediate_share", "further_work.reply_multiplier"
TEAM, OTHER = Variant("team", "A team", {MANAGERS: 9, REPLY: 1.5}), Variant("other", "More posts", {MANAGERS: 8})
OWN = f"team:{REPLY}"


def sets() -> tuple[Mapping[str, object], ...]:
    return tuple({RED: 0.01 + place / 1000, OWN: 1.0 + place / 10} for place in range(11))


def a_plan_of(*variants: Variant, replications: int = 22) -> Plan:
    return Plan(a_county(), variants, sets(), replications, 1)


def a_line(plan: Plan, *_: object, cells: Sequence[Cell] | None = None, **how: object) -> Iterator[MeasuredCell]:
    """In place of runs: the other at 18, the team at ten times its own number and 4, with the luck of the world."""
    for cell in plan.cells() if cells is None else cells:
        draw = plan.draws[cell.draw]
        level = 20 + 100 * float(str(draw[RED])) if RED in draw else 21.5
        luck = float(np.random.default_rng([plan.seed, cell.replication]).normal(0, 0.1))
        of = {"team": 10 * float(str(draw.get(OWN, 1.5))) + 4, "other": 18.0}
        told = how.get("told")
        if callable(told):
            told(1 + len(plan.variants))
        yield MeasuredCell(cell, ({KEY: level}, *({KEY: of[v.name] + luck} for v in plan.variants)))


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch) -> None:
    for each in (one_at_a_time, break_even):
        monkeypatch.setattr(each, "measured", a_line)


@pytest.mark.usefixtures("line")
def test_the_answer_is_the_average_over_the_sets_and_each_number_moves_it_by_its_own_part() -> None:
    found = tornado(a_plan_of(TEAM), KEY, is_over_sets=True)
    by_path = {swing.path: swing for swing in found.swings}

    # The team stands at 19 on average over the sets, the baseline at 21.5.
    assert found.answer.mean == pytest.approx(-2.5, abs=0.1)
    assert found.sets == 11
    assert by_path[OWN].apart.mean == pytest.approx(10 * (by_path[OWN].high - by_path[OWN].low))
    assert by_path[RED].apart.mean == pytest.approx(-100 * 0.008)
    # Whatever the others are: the spread of the sets drops out of what one number does.
    error = by_path[RED].apart.simulation
    assert error is not None
    assert error.high - error.low == pytest.approx(0)


@pytest.mark.usefixtures("line")
def test_what_the_scenario_assumes_is_always_among_the_numbers_moved() -> None:
    plan = replace(a_plan_of(TEAM), draws=tuple({**each, OWN: 1.5 + n / 1e6} for n, each in enumerate(sets())))

    assert [swing.path for swing in tornado(plan, KEY, most=1, is_over_sets=True).swings] == [OWN]


@pytest.mark.usefixtures("line")
def test_a_number_that_cannot_move_under_some_set_of_the_others_is_left_out() -> None:
    law = "further_work.police_reply_days"
    median, p95 = f"{law}.median", f"{law}.p95"
    draws = tuple({**each, median: 1.0 + n / 2, p95: 4.0 + n / 2} for n, each in enumerate(sets()))
    found = tornado(replace(a_plan_of(TEAM), draws=draws), KEY, is_over_sets=True)

    # Beside the baseline's own spread the low end stands; beside the highest median it would be below it.
    assert p95 in found.left_out


def moved(plan: Plan, asked: Sequence[float] = ()) -> tuple[OneByOne, int]:
    done: list[int] = []
    over = {REPLY: asked} if asked else {}
    found = one_by_one(plan, "team", KEY, over=over, runs=Runs(told=done.append))
    return found, sum(done)


@pytest.mark.usefixtures("line")
def test_an_assumed_effect_breaks_even_with_the_baseline_and_with_every_other_scenario() -> None:
    found, _ = moved(a_plan_of(OTHER, TEAM))

    # As good as the other, which is at 18, where its number is 1.4; as the baseline, at 21.5, where it is 1.75.
    assert [(each.against, each.path) for each in found.break_evens] == [
        ("Leicestershire, year to March 2019", REPLY),
        ("More posts", REPLY),
    ]
    assert [each.at for each in found.break_evens] == [pytest.approx(1.75, abs=0.01), pytest.approx(1.4, abs=0.01)]
    assert found.break_evens[0].values == (1.0, 1.25, 1.5, 1.75, 2.0)
    assert found.break_evens[0].error is not None


@pytest.mark.usefixtures("line")
def test_a_number_that_is_told_to_turn_the_change_is_looked_at_too() -> None:
    turned = tuple({**each, OWN: 1.75, RED: 0.02 * n / 10} for n, each in enumerate(sets()))
    found, _ = moved(replace(a_plan_of(TEAM, OTHER), draws=turned))

    assert [(each.path, each.against) for each in found.break_evens] == [(RED, "Leicestershire, year to March 2019")]
    assert found.break_evens[0].at == pytest.approx(0.015, abs=0.001)


@pytest.mark.usefixtures("line")
def test_only_the_numbers_asked_for_are_looked_at_where_any_is() -> None:
    found, done = moved(a_plan_of(TEAM), asked=[1.2, 1.6])

    assert [each.values for each in found.break_evens] == [(1.2, 1.6)]
    assert done <= years_at_most(a_plan_of(TEAM), "team", most=8, screened=2, over={REPLY: [1.2, 1.6]})
    with pytest.raises(ScenarioError, match="at least two values"):
        moved(a_plan_of(TEAM), asked=[1.2])
    with pytest.raises(ScenarioError, match="cannot be had under every set"):
        moved(a_plan_of(TEAM), asked=[-1.0, 1.2])


@pytest.mark.usefixtures("line")
def test_the_simulation_error_of_the_swings_is_for_all_of_them_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, object] = {}

    def spy(plan: Plan, key: tuple[str, str], **how: Any) -> Tornado:  # noqa: ANN401  (whatever it is given)
        asked.update(how)
        return tornado(plan, key, **how)

    monkeypatch.setattr(module, "tornado", spy)
    moved(a_plan_of(TEAM))

    assert asked["confidence"] == pytest.approx(1 - 0.05 / 8)
    assert asked["is_over_sets"] is True


@pytest.mark.usefixtures("line")
def test_how_many_years_it_takes_is_told_before() -> None:
    plan = a_plan_of(TEAM, OTHER)
    found, done = moved(plan)
    least = done + 2 * 2 * 5 * plan.replications  # two numbers that might have turned the change

    assert found.left_out == ()
    assert years_at_most(plan, "team", most=8, screened=2, over={}) == least


def test_even_steps_keep_to_three_figures_and_whole_numbers_whole() -> None:
    assert between([0.41234, 0.98]) == [0.412, 0.554, 0.696, 0.838, 0.98]
    assert between([3, 5]) == [3, 4, 5]
    assert between([True, False]) == []


def test_real_years_with_none_moved_are_the_comparison_and_at_a_value_that_of_it_there() -> None:
    plan = replace(a_plan_of(TEAM, OTHER, replications=2), draws=({RED: 0.02, OWN: 1.4}, {RED: 0.03, OWN: 1.6}))
    compared = compare(plan, list(run_plan(plan, processes=1)))
    found = tornado(replace(plan, variants=(TEAM,)), KEY, numbers=[], is_over_sets=True)
    there = replace(plan, draws=tuple({**each, OWN: 1.0} for each in plan.draws))
    at = compare(there, list(run_plan(there, processes=1)))
    evens = break_evens_over_sets(plan, OWN, [1.0, 2.0], KEY, runs=Runs())

    assert found.answer.mean == compared.scenarios[1].changes[KEY].mean
    assert evens[0].differences[0].mean == at.scenarios[1].changes[KEY].mean
    apart = at.scenarios[1].levels[KEY].mean - at.scenarios[2].levels[KEY].mean
    assert evens[1].differences[0].mean == pytest.approx(apart)
