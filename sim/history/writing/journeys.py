"""Journeys CSV, as `frontdoor observe` reads it: the one format that holds times of day for every step."""

from pathlib import Path

import polars as pl

from sim.events import Ending, Outcome, Rating, SeenBy
from sim.history.fields import DATE
from sim.history.journeys import FIELDS, TEMPLATE
from sim.history.writing.cells import in_words, source_code, source_words, to_the_minute

NAME = "journeys.csv"

_STAMPS = tuple(field.name for field in FIELDS if field.kind is DATE)
_ENUMS = {"outcome": Outcome, "ending": Ending, "rating": Rating, "seen_by": SeenBy}


def write(told: pl.DataFrame, folder: Path) -> None:
    """Write `journeys.csv`, one row for each child and contact, with all the columns of the template."""
    number = pl.col("source")
    cells = told.select(
        pl.col("contact").alias("contact_id"),
        pl.col("child").alias("child_id"),
        pl.col("worker").alias("worker_id"),
        "team",
        pl.format("{}: {}", source_code(number), source_words(number)).alias("source"),
        *(in_words(("no", "yes"), pl.col(flag)).alias(flag) for flag in ("domestic_abuse", "open_case")),
        *(in_words([one.name.lower() for one in kind], pl.col(name)).alias(name) for name, kind in _ENUMS.items()),
        *(to_the_minute(stamp) for stamp in _STAMPS),
    )
    cells.select(TEMPLATE).write_csv(folder / NAME)
