"""Extracts damaged in every way that can be thought of: read or refused, never a traceback, never a wrong total."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from sim.events import check_lifecycle
from sim.history import TEMPLATE, ExtractError, History, Observed, Pseudonyms
from sim.history.extract import recognise
from sim.measures import measure
from tests.history.files import AS_AT, SALT, observed

Row = list[str]

FILES_AN_EXAMPLE = 25
EXAMPLES = 12
SLOW_PARTS = 4
SLOW_EXAMPLES = 1_000
WHOLE_SHARE = 0.05
MEASURED = 0.1
"""Of the hundred thousand, one in twenty is also made into a log, and one in ten of these measured."""

PSEUDONYMS = Pseudonyms(SALT)

ODD_CELLS = (
    "", " ", "NULL", "n/a", "nan", "#REF!", "-", "0", "1", "-1", "1e309", "9" * 40, "99999999999999999999",
    "01/01/1900", "9999-12-31", "0001-01-01", "10000-01-01", "31/02/2024", "29/02/2023", "2024-02-29", "1/2/24",
    "2024-01-08 24:00", "2024-01-08T09:00:00.123456", "2024-01-08 09:00:00", "2024-01-08T09:00Z", "08-Jan-2024",
    "8 January 2024", "20240108", "45299", "45299.5", "12:30", "08/01/2024 9:5", "08/01/1902", "08/01/2098",
    "yes", "TRUE", "maybe", "a) Yes", "referral", "REFERRAL", "strategy_discussion", "open_case", "red", "6: Police",
    "3A", "u) 10: Unknown", "😀", "\u202e", "\x00", "\x1a", "\ufeff", "a\nb", "a\r\nb", 'a"b', '"', "''", ",", ";",
    "\t", "=1+1", "é" * 300, "\u0130", "ﬀ", "\u00a0", "a" * 5000, "{}", "%s", "\\", "\ud7ff", "<b>", "None",
)  # fmt: skip

ODD_HEADINGS = ("", " ", "contact id", "CONTACT_ID", "Child_ID", "received\n", "date", "﻿received", "seen", "😀")

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "latin-1", "utf-7", "cp037", "utf-32")

VALID: list[Row] = [
    list(TEMPLATE),
    *(
        [
            {
                "contact_id": f"C{number // 2}",
                "child_id": f"P{number % 5}",
                "received": f"2024-0{1 + number % 3}-{10 + number} 14:{10 + number}",
                "source": ("6: Police", "2A", "other", "")[number % 4],
                "domestic_abuse": "yn"[number % 2],
                "decided": f"2024-0{1 + number % 3}-{11 + number}",
                "outcome": ("referral", "advice", "strategy_discussion")[number % 3],
                "team": "First Response",
                "allocated": f"2024-0{1 + number % 3}-{12 + number}",
                "seen": f"2024-0{1 + number % 3}-{13 + number}",
                "assessment_started": f"2024-0{1 + number % 3}-{12 + number}",
                "authorised": f"2024-0{1 + number % 3}-{14 + number}",
                "ending": "transfer",
                "closed": f"2024-0{1 + number % 3}-{14 + number}",
            }.get(name, "")
            for name in TEMPLATE
        ]
        for number in range(8)
    ),
]


def replaced(rows: list[Row], rng: np.random.Generator) -> None:
    """One to six cells become something odd."""
    for _ in range(rng.integers(1, 7)):
        row = rows[rng.integers(1, len(rows))] if len(rows) > 1 else rows[0]
        if row:
            row[rng.integers(len(row))] = str(rng.choice(ODD_CELLS))


def swapped(rows: list[Row], rng: np.random.Generator) -> None:
    """Two cells of a row change places."""
    row = rows[rng.integers(len(rows))]
    if row:
        one, other = rng.integers(len(row), size=2)
        row[one], row[other] = row[other], row[one]


def cut(rows: list[Row], rng: np.random.Generator) -> None:
    """A row loses its end, or gains one."""
    row = rows[rng.integers(len(rows))]
    if rng.random() < 0.5:
        del row[rng.integers(len(row) + 1) :]
    else:
        row.append("x")


def doubled(rows: list[Row], rng: np.random.Generator) -> None:
    """A row stands twice, the headings perhaps."""
    rows.insert(int(rng.integers(len(rows) + 1)), list(rows[rng.integers(len(rows))]))


def shuffled(rows: list[Row], rng: np.random.Generator) -> None:
    """The rows come in another order; the headings may be anywhere."""
    order = rng.permutation(len(rows))
    rows[:] = [rows[place] for place in order]


def renamed(rows: list[Row], rng: np.random.Generator) -> None:
    """A heading is another, perhaps one that is there already."""
    if rows[0]:
        rows[0][rng.integers(len(rows[0]))] = str(rng.choice((*ODD_HEADINGS, *TEMPLATE)))


def thinned(rows: list[Row], rng: np.random.Generator) -> None:
    """Whole columns are gone."""
    kept = rng.random(len(rows[0])) < 0.7
    rows[:] = [[cell for cell, keep in zip(row, kept, strict=False) if keep] for row in rows]


def emptied(rows: list[Row], rng: np.random.Generator) -> None:
    """All rows but a few are gone."""
    del rows[int(rng.integers(len(rows) + 1)) :]


MUTATIONS = (replaced, replaced, replaced, swapped, cut, doubled, shuffled, renamed, thinned, emptied)


def as_written(rows: list[Row], rng: np.random.Generator) -> bytes:
    """The rows as some system would write them."""
    file = io.StringIO()
    ending = ("\r\n", "\n", "\r")[rng.choice(3, p=(0.6, 0.3, 0.1))]
    separator = str(rng.choice((",", ";", "\t")))
    csv.writer(
        file,
        delimiter=separator,
        quoting=csv.QUOTE_ALL if rng.random() < 0.5 else csv.QUOTE_MINIMAL,
        lineterminator=ending,
    ).writerows(rows)
    encoding = str(rng.choice(ENCODINGS)) if rng.random() < 0.2 else "utf-8"
    return file.getvalue().encode(encoding, errors="replace")


def damaged(written: bytes, rng: np.random.Generator) -> bytes:
    """Bytes changed, lost, or put in."""
    found = bytearray(written)
    for _ in range(rng.integers(1, 5)):
        place = int(rng.integers(len(found) + 1))
        match rng.integers(4):
            case 0:
                del found[place:]
            case 1:
                del found[place : place + int(rng.integers(1, 40))]
            case 2:
                found[place:place] = rng.bytes(int(rng.integers(1, 6)))
            case _:
                found[place:place] = bytes(rng.choice(list(b"\"',;\t\r\n\x00\xff")) for _ in range(2))
    return bytes(found)


def a_journeys_file(rng: np.random.Generator) -> bytes:
    """A valid file, mutated, written and perhaps damaged; now and then nothing but noise."""
    if rng.random() < 0.05:
        return rng.bytes(int(rng.integers(0, 400)))
    rows = [list(row) for row in VALID]
    for _ in range(rng.integers(0, 5)):
        if rows:
            MUTATIONS[rng.integers(len(MUTATIONS))](rows, rng)
    written = as_written(rows, rng)
    return damaged(written, rng) if rng.random() < 0.3 else written


FORMATS: list[tuple[str, Callable[[np.random.Generator], bytes]]] = [("journeys.csv", a_journeys_file)]
"""The name of a file and a maker of damaged ones; a new reader adds its own."""


def totals(read: History) -> None:
    """Every row in the file was read or refused."""
    for tally in read.tallies:
        assert tally.in_file == tally.read + tally.refused
    assert len(read.refused) == sum(tally.refused for tally in read.tallies)


def lawful(found: Observed) -> None:
    """Every journey is used or set aside, and the log is in lawful order."""
    assert found.used + found.set_aside == len(found.history.journeys)
    assert int(found.log.contact_column("children").sum()) == found.used
    check_lifecycle(found.log)


def outcome(path: Path, rng: np.random.Generator, whole: float) -> bool:
    """Whether an extract is read; if not, it is refused with one sentence. Some are observed and measured as well."""
    said = None
    try:
        read = recognise(path).read(path, PSEUDONYMS)
        totals(read)
        if rng.random() < whole:
            found = observed(path, AS_AT if rng.random() < 0.8 else None)
            lawful(found)
            if rng.random() < MEASURED:
                measure(found.log)
    except ExtractError as error:
        said = str(error)
    if said is not None:
        assert said.strip()
        assert "\n" not in said
    return said is None


def read_some(root: int, folder: Path, files: int = FILES_AN_EXAMPLE, whole: float = 1.0) -> int:
    """How many of some damaged files, as many of each format, are read."""
    rng = np.random.default_rng(root)
    read = 0
    for name, make in FORMATS:
        path = folder / name
        for _ in range(files):
            path.write_bytes(make(rng))
            read += outcome(path, rng, whole)
    return read


@given(root=st.integers(0, 2**32))
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_extract_is_read_or_refused_and_its_totals_add_up(root: int, tmp_path: Path) -> None:
    read_some(root, tmp_path)


def test_the_fuzz_reaches_both_ends(tmp_path: Path) -> None:
    files = 100 * len(FORMATS)
    read = read_some(3, tmp_path, files=100)

    assert 0.2 * files < read < 0.95 * files


@pytest.mark.slow
@pytest.mark.parametrize("part", range(SLOW_PARTS))
@seed(20261124)
@given(root=st.integers(0, 2**32))
@settings(
    max_examples=SLOW_EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_a_hundred_thousand_damaged_extracts_are_read_or_refused(part: int, root: int, tmp_path: Path) -> None:
    read_some(root + (part << 33), tmp_path, whole=WHOLE_SHARE)


def test_the_slow_test_reads_a_hundred_thousand() -> None:
    assert SLOW_PARTS * SLOW_EXAMPLES * FILES_AN_EXAMPLE >= 100_000
