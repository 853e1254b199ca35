"""Standard Safeguarding Dataset: what followed a referral, and the traps of each of its tables."""

from pathlib import Path

import polars as pl
import pytest

from sim.events import EventKind, Outcome, check_lifecycle
from sim.facts import Fact
from sim.measures import measure
from tests.history.ssd_files import (
    ADVISED,
    ASSESSMENT,
    CONFERENCE,
    CONTACT,
    DEPARTMENT,
    EARLY_HELP,
    ENQUIRY,
    INVOLVEMENT,
    ONE_CHILD,
    ONLY,
    REFERRAL,
    VISIT,
    Row,
    Tables,
    cell,
    day,
    findings,
    inferred,
    seen_in,
)


def test_dates_of_1900_stand_for_none(tmp_path: Path) -> None:
    open_one = ASSESSMENT | {"cina_assessment_auth_date": "1900-01-01T00:00:00"}
    found = seen_in(tmp_path, {**ONE_CHILD, "cin_assessments": [open_one]})

    assert (cell(found, "authorised"), cell(found, "ending")) == (None, None)
    dates = [(f.id, f.table, f.rows) for f in found.findings if f.id.endswith("_placeholder")]
    assert dates == [
        ("authorised_placeholder", "ssd_cin_assessments.csv", (2,)),
        ("ended_placeholder", "ssd_involvements.csv", (2,)),
    ]


def test_an_extract_without_open_assessments_is_found_out(tmp_path: Path) -> None:
    every = [
        ASSESSMENT
        | {"cina_assessment_id": f"A{n}", "cina_person_id": f"Q{n}", "cina_assessment_start_date": "2024-02-01"}
        for n in range(20)
    ]
    found = seen_in(tmp_path, {**ONLY, "cin_assessments": every})
    half = [row | {"cina_assessment_auth_date": ""} if n % 2 else row for n, row in enumerate(every)]

    assert findings(found)["open_assessments_missing"][1] == tuple(range(2, 22))
    assert "open_assessments_missing" not in findings(seen_in(tmp_path, {**ONLY, "cin_assessments": half}))


def test_the_first_assessment_of_a_referral_counts_and_a_loose_one_is_said(tmp_path: Path) -> None:
    second = ASSESSMENT | {"cina_assessment_id": "A2", "cina_assessment_start_date": "2024-02-01"}
    loose = ASSESSMENT | {"cina_assessment_id": "A3", "cina_referral_id": "R77"}
    found = seen_in(tmp_path, {**ONLY, "cin_assessments": [second, ASSESSMENT, loose]})

    assert cell(found, "assessment_started") == day("2024-01-10")
    assert findings(found)["assessment_without_referral"] == ("ssd_cin_assessments.csv", (4,))


def test_where_few_assessments_say_how_they_ended_endings_are_unknown(tmp_path: Path) -> None:
    silent = ASSESSMENT | {"cina_assessment_outcome_json": "", "cina_assessment_outcome_nfa": ""}
    found = seen_in(tmp_path, {**ONLY, "cin_assessments": [silent]})

    assert found.history.why_not[Fact.ENDING] == "the outcome of most assessments is not recorded"


def test_siblings_who_share_an_enquiry_s_number_keep_their_own_dates(tmp_path: Path) -> None:
    def of(child: str, row: Row, **changed: str) -> Row:
        return row | {key: child for key in row if key.endswith("person_id")} | changed

    tables = {
        "contacts": [CONTACT, of("P3", CONTACT)],
        "cin_episodes": [REFERRAL, of("P3", REFERRAL, cine_referral_id="R3")],
        "s47_enquiry": [ENQUIRY, of("P3", ENQUIRY, s47e_s47_start_date="2024-01-12", s47e_referral_id="R3")],
        "initial_cp_conference": [CONFERENCE, of("P3", CONFERENCE, icpc_icpc_date="2024-02-01")],
    }
    found = seen_in(tmp_path, tables)

    assert [cell(found, "section_47_started", row) for row in (2, 3)] == [day("2024-01-11"), day("2024-01-12")]
    assert [cell(found, "conference_held", row) for row in (2, 3)] == [day("2024-01-31"), day("2024-02-01")]
    assert findings(found)["enquiry_id_shared"] == ("ssd_s47_enquiry.csv", (2, 3))


def test_a_conference_is_found_by_its_referral_where_it_names_no_enquiry(tmp_path: Path) -> None:
    by_referral = CONFERENCE | {"icpc_s47_enquiry_id": "", "icpc_referral_id": "R1"}
    found = seen_in(tmp_path, {**ONLY, "initial_cp_conference": [by_referral]})

    assert cell(found, "conference_held") == day("2024-01-31")


def test_a_conference_for_a_child_who_moved_in_is_not_of_this_journey(tmp_path: Path) -> None:
    moved = CONFERENCE | {"icpc_icpc_transfer_in": "Y", "icpc_icpc_date": "2024-01-12"}
    found = seen_in(tmp_path, {**ONE_CHILD, "initial_cp_conference": [moved, CONFERENCE]})

    assert cell(found, "conference_held") == day("2024-01-31")
    assert findings(found)["conference_transfer_in"] == ("ssd_initial_cp_conference.csv", (2,))


# Workers and teams


def involvements(*changed: Row) -> Tables:
    return {**ONLY, "involvements": [INVOLVEMENT | row for row in changed]}


def test_allocation_is_the_first_involvement_in_the_allocated_role(tmp_path: Path) -> None:
    other = {"invo_professional_role_id": "Family support", "invo_involvement_start_date": "2024-01-09"}
    later = {"invo_professional_id": "W2", "invo_involvement_start_date": "2024-02-01"}
    found = seen_in(tmp_path, involvements(later, other, {}))

    assert cell(found, "allocated") == day("2024-01-10")
    assert found.history.more.select("at", "kind").rows() == [(day("2024-02-01"), EventKind.ALLOCATED)]
    assert "allocation to referral by dates" not in [link.what for link in found.history.inferred if link.made]


def test_an_involvement_that_names_no_referral_is_linked_by_child_and_date(tmp_path: Path) -> None:
    unnamed = {"invo_referral_id": ""}
    before, after = {"invo_involvement_start_date": "2024-01-05"}, {"invo_involvement_start_date": "2024-05-01"}
    found = seen_in(tmp_path, involvements(unnamed, unnamed | before, unnamed | after))

    assert cell(found, "allocated") == day("2024-01-10")
    assert inferred(found)["allocation to referral by dates"] == (1, 0)
    assert found.history.more.is_empty()


def test_a_worker_from_before_the_contact_is_not_its_allocation(tmp_path: Path) -> None:
    found = seen_in(tmp_path, involvements({"invo_involvement_start_date": "2023-12-01"}))

    assert (cell(found, "allocated"), found.set_aside) == (None, 0)
    assert findings(found)["allocated_before_contact"] == ("ssd_involvements.csv", (2,))


@pytest.mark.parametrize(
    ("next_start", "left"), [("2024-02-01", []), ("2024-02-05", [day("2024-02-01")]), ("2024-01-20", [])]
)
def test_a_worker_who_leaves_with_nobody_to_take_over_leaves_the_child_unallocated(
    next_start: str, left: list[object], tmp_path: Path
) -> None:
    leaves = {"invo_involvement_end_date": "2024-02-01"}
    taken = {"invo_professional_id": "W2", "invo_involvement_start_date": next_start}
    found = seen_in(tmp_path, involvements(leaves, taken))

    check_lifecycle(found.log)
    gone = found.history.more.filter(pl.col("kind") == EventKind.HOLDER_LEFT)
    assert gone["at"].to_list() == left


def test_a_worker_who_leaves_while_another_holds_the_case_leaves_nobody_unallocated(tmp_path: Path) -> None:
    long, short = {"invo_involvement_end_date": "2024-03-01"}, {"invo_involvement_end_date": "2024-02-01"}
    second = short | {"invo_professional_id": "W2", "invo_involvement_start_date": "2024-01-20"}
    found = seen_in(tmp_path, involvements(long, second))

    gone = found.history.more.filter(pl.col("kind") == EventKind.HOLDER_LEFT)
    assert gone["at"].to_list() == [day("2024-03-01")]


def test_an_end_entered_ahead_has_not_happened_at_the_extract(tmp_path: Path) -> None:
    is_open = {**ONLY, "cin_episodes": [REFERRAL | {"cine_close_date": ""}]}
    ahead = INVOLVEMENT | {"invo_involvement_end_date": "2024-04-30"}
    log = seen_in(tmp_path, {**is_open, "involvements": [ahead]}).log

    assert not len(log.of_kind(EventKind.HOLDER_LEFT))


def test_an_involvement_that_ends_with_the_case_is_nobody_leaving(tmp_path: Path) -> None:
    found = seen_in(tmp_path, involvements({"invo_involvement_end_date": REFERRAL["cine_close_date"]}))

    assert found.history.more.is_empty()


def test_without_the_allocated_role_nothing_is_told_of_allocation(tmp_path: Path) -> None:
    found = seen_in(tmp_path, involvements({"invo_professional_role_id": "Key worker"}))

    assert found.history.why_not[Fact.ALLOCATION] == "no involvement has the role of allocated case worker"


def test_a_team_that_the_department_does_not_name_is_left_blank(tmp_path: Path) -> None:
    other = DEPARTMENT | {"dept_team_id": "T2"}
    found = seen_in(tmp_path, {**ONLY, "department": [other]})

    assert cell(found, "team") is None
    assert findings(found)["team_without_name"] == ("ssd_cin_episodes.csv", (2,))


# Visits, early help


def visits(*changed: Row) -> Tables:
    return {**ONLY, "cin_visits": [VISIT | row for row in changed]}


def test_a_child_is_seen_at_the_first_visit_after_the_contact_that_says_so(tmp_path: Path) -> None:
    before = {"cinv_cin_visit_date": "2024-01-05"}
    failed = {"cinv_cin_visit_date": "2024-01-10", "cinv_cin_visit_seen": "N"}
    unsaid = {"cinv_cin_visit_date": "2024-01-11", "cinv_cin_visit_seen": ""}
    later = {"cinv_cin_visit_date": "2024-02-01"}
    found = seen_in(tmp_path, visits(later, before, failed, unsaid, {}))

    assert cell(found, "seen") == day("2024-01-15")
    assert inferred(found)["visit to referral"] == (1, 0)
    assert findings(found)["visit_before_contact"] == ("ssd_cin_visits.csv", (3,))


@pytest.mark.parametrize("when", ["2024-03-12", "2024-04-02"])
def test_a_visit_after_the_case_closed_is_not_of_its_contact(when: str, tmp_path: Path) -> None:
    again = CONTACT | {"cont_contact_id": "C9", "cont_contact_date": "2024-04-01"}
    referred_again = REFERRAL | {"cine_referral_id": "R9", "cine_referral_date": "2024-04-01", "cine_close_date": ""}
    tables = {
        "contacts": [CONTACT, again],
        "cin_episodes": [REFERRAL, referred_again],
        "cin_visits": [VISIT | {"cinv_cin_visit_date": when}],
    }
    found = seen_in(tmp_path, tables)

    assert cell(found, "seen", 2) is None
    assert cell(found, "seen", 3) == (day(when) if when > "2024-04-01" else None)


def test_visits_that_name_a_plan_are_of_the_plan_s_child(tmp_path: Path) -> None:
    by_plan = {"cinv_cin_plan_id": "L1", "cinv_cin_visit_date": "2024-01-15", "cinv_cin_visit_seen": "Y"}
    plans = {"cin_plans": [{"cinp_cin_plan_id": "L1", "cinp_person_id": "P1"}]}
    lost = by_plan | {"cinv_cin_plan_id": "L2"}
    found = seen_in(tmp_path, {**ONLY, "cin_visits": [by_plan, lost], **plans})

    assert cell(found, "seen") == day("2024-01-15")
    assert findings(found)["visit_without_child"] == ("ssd_cin_visits.csv", (3,))


def test_visits_of_plans_that_nobody_holds_cannot_tell_who_was_seen(tmp_path: Path) -> None:
    by_plan = {"cinv_cin_plan_id": "L1", "cinv_cin_visit_date": "2024-01-15", "cinv_cin_visit_seen": "Y"}
    found = seen_in(tmp_path, {**ONLY, "cin_visits": [by_plan]}).history

    assert found.why_not[Fact.SEEN] == "cin_visits names plans and not children, and there is no table cin_plans"


def test_a_child_seen_in_the_assessment_alone_has_no_date_of_it(tmp_path: Path) -> None:
    other = [row | {key: "P3" for key in row if key.endswith("person_id")} for row in (CONTACT, REFERRAL, ASSESSMENT)]
    tables = {
        "contacts": [CONTACT, other[0]],
        "cin_episodes": [REFERRAL, other[1]],
        "cin_assessments": [ASSESSMENT, other[2]],
    }
    found = seen_in(tmp_path, {**tables, "cin_visits": [VISIT]})

    assert cell(found, "seen", 3) is None
    assert findings(found)["seen_without_visit"] == ("ssd_cin_assessments.csv", (3,))
    assert Fact.SEEN in found.log.facts


def test_where_most_children_seen_have_no_visit_visits_tell_nothing(tmp_path: Path) -> None:
    children = [f"P{number}" for number in range(1, 4)]

    def of_all(row: Row) -> list[Row]:
        return [row | {key: child for key in row if key.endswith("person_id")} for child in children]

    tables = {"contacts": CONTACT, "cin_episodes": REFERRAL, "cin_assessments": ASSESSMENT}
    found = seen_in(tmp_path, {name: of_all(row) for name, row in tables.items()} | {"cin_visits": [VISIT]})

    assert found.history.why_not[Fact.SEEN] == "67% of children seen in their assessment have no visit in cin_visits"
    assert measure(found.log)["days_to_seen_q50", "all"] != 7.0


@pytest.mark.parametrize(("started", "helped"), [("2024-02-07", True), ("2024-02-08", False), ("2024-01-07", False)])
def test_early_help_within_30_days_is_what_a_contact_led_to(started: str, helped: bool, tmp_path: Path) -> None:  # noqa: FBT001
    episode = EARLY_HELP | {"earl_episode_start_date": started}
    found = seen_in(tmp_path, {"contacts": [ADVISED], "early_help_episodes": [episode]})

    assert cell(found, "outcome") == (Outcome.EARLY_HELP if helped else Outcome.ADVICE)
    assert cell(found, "help_started") == (day(started) if helped else None)
    assert inferred(found)["early help to contact"] == (int(helped), int(not helped))
