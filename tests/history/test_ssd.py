"""The Standard Safeguarding Dataset: what its tables say together, and every trap of its extracts."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from sim.events import Ending, EventKind, Outcome, check_lifecycle
from sim.facts import Fact
from sim.history import History
from sim.measures import measure
from sim.scenario import Source
from tests.history.files import observed
from tests.history.ssd_files import (
    ADVISED,
    CONTACT,
    EARLY_HELP,
    ENQUIRY,
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
    day,
    findings,
    inferred,
    seen_in,
)

EARLIER = {"cine_referral_id": "R0", "cine_person_id": "P1", "cine_referral_date": "2023-06-01"}
LATER_REFERRAL = REFERRAL | {"cine_referral_id": "R9", "cine_person_id": "P9", "cine_referral_date": "2024-03-20"}


def test_every_table_adds_its_step_to_the_journey(tmp_path: Path) -> None:
    found = seen_in(tmp_path, ONE_CHILD)

    check_lifecycle(found.log)
    told = (
        found.history.journeys.filter(pl.col("row") == 2).drop("row", "contact", "child", "worker").row(0, named=True)
    )
    assert {name: value for name, value in told.items() if value is not None} == {
        "source": list(Source).index(Source.POLICE),
        "domestic_abuse": 1,
        "open_case": 0,
        "team": "North assessment",
        "received": day("2024-01-08"),
        "decided": day("2024-01-09"),
        "outcome": Outcome.REFERRAL,
        "strategy_held": day("2024-01-11"),
        "section_47_started": day("2024-01-11"),
        "section_47_ended": day("2024-01-25"),
        "conference_held": day("2024-01-31"),
        "allocated": day("2024-01-10"),
        "assessment_started": day("2024-01-10"),
        "authorised": day("2024-02-20"),
        "ending": Ending.NO_FURTHER_ACTION,
        "seen": day("2024-01-15"),
        "closed": day("2024-03-11"),
        "closed_as": Ending.NO_FURTHER_ACTION,
    }


def test_a_child_s_wait_is_measured_from_contact_to_visit(tmp_path: Path) -> None:
    found = measure(seen_in(tmp_path, ONE_CHILD).log)

    assert found["days_to_seen_q50", "all"] == 7.0
    assert found["contacts_count", "all"] == 2
    assert found["referrals_count", "all"] == 1


def story(history: History) -> tuple[object, ...]:
    """All of a history but the names of its tables."""
    found = [finding._replace(table="") for finding in history.findings]
    tallies = [tally._replace(name="") for tally in history.tallies]
    return history.facts, history.why_not, found, tallies, history.inferred, history.refused


@pytest.mark.parametrize(
    ("write", "name"), [(an_sqlite_file, "ssd.db"), (a_duckdb_file, "ssd.duckdb")], ids=["SQLite", "DuckDB"]
)
def test_csvs_and_databases_give_the_same_history(
    write: Callable[[Path, Tables], Path], name: str, tmp_path: Path
) -> None:
    visits = {"cin_visits": [VISIT, VISIT | {"cinv_cin_visit_seen": ""}]}
    tables = {**ONE_CHILD, **visits, "early_help_episodes": [EARLY_HELP]}
    from_csv = seen_in(tmp_path, tables).history
    from_file = observed(write(tmp_path / name, tables)).history

    assert from_file.journeys.equals(from_csv.journeys)
    assert from_file.more.equals(from_csv.more)
    assert story(from_file) == story(from_csv)


@pytest.mark.parametrize("prefix", ["ssd_", "", "SSD_", "ssd_development.ssd_"])
def test_files_are_known_by_the_names_of_their_tables(prefix: str, tmp_path: Path) -> None:
    found = observed(a_folder(tmp_path / "ssd", ONE_CHILD, prefix)).history

    assert len(found.tallies) == len(ONE_CHILD)


# A referral and its contact


@pytest.mark.parametrize(
    ("contacts", "linked_row"),
    [
        (["2024-01-02", "2024-01-08"], 3),
        (["2024-01-08", "2024-01-02"], 2),
        (["2024-01-08", "2024-01-10"], 2),
        (["2024-01-09", "2024-01-09"], 2),
        (["2023-12-10"], 2),
        (["2023-12-09"], None),
        (["2024-01-10"], None),
    ],
    ids=["latest", "whatever the order", "not later", "first of a date", "30 days", "31 days", "only later"],
)
def test_a_referral_came_of_the_latest_contact_at_most_30_days_before(
    contacts: list[str], linked_row: int | None, tmp_path: Path
) -> None:
    rows = [
        CONTACT | {"cont_contact_id": str(number), "cont_contact_date": when, "cont_contact_source_desc": source}
        for number, (when, source) in enumerate(zip(contacts, ("Police", "Schools"), strict=False))
    ]
    found = seen_in(tmp_path, {"contacts": rows, "cin_episodes": [REFERRAL]})

    referred = found.history.journeys.filter(pl.col("outcome") == Outcome.REFERRAL)
    assert referred["row"].to_list() == ([] if linked_row is None else [linked_row])


def test_a_contact_becomes_at_most_one_referral_and_all_are_counted(tmp_path: Path) -> None:
    again = REFERRAL | {"cine_referral_id": "R2", "cine_referral_date": "2024-01-20"}
    before = REFERRAL | {"cine_referral_id": "R3", "cine_referral_date": "2023-12-01"}
    found = seen_in(tmp_path, {"contacts": [CONTACT], "cin_episodes": [again, REFERRAL, before]})

    assert cell(found, "decided") == day("2024-01-09")
    assert inferred(found)["referral to contact"] == (1, 2)
    assert findings(found)["referral_without_contact"] == ("ssd_cin_episodes.csv", (2,))
    assert findings(found)["referral_before_contacts"] == ("ssd_cin_episodes.csv", (4,))
    assert [(t.in_file, t.read, t.refused) for t in found.history.tallies] == [(1, 1, 0), (3, 3, 0)]
    assert (found.used, found.set_aside) == (1, 0)


@pytest.mark.parametrize("outcome", ['{"NFA_FLAG":"Y"}', '{"EXISTING_REFERRAL_FLAG":"Y"}', "Information and Advice"])
def test_a_contact_that_says_something_else_is_not_where_a_referral_came_from(outcome: str, tmp_path: Path) -> None:
    other = CONTACT | {
        "cont_contact_id": "C0",
        "cont_contact_date": "2024-01-09",
        "cont_contact_source_desc": "Schools",
        "cont_contact_outcome_json": outcome,
    }
    found = seen_in(tmp_path, {"contacts": [CONTACT, other], "cin_episodes": [REFERRAL]})

    assert (cell(found, "decided"), cell(found, "outcome")) == (day("2024-01-09"), Outcome.REFERRAL)


def test_a_referral_of_the_day_before_the_contact_s_time_is_its_own_by_date(tmp_path: Path) -> None:
    timed = CONTACT | {"cont_contact_date": "2024-01-09T14:10:00"}
    found = seen_in(
        tmp_path, {"contacts": [timed], "cin_episodes": [REFERRAL | {"cine_referral_date": "2024-01-09T09:00:00"}]}
    )

    assert cell(found, "decided") == day("2024-01-09")
    assert findings(found)["time_before_contact"] == ("ssd_contacts.csv", (2,))


def test_referrals_dated_by_their_contacts_are_found_out(tmp_path: Path) -> None:
    contacts, referrals = [], []
    for child in range(20):
        when = str(date(2024, 1, 1) + timedelta(child))
        ids = {"cont_contact_id": f"C{child}", "cont_person_id": f"P{child}"}
        contacts.append(CONTACT | ids | {"cont_contact_date": when})
        numbers = {"cine_referral_id": f"R{child}", "cine_person_id": f"P{child}"}
        referrals.append(REFERRAL | numbers | {"cine_referral_date": when})
    found = seen_in(tmp_path, {"contacts": contacts, "cin_episodes": referrals})

    assert findings(found)["referral_date_by_construction"][1] == tuple(range(2, 22))
    assert Fact.DECISION not in found.log.facts


def test_the_same_referral_twice_is_one(tmp_path: Path) -> None:
    again = CONTACT | {"cont_contact_id": "C8", "cont_contact_date": "2024-01-20"}
    repeated = REFERRAL | {"cine_referral_date": "2024-01-21"}
    found = seen_in(tmp_path, {"contacts": [CONTACT, again], "cin_episodes": [REFERRAL, repeated]})

    assert findings(found)["referral_repeated"] == ("ssd_cin_episodes.csv", (3,))
    assert measure(found.log)["referrals_count", "all"] == 1


# What an outcome says


@pytest.mark.parametrize(
    ("says", "outcome"),
    [
        ('{"NFA_FLAG":"Y"}', Outcome.NO_FURTHER_ACTION),
        ('{"OUTCOME_ADVICE_FLAG":"Y"}', Outcome.ADVICE),
        ('[{"ADVICE_FLAG":true}]', Outcome.ADVICE),
        ('{"ADVICE_FLAG":"Y","NFA_FLAG":"Y"}', Outcome.ADVICE),
        ('{"EXISTING_REFERRAL_FLAG":"Y"}', Outcome.OPEN_CASE),
        ("No Further Action", Outcome.NO_FURTHER_ACTION),
        ("Information and Advice", Outcome.ADVICE),
        ("EH Referral", Outcome.EARLY_HELP),
        ("Send letter, EH Referral", Outcome.EARLY_HELP),
        ("", Outcome.NO_FURTHER_ACTION),
        ("{}", Outcome.NO_FURTHER_ACTION),
        ("Widget created", Outcome.NO_FURTHER_ACTION),
    ],
)
def test_outcomes_are_read_as_each_system_writes_them(says: str, outcome: Outcome, tmp_path: Path) -> None:
    rows = [ADVISED | {"cont_contact_outcome_json": says}]
    found = seen_in(tmp_path, {"contacts": rows, "cin_episodes": [LATER_REFERRAL]})

    assert cell(found, "outcome") == outcome
    assert (cell(found, "decided"), cell(found, "closed")) == (day("2024-01-08"), None)


@pytest.mark.parametrize("flag", ["ADVICE_FLAG", "OUTCOME_ADVICE_FLAG"])
def test_json_broken_by_a_quotation_mark_in_a_comment_is_read_by_its_flags(flag: str, tmp_path: Path) -> None:
    broken = f'{{"NFA_FLAG":"N","{flag}":"Y","COMMENTS":"mother said "help" again"}}'
    found = seen_in(tmp_path, {"contacts": [ADVISED | {"cont_contact_outcome_json": broken}]})

    assert cell(found, "outcome") == Outcome.ADVICE
    assert findings(found)["damaged_outcome"] == ("ssd_contacts.csv", (2,))


def test_an_outcome_in_local_words_is_a_finding_and_not_a_guess(tmp_path: Path) -> None:
    found = seen_in(tmp_path, {"contacts": [ADVISED | {"cont_contact_outcome_json": "Widget created"}]})

    assert cell(found, "outcome") is None
    assert findings(found)["local_outcome"] == ("ssd_contacts.csv", (2,))


def test_a_contact_without_an_outcome_is_undecided_until_30_days_have_passed(tmp_path: Path) -> None:
    silent = ADVISED | {"cont_contact_outcome_json": ""}
    rows = [silent | {"cont_contact_date": when, "cont_contact_id": when} for when in ("2024-02-18", "2024-02-19")]
    found = seen_in(tmp_path, {"contacts": rows, "cin_episodes": [LATER_REFERRAL]})

    assert [cell(found, "outcome", row) for row in (2, 3)] == [Outcome.NO_FURTHER_ACTION, None]
    assert inferred(found)["contacts read as not assessed"] == (1, 1)


def test_a_contact_that_says_referral_and_has_none_stays_undecided(tmp_path: Path) -> None:
    found = seen_in(tmp_path, {"contacts": [CONTACT], "cin_episodes": [LATER_REFERRAL]})

    assert cell(found, "decided") is None
    assert findings(found)["referral_never_found"] == ("ssd_contacts.csv", (2,))


def test_a_referral_that_may_yet_come_is_told_apart_from_one_that_never_came(tmp_path: Path) -> None:
    when = ("2024-02-18", "2024-02-19")
    rows = [CONTACT | {"cont_contact_date": day, "cont_contact_id": day} for day in when]
    found = seen_in(tmp_path, {"contacts": rows, "cin_episodes": [LATER_REFERRAL]})
    never = next(one for one in found.findings if one.id == "referral_never_found")

    assert (never.rows, findings(found)["referral_not_found"][1]) == ((2,), (3,))
    assert "whoever of these children waits today is missing there" in never.touches
    assert "in no count of children not yet seen" in never.done


@pytest.mark.parametrize(
    ("changed", "outcome"),
    [
        ({"cine_referral_nfa": "Y"}, Outcome.REFERRAL_NO_ACTION),
        ({"cine_referral_outcome_json": '{"NFA_FLAG":"Y"}', "cine_referral_nfa": ""}, Outcome.REFERRAL_NO_ACTION),
        ({"cine_referral_outcome_json": '{"STRATEGY_DISCUSSION_FLAG":"Y"}'}, Outcome.STRATEGY_DISCUSSION),
        ({"cine_referral_outcome_json": '{"PRIVATE_FOSTERING_FLAG":"Y"}'}, Outcome.OTHER_TEAM),
        ({"cine_referral_outcome_json": ""}, Outcome.REFERRAL),
    ],
)
def test_a_referral_s_outcome_says_what_it_was_for(changed: Row, outcome: Outcome, tmp_path: Path) -> None:
    found = seen_in(tmp_path, {"contacts": [CONTACT], "cin_episodes": [REFERRAL | changed]})

    assert cell(found, "outcome") == outcome


@pytest.mark.parametrize(("started", "outcome"), [("2024-01-10", 4), ("2024-01-11", 3)])
def test_an_enquiry_begun_at_once_tells_a_strategy_discussion_where_the_outcome_does_not(
    started: str, outcome: int, tmp_path: Path
) -> None:
    silent = REFERRAL | {"cine_referral_outcome_json": "", "cine_referral_nfa": ""}
    tables = {**ONLY, "cin_episodes": [silent], "s47_enquiry": [ENQUIRY | {"s47e_s47_start_date": started}]}

    assert cell(seen_in(tmp_path, tables), "outcome") == outcome


# Open cases, families, sources


@pytest.mark.parametrize(("closed", "is_open"), [("", 1), ("2024-01-08", 1), ("2024-01-07", 0)])
def test_a_contact_while_an_earlier_referral_is_open_is_about_an_open_case(
    closed: str, is_open: int, tmp_path: Path
) -> None:
    silent = CONTACT | {"cont_contact_outcome_json": ""}
    episodes = [EARLIER | {"cine_close_date": closed}, LATER_REFERRAL]
    found = seen_in(tmp_path, {"contacts": [silent], "cin_episodes": episodes})

    assert cell(found, "open_case") == is_open
    assert inferred(found).get("contacts about a case already open", (0, 0))[0] == is_open


def test_a_second_contact_on_the_day_of_a_referral_is_not_about_an_open_case(tmp_path: Path) -> None:
    silent = CONTACT | {"cont_contact_date": "2024-01-09", "cont_contact_outcome_json": ""}
    second = silent | {"cont_contact_id": "C0", "cont_contact_source_desc": "Schools", "cont_contact_source_code": ""}
    found = seen_in(tmp_path, {"contacts": [silent, second], "cin_episodes": [REFERRAL]})

    assert [cell(found, "open_case", row) for row in (2, 3)] == [0, 0]


def test_siblings_who_share_a_contact_s_number_are_one_contact(tmp_path: Path) -> None:
    found = seen_in(tmp_path, {"contacts": [ADVISED, ADVISED | {"cont_person_id": "P3"}]})

    assert found.log.contact_column("children").tolist() == [2]
    assert Fact.FAMILY in found.log.facts


def test_siblings_with_different_later_workers_keep_their_own(tmp_path: Path) -> None:
    sister = [row | {key: "P3" for key in row if key.endswith("person_id")} for row in (CONTACT, REFERRAL, INVOLVEMENT)]
    second = INVOLVEMENT | {"invo_professional_id": "W2", "invo_involvement_start_date": "2024-01-20"}
    tables = {
        "contacts": [CONTACT, sister[0]],
        "cin_episodes": [REFERRAL, sister[1]],
        "involvements": [INVOLVEMENT, sister[2], second],
    }
    log = seen_in(tmp_path, tables).log

    allocated = log.of_kind(EventKind.ALLOCATED)
    assert sorted(pl.Series(allocated[:, 2]).value_counts()["count"].to_list()) == [1, 2]


def test_a_contact_s_number_used_again_is_another_contact(tmp_path: Path) -> None:
    dates = ("2024-01-08", "2024-02-08", "2024-03-08")
    found = seen_in(tmp_path, {"contacts": [ADVISED | {"cont_contact_date": when} for when in dates]})

    check_lifecycle(found.log)
    assert len(set(found.log.contact_column("contact").tolist())) == 3


@pytest.mark.parametrize(
    ("code", "words", "source"),
    [
        ("6", "Police", Source.POLICE),
        ("3A", "", Source.HEALTH),
        ("", "Police \u2013 Essex Police", Source.POLICE),
        ("", "LA services - Early Help", Source.LA_SERVICES),
        ("INDFRC", "", Source.INDIVIDUALS),
        ("HSERVGP", "", Source.HEALTH),
        ("SCHOOLS", "", Source.SCHOOLS),
        ("POLICE", "something local", Source.POLICE),
    ],
)
def test_a_source_is_read_from_its_words_or_its_code(code: str, words: str, source: Source, tmp_path: Path) -> None:
    row = ADVISED | {"cont_contact_source_code": code, "cont_contact_source_desc": words}
    found = seen_in(tmp_path, {"contacts": [row]})

    assert cell(found, "source") == list(Source).index(source)
    assert "source_list_number" not in findings(found)


def test_numbers_of_a_list_of_the_system_are_no_national_codes(tmp_path: Path) -> None:
    coded = {"cont_contact_source_code": "6", "cont_contact_source_desc": "Schools"}
    rows = [
        ADVISED | coded,
        ADVISED | coded | {"cont_contact_id": "C3", "cont_person_id": "P3", "cont_contact_source_code": "1047"},
        ADVISED | coded | {"cont_contact_id": "C4", "cont_person_id": "P4", "cont_contact_source_desc": ""},
    ]
    found = seen_in(tmp_path, {"contacts": rows})

    schools = list(Source).index(Source.SCHOOLS)
    assert [cell(found, "source", row) for row in (2, 3)] == [schools, schools]
    assert findings(found)["source_list_number"] == ("ssd_contacts.csv", (2, 3, 4))
    assert findings(found)["local_source"] == ("ssd_contacts.csv", (4,))
    assert found.log.contact_column("source").tolist().count(-1) == 1


def test_where_no_source_is_recorded_nothing_is_told_by_source(tmp_path: Path) -> None:
    blank = {"cont_contact_source_code": "", "cont_contact_source_desc": ""}
    found = seen_in(tmp_path, {"contacts": [ADVISED | blank]})

    assert found.history.why_not[Fact.SOURCE] == "no contact has a source that is known"


def test_dates_at_midnight_are_dates_and_dates_with_times_are_times(tmp_path: Path) -> None:
    timed = ADVISED | {"cont_contact_date": "2024-01-08T14:10:00"}

    assert Fact.HOURS not in seen_in(tmp_path, {"contacts": [ADVISED]}).log.facts
    assert Fact.HOURS in seen_in(tmp_path, {"contacts": [timed]}).log.facts
