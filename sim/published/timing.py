"""How long things take, from published figures: where the fit starts. What is waited for, no statistic tells."""

import math
from typing import Final

from scipy.optimize import brentq

from sim.distributions import Discrete
from sim.published.draft import Draft, rows
from sim.published.layouts import CONFERENCE_BANDS

_DECIMALS: Final = 3
_DAYS_OF_BAND: Final[dict[str, range]] = {
    "duration_0_10_days": range(11),
    "duration_11_15_days": range(11, 16),
    "duration_16_20_days": range(16, 21),
    "duration_21_days": range(21, 121),
}
_TILTED: Final = "duration_11_15_days"
_MIDDLE: Final = 13
_STEEPEST: Final = 3.0
_LONGEST: Final = 200.0


def set_conferences(draft: Draft) -> None:
    """Working days to the conference: the published bands, filled as the prior's, tilted to the published median."""
    told = [draft.told.get(f"{band}_share") for band in CONFERENCE_BANDS]
    if any(one is None for one in told):
        draft.notes.append("Conferences: their timing is not published, so the prior's stands.")
        return
    bands = [one for one in told if one is not None]
    prior = draft.prior.scenario.strategy.conference_working_days
    if not isinstance(prior, Discrete):
        return
    middle = draft.told.get("conference_q50")
    shares = dict(zip(CONFERENCE_BANDS, (one.value for one in bands), strict=True))
    found = _tilted(prior, shares, None if middle is None else middle.value)
    law = {"kind": "discrete", "values": list(found), "shares": _summing_to_one(list(found.values()))}
    mean = sum(day * share for day, share in found.items())
    used = (*bands, middle) if middle is not None else tuple(bands)
    draft.ranged(
        "strategy.conference_working_days",
        law,
        f"The published bands ({rows(*used)}), each filled as the prior's is, with 11 to 15 days tilted so that the "
        "median is "
        "as published. Days held are taken as days booked, which are a little earlier.",
        mean - 2,
        mean + 2,
    )


def _tilted(prior: Discrete, bands: dict[str, float], middle: float | None) -> dict[int, float]:
    weights = {int(day): share for day, share in zip(prior.values, prior.shares, strict=True)}

    def law(tilt: float) -> dict[int, float]:
        found: dict[int, float] = {}
        for band, share in bands.items():
            days = [day for day in weights if day in _DAYS_OF_BAND[band]]
            by = {day: weights[day] * math.exp(tilt * (day - _MIDDLE if band == _TILTED else 0)) for day in days}
            found |= {day: share * weight / sum(by.values()) for day, weight in by.items()}
        return found

    def beyond(tilt: float) -> float:
        found = law(tilt)
        below = sum(share for day, share in found.items() if day < (middle or 0))
        return below + found.get(int(middle or 0), 0.0) / 2 - 0.5

    if middle is None or int(middle) not in _DAYS_OF_BAND[_TILTED]:
        return law(0.0)
    if beyond(-_STEEPEST) * beyond(_STEEPEST) >= 0:
        return law(min((-_STEEPEST, _STEEPEST), key=lambda tilt: abs(beyond(tilt))))
    return law(float(brentq(beyond, -_STEEPEST, _STEEPEST)))


def _summing_to_one(shares: list[float]) -> list[float]:
    found = [round(share, 4) for share in shares]
    largest = found.index(max(found))
    found[largest] = round(found[largest] + 1 - sum(found), 4)
    return found


def set_durations(draft: Draft) -> None:
    """Waits outside the service in proportion to the published quartiles: where the fit starts, and no more."""
    published, told = draft.prior.published, draft.told
    longer = told["assessment_q50"].value / published["assessment_working_days_q50"]
    tail = told["assessment_q75"].value / published["assessment_working_days_q75"]
    median = draft.prior.number("assessment.outside_days.rest.median") * max(longer, 0.05)
    p95 = min(max(draft.prior.number("assessment.outside_days.rest.p95") * tail, median * 1.5), _LONGEST - 1)
    median = min(median, p95 / 1.2)
    where = rows(told["assessment_q50"], told["assessment_q75"])
    draft.scenario = draft.scenario.changed({"assessment.outside_days.rest.p95": 399})
    draft.scaled(
        "assessment.outside_days",
        round(median, 1),
        "Not published: set so that assessments take the published time. To begin with, the prior's median times "
        f"{longer:.2f} "
        f"and its 95th percentile times {tail:.2f}, as the median and upper quartile of assessments ({where}); then "
        "fitted.",
        of="assessment.outside_days.rest.median",
    )
    draft.scenario = draft.scenario.changed({"assessment.outside_days.rest.p95": round(p95, 1)})


def set_brief(draft: Draft) -> None:
    """Assessments that a visit ends, in proportion to those completed on the day they began."""
    told = draft.told.get("same_day_share")
    if told is None:
        return
    before = draft.prior.published["assessment_band_same_day_share"]
    draft.moved(
        "assessment.brief_share",
        round(min(max(draft.prior.number("assessment.brief_share") * told.value / before, 0.01), 0.6), _DECIMALS),
        f"So that some assessments end on the day they begin, {told.value:.1%} as published ({rows(told)}); then "
        "fitted.",
    )


def set_returns(draft: Draft) -> None:
    """Returns after assessment and transfer in proportion to re-referrals."""
    told = draft.told.get("rereferrals_share")
    if told is None:
        draft.notes.append("Returns: re-referrals are not published, so the prior's shares stand.")
        return
    ratio = told.value / draft.prior.published["rereferrals_share"]
    for name in ("after_assessment_share", "after_transfer_share"):
        path = f"returns.{name}"
        draft.moved(
            path,
            round(min(max(draft.prior.number(path) * ratio, 0.01), 0.9), _DECIMALS),
            f"Set so that re-referrals within 12 months come near the published {told.value:.1%} ({rows(told)}): to "
            "begin with "
            "in proportion to the prior's; then fitted.",
        )
