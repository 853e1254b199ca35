"""When each person can work, if in post: the office's hours less leave, sickness, days off and booked time.

All are keyed to the person and the day or week. They are worked out for everybody at once, and once for all scenarios
of a cell in which they are the same.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.events import Role
from sim.randomness import Luck, Purpose
from sim.scenario.parts import Workforce
from sim.working_time import MINUTES_PER_DAY, Calendar, OpeningHours, england_bank_holidays, opening_calendar
from sim.world.arrivals import DAYS_PER_YEAR
from sim.world.span import Span

MANAGERS = (Role.FRONT_DOOR_MANAGER, Role.TEAM_MANAGER, Role.SENIOR_PRACTITIONER)
_SHORT_SHARE = 0.4
_LONG_BLOCK_DAYS = 28
_BOOKED_GRID_MINUTES = 15


class Holder(NamedTuple):
    """Somebody who has a role for a while: who, and from when until when."""

    id: int
    role: Role
    starts: int
    leaves: int


def half_time(calendar: Calendar, starts: int, days: int) -> Calendar:
    """A starter's calendar: closed every other day of theirs until they have settled in."""
    opened = calendar.starts_array // MINUTES_PER_DAY
    until = starts // MINUTES_PER_DAY + days
    _, order = np.unique(opened, return_inverse=True)
    closed = np.unique(opened[(order % 2 == 1) & (opened < until)])
    return calendar.without(np.stack([closed, closed + 1], axis=1) * MINUTES_PER_DAY)


def calendars(
    holders: Sequence[Holder], before: Workforce, after: Workforce, hours: OpeningHours, luck: Luck, when: Span
) -> Mapping[int, Calendar]:
    """The minutes each can work if in post throughout; the baseline's workforce holds until the levers start."""
    late = _years(holders, after, hours, luck, when)
    if before == after or when.levers_start == 0:
        return late
    early = _years(holders, before, hours, luck, when)
    start, end = when.levers_start, when.end
    return {one.id: early[one.id].between(0, start).union(late[one.id].between(start, end)) for one in holders}


def _years(
    holders: Sequence[Holder], workforce: Workforce, hours: OpeningHours, luck: Luck, when: Span
) -> Mapping[int, Calendar]:
    """The same under one workforce: of those not yet known all at once."""
    known = _known_years(workforce, hours, luck, when)
    new = [one for one in holders if one.id not in known]
    if new:
        known.update(zip((one.id for one in new), _drawn_years(new, workforce, hours, luck, when), strict=True))
    return known


@lru_cache(maxsize=4)
def _known_years(_: Workforce, __: OpeningHours, ___: Luck, ____: Span) -> dict[int, Calendar]:
    """What has been worked out, so that the scenarios of a cell share it: a person's year hangs on nothing else."""
    return {}


def _drawn_years(
    holders: Sequence[Holder], workforce: Workforce, hours: OpeningHours, luck: Luck, when: Span
) -> Iterator[Calendar]:
    """Each one's minutes, whatever they are in post."""
    office = office_of(when.first_day, when.days, hours)
    days = office.starts_array // MINUTES_PER_DAY
    minutes = np.array([booked_minutes(one.role, workforce) for one in holders], dtype=np.int64)[:, None]
    begins = booked(holders, np.repeat(minutes, len(days), axis=1), hours, luck, days)
    yield from present(office, away(holders, workforce, luck, when)[:, days], begins, begins + minutes)


def present(
    office: Calendar, is_away: NDArray[np.bool_], begins: NDArray[np.int64], ends: NDArray[np.int64]
) -> Iterator[Calendar]:
    """The office's hours less the days on which each is away, and less a block of booked time on the others.

    All of shape (holders, intervals of the office).
    """
    days, opens, closes = office.starts_array // MINUTES_PER_DAY, office.starts_array, office.ends_array
    gone = np.where(is_away, days * MINUTES_PER_DAY, begins)
    back = np.where(is_away, (days + 1) * MINUTES_PER_DAY, ends)
    starts = np.stack(np.broadcast_arrays(opens, np.maximum(back, opens)), axis=2)
    until = np.stack(np.broadcast_arrays(np.minimum(gone, closes), closes), axis=2)
    # Who is nowhere else in all of an interval keeps it whole.
    whole = np.broadcast_to((gone >= back)[:, :, None], starts.shape)
    until = np.where(whole, np.stack([closes, opens], axis=1), until)
    pairs = np.stack([starts, until], axis=3).reshape(len(is_away), -1, 2)
    for theirs in pairs:
        yield Calendar.of_settled(theirs[theirs[:, 0] < theirs[:, 1]])


@lru_cache(maxsize=8)
def office_of(first_day: date, days: int, hours: OpeningHours) -> Calendar:
    """The office's hours, made once for everybody who keeps to them."""
    return opening_calendar(first_day, days, hours)


def away(holders: Sequence[Holder], workforce: Workforce, luck: Luck, when: Span) -> NDArray[np.bool_]:
    """Whether each is on leave, sick or on a part-timer's day off, for each day of the run: (holders, days)."""
    days = np.arange(when.days)
    weekday = (days + when.first_day.weekday()) % 7
    week = (days + when.first_day.weekday()) // 7
    block = days // _LONG_BLOCK_DAYS
    ids, rounds = np.array([one.id for one in holders], dtype=np.int64), int(max(week[-1], block[-1])) + 1
    purposes = (Purpose.LEAVE, Purpose.SHORT_ABSENCE, Purpose.SHORT_ABSENCE_DAY, Purpose.LONG_ABSENCE)
    every = luck.uniforms(np.repeat(ids, rounds), purposes, np.tile(np.arange(rounds), len(ids)))
    leave_u, short_u, short_day, long_u = np.moveaxis(every.reshape(len(ids), rounds, len(purposes)), 2, 0)
    part, part_days = luck.uniforms(ids, (Purpose.PART_TIME, Purpose.PART_TIME_DAYS)).T
    leave = leave_u[:, week] < _leave_rate(workforce, when)
    # Two kinds of sickness share the published rate: single days, and whole four-week blocks.
    is_short = short_u < 5 * workforce.absence_share * _SHORT_SHARE
    short = is_short[:, week] & ((short_day * 5).astype(np.int64)[:, week] == weekday)
    long = (long_u < workforce.absence_share * (1 - _SHORT_SHARE))[:, block]
    first_off = (part_days * 5).astype(np.int64)[:, None]
    halves = [is_part_time(one.role, workforce, u) for one, u in zip(holders, part.tolist(), strict=True)]
    off = np.array(halves)[:, None] & ((weekday == first_off) | (weekday == (first_off + 1) % 5))
    found: NDArray[np.bool_] = leave | short | long | off
    return found


def is_part_time(role: Role, workforce: Workforce, u: float) -> bool:
    """Whether somebody works three days of the five; managers never do."""
    return role not in MANAGERS and u < workforce.part_time_share


SATURDAY = 5
AUGUST, DECEMBER, FORTNIGHT_BEFORE_NEW_YEAR = 8, 12, 15


@lru_cache(maxsize=64)
def _leave_rate(workforce: Workforce, when: Span) -> NDArray[np.float64]:
    """The chance that a week is taken as leave, by day of the run: more in August and before the New Year.

    Leave is spent on working days only: those of the run's first year, weighted by season, hold a year's leave.
    """
    days = max(when.days, DAYS_PER_YEAR)
    dates = [when.first_day + timedelta(days=day) for day in range(days)]
    index = np.array([_leave_index(workforce, day - timedelta(days=day.weekday())) for day in dates])
    holidays = england_bank_holidays(dates[0], dates[-1])
    working = np.array([day.weekday() < SATURDAY and day not in holidays for day in dates])
    in_a_year = index[:DAYS_PER_YEAR][working[:DAYS_PER_YEAR]].sum()
    rate: NDArray[np.float64] = np.minimum(workforce.leave_days * index[: when.days] / in_a_year, 1.0)
    return rate


def _leave_index(workforce: Workforce, monday: date) -> float:
    if monday.month == AUGUST:
        return workforce.august_leave_index
    if monday.month == DECEMBER and monday.day >= FORTNIGHT_BEFORE_NEW_YEAR:
        return workforce.christmas_leave_index
    return 1.0


def booked(
    holders: Sequence[Holder], minutes: NDArray[np.int64], hours: OpeningHours, luck: Luck, days: NDArray[np.int64]
) -> NDArray[np.int64]:
    """When a keyed block of booked time begins, on a quarter-hour grid; `minutes` of each day, (holders, days)."""
    ids = np.array([one.id for one in holders], dtype=np.int64)
    u = luck.uniforms(np.repeat(ids, len(days)), (Purpose.BOOKED_TIME,), np.tile(days, len(ids)))
    room = (hours.closes_minute - hours.opens_minute - minutes) // _BOOKED_GRID_MINUTES + 1
    into_day = (u.reshape(minutes.shape) * room).astype(np.int64) * _BOOKED_GRID_MINUTES
    begins: NDArray[np.int64] = days * MINUTES_PER_DAY + hours.opens_minute + into_day
    return begins


def booked_minutes(role: Role, workforce: Workforce) -> int:
    """Booked time of a day in a role."""
    if role in MANAGERS:
        return workforce.booked_minutes_manager
    is_first = role is Role.FIRST_RESPONSE_WORKER
    return workforce.booked_minutes_first_response if is_first else workforce.booked_minutes_worker
