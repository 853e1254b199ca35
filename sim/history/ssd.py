"""Standard Safeguarding Dataset: a folder of CSVs, or one SQLite or DuckDB file, as an authority's script makes it.

A row of contacts is a journey; what followed is linked to it by number where there is one, and otherwise by child and
date, each kind of such links counted. Nothing is dated that the dataset does not date.
"""

import polars as pl

from sim.events import Ending
from sim.facts import Fact
from sim.history.history import STEPS, Finding, History, Tally, journeys, oddly_read
from sim.history.notes import Notes
from sim.history.places import Place
from sim.history.pseudonyms import Pseudonyms
from sim.history.ssd_facts import say_unmatched, why_not
from sim.history.ssd_referrals import contacts, with_decisions, with_referrals
from sim.history.ssd_staff import posts, why_no_staff
from sim.history.ssd_steps import with_assessments, with_enquiries, with_help, with_visits
from sim.history.ssd_tables import CONTACTS, Extract, holds, is_extract, read_tables
from sim.history.ssd_workers import with_workers

__all__ = ["FORMAT", "holds", "read_ssd", "recognises_ssd"]

FORMAT = "Standard Safeguarding Dataset"


def recognises_ssd(path: Place) -> bool:
    """Whether a path is a folder or database of this dataset."""
    return is_extract(path)


def read_ssd(path: Place, pseudonyms: Pseudonyms) -> History:
    """An extract of the dataset. Raise `ExtractError` where it cannot be read at all."""
    extract = read_tables(path, pseudonyms)
    notes = Notes()
    frame = with_referrals(contacts(extract, notes), extract, notes)
    frame = with_assessments(frame, extract, notes)
    frame = with_enquiries(frame, extract, notes)
    frame, more = with_workers(frame, extract, notes)
    frame = with_visits(frame, extract, notes)
    frame = with_help(frame, extract, notes)
    frame = _closed(with_decisions(frame, extract, notes))
    frame = _dates_of_one_day(frame, notes)
    say_unmatched(frame, extract, notes)
    unknown = why_not(frame, extract)
    unknown[Fact.STAFF] = why_no_staff(extract, unknown)
    held = posts(frame, more, extract, notes)
    found = [one for table in extract.tables.values() for one in oddly_read(table)]
    return History(
        format=FORMAT,
        journeys=journeys(frame),
        facts=frozenset(Fact) - unknown.keys(),
        why_not=unknown,
        tallies=tuple(
            Tally(t.name, t.in_file, len(t.frame), t.in_file - len(t.frame)) for t in extract.tables.values()
        ),
        refused=tuple(refusal for table in extract.tables.values() for refusal in table.refused),
        findings=(*extract.findings, *_named(notes.findings, extract), *found),
        inferred=tuple(notes.inferred),
        more=more,
        posts=held if len(held) and Fact.ALLOCATION not in unknown else None,
    )


def _closed(frame: pl.DataFrame) -> pl.DataFrame:
    """How each case closed: by the national reason, as unseen where nobody saw the child or assessed it."""
    unseen = pl.all_horizontal(pl.col(name).is_null() for name in ("seen", "seen_undated", "authorised"))
    reason = pl.col("close_reason").str.to_uppercase()
    how = (
        pl.when(reason.str.starts_with("RC8"))
        .then(Ending.NO_FURTHER_ACTION.value)
        .when(reason.str.starts_with("RC9"))
        .then(Ending.STEP_DOWN.value)
        .when(unseen)
        .then(Ending.UNSEEN.value)
        .otherwise(Ending.TRANSFER.value)
    )
    return frame.with_columns(pl.when(pl.col("closed").is_not_null()).then(how).cast(pl.Int8).alias("closed_as"))


def _dates_of_one_day(frame: pl.DataFrame, notes: Notes) -> pl.DataFrame:
    """A time before the contact's on its own date is a date alone: it was typed, or it is when somebody recorded it."""
    columns = [step.column for step in STEPS[1:] if step.column in frame.columns]
    received = pl.col("received")
    early = {
        name: (pl.col(name) < received)
        & (pl.col(name).dt.date() == received.dt.date())
        & (pl.col(name).dt.time() != pl.time(0))
        for name in columns
    }
    odd = frame.filter(pl.any_horizontal(early.values()))
    said_so = ("hours between steps of one day", "the date is used without the time")
    what = "a time of day before the contact's, on its date"
    notes.found("time_before_contact", what, odd, (CONTACTS, len(frame)), said_so)
    return frame.with_columns(
        pl.when(which).then(pl.col(name).dt.truncate("1d")).otherwise(name).alias(name) for name, which in early.items()
    )


def _named(findings: list[Finding], extract: Extract) -> list[Finding]:
    """The findings with the name that each table has in the extract."""
    return [finding._replace(table=extract.tables[finding.table].name) for finding in findings]
