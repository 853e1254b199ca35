"""The compiled twin of the model of record: the same rules over the same world, and the identical log."""

from sim.model.compiled.engine import run_all
from sim.model.compiled.run import run_compiled

__all__ = ["run_all", "run_compiled"]
