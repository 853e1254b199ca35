"""From each contact along the links of its workflow: which steps came of it.

Every link followed is in the record. Work that more than one contact leads to is the earliest contact's.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from enum import IntEnum
from typing import NamedTuple

import polars as pl

from sim.history.mosaic_tables import Meaning

DAY_OR_NIGHT = frozenset({Meaning.CONTACT, Meaning.OUT_OF_HOURS_CONTACT})
"""The steps that a journey can begin with."""

BEFORE_DECISION = DAY_OR_NIGHT | {Meaning.FURTHER_ENQUIRIES}
"""The steps in which a contact is decided."""

DECIDES = frozenset(
    {
        Meaning.STRATEGY_DISCUSSION,
        Meaning.SECTION_47,
        Meaning.CONFERENCE,
        Meaning.ASSESSMENT,
        Meaning.EARLY_HELP,
        Meaning.OTHER_TEAM,
        Meaning.NO_ACTION,
        Meaning.CLOSURE,
    }
)
"""The steps that say how a contact was decided: the first of them on every path from it."""


class Part(IntEnum):
    """What a step is to a contact: part of deciding it, on the way to or itself what was decided, or later."""

    BEFORE = 0
    NEXT = 1
    LATER = 2


class Followed(NamedTuple):
    """The steps that came of each contact, columns `contact`, `step` and `part`, and who joined others' work.

    A contact is known by its first step. `joined` are those that lead to work which an earlier contact about the same
    children had brought.
    """

    steps: pl.DataFrame
    joined: frozenset[int]


def follow(steps: pl.DataFrame, links: pl.DataFrame, subjects: pl.DataFrame) -> Followed:
    """Follow every contact among `steps` (columns `step`, `meaning`, `came`, `subgroup`), the earliest first."""
    maze = _Maze(steps, links, subjects)
    for contact in maze.contacts():
        maze.walk(contact)
    schema = {"contact": pl.Int64, "step": pl.Int64, "part": pl.Int8}
    return Followed(pl.DataFrame(maze.rows, schema=schema, orient="row"), frozenset(maze.joined))


class _Maze:
    """Steps and links as they are walked: `rows` are the steps of each contact so far."""

    def __init__(self, steps: pl.DataFrame, links: pl.DataFrame, subjects: pl.DataFrame) -> None:
        self.rows: list[tuple[int, int, int]] = []
        self.joined: set[int] = set()
        ordered = steps.sort("came", "step")
        # Steps whose meaning nobody told are on a path all the same: nothing stops there.
        known = ordered["meaning"].fill_null(Meaning.OTHER.value).to_list()
        self._meaning: dict[int, int] = dict(zip(ordered["step"].to_list(), known, strict=True))
        self._came = dict(zip(ordered["step"].to_list(), ordered["came"].dt.date().to_list(), strict=True))
        self._next: defaultdict[int, list[int]] = defaultdict(list)
        for source, target in links.iter_rows():
            if source in self._meaning and target in self._meaning:
                self._next[source].append(target)
        front = ordered.filter(pl.col("meaning").is_in([meaning.value for meaning in BEFORE_DECISION]))
        about = front.join(subjects, on="subgroup").group_by("step").agg("child")
        self._children = {step: frozenset(children) for step, children in about.iter_rows()}
        self._taken: dict[int, frozenset[int]] = {}
        self._fronted: set[int] = set()

    def contacts(self) -> Iterator[int]:
        """The first step of every journey: a contact that no contact led to, or one of several in a circle."""
        starts = [step for step, meaning in self._meaning.items() if meaning in DAY_OR_NIGHT]
        led_to = {target for step in self._meaning for target in self._next_in_front(step)}
        yield from (step for step in starts if step not in led_to)
        yield from (step for step in starts if step not in self._fronted)

    def _next_in_front(self, step: int) -> Iterator[int]:
        if self._meaning[step] in BEFORE_DECISION:
            yield from (target for target in self._next[step] if self._meaning[target] in BEFORE_DECISION)

    def walk(self, contact: int) -> None:
        """Take the steps that came of a contact, those that decided it before what came later."""
        front = self._front(contact)
        children = frozenset[int]().union(*(self._children.get(step, frozenset()) for step in front))
        self._fronted.update(front)
        self.rows += ((contact, step, Part.BEFORE) for step in front)
        ahead, beyond = [target for step in front for target in self._next[step]], list[int]()
        seen = set(front)
        while ahead or beyond:
            part = Part.NEXT if ahead else Part.LATER
            step = (ahead or beyond).pop()
            if step in seen or self._meaning[step] in BEFORE_DECISION:
                continue
            seen.add(step)
            if not self._take(step, children, contact):
                if part is Part.NEXT and self._meaning[step] in DECIDES:
                    self.joined.add(contact)
                continue
            self.rows.append((contact, step, part))
            (ahead if part is Part.NEXT and self._meaning[step] not in DECIDES else beyond).extend(self._next[step])

    def _front(self, contact: int) -> Iterable[int]:
        """The contact's first step and all that follow it before a decision, in order of being reached."""
        front, waiting = {contact: None}, [contact]
        while waiting:
            for target in self._next_in_front(waiting.pop()):
                if target not in front:
                    front[target] = None
                    waiting.append(target)
        return front

    def _take(self, step: int, children: frozenset[int], contact: int) -> bool:
        """Whether a step is this contact's: no earlier contact about all of these children led to it.

        Nor one about any of them, where the step came in on a day before this contact.
        """
        taken = self._taken.get(step)
        if taken is not None and (children <= taken or (children & taken and self._was_there(step, contact))):
            return False
        self._taken[step] = children if taken is None else taken | children
        return True

    def _was_there(self, step: int, contact: int) -> bool:
        """Whether a step came in on a day before the contact did."""
        came, received = self._came[step], self._came[contact]
        return came is not None and received is not None and came < received
