"""Ofsted's Annex A: lists that say what happened to a child and when, and not what led to what."""

import re
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest

from sim.events import check_lifecycle
from sim.facts import Fact
from sim.measures import measure
from tests.history.annex import (
    CHILD,
    CHILDREN,
    SUPPORT,
    Lists,
    Row,
    a_contact,
    a_folder,
    a_referral,
    a_workbook,
    an_assessment,
    an_enquiry,
    feb,
    found_rows,
    jan,
    journeys_told,
    jun,
    mar,
)
from tests.history.files import observed


def test_rows_of_the_lists_become_journeys_by_child_and_date(tmp_path: Path) -> None:
    found = observed(a_workbook(tmp_path / "annex.xlsx", CHILDREN), None)
    steps = ("received", "decided", "outcome", "assessment_started", "authorised", "ending", "strategy_held")

    check_lifecycle(found.log)
    assert journeys_told(found, *steps, "conference_held", "team") == [
        (2, "08 Jan", "10 Jan", "referral", "11 Jan", "12 Feb", "no_further_action", None, None, "South"),
        (3, "09 Jan", "09 Jan", "no_further_action", None, None, None, None, None, None),
        (4, "15 Jan", "15 Jan", "strategy_discussion", "16 Jan", "01 Mar", "transfer", "16 Jan", "05 Feb", "South"),
        (5, "20 Jun", None, None, None, None, None, None, None, None),
        (4, "07 Jan", "04 Mar", "referral_no_action", None, None, None, None, None, "North"),
        (4, "01 Dec", None, None, "01 Dec", "31 Jan", None, None, None, "South"),
    ]


def test_every_link_is_an_inference_with_its_counts(tmp_path: Path) -> None:
    found = observed(a_workbook(tmp_path / "annex.xlsx", CHILDREN), None)

    assert [(link.what, link.made, link.not_made) for link in found.history.inferred] == [
        ("which contact led to each referral", 2, 1),
        ("which referral led to each assessment", 2, 1),
        ("which referral led to each section 47 enquiry", 1, 0),
        ("which contacts led to no referral", 1, 1),
        ("which referrals were for a strategy discussion", 1, 0),
        ("how each assessment ended", 2, 1),
    ]


def test_counts_are_those_of_the_lists(tmp_path: Path) -> None:
    found = observed(a_workbook(tmp_path / "annex.xlsx", CHILDREN), None)
    read = measure(found.log)
    wanted = ("contacts_count", "referrals_count", "assessments_count", "section_47_count", "conferences_count")

    assert [read[name, "all"] for name in wanted] == [4, 3, 3, 1, 1]
    assert [(t.in_file, t.read, t.refused) for t in found.history.tallies] == [
        (4, 4, 0),
        (3, 3, 0),
        (3, 3, 0),
        (1, 1, 0),
    ]
    assert (found.used, found.set_aside) == (6, 0)


def test_what_the_lists_cannot_say_is_unknown_and_the_reason_is_told(tmp_path: Path) -> None:
    found = observed(a_workbook(tmp_path / "annex.xlsx", CHILDREN), None)
    known = {Fact.RECEIPT, Fact.SOURCE, Fact.REFERRAL, Fact.NO_ACTION, Fact.STRATEGY, Fact.SECTION_47}

    assert found.history.facts == known | {Fact.CONFERENCE, Fact.ASSESSMENT_START, Fact.AUTHORISATION, Fact.ENDING}
    assert found.history.why_not[Fact.ALLOCATION] == "Annex A has the worker's name but no date of allocation"
    assert set(found.history.why_not) == set(Fact) - found.history.facts
    read = measure(found.log)
    assert read["days_to_seen_q50", "all"] != read["days_to_seen_q50", "all"]
    assert read["decision_days_q50", "all"] != read["decision_days_q50", "all"]


def test_a_list_that_is_not_there_leaves_its_facts_unknown_and_its_contacts_undecided(tmp_path: Path) -> None:
    found = observed(a_workbook(tmp_path / "annex.xlsx", {"List_1": CHILDREN["List_1"]}), None)

    assert found.history.facts == {Fact.RECEIPT, Fact.SOURCE}
    assert found.history.why_not[Fact.REFERRAL] == "list 3 of Annex A is not there"
    assert found.history.journeys["decided"].null_count() == 4


@pytest.mark.parametrize(
    "names",
    [
        ("List_1", "List_3", "List_4", "List_5"),
        ("List 1", "List 3", "List 4", "List 5"),
        ("Contacts", "Referrals", "Assessments", "Sec47 and ICPC"),
        ("Sheet1", "Sheet3", "Sheet4", "Sheet5"),
        ("List 1 - Contacts", "List 3 - Referrals", "List 4 - Assessments", "List 5 - S47"),
    ],
)
def test_a_list_is_known_by_its_headings_whatever_its_sheet_is_called(names: Sequence[str], tmp_path: Path) -> None:
    lists: Lists = dict(zip(names, CHILDREN.values(), strict=True)) | {"Guidance": [{"How to fill this in": "Read it"}]}
    as_ever = observed(a_workbook(tmp_path / "annex.xlsx", CHILDREN), None)
    found = observed(a_workbook(tmp_path / "named.xlsx", lists), None)

    assert found.history.journeys.drop("table").equals(as_ever.history.journeys.drop("table"))


def test_a_folder_of_csv_files_is_read_as_the_workbook_is(tmp_path: Path) -> None:
    as_ever = observed(a_workbook(tmp_path / "annex.xlsx", CHILDREN), None)
    found = observed(a_folder(tmp_path / "annex", CHILDREN), None)

    assert found.history.journeys.drop("table").equals(as_ever.history.journeys.drop("table"))
    assert [tally.name for tally in found.history.tallies] == ["List_1.csv", "List_3.csv", "List_4.csv", "List_5.csv"]


OTHER_HEADINGS = {
    "Date of referral": "Date of Referral ",
    "Date of Contact": "date of contact",
    "Age of Child (Years)": "Age",
    SUPPORT: "Was the child assessed as requiring LA children\u2019s social care support?",
    CHILD: "Child\u00a0Unique_ID",
}
OTHER_CELLS = {
    "b) No": "No",
    "a) Yes": "Y",
    "q) 6: Police": "6",
    "e) 2A: Schools": "Schools",
    "g) 3A: Health services": "3a",
    "s) 8: Other": "8 - Other",
    "North": "North\u00a0",
}


def test_other_headings_and_values_that_authorities_write_mean_the_same(tmp_path: Path) -> None:
    written = {name: [_rewritten(row) for row in rows] for name, rows in CHILDREN.items()}
    as_ever = observed(a_workbook(tmp_path / "annex.xlsx", CHILDREN), None)
    found = observed(a_workbook(tmp_path / "other.xlsx", written), None)

    assert found.history.refused == ()
    assert found.history.journeys.drop("table").equals(as_ever.history.journeys.drop("table"))


def _rewritten(row: Row) -> Row:
    return {
        OTHER_HEADINGS.get(heading, heading): OTHER_CELLS.get(cell, cell) if isinstance(cell, str) else cell
        for heading, cell in row.items()
    }


def test_a_worker_with_a_hard_space_in_the_name_is_the_same_worker_and_no_team_is_none(tmp_path: Path) -> None:
    plain: Row = {**a_referral("a", jan(9)), "Allocated Team": "#N/A"}
    hard: Row = {**a_referral("b", jan(9)), "Allocated Worker": "Jo\u00a0Bloggs", "Allocated Team": None}
    lists: Lists = {"List_1": [a_contact("a", jan(8)), a_contact("b", jan(8))], "List_3": [plain, hard]}
    found = observed(a_workbook(tmp_path / "annex.xlsx", lists))

    assert found.history.journeys["worker"].n_unique() == 1
    assert found.log.teams == ()


def test_an_empty_file_in_the_folder_is_no_list(tmp_path: Path) -> None:
    folder = a_folder(tmp_path / "annex", CHILDREN)
    (folder / "List_2.csv").write_text("", encoding="utf-8")

    assert len(observed(folder, None).history.tallies) == 4


def test_cells_left_out_at_the_end_of_a_row_are_empty(tmp_path: Path) -> None:
    as_ever = a_workbook(tmp_path / "annex.xlsx", CHILDREN)
    short = tmp_path / "short.xlsx"
    with ZipFile(as_ever) as book, ZipFile(short, "w") as copy:
        for name in book.namelist():
            # Without its dimension a sheet's rows end where their last cell does.
            copy.writestr(name, re.sub(rb"<dimension[^>]*/>", b"", book.read(name)))
    found = observed(short, None).history

    assert found.refused == ()
    assert found.journeys.drop("table").equals(observed(as_ever, None).history.journeys.drop("table"))


@pytest.mark.parametrize(("days", "outcome"), [(0, "referral"), (30, "referral"), (31, "no_further_action")])
def test_a_referral_follows_a_contact_of_the_thirty_days_before(days: int, outcome: str, tmp_path: Path) -> None:
    others = [a_contact("other", jan(8)), a_contact("other", jun(20))]
    lists: Lists = {
        "List_1": [a_contact("a", jan(8)), *others],
        "List_3": [a_referral("a", jan(8) + timedelta(days=days))],
    }
    found = observed(a_workbook(tmp_path / "annex.xlsx", lists), None)

    assert journeys_told(found, "outcome")[0] == (2, outcome)


def test_a_referral_belongs_to_the_nearest_contact_and_to_that_of_its_source_on_one_day(tmp_path: Path) -> None:
    contacts = [
        a_contact("a", jan(5)),
        a_contact("a", jan(8)),
        a_contact("a", jan(8), "e) 2A: Schools"),
        a_contact("a", jan(11)),
        a_contact("other", jun(20)),
    ]
    referrals = [a_referral("a", jan(9), source="2A"), a_referral("a", jan(10))]
    found = observed(a_workbook(tmp_path / "annex.xlsx", {"List_1": contacts, "List_3": referrals}), None)

    assert journeys_told(found, "decided", "outcome") == [
        (2, "05 Jan", "no_further_action"),
        (3, "08 Jan", "no_further_action"),
        (4, "09 Jan", "referral"),
        (5, "11 Jan", "no_further_action"),
        (6, None, None),
        (3, "10 Jan", "referral"),
    ]


def test_several_steps_that_nothing_led_to_are_several_journeys_before_the_list(tmp_path: Path) -> None:
    lists: Lists = {
        "List_1": [a_contact("other", jan(8))],
        "List_3": [a_referral("a", jan(9)), a_referral("a", mar(9))],
        "List_5": [an_enquiry("a", jun(3)), an_enquiry("a", jun(4))],
    }
    found = observed(a_workbook(tmp_path / "annex.xlsx", lists), None)
    read = measure(found.log)

    assert journeys_told(found, "received")[1:] == [(2, "04 Jan"), (3, "05 Jan"), (2, "06 Jan"), (3, "07 Jan")]
    assert [read[name, "all"] for name in ("contacts_count", "referrals_count", "section_47_count")] == [1, 2, 2]
    assert found.set_aside == 0


SECRETS = ("Bloggs", "Smith", "2015-05-17", "17/05/2015", "WBRI", "Female", "assessed-0001", "Jones Lane")


def test_no_name_birth_date_or_id_is_kept_or_said(tmp_path: Path) -> None:
    bad: Row = {**a_contact("assessed-0001", "Jones Lane"), "Contact Source": "Jones Lane"}
    local = a_contact("assessed-0001", jan(8), "Jones Lane surgery of Smith")
    odd = an_assessment("assessed-0001", jan(9), feb(9), "Bloggs said so")
    lists: Lists = {**CHILDREN, "List_1": [*CHILDREN["List_1"], bad, local], "List_4": [odd]}
    found = observed(a_workbook(tmp_path / "annex.xlsx", lists))
    said = repr((found.findings, found.history.refused, found.history.why_not, found.history.tallies))
    kept = found.history.journeys.write_csv()

    assert [secret for secret in SECRETS if secret in said + kept + repr(found.log.teams)] == []
    assert found_rows(found)["local_source"] == (7,)
