"""How many children a scenario's shares send where in a year: the arithmetic between published counts and its numbers.

The same as the model's, in expectation and with no wait: contacts, referrals, those without action, assessments,
enquiries and conferences. It is used both ways: to say what a scenario implies, and to solve for shares that imply what
is published.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sim.scenario import Scenario, Source


@dataclass(frozen=True, slots=True)
class Flows:
    """Children a year by what becomes of them; `strategy` are those referred for a strategy discussion at once.

    `strategy`, `assessed` and later are those who stay with the front door's own teams.
    """

    contacts: float
    referrals: Mapping[Source, float]
    strategy: float
    no_action: float
    assessed: float
    enquiries: float
    conferences: float
    not_in_need: float

    @property
    def referred(self) -> float:
        """Referrals of all sources."""
        return sum(self.referrals.values())


def flows_of(scenario: Scenario) -> Flows:
    """What a scenario implies for a year of its baseline."""
    demand, need, ending = scenario.demand, scenario.need, scenario.ending
    contacts = demand.family_contacts_per_year * demand.children_per_family.mean
    referrals = {s: contacts * demand.profile(s).contact_share * conversion(scenario, s) for s in Source}
    at_once = sum(contacts * demand.profile(s).contact_share * harm_share(scenario, s) for s in Source)
    kept, referred = 1 - demand.other_team_share, sum(referrals.values())
    no_action = (referred - at_once) * kept * need.referred_then_no_action_share
    strategy, assessed = at_once * kept, referred * kept - no_action
    enquiries = enquiries_of(scenario, strategy, assessed)
    without = enquiries * (1 - scenario.strategy.conference_share)
    ended = without * ending.close_after_section_47_share
    ended += (assessed - enquiries) * (ending.close_share + ending.step_down_share)
    return Flows(
        contacts, referrals, strategy, no_action, assessed, enquiries, enquiries - without, ended
    )  # fmt: skip


def enquiries_of(scenario: Scenario, strategy: float, assessed: float) -> float:
    """Section 47 enquiries: of the discussions held at once, and of those that a visit or an assessment leads to."""
    need = scenario.need
    later = need.section_47_at_visit_share + need.section_47_in_assessment_share
    return scenario.strategy.to_section_47_share * (strategy + later * (assessed - strategy))


def conversion(scenario: Scenario, source: Source) -> float:
    """Referrals of a contact of this source."""
    below = scenario.demand.profile(source).below_threshold_share
    needless, needed = _parts(scenario, source)
    return _ours(scenario) * (below * needless + (1 - below) * needed)


def below_threshold(scenario: Scenario, source: Source, wanted: float) -> float:
    """The share of a source's contacts below the threshold with which as many become referrals as wanted.

    It may lie outside 0 to 1: then no share does.
    """
    needless, needed = _parts(scenario, source)
    return (needed - wanted / _ours(scenario)) / (needed - needless)


def harm_share(scenario: Scenario, source: Source) -> float:
    """Of a source's contacts, those referred because significant harm is likely."""
    below, need = scenario.demand.profile(source).below_threshold_share, scenario.need
    return _ours(scenario) * (1 - below) * (1 - need.early_help_share) * need.section_47_share


def _parts(scenario: Scenario, source: Source) -> tuple[float, float]:
    """Of a source's contacts below the threshold, and above it: how many are referred."""
    need, further = scenario.need, scenario.further_work
    refused = scenario.demand.profile(source).consent_missing_share * further.consent_refused_share
    agreed = 1 - refused * (1 - further.consent_dispensed_share)
    harm = (1 - need.early_help_share) * need.section_47_share
    asked = need.early_help_share * need.early_help_referred_share
    asked += (1 - need.early_help_share) * (1 - need.section_47_share)
    return agreed * need.referred_below_threshold_share, agreed * asked + harm


def _ours(scenario: Scenario) -> float:
    return (1 - scenario.demand.open_case_share) * (1 - scenario.demand.other_authority_share)
