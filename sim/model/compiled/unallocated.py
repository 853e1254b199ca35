"""The unallocated list: families that wait for a worker with room, as `sim.model.unallocated` has it."""

from typing import Final

import numpy as np

from sim.events import Activity, EventKind, Guide, Role, WaitingOn
from sim.model.compiled import hours
from sim.model.compiled.at import At
from sim.model.compiled.clock import Note, note_at
from sim.model.compiled.floor import TEAM_MANAGERS, is_employed, next_open
from sim.model.compiled.jit import compiled
from sim.model.compiled.layout import NONE, NOTHING, State
from sim.model.compiled.listed import (
    first_of_changed,
    goes_on_with,
    look_once_long_ago,
    look_once_long_ago_at_all,
    put_on_list,
    room_came,
    take_off_list,
    team_changed,
)
from sim.model.compiled.queues import pop, push
from sim.model.compiled.reading import desk_at, per_team_at
from sim.model.compiled.rows import alike as A
from sim.model.compiled.rows import case as C
from sim.model.compiled.rows import contact as K
from sim.model.compiled.rows import desk as D
from sim.model.compiled.rows import hub as H
from sim.model.compiled.rows import job as J
from sim.model.compiled.rows import part as P
from sim.model.compiled.rows import per_team as T
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
from sim.model.compiled.takers import first_taker, forget_takers, holds_more, line_up_takers, takes_from
from sim.policies import Urgency, list_now, load, piece, pieces_in, room_for, serves
from sim.scenario import Arrangement
from sim.working_time import MINUTES_PER_DAY, NEVER
from sim.world import DOMESTIC_ABUSE_TEAM, FIRST_ASSESSMENT_TEAM

_IS_SHARED: Final = np.array([serves(arrangement, 1, 2) for arrangement in Arrangement])
_OUR_STAFF: Final = WaitingOn.OUR_STAFF.value


@compiled
def changed(s: State) -> None:
    """A family or room may have come: look at the list in this instant."""
    if s.m[H.waiting]:
        s.m[H.list_changed] = 1
        s.m[H.is_dispatch_due] = 1


@compiled
def look(s: State, k: int) -> None:
    """A family may have waited so long that it may be placed over the guide."""
    if s.m[k + C.is_listed]:
        team_changed(s, s.m[k + C.team])
    changed(s)


@compiled
def staff_changed(s: State) -> None:
    """Somebody started, moved, left, or a new day has begun."""
    s.m[H.takers_known] = 0
    teams, has_team = s.m[s.m[H.rules] + R.teams], has_domestic_abuse_team(s)
    for team in range(s.m[H.lists]):
        s.m[per_team_at(s, team) + T.first_of_list] = NONE
        room_came(s, team)
    for team in range(s.m[H.lists]):
        first = per_team_at(s, list_now(team, teams, has_team)) + T.first_of_list
        s.m[per_team_at(s, team) + T.next_of_list], s.m[first] = s.m[first], team
    days = s.m[s.m[H.rules] + R.over_guide_after_days]
    if days != s.m[H.over_after_days]:
        s.m[H.over_after_days] = days
        look_once_long_ago_at_all(s)
    changed(s)


@compiled
def list_join(s: State, k: int, since: int) -> None:
    """Let a family wait for a worker; `since` is when it first waited, for those who come back to the list."""
    s.m[k + C.unallocated_since] = since
    s.m[k + C.listed_as] = Urgency.SECTION_47.value if s.m[k + C.section_47] else Urgency.USUAL.value
    put_on_list(s, k)
    changed(s)
    look_once_long_ago(s, k)


@compiled
def give_places(s: State) -> None:
    """Give every family that can have one a place, and its manager the job of allocating it."""
    if not s.m[H.list_changed]:
        return
    s.m[H.list_changed] = 0
    long_ago = s.m[H.now] - s.m[H.over_after_days] * MINUTES_PER_DAY
    heads = first_of_changed(s)
    while heads:
        k = s.m[s.m[H.heads]]
        following = s.m[k + C.listed_after]
        if _is_too_large(s, k, long_ago):
            following = NOTHING  # and so are those that follow in its row
        elif _is_placed(s, k, long_ago):
            take_off_list(s, k)
        heads = goes_on_with(s, heads, following)


@compiled
def _needs_room(s: State, k: int, long_ago: int) -> bool:
    """Whether a family is placed within the guide alone."""
    return not (s.m[k + C.unallocated_since] <= long_ago or s.m[k + C.section_47])


@compiled
def _is_too_large(s: State, k: int, long_ago: int) -> bool:
    """Whether a family needs more room than there was for another since room last came."""
    too_large = s.m[per_team_at(s, s.m[k + C.team]) + T.too_large]
    return _needs_room(s, k, long_ago) and s.w[s.m[k + C.contact] + K.children] >= too_large


@compiled
def _is_placed(s: State, k: int, long_ago: int) -> bool:
    """Reserve a place for a family and have it allocated, if there is one."""
    children = s.w[s.m[k + C.contact] + K.children]
    w, why = _place_for(s, k, s.m[k + C.unallocated_since] <= long_ago)
    if w != NONE:
        holds_more(s, w, children)
        tell(s, k, At.ALLOCATE.value, w, why, NONE, NONE, 0)
    elif _needs_room(s, k, long_ago):
        s.m[per_team_at(s, s.m[k + C.team]) + T.too_large] = children
    return w != NONE


@compiled
def has_room(s: State, team: int, k: int) -> bool:
    """Whether somebody of a team has room within the guide for a family now."""
    children, those = s.w[s.m[k + C.contact] + K.children], _takers(s, team)
    while those != NONE:
        if s.m[first_taker(s, those) + W.open_children] + children <= s.m[those + A.guide]:
            return True
        those = s.m[those + A.next_alike]
    return False


@compiled
def _place_for(s: State, k: int, waited_long: bool) -> tuple[int, int]:
    """The worker who gets a family and the rule by which, `NONE` where nobody may.

    Of workers who are alike nobody gets one whom it would not rather be given to than the first of them.
    """
    children, section_47 = s.w[s.m[k + C.contact] + K.children], s.m[k + C.section_47] != 0
    those = _takers(s, list_now(s.m[k + C.team], s.m[s.m[H.rules] + R.teams], has_domestic_abuse_team(s)))
    best, best_why = NONE, NONE
    while those != NONE:
        w = first_taker(s, those)
        why = room_for(children, s.m[w + W.open_children], s.m[w + W.guide], section_47, waited_long)
        if why is not None and _may_hold(s, w, k) and (best == NONE or _is_better(s, w, why.value, best, best_why)):
            best, best_why = w, why.value
        those = s.m[those + A.next_alike]
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
def _takers(s: State, team: int) -> int:
    """The first of the groups of those who take cases from a team's list today: in post, and at work within days."""
    is_shared = _IS_SHARED[s.m[s.m[H.rules] + R.arrangement]] != 0
    if not s.m[H.takers_known]:
        last_day = _next_working_day(s)
        forget_takers(s)
        for w in range(s.m[H.workers], s.m[H.workers_end], W.size):
            if s.m[w + W.guide] and _is_about(s, w, last_day):
                takes_from(s, w, _shared_or(is_shared, s.m[w + W.team]))
        line_up_takers(s)
    return s.m[per_team_at(s, _shared_or(is_shared, team)) + T.first_takers]


@compiled
def _shared_or(is_shared: bool, team: int) -> int:
    """The list by which a team's takers are known: one for all assessment teams where they share theirs."""
    return FIRST_ASSESSMENT_TEAM if is_shared and team != DOMESTIC_ABUSE_TEAM else team


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
def let_go(s: State, k: int) -> None:
    """Give back the room a case took or was promised: it is over."""
    if s.m[k + C.holder] != NONE:
        _give_back(s, s.m[k + C.holder], k)
    if s.m[k + C.reserved] != NONE:
        _give_back(s, s.m[k + C.reserved], k)
    s.m[k + C.reserved] = NONE
    take_off_list(s, k)


@compiled
def _give_back(s: State, w: int, k: int) -> None:
    holds_more(s, w, -s.w[s.m[k + C.contact] + K.children])
    _room_came_with(s, w)
    changed(s)


@compiled
def _room_came_with(s: State, w: int) -> None:
    """Somebody has room, for the families of the lists that they take from."""
    is_shared = _IS_SHARED[s.m[s.m[H.rules] + R.arrangement]] and s.m[w + W.team] != DOMESTIC_ABUSE_TEAM
    if is_shared:
        for team in range(s.m[H.lists]):
            room_came(s, team)
        return
    team = s.m[per_team_at(s, s.m[w + W.team]) + T.first_of_list]
    while team != NONE:
        room_came(s, team)
        team = s.m[per_team_at(s, team) + T.next_of_list]


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
    elif take_off_list(s, k):
        list_join(s, k, s.m[k + C.unallocated_since])
