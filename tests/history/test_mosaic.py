"""Mosaic workflow export, from steps and links to an event log."""

from pathlib import Path

import pytest

from sim.events import Activity, EventKind, Outcome
from sim.facts import Fact
from sim.measures import measure
from sim.scenario import Source
from tests.history.mosaic_export import CASE, a_step, an_export, findings, seen_in, story


def test_a_step_tells_its_queue_and_its_handling_but_not_how_long_anybody_worked(tmp_path: Path) -> None:
    contact = a_step("1", "contact", "08 09:00", "09 10:00", "09 15:30")
    found = seen_in(an_export(tmp_path / "x", [contact]))

    assert story(found.log, work=True) == [
        "08 09:00 received",
        "08 09:00 work_queued",
        "09 15:30 decided",
        "09 10:00 work_started",
        "09 15:30 work_ended",
    ]
    assert found.log.of_kind(EventKind.WORK_ENDED)[0, 6:].tolist() == [Activity.DECIDING, 0, 0]
    assert Fact.WORK in found.history.why_not
    assert measure(found.log)["decision_days_q50", "all"] == pytest.approx(1 + 6.5 / 24)


def test_a_night_contact_is_handed_over_when_its_step_ends_and_decided_by_day(tmp_path: Path) -> None:
    steps = [
        a_step("1", "out_of_hours_contact", "05 22:10", "05 22:30", "06 07:00", team="EDT"),
        a_step("2", "contact", "06 07:00", "08 09:00", "08 11:00"),
        a_step("3", "assessment", "08 11:00", "09 09:00", "31 12:00"),
    ]
    log = seen_in(an_export(tmp_path / "x", steps, [("1", "2"), ("2", "3")])).log

    assert story(log) == [
        "05 22:10 received",
        "06 07:00 handed_over",
        "08 11:00 decided",
        "09 09:00 assessment_started",
        "31 12:00 assessment_authorised",
    ]
    assert len(log.contacts) == 1


def test_a_contact_that_only_the_night_saw_is_decided_there(tmp_path: Path) -> None:
    steps = [a_step("1", "out_of_hours_contact", "05 22:10", "05 22:30", "06 07:00")]
    found = seen_in(an_export(tmp_path / "x", steps))

    assert story(found.log) == ["05 22:10 received", "06 07:00 decided"]
    assert Fact.HANDOVER not in found.history.facts


def test_every_round_of_enquiries_is_asked_and_answered_before_the_decision(tmp_path: Path) -> None:
    steps = [
        a_step("1", "contact", "08 09:00", "08 10:00", "08 12:00"),
        a_step("2", "further_enquiries", "08 12:00", "08 13:00", "11 10:00"),
        a_step("3", "further_enquiries", "12 10:00", "12 11:00", "15 10:00"),
        a_step("4", "early_help", "15 10:00", "20 09:00"),
    ]
    found = seen_in(an_export(tmp_path / "x", steps, [("1", "2"), ("2", "3"), ("3", "4")]))

    assert story(found.log) == [
        "08 09:00 received",
        "08 12:00 information_asked",
        "11 10:00 information_ready",
        "12 10:00 information_asked",
        "15 10:00 information_ready",
        "15 10:00 decided",
        "20 09:00 help_started",
    ]
    assert found.log.of_kind(EventKind.DECIDED)[0, 6] == Outcome.EARLY_HELP
    assert {Fact.FURTHER_WORK, Fact.WAITING, Fact.HELP} <= found.history.facts


def test_a_reopened_contact_is_decided_when_it_is_last_completed(tmp_path: Path) -> None:
    steps = [
        a_step("1", "contact", "08 09:00", "08 10:00", "08 12:00"),
        a_step("1", "contact", "08 09:00", "10 10:00", "12 09:00", "REOPENED"),
    ]
    found = seen_in(an_export(tmp_path / "x", steps))

    assert story(found.log) == [
        "08 09:00 received",
        "10 10:00 information_asked",
        "12 09:00 information_ready",
        "12 09:00 decided",
    ]
    assert len(found.log.of_kind(EventKind.WORK_ENDED)) == 2
    assert Fact.WAITING not in found.history.facts


def test_a_contact_reopened_and_not_completed_again_is_undecided(tmp_path: Path) -> None:
    steps = [
        a_step("1", "contact", "08 09:00", "08 10:00", "08 12:00"),
        a_step("1", "contact", "08 09:00", "10 10:00", "08 12:00", "REOPENED"),
    ]
    assert story(seen_in(an_export(tmp_path / "x", steps)).log) == ["08 09:00 received", "10 10:00 information_asked"]


def test_a_contact_reopened_when_the_family_has_moved_on_stays_decided(tmp_path: Path) -> None:
    steps = [
        a_step("1", "contact", "08 09:00", "08 10:00", "08 12:00"),
        a_step("1", "contact", "08 09:00", "20 10:00", "", "REOPENED"),
        a_step("2", "assessment", "08 12:00", "09 10:00"),
    ]
    found = seen_in(an_export(tmp_path / "x", steps, [("1", "2")]))

    assert story(found.log) == ["08 09:00 received", "08 12:00 decided", "09 10:00 assessment_started"]
    assert findings(found) == {"again_after_decision": (3,)}


def test_a_contact_that_is_still_open_is_decided_when_what_follows_it_comes_in(tmp_path: Path) -> None:
    steps = [a_step("1", "contact", "08 09:00", "08 10:00"), a_step("2", "assessment", "09 12:00", "10 10:00")]
    found = seen_in(an_export(tmp_path / "x", steps, [("1", "2")]))

    assert story(found.log)[1] == "09 12:00 decided"
    assert [(i.what, i.made) for i in found.history.inferred] == [("decisions of contacts still open", 1)]


def test_brothers_and_sisters_share_a_contact_until_their_steps_differ(tmp_path: Path) -> None:
    steps = [
        a_step("1", "contact", "08 09:00", "08 10:00", "08 12:00", subgroup="all"),
        a_step("2", "assessment", "08 12:00", "09 10:00", subgroup="two"),
    ]
    subjects = [("all", "A"), ("all", "B"), ("all", "C"), ("two", "A"), ("two", "B")]
    log = seen_in(an_export(tmp_path / "x", steps, [("1", "2")], subjects)).log

    assert sorted(log.contact_column("children").tolist()) == [1, 2]
    assert sorted(log.of_kind(EventKind.DECIDED)[:, 6].tolist()) == [Outcome.NO_FURTHER_ACTION, Outcome.REFERRAL]
    assert measure(log)["referred_children_count", "all"] == 2


def test_a_step_about_nobody_of_the_contact_is_everybodys(tmp_path: Path) -> None:
    steps = [
        a_step("1", "contact", "08 09:00", "08 10:00", "08 12:00"),
        a_step("2", "assessment", "08 12:00", "09 10:00", subgroup="gone"),
    ]
    log = seen_in(an_export(tmp_path / "x", steps, [("1", "2")], [("G1", "A"), ("G1", "B")])).log

    assert log.contact_column("children").tolist() == [2]
    assert len(log.of_kind(EventKind.ASSESSMENT_STARTED)) == 1


def test_cancelled_and_proposed_steps_are_counted_and_not_used(tmp_path: Path) -> None:
    steps = [
        a_step("1", "contact", "08 09:00", "08 10:00", "08 12:00"),
        a_step("2", "assessment", "08 12:00", "09 10:00", "10 10:00", "CANCELLED"),
        a_step("3", "section_47", "08 12:00", status="PROPOSED"),
    ]
    found = seen_in(an_export(tmp_path / "x", steps, [("1", "2"), ("1", "3")]))

    assert story(found.log) == ["08 09:00 received", "08 12:00 decided"]
    assert findings(found) == {"cancelled_steps": (3,), "proposed_steps": (4,)}
    assert found.history.tallies[0][1:] == (3, 3, 0)


def test_a_strategy_discussion_leads_to_enquiries_and_a_conference(tmp_path: Path) -> None:
    steps = [
        a_step("1", "contact", "08 09:00", "08 10:00", "08 12:00"),
        a_step("2", "strategy_discussion", "08 12:00", "08 13:00", "08 16:00"),
        a_step("3", "section_47", "08 16:00", "09 09:00", "17 09:00"),
        a_step("4", "assessment", "08 16:00", "09 09:30", "30 09:00"),
        a_step("5", "visit", "09 09:00", "09 09:40", "09 14:00"),
        a_step("6", "conference", "17 09:00", "26 10:00", "26 12:00"),
        a_step("7", "closure", "30 09:00", "30 10:00", "31 10:00"),
    ]
    links = [("1", "2"), ("2", "3"), ("2", "4"), ("3", "5"), ("3", "6"), ("4", "7")]
    log = seen_in(an_export(tmp_path / "x", steps, links)).log

    assert story(log) == [
        "08 09:00 received",
        "08 12:00 decided",
        "08 12:00 strategy_asked",
        "08 16:00 strategy_held",
        "09 09:00 section_47_started",
        "09 14:00 seen",
        "09 09:30 assessment_started",
        "17 09:00 section_47_ended",
        "26 12:00 conference_held",
        "30 09:00 assessment_authorised",
        "31 10:00 closed",
    ]
    assert log.of_kind(EventKind.DECIDED)[0, 6] == Outcome.STRATEGY_DISCUSSION


def test_links_are_followed_through_allocation_and_through_types_without_a_meaning(tmp_path: Path) -> None:
    steps = [
        a_step("1", "contact", "08 09:00", "08 10:00", "08 12:00"),
        a_step("2", "777", "08 12:00", "08 12:30", "08 13:00"),
        a_step("3", "allocation", "08 13:00", "09 09:00", "09 10:00"),
        a_step("4", "assessment", "09 10:00", "10 09:00"),
    ]
    found = seen_in(an_export(tmp_path / "x", steps, [("1", "2"), ("2", "3"), ("3", "4")]))

    assert story(found.log)[1:] == ["08 12:00 decided", "09 10:00 allocated", "10 09:00 assessment_started"]
    assert found.log.of_kind(EventKind.DECIDED)[0, 6] == Outcome.REFERRAL


def test_work_that_two_contacts_lead_to_is_the_first_ones(tmp_path: Path) -> None:
    steps = [
        a_step("1", "contact", "08 09:00", "08 10:00", "08 12:00"),
        a_step("2", "contact", "09 11:00", "09 11:30", "09 12:00"),
        a_step("3", "assessment", "08 12:00", "10 09:00"),
    ]
    found = seen_in(an_export(tmp_path / "x", [*steps[::-1]], [("2", "3"), ("1", "3")]))

    assert sorted(found.log.of_kind(EventKind.DECIDED)[:, 6].tolist()) == [Outcome.REFERRAL, Outcome.OPEN_CASE]
    assert findings(found)["joined_work"] == (3,)
    assert len(found.log.of_kind(EventKind.ASSESSMENT_STARTED)) == 1


def test_a_strategy_discussion_beside_work_under_way_is_about_an_open_case(tmp_path: Path) -> None:
    steps = [
        a_step("1", "contact", "08 09:00", "08 10:00", "08 12:00"),
        a_step("2", "assessment", "08 12:00", "09 10:00"),
        a_step("3", "contact", "10 11:00", "10 11:30", "10 12:00"),
        a_step("4", "strategy_discussion", "10 12:00", "10 14:00", "10 14:00"),
    ]
    links = [("1", "2"), ("3", "2"), ("3", "4")]
    beside = seen_in(an_export(tmp_path / "beside", steps, links)).log
    own = seen_in(
        an_export(tmp_path / "own", [*steps, a_step("5", "assessment", "10 14:00")], [*links, ("3", "5")])
    ).log

    assert beside.of_kind(EventKind.DECIDED)[:, 6].tolist() == [Outcome.REFERRAL, Outcome.OPEN_CASE]
    assert len(beside.of_kind(EventKind.STRATEGY_HELD)) == 1
    assert own.of_kind(EventKind.DECIDED)[:, 6].tolist() == [Outcome.REFERRAL, Outcome.STRATEGY_DISCUSSION]


def test_work_that_contacts_about_different_children_lead_to_is_each_ones(tmp_path: Path) -> None:
    steps = [
        a_step("1", "contact", "08 09:00", "08 10:00", "08 12:00", subgroup="a"),
        a_step("2", "contact", "08 11:00", "09 10:00", "09 12:00", subgroup="b"),
        a_step("3", "assessment", "09 12:00", "10 09:00", subgroup="ab"),
    ]
    subjects = [("a", "A"), ("b", "B"), ("ab", "A"), ("ab", "B")]
    log = seen_in(an_export(tmp_path / "x", steps, [("1", "3"), ("2", "3")], subjects)).log

    assert log.of_kind(EventKind.DECIDED)[:, 6].tolist() == [Outcome.REFERRAL, Outcome.REFERRAL]
    assert measure(log)["referred_children_count", "all"] == 2


def test_contacts_in_a_circle_of_links_are_followed_once(tmp_path: Path) -> None:
    steps = [
        a_step("1", "contact", "08 09:00", "08 10:00", "08 12:00"),
        a_step("2", "further_enquiries", "08 12:00", "08 13:00", "09 12:00"),
        a_step("3", "assessment", "09 12:00", "10 09:00"),
    ]
    found = seen_in(an_export(tmp_path / "x", steps, [("1", "2"), ("2", "1"), ("2", "3"), ("3", "3")]))

    assert len(found.log.contacts) == 1
    assert story(found.log)[-2:] == ["09 12:00 decided", "10 09:00 assessment_started"]


def test_a_contact_that_an_assessment_leads_to_is_one_of_its_own(tmp_path: Path) -> None:
    steps = [
        a_step("1", "contact", "08 09:00", "08 10:00", "08 12:00"),
        a_step("2", "assessment", "08 12:00", "09 10:00", "20 10:00"),
        a_step("3", "contact", "25 09:00", "25 10:00", "25 12:00"),
    ]
    log = seen_in(an_export(tmp_path / "x", steps, [("1", "2"), ("2", "3")])).log

    assert len(log.contacts) == 2
    assert log.contact_column("is_return").tolist() == [0, 1]


def test_without_a_table_of_step_types_flags_tell_contacts_and_assessments(tmp_path: Path) -> None:
    flags = {"IS_CHILD_CONTACT": "0", "IS_CHILD_REFERRAL": "0", "IS_SECTION_47_ENQUIRY": "0"}
    steps = [
        a_step("1", "335", "08 09:00", "08 10:00", "08 12:00") | flags | {"IS_CHILD_CONTACT": "1"},
        a_step("2", "336", "08 12:00", "08 13:00", "08 15:00") | flags | {"IS_CHILD_REFERRAL": "Y"},
        a_step("3", "370", "08 15:00", "09 10:00") | flags | {"IS_CONTINUOUS_ASSESSMENT": "1"},
        a_step("4", "361", "08 15:00", "09 11:00") | flags | {"IS_SECTION_47_ENQUIRY": "1"},
        a_step("5", "900", "09 15:00", "09 17:00") | flags,
        a_step("6", "900", "09 15:00", "09 17:00") | flags,
        a_step("7", "512", "09 15:00", "09 17:00") | flags,
    ]
    folder = an_export(tmp_path / "x", steps, [("1", "2"), ("2", "3"), ("2", "4"), ("3", "5")])
    (folder / "step_types.csv").unlink()
    found = seen_in(folder)

    assert story(found.log) == [
        "08 09:00 received",
        "08 15:00 decided",
        "09 11:00 section_47_started",
        "09 10:00 assessment_started",
    ]
    assert [finding.what for finding in found.findings if finding.id == "unmapped_step_types"] == [
        "steps of types without a meaning: 900 (2 steps), 512 (1 steps)"
    ]
    assert Fact.STRATEGY in found.history.why_not


def test_the_source_of_a_contact_may_stand_in_a_table_of_its_own(tmp_path: Path) -> None:
    sources = [{"WORKFLOW_STEP_ID": "1", "SOURCE": "Schools"}]
    found = seen_in(an_export(tmp_path / "x", CASE, [("1", "2")], tables={"dm_step_source_details": sources}))

    assert found.log.contact_column("source").tolist() == [list(Source).index(Source.SCHOOLS)]
    assert Fact.SOURCE in found.history.facts


def test_a_contact_that_came_of_earlier_work_keeps_what_came_of_itself(tmp_path: Path) -> None:
    steps = [
        a_step("1", "contact", "08 09:00", "08 10:00", "08 12:00"),
        a_step("2", "assessment", "08 12:00", "09 10:00", "20 10:00"),
        a_step("3", "contact", "25 09:00", "25 10:00", "25 12:00"),
        a_step("4", "assessment", "25 12:00", "26 10:00"),
    ]
    log = seen_in(an_export(tmp_path / "x", steps, [("1", "2"), ("2", "3"), ("3", "4")])).log

    assert log.of_kind(EventKind.DECIDED)[:, 6].tolist() == [Outcome.REFERRAL, Outcome.REFERRAL]
    assert len(log.of_kind(EventKind.ASSESSMENT_STARTED)) == 2


@pytest.mark.parametrize(
    ("links", "outcome"),
    [([("1", "2"), ("2", "3")], Outcome.EARLY_HELP), ([("1", "2"), ("1", "3")], Outcome.REFERRAL)],
)
def test_a_contact_is_decided_as_its_gravest_next_step_and_not_as_what_came_later(
    links: list[tuple[str, str]], outcome: Outcome, tmp_path: Path
) -> None:
    steps = [
        a_step("1", "contact", "08 09:00", "08 10:00", "08 12:00"),
        a_step("2", "early_help", "08 12:00", "09 10:00"),
        a_step("3", "assessment", "15 12:00", "16 10:00"),
    ]
    log = seen_in(an_export(tmp_path / "x", steps, links)).log

    assert log.of_kind(EventKind.DECIDED)[0, 6] == outcome


def test_a_night_step_left_open_does_not_keep_the_day_from_deciding(tmp_path: Path) -> None:
    steps = [
        a_step("1", "out_of_hours_contact", "05 22:10", "05 22:30"),
        a_step("2", "contact", "06 07:00", "08 09:00", "08 11:00"),
    ]
    assert story(seen_in(an_export(tmp_path / "x", steps, [("1", "2")])).log) == [
        "05 22:10 received",
        "08 11:00 decided",
    ]


def test_a_contact_passed_from_the_day_to_the_night_is_not_handed_over(tmp_path: Path) -> None:
    steps = [
        a_step("1", "contact", "08 16:00", "08 16:10", "08 17:00"),
        a_step("2", "out_of_hours_contact", "08 17:00", "08 18:00", "08 23:00"),
    ]
    log = seen_in(an_export(tmp_path / "x", steps, [("1", "2")])).log

    assert not len(log.of_kind(EventKind.HANDED_OVER))


def test_a_journey_is_of_the_team_that_took_it_on(tmp_path: Path) -> None:
    steps = [
        a_step("1", "contact", "08 09:00", "08 10:00", "08 12:00"),
        a_step("2", "assessment", "08 12:00", "09 10:00", team="AS"),
    ]
    log = seen_in(an_export(tmp_path / "x", steps, [("1", "2")])).log

    assert log.teams[log.of_kind(EventKind.DECIDED)[0, 5]] == "AS"


def test_work_that_goes_on_after_closing_shows_that_the_case_was_open_again(tmp_path: Path) -> None:
    steps = [
        a_step("1", "contact", "08 09:00", "08 10:00", "08 12:00"),
        a_step("2", "closure", "08 12:00", "09 10:00", "09 12:00"),
        a_step("3", "visit", "10 12:00", "10 15:00"),
    ]
    found = seen_in(an_export(tmp_path / "x", steps, [("1", "2"), ("1", "3")]))

    assert findings(found) == {"closed_before_last_step": (2,)}
    assert not len(found.log.of_kind(EventKind.CLOSED))


def test_on_the_day_of_closing_other_work_comes_first(tmp_path: Path) -> None:
    steps = [
        a_step("1", "contact", "08 09:00", "08 10:00", "08 12:00"),
        a_step("2", "closure", "08 12:00", "09 10:00", "09 12:00"),
        a_step("3", "visit", "09 13:00", "09 15:00"),
    ]
    log = seen_in(an_export(tmp_path / "x", steps, [("1", "2"), ("1", "3")])).log

    assert story(log, work=True)[-3:] == ["09 13:00 work_queued", "09 15:00 work_started", "09 12:00 closed"]


def test_nothing_after_the_date_of_the_extract_is_in_the_log(tmp_path: Path) -> None:
    steps = [
        a_step("1", "contact", "08 09:00", "08 10:00", "08 12:00"),
        a_step("2", "allocation", "08 12:00", "2024-08-01 10:00"),
    ]
    log = seen_in(an_export(tmp_path / "x", steps, [("1", "2")])).log

    assert log.column("time").max() <= log.watched_until
    assert len(log.of_kind(EventKind.WORK_STARTED)) == 1
