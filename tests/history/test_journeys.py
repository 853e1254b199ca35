"""Journeys CSV, from rows to an event log."""

from datetime import date, datetime
from pathlib import Path

import pytest

from sim.events import EventKind, EventLog, check_lifecycle
from sim.facts import Fact
from sim.history import TEMPLATE, ExtractError, Refusal
from sim.measures import measure
from sim.working_time import MINUTES_PER_DAY
from tests.history.files import a_csv, observed

REFERRED = {
    "contact_id": "C1",
    "child_id": "A",
    "received": "2024-01-08 14:10",
    "source": "6: Police",
    "decided": "2024-01-09 10:00",
    "outcome": "referral",
    "allocated": "12/01/2024",
    "seen": "15/01/2024",
    "assessment_started": "12/01/2024",
    "authorised": "12/02/2024",
    "ending": "transfer",
    "closed": "12/02/2024",
}
ADVISED = {
    "contact_id": "C2",
    "child_id": "B",
    "received": "2024-01-08 09:00",
    "decided": "2024-01-08",
    "outcome": "advice",
}


def story(log: EventLog) -> list[tuple[str, str]]:
    """Each event with its time, as it would be told."""
    start = datetime.combine(log.first_day, datetime.min.time()).timestamp()
    return [
        (datetime.fromtimestamp(start + row[0] * 60).strftime("%d %H:%M"), EventKind(row[1]).name.lower())  # noqa: DTZ006
        for row in log.events.tolist()
    ]


def test_a_row_becomes_a_contact_with_its_steps_in_order(tmp_path: Path) -> None:
    log = observed(a_csv(tmp_path / "j.csv", [REFERRED])).log

    check_lifecycle(log)
    assert story(log) == [
        ("08 14:10", "received"),
        ("09 10:00", "decided"),
        ("12 00:00", "allocated"),
        ("12 00:00", "assessment_started"),
        ("15 00:00", "seen"),
        ("12 00:00", "assessment_authorised"),
        ("12 00:00", "closed"),
    ]


def test_a_date_alone_follows_what_was_timed_on_its_day(tmp_path: Path) -> None:
    same_day = REFERRED | {"decided": "08/01/2024", "seen": "08/01/2024"}
    log = observed(a_csv(tmp_path / "j.csv", [same_day])).log

    assert story(log)[:3] == [("08 14:10", "received"), ("08 00:00", "decided"), ("08 00:00", "seen")]


def test_waits_to_a_date_alone_are_whole_days_and_others_are_not(tmp_path: Path) -> None:
    found = measure(observed(a_csv(tmp_path / "j.csv", [REFERRED])).log)

    assert found["days_to_seen_q50", "all"] == 7.0
    assert found["decision_days_q50", "all"] * MINUTES_PER_DAY == pytest.approx(19 * 60 + 50)


def test_what_the_file_has_no_column_for_is_unknown_and_not_none(tmp_path: Path) -> None:
    found = observed(a_csv(tmp_path / "j.csv", [REFERRED, ADVISED]))
    read = measure(found.log)

    assert read["conferences_count", "all"] != read["conferences_count", "all"]
    assert found.history.why_not[Fact.CONFERENCE] == "there is no column conference_held"
    assert read["contacts_count", "all"] == 2


def test_children_of_one_contact_are_one_contact_until_their_ways_part(tmp_path: Path) -> None:
    sister = REFERRED | {"child_id": "S", "seen": "20/01/2024"}
    brother = REFERRED | {"child_id": "T", "outcome": "advice", "allocated": "", "seen": ""}
    log = observed(a_csv(tmp_path / "j.csv", [REFERRED, sister, brother])).log

    assert sorted(log.contact_column("children").tolist()) == [1, 2]
    assert measure(log)["referred_children_count", "all"] == 2


def test_a_child_who_comes_back_within_a_year_is_a_re_referral(tmp_path: Path) -> None:
    again = (
        REFERRED
        | {"contact_id": "C9", "received": "2024-03-01 10:00", "decided": "2024-03-01 12:00"}
        | dict.fromkeys(("allocated", "seen", "assessment_started", "authorised", "ending", "closed"), "")
    )
    log = observed(a_csv(tmp_path / "j.csv", [REFERRED, again])).log

    assert log.contact_column("is_return").tolist() == [0, 1]
    assert log.contact_column("parent").tolist() == [-1, log.contact_column("contact")[0]]


def test_what_is_still_open_at_the_extract_is_censored_not_dropped(tmp_path: Path) -> None:
    waiting = {**REFERRED, **dict.fromkeys(("seen", "authorised", "ending", "closed"), "")}
    another = REFERRED | {"contact_id": "C2", "child_id": "B"}
    log = observed(a_csv(tmp_path / "j.csv", [waiting, another])).log

    assert int(measure(log)["days_to_seen_max", "all"]) == (date(2024, 3, 31) - date(2024, 1, 8)).days
    assert log.watched_until == log.window_end - 1


@pytest.mark.parametrize(
    ("column", "text", "rule"),
    [
        ("received", "31/31/2024", "must be a date, or a date and time, with the day before the month"),
        ("received", "", "must not be empty"),
        ("received", "01/01/1900", "must not be empty"),
        ("child_id", " ", "must not be empty"),
        ("domestic_abuse", "maybe", "must be yes or no"),
        ("outcome", "shrug", "must be one of no_further_action, advice"),
    ],
)
def test_a_row_that_cannot_be_read_is_refused_with_its_place_and_the_rule(
    column: str, text: str, rule: str, tmp_path: Path
) -> None:
    path = a_csv(tmp_path / "j.csv", [REFERRED, ADVISED | {column: text}])
    found = observed(path).history

    assert [(r.file, r.row, r.field) for r in found.refused] == [("j.csv", 3, column)]
    assert found.refused[0].rule.startswith(rule)
    assert [(t.in_file, t.read, t.refused) for t in found.tallies] == [(2, 1, 1)]


def test_a_row_with_a_cell_too_many_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "j.csv"
    path.write_text("contact_id,child_id,received\n1,a,2024-01-01\n2,b,2024-01-02,x\n", encoding="utf-8")

    assert observed(path).history.refused == (
        Refusal("j.csv", 3, "(whole row)", "the row must have 3 cells, as there are headings"),
    )


def test_too_many_refusals_stop_the_reading(tmp_path: Path) -> None:
    path = a_csv(tmp_path / "j.csv", [REFERRED, ADVISED | {"received": "never"}])

    with pytest.raises(ExtractError, match=r"1 of 2 rows cannot be read, more than 5%: j.csv, row 3: received must be"):
        observed(path, most_refused_share=0.05)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-8"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_what_excel_writes_is_read(encoding: str, separator: str, tmp_path: Path) -> None:
    path = tmp_path / "j.csv"
    rows = [["Contact ID", "CHILD_ID", "Received ", "Team"], ["1", "a", "31/01/2024 14:05", "Équipe"]]
    path.write_text("\r\n".join(separator.join(row) for row in rows), encoding=encoding)

    assert observed(path).log.teams == ("Équipe",)


def test_contradictory_dates_set_the_journey_aside_and_say_so(tmp_path: Path) -> None:
    early = REFERRED | {"contact_id": "C3", "child_id": "D", "seen": "01/01/2024"}
    found = observed(a_csv(tmp_path / "j.csv", [REFERRED, early]))

    assert (found.used, found.set_aside) == (1, 1)
    assert [(f.id, f.rows) for f in found.findings] == [("seen_before_contact", (3,))]


def test_the_template_is_a_journeys_file(tmp_path: Path) -> None:
    path = tmp_path / "empty.csv"
    path.write_text(",".join(TEMPLATE), encoding="utf-8")

    with pytest.raises(ExtractError, match="there is no row beneath the headings"):
        observed(path)
