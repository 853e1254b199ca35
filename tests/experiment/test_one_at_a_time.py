"""A tornado: what each number that nobody knows does by itself."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pytest

from sim.experiment import Plan, Variant, compare, run_plan
from sim.experiment import one_at_a_time as module
from sim.experiment.one_at_a_time import tornado
from sim.experiment.own_measures import MeasuredCell
from sim.experiment.plan import Cell
from sim.scenario import ScenarioError
from tests.sweep.counties import MANAGERS, a_county, a_plan

KEY = ("days_to_seen_q90", "all")
GREEN, RED = "front_door.green_working_days", "need.immediate_share"
CHASE = "further_work.chase_minutes"
MORE = Variant("more", "More", {MANAGERS: 9})
OWN = f"more:{CHASE}"


def sets() -> tuple[Mapping[str, object], ...]:
    return tuple({RED: 0.01 + place / 1000, CHASE: 10 + place, OWN: 20 + place} for place in range(11))


def a_line(plan: Plan, *_: object, cells: Sequence[Cell], **__: object) -> Iterator[MeasuredCell]:
    """In place of runs: a measure that is a known function of the numbers, with the luck of the replication."""
    for cell in cells:
        draw = plan.draws[cell.draw]
        luck = float(np.random.default_rng([plan.seed, cell.replication]).normal())
        level = luck + 100 * float(str(draw.get(RED, 0.015))) + float(str(draw.get(CHASE, 15)))
        own = float(str(draw.get(OWN, 25)))
        yield MeasuredCell(cell, ({KEY: level}, *([{KEY: level * 0.5 + own}] if plan.variants else [])))


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "measured", a_line)


def a_tornado_plan(*variants: Variant, draws: Sequence[Mapping[str, object]] | None = None) -> Plan:
    return Plan(a_county(), variants, tuple(sets() if draws is None else draws), 4, 1)


@pytest.mark.usefixtures("line")
def test_each_number_moves_the_answer_by_its_own_part() -> None:
    found = tornado(a_tornado_plan(), KEY)
    by_path = {swing.path: swing for swing in found.swings}

    # The tenth and the ninetieth of a hundred between eleven values are the second and the last but one.
    assert (by_path[CHASE].low, by_path[CHASE].high) == (11, 19)
    assert by_path[CHASE].apart.mean == pytest.approx(8)
    assert by_path[CHASE].at_low.mean == pytest.approx(-4)
    assert by_path[RED].apart.mean == pytest.approx(100 * 0.008)
    assert [swing.path for swing in found.swings] == [CHASE, RED]
    # In the same worlds: luck drops out.
    error = by_path[CHASE].apart.simulation
    assert error is not None
    assert error.high - error.low == pytest.approx(0)


@pytest.mark.usefixtures("line")
def test_of_a_change_the_effect_that_the_scenario_assumes_is_one_of_the_numbers() -> None:
    found = tornado(a_tornado_plan(MORE), KEY)

    assert found.scenario == "more"
    assert [swing.path for swing in found.swings] == [OWN, CHASE, RED]
    assert found.swings[1].apart.mean == pytest.approx(-0.5 * 8)


@pytest.mark.usefixtures("line")
def test_of_many_numbers_those_that_move_it_most_are_kept() -> None:
    found = tornado(a_tornado_plan(MORE), KEY, most=1)

    assert [swing.path for swing in found.swings] == [OWN]
    assert found.tried == 3


@pytest.mark.usefixtures("line")
def test_named_numbers_alone_are_tried() -> None:
    assert [swing.path for swing in tornado(a_tornado_plan(), KEY, numbers=[RED]).swings] == [RED]
    assert [swing.path for swing in tornado(a_tornado_plan(MORE), KEY, numbers=[RED]).swings] == [OWN, RED]
    with pytest.raises(ScenarioError, match=r"front_door\.managers: is not a number"):
        tornado(a_tornado_plan(), KEY, numbers=[MANAGERS])


@pytest.mark.usefixtures("line")
def test_a_number_that_cannot_move_alone_is_named() -> None:
    law = "further_work.police_reply_days"
    median, p95 = f"{law}.median", f"{law}.p95"
    draws = [{**each, median: 1 + place * 1.0, p95: 6 + place * 1.0} for place, each in enumerate(sets())]
    found = tornado(a_tornado_plan(draws=draws), KEY)

    assert found.left_out == (median,)
    assert p95 in {swing.path for swing in found.swings}


def test_without_anything_to_vary_there_is_no_tornado() -> None:
    with pytest.raises(ScenarioError, match="nothing to vary"):
        tornado(replace(a_plan(), draws=({},)), KEY)
    with pytest.raises(ScenarioError, match="one scenario's change"):
        tornado(a_tornado_plan(MORE, replace(MORE, name="other")), KEY)


def test_real_runs_stand_where_a_comparison_of_the_same_numbers_stands() -> None:
    plan = replace(a_plan(2), draws=sets())
    found = tornado(plan, KEY, numbers=[RED])
    alone = replace(plan, draws=({},))
    moved = replace(plan, draws=({RED: found.swings[0].low},))
    level, at_low = (
        compare(each, list(run_plan(each, processes=1))).baseline.levels[KEY].mean for each in (alone, moved)
    )

    assert found.answer.mean == level
    assert found.swings[0].at_low.mean == pytest.approx(at_low - level)
