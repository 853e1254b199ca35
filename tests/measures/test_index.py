import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.events import EventKind, Outcome
from sim.measures.index import NEVER, LogIndex, places, ratio, shared, stable_order
from tests.measures.logs import at, closed, contact, decided, event, log, seen

IDS = st.lists(st.integers(-1, 2**63 - 1), unique=True, max_size=200)


@given(IDS, st.lists(st.integers(-1, 2**63 - 1), max_size=50))
def test_every_id_is_found_in_its_place_and_no_other_id_anywhere(ids: list[int], strangers: list[int]) -> None:
    wanted = [*strangers, *reversed(ids)]

    found = places(np.array(wanted, dtype=np.int64), np.array(ids, dtype=np.int64))

    assert found.tolist() == [ids.index(one) if one in ids else -1 for one in wanted]


def test_ids_that_share_a_slot_of_the_table_are_told_apart() -> None:
    # Packed ids as worlds make them: far more of them than leave every slot its own.
    ids = (np.arange(5_000, dtype=np.int64) << 40) + 7

    assert places(ids[::-1].copy(), ids).tolist() == list(range(4_999, -1, -1))


@pytest.mark.parametrize("largest", [10, 2**16 - 2, 2**16 - 1, 2**40])
def test_sorting_keeps_equal_keys_as_they_came(largest: int) -> None:
    keys = np.array([largest, -1, 3, largest, -1, 3])

    assert stable_order(keys).tolist() == [1, 4, 2, 5, 0, 3]


def test_the_first_of_a_kind_stands_whatever_comes_after() -> None:
    written = log(
        [contact(1, at(0)), contact(2, at(1))],
        [
            decided(at(2), 1),
            event(at(3), EventKind.ALLOCATED, 1, detail=2),
            event(at(5), EventKind.ALLOCATED, 1, detail=1),
        ],
    )
    index = LogIndex(written)

    assert index.first(EventKind.ALLOCATED).tolist() == [at(3), NEVER]
    assert index.first_detail(EventKind.ALLOCATED).tolist() == [2, NEVER]
    assert index.outcome.tolist() == [Outcome.REFERRAL, NEVER]


def test_events_of_several_kinds_come_in_the_order_they_happened() -> None:
    index = LogIndex(log([contact(1, at(0))], [decided(at(1)), seen(at(2)), closed(at(3))]))

    found = index.events(EventKind.CLOSED, EventKind.RECEIVED, EventKind.SEEN)

    assert index.time[found].tolist() == [at(0), at(2), at(3)]


def test_the_window_holds_its_first_minute_and_not_its_last() -> None:
    index = LogIndex(log(window_days=(1, 2)))

    assert index.in_window(np.array([at(1) - 1, at(1), at(2) - 1, at(2), NEVER])).tolist() == [
        False, True, True, False, False,
    ]  # fmt: skip


def test_a_later_window_takes_nothing_that_was_worked_out_for_the_whole() -> None:
    written = log([contact(1, at(0)), contact(2, at(20))], [decided(at(1), 1), decided(at(21), 2)])
    whole = LogIndex(written)
    work = shared(lambda index: int(index.received_in_window.sum()))
    assert (work(whole), whole.decided.tolist()) == (2, [at(1), at(21)])
    later = whole.from_minute(at(10))

    assert (work(later), later.log.window_start, later.decided.tolist()) == (1, at(10), [at(1), at(21)])
    assert (work(whole), whole.log.window_start) == (2, written.window_start)


def test_what_never_happened_is_not_in_a_window_that_begins_before_the_first_day() -> None:
    index = LogIndex(log(window_days=(-1, 2)))

    assert index.in_window(np.array([NEVER, 0])).tolist() == [False, True]


def test_shared_work_is_done_once_for_each_log_and_argument() -> None:
    calls: list[int] = []

    @shared
    def counted(_: LogIndex, number: int) -> int:
        calls.append(number)
        return number

    first, second = LogIndex(log()), LogIndex(log())

    assert [counted(first, 1), counted(first, 1), counted(first, 2), counted(second, 1)] == [1, 1, 2, 1]
    assert calls == [1, 2, 1]


def test_a_part_of_nothing_is_unknown() -> None:
    assert np.isnan(ratio(0.0, 0.0))
    assert ratio(1.0, 4.0) == 0.25
