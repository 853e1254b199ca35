"""A small simulated year as an authority's record, and what of it a format can hold."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache

import polars as pl

from sim import load, simulate
from sim.history import Pseudonyms
from sim.history.history import JOURNEY, STEPS, journeys
from sim.history.synthesis import journeys_told
from tests.history.files import SALT
from tests.test_golden import SMALL
from tests.worlds import PRIOR

NAMES = [name for name in JOURNEY if name not in ("row", "table", "contact")]
"""What is compared of journeys: all but where they stand and the numbers of contacts."""


@cache
def small_year() -> pl.DataFrame:
    """A year of 600 contacts from families, as an authority would have it."""
    changes = {
        **SMALL,
        "demand.family_contacts_per_year": 600.0,
        "calendar.horizon_days": 365,
        "calendar.follow_up_days": 0,
    }
    return journeys_told(simulate(load(PRIOR).changed(changes), seed=1, replication=0))


def last_day(told: pl.DataFrame) -> datetime:
    """The day of the last step of anything."""
    last = told.select(pl.max_horizontal(pl.col(step.column).max() for step in STEPS).dt.truncate("1d")).item()
    assert isinstance(last, datetime)
    return last


def dates(told: pl.DataFrame) -> pl.DataFrame:
    """Every step a date."""
    return told.with_columns(pl.col(step.column).dt.truncate("1d") for step in STEPS)


def later(told: pl.DataFrame, days: int) -> pl.DataFrame:
    """The same, so many days later."""
    return told.with_columns(pl.col(step.column) + timedelta(days=days) for step in STEPS)


def pseudonymous(told: pl.DataFrame, contacts: pl.Expr) -> pl.DataFrame:
    """Journeys as read: the columns of `JOURNEY`, ids as numbers, that of each contact from the text of `contacts`."""
    of, text = Pseudonyms(SALT).of, told.select(contacts.alias("contact"))["contact"]
    return journeys(
        told.with_columns(
            of(text, "contact").alias("contact"),
            of(told["child"], "child"),
            of(told["worker"], "worker"),
            pl.int_range(2, pl.len() + 2).alias("row"),
            pl.lit(None, pl.String).alias("table"),
        )
    )


def counted(rows: pl.DataFrame, names: Sequence[str] = NAMES) -> Counter[tuple[object, ...]]:
    """The rows, each as often as it is there."""
    return Counter(rows.select(names).rows())
