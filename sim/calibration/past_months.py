"""A calibration tested against past months: fitted to what came before a date, held against what came after it.

The months after are run from their real contacts and posts, which tests the mechanics, and from contacts as they are
forecast and the posts of the date, which tests the use that is made of it. What passes was fixed before anything ran.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.calibration.mechanics.figures import Read, Waits
from sim.calibration.mechanics.replays import Replays
from sim.calibration.years import Figures, Year
from sim.events import EventLog
from sim.facts import Fact
from sim.working_time import MINUTES_PER_DAY
from sim.world import PostHeld
from sim.world.in_post import FOREVER

Values = NDArray[np.float64]

MOST_OUTSIDE_95: Final = 1 / 12
LEAST_INSIDE_80: Final = 0.72
BEFORE_MONTHS: Final = 3
"""What a forecast without a model rests on: the months of the quarter before."""

_LEAST: Final = 1e-9
_FEWEST: Final = 8


class Month(NamedTuple):
    """A whole month, in days of a record's window: from `first` until before `past`."""

    name: str
    first: int
    past: int


class Monthly(NamedTuple):
    """A measure of a month: what it is, its unit, and the facts that it needs."""

    id: str
    label: str
    unit: str
    needs: frozenset[Fact]


MONTHLY: Final = (
    Monthly("decided_next_day", "contacts decided by the next day", "share", frozenset({Fact.RECEIPT, Fact.DECISION})),
    Monthly("decision_days", "days from contact to decision, mean", "days", frozenset({Fact.RECEIPT, Fact.DECISION})),
    Monthly("seen_in_10", "families seen within 10 days of referral", "share", frozenset({Fact.REFERRAL, Fact.SEEN})),
    Monthly("seen_days", "days from referral to seen, mean", "days", frozenset({Fact.REFERRAL, Fact.SEEN})),
    Monthly("unseen", "families referred and not seen at the month's end", "families", frozenset({Fact.SEEN})),
    Monthly("authorised", "assessments authorised", "families", frozenset({Fact.AUTHORISATION})),
)
"""Families' contacts, by the month of receipt, referral or event; days are whole ones, and none counts more than 40."""


def months_of(first_day: date, days: int) -> list[Month]:
    """The whole calendar months of a window."""
    start = first_day if first_day.day == 1 else _next(first_day)
    firsts = [start]
    while (_next(firsts[-1]) - first_day).days <= days:
        firsts.append(_next(firsts[-1]))
    return [Month(f"{one:%B %Y}", (one - first_day).days, (other - first_day).days) for one, other in pairwise(firsts)]


def _next(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def monthly(log: EventLog, months: Sequence[Month]) -> Figures:
    """Every measure of every month, month by month; nan where the log does not tell it, or of few."""
    read = Read(log)
    return tuple(value for month in months for value in _of(read, month))


def _of(read: Read, month: Month) -> Iterator[float]:
    def in_month(days: NDArray[np.int64]) -> NDArray[np.bool_]:
        return np.asarray((days >= month.first) & (days < month.past))

    decision = read.waits(read.received, read.decided, read.mine & in_month(read.received))
    seen = read.waits(read.decided, read.seen, read.assessed & in_month(read.decided), read.closed)
    done = np.where(read.seen == -1, read.closed, read.seen)
    begun = read.assessed & (read.decided != -1) & (read.decided < month.past)
    unseen = np.count_nonzero(begun & ((done == -1) | (done >= month.past)))
    authorised = np.count_nonzero(read.assessed & in_month(read.authorised))
    found = (
        _within(decision, 1),
        decision.mean(40),
        _within(seen, 10),
        seen.mean(40),
        float(unseen),
        float(authorised),
    )
    for measure, value in zip(MONTHLY, found, strict=True):
        yield value if measure.needs <= read.facts else float("nan")


def _within(waits: Waits, day: int) -> float:
    return float(1 - waits.left(day)[day])


@dataclass(frozen=True, slots=True)
class MonthlyReplays:
    """As `Replays`, with the measures of some months as figures."""

    replays: Replays
    months: tuple[Month, ...]

    def __call__(self, year: Year) -> Figures:
        """The measures of one run."""
        return monthly(self.replays.log(year), self.months)

    @property
    def names(self) -> tuple[str, ...]:
        """A name a figure."""
        return tuple(f"{month.name}: {measure.id}" for month in self.months for measure in MONTHLY)

    @property
    def fingerprint(self) -> str:
        """Another for other runs or other months."""
        digest = hashlib.sha256(f"{self.replays.fingerprint} {self.months} {MONTHLY}".encode())
        return digest.hexdigest()[:20]


def known_at(log: EventLog, day: int) -> EventLog:
    """What was known of a log at the end of so many days of its window."""
    end = -(-log.window_start // MINUTES_PER_DAY) * MINUTES_PER_DAY + day * MINUTES_PER_DAY
    contacts = log.contacts[log.contact_column("received") < end]
    events = log.events[(log.column("time") < end) & np.isin(log.column("contact"), contacts[:, 0])]
    undated = log.seen_undated[np.isin(log.seen_undated[:, 0], contacts[:, 0])]
    return replace(log, events=events, contacts=contacts, window_end=end, watched_until=end - 1, seen_undated=undated)


def posts_known_at(posts: Sequence[PostHeld], day: int) -> tuple[PostHeld, ...]:
    """Posts as they were known on a day: nobody's leaving is, nor who will come."""
    return tuple(
        post._replace(ends=FOREVER) if post.ends != FOREVER and post.ends > day else post
        for post in posts
        if post.starts < day
    )


class Point(NamedTuple):
    """A measure of a month after the date: as it was, as predicted with its ranges, and as without a model."""

    month: str
    measure: Monthly
    actual: float
    median: float
    low80: float
    high80: float
    low95: float
    high95: float
    last_quarter: float
    mean_of_3: float

    @property
    def inside_80(self) -> bool:
        """Whether the 80% range held it."""
        return self.low80 <= self.actual <= self.high80

    @property
    def inside_95(self) -> bool:
        """Whether the 95% range held it."""
        return self.low95 <= self.actual <= self.high95


@dataclass(frozen=True, slots=True, eq=False)
class HeldAgainst:
    """What came of a test, with real contacts and posts or with forecast ones."""

    with_real: bool
    points: tuple[Point, ...] = field(repr=False)

    @property
    def inside_80(self) -> float:
        """The share of points that 80% ranges held."""
        return sum(point.inside_80 for point in self.points) / max(len(self.points), 1)

    @property
    def inside_95(self) -> float:
        """The share of points that 95% ranges held."""
        return sum(point.inside_95 for point in self.points) / max(len(self.points), 1)

    def error(self, of: str) -> float:
        """The mean error of `median`, `last_quarter` or `mean_of_3`, each measure's over its usual size."""
        sizes = dict[str, list[float]]()
        for point in self.points:
            sizes.setdefault(point.measure.id, []).append(abs(point.actual))
        off = [abs(getattr(p, of) - p.actual) / max(np.mean(sizes[p.measure.id]), _LEAST) for p in self.points]
        return float(np.mean(off)) if off else float("nan")

    @property
    def is_honest(self) -> bool:
        """Whether its ranges held as many months as was asked of them beforehand."""
        return bool(self.points) and self.inside_95 >= 1 - MOST_OUTSIDE_95 and self.inside_80 >= LEAST_INSIDE_80

    @property
    def beats_both(self) -> bool:
        """Whether its errors are smaller than those of either forecast without a model."""
        return self.error("median") < min(self.error("last_quarter"), self.error("mean_of_3"))


def held_against(
    actual: Figures, runs: Values, before: Figures, months: Sequence[Month], *, with_real: bool
) -> HeldAgainst:
    """Months as they were, and as runs have them, (runs, figures), beside the three `before`.

    What neither the record nor enough of the runs tell is no point.
    """
    was = np.array(before).reshape(BEFORE_MONTHS, len(MONTHLY))
    found = []
    for place, (month, measure) in enumerate((month, measure) for month in months for measure in MONTHLY):
        quarter, column = was[:, place % len(MONTHLY)], runs[:, place]
        told = column[np.isfinite(column)]
        if not np.isfinite(actual[place]) or len(told) < _FEWEST or not np.isfinite(quarter).all():
            continue
        low95, low80, median, high80, high95 = np.quantile(told, (0.025, 0.1, 0.5, 0.9, 0.975)).tolist()
        same = quarter[(place // len(MONTHLY)) % BEFORE_MONTHS]
        found.append(
            Point(month.name, measure, float(actual[place]), median, low80, high80, low95, high95, float(same),
                  float(quarter.mean()))
        )  # fmt: skip
    return HeldAgainst(with_real, tuple(found))
