"""Work that is open in a record, as plain values: how far each family has come, and what the record can tell of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum
from typing import NamedTuple

from sim.events import NOBODY, EventKind, Outcome
from sim.facts import Fact

OLDEST_UNDECIDED_DAYS = 90
OLDEST_DAYS = 365
"""What has been open for longer, since receipt, is a record that nobody ended rather than work that somebody does."""


class OpenStage(IntEnum):
    """How far an open family has come, as far as the record tells."""

    UNDECIDED = 0
    TO_BE_DISCUSSED = 1
    UNALLOCATED = 2
    UNSEEN = 3
    IN_ASSESSMENT = 4
    AFTER_ASSESSMENT = 5


class OpenJourney(NamedTuple):
    """A family whose work is open. Times are minutes counted from the midnight after the extract, so less than 0.

    `source`, `domestic_abuse`, `rating` and `outcome` are -1 where unknown. `at` are the steps it is known to have
    taken; `seen` the children seen, by their number and when: those seen on a day that nobody noted as on that on which
    their assessment began. `holder` numbers the worker who has the case among those
    of the extract, `NOBODY` for none; no pseudonym is kept.
    """

    children: int
    source: int
    domestic_abuse: int
    open_case: int
    is_return: int
    rating: int
    outcome: int
    ending: int
    at: Mapping[EventKind, int]
    seen: tuple[tuple[int, int], ...]
    holder: int


@dataclass(frozen=True, slots=True, eq=False)
class OpenWork:
    """All that was open at the end of `as_at`, with what the extract can tell of it.

    `stale` counts the families left out because they have been open for longer than work is, `unusable` the rows and
    journeys of the extract that could not be used: what was open among them is not here. `holders` is how many
    workers of the extract have cases among these, `seen_undated` how many children of these were seen on a day that
    nobody noted. Where it does not tell `tells_undecided`, no contact is here that was
    not yet decided; where not `tells_unbegun`, none that was referred and whose assessment had not begun, for it may
    be over; and where not `tells_after`, none whose assessment has been authorised.
    """

    journeys: tuple[OpenJourney, ...] = field(repr=False)
    as_at: date
    format: str
    fingerprint: str
    facts: frozenset[Fact]
    stale: int
    unusable: int
    holders: int
    seen_undated: int
    tells_undecided: bool
    tells_unbegun: bool
    tells_after: bool

    def children_by_stage(self) -> dict[OpenStage, int]:
        """How many children have come how far; of a family that waits to be seen, those seen wait no longer."""
        found = dict.fromkeys(OpenStage, 0)
        for journey in self.journeys:
            stage = stage_of(journey, self.facts)
            seen = len(journey.seen) if stage is OpenStage.UNSEEN else 0
            found[stage] += journey.children - seen
            found[OpenStage.IN_ASSESSMENT] += seen
        return found


def stage_of(journey: OpenJourney, facts: frozenset[Fact]) -> OpenStage:
    """How far a family has come; where visits are not told, one whose assessment has begun counts as seen."""
    if EventKind.DECIDED not in journey.at:
        return OpenStage.UNDECIDED
    if EventKind.ASSESSMENT_AUTHORISED in journey.at:
        return OpenStage.AFTER_ASSESSMENT
    has_begun = EventKind.ASSESSMENT_STARTED in journey.at
    is_seen = len(journey.seen) >= journey.children if Fact.SEEN in facts else has_begun
    is_allocated = journey.holder != NOBODY or EventKind.ALLOCATED in journey.at or has_begun
    if not is_allocated:
        is_to_be_discussed = journey.outcome == Outcome.STRATEGY_DISCUSSION
        was_held = EventKind.STRATEGY_HELD in journey.at
        return OpenStage.TO_BE_DISCUSSED if is_to_be_discussed and not was_held else OpenStage.UNALLOCATED
    return OpenStage.IN_ASSESSMENT if is_seen else OpenStage.UNSEEN
