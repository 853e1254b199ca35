"""Who was in post in the Standard Safeguarding Dataset: made out from involvements and professionals, and said so."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from sim.events import Role
from sim.facts import Fact
from sim.history import Observed
from sim.report.observed.staffing import inferred_note
from tests.history.ssd_files import DEPARTMENT, INVOLVEMENT, ONE_CHILD, Row, findings, inferred, seen_in

PROFESSIONAL = {
    "prof_professional_id": "W1",
    "prof_staff_id": "PLANTED staff number",
    "prof_professional_name": "PLANTED Name",
    "prof_social_worker_registration_no": "PLANTED SW12345",
    "prof_professional_job_title": "Senior Social Worker PLANTED",
    "prof_full_time_equivalency": "0.8",
}
OF_TEAM = INVOLVEMENT | {"invo_professional_team": "T1"}
BEFORE = OF_TEAM | {
    "invo_professional_role_id": "Reviewing officer",
    "invo_person_id": "P9",
    "invo_involvement_start_date": "2023-05-08",
    "invo_involvement_end_date": "2023-06-01",
    "invo_referral_id": "",
}


def staffed(path: Path, *professionals: Row, involvements: tuple[Row, ...] = (OF_TEAM, BEFORE)) -> Observed:
    """What is observed of a child through every stage, its worker among these professionals."""
    tables = {**ONE_CHILD, "department": [DEPARTMENT], "involvements": involvements, "professionals": professionals}
    return seen_in(path, tables)


def the_post(found: Observed) -> dict[str, object]:
    """The one post that was made out."""
    assert found.staff is not None
    (post,) = found.staff.posts.rows(named=True)
    return post


def test_a_post_runs_from_the_first_involvement_and_goes_on_with_one_that_is_open(tmp_path: Path) -> None:
    found = staffed(tmp_path, PROFESSIONAL)
    post = the_post(found)

    assert Fact.STAFF in found.log.facts
    assert (post["start"], post["end"], post["fte"]) == (date(2023, 5, 8), None, 0.8)
    assert (post["team"], post["role"]) == ("North assessment", Role.EXPERIENCED_SOCIAL_WORKER)
    assert inferred(found)["who was in post"] == (1, 0)
    assert inferred(found)["what kind of worker is in a post"] == (1, 0)
    assert found.log.people_column("person").tolist() == [post["person"]]
    assert found.staff is not None
    assert "Inferred from involvements and professionals" in inferred_note(found.staff)


def test_a_post_ends_with_the_last_involvement_where_all_have_ended(tmp_path: Path) -> None:
    ended = OF_TEAM | {"invo_involvement_end_date": "2024-03-11"}
    found = staffed(tmp_path, PROFESSIONAL, involvements=(ended, BEFORE))

    assert the_post(found)["end"] == date(2024, 3, 11)


@pytest.mark.parametrize(
    ("title", "role", "told"),
    [
        ("Social Worker (ASYE)", Role.NEWLY_QUALIFIED_SOCIAL_WORKER, (1, 0)),
        ("Agency social worker", Role.AGENCY_SOCIAL_WORKER, (1, 0)),
        ("Child practitioner", Role.EXPERIENCED_SOCIAL_WORKER, (0, 1)),
        ("", Role.EXPERIENCED_SOCIAL_WORKER, (0, 1)),
    ],
)
def test_what_kind_of_worker_it_is_stands_in_the_title_or_is_counted_as_not_told(
    title: str, role: Role, told: tuple[int, int], tmp_path: Path
) -> None:
    found = staffed(tmp_path, PROFESSIONAL | {"prof_professional_job_title": title})

    assert the_post(found)["role"] == role
    assert inferred(found)["what kind of worker is in a post"] == told


@pytest.mark.parametrize(
    ("professionals", "finding", "rows"),
    [
        ((PROFESSIONAL | {"prof_full_time_equivalency": "37"},), "fte_not_a_share", (2,)),
        ((PROFESSIONAL, PROFESSIONAL | {"prof_full_time_equivalency": "1"}), "fte_differs", (2, 3)),
    ],
)
def test_a_time_that_is_none_or_contradicts_itself_makes_no_post(
    professionals: tuple[Row, ...], finding: str, rows: tuple[int, ...], tmp_path: Path
) -> None:
    found = staffed(tmp_path, *professionals)

    assert findings(found)[finding] == ("ssd_professionals.csv", rows)
    assert found.staff is None
    assert Fact.STAFF not in found.log.facts
    assert found.history.refused == ()
    assert inferred(found)["who was in post"] == (0, 1)
    assert found.history.why_not[Fact.STAFF] == "no worker who holds a case has a time in professionals"


def test_whoever_holds_no_case_of_the_record_is_in_no_post(tmp_path: Path) -> None:
    other = BEFORE | {"invo_professional_id": "W2", "invo_professional_role_id": "Allocated Case Worker"}
    second = PROFESSIONAL | {"prof_professional_id": "W2"}
    found = staffed(tmp_path, PROFESSIONAL, second, involvements=(OF_TEAM, other))

    assert the_post(found)["start"] == date(2024, 1, 10)


def test_posts_are_not_told_where_cases_are_with_workers_of_no_known_time(tmp_path: Path) -> None:
    later = OF_TEAM | {"invo_professional_id": "W2", "invo_involvement_start_date": "2024-02-01"}
    found = staffed(tmp_path, PROFESSIONAL, involvements=(OF_TEAM, later))

    assert found.staff is None
    assert found.history.why_not[Fact.STAFF] == "more than one allocation in twenty is to a worker who is in no post"


def test_nothing_else_of_a_professional_is_kept(tmp_path: Path) -> None:
    found = staffed(tmp_path, PROFESSIONAL)

    assert found.staff is not None
    kept = (found.staff.posts, found.history.journeys, found.history.more)
    assert not any("PLANTED" in frame.select(pl.col(pl.String)).write_csv() for frame in kept)


def test_without_professionals_no_post_is_said_to_be_inferred(tmp_path: Path) -> None:
    found = seen_in(tmp_path, ONE_CHILD)

    assert found.staff is None
    assert "who was in post" not in inferred(found)
