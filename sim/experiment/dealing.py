"""Caseloads at the start: the recorded workers' cases dealt to the scenario's workers."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from sim.events import NOBODY, Role
from sim.policies import load
from sim.world import DOMESTIC_ABUSE_TEAM, QUALIFIED, Person


class Held(NamedTuple):
    """A family that somebody holds: its children, whether under section 47, whose it was in the record or `NOBODY`."""

    children: int
    section_47: bool
    recorded: int


def deal(cases: Sequence[Held], people: Sequence[Person], minute: int) -> list[int]:
    """The id of whoever holds each case at a minute; `NOBODY` for all where no such worker is in post.

    A recorded worker's cases stay together, the largest caseloads with those of the largest guides, as far as there are
    workers. Cases of others, and those that a newly qualified worker may not lead, go to whoever has most room.
    """
    able = [person for person in people if _may_hold(person, minute)]
    sizes = Counter[int]()
    for case in cases:
        sizes[case.recorded] += case.children
    recorded = sorted((number for number in sizes if number != NOBODY), key=lambda number: (-sizes[number], number))
    of = dict(zip(recorded, sorted(able, key=lambda person: (-person.guide, person.id)), strict=False))
    held, found = Counter[int](), [NOBODY] * len(cases)
    spread = []
    for place, case in enumerate(cases):
        person = of.get(case.recorded)
        if person is not None and _may_lead(person, case):
            held[person.id] += case.children
            found[place] = person.id
        else:
            spread.append(place)
    for place in spread:
        fit = [person for person in able if _may_lead(person, cases[place])]
        if fit:
            least = min(fit, key=lambda person: (load(held[person.id], person.guide), person.id))
            held[least.id] += cases[place].children
            found[place] = least.id
    return found


def _may_hold(person: Person, minute: int) -> bool:
    """Whether somebody in post at a minute takes cases of the assessment teams."""
    is_in_post = person.starts <= minute and (person.leaves < 0 or person.leaves > minute)
    return person.role in QUALIFIED and person.guide > 0 and person.team != DOMESTIC_ABUSE_TEAM and is_in_post


def _may_lead(person: Person, case: Held) -> bool:
    return not (case.section_47 and person.role is Role.NEWLY_QUALIFIED_SOCIAL_WORKER)
