"""What scenarios assume, over the sets of numbers that were met."""

from sim.experiment import Plan, Variant, compare, run_cell
from sim.experiment.assumptions import Assumed, assumed
from sim.experiment.plan import Unvaried
from sim.experiment.sets import unvaried
from sim.scenario import Evidence, Grade, evidence, load, plausible_draws, shipped
from tests.strategies import SMALL_BASE

BASE = load(shipped("leicestershire-2018-19.toml"))
REPLIES = "further_work.reply_multiplier"
SLOW, NONE = Variant("slow", "Slow", {REPLIES: 2.0}), Variant("none", "None", {})
SETS = ({f"slow:{REPLIES}": 1.5}, {f"slow:{REPLIES}": 3.5}, {f"slow:{REPLIES}": 4.0})


def test_an_assumption_is_told_over_the_sets_that_were_met_and_no_others() -> None:
    plan = Plan(BASE, (SLOW, NONE), SETS, 4, 1)

    assert assumed(plan, [0, 1, 0]) == {
        "slow": (Assumed(REPLIES, "All partners' reply times are multiplied by this", "ratio", 1.5, 2.5, 3.5),)
    }
    assert assumed(plan, [0, 1, 2, 0])["slow"][0].mean == 3.0


def test_a_number_inside_a_law_is_named_by_the_law() -> None:
    plan = Plan(BASE, (SLOW,), ({"slow:strategy.action_days.median": 4.0},), 1, 1)

    (found,) = assumed(plan, [0])["slow"]

    assert (found.unit, found.mean) == ("days", 4.0)


def test_a_comparison_says_what_each_scenario_assumes_and_which_has_a_team_for_domestic_abuse() -> None:
    team = Variant("team", "Team", {"domestic_abuse_team.on": True})
    plan = Plan(SMALL_BASE, (SLOW, team), SETS, 2, 1)

    base, slow, other = compare(plan, [run_cell(plan, cell, "simpy") for cell in plan.cells()]).scenarios

    assert (base.assumed, other.assumed) == ((), ())
    assert [(each.low, each.high) for each in slow.assumed] == [(1.5, 3.5)]
    assert [s.has_domestic_abuse_team for s in (base, slow, other)] == [False, False, True]
    paired = next(each for each in other.safety if each.check.is_paired)
    assert paired.change == other.same_children["not_domestic_abuse"].mean_change_days


def test_a_number_with_a_range_that_is_the_same_in_every_set_is_not_varied() -> None:
    sources = (
        Evidence("assessment.teams", Grade.ASSUMPTION, "S", 3, 6),
        Evidence("strategy.action_days", Grade.ASSUMPTION, "S", 2, 6),
        Evidence("front_door.managers", Grade.OFFICIAL, "S", 4, 8),
        Evidence("calendar.first_day", Grade.ASSUMPTION, "S", None, None),
    )
    sets = ({"strategy.action_days.median": 3.0}, {"strategy.action_days.median": 4.0})

    assert unvaried(sets, sources) == (Unvaried("assessment.teams", "Assessment teams", 3, 6),)
    assert [each.path for each in unvaried(sets[:1], sources)] == ["assessment.teams", "strategy.action_days"]
    assert unvaried(({},), sources) == ()


def test_of_the_shipped_county_those_numbers_are_not_varied_that_show_as_work_alone() -> None:
    county = shipped("leicestershire-2018-19.toml")

    found = {each.path for each in unvaried(plausible_draws(county), evidence(county))}

    assert len(found) == 47
    assert {"front_door.workers", "demand.children_per_family", "workforce.vacancy_days"} < found
