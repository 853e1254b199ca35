"""What is published of one authority in one year, each figure with the file, column and row it was read from."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from sim.published.files import PublishedFile, Releases
from sim.published.layouts import LAYOUTS, Layout, Table
from sim.published.places import TOGETHER, Authority
from sim.published.rows import Level, Row
from sim.published.values import MEANING, NO_COLUMN, Cell, Code

ENGLAND: Final = "England"
_OTHER_YEAR: Final = "of the year before: {} has none for the year"


@dataclass(frozen=True, slots=True)
class Figure:
    """One published figure, or why there is none; `note` says what is not as usual about where it is from."""

    field: str
    cell: Cell
    unit: str
    table: Table
    column: str
    file: str
    release: str
    year: int
    line: int
    found_by: str
    note: str = ""

    @property
    def value(self) -> float | None:
        """The number, or None."""
        return self.cell.value

    @property
    def why_none(self) -> str:
        """Why there is no number, in words; empty where there is one."""
        return "" if self.cell.code is None else MEANING[self.cell.code]

    @property
    def source(self) -> str:
        """Where it was read, in words."""
        if not self.line:
            return f"{self.table}: no row for {self.year}"
        where = f"{self.table}, {self.year}, {self.found_by} ({self.file}, row {self.line}, column {self.column})"
        return f"{where}; {self.note}" if self.note else where


@dataclass(frozen=True, slots=True)
class AuthorityFigures:
    """Everything published of an authority in one year that a scenario can use, and the same of its neighbours.

    `areas` are those that stand in where a share is missing, the nearest first: its neighbours, its region, England.
    """

    authority: Authority
    year: int
    figures: Mapping[str, Figure]
    areas: Mapping[str, tuple[Mapping[str, Figure], ...]] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Figure:
        return self.figures[name]

    def value(self, name: str) -> float | None:
        """A figure's number, or None where there is none."""
        return self.figures[name].value

    def is_suppressed(self, name: str) -> bool:
        """Whether the number is hidden because it is small, or would give a small one away."""
        return self.figures[name].cell.code is Code.CONFIDENTIAL


def figures_of(releases: Releases, authority: Authority, year: int) -> AuthorityFigures:
    """The figures of an authority in the year to March `year`, and of what may stand in for it."""
    codes = releases.neighbours.get(authority.code, ())
    near = tuple(_figures(releases, year, _by_code(code)) for code in codes)
    areas: dict[str, tuple[Mapping[str, Figure], ...]] = {}
    if near:
        areas[f"the middle of {len(near)} statistical neighbours"] = near
    areas[authority.region] = (_figures(releases, year, _by_area(Level.REGION, authority.region)),)
    areas[ENGLAND] = (_figures(releases, year, _by_area(Level.ENGLAND, "")),)
    return AuthorityFigures(authority, year, _figures(releases, year, _by_code(authority.code)), areas)


@dataclass(frozen=True, slots=True)
class _Sought:
    level: Level
    code: str
    region: str

    def is_of(self, row: Row) -> bool:
        """Whether a row is of this place."""
        if row.level is not self.level:
            return False
        return self.code in row.codes if self.code else row.region == self.region


def _by_code(code: str) -> _Sought:
    return _Sought(Level.AUTHORITY, code, "")


def _by_area(level: Level, region: str) -> _Sought:
    return _Sought(level, "", region)


def _figures(releases: Releases, year: int, sought: _Sought) -> dict[str, Figure]:
    return {figure.field: figure for table in Table for figure in _of_table(releases, table, year, sought)}


def _of_table(releases: Releases, table: Table, year: int, sought: _Sought) -> Iterator[Figure]:
    found, note = _row(releases, table, year, sought), ""
    if found is None and table is Table.WORKFORCE:
        # The year to 30 September before overlaps the year to March as much as the one after.
        found, note = _row(releases, table, year - 1, sought), _OTHER_YEAR.format(table)
    if found is None:
        layout = next(layout for layout in LAYOUTS if layout.table is table)
        yield from (_none(layout, name, year) for name in layout.columns)
        return
    file, row, together = found
    said = "; ".join(part for part in (note, together) if part)
    for name, column in file.layout.columns.items():
        yield Figure(
            name, row.cells[name], column.unit, table, column.name, file.name, file.release, row.year, row.line,
            row.found_by, said,
        )  # fmt: skip


def _row(releases: Releases, table: Table, year: int, sought: _Sought) -> tuple[PublishedFile, Row, str] | None:
    """The row of the newest release that has one, with what is said where it is of two authorities together."""
    for file in releases.of(table):
        of_year = file.by_year.get(year, ())
        row = next((row for row in of_year if sought.is_of(row)), None)
        if row is None:
            continue
        if table is Table.WORKFORCE and sought.code:
            row = _partner_or_own(of_year, row, sought.code)
        is_two = len(row.codes) > 1 or row.codes not in ((), (sought.code,)) or _partner_is_blank(of_year, row)
        return file, row, "of two authorities that report their workforce together" if is_two else ""
    return None


def _partner_or_own(rows: Sequence[Row], own: Row, code: str) -> Row:
    """The row that holds the figures: its partner's, where the two report under the other's code."""
    if not _is_blank(own):
        return own
    return next((row for row in _partners(rows, code) if not _is_blank(row)), own)


def _partner_is_blank(rows: Sequence[Row], own: Row) -> bool:
    return len(own.codes) == 1 and any(_is_blank(row) for row in _partners(rows, own.codes[0]))


def _partners(rows: Sequence[Row], code: str) -> list[Row]:
    others = {other for pair in TOGETHER if code in pair for other in pair} - {code}
    return [row for row in rows if row.codes in {(other,) for other in others}]


def _is_blank(row: Row) -> bool:
    return all(found.code is Code.NOT_APPLICABLE for found in row.cells.values())


def _none(layout: Layout, name: str, year: int) -> Figure:
    column = layout.columns[name]
    cell = replace(NO_COLUMN, code=Code.NOT_AVAILABLE)
    return Figure(name, cell, column.unit, layout.table, column.name, "", "", year, 0, "")
