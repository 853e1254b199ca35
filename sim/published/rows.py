"""A row of a published table: an authority, a region or England in one year, with its cells."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sim.published.layouts import Layout
from sim.published.values import NO_COLUMN, Cell, PublishedError, cell

FIRST_YEAR: Final = 2009
LAST_YEAR: Final = 2100
_YEAR: Final = re.compile(r"(?P<first>20\d\d)(?:[-/]?(?P<second>\d\d))?")


class Level(StrEnum):
    """What a row is of."""

    AUTHORITY = "local authority"
    REGION = "regional"
    ENGLAND = "national"


@dataclass(frozen=True, slots=True)
class Row:
    """One place in one year: `year` is the March it ends in; `codes` are the old codes of the authorities it is of.

    A row of two authorities that report together holds both codes.
    """

    line: int
    year: int
    level: Level
    region: str
    codes: tuple[str, ...]
    new_codes: tuple[str, ...]
    name: str
    cells: Mapping[str, Cell]

    @property
    def found_by(self) -> str:
        """How the row was found, in words."""
        if self.level is Level.AUTHORITY:
            return f"{' / '.join(self.codes)} {self.name}"
        return self.region or "England"


def read_row(file: str, number: int, layout: Layout, values: Mapping[str, str]) -> Iterator[Row]:
    """The row, or nothing where it is of a level that is not read. Raise `PublishedError` for what breaks a rule."""
    try:
        level = Level(values["geographic_level"].strip().casefold())
    except ValueError:
        return
    codes = _codes(values["old_la_code"])
    if level is Level.AUTHORITY and not codes:
        raise PublishedError(f"{file}, row {number}, old_la_code: an authority's row must have its three-digit code")
    cells = {
        field: _cell(file, number, column.name, layout, field, values, level)
        for field, column in layout.columns.items()
    }
    yield Row(
        line=number,
        year=_year(file, number, values["time_period"]),
        level=level,
        region=values["region_name"].strip(),
        codes=codes,
        new_codes=_codes(values["new_la_code"]),
        name=values["la_name"].strip(),
        cells=cells,
    )


def refuse_twice(file: str, rows: Sequence[Row]) -> None:
    """Raise `PublishedError` where one place has two rows for one year: nobody could tell which is meant."""
    seen: dict[tuple[int, Level, str, tuple[str, ...]], int] = {}
    for row in rows:
        key = (row.year, row.level, row.region if row.level is not Level.AUTHORITY else "", row.codes)
        if key in seen:
            raise PublishedError(f"{file}, rows {seen[key]} and {row.line}: both are {row.found_by} in {row.year}")
        seen[key] = row.line


def _cell(
    file: str, number: int, name: str, layout: Layout, field: str, values: Mapping[str, str], level: Level
) -> Cell:  # fmt: skip
    if name not in values:
        return NO_COLUMN
    try:
        return cell(values[name], layout.columns[field].unit, is_area=level is not Level.AUTHORITY)
    except ValueError as error:
        raise PublishedError(f"{file}, row {number}, {name}: {error}") from None


def _year(file: str, number: int, text: str) -> int:
    """The calendar year in which the reporting year ends: 2019, 201819, 2018-19 and 2018/19 are one."""
    found = _YEAR.fullmatch(text.strip())
    if found is not None:
        first, second = int(found["first"]), found["second"]
        if second is None and FIRST_YEAR <= first <= LAST_YEAR:
            return first
        if second is not None and int(second) == (first + 1) % 100:
            return first + 1
    raise PublishedError(f"{file}, row {number}, time_period: {text[:12]!r} is not a year such as 2019 or 201819")


def _codes(text: str) -> tuple[str, ...]:
    """One code, or those of authorities that report together ("940 / 941"), with the noughts that Excel drops."""
    parts = (part.strip() for part in text.split("/"))
    return tuple(part.removesuffix(".0") for part in parts if part and part.casefold() not in {"z", "x", ":"})
