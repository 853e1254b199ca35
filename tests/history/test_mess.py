"""Mess planted in known numbers, and the quality report that finds it, in every format.

What the issue of mess names and a format has no place for is not planted in it: the census has no contacts, workers or
visits, Annex A no date of allocation or of a first visit, and Mosaic one step for all of a family.
"""

import csv
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest

from sim.facts import Fact
from sim.history import Finding, Observed, Pseudonyms, observe
from sim.history.synthesis import journeys_told
from sim.history.writing import PLANTED, WRITERS, extract_in
from sim.history.writing import spoilt_files as files
from sim.history.writing import spoilt_journeys as kinds
from sim.history.writing.extract import write_extract
from sim.history.writing.mess import Mess, Planted
from sim.working_time import OpeningHours
from tests.history.cutting import REFERRALS, last_day
from tests.history.synthetic import SALT, a_simulated_year, an_origin

DUPLICATES = ("exact_duplicates", "duplicates")
COPIES = (kinds.REPEATED, kinds.COPIED, kinds.NEARLY_COPIED)
IN_ALL = {
    kinds.END_BEFORE_START: "authorised_before_start",
    kinds.OVERLAPPING: "overlapping_assessments",
    kinds.FIRST_OF_JANUARY: "authorised_first_of_january",
    kinds.WEEKEND_CONFERENCES: "conference_on_closed_day",
    files.LOCAL_SOURCES: "local_source",
}
OF_A_RETURN = {kinds.OVERLAPPING: "assessments_overlap", kinds.WEEKEND_CONFERENCES: "conference_at_weekend"}
FOUND_AS: Mapping[str, Mapping[str, str]] = {
    "journeys": {
        **IN_ALL,
        kinds.MISSING_ALLOCATIONS: "assessed_unallocated",
        kinds.TIMES_LOST: "received_without_time",
        kinds.REPEATED: "repeated_rows",
        kinds.COPIED: "exact_duplicates",
        kinds.NEARLY_COPIED: "duplicates",
        kinds.SEEN_BEFORE: "seen_before_contact",
        files.DEFAULT_DATES: "closed_placeholder",
    },
    "ssd": {
        **IN_ALL,
        kinds.MISSING_ALLOCATIONS: "assessed_unallocated",
        kinds.SEEN_BEFORE: "visit_before_contact",
        files.DEFAULT_DATES: "closed_placeholder",
    },
    "annex-a": {**IN_ALL, **OF_A_RETURN, files.DEFAULT_DATES: "case_closed_placeholder"},
    "cin": {
        **IN_ALL,
        **OF_A_RETURN,
        kinds.END_BEFORE_START: "assessment_ends_before_start",
        files.DEFAULT_DATES: "closed_placeholder",
    },
    "mosaic": {
        **IN_ALL,
        kinds.MISSING_ALLOCATIONS: "assessed_unallocated",
        kinds.TIMES_LOST: "received_without_time",
        kinds.SEEN_BEFORE: "visit_before_contact",
        files.DEFAULT_DATES: "closure_date_placeholder",
    },
}
"""The finding that has exactly as many rows as were planted of a kind, in each format."""

ONLY_CHILDREN = {kinds.FIRST_OF_JANUARY}
"""Not planted in Mosaic's small year: fewer than ten only children have an assessment open over the New Year."""


def written(
    form: str, level: int, folder: Path, seed: int = 1, only: frozenset[str] | None = None, times: float = 1.0
) -> tuple[Observed, list[Planted]]:
    """A year written with mess and observed, and what was planted."""
    year, mess = a_simulated_year(times=times), Mess(level, seed, only)
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


def number_of(planted: list[Planted]) -> dict[str, int]:
    """How many rows have each kind, in all tables."""
    number: dict[str, int] = {}
    for one in planted:
        number[one.kind] = number.get(one.kind, 0) + one.rows
    return number


@pytest.mark.parametrize("level", [1, 2])
@pytest.mark.parametrize("form", list(WRITERS))
def test_what_is_planted_is_found_in_the_same_numbers(form: str, level: int, tmp_path: Path) -> None:
    found, planted = written(form, level, tmp_path)
    rows, number = counts(found), number_of(planted)
    wanted = {kind: name for kind, name in FOUND_AS[form].items() if form != "mosaic" or kind not in ONLY_CHILDREN}
    names = {"cin": ("referral_twice",), "journeys": (*DUPLICATES, "repeated_rows")}.get(form, DUPLICATES)

    assert {kind: rows.get(name, 0) for kind, name in wanted.items()} == {kind: number[kind] for kind in wanted}
    assert sum(rows.get(name, 0) for name in names) == sum(number.get(kind, 0) for kind in COPIES) > 0
    assert len(found.history.refused) == number[files.UNREADABLE] > 0
    # Others had closed on that date.
    assert rows["closed_bulk"] >= number[kinds.BULK] > 0


@cache
def clean(form: str) -> Observed:
    """The year in a format without mess."""
    with TemporaryDirectory() as folder:
        return written(form, 0, Path(folder))[0]


@pytest.mark.parametrize("form", list(WRITERS))
def test_of_a_clean_extract_none_of_it_is_found(form: str) -> None:
    names = {*FOUND_AS[form].values(), *DUPLICATES, "closed_bulk", "authorised_month_end", "referral_twice"}

    assert names & counts(clean(form)).keys() == set()
    assert not any(one.id.startswith("regime") for one in clean(form).findings)


Spoilt = tuple[dict[str, Finding], dict[str, int], pl.DataFrame]


def with_only(form: str, folder: Path, *only: str, times: float = 1.0) -> Spoilt:
    """The findings of a year with some kinds of mess, how much was planted, and the journeys as they were written."""
    found, planted = written(form, 2, folder, only=frozenset(only), times=times)
    told = kinds.spoil(journeys_told(a_simulated_year(times=times)), Mess(2, 1, frozenset(only)), form)
    return {finding.id: finding for finding in found.findings}, number_of(planted), told


@pytest.mark.parametrize(
    ("form", "name"),
    [
        ("journeys", "decided_with_contact"),
        ("mosaic", "decided_with_contact"),
        ("ssd", "referral_date_by_construction"),
        ("annex-a", "referral_on_contact_date"),
    ],
)
def test_dates_of_decision_that_are_the_contacts_by_construction_are_all_found(
    form: str, name: str, tmp_path: Path
) -> None:
    found, planted, _ = with_only(form, tmp_path, kinds.COPIED_DATES)

    assert len(found[name].rows) == planted[kinds.COPIED_DATES] > 400


REFERRED = pl.col("outcome").is_in([outcome.value for outcome in REFERRALS])
MONTH_ENDS = [date(2018, 4, 30), date(2018, 5, 31), date(2018, 6, 29), date(2018, 7, 31), date(2018, 8, 31),
              date(2018, 9, 28), date(2018, 10, 31), date(2018, 11, 30), date(2018, 12, 31), date(2019, 1, 31),
              date(2019, 2, 28)]  # fmt: skip
SINCE, UNTIL = datetime(2018, 9, 1), datetime(2019, 2, 1)  # noqa: DTZ001  (as in the record)


@pytest.mark.parametrize("form", list(WRITERS))
def test_a_change_of_regime_and_dates_at_month_ends_are_found_whole(form: str, tmp_path: Path) -> None:
    """The change in its month with all that came after it; month ends with those that were dated so already.

    A census holds referrals alone: of twice as many contacts there are enough to tell the change from chance.
    """
    times = 2.0 if form == "cin" else 1.0
    found, planted, told = with_only(form, tmp_path, kinds.NEW_REGIME, kinds.MONTH_ENDS, times=times)
    change = found["regime_of_no_action" if form == "cin" else "regime_of_referrals"]
    shown = REFERRED if form == "cin" else pl.col("decided").is_not_null()
    began = pl.col("decided" if form == "cin" else "received")
    after = told.filter(shown & (began >= SINCE) & (began < UNTIL))
    at_ends = told.filter(shown & pl.col("authorised").dt.date().is_in(MONTH_ENDS))

    assert "about September 2018" in change.what
    assert len(change.rows) == len(after) > planted[kinds.NEW_REGIME] / 2
    assert len(found["authorised_month_end"].rows) == len(at_ends) > planted[kinds.MONTH_ENDS] > 0


def test_referrals_recorded_late_are_found_as_referrals_without_a_contact(tmp_path: Path) -> None:
    found, planted, _ = with_only("ssd", tmp_path, kinds.LATE_REFERRALS)

    assert len(found["referral_without_contact"].rows) == planted[kinds.LATE_REFERRALS] > 0


@pytest.mark.parametrize("form", [form for form in WRITERS if form != "cin"])
@pytest.mark.slow
def test_headings_written_otherwise_cost_no_column(form: str, tmp_path: Path) -> None:
    messy, planted = written(form, 2, tmp_path, only=frozenset({files.HEADINGS}))

    assert {one.kind for one in planted} == {files.HEADINGS}
    assert clean(form).history.journeys.equals(messy.history.journeys)
    assert clean(form).history.facts == messy.history.facts


def test_times_of_day_are_not_told_where_many_are_lost(tmp_path: Path) -> None:
    found, _ = written("journeys", 2, tmp_path, only=frozenset({kinds.TIMES_LOST}))

    assert found.history.why_not[Fact.HOURS] == "contacts are dated, with no time of day"


@pytest.mark.parametrize("form", ["journeys", "cin"])
def test_the_same_seed_spoils_the_same_rows_and_another_others(form: str, tmp_path: Path) -> None:
    def what_is_read(name: str, seed: int) -> pl.DataFrame:
        found, _ = written(form, 2, tmp_path / name, seed)
        return found.history.journeys

    first = what_is_read("a", 5)
    assert first.equals(what_is_read("b", 5))
    assert not first.equals(what_is_read("c", 6))


def test_what_was_planted_lies_beside_the_extract(tmp_path: Path) -> None:
    _, planted = written("journeys", 1, tmp_path)
    with (tmp_path / PLANTED).open(newline="", encoding="utf-8") as file:
        headings, *rows = csv.reader(file)

    assert headings == ["kind", "table", "rows", "in the report"]
    assert [row[:3] for row in rows] == [[one.kind, one.table, str(one.rows)] for one in planted]
    told = {kind: said for kind, _, _, said in rows}
    assert told[kinds.SEEN_BEFORE] == "as many rows"
    assert told[kinds.BULK].startswith("more or fewer rows")


def test_inferred_links_are_held_against_the_year_as_it_was_written(tmp_path: Path) -> None:
    year, mess = a_simulated_year(), Mess(2, 1, frozenset({kinds.COPIED_DATES}))
    made = write_extract(journeys_told(year), "ssd", tmp_path, mess, an_origin(year))

    assert made.checks[0].what == "referral to contact"
    assert made.checks[0].wrong <= 0.02 * made.checks[0].links
