"""On the compiled twin's own parts: its calendar of notes, its queues, its memory and its compiler.

What is told here is the workload alone, as `sim.model.compiled` tells the model: notes that happen, and a pass that
gives out work when nothing more does. So what is timed is the engine's kernel and nothing that was written for a race.
Free managers and places are counted, where the model asks each worker.
"""

from typing import Any, Final

import numpy as np
from numba import njit

from benchmarks.peers.tandem import Drawn, Kind, Setting, Whole
from sim.model.compiled.clock import free_note, next_minute, next_note, note_at
from sim.model.compiled.jit import compiled
from sim.model.compiled.layout import MINUTES_IN_WORD, NONE, Prepared, Rows, State
from sim.model.compiled.memory import address
from sim.model.compiled.queues import pop, push
from sim.model.compiled.reading import desk_at
from sim.model.compiled.rows import desk as D  # noqa: N812  (a field is read in every line)
from sim.model.compiled.rows import hub as H  # noqa: N812  (likewise)
from sim.model.compiled.rows import job as J  # noqa: N812  (likewise)
from sim.model.compiled.rows import note as N  # noqa: N812  (likewise)

MANAGERS: Final = 0
PLACES: Final = 1
DESKS: Final = 2

URGENCY: Final = 0
ROUNDS: Final = 1
LAST_ROUND: Final = 2
REFERRED: Final = 3
VISIT: Final = 4
ASSESSMENT: Final = 5
ARRIVAL: Final = 6
CONTACT_SIZE: Final = 7

DECISION: Final = 0
FURTHER: Final = 1
ROUND_SIZE: Final = 2
LINE: Final = 3


@compiled
def _record(s: State, kind: int, j: int) -> None:
    row = s.m[H.next_event]
    s.m[row], s.m[row + 1], s.m[row + 2] = s.m[H.now], kind, s.m[j + J.contact]
    s.m[H.next_event] = row + LINE


@compiled
def _wait_at(s: State, d: int, urgency: int, j: int) -> None:
    s.m[j + J.urgency], s.m[j + J.joined] = urgency, s.m[H.now]
    push(s, d, j)
    s.m[H.is_dispatch_due] = 1


@compiled
def _leave(s: State, d: int) -> None:
    s.m[desk_at(s, d) + D.staff] += 1
    s.m[H.is_dispatch_due] = 1


@compiled
def _next_arrives(s: State) -> None:
    """The next contact is noted: its job is made, of which the occasion is where its next round lies."""
    contact = s.m[H.next_arrival]
    if contact == s.m[H.arrivals_end]:
        return
    s.m[H.next_arrival] = contact + CONTACT_SIZE
    j = s.m[H.next_job]
    s.m[H.next_job] = j + J.size
    s.m[j + J.contact], s.m[j + J.case], s.m[j + J.occasion] = contact // CONTACT_SIZE, contact, s.w[contact + ROUNDS]
    note_at(s, s.w[contact + ARRIVAL], Kind.ARRIVED, j)


@compiled
def _decided(s: State, j: int) -> None:
    contact, at = s.m[j + J.case], s.m[j + J.occasion]
    _leave(s, MANAGERS)
    if at != s.w[contact + LAST_ROUND]:
        s.m[j + J.occasion] = at + ROUND_SIZE
        note_at(s, s.m[H.now] + s.w[at + FURTHER], Kind.RETURNED, j)
    elif s.w[contact + REFERRED]:
        _wait_at(s, PLACES, 0, j)


@compiled
def _happens(s: State, kind: int, j: int) -> None:
    _record(s, kind, j)
    if kind == Kind.ARRIVED:
        _next_arrives(s)
        _wait_at(s, MANAGERS, s.w[s.m[j + J.case] + URGENCY], j)
    elif kind == Kind.DECIDED:
        _decided(s, j)
    elif kind == Kind.RETURNED:
        _wait_at(s, MANAGERS, s.w[s.m[j + J.case] + URGENCY], j)
    elif kind == Kind.SEEN:
        note_at(s, s.m[H.now] + s.w[s.m[j + J.case] + ASSESSMENT], Kind.ASSESSED, j)
    elif kind == Kind.ASSESSED:
        _leave(s, PLACES)


@compiled
def _next_at(s: State, d: int) -> int:
    """Who is next at a desk where somebody is free, or `NONE`."""
    desk = desk_at(s, d)
    if s.m[desk + D.staff] == 0 or s.m[desk + D.first] == NONE:
        return NONE
    s.m[desk + D.staff] -= 1
    return pop(s, d)


@compiled
def _give_out(s: State) -> None:
    j = _next_at(s, MANAGERS)
    while j != NONE:
        _record(s, Kind.STARTED, j)
        note_at(s, s.m[H.now] + s.w[s.m[j + J.occasion] + DECISION], Kind.DECIDED, j)
        j = _next_at(s, MANAGERS)
    j = _next_at(s, PLACES)
    while j != NONE:
        _record(s, Kind.PLACED, j)
        note_at(s, s.m[H.now] + s.w[s.m[j + J.case] + VISIT], Kind.SEEN, j)
        j = _next_at(s, PLACES)


@compiled
def _one_minute(s: State) -> None:
    while True:
        note = next_note(s)
        if note != NONE:
            kind, whose = s.m[note + N.kind], s.m[note + N.whose]
            free_note(s, note)
            _happens(s, kind, whose)
        elif s.m[H.is_dispatch_due]:
            s.m[H.is_dispatch_due] = 0
            _give_out(s)
        else:
            return


@compiled
def _run(s: State) -> None:
    _next_arrives(s)
    while s.m[H.now] < s.m[H.end]:
        _one_minute(s)
        s.m[H.now] = next_minute(s, s.m[H.end])


def _run_all(memory: Rows, of_world: Rows) -> None:
    _run(State(address(memory), address(of_world)))


class Twin:
    """The workload, compiled."""

    def __init__(self) -> None:
        self._run: Any = njit("void(int64[::1], int64[::1])", nogil=True)(_run_all)

    def run(self, world: Rows, contacts: int, lines: int, setting: Setting) -> Whole:
        """A year's log, of a world in its memory."""
        prepared = Prepared(_memory(contacts, lines, setting), world)
        self._run(prepared.m, prepared.w)
        return prepared.m[prepared.m[H.log] : prepared.m[H.next_event]].reshape(-1, LINE)


def world_of(drawn: Drawn) -> Rows:
    """What a run never changes, in rows: contacts, then their rounds."""
    contacts = len(drawn.arrival)
    rows = np.empty((contacts, CONTACT_SIZE), dtype=np.int64)
    first = contacts * CONTACT_SIZE
    rows[:, URGENCY], rows[:, REFERRED], rows[:, ARRIVAL] = drawn.urgency, drawn.referred, drawn.arrival
    rows[:, ROUNDS] = first + ROUND_SIZE * drawn.first
    rows[:, LAST_ROUND] = rows[:, ROUNDS] + ROUND_SIZE * (drawn.rounds - 1)
    rows[:, VISIT], rows[:, ASSESSMENT] = drawn.visit, drawn.assessment
    return np.concatenate([rows.ravel(), np.stack([drawn.decision, drawn.further], axis=1).ravel()])


def _memory(contacts: int, lines: int, setting: Setting) -> Rows:
    """The memory of a run that is about to begin."""
    sizes = {
        "desks": DESKS * D.size,
        "words": setting.minutes // MINUTES_IN_WORD + 1,
        "usual": setting.minutes,
        "last_look": setting.minutes,
        "next_note": (contacts + 2) * N.size,
        "next_job": contacts * J.size,
        "log": lines * LINE,
    }
    past = H.size + np.cumsum(list(sizes.values()))
    at = dict(zip(sizes, past - list(sizes.values()), strict=True))
    memory = np.zeros(past[-1], dtype=np.int64)
    for name, place in at.items():
        memory[getattr(H, name)] = place
    memory[[H.free_note, H.first_urgent, H.first_taken_in]] = NONE
    memory[H.notes_end], memory[H.next_event], memory[H.end] = at["next_job"], at["log"], setting.minutes
    memory[H.arrivals_end] = contacts * CONTACT_SIZE
    for d, free in ((MANAGERS, setting.managers), (PLACES, setting.places)):
        memory[at["desks"] + d * D.size + D.first] = NONE
        memory[at["desks"] + d * D.size + D.staff] = free
    return memory
