"""Demand from published figures: contacts by source and month, and how many are about domestic abuse."""

from calendar import monthrange
from typing import Final

from scipy.optimize import brentq

from sim.published.draft import Draft, rows
from sim.published.flows import conversion
from sim.published.layouts import MONTHS
from sim.published.prior import Prior
from sim.scenario import Source

CONVERSION: Final = {
    Source.POLICE: 0.36,
    Source.SCHOOLS: 0.50,
    Source.HEALTH: 0.52,
    Source.LA_SERVICES: 0.60,
    Source.INDIVIDUALS: 0.42,
    Source.OTHER: 0.50,
}
"""Referrals of a contact of each source: assumptions, as for the prior; no statistic counts contacts."""
_APRIL_TO_DECEMBER: Final = 9
_DECIMALS: Final = 3
_CONTACTS_TO: Final = 10
_MOST_CONVERTED: Final = 0.85
_WHY: Final = {
    Source.POLICE: "below the others', because police notify more than they refer",
    Source.LA_SERVICES: "above the others', who know the threshold less well",
}


def converted(prior: Prior, source: Source) -> float:
    """Referrals assumed of a contact of this source; not all of any source's become one."""
    return min(CONVERSION[source] * prior.conversion, _MOST_CONVERTED)


def set_contacts(draft: Draft) -> None:
    """Contacts a year and whose they are: referrals of each source over the conversion assumed of it."""
    shares = {source: draft.told[f"from_{source.value}_share"] for source in Source}
    total = sum(share.value for share in shares.values())
    referrals = draft.value("referrals")
    contacts = {
        source: referrals * share.value / total / converted(draft.prior, source) for source, share in shares.items()
    }
    children = sum(contacts.values())
    families = children / draft.scenario.demand.children_per_family.mean
    whole = max(_CONTACTS_TO, round(families / _CONTACTS_TO) * _CONTACTS_TO)
    draft.scaled(
        "demand.family_contacts_per_year",
        whole,
        f"No contact volume is published. {referrals:,.0f} referrals ({rows(draft.told['referrals'])}) at "
        f"{referrals / children:.3f} referrals a contact, which follows from the sources and the conversion assumed of "
        f"each, and {children / families:.2f} children a family.",
    )
    set_shares(draft, {source: count / children for source, count in contacts.items()})


def set_shares(draft: Draft, wanted: dict[Source, float]) -> None:
    """The shares of contacts, to three decimals, all together so that they sum to one."""
    found = {source: round(share, _DECIMALS) for source, share in wanted.items()}
    largest = max(found, key=lambda source: found[source])
    found[largest] = round(found[largest] + 1 - sum(found.values()), _DECIMALS)
    draft.scenario = draft.scenario.changed({f"demand.{s.value}.contact_share": v for s, v in found.items()})
    for source, share in found.items():
        told = draft.told[f"from_{source.value}_share"]
        why = f", {_WHY[source]}" if source in _WHY else ""
        draft.moved(
            f"demand.{source.value}.contact_share",
            share,
            f"{told.value:.1%} of referrals ({rows(told)}), at an assumed conversion of "
            f"{converted(draft.prior, source):.2f}{why}."
            f"{f' {told.note[0].upper()}{told.note[1:]}.' if told.note else ''}",
        )


def set_months(draft: Draft) -> None:
    """Referrals a day of each month over those of the year, January first. Contacts are taken to follow referrals."""
    told = [draft.told[f"in_{month}_share"] for month in MONTHS]
    year, total = draft.statement.year, sum(one.value for one in told)
    lengths = [monthrange(year - (n < _APRIL_TO_DECEMBER), (n + 3) % 12 + 1)[1] for n in range(len(MONTHS))]
    index = [
        round(one.value / total / (length / sum(lengths)), _DECIMALS) for one, length in zip(told, lengths, strict=True)
    ]
    january_first = index[_APRIL_TO_DECEMBER:] + index[:_APRIL_TO_DECEMBER]
    source = f"{rows(*told)}: referrals of each month over its days, over the year's mean a day. Contacts are taken to "
    words = f"{source}follow. One year's months hold chance as well as season."
    if any(one.borrowed for one in told):
        draft.ranged("demand.month_index", january_first, words, january_first[0] * 0.8, january_first[0] * 1.2)
    else:
        draft.official("demand.month_index", january_first, words)


def set_domestic_abuse(draft: Draft) -> None:
    """The odds of domestic abuse of every source are multiplied alike, so that referrals have the published share."""
    told = draft.told.get("domestic_abuse_share")
    if told is None:
        draft.notes.append("Domestic abuse: no factors are published for the year, so the prior's shares stand.")
        return
    weights = _referral_weights(draft)
    before = {source: draft.scenario.demand.profile(source).domestic_abuse_share for source in Source}

    def short_by(odds: float) -> float:
        return sum(weights[s] * _with_odds(before[s], odds) for s in Source) - told.value

    rarest, commonest = 1e-6, 1e6
    if short_by(rarest) >= 0 or short_by(commonest) <= 0:
        by = rarest if short_by(rarest) >= 0 else commonest
    else:
        by = float(brentq(short_by, rarest, commonest))
    for source in Source:
        draft.moved(
            f"demand.{source.value}.domestic_abuse_share",
            round(_with_odds(before[source], by), _DECIMALS),
            f"Not published by source: the prior's {before[source]:.2f}, its odds multiplied as those of every "
            "source, so "
            f"that {told.value:.1%} of referrals are about domestic abuse: a parent as the victim, of episodes with "
            f"factors ({rows(told)}).",
        )


def _with_odds(share: float, by: float) -> float:
    return share * by / (1 - share + share * by)


def _referral_weights(draft: Draft) -> dict[Source, float]:
    demand = draft.scenario.demand
    found = {s: demand.profile(s).contact_share * conversion(draft.scenario, s) for s in Source}
    return {source: weight / sum(found.values()) for source, weight in found.items()}
