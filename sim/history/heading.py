"""Where the headings stand in a file that is not recognised by its first row."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from sim.history import annex_a
from sim.history.annex_lists import LISTS
from sim.history.columns import find_columns
from sim.history.fields import Field
from sim.history.journeys import FIELDS
from sim.history.ssd_tables import TABLES
from sim.history.tables import ExtractError, first_rows

_ROWS_LOOKED_AT = 6

_KNOWN_BY: Sequence[Sequence[Field]] = (
    [field for field in FIELDS if field.must_hold],
    *(one.known_by for one in LISTS.values()),
    *([field for field in fields if field.must_hold] for fields in TABLES.values()),
)
"""The columns by which a table is known."""


def headings_below(path: Path) -> str:
    """A clause that names a row beneath the first that looks like the headings of a table; empty where none does."""
    if path.suffix.lower() not in {".csv", *annex_a.WORKBOOKS}:
        return ""
    with suppress(ExtractError):
        for name, rows in first_rows(path, _ROWS_LOOKED_AT).items():
            for number, row in enumerate(rows[1:], start=2):
                if any(known and len(find_columns(row, known)) == len(known) for known in _KNOWN_BY):
                    return f": the headings must be in row 1 of {name}, and row {number} looks like them"
    return ""
