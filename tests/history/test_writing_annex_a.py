"""A simulated year written as Annex A: its lists, row by row; `test_round_trip` reads them back."""

from itertools import zip_longest
from pathlib import Path

import openpyxl
import polars as pl

from sim.events import Ending, Outcome
from sim.facts import Fact
from sim.history import Observed
from sim.history.writing.annex_a import FILE, HEADINGS, write
from tests.history.files import observed
from tests.history.told import dates, last_day, small_year

REFERRED = [o.value for o in (Outcome.REFERRAL, Outcome.STRATEGY_DISCUSSION, Outcome.OTHER_TEAM)]


def read_back(told: pl.DataFrame, folder: Path) -> Observed:
    write(told, folder)
    return observed(folder / FILE, last_day(told).date())


def sheets(folder: Path) -> dict[str, list[dict[str, object]]]:
    """The rows of each list, by their headings."""
    book = openpyxl.load_workbook(folder / FILE, read_only=True)
    lines = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}
    book.close()
    assert {name: rows[0] for name, rows in lines.items()} == {f"List_{n}": names for n, names in HEADINGS.items()}
    # Empty cells at the end of a row are left out of a sheet.
    return {name: [dict(zip_longest(map(str, rows[0]), row)) for row in rows[1:]] for name, rows in lines.items()}


def test_no_row_of_a_whole_year_is_lost(tmp_path: Path) -> None:
    told, found = small_year(), read_back(small_year(), tmp_path)
    referred = told["outcome"].is_in([*REFERRED, Outcome.REFERRAL_NO_ACTION.value]).sum()
    for_help = told.filter((pl.col("outcome") == Outcome.EARLY_HELP) | (pl.col("ending") == Ending.STEP_DOWN))

    assert [tally.read for tally in found.history.tallies] == [
        len(told),
        for_help["help_started"].count(),
        referred,
        told["assessment_started"].count(),
        told["section_47_started"].count(),
        told["outcome"].is_in(REFERRED).sum(),
        told.drop_nulls("section_47_started")["conference_held"].count(),
    ]
    assert found.history.refused == ()
    assert Fact.SEEN not in found.history.facts
    assert {Fact.HELP, Fact.CLOSURE, Fact.OPEN_CASE} <= found.history.facts


def test_a_case_that_went_on_to_another_team_is_open_on_the_list_and_one_that_ended_says_why(tmp_path: Path) -> None:
    told = dates(small_year())
    write(small_year(), tmp_path)
    rows = sheets(tmp_path)["List_6"]
    ended = told.filter(pl.col("closed_as").is_in([Ending.NO_FURTHER_ACTION.value, Ending.STEP_DOWN.value]))
    assessed = ended.filter(pl.col("outcome").is_in(REFERRED[:2]))

    reasons = [str(row["Reason for Closure"])[:3] for row in rows if row["CIN Closure Date"]]
    assert reasons.count("RC8") == (assessed["closed_as"] == Ending.NO_FURTHER_ACTION).sum() > 0
    assert reasons.count("RC9") == (assessed["closed_as"] == Ending.STEP_DOWN).sum() > 0
    assert {row["Case Status"] for row in rows if row["CIN Closure Date"]} == {"e) Closed episode"}
    assert {row["Case Status"] for row in rows if not row["CIN Closure Date"]} >= {
        "b) Child Protection plan", "c) Child in need plan", "d) Open assessment",
    }  # fmt: skip


def test_every_list_has_its_headings_and_every_id_is_plainly_invented(tmp_path: Path) -> None:
    write(small_year(), tmp_path)
    rows = [row for rows in sheets(tmp_path).values() for row in rows]

    assert all(str(row["Child Unique ID"]).startswith("SYNTHETIC-") for row in rows)
    assert all(0 <= int(str(row["Age of Child (Years)"])) < 18 for row in rows)
