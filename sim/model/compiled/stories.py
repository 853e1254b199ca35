"""Stories: what a generator of the model of record is here, a stack of parts that knows where each goes on.

A part that calls another says first where it goes on once that has ended (`then`). A part returns `GO_ON` where its
story goes on at once, and `WAIT` where something must happen first.
"""

from typing import Final

from sim.model.compiled.clock import (
    Note,
    note_at,
    note_last_at,
    note_once_taken_in,
    note_urgent,
)
from sim.model.compiled.jit import compiled
from sim.model.compiled.layout import DEEPEST, NONE, State
from sim.model.compiled.rows import hub as H
from sim.model.compiled.rows import job as J
from sim.model.compiled.rows import pair as X
from sim.model.compiled.rows import part as P
from sim.model.compiled.rows import story as S

GO_ON: Final = True
WAIT: Final = False
ALL_KNOW: Final = 2
"""A story has ended, and who waits for it has been told."""
STORY_SIZE: Final = S.size + DEEPEST * P.size


@compiled
def tell(s: State, case: int, at: int, a: int, b: int, c: int, d: int, is_kept: int) -> int:
    """A new story, told from now on beside the others; `is_kept` where others may ask whether it has ended."""
    p = s.m[H.free_story]
    if p != NONE:
        s.m[H.free_story] = s.m[p + S.next_free]
    else:
        p = s.m[H.next_story]
        if p == s.m[H.stories_end]:
            s.m[H.overflow] = 2
            return NONE
        s.m[H.next_story] = p + STORY_SIZE
    s.m[p + S.case], s.m[p + S.value], s.m[p + S.ended] = case, NONE, 0
    s.m[p + S.is_kept], s.m[p + S.waiter], s.m[p + S.waiter_pair] = is_kept, NONE, NONE
    s.m[p + S.part] = p + S.size - P.size
    call(s, p, at, a, b, c, d)
    note_urgent(s, Note.GO_ON, p)
    return p


@compiled
def call(s: State, p: int, at: int, a: int = NONE, b: int = NONE, c: int = NONE, d: int = NONE) -> bool:
    """Go on with a part within the part."""
    part = s.m[p + S.part] + P.size
    if part == p + STORY_SIZE:
        s.m[H.overflow] = 3
        return WAIT
    s.m[p + S.part] = part
    s.m[part + P.at], s.m[part + P.a], s.m[part + P.b], s.m[part + P.c] = at, a, b, c
    s.m[part + P.d], s.m[part + P.e], s.m[part + P.f], s.m[part + P.g] = d, 0, 0, 0
    return GO_ON


@compiled
def instead(s: State, p: int, at: int, a: int = NONE, b: int = NONE, c: int = NONE, d: int = NONE) -> bool:
    """Go on with another part in place of this."""
    s.m[p + S.part] -= P.size
    return call(s, p, at, a, b, c, d)


@compiled
def then(s: State, p: int, at: int) -> bool:
    """Where this part goes on."""
    s.m[s.m[p + S.part] + P.at] = at
    return GO_ON


@compiled
def back(s: State, p: int, value: int = NONE) -> bool:
    """This part has ended, and gives a value to the one that called it; a story ends with its first part."""
    s.m[p + S.value] = value
    s.m[p + S.part] -= P.size
    if s.m[p + S.part] >= p + S.size:
        return GO_ON
    if s.m[p + S.is_kept] or s.m[p + S.waiter] != NONE or s.m[p + S.waiter_pair] != NONE:
        s.m[p + S.ended] = 1
        note_at(s, s.m[H.now], Note.STORY_ENDED, p)
    else:
        s.m[p + S.next_free] = s.m[H.free_story]
        s.m[H.free_story] = p
    return WAIT


@compiled
def wait(s: State, p: int, minutes: int, at: int) -> bool:
    """Go on there after so many minutes."""
    then(s, p, at)
    note_at(s, s.m[H.now] + minutes, Note.GO_ON, p)
    return WAIT


@compiled
def wait_till(s: State, p: int, minute: int, at: int) -> bool:
    """Go on there in a minute, or in this one where that is past."""
    return wait(s, p, max(minute - s.m[H.now], 0), at)


@compiled
def wait_for_last_look(s: State, p: int, minute: int, at: int) -> bool:
    """Go on there in a minute once it is known who holds which case."""
    then(s, p, at)
    note_last_at(s, minute, Note.GO_ON, p)
    return WAIT


@compiled
def wait_until_taken_in(s: State, p: int, at: int) -> bool:
    """Go on there once all that ends in this minute has been taken in."""
    then(s, p, at)
    note_once_taken_in(s, Note.GO_ON, p)
    return WAIT


@compiled
def wait_for_job(s: State, p: int, j: int, at: int) -> bool:
    """Go on there once a job is done, which may be by now."""
    then(s, p, at)
    if s.m[j + J.is_done]:
        return GO_ON
    s.m[j + J.story] = p
    return WAIT


@compiled
def wait_for_story(s: State, p: int, other: int, at: int) -> bool:
    """Go on there once another story has ended, which may be by now."""
    then(s, p, at)
    if s.m[other + S.ended] == ALL_KNOW:
        return GO_ON
    s.m[other + S.waiter] = p
    return WAIT


@compiled
def new_pair(s: State, p: int, outer: int = NONE) -> int:
    """Two events of which the first is waited for: by a story, or as one of an outer pair."""
    pair = s.m[H.next_pair]
    if pair == s.m[H.pairs_end]:
        s.m[H.overflow] = 4
        return pair - X.size
    s.m[H.next_pair] = pair + X.size
    s.m[pair + X.happened], s.m[pair + X.story], s.m[pair + X.outer] = 0, p, outer
    return pair


@compiled
def happens(s: State, pair: int) -> None:
    """One of a pair has happened."""
    if pair != NONE and not s.m[pair + X.happened]:
        s.m[pair + X.happened] = 1
        note_at(s, s.m[H.now], Note.PAIR, pair)
