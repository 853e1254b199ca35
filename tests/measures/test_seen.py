import math

import pytest

from sim.events import EventKind, Need, Outcome
from tests.measures.logs import Row, at, closed, contact, decided, event, log, reading, seen


def waited(*minutes: int, need: Need = Need.IN_NEED) -> tuple[list[Row], list[Row]]:
    """Families received at Monday noon and seen so many minutes later."""
    noon = at(0, "12:00")
    contacts = [contact(n, noon, need=need) for n in range(1, len(minutes) + 1)]
    events = [row for n, m in enumerate(minutes, start=1) for row in (decided(noon, n), seen(noon + m, n))]
    return contacts, events


def test_quantiles_are_elapsed_days_of_24_hours() -> None:
    written = log(*waited(*[at(day, "06:00") for day in range(10)]))

    assert reading(written, "days_to_seen_q50") == 4.25
    assert reading(written, "days_to_seen_q90") == 8.25
    assert reading(written, "days_to_seen_q95") == 9.25
    assert reading(written, "days_to_seen_q99") == 9.25
    assert reading(written, "days_to_seen_max") == 9.25


@pytest.mark.parametrize(
    ("received", "seen_at", "days", "working_days", "within_1_day"),
    [
        (at(4, "17:30"), at(7, "09:00"), 2.645833, 1, 0.0),
        (at(5, "10:00"), at(7, "10:00"), 2.0, 1, 0.0),
        (at(0, "09:00"), at(0, "16:00"), 0.291667, 0, 1.0),
        (at(0, "23:59"), at(1, "00:01"), 0.001389, 1, 1.0),
        (at(0, "00:00"), at(1, "23:59"), 1.999306, 1, 1.0),
        (at(0, "23:59"), at(2, "00:00"), 1.000694, 2, 0.0),
        (at(81, "12:00"), at(85, "12:00"), 4.0, 1, 0.0),
    ],
    ids=[
        "Friday evening to Monday", "Saturday to Monday", "the same day", "over midnight", "nearly two days",
        "little over one", "over the August bank holiday",
    ],
)  # fmt: skip
def test_the_day_of_receipt_is_day_0(
    received: int, seen_at: int, days: float, working_days: int, within_1_day: float
) -> None:
    written = log([contact(1, received)], [decided(received), seen(seen_at)], window_days=(0, 90))

    assert reading(written, "days_to_seen_q50") == pytest.approx(days, abs=1e-6)
    assert reading(written, "working_days_to_seen_q50") == working_days
    assert reading(written, "seen_within_1_day_share") == within_1_day


def test_within_ten_days_ends_with_the_tenth_day_after_the_day_of_receipt() -> None:
    to_midnight = at(11) - at(0, "12:00")
    written = log(*waited(60, to_midnight - 1, to_midnight, at(20)), window_days=(0, 61))

    assert reading(written, "seen_within_5_days_share") == 0.25
    assert reading(written, "seen_within_10_days_share") == 0.5
    assert reading(written, "seen_within_20_days_share") == 1.0
    assert reading(written, "not_immediate_seen_after_10_days_share") == 0.5
    assert reading(written, "beyond_10_days_per_month_count") == pytest.approx(2 / (61 / (365.25 / 12)))
    assert reading(written, "beyond_20_days_per_month_count") == 0.0


def test_children_at_immediate_risk_are_kept_apart() -> None:
    slow, quick = waited(at(12), at(12)), waited(60, need=Need.IMMEDIATE_RISK)
    contacts = [*slow[0], contact(9, at(0), need=Need.IMMEDIATE_RISK)]
    written = log(contacts, [*slow[1], decided(at(0), 9), seen(at(0, "06:00"), 9)])

    assert reading(written, "days_to_seen_q90", "immediate") == 0.25
    assert reading(written, "days_to_seen_q90", "not_immediate") == 12.0
    assert reading(written, "not_immediate_seen_after_10_days_share") == 1.0
    assert math.isnan(reading(log(*quick), "not_immediate_seen_after_10_days_share"))


def test_a_child_closed_unseen_is_referred_and_never_seen() -> None:
    written = log(
        [contact(n, at(0)) for n in (1, 2)], [decided(at(1), 1), decided(at(1), 2), seen(at(2), 1), closed(at(15), 2)]
    )

    assert reading(written, "seen_within_20_days_share") == 0.5
    assert reading(written, "days_to_seen_q50") == 2.0
    assert math.isnan(reading(written, "days_to_seen_q90"))
    assert reading(written, "days_to_seen_max") == 2.0
    assert reading(written, "beyond_10_days_per_month_count") == pytest.approx(1 / (28 / (365.25 / 12)))
    assert reading(written, "not_immediate_seen_after_10_days_share") == 0.0


def test_a_child_still_waiting_hands_its_weight_on_and_is_the_longest_wait() -> None:
    # Of three, one is seen after 2 days, one is lost after 3 and one seen after 4: 1/3, then 2/3 of the rest.
    contacts = [contact(1, at(0)), contact(2, at(4)), contact(3, at(0))]
    events = [decided(at(1), 1), seen(at(2), 1), decided(at(5), 2), decided(at(1), 3), seen(at(4), 3)]
    written = log(contacts, events, window_days=(0, 7), watched_days=7)

    assert reading(written, "seen_within_1_day_share") == 0.0
    assert reading(written, "days_to_seen_q50") == 4.0
    assert reading(written, "days_to_seen_max") == 4.0
    assert reading(log(contacts, events, watched_days=60), "days_to_seen_max") == 56.0


def test_the_fate_of_undecided_contacts_is_not_guessed_but_weighed() -> None:
    # Ten days on: one referred and seen at 1 day; one advised at 2; one undecided at 5; one referred and seen at 8.
    contacts = [contact(1, at(0)), contact(2, at(0)), contact(3, at(5)), contact(4, at(0))]
    events = [
        decided(at(0), 1), seen(at(1), 1), decided(at(2), 2, Outcome.ADVICE), decided(at(1), 4), seen(at(8), 4),
    ]  # fmt: skip
    written = log(contacts, events, window_days=(0, 10), watched_days=10)

    # Incidence of seen: 1/4 at 1, then 1/2 of all remain for the last one, who is seen: 3/4 in all.
    assert reading(written, "seen_within_1_day_share") == pytest.approx((1 / 4) / (3 / 4))
    assert reading(written, "referred_children_count") == 2.0


def test_contacts_on_open_cases_are_counted_and_not_in_the_cohort() -> None:
    contacts = [contact(1, at(0), open_case=1), contact(2, at(0))]
    written = log(contacts, [decided(at(1), 1, Outcome.OPEN_CASE), decided(at(1), 2), seen(at(3), 2)])

    assert reading(written, "open_case_contacts_count") == 1.0
    assert reading(written, "contacts_count") == 2.0
    assert reading(written, "referred_children_count") == 1.0


def test_days_unseen_add_up_over_children_and_are_given_for_a_year() -> None:
    contacts = [contact(1, at(0), children=2), contact(2, at(0)), contact(3, at(0))]
    events = [
        decided(at(1), 1), seen(at(2), 1, child=0), seen(at(6), 1, child=1), decided(at(1), 2), closed(at(3), 2),
        decided(at(1), 3, Outcome.ADVICE),
    ]  # fmt: skip
    written = log(contacts, events, window_days=(0, 30))

    assert reading(written, "child_days_unseen") == pytest.approx((2 + 6 + 3) / (30 / 365.25))


def test_a_case_passed_on_before_the_child_is_seen_counts_and_one_passed_on_after_does_not() -> None:
    def held(identity: int, *workers: tuple[int, int]) -> list[Row]:
        return [
            decided(at(1), identity), seen(at(5), identity),
            *(event(at(day), EventKind.ALLOCATED, identity, person=who) for day, who in workers),
        ]  # fmt: skip

    events = [*held(1, (2, 70), (4, 71)), *held(2, (2, 70), (6, 71)), *held(3, (2, 70), (3, 70)), *held(4)]
    written = log([contact(n, at(0)) for n in (1, 2, 3, 4)], events)

    assert reading(written, "changes_of_worker_before_seen_share") == 0.25


def test_out_of_hours_is_by_the_minute_of_receipt() -> None:
    received = {1: at(0, "08:29"), 2: at(0, "08:30"), 3: at(0, "16:59"), 4: at(0, "17:00"), 5: at(5, "12:00")}
    waits = {1: at(4), 2: at(20), 3: at(21), 4: at(3), 5: at(2)}
    events = [row for n, t in received.items() for row in (decided(t, n), seen(t + waits[n], n))]

    assert reading(log([contact(n, t) for n, t in received.items()], events), "out_of_hours_days_to_seen_q90") == 4.0


def test_children_closed_then_assessed_are_timed_from_their_first_contact_too() -> None:
    contacts = [contact(1, at(0)), contact(2, at(30), parent=1, children=2), contact(3, at(30))]
    events = [
        decided(at(1), 1, Outcome.ADVICE), decided(at(31), 2), seen(at(32), 2, child=0), seen(at(40), 2, child=1),
        decided(at(31), 3), seen(at(31), 3),
    ]  # fmt: skip
    written = log(contacts, events, window_days=(28, 56))

    assert reading(written, "closed_then_assessed_count") == 2.0
    assert reading(written, "days_from_first_contact_q50") == 32.0
    assert reading(written, "days_from_first_contact_q90") == 40.0
    assert reading(written, "days_to_seen_q50") == 2.0
