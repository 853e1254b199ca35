"""Workers of one list who are alike: of one guide, and all or none of them newly qualified."""

from typing import Final

guide: Final = 0
newly_qualified: Final = 1
next_alike: Final = 2
first: Final = 3
count: Final = 4
size: Final = 5
