"""Reading rows: only the columns that are wanted, every row either read or refused with the reason.

What is not asked for never enters memory beyond the row in hand, so names, addresses and notes in an extract are left
where they are. Rows are numbered as a spreadsheet shows them, the headings being row 1.
"""

import codecs
import csv
import sqlite3
import warnings
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import NamedTuple
from zipfile import BadZipFile

import openpyxl
import polars as pl
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook import Workbook

from sim.history.fields import DATE, Field, plain

_CHUNK_ROWS = 50_000
_BLOCK_BYTES = 1 << 20
_BLANK = frozenset({"", "null", "#n/a", "nan", "none"})
_PLACEHOLDERS = (date(1900, 1, 1), date(1899, 12, 30), date(1753, 1, 1), date(9999, 12, 31), date(2999, 12, 31))
"""Dates that systems write where there is none."""


class ExtractError(ValueError):
    """An extract that cannot be read as a whole; the message is for the user. It holds no value of a row."""


class Refusal(NamedTuple):
    """A row that could not be read, and why; never what stood in it."""

    file: str
    row: int
    field: str
    rule: str


class Rows(NamedTuple):
    """A table as it lies in a file: its name there, its headings, and its rows with their numbers, all text."""

    name: str
    headings: Sequence[str]
    rows: Iterator[tuple[int, Sequence[str | None]]]


class Table(NamedTuple):
    """The rows of one table that were read, `frame` with a column `row` and one for each field it has.

    `in_file` counts all its rows; those not in `frame` are in `refused`. `placeholders` counts, by field, the dates
    that stand for none, read as blank. `has` are the fields whose column is there.
    """

    name: str
    frame: pl.DataFrame
    in_file: int
    refused: tuple[Refusal, ...]
    placeholders: Mapping[str, int]
    has: frozenset[str]


def csv_rows(path: Path) -> Rows:
    """The rows of a CSV file, in UTF-8 or, failing that, Windows-1252; separated by commas, semicolons or tabs."""
    encoding = _encoding(path)
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        first = file.readline()
    separator = max(",;\t", key=first.count)
    headings = next(csv.reader([first], delimiter=separator), None)
    if not headings:
        raise ExtractError(f"{path.name}: the file is empty: its first row must hold the headings")
    return Rows(path.name, headings, _numbered(path, encoding, separator))


def _encoding(path: Path) -> str:
    """UTF-8 where the whole file is; else what Excel on Windows writes, damaged bytes failing in their own cells."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        try:
            while block := file.read(_BLOCK_BYTES):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8-sig"


def _numbered(path: Path, encoding: str, separator: str) -> Iterator[tuple[int, Sequence[str | None]]]:
    number = 1
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        lines = csv.reader(file, delimiter=separator)
        next(lines, None)
        try:
            for number, line in enumerate(lines, start=2):
                if line:
                    yield number, line
        except csv.Error as error:
            message = f"{path.name}, row {number + 1}: a quoted cell does not end, or a cell is too long"
            raise ExtractError(message) from error


def sheet_rows(path: Path, sheet: str) -> Rows:
    """The rows of one sheet of an Excel workbook, dates as dates whatever their format."""
    rows = iter(_sheet(path, sheet))
    headings = [str(cell or "") for cell in next(rows, ())]
    name = f"{path.name}, sheet {sheet}"
    if not any(headings):
        raise ExtractError(f"{name}: the sheet is empty: its first row must hold the headings")
    numbered = ((number, [_as_text(cell) for cell in row]) for number, row in enumerate(rows, start=2))
    filled = ((number, row) for number, row in numbered if any(cell is not None for cell in row))
    return Rows(name, headings, ((number, _of_width(row, len(headings))) for number, row in filled))


def sheet_headings(path: Path) -> dict[str, list[str]]:
    """The first row of each sheet of an Excel workbook, by the name of the sheet; empty where there is none."""
    with _workbook(path) as book:
        first = {sheet.title: next(sheet.iter_rows(max_row=1, values_only=True), ()) for sheet in book.worksheets}
    return {name: [str(cell or "") for cell in row] for name, row in first.items()}


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
    with _workbook(path) as book:
        return list(book[sheet].iter_rows(values_only=True))


def _of_width(row: list[str | None], width: int) -> list[str | None]:
    """A row as wide as the headings: empty cells at its end may be left out of a sheet, or lie beyond the headings."""
    padded = row + [None] * (width - len(row))
    return padded[:width] if not any(padded[width:]) else padded


def database_rows(path: Path, table: str) -> Rows:
    """The rows of one table of an SQLite file, which is only read."""
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    cursor = connection.execute(f'SELECT * FROM "{table}"')  # noqa: S608  (a table listed by the file itself)
    headings = [column[0] for column in cursor.description]

    def numbered() -> Iterator[tuple[int, Sequence[str | None]]]:
        with closing(connection):
            for number, row in enumerate(cursor, start=2):
                yield number, [_as_text(cell) for cell in row]

    return Rows(f"{path.name}, table {table}", headings, numbered())


def _as_text(cell: object) -> str | None:
    if cell is None:
        return None
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "seconds")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def find_columns(headings: Sequence[str], fields: Iterable[Field]) -> dict[str, int]:
    """The place of each field's column among the headings; fields that are not there are left out."""
    places = {plain(heading): place for place, heading in reversed(list(enumerate(headings)))}
    found = {}
    for field in fields:
        for heading in (field.name, *field.headings):
            if plain(heading) in places:
                found[field.name] = places[plain(heading)]
                break
    return found


def read(source: Rows, fields: Sequence[Field]) -> Table:
    """Read the wanted fields of a table; raise `ExtractError` where a column that must be there is not."""
    columns = find_columns(source.headings, fields)
    for field in fields:
        if field.must_hold and field.name not in columns:
            raise ExtractError(f'{source.name}: there is no column "{(field.headings or (field.name,))[0]}"')
    present = [field for field in fields if field.name in columns]
    cells, ragged, in_file = _cells(source, [columns[field.name] for field in present], [f.name for f in present])
    frame, refused, placeholders = _typed(source.name, cells, present)
    every = (*ragged, *refused)
    return Table(source.name, frame, in_file, tuple(sorted(every)), placeholders, frozenset(columns))


def _cells(source: Rows, places: list[int], names: list[str]) -> tuple[pl.DataFrame, list[Refusal], int]:
    """The wanted cells as text, and the rows that do not have as many cells as there are headings."""
    width, ragged, chunks, in_file = len(source.headings), [], [], 0
    schema = {"row": pl.UInt32, **dict.fromkeys(names, pl.String)}
    while chunk := list(islice(source.rows, _CHUNK_ROWS)):
        in_file += len(chunk)
        rule = f"the row must have {width} cells, as there are headings"
        ragged += [Refusal(source.name, number, "(whole row)", rule) for number, row in chunk if len(row) != width]
        kept = [(number, *(row[place] for place in places)) for number, row in chunk if len(row) == width]
        chunks.append(pl.DataFrame(kept, schema=schema, orient="row"))
    return pl.concat(chunks) if chunks else pl.DataFrame(schema=schema), ragged, in_file


def _typed(
    name: str, cells: pl.DataFrame, fields: Sequence[Field]
) -> tuple[pl.DataFrame, list[Refusal], dict[str, int]]:
    """The cells as what they are; a row is refused for the first of its fields that cannot be read."""
    columns, placeholders = [cells["row"]], {}
    wrong = pl.Series("wrong", [None] * len(cells), dtype=pl.UInt32)
    rules: list[tuple[str, str]] = []
    for field in fields:
        text = _stripped(cells[field.name])
        values = field.kind.read(text).alias(field.name)
        unreadable = text.is_not_null() & values.is_null()
        if field.kind is DATE:
            blank = values.dt.date().is_in(_PLACEHOLDERS).fill_null(value=False)
            placeholders[field.name] = int(blank.sum())
            values = values.set(blank, None)
        empty = values.is_null() & ~unreadable & field.must_hold
        for bad, rule in ((unreadable, field.kind.rule), (empty, "must not be empty")):
            wrong = wrong.zip_with(~(bad & wrong.is_null()), pl.Series([len(rules)], dtype=pl.UInt32))
            rules.append((field.name, rule))
        columns.append(values)
    frame = pl.DataFrame(columns)
    failed = frame.select("row").with_columns(wrong).filter(wrong.is_not_null())
    refusals = [Refusal(name, row, *rules[which]) for row, which in failed.iter_rows()]
    return frame.filter(wrong.is_null()), refusals, {field: n for field, n in placeholders.items() if n}


def _stripped(cells: pl.Series) -> pl.Series:
    text = cells.str.replace_all("\u00a0", " ").str.strip_chars()
    blank = text.str.to_lowercase().is_in(list(_BLANK))
    return text.set(blank.fill_null(value=False), None)
