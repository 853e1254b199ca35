"""The engines: SimPy, the model of record, and its compiled twin; which of them is asked for, and what it needs."""

import os
from importlib.util import find_spec
from typing import Final, Literal, get_args

from sim.model.refused import EngineError, why_not
from sim.randomness import hasten
from sim.world import World

Engine = Literal["simpy", "compiled", "auto"]
ENGINES: Final[tuple[Engine, ...]] = get_args(Engine)
ENGINE_SETTING: Final = "FRONTDOOR_ENGINE"
NOT_INSTALLED: Final = "Numba is not installed"


def asked_for(engine: Engine | None) -> Engine:
    """The engine as given, or else as the environment setting says, or else "auto"; `EngineError` where it is none."""
    named = os.environ.get(ENGINE_SETTING, "auto") if engine is None else engine
    if named not in ENGINES:
        told = f"environment setting {ENGINE_SETTING}={named}" if engine is None else f"engine {named!r}"
        raise EngineError(f"{told}: must be one of {', '.join(ENGINES)}")
    return named


def lacking() -> str:
    """Why the twin cannot run here, whatever the world; nothing where it can."""
    if find_spec("numba") is None:
        return NOT_INSTALLED
    try:
        import numba  # noqa: F401, PLC0415  (it takes a while, and need not be there)
    except ImportError as error:
        return f"Numba is installed and does not start: {error}"
    return ""


def is_ready() -> bool:
    """Whether the twin need not be compiled: it is loaded already, or kept from before."""
    from sim.model.compiled import run_all  # noqa: PLC0415  (it needs Numba)

    return run_all.is_ready


def can_be_kept() -> bool:
    """Whether there is a folder in which what is compiled can be kept."""
    from sim.model.compiled import run_all  # noqa: PLC0415  (likewise)

    return run_all.place is not None


def make_ready() -> None:
    """Have the twin compiled, once for an installation in some fifteen seconds, or wait for whoever compiles it."""
    from sim.model.compiled import run_all  # noqa: PLC0415  (likewise)

    run_all.make_ready()
    hasten_chance("compiled")


def hasten_chance(engine: Engine | None) -> None:
    """Have worlds drawn by compiled code from now on, where an engine may be the twin and that is ready here."""
    if asked_for(engine) == "simpy" or lacking() or not is_ready():
        return
    from sim.philox import fill  # noqa: PLC0415  (likewise)

    if not fill.is_interpreted:
        fill.make_ready()
        hasten(fill)


def engine_of(world: World, engine: Engine | None = None) -> Engine:
    """The engine that runs a world, "simpy" or "compiled".

    "auto" is the twin where Numba is installed, what is compiled can be kept, and the twin knows all of the world.
    `EngineError` where the engine is unknown, or "compiled" and cannot run.
    """
    asked = asked_for(engine)
    if asked == "simpy":
        return "simpy"
    obstacle = why_not(world) or lacking()
    if asked == "compiled" and obstacle:
        raise EngineError(f'engine "compiled" cannot run this: {obstacle}; "auto" runs it in SimPy')
    return "simpy" if obstacle or (asked == "auto" and not can_be_kept()) else "compiled"
