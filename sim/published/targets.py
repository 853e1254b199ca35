"""The targets of a baseline from published figures, each as close as chance and rounding let it be told.

The kinds, labels and least tolerances are the prior's. A tolerance is wider where the figure itself is uncertain: by
1.96 standard errors of a share or count of so many children in families, and by what rounding and suppression leave
open.
What is not published, or stands in from elsewhere, is no target.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sim.published.definition import CLUSTERING, ODD, Verdict
from sim.published.draft import Draft, rows
from sim.published.layouts import BANDS
from sim.published.told import Told

_BAND_DAYS: Final = dict(zip(BANDS, (1, 10, 10, 10, 10, 5, 5, 10, 40), strict=True))
_BAND_MIDDLE: Final = dict(zip(BANDS, (0.5, 5.5, 15.5, 25.5, 35.5, 43, 48, 55.5, 80), strict=True))
_WORKING_DAYS: Final = 252
_DECIMALS: Final = 3
OPEN: Final = "open_assessments_mean"
_FITTED_TOO: Final = {"assessment_band_41_45_share"}
"""Held out when the prior was set, which has no pile-up before the 45th day; here nothing else tells of one."""


@dataclass(frozen=True, slots=True)
class TargetEntry:
    """A target as its file holds it, beside the figure it is from (None for what is reckoned from several)."""

    entry: Mapping[str, Any]
    told: Told | None


def target_entries(draft: Draft) -> tuple[TargetEntry, ...]:
    """Every target that the published figures give, in the prior's order."""
    found: list[TargetEntry] = []
    for usual in draft.prior.targets:
        if usual["measure"] == OPEN:
            found += _open_assessments(draft, usual)
        told = draft.told.get(told_name(usual["measure"]))
        if "published" in usual and told is not None and not told.borrowed:
            found.append(TargetEntry(_entry(draft, usual, told), told))
    return tuple(found)


def told_name(measure: str) -> str:
    """The figure that is published of a measure of the model."""
    if measure.startswith("referrals_from_"):
        return measure.removeprefix("referrals_")
    if measure.startswith("assessment_band_"):
        band = measure.removeprefix("assessment_band_").removesuffix("_share").removesuffix("_plus")
        return f"{band}_share" if band == "same_day" else f"{band}_days_share"
    return _NAMES.get(measure, "")


_NAMES: Final = {
    "referrals_count": "referrals",
    "referrals_no_action_share": "no_action_share",
    "rereferrals_share": "rereferrals_share",
    "assessments_count": "assessments",
    "assessments_within_45_working_days_share": "within_45_days_share",
    "assessed_not_in_need_share": "not_in_need_share",
    "domestic_abuse_assessed_share": "domestic_abuse_share",
    "section_47_count": "section_47",
    "conferences_count": "conferences",
    "conferences_within_15_working_days_share": "conference_within_15_days_share",
    **{f"assessment_working_days_q{at}": f"assessment_q{at}" for at in (25, 50, 75)},
    **{f"conference_working_days_q{at}": f"conference_q{at}" for at in (25, 50, 75)},
}


def _entry(draft: Draft, usual: Mapping[str, Any], told: Told) -> dict[str, Any]:
    role = "fitted" if usual["measure"] in _FITTED_TOO else usual["role"]
    entry = {**usual, "role": role, "published": _rounded(usual["kind"], told.value), "source": f"{rows(told)}."}
    entry["tolerance"] = round(max(float(usual["tolerance"]), _uncertain(draft, usual["kind"], told)), _DECIMALS)
    if usual["measure"] == "rereferrals_share" and draft.statement.change.verdict in {Verdict.WIDEN, Verdict.DECLINE}:
        moved = abs(draft.statement.change.rereferrals_moved or 0.0)
        entry["tolerance"] = round(entry["tolerance"] + moved, _DECIMALS)
        entry["source"] += (
            f" Wider by {moved:.1%}, its change upon the year before, across which referrals are not counted alike."
        )
    if told.note:
        entry["source"] += f" {told.note[0].upper()}{told.note[1:]}."
    share = draft.shares.get(told.name)
    if "front_door_share" in usual and share is not None:
        entry |= dict(zip(("front_door_share", "front_door_share_low", "front_door_share_high"), share, strict=True))
    return entry


def _rounded(kind: str, value: float) -> float | int:
    return round(value, _DECIMALS) if kind == "share" else round(value)


def _uncertain(draft: Draft, kind: str, told: Told) -> float:
    """1.96 standard errors and what is left open, in the unit of the tolerance."""
    if kind == "share":
        return ODD * told.standard_error(CLUSTERING) + told.half_width
    if kind == "count":
        return ODD * math.sqrt(CLUSTERING / max(told.value, 1.0)) + told.half_width / max(told.value, 1.0)
    return ODD * _error_of_quartile(draft, told) + 0.5


def _error_of_quartile(draft: Draft, told: Told) -> float:
    """Of a quartile in days: the standard error of its share over how many a day are completed about it."""
    at, what = int(told.name[-2:]) / 100, told.name.partition("_")[0]
    bands = _BAND_DAYS if what == "assessment" else _CONFERENCE_DAYS
    shares = {band: draft.told[f"{band}_share"] for band in bands if f"{band}_share" in draft.told}
    size = next((one.size for one in shares.values() if one.size), None)
    if len(shares) < len(bands) or size is None:
        return 0.0
    reached = 0.0
    for band, days in bands.items():
        reached += shares[band].value
        if reached >= at and shares[band].value > 0:
            return math.sqrt(at * (1 - at) / size * CLUSTERING) / (shares[band].value / days)
    return 0.0


_CONFERENCE_DAYS: Final = {
    "duration_0_10_days": 10, "duration_11_15_days": 5, "duration_16_20_days": 5, "duration_21_days": 20,
}  # fmt: skip


def _open_assessments(draft: Draft, usual: Mapping[str, Any]) -> list[TargetEntry]:
    """Assessments open on a day, by Little's law: completed a year times how long they take."""
    bands = {band: draft.told.get(f"{band}_share") for band in BANDS}
    if any(one is None for one in bands.values()):
        return []
    mean = sum(one.value * _BAND_MIDDLE[band] for band, one in bands.items() if one is not None)
    assessments = draft.told["assessments"]
    source = (
        f"Derived by Little's law: {assessments.value:,.0f} assessments a year ({rows(assessments)}) of about "
        f"{mean:.0f} "
        f"working days (middles of the bands, 80 days for 61 and more), {_WORKING_DAYS} working days a year. Not "
        "published."
    )
    entry = {**usual, "published": round(assessments.value * mean / _WORKING_DAYS), "source": source}
    share = draft.shares["assessments"]
    entry |= dict(zip(("front_door_share", "front_door_share_low", "front_door_share_high"), share, strict=True))
    by_size = ODD * math.sqrt(CLUSTERING / max(entry["published"], 1))
    entry["tolerance"] = round(max(float(usual["tolerance"]), by_size), _DECIMALS)
    return [TargetEntry(entry, None)]
