"""Open work made ready to go on: each recorded family with the fate, and the untold steps, of one like it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

import numpy as np

from sim.events import EVERY_CHILD, LIFECYCLE, NOBODY, Ending, EventKind, Need, Outcome, Rating
from sim.experiment.dealing import Held, deal
from sim.experiment.matching import TOLD_BY, Matching, tells_outcomes, told_at
from sim.experiment.snapshots import Mark, Snapshots
from sim.facts import Fact
from sim.model import Engine, run
from sim.randomness import Luck, Purpose, contact_ids
from sim.scenario import Scenario, ScenarioError
from sim.working_time import MINUTES_PER_DAY
from sim.world import EPOCH, Contact, Inherited, PastEvent, Person, draw
from sim.world.opening import OpenJourney, OpenWork

LOOK_BACK_DAYS = 392
"""The days of a run that lie before its start: more than the oldest open work that is taken on."""

HALF_A_YEAR_DAYS = 182
"""What the baseline is run for before the simulated half year, and how long that is: 26 weeks each."""

_WEEK = 7
_RECORDED = 16
"""Added to the source in the ids of recorded families, so that no simulated contact has the same."""

_NOON = MINUTES_PER_DAY // 2
_BEFORE = {
    EventKind.DECIDED: EventKind.SCREENED,
    EventKind.STRATEGY_HELD: EventKind.STRATEGY_ASKED,
    EventKind.SECTION_47_STARTED: EventKind.STRATEGY_HELD,
    EventKind.ASSESSMENT_STARTED: EventKind.ALLOCATED,
    EventKind.ASSESSMENT_AUTHORISED: EventKind.ASSESSMENT_STARTED,
}
"""A step that must have been taken before another, though a record may not hold it."""

_RANK = {kind: rank for rank, kind in enumerate(LIFECYCLE)} | {EventKind.SECOND_LOOK_ASKED: 3.5}
"""The order in which steps of one minute are put: each after those that must come before it."""


@dataclass(frozen=True, slots=True, eq=False)
class Inheritance:
    """What every scenario of a cell begins with, and how many families there was none quite like in the simulated."""

    inherited: tuple[Inherited, ...]
    unlike: int
    borrowed: int


def start_calendar(work: OpenWork) -> dict[str, object]:
    """The calendar of a comparison that starts from open work, as changes to a scenario."""
    return {"calendar.first_day": work.as_at + timedelta(days=1), "calendar.warm_up_days": LOOK_BACK_DAYS}


def inherit(
    work: OpenWork, baseline: Scenario, seed: int, replication: int, engine: Engine | None = None
) -> Inheritance:
    """The open work as a cell's scenarios begin with it: the same for all of them, and in either engine."""
    snapshots, last = _half_a_year(baseline, seed, replication, engine)
    matching, luck = Matching(snapshots, work), Luck(seed, replication)
    begins = baseline.calendar.warm_up_days * MINUTES_PER_DAY
    found, unlike = list[Inherited](), 0
    for journey, identity in zip(work.journeys, _identities(work), strict=True):
        entry, is_alike = matching.match(journey, luck.uniform(identity, Purpose.INHERITED))
        unlike += not is_alike
        found.append(_Taken(journey, snapshots, entry, work.facts).inherited(identity, begins))
    borrowed = [snapshots.as_it_was(entry, begins) for entry in _untold(work, snapshots, last)]
    holders = [journey.holder for journey in work.journeys] + [NOBODY] * len(borrowed)
    people = draw(baseline, seed=seed, replication=replication, begins_day=begins // MINUTES_PER_DAY).people
    return Inheritance(tuple(_dealt(found + borrowed, holders, people, begins)), unlike, len(borrowed))


@lru_cache(maxsize=1)
def _half_a_year(baseline: Scenario, seed: int, replication: int, engine: Engine | None) -> tuple[Snapshots, int]:
    """The baseline's open work at each week's midnight of half a year up to the start, and the last of these."""
    calendar = {
        "calendar.first_day": baseline.calendar.first_day - timedelta(days=HALF_A_YEAR_DAYS),
        "calendar.warm_up_days": HALF_A_YEAR_DAYS,
        "calendar.horizon_days": HALF_A_YEAR_DAYS,
        "calendar.follow_up_days": 0,
        "levers_start_day": 0,
    }
    before = baseline.changed(calendar)
    world = draw(before, seed=seed, replication=replication)
    days = range(HALF_A_YEAR_DAYS + _WEEK, 2 * HALF_A_YEAR_DAYS + 1, _WEEK)
    moments = [day * MINUTES_PER_DAY for day in days]
    found = Snapshots(run(before, world, engine=engine), world, moments)
    if not len(found.row):
        raise ScenarioError(f"{baseline.name}: nothing is ever open in it, so open work cannot go on as its own does")
    return found, moments[-1]


def _identities(work: OpenWork) -> Iterator[int]:
    """An id for each family, from the day and source of its contact and its place among those."""
    seen: dict[tuple[int, int], int] = {}
    start = (work.as_at - EPOCH).days + 1
    for journey in work.journeys:
        key = start + journey.at[EventKind.RECEIVED] // MINUTES_PER_DAY, _RECORDED + max(journey.source, 0)
        seen[key] = seen.get(key, -1) + 1
        yield int(contact_ids(*key, seen[key]))


def _untold(work: OpenWork, snapshots: Snapshots, moment: int) -> list[int]:
    """The families of the simulated service as it stands at the start that are at steps the record does not tell."""
    marks = snapshots.marks
    wanted = np.zeros(len(marks), dtype=np.bool_)
    if not work.tells_undecided:
        wanted |= ~marks[:, Mark.DECIDED]
    if not work.tells_unbegun:
        wanted |= marks[:, Mark.DECIDED] & ~marks[:, Mark.STARTED]
    if not work.tells_after:
        wanted |= marks[:, Mark.AUTHORISED]
    found: list[int] = np.flatnonzero(wanted & (snapshots.at == moment)).tolist()
    return found


def _dealt(
    found: Sequence[Inherited], holders: Sequence[int], people: Sequence[Person], begins: int
) -> Iterator[Inherited]:
    """The families with whoever holds them; their returns are among those that are seeded."""
    kinds = [{step.kind for step in one.events} for one in found]
    held = [place for place, kind in enumerate(kinds) if EventKind.ALLOCATED in kind and not _was_left(found[place])]
    cases = [
        Held(found[place].contact.children, EventKind.SECTION_47_STARTED in kinds[place], holders[place])
        for place in held
    ]
    of = dict(zip(held, deal(cases, people, begins), strict=True))
    for place, one in enumerate(found):
        holder = of.get(place, NOBODY)
        steps = tuple(_named(step, holder) for step in one.events)
        contact = one.contact._replace(would_return=(0, 0, 0, 0))
        yield one._replace(contact=contact, events=steps, holder=holder)


def _was_left(one: Inherited) -> bool:
    changes = [step.kind for step in one.events if _is_holding(step)]
    return changes[-1] is EventKind.HOLDER_LEFT


def _is_holding(step: PastEvent) -> bool:
    return step.kind in {EventKind.ALLOCATED, EventKind.HOLDER_LEFT}


def _named(step: PastEvent, holder: int) -> PastEvent:
    return step._replace(person=holder if step.kind is EventKind.ALLOCATED else NOBODY)


class _Taken:
    """A recorded family, and the simulated one whose fate and untold steps it is given."""

    def __init__(self, journey: OpenJourney, snapshots: Snapshots, entry: int, facts: frozenset[Fact]) -> None:
        self._journey = journey
        self._facts = facts
        self._fate = snapshots.fate(entry)
        self._steps = snapshots.steps(entry)
        self._done = snapshots.done(entry)
        if snapshots.marks[entry, Mark.DECIDED] != (EventKind.DECIDED in journey.at):
            # None was like it even in this: what the other had been through says nothing of this one.
            self._steps, self._done = self._steps[:1], ()
        self._told = told_at(journey, facts)

    def inherited(self, identity: int, begins: int) -> Inherited:
        """The family as it goes on, in the minutes of a run that begins at a minute."""
        steps = _lawful([*self._recorded(), *self._borrowed()])
        steps = [step._replace(time=step.time + begins) for step in steps]
        contact = self._contact(identity, steps)
        steps = [step._replace(detail=_detail(step, contact)) for step in steps]
        return Inherited(contact, tuple(steps), self._done, NOBODY, self._journey.is_return)

    def _recorded(self) -> Iterator[PastEvent]:
        """The steps that the record tells."""
        journey = self._journey
        for kind in TOLD_BY:
            if kind is EventKind.SEEN:
                if Fact.SEEN in self._facts:
                    yield from (PastEvent(self._timed(at), kind, child) for child, at in journey.seen)
            elif kind in self._told:
                detail = {EventKind.DECIDED: self._outcome(), EventKind.ASSESSMENT_AUTHORISED: journey.ending}
                yield PastEvent(self._timed(self._told[kind], kind), kind, EVERY_CHILD, detail.get(kind, 0))

    def _outcome(self) -> int:
        if self._journey.outcome == Outcome.REFERRAL and not tells_outcomes(self._facts):
            return next((s.detail for s in self._steps if s.kind is EventKind.DECIDED), self._journey.outcome)
        return self._journey.outcome

    def _timed(self, time: int, kind: EventKind | None = None) -> int:
        """A minute: where only a date is told, the simulated family's minute of receipt, or noon of any other step."""
        if time % MINUTES_PER_DAY:
            return min(time, -1)
        received = self._steps[0].time % MINUTES_PER_DAY
        return min(time + (received if kind is EventKind.RECEIVED else _NOON), -1)

    def _borrowed(self) -> Iterator[PastEvent]:
        """The simulated family's steps of which the record tells nothing, at times that fit those it tells."""
        warped = self._warped()
        for step, time in zip(self._steps, warped, strict=True):
            told_by = Fact.ALLOCATION if step.kind is EventKind.HOLDER_LEFT else TOLD_BY.get(step.kind)
            is_of_child = step.child != EVERY_CHILD and step.child >= self._journey.children
            if told_by not in self._facts and not is_of_child:
                yield step._replace(time=min(int(time), -1))

    def _warped(self) -> list[int]:
        """When the steps were taken, had the simulated family taken those that are told when the recorded one did."""
        firsts = {step.kind: step.time for step in reversed(self._steps)}
        anchors = sorted((firsts[kind], self._timed(time, kind)) for kind, time in self._told.items() if kind in firsts)
        anchors.append((0, 0))
        theirs, ours = (np.array(times) for times in zip(*anchors, strict=True))
        ours = np.maximum.accumulate(ours)
        times = np.array([step.time for step in self._steps])
        warped = np.interp(times, theirs, ours)
        early = times < theirs[0]
        warped[early] = times[early] - theirs[0] + ours[0]
        found: list[int] = warped.astype(np.int64).tolist()
        return found

    def _contact(self, identity: int, steps: Sequence[PastEvent]) -> Contact:
        """The fate, with what the record tells of the family in place of the simulated one's."""
        journey, fate = self._journey, self._fate
        kinds = {step.kind: step for step in steps}
        contact = fate._replace(
            id=identity,
            received=steps[0].time,
            source=journey.source if journey.source >= 0 else fate.source,
            domestic_abuse=journey.domestic_abuse if journey.domestic_abuse >= 0 else fate.domestic_abuse,
            children=journey.children,
            missed_children=tuple(child for child in fate.missed_children if child < journey.children),
            rating=Rating(journey.rating) if journey.rating >= 0 else fate.rating,
            open_case=journey.open_case if Fact.OPEN_CASE in self._facts else fate.open_case,
            parent=-1,
            return_number=0,
            seeded_return=0,
        )
        if EventKind.SECTION_47_STARTED in kinds:
            contact = contact._replace(to_section_47=1, need=max(contact.need, Need.SIGNIFICANT_HARM))
        return contact


def _detail(step: PastEvent, contact: Contact) -> int:
    """The detail of a step, where the record leaves it open."""
    if step.kind is EventKind.SCREENED:
        return contact.rating
    if step.kind is EventKind.ASSESSMENT_AUTHORISED and step.detail not in set(Ending):
        return contact.ending
    return step.detail


def _lawful(steps: Sequence[PastEvent]) -> list[PastEvent]:
    """The steps in an order that may be: what must have gone before is put before, no later than what followed it."""
    first: dict[EventKind, int] = {}
    for step in steps:
        first[step.kind] = min(step.time, first.get(step.kind, step.time))
    found = list(steps)
    for kind in reversed(tuple(LIFECYCLE)):
        needed = _BEFORE.get(kind)
        if kind in first and needed is not None and needed not in first:
            first[needed] = first[kind]
            found.append(PastEvent(first[kind], needed))
    earliest: dict[EventKind, int] = {}
    ordered = list[PastEvent]()
    for step in sorted(found, key=lambda step: (_RANK[step.kind], step.time)):
        before = [earliest[kind] for kind in LIFECYCLE[step.kind].after if kind in earliest]
        if not before and LIFECYCLE[step.kind].after:
            continue
        time = max(step.time, min(before, default=step.time), earliest.get(EventKind.RECEIVED, step.time))
        earliest.setdefault(step.kind, time)
        ordered.append(step._replace(time=time))
    return sorted(ordered, key=lambda step: (step.time, _RANK[step.kind]))
