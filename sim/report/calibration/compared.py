"""The figures by which a record is held against runs of a fitted model, each in words and in numbers people read."""

import math
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np

from sim.calibration.mechanics import FIGURES, Calibrated
from sim.report.observed.hiding import is_small

ENDS: Final = (0.025, 0.975)
SMALL_COUNT: Final = 5
"""Children up to which a count is hidden, as observe hides it."""
HIDDEN: Final = f"{SMALL_COUNT} or fewer"
_TENTHS: Final = 10
_WITHIN: Final = re.compile(r"(?P<what>\w+)_within_(?P<days>\d+)")
_MEAN: Final = re.compile(r"(?P<what>\w+?)_mean(_(?P<part>\d+))?")
_OPEN: Final = re.compile(r"(?P<what>\w+)_open_(?P<when>mean|spread|last)")
_PACE: Final = re.compile(r"(?P<what>\w+)_weekly_(?P<of>mean|cv|lag)")
_WHAT: Final = {
    "decision": "Contact to decision",
    "red_decision": "Contact to decision, rated red",
    "amber_decision": "Contact to decision, rated amber",
    "green_decision": "Contact to decision, rated green",
    "seen": "Decision to child seen",
    "discussed_seen": "Decision on a strategy discussion to child seen",
    "referred_seen": "Decision on a referral to child seen",
    "allocation": "Decision to allocation",
    "visit": "Allocation to first visit",
    "assessment": "Assessment, start to sign-off",
    "answer": "Question to answer",
    "undecided": "Contacts without a decision",
    "unseen": "Referred families not yet seen",
    "in_assessment": "Open assessments",
    "decided": "Decisions a week",
    "authorised": "Assessments signed off a week",
}
_ASKED: Final = "Contacts with further work"


class Compared(NamedTuple):
    """A figure of a record beside runs of the fitted model: its stage, its words, and both as they are read.

    `apart` is how far the record lies from the middle of the runs, in halves of the range of 95 in 100 of them, on the
    side it lies on: beyond 1 it is outside. It is infinite where all runs gave one figure and the record another.
    """

    stage: str
    words: str
    record: str
    runs: str
    apart: float


def compared(found: Calibrated) -> Iterator[Compared]:
    """Every figure that the record tells, in order."""
    low, middle, high = np.nanquantile(found.predicted, (ENDS[0], 0.5, ENDS[1]), axis=0)
    for place, (stage, name) in enumerate(FIGURES):
        record = float(found.observed[place])
        if math.isfinite(record):
            ends = (float(low[place]), float(high[place]))
            yield Compared(
                stage,
                in_words(name),
                shown(name, record),
                f"{shown(name, ends[0])} to {shown(name, ends[1])}",
                _apart(record, ends[0], float(middle[place]), ends[1]),
            )


def _apart(record: float, low: float, middle: float, high: float) -> float:
    side = high - middle if record > middle else middle - low
    if side > 0:
        return (record - middle) / side
    return math.copysign(math.inf, record - middle) if record != middle else 0.0


def in_words(name: str) -> str:
    """What a figure is: `seen_within_5` is of the children seen within five days."""
    if found := _WITHIN.fullmatch(name):
        return f"{_WHAT[found['what']]}: within {_days(int(found['days']))}"
    if found := _OPEN.fullmatch(name):
        when = {"mean": "on average", "spread": "spread over its mean", "last": "at the end"}[found["when"]]
        return f"{_WHAT[found['what']]}: {when}"
    if found := _PACE.fullmatch(name):
        of = {"mean": "on average", "cv": "spread over their mean", "lag": "likeness from one week to the next"}
        # What is decided or signed off a week has words of its own; families seen are named as a step elsewhere.
        what = "Families seen a week" if found["what"] == "seen" else _WHAT[found["what"]]
        return f"{what}: {of[found['of']]}"
    if found := _MEAN.fullmatch(name):
        what = _WHAT[found["what"]]
        return f"{what}: mean, part {found['part']} of {_parts(found['what'])}" if found["part"] else f"{what}: mean"
    return _ASKED


def _days(days: int) -> str:
    return "the day" if days == 0 else f"{days} day{'s' if days > 1 else ''}"


def _parts(what: str) -> int:
    return sum(name.startswith(f"{what}_mean_") for _, name in FIGURES)


def many(number: int) -> str:
    """A count, of few children hidden."""
    return HIDDEN if is_small(number, SMALL_COUNT) else f"{number:,}"


def shown(name: str, value: float) -> str:
    """A figure as it is read: shares in per cent, days to one decimal, counts as counts, ratios plain."""
    if _WITHIN.fullmatch(name) or name == "asked_share":
        return f"about {round(value * _TENTHS) / _TENTHS:.0%}"  # finer, of few families, would say how many
    if name.endswith(("_open_mean", "_open_last", "_weekly_mean")):
        return many(round(math.expm1(value)))  # compared on a logarithm, which grows alike for large and small services
    if _OPEN.fullmatch(name) or _PACE.fullmatch(name):
        return f"{value:.2f}"
    return f"{value:.1f} days"
