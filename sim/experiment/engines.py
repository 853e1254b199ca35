"""The engine of many years, made ready once before processes share it."""

import logging
from collections.abc import Callable
from multiprocessing import get_context

from sim.experiment.interrupts import leave_interrupts
from sim.model import NOT_INSTALLED, Engine, EngineError, asked_for, can_be_kept, is_ready, lacking, make_ready

COMPILING = "compiling the simulation engine, once for this installation: some fifteen seconds"

Told = Callable[[str], None]


def prepared(engine: Engine | None, *, told: Told | None = None) -> Engine:
    """The engine for many years, as it is to be given to every process: where it is the twin, compiled and kept.

    `engine` is the environment setting's unless given. `told` gets a sentence where the twin is compiled, or cannot be
    though "auto" would have taken it; without it they are logged. `EngineError` where "compiled" is asked for and
    cannot run. Told to stop, it stops the compiling, and nothing of it is kept.
    """
    asked, told = asked_for(engine), told or logging.getLogger(__name__).warning
    if asked == "simpy":
        return "simpy"
    obstacle = lacking()
    if obstacle and asked == "compiled":
        raise EngineError(f'engine "compiled" cannot run this: {obstacle}; "auto" runs it in SimPy')
    if obstacle:
        if obstacle != NOT_INSTALLED:
            told(f"{obstacle}; SimPy runs the years, which takes longer")
        return "simpy"
    if not is_ready() and can_be_kept():
        told(COMPILING)
        _compile_in_a_process()
    if asked == "auto" and not is_ready():
        told("the compiled engine cannot be made ready and kept here, so SimPy runs the years, which takes longer")
        return "simpy"
    return asked


def _compile_in_a_process() -> None:
    """In one of its own, which can be ended at any moment and leaves its memory to others."""
    process = get_context("spawn").Process(target=_made_ready, daemon=True)
    process.start()
    try:
        process.join()
    except BaseException:
        process.terminate()
        process.join()
        raise


def _made_ready() -> None:
    leave_interrupts()
    make_ready()
