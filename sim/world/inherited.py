"""Work that was open when a run begins: families whose contact came before it, and how far each has come."""

from typing import NamedTuple

from sim.events import EVERY_CHILD, NOBODY, Activity, EventKind, WaitingOn
from sim.world.contact import Contact


class PastEvent(NamedTuple):
    """A step that was taken before the run began: its minute, and what a log holds of it."""

    time: int
    kind: EventKind
    child: int = EVERY_CHILD
    detail: int = 0
    waiting_on: WaitingOn = WaitingOn.UNCHANGED
    person: int = NOBODY


class Inherited(NamedTuple):
    """A family that a run begins with: its contact and fate, the steps taken, the pieces of work done of each kind.

    `events` are in order of time, receipt first, all of them before the run begins. `holder` is the id of the person
    whose case it is, `NOBODY` for none. `is_return` is 1 where an earlier contact within a year led to a referral.
    """

    contact: Contact
    events: tuple[PastEvent, ...]
    done: tuple[tuple[Activity, int], ...] = ()
    holder: int = NOBODY
    is_return: int = 0
