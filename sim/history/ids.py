"""Whether the ids of an extract's tables match: ids that do not make nobody of somebody, or two of one.

A spreadsheet that takes ids for numbers drops the noughts before them, in one table and not in the other. Then nothing
follows from anything, and every count after the first step is a confident nought.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import polars as pl

from sim.history.history import Finding
from sim.history.tables import ExtractError, Table

MOST_WITHOUT_NOUGHTS_SHARE = 0.05
"""Beyond this share of a table's rows whose ids have lost their noughts nothing is computed: as of rows refused."""

LEAST_KNOWN_SHARE = 0.5
"""Where fewer of the children of a table than this are in the table that it follows, their ids do not match; ours."""

FEWEST_TO_JUDGE = 10
"""Of fewer children than this no share is judged."""


class Column(NamedTuple):
    """A column of ids as text: its table, its name here and its heading there."""

    table: Table
    name: str
    heading: str


def without_noughts(columns: Iterable[Column]) -> Iterator[Finding]:
    """The rows whose id another row has with noughts before it; the columns hold ids of one kind, not yet pseudonyms.

    Raise `ExtractError` where they are more than a few of a table.
    """
    every = [column for column in columns if column.name in column.table.frame]
    if not every:
        return
    shorter = _shorter([column.table.frame[column.name] for column in every])
    for column in every:
        frame = column.table.frame
        rows = frame.filter(pl.col(column.name).is_in(shorter.implode()))["row"]
        if len(rows) > MOST_WITHOUT_NOUGHTS_SHARE * len(frame):
            raise ExtractError(
                f"{column.table.name}: {len(rows)} of {len(frame)} rows, the first of them row {rows[0]}, have a "
                f"{column.heading} that other rows of the extract have with noughts before it, as where a spreadsheet "
                "takes ids for numbers: export ids as text"
            )
        if len(rows):
            what = f"a {column.heading} that other rows have with noughts before it"
            touches = "every measure that links rows by it"
            yield Finding("id_without_noughts", what, column.table.name, tuple(rows), len(frame), touches,
                          "read as another's")  # fmt: skip


def _shorter(columns: Sequence[pl.Series]) -> pl.Series:
    """The ids that are also there with more noughts before them."""
    ids = pl.concat([column.rename("id") for column in columns]).drop_nulls().unique().to_frame()
    numbers = ids.filter(pl.col("id").str.contains(r"^\d+$"))
    bare = numbers.with_columns(
        pl.col("id").str.strip_chars_start("0").alias("bare"), pl.col("id").str.len_bytes().alias("length")
    )
    return bare.filter(pl.col("length") < pl.col("length").max().over("bare"))["id"]


def strangers(rows: pl.DataFrame, known: pl.Series) -> pl.DataFrame:
    """The rows of children who are not known, where those are most of the children of the rows; else none of them."""
    loose = rows.filter(~pl.col("child").is_in(known.unique().implode()))
    children = rows["child"].n_unique()
    are_most = loose["child"].n_unique() > (1 - LEAST_KNOWN_SHARE) * children
    return loose if children >= FEWEST_TO_JUDGE and are_most else loose.clear()
