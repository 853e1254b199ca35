"""A command that is told to stop, however it is told: nothing half-written, no process left, and its own exit code."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sim.cli.stopping import StoppedError, stoppable
from sim.scenario import shipped

BASE = str(shipped("leicestershire-2018-19.toml"))
IS_WINDOWS = sys.platform == "win32"

# What starts in the background of a shell ignores interrupts, and so would what it starts.
INTERRUPTIBLE = """import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
for name in ("SIGTERM", "SIGHUP"):
    if hasattr(signal, name):
        signal.signal(getattr(signal, name), signal.SIG_DFL)
from sim.cli import main
sys.exit(main())"""


def told_to(name: str) -> signal.Signals:
    """The signal of this name; on Windows only Ctrl-Break reaches one process, and only that is tried there."""
    if (name == "SIGBREAK") is not IS_WINDOWS:
        pytest.skip(f"{name} is not sent to one process on {sys.platform}")
    return signal.Signals[name]


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"])
def test_a_comparison_told_to_stop_ends_its_workers_at_once_and_leaves_nothing(tmp_path: Path, name: str) -> None:
    number = told_to(name)
    arguments = ["compare", BASE, "--set=calendar.horizon_days=3000", "--processes=2", "--engine=simpy"]
    arguments += ["--out", str(tmp_path / "r")]
    running = subprocess.Popen(  # noqa: S603  (our own command)
        [sys.executable, "-c", INTERRUPTIBLE, *arguments],
        stderr=subprocess.PIPE,
        text=True,
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
    )
    while not list(tmp_path.iterdir()) and running.poll() is None:
        time.sleep(0.05)
    time.sleep(1.5)  # the workers have begun years that take far longer than is waited below
    began = time.monotonic()
    running.send_signal(getattr(signal, "CTRL_BREAK_EVENT", number) if IS_WINDOWS else number)
    # The workers hold the error stream open too: it ends only when the last of them has.
    _, error = running.communicate(timeout=60)

    assert (running.returncode, error) == (128 + number, "frontdoor: stopped; nothing is left half-written\n")
    assert time.monotonic() - began < 8
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(IS_WINDOWS, reason="Windows raises no SIGTERM in one process")
def test_a_second_request_does_not_break_off_the_putting_in_order() -> None:
    done = []

    def stopped_twice() -> None:
        with stoppable():
            try:
                signal.raise_signal(signal.SIGTERM)
            finally:
                signal.raise_signal(signal.SIGTERM)
                done.append("put in order")

    with pytest.raises(StoppedError):
        stopped_twice()
    assert done == ["put in order"]
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


@pytest.mark.skipif(IS_WINDOWS, reason="Windows has no hang-up")
def test_what_is_told_to_outlive_its_terminal_does() -> None:
    hang_up = signal.Signals["SIGHUP"]
    before = signal.signal(hang_up, signal.SIG_IGN)
    try:
        with stoppable():
            signal.raise_signal(hang_up)
    finally:
        signal.signal(hang_up, before)
