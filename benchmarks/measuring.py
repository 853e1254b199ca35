"""How every benchmark measures: processor seconds, medians of ratios in pairs, and how busy the machine was."""

import gc
import os
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

Found = TypeVar("Found")

LEAST_PAIRS = 7


def seconds(step: Callable[[], object]) -> float:
    """The processor seconds that something takes."""
    return timed(step)[0]


def timed(step: Callable[[], Found], times: int = 1) -> tuple[float, Found]:
    """The processor seconds that something takes, on average over so many times, and what it gives.

    Meanwhile no garbage is collected, for whatever engine; that of what was before is collected first.
    """
    gc.collect()
    gc.disable()
    try:
        started = time.process_time()
        for _ in range(times):
            found = step()
        return (time.process_time() - started) / times, found
    finally:
        gc.enable()


def ratio(slow: Sequence[float], fast: Sequence[float]) -> str:
    """The median of the ratios of pairs, and their range."""
    found = sorted(one / other for one, other in zip(slow, fast, strict=True))
    return f"{statistics.median(found):.3g} (from {found[0]:.3g} to {found[-1]:.3g})"


def state_of_machine() -> str:
    """What the machine is, and how busy where it says so."""
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"Python {platform.python_version()}, {os.cpu_count()} processors{load}"
