"""Contacts as memory: a row each, whether they were drawn as columns or are written down one by one."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain
from operator import attrgetter, itemgetter
from typing import Final, NamedTuple

import numpy as np

from sim.model.compiled.layout import NONE, RETURN_WAYS, Rows
from sim.model.compiled.rows import contact as K
from sim.model.compiled.rows import round_of_work as ROUND
from sim.model.same import Same
from sim.policies import goes_to_domestic_abuse_team
from sim.scenario import MOST_ROUNDS, Source
from sim.world import Columns, Contact, DrawnFamilies, Families, Round

_SEVERAL: Final = {"rounds", "retry_delays", "reviews_done", "unstuck", "would_return", "missed_children"}
_PLAIN: Final = ("id", *(name for name in Contact._fields if hasattr(K, name) and name not in _SEVERAL))
_INDICES: Final = tuple(map(Contact._fields.index, _PLAIN))
_PLACES: Final = (K.identity, *(getattr(K, name) for name in _PLAIN[1:]))
_LISTS: Final = {"reviews_done": "reviews_drawn", "unstuck": "supervisions_drawn", "retry_delays": "failed_visits"}


class ContactRows(NamedTuple):
    """Every contact that may be made, a row each, `fresh` that come by themselves first and in their order.

    So many are `returns` under the baseline.
    """

    rows: Rows
    fresh: int
    returns: int


@lru_cache(maxsize=3)
def contact_rows(families: Same[Families]) -> ContactRows:
    """The families' contacts, and where each one's returns lie.

    A contact that the domestic abuse team might take has a second row, as the team decides it. Kept for the families
    of the baseline and of one scenario: most scenarios of a cell have the baseline's.
    """
    found = families.thing
    fresh, before, after = _drawn(found) if isinstance(found, DrawnFamilies) else _known(found)
    rows = np.concatenate([fresh, before] if after is before else [fresh, before, after])
    first_after = len(fresh) if after is before else len(fresh) + len(before)
    for field, returns, first in ((K.back_before, before, len(fresh)), (K.back_after, after, first_after)):
        rows[:, field] = _places(rows[:, K.identity], returns[:, K.parent], first)
    teams = np.flatnonzero(_TAKEN[rows[:, K.domestic_abuse], rows[:, K.source]])
    alike = rows[teams]
    alike[:, K.misdirected] = alike[:, K.misdirected_by_team]
    rows[teams, K.as_teams] = (len(rows) + np.arange(len(teams))) * K.size
    return ContactRows(np.concatenate([rows, alike]), len(fresh), len(before))


class _Told(NamedTuple):
    """What decides whether the domestic abuse team takes a contact."""

    domestic_abuse: int
    source: int


_TAKEN: Final = np.array(
    [
        [goes_to_domestic_abuse_team(_Told(abuse, source)) for source in range(len(Source))]  # type: ignore[arg-type]
        for abuse in (0, 1)
    ]
)


def _places(contacts: Rows, parents: Rows, first: int) -> Rows:
    """Where the return of each contact lies, among those of these parents of which the first lies in row `first`."""
    if not len(parents):
        return np.full(len(contacts), NONE, dtype=np.int64)
    order = np.argsort(parents)
    at = np.minimum(np.searchsorted(parents, contacts, sorter=order), len(parents) - 1)
    return np.where(parents[order[at]] == contacts, (first + order[at]) * K.size, NONE)


def _known(families: Families) -> tuple[Rows, Rows, Rows]:
    fresh = _plain_rows(sorted(families.contacts, key=attrgetter("received", "id")))
    before = _plain_rows(tuple(families.before.values()))
    is_same = families.after is families.before
    return fresh, before, before if is_same else _plain_rows(tuple(families.after.values()))


def _drawn(families: DrawnFamilies) -> tuple[Rows, Rows, Rows]:
    drawn = families.columns
    fresh, before = (_rows_of_all(batches) for batches in (drawn.fresh, drawn.before))
    return fresh, before, before if drawn.after is drawn.before else _rows_of_all(drawn.after)


def _rows_of_all(batches: Sequence[Columns]) -> Rows:
    rows = np.zeros((sum(len(batch["id"]) for batch in batches), K.size), dtype=np.int64)
    first = 0
    for batch in batches:
        _put(batch, rows[first : first + len(batch["id"])])
        first += len(batch["id"])
    return rows


def _put(columns: Columns, rows: Rows) -> None:
    """Write columns into rows that are nought."""
    rows[:, K.as_teams] = NONE
    for name, place in zip(_PLAIN, _PLACES, strict=True):
        rows[:, place] = columns[name]
    for name in ("retry_delays", "reviews_done", "unstuck", "would_return"):
        first = getattr(K, name)
        rows[:, first : first + columns[name].shape[1]] = columns[name]
    rows[:, K.failed_visits] = columns["retry_count"] - 1
    rows[:, K.reviews_drawn] = columns["reviews_done"].shape[1]
    rows[:, K.supervisions_drawn] = columns["unstuck"].shape[1]
    rows[:, K.rounds : K.rounds + MOST_ROUNDS * ROUND.size] = columns["rounds"].reshape(-1, MOST_ROUNDS * ROUND.size)
    rows[:, K.rounds_drawn] = columns["round_count"]
    rows[:, K.missed] = columns["missed_children"] @ (1 << np.arange(columns["missed_children"].shape[1]))


def _plain_rows(contacts: Sequence[Contact]) -> Rows:
    rows = np.zeros((len(contacts), K.size), dtype=np.int64)
    rows[:, K.as_teams] = NONE
    if not contacts:
        return rows
    rows[:, _PLACES] = _flat(map(itemgetter(*_INDICES), contacts)).reshape(len(contacts), -1)
    columns = {name: [getattr(contact, name) for contact in contacts] for name in _SEVERAL}
    rows[:, K.would_return : K.would_return + RETURN_WAYS] = columns["would_return"]
    for name, count in _LISTS.items():
        _fill(rows, getattr(K, name), getattr(K, count), columns[name])
    rows[:, K.failed_visits] -= 1
    _fill(rows, K.rounds, K.rounds_drawn, [tuple(chain(*drawn)) if drawn else drawn for drawn in columns["rounds"]])
    rows[:, K.rounds_drawn] //= len(Round._fields)
    rows[:, K.missed] = [sum(1 << child for child in missed) if missed else 0 for missed in columns["missed_children"]]
    return rows


def _fill(rows: Rows, first: int, count: int, lists: Sequence[Sequence[int]]) -> None:
    """Put a list into each row, its numbers from a field on and in another how many they are."""
    lengths = np.fromiter(map(len, lists), dtype=np.int64, count=len(lists))
    rows[:, count] = lengths
    past = np.cumsum(lengths)
    place = np.arange(past[-1]) - np.repeat(past - lengths, lengths)
    rows[np.repeat(np.arange(len(lists)), lengths), first + place] = _flat(lists)


def _flat(lists: Iterable[Iterable[int]]) -> Rows:
    return np.fromiter(chain.from_iterable(lists), dtype=np.int64)
