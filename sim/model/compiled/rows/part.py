"""A part of a story: where it goes on, and what it knows."""

from typing import Final

at: Final = 0
a: Final = 1
b: Final = 2
c: Final = 3
d: Final = 4
e: Final = 5
f: Final = 6
g: Final = 7
size: Final = 8
