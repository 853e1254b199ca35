"""How far a family had come when the run began: what the journeys pass over, and since when each wait has lasted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sim.events import Activity, EventKind
from sim.world import Inherited, PastEvent

UNKNOWN = -1
"""In place of a minute: it had not happened, or the contact came during the run."""

_ASKED = (EventKind.INFORMATION_ASKED, EventKind.SECOND_LOOK_ASKED)


@dataclass(frozen=True, slots=True)
class Past:
    """What was done before the run began; of a contact that comes during it, nothing.

    `asked` are the minutes at which each round of further work was asked for, `answered` how many have been answered.
    A second look was asked for at `second_look`, and `is_looked_into` once its information was in. The others are the
    minutes of the last step of their kind, `UNKNOWN` where there was none.
    """

    done: Mapping[Activity, int] = field(default_factory=dict)
    asked: tuple[int, ...] = ()
    answered: int = 0
    second_look: int = UNKNOWN
    is_looked_into: bool = False
    strategy_asked: int = UNKNOWN
    action_set: int = UNKNOWN
    visit_arranged: int = UNKNOWN
    visit_failed: int = UNKNOWN
    outside_wait: int = UNKNOWN
    section_47_ended: int = UNKNOWN
    conference_held: int = UNKNOWN
    authorised: int = UNKNOWN
    place_asked: int = UNKNOWN

    def pieces(self, activity: Activity) -> int:
        """How many pieces of work of a kind were done."""
        return self.done.get(activity, 0)

    @property
    def rounds_decided(self) -> int:
        """How many times a manager has decided, each time to ask further or to have it looked at again."""
        return self.pieces(Activity.DECIDING)


NO_PAST = Past()


def past_of(inherited: Inherited) -> Past:
    """What the steps and pieces of work of an inherited family amount to."""
    last = {event.kind: event.time for event in inherited.events}
    first_look = [e for e in inherited.events if e.time <= last.get(EventKind.SECOND_LOOK_ASKED, e.time)]
    answers = _count(inherited.events, EventKind.INFORMATION_READY)
    asked = tuple(event.time for event in inherited.events if event.kind is EventKind.INFORMATION_ASKED)
    at = {name: last.get(kind, UNKNOWN) for name, kind in _LAST.items()}
    return Past(
        done=dict(inherited.done),
        asked=asked,
        answered=min(_count(first_look, EventKind.INFORMATION_READY), len(asked)),
        is_looked_into=at["second_look"] != UNKNOWN and answers > len(asked),
        **at,
    )


_LAST: Mapping[str, EventKind] = {
    "second_look": EventKind.SECOND_LOOK_ASKED,
    "strategy_asked": EventKind.STRATEGY_ASKED,
    "action_set": EventKind.ACTION_SET,
    "visit_arranged": EventKind.VISIT_ARRANGED,
    "visit_failed": EventKind.VISIT_FAILED,
    "outside_wait": EventKind.OUTSIDE_WAIT,
    "section_47_ended": EventKind.SECTION_47_ENDED,
    "conference_held": EventKind.CONFERENCE_HELD,
    "authorised": EventKind.ASSESSMENT_AUTHORISED,
    "place_asked": EventKind.PLACE_ASKED,
}


def _count(events: Sequence[PastEvent], kind: EventKind) -> int:
    return sum(event.kind is kind for event in events)
