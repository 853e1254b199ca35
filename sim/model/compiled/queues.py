"""The work that waits at a desk, in its total order: a pairing heap whose links lie in the jobs themselves.

So a desk needs no room of its own however much waits there, and a job is taken back from the middle at once. Of several
desks that at which the first job of all waits is found by a heap of desks, which lies at the beginning of `scratch`.
"""

from sim.model.compiled.jit import compiled
from sim.model.compiled.layout import NONE, State
from sim.model.compiled.reading import desk_at
from sim.model.compiled.rows import desk as D
from sim.model.compiled.rows import hub as H
from sim.model.compiled.rows import job as J


@compiled
def goes_before(s: State, one: int, other: int) -> bool:
    """Whether a job comes before another: by rank, due date, time joined, contact, activity and occasion."""
    if s.m[one + J.urgency] != s.m[other + J.urgency]:
        return s.m[one + J.urgency] < s.m[other + J.urgency]
    if s.m[one + J.due] != s.m[other + J.due]:
        return s.m[one + J.due] < s.m[other + J.due]
    if s.m[one + J.joined] != s.m[other + J.joined]:
        return s.m[one + J.joined] < s.m[other + J.joined]
    if s.m[one + J.contact] != s.m[other + J.contact]:
        return s.m[one + J.contact] < s.m[other + J.contact]
    if s.m[one + J.activity] != s.m[other + J.activity]:
        return s.m[one + J.activity] < s.m[other + J.activity]
    return s.m[one + J.occasion] < s.m[other + J.occasion]


@compiled
def _meld(s: State, one: int, other: int) -> int:
    if one == NONE:
        return other
    if other == NONE:
        return one
    if goes_before(s, other, one):
        one, other = other, one
    s.m[other + J.sibling] = s.m[one + J.child]
    if s.m[one + J.child] != NONE:
        s.m[s.m[one + J.child] + J.previous] = other
    s.m[other + J.previous] = one
    s.m[one + J.child] = other
    return one


@compiled
def _meld_all(s: State, first: int) -> int:
    """One heap of a row of siblings: in pairs from the left, then all from the right."""
    paired = NONE
    while first != NONE:
        second = s.m[first + J.sibling]
        rest = s.m[second + J.sibling] if second != NONE else NONE
        s.m[first + J.sibling] = NONE
        if second != NONE:
            s.m[second + J.sibling] = NONE
        both = _meld(s, first, second)
        s.m[both + J.sibling] = paired
        paired, first = both, rest
    whole = NONE
    while paired != NONE:
        following = s.m[paired + J.sibling]
        s.m[paired + J.sibling] = NONE
        whole = _meld(s, whole, paired)
        paired = following
    if whole != NONE:
        s.m[whole + J.previous] = NONE
    return whole


@compiled
def push(s: State, d: int, j: int) -> None:
    """Let a job wait at a desk."""
    desk = desk_at(s, d)
    s.m[j + J.child], s.m[j + J.sibling], s.m[j + J.previous], s.m[j + J.waits] = NONE, NONE, NONE, 1
    s.m[desk + D.first] = _meld(s, s.m[desk + D.first], j)
    s.m[desk + D.waiting] += 1


@compiled
def pop(s: State, d: int) -> int:
    """Take the first job from a desk at which some wait."""
    desk = desk_at(s, d)
    j = s.m[desk + D.first]
    s.m[desk + D.first] = _meld_all(s, s.m[j + J.child])
    s.m[j + J.waits] = 0
    s.m[desk + D.waiting] -= 1
    return j


@compiled
def remove(s: State, d: int, j: int) -> None:
    """Take a job that waits at a desk from wherever it is."""
    desk = desk_at(s, d)
    if s.m[desk + D.first] == j:
        pop(s, d)
        return
    before = s.m[j + J.previous]
    if s.m[before + J.child] == j:
        s.m[before + J.child] = s.m[j + J.sibling]
    else:
        s.m[before + J.sibling] = s.m[j + J.sibling]
    if s.m[j + J.sibling] != NONE:
        s.m[s.m[j + J.sibling] + J.previous] = s.m[j + J.previous]
    s.m[desk + D.first] = _meld(s, s.m[desk + D.first], _meld_all(s, s.m[j + J.child]))
    s.m[j + J.waits] = 0
    s.m[desk + D.waiting] -= 1


@compiled
def _desk_goes_before(s: State, one: int, other: int) -> bool:
    return goes_before(s, s.m[desk_at(s, one) + D.first], s.m[desk_at(s, other) + D.first])


@compiled
def _settle(s: State, place: int, left: int) -> None:
    """Let the desk at a place of the heap sink to where it belongs."""
    scratch = s.m[H.scratch]
    d = s.m[scratch + place]
    while 2 * place + 1 < left:
        below = 2 * place + 1
        if below + 1 < left and _desk_goes_before(s, s.m[scratch + below + 1], s.m[scratch + below]):
            below += 1
        if not _desk_goes_before(s, s.m[scratch + below], d):
            break
        s.m[scratch + place] = s.m[scratch + below]
        place = below
    s.m[scratch + place] = d


@compiled
def heap_of_desks(s: State, desks: int) -> int:
    """Make a heap of those of the first desks in `scratch` at which work waits, the others after it; gives how many."""
    scratch, left = s.m[H.scratch], 0
    for place in range(desks):
        d = s.m[scratch + place]
        if s.m[desk_at(s, d) + D.waiting]:
            s.m[scratch + place], s.m[scratch + left] = s.m[scratch + left], d
            left += 1
    for place in range(left // 2 - 1, -1, -1):
        _settle(s, place, left)
    return left


@compiled
def drop_first_desk(s: State, left: int) -> int:
    """Put the first desk of the heap after it; gives how many are left."""
    scratch, left = s.m[H.scratch], left - 1
    s.m[scratch], s.m[scratch + left] = s.m[scratch + left], s.m[scratch]
    if left:
        _settle(s, 0, left)
    return left


@compiled
def first_desk_goes_on(s: State, left: int) -> int:
    """A job was taken from the first desk of the heap: it goes to where its next one puts it, or out."""
    if not s.m[desk_at(s, s.m[s.m[H.scratch]]) + D.waiting]:
        return drop_first_desk(s, left)
    _settle(s, 0, left)
    return left
