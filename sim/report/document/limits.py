"""What the model leaves out: the gravest first."""

from typing import Final

NOT_MODELLED: Final = (
    "Whether the work is good, and what becomes of children afterwards: the model knows time and capacity only.",
    "How staff, partners and families would respond, beyond what the scenario states: nobody works faster or longer.",
    "Money: this report holds no cost.",
    "Work of the front door's staff beyond it, other than the time booked for it, and of the teams that receive cases.",
    "Clock changes in March and October; holidays other than England's bank holidays.",
    "Differences between workers of one kind in how fast or how well they work.",
)
"""The first three stand on the first page."""
