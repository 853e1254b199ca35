"""In SimPy with the variates drawn beforehand, and desks of our own that give out work when a minute is taken in."""

from collections.abc import Generator
from heapq import heappop, heappush
from typing import Any, Final

import numpy as np
import simpy
from simpy.events import EventPriority

from benchmarks.peers.tandem import Drawn, Kind, Setting, Whole

LAST: Final = EventPriority(2)
Lines = list[tuple[int, int, int]]
Order = tuple[int, int, int]


class Desk:
    """Who is free, and what waits for them."""

    def __init__(self, free: int) -> None:
        self.free = free
        self.waiting: list[tuple[Order, simpy.Event]] = []


class FrontDoor:
    """The service, and what has happened at it."""

    def __init__(self, drawn: Drawn, setting: Setting) -> None:
        self.env = simpy.Environment()
        self.drawn = Drawn(*(column.tolist() for column in drawn))  # Python reads its own numbers faster
        self.managers, self.places = Desk(setting.managers), Desk(setting.places)
        self.lines: Lines = []
        self._is_due = False

    def note(self, kind: Kind, contact: int) -> None:
        """Something has happened."""
        self.lines.append((int(self.env.now), kind, contact))

    def wait_at(self, desk: Desk, urgency: int, contact: int) -> simpy.Event:
        """Wait until it is one's turn."""
        turn = self.env.event()
        heappush(desk.waiting, ((urgency, int(self.env.now), contact), turn))
        self._look_again()
        return turn

    def leave(self, desk: Desk) -> None:
        """Be done at a desk."""
        desk.free += 1
        self._look_again()

    def _look_again(self) -> None:
        if not self._is_due:
            self._is_due, after_all = True, self.env.event()
            after_all._ok, after_all._value = True, None  # noqa: SLF001  (as `succeed`, but last)
            after_all.callbacks = [self._give_out]
            self.env.schedule(after_all, LAST)

    def _give_out(self, _: simpy.Event) -> None:
        self._is_due = False
        for desk in (self.managers, self.places):
            while desk.free and desk.waiting:
                desk.free -= 1
                heappop(desk.waiting)[1].succeed()

    def open(self) -> Generator[simpy.Event, Any, None]:
        """Contacts come."""
        before = 0
        for contact, minute in enumerate(self.drawn.arrival):
            yield self.env.timeout(minute - before)
            self.env.process(self.contact(contact))
            before = minute

    def contact(self, contact: int) -> Generator[simpy.Event, Any, None]:
        """What becomes of a contact."""
        env, drawn = self.env, self.drawn
        self.note(Kind.ARRIVED, contact)
        last = drawn.first[contact] + drawn.rounds[contact] - 1
        for at in range(drawn.first[contact], last + 1):
            yield self.wait_at(self.managers, drawn.urgency[contact], contact)
            self.note(Kind.STARTED, contact)
            yield env.timeout(drawn.decision[at])
            self.note(Kind.DECIDED, contact)
            self.leave(self.managers)
            if at < last:
                yield env.timeout(drawn.further[at])
                self.note(Kind.RETURNED, contact)
        if drawn.referred[contact]:
            yield self.wait_at(self.places, 0, contact)
            self.note(Kind.PLACED, contact)
            yield env.timeout(drawn.visit[contact])
            self.note(Kind.SEEN, contact)
            yield env.timeout(drawn.assessment[contact])
            self.note(Kind.ASSESSED, contact)
            self.leave(self.places)


def run(drawn: Drawn, setting: Setting) -> Whole:
    """A year's log: minute, kind and contact."""
    door = FrontDoor(drawn, setting)
    door.env.process(door.open())
    door.env.run(until=setting.minutes)
    return np.array(door.lines, dtype=np.int64)
