"""The work that was open at the date of an extract: what a comparison starts from.

Read from the log that an extract has become, so it is one code for every format. What the format does not tell is left
open here and said, for whoever starts from it to draw.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.events import EVERY_CHILD, NOBODY, Column, EventKind, EventLog, Outcome
from sim.facts import FACTS, Fact
from sim.history.extract import Observed
from sim.history.tables import ExtractError
from sim.working_time import MINUTES_PER_DAY

REFERRED = (Outcome.REFERRAL, Outcome.STRATEGY_DISCUSSION)
"""The decisions after which a child is to be assessed."""

OLDEST_UNDECIDED_DAYS = 90
OLDEST_DAYS = 365
"""What has been open for longer, since receipt, is a record that nobody ended rather than work that somebody does."""

_LAST_COUNTS = frozenset({EventKind.INFORMATION_ASKED, EventKind.INFORMATION_READY})


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
    taken; `seen` the children seen, by their number and when. `holder` numbers the worker who has the case among those
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

    `stale` counts the families left out because they have been open for longer than work is. `holders` is how many
    workers of the extract have cases among these. Where it does not tell `tells_undecided`, no contact is here that was
    not yet decided; where not `tells_unbegun`, none that was referred and whose assessment had not begun, for it may
    be over; and where not `tells_after`, none whose assessment has been authorised.
    """

    journeys: tuple[OpenJourney, ...] = field(repr=False)
    as_at: date
    format: str
    fingerprint: str
    facts: frozenset[Fact]
    stale: int
    holders: int
    tells_undecided: bool
    tells_unbegun: bool
    tells_after: bool

    def children_by_stage(self) -> dict[OpenStage, int]:
        """How many children have come how far."""
        found = dict.fromkeys(OpenStage, 0)
        for journey in self.journeys:
            found[stage_of(journey, self.facts)] += journey.children
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


def open_work(observed: Observed, fingerprint: str) -> OpenWork:
    """What was open at the end of an extract. Raise `ExtractError` where the extract cannot tell what is."""
    log = observed.log
    _refuse_what_cannot_tell(observed)
    tells_undecided = {Fact.RECEIPT, Fact.DECISION} <= log.facts
    tells_after = bool(len(log.of_kind(EventKind.TRANSFERRED))) and Fact.CLOSURE in log.facts
    tells_unbegun = Fact.CLOSURE in log.facts
    every = _Contacts(log)
    open_now = every.is_open(tells_undecided=tells_undecided, tells_after=tells_after)
    if not tells_unbegun:
        open_now &= every.has(EventKind.ASSESSMENT_STARTED) | ~every.has(EventKind.DECIDED)
    found = np.flatnonzero(open_now)
    age_days = (log.window_end - log.contact_column("received")[found]) / MINUTES_PER_DAY
    oldest = np.where(every.first(EventKind.DECIDED)[found] == _NEVER, OLDEST_UNDECIDED_DAYS, OLDEST_DAYS)
    kept = found[age_days <= oldest]
    journeys = tuple(every.journeys(kept))
    return OpenWork(
        journeys=journeys,
        as_at=observed.as_at,
        format=observed.history.format,
        fingerprint=fingerprint,
        facts=log.facts,
        stale=len(found) - len(kept),
        holders=len({journey.holder for journey in journeys} - {NOBODY}),
        tells_undecided=tells_undecided,
        tells_unbegun=tells_unbegun,
        tells_after=tells_after,
    )


def _refuse_what_cannot_tell(observed: Observed) -> None:
    facts, why = observed.log.facts, observed.history.why_not
    for wanted in ({Fact.REFERRAL}, {Fact.AUTHORISATION, Fact.CLOSURE}):
        if not facts & wanted:
            fact = min(wanted)
            raise ExtractError(
                f"this extract cannot say what is open, for it does not tell {FACTS[fact]} "
                f"({why.get(fact, 'it holds none')})"
            )


_NEVER = -1
_OF_CONTACT = (EventKind.RECEIVED, EventKind.SEEN, EventKind.WORK_QUEUED, EventKind.WORK_STARTED, EventKind.WORK_ENDED)


class _Contacts:
    """The contacts of a log, and the events of each."""

    def __init__(self, log: EventLog) -> None:
        self._log = log
        ids = log.contact_column("contact")
        order = np.argsort(ids)
        self._whose = order[np.searchsorted(ids[order], log.column("contact"))]
        self._kind = log.column("kind")

    def _events(self, kind: EventKind) -> Column:
        return np.flatnonzero(self._kind == kind)

    def first(self, kind: EventKind, column: str = "time") -> Column:
        """When a kind first happened to each contact, or another column of that event; -1 where it did not."""
        found = np.full(len(self._log.contacts), _NEVER, dtype=np.int64)
        events = self._events(kind)[::-1]
        found[self._whose[events]] = self._log.column(column)[events]
        return found

    def has(self, kind: EventKind) -> NDArray[np.bool_]:
        """Which contacts a kind has happened to."""
        return np.bincount(self._whose[self._events(kind)], minlength=len(self._log.contacts)) > 0

    def is_open(self, *, tells_undecided: bool, tells_after: bool) -> NDArray[np.bool_]:
        """Which contacts are open: undecided, or to be assessed and not over."""
        undecided = ~self.has(EventKind.DECIDED)
        referred = np.isin(self.first(EventKind.DECIDED, "detail"), REFERRED)
        referred &= self._log.contact_column("open_case") != 1
        over = self.has(EventKind.CLOSED) | self.has(EventKind.TRANSFERRED)
        if not tells_after:
            over |= self.has(EventKind.ASSESSMENT_AUTHORISED)
        return ((undecided & tells_undecided) | referred) & ~over

    def journeys(self, rows: Column) -> Iterator[OpenJourney]:
        """The journeys of these contacts, in the order of the log; workers are numbered as they come."""
        number: dict[int, int] = {}
        place = {row: at for at, row in enumerate(rows.tolist())}
        events: list[list[list[int]]] = [[] for _ in place]
        wanted = np.flatnonzero(np.isin(self._whose, rows))
        for row, event in zip(self._whose[wanted].tolist(), self._log.events[wanted].tolist(), strict=True):
            events[place[row]].append(event)
        for row, found in zip(rows.tolist(), events, strict=True):
            yield self._journey(row, found, number)

    def _journey(self, row: int, events: list[list[int]], number: dict[int, int]) -> OpenJourney:
        _, received, source, domestic_abuse, children, _, _, is_return, open_case = self._log.contacts[row].tolist()
        start, holder = self._log.window_end, NOBODY
        at, detail = {EventKind.RECEIVED: received - start}, dict[EventKind, int]()
        seen = dict[int, int]()
        for time, code, _, child, person, _, told, *_ in events:
            kind = EventKind(code)
            if kind is EventKind.SEEN:
                for one in range(children) if child == EVERY_CHILD else (child,):
                    seen.setdefault(one, time - start)
            elif kind is EventKind.HOLDER_LEFT:
                holder = NOBODY
                at.pop(EventKind.ALLOCATED, None)
            elif kind not in _OF_CONTACT and (kind not in at or kind in _LAST_COUNTS):
                at[kind], detail[kind] = time - start, told
            if kind is EventKind.ALLOCATED and person != NOBODY:
                holder = number.setdefault(person, len(number))
        return OpenJourney(
            children=children,
            source=source,
            domestic_abuse=domestic_abuse,
            open_case=open_case,
            is_return=is_return,
            rating=detail.get(EventKind.SCREENED, _NEVER),
            outcome=detail.get(EventKind.DECIDED, _NEVER),
            ending=detail.get(EventKind.ASSESSMENT_AUTHORISED, _NEVER),
            at=at,
            seen=tuple(sorted(seen.items())),
            holder=holder,
        )
