"""What is odd in the journeys that are used: nothing is changed, all is said, and what cannot be known is not told.

A limit here is where coincidence stops being a fair explanation, not where something is proved: each finding says what
was seen, and a person who knows the record says what it means.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

import numpy as np
import polars as pl
from scipy.stats import poisson

from sim.events import Outcome
from sim.facts import Fact
from sim.history.calendar_oddities import UNLIKELY, calendar_oddities
from sim.history.history import STEPS, Finding, History, finding, happened, seen_undated
from sim.history.regimes import regimes

AS_IT_STANDS = "used as it stands"

COPIED_SHARE = 0.98
FEWEST_COPIED = 50
"""From this share on, of at least so many decisions, a decision dated as its contact is taken for a copied date."""

MOST_UNKNOWN_SOURCES = 0.20
FEWEST_UNKNOWN = 10
"""With a larger share of contacts from nobody knows whom, shares by source say more about recording than about need."""

MOST_UNDATED_SHARE, FEWEST_UNDATED = 0.5, 10
"""With a larger share of the children seen, or assessed, on a day that nobody noted, days to seen are of the others."""

OLD_DAYS = 365
"""Open work in which nothing happened for so long has probably ended unrecorded."""

FEWEST_WITHOUT_TIMES = 10
"""Fewer were perhaps received at midnight."""

BLOCK_DAYS = 28
FEWEST_BLOCKS = 3
FEWER = 0.75
"""The last four weeks against the median of those before them: at least a quarter fewer is more than a quiet month."""

_OPEN = (Outcome.REFERRAL, Outcome.STRATEGY_DISCUSSION)


class Odd(NamedTuple):
    """What was found, and the facts that the extract therefore does not tell, each with the reason."""

    findings: list[Finding]
    unsaid: dict[Fact, str]


def oddities(history: History, used: pl.DataFrame, as_at: date) -> Odd:
    """Everything odd in the journeys that are used."""
    findings, unsaid = [], dict[Fact, str]()
    for look in (_copied_decisions, _unknown_sources, _seen_undated):
        found, lost = look(history, used)
        findings += found
        unsaid |= lost
    looks: tuple[Callable[[History, pl.DataFrame, date], Iterator[Finding]], ...] = (
        calendar_oddities,
        _without_times,
        _unallocated,
        _overlapping,
        _old,
        _fewer_of_late,
        regimes,
    )
    for later in looks:
        findings += later(history, used, as_at)
    return Odd(findings, unsaid)


def _copied_decisions(history: History, used: pl.DataFrame) -> Odd:
    """Decisions, or those to refer, that nearly all bear the date of their contact and no time of their own.

    A record that begins at the referral has no date of contact to copy.
    """
    if Fact.RECEIPT not in history.facts:
        return Odd([], {})
    same_date = pl.col("decided").dt.date() == pl.col("received").dt.date()
    no_time = pl.col("decided").dt.time().is_in([time()]) | (pl.col("decided") == pl.col("received"))
    decided = used.select("row", "outcome", copied=same_date & no_time).filter(pl.col("copied").is_not_null())
    for rows in (decided, decided.filter(pl.col("outcome").is_in([outcome.value for outcome in _OPEN]))):
        copied = rows.filter("copied")
        if len(rows) >= FEWEST_COPIED and len(copied) >= COPIED_SHARE * len(rows):
            said = (
                "decided_with_contact",
                "decided on the date of the contact, with no time of its own: probably the same date written twice",
                "days from contact to decision",
                "those days are unknown",
            )
            why = "nearly every decision bears the date of its contact and no time of its own"
            return Odd(list(finding(history, copied, said)), {Fact.DECISION: why})
    return Odd([], {})


def _unknown_sources(history: History, used: pl.DataFrame) -> Odd:
    unknown = used.filter(pl.col("source").fill_null(-1) < 0)
    most = max(MOST_UNKNOWN_SOURCES * len(used), FEWEST_UNKNOWN - 1)
    if Fact.SOURCE not in history.facts or len(unknown) <= most:
        return Odd([], {})
    said = ("source_unknown", "contacts of which nobody knows who made them", "everything by source", "unknown")
    share = f"for {len(unknown) / len(used):.0%} of contacts nobody knows who made them"
    return Odd(list(finding(history, unknown, said)), {Fact.SOURCE: share})


def _seen_undated(history: History, used: pl.DataFrame) -> Odd:
    """Assessments authorised of children of whom nobody noted when they were seen; others are the reader's to say."""
    if Fact.SEEN not in history.facts:
        return Odd([], {})
    referred = pl.col("outcome").is_in([outcome.value for outcome in _OPEN])
    undated = used.filter(seen_undated() & referred)
    said = (
        "assessed_without_seen",
        "an assessment authorised, and no date on which the child was seen",
        "days to seen, children not yet seen",
        "counted apart: these children wait in no figure",
    )
    found = list(finding(history, undated.filter(pl.col("seen_undated").is_null()), said))
    share = len(undated) / max(len(undated) + len(used) - used["seen"].null_count(), 1)
    if len(undated) < FEWEST_UNDATED or share <= MOST_UNDATED_SHARE:
        return Odd(found, {})
    return Odd(found, {Fact.SEEN: f"of {share:.0%} of the children seen or assessed nobody noted when they were seen"})


def _without_times(history: History, used: pl.DataFrame, _: date) -> Iterator[Finding]:
    """Contacts with a date alone among others that have a time."""
    alone = used.filter(pl.col("received").dt.time() == time())
    if FEWEST_WITHOUT_TIMES <= len(alone) < len(used) / 2:
        said = (
            "received_without_time",
            "received on a date without a time of day, where most contacts have one",
            "hours, and contacts out of hours",
            "their waits are whole days",
        )
        yield from finding(history, alone, said)


def _unallocated(history: History, used: pl.DataFrame, _: date) -> Iterator[Finding]:
    """Assessments that somebody began, and nobody was allocated."""
    if Fact.ALLOCATION not in history.facts:
        return
    begun = pl.col("assessment_started").is_not_null() & pl.col("allocated").is_null()
    said = (
        "assessed_unallocated",
        "an assessment begun, and no date on which a worker was allocated",
        "children without a worker",
        AS_IT_STANDS,
    )
    yield from finding(history, used.filter(begun), said)


def _overlapping(history: History, used: pl.DataFrame, _: date) -> Iterator[Finding]:
    """Assessments begun while an earlier one of the same child went on, or on the day it began."""
    start, end = pl.col("assessment_started").dt.date(), pl.col("authorised").dt.date()
    ended = pl.coalesce(end, pl.col("closed").dt.date(), pl.date(9999, 12, 31))
    assessed = used.select("row", "child", start.alias("start"), ended.alias("end")).drop_nulls("start")
    ordered = assessed.sort("child", "start", "row")
    latest = pl.col("end").cum_max().shift(1).over("child")
    again = (pl.col("start") < latest) | (pl.col("start") == pl.col("start").shift(1).over("child"))
    said = (
        "overlapping_assessments",
        "an assessment begun while another of the same child was open",
        "counts and durations of assessments",
        AS_IT_STANDS,
    )
    yield from finding(history, ordered.filter(again.fill_null(value=False)).sort("row"), said)


def _old(history: History, used: pl.DataFrame, as_at: date) -> Iterator[Finding]:
    """Work still open in which nothing has happened for a year."""
    if not {Fact.CLOSURE, Fact.AUTHORISATION} & history.facts:
        return
    last = pl.max_horizontal(pl.col(step.column).dt.date() for step in STEPS)
    unended = pl.all_horizontal(pl.col(end).is_null() for end in ("authorised", "transferred", "closed"))
    going_on = pl.col("outcome").is_in([outcome.value for outcome in _OPEN])
    if used["decided"].null_count() < len(used):
        going_on |= pl.col("decided").is_null()
    old = (last < as_at - timedelta(days=OLD_DAYS)) & unended & going_on.fill_null(value=False)
    said = (
        "old_open_work",
        "open, and nothing has happened for more than a year: probably ended and not recorded",
        "open work, the longest waits, children not yet seen",
        AS_IT_STANDS,
    )
    yield from finding(history, used.filter(old), said)


def _fewer_of_late(history: History, used: pl.DataFrame, as_at: date) -> Iterator[Finding]:
    """Steps that the last four weeks have too few of: not yet entered, or a real fall."""
    end = datetime.combine(as_at + timedelta(days=1), time())
    for step in happened(used):
        stamps = used.filter(pl.col(step.column).is_not_null()).select("row", at=step.column)
        ago = stamps.select((end - pl.col("at")).dt.total_days() // BLOCK_DAYS).to_series().to_numpy()
        blocks = np.bincount(ago[ago >= 0])
        usual = float(np.median(blocks[1:])) if len(blocks) > FEWEST_BLOCKS else 0.0
        if blocks[0] < FEWER * usual and poisson.cdf(blocks[0], usual) < UNLIKELY:
            words = step.column.replace("_", " ")
            rows = tuple(stamps["row"].filter(pl.Series(ago == 0)).to_list())
            yield Finding(
                f"{step.column}_fewer_of_late",
                f"{words}: in the last {BLOCK_DAYS} days at least a quarter fewer than usual",
                history.tallies[0].name if history.tallies else history.format,
                rows,
                len(used),
                f"{words}, the latest months",
                AS_IT_STANDS,
            )
