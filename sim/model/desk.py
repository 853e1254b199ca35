"""Who does what next: people, the desks at which work waits for them, and the order rule for one instant.

At each instant everything that arrives, completes or returns is taken in first. Then free people take waiting work in a
total order, each job by the eligible free person with the fewest open cases for their guide, until nothing changes. So
what happens in a minute never depends on the order in which code happened to run.
"""

from collections.abc import Callable
from functools import partial
from heapq import heapify, heappop, heappush, heapreplace

import simpy
from simpy.events import EventPriority

from sim.events import EVERY_CHILD, NOBODY, EventKind
from sim.model.recorder import Recorder
from sim.policies import load
from sim.working_time import MINUTES_PER_DAY, NEVER, Calendar
from sim.world import Person

ALL_TAKEN_IN, LAST_LOOK, DISPATCH = EventPriority(2), EventPriority(3), EventPriority(4)
"""What a minute comes to once all that ends, comes and goes in it is taken in; SimPy's own are 0, urgent, and 1.

First what must know whether a case has closed or been authorised, then what must know who holds it, then work is given
out.
"""

_STARTED, _ENDED = EventKind.WORK_STARTED, EventKind.WORK_ENDED
"""Looked up once: until Python 3.13 that takes longer than to take the event down."""

JobKey = tuple[int, int, int, int, int, int]
"""The total order of waiting work: rank and due date by policy, then time joined, contact, activity and occasion."""


class Job(simpy.Event):
    """A piece of work that waits at a desk; the event happens when it is done, with the person who did it."""

    must_fit_day = False
    not_by = NOBODY
    ends_by = NEVER
    desk: "Desk | None" = None
    worker: "Worker | None" = None

    def __init__(self, env: simpy.Environment, key: JobKey, effort: int) -> None:
        super().__init__(env)
        self.key = key
        self.contact = key[3]
        self.activity = key[4]
        self.effort = effort

    def is_started(self) -> bool:
        """Whether somebody has begun it."""
        return self.worker is not None

    def finish_after(self, minutes: int) -> None:
        """Let the event happen in so many minutes, as simpy's own `Timeout` does."""
        self._ok = True
        self._value = self.worker
        self.env.schedule(self, delay=minutes)


class FirstOf(simpy.Event):
    """The first of several events: simpy's `|` without the list of those that happened, which costs more than it."""

    def __init__(self, env: simpy.Environment, *events: simpy.Event) -> None:
        super().__init__(env)
        for event in events:
            event.callbacks.append(self._happen)

    def _happen(self, _: simpy.Event) -> None:
        if not self.triggered:
            self.succeed()


class Worker:
    """Somebody at work: what they are busy with, what they hold, and the desks they serve."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.id = person.id
        self.calendar = person.calendar
        self.team = person.team
        self.busy = False
        self.open_children = 0
        self.guide = person.guide
        self.wakes_at = -1
        self._known_until = -1
        self._is_in = False
        self.desks: list[Desk] = []
        self.diary: Desk | None = None

    def is_employed(self, now: int) -> bool:
        """Whether they are in post now."""
        return self.person.starts <= now and (self.person.leaves < 0 or now < self.person.leaves)

    def is_in(self, now: int) -> bool:
        """Whether they are at work. Time only goes forward, so the answer holds until the next change."""
        if now >= self._known_until:
            self._is_in = self.calendar.is_open(now)
            self._known_until = self.calendar.next_change(now)
        return self._is_in

    def comes_in(self, now: int) -> int | None:
        """When they next come to work: on a later day where they are in now."""
        if self.is_in(now):
            return self.calendar.next_open(now - now % MINUTES_PER_DAY + MINUTES_PER_DAY)
        return self._known_until if self._known_until != NEVER else None

    def would_finish(self, job: Job, now: int, office: Calendar) -> int | None:
        """When they would finish a job begun now; None where it is for somebody else or does not fit.

        It must fit before they leave, and into the day where it `must_fit_day` and their whole day would hold it, and
        end no later than it `ends_by`.
        What others could do is not begun by who would be away on a day of the office before it is done.
        """
        if job.not_by == self.id and job.desk is not None and job.desk.has_another(self, now):
            return None
        if job.must_fit_day and self.calendar.left_in_stretch(now) < job.effort <= self._whole_day(now):
            return None
        finish = self.calendar.after(now, job.effort)
        if finish is None or finish > job.ends_by:
            return None
        return None if job.desk is not self.diary and self._is_away_between(now, finish, office) else finish

    def _whole_day(self, now: int) -> int:
        """The minutes they work today from first to last."""
        midnight = now - now % MINUTES_PER_DAY
        return self.calendar.open_minutes(midnight, midnight + MINUTES_PER_DAY)

    def _is_away_between(self, now: int, finish: int, office: Calendar) -> bool:
        """Whether they miss a day of the office after today and before the day of `finish`."""
        midnight = now - now % MINUTES_PER_DAY + MINUTES_PER_DAY
        while midnight <= finish:
            opens, back = office.next_open(midnight), self.calendar.next_open(midnight)
            if opens is None or back is None:
                return False
            midnight = opens - opens % MINUTES_PER_DAY + MINUTES_PER_DAY
            if back >= midnight:
                return True
        return False

    def order(self) -> tuple[tuple[int, int], int]:
        """Who of several free people takes a job: the lowest."""
        return load(self.open_children, self.guide), self.id


class Desk:
    """Where one kind of work waits for those who do it."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.staff: list[Worker] = []
        self.waiting: list[tuple[JobKey, Job]] = []

    def has_another(self, than: Worker, now: int) -> bool:
        """Whether anybody else of the desk is in post now."""
        return any(worker is not than and worker.is_employed(now) for worker in self.staff)

    def withdraw(self, job: Job) -> bool:
        """Take back a job nobody has started; False where somebody has."""
        if job.worker is not None:
            return False
        self.waiting = [entry for entry in self.waiting if entry[1] is not job]
        heapify(self.waiting)
        job.desk = None
        return True

    def take_all(self) -> list[Job]:
        """Take away all that waits there, and give it in order."""
        jobs, self.waiting = [job for _, job in sorted(self.waiting)], []
        return jobs

    def take(self, contact: int) -> list[Job]:
        """Take away what waits there for one contact, and give it in order."""
        taken = [job for _, job in sorted(entry for entry in self.waiting if entry[1].contact == contact)]
        self.waiting = [entry for entry in self.waiting if entry[1].contact != contact]
        heapify(self.waiting)
        return taken


def _nothing(_: int) -> None:
    """Nothing follows a pass."""


class Floor:
    """Gives waiting work to free people, once everything else at an instant has happened.

    `then` is called after each pass with the current minute; what it puts on a desk is given out in the same instant.
    """

    def __init__(self, env: simpy.Environment, recorder: Recorder, office: Calendar) -> None:
        self._env = env
        self._record = recorder.record
        self._office = office
        self.then: Callable[[int], None] = _nothing
        self._pass = simpy.Event(env)
        self._pass._ok, self._pass._value = True, None  # noqa: SLF001  (as simpy's own Timeout does: born triggered)
        self._desks = 0
        self._touched: dict[int, Desk] = {}
        self._is_scheduled = False

    def desk(self) -> Desk:
        """A new, empty desk."""
        self._desks += 1
        return Desk(self._desks)

    def join(self, desk: Desk, job: Job) -> None:
        """Let a job wait at a desk.

        Where nobody is free it waits for somebody to finish, or to come in: both look at their desks themselves.
        """
        job.desk = desk
        heappush(desk.waiting, (job.key, job))
        now: int = self._env._now  # type: ignore[assignment]  # noqa: SLF001  (whole minutes throughout)
        for worker in desk.staff:
            if not worker.busy and worker.is_in(now):
                self.touch(desk)
                return
        self._wake(desk, now)

    def touch(self, desk: Desk) -> None:
        """Look at a desk again in this instant: work or people may have come."""
        self._touched[desk.number] = desk
        self.look_again()

    def look_again(self) -> None:
        """Dispatch in this instant, after everything else."""
        if not self._is_scheduled:
            self._is_scheduled = True
            # One event that happens over and over: there is a pass in most minutes in which anything happens.
            self._pass.callbacks = [self._dispatch]
            self._env.schedule(self._pass, DISPATCH)

    def _dispatch(self, _: simpy.Event) -> None:
        now: int = self._env._now  # type: ignore[assignment]  # noqa: SLF001  (whole minutes throughout)
        while True:
            desks, self._touched = self._touched, {}
            self._give_out([desk for desk in desks.values() if desk.waiting], now)
            self.then(now)
            if not self._touched:
                break
        self._is_scheduled = False

    def _give_out(self, desks: list[Desk], now: int) -> None:
        """Give the waiting work of these desks to free people, in the total order over all of them."""
        heads = [(desk.waiting[0][0], desk.number, desk) for desk in desks]
        heapify(heads)
        aside: list[tuple[Desk, Job]] = []
        while heads:
            _, number, desk = heads[0]
            free = [worker for worker in desk.staff if not worker.busy and worker.is_in(now)]
            if not free:
                heappop(heads)
                continue
            job = heappop(desk.waiting)[1]
            if not self._give(job, free, now):
                aside.append((desk, job))
            if desk.waiting:
                heapreplace(heads, (desk.waiting[0][0], number, desk))
            else:
                heappop(heads)
        for desk, job in aside:
            heappush(desk.waiting, (job.key, job))
        for desk in desks:
            if desk.waiting:
                self._wake(desk, now)

    def _give(self, job: Job, free: list[Worker], now: int) -> bool:
        """Start a job with the first of the free who can take it; False where none can."""
        if len(free) > 1:
            free.sort(key=Worker.order)
        for worker in free:
            finish = worker.would_finish(job, now, self._office)
            if finish is not None:
                self._start(job, worker, now, finish)
                return True
        return False

    def _start(self, job: Job, worker: Worker, now: int, finish: int) -> None:
        worker.busy = True
        job.worker = worker
        self._record(now, _STARTED, job.contact, EVERY_CHILD, worker.id, worker.team, job.activity)
        if job.callbacks is not None:
            job.callbacks.insert(0, self._finish)
        job.finish_after(finish - now)

    def _finish(self, event: simpy.Event) -> None:
        if not isinstance(event, Job) or event.worker is None:
            raise AssertionError("only a job that was started can finish")
        worker = event.worker
        worker.busy = False
        now: int = self._env._now  # type: ignore[assignment]  # noqa: SLF001
        self._record(
            now, _ENDED, event.contact, EVERY_CHILD, worker.id, worker.team, event.activity, minutes=event.effort
        )
        for desk in worker.desks:
            if desk.waiting:
                self.touch(desk)

    def _wake(self, desk: Desk, now: int) -> None:
        """Look at a desk again when those of its people who are free but cannot take its work next come in."""
        for worker in desk.staff:
            if worker.busy:
                continue
            at = worker.comes_in(now)
            if at is not None and worker.wakes_at != at:
                worker.wakes_at = at
                self._env.timeout(at - now).callbacks.append(partial(self._come_in, worker))

    def _come_in(self, worker: Worker, _: simpy.Event) -> None:
        worker.wakes_at = -1
        for desk in worker.desks:
            if desk.waiting:
                self.touch(desk)
