"""Mosaic exports that are odd or broken: what is refused, found and said, by file, row and rule."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from sim.facts import Fact
from sim.history import ExtractError, Refusal
from sim.history.mosaic_tables import step_type_template
from tests.history.files import observed
from tests.history.mosaic_export import AS_AT, CASE, Row, a_step, an_export, findings, seen_in


def test_where_too_many_contacts_lead_only_to_unknown_steps_referrals_are_unknown(tmp_path: Path) -> None:
    steps = [a_step("1", "contact", "08 09:00", "08 10:00", "08 12:00"), a_step("2", "777", "08 12:00")]
    found = seen_in(an_export(tmp_path / "x", steps, [("1", "2")]))

    assert findings(found)["unknown_outcome"] == (2,)
    assert Fact.REFERRAL not in found.history.facts
    assert found.history.why_not[Fact.REFERRAL].startswith("more than 5% of decided contacts lead only to steps")
    assert Fact.DECISION in found.history.facts


def test_the_template_of_step_types_lists_what_is_there_and_is_never_written_over(tmp_path: Path) -> None:
    steps = [a_step("1", "335", "08 09:00") | {"IS_CHILD_CONTACT": "1"}, a_step("2", "777"), a_step("3", "777")]
    folder = an_export(tmp_path / "x", steps)
    (folder / "step_types.csv").unlink()

    assert step_type_template(folder).read_text(encoding="utf-8").splitlines() == [
        "WORKFLOW_STEP_TYPE_ID,MEANING,STEPS",
        "777,,2",
        "335,contact,1",
    ]
    assert seen_in(folder).used == 1
    with pytest.raises(ExtractError, match=r"step_types.csv: is there already, and is not written over"):
        step_type_template(folder)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"WORKFLOW_STEP_ID": ""}, ("workflow_step_id", "must not be empty")),
        (
            {"WORKFLOW_STEP_TYPE_ID": "Ann Other"},
            ("workflow_step_type_id", "must be the number of a step type, of at most six digits"),
        ),
        (
            {"WORKFLOW_STEP_TYPE_ID": "9434765919"},
            ("workflow_step_type_id", "must be the number of a step type, of at most six digits"),
        ),
        ({"SUBGROUP_ID": " "}, ("subgroup_id", "must not be empty")),
        (
            {"STEP_STATUS": "DONE"},
            ("step_status", "must be one of INCOMING, STARTED, REOPENED, COMPLETED, CANCELLED, PROPOSED"),
        ),
        ({"COMPLETED_ON": "01/31/2024"}, ("completed_on", "must be a date, or a date and time, with the day")),
        ({"IS_CHILD_CONTACT": "perhaps"}, ("is_child_contact", "must be yes or no")),
    ],
)
def test_a_step_that_cannot_be_read_is_refused_with_its_place_and_the_rule(
    change: Row, rule: tuple[str, str], tmp_path: Path
) -> None:
    folder = an_export(tmp_path / "x", [CASE[0], {**CASE[0], "WORKFLOW_STEP_ID": "5", **change}])
    found = seen_in(folder)

    assert [(r.file, r.row, r.field) for r in found.history.refused] == [("DM_WORKFLOW_STEPS.csv", 3, rule[0])]
    assert found.history.refused[0].rule.startswith(rule[1])
    assert found.used == 1


def test_rows_of_every_table_are_refused_with_their_file(tmp_path: Path) -> None:
    visits = [{"PERSON_ID": "A", "ACTUAL_DATE": "soon"}]
    workers = [{"WORKER_ID": "W", "PERSON_ID": "A", "START_DATE": ""}]
    folder = an_export(tmp_path / "x", CASE, [("1", "")], tables={"dm_visits": visits, "dm_allocated_workers": workers})
    with (folder / "step_types.csv").open("a", encoding="utf-8") as file:
        file.write("401,front door\r\n")
    refused = seen_in(folder).history.refused

    assert sorted((r.file, r.row, r.field) for r in refused) == [
        ("dm_allocated_workers.csv", 2, "start_date"),
        ("dm_visits.csv", 2, "actual_date"),
        ("dm_workflow_links.csv", 2, "target_step_id"),
        ("step_types.csv", 16, "meaning"),
    ]
    assert Refusal("dm_allocated_workers.csv", 2, "start_date", "must not be empty") in refused


@pytest.mark.parametrize(
    ("file", "text", "sentence"),
    [
        (
            "dm_workflow_links.csv",
            None,
            "x: there is no file dm_workflow_links.csv; without it nothing says which work",
        ),
        (
            "dm_subgroup_subjects.csv",
            None,
            "x: there is no file dm_subgroup_subjects.csv; without it nothing says which",
        ),
        ("dm_workflow_links.csv", "SOURCE_STEP_ID\n1\n", 'dm_workflow_links.csv: there is no column "target_step_id"'),
        ("dm_workflow_links.csv", "", "dm_workflow_links.csv: its first row must hold the headings"),
        (
            "DM_WORKFLOW_STEPS.csv",
            "WORKFLOW_STEP_ID,WORKFLOW_STEP_TYPE_ID,SUBGROUP_ID,STEP_STATUS\n1,335,G1,STARTED\n",
            'DM_WORKFLOW_STEPS.csv: there is no column "INCOMING_ON", nor "STARTED_ON"',
        ),
        ("step_types.csv", "WORKFLOW_STEP_TYPE_ID,MEANING\n335,contact\n335,visit\n", "step type has two meanings"),
        (
            "step_types.csv",
            "WORKFLOW_STEP_TYPE_ID,MEANING\n335,\n",
            "no step is a contact about a child; say which are",
        ),
        ("dm_subgroup_subjects.csv", "SUBGROUP_ID,SUBJECT_COMPOUND_ID\n", "no step is a contact about a child"),
    ],
)
def test_an_export_that_cannot_be_read_says_why(file: str, text: str | None, sentence: str, tmp_path: Path) -> None:
    folder = an_export(tmp_path / "x", CASE, [("1", "2")])
    if text is None:
        (folder / file).unlink()
    else:
        (folder / file).write_text(text, encoding="utf-8")

    with pytest.raises(ExtractError) as error:
        observed(folder, AS_AT)
    assert sentence in str(error.value)


ANOTHER = a_step("9", "contact", "08 09:00", "08 10:00", "08 12:00", subgroup="G9")


@pytest.mark.parametrize(
    ("steps", "links", "expected", "used"),
    [
        ([ANOTHER], [], {"contact_without_child": (2,)}, 0),
        ([ANOTHER | {"SUBGROUP_ID": "G1", "INCOMING_ON": "", "STARTED_ON": ""}], [], {"undated_contact": (2,)}, 0),
        (
            [ANOTHER | {"SUBGROUP_ID": "G1", "COMPLETED_ON": ""}],
            [],
            {"completed_without_date": (2,)},
            0,
        ),
        ([ANOTHER | {"SUBGROUP_ID": "G1"}], [("9", "404")], {"links_to_nowhere": (2,)}, 1),
        ([a_step("9", "section_47", "08 09:00")], [], {"steps_of_no_contact": (2,)}, 0),
        ([ANOTHER | {"SUBGROUP_ID": "G1", "STEP_STATUS": "STARTED"}], [], {"open_with_completion": (2,)}, 1),
        ([ANOTHER | {"SUBGROUP_ID": "G1", "STEP_STATUS": "REOPENED"}], [], {"reopened_unknown_when": (2,)}, 1),
        ([ANOTHER | {"SUBGROUP_ID": "G1", "INCOMING_ON": ""}], [], {"received_as_recorded": (2,)}, 1),
        ([ANOTHER | {"SUBGROUP_ID": "G1"}] * 2, [], {"repeated_steps": (3,)}, 1),
        (
            [ANOTHER | {"SUBGROUP_ID": "G1", "COMPLETED_ON": "2024-01-07"}],
            [],
            {"completed_before_start": (2,), "decided_before_contact": (2,)},
            0,
        ),
        (
            [ANOTHER | {"SUBGROUP_ID": "G1"}, a_step("8", "allocation", "05 09:00", "05 10:00", "09 12:00")],
            [("9", "8")],
            {"step_before_contact": (2,)},
            1,
        ),
        (
            [ANOTHER | {"SUBGROUP_ID": "G1"}, a_step("8", "closure", "08 12:00", "08 13:00", "09 12:00"),
             a_step("7", "other", "08 12:00"), a_step("6", "visit", "10 12:00", "10 13:00", "10 15:00")],
            [("9", "8"), ("9", "6")],
            {"closed_before_last_step": (2,)},
            1,
        ),
    ],
)  # fmt: skip
def test_what_is_odd_is_found_by_name_and_row(
    steps: Sequence[Row], links: Sequence[tuple[str, str]], expected: Mapping[str, tuple[int, ...]], used: int,
    tmp_path: Path,
) -> None:  # fmt: skip
    # A good contact about another child stands last, so that there is always something to use.
    good = a_step("100", "contact", "20 09:00", "20 10:00", "20 12:00", subgroup="good")
    found = seen_in(an_export(tmp_path / "x", [*steps, good], links, [("G1", "A"), ("good", "Z")]))

    assert findings(found) == expected
    assert found.used == used + 1


def test_a_step_of_no_account_may_end_without_a_date(tmp_path: Path) -> None:
    steps = [CASE[0], a_step("7", "other", "08 12:00", status="COMPLETED")]

    assert seen_in(an_export(tmp_path / "x", steps, [("1", "7")])).used == 1


def test_subjects_without_a_type_are_persons(tmp_path: Path) -> None:
    folder = an_export(tmp_path / "x", CASE, [("1", "2")])
    (folder / "dm_subgroup_subjects.csv").write_text("SUBGROUP_ID,SUBJECT_COMPOUND_ID\nG1,A\n", encoding="utf-8")

    assert seen_in(folder).used == 1


def test_subjects_that_are_no_persons_are_no_children(tmp_path: Path) -> None:
    folder = an_export(tmp_path / "x", CASE, [("1", "2")])
    with (folder / "dm_subgroup_subjects.csv").open("a", encoding="utf-8") as file:
        file.write("G1,77,ORG\r\n")
    found = seen_in(folder)

    assert found.log.contact_column("children").tolist() == [1]
    assert findings(found) == {"not_a_person": (3,)}


def test_names_and_numbers_planted_in_an_export_are_nowhere_in_what_is_read(tmp_path: Path) -> None:
    planted = ("Zebedee Quux", "9434765919", "A123456789012")
    steps = [step | {"SUBJECT_NAME": planted[0], "NOTES": planted[1]} for step in CASE]
    people = [{"PERSON_ID": "A", "FULL_NAME": planted[0], "NHS_ID": planted[1], "UPN": planted[2]}]
    wrong = [{"PERSON_ID": "A", "ACTUAL_DATE": planted[0]}, {"PERSON_ID": planted[0], "ACTUAL_DATE": "2024-01-10"}]
    found = seen_in(an_export(tmp_path / "x", steps, [("1", "2")], tables={"dm_persons": people, "dm_visits": wrong}))

    history = found.history
    told = repr((history, history.refused, found.findings, history.inferred, history.tallies, found.log.teams))
    told += history.journeys.write_csv() + history.more.write_csv()
    assert [text for text in planted if text in told] == []
    assert len(history.refused) == 1


def test_dates_that_stand_for_none_are_blank_and_said_of_every_table(tmp_path: Path) -> None:
    steps = [CASE[0], CASE[1] | {"COMPLETED_ON": "1900-01-01", "STEP_STATUS": "STARTED"}]
    visits = [{"PERSON_ID": "A", "ACTUAL_DATE": "31/12/9999"}]
    found = seen_in(an_export(tmp_path / "x", steps, [("1", "2")], tables={"dm_visits": visits}))
    said = {f.id: (f.table, f.rows) for f in found.findings if f.done == "read as blank"}

    assert said == {
        "completed_on_placeholder": ("DM_WORKFLOW_STEPS.csv", (3,)),
        "actual_date_placeholder": ("dm_visits.csv", (2,)),
    }
