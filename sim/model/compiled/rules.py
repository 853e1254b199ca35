"""What the mechanics read of a scenario, as a row of numbers."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from sim.model.compiled.layout import NONE, Rows
from sim.model.compiled.rows import rules as R
from sim.policies import ARRANGEMENTS
from sim.scenario import Order, Scenario
from sim.working_time import MINUTES_PER_DAY, MINUTES_PER_HOUR

ORDERS: Final = tuple(Order)


def rules_row(scenario: Scenario) -> Rows:
    """The numbers of `R`; a share or multiplier as the bits of a float."""
    row = np.zeros(R.size, dtype=np.int64)
    for name, value in rules_of(scenario).items():
        place = getattr(R, name)
        row[place] = np.float64(value).view(np.int64) if isinstance(value, float) else int(value)
    days = scenario.assessment.review_days
    row[R.review_days : R.review_days + len(days)] = days
    return row


def rules_of(scenario: Scenario) -> Mapping[str, int | float]:
    """What the mechanics read of a scenario."""
    return {**_before_the_decision(scenario), **_after_the_decision(scenario)}


def _before_the_decision(scenario: Scenario) -> Mapping[str, int | float]:
    front, further, look = scenario.front_door, scenario.further_work, scenario.second_look
    abuse = scenario.domestic_abuse_team
    within = look.decide_within_hours
    return {
        "strict_priority": ORDERS.index(front.order),
        "red_minutes": int(front.red_hours * MINUTES_PER_HOUR),
        "amber_working_days": front.amber_working_days,
        "green_working_days": front.green_working_days,
        "delegate_green": front.delegate_green,
        "history_minutes": front.history_minutes,
        "limit_working_days": further.limit_working_days,
        "consent_minutes": further.consent_minutes,
        "chase_after": int(further.chase_after_days * MINUTES_PER_DAY),
        "chase_minutes": further.chase_minutes,
        "all_replies_needed": further.all_replies_needed,
        "police_batch_days": further.police_batch_days,
        "decide_within": int(within * MINUTES_PER_HOUR) if within > 0 else NONE,
        "second_manager_on_call": look.second_manager_on_call,
        "second_look_due_working_days": look.due_working_days,
        "night_handover_minutes": scenario.out_of_hours.handover_minutes,
        "information_wait_multiplier": abuse.information_wait_multiplier,
        "batching_removed": abuse.batching_removed,
        "early_help_linked": abuse.early_help_linked,
        "early_help_wait_multiplier": abuse.early_help_wait_multiplier,
    }


def _after_the_decision(scenario: Scenario) -> Mapping[str, int | float]:
    team, ending = scenario.assessment, scenario.ending
    return {
        "visits_section_47": scenario.out_of_hours.visits_section_47,
        "conference_minutes": scenario.strategy.conference_minutes,
        "teams": team.teams,
        "arrangement": ARRANGEMENTS.index(team.arrangement),
        "over_guide_after_days": team.over_guide_after_days,
        "duty_workers": team.duty_workers,
        "duty_visit_after": team.duty_visit_after_days * MINUTES_PER_DAY,
        "duty_reserved": team.duty_reserved,
        "arrange_minutes": team.arrange_minutes,
        "visit_due_working_days": team.visit_due_working_days,
        "urgent_retry": int(team.urgent_retry_hours * MINUTES_PER_HOUR),
        "brief_minutes": team.brief_minutes,
        "family_support_minutes": team.family_support_minutes,
        "drift_share": team.drift_share,
        "deadline_strength": team.deadline_strength,
        "deadline_margin": team.deadline_margin_working_days,
        "reviews": len(team.review_days),
        "long_supervision_days": team.long_supervision_days,
        "long_supervision_minutes": team.long_supervision_minutes,
        "rework_minutes": team.rework_minutes,
        "support_from_allocation": team.support_from_allocation,
        "handover_minutes": ending.handover_minutes,
        "waiting_visit_days": ending.waiting_visit_days,
        "taking_over_minutes": scenario.workforce.handover_minutes,
    }
