"""A time of police and health."""

from typing import Final

begins: Final = 0
closes: Final = 1
next_left: Final = 2
size: Final = 3
