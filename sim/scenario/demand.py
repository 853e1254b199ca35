"""What comes to the front door: contacts, the need behind them, and the families that return.

No field has a default: a baseline file states every number, and a test demands a source and a grade of evidence for
each.
"""

from typing import Self

from pydantic import Field, model_validator

from sim.scenario.quantities import Law, Part, Source, count, law, quantity, share

SHARES_TOLERANCE = 1e-6


class SourceProfile(Part):
    """One group of referrers: how many contacts they send, and how good those are."""

    contact_share: float = share("Share of all family contacts that come from this source.")
    below_threshold_share: float = share("Of its contacts, how many describe needs that universal services could meet.")
    information_unclear_share: float = share("Of its contacts, how many need clarifying before a decision.")
    consent_missing_share: float = share("Of its contacts, how many record no parental consent.")
    domestic_abuse_share: float = share("Of its contacts, how many are about domestic abuse.")


class Surge(Part):
    """A temporary rise in the contacts of one source, counted from the day the levers start."""

    source: Source = Field(description="The source that rises.", json_schema_extra={"unit": "source"}, strict=False)
    multiplier: float = quantity("Its contacts are multiplied by this.", "ratio", 0.0, 10.0)
    after_days: int = quantity("Days from the levers' start to the surge.", "days", 0, 3660)
    lasts_days: int = quantity("Length of the surge; 0 for none.", "days", 0, 3660)


class Demand(Part):
    """Contacts reaching the front door: how many families, when, from whom."""

    family_contacts_per_year: float = quantity(
        "Family contacts a year, returns included.", "contacts a year", 0, 500_000
    )
    multiplier: float = quantity("All contacts are multiplied by this.", "ratio", 0.0, 10.0)
    month_index: tuple[float, ...] = Field(
        min_length=12,
        max_length=12,
        strict=False,
        description="Relative contacts a day by month, January first.",
        json_schema_extra={"unit": "ratio"},
    )
    weekday_index: tuple[float, ...] = Field(
        min_length=7,
        max_length=7,
        strict=False,
        description="Relative contacts by weekday, Monday first.",
        json_schema_extra={"unit": "ratio"},
    )
    hour_index: tuple[float, ...] = Field(
        min_length=24,
        max_length=24,
        strict=False,
        description="Relative contacts by hour of the day.",
        json_schema_extra={"unit": "ratio"},
    )
    daily_dispersion: float = quantity(
        "Over-dispersion of daily counts: variance = mean + this x mean^2.", "ratio", 0.0, 5.0
    )
    weekly_cv: float = quantity("Coefficient of variation of a factor shared by all days of a week.", "ratio", 0.0, 1.0)
    children_per_family: Law = count("Children in a family contact.", "children", 1, 15)
    open_case_share: float = share("Contacts about a child whose case is already open elsewhere in the service.")
    other_team_share: float = share("Referrals that go to a disabilities, exploitation or pre-birth team.")
    below_threshold_multiplier: float = quantity(
        "Of the contacts below the threshold of universal services, how many are still made.", "ratio", 0.0, 1.0
    )
    information_unclear_multiplier: float = quantity(
        "Every source's share of unclear contacts is multiplied by this.", "ratio", 0.0, 2.0
    )
    consent_missing_multiplier: float = quantity(
        "Every source's share of contacts without consent is multiplied by this.", "ratio", 0.0, 2.0
    )
    other_authority_share: float = share("Contacts that belong to another authority.")
    police: SourceProfile
    schools: SourceProfile
    health: SourceProfile
    la_services: SourceProfile
    individuals: SourceProfile
    other: SourceProfile
    surge: Surge

    @model_validator(mode="after")
    def _shares_sum_to_one(self) -> Self:
        total = sum(self.profile(source).contact_share for source in Source)
        if abs(total - 1.0) > SHARES_TOLERANCE:
            raise ValueError(f"the contact_share of the sources must sum to 1, not {total:.6f}")
        for name in ("month_index", "weekday_index", "hour_index"):
            values: tuple[float, ...] = getattr(self, name)
            if min(values) < 0 or sum(values) <= 0:
                raise ValueError(f"{name} must hold no negative number and not only zeros")
        return self

    def profile(self, source: Source) -> SourceProfile:
        """The profile of one source."""
        profile: SourceProfile = getattr(self, source.value)
        return profile


class Need(Part):
    """What is truly so for the families above the threshold of universal services, and how well it is first rated."""

    early_help_share: float = share("Of families above that threshold: need early help only.")
    section_47_share: float = share("Of those who need more than early help: significant harm is likely (section 47).")
    immediate_share: float = share("Of those at significant harm: at immediate risk.")
    unclear_threshold_share: float = share(
        "Of those at significant harm but not immediate risk: it is unclear whether the section 47 threshold is met."
    )
    unclear_if_in_need_share: float = share(
        "Contacts about children in need for whom it is unclear whether the section 47 threshold is met."
    )
    rated_red_if_significant_share: float = share(
        "Of those at significant, not immediate, risk: first rated for an immediate decision."
    )
    rated_green_if_in_need_share: float = share("Of the other children in need: first rated less urgent.")
    immediate_missed_share: float = share("Of those at immediate risk: not rated so at first.")
    referred_below_threshold_share: float = share(
        "Of families below the threshold: referred for assessment all the same."
    )
    early_help_referred_share: float = share("Of families needing early help: referred for assessment all the same.")
    referred_then_no_action_share: float = share(
        "Of referrals without section 47: no further action before any assessment."
    )
    section_47_at_visit_share: float = share(
        "Of section 17 assessments: a section 47 enquiry is triggered at the first visit."
    )
    section_47_in_assessment_share: float = share(
        "Of section 17 assessments: a section 47 enquiry is triggered during the assessment."
    )


class Returns(Part):
    """Children who come back: probability by how the contact ended, and delay."""

    after_no_action_share: float = share("Return after no further action or advice at contact.")
    after_early_help_share: float = share("Return after early help.")
    after_assessment_share: float = share("Return after an assessment that closed or stepped down.")
    after_transfer_share: float = share("Return after transfer to a locality / safeguarding team.")
    multiplier: float = quantity("All of these are multiplied by this.", "ratio", 0.0, 3.0)
    same_need_share: float = share("Returns in which the family's need is as it was found at the contact before.")
    delay_days: Law = law("Time from ending to return.", "days", most=1200)
    case_days: float = quantity(
        "Usual time from contact to the ending of an assessed case: it times the returns due from before the run.",
        "days",
        0,
        365,
    )
