"""The compiled run: what is noted happens, minute by minute, and after it all work is given out."""

from typing import Final

from sim.kept import PACKAGE, entry, folders, hash_of
from sim.model.compiled import (
    floor,
    free,
    front_door,
    further_work,
    people,
    unallocated,
)
from sim.model.compiled.at import At
from sim.model.compiled.clock import Note, free_note, next_minute, next_note, note_urgent
from sim.model.compiled.jit import compiled
from sim.model.compiled.layout import NONE, Rows, State
from sim.model.compiled.memory import address
from sim.model.compiled.rows import case as C
from sim.model.compiled.rows import contact as K
from sim.model.compiled.rows import hub as H
from sim.model.compiled.rows import job as J
from sim.model.compiled.rows import note as N
from sim.model.compiled.rows import pair as X
from sim.model.compiled.rows import story as S
from sim.model.compiled.rows import worker as W
from sim.model.compiled.steps import step
from sim.model.compiled.stories import ALL_KNOW, happens, tell
from sim.model.front_door import NEVER_REFERRED
from sim.working_time import MINUTES_PER_DAY


@compiled
def _go_on(s: State, p: int) -> None:
    """Tell a story until it waits or has ended."""
    while step(s, p):
        if s.m[H.overflow]:
            return


@compiled
def _happens(s: State, kind: int, whose: int) -> None:
    """What is noted happens."""
    if kind == Note.GO_ON:
        _go_on(s, whose)
    elif kind == Note.HALF:
        happens(s, whose)
    elif kind == Note.PAIR:
        _pair_happens(s, whose)
    elif kind == Note.JOB_DONE:
        _job_is_done(s, whose)
    elif kind == Note.STORY_ENDED:
        _story_has_ended(s, whose)
    elif kind == Note.ALLOCATED:
        s.m[whose + C.allocated] = ALLOCATED
        _go_on(s, s.m[whose + C.waits_for_allocation])
    elif kind == Note.TIME_IS_UP:
        s.m[whose + C.time_is_up] = further_work.UP
        happens(s, s.m[whose + C.waits_for_time])
    elif kind == Note.OVER:
        happens(s, s.m[whose + C.waits_for_over])
    elif kind == Note.ANSWERED:
        s.m[whose + X.happened] = 1
        happens(s, s.m[whose + X.outer])
    elif kind == Note.LOOK:
        unallocated.look(s, whose)
    elif kind == Note.COMES_IN:
        s.m[whose + W.wakes_at] = NONE
        floor.touch_where_work_waits(s, whose)
    else:
        _people_happen(s, kind, whose)


@compiled
def _people_happen(s: State, kind: int, whose: int) -> None:
    if kind == Note.MIDNIGHT:
        people.midnight(s)
    elif kind == Note.STARTS:
        people.starts(s, whose)
    elif kind == Note.LEAVES:
        people.leaves(s, whose)
    elif kind == Note.ARRIVAL:
        front_door.arrivals(s)
    elif kind == Note.EMPLOYED:
        people.employ(s, whose)


@compiled
def _pair_happens(s: State, whose: int) -> None:
    if s.m[whose + X.outer] != NONE:
        happens(s, s.m[whose + X.outer])
    else:
        _go_on(s, s.m[whose + X.story])


@compiled
def _job_is_done(s: State, j: int) -> None:
    floor.finish(s, j)
    happens(s, s.m[j + J.pair])
    if s.m[j + J.story] != NONE:
        _go_on(s, s.m[j + J.story])


@compiled
def _story_has_ended(s: State, p: int) -> None:
    s.m[p + S.ended] = ALL_KNOW
    waiter, pair = s.m[p + S.waiter], s.m[p + S.waiter_pair]
    if not s.m[p + S.is_kept]:
        s.m[p + S.next_free] = s.m[H.free_story]
        s.m[H.free_story] = p
    happens(s, pair)
    if waiter != NONE:
        _go_on(s, waiter)


@compiled
def begin(s: State) -> None:
    """What is noted before anything happens: the first day, people, and the contacts that come."""
    for w in range(s.m[H.workers], s.m[H.workers_end], W.size):
        free.is_free_again(s, w)
        people.add_to_shared(s, w, False)
    s.m[H.now] = s.m[H.began]
    if s.m[H.levers_start] <= s.m[H.now]:
        people.start_levers(s)
    note_urgent(s, Note.MIDNIGHT, NONE)
    for w in range(s.m[H.workers], s.m[H.workers_end], W.size):
        note_urgent(s, Note.EMPLOYED, w)
    _resume(s)
    note_urgent(s, Note.ARRIVAL, NONE)


@compiled
def _resume(s: State) -> None:
    """Every family that was open goes on from where it had come."""
    for k in range(s.m[H.cases], s.m[H.next_case], C.size):
        if s.m[k + C.is_followed_up]:
            tell(s, k, At.ACTION.value, NONE, NONE, NONE, NONE, 0)
        holder = s.m[k + C.holder]
        if holder != NONE:
            s.m[k + C.team], s.m[k + C.allocated], s.m[k + C.is_in_hand] = s.m[holder + W.team], ALLOCATED, 1
            s.m[holder + W.open_children] += s.w[s.m[k + C.contact] + K.children]
    for k in range(s.m[H.cases], s.m[H.next_case], C.size):
        tell(s, k, At.RESUME.value, s.m[k + C.contact], NEVER_REFERRED, NONE, NONE, 0)


@compiled
def run_until(s: State, until: int) -> None:
    """Let everything before a minute happen; the levers start before anything else of their minute."""
    while s.m[H.now] < until and not s.m[H.overflow]:
        if s.m[H.rules] != s.m[H.rules_after] and s.m[H.now] == s.m[H.levers_start]:
            people.start_levers(s)
            unallocated.staff_changed(s)
        _one_minute(s)
        are_ahead = s.m[H.rules] != s.m[H.rules_after] and s.m[H.now] < s.m[H.levers_start]
        s.m[H.now] = next_minute(s, min(until, s.m[H.levers_start]) if are_ahead else until)


@compiled
def _one_minute(s: State) -> None:
    """All that happens now: what is noted, and whenever nothing more is, a pass in which work is given out."""
    while not s.m[H.overflow]:
        note = next_note(s)
        if note != NONE:
            kind, whose = s.m[note + N.kind], s.m[note + N.whose]
            free_note(s, note)
            _happens(s, kind, whose)
        elif s.m[H.is_dispatch_due]:
            _dispatch(s)
        else:
            return


@compiled
def _dispatch(s: State) -> None:
    while True:
        floor.give_out(s)
        unallocated.give_places(s)
        if not s.m[H.touched] or s.m[H.overflow]:
            break
    s.m[H.is_dispatch_due] = 0


@compiled
def is_anyone_waiting(s: State, start: int, end: int) -> bool:
    """Whether a child of a contact received in a window still waits for a decision or to be seen."""
    k = s.m[H.first_open]
    while k != NONE:
        if start <= s.m[k + C.received_at] < end and (s.m[k + C.outcome] == NONE or s.m[k + C.unseen]):
            return True
        k = s.m[k + C.next_open]
    return False


ALLOCATED: Final = 2
"""A case has been allocated, and all know."""

SOURCES: Final = ("kept.py", "model", "scenario", "world", "policies.py", "events.py", "working_time.py")
"""From which it is compiled, or may be."""


@entry("int64(int64[::1], int64[::1], int64, int64)", folders(), hash_of(PACKAGE, SOURCES), name="twin")
def run_all(memory: Rows, of_world: Rows, window_start: int, window_end: int) -> int:
    """Run until the clock of every child of the window has stopped, or the run is over; gives until when."""
    return _run_all(State(address(memory), address(of_world)), window_start, window_end)


@compiled
def _run_all(s: State, window_start: int, window_end: int) -> int:
    begin(s)
    watched = window_end
    run_until(s, watched)
    while watched < s.m[H.end] and not s.m[H.overflow] and is_anyone_waiting(s, window_start, window_end):
        watched += MINUTES_PER_DAY
        run_until(s, watched)
    return watched
