"""In C, compiled when it is wanted: with lists a minute as a calendar, or with a binary heap."""

import ctypes
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.peers.tandem import Drawn, Setting, Whole

SOURCE = Path(__file__).with_name("tandem.c")


def compiler() -> str | None:
    """A compiler of C, where there is one."""
    return shutil.which("gcc") or shutil.which("cc")


def built(folder: Path, *, heap: bool) -> Callable[[Drawn, Setting], Whole]:
    """The engine, compiled into a folder; `RuntimeError` where that cannot be done."""
    command, target = compiler(), folder / f"tandem-{'heap' if heap else 'lists'}.so"
    if command is None:
        raise RuntimeError("there is no compiler of C")
    flags = ["-O3", "-std=gnu11", "-shared", "-fPIC", *(["-DHEAP"] if heap else [])]
    subprocess.run([command, *flags, str(SOURCE), "-o", str(target)], check=True)  # noqa: S603  (our own)
    function = ctypes.CDLL(str(target)).tandem
    function.restype = ctypes.c_int64
    pointer = np.ctypeslib.ndpointer(dtype=np.int64, flags="C_CONTIGUOUS")
    function.argtypes = [ctypes.c_int64] * 4 + [pointer] * (len(Drawn._fields) + 1)

    def run(drawn: Drawn, setting: Setting) -> Whole:
        log = np.empty((drawn.most_lines, 3), dtype=np.int64)
        lines = function(len(drawn.arrival), setting.minutes, setting.managers, setting.places, *drawn, log)
        if lines < 0:
            raise MemoryError
        return log[:lines]

    return run
