"""A round of further work."""

from typing import Final

ask_minutes: Final = 0
police_reply: Final = 1
health_reply: Final = 2
education_reply: Final = 3
chased_reply: Final = 4
size: Final = 5
