import math

import pytest

from sim.events import Ending, EventKind, Need, Outcome, Rating
from tests.measures.logs import Row, at, closed, contact, decided, event, log, reading, seen

NAME = "in_need_closed_count"


def test_every_contact_is_timed_to_its_decision_whatever_it_was_and_once_for_a_family() -> None:
    contacts = [contact(1, at(0), children=3), contact(2, at(0), open_case=1), contact(3, at(0)), contact(4, at(0))]
    outcomes = (Outcome.REFERRAL, Outcome.OPEN_CASE, Outcome.ADVICE, Outcome.EARLY_HELP)
    written = log(
        contacts, [decided(at(day), n, o) for n, day, o in zip((1, 2, 3, 4), (1, 2, 3, 5), outcomes, strict=True)]
    )

    assert reading(written, "contacts_count") == 4.0
    assert reading(written, "decision_days_q50") == 2.0
    assert reading(written, "decision_days_q90") == 5.0
    assert reading(written, "contacts_decided_within_1_working_day_share") == 0.25


@pytest.mark.parametrize(
    ("received", "decided_at", "in_time"),
    [
        (at(0, "00:01"), at(1, "23:59"), 1.0),
        (at(0, "23:59"), at(2, "00:00"), 0.0),
        (at(4, "16:00"), at(7, "23:59"), 1.0),
        (at(4, "16:00"), at(8, "00:00"), 0.0),
        (at(5, "16:00"), at(7, "12:00"), 1.0),
        (at(81, "16:00"), at(85, "12:00"), 1.0),
    ],
    ids=["next day", "third day", "Friday to Monday", "Friday to Tuesday", "Saturday", "bank holiday"],
)  # fmt: skip
def test_one_working_day_ends_with_the_first_working_day_after_receipt(
    received: int, decided_at: int, in_time: float
) -> None:
    written = log([contact(1, received)], [decided(decided_at)], window_days=(0, 90))

    assert reading(written, "contacts_decided_within_1_working_day_share") == in_time


def test_contacts_still_undecided_at_the_cut_off_are_estimated_and_not_dropped() -> None:
    # One decided after 1 day, one lost sight of after 2, one decided after 3: 1/3, then all of the rest.
    contacts = [contact(1, at(0)), contact(2, at(1)), contact(3, at(0))]
    written = log(contacts, [decided(at(1), 1), decided(at(3), 3)], window_days=(0, 3), watched_days=3)

    assert reading(written, "decision_days_q50") == 3.0


def test_contacts_about_domestic_abuse_are_given_beside_the_others() -> None:
    contacts = [contact(1, at(0), domestic_abuse=1), contact(2, at(0))]
    written = log(contacts, [decided(at(1), 1), decided(at(4), 2)])

    assert reading(written, "decision_days_q50", "domestic_abuse") == 1.0
    assert reading(written, "decision_days_q50", "not_domestic_abuse") == 4.0


def test_immediate_risk_counts_as_in_time_when_decided_or_when_a_child_is_seen_within_four_hours() -> None:
    def case(identity: int, decided_at: str, *visits: tuple[int, str], need: Need = Need.IMMEDIATE_RISK) -> None:
        contacts.append(contact(identity, at(5, "20:00"), children=2, need=need))
        screened = event(at(5, "20:00"), EventKind.SCREENED, identity, detail=Rating.RED)
        events.extend([screened, decided(at(6, decided_at), identity)])
        events.extend(seen(at(5, clock), identity, child=child) for child, clock in visits)

    contacts: list[Row] = []
    events: list[Row] = []
    case(1, "00:00")
    case(2, "00:01")
    case(3, "09:00", (1, "23:59"))
    case(4, "09:00")
    case(5, "09:00", need=Need.IN_NEED)

    assert reading(log(contacts, events), "red_decided_in_time_share") == 0.5


def test_immediate_risk_in_a_real_record_is_a_red_rating() -> None:
    ratings = (Rating.RED, Rating.RED, Rating.AMBER)
    contacts = [contact(n, at(0), need=Need.UNKNOWN) for n in (1, 2, 3)]
    screenings = [event(at(0), EventKind.SCREENED, n, detail=rating) for n, rating in enumerate(ratings, start=1)]
    written = log(contacts, [*screenings, decided(at(0, "01:00"), 1), decided(at(0, "09:00"), 2), decided(at(0), 3)])

    assert reading(written, "red_decided_in_time_share") == 0.5


def test_further_work_counts_from_the_first_request_to_the_decision() -> None:
    def asked(identity: int, *days: int) -> list[Row]:
        screened = event(at(0), EventKind.SCREENED, identity)
        return [screened, *(event(at(day), EventKind.INFORMATION_ASKED, identity) for day in days)]

    events = [*asked(1, 1, 4), decided(at(7, "12:00"), 1), *asked(2), decided(at(20), 2)]

    assert reading(log([contact(1, 0), contact(2, 0)], events), "further_work_days_q95") == 6.5
    assert math.isnan(reading(log([contact(2, 0)], events[4:]), "further_work_days_q95"))


def test_an_unclear_threshold_counts_from_the_second_look() -> None:
    looked = [event(at(0), EventKind.SCREENED), event(at(2), EventKind.SECOND_LOOK_ASKED), decided(at(5))]

    assert reading(log([contact(1, 0)], looked), "unclear_to_section_47_decision_days_q90") == 3.0


def helped(identity: int, day: int | None, outcome: Outcome = Outcome.EARLY_HELP) -> list[Row]:
    rows = [decided(at(1), identity, outcome), closed(at(2), identity)]
    return rows if day is None else [*rows, event(at(day), EventKind.HELP_STARTED, identity)]


def test_first_help_is_timed_over_the_families_helped() -> None:
    events = [
        *helped(1, 9), *helped(2, 40), *helped(3, 50), *helped(4, None, Outcome.ADVICE), decided(at(1), 5),
        closed(at(20), 5, Ending.NO_FURTHER_ACTION), decided(at(1), 6), closed(at(20), 6, Ending.UNSEEN),
    ]  # fmt: skip

    assert reading(log([contact(n, 0) for n in range(1, 7)], events), "first_help_days_q50") == 40.0


def test_first_help_does_not_come_sooner_because_watching_stops_sooner() -> None:
    # Cut off on day 30: one helped after 9 days, one who waits since day 20, one helped after 25 days. A third and then
    # all of the rest; without the one who waits it would be a half after 9.
    events = [*helped(1, 9), decided(at(21), 2, Outcome.EARLY_HELP), closed(at(21), 2), *helped(3, 25)]
    contacts = [contact(1, 0), contact(2, at(20)), contact(3, 0)]

    assert reading(log(contacts, events, watched_days=30), "first_help_days_q50") == 25.0


def test_mondays_handover_is_that_of_the_first_working_morning_after_a_weekend() -> None:
    # Days 7, 77 are Mondays; 84 is a bank holiday Monday, so its weekend is handed over on Tuesday, day 85.
    days = (7, 7, 7, 77, 8, 85, 85, 86)
    contacts = [contact(n, at(day - 1)) for n, day in enumerate(days, start=1)]
    events = [event(at(day, "09:00"), EventKind.HANDED_OVER, n) for n, day in enumerate(days, start=1)]

    assert reading(log(contacts, events, window_days=(5, 8)), "monday_handover_count") == 3.0
    assert reading(log(contacts, events, window_days=(77, 91)), "monday_handover_count") == 1.5
    assert reading(log(contacts, events, window_days=(0, 15)), "monday_handover_count") == 1.0
    assert math.isnan(reading(log(contacts, events, window_days=(1, 6)), "monday_handover_count"))
    assert math.isnan(reading(log(contacts, window_days=(5, 8)), "monday_handover_count"))


def test_children_in_need_whose_contact_was_closed_are_counted_where_need_is_known() -> None:
    def counted(outcome: Outcome, need: Need = Need.IN_NEED) -> float:
        return reading(log([contact(1, at(0), need=need, children=2)], [decided(at(1), 1, outcome)]), NAME)

    assert {counted(outcome) for outcome in (Outcome.NO_FURTHER_ACTION, Outcome.ADVICE, Outcome.EARLY_HELP)} == {2.0}
    assert counted(Outcome.ADVICE, Need.IMMEDIATE_RISK) == 2.0
    assert {counted(outcome) for outcome in (Outcome.REFERRAL, Outcome.OTHER_TEAM, Outcome.CONSENT_REFUSED)} == {0.0}
    assert counted(Outcome.EARLY_HELP, Need.EARLY_HELP) == 0.0
    assert math.isnan(counted(Outcome.ADVICE, Need.UNKNOWN))
