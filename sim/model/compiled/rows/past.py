"""What was done for a family before the run began, as `sim.model.past.Past` has it."""

from typing import Final

from sim.events import Activity
from sim.scenario import MOST_ROUNDS

answered: Final = 0
rounds_asked: Final = 1
second_look: Final = 2
is_looked_into: Final = 3
strategy_asked: Final = 4
action_set: Final = 5
visit_arranged: Final = 6
visit_failed: Final = 7
outside_wait: Final = 8
section_47_ended: Final = 9
conference_held: Final = 10
authorised: Final = 11
place_asked: Final = 12
asked: Final = 13
done: Final = asked + MOST_ROUNDS
size: Final = done + max(Activity) + 1
