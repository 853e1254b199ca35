"""Where one kind of work waits."""

from typing import Final

first: Final = 0
waiting: Final = 1
touched: Final = 2
staff: Final = 3
diary_of: Final = 4
noted_until: Final = 5
first_word: Final = 6
past_word: Final = 7
size: Final = 8
