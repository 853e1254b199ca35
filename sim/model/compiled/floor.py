"""Who does what next: people, the desks at which work waits for them, and the order rule for one instant."""

from typing import Final

from sim.events import EVERY_CHILD, EventKind, WaitingOn
from sim.model.compiled import hours
from sim.model.compiled.clock import Note, note_at
from sim.model.compiled.jit import compiled
from sim.model.compiled.layout import NONE, State
from sim.model.compiled.queues import goes_before, pop, push
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
SHARED_DESKS: Final = 9


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
def is_in(s: State, w: int, now: int) -> bool:
    """Whether somebody is at work. Time only goes forward, so the answer holds until the next change."""
    if now >= s.m[w + W.known_until]:
        first, past = s.m[w + W.calendar_from], s.m[w + W.calendar_to]
        s.m[w + W.is_in] = hours.is_open(s, first, past, now)
        s.m[w + W.known_until] = hours.next_change(s, first, past, now)
    return s.m[w + W.is_in] != 0


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
    if d >= SHARED_DESKS:
        w = s.m[desk_at(s, d) + D.diary_of]
        if s.m[w + W.is_at_diary] and not s.m[w + W.busy] and is_in(s, w, now):
            touch(s, d)
            return
    else:
        for place in range(s.m[desk_at(s, d) + D.staff]):
            w = s.m[staff_at(s, d) + place]
            if not s.m[w + W.busy] and is_in(s, w, now):
                touch(s, d)
                return
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
def _wake_one(s: State, w: int, now: int) -> None:
    if s.m[w + W.busy]:
        return
    at = comes_in(s, w, now)
    if at != NEVER and s.m[w + W.wakes_at] != at:
        s.m[w + W.wakes_at] = at
        note_at(s, at, Note.COMES_IN, w)


@compiled
def _wake(s: State, d: int, now: int) -> None:
    """Look at a desk again when those of its people who are free but cannot take its work next come in."""
    if d >= SHARED_DESKS:
        if s.m[s.m[desk_at(s, d) + D.diary_of] + W.is_at_diary]:
            _wake_one(s, s.m[desk_at(s, d) + D.diary_of], now)
        return
    for place in range(s.m[desk_at(s, d) + D.staff]):
        _wake_one(s, s.m[staff_at(s, d) + place], now)


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

    The touched desks stand first in `scratch`; those with nobody free are struck out, those set aside follow.
    """
    desks, now = s.m[H.touched], s.m[H.now]
    s.m[H.touched] = 0
    aside = desks
    for place in range(desks):
        s.m[desk_at(s, s.m[s.m[H.scratch] + place]) + D.touched] = 0
    while True:
        place = _first_of(s, desks)
        if place == NONE:
            break
        d = s.m[s.m[H.scratch] + place]
        if not _is_anyone_free(s, d, now):
            s.m[s.m[H.scratch] + place] = ~d
            continue
        j = pop(s, d)
        if not _give(s, d, j, now):
            if s.m[H.scratch] + aside == s.m[H.scratch_end]:
                s.m[H.overflow] = 6
                return
            s.m[s.m[H.scratch] + aside] = j
            aside += 1
    for place in range(desks, aside):
        push(s, s.m[s.m[s.m[H.scratch] + place] + J.desk], s.m[s.m[H.scratch] + place])
    for place in range(desks):
        d = s.m[s.m[H.scratch] + place]
        d = ~d if d < 0 else d
        if s.m[desk_at(s, d) + D.waiting]:
            _wake(s, d, now)


@compiled
def _first_of(s: State, desks: int) -> int:
    """Where the desk with the first waiting job of all stands, or `NONE` where nothing waits."""
    best = NONE
    for place in range(desks):
        d = s.m[s.m[H.scratch] + place]
        if d < 0 or s.m[desk_at(s, d) + D.first] == NONE:
            continue
        if best == NONE or goes_before(
            s, s.m[desk_at(s, d) + D.first], s.m[desk_at(s, s.m[s.m[H.scratch] + best]) + D.first]
        ):
            best = place
    return best


@compiled
def _is_free(s: State, w: int, now: int) -> bool:
    return not s.m[w + W.busy] and is_in(s, w, now)


@compiled
def _is_anyone_free(s: State, d: int, now: int) -> bool:
    if d >= SHARED_DESKS:
        w = s.m[desk_at(s, d) + D.diary_of]
        return s.m[w + W.is_at_diary] != 0 and _is_free(s, w, now)
    for place in range(s.m[desk_at(s, d) + D.staff]):
        if _is_free(s, s.m[staff_at(s, d) + place], now):
            return True
    return False


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
    last = NONE
    while True:
        following = NONE
        for place in range(s.m[desk_at(s, d) + D.staff]):
            w = s.m[staff_at(s, d) + place]
            is_candidate = _is_free(s, w, now) and (last == NONE or (w != last and _goes_first(s, last, w)))
            if is_candidate and (following == NONE or _goes_first(s, w, following)):
                following = w
        if following == NONE:
            return False
        if _start(s, following, j, now):
            return True
        last = following


@compiled
def _start(s: State, w: int, j: int, now: int) -> bool:
    finish = _would_finish(s, w, j, now)
    if finish == NEVER:
        return False
    s.m[w + W.busy], s.m[j + J.worker] = 1, w
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
    s.m[worker + W.busy] = 0
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
