import math

import pytest

from sim.events import EventKind, EventLog, Outcome, Rating
from sim.measures import base
from tests.measures.logs import Row, at, contact, decided, event, log, reading, seen


def discussed(identity: int, decided_at: int, *, held: int | None = None, enquiry: bool = True) -> list[Row]:
    """Decided as needing a strategy discussion, asked for at once."""
    rows = [
        decided(decided_at, identity, Outcome.STRATEGY_DISCUSSION),
        event(decided_at, EventKind.STRATEGY_ASKED, identity),
    ]
    if held is not None:
        rows.append(event(held, EventKind.STRATEGY_HELD, identity))
    if held is not None and enquiry:
        rows.append(event(held, EventKind.SECTION_47_STARTED, identity))
    return rows


def conference(identity: int, held: int, met: int) -> list[Row]:
    ended = event(held, EventKind.SECTION_47_ENDED, identity)
    return [*discussed(identity, held, held=held), ended, event(met, EventKind.CONFERENCE_HELD, identity)]


def test_seen_in_one_working_day_counts_from_the_discussion_and_only_where_an_enquiry_followed() -> None:
    friday = at(4, "16:00")
    written = log(
        [contact(n, at(2), children=2 if n == 1 else 1) for n in range(1, 7)],
        [
            *discussed(1, at(2), held=friday), seen(at(7, "23:59"), 1, 0), seen(at(8), 1, 1),
            *discussed(2, friday, held=at(7)), seen(at(3), 2),
            *discussed(3, friday, held=friday, enquiry=False), seen(at(20), 3),
            *discussed(4, friday), seen(at(20), 4),
            decided(friday, 5), seen(friday, 5),
            decided(friday, 6), seen(at(20), 6), event(at(21), EventKind.STRATEGY_ASKED, 6),
            event(at(21), EventKind.STRATEGY_HELD, 6), event(at(21), EventKind.SECTION_47_STARTED, 6),
        ],
    )  # fmt: skip

    assert reading(written, "section_47_seen_within_1_working_day_share") == pytest.approx(2 / 3)


def test_strategy_hours_run_from_asked_to_held() -> None:
    events = [*discussed(1, at(1), held=at(1, "03:30")), *discussed(2, at(1), held=at(2)), decided(at(1), 3)]

    assert reading(log([contact(n, 0) for n in (1, 2, 3)], events), "strategy_hours_q90") == 24.0
    assert reading(log([contact(1, 0)], events[:4]), "strategy_hours_q90") == 3.5


def test_those_not_rated_red_are_timed_by_themselves() -> None:
    friday = at(4, "16:00")
    written = log(
        [contact(n, friday, children=2 if n == 1 else 1) for n in range(1, 6)],
        [
            *(event(friday, EventKind.SCREENED, n, detail=Rating.RED if n == 5 else Rating.AMBER) for n in range(1, 6)),
            # Children of 1: by Monday, and by Tuesday. 2 two days on to the minute; of 3 there is no enquiry.
            *discussed(1, friday, held=friday), seen(at(7), 1, 0), seen(at(8), 1, 1),
            *discussed(2, friday, held=at(4, "20:00")), seen(at(6, "16:00"), 2),
            *discussed(3, friday, held=at(4, "18:00"), enquiry=False), seen(at(20), 3),
            # Neither a referral for assessment nor what is rated red is among them.
            decided(friday, 4), seen(at(20), 4),
            *discussed(5, friday, held=at(9)), seen(at(20), 5),
        ],
    )  # fmt: skip

    assert reading(written, "section_47_not_red_seen_within_1_working_day_share") == pytest.approx(2 / 3)
    assert reading(written, "section_47_not_red_unseen_after_48_hours_share") == pytest.approx(2 / 3)
    assert reading(written, "strategy_hours_not_red_q90") == 4.0
    assert reading(written, "strategy_hours_q90") > 100
    names = ("not_red_seen_within_1_working_day_share", "not_red_unseen_after_48_hours_share")
    assert [base(written, f"section_47_{name}") for name in names] == [3, 3]
    assert base(written, "strategy_hours_not_red_q90") == 3


def test_a_discussion_asked_for_outside_the_window_belongs_to_another() -> None:
    written = log([contact(1, 0)], discussed(1, at(9), held=at(10)), window_days=(0, 9))

    assert math.isnan(reading(written, "strategy_hours_q90"))


def test_an_action_is_overdue_after_ten_working_days_or_when_never_done() -> None:
    def action(identity: int, done: int | None) -> list[Row]:
        rows = [*discussed(identity, at(1), held=at(1)), event(at(1), EventKind.ACTION_SET, identity)]
        return rows if done is None else [*rows, event(done, EventKind.ACTION_DONE, identity)]

    # Ten working days after Tuesday of the first week end with Tuesday two weeks later, day 15.
    events = [*action(1, at(15, "23:59")), *action(2, at(16)), *action(3, None), *action(4, at(1))]

    assert reading(log([contact(n, 0) for n in (1, 2, 3, 4)], events), "strategy_actions_overdue_share") == 0.5


def conferences() -> EventLog:
    # Monday, day 0, to days 21, 22, and 7: 15, 16 and 5 working days.
    contacts = [contact(1, 0, children=2), contact(2, 0), contact(3, 0)]
    held = [(1, at(21, "23:59")), (2, at(22)), (3, at(7))]
    return log(contacts, [row for n, met in held for row in conference(n, 0, met)])


def test_enquiries_and_conferences_are_counted_by_child_in_the_window_they_happen() -> None:
    assert reading(conferences(), "section_47_count") == 4.0
    assert reading(conferences(), "conferences_count") == 4.0

    assert reading(log([contact(1, 0)], conference(1, 0, at(9)), window_days=(0, 9)), "conferences_count") == 0.0

    later = log([contact(1, 0, children=2)], conference(1, at(1), at(9)), window_days=(2, 10))
    assert reading(later, "section_47_count") == 0.0
    assert reading(later, "conferences_count") == 2.0


def test_conferences_are_timed_in_the_window_in_which_they_are_held() -> None:
    events = [*conference(1, 0, at(7)), *conference(2, 0, at(14))]
    written = log([contact(1, 0), contact(2, 0)], events, window_days=(0, 14))

    assert reading(written, "conference_working_days_q75") == 5.0


def test_conferences_are_timed_from_the_strategy_discussion_for_each_child() -> None:
    assert reading(conferences(), "conferences_within_15_working_days_share") == 0.75
    assert reading(conferences(), "conference_working_days_q25") == 5.0
    assert reading(conferences(), "conference_working_days_q50") == 15.0
    assert reading(conferences(), "conference_working_days_q75") == 15.0


def test_what_a_log_does_not_record_is_unknown_rather_than_none() -> None:
    written = log([contact(1, 0)], [decided(at(1))])

    assert math.isnan(reading(written, "section_47_count"))
    assert math.isnan(reading(written, "conferences_count"))
    assert math.isnan(reading(written, "section_47_seen_within_1_working_day_share"))
