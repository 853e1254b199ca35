"""Those who come and go: each day's rota, the levers' start, starters, leavers: `sim.model.service` in part."""

from sim.events import Role
from sim.model.compiled.clock import Note, note_at
from sim.model.compiled.floor import (
    DA_MANAGERS,
    DA_WORKERS,
    DELEGATED,
    DUTY,
    FAMILY_SUPPORT,
    FIRST_RESPONSE,
    MANAGERS,
    OUT_OF_HOURS,
    TEAM_MANAGERS,
    is_employed,
    join,
    next_open,
    touch,
)
from sim.model.compiled.free import start_serving, stop_serving
from sim.model.compiled.jit import compiled
from sim.model.compiled.layout import NONE, State
from sim.model.compiled.queues import pop
from sim.model.compiled.reading import desk_at, per_team_at, staff_at
from sim.model.compiled.rows import desk as D
from sim.model.compiled.rows import hub as H
from sim.model.compiled.rows import per_team as T
from sim.model.compiled.rows import rules as R
from sim.model.compiled.rows import worker as W
from sim.model.compiled.service import is_anyone_in, to_holder
from sim.model.compiled.unallocated import leave, staff_changed
from sim.working_time import MINUTES_PER_DAY, NEVER
from sim.world import DOMESTIC_ABUSE_TEAM


@compiled
def add_to(s: State, d: int, w: int) -> None:
    """Let somebody serve a shared desk."""
    s.m[staff_at(s, d) + s.m[desk_at(s, d) + D.staff]] = w
    s.m[desk_at(s, d) + D.staff] += 1
    s.m[w + W.desks] |= 1 << d
    start_serving(s, d, w)


@compiled
def remove_from(s: State, d: int, w: int) -> None:
    """Let somebody no more serve a shared desk."""
    left = 0
    for place in range(s.m[desk_at(s, d) + D.staff]):
        if s.m[staff_at(s, d) + place] != w:
            s.m[staff_at(s, d) + left] = s.m[staff_at(s, d) + place]
            left += 1
    s.m[desk_at(s, d) + D.staff] = left
    s.m[w + W.desks] &= ~(1 << d)
    stop_serving(s, d, w)


@compiled
def add_to_shared(s: State, w: int, is_moving: bool) -> None:
    """Let somebody serve the desks at which their role and team work beside others."""
    is_da = s.m[w + W.team] == DOMESTIC_ABUSE_TEAM
    first, second = NONE, NONE
    if s.m[w + W.role] == Role.FRONT_DOOR_MANAGER:
        first, second = (DA_MANAGERS, NONE) if is_da else (MANAGERS, DELEGATED)
    elif s.m[w + W.diary] != NONE:
        first = DA_WORKERS if is_da else NONE
    else:
        first = _desk_of(s.m[w + W.role])
    for d in (first, second):
        if d != NONE:
            add_to(s, d, w)
            if is_moving:
                touch(s, d)


@compiled
def _desk_of(role: int) -> int:
    if role == Role.SENIOR_PRACTITIONER:
        return DELEGATED
    if role == Role.FIRST_RESPONSE_WORKER:
        return FIRST_RESPONSE
    if role == Role.OUT_OF_HOURS_WORKER:
        return OUT_OF_HOURS
    return TEAM_MANAGERS if role == Role.TEAM_MANAGER else FAMILY_SUPPORT


@compiled
def start_levers(s: State) -> None:
    """The scenario comes into force: its rules, its guide, and where people work."""
    s.m[H.rules] = s.m[H.rules_after]
    for w in range(s.m[H.workers], s.m[H.workers_end], W.size):
        s.m[w + W.guide] = s.m[w + W.guide_after]
        _move(s, w)
    if s.m[s.m[H.rules] + R.duty_workers] == 0:
        first = s.m[H.touched]
        taken = first
        while s.m[desk_at(s, DUTY) + D.waiting]:
            s.m[s.m[H.scratch] + taken] = pop(s, DUTY)
            taken += 1
        for place in range(first, taken):
            # What waits is put by before desks are touched, which are noted in the same place.
            s.m[s.m[H.ready] + place - first] = s.m[s.m[H.scratch] + place]
        for place in range(taken - first):
            to_holder(s, s.m[s.m[H.ready] + place])


@compiled
def _move(s: State, w: int) -> None:
    """Let somebody work in another team from now on; the cases they hold stay theirs."""
    before, s.m[w + W.team] = s.m[w + W.team], s.m[w + W.team_after]
    if s.m[w + W.team] == before or DOMESTIC_ABUSE_TEAM not in (before, s.m[w + W.team]):
        return
    for d in range(DA_WORKERS + 1):
        if s.m[w + W.desks] >> d & 1 and d != DUTY:
            remove_from(s, d, w)
    add_to_shared(s, w, True)


@compiled
def midnight(s: State) -> None:
    """Who is on duty today, who covers, and a fresh look at the unallocated list."""
    _set_duty(s, s.m[H.now] // MINUTES_PER_DAY)
    _cover(s, DA_MANAGERS, MANAGERS)
    _cover(s, DA_WORKERS, FIRST_RESPONSE)
    staff_changed(s)
    note_at(s, s.m[H.now] + MINUTES_PER_DAY, Note.MIDNIGHT, NONE)


@compiled
def _set_duty(s: State, day: int) -> None:
    """The duty week's team first, then the others, each in turns day by day."""
    _end_duty(s)
    rules = s.m[H.rules]
    week = (day + s.m[H.first_weekday]) // 7
    own, others = _roster(s, 1 + week % s.m[rules + R.teams], day)
    turn = day * s.m[rules + R.duty_workers]
    for place in range(min(s.m[rules + R.duty_workers], own + others)):
        if place < own:
            w = s.m[s.m[H.rota] + (turn + place) % own]
        else:
            w = s.m[s.m[H.rota] + own + (turn + place - own) % others]
        if s.m[rules + R.duty_reserved]:
            s.m[w + W.is_at_diary] = 0
        add_to(s, DUTY, w)
    if s.m[desk_at(s, DUTY) + D.waiting]:
        touch(s, DUTY)


@compiled
def _roster(s: State, week_team: int, day: int) -> tuple[int, int]:
    """Those at work that day who can be on duty, as `rota`: so many of a team by id, so many others by team and id."""
    for team in range(s.m[H.lists]):
        s.m[per_team_at(s, team) + T.rostered] = 0
    for w in range(s.m[H.workers], s.m[H.workers_end], W.size):
        if _is_rostered(s, w, day):
            s.m[per_team_at(s, s.m[w + W.team]) + T.rostered] += 1
    own, found = s.m[per_team_at(s, week_team) + T.rostered], 0
    for turn in range(s.m[H.lists]):
        team = _team_in_turn(week_team, turn)
        count, s.m[per_team_at(s, team) + T.rostered] = s.m[per_team_at(s, team) + T.rostered], found
        found += count
    for w in range(s.m[H.workers], s.m[H.workers_end], W.size):
        if _is_rostered(s, w, day):
            place = per_team_at(s, s.m[w + W.team]) + T.rostered
            s.m[s.m[H.rota] + s.m[place]] = w
            s.m[place] += 1
    return own, found - own


@compiled
def _team_in_turn(week_team: int, turn: int) -> int:
    """Which team is on duty in its turn, counted from 0: the duty week's, then the others by number."""
    if turn == 0:
        return week_team
    return turn - 1 if turn <= week_team else turn


@compiled
def _end_duty(s: State) -> None:
    for place in range(s.m[desk_at(s, DUTY) + D.staff]):
        worker = s.m[staff_at(s, DUTY) + place]
        s.m[worker + W.desks] &= ~(1 << DUTY)
        stop_serving(s, DUTY, worker)
        if not s.m[worker + W.is_at_diary]:
            s.m[worker + W.is_at_diary] = 1
            touch(s, s.m[worker + W.diary])
    s.m[desk_at(s, DUTY) + D.staff] = 0


@compiled
def _is_rostered(s: State, w: int, day: int) -> bool:
    start = day * MINUTES_PER_DAY
    is_able = s.m[w + W.role] == Role.EXPERIENCED_SOCIAL_WORKER or s.m[w + W.role] == Role.AGENCY_SOCIAL_WORKER
    if not is_able or s.m[w + W.team] == DOMESTIC_ABUSE_TEAM or not is_employed(s, w, start):
        return False
    opens = next_open(s, w, start)
    return opens != NEVER and opens < start + MINUTES_PER_DAY


@compiled
def _cover(s: State, own: int, others: int) -> None:
    """What waits for the domestic abuse team goes to the others while none of its own is in."""
    if s.m[desk_at(s, own) + D.waiting] and not is_anyone_in(s, own):
        while s.m[desk_at(s, own) + D.waiting]:
            join(s, others, pop(s, own))


@compiled
def employ(s: State, w: int) -> None:
    """Note when somebody starts and leaves."""
    if s.m[w + W.starts] > s.m[H.now]:
        note_at(s, s.m[w + W.starts], Note.STARTS, w)
    else:
        note_leaving(s, w)


@compiled
def starts(s: State, w: int) -> None:
    """Somebody starts."""
    staff_changed(s)
    note_leaving(s, w)


@compiled
def note_leaving(s: State, w: int) -> None:
    """Note when somebody leaves, if they do."""
    if s.m[w + W.leaves] >= s.m[H.now]:
        note_at(s, s.m[w + W.leaves], Note.LEAVES, w)


@compiled
def leaves(s: State, w: int) -> None:
    """Somebody leaves."""
    leave(s, w)
