"""Annex A as it should not be: what is odd in it is found, and what cannot be read is refused in a sentence."""

from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest

from sim.history import ExtractError, recognise
from sim.measures import measure
from tests.history.annex import (
    CHILD,
    CHILDREN,
    CONFERENCE,
    STRATEGY,
    Lists,
    Row,
    a_case,
    a_contact,
    a_referral,
    a_workbook,
    an_assessment,
    an_enquiry,
    early_help,
    feb,
    found_rows,
    jan,
    jun,
    mar,
    without,
)
from tests.history.files import observed


def same_day(count: int) -> Lists:
    """Children referred on the day of their contact."""
    days = [jan(1) + timedelta(days=place) for place in range(count)]
    contacts = [a_contact(f"c{place}", day) for place, day in enumerate(days)]
    return {"List_1": contacts, "List_3": [a_referral(f"c{place}", day) for place, day in enumerate(days)]}


BASE = [a_contact("other", jan(8)), a_contact("a", jan(8)), a_contact("other", jun(28))]

AGAINST_STATUS = ("closed_against_status", (2,))
ODD: list[tuple[Lists, str, tuple[int, ...]]] = [
    (same_day(10), "referral_on_contact_date", tuple(range(2, 12))),
    ({"List_1": [*BASE, a_contact("a", jan(8))]}, "exact_duplicates", (5,)),
    ({"List_1": BASE, "List_3": [a_referral("a", jan(9)), a_referral("a", jan(9))]}, "repeated_rows", (3,)),
    (
        {"List_1": BASE, "List_4": [an_assessment("a", jan(9)), an_assessment("a", jan(9), feb(9))]},
        "repeated_rows",
        (2,),
    ),
    ({"List_1": BASE, "List_4": [an_assessment("a", date(2021, 5, 4), feb(9))]}, "assessment_updated", (2,)),
    ({"List_1": BASE, "List_4": [an_assessment("a", jan(9), jan(8))]}, "authorised_before_start", (2,)),
    ({"List_1": BASE, "List_4": [an_assessment("a", jan(9))]}, "assessment_open_long", (2,)),
    (
        {"List_1": BASE, "List_4": [an_assessment("a", jan(9), feb(9), "CS Assessment Updated")]},
        "local_outcome",
        (2,),
    ),
    (
        {"List_1": BASE, "List_4": [an_assessment("a", jan(9), feb(9)), an_assessment("a", feb(8), mar(9))]},
        "assessments_overlap",
        (3,),
    ),
    ({"List_1": BASE, "List_5": [an_enquiry("a", jan(9), jan(27))]}, "conference_at_weekend", (2,)),
    ({"List_1": BASE, "List_5": [an_enquiry("a", jan(9))]}, "conference_overdue", (2,)),
    ({"List_1": BASE, "List_5": [an_enquiry("a", jan(9), jan(25), "a) Yes")]}, "conference_not_needed", (2,)),
    (
        {"List_1": BASE, "List_3": [a_referral("a", jan(9), "Yes")], "List_4": [an_assessment("a", jan(10))]},
        "no_action_with_activity",
        (2,),
    ),
    ({"List_1": BASE, "List_3": [a_referral("a", jan(9))]}, "short_look_back", ()),
    (
        {"List_1": [*(a_contact(f"c{place}", jan(8)) for place in range(99)), a_contact("a", date(2014, 1, 8))]},
        "contact_before_list",
        (101,),
    ),
    ({"List_1": [*BASE, a_contact("b", jan(9), "MASH desk")]}, "local_source", (5,)),
    ({"List_1": BASE, "List_2": [early_help("a", jan(9)), early_help("a", None)]}, "undated_row", (3,)),
    ({"List_1": BASE, "List_2": [early_help("a", jan(9)), early_help("a", jan(9))]}, "repeated_rows", (3,)),
    ({"List_1": BASE, "List_6": [a_case("a", jan(9), jan(8))]}, "case_closed_before_start", (2,)),
    ({"List_1": BASE, "List_6": [a_case("a", jan(9), None, None, "e) Closed episode")]}, "closed_without_date", (2,)),
    ({"List_1": BASE, "List_6": [a_case("a", jan(9), feb(9), "RC7", "d) Open assessment")]}, *AGAINST_STATUS),
    ({"List_1": BASE, "List_6": [a_case("a", jan(9), feb(9), "moved away")]}, "local_case_code", (2,)),
    ({"List_1": BASE, "List_6": [a_case("a", jan(9), None, None, "Step across")]}, "local_case_code", (2,)),
    ({"List_1": BASE, "List_6": [a_case("a", date(1900, 1, 1))]}, "case_began_placeholder", (2,)),
    (
        {
            "List_1": BASE,
            "List_3": [a_referral("a", jan(9))],
            "List_4": [an_assessment("a", jan(10), feb(9), "a) Yes")],
            "List_6": [a_case("b", jan(9)), a_case("a", jan(9), feb(9), "RC8")],
        },
        "support_against_closure",
        (3,),
    ),
    ({"List_1": BASE, "List_8": [{CHILD: "a", "Date Started to be Looked After": jan(9)}]}, "list_not_read", ()),
    ({"List_1": BASE, "Early Help": [{CHILD: "a", "Team": "North"}]}, "list_not_read", ()),
]


@pytest.mark.parametrize(
    ("lists", "name", "rows"), ODD, ids=[f"{name}-{place}" for place, (_, name, _) in enumerate(ODD)]
)
def test_what_is_odd_is_found_with_its_rows(lists: Lists, name: str, rows: tuple[int, ...], tmp_path: Path) -> None:
    found = observed(a_workbook(tmp_path / "annex.xlsx", lists), None)

    assert found_rows(found)[name] == rows


def test_of_what_is_not_odd_nothing_is_said(tmp_path: Path) -> None:
    found = observed(a_workbook(tmp_path / "annex.xlsx", CHILDREN), None)

    assert set(found_rows(found)) == {"short_look_back"}


def test_a_stray_old_contact_does_not_stretch_the_window(tmp_path: Path) -> None:
    lists: Lists = {
        "List_1": [*(a_contact(f"c{place}", jan(8)) for place in range(99)), a_contact("a", date(2014, 1, 8))]
    }
    log = observed(a_workbook(tmp_path / "annex.xlsx", lists), None).log

    assert log.window_end - log.window_start == 1440
    assert measure(log)["contacts_count", "all"] == 99


NO_CONTACTS = 'there is no list of contacts (list 1), with the columns "Child Unique ID" and "Date of Contact"'
NO_ROW = "annex.xlsx, sheet List_1: no row of the list of contacts can be read"
BROKEN: list[tuple[Lists, str]] = [
    ({"List_3": CHILDREN["List_3"]}, NO_CONTACTS),
    (CHILDREN | {"List_1": without(CHILD, BASE)}, 'annex.xlsx, sheet List_1: there is no column "Child Unique ID"'),
    (
        {"Contacts": BASE, "S47": without(STRATEGY, CHILDREN["List_5"])},
        f'annex.xlsx, sheet S47: there is no column "{STRATEGY}"',
    ),
    ({"January": BASE, "February": BASE}, "annex.xlsx: list 1 (contacts) is there 2 times: leave one"),
    ({"List_1": [{**BASE[0], "Date of Contact": "soon"}]}, NO_ROW),
    ({"Sheet1": [{"Name": "x"}]}, "annex.xlsx: not a format that can be read"),
]


@pytest.mark.parametrize(("lists", "sentence"), BROKEN, ids=[sentence[:40] for _, sentence in BROKEN])
def test_a_workbook_that_cannot_be_read_is_refused_in_a_sentence(lists: Lists, sentence: str, tmp_path: Path) -> None:
    path = a_workbook(tmp_path / "annex.xlsx", lists)

    with pytest.raises(ExtractError) as refused:
        observed(path)
    assert sentence in str(refused.value)


def test_a_list_that_is_left_unread_is_named_with_the_reason(tmp_path: Path) -> None:
    lists: Lists = {
        "List_1": BASE,
        "Early Help": [{CHILD: "a", "Team": "North"}],
        "Children in Care": [{CHILD: "a", "Date Started to be Looked After": jan(9)}],
    }
    found = observed(a_workbook(tmp_path / "annex.xlsx", lists), None)

    wanted = '"Child Unique ID" and "Assessment start date"'
    assert [(one.table, one.what) for one in found.findings if one.id == "list_not_read"] == [
        (
            "annex.xlsx, sheet Early Help",
            f"list 2 (early help) is there, and it has not both the columns {wanted}",
        ),
        (
            "annex.xlsx, sheet Children in Care",
            "list 8 (children in care) is there, and no step of a contact's journey stands in it",
        ),
    ]


def test_a_workbook_damaged_anywhere_is_read_or_refused_in_a_sentence(tmp_path: Path) -> None:
    whole = a_workbook(tmp_path / "whole.xlsx", CHILDREN).read_bytes()
    path, refused = tmp_path / "annex.xlsx", 0
    for place in range(0, len(whole), 307):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x5A]) + whole[place + 1 :])
        try:
            observed(path, None)
        except ExtractError:
            refused += 1

    assert refused > 0


def test_what_is_no_workbook_is_refused_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "annex.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0 an older or protected workbook")

    with pytest.raises(ExtractError, match=r"annex.xlsx: not an Excel workbook of the .xlsx kind, or damaged"):
        recognise(path)


def test_of_two_sheets_with_the_same_headings_the_one_called_so_is_the_list(tmp_path: Path) -> None:
    found = observed(a_workbook(tmp_path / "annex.xlsx", {"Backup": CHILDREN["List_1"], "List_1": BASE}), None)

    assert [(tally.name, tally.read) for tally in found.history.tallies] == [("annex.xlsx, sheet List_1", 3)]


def test_a_row_that_cannot_be_read_is_refused_and_the_rest_is_read(tmp_path: Path) -> None:
    lists: Lists = {**CHILDREN, "List_5": [*CHILDREN["List_5"], {CHILD: "b", STRATEGY: jan(9), CONFERENCE: "booked"}]}
    found = observed(a_workbook(tmp_path / "annex.xlsx", lists), None).history

    assert [(r.file, r.row, r.field) for r in found.refused] == [("annex.xlsx, sheet List_5", 3, "conference_held")]
    assert [(t.in_file, t.read, t.refused) for t in found.tallies][-1] == (2, 1, 1)


BAD_ROWS: list[tuple[str, Row, str]] = [
    ("List_1", a_contact("b", "soon"), "contact_date must be a date, or a date and time"),
    ("List_1", a_contact("b", ""), "contact_date must not be empty"),
    ("List_1", a_contact("", jan(9)), "child_id must not be empty"),
    ("List_2", {CHILD: "b", "Assessment start date": "last term"}, "help_began must be a date, or a date and time"),
    ("List_3", a_referral("b", jan(9), "perhaps"), "no_action must be yes or no"),
    ("List_4", {CHILD: "b", "Continuous Assessment Start Date": "31/02/2024"}, "assessment_started must be a date"),
    ("List_5", {CHILD: "b", STRATEGY: jan(9), CONFERENCE: "booked"}, "conference_held must be a date"),
    ("List_6", {CHILD: "b", "CIN Start Date": jan(9), "CIN Closure Date": "2024"}, "case_closed must be a date"),
    ("List_7", {CHILD: "b", "Child Protection Plan Start Date": "0024-01-09"}, "plan_began must be a date"),
]


@pytest.mark.parametrize(("name", "row", "sentence"), BAD_ROWS, ids=[case[2][:30] for case in BAD_ROWS])
def test_a_row_of_any_list_that_cannot_be_read_earns_its_sentence(
    name: str, row: Row, sentence: str, tmp_path: Path
) -> None:
    found = observed(a_workbook(tmp_path / "annex.xlsx", {**CHILDREN, name: [*CHILDREN.get(name, []), row]})).history

    (refusal,) = found.refused
    assert (refusal.file, refusal.row) == (f"annex.xlsx, sheet {name}", len(CHILDREN.get(name, [])) + 2)
    assert f"{refusal.field} {refusal.rule}".startswith(sentence)


def test_a_cell_that_is_no_date_is_not_told_of_by_a_warning(tmp_path: Path, recwarn: pytest.WarningsRecorder) -> None:
    path = a_workbook(tmp_path / "annex.xlsx", {"List_1": BASE})
    book = openpyxl.load_workbook(path)
    book["List_1"]["F3"] = 99999999
    book["List_1"]["F3"].number_format = "dd/mm/yyyy"
    book.save(path)

    assert [(r.row, r.field) for r in observed(path).history.refused] == [(3, "contact_date")]
    assert [str(warning.message) for warning in recwarn] == []


def test_a_date_that_stands_for_none_is_blank_and_said(tmp_path: Path) -> None:
    lists: Lists = {"List_1": BASE, "List_4": [an_assessment("a", jan(9), date(1900, 1, 1))]}
    found = observed(a_workbook(tmp_path / "annex.xlsx", lists))
    (one,) = (finding for finding in found.findings if finding.id == "authorised_placeholder")

    assert (one.table, one.rows, one.of, one.done) == ("annex.xlsx, sheet List_4", (2,), 1, "read as blank")
    assert found.history.journeys["authorised"].drop_nulls().len() == 0


def test_a_title_above_the_headings_is_said(tmp_path: Path) -> None:
    path = a_workbook(tmp_path / "a.xlsx", {"Data": BASE})
    book = openpyxl.load_workbook(path)
    book["Data"].insert_rows(1)
    book["Data"]["A1"] = "Contacts of the half-year"
    book.save(path)
    with pytest.raises(ExtractError, match="the headings must be in row 1 of Data, and row 2 looks like them"):
        observed(path)


def test_a_list_of_contacts_whose_dates_are_numbers_says_so(tmp_path: Path) -> None:
    path = a_workbook(tmp_path / "a.xlsx", {"List_1": [row | {"Date of Contact": 45299} for row in map(dict, BASE)]})
    with pytest.raises(ExtractError, match=r"can be read: .* row 2: contact_date looks like the number by which Excel"):
        observed(path)
