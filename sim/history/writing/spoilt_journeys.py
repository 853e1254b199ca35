"""Mess in journeys, before they are written in a format: what people record wrongly, late, twice or not at all."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple

import polars as pl

from sim.events import Outcome
from sim.history.history import STEPS
from sim.history.writing.invented import GOES_ON, REFERRED
from sim.history.writing.mess import SHARE, Mess
from sim.working_time import england_bank_holidays

MISSING_ALLOCATIONS = "allocations without a date"
TIMES_LOST = "dates without their time of day"
REPEATED = "rows written twice"
COPIED = "contacts written twice under two ids"
NEARLY_COPIED = "contacts written again with a date alone"
SEEN_BEFORE = "children seen before the contact"
BULK = "closures entered together on one date"
WEEKEND_CONFERENCES = "conferences on a Saturday"
END_BEFORE_START = "assessments authorised before they began"
OVERLAPPING = "assessments begun while another of the child was open"
FIRST_OF_JANUARY = "authorised on 1 January, for want of a date"
MONTH_ENDS = "authorised on the last working day of the month"
LATE_REFERRALS = "referrals recorded forty days after the contact"
COPIED_DATES = "decisions dated as their contact, by construction"
NEW_REGIME = "contacts recorded as referrals without action from a month on"

SHARES: Mapping[str, Mapping[int, float]] = {
    TIMES_LOST: {1: 0.03, 2: 0.09},
    BULK: {1: 0.04, 2: 0.08},
    WEEKEND_CONFERENCES: {1: 0.1, 2: 0.3},
    MONTH_ENDS: {1: 0.4, 2: 0.5},
    FIRST_OF_JANUARY: {1: 0.5, 2: 0.7},
}
FEWEST_IN_BULK = 25
FEWEST_TO_TELL = 10
"""Fewer on 1 January, or without a time of day, nobody could tell from chance."""

ONLY_ALONE = frozenset({BULK, MONTH_ENDS, LATE_REFERRALS, COPIED_DATES, NEW_REGIME})
"""The kinds that change what other rows look like, or that sound rows look like: found whole where planted alone."""

LATE_DAYS = 40
REGIME_FROM = 0.5
"""The part of the year after which another practice begins."""

_BEFORE_END_DAYS = 21
_SATURDAY = 6
_WEEK = timedelta(days=7)
_SOON = timedelta(days=5)
_DAY = timedelta(days=1)

_REFERRALS_DATED = frozenset({"ssd", "annex-a"})
"""The formats that date of all decisions only referrals."""

ALL = frozenset({"ssd", "annex-a", "cin", "mosaic", "journeys"})


class Kind(NamedTuple):
    """A kind of mess: how it is planted, in which formats it can be seen, and from which level on."""

    spoil: Callable[[pl.DataFrame, Mess], pl.DataFrame]
    formats: frozenset[str] = ALL
    level: int = 1


def spoil(told: pl.DataFrame, mess: Mess, form: str) -> pl.DataFrame:
    """Journeys with mess planted in them, before they are written in a format."""
    mess.may, mess.dated = _shown(form), _referred() if form in _REFERRALS_DATED else pl.lit(value=True)
    for name, kind in KINDS.items():
        if form in kind.formats and mess.level >= kind.level and mess.plants(name):
            told = kind.spoil(told, mess)
    return told


def _shown(form: str) -> pl.Expr:
    """In which journeys a format shows mess: of a family's steps Mosaic has one for all, the census has referrals."""
    if form == "mosaic":
        return pl.len().over("contact") == 1
    if form == "cin":
        return pl.col("decided").is_not_null() & _referred()
    return pl.lit(value=True)


def _referred() -> pl.Expr:
    return pl.col("outcome").is_in([outcome.value for outcome in REFERRED])


def _set(told: pl.DataFrame, chosen: pl.Series, *values: pl.Expr) -> pl.DataFrame:
    """The journeys with these columns changed where they are chosen."""
    return told.with_columns(
        pl.when(chosen).then(value).otherwise(pl.col(value.meta.output_name())).alias(value.meta.output_name())
        for value in values
    )


def _share(kind: str, mess: Mess) -> float:
    return SHARES.get(kind, SHARE)[mess.level]


def _date(column: str) -> pl.Expr:
    return pl.col(column).dt.date()


def _conferences(told: pl.DataFrame, mess: Mess) -> pl.DataFrame:
    held = pl.col("conference_held")
    saturday = held - pl.duration(days=(held.dt.weekday().cast(pl.Int64) - _SATURDAY) % _WEEK.days)
    may = held.is_not_null() & (saturday.dt.date() >= _date("strategy_held"))
    chosen = mess.in_rows(WEEKEND_CONFERENCES, told, may, _share(WEEKEND_CONFERENCES, mess))
    return _set(told, chosen, saturday.alias("conference_held"))


def _bulk(told: pl.DataFrame, mess: Mess) -> pl.DataFrame:
    """Cases that had ended by then, all closed on the last Wednesday three weeks before the end."""
    day = told.select(pl.col("received").max().dt.truncate("1w")).item() - timedelta(days=_BEFORE_END_DAYS - 2)
    ended = ~pl.col("closed_as").is_in([ending.value for ending in GOES_ON])
    closed = (pl.col("closed") < day) & pl.col("authorised").is_not_null() & ended
    chosen = mess.in_rows(BULK, told, closed, _share(BULK, mess), round(FEWEST_IN_BULK * mess.level))
    return _set(told, chosen, pl.lit(day).cast(told["closed"].dtype).alias("closed"))


def _unallocated(told: pl.DataFrame, mess: Mess) -> pl.DataFrame:
    may = pl.col("allocated").is_not_null() & pl.col("assessment_started").is_not_null()
    chosen = mess.in_rows(MISSING_ALLOCATIONS, told, may, _share(MISSING_ALLOCATIONS, mess))
    return told.with_columns(
        pl.when(~chosen).then(pl.col(name)).alias(name) for name in ("allocated", "worker", "holders")
    )


def _seen_before(told: pl.DataFrame, mess: Mess) -> pl.DataFrame:
    may = pl.col("seen").is_not_null() & pl.col("assessment_started").is_not_null()
    chosen = mess.in_rows(SEEN_BEFORE, told, may, _share(SEEN_BEFORE, mess))
    return _set(told, chosen, (pl.col("received") - _WEEK).alias("seen"))


def _times(told: pl.DataFrame, mess: Mess) -> pl.DataFrame:
    chosen = mess.in_rows(TIMES_LOST, told, pl.lit(value=True), _share(TIMES_LOST, mess), FEWEST_TO_TELL)
    return _set(told, chosen, *(pl.col(step.column).dt.truncate("1d") for step in STEPS))


def _ended_before(told: pl.DataFrame, mess: Mess) -> pl.DataFrame:
    """Authorised the day before the start, which came on a day after the contact and its decision."""
    start = pl.col("assessment_started")
    may = pl.col("authorised").is_not_null() & (
        start.dt.date() > pl.max_horizontal(_date("received"), _date("decided"))
    )
    chosen = mess.in_rows(END_BEFORE_START, told, may, _share(END_BEFORE_START, mess))
    return _set(told, chosen, (start - _DAY).alias("authorised"))


def _first_of_january(told: pl.DataFrame, mess: Mess) -> pl.DataFrame:
    """Assessments open over a New Year, all authorised on it."""
    new_year = datetime(told["received"].max().year, 1, 1)  # type: ignore[union-attr]  # noqa: DTZ001  (as in the record)
    may = (_date("assessment_started") < new_year.date()) & (_date("authorised") > new_year.date())
    once = told.filter((may & (pl.len().over("child") == 1) & mess.may & ~_used(mess)).fill_null(value=False))
    if len(once) < FEWEST_TO_TELL:
        return told
    chosen = mess.in_rows(FIRST_OF_JANUARY, told, may, _share(FIRST_OF_JANUARY, mess), FEWEST_TO_TELL)
    return _set(told, chosen, pl.lit(new_year).cast(told["authorised"].dtype).alias("authorised"))


def _used(mess: Mess) -> pl.Expr:
    return pl.col("child").is_in(list(mess.children))


def _month_ends(told: pl.DataFrame, mess: Mess) -> pl.DataFrame:
    """Authorised when the month was counted: on its last working day, what came between then or after it."""
    ends = _last_working_days(told)
    month = _date("authorised").dt.truncate("1mo")
    end = month.replace_strict(list(ends), list(ends.values()), default=None, return_dtype=pl.Date)
    may = (end > _date("authorised")) & (month < month.max())
    chosen = mess.in_rows(MONTH_ENDS, told, may, _share(MONTH_ENDS, mess))
    stamp = end.cast(told["authorised"].dtype) + (pl.col("authorised") - pl.col("authorised").dt.truncate("1d"))
    later = [
        pl.when(pl.col(name).is_not_null()).then(pl.max_horizontal(name, stamp)).alias(name)
        for name in ("transferred", "closed")
    ]
    return _set(told, chosen, *later, stamp.alias("authorised"))


def _last_working_days(told: pl.DataFrame) -> dict[date, date]:
    """By the first day of each month the last Monday to Friday of it that is no bank holiday."""
    first, last = told.select(pl.col("received").min().dt.date(), pl.col("authorised").max().dt.date()).row(0)
    if last is None:
        return {}
    days = pl.date_range(first.replace(day=1), pl.lit(last).dt.month_end(), eager=True)
    open_days = days.filter((days.dt.weekday() < _SATURDAY) & ~days.is_in(list(england_bank_holidays(first, last))))
    ends = open_days.to_frame("day").group_by(pl.col("day").dt.truncate("1mo").alias("month")).agg(pl.max("day"))
    return dict(ends.sort("month").iter_rows())


def _late_referrals(told: pl.DataFrame, mess: Mess) -> pl.DataFrame:
    late = pl.col("received") + timedelta(days=LATE_DAYS)
    known = told.select(pl.max_horizontal(pl.col(step.column).max() for step in STEPS)).item()
    may = pl.col("assessment_started").is_not_null() & (late < pl.lit(known)) & _referred()
    chosen = mess.in_rows(LATE_REFERRALS, told, may, _share(LATE_REFERRALS, mess))
    return _set(told, chosen, late.alias("decided"))


def _overlapping(told: pl.DataFrame, mess: Mess) -> pl.DataFrame:
    """The same again a week later, under another id, while the first assessment went on."""
    known = told.select(pl.max_horizontal(pl.col(step.column).max() for step in STEPS)).item()
    last = pl.max_horizontal(pl.col(step.column) for step in STEPS)
    start = pl.col("assessment_started")
    soon = (start - pl.col("received") < _SOON) & (pl.col("decided") - pl.col("received") < _SOON)
    long = (pl.col("authorised") - start > 2 * _WEEK) & (last + _WEEK < pl.lit(known)) & _referred()
    held = pl.col("strategy_held").is_null() | (pl.col("strategy_held") - pl.col("received") < _SOON)
    chosen = mess.in_rows(OVERLAPPING, told, soon & long & held, _share(OVERLAPPING, mess))
    again = told.filter(chosen).with_columns(
        pl.format("{}-3", pl.col("contact")).alias("contact"),
        *(pl.col(step.column) + _WEEK for step in STEPS),
        _holders_later().alias("holders"),
    )
    return pl.concat([told, again])


def _holders_later() -> pl.Expr:
    one = pl.element().struct
    return pl.col("holders").list.eval(one.with_fields(pl.field("from") + _WEEK, pl.field("until") + _WEEK))


def _copied_dates(told: pl.DataFrame, mess: Mess) -> pl.DataFrame:
    """Every decision dated as its contact: one field is filled from the other, and nothing is noted between them."""
    chosen = mess.in_all_of(COPIED_DATES, told, pl.col("decided").is_not_null() & mess.dated)
    between = [
        pl.lit(None, told[n].dtype).alias(n) for n in ("handed_over", "information_asked", "information_received")
    ]
    return _set(told, chosen, pl.col("received").alias("decided"), pl.col("received").alias("screened"), *between)


def _new_regime(told: pl.DataFrame, mess: Mess) -> pl.DataFrame:
    """From a month on contacts that need nothing are recorded as referrals without action."""
    first, last = told.select(pl.col("received").min(), last=pl.col("received").max()).row(0)
    since = (first + REGIME_FROM * (last - first)).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    needless = (Outcome.NO_FURTHER_ACTION, Outcome.ADVICE, Outcome.OTHER_AUTHORITY, Outcome.CONSENT_REFUSED)
    which = (pl.col("received") >= pl.lit(since)) & pl.col("outcome").is_in([one.value for one in needless])
    chosen = mess.in_all_of(NEW_REGIME, told, which)
    no_action = pl.lit(Outcome.REFERRAL_NO_ACTION.value, told["outcome"].dtype).alias("outcome")
    return _set(told, chosen, no_action)


def _copies(told: pl.DataFrame, mess: Mess) -> pl.DataFrame:
    """Rows at the end that repeat others as they are."""
    return pl.concat([told, told.filter(mess.in_rows(REPEATED, told, pl.lit(value=True), _share(REPEATED, mess)))])


_OTHER_ID = pl.format("{}-2", pl.col("contact")).alias("contact")


def _copied(told: pl.DataFrame, mess: Mess) -> pl.DataFrame:
    """Rows at the end that repeat others under another id."""
    chosen = mess.in_rows(COPIED, told, pl.lit(value=True), _share(COPIED, mess))
    return pl.concat([told, told.with_columns(_OTHER_ID).filter(chosen)])


def _nearly_copied(told: pl.DataFrame, mess: Mess) -> pl.DataFrame:
    """Rows at the end that repeat others as somebody noted them beforehand: a date and no more."""
    chosen = mess.in_rows(NEARLY_COPIED, told, pl.lit(value=True), _share(NEARLY_COPIED, mess))
    later = [name for step in STEPS[1:] for name in (step.column, step.detail) if name]
    bare = told.with_columns(
        _OTHER_ID,
        pl.col("received").dt.truncate("1d"),
        *(pl.lit(None, told[name].dtype).alias(name) for name in (*later, "worker", "team", "holders")),
    )
    return pl.concat([told, bare.filter(chosen)])


_VISITS = frozenset({"journeys", "ssd", "mosaic"})

KINDS: Mapping[str, Kind] = {
    COPIED_DATES: Kind(_copied_dates, ALL - {"cin"}, 2),
    NEW_REGIME: Kind(_new_regime, ALL, 2),
    FIRST_OF_JANUARY: Kind(_first_of_january),
    WEEKEND_CONFERENCES: Kind(_conferences),
    BULK: Kind(_bulk),
    OVERLAPPING: Kind(_overlapping),
    END_BEFORE_START: Kind(_ended_before),
    MISSING_ALLOCATIONS: Kind(_unallocated, _VISITS),
    SEEN_BEFORE: Kind(_seen_before, _VISITS),
    LATE_REFERRALS: Kind(_late_referrals, frozenset({"ssd"})),
    TIMES_LOST: Kind(_times, frozenset({"journeys", "mosaic"})),
    REPEATED: Kind(_copies, ALL - {"mosaic"}),
    COPIED: Kind(_copied),
    NEARLY_COPIED: Kind(_nearly_copied, ALL - {"cin"}),
    MONTH_ENDS: Kind(_month_ends, ALL, 2),
}
"""Every kind, in the order in which they are planted.

The census has no contacts, workers or visits, Annex A no dates of allocation or of first visits; of decisions a
Standard Safeguarding Dataset alone links by date what was recorded late. Of one contact's rows Mosaic makes one step.
"""
