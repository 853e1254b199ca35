"""Mess planted in known numbers, and the quality report that finds it."""

import csv
from pathlib import Path

import pytest

from sim.facts import Fact
from sim.history import Observed, Pseudonyms, observe
from sim.history.synthesis import journeys_told
from sim.history.writing import PLANTED, extract_in
from sim.history.writing import mess as kinds
from sim.history.writing.extract import write_extract
from sim.history.writing.mess import CELLS, Mess, Planted
from sim.working_time import OpeningHours
from tests.history.cutting import last_day
from tests.history.synthetic import SALT, a_simulated_year, an_origin

DUPLICATES = ("repeated_rows", "exact_duplicates", "duplicates")
FOUND_AS = {
    "journeys": {
        kinds.MISSING_ALLOCATIONS: "assessed_unallocated",
        kinds.TIMES_LOST: "received_without_time",
        kinds.REPEATED: "repeated_rows",
        kinds.COPIED: "exact_duplicates",
        kinds.NEARLY_COPIED: "duplicates",
        kinds.SEEN_BEFORE: "seen_before_contact",
        kinds.WEEKEND_CONFERENCES: "conference_on_closed_day",
        kinds.LOCAL_SOURCES: "local_source",
        kinds.DEFAULT_DATES: "closed_placeholder",
    },
    "ssd": {
        kinds.MISSING_ALLOCATIONS: "assessed_unallocated",
        kinds.SEEN_BEFORE: "seen_without_visit",
        kinds.WEEKEND_CONFERENCES: "conference_on_closed_day",
        kinds.LOCAL_SOURCES: "local_source",
        kinds.DEFAULT_DATES: "closed_placeholder",
    },
}
"""The finding that has exactly as many rows as were planted of a kind, in each format."""


def written(form: str, level: int, folder: Path, seed: int = 1) -> tuple[Observed, list[Planted]]:
    """A year written with mess and observed, and what was planted."""
    year, mess = a_simulated_year(), Mess(level, seed)
    folder.mkdir(exist_ok=True)
    write_extract(journeys_told(year), form, folder, mess, an_origin(year))
    hours = OpeningHours(year.office_opens_minute, year.office_closes_minute)
    return observe(extract_in(folder), Pseudonyms(SALT), hours, last_day(year)), mess.planted


def counts(found: Observed) -> dict[str, int]:
    """How many rows each finding has, in all tables."""
    rows: dict[str, int] = {}
    for one in found.findings:
        rows[one.id] = rows.get(one.id, 0) + len(one.rows)
    return rows


@pytest.mark.parametrize("level", [1, 2])
@pytest.mark.parametrize("form", list(CELLS))
def test_what_is_planted_is_found_in_the_same_numbers(form: str, level: int, tmp_path: Path) -> None:
    found, planted = written(form, level, tmp_path)
    rows, number = counts(found), {one.kind: one.rows for one in planted}
    copies = number[kinds.REPEATED] + number[kinds.COPIED] + number[kinds.NEARLY_COPIED]

    assert {kind: rows.get(name, 0) for kind, name in FOUND_AS[form].items()} == {
        kind: number[kind] for kind in FOUND_AS[form]
    }
    assert sum(rows.get(name, 0) for name in DUPLICATES) == copies
    assert len(found.history.refused) == number[kinds.UNREADABLE]
    # Others had closed on that date.
    assert rows["closed_bulk"] >= number[kinds.BULK]
    assert "closed_bulk" not in counts(written(form, 0, tmp_path / "clean")[0])


@pytest.mark.parametrize("form", list(CELLS))
def test_headings_written_otherwise_cost_no_column(form: str, tmp_path: Path) -> None:
    clean, nothing = written(form, 0, tmp_path / "clean")
    messy, planted = written(form, 2, tmp_path / "messy")

    assert nothing == []
    assert sum(one.rows for one in planted if one.kind == kinds.HEADINGS) > 0
    # Times of day go where one contact in eleven has lost its own.
    assert clean.history.facts - messy.history.facts == ({Fact.HOURS} if form == "journeys" else set())


def test_the_same_seed_spoils_the_same_rows_and_another_others(tmp_path: Path) -> None:
    def bytes_of(name: str, seed: int) -> bytes:
        written("journeys", 2, tmp_path / name, seed)
        return (tmp_path / name / "journeys.csv").read_bytes()

    assert bytes_of("a", 5) == bytes_of("b", 5) != bytes_of("c", 6)


def test_what_was_planted_lies_beside_the_extract(tmp_path: Path) -> None:
    _, planted = written("journeys", 1, tmp_path)
    with (tmp_path / PLANTED).open(newline="", encoding="utf-8") as file:
        headings, *rows = csv.reader(file)

    assert headings == ["kind", "table", "rows"]
    assert rows == [[one.kind, one.table, str(one.rows)] for one in planted]
