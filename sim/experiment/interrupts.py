"""Interrupts in processes that do others' work."""

import signal


def leave_interrupts() -> None:
    """From now on Ctrl-C, Ctrl-Break and a closed terminal are for the process that gives out the work.

    They reach every process at once; that one then ends the others in good order.
    """
    for name in ("SIGINT", "SIGHUP", "SIGBREAK"):
        if name in signal.Signals.__members__:
            signal.signal(signal.Signals[name], signal.SIG_IGN)
