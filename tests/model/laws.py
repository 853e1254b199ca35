"""What is true of every log, whatever the scenario: each law raises `AssertionError` where it is broken."""

from collections import Counter

import numpy as np

from sim.events import Activity, Ending, EventKind, Guide, Outcome, Role, SeenBy, check_lifecycle
from sim.measures import clocks, stage_minutes
from sim.measures.clocks import End
from sim.policies import is_assessed, is_discussed_before_passed_on
from sim.working_time import MINUTES_PER_DAY
from sim.world import QUALIFIED
from tests.model.jobs import Told
from tests.model.laws_of_slots import no_two_discussions_share_a_slot_and_none_waits_while_one_passes
from tests.model.laws_of_waiting import WAITING_LAWS, Law

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
    """Undecided, closed at contact, on the way, or closed after being seen: seen at most once, and then for good.

    What is decided and not assessed closes at once, but for what waits for the morning's handover, what is rated red
    and visited that night though it is not ours to assess, and a contact that is another team's until the strategy
    discussion about it, if any, has been held.
    """
    seen = Counter((event.contact, event.child) for event in told.of(E.SEEN))
    assert set(seen.values()) <= {1}, "a child was seen for the first time twice"
    outcome = {event.contact: Outcome(event.detail) for event in told.of(E.DECIDED)}
    ending = {event.contact: Ending(event.detail) for event in told.of(E.CLOSED)}
    allocated = told.first(E.ALLOCATED)
    for contact, _, _, _, children, *_ in told.log.contacts.tolist():
        seen_here = {child for (whose, child) in seen if whose == contact}
        assert seen_here <= set(range(children)), f"{contact}: a child who is not of the family was seen"
        assessed = contact in outcome and is_assessed(outcome[contact])
        if contact in ending:
            assert (ending[contact] is Ending.AT_CONTACT) == (not assessed)
            assert not assessed or len(seen_here) == children, f"{contact} closed with a child unseen"
        if contact in outcome and not assessed:
            is_closed = contact in ending or _may_still_be_open(told, contact, outcome[contact])
            assert is_closed, f"{contact} is neither closed nor assessed"
            assert contact not in allocated


def _may_still_be_open(told: Told, contact: int, outcome: Outcome) -> bool:
    """Whether a contact that is decided and not assessed has something to wait for."""
    end, decided = told.log.watched_until, told.first(E.DECIDED)[contact]
    if told.is_to_be_handed_over(contact):
        return True
    if contact in told.red and not told.office.is_open(decided) and end <= told.shift_ends(decided):
        return True
    is_to_be_discussed = any(is_discussed_before_passed_on(fate, outcome) for fate in told.fates[contact])
    return is_to_be_discussed and contact not in told.first(E.STRATEGY_HELD)


def no_newly_qualified_worker_leads_an_enquiry(told: Told) -> None:
    """A case under section 47 is not allocated to a newly qualified worker, and is no longer theirs once it is so."""
    section_47, people = told.first(E.SECTION_47_STARTED), told.people
    held: dict[int, int] = {}
    gone = {(event.contact, event.time, event.person) for event in told.of(E.HOLDER_LEFT)}
    for event in told.events:
        if event.kind == E.ALLOCATED:
            held[event.contact] = event.person
            is_new = people[event.person].role is Role.NEWLY_QUALIFIED_SOCIAL_WORKER
            assert not (is_new and event.contact in section_47 and section_47[event.contact] <= event.time), event
        elif event.kind == E.SECTION_47_STARTED and event.contact in held:
            holder = held[event.contact]
            if people[holder].role is Role.NEWLY_QUALIFIED_SOCIAL_WORKER:
                assert any(c == event.contact and t <= event.time and p == holder for c, t, p in gone), event


def the_night_leaves_nothing_half_done(told: Told) -> None:
    """What the out-of-hours team begins ends by the time the office opens; what cannot wait, by any shift's end."""
    for job in told.jobs:
        if job.started is not None:
            assert (job.ended or told.log.watched_until) <= job.ends, f"{job} goes on after {job.ends}"
        if job.started is None or told.people[job.person or 0].role is not Role.OUT_OF_HOURS_WORKER:
            continue
        morning = told.office.next_open(job.started)
        assert morning is None or (job.ended or told.log.watched_until) <= morning, f"{job} goes on after {morning}"


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
        guide = worker.guide if time < self._told.world.span.levers_start else worker.guide_after
        section_47 = self._section_47.get(contact, time + 1) <= time
        assert not (section_47 and worker.role is Role.NEWLY_QUALIFIED_SOCIAL_WORKER)
        self._check(why, before, children, guide, section_47=section_47, waited=time - self._since(contact))
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
        since = self._strategy[contact] if discussed else self._decided[contact]
        return max(since, self._told.handed_over.get(contact, since))

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
    no_newly_qualified_worker_leads_an_enquiry,
    the_night_leaves_nothing_half_done,
    no_two_discussions_share_a_slot_and_none_waits_while_one_passes,
    *WAITING_LAWS,
    waits_sum_to_the_total,
)
