"""Ofsted's Annex A: lists of contacts, referrals, assessments and section 47 enquiries of about six months.

A workbook with a sheet for each list, or a folder with a CSV for each. Every list names a child and dates, and none
says what led to what: the links are made by child and date. Nothing is timed to the hour, nobody is seen on a date.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import polars as pl

from sim.history.annex_journeys import history_of
from sim.history.fields import DATE, TEXT, YES_NO, Field, Kind, plain
from sim.history.history import History
from sim.history.pseudonyms import Pseudonyms
from sim.history.sources import LOCAL, SOURCE
from sim.history.tables import (
    ExtractError,
    Rows,
    Table,
    csv_rows,
    find_columns,
    read,
    sheet_headings,
    sheet_rows,
)

WORKBOOKS = frozenset({".xlsx", ".xlsm"})


def _support(cells: pl.Series) -> pl.Series:
    told = YES_NO.read(cells)
    return told.set(told.is_null() & cells.is_not_null(), LOCAL)


_SUPPORT = Kind("must be text", _support)
"""Whether an assessed child needs support: yes, no, unknown, or an outcome of the authority's own."""

_CHILD = Field(
    "child_id", TEXT, ("Child Unique ID", "Child ID", "Unique Child ID", "Child's Unique ID"), must_hold=True
)
_TEAM = Field("team", TEXT, ("Allocated Team",))
_WORKER = Field("worker", TEXT, ("Allocated Worker", "Allocated Social Worker"))


class _List(NamedTuple):
    """A list of Annex A: what it is called, the names its sheet or file may have, its columns that are wanted."""

    title: str
    names: tuple[str, ...]
    fields: tuple[Field, ...]

    @property
    def musts(self) -> tuple[Field, ...]:
        """The columns by which the list is known."""
        return tuple(field for field in self.fields if field.must_hold)


LISTS: Mapping[int, _List] = {
    1: _List(
        "contacts",
        ("contacts",),
        (
            _CHILD,
            Field("contact_date", DATE, ("Date of Contact", "Contact Date"), must_hold=True),
            Field("source", SOURCE, ("Contact Source", "Source of Contact")),
        ),
    ),
    3: _List(
        "referrals",
        ("referrals",),
        (
            _CHILD,
            Field("referral_date", DATE, ("Date of Referral", "Referral Date"), must_hold=True),
            Field("referral_source", SOURCE, ("Referral Source", "Source of Referral")),
            Field("no_action", YES_NO, ("Referral NFA?", "Referral NFA")),
            _TEAM,
            _WORKER,
        ),
    ),
    4: _List(
        "assessments",
        ("assessments", "continuous assessments"),
        (
            _CHILD,
            Field("assessment_started", DATE, ("Continuous Assessment Start Date",), must_hold=True),
            Field(
                "authorised",
                DATE,
                ("Continuous Assessment Date of Authorisation", "Continuous Assessment Authorisation Date"),
            ),
            Field(
                "support",
                _SUPPORT,
                (
                    "Was the child assessed as requiring LA children's social care support?",
                    "Was the child assessed as requiring LA children's social care support",
                ),
            ),
            _TEAM,
            _WORKER,
        ),
    ),
    5: _List(
        "section 47 enquiries",
        ("sec47 and icpc", "section 47 and icpc", "s47 and icpc", "section 47", "s47", "s47 & icpc"),
        (
            _CHILD,
            Field(
                "strategy_held",
                DATE,
                (
                    "Strategy discussion initiating Section 47 Enquiry Start Date",
                    "Section 47 Enquiry Start Date",
                    "Strategy discussion initiating Section 47 Enquiry",
                ),
                must_hold=True,
            ),
            Field(
                "not_needed",
                YES_NO,
                (
                    "Was an Initial Child Protection Conference deemed unnecessary?",
                    "Was an Initial Child Protection Conference deemed unnecessary",
                ),
            ),
            Field("conference_held", DATE, ("Date of Initial Child Protection Conference",)),
            _TEAM,
            _WORKER,
        ),
    ),
}
"""The lists that journeys are made of. Those of early help, open cases and plans tell no step of a contact's journey.

Birth dates, gender, ethnicity and disability are in every list and are not read; a worker's name becomes a pseudonym.
"""


def recognises(path: Path) -> bool:
    """Whether a workbook or a folder of CSV files has the headings of one of the lists."""
    if not _may_be(path):
        return False
    return any(_by_headings(headings) for _, headings in _places(path))


def _may_be(path: Path) -> bool:
    return path.is_dir() or path.suffix.lower() in WORKBOOKS


def read_annex_a(path: Path, pseudonyms: Pseudonyms) -> History:
    """The lists of a workbook or folder. Raise `ExtractError` where it has no list of contacts."""
    tables = {number: read(rows, LISTS[number].fields) for number, rows in _lists(path).items()}
    return history_of({number: _made_pseudonymous(table, pseudonyms) for number, table in tables.items()}, pseudonyms)


def _made_pseudonymous(table: Table, pseudonyms: Pseudonyms) -> Table:
    frame = table.frame.with_columns(pseudonyms.of(table.frame["child_id"], "child").alias("child")).drop("child_id")
    if "worker" in table.has:
        frame = frame.with_columns(pseudonyms.of(frame["worker"], "worker"))
    return table._replace(frame=frame)


def _places(path: Path) -> Iterator[tuple[str, Sequence[str]]]:
    """The sheets of a workbook, or the CSV files of a folder, with their headings."""
    if path.is_dir():
        for file in sorted(path.iterdir()):
            if file.suffix.lower() == ".csv" and file.is_file():
                with suppress(ExtractError):  # an empty file is no list
                    yield file.name, csv_rows(file).headings
    else:
        yield from sheet_headings(path).items()


def _lists(path: Path) -> dict[int, Rows]:
    """The rows of each list that is there: by its headings, or else by what its sheet or file is called."""
    places: dict[int, list[str]] = {}
    for place, headings in _places(path):
        number = _by_headings(headings) or (_by_name(place) if any(headings) else None)
        if number:
            places.setdefault(number, []).append(place)
    if 1 not in places:
        wanted = " and ".join(f'"{field.headings[0]}"' for field in LISTS[1].musts)
        raise ExtractError(f"{path.name}: there is no list of contacts (list 1), with the columns {wanted}")
    return {number: _rows(path, _only(path, number, places[number])) for number in sorted(places)}


def _only(path: Path, number: int, places: list[str]) -> str:
    """The place of a list; where its headings stand in several, the one that is also called so."""
    named = [place for place in places if _by_name(place) == number] if len(places) > 1 else places
    if len(named) != 1:
        raise ExtractError(
            f"{path.name}: list {number} ({LISTS[number].title}) is there {len(places)} times: leave one"
        )
    return named[0]


def _rows(path: Path, place: str) -> Rows:
    return csv_rows(path / place) if path.is_dir() else sheet_rows(path, place)


def _by_headings(headings: Sequence[str]) -> int | None:
    for number, known in LISTS.items():
        if len(find_columns(headings, known.musts)) == len(known.musts):
            return number
    return None


def _by_name(place: str) -> int | None:
    """The list of a name such as `List_1`, `list 3.csv`, `Contacts` or `List 4 - Assessments`."""
    name = plain(place.removesuffix(".csv").removesuffix(".CSV"))
    for number, known in LISTS.items():
        forms = (f"list {number}", f"list{number}", *known.names)
        if any(name == form or name.startswith((f"{form} ", f"{form}-", f"{form}.")) for form in forms):
            return number
    return None
