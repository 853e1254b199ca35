"""A question and its link: what is asked can be written down, read again, and says the same."""

from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario import read, shipped
from sim.web import levers
from sim.web.question import Asked, Question, plan_for, question

COUNTY = read(shipped("leicestershire-2018-19.toml"))


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60).filter(str.strip),
    st.integers(1, 9),
)
def test_a_question_is_read_again_from_its_link(title: str, more: int) -> None:
    asked = Question("county", (Asked(title, {"front_door.managers": f"+{more}", "assessment.review_days": [5, 10]}),))

    assert question(parse_qsl(asked.query, keep_blank_values=True)) == asked


def test_posts_are_added_to_what_each_set_of_numbers_says() -> None:
    differences, _ = levers.settings({"assessment.duty_workers": "2"}, COUNTY.scenario)
    plan = plan_for(COUNTY, [Asked("Duty", differences)], 20)

    added = {s.assessment.duty_workers - b.assessment.duty_workers for b, s in map(plan.scenarios, range(20))}
    assert added == {2}


def test_a_team_that_is_built_has_the_range_of_what_is_assumed_of_the_shipped_one() -> None:
    differences, _ = levers.settings({levers.TEAM: "existing"}, COUNTY.scenario)
    plan = plan_for(COUNTY, [Asked("Team", differences)], 20)

    waits = {plan.scenarios(draw)[1].domestic_abuse_team.information_wait_multiplier for draw in range(20)}
    assert len(waits) > 1
    assert not list(plan.notes)


@pytest.mark.parametrize("field", levers.FIELDS, ids=lambda field: field.name)
def test_every_change_says_what_holds_now_and_can_be_typed_in(field: levers.Field) -> None:
    choices = field.choices(COUNTY.scenario) if field.choices else ()
    typed = {field.name: choices[-1].value if choices else "10"}
    if field.name in levers.OF_TEAM:
        typed[levers.TEAM] = "new"
    differences, wrong = levers.settings(typed, COUNTY.scenario)
    plan = plan_for(COUNTY, [Asked(levers.title(typed), differences)], 1)

    assert not wrong
    assert field.hint(COUNTY.scenario)
    assert plan.scenarios(0)[1].content_hash != plan.scenarios(0)[0].content_hash


def test_a_title_says_what_is_changed() -> None:
    typed = {"assessment.social_workers.experienced": "4", "front_door.managers": "-1", "demand.multiplier": "10"}

    assert levers.title(typed) == "4 more experienced social workers, 1 fewer front door manager, 10% more contacts"


def test_scenarios_of_one_title_have_names_of_their_own() -> None:
    twice = [Asked("The same!", {"front_door.managers": f"+{more}"}) for more in (1, 2)]

    assert [variant.name for variant in plan_for(COUNTY, twice, 1).variants] == ["the-same", "the-same-2"]


def test_a_domestic_abuse_team_is_also_run_as_if_nothing_became_quicker() -> None:
    differences, _ = levers.settings({levers.TEAM: "new", "domestic_abuse_team.managers": "1"}, COUNTY.scenario)
    plan = plan_for(COUNTY, [Asked("Team", differences)], 1)
    quick, slow = plan.scenarios(0)[1:]

    assert [variant.title for variant in plan.variants] == ["Team", "Team, if nothing speeds up"]
    assert slow.domestic_abuse_team.managers == quick.domestic_abuse_team.managers == 1
    assert slow.domestic_abuse_team.information_wait_multiplier == 1.0
    assert not slow.domestic_abuse_team.batching_removed
    assert not list(plan.notes)
