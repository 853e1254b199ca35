"""What the laws of the fates imply in a steady state: how contacts end, and how many are returns."""

import numpy as np
from numpy.typing import NDArray

from sim.scenario import Scenario, Source

Shares = NDArray[np.float64]

_MOST_RETURNING = 0.95
# Immediate risk is the last of `Need`, and one with significant harm in all that is reckoned here.
_CLASS_OF_NEED = [0, 1, 2, 3, 3]


def return_shares(scenario: Scenario) -> tuple[float, float, float, float]:
    """The probability of return by class of ending (`sim.policies.return_class`), before multipliers."""
    returns = scenario.returns
    return (
        returns.after_no_action_share,
        returns.after_early_help_share,
        returns.after_assessment_share,
        returns.after_transfer_share,
    )


def return_chances(scenario: Scenario) -> Shares:
    """The probability of return by class of ending, of a family whose history nobody has read."""
    chances: Shares = np.array(return_shares(scenario)) * scenario.returns.multiplier
    return chances


def _average_chances(scenario: Scenario) -> Shares:
    """The same of all families, those whose history is read among them: in a steady state, the returns."""
    front, chances = scenario.front_door, return_chances(scenario)
    if not front.history_minutes:
        return chances
    unread = sum(float((_of_all(scenario, source) @ _endings(scenario, source) * chances).sum()) for source in Source)
    effect = front.history_return_multiplier - 1
    returning = unread / (1 - unread * effect)
    return chances * (1 + returning * effect)


def referred_return_share(scenario: Scenario) -> float:
    """Of the returns due from before the run, the share whose previous contact was referred, in a steady state."""
    outcomes = outcome_shares(scenario)
    weights = [outcome * back for outcome, back in zip(outcomes, return_shares(scenario), strict=True)]
    return (weights[2] + weights[3]) / sum(weights) if sum(weights) > 0 else 0.0


def referred_return_shares(scenario: Scenario) -> Shares:
    """The same by the need found at the previous contact, in the order of `Need`."""
    returns = sum(_of_all(scenario, source)[:, None] * _returns(scenario, source) for source in Source)
    every = np.asarray(returns).sum(axis=1)
    referred: Shares = np.asarray(returns)[:, 2:].sum(axis=1) / np.where(every > 0, every, 1.0)
    return referred[_CLASS_OF_NEED]


def outcome_shares(scenario: Scenario) -> tuple[float, float, float, float]:
    """The share of family contacts that end in each class of ending, as the laws of their fates imply.

    The four sum to less than 1: a contact on an open case, or for another team or authority, has no ending of ours.
    """
    totals = sum(_of_all(scenario, source) @ _endings(scenario, source) for source in Source)
    first, second, third, fourth = np.asarray(totals).tolist()
    return first, second, third, fourth


def new_needs(scenario: Scenario, baseline: Scenario) -> Shares:
    """The needs of families found in a need of their own: first contacts, and returns whose need is another one.

    A scenario's shares are those of all contacts, and returns with the need they had before are among them: what is in
    greater need comes back more, so that fewer of the new are. In a steady state of the baseline both together give the
    shares asked for. Shape (sources, needs), needs up to significant harm.
    """
    same = baseline.returns.same_need_share
    new = np.stack(
        [
            _need_shares(scenario, source) * (1 - same * np.minimum(_returns(baseline, source).sum(axis=1), 1.0))
            for source in Source
        ]
    )
    total = new.sum(axis=1, keepdims=True)
    return np.where(total > 0, new / np.where(total > 0, total, 1.0), 0.25)


def returning_needs(baseline: Scenario) -> Shares:
    """The need found before of families due to come back: shape (sources, needs), in the order of `Need`."""
    immediate = baseline.need.immediate_share
    found = np.stack([_need_shares(baseline, source) * _returns(baseline, source).sum(axis=1) for source in Source])[
        :, _CLASS_OF_NEED
    ] * [1.0, 1.0, 1.0, 1 - immediate, immediate]
    total = found.sum(axis=1, keepdims=True)
    return np.where(total > 0, found / np.where(total > 0, total, 1.0), 1 / len(_CLASS_OF_NEED))


def _of_all(scenario: Scenario, source: Source) -> Shares:
    """The share of all contacts that come from a source with each need."""
    return scenario.demand.profile(source).contact_share * _need_shares(scenario, source)


def _returns(scenario: Scenario, source: Source) -> Shares:
    """Expected returns of a source's contact by its need and the class of its ending: shape (needs, classes)."""
    return _endings(scenario, source) * _average_chances(scenario)


def _need_shares(scenario: Scenario, source: Source) -> Shares:
    """A source's contacts by need: below the threshold, early help, in need, at significant harm."""
    need, below = scenario.need, scenario.demand.profile(source).below_threshold_share
    more = (1 - below) * (1 - need.early_help_share)
    return np.array(
        [
            below,
            (1 - below) * need.early_help_share,
            more * (1 - need.section_47_share),
            more * need.section_47_share,
        ]
    )


def _endings(scenario: Scenario, source: Source) -> Shares:
    """How a source's contacts of each need end: shape (needs, classes of ending)."""
    demand, need, further = scenario.demand, scenario.need, scenario.further_work
    refused = (
        demand.profile(source).consent_missing_share
        * demand.consent_missing_multiplier
        * further.consent_refused_share
        * (1 - further.consent_dispensed_share)
    )
    agreed = np.array([1 - refused, 1 - refused, 1 - refused, 1.0])
    referred = agreed * [need.referred_below_threshold_share, need.early_help_referred_share, 1.0, 1.0]
    helped = agreed * [0.0, 1 - need.early_help_referred_share, 0.0, 0.0]
    dropped = need.referred_then_no_action_share
    assessed = referred * (1 - demand.other_team_share) * [1 - dropped, 1 - dropped, 1 - dropped, 1.0]
    moved = assessed * _moved_shares(scenario)
    elsewhere = referred * demand.other_team_share
    ours = (1 - demand.open_case_share) * (1 - demand.other_authority_share)
    return ours * np.stack([1 - helped - assessed - elsewhere, helped, assessed - moved, moved], axis=1)


def _moved_shares(scenario: Scenario) -> Shares:
    """Of those assessed, by need: transferred at the end, with or without an enquiry under section 47."""
    need, ending, strategy = scenario.need, scenario.ending, scenario.strategy
    unless_brief = (1 - scenario.assessment.brief_share) * need.section_47_in_assessment_share
    found_later = need.section_47_at_visit_share + (1 - need.section_47_at_visit_share) * unless_brief
    enquired = strategy.to_section_47_share * np.array([found_later, found_later, found_later, 1.0])
    after_enquiry = 1 - ending.close_after_section_47_share * (1 - strategy.conference_share)
    without = 1 - ending.close_share - ending.step_down_share
    moved: Shares = enquired * after_enquiry + (1 - enquired) * without
    return moved


def implied_returns(scenario: Scenario) -> Shares:
    """Expected returns of one contact of each source, by the class of its ending: shape (sources, classes)."""
    returns = np.stack([_need_shares(scenario, source) @ _returns(scenario, source) for source in Source])
    # Were all of a source's contacts returns, nobody would have come first.
    totals = returns.sum(axis=1, keepdims=True)
    possible: Shares = returns * _MOST_RETURNING / np.maximum(totals, _MOST_RETURNING)
    return possible


def implied_return_share(scenario: Scenario) -> float:
    """Expected returns of one contact: the share of a steady stream of contacts that are returns."""
    shares = [scenario.demand.profile(source).contact_share for source in Source]
    return float(np.array(shares) @ implied_returns(scenario).sum(axis=1))
