"""A simulated year written as the CIN census and read back: the referrals told, cut to what a return holds."""

from datetime import date, datetime, timedelta
from pathlib import Path
from xml.etree.ElementTree import parse

import polars as pl

from sim.events import Ending, Outcome
from sim.history import Observed
from sim.history.cin_journeys import TOO_RECENT_DAYS
from sim.history.practice import decided_as
from sim.history.writing.cin import write
from tests.history.files import observed
from tests.history.told import counted, dates, later, pseudonymous, small_year

REFERRED = [o.value for o in (Outcome.REFERRAL, Outcome.STRATEGY_DISCUSSION, Outcome.OTHER_TEAM)]
GOES_ON = [ending.value for ending in (Ending.TRANSFER, Ending.TRANSFER_AFTER_CONFERENCE)]
NOT_THERE = (
    "handed_over", "screened", "rating", "information_asked", "information_received", "help_started", "strategy_asked",
    "allocated", "seen", "seen_by", "transferred", "open_case", "section_47_ended", "team", "worker",
)  # fmt: skip


def read_back(told: pl.DataFrame, folder: Path, as_at: date | None = None) -> Observed:
    write(told, folder)
    return observed(folder, as_at)


def cut(told: pl.DataFrame, known_to: datetime) -> pl.DataFrame:
    """What a return holds of journeys: from the referral on, dates alone, and how a case closed."""
    is_no_action = (pl.col("outcome") == Outcome.REFERRAL_NO_ACTION).fill_null(value=False)
    referred = dates(told).filter(pl.col("outcome").is_in(REFERRED) | is_no_action)
    goes_on = pl.col("closed_as").is_in(GOES_ON).fill_null(value=False)
    reason = pl.col("closed_as").replace_strict(
        {Ending.NO_FURTHER_ACTION: Ending.NO_FURTHER_ACTION, Ending.STEP_DOWN: Ending.STEP_DOWN},
        default=Ending.TRANSFER,
        return_dtype=pl.Int8,
    )
    held = pl.when(pl.col("section_47_started").is_not_null()).then("strategy_held")
    known = referred.with_columns(
        pl.col("decided").alias("received"),
        is_no_action.cast(pl.Int8).alias("no_action"),
        held.alias("strategy_held"),
        held.alias("section_47_started"),
        pl.when(~goes_on).then("closed").alias("closed"),
        pl.when(pl.col("authorised").is_not_null()).then("domestic_abuse").alias("domestic_abuse"),
        *(pl.lit(None).alias(name) for name in NOT_THERE),
    )
    closed = known.with_columns(
        pl.when(is_no_action).then(Ending.NO_FURTHER_ACTION).when(pl.col("closed").is_not_null()).then(reason)
        .alias("closed_as"),
        _ending(reason, known_to).alias("ending"),
        decided_as(known, "decided"),
    )  # fmt: skip
    return pseudonymous(closed, pl.concat_str("contact", "child"))


def _ending(reason: pl.Expr, known_to: datetime) -> pl.Expr:
    """As its case closed; of one that is open, that it went on, once it has been so for long enough."""
    is_recent = pl.col("authorised") > known_to - timedelta(days=TOO_RECENT_DAYS)
    still = pl.when(~is_recent).then(Ending.TRANSFER)
    told = pl.when(pl.col("closed").is_null()).then(still).otherwise(reason)
    return pl.when(pl.col("authorised").is_not_null()).then(told)


YEAR_END = datetime(2019, 3, 31)  # noqa: DTZ001  (as in the record)


def test_referrals_of_a_year_are_those_that_were_told(tmp_path: Path) -> None:
    found = read_back(small_year(), tmp_path)

    assert found.as_at == YEAR_END.date()
    assert found.history.refused == ()
    assert counted(found.history.journeys) == counted(cut(small_year(), YEAR_END))


def test_years_stacked_tell_what_one_year_would(tmp_path: Path) -> None:
    told = later(small_year(), 150)
    found = read_back(told, tmp_path)

    assert sorted(path.name for path in tmp_path.iterdir()) == ["cin-2019.xml", "cin-2020.xml"]
    assert counted(found.history.journeys) == counted(cut(told, datetime.combine(found.as_at, datetime.min.time())))
    assert len(found.history.tallies) == 2


def test_few_endings_of_assessments_are_not_the_true_ones(tmp_path: Path) -> None:
    """Only those that were to close and had not by the end of the year are taken for cases that went on."""
    read, told = read_back(small_year(), tmp_path).history.journeys, dates(small_year()).drop_nulls("ending")
    went_on = {Ending.TRANSFER_AFTER_CONFERENCE.value: Ending.TRANSFER.value}
    true = pseudonymous(told.with_columns(pl.col("ending").replace(went_on), received="decided"), pl.col("contact"))
    wanted = counted(true, ("child", "received", "ending"))
    untold = read["authorised"].count() - read["ending"].count()
    wrong = (wanted - counted(read.drop_nulls("ending"), ("child", "received", "ending"))).total() - untold

    assert wrong <= 0.02 * wanted.total(), f"{wrong} of {wanted.total()}"


def test_ids_and_particulars_are_plainly_invented(tmp_path: Path) -> None:
    write(small_year(), tmp_path)
    root = parse(tmp_path / "cin-2019.xml").getroot()  # noqa: S314  (our own file)

    assert root.findtext("Header/Source/LEA") == "999"
    for name in ("LAchildID", "UPN"):
        ids = [element.text or "" for element in root.iter(name)]
        assert ids
        assert all(text.startswith("SYNTHETIC") for text in ids)
