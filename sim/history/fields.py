"""What the columns of an extract hold: their headings, and how their cells are read.

A cell that cannot be read refuses its row. Nothing is guessed: a cell is one of the forms named here or it is not.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from typing import NamedTuple

import polars as pl

STAMP = pl.Datetime("ms")
"""A date and time of day; at midnight a date alone."""

_DATES = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d-%b-%Y", "%d %b %Y", "%d %B %Y", "%Y%m%d")
_TIMES = ("%H:%M", "%H:%M:%S", "%H:%M:%S%.f")
_DATE_AND_TIME = r"^(?<day>.*?)(?:[ T](?<time>\d{1,2}:\S*))?$"
_ZONE_OF_A_DATE = r"^(\d{4}-\d\d-\d\d)(?:T00:00(?::00(?:\.0+)?)?)?(?:Z|[+-]\d\d:\d\d)$"
"""XML allows a date a time zone, of which a date alone says nothing. A time of day in a zone is another in ours."""

_SHORTENED = r"^\d(?:[.,]\d+)?[Ee]\+\d+$"
"""How a spreadsheet shows a long number, and saves it: many ids become one."""

PLACEHOLDERS = (date(1900, 1, 1), date(1899, 12, 30), date(1753, 1, 1), date(9999, 12, 31), date(2999, 12, 31))
"""Dates that systems write where there is none."""

FIRST_YEAR, LAST_YEAR = 1900, 2099
"""A date of any other year is a slip of the pen."""

_YES = frozenset({"y", "yes", "true", "1", "a) yes"})
_NO = frozenset({"n", "no", "false", "0", "b) no"})
_UNKNOWN = frozenset({"c) unknown", "unknown", "u", "z", "#n/a", "n/a", "null"})


_TYPOGRAPHIC = {0x2018: "'", 0x2019: "'", 0x2013: "-"}
"""What Word makes of apostrophes and hyphens."""


class Kind(NamedTuple):
    """A form of cell: `read` gives the values of cells of text, null for what it cannot read, as `rule` says.

    Where what a cell means can be told only from the whole column, `settle` makes the values of what was read, and says
    how many of them are inferred.
    """

    rule: str
    read: Callable[[pl.Series], pl.Series]
    settle: Callable[[pl.Series], tuple[pl.Series, int]] | None = None


class Field(NamedTuple):
    """A column that is wanted: the name it has here, the headings it may have there, and what its cells are.

    Headings are compared without regard to case, spacing, punctuation marks of Word and underscores. A row without a
    value in a column that `must_hold` one is refused; a file without such a column cannot be read.
    """

    name: str
    kind: Kind
    headings: tuple[str, ...]
    must_hold: bool = False


def plain(text: str) -> str:
    """A heading as it is compared: lower case, single spaces, plain apostrophes and hyphens."""
    text = unicodedata.normalize("NFKC", text).translate(_TYPOGRAPHIC)
    return re.sub(r"[\s_]+", " ", text).strip().casefold()


def _stamps(cells: pl.Series) -> pl.Series:
    """Dates, the day before the month, with or without a time of day; seconds are dropped."""
    if cells.null_count() == len(cells):
        return pl.Series(cells.name, [None], dtype=STAMP).new_from_index(0, len(cells))
    wanted = cells.drop_nulls().unique().alias("cell").to_frame()
    parts = wanted.select(
        "cell", pl.col("cell").str.replace(_ZONE_OF_A_DATE, "$1").str.extract_groups(_DATE_AND_TIME).alias("parts")
    ).unnest("parts")
    day = pl.coalesce(*(pl.col("day").str.to_date(form, strict=False) for form in _DATES))
    clock = pl.coalesce(*(pl.col("time").str.to_time(form, strict=False) for form in _TIMES))
    minutes = (
        pl.when(pl.col("time").is_null()).then(0).otherwise(clock.dt.hour().cast(pl.Int32) * 60 + clock.dt.minute())
    )
    possible = day.dt.year().is_between(FIRST_YEAR, LAST_YEAR) | day.is_in(PLACEHOLDERS)
    stamp = pl.when(possible).then(day.cast(STAMP) + pl.duration(minutes=minutes))
    read = parts.select("cell", stamp.cast(STAMP).alias("stamp"))
    return cells.to_frame("cell").join(read, on="cell", how="left", maintain_order="left")["stamp"]


def _yes_or_no(cells: pl.Series) -> pl.Series:
    told = {**dict.fromkeys(_YES, 1), **dict.fromkeys(_NO, 0), **dict.fromkeys(_UNKNOWN, -1)}
    return _told(cells, told)


def _told(cells: pl.Series, told: Mapping[str, int]) -> pl.Series:
    wanted = cells.drop_nulls().unique()
    if not len(wanted):
        return pl.Series(cells.name, [None], dtype=pl.Int8).new_from_index(0, len(cells))
    values = [told.get(plain(cell)) for cell in wanted.to_list()]
    found = pl.DataFrame({"cell": wanted, "value": pl.Series(values, dtype=pl.Int8)})
    return cells.to_frame("cell").join(found, on="cell", how="left", maintain_order="left")["value"]


def one_of(told: Mapping[str, int], rule: str) -> Kind:
    """A closed set of words or codes, each with the number it stands for; -1 for a word that means unknown."""
    plainly = {plain(word): number for word, number in told.items()}
    return Kind(rule, lambda cells: _told(cells, plainly))


def _text(cells: pl.Series) -> pl.Series:
    return cells


def _ids(cells: pl.Series) -> pl.Series:
    return cells.set(cells.str.contains(_SHORTENED).fill_null(value=False), None)


DATE = Kind(
    "must be a date, or a date and time, with the day before the month, such as 31/01/2024 or 2024-01-31, "
    f"of the years {FIRST_YEAR} to {LAST_YEAR}, and a time in no time zone",
    _stamps,
)
YES_NO = Kind("must be yes or no", _yes_or_no)
TEXT = Kind("must be text", _text)
"""Names of teams, and words that a reader looks through."""
ID = Kind("must be an id as its system holds it, and not as a spreadsheet shortens a long number (1.23E+10)", _ids)
"""Ids, made pseudonymous as they are read."""

SERIAL = r"^\d{5}(?:\.\d+)?$"
SERIAL_RULE = "looks like the number by which Excel holds a date: format the column as a date"
"""What a date of 1927 to 2173 is without its format, and what to do; never read, since it may be any number."""
