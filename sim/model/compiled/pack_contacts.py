"""Contacts as memory: a row each, whether they were drawn as columns or are written down one by one."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain
from operator import attrgetter, itemgetter
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.model.compiled.layout import NONE, RETURN_WAYS, Rows
from sim.model.compiled.rows import contact as K
from sim.model.compiled.rows import round_of_work as ROUND
from sim.model.same import Same
from sim.policies import goes_to_domestic_abuse_team
from sim.scenario import MOST_ROUNDS, Source
from sim.world import Columns, Contact, DrawnFamilies, Families, Inherited, Round

_SEVERAL: Final = {"rounds", "retry_delays", "reviews_done", "unstuck", "would_return", "missed_children"}
_PLAIN: Final = ("id", *(name for name in Contact._fields if hasattr(K, name) and name not in _SEVERAL))
_INDICES: Final = tuple(map(Contact._fields.index, _PLAIN))
_PLACES: Final = (K.identity, *(getattr(K, name) for name in _PLAIN[1:]))
_LISTS: Final = {"reviews_done": "reviews_drawn", "unstuck": "supervisions_drawn", "retry_delays": "failed_visits"}


class ContactRows(NamedTuple):
    """Every contact that may be made, a row each, `fresh` that come by themselves first and in their order.

    So many are `returns` under the baseline. Those that the run begins with lie from row `inherited` on.
    """

    rows: Rows
    fresh: int
    returns: int
    inherited: int


@lru_cache(maxsize=3)
def contact_rows(families: Same[Families], inherited: Same[tuple[Inherited, ...]]) -> ContactRows:
    """The families' contacts, and where each one's returns lie.

    A contact that the domestic abuse team might take has a second row, as the team decides it. Kept for the families
    of the baseline and of one scenario: most scenarios of a cell have the baseline's.
    """
    fresh, before, after = _batches(families.thing)
    open_then = [one.contact for one in inherited.thing]
    batches: list[Batch] = [*fresh, *before, *(after if after is not before else ()), open_then]
    sizes = [_size(batch) for batch in batches]
    past_fresh, past_before = sum(sizes[: len(fresh)]), sum(sizes[: len(fresh) + len(before)])
    teams = np.flatnonzero(np.concatenate([_taken_by_team(batch) for batch in batches]))
    # Written where they are to stay: a copy would cost as much again as drawing them.
    rows = np.zeros((sum(sizes) + len(teams), K.size), dtype=np.int64)
    for batch, past in zip(batches, np.cumsum(sizes).tolist(), strict=True):
        _put(batch, rows[past - _size(batch) : past])
    plain = rows[: sum(sizes)]
    returns = slice(past_fresh, past_before)
    past_after = len(plain) - len(open_then)
    later = returns if after is before else slice(past_before, past_after)
    for field, those in ((K.back_before, returns), (K.back_after, later)):
        plain[:, field] = _places(plain[:, K.identity], plain[those, K.parent], those.start)
    alike = rows[len(plain) :]
    alike[:] = plain[teams]
    alike[:, K.misdirected] = alike[:, K.misdirected_by_team]
    plain[teams, K.as_teams] = (len(plain) + np.arange(len(teams))) * K.size
    return ContactRows(rows, past_fresh, past_before - past_fresh, past_after)


Batch = Columns | Sequence[Contact]


def _batches(families: Families) -> tuple[Sequence[Batch], Sequence[Batch], Sequence[Batch]]:
    """Contacts that come by themselves, returns before and after the levers start: the very same where they are."""
    if isinstance(families, DrawnFamilies):
        return families.columns
    before = [tuple(families.before.values())]
    after = before if families.after is families.before else [tuple(families.after.values())]
    return [sorted(families.contacts, key=attrgetter("received", "id"))], before, after


def _size(batch: Batch) -> int:
    return len(batch["id"] if isinstance(batch, dict) else batch)


def _taken_by_team(batch: Batch) -> NDArray[np.bool_]:
    """Which of these contacts the domestic abuse team might take."""
    if isinstance(batch, dict):
        return np.asarray(_TAKEN[batch["domestic_abuse"], batch["source"]], dtype=np.bool_)
    return np.array([goes_to_domestic_abuse_team(contact) for contact in batch], dtype=np.bool_)


def _put(batch: Batch, rows: Rows) -> None:
    """Write contacts into rows that are nought."""
    rows[:, K.as_teams] = NONE
    if isinstance(batch, dict):
        _put_columns(batch, rows)
    elif batch:
        _put_one_by_one(batch, rows)


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


def _put_columns(columns: Columns, rows: Rows) -> None:
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


def _put_one_by_one(contacts: Sequence[Contact], rows: Rows) -> None:
    rows[:, _PLACES] = _flat(map(itemgetter(*_INDICES), contacts)).reshape(len(contacts), -1)
    columns = {name: [getattr(contact, name) for contact in contacts] for name in _SEVERAL}
    rows[:, K.would_return : K.would_return + RETURN_WAYS] = columns["would_return"]
    for name, count in _LISTS.items():
        _fill(rows, getattr(K, name), getattr(K, count), columns[name])
    rows[:, K.failed_visits] -= 1
    _fill(rows, K.rounds, K.rounds_drawn, [tuple(chain(*drawn)) if drawn else drawn for drawn in columns["rounds"]])
    rows[:, K.rounds_drawn] //= len(Round._fields)
    rows[:, K.missed] = [sum(1 << child for child in missed) if missed else 0 for missed in columns["missed_children"]]


def _fill(rows: Rows, first: int, count: int, lists: Sequence[Sequence[int]]) -> None:
    """Put a list into each row, its numbers from a field on and in another how many they are."""
    lengths = np.fromiter(map(len, lists), dtype=np.int64, count=len(lists))
    rows[:, count] = lengths
    past = np.cumsum(lengths)
    place = np.arange(past[-1]) - np.repeat(past - lengths, lengths)
    rows[np.repeat(np.arange(len(lists)), lengths), first + place] = _flat(lists)


def _flat(lists: Iterable[Iterable[int]]) -> Rows:
    return np.fromiter(chain.from_iterable(lists), dtype=np.int64)
