"""Standard Safeguarding Dataset: what is not there, what is broken, and what is never taken."""

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from sim.facts import Fact
from sim.history import ExtractError, Refusal, duckdb_file
from sim.measures import measure
from tests.history.files import a_csv, observed
from tests.history.ssd_files import (
    ADVISED,
    ASSESSMENT,
    CONTACT,
    INVOLVEMENT,
    ONE_CHILD,
    ONLY,
    REFERRAL,
    VISIT,
    Row,
    Tables,
    a_duckdb_file,
    a_folder,
    an_sqlite_file,
    cell,
    findings,
    seen_in,
)

ABUSE_LATE = "domestic abuse is recorded only when an assessment ends, so other contacts cannot be told"


def less(table: str) -> Tables:
    return {name: rows for name, rows in ONE_CHILD.items() if name != table}


@pytest.mark.parametrize(
    ("table", "facts"),
    [
        ("cin_assessments", {Fact.ASSESSMENT_START, Fact.AUTHORISATION, Fact.ENDING}),
        ("s47_enquiry", {Fact.STRATEGY, Fact.SECTION_47}),
        ("involvements", {Fact.ALLOCATION}),
        ("cin_visits", {Fact.SEEN}),
    ],
)
def test_a_table_that_is_absent_takes_its_facts_along_and_is_named(
    table: str, facts: set[Fact], tmp_path: Path
) -> None:
    whole = observed(a_folder(tmp_path / "whole", ONE_CHILD)).history
    found = seen_in(tmp_path, less(table)).history

    lost = whole.facts - found.facts - {Fact.CONFERENCE}
    assert lost == facts
    assert {found.why_not[fact] for fact in facts} == {f"there is no table {table}"}


def test_contacts_alone_are_counted_and_no_more(tmp_path: Path) -> None:
    found = seen_in(tmp_path, {"contacts": [CONTACT, ADVISED]})
    read = measure(found.log)

    assert read["contacts_count", "all"] == 2
    assert read["referrals_count", "all"] != read["referrals_count", "all"]
    assert found.log.facts == {Fact.RECEIPT, Fact.SOURCE, Fact.OPEN_CASE}
    assert found.history.why_not[Fact.REFERRAL] == "there is no table cin_episodes"


def test_what_is_linked_to_referrals_is_unknown_without_them(tmp_path: Path) -> None:
    found = seen_in(tmp_path, less("cin_episodes")).history

    assert found.why_not[Fact.ASSESSMENT_START] == "there is no table cin_episodes"
    assert found.why_not[Fact.SEEN] == "there is no table cin_episodes"


@pytest.mark.parametrize(
    ("fact", "clause"),
    [
        (Fact.DECISION, "the dataset dates no decision on a contact that became no referral"),
        (
            Fact.DOMESTIC_ABUSE,
            ABUSE_LATE,
        ),
        (Fact.STAFF, "there is no table professionals"),
        (Fact.RATING, "the dataset has no place for it"),
    ],
)
def test_what_the_dataset_never_tells_is_said(fact: Fact, clause: str, tmp_path: Path) -> None:
    assert seen_in(tmp_path, ONE_CHILD).history.why_not[fact] == clause


def without(row: Row, *columns: str) -> Row:
    return {name: text for name, text in row.items() if name not in columns}


@pytest.mark.parametrize(
    ("tables", "fact", "clause"),
    [
        (
            {"cin_visits": [without(VISIT, "cinv_cin_visit_seen")]},
            Fact.SEEN,
            "the table cin_visits has no column cinv_cin_visit_seen",
        ),
        ({"cin_visits": [VISIT | {"cinv_cin_visit_date": ""}]}, Fact.SEEN, "the column cinv_cin_visit_date is empty"),
        (
            {"cin_visits": [VISIT | {"cinv_person_id": "P77"}]},
            Fact.SEEN,
            "no row of the table cin_visits could be linked to a contact",
        ),
        (
            {"involvements": [without(INVOLVEMENT, "invo_professional_role_id")]},
            Fact.ALLOCATION,
            "the table involvements has no column invo_professional_role_id",
        ),
        (
            {"cin_assessments": [without(ASSESSMENT, "cina_referral_id")]},
            Fact.AUTHORISATION,
            "the table cin_assessments has no column cina_referral_id",
        ),
        (
            {"cin_episodes": [without(REFERRAL, "cine_close_date")]},
            Fact.CLOSURE,
            "the table cin_episodes has no column cine_close_date",
        ),
        (
            {"cin_episodes": [without(REFERRAL, "cine_referral_outcome_json", "cine_referral_nfa")]},
            Fact.NO_ACTION,
            (
                "the table cin_episodes has no column cine_referral_nfa; "
                "the table cin_episodes has no column cine_referral_outcome_json"
            ),
        ),
        (
            {"cin_episodes": [REFERRAL | {"cine_person_id": "P77"}]},
            Fact.REFERRAL,
            "no row of the table cin_episodes could be linked to a contact",
        ),
        (
            {
                "contacts": [without(CONTACT, "cont_contact_outcome_json")],
                "cin_episodes": [without(REFERRAL, "cine_close_date")],
            },
            Fact.OPEN_CASE,
            (
                "the table contacts has no column cont_contact_outcome_json; "
                "the table cin_episodes has no column cine_close_date"
            ),
        ),
    ],
)
def test_what_a_version_has_no_column_for_is_unknown_and_the_column_named(
    tables: Tables, fact: Fact, clause: str, tmp_path: Path
) -> None:
    assert seen_in(tmp_path, {**ONE_CHILD, **tables}).history.why_not[fact] == clause


def test_a_table_of_headings_alone_tells_nothing(tmp_path: Path) -> None:
    folder = a_folder(tmp_path / "ssd", ONE_CHILD)
    (folder / "ssd_s47_enquiry.csv").write_text(
        "s47e_person_id,s47e_referral_id,s47e_s47_start_date\n", encoding="utf-8"
    )

    assert observed(folder).history.why_not[Fact.SECTION_47] == "the table s47_enquiry has no row that could be read"


def test_the_columns_of_earlier_versions_are_read(tmp_path: Path) -> None:
    older = {
        "cont_contact_id": "C1",
        "cont_person_id": "P1",
        "cont_contact_start": "2024-01-08",
        "cont_contact_source": "2A",
    }
    found = seen_in(tmp_path, {"contact": [older], "cin_episodes": [REFERRAL]})

    assert (cell(found, "source"), cell(found, "decided") is not None) == (1, True)


@pytest.mark.parametrize(
    ("table", "row", "changed", "field", "rule"),
    [
        ("contacts", CONTACT, {"cont_person_id": ""}, "child", "must not be empty"),
        ("contacts", CONTACT, {"cont_contact_id": "NULL"}, "contact", "must not be empty"),
        ("contacts", CONTACT, {"cont_contact_date": "1900-01-01T00:00:00"}, "received", "must not be empty"),
        ("contacts", CONTACT, {"cont_contact_date": "08 of January"}, "received", "must be a date, or a date and time"),
        ("cin_episodes", REFERRAL, {"cine_referral_date": "2024-02-30"}, "referred", "must be a date, or a date and"),
        ("cin_episodes", REFERRAL, {"cine_referral_nfa": "perhaps"}, "no_action", "must be yes or no"),
        ("cin_assessments", ASSESSMENT, {"cina_assessment_child_seen": "?"}, "child_seen", "must be yes or no"),
        ("cin_visits", VISIT, {"cinv_cin_visit_seen": "one of two"}, "seen", "must be yes or no"),
        ("involvements", INVOLVEMENT, {"invo_professional_role_id": ""}, "role", "must not be empty"),
    ],
)
def test_a_row_that_cannot_be_read_is_refused_in_any_table(
    table: str, row: Row, changed: Row, field: str, rule: str, tmp_path: Path
) -> None:
    found = seen_in(tmp_path, {**ONE_CHILD, table: [*ONE_CHILD[table], row | changed]}).history

    number = len(ONE_CHILD[table]) + 2
    assert [(r.file, r.row, r.field) for r in found.refused] == [(f"ssd_{table}.csv", number, field)]
    assert found.refused[0].rule.startswith(rule)
    assert all(tally.in_file == tally.read + tally.refused for tally in found.tallies)


def many(rows: int, bad_visits: int) -> Tables:
    """Contacts of as many children, twenty of them visited, some of the visits on no day that can be read."""
    visits = [
        VISIT | {"cinv_person_id": f"P{n}"} | ({"cinv_cin_visit_date": "03/15/2024"} if n < bad_visits else {})
        for n in range(20)
    ]
    contacts = [CONTACT | {"cont_contact_id": f"C{n}", "cont_person_id": f"P{n}"} for n in range(rows)]
    return dict(ONE_CHILD) | {"contacts": contacts, "cin_visits": visits}


def test_a_table_that_mostly_cannot_be_read_stops_an_extract_whose_other_tables_can(tmp_path: Path) -> None:
    rule = (
        "15 of 20 rows of ssd_cin_visits.csv cannot be read, more than 5%: ssd_cin_visits.csv, row 2: visited must be"
    )
    with pytest.raises(ExtractError, match=rule):
        observed(a_folder(tmp_path / "most", many(400, 15)), most_refused_share=0.05)

    found = observed(a_folder(tmp_path / "few", many(400, 2)), most_refused_share=0.05)
    assert [tally.refused for tally in found.history.tallies if tally.refused] == [2]


def test_a_row_with_a_cell_too_many_is_refused(tmp_path: Path) -> None:
    folder = a_folder(tmp_path / "ssd", ONE_CHILD)
    with (folder / "ssd_department.csv").open("a", encoding="utf-8") as file:
        file.write("T2,South,and more\n")

    rule = "the row must have 2 cells, as there are headings"
    assert observed(folder).history.refused == (Refusal("ssd_department.csv", 3, "(whole row)", rule),)


def _no_date(path: Path) -> Path:
    return a_folder(path / "ssd", {"contacts": [without(CONTACT, "cont_contact_date")]})


def _no_contacts(path: Path) -> Path:
    return a_folder(path / "ssd", less("contacts"))


def _twice(path: Path) -> Path:
    a_folder(path / "ssd", ONE_CHILD)
    return a_folder(path / "ssd", {"contacts": [CONTACT]}, prefix="")


def _empty(path: Path) -> Path:
    folder = a_folder(path / "ssd", ONLY)
    (folder / "ssd_cin_visits.csv").touch()
    return folder


def _headings_only(path: Path) -> Path:
    folder = path / "ssd"
    folder.mkdir()
    (folder / "contacts.csv").write_text(",".join(CONTACT), encoding="utf-8")
    return folder


def _other_columns(path: Path) -> Path:
    folder = path / "ssd"
    folder.mkdir()
    a_csv(folder / "contacts.csv", [{"name": "x", "telephone": "y"}])
    return folder


def _cut_sqlite(path: Path) -> Path:
    file = an_sqlite_file(path / "ssd.db", ONE_CHILD)
    file.write_bytes(file.read_bytes()[:4000])
    return file


def _sqlite_of_something_else(path: Path) -> Path:
    with closing(sqlite3.connect(path / "ssd.db")) as connection, connection:
        connection.execute("CREATE TABLE stock (item)")
    return path / "ssd.db"


def _cut_duckdb(path: Path) -> Path:
    file = a_duckdb_file(path / "ssd.duckdb", ONE_CHILD)
    file.write_bytes(file.read_bytes()[:9000])
    return file


def _duckdb_of_something_else(path: Path) -> Path:
    return a_duckdb_file(path / "ssd.duckdb", {"stock": [{"item": "x"}]})


@pytest.mark.parametrize(
    ("broken", "sentence"),
    [
        (_no_date, 'ssd_contacts.csv: there is no column "cont_contact_date"'),
        (_no_contacts, "ssd: not a format that can be read; those are: "),
        (_twice, "ssd: the table contacts is there twice, as contacts.csv and ssd_contacts.csv"),
        (_empty, "ssd_cin_visits.csv: its first row must hold the headings"),
        (_headings_only, "contacts.csv: there is no row beneath the headings"),
        (_other_columns, "ssd: not a format that can be read; those are: "),
        (_cut_sqlite, "ssd.db: the SQLite file is damaged and cannot be read"),
        (_sqlite_of_something_else, "ssd.db: not a format that can be read; those are: "),
        (_cut_duckdb, "ssd.duckdb: the DuckDB file cannot be opened: damaged, newer, or in use"),
        (_duckdb_of_something_else, "ssd.duckdb: there is no table of contacts (contacts or ssd_contacts)"),
    ],
)
def test_an_extract_that_cannot_be_read_earns_one_sentence(
    broken: Callable[[Path], Path], sentence: str, tmp_path: Path
) -> None:
    path = broken(tmp_path)

    with pytest.raises(ExtractError) as caught:
        observed(path)
    assert str(caught.value).startswith(sentence)


def test_without_its_package_a_duckdb_file_is_not_read_and_the_way_out_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = a_duckdb_file(tmp_path / "ssd.duckdb", ONE_CHILD)
    monkeypatch.setattr(duckdb_file, "duckdb", None)

    sentence = (
        "ssd.duckdb is a DuckDB file, and the package that reads those is not installed: "
        "pip install duckdb, or export its tables as CSV"
    )
    with pytest.raises(ExtractError) as caught:
        observed(path)
    assert str(caught.value) == sentence


def test_names_dates_of_birth_and_comments_are_left_where_they_are(tmp_path: Path) -> None:
    planted = "Planted Name 9434765919"
    comment = f'{{"ADVICE_FLAG":"Y","COMMENTS":"{planted} said "hello""}}'
    tables: Mapping[str, list[Row]] = {
        "contacts": [CONTACT | {"name": planted}, ADVISED | {"cont_contact_outcome_json": comment}],
        "cin_episodes": [REFERRAL | {"cine_referral_worker_id": planted, "cine_close_reason": planted}],
        "cin_assessments": [ASSESSMENT | {"cina_assessment_outcome_json": planted}],
        "involvements": [INVOLVEMENT | {"invo_professional_id": planted}],
        "cin_visits": [VISIT | {"cinv_cin_visit_seen": planted}],
    }
    found = seen_in(tmp_path, tables)

    kept = [found.history.journeys.write_csv(), found.history.more.write_csv(), *found.log.teams]
    said = [
        repr(found.history.refused),
        repr(found.findings),
        repr(found.history.inferred),
        repr(found.history.why_not),
    ]
    assert "Planted" not in "".join(kept + said)
    assert "9434765919" not in "".join(kept + said)
    assert "damaged_outcome" in findings(found)
