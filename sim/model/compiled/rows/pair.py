"""The first of two events: who waits for it, or the pair of which it is one."""

from typing import Final

happened: Final = 0
story: Final = 1
outer: Final = 2
size: Final = 3
