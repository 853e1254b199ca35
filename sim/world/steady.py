"""What the laws of the fates imply in a steady state: how contacts end, and how many are returns."""

import numpy as np

from sim.scenario import Scenario, Source


def return_shares(scenario: Scenario) -> tuple[float, float, float, float]:
    """The probability of return by class of ending (`sim.policies.return_class`), before multipliers."""
    returns = scenario.returns
    return (
        returns.after_no_action_share,
        returns.after_early_help_share,
        returns.after_assessment_share,
        returns.after_transfer_share,
    )


def referred_return_share(scenario: Scenario) -> float:
    """Of the returns due from before the run, the share whose previous contact was referred, in a steady state."""
    outcomes = outcome_shares(scenario)
    weights = [outcome * back for outcome, back in zip(outcomes, return_shares(scenario), strict=True)]
    return (weights[2] + weights[3]) / sum(weights) if sum(weights) > 0 else 0.0


def outcome_shares(scenario: Scenario) -> tuple[float, float, float, float]:
    """The share of family contacts that end in each class of ending, as the laws of their fates imply.

    The four sum to less than 1: a contact on an open case, or for another team or authority, has no ending of ours.
    """
    demand, need, further = scenario.demand, scenario.need, scenario.further_work
    ours = (1 - demand.open_case_share) * (1 - demand.other_authority_share)
    totals = np.zeros(4)
    for source in Source:
        profile = demand.profile(source)
        below, above = profile.below_threshold_share, 1 - profile.below_threshold_share
        refused = (
            profile.consent_missing_share
            * demand.consent_missing_multiplier
            * further.consent_refused_share
            * (1 - further.consent_dispensed_share)
        )
        early = above * need.early_help_share
        serious = above * (1 - need.early_help_share) * need.section_47_share
        in_need = above * (1 - need.early_help_share) * (1 - need.section_47_share)
        referable = (below * need.referred_below_threshold_share + early * need.early_help_referred_share + in_need) * (
            1 - refused
        )
        helped = early * (1 - need.early_help_referred_share) * (1 - refused)
        referred = (referable + serious) * (1 - demand.other_team_share)
        assessed = referred - referable * (1 - demand.other_team_share) * need.referred_then_no_action_share
        moved = assessed * (1 - scenario.ending.close_share - scenario.ending.step_down_share)
        elsewhere = (referable + serious) * demand.other_team_share
        shares = np.array([1 - helped - assessed - elsewhere, helped, assessed - moved, moved])
        totals += profile.contact_share * ours * shares
    first, second, third, fourth = totals.tolist()
    return first, second, third, fourth


def implied_return_share(scenario: Scenario) -> float:
    """Expected returns of one contact: the share of a steady stream of contacts that are returns."""
    returns = sum(o * r for o, r in zip(outcome_shares(scenario), return_shares(scenario), strict=True))
    return min(returns * scenario.returns.multiplier, 0.95)
