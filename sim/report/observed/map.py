"""Which steps a process map shows, in the lawful order of events, and which lead to which in a given record."""

from collections.abc import Mapping
from typing import NamedTuple

from sim.events import LIFECYCLE, EventKind, Outcome
from sim.facts import Fact
from sim.measures import LogIndex
from sim.measures.index import NEVER

E = EventKind


class Spot(NamedTuple):
    """Where a step stands on the grid of the map, and the steps that lead to it, the nearest first."""

    column: float
    row: float
    after: tuple[EventKind, ...] = ()


SPOTS: Mapping[EventKind, Spot] = {
    E.RECEIVED: Spot(0, 1),
    E.HANDED_OVER: Spot(0, 0, (E.RECEIVED,)),
    E.SCREENED: Spot(1, 1, (E.RECEIVED,)),
    E.INFORMATION_ASKED: Spot(1, 0, (E.SCREENED, E.RECEIVED)),
    E.INFORMATION_READY: Spot(2, 0, (E.INFORMATION_ASKED,)),
    E.DECIDED: Spot(2, 1, (E.SCREENED, E.RECEIVED)),
    E.STRATEGY_ASKED: Spot(2, 2, (E.DECIDED,)),
    E.STRATEGY_HELD: Spot(2, 3, (E.STRATEGY_ASKED, E.DECIDED)),
    E.SECTION_47_STARTED: Spot(3, 3, (E.STRATEGY_HELD, E.DECIDED)),
    E.CONFERENCE_HELD: Spot(4, 3, (E.SECTION_47_STARTED, E.DECIDED)),
    E.ALLOCATED: Spot(3, 1, (E.DECIDED, E.RECEIVED)),
    E.SEEN: Spot(4, 1, (E.ALLOCATED, E.DECIDED, E.RECEIVED)),
    E.ASSESSMENT_STARTED: Spot(3, 2, (E.ALLOCATED, E.DECIDED)),
    E.ASSESSMENT_AUTHORISED: Spot(4, 2, (E.ASSESSMENT_STARTED, E.ALLOCATED)),
}
"""The steps that are drawn; what happens beside them, and work, is not."""

OTHERWISE = tuple(outcome for outcome in Outcome if outcome not in (Outcome.REFERRAL, Outcome.STRATEGY_DISCUSSION))
"""The decisions with which a contact leaves the map."""


def boxes(index: LogIndex) -> tuple[EventKind, ...]:
    """The steps that followed a contact that is counted, in lawful order; receipt only where it is not the referral.

    Steps of which a record holds some, and none that could be linked to such a contact, are no noughts.
    """
    apart = index.knows(frozenset({Fact.RECEIPT}))
    held = [kind for kind in LIFECYCLE if kind in SPOTS and index.records(kind)]
    if not apart:
        return tuple(kind for kind in held if kind is not E.RECEIVED)
    return tuple(kind for kind in held if (index.first(kind) != NEVER)[index.received_in_window].any())


def links(shown: tuple[EventKind, ...]) -> tuple[tuple[EventKind, EventKind], ...]:
    """Each step shown with the nearest before it that is shown; information that came back leads to a decision too."""
    found = []
    for kind in shown:
        before = next((one for one in SPOTS[kind].after if one in shown), None)
        if before is not None:
            found.append((before, kind))
    if E.INFORMATION_READY in shown and E.DECIDED in shown:
        found.append((E.INFORMATION_READY, E.DECIDED))
    return tuple(found)
