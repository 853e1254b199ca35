"""Ofsted's Annex A: lists that say what happened to a child and when, and not what led to what."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

CHILD, BORN = "Child Unique ID", "Date of Birth"
LIST_1 = (CHILD, "Gender", "Ethnicity", BORN, "Age of Child (Years)", "Date of Contact", "Contact Source")
Cell = str | int | float | date | datetime | None
Lists = Mapping[str, Sequence[Mapping[str, Cell]]]


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
