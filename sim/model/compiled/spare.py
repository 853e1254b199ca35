"""Memory that a run has done with, for the next one in this process.

A system that is asked for memory gives it away emptied, a piece at a time as it is first touched: for a year of a
county that was an eighth of the run. So what one run has used is kept for the next, which empties the part of it that
must be.
"""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from sim.model.compiled.layout import Rows

_SPARE: Final[list[Rows]] = []
_MOST_NUMBERS: Final = 2**26
"""More is given back to the system: nobody keeps half a gigabyte for a run that may not come."""


def memory_of(numbers: int) -> Rows:
    """Memory for so many numbers, with anything in it; nobody else's until it is given back."""
    try:
        found = _SPARE.pop()
    except IndexError:  # no run yet, or another is under way in another thread
        found = np.zeros(0, dtype=np.int64)
    if len(found) < numbers:
        # A little more than is asked for, since one world of a scenario is a little larger than another.
        found = np.zeros(numbers + numbers // 4, dtype=np.int64)
    return found[:numbers]


def give_back(memory: Rows) -> None:
    """Nothing reads this memory any more."""
    whole = memory.base
    if isinstance(whole, np.ndarray) and len(whole) <= _MOST_NUMBERS and not _SPARE:
        _SPARE.append(whole)


_SPARE_LOGS: Final[list[Rows]] = []
_MOST_LOGS: Final = 2
"""As many as are read at a time: a run's, while the one before it has not yet been let go."""


class _Lent:
    """Memory lent to a log: spare again once no array looks into it any more, whoever made it."""

    def __init__(self, memory: Rows) -> None:
        self.memory = memory

    @property
    def __array_interface__(self) -> Mapping[str, Any]:
        return self.memory.__array_interface__

    def __del__(self, spare: list[Rows] = _SPARE_LOGS, logs: int = _MOST_LOGS, numbers: int = _MOST_NUMBERS) -> None:
        # Bound beforehand: when Python ends, the names of this module may be gone before the last log is.
        if len(self.memory) <= numbers and len(spare) < logs:
            spare.append(self.memory)


def memory_of_log(numbers: int) -> Rows:
    """Memory for so many numbers of a log, with anything in it, to be kept as long as anybody likes."""
    try:
        found = _SPARE_LOGS.pop()
    except IndexError:
        found = np.zeros(0, dtype=np.int64)
    if len(found) < numbers:
        found = np.zeros(numbers + numbers // 4, dtype=np.int64)
    return np.asarray(_Lent(found))[:numbers]
