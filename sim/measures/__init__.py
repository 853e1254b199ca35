"""Measures: pure functions from an event log to numbers, the same for a council's record and a model's."""

from sim.measures.bases import base
from sim.measures.clocks import Clocks, Cohort, End, clocks, cohort
from sim.measures.flow import OpenWork, open_work
from sim.measures.incidence import Incidence, Spells
from sim.measures.index import LogIndex
from sim.measures.measure import GROUPS, Better, Group, Measure, Readings
from sim.measures.months import Month, by_month
from sim.measures.own import between_steps, both
from sim.measures.progress import Passage, came_to, decided_as, outcomes, passages, reached, went
from sim.measures.seen import SEEN_MEASURES
from sim.measures.stages import STAGE_LABELS, WAIT_LABELS, Stage, StageTable, WaitFor, stage_minutes, stages
from sim.measures.table import MEASURES, SAFETY, SafetyCheck, measure, missing
from sim.measures.waiting import AGE_BANDS, WAITING_NEEDS, Waiting, WaitingStage, bands, last_team, waiting_now

__all__ = [
    "AGE_BANDS",
    "GROUPS",
    "MEASURES",
    "SAFETY",
    "SEEN_MEASURES",
    "STAGE_LABELS",
    "WAITING_NEEDS",
    "WAIT_LABELS",
    "Better",
    "Clocks",
    "Cohort",
    "End",
    "Group",
    "Incidence",
    "LogIndex",
    "Measure",
    "Month",
    "OpenWork",
    "Passage",
    "Readings",
    "SafetyCheck",
    "Spells",
    "Stage",
    "StageTable",
    "WaitFor",
    "Waiting",
    "WaitingStage",
    "bands",
    "base",
    "between_steps",
    "both",
    "by_month",
    "came_to",
    "clocks",
    "cohort",
    "decided_as",
    "last_team",
    "measure",
    "missing",
    "open_work",
    "outcomes",
    "passages",
    "reached",
    "stage_minutes",
    "stages",
    "waiting_now",
    "went",
]
