"""The sets of children behind the counts: as many as the counts say, and which of them lie within which."""

import numpy as np
import pytest

from sim.events import EventKind
from sim.report.observed.account import Account, account
from sim.report.observed.reading import Rules
from sim.report.observed.sets import BEYOND, Within, counted_sets, within
from tests.history.files import observed
from tests.report.observed.extracts import a_year


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Account:
    path = a_year(tmp_path_factory.mktemp("extract") / "journeys.csv", rows=2000)
    return account(path.name, observed(path), Rules(small_count=0))


def test_a_set_holds_as_many_children_as_its_measure_says(told: Account) -> None:
    sizes = {key: int(which.sum()) for key, which in counted_sets(told.reading).items()}
    measured = {key[1:]: size for key, size in sizes.items() if isinstance(key, tuple) and key[0] == "measure"}

    assert len(measured) > 30
    for (name, group), size in measured.items():
        times = told.reading.index.window_months if name in BEYOND else 1
        assert (name, group, size) == (name, group, round(told.reading.measures[name, group] * times))


def test_a_set_holds_as_many_children_as_wait_at_its_stage(told: Account) -> None:
    sets = counted_sets(told.reading)
    by_stage = told.reading.waiting.counts().sum(axis=1)

    assert {stage: int(sets["waiting", stage, None].sum()) for stage in told.reading.waiting.known} == dict(
        enumerate(by_stage.tolist())
    )
    assert int(sets["without worker"].sum()) == told.reading.waiting.without_worker


def test_the_ways_lie_within_the_steps_they_join(told: Account) -> None:
    found = {(pair.outer, pair.inner) for pair in within(counted_sets(told.reading))}
    way = ("way", EventKind.ALLOCATED, EventKind.SEEN)

    assert {(("step", EventKind.ALLOCATED), way), (("step", EventKind.RECEIVED), way)} <= found


def test_pairs_are_found_with_how_many_are_outside_and_equal_sets_once() -> None:
    bits = {"all": "11111", "some": "11100", "same": "11100", "other": "00111"}
    found = set(within({name: np.array([bit == "1" for bit in row]) for name, row in bits.items()}))

    assert found == {
        Within("all", "some", 2),
        Within("all", "same", 2),
        Within("all", "other", 2),
        Within("some", "same", 0),
    }
