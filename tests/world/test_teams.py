"""Posts are dealt to the assessment teams in turn."""

import pytest

from sim.events import Role
from sim.randomness import Luck
from sim.scenario import Scenario, load
from sim.world import QUALIFIED
from sim.world.people import people
from tests.worlds import BASELINE

KINDS = tuple(f"assessment.social_workers.{kind}" for kind in ("experienced", "newly_qualified", "agency"))
SHIPPED = load(BASELINE)

Post = tuple[Role, int]


def teams(scenario: Scenario, baseline: Scenario) -> dict[Post, tuple[int, int]]:
    """The team of every post before and after the levers start, by role and number."""
    everybody = people(scenario, baseline, Luck(5, 0))
    return {(p.role, p.id >> 12 & 0xFFFF): (p.team, p.team_after) for p in everybody}


def qualified(*counts: int, of_teams: int) -> dict[str, object]:
    """So many posts of each kind, and so many teams."""
    return {**dict(zip(KINDS, counts, strict=True)), "assessment.teams": of_teams}


def test_the_shipped_teams_are_equally_strong_or_differ_by_one() -> None:
    found = teams(SHIPPED, SHIPPED).items()
    workers = [team for (role, _), (team, _) in found if role in QUALIFIED]
    supporters = [team for (role, _), (team, _) in found if role is Role.FAMILY_SUPPORT_WORKER]

    assert [workers.count(team) for team in (1, 2, 3, 4)] == [11, 11, 10, 10]
    strengths = [supporters.count(team) for team in (1, 2, 3, 4)]
    assert max(strengths) - min(strengths) <= 1


def test_posts_are_dealt_role_after_role_and_those_added_after_all_of_them() -> None:
    before = SHIPPED.changed(qualified(4, 2, 1, of_teams=3))
    more = before.changed({"levers_start_day": 9, **qualified(6, 3, 1, of_teams=3)})
    found = teams(more, before)

    # Four, two and one; then two more of the first kind and one of the second.
    assert [after for (role, _), (_, after) in sorted(found.items()) if role in QUALIFIED] == [
        *(1, 2, 3, 1, 2, 3),
        *(2, 3, 1),
        *(1,),
    ]


def test_a_scenario_with_other_teams_deals_all_posts_anew_when_the_levers_start() -> None:
    before = SHIPPED.changed(qualified(2, 1, 2, of_teams=2))
    found = teams(before.changed({"levers_start_day": 9, "assessment.teams": 3}), before)

    assert [found[post] for post in sorted(found) if post[0] in QUALIFIED] == [(1, 1), (2, 2), (1, 3), (2, 1), (1, 2)]


@pytest.mark.parametrize("added", [*KINDS, "assessment.family_support_workers"])
def test_one_more_post_moves_nobody_elses_team(added: str) -> None:
    more = SHIPPED.changed({"levers_start_day": 9, added: int(str(SHIPPED.value(added))) + 1})
    were, are = teams(SHIPPED, SHIPPED), teams(more, SHIPPED)

    assert len(are) == len(were) + 1
    assert were.items() <= are.items()
