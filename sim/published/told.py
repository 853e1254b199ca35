"""What the published figures tell of an authority: counts, shares and quartiles, with what is not known of each."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Final

from sim.published.figures import AuthorityFigures, Figure
from sim.published.layouts import BANDS, CONFERENCE_BANDS, MONTHS, SOURCES
from sim.published.splits import HIDDEN_HALF_WIDTH, HIDDEN_MIDDLE, Split, split
from sim.published.values import Code
from sim.scenario import Source

Place = Mapping[str, Figure]
FEWEST_NEIGHBOURS: Final = 3
_PER_CENT: Final = 100.0

SOURCE_GROUPS: Final[Mapping[Source, tuple[str, ...]]] = {
    Source.POLICE: ("police",),
    Source.SCHOOLS: ("schools", "education_services"),
    Source.HEALTH: ("health_services",),
    Source.LA_SERVICES: ("la_services",),
    Source.INDIVIDUALS: ("individual",),
    Source.OTHER: ("housing", "other_legal_agency", "other", "anonymous", "unknown"),
}
WORKFORCE_RATES: Final = ("turnover", "agency", "vacancy", "absence")
_COUNTS: Final = ("referrals", "assessments", "section_47", "conferences", "social_workers", "case_holders", "caseload")
_QUARTILES: Final = tuple(f"{what}_q{at}" for what in ("assessment", "conference") for at in (25, 50, 75))
_OF_REFERRALS: Final = ("no_action", "rereferrals", "not_in_need")


@dataclass(frozen=True, slots=True)
class Told:
    """A figure that can be used, or put together from several.

    `half_width` is what rounding and suppression leave open; `size` is how many children a share is of; `borrowed` is
    the place it stands in from, or empty; `figures` are what it was made from.
    """

    name: str
    value: float
    half_width: float
    size: float | None
    figures: tuple[Figure, ...]
    note: str = ""
    borrowed: str = ""

    def standard_error(self, clustering: float) -> float:
        """Of a share: by how much chance alone may have it differ. `clustering` is how much siblings add to it.

        Of no children known the share is as uncertain as of one in twice their number.
        """
        if self.size is None:
            return 0.0
        held = min(max(self.value, 0.5 / self.size), 1 - 0.5 / self.size)
        return math.sqrt(held * (1 - held) / self.size * clustering)


def told(figures: AuthorityFigures) -> dict[str, Told]:
    """All that is told, by name. What is missing and may be borrowed is, and says from where; the rest is left out."""
    elsewhere = [place for places in figures.areas.values() for place in places]
    found = {one.name: one for one in _of_place(figures.figures, elsewhere)}
    for where, places in figures.areas.items():
        if set(_may_be_borrowed()) <= set(found):
            break
        theirs = [{one.name: one for one in _of_place(place, elsewhere)} for place in places]
        for name in _may_be_borrowed():
            have = [one[name] for one in theirs if name in one]
            if name not in found and len(have) >= min(len(places), FEWEST_NEIGHBOURS):
                found[name] = _borrowed(have, where)
    return found


def is_borrowable(name: str) -> bool:
    """Whether another place may stand in: for the make-up of work, never for how much there is or how long it takes."""
    return name in set(_may_be_borrowed())


def _may_be_borrowed() -> Iterator[str]:
    yield from (f"from_{source.value}_share" for source in Source)
    yield from (f"in_{month}_share" for month in MONTHS)
    yield from (f"{band}_share" for band in CONFERENCE_BANDS)
    yield from WORKFORCE_RATES
    yield "domestic_abuse_share"


def _borrowed(have: Sequence[Told], where: str) -> Told:
    """The middle of what others have; how far it may be out is how far they lie apart."""
    values = [one.value for one in have]
    apart = (max(values) - min(values)) / 2
    return replace(have[0], value=median(values), half_width=max(apart, have[0].half_width), size=None, borrowed=where)


def _of_place(place: Place, elsewhere: Sequence[Place]) -> Iterator[Told]:
    for name in (*_COUNTS, *_QUARTILES):
        if (value := place[name].value) is not None:
            yield Told(name, value, place[name].cell.half_step, None, (place[name],), place[name].note)
    for name in _OF_REFERRALS:
        yield from _share_of_referrals(place, name)
    yield from _shares(place, elsewhere, "referrals_by_source", SOURCES, _SOURCE_SHARES)
    yield from _shares(place, elsewhere, "referrals_by_month", MONTHS, {f"in_{m}_share": (m,) for m in MONTHS})
    yield from _shares(place, elsewhere, "assessments", BANDS, _BAND_SHARES)
    yield from _shares(place, elsewhere, "conferences", CONFERENCE_BANDS, _CONFERENCE_SHARES)
    yield from _domestic_abuse(place)
    for name in WORKFORCE_RATES:
        yield from _rate(place[name])


_SOURCE_SHARES: Final = {f"from_{source.value}_share": names for source, names in SOURCE_GROUPS.items()}
_BAND_SHARES: Final = {
    **{f"{band}_share": (band,) for band in BANDS},
    "within_45_days_share": BANDS[: BANDS.index("41_45_days") + 1],
}
_CONFERENCE_SHARES: Final = {
    **{f"{band}_share": (band,) for band in CONFERENCE_BANDS},
    "conference_within_15_days_share": CONFERENCE_BANDS[:2],
}


def _share_of_referrals(place: Place, name: str) -> Iterator[Told]:
    """Of the counts; of the rounded percentage where the count is not in the release."""
    figure, referrals, percent = place[name], place["referrals"], place[f"{name}_percent"]
    if not referrals.value:
        return
    if figure.value is None and figure.cell.code is not Code.CONFIDENTIAL and percent.value is not None:
        half_width = percent.cell.half_step / _PER_CENT
        share = percent.value / _PER_CENT
        yield Told(f"{name}_share", share, half_width, referrals.value, (percent, referrals), "a rounded percentage")
        return
    value, half_width, note = figure.value, figure.cell.half_step, ""
    if figure.cell.code is Code.CONFIDENTIAL:
        # C1 has no sums from which a hidden count could be worked out, so what it hides is small itself.
        value, half_width, note = HIDDEN_MIDDLE, HIDDEN_HALF_WIDTH, "suppressed: 1 to 5, taken as 3"
    size = referrals.value
    if value is not None and value <= size:
        yield Told(f"{name}_share", value / size, half_width / size, size, (figure, referrals), note)


def _shares(
    place: Place, elsewhere: Sequence[Place], whole: str, parts: Sequence[str], groups: Mapping[str, Sequence[str]]
) -> Iterator[Told]:
    found = split(place, parts, whole, elsewhere)
    if found is None or not found.whole:
        return
    for name, chosen in groups.items():
        sum_ = found.of(chosen)
        half_width = max(sum_.high - sum_.value, sum_.value - sum_.low) / found.whole
        figures = (*(place[part] for part in chosen), place[whole])
        yield Told(name, sum_.value / found.whole, half_width, found.whole, figures, _hidden(found, chosen))


def _hidden(found: Split, chosen: Sequence[str]) -> str:
    hidden = [name for name in found.hidden if name in chosen]
    if not hidden:
        return ""
    names = ", ".join(name.replace("_", " ") for name in found.hidden)
    return f"{names} suppressed: together {found.left:,.0f} of {found.whole:,.0f}"


def _domestic_abuse(place: Place) -> Iterator[Told]:
    """A parent as the victim, of episodes with factors: the least that domestic abuse of any kind can be."""
    figure, episodes = place["domestic_abuse_parent"], place["episodes"]
    if figure.value is not None and episodes.value and figure.value <= episodes.value:
        size = episodes.value
        yield Told("domestic_abuse_share", figure.value / size, figure.cell.half_step / size, size, (figure, episodes))


def _rate(figure: Figure) -> Iterator[Told]:
    step = figure.cell.rounded_to / _PER_CENT
    if figure.value is not None:
        yield Told(figure.field, figure.value / _PER_CENT, step / 2, None, (figure,), figure.note)
    elif figure.cell.code is Code.LOW:
        yield Told(figure.field, step / 4, step / 4, None, (figure,), figure.why_none)
