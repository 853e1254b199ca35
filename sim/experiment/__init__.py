"""Experiments: plans, their runs on every core, and the comparisons they amount to."""

from sim.experiment.comparison import (
    Comparison,
    SafetyResult,
    SameChildren,
    ScenarioResult,
    Started,
    StartedBefore,
    compare,
)
from sim.experiment.estimates import Estimate, Range, estimate
from sim.experiment.later import Later
from sim.experiment.plan import Cell, Plan, Variant
from sim.experiment.runs import CellResult, Reading, log_hash, run_cell, run_plan, simulate
from sim.experiment.varied import Varied

__all__ = [
    "Cell",
    "CellResult",
    "Comparison",
    "Estimate",
    "Later",
    "Plan",
    "Range",
    "Reading",
    "SafetyResult",
    "SameChildren",
    "ScenarioResult",
    "Started",
    "StartedBefore",
    "Variant",
    "Varied",
    "compare",
    "estimate",
    "log_hash",
    "run_cell",
    "run_plan",
    "simulate",
]
