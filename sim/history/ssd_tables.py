"""The tables of the Standard Safeguarding Dataset: a folder of CSVs, or one SQLite or DuckDB file.

Column sets differ by case system and version. Of each table only the columns named here are read, ids as pseudonyms.
"""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

import polars as pl

from sim.history.columns import find_columns
from sim.history.duckdb_file import duckdb_headings, duckdb_rows, is_duckdb
from sim.history.fields import DATE, ID, TEXT, YES_NO, Field
from sim.history.history import Finding
from sim.history.ids import Column, without_noughts
from sim.history.places import Place, Several, files_in
from sim.history.pseudonyms import Pseudonyms
from sim.history.ssd_cells import TIME, TITLE
from sim.history.ssd_outcomes import ABUSE_FACTORS, OUTCOME
from sim.history.tables import ExtractError, Rows, Table, csv_rows, database_rows, read

CONTACTS = "contacts"

TABLES: Mapping[str, tuple[Field, ...]] = {
    CONTACTS: (
        Field("contact", ID, ("cont_contact_id",), must_hold=True),
        Field("child", ID, ("cont_person_id",), must_hold=True),
        Field("received", DATE, ("cont_contact_date", "cont_contact_start"), must_hold=True),
        Field("source_code", TEXT, ("cont_contact_source_code", "cont_contact_source")),
        Field("source_words", TEXT, ("cont_contact_source_desc",)),
        Field("outcome", OUTCOME, ("cont_contact_outcome_json", "cont_contact_outcome")),
    ),
    "cin_episodes": (
        Field("referral", ID, ("cine_referral_id",), must_hold=True),
        Field("child", ID, ("cine_person_id",), must_hold=True),
        Field("referred", DATE, ("cine_referral_date",), must_hold=True),
        Field("outcome", OUTCOME, ("cine_referral_outcome_json", "cine_referral_outcome")),
        Field("no_action", YES_NO, ("cine_referral_nfa",)),
        Field("closed", DATE, ("cine_close_date",)),
        Field("close_reason", TEXT, ("cine_close_reason",)),
        Field("team", ID, ("cine_referral_team",)),
    ),
    "cin_assessments": (
        Field("assessment", ID, ("cina_assessment_id",), must_hold=True),
        Field("child", ID, ("cina_person_id",), must_hold=True),
        Field("referral", ID, ("cina_referral_id",)),
        Field("started", DATE, ("cina_assessment_start_date",)),
        Field("child_seen", YES_NO, ("cina_assessment_child_seen",)),
        Field("authorised", DATE, ("cina_assessment_auth_date",)),
        Field("outcome", OUTCOME, ("cina_assessment_outcome_json", "cina_assessment_outcome")),
        Field("no_action", YES_NO, ("cina_assessment_outcome_nfa",)),
    ),
    "assessment_factors": (
        Field("assessment", ID, ("cinf_assessment_id",), must_hold=True),
        Field("abuse", ABUSE_FACTORS, ("cinf_assessment_factors_json",)),
    ),
    "s47_enquiry": (
        Field("enquiry", ID, ("s47e_s47_enquiry_id",)),
        Field("child", ID, ("s47e_person_id",), must_hold=True),
        Field("referral", ID, ("s47e_referral_id",)),
        Field("started", DATE, ("s47e_s47_start_date",)),
        Field("ended", DATE, ("s47e_s47_end_date",)),
    ),
    "initial_cp_conference": (
        Field("enquiry", ID, ("icpc_s47_enquiry_id",)),
        Field("child", ID, ("icpc_person_id",), must_hold=True),
        Field("referral", ID, ("icpc_referral_id",)),
        Field("transfer_in", YES_NO, ("icpc_icpc_transfer_in",)),
        Field("held", DATE, ("icpc_icpc_date",)),
    ),
    "involvements": (
        Field("worker", ID, ("invo_professional_id",)),
        Field("role", TEXT, ("invo_professional_role_id",), must_hold=True),
        Field("child", ID, ("invo_person_id",), must_hold=True),
        Field("started", DATE, ("invo_involvement_start_date",)),
        Field("ended", DATE, ("invo_involvement_end_date",)),
        Field("referral", ID, ("invo_referral_id",)),
        Field("team", ID, ("invo_professional_team",)),
    ),
    "professionals": (
        Field("worker", ID, ("prof_professional_id",), must_hold=True),
        Field("title", TITLE, ("prof_professional_job_title",)),
        Field("fte", TIME, ("prof_full_time_equivalency",)),
    ),
    "department": (
        Field("team", ID, ("dept_team_id",), must_hold=True),
        Field("name", TEXT, ("dept_team_name",)),
    ),
    "cin_visits": (
        Field("child", ID, ("cinv_person_id",)),
        Field("plan", ID, ("cinv_cin_plan_id",)),
        Field("visited", DATE, ("cinv_cin_visit_date",)),
        Field("seen", YES_NO, ("cinv_cin_visit_seen",)),
    ),
    "cin_plans": (
        Field("plan", ID, ("cinp_cin_plan_id",), must_hold=True),
        Field("child", ID, ("cinp_person_id",), must_hold=True),
    ),
    "early_help_episodes": (
        Field("child", ID, ("earl_person_id",), must_hold=True),
        Field("started", DATE, ("earl_episode_start_date",)),
    ),
}
"""The fields of every table that is read. All but the first table may be absent, and so may most columns.

Of professionals neither name nor registration is read, and of a job title what kind of worker it is.
"""

_KINDS_OF_ID = {
    "contact": "contact", "child": "child", "referral": "referral", "assessment": "assessment", "enquiry": "enquiry",
    "plan": "plan", "worker": "worker",
}  # fmt: skip
"""The fields that are ids, each with its kind of pseudonym."""

_OTHER_NAMES = {"contact": CONTACTS, "cin_visit": "cin_visits", "cin_plan": "cin_plans", "cin_episode": "cin_episodes",
    "professional": "professionals"}  # fmt: skip
_SQLITE = b"SQLite format 3\0"


class Found(NamedTuple):
    """A table that is there: its headings, and how its rows are had."""

    headings: Sequence[str]
    rows: Callable[[], Rows]


@dataclass(frozen=True, slots=True, eq=False)
class Extract:
    """The tables that were read, ids as pseudonyms; `absent` says of the others, in a clause, why they were not.

    `findings` are about ids, which cannot be looked at later.
    """

    tables: Mapping[str, Table]
    absent: Mapping[str, str]
    findings: tuple[Finding, ...] = ()

    def frame(self, name: str) -> pl.DataFrame:
        """A table with a column for every field, null where the extract has none; no rows where it has no table."""
        if name not in self.tables:
            return pl.DataFrame(schema={"row": pl.UInt32, **_types(name)})
        held = self.tables[name].frame
        missing = [pl.lit(None, dtype).alias(field) for field, dtype in _types(name).items() if field not in held]
        return held.with_columns(missing)

    def lacks(self, name: str, column: str) -> str:
        """Why the extract does not hold a column, as a clause; empty where it does."""
        if name in self.absent:
            return self.absent[name]
        table = self.tables[name]
        if not len(table.frame):
            return f"the table {name} has no row that could be read"
        if column not in table.has:
            return f"the table {name} has no column {_heading(name, column)}"
        if table.frame[column].null_count() == len(table.frame):
            return f"the column {_heading(name, column)} is empty"
        return ""


def _heading(name: str, column: str) -> str:
    return next(field.headings[0] for field in TABLES[name] if field.name == column)


def _types(name: str) -> dict[str, pl.DataType]:
    none = pl.Series([], dtype=pl.String)
    types = {field.name: field.kind.read(none).dtype for field in TABLES[name]}
    return {name: pl.Int64() if name in _KINDS_OF_ID and type_ == pl.String else type_ for name, type_ in types.items()}


def is_extract(path: Place) -> bool:
    """Whether a path is a folder or database with a table of contacts as this dataset has it."""
    if isinstance(path, Several) or path.is_dir():
        contacts = _tables(path).get(CONTACTS)
    elif is_database(path):
        if is_duckdb(path):
            return True
        contacts = _tables(path).get(CONTACTS)
    else:
        return False
    if contacts is None:
        return False
    wanted = [field for field in TABLES[CONTACTS] if field.name in ("contact", "child")]
    return bool(find_columns(contacts.headings, wanted))


def holds(file: Path) -> bool:
    """Whether a CSV file is a table of this dataset that is read, by its name and headings."""
    name = table_name(file.stem) if file.suffix.lower() == ".csv" else ""
    if not name:
        return False
    return bool(find_columns(csv_rows(file).headings, [field for field in TABLES[name] if field.must_hold]))


def read_tables(path: Place, pseudonyms: Pseudonyms) -> Extract:
    """Read every table of an extract. Raise `ExtractError` where it has no contacts that can be read."""
    found = _tables(path)
    if CONTACTS not in found:
        raise ExtractError(f"{path.name}: there is no table of contacts (contacts or ssd_contacts)")
    absent = {name: reason for name in TABLES if name != CONTACTS and (reason := _why_absent(name, found))}
    read_ones = {name: read(found[name].rows(), fields) for name, fields in TABLES.items() if name not in absent}
    findings = [one for field in (*_KINDS_OF_ID, "team") for one in without_noughts(_ids_of(read_ones, field))]
    known = {name: _pseudonymous(table, pseudonyms) for name, table in read_ones.items()}
    return Extract(known, absent, tuple(findings))


def _ids_of(tables: Mapping[str, Table], field: str) -> list[Column]:
    return [Column(table, field, _heading(name, field)) for name, table in tables.items() if field in table.has]


def _why_absent(name: str, found: Mapping[str, Found]) -> str:
    if name not in found:
        return f"there is no table {name}"
    must = [field for field in TABLES[name] if field.must_hold]
    there = find_columns(found[name].headings, must)
    return next((f"the table {name} has no column {f.headings[0]}" for f in must if f.name not in there), "")


def _pseudonymous(table: Table, pseudonyms: Pseudonyms) -> Table:
    frame = table.frame
    for name, kind in _KINDS_OF_ID.items():
        if name in frame.columns:
            frame = frame.with_columns(pseudonyms.of(frame[name], kind))
    return table._replace(frame=frame)


def _tables(path: Place) -> dict[str, Found]:
    """The tables of the dataset that are in a folder or file, by their names here."""
    if isinstance(path, Several) or path.is_dir():
        files = [file for file in files_in(path) if file.suffix.lower() == ".csv" and table_name(file.stem)]
        every = [
            (table_name(file.stem), file.name, Found(csv_rows(file).headings, partial(csv_rows, file)))
            for file in files
        ]
    elif is_duckdb(path):
        columns = duckdb_headings(path)
        every = [(table_name(t), t, Found(c, partial(duckdb_rows, path, t, c))) for t, c in columns.items()]
    else:
        columns = _sqlite_headings(path)
        every = [(table_name(t), t, Found(c, partial(database_rows, path, t))) for t, c in columns.items()]
    found: dict[str, Found] = {}
    for name, _, table in every:
        if name in found:
            both = " and ".join(there for known, there, _ in every if known == name)
            raise ExtractError(f"{path.name}: the table {name} is there twice, as {both}")
        if name:
            found[name] = table
    return found


def table_name(name: str) -> str:
    """The name of a table without schema or prefix; empty where it is none of the dataset that is read."""
    bare = name.lower().rpartition(".")[2].removeprefix("ssd_")
    bare = _OTHER_NAMES.get(bare, bare)
    return bare if bare in TABLES else ""


def is_database(path: Path) -> bool:
    """Whether a path is an SQLite or DuckDB file."""
    return path.is_file() and (_is_sqlite(path) or is_duckdb(path))


def _is_sqlite(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_SQLITE)) == _SQLITE


def _sqlite_headings(path: Path) -> dict[str, list[str]]:
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            names = connection.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')").fetchall()
            query = "SELECT name FROM pragma_table_info(?)"
            return {name: [column for (column,) in connection.execute(query, (name,))] for (name,) in names}
    except sqlite3.Error as error:
        raise ExtractError(f"{path.name}: the SQLite file is damaged and cannot be read") from error
