"""The service at work: its people, desks and clocks, shared by every journey."""

from collections.abc import Callable, Generator
from typing import Any

import simpy
from simpy.events import URGENT

from sim.events import EVERY_CHILD, NOBODY, Activity, EventKind, Role, WaitingOn
from sim.model.case import Case
from sim.model.desk import Desk, Floor, Job, Worker
from sim.model.recorder import Recorder
from sim.policies import Urgency, is_beside_the_path, job_rank, on_duty
from sim.scenario import Scenario
from sim.working_time import MINUTES_PER_DAY, Calendar, OpeningHours, WorkingDays, opening_calendar
from sim.world import DOMESTIC_ABUSE_TEAM, NO_TEAM, QUALIFIED, Person, World, domestic_abuse_team_starts

Story = Generator[simpy.Event, Any, Any]


class Service:
    """Everything that is there when a contact comes: people at their desks, the office clock, the rota.

    `staff_changed` is called each midnight and whenever somebody starts, moves or leaves; `leaving` before that, with
    the leaver.
    """

    def __init__(self, env: simpy.Environment, scenario: Scenario, baseline: Scenario, world: World) -> None:
        self.env = env
        self.world = world
        self.recorder = Recorder()
        self.record = self.recorder.record
        self.scenario = baseline if world.span.levers_start > 0 else scenario
        self._start_levers(scenario)
        self.working_days = WorkingDays(world.span.first_day, world.span.days)
        hours = OpeningHours(scenario.calendar.office_opens_minute, scenario.calendar.office_closes_minute)
        self.office: Calendar = opening_calendar(world.span.first_day, world.span.days, hours)
        self.open_cases: dict[int, Case] = {}
        self.floor = Floor(env, self.recorder)
        self.staff_changed: Callable[[], None] = _nothing
        self.leaving: Callable[[Worker], None] = _nobody
        self._make_desks()
        self.workers = {person.id: self._worker(person) for person in sorted(world.people)}
        self._da_starts = domestic_abuse_team_starts(scenario)
        env.process(self._days())
        for worker in self.workers.values():
            env.process(self._employment(worker))

    def _make_desks(self) -> None:
        new = self.floor.desk
        self.managers, self.delegated, self.first_response = new(), new(), new()
        self.out_of_hours, self.team_managers, self.duty, self.family_support = new(), new(), new(), new()
        self.da_managers, self.da_workers = new(), new()

    @property
    def now(self) -> int:
        """The minute it is."""
        return self.env._now  # type: ignore[return-value]  # noqa: SLF001  (whole minutes throughout)

    def _start_levers(self, scenario: Scenario) -> None:
        """The scenario comes into force before anything else happens in the minute its levers start."""
        event = simpy.Event(self.env)
        event._ok, event._value = True, None  # noqa: SLF001  (as simpy's own Timeout does: born triggered)
        event.callbacks.append(lambda _: setattr(self, "scenario", scenario))
        self.env.schedule(event, priority=URGENT, delay=self.world.span.levers_start)

    def has_domestic_abuse_team(self) -> bool:
        """Whether the co-located team takes contacts now."""
        return self._da_starts is not None and self.now >= self._da_starts

    def _worker(self, person: Person) -> Worker:
        match person.role:
            case Role.FRONT_DOOR_MANAGER:
                desks = [self.da_managers] if person.team == DOMESTIC_ABUSE_TEAM else [self.managers, self.delegated]
            case Role.SENIOR_PRACTITIONER:
                desks = [self.delegated]
            case Role.FIRST_RESPONSE_WORKER:
                desks = [self.first_response]
            case Role.OUT_OF_HOURS_WORKER:
                desks = [self.out_of_hours]
            case Role.TEAM_MANAGER:
                desks = [self.team_managers]
            case Role.FAMILY_SUPPORT_WORKER:
                desks = [self.family_support]
            case _:
                desks = [self.floor.desk()]
        worker = Worker(person, desks)
        if person.role in QUALIFIED:
            worker.diary = desks[0]
            if person.team == DOMESTIC_ABUSE_TEAM:
                _add(worker, self.da_workers)
        return worker

    def _employment(self, worker: Worker) -> Story:
        """Start, change of team and leaving of one person; a leaver's cases go back to allocation."""
        person, levers_start = worker.person, self.world.span.levers_start
        if person.starts > 0:
            yield self.env.timeout(person.starts)
            self.staff_changed()
        if person.team_after != person.team and not 0 <= person.leaves < levers_start:
            yield self.env.timeout(max(levers_start - self.now, 0))
            self._join_domestic_abuse_team(worker)
        if 0 <= person.leaves < self.world.span.end:
            yield self.env.timeout(person.leaves - self.now)
            self.leaving(worker)

    def _join_domestic_abuse_team(self, worker: Worker) -> None:
        worker.team = DOMESTIC_ABUSE_TEAM
        if worker.diary is None:
            for desk in worker.desks:
                desk.staff.remove(worker)
            worker.desks = []
            _add(worker, self.da_managers)
        else:
            _add(worker, self.da_workers)
        for desk in worker.desks:
            self.floor.touch(desk)
        self.staff_changed()

    def _days(self) -> Story:
        """Each midnight: who is on duty today, and a fresh look at the unallocated list."""
        for day in range(self.world.span.days):
            self._set_duty(day)
            self.staff_changed()
            yield self.env.timeout(MINUTES_PER_DAY)

    def _set_duty(self, day: int) -> None:
        team = self.scenario.assessment
        for worker in self.duty.staff:
            worker.desks.remove(self.duty)
            if worker.diary is not None and worker.diary not in worker.desks:
                _add(worker, worker.diary)
                self.floor.touch(worker.diary)
        self.duty.staff = []
        week = (day + self.world.span.first_day.weekday()) // 7
        for identity in on_duty(self._rostered(day), 1 + week % team.teams, day, team.duty_workers):
            worker = self.workers[identity]
            if team.duty_reserved and worker.diary is not None:
                worker.desks.remove(worker.diary)
                worker.diary.staff.remove(worker)
            _add(worker, self.duty)
        if self.duty.waiting:
            self.floor.touch(self.duty)

    def _rostered(self, day: int) -> list[tuple[int, int]]:
        start = day * MINUTES_PER_DAY
        able = (Role.EXPERIENCED_SOCIAL_WORKER, Role.AGENCY_SOCIAL_WORKER)
        found = []
        for worker in self.workers.values():
            if worker.person.role in able and worker.team != DOMESTIC_ABUSE_TEAM and worker.is_employed(start):
                opens = worker.calendar.next_open(start)
                if opens is not None and opens < start + MINUTES_PER_DAY:
                    found.append((worker.team, worker.id))
        return found

    def work(self, case: Case, activity: Activity, desk: Desk, effort: int, urgency: Urgency, due: int) -> Job:
        """Put a piece of work for a case on a desk."""
        waits = WaitingOn.OUT_OF_HOURS_STAFF if desk is self.out_of_hours else WaitingOn.OUR_STAFF
        job = self._job(case, activity, effort, urgency, due, waits, must_fit_day=False)
        self.floor.join(desk, job)
        return job

    def holder_work(
        self, case: Case, activity: Activity, effort: int, urgency: Urgency, due: int, *, must_fit_day: bool = False
    ) -> Job:
        """Work for whoever holds the case: in their diary, or parked until the case has a holder again."""
        job = self._job(case, activity, effort, urgency, due, WaitingOn.OUR_STAFF, must_fit_day=must_fit_day)
        if case.holder is None or case.holder.diary is None:
            case.parked.append(job)
        else:
            self.floor.join(case.holder.diary, job)
        return job

    def _job(
        self,
        case: Case,
        activity: Activity,
        effort: int,
        urgency: Urgency,
        due: int,
        waits: WaitingOn,
        *,
        must_fit_day: bool,
    ) -> Job:
        """A piece of work as it begins to wait, not yet on any desk."""
        now = self.now
        beside = is_beside_the_path(activity)
        self.record(
            now,
            EventKind.WORK_QUEUED,
            case.id,
            EVERY_CHILD,
            NOBODY,
            NO_TEAM,
            activity,
            WaitingOn.UNCHANGED if beside else waits,
        )
        rank = job_rank(self.scenario.front_door.order, urgency, due)
        case.occasion += 1
        key = (*rank, now, case.id, activity, case.occasion)
        job = Job(self.env, key, max(effort, 1), must_fit_day=must_fit_day)
        if beside:
            case.beside.append(job)
        return job

    def drop_what_is_beside(self, case: Case) -> None:
        """Take back the work beside a case's path that nobody has started: the case is over."""
        case.parked = []
        for job in case.beside:
            if job.desk is not None:
                job.desk.withdraw(job)

    def is_in_today(self, worker: Worker | None) -> bool:
        """Whether somebody will still work today."""
        opens = worker.calendar.next_open(self.now) if worker is not None else None
        return opens is not None and opens // MINUTES_PER_DAY == self.now // MINUTES_PER_DAY

    def move(self, case: Case, job: Job, desk: Desk) -> None:
        """Let work that nobody has started wait at another desk, with its place in the order."""
        if job in case.parked:
            case.parked.remove(job)
        elif job.desk is not None:
            job.desk.withdraw(job)
        self.floor.join(desk, job)

    def is_anyone_waiting(self, start: int, end: int) -> bool:
        """Whether a child of a contact received in a window still waits for a decision or to be seen."""
        return any(
            start <= case.received_at < end and (case.outcome is None or case.unseen)
            for case in self.open_cases.values()
        )

    def others(self, minutes: int) -> simpy.Event:
        """Time in which partners or the family act."""
        return self.env.timeout(minutes)

    def milestone(
        self, case: Case, kind: EventKind, detail: int = 0, waiting_on: WaitingOn = WaitingOn.UNCHANGED
    ) -> None:
        """Record a step of a case."""
        holder = case.holder
        person = NOBODY if holder is None else holder.id
        self.record(self.now, kind, case.id, EVERY_CHILD, person, case.team, detail, waiting_on)


def _nothing() -> None:
    """Nobody listens yet."""


def _nobody(_: Worker) -> None:
    """Nobody listens yet."""


def _add(worker: Worker, desk: Desk) -> None:
    worker.desks.append(desk)
    desk.staff.append(worker)
