"""Next year, told from this one's fit: its demand and staffing known, everything else as it was; and how to score it.

A prediction of a published figure is last year's, moved by what the model makes of the new demand and staffing, with
the range by which practice has drifted from one year to the next in the past. The rival is last year's figure with the
same drift. The two differ by the model's move alone, so that is what the score is about.
"""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student_t

from sim.calibration.emulator import scale_of
from sim.experiment.targets import Target
from sim.published.definition import Verdict
from sim.published.draft import Draft
from sim.published.statement import Statement
from sim.scenario import Scenario, Source

Values = NDArray[np.float64]

MONTHLY: Final = "demand.month_index"
_KINDS: Final = ("experienced", "newly_qualified", "agency")
_RATES: Final = ("workforce.absence_share", "workforce.turnover_per_year")
_DECIMALS: Final = 3
SHRUNK_TO: Final = 4.0
"""Changes that the changes of all authorities count as, beside an authority's own few."""
WIDER: Final = 1.25
WIDER_BY_DEFINITION: Final[Mapping[str, float]] = {"no_action_share": 2.2}
"""Times the drift where what counts as a referral may have changed, as it was in such pairs of years over others (1,600
pairs): of most figures, and of the one that is counted by it."""


def of_next_year(scenario: Scenario, before: Draft, after: Draft) -> Scenario:
    """A scenario of one year with the demand and staffing that are published of the next; all else is as it was.

    `before` and `after` are what arithmetic makes of either year. Posts move with the department's case holders, not
    with the work: those that the work would ask for are what is not known beforehand.
    """
    old, new = before.scenario, after.scenario
    demand, referrals = scenario.demand, after.value("referrals") / before.value("referrals")
    shares = {
        source: demand.profile(source).contact_share
        * new.demand.profile(source).contact_share
        / max(old.demand.profile(source).contact_share, 10.0**-_DECIMALS)
        for source in Source
    }
    return scenario.changed(
        {
            "calendar.first_day": new.calendar.first_day,
            "calendar.horizon_days": new.calendar.horizon_days,
            "demand.family_contacts_per_year": demand.family_contacts_per_year * referrals,
            MONTHLY: new.value(MONTHLY),
            **_summing_to_one(shares),
            **{path: new.value(path) for path in _RATES},
            **_posts(scenario, _staff(before.statement, after.statement)),
        }
    )


def _summing_to_one(shares: Mapping[Source, float]) -> dict[str, object]:
    total = sum(shares.values())
    found = {source: round(share / total, _DECIMALS) for source, share in shares.items()}
    largest = max(found, key=lambda source: found[source])
    found[largest] = round(found[largest] + 1 - sum(found.values()), _DECIMALS)
    return {f"demand.{source.value}.contact_share": share for source, share in found.items()}


def _staff(before: Statement, after: Statement) -> float:
    """Case holders of the department after over before; one where either is not known: posts then stay."""
    holders = [one.told.get("case_holders") for one in (before, after)]
    known = [one.value for one in holders if one is not None and not one.borrowed and not one.note and one.value]
    return known[1] / known[0] if len(known) == len(holders) else 1.0


def _posts(scenario: Scenario, ratio: float) -> dict[str, object]:
    workers = scenario.assessment.social_workers
    before = {kind: int(getattr(workers, kind)) for kind in _KINDS}
    after = {kind: round(count * ratio) for kind, count in before.items()}
    least = scenario.assessment.duty_workers
    after["experienced"] += max(0, least - sum(after.values()))
    return {f"assessment.social_workers.{kind}": count for kind, count in after.items()}


class Interval(NamedTuple):
    """A prediction: its middle, and the ends of two ranges."""

    middle: float
    low_80: float
    high_80: float
    low_95: float
    high_95: float


def predicted(target: Target, last: float, moves: Values, drift: float, random: np.random.Generator) -> Interval:
    """The figure of next year: last year's, moved by one draw or another, and drifted, on the figure's own scale.

    `moves` and `drift`, the middle size of a change, are on the scale on which effects add up (logits or logarithms).
    """
    scale = scale_of(target)
    at = float(scale(np.array([last]))[0])
    drawn = at + random.choice(moves, DRAWS) + drift / _QUARTILE * random.standard_t(FREEDOM, DRAWS)
    figures = 1 / (1 + np.exp(-drawn)) if scale.is_share else np.exp(drawn)
    middle, *ends = (float(value) for value in np.quantile(figures, [0.5, 0.1, 0.9, 0.025, 0.975]))
    return Interval(middle, *ends)


DRAWS: Final = 4000
FREEDOM: Final = 3
_QUARTILE: Final = float(student_t.ppf(0.75, FREEDOM))


def drift_of(own: Sequence[float], everybodys: Sequence[float]) -> float:
    """The middle size of a figure's change in a year: an authority's own, leaning on everybody's."""
    common = _middle_size(everybodys)
    many = len(own)
    return (SHRUNK_TO * common + many * (_middle_size(own) if many else 0.0)) / (SHRUNK_TO + many)


def widened(name: str, verdict: Verdict) -> float:
    """Times the drift of a figure between two years of which this is said."""
    return WIDER_BY_DEFINITION.get(name, WIDER) if verdict is Verdict.WIDEN else 1.0


def _middle_size(changes: Sequence[float]) -> float:
    return float(np.median(np.abs(changes))) if len(changes) else 0.0


def winkler(low: float, high: float, value: float, level: float) -> float:
    """The interval score: the width, and for a value outside the distance to it times 2 / (1 - level). Lower is better.

    Gneiting and Raftery (2007), section 6.2.
    """
    outside = max(low - value, 0.0) + max(value - high, 0.0)
    return high - low + 2 / (1 - level) * outside


def clustered_error(values: Values, clusters: Sequence[str]) -> float:
    """The standard error of a mean whose terms hang together within clusters; nan of fewer than two clusters."""
    names = np.array(clusters)
    sums = np.array([float((values[names == name] - values.mean()).sum()) for name in sorted(set(clusters))])
    many = len(sums)
    if many <= 1:
        return float("nan")
    return float(np.sqrt(many / (many - 1) * np.sum(sums**2)) / len(values))


def on_scale(target: Target, value: float) -> float:
    """A figure where effects add up."""
    return float(scale_of(target)(np.array([value]))[0])
