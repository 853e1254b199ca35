"""Small extracts of every format, and of staff, each broken by chance in a new way."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.sax.saxutils import escape

import numpy as np
import openpyxl
import polars as pl

from sim.history import journeys as journeys_csv
from sim.history.annex_lists import LISTS, by_name
from sim.history.fields import Field
from sim.history.mosaic_tables import FIELDS as MOSAIC
from sim.history.ssd_tables import TABLES, table_name
from sim.history.staff import ABSENCE_FIELDS, POST_FIELDS
from sim.history.synthesis import journeys_told
from sim.history.writing import WRITERS
from tests.history.mutations import MUTATIONS, ODD_CELLS, Row, as_written, damaged
from tests.history.synthetic import a_simulated_year

Sheets = Mapping[str, list[Row]]
Maker = Callable[[Path, np.random.Generator], Path]
"""Writes a broken extract into an empty folder and gives its path."""

NOISE_SHARE = 0.03
DAMAGED_SHARE = 0.3
POSTS: list[Row] = [
    ["team", "kind", "fte", "start", "end", "guide", "worker_id"],
    *(["First response", "social worker", "1", "2023-04-01", "", "18", f"W{number}"] for number in range(5)),
    ["First response", "team manager", "0.6", "01/04/2023", "30/09/2023", "", "M1"],
]
ABSENCE: list[Row] = [
    ["worker_id", "date", "from", "to"],
    ["W1", "2023-05-02", "", ""],
    ["W2", "", "2023-05-02", "2023-06-02"],
    ["M1", "", "01/05/2023", ""],
]


@cache
def valid(form: str) -> Mapping[str, bytes]:
    """The files of a small extract in a format, by name: ten children, most of them assessed."""
    told = journeys_told(a_simulated_year())
    assessed = told.filter(pl.col("authorised").is_not_null()).head(4)
    enquired = told.filter(pl.col("conference_held").is_not_null()).head(3)
    others = told.filter(pl.col("assessment_started").is_null()).head(3)
    with TemporaryDirectory() as folder:
        WRITERS[form](pl.concat([assessed, enquired, others]).sort("received"), Path(folder))
        return {path.name: path.read_bytes() for path in sorted(Path(folder).iterdir())}


@cache
def _rows(written: bytes) -> list[Row]:
    return list(csv.reader(io.StringIO(written.decode())))


@cache
def _sheets(written: bytes) -> Sheets:
    book = openpyxl.load_workbook(io.BytesIO(written))
    return {
        sheet.title: [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
        for sheet in book.worksheets
    }


def mutated(rows: list[Row], rng: np.random.Generator, most: int = 5) -> list[Row]:
    """A table after as many mutations at most."""
    changed = [list(row) for row in rows]
    for _ in range(rng.integers(0, most)):
        if changed:
            MUTATIONS[rng.integers(len(MUTATIONS))](changed, rng)
    return changed


def a_csv_file(path: Path, rows: list[Row], rng: np.random.Generator) -> Path:
    """A table mutated, written as some system would, and perhaps damaged; now and then nothing but noise."""
    if rng.random() < NOISE_SHARE:
        path.write_bytes(rng.bytes(int(rng.integers(0, 400))))
        return path
    written = as_written(mutated(rows, rng), rng)
    path.write_bytes(damaged(written, rng) if rng.random() < DAMAGED_SHARE else written)
    return path


def journeys(folder: Path, rng: np.random.Generator) -> Path:
    """A broken journeys file."""
    ((name, written),) = valid("journeys").items()
    return a_csv_file(folder / name, _rows(written), rng)


def _tables(form: str) -> Maker:
    """A maker of folders in which one or two of the tables are broken, and now and then one is not there."""

    def make(folder: Path, rng: np.random.Generator) -> Path:
        files = valid(form)
        broken = {str(name) for name in rng.choice(list(files), size=min(2, len(files)))}
        gone = str(rng.choice(list(files))) if rng.random() < 0.1 else ""
        for name, written in files.items():
            if name in broken:
                a_csv_file(folder / name, _rows(written), rng)
            elif name != gone:
                (folder / name).write_bytes(written)
        return folder

    return make


def annex_workbook(folder: Path, rng: np.random.Generator) -> Path:
    """A workbook in which one list is broken, or the file itself."""
    ((name, written),) = valid("annex-a").items()
    if rng.random() < 0.3:
        (folder / name).write_bytes(damaged(written, rng))
        return folder / name
    sheets = _sheets(written)
    broken = str(rng.choice(list(sheets)))
    book = openpyxl.Workbook(write_only=True)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title if rng.random() < 0.95 else "Sheet 1")
        for row in mutated(rows, rng) if title == broken else rows:
            sheet.append([_cell(text, rng) for text in row])
    book.save(folder / name)
    return folder / name


def _cell(text: str, rng: np.random.Generator) -> str | float | None:
    """A cell as text, as a number, or empty; without what no workbook may hold."""
    if text.isdigit() and rng.random() < 0.5:
        return float(text[:15])
    held = "".join(letter for letter in text if letter >= " " and not "\ud800" <= letter <= "\udfff")
    return held[:32_000] or None


def annex_lists(folder: Path, rng: np.random.Generator) -> Path:
    """The same lists as CSV files, one of them broken."""
    ((_, written),) = valid("annex-a").items()
    sheets = _sheets(written)
    broken = str(rng.choice(list(sheets)))
    for title, rows in sheets.items():
        path = folder / f"{title}.csv"
        if title == broken:
            a_csv_file(path, rows, rng)
        else:
            path.write_bytes(as_written(rows, np.random.default_rng(0)))
    return folder


def census(folder: Path, rng: np.random.Generator) -> Path:
    """A return in which some texts, tags or bytes are others."""
    ((name, written),) = valid("cin").items()
    text = written.decode()
    for _ in range(rng.integers(0, 5)):
        start = text.find(">", int(rng.integers(len(text)))) + 1
        end = text.find("<", start)
        if 0 < start <= end:
            odd = str(rng.choice(ODD_CELLS))
            text = text[:start] + (escape(odd) if rng.random() < 0.8 else odd) + text[end:]
    if rng.random() < 0.3:
        one, other = sorted(int(place) for place in rng.integers(len(text), size=2))
        text = text[:one] + text[other:] if rng.random() < 0.5 else text[:other] + text[one:]
    content = text.encode("utf-8", errors="replace")
    (folder / name).write_bytes(damaged(content, rng) if rng.random() < 0.2 else content)
    return folder / name


def posts(folder: Path, rng: np.random.Generator) -> Path:
    """A broken file of posts and one of absences beside it; gives that of posts."""
    a_csv_file(folder / "absence.csv", ABSENCE, rng)
    return a_csv_file(folder / "posts.csv", POSTS, rng)


def one_table(folder: Path, rng: np.random.Generator) -> Path:
    """A broken table of any format, by itself: soonest read of all."""
    tables = _every_table()
    name = str(rng.choice(list(tables)))
    return a_csv_file(folder / name, tables[name][0], rng)


def fields_of(path: Path) -> Sequence[Field]:
    """The fields of a table that `one_table` wrote."""
    return _every_table()[path.name][1]


@cache
def _every_table() -> Mapping[str, tuple[list[Row], Sequence[Field]]]:
    lists = _sheets(next(iter(valid("annex-a").values())))
    found: dict[str, tuple[list[Row], Sequence[Field]]] = {
        "journeys.csv": (_rows(next(iter(valid("journeys").values()))), journeys_csv.FIELDS),
        "posts.csv": (POSTS, POST_FIELDS),
        "absence.csv": (ABSENCE, ABSENCE_FIELDS),
    }
    found |= {
        f"{title}.csv": (rows, LISTS[n].fields) for title, rows in lists.items() if (n := by_name(title)) and n in LISTS
    }
    for name, written in valid("ssd").items():
        found[name] = (_rows(written), TABLES[table_name(Path(name).stem)])
    for name, written in valid("mosaic").items():
        found[name] = (_rows(written), MOSAIC[Path(name).stem.lower()])
    return found


FORMATS: Mapping[str, Maker] = {
    "one table": one_table,
    "journeys": journeys,
    "ssd": _tables("ssd"),
    "mosaic": _tables("mosaic"),
    "annex-a workbook": annex_workbook,
    "annex-a lists": annex_lists,
    "cin": census,
    "staff": posts,
}
"""A maker of broken extracts for every reader; a new reader adds its own."""
