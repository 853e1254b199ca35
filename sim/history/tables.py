"""Reading rows: only the columns that are wanted, every row either read or refused with the reason.

What is not asked for never enters memory beyond the row in hand, so names, addresses and notes in an extract are left
where they are. Rows are numbered as a spreadsheet shows them, the headings being row 1.
"""

import codecs
import csv
import sqlite3
import warnings
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import NamedTuple
from zipfile import BadZipFile

import openpyxl
import polars as pl
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook import Workbook

from sim.history.columns import columns_of, doubled, one_of_several
from sim.history.fields import DATE, PLACEHOLDERS, SERIAL, SERIAL_RULE, Field

MOST_COLUMNS = 1_000
MOST_CELLS = 50_000_000
"""Of a sheet of a workbook: more than a million rows of any extract have."""

_CHUNK_ROWS = 25_000
_MOST_SHOWN = 5
_BLOCK_BYTES = 1 << 20
_LOOKED_AT_BYTES, _MOSTLY = 1 << 10, 0.8
_BLANK = frozenset({"", "null", "#n/a", "nan", "none"})


_WRONG = "wrong rule"

_TRIMMED = pl.all().str.replace_all("\u00a0", " ", literal=True).str.strip_chars()
_STRIPPED = pl.when(~_TRIMMED.str.to_lowercase().is_in(sorted(_BLANK))).then(_TRIMMED)
"""Cells without space about them; blank ones, and what systems write for them, null."""

_UNCLOSED = "a quotation mark in the row does not close, or a cell is too long"

BROKEN: Sequence[str | None] = ()
"""In place of a row whose cells cannot be told apart."""


class ExtractError(ValueError):
    """An extract that cannot be read as a whole; the message is for the user. It holds no value of a row."""


class Refusal(NamedTuple):
    """A row that could not be read, and why; never what stood in it."""

    file: str
    row: int
    field: str
    rule: str


Numbered = tuple[int, Sequence[str | None]]
"""A row of text with its number."""


def first_of_refused(refused: Sequence[Refusal]) -> str:
    """The first rows that were refused, each with its field and rule, to end a sentence with; empty for none."""
    shown = "; ".join(f"{r.file}, row {r.row}: {r.field} {r.rule}" for r in refused[:_MOST_SHOWN])
    return f": {shown}" if shown else ""


class Rows(NamedTuple):
    """A table as it lies in a file: its name there, its headings, and its rows with their numbers, all text."""

    name: str
    headings: Sequence[str]
    rows: Iterator[Numbered]

    def __repr__(self) -> str:
        """Where it lies: what stands in the place of headings may be a row of somebody's."""
        return f"Rows({self.name!r})"


class Table(NamedTuple):
    """The rows of one table that were read, `frame` with a column `row` and one for each field it has.

    `in_file` counts all its rows; those not in `frame` are in `refused`. `placeholders` are, by field, the rows whose
    date stands for none and was read as blank. `has` are the fields whose column is there, `doubled` those that have
    several, with what they are called, and `inferred` how many cells of a field were made out and not told.
    """

    name: str
    frame: pl.DataFrame
    in_file: int
    refused: tuple[Refusal, ...]
    placeholders: Mapping[str, tuple[int, ...]]
    has: frozenset[str]
    doubled: Mapping[str, tuple[str, ...]] = {}
    inferred: Mapping[str, int] = {}

    def __repr__(self) -> str:
        """How many rows, and none of what is in them."""
        return f"Table({self.name!r}: {self.in_file} rows, {len(self.refused)} of them refused)"


def csv_rows(path: Path) -> Rows:
    """The rows of a CSV file, separated by commas, semicolons or tabs.

    In UTF-8, in UTF-16 where it begins with a mark that says so, or failing these in Windows-1252.
    """
    encoding = _encoding(path)
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        first = file.readline()
    separator = max(",;\t", key=first.count)
    rows = _numbered(path, encoding, separator)
    headings = next(rows, (1, ()))[1]
    if not any(headings):
        raise ExtractError(f"{path.name}: its first row must hold the headings, and there is none")
    return Rows(path.name, [heading or "" for heading in headings], rows)


def _encoding(path: Path) -> str:
    """UTF-8 where the whole file is; else what Excel on Windows writes, damaged bytes failing in their own cells."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        if file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            return "utf-16"
        file.seek(0)
        if _is_wide(file.read(_LOOKED_AT_BYTES)):
            raise ExtractError(f"{path.name}: looks like UTF-16 without the mark that says so: save it as UTF-8")
        file.seek(0)
        try:
            while block := file.read(_BLOCK_BYTES):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8-sig"


def _is_wide(start: bytes) -> bool:
    """Whether nearly every other byte is nought, as where each letter takes two."""
    odd, even = start[1::2], start[::2]
    return any(len(half) > 1 and half.count(0) > _MOSTLY * len(half) for half in (odd, even))


def _numbered(path: Path, encoding: str, separator: str) -> Iterator[Numbered]:
    """Every row, the headings' too. One whose quotation marks do not close is as many broken rows as it has lines."""
    number = 0
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        lines = csv.reader(file, delimiter=separator, strict=True)
        while True:
            before = lines.line_num
            try:
                line = next(lines, None)
            except csv.Error:
                yield from ((number + 1 + place, BROKEN) for place in range(lines.line_num - before))
                number += lines.line_num - before
                continue
            if line is None:
                return
            number += 1
            if line:
                yield number, line


def sheet_rows(path: Path, sheet: str) -> Rows:
    """The rows of one sheet of an Excel workbook, dates as dates whatever their format."""
    rows = iter(_sheet(path, sheet))
    headings = [str(cell or "") for cell in next(rows, ())]
    name = f"{path.name}, sheet {sheet}"
    if not any(headings):
        raise ExtractError(f"{name}: the sheet is empty: its first row must hold the headings")
    numbered = ((number, [as_text(cell) for cell in row]) for number, row in enumerate(rows, start=2))
    filled = ((number, row) for number, row in numbered if any(cell is not None for cell in row))
    return Rows(name, headings, ((number, _of_width(row, len(headings))) for number, row in filled))


def sheet_headings(path: Path) -> dict[str, list[str]]:
    """The first row of each sheet of an Excel workbook, by the name of the sheet; empty where there is none."""
    return {name: (rows or [[]])[0] for name, rows in first_rows(path, 1).items()}


def first_rows(path: Path, many: int) -> dict[str, list[list[str]]]:
    """The first rows of each sheet of an Excel workbook by its name, or of a CSV file by that of the file, as text."""
    if path.suffix.lower() == ".csv":
        encoding = _encoding(path)
        with path.open(encoding=encoding, errors="replace", newline="") as file:
            lines = [file.readline() for _ in range(many)]
        return {path.name: [line.strip().split(max(",;\t", key=line.count)) for line in lines]}
    with _workbook(path) as book:
        first = {sheet.title: list(sheet.iter_rows(max_row=many, values_only=True)) for sheet in book.worksheets}
    return {name: [[str(cell or "") for cell in row] for row in rows] for name, rows in first.items()}


_DAMAGED = (
    BadZipFile, InvalidFileException, zlib.error, EOFError, NotImplementedError, SyntaxError,
    AttributeError, IndexError, KeyError, OverflowError, TypeError, ValueError,
)  # fmt: skip
"""What reading a damaged workbook raises: it may be damaged anywhere between its zip file and its cells."""


@contextmanager
def _workbook(path: Path) -> Iterator[Workbook]:
    """An open workbook. What openpyxl warns of is kept quiet: it quotes cells."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with closing(openpyxl.load_workbook(path, read_only=True, data_only=True)) as book:
                yield book
        except _DAMAGED as error:
            message = "not an Excel workbook of the .xlsx kind, or damaged, or protected by a password"
            raise ExtractError(f"{path.name}: {message}") from error


def _sheet(path: Path, sheet: str) -> list[tuple[object, ...]]:
    """The rows of a sheet, without the empty cells at their ends, but for the first, which is as wide as the widest.

    A sheet may say that it is as wide as Excel allows, or have one cell there, and a small file can hold millions of
    such rows. Raise `ExtractError` where it has more columns or cells than an extract could.
    """
    rows, cells, widest = list[tuple[object, ...]](), 0, 0
    with _workbook(path) as book:
        for row in book[sheet].iter_rows(values_only=True):
            rows.append(_without_empty_end(row))
            cells, widest = cells + len(rows[-1]), max(widest, len(rows[-1]))
            if cells > MOST_CELLS or widest > MOST_COLUMNS:
                break
    if widest > MOST_COLUMNS:
        raise ExtractError(
            f"{path.name}, sheet {sheet}: a cell stands beyond column {MOST_COLUMNS}: remove what is there"
        )
    if cells > MOST_CELLS:
        raise ExtractError(f"{path.name}, sheet {sheet}: has more than {MOST_CELLS} cells: save it as CSV")
    return [tuple(row) + (None,) * (widest - len(row)) for row in rows[:1]] + rows[1:]


def _without_empty_end(row: Sequence[object]) -> tuple[object, ...]:
    wide = len(row)
    while wide and row[wide - 1] is None:
        wide -= 1
    return tuple(row[:wide])


def _of_width(row: list[str | None], width: int) -> list[str | None]:
    """A row as wide as the headings: empty cells at its end may be left out of a sheet, or lie beyond the headings."""
    padded = row + [None] * (width - len(row))
    return padded[:width] if not any(padded[width:]) else padded


def database_rows(path: Path, table: str) -> Rows:
    """The rows of one table of an SQLite file, which is only read."""
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    cursor = connection.execute(f'SELECT * FROM "{table}"')  # noqa: S608  (a table listed by the file itself)
    headings = [column[0] for column in cursor.description]

    def numbered() -> Iterator[Numbered]:
        with closing(connection):
            try:
                for number, row in enumerate(cursor, start=2):
                    yield number, [as_text(cell) for cell in row]
            except sqlite3.Error as error:
                raise ExtractError(f"{path.name}, table {table}: the file is damaged and cannot be read") from error

    return Rows(f"{path.name}, table {table}", headings, numbered())


def as_text(cell: object) -> str | None:
    """A cell of a workbook or database as a CSV would hold it."""
    if cell is None:
        return None
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "seconds")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def read(source: Rows, fields: Sequence[Field]) -> Table:
    """Read the wanted fields of a table.

    Raise `ExtractError` where a column that must be there is not, or two columns of one field differ in a row.
    """
    columns = columns_of(source.headings, fields)
    for field in fields:
        if field.must_hold and field.name not in columns:
            raise ExtractError(f'{source.name}: there is no column "{(field.headings or (field.name,))[0]}"')
    present = {field: columns[field.name] for field in fields if field.name in columns}
    # A chunk of rows is text no longer than it takes to read it: a whole extract as text would be most of the memory.
    chunks = [_chunk(source, rows, present) for rows in _chunks(source.rows)]
    placeholders = {
        field.name: tuple(row for chunk in chunks for row in chunk.placeholders.get(field.name, ()))
        for field in present
    }
    frame, inferred = _settled(pl.concat([chunk.frame for chunk in chunks]), list(present))
    return Table(
        source.name,
        frame,
        sum(chunk.in_file for chunk in chunks),
        tuple(sorted(refusal for chunk in chunks for refusal in chunk.refused)),
        {name: rows for name, rows in placeholders.items() if rows},
        frozenset(columns),
        doubled(source.headings, columns),
        inferred,
    )


def _settled(frame: pl.DataFrame, fields: Sequence[Field]) -> tuple[pl.DataFrame, dict[str, int]]:
    """The rows with what only whole columns can say, and how many cells of each such column are inferred."""
    inferred = {}
    for field in fields:
        if field.kind.settle:
            column, inferred[field.name] = field.kind.settle(frame[field.name])
            frame = frame.with_columns(column)
    return frame, inferred


def _chunks(rows: Iterator[Numbered]) -> Iterator[list[Numbered]]:
    """The rows some at a time; one empty chunk where there are none, whose columns still have their types."""
    yield list(islice(rows, _CHUNK_ROWS))
    while chunk := list(islice(rows, _CHUNK_ROWS)):
        yield chunk


class _Chunk(NamedTuple):
    """Some rows of a table, as `Table` has all of them."""

    frame: pl.DataFrame
    in_file: int
    refused: list[Refusal]
    placeholders: dict[str, list[int]]


def _chunk(source: Rows, rows: list[Numbered], present: Mapping[Field, tuple[int, ...]]) -> _Chunk:
    """Some rows read; those that do not have as many cells as there are headings, and those with a bad cell, not."""
    width = len(source.headings)
    ragged = f"the row must have {width} cells, as there are headings"
    torn = [
        Refusal(source.name, number, "(whole row)", _UNCLOSED if row is BROKEN else ragged)
        for number, row in rows
        if len(row) != width
    ]
    whole = [(number, row) for number, row in rows if len(row) == width]
    numbers = pl.Series("row", [number for number, _ in whole], dtype=pl.UInt32)
    text = {str(place): [row[place] for _, row in whole] for places in present.values() for place in places}
    every = pl.DataFrame(text, schema=dict.fromkeys(text, pl.String)).select(_STRIPPED)
    cells = pl.DataFrame([_cells(source, field, numbers, every, places) for field, places in present.items()])
    frame, refused, placeholders = _typed(source.name, numbers, cells, list(present))
    return _Chunk(frame, len(rows), torn + refused, placeholders)


def _cells(source: Rows, field: Field, numbers: pl.Series, every: pl.DataFrame, places: Sequence[int]) -> pl.Series:
    """The cells of a field. Raise `ExtractError` where two of its columns say different things in a row."""
    cells, clash = one_of_several(field, [every[str(place)] for place in places])
    if clash is not None:
        both = " and ".join(doubled(source.headings, {field.name: tuple(places)})[field.name])
        message = (
            f"the columns {both} both tell {field.name}, and differ in row {numbers[clash]}: leave out all but one"
        )
        raise ExtractError(f"{source.name}: {message}")
    return cells.alias(field.name)


def _typed(
    name: str, numbers: pl.Series, cells: pl.DataFrame, fields: Sequence[Field]
) -> tuple[pl.DataFrame, list[Refusal], dict[str, list[int]]]:
    """The cells as what they are; a row is refused for the first of its fields that cannot be read."""
    values = [field.kind.read(cells[field.name]).alias(field.name) for field in fields]
    read = pl.DataFrame([numbers, *values, *(cells[field.name].alias(f"{field.name} as text") for field in fields)])
    dates = [field.name for field in fields if field.kind is DATE]
    blank = {date: pl.col(date).dt.date().is_in(PLACEHOLDERS) for date in dates}
    placeholders = {date: read.filter(is_blank)["row"].to_list() for date, is_blank in blank.items()}
    rules, wrong = list[tuple[str, str]](), list[pl.Expr]()
    for field in fields:
        none = pl.col(field.name).is_null()
        unreadable = none & pl.col(f"{field.name} as text").is_not_null()
        none |= blank.get(field.name, pl.lit(value=False))
        serial = unreadable & pl.col(f"{field.name} as text").str.contains(SERIAL) & pl.lit(field.kind is DATE)
        empty = none & pl.lit(field.must_hold)
        for bad, rule in ((serial, SERIAL_RULE), (unreadable, field.kind.rule), (empty, "must not be empty")):
            wrong.append(pl.when(bad).then(pl.lit(len(rules), pl.UInt32)))
            rules.append((field.name, rule))
    checked = read.select(
        "row",
        *(pl.when(~blank[f.name]).then(f.name).alias(f.name) if f.name in blank else f.name for f in fields),
        pl.coalesce(pl.lit(None, pl.UInt32), *wrong).alias(_WRONG),
    )
    failed = checked.select("row", _WRONG).filter(pl.col(_WRONG).is_not_null())
    refusals = [Refusal(name, row, *rules[which]) for row, which in failed.iter_rows()]
    return checked.filter(pl.col(_WRONG).is_null()).drop(_WRONG), refusals, placeholders
