"""A scenario and a world as memory: what the compiled run reads, in rows of whole numbers."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np

from sim.model.compiled.free import SHARED_DESKS
from sim.model.compiled.layout import BITS_IN_WORD, LOG_COLUMNS, MINUTES_IN_WORD, NONE, Prepared, Rows
from sim.model.compiled.listed import ROWS_OF_TEAM, ROWS_PER_TEAM
from sim.model.compiled.pack_contacts import contact_rows
from sim.model.compiled.pack_past import past_rows, put_open_work
from sim.model.compiled.rows import alike as A
from sim.model.compiled.rows import case as C
from sim.model.compiled.rows import contact as K
from sim.model.compiled.rows import desk as D
from sim.model.compiled.rows import hub as H
from sim.model.compiled.rows import job as J
from sim.model.compiled.rows import note as N
from sim.model.compiled.rows import pair as X
from sim.model.compiled.rows import per_team as T
from sim.model.compiled.rows import rules as R
from sim.model.compiled.rows import slot as SLOT
from sim.model.compiled.rows import worker as W
from sim.model.compiled.rules import rules_row
from sim.model.compiled.spare import memory_of
from sim.model.compiled.stories import STORY_SIZE
from sim.model.same import Same
from sim.model.slots import slots_of
from sim.scenario import Scenario
from sim.working_time import NEVER, OpeningHours, WorkingDays, opening_calendar
from sim.world import QUALIFIED, Person, World, domestic_abuse_team_starts, has_domestic_abuse_team

_CALENDAR: Final = {"begins": "starts_array", "ends": "ends_array", "befores": "open_before_array"}


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
    contacts = contact_rows(Same(world.families), Same(world.inherited))
    # Of the returns that may come a twelfth does in the shipped county's one year, and more than half in ten or twenty.
    cases = contacts.fresh + 2 * contacts.returns // 3 + len(world.inherited) + 64
    steps = sum(len(one.events) for one in world.inherited)
    return Room(cases, 2 * cases + 64, 6 * cases + 256, 14 * cases + 1024, 8 * cases + 1024, 40 * cases + 4096 + steps)


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
    found = slots_of(baseline, scenario, world.span, days)
    rows = np.full((len(found), SLOT.size), NONE, dtype=np.int64)
    rows[:, [SLOT.begins, SLOT.closes]] = found
    rows[:-1, SLOT.next_left] = first + np.arange(1, len(rows)) * SLOT.size
    return rows


class _Plan:
    """Where each part of a run's memory is to lie, one after the other."""

    def __init__(self) -> None:
        self.end = H.size
        self.hub = np.zeros(H.size, dtype=np.int64)
        self._parts: list[tuple[int, Rows]] = []

    def lay(self, name: str, size: int) -> int:
        """Give a part its place; where that begins and ends is told where the hub has fields for it."""
        first, self.end = self.end, self.end + size
        for field, place in ((name, first), (f"{name}_end", self.end)):
            if hasattr(H, field):
                self.tell(field, place)
        return first

    def put(self, name: str, rows: Rows) -> int:
        """Give a part its place, with what is in it when the run begins."""
        first = self.lay(name, rows.size)
        self._parts.append((first, rows.ravel()))
        return first

    def memory(self) -> Rows:
        """The memory: what was put into it, up to the end of the cases else nought, and then anything."""
        found = memory_of(self.end)
        found[: self.hub[H.cases_end]] = 0
        for first, rows in ((0, self.hub), *self._parts):
            found[first : first + len(rows)] = rows
        return found

    def tell(self, name: str, value: int) -> None:
        """Say something of the run as a whole."""
        self.hub[getattr(H, name)] = value


def state_of(scenario: Scenario, baseline: Scenario, world: World, room: Room) -> Prepared:
    """A run that is about to begin."""
    hours = OpeningHours(scenario.calendar.office_opens_minute, scenario.calendar.office_closes_minute)
    office = opening_calendar(world.span.first_day, world.span.days, hours)
    days = WorkingDays(world.span.first_day, world.span.days)
    people = sorted(world.people)
    contacts = contact_rows(Same(world.families), Same(world.inherited))
    plan = _Plan()
    _tell_of_run(plan, scenario, baseline, world)
    plan.tell("next_arrival", 0)
    plan.tell("arrivals_end", contacts.fresh * K.size)
    plan.put("rules", np.concatenate([rules_row(baseline), rules_row(scenario)]))
    plan.tell("rules_after", plan.hub[H.rules] + R.size)
    plan.tell("began", world.begins)
    if world.span.levers_start <= world.begins:
        plan.tell("rules", plan.hub[H.rules_after])
    calendars = [office, *(person.calendar for person in people)]
    for name, column in _CALENDAR.items():
        plan.put(name, np.concatenate([getattr(of, column) for of in calendars]))
    plan.lay("last_found", sum(map(len, calendars)) + 1)
    plan.tell("office_from", 0)
    plan.tell("office_to", len(office))
    plan.put("working_days", days.counts)
    plan.put("day_numbers", days.numbers)
    workers = _workers(people, len(office))
    first_worker = plan.put("workers", workers)
    desks = _desks(workers, first_worker)
    plan.put("desks", desks)
    slots = _slots(baseline, scenario, world, days, plan.end)
    plan.tell("first_slot", plan.put("slots", slots) if len(slots) else NONE)
    lists = 2 + max(baseline.assessment.teams, scenario.assessment.teams)
    _lay_rooms(plan, room, world, lists, len(people), len(desks))
    plan.tell("no_past", plan.put("pasts", past_rows(world.inherited)))
    memory = plan.memory()
    if world.inherited:
        workers_at = {person.id: first_worker + place * W.size for place, person in enumerate(people)}
        is_teams = has_domestic_abuse_team(scenario, baseline, world.span, world.begins)
        put_open_work(Prepared(memory, contacts.rows.ravel()), world, contacts.inherited, workers_at, office, is_teams)
    return Prepared(memory, contacts.rows.ravel())


def _lay_rooms(plan: _Plan, room: Room, world: World, lists: int, workers: int, desks: int) -> None:
    plan.tell("row_length", workers + 1)
    plan.tell("lists", lists)
    plan.lay("staff", SHARED_DESKS * (workers + 1))
    plan.lay("takers", workers)
    plan.lay("alike", workers * A.size)
    plan.lay("per_team", lists * T.size)
    plan.lay("listed", lists * ROWS_OF_TEAM)
    plan.lay("heads", lists * ROWS_PER_TEAM)
    plan.lay("rota", workers + 1)
    words = workers // BITS_IN_WORD + 1
    plan.tell("words_of_workers", words)
    for name in ("free", "in_now", "in_until"):
        plan.lay(name, words)
    plan.lay("serving", SHARED_DESKS * words)
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
    plan.tell("log_rows", room.log)


_NOBODY_YET: Final = (
    "free_story",
    "free_note",
    "first_urgent",
    "last_urgent",
    "first_taken_in",
    "last_taken_in",
    "first_open",
    "last_open",
    "first_changed",
)
_NEXT: Final[Mapping[str, str]] = {
    "cases": "next_case",
    "stories": "next_story",
    "pairs": "next_pair",
    "jobs": "next_job",
    "notes": "next_note",
    "log": "next_event",
}


def _tell_of_run(plan: _Plan, scenario: Scenario, baseline: Scenario, world: World) -> None:
    for name in _NOBODY_YET:
        plan.tell(name, NONE)
    span = world.span
    plan.tell("end", span.end)
    plan.tell("levers_start", span.levers_start)
    plan.tell("team_before", int(baseline.domestic_abuse_team.on))
    starts = domestic_abuse_team_starts(scenario, baseline, span)
    plan.tell("team_starts", NEVER if starts is None else starts)
    plan.tell("first_weekday", span.first_day.weekday())
    plan.tell("opens_minute", scenario.calendar.office_opens_minute)
    in_force = scenario if span.levers_start <= world.begins else baseline
    plan.tell("over_after_days", in_force.assessment.over_guide_after_days)
