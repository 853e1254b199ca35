"""What a compiled run remembers: objects as rows of whole numbers in one memory, each known by its address there.

A field is read as `s.m[k + C.holder]`: the number that lies so many places after the address of a case. Contacts, which
no run changes and scenarios share, lie in a memory of the world's, `s.w`. `NONE` is nobody's address.
"""

from typing import Final, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

NONE: Final = -1
NOTHING: Final = 0
"""Where memory is nought from the start and no address is: nothing is noted."""

MOST_REVIEWS: Final = 10
MOST_SUPERVISIONS: Final = 10
DEEPEST: Final = 12
"""Stories within stories: more than a journey is ever in at once."""

RETURN_WAYS: Final = 4
LOG_COLUMNS: Final = 9
MINUTES_IN_WORD: Final = 32
BITS_IN_WORD: Final = 32

Rows = NDArray[np.int64]
"""Memory before and after the run, when it is an array as any other."""


class Memory(Protocol):
    """Memory during the run: whole numbers by their places, and nothing else that an array can do."""

    def __getitem__(self, place: int, /) -> int:
        """The number at a place."""

    def __setitem__(self, place: int, number: int, /) -> None:
        """Put a number at a place."""


class State(NamedTuple):
    """The memory of a run and that of its world."""

    m: Memory
    w: Memory


class Prepared(NamedTuple):
    """The memory of a run that is about to begin, and that of its world."""

    m: Rows
    w: Rows
