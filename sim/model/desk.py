"""Who does what next: people, the desks at which work waits for them, and the order rule for one instant.

At each instant everything that arrives, completes or returns is taken in first. Then free people take waiting work in a
total order, each job by the eligible free person with the fewest open cases for their guide, until nothing changes. So
what happens in a minute never depends on the order in which code happened to run.
"""

from collections.abc import Callable, Iterable
from functools import partial
from heapq import heapify, heappop, heappush
from typing import NamedTuple

import simpy
from simpy.events import EventPriority

from sim.events import Activity, EventKind, WaitingOn
from sim.model.recorder import Recorder
from sim.policies import is_beside_the_path, load
from sim.working_time import MINUTES_PER_DAY
from sim.world import Person

AFTER_EVERYTHING_ELSE = EventPriority(2)
"""SimPy's priority of a dispatch: 0 and 1 are its own urgent and normal events."""


class JobKey(NamedTuple):
    """The total order of waiting work: policy first, then time joined, then who and what it is for."""

    rank: tuple[int, int]
    joined: int
    contact: int
    activity: Activity
    occasion: int


class Job(simpy.Event):
    """A piece of work that waits at a desk; the event happens when it is done, with the person who did it."""

    def __init__(
        self, env: simpy.Environment, key: JobKey, effort: int, *, must_fit_day: bool, barred: int | None
    ) -> None:
        super().__init__(env)
        self.key = key
        self.effort = effort
        self.must_fit_day = must_fit_day
        self.barred = barred
        self.desk: Desk | None = None
        self.worker: Worker | None = None

    def finish_after(self, minutes: int) -> None:
        """Let the event happen in so many minutes, as simpy's own `Timeout` does."""
        self._ok = True
        self._value = self.worker
        self.env.schedule(self, delay=minutes)


class Worker:
    """Somebody at work: what they are busy with, what they hold, and the desks they serve."""

    def __init__(self, person: Person, desks: Iterable["Desk"]) -> None:
        self.person = person
        self.id = person.id
        self.calendar = person.calendar
        self.team = person.team
        self.busy = False
        self.open_children = 0
        self.guide = person.guide
        self.wakes_at = -1
        self.desks = list(desks)
        self.diary: Desk | None = None
        for desk in self.desks:
            desk.staff.append(self)

    def is_employed(self, now: int) -> bool:
        """Whether they are in post now."""
        return self.person.starts <= now and (self.person.leaves < 0 or now < self.person.leaves)

    def can_take(self, job: Job, now: int) -> bool:
        """Whether they may start a job now and can finish it before they leave."""
        if self.id == job.barred:
            return False
        if job.must_fit_day and self.calendar.left_in_stretch(now) < job.effort:
            return False
        return self.calendar.after(now, job.effort) is not None


class Desk:
    """Where one kind of work waits for those who do it."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.staff: list[Worker] = []
        self.waiting: list[tuple[JobKey, Job]] = []

    def withdraw(self, job: Job) -> bool:
        """Take back a job nobody has started; False where somebody has."""
        if job.worker is not None:
            return False
        self.waiting = [entry for entry in self.waiting if entry[1] is not job]
        heapify(self.waiting)
        job.desk = None
        return True

    def take_all(self) -> list[Job]:
        """Empty the desk, and give what waited there in order."""
        jobs = [job for _, job in sorted(self.waiting)]
        self.waiting = []
        return jobs


def _nothing(_: int) -> None:
    """Nothing follows a pass."""


class Floor:
    """Gives waiting work to free people, once everything else at an instant has happened.

    `then` is called after each pass with the current minute; what it puts on a desk is given out in the same instant.
    """

    def __init__(self, env: simpy.Environment, recorder: Recorder) -> None:
        self._env = env
        self._recorder = recorder
        self.then: Callable[[int], None] = _nothing
        self._desks = 0
        self._touched: dict[int, Desk] = {}
        self._is_scheduled = False

    def desk(self) -> Desk:
        """A new, empty desk."""
        self._desks += 1
        return Desk(self._desks)

    def join(self, desk: Desk, job: Job) -> None:
        """Let a job wait at a desk."""
        job.desk = desk
        heappush(desk.waiting, (job.key, job))
        self.touch(desk)

    def touch(self, desk: Desk) -> None:
        """Look at a desk again in this instant: work or people may have come."""
        self._touched[desk.number] = desk
        self.look_again()

    def look_again(self) -> None:
        """Dispatch in this instant, after everything else."""
        if not self._is_scheduled:
            self._is_scheduled = True
            event = simpy.Event(self._env)
            event._ok = True  # noqa: SLF001  (as simpy's own Timeout does: an event born triggered)
            event._value = None  # noqa: SLF001
            event.callbacks.append(self._dispatch)
            self._env.schedule(event, priority=AFTER_EVERYTHING_ELSE)

    def _dispatch(self, _: simpy.Event) -> None:
        now = int(self._env.now)
        while True:
            desks, self._touched = self._touched, {}
            self._give_out(desks, now)
            self.then(now)
            if not self._touched:
                break
        self._is_scheduled = False

    def _give_out(self, desks: dict[int, Desk], now: int) -> None:
        """Give the waiting work of these desks to free people, in the total order over all of them."""
        heads = [(desk.waiting[0][0], number, desk) for number, desk in desks.items() if desk.waiting]
        heapify(heads)
        aside: list[Job] = []
        while heads:
            _, number, desk = heappop(heads)
            free = [w for w in desk.staff if not w.busy and w.calendar.is_open(now)]
            if not free:
                continue
            job = heappop(desk.waiting)[1]
            able = [worker for worker in free if worker.can_take(job, now)]
            if able:
                self._start(job, min(able, key=lambda w: (load(w.open_children, w.guide), w.id)), now)
            else:
                aside.append(job)
            if desk.waiting:
                heappush(heads, (desk.waiting[0][0], number, desk))
        for job in aside:
            if job.desk is not None:
                heappush(job.desk.waiting, (job.key, job))
        for desk in desks.values():
            if desk.waiting:
                self._wake(desk, now)

    def _start(self, job: Job, worker: Worker, now: int) -> None:
        finish = worker.calendar.after(now, job.effort)
        if finish is None:
            raise AssertionError("a worker took what they cannot finish")
        worker.busy = True
        job.worker = worker
        key = job.key
        self._recorder.record(
            now, EventKind.WORK_STARTED, key.contact, person=worker.id, team=worker.team, detail=key.activity
        )
        if job.callbacks is not None:
            job.callbacks.insert(0, self._finish)
        job.finish_after(finish - now)

    def _finish(self, event: simpy.Event) -> None:
        if not isinstance(event, Job) or event.worker is None:
            raise AssertionError("only a job that was started can finish")
        worker, key = event.worker, event.key
        worker.busy = False
        self._recorder.record(
            int(self._env.now),
            EventKind.WORK_ENDED,
            key.contact,
            person=worker.id,
            team=worker.team,
            detail=key.activity,
        )
        for desk in worker.desks:
            if desk.waiting:
                self.touch(desk)

    def _wake(self, desk: Desk, now: int) -> None:
        """Look at a desk again when those of its people who are free but cannot take its work next come in."""
        tomorrow = now - now % MINUTES_PER_DAY + MINUTES_PER_DAY
        for worker in desk.staff:
            if worker.busy:
                continue
            opens = worker.calendar.next_open(tomorrow if worker.calendar.is_open(now) else now)
            if opens is not None and worker.wakes_at != opens:
                worker.wakes_at = opens
                self._env.timeout(opens - now).callbacks.append(partial(self._come_in, worker))

    def _come_in(self, worker: Worker, _: simpy.Event) -> None:
        worker.wakes_at = -1
        for desk in worker.desks:
            if desk.waiting:
                self.touch(desk)


def queue(
    env: simpy.Environment,
    recorder: Recorder,
    key: JobKey,
    effort: int,
    *,
    waiting_on: WaitingOn,
    must_fit_day: bool = False,
    barred: int | None = None,
) -> Job:
    """A job as it begins to wait, recorded."""
    beside = is_beside_the_path(key.activity)
    recorder.record(
        int(env.now),
        EventKind.WORK_QUEUED,
        key.contact,
        detail=key.activity,
        waiting_on=WaitingOn.UNCHANGED if beside else waiting_on,
    )
    return Job(env, key, effort, must_fit_day=must_fit_day, barred=barred)
