"""What contradicts itself in an extract, and what becomes of it."""

from datetime import date
from pathlib import Path

import pytest

from sim.events import EventKind, check_lifecycle
from sim.facts import Fact
from sim.history import ExtractError, Tally
from sim.history.extract import _added_up
from sim.measures import measure
from tests.history.files import AS_AT, a_csv, found_ids, observed, the_finding

PLAIN = {
    "contact_id": "C1",
    "child_id": "A",
    "received": "2024-01-08",
    "source": "6: Police",
    "decided": "2024-01-09",
    "outcome": "referral",
    "strategy_held": "2024-01-09",
    "section_47_started": "2024-01-09",
    "section_47_ended": "2024-01-22",
    "conference_held": "2024-01-30",
    "allocated": "2024-01-10",
    "seen": "2024-01-11",
    "assessment_started": "2024-01-10",
    "authorised": "2024-02-12",
    "ending": "transfer",
    "closed": "2024-02-12",
}
SCHOOL = PLAIN | {"contact_id": "C2", "child_id": "B", "source": "2A: Schools"}


def test_a_plain_journey_has_no_findings(tmp_path: Path) -> None:
    found = observed(a_csv(tmp_path / "j.csv", [PLAIN, SCHOOL]))

    assert (found_ids(found), found.used, found.set_aside) == ([], 2, 0)


@pytest.mark.parametrize(
    ("wrong", "finding"),
    [
        ({"received": "2024-04-02"}, "received_after_extract"),
        ({"received": "1989-01-08"}, "received_long_ago"),
        ({"decided": "2024-01-07"}, "decided_before_contact"),
        ({"seen": "2023-01-11"}, "seen_before_contact"),
        ({"authorised": "2024-01-09"}, "authorised_before_start"),
        ({"assessment_started": ""}, "authorised_before_start"),
        ({"outcome": ""}, "decided_without_outcome"),
    ],
)
def test_a_contradiction_in_what_a_wait_ends_with_sets_the_journey_aside(
    wrong: dict[str, str], finding: str, tmp_path: Path
) -> None:
    found = observed(a_csv(tmp_path / "j.csv", [SCHOOL, PLAIN | wrong]))

    assert (found.used, found.set_aside) == (1, 1)
    one = the_finding(found, finding)
    assert (one.table, one.rows, one.of) == ("j.csv", (3,), 2)
    assert one.done == "set aside: these rows are in no measure"


@pytest.mark.parametrize(
    ("wrong", "finding", "kind"),
    [
        ({"conference_held": "2023-01-30"}, "conference_held_before_contact", EventKind.CONFERENCE_HELD),
        ({"section_47_ended": "2024-01-08"}, "section_47_ended_before_start", EventKind.SECTION_47_ENDED),
        ({"section_47_started": ""}, "section_47_ended_before_start", EventKind.SECTION_47_ENDED),
        ({"closed": "2024-02-01"}, "closed_before_last_step", EventKind.CLOSED),
    ],
)
def test_a_contradiction_that_ends_no_wait_costs_only_its_own_date(
    wrong: dict[str, str], finding: str, kind: EventKind, tmp_path: Path
) -> None:
    found = observed(a_csv(tmp_path / "j.csv", [SCHOOL, PLAIN | wrong]))

    assert (found_ids(found), found.used) == ([finding], 2)
    assert len(found.log.of_kind(kind)) == 1
    assert len(found.log.of_kind(EventKind.SEEN)) == 2
    assert the_finding(found, finding).rows == (3,)


def test_a_planned_visit_leaves_the_child_waiting(tmp_path: Path) -> None:
    planned = PLAIN | {"seen": "2024-04-09", "authorised": "", "ending": "", "closed": ""}
    found = observed(a_csv(tmp_path / "j.csv", [SCHOOL, planned]))

    assert found_ids(found) == ["seen_after_extract"]
    assert the_finding(found, "seen_after_extract").done == "read as not yet done"
    assert int(measure(found.log)["days_to_seen_max", "all"]) == (AS_AT - date(2024, 1, 8)).days


def test_an_earlier_date_shows_what_was_known_on_it(tmp_path: Path) -> None:
    later = {"contact_id": "C2", "child_id": "B", "received": "2024-02-01"}
    path = a_csv(tmp_path / "j.csv", [PLAIN, later])

    early = observed(path, as_at=date(2024, 1, 20))

    as_it_was = PLAIN | dict.fromkeys(("section_47_ended", "conference_held", "authorised", "ending", "closed"), "")
    then = observed(a_csv(tmp_path / "then.csv", [as_it_was]), as_at=date(2024, 1, 20))
    assert early.log.events.tolist() == then.log.events.tolist()
    assert the_finding(early, "received_after_extract").rows == (3,)


def test_an_outcome_without_a_date_is_said_and_not_used(tmp_path: Path) -> None:
    undated = {"contact_id": "C9", "child_id": "D", "received": "2024-01-08", "outcome": "referral"}
    found = observed(a_csv(tmp_path / "j.csv", [PLAIN, undated]))

    assert found_ids(found) == ["outcome_without_date"]
    assert len(found.log.of_kind(EventKind.DECIDED)) == 1


def test_ends_without_any_start_in_the_extract_are_not_told(tmp_path: Path) -> None:
    rows = [{name: value for name, value in row.items() if name != "assessment_started"} for row in (PLAIN, SCHOOL)]
    found = observed(a_csv(tmp_path / "j.csv", rows))

    assert found.used == 2
    assert Fact.AUTHORISATION not in found.log.facts
    assert found.history.why_not[Fact.AUTHORISATION] == "authorised is there, and assessment started nowhere"
    check_lifecycle(found.log)


def test_screened_without_a_rating_is_not_screened_as_green(tmp_path: Path) -> None:
    rows = [PLAIN | {"screened": "2024-01-08", "rating": rating} for rating in ("green", "")]
    rows[1] |= {"contact_id": "C2", "child_id": "B"}
    found = observed(a_csv(tmp_path / "j.csv", rows))

    assert sorted(found.log.of_kind(EventKind.SCREENED)[:, 6].tolist()) == [-1, 0]


@pytest.mark.parametrize(
    ("second", "finding"),
    [
        ({"contact_id": "C2"}, "exact_duplicates"),
        ({}, "repeated_rows"),
        ({"received": "2024-01-07"}, "repeated_rows"),
        ({"contact_id": "C2", "seen": "2024-01-12"}, "duplicates"),
        ({"contact_id": "C2", "received": "2024-01-08 11:30"}, "duplicates"),
    ],
)
def test_the_first_of_two_rows_for_one_contact_is_kept(second: dict[str, str], finding: str, tmp_path: Path) -> None:
    found = observed(a_csv(tmp_path / "j.csv", [SCHOOL, PLAIN, PLAIN | second]))

    assert (found_ids(found), found.used, found.set_aside) == ([finding], 2, 1)
    assert the_finding(found, finding).rows == (4,)


def test_of_two_rows_the_one_that_tells_more_is_kept(tmp_path: Path) -> None:
    bare = {name: PLAIN[name] for name in ("child_id", "received", "source")} | {"contact_id": "C9"}
    found = observed(a_csv(tmp_path / "j.csv", [bare, PLAIN]))

    assert the_finding(found, "duplicates").rows == (2,)
    assert len(found.log.of_kind(EventKind.SEEN)) == 1


def test_a_row_is_no_duplicate_of_one_that_is_set_aside(tmp_path: Path) -> None:
    broken = PLAIN | {"seen": "2023-01-11"}
    found = observed(a_csv(tmp_path / "j.csv", [broken, PLAIN | {"contact_id": "C2"}]))

    assert (found_ids(found), found.used) == (["seen_before_contact"], 1)


@pytest.mark.parametrize(
    "second",
    [
        {"source": "2A: Schools"},
        {"child_id": "B"},
        {"received": "2024-01-07"},
        {"source": "", "seen": "2024-01-12"},
    ],
)
def test_contacts_that_differ_in_child_date_or_source_are_two(second: dict[str, str], tmp_path: Path) -> None:
    found = observed(a_csv(tmp_path / "j.csv", [PLAIN, PLAIN | {"contact_id": "C2"} | second]))

    assert (found.used, found.set_aside) == (2, 0)


def test_two_calls_at_different_times_of_one_day_are_two_contacts(tmp_path: Path) -> None:
    morning, evening = (PLAIN | {"received": f"2024-01-08 {time}"} for time in ("09:00", "19:30"))
    found = observed(a_csv(tmp_path / "j.csv", [morning, evening | {"contact_id": "C2"}]))

    assert (found.used, found.set_aside) == (2, 0)


def test_a_year_mistyped_moves_neither_end_of_the_window(tmp_path: Path) -> None:
    rows = [
        {"contact_id": f"C{place}", "child_id": f"P{place}", "received": f"2024-01-{1 + place % 31:02}"}
        for place in range(2500)
    ]
    old = {"contact_id": "old", "child_id": "old", "received": "2004-01-05"}
    slip = {"contact_id": "slip", "child_id": "slip", "received": "2042-01-05"}
    found = observed(a_csv(tmp_path / "j.csv", [*rows, old, slip]), as_at=None)

    assert found.as_at == date(2024, 1, 31)
    assert found.log.first_day == date(2004, 1, 5)
    assert found.log.window_end - found.log.window_start == 31 * 1440
    assert the_finding(found, "received_after_extract").rows == (2503,)
    assert measure(found.log)["contacts_count", "all"] == 2500


def test_totals_that_do_not_add_up_are_never_passed_over(tmp_path: Path) -> None:
    found = observed(a_csv(tmp_path / "j.csv", [PLAIN, SCHOOL | {"seen": "never"}]))

    assert found.history.tallies == (Tally("j.csv", 2, 1, 1),)
    object.__setattr__(found, "used", 2)
    with pytest.raises(ExtractError, match="2 journeys used and 0 set aside are not 1"):
        _added_up(found)
    object.__setattr__(found.history, "tallies", (Tally("j.csv", 3, 1, 1),))
    with pytest.raises(ExtractError, match=r"j.csv: 1 read and 1 refused are not 3"):
        _added_up(found)


@pytest.mark.parametrize("blank", ["01/01/1900", "1900-01-01 00:00", "31/12/9999", "30/12/1899"])
def test_a_date_that_stands_for_none_is_blank_and_counted(blank: str, tmp_path: Path) -> None:
    found = observed(a_csv(tmp_path / "j.csv", [SCHOOL, PLAIN | {"closed": blank}]))

    one = the_finding(found, "closed_placeholder")
    assert (one.rows, one.of, one.done) == ((3,), 2, "read as blank")
    assert len(found.log.of_kind(EventKind.CLOSED)) == 1
    assert found.used == 2
