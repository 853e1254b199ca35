"""Calibration: sets of plausible numbers under which a baseline meets its targets, and a new centre for one."""

from sim.calibration.draws import changes_text, misfits_text, spans, spans_text, with_effects, write_draws, write_spans
from sim.calibration.knobs import Knob, knobs, setting_at
from sim.calibration.search import Search
from sim.calibration.trials import Found, Problem, Trials, problem_of
from sim.calibration.tune import Tuning
from sim.calibration.years import FrontDoor, Year, Years, kept_years

__all__ = [
    "Found",
    "FrontDoor",
    "Knob",
    "Problem",
    "Search",
    "Trials",
    "Tuning",
    "Year",
    "Years",
    "changes_text",
    "kept_years",
    "knobs",
    "misfits_text",
    "problem_of",
    "setting_at",
    "spans",
    "spans_text",
    "with_effects",
    "write_draws",
    "write_spans",
]
