"""The unallocated list: families that wait for a worker with room, and the managers who allocate them.

Allocating becomes a manager's job only when an eligible place exists, and reserves it.
"""

from bisect import insort
from math import inf
from typing import NamedTuple

from sim.events import Activity, EventKind, Guide, Role, WaitingOn
from sim.model.case import Case
from sim.model.desk import Worker
from sim.model.service import Service, Story
from sim.policies import Urgency, list_now, load, pieces, room_for, serves
from sim.working_time import MINUTES_PER_DAY


class Waiting(NamedTuple):
    """A family on the list, in the order in which places are given out; no two share urgency, time and contact."""

    rank: tuple[int, int]
    contact: int
    case: Case


class Place(NamedTuple):
    """A worker who may take a family, and under which rule."""

    worker: Worker
    why: Guide

    def order(self) -> tuple[bool, tuple[int, int], int]:
        """Which of several places a family gets: the lowest."""
        return self.why is not Guide.WITHIN, load(self.worker.open_children, self.worker.guide), self.worker.id


class Unallocated:
    """Families waiting for a named worker."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._waiting: list[Waiting] = []
        self._has_changed = False
        self._takers: dict[int, list[Worker]] = {}
        # For each team the smallest family there was no room for since room last came: none larger fits either.
        self._too_large: dict[int, float] = {}
        self._over_after_days = service.scenario.assessment.over_guide_after_days
        service.floor.then = self.place
        service.staff_changed = self.staff_changed
        service.leaving = self.leave

    def changed(self) -> None:
        """A family or room may have come: look at the list in this instant."""
        if self._waiting:
            self._has_changed = True
            self._service.floor.look_again()

    def staff_changed(self) -> None:
        """Somebody started, moved, left, or a new day has begun."""
        self._takers, self._too_large = {}, {}
        days = self._service.scenario.assessment.over_guide_after_days
        if days != self._over_after_days:
            self._over_after_days = days
            for waiting in self._waiting:
                self._look_once_long_ago(waiting.case.unallocated_since)
        self.changed()

    def join(self, case: Case, since: int) -> None:
        """Let a family wait for a worker; `since` is when it first waited, for those who come back to the list."""
        case.unallocated_since = since
        urgency = Urgency.SECTION_47 if case.section_47 else Urgency.USUAL
        insort(self._waiting, Waiting((urgency, since), case.id, case))
        self.changed()
        self._look_once_long_ago(since)

    def _look_once_long_ago(self, since: int) -> None:
        """Look at the list again in the minute from which a family may be placed over the guide."""
        over = since + self._over_after_days * MINUTES_PER_DAY
        if over > self._service.now:
            timer = self._service.env.timeout(over - self._service.now)
            timer.callbacks.append(lambda _: self.changed())

    def place(self, now: int) -> None:
        """Give every family that can have one a place, and its manager the job of allocating it."""
        if not self._has_changed:
            return
        self._has_changed = False
        long_ago = now - self._over_after_days * MINUTES_PER_DAY
        self._waiting = [waiting for waiting in self._waiting if not self._is_placed(waiting.case, long_ago)]

    def _is_placed(self, case: Case, long_ago: int) -> bool:
        """Reserve a place for a family and have it allocated, if there is one."""
        waited_long = case.unallocated_since <= long_ago
        needs_room = not (waited_long or case.section_47)
        if needs_room and case.children >= self._too_large.get(case.team, inf):
            return False
        place = self._place_for(case, waited_long=waited_long)
        if place is not None:
            place.worker.open_children += case.children
            self._service.env.process(self._allocate(case, place))
        elif needs_room:
            self._too_large[case.team] = case.children
        return place is not None

    def has_room(self, team: int, case: Case) -> bool:
        """Whether somebody of a team has room within the guide for a family now."""
        return any(w.open_children + case.children <= w.guide for w in self._may_take(team))

    def _place_for(self, case: Case, *, waited_long: bool) -> Place | None:
        teams, has_team = self._service.scenario.assessment.teams, self._service.has_domestic_abuse_team()
        places, children, section_47 = [], case.children, case.section_47
        for worker in self._may_take(list_now(case.team, teams, has_domestic_abuse_team=has_team)):
            why = room_for(children, worker.open_children, worker.guide, section_47=section_47, waited_long=waited_long)
            if why is not None and _may_hold(worker, case):
                places.append(Place(worker, why))
        return min(places, key=Place.order, default=None)

    def _may_take(self, team: int) -> list[Worker]:
        """Who takes cases from a team's list today: in post, and at work within days."""
        if team not in self._takers:
            arrangement, last_day = self._service.scenario.assessment.arrangement, self._next_working_day()
            self._takers[team] = [
                worker
                for worker in self._service.workers.values()
                if worker.guide and serves(arrangement, team, worker.team) and self._is_about(worker, last_day)
            ]
        return self._takers[team]

    def _next_working_day(self) -> int:
        """The office's next day after today, or after its next if it is closed today; -1 where it opens no more."""
        office = self._service.office
        today = office.next_open(self._service.now // MINUTES_PER_DAY * MINUTES_PER_DAY)
        if today is None:
            return -1
        tomorrow = office.next_open(today - today % MINUTES_PER_DAY + MINUTES_PER_DAY)
        return (today if tomorrow is None else tomorrow) // MINUTES_PER_DAY

    def _is_about(self, worker: Worker, last_day: int) -> bool:
        """Whether somebody is in post, and at work from today to a last day."""
        now = self._service.now
        works = worker.calendar.next_open(now - now % MINUTES_PER_DAY)
        return works is not None and worker.is_employed(now) and works // MINUTES_PER_DAY <= last_day

    def _allocate(self, case: Case, place: Place) -> Story:
        service, worker = self._service, place.worker
        urgency = Urgency.SECTION_47 if case.section_47 else Urgency.USUAL
        case.reserved = worker
        job = service.work(
            case, Activity.ALLOCATING, service.team_managers, case.contact.allocation_minutes, urgency, service.now
        )
        case.beside.append(job)
        yield job
        if case.allocated.triggered:
            # Allocated anew while its story went on: it may close, or become section 47, in this very minute.
            yield service.all_taken_in()
        if case.has_closed():
            return
        case.reserved = None
        if not (worker.is_employed(service.now) and _may_hold(worker, case)):
            self._give_back(worker, case)
            self.join(case, case.unallocated_since)
            return
        case.holder = worker
        service.milestone(case, EventKind.ALLOCATED, place.why, WaitingOn.OUR_STAFF)
        if not case.allocated.triggered:
            case.allocated.succeed()
        else:
            for piece in pieces(service.scenario.workforce.handover_minutes):
                yield service.holder_work(case, Activity.TAKING_OVER, piece, urgency, service.now)
                if case.has_closed() or case.holder is not worker:
                    return
        service.take_in_hand(case)

    def let_go(self, case: Case) -> None:
        """Give back the room a case took or was promised: it is over."""
        for worker in (case.holder, case.reserved):
            if worker is not None:
                self._give_back(worker, case)
        case.reserved = None
        self._waiting = [waiting for waiting in self._waiting if waiting.case is not case]

    def _give_back(self, worker: Worker, case: Case) -> None:
        worker.open_children -= case.children
        self._too_large = {}
        self.changed()

    def leave(self, worker: Worker) -> None:
        """Send a leaver's cases back to the list, with their clocks and the work that waited for the leaver."""
        for case in [c for c in self._service.open_cases.values() if c.holder is worker]:
            self.send_back(case)
        self.staff_changed()

    def send_back(self, case: Case) -> None:
        """Take a case from its holder: it waits for another, who takes it over anew."""
        holder = case.holder
        if holder is None or holder.diary is None:
            raise AssertionError("only a case that somebody holds can be sent back")
        self._service.milestone(case, EventKind.HOLDER_LEFT, waiting_on=WaitingOn.OUR_STAFF)
        case.parked += [job for job in holder.diary.take(case.id) if job.activity != Activity.TAKING_OVER]
        case.holder, case.is_in_hand = None, False
        self._give_back(holder, case)
        self.join(case, case.unallocated_since)

    def becomes_section_47(self, case: Case) -> None:
        """A newly qualified holder hands the case back; on the list it goes before what is not section 47."""
        if case.holder is not None and not _may_hold(case.holder, case):
            self.send_back(case)
        elif any(waiting.case is case for waiting in self._waiting):
            self._waiting = [waiting for waiting in self._waiting if waiting.case is not case]
            self.join(case, case.unallocated_since)


def _may_hold(worker: Worker, case: Case) -> bool:
    """Newly qualified workers do not lead section 47 enquiries."""
    return not (case.section_47 and worker.person.role is Role.NEWLY_QUALIFIED_SOCIAL_WORKER)
