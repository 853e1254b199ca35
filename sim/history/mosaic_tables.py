"""The tables of a Mosaic workflow export: a folder of CSV files named after them, read for what a journey needs.

Step types are numbered by each authority for itself. What they mean is told by a small table of its own,
`step_types.csv`, and, for types it leaves out, by the flags that Mosaic puts on steps.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from enum import IntEnum
from pathlib import Path
from typing import NamedTuple

import polars as pl

from sim.history.fields import DATE, ID, TEXT, YES_NO, Field, Kind, one_of
from sim.history.history import Finding, Inference, Tally, oddly_read
from sim.history.ids import Column, without_noughts
from sim.history.places import Place, files_in
from sim.history.pseudonyms import Pseudonyms
from sim.history.sources import SOURCE, sources_by_words
from sim.history.tables import ExtractError, Refusal, Table, csv_rows, read


class Meaning(IntEnum):
    """What a step type is, whatever its number; OTHER_TEAM is that of a team beyond the front door, as disabilities."""

    CONTACT = 0
    OUT_OF_HOURS_CONTACT = 1
    FURTHER_ENQUIRIES = 2
    STRATEGY_DISCUSSION = 3
    SECTION_47 = 4
    CONFERENCE = 5
    ASSESSMENT = 6
    VISIT = 7
    ALLOCATION = 8
    EARLY_HELP = 9
    NO_ACTION = 10
    CLOSURE = 11
    OTHER = 12
    OTHER_TEAM = 13


class Status(IntEnum):
    """How a step stands."""

    INCOMING = 0
    STARTED = 1
    REOPENED = 2
    COMPLETED = 3
    CANCELLED = 4
    PROPOSED = 5


STEPS, LINKS, SUBJECTS = "dm_workflow_steps", "dm_workflow_links", "dm_subgroup_subjects"
SOURCES, REFERRALS, VISITS = "dm_step_source_details", "dm_cin_referrals", "dm_visits"
WORKERS, TYPES = "dm_allocated_workers", "step_types"

NEEDED: Mapping[str, str] = {
    STEPS: "without it there is nothing to follow",
    LINKS: "without it nothing says which work followed which contact",
    SUBJECTS: "without it nothing says which children a contact is about",
}

_NOT_DONE = (Status.CANCELLED, Status.PROPOSED)
_MOST_TYPES_NAMED = 10
_EVERYTHING = "every measure"


def _type_numbers(cells: pl.Series) -> pl.Series:
    return cells.str.extract(r"^(\d{1,6})(?:\.0+)?$").cast(pl.Int32)


# An id or a number of another kind, set one column off, must not pass for a step type: types are named in findings.
STEP_TYPE = Kind("must be the number of a step type, of at most six digits", _type_numbers)
_MEANINGS = {meaning.name.lower(): meaning.value for meaning in Meaning}
_MEANING = one_of(_MEANINGS, "must be one of " + ", ".join(_MEANINGS))
_STATUS = one_of(
    {status.name: status.value for status in Status}, "must be one of " + ", ".join(status.name for status in Status)
)

_FLAGS: Mapping[str, Meaning] = {
    "is_child_contact": Meaning.CONTACT,
    # Where contact and referral are steps of their own the second decides on the first, and belongs to it.
    "is_child_referral": Meaning.CONTACT,
    "is_section_47_enquiry": Meaning.SECTION_47,
    "is_continuous_assessment": Meaning.ASSESSMENT,
}

FIELDS: Mapping[str, Sequence[Field]] = {
    STEPS: (
        Field("workflow_step_id", ID, (), must_hold=True),
        Field("workflow_step_type_id", STEP_TYPE, (), must_hold=True),
        Field("subgroup_id", ID, (), must_hold=True),
        Field("step_status", _STATUS, (), must_hold=True),
        Field("incoming_on", DATE, ()),
        Field("started_on", DATE, ()),
        Field("completed_on", DATE, ()),
        Field("assignee_id", ID, ()),
        Field("responsible_team_id", ID, ()),
        Field("contact_source", SOURCE, ("cmbMCON_ContactSource", "source_of_contact")),
        *(Field(flag, YES_NO, ()) for flag in _FLAGS),
    ),
    LINKS: (
        Field("source_step_id", ID, (), must_hold=True),
        Field("target_step_id", ID, (), must_hold=True),
    ),
    SUBJECTS: (
        Field("subgroup_id", ID, (), must_hold=True),
        Field("subject_compound_id", ID, (), must_hold=True),
        Field("subject_type_code", TEXT, ()),
    ),
    SOURCES: (
        Field("workflow_step_id", ID, ("workflow_step_id", "step_id"), must_hold=True),
        Field("contact_source", SOURCE, ("source", "source_of_referral", "source_description")),
    ),
    REFERRALS: (
        Field("person_id", ID, (), must_hold=True),
        Field("referral_date", DATE, (), must_hold=True),
        Field("nfa_date", DATE, ()),
        Field("closure_date", DATE, ()),
        Field("source_of_referral", SOURCE, ()),
    ),
    VISITS: (
        Field("person_id", ID, (), must_hold=True),
        Field("actual_date", DATE, ()),
        Field("seen", YES_NO, ("seen_flag", "child_seen", "child or young person seen?")),
    ),
    WORKERS: (
        Field("worker_id", ID, (), must_hold=True),
        Field("person_id", ID, (), must_hold=True),
        Field("start_date", DATE, (), must_hold=True),
        Field("end_date", DATE, ()),
    ),
    TYPES: (
        Field("workflow_step_type_id", STEP_TYPE, (), must_hold=True),
        Field("meaning", _MEANING, ()),
    ),
}
"""The columns that are taken from each table; no other is kept."""

_IDS: Mapping[str, str] = {
    "workflow_step_id": "contact",
    "source_step_id": "contact",
    "target_step_id": "contact",
    "subgroup_id": "subgroup",
    "subject_compound_id": "child",
    "person_id": "child",
    "assignee_id": "worker",
    "worker_id": "worker",
}
"""The kind of pseudonym of each column of ids: a step's is that of the contact it may be."""


class Export(NamedTuple):
    """The tables of an export, ids made pseudonymous, and how reading them went.

    `steps` has the columns of its file and `meaning`, an `int` of `Meaning` or null, one row for each row of the file
    that counts; `tables` those of the others that are there, `names` the files that they lie in. A column that a file
    has not is null.
    """

    steps: pl.DataFrame
    tables: Mapping[str, pl.DataFrame]
    has: Mapping[str, frozenset[str]]
    names: Mapping[str, str]
    tallies: tuple[Tally, ...]
    refused: tuple[Refusal, ...]
    findings: tuple[Finding, ...]
    inferred: tuple[Inference, ...]


def files(folder: Place) -> dict[str, Path]:
    """The CSV files of a folder by the table they are named after: `dbo.DM_VISITS.csv` holds `dm_visits`."""
    held = [path for path in files_in(folder) if path.suffix.lower() == ".csv"]
    return {path.stem.lower().rpartition(".")[2]: path for path in held}


def load(folder: Place, pseudonyms: Pseudonyms) -> Export:
    """Read an export. Raise `ExtractError` where a table that is needed is missing or cannot be read."""
    there = files(folder)
    for name, why in NEEDED.items():
        if name not in there:
            raise ExtractError(f"{folder.name}: there is no file {name}.csv; {why}")
    read_in = {name: read(csv_rows(there[name]), FIELDS[name]) for name in FIELDS if name in there}
    if not read_in[STEPS].has & {"incoming_on", "started_on"}:
        raise ExtractError(f'{read_in[STEPS].name}: there is no column "INCOMING_ON", nor "STARTED_ON"')
    told = _told_types(read_in.get(TYPES))
    whole = {name: _whole(table, FIELDS[name], pseudonyms) for name, table in read_in.items()}
    steps = _with_meaning(whole[STEPS], told)
    counted = steps.filter(~pl.col("step_status").is_in([status.value for status in _NOT_DONE]))
    subjects, others = _persons(read_in[SUBJECTS], whole[SUBJECTS])
    found = (
        *(one for kind in sorted(set(_IDS.values())) for one in without_noughts(_ids_of(read_in, kind))),
        *_not_done(read_in[STEPS], steps),
        *_unmapped(read_in[STEPS], counted),
        *_dangling(read_in[LINKS], whole[LINKS], steps),
        *others,
        *(one for table in read_in.values() for one in oddly_read(table)),
    )
    return Export(
        steps=counted,
        tables={**whole, SUBJECTS: subjects},
        has={name: table.has for name, table in read_in.items()},
        names={name: table.name for name, table in read_in.items()},
        tallies=tuple(Tally(t.name, t.in_file, len(t.frame), len(t.refused)) for t in read_in.values()),
        refused=tuple(refusal for table in read_in.values() for refusal in table.refused),
        findings=found,
        inferred=sources_by_words(read_in.values()),
    )


def _ids_of(tables: Mapping[str, Table], kind: str) -> Iterator[Column]:
    for table in tables.values():
        yield from (Column(table, name, name.upper()) for name in sorted(table.has) if _IDS.get(name) == kind)


def _whole(table: Table, fields: Sequence[Field], pseudonyms: Pseudonyms) -> pl.DataFrame:
    """A table with all its columns, ids made pseudonymous."""
    nothing = pl.Series(dtype=pl.String)
    absent = (field for field in fields if field.name not in table.has)
    frame = table.frame.with_columns(pl.lit(None, field.kind.read(nothing).dtype).alias(field.name) for field in absent)
    ids = [pseudonyms.of(frame[name], kind).alias(name) for name, kind in _IDS.items() if name in frame.columns]
    return frame.with_columns(ids)


def _told_types(table: Table | None) -> pl.DataFrame:
    """What `step_types.csv` says of each step type."""
    if table is None:
        return pl.DataFrame(schema={"workflow_step_type_id": pl.Int32, "meaning": pl.Int8})
    column = "meaning" if "meaning" in table.has else pl.lit(None, pl.Int8).alias("meaning")
    told = table.frame.select("workflow_step_type_id", column).unique(maintain_order=True)
    if told["workflow_step_type_id"].is_duplicated().any():
        raise ExtractError(f"{table.name}: a step type has two meanings")
    return told


def _with_meaning(steps: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    flagged = [pl.when(pl.col(flag) == 1).then(pl.lit(meaning.value, pl.Int8)) for flag, meaning in _FLAGS.items()]
    joined = steps.join(told, on="workflow_step_type_id", how="left", maintain_order="left")
    return joined.with_columns(pl.coalesce("meaning", *flagged).alias("meaning")).drop(list(_FLAGS))


def _not_done(table: Table, steps: pl.DataFrame) -> Iterator[Finding]:
    for status in _NOT_DONE:
        rows = steps.filter(pl.col("step_status") == status)["row"]
        if len(rows):
            word = status.name.lower()
            yield Finding(
                f"{word}_steps",
                f"steps that were {word}",
                table.name,
                tuple(rows),
                len(steps),
                _EVERYTHING,
                "set aside",
            )


def _unmapped(table: Table, steps: pl.DataFrame) -> Iterator[Finding]:
    """One sentence that names the step types nobody has told the meaning of, the most frequent first."""
    unknown = steps.filter(pl.col("meaning").is_null())
    counts = (
        unknown.group_by("workflow_step_type_id").len().sort("len", "workflow_step_type_id", descending=[True, False])
    )
    if not len(counts):
        return
    named = ", ".join(f"{number} ({count} steps)" for number, count in counts.head(_MOST_TYPES_NAMED).iter_rows())
    more = f" and {len(counts) - _MOST_TYPES_NAMED} more" if len(counts) > _MOST_TYPES_NAMED else ""
    yield Finding(
        "unmapped_step_types",
        f"steps of types without a meaning: {named}{more}",
        table.name,
        tuple(unknown["row"]),
        len(steps),
        "what became of contacts",
        f"passed over; write what they are in {TYPES}.csv",
    )


def _dangling(table: Table, links: pl.DataFrame, steps: pl.DataFrame) -> Iterator[Finding]:
    known = pl.col("source_step_id", "target_step_id").is_in(steps["workflow_step_id"].unique().implode())
    rows = links.filter(~pl.all_horizontal(known))["row"]
    if len(rows):
        what, touches = "links from or to a step that is not in the export", "what became of contacts"
        yield Finding("links_to_nowhere", what, table.name, tuple(rows), len(links), touches, "not followed")


def _persons(table: Table, subjects: pl.DataFrame) -> tuple[pl.DataFrame, tuple[Finding, ...]]:
    """Who the subgroups are, without subjects that are no persons."""
    code = pl.col("subject_type_code").str.to_uppercase()
    others = subjects.filter((code != "PER").fill_null(value=False))["row"]
    found = Finding(
        "not_a_person",
        "subjects that are not persons",
        table.name,
        tuple(others),
        len(subjects),
        _EVERYTHING,
        "set aside",
    )
    kept = subjects.filter((code == "PER").fill_null(value=True))
    return kept.select("subgroup_id", child="subject_compound_id").unique(), (found,) if len(others) else ()


def step_type_template(folder: Path) -> Path:
    """Write `step_types.csv` into an export: the step types found, how many steps each has, and what flags tell of it.

    Raise `ExtractError` where there is one already.
    """
    there = files(folder)
    if TYPES in there:
        raise ExtractError(f"{there[TYPES].name}: is there already, and is not written over")
    if STEPS not in there:
        raise ExtractError(f"{folder.name}: there is no file {STEPS}.csv; {NEEDED[STEPS]}")
    steps = read(csv_rows(there[STEPS]), FIELDS[STEPS])
    known = _with_meaning(_whole(steps, FIELDS[STEPS], Pseudonyms()), _told_types(None))
    counts = known.group_by("workflow_step_type_id").agg(pl.col("meaning").mode().first(), pl.len())
    path = folder / f"{TYPES}.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("WORKFLOW_STEP_TYPE_ID", "MEANING", "STEPS"))
        for number, meaning, count in counts.sort("len", descending=True).iter_rows():
            writer.writerow((number, "" if meaning is None else Meaning(meaning).name.lower(), count))
    return path
