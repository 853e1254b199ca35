"""Where one kind of work waits."""

from typing import Final

first: Final = 0
waiting: Final = 1
touched: Final = 2
staff: Final = 3
diary_of: Final = 4
size: Final = 5
