"""Who takes families from a list: in groups of those who are alike, each a heap by open cases and id.

Of those who are alike a family goes to the one with the fewest open cases, or to none of them. So whoever looks for a
place looks at the first of each group, however many workers there are.
"""

from sim.events import Role
from sim.model.compiled.jit import compiled
from sim.model.compiled.layout import NONE, NOTHING, State
from sim.model.compiled.reading import per_team_at
from sim.model.compiled.rows import alike as A
from sim.model.compiled.rows import hub as H
from sim.model.compiled.rows import per_team as T
from sim.model.compiled.rows import worker as W


@compiled
def forget_takers(s: State) -> None:
    """Nobody takes families from any list, until it is said who does."""
    s.m[H.takers_known], s.m[H.next_alike] = 1, s.m[H.alike]
    for team in range(s.m[H.lists]):
        s.m[per_team_at(s, team) + T.first_takers] = NONE
    for w in range(s.m[H.workers], s.m[H.workers_end], W.size):
        s.m[w + W.takes_with] = NOTHING


@compiled
def takes_from(s: State, w: int, team: int) -> None:
    """Somebody takes families from a list."""
    is_new = s.m[w + W.role] == Role.NEWLY_QUALIFIED_SOCIAL_WORKER
    first = per_team_at(s, team) + T.first_takers
    those = s.m[first]
    while those != NONE and (s.m[those + A.guide] != s.m[w + W.guide] or s.m[those + A.newly_qualified] != is_new):
        those = s.m[those + A.next_alike]
    if those == NONE:
        those = s.m[H.next_alike]
        s.m[H.next_alike] += A.size
        s.m[those + A.guide], s.m[those + A.newly_qualified], s.m[those + A.count] = s.m[w + W.guide], is_new, 0
        s.m[those + A.next_alike], s.m[first] = s.m[first], those
    s.m[those + A.count] += 1
    s.m[w + W.takes_with] = those


@compiled
def line_up_takers(s: State) -> None:
    """Make a heap of every group, once it is known who is in which."""
    first = s.m[H.takers]
    for those in range(s.m[H.alike], s.m[H.next_alike], A.size):
        s.m[those + A.first] = first
        first += s.m[those + A.count]
        s.m[those + A.count] = 0
    for w in range(s.m[H.workers], s.m[H.workers_end], W.size):
        those = s.m[w + W.takes_with]
        if those != NOTHING:
            s.m[those + A.count] += 1
            _rise(s, those, s.m[those + A.count] - 1, w)


@compiled
def first_taker(s: State, those: int) -> int:
    """Who of a group has the fewest open cases, and of several the lowest id."""
    return s.m[s.m[those + A.first]]


@compiled
def holds_more(s: State, w: int, children: int) -> None:
    """Somebody holds the cases of so many more children, or fewer."""
    s.m[w + W.open_children] += children
    those = s.m[w + W.takes_with]
    if those != NOTHING:
        _rise(s, those, s.m[w + W.takes_at], w)
        _sink(s, those, s.m[w + W.takes_at], w)


@compiled
def _takes_before(s: State, one: int, other: int) -> bool:
    a, b = one, other
    if s.m[a + W.open_children] != s.m[b + W.open_children]:
        return s.m[a + W.open_children] < s.m[b + W.open_children]
    return s.m[a + W.identity] < s.m[b + W.identity]


@compiled
def _put(s: State, first: int, place: int, w: int) -> None:
    s.m[first + place], s.m[w + W.takes_at] = w, place


@compiled
def _rise(s: State, those: int, place: int, w: int) -> None:
    first = s.m[those + A.first]
    while place and _takes_before(s, w, s.m[first + (place - 1) // 2]):
        _put(s, first, place, s.m[first + (place - 1) // 2])
        place = (place - 1) // 2
    _put(s, first, place, w)


@compiled
def _sink(s: State, those: int, place: int, w: int) -> None:
    first, count = s.m[those + A.first], s.m[those + A.count]
    while 2 * place + 1 < count:
        below = 2 * place + 1
        if below + 1 < count and _takes_before(s, s.m[first + below + 1], s.m[first + below]):
            below += 1
        if not _takes_before(s, s.m[first + below], w):
            break
        _put(s, first, place, s.m[first + below])
        place = below
    _put(s, first, place, w)
