"""A family on its way through the front door: the state that dies with the run."""

import simpy

from sim.events import Ending, Outcome
from sim.model.desk import Job, Worker
from sim.model.past import NO_PAST, Past
from sim.policies import is_assessed
from sim.world import Contact


class Case:
    """What has become of one contact so far."""

    def __init__(self, env: simpy.Environment, contact: Contact, received_at: int, past: Past = NO_PAST) -> None:
        self.contact = contact
        self.past = past
        self.received_at = received_at
        self.is_screened = False
        self.is_left_by_the_night = False
        self.answered_at = -1
        self.was_cut = False
        self.has_answered = False
        self.id = contact.id
        self.children = contact.children
        self.occasion = 0
        self.outcome: Outcome | None = None
        self.by_domestic_abuse_team = False
        self.section_47 = False
        self.strategy_held_at = -1
        self.unseen = list(range(contact.children))
        self.visits = 0
        self.seen = env.event()
        self.team = -1
        self.holder: Worker | None = None
        self.allocated = env.event()
        self.unallocated_since = -1
        self.reserved: Worker | None = None
        self.is_in_hand = False
        self.parked: list[Job] = []
        self.beside: list[Job] = []
        self.started_at = -1
        self.reviewed = False
        self.help_started = False
        self.conference: simpy.Process | None = None
        self.visiting: simpy.Process | None = None
        self.reworked = False
        self.closed = False
        self.ending: Ending | None = None

    def is_brief(self) -> bool:
        """Whether the record of a visit is assessment enough: never where there is a section 47 enquiry."""
        return bool(self.contact.brief) and not self.section_47

    def is_ours(self) -> bool:
        """Whether the assessment teams go on with it."""
        return self.outcome is not None and is_assessed(self.outcome)

    def is_with_a_team(self) -> bool:
        """Whether a team's managers answer for it: it has been allocated, or was open before this contact."""
        return bool(self.allocated.triggered) or self.outcome is Outcome.OPEN_CASE

    def has_closed(self) -> bool:
        """Whether the case has closed, asked anew: much may happen while a story waits."""
        return self.closed

    def is_over(self) -> bool:
        """Whether its assessment is authorised or the case closed."""
        return self.closed or self.ending is not None
