"""Particulars that an authority's files hold and nobody has: invented, so that a reader has what to leave unread."""

from datetime import date, timedelta
from typing import NamedTuple
from zlib import crc32

import polars as pl

from sim.events import Ending, Outcome
from sim.history.history import STEPS
from sim.history.synthesis import MARK
from sim.history.writing.cells import SOURCES
from sim.scenario import Source

REFERRED = (Outcome.REFERRAL, Outcome.STRATEGY_DISCUSSION, Outcome.OTHER_TEAM, Outcome.REFERRAL_NO_ACTION)
"""The decisions that an authority records as a referral."""

GOES_ON = (Ending.TRANSFER, Ending.TRANSFER_AFTER_CONFERENCE)
"""The endings after which a case is open still, with a team that the simulation does not follow."""

FOR_EARLY_HELP = (pl.col("outcome") == Outcome.EARLY_HELP) | (pl.col("ending") == Ending.STEP_DOWN)
"""Which journeys led to early help: what begins after a transfer is the next team's support."""

SOURCE_CODES = tuple(SOURCES[source][0] for source in Source)
"""The DfE's code of each `Source`, in its order."""

UNKNOWN_SOURCE = "10"

ETHNICITIES = ("WBRI", "WOTH", "MWBC", "AIND", "APKN", "BAFR", "OOTH")
_DAYS_OF_CHILDHOOD = 17 * 365
_UPN_NUMBERS = 10_000


class Person(NamedTuple):
    """A child as nobody is: when born, whether a girl, of which of `ETHNICITIES`, under which pupil number."""

    born: date
    is_girl: bool
    ethnicity: int
    pupil_number: str

    def age(self, on: date) -> int:
        """Whole years on a date."""
        return on.year - self.born.year - ((on.month, on.day) < (self.born.month, self.born.day))


def person(child: str, first_day: date) -> Person:
    """The particulars of a child, always the same for one id; born within seventeen years before `first_day`."""
    number = crc32(child.encode())
    born = first_day - timedelta(days=1 + number % _DAYS_OF_CHILDHOOD)
    return Person(born, number % 2 == 0, number % len(ETHNICITIES), f"{MARK}{number % _UPN_NUMBERS:04}")


def source_code(source: int | None) -> str:
    """The DfE's code of a position in `Source`, that for unknown where it is none."""
    return SOURCE_CODES[source] if source is not None and source >= 0 else UNKNOWN_SOURCE


def dates_alone(told: pl.DataFrame) -> pl.DataFrame:
    """Journeys with every step a date."""
    return told.with_columns(pl.col(step.column).dt.date() for step in STEPS)


def first_and_last(told: pl.DataFrame) -> tuple[date, date]:
    """The days of the first contact and of the last step of any journey. `told` has at least one."""
    days = dates_alone(told).select(
        pl.col("received").min().alias("first"),
        pl.max_horizontal(pl.col(step.column).max() for step in STEPS).alias("last"),
    )
    first, last = days.row(0)
    return first, last
