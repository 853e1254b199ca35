"""What a measure is, and the groups of children it can be read for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

import numpy as np

from sim.events import Need, Outcome, Rating
from sim.facts import Fact
from sim.measures.index import LogIndex, Mask
from sim.scenario import Source


class Better(StrEnum):
    """Which way is better."""

    LOWER = "lower"
    HIGHER = "higher"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Group:
    """Some of the contacts of a log, each with all its children.

    `members` says which, as a mask of shape (m,); `needs` are the facts without which a log cannot tell.
    """

    id: str
    label: str
    members: Callable[[LogIndex], Mask]
    needs: frozenset[Fact] = frozenset()


@dataclass(frozen=True, slots=True)
class Measure:
    """One number that can be read from any log, for each of some groups.

    `label` is plain English, `meaning` says what is counted from when to when and when the number is nan. Numbers are
    not rounded; those in days are shown to one decimal. `needs` are the facts without which a log cannot tell it.
    """

    id: str
    label: str
    unit: str
    better: Better
    groups: tuple[Group, ...]
    function: Callable[[LogIndex, Group], float]
    meaning: str
    needs: frozenset[Fact]


Readings = Mapping[tuple[str, str], float]
"""What was measured, by measure id and group id; nan where it cannot be known."""


def _all(index: LogIndex) -> Mask:
    return np.ones(len(index.received), dtype=np.bool_)


def _immediate(index: LogIndex) -> Mask:
    need = index.log.contact_column("need")
    found: Mask = (need == Need.IMMEDIATE_RISK) | ((need == Need.UNKNOWN) & (index.rating == Rating.RED))
    return found


def _not_immediate(index: LogIndex) -> Mask:
    return ~_immediate(index)


def _decided_as(outcome: Outcome, index: LogIndex) -> Mask:
    found: Mask = index.outcome == outcome
    return found


def _domestic_abuse(index: LogIndex) -> Mask:
    found: Mask = index.log.contact_column("domestic_abuse") == 1
    return found


def _not_domestic_abuse(index: LogIndex) -> Mask:
    return ~_domestic_abuse(index)


def _from(position: int, index: LogIndex) -> Mask:
    found: Mask = index.log.contact_column("source") == position
    return found


_SENDERS = {
    Source.POLICE: "the police",
    Source.SCHOOLS: "schools",
    Source.HEALTH: "health services",
    Source.LA_SERVICES: "the authority's own services",
    Source.INDIVIDUALS: "family, friends and neighbours",
    Source.OTHER: "others",
}

ALL = Group("all", "all children", _all)
NOT_IMMEDIATE = Group("not_immediate", "children not at immediate risk", _not_immediate, frozenset({Fact.RATING}))
"""By the risk later found, which only a model knows; from a real record, by the rating given (anything but red)."""
IMMEDIATE = Group("immediate", "children at immediate risk", _immediate, frozenset({Fact.RATING}))
"""The others."""
SECTION_47 = Group(
    "section_47",
    "children for whom a strategy discussion was decided",
    partial(_decided_as, Outcome.STRATEGY_DISCUSSION),
    frozenset({Fact.REFERRAL, Fact.STRATEGY}),
)
"""By the decision on the contact: an enquiry that begins at a visit or in an assessment does not move a child here."""
SECTION_17 = Group(
    "section_17",
    "children referred for assessment",
    partial(_decided_as, Outcome.REFERRAL),
    frozenset({Fact.REFERRAL, Fact.STRATEGY}),
)
DOMESTIC_ABUSE = Group(
    "domestic_abuse", "children in contacts about domestic abuse", _domestic_abuse, frozenset({Fact.DOMESTIC_ABUSE})
)
NOT_DOMESTIC_ABUSE = Group(
    "not_domestic_abuse",
    "children in contacts not about domestic abuse",
    _not_domestic_abuse,
    frozenset({Fact.DOMESTIC_ABUSE}),
)
SOURCES = tuple(
    Group(
        f"from_{source.value}",
        f"children in contacts from {_SENDERS[source]}",
        partial(_from, place),
        frozenset({Fact.SOURCE}),
    )
    for place, source in enumerate(Source)
)

ONLY_ALL = (ALL,)
GROUPS = (ALL, NOT_IMMEDIATE, IMMEDIATE, SECTION_47, SECTION_17, DOMESTIC_ABUSE, NOT_DOMESTIC_ABUSE, *SOURCES)
"""Every group, in a fixed order: its place is its bit in a `Cohort`. Append only."""
