"""How cells are written."""

from collections.abc import Mapping, Sequence

import polars as pl

from sim.events import Ending
from sim.scenario import Source

SOURCES: Mapping[Source, tuple[str, str]] = {
    Source.INDIVIDUALS: ("1A", "Individual - Family member, relative or carer"),
    Source.SCHOOLS: ("2A", "Schools"),
    Source.HEALTH: ("3F", "Health services - Other"),
    Source.LA_SERVICES: ("5A", "LA services - Social care"),
    Source.POLICE: ("6", "Police"),
    Source.OTHER: ("8", "Other"),
}
"""A national code for each source, and its words."""


def in_words(words: Sequence[str], number: pl.Expr) -> pl.Expr:
    """The word at each place; null where there is no place."""
    return number.replace_strict(list(range(len(words))), list(words), default=None, return_dtype=pl.String)


def source_code(number: pl.Expr) -> pl.Expr:
    """The national code of a position in `Source`."""
    return in_words([SOURCES[source][0] for source in Source], number)


def source_words(number: pl.Expr) -> pl.Expr:
    """What the national list calls a position in `Source`."""
    return in_words([SOURCES[source][1] for source in Source], number)


def to_the_minute(stamp: str) -> pl.Expr:
    """A stamp as `2018-04-03 09:15`."""
    return pl.col(stamp).dt.strftime("%Y-%m-%d %H:%M").alias(stamp)


def a_date(stamp: pl.Expr) -> pl.Expr:
    """A stamp cut to its date, as databases write one that has no time: `2018-04-03T00:00:00`."""
    return stamp.dt.strftime("%Y-%m-%dT00:00:00")


_REASONS = {Ending.NO_FURTHER_ACTION: "RC8", Ending.STEP_DOWN: "RC9"}
_OTHER_REASON = "RC7"


def closing_reason(closed_as: object) -> str:
    """The national code of why a case closed, by how it did."""
    return _REASONS.get(Ending(closed_as), _OTHER_REASON) if isinstance(closed_as, int) else _OTHER_REASON
