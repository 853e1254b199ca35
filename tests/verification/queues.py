"""The model with all but one desk made trivial, so that what waits there is a queue whose answer is known.

Everybody works day and night. A contact is screened and decided in a minute by one of many managers; in between it is
asked about at the first response desk, and that is the queue: its arrivals, efforts and servers are given. Efforts are
some thousand minutes long, so that rounding them to whole minutes is far below any tolerance.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from sim.events import Activity, EventKind, EventLog, Rating, Role
from sim.model import run
from sim.working_time import MINUTES_PER_DAY, Calendar
from sim.world import Contact, Known, Round, Span, World
from tests.worlds import FIRST_DAY, NO_ACTION, a_contact, a_person, contact_number, plain

Minutes = NDArray[np.int64]

MANAGERS = 12
FOLLOW_UP_DAYS = 366
SERVICE = 1000.0
"""Mean effort, minutes."""

VISITOR = NO_ACTION._replace(rating=Rating.AMBER, screening_minutes=1, decision_minutes=1, consent_delay=0)


def asked(effort: int, reply: int = -1) -> Round:
    """A round that takes an effort, and a reply after a delay where there is one."""
    return Round(ask_minutes=effort, police_reply=reply, health_reply=-1, education_reply=-1, chased_reply=0)


def visitor(number: int, received: int, rounds: Sequence[Round]) -> Contact:
    """A contact that is asked about once a round."""
    return a_contact(number, received, VISITOR._replace(rounds=tuple(rounds)))


@contextmanager
def open_day_and_night() -> Iterator[None]:
    """The office never closes, so that no contact goes to the out-of-hours team."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sim.model.service.opening_calendar", lambda _, days, __: Calendar([(0, days * MINUTES_PER_DAY)]))
        yield


def told_by(contacts: Iterable[Contact], servers: int, changes: dict[str, object] | None = None) -> EventLog:
    """The log of these contacts with so many at the first response desk, run until all have gone."""
    known = tuple(contacts)
    days = max(contact.received for contact in known) // MINUTES_PER_DAY + 1
    horizon = {"calendar.horizon_days": days, "calendar.follow_up_days": FOLLOW_UP_DAYS}
    always = Calendar([(0, (days + FOLLOW_UP_DAYS) * MINUTES_PER_DAY)])
    posts = [(Role.FRONT_DOOR_MANAGER, k) for k in range(MANAGERS)]
    posts += [(Role.FIRST_RESPONSE_WORKER, k) for k in range(servers)]
    people = tuple(a_person(role, k)._replace(calendar=always) for role, k in posts)
    with open_day_and_night():
        world = World(Span(FIRST_DAY, days + FOLLOW_UP_DAYS, 0), Known(known, {}, {}), people)
        return run(plain({**horizon, **(changes or {})}), world)


@dataclass(frozen=True, slots=True, eq=False)
class Queue:
    """The first response desk of a log: a visit a row, in order of contact and visit, all (n,) minutes."""

    contact: Minutes
    joined: Minutes
    begun: Minutes

    @property
    def waits(self) -> Minutes:
        """How long each waited."""
        return self.begun - self.joined

    @classmethod
    def of(cls, log: EventLog, activity: Activity = Activity.ASKING) -> "Queue":
        """The queue of one activity; everything that joined must have begun."""
        here = log.column("detail") == activity
        joined, begun = (
            log.events[here & (log.column("kind") == kind)] for kind in (EventKind.WORK_QUEUED, EventKind.WORK_STARTED)
        )
        joined, begun = (rows[np.lexsort((rows[:, 0], rows[:, 2]))] for rows in (joined, begun))
        assert len(joined) == len(begun)
        return cls(joined[:, 2], joined[:, 0], begun[:, 0])


def poisson(rate: float, number: int, chance: np.random.Generator) -> Minutes:
    """The minutes of a Poisson stream's first arrivals."""
    return np.cumsum(chance.exponential(1 / rate, number)).astype(np.int64)


def whole(efforts: NDArray[np.float64]) -> Minutes:
    """Efforts as whole minutes, at least one."""
    return np.maximum(np.rint(efforts), 1).astype(np.int64)


def exponential(number: int, chance: np.random.Generator) -> Minutes:
    """Efforts without memory."""
    return whole(chance.exponential(SERVICE, number))


def waits_of(received: Minutes, efforts: Minutes, servers: int) -> Minutes:
    """How long each of a stream waits at the desk, in the order of arrival."""
    contacts = (visitor(k, int(r), [asked(int(e))]) for k, (r, e) in enumerate(zip(received, efforts, strict=True)))
    return Queue.of(told_by(contacts, servers)).waits


def kiefer_wolfowitz(joined: Minutes, efforts: Minutes, servers: int) -> Minutes:
    """When each begins, first come first served by several servers: the recursion, without any engine."""
    free = np.zeros(servers, dtype=np.int64)
    begun = np.empty_like(joined)
    for place, (joins, effort) in enumerate(zip(joined.tolist(), efforts.tolist(), strict=True)):
        server = int(np.argmin(free))
        begun[place] = max(joins, int(free[server]))
        free[server] = begun[place] + effort
    return begun


def numbers(contacts: Minutes) -> Minutes:
    """The numbers by which contacts were made, of their ids."""
    return (contacts - contact_number(0)) // (contact_number(1) - contact_number(0))


def is_the_mean(values: Iterable[float], theory: float) -> bool:
    """Whether replications' means are what theory says, but for chance once in a thousand."""
    found = np.array(list(values), dtype=np.float64)
    error = stats.sem(found)
    return bool(abs(found.mean() - theory) <= stats.t.isf(0.0005, len(found) - 1) * error)


def erlang_c(servers: int, offered: float) -> float:
    """The probability of waiting with Poisson arrivals and exponential efforts, `offered` servers' worth of work."""
    terms = [1.0]
    for k in range(1, servers + 1):
        terms.append(terms[-1] * offered / k)
    waiting = terms[-1] * servers / (servers - offered)
    return waiting / (sum(terms[:-1]) + waiting)
