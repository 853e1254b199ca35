"""Ways in which a table or a file comes to be broken."""

import csv
import io

import numpy as np

from sim.history import TEMPLATE

Row = list[str]

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
