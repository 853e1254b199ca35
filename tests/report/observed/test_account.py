"""What is shown of an observed record: hidden where it must be, unknown where it is, and true otherwise."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.history import OTHER_TEAMS
from sim.measures import WaitingStage, measure
from sim.report.observed.account import Account, account, found, lacks, lead, levels, others, said
from sim.report.observed.counted import WORKER_LEVEL
from sim.report.observed.data import as_json
from sim.report.observed.figures import figures
from sim.report.observed.hiding import HIDDEN, recoverable
from sim.report.observed.page import summary_page
from sim.report.observed.reading import NO_TEAM, Rules, shown_teams
from sim.report.observed.tables import NOT_IN_RECORD, UNSPLIT, band_label
from sim.report.observed.terminal import text
from sim.report.wording import Number
from tests.history.annex import a_contact, a_workbook, jan
from tests.history.census import a_child, a_return, an_assessment, details
from tests.history.files import observed
from tests.report.observed.courses import (
    ADVISED,
    ALL_SHOWN,
    ALLOCATED,
    CURRENT,
    DECIDED,
    RECEIVED,
    SEEN,
    of,
    waiting,
)
from tests.report.observed.extracts import a_year


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return a_year(tmp_path_factory.mktemp("extract") / "journeys.csv", rows=600)


@pytest.fixture(scope="module")
def told(year: Path) -> Account:
    return account(year.name, observed(year), Rules())


def test_children_stand_at_the_stage_they_have_come_to_by_the_age_of_their_wait(tmp_path: Path) -> None:
    late = RECEIVED | {"received": "31/03/2024"}
    told = of(tmp_path, [RECEIVED, late, DECIDED, ALLOCATED | {"received": "24/03/2024"} | CURRENT, SEEN, ADVISED])

    assert told.tables["waiting"].headings[1:6] == (
        "0 to 1 day",
        "2 to 5 days",
        "6 to 10 days",
        "11 to 20 days",
        "over 20 days",
    )
    assert waiting(told) == {
        "not decided": ("1", "0", "0", "0", "1", "2", "30"),
        "decided, no worker yet": ("0", "0", "0", "0", "1", "1", "30"),
        "has a worker, not seen": ("0", "0", "1", "0", "0", "1", "7"),
        "all not yet seen": ("1", "0", "1", "0", "2", "4", "30"),
    }
    assert lead(told) == (
        "At the end of 31 March 2024, 4 children had not yet been seen. The oldest had waited 30 days. "
        "Referred and without a worker, seen or not: 1 child; whose worker left and was not followed by another, this "
        "record does not say."
    )


def test_a_record_without_allocations_does_not_split_those_who_are_referred(tmp_path: Path) -> None:
    told = of(tmp_path, [RECEIVED, DECIDED, SEEN | {"allocated": ""}, ADVISED])

    assert list(waiting(told)) == ["not decided", "decided, no worker yet", UNSPLIT, "all not yet seen"]
    assert waiting(told)["decided, no worker yet"] == (NOT_IN_RECORD,) * 7
    assert waiting(told)[UNSPLIT][-2] == "1"
    assert "does not say who had no worker" in lead(told)


def test_a_record_without_visits_says_that_some_may_have_been_seen(tmp_path: Path) -> None:
    told = of(tmp_path, [RECEIVED, DECIDED, ALLOCATED, ADVISED])

    assert waiting(told)["has a worker, not seen"] == (NOT_IN_RECORD,) * 7
    assert "does not say when children were seen" in told.tables["waiting"].meaning
    assert {said(cell) for row in told.tables["months"].rows for cell in (row[3], *row[6:-2])} == {NOT_IN_RECORD}
    assert set(levels(told)[1][0][1]) == {NOT_IN_RECORD}


def test_unknown_measures_say_why_and_known_ones_are_those_of_the_log(year: Path) -> None:
    told = account(year.name, observed(year), ALL_SHOWN)
    read = measure(told.observed.log)
    for row in told.tables["measures"].rows:
        name, group, value, why = str(row[0]), str(row[2]), row[6], str(row[7])
        if value == NOT_IN_RECORD:
            assert why.startswith("This record does not say ")
        elif name not in WORKER_LEVEL:
            assert isinstance(value, Number)
            assert (value.value == pytest.approx(read[name, group], abs=0, nan_ok=True), why) == (True, "")


def test_what_is_lacking_is_grouped_by_what_the_record_does_not_say(told: Account) -> None:
    found = {lack.fact: lack for lack in lacks(told)}

    assert found["who was in post"].why == "a journeys file has no place for it"
    assert len(found) < 10
    assert len(found["who was in post"].measures) > 10


def shown_counts(told: Account) -> Iterator[tuple[str, int]]:
    for table in told.tables.values():
        for row in table.rows:
            for heading, cell in zip(table.headings, row, strict=True):
                if isinstance(cell, int) and "oldest" not in heading:
                    yield f"{table.name}, {row[0]}, {heading}", cell


def test_no_small_count_stands_in_any_table(told: Account) -> None:
    assert {place: count for place, count in shown_counts(told) if 1 <= count <= 5} == {}
    assert sum(count == 0 for _, count in shown_counts(told))
    assert HIDDEN in text(told)


COURSES = st.sampled_from([RECEIVED, DECIDED, ALLOCATED, SEEN, ADVISED])
ROWS = st.lists(st.tuples(COURSES, st.sampled_from("ABCD"), st.integers(-60, 1)), min_size=1, max_size=40)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(ROWS)
@pytest.mark.slow
def test_no_hidden_count_can_be_worked_out_from_all_tables_together(
    tmp_path: Path, rows: list[tuple[Mapping[str, str], str, int]]
) -> None:
    moved = [
        {
            **row,
            "received": f"{date(2024, 3, 1) + timedelta(days=day - 1):%d/%m/%Y}",
            "team": team,
            "source": "Police" if day % 3 else "Schools",
        }
        for row, team, day in rows
    ]
    told = of(tmp_path, moved, Rules(small_count=3, smallest_team=4))
    counted = told.counted

    assert recoverable(counted.counts, counted.sums, counted.hidden) == set()
    assert {place: count for place, count in shown_counts(told) if 1 <= count <= 3} == {}


def test_a_share_that_tells_of_a_few_is_hidden_and_so_is_one_that_would_give_it_away(told: Account) -> None:
    counted = told.counted

    assert counted.shares([0.5, 0.98, 0.5], [100, 100, 60]) == [Number(0.5, "share"), HIDDEN, HIDDEN]
    assert counted.shares([0.5, 0.5], [4, 100]) == [HIDDEN, HIDDEN]
    assert counted.shares([0.5, 0.5], [40, 100]) == [Number(0.5, "share"), Number(0.5, "share")]


def test_days_of_a_few_children_are_hidden(tmp_path: Path) -> None:
    told = of(tmp_path, [SEEN] * 4 + [ADVISED] * 9, Rules(small_count=5))

    assert levels(told)[1][0][1][:2] == (HIDDEN, HIDDEN)
    assert {said(cell) for cell in told.tables["months"].rows[0][6:8]} == {HIDDEN}
    assert [row[3:5] for row in told.tables["steps"].rows if row[:2] == ("Allocated", "Seen")] == [(HIDDEN, HIDDEN)]


def test_nine_in_ten_needs_twice_as_many_children_as_half(tmp_path: Path) -> None:
    def days(children: int) -> list[bool]:
        told = of(tmp_path, [SEEN] * children + [ADVISED] * 20, Rules(small_count=5))
        (cells,) = [row[3:5] for row in told.tables["steps"].rows if row[:2] == ("Allocated", "Seen")]
        return [cell == HIDDEN for cell in cells]

    assert [days(children) for children in (5, 6, 10, 11)] == [[True, True], [False, True], [False, True], [False] * 2]


def test_a_step_that_few_do_not_come_to_is_hidden_on_the_map(tmp_path: Path) -> None:
    told = of(tmp_path, [SEEN] * 20 + [ALLOCATED] * 3 + [ADVISED] * 9, Rules(small_count=5))
    counts = {row[0]: row[2] for row in told.tables["steps"].rows if not row[1]}

    assert counts["Received"] == 32
    assert HIDDEN in (counts["Allocated"], counts["Seen"])


def test_only_the_screen_tells_numbers_of_rows_exactly(tmp_path: Path) -> None:
    told = of(tmp_path, [SEEN] * 36, Rules(small_count=5))

    assert "36 rows in the file = 36 read + 0 refused" in text(told)
    assert dict(found(told))["j.csv"] == "about 40 rows in the file = about 40 read + 0 refused"
    assert "36 rows" not in as_json(told)
    assert dict(found(of(tmp_path, [SEEN] * 4, Rules())))["Used"].startswith("fewer than 10 journeys")


def test_complementary_groups_are_hidden_together(tmp_path: Path) -> None:
    abuse = [SEEN | {"domestic_abuse": "yes"}] * 3 + [SEEN | {"domestic_abuse": "no"}] * 30
    told = of(tmp_path, abuse, Rules())
    cells = {(row[0], row[2]): row[6] for row in told.tables["measures"].rows}

    for name in ("referred_children_count", "contacts_count", "seen_within_5_days_share"):
        assert (name, cells[name, "domestic_abuse"], cells[name, "not_domestic_abuse"]) == (name, HIDDEN, HIDDEN)
        assert cells[name, "all"] != HIDDEN or name == "seen_within_5_days_share"


def test_worker_level_is_never_shown(tmp_path: Path) -> None:
    told = of(tmp_path, [SEEN | {"worker_id": "W-1"}] * 20)
    assert "W-1" not in as_json(told)
    assert {row[6] for row in told.tables["measures"].rows if row[0] == "caseload_max"} <= {HIDDEN, NOT_IN_RECORD}


@pytest.mark.parametrize(
    ("sizes", "shown"),
    [
        ({0: 50, 1: 40}, {0, 1}),
        ({0: 50, 1: 40, 2: 3, 3: 8}, {0, 1}),
        ({0: 50, 1: 40, 2: 9}, {0}),
        ({0: 50, 1: 12, 2: 3, 3: 4}, {0}),
        ({0: 5}, set()),
    ],
    ids=["all large", "two pooled", "one small takes the next", "two too small take the next", "nothing to pool with"],
)
def test_small_teams_are_pooled_so_that_none_can_be_told(sizes: dict[int, int], shown: set[int]) -> None:
    assert shown_teams(sizes, smallest=10) == shown


def test_teams_are_named_pooled_or_not_recorded(tmp_path: Path) -> None:
    teams = ["North"] * 12 + ["South"] * 3 + ["West"] * 8 + [""] * 2
    rows = [ADVISED | {"team": "North"}, *(RECEIVED | {"team": team} for team in teams)]
    told = of(tmp_path, rows, Rules(small_count=0, smallest_team=10))

    assert [(row[0], row[1]) for row in told.tables["teams"].rows] == [("North", 12), (OTHER_TEAMS, 11), (NO_TEAM, 2)]


def test_bands_are_named_by_their_days() -> None:
    assert [band_label(band) for band in ((0, 1), (2, 5), (21, None))] == ["0 to 1 day", "2 to 5 days", "over 20 days"]


def test_the_text_says_rows_dates_window_and_teams_first(told: Account) -> None:
    shown = text(told, width=110)
    places = [
        shown.index(words)
        for words in (
            "600 rows in the file = 600 read + 0 refused",
            " April 2023 to 31 March 2024",
            "Who is waiting",
            "month by month",
            "whole window (observed)",
        )
    ]

    assert places == sorted(places)
    assert max(map(len, shown.splitlines())) <= 110
    assert not re.search(r"[^\x00-\x7f]", shown)


def test_as_at_is_the_date_that_waits_run_to(year: Path) -> None:
    told = account(year.name, observed(year, as_at=date(2024, 4, 30)), ALL_SHOWN)

    assert "At the end of 30 April 2024" in lead(told)
    assert all(row[-2] is None or int(str(row[-2])) >= 30 for row in told.tables["waiting"].rows)
    assert told.reading.waiting.known == tuple(WaitingStage)


def test_a_record_without_contacts_or_visits_shows_no_wait_and_no_nought_for_what_it_does_not_know(
    tmp_path: Path,
) -> None:
    children = [
        a_child(f"c{n}", details(f"2023-{4 + n % 9:02}-03", an_assessment(f"2023-{4 + n % 9:02}-05")))
        for n in range(90)
    ]
    told = account("cin.xml", observed(a_return(tmp_path / "cin.xml", *children)), Rules())
    shown = text(told, 110)
    page = summary_page(told, figures(told), {})

    assert lead(told).startswith("This record does not say when children were seen, so who still waits")
    assert [set(row[1:-1]) for row in told.tables["waiting"].rows] == [{NOT_IN_RECORD}] * 4
    assert {row[1] for row in told.tables["months"].rows} == {NOT_IN_RECORD}
    assert {"teams", "contacts_by_source"}.isdisjoint(told.tables)
    assert [picture.name for picture in figures(told)] == ["process_map"]
    assert "Received" not in {row[0] for row in told.tables["steps"].rows}
    for said_of_seen in ("not yet seen", "whole window (observed)", "no child of this record"):
        assert said_of_seen not in shown
        assert said_of_seen not in page
    assert "Referrals     from" in shown


def test_the_first_screen_tells_open_assessments_where_it_can_tell_no_wait(tmp_path: Path) -> None:
    begun = {"in time": "2024-01-25", "late": "2024-01-24"}
    children = [
        a_child(f"{start}{n}", details("2024-01-15", an_assessment(start)))
        for start, many in zip(begun.values(), (8, 7), strict=True)
        for n in range(many)
    ]
    ended = [a_child(f"e{n}", details("2023-05-08", an_assessment("2023-05-09", "2023-06-09"))) for n in range(9)]
    told = account("cin.xml", observed(a_return(tmp_path / "cin.xml", *children, *ended)), Rules())

    assert "Assessment begun and not authorised: 15 children, 7 of them begun more than 45 working days" in lead(told)
    assert "; those whose case closed without it may be among them" in lead(told)


def test_few_open_assessments_are_hidden_as_any_count(tmp_path: Path) -> None:
    children = [a_child(f"a{n}", details("2024-01-15", an_assessment("2024-03-25"))) for n in range(3)]
    ended = [a_child(f"e{n}", details("2023-05-08", an_assessment("2023-05-09", "2023-06-09"))) for n in range(9)]
    told = account("cin.xml", observed(a_return(tmp_path / "cin.xml", *children, *ended)), Rules())

    assert f"Assessment begun and not authorised: {HIDDEN} children" in lead(told)


def test_a_record_without_visits_is_named_for_what_it_tells_and_shows_its_measures(tmp_path: Path) -> None:
    children = [
        a_child(f"c{n}", details("2023-05-03", an_assessment("2023-05-05", "2023-06-09")), details("2023-11-03"))
        for n in range(40)
    ]
    told = account("cin.xml", observed(a_return(tmp_path / "cin.xml", *children)), Rules())
    page, shown = summary_page(told, figures(told), {}), text(told, 110)

    assert "<h1>From referral to assessment: what cin.xml shows</h1>" in page
    assert "<h2>What is counted</h2>" not in page
    assert ("Referrals", ("80", "children")) in others(told)
    assert re.search(r"^Assessments completed within 45 working days +100%", shown, re.MULTILINE)
    assert "Assessments completed within 45 working days</th>" in page


def test_contacts_are_said_to_be_of_families_only_where_the_record_tells_them(told: Account, tmp_path: Path) -> None:
    lists = {"List_1": [a_contact(f"c{n}", jan(1 + n % 20)) for n in range(60)]}
    apart = account("a.xlsx", observed(a_workbook(tmp_path / "a.xlsx", lists)), Rules())

    assert "families, not children" in told.tables["contacts_by_source"].meaning
    assert "one for each child" in apart.tables["contacts_by_source"].meaning
    assert "one for each child" in apart.tables["months"].meaning
