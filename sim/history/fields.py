"""What the columns of an extract hold: their headings, and how their cells are read.

A cell that cannot be read refuses its row. Nothing is guessed: a cell is one of the forms named here or it is not.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import NamedTuple

import polars as pl

STAMP = pl.Datetime("ms")
"""A date and time of day; at midnight a date alone."""

_DATES = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d-%b-%Y", "%d %b %Y", "%d %B %Y", "%Y%m%d")
_TIMES = ("", "%H:%M", "%H:%M:%S", "%H:%M:%S%.f")
_XML_DATES = ("%Y-%m-%dZ", "%Y-%m-%d+00:00", "%Y-%m-%d+01:00")
"""Dates with a time zone, as XML allows; of a date alone the zone says nothing."""

_STAMPS = (
    tuple(f"{date}{join}{time}" for date in _DATES for time in _TIMES for join in (("",) if not time else (" ", "T")))
    + _XML_DATES
)

_YES = frozenset({"y", "yes", "true", "1", "a) yes"})
_NO = frozenset({"n", "no", "false", "0", "b) no"})
_UNKNOWN = frozenset({"c) unknown", "unknown", "u", "z", "#n/a", "n/a", "null"})


_TYPOGRAPHIC = {0x2018: "'", 0x2019: "'", 0x2013: "-"}
"""What Word makes of apostrophes and hyphens."""


class Kind(NamedTuple):
    """A form of cell: `read` gives the values of cells of text, null for what it cannot read, as `rule` says."""

    rule: str
    read: Callable[[pl.Series], pl.Series]


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
    wanted = cells.drop_nulls().unique()
    read = pl.Series(wanted.name, [None] * len(wanted), dtype=STAMP)
    for form in _STAMPS:
        if not read.null_count():
            break
        read = read.zip_with(read.is_not_null(), _read_as(wanted, form))
    found = pl.DataFrame({"cell": wanted, "stamp": read.dt.truncate("1m")})
    return cells.to_frame("cell").join(found, on="cell", how="left", maintain_order="left")["stamp"]


def _read_as(cells: pl.Series, form: str) -> pl.Series:
    if "%H" in form:
        return cells.str.to_datetime(form, strict=False, time_unit="ms")
    return cells.str.to_date(form, strict=False).cast(STAMP)


def _yes_or_no(cells: pl.Series) -> pl.Series:
    told = {**dict.fromkeys(_YES, 1), **dict.fromkeys(_NO, 0), **dict.fromkeys(_UNKNOWN, -1)}
    return _told(cells, told)


def _told(cells: pl.Series, told: Mapping[str, int]) -> pl.Series:
    wanted = cells.drop_nulls().unique()
    values = [told.get(plain(cell)) for cell in wanted.to_list()]
    found = pl.DataFrame({"cell": wanted, "value": pl.Series(values, dtype=pl.Int8)})
    return cells.to_frame("cell").join(found, on="cell", how="left", maintain_order="left")["value"]


def one_of(told: Mapping[str, int], rule: str) -> Kind:
    """A closed set of words or codes, each with the number it stands for; -1 for a word that means unknown."""
    plainly = {plain(word): number for word, number in told.items()}
    return Kind(rule, lambda cells: _told(cells, plainly))


def _text(cells: pl.Series) -> pl.Series:
    return cells


DATE = Kind(
    "must be a date, or a date and time, with the day before the month, such as 31/01/2024 or 2024-01-31", _stamps
)
YES_NO = Kind("must be yes or no", _yes_or_no)
TEXT = Kind("must be text", _text)
"""Ids, made pseudonymous as they are read, and names of teams."""
