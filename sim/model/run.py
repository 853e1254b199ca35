"""Which engine runs a world: SimPy, the model of record, or its compiled twin, which writes the identical log."""

from importlib.util import find_spec
from typing import Final, Literal, get_args

from sim.events import EventLog
from sim.model.in_simpy import run_in_simpy
from sim.model.refused import EngineError, why_not
from sim.scenario import Scenario
from sim.world import World

Engine = Literal["simpy", "compiled", "auto"]
ENGINES: Final[tuple[Engine, ...]] = get_args(Engine)


def run(scenario: Scenario, world: World, *, baseline: Scenario | None = None, engine: Engine = "simpy") -> EventLog:
    """The event log of a scenario in a world. No chance is left: the same two give the same log, in either engine.

    Until the levers start the service works by the baseline, which is the scenario itself unless given. The run goes
    on after the reporting window until the clock of every child of the cohort has stopped, or the follow-up is over.
    "compiled" takes a minute or more to be compiled when it first runs on a computer; "auto" is it wherever Numba is
    installed and it can run the world. `EngineError` where the engine is unknown, or "compiled" and cannot run.
    """
    if engine not in ENGINES:
        raise EngineError(f"engine is {engine!r}; it must be one of {', '.join(ENGINES)}")
    obstacle = "" if engine == "simpy" else _obstacle(world)
    if obstacle and engine == "compiled":
        raise EngineError(f'engine "compiled" cannot run this: {obstacle}; "auto" runs it in SimPy')
    if obstacle or engine == "simpy":
        return run_in_simpy(scenario, world, baseline=baseline)
    # Here and not above: Numba takes a while to import, and need not be there.
    from sim.model.compiled import run_compiled  # noqa: PLC0415

    return run_compiled(scenario, world, baseline=baseline)


def _obstacle(world: World) -> str:
    if find_spec("numba") is None:
        return 'it needs Numba, which pip install "frontdoor[compiled]" installs'
    return why_not(world)
