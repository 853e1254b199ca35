"""Posts and absences, from rows to the people of an event log."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from sim.events import PEOPLE_COLUMNS, EventLog, Role
from sim.facts import Fact
from sim.history import ExtractError, Pseudonyms, Refusal, Staff, read_staff
from sim.history.staff import ABSENCE_TEMPLATE, IN_POST_STILL, POSTS_TEMPLATE
from sim.measures import measure
from sim.working_time import MINUTES_PER_DAY
from tests.history.files import SALT, a_csv, observed

Row = Mapping[str, str]

WORKER = {"team": "East", "kind": "social worker", "fte": "1", "start": "01/09/2023", "end": "", "worker_id": "W1"}
MANAGER = {"team": "Door", "kind": "Front_Door_Manager", "fte": "0.6", "start": "", "end": "31/01/2024"}
DAY_MINUTES = 510
"""From half past eight to five."""


def the_staff(folder: Path, posts: Sequence[Row], absence: Sequence[Row] = ()) -> Staff:
    """Posts and absences as they are read, always under one salt."""
    away = a_csv(folder / "absence.csv", absence) if absence else None
    return read_staff(a_csv(folder / "posts.csv", posts), Pseudonyms(SALT), away)


def rows(table: pl.DataFrame) -> list[tuple[object, ...]]:
    return [(*row[:2], Role(row[2]), *(round(number, 4) for number in row[3:])) for row in table.iter_rows()]


def a_case(folder: Path, worker: str = "W1") -> Path:
    """One referral, allocated on 10 January 2024 to a worker, in an extract that ends on 31 March."""
    return a_csv(
        folder / "j.csv",
        [
            {
                "contact_id": "C1",
                "child_id": "A",
                "received": "2024-01-01",
                "decided": "2024-01-02",
                "outcome": "referral",
                "team": "West",
                "allocated": "2024-01-11",
                "worker_id": worker,
            }
        ],
    )


def someone(log: EventLog, column: str) -> list[int]:
    return [int(cell) for cell in log.people_column(column)]


def test_posts_count_by_team_and_role_on_the_days_they_are_filled(tmp_path: Path) -> None:
    second = WORKER | {"fte": "0.5", "start": "2024-02-01", "worker_id": "W2"}
    staff = the_staff(tmp_path, [WORKER, MANAGER, second])

    assert rows(staff.by_day(date(2024, 1, 31), date(2024, 2, 1))) == [
        (date(2024, 1, 31), "Door", Role.FRONT_DOOR_MANAGER, 0.6, 0.0),
        (date(2024, 1, 31), "East", Role.EXPERIENCED_SOCIAL_WORKER, 1.0, 0.0),
        (date(2024, 2, 1), "East", Role.EXPERIENCED_SOCIAL_WORKER, 1.5, 0.0),
    ]


def test_a_month_is_the_mean_of_its_days_those_without_anybody_among_them(tmp_path: Path) -> None:
    staff = the_staff(tmp_path, [MANAGER | {"start": "17/01/2024"}])

    assert rows(staff.by_month(date(2024, 1, 1), date(2024, 2, 29))) == [
        (date(2024, 1, 1), "Door", Role.FRONT_DOOR_MANAGER, round(0.6 * 15 / 31, 4), 0.0)
    ]


def test_absence_is_a_date_or_a_stretch_and_two_on_one_day_are_one(tmp_path: Path) -> None:
    away = [
        {"worker_id": "W1", "date": "2024-01-03"},
        {"worker_id": "W1", "from": "2024-01-02", "to": "2024-01-04"},
        {"worker_id": "W1", "from": "2024-01-30"},
    ]
    staff = the_staff(tmp_path, [WORKER], away)

    absent = staff.by_day(date(2024, 1, 1), date(2024, 1, 31)).filter(pl.col("absent_fte") == 1)["day"]
    assert [day.day for day in absent.to_list()] == [2, 3, 4, 30, 31]


def test_people_of_the_log_are_those_in_post_with_their_hours(tmp_path: Path) -> None:
    posts = [WORKER | {"guide": "16"}, MANAGER, WORKER | {"start": "2024-05-01", "worker_id": "W5"}]
    away = [{"worker_id": "W1", "from": "2024-01-08", "to": "2024-01-12"}]
    found = observed(a_case(tmp_path), staff=the_staff(tmp_path, posts, away))
    log = found.log

    # 1 January to 31 March 2024 has 65 weekdays, New Year's Day and Good Friday among them.
    days_open = 63
    assert log.teams == ("West", "Door", "East")
    assert sorted(log.people[:, 1:].tolist()) == [
        [Role.FRONT_DOOR_MANAGER, 1, 0, 31 * MINUTES_PER_DAY, 0, round(0.6 * 22 * DAY_MINUTES)],
        [
            Role.EXPERIENCED_SOCIAL_WORKER,
            2,
            -122 * MINUTES_PER_DAY,
            IN_POST_STILL,
            16,
            (days_open - 5) * DAY_MINUTES,
        ],
    ]
    assert Fact.STAFF in log.facts
    assert Fact.STAFF not in found.history.why_not
    assert found.history.facts == log.facts
    assert found.findings == ()


def test_caseloads_are_measured_where_posts_name_the_workers_of_the_extract(tmp_path: Path) -> None:
    log = observed(a_case(tmp_path), staff=the_staff(tmp_path, [WORKER])).log

    assert measure(log)["caseload_mean", "all"] == pytest.approx(81 / 91, abs=0.001)
    assert measure(log)["caseload_max", "all"] == 1


def test_without_posts_nobody_knows_who_was_in_post(tmp_path: Path) -> None:
    found = observed(a_case(tmp_path))

    assert found.log.people.shape == (0, len(PEOPLE_COLUMNS))
    assert measure(found.log)["caseload_mean", "all"] != measure(found.log)["caseload_mean", "all"]
    assert Fact.STAFF in found.history.why_not


def test_posts_that_name_no_worker_do_not_make_caseloads_nought(tmp_path: Path) -> None:
    found = observed(a_case(tmp_path), staff=the_staff(tmp_path, [MANAGER, MANAGER]))

    assert len(found.log.people) == 2
    assert Fact.STAFF not in found.log.facts
    assert found.history.why_not[Fact.STAFF] == (
        "the posts do not say which worker of the extract is in them, in a column worker_id"
    )


def test_where_cases_are_held_by_people_in_no_post_staff_are_not_told(tmp_path: Path) -> None:
    found = observed(a_case(tmp_path, worker="W9"), staff=the_staff(tmp_path, [WORKER]))

    assert found.history.why_not[Fact.STAFF] == "more than one allocation in twenty is to a worker who is in no post"
    assert [finding.what for finding in found.findings] == [
        "allocations to workers who are in no post: 1 of 1, 0 of them to nobody named"
    ]
    assert measure(found.log)["caseload_max", "all"] != measure(found.log)["caseload_max", "all"]


def test_an_extract_without_allocations_needs_no_workers_to_tell_who_was_in_post(tmp_path: Path) -> None:
    path = a_csv(tmp_path / "j.csv", [{"contact_id": "1", "child_id": "A", "received": "2024-01-01"}])

    assert Fact.STAFF in observed(path, staff=the_staff(tmp_path, [MANAGER])).log.facts


def test_somebody_with_two_posts_is_one_person_in_the_latest_team(tmp_path: Path) -> None:
    first = WORKER | {"kind": "nqsw", "start": "", "end": "31/01/2024", "guide": "10"}
    second = WORKER | {"team": "West", "start": "01/02/2024", "fte": "0.5", "guide": "16"}
    log = observed(a_case(tmp_path), staff=the_staff(tmp_path, [second, first])).log

    # January has 22 working days, February and March 41.
    assert someone(log, "rostered_minutes") == [22 * DAY_MINUTES + 41 * DAY_MINUTES // 2]
    assert someone(log, "role") == [Role.EXPERIENCED_SOCIAL_WORKER]
    assert [log.teams[team] for team in someone(log, "team")] == ["West"]
    assert someone(log, "starts") == [0]
    assert someone(log, "guide") == [16]


@pytest.mark.parametrize("role", list(Role))
def test_every_role_is_known_by_its_plain_name(role: Role, tmp_path: Path) -> None:
    staff = the_staff(tmp_path, [MANAGER | {"kind": role.name.lower().replace("_", " ").capitalize()}])

    assert staff.posts["role"].to_list() == [role]


@pytest.mark.parametrize(
    ("change", "field", "rule"),
    [
        ({"team": ""}, "team", "must not be empty"),
        ({"kind": "wizard"}, "kind", "must be one of front door manager, senior practitioner, "),
        ({"kind": ""}, "kind", "must not be empty"),
        ({"fte": "2.5"}, "fte", "must be above 0 and at most 1: a row for each post"),
        ({"fte": "0"}, "fte", "must be above 0 and at most 1: a row for each post"),
        ({"fte": "half"}, "fte", "must be above 0 and at most 1: a row for each post"),
        ({"start": "summer"}, "start", "must be a date"),
        ({"end": "01/01/2020"}, "end", "must not be before start"),
        ({"guide": "some"}, "guide", "must be a whole number of children"),
    ],
)
def test_a_post_that_cannot_be_read_is_refused_with_its_place_and_the_rule(
    change: Row, field: str, rule: str, tmp_path: Path
) -> None:
    staff = the_staff(tmp_path, [WORKER, {**WORKER, **change}])

    assert [(r.file, r.row, r.field) for r in staff.refused] == [("posts.csv", 3, field)]
    assert staff.refused[0].rule.startswith(rule)
    assert [tally[1:] for tally in staff.tallies] == [(2, 1, 1)]
    assert len(staff.posts) == 1


def test_absences_that_cannot_be_read_are_refused_and_those_of_nobody_found(tmp_path: Path) -> None:
    away = [
        {"worker_id": "", "date": "2024-01-03"},
        {"worker_id": "W1"},
        {"worker_id": "W1", "from": "2024-01-05", "to": "2024-01-04"},
        {"worker_id": "W1", "date": "ill"},
        {"worker_id": "W404", "date": "2024-01-03"},
    ]
    staff = the_staff(tmp_path, [WORKER], away)

    assert staff.refused[:3] == (
        Refusal("absence.csv", 2, "worker_id", "must not be empty"),
        Refusal("absence.csv", 3, "date", "must not be empty where there is no from"),
        Refusal("absence.csv", 4, "to", "must not be before from"),
    )
    assert [(r.row, r.field) for r in staff.refused[3:]] == [(5, "date")]
    assert staff.tallies[1][1:] == (5, 1, 4)
    assert [(finding.id, finding.rows) for finding in staff.findings] == [("absence_of_nobody", (6,))]


def test_too_many_refused_posts_stop_the_reading(tmp_path: Path) -> None:
    staff = the_staff(tmp_path, [WORKER, WORKER | {"fte": "many"}])

    with pytest.raises(ExtractError, match=r"1 of 2 rows cannot be read, more than 5%: posts.csv, row 3: fte must be"):
        observed(a_case(tmp_path), most_refused_share=0.05, staff=staff)


@pytest.mark.parametrize(("column", "rest"), [("team", "kind,fte"), ("kind", "team,fte"), ("fte", "team,kind")])
def test_a_file_of_posts_without_a_column_it_needs_is_not_read(column: str, rest: str, tmp_path: Path) -> None:
    (tmp_path / "posts.csv").write_text(f"{rest}\n", encoding="utf-8")

    with pytest.raises(ExtractError, match=f'posts.csv: there is no column "{column}"'):
        read_staff(tmp_path / "posts.csv", Pseudonyms(SALT))


def test_the_templates_are_files_of_posts_and_absences_without_rows(tmp_path: Path) -> None:
    for name, headings in (("posts", POSTS_TEMPLATE), ("absence", ABSENCE_TEMPLATE)):
        (tmp_path / f"{name}.csv").write_text(",".join(headings), encoding="utf-8")
    staff = read_staff(tmp_path / "posts.csv", Pseudonyms(SALT), tmp_path / "absence.csv")

    assert (len(staff.posts), len(staff.absence), staff.refused) == (0, 0, ())
    with pytest.raises(ExtractError, match=r"^posts\.csv and absence\.csv: there is no row"):
        observed(a_case(tmp_path), staff=staff)
