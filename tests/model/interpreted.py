"""The twin as plain Python, in a process of its own where Numba compiles nothing: `python -m tests.model.interpreted`.

It says where the engines differ, what the twin never came to, and which of the planted faults were not seen: as JSON,
on standard output. With `compare` it plants no faults.
"""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import ModuleType
from typing import Any, Final

from sim.events import Outcome
from sim.model.compiled import (
    assessing,
    endings,
    engine,
    front_door,
    further_work,
    listed,
    people,
    queues,
    service,
    stories,
    triage,
    visits,
)
from sim.model.compiled import unallocated as the_list
from sim.model.compiled.at import At
from sim.model.compiled.clock import Note, note_at
from sim.model.compiled.layout import State
from sim.model.compiled.rows import hub as H  # noqa: N812
from sim.model.compiled.rows import part as P  # noqa: N812
from sim.model.compiled.rows import story as S  # noqa: N812
from tests.model.twins import Trial, trials

Change = Callable[..., Any]

FAULTS: Final[Sequence[tuple[str, ModuleType, str, Callable[[Change], Change]]]] = (
    ("a policy of one engine alone", triage, "outcome", lambda was: lambda *of: _other_outcome(was(*of))),
    ("another guide", the_list, "room_for", lambda was: lambda a, b, guide, *of: was(a, b, guide + 1, *of)),
    ("drift that lasts", assessing, "drift_left", lambda _: lambda gap, *_: gap),
    ("the last of a desk first", queues, "goes_before", lambda was: lambda s, one, other: was(s, other, one)),
    ("the list upside down", listed, "_waits_before", lambda was: lambda s, one, other: was(s, other, one)),
    ("duty in another order", people, "_team_in_turn", lambda _: lambda _, turn: turn),
    ("a minute beyond the horizon", engine, "run_until", lambda was: lambda s, until: was(s, until + 1)),
    ("a return a minute late", front_door, "_return_lands", lambda was: lambda *of: was(*of) + 1),
    ("a decision due a day late", triage, "decision_due", lambda was: lambda *of: was(*of) + 1440),
    ("a reply a minute late", further_work, "_replied_by", lambda was: lambda *of: was(*of) + 1),
    ("work done before the run done again", service, "pieces_done", lambda _: lambda *_: 0),
    ("a visit agreed before the run forgotten", visits, "_is_agreed", lambda _: lambda *_: False),
    ("a wait before the run begun anew", endings, "past_at", lambda _: lambda s, _: s.m[H.no_past]),
    ("room before all is taken in", the_list, "wait_until_taken_in", lambda _: stories.then),
    ("what is usual before what is urgent", stories, "note_urgent", lambda _: _as_usual),
)
"""What a fault is, and of which module it changes what."""


def _other_outcome(decided: int) -> int:
    return Outcome.ADVICE if decided == Outcome.NO_FURTHER_ACTION else decided


def _as_usual(s: State, kind: int, whose: int) -> None:
    note_at(s, s.m[H.now], kind, whose)


@contextmanager
def changed(module: ModuleType, name: str, change: Callable[[Change], Change]) -> Iterator[None]:
    """The twin with one thing changed."""
    before = getattr(module, name)
    setattr(module, name, change(before))
    try:
        yield
    finally:
        setattr(module, name, before)


def compare(tried: Sequence[Trial]) -> dict[str, list[str]]:
    """Where the engines differ, and the parts and kinds of notes that were not reached."""
    parts: set[int] = set()
    notes: set[int] = set()

    def step(was: Change) -> Change:
        def noted(s: State, p: int) -> bool:
            parts.add(s.m[s.m[p + S.part] + P.at])
            return bool(was(s, p))

        return noted

    def happens(was: Change) -> Change:
        def noted(s: State, kind: int, whose: int) -> None:
            notes.add(kind)
            was(s, kind, whose)

        return noted

    with changed(engine, "step", step), changed(engine, "_happens", happens):
        differ = [found for each in tried for found in each.differ()]
    not_reached = [of.name for of in At if of not in parts] + [of.name for of in Note if of not in notes]
    return {"differ": differ, "not reached": not_reached}


def faults(tried: Sequence[Trial]) -> dict[str, list[str]]:
    """The planted faults that no trial showed."""
    return {"not seen": [name for name, module, what, change in FAULTS if not _is_seen(tried, module, what, change)]}


def _is_seen(tried: Sequence[Trial], module: ModuleType, name: str, change: Callable[[Change], Change]) -> bool:
    with changed(module, name, change):
        return any(each.differ() for each in tried)


if __name__ == "__main__":
    TRIED = list(trials())
    json.dump({**compare(TRIED), **({} if "compare" in sys.argv else faults(TRIED))}, sys.stdout)
