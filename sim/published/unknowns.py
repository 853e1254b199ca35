"""What no statistic tells of a front door, and how far each may lie from what is taken for granted of it.

Each unknown is a number, or a factor on several, of the prior: moved before the arithmetic from published figures is
done, so that whatever it is, contacts still give the published referrals and posts the published work. All other
numbers that have a plausible range are `others`: published figures say nothing of them worth fitting, and every draw
has them anywhere in their ranges.
"""

import math
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from sim.calibration.knobs import Knob, knobs
from sim.published.prior import Prior
from sim.scenario import Scenario, Source

Fields = Mapping[str, object]
_MOST_OF_A_SHARE: Final = 0.97


class Unknown(NamedTuple):
    """Something that the fit moves: any value from `low` to `high` is as likely before, or any logarithm of one."""

    name: str
    label: str
    unit: str
    low: float
    high: float
    in_logarithm: bool
    fields: Callable[[Scenario, float], Fields]
    why: str

    def value(self, position: float) -> float:
        """The number at a position from 0 to 1."""
        if self.in_logarithm:
            return float(self.low * (self.high / self.low) ** position)
        return self.low + position * (self.high - self.low)


def _times(*paths: str) -> Callable[[Scenario, float], Fields]:
    """Every one of these numbers times the factor; a share stays one."""

    def fields(scenario: Scenario, factor: float) -> Fields:
        products = {path: float(str(scenario.value(path))) * factor for path in paths}
        return {p: min(value, _MOST_OF_A_SHARE) if p.endswith("_share") else value for p, value in products.items()}

    return fields


def _as(path: str) -> Callable[[Scenario, float], Fields]:
    """The number itself, whole where the scenario has a whole number there."""
    return lambda scenario, number: {path: round(number) if isinstance(scenario.value(path), int) else number}


def _nothing(_scenario: Scenario, _number: float) -> Fields:
    return {}


def _appointments(_scenario: Scenario, median: float) -> Fields:
    law = "assessment.appointment_days"
    return {f"{law}.maximum": _LONGEST_APPOINTMENT, f"{law}.p95": _APPOINTMENT_TAIL * median, f"{law}.median": median}


def _tail(scenario: Scenario, factor: float) -> Fields:
    law = "assessment.outside_days.rest"
    median, p95 = (float(str(scenario.value(f"{law}.{number}"))) for number in ("median", "p95"))
    return {f"{law}.p95": median * (1 + (p95 / median - 1) * factor)}


_LONGEST_APPOINTMENT: Final = 30
_APPOINTMENT_TAIL: Final = 3.9
_REPLIES: Final = tuple(
    f"further_work.{who}_reply_days.{what}" for who in ("police", "health", "education") for what in ("p95", "median")
)
_NONE: Final = "Nothing is published of it."
_BUSY: Final = "Nothing is published of efforts; only the ratio of work to people shows in any figure."
CONVERSION: Final = "conversion"

_FACTOR, _NUMBER = True, False  # in logarithm or not

UNKNOWNS: Final = (
    Unknown(
        "assessing_effort", "effort of visits, assessments and enquiries", "times the prior's", 0.6, 1.2, _FACTOR,
        _times("assessment.work_minutes.mean", "assessment.visit_minutes.mean", "strategy.enquiry_minutes.mean"),
        f"{_BUSY} With the prior's, social workers are busy for about 70% of their hours.",
    ),
    Unknown(
        "deciding_effort", "effort of screening and deciding contacts", "times the prior's", 0.6, 1.2, _FACTOR,
        _times("front_door.screening_minutes.mean", "front_door.decision_minutes.mean"),
        f"{_BUSY} With the prior's, the front door's managers are busy for about 68% of their hours.",
    ),
    Unknown(
        "managing_effort", "effort of allocation, reviews and sign-off", "times the prior's", 0.6, 1.2, _FACTOR,
        _times(*(f"assessment.{work}_minutes.mean" for work in ("allocation", "review", "sign_off"))),
        f"{_BUSY} With the prior's, managers of assessments are busy for about 65% of their hours.",
    ),
    Unknown(
        CONVERSION, "referrals of a contact", "times the prior's", 0.6, 1.3, _FACTOR, _nothing,
        "Contacts are counted in no statistic. The prior's 0.44 by 0.6 to 1.3 is 0.27 to 0.58; elsewhere 0.25 to 0.48.",
    ),
    Unknown(
        "further_work", "contacts whose information is unclear", "times the prior's", 0.5, 1.6, _FACTOR,
        _times(*(f"demand.{source.value}.information_unclear_share" for source in Source)), _NONE,
    ),
    Unknown(
        "replies", "how long partners take to reply", "times the prior's", 0.5, 2.0, _FACTOR, _times(*_REPLIES), _NONE,
    ),
    Unknown(
        "appointments", "median wait for a family to be visited", "days", 0.5, 5.0, _FACTOR, _appointments,
        "No return holds when a child was seen.",
    ),
    Unknown(
        "outside", "waits of an assessment for partners and family", "times the prior's", 0.4, 2.5, _FACTOR,
        _times("assessment.outside_days.rest.p95", "assessment.outside_days.rest.median"),
        "Only how long assessments take in all is published.",
    ),
    Unknown(
        "outside_tail", "how far the longest of these lie above the middle", "times the prior's", 0.4, 1.8, _FACTOR,
        _tail, "Only how long assessments take in all is published.",
    ),
    Unknown(
        "outside_none", "assessments that wait for nobody", "share", 0.02, 0.30, _NUMBER,
        _as("assessment.outside_days.zero_share"), "Only how long assessments take in all is published.",
    ),
    Unknown(
        "brief", "assessments that the first visit ends", "times the prior's", 0.3, 3.0, _FACTOR,
        _times("assessment.brief_share"), "Beside those completed on the day they begin, they are not published.",
    ),
    Unknown(
        "deadline_strength", "how strongly waits are cut short for the 45th working day", "share", 0.0, 1.0, _NUMBER,
        _as("assessment.deadline_strength"), "Shown by those completed on days 41 to 45 and after.",
    ),
    Unknown(
        "deadline_exempt", "assessments whose waits are not cut short", "share", 0.005, 0.6, _FACTOR,
        _as("assessment.deadline_exempt_share"), "Shown by those completed long after the 45th day.",
    ),
    Unknown(
        "deadline_margin", "days before the 45th by which waits are to be over", "working days", 0.0, 20.0, _NUMBER,
        _as("assessment.deadline_margin_working_days"), "Shown by where assessments pile up.",
    ),
    Unknown(
        "returns_assessed", "returns after an assessment or transfer", "times the prior's", 0.6, 1.9, _FACTOR,
        _times("returns.after_assessment_share", "returns.after_transfer_share"),
        "Re-referrals are published for all referrals together.",
    ),
    Unknown(
        "returns_others", "returns after contacts that were not assessed", "times the prior's", 0.6, 1.6, _FACTOR,
        _times("returns.after_no_action_share", "returns.after_early_help_share"),
        "Re-referrals are published for all referrals together.",
    ),
    Unknown(
        "return_delay", "median time from its ending until a family comes back", "days", 60.0, 180.0, _FACTOR,
        lambda _, days: {"returns.delay_days.p95": min(2.737 * days, 290.0), "returns.delay_days.median": days},
        "Re-referrals within 12 months are published, and not when.",
    ),
)  # fmt: skip
"""Their ranges are assumptions about any authority, grade D, wide enough to hold what practice elsewhere shows."""

BEFORE_OTHERS: Final = frozenset(unknown for unknown in UNKNOWNS if unknown.name == "outside_tail")
"""What is moved first, for another moves the same number after it."""

_SET_BY_FIGURES: Final = (
    "demand.family_contacts_per_year", "demand.other_team_share", "need.section_47_share",
    "need.referred_then_no_action_share", "strategy.conference_share", "ending.close_share", "ending.step_down_share",
    "assessment.caseload_guide", "assessment.deadline_",
)  # fmt: skip
# Only the work in all shows in any figure, and the efforts above vary that; posts stand at what they are to meet.
_SHOW_AS_WORK: Final = (
    "assessment.arrange_minutes", "assessment.visit_further_child_minutes", "assessment.work_further_child_minutes",
    "assessment.family_support", "assessment.rework_minutes", "assessment.duty_workers", "ending.handover_minutes",
    "front_door.further_child_minutes", "further_work.ask_minutes", "further_work.chase_minutes",
    "further_work.consent_minutes", "second_look.minutes", "strategy.minutes", "strategy.conference_minutes",
    "strategy.slots_per_day", "out_of_hours.staff", "workforce.handover_minutes", "workforce.booked_",
    "workforce.part_time_share", "workforce.leave_days",
)  # fmt: skip


def others(prior: Prior) -> tuple[Knob, ...]:
    """The numbers that are drawn and not fitted."""
    fitted = {
        path for unknown in UNKNOWNS for path in unknown.fields(prior.scenario, unknown.value(0.5))
    }  # fmt: skip
    return tuple(
        knob
        for knob in knobs(prior.scenario, tuple(prior.evidence.values()))
        if knob.path not in fitted
        and not knob.path.startswith((*_SET_BY_FIGURES, *_SHOW_AS_WORK))
        and not knob.path.endswith(("below_threshold_share", "domestic_abuse_share"))
    )


def usual_position(unknown: Unknown) -> float:
    """Where the prior itself stands: a factor of one, and otherwise the middle."""
    if not unknown.in_logarithm or not unknown.low < 1 < unknown.high:
        return 0.5
    return -math.log(unknown.low) / math.log(unknown.high / unknown.low)
