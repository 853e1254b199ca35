"""Costs in sentences: from what the user gives and nothing else, and for waiting that the runs can tell."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from sim.events import Role
from sim.experiment import Comparison, Estimate, Later
from sim.experiment.starts import Start
from sim.report.costs import NO_POSTS, NOT_COSTED, costs, roles_changed
from sim.scenario import load, shipped
from tests.report.comparisons import a_comparison, an_estimate, three_scenarios

COUNTY = load(shipped("leicestershire-2018-19.toml"))
WORKERS = "assessment.social_workers.experienced"
MORE = COUNTY.changed({WORKERS: "+4", "front_door.managers": "+1"})
WORKER: Mapping[Role, float] = {Role.EXPERIENCED_SOCIAL_WORKER: 52_000.0}
PRICES: Mapping[Role, float] = {**WORKER, Role.FRONT_DOOR_MANAGER: 60_000.0}
UNSEEN = ("child_days_unseen", "all")
REFERRED_CHILDREN = ("referred_children_count", "all")


def compared(change: Estimate) -> Comparison:
    one = three_scenarios().scenarios[1]
    return a_comparison(replace(one, changes={**one.changes, UNSEEN: change}))


def said(change: Estimate, prices: Mapping[Role, float] = PRICES) -> str:
    (cost,) = costs(compared(change), (COUNTY, MORE), prices)
    return " ".join(cost.words)


def test_posts_are_costed_a_year_and_a_day_of_waiting_avoided_with_its_range() -> None:
    words = said(an_estimate(-4000.0, error=500.0, unknown=(-8000.0, -2000.0)))

    assert "1 more front door manager and 4 more experienced social workers: £268,000 a year, once all are in" in words
    assert "about £67 for each day of one child's waiting avoided" in words
    assert "could be £34 to £130." in words


def test_where_a_cost_is_missing_no_part_of_the_cost_is_set_against_what_all_of_it_avoids() -> None:
    words = said(an_estimate(-4000.0, error=500.0, unknown=(-8000.0, -2000.0)), WORKER)

    assert "4 more experienced social workers: £208,000 a year" in words
    assert "Not costed: 1 more front door manager" in words
    assert "each day" not in words


def started(start: Start, *later: Later) -> str:
    found = compared(an_estimate(-4000.0, error=500.0))
    late = replace(found.scenarios[1], start=start, later=later)
    (cost,) = costs(replace(found, scenarios=(found.scenarios[0], late)), (COUNTY, MORE), PRICES)
    return " ".join(cost.words)


def test_a_whole_years_cost_is_set_against_contacts_of_the_time_when_all_is_there_and_says_so() -> None:
    change = {UNSEEN: an_estimate(-2000.0, error=500.0), REFERRED_CHILDREN: an_estimate(-40.0, error=5.0)}
    words = started(Start(date(2018, 4, 1), 365, 100, ()), Later(100, {}, {}, change))

    assert "children of contacts received from 10 July 2018 on wait about 2,000 child-days a year less" in words
    assert "about £130 for each day" in words
    assert "Part of that is of children who no longer go on to be assessed" in words


def test_posts_that_come_late_in_the_year_are_not_judged_by_a_year_most_of_which_is_without_them() -> None:
    words = started(Start(date(2018, 4, 1), 365, 300, ()))

    assert "too little of the year to tell" in words
    assert "each day" not in words


def test_where_waiting_may_not_be_avoided_at_all_the_cost_of_a_day_has_no_upper_end() -> None:
    assert "£34 or more without limit" in said(an_estimate(-4000.0, error=500.0, unknown=(-8000.0, 100.0)))


def test_a_change_that_is_not_told_buys_nothing_that_could_be_costed() -> None:
    words = said(an_estimate(-4000.0, error=4500.0, unknown=(-8000.0, -2000.0)))

    assert "Too few years are run" in words
    assert "£268,000" in words
    assert "each day" not in words


def test_more_waiting_is_bought_by_nobody() -> None:
    assert "it buys no waiting avoided" in said(an_estimate(4000.0, error=500.0))


def test_nothing_is_costed_that_nobody_gave_a_cost_of() -> None:
    change = an_estimate(-4000.0)
    (none,) = costs(compared(change), (COUNTY, COUNTY.changed({"further_work.limit_working_days": 5})), PRICES)

    assert said(change, {}) == NOT_COSTED
    assert none.words == (NO_POSTS,)


def test_permanent_posts_are_held_against_agency_posts_where_both_have_a_cost() -> None:
    words = said(an_estimate(-4000.0), {**PRICES, Role.AGENCY_SOCIAL_WORKER: 78_000.0})

    assert "4 experienced social workers cost £208,000 a year; as agency posts as many would cost £312,000." in words


def test_new_posts_of_a_domestic_abuse_team_are_costed_and_existing_ones_are_not() -> None:
    team = {"domestic_abuse_team.on": True, "domestic_abuse_team.managers": 1, "domestic_abuse_team.social_workers": 3}
    existing, new = (COUNTY.changed({**team, "domestic_abuse_team.posts": posts}) for posts in ("existing", "new"))

    assert roles_changed((COUNTY, existing)) == ()
    assert roles_changed((COUNTY, new)) == (
        Role.EXPERIENCED_SOCIAL_WORKER, Role.AGENCY_SOCIAL_WORKER, Role.FRONT_DOOR_MANAGER,
    )  # fmt: skip
