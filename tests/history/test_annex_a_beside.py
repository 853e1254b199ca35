"""Lists 2, 6 and 7 of Annex A: early help, children in need and child protection plans, by child and date."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest

from sim.events import check_lifecycle
from sim.facts import Fact
from sim.history import Observed
from sim.measures import measure
from tests.history.annex import (
    CHILDREN,
    Lists,
    Row,
    a_case,
    a_contact,
    a_folder,
    a_plan,
    a_referral,
    a_workbook,
    an_assessment,
    an_enquiry,
    early_help,
    feb,
    jan,
    journeys_told,
    jun,
    mar,
)
from tests.history.files import observed

LAST = a_contact("other", jun(28))


def read(tmp_path: Path, contacts: Sequence[Row], **lists: Sequence[Row]) -> Observed:
    """What is read of these contacts and lists, with a child besides who is referred on the last day."""
    lists.setdefault("List_3", [a_referral("other", jun(28))])
    return observed(a_workbook(tmp_path / "annex.xlsx", {"List_1": [*contacts, LAST], **lists}), None)


@pytest.mark.parametrize(("days", "told"), [(0, "early_help"), (30, "early_help"), (31, "no_further_action")])
def test_early_help_follows_a_contact_of_the_thirty_days_before(days: int, told: str, tmp_path: Path) -> None:
    began = jan(8) + timedelta(days=days)
    found = read(tmp_path, [a_contact("a", jan(8))], List_2=[early_help("a", began)])
    first, _ = journeys_told(found, "decided", "outcome", "help_started")

    check_lifecycle(found.log)
    assert first == (2, "08 Jan", told, f"{began:%d %b}" if told == "early_help" else None)
    link = next(link for link in found.history.inferred if "early help" in link.what)
    assert (link.made, link.not_made) == ((1, 0) if told == "early_help" else (0, 1))


def test_early_help_follows_no_contact_that_was_referred_nor_one_about_an_open_case(tmp_path: Path) -> None:
    contacts = [a_contact("a", jan(8)), a_contact("a", jan(20)), a_contact("b", jan(8))]
    found = read(
        tmp_path,
        contacts,
        List_2=[early_help("a", jan(22)), early_help("b", jan(22))],
        List_3=[a_referral("b", jan(8))],
        List_6=[a_case("a", jan(10)), a_case("b", jan(8))],
    )

    assert journeys_told(found, "outcome", "help_started")[:3] == [
        (2, "early_help", "22 Jan"),
        (3, "open_case", None),
        (4, "referral", None),
    ]


def test_an_assessment_that_found_no_need_and_led_to_early_help_was_stepped_down(tmp_path: Path) -> None:
    contacts = [a_contact(child, jan(8)) for child in "abc"]
    found = read(
        tmp_path,
        contacts,
        List_2=[early_help("a", feb(20)), early_help("c", feb(20))],
        List_3=[a_referral(child, jan(8)) for child in "abc"],
        List_4=[
            an_assessment("a", jan(9), feb(12), "b) No"),
            an_assessment("b", jan(9), feb(12), "b) No"),
            an_assessment("c", jan(9), feb(12), "a) Yes"),
        ],
    )

    assert journeys_told(found, "ending", "help_started")[:3] == [
        (2, "step_down", "20 Feb"),
        (3, "no_further_action", None),
        (4, "transfer", None),
    ]


@pytest.mark.parametrize(
    ("support", "reason", "status", "ending", "closed_as"),
    [
        ("b) No", "RC8 - Case closed after assessment, no further action", None, "no_further_action", None),
        ("b) No", "RC9 - Case closed after assessment, referred to early help", None, "step_down", "step_down"),
        ("No", "RC9", None, "step_down", "step_down"),
        ("Local words", "RC9", None, "step_down", "step_down"),
        ("Local words", "RC8", None, "no_further_action", None),
        ("Local words", "RC7", None, "transfer", "transfer"),
        (None, "RC1 - Adopted", None, "transfer", "transfer"),
        (None, "moved away", None, None, "transfer"),
        ("a) Yes", "RC7", None, "transfer", "transfer"),
    ],
)
def test_how_an_assessment_ended_is_told_by_itself_or_else_by_its_case(
    support: str | None, reason: str, status: str | None, ending: str, closed_as: str | None, tmp_path: Path
) -> None:
    found = read(
        tmp_path,
        [a_contact("a", jan(8))],
        List_3=[a_referral("a", jan(8))],
        List_4=[an_assessment("a", jan(9), feb(12), support)],
        List_6=[a_case("a", jan(8), feb(20), reason, status)],
    )

    assert journeys_told(found, "ending", "closed", "closed_as")[0] == (
        2, ending, "20 Feb", closed_as or "no_further_action",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("status", "ending"),
    [("c) Child in need plan", "transfer"), ("Looked after child", "transfer"), ("e) Closed episode", None)],
)
def test_an_assessment_that_does_not_say_how_it_ended_went_on_where_its_case_is_open(
    status: str, ending: str | None, tmp_path: Path
) -> None:
    found = read(
        tmp_path,
        [a_contact("a", jan(8))],
        List_3=[a_referral("a", jan(8))],
        List_4=[an_assessment("a", jan(9), feb(12), "c) Unknown")],
        List_6=[a_case("a", jan(8), None, None, status)],
    )

    assert journeys_told(found, "ending")[0] == (2, ending)


@pytest.mark.parametrize(
    ("came", "closed", "outcome"),
    [
        (jan(20), None, "open_case"),
        (jan(20), jan(20), "open_case"),
        (jan(20), jan(19), "no_further_action"),
        (jan(8), None, "no_further_action"),
    ],
)
def test_a_contact_while_a_case_begun_earlier_is_open_is_about_that_case(
    came: date, closed: date | None, outcome: str, tmp_path: Path
) -> None:
    found = read(tmp_path, [a_contact("a", came)], List_6=[a_case("a", jan(8), closed)])

    assert Fact.OPEN_CASE in found.history.facts
    assert journeys_told(found, "outcome")[0] == (2, outcome)
    assert measure(found.log)["open_case_contacts_count", "all"] == (outcome == "open_case")


def test_a_case_closed_on_an_unknown_day_makes_no_contact_one_about_an_open_case(tmp_path: Path) -> None:
    case = a_case("a", jan(8), None, None, "e) Closed episode")
    found = read(tmp_path, [a_contact("a", jan(20))], List_6=[case])

    assert journeys_told(found, "outcome")[0] == (2, "no_further_action")


def test_a_plan_dates_the_conference_that_made_it_where_the_list_of_enquiries_does_not(tmp_path: Path) -> None:
    held, told = an_enquiry("b", jan(9), jan(25)), an_enquiry("a", jan(9))
    found = read(
        tmp_path,
        [a_contact(child, jan(8)) for child in "abc"],
        List_3=[a_referral(child, jan(8)) for child in "abc"],
        List_4=[an_assessment(child, jan(9), mar(1), "a) Yes") for child in "abc"],
        List_5=[told, held, an_enquiry("c", jan(9))],
        List_7=[a_plan("a", jan(26)), a_plan("b", jan(29)), a_plan("c", jan(9) + timedelta(days=61))],
    )

    assert journeys_told(found, "conference_held", "ending")[:3] == [
        (2, "26 Jan", "transfer_after_conference"),
        (3, "25 Jan", "transfer_after_conference"),
        (4, None, "transfer"),
    ]
    made = {link.what: (link.made, link.not_made) for link in found.history.inferred}
    assert made["which enquiry led to each child protection plan"] == (2, 1)
    assert made["conferences without a date"] == (1, 0)


def test_a_list_without_its_fact_leaves_it_unknown_and_says_why(tmp_path: Path) -> None:
    without = observed(a_workbook(tmp_path / "without.xlsx", CHILDREN), None).history
    empty = read(tmp_path, [a_contact("a", jan(8))], List_6=[a_case("a", None)]).history

    assert {without.why_not[fact] for fact in (Fact.CLOSURE, Fact.OPEN_CASE)} == {"list 6 of Annex A is not there"}
    assert without.why_not[Fact.HELP] == "list 2 of Annex A is not there"
    assert empty.why_not[Fact.CLOSURE] == "list 6 of Annex A does not hold it"
    assert without.journeys["open_case"].null_count() == len(without.journeys)


SCRIPT = {
    "Child Unique ID": "ChildUniqueID",
    "Date of Contact": "DateOfContact",
    "Contact Source": "ContactSource",
    "Assessment start date": "AssessmentStartDate",
    "Date of referral": "ReferralDate",
    "Referral Source": "ReferralSource",
    "Referral NFA?": "ReferralNFA",
    "Continuous Assessment Start Date": "ContinuousAssessmentStart",
    "Continuous Assessment Date of Authorisation": "ContinuousAssessmentAuthDate",
    "Was the child assessed as requiring LA children's social care support?": "CSCSupportRequired",
    "Strategy discussion initiating Section 47 Enquiry Start Date": "StratDiscussionDate",
    "Was an Initial Child Protection Conference deemed unnecessary?": "InitialCPConfUnnecessary",
    "Date of Initial Child Protection Conference": "InitialCPConfDate",
    "CIN Start Date": "CINStartDate",
    "CIN Closure Date": "CINClosureDate",
    "Reason for Closure": "ReasonForClosure",
    "Case Status": "CaseStatus",
    "Child Protection Plan Start Date": "ChildProtectionPlanStartDate",
    "Allocated Team": "AllocatedTeam",
    "Allocated Worker": "AllocatedWorker",
}
"""The headings of the script that makes the lists from the Standard Safeguarding Dataset."""

ALL: Lists = {
    **CHILDREN,
    "List_2": [early_help("turned back", jan(20))],
    "List_6": [a_case("assessed", jan(10), feb(20), "RC8"), a_case("enquired", jan(15))],
    "List_7": [a_plan("enquired", feb(5))],
}


BESIDE = ("List_2", "List_6", "List_7")


def test_all_seven_lists_as_csv_files_and_with_the_headings_of_the_script_say_the_same(tmp_path: Path) -> None:
    written = {
        name: [{SCRIPT.get(heading, heading): cell for heading, cell in row.items()} for row in rows]
        for name, rows in ALL.items()
    }
    as_ever = observed(a_workbook(tmp_path / "annex.xlsx", ALL), None).history
    found = observed(a_folder(tmp_path / "annex", written), None).history

    assert [tally.read for tally in found.tallies] == [4, 1, 3, 3, 1, 2, 1]
    assert found.journeys.drop("table").equals(as_ever.journeys.drop("table"))
    assert found.facts == as_ever.facts


@pytest.mark.parametrize(
    ("form", "names"),
    [
        ("xlsx", ("Early Help", "Children in Need", "Child Protection")),
        ("xlsx", ("list 2", "List 6 - CIN", "List7")),
        ("csv", ("sheet a", "sheet b", "sheet c")),
    ],
)
def test_the_lists_beside_are_known_by_their_headings_whatever_they_are_called(
    form: str, names: Sequence[str], tmp_path: Path
) -> None:
    lists: Lists = {**CHILDREN, **{name: ALL[known] for name, known in zip(names, BESIDE, strict=True)}}
    made = a_folder(tmp_path / "annex", lists) if form == "csv" else a_workbook(tmp_path / "named.xlsx", lists)
    as_ever = observed(a_workbook(tmp_path / "annex.xlsx", ALL), None).history

    assert observed(made, None).history.journeys.drop("table").equals(as_ever.journeys.drop("table"))


def test_nothing_of_the_lists_beside_that_is_not_wanted_is_kept_or_said(tmp_path: Path) -> None:
    lists: Lists = {**ALL, "List_6": [*ALL["List_6"], a_case("assessed", jan(9), None, "Jones moved", "Jones")]}
    found = observed(a_workbook(tmp_path / "annex.xlsx", lists), None)
    said = repr((found.findings, found.history.refused, found.history.why_not, found.history.tallies))
    kept = found.history.journeys.write_csv()

    secrets = ("Bloggs", "Smith", "PSRMEM", "Jones", "school nurse", "2015-05-17")
    assert [secret for secret in secrets if secret in said + kept + repr(found.log.teams)] == []
