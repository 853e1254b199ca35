"""Open work as it is kept: read again as it was, and told from any other."""

import json
from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest

from sim.events import EventKind, Outcome
from sim.facts import Fact
from sim.world.opening import OpenJourney, OpenWork
from sim.world.opening_file import as_plain, content_hash, forget_hashes, work_of

E = EventKind
AT = {E.RECEIVED: -9000, E.DECIDED: -8000, E.ALLOCATED: -700}
WORK = OpenWork(
    journeys=(
        OpenJourney(1, 0, 0, 0, 0, -1, -1, -1, {E.RECEIVED: -900}, (), -1),
        OpenJourney(3, 2, 1, 0, 1, 2, int(Outcome.REFERRAL), -1, AT, ((0, -60), (2, -5)), 4),
    ),
    as_at=date(2024, 3, 31),
    format="journeys",
    fingerprint="ab" * 32,
    facts=frozenset({Fact.RECEIPT, Fact.SEEN}),
    stale=1,
    unusable=2,
    holders=3,
    seen_undated=4,
    tells_undecided=True,
    tells_unbegun=False,
    tells_after=True,
)
OTHER: dict[str, Any] = {
    "journeys": (WORK.journeys[0], WORK.journeys[1]._replace(at={**AT, E.ALLOCATED: -701})),
    "as_at": date(2024, 4, 1),
    "format": "Ofsted Annex A",
    "fingerprint": "cd" * 32,
    "facts": frozenset({Fact.RECEIPT}),
    "stale": 0,
    "unusable": 0,
    "holders": 0,
    "seen_undated": 0,
    "tells_undecided": False,
    "tells_unbegun": True,
    "tells_after": False,
}


def test_open_work_is_read_again_as_it_was_kept() -> None:
    again = work_of(json.loads(json.dumps(as_plain(WORK))))

    assert [getattr(again, each.name) for each in fields(WORK)] == [getattr(WORK, each.name) for each in fields(WORK)]
    assert content_hash(again) == content_hash(WORK)


@pytest.mark.parametrize("field", [each.name for each in fields(OpenWork)])
def test_whatever_differs_is_another_work(field: str) -> None:
    assert content_hash(replace(WORK, **{field: OTHER[field]})) != content_hash(WORK)


def test_no_work_stays_in_memory_for_its_hash() -> None:
    content_hash(WORK)
    forget_hashes()

    assert content_hash.cache_info().currsize == 0
