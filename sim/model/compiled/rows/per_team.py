"""What is known of a team: of those who wait on its list, and of its roster of a day."""

from typing import Final

too_large: Final = 0
sizes: Final = 1
has_changed: Final = 2
next_changed: Final = 3
first_of_list: Final = 4
next_of_list: Final = 5
rostered: Final = 6
first_takers: Final = 7
size: Final = 8
