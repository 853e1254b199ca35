"""The findings of the inspection letter of 2 November 2018, strengths too, and which of them a scenario touches."""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

LETTER: Final = (
    "Ofsted's letter of 2 November 2018 on its focused visit to Leicestershire's front door, 10 and 11 October 2018"
)


class Concern(NamedTuple):
    """What the letter says, in its own words; the levers that act on it, by how their paths begin; and its measures.

    `point` numbers the letter's improvement point that it is under, or is 0; `group` is whom it is about, where a
    measure is read for them. `is_strength` where inspectors found it good, so that it is to be kept.
    """

    words: str
    levers: tuple[str, ...]
    measures: tuple[str, ...]
    point: int = 0
    group: str = "all"
    is_strength: bool = False


POINTS: Final = (
    "Partners' consideration of thresholds, the quality of their referrals and their understanding of consent.",
    (
        "The timeliness of social workers visiting and talking to children who have been initially assessed as not at "
        "immediate risk of harm."
    ),
    (
        "The speed and quality of management decision-making when section 47 enquiries are being considered needs to "
        "be more consistent."
    ),
    "The clarity of recording actions, with timescales, as a result of strategy discussions.",
    "Consistency in the quality of assessments, including them being completed within a child's timescale.",
)
"""The letter's five improvement points, word for word."""

CONCERNS: Final = (
    Concern(
        "Their push to increase capacity, reduce caseloads and create a learning environment has been successful in "
        "stabilising the workforce",
        ("assessment.social_workers", "assessment.managers", "assessment.caseload_guide", "workforce."),
        ("caseload_mean", "days_to_seen_q90"),
        is_strength=True,
    ),
    Concern(
        "Team managers in the first response team promptly analyse and risk assess all contacts",
        ("front_door.managers", "front_door.senior_practitioners", "front_door.delegate_green", "front_door.screening"),
        ("contacts_decided_within_1_working_day_share", "red_decided_in_time_share"),
        is_strength=True,
    ),
    Concern(
        "team managers request further work to be undertaken before a decision is made ... inspectors saw examples "
        "where it delayed decision-making for up to 10 days",
        ("further_work.", "front_door.workers"),
        ("further_work_days_q95", "decision_days_q90"),
        1,
    ),
    Concern(
        "a pilot involving the co-location of a social work team with the police ... tangible improvements to the "
        "speed and quality of response to domestic abuse concerns",
        ("domestic_abuse_team.",),
        ("days_to_seen_q90", "decision_days_q90"),
        group="domestic_abuse",
        is_strength=True,
    ),
    Concern(
        "this valuable service could be enhanced further by integrating more closely with Leicestershire's early help "
        "offer",
        ("domestic_abuse_team.early_help", "front_door.early_help_wait_days", "ending.step_down_days"),
        ("first_help_days_q50",),
    ),
    Concern(
        "The quality of contacts and referrals from partner agencies is variable ... information is vague ... children "
        "are being referred when their needs could be met through universal services",
        ("demand.below_threshold_multiplier", "demand.information_unclear_multiplier"),
        ("hours_on_no_action_contacts_share",),
        1,
    ),
    Concern(
        "the importance of seeking consent from families ... is less consistent across partners. Unnecessary work is "
        "being created",
        ("demand.consent_missing_multiplier", "further_work.consent"),
        ("hours_on_no_action_contacts_share",),
        1,
    ),
    Concern(
        "Too many children are re-referred to children's services for the same or similar issues as before",
        ("returns.", "front_door.history"),
        ("rereferrals_share",),
    ),
    Concern(
        "where it was unclear ... whether the threshold for a strategy discussion and section 47 enquiry was met, "
        "inspectors saw delays",
        ("second_look.", "need.unclear"),
        ("unclear_to_section_47_decision_days_q90",),
        3,
    ),
    Concern(
        "actions, with timescales, are less clear, thus creating the potential for drift and delay for children",
        ("strategy.actions_timed_share", "strategy.dating_minutes", "strategy.drift_days"),
        ("strategy_actions_overdue_share",),
        4,
    ),
    Concern(
        "Social workers visit and see children quickly when they are assessed as being at risk of imminent harm",
        ("assessment.duty", "out_of_hours."),
        ("red_decided_in_time_share", "section_47_seen_within_1_working_day_share"),
        is_strength=True,
    ),
    Concern(
        "delays were introduced throughout the process: between contact and referral, between referral to allocation "
        "and between allocation to visit ... a minority of children not being seen for up to 20 days",
        ("assessment.", "front_door.", "further_work.", "domestic_abuse_team."),
        ("days_to_seen_q90", "beyond_20_days_per_month_count"),
        2,
        "not_immediate",
    ),
    Concern(
        "Some assessments could have been completed more quickly, resulting in earlier service provision",
        ("assessment.brief", "assessment.review", "assessment.deadline", "assessment.work", "assessment.outside"),
        ("assessments_within_45_working_days_share", "assessment_working_days_q50"),
        5,
    ),
    Concern(
        "Support services are not routinely provided during the assessment period",
        ("assessment.support",),
        ("first_help_days_q50",),
        5,
    ),
    Concern(
        "reviews of the progress of assessments are not consistently completed",
        ("assessment.review",),
        ("reviews_done_share",),
        5,
    ),
    Concern(
        "Supervision, though mostly regular, is not always effectively steering case progression",
        ("assessment.long_supervision", "assessment.unstick_share"),
        ("assessment_untouched_days_mean",),
        5,
    ),
    Concern(
        "The recently re-configured out of hours service is effective",
        ("out_of_hours.",),
        ("out_of_hours_days_to_seen_q90",),
        is_strength=True,
    ),
)


def touched(differences: Mapping[str, object]) -> Iterator[tuple[Concern, tuple[str, ...]]]:
    """The concerns on which levers act that a scenario changes, with those levers."""
    for concern in CONCERNS:
        mine = tuple(path for path in differences if path.startswith(concern.levers))
        if mine:
            yield concern, mine
