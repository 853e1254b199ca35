"""Dates that say more about how a record was kept than about when things happened."""

from collections.abc import Iterator
from datetime import date, time, timedelta
from itertools import count
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.stats import poisson

from sim.history.history import Finding, History, finding, happened
from sim.working_time import DAYS_PER_WEEK, MONDAY_TO_FRIDAY, england_bank_holidays

AS_IT_STANDS = "used as it stands"

UNLIKELY = 1e-6
"""So rare by chance that over a year's days and all steps fewer than one extract in a hundred has a false alarm."""

FEWEST = 10
TIMES_USUAL = 3
"""A busy day may have twice what is usual and more, so a date is in bulk only beyond three times."""

_DAYS_TO_A_MONDAY = 3
"""From the last working day to a Monday. A day after a bank holiday has a Monday's work, and that of further days."""

MONTH_END_TIMES = 1.5
FEWEST_MONTHS = 3

_EPOCH = date(1970, 1, 1)
_FIRST_WEEKDAY = 3  # the first day of the epoch was a Thursday
_EDGE = 0.01

Days = NDArray[np.int64]


class _Dated(NamedTuple):
    """The dates of one step: of each row, in days since the epoch, and how many each day of the usual span has.

    The span holds all but the first and last hundredth of the dates, lest a stray make most of its days empty.
    """

    words: str
    id: str
    rows: pl.DataFrame
    day: Days
    midnight: NDArray[np.bool_]
    is_counted: NDArray[np.bool_]
    span: Days
    counts: Days


def calendar_oddities(history: History, used: pl.DataFrame, as_at: date) -> Iterator[Finding]:
    """Bulk entry, month ends, 1 January, and conferences on days when nobody confers."""
    for step in happened(used):
        dated = _dated(used, step.column)
        yield from _bulk(history, dated)
        yield from _month_ends(history, dated)
        yield from _first_of_january(history, dated)
    yield from _closed_day_conferences(history, used, as_at)


def _dated(used: pl.DataFrame, column: str) -> _Dated:
    rows = used.filter(pl.col(column).is_not_null()).select("row", "contact", column)
    day = rows[column].dt.epoch("d").cast(pl.Int64).to_numpy()
    first, last = np.quantile(day, (_EDGE, 1 - _EDGE), method="nearest")
    span = np.arange(first, last + 1)
    is_counted = rows.select(pl.struct("contact", pl.col(column).dt.date()).is_first_distinct()).to_series().to_numpy()
    within = (day >= first) & (day <= last) & is_counted
    counts = np.bincount(day[within] - first, minlength=len(span))
    midnight = (rows[column].dt.time() == time()).to_numpy()
    return _Dated(column.replace("_", " "), column, rows, day, midnight, is_counted, span, counts)


def _weekday(days: Days) -> Days:
    return (days + _FIRST_WEEKDAY) % DAYS_PER_WEEK


def _bulk(history: History, dated: _Dated) -> Iterator[Finding]:
    """Dates with at least ten of a step, more than three times what their weekday usually has, beyond all chance."""
    weekday = _weekday(dated.span)
    usual = np.ones(DAYS_PER_WEEK)
    for number in range(DAYS_PER_WEEK):
        counts = dated.counts[weekday == number]
        usual[number] = max(float(np.median(counts)) if len(counts) else 0.0, 1.0)
    every, counts = np.unique(dated.day[dated.is_counted], return_counts=True)
    expected = np.maximum(usual[_weekday(every)], usual[0] * _since_open(every) / _DAYS_TO_A_MONDAY)
    many = (counts >= FEWEST) & (counts > TIMES_USUAL * expected) & (poisson.sf(counts - 1, expected) < UNLIKELY)
    said = (
        f"{dated.id}_bulk",
        f"{dated.words} on a date that has far more of them than its weekday usually has: entered together, or a rush",
        f"waits for {dated.words}",
        AS_IT_STANDS,
    )
    yield from finding(history, dated.rows.filter(pl.Series(np.isin(dated.day, every[many]))), said)


def _since_open(days: Days) -> Days:
    """Of days after a bank holiday or several, how many since the last working day; 0 for all others."""
    first, last = (_EPOCH + timedelta(days=int(day)) for day in (days[0], days[-1]))
    holidays = {(day - _EPOCH).days for day in england_bank_holidays(first - timedelta(days=7), last)}

    def is_open(day: int) -> bool:
        return (day + _FIRST_WEEKDAY) % DAYS_PER_WEEK in MONDAY_TO_FRIDAY and day not in holidays

    def since(day: int) -> int:
        ago = next(ago for ago in count(1) if is_open(day - ago))
        return ago if is_open(day) and any(day - back in holidays for back in range(1, ago)) else 0

    return np.array([since(day) for day in days.tolist()], dtype=np.int64)


def _month_ends(history: History, dated: _Dated) -> Iterator[Finding]:
    """The last working days of months, where most of them have half as much again as their weekday on other days."""
    ends = _last_working_days(dated.span)
    is_end = np.isin(dated.span, ends)
    weekday = _weekday(dated.span)
    ordinary = np.zeros(DAYS_PER_WEEK)
    for number in MONDAY_TO_FRIDAY:
        others = dated.counts[(weekday == number) & ~is_end]
        ordinary[number] = others.mean() if len(others) else 0.0
    counts, expected = dated.counts[is_end], ordinary[weekday[is_end]]
    usually = np.count_nonzero(counts > MONTH_END_TIMES * expected) > len(counts) / 2
    many = counts.sum() >= max(FEWEST, MONTH_END_TIMES * expected.sum())
    if len(counts) >= FEWEST_MONTHS and usually and many and poisson.sf(counts.sum() - 1, expected.sum()) < UNLIKELY:
        said = (
            f"{dated.id}_month_end",
            f"{dated.words} on the last working day of a month, which has far more of them than other days",
            f"waits for {dated.words}",
            AS_IT_STANDS,
        )
        yield from finding(history, dated.rows.filter(pl.Series(np.isin(dated.day, ends))), said)


def _last_working_days(span: Days) -> Days:
    """The last Monday to Friday that is no bank holiday of each month that lies whole in the span, in epoch days."""
    first, last = (_EPOCH + timedelta(days=int(day)) for day in (span[0], span[-1]))
    holidays = england_bank_holidays(first, last)
    closed = np.isin(span, [(day - _EPOCH).days for day in holidays])
    working = span[np.isin(_weekday(span), MONDAY_TO_FRIDAY) & ~closed]
    month = working.astype("datetime64[D]").astype("datetime64[M]")
    ends = working[:-1][month[1:] != month[:-1]]
    return ends if len(working) else working


def _first_of_january(history: History, dated: _Dated) -> Iterator[Finding]:
    """Dates of 1 January without a time, of all years, where they are more than a day's share many times over."""
    days = dated.day.astype("datetime64[D]")
    new_year = (days == days.astype("datetime64[Y]")) & dated.midnight
    span = dated.span.astype("datetime64[D]")
    years = max(int(np.count_nonzero(span == span.astype("datetime64[Y]"))), 1)
    expected = years * len(dated.day) / len(dated.span)
    found = int(np.count_nonzero(new_year))
    if found >= FEWEST and found > TIMES_USUAL * expected and poisson.sf(found - 1, expected) < UNLIKELY:
        said = (
            f"{dated.id}_first_of_january",
            f"{dated.words} on 1 January, far more often than on other days: probably a date nobody knew",
            f"waits for {dated.words}",
            AS_IT_STANDS,
        )
        yield from finding(history, dated.rows.filter(pl.Series(new_year)), said)


def _closed_day_conferences(history: History, used: pl.DataFrame, as_at: date) -> Iterator[Finding]:
    held = used.filter(pl.col("conference_held").is_not_null()).select("row", day=pl.col("conference_held").dt.date())
    if len(held):
        holidays = england_bank_holidays(min(held["day"]), as_at)
        closed = (pl.col("day").dt.weekday() > len(MONDAY_TO_FRIDAY)) | pl.col("day").is_in(list(holidays))
        said = (
            "conference_on_closed_day",
            "a conference on a weekend or a bank holiday",
            "working days to conference",
            AS_IT_STANDS,
        )
        yield from finding(history, held.filter(closed), said)
