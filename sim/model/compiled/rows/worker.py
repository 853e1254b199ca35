"""Somebody at work."""

from typing import Final

identity: Final = 0
role: Final = 1
team: Final = 2
team_after: Final = 3
starts: Final = 4
leaves: Final = 5
guide: Final = 6
guide_after: Final = 7
busy: Final = 8
open_children: Final = 9
wakes_at: Final = 10
known_until: Final = 11
is_in: Final = 12
diary: Final = 13
is_at_diary: Final = 14
desks: Final = 15
calendar_from: Final = 16
calendar_to: Final = 17
takes_with: Final = 18
takes_at: Final = 19
size: Final = 20
