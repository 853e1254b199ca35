"""Invented extracts, written as an authority's system would write them."""

import csv
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from sim.history import Observed, Pseudonyms, Staff, observe
from sim.working_time import OpeningHours

HOURS = OpeningHours(510, 1020)
SALT = b"invented, for tests only"
AS_AT = date(2024, 3, 31)


def a_csv(path: Path, rows: Sequence[Mapping[str, str]]) -> Path:
    """A CSV with the columns of all the rows, cells that a row does not name left empty."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, names, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def observed(
    path: Path, as_at: date | None = AS_AT, most_refused_share: float = 1.0, staff: Staff | None = None
) -> Observed:
    """What is observed in an extract, always under one salt."""
    return observe(path, Pseudonyms(SALT), HOURS, as_at, most_refused_share, staff)
