import math

import numpy as np
import pytest
from hypothesis import given

from sim.events import EventKind, EventLog, Outcome
from sim.measures import measure, open_work
from sim.measures.flow import StepError
from sim.scenario import Source
from sim.working_time import MINUTES_PER_DAY
from tests.measures.logs import Row, at, closed, contact, decided, event, histories, log, reading, seen


def test_referrals_are_children_by_the_decision_that_made_them_so() -> None:
    outcomes = {
        1: Outcome.REFERRAL, 2: Outcome.STRATEGY_DISCUSSION, 3: Outcome.REFERRAL_NO_ACTION, 4: Outcome.OTHER_TEAM,
        5: Outcome.ADVICE, 6: Outcome.EARLY_HELP, 7: Outcome.OPEN_CASE, 8: Outcome.STRATEGY_DISCUSSION,
    }  # fmt: skip
    contacts = [contact(n, 0, children=2, open_case=int(n >= 7), is_return=int(n in (2, 5))) for n in outcomes]
    written = log(contacts, [decided(at(1), n, outcome) for n, outcome in outcomes.items()])

    assert reading(written, "referrals_count") == 8.0
    assert reading(written, "rereferrals_share") == 0.25
    assert reading(written, "referrals_no_action_share") == 0.25


def test_a_referral_belongs_to_the_window_in_which_it_is_decided() -> None:
    contacts = [contact(n, at(n)) for n in (1, 2, 3)]
    written = log(contacts, [decided(at(6), 1), decided(at(7), 2), decided(at(14), 3)], window_days=(7, 14))

    assert reading(written, "referrals_count") == 1.0
    assert reading(written, "referred_children_count") == 0.0


def test_the_shares_of_sources_are_of_children_and_sum_to_one() -> None:
    contacts = [contact(1, 0, children=3), contact(2, 0, source=Source.HEALTH)]
    readings = measure(log(contacts, [decided(at(1), 1), decided(at(1), 2)]))
    shares = {source: readings[f"referrals_from_{source.value}_share", "all"] for source in Source}

    assert shares[Source.POLICE] == 0.75
    assert shares[Source.HEALTH] == 0.25
    assert sum(shares.values()) == 1.0


def a_fortnight() -> EventLog:
    """One family of two: received on day 2, referred on 4, allocated on 7, one child seen on 8, authorised on 11.

    Its worker leaves on day 9 and the next takes over on 10; a second family is never decided, and the assessment of
    a third is given up on day 13.
    """
    events = [
        decided(at(4), 1), event(at(7), EventKind.ALLOCATED, 1, person=70),
        event(at(7), EventKind.ASSESSMENT_STARTED, 1),
        seen(at(8), 1, 1), event(at(9), EventKind.HOLDER_LEFT, 1), event(at(10), EventKind.ALLOCATED, 1, person=71),
        event(at(11), EventKind.ASSESSMENT_AUTHORISED, 1), closed(at(12), 1), *given_up(3, at(12), at(13)),
    ]  # fmt: skip
    return log([contact(1, at(2), children=2), contact(2, at(11)), contact(3, at(12))], events, window_days=(0, 14))


def given_up(identity: int, start: int, stop: int) -> list[Row]:
    """An assessment closed without being authorised, of a child whom the same day's duty worker has seen."""
    kinds = (EventKind.ALLOCATED, EventKind.ASSESSMENT_STARTED)
    events = [event(start, kind, identity, person=70) for kind in kinds]
    return [decided(start, identity), *events, seen(start, identity), closed(stop, identity)]


def test_open_work_is_what_is_open_at_each_midnight() -> None:
    found = open_work(a_fortnight())

    assert (found.times // MINUTES_PER_DAY).tolist() == list(range(14))
    assert found.open_contacts.tolist() == [0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1]
    assert found.unallocated_children.tolist() == [0, 0, 0, 0, 2, 2, 2, 0, 0, 2, 0, 0, 0, 0]
    assert found.open_assessments.tolist() == [0, 0, 0, 0, 0, 0, 0, 2, 2, 2, 2, 0, 1, 0]
    assert found.unseen_children.tolist() == [0, 0, 0, 0, 2, 2, 2, 2, 1, 1, 1, 1, 0, 0]


def test_averages_are_over_every_minute_of_the_window() -> None:
    assert reading(a_fortnight(), "open_contacts_mean") == pytest.approx((2 + 3) / 14)
    assert reading(a_fortnight(), "unallocated_children_mean") == pytest.approx(2 * (3 + 1) / 14)
    assert reading(a_fortnight(), "open_assessments_mean") == pytest.approx((2 * 4 + 1) / 14)


def test_open_work_at_another_step_starts_with_the_window() -> None:
    found = open_work(a_fortnight(), step_minutes=5 * MINUTES_PER_DAY)

    assert (found.times // MINUTES_PER_DAY).tolist() == [0, 5, 10]
    assert found.open_assessments.tolist() == [0, 0, 2]


def test_a_step_of_no_time_is_refused() -> None:
    with pytest.raises(StepError, match="at least 1 minute"):
        open_work(a_fortnight(), step_minutes=0)


def test_a_log_without_allocations_does_not_claim_that_everybody_waits() -> None:
    readings = measure(log([contact(1, 0)], [decided(at(1))]))

    assert math.isnan(readings["unallocated_children_mean", "all"])
    assert math.isnan(readings["open_assessments_mean", "all"])
    assert math.isnan(measure(log([contact(1, 0)]))["open_contacts_mean", "all"])


@given(histories(watched_days=30))
def test_open_work_equals_a_count_of_what_is_open_one_by_one(written: EventLog) -> None:
    found = open_work(written, step_minutes=1000)
    journeys = {row[0]: [e for e in written.events.tolist() if e[2] == row[0]] for row in written.contacts.tolist()}
    for place, moment in enumerate(found.times.tolist()):
        past = {key: [e for e in rows if e[0] <= moment] for key, rows in journeys.items()}
        undecided = unallocated = unseen = 0
        for row in written.contacts.tolist():
            kinds = [e[1] for e in past[row[0]]]
            outcome = next((e[6] for e in past[row[0]] if e[1] == EventKind.DECIDED), None)
            undecided += bool(kinds) and EventKind.DECIDED not in kinds
            referred = outcome in (Outcome.REFERRAL, Outcome.STRATEGY_DISCUSSION) and not row[8]
            referred = referred and EventKind.CLOSED not in kinds
            unallocated += row[4] * (referred and EventKind.ALLOCATED not in kinds)
            unseen += (row[4] - kinds.count(EventKind.SEEN)) * referred
        assert found.open_contacts[place] == undecided
        assert found.unallocated_children[place] == unallocated
        assert found.unseen_children[place] == unseen
    assert np.array_equal(found.open_assessments, np.zeros(len(found.times)))
