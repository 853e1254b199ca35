"""How a baseline is now: days to seen, where the days go, and how far the model of it can be trusted."""

from typing import Final

from sim.experiment import Comparison, ScenarioResult
from sim.measures import WAIT_LABELS
from sim.report.basis import under_its_heading
from sim.report.headline import ALL, DAYS, MEDIAN, NINE_IN_TEN, SEEN_WITHIN, SHOWN_WAITS, WORKING_NINE_IN_TEN
from sim.report.sentences import COHORT, NOBODY_SEEN, STARTED_FROM_RECORDS, calibrated
from sim.report.wording import SHARE, Number, listed, shown

ILLUSTRATION: Final = "Illustration. Not your records. No national return holds days to seen."
"""What heads everything that rests on published statistics."""

STARTED_ILLUSTRATION: Final = f"Illustration. {STARTED_FROM_RECORDS} No national return holds days to seen."
"""The same of what starts from the open work of a record."""

_NOT_CALIBRATED: Final = (
    "The model is not calibrated to your records. Demand and outcomes are set from published statistics; how work is "
    "done, and how long partners take, from practice elsewhere and from assumption."
)
_NOT_TESTED: Final = (
    "It has not been tested against past months: no published figure holds days to seen, so there is none to hold it "
    "against."
)
_WHAT_WAS_LEARNED: Final = (
    "The model is calibrated to your record as far as that tells its numbers; the account beside the baseline's file "
    "lists what it told, and what is assumed."
)
_NOT_BACK_TESTED: Final = "It has not been tested against past months that it was not calibrated on."
_USE: Final = "Use the differences between scenarios, with their ranges, and not the levels."


def heading(comparison: Comparison) -> str:
    """What stands above every figure of a comparison."""
    if comparison.is_calibrated:
        return calibrated(comparison.past_months)
    return ILLUSTRATION if comparison.started is None else STARTED_ILLUSTRATION


def now_sentences(comparison: Comparison) -> tuple[str, ...]:
    """How the baseline is in a few sentences; no count of children, which only an extract can give."""
    first = comparison.baseline
    if not first.levels[NINE_IN_TEN, ALL].runs:
        return (NOBODY_SEEN,)
    within, half, working = (
        shown(Number(first.levels[measure, ALL].mean, DAYS)) for measure in (NINE_IN_TEN, MEDIAN, WORKING_NINE_IN_TEN)
    )
    share = shown(Number(first.levels[SEEN_WITHIN[10], ALL].mean, SHARE))
    said = (
        f"In the model 9 in 10 {COHORT} are seen within {within} calendar days of contact ({working} working), and "
        f"half of them within {half}. {share} are seen within 10 days."
    )
    return (said, _where(first))


def trust(comparison: Comparison) -> tuple[str, ...]:
    """How far the model can be trusted, a sentence or two each."""
    if comparison.is_calibrated:
        return (_WHAT_WAS_LEARNED, *_tested(comparison), _USE)
    if comparison.basis is not None:
        return (*under_its_heading(comparison.basis), _USE)
    return (_NOT_CALIBRATED if comparison.started is None else STARTED_FROM_RECORDS, _NOT_TESTED, _USE)


def _tested(comparison: Comparison) -> tuple[str, ...]:
    """What the test against past months came to, or that there was none."""
    if not comparison.past_months:
        return (_NOT_BACK_TESTED,)
    return tuple(f"Test against past months. {said}" for said in comparison.past_months)


def _where(first: ScenarioResult) -> str:
    """Where the days go, over all stages."""
    days = first.stage_days[ALL].sum(axis=0)
    total = shown(Number(float(days.sum()), DAYS))
    parts = [f"{shown(Number(float(days[wait]), DAYS))} {WAIT_LABELS[wait]}" for wait in SHOWN_WAITS]
    return f"A child who is seen waits {total} days on average: {listed(parts)}."
