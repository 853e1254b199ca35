"""Working time over tables: what `sim.working_time` says of a calendar and of working days."""

from typing import Final

from sim.model.compiled.jit import compiled
from sim.model.compiled.layout import State
from sim.model.compiled.rows import hub as H
from sim.working_time import MINUTES_PER_DAY, NEVER, WORKING_DAYS_MARGIN

BEGIN, END, BEFORE = 0, 1, 2


NEARBY: Final = 6
"""So many intervals on or back is looked before anything is halved: most that is asked of a calendar is about now."""


@compiled
def _at_or_before(s: State, first: int, past: int, t: int) -> int:
    """The last interval of rows [first, past) that begins at or before a minute; first - 1 where none does."""
    if first == past:
        return (
            first - 1
        )  # a calendar without an interval: where it lies another's begins, which remembers its own place
    begins = s.m[H.begins]
    low, high = first, past
    i = min(max(first + s.m[s.m[H.last_found] + first], first), past)
    for _ in range(NEARBY):
        if i == past or s.m[begins + i] > t:
            high = i
            if i == first or s.m[begins + i - 1] <= t:
                low = i
                break
            i -= 1
        else:
            low = i + 1
            i += 1
    while low < high:
        middle = (low + high) // 2
        if s.m[begins + middle] <= t:
            low = middle + 1
        else:
            high = middle
    s.m[s.m[H.last_found] + first] = low - first
    return low - 1


@compiled
def is_open(s: State, first: int, past: int, t: int) -> bool:
    """Whether a minute is worked."""
    i = _at_or_before(s, first, past, t)
    return i >= first and t < s.m[s.m[H.ends] + i]


@compiled
def next_change(s: State, first: int, past: int, t: int) -> int:
    """The first minute after `t` at which the calendar opens or closes; `NEVER` where there is none."""
    i = _at_or_before(s, first, past, t)
    if i >= first and t < s.m[s.m[H.ends] + i]:
        return s.m[s.m[H.ends] + i]
    return s.m[s.m[H.begins] + i + 1] if i + 1 < past else NEVER


@compiled
def next_open(s: State, first: int, past: int, t: int) -> int:
    """The first open minute at or after `t`; `NEVER` where there is no more."""
    i = _at_or_before(s, first, past, t)
    if i >= first and t < s.m[s.m[H.ends] + i]:
        return t
    return s.m[s.m[H.begins] + i + 1] if i + 1 < past else NEVER


@compiled
def _open_until(s: State, first: int, i: int, t: int) -> int:
    if i < first:
        return 0
    return s.m[s.m[H.befores] + i] + min(t, s.m[s.m[H.ends] + i]) - s.m[s.m[H.begins] + i]


@compiled
def open_minutes(s: State, first: int, past: int, a: int, b: int) -> int:
    """The open minutes in `[a, b)`."""
    until_b = _open_until(s, first, _at_or_before(s, first, past, b), b)
    return until_b - _open_until(s, first, _at_or_before(s, first, past, a), a)


@compiled
def after(s: State, first: int, past: int, start: int, effort: int) -> int:
    """The end of the last minute worked, when `effort` minutes are worked from `start`; `NEVER` where none is."""
    i = _at_or_before(s, first, past, start)
    if i >= first and start + effort <= s.m[s.m[H.ends] + i]:
        return start + effort
    target = _open_until(s, first, i, start) + effort
    low, high = first, past
    while low < high:  # the first interval before which at least the target is open
        middle = (low + high) // 2
        if s.m[s.m[H.befores] + middle] < target:
            low = middle + 1
        else:
            high = middle
    j = low - 1
    if j < first:
        return NEVER
    end = s.m[s.m[H.begins] + j] + target - s.m[s.m[H.befores] + j]
    return end if end <= s.m[s.m[H.ends] + j] else NEVER


@compiled
def left_in_stretch(s: State, first: int, past: int, t: int) -> int:
    """The open minutes from `t` to the end of its civil day; 0 where `t` is closed."""
    if not is_open(s, first, past, t):
        return 0
    return open_minutes(s, first, past, t, t - t % MINUTES_PER_DAY + MINUTES_PER_DAY)


@compiled
def is_office_open(s: State) -> bool:
    """Whether the office is open now."""
    return is_open(s, s.m[H.office_from], s.m[H.office_to], s.m[H.now])


@compiled
def office_opens(s: State, t: int) -> int:
    """The first minute at or after `t` at which the office is open; `NEVER` where there is no more."""
    return next_open(s, s.m[H.office_from], s.m[H.office_to], t)


@compiled
def shift_ends(s: State) -> int:
    """When those at work now, by day or by night, hand over to the others."""
    return min(next_change(s, s.m[H.office_from], s.m[H.office_to], s.m[H.now]), s.m[H.end])


@compiled
def due_at(s: State, t: int, n: int, at_minute: int) -> int:
    """The instant `at_minute` minutes after midnight on the n-th working day after t's date."""
    day = t // MINUTES_PER_DAY
    if n > 0:
        day = s.m[s.m[H.day_numbers] + s.m[s.m[H.working_days] + day + WORKING_DAYS_MARGIN] + n - 1]
    return day * MINUTES_PER_DAY + at_minute


@compiled
def add_working_days(s: State, t: int, n: int) -> int:
    """The midnight that ends the n-th working day after t's date."""
    return due_at(s, t, n, MINUTES_PER_DAY)


@compiled
def is_working_day(s: State, day: int) -> bool:
    """Whether a day of the run is a working day."""
    row = day + WORKING_DAYS_MARGIN
    return s.m[s.m[H.working_days] + row] > (s.m[s.m[H.working_days] + row - 1] if row else 0)
