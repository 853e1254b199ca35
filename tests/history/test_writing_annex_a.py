"""A simulated year written as Annex A and read back: the journeys told, cut to what its lists hold."""

from datetime import timedelta
from functools import cache
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from sim.events import Ending, Outcome
from sim.facts import Fact
from sim.history import Observed
from sim.history.following import LINK_DAYS
from sim.history.practice import decided_as
from sim.history.writing.annex_a import FILE, HEADINGS, write
from tests.history.files import observed
from tests.history.told import (
    counted,
    dates,
    last_day,
    log_of,
    measured,
    of_one_contact,
    pseudonymous,
    small_year,
)

REFERRED = [o.value for o in (Outcome.REFERRAL, Outcome.STRATEGY_DISCUSSION, Outcome.OTHER_TEAM)]


def read_back(told: pl.DataFrame, folder: Path) -> Observed:
    write(told, folder)
    return observed(folder / FILE, last_day(told).date())


def cut(told: pl.DataFrame) -> pl.DataFrame:
    """What the lists hold of journeys: dates, and of decisions only which were referrals and which ended there."""
    day = dates(told)
    is_no_action = (pl.col("outcome") == Outcome.REFERRAL_NO_ACTION).fill_null(value=False)
    is_referred = pl.col("outcome").is_in(REFERRED).fill_null(value=False) | is_no_action
    went_on = pl.col("ending").is_in([Ending.TRANSFER.value, Ending.TRANSFER_AFTER_CONFERENCE.value])
    held = pl.when(pl.col("section_47_started").is_not_null()).then("strategy_held")
    cut_short = day.with_columns(
        pl.when(is_referred).then("decided").alias("decided"),
        is_no_action.cast(pl.Int8).alias("no_action"),
        held.alias("strategy_held"),
        held.alias("section_47_started"),
        pl.when(went_on)
        .then(Ending.TRANSFER)
        .when(pl.col("ending").is_not_null())
        .then(Ending.NO_FURTHER_ACTION)
        .alias("ending"),
        pl.lit(None).alias("section_47_ended"),
        *(pl.lit(None).alias(name) for name in NOT_THERE),
    )
    known = cut_short.with_columns(decided_as(cut_short, "decided"))
    last = max(known.select(pl.max("received", "decided")).row(0))
    long_ago = pl.col("decided").is_null() & (pl.col("received") <= last - timedelta(days=LINK_DAYS))
    ended = known.with_columns(
        pl.when(long_ago).then("received").otherwise("decided").alias("decided"),
        pl.when(long_ago).then(Outcome.NO_FURTHER_ACTION).otherwise("outcome").alias("outcome"),
    )
    return pseudonymous(ended, pl.concat_str("contact", "child"))


NOT_THERE = (
    "handed_over", "screened", "rating", "information_asked", "information_received", "help_started", "strategy_asked",
    "allocated", "seen", "seen_by", "transferred", "closed", "closed_as", "domestic_abuse", "open_case",
)  # fmt: skip


@cache
def single() -> pl.DataFrame:
    """The journeys whose links are certain: of children with one contact, each step within the time of a link."""
    told = of_one_contact(small_year())
    late = dates(told).select(pl.col("strategy_held") - pl.col("decided") > timedelta(days=LINK_DAYS)).to_series()
    return told.filter(~late.fill_null(value=False))


def test_journeys_of_children_with_one_contact_are_those_that_were_told(tmp_path: Path) -> None:
    found = read_back(single(), tmp_path)

    assert len(single()) > 500
    assert counted(found.history.journeys) == counted(cut(single()))


def test_their_measures_are_those_of_the_journeys_told(tmp_path: Path) -> None:
    found = read_back(single(), tmp_path)
    known = measured(found.log)

    assert known == measured(log_of(found, cut(single())))
    for name in ("contacts_count", "referrals_count", "assessments_count", "section_47_count"):
        assert known[name, "all"], name


@pytest.mark.parametrize(
    ("step", "most_wrong"),
    [
        # Of two contacts of a child the nearest before a referral has it: wrong where the second came before the first
        # was decided, which takes days.
        ("decided", 0.01),
        # The same of referrals, and an assessment begins within days of its own.
        ("assessment_started", 0.01),
        # A strategy discussion that an assessment turned out to need may come later than the time of a link: one of 41.
        ("strategy_held", 0.05),
    ],
)
def test_few_links_of_a_whole_year_are_not_the_true_ones(tmp_path: Path, step: str, most_wrong: float) -> None:
    read, true = read_back(small_year(), tmp_path).history.journeys, cut(small_year())
    links = ("child", "received", step)
    wanted = counted(true.drop_nulls(step), links)
    wrong = (wanted - counted(read.drop_nulls(step), links)).total()

    assert wrong <= most_wrong * wanted.total(), f"{wrong} of {wanted.total()}"


def test_no_row_of_a_whole_year_is_lost(tmp_path: Path) -> None:
    told, found = small_year(), read_back(small_year(), tmp_path)
    referred = told["outcome"].is_in([*REFERRED, Outcome.REFERRAL_NO_ACTION.value]).sum()
    enquired = told["section_47_started"].count()

    assert [tally.read for tally in found.history.tallies] == [
        len(told), referred, told["assessment_started"].count(), enquired
    ]  # fmt: skip
    assert found.history.refused == ()
    assert Fact.SEEN not in found.history.facts


def test_every_list_has_its_headings_and_every_id_is_plainly_invented(tmp_path: Path) -> None:
    write(small_year(), tmp_path)
    book = openpyxl.load_workbook(tmp_path / FILE, read_only=True)
    rows = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}

    assert {name: lines[0] for name, lines in rows.items()} == {f"List_{n}": names for n, names in HEADINGS.items()}
    assert [len(rows[f"List_{number}"]) for number in (2, 6, 7)] == [1, 1, 1]
    assert all(str(line[0]).startswith("SYNTHETIC-") for lines in rows.values() for line in lines[1:])
    assert all(0 <= int(str(line[4])) < 18 for lines in rows.values() for line in lines[1:])
