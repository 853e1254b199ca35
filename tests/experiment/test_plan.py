"""Plans: which worlds are run, and what each scenario is in each."""

from collections.abc import Mapping

import pytest

from sim.experiment import Cell, Plan, Variant
from sim.scenario import ScenarioError, load, shipped

BASE = load(shipped("leicestershire-2018-19.toml"))
MORE = Variant("more", "More", {"front_door.managers": 9})


def plan(
    *variants: Variant, draws: tuple[Mapping[str, object], ...] = ({},), replications: int = 3, is_crossed: bool = False
) -> Plan:
    return Plan(BASE, variants, draws, replications, 1, is_crossed=is_crossed)


def test_each_replication_has_luck_of_its_own_and_draws_take_turns() -> None:
    assert list(plan(draws=({}, {}), replications=3).cells()) == [Cell(0, 0), Cell(1, 1), Cell(0, 2)]


def test_more_replications_only_add_cells() -> None:
    few, many = (list(plan(draws=({}, {}, {}), replications=n).cells()) for n in (4, 9))

    assert many[:4] == few


def test_a_crossed_plan_meets_every_draw_in_every_replication() -> None:
    cells = list(plan(draws=({}, {}), replications=2, is_crossed=True).cells())

    assert cells == [Cell(0, 0), Cell(1, 0), Cell(0, 1), Cell(1, 1)]


def test_a_draw_changes_the_baseline_and_every_scenario_alike() -> None:
    baseline, more = plan(MORE, draws=({"further_work.consent_minutes": 30},)).scenarios(0)

    assert (baseline.further_work.consent_minutes, more.further_work.consent_minutes) == (30, 30)
    assert (baseline.front_door.managers, more.front_door.managers) == (BASE.front_door.managers, 9)


def test_a_scenarios_own_number_wins_over_the_draws() -> None:
    _, more = plan(MORE, draws=({"front_door.managers": 5},)).scenarios(0)

    assert more.front_door.managers == 9


def test_what_a_draw_says_of_one_scenario_holds_for_that_one_alone() -> None:
    other = Variant("other", "Other", {})
    draws = ({"more:further_work.reply_multiplier": 2.0},)
    baseline, more, same = plan(MORE, other, draws=draws).scenarios(0)

    assert more.further_work.reply_multiplier == 2.0
    assert baseline.further_work.reply_multiplier == same.further_work.reply_multiplier == 1.0


@pytest.mark.parametrize("day", [365, 3000])
def test_a_scenario_that_would_start_after_the_year_is_refused(day: int) -> None:
    late = Variant("late", "Late", {"levers_start_day": day})

    with pytest.raises(ScenarioError, match=rf"^late, levers_start_day: day {day} is not in the year .* 365 days"):
        plan(late)
    plan(Variant("last", "Last", {"levers_start_day": 364}))


def test_a_warm_up_too_short_to_forget_the_empty_start_is_warned_of_once() -> None:
    short = BASE.changed({"calendar.warm_up_days": 181})
    (warned,) = Plan(short, (MORE,), ({},), 1, 1).warnings()

    assert "calendar.warm_up_days: 181 days are fewer than the 182" in warned
    assert list(plan(MORE).warnings()) == []


def test_two_scenarios_of_one_name_are_refused() -> None:
    with pytest.raises(ScenarioError, match="both named more"):
        plan(MORE, MORE)
