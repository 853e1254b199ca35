"""Mess in the files of an extract, once they are written: cells nobody can read, codes of one's own, other headings."""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple
from xml.etree.ElementTree import Element, ElementTree, SubElement, indent, parse

import openpyxl
import polars as pl

from sim.history.writing import PLANTED, README
from sim.history.writing.annex_a import FILE as ANNEX_A_NAME
from sim.history.writing.journeys import NAME as JOURNEYS_NAME
from sim.history.writing.mess import SHARE, Mess

HEADINGS = "headings written otherwise"
LOCAL_SOURCES = "local codes for the source"
DEFAULT_DATES = "1900-01-01 where there is no date"
UNREADABLE = "cells that cannot be read"

_LOCAL, _DEFAULT, _NO_DATE = "LOC12", date(1900, 1, 1), "31/31/2018"

Row = list[object]
Owners = Mapping[str, str]
"""The child of each contact that is about one child who came once."""


class Cell(NamedTuple):
    """Where a kind of mess is written: the file or sheet, the column, and the one that tells whose row it is.

    Where `blank` it stands where nothing stood, else in place of what did; `beside` is a column that is emptied.
    """

    kind: str
    table: str
    column: str
    whose: str
    text: str | date
    blank: bool = False
    beside: str = ""


CELLS: Mapping[str, tuple[Cell, ...]] = {
    "journeys": (
        Cell(LOCAL_SOURCES, JOURNEYS_NAME, "source", "child_id", _LOCAL),
        Cell(DEFAULT_DATES, JOURNEYS_NAME, "closed", "child_id", _DEFAULT, blank=True),
        Cell(UNREADABLE, JOURNEYS_NAME, "decided", "child_id", _NO_DATE),
    ),
    "ssd": (
        Cell(
            LOCAL_SOURCES,
            "ssd_contacts.csv",
            "cont_contact_source_code",
            "cont_person_id",
            _LOCAL,
            beside="cont_contact_source_desc",
        ),
        Cell(DEFAULT_DATES, "ssd_cin_episodes.csv", "cine_close_date", "cine_person_id", _DEFAULT, blank=True),
        Cell(UNREADABLE, "ssd_contacts.csv", "cont_contact_date", "cont_person_id", _NO_DATE),
    ),
    "mosaic": (
        Cell(LOCAL_SOURCES, "dm_workflow_steps.csv", "cmbMCON_ContactSource", "SUBGROUP_ID", _LOCAL),
        Cell(DEFAULT_DATES, "dm_cin_referrals.csv", "CLOSURE_DATE", "PERSON_ID", _DEFAULT, blank=True),
        Cell(UNREADABLE, "dm_visits.csv", "ACTUAL_DATE", "PERSON_ID", _NO_DATE),
    ),
    "annex-a": (
        Cell(LOCAL_SOURCES, "List_1", "Contact Source", "Child Unique ID", _LOCAL),
        Cell(DEFAULT_DATES, "List_6", "CIN Closure Date", "Child Unique ID", _DEFAULT, blank=True),
        Cell(UNREADABLE, "List_1", "Date of Contact", "Child Unique ID", _NO_DATE),
    ),
    "cin": (
        Cell(LOCAL_SOURCES, "", "ReferralSource", "", _LOCAL),
        Cell(DEFAULT_DATES, "", "CINclosureDate", "", _DEFAULT, blank=True),
        Cell(UNREADABLE, "", "CINreferralDate", "", _NO_DATE),
    ),
}
"""What is planted in the cells of each format."""


def spoil_files(folder: Path, mess: Mess, form: str, told: pl.DataFrame) -> None:
    """Plant mess in the cells and headings of the files of a format, in which these journeys were written."""
    if not mess.level:
        return
    owners = owners_of(told)
    ways: Mapping[str, Callable[[Path, Mess, Owners], None]] = {"annex-a": _spoil_workbook, "cin": _spoil_returns}
    way = ways.get(form)
    if way:
        way(folder, mess, owners)
        return
    for cell in CELLS[form]:
        headings, rows = _rows(folder / cell.table)
        spoil_rows(headings, rows, cell, mess, owners)
        _save(folder / cell.table, [headings, *rows])
    for path in sorted(folder.glob("*.csv")):
        if path.name not in {PLANTED, README}:
            headings, rows = _rows(path)
            _save(path, [_otherwise(headings, path.name, mess), *rows])


def owners_of(told: pl.DataFrame) -> Owners:
    """The child of each contact that is about one child who came once."""
    alone = told.filter((pl.len().over("contact") == 1) & (pl.len().over("child") == 1))
    return {f"{contact}-subgroup": child for contact, child in alone.select("contact", "child").iter_rows()}


def spoil_rows(headings: Sequence[object], rows: Sequence[Row], cell: Cell, mess: Mess, owners: Owners) -> None:
    """Plant a kind of mess in rows of a table, of children with one row in it."""
    column, whose = headings.index(cell.column), headings.index(cell.whose)
    whom = [str(row[whose]) for row in rows]
    counts: dict[str, int] = {}
    for one in whom if cell.whose != "SUBGROUP_ID" else ():
        counts[one] = counts.get(one, 0) + 1
    may = [
        (row, owners.get(one, one))
        for row, one in zip(rows, whom, strict=True)
        if (row[column] in {"", None}) == cell.blank and (one in owners if not counts else counts[one] == 1)
    ]
    wanted = max(1, round(SHARE[mess.level] * len(rows)))
    for place in mess.choose(cell.kind, cell.table, [child for _, child in may], wanted):
        row = may[place][0]
        row[column] = cell.text
        if cell.beside:
            row[headings.index(cell.beside)] = ""


def _otherwise(headings: Sequence[str], table: str, mess: Mess) -> list[str]:
    """Every other heading, or every one, in capitals and with spaces, as somebody's spreadsheet has them."""
    every = 1 if mess.level > 1 else 2
    written = [
        name.upper().replace("_", "  ") + " " if place % every == 0 else name for place, name in enumerate(headings)
    ]
    if not mess.plants(HEADINGS):
        return list(headings)
    mess.note(HEADINGS, table, sum(now != then for now, then in zip(written, headings, strict=True)))
    return written


def _spoil_workbook(folder: Path, mess: Mess, owners: Owners) -> None:
    book = openpyxl.load_workbook(folder / ANNEX_A_NAME)
    spoilt = openpyxl.Workbook(write_only=True)
    for sheet in book.worksheets:
        headings, *rows = (list[object](row) for row in sheet.iter_rows(values_only=True))
        for cell in CELLS["annex-a"]:
            if cell.table == sheet.title:
                spoil_rows(headings, rows, cell, mess, owners)
        copy = spoilt.create_sheet(sheet.title)
        copy.append(_otherwise([str(name) for name in headings], sheet.title, mess))
        for row in rows:
            copy.append(row)
    spoilt.save(folder / ANNEX_A_NAME)


_AFTER = ("CINreferralDate", "ReferralSource", "PrimaryNeedCode")
"""The elements before a closing date."""


def _spoil_returns(folder: Path, mess: Mess, _owners: Owners) -> None:
    """Children with one referral in one of the returns, each return by itself."""
    for path in sorted(folder.glob("*.xml")):
        tree = parse(path)  # noqa: S314  (our own file)
        children = list(_with_one_referral(tree.getroot()))
        for cell in CELLS["cin"]:
            may = [(child, it) for child, it in children if (it.find(cell.column) is None) == cell.blank]
            wanted = max(1, round(SHARE[mess.level] * len(children)))
            for place in mess.choose(cell.kind, path.name, [child for child, _ in may], wanted):
                _write(may[place][1], cell)
        indent(tree)
        ElementTree(tree.getroot()).write(path, encoding="utf-8", xml_declaration=True)


def _with_one_referral(root: Element) -> Iterator[tuple[str, Element]]:
    for child in root.iter("Child"):
        details = child.findall("CINdetails")
        if len(details) == 1:
            yield child.findtext("ChildIdentifiers/LAchildID", ""), details[0]


def _write(details: Element, cell: Cell) -> None:
    element = details.find(cell.column)
    if element is None:
        place = sum(details.find(name) is not None for name in _AFTER)
        element = SubElement(details, cell.column)
        details.remove(element)
        details.insert(place, element)
    element.text = str(cell.text)


def _rows(path: Path) -> tuple[list[str], list[Row]]:
    with path.open(newline="", encoding="utf-8") as file:
        headings, *rows = csv.reader(file)
        return headings, [list[object](row) for row in rows]


def _save(path: Path, rows: Sequence[Sequence[object]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
