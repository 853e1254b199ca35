"""Where referrals go, from published figures: other teams, no further action, section 47, conferences, endings."""

from dataclasses import dataclass
from typing import Final

from scipy.optimize import brentq

from sim.published.demand import converted
from sim.published.draft import Draft, rows
from sim.published.flows import below_threshold, enquiries_of, flows_of
from sim.published.values import PublishedError
from sim.scenario import Scenario, Source

ASSESSED_HERE: Final = (0.97, 0.5, 1.0)
"""The share of an authority's assessments that are the front door's: usual, least and most. The rest are of children
whose case was open already."""
OTHER_TEAMS: Final = (0.05, 0.40)
"""The share of referrals that go to other teams: least and most."""
ENQUIRED_HERE: Final = (0.75, 0.4, 1.0)
"""The share of an authority's section 47 enquiries that begin at the front door: usual, least and most."""
HARM: Final = (0.01, 0.60)
"""Of children who need more than early help, those at significant harm: least and most."""
ENDED: Final = (0.02, 0.98)
_DECIMALS: Final = 3
_WORTH_SAYING: Final = 0.01


def set_other_teams(draft: Draft) -> None:
    """Referrals less those without action less the front door's assessments are another team's."""
    referrals, assessments = draft.value("referrals"), draft.value("assessments")
    no_action = draft.value("no_action_share") * referrals
    usual, least, most = ASSESSED_HERE
    elsewhere = 1 - (usual * assessments + no_action) / referrals
    other = round(min(max(elsewhere, OTHER_TEAMS[0]), OTHER_TEAMS[1]), _DECIMALS)
    here = (referrals * (1 - other) - no_action) / assessments
    if not least <= here <= most:
        raise PublishedError(_impossible(referrals - no_action, assessments))
    if abs(here - usual) >= _WORTH_SAYING:
        draft.notes.append(
            f"Assessments: {assessments:,.0f} are published for {referrals - no_action:,.0f} referrals with action, so "
            f"{here:.0%} of them are taken to be the front door's, not {usual:.0%}; the rest of children whose "
            "case "
            "was open."
        )
    draft.shares["assessments"] = (round(here, _DECIMALS), min(0.8, round(here, _DECIMALS)), most)
    draft.moved(
        "demand.other_team_share",
        other,
        f"Set so that assessments fit: {referrals:,.0f} referrals less {no_action:,.0f} without action, and "
        f"{assessments:,.0f} assessments completed, {here:.0%} of them the front door's "
        f"({rows(draft.told['referrals'], draft.told['no_action_share'], draft.told['assessments'])}).",
    )


def _impossible(with_action: float, assessments: float) -> str:
    what = "more than two in five went elsewhere" if with_action > assessments else "over half were of open cases"
    return (
        f"{assessments:,.0f} assessments for {with_action:,.0f} referrals with action: {what}, or the two are not "
        "counted alike"
    )


@dataclass(frozen=True, slots=True)
class _Implied:
    """A scenario whose referrals are as published, whatever its share at significant harm, and its enquiries."""

    scenario: Scenario
    enquiries: float


def set_section_47(draft: Draft) -> None:
    """The share at significant harm with which the front door's part of the published enquiries begin there."""
    wanted = draft.value("section_47")
    usual, least, most = ENQUIRED_HERE
    low, high = (_with_harm(draft, share).enquiries for share in HARM)
    here = min(max(usual, low / wanted), high / wanted)
    if not least <= here <= most:
        raise PublishedError(
            f"{wanted:,.0f} section 47 enquiries for {draft.value('referrals'):,.0f} referrals are more than a "
            "front door "
            "could begin four in ten of, or too few"
        )
    if here != usual:
        draft.notes.append(
            f"Section 47: {here:.0%} of enquiries are taken to begin at the front door, not {usual:.0%}."
        )

    def short_by(share: float) -> float:
        return _with_harm(draft, share).enquiries - here * wanted

    harm = HARM[0] if here * wanted <= low else HARM[1] if here * wanted >= high else float(brentq(short_by, *HARM))
    harm = round(harm, 2)
    for measure in ("section_47", "conferences"):
        draft.shares[measure] = (round(here, _DECIMALS), min(0.6, round(here, _DECIMALS)), max(0.9, round(here, 3)))
    found = _with_harm(draft, harm).scenario
    draft.moved(
        "need.section_47_share",
        harm,
        f"Set so that enquiries begun at the front door come to {here:.0%} of the {wanted:,.0f} published "
        f"({rows(draft.told['section_47'])}).",
    )
    for source in Source:
        path = f"demand.{source.value}.below_threshold_share"
        draft.moved(
            path,
            float(str(found.value(path))),
            f"Solved from the conversion of {converted(draft.prior, source):.2f} assumed.",
        )


def _with_harm(draft: Draft, harm: float) -> _Implied:
    """The scenario with this share at significant harm, and the below-threshold shares that keep the conversions."""
    scenario = draft.scenario.changed({"need.section_47_share": harm})
    below = {s: below_threshold(scenario, s, converted(draft.prior, s)) for s in Source}
    shares = {f"demand.{s.value}.below_threshold_share": round(min(max(b, 0), 1), 3) for s, b in below.items()}
    scenario = scenario.changed(shares)
    flows = flows_of(scenario)
    no_action = draft.value("no_action_share") * flows.referred
    assessed = flows.referred * (1 - scenario.demand.other_team_share) - no_action
    return _Implied(scenario, enquiries_of(scenario, flows.strategy, assessed))


def set_no_action(draft: Draft) -> None:
    """Referrals without action, as a share of those that may end so in the model."""
    told, flows = draft.told["no_action_share"], flows_of(draft.scenario)
    may = flows.referred * (1 - draft.scenario.demand.other_team_share) - flows.strategy
    share = round(min(told.value * flows.referred / may, 0.95), _DECIMALS)
    draft.moved(
        "need.referred_then_no_action_share",
        share,
        f"{told.value:.1%} of referrals ended without further action "
        f"({rows(told)}{f'; {told.note}' if told.note else ''}). "
        "As a share of those that could so end in the model, neither section 47 nor another team's, that is "
        f"{share:.1%}.",
    )


def set_conference_share(draft: Draft) -> None:
    """Conferences over enquiries: a ratio of the year's counts."""
    conferences, enquiries = draft.told["conferences"], draft.told["section_47"]
    ratio = conferences.value / enquiries.value
    if ratio > 1:
        draft.notes.append(
            f"Conferences: {ratio:.0%} of the enquiries published, which the model takes as all of them."
        )
    draft.moved(
        "strategy.conference_share",
        round(min(ratio, 1.0), _DECIMALS),
        f"{conferences.value:,.0f} conferences to {enquiries.value:,.0f} section 47 enquiries "
        f"({rows(conferences, enquiries)}), a "
        "ratio of the year's counts for the whole authority. Assumed to hold at the front door.",
    )


def set_endings(draft: Draft) -> None:
    """Assessments that close or step down, in the prior's proportion, so that as many as published are not in need."""
    told = draft.told.get("not_in_need_share")
    if told is None:
        draft.notes.append("Endings: children found not in need are not published, so the prior's shares stand.")
        return
    flows, ending = flows_of(draft.scenario), draft.prior.scenario.ending
    after_enquiry = (flows.enquiries - flows.conferences) * ending.close_after_section_47_share
    wanted = (told.value * flows.referred - after_enquiry) / (flows.assessed - flows.enquiries)
    ended = min(max(wanted, ENDED[0]), ENDED[1])
    if ended != wanted:
        draft.notes.append(f"Endings: {wanted:.0%} of assessments would have to end in closing or stepping down.")
    closing = ending.close_share / (ending.close_share + ending.step_down_share)
    close = round(ended * closing, _DECIMALS)
    words = (
        f"{told.value:.1%} of referrals were assessed and found not in need ({rows(told)}): {ended:.1%} of section 17 "
        "assessments, closed or stepped down in the prior's proportion."
    )
    # Both at once: either alone might sum with the prior's other to more than one.
    down = round(ended - close, _DECIMALS)
    draft.scenario = draft.scenario.changed({"ending.close_share": close, "ending.step_down_share": down})
    draft.moved("ending.close_share", close, words)
    draft.moved("ending.step_down_share", down, words)
