"""Invented Annex A workbooks and folders, as authorities fill them in."""

import csv
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import openpyxl

from sim.events import Ending, Outcome
from sim.history import Observed

Cell = str | int | float | date | None
Row = Mapping[str, Cell]
Lists = Mapping[str, Sequence[Row]]

CHILD = "Child Unique ID"
SUPPORT = "Was the child assessed as requiring LA children's social care support?"
STRATEGY = "Strategy discussion initiating Section 47 Enquiry Start Date"
CONFERENCE = "Date of Initial Child Protection Conference"
NOT_NEEDED = "Was an Initial Child Protection Conference deemed unnecessary?"
PERSON: Row = {
    "Gender": "b) Female",
    "Ethnicity": "a) WBRI",
    "Date of Birth": date(2015, 5, 17),
    "Age of Child (Years)": 8,
}


def a_contact(child: str, on: date | str, source: str = "q) 6: Police") -> Row:
    """A row of list 1."""
    return {CHILD: child, **PERSON, "Date of Contact": on, "Contact Source": source}


def a_referral(child: str, on: date | str, no_action: str = "b) No", source: str = "q) 6: Police") -> Row:
    """A row of list 3."""
    return {
        CHILD: child,
        **PERSON,
        "Date of referral": on,
        "Referral Source": source,
        "Referral NFA?": no_action,
        "Number of Referrals in Last 12 Months": 1,
        "Allocated Team": "North",
        "Allocated Worker": "Jo Bloggs",
    }


def an_assessment(child: str, start: date, end: date | None = None, support: str | None = None) -> Row:
    """A row of list 4."""
    return {
        CHILD: child,
        **PERSON,
        "Continuous Assessment Start Date": start,
        "Child Seen During Continuous Assessment": "a) Yes",
        "Continuous Assessment Date of Authorisation": end,
        SUPPORT: support,
        "Allocated Team": "South",
        "Allocated Worker": "Sam Smith",
    }


def an_enquiry(child: str, on: date, conference: date | None = None, not_needed: str = "b) No") -> Row:
    """A row of list 5."""
    return {CHILD: child, **PERSON, STRATEGY: on, NOT_NEEDED: not_needed, CONFERENCE: conference}


def early_help(child: str, on: date | None) -> Row:
    """A row of list 2."""
    return {
        CHILD: child,
        **PERSON,
        "Assessment start date": on,
        "Assessment completion date": None,
        "Organisation completing assessment": "Jo Bloggs, school nurse",
    }


def a_case(
    child: str, on: date | None, closed: date | None = None, reason: str | None = None, status: str | None = None
) -> Row:
    """A row of list 6."""
    return {
        CHILD: child,
        **PERSON,
        "CIN Start Date": on,
        "Primary Need Code": "PSRMEM - Support with memory and cognition",
        "Date Child Was Last Seen": closed,
        "CIN Closure Date": closed,
        "Reason for Closure": reason,
        "Case Status": status or ("e) Closed episode" if closed else "c) Child in need plan"),
        "Allocated Team": "East",
        "Allocated Worker": "Sam Smith",
    }


def a_plan(child: str, on: date) -> Row:
    """A row of list 7."""
    return {
        CHILD: child,
        **PERSON,
        "Child Protection Plan Start Date": on,
        "Date of the Last Statutory Visit": on,
        "Child Protection Plan End Date": None,
    }


def a_workbook(path: Path, lists: Lists) -> Path:
    """A workbook with a sheet for each list, whose columns are those of its rows."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in lists.items():
        sheet = book.create_sheet(name)
        headings = list(dict.fromkeys(heading for row in rows for heading in row))
        sheet.append(headings)
        for row in rows:
            sheet.append([row.get(heading) for heading in headings])
    book.save(path)
    return path


def a_folder(path: Path, lists: Lists) -> Path:
    """A folder with a CSV for each list, dates with the day first."""
    path.mkdir()
    for name, rows in lists.items():
        with (path / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            headings = list(dict.fromkeys(heading for row in rows for heading in row))
            writer = csv.writer(file)
            writer.writerow(headings)
            writer.writerows([_as_written(row.get(heading)) for heading in headings] for row in rows)
    return path


def _as_written(cell: Cell) -> Cell:
    return cell.strftime("%d/%m/%Y") if isinstance(cell, date) else cell


def journeys_told(found: Observed, *columns: str) -> list[tuple[str | int | None, ...]]:
    """The journeys as read, dates without their year, outcomes and endings by name; in order of list and row."""
    told = found.history.journeys.sort("table", "row").select("row", *columns)
    return [tuple(_told(name, value) for name, value in row.items()) for row in told.iter_rows(named=True)]


def _told(name: str, value: object) -> str | int | None:
    if isinstance(value, date):
        return f"{value:%d %b}"
    if name == "outcome" and isinstance(value, int):
        return Outcome(value).name.lower()
    if name in ("ending", "closed_as") and isinstance(value, int):
        return Ending(value).name.lower()
    return value if isinstance(value, str | int) else None


def found_rows(found: Observed) -> dict[str, tuple[int, ...]]:
    """The rows of each finding, by its id, those of several tables together."""
    every: dict[str, tuple[int, ...]] = {}
    for finding in found.findings:
        every[finding.id] = (*every.get(finding.id, ()), *finding.rows)
    return every


def without(heading: str, rows: Sequence[Row]) -> list[Row]:
    """The rows without one of their columns."""
    return [{name: cell for name, cell in row.items() if name != heading} for row in rows]


def jan(day: int) -> date:
    """A day of January 2024."""
    return date(2024, 1, day)


def feb(day: int) -> date:
    """A day of February 2024."""
    return date(2024, 2, day)


def mar(day: int) -> date:
    """A day of March 2024."""
    return date(2024, 3, day)


def jun(day: int) -> date:
    """A day of June 2024."""
    return date(2024, 6, day)


CHILDREN: dict[str, list[Row]] = {
    "List_1": [
        a_contact("assessed", jan(8)),
        a_contact("turned back", jan(9), "e) 2A: Schools"),
        a_contact("enquired", jan(15), "g) 3A: Health services"),
        a_contact("late", jun(20), "s) 8: Other"),
    ],
    "List_3": [
        a_referral("assessed", jan(10)),
        a_referral("enquired", jan(15), source="g) 3A: Health services"),
        a_referral("unheard of", mar(4), "a) Yes"),
    ],
    "List_4": [
        an_assessment("assessed", jan(11), feb(12), "b) No"),
        an_assessment("enquired", jan(16), mar(1), "a) Yes"),
        an_assessment("long open", date(2023, 12, 1), jan(31), "c) Unknown"),
    ],
    "List_5": [an_enquiry("enquired", jan(16), feb(5))],
}
"""A few children, none of whom has anything odd in the lists."""
