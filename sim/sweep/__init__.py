"""Sweeps: levers varied over ranges, the points run in the same worlds, and every run kept in a store."""

from sim.sweep.designs import Design, Point, points
from sim.sweep.levers import Lever, lever
from sim.sweep.results import tidy
from sim.sweep.running import Place, Sweep, run_sweep
from sim.sweep.store import Run, RunKey, Store, StoreError

__all__ = [
    "Design",
    "Lever",
    "Place",
    "Point",
    "Run",
    "RunKey",
    "Store",
    "StoreError",
    "Sweep",
    "lever",
    "points",
    "run_sweep",
    "tidy",
]
