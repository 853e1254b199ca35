"""What goes wrong in real records, planted in known numbers in an invented one.

Each kind is planted in children of its own who came once, so that every number can be found again. Chance has the seed
as its key: the same year, level and seed are spoilt in the same way.
"""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl

from sim.history.history import STEPS
from sim.history.writing import PLANTED
from sim.history.writing.journeys import NAME as JOURNEYS_NAME

LEVELS = (0, 1, 2)
SHARE = {1: 0.01, 2: 0.03}
"""Of the rows that can have it, how many have each kind of mess: some, or a lot. Refusals stay below one in twenty."""

TIMES_SHARE = {1: 0.03, 2: 0.09}
BULK_SHARE = {1: 0.04, 2: 0.08}
FEWEST_IN_BULK = 25
CONFERENCES_SHARE = {1: 0.1, 2: 0.3}

TIMED = frozenset({"journeys", "mosaic"})
"""The formats that hold times of day, which can be lost."""

EVERY_TABLE = "all"
_BEFORE_END_DAYS = 21
_SATURDAY = 6
_DAYS_PER_WEEK = 7


class Planted(NamedTuple):
    """How many rows of a table have a kind of mess; of `HEADINGS`, how many headings."""

    kind: str
    table: str
    rows: int


class Cell(NamedTuple):
    """Where a kind of mess is written: the file, the column, the one with the child's id, and what is written there.

    `blank` says whether it stands where nothing stood, or in place of what did; `beside` is a column that is emptied.
    """

    kind: str
    file: str
    column: str
    child: str
    text: str
    blank: bool = False
    beside: str = ""


HEADINGS = "headings written otherwise"
LOCAL_SOURCES = "local codes for the source"
DEFAULT_DATES = "1900-01-01 where there is no date"
UNREADABLE = "cells that cannot be read"
_LOCAL, _DEFAULT, _NO_DATE = "LOC12", "1900-01-01", "31/31/2018"

CELLS: Mapping[str, tuple[Cell, ...]] = {
    "journeys": (
        Cell(LOCAL_SOURCES, JOURNEYS_NAME, "source", "child_id", _LOCAL),
        Cell(DEFAULT_DATES, JOURNEYS_NAME, "closed", "child_id", _DEFAULT, blank=True),
        Cell(UNREADABLE, JOURNEYS_NAME, "decided", "child_id", _NO_DATE),
    ),
    "ssd": (
        Cell(
            LOCAL_SOURCES,
            "ssd_contacts.csv",
            "cont_contact_source_code",
            "cont_person_id",
            _LOCAL,
            beside="cont_contact_source_desc",
        ),
        Cell(DEFAULT_DATES, "ssd_cin_episodes.csv", "cine_close_date", "cine_person_id", _DEFAULT, blank=True),
        Cell(UNREADABLE, "ssd_contacts.csv", "cont_contact_date", "cont_person_id", _NO_DATE),
    ),
}
"""What is planted in the cells of the formats that are CSVs."""


@dataclass(slots=True)
class Mess:
    """Chance, and the children whose records are spoilt already: no other kind is planted in them."""

    level: int
    seed: int
    children: set[str] = field(default_factory=set)
    planted: list[Planted] = field(default_factory=list)
    _chance: np.random.Generator = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._chance = np.random.default_rng([self.seed, self.level])

    def choose(self, kind: str, table: str, children: Sequence[str], wanted: int) -> list[int]:
        """The places of so many of these children, none of them chosen before; noted as planted in the table."""
        free = [place for place, child in enumerate(children) if child not in self.children]
        chosen = sorted(self._chance.choice(free, min(wanted, len(free)), replace=False).tolist()) if free else []
        self.children.update(children[place] for place in chosen)
        if chosen:
            self.planted.append(Planted(kind, table, len(chosen)))
        return chosen

    def in_rows(self, kind: str, told: pl.DataFrame, where: pl.Expr, share: float, fewest: int = 1) -> pl.Series:
        """Which journeys have a kind of mess: a share of those it can be in, of children who came once."""
        once = pl.len().over("child") == 1
        may = told.with_row_index("place").filter(where & once)
        wanted = max(fewest, round(share * len(may)))
        places = may["place"].gather(self.choose(kind, EVERY_TABLE, may["child"].to_list(), wanted))
        return pl.Series("chosen", np.isin(np.arange(len(told)), places.to_numpy()))


MISSING_ALLOCATIONS = "allocations without a date"
TIMES_LOST = "dates without their time of day"
REPEATED = "rows written twice"
COPIED = "contacts written twice under two ids"
NEARLY_COPIED = "contacts written again with a date alone"
SEEN_BEFORE = "children seen before the contact"
BULK = "closures entered together on one date"
WEEKEND_CONFERENCES = "conferences on a Saturday"


def spoil(told: pl.DataFrame, mess: Mess, form: str) -> pl.DataFrame:
    """Journeys with mess planted in them, before they are written in a format."""
    if not mess.level:
        return told
    kinds: list[Callable[[pl.DataFrame, Mess], pl.DataFrame]]
    kinds = [_conferences, _bulk, _unallocated, _seen_before, *([_times] if form in TIMED else []), _copies]
    for kind in kinds:
        told = kind(told, mess)
    return told


def _set(told: pl.DataFrame, chosen: pl.Series, *values: pl.Expr) -> pl.DataFrame:
    """The journeys with these columns changed where they are chosen."""
    return told.with_columns(
        pl.when(chosen).then(value).otherwise(pl.col(value.meta.output_name())).alias(value.meta.output_name())
        for value in values
    )


def _conferences(told: pl.DataFrame, mess: Mess) -> pl.DataFrame:
    held = pl.col("conference_held")
    saturday = held - pl.duration(days=(held.dt.weekday().cast(pl.Int64) - _SATURDAY) % _DAYS_PER_WEEK)
    may = held.is_not_null() & (saturday.dt.date() >= pl.col("received").dt.date())
    chosen = mess.in_rows(WEEKEND_CONFERENCES, told, may, CONFERENCES_SHARE[mess.level])
    return _set(told, chosen, saturday.alias("conference_held"))


def _bulk(told: pl.DataFrame, mess: Mess) -> pl.DataFrame:
    """Referrals that had closed by then, all closed on the last Wednesday three weeks before the end."""
    day = told.select(pl.col("received").max().dt.truncate("1w")).item() - timedelta(days=_BEFORE_END_DAYS - 2)
    closed = (pl.col("closed") < day) & pl.col("authorised").is_not_null()
    fewest = round(FEWEST_IN_BULK * mess.level)
    chosen = mess.in_rows(BULK, told, closed, BULK_SHARE[mess.level], fewest)
    return _set(told, chosen, pl.lit(day).cast(told["closed"].dtype).alias("closed"))


def _unallocated(told: pl.DataFrame, mess: Mess) -> pl.DataFrame:
    may = pl.col("allocated").is_not_null() & pl.col("assessment_started").is_not_null()
    chosen = mess.in_rows(MISSING_ALLOCATIONS, told, may, SHARE[mess.level])
    return told.with_columns(
        pl.when(~chosen).then(pl.col(name)).alias(name) for name in ("allocated", "worker", "holders")
    )


def _seen_before(told: pl.DataFrame, mess: Mess) -> pl.DataFrame:
    may = pl.col("seen").is_not_null() & pl.col("assessment_started").is_not_null()
    chosen = mess.in_rows(SEEN_BEFORE, told, may, SHARE[mess.level])
    return _set(told, chosen, (pl.col("received") - pl.duration(days=_DAYS_PER_WEEK)).alias("seen"))


def _times(told: pl.DataFrame, mess: Mess) -> pl.DataFrame:
    chosen = mess.in_rows(TIMES_LOST, told, pl.lit(value=True), TIMES_SHARE[mess.level])
    return _set(told, chosen, *(pl.col(step.column).dt.truncate("1d") for step in STEPS))


def _copies(told: pl.DataFrame, mess: Mess) -> pl.DataFrame:
    """Rows at the end that repeat others: as they are, under another id, or as somebody noted them beforehand."""
    anything, share = pl.lit(value=True), SHARE[mess.level]
    chosen = {kind: mess.in_rows(kind, told, anything, share) for kind in (REPEATED, COPIED, NEARLY_COPIED)}
    other_id = pl.format("{}-2", pl.col("contact")).alias("contact")
    later = [name for step in STEPS[1:] for name in (step.column, step.detail) if name]
    bare = told.with_columns(
        other_id,
        pl.col("received").dt.truncate("1d"),
        *(pl.lit(None, told[name].dtype).alias(name) for name in (*later, "worker", "team", "holders")),
    )
    again = (told.filter(chosen[REPEATED]), told.with_columns(other_id).filter(chosen[COPIED]))
    return pl.concat([told, *again, bare.filter(chosen[NEARLY_COPIED])])


def spoil_files(folder: Path, mess: Mess, form: str) -> None:
    """Plant mess in the cells and headings of the files of a format that is CSVs."""
    cells = CELLS.get(form, ())
    if not mess.level or not cells:
        return
    for cell in cells:
        _spoil_cells(folder / cell.file, cell, mess)
    for path in sorted(folder.glob("*.csv")):
        _spoil_headings(path, mess)


def _spoil_cells(path: Path, cell: Cell, mess: Mess) -> None:
    headings, *rows = _rows(path)
    column, child = headings.index(cell.column), headings.index(cell.child)
    came = [row[child] for row in rows]
    counts = {one: came.count(one) for one in set(came)}
    may = [row for row in rows if (row[column] == "") == cell.blank and counts[row[child]] == 1]
    wanted = max(1, round(SHARE[mess.level] * len(rows)))
    for place in mess.choose(cell.kind, cell.file, [row[child] for row in may], wanted):
        may[place][column] = cell.text
        if cell.beside:
            may[place][headings.index(cell.beside)] = ""
    _save(path, [headings, *rows])


def _spoil_headings(path: Path, mess: Mess) -> None:
    """Every other heading, or every one, in capitals and with spaces, as somebody's spreadsheet has them."""
    headings, *rows = _rows(path)
    every = 1 if mess.level > 1 else 2
    otherwise = [
        name.upper().replace("_", "  ") + " " if place % every == 0 else name for place, name in enumerate(headings)
    ]
    changed = sum(now != then for now, then in zip(otherwise, headings, strict=True))
    mess.planted.append(Planted(HEADINGS, path.name, changed))
    _save(path, [otherwise, *rows])


def _rows(path: Path) -> list[list[str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def _save(path: Path, rows: Sequence[Sequence[str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def write_planted(mess: Mess, folder: Path) -> None:
    """Write what was planted, a row for each kind and table; the headings alone where nothing was."""
    _save(folder / PLANTED, list(_lines(mess.planted)))


def _lines(planted: Sequence[Planted]) -> Iterator[list[str]]:
    yield list(Planted._fields)
    yield from ([one.kind, one.table, str(one.rows)] for one in planted)
