"""What is true of every wait, whatever the scenario: who is free takes what waits, in order, and nothing is parked."""

from collections.abc import Callable

from sim.events import Activity, EventKind
from sim.working_time import MINUTES_PER_DAY, MINUTES_PER_HOUR, NEVER, Calendar
from tests.model.jobs import QUESTIONS, Event, Job, Told
from tests.model.rota import Rota, is_in_by

Law = Callable[[Told], None]
E = EventKind
VISITS = (Activity.VISITING, Activity.OUT_OF_HOURS_VISIT)
PASSED_ON = {
    Activity.VISITING: Activity.OUT_OF_HOURS_VISIT,
    Activity.OUT_OF_HOURS_VISIT: Activity.VISITING,
    Activity.SCREENING: Activity.OUT_OF_HOURS_SCREENING,
    Activity.OUT_OF_HOURS_SCREENING: Activity.MORNING_HANDOVER,
}
"""What work that cannot wait becomes at the end of a shift that did not begin it; the rest stays what it is."""


def nobody_is_idle_while_work_waits(told: Told) -> None:
    """Whoever may do a piece of work is at something else, or not at work, for as long as it waits.

    The exceptions: a visit or a strategy discussion that does not fit into the day, work that would end after the
    worker leaves, work of others too that the worker would be away before ending, work that cannot wait and would end
    after the shift hands over, a second look by who took the first, the diary of somebody
    whose day is reserved for duty, the diary of who has still to take the case over, and an overdue visit or the call
    to arrange it, which may have gone to duty. What is withdrawn waits until then: what cannot wait until the shift
    ends, when it is queued anew for the next, questions past the limit of further work, a chase once the reply has
    come, and what is left when a case closes or changes hands.
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


def immediate_risk_waits_for_whoever_is_at_work(told: Told) -> None:
    """A family to be visited at once always has a visit that waits or goes on, or is soon to be tried again.

    From the decision of a contact rated red, or the discussion that finds immediate risk, until every child has been
    seen: while the office is open by duty (by the holder where there is none), while it is closed by the out-of-hours
    team. No visit that comes later in order is begun by duty before theirs, unless whoever begins it would leave, or
    the shift end, before theirs did.
    """
    rota = Rota(told)
    at_once = [job for job in told.jobs if job.activity in VISITS and job.ends < NEVER]
    for job in at_once:
        if job.activity is Activity.VISITING and not rota.is_holders(job):
            _begun_in_order(told, rota, job)
    visits = _by_contact(at_once)
    for contact, ready in told.to_be_seen_at_once.items():
        _never_without(told, contact, ready, visits.get(contact, []))


def _never_without(told: Told, contact: int, ready: int, jobs: list[Job]) -> None:
    """From a minute on, one visit to a family follows another without a gap until every child has been seen."""
    earliest = latest = ready
    most = int(max(s.assessment.urgent_retry_hours for s in (told.baseline, told.scenario)) * MINUTES_PER_HOUR)
    for job in jobs:
        assert earliest <= job.queued <= latest, f"{job} did not wait from {earliest} or by {latest}"
        assert (job.activity is Activity.VISITING) == told.office.is_open(job.queued), f"{job} is the other shift's"
        if job.started is None:
            earliest = latest = job.ends
            continue
        earliest = told.log.watched_until if job.ended is None else job.ended
        is_over = len(_seen_by(told, contact, earliest)) == told.fates[contact][0].children
        latest = told.world.span.end if is_over else earliest + most
    assert latest >= told.log.watched_until, f"{contact} is not to be visited from {earliest} on"


def _order(told: Told, job: Job) -> tuple[int, int, int, int]:
    """Immediate risk first, then since when the family is to be seen, then since when this visit to it waits."""
    since = told.to_be_seen_at_once.get(job.contact, job.queued)
    return told.visits_rank(job.contact), since, job.queued, job.contact


def _begun_in_order(told: Told, rota: Rota, first: Job) -> None:
    """No other visit that comes later in order is begun by duty while this one waits."""
    until = rota.waits_until(first)
    for job in told.jobs:
        if job.activity is not Activity.VISITING or job is first or job.started is None or job.person is None:
            continue
        if not first.queued <= job.started < until or (rota.is_holders(job) and _is_holder(told, job)):
            continue
        is_later = job.ends < NEVER and _order(told, job) > _order(told, first)
        is_for_the_day = job.ends == NEVER and told.visits_rank(first.contact) == 0
        if is_later or is_for_the_day:
            assert not _is_able(told, rota, first, job.person, job.started), f"{job} was begun before {first}"


def what_a_shift_leaves_is_the_next_shifts(told: Told) -> None:
    """What cannot wait and was not begun waits for those who come in, from the minute in which they do.

    A contact that the day had no time to screen is the night's, and one that the night had none for is handed over. A
    family that is not ours to assess is visited by night alone.
    """
    queued = {(job.contact, job.activity, job.queued) for job in told.jobs}
    for job in told.jobs:
        if job.started is not None or job.ends >= told.log.watched_until:
            continue
        if job.activity is Activity.OUT_OF_HOURS_VISIT and job.contact not in told.to_be_seen_at_once:
            continue
        anew = PASSED_ON.get(job.activity, job.activity)
        assert (job.contact, anew, job.ends) in queued, f"{job} was left"


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


def no_work_of_others_is_kept_through_an_absence(told: Told) -> None:
    """What more than the holder could do is never begun by somebody who misses a day of the office before it is done.

    Nor is a visit or a strategy discussion that can wait for the morning left for the night in the middle, unless its
    day was too short for it from the first.
    """
    rota, watched = Rota(told), told.log.watched_until
    for job in told.jobs:
        if job.started is None or job.person is None:
            continue
        ended = watched if job.ended is None else job.ended
        if not (rota.is_holders(job) and _is_holder(told, job)):
            assert not is_away_between(told, job.person, job.started, ended), f"{job} was kept through an absence"
        if rota.must_fit(job) and job.started // MINUTES_PER_DAY < ended // MINUTES_PER_DAY:
            day = _day_of(told.people[job.person].calendar, job.started)
            assert max(told.efforts[job.contact][job.activity]) > day, f"{job} was left for the night"


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
    immediate_risk_waits_for_whoever_is_at_work,
    what_a_shift_leaves_is_the_next_shifts,
    nothing_waits_for_further_work_past_the_limit,
    no_work_of_others_is_kept_through_an_absence,
    families_go_to_who_is_there,
)


def _by_contact(jobs: list[Job]) -> dict[int, list[Job]]:
    found: dict[int, list[Job]] = {}
    for job in jobs:
        found.setdefault(job.contact, []).append(job)
    return found


def _is_holder(told: Told, job: Job) -> bool:
    """Whether whoever makes a visit holds the case."""
    held = [
        event for event in told.of(E.ALLOCATED) if event.contact == job.contact and event.time <= (job.started or 0)
    ]
    return bool(held) and held[-1].person == job.person


def _seen_by(told: Told, contact: int, minute: int) -> set[int]:
    return {event.child for event in told.of(E.SEEN) if event.contact == contact and event.time <= minute}


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
    if rota.must_fit(job) and calendar.left_in_stretch(start) < most <= _day_of(calendar, start):
        return False
    is_second = job.activity is Activity.SECOND_LOOK and who == _decider(told, job)
    if is_second and rota.has_another(who, job, start):
        return False
    ends = calendar.after(start, most)
    if ends is None or ends > job.ends:
        return False
    return rota.is_holders(job) or not is_away_between(told, who, start, ends)


def _day_of(calendar: Calendar, minute: int) -> int:
    """The minutes somebody works on the day of a minute."""
    midnight = minute - minute % MINUTES_PER_DAY
    return calendar.open_minutes(midnight, midnight + MINUTES_PER_DAY)


def is_away_between(told: Told, who: int, start: int, end: int) -> bool:
    """Whether somebody misses a day of the office after that of one minute and before that of another."""
    calendar, office = told.people[who].calendar, told.office
    days = range(start // MINUTES_PER_DAY + 1, end // MINUTES_PER_DAY)
    return any(_day_of(office, day * MINUTES_PER_DAY) > 0 == _day_of(calendar, day * MINUTES_PER_DAY) for day in days)


def _decider(told: Told, look: Job) -> int | None:
    """Who took the first decision about a contact."""
    decided = [j for j in told.jobs if j.contact == look.contact and j.activity is Activity.DECIDING and j.ended]
    return decided[-1].person if decided else None
