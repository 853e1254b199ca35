"""Scenarios share what chance decides about families wherever every field that it reads is equal."""

from collections.abc import Mapping
from types import MappingProxyType

from sim.scenario import Scenario

_UNREAD: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "front_door": (
            "managers",
            "senior_practitioners",
            "workers",
            "delegate_green",
            "order",
            "red_hours",
            "amber_working_days",
            "green_working_days",
        ),
        "further_work": (
            "chase_minutes",
            "chase_after_days",
            "all_replies_needed",
            "police_batch_days",
            "limit_working_days",
            "consent_minutes",
        ),
        "second_look": ("due_working_days", "second_manager_on_call", "decide_within_hours"),
        "strategy": ("slots_per_day", "conference_minutes"),
        "out_of_hours": ("staff", "handover_minutes"),
        "domestic_abuse_team": (
            "on",
            "managers",
            "social_workers",
            "posts",
            "information_wait_multiplier",
            "batching_removed",
            "early_help_linked",
            "early_help_wait_multiplier",
        ),
        "assessment": (
            "teams",
            "arrangement",
            "managers",
            "social_workers",
            "family_support_workers",
            "caseload_guide",
            "newly_qualified_load",
            "over_guide_after_days",
            "duty_workers",
            "duty_visit_after_days",
            "duty_reserved",
            "arrange_minutes",
            "visit_due_working_days",
            "urgent_retry_hours",
            "brief_minutes",
            "family_support_minutes",
            "drift_share",
            "deadline_strength",
            "deadline_margin_working_days",
            "long_supervision_minutes",
            "rework_minutes",
            "support_from_allocation",
        ),
        "ending": ("handover_minutes", "waiting_visit_days"),
    }
)


def about_families(scenario: Scenario) -> Scenario:
    """The scenario with `None` in every field that says nothing about families' contacts and their fates.

    Two scenarios that differ in nothing else are then equal, and what is drawn for one is the other's too. A field not
    listed here is taken to matter; one that is listed is `None`, so that a law or number cannot be read by mistake.
    """
    parts = {part: getattr(scenario, part).model_copy(update=dict.fromkeys(names)) for part, names in _UNREAD.items()}
    return scenario.model_copy(update={**parts, **dict.fromkeys(("name", "title", "summary", "workforce"))})
