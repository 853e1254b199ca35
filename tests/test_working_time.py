from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.working_time import (
    MINUTES_PER_DAY,
    WORKING_DAYS_MARGIN,
    Calendar,
    OpeningHours,
    WorkingDays,
    WorkingTimeError,
    england_bank_holidays,
    opening_calendar,
)

HORIZON = 200
OFFICE = OpeningHours()
YEAR = WorkingDays(date(2018, 4, 1), 365)

# As published by the government, gov.uk/bank-holidays; entered by hand, not from the package under test.
BANK_HOLIDAYS = {
    2018: "01-01 03-30 04-02 05-07 05-28 08-27 12-25 12-26",
    2019: "01-01 04-19 04-22 05-06 05-27 08-26 12-25 12-26",
    2020: "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28",
    2021: "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28",
    2022: "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27",
    2023: "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26",
    2024: "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26",
    2025: "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26",
    2026: "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
    2027: "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28",
    # Later years by rule: Easter of each year, and substitutes for days that fall at a weekend.
    2028: "01-03 04-14 04-17 05-01 05-29 08-28 12-25 12-26",
    2029: "01-01 03-30 04-02 05-07 05-28 08-27 12-25 12-26",
    2030: "01-01 04-19 04-22 05-06 05-27 08-26 12-25 12-26",
}


def calendar_of(minutes: set[int]) -> Calendar:
    """Build the calendar of these minutes, one interval for each."""
    return Calendar([(minute, minute + 1) for minute in sorted(minutes)])


def minutes_of(calendar: Calendar) -> set[int]:
    return {minute for start, end in calendar for minute in range(start, end)}


def at(day: date, hour: int = 0, minute: int = 0, *, first_day: date = date(2018, 4, 1)) -> int:
    return (day - first_day).days * MINUTES_PER_DAY + hour * 60 + minute


# Sets of minutes made of a few runs, so that stretches and gaps both have length.
RUNS = st.lists(st.tuples(st.integers(0, HORIZON), st.integers(1, 40)), max_size=8)
MINUTE_SETS = RUNS.map(lambda runs: {m for start, length in runs for m in range(start, min(start + length, HORIZON))})
TIMES = st.integers(-20, HORIZON + 20)
EVERY_TIME = range(-20, HORIZON + 20)


class TestCalendar:
    @given(MINUTE_SETS)
    def test_holds_exactly_its_minutes_in_joined_intervals_in_order(self, minutes: set[int]) -> None:
        calendar = calendar_of(minutes)

        assert minutes_of(calendar) == minutes
        assert calendar.total_minutes == len(minutes)
        assert all(start < end for start, end in calendar)
        assert all(end < start for end, start in zip(calendar.ends, calendar.starts[1:], strict=False))
        assert calendar.open_before == [len([m for m in minutes if m < start]) for start in calendar.starts]
        assert len(calendar) == len(calendar.starts)

    @given(MINUTE_SETS)
    def test_lists_and_arrays_hold_the_same_numbers(self, minutes: set[int]) -> None:
        calendar = calendar_of(minutes)

        for scalars, array in (
            (calendar.starts, calendar.starts_array),
            (calendar.ends, calendar.ends_array),
            (calendar.open_before, calendar.open_before_array),
        ):
            assert scalars == array.tolist()
            assert array.dtype == np.int64
            assert all(type(number) is int for number in scalars)
            assert not array.flags.writeable

    @given(MINUTE_SETS)
    def test_is_open_in_its_own_minutes_alone(self, minutes: set[int]) -> None:
        calendar = calendar_of(minutes)

        assert {t for t in EVERY_TIME if calendar.is_open(t)} == minutes

    @given(MINUTE_SETS)
    def test_next_open_is_the_first_open_minute_from_then(self, minutes: set[int]) -> None:
        calendar = calendar_of(minutes)

        for t in EVERY_TIME:
            assert calendar.next_open(t) == min((m for m in minutes if m >= t), default=None)

    @given(MINUTE_SETS, st.integers(1, HORIZON))
    def test_after_ends_with_the_last_minute_worked(self, minutes: set[int], effort: int) -> None:
        calendar, in_order = calendar_of(minutes), sorted(minutes)

        for start in EVERY_TIME:
            worked = [m for m in in_order if m >= start][:effort]
            assert calendar.after(start, effort) == (worked[-1] + 1 if len(worked) == effort else None)

    @given(MINUTE_SETS, TIMES, TIMES)
    def test_open_minutes_counts_those_between(self, minutes: set[int], a: int, b: int) -> None:
        expected = len([m for m in minutes if a <= m < b]) - len([m for m in minutes if b <= m < a])

        assert calendar_of(minutes).open_minutes(a, b) == expected

    @given(MINUTE_SETS, st.lists(TIMES, max_size=12), st.sampled_from([1, 2000]))  # thousands are looked up in a table
    def test_open_minutes_by_counts_those_before_each_time(self, minutes: set[int], times: list[int], by: int) -> None:
        counted = calendar_of(minutes).open_minutes_by(np.repeat(np.array(times, dtype=np.int64), by))

        assert counted[::by].tolist() == [len([m for m in minutes if m < t]) for t in times]
        assert counted.dtype == np.int64

    def test_open_minutes_by_keeps_the_shape_it_is_given(self) -> None:
        times = np.array([[0, 15], [25, 99]])

        assert Calendar([(10, 30)]).open_minutes_by(times).tolist() == [[0, 5], [15, 20]]

    @given(MINUTE_SETS, MINUTE_SETS)
    def test_without_and_union_are_those_of_sets(self, a: set[int], b: set[int]) -> None:
        assert calendar_of(a).union(calendar_of(b)) == calendar_of(a | b)
        assert calendar_of(a).without(calendar_of(b)) == calendar_of(a - b)

    @given(MINUTE_SETS, st.lists(st.tuples(TIMES, st.integers(0, 60)), max_size=6))
    def test_without_takes_out_intervals_that_overlap_in_any_order(
        self, minutes: set[int], blocks: list[tuple[int, int]]
    ) -> None:
        intervals = [(start, start + length) for start, length in blocks]
        taken = {m for start, end in intervals for m in range(start, end)}

        assert calendar_of(minutes).without(intervals) == calendar_of(minutes - taken)

    @given(MINUTE_SETS, st.integers(0, HORIZON + 20))
    def test_complement_is_what_is_closed_within_the_span(self, minutes: set[int], end: int) -> None:
        assert calendar_of(minutes).complement(end) == calendar_of(set(range(end)) - minutes)

    @given(MINUTE_SETS, TIMES, TIMES)
    def test_between_clips_to_the_span(self, minutes: set[int], start: int, end: int) -> None:
        assert calendar_of(minutes).between(start, end) == calendar_of(minutes & set(range(start, end)))

    def test_is_built_from_an_array_of_pairs_as_from_tuples(self) -> None:
        assert Calendar(np.array([[1, 4], [6, 9]])) == Calendar([(1, 4), (6, 9)])

    def test_touching_intervals_are_one(self) -> None:
        assert list(Calendar([(0, 10), (10, 20)])) == [(0, 20)]

    def test_equal_calendars_have_equal_hashes_and_others_are_unequal(self) -> None:
        assert hash(Calendar([(0, 10), (10, 20)])) == hash(Calendar([(0, 20)]))
        assert Calendar([(0, 20)]) != Calendar([(0, 21)])
        assert Calendar([(0, 20)]) != [(0, 20)]

    def test_says_what_it_is(self) -> None:
        assert repr(Calendar([(5, 10), (20, 30)])) == "Calendar(2 intervals, 15 open minutes, 5 to 30)"
        assert repr(Calendar()) == "Calendar(0 intervals, 0 open minutes, never open)"

    @pytest.mark.parametrize(
        ("intervals", "rule"),
        [
            ([(0, 10), (12, 12)], r"\[12, 12\) is empty"),
            ([(10, 5)], r"\[10, 5\) is empty"),
            ([(0, 10), (9, 20)], r"\[9, 20\) begins before the one before it ends"),
            ([(20, 30), (0, 10)], r"\[0, 10\) begins before the one before it ends"),
            ([(0.0, 10.0)], "must be pairs of whole minutes"),
            ([(0, 10, 20)], "must be pairs of whole minutes"),
        ],
    )
    def test_refuses_intervals_that_are_not_in_order(self, intervals: list[tuple[int, int]], rule: str) -> None:
        with pytest.raises(WorkingTimeError, match=rule):
            Calendar(intervals)

    def test_refuses_to_take_out_what_ends_before_it_begins(self) -> None:
        with pytest.raises(WorkingTimeError, match=r"\[9, 3\) ends before it begins"):
            Calendar([(0, 10)]).without([(1, 2), (9, 3)])

    def test_refuses_an_effort_of_no_minutes(self) -> None:
        with pytest.raises(WorkingTimeError, match="effort of 0 minutes: must be at least 1"):
            Calendar([(0, 10)]).after(0, 0)


class TestOfficeHours:
    # Thursday 18 April 2019, then Good Friday, the weekend, Easter Monday, and Tuesday 23 April.
    easter = opening_calendar(date(2019, 4, 18), 6, OFFICE)
    tuesday = 5 * MINUTES_PER_DAY

    def test_easter_is_closed_from_thursday_evening_to_tuesday_morning(self) -> None:
        assert list(self.easter) == [(510, 1020), (self.tuesday + 510, self.tuesday + 1020)]

    def test_work_within_the_day_ends_within_it(self) -> None:
        assert self.easter.after(600, 60) == 660

    def test_work_begun_before_opening_starts_at_opening(self) -> None:
        assert self.easter.after(0, 60) == 570

    def test_work_that_fits_exactly_ends_at_closing_time(self) -> None:
        assert self.easter.after(960, 60) == 1020

    def test_one_minute_more_ends_after_easter(self) -> None:
        assert self.easter.after(960, 61) == self.tuesday + 511

    def test_work_begun_at_closing_time_waits_for_the_next_opening(self) -> None:
        assert self.easter.next_open(1020) == self.tuesday + 510
        assert self.easter.after(1020, 1) == self.tuesday + 511

    def test_work_beyond_the_calendar_never_ends(self) -> None:
        assert self.easter.after(self.tuesday + 1000, 20) == self.tuesday + 1020
        assert self.easter.after(self.tuesday + 1000, 21) is None
        assert self.easter.next_open(self.tuesday + 1020) is None

    def test_what_is_left_of_the_day_leaves_out_booked_time(self) -> None:
        booked = self.easter.without([(720, 780)])

        assert booked.left_in_stretch(510) == 450
        assert booked.left_in_stretch(700) == 20 + 240
        assert booked.left_in_stretch(1019) == 1

    @pytest.mark.parametrize("closed", [0, 509, 720, 779, 1020, 1439, 2000])
    def test_nothing_is_left_of_the_day_where_closed(self, closed: int) -> None:
        assert self.easter.without([(720, 780)]).left_in_stretch(closed) == 0

    def test_a_night_shift_has_only_until_midnight_left_of_its_day(self) -> None:
        night = self.easter.complement(6 * MINUTES_PER_DAY)

        assert night.left_in_stretch(1430) == 10
        assert night.left_in_stretch(0) == 510 + 420

    def test_office_and_out_of_hours_share_no_minute_and_leave_none_out(self) -> None:
        night = self.easter.complement(6 * MINUTES_PER_DAY)

        assert night.union(self.easter) == Calendar([(0, 6 * MINUTES_PER_DAY)])
        assert night.total_minutes + self.easter.total_minutes == 6 * MINUTES_PER_DAY

    def test_a_team_may_open_on_bank_holidays_and_other_weekdays(self) -> None:
        hours = OpeningHours(opens_minute=0, closes_minute=1440, weekdays=(4, 5), bank_holidays_closed=False)

        assert list(opening_calendar(date(2019, 4, 18), 6, hours)) == [(1440, 3 * 1440)]

    @pytest.mark.parametrize(("opens", "closes"), [(-1, 600), (600, 600), (700, 600), (600, 1441)])
    def test_refuses_hours_outside_one_day(self, opens: int, closes: int) -> None:
        with pytest.raises(WorkingTimeError, match=f"opening hours {opens} to {closes}: must open before they close"):
            OpeningHours(opens_minute=opens, closes_minute=closes)

    @pytest.mark.parametrize("weekdays", [(), (0, 0), (1, 0), (0, 7), (-1,)])
    def test_refuses_weekdays_that_are_none(self, weekdays: tuple[int, ...]) -> None:
        with pytest.raises(WorkingTimeError, match="must be one or more of 0"):
            OpeningHours(weekdays=weekdays)

    def test_a_calendar_of_one_day_keeps_to_its_bank_holiday(self) -> None:
        assert list(opening_calendar(date(2019, 4, 18), 1, OFFICE)) == [(510, 1020)]
        assert list(opening_calendar(date(2019, 4, 19), 1, OFFICE)) == []

    def test_refuses_a_calendar_of_no_days(self) -> None:
        with pytest.raises(WorkingTimeError, match="a calendar of 0 days"):
            opening_calendar(date(2019, 4, 18), 0, OFFICE)
        with pytest.raises(WorkingTimeError, match="a calendar of 0 days"):
            WorkingDays(date(2019, 4, 18), 0)


class TestBankHolidays:
    @pytest.mark.parametrize("year", BANK_HOLIDAYS)
    def test_weekdays_lost_to_bank_holidays_are_those_published(self, year: int) -> None:
        found = england_bank_holidays(date(year, 1, 1), date(year, 12, 31))

        assert sorted(day.strftime("%m-%d") for day in found if day.weekday() < 5) == BANK_HOLIDAYS[year].split()

    def test_both_ends_of_the_span_are_in_it_and_nothing_outside(self) -> None:
        found = england_bank_holidays(date(2018, 12, 26), date(2019, 1, 1))

        assert found == {date(2018, 12, 26), date(2019, 1, 1)}


class TestWorkingDays:
    @pytest.mark.parametrize(
        ("received", "seen", "days"),
        [
            (date(2018, 6, 4), date(2018, 6, 4), 0),
            (date(2018, 6, 4), date(2018, 6, 5), 1),
            (date(2018, 6, 2), date(2018, 6, 4), 1),
            (date(2018, 6, 1), date(2018, 6, 2), 0),
            (date(2018, 6, 1), date(2018, 6, 4), 1),
            (date(2018, 12, 24), date(2018, 12, 27), 1),
            (date(2018, 12, 21), date(2019, 1, 2), 5),
            (date(2019, 4, 18), date(2019, 4, 23), 1),
            (date(2019, 4, 19), date(2019, 4, 23), 1),
        ],
    )
    def test_the_day_of_receipt_is_day_0(self, received: date, seen: date, days: int) -> None:
        for hour in (0, 9, 23):
            a, b = np.array([at(received, hour)]), np.array([at(seen, hour)])

            assert YEAR.between(a, b).tolist() == [days]
            assert YEAR.between(b, a).tolist() == [-days]

    @pytest.mark.parametrize(
        ("received", "n", "due"),
        [
            (date(2018, 12, 24), 1, date(2018, 12, 27)),
            (date(2019, 4, 18), 1, date(2019, 4, 23)),
            (date(2019, 4, 20), 1, date(2019, 4, 23)),
            (date(2020, 5, 7), 1, date(2020, 5, 11)),
            (date(2020, 5, 1), 1, date(2020, 5, 4)),
            (date(2022, 9, 16), 1, date(2022, 9, 20)),
            (date(2023, 5, 5), 2, date(2023, 5, 10)),
            (date(2018, 4, 3), 45, date(2018, 6, 7)),
            (date(2018, 6, 2), 0, date(2018, 6, 2)),
        ],
    )
    def test_due_dates_step_over_weekends_and_bank_holidays(self, received: date, n: int, due: date) -> None:
        first_day = date(received.year, 1, 1)
        working_days = WorkingDays(first_day, 365)
        t = at(received, 16, 30, first_day=first_day)

        assert working_days.add(t, n) == at(due + timedelta(days=1), first_day=first_day)
        assert working_days.due_at(t, n, 17 * 60) == at(due, 17, first_day=first_day)

    @given(st.dates(date(2017, 1, 1), date(2020, 3, 30)), st.dates(date(2017, 1, 1), date(2020, 3, 30)))
    def test_between_agrees_with_numpy(self, a: date, b: date) -> None:
        closed = sorted(england_bank_holidays(date(2016, 1, 1), date(2021, 12, 31)))
        one = timedelta(days=1)
        counted = np.busday_count(min(a, b) + one, max(a, b) + one, holidays=closed)

        found = YEAR.between(np.array([at(a, 13)]), np.array([at(b, 8)]))

        assert found.tolist() == [counted if a <= b else -counted]

    @given(st.dates(date(2017, 1, 1), date(2020, 3, 30)), st.integers(1, 60), st.integers(0, 1439))
    def test_add_agrees_with_numpy(self, day: date, n: int, minute: int) -> None:
        closed = sorted(england_bank_holidays(date(2016, 1, 1), date(2021, 12, 31)))
        due = np.busday_offset(np.busday_offset(day, 0, "backward", holidays=closed), n, holidays=closed)

        assert YEAR.add(at(day, 0, minute), n) == at(date.fromisoformat(str(due)) + timedelta(days=1))

    @given(st.integers(-300_000, 800_000), st.integers(1, 60))
    def test_what_is_done_by_its_due_instant_took_no_more_working_days(self, t: int, n: int) -> None:
        due = YEAR.add(t, n)

        last_minute, first_late = YEAR.between(np.array([t, t]), np.array([due - 1, due]))

        assert last_minute == n
        assert first_late >= n
        assert YEAR.is_working_day((due - 1) // MINUTES_PER_DAY)

    def test_may_be_due_at_any_minute_of_the_day_from_midnight_to_midnight(self) -> None:
        one_day = WorkingDays(date(2019, 4, 18), 1)
        tuesday = 5 * MINUTES_PER_DAY

        assert [one_day.due_at(600, 1, minute) - tuesday for minute in (0, 1440)] == [0, 1440]
        assert [one_day.due_at(600, 0, minute) for minute in (0, 1440)] == [0, 1440]

    def test_index_rises_by_one_on_each_working_day_and_on_no_other(self) -> None:
        days = np.arange(-WORKING_DAYS_MARGIN, 365 + WORKING_DAYS_MARGIN)
        rises = np.diff(YEAR.index(days * MINUTES_PER_DAY))

        assert rises.tolist() == [YEAR.is_working_day(int(day)) for day in days[1:]]

    def test_index_keeps_shape_and_takes_every_minute_of_a_day_alike(self) -> None:
        times = np.array([[0, 1439], [1440, 2879]])

        index = YEAR.index(times)

        assert index.shape == (2, 2)
        assert index[0, 0] == index[0, 1]
        assert index[1, 0] == index[1, 1]

    def test_dates_are_counted_from_the_first_day_in_both_directions(self) -> None:
        assert YEAR.date_of(0) == date(2018, 4, 1)
        assert YEAR.date_of(1440) == date(2018, 4, 2)
        assert YEAR.date_of(-1) == date(2018, 3, 31)

    def test_knows_a_working_day(self) -> None:
        easter = WorkingDays(date(2019, 4, 18), 6)

        assert [easter.is_working_day(day) for day in range(6)] == [True, False, False, False, False, True]

    def test_refuses_times_too_far_from_the_run_and_names_the_date(self) -> None:
        early, late = -(WORKING_DAYS_MARGIN + 1) * MINUTES_PER_DAY, (365 + WORKING_DAYS_MARGIN) * MINUTES_PER_DAY
        span = "within 731 days of the run's days, 2018-04-01 to 2019-03-31"

        with pytest.raises(WorkingTimeError, match=f"working days of 2016-03-30: must lie {span}"):
            YEAR.index(np.array([0, early]))
        with pytest.raises(WorkingTimeError, match=f"working days of 2021-04-01: must lie {span}"):
            YEAR.index(np.array([late]))
        with pytest.raises(WorkingTimeError, match="working days of 2021-04-01"):
            YEAR.add(late, 1)
        with pytest.raises(WorkingTimeError, match="working days of 2016-03-30"):
            YEAR.is_working_day(-WORKING_DAYS_MARGIN - 1)
        with pytest.raises(WorkingTimeError, match="working days of 2021-03-31"):
            YEAR.add(late - 1, 1)

    @pytest.mark.parametrize(("n", "at_minute"), [(-1, 0), (1, -1), (1, 1441)])
    def test_refuses_a_due_time_that_is_none(self, n: int, at_minute: int) -> None:
        with pytest.raises(WorkingTimeError, match="days must be at least 0, the minute 0 to 1440"):
            YEAR.due_at(0, n, at_minute)
