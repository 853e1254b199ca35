"""What a Mosaic export knows of persons: visits, workers and referrals, linked to contacts by date."""

from pathlib import Path

import pytest

from sim.events import EventKind, Outcome
from sim.facts import Fact
from tests.history.mosaic_export import CASE, a_step, an_export, seen_in, story


def test_a_visit_and_a_worker_are_those_of_the_childs_closest_contact_before(tmp_path: Path) -> None:
    visits = [
        {"VISIT_ID": "1", "PERSON_ID": "A", "VISIT_TYPE": "x", "ACTUAL_DATE": day, "SEEN": seen}
        for day, seen in (("2024-01-07", "Y"), ("2024-01-09", "N"), ("2024-01-12 14:00", "Y"), ("2024-01-20", "Y"))
    ]
    workers = [
        {"WORKER_ID": worker, "PERSON_ID": "A", "START_DATE": start, "END_DATE": end}
        for worker, start, end in (
            ("W9", "2023-06-01", "2023-09-01"),
            ("W1", "2024-01-10", "2024-01-31"),
            ("W2", "2024-02-05", ""),
        )
    ]
    found = seen_in(
        an_export(tmp_path / "x", CASE, [("1", "2")], tables={"dm_visits": visits, "dm_allocated_workers": workers})
    )

    assert story(found.log) == [
        "08 09:00 received",
        "08 12:00 decided",
        "09 10:00 assessment_started",
        "10 00:00 allocated",
        "12 14:00 seen",
        "31 00:00 holder_left",
        "05 00:00 allocated",
        "20 10:00 assessment_authorised",
    ]
    assert [(i.what, i.made, i.not_made) for i in found.history.inferred][:3] == [
        ("visits to contacts", 2, 1),
        ("workers to contacts", 2, 1),
        ("changes of worker", 2, 0),
    ]
    persons = found.log.of_kind(EventKind.ALLOCATED, EventKind.HOLDER_LEFT)[:, 4].tolist()
    assert persons[0] == persons[1] != persons[2]


def test_where_visits_do_not_say_who_was_seen_that_is_told(tmp_path: Path) -> None:
    visits = [{"PERSON_ID": "A", "ACTUAL_DATE": "2024-01-12"}]
    found = seen_in(an_export(tmp_path / "x", CASE, [("1", "2")], tables={"dm_visits": visits}))

    assert "12 00:00 seen" in story(found.log)
    assert [(i.rule, i.made) for i in found.history.inferred if i.what == "visits at which the child was seen"] == [
        ("every visit made", 1)
    ]


def test_one_child_of_a_contact_is_seen_and_the_other_still_waits(tmp_path: Path) -> None:
    visits = [{"PERSON_ID": "A", "ACTUAL_DATE": "2024-01-12", "SEEN": "yes"}]
    log = seen_in(
        an_export(tmp_path / "x", CASE, [("1", "2")], [("G1", "A"), ("G1", "B")], tables={"dm_visits": visits})
    ).log

    assert log.contact_column("children").tolist() == [2]
    assert len(log.of_kind(EventKind.SEEN)) == 1


def test_referrals_tell_closing_sources_and_endings_without_action(tmp_path: Path) -> None:
    steps = [*CASE, a_step("3", "contact", "10 09:00", "10 10:00", "10 12:00", subgroup="G2")]
    referrals = [
        {"REFERRAL_ID": "1", "PERSON_ID": "A", "REFERRAL_DATE": "2024-01-08", "CLOSURE_DATE": "2024-03-01",
         "SOURCE_OF_REFERRAL": "6 Police", "NFA_DATE": ""},
        {"REFERRAL_ID": "2", "PERSON_ID": "B", "REFERRAL_DATE": "2024-01-10", "NFA_DATE": "2024-01-11"},
        {"REFERRAL_ID": "3", "PERSON_ID": "B", "REFERRAL_DATE": "2024-03-10", "NFA_DATE": ""},
    ]  # fmt: skip
    subjects = [("G1", "A"), ("G2", "B")]
    found = seen_in(an_export(tmp_path / "x", steps, [("1", "2")], subjects, tables={"dm_cin_referrals": referrals}))

    outcomes = sorted(found.log.of_kind(EventKind.DECIDED)[:, 6].tolist())
    assert outcomes == [Outcome.REFERRAL, Outcome.REFERRAL_NO_ACTION]
    assert [row for row in story(found.log) if "closed" in row] == ["01 00:00 closed"]
    assert {Fact.SOURCE, Fact.CLOSURE, Fact.NO_ACTION} <= found.history.facts
    assert found.history.inferred[0][2:] == (2, 1)


def test_a_referral_that_no_step_follows_and_that_did_not_end_there_is_another_teams(tmp_path: Path) -> None:
    referrals = [{"REFERRAL_ID": "1", "PERSON_ID": "A", "REFERRAL_DATE": "2024-01-08"}]
    found = seen_in(an_export(tmp_path / "x", CASE[:1], tables={"dm_cin_referrals": referrals}))

    assert found.log.of_kind(EventKind.DECIDED)[:, 6].tolist() == [Outcome.OTHER_TEAM]
    assert [one[2:] for one in found.history.inferred if one.what == "referrals to other teams"] == [(1, 0)]


def test_visits_after_closing_and_of_contacts_not_taken_on_are_nobodys(tmp_path: Path) -> None:
    steps = [
        *CASE,
        a_step("3", "closure", "2024-02-20 10:00", "2024-02-20 11:00", "2024-02-21 10:00"),
        a_step("4", "contact", "10 09:00", "10 10:00", "10 12:00", subgroup="G2"),
    ]
    visits = [{"PERSON_ID": "A", "ACTUAL_DATE": "2024-03-01"}, {"PERSON_ID": "B", "ACTUAL_DATE": "2024-01-11"}]
    subjects = [("G1", "A"), ("G2", "B")]
    tables = {"dm_visits": visits}
    found = seen_in(an_export(tmp_path / "x", steps, [("1", "2"), ("2", "3")], subjects, tables=tables))

    assert Fact.SEEN not in found.history.facts
    assert found.history.inferred[0][2:] == (0, 2)


@pytest.mark.parametrize("knows_closing", [False, True])
def test_a_last_worker_has_left_where_the_export_says_when_cases_close(knows_closing: bool, tmp_path: Path) -> None:  # noqa: FBT001
    steps = [*CASE, a_step("3", "contact", "10 09:00", "10 10:00", "10 12:00", subgroup="G2"),
             a_step("4", "closure" if knows_closing else "other", "10 12:00", "10 13:00", "10 14:00")]  # fmt: skip
    workers = [{"WORKER_ID": "W1", "PERSON_ID": "A", "START_DATE": "2024-01-10", "END_DATE": "2024-01-31"}]
    subjects = [("G1", "A"), ("G2", "B")]
    tables = {"dm_allocated_workers": workers}
    log = seen_in(an_export(tmp_path / "x", steps, [("1", "2"), ("3", "4")], subjects, tables=tables)).log

    assert len(log.of_kind(EventKind.HOLDER_LEFT)) == knows_closing


def test_changes_of_worker_that_siblings_do_not_share_are_not_told(tmp_path: Path) -> None:
    workers = [
        {"WORKER_ID": worker, "PERSON_ID": child, "START_DATE": start, "END_DATE": ""}
        for worker, child, start in (("W1", "A", "2024-01-10"), ("W1", "B", "2024-01-10"), ("W2", "B", "2024-01-20"))
    ]
    siblings = [("G1", "A"), ("G1", "B")]
    tables = {"dm_allocated_workers": workers}
    found = seen_in(an_export(tmp_path / "x", CASE, [("1", "2")], siblings, tables=tables))

    assert len(found.log.of_kind(EventKind.ALLOCATED)) == 1
    assert found.history.inferred[1] == ("changes of worker", "those that all children of a contact share", 0, 1)


def test_a_contact_that_came_to_nothing_does_not_close(tmp_path: Path) -> None:
    referrals = [{"PERSON_ID": "A", "REFERRAL_DATE": "2024-01-08", "CLOSURE_DATE": "2024-01-09"}]
    found = seen_in(an_export(tmp_path / "x", CASE[:1], tables={"dm_cin_referrals": referrals}))

    assert story(found.log) == ["08 09:00 received", "08 12:00 decided"]
    assert Fact.CLOSURE not in found.history.facts


def test_a_child_more_than_the_work_under_way_is_about_does_not_make_it_the_later_contacts(tmp_path: Path) -> None:
    steps = [
        a_step("1", "contact", "08 09:00", "08 10:00", "08 12:00", subgroup="a"),
        a_step("2", "contact", "20 11:00", "20 11:30", "20 12:00", subgroup="both"),
        a_step("3", "assessment", "08 12:00", "10 09:00", subgroup="a"),
    ]
    subjects = [("a", "A"), ("both", "A"), ("both", "B")]
    found = seen_in(an_export(tmp_path / "x", steps, [("1", "3"), ("2", "3")], subjects))

    assert found.set_aside == 0
    assert found.log.of_kind(EventKind.DECIDED)[:, 6].tolist() == [Outcome.REFERRAL, Outcome.OPEN_CASE]
