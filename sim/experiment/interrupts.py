"""Interrupts in processes that do others' work."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def interrupts_heard() -> Iterator[Callable[[], None]]:
    """Meanwhile a Ctrl-C is kept that falls where it is swallowed, as in what Python does when it lets go of an object.

    What is given raises `KeyboardInterrupt` where one came: to be called now and then. Only the main thread hears.
    """
    came: list[int] = []
    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(before):
        yield lambda: None
        return

    def hear(number: int, frame: FrameType | None) -> None:
        came.append(number)
        before(number, frame)

    def ask() -> None:
        if came:
            raise KeyboardInterrupt

    signal.signal(signal.SIGINT, hear)
    try:
        yield ask
    finally:
        signal.signal(signal.SIGINT, before)


def leave_interrupts() -> None:
    """From now on Ctrl-C, Ctrl-Break and a closed terminal are for the process that gives out the work.

    They reach every process at once; that one then ends the others in good order.
    """
    for name in ("SIGINT", "SIGHUP", "SIGBREAK"):
        if name in signal.Signals.__members__:
            signal.signal(signal.Signals[name], signal.SIG_IGN)
