import math

import pytest

from sim.events import Activity, Ending, EventKind, EventLog, Outcome
from tests.measures.logs import Row, at, contact, decided, event, log, reading

# Each band and its last working day; the last band has none.
BANDS = {
    "same_day": 0, "1_10": 10, "11_20": 20, "21_30": 30, "31_40": 40, "41_45": 45, "46_50": 50, "51_60": 60,
    "61_plus": 70,
}  # fmt: skip


def working_day(number: int) -> int:
    """Noon of the working day so many after day 0. The 60th weekday is a bank holiday."""
    weekday = number + (number >= 60)
    return at(weekday // 5 * 7 + weekday % 5, "12:00")


def assessed(
    identity: int, start: int, stop: int, *, referred: int | None = None, ending: Ending = Ending.TRANSFER
) -> list[Row]:
    when = start if referred is None else referred
    return [
        decided(when, identity), event(start, EventKind.ALLOCATED, identity, person=70),
        event(start, EventKind.ASSESSMENT_STARTED, identity),
        event(stop, EventKind.ASSESSMENT_AUTHORISED, identity, detail=ending),
    ]  # fmt: skip


def lasting(*working_days: int) -> EventLog:
    events = [row for n, d in enumerate(working_days, start=1) for row in assessed(n, at(0, "12:00"), working_day(d))]
    contacts = [contact(n, at(0)) for n in range(1, len(working_days) + 1)]
    return log(contacts, events, window_days=(0, 140))


@pytest.mark.parametrize("band", BANDS)
def test_each_band_holds_both_its_ends(band: str) -> None:
    bands = list(BANDS)
    place = bands.index(band)
    first = BANDS[bands[place - 1]] + 1 if place else 0
    written = lasting(first, BANDS[band])

    assert {name: reading(written, f"assessment_band_{name}_share") for name in bands} == {
        name: float(name == band) for name in bands
    }


def test_the_bands_of_any_assessments_sum_to_one() -> None:
    written = lasting(0, 3, 10, 11, 25, 44, 45, 46, 58)

    assert sum(reading(written, f"assessment_band_{name}_share") for name in BANDS) == pytest.approx(1.0)


def test_within_45_working_days_includes_the_45th_whatever_the_hour() -> None:
    assert reading(lasting(45, 46), "assessments_within_45_working_days_share") == 0.5


def test_the_statutory_clock_starts_with_the_referral() -> None:
    events = [
        *assessed(1, working_day(5), working_day(46), referred=at(0)),
        *assessed(2, working_day(5), working_day(45), referred=at(0)),
    ]
    written = log([contact(1, 0), contact(2, 0)], events, window_days=(0, 90))

    assert reading(written, "assessments_within_45_working_days_of_referral_share") == 0.5
    assert reading(written, "assessments_within_45_working_days_share") == 1.0


def test_quartiles_are_per_child_as_published() -> None:
    events = [
        *assessed(1, at(0), working_day(4)),
        *assessed(2, at(0), working_day(20)),
        *assessed(3, at(0), working_day(30)),
    ]
    written = log([contact(1, 0), contact(2, 0, children=2), contact(3, 0)], events, window_days=(0, 60))

    assert [reading(written, f"assessment_working_days_{q}") for q in ("q25", "q50", "q75")] == [4.0, 20.0, 20.0]


def test_an_assessment_belongs_to_the_window_in_which_it_is_authorised() -> None:
    events = [*assessed(1, at(1), at(6)), *assessed(2, at(1), at(8)), *assessed(3, at(1), at(14))]
    written = log([contact(n, 0, children=n) for n in (1, 2, 3)], events, window_days=(7, 14))

    assert reading(written, "assessments_count") == 2.0


def test_what_assessments_found_and_were_about_is_a_share_of_children() -> None:
    events = [*assessed(1, at(1), at(6)), *assessed(2, at(1), at(8))]
    written = log([contact(1, 0, children=3), contact(2, 0, domestic_abuse=1)], events)

    assert reading(written, "domestic_abuse_assessed_share") == 0.25


def test_children_found_not_in_need_are_a_share_of_the_windows_referrals() -> None:
    # Of ten children referred in the window three are assessed as not in need; two more were referred before it.
    endings = (Ending.NO_FURTHER_ACTION, Ending.STEP_DOWN, Ending.TRANSFER)
    events = [row for n, ending in enumerate(endings, 1) for row in assessed(n, at(8), at(9), ending=ending)]
    events += assessed(4, at(1), at(9), ending=Ending.NO_FURTHER_ACTION)
    contacts = [contact(n, 0, children=children) for n, children in ((1, 1), (2, 2), (3, 7), (4, 2))]

    assert reading(log(contacts, events, window_days=(7, 14)), "assessed_not_in_need_share") == 0.5


def test_a_review_counts_as_done_when_it_comes_before_the_next_is_due() -> None:
    def review(kind: EventKind, day: int, identity: int = 1) -> Row:
        return event(at(day), kind, identity)

    due, done = EventKind.REVIEW_DUE, EventKind.REVIEWED
    events = [
        *assessed(1, at(0), at(60)), review(due, 2), review(done, 3), review(due, 10),
        review(due, 20), review(done, 25),
        *assessed(2, at(0), at(60)), review(due, 5, 2), review(done, 6, 2),
        *assessed(3, at(0), at(60)), review(due, 30, 3),
    ]  # fmt: skip

    assert reading(log([contact(n, 0) for n in (1, 2, 3)], events), "reviews_done_share") == 0.75


def worked(identity: int, *pieces: tuple[int, int], person: int = 70) -> list[Row]:
    rows = []
    for start, stop in pieces:
        for time, kind in (
            (start, EventKind.WORK_QUEUED),
            (start, EventKind.WORK_STARTED),
            (stop, EventKind.WORK_ENDED),
        ):
            rows.append(event(time, kind, identity, person=person, detail=Activity.ASSESSING))
    return rows


def test_an_assessment_lies_untouched_for_its_longest_time_without_anybody_at_work() -> None:
    # From 1 to 20: work 3-5 and 4-8 overlap, then 9-10 and 13-14; idle 2, 1, 3 and 6 days.
    events = [*assessed(1, at(1), at(20)), *worked(1, (at(3), at(5)), (at(9), at(10)), (at(13), at(14)))]
    events += worked(1, (at(4), at(8)), person=71)

    assert reading(log([contact(1, 0)], events), "assessment_untouched_days_mean") == 6.0


def test_time_before_the_start_and_after_the_end_is_not_the_assessments() -> None:
    # Untouched from receipt to 5 and from 8 to 20; the assessment runs from 4 to 9, and idles 1 day at each end.
    first = [*assessed(1, at(4), at(9), referred=at(0)), *worked(1, (at(5), at(8)), (at(20), at(21)))]
    second = assessed(2, at(4), at(7))

    assert reading(log([contact(1, 0)], first), "assessment_untouched_days_mean") == 1.0
    assert reading(log([contact(1, 0), contact(2, 0)], [*first, *second]), "assessment_untouched_days_mean") == 2.0


def test_work_never_ended_on_one_family_leaves_the_next_ones_count_alone() -> None:
    begun = worked(1, (at(12), at(13)))[:2]
    events = [*assessed(1, at(1), at(11)), *begun, *assessed(2, at(1), at(5)), *worked(2, (at(2), at(4)), person=71)]

    assert reading(log([contact(1, 0), contact(2, 0)], events), "assessment_untouched_days_mean") == 5.5


def test_a_log_without_work_or_assessments_says_so() -> None:
    assert math.isnan(reading(log([contact(1, 0)], assessed(1, at(1), at(2))), "assessment_untouched_days_mean"))
    assert math.isnan(reading(log([contact(1, 0)], [decided(at(1), outcome=Outcome.ADVICE)]), "assessments_count"))
