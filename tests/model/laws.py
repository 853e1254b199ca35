"""What is true of every log, whatever the scenario: each law raises `AssertionError` where it is broken."""

from collections import Counter
from collections.abc import Callable

import numpy as np

from sim.events import Activity, Ending, EventKind, Guide, Outcome, Role, SeenBy, check_lifecycle
from sim.measures import clocks, stage_minutes
from sim.measures.clocks import End
from sim.working_time import MINUTES_PER_DAY, Calendar
from sim.world import QUALIFIED
from tests.model.jobs import Event, Job, Rota, Told

Law = Callable[[Told], None]
E = EventKind


def events_are_in_lawful_order(told: Told) -> None:
    """Every event follows one that may come before it."""
    check_lifecycle(told.log)


def children_are_conserved(told: Told) -> None:
    """Every contact drawn comes in its minute, every other is the return of a family that had gone."""
    received = {row[0]: row[1] for row in told.log.contacts.tolist()}
    drawn = {
        contact.id: contact.received for contact in told.world.contacts if contact.received < told.log.watched_until
    }
    assert len(received) == len(told.log.contacts), "a contact came twice"
    assert drawn.items() <= received.items(), "a contact drawn did not come in its minute"
    assert Counter(event.contact for event in told.of(E.RECEIVED)) == Counter(received.keys())
    closed = told.first(E.CLOSED)
    fates = told.fates
    parents = {row[0]: row[6] for row in told.log.contacts.tolist() if row[0] not in drawn}
    assert len(set(parents.values())) == len(parents), "a family came back twice from one contact"
    for contact, parent in parents.items():
        delays = [fate.return_delay for fate in fates[parent]]
        assert received[contact] - closed[parent] >= min(delays), f"{contact} came back before its time"


def every_child_is_in_one_state(told: Told) -> None:
    """Undecided, closed at contact, on the way, or closed after being seen: seen at most once, and then for good."""
    seen = Counter((event.contact, event.child) for event in told.of(E.SEEN))
    assert set(seen.values()) <= {1}, "a child was seen for the first time twice"
    outcome = {event.contact: Outcome(event.detail) for event in told.of(E.DECIDED)}
    ending = {event.contact: Ending(event.detail) for event in told.of(E.CLOSED)}
    allocated = told.first(E.ALLOCATED)
    for contact, _, _, _, children, *_ in told.log.contacts.tolist():
        seen_here = {child for (whose, child) in seen if whose == contact}
        assert seen_here <= set(range(children)), f"{contact}: a child who is not of the family was seen"
        assessed = outcome.get(contact) in (Outcome.REFERRAL, Outcome.STRATEGY_DISCUSSION)
        if contact in ending:
            assert (ending[contact] is Ending.AT_CONTACT) == (not assessed)
            assert not assessed or len(seen_here) == children, f"{contact} closed with a child unseen"
        if contact in outcome and not assessed:
            assert contact in ending, f"{contact} is neither closed nor assessed"
            assert contact not in allocated


def only_qualified_people_see(told: Told) -> None:
    """A child is seen by a qualified social worker: holder, duty, or out of hours at night."""
    people = told.people
    for event in told.of(E.SEEN):
        role = people[event.person].role
        at_night = event.detail == SeenBy.OUT_OF_HOURS
        assert at_night == (role is Role.OUT_OF_HOURS_WORKER)
        assert at_night or role in QUALIFIED


def work_is_done_within_hours_and_in_full(told: Told) -> None:
    """Effort lies inside the calendar of who does it, and is exactly what the piece of work needs."""
    people = told.people
    for job in told.jobs:
        if job.started is None or job.person is None:
            continue
        calendar = people[job.person].calendar
        assert calendar.is_open(job.started), f"{job} begun outside hours"
        ends = {calendar.after(job.started, effort) for effort in told.efforts[job.contact][job.activity]}
        assert None not in ends or len(ends) > 1, f"{job} begun though it could not be finished"
        if job.ended is None:
            assert max(end for end in ends if end is not None) >= told.log.watched_until, f"{job} never ended"
        else:
            assert job.ended in ends, f"{job} did not take its effort"
            assert job.minutes == calendar.open_minutes(job.started, job.ended), f"{job} is noted wrongly"


def nobody_does_two_things_at_once(told: Told) -> None:
    """A person's pieces of work do not overlap: checked as the pieces are put together."""
    busy: dict[int, int] = {}
    for job in sorted((j for j in told.jobs if j.started is not None), key=lambda j: j.started or 0):
        assert job.started is not None
        assert job.person is not None
        assert busy.get(job.person, 0) <= job.started
        busy[job.person] = told.log.watched_until if job.ended is None else job.ended


def nobody_is_idle_while_work_waits(told: Told) -> None:
    """Whoever may do a piece of work is at something else, or not at work, for as long as it waits.

    The exceptions: a visit that does not fit into the day, work that would end after the worker leaves, the diary of
    somebody whose day is reserved for duty, and an overdue visit, which may have gone to duty.
    """
    rota, people = Rota(told), told.people
    end = told.log.watched_until
    free = {person.id: _free(person.calendar, person.id, told.jobs, end) for person in people.values()}
    for job in told.jobs:
        until = rota.with_holder_until(job, end if job.started is None else job.started)
        if until <= job.queued or _was_taken_back(told, job):
            continue
        for who, since in _candidates(rota, told, job):
            if free[who].open_minutes(since, max(since, until)) == 0:
                continue
            hours = rota.keeps_diary(people[who]) if rota.is_holders(job) else rota.serves(people[who], job)
            for start, _ in _both(free[who].between(since, until), hours):
                able = _is_able(told, rota, job, who, start)
                assert not able, f"{people[who].role.name} {who} is free at {start} while {job} waits"


def the_guide_is_exceeded_only_for_a_reason(told: Told) -> None:
    """Caseloads as the log tells of them never exceed the guide but for the reason logged, and the reason is true."""
    people, ledger = told.people, _Ledger(told)
    for event in told.events:
        if event.kind == E.WORK_QUEUED and event.detail == Activity.ALLOCATING:
            ledger.reserve(event.contact, event.time)
        elif event.kind == E.ALLOCATED:
            worker = people[event.person]
            assert worker.starts <= event.time
            assert worker.leaves < 0 or event.time < worker.leaves, f"{event}: to somebody who has left"
        elif event.kind in (E.CLOSED, E.HOLDER_LEFT):
            ledger.release(event.contact, event.person)
    assert all(count >= 0 for count in ledger.open.values())


class _Ledger:
    """The children each worker holds or is promised, kept from the log."""

    def __init__(self, told: Told) -> None:
        self._told = told
        self._people = told.people
        self._children = {row[0]: row[4] for row in told.log.contacts.tolist()}
        self._section_47 = told.first(E.SECTION_47_STARTED)
        self._strategy, self._decided = told.first(E.STRATEGY_HELD), told.first(E.DECIDED)
        self._outcome = {event.contact: event.detail for event in told.of(E.DECIDED)}
        self._promises = _promises(told)
        self.open: Counter[int] = Counter()
        self._lost: dict[int, int] = {}

    def reserve(self, contact: int, time: int) -> None:
        """Check the reason for a place against what is held when it is promised."""
        promise = self._promises[contact].pop(0)
        children = self._children[contact]
        if promise is None:
            # Promised to somebody the log does not name: closed, left or not allocated before the end.
            self._lost[contact] = children
            return
        self._lost.pop(contact, None)
        person, why = promise
        worker, before = self._people[person], self.open[person]
        section_47 = self._section_47.get(contact, time + 1) <= time
        assert not (section_47 and worker.role is Role.NEWLY_QUALIFIED_SOCIAL_WORKER)
        self._check(why, before, children, worker.guide, section_47=section_47, waited=time - self._since(contact))
        self.open[person] += children

    def _check(self, why: Guide, before: int, children: int, guide: int, *, section_47: bool, waited: int) -> None:
        over = before + children + sum(self._lost.values()) > guide
        longest = min(s.assessment.over_guide_after_days for s in (self._told.baseline, self._told.scenario))
        match why:
            case Guide.WITHIN:
                assert before + children <= guide, f"{before} + {children} is not within {guide}"
            case Guide.LARGE_FAMILY_ALONE:
                assert before == 0
                assert children > guide
            case Guide.OVER_FOR_SECTION_47:
                assert over
                assert section_47
            case Guide.OVER_AFTER_WAITING:
                assert over
                assert waited >= longest * MINUTES_PER_DAY

    def _since(self, contact: int) -> int:
        discussed = self._outcome[contact] == Outcome.STRATEGY_DISCUSSION
        return self._strategy[contact] if discussed else self._decided[contact]

    def release(self, contact: int, person: int) -> None:
        """A family is off somebody's caseload."""
        self._lost.pop(contact, None)
        if person >= 0:
            self.open[person] -= self._children[contact]


def _promises(told: Told) -> dict[int, list[tuple[int, Guide] | None]]:
    """For each time a place was promised to a contact: to whom and why, or None where nothing came of it."""
    found: dict[int, list[tuple[int, Guide] | None]] = {}
    for event in told.events:
        if event.kind == E.WORK_QUEUED and event.detail == Activity.ALLOCATING:
            found.setdefault(event.contact, []).append(None)
        elif event.kind == E.ALLOCATED:
            found[event.contact][-1] = (event.person, Guide(event.detail))
    return found


def waits_sum_to_the_total(told: Told) -> None:
    """The minutes of each child by stage and whom for add up to the minutes from contact to seen."""
    found = clocks(told.log)
    wanted = found.referred & (found.end == End.SEEN)
    minutes = stage_minutes(told.log)
    assert (minutes >= 0).all()
    assert np.array_equal(minutes.sum(axis=(1, 2)), (found.seen - found.received)[wanted])


LAWS: tuple[Law, ...] = (
    events_are_in_lawful_order,
    children_are_conserved,
    every_child_is_in_one_state,
    only_qualified_people_see,
    nobody_does_two_things_at_once,
    work_is_done_within_hours_and_in_full,
    the_guide_is_exceeded_only_for_a_reason,
    nobody_is_idle_while_work_waits,
    waits_sum_to_the_total,
)


def _free(calendar: Calendar, person: int, every: list[Job], end: int) -> Calendar:
    """When somebody is at work and busy with nothing."""
    mine = [job for job in every if job.person == person and job.started is not None]
    return calendar.without([(job.started or 0, end if job.ended is None else job.ended) for job in mine])


def _both(a: Calendar, b: Calendar) -> Calendar:
    """The minutes open in both."""
    end = max([*a.ends, *b.ends, 0])
    return a.without(list(b.complement(end)))


def _was_taken_back(told: Told, job: Job) -> bool:
    """Whether a piece of work that never began was withdrawn: at closing, in the morning, or passed on anew."""
    if job.started is not None:
        return False
    return any(job.contact in told.first(kind) for kind in (E.CLOSED, E.HOLDER_LEFT, E.HANDED_OVER))


def _candidates(rota: Rota, told: Told, job: Job) -> list[tuple[int, int]]:
    """Who may do a piece of work, and from when."""
    if not rota.is_holders(job):
        return [(person.id, job.queued) for person in told.world.people if rota.may_serve(person, job)]
    if job.person is None or job.started is None:
        return []
    allocated = [e for e in told.of(E.ALLOCATED) if e.contact == job.contact and e.time <= job.started]
    if allocated[-1].person != job.person:
        return []
    return [(job.person, max(job.queued, _held_since(told, job, allocated)))]


def _held_since(told: Told, job: Job, allocated: list[Event]) -> int:
    """From when a case's work was in its holder's diary: once allocated, or once taken over from somebody."""
    taken = [
        j.ended
        for j in told.jobs
        if (j.contact, j.activity, j.person) == (job.contact, Activity.TAKING_OVER, job.person)
        and j.ended is not None
        and j.ended <= (job.started or 0)
    ]
    waited_for_it = job.queued < allocated[-1].time and job.activity is not Activity.TAKING_OVER
    return max(taken, default=job.started or 0) if waited_for_it else allocated[-1].time


def _is_able(told: Told, rota: Rota, job: Job, who: int, start: int) -> bool:
    """Whether somebody could have begun it at a minute: they would have finished, that day where it must fit."""
    calendar = told.people[who].calendar
    most = max(told.efforts[job.contact][job.activity])
    fits = not rota.must_fit(job) or calendar.left_in_stretch(start) >= most
    return fits and calendar.after(start, most) is not None
