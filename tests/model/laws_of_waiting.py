"""What is true of every wait, whatever the scenario: who is free takes what waits, in order, and nothing is parked."""

from collections.abc import Callable

from sim.events import Activity, EventKind, Outcome, Rating
from sim.policies import SECTION_47_VISIT_WORKING_DAYS, is_assessed
from sim.working_time import MINUTES_PER_DAY, MINUTES_PER_HOUR, Calendar
from tests.model.jobs import QUESTIONS, Event, Job, Told
from tests.model.rota import Rota, is_in_by

Law = Callable[[Told], None]
E = EventKind


def nobody_is_idle_while_work_waits(told: Told) -> None:
    """Whoever may do a piece of work is at something else, or not at work, for as long as it waits.

    The exceptions: a visit that does not fit into the day, work that would end after the worker leaves, work at night
    that would end after the morning, a second look by who took the first, the diary of somebody whose day is reserved
    for duty, the diary of who has still to take the case over, and an overdue visit or the call to arrange it, which
    may have gone to duty. What is withdrawn waits until then: what was left to the morning, questions past the limit
    of further work, a chase once the reply has come, and what is left when a case closes or changes hands.
    """
    rota, people = Rota(told), told.people
    end = told.log.watched_until
    free = {person.id: _free(person.calendar, person.id, told.jobs, end) for person in people.values()}
    for job in told.jobs:
        until = rota.waits_until(job)
        if until <= job.queued:
            continue
        for who, since in _candidates(rota, told, job):
            if free[who].open_minutes(since, max(since, until)) == 0:
                continue
            hours = rota.keeps_diary(people[who]) if rota.is_holders(job) else rota.serves(people[who], job)
            for start, _ in _both(free[who].between(since, until), hours):
                able = _is_able(told, rota, job, who, start)
                assert not able, f"{people[who].role.name} {who} is free at {start} while {job} waits"


def immediate_risk_waits_for_duty_alone(told: Told) -> None:
    """Children rated red and to be assessed are duty's to visit from the decision, and in order.

    From the morning's handover where it was decided at night, and once the family may be tried again where a visit of
    that night left somebody unseen. No visit that is due later is begun by duty before theirs, unless whoever begins it
    would leave before theirs ended.
    """
    rota = Rota(told)
    visits = _by_contact([job for job in told.jobs if job.activity is Activity.VISITING])
    due = {contact: _due(told, jobs[0].queued) for contact, jobs in visits.items()}
    for contact, ready in _to_be_seen_at_once(told).items():
        if not rota.has_duty(ready[0]):
            continue
        latest = ready[1]
        jobs = visits.get(contact)
        if jobs is None:
            assert latest >= told.log.watched_until, f"{contact} is not to be visited though decided at {ready[0]}"
            continue
        first = jobs[0]
        assert ready[0] <= first.queued <= latest, f"{first} did not wait for duty from {ready}"
        if rota.has_duty(told.log.watched_until):
            due[contact] = _due(told, ready[0])
            _begun_in_order(told, rota, first, due)


def _begun_in_order(told: Told, rota: Rota, first: Job, due: dict[int, int]) -> None:
    """No other visit that comes later in order is begun by duty while this one waits."""
    until = told.log.watched_until if first.started is None else first.started
    for job in told.jobs:
        if job.activity is not Activity.VISITING or job is first or job.started is None or job.person is None:
            continue
        if not first.queued <= job.started < until or (rota.is_holders(job) and _is_holder(told, job)):
            continue
        later = rota.is_holders(job) or (due[job.contact], job.queued) > (due[first.contact], first.queued)
        if later:
            assert not _is_able(told, rota, first, job.person, job.started), f"{job} was begun before {first}"


def nothing_waits_for_further_work_past_the_limit(told: Told) -> None:
    """Once the limit has passed no question is put or waited for: the manager decides on what there is."""
    rota, end = Rota(told), told.log.watched_until
    then = _by_contact([job for job in told.jobs if job.activity in (*QUESTIONS, Activity.DECIDING)])
    for job in told.jobs:
        if job.activity in QUESTIONS:
            limit = rota.limit(job.contact)
            assert job.queued < limit, f"{job} was to be put after {limit}"
            assert job.started is None or job.started < limit, f"{job} was begun after {limit}"
            goes_on = job.started is not None and job.ended is None
            until = max(limit, job.ended or 0)
            is_next = any(job.queued <= o.queued <= until for o in then[job.contact] if o is not job)
            assert goes_on or is_next or until >= end, f"{job} is waited for after {limit}"
    rounds: dict[int, Event] = {}
    second_look = told.first(E.SECOND_LOOK_ASKED)
    for event in told.events:
        if event.kind == E.INFORMATION_ASKED:
            assert event.time < rota.limit(event.contact), f"{event} after the limit"
            assert event.contact not in rounds, f"{event} before {rounds[event.contact]} is answered"
            rounds[event.contact] = event
        elif event.kind == E.INFORMATION_READY:
            rounds.pop(event.contact, None)
            is_second_look = second_look.get(event.contact, end) <= event.time
            assert is_second_look or event.time <= rota.limit(event.contact), f"{event} after the limit"
    for asked in rounds.values():
        assert end <= rota.limit(asked.contact), f"{asked} is waited for after the limit"


def families_go_to_who_is_there(told: Told) -> None:
    """A family is promised only to somebody at work that day or on the office's next."""
    promised: dict[int, int] = {}
    for event in told.events:
        if event.kind == E.WORK_QUEUED and event.detail == Activity.ALLOCATING:
            promised[event.contact] = event.time
        elif event.kind == E.ALLOCATED:
            midnight = promised[event.contact] // MINUTES_PER_DAY * MINUTES_PER_DAY
            today = told.office.next_open(midnight)
            assert today is not None
            tomorrow = told.office.next_open(today // MINUTES_PER_DAY * MINUTES_PER_DAY + MINUTES_PER_DAY)
            person = told.people[event.person]
            assert is_in_by(person, midnight, today if tomorrow is None else tomorrow), f"{event}: who is away"


WAITING_LAWS: tuple[Law, ...] = (
    nobody_is_idle_while_work_waits,
    immediate_risk_waits_for_duty_alone,
    nothing_waits_for_further_work_past_the_limit,
    families_go_to_who_is_there,
)


def _by_contact(jobs: list[Job]) -> dict[int, list[Job]]:
    found: dict[int, list[Job]] = {}
    for job in jobs:
        found.setdefault(job.contact, []).append(job)
    return found


def _due(told: Told, since: int) -> int:
    """When a visit by duty that is wanted from a minute is due."""
    return told.working_days.add(since, SECTION_47_VISIT_WORKING_DAYS)


def _is_holder(told: Told, job: Job) -> bool:
    """Whether whoever makes a visit holds the case."""
    held = [
        event for event in told.of(E.ALLOCATED) if event.contact == job.contact and event.time <= (job.started or 0)
    ]
    return bool(held) and held[-1].person == job.person


def _to_be_seen_at_once(told: Told) -> dict[int, tuple[int, int]]:
    """From when, and at the latest when, duty is to visit the unseen children of each contact rated red."""
    rating = {event.contact: event.detail for event in told.of(E.SCREENED)}
    found = {}
    for event in told.of(E.DECIDED):
        contact, at = event.contact, event.time
        if rating[contact] != Rating.RED or not is_assessed(Outcome(event.detail)):
            continue
        if told.is_at_night(contact, at):
            at = told.handed_over.get(contact, told.log.watched_until)
        if len(_seen_by(told, contact, at)) < told.fates[contact][0].children and at < told.log.watched_until:
            found[contact] = (at, max(at, _tried_again(told, contact, at)))
    return found


def _seen_by(told: Told, contact: int, minute: int) -> set[int]:
    return {event.child for event in told.of(E.SEEN) if event.contact == contact and event.time <= minute}


def _tried_again(told: Told, contact: int, morning: int) -> int:
    """When at the latest a family whom the night did not wholly see may be tried again; 0 where it did not try."""
    kinds = (E.VISIT_FAILED, E.VISIT_ARRANGED)
    tried = [e.time for kind in kinds for e in told.of(kind) if e.contact == contact and e.time <= morning]
    most = int(max(s.assessment.urgent_retry_hours for s in (told.baseline, told.scenario)) * MINUTES_PER_HOUR)
    return max(tried) + most if tried else 0


def _free(calendar: Calendar, person: int, every: list[Job], end: int) -> Calendar:
    """When somebody is at work and busy with nothing."""
    mine = [job for job in every if job.person == person and job.started is not None]
    return calendar.without([(job.started or 0, end if job.ended is None else job.ended) for job in mine])


def _both(a: Calendar, b: Calendar) -> Calendar:
    """The minutes open in both."""
    end = max([*a.ends, *b.ends, 0])
    return a.without(list(b.complement(end)))


def _candidates(rota: Rota, told: Told, job: Job) -> list[tuple[int, int]]:
    """Who may do a piece of work, and from when."""
    if not rota.is_holders(job):
        return [(person.id, job.queued) for person in told.world.people if rota.may_serve(person, job)]
    if job.person is None or job.started is None:
        return []
    allocated = [e for e in told.of(E.ALLOCATED) if e.contact == job.contact and e.time <= job.started]
    if not allocated or allocated[-1].person != job.person:
        return []
    return [(job.person, max(job.queued, _held_since(told, job, allocated)))]


def _held_since(told: Told, job: Job, allocated: list[Event]) -> int:
    """From when a case's work was in its holder's diary: once allocated, or once taken over from somebody."""
    last = allocated[-1]
    if len(allocated) == 1 or job.activity is Activity.TAKING_OVER:
        return last.time
    taken = [
        j.ended
        for j in told.jobs
        if (j.contact, j.activity, j.person) == (job.contact, Activity.TAKING_OVER, job.person)
        and j.ended is not None
        and last.time <= j.ended <= (job.started or 0)
    ]
    return max(taken, default=job.started or 0)


def _is_able(told: Told, rota: Rota, job: Job, who: int, start: int) -> bool:
    """Whether somebody could have begun it at a minute: it is for them, and would have ended in time."""
    calendar = told.people[who].calendar
    most = max(told.efforts[job.contact][job.activity])
    if rota.must_fit(job) and calendar.left_in_stretch(start) < most:
        return False
    is_second = job.activity is Activity.SECOND_LOOK and who == _decider(told, job)
    if is_second and rota.has_another(who, job, start):
        return False
    ends = calendar.after(start, most)
    if ends is None or not told.is_at_night(job.contact, job.queued):
        return ends is not None
    morning = told.office.next_open(job.queued)
    return job.activity is Activity.MORNING_HANDOVER or morning is None or ends <= morning


def _decider(told: Told, look: Job) -> int | None:
    """Who took the first decision about a contact."""
    decided = [j for j in told.jobs if j.contact == look.contact and j.activity is Activity.DECIDING and j.ended]
    return decided[-1].person if decided else None
