"""Who is free and who is in: a bit for each worker, and for each shared desk a bit for each of those who serve it.

So whoever looks for somebody passes over those who are busy or away a word at a time, however many there are.
"""

from typing import Final

from sim.model.compiled import hours
from sim.model.compiled.jit import compiled
from sim.model.compiled.layout import BITS_IN_WORD, NONE, State
from sim.model.compiled.reading import desk_at, serving_at
from sim.model.compiled.rows import desk as D
from sim.model.compiled.rows import hub as H
from sim.model.compiled.rows import worker as W
from sim.working_time import NEVER

SHARED_DESKS: Final = 9


@compiled
def _place(s: State, w: int) -> int:
    return (w - s.m[H.workers]) // W.size


@compiled
def is_in(s: State, w: int, now: int) -> bool:
    """Whether somebody is at work. Time only goes forward, so the answer holds until the next change."""
    if now >= s.m[w + W.known_until]:
        first, past = s.m[w + W.calendar_from], s.m[w + W.calendar_to]
        s.m[w + W.is_in] = hours.is_open(s, first, past, now)
        s.m[w + W.known_until] = hours.next_change(s, first, past, now)
    return s.m[w + W.is_in] != 0


@compiled
def _who_is_in(s: State, word: int) -> int:
    """Who of the workers of a word is at work, known until the first of them comes or goes."""
    now = s.m[H.now]
    if now >= s.m[s.m[H.in_until] + word]:
        until, bits = NEVER, 0
        first = s.m[H.workers] + word * BITS_IN_WORD * W.size
        for place in range(min(BITS_IN_WORD, (s.m[H.workers_end] - first) // W.size)):
            w = first + place * W.size
            bits |= int(is_in(s, w, now)) << place
            until = min(until, s.m[w + W.known_until])
        s.m[s.m[H.in_now] + word], s.m[s.m[H.in_until] + word] = bits, until
    return s.m[s.m[H.in_now] + word]


@compiled
def _bits(s: State, d: int, word: int, are_in: bool) -> int:
    bits = s.m[s.m[H.free] + word] & s.m[serving_at(s, d) + word]
    if not bits:
        return 0
    return bits & _who_is_in(s, word) if are_in else bits & ~_who_is_in(s, word)


@compiled
def _at_or_after(s: State, d: int, place: int, are_in: bool) -> int:
    """The first of those who serve a shared desk and are free, from a place among all workers on; or `NONE`."""
    word, past = place // BITS_IN_WORD, s.m[desk_at(s, d) + D.past_word]
    if word >= past:
        return NONE
    bits = _bits(s, d, word, are_in) >> place % BITS_IN_WORD
    while not bits:
        word += 1
        place = word * BITS_IN_WORD
        if word >= past:
            return NONE
        bits = _bits(s, d, word, are_in)
    while not bits & 1:
        bits >>= 1
        place += 1
    return s.m[H.workers] + place * W.size


@compiled
def first_free(s: State, d: int, are_in: bool) -> int:
    """Who of those who serve a shared desk has nothing to do, of those at work or of the others: the lowest id."""
    return _at_or_after(s, d, s.m[desk_at(s, d) + D.first_word] * BITS_IN_WORD, are_in)


@compiled
def next_free(s: State, d: int, w: int, are_in: bool) -> int:
    """The next after somebody."""
    return _at_or_after(s, d, _place(s, w) + 1, are_in)


@compiled
def is_busy(s: State, w: int) -> None:
    """Somebody has begun a job."""
    place = _place(s, w)
    s.m[w + W.busy] = 1
    s.m[s.m[H.free] + place // BITS_IN_WORD] &= ~(1 << place % BITS_IN_WORD)


@compiled
def is_free_again(s: State, w: int) -> None:
    """Somebody is free, again or from the beginning."""
    place = _place(s, w)
    s.m[w + W.busy] = 0
    s.m[s.m[H.free] + place // BITS_IN_WORD] |= 1 << place % BITS_IN_WORD
    for d in range(SHARED_DESKS):
        if s.m[w + W.desks] >> d & 1:
            is_one_more(s, d, w)


@compiled
def is_one_more(s: State, d: int, w: int) -> None:
    """Somebody free serves a desk: when they come in is not noted, once they are not in."""
    noted, now = desk_at(s, d) + D.noted_until, s.m[H.now]
    s.m[noted] = min(s.m[noted], s.m[w + W.known_until]) if is_in(s, w, now) else 0


@compiled
def start_serving(s: State, d: int, w: int) -> None:
    """Somebody serves a shared desk from now on."""
    place, desk = _place(s, w), desk_at(s, d)
    word = place // BITS_IN_WORD
    s.m[serving_at(s, d) + word] |= 1 << place % BITS_IN_WORD
    is_first = s.m[desk + D.past_word] == 0
    s.m[desk + D.first_word] = word if is_first else min(s.m[desk + D.first_word], word)
    s.m[desk + D.past_word] = max(s.m[desk + D.past_word], word + 1)
    is_one_more(s, d, w)


@compiled
def stop_serving(s: State, d: int, w: int) -> None:
    """Somebody no more serves a shared desk."""
    place = _place(s, w)
    s.m[serving_at(s, d) + place // BITS_IN_WORD] &= ~(1 << place % BITS_IN_WORD)
