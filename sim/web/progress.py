"""How far a run is, in words."""

from typing import Final, NamedTuple

from sim.web.runs import Run, State

_MINUTE: Final = 60
_SOON_SECONDS: Final = 10


class Progress(NamedTuple):
    """How far a run is: so many simulated years of how many, in words, and whether it goes on."""

    done: int
    of: int
    words: str
    is_running: bool


def progress(run: Run) -> Progress:
    """How far a run is."""
    done, of = run.years, run.plan.replications
    counted = f"{done} of {of} simulated years of each scenario"
    match run.state:
        case State.RUNNING:
            words = f"{counted} are run. {time_left(run.seconds_left)}"
        case State.STOPPED:
            words = f"Stopped: {counted} were run. They are kept, and it can go on from there."
        case State.FAILED:
            words = f"It could not be run: {run.failure}."
        case State.DONE:
            words = f"All {of} simulated years of each scenario are run."
    return Progress(done, of, words, run.state is State.RUNNING)


def time_left(seconds: float | None) -> str:
    """How much time is left, in words."""
    if seconds is None:
        return "The time left will be told soon."
    if seconds < _SOON_SECONDS:
        return "A few seconds are left."
    if seconds < _MINUTE:
        return f"About {round(seconds, -1):.0f} seconds are left."
    minutes = round(seconds / _MINUTE)
    return f"About {minutes} minute{' is' if minutes == 1 else 's are'} left."
