"""Every measure in one explicit list, the reading of them all, and the safety checks."""

from collections.abc import Sequence
from dataclasses import dataclass

from sim.events import EventLog
from sim.facts import Fact
from sim.measures.assessments import ASSESSMENT_MEASURES
from sim.measures.contacts import CONTACT_MEASURES, MODEL_MEASURES
from sim.measures.flow import FLOW_MEASURES
from sim.measures.index import LogIndex, indexed
from sim.measures.measure import ALL, IMMEDIATE, NOT_DOMESTIC_ABUSE, SECTION_17, Better, Group, Measure, Readings
from sim.measures.section_47 import SECTION_47_MEASURES
from sim.measures.seen import SEEN_MEASURES
from sim.measures.work import WORK_MEASURES

MEASURES: tuple[Measure, ...] = (
    *SEEN_MEASURES,
    *CONTACT_MEASURES,
    *SECTION_47_MEASURES,
    *ASSESSMENT_MEASURES,
    *FLOW_MEASURES,
    *WORK_MEASURES,
    *MODEL_MEASURES,
)


def measure(log: EventLog | LogIndex, measures: Sequence[Measure] = MEASURES) -> Readings:
    """Measures of a log, each for each of its groups; nan where the log does not know what it needs."""
    index = indexed(log)
    return {
        (m.id, group.id): float(m.function(index, group)) if index.knows(m.needs | group.needs) else float("nan")
        for m in measures
        for group in m.groups
    }


def missing(log: EventLog | LogIndex, measure_id: str, group: Group = ALL) -> frozenset[Fact]:
    """The facts that a log would have to know for a measure, and does not."""
    needs = next(m.needs for m in MEASURES if m.id == measure_id)
    return (needs | group.needs) - indexed(log).log.facts


SAME_CHILDREN = "same_children_days_mean"
"""In place of a measure's id: the mean change in days to seen of children referred and seen under both."""


@dataclass(frozen=True, slots=True)
class SafetyCheck:
    """A measure that no scenario may make worse unsaid: by more than `margin`, in its units, it is named."""

    measure: str
    group: Group
    label: str
    margin: float

    @property
    def is_paired(self) -> bool:
        """Whether it is read from the same children, each compared with itself, and from no measure of a log."""
        return self.measure == SAME_CHILDREN

    @property
    def counted(self) -> str:
        """What is measured, in words."""
        return "Days to seen of the same children, on average" if self.is_paired else self._measure.label

    @property
    def unit(self) -> str:
        """The unit of change and margin."""
        return "days" if self.is_paired else self._measure.unit

    @property
    def better(self) -> Better:
        """Which way is better."""
        return Better.LOWER if self.is_paired else self._measure.better

    @property
    def _measure(self) -> Measure:
        return next(m for m in MEASURES if m.id == self.measure)


DAYS_MARGIN = 0.25
SHARE_MARGIN = 0.01
HOURS_MARGIN = 1.0
HOUR_MARGIN_DAYS = 1.0 / 24.0
CHILDREN_A_MONTH_MARGIN = 3.0
CHILDREN_MARGIN = 5.0

SAFETY: tuple[SafetyCheck, ...] = (
    SafetyCheck("red_decided_in_time_share", ALL, "Immediate risk decided or acted on in time", SHARE_MARGIN),
    SafetyCheck("days_to_seen_q90", IMMEDIATE, "Longest waits of children at immediate risk", HOUR_MARGIN_DAYS),
    SafetyCheck(
        "section_47_seen_within_1_working_day_share", ALL, "Section 47 seen within one working day", SHARE_MARGIN
    ),
    SafetyCheck(
        "section_47_not_red_seen_within_1_working_day_share",
        ALL,
        "Section 47 not rated red seen within one working day",
        SHARE_MARGIN,
    ),
    SafetyCheck(
        "section_47_not_red_unseen_after_48_hours_share",
        ALL,
        "Section 47 not rated red unseen after 48 hours",
        SHARE_MARGIN,
    ),
    SafetyCheck("strategy_hours_q90", ALL, "Strategy discussions held promptly", HOURS_MARGIN),
    SafetyCheck("strategy_hours_not_red_q90", ALL, "Strategy discussions not rated red held promptly", HOURS_MARGIN),
    SafetyCheck("days_to_seen_q90", SECTION_17, "Longest waits of children referred for assessment", DAYS_MARGIN),
    SafetyCheck("days_to_seen_q50", NOT_DOMESTIC_ABUSE, "Waits of children outside domestic abuse", DAYS_MARGIN),
    SafetyCheck(
        "days_to_seen_q90", NOT_DOMESTIC_ABUSE, "Longest waits of children outside domestic abuse", DAYS_MARGIN
    ),
    SafetyCheck(SAME_CHILDREN, NOT_DOMESTIC_ABUSE, "The same children outside domestic abuse, on average", DAYS_MARGIN),
    SafetyCheck(
        "beyond_10_days_per_month_count",
        NOT_DOMESTIC_ABUSE,
        "Children outside domestic abuse who wait over 10 days",
        CHILDREN_A_MONTH_MARGIN,
    ),
    SafetyCheck("closed_then_assessed_count", ALL, "Children closed at contact and referred later", CHILDREN_MARGIN),
    SafetyCheck("in_need_closed_count", ALL, "Children in need closed at contact", CHILDREN_MARGIN),
)
"""The margins are the precision a comparison aims for: a smaller change cannot be told from none. For children at
immediate risk the margin is an hour: nine in ten of them are seen within half a day."""
