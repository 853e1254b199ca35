"""Standard Safeguarding Dataset: a folder of CSVs, or one SQLite or DuckDB file, as an authority's script makes it.

A row of contacts is a journey; what followed is linked to it by number where there is one, and otherwise by child and
date, each kind of such links counted. Nothing is dated that the dataset does not date.
"""

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from sim.events import Ending
from sim.facts import Fact
from sim.history.history import STEPS, Finding, History, Tally, journeys
from sim.history.notes import Notes
from sim.history.pseudonyms import Pseudonyms
from sim.history.ssd_referrals import contacts, with_decisions, with_referrals
from sim.history.ssd_steps import (
    ALLOCATED_ROLES,
    share_seen_without_visit,
    with_assessments,
    with_enquiries,
    with_help,
    with_visits,
    with_workers,
)
from sim.history.ssd_tables import CONTACTS, TABLES, Extract, is_extract, read_tables

FORMAT = "Standard Safeguarding Dataset"

MOST_UNDATED_SHARE = 0.5
"""Where more than this share of children seen in their assessment have no visit, visits cannot tell who was seen."""

LEAST_ENDINGS_SHARE = 0.95
"""How an assessment ended is told where at least this share of those authorised say so; ours."""

_TELLS: Mapping[Fact, tuple[str, str, str]] = {
    Fact.RECEIPT: (CONTACTS, "received", "received"),
    Fact.REFERRAL: ("cin_episodes", "referred", "referral"),
    Fact.HELP: ("early_help_episodes", "started", "help_started"),
    Fact.STRATEGY: ("s47_enquiry", "started", "strategy_held"),
    Fact.SECTION_47: ("s47_enquiry", "started", "section_47_started"),
    Fact.CONFERENCE: ("initial_cp_conference", "held", "conference_held"),
    Fact.ALLOCATION: ("involvements", "started", "allocated"),
    Fact.SEEN: ("cin_visits", "visited", "seen"),
    Fact.ASSESSMENT_START: ("cin_assessments", "started", "assessment_started"),
    Fact.AUTHORISATION: ("cin_assessments", "authorised", "authorised"),
    Fact.ENDING: ("cin_assessments", "authorised", "ending"),
    Fact.CLOSURE: ("cin_episodes", "closed", "closed"),
}
"""The table and column that each fact takes, and the column of the journeys that it fills."""

_NEVER = {
    Fact.DECISION: "the dataset dates no decision on a contact that became no referral",
    Fact.DOMESTIC_ABUSE: "domestic abuse is recorded only when an assessment ends, so other contacts cannot be told",
    Fact.STAFF: "professionals have no date of starting or leaving",
}
_NO_PLACE = "the dataset has no place for it"


def recognises_ssd(path: Path) -> bool:
    """Whether a path is a folder or database of this dataset."""
    return is_extract(path)


def read_ssd(path: Path, pseudonyms: Pseudonyms) -> History:
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
    why_not = _why_not(frame, extract)
    return History(
        format=FORMAT,
        journeys=journeys(frame),
        facts=frozenset(Fact) - why_not.keys(),
        why_not=why_not,
        tallies=tuple(
            Tally(t.name, t.in_file, len(t.frame), t.in_file - len(t.frame)) for t in extract.tables.values()
        ),
        refused=tuple(refusal for table in extract.tables.values() for refusal in table.refused),
        findings=(*_named(notes.findings, extract), *_placeholders(extract)),
        inferred=tuple(notes.inferred),
        more=more,
    )


def _closed(frame: pl.DataFrame) -> pl.DataFrame:
    """How each case closed: by the national reason, as unseen where nobody saw the child."""
    reason = pl.col("close_reason").str.to_uppercase()
    how = (
        pl.when(reason.str.starts_with("RC8"))
        .then(Ending.NO_FURTHER_ACTION.value)
        .when(reason.str.starts_with("RC9"))
        .then(Ending.STEP_DOWN.value)
        .when(pl.col("seen").is_null())
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


def _why_not(frame: pl.DataFrame, extract: Extract) -> dict[Fact, str]:
    """For every fact that the extract cannot tell, why."""
    checks = {fact: _why_no_step(frame, extract, *taken) for fact, taken in _TELLS.items()}
    checks[Fact.SOURCE] = "" if (frame["source"] >= 0).any() else "no contact has a source that is known"
    shared = frame["contact"].n_unique() < len(frame)
    checks[Fact.FAMILY] = "" if shared else "every child has a contact with a number of its own"
    lacks = [extract.lacks(CONTACTS, "outcome"), extract.lacks("cin_episodes", "closed")]
    checks[Fact.OPEN_CASE] = "; ".join(lacks) if all(lacks) else ""
    lacks = [extract.lacks("cin_episodes", column) for column in ("no_action", "outcome")]
    checks[Fact.NO_ACTION] = checks[Fact.REFERRAL] or ("; ".join(lacks) if all(lacks) else "")
    checks[Fact.ALLOCATION] = _why_no_role(extract) or checks[Fact.ALLOCATION]
    checks[Fact.SEEN] = checks[Fact.SEEN] or _why_unseen(frame)
    checks[Fact.ENDING] = checks[Fact.ENDING] or _why_no_ending(frame)
    told = {fact for fact, reason in checks.items() if not reason}
    return {fact: _NEVER.get(fact) or checks.get(fact) or _NO_PLACE for fact in Fact if fact not in told}


def _why_no_step(frame: pl.DataFrame, extract: Extract, table: str, column: str, step: str) -> str:
    if reason := extract.lacks(table, column):
        return reason
    if frame[step].null_count() < len(frame):
        return ""
    return extract.absent.get("cin_episodes", f"no row of the table {table} could be linked to a contact")


def _why_no_role(extract: Extract) -> str:
    roles = extract.frame("involvements")["role"]
    if len(roles) and not roles.str.to_uppercase().is_in(ALLOCATED_ROLES).any():
        return "no involvement has the role of allocated case worker"
    return ""


def _why_unseen(frame: pl.DataFrame) -> str:
    share = share_seen_without_visit(frame)
    return (
        f"{share:.0%} of children seen in their assessment have no visit in cin_visits"
        if share > MOST_UNDATED_SHARE
        else ""
    )


def _why_no_ending(frame: pl.DataFrame) -> str:
    authorised = frame.filter(pl.col("authorised").is_not_null())
    told = len(authorised) - authorised["ending"].null_count()
    return "" if told >= LEAST_ENDINGS_SHARE * len(authorised) else "the outcome of most assessments is not recorded"


def _placeholders(extract: Extract) -> list[Finding]:
    """Dates that systems write where there is none."""
    return [
        Finding(
            "placeholder_date",
            f"a date that stands for none in {_heading(name, column)}",
            table.name,
            rows,
            table.in_file,
            "steps that look open or undated",
            "read as blank",
        )
        for name, table in extract.tables.items()
        for column, rows in table.placeholder_rows.items()
    ]


def _heading(name: str, column: str) -> str:
    return next(field.headings[0] for field in TABLES[name] if field.name == column)


def _named(findings: list[Finding], extract: Extract) -> list[Finding]:
    """The findings with the name that each table has in the extract."""
    return [finding._replace(table=extract.tables[finding.table].name) for finding in findings]
