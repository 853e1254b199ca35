"""A scenario and a world as memory: what the compiled run reads, in rows of whole numbers."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from operator import attrgetter, itemgetter
from typing import Final, NamedTuple

import numpy as np

from sim.model.compiled.floor import SHARED_DESKS
from sim.model.compiled.layout import LOG_COLUMNS, MINUTES_IN_WORD, NONE, RETURN_WAYS, Prepared, Rows
from sim.model.compiled.rows import case as C
from sim.model.compiled.rows import contact as K
from sim.model.compiled.rows import desk as D
from sim.model.compiled.rows import hub as H
from sim.model.compiled.rows import job as J
from sim.model.compiled.rows import note as N
from sim.model.compiled.rows import pair as X
from sim.model.compiled.rows import rules as R
from sim.model.compiled.rows import slot as SLOT
from sim.model.compiled.rows import worker as W
from sim.model.compiled.rules import rules_row
from sim.model.compiled.stories import STORY_SIZE
from sim.model.same import Same
from sim.model.slots import slots_of
from sim.policies import goes_to_domestic_abuse_team
from sim.scenario import Scenario
from sim.working_time import NEVER, Calendar, OpeningHours, WorkingDays, opening_calendar
from sim.world import QUALIFIED, Contact, Person, Round, World, domestic_abuse_team_starts

_SEVERAL: Final = {"rounds", "retry_delays", "reviews_done", "unstuck", "would_return", "missed_children"}
_PLAIN: Final = ("id", *(name for name in Contact._fields if hasattr(K, name) and name not in _SEVERAL))
_INDICES: Final = tuple(map(Contact._fields.index, _PLAIN))
_PLACES: Final = (K.identity, *(getattr(K, name) for name in _PLAIN[1:]))
_CALENDAR: Final = ("starts_array", "ends_array", "open_before_array")
_LISTS: Final = {"reviews_done": "reviews_drawn", "unstuck": "supervisions_drawn", "retry_delays": "failed_visits"}


Contacts = tuple[Contact, ...]
Returns = dict[int, Contact]


class Room(NamedTuple):
    """How many rows a run has for what comes about: more than most runs need, twice as many where one needs more."""

    cases: int
    stories: int
    pairs: int
    jobs: int
    notes: int
    log: int

    def twice(self) -> "Room":
        """Twice as much of everything."""
        return Room(*(2 * rows for rows in self))


def room_for_world(world: World) -> Room:
    """A first guess, from how many contacts come."""
    cases = len(world.contacts) + len(world.returns_before) // 2 + 64
    return Room(cases, 2 * cases + 64, 6 * cases + 256, 14 * cases + 1024, 8 * cases + 1024, 40 * cases + 4096)


class WorldMemory(NamedTuple):
    """What a run never changes, and where in it each part begins."""

    w: Rows
    fresh: int
    rules: int
    begins: int
    ends: int
    befores: int
    working_days: int
    day_numbers: int


@lru_cache(maxsize=3)
def _contact_rows(fresh: Same[Contacts], before: Same[Returns], after: Same[Returns]) -> tuple[Rows, int]:
    """Every contact that may be made, a row each, those that come by themselves first and in their order: how many.

    A contact that the domestic abuse team might take has a second row, as the team decides it. Kept for the families
    of the baseline and of one scenario: most scenarios of a cell have the baseline's.
    """
    came = sorted(fresh.thing, key=attrgetter("received", "id"))
    plain = [*came, *before.thing.values(), *(after.thing.values() if after != before else ())]
    rows = _plain_rows(plain)
    ids = rows[:, K.identity].tolist()
    first_after = len(came) + (len(before.thing) if after != before else 0)
    for field, returns, first in ((K.back_before, before.thing, len(came)), (K.back_after, after.thing, first_after)):
        places = {parent: (first + place) * K.size for place, parent in enumerate(returns)}
        rows[:, field] = [places.get(contact, NONE) for contact in ids]
    teams = [place for place, contact in enumerate(plain) if goes_to_domestic_abuse_team(contact)]
    alike = rows[teams]
    alike[:, K.misdirected] = alike[:, K.misdirected_by_team]
    rows[teams, K.as_teams] = (len(plain) + np.arange(len(teams))) * K.size
    return np.concatenate([rows, alike]), len(came)


def _plain_rows(contacts: Sequence[Contact]) -> Rows:
    rows = np.zeros((len(contacts), K.size), dtype=np.int64)
    rows[:, K.as_teams] = NONE
    if not contacts:
        return rows
    rows[:, _PLACES] = _flat(map(itemgetter(*_INDICES), contacts)).reshape(len(contacts), -1)
    columns = {name: [getattr(contact, name) for contact in contacts] for name in _SEVERAL}
    rows[:, K.would_return : K.would_return + RETURN_WAYS] = columns["would_return"]
    for name, count in _LISTS.items():
        _fill(rows, getattr(K, name), getattr(K, count), columns[name])
    rows[:, K.failed_visits] -= 1
    _fill(rows, K.rounds, K.rounds_drawn, [tuple(chain(*drawn)) if drawn else drawn for drawn in columns["rounds"]])
    rows[:, K.rounds_drawn] //= len(Round._fields)
    rows[:, K.missed] = [sum(1 << child for child in missed) if missed else 0 for missed in columns["missed_children"]]
    return rows


def _fill(rows: Rows, first: int, count: int, lists: Sequence[Sequence[int]]) -> None:
    """Put a list into each row, its numbers from a field on and in another how many they are."""
    lengths = np.fromiter(map(len, lists), dtype=np.int64, count=len(lists))
    rows[:, count] = lengths
    past = np.cumsum(lengths)
    place = np.arange(past[-1]) - np.repeat(past - lengths, lengths)
    rows[np.repeat(np.arange(len(lists)), lengths), first + place] = _flat(lists)


def _flat(lists: Iterable[Iterable[int]]) -> Rows:
    return np.fromiter(chain.from_iterable(lists), dtype=np.int64)


def world_memory(
    scenario: Scenario, baseline: Scenario, world: World, days: WorkingDays, calendars: Sequence[Calendar]
) -> WorldMemory:
    """Contacts, rules, calendars and working days, one after the other."""
    contacts, fresh = _contact_rows(Same(world.contacts), Same(world.returns_before), Same(world.returns_after))
    parts = [
        contacts.ravel(),
        np.arange(fresh, dtype=np.int64) * K.size,
        np.concatenate([rules_row(baseline), rules_row(scenario)]),
        *(np.concatenate([getattr(of, name) for of in calendars]) for name in _CALENDAR),
        days.counts,
        days.numbers,
    ]
    first = np.cumsum([0, *(len(part) for part in parts[:-1])]).tolist()
    return WorldMemory(np.concatenate(parts), *first[1:])


def _workers(people: Sequence[Person], first_interval: int) -> Rows:
    rows = np.zeros((len(people), W.size), dtype=np.int64)
    rows[:, W.identity] = [person.id for person in people]
    for name in ("role", "team", "team_after", "starts", "leaves", "guide", "guide_after"):
        rows[:, getattr(W, name)] = [getattr(person, name) for person in people]
    rows[:, W.wakes_at], rows[:, W.known_until] = NONE, NONE
    is_qualified = np.array([person.role in QUALIFIED for person in people], dtype=np.bool_)
    rows[:, W.diary] = np.where(is_qualified, SHARED_DESKS + np.cumsum(is_qualified) - 1, NONE)
    rows[:, W.is_at_diary] = is_qualified
    past = first_interval + np.cumsum([len(person.calendar) for person in people], dtype=np.int64)
    rows[:, W.calendar_to] = past
    rows[:, W.calendar_from] = np.concatenate([[first_interval], past])[:-1]
    return rows


def _desks(workers: Rows, first_worker: int) -> Rows:
    has_diary = np.flatnonzero(workers[:, W.diary] != NONE)
    rows = np.zeros((SHARED_DESKS + len(has_diary), D.size), dtype=np.int64)
    rows[:, D.first], rows[:, D.diary_of] = NONE, NONE
    rows[workers[has_diary, W.diary], D.diary_of] = first_worker + has_diary * W.size
    return rows


def _slots(baseline: Scenario, scenario: Scenario, world: World, days: WorkingDays, first: int) -> Rows:
    found = sorted(slots_of(baseline, scenario, world.span, days))
    rows = np.full((len(found), SLOT.size), NONE, dtype=np.int64)
    if found:
        rows[:, [SLOT.begins, SLOT.closes]] = found
    rows[:-1, SLOT.next_left] = first + np.arange(1, len(rows)) * SLOT.size
    return rows


class _Plan:
    """Where each part of a run's memory is to lie, one after the other."""

    def __init__(self) -> None:
        self.end = H.size
        self.hub = np.zeros(H.size, dtype=np.int64)

    def lay(self, name: str, size: int) -> int:
        """Give a part its place; where that begins and ends is told where the hub has fields for it."""
        first, self.end = self.end, self.end + size
        for field, place in ((name, first), (f"{name}_end", self.end)):
            if hasattr(H, field):
                self.tell(field, place)
        return first

    def tell(self, name: str, value: int) -> None:
        """Say something of the run as a whole."""
        self.hub[getattr(H, name)] = value


def state_of(scenario: Scenario, baseline: Scenario, world: World, room: Room) -> Prepared:
    """A run that is about to begin."""
    hours = OpeningHours(scenario.calendar.office_opens_minute, scenario.calendar.office_closes_minute)
    office = opening_calendar(world.span.first_day, world.span.days, hours)
    days = WorkingDays(world.span.first_day, world.span.days)
    people = sorted(world.people)
    of_world = world_memory(scenario, baseline, world, days, [office, *(person.calendar for person in people)])
    plan = _Plan()
    _tell_of_run(plan, scenario, baseline, world)
    _tell_of_world(plan, of_world, len(office), len(world.contacts), starts_at_once=world.span.levers_start <= 0)
    workers = _workers(people, len(office))
    first_worker = plan.lay("workers", workers.size)
    desks = _desks(workers, first_worker)
    first_desk = plan.lay("desks", desks.size)
    slots = _slots(baseline, scenario, world, days, plan.end)
    plan.tell("first_slot", plan.end if len(slots) else NONE)
    first_slot, plan.end = plan.end, plan.end + slots.size
    lists = 2 + max(baseline.assessment.teams, scenario.assessment.teams)
    _lay_rooms(plan, room, world, lists, len(people), len(desks))
    memory = np.zeros(plan.end, dtype=np.int64)
    memory[: H.size] = plan.hub
    for first, rows in ((first_worker, workers), (first_desk, desks), (first_slot, slots)):
        memory[first : first + rows.size] = rows.ravel()
    return Prepared(memory, of_world.w)


def _lay_rooms(plan: _Plan, room: Room, world: World, lists: int, workers: int, desks: int) -> None:
    plan.tell("row_length", workers + 1)
    plan.tell("lists", lists)
    plan.lay("staff", SHARED_DESKS * (workers + 1))
    plan.lay("takers", lists * (workers + 1))
    plan.lay("too_large", lists)
    plan.lay("rota", workers + 1)
    plan.lay("unallocated", room.cases)
    plan.lay("ready", room.jobs)
    plan.lay("scratch", room.jobs + desks)
    plan.lay("words", world.span.end // MINUTES_IN_WORD + 1)
    plan.lay("usual", world.span.end)
    plan.lay("last_look", world.span.end)
    for name, size, rows in (
        ("cases", C.size, room.cases),
        ("stories", STORY_SIZE, room.stories),
        ("pairs", X.size, room.pairs),
        ("jobs", J.size, room.jobs),
        ("notes", N.size, room.notes),
        ("log", LOG_COLUMNS, room.log),
    ):
        first = plan.lay(name, size * rows)
        plan.tell(_NEXT[name], first)


_NEXT: Final[Mapping[str, str]] = {
    "cases": "next_case",
    "stories": "next_story",
    "pairs": "next_pair",
    "jobs": "next_job",
    "notes": "next_note",
    "log": "next_event",
}


def _tell_of_run(plan: _Plan, scenario: Scenario, baseline: Scenario, world: World) -> None:
    for name in ("free_story", "free_note", "first_urgent", "last_urgent", "first_taken_in", "last_taken_in"):
        plan.tell(name, NONE)
    plan.tell("first_open", NONE)
    plan.tell("last_open", NONE)
    span = world.span
    plan.tell("end", span.end)
    plan.tell("levers_start", span.levers_start)
    plan.tell("team_before", int(baseline.domestic_abuse_team.on))
    starts = domestic_abuse_team_starts(scenario, baseline, span)
    plan.tell("team_starts", NEVER if starts is None else starts)
    plan.tell("first_weekday", span.first_day.weekday())
    plan.tell("opens_minute", scenario.calendar.office_opens_minute)
    in_force = scenario if span.levers_start <= 0 else baseline
    plan.tell("over_after_days", in_force.assessment.over_guide_after_days)


def _tell_of_world(plan: _Plan, world: WorldMemory, office: int, fresh: int, *, starts_at_once: bool) -> None:
    plan.tell("office_from", 0)
    plan.tell("office_to", office)
    plan.tell("next_arrival", world.fresh)
    plan.tell("arrivals_end", world.fresh + fresh)
    plan.tell("rules_after", world.rules + R.size)
    plan.tell("rules", world.rules + R.size if starts_at_once else world.rules)
    for name in ("begins", "ends", "befores", "working_days", "day_numbers"):
        plan.tell(name, getattr(world, name))
