"""Whether an authority counted as referrals in one year what it counted as referrals in the year before.

Contacts recorded as referrals end without further action; when they no longer are, the share without action falls and
so do referrals. Both are held against how far they move between two ordinary years: what chance does to so many
referrals, and what an authority's practice does. The second was measured once, on every authority and pair of years of
C1 from 2013 to 2025 (1,780 pairs), by the middle distance from the median (times 1.4826, as for a normal law), which
changes of definition among them do not move; chance is taken off.
"""

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sim.published.told import Told

ORDINARY_NO_ACTION: Final = 0.127
"""Standard deviation between ordinary years of twice the arcsine of the root of the share without action."""
ORDINARY_REFERRALS: Final = 0.155
"""Standard deviation between ordinary years of the logarithm of referrals."""
CLUSTERING: Final = 2.1
"""By how much siblings referred together multiply the variance of a count of children: the mean square of the shipped
county's family sizes over their mean."""
ODD: Final = 1.96
"""One year in twenty goes further, were nothing changed."""
TELLING: Final = 3.29
"""One in a thousand."""


class Verdict(StrEnum):
    """What to do with figures that span the two years."""

    STEADY = "steady"
    WIDEN = "widen"
    DECLINE = "decline"
    NOT_KNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Change:
    """The change of a year upon the year before, in standard errors, and what follows from it."""

    verdict: Verdict
    no_action_before: float | None = None
    no_action: float | None = None
    referrals_before: float | None = None
    referrals: float | None = None
    no_action_z: float = 0.0
    referrals_z: float = 0.0
    rereferrals_moved: float | None = None

    @property
    def sentence(self) -> str:
        """What was found, in words."""
        if self.verdict is Verdict.NOT_KNOWN:
            return (
                "Whether referrals are counted as in the year before is not known: one of the two years lacks figures."
            )
        said = (
            f"Referrals went from {self.referrals_before:,.0f} to {self.referrals:,.0f} ({self.referrals_z:+.1f} "
            f"standard errors of an ordinary year) and those without further action from "
            f"{self.no_action_before:.1%} to {self.no_action:.1%} ({self.no_action_z:+.1f})"
        )
        return f"{said}: {_MEANS[self.verdict]}"


_MEANS: Final = {
    Verdict.STEADY: "no sign that what counts as a referral changed.",
    Verdict.WIDEN: "what counts as a referral may have changed, so figures that span the two years are taken wider.",
    Verdict.DECLINE: "what counts as a referral changed, so nothing is predicted from one year to the other.",
}


def change(before: dict[str, Told], after: dict[str, Told]) -> Change:
    """Whether what counts as a referral changed between two years of one authority."""
    needed = [told.get(name) for name in ("referrals", "no_action_share") for told in (before, after)]
    referrals_before, referrals, share_before, share = needed
    if referrals_before is None or referrals is None or share_before is None or share is None:
        return Change(Verdict.NOT_KNOWN)
    if max(share_before.value, share.value) > 1:  # a percentage of more than all, for which the year is declined
        return Change(Verdict.NOT_KNOWN)
    chance = CLUSTERING * (1 / referrals_before.value + 1 / referrals.value)
    moved = _angle(share.value) - _angle(share_before.value)
    no_action_z = moved / math.sqrt(chance + ORDINARY_NO_ACTION**2)
    grown = math.log(referrals.value / referrals_before.value)
    referrals_z = grown / math.sqrt(chance + ORDINARY_REFERRALS**2)
    return Change(
        _verdict(no_action_z, referrals_z), share_before.value, share.value, referrals_before.value, referrals.value,
        no_action_z, referrals_z, _moved(before, after, "rereferrals_share"),
    )  # fmt: skip


def _moved(before: dict[str, Told], after: dict[str, Told], name: str) -> float | None:
    return after[name].value - before[name].value if name in before and name in after else None


def _verdict(no_action_z: float, referrals_z: float) -> Verdict:
    both = min(abs(no_action_z), abs(referrals_z)) > ODD and no_action_z * referrals_z > 0
    if abs(no_action_z) > TELLING or both:
        return Verdict.DECLINE
    return Verdict.WIDEN if max(abs(no_action_z), abs(referrals_z)) > ODD else Verdict.STEADY


def _angle(share: float) -> float:
    """Of which the variance is one over the size, whatever the share."""
    return 2 * math.asin(math.sqrt(share))
