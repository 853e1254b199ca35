"""A simulated year written as a Mosaic export: its steps and links; `test_round_trip` has all that is measured."""

import csv
from pathlib import Path

import polars as pl

from sim.events import Ending, Outcome
from sim.history import Observed
from sim.history.mosaic_tables import Meaning
from sim.history.writing.mosaic import EARLY_HELP, FRONT_DOOR, OTHER_TEAM, OUT_OF_HOURS, STEP_TYPES, write
from tests.history.files import observed
from tests.history.told import NAMES, counted, last_day, pseudonymous, small_year

TAKEN_ON = [outcome.value for outcome in (Outcome.REFERRAL, Outcome.STRATEGY_DISCUSSION)]
ELSEWHERE = [outcome.value for outcome in (Outcome.ADVICE, Outcome.OTHER_AUTHORITY, Outcome.CONSENT_REFUSED)]
GOES_ON = [ending.value for ending in (Ending.TRANSFER, Ending.TRANSFER_AFTER_CONFERENCE)]
NOT_THERE = ("screened", "rating", "seen_by", "ending", "transferred", "closed_as", "domestic_abuse", "open_case")
BROUGHT = ("strategy_asked", "strategy_held", "section_47_started", "section_47_ended", "conference_held")
OF_PERSONS = ("seen", "allocated", "worker", "closed")
"""What the tables of persons tell, which name no step."""


def read_back(told: pl.DataFrame, folder: Path) -> Observed:
    write(told, folder)
    return observed(folder, last_day(told).date())


def cut(told: pl.DataFrame) -> pl.DataFrame:
    """What the export holds of journeys: what followed each contact and when, and what tables of persons say of it."""
    taken_on = pl.col("outcome").is_in(TAKEN_ON).fill_null(value=False)
    goes_on = pl.col("closed_as").is_in(GOES_ON).fill_null(value=False)
    number = (
        pl.when(pl.col("handed_over").is_null())
        .then(STEP_TYPES[Meaning.CONTACT])
        .otherwise(STEP_TYPES[Meaning.OUT_OF_HOURS_CONTACT])
    )
    asked = pl.col("information_asked").is_not_null()
    known = told.with_columns(
        pl.format("{}-{}", "contact", number).alias("first"),
        pl.when(~_by_night()).then("handed_over").alias("handed_over"),
        pl.when(asked).then(pl.coalesce("information_received", "decided")).alias("information_received"),
        _outcome(taken_on).alias("outcome"),
        *(pl.when(~_is_elsewhere(taken_on).fill_null(value=False)).then(name).alias(name) for name in BROUGHT),
        _team(taken_on).alias("team"),
        *(pl.when(taken_on).then(name).alias(name) for name in ("seen", "allocated", "worker")),
        pl.when(taken_on & ~goes_on).then("closed").alias("closed"),
        *(pl.lit(None).alias(name) for name in NOT_THERE),
    )
    return pseudonymous(known, pl.col("first"))


def _by_night() -> pl.Expr:
    return (pl.col("decided") < pl.col("handed_over")).fill_null(value=False)


def _outcome(taken_on: pl.Expr) -> pl.Expr:
    """An open case is known by an earlier contact that brought it; advice and the like are no step."""
    ended = _is_elsewhere(taken_on) | pl.col("outcome").is_in(ELSEWHERE)
    return pl.when(ended).then(Outcome.NO_FURTHER_ACTION).otherwise("outcome")


def _is_elsewhere(taken_on: pl.Expr) -> pl.Expr:
    """Whether a contact is about an open case of which the export has nothing."""
    is_there = taken_on.cast(pl.Int32).cum_sum().over("child") > 0
    return (pl.col("outcome") == Outcome.OPEN_CASE) & ~is_there


def _team(taken_on: pl.Expr) -> pl.Expr:
    front = pl.when(_by_night()).then(pl.lit(OUT_OF_HOURS)).otherwise(pl.lit(FRONT_DOOR))
    helped = pl.when(pl.col("outcome") == Outcome.EARLY_HELP).then(pl.lit(EARLY_HELP))
    theirs = pl.when(pl.col("outcome") == Outcome.OTHER_TEAM).then(pl.lit(OTHER_TEAM))
    return pl.coalesce(pl.when(taken_on).then("team"), helped, theirs, front)


def test_a_contact_that_was_discussed_before_another_team_had_it_is_that_teams(tmp_path: Path) -> None:
    at = pl.col("decided")
    held = small_year().filter(pl.col("outcome") == Outcome.OTHER_TEAM).with_columns(
        *((at + pl.duration(hours=hours)).alias(name) for hours, name in enumerate(BROUGHT)),
        closed=at, team=pl.lit(FRONT_DOOR),
    )  # fmt: skip
    told = pl.concat([small_year().filter(pl.col("outcome") != Outcome.OTHER_TEAM), held]).sort("received")
    read = read_back(told, tmp_path).history.journeys

    theirs = read.filter(pl.col("outcome") == Outcome.OTHER_TEAM)
    assert len(held) > 20
    assert counted(theirs, BROUGHT) == counted(held, BROUGHT)
    assert set(theirs["team"]) == {OTHER_TEAM}


def test_what_links_tell_of_a_whole_year_is_what_was_told(tmp_path: Path) -> None:
    names = [name for name in NAMES if name not in OF_PERSONS]
    read, told = read_back(small_year(), tmp_path).history.journeys, cut(small_year())

    assert counted(read, names) == counted(told, names)


def test_a_contact_of_the_night_leads_to_the_day_and_is_led_to_by_nothing(tmp_path: Path) -> None:
    write(small_year(), tmp_path)
    with (tmp_path / "dm_workflow_links.csv").open(newline="", encoding="utf-8") as file:
        links = [(row["SOURCE_STEP_ID"], row["TARGET_STEP_ID"]) for row in csv.DictReader(file)]
    night = f"-{STEP_TYPES[Meaning.OUT_OF_HOURS_CONTACT]}"

    assert any(source.endswith(night) for source, _ in links)
    assert not any(target.endswith(night) for _, target in links)


def test_every_id_and_name_is_plainly_invented(tmp_path: Path) -> None:
    write(small_year(), tmp_path)

    for path in tmp_path.iterdir():
        with path.open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        ids = [
            value
            for row in rows
            for name, value in row.items()
            if value and name.endswith(("_ID", "_NAME")) and name != "WORKFLOW_STEP_TYPE_ID"
        ]
        assert rows
        assert all(value.upper().startswith("SYNTHETIC") for value in ids), path.name
