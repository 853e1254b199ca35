"""The CIN census: referrals and what came of them, and no contact before them."""

from datetime import date
from math import isnan
from pathlib import Path

import pytest

from sim.events import check_lifecycle
from sim.facts import Fact
from sim.history import ExtractError, Observed, observe, recognise
from sim.history.cin_findings import SAID_AS
from sim.history.cin_xml import read_return
from sim.history.pseudonyms import Pseudonyms
from sim.measures import measure
from tests.history.annex import found_rows, journeys_told
from tests.history.census import a_child, a_header, a_return, an_assessment, an_enquiry, details, returns
from tests.history.files import HOURS, SALT


def seen(path: Path, as_at: date | None = None) -> Observed:
    return observe(path, Pseudonyms(SALT), HOURS, as_at, 1.0)


# The last day of the year stands in every return that is read to its end.
LAST = a_child("last", details("2024-03-28", no_action="1"))

CHILDREN = (
    a_child(
        "assessed",
        details("2023-06-01", an_assessment("2023-06-02", "2023-07-19", "3B", "2A"), closed="2023-07-20 RC8"),
        details("2023-11-06", an_assessment("2023-11-07", "2023-12-15", "4A"), closed="2023-12-18 RC9", source="2A"),
    ),
    a_child("turned back", details("2023-08-07", source="3A", no_action="true")),
    a_child(
        "enquired",
        details(
            "2023-09-04",
            an_assessment("2023-09-05", "2023-10-20", "3A"),
            an_assessment("2024-01-08", "2024-02-09"),
            an_enquiry("2023-09-05", "2023-09-25"),
            an_enquiry("2023-12-04", not_required="true"),
            source="10",
        ),
    ),
    LAST,
)


def test_each_referral_is_a_journey_and_each_further_assessment_or_enquiry_another(tmp_path: Path) -> None:
    found = seen(a_return(tmp_path / "cin.xml", *CHILDREN))
    steps = ("received", "decided", "outcome", "assessment_started", "authorised", "ending", "strategy_held")

    check_lifecycle(found.log)
    assert journeys_told(found, *steps, "conference_held", "closed", "domestic_abuse") == [
        (1, "01 Jun", "01 Jun", "referral", "02 Jun", "19 Jul", "no_further_action", None, None, "20 Jul", 1),
        (1, "06 Nov", "06 Nov", "referral", "07 Nov", "15 Dec", "step_down", None, None, "18 Dec", 0),
        (2, "07 Aug", "07 Aug", "referral_no_action", None, None, None, None, None, None, None),
        (3, "04 Sep", "04 Sep", "strategy_discussion", "05 Sep", "20 Oct", "transfer", "05 Sep", "25 Sep", None, 1),
        (3, "04 Dec", None, None, "08 Jan", "09 Feb", "transfer", "04 Dec", None, None, None),
        (4, "28 Mar", "28 Mar", "referral_no_action", None, None, None, None, None, None, None),
    ]


def test_the_window_is_the_year_of_the_return_and_its_counts_are_those_of_the_children(tmp_path: Path) -> None:
    found = seen(a_return(tmp_path / "cin.xml", *CHILDREN))
    read = measure(found.log)
    counts = ("referrals_count", "assessments_count", "section_47_count", "conferences_count")

    assert (found.log.first_day, found.as_at) == (date(2023, 4, 1), date(2024, 3, 31))
    assert [read[name, "all"] for name in counts] == [5, 4, 2, 1]
    assert [(t.in_file, t.read, t.refused) for t in found.history.tallies] == [(5, 5, 0)]
    assert (found.used, found.set_aside) == (6, 0)
    assert read["assessed_not_in_need_share", "all"] == pytest.approx(2 / 5)
    assert read["rereferrals_share", "all"] == pytest.approx(1 / 5)


def test_a_referral_of_an_earlier_year_is_in_no_count_of_referrals(tmp_path: Path) -> None:
    old = a_child("old", details("2019-02-01", an_assessment("2023-05-02", "2023-06-19")))
    found = seen(a_return(tmp_path / "cin.xml", old, LAST))
    read = measure(found.log)

    assert (read["referrals_count", "all"], read["assessments_count", "all"]) == (1, 1)


def test_what_is_timed_from_the_contact_is_unknown_for_there_are_no_contacts(tmp_path: Path) -> None:
    found = seen(a_return(tmp_path / "cin.xml", *CHILDREN))
    read = measure(found.log)
    told = {name for (name, group), value in read.items() if not isnan(value) and group != "all"}

    assert found.history.why_not[Fact.RECEIPT] == "the CIN census begins at the referral; it holds no contacts"
    assert set(found.history.why_not) == set(Fact) - found.history.facts
    assert isnan(read["contacts_count", "all"])
    # Domestic abuse is known of assessed children alone, so no group of contacts may be measured by it.
    assert told == set()
    assert read["domestic_abuse_assessed_share", "all"] == pytest.approx(2 / 4)


def test_an_open_case_assessed_in_the_last_thirty_days_has_not_ended_yet(tmp_path: Path) -> None:
    early = a_child("early", details("2024-01-08", an_assessment("2024-01-09", "2024-02-29")))
    late = a_child("late", details("2024-01-08", an_assessment("2024-01-09", "2024-03-12")))
    found = seen(a_return(tmp_path / "cin.xml", early, late, LAST))

    assert [row[1] for row in journeys_told(found, "ending")] == ["transfer", None, None]
    assert [(i.made, i.not_made) for i in found.history.inferred if i.what == "how each assessment ended"] == [(1, 1)]


@pytest.mark.parametrize("stated", ["2023-10-02", "2023-12-18"])
def test_a_conference_of_the_referral_is_that_of_the_last_enquiry_before_it(stated: str, tmp_path: Path) -> None:
    held = f"<DateOfInitialCPC>{stated}</DateOfInitialCPC>"
    enquiries = (an_enquiry("2023-09-12"), an_enquiry("2023-12-04", not_required="true"))
    found = seen(a_return(tmp_path / "cin.xml", a_child("a", details("2023-09-11", held, *enquiries)), LAST))
    days = {row[1]: row[2] for row in journeys_told(found, "strategy_held", "conference_held") if row[1]}

    assert days == {
        "12 Sep": "02 Oct" if stated == "2023-10-02" else None,
        "04 Dec": None if stated == "2023-10-02" else "18 Dec",
    }


def test_a_referral_in_several_returns_is_taken_once_with_all_that_they_tell(tmp_path: Path) -> None:
    first = a_child("a", details("2023-02-06", an_assessment("2023-02-07", "", "3C")))
    second = a_child(
        "a",
        details(
            "2023-02-06",
            an_assessment("2023-02-07", "2023-04-05"),
            an_enquiry("2023-05-02", not_required="1"),
            closed="2023-06-01 RC8",
        ),
    )
    folder = returns(
        tmp_path / "cin", y2023=[a_child("b", details("2022-05-04", no_action="0")), first], y2024=[second, LAST]
    )
    found = seen(folder)
    steps = ("assessment_started", "authorised", "ending", "strategy_held", "closed", "domestic_abuse")

    assert journeys_told(found, "table", "received", *steps) == [
        (1, "cin-y2023.xml", "04 May", None, None, None, None, None, None),
        (1, "cin-y2024.xml", "06 Feb", "07 Feb", "05 Apr", "no_further_action", "02 May", "01 Jun", 1),
        (2, "cin-y2024.xml", "28 Mar", None, None, None, None, None, None),
    ]
    assert found_rows(found)["referral_in_several_returns"] == (2,)
    assert [(t.name, t.in_file, t.read) for t in found.history.tallies] == [
        ("cin-y2023.xml", 2, 2),
        ("cin-y2024.xml", 2, 2),
    ]
    assert measure(found.log)["referrals_count", "all"] == 3


PLANS = "<CINPlanDates><CINPlanStartDate>2023-10-10</CINPlanStartDate></CINPlanDates><FGDM><Held>x</Held></FGDM>"
SHAPES: dict[str, tuple[str, str]] = {
    "the years before 2025": ("<Sex>M</Sex>", "<GenderCurrent>1</GenderCurrent>"),
    "a time zone": ("2023-06-02", "2023-06-02+01:00"),
    "a namespace": ("<Message>", '<Message xmlns="urn:cin">'),
    "plans, and what later years may add": ("<ReferralNFA>", f"{PLANS}<ReferralNFA>"),
    "true and false as numbers": ("false", "0"),
    "spaces around a value": ("2023-06-02", "\n 2023-06-02 \n"),
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("shape", list(SHAPES))
def test_the_shapes_of_other_years_and_systems_are_read_alike(shape: str, encoding: str, tmp_path: Path) -> None:
    path = a_return(tmp_path / "cin.xml", *CHILDREN)
    as_ever = seen(path)
    text = path.read_text(encoding="utf-8").replace(*SHAPES[shape])
    path.write_bytes(text.encode(encoding))
    found = seen(path)

    assert found.history.refused == ()
    assert found.history.journeys.equals(as_ever.history.journeys)


DATE_RULE = "must be a date, or a date and time, with the day before the month"
UNREADABLE = [
    (details("31/31/2023"), "CINreferralDate", DATE_RULE),
    (details(""), "CINreferralDate", "must not be empty"),
    (details("2023-05-01", no_action="wrong"), "ReferralNFA", "must be true or false, or 1 or 0"),
    (details("2023-05-01", closed="notadate RC1"), "CINclosureDate", DATE_RULE),
    (details("2023-05-01", an_assessment("soon")), "Assessments/AssessmentActualStartDate", DATE_RULE),
    (details("2023-05-01", an_assessment("2023-05-02", "x")), "Assessments/AssessmentAuthorisationDate", DATE_RULE),
    (details("2023-05-01", an_enquiry("")), "Section47/S47ActualStartDate", "must not be empty"),
    (details("2023-05-01", an_enquiry("2023-05-02", "notadate")), "Section47/DateOfInitialCPC", DATE_RULE),
    (details("2023-05-01", an_enquiry("2023-05-02", "", "?")), "Section47/ICPCnotRequired", "must be true or false"),
]


@pytest.mark.parametrize(("bad", "field", "rule"), UNREADABLE, ids=[field for _, field, _ in UNREADABLE])
def test_details_that_cannot_be_read_are_refused_whole_with_their_place(
    bad: str, field: str, rule: str, tmp_path: Path
) -> None:
    good = details("2023-07-03", an_assessment("2023-07-04", "2023-08-01"))
    found = seen(a_return(tmp_path / "cin.xml", LAST, a_child("secret-id", good, bad))).history

    assert [(r.file, r.row, r.field) for r in found.refused] == [("cin.xml", 2, f"CINdetails[2]/{field}")]
    assert found.refused[0].rule.startswith(rule)
    assert [(t.in_file, t.read, t.refused) for t in found.tallies] == [(3, 2, 1)]
    assert found.journeys["assessment_started"].drop_nulls().len() == 1


def test_a_child_without_an_id_is_refused_and_counted(tmp_path: Path) -> None:
    nameless = a_child("", details("2023-05-01"))
    found = seen(a_return(tmp_path / "cin.xml", LAST, nameless)).history

    assert [(r.row, r.field, r.rule) for r in found.refused] == [(2, "CINdetails[1]/LAchildID", "must not be empty")]


ODD = [
    (a_child("a", details("2023-05-02", an_assessment("2023-05-01"))), "assessment_before_referral"),
    (a_child("a", details("2023-05-02", an_enquiry("2023-05-01"))), "enquiry_before_referral"),
    (a_child("a", details("2023-05-02", an_enquiry("2023-05-02", "2023-05-01"))), "conference_before_referral"),
    (a_child("a", details("2023-05-02", an_assessment("2023-05-03", "2023-05-02"))), "assessment_ends_before_start"),
    (a_child("a", details("2023-05-02", an_assessment("2023-05-03"), no_action="1")), "no_action_with_activity"),
    (a_child("a", details("2023-05-02", an_assessment("2024-01-22"))), "assessment_open_long"),
    (a_child("a", details("2023-05-02", an_enquiry("2024-03-05"))), "conference_overdue"),
    (a_child("a", details("2023-05-02", an_enquiry("2023-05-02", "2023-05-13"))), "conference_at_weekend"),
    (a_child("a", details("2023-05-02", an_enquiry("2023-05-02", "2023-05-16", "1"))), "conference_not_needed"),
    (a_child("a", details("2023-05-02"), details("2023-06-02", closed="2023-07-03 RC7")), ""),
    (a_child("a", details("2023-05-02", closed="2023-07-03 RC77")), "local_reason"),
    (a_child("a", details("2023-05-02", source="MASH")), "local_source"),
    (a_child("a", details("2023-05-02", an_assessment("2023-05-03", "2023-05-09"))), "no_factors"),
    (a_child("a"), "child_without_details"),
    (a_child("a", details("2023-05-02"), details("2023-05-02")), "referral_twice"),
]


@pytest.mark.parametrize(("child", "name"), ODD, ids=[name or "nothing" for _, name in ODD])
def test_what_breaks_a_rule_of_the_census_is_found_with_the_number_of_its_child(
    child: str, name: str, tmp_path: Path
) -> None:
    found = found_rows(seen(a_return(tmp_path / "cin.xml", LAST, child)))

    assert found.get(name, (2,)) == (2,)
    assert bool(name) == bool({*found} - {"short_look_back"})
    assert not {*found} & SAID_AS.keys()


def test_overlapping_assessments_and_open_episodes_of_one_child_are_found(tmp_path: Path) -> None:
    first = details("2023-05-02", an_assessment("2023-05-03", "2023-06-14", "20"))
    second = details("2023-06-01", an_assessment("2023-06-02", "2023-07-03", "20"))
    found = found_rows(seen(a_return(tmp_path / "cin.xml", LAST, a_child("a", first, second), a_child("b", first))))

    assert found["assessments_overlap"] == (2,)
    assert found["several_open_episodes"] == (2, 2)


@pytest.mark.parametrize(("latest", "working_days"), [("2024-01-26", 44), ("2024-01-25", 45)])
def test_an_assessment_open_for_forty_five_working_days_is_not_late_yet(
    latest: str, working_days: int, tmp_path: Path
) -> None:
    open_one = a_child("a", details("2023-05-02", an_assessment(latest)))
    found = found_rows(seen(a_return(tmp_path / "cin.xml", LAST, open_one)))

    assert "assessment_open_long" not in found, working_days


def test_of_several_further_assessments_each_is_counted_and_the_contradictory_ones_are_not(tmp_path: Path) -> None:
    starts = ("2023-05-01", "2023-05-02", "2023-06-01", "2023-06-01", "2023-07-03")
    courses = [an_assessment(start, "2023-09-05", "20") for start in starts]
    early = a_child("early", details("2023-05-03", *courses))
    fine = a_child("fine", details("2023-05-01", *courses))
    found = seen(a_return(tmp_path / "cin.xml", LAST, early, fine))

    # Of the early child's, the referral with its first is set aside, the second dropped; repeated ones count once.
    assert measure(found.log)["assessments_count", "all"] == 2 + 4
    assert found.set_aside == 1
    assert found_rows(found)["assessment_before_referral"] == (2, 2)


def test_a_referral_without_a_source_on_the_day_of_a_further_assessment_is_no_duplicate(tmp_path: Path) -> None:
    open_one = details("2023-05-01", an_assessment("2023-05-02", "2023-05-09"), an_assessment("2023-06-01"))
    found = seen(a_return(tmp_path / "cin.xml", LAST, a_child("a", open_one, details("2023-06-01", source=""))))

    assert (found.used, found.set_aside) == (4, 0)


def test_a_missing_year_and_a_return_made_before_its_end_are_said(tmp_path: Path) -> None:
    folder = returns(
        tmp_path / "cin", y2022=[a_child("a", details("2021-05-04"))], y2024=[a_child("b", details("2023-05-04"))]
    )
    found = seen(folder)
    said = {finding.id: finding.what for finding in found.findings}

    assert said["return_missing"] == "no return between cin-y2022.xml and this one: what ended between them is missing"
    assert said["return_unfinished"].startswith("nothing is dated in the last 332 days of the return")
    assert found.as_at == date(2023, 5, 4)
    assert found.log.first_day == date(2021, 4, 1)


LOL = '<!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;">]>'
NO_TYPE = "cin.xml: it has a document type (DOCTYPE) or entities, which a census has not: not read"
NOT_CIN = "cin.xml: its header does not say that it is a CIN census (Collection must be CIN)"
NO_YEAR = "cin.xml: its header has no ReferenceDate, so its year is not known"
HEADED = f"<Message>{a_header()}<Children>"
BROKEN = [
    (LOL + "<Message>&b;</Message>", NO_TYPE),
    ('<!DOCTYPE Message SYSTEM "file:///etc/hosts"><Message/>', NO_TYPE),
    ("<Message>\n<Children>\n</Message>", "cin.xml, line 3: the XML is broken there (mismatched tag)"),
    (HEADED + a_child("a", details("2023-05-01")), "cin.xml, line 1: the XML is broken there (no element found)"),
    ("<Message>&planted;</Message>", "cin.xml, line 1: the XML is broken there (undefined entity)"),
    ("", "cin.xml, line 1: the XML is broken there (no element found)"),
    ("child,date\n1,2", "cin.xml, line 1: the XML is broken there (syntax error)"),
    ('<?xml version="1.0" encoding="nonsense"?><Message/>', "cin.xml: its characters are in a code that is not known"),
    (f"<Message>{a_header(collection='CSWW')}</Message>", NOT_CIN),
    ("<Message><Children/></Message>", NOT_CIN),
    (HEADED + "</Children></Message>", "cin.xml: it holds no CINdetails"),
    (HEADED.replace("2024", "") + "</Children></Message>", NO_YEAR),
]


@pytest.mark.parametrize(("text", "sentence"), BROKEN, ids=[sentence[-40:] for _, sentence in BROKEN])
def test_a_return_that_cannot_be_read_is_refused_in_a_sentence(text: str, sentence: str, tmp_path: Path) -> None:
    path = tmp_path / "cin.xml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(ExtractError) as refused:
        seen(path)
    assert sentence in str(refused.value)
    assert "planted" not in str(refused.value)


def test_the_returns_of_two_authorities_are_not_one_extract(tmp_path: Path) -> None:
    folder = returns(tmp_path / "cin", y2023=[a_child("a", details("2022-05-04"))])
    a_return(folder / "other.xml", LAST, header=a_header(authority="856"))

    with pytest.raises(ExtractError, match="cin: its returns are of several authorities: give those of one"):
        seen(folder)


def test_a_year_is_enough_where_the_reference_date_is_missing(tmp_path: Path) -> None:
    found = seen(a_return(tmp_path / "cin.xml", *CHILDREN, header=a_header(ends="")))

    assert found.as_at == date(2024, 3, 31)


@pytest.mark.parametrize(("ends", "first_day"), [("-02-28", date(2023, 3, 1)), ("-12-31", date(2024, 1, 1))])
def test_a_return_made_to_another_day_covers_the_year_before_it(ends: str, first_day: date, tmp_path: Path) -> None:
    old = a_child("a", details("2019-05-02", an_assessment("2024-01-30")))
    log = seen(a_return(tmp_path / "cin.xml", old, header=a_header(ends=ends))).log

    assert log.window_start == (first_day - log.first_day).days * 1440


def test_an_xml_file_and_a_folder_of_them_are_recognised(tmp_path: Path) -> None:
    folder = returns(tmp_path / "cin", y2024=[LAST])

    assert recognise(folder).name == recognise(folder / "cin-y2024.xml").name == "CIN census"
    (tmp_path / "none").mkdir()
    with pytest.raises(ExtractError, match="none: not a format that can be read"):
        recognise(tmp_path / "none")


def test_no_pupil_number_birth_date_or_id_is_kept_or_said(tmp_path: Path) -> None:
    bad = a_child("secret-id", details("A123456789123"), details("2023-05-02", source="WBRI-secret-id"))
    path = a_return(tmp_path / "cin.xml", *CHILDREN, bad)
    found = seen(path)
    said = repr((found.findings, found.history.refused, found.history.tallies)) + found.history.journeys.write_csv()

    assert [secret for secret in ("A123456789123", "2015-05-17", "WBRI", "secret-id") if secret in said] == []
    assert not {"A123456789123", "2015-05-17", "WBRI"} & {
        cell for row in read_return(path).details[:-2] for cell in row
    }


def test_what_the_census_has_a_rule_for_is_said_once_and_the_rest_all_the_same(tmp_path: Path) -> None:
    early = details("2023-05-02", an_assessment("2023-05-01", "2023-06-01", "3A"), closed="2023-06-01 RC8")
    undone = details("2023-06-02", an_assessment("2023-06-05", "2023-06-04", "3A"))
    holiday = details("2023-05-02", an_enquiry("2023-05-02", "2023-05-08"))
    weekend = details("2023-05-02", an_enquiry("2023-05-02", "2023-05-13"))
    children = (LAST, a_child("a", early, undone), a_child("b", holiday), a_child("c", weekend))
    found = found_rows(seen(a_return(tmp_path / "cin.xml", *children)))
    found.pop("short_look_back")

    assert found == {
        "assessment_before_referral": (2,),
        "assessment_ends_before_start": (2,),
        "conference_at_weekend": (4,),
        "conference_on_closed_day": (3,),
    }


def test_dates_that_stand_for_none_are_said_with_the_number_of_their_child(tmp_path: Path) -> None:
    blank = details("2023-05-02", an_assessment("2023-05-03", "1900-01-01"), closed="1900-01-01 RC8")
    found = seen(a_return(tmp_path / "cin.xml", LAST, a_child("a", blank)))
    rows = {f.id: (f.table, f.rows, f.of) for f in found.findings if f.id.endswith("_placeholder")}

    assert rows == {"closed_placeholder": ("cin.xml", (2,), 2), "authorised_placeholder": ("cin.xml", (2,), 2)}
    assert found.history.journeys["authorised"].drop_nulls().len() == 0
