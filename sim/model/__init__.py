"""The engines: SimPy, the model of record, and its compiled twin."""

from sim.model.refused import EngineError
from sim.model.run import Engine, run

__all__ = ["Engine", "EngineError", "run"]
