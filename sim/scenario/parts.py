"""The parts of a scenario that are the service's own: its calendar, people and practice, with unit, bounds and meaning.

No field has a default: a baseline file states every number, and a test demands a source and a grade of evidence for
each. Efforts are minutes of somebody's working time; delays are elapsed civil time.
"""

from datetime import date
from typing import Annotated, Final, Self

from pydantic import Field, model_validator

from sim.scenario.quantities import Arrangement, Law, Order, Part, Posts, count, law, quantity, share, switch

MOST_ROUNDS: Final = 3
_WEEKS_OF_WORK: Final = 12_000.0
_A_NIGHT: Final = 900.0
"""Minutes that 99 in 100 may last at most: an assessment's or an enquiry's work, and a visit of those on at night."""


class RunCalendar(Part):
    """When the modelled year runs and when the office is open."""

    first_day: date = Field(
        ge=date(1990, 1, 1),
        le=date(2100, 12, 31),
        description="First day of the reporting year.",
        json_schema_extra={"unit": "date"},
        strict=False,
    )
    warm_up_days: int = quantity("Days run on the baseline before the reporting year.", "days", 0, 1461)
    horizon_days: int = quantity("Length of the reporting year.", "days", 1, 3660)
    follow_up_days: int = quantity("Days run beyond it, so that its last children are followed.", "days", 0, 366)
    office_opens_minute: int = quantity("When the office opens.", "minute of the day", 0, 1439)
    office_closes_minute: int = quantity("When the office closes.", "minute of the day", 1, 1440)

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> Self:
        if self.office_opens_minute >= self.office_closes_minute:
            raise ValueError("office_opens_minute must be before office_closes_minute")
        return self


class FrontDoor(Part):
    """First response: screening, rating and deciding every contact."""

    managers: int = quantity("Team managers at the front door.", "people", 0, 200)
    senior_practitioners: int = quantity("Senior practitioners who take delegated decisions.", "people", 0, 200)
    workers: int = quantity("First response workers who gather information.", "people", 0, 500)
    delegate_green: bool = switch("Senior practitioners may decide contacts rated less urgent.")
    order: Order = Field(description="What a free manager does next.", json_schema_extra={"unit": "rule"}, strict=False)
    screening_minutes: Law = law("A manager's effort to screen and rate a contact.", "minutes")
    decision_minutes: Law = law("A manager's effort to decide a contact and record why.", "minutes")
    further_child_minutes: int = quantity(
        "Added to screening and to deciding for each further child.", "minutes", 0, 120
    )
    red_hours: float = quantity("Target for deciding contacts rated red.", "hours", 0.25, 72)
    amber_working_days: int = quantity("Target for deciding contacts rated amber.", "working days", 0, 20)
    green_working_days: int = quantity("Target for deciding contacts rated green.", "working days", 0, 20)
    history_minutes: int = quantity("Protected time to read the family's history before a decision.", "minutes", 0, 480)
    history_return_multiplier: float = quantity(
        "Returns of families whose history is read are multiplied by this; 1 is none.", "ratio", 0.0, 2.0
    )
    early_help_wait_days: Law = law("Wait for an early help place.", "days")


class FurtherWork(Part):
    """Clarifying a contact before its decision: partners' checks and consent."""

    rounds: Law = count("Rounds of further work for an unclear contact.", "rounds", 1, MOST_ROUNDS)
    ask_minutes: Law = law("A first response worker's effort to ask partners and family.", "minutes")
    chase_minutes: int = quantity("Effort of one chase.", "minutes", 1, 240)
    chase_after_days: float = quantity(
        "Elapsed days after which a missing reply is chased; 0 for never.", "days", 0, 60
    )
    police_asked_share: float = share("Rounds in which police are asked.")
    health_asked_share: float = share("Rounds in which health services are asked.")
    education_asked_share: float = share("Rounds in which schools are asked.")
    police_reply_days: Law = law("Police reply time.", "days")
    health_reply_days: Law = law("Health services' reply time.", "days")
    education_reply_days: Law = law("Schools' reply time.", "days")
    reply_multiplier: float = quantity("All partners' reply times are multiplied by this.", "ratio", 0.0, 20.0)
    all_replies_needed: bool = switch("Decide only when every reply is in; otherwise when all but the slowest are.")
    police_batch_days: int = quantity(
        "Police domestic abuse information is released every so many days; 0 for at once.", "days", 0, 28
    )
    limit_working_days: int = quantity(
        "After this many working days the manager must decide; 0 for no limit.", "working days", 0, 60
    )
    wrong_if_cut_share: float = share(
        "Decisions that are wrong, of those taken at the limit on less than was asked for: no action where there is "
        "need, and a referral where there is less."
    )
    consent_minutes: int = quantity("Worker's effort to seek consent.", "minutes", 1, 480)
    consent_days: Law = law("Time for a family to answer about consent.", "days")
    consent_refused_share: float = share("Families asked for consent who refuse.")
    consent_dispensed_share: float = share("Refusals that a manager overrides for the child's safety.")


class SecondLook(Part):
    """When it is unclear whether the section 47 threshold is met."""

    information_days: Law = law("Wait for the information a second look needs.", "days")
    minutes: Law = law("A manager's effort for a second look.", "minutes")
    due_working_days: int = quantity("When a second look is due without an on-call manager.", "working days", 0, 20)
    second_manager_on_call: bool = switch("A second manager is on call, so second looks go first.")
    decide_within_hours: float = quantity(
        "The manager must decide within this long of the first look; 0 for no rule.", "hours", 0, 720
    )


class Strategy(Part):
    """Strategy discussions and section 47 enquiries."""

    slot_hours: Law = law("Time to convene social care, police and health, before one of the day's slots.", "hours")
    slots_per_day: int = quantity("Discussions that police and health can join.", "discussions a working day", 1, 200)
    minutes: Law = law("A manager's effort for the discussion and its record.", "minutes")
    to_section_47_share: float = share("Discussions that start a section 47 enquiry.")
    dating_minutes: int = quantity(
        "Minutes a strategy discussion takes longer for giving each action an owner and a date.", "minutes", 0, 120
    )
    actions_timed_share: float = share("Strategy actions recorded with an owner and a date.")
    action_days: Law = law("Time to finish a strategy action that has an owner and a date.", "days")
    drift_days: Law = law("Further delay of an action without them.", "days")
    enquiry_minutes: Law = law("Worker's effort for a section 47 enquiry beyond the visit.", "minutes", _WEEKS_OF_WORK)
    conference_share: float = share("Enquiries that go to an initial child protection conference.")
    conference_working_days: Law = law(
        "Working days from strategy discussion to the conference booked.", "working days"
    )
    conference_minutes: int = quantity("Worker's effort for the conference report and attendance.", "minutes", 1, 2400)


class OutOfHours(Part):
    """The emergency duty team, on when the office is closed."""

    staff: int = quantity("People on at any closed hour.", "people", 0, 20)
    screening_minutes: Law = law("Effort to screen a contact.", "minutes")
    visit_minutes: Law = law("Effort to visit a family at once.", "minutes", _A_NIGHT)
    handover_minutes: int = quantity("Day-service effort to take over one contact.", "minutes", 1, 120)
    visits_section_47: bool = switch(
        "Children of a section 47 enquiry are visited by whoever is at work, nights and weekends too."
    )


class DomesticAbuseTeam(Part):
    """A social work team co-located with the police: four separate levers and where its staff come from."""

    on: bool = switch("The team works.")
    managers: int = quantity("Its managers.", "people", 0, 20)
    social_workers: int = quantity("Its social workers.", "people", 0, 60)
    posts: Posts = Field(
        description="Whether its staff are new posts or taken from existing ones.",
        json_schema_extra={"unit": "rule"},
        strict=False,
    )
    information_wait_multiplier: float = quantity("Police reply time is multiplied by this.", "ratio", 0.0, 2.0)
    batching_removed: bool = switch("Police information is no longer released in batches.")
    needless_referral_multiplier: float = quantity(
        "Referrals of domestic abuse contacts that need none are multiplied by this; 1 is no effect.", "ratio", 0.0, 2.0
    )
    early_help_linked: bool = switch("Early help places are held for the team's families.")
    early_help_wait_multiplier: float = quantity(
        "The wait for early help is multiplied by this when linked.", "ratio", 0.0, 2.0
    )


class SocialWorkers(Part):
    """Social workers of the assessment teams, by kind."""

    experienced: int = quantity("Experienced social workers.", "people", 0, 1000)
    newly_qualified: int = quantity("Newly qualified social workers (ASYE).", "people", 0, 1000)
    agency: int = quantity("Agency social workers.", "people", 0, 1000)


class Assessment(Part):
    """Allocation, visits and assessments."""

    teams: int = quantity("Assessment teams.", "teams", 1, 40)
    arrangement: Arrangement = Field(
        description="How referrals are shared among the teams.", json_schema_extra={"unit": "rule"}, strict=False
    )
    managers: int = quantity("Managers of the assessment teams.", "people", 0, 200)
    social_workers: SocialWorkers
    family_support_workers: int = quantity(
        "Family support workers: they take tasks and cannot 'see' a child.", "people", 0, 300
    )
    caseload_guide: int = quantity("Caseload guide of an experienced worker.", "children", 1, 100)
    newly_qualified_load: float = quantity("A newly qualified worker's guide as a share of it.", "share", 0.1, 1.0)
    over_guide_after_days: int = quantity("Days unallocated after which the guide may be exceeded.", "days", 0, 90)
    allocation_minutes: Law = law("A manager's effort to allocate with clear direction.", "minutes")
    duty_workers: int = quantity("Social workers on the duty rota each day.", "people", 0, 50)
    duty_visit_after_days: int = quantity("Days unallocated after which duty visits.", "days", 0, 90)
    duty_reserved: bool = switch("Those on the rota do nothing else that day.")
    arrange_minutes: int = quantity("Worker's effort to arrange a first visit.", "minutes", 1, 240)
    appointment_days: Law = law("Wait for the family to be available for a first visit.", "days")
    visit_minutes: Law = law("Effort of a visit with travel and record.", "minutes")
    visit_further_child_minutes: int = quantity("Added to a visit for each further child.", "minutes", 0, 240)
    visit_due_working_days: int = quantity("When a first visit is due after allocation.", "working days", 0, 45)
    failed_visit_share: float = share("First visits that fail.")
    retry_days: Law = law("Wait before a failed visit is tried again.", "days")
    urgent_retry_hours: float = quantity(
        "Wait before a failed urgent visit is tried again, at most.", "hours", 0.1, 240
    )
    brief_share: float = share("Section 17 assessments that the first visit shows to need no more than its record.")
    brief_minutes: int = quantity("Effort of such an assessment beyond the visit.", "minutes", 1, 480)
    sibling_missed_share: float = share("Children other than the first not seen at a visit.")
    work_minutes: Law = law("Effort of an assessment for the first child, beyond visits.", "minutes", _WEEKS_OF_WORK)
    work_further_child_minutes: int = quantity("Added for each further child.", "minutes", 0, 6000)
    family_support_minutes: int = quantity(
        "Direct work by family support workers in each assessment.", "minutes", 0, 3000
    )
    outside_days: Law = law("Elapsed days an assessment waits for partners and family.", "days")
    drift_share: float = share("Part of that which nobody needed: removed when progress is reviewed.")
    deadline_strength: float = share("How strongly waits are cut short as the 45th working day nears; 0 is not at all.")
    deadline_exempt_share: float = share("Assessments whose waits are not cut short, however late they end.")
    deadline_margin_working_days: int = quantity(
        "Working days before the 45th by which waits are to be over, for what is left to do.",
        "working days",
        0,
        30,
    )
    review_days: tuple[Annotated[int, Field(ge=1, le=60)], ...] = Field(
        max_length=10,
        strict=False,
        description="Working days after allocation at which progress is to be reviewed.",
        json_schema_extra={"unit": "working days"},
    )
    review_done_share: float = share("Reviews that are really done.")
    review_minutes: Law = law("A manager's effort for a review.", "minutes")
    long_supervision_days: int = quantity(
        "Working days between supervisions of assessments open over 20 working days; 0 for none.", "working days", 0, 60
    )
    long_supervision_minutes: int = quantity("A manager's effort for one.", "minutes", 1, 240)
    unstick_share: float = share("Such supervisions that remove the needless wait.")
    sign_off_minutes: Law = law("A manager's effort to authorise an assessment.", "minutes")
    sign_off_returned_share: float = share("Assessments returned to the worker once.")
    rework_minutes: int = quantity("Worker's effort when returned.", "minutes", 1, 2400)
    support_from_allocation: bool = switch("Support starts while the assessment goes on.")
    support_start_days: Law = law("Wait for support once asked for.", "days")

    @model_validator(mode="after")
    def _reviews_follow_one_another(self) -> Self:
        if list(self.review_days) != sorted(set(self.review_days)):
            raise ValueError("review_days must rise from each to the next")
        return self


class Ending(Part):
    """What follows an assessment or an enquiry."""

    close_share: float = share("Section 17 assessments that end in closing.")
    step_down_share: float = share("Section 17 assessments that step down to early help.")
    close_after_section_47_share: float = share(
        "Enquiries without a conference that end in closing after the assessment."
    )
    step_down_days: Law = law("Wait for an early help place.", "days")
    transfer_days: Law = law("Wait for a locality / safeguarding team to accept a transfer.", "days")
    handover_minutes: int = quantity("Worker's effort to hand a case over.", "minutes", 1, 960)
    waiting_visit_days: int = quantity("Days between visits while a transfer waits; 0 for none.", "days", 0, 90)


class Workforce(Part):
    """Absence, leave, leavers and booked time of everybody."""

    absence_share: float = quantity("Working time lost to sickness.", "share", 0.0, 0.5)
    leave_days: float = quantity("Annual leave, besides bank holidays.", "working days a year", 0, 60)
    august_leave_index: float = quantity("Relative leave in August.", "ratio", 0.0, 6.0)
    christmas_leave_index: float = quantity("Relative leave in the second half of December.", "ratio", 0.0, 10.0)
    part_time_share: float = share("People other than managers and senior practitioners who work three days in five.")
    turnover_per_year: float = quantity("Social workers who leave in a year.", "share a year", 0.0, 3.0)
    vacancy_days: float = quantity("Days a left post stays empty.", "days", 0, 730)
    handover_minutes: int = quantity("Effort for a new holder to take over a case.", "minutes", 1, 960)
    booked_minutes_worker: int = quantity(
        "Booked time a day of a worker: meetings, supervision, training, other cases' admin.", "minutes a day", 0, 480
    )
    booked_minutes_manager: int = quantity("Booked time a day of a manager.", "minutes a day", 0, 480)
    booked_minutes_first_response: int = quantity(
        "Booked time a day of a first response worker.", "minutes a day", 0, 480
    )
    recruitment_days_experienced: int = quantity(
        "Days from the decision until an added permanent social worker or manager starts.", "days", 0, 730
    )
    recruitment_days_newly_qualified: int = quantity("The same for a newly qualified one.", "days", 0, 730)
    recruitment_days_agency: int = quantity("The same for an agency one.", "days", 0, 730)
    ramp_up_days: int = quantity("Days at half capacity after starting.", "days", 0, 365)
    sudden_leavers: int = quantity("Social workers lost at once when the levers start.", "people", 0, 500)
