"""Lists 2, 6 and 7 of Annex A: early help, children in need and child protection plans.

A case that went on to another team is open still. The day a child was last seen is the only one told: the first.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

import polars as pl

from sim.events import Outcome
from sim.history.synthesis import MARK
from sim.history.writing.cells import closing_reason
from sim.history.writing.invented import FOR_EARLY_HELP, GOES_ON, REFERRED

Cell = str | int | date | None
Journey = Mapping[str, object]
Child = Callable[[Journey], tuple[Cell, ...]]
"""The cells that every list begins with."""

_REASONS = {
    "RC7": "RC7 - Services ceased for any other reason, including child no longer in need",
    "RC8": "RC8 - Case closed after assessment, no further action",
    "RC9": "RC9 - Case closed after assessment, referred to early help",
}
_CASES = (*(outcome.value for outcome in REFERRED if outcome is not Outcome.REFERRAL_NO_ACTION),)
_NEED = "N1 - Abuse or neglect"
_NOT_STATED = "N0 - Not stated"
_CATEGORY = "a) Neglect"
_NOT_DISABLED = "b) No"
_UNKNOWN = "c) Unknown"


def early_help(told: pl.DataFrame, child: Child) -> Iterator[Sequence[Cell]]:
    """Help that began after a contact decided for it, or after an assessment that was stepped down."""
    began = told.filter(FOR_EARLY_HELP & pl.col("help_started").is_not_null()).sort("help_started", maintain_order=True)
    for row in began.iter_rows(named=True):
        yield *child(row), _day(row, "help_started"), None, f"{MARK.title()} early help"


def cases(told: pl.DataFrame, child: Child) -> Iterator[Sequence[Cell]]:
    """Every referral that did not end at once, as the case of a child in need that it began."""
    begun = told.filter(pl.col("decided").is_not_null() & pl.col("outcome").is_in(_CASES))
    for row in begun.sort("decided", maintain_order=True).iter_rows(named=True):
        need = _NOT_STATED if row["authorised"] is None else _NEED
        closed = None if _goes_on(row) else _day(row, "closed")
        reason = None if closed is None else _REASONS[closing_reason(row["closed_as"])]
        dates = (_day(row, "decided"), need, _day(row, "seen"), closed)
        yield *child(row), _NOT_DISABLED, *dates, reason, _status(row, closed), *held_by(row)


def plans(told: pl.DataFrame, child: Child) -> Iterator[Sequence[Cell]]:
    """Every conference, as the child protection plan that it made."""
    made = told.drop_nulls(["section_47_started", "conference_held"]).sort("conference_held", maintain_order=True)
    for row in made.iter_rows(named=True):
        plan = (_day(row, "conference_held"), _CATEGORY, _CATEGORY)
        yield *child(row), _NOT_DISABLED, *plan, _day(row, "seen"), _UNKNOWN, None, None, *held_by(row)


def held_by(row: Journey) -> tuple[Cell, Cell]:
    """The team and the worker."""
    team, worker = (None if row[name] is None else str(row[name]) for name in ("team", "worker"))
    return team, worker


def _goes_on(row: Journey) -> bool:
    """Whether a case went on to another team, so that nobody told its end: after assessment, or at once."""
    return row["outcome"] == Outcome.OTHER_TEAM or row["closed_as"] in GOES_ON


def _status(row: Journey, closed: date | None) -> str:
    if closed is not None:
        return "e) Closed episode"
    if row["conference_held"] is not None:
        return "b) Child Protection plan"
    is_assessed = row["assessment_started"] is not None and row["authorised"] is None
    return "d) Open assessment" if is_assessed else "c) Child in need plan"


def _day(row: Journey, name: str) -> date | None:
    day = row[name]
    return day if isinstance(day, date) else None
