"""Journeys as Ofsted's Annex A would have them: a workbook with a list for each kind of event, dates alone.

Real lists cover six months; these cover what they are given. A strategy discussion that led to no section 47 enquiry is
on no list, nor is a case from before them.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import openpyxl
import polars as pl

from sim.events import Ending, Outcome
from sim.history.writing import annex_beside
from sim.history.writing.annex_beside import Cell, Journey, held_by
from sim.history.writing.invented import (
    ETHNICITIES,
    GOES_ON,
    REFERRED,
    UNKNOWN_SOURCE,
    dates_alone,
    first_and_last,
    person,
    source_code,
)

FILE = "annex-a.xlsx"

_CHILD = ("Child Unique ID", "Gender", "Ethnicity", "Date of Birth", "Age of Child (Years)")
_DISABLED = "Does the Child have a Disability"
_HELD_BY = ("Allocated Team", "Allocated Worker")

HEADINGS: Mapping[int, tuple[str, ...]] = {
    1: (*_CHILD, "Date of Contact", "Contact Source"),
    2: (
        *_CHILD,
        "Assessment start date",
        "Assessment completion date",
        "Organisation completing assessment",
    ),
    3: (
        *_CHILD,
        "Date of referral",
        "Referral Source",
        "Referral NFA?",
        "Number of Referrals in Last 12 Months",
        *_HELD_BY,
    ),
    4: (
        *_CHILD,
        _DISABLED,
        "Continuous Assessment Start Date",
        "Child Seen During Continuous Assessment",
        "Continuous Assessment Date of Authorisation",
        "Was the child assessed as requiring LA children's social care support?",
        *_HELD_BY,
    ),
    5: (
        *_CHILD,
        _DISABLED,
        "Strategy discussion initiating Section 47 Enquiry Start Date",
        "Was an Initial Child Protection Conference deemed unnecessary?",
        "Date of Initial Child Protection Conference",
        "Did the Initial Child Protection Conference Result in a Child Protection Plan",
        "Number of Section 47 Enquiries in the last 12 months",
        "Number of ICPCs in the last 12 months",
        *_HELD_BY,
    ),
    6: (
        *_CHILD,
        _DISABLED,
        "CIN Start Date",
        "Primary Need Code",
        "Date Child Was Last Seen",
        "CIN Closure Date",
        "Reason for Closure",
        "Case Status",
        *_HELD_BY,
    ),
    7: (
        *_CHILD,
        _DISABLED,
        "Child Protection Plan Start Date",
        "Initial Category of Abuse",
        "Latest Category of Abuse",
        "Date of the Last Statutory Visit",
        "Was the Child Seen Alone?",
        "Date of latest review conference",
        "Child Protection Plan End Date",
        *_HELD_BY,
    ),
}
"""The columns of each list, in order."""

_SOURCES = {
    "6": "q) 6: Police",
    "2A": "e) 2A: Schools",
    "3F": "l) 3F: Health services",
    "5A": "n) 5A: LA services",
    "1A": "a) 1A: Individual",
    "8": "s) 8: Other",
    UNKNOWN_SOURCE: "u) 10: Unknown",
}
_YEAR = timedelta(days=365)


def write(told: pl.DataFrame, folder: Path) -> None:
    """Write journeys, with the columns of `synthesis.journeys_told`, as a workbook in a folder that exists."""
    book = openpyxl.Workbook(write_only=True)
    rows = _lists(dates_alone(told), *first_and_last(told))
    for number, headings in HEADINGS.items():
        sheet = book.create_sheet(f"List_{number}")
        sheet.append(headings)
        for row in rows.get(number, ()):
            sheet.append(row)
    book.save(folder / FILE)


def _lists(told: pl.DataFrame, first: date, last: date) -> dict[int, Iterator[Sequence[Cell]]]:
    referred = told.filter(pl.col("decided").is_not_null() & pl.col("outcome").is_in([o.value for o in REFERRED]))
    enquired = told.drop_nulls(["section_47_started", "strategy_held"])
    child = partial(_child, first=first, last=last)
    return {
        1: (_contact(row, child(row)) for row in told.iter_rows(named=True)),
        2: annex_beside.early_help(told, child),
        3: _referrals(referred.sort("decided", maintain_order=True), first, last),
        4: (_assessment(row, child(row)) for row in _begun(told, "assessment_started")),
        5: _enquiries(enquired.sort("strategy_held", maintain_order=True), first, last),
        6: annex_beside.cases(told, child),
        7: annex_beside.plans(told, child),
    }


def _begun(told: pl.DataFrame, column: str) -> Iterator[dict[str, object]]:
    return told.drop_nulls(column).sort(column, maintain_order=True).iter_rows(named=True)


def _child(row: Journey, first: date, last: date) -> tuple[Cell, ...]:
    child = str(row["child"])
    whom = person(child, first)
    gender = "b) Female" if whom.is_girl else "a) Male"
    ethnicity = f"{'abcdefg'[whom.ethnicity]}) {ETHNICITIES[whom.ethnicity]}"
    return child, gender, ethnicity, whom.born, whom.age(last)


def _day(row: Journey, name: str) -> date | None:
    day = row[name]
    return day if isinstance(day, date) else None


def _yes(*, is_so: bool) -> str:
    return "a) Yes" if is_so else "b) No"


def _source(row: Journey) -> str:
    source = row["source"]
    return _SOURCES[source_code(source if isinstance(source, int) else None)]


def _contact(row: Journey, child: tuple[Cell, ...]) -> Sequence[Cell]:
    return *child, _day(row, "received"), _source(row)


def _referrals(referred: pl.DataFrame, first: date, last: date) -> Iterator[Sequence[Cell]]:
    before = _Count()
    for row in referred.iter_rows(named=True):
        no_action = _yes(is_so=row["outcome"] == Outcome.REFERRAL_NO_ACTION)
        count = before.within_a_year(row["child"], row["decided"])
        yield *_child(row, first, last), row["decided"], _source(row), no_action, count, *held_by(row)


def _assessment(row: Journey, child: tuple[Cell, ...]) -> Sequence[Cell]:
    seen, end, ending = _day(row, "seen"), _day(row, "authorised"), row["ending"]
    in_it = seen is not None and (end is None or seen <= end)
    support = None if end is None or ending is None else _yes(is_so=Ending(ending) in GOES_ON)  # type: ignore[arg-type]
    return *child, "b) No", _day(row, "assessment_started"), _yes(is_so=in_it), end, support, *held_by(row)


def _enquiries(enquired: pl.DataFrame, first: date, last: date) -> Iterator[Sequence[Cell]]:
    enquiries, conferences = _Count(), _Count()
    for row in enquired.iter_rows(named=True):
        held, met = row["strategy_held"], row["conference_held"]
        is_over = row["section_47_ended"] is not None and row["authorised"] is not None
        counts = (
            enquiries.within_a_year(row["child"], held),
            conferences.within_a_year(row["child"], met) if met else conferences.of_the_year(row["child"], held),
        )
        plan = None if met is None else _yes(is_so=True)
        needless = _yes(is_so=is_over and met is None)
        yield *_child(row, first, last), "b) No", held, needless, met, plan, *counts, *held_by(row)


class _Count:
    """How many of one kind each child has had in the year up to a date; asked in order of dates."""

    def __init__(self) -> None:
        self._days: defaultdict[str, list[date]] = defaultdict(list)

    def within_a_year(self, child: str, day: date) -> int:
        """With one more on this day."""
        self._days[child].append(day)
        return self.of_the_year(child, day)

    def of_the_year(self, child: str, day: date) -> int:
        """Those of the year up to this day."""
        return sum(day - _YEAR <= one <= day for one in self._days[child])
