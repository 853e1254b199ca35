"""What the cells of the table of professionals are: a kind of worker and a time, of which none refuses its row."""

import re

import polars as pl

from sim.events import Role
from sim.history.fields import Kind, plain
from sim.history.sources import LOCAL

NO_TIME = -1.0
"""In place of a full-time equivalency that is not above 0 and at most 1, as hours a week are not."""

_TITLES = (
    (r"newly qualified|nqsw|asye", Role.NEWLY_QUALIFIED_SOCIAL_WORKER),
    (r"agency|locum", Role.AGENCY_SOCIAL_WORKER),
    (r"family support", Role.FAMILY_SUPPORT_WORKER),
    (r"emergency duty|out of hours|edt", Role.OUT_OF_HOURS_WORKER),
    (r"(?:team|practice|service) manager", Role.TEAM_MANAGER),
    (r"social worker", Role.EXPERIENCED_SOCIAL_WORKER),
)
"""Words of a job title, the first that is there deciding."""


def _titles(cells: pl.Series) -> pl.Series:
    kinds = {cell: _kind_of(cell) for cell in cells.drop_nulls().unique().to_list()}
    return cells.replace_strict(kinds, default=None, return_dtype=pl.Int8)


def _kind_of(title: str) -> int:
    words = plain(title)
    return next((role.value for pattern, role in _TITLES if re.search(rf"\b(?:{pattern})\b", words)), LOCAL)


def _times(cells: pl.Series) -> pl.Series:
    number = cells.cast(pl.Float64, strict=False)
    good = (number.is_finite() & (number > 0) & (number <= 1)).fill_null(value=False)
    return number.set(~good & cells.is_not_null(), NO_TIME)


TITLE = Kind("must be a job title", _titles)
"""The number of a `Role`, `LOCAL` for a title that is none of those known; the words are not kept."""

TIME = Kind("must be a number", _times)
