"""The engine: SimPy, the model of record."""

from sim.model.run import run

__all__ = ["run"]
