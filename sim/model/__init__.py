"""The engines: SimPy, the model of record, and its compiled twin."""

from sim.model.engines import (
    ENGINE_SETTING,
    ENGINES,
    NOT_INSTALLED,
    Engine,
    asked_for,
    can_be_kept,
    engine_of,
    hasten_chance,
    is_ready,
    lacking,
    make_ready,
)
from sim.model.refused import EngineError
from sim.model.run import run

__all__ = [
    "ENGINES",
    "ENGINE_SETTING",
    "NOT_INSTALLED",
    "Engine",
    "EngineError",
    "asked_for",
    "can_be_kept",
    "engine_of",
    "hasten_chance",
    "is_ready",
    "lacking",
    "make_ready",
    "run",
]
