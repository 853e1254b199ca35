"""What is to happen and when: a list for each minute, in SimPy's order of time, priority and insertion.

In a minute the urgent comes first, then what is usual, then what waits until all is taken in, then last looks, and at
the end the pass in which work is given out.
"""

from enum import IntEnum

from sim.model.compiled.jit import compiled
from sim.model.compiled.layout import MINUTES_IN_WORD, NONE, NOTHING, State
from sim.model.compiled.rows import hub as H
from sim.model.compiled.rows import note as N


class Note(IntEnum):
    """What is to happen."""

    GO_ON = 0  # a story goes on
    HALF = 1  # one of a pair of events has happened
    PAIR = 2  # the first of a pair has happened
    JOB_DONE = 3
    STORY_ENDED = 4
    ALLOCATED = 5
    TIME_IS_UP = 6
    OVER = 7
    ANSWERED = 8
    LOOK = 9  # at the unallocated list
    COMES_IN = 10
    MIDNIGHT = 11
    STARTS = 12
    LEAVES = 13
    ARRIVAL = 14
    EMPLOYED = 15


@compiled
def _new_note(s: State, kind: int, whose: int) -> int:
    note = s.m[H.free_note]
    if note != NONE:
        s.m[H.free_note] = s.m[note + N.following]
    else:
        note = s.m[H.next_note]
        if note == s.m[H.notes_end]:
            s.m[H.overflow] = 1
            note -= N.size
        s.m[H.next_note] = note + N.size
    s.m[note + N.kind] = kind
    s.m[note + N.whose] = whose
    return note


@compiled
def free_note(s: State, note: int) -> None:
    """Let a note that has been read be written anew."""
    s.m[note + N.following] = s.m[H.free_note]
    s.m[H.free_note] = note


@compiled
def _append(s: State, lasts: int, minute: int, kind: int, whose: int) -> None:
    """Add to a minute's ring of notes, of which the last is known: it names the first."""
    if minute >= s.m[H.end]:
        return  # nobody will see it
    note, last = _new_note(s, kind, whose), s.m[lasts + minute]
    if last == NOTHING:
        s.m[note + N.following] = note
        s.m[s.m[H.words] + minute // MINUTES_IN_WORD] |= 1 << minute % MINUTES_IN_WORD
    else:
        s.m[note + N.following] = s.m[last + N.following]
        s.m[last + N.following] = note
    s.m[lasts + minute] = note


@compiled
def note_at(s: State, minute: int, kind: int, whose: int) -> None:
    """Let something happen in a minute, after what was noted for it before."""
    _append(s, s.m[H.usual], minute, kind, whose)


@compiled
def note_last_at(s: State, minute: int, kind: int, whose: int) -> None:
    """Let something happen in a minute once it is known who holds which case."""
    _append(s, s.m[H.last_look], minute, kind, whose)


@compiled
def note_urgent(s: State, kind: int, whose: int) -> None:
    """Let something happen now, before what is usual."""
    note = _new_note(s, kind, whose)
    s.m[note + N.following] = NONE
    if s.m[H.first_urgent] == NONE:
        s.m[H.first_urgent] = note
    else:
        s.m[s.m[H.last_urgent] + N.following] = note
    s.m[H.last_urgent] = note


@compiled
def note_once_taken_in(s: State, kind: int, whose: int) -> None:
    """Let something happen now, once all that ends in this minute has been taken in."""
    note = _new_note(s, kind, whose)
    s.m[note + N.following] = NONE
    if s.m[H.first_taken_in] == NONE:
        s.m[H.first_taken_in] = note
    else:
        s.m[s.m[H.last_taken_in] + N.following] = note
    s.m[H.last_taken_in] = note


@compiled
def _take(s: State, place: int) -> int:
    last = s.m[place]
    first = s.m[last + N.following]
    if first == last:
        s.m[place] = NOTHING
    else:
        s.m[last + N.following] = s.m[first + N.following]
    return first


@compiled
def next_note(s: State) -> int:
    """Take what is next in this minute, or `NONE`: then work is given out."""
    now = s.m[H.now]
    if s.m[H.first_urgent] != NONE:
        note = s.m[H.first_urgent]
        s.m[H.first_urgent] = s.m[note + N.following]
        return note
    if s.m[s.m[H.usual] + now] != NOTHING:
        return _take(s, s.m[H.usual] + now)
    if s.m[H.first_taken_in] != NONE:
        note = s.m[H.first_taken_in]
        s.m[H.first_taken_in] = s.m[note + N.following]
        return note
    if s.m[s.m[H.last_look] + now] != NOTHING:
        return _take(s, s.m[H.last_look] + now)
    return NONE


@compiled
def next_minute(s: State, until: int) -> int:
    """The next minute in which something is to happen, or `until` where none is before it."""
    minute = s.m[H.now] + 1
    while minute < until:
        word = s.m[s.m[H.words] + minute // MINUTES_IN_WORD] >> minute % MINUTES_IN_WORD
        if word:
            while not word & 1:
                word >>= 1
                minute += 1
            return min(minute, until)
        minute += MINUTES_IN_WORD - minute % MINUTES_IN_WORD
    return until
