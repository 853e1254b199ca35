"""Published files as downloaded: a folder of CSVs, single files, or the zip of a release, each known by its columns."""

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Final

from sim.published.layouts import NEIGHBOUR_COUNT, NEIGHBOURS, Layout, Table, layout_of, nearly, plain
from sim.published.rows import Row, read_row, refuse_twice
from sim.published.values import PublishedError

MOST_BYTES: Final = 200_000_000
"""A published file is less than a megabyte; what unpacks to more than this is none."""
_UNREAD_SHOWN: Final = 4


@dataclass(frozen=True)
class PublishedFile:
    """A file that was read as one of the tables, its rows, and the years they are of."""

    name: str
    layout: Layout
    rows: tuple[Row, ...]

    @cached_property
    def by_year(self) -> dict[int, tuple[Row, ...]]:
        """The rows of each year."""
        found: dict[int, list[Row]] = {}
        for row in self.rows:
            found.setdefault(row.year, []).append(row)
        return {year: tuple(rows) for year, rows in found.items()}

    @property
    def last_year(self) -> int:
        """Of two files of one table the newer release goes to the later year."""
        return max(self.by_year)

    @property
    def release(self) -> str:
        """The release as its rows tell it: no file says when it was published."""
        return f"{min(self.by_year)} to {self.last_year}"


@dataclass(frozen=True, slots=True)
class Releases:
    """All that was read: files by table, the newest release first, statistical neighbours, and what was left unread."""

    files: tuple[PublishedFile, ...]
    neighbours: dict[str, tuple[str, ...]] = field(default_factory=dict)
    unread: tuple[str, ...] = ()

    def of(self, table: Table) -> tuple[PublishedFile, ...]:
        """The files of a table, the newest release first."""
        return tuple(file for file in self.files if file.layout.table is table)

    @property
    def missing(self) -> tuple[Table, ...]:
        """Tables that no file holds."""
        return tuple(table for table in Table if not self.of(table))


def read_releases(paths: Sequence[Path]) -> Releases:
    """Every published table in folders, files and zips. Raise `PublishedError` for what is damaged, or without any."""
    files: list[PublishedFile] = []
    neighbours: dict[str, tuple[str, ...]] = {}
    unread: list[str] = []
    for name, content in _contents(paths):
        header, lines = _table(name, content)
        layout = layout_of(frozenset(header))
        found = {} if layout else _neighbours(header, lines)
        if layout is not None:
            files.append(_read(name, layout, header, lines))
        elif found:
            neighbours |= found
        else:
            unread.append(_why_unread(name, frozenset(header)))
    if not files:
        seen = "; ".join(unread[:_UNREAD_SHOWN]) or "it holds no CSV file"
        raise PublishedError(f"{paths[0]}: none of the DfE's tables C1 to C6 or of the workforce is in it ({seen})")
    files.sort(key=lambda file: (-file.last_year, file.name))
    return Releases(tuple(files), neighbours, tuple(unread))


def _contents(paths: Sequence[Path]) -> Iterator[tuple[str, bytes]]:
    for path in paths:
        if not path.exists():
            raise PublishedError(f"{path}: there is no such file or folder")
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in inside:
            if file.suffix.casefold() == ".zip":
                yield from _unzipped(file)
            elif file.suffix.casefold() == ".csv" or not path.is_dir():
                try:
                    yield file.name, file.read_bytes()
                except OSError as error:
                    raise PublishedError(f"{file}: cannot be read ({error.strerror})") from None


def _unzipped(path: Path) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(path) as archive:
            for entry in archive.infolist():
                if not entry.filename.casefold().endswith(".csv"):
                    continue
                if entry.file_size > MOST_BYTES:
                    raise PublishedError(f"{path.name}: {entry.filename} unpacks to more than any published file")
                yield f"{path.name}/{PurePosixPath(entry.filename).name}", archive.read(entry)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, OSError, EOFError, NotImplementedError) as error:
        raise PublishedError(f"{path}: is not a zip that can be read ({error})") from None


def _table(name: str, content: bytes) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """A file's header, plain, and its lines with their numbers."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")  # what Excel saves; only names of places hold such letters
    reader = csv.reader(io.StringIO(text))
    try:
        header = [plain(column) for column in next(reader, [])]
        return header, [(reader.line_num, line) for line in reader if any(line)]
    except csv.Error as error:
        raise PublishedError(f"{name}, row {reader.line_num}: is not a row of a CSV file ({error})") from None


def _read(name: str, layout: Layout, header: list[str], lines: list[tuple[int, list[str]]]) -> PublishedFile:
    read = {*layout.needed, *(column.name for column in layout.columns.values()), "category"}
    if twice := sorted(column for column in read if header.count(column) > 1):
        raise PublishedError(f"{name}: the column {twice[0]} is there twice")
    categories = set[str]()
    rows: list[Row] = []
    for number, line in lines:
        if len(line) != len(header):
            raise PublishedError(f"{name}, row {number}: has {len(line)} values under {len(header)} headings")
        values = dict(zip(header, line, strict=True))
        category = values.get("category", "").strip().casefold()
        if not category or not layout.categories or category in layout.categories:
            rows += read_row(name, number, layout, values)
        else:
            categories.add(category)
    if not rows:
        said = f"its categories are {', '.join(sorted(categories))[:120]}" if categories else "it has no rows"
        raise PublishedError(f"{name}: is {layout.table}, and no row of it can be taken: {said}")
    refuse_twice(name, rows)
    return PublishedFile(name, layout, tuple(rows))


def _neighbours(header: list[str], lines: list[tuple[int, list[str]]]) -> dict[str, tuple[str, ...]]:
    """Statistical neighbours by authority code, nearest first; empty where the file is no such list."""
    for code, pattern in NEIGHBOURS:
        columns = [pattern.format(number) for number in range(1, NEIGHBOUR_COUNT + 1)]
        if {code, *columns} <= set(header):
            at, others = header.index(code), [header.index(column) for column in columns]
            whole = [line for _, line in lines if len(line) >= max(others) + 1]
            return {line[at].strip(): tuple(line[other].strip() for other in others) for line in whole}
    return {}


def _why_unread(name: str, header: frozenset[str]) -> str:
    like = nearly(header)
    if like is None:
        return f"{name} is another table"
    layout, lacking = like
    return f"{name} looks like {layout.table} but has no column {', '.join(lacking[:3])}"
