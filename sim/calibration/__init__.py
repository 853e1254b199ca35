"""Calibration: sets of plausible numbers under which a baseline meets its targets."""

from sim.calibration.plausible import Found, Knob, Search, knobs, with_effects, write_draws

__all__ = ["Found", "Knob", "Search", "knobs", "with_effects", "write_draws"]
