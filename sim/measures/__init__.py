"""Measures: pure functions from an event log to numbers, the same for a council's record and a model's."""

from sim.measures.clocks import Clocks, Cohort, End, clocks, cohort
from sim.measures.flow import OpenWork, open_work
from sim.measures.incidence import Incidence, Spells
from sim.measures.index import LogIndex
from sim.measures.measure import GROUPS, Better, Group, Measure, Readings
from sim.measures.stages import STAGE_LABELS, WAIT_LABELS, Stage, StageTable, WaitFor, stage_minutes, stages
from sim.measures.table import MEASURES, SAFETY, SafetyCheck, measure, missing

__all__ = [
    "GROUPS",
    "MEASURES",
    "SAFETY",
    "STAGE_LABELS",
    "WAIT_LABELS",
    "Better",
    "Clocks",
    "Cohort",
    "End",
    "Group",
    "Incidence",
    "LogIndex",
    "Measure",
    "OpenWork",
    "Readings",
    "SafetyCheck",
    "Spells",
    "Stage",
    "StageTable",
    "WaitFor",
    "clocks",
    "cohort",
    "measure",
    "missing",
    "open_work",
    "stage_minutes",
    "stages",
]
