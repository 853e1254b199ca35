"""The work that was open at the date of an extract: what a comparison starts from.

Read from the log that an extract has become, so it is one code for every format. What the format does not tell is left
open here and said, for whoever starts from it to draw.
"""

from collections.abc import Iterator
from datetime import date

import numpy as np
from numpy.typing import NDArray

from sim.events import EVERY_CHILD, NOBODY, Column, EventKind, EventLog, Outcome
from sim.facts import FACTS, Fact
from sim.history.extract import Observed, observe
from sim.history.fingerprint import fingerprint
from sim.history.places import Place
from sim.history.pseudonyms import Pseudonyms
from sim.history.tables import ExtractError
from sim.working_time import MINUTES_PER_DAY, OpeningHours
from sim.world.opening import OLDEST_DAYS, OLDEST_UNDECIDED_DAYS, OpenJourney, OpenWork

REFERRED = (Outcome.REFERRAL, Outcome.STRATEGY_DISCUSSION)
"""The decisions after which a child is to be assessed."""

_LAST_COUNTS = frozenset({EventKind.INFORMATION_ASKED, EventKind.INFORMATION_READY})


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
        unusable=observed.set_aside + sum(tally.refused for tally in observed.history.tallies),
        holders=len({journey.holder for journey in journeys} - {NOBODY}),
        seen_undated=int(np.isin(log.seen_undated[:, 0], log.contact_column("contact")[kept]).sum()),
        tells_undecided=tells_undecided,
        tells_unbegun=tells_unbegun,
        tells_after=tells_after,
    )


def open_work_in(place: Place, hours: OpeningHours, as_at: date | None) -> OpenWork:
    """What was open at the end of an extract that lies somewhere, read anew and nothing of it kept.

    `as_at` is its date, by default the one it gives or its last. Raise `ExtractError` and `OSError`.
    """
    told = fingerprint(place)
    # Made from the extract itself, so that its rows stand in the same order each time; no pseudonym is kept.
    return open_work(observe(place, Pseudonyms(bytes.fromhex(told)), hours, as_at), told)


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
        self._undated: dict[int, list[int]] = {}
        for contact, child in log.seen_undated.tolist():
            self._undated.setdefault(contact, []).append(child)

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
        contact, received, source, abuse, children, _, _, is_return, open_case = self._log.contacts[row].tolist()
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
        for one in self._undated.get(contact, ()):
            seen.setdefault(one, at.get(EventKind.ASSESSMENT_STARTED, received - start))
        return OpenJourney(
            children=children,
            source=source,
            domestic_abuse=abuse,
            open_case=open_case,
            is_return=is_return,
            rating=detail.get(EventKind.SCREENED, _NEVER),
            outcome=detail.get(EventKind.DECIDED, _NEVER),
            ending=detail.get(EventKind.ASSESSMENT_AUTHORISED, _NEVER),
            at=at,
            seen=tuple(sorted(seen.items())),
            holder=holder,
        )
