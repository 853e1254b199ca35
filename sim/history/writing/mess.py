"""What goes wrong in real records, planted in known numbers in an invented one.

Each kind is planted in children of its own who came once, so that every number can be found again; but a change of
recording practice is the whole record's. Chance has the seed as its key: the same year, level and seed are spoilt in
the same way.
"""

import csv
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl

from sim.history.writing import PLANTED

LEVELS = (0, 1, 2)
SHARE = {1: 0.01, 2: 0.03}
"""Of the rows that can have it, how many have each kind of mess: some, or a lot. Refusals stay below one in twenty."""

EVERY_TABLE = "all"


class Planted(NamedTuple):
    """How many rows of a table have a kind of mess; of `HEADINGS`, how many headings."""

    kind: str
    table: str
    rows: int


@dataclass(slots=True)
class Mess:
    """Chance, and the children whose records are spoilt already: no other kind is planted in them.

    `may` says in which journeys a format shows mess at all, and `dated` in which a date of decision; `only` are the
    kinds that are planted, None for all.
    """

    level: int
    seed: int
    only: frozenset[str] | None = None
    children: set[str] = field(default_factory=set)
    planted: list[Planted] = field(default_factory=list)
    may: pl.Expr = field(default_factory=lambda: pl.lit(value=True), repr=False)
    dated: pl.Expr = field(default_factory=lambda: pl.lit(value=True), repr=False)
    _chance: np.random.Generator = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._chance = np.random.default_rng([self.seed, self.level])

    def plants(self, kind: str) -> bool:
        """Whether a kind is to be planted."""
        return self.level > 0 and (self.only is None or kind in self.only)

    def note(self, kind: str, table: str, rows: int) -> None:
        """Note how many rows have a kind of mess, if any have."""
        if rows:
            self.planted.append(Planted(kind, table, rows))

    def choose(self, kind: str, table: str, children: Sequence[str], wanted: int) -> list[int]:
        """The places of so many of these children, none of them chosen before; noted as planted in the table."""
        free = [place for place, child in enumerate(children) if child not in self.children]
        if not free or not self.plants(kind):
            return []
        chosen = sorted(self._chance.choice(free, min(wanted, len(free)), replace=False).tolist())
        self.children.update(children[place] for place in chosen)
        self.note(kind, table, len(chosen))
        return chosen

    def in_rows(self, kind: str, told: pl.DataFrame, where: pl.Expr, share: float, fewest: int = 1) -> pl.Series:
        """Which journeys have a kind of mess: a share of those it can be in, of children who came once."""
        once = pl.len().over("child") == 1
        may = told.with_row_index("place").filter((where & once & self.may).fill_null(value=False))
        wanted = max(fewest, round(share * len(may)))
        places = may["place"].gather(self.choose(kind, EVERY_TABLE, may["child"].to_list(), wanted))
        return pl.Series("chosen", np.isin(np.arange(len(told)), places.to_numpy()))

    def in_all_of(self, kind: str, told: pl.DataFrame, where: pl.Expr) -> pl.Series:
        """Which journeys follow another practice: all there are, whoever's."""
        which = told.select(where.fill_null(value=False)).to_series()
        self.note(kind, EVERY_TABLE, int(which.sum()))
        return which


AS_MANY = "as many rows"
MORE_OR_FEWER = "more or fewer rows: other mess, and rows of the year itself, look the same or hide it"


def write_planted(mess: Mess, folder: Path, only_alone: Collection[str]) -> None:
    """Write what was planted, a row for each kind and table, and whether the report of quality has as many rows.

    `only_alone` are the kinds of which it has not, unless nothing else is planted. The headings stand alone where
    nothing was.
    """
    with (folder / PLANTED).open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows(_lines(mess.planted, only_alone))


def _lines(planted: Sequence[Planted], only_alone: Collection[str]) -> Iterator[list[str]]:
    yield [*Planted._fields, "in the report"]
    for one in planted:
        yield [one.kind, one.table, str(one.rows), MORE_OR_FEWER if one.kind in only_alone else AS_MANY]
