"""Running a world, in whichever engine: both write the identical log."""

import logging

from sim.events import EventLog
from sim.model.engines import Engine, engine_of, is_ready
from sim.model.in_simpy import run_in_simpy
from sim.scenario import Scenario
from sim.world import World

_LOGGER = logging.getLogger(__name__)


def run(
    scenario: Scenario, world: World, *, baseline: Scenario | None = None, engine: Engine | None = None
) -> EventLog:
    """The event log of a scenario in a world. No chance is left: the same two give the same log, in either engine.

    Until the levers start the service works by the baseline, which is the scenario itself unless given. The run goes
    on after the reporting window until the clock of every child of the cohort has stopped, or the follow-up is over.
    The engine is that of the environment setting `FRONTDOOR_ENGINE` unless given, and "auto" without either: the
    compiled twin wherever it can run the world. When it first runs in an installation it is compiled, for some
    fifteen seconds. `EngineError` where the engine is unknown, or "compiled" and cannot run.
    """
    if engine_of(world, engine) == "simpy":
        return run_in_simpy(scenario, world, baseline=baseline)
    # Here and not above: Numba takes a while to import, and need not be there.
    from sim.model.compiled import run_compiled  # noqa: PLC0415

    if not is_ready():
        _LOGGER.warning("the compiled engine is made ready, once for this installation: some fifteen seconds")
    return run_compiled(scenario, world, baseline=baseline)
