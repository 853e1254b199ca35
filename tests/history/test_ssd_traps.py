"""The traps of the Standard Safeguarding Dataset that its own scripts set, each with the test that walks into it.

`TRAPS` lists them as the extracts' SQL shows them; those of them that no test of a table holds are tested here.
"""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import pytest

from sim.events import Ending, EventKind, Outcome
from sim.facts import Fact
from tests.history.files import AS_AT
from tests.history.ssd_files import (
    ADVISED,
    ASSESSMENT,
    CONTACT,
    EARLY_HELP,
    INVOLVEMENT,
    ONE_CHILD,
    ONLY,
    REFERRAL,
    Row,
    cell,
    day,
    findings,
    inferred,
    seen_in,
)

TRAPS: Mapping[str, tuple[str, str]] = {
    "source is a number of the system's own list (SystemC)": (
        "test_ssd.py", "test_numbers_of_a_list_of_the_system_are_no_national_codes"),
    "source is null with words beside it (Mosaic), or a code of its own (Eclipse)": (
        "test_ssd.py", "test_a_source_is_read_from_its_words_or_its_code"),
    "contact date cut to its date (Mosaic, Essex), or with its time (SystemC)": (
        "test_ssd.py", "test_dates_at_midnight_are_dates_and_dates_with_times_are_times"),
    "contact date is when somebody recorded it, after what followed on the same day (Mosaic DW)": (
        "test_ssd_traps.py", "test_a_contact_recorded_after_what_followed_it_on_its_day_keeps_its_date"),
    "contacts whose form is not complete are left out (Eclipse)": (
        "test_ssd_traps.py", "test_contacts_that_are_not_written_until_they_are_complete_show_as_fewer_of_late"),
    "outcome is flags, words, a list of next actions, or null": (
        "test_ssd.py", "test_outcomes_are_read_as_each_system_writes_them"),
    "outcome is null throughout (Eclipse)": (
        "test_ssd.py", "test_a_contact_without_an_outcome_is_undecided_until_30_days_have_passed"),
    "the step type of out of hours contacts is lost (Mosaic)": (
        "test_ssd_traps.py", "test_nothing_is_told_of_the_night"),
    "siblings share the id of a contact, though it is a primary key": (
        "test_ssd.py", "test_siblings_who_share_a_contact_s_number_are_one_contact"),
    "siblings share the id of an enquiry": (
        "test_ssd_steps.py", "test_siblings_who_share_an_enquiry_s_number_keep_their_own_dates"),
    "the referral's date is taken from its contact": (
        "test_ssd.py", "test_referrals_dated_by_their_contacts_are_found_out"),
    "a referral is recorded long after its contact": (
        "test_ssd_traps.py", "test_a_referral_recorded_late_is_set_aside_and_its_contact_left_undecided"),
    "authorised is 1900-01-01 where the assessment is open (SystemC)": (
        "test_ssd_steps.py", "test_dates_of_1900_stand_for_none"),
    "open assessments are left out (SystemC)": (
        "test_ssd_steps.py", "test_an_extract_without_open_assessments_is_found_out"),
    "an open involvement ends on 1900-01-01": (
        "test_ssd_traps.py", "test_an_involvement_that_ends_in_1900_has_not_ended"),
    "involvements that start and end on one day are left out (Mosaic)": (
        "test_ssd_traps.py", "test_an_allocation_that_was_left_out_is_missed_and_said"),
    "the role is ALLWKR (Mosaic)": (
        "test_ssd_steps.py", "test_allocation_is_the_first_involvement_in_the_allocated_role"),
    "the referral's worker is a name (SystemC)": (
        "test_ssd_odd.py", "test_names_dates_of_birth_and_comments_are_left_where_they_are"),
    "the referral of an involvement is inferred, or absent (Mosaic)": (
        "test_ssd_steps.py", "test_an_involvement_that_names_no_referral_is_linked_by_child_and_date"),
    "visits are of every kind, for years": (
        "test_ssd_steps.py", "test_a_visit_after_the_case_closed_is_not_of_its_contact"),
    "a first visit stands in the assessment and is no visit": (
        "test_ssd_steps.py", "test_a_child_seen_in_the_assessment_alone_has_no_date_of_it"),
    "most first visits stand in the assessment": (
        "test_ssd_steps.py", "test_where_most_children_seen_have_no_visit_visits_tell_nothing"),
    "a visit names a plan and no child (Mosaic)": (
        "test_ssd_steps.py", "test_visits_that_name_a_plan_are_of_the_plan_s_child"),
    "a comment breaks the JSON (SystemC before 2016)": (
        "test_ssd.py", "test_json_broken_by_a_quotation_mark_in_a_comment_is_read_by_its_flags"),
    "columns differ by system and version": (
        "test_ssd_odd.py", "test_the_columns_of_earlier_versions_are_read"),
    "early help is an episode, not the assessment it began with": (
        "test_ssd_traps.py", "test_early_help_after_an_assessment_that_needed_nothing_is_a_step_down"),
}  # fmt: skip


@pytest.mark.parametrize("trap", TRAPS)
def test_every_trap_has_its_test(trap: str) -> None:
    file, name = TRAPS[trap]
    text = (Path(__file__).parent / file).read_text(encoding="utf-8")

    assert re.search(rf"^def {name}\(", text, re.MULTILINE)


def test_a_contact_recorded_after_what_followed_it_on_its_day_keeps_its_date(tmp_path: Path) -> None:
    contact = CONTACT | {"cont_contact_date": "2024-01-09T16:00:00"}
    found = seen_in(tmp_path, {"contacts": [contact], "cin_episodes": [REFERRAL | {
        "cine_referral_date": "2024-01-09T11:00:00"}]})  # fmt: skip

    assert cell(found, "decided") == day("2024-01-09")
    assert findings(found)["time_before_contact"] == ("ssd_contacts.csv", (2,))
    assert found.set_aside == 0


def contacts_of(days: int, per_day: int) -> list[Row]:
    """So many contacts a day, by different children, up to the date of the extract."""
    first = AS_AT - timedelta(days=days - 1)
    every = [(first + timedelta(days=number), place) for number in range(days) for place in range(per_day)]
    return [a_contact(on, place) for on, place in every]


def a_contact(on: date, place: int) -> Row:
    """One that was advised."""
    number = f"{on}-{place}"
    return ADVISED | {"cont_contact_id": number, "cont_person_id": number, "cont_contact_date": f"{on}T00:00:00"}


def test_contacts_that_are_not_written_until_they_are_complete_show_as_fewer_of_late(tmp_path: Path) -> None:
    whole = contacts_of(200, 4)
    late = AS_AT - timedelta(days=14)
    complete = [row for row in whole if row["cont_contact_date"][:10] < str(late)]

    assert "received_fewer_of_late" not in findings(seen_in(tmp_path, {"contacts": whole}))
    assert "received_fewer_of_late" in findings(seen_in(tmp_path, {"contacts": complete}))


def test_nothing_is_told_of_the_night(tmp_path: Path) -> None:
    found = seen_in(tmp_path, ONE_CHILD)

    assert not {Fact.HANDOVER, Fact.HOURS} & found.history.facts
    assert found.history.why_not[Fact.HANDOVER] == "the dataset has no place for it"


@pytest.mark.parametrize(("days", "outcome"), [(30, Outcome.REFERRAL), (31, None)])
def test_a_referral_recorded_late_is_set_aside_and_its_contact_left_undecided(
    days: int, outcome: Outcome | None, tmp_path: Path
) -> None:
    recorded = day("2024-01-08") + timedelta(days=days)
    found = seen_in(tmp_path, {"contacts": [CONTACT], "cin_episodes": [REFERRAL | {
        "cine_referral_date": recorded.isoformat()}]})  # fmt: skip
    said = findings(found)

    assert cell(found, "outcome") == outcome
    assert (
        ("referral_without_contact" in said)
        is (len({"referral_not_found", "referral_never_found"} & said.keys()) == 1)
        is (outcome is None)
    )
    assert inferred(found)["referral to contact"] == ((1, 0) if outcome is not None else (0, 1))


def test_an_involvement_that_ends_in_1900_has_not_ended(tmp_path: Path) -> None:
    found = seen_in(tmp_path, {**ONLY, "involvements": [INVOLVEMENT]})

    assert cell(found, "allocated") == day("2024-01-10")
    assert EventKind.HOLDER_LEFT not in found.log.column("kind")
    assert findings(found)["ended_placeholder"] == ("ssd_involvements.csv", (2,))


def test_an_allocation_that_was_left_out_is_missed_and_said(tmp_path: Path) -> None:
    other = CONTACT | {"cont_contact_id": "C3", "cont_person_id": "P3"}
    referral = REFERRAL | {"cine_referral_id": "R3", "cine_person_id": "P3"}
    assessment = ASSESSMENT | {"cina_assessment_id": "A3", "cina_person_id": "P3", "cina_referral_id": "R3"}
    found = seen_in(tmp_path, {
        **ONE_CHILD,
        "contacts": [CONTACT, other],
        "cin_episodes": [REFERRAL, referral],
        "cin_assessments": [ASSESSMENT, assessment],
    })  # fmt: skip

    assert findings(found)["assessed_unallocated"] == ("ssd_contacts.csv", (3,))


@pytest.mark.parametrize(
    ("reason", "days", "ending", "helped"),
    [
        ("RC8", 5, Ending.NO_FURTHER_ACTION, 0),
        ("RC9", 5, Ending.STEP_DOWN, 1),
        ("RC9 - Case closed after assessment, referred to early help", 30, Ending.STEP_DOWN, 1),
        ("RC9", 31, Ending.STEP_DOWN, 0),
    ],
)
def test_early_help_after_an_assessment_that_needed_nothing_is_a_step_down(
    reason: str,
    days: int,
    ending: Ending,
    helped: int,
    tmp_path: Path,
) -> None:
    began = day("2024-02-20") + timedelta(days=days)
    found = seen_in(tmp_path, {
        **ONLY,
        "cin_episodes": [REFERRAL | {"cine_close_reason": reason}],
        "cin_assessments": [ASSESSMENT],
        "early_help_episodes": [EARLY_HELP | {"earl_person_id": "P1", "earl_episode_start_date": began.isoformat()}],
    })  # fmt: skip

    assert cell(found, "ending") == ending
    assert cell(found, "help_started") == (began if helped else None)
    assert inferred(found)["early help to contact"] == (helped, 1 - helped)
