"""The unallocated list: families that wait for a worker with room, as `sim.model.unallocated` has it."""

from typing import Final

import numpy as np

from sim.events import Activity, EventKind, Guide, Role, WaitingOn
from sim.model.compiled import hours
from sim.model.compiled.at import At
from sim.model.compiled.clock import Note, note_at
from sim.model.compiled.floor import TEAM_MANAGERS, is_employed, next_open
from sim.model.compiled.jit import compiled
from sim.model.compiled.layout import NONE, State
from sim.model.compiled.queues import pop, push
from sim.model.compiled.reading import desk_at, forget_too_large, takers_at
from sim.model.compiled.rows import case as C
from sim.model.compiled.rows import contact as K
from sim.model.compiled.rows import desk as D
from sim.model.compiled.rows import hub as H
from sim.model.compiled.rows import job as J
from sim.model.compiled.rows import part as P
from sim.model.compiled.rows import rules as R
from sim.model.compiled.rows import story as S
from sim.model.compiled.rows import worker as W
from sim.model.compiled.service import (
    be_beside,
    has_domestic_abuse_team,
    holder_work,
    milestone,
    park,
    take_in_hand,
    work,
)
from sim.model.compiled.stories import back, tell, then, wait_for_job, wait_until_taken_in
from sim.policies import Urgency, list_now, load, piece, pieces_in, room_for, serves
from sim.scenario import Arrangement
from sim.working_time import MINUTES_PER_DAY, NEVER

UNKNOWN: Final = -1
_IS_SHARED: Final = np.array([serves(arrangement, 1, 2) for arrangement in Arrangement])
_OUR_STAFF: Final = WaitingOn.OUR_STAFF.value


@compiled
def changed(s: State) -> None:
    """A family or room may have come: look at the list in this instant."""
    if s.m[H.waiting]:
        s.m[H.list_changed] = 1
        s.m[H.is_dispatch_due] = 1


@compiled
def staff_changed(s: State) -> None:
    """Somebody started, moved, left, or a new day has begun."""
    for team in range(s.m[H.lists]):
        s.m[takers_at(s, team)] = UNKNOWN
    forget_too_large(s)
    days = s.m[s.m[H.rules] + R.over_guide_after_days]
    if days != s.m[H.over_after_days]:
        s.m[H.over_after_days] = days
        for place in range(s.m[H.waiting]):
            _look_once_long_ago(s, s.m[s.m[s.m[H.unallocated] + place] + C.unallocated_since])
    changed(s)


@compiled
def list_join(s: State, k: int, since: int) -> None:
    """Let a family wait for a worker; `since` is when it first waited, for those who come back to the list."""
    s.m[k + C.unallocated_since] = since
    s.m[k + C.listed_as] = Urgency.SECTION_47.value if s.m[k + C.section_47] else Urgency.USUAL.value
    if s.m[H.unallocated] + s.m[H.waiting] == s.m[H.unallocated_end]:
        s.m[H.overflow] = 9
        return
    place = s.m[H.waiting]
    while place and _waits_before(s, k, s.m[s.m[H.unallocated] + place - 1]):
        s.m[s.m[H.unallocated] + place] = s.m[s.m[H.unallocated] + place - 1]
        place -= 1
    s.m[s.m[H.unallocated] + place] = k
    s.m[H.waiting] += 1
    changed(s)
    _look_once_long_ago(s, since)


@compiled
def _waits_before(s: State, one: int, other: int) -> bool:
    a, b = one, other
    if s.m[a + C.listed_as] != s.m[b + C.listed_as]:
        return s.m[a + C.listed_as] < s.m[b + C.listed_as]
    if s.m[a + C.unallocated_since] != s.m[b + C.unallocated_since]:
        return s.m[a + C.unallocated_since] < s.m[b + C.unallocated_since]
    return s.m[a + C.identity] < s.m[b + C.identity]


@compiled
def _look_once_long_ago(s: State, since: int) -> None:
    """Look at the list again in the minute from which a family may be placed over the guide."""
    over = since + s.m[H.over_after_days] * MINUTES_PER_DAY
    if over > s.m[H.now]:
        note_at(s, over, Note.LOOK, NONE)


@compiled
def give_places(s: State) -> None:
    """Give every family that can have one a place, and its manager the job of allocating it."""
    if not s.m[H.list_changed]:
        return
    s.m[H.list_changed] = 0
    long_ago = s.m[H.now] - s.m[H.over_after_days] * MINUTES_PER_DAY
    left = 0
    for place in range(s.m[H.waiting]):
        k = s.m[s.m[H.unallocated] + place]
        if not _is_placed(s, k, long_ago):
            s.m[s.m[H.unallocated] + left] = k
            left += 1
    s.m[H.waiting] = left


@compiled
def _is_placed(s: State, k: int, long_ago: int) -> bool:
    """Reserve a place for a family and have it allocated, if there is one."""
    children = s.w[s.m[k + C.contact] + K.children]
    waited_long = s.m[k + C.unallocated_since] <= long_ago
    needs_room = not (waited_long or s.m[k + C.section_47])
    if needs_room and children >= s.m[s.m[H.too_large] + s.m[k + C.team]]:
        return False
    w, why = _place_for(s, k, waited_long)
    if w != NONE:
        s.m[w + W.open_children] += children
        tell(s, k, At.ALLOCATE.value, w, why, NONE, NONE, 0)
    elif needs_room:
        s.m[s.m[H.too_large] + s.m[k + C.team]] = children
    return w != NONE


@compiled
def has_room(s: State, team: int, k: int) -> bool:
    """Whether somebody of a team has room within the guide for a family now."""
    _find_takers(s, team)
    children = s.w[s.m[k + C.contact] + K.children]
    for place in range(s.m[takers_at(s, team)]):
        worker = s.m[takers_at(s, team) + 1 + place]
        if s.m[worker + W.open_children] + children <= s.m[worker + W.guide]:
            return True
    return False


@compiled
def _place_for(s: State, k: int, waited_long: bool) -> tuple[int, int]:
    """The worker who gets a family and the rule by which, `NONE` where nobody may."""
    children, section_47 = s.w[s.m[k + C.contact] + K.children], s.m[k + C.section_47] != 0
    team = list_now(s.m[k + C.team], s.m[s.m[H.rules] + R.teams], has_domestic_abuse_team(s))
    _find_takers(s, team)
    best, best_why = NONE, NONE
    for place in range(s.m[takers_at(s, team)]):
        w = s.m[takers_at(s, team) + 1 + place]
        why = room_for(children, s.m[w + W.open_children], s.m[w + W.guide], section_47, waited_long)
        if why is not None and _may_hold(s, w, k) and (best == NONE or _is_better(s, w, why.value, best, best_why)):
            best, best_why = w, why.value
    return best, best_why


@compiled
def _is_better(s: State, w: int, why: int, other: int, other_why: int) -> bool:
    is_over, other_is_over = why != Guide.WITHIN, other_why != Guide.WITHIN
    if is_over != other_is_over:
        return other_is_over
    a, b = w, other
    load_a, load_b = load(s.m[a + W.open_children], s.m[a + W.guide]), load(s.m[b + W.open_children], s.m[b + W.guide])
    return s.m[a + W.identity] < s.m[b + W.identity] if load_a == load_b else load_a < load_b


@compiled
def _find_takers(s: State, team: int) -> None:
    """Who takes cases from a team's list today: in post, and at work within days."""
    if s.m[takers_at(s, team)] != UNKNOWN:
        return
    last_day, found = _next_working_day(s), 0
    is_shared = _IS_SHARED[s.m[s.m[H.rules] + R.arrangement]] and team > 0
    for w in range(s.m[H.workers], s.m[H.workers_end], W.size):
        is_theirs = s.m[w + W.team] == team or (is_shared and s.m[w + W.team] > 0)
        if s.m[w + W.guide] and is_theirs and _is_about(s, w, last_day):
            found += 1
            s.m[takers_at(s, team) + found] = w
    s.m[takers_at(s, team)] = found


@compiled
def _next_working_day(s: State) -> int:
    """The office's next day after today, or after its next if it is closed today; -1 where it opens no more."""
    now = s.m[H.now]
    today = hours.office_opens(s, now // MINUTES_PER_DAY * MINUTES_PER_DAY)
    if today == NEVER:
        return -1
    tomorrow = hours.office_opens(s, today - today % MINUTES_PER_DAY + MINUTES_PER_DAY)
    return (today if tomorrow == NEVER else tomorrow) // MINUTES_PER_DAY


@compiled
def _is_about(s: State, w: int, last_day: int) -> bool:
    """Whether somebody is in post, and at work from today to a last day."""
    now = s.m[H.now]
    works = next_open(s, w, now - now % MINUTES_PER_DAY)
    return works != NEVER and is_employed(s, w, now) and works // MINUTES_PER_DAY <= last_day


@compiled
def _may_hold(s: State, w: int, k: int) -> bool:
    """Newly qualified workers do not lead section 47 enquiries."""
    return not (s.m[k + C.section_47] and s.m[w + W.role] == Role.NEWLY_QUALIFIED_SOCIAL_WORKER)


@compiled
def allocate(s: State, p: int) -> bool:
    """A manager allocates (part: worker, rule, urgency, pieces read)."""
    part, k, now = s.m[p + S.part], s.m[p + S.case], s.m[H.now]
    s.m[part + P.c] = Urgency.SECTION_47.value if s.m[k + C.section_47] else Urgency.USUAL.value
    s.m[k + C.reserved] = s.m[part + P.a]
    minutes = s.w[s.m[k + C.contact] + K.allocation_minutes]
    j = work(s, k, Activity.ALLOCATING.value, TEAM_MANAGERS, minutes, s.m[part + P.c], now)
    be_beside(s, j)
    return wait_for_job(s, p, j, At.ALLOCATE_DONE.value)


@compiled
def allocate_done(s: State, p: int) -> bool:
    """Allocated anew while its story went on: it may close, or become section 47, in this very minute."""
    if s.m[s.m[p + S.case] + C.allocated]:
        return wait_until_taken_in(s, p, At.ALLOCATE_NOW.value)
    return then(s, p, At.ALLOCATE_NOW.value)


@compiled
def allocate_now(s: State, p: int) -> bool:
    """It is the worker's, unless that may no more be."""
    part, k = s.m[p + S.part], s.m[p + S.case]
    w = s.m[part + P.a]
    if s.m[k + C.closed]:
        return back(s, p)
    s.m[k + C.reserved] = NONE
    if not (is_employed(s, w, s.m[H.now]) and _may_hold(s, w, k)):
        _give_back(s, w, k)
        list_join(s, k, s.m[k + C.unallocated_since])
        return back(s, p)
    s.m[k + C.holder] = w
    milestone(s, k, EventKind.ALLOCATED.value, s.m[part + P.b], _OUR_STAFF)
    if not s.m[k + C.allocated]:
        s.m[k + C.allocated] = 1
        note_at(s, s.m[H.now], Note.ALLOCATED, k)
        take_in_hand(s, k)
        return back(s, p)
    s.m[part + P.d], s.m[part + P.e] = 0, s.m[s.m[H.rules] + R.taking_over_minutes]
    return then(s, p, At.TAKE_OVER.value)


@compiled
def take_over(s: State, p: int) -> bool:
    """Whoever takes a case over reads it first."""
    part, k = s.m[p + S.part], s.m[p + S.case]
    if s.m[part + P.d] == pieces_in(s.m[part + P.e]):
        take_in_hand(s, k)
        return back(s, p)
    minutes = piece(s.m[part + P.e], s.m[part + P.d])
    j = holder_work(s, k, Activity.TAKING_OVER.value, minutes, s.m[part + P.c], s.m[H.now])
    s.m[part + P.d] += 1
    return wait_for_job(s, p, j, At.TAKEN_OVER.value)


@compiled
def taken_over(s: State, p: int) -> bool:
    """A piece is read."""
    case = s.m[p + S.case]
    if s.m[case + C.closed] or s.m[case + C.holder] != s.m[s.m[p + S.part] + P.a]:
        return back(s, p)
    return then(s, p, At.TAKE_OVER.value)


@compiled
def _strike_off(s: State, k: int) -> bool:
    """Take a family from the list; whether it was there."""
    left = 0
    for place in range(s.m[H.waiting]):
        if s.m[s.m[H.unallocated] + place] != k:
            s.m[s.m[H.unallocated] + left] = s.m[s.m[H.unallocated] + place]
            left += 1
    was_there = left < s.m[H.waiting]
    s.m[H.waiting] = left
    return was_there


@compiled
def let_go(s: State, k: int) -> None:
    """Give back the room a case took or was promised: it is over."""
    if s.m[k + C.holder] != NONE:
        _give_back(s, s.m[k + C.holder], k)
    if s.m[k + C.reserved] != NONE:
        _give_back(s, s.m[k + C.reserved], k)
    s.m[k + C.reserved] = NONE
    _strike_off(s, k)


@compiled
def _give_back(s: State, w: int, k: int) -> None:
    s.m[w + W.open_children] -= s.w[s.m[k + C.contact] + K.children]
    forget_too_large(s)
    changed(s)


@compiled
def leave(s: State, w: int) -> None:
    """Send a leaver's cases back to the list, with their clocks and the work that waited for the leaver."""
    k = s.m[H.first_open]
    while k != NONE:
        if s.m[k + C.holder] == w:
            _send_back(s, k)
        k = s.m[k + C.next_open]
    staff_changed(s)


@compiled
def _send_back(s: State, k: int) -> None:
    """Take a case from its holder: it waits for another, who takes it over anew."""
    w = s.m[k + C.holder]
    milestone(s, k, EventKind.HOLDER_LEFT.value, 0, _OUR_STAFF)
    _park_what_waits(s, s.m[w + W.diary], k)
    s.m[k + C.holder], s.m[k + C.is_in_hand] = NONE, 0
    _give_back(s, w, k)
    list_join(s, k, s.m[k + C.unallocated_since])


@compiled
def _park_what_waits(s: State, diary: int, k: int) -> None:
    """Park a case's work in a diary, but for taking it over, which is another's anew."""
    first = s.m[H.touched]
    taken = first
    while s.m[desk_at(s, diary) + D.waiting]:
        s.m[s.m[H.scratch] + taken] = pop(s, diary)
        taken += 1
    for place in range(first, taken):
        j = s.m[s.m[H.scratch] + place]
        if s.m[j + J.case] != k:
            push(s, diary, j)
        elif s.m[j + J.activity] != Activity.TAKING_OVER:
            park(s, j)


@compiled
def becomes_section_47(s: State, k: int) -> None:
    """A newly qualified holder hands the case back; on the list it goes before what is not section 47."""
    holder = s.m[k + C.holder]
    if holder != NONE and not _may_hold(s, holder, k):
        _send_back(s, k)
    elif _strike_off(s, k):
        list_join(s, k, s.m[k + C.unallocated_since])
