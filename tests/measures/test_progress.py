"""How children get from step to step, on logs of a few lines."""

import math

import pytest

from sim.events import EventKind, Outcome
from sim.measures import came_to, decided_as, outcomes, passages, reached, went
from sim.measures.progress import Passage
from tests.measures.logs import at, closed, contact, decided, event, log, seen

DECIDED, ALLOCATED, SEEN = EventKind.DECIDED, EventKind.ALLOCATED, EventKind.SEEN


def allocated(time: int, identity: int = 1) -> tuple[int, ...]:
    return event(time, ALLOCATED, identity, person=7)


def test_families_count_as_their_children_and_children_seen_each_for_itself() -> None:
    written = log(
        [contact(1, children=3), contact(2), contact(3, at(30))],
        [decided(at(1)), seen(at(2)), decided(at(3), 2, Outcome.ADVICE), decided(at(31), 3)],
    )

    assert [reached(written, kind) for kind in (EventKind.RECEIVED, DECIDED, SEEN, ALLOCATED)] == [4, 4, 1, 0]
    assert {outcome: count for outcome, count in outcomes(written).items() if count} == {
        Outcome.REFERRAL: 3,
        Outcome.ADVICE: 1,
    }


def test_those_who_go_elsewhere_do_not_lengthen_the_way() -> None:
    written = log(
        [contact(n) for n in range(1, 5)],
        [
            decided(at(0)), allocated(at(2)),
            decided(at(0), 2), allocated(at(4), 2),
            decided(at(0), 3, Outcome.ADVICE),
            decided(at(0), 4), closed(at(9), 4),
        ],
    )  # fmt: skip

    assert passages(written, [(DECIDED, ALLOCATED)]) == (Passage(DECIDED, ALLOCATED, 2, 2.0, 4.0),)


def test_those_still_on_their_way_count_with_the_time_so_far() -> None:
    families = [contact(n) for n in range(1, 4)]
    written = log(families, [*(decided(at(0), n) for n in range(1, 4)), allocated(at(2)), allocated(at(4), 2)])
    (found,) = passages(written, [(DECIDED, ALLOCATED)])

    assert (found.children, found.days_q50) == (2, 2.0)


def test_steps_in_the_other_order_are_left_out() -> None:
    written = log([contact(1), contact(2)], [decided(at(1)), decided(at(1), 2), seen(at(2)), allocated(at(5))])
    (found,) = passages(written, [(ALLOCATED, SEEN)])

    assert found.children == 0
    assert math.isnan(found.days_q50)


def test_a_wait_within_one_day_is_never_below_nought() -> None:
    written = log([contact(1, at(1, "14:00"))], [decided(at(1, "15:00")), seen(at(1, "14:30"))])

    assert passages(written, [(DECIDED, SEEN)])[0].days_q90 == pytest.approx(0.0)


def test_each_child_that_is_counted_is_marked() -> None:
    written = log(
        [contact(1, children=3), contact(2), contact(3, at(30))],
        [decided(at(1)), allocated(at(2)), decided(at(3), 2, Outcome.ADVICE), decided(at(31), 3)],
    )
    (way,) = passages(written, [(DECIDED, ALLOCATED)])

    assert came_to(written, DECIDED).tolist() == [True] * 4 + [False]
    assert went(written, DECIDED, ALLOCATED).tolist() == [True] * 3 + [False] * 2
    assert way.children == 3
    assert decided_as(written, Outcome.ADVICE).tolist() == [False] * 3 + [True, False]
