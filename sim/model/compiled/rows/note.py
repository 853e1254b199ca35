"""Something that is to happen."""

from typing import Final

following: Final = 0
kind: Final = 1
whose: Final = 2
size: Final = 3
