"""What is odd in an extract: found, counted and said, and what cannot be used set aside by name.

A journey whose dates contradict one another is set aside whole: to drop the one date would make a child look as if it
still waited. What is merely unlikely is used, and said.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

import polars as pl

from sim.history.history import STEPS, Finding, History
from sim.history.sources import LOCAL, UNKNOWN

EVERY_MEASURE = "every measure"
SET_ASIDE = "set aside: these rows are in no measure"

_PAIRS = (("assessment_started", "authorised"), ("section_47_started", "section_47_ended"))


@dataclass(frozen=True, slots=True, eq=False)
class Checked:
    """The journeys that are used, and what was found in all of them; those not used are in the findings' rows."""

    journeys: pl.DataFrame
    findings: tuple[Finding, ...]
    set_aside: int


Contradiction = tuple[str, str, str, pl.Expr]
"""The id of a finding, what it is, what it touches, and which journeys it concerns."""


def check(history: History, as_at: date) -> Checked:
    """Look through the journeys of a history, as known at the end of `as_at`."""
    every, findings = history.journeys, list(history.findings)
    for repair in (_planned, _unknown_sources, _closed_early):
        every, found = repair(history, every, as_at)
        findings += found
    contradicted = pl.Series([False] * len(every), dtype=pl.Boolean)
    for name, what, touches, which in _contradictions(every, as_at):
        bad = every.select(which.fill_null(value=False)).to_series()
        contradicted |= bad
        findings += _finding(history, every.filter(bad), (name, what, touches, SET_ASIDE))
    used = every.filter(~contradicted)
    return Checked(used, tuple(findings), len(every) - len(used))


def _finding(history: History, rows: pl.DataFrame, said: tuple[str, str, str, str]) -> Iterator[Finding]:
    """One finding about these journeys for each table that they lie in."""
    name, what, touches, done = said
    first = history.tallies[0].name if history.tallies else history.format
    tables = rows.with_columns(pl.col("table").fill_null(first))
    for (table,), found in tables.group_by("table", maintain_order=True):
        yield Finding(name, what, str(table), tuple(found["row"].to_list()), len(history.journeys), touches, done)


def _contradictions(every: pl.DataFrame, as_at: date) -> Iterator[Contradiction]:
    day = {step.column: pl.col(step.column).dt.date() for step in STEPS}
    again = pl.int_range(pl.len()).over("child", day["received"], "source") > 0
    yield "duplicates", "the same child, date and source as an earlier row", EVERY_MEASURE, again
    yield "received_after_extract", "received after the date of the extract", EVERY_MEASURE, day["received"] > as_at
    for step in STEPS[1:]:
        words = step.column.replace("_", " ")
        if every[step.column].null_count() == len(every):
            continue
        before = day[step.column] < day["received"]
        yield f"{step.column}_before_contact", f"{words} before the contact", f"waits for {words}", before
        after = day[step.column] > as_at
        yield f"{step.column}_after_extract", f"{words} after the date of the extract", f"waits for {words}", after
    for start, end in _PAIRS:
        words = end.replace("_", " ")
        which = (day[end] < day[start]) | (day[end].is_not_null() & day[start].is_null())
        yield f"{end}_before_start", f"{words} before, or without, its start", "durations of assessments", which


Repair = Callable[[History, pl.DataFrame, date], tuple[pl.DataFrame, list[Finding]]]


def _planned(history: History, every: pl.DataFrame, as_at: date) -> tuple[pl.DataFrame, list[Finding]]:
    """Conferences booked for after the extract have not been held."""
    later = pl.col("conference_held").dt.date() > as_at
    said = ("conference_planned", "conference after the date of the extract", "conferences", "read as not yet held")
    found = list(_finding(history, every.filter(later.fill_null(value=False)), said))
    return every.with_columns(pl.when(~later).then("conference_held").alias("conference_held")), found


def _unknown_sources(history: History, every: pl.DataFrame, _: date) -> tuple[pl.DataFrame, list[Finding]]:
    """A local code whose meaning nobody has told stands for no source."""
    said = ("local_source", "a local code for who made contact", "everything by source", "read as source not known")
    found = list(_finding(history, every.filter(pl.col("source") == LOCAL), said))
    known = pl.when(pl.col("source") == LOCAL).then(UNKNOWN).otherwise("source").cast(pl.Int8)
    return every.with_columns(known.alias("source")), found


def _closed_early(history: History, every: pl.DataFrame, _: date) -> tuple[pl.DataFrame, list[Finding]]:
    """Steps after the case closed: it was open again, so the closing date is not that of this journey's end."""
    steps = [step.column for step in STEPS if step.column not in ("closed", "help_started")]
    last = pl.max_horizontal(pl.col(column).dt.date() for column in steps)
    early = (pl.col("closed").dt.date() < last).fill_null(value=False)
    said = (
        "closed_before_last_step",
        "closed before a later step",
        "closed unseen, re-referrals",
        "the closing date is not used",
    )
    found = list(_finding(history, every.filter(early), said))
    return every.with_columns(pl.when(~early).then("closed").alias("closed")), found
