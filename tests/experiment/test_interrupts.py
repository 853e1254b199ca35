"""A Ctrl-C is heard even where it falls into what swallows it."""

import os
import signal
import threading
import time

import pytest

from sim.experiment.interrupts import interrupts_heard


class LetGo:
    """Interrupts its own process when Python lets go of it: an exception there is only printed."""

    def __del__(self) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.01)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows ends a process that is sent Ctrl-C by itself")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_interrupt_that_is_swallowed_is_raised_when_asked_for() -> None:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with interrupts_heard() as ask:
            ask()
            LetGo()
            with pytest.raises(KeyboardInterrupt):
                ask()
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, before)


def test_outside_the_main_thread_nothing_is_heard_and_nothing_changed() -> None:
    before, found = signal.getsignal(signal.SIGINT), []

    def hear() -> None:
        with interrupts_heard() as ask:
            ask()
            found.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=hear)
    thread.start()
    thread.join()

    assert found == [before]
