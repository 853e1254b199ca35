import numpy as np
import pytest
from hypothesis import given

from sim.events import EventKind, EventLog, Outcome, WaitingOn
from sim.measures import GROUPS, End, Stage, StageTable, WaitFor, clocks, stage_minutes, stages
from sim.measures.measure import DOMESTIC_ABUSE
from sim.working_time import MINUTES_PER_DAY
from tests.measures.logs import (
    CLOSES,
    FIRST_DAY,
    OPENS,
    at,
    contact,
    decided,
    event,
    histories,
    log,
    reading,
    seen,
)

OURS, OTHERS, CLOSED_HOURS = WaitFor


def waits(time: int, waiting_on: WaitingOn, identity: int = 1) -> tuple[int, ...]:
    return event(time, EventKind.WORK_QUEUED, identity, waiting_on=waiting_on)


def table(written: EventLog) -> list[list[int]]:
    """Whole minutes, summed over the children: stages by whom they were spent waiting for."""
    minutes: list[list[int]] = stage_minutes(written).sum(axis=0).tolist()
    return minutes


def test_each_stage_is_split_into_our_staff_others_and_closed_hours() -> None:
    # Monday 16:00 to decided on Tuesday at 09:30, partners from 09:00; allocated at 10:00 and the family away until
    # Wednesday 09:00; seen at 10:00.
    written = log(
        [contact(1, at(0, "16:00"))],
        [
            waits(at(1, "09:00"), WaitingOn.OTHERS), waits(at(1, "09:20"), WaitingOn.OUR_STAFF),
            decided(at(1, "09:30")),
            event(at(1, "10:00"), EventKind.ALLOCATED, waiting_on=WaitingOn.OTHERS),
            waits(at(2, "09:00"), WaitingOn.OUR_STAFF), seen(at(2, "10:00")),
        ],
    )  # fmt: skip

    assert table(written) == [[60 + 30 + 10, 20, 15 * 60 + 30], [30, 0, 0], [60, 23 * 60, 0], [0, 0, 0]]


def test_time_with_out_of_hours_staff_is_ours_at_any_hour() -> None:
    friday = at(4, "20:00")
    written = log(
        [contact(1, friday)],
        [
            waits(friday, WaitingOn.OUT_OF_HOURS_STAFF),
            waits(friday + 90, WaitingOn.OUR_STAFF),
            decided(at(7, "09:00")),
            seen(at(7, "09:10")),
        ],
    )

    assert table(written)[Stage.RECEIPT_TO_DECISION] == [90 + 30, 0, at(7, "08:30") - friday - 90]


def test_what_happens_beside_the_path_changes_nobodys_wait() -> None:
    events = [
        waits(at(0, "09:00"), WaitingOn.OTHERS),
        waits(at(0, "10:00"), WaitingOn.UNCHANGED),
        decided(at(0, "11:00")),
    ]
    written = log([contact(1, at(0, "09:00"))], [*events, seen(at(0, "11:00"))])

    assert table(written)[Stage.RECEIPT_TO_DECISION] == [0, 120, 0]


def test_of_two_changes_in_a_minute_the_later_holds() -> None:
    nine = at(0, "09:00")
    events = [waits(nine, WaitingOn.OTHERS), waits(nine, WaitingOn.OUR_STAFF), decided(nine + 60), seen(nine + 60)]

    assert table(log([contact(1, nine)], events))[Stage.RECEIPT_TO_DECISION] == [60, 0, 0]


def test_a_child_seen_before_allocation_is_its_own_split() -> None:
    ten = at(1, "10:00")
    events = [decided(ten), seen(ten + 60, 1, 0), event(ten + 90, EventKind.ALLOCATED), seen(ten + 120, 1, 1)]
    written = log([contact(1, ten, children=2)], events)

    assert stage_minutes(written)[:, :, OURS].tolist() == [[0, 0, 0, 60], [0, 90, 30, 0]]
    assert stages(written).seen_before_allocation == 1


def test_a_child_seen_before_the_decision_waited_only_for_its_contact() -> None:
    ten = at(1, "10:00")
    events = [event(ten, EventKind.SCREENED), seen(ten + 60), decided(ten + 80), event(ten + 90, EventKind.ALLOCATED)]

    assert table(log([contact(1, ten)], events)) == [[60, 0, 0], [0, 0, 0], [0, 0, 0], [0, 0, 0]]


def test_a_child_seen_in_the_minute_of_its_allocation_was_allocated() -> None:
    ten = at(1, "10:00")
    events = [decided(ten), event(ten + 60, EventKind.ALLOCATED), seen(ten + 60)]

    assert table(log([contact(1, ten)], events)) == [[0, 0, 0], [60, 0, 0], [0, 0, 0], [0, 0, 0]]


def test_a_child_seen_in_the_last_minute_watched_waited_for_its_own_contact() -> None:
    contacts = [contact(1, at(0, "09:00")), contact(2, 0)]
    written = log(contacts, [decided(at(0, "09:00"), 1), waits(0, WaitingOn.OTHERS, 2), seen(at(1), 1)], watched_days=1)

    assert table(written)[Stage.SEEN_BEFORE_ALLOCATION] == [8 * 60, 0, 7 * 60]


def test_means_are_in_days_over_the_children_seen_and_sum_to_their_mean() -> None:
    contacts = [contact(1, at(0), domestic_abuse=1), contact(2, at(0)), contact(3, at(0)), contact(4, at(0))]
    events = [
        decided(at(1), 1), event(at(2), EventKind.ALLOCATED, 1), seen(at(4), 1), decided(at(2), 2), seen(at(6), 2),
        decided(at(1), 3), decided(at(1), 4, Outcome.ADVICE),
    ]  # fmt: skip
    found = stages(log(contacts, events))

    assert isinstance(found, StageTable)
    assert (found.children, found.seen_before_allocation, found.still_waiting) == (2, 1, 1)
    assert found.mean_days.sum(axis=1).tolist() == pytest.approx([1.5, 0.5, 1.0, 2.0])
    assert stages(log(contacts, events), DOMESTIC_ABUSE).mean_days.sum() == pytest.approx(4.0)


def test_nobody_seen_is_unknown() -> None:
    found = stages(log([contact(1, at(0))], [decided(at(1))]))

    assert np.isnan(found.mean_days).all()
    assert (found.children, found.still_waiting) == (0, 1)


@given(histories(watched_days=40))
def test_the_twelve_parts_of_every_childs_wait_sum_to_it_exactly(written: EventLog) -> None:
    found = clocks(written)
    wanted = found.referred & (found.end == End.SEEN)
    minutes = stage_minutes(written)

    assert (minutes >= 0).all()
    assert minutes.sum(axis=(1, 2)).tolist() == (found.seen - found.received)[wanted].tolist()


@given(histories(watched_days=40))
def test_the_table_of_any_group_sums_to_its_childrens_mean_days_to_seen(written: EventLog) -> None:
    found = clocks(written)
    for group in GROUPS:
        table_of_group = stages(written, group)
        if table_of_group.children:
            assert table_of_group.mean_days.sum() * table_of_group.children == pytest.approx(
                stage_minutes(written, group).sum() / MINUTES_PER_DAY
            )
    assert stages(written).children == np.count_nonzero(found.referred & (found.end == End.SEEN))


@given(histories(watched_days=25))
def test_every_minute_is_spent_as_a_clerk_would_write_it_down(written: EventLog) -> None:
    found = clocks(written)
    wanted = np.flatnonzero(found.referred & (found.end == End.SEEN))
    minutes = np.arange(written.watched_until)
    is_open = (minutes % MINUTES_PER_DAY >= OPENS) & (minutes % MINUTES_PER_DAY < CLOSES)
    is_open &= (FIRST_DAY.weekday() + minutes // MINUTES_PER_DAY) % 7 < 5
    for child, spent in zip(wanted.tolist(), stage_minutes(written), strict=True):
        state = np.full(written.watched_until, WaitingOn.OUR_STAFF)
        for row in written.events[written.column("contact") == found.contact[child]].tolist():
            if row[7] != WaitingOn.UNCHANGED:
                state[row[0] :] = row[7]
        during = slice(int(found.received[child]), int(found.seen[child]))
        others = np.count_nonzero(state[during] == WaitingOn.OTHERS)
        closed_hours = np.count_nonzero((state[during] == WaitingOn.OUR_STAFF) & ~is_open[during])
        assert spent[:, OTHERS].sum() == others
        assert spent[:, CLOSED_HOURS].sum() == closed_hours
        before_decision = min(found.decided[child], found.seen[child]) - found.received[child]
        assert spent[Stage.RECEIPT_TO_DECISION].sum() == before_decision


def test_the_mean_of_the_table_is_the_mean_wait_behind_the_headline() -> None:
    written = log([contact(1, at(0))], [decided(at(1)), seen(at(3, "12:00"))])

    assert stages(written).mean_days.sum() == reading(written, "days_to_seen_q50") == 3.5
