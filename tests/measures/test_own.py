"""Measures and groups of one's own."""

import math
import re

import numpy as np
import pytest

from sim.events import EventKind
from sim.experiment import simulate
from sim.measures import LogIndex, between_steps, both, measure, passages
from sim.measures.measure import ALL, DOMESTIC_ABUSE, SECTION_17
from tests.sweep.counties import a_county


@pytest.fixture(scope="module")
def index() -> LogIndex:
    return LogIndex(simulate(a_county(), seed=1, replication=0))


def test_days_between_steps_are_those_of_the_passage(index: LogIndex) -> None:
    own = between_steps(EventKind.DECIDED, EventKind.ALLOCATED, share=0.5)
    (passage,) = passages(index, [(EventKind.DECIDED, EventKind.ALLOCATED)])

    assert measure(index, (own,)) == {("days_decided_to_allocated_q50", "all"): passage.days_q50}
    assert passage.days_q50 > 0


def test_a_group_is_measured_by_itself(index: LogIndex) -> None:
    own = between_steps(EventKind.RECEIVED, EventKind.DECIDED, groups=(ALL, SECTION_17))
    found = measure(index, (own,))

    assert found[own.id, "all"] != found[own.id, "section_17"]


def test_a_step_that_the_log_does_not_hold_is_not_known(index: LogIndex) -> None:
    own = between_steps(EventKind.RECEIVED, EventKind.HOLDER_LEFT)
    assert not index.records(EventKind.HOLDER_LEFT)

    assert math.isnan(measure(index, (own,))[own.id, "all"])


def test_both_are_those_in_either(index: LogIndex) -> None:
    group = both(DOMESTIC_ABUSE, SECTION_17)

    np.testing.assert_array_equal(group.members(index), DOMESTIC_ABUSE.members(index) & SECTION_17.members(index))
    assert group.members(index).any()
    assert group.id == "domestic_abuse_and_section_17"
    assert group.needs == DOMESTIC_ABUSE.needs | SECTION_17.needs


@pytest.mark.parametrize(
    ("share", "name", "said"), [(1.5, "", "a share of 1.5"), (0.5, "Nice Name", "a measure named Nice Name")]
)
def test_what_cannot_be_is_refused(share: float, name: str, said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        between_steps(EventKind.RECEIVED, EventKind.SEEN, share=share, id_=name)
