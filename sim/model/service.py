"""The service at work: its people, desks and clocks, shared by every journey."""

from collections.abc import Callable, Generator
from typing import Any

import simpy
from simpy.events import URGENT, EventPriority

from sim.events import EVERY_CHILD, NOBODY, Activity, EventKind, Role, WaitingOn
from sim.model.case import Case
from sim.model.desk import ALL_TAKEN_IN, LAST_LOOK, Desk, FirstOf, Floor, Job, Worker
from sim.model.recorder import Recorder
from sim.policies import Urgency, is_beside_the_path, job_rank, on_duty
from sim.scenario import Scenario
from sim.working_time import MINUTES_PER_DAY, NEVER, Calendar, OpeningHours, WorkingDays, opening_calendar
from sim.world import DOMESTIC_ABUSE_TEAM, NO_TEAM, QUALIFIED, Person, World, has_domestic_abuse_team

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
        self._before, self._after = baseline, scenario
        self.scenario = baseline
        self.working_days = WorkingDays(world.span.first_day, world.span.days)
        self.hours = OpeningHours(scenario.calendar.office_opens_minute, scenario.calendar.office_closes_minute)
        self.office: Calendar = opening_calendar(world.span.first_day, world.span.days, self.hours)
        self.open_cases: dict[int, Case] = {}
        self.floor = Floor(env, self.recorder, self.office)
        self.staff_changed: Callable[[], None] = _nothing
        self.leaving: Callable[[Worker], None] = _nobody
        self._make_desks()
        self.workers = {person.id: self._worker(person) for person in sorted(world.people)}
        # Before anything else happens in that minute, so that all of it is under the scenario.
        if world.span.levers_start > self.now:
            levers = self._event_in(world.span.levers_start - self.now, URGENT)
            levers.callbacks.append(lambda _: self._start_levers(scenario))
        else:
            self._start_levers(scenario)
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

    @property
    def rules(self) -> tuple[Scenario, Scenario]:
        """The baseline, which is in force until the levers start, and the scenario."""
        return self._before, self._after

    def _event_in(self, minutes: int, priority: EventPriority) -> simpy.Event:
        """An event in so many minutes, before or after the others of its minute."""
        event = simpy.Event(self.env)
        event._ok, event._value = True, None  # noqa: SLF001  (as simpy's own Timeout does: born triggered)
        self.env.schedule(event, priority, minutes)
        return event

    def all_taken_in(self) -> simpy.Event:
        """This minute once all that ends in it, and all who come and go in it, have been taken in."""
        return self._event_in(0, ALL_TAKEN_IN)

    def last_at(self, minute: int) -> simpy.Event:
        """A minute once it is also known who holds which case: what is then still so is so."""
        return self._event_in(minute - self.now, LAST_LOOK)

    def _start_levers(self, scenario: Scenario) -> None:
        """The scenario comes into force: its rules, its guide, and where people work."""
        self.scenario = scenario
        for worker in self.workers.values():
            worker.guide = worker.person.guide_after
            self._move(worker, worker.person.team_after)
        if scenario.assessment.duty_workers == 0:
            for job in self.duty.take_all():
                self._to_holder(self.open_cases[job.contact], job)
        self.staff_changed()

    def has_domestic_abuse_team(self) -> bool:
        """Whether the co-located team takes contacts now."""
        return has_domestic_abuse_team(self._after, self._before, self.world.span, self.now)

    def _worker(self, person: Person) -> Worker:
        worker = Worker(person)
        if person.role in QUALIFIED:
            worker.diary = self.floor.desk()
            _add(worker, worker.diary)
        for desk in self._shared_desks(person.role, person.team):
            _add(worker, desk)
        return worker

    def _shared_desks(self, role: Role, team: int) -> list[Desk]:
        """The desks at which somebody of this role and team works beside others."""
        if role is Role.FRONT_DOOR_MANAGER:
            return [self.da_managers] if team == DOMESTIC_ABUSE_TEAM else [self.managers, self.delegated]
        if role in QUALIFIED:
            return [self.da_workers] if team == DOMESTIC_ABUSE_TEAM else []
        return [
            {
                Role.SENIOR_PRACTITIONER: self.delegated,
                Role.FIRST_RESPONSE_WORKER: self.first_response,
                Role.OUT_OF_HOURS_WORKER: self.out_of_hours,
                Role.TEAM_MANAGER: self.team_managers,
                Role.FAMILY_SUPPORT_WORKER: self.family_support,
            }[role]
        ]

    def _employment(self, worker: Worker) -> Story:
        """Start and leaving of one person; a leaver's cases go back to allocation."""
        person = worker.person
        if person.starts > self.now:
            yield self.env.timeout(person.starts - self.now)
            self.staff_changed()
        if self.now <= person.leaves < self.world.span.end:
            yield self.env.timeout(person.leaves - self.now)
            self.leaving(worker)

    def _move(self, worker: Worker, team: int) -> None:
        """Let somebody work in another team from now on; the cases they hold stay theirs."""
        if team == worker.team:
            return
        teams = (worker.team, team)
        worker.team = team
        if DOMESTIC_ABUSE_TEAM not in teams:
            return
        # The rota of the day is set anew in the same minute.
        for desk in [d for d in worker.desks if d not in (worker.diary, self.duty)]:
            worker.desks.remove(desk)
            desk.staff.remove(worker)
        for desk in self._shared_desks(worker.person.role, team):
            _add(worker, desk)
            self.floor.touch(desk)

    def _days(self) -> Story:
        """Each midnight: who is on duty today, who covers, and a fresh look at the unallocated list."""
        for day in range(self.now // MINUTES_PER_DAY, self.world.span.days):
            self._set_duty(day)
            self._cover()
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

    def _cover(self) -> None:
        """What waits for the domestic abuse team goes to the others while none of its own is in."""
        for own, others in ((self.da_managers, self.managers), (self.da_workers, self.first_response)):
            if own.waiting and not self.is_anyone_in(own):
                for job in own.take_all():
                    self.floor.join(others, job)

    def managers_of(self, case: Case) -> Desk:
        """The managers who decide about a contact today."""
        is_own = case.by_domestic_abuse_team and self.is_anyone_in(self.da_managers)
        return self.da_managers if is_own else self.managers

    def chairs_of(self, case: Case) -> Desk:
        """Who chairs a case's strategy discussion by day: the assessment teams' managers once it is a team's."""
        return self.team_managers if case.is_with_a_team() else self.managers_of(case)

    def workers_of(self, case: Case) -> Desk:
        """The workers who gather information about a contact today."""
        is_own = case.by_domestic_abuse_team and self.is_anyone_in(self.da_workers)
        return self.da_workers if is_own else self.first_response

    def work(  # noqa: PLR0913  (what a piece of work is)
        self,
        case: Case,
        activity: Activity,
        desk: Desk,
        effort: int,
        urgency: Urgency,
        due: int,
        *,
        not_by: int = NOBODY,
        must_fit_day: bool = False,
        ends_by: int = NEVER,
    ) -> Job:
        """Put a piece of work for a case on a desk."""
        waits = WaitingOn.OUT_OF_HOURS_STAFF if desk is self.out_of_hours else WaitingOn.OUR_STAFF
        job = self._job(case, activity, effort, urgency, due, waits)
        job.not_by, job.must_fit_day, job.ends_by = not_by, must_fit_day, ends_by
        self.floor.join(desk, job)
        return job

    def shift_ends(self) -> int:
        """When those at work now, by day or by night, hand over to the others."""
        return min(self.office.next_change(self.now), self.world.span.end)

    def done_by(
        self,
        case: Case,
        activity: Activity,
        desk: Desk | None,
        effort: int,
        due: int,
        urgency: Urgency = Urgency.IMMEDIATE,
    ) -> Story:
        """Work that cannot wait, by a desk or else the holder: gives who did it, or None where the shift left it."""
        until = self.shift_ends()
        if desk is None:
            job = self.holder_work(case, activity, effort, urgency, due, ends_by=until)
        else:
            job = self.work(case, activity, desk, effort, urgency, due, ends_by=until)
        yield FirstOf(self.env, job, self.others(until - self.now))
        if not job.is_started():
            self.withdraw(job)
            return None
        return (yield job)

    def at_once(self, case: Case, activity: Activity, effort: int) -> Story:
        """A manager's work that cannot wait: by the out-of-hours team while the office is closed."""
        worker, due = None, self.now
        while worker is None:
            by_day = self.chairs_of(case) if activity is Activity.STRATEGY_DISCUSSION else self.managers_of(case)
            by_whom = by_day if self.office.is_open(self.now) else self.out_of_hours
            worker = yield from self.done_by(case, activity, by_whom, effort, due)
        return worker

    def holder_work(
        self,
        case: Case,
        activity: Activity,
        effort: int,
        urgency: Urgency,
        due: int,
        *,
        must_fit_day: bool = False,
        ends_by: int = NEVER,
    ) -> Job:
        """Work for whoever holds the case: in their diary, or parked until somebody has it in hand again."""
        job = self._job(case, activity, effort, urgency, due, WaitingOn.OUR_STAFF)
        job.must_fit_day, job.ends_by = must_fit_day, ends_by
        self._to_holder(case, job)
        return job

    def _to_holder(self, case: Case, job: Job) -> None:
        has_it = case.is_in_hand or job.activity == Activity.TAKING_OVER
        if has_it and case.holder is not None and case.holder.diary is not None:
            self.floor.join(case.holder.diary, job)
        else:
            case.parked.append(job)

    def take_in_hand(self, case: Case) -> None:
        """Somebody holds the case and has read it: what was parked is theirs."""
        case.is_in_hand = True
        parked, case.parked = case.parked, []
        for job in parked:
            self._to_holder(case, job)

    def _job(
        self,
        case: Case,
        activity: Activity,
        effort: int,
        urgency: Urgency,
        due: int,
        waits: WaitingOn,
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
        job = Job(self.env, key, max(effort, 1))
        if beside:
            case.beside.append(job)
        return job

    def drop_what_is_beside(self, case: Case) -> None:
        """Take back the work beside a case's path that nobody has started: the case is over."""
        case.parked = []
        for job in case.beside:
            self.withdraw(job)

    def is_in_today(self, worker: Worker | None) -> bool:
        """Whether somebody will still work today."""
        opens = worker.calendar.next_open(self.now) if worker is not None else None
        return opens is not None and opens // MINUTES_PER_DAY == self.now // MINUTES_PER_DAY

    def is_anyone_in(self, desk: Desk) -> bool:
        """Whether somebody of a desk works on the day the office is, or next is, open."""
        opens = self.office.next_open(self.now)
        return opens is not None and any(self.works_by(worker, opens) for worker in desk.staff)

    def works_by(self, worker: Worker, minute: int) -> bool:
        """Whether somebody is at work again by the end of the day of a minute."""
        opens = worker.calendar.next_open(self.now)
        return opens is not None and opens // MINUTES_PER_DAY <= minute // MINUTES_PER_DAY

    def move(self, job: Job, desk: Desk) -> None:
        """Let work that nobody has started wait at another desk, with its place in the order."""
        self.withdraw(job)
        self.floor.join(desk, job)

    def withdraw(self, job: Job) -> None:
        """Take back a job nobody has started from wherever it waits."""
        case = self.open_cases[job.contact]
        if job in case.parked:
            case.parked.remove(job)
        if job.desk is not None:
            job.desk.withdraw(job)

    def is_anyone_waiting(self, start: int, end: int) -> bool:
        """Whether a child of a contact received in a window still waits for a decision or to be seen."""
        return any(
            start <= case.received_at < end and (case.outcome is None or case.unseen)
            for case in self.open_cases.values()
        )

    def others(self, minutes: int) -> simpy.Event:
        """Time in which partners or the family act."""
        return self.env.timeout(minutes)

    def until(self, minute: int) -> simpy.Event:
        """Time in which partners or the family act, up to a minute; none where that is past."""
        return self.env.timeout(max(minute - self.now, 0))

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
