"""Opening hours, bank holidays and working days.

Time is a whole number of minutes of civil time since midnight at the run's first day; dates exist only at the edges.
Every day has 1,440 minutes: the clock changes of March and October are ignored, so a night shift is never an hour
longer or shorter and a Sunday in March has the hour that the clocks skip.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import holidays
import numpy as np
from numpy.typing import NDArray

MINUTES_PER_HOUR = 60
MINUTES_PER_DAY = 1440
DAYS_PER_WEEK = 7
MONDAY_TO_FRIDAY = (0, 1, 2, 3, 4)
NEVER = 2**62

# Work already open on the first day began before it, and its due dates may fall after the last.
WORKING_DAYS_MARGIN = 731

Minutes = NDArray[np.int64]

# Pairs of start and end, or an array of them of shape (n, 2).
Intervals = Iterable[tuple[int, int]] | Minutes


class WorkingTimeError(ValueError):
    """Opening hours, intervals or dates that cannot be worked with."""


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """The hours a team works: the same hours on each of its weekdays (Monday is 0), in minutes after midnight.

    Hours that run past midnight are the complement of the day's hours, not an `OpeningHours`.
    """

    opens_minute: int = 510
    closes_minute: int = 1020
    weekdays: tuple[int, ...] = MONDAY_TO_FRIDAY
    bank_holidays_closed: bool = True

    def __post_init__(self) -> None:
        if not 0 <= self.opens_minute < self.closes_minute <= MINUTES_PER_DAY:
            raise WorkingTimeError(
                f"opening hours {self.opens_minute} to {self.closes_minute}: must open before they close, "
                f"both within 0 to {MINUTES_PER_DAY} minutes after midnight"
            )
        if not self.weekdays or self.weekdays != tuple(sorted(set(self.weekdays) & set(range(DAYS_PER_WEEK)))):
            raise WorkingTimeError(
                f"opening hours, weekdays {self.weekdays}: must be one or more of 0 (Monday) to 6 (Sunday), "
                "each once, in order"
            )


_MANY = 1000
_LISTS = frozenset({"starts", "ends", "open_before"})


class Calendar:
    """The minutes during which someone works, as disjoint half-open intervals `[start, end)` in order.

    Touching intervals are joined, so two calendars with the same minutes are equal. Not to be changed once built.

    `starts`, `ends` and `open_before` (open minutes before each interval) are lists for the scalar methods, which are
    the simulation's most frequent calls; the `_array` forms hold the same numbers for the vectorised ones. A list is
    made when somebody first asks for it: many calendars are only ever read as arrays.
    """

    __slots__ = (
        "ends",
        "ends_array",
        "minutes_table",
        "open_before",
        "open_before_array",
        "starts",
        "starts_array",
        "total_minutes",
    )

    starts: list[int]
    ends: list[int]
    open_before: list[int]
    starts_array: Minutes
    ends_array: Minutes
    open_before_array: Minutes
    minutes_table: Minutes
    total_minutes: int

    def __init__(self, intervals: Intervals = ()) -> None:
        """Raise `WorkingTimeError` where an interval is empty, overlaps the one before it or precedes it."""
        pairs = _pairs(intervals)
        _refuse("is empty", pairs, pairs[:, 0] >= pairs[:, 1])
        _refuse("begins before the one before it ends", pairs[1:], pairs[1:, 0] < pairs[:-1, 1])
        self._take(_covered(pairs, np.ones(len(pairs), dtype=np.int64)))

    @classmethod
    def of_settled(cls, pairs: Minutes) -> "Calendar":
        """The calendar of intervals, (n, 2), none of them empty, in order and apart from one another: unchecked."""
        found = cls.__new__(cls)
        found._take(pairs)  # noqa: SLF001  (the same class)
        return found

    def _take(self, settled: Minutes) -> None:
        starts, ends = settled.T.copy()
        lengths = ends - starts
        self.starts_array, self.ends_array = starts, ends
        past = np.cumsum(lengths)
        self.open_before_array = past - lengths
        for array in (self.starts_array, self.ends_array, self.open_before_array):
            array.flags.writeable = False
        self.total_minutes = int(past[-1]) if len(past) else 0

    def __getattr__(self, name: str) -> list[int]:
        """A list that nobody has asked for yet."""
        if name not in _LISTS:
            raise AttributeError(name)
        found: list[int] = getattr(self, f"{name}_array").tolist()
        setattr(self, name, found)
        return found

    def __reduce__(self) -> tuple[Callable[[Minutes], "Calendar"], tuple[Minutes]]:
        return Calendar.of_settled, (self._pairs(),)

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return zip(self.starts, self.ends, strict=True)

    def __len__(self) -> int:
        return len(self.starts_array)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Calendar):
            return NotImplemented
        return self.starts == other.starts and self.ends == other.ends

    def __hash__(self) -> int:
        return hash((tuple(self.starts), tuple(self.ends)))

    def __repr__(self) -> str:
        span = f"{self.starts[0]} to {self.ends[-1]}" if self.starts else "never open"
        return f"Calendar({len(self)} intervals, {self.total_minutes} open minutes, {span})"

    def is_open(self, t: int) -> bool:
        """Whether minute `t` is worked; the closing minute is not."""
        i = bisect_right(self.starts, t) - 1
        return i >= 0 and t < self.ends[i]

    def next_change(self, t: int) -> int:
        """Return the first minute after `t` at which the calendar opens or closes; `NEVER` where there is none."""
        i = bisect_right(self.starts, t)
        if i > 0 and t < self.ends[i - 1]:
            return self.ends[i - 1]
        return self.starts[i] if i < len(self.starts) else NEVER

    def next_open(self, t: int) -> int | None:
        """Return the first open minute at or after `t`, or None where there is no more."""
        i = bisect_right(self.ends, t)
        if i == len(self.starts):
            return None
        start = self.starts[i]
        return max(start, t)

    def after(self, start: int, effort: int) -> int | None:
        """Return the end of the last minute worked, when `effort` minutes (at least 1) are worked from `start`.

        Work that fits exactly ends at closing time, not the next morning. None where the calendar ends first.
        """
        if effort < 1:
            raise WorkingTimeError(f"effort of {effort} minutes: must be at least 1")
        i = bisect_right(self.starts, start) - 1
        if i >= 0 and start + effort <= self.ends[i]:
            return start + effort
        target = self._open_until(start, i) + effort
        if target > self.total_minutes:
            return None
        j = bisect_left(self.open_before, target) - 1
        return self.starts[j] + target - self.open_before[j]

    def left_in_stretch(self, t: int) -> int:
        """Return the open minutes from `t` to the end of its civil day, booked gaps left out; 0 where `t` is closed.

        A night shift's day ends at midnight too.
        """
        i = bisect_right(self.starts, t) - 1
        if i < 0 or t >= self.ends[i]:
            return 0
        midnight = t - t % MINUTES_PER_DAY + MINUTES_PER_DAY
        if midnight <= self.ends[i]:
            return midnight - t
        return self.open_minutes(t, midnight)

    def open_minutes(self, a: int, b: int) -> int:
        """Return the open minutes in `[a, b)`; negative where `b` is before `a`."""
        starts = self.starts
        return self._open_until(b, bisect_right(starts, b) - 1) - self._open_until(a, bisect_right(starts, a) - 1)

    def _open_until(self, t: int, i: int) -> int:
        """Return the open minutes before `t`, where interval `i` is the last that starts at or before `t`."""
        if i < 0:
            return 0
        end = self.ends[i]
        return self.open_before[i] + min(t, end) - self.starts[i]

    def open_minutes_by(self, t: Minutes) -> Minutes:
        """Return the open minutes before each `t`, any shape; open time in `[a, b)` is the difference of two."""
        if not len(self):
            return np.zeros_like(t)
        if t.size > _MANY and int(t.min()) >= 0:
            table = self._by_minute()
            found: Minutes = table[np.minimum(t, self.ends_array[-1])]
            return found
        i = np.searchsorted(self.starts_array, t, side="right") - 1
        worked = self.open_before_array[i] + np.minimum(t, self.ends_array[i]) - self.starts_array[i]
        return np.where(i < 0, 0, worked)

    def _by_minute(self) -> Minutes:
        """The open minutes before each minute up to the last end: a table, for whoever asks for thousands."""
        if not hasattr(self, "minutes_table"):
            is_open = np.zeros(int(self.ends_array[-1]) + 1, dtype=np.int64)
            is_open[self.starts_array + 1], is_open[self.ends_array[:-1] + 1] = 1, -1
            self.minutes_table = np.cumsum(np.cumsum(is_open))
        return self.minutes_table

    def without(self, intervals: Intervals) -> "Calendar":
        """Return this calendar less the intervals, which may be empty, overlap one another and be in any order."""
        taken = _pairs(intervals)
        _refuse("ends before it begins", taken, taken[:, 0] > taken[:, 1])
        taken = _covered(taken, np.ones(len(taken), dtype=np.int64))
        weights = np.repeat([1, -1], [len(self), len(taken)])
        return Calendar.of_settled(_covered(np.concatenate([self._pairs(), taken]), weights))

    def union(self, other: "Calendar") -> "Calendar":
        """Return the minutes open in either."""
        pairs = np.concatenate([self._pairs(), other._pairs()])  # noqa: SLF001  (the same class)
        return Calendar.of_settled(_covered(pairs, np.ones(len(pairs), dtype=np.int64)))

    def complement(self, end: int) -> "Calendar":
        """Return the minutes of `[0, end)` that are closed here."""
        return Calendar([(0, end)] if end else []).without(self)

    def between(self, start: int, end: int) -> "Calendar":
        """Return the part of this calendar within `[start, end)`; times keep their meaning."""
        if not len(self) or (start <= self.starts_array[0] and self.ends_array[-1] <= end):
            return self
        pairs = np.clip(self._pairs(), start, end)
        return Calendar.of_settled(pairs[pairs[:, 0] < pairs[:, 1]])

    def _pairs(self) -> Minutes:
        return np.stack([self.starts_array, self.ends_array], axis=1)


def _pairs(intervals: Intervals) -> Minutes:
    """Return the intervals as an array of shape (n, 2); refuse anything but whole minutes."""
    pairs = intervals if isinstance(intervals, np.ndarray) else np.array(list(intervals))
    if pairs.size == 0:
        return np.empty((0, 2), dtype=np.int64)
    if pairs.dtype.kind not in "iu" or pairs.shape[1:] != (2,):
        raise WorkingTimeError(f"intervals of {pairs.dtype}, shape {pairs.shape}: must be pairs of whole minutes")
    return pairs.astype(np.int64)


def _refuse(why: str, pairs: Minutes, wrong: NDArray[np.bool_]) -> None:
    if wrong.any():
        start, end = pairs[int(wrong.argmax())].tolist()
        raise WorkingTimeError(f"interval [{start}, {end}) {why}: a calendar's intervals are non-empty and in order")


def _covered(pairs: Minutes, weights: Minutes) -> Minutes:
    """Return, as pairs in order, the stretches over which the weights of the intervals sum to more than zero."""
    times = pairs.T.ravel()
    order = np.argsort(times, kind="stable")
    times, depth = times[order], np.cumsum(np.concatenate([weights, -weights])[order])
    settled = np.append(times[1:] != times[:-1], values=True)[: len(times)]
    is_open = depth[settled] > 0
    bounds: Minutes = times[settled][np.diff(is_open, prepend=False)]
    return bounds.reshape(-1, 2)


@cache
def _bank_holidays_of(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def england_bank_holidays(first: date, last: date) -> frozenset[date]:
    """Return England's bank holidays from `first` to `last`, both included: substitute days and one-off days too."""
    years = range(first.year, last.year + 1)
    return frozenset(day for year in years for day in _bank_holidays_of(year) if first <= day <= last)


def _days_worked(first_day: date, days: int, weekdays: Iterable[int], *, bank_holidays: bool) -> NDArray[np.bool_]:
    """Whether each of `days` days from `first_day` is one of the weekdays and, unless worked, no bank holiday."""
    if days < 1:
        raise WorkingTimeError(f"a calendar of {days} days: must be at least 1")
    worked = np.isin((first_day.weekday() + np.arange(days)) % DAYS_PER_WEEK, list(weekdays))
    if not bank_holidays:
        closed = england_bank_holidays(first_day, first_day + timedelta(days=days - 1))
        worked[[(day - first_day).days for day in closed]] = False
    return worked


def opening_calendar(first_day: date, days: int, hours: OpeningHours) -> Calendar:
    """Return the calendar of a team open at these hours for `days` days; minute 0 is midnight at `first_day`."""
    worked = _days_worked(first_day, days, hours.weekdays, bank_holidays=not hours.bank_holidays_closed)
    midnights = np.flatnonzero(worked).astype(np.int64) * MINUTES_PER_DAY
    return Calendar(np.stack([midnights + hours.opens_minute, midnights + hours.closes_minute], axis=1))


class WorkingDays:
    """Working days of England: Monday to Friday less bank holidays, whatever hours a team keeps.

    One convention throughout: the day of receipt is day 0 whatever its hour, and the first working day after it is
    working day 1. Saturday to Monday is 1; Monday to the same Monday is 0.

    Times may lie up to two years (`WORKING_DAYS_MARGIN`) before the first day or after the last; further away is a
    `WorkingTimeError`.
    """

    __slots__ = ("_count", "_day_numbers", "_first_day", "counts", "numbers")

    def __init__(self, first_day: date, days: int) -> None:
        if days < 1:
            raise WorkingTimeError(f"a calendar of {days} days: must be at least 1")
        begin = first_day - timedelta(days=WORKING_DAYS_MARGIN)
        worked = _days_worked(begin, days + 2 * WORKING_DAYS_MARGIN, MONDAY_TO_FRIDAY, bank_holidays=False)
        self._first_day = first_day
        self.counts: Minutes = np.cumsum(worked, dtype=np.int64)
        self.numbers: Minutes = np.flatnonzero(worked).astype(np.int64) - WORKING_DAYS_MARGIN
        self._count: list[int] = self.counts.tolist()
        self._day_numbers: list[int] = self.numbers.tolist()

    def index(self, t: Minutes) -> Minutes:
        """Return the number of working days up to and including each civil date, from a fixed day before the first.

        Only differences have meaning; see `between`.
        """
        rows = np.floor_divide(t, MINUTES_PER_DAY) + WORKING_DAYS_MARGIN
        outside = (rows < 0) | (rows >= len(self._count))
        if outside.any():
            raise self._too_far(int(np.asarray(t)[outside].flat[0]))
        counts: Minutes = self.counts[rows]
        return counts

    def between(self, a: Minutes, b: Minutes) -> Minutes:
        """Return the number of working days d with date(a) < d <= date(b); negative where b's date is earlier."""
        return self.index(b) - self.index(a)

    def add(self, t: int, n: int) -> int:
        """Return the instant by which something due within `n` working days of `t` is due.

        It is the midnight that ends the n-th working day after t's date; for n = 0, the midnight that ends that date.
        """
        return self.due_at(t, n, MINUTES_PER_DAY)

    def due_at(self, t: int, n: int, at_minute: int) -> int:
        """Return the instant `at_minute` minutes after midnight on the n-th working day after t's date (0: on it)."""
        if n < 0 or not 0 <= at_minute <= MINUTES_PER_DAY:
            raise WorkingTimeError(
                f"due {n} working days on, at minute {at_minute}: days must be at least 0, the minute 0 to 1440"
            )
        day = t // MINUTES_PER_DAY
        if n > 0:
            row = self._row(day)
            place = self._count[row] + n - 1
            if place >= len(self._day_numbers):
                raise self._too_far(t)
            day = self._day_numbers[place]
        return day * MINUTES_PER_DAY + at_minute

    def date_of(self, t: int) -> date:
        """Return the civil date of minute `t`."""
        return self._first_day + timedelta(days=t // MINUTES_PER_DAY)

    def is_working_day(self, day_index: int) -> bool:
        """Whether the day is a working day; day 0 is the first day."""
        row = self._row(day_index)
        return self._count[row] > (self._count[row - 1] if row else 0)

    def _row(self, day_index: int) -> int:
        row = day_index + WORKING_DAYS_MARGIN
        if not 0 <= row < len(self._count):
            raise self._too_far(day_index * MINUTES_PER_DAY)
        return row

    def _too_far(self, t: int) -> WorkingTimeError:
        last = self._first_day + timedelta(days=len(self._count) - 2 * WORKING_DAYS_MARGIN - 1)
        return WorkingTimeError(
            f"working days of {self.date_of(t)}: must lie within {WORKING_DAYS_MARGIN} days of "
            f"the run's days, {self._first_day} to {last}"
        )
