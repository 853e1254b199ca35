"""Demand as a record shows it: how many contacts, from whom, on which days, at what hours, with how many children."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.calibration.seen.daily import Rates, rates
from sim.calibration.seen.delays import missing
from sim.calibration.seen.learned import Learned, NotLearned, Result, Setting, Value
from sim.calibration.seen.likelihood import jacobian
from sim.calibration.seen.spells import is_date, known_until
from sim.facts import Fact
from sim.measures.index import LogIndex
from sim.scenario import Scenario, Source
from sim.working_time import MINUTES_PER_DAY, england_bank_holidays
from sim.world.steady import implied_return_share

Values = NDArray[np.float64]

LEAST_DAYS: Final = 90
LEAST_CONTACTS: Final = 200
_LEAST_OF_A_MONTH: Final = 14
_MOST_UNKNOWN: Final = 0.2
_YEARS_OF_A_TREND: Final = 2.0
_DAYS_PER_YEAR: Final = 365
_SUNDAY: Final = 6
_WORKING: Final = 5
_FAR: Final = 3.0
_PEARSON: Final = (0.8, 1.25)

_LEVEL, _MONTHS, _WEEKDAYS = "demand.family_contacts_per_year", "demand.month_index", "demand.weekday_index"
_DAY, _WEEK = "demand.daily_dispersion", "demand.weekly_cv"
_SHARES = tuple(f"demand.{source.value}.contact_share" for source in Source)
PATHS: Final = (_LEVEL, _MONTHS, _WEEKDAYS, _DAY, _WEEK, *_SHARES)


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Counts by day and source, (days, sources), for whole days, and what share of all contacts have a source."""

    dates: tuple[date, ...]
    counts: Values
    known_share: float

    @property
    def weekdays(self) -> NDArray[np.int64]:
        """Of each day; a bank holiday is a Sunday."""
        holidays = self.holidays
        return np.array([_SUNDAY if day in holidays else day.weekday() for day in self.dates])

    @property
    def months(self) -> NDArray[np.int64]:
        """Of each day, from 0."""
        return np.array([day.month - 1 for day in self.dates])

    @property
    def holidays(self) -> frozenset[date]:
        """England's bank holidays within."""
        return england_bank_holidays(self.dates[0], self.dates[-1])

    @property
    def has_every_month(self) -> bool:
        """Whether a fortnight and more of each month is there."""
        return bool((np.bincount(self.months, minlength=12) >= _LEAST_OF_A_MONTH).all())

    @property
    def has_a_trend(self) -> bool:
        """Whether there are years enough to tell a trend from the months."""
        return self.has_every_month and len(self.dates) >= _YEARS_OF_A_TREND * _DAYS_PER_YEAR


def table(index: LogIndex) -> Table:
    """The counts of the reporting window's whole days."""
    log = index.log
    first = -(-log.window_start // MINUTES_PER_DAY)
    days = min(log.window_end, known_until(log)) // MINUTES_PER_DAY - first
    day = index.received // MINUTES_PER_DAY - first
    source = log.contact_column("source")
    inside, known = (day >= 0) & (day < days), (source >= 0) & (source < len(Source))
    counts = np.zeros((days, len(Source)))
    np.add.at(counts, (day[inside & known], source[inside & known]), 1.0)
    dates = tuple(log.first_day + timedelta(days=first + number) for number in range(days))
    return Table(dates, counts, float(known[inside].mean()) if inside.any() else 0.0)


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """How the parameters of the rates make a scenario's numbers.

    In order: a level for each of `sources`, then each of `weekdays` but the first over the first, then, where they are
    fitted, each month over January, then the trend a year.
    """

    sources: tuple[int, ...]
    weekdays: tuple[int, ...]
    has_months: bool
    has_trend: bool
    base: Scenario
    per_contact: float

    def design(self, counted: Table) -> tuple[Values, Values, NDArray[np.int64], Values, Values]:
        """Counts, design, week and offset of each row, and the day of each: a row is a source's day."""
        rows = np.flatnonzero(np.isin(counted.weekdays, self.weekdays))
        of_day = [(counted.weekdays[rows, None] == np.array(self.weekdays[1:])).astype(np.float64)]
        offset = np.zeros(len(rows))
        if self.has_months:
            of_day.append((counted.months[rows, None] == np.arange(1, 12)).astype(np.float64))
        else:
            offset = np.log(np.maximum(np.array(self.base.demand.month_index)[counted.months[rows]], 1e-6))
        if self.has_trend:
            of_day.append(((rows - len(counted.dates)) / _DAYS_PER_YEAR + 0.5)[:, None])
        every = np.concatenate(of_day, axis=1)
        levels = np.tile(np.eye(len(self.sources)), (len(rows), 1))
        design = np.concatenate([levels, np.repeat(every, len(self.sources), axis=0)], axis=1)
        week = (rows + counted.dates[0].weekday()) // 7
        each = partial(np.repeat, repeats=len(self.sources))
        _, numbered = np.unique(week, return_inverse=True)
        return counted.counts[rows][:, self.sources].ravel(), design, each(numbered), each(offset), each(rows)

    def indices(self, at: Values) -> tuple[Values, Values, Values]:
        """Contacts a year, months and weekdays as a scenario has them, and each source's share, in one vector each."""
        place = len(self.sources)
        weekday = np.zeros(7)
        weekday[list(self.weekdays)] = np.exp(np.concatenate([[0.0], at[place : place + len(self.weekdays) - 1]]))
        place += len(self.weekdays) - 1
        month = np.array(self.base.demand.month_index)
        if self.has_months:
            month = np.exp(np.concatenate([[0.0], at[place : place + 11]]))
        level = np.zeros(len(Source))
        level[list(self.sources)] = np.exp(at[: len(self.sources)])
        size = self._year(month, weekday) * self.per_contact
        average, usual = month.mean() if self.has_months else 1.0, weekday[:_WORKING].mean()
        return (
            np.concatenate([[level.sum() * size], level / level.sum()]),
            month / average,
            weekday / (usual if usual > 0 else 1.0),
        )

    def _year(self, month: Values, weekday: Values) -> float:
        """The relative contacts of a reporting year."""
        first = self.base.calendar.first_day
        dates = tuple(first + timedelta(days=day) for day in range(_DAYS_PER_YEAR))
        year = Table(dates, np.zeros((0, 0)), 1.0)
        return float((month[year.months] * weekday[year.weekdays]).sum())

    def setting(self, at: Values) -> dict[str, Value]:
        """By path, but for the dispersions."""
        size, month, weekday = self.indices(at)
        found: dict[str, Value] = {_LEVEL: float(size[0]), _WEEKDAYS: tuple(weekday.tolist())}
        found |= dict(zip(_SHARES, size[1:].tolist(), strict=True))
        return found | ({_MONTHS: tuple(month.tolist())} if self.has_months else {})

    def errors(self, fit: Rates) -> dict[str, tuple[float, ...]]:
        """The standard errors of the same."""
        slopes = jacobian(lambda at: np.concatenate(self.indices(at)), fit.at)
        every = np.sqrt(np.diag(slopes @ fit.covariance @ slopes.T)).tolist()
        sizes, month, weekday = every[: 1 + len(Source)], every[1 + len(Source) : -7], every[-7:]
        found = {_LEVEL: (sizes[0],), _WEEKDAYS: tuple(weekday)}
        found |= {path: (error,) for path, error in zip(_SHARES, sizes[1:], strict=True)}
        return found | ({_MONTHS: tuple(month)} if self.has_months else {})


@dataclass(frozen=True, slots=True, eq=False)
class Demand:
    """The posterior of demand: normal rates, and normal variances that are none below 0."""

    form: Form
    fit: Rates
    fresh: float | None

    def spread(self, week: float, day: float) -> dict[str, Value]:
        """The dispersions as a scenario has them: of fresh contacts, of which returns are no part."""
        if self.fresh is None:
            return {}
        week = max(week, 0.0) / self.fresh**2
        return {_WEEK: float(min(np.sqrt(week), 1.0)), _DAY: float(min(max(day, 0.0) / self.fresh**2, 5.0))}

    def errors(self) -> dict[str, tuple[float, ...]]:
        """Standard errors of the dispersions; of a weekly variance near 0, of its root at one error."""
        if self.fresh is None:
            return {}
        week, day = self.fit.dispersion_errors
        root = np.sqrt(max(self.fit.week, week))
        return {_WEEK: (float(week / (2 * root) / self.fresh),), _DAY: (day / self.fresh**2,)}

    def draws(self, chance: np.random.Generator, count: int) -> Sequence[Setting]:
        """Rates and dispersions."""
        at = chance.multivariate_normal(self.fit.at, self.fit.covariance, size=count, method="eigh")
        spread = chance.normal((self.fit.week, self.fit.day), self.fit.dispersion_errors, (count, 2))
        return [self.form.setting(one) | self.spread(*two) for one, two in zip(at, spread.tolist(), strict=True)]


def arrivals(index: LogIndex, base: Scenario) -> Iterator[Result]:
    """What is told of demand: counts by day and source, hours."""
    yield _counts(index, base)
    yield _hours(index)
    yield NotLearned(
        "school terms",
        (),
        "no kept list of England's term dates is part of this tool; the months carry what terms do",
    )


def _counts(index: LogIndex, base: Scenario) -> Result:
    what, counted = "contacts by day and source", table(index)
    why = missing(index, frozenset({Fact.RECEIPT, Fact.SOURCE}))
    if not why and len(counted.dates) < LEAST_DAYS:
        why = f"fewer than {LEAST_DAYS} days were watched"
    if not why and counted.counts.sum() < LEAST_CONTACTS:
        why = f"fewer than {LEAST_CONTACTS} contacts have a source"
    if not why and counted.known_share < 1 - _MOST_UNKNOWN:
        why = f"more than {_MOST_UNKNOWN:.0%} of contacts have no source"
    if why:
        return NotLearned(what, PATHS, why)
    return _fitted(what, index, base, counted)


def _fitted(what: str, index: LogIndex, base: Scenario, counted: Table) -> Learned:
    has_families = Fact.FAMILY in index.log.facts
    children = 1.0 if has_families else base.demand.children_per_family.mean
    sources = tuple(np.flatnonzero(counted.counts.sum(axis=0)).tolist())
    weekdays = tuple(day for day in range(7) if counted.counts[counted.weekdays == day].sum() > 0)
    per_contact = 1 / (children * counted.known_share * base.demand.multiplier)
    form = Form(sources, weekdays, counted.has_every_month, counted.has_a_trend, base, per_contact)
    counts, design, week, offset, day = form.design(counted)
    fit = rates(counts, design, week, offset)
    # Children of one family come together: of their counts no dispersion of families is told.
    posterior = Demand(form, fit, 1 - implied_return_share(base) if has_families else None)
    trend = {"trend a year": float(np.expm1(fit.at[-1]))} if form.has_trend else {}
    warnings = (*_borrowed(form, counted, has_families=has_families), *_misfits(fit, counts, sources, day, counted))
    return Learned(
        what,
        int(counted.counts.sum()),
        f"contacts received on {len(counted.dates)} days; of those returning, dispersion takes the base scenario's",
        form.setting(fit.at) | posterior.spread(fit.week, fit.day),
        form.errors(fit) | posterior.errors(),
        posterior,
        {"days": float(len(counted.dates)), "share with a source": counted.known_share, **trend},
        warnings,
    )


def _borrowed(form: Form, counted: Table, *, has_families: bool) -> Iterator[str]:
    if not form.has_months:
        yield "less than a year was watched: the months stay the base scenario's, and the year's level rests on them"
    elif not form.has_trend:
        yield "less than two years were watched: a trend cannot be told from the months"
    else:
        yield "the contacts a year are those of the last year watched: what came before differs from them by the trend"
    if absent := [source.value for row, source in enumerate(Source) if row not in form.sources]:
        yield f"no contact from {', '.join(absent)} is in the record: their share of 0 has no error, and may be a habit"
    if not has_families:
        yield "each child stands for itself: contacts of families rest on the base scenario's children per family"
    if counted.known_share < 1:
        yield "contacts without a source are taken to come from each as the others do"


def _misfits(fit: Rates, counts: Values, sources: tuple[int, ...], day: Values, counted: Table) -> Iterator[str]:
    squares = ((counts - fit.means) ** 2 / fit.variances).reshape(-1, len(sources)).mean(axis=0)
    for source, ratio in zip(sources, squares.tolist(), strict=True):
        if not _PEARSON[0] < ratio < _PEARSON[1]:
            name = list(Source)[source].value
            yield f"counts of {name} vary {ratio:.2f} times as much as one dispersion for all sources says"
    holidays = np.array([counted.dates[int(place)] in counted.holidays for place in day])
    if (expected := fit.means[holidays].sum()) > 0:
        far = (counts[holidays].sum() - expected) / np.sqrt(fit.variances[holidays].sum())
        if abs(far) > _FAR:
            ratio = counts[holidays].sum() / expected
            yield f"a bank holiday brings {ratio:.2f} times what a Sunday does; the model takes it for one"


@dataclass(frozen=True, slots=True, eq=False)
class Shares:
    """The posterior of shares that sum to 1 and go to one tuple: a Dirichlet law."""

    path: str
    weights: Values

    def draws(self, chance: np.random.Generator, count: int) -> Sequence[Setting]:
        """Shares, each drawn with the others."""
        return [{self.path: tuple(row)} for row in chance.dirichlet(self.weights, size=count).tolist()]


def _hours(index: LogIndex) -> Result:
    what, path = "hours of contacts", "demand.hour_index"
    received = index.received[index.received_in_window]
    timed = received[~is_date(index.log, received)]
    if why := missing(index, frozenset({Fact.RECEIPT, Fact.HOURS})):
        return NotLearned(what, (path,), f"{why}; the base scenario's profile stays, as declared")
    if len(timed) < LEAST_CONTACTS or len(timed) < (1 - _MOST_UNKNOWN) * len(received):
        why = "too few contacts have a time of day; the base scenario's profile stays, as declared"
        return NotLearned(what, (path,), why)
    counts = np.bincount(timed % MINUTES_PER_DAY // 60, minlength=24).astype(np.float64)
    shares = (counts + 0.5) / (counts + 0.5).sum()
    errors = np.sqrt(shares * (1 - shares) / (len(timed) + 13))
    return Learned(
        what,
        len(timed),
        "contacts received with a time of day",
        {path: tuple(shares.tolist())},
        {path: tuple(errors.tolist())},
        Shares(path, counts + 0.5),
    )
