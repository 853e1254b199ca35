"""Being told to stop: whoever ends the command in good order finds nothing half-written and no process left."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

from sim.cli.arguments import INTERRUPTED

FROM_SIGNAL = 128
"""An exit code says which signal ended the command: this and the signal's number."""

_NAMES = ("SIGTERM", "SIGHUP", "SIGBREAK")
"""As far as the system has them: asked to end, its terminal gone, Ctrl-Break on Windows."""


class StoppedError(KeyboardInterrupt):
    """The system asked the command to end; no mistake, so nothing that catches mistakes catches it."""

    def __init__(self, number: int) -> None:
        super().__init__(f"stopped by signal {number}")
        self.exit_code = FROM_SIGNAL + number


def exit_code(interrupt: KeyboardInterrupt) -> int:
    """What a command that was stopped ends with: by Ctrl-C too, as shells have it."""
    return interrupt.exit_code if isinstance(interrupt, StoppedError) else INTERRUPTED


@contextmanager
def stoppable() -> Iterator[None]:
    """Meanwhile a request to end raises `StoppedError`, once; one that the system ignores, as under nohup, stays so."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard = [number for number in _signals() if signal.getsignal(number) is signal.SIG_DFL]
    for number in heard:
        signal.signal(number, _stop)
    try:
        yield
    finally:
        for number in heard:
            signal.signal(number, signal.SIG_DFL)


def _signals() -> list[signal.Signals]:
    return [signal.Signals[name] for name in _NAMES if name in signal.Signals.__members__]


def _stop(number: int, _: FrameType | None) -> NoReturn:
    # What is being put in order is not broken off by whoever asks twice.
    for other in _signals():
        if signal.getsignal(other) is _stop:
            signal.signal(other, signal.SIG_IGN)
    raise StoppedError(number)
