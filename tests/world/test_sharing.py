"""Scenarios share what is drawn about families where all that it reads is equal, and nowhere else."""

import pytest

from sim.randomness import Luck
from sim.scenario import Scenario
from sim.world import draw
from sim.world.sharing import about_families
from sim.world.world import _families
from tests.strategies import SMALL_BASE

LUCK = Luck(4, 2)

UNREAD: list[dict[str, object]] = [
    {"name": "another", "title": "Another", "summary": "Only the words differ."},
    {"front_door.managers": 9, "front_door.senior_practitioners": 0, "front_door.workers": 7},
    {"front_door.delegate_green": False, "front_door.order": "strict_priority"},
    {"front_door.red_hours": 9.0, "front_door.amber_working_days": 9, "front_door.green_working_days": 9},
    {"further_work.chase_minutes": 99, "further_work.chase_after_days": 9.0, "further_work.consent_minutes": 99},
    {"further_work.all_replies_needed": False, "further_work.police_batch_days": 9},
    {"further_work.limit_working_days": 9},
    {"second_look.due_working_days": 9, "second_look.second_manager_on_call": True},
    {"second_look.decide_within_hours": 9.0, "strategy.conference_minutes": 99, "strategy.slots_per_day": 99},
    {"out_of_hours.staff": 9, "out_of_hours.handover_minutes": 99},
    {"domestic_abuse_team.managers": 2, "domestic_abuse_team.social_workers": 3, "domestic_abuse_team.posts": "new"},
    {"domestic_abuse_team.on": True, "domestic_abuse_team.managers": 1, "domestic_abuse_team.social_workers": 1},
    {"domestic_abuse_team.batching_removed": True, "domestic_abuse_team.information_wait_multiplier": 0.1},
    {"domestic_abuse_team.early_help_linked": True, "domestic_abuse_team.early_help_wait_multiplier": 0.1},
    {"assessment.teams": 3, "assessment.arrangement": "pooled", "assessment.managers": 9},
    {"assessment.social_workers.experienced": 9, "assessment.family_support_workers": 9},
    {"assessment.caseload_guide": 9, "assessment.newly_qualified_load": 0.9, "assessment.over_guide_after_days": 9},
    {"assessment.duty_workers": 2, "assessment.duty_visit_after_days": 9, "assessment.duty_reserved": True},
    {"assessment.arrange_minutes": 99, "assessment.visit_due_working_days": 9, "assessment.urgent_retry_hours": 9.0},
    {"assessment.brief_minutes": 99, "assessment.family_support_minutes": 99, "assessment.rework_minutes": 99},
    {"assessment.drift_share": 0.9, "assessment.deadline_strength": 0.9, "assessment.long_supervision_minutes": 99},
    {"assessment.deadline_margin_working_days": 9},
    {"assessment.support_from_allocation": True, "ending.handover_minutes": 99, "ending.waiting_visit_days": 9},
    {"workforce.turnover_per_year": 0.9, "workforce.leave_days": 9.0, "workforce.booked_minutes_worker": 99},
]
"""Every field that says nothing about families."""

READ: list[dict[str, object]] = [
    {"levers_start_day": 9},
    {"calendar.warm_up_days": 9},
    {"demand.multiplier": 0.5},
    {"front_door.history_minutes": 9},
    {"further_work.reply_multiplier": 0.5},
    {"further_work.wrong_if_cut_share": 0.5},
    {"domestic_abuse_team.needless_referral_multiplier": 0.5},
    {"assessment.review_days": (9,)},
    {"ending.close_share": 0.1},
    {"returns.same_need_share": 0.1},
]


def unshared(scenario: Scenario, baseline: Scenario) -> tuple[object, ...]:
    """Contacts and returns drawn anew, with everything in sight."""
    found = _families.__wrapped__(scenario, baseline, LUCK)
    return found.contacts, found.before, found.after


@pytest.mark.parametrize("changes", UNREAD)
def test_what_says_nothing_about_families_is_shared_and_changes_nothing(changes: dict[str, object]) -> None:
    other = SMALL_BASE.changed(changes)
    one, shared = (draw(s, seed=4, replication=2, baseline=SMALL_BASE) for s in (SMALL_BASE, other))

    assert about_families(other) == about_families(SMALL_BASE)
    assert shared.families is one.families
    contacts, _, after = unshared(other, SMALL_BASE)
    assert (contacts, after) == (shared.contacts, shared.returns_after)


@pytest.mark.parametrize("changes", READ)
def test_what_says_something_about_families_is_not_shared(changes: dict[str, object]) -> None:
    other = SMALL_BASE.changed(changes)
    world = draw(other, seed=4, replication=2, baseline=SMALL_BASE)

    assert about_families(other) != about_families(SMALL_BASE)
    assert (world.contacts, world.returns_before, world.returns_after) == unshared(other, SMALL_BASE)


def test_the_fields_that_are_left_out_are_those_tried_here() -> None:
    tried = {path.split(".")[0] + "." + path.split(".")[1] for changes in UNREAD for path in changes if "." in path}
    left_out = {
        f"{part}.{field}"
        for part, found in about_families(SMALL_BASE)
        if found is not None and not isinstance(found, int | str)
        for field, value in found
        if value is None
    }

    assert left_out == {path for path in tried if not path.startswith("workforce")}
