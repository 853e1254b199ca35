"""Sweeps: levers varied over ranges, the points run in the same worlds, and every run kept in a store."""

from sim.sweep.comparisons import KeptReading, ReadingStore, run_ids, run_kept
from sim.sweep.designs import Design, Point, points
from sim.sweep.effects import Share, shares
from sim.sweep.levers import Lever, lever, lever_labels
from sim.sweep.parts import StoreError
from sim.sweep.results import tidy
from sim.sweep.running import Place, Sweep, run_sweep
from sim.sweep.store import Run, RunKey, Store

__all__ = [
    "Design",
    "KeptReading",
    "Lever",
    "Place",
    "Point",
    "ReadingStore",
    "Run",
    "RunKey",
    "Share",
    "Store",
    "StoreError",
    "Sweep",
    "lever",
    "lever_labels",
    "points",
    "run_ids",
    "run_kept",
    "run_sweep",
    "shares",
    "tidy",
]
