"""The families that wait for a worker, in the order of `sim.model.unallocated`, and which of them are to be looked at.

For each team they wait in rows: those with a section 47 enquiry in one, the others in one for each number of children,
so that in a row all need the same room. After something has changed only the rows of the teams that it can matter to
are looked at: for all others there was no room before, and has come none.
"""

from typing import Final

from sim.model.compiled.clock import Note, note_at
from sim.model.compiled.jit import compiled
from sim.model.compiled.layout import NONE, NOTHING, State
from sim.model.compiled.reading import per_team_at
from sim.model.compiled.rows import case as C
from sim.model.compiled.rows import contact as K
from sim.model.compiled.rows import hub as H
from sim.model.compiled.rows import per_team as T
from sim.model.refused import MOST_CHILDREN
from sim.policies import Urgency
from sim.working_time import MINUTES_PER_DAY, NEVER

ROWS_PER_TEAM: Final = MOST_CHILDREN + 1
_ROW: Final = 2  # its first family, and its last
ROWS_OF_TEAM: Final = ROWS_PER_TEAM * _ROW
_SECTION_47: Final = 0


@compiled
def _row_of(s: State, k: int) -> int:
    """In which of its team's rows a family waits."""
    if s.m[k + C.listed_as] == Urgency.SECTION_47:
        return _SECTION_47
    return s.w[s.m[k + C.contact] + K.children]


@compiled
def _row_at(s: State, team: int, row: int) -> int:
    return s.m[H.listed] + team * ROWS_OF_TEAM + row * _ROW


@compiled
def _waits_before(s: State, one: int, other: int) -> bool:
    a, b = one, other
    if s.m[a + C.listed_as] != s.m[b + C.listed_as]:
        return s.m[a + C.listed_as] < s.m[b + C.listed_as]
    if s.m[a + C.unallocated_since] != s.m[b + C.unallocated_since]:
        return s.m[a + C.unallocated_since] < s.m[b + C.unallocated_since]
    return s.m[a + C.identity] < s.m[b + C.identity]


@compiled
def put_on_list(s: State, k: int) -> None:
    """Let a family wait in its team's row, after those that go before it."""
    team, row = s.m[k + C.team], _row_of(s, k)
    at = _row_at(s, team, row)
    before, after = s.m[at + 1], NOTHING
    while before != NOTHING and _waits_before(s, k, before):
        before, after = s.m[before + C.listed_before], before
    s.m[k + C.listed_before], s.m[k + C.listed_after], s.m[k + C.is_listed] = before, after, 1
    _link(s, at, before, k)
    if after == NOTHING:
        s.m[at + 1] = k
    else:
        s.m[after + C.listed_before] = k
    s.m[per_team_at(s, team) + T.sizes] |= 1 << row
    s.m[H.waiting] += 1
    team_changed(s, team)


@compiled
def _link(s: State, at: int, before: int, k: int) -> None:
    """Let a family, or nobody, follow another in a row, or be its first."""
    if before == NOTHING:
        s.m[at] = k
    else:
        s.m[before + C.listed_after] = k


@compiled
def take_off_list(s: State, k: int) -> bool:
    """Take a family from the list; whether it was there."""
    if not s.m[k + C.is_listed]:
        return False
    team, row = s.m[k + C.team], _row_of(s, k)
    at = _row_at(s, team, row)
    before, after = s.m[k + C.listed_before], s.m[k + C.listed_after]
    _link(s, at, before, after)
    if after == NOTHING:
        s.m[at + 1] = before
    else:
        s.m[after + C.listed_before] = before
    if s.m[at] == NOTHING:
        s.m[per_team_at(s, team) + T.sizes] &= ~(1 << row)
    s.m[k + C.is_listed] = 0
    s.m[H.waiting] -= 1
    return True


@compiled
def team_changed(s: State, team: int) -> None:
    """A team's list is to be looked at when places are next given."""
    of = per_team_at(s, team)
    if not s.m[of + T.has_changed]:
        s.m[of + T.has_changed], s.m[of + T.next_changed] = 1, s.m[H.first_changed]
        s.m[H.first_changed] = team


@compiled
def room_came(s: State, team: int) -> None:
    """Room may have come for a team's families: none is known to be too large."""
    s.m[per_team_at(s, team) + T.too_large] = NEVER
    team_changed(s, team)


@compiled
def look_once_long_ago(s: State, k: int) -> None:
    """Look at the list again in the minute from which a family may be placed over the guide."""
    over = s.m[k + C.unallocated_since] + s.m[H.over_after_days] * MINUTES_PER_DAY
    if over > s.m[H.now]:
        note_at(s, over, Note.LOOK, k)


@compiled
def look_once_long_ago_at_all(s: State) -> None:
    """The same for every family that waits."""
    for team in range(s.m[H.lists]):
        for row in range(ROWS_PER_TEAM):
            k = s.m[_row_at(s, team, row)]
            while k != NOTHING:
                look_once_long_ago(s, k)
                k = s.m[k + C.listed_after]


@compiled
def first_of_changed(s: State) -> int:
    """Make a heap of the first families of every row of every team that has changed; gives how many."""
    heads, team = 0, s.m[H.first_changed]
    while team != NONE:
        of = per_team_at(s, team)
        s.m[of + T.has_changed] = 0
        rows, row = s.m[of + T.sizes], 0
        while rows:
            if rows & 1:
                _rise(s, heads, s.m[_row_at(s, team, row)])
                heads += 1
            rows >>= 1
            row += 1
        team = s.m[of + T.next_changed]
    s.m[H.first_changed] = NONE
    return heads


@compiled
def goes_on_with(s: State, heads: int, k: int) -> int:
    """The first family of the heap has been looked at: the next of its row, or `NOTHING`, comes in its place."""
    if k == NOTHING:
        heads -= 1
        k = s.m[s.m[H.heads] + heads]
    if heads:
        _settle(s, heads, k)
    return heads


@compiled
def _rise(s: State, place: int, k: int) -> None:
    while place and _waits_before(s, k, s.m[s.m[H.heads] + (place - 1) // 2]):
        s.m[s.m[H.heads] + place] = s.m[s.m[H.heads] + (place - 1) // 2]
        place = (place - 1) // 2
    s.m[s.m[H.heads] + place] = k


@compiled
def _settle(s: State, heads: int, k: int) -> None:
    first, place = s.m[H.heads], 0
    while 2 * place + 1 < heads:
        below = 2 * place + 1
        if below + 1 < heads and _waits_before(s, s.m[first + below + 1], s.m[first + below]):
            below += 1
        if not _waits_before(s, s.m[first + below], k):
            break
        s.m[first + place] = s.m[first + below]
        place = below
    s.m[first + place] = k
