"""Measures and groups of one's own, made of the steps of the pathway and of groups that are there."""

import re
from functools import partial

from sim.events import EventKind
from sim.measures.index import LogIndex, Mask
from sim.measures.measure import ALL, Better, Group, Measure
from sim.measures.progress import days_between

_ID = re.compile(r"[a-z][a-z0-9_]*")


def between_steps(
    before: EventKind, after: EventKind, *, share: float = 0.9, groups: tuple[Group, ...] = (ALL,), id_: str = ""
) -> Measure:
    """The days within which a share of the children come from one step to a later one, as a measure.

    Elapsed days of 24 hours, of the children of contacts received in the window who take that way sooner or later;
    those still on their way count with their wait so far. `id_` is its name, made of the steps unless given. Raise
    `ValueError` for a share or a name that cannot be.
    """
    if not 0 < share < 1:
        raise ValueError(f"a share of {share}: must lie between 0 and 1")
    steps = (before.name.lower(), after.name.lower())
    name = id_ or f"days_{steps[0]}_to_{steps[1]}_q{round(100 * share)}"
    if not _ID.fullmatch(name):
        raise ValueError(f"a measure named {name}: small letters, digits and _ alone, beginning with a letter")
    words = [step.replace("_", " ") for step in steps]
    return Measure(
        name,
        f"Days from {words[0]} to {words[1]} within which {share:.0%} of the children come",
        "days",
        Better.LOWER,
        groups,
        partial(days_between, before, after, share),
        "Elapsed days of 24 hours from the first of the one step to the first of the other, of children of contacts "
        "received in the window who take that way; those still on their way count with their wait so far.",
        frozenset(),
    )


def both(one: Group, other: Group) -> Group:
    """The children who are in both of two groups."""
    return Group(
        f"{one.id}_and_{other.id}",
        f"{one.label} and {other.label}",
        partial(_both, one, other),
        one.needs | other.needs,
    )


def _both(one: Group, other: Group, index: LogIndex) -> Mask:
    found: Mask = one.members(index) & other.members(index)
    return found
