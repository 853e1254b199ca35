"""Many contacts and their fates as columns, and each of them as a `Contact`.

A column has the name of a field of `Contact` and holds a whole number for each contact. A list has two dimensions:
`rounds` (contacts, rounds, numbers of a `Round`) and `retry_delays` (contacts, delays), of which `round_count` and
`retry_count` say how many there are; `missed_children` (contacts, children), 1 for who is missed; `reviews_done`,
`unstuck` and `would_return`.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.events import Ending, Need, Rating
from sim.world.contact import Contact, Round

Columns = dict[str, NDArray[np.int64]]

NOT_DRAWN: Final = np.int64(-(2**40))
"""Of what a contact can never come to, or so much and a few minutes more: whoever waited for it would go back a million
years."""

_NEEDS = tuple(need for need in Need if need is not Need.UNKNOWN)
_RATINGS = tuple(Rating)
_ENDINGS = tuple(Ending)


def contacts_of(columns: Columns) -> list[Contact]:
    """The contacts, one by one."""
    made: dict[str, Sequence[object]] = {
        name: column.tolist() for name, column in columns.items() if column.ndim == 1 and name in Contact._fields
    }
    for name, kinds in (("need", _NEEDS), ("rating", _RATINGS), ("ending", _ENDINGS)):
        made[name] = [kinds[kind] for kind in columns[name].tolist()]
    for name in ("reviews_done", "unstuck", "would_return"):
        made[name] = [tuple(row) for row in columns[name].tolist()]
    made["rounds"] = [
        tuple(Round(*each) for each in row[:count]) for row, count in _lists(columns, "rounds", "round_count")
    ]
    made["retry_delays"] = [tuple(row[:count]) for row, count in _lists(columns, "retry_delays", "retry_count")]
    found: list[object] = [()] * len(columns["id"])
    missed = columns["missed_children"]
    for row in np.flatnonzero(missed.any(axis=1)).tolist():
        found[row] = tuple(np.flatnonzero(missed[row]).tolist())
    made["missed_children"] = found
    return [Contact(*row) for row in zip(*(made[name] for name in Contact._fields), strict=True)]


def _lists(columns: Columns, name: str, count: str) -> list[tuple[list[list[int]], int]]:
    return list(zip(columns[name].tolist(), columns[count].tolist(), strict=True))
