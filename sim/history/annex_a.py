"""Ofsted's Annex A: lists of contacts, early help, referrals, assessments, enquiries, cases and plans of six months.

A workbook with a sheet for each list, or a folder with a CSV for each. Every list names a child and dates, and none
says what led to what: the links are made by child and date. Nothing is timed to the hour, nobody is seen on a date.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from sim.history.annex_journeys import history_of
from sim.history.annex_lists import BEYOND, CONTACTS, LISTS, by_name
from sim.history.columns import find_columns
from sim.history.history import Finding, History
from sim.history.ids import Column, without_noughts
from sim.history.places import Place, Several, files_in
from sim.history.pseudonyms import Pseudonyms
from sim.history.tables import (
    ExtractError,
    Rows,
    Table,
    csv_rows,
    read,
    sheet_headings,
    sheet_rows,
)

WORKBOOKS = frozenset({".xlsx", ".xlsm"})


def recognises(path: Place) -> bool:
    """Whether a workbook or a folder of CSV files has the headings of one of the lists."""
    if not _may_be(path):
        return False
    return any(_by_headings(headings) for _, headings in _places(path))


def holds(file: Path) -> bool:
    """Whether a CSV file is one of the lists, by its headings or its name."""
    with suppress(ExtractError):
        return file.suffix.lower() == ".csv" and bool(_by_headings(csv_rows(file).headings) or by_name(file.name))
    return False


def _may_be(path: Place) -> bool:
    return isinstance(path, Several) or path.is_dir() or path.suffix.lower() in WORKBOOKS


def read_annex_a(path: Place, pseudonyms: Pseudonyms) -> History:
    """The lists of a workbook or folder. Raise `ExtractError` where it has no list of contacts."""
    places, unread = _lists(path)
    tables = {number: read(_rows(path, place), LISTS[number].fields) for number, place in places.items()}
    heading = LISTS[CONTACTS].known_by[0].headings[0]
    mismatched = tuple(without_noughts(Column(table, "child_id", heading) for table in tables.values()))
    lists = {number: _made_pseudonymous(table, pseudonyms) for number, table in tables.items()}
    return history_of(lists, pseudonyms, (*unread, *mismatched))


def _made_pseudonymous(table: Table, pseudonyms: Pseudonyms) -> Table:
    frame = table.frame.with_columns(pseudonyms.of(table.frame["child_id"], "child").alias("child")).drop("child_id")
    if "worker" in table.has:
        frame = frame.with_columns(pseudonyms.of(frame["worker"], "worker"))
    return table._replace(frame=frame)


def _places(path: Place) -> Iterator[tuple[str, Sequence[str]]]:
    """The sheets of a workbook, or the CSV files of a folder, with their headings."""
    if isinstance(path, Several) or path.is_dir():
        for file in files_in(path):
            if file.suffix.lower() == ".csv":
                with suppress(ExtractError):  # an empty file is no list
                    yield file.name, csv_rows(file).headings
    else:
        yield from sheet_headings(path).items()


def _lists(path: Place) -> tuple[dict[int, str], tuple[Finding, ...]]:
    """Where each list is: by its headings, or else by what its sheet or file is called; and the lists not read."""
    places: dict[int, list[str]] = {}
    unread = list[Finding]()
    for place, headings in _places(path):
        known = _by_headings(headings)
        number = known or (by_name(place) if any(headings) else None)
        if number and (why := _why_unread(number, known)):
            unread.append(_unread(_whole_name(path, place), number, why))
        elif number:
            places.setdefault(number, []).append(place)
    if CONTACTS not in places:
        wanted = " and ".join(f'"{field.headings[0]}"' for field in LISTS[CONTACTS].known_by)
        raise ExtractError(f"{path.name}: there is no list of contacts (list 1), with the columns {wanted}")
    return {number: _only(path, number, places[number]) for number in sorted(places)}, tuple(unread)


def _why_unread(number: int, by_headings: int | None) -> str:
    """Why a list is left unread, if it is: nothing needs it, or it has not its columns and journeys do without."""
    if number in BEYOND:
        return "no step of a contact's journey stands in it"
    if by_headings or not LISTS[number].is_beside:
        return ""
    wanted = " and ".join(f'"{field.headings[0]}"' for field in LISTS[number].known_by)
    return f"it has not both the columns {wanted}"


def _unread(table: str, number: int, why: str) -> Finding:
    title = BEYOND[number][0] if number in BEYOND else LISTS[number].title
    what = f"list {number} ({title}) is there, and {why}"
    return Finding("list_not_read", what, table, (), 0, "what stands in it", "not read")


def _only(path: Place, number: int, places: list[str]) -> str:
    """The place of a list; where its headings stand in several, the one that is also called so."""
    named = [place for place in places if by_name(place) == number] if len(places) > 1 else places
    if len(named) != 1:
        raise ExtractError(
            f"{path.name}: list {number} ({LISTS[number].title}) is there {len(places)} times: leave one"
        )
    return named[0]


def _whole_name(path: Place, place: str) -> str:
    """What a table is called where rows are named."""
    return place if isinstance(path, Several) or path.is_dir() else f"{path.name}, sheet {place}"


def _rows(path: Place, place: str) -> Rows:
    if isinstance(path, Several) or path.is_dir():
        return csv_rows(next(file for file in files_in(path) if file.name == place))
    return sheet_rows(path, place)


def _by_headings(headings: Sequence[str]) -> int | None:
    for number, known in LISTS.items():
        if len(find_columns(headings, known.known_by)) == len(known.known_by):
            return number
    return None
