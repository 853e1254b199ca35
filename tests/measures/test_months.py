"""Month by month, on logs of a few lines; June 2018 is days 0 to 26, July 27 to 57, August 58 to 88."""

import math
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given

from sim.events import EventLog, Outcome
from sim.facts import ALL_FACTS, Fact
from sim.measures import by_month, measure
from sim.measures.months import Month
from sim.scenario import Source
from sim.working_time import MINUTES_PER_DAY
from tests.measures.logs import at, contact, decided, histories, log, seen

MONTHS = {date(2018, 6, 1): (0, 27), date(2018, 7, 1): (27, 58), date(2018, 8, 1): (58, 89)}
SHARES = (
    "seen_within_1_day_share",
    "seen_within_5_days_share",
    "seen_within_10_days_share",
    "seen_within_20_days_share",
)


def test_children_belong_to_the_month_of_their_contact_and_the_undecided_are_not_among_the_referred() -> None:
    families = [contact(1, at(3), children=2), contact(2, at(26)), contact(3, at(30)), contact(4, at(31))]
    events = [decided(at(4)), decided(at(27), 2), decided(at(31), 3, Outcome.ADVICE), seen(at(28)), seen(at(40), 2)]
    june, july = by_month(log(families, events, window_days=(0, 40), watched_days=60))

    assert (june.first, june.is_whole, june.contacts, june.referred, june.seen, june.waiting, june.undecided) == (
        date(2018, 6, 1), False, 2, 3, 2, 1, 0,
    )  # fmt: skip
    assert (july.first, july.is_whole, july.contacts, july.referred, july.waiting, july.undecided) == (
        date(2018, 7, 1), False, 2, 0, 0, 1,
    )  # fmt: skip


def test_sources_are_counted_with_the_unknown_last() -> None:
    families = [contact(n, at(1), source=source) for n, source in enumerate((*Source, Source.POLICE), 1)]
    unknown = list(contact(9, at(2)))
    unknown[2] = -1
    (june,) = by_month(log([*families, tuple(unknown)], window_days=(0, 20)))

    assert june.sources == (2, 1, 1, 1, 1, 1, 1)


@given(histories(watched_days=60))
def test_a_month_is_the_measures_of_a_log_with_that_window(written: EventLog) -> None:
    whole = replace(written, window_end=60 * MINUTES_PER_DAY)
    for month in by_month(whole):
        start, end = MONTHS[month.first]
        alone = replace(whole, window_start=start * MINUTES_PER_DAY, window_end=min(end, 60) * MINUTES_PER_DAY)
        read = measure(alone)
        shown = [month.contacts, month.referred, month.days_q50, month.days_q90, *month.within]
        names = ("contacts_count", "referred_children_count", "days_to_seen_q50", "days_to_seen_q90", *SHARES)
        assert shown == pytest.approx([read[name, "all"] for name in names], nan_ok=True, abs=0)


def test_a_record_without_dates_of_visits_has_counts_alone() -> None:
    written = replace(log([contact(1, at(1))], [decided(at(2))]), facts=ALL_FACTS - {Fact.SEEN})
    june = by_month(written)[0]

    assert (june.contacts, june.referred) == (1, 1)
    assert all(math.isnan(value) for value in (june.days_q50, june.days_q90, *june.within))


def test_a_month_is_uncertain_while_more_than_one_child_in_twenty_waits() -> None:
    month = Month(date(2018, 6, 1), True, 30, (), 20, 18, 1, 0, 0, 3.0, 9.0, ())  # noqa: FBT003  (a whole month)

    assert not month.is_uncertain
    assert replace(month, waiting=2).is_uncertain
    assert replace(month, undecided=1).is_uncertain
