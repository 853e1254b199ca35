"""Who does what next: people, the desks at which work waits for them, and the order rule for one instant."""

from typing import Final

from sim.events import EVERY_CHILD, EventKind, WaitingOn
from sim.model.compiled import hours
from sim.model.compiled.clock import Note, note_at
from sim.model.compiled.free import SHARED_DESKS, first_free, is_busy, is_free_again, is_in, next_free
from sim.model.compiled.jit import compiled
from sim.model.compiled.layout import NONE, State
from sim.model.compiled.queues import drop_first_desk, first_desk_goes_on, heap_of_desks, pop, push
from sim.model.compiled.reading import desk_at, staff_at
from sim.model.compiled.rows import case as C
from sim.model.compiled.rows import desk as D
from sim.model.compiled.rows import hub as H
from sim.model.compiled.rows import job as J
from sim.model.compiled.rows import worker as W
from sim.policies import load
from sim.working_time import MINUTES_PER_DAY, NEVER

MANAGERS: Final = 0
DELEGATED: Final = 1
FIRST_RESPONSE: Final = 2
OUT_OF_HOURS: Final = 3
TEAM_MANAGERS: Final = 4
DUTY: Final = 5
FAMILY_SUPPORT: Final = 6
DA_MANAGERS: Final = 7
DA_WORKERS: Final = 8


@compiled
def record(
    s: State,
    kind: int,
    contact: int,
    child: int,
    person: int,
    team: int,
    detail: int,
    waiting_on: int,
    minutes: int,
) -> None:
    """Add one event of this minute."""
    time, rows = s.m[H.next_event], s.m[H.log_rows]
    if time == s.m[H.log] + rows:
        s.m[H.overflow] = 5
        return
    s.m[time], s.m[time + rows], s.m[time + 2 * rows] = s.m[H.now], kind, contact
    s.m[time + 3 * rows], s.m[time + 4 * rows], s.m[time + 5 * rows] = child, person, team
    s.m[time + 6 * rows], s.m[time + 7 * rows], s.m[time + 8 * rows] = detail, waiting_on, minutes
    s.m[H.next_event] = time + 1


@compiled
def is_employed(s: State, w: int, now: int) -> bool:
    """Whether somebody is in post now."""
    return s.m[w + W.starts] <= now and (s.m[w + W.leaves] < 0 or now < s.m[w + W.leaves])


@compiled
def next_open(s: State, w: int, t: int) -> int:
    """When somebody is next at work from `t` on; `NEVER` where they no more are."""
    return hours.next_open(s, s.m[w + W.calendar_from], s.m[w + W.calendar_to], t)


@compiled
def comes_in(s: State, w: int, now: int) -> int:
    """When somebody next comes to work: on a later day where they are in now; `NEVER` where they do not."""
    if is_in(s, w, now):
        return next_open(s, w, now - now % MINUTES_PER_DAY + MINUTES_PER_DAY)
    return s.m[w + W.known_until]


@compiled
def _has_another(s: State, d: int, than: int, now: int) -> bool:
    if d >= SHARED_DESKS:
        return False
    for place in range(s.m[desk_at(s, d) + D.staff]):
        w = s.m[staff_at(s, d) + place]
        if w != than and is_employed(s, w, now):
            return True
    return False


@compiled
def _is_away_between(s: State, w: int, now: int, finish: int) -> bool:
    """Whether somebody misses a day of the office after today and before the day of `finish`."""
    midnight = now - now % MINUTES_PER_DAY + MINUTES_PER_DAY
    while midnight <= finish:
        opens, returns = hours.office_opens(s, midnight), next_open(s, w, midnight)
        if opens == NEVER or returns == NEVER:
            return False
        midnight = opens - opens % MINUTES_PER_DAY + MINUTES_PER_DAY
        if returns >= midnight:
            return True
    return False


@compiled
def _would_finish(s: State, w: int, j: int, now: int) -> int:
    """When somebody would finish a job begun now; `NEVER` where it is for somebody else or does not fit."""
    first, past = s.m[w + W.calendar_from], s.m[w + W.calendar_to]
    if (
        s.m[j + J.not_by] == s.m[w + W.identity]
        and s.m[j + J.desk] != NONE
        and _has_another(s, s.m[j + J.desk], w, now)
    ):
        return NEVER
    if s.m[j + J.must_fit_day]:
        midnight = now - now % MINUTES_PER_DAY
        whole_day = hours.open_minutes(s, first, past, midnight, midnight + MINUTES_PER_DAY)
        if hours.left_in_stretch(s, first, past, now) < s.m[j + J.effort] <= whole_day:
            return NEVER
    finish = hours.after(s, first, past, now, s.m[j + J.effort])
    if finish == NEVER or finish > s.m[j + J.ends_by]:
        return NEVER
    if s.m[j + J.desk] != s.m[w + W.diary] and _is_away_between(s, w, now, finish):
        return NEVER
    return finish


@compiled
def join(s: State, d: int, j: int) -> None:
    """Let a job wait at a desk."""
    now = s.m[H.now]
    s.m[j + J.desk] = d
    push(s, d, j)
    if _is_anyone_free(s, d, now):
        touch(s, d)
    else:
        _wake(s, d, now)


@compiled
def touch(s: State, d: int) -> None:
    """Look at a desk again in this instant: work or people may have come."""
    s.m[H.is_dispatch_due] = 1
    if not s.m[desk_at(s, d) + D.touched]:
        s.m[desk_at(s, d) + D.touched] = 1
        s.m[s.m[H.scratch] + s.m[H.touched]] = d
        s.m[H.touched] += 1


@compiled
def _wake_one(s: State, w: int, now: int) -> int:
    """Note when somebody free next comes in, and give that."""
    at = comes_in(s, w, now)
    if at != NEVER and s.m[w + W.wakes_at] != at:
        s.m[w + W.wakes_at] = at
        note_at(s, at, Note.COMES_IN, w)
    return at


@compiled
def _wake(s: State, d: int, now: int) -> None:
    """Look at a desk again when those of its people who are free but cannot take its work next come in."""
    if d >= SHARED_DESKS:
        w = s.m[desk_at(s, d) + D.diary_of]
        if s.m[w + W.is_at_diary] and not s.m[w + W.busy]:
            _wake_one(s, w, now)
        return
    until, w = NEVER, first_free(s, d, True)
    while w != NONE:
        _wake_one(s, w, now)
        until = min(until, s.m[w + W.known_until])
        w = next_free(s, d, w, True)
    if now >= s.m[desk_at(s, d) + D.noted_until]:
        w = first_free(s, d, False)
        while w != NONE:
            until = min(until, _wake_one(s, w, now))
            w = next_free(s, d, w, False)
        s.m[desk_at(s, d) + D.noted_until] = until


@compiled
def touch_where_work_waits(s: State, w: int) -> None:
    """Look again at the desks that somebody serves."""
    if s.m[w + W.is_at_diary] and s.m[desk_at(s, s.m[w + W.diary]) + D.waiting]:
        touch(s, s.m[w + W.diary])
    for d in range(SHARED_DESKS):
        if s.m[w + W.desks] >> d & 1 and s.m[desk_at(s, d) + D.waiting]:
            touch(s, d)


@compiled
def give_out(s: State) -> None:
    """Give the waiting work of the touched desks to free people, in the total order over all of them.

    The touched desks stand first in `scratch`, those whose work is still to be given out as a heap by their first
    job; what is set aside follows.
    """
    desks, now = s.m[H.touched], s.m[H.now]
    s.m[H.touched] = 0
    aside = desks
    for place in range(desks):
        s.m[desk_at(s, s.m[s.m[H.scratch] + place]) + D.touched] = 0
    left = heap_of_desks(s, desks)
    while left:
        d = s.m[s.m[H.scratch]]
        if not _is_anyone_free(s, d, now):
            left = drop_first_desk(s, left)
            continue
        j = pop(s, d)
        if not _give(s, d, j, now):
            if s.m[H.scratch] + aside == s.m[H.scratch_end]:
                s.m[H.overflow] = 6
                return
            s.m[s.m[H.scratch] + aside] = j
            aside += 1
        left = first_desk_goes_on(s, left)
    for place in range(desks, aside):
        push(s, s.m[s.m[s.m[H.scratch] + place] + J.desk], s.m[s.m[H.scratch] + place])
    for place in range(desks):
        d = s.m[s.m[H.scratch] + place]
        if s.m[desk_at(s, d) + D.waiting]:
            _wake(s, d, now)


@compiled
def _is_anyone_free(s: State, d: int, now: int) -> bool:
    """Whether somebody of a desk is at work and has nothing to do."""
    if d >= SHARED_DESKS:
        w = s.m[desk_at(s, d) + D.diary_of]
        return s.m[w + W.is_at_diary] != 0 and not s.m[w + W.busy] and is_in(s, w, now)
    return first_free(s, d, True) != NONE


@compiled
def _goes_first(s: State, one: int, other: int) -> bool:
    """Whether somebody takes a job before somebody else: the lower load, then the lower id."""
    a, b = one, other
    load_a, load_b = load(s.m[a + W.open_children], s.m[a + W.guide]), load(s.m[b + W.open_children], s.m[b + W.guide])
    return s.m[a + W.identity] < s.m[b + W.identity] if load_a == load_b else load_a < load_b


@compiled
def _give(s: State, d: int, j: int, now: int) -> bool:
    """Start a job with the first of the free who can take it; False where none can."""
    if d >= SHARED_DESKS:
        return _start(s, s.m[desk_at(s, d) + D.diary_of], j, now)
    if now + s.m[j + J.effort] > s.m[j + J.ends_by]:
        return False  # nobody works faster than the clock
    last = NONE
    while True:
        following = _next_to_take(s, d, last)
        if following == NONE:
            return False
        if _start(s, following, j, now):
            return True
        last = following


@compiled
def _next_to_take(s: State, d: int, last: int) -> int:
    """Who of the free comes after somebody, or first of all after `NONE`, in the order in which they take work."""
    if last != NONE and not s.m[last + W.open_children]:
        following = _first_to_take(s, d, next_free(s, d, last, True), last)
        if following != NONE and not s.m[following + W.open_children]:
            return following
    return _first_to_take(s, d, first_free(s, d, True), last)


@compiled
def _first_to_take(s: State, d: int, w: int, last: int) -> int:
    """The first in that order of those from one worker on who come after somebody in it."""
    following = NONE
    while w != NONE:
        is_candidate = last == NONE or (w != last and _goes_first(s, last, w))
        if is_candidate and (following == NONE or _goes_first(s, w, following)):
            following = w
            if not s.m[w + W.open_children]:
                break  # nobody has fewer open, and those who follow have higher ids
        w = next_free(s, d, w, True)
    return following


@compiled
def _start(s: State, w: int, j: int, now: int) -> bool:
    finish = _would_finish(s, w, j, now)
    if finish == NEVER:
        return False
    s.m[j + J.worker] = w
    is_busy(s, w)
    record(
        s,
        EventKind.WORK_STARTED.value,
        s.m[j + J.contact],
        EVERY_CHILD,
        s.m[w + W.identity],
        s.m[w + W.team],
        s.m[j + J.activity],
        WaitingOn.UNCHANGED.value,
        0,
    )
    note_at(s, finish, Note.JOB_DONE, j)
    return True


@compiled
def finish(s: State, j: int) -> None:
    """A job is done: whoever did it is free again."""
    worker = s.m[j + J.worker]
    is_free_again(s, worker)
    s.m[j + J.is_done] = 1
    record(
        s,
        EventKind.WORK_ENDED.value,
        s.m[j + J.contact],
        EVERY_CHILD,
        s.m[worker + W.identity],
        s.m[worker + W.team],
        s.m[j + J.activity],
        WaitingOn.UNCHANGED.value,
        s.m[j + J.effort],
    )
    touch_where_work_waits(s, s.m[j + J.worker])


@compiled
def new_job(s: State, case: int, activity: int, effort: int, urgency: int, due: int) -> int:
    """A piece of work that is on no desk yet."""
    j = s.m[H.next_job]
    if j == s.m[H.jobs_end]:
        s.m[H.overflow] = 7
        j -= J.size
    s.m[H.next_job] = j + J.size
    s.m[case + C.occasion] += 1
    s.m[j + J.urgency], s.m[j + J.due], s.m[j + J.joined], s.m[j + J.contact] = (
        urgency,
        due,
        s.m[H.now],
        s.m[case + C.identity],
    )
    s.m[j + J.activity], s.m[j + J.occasion], s.m[j + J.effort], s.m[j + J.case] = (
        activity,
        s.m[case + C.occasion],
        max(effort, 1),
        case,
    )
    s.m[j + J.not_by], s.m[j + J.must_fit_day], s.m[j + J.ends_by] = NONE, 0, NEVER
    s.m[j + J.desk], s.m[j + J.waits], s.m[j + J.worker], s.m[j + J.is_done] = NONE, 0, NONE, 0
    s.m[j + J.story], s.m[j + J.pair] = NONE, NONE
    s.m[j + J.is_parked], s.m[j + J.is_beside], s.m[j + J.is_kept], s.m[j + J.before_kept] = 0, 0, 0, NONE
    return j
