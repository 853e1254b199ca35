"""Invented extracts of the Standard Safeguarding Dataset, in each of the forms that authorities keep them in."""

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path

import duckdb
import polars as pl

from sim.history import Observed
from tests.history.files import a_csv, observed

Row = dict[str, str]
Tables = Mapping[str, Sequence[Row]]

CONTACT = {
    "cont_contact_id": "C1",
    "cont_person_id": "P1",
    "cont_contact_date": "2024-01-08T00:00:00",
    "cont_contact_source_code": "6",
    "cont_contact_source_desc": "Police",
    "cont_contact_outcome_json": '{"NEW_REFERRAL_FLAG":"Y","NFA_FLAG":"N"}',
}
ADVISED = CONTACT | {
    "cont_contact_id": "C2",
    "cont_person_id": "P2",
    "cont_contact_outcome_json": '{"NEW_REFERRAL_FLAG":"N","ADVICE_FLAG":"Y"}',
}
REFERRAL = {
    "cine_referral_id": "R1",
    "cine_person_id": "P1",
    "cine_referral_date": "2024-01-09T00:00:00",
    "cine_referral_outcome_json": '{"SINGLE_ASSESSMENT_FLAG":"Y"}',
    "cine_referral_nfa": "N",
    "cine_close_date": "2024-03-11T00:00:00",
    "cine_close_reason": "RC8",
    "cine_referral_team": "T1",
    "cine_referral_worker_id": "Named Person",
}
ASSESSMENT = {
    "cina_assessment_id": "A1",
    "cina_person_id": "P1",
    "cina_referral_id": "R1",
    "cina_assessment_start_date": "2024-01-10T00:00:00",
    "cina_assessment_child_seen": "Y",
    "cina_assessment_auth_date": "2024-02-20T00:00:00",
    "cina_assessment_outcome_json": '{"NFA_FLAG":"Y"}',
    "cina_assessment_outcome_nfa": "Y",
}
FACTORS = {"cinf_assessment_id": "A1", "cinf_assessment_factors_json": '["1A","3B"]'}
ENQUIRY = {
    "s47e_s47_enquiry_id": "E1",
    "s47e_referral_id": "R1",
    "s47e_person_id": "P1",
    "s47e_s47_start_date": "2024-01-11T00:00:00",
    "s47e_s47_end_date": "2024-01-25T00:00:00",
}
CONFERENCE = {
    "icpc_s47_enquiry_id": "E1",
    "icpc_person_id": "P1",
    "icpc_referral_id": "",
    "icpc_icpc_transfer_in": "N",
    "icpc_icpc_date": "2024-01-31T00:00:00",
}
INVOLVEMENT = {
    "invo_professional_id": "W1",
    "invo_professional_role_id": "Allocated Case Worker",
    "invo_person_id": "P1",
    "invo_involvement_start_date": "2024-01-10T00:00:00",
    "invo_involvement_end_date": "1900-01-01T00:00:00",
    "invo_referral_id": "R1",
}
DEPARTMENT = {"dept_team_id": "T1", "dept_team_name": "North assessment"}
VISIT = {"cinv_person_id": "P1", "cinv_cin_visit_date": "2024-01-15T00:00:00", "cinv_cin_visit_seen": "Y"}
EARLY_HELP = {"earl_person_id": "P2", "earl_episode_start_date": "2024-01-20T00:00:00"}

ONE_CHILD: Tables = {
    "contacts": [CONTACT, ADVISED],
    "cin_episodes": [REFERRAL],
    "cin_assessments": [ASSESSMENT],
    "assessment_factors": [FACTORS],
    "s47_enquiry": [ENQUIRY],
    "initial_cp_conference": [CONFERENCE],
    "involvements": [INVOLVEMENT],
    "department": [DEPARTMENT],
    "cin_visits": [VISIT],
}
"""A child through every stage, and another who was advised."""

ONLY: Tables = {"contacts": [CONTACT], "cin_episodes": [REFERRAL]}
"""A contact and its referral."""


def a_folder(path: Path, tables: Tables, prefix: str = "ssd_") -> Path:
    """A folder with a CSV for each table."""
    path.mkdir(exist_ok=True)
    for name, rows in tables.items():
        a_csv(path / f"{prefix}{name}.csv", rows)
    return path


def an_sqlite_file(path: Path, tables: Tables) -> Path:
    """One SQLite file with all the tables."""
    with closing(sqlite3.connect(path)) as connection, connection:
        for name, rows in tables.items():
            columns = list(rows[0])
            connection.execute(f"CREATE TABLE ssd_{name} ({', '.join(columns)})")
            places = ", ".join("?" * len(columns))
            values = [[row.get(column) or None for column in columns] for row in rows]
            connection.executemany(f"INSERT INTO ssd_{name} VALUES ({places})", values)  # noqa: S608
    return path


def a_duckdb_file(path: Path, tables: Tables) -> Path:
    """One DuckDB file with all the tables, dates as timestamps."""
    with closing(duckdb.connect(str(path))) as connection:
        for name, rows in tables.items():
            columns = list(rows[0])
            types = ["TIMESTAMP" if column.endswith("_date") else "VARCHAR" for column in columns]
            kinds = ", ".join(f"{column} {kind}" for column, kind in zip(columns, types, strict=True))
            connection.execute(f"CREATE TABLE ssd_{name} ({kinds})")
            places = ", ".join("?" * len(columns))
            values = [[row.get(column) or None for column in columns] for row in rows]
            connection.executemany(f"INSERT INTO ssd_{name} VALUES ({places})", values)  # noqa: S608
    return path


def seen_in(path: Path, tables: Tables) -> Observed:
    """What is observed in a folder of these tables."""
    return observed(a_folder(path / "ssd", tables))


def cell(found: Observed, column: str, row: int = 2) -> object:
    """What a journey holds, by the row of its contact."""
    return found.history.journeys.filter(pl.col("row") == row)[column].item()


def findings(found: Observed) -> dict[str, tuple[str, tuple[int, ...]]]:
    """The table and the rows of each finding."""
    return {finding.id: (finding.table, finding.rows) for finding in found.findings}


def inferred(found: Observed) -> dict[str, tuple[int, int]]:
    """How often each kind of link was made, and not."""
    return {link.what: (link.made, link.not_made) for link in found.history.inferred}


def day(text: str) -> datetime:
    """A date alone, as a journey holds it."""
    return datetime.fromisoformat(text)
