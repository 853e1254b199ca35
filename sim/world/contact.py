"""A family's contact with everything chance has decided about it, drawn before anything moves."""

from typing import NamedTuple

from sim.events import Ending, Need, Rating

MOST_FAILED_VISITS = 3
MOST_RETURNS = 6
NOT_ASKED = -1


class Round(NamedTuple):
    """One round of further work: efforts and outside delays in minutes, `NOT_ASKED` where a partner is not asked."""

    ask_minutes: int
    police_reply: int
    health_reply: int
    education_reply: int
    chased_reply: int


class Contact(NamedTuple):
    """One family's contact and its fate. Efforts and delays are whole minutes; flags are 0 or 1.

    `would_return` says, for each way of ending (`sim.policies.return_class`), whether the family comes back, and
    `return_delay` how long after that ending. A return itself comes at `minute_of_day`, and on the next working day
    unless it `comes_on_closed_days`. A contact `not_made` is one that referrers no longer make. One `wrong_if_cut` is
    decided wrongly where it is decided on less than was asked for; one `misdirected` is referred though it needs less,
    and so is one `misdirected_by_team` where the domestic abuse team decides. No deadline cuts the waits of one
    `unhurried` short.
    """

    id: int
    received: int
    source: int
    domestic_abuse: int
    children: int
    need: Need
    rating: Rating
    parent: int
    return_number: int
    seeded_return: int
    previously_referred: int
    open_case: int
    other_team: int
    other_authority: int
    information_unclear: int
    consent_missing: int
    consent_refused: int
    consent_dispensed: int
    wrong_if_cut: int
    threshold_unclear: int
    misdirected: int
    misdirected_by_team: int
    no_action_after_referral: int
    advice: int
    screening_minutes: int
    decision_minutes: int
    rounds: tuple[Round, ...]
    consent_delay: int
    second_look_delay: int
    second_look_minutes: int
    early_help_delay: int
    out_of_hours_screening_minutes: int
    out_of_hours_visit_minutes: int
    strategy_delay: int
    strategy_minutes: int
    to_section_47: int
    action_timed: int
    action_delay: int
    drift_delay: int
    enquiry_minutes: int
    to_conference: int
    conference_working_days: int
    allocation_minutes: int
    appointment_delay: int
    visit_minutes: int
    retry_delays: tuple[int, ...]
    missed_children: tuple[int, ...]
    section_47_at_visit: int
    section_47_in_assessment: int
    brief: int
    work_minutes: int
    outside_delay: int
    unhurried: int
    review_minutes: int
    reviews_done: tuple[int, ...]
    unstuck: tuple[int, ...]
    sign_off_minutes: int
    sign_off_returned: int
    support_delay: int
    ending: Ending
    close_after_section_47: int
    step_down_delay: int
    transfer_delay: int
    would_return: tuple[int, int, int, int]
    return_delay: int
    minute_of_day: int
    comes_on_closed_days: int
    not_made: int

    @property
    def failed_visits(self) -> int:
        """How many first visits fail before one succeeds."""
        return len(self.retry_delays) - 1
