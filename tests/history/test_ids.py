"""Ids that do not match between the tables of an extract: refused or withdrawn, and never a confident nought."""

from collections import defaultdict
from datetime import timedelta
from pathlib import Path

import pytest

from sim.facts import Fact
from sim.history import ExtractError
from sim.measures import LogIndex
from sim.report.observed.map import boxes
from tests.history.annex import CHILD, Row, a_contact, a_referral, a_workbook, an_assessment, found_rows, jan
from tests.history.census import a_child, details, returns
from tests.history.files import a_csv, a_year, observed
from tests.history.mosaic_export import a_step, an_export
from tests.history.ssd_files import CONTACT, REFERRAL, VISIT, a_folder, findings, seen_in

CHILDREN = 20


def three_lists(ids: dict[str, str]) -> dict[str, list[Row]]:
    """Lists 1, 3 and 4 of children two days apart, each list with its own form of their ids."""
    days = [jan(1) + timedelta(days=place * 4) for place in range(CHILDREN)]
    forms = {name: [form.format(place) for place in range(CHILDREN)] for name, form in ids.items()}
    later = timedelta(days=1)
    return {
        "List_1": [a_contact(child, day) for child, day in zip(forms["List_1"], days, strict=True)],
        "List_3": [a_referral(child, day + later) for child, day in zip(forms["List_3"], days, strict=True)],
        "List_4": [an_assessment(child, day + later) for child, day in zip(forms["List_4"], days, strict=True)],
    }


def test_ids_that_lost_their_noughts_in_one_list_are_refused(tmp_path: Path) -> None:
    lists = three_lists({"List_1": "{:05}", "List_3": "{}", "List_4": "{:05}"})
    with pytest.raises(ExtractError) as caught:
        observed(a_workbook(tmp_path / "a.xlsx", lists))

    assert "sheet List_3: 20 of 20 rows, the first of them row 2, have a Child Unique ID" in str(caught.value)
    assert "noughts" in str(caught.value)


def test_a_few_ids_that_lost_their_noughts_are_found_with_their_rows(tmp_path: Path) -> None:
    lists = three_lists({"List_1": "{:05}", "List_3": "{:05}", "List_4": "{:05}"})
    lists["List_3"][7] = {**lists["List_3"][7], CHILD: "7"}
    found = observed(a_workbook(tmp_path / "a.xlsx", lists))

    assert found_rows(found)["id_without_noughts"] == (9,)


def test_referrals_whose_ids_match_no_contact_are_not_told(tmp_path: Path) -> None:
    lists = three_lists({"List_1": "A{}", "List_3": "B{}", "List_4": "B{}"})
    found = observed(a_workbook(tmp_path / "a.xlsx", lists))

    assert not found.history.facts & {Fact.REFERRAL, Fact.NO_ACTION}
    assert found.history.why_not[Fact.REFERRAL].endswith("the ids do not match")
    assert Fact.ASSESSMENT_START in found.history.facts
    assert found_rows(found)["children_do_not_match"] == tuple(range(10, 22))
    assert (
        found.history.journeys.filter(found.history.journeys["table"].str.contains("List_1"))["decided"].is_null().all()
    )
    assert [kind.name for kind in boxes(LogIndex(found.log))] == ["RECEIVED"]


def test_assessments_whose_ids_match_nobody_are_not_told(tmp_path: Path) -> None:
    lists = three_lists({"List_1": "A{}", "List_3": "A{}", "List_4": "B{}"})
    found = observed(a_workbook(tmp_path / "a.xlsx", lists))

    assert Fact.REFERRAL in found.history.facts
    assert not found.history.facts & {Fact.ASSESSMENT_START, Fact.AUTHORISATION, Fact.ENDING}


def test_ids_that_match_are_left_as_they_are(tmp_path: Path) -> None:
    lists = three_lists({"List_1": "{:05}", "List_3": "{:05}", "List_4": "{:05}"})
    found = observed(a_workbook(tmp_path / "a.xlsx", lists))

    assert not found_rows(found).keys() & {"children_do_not_match", "id_without_noughts"}
    assert {Fact.REFERRAL, Fact.ASSESSMENT_START} <= found.history.facts


def test_an_id_that_a_spreadsheet_shortened_refuses_its_row(tmp_path: Path) -> None:
    rows = a_year(days=7)
    rows[3]["child_id"] = "1.23E+10"
    found = observed(a_csv(tmp_path / "j.csv", rows))

    (refusal,) = found.history.refused
    assert (refusal.row, refusal.field) == (5, "child_id")
    assert refusal.rule.startswith("must be an id as its system holds it")


def of_the_dataset(child: str, seen: str) -> dict[str, list[dict[str, str]]]:
    """Children of the dataset referred a day after their contact, assessed and seen, under these forms of their ids."""
    tables: dict[str, list[dict[str, str]]] = defaultdict(list)
    for place in range(CHILDREN):
        day = [str(jan(1) + timedelta(days=place * 4 + later)) for later in (0, 1, 5)]
        number, its = {"cine_referral_id": f"R{place}"}, child.format(place)
        heard = {"cont_contact_id": f"C{place}", "cont_person_id": f"0{place}X", "cont_contact_date": day[0]}
        tables["contacts"].append(CONTACT | heard)
        tables["cin_episodes"].append(REFERRAL | number | {"cine_person_id": its, "cine_referral_date": day[1]})
        tables["cin_visits"].append(VISIT | {"cinv_person_id": seen.format(place), "cinv_cin_visit_date": day[2]})
    return dict(tables)


@pytest.mark.parametrize(
    ("child", "seen", "table", "gone"),
    [("B{}", "B{}", "cin_episodes", Fact.REFERRAL), ("0{}X", "B{}", "cin_visits", Fact.SEEN)],
)
def test_a_table_of_the_dataset_whose_ids_match_nobody_is_not_told(
    child: str, seen: str, table: str, gone: Fact, tmp_path: Path
) -> None:
    found = seen_in(tmp_path, of_the_dataset(child, seen))

    assert found.history.why_not[gone] == f"most children of {table} are in no table before it: the ids do not match"
    assert findings(found)["children_do_not_match"][0] == f"ssd_{table}.csv"


def test_visits_to_children_of_ids_without_noughts_are_refused(tmp_path: Path) -> None:
    tables = of_the_dataset("0{}X", "0{}X")
    tables["contacts"] = [row | {"cont_person_id": f"{place:06}"} for place, row in enumerate(tables["contacts"])]
    tables["cin_visits"] = [row | {"cinv_person_id": str(place)} for place, row in enumerate(tables["cin_visits"])]
    with pytest.raises(ExtractError, match=r"ssd_cin_visits\.csv: 20 of 20 rows, .* cinv_person_id"):
        observed(a_folder(tmp_path / "ssd", tables))


def open_at_the_end(form: str) -> list[str]:
    """Children of the census referred before the end of March 2023, whose cases are open, by this form of their ids."""
    return [a_child(form.format(place), details("2023-03-06")) for place in range(CHILDREN)]


def test_years_of_the_census_whose_ids_lost_their_noughts_are_refused(tmp_path: Path) -> None:
    folder = returns(tmp_path / "cin", y2023=open_at_the_end("{:05}"), y2024=open_at_the_end("{}"))
    with pytest.raises(ExtractError, match=r"cin-y2024\.xml: 20 of 20 rows, the first of them row 1, have a LAchildID"):
        observed(folder)


def test_years_of_the_census_whose_open_cases_are_not_in_the_next_are_refused(tmp_path: Path) -> None:
    folder = returns(tmp_path / "cin", y2023=open_at_the_end("A{}"), y2024=open_at_the_end("B{}"))
    with pytest.raises(ExtractError) as caught:
        observed(folder)

    assert str(caught.value).startswith("cin-y2024.xml: 20 of the 20 children whose case was open at the end of cin-y")
    assert "give each return by itself" in str(caught.value)


def test_years_of_the_census_far_apart_need_have_no_child_in_common(tmp_path: Path) -> None:
    folder = returns(tmp_path / "cin", y2023=open_at_the_end("A{}"), y2025=[a_child("B", details("2025-03-03"))])

    assert observed(folder, None).used == CHILDREN + 1


@pytest.mark.parametrize(
    ("table", "column", "gone"),
    [("dm_visits", "ACTUAL_DATE", Fact.SEEN), ("dm_allocated_workers", "START_DATE", Fact.ALLOCATION)],
)
@pytest.mark.parametrize("form", ["A{}", "B{}"])
def test_visits_and_workers_of_none_of_the_children_taken_on_are_not_told(
    table: str, column: str, gone: Fact, form: str, tmp_path: Path
) -> None:
    steps, links, rows = [], [], []
    for place in range(CHILDREN + 3):
        day, after = jan(1) + timedelta(days=place * 4), jan(3) + timedelta(days=place * 4)
        for number, meaning in ((f"{place}1", "contact"), (f"{place}2", "assessment")):
            when = f"{day if meaning == 'contact' else after} 10:00"
            steps.append(a_step(number, meaning, when, when, when, subgroup=f"G{place}"))
        links.append((f"{place}1", f"{place}2"))
        # One child is in the table, so that a date of it can be read.
        known = form if place else "A{}"
        rows.append({"PERSON_ID": known.format(place), "WORKER_ID": "W1", column: str(after)})
    subjects = [(f"G{place}", f"A{place}") for place in range(CHILDREN + 3)]
    found = observed(an_export(tmp_path / "x", steps, links, subjects, tables={table: rows}))

    assert (gone in found.history.facts) is (form == "A{}")
    assert ("children_do_not_match" in found_rows(found)) is (form == "B{}")
    if form == "B{}":
        assert found.history.why_not[gone].startswith(f"most children taken on are nowhere in {table}: its ids do not")
